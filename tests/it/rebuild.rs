//! SQLite's rebuild: rows, rowids, counters and everything unnamed stay; what would be lost is refused.

use dunlin::drivers::rusqlite::Connection;
use dunlin::prelude::*;
use dunlin::{Connect, MigrationList, Runner};
use dunlin_tests::Step;

mod kept;
mod mixed;

async fn up(conn: &mut Connection, list: &MigrationList) -> dunlin::Result<dunlin::Report> {
    Runner::new(&mut *conn.connect(), list).up().await
}

async fn down(conn: &mut Connection, list: &MigrationList) {
    Runner::new(&mut *conn.connect(), list).down(1).await.unwrap();
}

fn told(conn: &Connection, sql: &str) -> String {
    let mut statement = conn.prepare(sql).unwrap();
    let count = statement.column_count();
    let mut rows = statement.query(()).unwrap();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let value = |index| match row.get_ref(index).unwrap() {
            dunlin::drivers::rusqlite::types::ValueRef::Integer(value) => value.to_string(),
            dunlin::drivers::rusqlite::types::ValueRef::Text(text) => {
                String::from_utf8(text.to_vec()).unwrap()
            }
            other => format!("{other:?}"),
        };
        lines.push((0..count).map(value).collect::<Vec<_>>().join("|"));
    }
    lines.join("\n")
}

/// What SQLite itself says of a database: its texts, and the rows of a table with their rowids.
fn dump(conn: &Connection) -> String {
    let schema = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'dunlin%' AND name NOT LIKE 'sqlite%' \
                  AND tbl_name NOT LIKE 'dunlin%' ORDER BY type, name";
    told(conn, schema)
}

const PARENT: &str = "CREATE TABLE parent (id INTEGER PRIMARY KEY, name TEXT)";
/// Everything that a careless rebuild loses.
const CHILD: &str = "CREATE TABLE child (\n  a TEXT COLLATE NOCASE DEFAULT 'x''y' NOT NULL, -- a remark\n  b DECIMAL(10, 2) CHECK (b > 0),\n  \
     parent_id INT CONSTRAINT named REFERENCES parent (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,\n  \
     c TEXT AS (a || '!') STORED, \"we ird\" BLOB DEFAULT (randomblob(4)),\n  UNIQUE (a, b), PRIMARY KEY (b, a)\n)";

fn filled() -> Connection {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(&format!(
        "PRAGMA foreign_keys = ON; {PARENT}; {CHILD};
         CREATE UNIQUE INDEX partial ON child (a COLLATE BINARY DESC, lower(a)) WHERE b > 1;
         INSERT INTO parent VALUES (1, 'one'), (2, 'two');
         INSERT INTO child (rowid, a, b, parent_id) VALUES (7, 'k', 1.5, 1), (9, 'l', 2.5, 2);
         CREATE TRIGGER kept AFTER UPDATE OF a ON child WHEN old.a > '' BEGIN DELETE FROM child; END;"
    ))
    .unwrap();
    conn
}

#[tokio::test]
async fn rebuild_keeps_what_nobody_named() {
    let mut conn = filled();
    let rows = "SELECT rowid, a, b, parent_id, c, hex(\"we ird\") FROM child ORDER BY rowid";
    let (before, schema) = (told(&conn, rows), dump(&conn));
    let list = migrations![Step("alter", |op: &mut Ops| {
        op.alter_column("child", "parent_id").not_null();
        op.alter_column("parent", "name").default("nobody");
    })];
    up(&mut conn, &list).await.unwrap();
    assert_eq!(told(&conn, rows), before);
    // Nothing cascaded, and foreign keys are on again.
    assert_eq!(told(&conn, "PRAGMA foreign_keys"), "1");
    assert_eq!(told(&conn, "SELECT count(*) FROM parent"), "2");
    let kept = dump(&conn);
    let child = CHILD.replace("INITIALLY DEFERRED", "INITIALLY DEFERRED NOT NULL");
    let parent =
        PARENT.replace("parent (", "\"parent\" (").replace("name TEXT", "name TEXT DEFAULT 'nobody'");
    assert_eq!(kept, schema.replace(CHILD, &child).replace(PARENT, &parent));
    conn.execute("DELETE FROM parent WHERE id = 1", ()).unwrap();
    assert_eq!(told(&conn, "SELECT count(*) FROM child"), "1", "the cascade still works");
    down(&mut conn, &list).await;
    assert_eq!(dump(&conn), schema.replace(PARENT, &PARENT.replace("parent (", "\"parent\" (")));
}

/// The counter outlives rows that are gone: no number is given twice.
#[tokio::test]
async fn rebuild_keeps_the_counter() {
    let mut conn = Connection::open_in_memory().unwrap();
    let list = migrations![
        Step("create", |op: &mut Ops| {
            op.create_table("t").col("id", bigint().identity().primary_key()).col("a", text());
        }),
        Step("fill", |op: &mut Ops| {
            op.bulk_insert("t", ["id", "a"], [[Value::from(41), "x".into()], [42.into(), "y".into()]]);
        })
    ];
    up(&mut conn, &list).await.unwrap();
    conn.execute("DELETE FROM t WHERE id = 42", ()).unwrap();
    let list = list.with(Step("change", |op: &mut Ops| {
        op.alter_column("t", "a").default("z");
    }));
    up(&mut conn, &list).await.unwrap();
    conn.execute("INSERT INTO t DEFAULT VALUES", ()).unwrap();
    assert_eq!(told(&conn, "SELECT id, a FROM t ORDER BY id"), "41|x\n43|z");
}

#[track_caller]
fn refused(result: dunlin::Result<dunlin::Report>, says: &str) {
    let error = result.unwrap_err();
    assert!(error.is_unsupported() && error.to_string().contains(says), "{error}");
    assert_eq!(error.kept(), &dunlin::Kept::Nothing);
}

#[tokio::test]
async fn what_would_be_lost_is_refused() {
    let alter = || {
        migrations![Step("alter", |op: &mut Ops| {
            op.alter_column("child", "a").default("z");
            op.drop_column("child", "c");
        })]
    };
    for (sql, says) in [
        (
            "CREATE TEMP TRIGGER tr AFTER INSERT ON child BEGIN SELECT 1; END",
            "trigger tr on temp.child would go with the old one",
        ),
        (
            "CREATE VIEW v AS SELECT c FROM child; CREATE VIEW w AS SELECT * FROM v",
            "view v mentions c, which goes",
        ),
        (
            "CREATE TRIGGER tr AFTER INSERT ON parent BEGIN UPDATE child SET b = length(c); END",
            "trigger tr on parent mentions c, which goes",
        ),
    ] {
        let mut conn = filled();
        conn.execute_batch(sql).unwrap();
        let before = dump(&conn);
        refused(up(&mut conn, &alter()).await, says);
        assert_eq!(dump(&conn), before);
    }
    // What nothing but its text says goes only with what it is said of.
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch("CREATE TABLE child (a TEXT PRIMARY KEY, c TEXT NOT NULL ON CONFLICT REPLACE)")
        .unwrap();
    let nullable = migrations![Step("nullable", |op: &mut Ops| {
        op.alter_column("child", "c").nullable();
    })];
    refused(up(&mut conn, &nullable).await, "an ON CONFLICT clause, which would be lost");
}

/// Views, and triggers of other tables, stay as they are while the table that they mention is away.
#[tokio::test]
async fn what_mentions_a_table_stays() {
    let mut conn = filled();
    conn.execute_batch(
        "CREATE VIEW v AS SELECT a, b FROM child; CREATE VIEW w AS SELECT count(*) AS n FROM v;
         CREATE TEMP VIEW own AS SELECT * FROM child;
         CREATE TRIGGER tr AFTER INSERT ON parent BEGIN INSERT INTO child (a, b) VALUES (new.name, new.id); END;",
    )
    .unwrap();
    let bystanders = "SELECT name, sql FROM sqlite_schema WHERE name IN ('v', 'w', 'tr') ORDER BY name";
    let texts = told(&conn, bystanders);
    let list = migrations![Step("alter", |op: &mut Ops| {
        op.alter_column("child", "a").default("z");
    })];
    up(&mut conn, &list).await.unwrap();
    assert_eq!(told(&conn, bystanders), texts);
    conn.execute("INSERT INTO parent VALUES (3, 'three')", ()).unwrap();
    assert_eq!(told(&conn, "SELECT n, (SELECT count(*) FROM own) FROM w"), "3|3");
    assert_eq!(told(&conn, "PRAGMA legacy_alter_table"), "0");
    down(&mut conn, &list).await;
    assert_eq!(told(&conn, bystanders), texts);
    assert_eq!(told(&conn, "SELECT n FROM w"), "3");
}

/// What only SQLite itself can tell of a view ends the run, and leaves everything as it was, the setting too.
#[tokio::test]
async fn a_view_that_breaks_stops_the_run() {
    let mut conn = filled();
    conn.execute_batch("CREATE VIEW v AS SELECT b FROM child").unwrap();
    let before = dump(&conn);
    let list = migrations![Step("alter", |op: &mut Ops| {
        op.rename_column("child", "b", "amount");
        op.drop_column("child", "amount");
    })];
    up(&mut conn, &list).await.unwrap_err();
    assert_eq!(dump(&conn), before);
    assert_eq!(told(&conn, "PRAGMA legacy_alter_table"), "0");
}

/// A view over a view breaks where the first one shows all that there is.
#[tokio::test]
async fn a_view_over_a_view_that_breaks_stops_the_run() {
    let mut conn = filled();
    conn.execute_batch("CREATE VIEW v AS SELECT * FROM child; CREATE VIEW w AS SELECT b FROM v").unwrap();
    let before = dump(&conn);
    let list = migrations![Step("alter", |op: &mut Ops| {
        op.drop_column("child", "b");
        op.alter_column("child", "a").set_type(text());
    })];
    up(&mut conn, &list).await.unwrap_err();
    assert_eq!(dump(&conn), before);
}

/// An index comes back as it was written: its spaces, its brackets, its comments.
#[tokio::test]
async fn a_dropped_index_comes_back_word_for_word() {
    let mut conn = filled();
    conn.execute_batch("create index  Odd ON [child] (A collate NOCASE, \"b\"  desc) WHERE b>0 /* why */")
        .unwrap();
    let before = dump(&conn);
    let list = migrations![Step("drop", |op: &mut Ops| {
        op.drop_index("child", "Odd");
    })];
    up(&mut conn, &list).await.unwrap();
    assert_ne!(dump(&conn), before);
    down(&mut conn, &list).await;
    assert_eq!(dump(&conn), before);
}

/// A dropped table comes back word for word, whatever case it was called in.
#[tokio::test]
async fn a_dropped_table_comes_back_word_for_word() {
    let mut conn = filled();
    conn.execute_batch("DROP INDEX partial; CREATE VIEW \"Some\" AS\n  select a /* why */ from child")
        .unwrap();
    let before = dump(&conn);
    let list = migrations![Step("drop", |op: &mut Ops| {
        op.drop_view("SOME");
        op.drop_table("Child");
    })];
    up(&mut conn, &list).await.unwrap();
    assert_ne!(dump(&conn), before);
    down(&mut conn, &list).await;
    assert_eq!(dump(&conn), before);
}

/// A row that would refer to nothing stops the run, although foreign keys are switched off for the rebuild.
#[tokio::test]
async fn rows_must_fit_a_new_foreign_key() {
    let mut conn = filled();
    conn.execute_batch(
        "CREATE TABLE loose (id INTEGER PRIMARY KEY, parent_id INT); INSERT INTO loose VALUES (1, 99)",
    )
    .unwrap();
    let list = migrations![Step("add", |op: &mut Ops| {
        let mut key = Ops::new();
        key.create_table("loose").col("parent_id", bigint().references("parent", "id"));
        let recorded = key.finish().unwrap().ops.remove(0);
        let Op::CreateTable { table, .. } = recorded else { unreachable!() };
        let constraint = table.constraints().next().unwrap();
        op.push(Op::AddConstraint { table: "loose".into(), constraint });
    })];
    let before = dump(&conn);
    let error = up(&mut conn, &list).await.unwrap_err();
    assert!(error.to_string().contains("rows of loose refer to rows that don't exist"), "{error}");
    assert_eq!(dump(&conn), before);
    assert_eq!(told(&conn, "PRAGMA foreign_keys"), "1");
    conn.execute("DELETE FROM loose", ()).unwrap();
    up(&mut conn, &list).await.unwrap();
}

/// SQLite's own DROP CONSTRAINT would leave in the text what stands behind the DEFAULT and the NOT of a foreign key.
#[tokio::test]
async fn a_foreign_key_is_dropped_whole() {
    for words in ["ON UPDATE SET DEFAULT ON DELETE CASCADE", "on delete cascade not /* yet */ deferrable"] {
        let mut conn = filled();
        conn.execute_batch(&format!(
            "CREATE TABLE referring (id INTEGER PRIMARY KEY, p INT, CONSTRAINT named FOREIGN KEY (p) REFERENCES parent (id) {words}, \
             CHECK (p > 0))"
        ))
        .unwrap();
        let keys =
            |conn: &Connection| told(conn, "SELECT count(*) FROM pragma_foreign_key_list('referring')");
        let list = migrations![Step("drop", |op: &mut Ops| {
            op.drop_foreign_key("referring", "named");
        })];
        up(&mut conn, &list).await.unwrap();
        assert_eq!(keys(&conn), "0");
        assert!(!dump(&conn).contains(" yet "), "{}", dump(&conn));
        down(&mut conn, &list).await;
        assert_eq!(keys(&conn), "1");
    }
}

/// A parent isn't dropped from under its children: with foreign keys off SQLite wouldn't mind.
#[tokio::test]
async fn a_referred_table_is_not_dropped() {
    let mut conn = filled();
    conn.execute_batch("DROP INDEX partial").unwrap();
    let before = dump(&conn);
    let list = migrations![Step("drop", |op: &mut Ops| {
        op.drop_table("parent");
    })];
    refused(up(&mut conn, &list).await, "table child refers to it by a foreign key");
    let list = migrations![Step("drop", |op: &mut Ops| {
        op.drop_table("child");
        op.drop_table("parent");
    })];
    up(&mut conn, &list).await.unwrap();
    assert_eq!(dump(&conn), "");
    down(&mut conn, &list).await;
    assert_eq!(dump(&conn), before);
}
