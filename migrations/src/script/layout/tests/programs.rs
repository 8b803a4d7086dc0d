//! Folders of tools whose steps are programs, and what of Dunlin's stands beside them.

use super::*;
use crate::graph::Graph;

const ALEMBIC: &str = "revision = 'b2'\ndown_revision = 'a1'\n";
const BASE: &str = "revision = 'a1'\ndown_revision = None\n";
const SEA: &str =
    "use sea_orm_migration::prelude::*;\n#[derive(DeriveMigrationName)]\npub struct Migration;\n";
const NOTES: &str = "-- dunlin: revises b2\nselect 1;\n";
const LIST: &str = "use sea_orm_migration::prelude::*;\nfn migrations() -> Vec<X> {\n vec![Box::new(m2_b::Migration), \
                    Box::new(m1_a::Migration)]\n}\n";

#[test]
fn steps_of_alembic_come_in_the_order_of_its_graph() {
    let files = &[("1.py", ALEMBIC), ("2.py", BASE), ("__init__.py", ""), ("a.sql", NOTES)];
    order(Format::Alembic, files, &["a1", "b2", "a"]);
    let graph = Graph::of(&auto(files).unwrap().into_migrations()).unwrap();
    assert_eq!(graph.get("a").unwrap().revises, ["b2"]);
    let revision = |place: usize| auto(files).unwrap().revisions.remove(place).revision;
    assert_eq!(revision(1).cannot_run.unwrap(), "1.py is a program in Python, which Alembic runs");
    assert!(revision(2).cannot_run.is_none());
    assert_eq!(
        (revision(2).up.placeholders(), revision(2).up.transaction()),
        (Placeholders::IfOn, Transaction::Revision)
    );
}

/// Steps load such files themselves: `Path(__file__).with_suffix(".sql")`, `include_str!("m1_a.sql")`.
#[test]
fn sql_beside_steps_is_a_revision_where_it_says_its_place() {
    let left_out = |files| -> Vec<String> {
        auto(files).unwrap().ignored.into_iter().map(|ignored| ignored.path).collect()
    };
    let ids = |files| -> Vec<String> {
        auto(files).unwrap().revisions.into_iter().map(|listed| listed.revision.id).collect()
    };
    // The same stem, the same id, a pair, a seed, and one that isn't even a script by the rules of SQL.
    let files = &[
        ("1.py", ALEMBIC),
        ("1.sql", SQL),
        ("2.py", BASE),
        ("a1.sql", "-- dunlin: down\n"),
        ("n.down.sql", SQL),
        ("n.up.sql", NOTES),
        ("p.up.sql", SQL),
        ("p.down.sql", SQL),
        ("seed.sql", "\\i other.sql\n"),
        ("v.sql", "-- dunlin: repeatable\nselect 1;\n"),
    ];
    assert_eq!(left_out(files), ["1.sql", "a1.sql", "p.down.sql", "p.up.sql", "seed.sql"]);
    assert_eq!(ids(files), ["a1", "b2", "n"]);
    let listing = auto(files).unwrap();
    assert!(listing.revisions[2].revision.down.is_some());
    assert_eq!(listing.repeatables[0].revision.id, "v");
    assert_eq!(
        listing.ignored[0].reason,
        "it says no parent, as in `-- dunlin: revises ID`, and the steps beside it may read it"
    );
    let files = &[("m1_a.rs", SEA), ("m1_a.sql", SQL)];
    assert_eq!((left_out(files), ids(files)), (vec!["m1_a.sql".to_owned()], vec!["m1_a".to_owned()]));
    // A folder without steps is Dunlin's own.
    let files = &[("1.py", BASE), ("1.sql", SQL), (Embedded::NEXT, ""), ("2.sql", SQL)];
    assert_eq!(
        (left_out(files), ids(files)),
        (vec!["1.sql".to_owned()], vec!["a1".to_owned(), "2".to_owned()])
    );
}

#[test]
fn what_a_step_of_alembic_is_must_stand_there() {
    let one = |text: &'static str| -> &'static [(&str, &str)] { Box::leak(Box::new([("1.py", text)])) };
    for (text, expected) in [
        ("down_revision = None", "1.py: it says no revision, and every step of Alembic's does"),
        (
            "revision = None\ndown_revision = None",
            "1.py: it says no revision, and every step of Alembic's does",
        ),
        ("revision = 'a'", "1.py: it says no down_revision, and every step of Alembic's does"),
        ("revision = f()\n", "1.py:1: what revision is can't be told without running the file"),
        (
            "revision = 'a'\ndown_revision = 'b'\ndepends_on = A",
            "1.py:3: what depends_on is can't be told without running the file",
        ),
    ] {
        refused(Some(Format::Alembic), one(text), expected);
    }
    // What doesn't fit together is the graph's to tell.
    let circle = &[("1.py", ALEMBIC), ("2.py", "revision = 'a1'\ndown_revision = 'b2'\n")];
    let error = Graph::of(&read(Format::Alembic, circle).unwrap().into_migrations()).unwrap_err();
    assert!(error.to_string().contains("a1"), "{error}");
    let error = Graph::of(&read(Format::Alembic, one(ALEMBIC)).unwrap().into_migrations()).unwrap_err();
    assert!(error.to_string().contains("1.py"), "{error}");
}

#[test]
fn steps_of_sea_orm_come_as_the_migrator_lists_them() {
    const OWN: &str = "-- dunlin: revises m1_a\nselect 1;\n";
    let files = &[("lib.rs", LIST), ("m1_a.rs", SEA), ("m2_b/mod.rs", SEA), ("m3_c.rs", SEA), ("n.sql", OWN)];
    order(Format::SeaOrm, files, &["mod", "m1_a", "n"]);
    let listing = auto(files).unwrap();
    assert_eq!(listing.format, Format::SeaOrm);
    let ignored: Vec<_> =
        listing.ignored.iter().map(|ignored| (ignored.path.as_str(), ignored.reason.as_str())).collect();
    assert_eq!(ignored, [("m3_c.rs", "the migrator doesn't list it")]);
    // Without a list they come by their names.
    order(
        Format::SeaOrm,
        &[("mod.rs", "mod m1_a;"), ("m2_b.rs", SEA), ("m1_a.rs", SEA), ("main.rs", "")],
        &["m1_a", "m2_b"],
    );
}

#[test]
fn their_marks_tell_whose_folder_it_is() {
    const OWN: &str = NOTES;
    found(&[("1.py", ALEMBIC)], Format::Alembic);
    found(&[("1.py", ALEMBIC), ("1_a.sql", OWN)], Format::Alembic);
    found(&[("1.py", ALEMBIC), ("1_a.sql", SQL), ("data/up.sql", SQL)], Format::Alembic);
    found(&[("m1_a.rs", SEA), ("1_a.sql", OWN), ("m1_a/up.sql", SQL)], Format::SeaOrm);
    found(&[("1_a.py", "print('down_revision = 1')"), ("2_b.sql", SQL)], Format::Numbered);
    found(&[("1_a.rs", "//! as with sea_orm_migration"), ("2_b.sql", SQL)], Format::Numbered);
    refused(
        None,
        &[("1.py", ALEMBIC), ("1_a.sql", GOOSE)],
        "1_a.sql is in the layout of goose, and 1.py in that of alembic",
    );
    let files = &[("env.py", ""), ("versions/1.py", ALEMBIC)];
    refused(None, files, "no revision is in the folder itself, but below it, in versions/");
    assert!(auto(files).unwrap_err().hint().unwrap().ends_with("--revisions FOLDER/versions/"));
}

#[test]
fn folders_below_are_left_out_as_alembic_leaves_them() {
    let files = &[("1.py", BASE), ("2024/2.py", ALEMBIC), ("__pycache__/1.cpython-311.pyc", "")];
    let listing = auto(files).unwrap();
    let ignored: Vec<_> = listing.ignored.iter().map(|ignored| ignored.path.as_str()).collect();
    assert_eq!((listing.revisions.len(), ignored), (1, vec!["2024/"]));
}
