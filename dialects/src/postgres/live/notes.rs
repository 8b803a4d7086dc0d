//! What is remarked of objects beside their definitions: whose they are, and what isn't modelled.

use dunlin_dsl::{Definition, Enforcement, EnumType};

use super::*;

#[tokio::test]
async fn owners_come_back() {
    on_servers("owners", async |live| {
        let role = format!("{}_'s \"role\"", live.server.schema);
        let quoted = format!("\"{}\"", role.replace('"', "\"\""));
        live.execute(&format!("CREATE ROLE {quoted}; GRANT ALL ON SCHEMA {} TO {quoted}", live.server.schema)).await;
        live.execute(
            "CREATE TYPE e AS ENUM ('a', 'b'); CREATE DOMAIN d AS text; CREATE TYPE c AS (a int); CREATE SEQUENCE s; \
             CREATE VIEW v AS SELECT 1 AS a; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; CREATE COLLATION co (locale = 'C'); \
             CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'",
        )
        .await;
        let ids = [
            ObjectId::enumeration("e"),
            ObjectId::domain("d"),
            ObjectId::composite("c"),
            ObjectId::sequence("s"),
            ObjectId::view("v"),
            ObjectId::materialized_view("m"),
            ObjectId::collation("co"),
            ObjectId::any_function("f"),
            ObjectId::any_procedure("p"),
        ];
        for id in ids {
            assert_eq!(live.object(id.clone()).await.notes.owner, None);
            live.run(&[alter(id.clone(), ObjectChange::Owner(role.clone()))]).await;
            assert_eq!(live.object(id.clone()).await.notes.owner, Some(role.clone()), "{id}");
            live.exactly(&[Op::DropObject { object: id.clone(), if_exists: false, cascade: false }]).await;
            assert_eq!(live.object(id.clone()).await.notes.owner, Some(role.clone()), "{id}");
        }
        // A type that takes another's place is whose that was.
        let change = ObjectChange::DropValue { value: "a".into() };
        live.exactly(&[alter(ObjectId::enumeration("e"), change)]).await;
        let schema = live.server.schema.clone();
        live.execute(&format!("DROP OWNED BY {quoted} CASCADE; REVOKE ALL ON SCHEMA {schema} FROM {quoted}; DROP ROLE {quoted}"))
            .await;
    })
    .await;
}

#[tokio::test]
async fn what_objects_have_beyond_the_model_is_named() {
    on_servers("beyond", async |live| {
        live.execute(
            "CREATE DOMAIN d AS text CONSTRAINT c CHECK (VALUE <> ''); COMMENT ON CONSTRAINT c ON DOMAIN d IS 'x'; \
             ALTER DOMAIN d ADD CONSTRAINT n CHECK (VALUE <> 'y') NOT VALID; \
             CREATE COLLATION two (lc_collate = 'C', lc_ctype = 'POSIX'); \
             CREATE FUNCTION w() RETURNS int LANGUAGE internal WINDOW AS 'window_rank'; \
             CREATE AGGREGATE agg (int) (sfunc = int4pl, stype = int)",
        )
        .await;
        let unmodelled = async |live: &mut Live, id| live.object(id).await.notes.unmodelled.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert!(unmodelled(live, ObjectId::domain("d")).await.is_empty());
        let domain = live.object(ObjectId::domain("d")).await;
        let Definition::Domain(of) = &domain.definition else { panic!("{domain:?}") };
        let new = of.checks.iter().find(|check| check.label.is("n")).unwrap();
        assert_eq!(new.enforcement, Enforcement::NotValid);
        let two = unmodelled(live, ObjectId::collation("two")).await;
        assert_eq!(two, ["a locale of its own for characters: POSIX"]);
        assert_eq!(unmodelled(live, ObjectId::any_function("w")).await, ["a window"]);
        assert!(live.read(&[ObjectId::any_function("agg")]).await.objects.is_empty());
        let drop = |object| Op::DropObject { object, if_exists: false, cascade: false };
        live.exactly(&[drop(ObjectId::domain("d"))]).await;
        let before = live.read(&[ObjectId::any_function("w")]).await;
        let drop = drop(ObjectId::any_function("w"));
        let error = reverse_all(&[drop], &before).unwrap_err().to_string();
        assert!(error.ends_with("which Dunlin can't bring back; write a down"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn what_parts_have_beyond_the_model_is_named() {
    on_servers("parts", async |live| {
        live.execute(
            "CREATE EXTENSION intarray; CREATE TABLE p (a int, b text) PARTITION BY RANGE (a); CREATE INDEX i ON p (lower(b)); \
             CREATE TABLE q PARTITION OF p FOR VALUES FROM (1) TO (9); ALTER INDEX q_lower_idx ALTER COLUMN 1 SET STATISTICS 50; \
             CREATE TABLE t (a int[], b int[], CONSTRAINT x EXCLUDE USING gist (a gist__int_ops (numranges = 90) WITH &&)); \
             CREATE INDEX o ON t USING gist (b gist__int_ops (numranges = 80)); \
             CREATE DOMAIN d AS text NOT NULL",
        )
        .await;
        let noted = async |live: &mut Live, name| {
            let notes = live.table(name).await.notes;
            notes.unmodelled.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            noted(live, "p").await,
            ["table q below it that has statistics targets of its own on index i"]
        );
        assert_eq!(
            noted(live, "q").await,
            ["index q_lower_idx that has a statistics target of its own on lower(b)"]
        );
        // Options of an operator class are no note: they are modelled.
        let table = live.table("t").await;
        let options = [&table.exclusions[0].elements[0].key, &table.indexes[0].keys[0]]
            .map(|key| key.opclass_options.values().next().cloned().unwrap_or_default());
        assert_eq!(options, ["90", "80"]);
        assert_eq!(table.notes.unmodelled, []);
        live.exactly(&[Op::DropTable { table: "t".into(), if_exists: false, cascade: false }]).await;
        if live.server.version >= dunlin_dsl::Version::new(18, 0, 0) {
            live.execute("COMMENT ON CONSTRAINT d_not_null ON DOMAIN d IS 'x'").await;
            let notes = live.object(ObjectId::domain("d")).await.notes;
            let noted: Vec<_> = notes.unmodelled.iter().map(ToString::to_string).collect();
            assert_eq!(noted, ["constraint d_not_null that has a name or a comment of its own"]);
        }
    })
    .await;
}

/// What stands on a thing and has no kind here is called by the server's own.
#[tokio::test]
async fn what_is_not_modelled_and_stands_on_something_is_named() {
    on_servers("standing", async |live| {
        live.execute(
            "CREATE FUNCTION plus(int, int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 + $2'; \
             CREATE AGGREGATE total (int) (sfunc = plus, stype = int); \
             CREATE OPERATOR @+ (function = plus, leftarg = int, rightarg = int)",
        )
        .await;
        let drop =
            Op::DropObject { object: ObjectId::any_function("plus"), if_exists: false, cascade: false };
        let refused = live.refusal(&[drop]).await;
        assert!(refused.contains("aggregate total") && refused.contains("operator @+"), "{refused}");
        assert!(!refused.contains("object "), "{refused}");
    })
    .await;
}

#[tokio::test]
async fn a_new_value_is_committed_only_where_it_is_used() {
    on_servers("values", async |live| {
        live.execute("CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (m mood)").await;
        let id = || ObjectId::enumeration("mood");
        let add = |value: &str| {
            alter(id(), ObjectChange::AddValue { value: value.into(), position: None, if_not_exists: false })
        };
        let insert = |value: &str| Op::Insert {
            table: "t".into(),
            columns: vec!["m".into()],
            rows: vec![vec![value.into()]],
        };
        let execute = Op::Execute { sql: dunlin_dsl::sql("SELECT 'it''s'::mood"), undo: None };
        let commits = async |live: &mut Live, ops: &[Op]| {
            let before = live.read(&touched(ops)).await;
            let statements = Postgres.render(ops, &before, &live.server).unwrap();
            statements.iter().map(|statement| statement.commit_after).collect::<Vec<_>>()
        };
        assert_eq!(commits(live, &[add("b")]).await, [false]);
        assert_eq!(commits(live, &[add("b"), insert("a")]).await, [false, false]);
        assert_eq!(commits(live, &[add("b"), insert("b")]).await, [true, false]);
        assert_eq!(commits(live, &[add("b"), insert("{a,b}")]).await, [true, false]);
        assert_eq!(commits(live, &[add("it's"), execute]).await, [true, false]);
        let new = Object::new(ObjectId::enumeration("new"), Definition::Enum(EnumType { values: vec![] }));
        let create = Op::CreateObject { object: new, existing: dunlin_dsl::Existing::Refuse };
        let change = ObjectChange::AddValue { value: "b".into(), position: None, if_not_exists: false };
        let add_new = alter(ObjectId::enumeration("new"), change);
        assert_eq!(commits(live, &[create, add_new, insert("b")]).await, [false, false, false]);
        // One that is there already is added no more.
        let again = ObjectChange::AddValue { value: "a".into(), position: None, if_not_exists: true };
        assert_eq!(commits(live, &[alter(id(), again)]).await, Vec::<bool>::new());
    })
    .await;
}
