//! Connections to MySQL and MariaDB: a caller's own, and databases opened by URL.

mod error;
mod meter;
mod options;
mod owned;

use std::any::Any;
use std::time::Duration;

use async_trait::async_trait;
use dunlin_dsl::{
    BatchError, Connection, ConnectionError, Dialect, DialectId, ErrorKind, Row, Server, Value, Version,
};
use mysql_async::consts::StatusFlags;
use mysql_async::prelude::Queryable;

use super::Mysql;
use super::flavor::Flavor;
use crate::connect::Connect;

pub(crate) use owned::open;

/// Who is connected, without from where.
const USER: &str = "SUBSTRING_INDEX(USER(), '@', 1)";

/// What is asked of a server first: who it is, and the settings that change what SQL means there.
const FACTS: [&str; 15] = [
    "sql_mode",
    "collation_database",
    "character_set_database",
    "collation_server",
    "character_set_server",
    "default_storage_engine",
    "lower_case_table_names",
    "autocommit",
    "foreign_key_checks",
    "explicit_defaults_for_timestamp",
    "character_set_client",
    "character_set_connection",
    "character_set_results",
    "collation_connection",
    "time_zone",
];

/// The default collations of character sets in use: what a column has that names its character set alone.
const COLLATIONS: &str = "SELECT GROUP_CONCAT(CHARACTER_SET_NAME, '=', DEFAULT_COLLATE_NAME ORDER BY 1 SEPARATOR ',') \
    FROM information_schema.CHARACTER_SETS \
    WHERE CHARACTER_SET_NAME IN ('utf8mb4', 'utf8mb3', 'latin1', 'latin2', 'ascii', 'binary', 'ucs2', 'utf16', 'utf32')";

/// A caller's own connection.
///
/// The driver answers the next query with what a dropped one left unread, and queues nothing from a drop. So a
/// connection whose future was dropped in the middle of things is unusable afterwards: close it.
impl Connect for mysql_async::Conn {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(Borrowed { conn: self, server: None })
    }
}

/// A caller's own transaction. DDL would commit it, so it serves rows alone.
impl Connect for mysql_async::Transaction<'_> {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(InTransaction { transaction: self, server: None })
    }
}

struct Borrowed<'a> {
    conn: &'a mut mysql_async::Conn,
    server: Option<Server>,
}

#[async_trait]
impl Connection for Borrowed<'_> {
    fn dialect(&self) -> &'static dyn Dialect {
        &Mysql
    }

    async fn server(&mut self) -> Result<Server, ConnectionError> {
        if self.server.is_none() {
            self.server = Some(server(self.conn).await?);
        }
        self.server.clone().ok_or_else(unknown)
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        Ok(run(self.conn, sql).await?.changed)
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        Ok(run(self.conn, sql).await?.rows)
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        batch(self.conn, statements).await
    }

    async fn sleep(&mut self, duration: Duration) {
        sleep(duration).await
    }

    fn owns_transactions(&self) -> bool {
        true
    }

    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        in_transaction(self.conn).await
    }

    /// The driver has no way to queue them.
    fn on_drop(&mut self, _: Vec<String>) {}

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        Some(self.conn)
    }
}

struct InTransaction<'a, 't> {
    transaction: &'a mut mysql_async::Transaction<'t>,
    server: Option<Server>,
}

#[async_trait]
impl Connection for InTransaction<'_, '_> {
    fn dialect(&self) -> &'static dyn Dialect {
        &Mysql
    }

    async fn server(&mut self) -> Result<Server, ConnectionError> {
        if self.server.is_none() {
            self.server = Some(server(self.transaction).await?);
        }
        self.server.clone().ok_or_else(unknown)
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        Ok(run(self.transaction, sql).await?.changed)
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        Ok(run(self.transaction, sql).await?.rows)
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        batch(self.transaction, statements).await
    }

    async fn sleep(&mut self, duration: Duration) {
        sleep(duration).await
    }

    fn owns_transactions(&self) -> bool {
        false
    }

    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        Ok(true)
    }

    /// The caller's transaction rolls back by itself, and nothing else is queued into it.
    fn on_drop(&mut self, _: Vec<String>) {}

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        None
    }
}

/// What a statement gave.
#[derive(Default)]
struct Answer {
    rows: Vec<Row>,
    changed: u64,
}

/// Runs text by the text protocol: every statement in it, and every row of each.
async fn run<Q: Queryable>(conn: &mut Q, sql: &str) -> Result<Answer, ConnectionError> {
    read(conn, sql).await.map_err(|error| error::convert(error, sql))
}

async fn read<Q: Queryable>(conn: &mut Q, sql: &str) -> mysql_async::Result<Answer> {
    let mut answer = Answer::default();
    let mut result = conn.query_iter(sql).await?;
    loop {
        answer.changed = result.affected_rows();
        let rows: Vec<mysql_async::Row> = result.collect().await?;
        answer.rows.extend(rows.into_iter().map(row));
        if result.is_empty() {
            // The error of a later statement in the same text comes only now.
            result.drop_result().await?;
            return Ok(answer);
        }
    }
}

fn row(row: mysql_async::Row) -> Row {
    Row((0..row.len()).map(|at| row.as_ref(at).map_or(Value::Null, value)).collect())
}

fn value(value: &mysql_async::Value) -> Value {
    match value {
        mysql_async::Value::NULL => Value::Null,
        mysql_async::Value::Bytes(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => text.into(),
            Err(_) => Value::Bytes(bytes.clone()),
        },
        // The text protocol has no other values.
        other => Value::Text(other.as_sql(true)),
    }
}

async fn batch<Q: Queryable>(conn: &mut Q, statements: &[String]) -> Result<(), BatchError> {
    for (index, sql) in statements.iter().enumerate() {
        run(conn, sql).await.map_err(|error| BatchError { index, error })?;
    }
    Ok(())
}

/// The server says with every answer whether a transaction is open.
async fn in_transaction(conn: &mut mysql_async::Conn) -> Result<bool, ConnectionError> {
    run(conn, "DO 0").await?;
    let status = conn.last_ok_packet().map(|packet| packet.status_flags());
    Ok(status.is_some_and(|status| status.contains(StatusFlags::SERVER_STATUS_IN_TRANS)))
}

/// Asks who the server is.
async fn server<Q: Queryable>(conn: &mut Q) -> Result<Server, ConnectionError> {
    let facts = FACTS.map(|name| format!("@@{name}")).join(", ");
    let query = format!("SELECT VERSION(), @@version_comment, DATABASE(), ({COLLATIONS}), {USER}, {facts}");
    let rows = run(conn, &query).await.map_err(|error| match error.kind {
        ErrorKind::Statement => ConnectionError {
            kind: ErrorKind::UnsupportedServer,
            message: format!("the server is neither MySQL nor MariaDB: {}", error.message),
            ..error
        },
        _ => error,
    })?;
    let row = rows.rows.first().cloned().unwrap_or_default();
    let [version, comment, schema, collations] = [0, 1, 2, 3].map(|at| row.text(at).unwrap_or_default());
    let told = format!("{version} {comment}").to_ascii_lowercase();
    if let Some(other) =
        ["tidb", "vitess", "singlestore", "oceanbase"].into_iter().find(|name| told.contains(name))
    {
        let message = format!("the server is {other} ({version}), which Dunlin doesn't know");
        return Err(ConnectionError::new(ErrorKind::UnsupportedServer, message));
    }
    let dialect = if told.contains("mariadb") { DialectId::Mariadb } else { DialectId::Mysql };
    let number = version.strip_prefix("5.5.5-").unwrap_or(&version);
    let mut server = Server::new(dialect, Version::parse(number).unwrap_or_default());
    let oldest = Flavor::of(&server).oldest();
    if server.version < oldest {
        let message = format!("{server} is too old: {oldest} is the first that Dunlin works with");
        return Err(ConnectionError::new(ErrorKind::UnsupportedServer, message));
    }
    server.facts.insert("current_database".into(), schema.clone());
    server.facts.insert("current_user".into(), row.text(4).unwrap_or_default());
    server.schema = schema;
    for (at, name) in FACTS.into_iter().enumerate() {
        if let Some(fact) = row.text(at + 5) {
            server.facts.insert(name.into(), fact);
        }
    }
    server.facts.insert("default_collations".into(), collations);
    Ok(server)
}

fn unknown() -> ConnectionError {
    ConnectionError::new(ErrorKind::Lost, "the server didn't say who it is")
}

/// Waits by tokio's clock; outside a runtime, where there is none, by the thread's.
async fn sleep(duration: Duration) {
    match tokio::runtime::Handle::try_current() {
        Ok(_) => tokio::time::sleep(duration).await,
        Err(_) => std::thread::sleep(duration),
    }
}
