//! Who may do what, and what a role will let others do.

use std::collections::BTreeSet;

use dunlin_dsl::{
    ColumnChange, Definition, EnumType, Generated, Grant, Namespace, ObjectChange, ObjectId, Op, Sequence,
    TableChange, Version, sql,
};

use super::*;

/// Roles of this test alone, dropped at the end with what they have.
async fn with_roles(live: &mut Live, test: impl AsyncFn(&mut Live, &str, &str)) {
    let (one, two) = (format!("one\"{}", live.server.schema), format!("two {}", live.server.schema));
    for role in [&one, &two] {
        live.execute(&format!("CREATE ROLE {}", quoted(role))).await;
    }
    let outcome = AssertUnwindSafe(test(live, &one, &two)).catch_unwind().await;
    for role in [&one, &two] {
        live.execute(&format!("DROP OWNED BY {0} CASCADE; DROP ROLE {0}", quoted(role))).await;
    }
    if let Err(panic) = outcome {
        std::panic::resume_unwind(panic);
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn may(to: &str, privilege: &str) -> Grant {
    Grant { to: to.into(), privilege: privilege.into(), columns: Vec::new(), grantable: false }
}

fn grant(on: &ObjectId, grants: impl IntoIterator<Item = Grant>) -> Op {
    Op::Grant { on: on.clone(), grants: grants.into_iter().collect() }
}

fn revoke(on: &ObjectId, grants: impl IntoIterator<Item = Grant>) -> Op {
    Op::Revoke { on: on.clone(), grants: grants.into_iter().collect() }
}

#[tokio::test]
async fn tables_have_grants() {
    on_servers("grants", async |live| {
        with_roles(live, async |live, one, two| {
            let mut users = table("users", [named("id", integer()), named("na\"me", text())]);
            let columns = Grant { columns: vec!["id".into(), "na\"me".into()], ..may(two, "select") };
            users.grants = BTreeSet::from([
                may(one, "all"),
                Grant { grantable: true, ..may(two, "INSERT") },
                columns.clone(),
                may("public", "Select"),
            ]);
            live.create(&schema([users])).await;
            let id = ObjectId::table("users");
            let drop = Op::DropTable { table: "users".into(), if_exists: false, cascade: false };
            live.exactly(std::slice::from_ref(&drop)).await;
            live.exactly(&[grant(&id, [may(two, "ALL")])]).await;
            live.exactly(&[grant(&id, [Grant { grantable: true, ..may(one, "SELECT") }])]).await;
            live.exactly(&[revoke(&id, [Grant { grantable: true, ..may(two, "INSERT") }])]).await;
            live.exactly(&[revoke(&id, [may(two, "INSERT"), may("PUBLIC", "SELECT")])]).await;
            live.exactly(&[revoke(&id, [may(one, "ALL")])]).await;
            live.exactly(&[revoke(&id, [columns])]).await;
            let column = Op::DropColumn { table: "users".into(), column: "na\"me".into(), if_exists: false };
            live.exactly(&[column]).await;
            live.exactly(&[Op::AlterTable { table: "users".into(), change: TableChange::Owner(one.into()) }])
                .await;
            live.run(&[Op::AlterTable { table: "users".into(), change: TableChange::Owner(two.into()) }])
                .await;
            assert_eq!(live.table("users").await.notes.owner.as_deref(), Some(two));
            live.there_and_back(&[drop]).await;
        })
        .await;
    })
    .await;
}

/// Before 17 another expression is another column, and what goes with the old one comes back or stands in its way.
#[tokio::test]
async fn a_column_generated_otherwise_keeps_its_grants() {
    on_servers("regenerated", async |live| {
        with_roles(live, async |live, one, _| {
            live.execute(&format!(
                "CREATE TABLE t (b int, g int GENERATED ALWAYS AS (b * 2) STORED); GRANT SELECT (b, g) ON t TO {}",
                quoted(one)
            ))
            .await;
            let generated = Generated { expr: sql("(b * 3)"), stored: true };
            let change = ColumnChange::Generated(Some(generated));
            let op = Op::AlterColumn { table: "t".into(), column: "g".into(), change };
            live.exactly(std::slice::from_ref(&op)).await;
            live.execute("CREATE VIEW v AS SELECT g FROM t").await;
            if live.server.version < Version::new(17, 0, 0) {
                let before = live.read(&touched(std::slice::from_ref(&op))).await;
                let refused = Postgres.render(&[op], &before, &live.server).unwrap_err().reason;
                assert!(refused.contains("view v uses it"), "{refused}");
            }
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn objects_have_grants() {
    on_servers("access", async |live| {
        with_roles(live, async |live, one, two| {
            live.execute(
                "CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t; CREATE MATERIALIZED VIEW m AS SELECT id FROM t; \
                 CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1'; \
                 CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1'; \
                 CREATE DOMAIN d AS int; CREATE TYPE c AS (a int)",
            )
            .await;
            let schema = format!("{}_schema", live.server.schema);
            let mut made = objects([
                Object::new(ObjectId::sequence("s\"q"), Definition::Sequence(Sequence::default())),
                Object::new(ObjectId::enumeration("e"), Definition::Enum(EnumType { values: vec!["a".into()] })),
                Object::new(ObjectId::schema(schema.as_str()), Definition::Schema(Namespace::default())),
            ]);
            for object in made.objects.values_mut() {
                object.grants = BTreeSet::from([may(one, "all"), Grant { grantable: true, ..may(two, "USAGE") }]);
                if object.id.kind == dunlin_dsl::ObjectKind::Enum {
                    object.withheld = BTreeSet::from(["usage".into()]);
                }
            }
            live.create(&made).await;
            let mut ids: Vec<ObjectId> = made.objects.keys().cloned().collect();
            let int = || ColumnType::Native("integer".into());
            ids.extend([
                ObjectId::view("v"),
                ObjectId::materialized_view("m"),
                ObjectId::function("f", [int(), ColumnType::Native("text".into())]),
                ObjectId::procedure("p", [int()]),
                ObjectId::domain("d"),
                ObjectId::composite("c"),
            ]);
            for id in &ids {
                live.exactly(&[grant(id, [may(one, "ALL"), may("PUBLIC", "ALL")])]).await;
                live.exactly(&[revoke(id, [may(one, "ALL"), may("PUBLIC", "ALL")])]).await;
                live.run(&[
                    grant(id, [Grant { grantable: true, ..may(two, "ALL") }]),
                    revoke(id, [may("PUBLIC", "ALL")]),
                ])
                .await;
                live.exactly(&[Op::DropObject { object: id.clone(), if_exists: false, cascade: false }]).await;
                let change = ObjectChange::Owner(one.into());
                live.exactly(&[Op::AlterObject { object: id.clone(), change }]).await;
            }
            live.execute(&format!("DROP SCHEMA {schema}")).await;
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn default_privileges() {
    on_servers("defaults", async |live| {
        with_roles(live, async |live, one, two| {
            let own = live.server.schema.clone();
            let of = |of: &str, schema, role| ObjectId::default_privileges(of, schema, role);
            let mut made = Schema::new();
            for (id, grants) in [
                (of("Tables", Some(own.as_str()), Some(one)), vec![may(two, "ALL")]),
                (of("tables", None, Some(one)), vec![Grant { grantable: true, ..may(two, "SELECT") }]),
                (of("sequences", Some(own.as_str()), Some(one)), vec![may("public", "usage")]),
                (of("types", Some(own.as_str()), None), vec![may(two, "USAGE")]),
                (of("schemas", None, Some(one)), vec![may(two, "USAGE"), may(two, "CREATE")]),
            ] {
                let mut object = Object::new(id, Definition::DefaultPrivileges);
                object.grants.extend(grants);
                made.insert_object(object);
            }
            let mut routines = Object::new(of("routines", None, Some(one)), Definition::DefaultPrivileges);
            routines.withheld.insert("EXECUTE".into());
            routines.grants.insert(may(two, "EXECUTE"));
            made.insert_object(routines);
            let made = Postgres.lower(&made, &live.server).unwrap();
            live.create(&made).await;
            for id in made.objects.keys() {
                live.exactly(&[Op::DropObject { object: id.clone(), if_exists: false, cascade: false }])
                    .await;
                live.exactly(&[grant(id, [may("PUBLIC", "ALL")])]).await;
                live.exactly(&[revoke(id, [may("PUBLIC", "ALL"), may(two, "ALL")])]).await;
            }
            // What they give a new object isn't read as granted to it.
            live.execute(&format!(
                "ALTER DEFAULT PRIVILEGES IN SCHEMA {own} GRANT SELECT ON TABLES TO {}",
                quoted(two)
            ))
            .await;
            live.create(&schema([table("given", [named("id", integer())])])).await;
            let id = ObjectId::table("given");
            live.execute(&format!("REVOKE SELECT ON given FROM {}", quoted(two))).await;
            let found = live.table("given").await;
            assert_eq!(found.notes.revoked, BTreeSet::from([may(two, "SELECT")]));
            live.exactly(&[Op::DropTable { table: "given".into(), if_exists: false, cascade: false }]).await;
            live.run(&[grant(&id, [may(two, "UPDATE")])]).await;
            assert_eq!(live.table("given").await.grants, BTreeSet::from([may(two, "UPDATE")]));
        })
        .await;
    })
    .await;
}
