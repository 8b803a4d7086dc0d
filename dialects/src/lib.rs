//! The dialects: rendering, reading back and connecting for SQLite, PostgreSQL, MySQL and MariaDB.
//!
//! Every dialect has the same rooms: `render` writes SQL, `lower` puts a schema into the server's own terms,
//! `introspect` reads tables back, and `connect`, behind the feature of that name, drives the driver. Rendering always
//! compiles, so it needs no driver at all.

mod choice;
mod connect;
mod lex;
mod mysql;
mod postgres;
mod sql;
mod sqlite;
pub mod types;
mod url;

use dunlin_dsl::{Dialect, DialectId};

pub use connect::{Connect, Database, OpenMode, connect, open};
pub use mysql::Mysql;
pub use postgres::Postgres;
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
