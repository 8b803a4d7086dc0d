//! The commands about the graph of revisions, on a folder of files.

use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::{check, dunlin, json, run, stderr, stdout};

/// A folder with a project in it.
pub(super) struct Project(tempfile::TempDir);

impl Project {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("migrations")).unwrap();
        std::fs::write(folder.path().join("dunlin.toml"), "[env.development]\nurl = \"sqlite://dev.db\"\n")
            .unwrap();
        let project = Self(folder);
        files.iter().for_each(|(name, text)| project.write(name, text));
        project
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path().join("migrations").join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path().join("migrations").join(name)).unwrap()
    }

    pub(super) fn files(&self) -> Vec<String> {
        let files = std::fs::read_dir(self.path().join("migrations")).unwrap();
        let mut files: Vec<_> =
            files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        files.sort();
        files
    }

    pub(super) fn run(&self, args: &[&str]) -> Output {
        run(&dunlin(), self.path(), args)
    }

    /// What a command that goes well prints.
    #[track_caller]
    pub(super) fn prints(&self, args: &[&str], expected: &str) {
        let output = self.run(args);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stdout(&output).trim_end(), expected.trim(), "{}", stderr(&output));
    }

    #[track_caller]
    pub(super) fn refuses(&self, args: &[&str], code: i32, says: &str, next: &str) {
        let output = self.run(args);
        check(&output, code, says);
        assert!(stderr(&output).contains(&format!("next: {next}")), "{}", stderr(&output));
    }
}

/// Two branches from one base, with tables called as their revisions.
fn fork() -> Project {
    let down =
        |table: &str| format!("CREATE TABLE {table} (id integer);\n-- dunlin: down\nDROP TABLE {table};\n");
    let one = format!("-- dunlin: branch-label one\n-- dunlin: revises 1_a\n{}", down("b"));
    let two = format!("-- dunlin: branch-label two\n-- dunlin: revises 1_a\n{}", down("c"));
    Project::new(&[("1_a.sql", &down("a")), ("2_b.sql", &one), ("3_c.sql", &two)])
}

#[test]
fn shows_the_graph() {
    let project = fork();
    project.prints(&["heads"], "2_b (one)\n3_c (two)");
    project.prints(&["branches"], "1_a\n  -> 2_b (one) (head)\n  -> 3_c (two) (head)");
    project.prints(&["history"], "1_a -> 3_c (two) (head)\n1_a -> 2_b (one) (head)\nbase -> 1_a");
    project.prints(&["history", "-r", "one:"], "1_a -> 2_b (one) (head)");
    project.prints(&["history", "--graph"], "● 3_c (two) (head)\n│ ● 2_b (one) (head)\n├─╯\n○ 1_a");
    project.prints(
        &["show", "one"],
        "revision   2_b\nmessage    b\nrevises    1_a\nnext       none: it is a head\nbranches   one\nfile       migrations/2_b.sql",
    );
    project.refuses(&["history", "-r", "1_a"], 2, "1_a isn't a range", "`1_a:` is all from there on");
    project.refuses(&["history", "-r", "one:base"], 2, "base doesn't come after 2_b", "a range begins with");
    project.refuses(
        &["history", "-r", "heads:base"],
        2,
        "base doesn't come after 2_b",
        "a range begins with",
    );
    assert!(!project.path().join("dev.db").exists(), "no database was asked");
    project.refuses(&["show", "nope"], 2, "revision nope is unknown here", "`dunlin history`");
    project.refuses(&["show"], 2, "there are 2 heads: 2_b, 3_c", "name one, as in 2_b");
    project.refuses(&["upgrade"], 2, "there are 2 heads: 2_b, 3_c", "name one, as in 2_b");
    project.refuses(&["upgrade", "-1"], 2, "-1 is where a downgrade goes", "`dunlin downgrade` goes down");
    project.prints(&["current"], "");
    project.prints(&["upgrade", "two@head", "-q"], "applied 1_a\napplied 3_c");
    project.prints(&["current"], "3_c (two) (head)");
    project.refuses(&["current", "--check-heads"], 3, "head 2_b not applied", "`dunlin upgrade heads`");
    project.refuses(&["check"], 3, "revision 2_b is pending", "`dunlin upgrade heads`");
    project.prints(
        &["history", "-i", "-r", "1_a:heads"],
        "applied  1_a -> 3_c (two) (head) (current)\npending  1_a -> 2_b (one) (head)\napplied  base -> 1_a",
    );
    project.prints(&["history", "-r", "-1:current"], "1_a -> 3_c (two) (head)\nbase -> 1_a");
    project.prints(&["upgrade", "2_b,3_c", "-q"], "applied 2_b");
    project.prints(&["check"], "");
    project.prints(&["current", "--check-heads"], "2_b (one) (head)\n3_c (two) (head)");
    project.refuses(
        &["downgrade"],
        2,
        "-1 could go from 2_b or 3_c",
        "say in which branch: 2_b@-1 or 3_c@-1",
    );
    let plan = json(&project.run(&["redo", "one@-1", "--plan", "--json"]));
    let steps: Vec<_> =
        plan.as_array().unwrap().iter().map(|step| (&step["id"], &step["direction"])).collect();
    assert_eq!(steps, [(&"2_b".into(), &"down".into()), (&"2_b".into(), &"up".into())]);
    check(&project.run(&["redo", "one@-1", "--plan"]), 0, "-- up 2_b\nCREATE TABLE b");
    project.prints(&["redo", "one@-1", "-q"], "undone 2_b\napplied 2_b");
    project.prints(&["stamp", "one@base"], "stamped as pending 2_b");
    project.prints(&["stamp", "one", "two"], "stamped as applied 2_b");
    project.prints(&["ensure_version"], "nothing to do");
}

#[test]
fn a_dry_run_says_what_it_cant_try() {
    let alone = "-- dunlin: no-transaction\nCREATE TABLE a (id integer);\n";
    let project = Project::new(&[("1_a.sql", alone)]);
    let args = ["upgrade", "--dry-run"];
    project.refuses(&args, 1, "its statements stand alone", "a dry run is one transaction, and can't try it");
}

#[test]
fn speaks_json_of_the_graph() {
    let project = fork();
    let ids = |output: &Output| -> Vec<String> {
        let found = json(output);
        found.as_array().unwrap().iter().map(|found| found["id"].as_str().unwrap().to_owned()).collect()
    };
    for (args, expected) in [
        (["heads"].as_slice(), vec!["2_b", "3_c"]),
        (&["branches"], vec!["1_a"]),
        (&["history"], vec!["3_c", "2_b", "1_a"]),
        (&["show", "heads"], vec!["2_b", "3_c"]),
        (&["current"], vec![]),
        (&["status"], vec!["1_a", "2_b", "3_c"]),
    ] {
        let output = project.run(&[args, &["--json"]].concat());
        assert_eq!(ids(&output), expected, "{args:?}");
        for found in json(&output).as_array().unwrap() {
            for key in ["id", "message", "revises", "depends_on", "branch_labels"] {
                assert!(found.get(key).is_some(), "{key} of {args:?}");
            }
        }
    }
    assert!(json(&project.run(&["history", "--json"]))[0].get("state").is_none(), "no database was asked");
    project.run(&["upgrade", "one", "-q"]);
    let history = json(&project.run(&["history", "-i", "--json"]));
    assert_eq!((&history[0]["state"], &history[1]["state"]), (&"pending".into(), &"applied".into()));
    assert_eq!((history[0]["applied_at"].is_null(), history[1]["applied_at"].is_string()), (true, true));
    assert_eq!(ids(&project.run(&["current", "--json"])), ["2_b"]);
    let checked = project.run(&["check", "--json"]);
    assert_eq!((checked.status.code(), ids(&checked)), (Some(3), vec!["3_c".to_owned()]));
    let failure: Value = serde_json::from_slice(&checked.stderr).unwrap();
    assert_eq!(failure["exit_code"], 3);
    assert_eq!(json(&project.run(&["ensure_version", "--json"]))["created"], false);
}

/// Whatever is asked, with --json stdout is JSON or nothing, and so is what a failure says.
#[test]
fn every_command_speaks_json() {
    let project = fork();
    for (line, code) in [
        ("upgrade --plan heads", 0),
        ("upgrade heads", 0),
        ("downgrade one@base --plan", 0),
        ("redo one@-1", 0),
        ("stamp heads --purge", 0),
        ("merge -m all", 0),
        ("revision -m more", 0),
        ("upgrade base:heads --sql", 0),
        ("history --graph", 0),
        ("heads --resolve-dependencies", 0),
        ("current --check-heads", 3),
        ("check", 3),
        ("init", 2),
        ("edit nope", 2),
        ("adopt --from sqlx", 1),
        ("downgrade -99", 2),
        ("frobnicate", 2),
        ("", 2),
    ] {
        let output =
            project.run(&[&line.split_whitespace().collect::<Vec<_>>()[..], &["--json", "-q"]].concat());
        check(&output, code, "");
        if code == 0 || code == 3 {
            json(&output);
        } else {
            assert!(output.stdout.is_empty(), "{line}: {}", stdout(&output));
        }
        if code != 0 {
            let failure: Value = serde_json::from_slice(&output.stderr).unwrap();
            assert!(failure["error"].is_string() && failure["next"].is_string(), "{line}: {failure}");
            assert_eq!(failure["exit_code"], code, "{line}");
        }
    }
}

#[test]
fn writes_revisions() {
    let project = Project::new(&[]);
    let output = project.run(&["revision", "-m", "Add users!"]);
    check(&output, 0, "wrote migrations/2");
    let first = project.files().remove(0);
    assert!(
        first.ends_with("_add_users.sql") && first.len() == "20261122_071300_add_users.sql".len(),
        "{first}"
    );
    assert!(
        project.read(&first).starts_with("-- Add users!\n-- dunlin: revises base\n"),
        "{}",
        project.read(&first)
    );
    let first = first.strip_suffix(".sql").unwrap();
    project.prints(&["heads"], first);

    let project = fork();
    project.refuses(
        &["revision", "-m", "more"],
        2,
        "there are 2 heads: 2_b, 3_c",
        "say which one it comes after, as in --head 2_b",
    );
    project.refuses(
        &["revision", "-m", "more", "--head", "1_a"],
        2,
        "revision 1_a isn't a head: 2_b revises it",
        "add --splice",
    );
    project.refuses(&["revision"], 2, "a revision needs a message", "`dunlin revision -m");
    // Numbered files go on with the next number.
    project
        .prints(&["revision", "-m", "more of b", "--head", "one@head"], "wrote migrations/4_more_of_b.sql");
    assert!(project.read("4_more_of_b.sql").contains("-- dunlin: revises 2_b\n"));
    let args = [
        "revision",
        "-m",
        "aside",
        "--head",
        "1_a",
        "--splice",
        "--branch-label",
        "three",
        "--depends-on",
        "two",
    ];
    project.prints(&args, "wrote migrations/5_aside.sql");
    let text = project.read("5_aside.sql");
    for header in ["revises 1_a", "depends-on 3_c", "branch-label three"] {
        assert!(text.contains(&format!("-- dunlin: {header}\n")), "{text}");
    }
    project.prints(&["heads"], "3_c (two)\n4_more_of_b (one)\n5_aside (three)");
    project.prints(&["heads", "--resolve-dependencies"], "4_more_of_b (one)\n5_aside (three)");
    let before = project.files();
    project.refuses(&["revision", "-m", " "], 2, "a revision needs a message", "`dunlin revision -m");
    project.refuses(
        &["revision", "-m", "x", "--head", "current"],
        2,
        "applied in a database",
        "name a revision",
    );
    project.refuses(
        &["revision", "-m", "x", "--head", "two", "--depends-on", "base"],
        2,
        "base is no revision to depend on",
        "name one",
    );
    project.refuses(
        &["revision", "-m", "x", "--head", "two", "--branch-label", ""],
        2,
        "a branch label is empty",
        "name the branch",
    );
    project.refuses(
        &["revision", "-m", "x", "--head", "two", "--rev-id", "a/b"],
        2,
        "\"a/b\" can't be a file's name",
        "choose an id",
    );
    project.refuses(
        &["revision", "-m", "x", "--head", "two", "--rev-id", &"9".repeat(255)],
        1,
        "failed to write",
        "see that the folder can be written to, or give a shorter id",
    );
    project.refuses(
        &["revision", "-m", "x", "--head", "three", "--branch-label", "one"],
        2,
        "both have the branch label one",
        "take the label one off",
    );
    check(
        &project.run(&["revision", "-m", "x", "--head", "three", "--rev-id", "a:b"]),
        2,
        "revision id a:b has a : in it",
    );
    project.refuses(
        &["revision", "-m", "x", "--head", "base", "--rev-id", "0"],
        2,
        "would come after 0",
        "write `-- dunlin: revises base` into 1_a.sql; or choose an id",
    );
    project.refuses(
        &["revision", "-m", "x", "--head", "three", "--rev-id", "1_a"],
        2,
        "is there already",
        "say something else",
    );
    assert_eq!(project.files(), before, "what can't be is not left there");
    project.refuses(
        &["merge", "one"],
        2,
        "a merge makes two revisions or more one",
        "`dunlin merge heads` merges",
    );
    let toml = project.path().join("dunlin.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, format!("file_template = \"{{number}} {{slug}}\"\n{text}")).unwrap();
    project.refuses(
        &["revision", "-m", "x", "--head", "three"],
        2,
        "file_template = \"{number} {slug}\"",
        "mend it in dunlin.toml",
    );
    std::fs::write(&toml, text).unwrap();
    project.refuses(&["merge", "1_a", "two"], 2, "revision 3_c comes after 1_a already", "leave 1_a out");
    project
        .prints(&["merge", "4_more_of_b", "5_aside"], "wrote migrations/6_merge_4_more_of_b_and_5_aside.sql");
    project.prints(&["merge", "-m", "one again"], "wrote migrations/7_one_again.sql");
    project.prints(&["heads"], "7_one_again (one, two, three)");
    project.prints(
        &["history", "--graph"],
        "
● 7_one_again (head)
├─╮
│ ● 6_merge_4_more_of_b_and_5_aside
│ ├─╮
│ │ ● 5_aside (three) (depends on 3_c)
● │ │ 3_c (two)
├─│─╯
│ ● 4_more_of_b
│ ● 2_b (one)
├─╯
○ 1_a",
    );
    check(&project.run(&["history", "--graph", "-v"]), 0, "├─╯\n○ 1_a  migrations/1_a.sql\n");
    let written = json(&project.run(&["revision", "-m", "last", "--json"]));
    assert_eq!((&written["id"], &written["file"]), (&"8_last".into(), &"migrations/8_last.sql".into()));
    let output = project.run(&["upgrade", "-q"]);
    check(&output, 0, "applied 8_last");
    check(
        &project.run(&["history", "--graph", "-v", "-i"]),
        0,
        "● applied  8_last (head) (current)  migrations/8_last.sql  20",
    );

    let other = Project::new(&[("V1__a.sql", "SELECT 1;\n")]);
    other.refuses(&["revision", "-m", "x"], 2, "has flyway's layout", "write the file by flyway's rules");
}

/// A history in two folders: the second has a branch of its own, and depends on the first.
#[test]
fn several_folders_are_one_history() {
    let project =
        Project::new(&[("1_a.sql", "CREATE TABLE a (id integer);\n-- dunlin: down\nDROP TABLE a;\n")]);
    let folder = project.path();
    std::fs::create_dir(folder.join("billing")).unwrap();
    let toml = "revisions = [\"migrations\", \"billing\"]\n[env.development]\nurl = \"sqlite://dev.db\"\n";
    std::fs::write(folder.join("dunlin.toml"), toml).unwrap();
    let begin =
        ["revision", "-m", "bills", "--head", "base", "--branch-label", "billing", "--depends-on", "1_a"];
    let with = |more: &[&'static str]| [&begin[..], more].concat();
    project.refuses(
        &begin,
        2,
        "several folders of revisions: migrations, billing",
        "say which one it goes to",
    );
    project.refuses(
        &with(&["--version-path", "elsewhere"]),
        2,
        "elsewhere is no folder of this project's revisions",
        "name one of migrations, billing, or add it to revisions",
    );
    project.prints(&with(&["--version-path", "./billing"]), "wrote billing/2_bills.sql");
    // What comes after it goes beside it, and a merge beside the first of its parents.
    project.prints(&["revision", "-m", "sums", "--head", "billing@head"], "wrote billing/3_sums.sql");
    project.prints(&["revision", "-m", "b", "--head", "1_a"], "wrote migrations/4_b.sql");
    project.prints(&["merge", "4_b", "3_sums", "-m", "one"], "wrote migrations/5_one.sql");
    project.prints(
        &["upgrade", "-q"],
        "applied 1_a\napplied 2_bills\napplied 3_sums\napplied 4_b\napplied 5_one",
    );
    let shown = json(&project.run(&["show", "2_bills", "--json"]));
    assert_eq!(shown[0]["file"], "billing/2_bills.sql", "{shown}");
    // Both may be named on the line, and one alone is a history with revisions missing.
    let named = ["status", "--revisions", "billing", "--revisions", "migrations"];
    check(&project.run(&named), 0, "applied  5_one");
    std::fs::write(folder.join("billing/1_a.sql"), "SELECT 1;").unwrap();
    project.refuses(&["status"], 2, "1_a.sql: it is in migrations and in billing", "rename one of them");
}

/// How the last attempt failed can be looked up afterwards.
#[test]
fn a_status_tells_how_a_revision_failed() {
    let project =
        Project::new(&[("1_a.sql", "CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1), (nothing);\n")]);
    assert_eq!(project.run(&["up"]).status.code(), Some(1));
    let statuses = json(&project.run(&["status", "--json"]));
    let said = |key: &str| statuses[0][key].as_str().unwrap_or_default().to_owned();
    assert_eq!(said("state"), "failed", "{statuses}");
    assert!(said("error").contains("nothing") && said("failed_at").starts_with("20"), "{statuses}");
    check(&project.run(&["status", "-v"]), 0, &format!("failed   1_a   failed {}: ", said("failed_at")));
    project.write("1_a.sql", "CREATE TABLE a (id integer);\n");
    project.prints(&["up", "-q"], "applied 1_a");
    let statuses = json(&project.run(&["status", "--json"]));
    assert!(statuses[0]["error"].is_null() && statuses[0]["failed_at"].is_null(), "{statuses}");
}

/// What comes after a late revision is the last one all the same, and the late one runs where the line says so.
#[test]
fn late_revisions_are_in_nobodys_way() {
    let text =
        |table: &str| format!("CREATE TABLE {table} (id integer);\n-- dunlin: down\nDROP TABLE {table};\n");
    let project = Project::new(&[("1_a.sql", &text("a")), ("3_c.sql", &text("c"))]);
    project.prints(&["up", "-q"], "applied 1_a\napplied 3_c");
    project.write("2_b.sql", &text("b"));
    project.refuses(&["check"], 3, "revision 2_b is late", "`dunlin upgrade heads --late apply` applies all");
    project.refuses(&["up"], 1, "revision 2_b is late", "`dunlin upgrade head --late apply` runs them");
    project.prints(&["redo", "-q"], "undone 3_c\napplied 3_c");
    project.prints(&["down", "-q"], "undone 3_c");
    project.prints(&["up", "-q"], "applied 2_b\napplied 3_c");
    project.prints(&["stamp", "1_a", "-q"], "stamped as pending 2_b\nstamped as pending 3_c");
    project.prints(&["stamp", "3_c", "-q"], "stamped as applied 2_b\nstamped as applied 3_c");
    project.write("25_late.sql", &text("late"));
    project.write("2_0_late.sql", &text("later"));
    project.prints(&["upgrade", "3_c", "--late", "warn", "-q"], "nothing to do");
    project.refuses(&["down", "-9"], 2, "asks to undo 9", "`base` is as far as it goes");
    project.prints(&["upgrade", "heads", "--late", "apply", "-q"], "applied 2_0_late\napplied 25_late");
}

#[test]
fn opens_an_editor() {
    let project = fork();
    let edit = |editor: &str| {
        let mut command = std::process::Command::new(dunlin());
        command.current_dir(project.path()).args(["edit", "one"]).env_remove("VISUAL").env("EDITOR", editor);
        command.output().unwrap()
    };
    check(&edit("cat -n"), 0, "CREATE TABLE b");
    let mut command = std::process::Command::new(dunlin());
    let edited = command.current_dir(project.path()).args(["edit", "one", "--json"]).env_remove("VISUAL");
    let edited = json(&edited.env("EDITOR", "true").output().unwrap());
    assert_eq!((&edited["id"], &edited["file"]), (&"2_b".into(), &"migrations/2_b.sql".into()));
    check(&edit(""), 2, "set one, as in EDITOR=vi; the file is migrations/2_b.sql");
    check(&edit("no-such-editor"), 1, "failed to start no-such-editor");
    check(&edit("false"), 1, "false ended with exit status: 1");
    project.refuses(&["edit", "heads"], 2, "heads is 2 revisions", "name one of 2_b, 3_c");
}

#[test]
fn makes_its_tables_and_completes() {
    let project = fork();
    project.prints(&["ensure_version"], "created Dunlin's own tables");
    project.prints(&["current"], "");
    check(&project.run(&["current"]), 0, "nothing is applied");
    check(&project.run(&["show", "base"]), 0, "no revision is at base");
    project.refuses(&["edit", "current"], 2, "no revision is at current", "name one");
    check(&project.run(&["completions", "zsh"]), 0, "#compdef dunlin");
    let script = json(&project.run(&["completions", "zsh", "--json"]));
    assert!(script["script"].as_str().unwrap().contains("#compdef dunlin"), "{script}");
    let page = json(&project.run(&["man", "--json"]));
    assert!(page["page"].as_str().unwrap().contains("Changes database schemas"), "{page}");
    check(&project.run(&["completions", "fish"]), 0, "ensure_version");
}
