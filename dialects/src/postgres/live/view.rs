//! Views and materialized views.

use std::collections::BTreeMap;

use dunlin_dsl::{
    CheckOption, Definition, Existing, Expr, Index, IndexKey, MaterializedView, MaterializedViewChange,
    Security, View, ViewChange, sql,
};

use super::*;

fn map<V: Clone>(entries: &[(&str, V)]) -> BTreeMap<String, V> {
    entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

fn view(query: &str) -> View {
    View {
        query: sql(query),
        columns: Vec::new(),
        check_option: None,
        security: None,
        security_barrier: false,
        algorithm: None,
        defaults: BTreeMap::new(),
        column_comments: BTreeMap::new(),
    }
}

fn materialized(query: &str) -> MaterializedView {
    MaterializedView {
        query: sql(query),
        columns: Vec::new(),
        indexes: Vec::new(),
        no_data: false,
        storage: BTreeMap::new(),
        tablespace: None,
        access_method: None,
        cluster: None,
        column_options: Default::default(),
        column_comments: BTreeMap::new(),
    }
}

#[tokio::test]
async fn views_go_there_and_back() {
    on_servers("views", async |live| {
        live.execute(
            "CREATE TABLE t (a int, \"B b\" text); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        )
        .await;
        let id = || ObjectId::view("The \"View\"");
        let query = match live.server.version.major {
            15 => " SELECT t.a,\n    t.\"B b\"\n   FROM t\n  WHERE (t.a > 0)",
            _ => " SELECT a,\n    \"B b\"\n   FROM t\n  WHERE (a > 0)",
        };
        let of = View {
            check_option: Some(CheckOption::Local),
            security: Some(Security::Invoker),
            security_barrier: true,
            defaults: map(&[("a", sql("5")), ("B b", sql("'x'::text"))]),
            column_comments: map(&[("B b", "it's".to_owned())]),
            ..view(query.trim())
        };
        let mut object = Object::new(id(), Definition::View(of.clone()));
        object.comment = Some("v".into());
        live.create(&objects([object.clone()])).await;
        let change = |change| [alter(id(), ObjectChange::View(change))];
        live.exactly(&change(ViewChange::CheckOption(None))).await;
        live.exactly(&change(ViewChange::CheckOption(Some(CheckOption::Cascaded)))).await;
        live.exactly(&change(ViewChange::Security(None))).await;
        live.exactly(&change(ViewChange::SecurityBarrier(false))).await;
        live.exactly(&change(ViewChange::Defaults(map(&[("a", sql("6"))])))).await;
        live.exactly(&change(ViewChange::ColumnComments(map(&[("a", "A".to_owned())])))).await;
        live.exactly(&[alter(id(), ObjectChange::Comment(None))]).await;
        live.exactly(&[Op::RenameObject { object: id(), to: "user".into() }]).await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: false, cascade: false }]).await;
        // Another query, and back again: columns come and go.
        let all = |of: View| alter(id(), ObjectChange::Definition(Box::new(Definition::View(of))));
        let wider = query.trim().replacen("SELECT ", "SELECT 1 AS one,\n    ", 1);
        live.exactly(&[all(View { query: Expr::Sql(wider), defaults: BTreeMap::new(), ..of.clone() })]).await;
        let replaced = Object::new(id(), Definition::View(view(query.trim())));
        live.exactly(&[Op::CreateObject { object: replaced, existing: Existing::Replace }]).await;
        // With something on it, only what OR REPLACE can do.
        live.execute("CREATE VIEW over AS SELECT a FROM \"The \"\"View\"\"\"").await;
        live.exactly(&[all(View { security_barrier: false, ..view(query.trim()) })]).await;
        let dropped = Op::DropObject { object: id(), if_exists: false, cascade: false };
        assert!(live.refusal(&[dropped]).await.contains("view over depends on it"));
        // Asked for as a table, it is found as what it is.
        let found = live.read(&[ObjectId::table("over"), ObjectId::table("t")]).await;
        assert!(found.object(&ObjectId::view("over")).is_some() && found.tables.len() == 1);
        let needs = &found.object(&ObjectId::view("over")).unwrap().notes.needs;
        assert_eq!(needs, &[id()]);
        let dependents: Vec<_> =
            found.get(&"t".into()).unwrap().notes.dependents.iter().map(|one| one.object.clone()).collect();
        assert_eq!(dependents, [Some(id())]);
    })
    .await;
}

#[tokio::test]
async fn materialized_views_go_there_and_back() {
    on_servers("materialized", async |live| {
        live.execute("CREATE TABLE t (a int, b text)").await;
        let id = || ObjectId::materialized_view("Mat \"1\"");
        let query = match live.server.version.major {
            15 => "SELECT t.a,\n    t.b\n   FROM t",
            _ => "SELECT a,\n    b\n   FROM t",
        };
        let index = |name: &str| Index::new(name.into(), vec![IndexKey::column("a")]);
        let of = MaterializedView {
            indexes: vec![
                Index { unique: true, comment: Some("u".into()), ..index("One") },
                Index { predicate: Some(sql("a > 1")), ..index("two") },
            ],
            storage: map(&[
                ("fillfactor", "70".to_owned()),
                ("toast.autovacuum_enabled", "false".to_owned()),
            ]),
            column_comments: map(&[("b", "B".to_owned())]),
            ..materialized(query)
        };
        let mut object = Object::new(id(), Definition::MaterializedView(of.clone()));
        object.comment = Some("m".into());
        live.create(&objects([object])).await;
        let empty = MaterializedView { no_data: true, ..materialized(query) };
        live.create(&objects([Object::new(
            ObjectId::materialized_view("e"),
            Definition::MaterializedView(empty),
        )]))
        .await;
        let change = |change| [alter(id(), ObjectChange::MaterializedView(change))];
        let storage = map(&[("fillfactor", "80".to_owned()), ("autovacuum_enabled", "true".to_owned())]);
        live.exactly(&change(MaterializedViewChange::Storage(storage))).await;
        live.exactly(&change(MaterializedViewChange::Storage(BTreeMap::new()))).await;
        live.exactly(&change(MaterializedViewChange::ColumnComments(map(&[("a", "A".to_owned())])))).await;
        live.exactly(&[Op::RenameObject { object: id(), to: "e2".into() }]).await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: false, cascade: false }]).await;
        let other = MaterializedView {
            query: Expr::Sql(query.replace("t.b", "t.b AS b").replace("FROM t", "FROM t WHERE false")),
            ..of
        };
        let other = ObjectChange::Definition(Box::new(Definition::MaterializedView(other)));
        let (lowered, before) = live.run(&[alter(id(), other)]).await;
        live.run(&reverse_all(&lowered, &before).unwrap()).await;
        // Its indexes are changed as a table's are.
        let table = || Name::from("Mat \"1\"");
        live.exactly(&[Op::CreateIndex {
            table: table(),
            index: index("more"),
            if_not_exists: true,
            concurrently: false,
        }])
        .await;
        live.exactly(&[Op::DropIndex {
            table: table(),
            name: "One".into(),
            if_exists: true,
            concurrently: false,
        }])
        .await;
        live.exactly(&[Op::RenameIndex { table: table(), name: "One".into(), to: "Eins".into() }]).await;
        live.execute("INSERT INTO t VALUES (1, 'x')").await;
        live.run(&[Op::RefreshMaterializedView { view: table(), concurrently: false, no_data: false }]).await;
        live.execute("INSERT INTO t VALUES (2, 'y')").await;
        live.run(&[Op::RefreshMaterializedView { view: table(), concurrently: true, no_data: false }]).await;
        assert_eq!(live.value("SELECT count(*) FROM \"Mat \"\"1\"\"\"").await.as_deref(), Some("2"));
    })
    .await;
}
