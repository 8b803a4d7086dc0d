//! A SQLite file that another connection is at: it is waited for.

use std::path::Path;
use std::process::Output;
use std::time::Duration;

use dunlin::drivers::rusqlite::Connection;

use super::{check, dunlin, run, stderr};

/// A project with one revision applied and another one pending.
fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("1_a.sql", "CREATE TABLE a (id integer);\n-- dunlin: down\nDROP TABLE a;\n");
    check(&go(folder.path(), &["up"]), 0, "applied 1_a");
    write("2_b.sql", "CREATE TABLE b (id integer);\n-- dunlin: down\nDROP TABLE b;\n");
    folder
}

fn go(folder: &Path, args: &[&str]) -> Output {
    run(&dunlin(), folder, &[args, &["--url", "sqlite://x.db", "--revisions", "."]].concat())
}

/// Holds the file by these statements for a while, and does something meanwhile.
fn beside<T>(folder: &Path, holds: &str, work: impl FnOnce() -> T) -> T {
    let conn = Connection::open(folder.join("x.db")).unwrap();
    conn.execute_batch(holds).unwrap();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(Duration::from_millis(1500));
            conn.execute_batch("COMMIT").unwrap();
        });
        work()
    })
}

const READS: &str = "BEGIN; SELECT count(*) FROM a";
const WRITES: &str = "BEGIN EXCLUSIVE";

#[test]
fn a_reader_is_waited_for() {
    let project = project();
    let folder = project.path();
    let output = beside(folder, READS, || go(folder, &["up"]));
    check(&output, 0, "applied 2_b");
    assert!(stderr(&output).contains("waiting"), "{}", stderr(&output));
    check(&beside(folder, READS, || go(folder, &["redo"])), 0, "applied 2_b");
    check(&beside(folder, READS, || go(folder, &["stamp", "1_a"])), 0, "stamped as pending 2_b");
    check(&beside(folder, READS, || go(folder, &["stamp", "2_b"])), 0, "stamped as applied 2_b");
    check(&beside(folder, READS, || go(folder, &["down"])), 0, "undone 2_b");
    check(&go(folder, &["status"]), 0, "pending  2_b");
}

/// So is one when Dunlin's own tables are made, and when a run is one transaction.
#[test]
fn a_reader_is_waited_for_by_the_first_run() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    Connection::open(folder.join("x.db")).unwrap().execute_batch("CREATE TABLE a (id integer)").unwrap();
    std::fs::write(folder.join("1_b.sql"), "CREATE TABLE b (id integer);\n").unwrap();
    check(&beside(folder, READS, || go(folder, &["ensure_version"])), 0, "created Dunlin's own tables");
    std::fs::write(folder.join("dunlin.toml"), "transaction = \"run\"\n").unwrap();
    check(&beside(folder, READS, || go(folder, &["up"])), 0, "applied 1_b");
}

#[test]
fn who_has_the_file_to_itself_is_waited_for() {
    let project = project();
    let folder = project.path();
    let output = beside(folder, WRITES, || go(folder, &["status"]));
    check(&output, 0, "pending  2_b");
    assert!(stderr(&output).contains("waiting"), "{}", stderr(&output));
    check(&beside(folder, WRITES, || go(folder, &["up"])), 0, "applied 2_b");
}

/// Who doesn't want to wait is told what is in the way, and that nothing is wrong with the revision.
#[test]
fn nobody_waits_longer_than_was_said() {
    let project = project();
    let folder = project.path();
    for (holds, says) in [(READS, "database is locked"), (WRITES, "another connection holds the lock")] {
        let output = beside(folder, holds, || go(folder, &["up", "--lock-timeout", "0", "--json"]));
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        let failure: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
        let said = |key: &str| failure[key].as_str().unwrap_or_default().to_owned();
        assert!(failure.to_string().contains(says), "{failure}");
        assert!(said("next").starts_with("wait until"), "{failure}");
        assert!(!failure.to_string().contains("correct the revision"), "{failure}");
    }
    check(&go(folder, &["up"]), 0, "applied 2_b");
}
