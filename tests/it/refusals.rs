//! Bad input: each a clear error, with nothing changed.

use dunlin::prelude::*;
use dunlin::{Options, Runner};
use dunlin_tests::{CreateUsers, Shop, Step};

use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

struct Named(&'static str);

impl Migration for Named {
    fn id(&self) -> &str {
        self.0
    }

    fn up(&self, op: &mut Ops) {
        op.create_table(format!("t_{}", self.0.len())).col("id", bigint().primary_key());
    }
}

async fn upgrade(db: &TestDb, list: MigrationList) -> dunlin::Result<dunlin::Report> {
    let mut database = db.open().await;
    Runner::new(database.connection(), &list).up().await
}

async fn ids(db: &TestDb) {
    let error = upgrade(db, migrations![Named("a"), Named("a")]).await.unwrap_err();
    assert_eq!(error.to_string(), "two revisions have the id a: it::refusals::Named, twice");
    let error = upgrade(db, migrations![Named("")]).await.unwrap_err();
    assert_eq!(error.to_string(), "a revision's id is empty");
    let long: &'static str = Box::leak("x".repeat(256).into_boxed_str());
    let error = upgrade(db, migrations![Named(long)]).await.unwrap_err();
    assert!(error.to_string().contains("has 256 bytes, and 255 are the most"), "{error}");
    assert_eq!(error.state(), "nothing was changed");
    assert!(db.tables().await.is_empty());
    // The longest that goes, and ids that differ in nothing but case, accents or a trailing character.
    let longest: &'static str = Box::leak("é".repeat(127).into_boxed_str());
    let report =
        upgrade(db, migrations![Named(longest), Named("aa"), Named("AAA"), Named("ááá")]).await.unwrap();
    assert_eq!(report.done.len(), 4);
}

on_every_server!(ids_are_checked, ids);

/// Catches a column that the server keeps because another is computed from it, when its index is gone already.
#[tokio::test]
async fn a_column_that_others_are_computed_from_stays_with_its_index() {
    for kind in [Kind::Mariadb, Kind::Mysql] {
        with_database(kind, async |db| {
            for computed in ["v int AS (a + 1) VIRTUAL", "v int AS (a + 1) STORED", "v int DEFAULT (a + 1)"] {
                let create = format!("CREATE TABLE t (id int PRIMARY KEY, a int, {computed}, KEY k (a))");
                db.execute(&["DROP TABLE IF EXISTS t", &create]).await;
                let made = db.query("SHOW CREATE TABLE t").await;
                let list = migrations![Step("one", |op: &mut Ops| {
                    op.set_table_comment("t", "x");
                    op.drop_column("t", "a");
                })];
                let error = upgrade(db, list).await.unwrap_err();
                assert!(error.to_string().contains("can't drop it while"), "{kind:?}: {error}");
                assert_eq!(error.state(), "nothing of revision one was kept", "{kind:?}");
                assert_eq!(db.query("SHOW CREATE TABLE t").await, made, "{kind:?}");
            }
        })
        .await;
    }
}

async fn foreign_history(db: &TestDb) {
    db.execute(&["CREATE TABLE dunlin_history (id INT, note VARCHAR(10))"]).await;
    let mut conn = db.open().await;
    let error = Shop::up(&mut conn).await.unwrap_err();
    assert!(error.is_not_ours(), "{error}");
    assert!(
        error.to_string().contains("dunlin_history isn't Dunlin's: it lacks columns: revision"),
        "{error}"
    );
    assert!(error.hint().unwrap().contains("another prefix"));
    assert!(db.tables().await.is_empty());
    // With another prefix the two live side by side.
    let list = Shop::migrations();
    let options = Options { prefix: "dunlin_shop_".into(), ..Options::default() };
    Runner::new(conn.connection(), &list).options(options).up().await.unwrap();
    assert_eq!(db.tables().await, ["articles", "users"]);
}

on_every_server!(a_history_that_is_not_ours_is_refused, foreign_history);

async fn newer_history(db: &TestDb) {
    let mut conn = db.open().await;
    Shop::upgrade(&mut conn, "+1").await.unwrap();
    db.execute(&[
        "UPDATE dunlin_journal SET detail = '2' WHERE seq = 0",
        "ALTER TABLE dunlin_history ADD COLUMN more INT",
    ])
    .await;
    let error = Shop::up(&mut conn).await.unwrap_err();
    assert!(error.is_newer_layout(), "{error}");
    assert!(error.to_string().contains("is of layout 2, and this Dunlin knows layouts up to 1"), "{error}");
    assert_eq!(db.tables().await, ["users"]);
}

on_every_server!(a_newer_history_is_refused, newer_history);

async fn open_transaction(db: &TestDb) {
    let mut conn = db.open().await;
    dunlin::Connect::connect(&mut conn).execute("BEGIN").await.unwrap();
    let error = Shop::up(&mut conn).await.unwrap_err();
    assert!(error.is_in_transaction(), "{error}");
    assert!(error.hint().unwrap().contains("hand it over"));
    // It is as it was: the caller's transaction goes on.
    dunlin::Connect::connect(&mut conn).execute("ROLLBACK").await.unwrap();
    assert_eq!(Shop::up(&mut conn).await.unwrap().done.len(), 5);
}

on_every_server!(an_open_transaction_is_refused, open_transaction);

struct Unsupported;

impl Migration for Unsupported {
    fn id(&self) -> &str {
        "unsupported"
    }

    fn up(&self, op: &mut Ops) {
        op.create_table("ok").col("id", bigint().primary_key());
        op.create_table("bad").col("id", native("a type\0 with NUL"));
        op.execute("SELECT 'a\0b'").undo("SELECT 1");
    }
}

async fn unsupported(db: &TestDb) {
    let error = upgrade(db, migrations![CreateUsers, Unsupported]).await.unwrap_err();
    assert_eq!(error.revision(), Some("unsupported"));
    assert_eq!(db.tables().await, ["users"], "{error}");
    assert!(
        error.state().contains("revision 20261122_071300_create_users stays applied"),
        "{}",
        error.state()
    );
}

on_every_server!(nul_is_refused_before_anything_runs, unsupported);

struct Edited;

impl Migration for Edited {
    fn id(&self) -> &str {
        CreateUsers.id()
    }

    fn up(&self, op: &mut Ops) {
        CreateUsers.up(op);
        op.add_column("users", "added_later", text());
    }
}

async fn edited(db: &TestDb) {
    upgrade(db, migrations![Named("zz"), CreateUsers]).await.unwrap();
    let report = upgrade(db, migrations![Edited, Named("later")]).await.unwrap();
    assert_eq!(report.edited, [CreateUsers.id()]);
    assert_eq!(report.missing, ["zz"]);
    assert_eq!(report.ids().collect::<Vec<_>>(), ["later"]);
    let error = upgrade(db, migrations![Named("early"), Edited, Named("later")]).await.unwrap_err();
    assert!(error.is_late(), "{error}");
    assert!(error.to_string().contains("early"), "{error}");
}

on_every_server!(changed_history_is_reported, edited);

/// Catches a table that is divided while a foreign key is in the way, which the servers say after half of the revision.
#[tokio::test]
async fn tables_with_foreign_keys_are_not_divided() {
    for kind in [Kind::Mariadb, Kind::Mysql] {
        with_database(kind, async |db| {
            db.execute(&[
                "CREATE TABLE p (id int PRIMARY KEY)",
                "CREATE TABLE t (id int PRIMARY KEY, a int, CONSTRAINT k FOREIGN KEY (a) REFERENCES p (id))",
            ])
            .await;
            for (table, key) in [("t", "k refers to p"), ("p", "table t refers to it")] {
                let divide = move |op: &mut Ops| {
                    op.set_table_comment(table, "x");
                    op.partition_table(table, |table| table.partition_by_hash(["id"]).partitions(3));
                };
                let error = upgrade(db, migrations![Step("one", divide)]).await.unwrap_err().to_string();
                assert!(error.contains("divides no table with foreign keys") && error.contains(key), "{kind:?}: {error}");
                let comment = format!("SELECT table_comment FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '{table}'");
                assert_eq!(db.value(&comment).await.as_deref(), Some(""), "{kind:?}: half of it was done");
            }
            let apart = |op: &mut Ops| {
                op.drop_foreign_key("t", "k");
                op.partition_table("p", |table| table.partition_by_hash(["id"]).partitions(3));
            };
            upgrade(db, migrations![Step("apart", apart)]).await.unwrap();
        })
        .await;
    }
}
