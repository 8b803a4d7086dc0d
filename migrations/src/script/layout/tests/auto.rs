//! Whose layout a folder has, and what files hold that are no tool's.

use super::*;
use crate::script::Script;

fn ignored(listing: &Listing) -> Vec<&str> {
    listing.ignored.iter().map(|ignored| ignored.path.as_str()).collect()
}

#[test]
fn marks_tell_whose_folder_it_is() {
    found(&[], Format::Dunlin);
    found(&[("1_a.sql", SQL)], Format::Numbered);
    found(&[("1_a.sql", SQL), ("2_b.sql", "select 1;\n-- dunlin: down\n")], Format::Dunlin);
    found(&[("create.sql", SQL), ("1_b.sql", "")], Format::Dunlin);
    found(&[("1_a.sql", GOOSE), ("2_b.go", "")], Format::Goose);
    found(&[("1_a.sql", "\u{feff}-- migrate:up\n-- migrate:down\n")], Format::Dbmate);
    found(&[("1_a.sql", "-- no-transaction\n")], Format::Sqlx);
    found(&[("1_a.up.sql", SQL), ("1_a.down.sql", SQL)], Format::GolangMigrate);
    found(&[("a/up.sql", SQL)], Format::Diesel);
    found(&[("sqitch.plan", "%project=p\n"), ("deploy/1_a.sql", SQL)], Format::Sqitch);
    found(&[("V1__a.sql", SQL)], Format::Flyway);
    found(&[("V1__a.sql", SQL), ("R__v.sql", SQL)], Format::Flyway);
    found(&[("V1.1__a.sql", SQL), ("V2__a-b.sql", SQL)], Format::Flyway);
    found(&[("V1__a-b.sql", SQL), ("U1__a-b.sql", SQL)], Format::Flyway);
    found(&[("V1__a.sql", SQL), ("V2__a-b.sql", SQL)], Format::Flyway);
    found(&[("V1__a.sql", SQL), ("V2__b.rs", "")], Format::Refinery);
}

#[test]
fn where_two_would_run_different_things_it_asks() {
    refused(
        None,
        &[("1_a.sql", GOOSE), ("2_b.sql", DBMATE)],
        "1_a.sql is in the layout of goose, and 2_b.sql in that of dbmate",
    );
    refused(
        None,
        &[("V1__a.sql", SQL), ("U2__b.sql", SQL)],
        "refinery would run U2__b.sql, and Flyway would not",
    );
    refused(
        None,
        &[("1_a.up.sql", SQL), ("2_b.up.sql", SQL), ("drop_all.sql", SQL)],
        "drop_all.sql would run in Dunlin's own layout, and not where files are numbered as 1_a.up.sql is",
    );
    let error = auto(&[("1_a.sql", GOOSE), ("2_b.sql", DBMATE)]).unwrap_err();
    assert!(error.hint().unwrap().contains("golang-migrate"));
    let files = &[("mysql/1.sql", SQL), ("postgres/1.sql", SQL)];
    refused(None, files, "no .sql file is in the folder itself, but below it, in mysql/, postgres/");
    assert!(auto(files).unwrap_err().hint().unwrap().ends_with("--revisions FOLDER/mysql/"));
    let files = &[("1_a/migration.sql", SQL), ("2_b/migration.sql", SQL), ("migration_lock.toml", "")];
    refused(None, files, "1_a/migration.sql: it is in the layout of Prisma or Drizzle, which isn't read");
    assert!(auto(files).unwrap_err().hint().unwrap().ends_with("as 1_a.sql"));
}

#[test]
fn folders_below_are_named_where_a_layout_has_none() {
    let files =
        &[("1_a.up.sql", SQL), ("testdata/x/1.sql", "x"), ("testdata/2.sql", "x"), ("seed/a.sql", "x")];
    let listing = auto(files).unwrap();
    assert_eq!(listing.revisions.len(), 1);
    assert_eq!(ignored(&listing), ["seed/", "testdata/"]);
    // Whoever says whose layout it is, or whichever mark does, is told the same.
    let files = &[("1_a.sql", GOOSE), ("seeds/1_a.sql", "x"), ("docs/a.md", "x"), ("2_b.sql/", "")];
    for listing in [auto(files), read(Format::Sqlx, files), read(Format::Dunlin, files)] {
        assert_eq!(ignored(&listing.unwrap()), ["2_b.sql/", "seeds/"]);
    }
    let files = &[("x/V1__a.sql", SQL), ("V2__b.sql/", "")];
    assert_eq!(ignored(&read(Format::Flyway, files).unwrap()), ["V2__b.sql/"]);
}

#[test]
fn a_file_that_is_no_revision_is_named() {
    assert_eq!(ignored(&read(Format::Sqlx, &[("1_a.sql", SQL), ("seed.sql", SQL)]).unwrap()), ["seed.sql"]);
    assert_eq!(ignored(&read(Format::Dbmate, &[("1.sql", DBMATE), ("a.sql", "")]).unwrap()), ["a.sql"]);
    assert_eq!(ignored(&read(Format::Diesel, &[("a/up.sql", SQL), ("b.sql", "")]).unwrap()), ["b.sql"]);
    let files = &[
        ("sqitch.plan", "%project=p\na 2026-11-22T08:21:36Z A <a@b>\n"),
        ("deploy/a.sql", SQL),
        ("deploy/b.sql", SQL),
    ];
    assert_eq!(ignored(&read(Format::Sqitch, files).unwrap()), ["deploy/b.sql"]);
}

// What stands below such a line undoes what stands above it: as one way, a file would do nothing in the end.
#[test]
fn numbered_files_are_divided_as_other_tools_do() {
    for (text, up, down) in [
        ("-- +migrate Up\nA;\n-- +migrate Down\nB;\n", (2, 3), Some((4, 5))),
        ("A;\n---- create above / drop below ----\nB;\n", (1, 2), Some((3, 4))),
        ("-- users\n-- === UP ===\nA;\n-- === DOWN ===\nB;\n", (3, 4), Some((5, 6))),
        ("A;\n-- Down\n-- B;\n", (1, 4), None),
        ("A;\n-- up and down\nB;\n", (1, 4), None),
        (
            "-- Up Migration: users\nA;\n-- Down Migration (Rollback)\nB;\n-- Rollback\nC;\n",
            (2, 3),
            Some((4, 7)),
        ),
        ("A;\n-- +migrate Down\nB;\n-- +migrate Down\nC;\n", (1, 2), Some((3, 6))),
    ] {
        let files: &'static [(&str, &str)] = Box::leak(Box::new([("1_a.sql", text)]));
        let listing = auto(files).unwrap();
        assert_eq!(listing.format, Format::Numbered);
        let revision = &listing.revisions[0].revision;
        let lines = |script: &Script| (script.section().start.line, script.section().end.line);
        assert_eq!((lines(&revision.up), revision.down.as_ref().map(lines)), (up, down), "{text}");
    }
    for (text, expected) in [
        ("A;\n-- Down\nB;\n", "1.sql:3: a statement stands behind `-- Down`, and may be a way down"),
        ("A;\n-- +migrate Up\nB;\n", "1.sql:2: a statement stands before `-- +migrate Up`"),
        (
            "A;\n-- ROLLBACK:\nB;\n",
            "1.sql:3: a statement stands behind `-- ROLLBACK:`, and may be a way down",
        ),
        (
            "A;\n-- +migrate Down\nB;\n-- +migrate Up\n",
            "1.sql:4: `-- +migrate Up` stands behind the way down",
        ),
    ] {
        refused(None, Box::leak(Box::new([("1.sql", text)])), expected);
    }
    // A name says it already.
    let listing = auto(&[("1.up.sql", "A;\n-- down\nB;\n"), ("2.sql", "")]).unwrap();
    assert!(listing.revisions[0].revision.down.is_none());
    refused(
        None,
        &[("1.sql", "-- up\nA;\n-- down\nB;\n"), ("1.down.sql", "B;\n")],
        "1.sql: it has a way down, and so has 1.down.sql",
    );
}
