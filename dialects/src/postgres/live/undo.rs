//! Undoing where more stands around a thing than the operation says: ancestors, views upon views, checks of a type.

use super::*;

fn change(table: &str, change: dunlin_dsl::TableChange) -> Op {
    Op::AlterTable { table: table.into(), change }
}

fn detach(table: &str, partition: &str, concurrently: bool) -> Op {
    change(table, dunlin_dsl::TableChange::Detach { partition: partition.into(), concurrently })
}

#[tokio::test]
async fn a_partition_of_a_partition_is_detached_and_attached_again() {
    on_servers("below", async |live| {
        live.execute(
            "CREATE TABLE e (id int NOT NULL, at date NOT NULL, what text DEFAULT 'x', CONSTRAINT p CHECK (id > 0), \
               PRIMARY KEY (id, at, what)) PARTITION BY RANGE (at); \
             CREATE INDEX e_what ON e (what); \
             CREATE TABLE e_24 PARTITION OF e FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY LIST (what); \
             CREATE TABLE e_24_a PARTITION OF e_24 FOR VALUES IN ('a'); \
             CREATE TABLE e_24_b PARTITION OF e_24 FOR VALUES IN ('b')",
        )
        .await;
        live.exactly(&[detach("e_24", "e_24_a", false)]).await;
        live.exactly(&[detach("e_24", "e_24_a", false), detach("e", "e_24", false)]).await;
        live.execute("ALTER TABLE e_24 DETACH PARTITION e_24_a").await;
        let bound = dunlin_dsl::Bound::list(["a"]);
        let attach = dunlin_dsl::TableChange::Attach { partition: "e_24_a".into(), bound };
        live.exactly(&[change("e_24", attach.clone())]).await;
        live.execute("ALTER TABLE e_24_a ADD more int").await;
        let refused = live.refusal(&[change("e_24", attach)]).await;
        assert!(refused.contains("has a column more that e_24 hasn't"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn heirs_of_heirs_are_known_whole() {
    on_servers("line", async |live| {
        live.execute(
            "CREATE TABLE a (x int, CONSTRAINT c CHECK (x > 0)); CREATE TABLE b (y int) INHERITS (a); \
             CREATE TABLE d (x int, y int, CONSTRAINT c CHECK (x > 0)); CREATE TABLE f (y int)",
        )
        .await;
        let inherit = |of: &str| [change(of, dunlin_dsl::TableChange::Inherit("b".into()))];
        live.exactly(&inherit("d")).await;
        let refused = live.refusal(&inherit("f")).await;
        assert!(refused.contains("table f has no column x"), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn what_a_concurrent_detachment_leaves_goes_and_nothing_else() {
    on_servers("left", async |live| {
        live.execute(
            "CREATE TABLE e (a int, b text) PARTITION BY LIST (lower(b)); \
             CREATE TABLE e_1 PARTITION OF e (CONSTRAINT e_1_b_check CHECK (a > 0)) FOR VALUES IN ('a'); \
             CREATE TABLE r (a int NOT NULL, b int NOT NULL) PARTITION BY RANGE (a, b); \
             CREATE TABLE r_1 PARTITION OF r FOR VALUES FROM (0, 0) TO (9, 9); \
             CREATE TABLE s (a int NOT NULL) PARTITION BY LIST (a); \
             CREATE TABLE s_1 PARTITION OF s \
               (CONSTRAINT s_1_a_check CHECK (a IS NOT NULL AND a = 1)) FOR VALUES IN (1)",
        )
        .await;
        for (table, partition) in [("e", "e_1"), ("r", "r_1"), ("s", "s_1")] {
            live.undone(&[detach(table, partition, true)]).await;
        }
    })
    .await;
}
