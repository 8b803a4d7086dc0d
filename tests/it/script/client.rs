//! The servers' own clients as judges: a script that a client runs and the same script divided by Dunlin make the same database,
//! and what the servers' own programs dump can be run.

use std::process::{Command, Stdio};

use dunlin::{Connect as _, DatabaseUrl, Lexicon};

use super::{Case, parts, send};
use crate::dump::dump;
use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

on_every_server!(a_client_makes_the_same_of_a_script, async |db: &TestDb| {
    let (dialect, lexicon) = lexicon(db).await;
    for case in Case::all(dialect).into_iter().filter(|case| parts(&case.script, &lexicon, 1024).1.is_none())
    {
        let theirs = made(db.kind, async |db| run_by_client(db, &case).await).await;
        let ours = made(db.kind, async |db| divide_and_run(db, &case.script, &lexicon).await).await;
        assert_eq!(ours, theirs, "{}", case.name());
    }
});

on_every_server!(a_dump_is_a_script, async |db: &TestDb| {
    let (dialect, lexicon) = lexicon(db).await;
    if db.kind == Kind::Sqlite {
        return;
    }
    for case in Case::all(dialect).into_iter().filter(|case| parts(&case.script, &lexicon, 1024).1.is_none())
    {
        let mut dumped = Vec::new();
        let original = made(db.kind, async |db| {
            divide_and_run(db, &case.script, &lexicon).await;
            dumped = dump_by_client(db);
        })
        .await;
        let copy = made(db.kind, async |db| divide_and_run(db, &dumped, &lexicon).await).await;
        assert_eq!(copy, original, "{}: {}", case.name(), String::from_utf8_lossy(&dumped));
    }
});

async fn lexicon(db: &TestDb) -> (dunlin::DialectId, Lexicon) {
    let mut database = db.open().await;
    let conn = database.connection();
    let server = conn.server().await.unwrap();
    (server.dialect, conn.dialect().lexicon(&server))
}

/// What a database of its own holds after it was filled, by its server's words.
async fn made(kind: Kind, fill: impl AsyncFnOnce(&TestDb)) -> String {
    let mut text = String::new();
    with_database(kind, async |db| {
        fill(db).await;
        text = dump(db, &[]).await;
        if let Some(name) = db.name() {
            text = text.replace(&name, "database");
            // Clients leave a line's CR out.
            text = text.replace('\r', "");
            // MySQL keeps the semicolon behind a body that it found in a message of several statements.
            text = text.replace("; |", " |");
            // A routine keeps the collation of the session that made it.
            text = text.replace("utf8mb4_general_ci", "utf8mb4_0900_ai_ci");
        }
    })
    .await;
    text
}

/// Runs a script as Dunlin divides it.
async fn divide_and_run(db: &TestDb, script: &[u8], lexicon: &Lexicon) {
    let (mut parts, error) = parts(script, lexicon, 1024);
    assert!(error.is_none(), "{}\n{}", error.unwrap(), String::from_utf8_lossy(script));
    let mut database = db.open().await;
    send(&mut *database.connect(), &mut parts).await.unwrap();
}

/// What MySQL's and MariaDB's clients cut in pieces: bodies without DELIMITER, and comments for another server with a semicolon in
/// them. Such a script goes to the server in one message, which it divides by itself.
const BEYOND_CLIENTS: [&str; 7] = [
    "bare_blocks.sql",
    "executable_body.sql",
    "names.sql",
    "or_replace.sql",
    "oracle.sql",
    "version_comments.sql",
    "without_delimiter.sql",
];

/// Runs a script by the server's own client.
async fn run_by_client(db: &TestDb, case: &Case) {
    let text = String::from_utf8_lossy(&case.script);
    match db.kind {
        Kind::Mariadb | Kind::Mysql if BEYOND_CLIENTS.contains(&case.name().as_str()) => {
            _ = db.open().await.connection().execute(&text).await.unwrap();
        }
        _ => run_text(db, &text).await,
    }
}

/// Runs a text by the server's own client.
pub(crate) async fn run_text(db: &TestDb, text: &str) {
    try_text(db, text).await.unwrap_or_else(|error| panic!("{text}\n{error}"));
}

/// The same, or what the client said was wrong.
pub(crate) async fn try_text(db: &TestDb, text: &str) -> Result<(), String> {
    let mut command = match db.kind {
        Kind::Sqlite => {
            let path = db.url.trim_start_matches("sqlite://");
            let conn = dunlin::drivers::rusqlite::Connection::open(path).unwrap();
            return conn
                .execute_batch(text.trim_start_matches('\u{feff}').trim_end_matches('\u{1a}'))
                .map_err(|error| error.to_string());
        }
        Kind::Mariadb => client("DUNLIN_TEST_MARIADB_CLIENT", db),
        Kind::Mysql => client("DUNLIN_TEST_MYSQL_CLIENT", db),
        Kind::Postgres15 | Kind::Postgres18 => {
            let mut command = program("DUNLIN_TEST_PSQL");
            command.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", "-", &db.url]);
            command
        }
    };
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    // One that stops reads no more.
    let written = std::io::Write::write_all(&mut child.stdin.take().unwrap(), text.as_bytes());
    let output = child.wait_with_output().unwrap();
    match (output.status.success(), written) {
        (true, Ok(())) => Ok(()),
        (true, Err(error)) => Err(error.to_string()),
        (false, _) => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn dump_by_client(db: &TestDb) -> Vec<u8> {
    let mut command = match db.kind {
        Kind::Mariadb => client("DUNLIN_TEST_MARIADB_DUMP", db),
        Kind::Mysql => client("DUNLIN_TEST_MYSQLDUMP", db),
        Kind::Postgres18 => program("DUNLIN_TEST_PG_DUMP18"),
        _ => program("DUNLIN_TEST_PG_DUMP15"),
    };
    match db.kind.is_postgres() {
        true => command.arg(&db.url),
        false => command.args(["--routines", "--triggers", "--events"]),
    };
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn client(variable: &str, db: &TestDb) -> Command {
    let url = DatabaseUrl::parse(&db.url).unwrap();
    let mut command = program(variable);
    command.args(["--no-defaults", "--protocol=tcp", "--default-character-set=utf8mb4"]);
    command.args(["--host", url.host().unwrap(), "--user", url.user().unwrap()]);
    command.arg(format!("--port={}", url.port().unwrap())).arg(url.database().unwrap());
    command
}

fn program(variable: &str) -> Command {
    let program = std::env::var(variable);
    Command::new(
        program
            .unwrap_or_else(|_| panic!("{variable} isn't set: run scripts/test, which starts the servers")),
    )
}
