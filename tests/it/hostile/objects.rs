//! Hostile names and texts of every kind of object: what is taken is found again under its name, and goes without a trace.

use std::collections::BTreeSet;

use dunlin::Connect;
use dunlin::prelude::*;

use super::{hostile, tried};
use crate::dump::dump;
use crate::on_every_server;
use crate::server::TestDb;

/// What is created on PostgreSQL, each kind in a schema of its own: tables, views, sequences and types share their names.
const SCHEMAS: [&str; 10] = [
    "enums",
    "domains",
    "composites",
    "sequences",
    "views",
    "kept",
    "functions",
    "procedures",
    "collations",
    "statistics",
];

/// What numbering leaves in a database of SQLite's.
const SQLITES_OWN: &str =
    "table | sqlite_sequence | sqlite_sequence | CREATE TABLE sqlite_sequence(name,seq)\n";

fn on_postgres(op: &mut Ops, text: &str) {
    op.create_schema(text).comment(text);
    op.create_enum(("enums", text), [text, "other"]).comment(text);
    op.add_enum_value(("enums", text), format!("{text}.")).before("other");
    op.create_domain(("domains", text), varchar(20)).comment(text);
    op.alter_domain(("domains", text)).add_named_check(text, "VALUE <> 'x'");
    op.create_composite(("composites", text)).field(text, integer()).comment(text);
    op.create_sequence(("sequences", text)).comment(text);
    op.create_view(("views", text), "SELECT id FROM t")
        .columns([text])
        .column_comment(text, text)
        .comment(text);
    op.rename_view(("views", text), "plain");
    op.rename_view(("views", "plain"), text);
    op.create_materialized_view(("kept", text), "SELECT id FROM t").columns([text]).comment(text);
    op.create_function(("functions", text))
        .arg(text, integer())
        .returns(integer())
        .language("sql")
        .body("SELECT 1")
        .comment(text);
    op.create_procedure(("procedures", text)).language("sql").body("SELECT 1").comment(text);
    op.create_trigger(text, "t")
        .before()
        .update()
        .call(("pg_catalog", "suppress_redundant_updates_trigger"))
        .comment(text);
    op.create_rule(text, "t").on_delete().instead_nothing().comment(text);
    op.create_policy(text, "t").comment(text);
    op.create_collation(("collations", text), "C").provider("libc").comment(text);
    op.create_statistics(("statistics", text), "t", ["id", "x"]).comment(text);
    op.create_publication(text).table("t").comment(text);
}

fn on_mysql(op: &mut Ops, text: &str) {
    op.create_view(text, "SELECT id FROM t").columns([text]);
    op.rename_view(text, "plain");
    op.rename_view("plain", text);
    op.create_function(text)
        .arg(text, integer())
        .returns(integer())
        .data_access(DataAccess::NoSql)
        .body("RETURN 1")
        .comment(text);
    op.create_procedure(text).body("SELECT 1").comment(text);
    op.create_trigger(text, "t").before().update().body("SET NEW.x = OLD.x");
    op.create_event(text).every("1 DAY").starts("'2036-01-01 00:00:00'").body("SELECT 1").comment(text);
    op.create_table("p")
        .col("id", bigint().primary_key())
        .partition_by_range(["id"])
        .partition(text, Bound::less_than([7]));
}

fn on_sqlite(op: &mut Ops, text: &str) {
    op.create_view(text, "SELECT id FROM t").columns([text]);
    op.rename_view(text, "plain");
    op.rename_view("plain", text);
    op.create_trigger(text, "t").before().update().body("BEGIN SELECT 1; END");
}

/// Every object of that name, and nothing else, is there.
async fn found(db: &TestDb, text: &str) -> bool {
    use ObjectKind::*;
    let (alone, on_t): (&[(ObjectKind, Option<&str>)], &[ObjectKind]) = match db.kind {
        kind if kind.is_postgres() => (
            &[
                (Schema, None),
                (Enum, Some("enums")),
                (Domain, Some("domains")),
                (Composite, Some("composites")),
                (Sequence, Some("sequences")),
                (View, Some("views")),
                (MaterializedView, Some("kept")),
                (Function, Some("functions")),
                (Procedure, Some("procedures")),
                (Collation, Some("collations")),
                (Statistics, Some("statistics")),
                (Publication, None),
            ],
            &[Trigger, Rule, Policy],
        ),
        kind if kind.is_transactional() => (&[(View, None)], &[Trigger]),
        _ => (&[(View, None), (Function, None), (Procedure, None), (Event, None)], &[Trigger]),
    };
    let alone = alone.iter().map(|(kind, schema)| {
        ObjectId::new(*kind, Name { schema: schema.map(str::to_owned), name: text.to_owned() })
    });
    let mut wanted: BTreeSet<ObjectId> = alone.collect();
    let mut asked: Vec<_> = wanted.iter().cloned().collect();
    asked.push(ObjectId::table("t"));
    wanted.extend(on_t.iter().map(|kind| ObjectId { on: Some("t".into()), ..ObjectId::new(*kind, text) }));

    let mut database = db.open().await;
    let conn = &mut *database.connect();
    let read = conn.dialect().introspect(conn, &asked).await.unwrap();
    // On PostgreSQL alone everything takes a comment.
    let commented = |object: &Object| object.comment.as_deref() == Some(text);
    let described = !db.kind.is_postgres() || read.objects.values().all(commented);
    let known: BTreeSet<_> = read
        .objects
        .into_keys()
        .map(|id| ObjectId { args: None, on: id.on.filter(|_| id.kind != Statistics), ..id })
        .collect();
    known == wanted && described
}

async fn objects(db: &TestDb) {
    db.execute(&["CREATE TABLE victim (id INT)"]).await;
    if db.kind.is_postgres() {
        let schemas = SCHEMAS.map(|schema| format!("CREATE SCHEMA {schema}"));
        db.execute(&schemas.each_ref().map(String::as_str)).await;
    }
    let before = dump(db, &[]).await;
    let mut taken = 0;
    for text in hostile() {
        let name = text.clone();
        let record = move |op: &mut Ops| {
            op.create_table("t").col("id", bigint().primary_key()).col("x", bigint());
            op.on(POSTGRES, |op| on_postgres(op, &name));
            op.on(MYSQL | MARIADB, |op| on_mysql(op, &name));
            op.on(SQLITE, |op| on_sqlite(op, &name));
        };
        let named = tried(db, "an object's name", &text, record, async || found(db, &text).await).await;
        taken += usize::from(named);
    }
    assert!(taken > 20, "only {taken} of the names were taken");
    db.execute(&["DROP TABLE dunlin_history", "DROP TABLE dunlin_journal"]).await;
    assert_eq!(dump(db, &[]).await.replace(SQLITES_OWN, ""), before);
}

on_every_server!(hostile_objects, objects);
