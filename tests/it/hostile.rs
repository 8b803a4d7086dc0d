//! Hostile names and values, in every position, on every server: right, or refused with a clear error and nothing changed.

mod objects;

use dunlin::prelude::*;
use dunlin::{Connect, Report, Runner};
use dunlin_tests::Step;

use crate::on_every_server;
use crate::server::TestDb;

fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "it's",
        "dou\"ble",
        "back`tick",
        "back\\slash",
        "trailing\\",
        "semi; DROP TABLE victim; --",
        "'; DROP TABLE victim; --",
        "\"; DROP TABLE victim; --",
        "`; DROP TABLE victim; --",
        "/* comment",
        "a -- b",
        "# hash",
        "line\nbreak",
        "tab\tand\rreturn",
        "null\0byte",
        "emoji 😀",
        "ü日本",
        "select",
        "ORDER",
        "%s ? $1 :name {}",
        "[brackets]",
        "$$dollar$$",
        "a.b",
        " leading",
        "trailing ",
        "\u{feff}bom",
        "\u{202e}right to left",
        "1digit",
        "O'Brien \\' \\\" \\0",
    ]
    .map(str::to_owned)
    .into();
    for length in [63, 64, 65, 200] {
        texts.push("n".repeat(length));
        texts.push("é".repeat(length / 2));
    }
    texts
}

async fn up(db: &TestDb, list: &MigrationList) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).up().await
}

/// Runs a revision that is hostile somewhere. Taken, it must be right (as `right` finds) and go down again; refused, it must
/// say so, and leave nothing.
async fn tried(
    db: &TestDb,
    what: &str,
    text: &str,
    record: impl Fn(&mut Ops) + Send + Sync + 'static,
    right: impl AsyncFnOnce() -> bool,
) -> bool {
    let list = migrations![Step("hostile", record)];
    let taken = match up(db, &list).await {
        Ok(_) => {
            assert!(right().await, "{what} with {text:?} on {:?} was taken, and isn't right", db.kind);
            Runner::new(db.open().await.connection(), &list).down(1).await.unwrap_or_else(|error| {
                panic!("{what} with {text:?} on {:?} can't be undone: {error}", db.kind)
            });
            true
        }
        Err(error) => {
            let refused = error.is_unsupported() || error.to_string().starts_with("revision hostile: can't");
            assert!(refused, "{what} with {text:?} on {:?} reached the server: {error}", db.kind);
            assert!(error.hint().is_some(), "{error}");
            false
        }
    };
    assert_eq!(db.tables().await, ["victim"], "{what} with {text:?} on {:?}", db.kind);
    taken
}

async fn names(db: &TestDb) {
    db.execute(&["CREATE TABLE victim (id INT)"]).await;
    let mut taken = 0;
    for text in hostile() {
        let name = text.clone();
        let table = tried(
            db,
            "a table's name",
            &text,
            move |op: &mut Ops| {
                op.create_table(name.as_str())
                    .col("id", bigint().primary_key())
                    .col("x", varchar(20))
                    .index_on(["x"]);
            },
            async || db.tables().await.contains(&text),
        );
        taken += usize::from(table.await);
        let name = text.clone();
        let column = tried(
            db,
            "a column's, a constraint's and an index's name",
            &text,
            move |op: &mut Ops| {
                op.create_table("t")
                    .col("id", bigint().primary_key())
                    .col(name.as_str(), varchar(20).not_null())
                    .unique([name.as_str()])
                    .named(name.as_str());
                op.rename_column("t", name.as_str(), "plain");
                op.rename_column("t", "plain", name.as_str());
                op.create_index("t", ["id", name.as_str()]).named(format!("{name}i"));
                op.bulk_insert("t", ["id", name.as_str()], [[Value::from(1), "x".into()]]);
            },
            async || db.value("SELECT count(*) FROM t").await.as_deref() == Some("1"),
        );
        taken += usize::from(column.await);
    }
    assert!(taken > hostile().len(), "only {taken} of the names were taken");
}

on_every_server!(hostile_names, names);

async fn values(db: &TestDb) {
    db.execute(&["CREATE TABLE victim (id INT)"]).await;
    for text in hostile() {
        let value = text.clone();
        let kept = async || {
            let rows = db.query("SELECT v, d, b FROM t").await;
            let [v, d, b] = rows[0].as_slice() else { panic!("{rows:?}") };
            let bytes = match db.kind {
                kind if kind.is_postgres() => {
                    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
                    b.as_deref() == Some(format!("\\x{hex}").as_str())
                }
                _ => b.as_deref() == Some(text.as_str()),
            };
            *v == Some(text.clone()) && *d == Some(text.clone()) && bytes
        };
        tried(
            db,
            "a value, a default, bytes and comments",
            &text,
            move |op: &mut Ops| {
                op.create_table("t")
                    .col("id", bigint().primary_key())
                    .col("v", varchar(200).comment(value.as_str()))
                    .col("d", varchar(200).not_null().default(value.as_str()))
                    .col("b", blob())
                    .comment(value.as_str());
                op.bulk_insert(
                    "t",
                    ["id", "v", "b"],
                    [[Value::from(1), value.as_str().into(), Value::Bytes(value.clone().into_bytes())]],
                );
            },
            kept,
        )
        .await;
        let value = text.clone();
        tried(
            db,
            "a value of an enum",
            &text,
            move |op: &mut Ops| {
                op.create_table("t")
                    .col("id", bigint().primary_key())
                    .col("e", enumeration([value.as_str(), "other"]).not_null().default(value.as_str()));
                op.bulk_insert("t", ["id"], [[1]]);
            },
            async || db.value("SELECT e FROM t").await.as_ref() == Some(&text),
        )
        .await;
        let value = text.clone();
        tried(
            db,
            "a type by name",
            &text,
            move |op: &mut Ops| {
                op.create_table("t").col("id", bigint().primary_key());
                op.on(DialectSet::ALL, |op| {
                    op.add_column("t", "n", native(format!("integer); DROP TABLE victim; -- {value}")));
                });
            },
            async || true,
        )
        .await;
    }
}

on_every_server!(hostile_values, values);

/// Ids are written into history like any text.
async fn ids(db: &TestDb) {
    db.execute(&["CREATE TABLE victim (id INT)"]).await;
    for text in hostile() {
        let id: &'static str = Box::leak(text.clone().into_boxed_str());
        let list = migrations![Step(id, |op: &mut Ops| {
            op.create_table("t").col("id", bigint().primary_key());
        })];
        if up(db, &list).await.is_ok() {
            let known = db.query("SELECT revision FROM dunlin_history").await;
            assert_eq!(known, [[Some(text.clone())]]);
            Runner::new(db.open().await.connection(), &list).down(1).await.unwrap();
        }
        assert_eq!(db.tables().await, ["victim"], "{text:?}");
    }
    let mut conn = db.open().await;
    assert!(!conn.connect().in_transaction().await.unwrap());
}

on_every_server!(hostile_ids, ids);
