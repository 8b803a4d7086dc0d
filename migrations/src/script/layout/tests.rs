//! The rules of each layout, on folders at hand.

mod auto;
mod files;
mod programs;

use dunlin_dsl::Lexicon;

use super::{Embedded, Format, LayoutError, Listing};
use crate::script::{Placeholders, Transaction, Variables};

fn read(format: Format, files: &'static [(&'static str, &'static str)]) -> Result<Listing, LayoutError> {
    Listing::read(&Embedded(files), Some(format), &Lexicon::PLAIN)
}

fn auto(files: &'static [(&'static str, &'static str)]) -> Result<Listing, LayoutError> {
    Listing::read(&Embedded(files), None, &Lexicon::PLAIN)
}

#[track_caller]
fn order(format: Format, files: &'static [(&'static str, &'static str)], expected: &[&str]) {
    let listing = read(format, files).unwrap();
    let ids: Vec<_> = listing.revisions.iter().map(|listed| listed.revision.id.as_str()).collect();
    assert_eq!(ids, expected);
}

#[track_caller]
fn refused(format: Option<Format>, files: &'static [(&'static str, &'static str)], expected: &str) {
    let error = Listing::read(&Embedded(files), format, &Lexicon::PLAIN).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[track_caller]
fn found(files: &'static [(&'static str, &'static str)], expected: Format) {
    assert_eq!(auto(files).unwrap().format, expected);
}

const SQL: &str = "create table a(id int);\n";
const GOOSE: &str = "-- +goose Up\nselect 1;\n-- +goose Down\nselect 2;\n";
const DBMATE: &str = "-- migrate:up\nselect 1;\n-- migrate:down\nselect 2;\n";

#[test]
fn each_orders_as_its_tool_does() {
    order(
        Format::Sqlx,
        &[("10_b.sql", ""), ("0009_a.sql", ""), ("-1_c.sql", ""), ("no.sql", "")],
        &["_1_c", "0009_a", "10_b"],
    );
    order(
        Format::Diesel,
        &[
            ("2024-01-02-030405_b/up.sql", SQL),
            ("20240102_a/up.sql", SQL),
            ("2024-01-02-0304051_c/up.sql", SQL),
        ],
        &["20240102_a", "2024-01-02-030405_b", "2024-01-02-0304051_c"],
    );
    order(
        Format::Refinery,
        &[("V10__b.sql", ""), ("sub/U9__a.sql", ""), ("V1__x-y.sql", "")],
        &["U9__a", "V10__b"],
    );
    order(
        Format::Flyway,
        &[("V1.10__c.sql", ""), ("V1_9__b.sql", ""), ("V01__a b.sql", ""), ("x/V2__d.sql", "")],
        &["V01__a_b", "V1_9__b", "V1.10__c", "V2__d"],
    );
    order(
        Format::Goose,
        &[("00010_b.sql", GOOSE), ("0002_a.sql", GOOSE), ("x_1.sql", "")],
        &["0002_a", "00010_b"],
    );
    order(Format::Dbmate, &[("9_a.sql", DBMATE), ("10b.sql", DBMATE), ("x.sql", "")], &["10b", "9_a"]);
    order(
        Format::GolangMigrate,
        &[("10_b.up.sql", ""), ("9_a.up.sql", ""), ("9_a.down.sql", ""), ("11_c.down.sql", "")],
        &["9_a", "10_b", "11_c"],
    );
    order(
        Format::Numbered,
        &[("10-b.sql", ""), ("9 a.sql", ""), ("9 b10.sql", ""), ("9 b9.sql", "")],
        &["9_a", "9_b9", "9_b10", "10-b"],
    );
    order(
        Format::Dunlin,
        &[("a10.sql", ""), ("a9.sql", ""), ("2_b.rs", ""), ("mod.rs", ""), ("a9.b.sql", "")],
        &["2_b", "a9", "a9.b", "a10"],
    );
}

#[test]
fn two_of_one_version_are_refused() {
    refused(
        Some(Format::Sqlx),
        &[("1_a.sql", ""), ("01_b.up.sql", "")],
        "01_b.up.sql: the version 1 is that of 1_a.sql too",
    );
    refused(
        Some(Format::Diesel),
        &[("2024-01_a/up.sql", SQL), ("202401_b/up.sql", SQL)],
        "202401_b: the version 202401 is that of 2024-01_a too",
    );
    refused(
        Some(Format::Refinery),
        &[("V1__a.sql", ""), ("U1__b.sql", "")],
        "V1__a.sql: the version 1 is that of U1__b.sql too",
    );
    refused(
        Some(Format::Flyway),
        &[("V1__a.sql", ""), ("V1.0__b.sql", "")],
        "V1__a.sql: the version 1 is that of V1.0__b.sql too",
    );
    refused(
        Some(Format::Goose),
        &[("1_a.sql", GOOSE), ("001_b.go", "")],
        "1_a.sql: the version 1 is that of 001_b.go too",
    );
    refused(
        Some(Format::Dbmate),
        &[("1_a.sql", DBMATE), ("1b.sql", DBMATE)],
        "1b.sql: the version 1 is that of 1_a.sql too",
    );
    refused(
        Some(Format::GolangMigrate),
        &[("1_a.up.sql", ""), ("01_b.up.sql", "")],
        "1_a.up.sql: the version 1 is that of 01_b.up.sql too",
    );
    refused(
        Some(Format::Dunlin),
        &[("1.sql", ""), ("1.up.sql", "")],
        "1.sql: 1.up.sql is there too, and both would be 1",
    );
    refused(
        Some(Format::Dunlin),
        &[("1.sql", "-- dunlin: id x\n"), ("2.sql", "-- dunlin: id x\n")],
        "2.sql: the id x is that of 1.sql too",
    );
}

#[test]
fn what_a_tool_refuses_is_refused() {
    refused(Some(Format::Sqlx), &[("x_y.sql", "")], "x_y.sql: its version, x, is no number");
    refused(Some(Format::Diesel), &[("a/readme", "")], "a: there is no up.sql in this folder");
    refused(Some(Format::Diesel), &[("a/", "")], "a: there is no up.sql in this folder");
    refused(Some(Format::Diesel), &[("a/up.sql", "")], "a/up.sql: it is empty");
    refused(
        Some(Format::Goose),
        &[("1_a.sql", "select 1;")],
        "1_a.sql:1: a statement stands before `-- +goose Up`",
    );
    refused(Some(Format::Goose), &[("1_a.sql", "-- a\n")], "1_a.sql:2: there is no `-- +goose Up`");
    refused(
        Some(Format::Goose),
        &[("1_a.sql", "-- +goose Up\nselect 1\n  -- +goose Down\n")],
        "1_a.sql:3: `-- +goose Down` has white space before it, which goose refuses",
    );
    refused(
        Some(Format::Goose),
        &[("1_a.sql", "-- +goose Up\nselect 1\n-- +goose Down\n")],
        "1_a.sql:3: the statement of line 2 doesn't end in a semicolon",
    );
    refused(
        Some(Format::Goose),
        &[("1_a.sql", "-- +goose Up\n-- +goose StatementBegin\nselect 1")],
        "1_a.sql:3: `-- +goose StatementEnd` is missing",
    );
    refused(
        Some(Format::Dbmate),
        &[("1_a.sql", "-- migrate:up\n")],
        "1_a.sql:2: there is no `-- migrate:up`, or no `-- migrate:down` behind it; dbmate needs both",
    );
    refused(
        Some(Format::Dbmate),
        &[("1_a.sql", "select 1;\n-- migrate:up\n")],
        "1_a.sql:1: a statement stands before `-- migrate:up`",
    );
    refused(
        Some(Format::Dbmate),
        &[("1_a.sql", "-- migrate:up\n-- migrate:down\n-- migrate:up\n")],
        "1_a.sql:3: there is a second `-- migrate:up`",
    );
    refused(Some(Format::Sqitch), &[("deploy/a.sql", "")], "there is no sqitch.plan");
    refused(
        Some(Format::Sqitch),
        &[("sqitch.plan", "%project=p\na [b] 2026-11-22T08:21:36Z A <a@b>\n")],
        "sqitch.plan:2: a requires b, which isn't in the plan before it",
    );
    refused(Some(Format::Dunlin), &[("1.down.sql", "")], "1.down.sql: there is no 1.up.sql beside it");
    refused(
        Some(Format::Dunlin),
        &[("1.sql", "\n-- dunlin: nonsense\n")],
        "1.sql:2:1: nothing is known of `nonsense`; known are up, down, id, revises, depends-on, branch-label, \
         no-transaction, no-variables, repeatable",
    );
}

#[test]
fn markers_say_which_transactions() {
    let of = |format, files| read(format, files).unwrap().revisions.remove(0).revision.up.transaction();
    assert_eq!(of(Format::Sqlx, &[("1_a.sql", "-- no-transaction\n")]), Transaction::None);
    assert_eq!(of(Format::Sqlx, &[("1_a.sql", "\n-- no-transaction\n")]), Transaction::Own);
    assert_eq!(of(Format::Sqlx, &[("1_a.sql", "\u{feff}-- no-transaction\n")]), Transaction::Own);
    assert_eq!(of(Format::Diesel, &[("a/metadata.toml", ""), ("a/up.sql", SQL)]), Transaction::None);
    assert_eq!(
        of(Format::Goose, &[("1_a.sql", "-- +goose NO TRANSACTION\n-- +goose Up\n")]),
        Transaction::None
    );
    assert_eq!(
        of(Format::Flyway, &[("V1__a.sql", SQL), ("V1__a.sql.conf", "executeInTransaction=false\n")]),
        Transaction::None
    );
    assert_eq!(of(Format::GolangMigrate, &[("1_a.up.sql", "")]), Transaction::Bare);
    let dbmate = read(Format::Dbmate, &[("1_a.sql", "-- migrate:up\n-- migrate:down transaction:false\n")]);
    let revision = dbmate.unwrap().revisions.remove(0).revision;
    assert_eq!(revision.up.transaction(), Transaction::Own);
    assert_eq!(of(Format::Numbered, &[("1_a.sql", SQL)]), Transaction::Revision);
    assert_eq!(revision.down.unwrap().transaction(), Transaction::None);
}

#[test]
fn what_cannot_run_is_named() {
    let reason =
        |format, files| read(format, files).unwrap().revisions.remove(0).revision.cannot_run.unwrap();
    assert_eq!(reason(Format::Goose, &[("1_a.go", "")]), "1_a.go is a program in Go");
    assert!(reason(Format::Refinery, &[("V1__a.rs", "")]).contains("V1__a.rs"));
    assert_eq!(reason(Format::Flyway, &[("V1__a.java", "")]), "V1__a.java is a program");
    assert!(
        reason(Format::Flyway, &[("V1__a.sql", ""), ("V1__a.sql.conf", "encoding = ISO-8859-1")])
            .contains("ISO")
    );
    assert!(reason(Format::Dunlin, &[("1_a.rs", "")]).contains("Rust"));
    assert_eq!(reason(Format::Dunlin, &[("1_a.py", "")]), "1_a.py is a program");
    assert_eq!(reason(Format::Numbered, &[("1_a.py", ""), ("2_b.sql", SQL)]), "1_a.py is a program");
    let plan = "%project=p\na 2026-11-22T08:21:36Z A <a@b>\n";
    assert_eq!(plan.lines().count(), 2);
    assert_eq!(
        reason(Format::Sqitch, &[("sqitch.plan", "%project=p\na 2026-11-22T08:21:36Z A <a@b>\n")]),
        "there is no deploy/a.sql"
    );
}

#[test]
fn a_missing_half_does_nothing_to_golang_migrate_alone() {
    let files = &[("1_a.up.sql", SQL)];
    assert!(auto(files).unwrap().revisions[0].revision.down.is_none());
    let listing = read(Format::GolangMigrate, files).unwrap();
    assert!(!listing.revisions[0].revision.down.as_ref().unwrap().section().has_statements);
    refused(None, &[("1_a.down.sql", SQL)], "1_a.down.sql: there is no .up.sql of its version");
}

#[test]
fn a_baseline_stands_for_what_is_missing() {
    order(Format::Flyway, &[("B2__all.sql", ""), ("V3__c.sql", "")], &["B2__all", "V3__c"]);
    order(Format::Flyway, &[("B2__all.sql", ""), ("V1__a.sql", ""), ("V3__c.sql", "")], &["V1__a", "V3__c"]);
}

#[test]
fn a_reworked_change_keeps_its_id() {
    const BEFORE: &str = "%project=p\na 2026-11-22T08:21:36Z A <a@b>\n@v1 2026-11-22T08:21:36Z A <a@b>\n";
    const AFTER: &str = "%project=p\na 2026-11-22T08:21:36Z A <a@b>\n@v1 2026-11-22T08:21:36Z A <a@b>\n\
        a [a@v1] 2026-11-22T08:21:37Z A <a@b>\n";
    order(Format::Sqitch, &[("sqitch.plan", BEFORE), ("deploy/a.sql", "")], &["a"]);
    let files =
        &[("sqitch.plan", AFTER), ("deploy/a.sql", "2"), ("deploy/a@v1.sql", "1"), ("revert/a.sql", "")];
    let listing = read(Format::Sqitch, files).unwrap();
    let of = |place: usize| &listing.revisions[place].revision;
    assert_eq!((of(0).id.as_str(), of(0).up.file()), ("a", "deploy/a@v1.sql"));
    assert_eq!((of(1).id.as_str(), of(1).up.file()), ("a~2", "deploy/a.sql"));
    assert_eq!(of(1).depends_on, ["a"]);
    assert!(of(0).down.is_none() && of(1).down.is_some());
}

#[test]
fn a_change_may_be_named_with_its_project() {
    const PLAN: &str = "%project=p\na 2026-11-22T08:21:36Z A <a@b>\n\
        b [p:a other:c] 2026-11-22T08:21:37Z A <a@b>\n";
    let files = &[("sqitch.plan", PLAN), ("deploy/a.sql", ""), ("deploy/b.sql", "")];
    let listing = read(Format::Sqitch, files).unwrap();
    assert_eq!(listing.revisions[1].revision.depends_on, ["a"]);
    assert_eq!(
        listing.notes,
        ["sqitch.plan:3: b requires other:c, of another project: it runs whether that is deployed or not"]
    );
    assert!(listing.ignored.is_empty());
}

#[test]
fn a_change_does_not_run_behind_one_that_it_conflicts_with() {
    const PLAN: &str = "%project=p\na [!b !q:x] 2026-11-22T08:21:36Z A <a@b>\n\
        b [a] 2026-11-22T08:21:37Z A <a@b>\n@v1 2026-11-22T08:21:38Z A <a@b>\nc [!p:a] 2026-11-22T08:21:39Z A <a@b>\n\
        d [!@v1] 2026-11-22T08:21:40Z A <a@b>\n";
    let files = &[
        ("sqitch.plan", PLAN),
        ("deploy/a.sql", ""),
        ("deploy/b.sql", ""),
        ("deploy/c.sql", ""),
        ("deploy/d.sql", ""),
    ];
    let listing = read(Format::Sqitch, files).unwrap();
    let why = |place: usize| listing.revisions[place].revision.cannot_run.as_deref();
    assert_eq!((why(0), why(1)), (None, None));
    assert_eq!(why(2), Some("c conflicts with a, as sqitch.plan says, which is deployed before it"));
    let way_out = listing.revisions[2].revision.way_out.as_deref().unwrap();
    assert!(
        way_out.starts_with("sqitch refuses it too: take one of the two out of sqitch.plan, a once"),
        "{way_out}"
    );
    assert!(why(3).is_some());
    assert!(listing.notes[0].starts_with("sqitch.plan:2: a conflicts with q:x"), "{:?}", listing.notes);
}

#[test]
fn placeholders_are_found() {
    let files = &[("V1__a.sql", "select '$${';\n-- ${schema}\n")];
    let of = |format, files| read(format, files).unwrap().revisions.remove(0).revision.up.placeholders();
    assert_eq!(of(Format::Flyway, files), Placeholders::Always);
    let files = &[("V1__a.sql", "${a}"), ("V1__a.sql.conf", "placeholderReplacement=false")];
    assert_eq!(of(Format::Flyway, files), Placeholders::Never);
    assert_eq!(of(Format::Refinery, files), Placeholders::Never);
    let goose = "-- +goose Up\n-- +goose ENVSUB ON\nA;\n-- +goose ENVSUB OFF\n-- +goose Down\nB;\n";
    let goose: &[_] = Box::leak(Box::new([("1_a.sql", goose)]));
    let down = read(Format::Goose, goose).unwrap().revisions.remove(0).revision.down.unwrap();
    assert_eq!(of(Format::Goose, goose), Placeholders::Environment);
    assert_eq!(down.placeholders(), Placeholders::Never);
    assert_eq!(of(Format::Dunlin, files), Placeholders::IfOn);
    // Line by line, in a block too.
    let goose = "-- +goose Up\n-- +goose StatementBegin\n$a\n-- +goose ENVSUB ON\n${a:-1}\n\
        -- +goose ENVSUB OFF\n${a}\n-- +goose StatementEnd\n-- +goose Down\n-- +goose ENVSUB ON\n$a;\n";
    let goose: &[_] = Box::leak(Box::new([("1_a.sql", goose)]));
    let revision = read(Format::Goose, goose).unwrap().revisions.remove(0).revision;
    assert_eq!((revision.up.placeholders(), revision.up.filled().len()), (Placeholders::Environment, 1));
    assert!(revision.down.unwrap().filled().is_empty());
    let lexicon = Lexicon::PLAIN;
    let mut statements = revision.up.statements(&lexicon).unwrap();
    let sql = statements.next().unwrap().unwrap();
    let filled = Variables::on().fill(&revision.up, &sql.text, sql.start).unwrap().text.into_owned();
    assert_eq!(filled, "$a\n-- +goose ENVSUB ON\n1\n-- +goose ENVSUB OFF\n${a}");
}

// The values are those that the tools stored.
#[test]
fn checksums_are_those_of_the_tools() {
    let of = |format, path, text: &'static str| {
        let files: &'static [(&str, &str)] = Box::leak(Box::new([(path, text)]));
        let listing = read(format, files).unwrap();
        listing.checksum(&listing.revisions[0], &Variables::default()).unwrap()
    };
    const SHA: &str =
        "0fa4f612848e3efb6b0407d1aeb08db0b11583b56df403fb9a6c9995c9a0637934f0c90e5fc992c8ba8141a040a0062c";
    assert_eq!(of(Format::Sqlx, "1_a.sql", SQL).exact, [SHA]);
    assert_eq!(of(Format::Sqlx, "1_a.sql", "create table a(id int);\r\n").is(SHA), Some(true));
    let refinery = of(Format::Refinery, "V1__first.sql", SQL);
    assert_eq!(refinery.exact, ["13880320430104922755", "627270200367068356"]);
    let second = of(Format::Refinery, "V10__second_thing.sql", "create table b(id int);\n");
    assert_eq!(second.is("15620108832200921506"), Some(true));
    for text in [SQL, "create table a(id int);", "\u{feff}create table a(id int);\r\n"] {
        assert_eq!(of(Format::Flyway, "V1__a.sql", text).exact, ["-1193849269"]);
    }
    assert_eq!(of(Format::Flyway, "V1__a.sql", "create table a(\n id int);\n").exact, ["1653359975"]);
    let files = &[("sqitch.plan", "%project=p\na 2026-11-22T08:21:36Z A <a@b>\n"), ("deploy/a.sql", SQL)];
    let listing = read(Format::Sqitch, files).unwrap();
    assert_eq!(
        listing.checksum(&listing.revisions[0], &Variables::default()).unwrap().exact,
        ["dabe98fdd7dbbceb8c61e160cddbeb20abcf0178"]
    );
    assert_eq!(of(Format::Numbered, "1.sql", SQL).is("anything"), None);
    // What the settings of sqlx leave out, and what Flyway fills in.
    let mut listing = read(Format::Sqlx, &[("1_a.sql", "\u{feff}create table a(id  int);\n")]).unwrap();
    listing.ignored_chars = "\u{feff} ".into();
    let plain = of(Format::Sqlx, "1_a.sql", "createtablea(idint);\n").exact;
    assert_eq!(listing.checksum(&listing.revisions[0], &Variables::default()).unwrap().exact[1..], plain);
    let listing = read(Format::Flyway, &[("R__a.sql", "create table ${t}(id int);\n")]).unwrap();
    let filled = listing.checksum(&listing.repeatables[0], &Variables::on().with("T", "a")).unwrap();
    assert_eq!(filled.is("-1193849269"), Some(true));
}

// What turns a folder of another tool into one of Dunlin's doesn't make its revisions look edited.
#[test]
fn the_checksum_is_that_of_the_way_up_alone() {
    let of = |format, files| read(format, files).unwrap().revisions.remove(0).revision.checksum;
    let plain = of(Format::Numbered, &[("1_a.sql", "select 1;\n")]);
    assert_eq!(of(Format::Goose, &[("1_a.sql", GOOSE)]), plain);
    assert_eq!(of(Format::Dbmate, &[("1_a.sql", DBMATE)]), plain);
    assert_eq!(of(Format::Dunlin, &[("1_a.sql", "select 1;  \r\n-- dunlin: down\n")]), plain);
}
