//! Revisions that are files of SQL: what runs, what is told of them, what an error shows.

mod session;
mod tools;
mod transactions;
mod variables;

use std::sync::Arc;

use dunlin::prelude::*;
use dunlin::script::FileRevision;
use dunlin::{Kept, Report, Runner, State};

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
        let mut conn = db.open().await;
        let statuses = Runner::new(conn.connection(), &files).status().await.unwrap();
        assert!(statuses[0].state == State::Applied && statuses[0].undo_failed, "{statuses:?}");
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
