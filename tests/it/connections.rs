//! Callers' own connections: what is handed over, what a dropped future leaves, who waits for whom.

use std::future::Future;
use std::time::Duration;

use dunlin::prelude::*;
use dunlin::{Connect, Connection, Event, Options, Runner, drivers};
use dunlin_tests::Shop;

use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

fn is_send<T: Send>(future: T) -> T {
    future
}

/// Compiles only if every future is `Send` with every kind of connection.
#[expect(dead_code, reason = "it is compiled, and never called")]
fn every_future_is_send<C: Connect>(conn: &mut C, schema: &Schema) {
    drop(is_send(Shop::up(conn)));
    drop(is_send(Shop::down(conn, 1)));
    drop(is_send(Shop::upgrade(conn, "head")));
    drop(is_send(Shop::downgrade(conn, "base")));
    drop(is_send(Shop::status(conn)));
    drop(is_send(Shop::pending(conn)));
    drop(is_send(Shop::plan(conn, dunlin::Direction::Up, "head")));
    drop(is_send(Shop::stamp(conn, "head")));
    drop(is_send(dunlin::create_all(conn, schema)));
    drop(is_send(dunlin::drop_all(conn, schema)));
}

/// A step that waits for longer than any test: where its future is dropped.
struct Forever;

#[async_trait::async_trait]
impl DataStep for Forever {
    fn name(&self) -> &str {
        "forever"
    }

    async fn run(&self, conn: &mut dyn Connection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        loop {
            conn.sleep(Duration::from_secs(1)).await;
        }
    }
}

struct Hangs;

impl Migration for Hangs {
    fn id(&self) -> &str {
        "hangs"
    }

    fn up(&self, op: &mut Ops) {
        // Where it couldn't be rolled back it would be half done, and no other revision would run beside it.
        op.on(SQLITE | POSTGRES, |op| {
            op.create_table("before_the_step").col("id", bigint().primary_key());
        });
        op.run(Forever);
    }
}

struct Hanging;

impl Migrations for Hanging {
    fn migrations() -> MigrationList {
        migrations![Hangs]
    }
}

async fn drop_soon(future: impl Future<Output = dunlin::Result<dunlin::Report>>) {
    let elapsed = tokio::time::timeout(Duration::from_millis(700), future).await;
    assert!(elapsed.is_err(), "{elapsed:?}");
}

async fn dropped(db: &TestDb) {
    let mut conn = db.open().await;
    drop_soon(Hanging::up(&mut conn)).await;
    // The same connection goes on: nothing is open, the lock is free, and settings are as they were.
    let mut again = conn.connect();
    assert!(!again.in_transaction().await.unwrap());
    drop(again);
    if db.kind.is_transactional() {
        assert!(db.tables().await.is_empty());
    }
    let mut other = db.open().await;
    let list = Shop::migrations();
    let options = Options { lock_timeout: Duration::from_secs(5), ..Options::default() };
    Runner::new(other.connection(), &list).options(options).up().await.unwrap();
    assert!(Shop::up(&mut conn).await.unwrap().is_empty());
}

on_every_server!(a_dropped_future_leaves_the_connection_clean, dropped);

struct FindUsers;

impl Migration for FindUsers {
    fn id(&self) -> &str {
        "find_users"
    }

    fn up(&self, op: &mut Ops) {
        op.create_index("users", ["first_name"]);
    }
}

struct Found;

impl Migrations for Found {
    fn migrations() -> MigrationList {
        migrations![dunlin_tests::CreateUsers, FindUsers]
    }
}

async fn redoes(db: &TestDb) {
    let mut conn = db.open().await;
    let list = Found::migrations();
    Found::up(&mut conn).await.unwrap();
    let mut refused = 0;
    let mut events = |event: &Event| {
        if !matches!(event, Event::RevisionFinished { .. }) {
            return;
        }
        // Another migrator comes between two revisions, and can't wait.
        let url = db.url.clone();
        let other = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut other = dunlin::connect(&url).await.unwrap();
                let options = Options { lock_timeout: Duration::ZERO, ..Options::default() };
                Runner::new(other.connection(), &Found::migrations()).options(options).downgrade("base").await
            })
        });
        refused += usize::from(other.join().unwrap().is_err_and(|error| error.is_locked()));
    };
    let report = Runner::new(conn.connection(), &list).on_event(&mut events).redo("-1").await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["find_users"; 2]);
    assert_eq!(refused, 2, "the lock is held from the first revision to the last");
    let runs = "SELECT count(DISTINCT run_id) FROM dunlin_journal WHERE run_id = ";
    let run_id = report.run_id.unwrap();
    assert_eq!(db.value(&format!("{runs}'{run_id}'")).await.as_deref(), Some("1"));
    assert!(Found::up(&mut conn).await.unwrap().is_empty());
}

on_every_server!(nobody_comes_between_the_ways_of_a_redo, redoes);

async fn waits(db: &TestDb) {
    let mut first = db.open().await;
    let list = Shop::migrations();
    let mut hanging = Box::pin(Hanging::up(&mut first));
    let _ = tokio::time::timeout(Duration::from_millis(700), &mut hanging).await;
    // The second waits, says so, and gives up when its time is over.
    let mut second = db.open().await;
    let mut waiting = 0;
    let mut events = |event: &Event| waiting += usize::from(matches!(event, Event::Waiting { .. }));
    let options = Options { lock_timeout: Duration::from_millis(900), ..Options::default() };
    let error = Runner::new(second.connection(), &list)
        .options(options)
        .on_event(&mut events)
        .up()
        .await
        .unwrap_err();
    assert!(error.is_locked(), "{error}");
    assert_eq!(waiting, 1);
    // A third, which has more time, gets its turn once the first is gone.
    let third = async {
        let mut third = db.open().await;
        Shop::up(&mut third).await.unwrap().done.len()
    };
    let release = async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        drop(hanging);
    };
    let (done, ()) = futures_util::future::join(third, release).await;
    assert_eq!(done, 5);
}

on_every_server!(one_migrator_at_a_time, waits);

async fn at_once(db: &TestDb) {
    let run = async || {
        let mut conn = db.open().await;
        Shop::up(&mut conn).await.unwrap().done.len()
    };
    let (one, two, three) = futures_util::future::join3(run(), run(), run()).await;
    assert_eq!(one + two + three, 5, "each revision was done once: {one} {two} {three}");
}

on_every_server!(three_at_once_do_each_revision_once, at_once);

#[tokio::test]
async fn rusqlite_of_the_caller() {
    let mut conn = drivers::rusqlite::Connection::open_in_memory().unwrap();
    conn.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    assert_eq!(Shop::up(&mut conn).await.unwrap().done.len(), 5);
    drop_soon(Hanging::up(&mut conn)).await;
    assert!(conn.is_autocommit());
    Shop::down(&mut conn, 5).await.unwrap();
    let on: i64 = conn.query_row("PRAGMA foreign_keys", (), |row| row.get(0)).unwrap();
    assert_eq!(on, 1);
    let read_only = drivers::rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ro.db");
    drivers::rusqlite::Connection::open(&path).unwrap().execute_batch("CREATE TABLE t (a)").unwrap();
    let mut conn = drivers::rusqlite::Connection::open_with_flags(&path, read_only).unwrap();
    let error = Shop::up(&mut conn).await.unwrap_err();
    assert!(error.to_string().contains("readonly"), "{error}");
    assert_eq!(Shop::pending(&mut conn).await.unwrap().len(), 5);
}

/// A dialect's name is enough to render with no driver and no connection.
#[test]
fn rendering_needs_no_connection() {
    let mut op = Ops::new();
    op.create_table("t").col("id", bigint().primary_key());
    let server = Server::new(DialectId::Sqlite, Version::new(3, 45, 0));
    let ops = op.finish().unwrap().ops;
    let statements = dunlin::dialect(DialectId::Sqlite).render(&ops, &Schema::new(), &server).unwrap();
    assert_eq!(statements.len(), 1);
    let _ = Kind::Sqlite;
}

/// Polls a future so many times, and gives what it gave if it was over by then.
async fn polled<F: Future>(mut future: std::pin::Pin<Box<F>>, times: usize) -> Option<F::Output> {
    for _ in 0..times {
        if let std::task::Poll::Ready(output) = futures_util::poll!(future.as_mut()) {
            return Some(output);
        }
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    None
}

/// Drops a run at every moment of its life; each time the same connection goes on, and what was half-done is gone.
async fn dropped_anywhere<C: Connect>(conn: &mut C, tables: impl AsyncFn() -> usize) {
    for times in 1..400 {
        let over = polled(Box::pin(Shop::up(conn)), times).await.is_some();
        assert!(!conn.connect().in_transaction().await.unwrap(), "dropped after {times} polls");
        let statuses = Shop::status(conn).await.unwrap();
        let applied = statuses.iter().filter(|status| status.applied_at.is_some()).count();
        assert_eq!(
            tables().await,
            [0, 1, 2, 2, 2, 2][applied],
            "dropped after {times} polls, {applied} are applied"
        );
        Shop::up(conn).await.unwrap();
        Shop::downgrade(conn, "base").await.unwrap();
        if over {
            return;
        }
    }
    panic!("a run was never over");
}

#[tokio::test]
async fn dropped_at_any_moment() {
    for kind in [Kind::Sqlite, Kind::Postgres15] {
        with_database(kind, async |db| {
            let mut conn = db.open().await;
            dropped_anywhere(&mut conn, async || db.tables().await.len()).await;
        })
        .await;
    }
    with_database(Kind::Postgres18, async |db| {
        let (mut client, connection) =
            drivers::tokio_postgres::connect(&db.url, drivers::tokio_postgres::NoTls).await.unwrap();
        tokio::spawn(connection);
        dropped_anywhere(&mut client, async || db.tables().await.len()).await;
    })
    .await;
    with_database(Kind::Sqlite, async |db| {
        let mut conn = drivers::rusqlite::Connection::open(db.url.trim_start_matches("sqlite://")).unwrap();
        dropped_anywhere(&mut conn, async || db.tables().await.len()).await;
    })
    .await;
}
