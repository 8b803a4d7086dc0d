//! Who may do what.

use std::collections::BTreeSet;

use dunlin_dsl::{Connection, Dialect, Grant, ObjectId, Op, Server, Value};

use super::{is_mariadb, on_both, read, run};
use crate::mysql::Mysql;

fn grant(to: &str, privilege: &str, columns: &[&str], grantable: bool) -> Grant {
    let columns = columns.iter().map(|column| (*column).to_owned()).collect();
    Grant { to: to.into(), privilege: privilege.into(), columns, grantable }
}

/// All that the server says a user may do.
async fn grants(conn: &mut dyn Connection, user: &str, role: &str) -> Vec<String> {
    let mut all = Vec::new();
    for who in [user, role] {
        for row in conn.query(&format!("SHOW GRANTS FOR {who}")).await.unwrap() {
            if let Some(Value::Text(text)) = row.get(0) {
                // The columns of a grant come in any order.
                let mut words: Vec<&str> = text.split([' ', ',']).collect();
                words.sort();
                let open = |word: &&str| word.trim_matches(['(', ')']).to_owned();
                let mut words: Vec<String> = words.iter().map(open).collect();
                words.sort();
                all.push(words.join(" "));
            }
        }
    }
    all.sort();
    all
}

async fn held(conn: &mut dyn Connection, on: &ObjectId) -> BTreeSet<Grant> {
    let found = Mysql.introspect(conn, std::slice::from_ref(on)).await.unwrap();
    match found.get(&on.name) {
        Some(table) => table.grants.clone(),
        None => found.object(on).unwrap().grants.clone(),
    }
}

struct Who {
    user: String,
    role: String,
    shown_user: String,
    shown_role: String,
}

async fn who(conn: &mut dyn Connection, server: &Server, tag: &str) -> Who {
    let (user, role) = (format!("it's {tag}@localhost"), format!("r`{tag}"));
    let quoted_user = format!("'it''s {tag}'@'localhost'");
    let quoted_role = format!("`r``{tag}`");
    for sql in [
        format!("DROP USER IF EXISTS {quoted_user}"),
        format!("DROP ROLE IF EXISTS {quoted_role}"),
        format!("CREATE USER {quoted_user}"),
        format!("CREATE ROLE {quoted_role}"),
    ] {
        conn.execute(&sql).await.unwrap();
    }
    let _ = server;
    Who { user, role, shown_user: quoted_user, shown_role: quoted_role }
}

async fn forget(conn: &mut dyn Connection, who: &Who) {
    conn.execute(&format!("DROP USER {}", who.shown_user)).await.unwrap();
    conn.execute(&format!("DROP ROLE {}", who.shown_role)).await.unwrap();
}

#[tokio::test]
async fn grants_there_and_back() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let who = who(conn, &server, "g").await;
        for sql in [
            "CREATE TABLE t (id int PRIMARY KEY, `a``b` int)",
            "CREATE VIEW v AS SELECT id FROM t",
            "CREATE FUNCTION f() RETURNS int DETERMINISTIC NO SQL RETURN 1",
            "CREATE PROCEDURE `日本 p`() SELECT 1",
        ] {
            conn.execute(sql).await.unwrap();
        }
        let mut on = vec![
            ObjectId::table("t"),
            ObjectId::view("v"),
            ObjectId::any_function("f"),
            ObjectId::any_procedure("日本 p"),
            ObjectId::schema(server.schema.as_str()),
        ];
        if is_mariadb(conn, &server) {
            conn.execute("CREATE SEQUENCE s").await.unwrap();
            on.push(ObjectId::sequence("s"));
        }
        for on in on {
            let none = grants(conn, &who.shown_user, &who.shown_role).await;
            let all = Op::Grant {
                on: on.clone(),
                grants: [grant(&who.user, "all", &[], false), grant(&who.role, "ALL PRIVILEGES", &[], true)]
                    .into(),
            };
            let undo = run(conn, std::slice::from_ref(&all)).await;
            let granted = grants(conn, &who.shown_user, &who.shown_role).await;
            assert_ne!(granted, none, "{on}");
            // What is read says the same as what was asked for, every privilege by itself.
            let found = held(conn, &on).await;
            let lowered = Mysql.lower_ops(&[all], &Default::default(), &server).unwrap();
            let Op::Grant { grants: asked, .. } = &lowered[0] else { panic!() };
            assert_eq!(&found, asked, "{server}: {on}");
            // One privilege less, and back.
            let one = found.iter().find(|grant| grant.to == who.user).unwrap().clone();
            let less = run(conn, &[Op::Revoke { on: on.clone(), grants: [one].into() }]).await;
            run(conn, &less).await;
            assert_eq!(grants(conn, &who.shown_user, &who.shown_role).await, granted, "{on}");
            // May not be granted on any more, and may again.
            let option = found.iter().find(|grant| grant.grantable).unwrap().clone();
            let less = run(conn, &[Op::Revoke { on: on.clone(), grants: [option].into() }]).await;
            assert!(held(conn, &on).await.iter().all(|grant| !grant.grantable));
            run(conn, &less).await;
            assert_eq!(grants(conn, &who.shown_user, &who.shown_role).await, granted, "{on}");
            run(conn, &undo).await;
            assert_eq!(grants(conn, &who.shown_user, &who.shown_role).await, none, "{server}: {on}");
        }
        forget(conn, &who).await;
    })
    .await;
}

#[tokio::test]
async fn grants_follow_what_they_are_on() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let who = who(conn, &server, "f").await;
        conn.execute("CREATE TABLE t (id int PRIMARY KEY, a int, b int)").await.unwrap();
        conn.execute("CREATE FUNCTION f() RETURNS int DETERMINISTIC NO SQL RETURN 1").await.unwrap();
        let t = ObjectId::table("t");
        let on_t = [
            grant(&who.user, "SELECT", &["a", "id"], false),
            grant(&who.user, "INSERT", &[], false),
            grant(&who.role, "UPDATE", &["a"], false),
        ];
        run(conn, &[Op::Grant { on: t.clone(), grants: on_t.into() }]).await;
        let f = ObjectId::any_function("f");
        run(conn, &[Op::Grant { on: f.clone(), grants: [grant(&who.role, "EXECUTE", &[], true)].into() }])
            .await;
        let granted = grants(conn, &who.shown_user, &who.shown_role).await;
        let changes = [
            Op::RenameTable { table: "t".into(), to: "u".into() },
            Op::RenameColumn { table: "t".into(), column: "a".into(), to: "c".into() },
            Op::DropColumn { table: "t".into(), column: "a".into(), if_exists: false },
            Op::DropTable { table: "t".into(), if_exists: false, cascade: false },
            Op::RenameObject { object: f.clone(), to: "g".into() },
            Op::DropObject { object: f.clone(), if_exists: false, cascade: false },
        ];
        for op in changes {
            let undo = run(conn, std::slice::from_ref(&op)).await;
            assert_ne!(grants(conn, &who.shown_user, &who.shown_role).await, granted, "{op}");
            run(conn, &undo).await;
            assert_eq!(grants(conn, &who.shown_user, &who.shown_role).await, granted, "{server}: {op}");
        }
        let body =
            dunlin_dsl::ObjectChange::Routine(dunlin_dsl::RoutineChange::Body(dunlin_dsl::sql("RETURN 2")));
        run(conn, &[Op::AlterObject { object: f.clone(), change: body }]).await;
        assert_eq!(grants(conn, &who.shown_user, &who.shown_role).await, granted);
        assert!(read(conn, &f).await.is_some());
        forget(conn, &who).await;
    })
    .await;
}
