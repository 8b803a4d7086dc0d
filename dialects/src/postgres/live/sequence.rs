//! Sequences, and the columns that they belong to.

use dunlin_dsl::{
    ColumnChange, Definition, DependentKind, OwnedBy, Sequence, SequenceChange, TableOptions, sql,
};

use super::*;

fn owned(table: impl Into<Name>, column: &str) -> Option<OwnedBy> {
    Some(OwnedBy { table: table.into(), column: column.into() })
}

#[tokio::test]
async fn sequences_go_there_and_back() {
    on_servers("sequences", async |live| {
        let id = || ObjectId::sequence("the \"Numbers\"");
        live.create(&objects([
            Object::new(ObjectId::sequence("plain"), Definition::Sequence(Sequence::default())),
            Object::new(
                ObjectId::sequence("usual"),
                Definition::Sequence(Sequence {
                    ty: Some(ColumnType::Native("INT".into())),
                    start: Some(-5),
                    increment: Some(-1),
                    min: Some(i32::MIN.into()),
                    max: Some(-1),
                    cache: Some(1),
                    ..Sequence::default()
                }),
            ),
        ]))
        .await;
        let of = Sequence {
            ty: Some(ColumnType::Native("smallint".into())),
            start: Some(7),
            increment: Some(2),
            min: Some(3),
            max: Some(900),
            cache: Some(5),
            cycle: true,
            owned_by: None,
            unlogged: true,
        };
        let mut object = Object::new(id(), Definition::Sequence(of));
        object.comment = Some("it's".into());
        live.create(&objects([object])).await;
        live.execute("CREATE TABLE \"My t\" (\"a b\" int)").await;
        let change = |change| [alter(id(), ObjectChange::Sequence(change))];
        live.exactly(&change(SequenceChange::Type(None))).await;
        live.exactly(&change(SequenceChange::Type(Some(integer())))).await;
        live.exactly(&change(SequenceChange::Start(None))).await;
        live.exactly(&change(SequenceChange::Start(Some(11)))).await;
        live.exactly(&change(SequenceChange::Increment(None))).await;
        live.exactly(&change(SequenceChange::Increment(Some(-3)))).await;
        live.exactly(&change(SequenceChange::Min(None))).await;
        live.exactly(&change(SequenceChange::Max(None))).await;
        live.exactly(&change(SequenceChange::Cache(None))).await;
        live.exactly(&change(SequenceChange::Cycle(false))).await;
        live.exactly(&change(SequenceChange::OwnedBy(owned("My t", "a b")))).await;
        live.exactly(&change(SequenceChange::Unlogged(false))).await;
        live.exactly(&[
            alter(id(), ObjectChange::Sequence(SequenceChange::Type(None))),
            alter(id(), ObjectChange::Sequence(SequenceChange::Max(None))),
        ])
        .await;
        live.exactly(&[Op::RenameObject { object: id(), to: "select".into() }]).await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: false, cascade: false }]).await;
        live.run(&[alter(id(), ObjectChange::Restart(Some(41)))]).await;
        assert_eq!(live.value("SELECT nextval('\"the \"\"Numbers\"\"\"')").await.as_deref(), Some("41"));
        live.run(&[alter(id(), ObjectChange::Restart(None))]).await;
        assert_eq!(live.value("SELECT nextval('\"the \"\"Numbers\"\"\"')").await.as_deref(), Some("7"));
    })
    .await;
}

#[tokio::test]
async fn a_column_s_sequence_comes_and_goes_with_it() {
    on_servers("owned", async |live| {
        // The usual ones are part of their columns; the others are objects.
        live.execute(
            "CREATE TABLE t (a serial, b bigserial PRIMARY KEY, c int); \
             CREATE SEQUENCE mine AS int START 7 OWNED BY t.c; ALTER TABLE t ALTER c SET DEFAULT nextval('mine'); \
             COMMENT ON SEQUENCE mine IS 'm'; \
             CREATE TABLE \"U u\" (a smallserial); \
             ALTER SEQUENCE \"U u_a_seq\" INCREMENT 5; \
             CREATE TABLE other (n int DEFAULT nextval('mine'))",
        )
        .await;
        let drop = |table: &str| Op::DropTable { table: table.into(), if_exists: false, cascade: false };
        let found = live.read(&[ObjectId::table("t"), ObjectId::table("U u")]).await;
        let ids: Vec<_> = found.objects.keys().map(ToString::to_string).collect();
        assert_eq!(ids, ["sequence U u_a_seq", "sequence mine"]);
        let t = found.get(&"t".into()).unwrap();
        assert_eq!(t.notes.unmodelled, []);
        let dependents: Vec<_> = t.notes.dependents.iter().map(|one| (one.kind, one.to_string())).collect();
        assert_eq!(dependents, [(DependentKind::Column, "column other.n".to_owned())]);
        assert!(live.refusal(&[drop("t")]).await.contains("column other.n depends on it"));
        live.execute("DROP TABLE other").await;
        live.exactly(&[drop("t")]).await;
        live.exactly(&[drop("U u")]).await;
        live.there_and_back(&[Op::DropColumn { table: "t".into(), column: "c".into(), if_exists: false }]).await;
        live.there_and_back(&[Op::DropColumn { table: "t".into(), column: "a".into(), if_exists: false }]).await;
        let renamed = Op::RenameTable { table: "t".into(), to: "T".into() };
        live.exactly(std::slice::from_ref(&renamed)).await;
        live.exactly(&[alter(ObjectId::sequence("t_b_seq"), ObjectChange::Comment(Some("b".into())))]).await;
        // Asked for by its own name, even a usual one is an object.
        live.exactly(&[Op::RenameObject { object: ObjectId::sequence("t_b_seq"), to: "nr".into() }]).await;
        let options = TableOptions { unlogged: true, ..TableOptions::default() };
        live.there_and_back(&[Op::SetTableOptions { table: "t".into(), options }]).await;
        live.run(&[renamed]).await;
        // PostgreSQL 18 names what refuses NULL by the table's first name, which isn't modelled.
        live.there_and_back(&[drop("T")]).await;
        // One that the columns of no table own stands by itself.
        let use_it = ColumnChange::Default(Some(sql("nextval('free'::regclass)")));
        live.execute("CREATE SEQUENCE free").await;
        live.there_and_back(&[Op::AlterColumn { table: "U u".into(), column: "a".into(), change: use_it.clone() }])
            .await;
        live.run(&[Op::AlterColumn { table: "U u".into(), column: "a".into(), change: use_it }]).await;
        let dropped = Op::DropObject { object: ObjectId::sequence("free"), if_exists: false, cascade: false };
        assert!(live.refusal(&[dropped]).await.contains("column U u.a depends on it"));
    })
    .await;
}

/// A column that takes its numbers from a sequence that it owns, in a revision of its own: the undo takes the default away first.
#[tokio::test]
async fn a_sequence_goes_after_the_default_that_used_it() {
    on_servers("unused", async |live| {
        live.execute("CREATE SEQUENCE s; CREATE TABLE t (n bigint DEFAULT nextval('s'))").await;
        let default =
            Op::AlterColumn { table: "t".into(), column: "n".into(), change: ColumnChange::Default(None) };
        let drop = Op::DropObject { object: ObjectId::sequence("s"), if_exists: false, cascade: false };
        assert!(live.refusal(std::slice::from_ref(&drop)).await.contains("column t.n depends on it"));
        live.there_and_back(&[default, drop]).await;
    })
    .await;
}
