//! Cases of `tests/data/script`: nasty scripts, what they are divided into, and whether the servers agree.
//!
//! A case is a script, in the folder of the servers that it is for, and beside it, as `.txt`, the statements and the data that
//! are found in it, each with its place and what it does to a transaction; or why it is refused. Each statement is executed on
//! its real server. `DUNLIN_BLESS=1` writes the expectations anew, `DUNLIN_CASE=part` runs the scripts whose names begin so.

pub(crate) mod client;
mod copy;
mod excerpt;
mod file;
mod fuzz;
mod stream;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use dunlin::lexicon::{Class, Effect};
use dunlin::script::{PartKind, ScriptError, Splitter, classify};
use dunlin::{Connection, DialectId, Lexicon, Place, Server, Version};

use crate::on_every_server;

/// How many scripts each server must have.
const AT_LEAST: usize = 15;

struct Case {
    file: PathBuf,
    script: Vec<u8>,
}

impl Case {
    /// The scripts for a server.
    fn all(dialect: DialectId) -> Vec<Case> {
        let folders: &[&str] = match dialect {
            DialectId::Postgres => &["postgres"],
            DialectId::Mysql => &["mysql", "mysql_and_mariadb"],
            DialectId::Mariadb => &["mariadb", "mysql_and_mariadb"],
            _ => &["sqlite"],
        };
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/script");
        let files =
            |folder: &&str| std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let mut files: Vec<_> = folders.iter().flat_map(files).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "sql"));
        files.sort();
        assert!(files.len() >= AT_LEAST, "{dialect} has {} scripts", files.len());
        let wanted = std::env::var("DUNLIN_CASE").unwrap_or_default();
        files.retain(|file| file.file_name().unwrap().to_str().unwrap().starts_with(&wanted));
        files.into_iter().map(|file| Case { script: std::fs::read(&file).unwrap(), file }).collect()
    }

    fn name(&self) -> String {
        self.file.file_name().unwrap().to_str().unwrap().to_owned()
    }
}

/// How a server's SQL reads, with no server asked.
pub(crate) fn lexicon(dialect: DialectId) -> Lexicon {
    let version = match dialect {
        DialectId::Postgres => Version::new(15, 0, 0),
        DialectId::Mysql => Version::new(9, 1, 0),
        DialectId::Mariadb => Version::new(10, 11, 0),
        _ => Version::new(3, 45, 0),
    };
    dunlin::dialect(dialect).lexicon(&Server::new(dialect, version))
}

/// A part of a script that outlives it: its kind, text and place.
type Owned = (PartKind, String, String);

/// All parts of a script as they come, pieces of data put together, and the error that ended them.
fn parts(script: &[u8], lexicon: &Lexicon, chunk_bytes: usize) -> (Vec<Owned>, Option<ScriptError>) {
    let mut splitter = Splitter::new(script, lexicon).with_chunk_bytes(chunk_bytes);
    let mut parts: Vec<Owned> = Vec::new();
    loop {
        match splitter.next() {
            Ok(None) => return (parts, None),
            Err(error) => return (parts, Some(error)),
            Ok(Some(part)) => match parts.last_mut() {
                Some((PartKind::Data, text, _)) if part.kind == PartKind::Data => text.push_str(part.text),
                _ => parts.push((part.kind, part.text.to_owned(), part.start.to_string())),
            },
        }
    }
}

/// What a person reads of it.
fn describe(script: &[u8], lexicon: &Lexicon) -> String {
    let (parts, error) = parts(script, lexicon, 1 << 20);
    let mut text = String::new();
    for (kind, part, place) in parts.iter().filter(|(kind, ..)| kind.is_sent()) {
        let what = match kind {
            PartKind::Data => "data".to_owned(),
            _ => format!("statement{}", describe_class(classify(part, lexicon))),
        };
        writeln!(text, "{place} {what}").unwrap();
        for line in part.split_inclusive('\n') {
            writeln!(text, "| {}", line.trim_end_matches('\n').replace('\r', "\\r")).unwrap();
        }
    }
    if let Some(error) = error {
        writeln!(text, "refused: {error}").unwrap();
    }
    text
}

fn describe_class(class: Class) -> String {
    let place = if class.place == Place::Outside { ", outside" } else { "" };
    let after = if class.commit_after { ", commit after" } else { "" };
    let effect = match class.effect {
        Effect::None => "",
        Effect::Question => ", question",
        Effect::Begin => ", begins",
        Effect::Commit => ", commits",
        Effect::Rollback => ", rolls back",
        Effect::Savepoint => ", savepoint",
        Effect::CommitsImplicitly => ", commits implicitly",
        Effect::Setting => ", setting",
        Effect::MayCommit => ", may commit",
        Effect::LockTables => ", locks tables",
        Effect::UnlockTables => ", unlocks tables",
    };
    format!("{place}{after}{effect}")
}

/// Catches a change of the splitter that no test on a server would: a statement cut in two may be two that run.
#[test]
fn scripts_are_divided_as_expected() {
    let mut wrong = String::new();
    for dialect in DialectId::ALL {
        let lexicon = lexicon(dialect);
        for case in Case::all(dialect) {
            let file = case.file.with_extension("txt");
            let found = describe(&case.script, &lexicon);
            if std::env::var_os("DUNLIN_BLESS").is_some() {
                std::fs::write(&file, &found).unwrap();
            }
            let expected = std::fs::read_to_string(&file).unwrap_or_default();
            if expected != found {
                let name = file.display();
                writeln!(wrong, "{name} expects, for {dialect}\n{expected}\nand this was found:\n{found}")
                    .unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn parts_are_the_script_whatever_the_pieces() {
    for dialect in DialectId::ALL {
        let lexicon = lexicon(dialect);
        for case in Case::all(dialect) {
            fuzz::check(&case.script, &lexicon);
        }
    }
}

on_every_server!(every_statement_runs, async |db: &TestDb| {
    let mut conn = db.open().await;
    let server = conn.connection().server().await.unwrap();
    drop(conn);
    let mut failed = String::new();
    for case in Case::all(server.dialect) {
        with_database(db.kind, async |db| {
            let mut database = db.open().await;
            let conn = database.connection();
            let lexicon = conn.dialect().lexicon(&server);
            let (mut parts, error) = parts(&case.script, &lexicon, 1024);
            if error.is_none()
                && let Err(error) = send(conn, &mut parts).await
            {
                writeln!(failed, "{}: {error}", case.name()).unwrap();
            }
        })
        .await;
    }
    assert!(failed.is_empty(), "{failed}");
});

/// What is said to belong outside a transaction must be refused inside one, and all else must not.
async fn in_transaction(conn: &mut dyn Connection, sql: &str, is_trial: bool) -> Result<(), String> {
    let class = classify(sql, &conn.dialect().lexicon(&conn.server().await.unwrap()));
    let first = sql.split_ascii_whitespace().next().unwrap_or_default().to_uppercase();
    // A prepared statement outlives a rollback.
    if !is_trial || class.effect != Effect::None || matches!(first.as_str(), "PREPARE" | "DEALLOCATE") {
        return Ok(());
    }
    conn.execute("BEGIN").await.unwrap();
    let outcome = conn.execute(sql).await;
    conn.execute("ROLLBACK").await.unwrap();
    match (class.place, outcome) {
        (Place::Inside, Err(error)) => Err(format!("{sql} isn't for a transaction: {error}")),
        (Place::Outside, Ok(_)) => Err(format!("{sql} may run in a transaction")),
        _ => Ok(()),
    }
}

/// Executes what is sent; the data of a COPY is its statement's.
async fn send(conn: &mut dyn Connection, parts: &mut Vec<Owned>) -> Result<(), String> {
    parts.retain(|(kind, ..)| kind.is_sent());
    let lexicon = conn.dialect().lexicon(&conn.server().await.unwrap());
    let transactions = conn.dialect().transactions(&conn.server().await.unwrap());
    let is_trial = transactions.ddl && !parts.iter().any(|(_, sql, _)| classify(sql, &lexicon).is_control());
    for at in 0..parts.len() {
        let (kind, sql, place) = &parts[at];
        let outcome = match kind {
            PartKind::Data => continue,
            PartKind::Copy => {
                let data = parts.get(at + 1).filter(|(kind, ..)| *kind == PartKind::Data);
                let mut data = data.map(|(_, text, _)| text.clone().into_bytes());
                conn.copy_in(sql, &mut || Ok(data.take())).await
            }
            _ => {
                in_transaction(conn, sql, is_trial).await?;
                conn.execute(sql).await
            }
        };
        outcome.map_err(|error| format!("{place}: {sql}: {error}"))?;
    }
    Ok(())
}
