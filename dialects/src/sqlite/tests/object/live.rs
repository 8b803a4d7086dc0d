//! Objects on a real SQLite: created, read, changed, undone.

use dunlin_dsl::{reverse_all, touched};

use super::*;
use crate::connect::Connect;

struct Db(rusqlite::Connection);

impl Db {
    fn with(sql: &str) -> Self {
        let conn = rusqlite::Connection::open_in_memory().unwrap();
        conn.execute_batch(sql).unwrap();
        Self(conn)
    }

    async fn read(&mut self, ids: &[ObjectId]) -> Schema {
        Sqlite.introspect(&mut *self.0.connect(), ids).await.unwrap()
    }

    /// Runs operations as a migration would, and gives their SQL and what undoes them.
    async fn run(&mut self, ops: &[Op]) -> Result<(String, Vec<Op>), String> {
        let mut conn = self.0.connect();
        let server = conn.server().await.unwrap();
        let before = Sqlite.introspect(&mut *conn, &touched(ops)).await.unwrap();
        let lowered = Sqlite.lower_ops(ops, &before, &server).map_err(|error| error.to_string())?;
        let statements = Sqlite.render(&lowered, &before, &server).map_err(|error| error.to_string())?;
        for statement in &statements {
            let sql = &statement.sql;
            conn.execute(sql).await.map_err(|error| format!("{sql}: {error}"))?;
        }
        let text: Vec<_> = statements.iter().map(ToString::to_string).collect();
        Ok((text.join("\n"), reverse_all(&lowered, &before).map_err(|error| error.to_string())?))
    }

    /// SQLite's own texts, in the order in which they were made.
    fn dump(&self) -> Vec<String> {
        let mut query =
            self.0.prepare("SELECT sql FROM sqlite_schema WHERE sql <> '' ORDER BY rowid").unwrap();
        let rows = query.query_map((), |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    fn sorted(&self) -> Vec<String> {
        let mut dump = self.dump();
        dump.sort();
        dump
    }

    /// Runs operations and undoes them: all is as it was.
    async fn there_and_back(&mut self, ops: &[Op]) -> String {
        let before = self.sorted();
        let (text, undo) = self.run(ops).await.unwrap();
        let after = self.dump();
        self.run(&undo).await.unwrap_or_else(|error| panic!("{error}\nundoing {text}\nof {after:#?}"));
        assert_eq!(self.sorted(), before, "{text}");
        text
    }
}

const SHOP: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, age INT);
    CREATE TABLE log (what TEXT);
    CREATE VIEW \"adults\" (\"id\", \"email\") AS SELECT id, email FROM \"users\" WHERE age > 17;
    CREATE TRIGGER b INSTEAD OF INSERT ON adults BEGIN INSERT INTO users (email) VALUES (new.email); END;
    CREATE TRIGGER a INSTEAD OF DELETE ON adults BEGIN DELETE FROM users WHERE id = old.id; END;
    CREATE TRIGGER z AFTER INSERT ON users WHEN new.age > 0 BEGIN INSERT INTO log VALUES ('z'); END;
    CREATE TRIGGER y AFTER INSERT ON users BEGIN INSERT INTO log VALUES ('y'); END;
    CREATE TRIGGER x AFTER DELETE ON log BEGIN DELETE FROM users; END;";

#[tokio::test]
async fn what_is_created_is_found() {
    let schema = Schema::new()
        .table(table("all of \"it\"").col("id", bigint().primary_key()).col("select", text()))
        .with(
            view(
                "v'; DROP TABLE x; --",
                "SELECT \"id\", 'a;b' AS \"q\" FROM \"all of \"\"it\"\"\" -- why\n;",
            )
            .columns(["`tick`", "[x]"])
            .comment("kept nowhere"),
        )
        .with(view("plain", "WITH a AS (SELECT 1) SELECT * FROM a"))
        .with(
            trigger("t'\"1", "all of \"it\"")
                .before()
                .update_of(["select", "id"])
                .when("new.\"id\" > 0 OR 1")
                .body("BEGIN\n  SELECT raise(abort, 'no; END');\nEND;"),
        )
        .with(trigger("after", "all of \"it\"").after().insert().body("SELECT 1; SELECT 2"))
        .with(trigger("instead", "plain").instead_of().delete().body("BEGIN SELECT old.\"1\"; END"));
    let mut db = Db::with("");
    db.run(&creation_ops(&schema)).await.unwrap();
    let lowered = Sqlite.lower(&schema, &server()).unwrap();
    let ids: Vec<_> = schema.objects.keys().cloned().chain([ObjectId::table("all of \"it\"")]).collect();
    assert_eq!(db.read(&ids).await, lowered);
    assert_eq!(Sqlite.lower(&lowered, &server()).unwrap(), lowered);
    // With a table or a view come its triggers, and a table may turn out to be a view.
    let owners = [ObjectId::table("all of \"it\""), ObjectId::table("plain")];
    let found: Vec<_> = db.read(&owners).await.objects.into_keys().map(|id| id.to_string()).collect();
    let expected = [
        "view plain",
        "trigger after on all of \"it\"",
        "trigger instead on plain",
        "trigger t'\"1 on all of \"it\"",
    ];
    assert_eq!(found, expected);
    let text = db.there_and_back(&drop_ops(&schema)).await;
    assert!(text.contains("DROP VIEW \"v'; DROP TABLE x; --\";"), "{text}");
}

/// What mentions a table or a view is known with it; its own triggers are objects.
#[tokio::test]
async fn dependents_are_known() {
    let mut db = Db::with(SHOP);
    db.0.execute_batch("CREATE TEMP VIEW mine AS SELECT * FROM users").unwrap();
    let found = db.read(&[ObjectId::table("Users"), ObjectId::view("adults")]).await;
    let of = |notes: &Notes| notes.dependents.iter().map(ToString::to_string).collect::<Vec<_>>();
    let users = found.get(&"Users".into()).unwrap();
    let stand =
        ["view adults", "view temp.mine", "trigger a on adults", "trigger b on adults", "trigger x on log"];
    assert_eq!(of(&users.notes), stand);
    assert_eq!(of(&found.object(&ObjectId::view("adults")).unwrap().notes), [""; 0]);
    let own: Vec<_> = found.objects.keys().map(ToString::to_string).collect();
    let expected = [
        "view adults",
        "trigger a on adults",
        "trigger b on adults",
        "trigger y on Users",
        "trigger z on Users",
    ];
    assert_eq!(own, expected);
}

#[tokio::test]
async fn a_view_is_changed_with_its_triggers() {
    let mut db = Db::with(SHOP);
    let order = db.dump();
    let text = db
        .there_and_back(&recorded(|op| {
            op.alter_view("adults").query("SELECT id, email FROM users WHERE age > 20");
        }))
        .await;
    assert!(text.starts_with("DROP VIEW \"adults\";\nCREATE VIEW \"adults\" AS SELECT id, email"), "{text}");
    let at = |text: &str, name: &str| text.find(&format!("CREATE TRIGGER {name} ")).unwrap();
    assert!(at(&text, "b") < at(&text, "a"), "{text}");
    // SQLite fires the last one first, so the order is part of what there was.
    let triggers =
        |dump: &[String]| dump.iter().filter(|sql| sql.contains("ON adults")).cloned().collect::<Vec<_>>();
    assert_eq!(triggers(&db.dump()), triggers(&order));
    // Under another name they are written anew, and mean the same.
    let adults = [ObjectId::view("adults")];
    let before = db.read(&adults).await;
    let (text, undo) = db.run(&recorded(|op| op.rename_view("adults", "it's \"new\""))).await.unwrap();
    db.run(&undo).await.unwrap();
    assert_eq!(db.read(&adults).await, before);
    assert!(text.contains("CREATE TRIGGER \"b\" INSTEAD OF INSERT ON \"it's \"\"new\"\"\""), "{text}");
    let of_users = [ObjectId::table("users"), ObjectId::view("adults")];
    let before = db.read(&of_users).await;
    let (text, undo) = db
        .run(&recorded(|op| {
            op.create_view("adults", "SELECT 1").or_replace();
            op.rename_trigger("z", "users", "zz");
            op.create_trigger("y", "users").delete().body("SELECT 2").or_replace();
            op.create_view("adults", "SELECT 3").if_not_exists();
        }))
        .await
        .unwrap();
    db.run(&undo).await.unwrap();
    assert_eq!(db.read(&of_users).await, before);
    assert_eq!(text.matches("CREATE VIEW").count(), 1, "{text}");
}

#[tokio::test]
async fn what_is_mentioned_stays() {
    let mut db = Db::with(SHOP);
    let refused = async |db: &mut Db, says: &str, record: fn(&mut Ops)| {
        let before = db.dump();
        let error = db.run(&recorded(record)).await.unwrap_err();
        assert!(error.contains(says), "{error}");
        assert_eq!(db.dump(), before);
    };
    let all = "view adults, trigger a on adults, trigger b on adults, trigger x on log depend on it";
    refused(&mut db, all, |op| {
        op.drop_table("users");
    })
    .await;
    refused(&mut db, "has no CASCADE, and view adults depends on it", |op| {
        op.drop_table("users").cascade();
    })
    .await;
    db.0.execute_batch("CREATE VIEW of_view AS SELECT * FROM adults -- all\n").unwrap();
    refused(&mut db, "view of_view depends on it", |op| {
        op.drop_view("adults");
    })
    .await;
    refused(&mut db, "view of_view would go on mentioning the old name", |op| {
        op.rename_view("adults", "others")
    })
    .await;
    // One after the other they go, and all comes back with the undo.
    // A trigger elsewhere keeps the table; with a cascade it stays, and the plan says so.
    let ids = [ObjectId::table("users"), ObjectId::view("adults"), ObjectId::view("of_view")];
    let read = db.read(&ids).await;
    let drops = recorded(|op| {
        op.drop_view("of_view");
        op.drop_view("adults");
        op.drop_table("users").cascade();
    });
    let statements = Sqlite.render(&drops, &read, &server()).unwrap();
    let said: Vec<_> = statements[2].hazards.iter().map(|hazard| hazard.message.as_str()).collect();
    assert_eq!(
        said,
        ["drops table users and its rows", "trigger x on log mentions it, and fails from then on"]
    );
    let text = db
        .there_and_back(&recorded(|op| {
            op.drop_view("of_view");
            op.drop_view("adults");
            op.drop_table("users").cascade();
        }))
        .await;
    assert_eq!(text, "DROP VIEW \"of_view\";\nDROP VIEW \"adults\";\nDROP TABLE \"users\";");
}

/// What was created just before isn't in the catalog that was read.
#[tokio::test]
async fn what_a_new_view_mentions_stays() {
    let mut db = Db::with(SHOP);
    for record in [
        |op: &mut Ops| {
            op.create_view("fresh", "SELECT what FROM log");
            op.drop_table("log");
        },
        |op: &mut Ops| {
            op.create_view("fresh", "SELECT 1");
            op.create_view("log_of_fresh", "SELECT * FROM fresh");
            op.drop_view("fresh");
        },
    ] {
        let before = db.dump();
        let error = db.run(&recorded(record)).await.unwrap_err();
        assert!(error.contains("fresh mentions it"), "{error}");
        assert_eq!(db.dump(), before);
    }
}

/// `IF NOT EXISTS` is decided by what was read: SQLite would take a table for the view, and say nothing.
#[tokio::test]
async fn a_table_is_not_taken_for_a_view() {
    let mut db = Db::with(SHOP);
    let create = |name: &'static str| {
        recorded(|op| {
            op.create_view(name, "SELECT 1").if_not_exists();
        })
    };
    let error = db.run(&create("log")).await.unwrap_err();
    assert!(error.contains("log"), "{error}");
    assert_eq!(db.run(&create("adults")).await.unwrap().0, "");
}

#[tokio::test]
async fn a_view_renamed_and_dropped_comes_back_as_it_was() {
    let mut db = Db::with(SHOP);
    db.there_and_back(&recorded(|op| {
        op.rename_view("adults", "grown");
        op.drop_view("grown");
    }))
    .await;
}

/// SQLite gives everything that mentions a table its new name; so what was read before isn't written out again.
#[tokio::test]
async fn a_renamed_table_takes_its_triggers_along() {
    let mut db = Db::with(SHOP);
    let ids = [ObjectId::table("users")];
    let mut model = db.read(&ids).await;
    let rename = recorded(|op| op.rename_table("users", "people"));
    apply(&mut model, &rename[0]).unwrap();
    db.run(&rename).await.unwrap();
    let found = db.read(&[ObjectId::table("people")]).await;
    let of = |schema: &Schema| schema.objects.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(of(&found), of(&model));
    assert!(db.dump().iter().any(|sql| sql.contains("FROM \"people\" WHERE age")), "{:?}", db.dump());
    let stale = recorded(|op| {
        op.rename_table("people", "users");
        op.rename_view("adults", "grown");
    });
    let error = db.run(&stale).await.unwrap_err();
    assert!(error.contains("mentions people, which was renamed just before"), "{error}");
}

/// A rebuild takes the triggers along, in their order, and fires none.
#[tokio::test]
async fn a_rebuild_keeps_triggers() {
    let mut db = Db::with(
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, age INT); CREATE TABLE log (what TEXT);
        CREATE TRIGGER z AFTER INSERT ON users WHEN new.age > 0 BEGIN INSERT INTO log VALUES ('z'); END;
        CREATE TRIGGER y AFTER DELETE ON users BEGIN INSERT INTO log VALUES ('y'); END;
        CREATE TRIGGER \"a'1\" AFTER INSERT ON users BEGIN INSERT INTO log VALUES ('a'); END;",
    );
    db.0.execute_batch("INSERT INTO users VALUES (1, 'a', 20); DELETE FROM log").unwrap();
    let count = |db: &Db| db.0.query_row("SELECT count(*) FROM log", (), |row| row.get::<_, i64>(0)).unwrap();
    let triggers = |db: &Db| db.dump().into_iter().filter(|sql| sql.contains("ON users")).collect::<Vec<_>>();
    let before = triggers(&db);
    let (text, undo) = db
        .run(&recorded(|op| {
            op.alter_column("users", "email").default("e");
        }))
        .await
        .unwrap();
    assert!(text.contains("dunlin_new_users"), "{text}");
    assert_eq!((triggers(&db), count(&db)), (before.clone(), 0));
    db.run(&undo).await.unwrap();
    assert_eq!((triggers(&db), count(&db)), (before, 0));
    db.0.execute("INSERT INTO users (email, age) VALUES ('b', 1)", ()).unwrap();
    assert_eq!(count(&db), 2);
    // What a trigger mentions doesn't go before it.
    let before = db.dump();
    let error = db
        .run(&recorded(|op| {
            op.alter_column("users", "email").default("e");
            op.drop_column("users", "age");
        }))
        .await
        .unwrap_err();
    assert!(error.contains("can't drop column users.age"), "{error}");
    assert!(error.contains("trigger z on users has a body that mentions age, which goes"), "{error}");
    assert_eq!(db.dump(), before);
    let drop = recorded(|op| {
        op.drop_trigger("z", "users");
        op.drop_column("users", "age");
    });
    let text = db.run(&drop).await.unwrap().0;
    assert!(!text.contains("dunlin_new"), "{text}");
}

/// As on other servers, there is nothing in a schema that isn't there.
#[tokio::test]
async fn a_database_that_is_not_attached_is_empty() {
    let ids = [ObjectId::table(("nowhere", "t")), ObjectId::view(("nowhere", "v"))];
    assert_eq!(Db::with("").read(&ids).await, Schema::new());
}

/// What is in an attached database is named by it, and its texts aren't.
#[tokio::test]
async fn an_attached_database_is_a_schema() {
    let mut db = Db::with("CREATE TABLE t (a INT); ATTACH ':memory:' AS \"o'ther\"");
    let on = ("o'ther", "t");
    let schema = Schema::new()
        .table(table(on).col("a", integer()))
        .with(view(("o'ther", "v"), "SELECT a FROM t"))
        .with(trigger("of_t", on).after().insert().body("DELETE FROM t"))
        .with(trigger("of_v", ("o'ther", "v")).instead_of().insert().body("DELETE FROM t"));
    db.run(&creation_ops(&schema)).await.unwrap();
    let ids = [ObjectId::table(on), ObjectId::view(("o'ther", "v"))];
    let found = db.read(&ids).await;
    assert_eq!(found, Sqlite.lower(&schema, &server()).unwrap());
    let stands = &found.get(&on.into()).unwrap().notes.dependents;
    let stands: Vec<_> = stands.iter().map(ToString::to_string).collect();
    assert_eq!(stands, ["view o'ther.v", "trigger of_v on o'ther.v"]);
    assert_eq!(db.dump(), ["CREATE TABLE t (a INT)"]);
    let rename = recorded(|op| op.rename_view(("o'ther", "v"), "w"));
    let (_, undo) = db.run(&rename).await.unwrap();
    db.run(&undo).await.unwrap();
    assert_eq!(db.read(&ids).await, found);
    let (_, undo) = db.run(&drop_ops(&schema)).await.unwrap();
    assert_eq!(db.read(&ids).await, Schema::new());
    db.run(&undo).await.unwrap();
    assert_eq!(db.read(&ids).await, found);
}
