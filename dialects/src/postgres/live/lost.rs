//! What a drop would take and its undo couldn't give back: it is given back after all, or named before.

use dunlin_dsl::{Aside, ColumnChange, Definition, ObjectKind, TriggerOrder};

use super::*;

fn drop(object: ObjectId) -> Op {
    Op::DropObject { object, if_exists: false, cascade: false }
}

impl Live {
    /// Why an operation can't be undone, or can't be done at all.
    async fn refused(&mut self, op: Op) -> String {
        let ops = [op];
        let before = self.read(&touched(&ops)).await;
        let lowered = Postgres.lower_ops(&ops, &before, &self.server).unwrap();
        match reverse_all(&lowered, &before) {
            Ok(undo) => {
                let error = apply(&mut before.clone(), &lowered[0]).err();
                error.unwrap_or_else(|| panic!("{} is undone by {undo:?}", ops[0])).reason
            }
            Err(error) => error.reason,
        }
    }
}

#[tokio::test]
async fn what_depends_on_an_extension_by_a_mark() {
    on_servers("marks", async |live| {
        live.execute(
            "CREATE EXTENSION IF NOT EXISTS intarray; CREATE TABLE t (a int); CREATE INDEX i ON t (a); \
             CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; \
             CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; \
             ALTER FUNCTION f() DEPENDS ON EXTENSION intarray; ALTER INDEX i DEPENDS ON EXTENSION intarray",
        )
        .await;
        let why = live.refused(drop(ObjectId::new(ObjectKind::Extension, "intarray"))).await;
        assert!(why.contains("function f()"), "{why}");
        let why = live.refused(drop(ObjectId::any_function("f"))).await;
        assert!(why.contains("a mark that it depends on extension intarray"), "{why}");
        let index = |name: &str| Op::DropIndex {
            table: "t".into(),
            name: name.into(),
            if_exists: false,
            concurrently: false,
        };
        let why = live.refused(index("i")).await;
        assert!(why.contains("index i that has a mark that it depends on extension intarray"), "{why}");
        live.execute("DROP EXTENSION intarray CASCADE; DROP INDEX IF EXISTS i").await;
    })
    .await;
}

#[tokio::test]
async fn what_is_said_of_a_schema_elsewhere() {
    on_servers("said", async |live| {
        let schema = format!("{}_z", live.server.schema);
        let id = || ObjectId::schema(schema.as_str());
        live.execute(&format!("CREATE SCHEMA {schema}")).await;
        live.exactly(&[drop(id())]).await;
        live.execute(&format!(
            "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT SELECT ON TABLES TO PUBLIC"
        ))
        .await;
        live.exactly(&[drop(id())]).await;
        live.execute(&format!("CREATE PUBLICATION {schema} FOR TABLES IN SCHEMA {schema}")).await;
        live.exactly(&[drop(id())]).await;
        live.execute(&format!("DROP PUBLICATION {schema}; DROP SCHEMA {schema}")).await;
    })
    .await;
}

#[tokio::test]
async fn what_everyone_may_since_before_default_privileges() {
    on_servers("since", async |live| {
        // Others' tests keep their defaults.
        let role = format!("{}_role", live.server.schema);
        live.execute(&format!("CREATE ROLE {role} SUPERUSER; SET ROLE {role}")).await;
        live.execute(
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE DOMAIN d AS int; \
             CREATE TYPE e AS ENUM ('a', 'b'); CREATE TYPE c AS (a int); \
             CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'; \
             ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; \
             ALTER DEFAULT PRIVILEGES REVOKE USAGE ON TYPES FROM PUBLIC",
        )
        .await;
        let may = "SELECT has_function_privilege('pg_monitor', 'f()', 'EXECUTE') \
             AND has_function_privilege('pg_monitor', 'p()', 'EXECUTE') \
             AND has_type_privilege('pg_monitor', 'd', 'USAGE') AND has_type_privilege('pg_monitor', 'c', 'USAGE') \
             AND has_type_privilege('pg_monitor', 'e', 'USAGE')";
        let ids = [ObjectId::any_function("f"), ObjectId::any_procedure("p"), ObjectId::domain("d"), ObjectId::composite("c")];
        let ops: Vec<Op> = ids.into_iter().chain([ObjectId::enumeration("e")]).map(drop).collect();
        let outcome = AssertUnwindSafe(async {
            let (lowered, before) = live.run(&ops).await;
            let undo = reverse_all(&lowered, &before).unwrap();
            live.run(&undo).await;
            assert_eq!(live.value(may).await.as_deref(), Some("t"), "on {}", live.server);
            // What takes another's place is everyone's too.
            let change = ObjectChange::DropValue { value: "a".into() };
            live.run(&[alter(ObjectId::enumeration("e"), change)]).await;
            assert_eq!(live.value(may).await.as_deref(), Some("t"), "on {}", live.server);
        })
        .catch_unwind()
        .await;
        live.execute(&format!("RESET ROLE; DROP OWNED BY {role} CASCADE; DROP ROLE {role}")).await;
        if let Err(panic) = outcome {
            std::panic::resume_unwind(panic);
        }
    })
    .await;
}

#[tokio::test]
async fn comments_on_fields_of_a_composite_type() {
    on_servers("fields", async |live| {
        live.execute("CREATE TYPE c AS (a int, b int); COMMENT ON COLUMN c.b IS 'x'").await;
        let id = || ObjectId::composite("c");
        live.exactly(&[drop(id())]).await;
        live.exactly(&[alter(id(), ObjectChange::DropAttribute { name: "b".into() })]).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_said_of_the_sequence_of_an_identity() {
    on_servers("identities", async |live| {
        live.execute(
            "CREATE TABLE t (a int, id int GENERATED ALWAYS AS IDENTITY); GRANT USAGE ON SEQUENCE t_id_seq TO PUBLIC; \
             CREATE TABLE u (a int, id int GENERATED ALWAYS AS IDENTITY); COMMENT ON SEQUENCE u_id_seq IS 'x'; \
             CREATE TABLE v (a int, id bigint GENERATED ALWAYS AS IDENTITY); ALTER SEQUENCE v_id_seq AS smallint; \
             CREATE UNLOGGED TABLE w (a int, id bigint GENERATED ALWAYS AS IDENTITY); ALTER SEQUENCE w_id_seq SET LOGGED",
        )
        .await;
        let cases = [("t", "grants"), ("u", "a comment"), ("v", "a type of its own"), ("w", "another persistence")];
        for (table, what) in cases {
            let what = format!("{what} on the sequence of column id");
            let table = || Name::from(table);
            let identity = Op::AlterColumn {
                table: table(),
                column: "id".into(),
                change: dunlin_dsl::ColumnChange::Identity(None),
            };
            let ops = [
                Op::DropTable { table: table(), if_exists: false, cascade: false },
                Op::DropColumn { table: table(), column: "id".into(), if_exists: false },
                identity,
            ];
            for op in ops {
                let why = live.refused(op).await;
                assert!(why.contains(&what), "{why}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn what_constraints_have_beside_them() {
    on_servers("beside", async |live| {
        let space = format!("{}_space", live.server.schema);
        live.execute("SET allow_in_place_tablespaces = on").await;
        live.execute(&format!("CREATE TABLESPACE {space} LOCATION ''")).await;
        live.execute(&format!(
            "CREATE TABLE t (a int, b int, c int NOT NULL, CONSTRAINT a_key UNIQUE (a) USING INDEX TABLESPACE {space}, \
               CONSTRAINT x EXCLUDE (b WITH =)); \
             COMMENT ON INDEX x IS 'x'; \
             CREATE TABLE u (a int CONSTRAINT u_a REFERENCES t (a)); ALTER TABLE u DISABLE TRIGGER ALL"
        ))
        .await;
        let constraint = |table: &str, kind, name: &str| Op::DropConstraint {
            table: table.into(),
            kind,
            name: name.into(),
            if_exists: false,
        };
        use dunlin_dsl::ConstraintKind::{Exclusion, ForeignKey};
        for (op, what) in [
            (constraint("t", Exclusion, "x"), "constraint x that has a comment on its index"),
            (constraint("u", ForeignKey, "u_a"), "constraint u_a whose own triggers don't fire as they would"),
            (
                Op::DropColumn { table: "t".into(), column: "a".into(), if_exists: false },
                "constraint a_key that has a tablespace on its index",
            ),
        ] {
            let why = live.refused(op).await;
            assert!(why.contains(what), "{why}");
        }
        live.execute("DROP TABLE u, t").await;
        live.execute(&format!("DROP TABLESPACE {space}")).await;
        if live.server.version < dunlin_dsl::Version::new(18, 0, 0) {
            return;
        }
        live.execute("CREATE TABLE n (a int, c int NOT NULL); COMMENT ON CONSTRAINT n_c_not_null ON n IS 'x'").await;
        let change = ColumnChange::NotNull(false);
        for op in [
            Op::DropColumn { table: "n".into(), column: "c".into(), if_exists: false },
            Op::AlterColumn { table: "n".into(), column: "c".into(), change },
        ] {
            let why = live.refused(op).await;
            assert!(why.contains("a comment on the refusal of NULL of column c"), "{why}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_table_of_a_type_changes_with_it() {
    on_servers("of_type", async |live| {
        live.execute("CREATE TYPE c AS (a int, b text); CREATE TABLE t OF c (a NOT NULL)").await;
        let table = || Name::from("t");
        let why = live.refused(Op::DropTable { table: table(), if_exists: false, cascade: false }).await;
        assert!(why.contains("it has type c that it is of"), "{why}");
        let to = dunlin_dsl::ColumnType::Date;
        let change = |change| Op::AlterColumn { table: table(), column: "a".into(), change };
        let column = Column::new("d", to.clone());
        for op in [
            Op::AddColumn { table: table(), column, position: None, if_not_exists: false },
            Op::DropColumn { table: table(), column: "a".into(), if_exists: false },
            Op::RenameColumn { table: table(), column: "a".into(), to: "d".into() },
            change(ColumnChange::Type { to, using: None }),
        ] {
            let before = live.read(&touched(std::slice::from_ref(&op))).await;
            let refused = Postgres.render(&[op], &before, &live.server).unwrap_err();
            assert!(refused.reason.contains("as those of type c, which it is of"), "{refused:?}");
        }
        live.exactly(&[change(ColumnChange::Default(Some(3.into())))]).await;
        live.exactly(&[change(ColumnChange::NotNull(false))]).await;
        live.exactly(&[Op::RenameTable { table: table(), to: "u".into() }]).await;
    })
    .await;
}

#[tokio::test]
async fn triggers_fire_by_name() {
    on_servers("by_name", async |live| {
        live.execute(
            "CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
             CREATE TRIGGER k BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
        )
        .await;
        let before = live.read(&[ObjectId::trigger("k", "t")]).await;
        let Some(Definition::Trigger(k)) =
            before.object(&ObjectId::trigger("k", "t")).map(|found| &found.definition)
        else {
            panic!("no trigger")
        };
        let server = live.server.clone();
        let rendered = |name: &str, order: TriggerOrder| {
            let mut of = k.clone();
            of.order = Aside(Some(order));
            let object = Object::new(ObjectId::trigger(name, "t"), Definition::Trigger(of));
            let create = Op::CreateObject { object, existing: dunlin_dsl::Existing::Refuse };
            Postgres.render(&[create], &before, &server).map_err(|error| error.instead)
        };
        assert!(rendered("a", TriggerOrder::Precedes("k".into())).is_ok());
        assert!(rendered("z", TriggerOrder::Follows("k".into())).is_ok());
        let error = rendered("z", TriggerOrder::Precedes("k".into())).unwrap_err();
        assert!(error.contains("name it so that it sorts before k"), "{error}");
        assert!(rendered("a", TriggerOrder::Follows("k".into())).is_err());
    })
    .await;
}

#[tokio::test]
async fn what_partitions_and_indexes_have_of_their_own() {
    on_servers("own", async |live| {
        live.execute(
            "CREATE TABLE p (a int) PARTITION BY RANGE (a); CREATE TABLE c PARTITION OF p DEFAULT; \
             CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
             CREATE TRIGGER k AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION f(); \
             ALTER TABLE c DISABLE TRIGGER k; \
             CREATE TABLE t (a int, b int CONSTRAINT b_key UNIQUE WITH (fillfactor = 50), PRIMARY KEY (a)); \
             COMMENT ON INDEX t_pkey IS 'x'; CREATE INDEX i ON t ((a + 1)); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 7; \
             ALTER TABLE t ADD CONSTRAINT x EXCLUDE ((a + 1) WITH =); ALTER INDEX x ALTER COLUMN 1 SET STATISTICS 7; \
             CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; ALTER MATERIALIZED VIEW m ALTER a SET STATISTICS 7",
        )
        .await;
        let why = live.refused(drop(ObjectId::trigger("k", "p"))).await;
        assert!(why.contains("partition c in which it fires otherwise"), "{why}");
        live.exactly(&[drop(ObjectId::materialized_view("m"))]).await;
        let table = || Name::from("t");
        let constraint = |kind, name: &str| Op::DropConstraint {
            table: table(),
            kind,
            name: name.into(),
            if_exists: false,
        };
        let index = Op::DropIndex { table: table(), name: "i".into(), if_exists: false, concurrently: false };
        live.exactly(&[index]).await;
        let column = Op::DropColumn { table: table(), column: "b".into(), if_exists: false };
        use dunlin_dsl::ConstraintKind::{Exclusion, PrimaryKey, Unique};
        for (op, what) in [
            (constraint(PrimaryKey, "t_pkey"), "constraint t_pkey that has a comment on its index"),
            (constraint(Unique, "b_key"), "constraint b_key that has storage parameters on its index"),
            (column, "constraint b_key that has storage parameters on its index"),
            (constraint(Exclusion, "x"), "index x that has a statistics target of its own"),
        ] {
            let why = live.refused(op).await;
            assert!(why.contains(what), "{why}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_value_goes_where_nothing_has_it() {
    on_servers("gone", async |live| {
        live.execute("CREATE TYPE e AS ENUM ('a', 'b'); CREATE TABLE t (m e, l e[])").await;
        let change = || alter(ObjectId::enumeration("e"), ObjectChange::DropValue { value: "a".into() });
        let before = live.read(&touched(&[change()])).await;
        let statements = Postgres.render(&[change()], &before, &live.server).unwrap();
        let checks: Vec<_> = statements.iter().flat_map(|statement| &statement.checks).collect();
        assert_eq!(checks.len(), 2);
        assert!(checks[0].message.contains("has a value in column"), "{:?}", checks[0]);
        for (values, expected) in [("'b', '{b}'", [0, 0]), ("'a', '{b,a}'", [1, 1])] {
            live.execute(&format!("INSERT INTO t VALUES ({values})")).await;
            for (check, expected) in checks.iter().zip(expected) {
                assert_eq!(live.conn.query(&check.query).await.unwrap().len(), expected);
            }
        }
        live.execute("CREATE PUBLICATION dunlin_gone FOR TABLE t (m)").await;
        let before = live.read(&touched(&[change()])).await;
        let refused = Postgres.render(&[change()], &before, &live.server);
        live.execute("DROP PUBLICATION dunlin_gone").await;
        let reason = refused.unwrap_err().reason;
        assert!(reason.contains("publication dunlin_gone"), "{reason}");
    })
    .await;
}

#[tokio::test]
async fn what_an_extension_brought_is_not_dropped_alone() {
    on_servers("brought", async |live| {
        live.execute("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; ALTER EXTENSION plpgsql ADD FUNCTION f()")
            .await;
        let why = live.refused(drop(ObjectId::any_function("f"))).await;
        live.execute("ALTER EXTENSION plpgsql DROP FUNCTION f()").await;
        assert!(why.contains("a place in extension plpgsql"), "{why}");
    })
    .await;
}

#[tokio::test]
async fn a_view_takes_along_one_that_is_as_new() {
    on_servers("as_new", async |live| {
        let view = |name: &str, query: &str| {
            let of = dunlin_dsl::View::new(dunlin_dsl::sql(query));
            let object = Object::new(ObjectId::view(name), Definition::View(of));
            Op::CreateObject { object, existing: dunlin_dsl::Existing::Refuse }
        };
        let fewer = Definition::View(dunlin_dsl::View::new(dunlin_dsl::sql("SELECT 1 AS a")));
        let fewer = alter(ObjectId::view("a"), ObjectChange::Definition(Box::new(fewer)));
        let ops = [view("a", "SELECT 1 AS a, 2 AS b"), view("b", "SELECT a FROM a"), fewer];
        live.undone(&ops).await;
    })
    .await;
}

#[tokio::test]
async fn what_tables_below_have_of_their_own() {
    on_servers("below", async |live| {
        live.execute(
            "CREATE TABLE t (id int, a int DEFAULT 1, b text) PARTITION BY LIST (id); \
             CREATE TABLE one PARTITION OF t FOR VALUES IN (1); CREATE TABLE two PARTITION OF t FOR VALUES IN (2); \
             CREATE INDEX one_special ON one (a); CREATE INDEX i ON t (a); CREATE INDEX j ON ONLY t (b); \
             ALTER TABLE two ALTER a SET DEFAULT 2; ALTER TABLE two ADD CHECK (b <> ''); \
             CREATE TABLE p (x int, y int); CREATE TABLE h () INHERITS (p); \
             ALTER TABLE h ALTER x SET NOT NULL; COMMENT ON COLUMN h.y IS 'of h'",
        )
        .await;
        let index = |name: &str| Op::DropIndex {
            table: "t".into(),
            name: name.into(),
            if_exists: false,
            concurrently: false,
        };
        let why = live.refused(index("i")).await;
        assert!(why.contains("table one below it that calls index i one_special"), "{why}");
        let why = live.refused(index("j")).await;
        assert!(why.contains("index j that a partition lacks"), "{why}");
        let column = |table: &str, column: &str| Op::DropColumn {
            table: table.into(),
            column: column.into(),
            if_exists: false,
        };
        for (table, name, kept) in [
            ("t", "a", "table one below it that calls index i one_special"),
            ("t", "b", "index j that a partition lacks"),
            ("p", "x", "table h below it that has a refusal of NULL of its own on column x"),
            ("p", "y", "table h below it that has a comment of its own on column y"),
        ] {
            let why = live.refused(column(table, name)).await;
            assert!(why.contains(kept), "{why}");
        }
        let change = |table: &str, column: &str, change| Op::AlterColumn {
            table: table.into(),
            column: column.into(),
            change,
        };
        let why = live.refused(change("t", "a", ColumnChange::Default(Some(3.into())))).await;
        assert!(why.contains("table two below it that has a default of its own on column a"), "{why}");
        let why = live.refused(change("p", "x", ColumnChange::NotNull(true))).await;
        assert!(why.contains("table h below it that has a refusal of NULL of its own on column x"), "{why}");
        let detach = dunlin_dsl::TableChange::Detach { partition: "two".into(), concurrently: false };
        let why = live.refused(Op::AlterTable { table: "t".into(), change: detach }).await;
        assert!(why.contains("index j that a partition lacks"), "{why}");
        live.execute("DROP INDEX j").await;
        let why = live.refused(column("t", "b")).await;
        assert!(why.contains("table two below it that has a constraint of its own on column b"), "{why}");
    })
    .await;
}
