//! Changes of a type on SQLite, where a type is no more than an affinity, and references that a rebuild must not lose.

use dunlin::prelude::*;

use super::{everything, up};
use crate::server::{Kind, TestDb, with_database};

/// From a type to another: literals of values that stay what they are, and of values that don't.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("TEXT", "INTEGER", &["'12'", "'-7'", "'0'"], &["'007'", "'abc'", "'1e3'", "' 12 '", "'99999999999999999999'", "x'00'", "''"]),
    ("TEXT COLLATE RTRIM", "INTEGER", &["'12'"], &["'12 '"]),
    ("NUMERIC", "REAL", &["5", "1.5", "9007199254740992"], &["9007199254740993"]),
    ("REAL", "INTEGER", &["5.0", "-7"], &["1.5", "1e20"]),
    ("BLOB", "TEXT", &["'abc'", "5"], &["x'ff00'"]),
    ("TEXT", "BLOB", &[], &["'abc'"]),
    ("INTEGER", "TEXT", &["5"], &[]),
    ("REAL", "TEXT", &["1.5", "2.0", "0.1 + 0.2"], &[]),
    ("TEXT", "VARCHAR(3)", &["'abc'", "'é☃ü'"], &["'abcd'"]),
    ("VARCHAR(10)", "VARCHAR(20)", &["'abcdefghij'", "'longer than it says'"], &[]),
    ("TEXT", "DATE", &["'2020-01-31'", "'now'"], &["'2020'", "'1e3'", "x'00'"]),
    ("TEXT", "BOOLEAN", &["'1'"], &["'true'"]),
    ("TEXT", "DECIMAL(5,2)", &["'1.5'", "'12'"], &["'1.255'", "'1000'", "'x'", "'1.50'"]),
    ("DECIMAL(10,4)", "DECIMAL(5,2)", &["1.25", "12"], &["1.2345", "1000", "-1000.5"]),
];

#[tokio::test]
async fn values_stay_what_they_are() {
    let mut wrong = Vec::new();
    for (from, to, fit, unfit) in CASES {
        with_database(Kind::Sqlite, async |db| {
            make(db, from, fit).await;
            let before = values(db).await;
            match change(db, to).await {
                Err(error) => wrong.push(format!("{from} to {to}: {error}")),
                Ok(_) if values(db).await != before => {
                    wrong.push(format!("{from} to {to}: {before:?} became others"))
                }
                Ok(_) => {}
            }
            for literal in *unfit {
                make(db, from, &[literal]).await;
                let before = everything(db, &["t"]).await;
                match change(db, to).await {
                    Ok(_) => wrong.push(format!("{from} {literal} to {to}: it was changed")),
                    Err(error) => {
                        let text = error.to_string();
                        let told = text.contains("wouldn't stay what they are as")
                            && text.contains("(found id=7, a=");
                        if !told || everything(db, &["t"]).await != before {
                            wrong.push(format!("{from} {literal} to {to}: {text}"));
                        }
                    }
                }
            }
        })
        .await;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn make(db: &TestDb, ty: &str, literals: &[&str]) {
    let create = format!("CREATE TABLE t (id INTEGER PRIMARY KEY, a {ty})");
    db.execute(&["DROP TABLE IF EXISTS t", &create, "INSERT INTO t VALUES (0, NULL)"]).await;
    for (id, literal) in literals.iter().enumerate() {
        db.execute(&[&format!("INSERT INTO t VALUES ({}, {literal})", id + 7)]).await;
    }
}

/// Numbers as numbers, whatever they are stored as, and texts as texts.
async fn values(db: &TestDb) -> Vec<Option<String>> {
    let rows = db.query("SELECT CAST(a AS TEXT) FROM t ORDER BY id").await;
    let plain = |text: String| text.strip_suffix(".0").map(str::to_owned).unwrap_or(text);
    rows.into_iter().map(|mut row| row.swap_remove(0).map(plain)).collect()
}

async fn change(db: &TestDb, to: &'static str) -> dunlin::Result<dunlin::Report> {
    up(db, move |op| _ = op.alter_column("t", "a").set_type(native(to))).await
}

/// With `using` it is said what becomes of the values; they have to be of the type then.
#[tokio::test]
async fn what_is_given_must_be_of_the_type() {
    with_database(Kind::Sqlite, async |db| {
        up(db, |_| {}).await.unwrap();
        make(db, "TEXT", &["'007'", "'x'"]).await;
        let before = everything(db, &["t"]).await;
        let given = up(db, |op| _ = op.alter_column("t", "a").set_type(integer()).using("a"));
        let error = given.await.unwrap_err().to_string();
        assert!(error.contains("what using(..) gives for t.a isn't INTEGER (found id=8, a=x)"), "{error}");
        assert_eq!(everything(db, &["t"]).await, before);
        // NULL, duplicates and all else are asked of what is given.
        let given = up(db, |op| {
            op.alter_column("t", "a").set_type(integer()).using("CAST(a AS INTEGER)");
            op.alter_column("t", "a").not_null();
        });
        let error = given.await.unwrap_err().to_string();
        assert!(error.contains("rows of t have NULL in a (found id=0, a=NULL)"), "{error}");
        let given = up(db, |op| {
            op.alter_column("t", "a").set_type(integer()).using("coalesce(CAST(a AS INTEGER), 0)");
            op.alter_column("t", "a").not_null();
            op.add_unique("t", ["a"]).named("t_u");
        });
        let error = given.await.unwrap_err().to_string();
        assert!(
            error.contains("rows of t have the same a, which t_u forbids (found a=0, rows=2)"),
            "{error}"
        );
        up(db, |op| {
            op.alter_column("t", "a").set_type(integer()).using("coalesce(CAST(a AS INTEGER), -1)");
            op.alter_column("t", "a").not_null();
            op.add_unique("t", ["a"]).named("t_u");
        })
        .await
        .unwrap();
        let rows = db.query("SELECT a, typeof(a) FROM t ORDER BY id").await;
        let row = |a: &str| vec![Some(a.to_owned()), Some("integer".to_owned())];
        assert_eq!(rows, [row("-1"), row("7"), row("0")]);
    })
    .await;
}

/// Rows that referred to nothing before are no concern of a rebuild, whichever foreign key comes or goes.
#[tokio::test]
async fn old_orphans_stop_nothing() {
    with_database(Kind::Sqlite, async |db| {
        db.execute(&[
            "CREATE TABLE p (id INTEGER PRIMARY KEY)",
            "CREATE TABLE c (id INTEGER PRIMARY KEY, a INT REFERENCES p (id), b INT, CONSTRAINT fb FOREIGN KEY (b) REFERENCES p (id))",
            "PRAGMA foreign_keys = OFF",
            "INSERT INTO c VALUES (1, 77, NULL), (2, 78, NULL), (3, 79, NULL), (4, 80, NULL)",
        ])
        .await;
        up(db, |op| _ = op.drop_foreign_key("c", "fb")).await.unwrap();
        up(db, |op| _ = op.add_foreign_key("c", ["b"], "p", ["id"]).named("fb")).await.unwrap();
        // One that is new is told alone.
        db.execute(&["CREATE TABLE q (id INTEGER PRIMARY KEY)", "PRAGMA foreign_keys = OFF", "UPDATE c SET b = 9 WHERE id = 3"]).await;
        let before = everything(db, &["c"]).await;
        let error = up(db, |op| _ = op.add_foreign_key("c", ["b"], "q", ["id"]).named("fq")).await.unwrap_err();
        let text = error.to_string();
        assert!(text.contains("(found id=3, table=q, columns=b)"), "{text}");
        assert_eq!(everything(db, &["c"]).await, before);
    })
    .await;
}

/// What is computed is asked too, by what it is now; and a refusal of NULL that is taken back in the same revision asks nobody.
#[tokio::test]
async fn computed_nulls_are_told() {
    const T: &str =
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, v INT AS (a + 2) VIRTUAL, s INT AS (a + 2) STORED)";
    for column in ["v", "s"] {
        with_database(Kind::Sqlite, async |db| {
            db.execute(&[T, "INSERT INTO t (id, a) VALUES (1, 5), (2, NULL)"]).await;
            let error = up(db, move |op| _ = op.alter_column("t", column).not_null()).await.unwrap_err();
            let text = error.to_string();
            assert!(
                text.contains(&format!("rows of t have NULL in {column} (found id=2, {column}=NULL)")),
                "{text}"
            );
            up(db, |op| {
                op.alter_column("t", "a").not_null();
                op.alter_column("t", "a").nullable();
            })
            .await
            .unwrap();
            db.execute(&["DELETE FROM t WHERE a IS NULL"]).await;
            up(db, move |op| _ = op.alter_column("t", column).not_null()).await.unwrap();
        })
        .await;
    }
}

/// What a new column begins with is the same in every row, which a unique key over it doesn't take.
#[tokio::test]
async fn new_columns_are_asked_for_their_keys() {
    with_database(Kind::Sqlite, async |db| {
        make(db, "TEXT", &["'x'", "'x'"]).await;
        let add = |keys: [&'static str; 2]| {
            move |op: &mut Ops| {
                op.add_column("t", "b", integer().not_null().default(5));
                op.add_unique("t", keys);
                // It begins as it was added.
                op.alter_column("t", "b").default(7);
            }
        };
        up(db, |_| {}).await.unwrap();
        let before = everything(db, &["t"]).await;
        let error = up(db, add(["b", "a"])).await.unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("rows of t have the same b, a, which") && text.contains("(found b=5, a=x, rows=2)"),
            "{text}"
        );
        assert_eq!(everything(db, &["t"]).await, before);
        up(db, add(["b", "id"])).await.unwrap();
    })
    .await;
}

/// What a STRICT table can't have is refused in Dunlin's words where SQLite's own ALTER would do.
#[tokio::test]
async fn strict_tables_are_not_given_other_types() {
    with_database(Kind::Sqlite, async |db| {
        db.execute(&["CREATE TABLE t (id INTEGER PRIMARY KEY) STRICT"]).await;
        let error = up(db, |op| _ = op.add_column("t", "b", native("VARCHAR(9)"))).await.unwrap_err();
        assert!(error.to_string().contains("a STRICT table has no type VARCHAR(9) for column b"), "{error}");
        up(db, |op| _ = op.add_column("t", "b", text())).await.unwrap();
    })
    .await;
}
