//! What each tool's rows mean, and how they fit a folder.

use std::collections::BTreeSet;

use dunlin_dsl::{DialectId, Lexicon, Row, Value};

use super::{Adoption, Applied, Content, Tool};
use crate::script::Variables;
use crate::script::layout::{Embedded, Listing};

const SQL: &str = "create table a(id int);\n";

/// A row of texts; `-` is NULL.
fn row(values: &[&str]) -> Row {
    let value = |text: &&str| if *text == "-" { Value::Null } else { Value::Text((*text).into()) };
    Row(values.iter().map(value).collect())
}

fn applied(tool: Tool, rows: &[&[&str]]) -> Applied {
    let rows: Vec<_> = rows.iter().map(|values| row(values)).collect();
    tool.applied(&rows).unwrap()
}

fn versions(applied: &Applied) -> Vec<&str> {
    applied.rows.iter().map(|row| row.version.as_str()).collect()
}

#[track_caller]
fn refused(tool: Tool, rows: &[&[&str]], expected: &str) {
    let rows: Vec<_> = rows.iter().map(|values| row(values)).collect();
    let error = tool.applied(&rows).unwrap_err();
    assert!(error.to_string().contains(expected) && error.hint().is_some(), "{error}");
}

/// What is found, each id with what is known of it: `=`, `!`, `?`, `~`, pending `+`, late `<`, without a file `-`.
fn set_against(tool: Tool, applied: &Applied, files: &'static [(&'static str, &'static str)]) -> Vec<String> {
    let format = Some(tool.format()).filter(|format| format.programs().is_none());
    let listing = Listing::read(&Embedded(files), format, &Lexicon::PLAIN).unwrap();
    let adoption = Adoption::of(tool, applied, &listing, &Variables::default()).unwrap();
    let matched = adoption.matched.iter().map(|matched| {
        let mark = match matched.content {
            Content::Same => '=',
            Content::Changed => '!',
            Content::Unknown => '?',
            Content::Assumed => '~',
        };
        format!("{mark}{}", matched.id)
    });
    let pending = adoption.pending.iter().map(|pending| {
        let mark = if pending.is_late { '<' } else { '+' };
        format!("{mark}{}", pending.id)
    });
    let missing = adoption.missing.iter().map(|row| format!("-{}", row.version));
    matched.chain(pending).chain(missing).collect()
}

#[test]
fn sqlx_is_told_by_its_checksums() {
    const SHA: &str =
        "0FA4F612848E3EFB6B0407D1AEB08DB0B11583B56DF403FB9A6C9995C9A0637934F0C90E5FC992C8BA8141A040A0062C";
    let applied = applied(
        Tool::Sqlx,
        &[
            &["1", "a", "t", SHA, "2024-01-02 03:04:05.5+00"],
            &["3", "c", "1", SHA, "-"],
            &["4", "d", "true", SHA, "-"],
        ],
    );
    let files = &[("01_a.sql", SQL), ("2_b.sql", SQL), ("3_c.sql", "select 1;"), ("5_e.sql", SQL)];
    assert_eq!(set_against(Tool::Sqlx, &applied, files), ["=01_a", "!3_c", "<2_b", "+5_e", "-4"]);
    refused(Tool::Sqlx, &[&["7", "a", "f", SHA, "-"]], "migration 7 failed");
}

#[test]
fn the_newest_row_of_goose_counts() {
    let applied = applied(
        Tool::Goose,
        &[
            &["0", "t", "-"],
            &["1", "t", "-"],
            &["2", "t", "2024-01-02 03:04:05"],
            &["1", "f", "-"],
            &["3", "t", "-"],
            &["3", "f", "-"],
            &["3", "t", "-"],
        ],
    );
    assert_eq!(versions(&applied), ["2", "3"]);
    let files = &[("001_a.sql", "-- +goose Up\n"), ("002_b.sql", "-- +goose Up\n"), ("3_c.go", "")];
    assert_eq!(set_against(Tool::Goose, &applied, files), ["?002_b", "?3_c", "<001_a"]);
}

#[test]
fn golang_migrate_assumes() {
    let files = &[("1_a.up.sql", ""), ("2_b.up.sql", ""), ("10_c.up.sql", "")];
    let at_2 = applied(Tool::GolangMigrate, &[&["2", "f"]]);
    assert_eq!(set_against(Tool::GolangMigrate, &at_2, files), ["~1_a", "~2_b", "+10_c"]);
    let none = applied(Tool::GolangMigrate, &[]);
    assert_eq!(set_against(Tool::GolangMigrate, &none, files), ["+1_a", "+2_b", "+10_c"]);
    refused(Tool::GolangMigrate, &[&["2", "t"]], "version 2 is dirty");
    refused(Tool::GolangMigrate, &[&["-1", "1"]], "version -1 is dirty");
    let at_3 = applied(Tool::GolangMigrate, &[&["3", "f"]]);
    let listing =
        Listing::read(&Embedded(files), Some(Tool::GolangMigrate.format()), &Lexicon::PLAIN).unwrap();
    let error = Adoption::of(Tool::GolangMigrate, &at_3, &listing, &Variables::default()).unwrap_err();
    assert_eq!(error.to_string(), "the database is at version 3, and no file has it");
}

#[test]
fn later_rows_of_flyway_take_earlier_ones_back() {
    const CRC: &str = "-1193849269";
    let applied = applied(
        Tool::Flyway,
        &[
            &["-", "<< Flyway Schema Creation >>", "SCHEMA", "-", "t", "-", "\"shop\""],
            &["1.0", "<< Flyway Baseline >>", "BASELINE", "-", "t", "-", "x"],
            &["1.1", "b", "SQL", CRC, "t", "-", "V1.1__b.sql"],
            &["1.2", "c", "SQL", CRC, "t", "-", "V1.2__c.sql"],
            &["1.2", "c", "UNDO_SQL", "-", "t", "-", "U1.2__c.sql"],
            &["-", "views", "SQL", "5", "t", "-", "R__views.sql"],
            &["-", "views", "SQL", CRC, "t", "-", "R__views.sql"],
            &["-", "old", "SQL", "5", "t", "-", "R__old.sql"],
            &["9", "gone", "SQL", "5", "t", "-", "V9__gone.sql"],
            &["9", "gone", "DELETE", "5", "t", "-", "V9__gone.sql"],
        ],
    );
    let files = &[
        ("V1__a.sql", SQL),
        ("V1_01__b.sql", SQL),
        ("V1.2__c.sql", SQL),
        ("R__views.sql", SQL),
        ("R__old.sql", SQL),
    ];
    assert_eq!(
        set_against(Tool::Flyway, &applied, files),
        ["~V1__a", "=V1_01__b", "=R__views", "+V1.2__c", "+R__old",]
    );
    refused(Tool::Flyway, &[&["1", "a", "SQL", "1", "f", "-", "V1__a.sql"]], "V1__a.sql failed");
}

#[test]
fn versions_of_dbmate_and_diesel_are_text() {
    let applied = applied(Tool::Dbmate, &[&["001"], &["2"]]);
    let files = &[
        ("001_a.sql", "-- migrate:up\n-- migrate:down\n"),
        ("02_b.sql", "-- migrate:up\n-- migrate:down\n"),
    ];
    assert_eq!(set_against(Tool::Dbmate, &applied, files), ["?001_a", "+02_b", "-2"]);
    let applied = self::applied(Tool::Diesel, &[&["20240102030405", "2024-01-02 03:04:05"]]);
    assert_eq!(
        set_against(Tool::Diesel, &applied, &[("2024-01-02-030405_a/up.sql", SQL)]),
        ["?2024-01-02-030405_a"]
    );
}

#[test]
fn refinery_is_told_by_both_of_its_checksums() {
    for checksum in ["13880320430104922755", "627270200367068356"] {
        let applied = applied(Tool::Refinery, &[&["1", "first", checksum, "2024-01-02T03:04:05.123456789Z"]]);
        assert_eq!(applied.rows[0].applied_at.as_deref(), Some("2024-01-02T03:04:05.123456Z"));
        assert_eq!(set_against(Tool::Refinery, &applied, &[("V1__first.sql", SQL)]), ["=V1__first"]);
        assert_eq!(set_against(Tool::Refinery, &applied, &[("V1__second.sql", SQL)]), ["!V1__second"]);
    }
}

#[test]
fn tables_of_one_name_are_told_apart() {
    assert!(Tool::Dbmate.is_its_table(&["version"]) && !Tool::Dbmate.is_its_table(&["version", "dirty"]));
    assert!(
        Tool::GolangMigrate.is_its_table(&["VERSION", "dirty"])
            && !Tool::GolangMigrate.is_its_table(&["version"])
    );
    for tool in Tool::all() {
        assert_eq!(tool.as_str().parse::<Tool>().unwrap(), tool);
        assert!(tool.query("\"t\"", DialectId::Sqlite).contains(" FROM \"t\""), "{tool}");
    }
    assert!("liquibase".parse::<Tool>().is_err_and(|error| error.hint().is_some()));
    assert!(Tool::Sqlx.query("t", DialectId::Postgres).contains("encode(checksum, 'hex')"));
    assert!(Tool::Sqlx.query("t", DialectId::Mariadb).contains("hex(checksum)"));
}

#[test]
fn the_heads_of_alembic_stand_for_what_comes_before_them() {
    const FILES: &[(&str, &str)] = &[
        ("1975ea83b712_users.sql", "-- dunlin: revises base\n"),
        ("27c6a30d7c24_posts.sql", "-- dunlin: revises 1975ea83b712_users\n"),
        ("3512b954651e_pets.sql", "-- dunlin: revises base\n"),
        (
            "4fbe8a91c0d2_both.sql",
            "-- dunlin: revises 27c6a30d7c24_posts\n-- dunlin: depends-on 3512b954651e_pets\n",
        ),
        ("5aa1b2c3d4e5_next.sql", "-- dunlin: revises 4fbe8a91c0d2_both\n"),
    ];
    let at = |heads: &[&[&str]]| set_against(Tool::Alembic, &applied(Tool::Alembic, heads), FILES);
    let listed = [
        "4fbe8a91c0d2_both",
        "5aa1b2c3d4e5_next",
        "27c6a30d7c24_posts",
        "1975ea83b712_users",
        "3512b954651e_pets",
    ];
    let marked = |marks: &str| {
        marks.chars().zip(listed).map(|(mark, id)| format!("{mark}{id}")).collect::<BTreeSet<_>>()
    };
    let at = |heads: &[&[&str]]| at(heads).into_iter().collect::<BTreeSet<_>>();
    assert_eq!(at(&[&["4fbe8a91c0d2"]]), marked("?+~~~"));
    assert_eq!(at(&[&["1975ea83b712"], &["3512b954651e"]]), marked("+++??"));
    assert_eq!(at(&[&["27c6a30d7c24"]]), marked("++?~+"));
    assert!(at(&[&["ffffffffffff"]]).contains("-ffffffffffff"));
}

#[test]
fn steps_of_alembic_are_known_by_what_they_say_of_themselves() {
    const FILES: &[(&str, &str)] = &[
        ("users.py", "revision = '0001_users'\ndown_revision = None\n"),
        ("pets.py", "revision = 'a1'\ndown_revision = None\nbranch_labels = 'pets'\n"),
        ("1.py", "revision = 'b2'\ndown_revision = '0001_users'\ndepends_on = 'pets'\n"),
        ("2.py", "revision = 'c3'\ndown_revision = 'b2'\n"),
        ("b2_more.sql", "-- dunlin: revises c3\n"),
    ];
    let at = |heads: &[&[&str]]| set_against(Tool::Alembic, &applied(Tool::Alembic, heads), FILES);
    // A head that another one depends on has no row.
    assert_eq!(at(&[&["b2"]]), ["~a1", "~0001_users", "?b2", "+c3", "+b2_more"]);
    assert_eq!(at(&[&["0001_users"]]), ["?0001_users", "+a1", "+b2", "+c3", "+b2_more"]);
    assert_eq!(at(&[&["0001"]]).last().unwrap(), "-0001");
}
