//! Whose name a name is: in another case, hidden by something temporary, and in views upon views.

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, Dialect, Expr, Generated, HazardKind, ObjectId, Op, Schema, Statement,
    touched,
};

use crate::connect::Connect;
use crate::sqlite::Sqlite;

fn with(sql: &str) -> rusqlite::Connection {
    let conn = rusqlite::Connection::open_in_memory().unwrap();
    conn.execute_batch(sql).unwrap();
    conn
}

async fn read(conn: &mut rusqlite::Connection, ids: &[ObjectId]) -> Result<Schema, String> {
    Sqlite.introspect(&mut *conn.connect(), ids).await.map_err(|error| error.to_string())
}

async fn rendered(conn: &mut rusqlite::Connection, op: Op) -> Result<Vec<Statement>, String> {
    let ops = [op];
    let before = read(conn, &touched(&ops)).await?;
    let server = conn.connect().server().await.unwrap();
    let lowered = Sqlite.lower_ops(&ops, &before, &server).map_err(|error| error.to_string())?;
    Sqlite.render(&lowered, &before, &server).map_err(|error| error.to_string())
}

/// Catches a drop that takes the temporary table, and is told to have taken the other.
#[tokio::test]
async fn what_a_temporary_table_hides() {
    let mut conn = with(
        "CREATE TABLE t (a); CREATE TABLE u (a); CREATE TEMP TABLE T (b); CREATE TEMP VIEW w AS SELECT 1",
    );
    let error = read(&mut conn, &[ObjectId::table("t")]).await.unwrap_err();
    assert_eq!(error, "t is hidden on this connection by temp.t: drop that, or call it main.t");
    assert!(read(&mut conn, &[ObjectId::trigger("x", "w")]).await.unwrap_err().starts_with("w is hidden"));
    for name in [("main", "t"), ("temp", "t"), ("main", "u")] {
        assert_eq!(read(&mut conn, &[ObjectId::table(name)]).await.unwrap().tables.len(), 1, "{name:?}");
    }
    assert_eq!(read(&mut conn, &[ObjectId::table("u")]).await.unwrap().tables.len(), 1);
}

#[tokio::test]
async fn a_name_in_another_case() {
    let mut conn = with("CREATE TABLE Users (Email text)");
    let rename =
        |column: &str| Op::RenameColumn { table: "USERS".into(), column: column.into(), to: "mail".into() };
    let error = rendered(&mut conn, rename("email")).await.unwrap_err();
    assert!(error.ends_with("table USERS has no column email, only one spelled Email"), "{error}");
    let sql = rendered(&mut conn, rename("Email")).await.unwrap();
    conn.execute_batch(&sql[0].sql).unwrap();
}

/// Catches what is left alone in silence, and what the server refuses, because a schema tells cases apart that SQLite doesn't.
#[tokio::test]
async fn if_it_is_there_in_another_case() {
    let mut conn = with("CREATE TABLE Users (Email text); CREATE INDEX By_email ON Users (Email)");
    let drop =
        |column: &str| Op::DropColumn { table: "users".into(), column: column.into(), if_exists: true };
    let error = rendered(&mut conn, drop("EMAIL")).await.unwrap_err();
    let said = "takes EMAIL for column Email of table users, which is there";
    assert!(error.starts_with("can't drop column users.EMAIL") && error.ends_with(said), "{error}");
    let add = Op::AddColumn {
        table: "users".into(),
        column: Column::new("email", ColumnType::Date),
        position: None,
        if_not_exists: true,
    };
    assert!(
        rendered(&mut conn, add).await.unwrap_err().ends_with("column Email of table users, which is there")
    );
    let drop_index = Op::DropIndex {
        table: "users".into(),
        name: "by_email".into(),
        if_exists: true,
        concurrently: false,
    };
    let error = rendered(&mut conn, drop_index).await.unwrap_err();
    assert!(error.ends_with("takes by_email for index By_email of table users, which is there"), "{error}");
    assert_eq!(rendered(&mut conn, drop("mail")).await.unwrap(), []);
}

/// SQLite writes a column's new name into the view over its table, and not into what reads that view.
#[tokio::test]
async fn a_column_that_a_view_has_from_a_view() {
    let mut conn = with(
        "CREATE TABLE t (a, b); CREATE VIEW v AS SELECT a, b AS c FROM t; CREATE VIEW w AS SELECT a, c FROM v",
    );
    let rename =
        |column: &str, to: &str| Op::RenameColumn { table: "t".into(), column: column.into(), to: to.into() };
    let sql = rendered(&mut conn, rename("b", "z")).await.unwrap();
    assert_eq!(sql[0].hazards, []);
    conn.execute_batch(&sql[0].sql).unwrap();
    let sql = rendered(&mut conn, rename("a", "y")).await.unwrap();
    let said = "fails if view w has a from a view of t: drop it before, and create it again after";
    assert_eq!(sql[0].hazards[0].message, said);
    assert!(conn.execute_batch(&sql[0].sql).is_err());
}

/// Catches values that are gone without a word: a column that is computed keeps none of its own.
#[tokio::test]
async fn a_filled_column_that_becomes_computed() {
    let mut conn = with("CREATE TABLE t (a, b)");
    let generated = Generated { expr: Expr::Sql("a + 1".into()), stored: true };
    let change = ColumnChange::Generated(Some(generated));
    let op = Op::AlterColumn { table: "t".into(), column: "b".into(), change };
    let sql = rendered(&mut conn, op).await.unwrap();
    let loss = sql.iter().flat_map(|statement| &statement.hazards).find(|of| of.kind == HazardKind::DataLoss);
    assert_eq!(loss.unwrap().message, "drops what t.b holds, which is computed from now on");
}
