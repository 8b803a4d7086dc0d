//! `dunlin init`.

use super::{check, dunlin, json, run};

/// `init` writes what the next commands need, and overwrites nothing.
#[test]
fn init_begins_a_project() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let bare = |args: &[&str]| run(&dunlin(), folder, args);
    check(&bare(&["init", "db/steps"]), 0, "made db/steps");
    assert_eq!(std::fs::read_to_string(folder.join(".gitignore")).unwrap(), "/development.db*\n");
    std::fs::write(folder.join("db/steps/01_t.sql"), "CREATE TABLE t (id integer);\n").unwrap();
    check(&bare(&["upgrade"]), 0, "applied 01_t");
    assert!(folder.join("development.db").exists());
    // The folder is seen from within it too.
    let inside = folder.join("db/steps");
    for path in [".", "./", "../steps", inside.to_str().unwrap()] {
        check(&run(&dunlin(), &inside, &["status", "--revisions", path]), 0, "applied  01_t");
    }
    assert!(folder.join("db/steps/.gitkeep").exists(), "git keeps no empty folder");
    let again = bare(&["init"]);
    check(&again, 2, "dunlin.toml is there already");
    check(&again, 2, "now: nothing was changed");
    std::fs::remove_file(folder.join("dunlin.toml")).unwrap();
    let written = json(&bare(&["init", "--json"]));
    assert_eq!((&written["revisions"][0], &written["made"]), (&"migrations".into(), &true.into()));
    check(&bare(&["status"]), 0, "missing  01_t");
    std::fs::remove_file(folder.join("dunlin.toml")).unwrap();
    for (name, says) in
        [("", "the folder of revisions has no name"), (".gitignore", ".gitignore is a file, and no folder")]
    {
        let refused = bare(&["init", name]);
        check(&refused, 2, says);
        check(&refused, 2, "`dunlin init DIR`");
        assert!(!folder.join("dunlin.toml").exists());
    }
}

/// A database that the folder's own tool has migrated isn't migrated again before its history is taken over.
#[test]
fn what_a_tool_has_applied_does_not_run_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir_all(folder.join("db/migrations")).unwrap();
    let text = "-- migrate:up\nINSERT INTO t VALUES (1);\n\n-- migrate:down\n";
    std::fs::write(folder.join("db/migrations/1_a.sql"), text).unwrap();
    let conn = dunlin::drivers::rusqlite::Connection::open(folder.join("x.db")).unwrap();
    let made =
        "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); CREATE TABLE t (id integer)";
    conn.execute_batch(made).unwrap();
    let go = |args: &[&str]| run(&dunlin(), folder, &[args, &["--url", "sqlite://x.db"]].concat());
    check(&run(&dunlin(), folder, &["init", "--from", "dbmate"]), 0, "wrote dunlin.toml");
    conn.execute_batch("INSERT INTO schema_migrations VALUES ('1'), ('2')").unwrap();
    let output = go(&["up"]);
    check(&output, 1, "dbmate has applied revisions here, as its table schema_migrations tells");
    check(&output, 1, "next: `dunlin adopt --from dbmate` takes its history over");
    for dry_run in [&[][..], &["--dry-run"]] {
        check(&go(&[&["adopt", "--from", "dbmate"], dry_run].concat()), 1, "no file is here for it: 2");
    }
    conn.execute_batch("DELETE FROM schema_migrations WHERE version = '2'").unwrap();
    check(&go(&["adopt", "--from", "dbmate"]), 0, "applied  1_a");
    check(&go(&["up"]), 0, "nothing to do");
    let rows: i64 = conn.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 0);
}

/// What the tool has undone since isn't applied by Dunlin either, and no second `adopt` says that it is.
#[test]
fn what_a_tool_has_undone_since_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    std::fs::create_dir_all(folder.join("migrations")).unwrap();
    for name in ["1_a", "2_b"] {
        let text = "-- migrate:up\nSELECT 1;\n\n-- migrate:down\n";
        std::fs::write(folder.join(format!("migrations/{name}.sql")), text).unwrap();
    }
    let conn = dunlin::drivers::rusqlite::Connection::open(folder.join("x.db")).unwrap();
    conn.execute_batch(
        "CREATE TABLE schema_migrations (version varchar(128) PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1'), ('2')",
    )
    .unwrap();
    let go = |args: &[&str]| run(&dunlin(), folder, &[args, &["--url", "sqlite://x.db"]].concat());
    let adopt = ["adopt", "--from", "dbmate"];
    check(&go(&adopt), 0, "taken over: 2");
    conn.execute_batch("DELETE FROM schema_migrations WHERE version = '2'").unwrap();
    check(&go(&[&adopt[..], &["--dry-run"]].concat()), 1, "undone   2_b");
    let refused = go(&adopt);
    check(&refused, 1, "taken over before, and undone by dbmate since: 2_b");
    check(&refused, 1, "next: `dunlin stamp 1_a` says where the database now is");
    check(&go(&["stamp", "1_a"]), 0, "stamped as pending 2_b");
    check(&go(&adopt), 0, "pending  2_b");
    conn.execute_batch("DELETE FROM schema_migrations").unwrap();
    check(&go(&adopt), 1, "next: `dunlin stamp base`");
}

/// A file of Flyway's that runs again and can't be run here stands in no versioned one's way, and a stamp says that it ran.
#[test]
fn a_repeatable_that_cannot_run_is_stamped() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let write = |name: &str, text: &str| std::fs::write(folder.join("migrations").join(name), text).unwrap();
    std::fs::create_dir(folder.join("migrations")).unwrap();
    write("V1__a.sql", "CREATE TABLE a (id integer);");
    write("V2__b.sql", "CREATE TABLE b (id integer);");
    write("R__refresh.java", "class A {}");
    write("R__v.sql", "CREATE VIEW v AS SELECT 1;");
    let go = |args: &[&str]| run(&dunlin(), folder, &[args, &["--url", "sqlite://x.db"]].concat());
    let refused = go(&["upgrade"]);
    check(&refused, 1, "revision R__refresh: R__refresh.java is a program");
    check(&refused, 1, "next: `dunlin upgrade V2__b` applies what is before it; run it by its own tool");
    check(&go(&["upgrade", "+1"]), 0, "applied V1__a");
    check(&go(&["upgrade", "V2__b"]), 0, "applied V2__b");
    // What comes behind it waits for it.
    check(&go(&["status"]), 0, "pending  R__v");
    check(&go(&["upgrade"]), 1, "`dunlin stamp R__refresh`");
    check(&go(&["stamp", "R__refresh"]), 0, "stamped as applied R__refresh");
    check(&go(&["upgrade"]), 0, "applied R__v");
    check(&go(&["upgrade"]), 0, "nothing to do");
    write("R__refresh.java", "class B {}");
    check(&go(&["status"]), 0, "pending  R__refresh");
    check(&go(&["upgrade"]), 1, "R__refresh.java is a program");
    check(&go(&["stamp", "R__refresh"]), 0, "stamped as applied R__refresh");
    check(&go(&["upgrade"]), 0, "nothing to do");
    // With settings under which it can't be run, too.
    write("R__v.sql.conf", "shouldExecute: false\n");
    write("R__v.sql", "CREATE VIEW w AS SELECT 1;");
    check(&go(&["upgrade"]), 1, "R__v.sql.conf says that it runs where false");
    check(&go(&["stamp", "V2__b,R__v"]), 0, "stamped as applied R__v");
    check(&go(&["upgrade"]), 0, "nothing to do");
    write("R__v.sql.conf", "\nexecuteInTransaction: no\n");
    check(
        &go(&["upgrade"]),
        2,
        "R__v.sql.conf:2: executeInTransaction is either true or false, and not \"no\"",
    );
}

/// A tool, files beside which it is named, and what its configuration then holds, or why there is none.
type Begun<'a> = (&'a str, &'a [(&'a str, &'a str)], Result<&'a [&'a str], &'a str>);

/// A step of Alembic's.
const STEP: &str = "revision = 'a1'\ndown_revision = None\n";

/// `init --from` goes by what the tool's own configuration says, and leaves its folder as it is.
#[test]
fn init_takes_a_folder_as_it_is() {
    let cases: [Begun<'_>; 20] = [
        (
            "diesel",
            &[("migrations/1_a/up.sql", "SELECT 1;")],
            Ok(&["revisions = \"migrations\"", "format = \"diesel\""]),
        ),
        (
            "diesel",
            &[
                ("diesel.toml", "[migrations_directory]\ndir = \"db/own\""),
                ("db/own/1_a/up.sql", "SELECT 1;"),
            ],
            Ok(&["revisions = \"db/own\""]),
        ),
        (
            "sqlx",
            &[("sqlx.toml", "[migrate]\nmigrations-dir = \"m\""), ("m/1_a.sql", "")],
            Ok(&["revisions = \"m\""]),
        ),
        (
            "dbmate",
            &[("db/migrations/1_a.sql", "-- migrate:up\n-- migrate:down")],
            Ok(&["revisions = \"db/migrations\""]),
        ),
        (
            "flyway",
            &[
                (
                    "flyway.toml",
                    "[flyway]\nlocations = [\"filesystem:sql\"]\n[flyway.placeholders]\nowner = \"me\"",
                ),
                ("sql/V1__a.sql", "SELECT '${owner}';"),
            ],
            Ok(&["revisions = \"sql\"", "[variables]\n\"owner\" = \"me\""]),
        ),
        (
            "flyway",
            &[
                ("flyway.conf", "flyway.locations=classpath:db/m\n"),
                ("src/main/resources/db/m/V1__a.sql", ""),
            ],
            Ok(&["revisions = \"src/main/resources/db/m\""]),
        ),
        (
            "flyway",
            &[("flyway.conf", "flyway.placeholderReplacement=false\n"), ("sql/V1__a.sql", "SELECT '${a}';")],
            Ok(&["revisions = \"sql\"", "variables = false\n"]),
        ),
        (
            "flyway",
            &[("flyway.conf", "flyway.sqlMigrationPrefix = Q\n"), ("sql/Q1__a.sql", "")],
            Err("sqlMigrationPrefix"),
        ),
        (
            "flyway",
            &[
                ("flyway.conf", "flyway.locations=a,filesystem:b,gone\n"),
                ("a/V2__a.sql", ""),
                ("b/V1__b.sql", ""),
            ],
            Ok(&["revisions = [\"a\", \"b\"]"]),
        ),
        (
            "flyway",
            &[("flyway.conf", "flyway.locations=gone\n"), ("a/V1__a.sql", "")],
            Err("there is no folder gone"),
        ),
        (
            "flyway",
            &[("flyway.conf", "flyway.locations=a,s3:there\n"), ("a/V1__a.sql", "")],
            Err("names s3:there, which is no folder"),
        ),
        (
            "alembic",
            &[
                (
                    "alembic.ini",
                    "[alembic]\n# script_location = x\nscript_location = %(here)s/db/alembic\nprepend_sys_path = .\n",
                ),
                ("db/alembic/versions/1.py", STEP),
            ],
            Ok(&["revisions = \"db/alembic/versions\"", "format = \"alembic\""]),
        ),
        (
            "alembic",
            &[
                (
                    "alembic.ini",
                    "[alembic]\nscript_location = a\nversion_locations =\n    %(here)s/shop\n    billing\npath_separator = newline\n",
                ),
                ("shop/1.py", STEP),
                ("shop/__init__.py", ""),
                ("billing/__init__.py", ""),
            ],
            Ok(&["revisions = [\"shop\", \"billing\"]"]),
        ),
        (
            "alembic",
            &[
                (
                    "pyproject.toml",
                    "[project]\nname = \"shop\"\n[tool.alembic]\nscript_location = \"shop.db:migrations\"\n",
                ),
                ("shop/db/migrations/versions/1.py", STEP),
            ],
            Ok(&["revisions = \"shop/db/migrations/versions\""]),
        ),
        (
            "alembic",
            &[
                (
                    "alembic.ini",
                    "[DEFAULT]\nx = 1\n[alembic]\nscript_location: db\n; script_location = x\nrecursive_version_locations = true\n\
                     [schema2]\nscript_location = other\n",
                ),
                ("db/versions/1.py", STEP),
                ("db/versions/2024/01/2.py", "revision = 'b2'\ndown_revision = 'a1'\n"),
            ],
            Ok(&["revisions = [\"db/versions\", \"db/versions/2024/01\"]", "format = \"alembic\""]),
        ),
        ("alembic", &[("migrations/versions/1.py", STEP)], Ok(&["revisions = \"migrations/versions\""])),
        (
            "sea-orm",
            &[("migration/src/m1_a.rs", "use sea_orm_migration::prelude::*;")],
            Ok(&["revisions = \"migration/src\"", "format = \"sea-orm\""]),
        ),
        ("sea-orm", &[], Err("there is no folder migration/src")),
        ("goose", &[("other/1_a.sql", "")], Err("there is no folder migrations")),
        ("rails", &[], Err("no format of revisions is called rails")),
    ];
    for (tool, files, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let output = run(&dunlin(), folder.path(), &["init", "--from", tool]);
        match expected {
            Ok(lines) => {
                check(&output, 0, "wrote dunlin.toml");
                let written = std::fs::read_to_string(folder.path().join("dunlin.toml")).unwrap();
                lines.iter().for_each(|line| assert!(written.contains(line), "{written}"));
                check(&run(&dunlin(), folder.path(), &["status", "--url", "sqlite::memory:"]), 0, "pending");
            }
            Err(says) => {
                check(&output, 2, says);
                assert!(!folder.path().join("dunlin.toml").exists());
            }
        }
    }
}
