//! What follows a column's text or place is right after a change of it, there and back: computed values, indexes over them, checks,
//! and the partitions in which the rows are looked for.

use dunlin::Runner;
use dunlin::prelude::*;
use dunlin_tests::Step;

use super::{Change, refused};
use crate::server::{Kind, TestDb, with_database};

const SERVERS: [Kind; 2] = [Kind::Mariadb, Kind::Mysql];

const GENERAL: Change = |op| _ = op.alter_column("t", "p").collate("utf8mb4_general_ci");

/// The change, a look at the table, the way back, and another look.
async fn there_and_back(make: &[&str], change: Change, look: impl AsyncFn(&TestDb, bool)) {
    for kind in SERVERS {
        with_database(kind, async |db| {
            db.execute(make).await;
            let list = migrations![Step("one", change)];
            let mut database = db.open().await;
            let there = Runner::new(database.connection(), &list).up().await;
            there.unwrap_or_else(|error| panic!("{kind:?} {make:?}: {error}"));
            look(db, true).await;
            let back = Runner::new(database.connection(), &list).downgrade("base").await;
            back.unwrap_or_else(|error| panic!("{kind:?} {make:?}: {error}"));
            look(db, false).await;
        })
        .await;
    }
}

async fn rows(db: &TestDb, query: &str) -> String {
    format!("{:?}", db.query(query).await)
}

#[tokio::test]
async fn computed_values_and_their_indexes() {
    let make = [
        "CREATE TABLE t (id int PRIMARY KEY, p varchar(20) COLLATE utf8mb4_bin, s int AS (p = 'X') STORED, \
         g int AS (p = 'X') VIRTUAL, KEY kg (g))",
        "INSERT INTO t (id, p) VALUES (1, 'x'), (2, 'X'), (3, 'y')",
    ];
    there_and_back(&make, GENERAL, async |db, is_changed| {
        let scan = rows(db, "SELECT id FROM t IGNORE INDEX (kg) WHERE (p = 'X') = 1 ORDER BY id").await;
        let two = db.query("SELECT id FROM t IGNORE INDEX (kg) WHERE (p = 'X') = 1").await.len();
        assert_eq!(two, if is_changed { 2 } else { 1 });
        assert_eq!(rows(db, "SELECT id FROM t WHERE s = 1 ORDER BY id").await, scan);
        assert_eq!(rows(db, "SELECT id FROM t FORCE INDEX (kg) WHERE g = 1 ORDER BY id").await, scan);
    })
    .await;
}

#[tokio::test]
async fn checks_by_the_new_collation() {
    const OF: [&str; 3] = [
        "CREATE TABLE t (id int PRIMARY KEY, p varchar(20) COLLATE utf8mb4_bin, CONSTRAINT c CHECK (p <> 'X'))",
        "CREATE TABLE t (id int PRIMARY KEY, p varchar(20) COLLATE utf8mb4_bin, g int AS (p = 'X') STORED, \
         CONSTRAINT c CHECK (g = 0))",
        "CREATE TABLE t (id int PRIMARY KEY, p varchar(20) COLLATE utf8mb4_bin, g int AS (p = 'X') VIRTUAL, \
         CONSTRAINT c CHECK (g = 0))",
    ];
    for make in OF {
        for kind in SERVERS {
            let rows = "INSERT INTO t (id, p) VALUES (1, 'x'), (2, 'y')";
            refused(kind, &[make, rows], GENERAL, &["rows of t don't meet check c", "(found id=1, "]).await;
        }
        there_and_back(&[make, "INSERT INTO t (id, p) VALUES (2, 'y')"], GENERAL, async |db, _| {
            assert_eq!(db.query("SELECT id FROM t").await.len(), 1);
        })
        .await;
    }
}

#[tokio::test]
async fn rows_in_their_partitions() {
    const COLUMNS: &str = "CREATE TABLE t (id int NOT NULL, p varchar(20) COLLATE utf8mb4_bin NOT NULL, q int NOT NULL, r int, PRIMARY KEY (p, q)) \
                           DEFAULT CHARSET utf8mb4 ";
    let values = (0..60).map(|n| {
        let text = if n % 2 == 0 { format!("a{n}") } else { format!("M{n}") };
        format!("({n}, '{text}', {n}, {n})")
    });
    let insert = format!("INSERT INTO t VALUES {}", values.collect::<Vec<_>>().join(", "));
    let first: Change = |op| _ = op.alter_column("t", "q").first();
    let after: Change = |op| _ = op.alter_column("t", "p").after("r");
    let all: Change = |op| _ = op.convert_text("t", "utf8mb4").collate("utf8mb4_general_ci");
    let ranges = "PARTITION BY RANGE COLUMNS (p) (PARTITION one VALUES LESS THAN ('C'), PARTITION two VALUES LESS THAN ('m'), \
                  PARTITION three VALUES LESS THAN (MAXVALUE))";
    let cases: [(&str, Change); 9] = [
        ("PARTITION BY KEY (p, q) PARTITIONS 5", first),
        ("PARTITION BY KEY (p, q) PARTITIONS 5", after),
        ("PARTITION BY KEY () PARTITIONS 5", first),
        ("PARTITION BY LINEAR KEY (p, q) PARTITIONS 5", after),
        (
            "PARTITION BY RANGE (q) SUBPARTITION BY KEY (p, q) SUBPARTITIONS 3 (PARTITION one VALUES LESS THAN (30), PARTITION two VALUES LESS THAN (MAXVALUE))",
            first,
        ),
        ("PARTITION BY KEY (p) PARTITIONS 5", GENERAL),
        (ranges, GENERAL),
        (ranges, all),
        ("PARTITION BY KEY () PARTITIONS 5", all),
    ];
    for (division, change) in cases {
        let make = format!("{COLUMNS}{division}");
        there_and_back(&[&make, &insert], change, async |db, _| {
            let said = rows(db, "CHECK TABLE t EXTENDED").await;
            assert!(said.contains("OK") && !said.contains("rror"), "{make}: {said}");
            for n in 0..60 {
                let text = if n % 2 == 0 { format!("a{n}") } else { format!("M{n}") };
                let found = db.query(&format!("SELECT id FROM t WHERE p = '{text}' AND q = {n}")).await;
                assert_eq!(found.len(), 1, "{make}: row {n}");
            }
        })
        .await;
    }
}
