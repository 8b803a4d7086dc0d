//! Folders of `tests/data/layout`: a history in each tool's layout, with the oddities that real ones have.
//!
//! `listing.txt` beside `files` is what is read there: ids, order, transactions, the parts of files. `servers.txt` names the
//! servers that its SQL is for: there it goes up as a script for the server's own client, down as far as there is a way, and up again;
//! and a live run must record what the script does, and make what the client makes of the ways up, in the order that `order.txt` has, which was written by hand from the tool's rules. A file that the
//! client can't divide, for it has bodies without DELIMITER, is in `client` as it can. The folders of `mysql` are for its servers.
//! `DUNLIN_BLESS=1` writes the listings anew, `DUNLIN_CASE=part` takes the tools whose names begin so.

mod programs;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use dunlin::script::layout::{Directory, Format, Listed, Listing};
use dunlin::script::{Script, Transaction};
use dunlin::{DialectId, Lexicon, MigrationList, Runner};

use crate::dump::dump;
use crate::offline;
use crate::script::client::run_text;
use crate::script::lexicon;
use crate::server::{Kind, TestDb, with_database};

/// How many revisions a folder must have.
const AT_LEAST: usize = 12;

/// The folders, each with its layout.
fn folders() -> Vec<(Format, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/layout");
    let part = std::env::var("DUNLIN_CASE").unwrap_or_default();
    let named = Format::ALL.into_iter().filter(|format| format.as_str().starts_with(&part));
    let all = named.flat_map(|format| {
        [root.join(format.as_str()), root.join("mysql").join(format.as_str())].map(|folder| (format, folder))
    });
    let found: Vec<_> = all.filter(|(_, folder)| folder.exists()).collect();
    assert!(!found.is_empty(), "no tool's name begins with {part}");
    found
}

/// How a folder's SQL reads.
fn reads(folder: &Path) -> Lexicon {
    let is_mysql = folder.parent().is_some_and(|root| root.ends_with("mysql"));
    lexicon(if is_mysql { DialectId::Mysql } else { DialectId::Postgres })
}

fn read(folder: &Path, format: Option<Format>, lexicon: &Lexicon) -> Listing {
    let read = Listing::read(&Directory::new(folder.join("files")), format, lexicon);
    read.unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

/// A listing as text.
fn text(listing: &Listing) -> String {
    let mut text = String::new();
    for (kind, listed) in [("", &listing.revisions), ("repeatable ", &listing.repeatables)] {
        for listed in listed {
            write(&mut text, kind, listed);
        }
    }
    for ignored in &listing.ignored {
        writeln!(text, "ignored {}: {}", ignored.path, ignored.reason).unwrap();
    }
    for note in &listing.notes {
        writeln!(text, "note {note}").unwrap();
    }
    text
}

fn write(text: &mut String, kind: &str, listed: &Listed) {
    let revision = &listed.revision;
    writeln!(text, "{kind}{}", revision.id).unwrap();
    let message = revision.message.as_deref().unwrap_or("-");
    writeln!(text, "  version {}, about {message}, {}", listed.version, revision.checksum).unwrap();
    let ways =
        [("up", Some(&revision.up)), ("down", revision.down.as_ref()), ("verify", listed.verify.as_ref())];
    for (name, way) in ways {
        if let Some(way) = way {
            writeln!(text, "  {name} {}", describe(way)).unwrap();
        }
    }
    for (name, ids) in [
        ("revises", revision.revises.as_deref()),
        ("depends on", Some(revision.depends_on.as_slice()).filter(|ids| !ids.is_empty())),
        ("branch labels", Some(revision.branch_labels.as_slice()).filter(|ids| !ids.is_empty())),
    ] {
        if let Some(ids) = ids {
            writeln!(text, "  {name} [{}]", ids.join(", ")).unwrap();
        }
    }
    if listed.revision.may_be_late {
        text.push_str("  may be late\n");
    }
    if let Some(reason) = &revision.cannot_run {
        writeln!(text, "  cannot run: {reason}").unwrap();
    }
}

fn describe(way: &Script) -> String {
    let section = way.section();
    let transaction = match way.transaction() {
        Transaction::Revision => "",
        Transaction::None => ", in no transaction",
        Transaction::Own | Transaction::Bare => ", in its own transactions",
    };
    let empty = if section.has_statements { "" } else { ", nothing" };
    format!("{} {} to {}{transaction}{empty}", way.file(), section.start, section.end)
}

#[test]
fn folders_are_read_as_expected() {
    let mut differ = Vec::new();
    for (format, folder) in folders() {
        let listing = read(&folder, Some(format), &reads(&folder));
        assert!(listing.revisions.len() >= AT_LEAST, "{format}: {}", listing.revisions.len());
        let (found, file) = (text(&listing), folder.join("listing.txt"));
        if std::env::var_os("DUNLIN_BLESS").is_some() {
            std::fs::write(&file, &found).unwrap();
        } else if std::fs::read_to_string(&file).unwrap_or_default() != found {
            differ.push(format!("{}:\n{found}", file.display()));
        }
    }
    assert!(differ.is_empty(), "{}\nDUNLIN_BLESS=1 writes them anew", differ.join("\n"));
}

// A folder that its own tool's layout is not found for would run something else.
#[test]
fn layouts_are_found_without_their_names() {
    for (format, folder) in folders() {
        let lexicon = reads(&folder);
        let found = Listing::read(&Directory::new(folder.join("files")), None, &lexicon);
        match (format, found) {
            // A file beside the tool's own says that it is none of sqlx's or golang-migrate's folders: nothing is guessed.
            (_, Ok(found)) if found.format == format => {
                assert_eq!(text(&found), text(&read(&folder, Some(format), &lexicon)), "{format}");
            }
            (Format::Refinery, Err(error)) => {
                assert!(error.hint().is_some_and(|hint| hint.contains("format")))
            }
            (Format::GolangMigrate | Format::Sqlx, _) => {}
            (_, found) => panic!("{format}: {:?}", found.map(|listing| listing.format)),
        }
    }
}

/// Runs each folder for a kind of server.
async fn run(kind: Kind) {
    let name = format!("{kind:?}").to_ascii_lowercase();
    for (format, folder) in folders() {
        let servers = std::fs::read_to_string(folder.join("servers.txt")).unwrap();
        if servers.lines().any(|server| server == name) {
            let (mut script, mut live) = (String::new(), String::new());
            let (mut ours, mut theirs) = (String::new(), String::new());
            with_database(kind, async |db| script = up_and_down(db, format, &folder).await).await;
            with_database(kind, async |db| (live, ours) = made_by_dunlin(db, format, &folder).await).await;
            assert_eq!(script, live, "{format}");
            with_database(kind, async |db| theirs = made_by_client(db, &folder).await).await;
            assert_eq!(ours, theirs, "{format}");
        }
    }
}

/// A folder as what the runner takes.
async fn list(db: &TestDb, format: Format, folder: &Path) -> (Listing, MigrationList) {
    let mut database = db.open().await;
    let server = database.connection().server().await.unwrap();
    let lexicon = database.connection().dialect().lexicon(&server);
    drop(database);
    let listing = read(folder, Some(format), &lexicon);
    let mut list = MigrationList::new();
    for listed in &listing.revisions {
        list.push(listed.revision.clone());
    }
    for listed in &listing.repeatables {
        list.push_repeatable(listed.revision.clone());
    }
    (listing, list)
}

/// Gives what the script has recorded.
async fn up_and_down(db: &TestDb, format: Format, folder: &Path) -> String {
    let (listing, list) = list(db, format, folder).await;
    let up = async || {
        let run = Runner::new(db.open().await.connection(), &list).up().await;
        run.unwrap_or_else(|error| panic!("{format}: {error}"))
    };
    offline::run_script(db, &offline::up(db, &list).await).await;
    let recorded = offline::rows(db).await;
    assert!(up().await.is_empty(), "{format}");
    // sqlite3 leaves a line's CR out.
    let made = dump(db, &[]).await.replace('\r', "");
    // The last that has no way down stays, with what is before it.
    let last = listing.revisions.iter().rposition(|listed| listed.revision.down.is_none());
    let target = last.map_or("base", |last| &listing.revisions[last].revision.id);
    let down = Runner::new(db.open().await.connection(), &list).downgrade(target).await;
    let down = down.unwrap_or_else(|error| panic!("{format}: {error}"));
    assert_eq!(down.ids().count(), listing.revisions.len() - last.map_or(0, |last| last + 1), "{format}");
    up().await;
    assert_eq!(dump(db, &[]).await.replace('\r', ""), made, "{format}");
    recorded
}

/// What is recorded, and what is made.
async fn made_by_dunlin(db: &TestDb, format: Format, folder: &Path) -> (String, String) {
    let (listing, list) = list(db, format, folder).await;
    let report = Runner::new(db.open().await.connection(), &list).up().await.unwrap();
    assert_eq!(report.ids().count(), listing.revisions.len() + listing.repeatables.len(), "{format}");
    let recorded = offline::rows(db).await;
    db.execute(&["DROP TABLE dunlin_history", "DROP TABLE dunlin_journal"]).await;
    (recorded, made(db).await)
}

async fn made_by_client(db: &TestDb, folder: &Path) -> String {
    for path in std::fs::read_to_string(folder.join("order.txt")).unwrap().lines() {
        let for_client = folder.join("client").join(path);
        let file = if for_client.exists() { for_client } else { folder.join("files").join(path) };
        run_text(db, &way_up(&std::fs::read_to_string(file).unwrap())).await;
    }
    made(db).await
}

/// What a database holds: its definitions, and some of its rows.
async fn made(db: &TestDb) -> String {
    let rows = [
        "SELECT id, name, email FROM users ORDER BY id",
        "SELECT id, name, price FROM products ORDER BY id",
        "SELECT id, label FROM tags ORDER BY id",
    ];
    let mut text = dump(db, &[]).await.replace('\r', "");
    if let Some(name) = db.name() {
        text = text.replace(&name, "database");
        // MySQL keeps the semicolon behind a body, and a routine the collation of the session that made it.
        text = text.replace("; |", " |").replace("utf8mb4_general_ci", "utf8mb4_0900_ai_ci");
    }
    // The table that SQLite keeps for AUTOINCREMENT stays behind Dunlin's own.
    text = text
        .lines()
        .filter(|line| !line.contains("sqlite_sequence"))
        .map(|line| format!("{line}\n"))
        .collect();
    for sql in rows {
        writeln!(text, "{:?}", db.query(sql).await).unwrap();
    }
    text
}

/// The way up in a file that has both. No other file has such lines.
fn way_up(text: &str) -> String {
    let mut is_up = true;
    let mut up = String::new();
    for line in text.lines() {
        let words: String = line.to_ascii_lowercase().split_whitespace().collect();
        match words.as_str() {
            "--+goosedown" | "--migrate:down" | "--migrate:downtransaction:false" | "--dunlin:down" => {
                is_up = false
            }
            "--+gooseup" | "--dunlin:up" => is_up = true,
            _ if is_up => up.extend([line, "\n"]),
            _ => {}
        }
    }
    // SQLite keeps what stands behind a statement that no semicolon ends.
    up.trim_end().to_owned()
}

#[tokio::test]
async fn folders_run_on_sqlite() {
    run(Kind::Sqlite).await;
}

#[tokio::test]
async fn folders_run_on_mariadb() {
    run(Kind::Mariadb).await;
}

#[tokio::test]
async fn folders_run_on_mysql() {
    run(Kind::Mysql).await;
}

#[tokio::test]
async fn folders_run_on_postgres15() {
    run(Kind::Postgres15).await;
}

#[tokio::test]
async fn folders_run_on_postgres18() {
    run(Kind::Postgres18).await;
}
