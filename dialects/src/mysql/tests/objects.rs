//! Objects on real servers: created they read back as they were lowered, every change goes there and back, and the server's
//! own words are the same after it.

mod access;
mod events;
mod foreign;
mod lost;
mod modes;
mod options;
mod partitions;
mod routines;
mod schemas;
mod sequences;
mod sessions;
mod triggers;
mod views;
mod words;

use dunlin_dsl::{
    Connection, Definition, Dialect, DialectId, Existing, Object, ObjectChange, ObjectId, Op, Schema, Value,
    reverse_all, touched,
};

use super::servers::{execute, on_both, on_both_after};
use crate::mysql::Mysql;

/// A name with all that quoting can get wrong.
const HOSTILE: &str = "a`b'c\"d\\e;-- ü?";

fn create(id: ObjectId, definition: Definition) -> Op {
    Op::CreateObject { object: Object::new(id, definition), existing: Existing::Refuse }
}

fn drop(id: &ObjectId) -> Op {
    Op::DropObject { object: id.clone(), if_exists: false, cascade: false }
}

fn alter(id: &ObjectId, change: ObjectChange) -> Op {
    Op::AlterObject { object: id.clone(), change }
}

fn rename(id: &ObjectId, to: &str) -> Op {
    Op::RenameObject { object: id.clone(), to: to.into() }
}

/// Runs operations as the engine does, and gives what undoes them.
#[track_caller]
fn run<'a>(conn: &'a mut dyn Connection, ops: &'a [Op]) -> impl Future<Output = Vec<Op>> + use<'a> {
    let caller = std::panic::Location::caller();
    async move {
        let server = conn.server().await.unwrap();
        let ops = Op::select(ops, server.dialect);
        let before = Mysql.introspect(conn, &touched(&ops)).await.unwrap();
        let ops = Mysql.lower_ops(&ops, &before, &server).unwrap_or_else(|e| panic!("{caller}: {e}"));
        let again = Mysql.lower_ops(&ops, &before, &server).unwrap();
        assert_eq!(again, ops, "{caller}: lowering again changes something");
        let undo =
            reverse_all(&ops, &before).unwrap_or_else(|e| panic!("{caller}: {} {}", e.operation, e.reason));
        for statement in Mysql.render(&ops, &before, &server).unwrap_or_else(|e| panic!("{caller}: {e}")) {
            let sql = &statement.sql;
            execute(conn, &statement)
                .await
                .unwrap_or_else(|e| panic!("{caller}: {server} refuses {sql}\n{e}"));
        }
        undo
    }
}

/// Why operations are refused.
async fn refused(conn: &mut dyn Connection, ops: &[Op]) -> String {
    let server = conn.server().await.unwrap();
    let before = Mysql.introspect(conn, &touched(ops)).await.unwrap();
    let lowered = Mysql.lower_ops(ops, &before, &server);
    match lowered.and_then(|ops| Mysql.render(&ops, &before, &server)) {
        Ok(statements) => panic!("{statements:?}"),
        Err(error) => error.to_string(),
    }
}

async fn read(conn: &mut dyn Connection, id: &ObjectId) -> Option<Object> {
    Mysql.introspect(conn, std::slice::from_ref(id)).await.unwrap().object(id).cloned()
}

/// What a server says of something, without the moment at which it was made.
async fn words(conn: &mut dyn Connection, what: &str) -> String {
    let rows = conn.query(&format!("SHOW CREATE {what}")).await.unwrap();
    let texts = rows[0].0.iter().take(6).map(|value| match value {
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Text(text) => text.clone(),
        other => other.to_string(),
    });
    texts.collect::<Vec<_>>().join("\n")
}

/// Creates an object: it reads back as it was lowered, and what was read creates it again.
async fn creates(conn: &mut dyn Connection, op: &Op, what: &str) -> Object {
    let server = conn.server().await.unwrap();
    let Op::CreateObject { object, .. } = op else { panic!("{op}") };
    run(conn, std::slice::from_ref(op)).await;
    let mut schema = Schema::new();
    schema.insert_object(object.clone());
    let lowered = Mysql.lower(&schema, &server).unwrap();
    let lowered = lowered.objects.values().next().unwrap();
    let found = read(conn, &object.id).await.unwrap_or_else(|| panic!("{server}: there is no {}", object.id));
    assert_eq!(found.notes.unmodelled, []);
    if !matches!(found.definition, Definition::View(_)) {
        assert_eq!(&found, lowered, "{server}");
    }
    let before = words(conn, what).await;
    let undo = run(conn, &[drop(&object.id)]).await;
    assert_eq!(read(conn, &object.id).await, None);
    run(conn, &undo).await;
    assert_eq!(words(conn, what).await, before, "{server}: the undo of a drop");
    assert_eq!(read(conn, &object.id).await.unwrap(), found, "{server}");
    let mut schema = Schema::new();
    schema.insert_object(found.clone());
    assert_eq!(Mysql.lower(&schema, &server).unwrap(), schema, "{server}: lowering what is low");
    found
}

/// Runs operations, and what undoes them: something is other in between, and the same after.
#[track_caller]
fn there_and_back<'a>(
    conn: &'a mut dyn Connection,
    what: &'a str,
    ops: &'a [Op],
) -> impl Future<Output = ()> + use<'a> {
    let caller = std::panic::Location::caller();
    async move {
        let server = conn.server().await.unwrap();
        let before = words(conn, what).await;
        let undo = run(conn, ops).await;
        let renamed = ops.iter().any(|op| {
            matches!(
                op,
                Op::RenameObject { .. }
                    | Op::RenameTable { .. }
                    | Op::SetSchema { .. }
                    | Op::DropObject { .. }
                    | Op::DropTable { .. }
            )
        });
        if !renamed {
            assert_ne!(words(conn, what).await, before, "{caller}: {server}: {}", ops[0]);
        }
        run(conn, &undo).await;
        assert_eq!(words(conn, what).await, before, "{caller}: {server}: {}", ops[0]);
    }
}

#[tokio::test]
async fn what_these_servers_lack_has_an_alternative() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let enumeration = dunlin_dsl::EnumType { values: vec!["a".into()] };
        let op = create(ObjectId::enumeration("mood"), Definition::Enum(enumeration));
        let error = Mysql.lower_ops(&[op], &Schema::new(), &server).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("can't create enum mood: {server} has no enum types of their own")
        );
        assert_eq!(error.instead, "give the column its values: enumeration([..])");
        let refresh = Op::RefreshMaterializedView { view: "m".into(), concurrently: false, no_data: false };
        let error = Mysql.render(&[refresh], &Schema::new(), &server).unwrap_err();
        assert!(error.reason.ends_with("has no materialized views"), "{error}");
        let owner = dunlin_dsl::TableChange::Owner("x".into());
        conn.execute("CREATE TABLE t (a int)").await.unwrap();
        let error = refused(conn, &[Op::AlterTable { table: "t".into(), change: owner }]).await;
        assert!(error.ends_with("has no owners of tables"), "{error}");
    })
    .await;
}

fn is_mariadb(conn: &dyn Connection, server: &dunlin_dsl::Server) -> bool {
    let _ = conn;
    server.dialect == DialectId::Mariadb
}
