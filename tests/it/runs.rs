//! Migrations run, both ways, on every server.

use dunlin::prelude::*;
use dunlin::{Direction, Kept, State};
use dunlin_tests::Shop;

use crate::on_every_server;
use crate::server::TestDb;

async fn ids(db: &TestDb) -> Vec<String> {
    let rows = db.query("SELECT revision FROM dunlin_history ORDER BY id").await;
    rows.into_iter().flatten().flatten().collect()
}

async fn up_and_down(db: &TestDb) {
    let mut conn = db.open().await;
    let report = Shop::up(&mut conn).await.unwrap();
    assert_eq!(report.done.len(), 5);
    assert_eq!(db.tables().await, ["articles", "users"]);
    assert_eq!(ids(db).await.len(), 5);

    // A second run has nothing to do, and says so.
    assert!(Shop::up(&mut conn).await.unwrap().is_empty());
    assert!(Shop::pending(&mut conn).await.unwrap().is_empty());

    let report = Shop::down(&mut conn, 1).await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["20261124_110000_drop_profile"]);
    assert_eq!(db.tables().await, ["posts", "users"]);
    // The dropped column is back; what it held can't be.
    assert_eq!(db.value("SELECT count(bio) FROM users").await.as_deref(), Some("0"));

    Shop::up(&mut conn).await.unwrap();
    Shop::downgrade(&mut conn, "base").await.unwrap();
    assert!(db.tables().await.is_empty(), "{:?}", db.tables().await);
    assert!(ids(db).await.is_empty());
    Shop::up(&mut conn).await.unwrap();
    let email = db.value("SELECT email FROM users").await;
    assert_eq!(email.as_deref(), Some("ada@example.org"));
}

on_every_server!(migrations_go_up_and_down, up_and_down);

async fn targets(db: &TestDb) {
    let mut conn = db.open().await;
    Shop::upgrade(&mut conn, "+2").await.unwrap();
    let states: Vec<_> = Shop::status(&mut conn).await.unwrap().into_iter().map(|s| s.state).collect();
    assert_eq!(states, [State::Applied, State::Applied, State::Pending, State::Pending, State::Pending]);
    Shop::upgrade(&mut conn, "20261123_09").await.unwrap();
    assert_eq!(ids(db).await.len(), 3);
    assert_eq!(
        db.value("SELECT bio FROM users").await.as_deref(),
        Some("it's \"quoted\" \\ ü"),
        "a value arrives as it was written"
    );
    let plan = Shop::plan(&mut conn, Direction::Up, "head").await.unwrap();
    assert_eq!(plan.steps.len(), 2);
    assert!(plan.steps.iter().all(|step| step.complete && !step.statements.is_empty()));
    Shop::downgrade(&mut conn, "20261122_071300_create_users").await.unwrap();
    assert_eq!(db.tables().await, ["users"]);
    // A stamp changes history and nothing else.
    Shop::stamp(&mut conn, "head").await.unwrap();
    assert_eq!((ids(db).await.len(), db.tables().await.len()), (5, 1));
    Shop::stamp(&mut conn, "20261122_071300_create_users").await.unwrap();
    assert_eq!(ids(db).await.len(), 1);
}

on_every_server!(targets_are_reached, targets);

struct Fails;

impl Migration for Fails {
    fn id(&self) -> &str {
        "fails"
    }

    fn up(&self, op: &mut Ops) {
        op.create_table("first").col("id", bigint().primary_key());
        op.create_table("second").col("id", bigint().primary_key());
        op.execute("INSERT INTO nowhere VALUES (1)").undo("SELECT 1");
        op.create_table("third").col("id", bigint().primary_key());
    }
}

struct Failing;

impl Migrations for Failing {
    fn migrations() -> MigrationList {
        migrations![dunlin_tests::CreateUsers, Fails]
    }
}

async fn failure(db: &TestDb) {
    let mut conn = db.open().await;
    let error = Failing::up(&mut conn).await.unwrap_err();
    assert_eq!(error.revision(), Some("fails"));
    let statement = error.statement().unwrap();
    assert_eq!((statement.number, statement.sql.as_str()), (3, "INSERT INTO nowhere VALUES (1)"));
    assert!(error.code().is_some(), "{error:?}");
    assert!(error.hint().is_some());
    assert_eq!(error.report().ids().collect::<Vec<_>>(), ["20261122_071300_create_users"]);
    let state = Failing::status(&mut conn).await.unwrap().remove(1).state;
    assert_eq!(state, State::Failed);
    if db.kind.is_transactional() {
        assert_eq!(*error.kept(), Kept::Nothing);
        assert_eq!(db.tables().await, ["users"]);
        // The last attempt left nothing but a row in the journal.
        let failed = db.value("SELECT count(*) FROM dunlin_journal WHERE outcome = 'failed'").await;
        assert_eq!(failed.as_deref(), Some("1"));
        return;
    }
    assert!(matches!(error.kept(), Kept::Statements { done, .. } if *done == [1, 2]), "{:?}", error.kept());
    assert_eq!(db.tables().await, ["first", "second", "users"]);
    // What is done isn't done twice: with the cause mended, the second attempt begins where the first one stopped.
    db.execute(&["CREATE TABLE nowhere (id INT)"]).await;
    Failing::up(&mut conn).await.unwrap();
    assert_eq!(db.tables().await, ["first", "nowhere", "second", "third", "users"]);
    Failing::downgrade(&mut conn, "base").await.unwrap();
    assert_eq!(db.tables().await, ["nowhere"]);
}

on_every_server!(a_failure_says_what_is_true, failure);

/// Two tables that refer to each other, and one that refers to itself.
fn circle() -> Schema {
    Schema::new()
        .table(table("kv").col("key", varchar(50).primary_key()).col("value", blob()))
        .table(
            table("hens")
                .col("id", bigint().primary_key())
                .col("egg_id", bigint().references("eggs", "id"))
                .col("mother_id", bigint().references("hens", "id")),
        )
        .table(
            table("eggs").col("id", bigint().primary_key()).col("hen_id", bigint().references("hens", "id")),
        )
}

async fn create_and_drop(db: &TestDb) {
    let mut conn = db.open().await;
    db.execute(&["CREATE TABLE kv (something_else INT)"]).await;
    let created = dunlin::create_all(&mut conn, &circle()).await.unwrap();
    assert_eq!(created.len(), 2);
    assert_eq!(db.tables().await, ["eggs", "hens", "kv"]);
    // The table that was there is as it was.
    assert!(db.query("SELECT something_else FROM kv").await.is_empty());
    assert!(dunlin::create_all(&mut conn, &circle()).await.unwrap().is_empty());
    let dropped = dunlin::drop_all(&mut conn, &circle()).await.unwrap();
    assert_eq!(dropped.len(), 3);
    assert!(db.tables().await.is_empty());
    assert!(dunlin::drop_all(&mut conn, &circle()).await.unwrap().is_empty());
}

on_every_server!(create_all_and_drop_all, create_and_drop);

struct Named;

impl Migrations for Named {
    fn migrations() -> MigrationList {
        migrations![dunlin_tests::CreateUsers]
    }

    fn options() -> dunlin::Options {
        let naming = Naming::default().unique("uq_{table}_{columns}");
        dunlin::Options { naming, ..dunlin::Options::default() }
    }
}

/// A project's own convention names its constraints, and changing the convention edits no revision.
async fn naming(db: &TestDb) {
    let mut conn = db.open().await;
    Named::up(&mut conn).await.unwrap();
    let conn_ref = conn.connection();
    let found = conn_ref.dialect().introspect(conn_ref, &[ObjectId::table("users")]).await.unwrap();
    assert!(found.get(&"users".into()).unwrap().constraint("uq_users_email").is_some());
    let report = Shop::upgrade(&mut conn, "+1").await.unwrap();
    assert!(report.edited.is_empty());
}

on_every_server!(a_convention_of_ones_own, naming);
