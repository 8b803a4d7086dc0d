//! How tables are divided.

use dunlin_dsl::{
    Bound, Column, ColumnChange, ColumnType, Connection, Dialect, Index, IndexKey, ObjectId, Op, Partition,
    PartitionMethod, Partitioning, Schema, Table, TableChange, bigint, integer, reverse, sql, touched,
};

use super::{HOSTILE, is_mariadb, on_both, refused, run, there_and_back, words};
use crate::mysql::Mysql;
use crate::mysql::tests::int;

fn part(name: &str, bound: Option<Bound>) -> Partition {
    Partition { name: name.into(), bound, comment: None }
}

fn by(method: PartitionMethod, keys: Vec<IndexKey>, partitions: Vec<Partition>) -> Partitioning {
    Partitioning { method, keys, linear: false, partitions, count: None }
}

fn all(default: bool) -> Vec<Partitioning> {
    use PartitionMethod::{Hash, Key, List, Range};
    let commented =
        Partition { comment: Some("it's".into()), ..part(HOSTILE, Some(Bound::less_than([sql("11")]))) };
    let last = if default { Some(Bound::Default) } else { Some(Bound::list([9])) };
    vec![
        by(
            Range,
            vec![IndexKey::expr(sql("(`a` + 1)"))],
            vec![commented, part("b", Some(Bound::less_than([sql("maxvalue")])))],
        ),
        by(
            Range,
            vec![IndexKey::column("d"), IndexKey::column("a")],
            vec![
                part("x", Some(Bound::LessThan(vec!["2020-01-01".into(), 5.into()]))),
                part("y", Some(Bound::LessThan(vec!["2021-01-01".into(), sql("MAXVALUE")]))),
            ],
        ),
        by(
            List,
            vec![IndexKey::expr(sql("`a`"))],
            vec![
                part("x", Some(Bound::In(vec![1.into(), 2.into(), dunlin_dsl::Value::Null.into()]))),
                part("y", last.clone()),
            ],
        ),
        by(
            List,
            vec![IndexKey::column("w")],
            vec![
                part("x", Some(Bound::list(["a'b", "c,d"]))),
                part("y", if default { last } else { Some(Bound::list(["z"])) }),
            ],
        ),
        Partitioning { count: Some(3), ..by(Hash, vec![IndexKey::expr(sql("`a`"))], Vec::new()) },
        Partitioning {
            linear: true,
            ..by(Hash, vec![IndexKey::expr(sql("year(`d`)"))], vec![part("x", None), part("y", None)])
        },
        Partitioning { count: Some(2), ..by(Key, vec![IndexKey::column("w")], Vec::new()) },
        Partitioning {
            linear: true,
            count: Some(4),
            ..by(Key, vec![IndexKey::column("a"), IndexKey::column("w")], Vec::new())
        },
    ]
}

fn table(partitioning: Option<Partitioning>) -> Table {
    let mut table = Table::new("t");
    table.columns = vec![
        Column::new("a", int()),
        Column::new("d", ColumnType::Date),
        Column::new("w", ColumnType::Varchar(20)),
    ];
    table.partitioning = partitioning;
    table
}

async fn read(conn: &mut dyn Connection) -> Table {
    Mysql.introspect(conn, &[ObjectId::table("t")]).await.unwrap().get(&"t".into()).cloned().unwrap()
}

#[tokio::test]
async fn partitioned_tables_there_and_back() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        for partitioning in all(is_mariadb(conn, &server)) {
            let table = table(Some(partitioning.clone()));
            let create = Op::CreateTable { table: table.clone(), if_not_exists: false };
            run(conn, &[create]).await;
            let mut schema = Schema::new();
            schema.insert(table);
            let lowered = Mysql.lower(&schema, &server).unwrap();
            let found = read(conn).await;
            assert_eq!(Some(&found), lowered.get(&"t".into()), "{server}");
            assert_eq!(found.notes.unmodelled, []);
            let set = |to: Option<Partitioning>| Op::AlterTable {
                table: "t".into(),
                change: TableChange::Partitioning(to),
            };
            there_and_back(conn, "TABLE t", &[set(None)]).await;
            there_and_back(
                conn,
                "TABLE t",
                &[Op::DropTable { table: "t".into(), if_exists: false, cascade: false }],
            )
            .await;
            let other = Partitioning {
                count: Some(7),
                ..by(PartitionMethod::Key, vec![IndexKey::column("a")], Vec::new())
            };
            there_and_back(conn, "TABLE t", &[set(Some(other))]).await;
            // A change beside it leaves it as it is.
            let before = words(conn, "TABLE t").await;
            let comment =
                |text: Option<&str>| Op::SetTableComment { table: "t".into(), comment: text.map(Into::into) };
            run(conn, &[comment(Some("x"))]).await;
            run(conn, &[comment(None)]).await;
            assert_eq!(words(conn, "TABLE t").await, before);
            run(conn, &[Op::DropTable { table: "t".into(), if_exists: false, cascade: false }]).await;
        }
    })
    .await;
}

#[tokio::test]
async fn partitions_come_and_go() {
    on_both(async |conn| {
        let up_to = |name: &str, bound: i64| part(name, Some(Bound::less_than([bound])));
        let ranges = by(PartitionMethod::Range, vec![IndexKey::expr(sql("`a`"))], vec![up_to("p1", 10), up_to("p2", 20), up_to("p3", 30)]);
        run(conn, &[Op::CreateTable { table: table(Some(ranges)), if_not_exists: false }]).await;
        let change = |change| Op::AlterTable { table: "t".into(), change };
        let drop = |name: &str| TableChange::DropPartition { name: name.into() };
        there_and_back(conn, "TABLE t", &[change(TableChange::AddPartition(up_to("p4", 40)))]).await;
        for name in ["p1", "p2", "p3"] {
            there_and_back(conn, "TABLE t", &[change(drop(name))]).await;
        }
        let divide = TableChange::ReorganizePartitions {
            partitions: vec!["p2".into(), "p3".into()],
            into: vec![up_to("a", 15), up_to("b", 25), up_to("c", 30)],
        };
        there_and_back(conn, "TABLE t", &[change(divide)]).await;
        conn.execute("CREATE TABLE s (a int) PARTITION BY RANGE (a) SUBPARTITION BY HASH (a) SUBPARTITIONS 2 (PARTITION x VALUES LESS THAN (5))")
            .await
            .unwrap();
        let sub = Op::AlterTable { table: "s".into(), change: TableChange::Partitioning(None) };
        let error = refused(conn, &[sub]).await;
        assert!(error.contains("has partition xsp0 that is part of another, which would be lost"), "{error}");
        let drop = Op::AlterTable { table: "s".into(), change: drop("x") };
        let before = conn.dialect().introspect(conn, &touched(std::slice::from_ref(&drop))).await.unwrap();
        let why = reverse(&drop, &before).unwrap_err();
        assert!(why.reason.contains("partition xsp0 that is part of another"), "{why}");
        // What changes anything else of the table keeps them.
        let column = Column::new("b", integer().into());
        let add = Op::AddColumn { table: "s".into(), column, position: None, if_not_exists: false };
        let to = bigint().into();
        let retype = ColumnChange::Type { to, using: None };
        let retype = Op::AlterColumn { table: "s".into(), column: "b".into(), change: retype };
        let index = Index::new("by_b".into(), vec![IndexKey::column("b")]);
        let index = Op::CreateIndex { table: "s".into(), index, if_not_exists: false, concurrently: false };
        there_and_back(conn, "TABLE s", &[add, retype, index]).await;
    })
    .await;
}

/// MySQL renames no column by which a table is divided, and neither server drops one; that is said before anything is run.
#[tokio::test]
async fn columns_that_divide_a_table() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        for (table, by) in
            [("h", "HASH (a)"), ("k", "KEY (a)"), ("e", "RANGE (a + 1) (PARTITION p VALUES LESS THAN (9))")]
        {
            conn.execute(&format!("CREATE TABLE {table} (a int NOT NULL, b int) PARTITION BY {by}"))
                .await
                .unwrap();
            let rename = Op::RenameColumn { table: table.into(), column: "a".into(), to: "c".into() };
            let column = "a".to_owned();
            let error =
                refused(conn, &[Op::DropColumn { table: table.into(), column, if_exists: false }]).await;
            assert!(error.ends_with("drops no column by which a table is divided"), "{error}");
            match is_mariadb(conn, &server) {
                true => there_and_back(conn, &format!("TABLE {table}"), &[rename]).await,
                false => {
                    let error = refused(conn, &[rename]).await;
                    assert!(error.ends_with("renames no column by which a table is divided"), "{error}");
                }
            }
            let other = Op::RenameColumn { table: table.into(), column: "b".into(), to: "c".into() };
            there_and_back(conn, &format!("TABLE {table}"), &[other]).await;
        }
    })
    .await;
}
