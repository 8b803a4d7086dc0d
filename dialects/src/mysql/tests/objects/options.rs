//! What a table chooses beside its columns, and where its numbers stand.

use std::collections::BTreeMap;

use dunlin_dsl::{ColumnChange, Identity, Op, TableChange, TableOptions};

use super::{HOSTILE, is_mariadb, on_both, refused, there_and_back};

fn set(options: TableOptions) -> Op {
    Op::SetTableOptions { table: "t".into(), options }
}

fn engine_options<const N: usize>(options: [(&str, &str); N]) -> TableOptions {
    let options: BTreeMap<_, _> = options.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    TableOptions { engine_options: options, ..TableOptions::default() }
}

/// Catches an option that is lost when a table is dropped and comes back, and one that isn't set back.
#[tokio::test]
async fn options_of_engines_come_back() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let mariadb = is_mariadb(conn, &server);
        let own = match mariadb {
            true => "PAGE_COMPRESSED=1 PAGE_CHECKSUM=1 TRANSACTIONAL=0",
            false => "AUTOEXTEND_SIZE=4M COMPRESSION='lz4'",
        };
        conn.execute(&format!(
            "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY, a varchar(5)) STATS_PERSISTENT=0 {own} \
             CONNECTION='it''s PARTITION BY \\\\ ) /*! x' AUTO_INCREMENT=77 COMMENT='STATS_PERSISTENT=1, MAX_ROWS=4'"
        ))
        .await
        .unwrap();
        let drop = Op::DropTable { table: "t".into(), if_exists: false, cascade: false };
        there_and_back(conn, "TABLE t", &[drop]).await;
        there_and_back(conn, "TABLE t", &[set(TableOptions::default())]).await;
        let options = engine_options([("stats_persistent", "1"), ("connection", HOSTILE), ("max_rows", "9")]);
        there_and_back(conn, "TABLE t", &[set(options)]).await;
        let block = refused(conn, &[set(engine_options([("key_block_size", "4")]))]).await;
        assert!(block.contains("keeps the block size"), "{block}");
        let foreign = if mariadb { "compression" } else { "page_compressed" };
        let foreign = refused(conn, &[set(engine_options([(foreign, "1")]))]).await;
        assert!(foreign.contains("no such option"), "{foreign}");
    })
    .await;
}

/// Catches numbers that begin anew, or go on from elsewhere, where a change is undone.
#[tokio::test]
async fn numbers_go_on_where_they_stood() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT=40").await.unwrap();
        let number = |identity| Op::AlterColumn {
            table: "t".into(),
            column: "id".into(),
            change: ColumnChange::Identity(identity),
        };
        there_and_back(conn, "TABLE t", &[number(Some(Identity::default().start(1000)))]).await;
        there_and_back(conn, "TABLE t", &[number(None)]).await;
        there_and_back(conn, "TABLE t", &[number(Some(Identity::default().start(1)))]).await;
    })
    .await;
}

/// Catches a column whose own character set or collation isn't as it was, and JSON that is converted with the text.
#[tokio::test]
async fn text_is_converted_and_back() {
    on_both(async |conn| {
        conn.execute(
            "CREATE TABLE t (a varchar(5) NOT NULL DEFAULT 'x' COMMENT 'c', b tinytext CHARACTER SET latin1, \
             c char(3) COLLATE utf8mb4_bin, d enum('a','b') CHARACTER SET ascii DEFAULT 'b', j json, n int, \
             UNIQUE u (a), KEY k (c)) DEFAULT CHARSET=utf8mb3",
        )
        .await
        .unwrap();
        conn.execute("INSERT INTO t (a, b, c, d, j) VALUES ('ü', 'é', 'é', 'a', '{}')").await.unwrap();
        for (charset, collation) in [
            (Some("utf8mb4"), None),
            (Some("utf8mb4"), Some("utf8mb4_unicode_ci")),
            (None, Some("latin1_german2_ci")),
            (Some("utf8"), Some("utf8_bin")),
        ] {
            let [charset, collation] = [charset, collation].map(|name| name.map(str::to_owned));
            let change = TableChange::Text { charset, collation };
            there_and_back(conn, "TABLE t", &[Op::AlterTable { table: "t".into(), change }]).await;
        }
        let rows = conn.query("SELECT a, b, c, d FROM t").await.unwrap();
        let found: Vec<_> = (0..4).filter_map(|at| rows[0].text(at)).collect();
        assert_eq!(found, ["ü", "é", "é", "a"]);
    })
    .await;
}
