//! Texts in a session whose literals have no escapes.

use dunlin_dsl::prelude::*;

use super::{is_mariadb, on_both_after, refused, run, words};
use crate::mysql::Mysql;

/// All in which quoting can be told wrong by a catalog that escapes whatever the mode is.
const TEXT: &str = r#"it's \'\n "x" \"#;

/// What the two can be told in that mode: MySQL no such texts in expressions, and MariaDB none in remarks on partitions.
fn ops(mariadb: bool, all: bool) -> Vec<Op> {
    let mut op = Ops::new();
    let literal = if mariadb || all { TEXT.replace('\'', "''") } else { "z".to_owned() };
    let remark = if mariadb && !all { "z" } else { TEXT };
    op.create_table("t")
        .col("a", varchar(50).not_null().default(TEXT).comment(TEXT))
        .col("b", varchar(90).generated_stored(format!("concat(a, '{literal}')")))
        .col("e", enumeration([TEXT, "y"]).not_null().default(TEXT))
        .check(format!("a <> '{literal}x' and a <> 'y'"))
        .comment(TEXT);
    op.create_index("t", ["a"]).named("i").comment(TEXT);
    op.create_table("p")
        .col("a", varchar(50).not_null())
        .partition_by_list(["a"])
        .partition("x", Bound::list([TEXT, "z"]))
        .partition_comment(remark)
        .partition("y", Bound::list(["y"]));
    op.create_function("f")
        .returns(varchar(50))
        .immutable()
        .data_access(DataAccess::NoSql)
        .body(format!("RETURN '{}'", TEXT.replace('\'', "''")))
        .comment(TEXT);
    op.create_view("v", format!("SELECT '{}' AS a", TEXT.replace('\'', "''")));
    op.finish().unwrap().ops
}

#[tokio::test]
async fn literals_without_escapes() {
    let setting = "SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')";
    on_both_after(setting, async |conn| {
        let server = conn.server().await.unwrap();
        assert!(server.fact("sql_mode").contains("NO_BACKSLASH_ESCAPES"), "{server:?}");
        let mariadb = is_mariadb(conn, &server);
        let ops = ops(mariadb, false);
        run(conn, &ops).await;
        let asked =
            [ObjectId::table("t"), ObjectId::table("p"), ObjectId::any_function("f"), ObjectId::view("v")];
        let found = Mysql.introspect(conn, &asked).await.unwrap();
        let t = found.get(&"t".into()).unwrap();
        assert_eq!(t.columns[0].default, Some(Expr::from(TEXT)), "{server}");
        assert_eq!(t.columns[0].comment.as_deref(), Some(TEXT), "{server}");
        assert_eq!(t.comment.as_deref(), Some(TEXT), "{server}");
        assert_eq!(t.index("i").unwrap().comment.as_deref(), Some(TEXT), "{server}");
        assert_eq!(t.notes.unmodelled, [], "{server}");
        let p = found.get(&"p".into()).unwrap();
        assert_eq!(
            p.partitioning.as_ref().unwrap().partitions[0].comment.as_deref(),
            Some(if mariadb { "z" } else { TEXT }),
            "{server}"
        );
        // Dropped and brought back, and changed, everything is what it was.
        for (what, id) in ["TABLE t", "TABLE p", "FUNCTION f", "VIEW v"].iter().zip(asked) {
            let before = words(conn, what).await;
            let drop = match id.kind {
                ObjectKind::Table => Op::DropTable { table: id.name, if_exists: false, cascade: false },
                _ => Op::DropObject { object: id, if_exists: false, cascade: false },
            };
            let undo = run(conn, &[drop]).await;
            run(conn, &undo).await;
            assert_eq!(words(conn, what).await, before, "{server}: {what}");
        }
        let mut op = Ops::new();
        op.alter_column("t", "e").nullable();
        op.alter_column("t", "a").nullable();
        op.alter_column("t", "b").comment("c");
        let before = words(conn, "TABLE t").await;
        let undo = run(conn, &op.finish().unwrap().ops).await;
        run(conn, &undo).await;
        assert_eq!(words(conn, "TABLE t").await, before, "{server}");
        // What the server computes is what was meant.
        conn.execute(&format!("INSERT INTO t (a) VALUES ('{}')", "q")).await.unwrap();
        let rows = conn.query("SELECT b, f() FROM t").await.unwrap();
        assert_eq!(rows[0].text(0), Some(format!("q{}", if mariadb { TEXT } else { "z" })), "{server}");
        assert_eq!(rows[0].text(1).as_deref(), Some(TEXT), "{server}");
        for what in ["TABLE p", "VIEW v", "FUNCTION f", "TABLE t"] {
            conn.execute(&format!("DROP {what}")).await.unwrap();
        }
        let why = refused(conn, &self::ops(mariadb, true)).await;
        assert!(why.ends_with("reads it by the mode, which is NO_BACKSLASH_ESCAPES here"), "{why}");
    })
    .await;
}
