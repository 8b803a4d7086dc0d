//! What a failure says of large things: one screen, and to a program all that it needs.

use serde_json::Value;

use super::graph::Project;
use super::{check, json, stderr, stdout};

/// A failure as JSON.
#[track_caller]
fn failure(output: &std::process::Output) -> Value {
    serde_json::from_slice(&output.stderr).unwrap_or_else(|error| panic!("{error}: {}", stderr(output)))
}

/// The statement that failed is cut to what fits a screen, whether it is long or of many lines; `-v` cuts it too.
#[test]
fn a_large_statement_is_cut() {
    let wide = format!("INSERT INTO absent VALUES ('{}');\n", "x".repeat(3_000_000));
    let tall = format!("SELECT\n{}oops;\n", "  1,\n".repeat(5000));
    for sql in [wide, tall] {
        let sql_bytes = sql.trim_end().len() - 1;
        let project = Project::new(&[("1_a.sql", &sql)]);
        for args in [["up", "-q"], ["up", "-v"]] {
            let failed = project.run(&args);
            check(&failed, 1, &format!("{sql_bytes} bytes in all"));
            let said = stderr(&failed);
            assert!(said.lines().count() < 50 && said.len() < 5000, "{} bytes: {said:.2000}", said.len());
        }
        let failed = project.run(&["up", "--json"]);
        assert!(failed.stderr.len() < 6000, "{}", failed.stderr.len());
        let failure = failure(&failed);
        assert_eq!(failure["statement"].as_str().unwrap().len(), 4096);
        assert_eq!(failure["statement_bytes"], sql_bytes);
    }
}

/// What was done before a failure is a result, line by line and in JSON; the message names no more of it than a few.
#[test]
fn what_was_done_before_a_failure_is_told() {
    let down =
        |table: &str| format!("CREATE TABLE {table} (id integer);\n-- dunlin: down\nDROP TABLE {table};\n");
    let project = Project::new(&[]);
    for number in 1..=8 {
        project.write(&format!("0{number}_t.sql"), &down(&format!("t{number}")));
    }
    project.write("09_t.sql", "INSERT INTO nothing VALUES (1);\n");
    let failed = project.run(&["up"]);
    check(&failed, 1, "revisions 01_t, 02_t, 03_t, 04_t, 05_t and 3 others stay applied");
    let lines: Vec<_> = (1..=8).map(|number| format!("applied 0{number}_t")).collect();
    assert_eq!(stdout(&failed).lines().collect::<Vec<_>>(), lines);
    project.prints(
        &["down", "base", "-q"],
        &(1..=8).rev().map(|n| format!("undone 0{n}_t\n")).collect::<String>(),
    );
    let failed = project.run(&["up", "--json"]);
    assert_eq!(stdout(&failed), "");
    let failure = failure(&failed);
    let done = failure["done"].as_array().unwrap();
    assert_eq!((done.len(), &done[7]["id"], &done[7]["direction"]), (8, &"08_t".into(), &"up".into()));
    assert!(done[0]["duration_ms"].is_number() && failure["run_id"].is_string(), "{failure}");
    // What no longer is, is no result.
    let toml = project.path().join("dunlin.toml");
    let text = std::fs::read_to_string(&toml).unwrap();
    std::fs::write(&toml, format!("transaction = \"run\"\n{text}")).unwrap();
    project.run(&["down", "base"]);
    let failed = project.run(&["up"]);
    assert_eq!((failed.status.code(), stdout(&failed).as_str()), (Some(1), ""));
    assert_eq!(self::failure(&project.run(&["up", "--json"]))["done"], Value::Array(Vec::new()));
}

/// Warnings, and what a protected environment asks, name a few revisions of many.
#[test]
fn lists_of_revisions_are_bounded() {
    let project = Project::new(&[]);
    let names: Vec<_> = (1..=30).map(|number| format!("{number:04}_t")).collect();
    for name in &names {
        project.write(&format!("{name}.sql"), "SELECT 1;\n-- dunlin: down\n");
    }
    std::fs::write(
        project.path().join("dunlin.toml"),
        "[env.live]\nurl = \"sqlite://live.db\"\nprotected = true\n",
    )
    .unwrap();
    check(&project.run(&["up"]), 0, "applied 0030_t");
    let few = "0030_t, 0029_t, 0028_t, 0027_t, 0026_t and 25 others";
    project.refuses(&["down", "base"], 2, &format!("it undoes {few}"), "add --force");
    project.refuses(
        &["redo", "base"],
        2,
        &format!("a redo may lose what rows hold: it undoes {few}"),
        "add --force",
    );
    project.refuses(&["redo", "nonsense"], 2, "revision nonsense is unknown here", "`dunlin history`");
    let pending = "it calls 0001_t, 0002_t, 0003_t, 0004_t, 0005_t and 25 others pending";
    project.refuses(&["stamp", "base"], 2, pending, "add --force");
    project.refuses(&["stamp", "nonsense"], 2, "revision nonsense is unknown here", "`dunlin history`");
    project.prints(&["stamp", "heads"], "nothing to do");
    names.iter().for_each(|name| {
        std::fs::remove_file(project.path().join(format!("migrations/{name}.sql"))).unwrap()
    });
    let missing = "applied, and unknown here: 0001_t, 0002_t, 0003_t, 0004_t, 0005_t and 25 others";
    check(&project.run(&["up"]), 0, missing);
    assert_eq!(json(&project.run(&["up", "--json"]))["missing"].as_array().unwrap().len(), 30);
}

/// A number of steps needs its sign, where it could be the beginning of an id as well.
#[test]
fn a_bare_number_undoes_nothing() {
    let down = "SELECT 1;\n-- dunlin: down\n";
    let project = Project::new(&[("1_users.sql", down), ("2_posts.sql", down), ("3.sql", down)]);
    check(&project.run(&["up"]), 0, "applied 3");
    for command in ["down", "downgrade", "redo"] {
        let name = if command == "redo" { "redo" } else { "downgrade" };
        project.refuses(
            &[command, "1"],
            2,
            "1 could be a number of steps, or the beginning of a revision's id",
            &format!("`dunlin {name} -1` undoes the last revision; `dunlin {name} 1_users` goes back to that revision"),
        );
    }
    project.refuses(
        &["down", "7"],
        2,
        "7 could be a number of steps",
        "`dunlin downgrade -7` undoes so many",
    );
    project.prints(&["redo", "3"], "nothing to do");
    project.prints(&["down", "1_"], "undone 3\nundone 2_posts");
}

/// Names of files by a template that gives none, and a file without a parent that would come after a new one.
#[test]
fn a_revision_that_cannot_be_is_refused_at_once() {
    let project = Project::new(&[("create_users.sql", "SELECT 1;\n")]);
    project.refuses(
        &["revision", "-m", "add posts"],
        2,
        "revision create_users states no parent, and would come after 2",
        "write `-- dunlin: revises base` into create_users.sql",
    );
    assert_eq!(project.files(), ["create_users.sql"]);
    let text = std::fs::read_to_string(project.path().join("dunlin.toml")).unwrap();
    let with = |template: &str| {
        let toml = format!("file_template = \"{template}\"\n{text}");
        std::fs::write(project.path().join("dunlin.toml"), toml).unwrap();
    };
    with("%(year)d_%(rev)s_%(slug)s");
    let args = ["revision", "-m", "add posts"];
    project.refuses(&args, 2, "is written as Alembic's are", "write file_template = \"{year}_{slug}\"");
    let args_of = |message| ["revision", "-m", message];
    let said = "a message that begins with `dunlin:` would be read";
    project.refuses(&args_of("Dunlin: revises x"), 2, said, "say in other words");
    with("fixed");
    project.refuses(
        &args,
        2,
        "nothing in it tells one revision from another",
        "mend it in dunlin.toml; it may hold",
    );
    assert_eq!(project.files(), ["create_users.sql"]);
}

/// The name of a merge isn't cut in the middle of what it merges.
#[test]
fn a_merge_of_long_names_is_called_by_their_number() {
    let two = ["20260101_000000_one", "20260101_000000_two"];
    let text = |name: &str| format!("-- dunlin: revises base\nCREATE TABLE t{} (id integer);\n", &name[16..]);
    let project = Project::new(&[]);
    two.iter().for_each(|name| project.write(&format!("{name}.sql"), &text(name)));
    let written = json(&project.run(&["merge", "--json"]));
    let id = written["id"].as_str().unwrap();
    assert!(id.ends_with("_merge_2_revisions"), "{written}");
    assert_eq!(written["revises"], serde_json::json!(two));
}

/// The whole of a revision says how it stands too, where the database is asked, and of what isn't here what history knows.
#[test]
fn the_whole_of_a_revision_says_how_it_stands() {
    let down = "SELECT 1;\n-- dunlin: down\n";
    let project = Project::new(&[("1_a.sql", down), ("2_b.sql", down), ("3_c.sql", down)]);
    check(&project.run(&["up", "2_b"]), 0, "applied 2_b");
    let whole = stdout(&project.run(&["history", "-i", "-v"]));
    for part in [
        "revision   3_c",
        "state      pending\n\n",
        "state      applied\napplied at 20",
        "\ntook       ",
        "\nby         ",
    ] {
        assert!(whole.contains(part), "{part}: {whole}");
    }
    assert!(!stdout(&project.run(&["history", "-v"])).contains("state"), "no database was asked");
    std::fs::remove_file(project.path().join("migrations/2_b.sql")).unwrap();
    let current = stdout(&project.run(&["current", "-v"]));
    assert!(current.contains("revision   2_b\nstate      missing\napplied at 20"), "{current}");
}
