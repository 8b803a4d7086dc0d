//! Connecting: what a caller's connection must be, and databases opened by URL.

use std::any::Any;
use std::pin::Pin;
use std::time::Duration;

use async_trait::async_trait;
use dunlin_dsl::{
    BatchError, Connection, ConnectionError, CopyData, Dialect, DialectId, ErrorKind, Gauge, Row, Server,
};

use crate::url::DatabaseUrl;

/// Something that Dunlin can work on: a driver's own connection, borrowed, or what [`connect`] opened by URL.
pub trait Connect: Send {
    /// The connection, for as long as it is borrowed.
    fn connect(&mut self) -> Box<dyn Connection + '_>;
}

/// Opens the database that `url` names; a SQLite file is created if there is none, its folder isn't.
///
/// The errors never show the URL's password.
pub async fn connect(url: &str) -> Result<Database, ConnectionError> {
    open(&DatabaseUrl::parse(url)?, OpenMode::Create).await
}

/// Opens the database that `url` names, in the given mode.
pub async fn open(url: &DatabaseUrl, mode: OpenMode) -> Result<Database, ConnectionError> {
    let (connection, cancel) = match url.dialect() {
        DialectId::Postgres => open_postgres(url).await?,
        DialectId::Mysql | DialectId::Mariadb => open_mysql(url).await?,
        _ => (open_sqlite(url, mode)?, None),
    };
    Ok(Database { url: url.clone(), connection, cancel })
}

/// What happens when a SQLite file isn't there. The other servers never create a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// The file is created, but not its folder.
    Create,
    /// It is an error, and nothing is created.
    Existing,
}

/// A database opened by URL, with a connection of its own.
pub struct Database {
    url: DatabaseUrl,
    connection: Box<dyn Connection>,
    cancel: Option<Cancel>,
}

/// Has a server stop what it does for a connection, said beside that connection.
pub(crate) type Cancel = Pin<Box<dyn Future<Output = ()> + Send>>;

type Opened = (Box<dyn Connection>, Option<Cancel>);

impl Database {
    /// The URL it was opened by; printing it shows no password.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Its connection.
    pub fn connection(&mut self) -> &mut dyn Connection {
        &mut *self.connection
    }

    /// Ends it in the middle of things, for whoever dropped a future that was at work on it: the statement that runs is
    /// cancelled, a transaction rolled back, the lock given back.
    ///
    /// SQLite's thread ends with the connection, and a statement of its with it.
    pub async fn abort(mut self) {
        if let Some(cancel) = self.cancel.take() {
            cancel.await;
            self.connection.abandon();
            // Its answer comes behind those of what was queued. That the connection is lost is its end too.
            let _ = self.connection.in_transaction().await;
        }
    }
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Connect for Database {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(Borrowed(&mut *self.connection))
    }
}

impl Connect for dyn Connection + '_ {
    fn connect(&mut self) -> Box<dyn Connection + '_> {
        Box::new(Borrowed(self))
    }
}

/// A connection lent out; every call goes to the one it was lent from.
struct Borrowed<'a>(&'a mut (dyn Connection + 'a));

#[async_trait]
impl Connection for Borrowed<'_> {
    fn dialect(&self) -> &'static dyn Dialect {
        self.0.dialect()
    }

    async fn server(&mut self) -> Result<Server, ConnectionError> {
        self.0.server().await
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, ConnectionError> {
        self.0.execute(sql).await
    }

    async fn query(&mut self, sql: &str) -> Result<Vec<Row>, ConnectionError> {
        self.0.query(sql).await
    }

    async fn batch(&mut self, statements: &[String]) -> Result<(), BatchError> {
        self.0.batch(statements).await
    }

    async fn copy_in(&mut self, sql: &str, data: &mut CopyData<'_>) -> Result<u64, ConnectionError> {
        self.0.copy_in(sql, data).await
    }

    async fn sleep(&mut self, duration: Duration) {
        self.0.sleep(duration).await
    }

    fn owns_transactions(&self) -> bool {
        self.0.owns_transactions()
    }

    async fn in_transaction(&mut self) -> Result<bool, ConnectionError> {
        self.0.in_transaction().await
    }

    fn on_drop(&mut self, statements: Vec<String>) {
        self.0.on_drop(statements)
    }

    fn abandon(&mut self) {
        self.0.abandon()
    }

    fn gauge(&mut self) -> Option<Gauge> {
        self.0.gauge()
    }

    fn driver(&mut self) -> Option<&mut (dyn Any + Send)> {
        self.0.driver()
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

#[cfg(feature = "sqlite")]
fn open_sqlite(url: &DatabaseUrl, mode: OpenMode) -> Result<Box<dyn Connection>, ConnectionError> {
    crate::sqlite::connect::open(url, mode)
}

#[cfg(not(feature = "sqlite"))]
fn open_sqlite(_: &DatabaseUrl, _: OpenMode) -> Result<Box<dyn Connection>, ConnectionError> {
    Err(without_feature("SQLite", "sqlite"))
}

#[cfg(feature = "postgres")]
async fn open_postgres(url: &DatabaseUrl) -> Result<Opened, ConnectionError> {
    let mut connection = crate::postgres::connect::open(url).await?;
    let cancel = crate::postgres::connect::cancel(url, &mut *connection)?;
    Ok((connection, cancel))
}

#[cfg(not(feature = "postgres"))]
async fn open_postgres(_: &DatabaseUrl) -> Result<Opened, ConnectionError> {
    Err(without_feature("PostgreSQL", "postgres"))
}

#[cfg(feature = "mysql")]
async fn open_mysql(url: &DatabaseUrl) -> Result<Opened, ConnectionError> {
    let (connection, cancel) = crate::mysql::connect::open(url).await?;
    Ok((connection, Some(cancel)))
}

#[cfg(not(feature = "mysql"))]
async fn open_mysql(_: &DatabaseUrl) -> Result<Opened, ConnectionError> {
    Err(without_feature("MySQL and MariaDB", "mysql"))
}

/// What is said when a URL names a server whose driver isn't built in.
#[allow(dead_code, reason = "with every driver built in there is nothing to say")]
fn without_feature(server: &str, feature: &str) -> ConnectionError {
    ConnectionError::new(
        ErrorKind::BadUrl,
        format!("this build can't connect to {server}: its cargo feature `{feature}` is off"),
    )
}

#[cfg(test)]
mod tests;
