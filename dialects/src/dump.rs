//! What a server itself tells of a database: the witness that is none of Dunlin's readers.
//!
//! SQLite has the texts of `sqlite_schema`, PostgreSQL its `pg_dump`, MySQL and MariaDB `SHOW CREATE` of everything and their tables
//! of privileges. Nothing that is part of a definition is left out; where numbering stands belongs to the rows.

mod mysql;
mod postgres;
mod sqlite;

use std::collections::BTreeMap;
use std::path::Path;

use dunlin_dsl::{Connection, ConnectionError, DialectId, ErrorKind, Name, Row, Unsupported, Value};

use crate::connect::Database;

/// What a database holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dump {
    /// Every definition, each part of a table in a line of its own.
    pub schema: String,
    /// The rows of every table that keeps some itself.
    pub rows: BTreeMap<Name, Rows>,
}

impl Dump {
    /// The schema where no column has a place: the parts of each table are sorted.
    pub fn unordered(&self) -> String {
        let mut lines: Vec<&str> = self.schema.lines().collect();
        let begins =
            |line: &&str| line.starts_with("CREATE ") && line.contains(" TABLE ") && line.ends_with('(');
        let mut at = 0;
        while let Some(begin) = lines[at..].iter().position(begins) {
            let first = at + begin + 1;
            let end = lines[first..].iter().position(|line| line.starts_with(')'));
            let parts = &mut lines[first..][..end.unwrap_or_default()];
            parts.iter_mut().for_each(|line| *line = line.trim_end_matches([',', ' ']));
            parts.sort_unstable();
            at = first + parts.len();
        }
        lines.join("\n")
    }
}

/// A table's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The names of its columns, in order.
    pub columns: Vec<String>,
    /// The rows, sorted, each with a value for every column.
    pub rows: Vec<Vec<Value>>,
}

/// Asks a server what a database of its holds. `pg_dump` is the program of that name, and must not be older than the server.
pub async fn dump(database: &mut Database, pg_dump: &Path) -> Result<Dump, ConnectionError> {
    let url = database.url().clone();
    let conn = database.connection();
    let schema = match conn.server().await?.dialect {
        DialectId::Postgres => postgres::schema(&url, pg_dump).await?,
        DialectId::Mysql | DialectId::Mariadb => mysql::schema(conn).await?,
        _ => sqlite::schema(conn).await?,
    };
    Ok(Dump { schema, rows: dump_rows(conn).await? })
}

/// Asks a server for the rows of every table.
pub async fn dump_rows(conn: &mut dyn Connection) -> Result<BTreeMap<Name, Rows>, ConnectionError> {
    let tables = match conn.server().await?.dialect {
        DialectId::Postgres => postgres::TABLES,
        DialectId::Mysql | DialectId::Mariadb => mysql::TABLES,
        _ => sqlite::TABLES,
    };
    let mut rows = BTreeMap::new();
    for row in conn.query(tables).await? {
        let name = Name { schema: row.text(0), name: row.text(1).unwrap_or_default() };
        let only = row.text(2).unwrap_or_default();
        rows.insert(name.clone(), rows_of(conn, &name, &only).await?);
    }
    Ok(rows)
}

async fn rows_of(conn: &mut dyn Connection, table: &Name, only: &str) -> Result<Rows, ConnectionError> {
    let (dialect, server) = (conn.dialect(), conn.server().await?);
    let asked = dialect.columns_query(table, &server).map_err(unsupported)?;
    let columns: Vec<_> = conn.query(&asked).await?.iter().filter_map(|row| row.text(0)).collect();
    if columns.is_empty() {
        return Ok(Rows::default());
    }
    let quoted = columns.iter().map(|column| dialect.identifier(column, &server));
    let quoted = quoted.collect::<Result<Vec<_>, _>>().map_err(unsupported)?.join(", ");
    let table = dialect.table(table, &server).map_err(unsupported)?;
    let rows = conn.query(&format!("SELECT {quoted} FROM {only}{table}")).await?;
    let mut rows: Vec<_> = rows.into_iter().map(|Row(values)| values).collect();
    rows.sort_unstable();
    Ok(Rows { columns, rows })
}

/// The values of rows, in a line each.
fn lines(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let values: Vec<_> = (0..row.0.len()).filter_map(|at| row.text(at)).collect();
        values.join(" | ") + "\n"
    };
    rows.iter().map(line).collect()
}

fn unsupported(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
