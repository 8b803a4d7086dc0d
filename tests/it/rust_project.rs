//! A project whose revisions are Rust, from `init --rust` on: `dunlin` builds its program and calls it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

use crate::cli::dunlin;
use crate::dump::dump;
use crate::server::{Kind, TestDb, with_database};

/// A folder with a generated project in it.
struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        // All drivers, and what others' crates are compiled with in this workspace: what is there already serves.
        let drivers = ["--dialect", "sqlite", "--dialect", "postgres", "--dialect", "mysql"];
        let init = ["init", "--rust", "--dunlin-path", repository().to_str().unwrap()];
        project.does(&[&init[..], &drivers[..]].concat(), "wrote migrations/Cargo.toml");
        let manifest = project.read("migrations/Cargo.toml") + "\n[profile.dev]\ndebug = false\n";
        project.write("migrations/Cargo.toml", &manifest);
        // The versions that are at hand.
        std::fs::copy(repository().join("Cargo.lock"), project.path("migrations/Cargo.lock")).unwrap();
        project
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path(path)).unwrap()
    }

    /// From a folder below `dunlin.toml`, as from any.
    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        let from = if args[0] == "init" { "" } else { "migrations/src" };
        let mut dunlin = Command::new(dunlin());
        dunlin.current_dir(self.path(from)).args(args).stdin(Stdio::null());
        for variable in ["DUNLIN_ENV", "DUNLIN_CONFIG", "DUNLIN_REVISIONS", "DUNLIN_PATH"] {
            dunlin.env_remove(variable);
        }
        dunlin.env("CARGO_TARGET_DIR", target()).env("CARGO_NET_OFFLINE", "true");
        dunlin.env("DATABASE_URL", sqlite(self));
        dunlin
    }

    #[track_caller]
    fn ends(&self, args: &[&str], code: i32, says: &[&str]) -> Output {
        let output = self.run(args);
        let all = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {all}");
        assert!(says.iter().all(|says| all.contains(says)), "{says:?} isn't in: {all}");
        output
    }

    #[track_caller]
    fn does(&self, args: &[&str], says: &str) -> Output {
        self.ends(args, 0, &[says])
    }

    /// A new revision in Rust, with this way up.
    #[track_caller]
    fn revise(&self, args: &[&str], up: &str) -> String {
        let json = self.does(&[&["revision", "--json"], args].concat(), "\"id\"").stdout;
        let json: Value = serde_json::from_slice(&json).unwrap();
        let (id, file) = (json["id"].as_str().unwrap(), json["file"].as_str().unwrap());
        let file = self.path("migrations/src").join(file);
        let text = std::fs::read_to_string(&file).unwrap();
        std::fs::write(&file, text.replace("let _ = op;", up)).unwrap();
        id.to_owned()
    }
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Where this test itself was built: the drivers are compiled there.
fn target() -> PathBuf {
    std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned()
}

fn sqlite(project: &Project) -> String {
    format!("sqlite://{}", project.path("development.db").display())
}

/// One project, built step by step: each build takes its time, and every step here needs what the one before it has left.
#[tokio::test]
async fn a_project_in_rust() {
    let project = Project::new();
    project.ends(&["init", "--rust"], 2, &["dunlin.toml is there already"]);
    project.does(&["--help"], "Usage: dunlin");
    // It compiles at once, and has nothing to do.
    project.does(&["up"], "nothing to do");
    history(&project);
    with_database(Kind::Sqlite, async |db| goes_up_and_down(&project, db).await).await;
    with_database(Kind::Postgres15, async |db| goes_up_and_down(&project, db).await).await;
    with_database(Kind::Postgres15, async |db| an_older_build(&project, db).await).await;
    adopts(&project);
    an_editor(&project);
    new_files(&project);
    what_does_not_compile(&project);
}

/// Three revisions, and those of a branch: a file each is all.
fn history(project: &Project) {
    let users = project.revise(&["-m", "create users"], "op.create_table(\"users\").id();");
    let file = format!("migrations/revisions/{users}.rs");
    let text = project.read(&file);
    assert!(text.contains("pub struct CreateUsers;") && text.contains("Some(&[])"), "{text}");
    let posts =
        project.revise(&["-m", "posts", "--rev-id", "30000101_posts"], "op.create_table(\"posts\").id();");
    let text = project.read(&format!("migrations/revisions/{posts}.rs"));
    assert!(text.contains(&format!("Some(&[\"{users}\"])")), "{text}");
    project.does(&["revision", "--sql", "-m", "tags", "--rev-id", "30000102_tags"], "30000102_tags.sql");
    let tags = "migrations/revisions/30000102_tags.sql";
    let text = project.read(tags) + "CREATE TABLE tags (id integer);\n-- dunlin: down\nDROP TABLE tags;\n";
    assert!(text.contains("-- dunlin: revises 30000101_posts"), "{text}");
    project.write(tags, &text);

    // Branches, dependencies and labels as those of files of SQL.
    project.ends(&["revision", "-m", "x", "--head", &users], 2, &["isn't a head", "--splice"]);
    project.does(
        &["revision", "-m", "aside", "--head", &users, "--splice", "--rev-id", "30000103_aside"],
        "wrote",
    );
    let text = project.read("migrations/revisions/30000103_aside.rs");
    assert!(text.contains(&format!("Some(&[\"{users}\"])")), "{text}");
    project.does(
        &[
            "revision",
            "-m",
            "bills",
            "--head",
            "base",
            "--branch-label",
            "billing",
            "--depends-on",
            "30000101",
        ],
        "_bills.rs",
    );
    project.ends(&["revision", "-m", "x", "--rev-id", "x"], 2, &["--head"]);
    project.ends(&["merge", "--rev-id", "x"], 2, &["begin it with a number"]);
    project.does(&["merge", "--rev-id", "30000104_one"], "wrote");
    project.does(&["heads"], "30000104_one");
    project.does(&["branches"], "  -> 30000103_aside");
    project.does(&["history"], "30000103_aside");
    // What a revision is about is said in its file, whatever its id says.
    let posts = "migrations/revisions/30000101_posts.rs";
    let text = project.read(posts).replacen("//! posts", "//! what people write", 1);
    project.write(posts, &text);
    project.does(&["show", "30000101"], "what people write");
    let shown = project.does(&["show", "billing"], "depends on 30000101_posts");
    assert!(String::from_utf8(shown.stdout).unwrap().contains("bills.rs"), "its file is known");
}

async fn goes_up_and_down(project: &Project, db: &TestDb) {
    let url = ["--url", &db.url];
    let with = |args: &[&'static str]| {
        [args, &url].concat().iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()
    };
    let does = |args: &[&'static str], says: &str| {
        let args = with(args);
        project.does(&args.iter().map(String::as_str).collect::<Vec<_>>(), says)
    };
    let done = does(&["up"], "applied 30000104_one");
    assert_eq!(String::from_utf8(done.stdout).unwrap().lines().count(), 6, "results alone are on stdout");
    assert_eq!(db.tables().await, ["posts", "tags", "users"]);
    does(&["status"], "applied  30000102_tags");
    does(&["down"], "undone 30000104_one");
    let status: Value = serde_json::from_slice(&does(&["status", "--json"], "").stdout).unwrap();
    let pending = status.as_array().unwrap().iter().filter(|revision| revision["state"] == "pending");
    assert_eq!(pending.map(|revision| &revision["id"]).collect::<Vec<_>>(), ["30000104_one"]);
    does(&["downgrade", "base"], "_create_users");
    assert_eq!(db.tables().await, [""; 0]);
}

/// A build that has no longer, or not yet, the code of a revision takes it back: what undoes it stands in the database.
async fn an_older_build(project: &Project, db: &TestDb) {
    let url = ["--url", db.url.as_str()];
    let pg_dump = std::env::var("DUNLIN_TEST_PG_DUMP15").unwrap();
    let verify = ["verify", "--pg-dump", &pg_dump, "--url", &db.url];
    project.does(&verify, "verified: 6 exact");
    project.does(&[&["up"][..], &url].concat(), "applied 30000104_one");
    let alter = "ALTER TABLE users ADD COLUMN email varchar(80) NOT NULL DEFAULT 'nobody', ADD COLUMN age integer CHECK (age > 17)";
    let index = "CREATE UNIQUE INDEX users_of_age ON users (email DESC) INCLUDE (age) WHERE age > 20";
    db.execute(&[
        alter,
        index,
        "COMMENT ON COLUMN users.age IS 'in years'",
        "CREATE VIEW people AS SELECT * FROM posts",
    ])
    .await;
    let before = dump(db, &[]).await;
    let program = target().join("debug/migrations");
    let older = project.path("older");
    std::fs::copy(&program, &older).unwrap();
    let up = "op.drop_view(\"people\"); op.drop_column(\"users\", \"age\"); op.rename_column(\"users\", \"email\", \"mail\"); \
              op.drop_table(\"posts\");";
    let newer = project.revise(&["-m", "newer"], up);
    project.does(&[&["up"][..], &url].concat(), &format!("applied {newer}"));
    assert!(!dump(db, &[]).await.contains("people"));
    let run = |args: &[&str]| {
        let output =
            Command::new(&older).args(args).args(url).current_dir(project.path("")).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let status = run(&["status"]);
    assert!(status.contains("missing") && status.contains(&newer), "{status}");
    let undone = run(&["downgrade", "-1"]);
    assert!(undone.contains(&format!("undone {newer}")), "{undone}");
    assert_eq!(dump(db, &[]).await, before);
    std::fs::remove_file(project.path(&format!("migrations/revisions/{newer}.rs"))).unwrap();
}

/// Another tool's history is taken over by revisions in Rust as by files of SQL.
fn adopts(project: &Project) {
    let url = format!("sqlite://{}", project.path("alembic.db").display());
    let alembic = dunlin::drivers::rusqlite::Connection::open(project.path("alembic.db")).unwrap();
    let history =
        "CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('30000102')";
    alembic.execute_batch(history).unwrap();
    drop(alembic);
    project.does(&["adopt", "--from", "alembic", "--url", &url], "pending  30000104_one");
    let status: Value =
        serde_json::from_slice(&project.does(&["status", "--json", "--url", &url], "").stdout).unwrap();
    let states = status.as_array().unwrap().iter();
    let states: Vec<_> = states
        .filter(|revision| revision["state"] == "applied")
        .map(|revision| &revision["message"])
        .collect();
    assert_eq!(states, ["create users", "what people write", "tags"], "nothing is edited: {status}");
}

/// `dunlin` becomes the program: what ends one ends the other, and so `edit` opens a file of Rust for it.
#[cfg(unix)]
fn an_editor(project: &Project) {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::ExitStatusExt;
    project.write("editor", "#!/bin/sh\necho \"$1\" > edited\n[ -z \"$KILLS\" ] || kill -TERM $PPID\n");
    std::fs::set_permissions(project.path("editor"), PermissionsExt::from_mode(0o755)).unwrap();
    let edit = |kills: &str| {
        let mut dunlin = project.command(&["edit", "30000101"]);
        dunlin.env_remove("VISUAL").env("EDITOR", project.path("editor")).env("KILLS", kills);
        dunlin.output().unwrap().status
    };
    assert_eq!(edit("").code(), Some(0));
    let edited = project.read("migrations/src/edited");
    assert!(edited.trim().ends_with("migrations/revisions/30000101_posts.rs"), "{edited}");
    let killed = edit("yes");
    assert_eq!((killed.code(), killed.signal()), (None, Some(15)));
    std::fs::remove_file(project.path("migrations/src/edited")).unwrap();
}

#[cfg(not(unix))]
fn an_editor(_: &Project) {}

/// A folder's files are compiled in when they are there, and `dunlin` says which one isn't as it must be.
fn new_files(project: &Project) {
    let build = project.read("migrations/build.rs");
    std::fs::remove_file(project.path("migrations/build.rs")).unwrap();
    let watch = "println!(\"cargo::rerun-if-changed=revisions\");";
    project.ends(&["heads"], 2, &["no build script", watch]);
    project.write("migrations/build.rs", "fn main() { println!(\"cargo::rerun-if-changed=src\"); }");
    project.ends(&["heads"], 2, &["build.rs doesn't watch it", watch]);
    project.write("migrations/build.rs", &build);
    project.does(&["heads"], "30000104_one");
    let file = "migrations/revisions/30000105_c.sql";
    project.write(file, "CREATE TABLE c (id integer);");
    project.does(&["heads"], "30000105_c");
    std::fs::remove_file(project.path(file)).unwrap();
}

/// A mistake in the code reads as the compiler tells it, and nothing is run.
fn what_does_not_compile(project: &Project) {
    let create = "use dunlin::prelude::*;\n\npub struct CreateB;\nimpl Migration for CreateB {\n    fn up(&self, op: &mut Ops) {\n        op.create_table(\"b\").id();\n    }\n}";
    let database = || std::fs::read(project.path("development.db")).unwrap();
    let before = database();
    let untouched = "now: nothing was run, and no database was touched";
    for (body, says) in [
        (create.replace(".id()", ".idd()"), "no method named `idd` found"),
        (create.replace("CreateB;", "CreateB"), "30000106_b.rs:"),
        (create.replace("pub ", ""), "30000106_b.rs: CreateB isn't public: write `pub struct CreateB;`"),
        (create.replace("CreateB;", "CreateB(u8);"), "30000106_b.rs: CreateB has fields"),
        (String::new(), "30000106_b.rs: it has no migration"),
        (format!("{create}\n{}", create.replace("CreateB", "Other")), "several migrations (CreateB, Other)"),
    ] {
        project.write("migrations/revisions/30000106_b.rs", &body);
        let failed = project.ends(&["up"], 2, &[says, untouched, "next: mend what the compiler says"]);
        assert!(failed.stdout.is_empty() && !String::from_utf8(failed.stderr).unwrap().contains("panicked"));
    }
    assert_eq!(database(), before);
    let failed = project.ends(&["--json", "up"], 2, &[untouched.trim_start_matches("now: ")]);
    let failure: Value = serde_json::from_slice(&failed.stderr).unwrap();
    assert!(failure["compiler"].as_str().unwrap().contains("several migrations"), "{failure}");
    project.write("migrations/revisions/30000106_b.rs", create);
    project.does(&["up", "-q"], "applied 30000106_b");
    assert_ne!(database(), before);

    let toml = project.read("dunlin.toml");
    project.write("dunlin.toml", &toml.replace("migrations/Cargo.toml", "nowhere/Cargo.toml"));
    project.ends(&["up"], 2, &["nowhere/Cargo.toml, which [rust] in dunlin.toml names", untouched]);
    std::fs::create_dir(project.path("migrations/src/bin")).unwrap();
    project.write("migrations/src/bin/other.rs", "fn main() {}");
    project.write("dunlin.toml", &toml);
    project.ends(
        &["up"],
        2,
        &["has several programs: migrations, other", "next: say which one it is", untouched],
    );
    // What stands before each command is the program's own.
    project
        .write("dunlin.toml", &toml.replace("[rust]", "[rust]\nbin = \"migrations\"\nargs = [\"--quiet\"]"));
    let quiet = project.does(&["redo"], "30000106_b");
    assert!(quiet.stderr.is_empty(), "{}", String::from_utf8_lossy(&quiet.stderr));
    let mut dunlin = Command::new(dunlin());
    let output = dunlin.arg("up").current_dir(project.path("")).env("PATH", "").output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("cargo can't be run") && text.contains("https://rustup.rs"), "{text}");
}

/// What may be in the way of a new crate, and what goes around it.
#[test]
fn init_finds_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = |path: &str| folder.path().join(path);
    let init = |args: &[&str]| {
        let mut dunlin = Command::new(dunlin());
        let output = dunlin.current_dir(folder.path()).arg("init").args(args).output().unwrap();
        (
            output.status.code().unwrap(),
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap(),
        )
    };
    let refused = |args: &[&str], says: &str| {
        let (code, all) = init(args);
        assert!(code == 2 && all.contains(says), "{code} {all}");
        assert!(!path("dunlin.toml").exists() && !path("db/Cargo.toml").exists());
    };
    std::fs::create_dir(path("full")).unwrap();
    std::fs::write(path("full/file"), "").unwrap();
    refused(&["--rust", "full"], "full is there already, and isn't empty");
    refused(&["--rust", "db", "--dunlin-path", "full"], "full isn't the crate dunlin");
    refused(&["--rust", "db", "--from", "sqlx"], "cannot be used with");
    refused(&["--dialect", "postgres"], "--rust");

    std::fs::write(path("Cargo.toml"), "[workspace]\nmembers = [\"full\"]\n").unwrap();
    let (code, all) =
        init(&["--rust", "db", "--dialect", "mariadb", "--dunlin-git", "https://example.org/dunlin"]);
    assert!(code == 0 && all.contains("added \"db\" to the members"), "{code} {all}");
    let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    assert_eq!(read("Cargo.toml"), "[workspace]\nmembers = [\"full\", \"db\"]\n");
    let dependency = "dunlin = { git = \"https://example.org/dunlin\", default-features = false, features = [\"cli\", \"mysql\"] }";
    assert!(read("db/Cargo.toml").contains(dependency), "{}", read("db/Cargo.toml"));
    assert!(read("dunlin.toml").contains("url = \"${DATABASE_URL}\""), "{}", read("dunlin.toml"));
    assert!(!path("db/.gitignore").exists(), "what is built is the workspace's");

    std::fs::remove_file(path("dunlin.toml")).unwrap();
    std::fs::remove_file(path("Cargo.toml")).unwrap();
    assert_eq!(init(&["--rust", "own-db"]).0, 0);
    assert!(read("own-db/src/main.rs").contains("::<own_db::Migrator>"));
    assert_eq!(
        (read(".gitignore"), read("own-db/.gitignore")),
        ("/development.db*\n".into(), "/target\n".into())
    );
}
