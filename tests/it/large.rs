//! Migrations of the kind that large applications have do what they are for, both ways, on every server.

use dunlin::Direction;
use dunlin::prelude::*;
use dunlin_tests::large::Large;

use crate::dump::dump;
use crate::on_every_server;
use crate::server::{Kind, TestDb};

async fn search(db: &TestDb) {
    db.execute(&["INSERT INTO articles (title, body) VALUES ('Dunlins', 'Small waders of the shore'), ('Terns', 'Divers')"])
        .await;
    db.execute(&["UPDATE articles SET body = 'They dive for fish' WHERE title = 'Terns'"]).await;
    let found = |word: &str| match db.kind {
        Kind::Postgres15 | Kind::Postgres18 => format!("search @@ to_tsquery('english', '{word}')"),
        _ => format!("search LIKE '%{word}%'"),
    };
    for (word, title) in [("wader", "Dunlins"), ("fish", "Terns")] {
        let title_of = format!("SELECT title FROM articles WHERE {}", found(word));
        assert_eq!(db.query(&title_of).await, [[Some(title.to_owned())]], "{word}");
    }
}

async fn events(db: &TestDb) {
    let insert = |tenant: &str, at: &str| format!("INSERT INTO events VALUES ('{tenant}', '{at}', '{{}}')");
    for (tenant, at) in
        [("a", "2025-03-01 00:00:00"), ("b", "2026-03-01 00:00:00"), ("b", "2030-01-01 00:00:00")]
    {
        db.execute(&[&insert(tenant, at)]).await;
    }
    match db.kind {
        Kind::Sqlite => {}
        Kind::Mariadb | Kind::Mysql => {
            let rows = db.query("SELECT count(*) FROM events PARTITION (events_2026)").await;
            assert_eq!(rows, [[Some("1".to_owned())]]);
        }
        Kind::Postgres15 | Kind::Postgres18 => {
            let rows = db.query("SELECT count(*) FROM events_rest").await;
            assert_eq!(rows, [[Some("1".to_owned())]]);
            // A tenant sees its own; roles are the cluster's, so this one has a name of its own.
            let role = format!("{}_tenant", db.name().unwrap());
            db.execute(&[&format!("CREATE ROLE {role}"), &format!("GRANT SELECT ON events TO {role}")]).await;
            let mut conn = db.open().await;
            let conn = conn.connection();
            for sql in [&format!("SET ROLE {role}"), "SET app.tenant = 'b'"] {
                conn.execute(sql).await.unwrap();
            }
            let seen = conn.query("SELECT count(*) FROM events").await.unwrap();
            assert_eq!(seen[0].text(0).as_deref(), Some("2"));
            conn.execute("RESET ROLE").await.unwrap();
            conn.execute(&format!("DROP OWNED BY {role}")).await.unwrap();
            conn.execute(&format!("DROP ROLE {role}")).await.unwrap();
        }
    }
}

async fn orders(db: &TestDb) {
    db.execute(&["INSERT INTO orders (status) VALUES ('packed')"]).await;
    let mut conn = db.open().await;
    let refused = conn.connection().execute("INSERT INTO orders (status) VALUES ('lost')").await;
    assert!(refused.is_err(), "a value that was dropped is refused");
    // Where there is no type of its own, the default has stayed all the same.
    db.execute(&["DELETE FROM orders", "INSERT INTO orders (id) VALUES (7)"]).await;
    assert_eq!(db.value("SELECT status FROM orders").await.as_deref(), Some("new"));
}

async fn up_and_down(db: &TestDb) {
    let mut conn = db.open().await;
    let ids: Vec<_> = Large::plan(&mut conn, Direction::Up, "head").await.unwrap().steps;
    assert_eq!(ids.len(), 5);
    let mut dumps = Vec::new();
    for _ in 0..5 {
        Large::upgrade(&mut conn, "+1").await.unwrap();
        dumps.push(dump(db, &[]).await);
    }
    search(db).await;
    events(db).await;
    orders(db).await;
    // Each step down leaves what the server itself says was there before it.
    dumps.pop();
    while let Some(before) = dumps.pop() {
        Large::down(&mut conn, 1).await.unwrap();
        assert_eq!(dump(db, &[]).await, before);
    }
    Large::down(&mut conn, 1).await.unwrap();
    assert!(db.tables().await.is_empty());
    Large::up(&mut conn).await.unwrap();
    search(db).await;
}

on_every_server!(up_and_down_on_every_server, up_and_down);

/// The documentation shows these migrations as they are: it catches a page that was left behind.
#[test]
fn the_documentation_shows_them() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = std::fs::read_to_string(root.join("large.rs")).unwrap();
    let page = std::fs::read_to_string(root.join("../docs/objects.md")).unwrap();
    for name in ["SearchArticles", "PartitionEvents", "CreateOrders", "AddPacked", "DropLost"] {
        let head = format!("impl Migration for {name} {{");
        let start = code.find(&head).unwrap();
        let end = start + code[start..].find("\n}\n").unwrap() + 2;
        assert!(
            page.contains(&code[start..end]),
            "docs/objects.md doesn't show {name} as tests/large.rs has it"
        );
    }
}
