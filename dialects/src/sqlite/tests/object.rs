//! Views and triggers: read from SQLite's texts, created and found again, changed, dropped, and brought back; and all
//! other kinds, which are refused.

#[cfg(feature = "sqlite")]
mod live;

use dunlin_dsl::prelude::*;

use super::super::*;
use crate::sqlite::read::object::{Read, object};

fn server() -> Server {
    Server { schema: "main".into(), ..Server::new(DialectId::Sqlite, Version::new(3, 45, 0)) }
}

fn recorded(record: impl FnOnce(&mut Ops)) -> Vec<Op> {
    let mut ops = Ops::new();
    record(&mut ops);
    ops.finish().unwrap().ops
}

fn trigger_of(text: &str) -> (String, String, Trigger) {
    match object(text) {
        Some(Read { name, on: Some(on), definition: Definition::Trigger(trigger) }) => (name, on, trigger),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn views_are_read() {
    let view = |text: &str| match object(text) {
        Some(Read { name, on: None, definition: Definition::View(view) }) => {
            (name, view.columns, view.query.to_string())
        }
        other => panic!("{text}: {other:?}"),
    };
    let none = Vec::<String>::new();
    assert_eq!(view("CREATE VIEW v AS SELECT 1"), ("v".into(), none.clone(), "SELECT 1".into()));
    assert_eq!(
        view("create view [a b] (\"x\"\"y\", z) as -- why\n with c as (select ';') select * from c -- end\n"),
        ("a b".into(), vec!["x\"y".into(), "z".into()], "with c as (select ';') select * from c".into())
    );
    assert_eq!(view("CREATE TEMP VIEW IF NOT EXISTS s.v AS VALUES (1);").2, "VALUES (1)");
    assert_eq!(object("CREATE VIEW v"), None);
}

#[test]
fn triggers_are_read() {
    let (name, on, trigger) = trigger_of(
        "CREATE TRIGGER \"a b\" INSTEAD OF UPDATE OF x, [y z] ON main.'v' FOR EACH ROW \
         WHEN new.begin > (SELECT begin FROM t) BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END",
    );
    assert_eq!((name.as_str(), on.as_str()), ("a b", "v"));
    assert_eq!((trigger.timing, trigger.update_of), (Timing::InsteadOf, vec!["x".into(), "y z".into()]));
    assert_eq!(trigger.when, Some(sql("new.begin > (SELECT begin FROM t)")));
    assert_eq!(trigger.action, TriggerAction::Body(sql("BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; END")));
    // Which time it is when none is said.
    let (_, _, trigger) = trigger_of("create trigger t delete on t begin select 1; end");
    assert_eq!((trigger.timing, trigger.when), (Timing::Before, None));
    assert!(trigger.events.contains(&TriggerEvent::Delete));
    assert_eq!(object("CREATE TRIGGER t AFTER INSERT ON t WHEN 1"), None);
}

/// Every kind that SQLite hasn't is refused with what to do instead.
#[test]
fn other_kinds_are_refused() {
    let mut said = String::new();
    let mut refuse = |record: &dyn Fn(&mut Ops)| {
        for op in recorded(record) {
            let ops = [op];
            let lowered = Sqlite.lower_ops(&ops, &Schema::new(), &server());
            let error = lowered.and_then(|ops| Sqlite.render(&ops, &Schema::new(), &server())).unwrap_err();
            said += &format!("{error}; {}\n", error.instead);
        }
    };
    refuse(&|op| {
        op.create_enum("mood", ["a"]);
    });
    refuse(&|op| {
        op.create_object(domain("d", integer()));
    });
    refuse(&|op| {
        op.create_object(composite("c"));
    });
    refuse(&|op| {
        op.create_object(sequence("s"));
    });
    refuse(&|op| {
        op.create_materialized_view("m", "SELECT 1");
    });
    refuse(&|op| {
        op.create_object(function("f").body("SELECT 1"));
    });
    refuse(&|op| {
        op.create_object(procedure("p").body("SELECT 1"));
    });
    refuse(&|op| {
        op.create_schema("s");
    });
    refuse(&|op| {
        op.create_extension("e");
    });
    refuse(&|op| {
        op.create_collation("c", "de");
    });
    refuse(&|op| {
        op.create_rule("r", "t").on_delete();
    });
    refuse(&|op| {
        op.create_object(policy("p", "t"));
    });
    refuse(&|op| {
        op.create_statistics("s", "t", ["a", "b"]);
    });
    refuse(&|op| {
        op.create_publication("p");
    });
    refuse(&|op| {
        op.create_event("e").every("1 DAY").body("SELECT 1");
    });
    refuse(&|op| {
        op.create_view("v", "SELECT 1").grant(["SELECT"], ["app"]);
    });
    refuse(&|op| {
        op.create_view("v", "SELECT 1").check_option();
    });
    refuse(&|op| {
        op.create_view("v", "SELECT 1; SELECT 2");
    });
    refuse(&|op| {
        op.create_trigger("t", "t").insert().update().body("SELECT 1");
    });
    refuse(&|op| {
        op.create_trigger("t", "t").insert().call("f");
    });
    refuse(&|op| {
        op.create_trigger("t", "t").truncate().body("SELECT 1");
    });
    refuse(&|op| op.set_schema(ObjectId::table("t"), "other"));
    refuse(&|op| op.set_owner(ObjectId::view("v"), "app"));
    refuse(&|op| {
        op.drop_materialized_view("m");
    });
    expected(&said, REFUSED);
}

#[track_caller]
fn expected(found: &str, expected: &str) {
    assert_eq!(found.trim(), expected.trim(), "\n{found}");
}

const REFUSED: &str = r#"
can't create enum mood: SQLite 3.45 has no enum types; give the column enumeration([..]): text with a check here; or use on(POSTGRES, ..)
can't create domain d: SQLite 3.45 has no domains; give each column the type and the check itself
can't create composite type c: SQLite 3.45 has no composite types; give each part a column of its own, or keep json
can't create sequence s: SQLite 3.45 has no sequences; number a column: identity()
can't create materialized view m: SQLite 3.45 has no materialized views; create a view, or a table that triggers or a data step fill
can't create function f(): SQLite 3.45 has no CREATE FUNCTION: a program registers its functions; register it with rusqlite's create_scalar_function, and leave it out here with on(..)
can't create procedure p(): SQLite 3.45 has no procedures; do it in the program, and leave it out here with on(..)
can't create schema s: SQLite 3.45 has no CREATE SCHEMA: its schemas are attached databases; attach a database on the connection, and name it as the schema
can't create extension e: SQLite 3.45 has no CREATE EXTENSION: a program loads its extensions; load it with rusqlite's load_extension, and leave it out here with on(..)
can't create collation c: SQLite 3.45 has no CREATE COLLATION: a program registers its collations; register it with rusqlite's create_collation, and leave it out here with on(..)
can't create rule r on t: SQLite 3.45 has no rules; create a trigger, INSTEAD OF on a view
can't create policy p on t: SQLite 3.45 has no policies: who can open the file can read all of it; filter the rows in a view or in the program, and leave it out here with on(..)
can't create statistics s: SQLite 3.45 has no CREATE STATISTICS: it keeps them of indexes alone; run execute("ANALYZE"), and leave it out here with on(..)
can't create publication p: SQLite 3.45 has no publications; record changes by triggers, and leave it out here with on(..)
can't create event e: SQLite 3.45 has no scheduled events; let the program do it at its time, and leave it out here with on(..)
can't create view v: SQLite 3.45 has no privileges: who can open the file can do all with it; guard the file itself, and leave it out here with on(..)
can't create view v: SQLite 3.45 has no CHECK OPTION; check it in an INSTEAD OF trigger
can't create view v: its text has a semicolon, at which the statement would end; give it one query
can't create trigger t on t: SQLite 3.45 has triggers on one event each; create a trigger for each event
can't create trigger t on t: SQLite 3.45 has no functions that a trigger could call; give it a body for SQLite too
can't create trigger t on t: SQLite 3.45 has no TRUNCATE; leave it out here with on(..), or give SQLite another one
can't move table t to schema other: SQLite 3.45 can't move anything from one database to another; create it there, and drop it here
can't alter owner of view v: SQLite 3.45 has no owners: whose the file is, is the system's affair; leave it out here with on(..)
can't drop materialized view m: SQLite 3.45 has no materialized views; create a view, or a table that triggers or a data step fill
"#;
