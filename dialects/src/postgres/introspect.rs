//! Reads tables back from the catalog: one question a kind, for all tables at once.

mod read;

pub(super) use read::has_broken_index;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Connection, ConnectionError, ErrorKind, Name, ObjectId, Row, Schema, Server, Table, Unsupported, Version,
};

use super::lower;
use crate::sql::{Sql, list, tables_among};

const TABLES: &str = include_str!("sql/tables.sql");
const COLUMNS: &str = include_str!("sql/columns.sql");
const CONSTRAINTS: &str = include_str!("sql/constraints.sql");
const INDEXES: &str = include_str!("sql/indexes.sql");
const DEPENDENTS: &str = include_str!("sql/dependents.sql");
const UNMODELLED: &str = include_str!("sql/unmodelled.sql");

/// What the catalog has only from some version on: its place in a question, the version, what is asked, and what is asked
/// of older ones.
const SINCE: [(&str, Version, &str, &str); 4] = [
    ("{nulls_not_distinct}", Version::new(15, 0, 0), "i.indnullsnotdistinct", "false"),
    ("{set_columns}", Version::new(15, 0, 0), "x.confdelsetcols IS NOT NULL", "false"),
    ("{not_enforced}", Version::new(18, 0, 0), "NOT x.conenforced", "false"),
    ("{period}", Version::new(18, 0, 0), "x.conperiod", "false"),
];

/// Tables by oid, as they are read.
type Tables = BTreeMap<i64, Table>;

/// What takes up a row of an answer.
type Read<'r> = fn(&Reader<'r>, &mut Table, &Row);

/// What reading needs to know beside the rows.
struct Reader<'a> {
    sql: Sql<'a>,
    /// What the tables were asked for as.
    names: &'a [Name],
}

/// Tables by name, in PostgreSQL's own terms, as they were asked for.
pub(super) async fn introspect(
    conn: &mut dyn Connection,
    objects: &[ObjectId],
    sql: Sql<'_>,
) -> Result<Schema, ConnectionError> {
    let names = &tables_among(objects);
    let wanted = names
        .iter()
        .map(|name| Ok(format!("({}, {})", sql.text(schema(name, sql.server))?, sql.text(&name.name)?)));
    let wanted = list(wanted).map_err(unreadable)?;
    if wanted.is_empty() {
        return Ok(Schema::new());
    }
    let reader = Reader { sql, names };
    let mut tables = Tables::new();
    for row in conn.query(&TABLES.replace("{names}", &wanted)).await? {
        let Some(oid) = row.int(0) else { continue };
        let mut table = Table::new(reader.name(&row, 1));
        table.options.unlogged = row.bool(3);
        table.comment = row.text(4);
        tables.insert(oid, table);
    }
    if tables.is_empty() {
        return Ok(Schema::new());
    }
    let oids = tables.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let question = |text: &str| {
        SINCE.iter().fold(text.replace("{oids}", &oids), |text, (place, since, new, old)| {
            text.replace(place, if sql.server.version >= *since { new } else { old })
        })
    };
    let kinds: [(&str, Read<'_>); 5] = [
        (COLUMNS, Reader::column),
        (CONSTRAINTS, Reader::constraint_column),
        (INDEXES, Reader::index_column),
        (DEPENDENTS, Reader::dependent),
        (UNMODELLED, Reader::unmodelled),
    ];
    for (text, read) in kinds {
        for row in conn.query(&question(text)).await? {
            if let Some(table) = row.int(0).and_then(|oid| tables.get_mut(&oid)) {
                read(&reader, table, &row);
            }
        }
    }
    let mut found = Schema::new();
    for mut table in tables.into_values() {
        Reader::leave_out_broken(&mut table);
        lower::sort(&mut table);
        // One table may have been asked for by two names: with its schema, and without.
        let aliases =
            names.iter().filter(|name| is_same(name, &table.name, sql.server) && **name != table.name);
        for alias in aliases {
            found.insert(Table { name: alias.clone(), ..table.clone() });
        }
        found.insert(table);
    }
    Ok(found)
}

/// The question for a table's columns.
pub(super) fn columns_query(table: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    Ok(format!(
        "SELECT a.attname FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE n.nspname = {} AND c.relname = {} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        sql.text(schema(table, sql.server))?,
        sql.text(&table.name)?
    ))
}

fn schema<'a>(name: &'a Name, server: &'a Server) -> &'a str {
    name.schema.as_deref().unwrap_or(&server.schema)
}

fn is_same(one: &Name, other: &Name, server: &Server) -> bool {
    one.name == other.name && schema(one, server) == schema(other, server)
}

/// A name that can't be written can't be a table's.
fn unreadable(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
