//! Cases of `tests/data/render`: what operations are rendered to, on every server, and whether the server agrees.
//!
//! A case is a folder. Beside its `case.json` stands what each server is sent: `sqlite.sql`, `postgres.sql`
//! (`postgres18.sql` where that differs), `mysql.sql`, `mariadb.sql`; or, as a remark, why it is refused and what to do
//! instead. Where it can't be written as a script without a look at the database, a remark says so. Every statement is executed on its real server, in a database with nothing else in it; then all is undone, and must
//! be as it was: by what Dunlin reads, and by the server's own dump of everything (`dump.rs`). Where there is no way back, a
//! remark says why. `DUNLIN_BLESS=1` writes the files anew, `DUNLIN_CASE=part` runs the cases whose names begin so.
//!
//! | `case.json` | |
//! |---|---|
//! | `setup` | operations that come before |
//! | `ops` | those that are looked at |
//! | `roles` | who must exist: `app` is a role; `app@localhost` is a user, and on MySQL and MariaDB alone |
//! | `dump_differs` | why a server's dump isn't as it was after the undo, by server: `{"sqlite": ".."}`. `postgres` stands for both versions; `postgres15` and `postgres18` are one. Where it is as it was after all, the case fails |
//! | `script_differs` | why a script has other statements than a run, in the same way |

mod offline;

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};

use dunlin::prelude::*;
use dunlin::{Connect, Connection};
use futures_util::FutureExt;

use crate::dump::{dump, dump_of};
use crate::on_every_server;
use crate::server::{Kind, TestDb, execute_statement, sorted, with_database};

/// A case, as its folder has it.
struct Case {
    folder: PathBuf,
    setup: Vec<Op>,
    ops: Vec<Op>,
    roles: Vec<String>,
    dump_differs: Differs,
    script_differs: Differs,
}

/// Why something isn't as it would be, by server.
type Differs = BTreeMap<String, String>;

impl Case {
    fn all() -> Vec<Case> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/render");
        let mut folders: Vec<_> =
            std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
        folders.sort();
        folders.into_iter().map(Self::read).collect()
    }

    fn read(folder: PathBuf) -> Self {
        let wrong = |error: &dyn std::fmt::Display| -> ! { panic!("{}: {error}", folder.display()) };
        let json = std::fs::read_to_string(folder.join("case.json")).unwrap_or_else(|error| wrong(&error));
        let mut parts: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&json).unwrap_or_else(|error| wrong(&error));
        let mut ops = |key: &str| -> Vec<Op> {
            let ops = parts.remove(key).unwrap_or_else(|| wrong(&format!("it has no {key}")));
            serde_json::from_value(ops).unwrap_or_else(|error| wrong(&error))
        };
        let (setup, ops) = (ops("setup"), ops("ops"));
        let roles = parts.remove("roles").map(serde_json::from_value).transpose();
        let mut differs = |key: &str| -> Differs {
            let differs = parts.remove(key).map(serde_json::from_value).transpose();
            differs.unwrap_or_else(|error| wrong(&error)).unwrap_or_default()
        };
        let (dump_differs, script_differs) = (differs("dump_differs"), differs("script_differs"));
        if let Some(key) = parts.keys().next() {
            wrong(&format!("nothing is known of {key}"));
        }
        Self {
            setup,
            ops,
            roles: roles.unwrap_or_else(|error| wrong(&error)).unwrap_or_default(),
            dump_differs,
            script_differs,
            folder: folder.clone(),
        }
    }

    fn name(&self) -> String {
        self.folder.file_name().unwrap().to_str().unwrap().to_owned()
    }

    /// Compares with the file for this server, or writes it.
    fn compare(&self, kind: Kind, found: &str) -> Result<(), String> {
        let general = match kind {
            Kind::Sqlite => "sqlite.sql",
            Kind::Postgres15 | Kind::Postgres18 => "postgres.sql",
            Kind::Mariadb => "mariadb.sql",
            Kind::Mysql => "mysql.sql",
        };
        let own = self.folder.join("postgres18.sql");
        let file = self.folder.join(general);
        let expected = |file: &Path| std::fs::read_to_string(file).unwrap_or_default();
        if std::env::var_os("DUNLIN_BLESS").is_some() {
            std::fs::write(if kind == Kind::Postgres18 { &own } else { &file }, found).unwrap();
            // The two versions of PostgreSQL are tested at the same time, in no order.
            if kind.is_postgres() && expected(&own) == expected(&file) {
                let _ = std::fs::remove_file(own);
            }
            return Ok(());
        }
        let file = if kind == Kind::Postgres18 && own.exists() { own } else { file };
        match expected(&file) {
            expected if expected == found => Ok(()),
            expected => {
                Err(format!("{} expects\n{expected}\nand this was rendered:\n{found}", file.display()))
            }
        }
    }
}

/// What is said for this server.
fn said(differs: &Differs, kind: Kind) -> Option<&String> {
    let names: &[&str] = match kind {
        Kind::Sqlite => &["sqlite"],
        Kind::Postgres15 => &["postgres15", "postgres"],
        Kind::Postgres18 => &["postgres18", "postgres"],
        Kind::Mariadb => &["mariadb"],
        Kind::Mysql => &["mysql"],
    };
    names.iter().find_map(|name| differs.get(*name))
}

/// What a case is about, as it is now.
async fn read(conn: &mut dyn Connection, names: &[ObjectId]) -> Schema {
    sorted(conn.dialect().introspect(conn, names).await.unwrap())
}

/// What operations are about, under every name that it has before, between and after them. What belongs to a table or
/// a view is read with it.
fn names(ops: &[Op]) -> Vec<ObjectId> {
    fn collect(ops: &[Op], names: &mut BTreeSet<ObjectId>) {
        for op in ops {
            names.extend(op.object());
            match op {
                Op::RenameTable { to, .. } | Op::RenameObject { to, .. } => {
                    names.extend(op.object().map(|id| id.renamed(to)));
                }
                Op::SetSchema { schema, .. } => {
                    names.extend(op.object().map(|id| id.moved(schema.as_deref())));
                }
                Op::CreateTable { table, .. } => {
                    names.extend(table.inherits.iter().map(ObjectId::table));
                    names.extend(table.partition_of.iter().map(|of| ObjectId::table(&of.parent)));
                }
                Op::AlterTable {
                    change:
                        TableChange::Attach { partition: other, .. }
                        | TableChange::Detach { partition: other, .. }
                        | TableChange::Inherit(other)
                        | TableChange::NoInherit(other),
                    ..
                } => {
                    names.insert(ObjectId::table(other));
                }
                Op::On { ops, .. } => collect(ops, names),
                _ => {}
            }
        }
    }
    let mut names = BTreeSet::new();
    collect(ops, &mut names);
    let with_owner = |id: &ObjectId| {
        let owners = [ObjectKind::Table, ObjectKind::View, ObjectKind::MaterializedView];
        id.on.as_ref().is_some_and(|on| owners.iter().any(|kind| names.contains(&ObjectId::new(*kind, on))))
    };
    names.iter().filter(|id| !with_owner(id)).cloned().collect()
}

/// Renders operations against what is there, and gives the statements and what undoes them, or why nothing does.
async fn rendered(
    conn: &mut dyn Connection,
    ops: &[Op],
) -> Result<(Vec<Statement>, Result<Vec<Op>, Irreversible>), Unsupported> {
    let server = conn.server().await.unwrap();
    let dialect = conn.dialect();
    let before = dialect.before(conn, &Op::select(ops, server.dialect)).await.unwrap();
    let lowered = dialect.lower_ops(ops, &before, &server)?;
    let statements = dialect.render(&lowered, &before, &server)?;
    Ok((statements, reverse_all(&lowered, &before)))
}

async fn execute(conn: &mut dyn Connection, statements: &[Statement]) -> Result<(), String> {
    for statement in statements {
        let sql = &statement.sql;
        let ran = execute_statement(conn, statement).await;
        ran.map_err(|error| format!("the server refuses {sql}\n: {error}"))?;
    }
    Ok(())
}

async fn check(db: &TestDb, case: &Case) -> Result<(), String> {
    let mut database = db.open().await;
    let conn = &mut *database.connect();
    prepare(conn).await;
    let setup = match rendered(conn, &case.setup).await {
        Ok((setup, _)) => setup,
        // What isn't there can't be changed either.
        Err(error) => {
            let server = conn.server().await.unwrap();
            return case.compare(db.kind, &refusal("setup: ", &error, &server));
        }
    };
    execute(conn, &setup).await?;
    let names = names(&[case.setup.clone(), case.ops.clone()].concat());
    let schemas: Vec<_> = names
        .iter()
        .filter_map(|id| match id.kind {
            ObjectKind::Schema => Some(id.name.name.clone()),
            _ => id.name.schema.clone(),
        })
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let made_by: String = setup.iter().map(ToString::to_string).collect();
    let outcome = compared(db, conn, case, &names, &schemas, &made_by).await;
    // What isn't in the case's own database must go by itself.
    if !db.kind.is_transactional() {
        for schema in schemas {
            execute_text(conn, "DROP DATABASE IF EXISTS {}", &schema).await;
        }
    }
    outcome
}

/// Renders, executes and undoes what a case is about.
async fn compared(
    db: &TestDb,
    conn: &mut dyn Connection,
    case: &Case,
    names: &[ObjectId],
    schemas: &[String],
    made_by: &str,
) -> Result<(), String> {
    let before = read(conn, names).await;
    let rendered = rendered(conn, &case.ops).await;
    let apart =
        offline::compared(db, conn, case, rendered.as_ref().map(|(statements, _)| &**statements)).await?;
    let (statements, undo) = match rendered {
        Ok(rendered) => rendered,
        Err(error) => {
            let server = conn.server().await.unwrap();
            return case.compare(db.kind, &(refusal("", &error, &server) + &apart));
        }
    };
    let mut text: String = statements.iter().map(|statement| format!("{statement}\n")).collect();
    // Some operations can't be undone, and say so; there is nothing to compare then.
    let undo = undo.unwrap_or_else(|irreversible| {
        text += &format!("-- {irreversible}\n");
        Vec::new()
    });
    text += &apart;
    // The database is called differently in each run, and MySQL puts its name into texts.
    let text = db.name().map_or(text.clone(), |name| text.replace(&name, "dunlin_test"));
    case.compare(db.kind, &text)?;
    let dumped = if undo.is_empty() { String::new() } else { dump_of(db, schemas, made_by).await };
    execute(conn, &statements).await?;
    if undo.is_empty() {
        return Ok(());
    }
    for part in Op::parts(&undo) {
        let (statements, _) =
            self::rendered(conn, part).await.map_err(|error| format!("undoing: {error}"))?;
        execute(conn, &statements).await.map_err(|error| format!("undoing: {error}"))?;
    }
    let after = read(conn, names).await;
    if after != before {
        let [before, after] = [before, after].map(|schema| format!("{schema:#?}"));
        return Err(format!("undone, it reads\n{}", differences(&before, &after)));
    }
    let after = dump(db, schemas).await;
    match (said(&case.dump_differs, db.kind), after == dumped) {
        (None, true) | (Some(_), false) => Ok(()),
        (None, false) => Err(format!("undone, the server's dump has\n{}", differences(&dumped, &after))),
        (Some(why), true) => Err(format!("dump_differs says {why:?}, and the dump is as it was")),
    }
}

/// Two texts from the first line in which they differ to the last: with a minus what was before, with a plus what is now.
fn differences(before: &str, after: &str) -> String {
    let (before, after): (Vec<_>, Vec<_>) = (before.lines().collect(), after.lines().collect());
    let common = before.iter().zip(&after).take_while(|(was, is)| was == is).count();
    let (before, after) = (&before[common..], &after[common..]);
    let tail = before.iter().rev().zip(after.iter().rev()).take_while(|(was, is)| was == is).count();
    let signed =
        |sign, lines: &[&str]| lines.iter().map(|line| format!("{sign} {line}\n")).collect::<String>();
    signed("-", &before[..before.len() - tail]) + &signed("+", &after[..after.len() - tail])
}

/// As in a run: what dialects want set is set.
async fn prepare(conn: &mut dyn Connection) {
    let server = conn.server().await.unwrap();
    for setting in conn.dialect().session(&server) {
        let quoted = conn.dialect().literal(&Value::Text(setting.value.clone()), &server).unwrap();
        let value = if setting.value.parse::<i64>().is_ok() { setting.value.clone() } else { quoted };
        conn.execute(&setting.set.replace("{}", &value)).await.unwrap();
    }
}

/// Makes or drops those that a case grants to.
async fn each_role(db: &TestDb, case: &Case, on_postgres: &[&str], elsewhere: &[&str]) {
    if case.roles.is_empty() {
        return;
    }
    let mut database = db.open().await;
    let conn = database.connection();
    for role in &case.roles {
        match (db.kind, role.rsplit_once('@')) {
            (Kind::Sqlite, _) | (Kind::Postgres15 | Kind::Postgres18, Some(_)) => {}
            (Kind::Postgres15 | Kind::Postgres18, None) => {
                for sql in on_postgres {
                    execute_text(conn, sql, role).await;
                }
            }
            (Kind::Mariadb | Kind::Mysql, None) => {
                for sql in elsewhere {
                    execute_text(conn, &sql.replace("{kind}", "ROLE"), role).await;
                }
            }
            (Kind::Mariadb | Kind::Mysql, Some((user, host))) => {
                for sql in elsewhere {
                    let sql = sql.replace("{kind}", "USER").replace("{}", &format!("{{}}@'{host}'"));
                    execute_text(conn, &sql, user).await;
                }
            }
        }
    }
}

/// Runs a statement with a quoted name in place of `{}`.
async fn execute_text(conn: &mut dyn Connection, sql: &str, name: &str) {
    let server = conn.server().await.unwrap();
    let sql = sql.replace("{}", &conn.dialect().identifier(name, &server).unwrap());
    conn.execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// What becomes of a case that is refused and that nothing comes before: it needs no database of its own.
async fn refused(shared: &TestDb, case: &Case) -> Option<Result<(), String>> {
    let mut database = shared.open().await;
    let conn = &mut *database.connect();
    let server = conn.server().await.unwrap();
    if !Op::select(&case.setup, server.dialect).is_empty() {
        return None;
    }
    if shared.kind.is_postgres() {
        shared.empty_public().await;
    }
    let error = rendered(conn, &case.ops).await.err()?;
    let apart = match offline::compared(shared, conn, case, Err(&error)).await {
        Ok(apart) => apart,
        Err(error) => return Some(Err(error)),
    };
    Some(case.compare(shared.kind, &(refusal("", &error, &server) + &apart)))
}

/// A refusal as a case's file has it, with no version in it.
fn refusal(of: &str, error: &Unsupported, server: &Server) -> String {
    let text = format!("-- {of}{error}\n-- instead: {}\n", error.instead);
    text.replace(&server.to_string(), server.dialect.title())
}

/// Whether operations leave anything outside PostgreSQL's schema `public`.
fn reach_beyond(ops: &[Op]) -> bool {
    use ObjectKind::{DefaultPrivileges, Extension, Publication, Schema};
    ops.iter().any(|op| match op {
        Op::Execute { .. } | Op::Run { .. } => true,
        Op::On { ops, .. } => reach_beyond(ops),
        op => op.object().is_some_and(|id| {
            matches!(id.kind, DefaultPrivileges | Extension | Publication | Schema)
                || id.name.schema.is_some()
        }),
    })
}

/// A case with its roles, which belong to the whole server, and in a database of its own. A new one takes PostgreSQL longer
/// than most cases, so that those which stay in its schema `public` share one.
async fn run(shared: &TestDb, case: &Case) -> Result<(), String> {
    let kind = shared.kind;
    if let Some(outcome) = refused(shared, case).await {
        return outcome;
    }
    if kind.is_postgres() && case.roles.is_empty() && !reach_beyond(&case.setup) && !reach_beyond(&case.ops) {
        shared.empty_public().await;
        return check(shared, case).await;
    }
    let mut outcome = Ok(());
    with_database(kind, async |db| {
        each_role(
            db,
            case,
            &["DROP ROLE IF EXISTS {}", "CREATE ROLE {}"],
            &["DROP {kind} IF EXISTS {}", "CREATE {kind} {}"],
        )
        .await;
        outcome = check(db, case).await;
        each_role(db, case, &["DROP OWNED BY {} CASCADE", "DROP ROLE {}"], &["DROP {kind} {}"]).await;
    })
    .await;
    outcome
}

async fn all(db: &TestDb) {
    let only = std::env::var("DUNLIN_CASE").unwrap_or_default();
    let mut failures = Vec::new();
    for case in Case::all().iter().filter(|case| case.name().starts_with(&only)) {
        // One case that panics must not hide what becomes of the others.
        let outcome = AssertUnwindSafe(run(db, case)).catch_unwind().await;
        let failure = match outcome {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => error,
            Err(panic) => match panic.downcast::<String>() {
                Ok(text) => *text,
                Err(_) => "it panicked".into(),
            },
        };
        failures.push(format!("## {}\n{failure}", case.name()));
    }
    assert!(failures.is_empty(), "{} cases failed\n{}", failures.len(), failures.join("\n"));
}

on_every_server!(cases, all);
