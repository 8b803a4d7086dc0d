//! Revisions as files in Dunlin's own layout.

use dunlin::script::{File, Header, Holds};
use dunlin::{DialectId, Lexicon};

use super::lexicon;

fn sqlite() -> Lexicon {
    lexicon(DialectId::Sqlite)
}

fn read(text: &str) -> File {
    File::read(text.as_bytes(), Holds::Both, &sqlite()).unwrap()
}

/// The text of both ways.
fn ways(text: &str) -> (&str, Option<&str>) {
    let file = read(text);
    let of = |section: dunlin::script::Section| {
        &text[section.start.offset_bytes as usize..section.end.offset_bytes as usize]
    };
    (of(file.up), file.down.map(of))
}

#[track_caller]
fn refused(text: &str, holds: Holds, expected: &str) {
    let error = File::read(text.as_bytes(), holds, &sqlite()).unwrap_err().in_file("a.sql");
    assert_eq!(error.to_string(), expected);
}

#[test]
fn a_file_without_a_word_to_dunlin_is_a_way_up() {
    assert_eq!(ways("SELECT 1;\n"), ("SELECT 1;\n", None));
    assert_eq!(ways(""), ("", None));
    assert_eq!(read("SELECT 1;").header, Header::default());
    assert!(!read("-- nothing\n").up.has_statements && read("SELECT 1").up.has_statements);
}

#[test]
fn markers_divide_it() {
    let text = "-- dunlin: up\nSELECT 1\n-- dunlin: down\nSELECT 2";
    assert_eq!(ways(text), ("\nSELECT 1\n", Some("\nSELECT 2")));
    assert_eq!(ways("SELECT 1;\n-- dunlin: down\n"), ("SELECT 1;\n", Some("\n")));
    assert_eq!(ways("SELECT 1; --DUNLIN: Down \nSELECT 2"), ("SELECT 1; ", Some("\nSELECT 2")));
    assert_eq!(
        ways("-- dunlin: down\nSELECT 2;\n-- dunlin: up\nSELECT 1"),
        ("\nSELECT 1", Some("\nSELECT 2;\n"))
    );
    // Neither in a string nor in a comment that began before.
    let text = "SELECT '\n-- dunlin: down\n';/*\n-- dunlin: down\n*/\nCREATE TRIGGER t AFTER INSERT ON u BEGIN SELECT 1; END";
    assert_eq!(ways(text), (text, None));
    let down = read("SELECT 1;\n-- dunlin: down\n -- nothing\n").down.unwrap();
    assert!(!down.has_statements && down.start.line == 2);
}

#[test]
fn the_header_says_what_a_revision_is() {
    let text = "\u{feff}-- A revision.\r\n-- dunlin: id b2\r\n-- dunlin: revises  a1 , a2\r\n-- dunlin: depends-on c\r\n\
        -- dunlin: branch-label shop\r\n-- dunlin: no-transaction\r\n-- dunlin: no-variables\r\n\r\n-- dunlin: up\r\n-- dunlin: repeatable\r\nSELECT 1;";
    let header = Header {
        id: Some("b2".into()),
        revises: Some(vec!["a1".into(), "a2".into()]),
        depends_on: vec!["c".into()],
        branch_labels: vec!["shop".into()],
        no_transaction: true,
        no_variables: true,
        repeatable: true,
        message: Some("A revision.".into()),
    };
    assert_eq!(read(text).header, header);
    assert_eq!(read("-- dunlin: revises base").header.revises, Some(Vec::new()));
}

#[test]
fn what_cant_be_meant_is_refused_with_its_place() {
    let both = |text, expected| refused(text, Holds::Both, expected);
    both(
        "SELECT 1;\n  -- dunlin: no-transaction",
        "a.sql:2:3: `no-transaction` must stand before the first statement",
    );
    both("-- dunlin: down\n-- dunlin: id x", "a.sql:2:1: `id x` must stand before the first statement");
    both(
        "\n-- dunlin: dwon",
        "a.sql:2:1: nothing is known of `dwon`; known are up, down, id, revises, depends-on, branch-label, no-transaction, no-variables, repeatable",
    );
    both(
        "-- dunlin:",
        "a.sql:1:1: it must say one of up, down, id, revises, depends-on, branch-label, no-transaction, no-variables, repeatable",
    );
    both("-- dunlin: revises a,,b", "a.sql:1:1: `revises` needs a value, or several divided by commas");
    both("-- dunlin: id", "a.sql:1:1: `id` needs a value");
    both("-- dunlin: id a\n-- dunlin: id b", "a.sql:2:1: there is a second `id`");
    both("-- dunlin: repeatable always", "a.sql:1:1: `repeatable` takes no value, and has always");
    both("-- dunlin: down 1", "a.sql:1:1: `down` takes no value, and has 1");
    both("-- dunlin: down\n-- dunlin: down", "a.sql:2:1: there is a second `down`");
    both("SELECT 1;\n-- dunlin: up", "a.sql:2:1: a statement stands before `up`");
    both("SELECT 'a;\n-- dunlin: down", "a.sql:1:8: the string that begins here never ends");
}

#[test]
fn a_pair_divides_by_its_names() {
    let lexicon = sqlite();
    let up = File::read(&b"-- dunlin: revises a\nSELECT 1"[..], Holds::Up, &lexicon).unwrap();
    assert!(up.up.has_statements && up.down.is_none() && up.header.revises.is_some());
    let down = File::read(&b"-- dunlin: no-transaction\nSELECT 2"[..], Holds::Down, &lexicon).unwrap();
    assert!(!down.up.has_statements && down.down.unwrap().has_statements && down.header.no_transaction);
    refused(
        "SELECT 1;\n-- dunlin: down",
        Holds::Up,
        "a.sql:2:1: `down` can't stand in a file whose name says already which way it is",
    );
    refused("-- dunlin: id x", Holds::Down, "a.sql:1:1: `id` belongs to the file of the way up");
}

/// Catches a change of the scheme, which would mark every applied revision as edited.
#[test]
fn checksums_are_of_the_way_up_alone() {
    // printf 'CREATE TABLE a (\n  id int);' | sha256sum
    let expected = "sql1:78dfb864fd0d248003316587c10ed53dbb52726cae887c00ed645bd64ae45a01";
    let same = [
        "CREATE TABLE a (\n  id int);",
        "CREATE TABLE a (\r\n  id int);\r\n",
        "\u{feff}CREATE TABLE a (  \t\n  id int);\n\n \n",
        "-- dunlin: id x\nCREATE TABLE a (\n  id int);\n-- dunlin: down\nDROP TABLE a;",
        "-- Who wrote it.\n-- dunlin: up\nCREATE TABLE a (\n  id int);\n",
        "-- dunlin: down\nDROP TABLE a;\n  -- dunlin: up\nCREATE TABLE a (\n  id int);\n",
        "-- dunlin: up\n-- dunlin: repeatable\nCREATE TABLE a (\n  id int);\n -- dunlin: down",
    ];
    for text in same {
        assert_eq!(read(text).checksum, expected, "{text:?}");
    }
    for other in
        ["CREATE TABLE a (\n id int);", "\nCREATE TABLE a (\n  id int);", "CREATE TABLE a (\n\n  id int);"]
    {
        assert_ne!(read(other).checksum, expected, "{other:?}");
    }
}
