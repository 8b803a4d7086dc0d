//! A folder of files and structs, collected at compile time: `revisions!`.

use std::path::Path;
use std::process::{Command, Output};

use dunlin::prelude::*;
use dunlin::script::layout::{Embedded, Format};
use dunlin::{Runner, State};

use crate::on_every_server;

struct Migrator;

impl Migrations for Migrator {
    fn migrations() -> MigrationList {
        revisions!("data/revisions")
    }
}

on_every_server!(a_folder_of_both_kinds_is_one_history, async |db: &TestDb| {
    let mut database = db.open().await;
    let report = Migrator::up(&mut database).await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["0001_users", "0002_posts", "0010_tags", "titles"]);
    assert_eq!(db.value("SELECT name FROM users").await.as_deref(), Some("-- dunlin: down"));
    let statuses = Migrator::status(&mut database).await.unwrap();
    assert!(statuses.iter().all(|status| status.state == State::Applied), "{statuses:?}");
    assert_eq!(statuses[1].revises, ["0001_users"]);
    assert!(Migrator::up(&mut database).await.unwrap().is_empty());

    // What this server's view stands on can't go before it.
    db.execute(&["DROP VIEW titles"]).await;
    let report = Migrator::downgrade(&mut database, "base").await.unwrap();
    assert_eq!(report.ids().collect::<Vec<_>>(), ["0010_tags", "0002_posts", "0001_users"]);
});

/// What a list of a folder is refused for, on SQLite.
fn refused(list: &MigrationList) -> String {
    let mut conn = dunlin::drivers::rusqlite::Connection::open_in_memory().unwrap();
    let outcome = futures_util::FutureExt::now_or_never(async {
        Runner::new(&mut *dunlin::Connect::connect(&mut conn), list)
            .up()
            .await
            .map(|report| report.done.len())
    });
    let error = outcome.unwrap().unwrap_err();
    format!("{error}; {}", error.hint().unwrap_or_default())
}

struct Elsewhere;

impl Migration for Elsewhere {
    fn id(&self) -> &str {
        "0009_elsewhere"
    }

    fn up(&self, _: &mut Ops) {}
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let of = |format, path| {
        MigrationList::of_folder(
            Embedded(&[("0001_a.sql", "SELECT 1;"), ("0002_b.rs", "")]),
            Some(format),
            vec![(path, Box::new(Elsewhere))],
        )
    };
    let error = refused(&of(Format::Dunlin, "0002_b.rs"));
    assert!(error.contains("the revision in 0002_b.rs calls itself 0009_elsewhere"), "{error}");
    let error = refused(&of(Format::GolangMigrate, "0002_b.rs"));
    assert!(error.contains("0002_b.rs is a revision in Rust"), "{error}");
    assert!(error.contains("Format::Dunlin"), "{error}");

    let broken = Embedded(&[("0001_a.sql", "-- dunlin: sideways\nSELECT 1;")]);
    let error = refused(&MigrationList::of_folder(broken, None, Vec::new()));
    assert!(error.contains("0001_a.sql:1"), "{error}");
    // A struct of no folder has no file to give it a name.
    struct Nameless;
    impl Migration for Nameless {
        fn up(&self, _: &mut Ops) {}
    }
    let error = refused(&migrations![Nameless]);
    assert!(error.contains("id is empty"), "{error}");
}

/// A project as a newcomer would have it.
struct Project(tempfile::TempDir);

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        let dunlin = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        project.write(
            "Cargo.toml",
            &format!(
                "[package]\nname = \"newcomer\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [dependencies]\ndunlin = {{ path = {dunlin:?}, features = [\"cli\"] }}\n\n\
                 [profile.dev]\ndebug = \"line-tables-only\"\n\
                 [profile.dev.package.\"*\"]\ndebug = false\n\n[workspace]\n"
            ),
        );
        // The versions that are at hand.
        std::fs::copy(dunlin.join("Cargo.lock"), project.0.path().join("Cargo.lock")).unwrap();
        project.write("src/main.rs", MAIN);
        project.write("migrations/1_a.sql", "CREATE TABLE a (id integer);\n-- dunlin: down\nDROP TABLE a;\n");
        project
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "--quiet", "--offline", "--"]).args(args).current_dir(self.0.path());
        cargo.env("CARGO_TARGET_DIR", target()).output().unwrap()
    }

    #[track_caller]
    fn says(&self, args: &[&str], what: &[&str]) {
        let output = self.run(args);
        let all = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(what.iter().all(|what| all.contains(what)), "{what:?} isn't in: {all}");
    }
}

const MAIN: &str = r#"
use dunlin::prelude::*;

struct Migrator;

impl Migrations for Migrator {
    fn migrations() -> MigrationList {
        revisions!("migrations")
    }
}

fn main() -> std::process::ExitCode {
    dunlin::cli::main::<Migrator>()
}
"#;

/// Where this test itself was built: the drivers are compiled there.
fn target() -> std::path::PathBuf {
    std::env::current_exe().unwrap().ancestors().nth(3).unwrap().to_owned()
}

#[test]
fn a_new_file_is_all_that_a_project_needs() {
    let project = Project::new();
    let up = ["upgrade", "--url", "sqlite://app.db"];
    project.says(&up, &["no build script", "println!(\"cargo::rerun-if-changed=migrations\");"]);
    project.write("build.rs", "fn main() { println!(\"cargo::rerun-if-changed=src\"); }");
    project.says(&up, &["build.rs doesn't watch it", "println!(\"cargo::rerun-if-changed=migrations\");"]);
    project.write("build.rs", "fn main() { println!(\"cargo::rerun-if-changed=migrations\"); }");
    project.says(&up, &["applied 1_a"]);

    let rust = |body: &str| format!("use dunlin::prelude::*;\n\n{body}\n");
    let create = "pub struct CreateB;\nimpl Migration for CreateB {\n    fn up(&self, op: &mut Ops) {\n        op.create_table(\"b\").id();\n    }\n}";
    project.write("migrations/2_b.rs", &rust(create));
    project.says(&up, &["applied 2_b"]);
    project.write("migrations/3_c.sql", "CREATE TABLE c (id integer);");
    project.says(&up, &["applied 3_c"]);

    for (body, says) in [
        (create.replace("CreateB;", "CreateB"), "2_b.rs:"),
        (create.replace("pub ", ""), "2_b.rs: CreateB isn't public: write `pub struct CreateB;`"),
        (create.replace("CreateB;", "CreateB(u8);"), "2_b.rs: CreateB has fields"),
        (String::new(), "2_b.rs: it has no migration"),
        (format!("{create}\n{}", create.replace("CreateB", "Other")), "several migrations (CreateB, Other)"),
    ] {
        project.write("migrations/2_b.rs", &rust(&body));
        project.says(&["status", "--url", "sqlite://app.db"], &[says]);
    }
}
