//! Which transactions a file runs in: by its marks, by what the server can, by what stands in it.

use dunlin::prelude::*;
use dunlin::{Connect, Direction, Kept, Options, Runner, State};

use dunlin_tests::Step;

use super::{USERS, down, list, states, up};
use crate::dump::dump;
use crate::on_every_server;
use crate::server::{Kind, with_database};

// A file that is wholly BEGIN .. COMMIT is in the revision's transaction; other control is refused, before anything runs.
on_every_server!(control_of_transactions, async |db: &TestDb| {
    let whole = "BEGIN;\nCREATE TABLE t (id integer);\nINSERT INTO t VALUES (1);\nCOMMIT;\n";
    up(db, &list(db, &[("01.sql", whole)]).await).await.unwrap();
    assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("1"));
    for (text, line, words) in [
        ("INSERT INTO t VALUES (2);\nBEGIN;\nINSERT INTO t VALUES (3);\nCOMMIT;\n", 2, "BEGIN"),
        ("BEGIN;\nINSERT INTO t VALUES (2);\nCOMMIT;\nINSERT INTO t VALUES (3);\n", 4, "INSERT"),
        ("INSERT INTO t VALUES (2);\nROLLBACK;\n", 2, "ROLLBACK"),
        ("INSERT INTO t VALUES (2);\nCOMMIT;\n", 2, "COMMIT"),
        ("BEGIN;\nINSERT INTO t VALUES (2);\n", 1, "BEGIN"),
    ] {
        let files = list(db, &[("01.sql", whole), ("02.sql", text)]).await;
        let error = up(db, &files).await.unwrap_err();
        assert!(error.to_string().contains(&format!("02.sql:{line}:1: {words}")), "{error}");
        assert!(error.hint().unwrap().contains("no-transaction"), "{error}");
        assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("1"));
    }
    let obeyed = "-- dunlin: no-transaction\nINSERT INTO t VALUES (2);\nBEGIN;\nINSERT INTO t VALUES (3);\nROLLBACK;\nBEGIN;\n\
                  INSERT INTO t VALUES (4);\nCOMMIT;\n";
    up(db, &list(db, &[("01.sql", whole), ("02.sql", obeyed)]).await).await.unwrap();
    assert_eq!(db.value("SELECT sum(id) FROM t").await.as_deref(), Some("7"));
    // What fails between BEGIN and COMMIT is rolled back, and what stands before it stays.
    let broken = "-- dunlin: no-transaction\nINSERT INTO t VALUES (10);\nBEGIN;\nINSERT INTO t VALUES (20);\nINSERT INTO no VALUES (1);\n\
                  COMMIT;\n";
    let files = [("01.sql", whole), ("02.sql", obeyed), ("03.sql", broken)];
    let error = up(db, &list(db, &files).await).await.unwrap_err();
    assert_eq!(error.statement().unwrap().number, 4);
    assert!(matches!(error.kept(), Kept::Statements { done, .. } if done == &[1]), "{error:?}");
    assert_eq!(db.value("SELECT sum(id) FROM t").await.as_deref(), Some("17"));
    let mended = broken.replace("INSERT INTO no VALUES (1)", "INSERT INTO t VALUES (40)");
    let files = [("01.sql", whole), ("02.sql", obeyed), ("03.sql", mended.as_str())];
    up(db, &list(db, &files).await).await.unwrap();
    assert_eq!(db.value("SELECT sum(id) FROM t").await.as_deref(), Some("77"));
    // A transaction of its own that was committed isn't run again.
    let broken = "-- dunlin: no-transaction\nBEGIN;\nINSERT INTO t VALUES (100);\nCOMMIT;\nINSERT INTO no VALUES (1);\n";
    let files = [files[0], files[1], files[2], ("04.sql", broken)];
    up(db, &list(db, &files).await).await.unwrap_err();
    let mended = broken.replace("INSERT INTO no VALUES (1)", "INSERT INTO t VALUES (200)");
    let files = [files[0], files[1], files[2], ("04.sql", mended.as_str())];
    up(db, &list(db, &files).await).await.unwrap();
    assert_eq!(db.value("SELECT sum(id) FROM t").await.as_deref(), Some("377"));
});

/// What can't be in a transaction is known without a mark, and what stands between shares one.
#[tokio::test]
async fn statements_outside_any_transaction_on_postgres() {
    let text = "\
CREATE TYPE mood AS ENUM ('sad');
CREATE TABLE t (id integer, mood mood);
INSERT INTO t VALUES (1, 'sad');
CREATE INDEX CONCURRENTLY t_id ON t (id);
ALTER TYPE mood ADD VALUE 'happy';
INSERT INTO t VALUES (2, 'happy');
COPY t (id, mood) FROM stdin;
3\thappy
4\t\\N
\\.
DO $$ BEGIN INSERT INTO t VALUES (5, 'sad'); COMMIT; END $$;
VACUUM t;
-- dunlin: down
DROP INDEX CONCURRENTLY t_id;
DROP TABLE t;
DROP TYPE mood;
";
    for kind in [Kind::Postgres15, Kind::Postgres18] {
        with_database(kind, async |db| {
            let files = list(db, &[("01.sql", text)]).await;
            up(db, &files).await.unwrap();
            assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("5"));
            let plan = Runner::new(db.open().await.connection(), &files)
                .plan(Direction::Down, "base")
                .await
                .unwrap();
            assert_eq!(plan.steps[0].statements.len(), 3);
            down(db, &files, "base").await.unwrap();
            assert_eq!(
                db.value("SELECT count(*) FROM pg_class WHERE relname = 't'").await.as_deref(),
                Some("0")
            );
            // In a transaction that was handed over it can't run, and nothing of it does.
            let mut database = db.open().await;
            let client = database.connection();
            client.execute("SELECT 1").await.unwrap();
        })
        .await;
    }
}

/// Each statement stands alone where a file says so, and what failed is run again with what follows.
#[tokio::test]
async fn statements_alone_on_postgres() {
    let text = "-- dunlin: no-transaction\nCREATE TABLE t (id integer);\nINSERT INTO t VALUES (1);\nINSERT INTO u VALUES (1);\n";
    for kind in [Kind::Postgres15, Kind::Sqlite] {
        with_database(kind, async |db| {
            let files = list(db, &[("01.sql", text)]).await;
            let error = up(db, &files).await.unwrap_err();
            assert!(matches!(error.kept(), Kept::Statements { done, .. } if done == &[1, 2]), "{error:?}");
            db.execute(&["CREATE TABLE u (id integer)"]).await;
            up(db, &files).await.unwrap();
            assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("1"));
        })
        .await;
    }
}

const REBUILD: &str = "\
PRAGMA foreign_keys = OFF;
BEGIN TRANSACTION;
CREATE TABLE new_users (id integer PRIMARY KEY, name text NOT NULL DEFAULT '');
INSERT INTO new_users SELECT id, name FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
COMMIT;
PRAGMA foreign_keys = ON;
";

/// The usual rebuild by hand keeps the rows that refer to the table, whether it brings a transaction of its own or not.
#[tokio::test]
async fn a_rebuild_by_hand_keeps_rows_on_sqlite() {
    let tables = "CREATE TABLE users (id integer PRIMARY KEY, name text);\n\
                  CREATE TABLE posts (user_id integer REFERENCES users (id) ON DELETE CASCADE);\n\
                  INSERT INTO users VALUES (1, 'a'), (2, 'b');\nINSERT INTO posts VALUES (1), (2);\n";
    let bare = REBUILD.replace("BEGIN TRANSACTION;\n", "").replace("COMMIT;\n", "");
    let only_off = bare.replace("PRAGMA foreign_keys = ON;\n", "");
    let alone = format!("-- dunlin: no-transaction\n{REBUILD}");
    // It may be asked for behind its end whether all went well.
    let asks = REBUILD
        .replace("COMMIT;\n", "COMMIT;\nPRAGMA foreign_key_check;\nPRAGMA main.integrity_check(users);\n");
    for rebuild in [REBUILD, &bare, &only_off, &alone, &asks] {
        with_database(Kind::Sqlite, async |db| {
            let files = list(db, &[("01.sql", tables), ("02.sql", rebuild)]).await;
            let mut database = db.open().await;
            let mut conn = database.connect();
            conn.execute("PRAGMA foreign_keys = ON").await.unwrap();
            Runner::new(&mut *conn, &files).up().await.unwrap();
            assert_eq!(conn.query("SELECT * FROM posts").await.unwrap().len(), 2, "{rebuild}");
            assert_eq!(conn.query("PRAGMA foreign_keys").await.unwrap()[0].int(0), Some(1), "{rebuild}");
        })
        .await;
    }
    // One that leaves rows behind which refer to nothing is rolled back.
    let lossy = bare.replace("FROM users;", "FROM users WHERE id = 1;");
    with_database(Kind::Sqlite, async |db| {
        up(db, &list(db, &[("01.sql", tables)]).await).await.unwrap();
        let before = dump(db, &[]).await;
        let error = up(db, &list(db, &[("01.sql", tables), ("02.sql", &lossy)]).await).await.unwrap_err();
        assert!(error.to_string().contains("refer to rows that don't exist"), "{error}");
        assert_eq!(dump(db, &[]).await, before);
    })
    .await;
}

/// Statements that only change rows are all done or none, and are then written down together.
#[tokio::test]
async fn rows_share_a_transaction_on_mysql() {
    let count = "SELECT GROUP_CONCAT(id ORDER BY id) FROM t";
    for kind in [Kind::Mariadb, Kind::Mysql] {
        with_database(kind, async |db| {
            let text = "CREATE TABLE t (id integer);\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n\
                        UPDATE t SET id = 3 WHERE id = 2;\nINSERT INTO no VALUES (4);\n";
            let error = up(db, &list(db, &[("01.sql", text)]).await).await.unwrap_err();
            assert_eq!(error.statement().unwrap().number, 5, "{error}");
            let Kept::Statements { done, left, .. } = error.kept() else { panic!("{error:?}") };
            assert_eq!((done.as_slice(), left.as_slice()), ([1].as_slice(), [2, 3, 4, 5].as_slice()));
            assert_eq!(db.value(count).await, None);
            // What came before a statement that commits by itself is committed, and not done twice.
            let mended = text.replace("INTO no", "INTO t")
                + "CREATE TABLE u (id integer);\nINSERT INTO no VALUES (5);\n";
            let error = up(db, &list(db, &[("01.sql", &mended)]).await).await.unwrap_err();
            assert_eq!(error.statement().unwrap().number, 7, "{error}");
            assert_eq!(db.value(count).await.as_deref(), Some("1,3,4"));
            let mended = mended.replace("INTO no", "INTO t");
            up(db, &list(db, &[("01.sql", &mended)]).await).await.unwrap();
            assert_eq!(db.value(count).await.as_deref(), Some("1,3,4,5"));
        })
        .await;
        // Where a table keeps what is rolled back, each is written down as soon as it is done.
        with_database(kind, async |db| {
            let text = "CREATE TABLE t (id integer) ENGINE = MyISAM;\nINSERT INTO t VALUES (1);\n\
                        INSERT INTO t VALUES (2);\nINSERT INTO no VALUES (3);\n";
            let error = up(db, &list(db, &[("01.sql", text)]).await).await.unwrap_err();
            let Kept::Statements { done, .. } = error.kept() else { panic!("{error:?}") };
            assert_eq!(done.as_slice(), [1, 2, 3]);
            let mended = text.replace("INTO no", "INTO t");
            up(db, &list(db, &[("01.sql", &mended)]).await).await.unwrap();
            assert_eq!(db.value(count).await.as_deref(), Some("1,2,3"));
        })
        .await;
    }
}

/// What MySQL's own programs write can be run: locked tables, settings in comments, a transaction over data.
#[tokio::test]
async fn locked_tables_on_mysql() {
    let text = "\
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
CREATE TABLE t (id integer PRIMARY KEY);
LOCK TABLES `t` WRITE;
/*!40000 ALTER TABLE `t` DISABLE KEYS */;
INSERT INTO t VALUES (1), (2);
/*!40000 ALTER TABLE `t` ENABLE KEYS */;
UNLOCK TABLES;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
INSERT INTO t VALUES (3);
";
    for kind in [Kind::Mysql, Kind::Mariadb] {
        with_database(kind, async |db| {
            let broken = text.replace("(1), (2)", "(1), (1)");
            let error = up(db, &list(db, &[("01.sql", &broken)]).await).await.unwrap_err();
            assert_eq!(error.statement().unwrap().number, 5, "{error}");
            assert!(matches!(error.kept(), Kept::Statements { done, .. } if done == &[2, 3, 4]), "{error:?}");
            db.execute(&["DROP TABLE t"]).await;
            Runner::new(db.open().await.connection(), &list(db, &[("01.sql", text)]).await)
                .stamp("base", false)
                .await
                .unwrap();
            up(db, &list(db, &[("01.sql", text)]).await).await.unwrap();
            assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("3"));
        })
        .await;
    }
}

// A run that is one transaction keeps all or nothing, where DDL has transactions; what it set is put back.
on_every_server!(a_run_may_be_one_transaction, async |db: &TestDb| {
    let set = match db.kind {
        Kind::Sqlite => "PRAGMA recursive_triggers = ON;",
        kind if kind.is_postgres() => "SET search_path = '';",
        _ => "SET foreign_key_checks = 0;",
    };
    let ask = match db.kind {
        Kind::Sqlite => "PRAGMA recursive_triggers",
        kind if kind.is_postgres() => "SHOW search_path",
        _ => "SELECT @@foreign_key_checks",
    };
    let public = if db.kind.is_postgres() { "public." } else { "" };
    let first = format!("CREATE TABLE {public}t (id integer);\n{set}\nINSERT INTO {public}t VALUES (1);\n");
    let broken = format!("{set}\nINSERT INTO nothing VALUES (1);\n");
    let down = format!("-- dunlin: down\nDROP TABLE {public}t;\n");
    let (first, mended) =
        (format!("{first}{down}"), format!("{set}\nINSERT INTO {public}t VALUES (2);\n-- dunlin: down\n"));
    let options = || Options { one_transaction: true, ..Options::default() };
    let bad = list(db, &[("01.sql", &first), ("02.sql", &broken)]).await;
    let mut database = db.open().await;
    let mut conn = database.connect();
    let before = conn.query(ask).await.unwrap();
    let error = Runner::new(&mut *conn, &bad).options(options()).up().await.unwrap_err();
    assert_eq!(error.revision(), Some("02"));
    assert_eq!(conn.query(ask).await.unwrap(), before);
    if db.kind.is_transactional() {
        assert_eq!((error.kept(), error.report().ids().count()), (&Kept::NothingOfRun, 0), "{error:?}");
        assert_eq!(states(db, &bad).await, [State::Pending, State::Failed]);
    } else {
        assert_eq!(error.report().ids().collect::<Vec<_>>(), ["01"]);
    }
    let files = list(db, &[("01.sql", &first), ("02.sql", &mended)]).await;
    Runner::new(&mut *conn, &files).options(options()).up().await.unwrap();
    assert_eq!(conn.query(ask).await.unwrap(), before);
    assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("2"));
    assert_eq!(states(db, &files).await, [State::Applied, State::Applied]);
    Runner::new(&mut *conn, &files).options(options()).downgrade("base").await.unwrap();
    assert_eq!(states(db, &files).await, [State::Pending, State::Pending]);
    // What can't be in it is named before anything runs; where there is no such transaction it runs as ever.
    let alone = list(
        db,
        &[("01.sql", &first), ("02.sql", "-- dunlin: no-transaction\nSELECT 1;\n-- dunlin: down\n")],
    )
    .await;
    let run = Runner::new(&mut *conn, &alone).options(options()).up().await;
    match db.kind.is_transactional() {
        true => {
            let error = run.unwrap_err();
            assert!(
                error.to_string().starts_with("revision 02: it can't be in the run's one transaction"),
                "{error}"
            );
            assert_eq!(*error.kept(), Kept::Unchanged);
        }
        false => assert_eq!(run.unwrap().ids().count(), 2),
    }
});

#[tokio::test]
async fn operations_outside_the_runs_transaction_are_named() {
    with_database(Kind::Postgres15, async |db| {
        let users = || {
            Step("01_users", |op: &mut Ops| {
                op.create_table("users").col("name", text());
            })
        };
        let index = || {
            Step("02_index", |op: &mut Ops| {
                op.create_index("users", ["name"]).concurrently();
            })
        };
        let options = || Options { one_transaction: true, ..Options::default() };
        let mut database = db.open().await;
        let code = migrations![users(), index()];
        let error = Runner::new(database.connection(), &code).options(options()).up().await.unwrap_err();
        assert!(error.to_string().contains("it can't hold CREATE INDEX CONCURRENTLY"), "{error}");
        assert_eq!(*error.kept(), Kept::Unchanged);
        // What a script makes isn't known before it has run.
        let files = list(db, &[("01_users.sql", USERS)]).await.with(index());
        let error = Runner::new(database.connection(), &files).options(options()).up().await.unwrap_err();
        assert!(
            error.to_string().contains("can't run in the run's one transaction: CREATE INDEX"),
            "{error}"
        );
        assert_eq!(*error.kept(), Kept::NothingOfRun);
        assert_eq!(states(db, &files).await, [State::Pending, State::Failed]);
    })
    .await;
}

/// A baseline that begins with an empty schema takes history with it, which it says.
#[tokio::test]
async fn a_file_that_drops_the_schema_of_history_says_so_on_postgres() {
    with_database(Kind::Postgres15, async |db| {
        let text = "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\nCREATE TABLE t (id integer);\n";
        let files = list(db, &[("01.sql", text)]).await;
        let error = up(db, &files).await.unwrap_err();
        assert!(
            error.hint().is_some_and(|hint| hint.contains("`history_schema`")),
            "{error}: {:?}",
            error.hint()
        );
        db.execute(&["CREATE SCHEMA log"]).await;
        let mut database = db.open().await;
        let mut conn = database.connect();
        let options = Options { schema: Some("log".to_owned()), ..Options::default() };
        Runner::new(&mut *conn, &files).options(options).up().await.unwrap();
        assert_eq!(db.value("SELECT count(*) FROM log.dunlin_history").await.as_deref(), Some("1"));
    })
    .await;
}

/// That a procedure commits, a CALL of it doesn't tell; its failure says what to do.
#[tokio::test]
async fn a_call_that_commits_says_how_it_can_run_on_postgres() {
    with_database(Kind::Postgres18, async |db| {
        let procedure = "CREATE TABLE t (id integer);\nCREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$;\n";
        let files = [("01.sql", procedure), ("02.sql", "CALL p();\n")];
        let error = up(db, &list(db, &files).await).await.unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.contains("-- dunlin: no-transaction")), "{error}");
        up(db, &list(db, &[files[0], ("02.sql", "-- dunlin: no-transaction\nCALL p();\n")]).await).await.unwrap();
        assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("1"));
    })
    .await;
}
