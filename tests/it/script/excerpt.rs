//! Errors show the place in the file.

use dunlin::script::{Excerpt, PartKind, Splitter};
use dunlin::{Connect as _, DialectId};

use super::{lexicon, parts};
use crate::server::{Kind, with_database};

#[track_caller]
fn check(text: &str, offset_bytes: usize, expected: &str) {
    let start = dunlin::script::Position { offset_bytes: 100, line: 9, column: 5 };
    assert_eq!(Excerpt::of(text, start, offset_bytes).in_file("a.sql").to_string(), expected);
}

#[test]
fn a_caret_stands_below_the_place() {
    check("SELECT x", 7, "a.sql:9:12\n  |\n9 | SELECT x\n  |        ^");
    check("SELECT\r\n\té, x -- y\r\nFROM t", 14, "a.sql:10:6\n   |\n10 | \té, x -- y\n   | \t    ^");
    check(
        "\t'漢字', 'e\u{301}😀', x",
        22,
        &format!("a.sql:9:19\n  |\n9 | \t'漢字', 'e\u{301}😀', x\n  | \t{}^", " ".repeat(15)),
    );
    check("", 7, "a.sql:9:5\n  |\n9 | \n  | ^");
    let long = format!("{}x{}", "a".repeat(100), "b".repeat(100));
    let (before, behind) = ("a".repeat(60), "b".repeat(59));
    check(&long, 100, &format!("a.sql:9:105\n  |\n9 | …{before}x{behind}…\n  | {}^", " ".repeat(61)));
}

#[test]
fn what_cant_be_read_is_told_with_its_place() {
    let check = |script: &[u8], dialect, expected: &str| {
        let error = parts(script, &lexicon(dialect), 1024).1.unwrap().in_file("a.sql");
        assert_eq!(error.to_string(), expected);
    };
    check(b"SELECT 1;\n SELECT 'a", DialectId::Sqlite, "a.sql:2:9: the string that begins here never ends");
    check(b"SELECT 1;\n/* a", DialectId::Mysql, "a.sql:2:1: the comment that begins here never ends");
    check(b"SELECT 1;\n-- \xe9\n", DialectId::Mysql, "a.sql:2:4: byte 13 of it, 0xe9, isn't UTF-8");
    check(b"\xff\xfeS\0", DialectId::Mysql, "a.sql:1:1: byte 0 of it, 0xff, isn't UTF-8");
    check(
        b"SELECT 1 \\gset",
        DialectId::Postgres,
        "a.sql:1:10: \\gset is a command to psql, which no server knows",
    );
}

/// PostgreSQL counts characters from the statement's start.
#[tokio::test]
async fn a_server_tells_the_place() {
    with_database(Kind::Postgres18, async |db| {
        let script = "-- été;\nCREATE TABLE t (id int);\n\n  SELECT 'é',\n         titel FROM t;";
        let lexicon = lexicon(DialectId::Postgres);
        let mut splitter = Splitter::new(script.as_bytes(), &lexicon);
        let mut database = db.open().await;
        let mut conn = database.connect();
        let mut excerpt = None;
        while let Some(part) = splitter.next().unwrap() {
            if part.kind == PartKind::Statement
                && let Err(error) = conn.execute(part.text).await
            {
                excerpt = Some(Excerpt::of(part.text, part.start, error.offset_bytes.unwrap()));
            }
        }
        let expected = "line 5, column 10\n  |\n5 |          titel FROM t\n  |          ^";
        assert_eq!(excerpt.unwrap().to_string(), expected);
    })
    .await;
}
