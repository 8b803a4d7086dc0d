//! What `--sql` prints, run by the server's own client: it makes what a live run makes, history included.

use std::io::Write;
use std::process::{Command, Stdio};

use dunlin::prelude::*;
use dunlin::{Connection, MigrationList, Offline, Runner, assumed, dialect};
use dunlin_tests::{BothWays, Shop, Step};

use crate::dump::dump;
use crate::on_every_server;
use crate::script::client::try_text;
use crate::server::{Kind, TestDb, with_database};

/// A server that nobody asks, of the same kind and version as a database's own; for SQLite of the client's that runs scripts.
pub(crate) async fn server(db: &TestDb) -> Server {
    let server = like(db, &db.open().await.connection().server().await.unwrap());
    Server { version: clients_version(db).unwrap_or(server.version), ..server }
}

/// The same where it was asked.
pub(crate) fn like(db: &TestDb, asked: &Server) -> Server {
    assumed(asked.dialect, Some(asked.version), db.name().as_deref()).unwrap()
}

/// The version of `sqlite3`, where there is one.
fn clients_version(db: &TestDb) -> Option<Version> {
    if db.kind != Kind::Sqlite {
        return None;
    }
    let output = Command::new("sqlite3").arg("--version").output().ok()?;
    String::from_utf8_lossy(&output.stdout).split_whitespace().next().and_then(Version::parse)
}

/// What is written for a database.
async fn script(
    db: &TestDb,
    list: &MigrationList,
    work: impl AsyncFnOnce(&mut Offline<'_>, &mut (dyn Write + Send)) -> dunlin::Result<Vec<String>>,
) -> String {
    let server = server(db).await;
    let mut offline = Offline::new(dialect(server.dialect), server, list);
    let mut text = Vec::new();
    if let Err(error) = work(&mut offline, &mut text).await {
        panic!("{error}: {:?}", error.hint());
    }
    String::from_utf8(text).unwrap()
}

/// The way up of everything.
pub(crate) async fn up(db: &TestDb, list: &MigrationList) -> String {
    script(db, list, async |offline, out| offline.upgrade("base", "heads", out).await).await
}

/// The way down to a revision, or to base.
pub(crate) async fn down(db: &TestDb, list: &MigrationList, to: &str) -> String {
    script(db, list, async |offline, out| offline.downgrade("heads", to, out).await).await
}

/// Runs a script by the server's own client.
pub(crate) async fn run_script(db: &TestDb, text: &str) {
    try_script(db, text).await.unwrap_or_else(|error| panic!("{text}\n{error}"));
}

/// The same, or what the client said was wrong.
async fn try_script(db: &TestDb, text: &str) -> Result<(), String> {
    match db.kind {
        Kind::Sqlite => run_by_sqlite3(db, text),
        _ => try_text(db, text).await,
    }
}

/// A machine without `sqlite3` has the library that it is made of, which knows no commands.
fn run_by_sqlite3(db: &TestDb, text: &str) -> Result<(), String> {
    let path = db.url.trim_start_matches("sqlite://");
    let mut client = Command::new("sqlite3");
    client.args(["-batch", "-init", "/dev/null", path]);
    let client = client.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let Ok(mut client) = client else {
        let conn = dunlin::drivers::rusqlite::Connection::open(path).unwrap();
        let text = text.replacen("\n.bail on\n", "\n", 1);
        return conn.execute_batch(&text).map_err(|error| error.to_string());
    };
    // One that stops reads no more.
    let _ = client.stdin.take().unwrap().write_all(text.as_bytes());
    let output = client.wait_with_output().unwrap();
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// All that history and journal say, but for times, durations, the ids of runs and who ran them.
pub(crate) async fn rows(db: &TestDb) -> String {
    let history = db
        .query(
            "SELECT h.id, h.revision, h.kind, h.checksum, h.tool_version, h.undo_format, h.undo \
             FROM dunlin_history h ORDER BY h.id",
        )
        .await;
    let journal = db
        .query(
            "SELECT j.seq, j.revision, j.direction, j.statement, j.hash, j.sql, j.outcome \
             FROM dunlin_journal j ORDER BY j.seq",
        )
        .await;
    let lines = history.iter().chain(&journal).map(|row| format!("{row:?}\n"));
    let text: String = lines.collect();
    match db.name() {
        Some(name) => text.replace(&name, "database"),
        None => text,
    }
}

/// The server's own dump, whatever the database is called.
pub(crate) async fn dumped(db: &TestDb) -> String {
    let text = dump(db, &[]).await;
    match db.name() {
        Some(name) => text.replace(&name, "database"),
        None => text,
    }
}

#[track_caller]
fn same(found: &str, expected: &str, what: &str) {
    if found != expected {
        let found: Vec<_> = found.lines().collect();
        let expected: Vec<_> = expected.lines().collect();
        let only = |some: &[&str], other: &[&str]| {
            some.iter()
                .filter(|line| !other.contains(line))
                .map(|line| format!("{line}\n"))
                .collect::<String>()
        };
        panic!("{what}\nfound:\n{}\nexpected:\n{}", only(&found, &expected), only(&expected, &found));
    }
}

/// What a script makes is what a live run makes; what it recorded undoes it live; and a script undoes what a live run made.
async fn same_as_live(db: &TestDb, list: &MigrationList) {
    Runner::new(db.open().await.connection(), list).up().await.unwrap_or_else(|error| panic!("{error}"));
    let (live, recorded) = (dumped(db).await, rows(db).await);
    let down = down(db, list, "base").await;
    run_script(db, &down).await;
    let (empty, undone) = (dumped(db).await, rows(db).await);
    with_database(db.kind, async |db| {
        let up = up(db, list).await;
        assert_eq!(up, self::up(db, list).await, "the same revisions give the same script");
        run_script(db, &up).await;
        same(&dumped(db).await, &live, "what a script makes");
        same(&rows(db).await, &recorded, "what a script records");
        Runner::new(db.open().await.connection(), list).downgrade("base").await.unwrap();
        same(&dumped(db).await, &empty, "what is left of it");
        same(&rows(db).await, &undone, "what a live run records of its undoing");
    })
    .await;
}

on_every_server!(a_script_does_what_a_run_does, async |db: &TestDb| {
    same_as_live(db, &Shop::migrations()).await;
});

/// What is hard to write down: quotes, backslashes, what ends a statement, bodies, comments, what no transaction can hold, a table that
/// is built anew, rows changed by hand between operations.
fn hard() -> MigrationList {
    const TEXTS: [&str; 6] = [
        "it's \"quoted\" and `quoted`",
        "back\\slash \\' \\n %",
        "ends; here -- or /* here */ # or here",
        "$$ $1 :name ${name} ?",
        "two\nlines\nDELIMITER //\n.quit\n\\q",
        "ü 🦆",
    ];
    let mut list = MigrationList::new();
    list.push(Step("1_tables", |op: &mut Ops| {
        op.create_table("owners").col("id", integer().primary_key()).col("name", varchar(100).not_null());
        op.create_table("ducks")
            .col("id", integer().primary_key())
            .col("owner_id", integer().references("owners", "id"))
            .col("name", varchar(200).not_null().default("it's \\ a; duck"))
            .col("photo", blob());
        op.bulk_insert("owners", ["id", "name"], [[Value::from(1), Value::from("ada")]]);
    }));
    list.push(Step("2_rows", |op: &mut Ops| {
        for (id, text) in (1..).zip(TEXTS) {
            op.bulk_insert(
                "ducks",
                ["id", "owner_id", "name"],
                [[Value::from(id), Value::from(1), Value::from(text)]],
            );
        }
        let photo = Value::Bytes(vec![0, 39, 92, 255]);
        op.bulk_insert("ducks", ["id", "photo"], [[Value::from(7), photo]]);
        op.on(MYSQL | MARIADB, |op| {
            op.bulk_insert("ducks", ["id", "name"], [[Value::from(8), Value::from("n\0ul")]]);
        });
    }));
    list.push(Step("3_rows_by_hand", |op: &mut Ops| {
        op.execute("UPDATE ducks SET name = 'Donald' WHERE id = 2 -- by hand");
        op.add_column("ducks", "age", integer().not_null().default(3));
    }));
    list.push(Step("4_alter", |op: &mut Ops| {
        op.alter_column("ducks", "name").set_type(varchar(300));
        op.alter_column("owners", "name").nullable();
        op.add_column("owners", "rank", integer());
        op.create_index("ducks", ["age"]).named("by_age").concurrently();
    }));
    list.push(Step("5_body", |op: &mut Ops| {
        op.on(SQLITE, |op| {
            op.execute("CREATE TRIGGER aged AFTER INSERT ON ducks BEGIN UPDATE ducks SET age = 1; UPDATE ducks SET age = 2; END");
        });
        op.on(MYSQL | MARIADB, |op| {
            op.execute("CREATE TRIGGER aged BEFORE INSERT ON ducks FOR EACH ROW BEGIN SET NEW.age = 1; SET NEW.age = 2; END");
        });
        op.on(POSTGRES, |op| {
            op.execute("CREATE FUNCTION aged() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.age := 2; RETURN NEW; END$$");
            op.execute("CREATE TRIGGER aged BEFORE INSERT ON ducks FOR EACH ROW EXECUTE FUNCTION aged()");
        });
        op.create_table("ponds").col("id", integer().primary_key());
    }));
    list.push(Step("6_behind", |op: &mut Ops| {
        op.add_column("ponds", "depth", integer().not_null().default(0));
        op.add_column("ponds", "name", varchar(20).not_null());
    }));
    list
}

on_every_server!(what_is_hard_to_write_is_written, async |db: &TestDb| {
    let list = hard();
    Runner::new(db.open().await.connection(), &list).up().await.unwrap_or_else(|error| panic!("{error}"));
    const ROWS: &str = "SELECT id, owner_id, name, photo, age FROM ducks ORDER BY id";
    let (live, recorded, held) = (dumped(db).await, rows(db).await, db.query(ROWS).await);
    with_database(db.kind, async |db| {
        run_script(db, &up(db, &list).await).await;
        same(&dumped(db).await, &live, "what a script makes");
        same(&rows(db).await, &recorded, "what a script records");
        assert_eq!(db.query(ROWS).await, held);
        // What stands in the way of a script is named, and a database tells what it can't know.
        Runner::new(db.open().await.connection(), &list).downgrade("5_body").await.unwrap();
        let server = server(db).await;
        let (mut database, mut text) = (db.open().await, Vec::new());
        let offline = Offline::new(dialect(server.dialect), server, &list);
        let written = offline.database(database.connection()).upgrade("5_body", "heads", &mut text).await;
        assert_eq!(written.unwrap(), ["6_behind"]);
        run_script(db, &String::from_utf8(text).unwrap()).await;
        same(&dumped(db).await, &live, "what a script makes that saw the database");
    })
    .await;
});

/// A data step of whom nobody has the code in a script.
struct Recount;

#[async_trait::async_trait]
impl DataStep for Recount {
    fn name(&self) -> &str {
        "recount"
    }

    async fn run(&self, _: &mut dyn Connection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        Ok(())
    }
}

/// What can't be written is named with what to do, and nothing is written.
#[tokio::test]
async fn what_cannot_be_written_is_named() {
    let mut list = MigrationList::new();
    list.push(Step("a", |op: &mut Ops| _ = op.create_table("t").col("x", integer())));
    list.push(Step("b", |op: &mut Ops| _ = op.execute("ALTER TABLE t ADD COLUMN y integer")));
    list.push(Step("c", |op: &mut Ops| _ = op.alter_column("t", "x").set_type(bigint())));
    list.push(Step("d", |op: &mut Ops| op.run(Recount)));
    list.push(Step("e", |op: &mut Ops| _ = op.create_table("u").col("x", integer())));
    list.push(BothWays(
        "f",
        |op: &mut Ops| _ = op.execute("DROP TABLE t"),
        |op: &mut Ops| op.irreversible("t is gone"),
    ));
    for (from, to, says, advises) in [
        (
            "base",
            "c",
            "revision c: whether and how table t is there isn't known behind the SQL of revision b",
            "--schema",
        ),
        ("c", "d", "revision d: data step recount is code", "apply it with a connection"),
        ("f", "b", "revision f: can't be undone: t is gone", ""),
        ("b", "a", "b:a goes down, and this is an upgrade", "`dunlin downgrade b:a --sql`"),
        ("nonsense", "f", "nonsense", ""),
    ] {
        let server = assumed(DialectId::Mysql, None, None).unwrap();
        let (mut offline, mut text) = (Offline::new(dialect(server.dialect), server, &list), Vec::new());
        let written = match (from, to) {
            ("f", _) => offline.downgrade(from, to, &mut text).await,
            _ => offline.upgrade(from, to, &mut text).await,
        };
        let error = written.expect_err(says);
        assert!(error.to_string().contains(says), "{error}");
        assert!(error.hint().unwrap_or_default().contains(advises), "{:?}", error.hint());
        assert!(text.is_empty() && error.state() == "nothing was changed", "{}", error.state());
    }
    // Neither a step nor SQL keeps what comes behind from being written.
    let server = assumed(DialectId::Mysql, None, None).unwrap();
    let mut offline = Offline::new(dialect(server.dialect), server, &list);
    assert_eq!(offline.upgrade("d", "e", &mut Vec::new()).await.unwrap(), ["e"]);
    assert_eq!(offline.downgrade("e", "d", &mut Vec::new()).await.unwrap(), ["e"]);
    assert!(offline.upgrade("e", "e", &mut Vec::new()).await.unwrap().is_empty());
}

on_every_server!(a_script_says_what_is_applied, async |db: &TestDb| {
    let list = Shop::migrations();
    let ids: Vec<_> = list.iter().map(|migration| migration.id().to_owned()).collect();
    let stamp = |from: &'static str, to: &'static str| {
        let list = &list;
        async move { script(db, list, async |offline, out| offline.stamp(from, to, false, out).await).await }
    };
    run_script(db, &stamp("base", "head").await).await;
    let (stamped, all) = (rows(db).await, stamp("head", "head-2").await);
    run_script(db, &all).await;
    let mut conn = db.open().await;
    let applied = Runner::new(conn.connection(), &list).status().await.unwrap();
    let applied: Vec<_> = applied.iter().filter(|status| status.state == dunlin::State::Applied).collect();
    assert_eq!(applied.iter().map(|status| status.id.clone()).collect::<Vec<_>>(), ids[..3]);
    with_database(db.kind, async |db| {
        Runner::new(db.open().await.connection(), &list).stamp("head", false).await.unwrap();
        same(&stamped, &rows(db).await, "what a script stamps");
    })
    .await;
});

// A script that isn't run where it begins changes nothing: neither again, nor where what it stands on isn't there, nor under what
// came later.
on_every_server!(a_script_runs_only_where_it_begins, async |db: &TestDb| {
    let list = Shop::migrations();
    let ids: Vec<_> = list.iter().map(|migration| migration.id().to_owned()).collect();
    let (first, second) = (ids[0].as_str(), ids[1].as_str());
    let up_to = async |from: &str, to: &str| {
        script(db, &list, async |offline, out| offline.upgrade(from, to, out).await).await
    };
    run_script(db, &up_to("base", first).await).await;
    let next = up_to(first, second).await;
    let later = up_to(second, &ids[2]).await;
    let back = script(db, &list, async |offline, out| offline.downgrade(second, first, out).await).await;
    let stamp =
        script(db, &list, async |offline, out| offline.stamp(second, &ids[2], false, out).await).await;

    let refused = async |text: &str, says: &str| {
        let before = (rows(db).await, dumped(db).await);
        let error = try_script(db, text).await.expect_err(text);
        // MySQL's and MariaDB's clients tell the error alone.
        if !matches!(db.kind, Kind::Mysql | Kind::Mariadb) {
            assert!(error.contains(says), "{error}");
        }
        assert!(text.contains(says), "{text}");
        same(&dumped(db).await, &before.1, says);
        same(&rows(db).await, &before.0, says);
    };
    let lacks = format!("it lacks {second}");
    for text in [&later, &back, &stamp] {
        refused(text, &lacks).await;
    }
    run_script(db, &next).await;
    refused(&next, &format!("it has {second}")).await;
    refused(&up_to("base", first).await, "dunlin").await;
    run_script(db, &later).await;
    refused(&back, &format!("it has {}", ids[2])).await;
    refused(&stamp, &format!("it has {}", ids[2])).await;
});

/// A script stops where something fails, and what failed leaves nothing.
#[tokio::test]
async fn a_script_stops_at_an_error() {
    with_database(Kind::Sqlite, async |db| {
        let list = hard();
        db.execute(&["CREATE TABLE ponds (id integer)"]).await;
        let failed = run_by_sqlite3(db, &up(db, &list).await);
        assert!(failed.is_err_and(|error| error.contains("ponds")));
        let applied = db.query("SELECT revision FROM dunlin_history ORDER BY id").await;
        assert_eq!(applied.len(), 4, "{applied:?}");
        assert!(db.query("SELECT name FROM sqlite_schema WHERE name = 'aged'").await.is_empty());
    })
    .await;
}
