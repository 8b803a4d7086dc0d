//! What a file leaves behind in its session: nothing.

use dunlin::{Connect, Options, Runner};

use super::{list, up};
use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

// What a file sets holds for it alone.
on_every_server!(settings_do_not_leak, async |db: &TestDb| {
    let (set, asked, value) = match db.kind {
        Kind::Sqlite => (
            "PRAGMA recursive_triggers = ON;\nPRAGMA case_sensitive_like = ON;\nPRAGMA max_page_count = 99;\n\
             PRAGMA full_column_names = ON;\nPRAGMA main.locking_mode = EXCLUSIVE;",
            "CREATE TABLE seen AS SELECT concat(recursive_triggers, 'a' LIKE 'A', max_page_count > 99, full_column_names, locking_mode) AS x \
             FROM pragma_recursive_triggers, pragma_max_page_count, pragma_full_column_names, pragma_locking_mode;",
            "0110normal",
        ),
        Kind::Postgres15 | Kind::Postgres18 => (
            "SET search_path = '';\nSELECT pg_catalog.set_config('my.own', 'mine', false);\nSET ROLE pg_monitor;\nRESET ROLE;",
            "CREATE TABLE seen AS SELECT current_setting('search_path') || coalesce(nullif(current_setting('my.own', true), ''), '!') AS x;",
            "\"$user\", public!",
        ),
        Kind::Mariadb | Kind::Mysql => (
            "SET foreign_key_checks = 0, sql_mode = 'ANSI_QUOTES';\nSET NAMES latin1;\nSET autocommit = 0;",
            "CREATE TABLE seen (x varchar(99));\nINSERT INTO seen SELECT CONCAT(@@foreign_key_checks + 0, @@character_set_client, \
             @@autocommit + 0, @@sql_mode LIKE '%ANSI_QUOTES%') AS x;",
            "1utf8mb410",
        ),
    };
    let first =
        format!("{set}\nCREATE TABLE {}t (id integer);", if db.kind.is_postgres() { "public." } else { "" });
    let first = first.as_str();
    let marked = format!("-- dunlin: no-transaction\n{}", first.replace("t (", "u ("));
    let files = list(db, &[("01.sql", first), ("02.sql", asked), ("03.sql", &marked)]).await;
    up(db, &files).await.unwrap();
    assert_eq!(db.value("SELECT x FROM seen").await.as_deref(), Some(value));
    let more = [
        ("01.sql", first),
        ("02.sql", asked),
        ("03.sql", &marked),
        ("04.sql", &asked.replace("seen", "later")),
    ];
    up(db, &list(db, &more).await).await.unwrap();
    assert_eq!(db.value("SELECT x FROM later").await.as_deref(), Some(value));
    // Nor into a connection that is the caller's own, whatever becomes of the file.
    let broken = format!("{set}\nINSERT INTO nothing VALUES (1);");
    let mut files = more.to_vec();
    files.push(("05.sql", &broken));
    let files = list(db, &files).await;
    let mut database = db.open().await;
    let mut conn = database.connect();
    let ask = asked.split(" SELECT ").nth(1).unwrap();
    Runner::new(&mut *conn, &files).up().await.unwrap_err();
    let rows = conn.query(&format!("SELECT {}", ask.trim_end_matches(';'))).await.unwrap();
    assert_eq!(rows[0].text(0).as_deref(), Some(value));
});

// What is temporary, and what is attached, goes with the file that made it; what was there before stays.
on_every_server!(what_belongs_to_a_session_goes_with_its_file, async |db: &TestDb| {
    if !db.kind.is_transactional() {
        return temporary_tables_go_with_their_file(db).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let (attach, more) = match db.kind {
        Kind::Sqlite => (
            format!(
                "ATTACH '{}' AS \"o'ther\";\nCREATE TABLE \"o'ther\".x (id integer);\n",
                folder.path().join("x.db").display()
            ),
            "CREATE TEMP TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END;\nCREATE INDEX temp.ix ON s (id);\n",
        ),
        _ => (String::new(), "CREATE TEMP VIEW v AS SELECT * FROM s;\nCREATE TEMP SEQUENCE q;\n"),
    };
    let uses = "CREATE TABLE t (id integer);\nCREATE TEMP TABLE s AS SELECT 7 AS id;\nINSERT INTO t SELECT id FROM s;\n";
    let text = format!("{attach}{uses}{more}");
    let alone = format!(
        "-- dunlin: no-transaction\n{}",
        text.replace(" t ", " u ").replace(" t(", " u(").replace("ON t", "ON u").replace(".x ", ".y ")
    );
    let broken = format!("{attach}CREATE TEMP TABLE s (id integer);\nINSERT INTO nothing VALUES (1);\n")
        .replace(".x ", ".z ");
    let mut database = db.open().await;
    let mut conn = database.connect();
    conn.execute("CREATE TEMP TABLE mine (id integer)").await.unwrap();
    let ask = match db.kind {
        Kind::Sqlite => {
            "SELECT name FROM pragma_database_list WHERE seq <> 1 UNION ALL SELECT name FROM sqlite_temp_schema"
        }
        _ => "SELECT relname FROM pg_class WHERE relnamespace = pg_my_temp_schema()",
    };
    let before = conn.query(ask).await.unwrap();
    let files = [("01.sql", text.as_str()), ("02.sql", &alone)];
    Runner::new(&mut *conn, &list(db, &files).await).up().await.unwrap();
    assert_eq!(conn.query(ask).await.unwrap(), before);
    let files = [files[0], files[1], ("03.sql", &broken)];
    Runner::new(&mut *conn, &list(db, &files).await).up().await.unwrap_err();
    assert_eq!(conn.query(ask).await.unwrap(), before);
    assert_eq!(db.value("SELECT id FROM u").await.as_deref(), Some("7"));
});

/// MySQL and MariaDB don't tell which temporary tables a session has: one that is there hides the file's own table.
async fn temporary_tables_go_with_their_file(db: &TestDb) {
    let uses = "CREATE TEMPORARY TABLE s (id integer);\nINSERT INTO s VALUES (7);\nCREATE TABLE t AS SELECT id FROM s;\n";
    let broken =
        "SET sql_mode = '';\nCREATE TEMPORARY TABLE `s` (id integer);\nINSERT INTO nothing VALUES (1);\n";
    let mut database = db.open().await;
    let mut conn = database.connect();
    conn.execute("CREATE TEMPORARY TABLE mine (id integer)").await.unwrap();
    let files =
        [("01.sql", uses), ("02.sql", "CREATE TEMPORARY TABLE s (word text);\nDROP TEMPORARY TABLE s;\n")];
    Runner::new(&mut *conn, &list(db, &files).await).up().await.unwrap();
    let files = [files[0], files[1], ("03.sql", broken)];
    Runner::new(&mut *conn, &list(db, &files).await).up().await.unwrap_err();
    assert!(conn.query("SELECT * FROM s").await.is_err());
    assert!(conn.query("SELECT * FROM mine").await.is_ok());
    assert_eq!(db.value("SELECT id FROM t").await.as_deref(), Some("7"));
}

/// No catalog shows a setting that someone made up, so its name must be told.
#[tokio::test]
async fn settings_of_ones_own_are_kept_on_postgres() {
    with_database(Kind::Postgres15, async |db| {
        let text = "SET my.own = 'the file''s';\nSET search_path = '';\nCREATE TABLE public.t (id integer);";
        let broken = "SET my.own = 'the file''s';\nSELECT nothing;";
        let files = list(db, &[("01.sql", text), ("02.sql", broken)]).await;
        let mut database = db.open().await;
        let mut conn = database.connect();
        conn.execute("SET my.own = 'it''s mine'").await.unwrap();
        let own_settings = vec!["my.own".to_owned(), "never.made".to_owned()];
        let options = Options { own_settings, ..Options::default() };
        Runner::new(&mut *conn, &files).options(options).up().await.unwrap_err();
        let rows = conn.query("SELECT current_setting('my.own')").await.unwrap();
        assert_eq!(rows[0].text(0).as_deref(), Some("it's mine"));
        // A block that sets nothing leaves also those alone that nobody has named.
        let files = list(db, &[("01.sql", "DO $$ BEGIN PERFORM 1; END $$;")]).await;
        Runner::new(&mut *conn, &files).up().await.unwrap();
        let rows = conn.query("SELECT current_setting('my.own')").await.unwrap();
        assert_eq!(rows[0].text(0).as_deref(), Some("it's mine"));
    })
    .await;
}

/// What is set by a call, or by a block of statements, can't be told from its words.
async fn what_a_call_sets_does_not_leak(kind: Kind, first: &str, asked: &str, value: &str) {
    with_database(kind, async |db| {
        let alone = format!("-- dunlin: no-transaction\n{}", first.replace("p()", "q()"));
        let files = [("01.sql", first), ("02.sql", alone.as_str()), ("03.sql", asked)];
        up(db, &list(db, &files).await).await.unwrap();
        assert_eq!(db.value("SELECT x FROM seen").await.as_deref(), Some(value));
    })
    .await;
}

const PROCEDURE: &str =
    "CREATE PROCEDURE p() BEGIN SET sql_mode = 'ANSI_QUOTES'; SET foreign_key_checks = 0; END;\nCALL p();";
const MODES: &str =
    "CREATE TABLE seen AS SELECT CONCAT(@@foreign_key_checks + 0, @@sql_mode LIKE '%ANSI_QUOTES%') AS x;";

#[tokio::test]
async fn what_a_procedure_sets_does_not_leak_on_mysql() {
    what_a_call_sets_does_not_leak(Kind::Mysql, PROCEDURE, MODES, "10").await;
}

#[tokio::test]
async fn what_a_procedure_sets_does_not_leak_on_mariadb() {
    what_a_call_sets_does_not_leak(Kind::Mariadb, PROCEDURE, MODES, "10").await;
}

#[tokio::test]
async fn what_a_block_sets_does_not_leak_on_postgres() {
    let block = "DO $$ BEGIN SET search_path = ''; CREATE TEMP TABLE seen (x text); END $$;";
    let asked = "CREATE TABLE seen AS SELECT current_setting('search_path') AS x;";
    what_a_call_sets_does_not_leak(Kind::Postgres18, block, asked, "\"$user\", public").await;
}
