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

/// A FULLTEXT index leaves a hidden column behind, for which the table has to be written anew: no catalog that all may read tells of it.
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
            assert!(
                hint.contains("a FULLTEXT index that was dropped leaves a hidden column"),
                "{kind:?}: {hint}"
            );
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

/// What was done under its ceiling is known again without it: the advice is followed to the letter, and the rest runs.
#[tokio::test]
async fn what_is_done_stays_done_where_a_ceiling_is_lifted_later() {
    for kind in SERVERS {
        with_database(kind, async |db| {
            db.execute(&MAKE).await;
            let changes = |op: &mut Ops| {
                op.rename_column("t", "a", "b");
                op.alter_column("other", "id").comment("x");
                op.add_column("t", "x", integer());
                op.create_index("t", ["x"]);
            };
            let error = run(db, &migrations![Step("one", changes)]).await.unwrap_err();
            assert_eq!(
                error.state(),
                "of revision one, statements 1-2 are done and stay; statements 3-4 are left",
                "{kind:?}"
            );
            let hint = error.hint().unwrap_or_default();
            assert!(hint.contains("allow_copy(..)") && hint.contains("run the same command again"), "{hint}");
            let list = migrations![Step("one", move |op: &mut Ops| {
                op.allow_copy("t");
                changes(op);
            })];
            run(db, &list).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
            assert_eq!(db.query("SELECT b, x FROM t WHERE x IS NULL").await.len(), 2, "{kind:?}");
            let ran = "SELECT statement FROM dunlin_journal WHERE outcome = 'intent' ORDER BY seq";
            let ran: Vec<_> = db.query(ran).await.into_iter().flatten().flatten().collect();
            assert_eq!(ran, ["1", "2", "3", "3", "4"], "{kind:?}");
        })
        .await;
    }
}

/// Rows of a journal whose hashes are of all the text are known too; and the other way out leads on.
#[tokio::test]
async fn a_table_that_was_written_anew_takes_what_is_left() {
    for kind in SERVERS {
        with_database(kind, async |db| {
            db.execute(&MAKE).await;
            let list = migrations![Step("one", |op: &mut Ops| {
                op.rename_column("t", "a", "b");
                op.add_column("t", "x", integer());
            })];
            run(db, &list).await.unwrap_err();
            let of_all = "UPDATE dunlin_journal d JOIN dunlin_journal p ON p.statement = d.statement AND p.outcome = 'planned' \
                          SET d.hash = SHA2(p.sql, 256) WHERE d.outcome = 'done'";
            db.execute(&[of_all, "ALTER TABLE t FORCE"]).await;
            run(db, &list).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
            assert_eq!(db.query("SELECT id, b, x FROM t").await.len(), 2, "{kind:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_finished_statement_that_means_something_else_stops() {
    for kind in SERVERS {
        with_database(kind, async |db| {
            db.execute(&MAKE).await;
            let list = migrations![Step("one", |op: &mut Ops| {
                op.rename_column("t", "a", "b");
                op.add_column("t", "x", integer());
            })];
            run(db, &list).await.unwrap_err();
            let list = migrations![Step("one", |op: &mut Ops| {
                op.allow_copy("t");
                op.rename_column("t", "a", "c");
                op.add_column("t", "x", integer());
            })];
            let error = run(db, &list).await.unwrap_err();
            let told = error.to_string();
            assert!(
                told.contains("RENAME COLUMN `a` TO `b`") && told.contains("RENAME COLUMN `a` TO `c`"),
                "{told}"
            );
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
