//! Reads tables back from `information_schema`: so many questions, however many tables.
//!
//! Each question is for one view with literal names. Joins are avoided: MariaDB 10.11.19 was seen to crash on one.

mod columns;
mod constraints;
mod doubt;
mod objects;
mod partitions;
mod readers;
mod words;

pub(super) use objects::note_written;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Connection, ConnectionError, Dependent, DependentKind, ErrorKind, Name, ObjectId, Row, Schema, Table,
    Unmodelled, Unsupported,
};

use super::flavor::Flavor;
use super::{lower, text};
use crate::sql::{Sql, list, tables_among};

/// The tables asked for, by the schema and the name that the catalog knows them by.
type Tables = BTreeMap<(String, String), Table>;

/// Tables by name, in the server's own terms, as they were asked for.
pub(super) async fn introspect(
    conn: &mut dyn Connection,
    objects: &[ObjectId],
    sql: Sql<'_>,
) -> Result<Schema, ConnectionError> {
    let names = &tables_among(objects);
    let mut read = Schema::new();
    if !names.is_empty() {
        tables(conn, names, &mut read, sql).await?;
    }
    objects::read(conn, objects, &mut read, sql).await?;
    Ok(read)
}

async fn tables(
    conn: &mut dyn Connection,
    names: &[Name],
    read: &mut Schema,
    sql: Sql<'_>,
) -> Result<(), ConnectionError> {
    let mut reader = Reader::new(conn, names, sql).map_err(unreadable)?;
    reader.tables(names).await?;
    if !reader.tables.is_empty() {
        reader.words().await?;
        reader.columns().await?;
        reader.shapes().await?;
        reader.indexes().await?;
        reader.notes();
        reader.foreign_keys().await?;
        reader.checks().await?;
        reader.partitions().await?;
        reader.views().await?;
        reader.triggers().await?;
        reader.values().await?;
        reader.defaults().await?;
    }
    for mut table in reader.tables.into_values() {
        lower::sort(&mut table);
        table.notes.dependents.sort();
        table.notes.dependents.dedup();
        read.insert(table);
    }
    Ok(())
}

/// The question for a table's columns.
/// Tables of an engine without transactions, MyISAM say, but for the server's own.
pub(super) const KEEPING_TABLES: &str = "SELECT 1 FROM information_schema.tables WHERE table_type = 'BASE TABLE' \
     AND table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') AND engine NOT IN \
     (SELECT engine FROM information_schema.engines WHERE transactions = 'YES') LIMIT 1";

pub(super) fn columns_query(table: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    let schema = table.schema.as_deref().unwrap_or(&sql.server.schema);
    Ok(format!(
        "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA{} AND TABLE_NAME{} \
         ORDER BY ORDINAL_POSITION",
        among(vec![schema.to_owned()], sql)?,
        among(vec![table.name.clone()], sql)?
    ))
}

struct Reader<'a> {
    conn: &'a mut dyn Connection,
    sql: Sql<'a>,
    flavor: Flavor,
    /// What is asked of a schema's and of a table's name: ` = 'x'` or ` IN ('x', 'y')`.
    schemas: String,
    names: String,
    tables: Tables,
    /// Each table's own words, from SHOW CREATE TABLE; none where this user may not see them.
    words: BTreeMap<Key, Vec<u8>>,
    /// Columns of values that the catalog may not tell whole.
    vague: Vec<(Key, String)>,
    /// Columns whose literal defaults the catalog may not tell whole.
    unsure: Vec<(Key, String)>,
}

type Key = (String, String);

impl<'a> Reader<'a> {
    fn new(conn: &'a mut dyn Connection, names: &[Name], sql: Sql<'a>) -> Result<Self, Unsupported> {
        let schema = |name: &Name| name.schema.clone().unwrap_or_else(|| sql.server.schema.clone());
        Ok(Self {
            conn,
            sql,
            flavor: Flavor::of(sql.server),
            schemas: among(names.iter().map(schema).collect(), sql)?,
            names: among(names.iter().map(|name| name.name.clone()).collect(), sql)?,
            tables: Tables::new(),
            words: BTreeMap::new(),
            vague: Vec::new(),
            unsure: Vec::new(),
        })
    }

    /// Asks a view for what it has of these tables.
    async fn ask(
        &mut self,
        columns: &str,
        view: &str,
        prefix: &str,
        more: &str,
    ) -> Result<Vec<Row>, ConnectionError> {
        let (schemas, names) = (&self.schemas, &self.names);
        let query = format!(
            "SELECT {columns} FROM information_schema.{view} \
             WHERE {prefix}_SCHEMA{schemas} AND {prefix}_NAME{names}{more}"
        );
        self.conn.query(&query).await
    }

    /// The table that a row's first two values name.
    fn table(&mut self, row: &Row) -> Option<&mut Table> {
        self.tables.get_mut(&key(row))
    }

    async fn tables(&mut self, names: &[Name]) -> Result<(), ConnectionError> {
        let columns =
            "TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_COLLATION, CREATE_OPTIONS, TABLE_COMMENT";
        let rows = self.ask(columns, "TABLES", "TABLE", "").await?;
        let folds = !matches!(self.sql.server.fact("lower_case_table_names"), "" | "0");
        let same = |a: &str, b: &str| if folds { a.to_lowercase() == b.to_lowercase() } else { a == b };
        for row in rows {
            let (schema, name) = key(&row);
            let kind = row.text(2).unwrap_or_default();
            let asked = names.iter().find(|asked| {
                let asked_schema = asked.schema.as_deref().unwrap_or(&self.sql.server.schema);
                same(asked_schema, &schema) && same(&asked.name, &name)
            });
            let Some(asked) = asked.filter(|_| !kind.ends_with("VIEW") && kind != "SEQUENCE") else {
                continue;
            };
            let mut table = Table::new(asked);
            table.options.engine = row.text(3);
            if let Some(collation) = row.text(4) {
                table.options.charset = Some(charset_of(&collation));
                table.options.collation = Some(collation);
            }
            table.comment = row.text(6).filter(|comment| !comment.is_empty());
            if kind != "BASE TABLE" {
                table.notes.unmodelled.push(match kind.as_str() {
                    "SYSTEM VERSIONED" => Unmodelled::thing("a history of its rows (SYSTEM VERSIONING)"),
                    kind => Unmodelled::Thing(format!("a kind of its own: {}", kind.to_lowercase())),
                });
            }
            // All others are told by the table's own words.
            let options = row.text(5).unwrap_or_default();
            let format = options.split_ascii_whitespace().filter_map(|option| option.split_once('='));
            table.options.row_format = format
                .filter(|(name, _)| name.eq_ignore_ascii_case("row_format"))
                .map(|(_, format)| format.to_ascii_uppercase())
                .next();
            self.tables.insert((schema, name), table);
        }
        Ok(())
    }

    fn depend(&mut self, table: &Key, kind: DependentKind, (schema, name): Key, definition: Option<String>) {
        let own = self.sql.server.schema.clone();
        if let Some(table) = self.tables.get_mut(table) {
            let schema = if schema == own { None } else { Some(schema) };
            let name = Name { schema, name };
            let object = (kind == DependentKind::View).then(|| ObjectId::view(&name));
            table.notes.dependents.push(Dependent { object, definition, ..Dependent::new(kind, name) });
        }
    }
}

/// An expression as it can be written again.
fn expression_text(found: &str, sql: Sql<'_>, flavor: Flavor) -> String {
    let plain = match flavor.catalog_escapes_expressions() {
        true => text::recoded(&text::unescape(found)),
        false => found.to_owned(),
    };
    text::expression(text::unbracketed(&plain), sql.server)
}

fn charset_of(collation: &str) -> String {
    collation.split('_').next().unwrap_or_default().to_owned()
}

fn key(row: &Row) -> Key {
    (row.text(0).unwrap_or_default(), row.text(1).unwrap_or_default())
}

/// A condition for one of these; with a single literal the servers look nowhere else. A name beyond the catalog's own
/// character set is nothing's, and can't even be compared: MySQL 9.7 and MariaDB 10.11 end the question with an error.
fn among(mut names: Vec<String>, sql: Sql<'_>) -> Result<String, Unsupported> {
    names.retain(|name| name.chars().all(|char| char <= '\u{ffff}'));
    names.sort();
    names.dedup();
    Ok(match names.as_slice() {
        [] => " IS NULL".into(),
        [one] => format!(" = {}", sql.text(one)?),
        many => format!(" IN ({})", list(many.iter().map(|name| sql.text(name)))?),
    })
}

/// A name that can't be written can't be a table's.
fn unreadable(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
