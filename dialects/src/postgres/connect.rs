//! Connections to PostgreSQL: a caller's own client or transaction, and databases opened by URL.
//!
//! Everything goes by the simple query protocol, so that many statements fly together and values come back as text. A
//! statement is on its way as soon as its future is polled first; one whose future is dropped runs all the same, and what
//! is asked next comes after it.

use std::any::Any;
use std::time::Duration;

use async_trait::async_trait;
use dunlin_dsl::{
    BatchError, Connection, ConnectionError, Dialect, DialectId, ErrorKind, Lock, Row, Server, Value, Version,
};
use futures_util::{FutureExt, StreamExt};
use tokio_postgres::error::{ErrorPosition, SqlState};
use tokio_postgres::{Client, Config, SimpleQueryMessage, SimpleQueryStream, Transaction};

use super::{Postgres, tls};
use crate::connect::Connect;
use crate::url::DatabaseUrl;

/// The oldest version whose catalog is read.
const OLDEST: Version = Version::new(13, 0, 0);

/// How long a server may take to answer the first time, unless the URL says otherwise.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(30);

/// The parameters that a URL may have.
const PARAMETERS: [&str; 5] = ["sslmode", "sslrootcert", "application_name", "connect_timeout", "options"];

/// A caller's own client. What a dropped future leaves is put back before the client's next use.
impl Connect for Client {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(Session::new(Handle::Lent(self)))
    }
}

/// A caller's own transaction, which Dunlin works in and never ends.
impl Connect for Transaction<'_> {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(Session::new(Handle::Transaction(self.client())))
    }
}

/// Opens a connection of Dunlin's own; a task of the current runtime drives it.
pub(crate) async fn open(url: &DatabaseUrl) -> Result<Box<dyn Connection>, ConnectionError> {
    let config = config(url)?;
    let (mode, tls) = tls::connector(url)?;
    let runtime = tokio::runtime::Handle::try_current().map_err(|_| {
        ConnectionError::new(
            ErrorKind::Unreachable,
            "PostgreSQL is reached through tokio, and there is no tokio runtime here: call it from within one",
        )
    })?;
    let mut config = config;
    config.ssl_mode(mode);
    let (client, connection) = config.connect(tls).await.map_err(unopened)?;
    runtime.spawn(async move {
        // How it ended is told to whoever waits for an answer.
        let _ = connection.await;
    });
    Ok(Box::new(Session::new(Handle::Own(client))))
}

fn config(url: &DatabaseUrl) -> Result<Config, ConnectionError> {
    let bad = |message: String| ConnectionError::new(ErrorKind::BadUrl, message);
    if let Some((name, _)) = url.parameters().iter().find(|(name, _)| !PARAMETERS.contains(&name.as_str())) {
        return Err(bad(format!(
            "a postgres URL has no parameter {name}: known are {}",
            PARAMETERS.join(", ")
        )));
    }
    let mut config = Config::new();
    config.application_name(url.parameter("application_name").unwrap_or("dunlin"));
    config.connect_timeout(CONNECT_TIMEOUT);
    if let Some(seconds) = url.parameter("connect_timeout") {
        let seconds = seconds
            .parse()
            .map_err(|_| bad(format!("connect_timeout {seconds} isn't a number of seconds")))?;
        config.connect_timeout(Duration::from_secs(seconds));
    }
    if let Some(options) = url.parameter("options") {
        config.options(options);
    }
    let user = url
        .user()
        .map(str::to_owned)
        .ok_or_else(|| bad("a postgres URL names a user: postgres://USER@host/database".into()))?;
    config.dbname(url.database().unwrap_or(&user)).user(user);
    config.host(url.host().unwrap_or("localhost")).port(url.port().unwrap_or(5432));
    if let Some(password) = url.password() {
        config.password(password);
    }
    Ok(config)
}

enum Handle<'a> {
    Own(Client),
    Lent(&'a mut Client),
    Transaction(&'a Client),
}

impl Handle<'_> {
    fn client(&self) -> &Client {
        match self {
            Self::Own(client) => client,
            Self::Lent(client) => client,
            Self::Transaction(client) => client,
        }
    }
}

struct Session<'a> {
    handle: Handle<'a>,
    server: Option<Server>,
    on_drop: Vec<String>,
}

impl<'a> Session<'a> {
    fn new(handle: Handle<'a>) -> Self {
        Self { handle, server: None, on_drop: Vec::new() }
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
        let rows =
            self.query("SELECT version(), current_setting('server_version'), current_schema()").await?;
        let [full, version, schema] = [0, 1, 2].map(|index| rows.first().and_then(|row| row.text(index)));
        let full = full.unwrap_or_default();
        let version = Version::parse(&version.unwrap_or_default()).unwrap_or_default();
        let refuse = |message: String| Err(ConnectionError::new(ErrorKind::UnsupportedServer, message));
        if !full.starts_with("PostgreSQL") {
            return refuse(format!("the server isn't PostgreSQL, but {full}"));
        }
        if version < OLDEST {
            return refuse(format!(
                "PostgreSQL {version} is too old: {} is the first that Dunlin works with",
                OLDEST.major
            ));
        }
        let server =
            Server { schema: schema.unwrap_or_default(), ..Server::new(DialectId::Postgres, version) };
        Ok(self.server.insert(server).clone())
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        let client = self.handle.client();
        let stream = client.simple_query_raw(sql).await.map_err(|error| convert(&error, sql))?;
        Ok(answer(stream, sql).await?.changed)
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        let client = self.handle.client();
        let stream = client.simple_query_raw(sql).await.map_err(|error| convert(&error, sql))?;
        Ok(answer(stream, sql).await?.rows)
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        let client = self.handle.client();
        let mut streams = Vec::with_capacity(statements.len());
        for (index, sql) in statements.iter().enumerate() {
            let sent = client.simple_query_raw(sql).await;
            streams.push(sent.map_err(|error| BatchError { index, error: convert(&error, sql) })?);
        }
        let mut outcome = Ok(());
        for (index, (stream, sql)) in streams.into_iter().zip(statements).enumerate() {
            let answered = answer(stream, sql).await;
            // What comes behind the first failure fails because of it, and is waited for all the same.
            if let (Err(error), true) = (answered, outcome.is_ok()) {
                outcome = Err(BatchError { index, error });
            }
        }
        outcome
    }

    async fn sleep(&mut self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn owns_transactions(&self) -> bool {
        !matches!(self.handle, Handle::Transaction(_))
    }

    /// A bare SAVEPOINT is an error outside a transaction; there is no question that tells it without one.
    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        if !self.owns_transactions() {
            return Ok(true);
        }
        match self.execute("SAVEPOINT dunlin_asks").await {
            Ok(_) => self.execute("RELEASE SAVEPOINT dunlin_asks").await.map(|_| true),
            Err(error) if error.code.as_deref() == Some(SqlState::NO_ACTIVE_SQL_TRANSACTION.code()) => {
                Ok(false)
            }
            Err(error) if error.code.as_deref() == Some(SqlState::IN_FAILED_SQL_TRANSACTION.code()) => {
                Ok(true)
            }
            Err(error) => Err(error),
        }
    }

    fn on_drop(&mut self, statements: Vec<String>) {
        self.on_drop = statements;
    }

    fn abandon(&mut self) {
        let client = self.handle.client();
        for sql in std::mem::take(&mut self.on_drop) {
            // Polled once it is on its way; nobody waits for its answer.
            drop(client.simple_query_raw(&sql).now_or_never());
        }
    }

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        match &mut self.handle {
            Handle::Own(client) => Some(client),
            Handle::Lent(client) => Some(*client),
            Handle::Transaction(_) => None,
        }
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.abandon();
    }
}

/// What a server answered to one message.
#[derive(Default)]
struct Answer {
    rows: Vec<Row>,
    changed: u64,
}

async fn answer(stream: SimpleQueryStream, sql: &str) -> Result<Answer, ConnectionError> {
    let mut stream = std::pin::pin!(stream);
    let mut answer = Answer::default();
    while let Some(message) = stream.next().await {
        match message.map_err(|error| convert(&error, sql))? {
            SimpleQueryMessage::Row(row) => {
                let value = |index| match row.try_get(index) {
                    Ok(Some(text)) => Value::Text(text.to_owned()),
                    _ => Value::Null,
                };
                answer.rows.push(Row((0..row.len()).map(value).collect()));
            }
            SimpleQueryMessage::CommandComplete(changed) => answer.changed = changed,
            _ => {}
        }
    }
    Ok(answer)
}

/// What went wrong with a statement.
fn convert(error: &tokio_postgres::Error, sql: &str) -> ConnectionError {
    let Some(server) = error.as_db_error() else {
        return ConnectionError::new(ErrorKind::Lost, format!("the connection was lost: {}", causes(error)));
    };
    let code = server.code();
    let kind = match *code {
        _ if server.message().contains(Lock::REFUSED) => ErrorKind::LockRefused,
        SqlState::LOCK_NOT_AVAILABLE | SqlState::T_R_DEADLOCK_DETECTED => ErrorKind::Busy,
        SqlState::UNDEFINED_TABLE => ErrorKind::MissingTable,
        SqlState::UNIQUE_VIOLATION => ErrorKind::Duplicate,
        SqlState::READ_ONLY_SQL_TRANSACTION => ErrorKind::ReadOnly,
        SqlState::INSUFFICIENT_PRIVILEGE => ErrorKind::Denied,
        SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN => ErrorKind::Lost,
        _ => ErrorKind::Statement,
    };
    let detail: Vec<_> = server.detail().into_iter().chain(server.hint()).collect();
    let offset = match server.position() {
        // Counted in characters, from 1.
        Some(ErrorPosition::Original(position)) => {
            let at = usize::try_from(*position).ok().and_then(|at| at.checked_sub(1));
            at.and_then(|at| sql.char_indices().nth(at)).map(|(offset, _)| offset)
        }
        _ => None,
    };
    ConnectionError {
        kind,
        message: server.message().to_owned(),
        code: Some(code.code().to_owned()),
        detail: Some(detail.join("; ")).filter(|detail| !detail.is_empty()),
        offset_bytes: offset,
    }
}

/// Why a server doesn't let us in, or isn't there.
fn unopened(error: tokio_postgres::Error) -> ConnectionError {
    match error.as_db_error() {
        None => ConnectionError::new(ErrorKind::Unreachable, causes(&error)),
        Some(server) => {
            let kind = match *server.code() {
                SqlState::INVALID_CATALOG_NAME => ErrorKind::BadUrl,
                SqlState::CANNOT_CONNECT_NOW | SqlState::TOO_MANY_CONNECTIONS => ErrorKind::Unreachable,
                _ => ErrorKind::Refused,
            };
            ConnectionError { kind, ..convert(&error, "") }
        }
    }
}

/// An error with its causes; the driver's own text has none of them.
fn causes(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text += &format!(": {more}");
        }
        cause = error.source();
    }
    text
}
