//! On real servers: what is created reads back as it was lowered, and changes keep what they were not told to change.

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, Connection, ConnectionError, Dialect, DialectId, Generated, Identity,
    Index, IndexKey, Name, ObjectId, Op, Schema, Statement, Table, TableOptions, Value, reverse_all, sql,
    touched,
};

use mysql_async::prelude::Queryable;

use super::{int, server};
use crate::connect::Connect;
use crate::mysql::Mysql;

/// Whether a server is to be tested on, and where it is.
fn url(dialect: DialectId) -> Option<String> {
    let variable = format!("DUNLIN_TEST_{}_URL", dialect.as_str().to_uppercase());
    let unavailable = std::env::var("DUNLIN_TEST_UNAVAILABLE").unwrap_or_default();
    if unavailable.split_whitespace().any(|name| name == dialect.as_str()) {
        return None;
    }
    Some(std::env::var(&variable).unwrap_or_else(|_| panic!("{variable} isn't set: run scripts/test")))
}

/// A connection to a database of the test's own, on each of both servers.
pub(super) async fn on_both(test: impl AsyncFn(&mut dyn Connection)) {
    with_databases(async |url| {
        let mut own = crate::connect(url).await.unwrap();
        test(own.connection()).await;
    })
    .await;
}

/// The same, with a setting of the session, known before anything else is.
pub(super) async fn on_both_after(setting: &str, test: impl AsyncFn(&mut dyn Connection)) {
    with_databases(async |url| {
        let url = url.parse().unwrap();
        let mut own = mysql_async::Conn::new(super::connect::driver(&url)).await.unwrap();
        own.query_drop(setting).await.unwrap();
        test(&mut *own.connect()).await;
    })
    .await;
}

async fn with_databases(test: impl AsyncFn(&str)) {
    for dialect in [DialectId::Mariadb, DialectId::Mysql] {
        let Some(url) = url(dialect) else { continue };
        let mut database = crate::connect(&url).await.unwrap();
        let conn = database.connection();
        let name = format!("dunlin_unit_{}_{:?}", std::process::id(), std::thread::current().id())
            .replace(['(', ')'], "");
        conn.execute(&format!("DROP DATABASE IF EXISTS {name}")).await.unwrap();
        conn.execute(&format!("CREATE DATABASE {name} CHARACTER SET utf8mb4")).await.unwrap();
        let (start, _) = url.rsplit_once('/').unwrap();
        test(&format!("{start}/{name}")).await;
        conn.execute(&format!("DROP DATABASE {name}")).await.unwrap();
    }
}

/// Runs a statement under its settings, as the engine does.
pub(super) async fn execute(conn: &mut dyn Connection, statement: &Statement) -> Result<(), ConnectionError> {
    let mut restores = Vec::new();
    for setting in &statement.settings {
        let old = conn.query(&setting.read).await?[0].text(0).unwrap_or_default();
        conn.execute(&setting.set.replace("{}", &format!("'{}'", setting.value))).await?;
        restores.push(setting.set.replace("{}", &format!("'{old}'")));
    }
    let ran = conn.execute(&statement.sql).await;
    for restore in restores.iter().rev() {
        conn.execute(restore).await?;
    }
    ran.map(drop)
}

/// Runs operations as the engine does, and gives what undoes them.
pub(super) async fn run(conn: &mut dyn Connection, ops: &[Op]) -> Vec<Op> {
    let server = conn.server().await.unwrap();
    let ops = Op::select(ops, server.dialect);
    let before = Mysql.introspect(conn, &touched(&ops)).await.unwrap();
    let ops = Mysql.lower_ops(&ops, &before, &server).unwrap();
    for statement in Mysql.render(&ops, &before, &server).unwrap_or_else(|error| panic!("{error}")) {
        let sql = &statement.sql;
        execute(conn, &statement).await.unwrap_or_else(|error| panic!("{} refuses {sql}\n{error}", server));
    }
    reverse_all(&ops, &before).unwrap_or_default()
}

async fn read(conn: &mut dyn Connection, name: &str) -> Option<Table> {
    Mysql.introspect(conn, &[ObjectId::table(name)]).await.unwrap().get(&name.into()).cloned()
}

async fn shown(conn: &mut dyn Connection, name: &str) -> String {
    let rows = conn.query(&format!("SHOW CREATE TABLE `{}`", name.replace('`', "``"))).await.unwrap();
    match rows[0].get(1) {
        Some(Value::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        _ => rows[0].text(1).unwrap_or_default(),
    }
}

fn create(table: Table) -> Op {
    Op::CreateTable { table, if_not_exists: false }
}

/// Every kind of column that has nothing to do with expressions, which only the server can spell.
fn columns() -> Vec<Column> {
    use dunlin_dsl::ColumnType::*;
    let with = |name: &str, ty: ColumnType, default: dunlin_dsl::Expr| Column {
        default: Some(default),
        ..Column::new(name, ty)
    };
    let moment = |precision| Timestamp { precision, zone: false };
    vec![
        Column { identity: Some(Identity::default()), not_null: true, ..Column::new("id", int()) },
        with("truth", Boolean, true.into()),
        with("number", Integer { width: dunlin_dsl::IntWidth::Big, unsigned: true }, 7.into()),
        with("money", Decimal { precision: Some((10, 2)) }, 5.into()),
        with("more_money", Decimal { precision: Some((10, 2)) }, "-0.5".into()),
        with("real", Real, 1.5.into()),
        with("double", Double, 1e10.into()),
        with("word", Varchar(50), "it's \\ \"x\" ü😀".into()),
        with("digits", Varchar(50), "5".into()),
        with("null_word", Varchar(50), "NULL".into()),
        with("now_word", Varchar(50), "CURRENT_TIMESTAMP".into()),
        with("empty", Char(3), "".into()),
        with("letter", Enum(vec!["a".into(), "b'c".into(), "d\\e".into(), "f\ng".into()]), "b'c".into()),
        with("letters", Set(vec!["x".into(), "y".into()]), "x,y".into()),
        with("day", Date, "2020-01-02".into()),
        with("noon", Time { precision: Some(3), zone: false }, "12:00:00".into()),
        with("then", moment(None), "2020-01-02".into()),
        with("then_exactly", moment(Some(6)), "2020-01-02 03:04:05".into()),
        with("now", moment(None), sql("now()")),
        Column {
            on_update: Some(sql("CURRENT_TIMESTAMP")),
            not_null: true,
            ..with("now_exactly", moment(Some(6)), sql("CURRENT_TIMESTAMP"))
        },
        Column::new("instant", Timestamp { precision: None, zone: true }),
        with("bytes", Varbinary(10), vec![0, 39, 92, 255].into()),
        with("few_bytes", Binary(4), vec![65, 0].into()),
        with("bits", Bit(4), 5.into()),
        with("year", Year, 2020.into()),
        with("long", Text(dunlin_dsl::Size::Long), "a'\\b".into()),
        Column::new("blob", Blob(Default::default())),
        with("json", Json, "{\"a\": 1}".into()),
        Column::new("uuid", Uuid),
        Column { not_null: true, ..Column::new("place", Spatial { kind: "point".into(), srid: Some(4326) }) },
        Column::new("area", Spatial { kind: "polygon".into(), srid: None }),
        Column { charset: Some("latin1".into()), ..Column::new("old", Varchar(20)) },
        Column {
            collation: dunlin_dsl::PerDialect::everywhere("utf8mb4_bin".into()),
            ..Column::new("exact", Varchar(20))
        },
        Column { invisible: true, comment: Some("it's \\ hidden".into()), ..with("hidden", int(), 3.into()) },
        Column::new("native", Native("NUMERIC( 8 ) unsigned".into())),
    ]
}

fn everything() -> Table {
    let mut table = Table::new("every`thing");
    table.columns = columns();
    table.primary_key = Some(dunlin_dsl::PrimaryKey {
        label: Default::default(),
        ..dunlin_dsl::PrimaryKey::over(vec!["id".into()])
    });
    table.comment = Some("a table's \\ comment".into());
    table.options.row_format = Some("dynamic".into());
    let unique = |name: &str, columns: &[&str]| Index {
        unique: true,
        ..Index::new(name.into(), columns.iter().copied().map(IndexKey::column).collect())
    };
    let word = IndexKey { prefix: Some(5), descending: true, ..IndexKey::column("word") };
    table.indexes = vec![
        unique("one", &["number", "money"]),
        Index {
            comment: Some("it's".into()),
            ..Index::new("two".into(), vec![word, IndexKey::column("day")])
        },
        Index {
            method: Some("fulltext".into()),
            ..Index::new("full".into(), vec![IndexKey::column("long")])
        },
        Index {
            method: Some("SPATIAL".into()),
            ..Index::new("where".into(), vec![IndexKey::column("place")])
        },
        Index { method: Some("btree".into()), ..Index::new("a b".into(), vec![IndexKey::column("real")]) },
    ];
    table.foreign_keys.push(dunlin_dsl::ForeignKey {
        on_delete_columns: Vec::new(),
        period: false,
        label: "parent".into(),
        columns: vec!["hidden".into()],
        references: Name::from("every`thing"),
        references_columns: vec!["id".into()],
        on_delete: dunlin_dsl::Action::SetNull,
        on_update: dunlin_dsl::Action::NoAction,
        deferrable: Default::default(),
        matching: Default::default(),
        enforcement: Default::default(),
    });
    table
}

#[tokio::test]
async fn what_is_created_reads_back_as_it_was_lowered() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let table = everything();
        run(conn, &[create(table.clone())]).await;
        let mut schema = Schema::new();
        schema.insert(table.clone());
        let lowered = Mysql.lower(&schema, &server).unwrap();
        let lowered = lowered.get(&table.name).unwrap();
        let found = read(conn, "every`thing").await.unwrap();
        assert_eq!(found.notes.unmodelled, []);
        for (found, lowered) in found.columns.iter().zip(&lowered.columns) {
            assert_eq!(found, lowered, "{server}");
        }
        assert_eq!(&found, lowered, "{server}");
        // Lowering what is low changes nothing.
        let mut schema = Schema::new();
        schema.insert(found.clone());
        assert_eq!(Mysql.lower(&schema, &server).unwrap().get(&found.name), Some(&found));
        // What was read back makes the same table again, as the server tells it.
        // Keys are by name then, for the catalog gives them no order.
        let sorted = |text: String| {
            let mut lines: Vec<_> = text.lines().map(|line| line.trim_end_matches(',').to_owned()).collect();
            lines.sort();
            lines
        };
        let before = sorted(shown(conn, "every`thing").await);
        conn.execute("DROP TABLE `every``thing`").await.unwrap();
        run(conn, &[create(found)]).await;
        assert_eq!(sorted(shown(conn, "every`thing").await), before, "{server}");
    })
    .await;
}

#[tokio::test]
async fn a_change_keeps_all_else() {
    on_both(async |conn| {
        run(conn, &[create(everything())]).await;
        let before = shown(conn, "every`thing").await;
        for column in columns().into_iter().map(|column| column.name) {
            let comment = |text: Option<String>| Op::AlterColumn {
                table: "every`thing".into(),
                column: column.clone(),
                change: ColumnChange::Comment(text),
            };
            let old = read(conn, "every`thing").await.unwrap().column(&column).unwrap().comment.clone();
            run(conn, &[comment(Some("changed".into()))]).await;
            assert_ne!(shown(conn, "every`thing").await, before, "{column}");
            run(conn, &[comment(old)]).await;
            assert_eq!(shown(conn, "every`thing").await, before, "{column}");
        }
    })
    .await;
}

#[tokio::test]
async fn expressions_come_back_so_that_they_can_be_written_again() {
    on_both(async |conn| {
        let mut table = Table::new("t");
        table.columns = vec![
            Column { not_null: true, ..Column::new("a", int()) },
            Column {
                default: Some(sql("concat('a''b', '\\\\')")),
                ..Column::new("b", ColumnType::Varchar(50))
            },
            Column {
                generated: Some(Generated { expr: sql("concat(b, 'q''z\\\\')"), stored: true }),
                comment: Some("stored".into()),
                collation: dunlin_dsl::PerDialect::everywhere("utf8mb4_bin".into()),
                ..Column::new("c", ColumnType::Varchar(60))
            },
            Column {
                generated: Some(Generated { expr: sql("(a + 1) * (a - 1)"), stored: false }),
                ..Column::new("d", int())
            },
            Column { default: Some(sql("(1 + 1)")), ..Column::new("e", int()) },
        ];
        table.checks = vec![
            dunlin_dsl::Check::new("c1".into(), sql("b <> 'it''s \\\\ \"x\"' and (a > 0) or (a < 9)")),
            dunlin_dsl::Check::new("c2".into(), sql("b like '%\\n_\\\\_é'")),
        ];
        run(conn, &[create(table)]).await;
        let before = shown(conn, "t").await;
        let found = read(conn, "t").await.unwrap();
        conn.execute("DROP TABLE t").await.unwrap();
        run(conn, &[create(found)]).await;
        assert_eq!(shown(conn, "t").await, before);
    })
    .await;
}

#[tokio::test]
async fn text_is_right_without_backslash_escapes() {
    on_both(async |conn| {
        conn.execute("SET sql_mode = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'").await.unwrap();
        // The server is asked anew by a connection that is lent anew; here it was asked before.
        let mut server = conn.server().await.unwrap();
        server.facts.insert("sql_mode".into(), "STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES".into());
        let texts = ["it's", "a\\b", "a\\'b", "a\0b", "%\\_\n"];
        for text in texts {
            let literal = Mysql.literal(&text.into(), &server).unwrap();
            let rows = conn.query(&format!("SELECT {literal}")).await.unwrap();
            assert_eq!(rows[0].text(0).as_deref(), Some(text), "{literal}");
        }
        conn.execute("CREATE TABLE t (a varchar(20) DEFAULT 'x\\y''z', b int, CHECK (a <> 'pq'))")
            .await
            .unwrap();
        let sql = crate::sql::Sql { dialect: &Mysql, server: &server };
        let found = crate::mysql::introspect::introspect(conn, &[ObjectId::table("t")], sql).await.unwrap();
        let table = found.get(&"t".into()).unwrap().clone();
        let before = shown(conn, "t").await;
        conn.execute("DROP TABLE t").await.unwrap();
        for statement in Mysql.render(&[create(table)], &Schema::new(), &server).unwrap() {
            conn.execute(&statement.sql).await.unwrap_or_else(|error| panic!("{} {error}", statement.sql));
        }
        assert_eq!(shown(conn, "t").await, before);
    })
    .await;
}

#[tokio::test]
async fn what_stands_on_a_table_is_seen() {
    on_both(async |conn| {
        for sql in [
            "CREATE TABLE p (id int PRIMARY KEY, x int)",
            "CREATE TABLE c (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES p (id))",
            "CREATE VIEW v AS SELECT x FROM p",
            "CREATE TRIGGER r BEFORE INSERT ON c FOR EACH ROW SET NEW.p = (SELECT max(id) FROM p)",
            "CREATE TABLE parts (id int) PARTITION BY HASH (id) PARTITIONS 2",
        ] {
            conn.execute(sql).await.unwrap();
        }
        let found = read(conn, "p").await.unwrap();
        let mut dependents: Vec<_> =
            found.notes.dependents.iter().map(|d| format!("{:?} {}", d.kind, d.name)).collect();
        dependents.sort();
        assert_eq!(dependents, ["ForeignKey c", "Trigger r", "View v"]);
        assert_eq!(read(conn, "c").await.unwrap().notes.dependents.len(), 1);
        assert!(read(conn, "parts").await.unwrap().partitioning.is_some());
        assert_eq!(read(conn, "v").await, None);
        assert_eq!(read(conn, "nowhere").await, None);
    })
    .await;
}

#[tokio::test]
async fn json_becomes_text_and_json_again() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (id int, a varchar(50) CHARACTER SET latin1 DEFAULT '1')")
            .await
            .unwrap();
        let before = shown(conn, "t").await;
        let to = |to| Op::AlterColumn {
            table: "t".into(),
            column: "a".into(),
            change: ColumnChange::Type { to, using: None },
        };
        let drop_default =
            Op::AlterColumn { table: "t".into(), column: "a".into(), change: ColumnChange::Default(None) };
        let undo = run(conn, &[drop_default, to(ColumnType::Json)]).await;
        conn.execute("INSERT INTO t (a) VALUES ('{}')").await.unwrap();
        assert!(conn.execute("INSERT INTO t (a) VALUES ('x')").await.is_err());
        let undo_text = run(conn, &[to(ColumnType::Text(Default::default()))]).await;
        conn.execute("DELETE FROM t").await.unwrap();
        run(conn, &undo_text).await;
        assert!(conn.execute("INSERT INTO t (a) VALUES ('x')").await.is_err());
        run(conn, &undo).await;
        assert_eq!(shown(conn, "t").await, before);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_column_comes_back_with_all_that_went() {
    on_both(async |conn| {
        for sql in [
            "CREATE TABLE p (id int PRIMARY KEY)",
            "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b int, j json, \
             UNIQUE KEY u (a, b), KEY i (b, a), CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id), \
             CONSTRAINT k CHECK (a > b))",
        ] {
            conn.execute(sql).await.unwrap();
        }
        let before = read(conn, "t").await.unwrap();
        for column in ["a", "b", "j"] {
            let drop = Op::DropColumn { table: "t".into(), column: column.into(), if_exists: false };
            let undo = run(conn, &[drop]).await;
            assert_eq!(read(conn, "t").await.unwrap().column(column), None);
            run(conn, &undo).await;
            let mut after = read(conn, "t").await.unwrap();
            // An index that a foreign key was given while another was away is gone again.
            after.notes = before.notes.clone();
            assert_eq!(after, before, "{column}");
        }
    })
    .await;
}

#[tokio::test]
async fn offline_and_online_say_the_same() {
    on_both(async |conn| {
        let live = conn.server().await.unwrap();
        let table = everything();
        let ops = [create(table)];
        let text = |server| Mysql.render(&ops, &Schema::new(), server).unwrap()[0].sql.clone();
        assert_eq!(text(&live), text(&server(live.dialect)));
    })
    .await;
}

/// A table's tablespace is read back, comes back with the table, and back to it when it was changed. MySQL alone has them.
#[tokio::test]
async fn tablespaces() {
    on_both(async |conn| {
        if conn.server().await.unwrap().dialect == DialectId::Mariadb {
            return;
        }
        let place = format!("dunlin `unit` {}", std::process::id());
        let file = format!("dunlin_unit_{}.ibd", std::process::id());
        let quoted = format!("`{}`", place.replace('`', "``"));
        conn.execute(&format!("CREATE TABLESPACE {quoted} ADD DATAFILE '{file}'")).await.unwrap();
        let options = || TableOptions { tablespace: Some(place.clone()), ..TableOptions::default() };
        let column = || vec![Column::new("a", int())];
        let inside = Table { columns: column(), options: options(), ..Table::new("inside") };
        run(conn, &[create(inside), create(Table { columns: column(), ..Table::new("own") })]).await;
        assert_eq!(read(conn, "inside").await.unwrap().options.tablespace.as_ref(), Some(&place));
        assert_eq!(read(conn, "own").await.unwrap().options.tablespace, None);
        let before = shown(conn, "inside").await;
        let dropped = Op::DropTable { table: "inside".into(), if_exists: false, cascade: false };
        let undo = run(conn, &[dropped]).await;
        run(conn, &undo).await;
        assert_eq!(shown(conn, "inside").await, before);
        let undo = run(conn, &[Op::SetTableOptions { table: "own".into(), options: options() }]).await;
        assert_eq!(read(conn, "own").await.unwrap().options.tablespace.as_ref(), Some(&place));
        // What isn't chosen stays as it is.
        let format = TableOptions { row_format: Some("DYNAMIC".into()), ..TableOptions::default() };
        run(conn, &[Op::SetTableOptions { table: "own".into(), options: format }]).await;
        assert_eq!(read(conn, "own").await.unwrap().options.tablespace.as_ref(), Some(&place));
        run(conn, &undo).await;
        assert_eq!(read(conn, "own").await.unwrap().options.tablespace, None);
        conn.execute("DROP TABLE inside").await.unwrap();
        conn.execute(&format!("DROP TABLESPACE {quoted}")).await.unwrap();
    })
    .await;
}

/// Catches a value that a change of its column would make a question mark: the catalog has one for what it can't tell.
#[tokio::test]
async fn a_question_mark_in_an_enum() {
    on_both(async |conn| {
        conn.execute("CREATE TABLE t (a enum('yes', 'why?', '😀'), b set('?', '🙂'), c int)").await.unwrap();
        conn.execute("INSERT INTO t (a, b) VALUES ('why?', '?'), ('😀', '🙂')").await.unwrap();
        let held = "SELECT GROUP_CONCAT(HEX(a), HEX(b) ORDER BY a) FROM t";
        let before = conn.query(held).await.unwrap();
        let words = shown(conn, "t").await;
        for column in ["a", "b"] {
            let change = ColumnChange::Comment(Some("c".into()));
            let change = Op::AlterColumn { table: "t".into(), column: column.into(), change };
            let undo = run(conn, &[change]).await;
            assert_eq!(conn.query(held).await.unwrap(), before);
            run(conn, &undo).await;
        }
        assert_eq!(conn.query(held).await.unwrap(), before);
        assert_eq!(shown(conn, "t").await, words);
        let added = ["yes", "why?", "😀", "no?"].map(String::from).into();
        let change = ColumnChange::Type { to: ColumnType::Enum(added), using: None };
        run(conn, &[Op::AlterColumn { table: "t".into(), column: "a".into(), change }]).await;
        assert_eq!(conn.query(held).await.unwrap(), before);
    })
    .await;
}
