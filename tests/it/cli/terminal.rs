//! What a person at a terminal sees, on a pseudo-terminal.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use super::{check, dunlin, run};

/// How wide the terminal is.
const COLUMNS: u16 = 100;

/// Runs `dunlin` on a terminal on which someone types, and gives its exit code and all that it showed.
fn on_terminal(folder: &Path, args: &[&str], types: &str, env: &[(&str, &str)]) -> (Option<i32>, String) {
    show(folder, args, types, env, None)
}

/// The same, interrupted as soon as it shows that text.
fn interrupted(folder: &Path, args: &[&str], at: &str) -> (Option<i32>, String) {
    show(folder, args, "", &[], Some(at))
}

fn show(
    folder: &Path,
    args: &[&str],
    types: &str,
    env: &[(&str, &str)],
    mut interrupt_at: Option<&str>,
) -> (Option<i32>, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let size = Winsize { ws_row: 24, ws_col: COLUMNS, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    let name = ptsname(&terminal, Vec::new()).unwrap();
    let programs_end = || File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let mut command = Command::new(dunlin());
    command
        .current_dir(folder)
        .args(args)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .env_remove("DUNLIN_ENV");
    command.envs(env.iter().copied());
    let interrupt = |child: &Child| {
        let ended = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
        assert!(ended.success());
    };
    let mut child =
        command.stdin(programs_end()).stdout(programs_end()).stderr(programs_end()).spawn().unwrap();
    // Its own ends of the terminal must close with it.
    drop(command);
    let mut terminal = File::from(terminal);
    terminal.write_all(types.as_bytes()).unwrap();
    let mut shown = Vec::new();
    let mut part = [0; 4096];
    // On Linux the end of a terminal without a program is an error.
    while let Ok(count @ 1..) = terminal.read(&mut part) {
        shown.extend_from_slice(&part[..count]);
        if interrupt_at.take_if(|at| String::from_utf8_lossy(&shown).contains(*at)).is_some() {
            interrupt(&child);
        }
    }
    (child.wait().unwrap().code(), String::from_utf8(shown).unwrap())
}

fn project(folder: &Path) {
    std::fs::create_dir(folder.join("migrations")).unwrap();
    let toml = "[env.development]\nurl = \"sqlite://dev.db\"\n[env.live]\nurl = \"sqlite://live.db\"\nprotected = true\n";
    std::fs::write(folder.join("dunlin.toml"), toml).unwrap();
    for name in ["01_a", "02_b"] {
        let text = format!("CREATE TABLE t{name} (id integer);\n-- dunlin: down\nDROP TABLE t{name};\n");
        std::fs::write(folder.join("migrations").join(format!("{name}.sql")), text).unwrap();
    }
}

/// Colour and a bar that goes away at the end; with `NO_COLOR` no colour; in a pipe neither.
#[test]
fn shows_colour_and_a_bar() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    project(folder);
    let (code, shown) = on_terminal(folder, &["up"], "", &[]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("[0/2]") && shown.contains("up 01_a"), "a bar: {shown:?}");
    assert!(shown.contains("\u{1b}[32mapplied 02_b\u{1b}[0m"), "colour: {shown:?}");
    let last = shown.rfind("[1/2]").or(shown.rfind("[2/2]")).unwrap();
    assert!(shown[last..].contains("\u{1b}[2K"), "the bar is cleared: {shown:?}");
    let (_, shown) = on_terminal(folder, &["status"], "", &[]);
    assert!(shown.contains("\u{1b}[32mapplied "), "{shown:?}");
    let (code, shown) = on_terminal(folder, &["down"], "", &[("NO_COLOR", "1")]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("undone 02_b") && !shown.contains("\u{1b}[32m"), "{shown:?}");
    let piped = run(&dunlin(), folder, &["up"]);
    check(&piped, 0, "applied 02_b");
    assert!(![piped.stdout, piped.stderr].concat().contains(&0x1b));
}

/// No line of a drawing is wider than the terminal; in a pipe all are whole.
#[test]
fn a_drawing_fits_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    project(folder);
    let long = format!("03_{}", "ä".repeat(120));
    std::fs::write(folder.join(format!("migrations/{long}.sql")), "SELECT 1;\n").unwrap();
    let args = ["history", "--graph", "-i", "-v"];
    let (code, shown) = on_terminal(folder, &args, "", &[]);
    assert_eq!(code, Some(0), "{shown}");
    let drawn: Vec<_> = shown.lines().filter(|line| line.contains(['●', '○'])).collect();
    assert_eq!(drawn.len(), 3, "{shown}");
    let widest = drawn.iter().map(|line| line.trim_end().chars().count()).max();
    assert_eq!((widest, drawn[0].trim_end().ends_with('…')), (Some(COLUMNS.into()), true), "{shown}");
    check(&run(&dunlin(), folder, &args), 0, &format!("pending  {long} (head)"));
}

/// What a file of SQL is busy with is named while it goes on.
#[test]
fn names_a_long_statement() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    project(folder);
    std::fs::write(folder.join("migrations/01_a.sql"), slow(2_000_000)).unwrap();
    let (code, shown) = on_terminal(folder, &["up"], "", &[]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("01_a, statement 1: WITH RECURSIVE"), "{shown:?}");
    assert!(!shown.contains(" MiB"), "{shown:?}");
}

/// A statement of SQLite's that counts so far.
fn slow(to: u64) -> String {
    format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {to}) SELECT count(*) FROM n;\n"
    )
}

/// Ctrl-C clears the bar, says what is true and what to do, and leaves nothing of the revision.
#[test]
fn an_interrupt_ends_a_run_in_order() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    project(folder);
    let path = folder.join("migrations/02_b.sql");
    std::fs::write(&path, format!("CREATE TABLE b (id integer);\n{}", slow(1 << 50))).unwrap();
    let (code, shown) = interrupted(folder, &["up"], "02_b, statement 2");
    assert_eq!(code, Some(130), "{shown}");
    let end = &shown[shown.rfind("\u{1b}[2K").expect("the bar is cleared")..];
    assert!(end.contains("interrupted while revision 02_b was at work"), "{shown:?}");
    let now = "revisions that were finished stay; the transaction that was at work is rolled back";
    assert!(shown.contains("applied 01_a"), "{shown:?}");
    assert!(end.contains(now) && end.contains("`dunlin status`"), "{shown:?}");
    check(&run(&dunlin(), folder, &["status"]), 0, "pending  02_b");
    std::fs::write(&path, "CREATE TABLE b (id integer);\n").unwrap();
    check(&run(&dunlin(), folder, &["up", "--lock-timeout", "0"]), 0, "applied 02_b");
}

/// A protected environment asks for its name; with `--json` it never asks.
#[test]
fn asks_for_a_protected_environments_name() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    project(folder);
    check(&run(&dunlin(), folder, &["up", "--env", "live"]), 0, "applied 02_b");
    let down = ["down", "--env", "live"];
    let (code, shown) = on_terminal(folder, &down, "development\n", &[]);
    assert_eq!(code, Some(2), "{shown}");
    assert!(
        shown.contains("environment live is protected") && shown.contains("nothing was changed"),
        "{shown}"
    );
    assert!(shown.contains("it undoes 02_b"), "{shown}");
    // The end of what is typed: the error stands on a line of its own.
    let (code, shown) = on_terminal(folder, &down, "\u{4}", &[("NO_COLOR", "1")]);
    assert_eq!(code, Some(2), "{shown}");
    assert!(shown.contains("go on: \r\nerror: "), "{shown:?}");
    let (code, shown) = on_terminal(folder, &[&down[..], &["--json"]].concat(), "", &[]);
    assert_eq!(code, Some(2), "{shown}");
    assert!(!shown.contains("type its name"), "{shown}");
    let (code, shown) = on_terminal(folder, &down, "live\n", &[]);
    assert_eq!(code, Some(0), "{shown}");
    assert!(shown.contains("type its name to go on: ") && shown.contains("undone 02_b"), "{shown}");
}
