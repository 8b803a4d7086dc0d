//! Connections to PostgreSQL: a caller's client or transaction, and those opened by URL.
//!
//! Everything goes by the simple query protocol: nothing is prepared, so nothing is left behind in a pooler, and values
//! come as the text that the server prints.

mod error;
mod open;
#[cfg(test)]
pub(super) mod tests;
mod tls;

use std::any::Any;
use std::io::Cursor;
use std::time::Duration;

use async_trait::async_trait;
use dunlin_dsl::{
    BatchError, Connection, ConnectionError, CopyData, Dialect, DialectId, ErrorKind, Row, Server, Value,
    Version,
};
use futures_util::{FutureExt, SinkExt, TryStreamExt};
use tokio_postgres::{Client, SimpleQueryMessage, SimpleQueryRow, SimpleQueryStream, Transaction};

pub(crate) use self::open::{cancel, open};
use super::{OLDEST, Postgres};
use crate::connect::Connect;

/// A caller's client, which may be a pool's: `&mut **guard`. Statements told by
/// [`on_drop`](dunlin_dsl::Connection::on_drop) are queued when this connection goes, before anything the client is asked next.
impl Connect for Client {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(Session::new(Driver::Lent(self)))
    }
}

/// A caller's transaction, which stays the caller's to commit or roll back.
impl Connect for Transaction<'_> {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(Session::new(Driver::Transaction(self.client())))
    }
}

/// Whose client it is.
enum Driver<'a> {
    /// Opened by URL.
    Own(Box<Client>),
    /// A caller's.
    Lent(&'a mut Client),
    /// That of a caller's transaction.
    Transaction(&'a Client),
}

impl Driver<'_> {
    fn client(&self) -> &Client {
        match self {
            Self::Own(client) => client,
            Self::Lent(client) => client,
            Self::Transaction(client) => client,
        }
    }
}

struct Session<'a> {
    driver: Driver<'a>,
    server: Option<Server>,
    on_drop: Vec<String>,
}

impl<'a> Session<'a> {
    fn new(driver: Driver<'a>) -> Self {
        Self { driver, server: None, on_drop: Vec::new() }
    }

    /// Puts a statement into the queue of what is sent; the answer comes by the stream. It never waits.
    async fn send(&self, sql: &str) -> Result<SimpleQueryStream, ConnectionError> {
        if sql.contains('\0') {
            let message = "PostgreSQL takes no statement with NUL in it";
            return Err(ConnectionError::new(ErrorKind::Statement, message));
        }
        self.driver.client().simple_query_raw(sql).await.map_err(|error| error::convert(&error, sql))
    }
}

#[async_trait]
impl Connection for Session<'_> {
    fn dialect(&self) -> &'static dyn Dialect {
        &Postgres
    }

    async fn server(&mut self) -> Result<Server, ConnectionError> {
        if let Some(server) = &self.server {
            return Ok(server.clone());
        }
        let rows = self.query(SERVER).await?;
        let server = server(rows.first().unwrap_or(&Row::default()))?;
        self.server = Some(server.clone());
        Ok(server)
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        let stream = self.send(sql).await?;
        finish(stream).await.map_err(|error| error::convert(&error, sql))
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        let mut stream = std::pin::pin!(self.send(sql).await?);
        let mut rows = Vec::new();
        while let Some(message) = stream.try_next().await.map_err(|error| error::convert(&error, sql))? {
            if let SimpleQueryMessage::Row(row) = message {
                rows.push(values(&row)?);
            }
        }
        Ok(rows)
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        let mut sent = Vec::with_capacity(statements.len());
        let mut unsent = None;
        for (index, sql) in statements.iter().enumerate() {
            match self.send(sql).await {
                Ok(stream) => sent.push(stream),
                Err(error) => {
                    unsent = Some(BatchError { index, error });
                    break;
                }
            }
        }
        let mut failed = None;
        for (index, (stream, sql)) in sent.into_iter().zip(statements).enumerate() {
            // Those behind the first failed one are on their way too, and what comes next comes after them anyway.
            if let Err(error) = finish(stream).await {
                failed.get_or_insert_with(|| BatchError { index, error: error::convert(&error, sql) });
            }
        }
        failed.or(unsent).map_or(Ok(()), Err)
    }

    /// The one thing that is prepared, for the driver has no other way; it is closed right after.
    async fn copy_in(&mut self, sql: &str, data: &mut CopyData<'_>) -> Result<u64, ConnectionError> {
        let converted = |error: tokio_postgres::Error| error::convert(&error, sql);
        let sink = self.driver.client().copy_in::<_, Cursor<Vec<u8>>>(sql).await.map_err(converted)?;
        let mut sink = std::pin::pin!(sink);
        // A sink that is dropped without its end fails the statement.
        while let Some(piece) = data()? {
            sink.send(Cursor::new(piece)).await.map_err(converted)?;
        }
        sink.finish().await.map_err(converted)
    }

    async fn sleep(&mut self, duration: Duration) {
        tokio::time::sleep(duration).await
    }

    fn owns_transactions(&self) -> bool {
        !matches!(self.driver, Driver::Transaction(_))
    }

    /// The server tells by the answer to a bare SAVEPOINT, which it takes only inside a transaction.
    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        if !self.owns_transactions() {
            return Ok(true);
        }
        match self.execute("SAVEPOINT dunlin_probe").await {
            Ok(_) => self.execute("RELEASE SAVEPOINT dunlin_probe").await.map(|_| true),
            Err(error) => match error.code.as_deref() {
                Some("25P01") => Ok(false),
                Some("25P02") => Ok(true),
                _ => Err(error),
            },
        }
    }

    fn on_drop(&mut self, statements: Vec<String>) {
        self.on_drop = statements;
    }

    /// A request is queued when its future is first polled, and what was queued is sent in order, whoever waits for the
    /// answers.
    fn abandon(&mut self) {
        for sql in std::mem::take(&mut self.on_drop) {
            // A connection that is closed has nothing to put back.
            let _ = self.driver.client().simple_query_raw(&sql).now_or_never();
        }
    }

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        match &mut self.driver {
            Driver::Own(client) => Some(client.as_mut()),
            Driver::Lent(client) => Some(*client),
            Driver::Transaction(_) => None,
        }
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.abandon();
    }
}

/// Waits for all of a message's statements; the number is that of the last one.
async fn finish(stream: SimpleQueryStream) -> Result<u64, tokio_postgres::Error> {
    let mut stream = std::pin::pin!(stream);
    let mut changed = 0;
    while let Some(message) = stream.try_next().await? {
        if let SimpleQueryMessage::CommandComplete(rows) = message {
            changed = rows;
        }
    }
    Ok(changed)
}

fn values(row: &SimpleQueryRow) -> Result<Row, ConnectionError> {
    let value = |index| {
        let text = row.try_get(index).map_err(|error| error::convert(&error, ""))?;
        Ok(text.map_or(Value::Null, Value::from))
    };
    (0..row.len()).map(value).collect::<Result<_, _>>().map(Row)
}

/// What is asked of a server once.
const SERVER: &str = "SELECT pg_catalog.version(), pg_catalog.current_setting('server_version_num'), \
    pg_catalog.current_schema(), pg_catalog.pg_is_in_recovery(), \
    pg_catalog.current_setting('default_transaction_read_only'), current_user, current_catalog";

fn server(row: &Row) -> Result<Server, ConnectionError> {
    let unsupported = |message| Err(ConnectionError::new(ErrorKind::UnsupportedServer, message));
    let name = row.text(0).unwrap_or_default();
    if !name.starts_with("PostgreSQL") && !name.starts_with("EnterpriseDB") {
        return unsupported(format!("it speaks PostgreSQL's protocol and isn't PostgreSQL: {name}"));
    }
    let number = row.int(1).unwrap_or_default();
    let part = |number: i64| u16::try_from(number).unwrap_or_default();
    let version = Version::new(part(number / 10_000), part(number % 10_000), 0);
    if version < OLDEST {
        let message =
            format!("PostgreSQL {version} is too old: {} is the first that Dunlin works with", OLDEST.major);
        return unsupported(message);
    }
    let mut server = Server::new(DialectId::Postgres, version);
    server.schema = row.text(2).unwrap_or_default();
    let facts = ["pg_is_in_recovery", "default_transaction_read_only", "current_user", "current_database"];
    let facts = facts.into_iter().zip(3..);
    server.facts.extend(facts.map(|(name, index)| (name.into(), row.text(index).unwrap_or_default())));
    Ok(server)
}
