//! Databases to test on: real ones, each made for one test and dropped after it.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use dunlin::{Connect, Connection, ConnectionError, Database, DatabaseUrl, Definition, Schema, Statement};
use futures_util::FutureExt;

/// A server that every test of behaviour runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres15,
    Postgres18,
    Mariadb,
    Mysql,
}

impl Kind {
    /// The name under which `scripts/test` says that a server can't be had here, and the variable that has its URL.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Sqlite => ("sqlite", ""),
            Self::Postgres15 => ("postgres15", "DUNLIN_TEST_POSTGRES15_URL"),
            Self::Postgres18 => ("postgres18", "DUNLIN_TEST_POSTGRES18_URL"),
            Self::Mariadb => ("mariadb", "DUNLIN_TEST_MARIADB_URL"),
            Self::Mysql => ("mysql", "DUNLIN_TEST_MYSQL_URL"),
        }
    }

    /// Whether DDL has transactions there.
    pub(crate) fn is_transactional(self) -> bool {
        !matches!(self, Self::Mariadb | Self::Mysql)
    }

    pub(crate) fn is_postgres(self) -> bool {
        matches!(self, Self::Postgres15 | Self::Postgres18)
    }
}

/// A database of a test's own.
pub(crate) struct TestDb {
    pub(crate) kind: Kind,
    pub(crate) url: String,
}

impl TestDb {
    /// A new connection to it.
    pub(crate) async fn open(&self) -> Database {
        dunlin::connect(&self.url).await.unwrap_or_else(|error| panic!("{}: {error}", self.url))
    }

    /// What the database is called on its server.
    pub(crate) fn name(&self) -> Option<String> {
        DatabaseUrl::parse(&self.url).unwrap().database().map(str::to_owned)
    }

    /// Runs statements on a connection of their own.
    pub(crate) async fn execute(&self, statements: &[&str]) {
        let mut database = self.open().await;
        let mut conn = database.connect();
        for sql in statements {
            conn.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
    }

    /// The rows of a query, each value as text.
    pub(crate) async fn query(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        let mut database = self.open().await;
        let rows = database.connection().query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        rows.iter().map(|row| (0..row.0.len()).map(|index| row.text(index)).collect()).collect()
    }

    /// The first value of a query.
    pub(crate) async fn value(&self, sql: &str) -> Option<String> {
        self.query(sql).await.into_iter().next()?.into_iter().next()?
    }

    /// Makes a database of PostgreSQL's as new whose every object is in the schema `public`.
    pub(crate) async fn empty_public(&self) {
        self.execute(&[
            "DROP SCHEMA public CASCADE",
            "CREATE SCHEMA public AUTHORIZATION pg_database_owner",
            "GRANT USAGE ON SCHEMA public TO PUBLIC",
            "COMMENT ON SCHEMA public IS 'standard public schema'",
        ])
        .await;
    }

    /// The names of the tables, Dunlin's own left out.
    pub(crate) async fn tables(&self) -> Vec<String> {
        let sql = match self.kind {
            Kind::Sqlite => {
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
                 AND name NOT LIKE 'dunlin%' ORDER BY name"
            }
            Kind::Postgres15 | Kind::Postgres18 => {
                "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace \
                 AND relname NOT LIKE 'dunlin%' ORDER BY relname"
            }
            Kind::Mariadb | Kind::Mysql => {
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
                 AND table_type = 'BASE TABLE' AND table_name NOT LIKE 'dunlin%' ORDER BY table_name"
            }
        };
        self.query(sql).await.into_iter().flatten().flatten().collect()
    }
}

/// A schema with what has no order sorted. Where a column stands after a drop and its undo is the one exception from "as it
/// was", on PostgreSQL and SQLite.
pub(crate) fn sorted(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.columns.sort();
        table.uniques.sort();
        table.foreign_keys.sort();
        table.checks.sort();
        table.exclusions.sort();
        table.indexes.sort();
        table.inherits.sort();
    }
    for object in schema.objects.values_mut() {
        match &mut object.definition {
            Definition::MaterializedView(view) => view.indexes.sort(),
            Definition::Domain(domain) => domain.checks.sort(),
            _ => {}
        }
    }
    schema
}

/// Gives a test a database of its own, and drops it whatever becomes of the test.
///
/// A server that `scripts/test` couldn't get on this machine is named by it, in its last lines; any other that can't be
/// reached fails the test.
pub(crate) async fn with_database(kind: Kind, test: impl AsyncFnOnce(&TestDb)) {
    let (name, variable) = kind.names();
    let unavailable = std::env::var("DUNLIN_TEST_UNAVAILABLE").unwrap_or_default();
    if unavailable.split_whitespace().any(|other| other == name) {
        return;
    }
    if kind == Kind::Sqlite {
        let folder = tempfile::tempdir().unwrap();
        let url = sqlite_url(&folder.path().join("test.db"));
        return test(&TestDb { kind, url }).await;
    }
    let server = std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} isn't set: run scripts/test, which starts the servers"));
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let database = format!("dunlin_test_{}_{count}", std::process::id());
    let admin = async |sql: String| {
        let mut conn = dunlin::connect(&server)
            .await
            .unwrap_or_else(|error| panic!("{name} can't be reached ({error}): run scripts/test"));
        conn.connection().execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    };
    // As every server but MariaDB would have it by itself.
    let charset = if matches!(kind, Kind::Mariadb | Kind::Mysql) { " CHARACTER SET utf8mb4" } else { "" };
    admin(format!("CREATE DATABASE {database}{charset}")).await;
    let url = with_path(&server, &database);
    let outcome = AssertUnwindSafe(test(&TestDb { kind, url })).catch_unwind().await;
    let force = if kind.is_postgres() { " WITH (FORCE)" } else { "" };
    admin(format!("DROP DATABASE {database}{force}")).await;
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

pub(crate) fn sqlite_url(path: &Path) -> String {
    format!("sqlite://{}", path.display())
}

/// The same server with another database.
fn with_path(url: &str, database: &str) -> String {
    let parsed = DatabaseUrl::parse(url).unwrap();
    let old = parsed.database().unwrap_or_default();
    match url.rsplit_once(&format!("/{old}")) {
        Some((server, rest)) => format!("{server}/{database}{rest}"),
        None => panic!("{parsed} names no database"),
    }
}

/// One test on every server: `on_every_server!(name, async |db| { .. })`.
#[macro_export]
macro_rules! on_every_server {
    ($name:ident, $body:expr) => {
        mod $name {
            use super::*;
            use $crate::server::{Kind, TestDb, with_database};

            async fn run(kind: Kind) {
                let body: for<'a> fn(&'a TestDb) -> futures_util::future::LocalBoxFuture<'a, ()> =
                    |db| Box::pin(($body)(db));
                with_database(kind, async |db| body(db).await).await;
            }

            #[tokio::test]
            async fn sqlite() {
                run(Kind::Sqlite).await;
            }

            #[tokio::test]
            async fn postgres15() {
                run(Kind::Postgres15).await;
            }

            #[tokio::test]
            async fn postgres18() {
                run(Kind::Postgres18).await;
            }

            #[tokio::test]
            async fn mariadb() {
                run(Kind::Mariadb).await;
            }

            #[tokio::test]
            async fn mysql() {
                run(Kind::Mysql).await;
            }
        }
    };
}

/// Runs a statement under its settings, as a run does.
pub(crate) async fn execute_statement(
    conn: &mut dyn Connection,
    statement: &Statement,
) -> Result<(), ConnectionError> {
    let mut restores = Vec::new();
    for setting in &statement.settings {
        let old = conn.query(&setting.read).await?[0].text(0).unwrap_or_default();
        conn.execute(&setting.set.replace("{}", &format!("'{}'", setting.value))).await?;
        restores.push(setting.set.replace("{}", &format!("'{old}'")));
    }
    let ran = conn.execute(&statement.sql).await;
    for restore in restores.iter().rev() {
        conn.execute(restore).await?;
    }
    ran.map(drop)
}
