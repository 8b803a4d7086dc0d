//! What a server itself says of a database: the oracle that is none of Dunlin's readers.
//!
//! SQLite has the texts of `sqlite_schema`, PostgreSQL its `pg_dump`, MySQL and MariaDB `SHOW CREATE` of everything and
//! their tables of privileges. Nothing that could be part of a definition is left out; what varies from run to run is.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::process::Command;
use std::sync::Mutex;

use dunlin::{Connection, Value};

use crate::server::{Kind, TestDb};

/// Everything that a database holds but its rows, as its server tells it. `schemas` are other databases of MySQL's and
/// MariaDB's that belong to it.
pub(crate) async fn dump(db: &TestDb, schemas: &[String]) -> String {
    match db.kind {
        Kind::Sqlite => sqlite(db).await,
        Kind::Postgres15 => postgres(db, "DUNLIN_TEST_PG_DUMP15"),
        Kind::Postgres18 => postgres(db, "DUNLIN_TEST_PG_DUMP18"),
        Kind::Mariadb | Kind::Mysql => mysql(db, schemas).await,
    }
}

/// The dump of a database that nothing but these statements made. On PostgreSQL, where a dump takes longest, it is made
/// once for all that begin alike: neither the database's name nor an object's number is in it.
pub(crate) async fn dump_of(db: &TestDb, schemas: &[String], made_by: &str) -> String {
    static KNOWN: Mutex<BTreeMap<(bool, String), String>> = Mutex::new(BTreeMap::new());
    if !db.kind.is_postgres() {
        return dump(db, schemas).await;
    }
    let key = (db.kind == Kind::Postgres18, made_by.to_owned());
    if let Some(known) = KNOWN.lock().unwrap().get(&key) {
        return known.clone();
    }
    let text = dump(db, schemas).await;
    KNOWN.lock().unwrap().insert(key, text.clone());
    text
}

async fn sqlite(db: &TestDb) -> String {
    let rows = db.query("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name").await;
    laid_out(&lines(&rows))
}

/// SQLite's own ALTER writes what it adds in the line of what stands before it: each part of a text in a line of its own.
fn laid_out(texts: &str) -> String {
    let (mut out, mut quote, mut depth) = (String::new(), None, 0_usize);
    for c in texts.chars() {
        let is_inside = quote.is_none() && depth > 0;
        match (quote, c) {
            (Some(end), c) if c == end => quote = None,
            (None, '\'' | '"' | '`') => quote = Some(c),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if is_inside && c.is_whitespace() {
            match out.chars().next_back() {
                Some(',') if depth == 1 => out.push('\n'),
                Some('(' | ',' | ' ' | '\n') | None => {}
                Some(_) => out.push(' '),
            }
            continue;
        }
        if is_inside && matches!(c, ')' | ',') {
            out.truncate(out.trim_end().len());
        }
        out.push(c);
    }
    out
}

fn postgres(db: &TestDb, variable: &str) -> String {
    let program = std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} isn't set: run scripts/test, which starts the servers"));
    let output = Command::new(program).args(["--schema-only", &db.url]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    // A dump is guarded by a word that is drawn anew each time.
    let guards = |line: &&str| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ");
    let mut lines: Vec<&str> = text.lines().filter(guards).collect();
    // Who was granted something first stands first, and means nothing by it.
    let is_grant = |line: &str| {
        line.starts_with("GRANT ")
            || line.starts_with("ALTER DEFAULT PRIVILEGES ") && line.contains(" GRANT ")
    };
    for grants in lines.chunk_by_mut(|one, next| is_grant(one) && is_grant(next)) {
        grants.sort_unstable();
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// The kinds of object: the question for the names of those in a database, the word behind `SHOW CREATE`, and which
/// of the answer's columns aren't part of a definition.
const SHOWN: [(&str, &str, &[usize]); 7] = [
    (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = {} \
         AND table_type NOT IN ('VIEW', 'SEQUENCE') ORDER BY 1",
        "TABLE",
        &[],
    ),
    (
        "SELECT table_name FROM information_schema.tables WHERE table_schema = {} AND table_type = 'SEQUENCE' ORDER BY 1",
        "SEQUENCE",
        &[],
    ),
    ("SELECT table_name FROM information_schema.views WHERE table_schema = {} ORDER BY 1", "VIEW", &[]),
    (
        "SELECT routine_name FROM information_schema.routines \
         WHERE routine_schema = {} AND routine_type = 'FUNCTION' ORDER BY 1",
        "FUNCTION",
        &[],
    ),
    (
        "SELECT routine_name FROM information_schema.routines \
         WHERE routine_schema = {} AND routine_type = 'PROCEDURE' ORDER BY 1",
        "PROCEDURE",
        &[],
    ),
    // In the order in which they fire. Its last column is when it was created.
    (
        "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = {} \
         ORDER BY event_object_table, action_timing, event_manipulation, action_order",
        "TRIGGER",
        &[6],
    ),
    ("SELECT event_name FROM information_schema.events WHERE event_schema = {} ORDER BY 1", "EVENT", &[]),
];

/// Who may do what in a database.
const PRIVILEGES: [&str; 4] = [
    "SELECT grantee, privilege_type, is_grantable FROM information_schema.schema_privileges \
     WHERE table_schema = {} ORDER BY 1, 2",
    "SELECT grantee, table_name, privilege_type, is_grantable FROM information_schema.table_privileges \
     WHERE table_schema = {} ORDER BY 1, 2, 3",
    "SELECT grantee, table_name, column_name, privilege_type, is_grantable FROM information_schema.column_privileges \
     WHERE table_schema = {} ORDER BY 1, 2, 3, 4",
    "SELECT user, host, routine_name, routine_type, proc_priv FROM mysql.procs_priv WHERE db = {} ORDER BY 1, 2, 3, 4",
];

async fn mysql(db: &TestDb, schemas: &[String]) -> String {
    let mut database = db.open().await;
    let conn = database.connection();
    let own = db.value("SELECT DATABASE()").await.unwrap_or_default();
    let mut text = String::new();
    for schema in std::iter::once(&own).chain(schemas) {
        let literal = literal(conn, schema).await;
        let known =
            format!("SELECT schema_name FROM information_schema.schemata WHERE schema_name = {literal}");
        if ask(conn, &known).await.is_empty() {
            continue;
        }
        let quoted = quoted(conn, schema).await;
        text += &lines(&ask(conn, &format!("SHOW CREATE DATABASE {quoted}")).await);
        for (names, word, aside) in SHOWN {
            for row in ask(conn, &names.replace("{}", &literal)).await {
                let name = row.first().cloned().flatten().unwrap_or_default();
                let show = format!("SHOW CREATE {word} {quoted}.{}", self::quoted(conn, &name).await);
                let mut rows = ask(conn, &show).await;
                for row in &mut rows {
                    aside.iter().for_each(|at| row[*at] = None);
                }
                text += &without_counter(&lines(&rows));
            }
        }
        for question in PRIVILEGES {
            text += &lines(&ask(conn, &question.replace("{}", &literal)).await);
        }
    }
    text
}

/// Where a table's numbering stands belongs to its rows.
fn without_counter(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut parts = text.split(" AUTO_INCREMENT=");
    kept += parts.next().unwrap_or_default();
    parts.for_each(|part| kept += part.trim_start_matches(|c: char| c.is_ascii_digit()));
    kept
}

async fn ask(conn: &mut dyn Connection, sql: &str) -> Vec<Vec<Option<String>>> {
    let rows = conn.query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| (0..row.0.len()).map(|index| row.text(index)).collect()).collect()
}

async fn quoted(conn: &mut dyn Connection, name: &str) -> String {
    let server = conn.server().await.unwrap();
    conn.dialect().identifier(name, &server).unwrap()
}

async fn literal(conn: &mut dyn Connection, text: &str) -> String {
    let server = conn.server().await.unwrap();
    conn.dialect().literal(&Value::Text(text.into()), &server).unwrap()
}

fn lines(rows: &[Vec<Option<String>>]) -> String {
    let mut text = String::new();
    for row in rows {
        let values: Vec<_> = row.iter().flatten().map(String::as_str).collect();
        let _ = writeln!(text, "{}", values.join(" | "));
    }
    text
}
