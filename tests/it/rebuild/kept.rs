//! Everything that SQLite has on a table, each by itself: a rebuild keeps it to the letter, with foreign keys on, off, and with
//! children that would go by a cascade.

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use dunlin::MigrationList;
use dunlin::drivers::rusqlite::Connection;
use dunlin::prelude::*;
use dunlin_tests::Step;

use super::{down, told, up};

/// Something that stands on a table `t`, which has a column `a TEXT`.
struct Case {
    what: &'static str,
    setup: &'static str,
    /// Questions whose answers stay as they are.
    asked: &'static [&'static str],
}

const fn case(what: &'static str, setup: &'static str, asked: &'static [&'static str]) -> Case {
    Case { what, setup, asked }
}

const CASES: &[Case] = &[
    case(
        "hidden rowids",
        "CREATE TABLE t (a TEXT, b); INSERT INTO t (rowid, a, b) VALUES (-5, 'x', 1), (7, 'y', 2.0), (9223372036854775807, 'z', x'00');",
        &["SELECT rowid, a, typeof(b), quote(b) FROM t ORDER BY rowid"],
    ),
    case(
        "rowids under the name that is left",
        "CREATE TABLE t (a TEXT, rowid, oid); INSERT INTO t (_rowid_, a, rowid, oid) VALUES (7, 'x', 1, 2), (9, 'y', 3, 4);",
        &["SELECT _rowid_, a, rowid, oid FROM t ORDER BY 1"],
    ),
    case(
        "a key by itself",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (3, 'x'), (-1, 'y');",
        &["SELECT id, rowid, a FROM t ORDER BY id"],
    ),
    case(
        "the counter of AUTOINCREMENT",
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT); INSERT INTO t VALUES (41, 'x'), (99, 'y'); DELETE FROM t WHERE id = 99;",
        &["SELECT name, seq FROM sqlite_sequence WHERE name NOT LIKE 'dunlin%'", "SELECT id, a FROM t"],
    ),
    case(
        "triggers, and the order in which they fire",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE log (x); INSERT INTO t VALUES (1, 'x');
         CREATE TRIGGER z AFTER UPDATE OF a ON t WHEN new.a > '' BEGIN INSERT INTO log VALUES ('z'); END;
         CREATE TRIGGER m AFTER UPDATE ON t BEGIN INSERT INTO log VALUES (old.a); /* ; */ END;
         CREATE TRIGGER a BEFORE DELETE ON t FOR EACH ROW BEGIN SELECT RAISE(ABORT, 'no'); END;
         CREATE TRIGGER other AFTER INSERT ON log BEGIN UPDATE t SET a = a || '!' WHERE id = 1 AND length(a) < 3; END;",
        &["SELECT count(*) FROM log", "SELECT a FROM t"],
    ),
    case(
        "indexes: partial, by expression, collation and direction",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b); INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2);
         CREATE INDEX part ON t (a) WHERE b > 1 AND a IS NOT NULL; -- partial
         CREATE UNIQUE INDEX \"ex pr\" ON t (lower(a) DESC, a||b);
         CREATE INDEX coll ON t(a COLLATE nocase desc , b  ASC);",
        &["SELECT name, \"unique\", origin, partial FROM pragma_index_list('t') ORDER BY name"],
    ),
    case(
        "what ANALYZE has found",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b UNIQUE); INSERT INTO t VALUES (1, 'x', 1), (2, 'y', 2); CREATE INDEX ia ON t (a); ANALYZE;",
        &[
            "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY 1, 2",
            "SELECT tbl, idx, neq, nlt, quote(sample) FROM sqlite_stat4 ORDER BY 1, 2, 4",
        ],
    ),
    case(
        "views, and views on them",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x');
         CREATE VIEW v (n, m) AS SELECT id, a FROM t; CREATE VIEW w AS SELECT n FROM v WHERE m > ''; CREATE VIEW u AS SELECT * FROM w, t;
         CREATE TRIGGER iv INSTEAD OF INSERT ON v BEGIN INSERT INTO t VALUES (new.n, new.m); END;",
        &["SELECT * FROM u", "SELECT n, m FROM v"],
    ),
    case(
        "generated columns",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT GENERATED ALWAYS AS (a || '!') STORED, c AS (length(a)), d INT AS (id + 1) VIRTUAL NOT NULL);
         INSERT INTO t (id, a) VALUES (1, 'x'); CREATE INDEX ig ON t (c);",
        &["SELECT * FROM t", "SELECT name, hidden FROM pragma_table_xinfo('t')"],
    ),
    case(
        "STRICT",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b ANY, c BLOB) STRICT; INSERT INTO t VALUES (1, 'x', '007', x'00'), (2, 'y', 7, NULL);",
        &["SELECT id, a, typeof(b), b, quote(c) FROM t"],
    ),
    case(
        "WITHOUT ROWID",
        "CREATE TABLE t (k TEXT COLLATE NOCASE, a TEXT, n INT, PRIMARY KEY (k, n)) WITHOUT ROWID; INSERT INTO t VALUES ('b', 'x', 1), ('a', 'y', 2);",
        &["SELECT * FROM t"],
    ),
    case(
        "checks, named or not",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CHECK (a <> '') CONSTRAINT \"sh ort\" CHECK (length(a) < 9), b INT, CHECK (b IS NULL OR b > 0), CONSTRAINT big CHECK (b < 100)); INSERT INTO t VALUES (1, 'x', 7);",
        &["SELECT * FROM t"],
    ),
    case(
        "ON CONFLICT, and rows that it would replace",
        "CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE, a TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'd', b UNIQUE ON CONFLICT IGNORE, c CHECK (c > 0) , UNIQUE (a, c) ON CONFLICT FAIL, CHECK (b > 0) ON CONFLICT IGNORE);
         INSERT INTO t VALUES (1, 'x', 1, 1), (2, 'x', 2, 2);",
        &["SELECT * FROM t"],
    ),
    case(
        "descending keys, and keys with collations",
        "CREATE TABLE t (id INTEGER PRIMARY KEY DESC, a TEXT, b TEXT, UNIQUE (a COLLATE NOCASE DESC, b)); INSERT INTO t (rowid, id, a, b) VALUES (4, 1, 'x', 'y');",
        &["SELECT rowid, id, a, b FROM t", "SELECT name, desc, coll FROM pragma_index_xinfo('sqlite_autoindex_t_2')"],
    ),
    case(
        "names of what has none elsewhere",
        "CREATE TABLE t (id INTEGER CONSTRAINT pk PRIMARY KEY, a TEXT CONSTRAINT nn NOT NULL CONSTRAINT co COLLATE rtrim, b INT CONSTRAINT df DEFAULT 4 CONSTRAINT ck CHECK (b > 3), CONSTRAINT uq UNIQUE (a)); INSERT INTO t VALUES (1, 'x', 5);",
        &["SELECT * FROM t"],
    ),
    case(
        "comments, layout and quotes",
        "CREATE TABLE t ( -- what it is\n\tid INTEGER PRIMARY KEY,  -- one each\n  /* two\n lines */ a TEXT  -- a word\n  , [b c] varchar(10) DEFAULT \"dq\", -- old\n`d``e` DECIMAL( 10,2 )\n-- the end\n) -- really\n; INSERT INTO t (id, a) VALUES (1, 'x');",
        &["SELECT * FROM t"],
    ),
    case(
        "a name for itself",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, parent REFERENCES t ON DELETE CASCADE, FOREIGN KEY (a) REFERENCES t (a) ON UPDATE CASCADE, UNIQUE (a)); INSERT INTO t VALUES (1, 'x', NULL), (2, 'y', 1), (3, 'z', 2);",
        &["SELECT * FROM t"],
    ),
    case(
        "odd names",
        "CREATE TABLE \"o'dd \"\"t\" (\"se lect\" INTEGER PRIMARY KEY, '1' TEXT, \"ü\" TEXT, [from] INT CHECK ([from] > 0)); INSERT INTO \"o'dd \"\"t\" VALUES (1, 'x', 'ü', 3);
         CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT REFERENCES \"o'dd \"\"t\" (\"se lect\"), \"b\"\"c\" INT, \"d'e\" AS (\"b\"\"c\" + 1)); INSERT INTO t VALUES (1, 1, 2);
         CREATE INDEX \"i x\" ON t (\"b\"\"c\");",
        &["SELECT * FROM t", "SELECT * FROM \"o'dd \"\"t\""],
    ),
    case(
        "virtual tables beside it",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (10, 'one two'), (20, 'two');
         CREATE VIRTUAL TABLE fts USING fts5 (a, content = 't', content_rowid = 'id'); INSERT INTO fts (fts) VALUES ('rebuild');
         CREATE TRIGGER sync AFTER INSERT ON t BEGIN INSERT INTO fts (rowid, a) VALUES (new.id, new.a); END;
         CREATE VIRTUAL TABLE tree USING rtree (id, x1, x2); INSERT INTO tree VALUES (1, 2, 3);",
        &["SELECT rowid, a FROM fts WHERE fts MATCH 'two' ORDER BY rowid", "SELECT id, x1, x2 FROM tree"],
    ),
    case(
        "types of every affinity, and values that aren't of them",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, i INT, r REAL, n NUMERIC, b BLOB, none, d DATETIME, f FLOATING POINT);
         INSERT INTO t VALUES (1, 'x', 'abc', 'x', x'01', 5, 1.5, '2026-01-01', 2), (2, x'02', 9007199254740993, 1e300, '0x10', NULL, '1', 7, -0.0);",
        &["SELECT id, typeof(a), typeof(i), typeof(r), typeof(n), typeof(b), typeof(none), typeof(d), typeof(f) FROM t",
          "SELECT quote(a), quote(i), quote(r), quote(n), quote(b), quote(none), quote(d), quote(f) FROM t"],
    ),
];

/// How foreign keys are, and what refers to the table.
const SURROUNDINGS: [(&str, &str); 3] = [
    ("foreign keys on", "PRAGMA foreign_keys = ON;"),
    ("foreign keys off", "PRAGMA foreign_keys = OFF;"),
    ("children that go by a cascade", "PRAGMA foreign_keys = ON;"),
];

/// What SQLite itself keeps of a database's own objects.
fn schema(conn: &Connection) -> String {
    let ask = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema WHERE tbl_name NOT LIKE 'dunlin%' AND name <> 'sqlite_sequence' \
               ORDER BY type, tbl_name, name";
    told(conn, ask)
}

fn answers(conn: &Connection, asked: &[&str]) -> Vec<String> {
    asked.iter().map(|ask| told(conn, ask)).collect()
}

#[tokio::test]
async fn a_rebuild_keeps_everything_to_the_letter() {
    for Case { what, setup, asked } in CASES {
        for (around, pragma) in SURROUNDINGS {
            let place = format!("{what}, {around}");
            let mut conn = Connection::open_in_memory().unwrap();
            conn.execute_batch(&format!("{pragma}{setup}")).unwrap_or_else(|e| panic!("{place}: {e}"));
            let mut asked = asked.to_vec();
            let key = told(&conn, "SELECT count(*) FROM pragma_table_info('t') WHERE pk = 1 AND name = 'id'");
            if around.starts_with("children") && key == "1" && !what.starts_with("descending") {
                conn.execute_batch(
                    "CREATE TABLE kid (t_id INT NOT NULL REFERENCES t (id) ON DELETE CASCADE ON UPDATE CASCADE);
                     INSERT INTO kid SELECT id FROM t;",
                )
                .unwrap();
                asked.push("SELECT t_id FROM kid ORDER BY t_id");
            }
            let (before, values) = (schema(&conn), answers(&conn, &asked));
            let pragmas =
                "SELECT foreign_keys, legacy_alter_table FROM pragma_foreign_keys, pragma_legacy_alter_table";
            let settings = told(&conn, pragmas);
            let list = defaulted();
            up(&mut conn, &list).await.unwrap_or_else(|e| panic!("{place}: {e}"));
            // SQLite writes a table's new name in quotes.
            let quoted = before.replacen("CREATE TABLE t ", "CREATE TABLE \"t\" ", 1);
            let expected = match what.starts_with("ON CONFLICT") {
                true => quoted.replace("DEFAULT 'd'", "DEFAULT 'z'"),
                false => {
                    let table = quoted.find("CREATE TABLE \"t\"").unwrap();
                    let (head, rest) = quoted.split_at(table);
                    let without = if rest.contains("a TEXT CONSTRAINT nn NOT NULL") {
                        "a TEXT CONSTRAINT nn NOT NULL"
                    } else {
                        "a TEXT"
                    };
                    format!("{head}{}", rest.replacen(without, &format!("{without} DEFAULT 'z'"), 1))
                }
            };
            assert_eq!(schema(&conn), expected, "{place}");
            assert_eq!(answers(&conn, &asked), values, "{place}");
            assert_eq!(told(&conn, pragmas), settings, "{place}");
            assert_eq!(told(&conn, "PRAGMA integrity_check"), "ok", "{place}");
            down(&mut conn, &list).await;
            assert_eq!(schema(&conn), quoted, "{place}: down");
            assert_eq!(answers(&conn, &asked), values, "{place}: down");
        }
    }
}

/// In a schema that is attached, and in the case that the table itself is written in.
#[tokio::test]
async fn a_rebuild_keeps_an_attached_schemas_texts_and_a_names_case() {
    let mut conn = Connection::open_in_memory().unwrap();
    conn.execute_batch(
        "ATTACH ':memory:' AS aux;
         CREATE TABLE aux.MyTable (Id INTEGER PRIMARY KEY, a TEXT); -- kept
         CREATE INDEX aux.Ix ON MyTable (a DESC) WHERE a > '';
         CREATE TRIGGER aux.Tr AFTER INSERT ON MyTable BEGIN SELECT 1; END;
         INSERT INTO aux.MyTable VALUES (1, 'x');",
    )
    .unwrap();
    let ask = "SELECT type, name, sql FROM aux.sqlite_schema ORDER BY type, name";
    let before = told(&conn, ask);
    let list = migrations![Step("alter", |op: &mut Ops| {
        op.alter_column(("aux", "mytable"), "a").default("z");
    })];
    up(&mut conn, &list).await.unwrap();
    let expected =
        before.replace("TABLE MyTable", "TABLE \"MyTable\"").replace("a TEXT", "a TEXT DEFAULT 'z'");
    assert_eq!(told(&conn, ask), expected);
    assert_eq!(told(&conn, "SELECT * FROM aux.MyTable"), "1|x");
}

/// Where the process below finds its database.
const VICTIM: &str = "DUNLIN_TEST_KILLED";

fn defaulted() -> MigrationList {
    migrations![Step("alter", |op: &mut Ops| _ = op.alter_column("t", "a").default("z"))]
}

#[tokio::test]
#[ignore = "a process that the test below starts, and kills"]
async fn a_process_that_is_killed() {
    let mut conn = Connection::open(std::env::var(VICTIM).unwrap()).unwrap();
    up(&mut conn, &defaulted()).await.unwrap();
}

/// Whoever comes next finds all as it was, and can do it.
#[tokio::test]
async fn a_process_killed_in_a_rebuild_leaves_the_database_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("db");
    let mut conn = Connection::open(&path).unwrap();
    conn.execute_batch(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000)
         INSERT INTO t SELECT i, 'name number ' || i FROM n;",
    )
    .unwrap();
    let rows = "SELECT count(*), sum(id), min(a), max(a) FROM t";
    let (before, values) = (schema(&conn), told(&conn, rows));
    drop(conn);
    let bytes = || fs::metadata(&path).unwrap().len();
    let copying = bytes() + 1024 * 1024;
    let mut victim = Command::new(std::env::current_exe().unwrap());
    victim.args(["--ignored", "--exact", "rebuild::kept::a_process_that_is_killed"]);
    let mut victim = victim.env(VICTIM, &path).stdout(Stdio::null()).spawn().unwrap();
    while bytes() < copying {
        assert_eq!(victim.try_wait().unwrap(), None, "it ended before it had copied a part of the rows");
        std::thread::sleep(Duration::from_millis(1));
    }
    victim.kill().unwrap();
    victim.wait().unwrap();
    assert!(folder.path().join("db-journal").exists(), "it was killed in the middle of its transaction");
    conn = Connection::open(&path).unwrap();
    assert_eq!((schema(&conn), told(&conn, rows)), (before.clone(), values.clone()));
    assert_eq!(told(&conn, "PRAGMA integrity_check"), "ok");
    up(&mut conn, &defaulted()).await.unwrap();
    assert_ne!(schema(&conn), before);
    assert_eq!(told(&conn, rows), values);
}
