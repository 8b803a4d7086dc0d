//! A password never appears: not in results, not in errors, not at any verbosity, and not in history.

use dunlin::DatabaseUrl;

use super::{check, dunlin, run, stderr, stdout};
use crate::on_every_server;
use crate::server::{Kind, TestDb};

/// The test servers' password, as it is and as a URL has it.
const PASSWORD: [&str; 2] = ["s3cret/pass", "s3cret%2Fpass"];

async fn never_shown(db: &TestDb) {
    if db.kind == Kind::Sqlite {
        return wherever_it_is_typed();
    }
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("migrations")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    write("migrations/01_a.sql", "CREATE TABLE a (id integer);\n-- dunlin: down\nDROP TABLE a;\n");
    write("migrations/02_b.sql", "SELECT nonsense FROM a;\n");
    let parsed = DatabaseUrl::parse(&db.url).unwrap();
    let (port, name) = (parsed.port().unwrap(), db.name().unwrap());
    let scheme = db.url.split(':').next().unwrap();
    let at = |password: &str, port: u16| format!("{scheme}://dunlin:{password}@127.0.0.1:{port}/{name}");
    let right = at(PASSWORD[1], port);
    let mut said = String::new();
    let mut tell = |args: &[&str], code: i32| {
        let output = run(&dunlin(), folder, args);
        check(&output, code, "");
        said += &format!("$ {}\n{}{}\n", args[0], stdout(&output), stderr(&output));
    };
    write("dunlin.toml", &format!("[env.development]\nurl = \"{right}\"\n"));
    for more in [&[][..], &["--json"], &["--quiet"], &["--verbose"], &["--verbose", "--json"]] {
        let with = |command: &[&'static str]| [command, more].concat();
        tell(&with(&["upgrade", "--plan"]), 0);
        tell(&with(&["upgrade", "+1"]), 0);
        tell(&with(&["upgrade"]), 1);
        for command in ["status", "current", "history", "heads", "show"] {
            tell(&with(&[command]), 0);
        }
        tell(&with(&["downgrade", "base"]), 0);
        for (password, port, code) in
            [(PASSWORD[1], 1, 1), ("wrong-s3cret", port, 1), (PASSWORD[0], port, 2), ("s3cret#%zz", port, 2)]
        {
            tell(&[&["status", "--url", at(password, port).as_str()][..], more].concat(), code);
        }
    }
    // However the file is broken.
    for toml in
        [format!("[env]\na = \"{right}\""), format!("[env.a]\nurl = \"{right}"), format!("url = {right}")]
    {
        write("dunlin.toml", &toml);
        tell(&["status"], 2);
    }
    let sql = "SELECT * FROM dunlin_history";
    let journal = "SELECT * FROM dunlin_journal";
    for row in [db.query(sql).await, db.query(journal).await].concat() {
        said += &format!("{row:?}\n");
    }
    assert!(said.contains("01_a"), "{said}");
    let shown = said.lines().find(|line| line.contains("s3cret"));
    assert_eq!(shown, None, "{said}");
}

/// A URL where none belongs, and what else may hold a password.
fn wherever_it_is_typed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir(folder.join("migrations")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
    let mut said = String::new();
    let mut tell = |args: &[&str]| {
        let output = run(&dunlin(), folder, args);
        assert_ne!(output.status.code(), Some(0), "{args:?}");
        said += &format!("{}{}\n", stdout(&output), stderr(&output));
    };
    const URL: &str = "postgres://ada:s3cret@127.0.0.1:1/shop";
    for args in [
        &["upgrade", URL][..],
        &["up", URL, "--json"],
        &["status", URL],
        &[URL],
        &["status", "--env", URL],
        &["status", "-c", URL],
        &["status", "--env-file", URL],
        &["status", "--format", URL],
        &["status", "--lock-timeout", URL],
        &["upgrade", "--sql", "--dialect", URL],
        &["history", "-r", URL],
        &["completions", URL],
        &["status", "--url", "sqlite://ada:s3cret@127.0.0.1/shop"],
    ] {
        tell(args);
    }
    for toml in [
        "[session]\npostgres = \"SET password = 's3cret'\"",
        "session = { postgres = \"s3cret\" }",
        "[session]\nsqlite = [\"SELECT s3cret\"]\n[env.a]\nurl = \"sqlite://x.db\"",
        "[env.a]\nurl = \"sqlite://x.db\"\n[env.a.variables]\npassword = [\"s3cret\"]",
        "[env.a]\nurl = \"${A:-postgres://ada:s3cret@h/shop}\"",
        "default_env = \"postgres://ada:s3cret@h/shop\"",
    ] {
        write("dunlin.toml", toml);
        tell(&["upgrade"]);
        tell(&["upgrade", "--json"]);
    }
    let shown: Vec<_> = said.lines().filter(|line| line.contains("s3cret")).collect();
    assert!(shown.iter().all(|line| line.contains("no such column: s3cret")), "{shown:#?}\n{said}");
}

on_every_server!(passwords, never_shown);
