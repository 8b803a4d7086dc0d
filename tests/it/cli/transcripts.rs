//! Cases of `tests/data/cli`: whole sessions at a shell, with all that the command line says.
//!
//! A case is a folder: a project in `project`, and a `transcript.txt` in which each line with `$` is run by a shell, in a
//! copy of the project, with `DATABASE_URL` set to an empty database. Behind it stands what came to stdout; to stderr, with
//! `2>`; and how it ended, with `?`, unless that was 0. It is the same on every server, but where one has a file of its own
//! (`transcript.mysql.txt`), and for a case whose first line is `# sqlite`, which needs no other. `DUNLIN_BLESS=1` writes what is said
//! now: run it twice, for the first run has all servers write at once. Times, durations, places, the ids of runs and Dunlin's own version are masked.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use dunlin::{DatabaseUrl, SqliteFile};

use super::{dunlin, stderr, stdout};
use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

async fn all(db: &TestDb) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/cli");
    let mut cases: Vec<_> = std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.sort();
    for case in cases {
        let general = case.join("transcript.txt");
        let own = case.join(format!("transcript.{}.txt", name(db.kind)));
        let text = std::fs::read_to_string(if own.exists() { &own } else { &general }).unwrap();
        if text.starts_with("# sqlite\n") && db.kind != Kind::Sqlite {
            continue;
        }
        with_database(db.kind, async |db| {
            let found = play(db, &case.join("project"), &text);
            if std::env::var_os("DUNLIN_BLESS").is_some() {
                let file = if db.kind == Kind::Sqlite { &general } else { &own };
                std::fs::write(file, &found).unwrap();
                if db.kind != Kind::Sqlite && std::fs::read_to_string(&general).unwrap() == found {
                    std::fs::remove_file(&own).unwrap();
                }
                return;
            }
            let (found, text): (Vec<_>, Vec<_>) = (found.lines().collect(), text.lines().collect());
            let first = found.iter().zip(&text).position(|(found, text)| found != text);
            let first = first.unwrap_or(found.len().min(text.len()));
            assert_eq!(found.get(first), text.get(first), "{}, line {}", case.display(), first + 1);
        })
        .await;
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Sqlite => "sqlite",
        Kind::Postgres15 | Kind::Postgres18 => "postgres",
        Kind::Mariadb => "mariadb",
        Kind::Mysql => "mysql",
    }
}

/// Runs the commands of a transcript, and gives the transcript with what they said.
fn play(db: &TestDb, project: &Path, transcript: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    copy(project, folder.path());
    let binary = PathBuf::from(dunlin());
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{path}", binary.parent().unwrap().display());
    if let SqliteFile::Path(file) = DatabaseUrl::parse(&db.url).unwrap().sqlite_file() {
        // An empty one, as it is there on the other servers.
        std::fs::File::create(file).unwrap();
    }
    let mut found = String::new();
    for line in transcript.lines().filter(|line| ["# ", "$ "].iter().any(|mark| line.starts_with(mark))) {
        found += &format!("{line}\n");
        let Some(command) = line.strip_prefix("$ ") else { continue };
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("DATABASE_URL", &db.url)
            .env("USER", "ada")
            .env_remove("DUNLIN_ENV")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        for (mark, text) in [("", stdout(&output)), ("2> ", stderr(&output))] {
            for said in masked(db, folder.path(), &text).lines() {
                found += format!("{mark}{said}").trim_end();
                found += "\n";
            }
        }
        match output.status.code() {
            Some(0) => {}
            code => found += &format!("? {}\n", code.unwrap_or(-1)),
        }
    }
    found
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let from = entry.unwrap().path();
        let to = to.join(from.file_name().unwrap());
        match from.is_dir() {
            true => copy(&from, &to),
            false => assert!(std::fs::copy(&from, &to).is_ok()),
        }
    }
}

/// What differs from run to run, by the same word each time.
fn masked(db: &TestDb, folder: &Path, text: &str) -> String {
    let mut text = text.replace(&db.url, "DATABASE_URL").replace(folder.to_str().unwrap(), "PROJECT");
    if let Some(name) = db.name() {
        text = text.replace(&name, "DATABASE");
    }
    let version = env!("CARGO_PKG_VERSION");
    text = text.replace(&format!("Dunlin {version}"), "Dunlin VERSION");
    text = text.replace(&format!("'{version}'"), "'VERSION'");
    let mut masked = String::new();
    for line in text.split_inclusive('\n') {
        let mut words: Vec<_> = line.split(' ').map(str::to_owned).collect();
        for place in 0..words.len() {
            let word = words[place].trim_end().to_owned();
            let is_number = !word.is_empty() && word.chars().all(|c| c.is_ascii_digit());
            let is_time =
                word.trim_matches(['"', ',']).len() == 27 && word.contains('T') && word.contains("Z");
            if is_uuid(word.trim_matches(['\'', ','])) {
                words[place] = words[place].replace(word.trim_matches(['\'', ',']), "RUN");
            } else if is_number && words.get(place + 1).is_some_and(|next| next.trim_end() == "ms") {
                words[place] = "N".into();
            } else if is_time {
                let bare = word.trim_matches(['"', ',']);
                words[place] = words[place].replace(bare, "TIME");
            }
        }
        masked += &words.join(" ");
    }
    masked
}

fn is_uuid(word: &str) -> bool {
    let groups: Vec<_> = word.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && word.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}

on_every_server!(transcripts, all);
