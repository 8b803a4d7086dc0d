//! Folders of other tools, as they stand: what their own tools let pass runs.

use dunlin::State;
use dunlin::prelude::*;
use dunlin::script::layout::{Embedded, Format, Listing};

use super::{states, up};
use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

/// What a folder holds.
async fn folder(
    db: &TestDb,
    format: Format,
    files: &'static [(&'static str, &'static str)],
) -> MigrationList {
    let mut database = db.open().await;
    let server = database.connection().server().await.unwrap();
    let lexicon = database.connection().dialect().lexicon(&server);
    Listing::read(&Embedded(files), Some(format), &lexicon).unwrap().into_migrations()
}

/// Transactions in the middle of a file, and one that ends the tool's own and begins it again.
const TRANSACTIONS: &[(&str, &str)] = &[
    ("1_t.sql", "CREATE TABLE t (id integer);\nCOMMIT;\n"),
    (
        "2_own.sql",
        "INSERT INTO t VALUES (1);\nBEGIN;\nINSERT INTO t VALUES (2);\nCOMMIT;\nINSERT INTO t VALUES (4);\n",
    ),
    ("3_tools.sql", "COMMIT;\nINSERT INTO t VALUES (8);\nBEGIN;\n"),
    (
        "4_two.sql",
        "BEGIN;\nINSERT INTO t VALUES (16);\nCOMMIT;\nBEGIN;\nINSERT INTO t VALUES (32);\nROLLBACK;\nBEGIN;\nCOMMIT;\n",
    ),
    ("5_open.sql", "INSERT INTO t VALUES (64);\nBEGIN;\nINSERT INTO t VALUES (128);\n"),
];

on_every_server!(transactions_in_a_tools_files_run_as_they_stand, async |db: &TestDb| {
    up(db, &folder(db, Format::Sqlx, TRANSACTIONS).await).await.unwrap();
    assert_eq!(db.value("SELECT sum(id) FROM t").await.as_deref(), Some("223"));
});

/// A procedure that commits, called alone and beside another statement.
const CALLS: &[(&str, &str)] = &[
    (
        "1_p.up.sql",
        "CREATE TABLE t (id integer);\n\
         CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$;\n",
    ),
    ("2_call.up.sql", "-- by itself\nCALL p();\n"),
    ("3_block.up.sql", "DO $$ BEGIN INSERT INTO t VALUES (1); COMMIT; END $$"),
    ("4_two.up.sql", "INSERT INTO t VALUES (1);\nCALL p();\n"),
];

/// golang-migrate begins no transaction, so that a file of one statement may commit; several of them the server takes for one.
#[tokio::test]
async fn a_lone_call_commits_as_it_does_without_a_tools_transaction() {
    with_database(Kind::Postgres18, async |db| {
        let error = up(db, &folder(db, Format::GolangMigrate, CALLS).await).await.unwrap_err();
        assert!(error.hint().is_some_and(|hint| hint.contains("in a file of its own")), "{error}");
        assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("2"));
    })
    .await;
}

/// What it committed before it failed stays, and runs again with it: the error says so.
#[tokio::test]
async fn a_call_that_commits_and_then_fails_says_that_a_part_may_stay() {
    with_database(Kind::Postgres18, async |db| {
        let block = "DO $$ BEGIN CREATE TABLE t (id integer); COMMIT; RAISE EXCEPTION 'no'; END $$";
        let files = folder(db, Format::GolangMigrate, Box::leak(Box::new([("1_a.up.sql", block)]))).await;
        let error = up(db, &files).await.unwrap_err();
        assert!(
            error.hint().unwrap().starts_with("statement 1 may have committed a part of its work"),
            "{error}"
        );
        assert_eq!(db.value("SELECT count(*) FROM t").await.as_deref(), Some("0"));
    })
    .await;
}

/// sqlx has no way to set a pragma outside its transaction, but to end it.
const REBUILD: &[(&str, &str)] = &[
    (
        "1_tables.sql",
        "CREATE TABLE users (id integer PRIMARY KEY);\n\
         CREATE TABLE posts (user_id integer REFERENCES users (id) ON DELETE CASCADE);\n\
         INSERT INTO users VALUES (1);\nINSERT INTO posts VALUES (1);\n",
    ),
    (
        "2_rebuild.sql",
        "COMMIT TRANSACTION;\nPRAGMA foreign_keys = OFF;\nBEGIN TRANSACTION;\n\
         CREATE TABLE new_users (id integer PRIMARY KEY, name text);\n\
         INSERT INTO new_users (id) SELECT id FROM users;\nDROP TABLE users;\n\
         ALTER TABLE new_users RENAME TO users;\nCOMMIT TRANSACTION;\nPRAGMA foreign_keys = ON;\nBEGIN TRANSACTION;\n",
    ),
    ("3_mode.sql", "COMMIT;\nPRAGMA journal_mode = WAL;\nBEGIN EXCLUSIVE TRANSACTION;\n"),
];

#[tokio::test]
async fn a_tools_transaction_may_be_ended_for_a_pragma_on_sqlite() {
    with_database(Kind::Sqlite, async |db| {
        let files = folder(db, Format::Sqlx, REBUILD).await;
        let report = up(db, &files).await.unwrap();
        assert_eq!(report.ids().count(), 3);
        assert_eq!(db.value("SELECT count(*) FROM posts").await.as_deref(), Some("1"));
        assert_eq!(db.value("PRAGMA journal_mode").await.as_deref(), Some("wal"));
    })
    .await;
}

/// What Flyway knows by itself, in data too.
const PLACEHOLDERS: &[(&str, &str)] = &[
    (
        "V1__t.sql",
        "CREATE TABLE ${flyway:defaultSchema}.t (word text);\n\
     INSERT INTO t VALUES ('${flyway:user} ${flyway:database}'), (left('${flyway:timestamp}', 2));\n\
     COPY t FROM stdin;\n${flyway:filename}\n\\.\n",
    ),
    ("R__runs.sql", "INSERT INTO t VALUES ('ran'); -- ${flyway:timestamp}\n"),
];

#[tokio::test]
async fn flyways_own_placeholders_are_filled_on_postgres() {
    with_database(Kind::Postgres18, async |db| {
        let files = folder(db, Format::Flyway, PLACEHOLDERS).await;
        up(db, &files).await.unwrap();
        // What says when it runs runs each time, and isn't pending.
        up(db, &files).await.unwrap();
        assert_eq!(db.value("SELECT count(*) FROM t WHERE word = 'ran'").await.as_deref(), Some("2"));
        assert_eq!(states(db, &files).await, [State::Applied, State::Applied]);
        let found = db.value("SELECT count(*) FROM t WHERE word IN (current_user || ' ' || current_catalog, '20', 'V1__t.sql')");
        assert_eq!(found.await.as_deref(), Some("3"));
    })
    .await;
}

/// To Flyway a comment is text like any other; to others `${name}` is, until a project says otherwise.
#[tokio::test]
async fn a_placeholder_without_a_value_is_named() {
    with_database(Kind::Sqlite, async |db| {
        let text = "-- nothing\n/* for ${nobody} */\nCREATE TABLE t (id int);\n";
        let files = folder(db, Format::Flyway, Box::leak(Box::new([("V1__t.sql", text)]))).await;
        let error = up(db, &files).await.unwrap_err();
        assert_eq!(error.to_string(), "revision V1__t: V1__t.sql:2:8: the variable ${nobody} isn't set");
        let files =
            folder(db, Format::Dunlin, &[("1_t.sql", "-- ${nobody}\nCREATE TABLE ${schema}.t (id int);\n")])
                .await;
        let error = up(db, &files).await.unwrap_err();
        let hint = error.hint().unwrap();
        assert!(
            hint.starts_with("`${schema}` in it is text like any other") && hint.contains("[variables]"),
            "{hint}"
        );
        let files = folder(
            db,
            Format::Flyway,
            &[("V1__t.sql", "CREATE TABLE t (id int);\n-- as ${flyway:filename} says\n")],
        )
        .await;
        up(db, &files).await.unwrap();
    })
    .await;
}

/// Rows that a client without foreign keys takes: to a table that comes later, and to one that has no such key.
const UNCHECKED: &[(&str, &str)] = &[
    (
        "1_posts.sql",
        "CREATE TABLE posts (user_id integer REFERENCES users (id));\nINSERT INTO posts VALUES (1);\n",
    ),
    ("2_users.sql", "CREATE TABLE users (id integer);\nINSERT INTO posts VALUES (2);\n"),
];

#[tokio::test]
async fn files_of_a_client_without_foreign_keys_are_told_of_it_on_sqlite() {
    with_database(Kind::Sqlite, async |db| {
        let error = up(db, &folder(db, Format::Numbered, UNCHECKED).await).await.unwrap_err();
        let said = "say `[session] sqlite = [\"PRAGMA foreign_keys = OFF\"]` in dunlin.toml";
        assert!(error.hint().is_some_and(|hint| hint.contains(said)), "{error}: {:?}", error.hint());
        // Whose tool's sessions are known runs in those.
        up(db, &folder(db, Format::Goose, UNCHECKED_GOOSE).await).await.unwrap();
        assert_eq!(db.value("SELECT count(*) FROM posts").await.as_deref(), Some("1"));
    })
    .await;
}

const UNCHECKED_GOOSE: &[(&str, &str)] = &[(
    "1_posts.sql",
    "-- +goose Up\nCREATE TABLE posts (user_id integer REFERENCES users (id));\nINSERT INTO posts VALUES (1);\n",
)];
