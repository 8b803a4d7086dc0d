//! The dialects: rendering, reading back and connecting for SQLite, PostgreSQL, MySQL and MariaDB.
//!
//! Every dialect has the same rooms: `render` writes SQL, `lower` puts a schema into the server's own terms,
//! `introspect` reads tables back, and `connect`, behind the feature of that name, drives the driver. Rendering always
//! compiles, so it needs no driver at all.

mod choice;
mod connect;
mod dump;
mod fit;
mod foreign;
mod lex;
mod mysql;
mod postgres;
mod scratch;
mod spelling;
mod sql;
mod sqlite;
pub mod types;
mod url;

use dunlin_dsl::{ConnectionError, Dialect, DialectId, ErrorKind, Server, Version};

pub use connect::{Connect, Database, OpenMode, connect, open};
pub use dump::{Dump, Rows, dump, dump_rows};
pub use mysql::Mysql;
pub use postgres::Postgres;
pub use scratch::Scratch;
pub use sqlite::Sqlite;
pub use url::{DatabaseUrl, SqliteFile};

/// The drivers, as Dunlin was built with them.
pub mod drivers {
    #[cfg(feature = "mysql")]
    pub use mysql_async;
    #[cfg(feature = "sqlite")]
    pub use rusqlite;
    #[cfg(feature = "postgres")]
    pub use tokio_postgres;
}

/// The dialect of this name. MySQL and MariaDB share one, which asks the server which of the two it is.
pub fn dialect(id: DialectId) -> &'static dyn Dialect {
    match id {
        DialectId::Postgres => &Postgres,
        DialectId::Mysql | DialectId::Mariadb => &Mysql,
        _ => &Sqlite,
    }
}

/// A server as it is taken to be where none is asked: of this version, or the oldest that Dunlin works with, with the settings that
/// it comes with, and a connection to this database.
pub fn assumed(
    id: DialectId,
    version: Option<Version>,
    database: Option<&str>,
) -> Result<Server, ConnectionError> {
    let oldest = match id {
        DialectId::Postgres => postgres::oldest(),
        DialectId::Mysql | DialectId::Mariadb => mysql::oldest(id),
        _ => sqlite::oldest(),
    };
    if let Some(version) = version.filter(|version| *version < oldest) {
        let message =
            format!("{} {version} is too old: {oldest} is the first that Dunlin works with", id.title());
        return Err(ConnectionError::new(ErrorKind::UnsupportedServer, message));
    }
    Ok(match id {
        DialectId::Postgres => postgres::assumed(version),
        DialectId::Mysql | DialectId::Mariadb => mysql::assumed(id, version, database),
        _ => sqlite::assumed(version),
    })
}
