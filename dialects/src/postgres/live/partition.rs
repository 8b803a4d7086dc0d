//! Tables that stand on others: partitions, heirs; and what a table has beside columns and keys.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Bound, Check, ColumnChange, Constraint, ConstraintKind, Deferrable, DependentKind, Exclusion,
    ExclusionElement, Expr, Index, IndexKey, Nulls, ObjectId, Op, PartitionMethod, PartitionOf, Partitioning,
    PerDialect, PrimaryKey, RowSecurity, TableChange, TableOptions, sql,
};

use super::*;

fn partitioned(method: PartitionMethod, keys: Vec<IndexKey>) -> Option<Partitioning> {
    Some(Partitioning { method, keys, linear: false, partitions: Vec::new(), count: None })
}

fn of(parent: &str, bound: Bound) -> Option<Box<PartitionOf>> {
    Some(Box::new(PartitionOf { parent: parent.into(), bound }))
}

fn part(name: &str, parent: &str, bound: Bound) -> Table {
    Table { partition_of: of(parent, bound), ..table(name, []) }
}

fn drop(name: &str) -> Op {
    Op::DropTable { table: name.into(), if_exists: false, cascade: false }
}

fn alter(table: &str, change: TableChange) -> Op {
    Op::AlterTable { table: table.into(), change }
}

fn attach(table: &str, partition: &str, bound: Bound) -> Op {
    alter(table, TableChange::Attach { partition: partition.into(), bound })
}

fn detach(table: &str, partition: &str) -> Op {
    alter(table, TableChange::Detach { partition: partition.into(), concurrently: false })
}

fn year(from: &str, to: &str) -> Bound {
    Bound::range([from], [to])
}

/// A table partitioned by range with keys and indexes, and partitions of every kind.
fn events() -> Schema {
    let mut events = table(
        "events",
        [
            Column { not_null: true, ..named("id", integer()) },
            Column { not_null: true, ..named("at", ColumnType::Date) },
            Column { default: Some(Expr::from("x")), comment: Some("kind".into()), ..named("kind", text()) },
        ],
    );
    events.primary_key =
        Some(PrimaryKey { label: "events_pk".into(), ..PrimaryKey::over(vec!["id".into(), "at".into()]) });
    events.checks.push(Check::new("positive".into(), sql("id > 0")));
    events.indexes.push(Index::new("events_kind".into(), vec![IndexKey::column("kind")]));
    events.partitioning = partitioned(PartitionMethod::Range, vec![IndexKey::column("at")]);
    let mut own = part("events_2024", "events", year("2024-01-01", "2025-01-01"));
    own.checks.push(Check::new("own".into(), sql("id < 1000")));
    own.indexes.push(Index::new("own_index".into(), vec![IndexKey::column("id")]));
    own.columns.push(Column {
        default: Some(Expr::from("y")),
        comment: Some("here".into()),
        ..named("kind", text())
    });
    own.options.storage = BTreeMap::from([("fillfactor".into(), "70".into())]);
    let mut divided = part("events_2025", "events", year("2025-01-01", "2026-01-01"));
    divided.partitioning = partitioned(
        PartitionMethod::List,
        vec![IndexKey {
            collation: PerDialect::everywhere("C".into()),
            opclass: Some("text_pattern_ops".into()),
            ..IndexKey::expr(sql("lower(kind)"))
        }],
    );
    divided.primary_key = None;
    schema([
        events,
        own,
        part("events_rest", "events", Bound::Default),
        part("events_first", "events", Bound::range([sql("MINVALUE")], ["2000-01-01"])),
    ])
}

#[tokio::test]
async fn partitions_come_and_go() {
    on_servers("partitions", async |live| {
        live.create(&events()).await;
        let names = ["events_2024", "events_first", "events_rest"];
        let events = live.table("events").await;
        let found: Vec<_> =
            events.notes.dependents.iter().map(|one| (one.kind, one.name.name.as_str())).collect();
        assert_eq!(found, names.map(|name| (DependentKind::Table, name)));
        // One with partitions is only dropped after them, or with them.
        let before = live.read(&[ObjectId::table("events")]).await;
        let refused = Postgres.render(&[drop("events")], &before, &live.server).unwrap_err();
        assert!(refused.to_string().contains("table events_2024, table events_first"), "{refused}");
        live.exactly(&[drop("events_2024")]).await;
        live.exactly(&[drop("events_2024"), drop("events_first"), drop("events_rest"), drop("events")]).await;
        live.exactly(&[detach("events", "events_2024")]).await;
        live.there_and_back(&[detach("events", "events_first"), drop("events_first")]).await;
        // What fits the parent becomes the parent's.
        let mut new = table(
            "events_2030",
            [
                Column { not_null: true, ..named("id", integer()) },
                Column { not_null: true, ..named("at", ColumnType::Date) },
                named("kind", text()),
            ],
        );
        new.checks.push(Check::new("positive".into(), sql("id > 0")));
        new.checks.push(Check::new("mine".into(), sql("id > 7")));
        new.indexes.push(Index::new("called_otherwise".into(), vec![IndexKey::column("kind")]));
        live.create(&schema([new])).await;
        live.exactly(&[attach("events", "events_2030", year("2030-01-01", "2031-01-01"))]).await;
        live.run(&[attach("events", "events_2030", year("2030-01-01", "2031-01-01"))]).await;
        // From 18 on, what refuses NULL in it isn't called as the parent calls it.
        live.exactly(&[drop("events_2030")]).await;
        live.exactly(&[detach("events", "events_2030")]).await;
        let concurrently = TableChange::Detach { partition: "events_2030".into(), concurrently: true };
        live.run(&[drop("events_rest")]).await;
        live.run(&[alter("events", concurrently)]).await;
        assert_eq!(live.table("events_2030").await.partition_of, None);
    })
    .await;
}

#[tokio::test]
async fn every_kind_of_partition() {
    on_servers("partition_kinds", async |live| {
        let big = || named("n", big());
        let mut lists = table("lists", [named("a", text()), big()]);
        lists.partitioning = partitioned(
            PartitionMethod::List,
            vec![IndexKey {
                collation: PerDialect::everywhere("C".into()),
                opclass: Some("text_pattern_ops".into()),
                ..IndexKey::column("a")
            }],
        );
        let hostile = Bound::list([Expr::from("it's"), Expr::from("a,)\\b"), sql("NULL")]);
        let mut inner = part("lists_1", "lists", hostile);
        inner.partitioning =
            partitioned(PartitionMethod::Range, vec![IndexKey::column("n"), IndexKey::expr(sql("lower(a)"))]);
        let range = Bound::range([Expr::from(-5), sql("MINVALUE")], [Expr::from(1), sql("'x'")]);
        let mut hashes = table("hashes", [named("a", text()), big()]);
        hashes.partitioning = partitioned(PartitionMethod::Hash, vec![IndexKey::column("n")]);
        live.create(&schema([
            lists,
            inner,
            part("lists_1_1", "lists_1", range),
            hashes,
            part("hashes_0", "hashes", Bound::hash(2, 0)),
            part("hashes_1", "hashes", Bound::hash(2, 1)),
        ]))
        .await;
        live.exactly(&[drop("lists_1_1"), drop("lists_1"), drop("hashes_0")]).await;
        live.exactly(&[detach("lists", "lists_1")]).await;
    })
    .await;
}

#[tokio::test]
async fn heirs_come_and_go() {
    on_servers("heirs", async |live| {
        let mut base = table("base", [named("id", integer()), named("a", text())]);
        base.checks.push(Check::new("positive".into(), sql("id > 0")));
        let mut other = table("other", [named("b", integer())]);
        other.checks.push(Check::new("other_check".into(), sql("b > 0")));
        let heir =
            Table { inherits: vec!["base".into(), "other".into()], ..table("heir", [named("c", integer())]) };
        let bare = Table { inherits: vec!["base".into()], ..table("bare", []) };
        let mut alike = table("alike", [named("a", text()), named("id", integer()), named("z", integer())]);
        alike.checks.push(Check::new("positive".into(), sql("id > 0")));
        live.create(&schema([base, other, heir, bare, alike])).await;
        live.exactly(&[drop("heir")]).await;
        live.exactly(&[alter("alike", TableChange::Inherit("base".into()))]).await;
        live.run(&[alter("alike", TableChange::Inherit("base".into()))]).await;
        live.exactly(&[alter("alike", TableChange::NoInherit("base".into()))]).await;
        let no = [alter("heir", TableChange::NoInherit("other".into()))];
        let before = live.read(&touched(&no)).await;
        let refused = reverse_all(&no, &before).unwrap_err();
        assert!(refused.to_string().contains("column b is only inherited"), "{refused}");
        live.run(&no).await;
        let heir = live.table("heir").await;
        assert!(heir.column("b").is_some() && heir.column("a").is_none());
        let before = live.read(&[ObjectId::table("base")]).await;
        assert!(Postgres.render(&[drop("base")], &before, &live.server).is_err());
    })
    .await;
}

fn exclusion(name: &str) -> Exclusion {
    Exclusion {
        label: name.into(),
        elements: vec![
            ExclusionElement {
                key: IndexKey { opclass: Some("range_ops".into()), ..IndexKey::column("r") },
                operator: "&&".into(),
            },
            ExclusionElement { key: IndexKey::expr(sql("int4range(a, (a + 1))")), operator: "=".into() },
        ],
        method: None,
        predicate: Some(sql("a > 0")),
        deferrable: Deferrable::InitiallyDeferred,
        include: vec!["a".into()],
    }
}

#[tokio::test]
async fn exclusion_constraints() {
    on_servers("exclusion", async |live| {
        let mut rooms =
            table("rooms", [named("a", integer()), named("r", ColumnType::Native("int4range".into()))]);
        let mut first = exclusion("first");
        // An operator class that is the default one isn't told.
        first.elements[0].key.opclass = None;
        rooms.exclusions.push(first.clone());
        rooms.exclusions.push(Exclusion {
            label: "second".into(),
            elements: vec![ExclusionElement {
                key: IndexKey { descending: true, nulls: Some(Nulls::Last), ..IndexKey::column("a") },
                operator: "=".into(),
            }],
            method: Some("btree".into()),
            predicate: None,
            deferrable: Deferrable::No,
            include: Vec::new(),
        });
        rooms.constraint_comments.insert("first".into(), "it's".into());
        live.create(&schema([rooms])).await;
        let name = || "rooms".into();
        let kind = ConstraintKind::Exclusion;
        let mut third = first;
        third.label = "third".into();
        live.exactly(&[Op::AddConstraint { table: name(), constraint: Constraint::Exclusion(third) }]).await;
        let drop = Op::DropConstraint { table: name(), kind, name: "first".into(), if_exists: false };
        live.exactly(&[drop]).await;
        let rename =
            Op::RenameConstraint { table: name(), kind, name: "second".into(), to: "with \"quotes\"".into() };
        live.exactly(&[rename]).await;
        live.exactly(&[Op::DropTable { table: name(), if_exists: false, cascade: false }]).await;
        let change = TableChange::ConstraintComment { name: "second".into(), comment: Some("'".into()) };
        live.exactly(&[alter("rooms", change)]).await;
        live.exactly(&[Op::DropColumn { table: name(), column: "r".into(), if_exists: false }]).await;
    })
    .await;
}

#[tokio::test]
async fn options_and_security() {
    on_servers("options", async |live| {
        let space = format!("space \"{}", live.server.schema);
        let quoted = format!("\"{}\"", space.replace('"', "\"\""));
        live.execute("SET allow_in_place_tablespaces = on").await;
        live.execute(&format!("CREATE TABLESPACE {quoted} LOCATION ''")).await;
        let mut kept = table("kept", [named("a", text())]);
        kept.options = TableOptions {
            unlogged: true,
            storage: BTreeMap::from([
                ("fillfactor".into(), "70".into()),
                ("toast.autovacuum_enabled".into(), "false".into()),
            ]),
            tablespace: Some(space.clone()),
            ..TableOptions::default()
        };
        kept.row_security = RowSecurity { enabled: true, forced: true };
        kept.indexes.push(Index {
            storage: BTreeMap::from([("fillfactor".into(), "60".into())]),
            tablespace: Some(space.clone()),
            ..Index::new("kept_a".into(), vec![IndexKey::column("a")])
        });
        live.create(&schema([kept])).await;
        live.exactly(&[drop("kept")]).await;
        let set = |options| Op::SetTableOptions { table: "kept".into(), options };
        live.exactly(&[set(TableOptions::default())]).await;
        live.exactly(&[set(TableOptions {
            storage: BTreeMap::from([
                ("fillfactor".into(), "80".into()),
                ("autovacuum_enabled".into(), "off".into()),
            ]),
            ..TableOptions::default()
        })])
        .await;
        live.exactly(&[alter("kept", TableChange::RowSecurity(RowSecurity::default()))]).await;
        let forced = RowSecurity { enabled: false, forced: true };
        live.exactly(&[alter("kept", TableChange::RowSecurity(forced))]).await;
        live.run(&[drop("kept")]).await;
        // An index that a new enum takes along is where it was.
        live.execute("CREATE TYPE mood AS ENUM ('a', 'b'); CREATE TABLE moods (m mood)").await;
        live.execute(&format!("CREATE INDEX moods_m ON moods (m) TABLESPACE {quoted}")).await;
        let change = ObjectChange::DropValue { value: "b".into() };
        live.exactly(&[Op::AlterObject { object: ObjectId::enumeration("mood"), change }]).await;
        assert_eq!(live.table("moods").await.indexes[0].tablespace, Some(space));
        live.execute("DROP TABLE moods").await;
        live.execute(&format!("DROP TABLESPACE {quoted}")).await;
    })
    .await;
}

/// What the server refuses for the sake of another table is told with the way around it.
#[tokio::test]
async fn what_another_table_keeps_from_changing() {
    on_servers("kept", async |live| {
        live.execute(
            "CREATE UNLOGGED TABLE b (id int PRIMARY KEY); CREATE UNLOGGED TABLE a (id int REFERENCES b); \
             CREATE TABLE d (id int PRIMARY KEY); CREATE TABLE c (id int REFERENCES d); \
             CREATE TABLE p (id int PRIMARY KEY, v int) PARTITION BY RANGE (id); \
             CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10); CREATE TABLE r (id int REFERENCES p); \
             CREATE POLICY own ON p1 USING (v > 0); CREATE INDEX few ON p1 (id) WHERE v > 0",
        )
        .await;
        let logged = |table: &str, unlogged| {
            let options = TableOptions { unlogged, ..TableOptions::default() };
            Op::SetTableOptions { table: table.into(), options }
        };
        let fails = live.fails(&[logged("a", false)]).await;
        assert_eq!(fails, "fails if table a refers to an unlogged one: make that logged first");
        let fails = live.fails(&[logged("d", true)]).await;
        assert_eq!(fails, "fails if a logged table refers to table d: make that unlogged first");
        let before = live.read(&touched(&[drop("p1")])).await;
        let refused = apply(&mut before.clone(), &drop("p1")).unwrap_err();
        assert_eq!(refused.reason, "table r refers by a foreign key to table p, and so to it");
        live.exactly(&[detach("p", "p1"), drop("p1")]).await;
        let to = |to| {
            let change = ColumnChange::Type { to, using: None };
            Op::AlterColumn { table: "p".into(), column: "v".into(), change }
        };
        let before = live.read(&touched(&[to(text())])).await;
        let refused = apply(&mut before.clone(), &to(text())).unwrap_err();
        assert_eq!(refused.reason, "policy own on p1 uses it");
        assert_eq!(refused.instead.as_deref(), Some("drop that first, and create it again after"));
        let policy = Op::DropObject { object: ObjectId::policy("own", "p1"), if_exists: false, cascade: false };
        let fails = live.fails(&[policy.clone(), to(text())]).await;
        assert!(fails.contains("an index's condition of a table below uses the column: drop that first"), "{fails}");
        live.exactly(&[policy, to(big())]).await;
    })
    .await;
}

#[tokio::test]
async fn what_only_mysql_divides_is_refused() {
    on_servers("divides", async |live| {
        let mut by_key = table("t", [named("a", integer())]);
        by_key.partitioning = Some(Partitioning {
            count: Some(4),
            ..partitioned(PartitionMethod::Key, vec![IndexKey::column("a")]).unwrap()
        });
        let refused = Postgres.lower(&schema([by_key.clone()]), &live.server).unwrap_err();
        assert_eq!(refused.operation, "partition table t");
        assert!(refused.instead.contains("partition_of"), "{refused:?}");
        let ops = [alter("t", TableChange::DropPartition { name: "p".into() })];
        by_key.partitioning = partitioned(PartitionMethod::Hash, vec![IndexKey::column("a")]);
        assert!(Postgres.render(&ops, &schema([by_key]), &live.server).is_err());
        let less = part("p", "t", Bound::less_than([1]));
        assert!(Postgres.render(&creation_ops(&schema([less])), &Schema::new(), &live.server).is_err());
    })
    .await;
}
