//! Scripts on their way to stdout: in pieces, whole or not at all.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{check, dunlin, json, run, stderr, stdout};
use crate::offline::{dumped, rows, run_script};
use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

/// A folder of one file that has so much data in it.
fn folder(mebibytes: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("migrations")).unwrap();
    let row = format!("1\t{}\n", "some \"text\" of a seed \\n".repeat(400));
    let rows = row.repeat(mebibytes * 1024 * 1024 / row.len());
    let text = format!("CREATE TABLE t (id integer, body text);\nCOPY t FROM stdin;\n{rows}\\.\n");
    std::fs::write(folder.path().join("migrations/01_data.sql"), text).unwrap();
    folder
}

/// Starts `dunlin` with no more memory than so much.
fn start(folder: &Path, kibibytes: usize, args: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("ulimit -d {kibibytes} && exec {} {args}", dunlin())]);
    command.current_dir(folder).env_remove("DUNLIN_ENV").stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(Stdio::piped());
    command
}

/// A script is never in memory as a whole.
#[test]
fn a_script_comes_in_pieces() {
    let folder = folder(20);
    let output = start(folder.path(), 16 * 1024, "upgrade --sql --dialect postgres").output().unwrap();
    check(&output, 0, "");
    assert!(output.stdout.len() > 20_000_000 && stderr(&output).is_empty(), "{}", stderr(&output));
    assert!(output.stdout.ends_with(b");\n"));
}

/// In JSON it is the same script.
#[test]
fn a_script_is_a_string_in_json() {
    let folder = folder(1);
    let args = ["upgrade", "--sql", "--dialect", "postgres"];
    let bare = run(&dunlin(), folder.path(), &args);
    let whole = json(&run(&dunlin(), folder.path(), &[&args[..], &["--json"]].concat()));
    assert_eq!(whole["sql"], Value::String(stdout(&bare)));
    assert_eq!(whole["revisions"][0], "01_data");
}

/// A reader that went away early, such as `head`, is no failure.
#[test]
fn a_script_that_is_not_read_to_its_end_is_no_failure() {
    let folder = folder(1);
    for args in ["upgrade --sql --dialect postgres", "upgrade --sql --dialect postgres --json"] {
        let mut child = start(folder.path(), 64 * 1024, args).spawn().unwrap();
        let mut beginning = [0; 16];
        child.stdout.take().unwrap().read_exact(&mut beginning).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(0), ""));
    }
}

/// Where there is no room, what was written isn't taken for the script.
#[cfg(target_os = "linux")]
#[test]
fn a_script_that_finds_no_room_is_a_failure() {
    let folder = folder(1);
    for args in ["upgrade --sql --dialect postgres", "upgrade --sql --dialect postgres --json"] {
        let output = start(folder.path(), 64 * 1024, &format!("{args} > /dev/full")).output().unwrap();
        check(&output, 1, "");
        let said = stderr(&output);
        assert!(said.contains("failed to write to stdout") && said.contains("nothing was changed"), "{said}");
    }
}

/// A project whose every row says how the session was when it was written; it has two heads and a merge, and a run of it is one
/// transaction, where there is such a one.
fn project(kind: Kind) -> tempfile::TempDir {
    let (set, who) = match kind {
        Kind::Sqlite => ("PRAGMA cache_size = {}", "(SELECT cache_size FROM pragma_cache_size)"),
        Kind::Postgres15 | Kind::Postgres18 => ("SET shop.who = '{}'", "current_setting('shop.who')"),
        Kind::Mariadb | Kind::Mysql => ("SET SESSION group_concat_max_len = {}", "@@group_concat_max_len"),
    };
    let set = |value: &str| set.replace("{}", value);
    let toml = format!(
        "transaction = \"run\"\n[session]\nsqlite = [\"{0}\"]\npostgres = [\"{0}\"]\nmysql = [\"{0}\"]\n",
        set("3000")
    );
    let revision = |number: usize, revises: &str, up: &str, down: &str| {
        let row = format!("INSERT INTO seen VALUES ({number}, {who});");
        format!(
            "-- dunlin: revises {revises}\n{up}\n{row}\n\
             -- dunlin: down\nDELETE FROM seen WHERE id = {number};\n{down}\n"
        )
    };
    let eve = format!("{};\nINSERT INTO seen VALUES (20, {who});", set("4000"));
    let files = [
        (
            "1_seen.sql",
            revision(
                1,
                "base",
                "CREATE TABLE seen (id integer PRIMARY KEY, who varchar(20));",
                "DROP TABLE seen;",
            ),
        ),
        ("2_left.sql", revision(2, "1_seen", &eve, "DELETE FROM seen WHERE id = 20;")),
        ("3_right.sql", revision(3, "1_seen", "CREATE TABLE r (id integer);", "DROP TABLE r;")),
        ("4_merge.sql", revision(4, "2_left, 3_right", "CREATE TABLE m (id integer);", "DROP TABLE m;")),
        ("5_aside.sql", revision(5, "3_right", "CREATE VIEW v AS SELECT id FROM r;", "DROP VIEW v;")),
    ];
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("migrations")).unwrap();
    std::fs::write(folder.path().join("dunlin.toml"), toml).unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join("migrations").join(name), text).unwrap();
    }
    folder
}

/// What a database holds, and what is recorded in it.
async fn state(db: &TestDb) -> String {
    let seen = "SELECT id, who FROM seen ORDER BY id";
    let seen =
        if db.tables().await.iter().any(|table| table == "seen") { db.query(seen).await } else { Vec::new() };
    format!("{}{}{seen:?}", dumped(db).await, rows(db).await)
}

async fn same_as_live(db: &TestDb) {
    let project = project(db.kind);
    let dunlin = |db: &TestDb, line: &str| {
        let mut args: Vec<_> = line.split(' ').chain(["-q", "--url", &db.url]).collect();
        // Its URL is one of MySQL's.
        if db.kind == Kind::Mariadb && line.ends_with("--sql") {
            args.extend(["--dialect", "mariadb"]);
        }
        let output = run(&dunlin(), project.path(), &args);
        check(&output, 0, "");
        stdout(&output)
    };
    dunlin(db, "upgrade heads");
    let live = state(db).await;
    assert!(
        live.contains("[Some(\"20\"), Some(\"4000\")]") && live.contains("[Some(\"4\"), Some(\"3000\")]"),
        "{live}"
    );
    // Half of the way back, and all of it.
    run_script(db, &dunlin(db, "downgrade heads:1_seen --sql")).await;
    let half = state(db).await;
    run_script(db, &dunlin(db, "downgrade 1_seen:base --sql")).await;
    let empty = state(db).await;
    with_database(db.kind, async |db| {
        run_script(db, &dunlin(db, "upgrade base:2_left,3_right --sql")).await;
        run_script(db, &dunlin(db, "upgrade 2_left,3_right:heads --sql")).await;
        assert_eq!(state(db).await, live);
        dunlin(db, "downgrade 1_seen");
        assert_eq!(state(db).await, half);
        dunlin(db, "downgrade base");
        assert_eq!(state(db).await, empty);
    })
    .await;
}

on_every_server!(a_project_s_script_does_what_its_run_does, same_as_live);
