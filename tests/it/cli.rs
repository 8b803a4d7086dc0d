//! The command line, as a user types it.

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
    let args =
        |command: &[&'static str]| [command, &["--json", "--quiet", "--url", "sqlite://shop.db"]].concat();
    let report = json(&shop(folder, &args(&["upgrade", "20261122_08"])));
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
    check(&shop(&below, &["downgrade", "--env", "safe"]), 2, "add --yes if you mean it");
    check(&shop(&below, &["downgrade", "--env", "safe", "--yes"]), 0, "undone");
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

/// `dunlin` by itself has no migrations in this version, says so, and can still tell what history says and undo it.
#[test]
fn dunlin_without_code() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let url = ["--url", "sqlite://shop.db"];
    check(&shop(folder, &["upgrade", url[0], url[1]]), 0, "applied");
    let bare = |args: &[&str]| run(&dunlin(), folder, &[args, &url].concat());
    check(&bare(&["upgrade"]), 2, "no migrations to work with");
    check(&bare(&["status"]), 0, "missing  20261122_071300_create_users");
    check(&bare(&["downgrade", "base"]), 0, "undone 20261122_071300_create_users");
    check(&bare(&["--version"]), 0, "dunlin");
}

/// The binary that stands beside the shop's; cargo names only those of this package.
fn dunlin() -> String {
    let shop = Path::new(env!("CARGO_BIN_EXE_shop"));
    let path = shop.with_file_name("dunlin");
    assert!(path.exists(), "build it first: cargo build --all-features (scripts/test does)");
    path.to_str().unwrap().to_owned()
}
