//! Rows that don't fit what becomes of their table: refused with their keys, and nothing is changed before. Rows that do are
//! what they were.

mod ahead;
mod defaults;
mod follows;
mod sqlite;
mod types;

use std::sync::atomic::{AtomicUsize, Ordering};

use dunlin::prelude::*;
use dunlin::{Report, Runner, State};
use dunlin_tests::Step;

use crate::dump::dump;
use crate::server::{Kind, TestDb, with_database};

const SERVERS: [Kind; 3] = [Kind::Sqlite, Kind::Mariadb, Kind::Mysql];

type Change = fn(&mut Ops);

/// Runs one revision with a name that no other has.
async fn up(db: &TestDb, change: impl Fn(&mut Ops) + Send + Sync + 'static) -> dunlin::Result<Report> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let id: &'static str = Box::leak(format!("r{}", COUNT.fetch_add(1, Ordering::Relaxed)).into_boxed_str());
    let list = migrations![Step(id, change)];
    let mut conn = db.open().await;
    let outcome = Runner::new(conn.connection(), &list).up().await;
    if outcome.is_err() {
        let status = Runner::new(conn.connection(), &list).status().await.unwrap();
        let failed = status.into_iter().find(|status| status.id == id);
        assert_eq!(failed.map(|status| status.state), Some(State::Failed), "{outcome:?}");
    }
    outcome
}

/// All that there is beside the journal: the server's own dump, the rows of these tables, and history.
async fn everything(db: &TestDb, tables: &[&str]) -> String {
    let mut text = dump(db, &[]).await;
    for table in tables.iter().chain(&["dunlin_history"]) {
        text += &format!("{:?}\n", db.query(&format!("SELECT * FROM {table}")).await);
    }
    text
}

/// Tables from these statements, of which a change must be refused in these words, and leave no trace: not of the statement
/// before it either.
async fn refused(kind: Kind, make: &[&str], change: Change, words: &[&str]) {
    with_database(kind, async |db| {
        up(db, |op| _ = op.create_table("other").col("id", bigint().primary_key())).await.unwrap();
        db.execute(make).await;
        let tables: Vec<String> = db.tables().await;
        let tables: Vec<&str> = tables.iter().map(String::as_str).collect();
        let before = everything(db, &tables).await;
        let error = up(db, move |op| {
            op.add_column("other", "x", integer());
            change(op);
        });
        let error = error.await.unwrap_err();
        let text = format!("{error}: {}", error.hint().unwrap_or_default());
        for word in words {
            assert!(text.contains(word), "{kind:?}: {text}\n has no\n{word}");
        }
        assert_eq!(everything(db, &tables).await, before, "{kind:?}: {text}");
        assert!(error.state().contains("nothing"), "{kind:?}: {}", error.state());
        let planned = "SELECT count(*) FROM dunlin_journal WHERE outcome IN ('planned', 'segment', 'intent') AND revision = ";
        let planned = db.value(&format!("{planned}'{}'", error.revision().unwrap())).await;
        assert_eq!(planned.as_deref(), Some("0"), "{kind:?}");
    })
    .await;
}

/// Tables from these statements, of which a change is made, and gives these rows.
async fn fits(kind: Kind, make: &[&str], change: Change, query: &str) {
    with_database(kind, async |db| {
        db.execute(make).await;
        let before = db.query(query).await;
        up(db, change).await.unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        assert_eq!(db.query(query).await, before, "{kind:?}");
    })
    .await;
}

/// A change that some rows fit and others don't.
struct Both {
    make: &'static str,
    unfit: &'static str,
    fit: &'static str,
    change: Change,
    words: &'static [&'static str],
}

async fn both(servers: &[Kind], case: Both) {
    for kind in servers {
        refused(*kind, &[case.make, case.unfit], case.change, case.words).await;
        fits(*kind, &[case.make, case.fit], case.change, "SELECT * FROM t ORDER BY id").await;
        fits(*kind, &[case.make], case.change, "SELECT * FROM t ORDER BY id").await;
    }
}

#[tokio::test]
async fn null_where_none_is_taken_any_more() {
    both(
        &SERVERS,
        Both {
            make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9))",
            unfit: "INSERT INTO t VALUES (1, 'x'), (2, NULL), (3, NULL), (4, NULL), (5, NULL)",
            fit: "INSERT INTO t VALUES (1, 'x'), (2, '')",
            change: |op| _ = op.alter_column("t", "a").not_null(),
            words: &["rows of t have NULL in a", "(found id=2, a=NULL; id=3, a=NULL; id=4, a=NULL; ...)"],
        },
    )
    .await;
}

#[tokio::test]
async fn rows_that_a_unique_constraint_forbids() {
    both(&SERVERS, Both {
        make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9), b INTEGER)",
        unfit: "INSERT INTO t VALUES (1, 'x y', 1), (2, 'x y', 1), (3, 'x y', 2), (4, 'z', NULL), (5, 'z', NULL)",
        fit: "INSERT INTO t VALUES (1, 'x', 1), (2, 'x', 2), (3, 'x', NULL), (4, 'x', NULL)",
        change: |op| _ = op.add_unique("t", ["a", "b"]).named("t_u"),
        words: &["rows of t have the same a, b, which t_u forbids (found a='x y', b=1, rows=2)"],
    })
    .await;
}

#[tokio::test]
async fn rows_that_a_primary_key_forbids() {
    let make = "CREATE TABLE t (id INTEGER, a VARCHAR(9))";
    let change: Change = |op| _ = op.add_primary_key("t", ["id"]);
    both(
        &SERVERS,
        Both {
            make,
            unfit: "INSERT INTO t VALUES (1, 'x'), (1, 'y'), (2, 'z')",
            fit: "INSERT INTO t VALUES (1, 'x'), (2, 'x')",
            change,
            words: &["rows of t have the same id, which the primary key forbids (found id=1, rows=2)"],
        },
    )
    .await;
    // SQLite would number such a row.
    for kind in SERVERS {
        refused(
            kind,
            &[make, "INSERT INTO t VALUES (NULL, 'x')"],
            change,
            &["rows of t have NULL in id (found"],
        )
        .await;
    }
}

#[tokio::test]
async fn rows_that_a_part_of_an_index_forbids() {
    // Only the first characters.
    both(
        &[Kind::Mariadb, Kind::Mysql],
        Both {
            make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9))",
            unfit: "INSERT INTO t VALUES (1, 'abc'), (2, 'ABd')",
            fit: "INSERT INTO t VALUES (1, 'abc'), (2, 'adc')",
            change: |op| _ = op.create_index("t", [IndexKey::column("a").prefix(2)]).unique().named("t_i"),
            words: &["rows of t have the same a, which t_i forbids (found a=", "rows=2)"],
        },
    )
    .await;
    // An expression.
    both(
        &[Kind::Sqlite, Kind::Mysql],
        Both {
            make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
            unfit: "INSERT INTO t VALUES (1, 5), (2, -5)",
            fit: "INSERT INTO t VALUES (1, 5), (2, 6), (3, NULL), (4, NULL)",
            change: |op| _ = op.create_index("t", [IndexKey::expr("abs(a)")]).unique().named("t_i"),
            words: &["rows of t have the same abs(a), which t_i forbids (found abs(a)=5, rows=2)"],
        },
    )
    .await;
    // Only some rows.
    both(
        &[Kind::Sqlite],
        Both {
            make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER)",
            unfit: "INSERT INTO t VALUES (1, 'x', 1), (2, 'X', 1), (3, 'x', 0)",
            fit: "INSERT INTO t VALUES (1, 'x', 1), (2, 'x', 0), (3, 'x', 0)",
            change: |op| {
                let key = IndexKey::column("a").collate("NOCASE");
                op.create_index("t", [key]).unique().named("t_i").filter("b > 0");
            },
            words: &["rows of t have the same a, which t_i forbids (found a=", "rows=2)"],
        },
    )
    .await;
}

#[tokio::test]
async fn rows_that_another_collation_makes_the_same() {
    both(
        &[Kind::Mariadb, Kind::Mysql],
        Both {
            make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9) COLLATE utf8mb4_bin, UNIQUE t_u (a))",
            unfit: "INSERT INTO t VALUES (1, 'x'), (2, 'X')",
            fit: "INSERT INTO t VALUES (1, 'x'), (2, 'y')",
            change: |op| _ = op.alter_column("t", "a").collate("utf8mb4_general_ci"),
            words: &["rows of t have the same a, which t_u forbids (found a=", "rows=2)"],
        },
    )
    .await;
    both(
        &[Kind::Sqlite],
        Both {
            make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, CONSTRAINT t_u UNIQUE (a))",
            unfit: "INSERT INTO t VALUES (1, 'x'), (2, 'X')",
            fit: "INSERT INTO t VALUES (1, 'x'), (2, 'y')",
            change: |op| _ = op.alter_column("t", "a").collate("NOCASE"),
            words: &["rows of t have the same a, which t_u forbids (found a=", "rows=2)"],
        },
    )
    .await;
}

#[tokio::test]
async fn rows_that_refer_to_nothing() {
    let change: Change = |op| _ = op.add_foreign_key("t", ["a"], "p", ["id"]).named("t_f");
    for kind in SERVERS {
        let make = [
            "CREATE TABLE p (id INTEGER PRIMARY KEY)",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
            "INSERT INTO p VALUES (1)",
            "INSERT INTO t VALUES (1, 1), (2, 8), (3, NULL)",
        ];
        let words: &[&str] = match kind {
            Kind::Sqlite => &["rows of t refer to rows that don't exist (found id=2, table=p, columns=a)"],
            _ => &["rows of t refer to rows of p that don't exist (found id=2, a=8)"],
        };
        refused(kind, &make, change, words).await;
        let mut fit = make.to_vec();
        fit.push("DELETE FROM t WHERE id = 2");
        fits(kind, &fit, change, "SELECT * FROM t ORDER BY id").await;
    }
}

#[tokio::test]
async fn rows_that_a_check_forbids() {
    both(
        &SERVERS,
        Both {
            make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)",
            unfit: "INSERT INTO t VALUES (1, 5), (2, 9), (3, NULL)",
            fit: "INSERT INTO t VALUES (2, 9), (3, NULL)",
            change: |op| _ = op.add_check("t", "a > 7").named("t_c"),
            words: &["rows of t don't meet check t_c: a > 7 (found id=1, a=5)"],
        },
    )
    .await;
}

#[tokio::test]
async fn a_required_column_has_nothing_for_the_rows() {
    both(&SERVERS, Both {
        make: "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        unfit: "INSERT INTO t VALUES (1), (2)",
        fit: "DELETE FROM t",
        change: |op| _ = op.add_column("t", "b", varchar(9).not_null()),
        words: &["table t has rows, and its new column b refuses NULL and has no default: give it one, or add it without \
                  not_null(), fill it, and say not_null() then (found id=1; id=2)"],
    })
    .await;
}

/// Rows of a table without a key are told by what they have.
#[tokio::test]
async fn rows_without_a_key_are_told_too() {
    for kind in SERVERS {
        let make = ["CREATE TABLE t (a INTEGER, b VARCHAR(9))", "INSERT INTO t VALUES (7, 'x'), (8, 'y')"];
        let found =
            if kind == Kind::Sqlite { "(found rowid=1; rowid=2)" } else { "(found a=7, b=x; a=8, b=y)" };
        refused(kind, &make, |op| _ = op.add_column("t", "c", varchar(9).not_null()), &[found]).await;
    }
}

/// What the same revision makes, fills or changes is asked when its turn comes, and not as it was before.
#[tokio::test]
async fn rows_of_the_same_revision_are_asked_in_their_turn() {
    for kind in SERVERS {
        with_database(kind, async |db| {
            db.execute(&[
                "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9))",
                "INSERT INTO t VALUES (1, NULL)",
            ])
            .await;
            up(db, |op| {
                op.push(Op::Delete {
                    table: "t".into(),
                    columns: vec!["id".into()],
                    keys: vec![vec![1.into()]],
                });
                op.alter_column("t", "a").not_null();
                op.create_table("made").col("id", bigint().primary_key()).col("b", integer());
                op.add_column("made", "c", varchar(9).not_null());
            })
            .await
            .unwrap_or_else(|error| panic!("{kind:?}: {error}"));
            // The old table's rows aren't the new one's.
            db.execute(&["INSERT INTO t VALUES (1, 'x'), (2, 'x')"]).await;
            up(db, |op| {
                op.rename_table("t", "gone");
                op.create_table("t").col("id", bigint().primary_key()).col("a", varchar(9).not_null());
                op.add_unique("t", ["a"]).named("t_u");
            })
            .await
            .unwrap_or_else(|error| panic!("{kind:?}: {error}"));
            // What hand-written SQL corrects is corrected.
            db.execute(&["INSERT INTO made (id, b, c) VALUES (1, NULL, 'x')"]).await;
            up(db, |op| {
                op.execute("UPDATE made SET b = 1").undo("SELECT 1");
                op.alter_column("made", "b").not_null();
            })
            .await
            .unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        })
        .await;
    }
}

/// Dropping what keeps the rows apart that a foreign key refers to is refused, by whatever it is dropped.
#[tokio::test]
async fn what_a_foreign_key_refers_to_stays_unique() {
    let unfit: [(&str, Change); 4] = [
        (
            "CREATE TABLE p (id INTEGER PRIMARY KEY, code VARCHAR(9)); CREATE UNIQUE INDEX pc ON p (code)",
            |op| {
                op.drop_column("p", "code");
            },
        ),
        (
            "CREATE TABLE p (id INTEGER PRIMARY KEY, code VARCHAR(9)); CREATE UNIQUE INDEX pc ON p (code)",
            |op| {
                op.drop_index("p", "pc");
            },
        ),
        ("CREATE TABLE p (id INTEGER PRIMARY KEY, code VARCHAR(9) UNIQUE)", |op| {
            op.drop_column("p", "code");
        }),
        ("CREATE TABLE p (id INTEGER PRIMARY KEY, code VARCHAR(9), CONSTRAINT pc UNIQUE (code))", |op| {
            op.drop_unique("p", "pc");
        }),
    ];
    for kind in SERVERS {
        for (make, change) in &unfit {
            let mut make: Vec<&str> = make.split("; ").collect();
            make.push("CREATE TABLE c (id INTEGER PRIMARY KEY, code VARCHAR(9), CONSTRAINT cf FOREIGN KEY (code) REFERENCES p (code))");
            refused(kind, &make, *change, &["foreign key of table c", "drop the foreign key"]).await;
        }
    }
    with_database(Kind::Sqlite, async |db| {
        db.execute(&[
            "CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT)",
            "CREATE UNIQUE INDEX pc ON p (code)",
            "CREATE TABLE c (id INTEGER PRIMARY KEY, code TEXT, CONSTRAINT cf FOREIGN KEY (code) REFERENCES P (CODE))",
        ])
        .await;
        // Another one of the same columns will do, and so will dropping the foreign key first.
        up(db, |op| {
            op.drop_index("p", "pc");
            op.create_index("p", ["code"]).unique().named("pc2");
        })
        .await
        .unwrap();
        up(db, |op| {
            op.drop_foreign_key("c", "cf");
            op.drop_column("p", "code");
        })
        .await
        .unwrap();
    })
    .await;
}
