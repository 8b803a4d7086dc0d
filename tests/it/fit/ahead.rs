//! What an earlier statement of the same revision makes is asked for before any of them has run, where each is committed by itself.

use dunlin::Runner;
use dunlin::prelude::*;
use dunlin_tests::Step;

use super::{Both, Change, both, fits, refused, up};
use crate::server::{Kind, with_database};

const SERVERS: [Kind; 2] = [Kind::Mariadb, Kind::Mysql];

const T: &str = "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9) COLLATE utf8mb4_bin, n INTEGER)";

/// Rows of `t` that a change must be refused for, and rows that fit it.
async fn check(unfit: &'static str, fit: &'static str, change: Change, words: &'static [&'static str]) {
    for kind in SERVERS {
        refused(kind, &[T, unfit], change, words).await;
        for rows in [fit, "DELETE FROM t"] {
            with_database(kind, async |db| {
                db.execute(&[T, rows]).await;
                up(db, change).await.unwrap_or_else(|error| panic!("{kind:?} {rows}: {error}"));
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a_renamed_column() {
    check(
        "INSERT INTO t VALUES (1, 'x', 1), (2, NULL, 2)",
        "INSERT INTO t VALUES (1, 'x', 1)",
        |op| {
            op.rename_column("t", "a", "b");
            op.alter_column("t", "b").not_null();
        },
        &["rows of t have NULL in b (found id=2, b=NULL)"],
    )
    .await;
    check(
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'xyz', 2)",
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'xy', 2)",
        |op| {
            op.rename_column("t", "a", "b");
            op.alter_column("t", "b").set_type(varchar(2));
        },
        &["values of t.b wouldn't stay what they are as varchar(2)", "(found id=2, b=xyz)"],
    )
    .await;
    check(
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 1)",
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'x', 2)",
        |op| {
            op.rename_column("t", "a", "b");
            op.rename_column("t", "n", "a");
            op.rename_table("t", "u");
            op.add_unique("u", ["a"]).named("t_u");
        },
        &["rows of u have the same a, which t_u forbids (found a=1, rows=2)"],
    )
    .await;
}

#[tokio::test]
async fn a_column_that_compares_otherwise() {
    check(
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'X', 2)",
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2)",
        |op| {
            op.alter_column("t", "a").collate("utf8mb4_general_ci");
            op.rename_column("t", "n", "m");
            op.add_unique("t", ["a"]).named("t_u");
        },
        &["rows of t have the same a, which t_u forbids (found a=", "rows=2)"],
    )
    .await;
    check(
        "INSERT INTO t VALUES (1, '1', 1), (2, '12', 2)",
        "INSERT INTO t VALUES (1, '12', 1), (2, '7', 2)",
        |op| {
            op.alter_column("t", "a").set_type(integer());
            op.rename_column("t", "a", "b");
            op.add_check("t", "b > 2").named("t_c");
        },
        &["rows of t don't meet check t_c: b > 2 (found id=1, b=1)"],
    )
    .await;
}

#[tokio::test]
async fn an_added_column() {
    let unfit = "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2)";
    let fit = "INSERT INTO t VALUES (1, 'x', 1)";
    check(
        unfit,
        "DELETE FROM t",
        |op| {
            op.add_column("t", "b", integer());
            op.alter_column("t", "b").not_null();
        },
        &["rows of t have NULL in b (found id=1, b=NULL; id=2, b=NULL)"],
    )
    .await;
    check(
        unfit,
        fit,
        |op| {
            op.add_column("t", "b", integer().not_null().default(5));
            op.add_unique("t", ["b"]).named("t_u");
        },
        &["rows of t have the same b, which t_u forbids (found b=5, rows=2)"],
    )
    .await;
    check(
        unfit,
        fit,
        |op| {
            op.add_column("t", "b", timestamp().not_null().default(Expr::Sql("CURRENT_TIMESTAMP".into())));
            op.rename_column("t", "b", "c");
            op.add_unique("t", ["c"]).named("t_u");
        },
        &["rows of t have the same c, which t_u forbids (found c=", "rows=2)"],
    )
    .await;
    check(
        unfit,
        "DELETE FROM t",
        |op| {
            op.add_column("t", "b", varchar(9).default("z"));
            op.add_check("t", "b > a").named("t_c");
            op.add_check("t", "b < a").named("t_d");
        },
        &["rows of t don't meet check t_d: b < a (found id=1, a=x, b=z; id=2, a=y, b=z)"],
    )
    .await;
    // A default that is another in each row is left to the statement.
    check(
        "INSERT INTO t VALUES (1, NULL, 1)",
        unfit,
        |op| {
            op.add_column("t", "b", integer().default(Expr::Sql("n + 1".into())));
            op.add_unique("t", ["b"]).named("t_u");
            op.alter_column("t", "a").not_null();
        },
        &["rows of t have NULL in a"],
    )
    .await;
}

#[tokio::test]
async fn an_added_column_that_refers_to_nothing() {
    let p = "CREATE TABLE p (id INTEGER PRIMARY KEY); INSERT INTO p VALUES (5)";
    let change: Change = |op| {
        op.add_column("t", "b", integer().default(7));
        op.add_foreign_key("t", ["b"], "p", ["id"]).named("t_f");
    };
    let rows = "INSERT INTO t VALUES (1, 'x', 1)";
    let make: Vec<&str> = p.split("; ").collect();
    for kind in SERVERS {
        let words = ["rows of t refer to rows of p that don't exist (found id=1, b=7)"];
        refused(kind, &[make[0], make[1], T, rows], change, &words).await;
        let fit = [make[0], make[1], T, rows, "INSERT INTO p VALUES (7)"];
        fits(kind, &fit, change, "SELECT id, a FROM t").await;
        // Nothing is in a table that is only just made, and something once it is filled.
        let to_new: Change = |op| {
            op.create_table("q").col("id", integer().primary_key());
            op.add_foreign_key("t", ["n"], "q", ["id"]).named("t_f");
        };
        refused(
            kind,
            &[T, rows],
            to_new,
            &["rows of t refer to rows of q that don't exist (found id=1, n=1)"],
        )
        .await;
        let filled: Change = |op| {
            op.create_table("q").col("id", integer().primary_key());
            op.bulk_insert("q", ["id"], [[1]]);
            op.add_foreign_key("t", ["n"], "q", ["id"]).named("t_f");
        };
        fits(kind, &[T, rows], filled, "SELECT id, a FROM t").await;
        // The parent's column has another name by then.
        let renamed: Change = |op| {
            op.rename_column("p", "id", "key");
            op.rename_table("p", "q");
            op.add_foreign_key("t", ["n"], "q", ["key"]).named("t_f");
        };
        let words = ["rows of t refer to rows of q that don't exist (found id=1, n=1)"];
        refused(kind, &[make[0], make[1], T, rows], renamed, &words).await;
        fits(kind, &[make[0], T, "INSERT INTO p VALUES (1)", rows], renamed, "SELECT id, a FROM t").await;
    }
}

#[tokio::test]
async fn a_computed_column() {
    // New ones that have no room for their values, are the same in two rows, or are NULL.
    check(
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 200)",
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 127)",
        |op| _ = op.add_column("t", "g", native("tinyint").generated_stored("n + 0")),
        &["t.g has no room for what it computes of some rows: give it a wider type (found id=2, n=200)"],
    )
    .await;
    check(
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'yy', 2)",
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2)",
        |op| _ = op.add_column("t", "g", varchar(3).generated_stored("concat(a, a)")),
        &["t.g has no room for what it computes of some rows", "(found id=2, a=yy)"],
    )
    .await;
    check(
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', -1)",
        "INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2)",
        |op| {
            op.add_column("t", "g", integer().generated_virtual("abs(n)"));
            op.add_unique("t", ["g"]).named("t_u");
        },
        &["rows of t have the same g, which t_u forbids (found g=1, rows=2)"],
    )
    .await;
    // The values of what they are computed from are others.
    both(
        &SERVERS,
        Both {
            make: "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(9), g VARCHAR(9) GENERATED ALWAYS AS (concat(a, '.')) STORED)",
            unfit: "INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'xy')",
            fit: "INSERT INTO t (id, a) VALUES (1, 'x'), (2, 'y')",
            change: |op| _ = op.alter_column("t", "g").set_type(varchar(2)),
            words: &["t.g has no room for what it computes of some rows", "(found id=2, a=xy)"],
        },
    )
    .await;
}

/// Where a part of a revision is done already, the rest is asked of what that part has made.
#[tokio::test]
async fn what_is_left_of_a_half_done_revision() {
    for kind in SERVERS {
        with_database(kind, async |db| {
            db.execute(&[T, "INSERT INTO t VALUES (1, 'x', 1)"]).await;
            let revision = |ty: &'static str| {
                move |op: &mut Ops| {
                    op.rename_column("t", "a", "b");
                    op.create_table("u").col("id", native(ty).primary_key());
                    op.alter_column("t", "b").not_null();
                }
            };
            let mut conn = db.open().await;
            let wrong = migrations![Step("half", revision("nonsense"))];
            let error = Runner::new(conn.connection(), &wrong).up().await.unwrap_err();
            assert_eq!(error.statement().map(|statement| statement.number), Some(2), "{kind:?}: {error}");
            db.execute(&["INSERT INTO t VALUES (2, NULL, 2)"]).await;
            let right = migrations![Step("half", revision("int"))];
            let error = Runner::new(conn.connection(), &right).up().await.unwrap_err().to_string();
            assert!(error.contains("rows of t have NULL in b (found id=2, b=NULL)"), "{kind:?}: {error}");
            db.execute(&["UPDATE t SET b = '' WHERE id = 2"]).await;
            Runner::new(conn.connection(), &right).up().await.unwrap();
        })
        .await;
    }
}
