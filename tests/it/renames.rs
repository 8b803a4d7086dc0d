//! Renames, and in the same revision what stands on the renamed: the way back is exact, or it is said that there is none.

use dunlin::prelude::*;
use dunlin::{Kept, Runner};
use dunlin_tests::Step;

use crate::dump::dump;
use crate::server::{Kind, TestDb, with_database};

const POSTGRES: [Kind; 2] = [Kind::Postgres15, Kind::Postgres18];

/// Records a revision.
type Recorder = fn(&mut Ops);

/// What comes of going up and down again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Back {
    /// The server's dump is as it was.
    Exact,
    /// Nothing is undone, for a text has the old name.
    Refused(&'static str),
}

async fn there_and_back(kind: Kind, setup: &[&str], ops: Recorder, back: Back) {
    with_database(kind, async |db: &TestDb| {
        db.execute(setup).await;
        // Dunlin's own tables are in the dump too.
        let nothing = || Step("nothing", |_: &mut Ops| {});
        Runner::new(db.open().await.connection(), &migrations![nothing()]).up().await.unwrap();
        let before = dump(db, &[]).await;
        let list = migrations![nothing(), Step("renames", ops)];
        let up = Runner::new(db.open().await.connection(), &list).up().await;
        up.unwrap_or_else(|error| panic!("{kind:?}: up: {error}"));
        let after = dump(db, &[]).await;
        let down = Runner::new(db.open().await.connection(), &list).down(1).await;
        match back {
            Back::Exact => {
                down.unwrap_or_else(|error| panic!("{kind:?}: down: {error}"));
                assert_eq!(dump(db, &[]).await, before, "{kind:?}");
            }
            Back::Refused(old) => {
                let error = down.unwrap_err();
                assert!(error.is_irreversible(), "{kind:?}: {error}");
                let says = format!("mentions {old}, which this revision has renamed");
                assert!(error.to_string().contains(&says), "{kind:?}: {error}");
                assert_eq!(*error.kept(), Kept::Unchanged, "{kind:?}");
                assert_eq!(dump(db, &[]).await, after, "{kind:?}");
            }
        }
    })
    .await;
}

const CHECKED: &str =
    "CREATE TABLE t (id integer PRIMARY KEY, a integer, m integer, CONSTRAINT ck CHECK (a > 0))";

/// A check and a partial index say the column's old name.
#[tokio::test]
async fn texts_with_the_old_name_of_a_column() {
    for kind in POSTGRES {
        let setup = [CHECKED, "CREATE INDEX ix ON t (m) WHERE a > 3"];
        let drop_column = |op: &mut Ops| {
            op.rename_column("t", "a", "b");
            op.drop_column("t", "b");
        };
        there_and_back(kind, &setup, drop_column, Back::Refused("a")).await;
        let drop_index = |op: &mut Ops| {
            op.rename_column("t", "a", "b");
            op.drop_index("t", "ix");
        };
        there_and_back(kind, &setup, drop_index, Back::Refused("a")).await;
    }
    for kind in [Kind::Postgres15, Kind::Mariadb] {
        let drop_check = |op: &mut Ops| {
            op.rename_column("t", "a", "b");
            op.drop_check("t", "ck");
        };
        there_and_back(kind, &[CHECKED], drop_check, Back::Refused("a")).await;
    }
    for kind in [Kind::Postgres15, Kind::Sqlite, Kind::Mariadb] {
        let drop_table = |op: &mut Ops| {
            op.rename_column("t", "a", "b");
            op.rename_table("t", "u");
            op.drop_table("u");
        };
        there_and_back(kind, &[CHECKED], drop_table, Back::Refused("a")).await;
    }
    // What says nothing of it goes and comes back.
    for kind in [Kind::Postgres15, Kind::Mariadb] {
        let other = |op: &mut Ops| {
            op.rename_column("t", "m", "n");
            op.drop_check("t", "ck");
        };
        there_and_back(kind, &[CHECKED], other, Back::Exact).await;
    }
}

#[tokio::test]
async fn texts_with_the_old_name_of_a_type_or_a_table() {
    let setup = [
        "CREATE TYPE e AS ENUM ('a', 'b')",
        "CREATE TABLE t (id integer, e e DEFAULT 'a', CONSTRAINT ck CHECK (e <> 'b'))",
        "CREATE TABLE u (id integer)",
        "ALTER TABLE u ENABLE ROW LEVEL SECURITY",
        "CREATE POLICY p ON u USING (EXISTS (SELECT FROM t WHERE t.id = u.id))",
    ];
    let cases: [(Recorder, Back); 4] = [
        (
            |op| {
                op.rename_enum("e", "e9");
                op.drop_check("t", "ck");
                op.drop_column("t", "e");
            },
            Back::Refused("e"),
        ),
        (
            |op| {
                op.rename_enum_value("e", "b", "z");
                op.drop_check("t", "ck");
            },
            Back::Refused("b"),
        ),
        (
            |op| {
                op.rename_table("t", "t9");
                op.drop_policy("p", "u");
            },
            Back::Refused("t"),
        ),
        (
            |op| {
                op.rename_table("t", "t9");
                op.drop_table("u");
            },
            Back::Refused("t"),
        ),
    ];
    for kind in POSTGRES {
        for (ops, back) in cases {
            there_and_back(kind, &setup, ops, back).await;
        }
    }
}

/// What was renamed is known by its new name where something stands on it, or it on something.
#[tokio::test]
async fn dependents_are_called_by_their_new_names() {
    let views: (&[&str], Recorder) =
        (&["CREATE TABLE t (id integer)", "CREATE VIEW hw AS SELECT id FROM t"], |op| {
            op.rename_view("hw", "hv");
            op.drop_view("hv");
            op.drop_table("t");
        });
    for kind in [Kind::Postgres15, Kind::Sqlite, Kind::Mysql] {
        there_and_back(kind, views.0, views.1, Back::Exact).await;
    }
    let function = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'";
    let cases: [(&[&str], Recorder); 5] = [
        (&["CREATE SCHEMA s", "CREATE TABLE t (id integer)", "CREATE VIEW v AS SELECT id FROM t"], |op| {
            op.set_schema(ObjectId::new(ObjectKind::View, "v"), "s");
            op.drop_view(("s", "v"));
            op.drop_table("t");
        }),
        (
            &[
                "CREATE TABLE t (id integer)",
                function,
                "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            ],
            |op| {
                op.rename_trigger("g", "t", "h");
                op.drop_trigger("h", "t");
                op.drop_function("f");
            },
        ),
        (
            &[
                "CREATE TABLE t (id integer)",
                function,
                "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            ],
            |op| {
                op.rename_table("t", "u");
                op.drop_table("u");
                op.drop_function("f");
            },
        ),
        (&["CREATE TYPE e AS ENUM ('a')", "CREATE TABLE t (id integer, m e)"], |op| {
            op.rename_column("t", "m", "n");
            op.drop_column("t", "n");
            op.drop_enum("e");
        }),
        (&["CREATE TABLE t (id integer, m integer)", "CREATE POLICY p ON t USING (m > 0)"], |op| {
            op.rename_policy("p", "t", "q");
            op.drop_policy("q", "t");
            op.drop_column("t", "m");
        }),
    ];
    for kind in POSTGRES {
        for (setup, ops) in cases {
            there_and_back(kind, setup, ops, Back::Exact).await;
        }
    }
}
