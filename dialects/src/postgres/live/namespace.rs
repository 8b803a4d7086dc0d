//! Schemas, extensions and collations.

use dunlin_dsl::{Collation, Definition, Existing, Extension, ExtensionChange, Namespace};

use super::*;

#[tokio::test]
async fn schemas_go_there_and_back() {
    on_servers("schemas", async |live| {
        let name = format!("{}_\"Other\"", live.server.schema);
        let id = || ObjectId::schema(name.as_str());
        let mut object = Object::new(id(), Definition::Schema(Namespace::default()));
        object.comment = Some("o".into());
        live.create(&objects([object.clone()])).await;
        live.exactly(&[alter(id(), ObjectChange::Comment(Some("it's".into())))]).await;
        live.exactly(&[Op::RenameObject { object: id(), to: format!("{name}2") }]).await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: true, cascade: false }]).await;
        live.exactly(&[Op::CreateObject { object, existing: Existing::Keep }]).await;
        // Whatever lives in a schema goes to another one.
        let other = name.replace('"', "\"\"");
        live.execute(
            "CREATE TABLE t (a serial, b int); CREATE SEQUENCE own OWNED BY t.b; CREATE VIEW v AS SELECT 1; CREATE TYPE e AS ENUM ('a'); CREATE DOMAIN d AS text; \
             CREATE TYPE c AS (a int); CREATE SEQUENCE s; CREATE MATERIALIZED VIEW m AS SELECT 1; \
             CREATE FUNCTION f(a e) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE COLLATION co (locale = 'C')",
        )
        .await;
        let ids = [
            ObjectId::table("t"),
            ObjectId::view("v"),
            ObjectId::domain("d"),
            ObjectId::composite("c"),
            ObjectId::sequence("s"),
            ObjectId::materialized_view("m"),
            ObjectId::any_function("f"),
            ObjectId::collation("co"),
        ];
        for id in ids {
            let before = live.dump();
            let (lowered, was) = live.run(&[Op::SetSchema { object: id.clone(), schema: Some(name.clone()) }]).await;
            let moved = id.moved(Some(&name));
            assert!(live.read(std::slice::from_ref(&moved)).await.has(&moved), "{moved}");
            // What it owns goes with it.
            let mut meant = was.clone();
            lowered.iter().for_each(|op| apply(&mut meant, op).unwrap());
            let found = live.read(std::slice::from_ref(&moved)).await;
            let ids = |schema: &Schema| schema.objects.keys().cloned().collect::<Vec<_>>();
            assert_eq!(ids(&found), ids(&meant), "{moved}");
            live.run(&reverse_all(&lowered, &was).unwrap()).await;
            assert_eq!(live.dump(), before, "{id}");
        }
        live.execute(&format!("CREATE TABLE \"{other}\".x (a int)")).await;
        let drop = |cascade| Op::DropObject { object: id(), if_exists: false, cascade };
        let refused = live.refusal(&[drop(false)]).await;
        assert!(refused.contains(&format!("table {name}.x depends on it")), "{refused}");
        live.run(&[drop(true)]).await;
    })
    .await;
}

#[tokio::test]
async fn extensions_go_there_and_back() {
    on_servers("extensions", async |live| {
        // What one database has but once can't be tested twice at a time.
        let id = || ObjectId::extension("citext");
        let older = Extension { version: Some("1.4".into()), schema: None };
        live.create(&objects([Object::new(id(), Definition::Extension(older))])).await;
        live.execute("CREATE TABLE t (a citext)").await;
        let drop = Op::DropObject { object: id(), if_exists: false, cascade: false };
        let refused = live.refusal(std::slice::from_ref(&drop)).await;
        assert!(refused.contains("column t.a depends on it"), "{refused}");
        let table = live.table("t").await;
        assert_eq!(table.notes.needs, [id()]);
        live.execute("DROP TABLE t").await;
        live.there_and_back(std::slice::from_ref(&drop)).await;
        live.there_and_back(&[alter(id(), ObjectChange::Comment(Some("c".into())))]).await;
        let to = Extension { version: Some("1.4".into()), schema: Some("public".into()) };
        live.there_and_back(&[alter(id(), ObjectChange::Extension(ExtensionChange::Schema(to.schema)))])
            .await;
        live.run(&[alter(id(), ObjectChange::Extension(ExtensionChange::Version(None)))]).await;
        let found = live.object(id()).await;
        assert_eq!(found.definition, Definition::Extension(Extension::default()));
        live.run(&[drop]).await;
    })
    .await;
}

/// A schema that an extension's objects are in is free when the extension is gone.
#[tokio::test]
async fn a_schema_of_an_extension_goes_after_it() {
    on_servers("home", async |live| {
        let home = format!("{}_home", live.server.schema);
        let (id, extension) = (ObjectId::schema(home.clone()), ObjectId::extension("pg_trgm"));
        live.execute(&format!("CREATE SCHEMA \"{home}\"; CREATE EXTENSION pg_trgm SCHEMA \"{home}\"")).await;
        let drop = |object| Op::DropObject { object, if_exists: false, cascade: false };
        let refused = live.refusal(&[drop(id.clone())]).await;
        assert!(refused.ends_with("extension pg_trgm depends on it"), "{refused}");
        live.run(&[drop(extension), drop(id)]).await;
    })
    .await;
}

/// A new schema into which everything moves is dropped by the undo, after everything has moved back.
#[tokio::test]
async fn a_schema_goes_after_what_left_it() {
    on_servers("leaving", async |live| {
        let name = format!("{}_target", live.server.schema);
        let id = ObjectId::schema(name.clone());
        live.execute(
            "CREATE TABLE t (a int); CREATE SEQUENCE s OWNED BY t.a; CREATE VIEW v AS SELECT a FROM t; \
             CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE TYPE e AS ENUM ('a')",
        )
        .await;
        let before = live.dump();
        let moved = [
            ObjectId::table("t"),
            ObjectId::view("v"),
            ObjectId::any_function("f"),
            ObjectId::enumeration("e"),
        ];
        let create = Object::new(id.clone(), Definition::Schema(Namespace::default()));
        let create = Op::CreateObject { object: create, existing: Existing::Refuse };
        let to = |object: ObjectId| Op::SetSchema { object, schema: Some(name.clone()) };
        let ops: Vec<Op> = std::iter::once(create).chain(moved.map(to)).collect();
        let (lowered, was) = live.run(&ops).await;
        live.run(&reverse_all(&lowered, &was).unwrap()).await;
        assert_eq!(live.dump(), before);
    })
    .await;
}

#[tokio::test]
async fn collations_go_there_and_back() {
    on_servers("collations", async |live| {
        let id = || ObjectId::collation("German \"2\"");
        let icu = Collation {
            provider: Some("ICU".into()),
            locale: "de-u-co-phonebk".into(),
            nondeterministic: true,
            rules: (live.server.version.major >= 16).then(|| "&a < g".into()),
        };
        let plain = Collation { provider: Some("libc".into()), locale: "C".into(), ..Collation::default() };
        let mut object = Object::new(id(), Definition::Collation(icu.clone()));
        object.comment = Some("de".into());
        let of = |name: &str, of| Object::new(ObjectId::collation(name), Definition::Collation(of));
        let mut all = vec![object, of("plain", plain)];
        if live.server.version.major >= 17 {
            let builtin = Collation {
                provider: Some("builtin".into()),
                locale: "C.UTF-8".into(),
                ..Collation::default()
            };
            all.push(of("own", builtin));
        }
        live.create(&objects(all)).await;
        let other = Collation { nondeterministic: false, locale: "fr".into(), ..icu };
        let other = ObjectChange::Definition(Box::new(Definition::Collation(other)));
        live.exactly(&[alter(id(), other.clone())]).await;
        live.exactly(&[alter(id(), ObjectChange::RefreshCollation)]).await;
        live.exactly(&[Op::RenameObject { object: id(), to: "c".into() }]).await;
        live.exactly(&[Op::DropObject { object: id(), if_exists: false, cascade: false }]).await;
        live.execute("CREATE TABLE t (a text COLLATE \"German \"\"2\"\"\")").await;
        assert!(live.refusal(&[alter(id(), other)]).await.ends_with("and column t.a stands on it"));
    })
    .await;
}
