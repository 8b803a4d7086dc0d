//! Revisions that are files of SQL: what runs in which transaction, what leaks from one into the next, what an error shows.

use std::sync::Arc;

use dunlin::prelude::*;
use dunlin::script::{FileRevision, Variables};
use dunlin::{Connect, Direction, Event, Kept, Options, Report, Runner, State};

use dunlin_tests::Step;

use crate::dump::dump;
use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

/// A list of files, each with its name and its text.
async fn list(db: &TestDb, files: &[(&str, &str)]) -> MigrationList {
    let mut database = db.open().await;
    let server = database.connection().server().await.unwrap();
    let lexicon = database.connection().dialect().lexicon(&server);
    let mut list = MigrationList::new();
    for (name, text) in files {
        let file = FileRevision::read(name, Arc::new((*text).to_owned()), &lexicon).unwrap();
        match name.starts_with("R__") {
            true => list.push_repeatable(file),
            false => list.push(file),
        }
    }
    list
}

async fn up(db: &TestDb, list: &MigrationList) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).up().await
}

async fn down(db: &TestDb, list: &MigrationList, target: &str) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).downgrade(target).await
}

async fn states(db: &TestDb, list: &MigrationList) -> Vec<State> {
    let statuses = Runner::new(db.open().await.connection(), list).status().await.unwrap();
    statuses.into_iter().map(|status| status.state).collect()
}

const USERS: &str = "\
CREATE TABLE users (id integer PRIMARY KEY, name varchar(50) DEFAULT 'a;b');
INSERT INTO users (id) VALUES (1);
-- dunlin: down
DROP TABLE users;
";

const POSTS: &str = "\
-- dunlin: revises 01_users
CREATE TABLE posts (id integer PRIMARY KEY);
-- dunlin: down
DROP TABLE posts;
";

on_every_server!(files_go_up_and_down, async |db: &TestDb| {
    let files = list(db, &[("01_users.sql", USERS), ("02_posts.sql", POSTS)]).await;
    let report = up(db, &files).await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["01_users", "02_posts"]);
    assert_eq!(report.done[0].statements, 2);
    let made = dump(db, &[]).await;
    assert_eq!(db.value("SELECT name FROM users").await.as_deref(), Some("a;b"));
    assert_eq!(states(db, &files).await, [State::Applied, State::Applied]);
    assert!(up(db, &files).await.unwrap().is_empty());
    down(db, &files, "base").await.unwrap();
    assert_eq!(states(db, &files).await, [State::Pending, State::Pending]);
    up(db, &files).await.unwrap();
    // Their undo is kept in history, and works without them.
    down(db, &MigrationList::new(), "base").await.unwrap();
    up(db, &files).await.unwrap();
    assert_eq!(dump(db, &[]).await, made);
});

on_every_server!(an_edited_file_is_told, async |db: &TestDb| {
    up(db, &list(db, &[("01_users.sql", USERS)]).await).await.unwrap();
    let blanks = USERS.replace('\n', "  \r\n");
    assert_eq!(states(db, &list(db, &[("01_users.sql", &blanks)]).await).await, [State::Applied]);
    let edited = USERS.replace("(50)", "(60)");
    let edited = list(db, &[("01_users.sql", &edited), ("02_posts.sql", POSTS)]).await;
    assert_eq!(states(db, &edited).await, [State::Edited, State::Pending]);
    let report = up(db, &edited).await.unwrap();
    assert_eq!(report.edited, ["01_users"]);
    assert_eq!(states(db, &list(db, &[]).await).await, [State::Missing, State::Missing]);
});

on_every_server!(a_failure_shows_its_place, async |db: &TestDb| {
    let text =
        "CREATE TABLE t (id integer);\n\n-- the next one is wrong\nINSERT INTO t\n  VALUES (1, 2, 3);\n";
    let error = up(db, &list(db, &[("sql/01_t.sql", text)]).await).await.unwrap_err();
    let place = error.place().unwrap();
    assert_eq!(place.file.as_deref(), Some("sql/01_t.sql"));
    assert!(place.position.line == 4 || place.position.line == 5, "{place}");
    assert!(place.to_string().contains("INSERT INTO t") || place.to_string().contains("VALUES"), "{place}");
    assert_eq!(error.statement().unwrap().number, 2);
    match db.kind.is_transactional() {
        true => assert_eq!(*error.kept(), Kept::Nothing),
        false => assert!(matches!(error.kept(), Kept::Statements { done, .. } if done == &[1]), "{error}"),
    }
});

// A way down that fails leaves everything as it was, where DDL has transactions.
on_every_server!(a_broken_way_down_stops, async |db: &TestDb| {
    let text = "CREATE TABLE t (id integer);\n-- dunlin: down\nDROP TABLE t;\nDROP TABLE nothing;\n";
    let files = list(db, &[("01_t.sql", text)]).await;
    up(db, &files).await.unwrap();
    let before = dump(db, &[]).await;
    let error = down(db, &files, "base").await.unwrap_err();
    assert_eq!(error.statement().unwrap().number, 2, "{error}");
    if db.kind.is_transactional() {
        assert_eq!(dump(db, &[]).await, before);
        assert_eq!(states(db, &files).await, [State::Failed]);
    }
    let none = list(db, &[("01_t.sql", "CREATE TABLE t (id integer);")]).await;
    let error = down(db, &none, "base").await.unwrap_err();
    assert!(error.is_irreversible(), "{error}");
    let nothing = list(db, &[("01_t.sql", "CREATE TABLE t (id integer);\n-- dunlin: down\n")]).await;
    if db.kind.is_transactional() {
        down(db, &nothing, "base").await.unwrap();
        assert_eq!(dump(db, &[]).await, before);
    }
});

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

// What a file sets holds for it alone.
on_every_server!(settings_do_not_leak, async |db: &TestDb| {
    let (set, asked, value) = match db.kind {
        Kind::Sqlite => (
            "PRAGMA recursive_triggers = ON;",
            "CREATE TABLE seen AS SELECT recursive_triggers AS x FROM pragma_recursive_triggers;",
            "0",
        ),
        Kind::Postgres15 | Kind::Postgres18 => (
            "SET search_path = '';\nSELECT pg_catalog.set_config('my.own', 'mine', false);\nSET ROLE pg_monitor;\nRESET ROLE;",
            "CREATE TABLE seen AS SELECT current_setting('search_path') || coalesce(nullif(current_setting('my.own', true), ''), '!') AS x;",
            "\"$user\", public!",
        ),
        Kind::Mariadb | Kind::Mysql => (
            "SET foreign_key_checks = 0, sql_mode = 'ANSI_QUOTES';\nSET NAMES latin1;\nSET autocommit = 0;",
            "CREATE TABLE seen (x varchar(99));\nINSERT INTO seen SELECT CONCAT(@@foreign_key_checks + 0, @@character_set_client, \
             @@autocommit + 0, @@sql_mode LIKE '%ANSI_QUOTES%') AS x;",
            "1utf8mb410",
        ),
    };
    let first =
        format!("{set}\nCREATE TABLE {}t (id integer);", if db.kind.is_postgres() { "public." } else { "" });
    let first = first.as_str();
    let marked = format!("-- dunlin: no-transaction\n{}", first.replace("t (", "u ("));
    let files = list(db, &[("01.sql", first), ("02.sql", asked), ("03.sql", &marked)]).await;
    up(db, &files).await.unwrap();
    assert_eq!(db.value("SELECT x FROM seen").await.as_deref(), Some(value));
    let more = [
        ("01.sql", first),
        ("02.sql", asked),
        ("03.sql", &marked),
        ("04.sql", &asked.replace("seen", "later")),
    ];
    up(db, &list(db, &more).await).await.unwrap();
    assert_eq!(db.value("SELECT x FROM later").await.as_deref(), Some(value));
    // Nor into a connection that is the caller's own, whatever becomes of the file.
    let broken = format!("{set}\nINSERT INTO nothing VALUES (1);");
    let mut files = more.to_vec();
    files.push(("05.sql", &broken));
    let files = list(db, &files).await;
    let mut database = db.open().await;
    let mut conn = database.connect();
    let ask = asked.split(" SELECT ").nth(1).unwrap();
    Runner::new(&mut *conn, &files).up().await.unwrap_err();
    let rows = conn.query(&format!("SELECT {}", ask.trim_end_matches(';'))).await.unwrap();
    assert_eq!(rows[0].text(0).as_deref(), Some(value));
});

// Files that run again run when they have changed, behind all revisions.
on_every_server!(repeatables_run_when_they_change, async |db: &TestDb| {
    let drop = if db.kind.is_transactional() { "DROP VIEW IF EXISTS v;\n" } else { "" };
    let create = if db.kind.is_transactional() { "CREATE" } else { "CREATE OR REPLACE" };
    let one = format!("{drop}{create} VIEW v AS SELECT 1 AS x;\n");
    let two = one.replace("SELECT 1", "SELECT 2");
    let users = ("01_users.sql", USERS);
    let first = list(db, &[("R__v.sql", &one), users]).await;
    assert_eq!(states(db, &first).await, [State::Pending, State::Pending]);
    let report = up(db, &first).await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["01_users", "R__v"]);
    assert_eq!(states(db, &first).await, [State::Applied, State::Applied]);
    assert!(up(db, &first).await.unwrap().is_empty());
    let second = list(db, &[("R__v.sql", &two), users]).await;
    assert_eq!(states(db, &second).await, [State::Applied, State::Pending]);
    let report = up(db, &second).await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["R__v"]);
    assert_eq!(db.value("SELECT x FROM v").await.as_deref(), Some("2"));
    // What it made may go with what is undone: it runs again.
    down(db, &second, "base").await.unwrap();
    assert_eq!(states(db, &second).await, [State::Pending, State::Pending]);
    let report = up(db, &second).await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["01_users", "R__v"]);
    // One that fails says so, and what it was stays recorded.
    let broken = list(db, &[("R__v.sql", "CREATE VIEW w AS SELECT nothing FROM nowhere;"), users]).await;
    assert!(up(db, &broken).await.is_err());
    assert_eq!(db.value("SELECT x FROM v").await.as_deref(), Some("2"));
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
    for rebuild in [REBUILD, &bare, &only_off, &alone] {
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

/// A file that can't be run stops the run before anything is applied, one that runs again too.
#[tokio::test]
async fn what_cannot_run_stops_the_run() {
    with_database(Kind::Sqlite, async |db| {
        let lexicon = {
            let mut database = db.open().await;
            let server = database.connection().server().await.unwrap();
            database.connection().dialect().lexicon(&server)
        };
        let file = |name: &str, text: &str, cannot_run: Option<&str>| {
            let file = FileRevision::read(name, Arc::new(text.to_owned()), &lexicon).unwrap();
            FileRevision { cannot_run: cannot_run.map(str::to_owned), ..file }
        };
        let users = || file("01_users.sql", USERS, None);
        let step = file("02_step.sql", "", Some("02_step.go is a program"));
        let view =
            file("R__v.sql", "CREATE VIEW v AS SELECT 1;", Some("R__v.sql.conf says that it runs elsewhere"));
        let mut again = MigrationList::new().with(users());
        again.push_repeatable(view);
        for (list, id) in [(MigrationList::new().with(users()).with(step), "02_step"), (again, "R__v")] {
            let error = up(db, &list).await.unwrap_err();
            assert_eq!(error.revision(), Some(id), "{error}");
            assert_eq!(*error.kept(), Kept::Unchanged);
            assert!(error.report().is_empty(), "{error}");
        }
    })
    .await;
}

/// A script with variables as it is on a kind of server: a quoted text, a bare one, one in a statement's middle.
const VARIABLES: &str = "\
CREATE TABLE ${table} (id integer, word varchar(50));
-- ${nothing} is said of comments between statements
INSERT INTO ${table} VALUES (1, '${env:WORD}'), (2, '$${table}');
-- dunlin: down
DROP TABLE ${table};
";

fn variables() -> Options {
    let variables = Variables::on().with("table", "filled").with("env:WORD", "s3cret_word");
    Options { variables, ..Options::default() }
}

async fn run_with(
    db: &TestDb,
    list: &MigrationList,
    options: Options,
    told: &mut String,
) -> dunlin::Result<Report> {
    let mut tell = |event: &Event| told.push_str(&format!("{event:?}\n"));
    let mut database = db.open().await;
    Runner::new(database.connection(), list).options(options).on_event(&mut tell).up().await
}

// Only the server sees what a variable stands for.
on_every_server!(variables_are_filled_where_they_are_on, async |db: &TestDb| {
    let mut told = String::new();
    let files = list(db, &[("01_t.sql", VARIABLES)]).await;
    run_with(db, &files, variables(), &mut told).await.unwrap();
    assert_eq!(db.value("SELECT word FROM filled WHERE id = 1").await.as_deref(), Some("s3cret_word"));
    assert_eq!(db.value("SELECT word FROM filled WHERE id = 2").await.as_deref(), Some("$${table}"));
    assert!(told.contains("INSERT INTO ${table} VALUES (1, '${env:WORD}')"), "{told}");
    for table in ["dunlin_history", "dunlin_journal"] {
        told.push_str(&format!("{:?}", db.query(&format!("SELECT * FROM {table}")).await));
    }
    // What is edited is told by the text, whatever the values.
    assert_eq!(states(db, &files).await, [State::Applied]);
    // The undo that history keeps is filled when it runs, and refused before anything does where it can't be.
    let mut database = db.open().await;
    let none = MigrationList::new();
    let without = Options { variables: Variables::on(), ..Options::default() };
    let error =
        Runner::new(database.connection(), &none).options(without).downgrade("base").await.unwrap_err();
    assert!(error.to_string().contains("the variable ${table} isn't set"), "{error}");
    Runner::new(database.connection(), &none).options(variables()).downgrade("base").await.unwrap();
    drop(database);

    // One that isn't set stops the run before anything is applied.
    let two = list(db, &[("01_t.sql", VARIABLES), ("02_u.sql", "SELECT 1;\n\nSELECT '${unset}';")]).await;
    let error = run_with(db, &two, variables(), &mut told).await.unwrap_err();
    assert!(error.to_string().contains("02_u.sql:3:9: the variable ${unset} isn't set"), "{error}");
    assert!(error.report().is_empty() && error.hint().unwrap().contains("[variables]"), "{error:?}");
    // A mistake is shown where it is in the file.
    let wrong =
        "CREATE TABLE ${table} (id integer);\nINSERT INTO ${table}\n  SELECT '${env:WORD}' FROM ${env:WORD};";
    for text in [wrong.to_owned(), format!("-- dunlin: no-transaction\n{wrong}")] {
        let options = Options { prefix: format!("d{}_", text.len()), ..variables() };
        let error =
            run_with(db, &list(db, &[("01_t.sql", &text)]).await, options, &mut told).await.unwrap_err();
        let place = error.place().unwrap().clone();
        assert!(place.position.line >= 2 && wrong.contains(place.line.trim()), "{place}");
        assert!(error.statement().unwrap().sql.contains("'${env:WORD}'"), "{error:?}");
        told.push_str(&format!("{error} {error:?} {place}"));
        db.execute(&["DROP TABLE IF EXISTS filled"]).await;
    }
    assert!(!told.contains("s3cret_word"), "{told}");
    // Where they are off, or a file says so, it is text like any other.
    for (text, options) in [("", Options::default()), ("-- dunlin: no-variables\n", variables())] {
        let text =
            format!("{text}CREATE TABLE off (word varchar(50));\nINSERT INTO off VALUES ('${{table}}');\n");
        let options = Options { prefix: format!("e{}_", text.len()), ..options };
        run_with(db, &list(db, &[("01_t.sql", &text)]).await, options, &mut String::new()).await.unwrap();
        assert_eq!(db.value("SELECT word FROM off").await.as_deref(), Some("${table}"));
        db.execute(&["DROP TABLE off"]).await;
    }
});

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

// What is temporary, and what is attached, goes with the file that made it; what was there before stays.
on_every_server!(what_belongs_to_a_session_goes_with_its_file, async |db: &TestDb| {
    if !db.kind.is_transactional() {
        // MySQL and MariaDB don't tell which temporary tables a session has.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (attach, more) = match db.kind {
        Kind::Sqlite => (
            format!(
                "ATTACH '{}' AS \"o'ther\";\nCREATE TABLE \"o'ther\".x (id integer);\n",
                folder.path().join("x.db").display()
            ),
            "CREATE TEMP TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;\nCREATE INDEX temp.ix ON s (id);\n",
        ),
        _ => (String::new(), "CREATE TEMP VIEW v AS SELECT * FROM s;\nCREATE TEMP SEQUENCE q;\n"),
    };
    let uses = "CREATE TABLE t (id integer);\nCREATE TEMP TABLE s AS SELECT 7 AS id;\nINSERT INTO t SELECT id FROM s;\n";
    let text = format!("{attach}{uses}{more}");
    let alone = format!(
        "-- dunlin: no-transaction\n{}",
        text.replace(" t ", " u ").replace(" t(", " u(").replace("ON t", "ON u").replace(".x ", ".y ")
    );
    let broken = format!("{attach}CREATE TEMP TABLE s (id integer);\nINSERT INTO nothing VALUES (1);\n")
        .replace(".x ", ".z ");
    let mut database = db.open().await;
    let mut conn = database.connect();
    conn.execute("CREATE TEMP TABLE mine (id integer)").await.unwrap();
    let ask = match db.kind {
        Kind::Sqlite => {
            "SELECT name FROM pragma_database_list WHERE seq <> 1 UNION ALL SELECT name FROM sqlite_temp_schema"
        }
        _ => "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()",
    };
    let before = conn.query(ask).await.unwrap();
    let files = [("01.sql", text.as_str()), ("02.sql", &alone)];
    Runner::new(&mut *conn, &list(db, &files).await).up().await.unwrap();
    assert_eq!(conn.query(ask).await.unwrap(), before);
    let files = [files[0], files[1], ("03.sql", &broken)];
    Runner::new(&mut *conn, &list(db, &files).await).up().await.unwrap_err();
    assert_eq!(conn.query(ask).await.unwrap(), before);
    assert_eq!(db.value("SELECT id FROM u").await.as_deref(), Some("7"));
});

/// No catalog shows a setting that someone made up, so its name must be told.
#[tokio::test]
async fn settings_of_ones_own_are_kept_on_postgres() {
    with_database(Kind::Postgres15, async |db| {
        let text = "SET my.own = 'the file''s';\nSET search_path = '';\nCREATE TABLE public.t (id integer);";
        let broken = "SET my.own = 'the file''s';\nSELECT nothing;";
        let files = list(db, &[("01.sql", text), ("02.sql", broken)]).await;
        let mut database = db.open().await;
        let mut conn = database.connect();
        conn.execute("SET my.own = 'it''s mine'").await.unwrap();
        let own_settings = vec!["my.own".to_owned(), "never.made".to_owned()];
        let options = Options { own_settings, ..Options::default() };
        Runner::new(&mut *conn, &files).options(options).up().await.unwrap_err();
        let rows = conn.query("SELECT current_setting('my.own')").await.unwrap();
        assert_eq!(rows[0].text(0).as_deref(), Some("it's mine"));
    })
    .await;
}
