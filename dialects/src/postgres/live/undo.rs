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

#[tokio::test]
async fn a_view_goes_back_under_the_views_on_it() {
    on_servers("under", async |live| {
        live.execute(
            "CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT a FROM t; \
             CREATE VIEW w AS SELECT a + 1 AS b FROM v; COMMENT ON VIEW w IS 'w'; GRANT SELECT ON w TO PUBLIC; \
             CREATE MATERIALIZED VIEW m AS SELECT w.b, v.a FROM w, v; CREATE INDEX m_b ON m (b); \
             CREATE RULE r AS ON INSERT TO w DO INSTEAD NOTHING",
        )
        .await;
        let view = |query: &str| {
            let of = dunlin_dsl::View {
                query: dunlin_dsl::sql(query),
                columns: Vec::new(),
                check_option: None,
                security: None,
                security_barrier: false,
                algorithm: None,
                defaults: Default::default(),
                column_comments: Default::default(),
            };
            Object::new(ObjectId::view("v"), dunlin_dsl::Definition::View(of))
        };
        let existing = dunlin_dsl::Existing::Replace;
        live.undone(&[Op::CreateObject { object: view("SELECT a, b FROM t"), existing }]).await;
        let change = ObjectChange::Definition(Box::new(view("SELECT b, a FROM t").definition));
        live.undone(&[alter(ObjectId::view("v"), change.clone())]).await;
        live.execute("CREATE FUNCTION f() RETURNS SETOF v LANGUAGE sql AS 'SELECT * FROM v'").await;
        let before = live.read(&touched(&[alter(ObjectId::view("v"), change.clone())])).await;
        let statements = Postgres.render(&[alter(ObjectId::view("v"), change)], &before, &live.server).unwrap();
        assert!(statements[0].sql.starts_with("CREATE OR REPLACE VIEW"), "{statements:?}");
    })
    .await;
}

#[tokio::test]
async fn a_column_that_is_used_does_not_go() {
    on_servers("used", async |live| {
        live.execute(
            "CREATE TABLE t (a int, b text, c text, d int, e int GENERATED ALWAYS AS (d + 1) STORED, f int); \
             CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT b, a FROM t; \
             CREATE POLICY p ON t USING (c = 'x'); \
             CREATE TABLE l (a int, b int) PARTITION BY LIST (a)",
        )
        .await;
        let drop = |table: &str, column: &str| {
            [Op::DropColumn { table: table.into(), column: column.into(), if_exists: false }]
        };
        let retype = |table: &str, column: &str| {
            let change = dunlin_dsl::ColumnChange::Type { to: big(), using: None };
            [Op::AlterColumn { table: table.into(), column: column.into(), change }]
        };
        let says = async |live: &mut Live, ops: &[Op], words: &str| {
            let refused = live.refusal(ops).await;
            assert!(refused.contains(words), "{refused}");
        };
        says(live, &drop("t", "a"), "view v, view w use it").await;
        says(live, &drop("t", "b"), "view w uses it").await;
        says(live, &drop("t", "c"), "policy p on t uses it").await;
        says(live, &retype("t", "d"), "can't change it while column e is computed from it").await;
        says(live, &drop("l", "a"), "table l is partitioned by it").await;
        says(live, &retype("l", "a"), "by which the table is partitioned").await;
        live.exactly(&retype("t", "f")).await;
        live.exactly(&drop("t", "f")).await;
        let view =
            |name: &str| Op::DropObject { object: ObjectId::view(name), if_exists: false, cascade: false };
        live.there_and_back(&[&[view("w")], &drop("t", "b")[..]].concat()).await;
        // Under a change of its type views go and come back.
        live.there_and_back(&retype("t", "a")).await;
        live.exactly(&[&[view("v"), view("w")], &retype("t", "a")[..]].concat()).await;
    })
    .await;
}

#[tokio::test]
async fn a_value_goes_from_under_checks_and_indexes() {
    on_servers("values_go", async |live| {
        live.execute(
            "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy', 'more'); \
             CREATE TABLE p (id int, m mood DEFAULT 'ok', n mood[] DEFAULT '{ok}', CONSTRAINT c CHECK (m <> 'happy'), \
               CONSTRAINT two CHECK (m <> ALL (n)) NO INHERIT); \
             CREATE UNIQUE INDEX i ON p (id) WHERE m = 'ok'; CREATE INDEX j ON p ((m = 'happy')); \
             CREATE TABLE h (o int) INHERITS (p); ALTER TABLE h ADD CONSTRAINT late CHECK (m <> 'ok') NOT VALID",
        )
        .await;
        let without = |value: &str| {
            [alter(ObjectId::enumeration("mood"), ObjectChange::DropValue { value: value.into() })]
        };
        live.exactly(&without("more")).await;
        live.exactly(&without("sad")).await;
        let says = async |live: &mut Live, value: &str, words: &str| {
            let refused = live.refusal(&without(value)).await;
            assert!(refused.contains(words), "{refused}");
        };
        says(live, "happy", "check c of table p names the value \"happy\", which goes").await;
        live.execute("ALTER TABLE p DROP CONSTRAINT c; DROP INDEX j; DROP INDEX i; ALTER TABLE h DROP CONSTRAINT late")
            .await;
        live.exactly(&without("happy")).await;
        says(live, "ok", "the default of column p.m names the value \"ok\"").await;
        live.execute("CREATE VIEW v AS SELECT m FROM p").await;
        says(live, "more", "can only put a new type into the place of the old one, and view v stands on that").await;
        live.execute("DROP VIEW v; CREATE TABLE k (m mood, x int) PARTITION BY LIST (m)").await;
        says(live, "more", "can't change the type of k.m, by which table k is partitioned").await;
    })
    .await;
}

#[tokio::test]
async fn what_owners_have_and_who_they_are_comes_back() {
    on_servers("undo_own", async |live| {
        let (own, role) =
            (live.value("SELECT current_user").await.unwrap(), format!("{}_app", live.server.schema));
        live.execute(&format!("CREATE ROLE {role}; GRANT ALL ON SCHEMA {} TO {role}", live.server.schema))
            .await;
        live.execute("CREATE TABLE t (a int); CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
            .await;
        let grants = |to: &str, privileges: &[&str]| {
            let grant = |privilege: &&str| dunlin_dsl::Grant {
                to: to.into(),
                privilege: (*privilege).into(),
                columns: Vec::new(),
                grantable: false,
            };
            privileges.iter().map(grant).collect::<std::collections::BTreeSet<_>>()
        };
        let revoke =
            |on: ObjectId, to: &str, privileges: &[&str]| Op::Revoke { on, grants: grants(to, privileges) };
        let grant =
            |on: ObjectId, to: &str, privileges: &[&str]| Op::Grant { on, grants: grants(to, privileges) };
        let (t, f) = (ObjectId::table("t"), ObjectId::function("f", [(); 0].map(|()| integer())));
        live.undone(&[revoke(t.clone(), &own, &["UPDATE", "DELETE"])]).await;
        live.undone(&[revoke(t.clone(), "CURRENT_USER", &["ALL"])]).await;
        live.undone(&[revoke(f.clone(), &own, &["EXECUTE"])]).await;
        live.run(&[revoke(t.clone(), &own, &["INSERT"]), revoke(f.clone(), &own, &["EXECUTE"])]).await;
        live.exactly(&[Op::DropTable { table: "t".into(), if_exists: false, cascade: false }]).await;
        live.exactly(&[Op::DropObject { object: f, if_exists: false, cascade: false }]).await;
        live.undone(&[grant(t.clone(), &own, &["INSERT", "SELECT"])]).await;
        let give = |to: &str| change("t", dunlin_dsl::TableChange::Owner(to.into()));
        live.undone(&[give(&role)]).await;
        live.undone(&[give(&role), revoke(t.clone(), &role, &["UPDATE"])]).await;
        // Whose it was is known by name, whoever undoes it.
        let ops = [give(&role)];
        let before = live.read(&touched(&ops)).await;
        assert_eq!(reverse_all(&ops, &before).unwrap(), [give(&own)]);
        live.execute(&format!(
            "DROP TABLE t; REVOKE ALL ON SCHEMA {} FROM {role}; DROP ROLE {role}",
            live.server.schema
        ))
        .await;
    })
    .await;
}

#[tokio::test]
async fn an_extension_has_its_own_comment_again() {
    on_servers("remark", async |live| {
        live.execute(&format!("CREATE EXTENSION citext SCHEMA {}", live.server.schema)).await;
        let comment =
            "SELECT obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = 'citext'";
        let was = live.value(comment).await;
        let ops = [alter(ObjectId::extension("citext"), ObjectChange::Comment(Some("other".into())))];
        let (lowered, before) = live.run(&ops).await;
        assert_eq!(live.value(comment).await.as_deref(), Some("other"));
        live.run(&reverse_all(&lowered, &before).unwrap()).await;
        assert_eq!(live.value(comment).await, was);
    })
    .await;
}

#[tokio::test]
async fn a_renamed_schema_is_followed() {
    on_servers("follow", async |live| {
        let (old, new) = (format!("{}_a", live.server.schema), format!("{}_b", live.server.schema));
        live.execute(&format!(
            "CREATE SCHEMA {old}; CREATE TYPE {old}.mood AS ENUM ('a'); CREATE TABLE {old}.p (id int PRIMARY KEY); \
             CREATE TABLE {old}.t (id int REFERENCES {old}.p, m {old}.mood); CREATE VIEW {old}.v AS SELECT id FROM {old}.t; \
             CREATE INDEX i ON {old}.t (id)"
        ))
        .await;
        let at = |name: &str| Name { schema: Some(new.clone()), name: name.into() };
        let drop = |object| Op::DropObject { object, if_exists: false, cascade: false };
        live.undone(&[
            Op::RenameObject { object: ObjectId::schema(old.clone()), to: new.clone() },
            drop(ObjectId::view(at("v"))),
            Op::RenameTable { table: at("t"), to: "u".into() },
            Op::AddColumn { table: at("u"), column: named("n", big()), position: None, if_not_exists: false },
            Op::DropIndex { table: at("u"), name: "i".into(), if_exists: false, concurrently: false },
            Op::DropTable { table: at("u"), if_exists: false, cascade: false },
            drop(ObjectId::enumeration(at("mood"))),
            Op::DropTable { table: at("p"), if_exists: false, cascade: false },
        ])
        .await;
        live.execute(&format!("DROP SCHEMA {old} CASCADE")).await;
    })
    .await;
}

#[tokio::test]
async fn a_view_comes_back_after_the_names_in_it() {
    on_servers("after", async |live| {
        live.execute(
            "CREATE TABLE t (a int, b int); CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT a + 1 AS b FROM v; \
             CREATE RULE r AS ON INSERT TO v DO INSTEAD NOTHING",
        )
        .await;
        let drop = |name: &str| Op::DropObject { object: ObjectId::view(name), if_exists: false, cascade: false };
        live.undone(&[
            Op::RenameTable { table: "t".into(), to: "u".into() },
            Op::RenameColumn { table: "u".into(), column: "a".into(), to: "c".into() },
            drop("w"),
            drop("v"),
            Op::RenameColumn { table: "u".into(), column: "c".into(), to: "d".into() },
        ])
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_name_with_the_own_schema_is_the_name_without() {
    on_servers("names", async |live| {
        let (own, other) = (live.server.schema.clone(), format!("{}_a", live.server.schema));
        live.execute(&format!(
            "CREATE SCHEMA {other}; CREATE TABLE {other}.t (id int); CREATE TABLE u (id int)"
        ))
        .await;
        let own_name = |name: &str| Name { schema: Some(own.clone()), name: name.into() };
        let add = |table: Name, name: &str| Op::AddColumn {
            table,
            column: named(name, big()),
            position: None,
            if_not_exists: false,
        };
        let index = |table: Name, column: &str| Op::CreateIndex {
            table,
            index: dunlin_dsl::Index::new("by".into(), vec![dunlin_dsl::IndexKey::column(column)]),
            if_not_exists: false,
            concurrently: false,
        };
        let there = ObjectId::table(Name { schema: Some(other.clone()), name: "t".into() });
        let moved = |schema| Op::SetSchema { object: there.clone(), schema };
        live.undone(&[moved(Some(own.clone())), add("t".into(), "n"), index(own_name("t"), "n")]).await;
        live.undone(&[moved(None), add(own_name("t"), "n"), index("t".into(), "n")]).await;
        live.undone(&[add("u".into(), "n"), index(own_name("u"), "n")]).await;
        live.undone(&[
            Op::CreateTable { table: table(own_name("w"), [named("id", big())]), if_not_exists: false },
            add("w".into(), "n"),
        ])
        .await;
        live.execute(&format!("DROP SCHEMA {other} CASCADE")).await;
    })
    .await;
}

#[tokio::test]
async fn what_is_of_another_kind_is_named() {
    on_servers("wrong_kind", async |live| {
        live.execute(
            "CREATE TABLE t (a int); CREATE VIEW v AS SELECT 1 AS a; CREATE MATERIALIZED VIEW m AS SELECT 1 AS a; \
             CREATE SEQUENCE s; CREATE DOMAIN d AS text; CREATE TYPE c AS (a int); CREATE TYPE e AS ENUM (); \
             CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'",
        )
        .await;
        let says = async |live: &mut Live, object: ObjectId, words: &str| {
            for if_exists in [false, true] {
                let op = match object.kind {
                    dunlin_dsl::ObjectKind::Table => {
                        Op::DropTable { table: object.name.clone(), if_exists, cascade: false }
                    }
                    _ => Op::DropObject { object: object.clone(), if_exists, cascade: false },
                };
                let before = live.read(&touched(std::slice::from_ref(&op))).await;
                let lowered = Postgres.lower_ops(&[op], &before, &live.server).unwrap();
                let refused = Postgres.render(&lowered, &before, &live.server).unwrap_err();
                let said = format!("{}; {}", refused.reason, refused.instead);
                assert_eq!(said, words);
            }
        };
        says(live, ObjectId::table("v"), "v is a view, and no table; say drop_view(..)").await;
        says(live, ObjectId::view("t"), "t is a table, and no view; say drop_table(..)").await;
        let words = "m is a materialized view, and no view; say drop_materialized_view(..)";
        says(live, ObjectId::view("m"), words).await;
        says(live, ObjectId::table("s"), "s is a sequence, and no table; say drop_sequence(..)").await;
        says(live, ObjectId::enumeration("d"), "d is a domain, and no enum; say drop_domain(..)").await;
        says(live, ObjectId::domain("c"), "c is a composite type, and no domain; say drop_composite(..)").await;
        says(live, ObjectId::composite("e"), "e is an enum, and no composite type; say drop_enum(..)").await;
        says(live, ObjectId::any_function("p"), "p is a procedure, and no function; say drop_procedure(..)").await;
        let add = Op::AddColumn { table: "v".into(), column: named("n", big()), position: None, if_not_exists: false };
        assert!(live.refusal(&[add]).await.ends_with("there is no table v: v is a view"));
    })
    .await;
}

#[tokio::test]
async fn an_index_of_a_partitioned_table_is_built_by_parts() {
    on_servers("parts", async |live| {
        live.execute(
            "CREATE TABLE e (a int, b int) PARTITION BY LIST (a); CREATE TABLE e_1 PARTITION OF e FOR VALUES IN (1); \
             CREATE TABLE e_2 PARTITION OF e FOR VALUES IN (2)",
        )
        .await;
        let index = |table: &str, concurrently| Op::CreateIndex {
            table: table.into(),
            index: dunlin_dsl::Index::new(
                format!("{table}_by_b").as_str().into(),
                vec![dunlin_dsl::IndexKey::column("b")],
            ),
            if_not_exists: false,
            concurrently,
        };
        let refused = live.refusal(&[index("e", true)]).await;
        assert!(refused.contains("can't do so on a partitioned table"), "{refused}");
        live.undone(&[index("e_1", true), index("e_2", true), index("e", false)]).await;
        live.run(&[index("e", false)]).await;
        let drop = Op::DropIndex { table: "e".into(), name: "e_by_b".into(), if_exists: false, concurrently: true };
        assert!(live.refusal(&[drop]).await.contains("can't do so on a partitioned table"));
    })
    .await;
}

#[tokio::test]
async fn without_a_tablespace_a_table_is_in_its_database_s() {
    on_servers("space", async |live| {
        let (own, other) = (format!("{}_own", live.server.schema), format!("{}_other", live.server.schema));
        live.execute("SET allow_in_place_tablespaces = on").await;
        for space in [&own, &other] {
            live.execute(&format!("CREATE TABLESPACE {space} LOCATION ''")).await;
        }
        live.execute(&format!("CREATE DATABASE {own} TABLESPACE {own} TEMPLATE template0")).await;
        let (server, _) = live.url.rsplit_once('/').unwrap();
        let mut conn = open(&DatabaseUrl::parse(&format!("{server}/{own}")).unwrap()).await.unwrap();
        let of_server = conn.server().await.unwrap();
        conn.execute(&format!("CREATE TABLE t (a int) TABLESPACE {other}")).await.unwrap();
        let ops = [Op::SetTableOptions { table: "t".into(), options: Default::default() }];
        let before = Postgres.introspect(&mut *conn, &touched(&ops)).await.unwrap();
        for statement in Postgres.render(&ops, &before, &of_server).unwrap() {
            conn.execute(&statement.sql).await.unwrap();
        }
        let rows = conn.query("SELECT reltablespace FROM pg_class WHERE relname = 't'").await.unwrap();
        assert_eq!(rows[0].text(0).as_deref(), Some("0"));
        std::mem::drop(conn);
        live.execute(&format!("DROP DATABASE {own} WITH (FORCE)")).await;
        for space in [&own, &other] {
            live.execute(&format!("DROP TABLESPACE {space}")).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_refusal_of_null_is_called_as_it_was() {
    on_servers("refusal", async |live| {
        live.execute(
            "CREATE TABLE was (id int PRIMARY KEY, s serial, a int CONSTRAINT \"it's\" NOT NULL, b int NOT NULL, \
               i int NOT NULL); \
             ALTER TABLE was RENAME TO t; ALTER TABLE t RENAME b TO c; \
             CREATE TABLE e (a int NOT NULL, b int NOT NULL) PARTITION BY LIST (a); \
             CREATE TABLE e_1 PARTITION OF e FOR VALUES IN (1); \
             CREATE TABLE e_2 (a int NOT NULL, b int CONSTRAINT other NOT NULL DEFAULT 7); \
             ALTER TABLE e ATTACH PARTITION e_2 FOR VALUES IN (2); \
             CREATE TABLE h (d int) INHERITS (t)",
        )
        .await;
        let drop = |table: &str| Op::DropTable { table: table.into(), if_exists: false, cascade: false };
        let without = |table: &str, column: &str| Op::DropColumn {
            table: table.into(),
            column: column.into(),
            if_exists: false,
        };
        live.undone(&[drop("e_1")]).await;
        live.undone(&[drop("e_2")]).await;
        live.undone(&[drop("h")]).await;
        live.undone(&[drop("h"), drop("t")]).await;
        live.execute("DROP TABLE h").await;
        live.undone(&[without("t", "i")]).await;
        let rename = |column: &str, to: &str| Op::RenameColumn {
            table: "t".into(),
            column: column.into(),
            to: to.into(),
        };
        live.undone(&[rename("i", "j"), without("t", "j")]).await;
        live.undone(&[Op::RenameTable { table: "t".into(), to: "u".into() }, drop("u")]).await;
    })
    .await;
}
