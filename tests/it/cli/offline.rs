//! Scripts on their way to stdout: in pieces, whole or not at all.

use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{check, dunlin, json, run, stderr, stdout};

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
