//! Reads tables back: their own CREATE texts, and what else mentions them.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Connection, ConnectionError, Dependent, DependentKind, ErrorKind, Name, ObjectId, Schema, Server, Table,
    Unsupported,
};

use super::read;
use crate::lex;
use crate::sql::{Sql, list, tables_among};

/// Tables by name, in SQLite's own terms, as they were asked for.
pub(super) async fn introspect(
    conn: &mut dyn Connection,
    objects: &[ObjectId],
    sql: Sql<'_>,
) -> Result<Schema, ConnectionError> {
    let names = &tables_among(objects);
    let mut by_schema: BTreeMap<&str, Vec<&Name>> = BTreeMap::new();
    for name in names {
        by_schema.entry(schema(name, sql.server)).or_default().push(name);
    }
    let mut found = Schema::new();
    for (schema, names) in by_schema {
        let mut tables = tables(conn, schema, &names, sql).await?;
        if !tables.is_empty() {
            dependents(conn, schema, &mut tables, sql).await?;
        }
        for table in tables {
            found.insert(table);
        }
    }
    Ok(found)
}

/// The question for a table's columns.
pub(super) fn columns_query(table: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    let (name, schema) = (sql.text(&table.name)?, sql.text(schema(table, sql.server))?);
    Ok(format!("SELECT name FROM pragma_table_info({name}, {schema}) ORDER BY cid"))
}

async fn tables(
    conn: &mut dyn Connection,
    schema: &str,
    names: &[&Name],
    sql: Sql<'_>,
) -> Result<Vec<Table>, ConnectionError> {
    let query = (|| {
        let wanted = list(names.iter().map(|name| sql.text(&name.name)))?;
        Ok(format!(
            "SELECT type, tbl_name, sql FROM {}.sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL \
             AND tbl_name COLLATE NOCASE IN ({wanted}) ORDER BY type DESC, rowid",
            sql.id(schema)?
        ))
    })();
    let rows = conn.query(&query.map_err(unreadable)?).await?;
    let mut tables: Vec<Table> = Vec::new();
    for row in rows {
        let (kind, owner) = (row.text(0).unwrap_or_default(), row.text(1).unwrap_or_default());
        let text = row.text(2).unwrap_or_default();
        if kind == "table" {
            let asked = names.iter().filter(|name| name.name.eq_ignore_ascii_case(&owner));
            tables.extend(asked.map(|name| read::table((*name).clone(), &text)));
            continue;
        }
        for table in tables.iter_mut().filter(|table| table.name.name.eq_ignore_ascii_case(&owner)) {
            match read::index(&text) {
                Some(index) => table.indexes.push(index),
                None => table.notes.unmodelled.push(format!("an index that Dunlin can't read: {text}")),
            }
        }
    }
    tables.iter_mut().for_each(read::settle_case);
    Ok(tables)
}

/// Views and triggers that mention the tables, and other tables' foreign keys to them.
async fn dependents(
    conn: &mut dyn Connection,
    schema: &str,
    tables: &mut [Table],
    sql: Sql<'_>,
) -> Result<(), ConnectionError> {
    let query = format!(
        "SELECT type, name, tbl_name, sql FROM {}.sqlite_schema WHERE type IN ('view', 'trigger') \
         OR (type = 'table' AND sql LIKE '%references%') \
         UNION ALL SELECT type, name, tbl_name, sql FROM temp.sqlite_schema WHERE type IN ('view', 'trigger') \
         ORDER BY type, name",
        sql.id(schema).map_err(unreadable)?
    );
    for row in conn.query(&query).await? {
        let [kind, name, owner, text] = [0, 1, 2, 3].map(|index| row.text(index).unwrap_or_default());
        for table in tables.iter_mut() {
            let is_own = owner.eq_ignore_ascii_case(&table.name.name);
            let kind = match kind.as_str() {
                "view" if lex::mentions(&text, &table.name.name) => DependentKind::View,
                "trigger" if is_own || lex::mentions(&text, &table.name.name) => DependentKind::Trigger,
                "table" if !is_own && refers(&text, table) => DependentKind::ForeignKey,
                _ => continue,
            };
            let name = table.name.sibling(name.as_str());
            table.notes.dependents.push(Dependent {
                kind,
                name,
                column: None,
                object: None,
                definition: Some(text.clone()),
            });
        }
    }
    Ok(())
}

fn refers(text: &str, table: &Table) -> bool {
    lex::mentions(text, &table.name.name)
        && (read::table(table.name.clone(), text).foreign_keys.iter())
            .any(|key| key.references.name.eq_ignore_ascii_case(&table.name.name))
}

fn schema<'a>(name: &'a Name, server: &'a Server) -> &'a str {
    name.schema.as_deref().unwrap_or(&server.schema)
}

/// A name that can't be written can't be a table's.
fn unreadable(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
