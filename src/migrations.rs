//! What a project's migrations can do to a database.

use dunlin_dialects::Connect;
use dunlin_dsl::{Connection, Name, Schema};
use dunlin_migrations::{Direction, MigrationList, Options, Plan, Report, Result, Revision, Runner, Status};

/// All migrations of a project.
///
/// Every method takes whatever [`Connect`]s: a driver's own connection, or what [`connect`](crate::connect) opened. Its future
/// is `Send`. One that is dropped leaves the connection clean: what had begun is rolled back, and the lock and settings
/// are put back, before the connection's next use. `mysql_async` alone can't do that: a `Conn` whose future was dropped
/// must not be used again, while a database opened by URL may.
///
/// A [`Runner`] does the same with events and with options of one run.
pub trait Migrations {
    /// The migrations, in the order in which those that name no parent follow one another.
    fn migrations() -> MigrationList;

    /// How every run goes.
    fn options() -> Options {
        Options::default()
    }

    /// Applies everything pending, of all branches.
    fn up<C: Connect + ?Sized>(conn: &mut C) -> impl Future<Output = Result<Report>> + Send {
        Self::upgrade(conn, "heads")
    }

    /// Undoes the last `steps` revisions.
    fn down<C: Connect + ?Sized>(conn: &mut C, steps: usize) -> impl Future<Output = Result<Report>> + Send {
        let list = Self::migrations();
        let options = Self::options();
        async move { runner(&mut *conn.connect(), &list, options).down(steps).await }
    }

    /// Applies what leads to `target`: `head`, `heads`, an id, a branch label or the beginning of one, `label@head`, `+N`, ..
    fn upgrade<C: Connect + ?Sized>(
        conn: &mut C,
        target: &str,
    ) -> impl Future<Output = Result<Report>> + Send {
        let list = Self::migrations();
        let options = Self::options();
        async move { runner(&mut *conn.connect(), &list, options).upgrade(target).await }
    }

    /// Undoes what comes after `target`, and what depends on that: `base`, an id or the beginning of one, `-N`, `label@-N`, ..
    fn downgrade<C: Connect + ?Sized>(
        conn: &mut C,
        target: &str,
    ) -> impl Future<Output = Result<Report>> + Send {
        let list = Self::migrations();
        let options = Self::options();
        async move { runner(&mut *conn.connect(), &list, options).downgrade(target).await }
    }

    /// How each revision stands: those of the list, each behind all that it comes after, then those that only history knows.
    fn status<C: Connect + ?Sized>(conn: &mut C) -> impl Future<Output = Result<Vec<Status>>> + Send {
        let list = Self::migrations();
        let options = Self::options();
        async move { runner(&mut *conn.connect(), &list, options).status().await }
    }

    /// The revisions that [`up`](Self::up) would apply, late ones included: empty where a program may start.
    fn pending<C: Connect + ?Sized>(conn: &mut C) -> impl Future<Output = Result<Vec<Revision>>> + Send {
        let list = Self::migrations();
        let options = Self::options();
        async move { runner(&mut *conn.connect(), &list, options).pending().await }
    }

    /// What going to `target` would do, statements included. Nothing is written.
    fn plan<C: Connect + ?Sized>(
        conn: &mut C,
        direction: Direction,
        target: &str,
    ) -> impl Future<Output = Result<Plan>> + Send {
        let list = Self::migrations();
        let options = Self::options();
        async move { runner(&mut *conn.connect(), &list, options).plan(direction, target).await }
    }

    /// Says that the database is at `target`, without running anything.
    fn stamp<C: Connect + ?Sized>(conn: &mut C, target: &str) -> impl Future<Output = Result<Report>> + Send {
        let list = Self::migrations();
        let options = Self::options();
        async move { runner(&mut *conn.connect(), &list, options).stamp(target, false).await }
    }
}

fn runner<'a>(conn: &'a mut dyn Connection, list: &'a MigrationList, options: Options) -> Runner<'a> {
    Runner::new(conn, list).options(options)
}

/// Creates the tables of `schema` that don't exist, and gives their names in the order in which they were created.
///
/// Tables that exist are left alone, whatever they look like. Foreign keys decide the order, and circles of them work.
///
/// ```
/// use dunlin::prelude::*;
///
/// # #[cfg(feature = "sqlite")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let schema = Schema::new().table(table("kv").col("key", text().primary_key()).col("value", blob()));
/// let mut conn = dunlin::drivers::rusqlite::Connection::open_in_memory()?;
/// assert_eq!(dunlin::blocking::create_all(&mut conn, &schema)?, ["kv".into()]);
/// assert_eq!(dunlin::blocking::create_all(&mut conn, &schema)?, []);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "sqlite"))]
/// # fn main() {}
/// ```
pub async fn create_all<C: Connect + ?Sized>(conn: &mut C, schema: &Schema) -> Result<Vec<Name>> {
    dunlin_migrations::create_all(&mut *conn.connect(), schema, &Options::default()).await
}

/// Drops the tables of `schema` that exist, with their rows, and gives their names in the order in which they were dropped.
///
/// Only tables that `schema` names are dropped.
pub async fn drop_all<C: Connect + ?Sized>(conn: &mut C, schema: &Schema) -> Result<Vec<Name>> {
    dunlin_migrations::drop_all(&mut *conn.connect(), schema, &Options::default()).await
}
