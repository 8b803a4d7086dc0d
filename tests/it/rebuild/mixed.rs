//! Several changes in one revision: they mean what they would mean one after the other, however few times a table is built.

use dunlin::drivers::rusqlite::Connection;
use dunlin::prelude::*;
use dunlin_tests::Step;

use super::{told, up};

/// What a query gives after a revision, or why the revision is refused.
async fn after(setup: &str, change: fn(&mut Ops), query: &str) -> Result<String, String> {
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(&format!("PRAGMA foreign_keys = ON; {setup}")).unwrap();
    let list = migrations![Step("change", change)];
    match up(&mut conn, &list).await {
        Ok(_) => Ok(told(&conn, query)),
        Err(error) => Err(error.to_string()),
    }
}

const FAMILY: &str = "CREATE TABLE p (id INTEGER PRIMARY KEY, v INT); CREATE TABLE c (a INT, w INT, pid INT REFERENCES p (id) ON DELETE CASCADE);
    CREATE TABLE t (a INT, b INT); INSERT INTO p VALUES (1, 5), (2, 6); INSERT INTO c VALUES (1, 1, 1), (2, 2, 2); INSERT INTO t VALUES (10, 20);";

/// With foreign keys off for the rebuild nothing cascades, and nothing refuses a row that refers to none.
#[tokio::test]
async fn rows_changed_beside_a_rebuild_leave_no_orphans() {
    let orphan = "nothing cascades: change the rows in a revision of their own";
    for change in [
        (|op| {
            op.bulk_insert("c", ["a", "pid"], [[Value::from(3), 99.into()]]);
            op.alter_column("t", "a").default(1);
        }) as fn(&mut Ops),
        |op| {
            op.execute("DELETE FROM p WHERE id = 1");
            op.alter_column("t", "a").default(1);
        },
        |op| {
            op.execute("DELETE FROM p WHERE id = 1");
            op.drop_column("t", "b");
        },
    ] {
        let refused = after(FAMILY, change, "SELECT count(*) FROM c").await.unwrap_err();
        assert!(refused.contains(orphan), "{refused}");
    }
    let alone =
        after(FAMILY, |op| _ = op.execute("DELETE FROM p WHERE id = 1"), "SELECT count(*) FROM c").await;
    assert_eq!(alone.as_deref(), Ok("1"));
}

#[tokio::test]
async fn rows_have_what_a_column_began_with() {
    let given = |change| {
        after("CREATE TABLE t (a INT); INSERT INTO t VALUES (1)", change, "SELECT coalesce(n, 'NULL') FROM t")
    };
    let dropped = |op: &mut Ops| {
        op.add_column("t", "n", integer().not_null().default(5));
        op.alter_column("t", "n").drop_default();
    };
    assert_eq!(given(dropped).await.as_deref(), Ok("5"));
    let another = |op: &mut Ops| {
        op.add_column("t", "m", integer().default(5));
        op.rename_column("t", "m", "n");
        op.alter_column("t", "n").default(9);
    };
    assert_eq!(given(another).await.as_deref(), Ok("5"));
    let late = |op: &mut Ops| {
        op.add_column("t", "n", integer());
        op.alter_column("t", "n").default(9);
    };
    assert_eq!(given(late).await.as_deref(), Ok("NULL"));
}

#[tokio::test]
async fn a_renamed_table_keeps_its_new_name() {
    let renamed = |op: &mut Ops| {
        op.rename_table("t", "u");
        op.alter_column("u", "b").default(1);
    };
    assert_eq!(after(FAMILY, renamed, "SELECT a, b FROM u").await.as_deref(), Ok("10|20"));
}

#[tokio::test]
async fn an_expression_finds_the_rows_that_it_reads() {
    let dropped = |op: &mut Ops| {
        op.add_column("c", "more", integer());
        op.alter_column("c", "a").default(1);
        op.alter_column("p", "v").default(1);
        op.alter_column("c", "w").set_type(bigint()).using("(SELECT p.v FROM p WHERE p.id = pid)");
        op.drop_column("p", "v");
    };
    assert_eq!(after(FAMILY, dropped, "SELECT w FROM c ORDER BY pid").await.as_deref(), Ok("5\n6"));
    let changed = |op: &mut Ops| {
        op.alter_column("c", "a").default(1);
        op.alter_column("p", "v").set_type(bigint()).using("v * 100");
        op.alter_column("c", "w").set_type(bigint()).using("(SELECT p.v FROM p WHERE p.id = pid)");
    };
    assert_eq!(after(FAMILY, changed, "SELECT w FROM c ORDER BY pid").await.as_deref(), Ok("500\n600"));
}

#[tokio::test]
async fn expressions_see_what_the_changes_before_them_made() {
    let t = |change| {
        after("CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (10, 20)", change, "SELECT a, b FROM t")
    };
    let twice = |op: &mut Ops| {
        op.alter_column("t", "a").set_type(bigint()).using("a + 1");
        op.alter_column("t", "b").set_type(bigint()).using("a * 2");
    };
    assert_eq!(t(twice).await.as_deref(), Ok("11|22"));
    let added = |op: &mut Ops| {
        op.add_column("t", "x", integer().default(7));
        op.alter_column("t", "b").set_type(bigint()).using("x");
    };
    assert_eq!(t(added).await.as_deref(), Ok("10|7"));
    let same = |op: &mut Ops| _ = op.alter_column("t", "a").set_type(integer()).using("a * 100");
    assert_eq!(t(same).await.as_deref(), Ok("1000|20"));
    let kept = |op: &mut Ops| {
        op.alter_column("t", "a").set_type(bigint()).using("a + b");
        op.drop_column("t", "b");
        op.add_column("t", "b", integer().default(3));
    };
    assert_eq!(t(kept).await.as_deref(), Ok("30|3"));
}

#[tokio::test]
async fn null_in_a_key_becomes_no_number() {
    let setup = "CREATE TABLE t (id INT PRIMARY KEY, x TEXT); INSERT INTO t VALUES (NULL, 'x'), (NULL, 'y'), (5, 'z')";
    let alias = |op: &mut Ops| _ = op.alter_column("t", "id").set_type(native("INTEGER"));
    let refused = after(setup, alias, "SELECT count(*) FROM t").await.unwrap_err();
    assert!(refused.contains("rows of t have NULL in id"), "{refused}");
}

#[tokio::test]
async fn orphans_of_a_new_foreign_key_are_found() {
    let setup = "CREATE TABLE p (code TEXT UNIQUE); CREATE TABLE c (x TEXT); INSERT INTO p VALUES ('a'); INSERT INTO c VALUES ('a')";
    let change = |op: &mut Ops| {
        op.add_foreign_key("c", ["x"], "p", ["code"]);
        op.alter_column("p", "code").set_type(varchar(20)).using("code || '!'");
    };
    let refused = after(setup, change, "SELECT count(*) FROM c").await.unwrap_err();
    assert!(refused.contains("rows of c refer to rows that don't exist"), "{refused}");
}

#[tokio::test]
async fn a_constraint_is_of_the_column_that_has_its_name_by_then() {
    let change = |op: &mut Ops| {
        op.create_table("c").col("a", integer()).col("b", integer());
        op.rename_column("c", "a", "x");
        op.rename_column("c", "b", "a");
        op.add_unique("c", ["a"]);
        op.add_column("c", "n", integer());
        op.add_check("c", "n > 0").named("positive");
    };
    let unique = "SELECT i.name FROM pragma_index_list('c') AS l, pragma_index_info(l.name) AS i";
    assert_eq!(after("", change, unique).await.as_deref(), Ok("a"));
}

#[tokio::test]
async fn a_column_that_comes_back_is_a_new_one() {
    let setup = "CREATE TABLE t (a INT, b TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'old' /* old b */); INSERT INTO t VALUES (1, 'kept?')";
    let change = |op: &mut Ops| {
        op.drop_column("t", "b");
        op.add_column("t", "b", text().not_null().default("new"));
    };
    let query = "SELECT b, (SELECT sql LIKE '%REPLACE%' OR sql LIKE '%old b%' FROM sqlite_schema WHERE name = 't') FROM t";
    assert_eq!(after(setup, change, query).await.as_deref(), Ok("new|0"));
}

#[tokio::test]
async fn what_was_renamed_can_be_dropped() {
    let change = |op: &mut Ops| {
        op.alter_column("t", "a").default(1);
        op.rename_column("t", "b", "x");
        op.drop_column("t", "x");
    };
    assert_eq!(after(FAMILY, change, "SELECT * FROM t").await.as_deref(), Ok("10"));
}

/// A view that is broken already is nobody's matter.
#[tokio::test]
async fn a_broken_view_stops_no_rebuild() {
    let setup = &format!("{FAMILY} CREATE VIEW broken AS SELECT gone FROM nowhere");
    let change = |op: &mut Ops| _ = op.alter_column("t", "a").default(1);
    assert_eq!(after(setup, change, "SELECT a FROM t").await.as_deref(), Ok("10"));
}

#[tokio::test]
async fn comments_stay_or_the_change_is_refused() {
    let setup =
        "CREATE TABLE t (a INT, -- the first\n b INT CONSTRAINT named CHECK (b > 0), -- the second\n d INT)";
    let sql = "SELECT sql LIKE '%the first%' AND sql LIKE '%the second%' FROM sqlite_schema WHERE name = 't'";
    assert_eq!(after(setup, |op| _ = op.drop_check("t", "named"), sql).await.as_deref(), Ok("1"));
    // A column that moves takes its own along.
    let move_it = |op: &mut Ops| _ = op.alter_column("t", "b").first();
    let moved = "CREATE TABLE \"t\" ( b INT CONSTRAINT named CHECK (b > 0), -- the second\n a INT, -- the first\n d INT)";
    let told = after(setup, move_it, "SELECT sql FROM sqlite_schema WHERE name = 't'").await.unwrap();
    assert_eq!(told.split_whitespace().collect::<Vec<_>>(), moved.split_whitespace().collect::<Vec<_>>());
    let rows = &format!("{setup}; INSERT INTO t VALUES (1, 2, 3)");
    assert_eq!(after(rows, move_it, "SELECT * FROM t").await.as_deref(), Ok("2|1|3"));
    let change = |op: &mut Ops| {
        op.rename_column("t", "d", "e");
        op.alter_column("t", "e").set_type(bigint()).using("e + 1");
    };
    let refused = after(setup, change, sql).await.unwrap_err();
    assert!(refused.contains("it has comments in its text, which would be lost"), "{refused}");
}
