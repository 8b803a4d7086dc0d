//! MySQL and MariaDB are asked for the least that a change takes of its table, and what they refuse is told with the way out.

use dunlin::prelude::*;
use dunlin::{MigrationList, Runner};
use dunlin_tests::Step;

use crate::server::{Kind, TestDb, with_database};

const SERVERS: [Kind; 2] = [Kind::Mariadb, Kind::Mysql];

async fn run(db: &TestDb, list: &MigrationList) -> dunlin::Result<()> {
    let mut database = db.open().await;
    Runner::new(database.connection(), list).up().await.map(drop)
}

/// A FULLTEXT index leaves a hidden column behind, for which the table has to be written anew: no catalog tells of it.
const MAKE: [&str; 4] = [
    "CREATE TABLE t (id int PRIMARY KEY, a varchar(9), FULLTEXT KEY w (a))",
    "INSERT INTO t VALUES (1, 'a'), (2, 'b')",
    "ALTER TABLE t DROP INDEX w",
    "CREATE TABLE other (id int PRIMARY KEY)",
];

#[tokio::test]
async fn a_refused_ceiling_says_how_it_is_lifted() {
    for kind in SERVERS {
        with_database(kind, async |db| {
            db.execute(&MAKE).await;
            let list = migrations![Step("one", |op: &mut Ops| _ = op.add_column("t", "x", integer()))];
            let error = run(db, &list).await.unwrap_err();
            let hint = error.hint().unwrap_or_default();
            assert!(error.to_string().contains("[1845]"), "{kind:?}: {error}");
            assert!(hint.contains("asked for with ALGORITHM=INSTANT"), "{kind:?}: {hint}");
            assert!(hint.contains("allow_copy(..)"), "{kind:?}: {hint}");
            assert_eq!(error.state(), "of revision one, statement 1 is left", "{kind:?}");
            // What is allowed is, there and back.
            let list = migrations![Step("one", |op: &mut Ops| {
                op.allow_copy("t");
                op.add_column("t", "x", integer());
                op.alter_column("t", "a").not_null();
            })];
            run(db, &list).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
            assert_eq!(db.query("SELECT id, a, x FROM t ORDER BY id").await.len(), 2);
            let mut database = db.open().await;
            Runner::new(database.connection(), &list).downgrade("base").await.unwrap();
            assert_eq!(db.query("SELECT * FROM t").await[0].len(), 2, "{kind:?}");
        })
        .await;
    }
}

/// Only the table that is named is copied.
#[tokio::test]
async fn another_table_keeps_its_ceiling() {
    for kind in SERVERS {
        with_database(kind, async |db| {
            db.execute(&MAKE).await;
            let list = migrations![Step("one", |op: &mut Ops| {
                op.alter_column("other", "id").comment("x").allow_copy();
                op.add_column("t", "x", integer());
            })];
            let error = run(db, &list).await.unwrap_err();
            assert!(error.hint().unwrap_or_default().contains("allow_copy(..)"), "{kind:?}: {error}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_table_that_keeps_its_history_names_the_setting() {
    with_database(Kind::Mariadb, async |db| {
        db.execute(&["CREATE TABLE t (id int PRIMARY KEY) WITH SYSTEM VERSIONING"]).await;
        let list = migrations![Step("one", |op: &mut Ops| _ = op.add_column("t", "x", integer()))];
        let error = run(db, &list).await.unwrap_err();
        let hint = error.hint().unwrap_or_default();
        assert!(hint.contains("SET system_versioning_alter_history = KEEP"), "{error}: {hint}");
    })
    .await;
}
