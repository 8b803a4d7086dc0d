//! The command line, as a user types it.

mod failures;
mod graph;
mod init;
mod interrupt;
mod offline;
mod secrets;
mod terminal;
mod transcripts;
mod waiting;
mod words;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Runs a program in a folder, without the environment variables that it reads.
fn run(program: &str, folder: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(program);
    command.current_dir(folder).args(args).stdin(Stdio::null());
    for variable in ["DUNLIN_ENV", "DUNLIN_CONFIG", "SHOP_URL"] {
        command.env_remove(variable);
    }
    command.output().unwrap()
}

fn shop(folder: &Path, args: &[&str]) -> Output {
    run(env!("CARGO_BIN_EXE_shop"), folder, args)
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
fn check(output: &Output, code: i32, says: &str) {
    let all = format!("{}{}", stdout(output), stderr(output));
    assert_eq!(output.status.code(), Some(code), "{all}");
    assert!(all.contains(says), "{all}");
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", stdout(output)))
}

#[test]
fn goes_up_and_down() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let url = ["--url", "sqlite://shop.db"];
    // What only reads creates nothing.
    check(&shop(folder, &["status", url[0], url[1]]), 0, "pending  20261122_071300_create_users");
    check(&shop(folder, &["upgrade", "--plan", url[0], url[1]]), 0, "CREATE TABLE \"users\"");
    assert!(!folder.join("shop.db").exists());

    let output = shop(folder, &[url[0], url[1], "upgrade", "+2"]);
    check(&output, 0, "[2/2] up 20261122_080000_create_posts");
    assert_eq!(stdout(&output).lines().count(), 2, "results go to stdout: {}", stdout(&output));
    check(&shop(folder, &["up", url[0], url[1]]), 0, "applied 20261124_110000_drop_profile");
    check(&shop(folder, &["upgrade", "head", url[0], url[1]]), 0, "nothing to do");
    check(&shop(folder, &["down", url[0], url[1]]), 0, "undone 20261124_110000_drop_profile");
    check(&shop(folder, &["downgrade", "-2", url[0], url[1]]), 0, "undone 20261123_090000_add_profile");
    check(
        &shop(folder, &["stamp", "head", url[0], url[1]]),
        0,
        "stamped as applied 20261124_110000_drop_profile",
    );
    check(&shop(folder, &["downgrade", "-9", url[0], url[1]]), 2, "5 revisions are applied");
}

#[test]
fn speaks_json() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let args = |command: &[&'static str]| [command, &["--json", "--url", "sqlite://shop.db"]].concat();
    let read = shop(folder, &args(&["status"]));
    assert_eq!(
        (read.status.code(), stderr(&read)),
        (Some(0), String::new()),
        "no file is there, and none is needed"
    );
    let done = shop(folder, &args(&["upgrade", "20261122_08"]));
    assert_eq!(stderr(&done), "", "stderr is for a failure alone");
    let report = json(&done);
    assert_eq!(report["done"][1]["id"], "20261122_080000_create_posts");
    let status = json(&shop(folder, &args(&["status"])));
    let status = status.as_array().unwrap();
    assert_eq!((&status[0]["state"], &status[2]["state"]), (&"applied".into(), &"pending".into()));
    for key in ["id", "message", "revises", "depends_on", "branch_labels", "applied_at", "state"] {
        assert!(status[0].get(key).is_some(), "{key}");
    }
    let at = status[0]["applied_at"].as_str().unwrap();
    assert_eq!((at.len(), at.ends_with('Z')), (27, true), "{at}");
    assert!(status[2]["applied_at"].is_null());
    let plan = json(&shop(folder, &args(&["upgrade", "--plan"])));
    assert_eq!(plan[0]["direction"], "up");
    let failed = shop(folder, &args(&["upgrade", "nonsense"]));
    assert_eq!((failed.status.code(), failed.stdout.len()), (Some(2), 0));
    let failure: Value = serde_json::from_slice(&failed.stderr).unwrap();
    assert_eq!(failure["error"], "revision nonsense is unknown here");
}

/// Environments come from dunlin.toml, found from any folder below it; a SQLite file is seen from there.
#[test]
fn reads_environments() {
    let folder = tempfile::tempdir().unwrap();
    let below = folder.path().join("src/deep");
    std::fs::create_dir_all(&below).unwrap();
    let toml = "revisions = \"migrations\"\n[env.development]\nurl = \"sqlite://dev.db\"\n\
                [env.production]\nurl = \"${SHOP_URL}\"\nprotected = true\n\
                [env.safe]\nurl = \"sqlite://safe.db\"\nprotected = true\n";
    std::fs::write(folder.path().join("dunlin.toml"), toml).unwrap();
    check(&shop(&below, &["upgrade"]), 0, "applied");
    assert!(folder.path().join("dev.db").exists() && !below.join("dev.db").exists());
    check(
        &shop(&below, &["status", "--env", "production"]),
        2,
        "needs the variable SHOP_URL, which isn't set",
    );
    check(&shop(&below, &["status", "--env", "staging"]), 2, "choose one of development, production, safe");
    check(&shop(&below, &["upgrade", "--env", "safe"]), 0, "applied");
    check(&shop(&below, &["downgrade", "--env", "safe"]), 2, "add --force if you mean it");
    // Its URL is protected as much as its name.
    check(&shop(&below, &["redo", "--url", "sqlite://../../safe.db"]), 2, "environment safe is protected");
    check(&shop(&below, &["stamp", "base", "--env", "safe"]), 2, "environment safe is protected");
    check(&shop(&below, &["downgrade", "--env", "safe", "--force"]), 0, "undone");
    std::fs::write(folder.path().join("dunlin.toml"), "revision = \"typo\"").unwrap();
    check(&shop(&below, &["status"]), 2, "unknown field `revision`");
}

/// Each failure says what failed, what is now true and what to do, and never shows a password.
#[test]
fn failures_have_three_parts() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    check(&shop(folder, &["status"]), 2, "give --url URL");
    check(&shop(folder, &["frobnicate"]), 2, "unrecognized subcommand");
    check(&shop(folder, &["status", "--url", "oracle://scott:tiger@host/db"]), 2, "unknown scheme oracle");
    check(
        &shop(folder, &["upgrade", "--url", "sqlite://missing/folder/x.db"]),
        1,
        "the folder missing/folder doesn't exist",
    );
    let output = shop(folder, &["status", "--url", "postgres://u:s3cret@127.0.0.1:1/db"]);
    check(&output, 1, "failed to connect to postgres://u@127.0.0.1:1/db");
    check(&output, 1, "now: nothing was changed");
    assert!(!stderr(&output).contains("s3cret"));
    std::fs::write(
        folder.join("text.db"),
        "this is no database, but long enough to look like a file of something",
    )
    .unwrap();
    check(&shop(folder, &["upgrade", "--url", "sqlite://text.db"]), 1, "file is not a database");
}

/// `dunlin` by itself runs the folder of SQL files that it finds, and tells without one what history says.
#[test]
fn dunlin_without_code() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bare = |args: &[&str]| run(&dunlin(), folder, &[args, &["--url", "sqlite://shop.db"]].concat());
    check(&shop(folder, &["upgrade", "--url", "sqlite://shop.db"]), 0, "applied");
    check(&bare(&["status"]), 0, "missing  20261122_071300_create_users");
    check(&bare(&["upgrade"]), 2, "there is no folder migrations");
    check(&bare(&["status", "--revisions", "nowhere"]), 2, "there is no folder nowhere");
    check(&bare(&["downgrade"]), 0, "undone 20261124_110000_drop_profile");
    check(&bare(&["--version"]), 0, "dunlin");
}

/// Files of SQL, without a line of Rust: found beside `dunlin.toml`, run, and a mistake shown where it is.
#[test]
fn runs_files() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("migrations")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join("migrations").join(name), text).unwrap();
    let toml = "[env.development]\nurl = \"sqlite://dev.db\"\n[session]\nsqlite = [\"PRAGMA recursive_triggers = ON\"]\n";
    std::fs::write(folder.join("dunlin.toml"), toml).unwrap();
    write("0001_users.sql", "CREATE TABLE users (id integer);\n-- dunlin: down\nDROP TABLE users;\n");
    write("0002_posts.sql", "CREATE TABLE posts (id integer);\nINSERT INTO posts\nVALUES (1, 2);\n");
    let bare = |args: &[&str]| run(&dunlin(), folder, args);
    check(&bare(&["upgrade", "--plan"]), 0, "-- up 0002_posts\nCREATE TABLE posts (id integer);");
    assert!(!folder.join("dev.db").exists());
    let failed = bare(&["upgrade"]);
    check(&failed, 1, "statement 2 of 2 failed");
    check(&failed, 1, "0002_posts.sql:2:1\n        |\n      2 | INSERT INTO posts\n        | ^");
    check(&failed, 1, "nothing of revision 0002_posts was kept; revision 0001_users stays applied");
    let failed: Value = serde_json::from_slice(&bare(&["upgrade", "--json"]).stderr).unwrap();
    assert_eq!(failed["place"]["file"], "0002_posts.sql");
    assert_eq!((&failed["place"]["line"], &failed["place"]["offset_bytes"]), (&2.into(), &33.into()));
    write("0002_posts.sql", "CREATE TABLE posts (id integer);\n");
    check(&bare(&["upgrade"]), 0, "applied 0002_posts");
    let status = json(&bare(&["status", "--json"]));
    assert_eq!((&status[1]["id"], &status[1]["revises"][0]), (&"0002_posts".into(), &"0001_users".into()));
    check(&bare(&["downgrade"]), 1, "its file has no way down");
    write("0001_users.sql", "CREATE TABLE users (id integer, name text);\n");
    check(&bare(&["status"]), 0, "edited   0001_users");
    std::fs::write(folder.join("migrations/0003_step.sql"), "SELECT 'it never ends;\n").unwrap();
    check(&bare(&["upgrade"]), 1, "0003_step.sql:1:8: the string that begins here never ends");
    std::fs::write(
        folder.join("dunlin.toml"),
        "[session]\nsqlite = [\"nonsense\"]\n[env.a]\nurl = \"sqlite://dev.db\"\n",
    )
    .unwrap();
    check(&bare(&["status"]), 2, "mend [session] in dunlin.toml");
}

/// Variables are filled only where `dunlin.toml` turns them on, and their values are never shown.
#[test]
fn fills_variables() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("migrations")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let toml = |more: &str| {
        let env = "[env.development]\nurl = \"sqlite://dev.db\"\n[env.other]\nurl = \"sqlite://other.db\"\n";
        write("dunlin.toml", &format!("{env}{more}"));
    };
    write("migrations/01_t.sql", "CREATE TABLE ${table} (word text DEFAULT '${env:SHOP_URL}');\n");
    let bare = |args: &[&str]| {
        let mut command = Command::new(dunlin());
        command.current_dir(folder).args(args).env("SHOP_URL", "s3cret-word").env_remove("DUNLIN_ENV");
        command.output().unwrap()
    };
    toml("");
    check(&bare(&["upgrade"]), 1, "unrecognized token");
    toml("[variables]\n");
    let unset = bare(&["upgrade"]);
    check(&unset, 1, "01_t.sql:1:14: the variable ${table} isn't set");
    check(&unset, 1, "now: nothing was changed");
    toml("[variables]\ntable = \"${NOT_SET}\"\n");
    check(
        &bare(&["upgrade"]),
        2,
        "variable table of [variables] needs NOT_SET of the environment, which isn't set",
    );
    toml("[variables]\ntable = \"t_${SHOP_URL\"\n");
    check(&bare(&["upgrade"]), 2, "without its }");
    toml("[variables]\ntable = \"here\"\n[env.other.variables]\ntable = \"t '${SHOP_URL}\"\n");
    let plan = bare(&["upgrade", "--plan"]);
    check(&plan, 0, "CREATE TABLE ${table} (word text DEFAULT '${env:SHOP_URL}')");
    let failed = bare(&["upgrade", "--env", "other"]);
    check(&failed, 1, "01_t.sql:1:");
    let done = bare(&["upgrade"]);
    check(&done, 0, "applied 01_t");
    for output in [plan, failed, done, bare(&["upgrade", "--env", "other", "--json"])] {
        assert!(!format!("{}{}", stdout(&output), stderr(&output)).contains("s3cret"), "{}", stderr(&output));
    }
    write(
        "migrations/02_u.sql",
        "INSERT INTO here DEFAULT VALUES;\nINSERT INTO here VALUES ('${env:SHOP_URL}', 2);\n",
    );
    check(&bare(&["upgrade"]), 1, "02_u.sql:2:");
    // A folder of Flyway's has its placeholders filled, as Flyway does.
    std::fs::create_dir(folder.join("flyway")).unwrap();
    write(
        "flyway/V1__a.sql",
        "CREATE TABLE ${flyway:defaultSchema}.${Table} (word text DEFAULT '${flyway:filename}');\n",
    );
    let flyway = ["upgrade", "--revisions", "flyway", "--url", "sqlite://flyway.db"];
    check(&bare(&flyway), 0, "applied V1__a");
    toml("");
    check(
        &bare(&["upgrade", "--revisions", "flyway", "--url", "sqlite://new.db"]),
        1,
        "V1__a.sql:1:38: the variable ${Table}",
    );
    write("dunlin.toml", "variables = false\n");
    write("flyway/V1__a.sql", "CREATE TABLE t (word text DEFAULT '${Table}');\n");
    check(&bare(&["upgrade", "--revisions", "flyway", "--url", "sqlite://new.db"]), 0, "applied V1__a");
}

/// A run is one transaction where the project says so: all or nothing, and what can't be in it is named before anything runs.
#[test]
fn a_run_is_one_transaction() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bare = |args: &[&str]| run(&dunlin(), folder, args);
    check(&bare(&["init"]), 0, "wrote dunlin.toml");
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let toml = std::fs::read_to_string(folder.join("dunlin.toml")).unwrap();
    write("dunlin.toml", &format!("transaction = \"run\"\n{toml}"));
    write("migrations/01_a.sql", "CREATE TABLE a (id integer);\n-- dunlin: down\nDROP TABLE a;\n");
    write("migrations/02_b.sql", "CREATE TABLE b (id integer);\n-- dunlin: down\nDROP TABLE nothing;\n");
    write("migrations/03_c.sql", "INSERT INTO nothing VALUES (1);\n");
    let failed = bare(&["upgrade"]);
    check(&failed, 1, "03_c.sql:1:1");
    check(&failed, 1, "now: nothing of the run was kept\n");
    for state in ["pending  01_a", "pending  02_b", "failed   03_c"] {
        check(&bare(&["status"]), 0, state);
    }
    write("migrations/03_c.sql", "INSERT INTO a VALUES (1);\n-- dunlin: down\nDELETE FROM a;\n");
    check(&bare(&["upgrade"]), 0, "applied 03_c");
    check(&bare(&["downgrade", "base"]), 1, "now: nothing of the run was kept\n");
    for state in ["applied  01_a", "applied  02_b", "its undo failed, and left nothing\napplied  03_c"] {
        check(&bare(&["status"]), 0, state);
    }
    write("migrations/04_d.sql", "CREATE TABLE d (id integer);\n");
    write("migrations/05_e.sql", "VACUUM;\n");
    let refused = bare(&["upgrade"]);
    check(&refused, 1, "revision 05_e: it can't be in the run's one transaction: it can't hold VACUUM");
    check(&refused, 1, "now: nothing was changed");
    write("migrations/05_e.sql", "PRAGMA foreign_keys = OFF;\nCREATE TABLE e (id integer);\n");
    check(&bare(&["upgrade"]), 1, "foreign_keys must be otherwise for 04_d");
    check(&bare(&["upgrade", "+1"]), 0, "applied 04_d");
    check(&bare(&["upgrade"]), 0, "applied 05_e");
    write("dunlin.toml", &format!("transaction = \"all\"\n{toml}"));
    check(&bare(&["status"]), 2, "unknown variant `all`");
}

/// An undo that failed and was rolled back is a remark on a revision that stands as it stood.
#[test]
fn an_undo_that_left_nothing_leaves_a_revision_applied() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bare = |args: &[&str]| run(&dunlin(), folder, args);
    check(&bare(&["init"]), 0, "wrote dunlin.toml");
    let write = |text: &str| std::fs::write(folder.join("migrations/01_a.sql"), text).unwrap();
    write("CREATE TABLE a (id integer);\n-- dunlin: down\nDROP TABLE nothing;\n");
    check(&bare(&["up"]), 0, "applied 01_a");
    check(&bare(&["down"]), 1, "nothing of revision 01_a was kept");
    check(&bare(&["status"]), 0, "its undo failed, and left nothing");
    let status = json(&bare(&["status", "--json"]));
    assert_eq!((&status[0]["state"], &status[0]["undo_failed"]), (&"applied".into(), &true.into()));
    let checked = bare(&["check"]);
    check(&checked, 0, "nothing is pending");
    assert!(checked.stdout.is_empty(), "{}", stdout(&checked));
    write("CREATE TABLE a (id bigint);\n-- dunlin: down\nDROP TABLE a;\n");
    check(&bare(&["status"]), 0, "edited   01_a");
    check(&bare(&["down"]), 0, "undone 01_a");
    check(&bare(&["up"]), 0, "applied 01_a");
    assert_eq!(json(&bare(&["status", "--json"]))[0]["undo_failed"], false);
}

/// `check` tells what is pending from what isn't what was applied, and finds either.
#[test]
fn a_check_finds_what_is_not_what_was_applied() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bare = |args: &[&str]| run(&dunlin(), folder, args);
    check(&bare(&["init"]), 0, "wrote dunlin.toml");
    let path = |name: &str| folder.join("migrations").join(format!("{name}.sql"));
    for name in ["01_a", "02_b"] {
        std::fs::write(path(name), format!("CREATE TABLE t{name} (id integer);\n")).unwrap();
    }
    check(&bare(&["up"]), 0, "applied 02_b");
    let checked = bare(&["check"]);
    assert_eq!((checked.status.code(), stderr(&checked)), (Some(0), "nothing is pending\n".to_owned()));
    let quiet = bare(&["check", "-q"]);
    assert_eq!((quiet.status.code(), stderr(&quiet)), (Some(0), String::new()));
    std::fs::write(path("01_a"), "CREATE TABLE other (id integer);\n").unwrap();
    let edited = bare(&["check"]);
    check(&edited, 3, "warning: edited since they were applied: 01_a\nerror: revision 01_a is edited");
    check(&edited, 3, "next: put back what was edited");
    std::fs::remove_file(path("02_b")).unwrap();
    let both = bare(&["check"]);
    check(&both, 3, "warning: applied, and unknown here: 02_b\nerror: 2 revisions aren't what was applied");
    std::fs::write(path("03_c"), "CREATE TABLE c (id integer);\n").unwrap();
    let all = bare(&["check"]);
    check(&all, 3, "error: 1 revision is pending, and 2 aren't what was applied");
    check(&all, 3, "next: `dunlin upgrade heads` applies all that is pending; put back");
    let found = json(&bare(&["check", "--json"]));
    let states: Vec<_> = found.as_array().unwrap().iter().map(|status| &status["state"]).collect();
    assert_eq!(states, ["edited", "pending", "missing"]);
}

pub(crate) fn dunlin() -> String {
    let shop = Path::new(env!("CARGO_BIN_EXE_shop"));
    let path = shop.with_file_name("dunlin");
    assert!(path.exists(), "build it first: cargo build --all-features (scripts/test does)");
    path.to_str().unwrap().to_owned()
}
