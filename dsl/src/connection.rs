//! The port to a database: what the engine and data steps ask of an open connection.

use std::any::Any;
use std::fmt;
use std::time::Duration;

use async_trait::async_trait;

use crate::dialect::Dialect;
use crate::progress::Gauge;
use crate::schema::Value;
use crate::server::Server;

/// An open connection, a caller's own or Dunlin's.
#[async_trait]
pub trait Connection: Send {
    /// How to speak to it.
    fn dialect(&self) -> &'static dyn Dialect;

    /// What is known of the server; asked the first time, remembered after.
    async fn server(&mut self) -> Result<Server, ConnectionError>;

    /// Runs one statement and gives the number of rows it changed, 0 where that means nothing.
    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError>;

    /// Runs one statement and gives its rows.
    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError>;

    /// Runs many statements in order and stops at the first that fails; in one flight, where the driver can.
    ///
    /// Where they fly together, those behind a failed one are sent all the same: outside a transaction they would run.
    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError>;

    /// Runs a statement that takes data, such as `COPY .. FROM stdin`, feeds it piece by piece, and gives the number of rows.
    /// Where `data` fails, so does the statement, with its error.
    async fn copy_in(&mut self, sql: &str, data: &mut CopyData<'_>) -> Result<u64, ConnectionError> {
        let _ = (sql, data);
        Err(ConnectionError::new(
            ErrorKind::Statement,
            "this connection has no way to send data behind a statement",
        ))
    }

    /// Waits, by whatever clock the driver's runtime has.
    async fn sleep(&mut self, duration: Duration);

    /// Whether Dunlin may begin and end transactions here: not in a transaction that the caller handed over.
    fn owns_transactions(&self) -> bool;

    /// Whether a transaction is open now.
    async fn in_transaction(&mut self) -> Result<bool, ConnectionError>;

    /// What to run if this connection is dropped in the middle of things; an empty list once all is well.
    ///
    /// A connection that Dunlin opened ends with its drop, and needs none. A driver that can't queue statements from a
    /// drop ignores them, and says so in its documentation.
    fn on_drop(&mut self, statements: Vec<String>);

    /// Does now what [`on_drop`](Self::on_drop) told: whoever borrowed this connection is gone in the middle of things.
    ///
    /// It only queues, for a drop can't wait; the statements run before anything that is asked next. A wrapper that goes
    /// away with its borrower does the same in its own drop.
    fn abandon(&mut self) {}

    /// Where it shows from now on how far a statement is that takes long: the copy of a table on SQLite, what the server
    /// tells of itself on MySQL and MariaDB. None where nothing is known, as of a caller's own connection.
    fn gauge(&mut self) -> Option<Gauge> {
        None
    }

    /// The driver's own connection, for data steps that want it: `rusqlite::Connection`, `tokio_postgres::Client` or
    /// `mysql_async::Conn`. None for a borrowed transaction, and for SQLite on a thread of its own.
    fn driver(&mut self) -> Option<&mut (dyn Any + Send)>;
}

/// Gives the next piece of a statement's data, none at its end.
pub type CopyData<'a> = dyn FnMut() -> Result<Option<Vec<u8>>, ConnectionError> + Send + 'a;

/// A row of a query's answer.
///
/// A network server's values arrive as `Value::Text` or `Value::Null`, SQLite's as what they are; the getters
/// read either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// The value at `index`, counted from 0.
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.0.get(index)
    }

    /// The value at `index` as text: numbers are printed, NULL and bytes that aren't UTF-8 are none.
    pub fn text(&self, index: usize) -> Option<String> {
        match self.0.get(index)? {
            Value::Null => None,
            Value::Bool(value) => Some(if *value { "1" } else { "0" }.into()),
            Value::Int(value) => Some(value.to_string()),
            Value::Float(value) => Some(value.0.to_string()),
            Value::Text(value) => Some(value.clone()),
            Value::Bytes(value) => String::from_utf8(value.clone()).ok(),
        }
    }

    /// The value at `index` as an integer.
    pub fn int(&self, index: usize) -> Option<i64> {
        match self.0.get(index)? {
            Value::Int(value) => i64::try_from(*value).ok(),
            Value::Bool(value) => Some((*value).into()),
            _ => self.text(index)?.parse().ok(),
        }
    }

    /// The value at `index` as a truth value: `t`, `true`, `YES`, `1` and numbers but 0; NULL and all else is false.
    pub fn bool(&self, index: usize) -> bool {
        match self.text(index).as_deref() {
            Some("t" | "true" | "YES" | "yes" | "on" | "ON") => true,
            Some(text) => text.parse::<i64>().is_ok_and(|number| number != 0),
            None => false,
        }
    }
}

/// What went wrong between Dunlin and a database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionError {
    /// What kind of thing it is.
    pub kind: ErrorKind,
    /// What the server or the driver said, as a fragment.
    pub message: String,
    /// The server's code: an SQLSTATE on PostgreSQL, an error number on MySQL and MariaDB, an extended result code on SQLite.
    pub code: Option<String>,
    /// What else the server said.
    pub detail: Option<String>,
    /// Where in the statement, in bytes from its start.
    pub offset_bytes: Option<usize>,
}

/// Kinds of failure that the engine or the user treats differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// No server answers there, or it ended the attempt.
    Unreachable,
    /// The server answers and won't let this user in, or has no such database.
    Refused,
    /// The URL or what it names isn't usable.
    BadUrl,
    /// The server is older than Dunlin supports, or isn't what the URL says.
    UnsupportedServer,
    /// The connection was lost in the middle of things; what became of the last statement is unknown.
    Lost,
    /// Someone else holds a lock; trying again may help.
    Busy,
    /// Another migrator holds Dunlin's own lock.
    LockRefused,
    /// The table doesn't exist.
    MissingTable,
    /// A row with that key exists.
    Duplicate,
    /// Something else has that name.
    NameTaken,
    /// The database or the session is read-only.
    ReadOnly,
    /// The user lacks a right.
    Denied,
    /// The server refused the statement for any other reason.
    Statement,
}

impl ConnectionError {
    /// An error with a kind and a message.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), code: None, detail: None, offset_bytes: None }
    }
}

impl fmt::Display for ConnectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(detail) = &self.detail {
            write!(f, " ({detail})")?;
        }
        if let Some(code) = &self.code {
            write!(f, " [{code}]")?;
        }
        Ok(())
    }
}

impl std::error::Error for ConnectionError {}

/// The failure of one statement among many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchError {
    /// Which one, counted from 0.
    pub index: usize,
    /// What went wrong.
    pub error: ConnectionError,
}
