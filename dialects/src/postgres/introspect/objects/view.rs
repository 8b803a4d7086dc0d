//! What the rows of views and materialized views mean.

use std::collections::BTreeMap;

use dunlin_dsl::{
    CheckOption, Connection, ConnectionError, Definition, Expr, MaterializedView, Row, Security, Table, View,
};

use super::{Found, pairs, texts};
use crate::postgres::introspect::{INDEXES, Reader, Tables};
use crate::postgres::{lower, options as of_columns};

pub(super) fn view(_: &Reader<'_>, _: &Tables, row: &Row) -> Option<Definition> {
    let query = row.text(6).unwrap_or_default();
    let query = Expr::Sql(query.trim().trim_end_matches(';').trim_end().to_owned());
    let mut options = options(row, 7);
    let column_comments = pairs(row, 11, 12);
    if row.bool(5) {
        let beside =
            self::options(row, 8).into_iter().map(|(option, value)| (format!("toast.{option}"), value));
        options.extend(beside);
        return Some(Definition::MaterializedView(MaterializedView {
            query,
            columns: Vec::new(),
            indexes: Vec::new(),
            no_data: row.bool(9),
            storage: options,
            tablespace: row.text(10),
            access_method: row.text(15),
            cluster: row.text(19),
            column_comments,
            column_options: (pairs(row, 17, 18).into_iter())
                .map(|(column, lines)| (column, of_columns::read(Some(lines))))
                .collect(),
        }));
    }
    let is_on = |option: &str| options.get(option).is_some_and(|value| is_true(value));
    Some(Definition::View(View {
        query,
        columns: Vec::new(),
        check_option: options.get("check_option").map(|check| match check.as_str() {
            "local" => CheckOption::Local,
            _ => CheckOption::Cascaded,
        }),
        security: is_on("security_invoker").then_some(Security::Invoker),
        security_barrier: is_on("security_barrier"),
        algorithm: None,
        defaults: pairs(row, 13, 14).into_iter().map(|(column, expr)| (column, Expr::Sql(expr))).collect(),
        column_comments,
    }))
}

/// `{name=value,..}` as a map.
fn options(row: &Row, at: usize) -> BTreeMap<String, String> {
    let options = texts(row, at);
    let options = options.iter().filter_map(|option| option.split_once('='));
    options.map(|(option, value)| (option.to_owned(), value.to_owned())).collect()
}

/// A truth as it was written, which the catalog keeps.
fn is_true(value: &str) -> bool {
    ["true", "on", "yes", "1", "t", "y"].iter().any(|yes| yes.eq_ignore_ascii_case(value))
}

/// Reads the indexes of the materialized views that were found.
pub(super) async fn indexes(
    conn: &mut dyn Connection,
    reader: &Reader<'_>,
    found: &mut [Found],
) -> Result<(), ConnectionError> {
    let views =
        found.iter().filter(|found| matches!(found.object.definition, Definition::MaterializedView(_)));
    let mut tables: Tables =
        views.map(|found| (found.oid, Table::new(found.object.id.name.clone()))).collect();
    if tables.is_empty() {
        return Ok(());
    }
    for row in conn.query(&reader.question(INDEXES, &[], tables.keys().copied())?).await? {
        if let Some(table) = row.int(0).and_then(|oid| tables.get_mut(&oid)) {
            reader.index_column(table, &row);
        }
    }
    for found in found {
        let Definition::MaterializedView(view) = &mut found.object.definition else { continue };
        let Some(mut table) = tables.remove(&found.oid) else { continue };
        Reader::leave_out_broken(&mut table);
        lower::sort(&mut table);
        view.indexes = table.indexes;
        found.object.notes.unmodelled.extend(table.notes.0.unmodelled);
    }
    Ok(())
}
