//! A case as a script, which nothing is asked for: it has the statements that a run is sent, or says why it can't.

use dunlin::prelude::*;
use dunlin::script::{PartKind, Splitter};
use dunlin::{Connection, Dialect, MigrationList, Offline, Unsupported};
use dunlin_tests::Step;

use super::{Case, said};
use crate::offline::like;
use crate::server::TestDb;

/// A remark on why a case can't be a script without a look at the database; none where it is the same one.
pub(super) async fn compared(
    db: &TestDb,
    conn: &mut dyn Connection,
    case: &Case,
    rendered: Result<&[Statement], &Unsupported>,
) -> Result<String, String> {
    let server = like(db, &conn.server().await.unwrap());
    let dialect = conn.dialect();
    let mut list = MigrationList::new();
    let (setup, ops) = (case.setup.clone(), case.ops.clone());
    list.push(Step("1", move |op: &mut Ops| setup.iter().cloned().for_each(|one| op.push(one))));
    list.push(Step("2", move |op: &mut Ops| ops.iter().cloned().for_each(|one| op.push(one))));
    let mut script = Vec::new();
    let mut offline = Offline::new(dialect, server.clone(), &list);
    let written = offline.upgrade("1", "2", &mut script).await;
    let statements = match (rendered, written) {
        (Ok(statements), Ok(_)) => statements,
        (Err(unsupported), Ok(_)) => return Err(format!("a script does what a run refuses: {unsupported}")),
        (rendered, Err(error)) => {
            let text = error.to_string();
            let text = text.strip_prefix("revision 2: ").unwrap_or(&text).to_owned();
            return match rendered {
                Err(unsupported) if text == unsupported.to_string() => Ok(String::new()),
                Err(_) => Ok(format!("-- as a script: {text}\n")),
                _ if error.hint().is_some_and(|hint| hint.contains("--schema URL")) => {
                    Ok(format!("-- as a script: {text}\n"))
                }
                _ => Err(format!("it can't be a script: {text}")),
            };
        }
    };
    let script = String::from_utf8(script).unwrap();
    match (said(&case.script_differs, db.kind), same(&script, statements, dialect, &server)) {
        (None, Ok(())) | (Some(_), Err(_)) => Ok(String::new()),
        (None, Err(difference)) => Err(difference),
        (Some(why), Ok(())) => Err(format!("script_differs says {why:?}, and the script is as the run")),
    }
}

/// Whether a script has these statements, in their order, and nothing else but what is Dunlin's own.
fn same(
    script: &str,
    statements: &[Statement],
    dialect: &'static dyn Dialect,
    server: &Server,
) -> Result<(), String> {
    let lexicon = dialect.lexicon(server);
    // The client's own commands are no SQL.
    let body = script.split_once('\n').unwrap_or_default().1;
    let body = body.strip_prefix(lexicon.client.stops).unwrap_or(body);
    let mut parts = Splitter::new(body.as_bytes(), &lexicon);
    let mut expected = statements.iter().map(|statement| statement.sql.trim_end()).peekable();
    while let Some(part) = parts.next().map_err(|error| format!("{error}\n{script}"))? {
        if part.kind != PartKind::Statement {
            continue;
        }
        let sql = part.text.trim_end();
        if expected.next_if_eq(&sql).is_none() && !is_own(sql, dialect, server) {
            let wanted = expected.peek().copied().unwrap_or("nothing more");
            return Err(format!("a script has\n{sql}\nwhere a run has\n{wanted}"));
        }
    }
    match expected.next() {
        Some(sql) => Err(format!("a script is without\n{sql}")),
        None => Ok(()),
    }
}

/// Whether it is what Dunlin itself says around a revision's statements.
fn is_own(sql: &str, dialect: &'static dyn Dialect, server: &Server) -> bool {
    const BEGINNINGS: [&str; 12] = [
        "SELECT ",
        "DO RELEASE_LOCK(",
        "SET ",
        "PRAGMA ",
        "INSERT INTO \"main\".\"dunlin_",
        "INSERT INTO \"public\".\"dunlin_",
        "CREATE TEMP TABLE \"dunlin_",
        "DROP TABLE IF EXISTS temp.\"dunlin_",
        "CREATE TEMP TABLE dunlin_proof ",
        "CREATE TEMP TRIGGER dunlin_proof ",
        "INSERT INTO temp.dunlin_proof ",
        "DROP TABLE temp.dunlin_proof",
    ];
    let transactions = dialect.transactions(server);
    [transactions.begin, transactions.commit].contains(&sql)
        || BEGINNINGS.iter().any(|beginning| sql.starts_with(beginning))
        || sql.starts_with("INSERT INTO `") && sql.contains("`dunlin_")
}
