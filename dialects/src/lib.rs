//! The dialects: rendering, reading back and connecting for SQLite, PostgreSQL, MySQL and MariaDB.
//!
//! Every dialect has the same rooms: `render` writes SQL, `lower` puts a schema into the server's own terms,
//! `introspect` reads tables back, `lex` says how the server reads text, and `connect`, behind the feature of that name,
//! drives the driver. Rendering always compiles, so it needs no driver at all.

mod connect;
pub mod types;
mod url;

pub use connect::Connect;
pub use url::{DatabaseUrl, SqliteFile};
