//! What a script for `sqlite3` has in it that a run does by asking.

use std::collections::BTreeMap;

use dunlin_dsl::{DialectId, Expect, Guard, Server, StatementCheck, Unsupported, Version};

use super::OLDEST;
use crate::lex::mentions;
use crate::sql::Sql;

/// Milliseconds are the finest that its clock gives.
pub(super) const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')";

/// A server of this version as most are, with foreign keys watched, as Dunlin's own connections watch them.
pub(crate) fn assumed(version: Option<Version>) -> Server {
    let mut server = Server::new(DialectId::Sqlite, version.unwrap_or(OLDEST));
    server.schema = "main".into();
    server.facts.insert("foreign_keys".into(), "1".into());
    server
}

/// The oldest version that Dunlin works with.
pub(crate) fn oldest() -> Version {
    OLDEST
}

pub(super) fn opening(server: &Server) -> Vec<String> {
    opened(server).iter().map(|(name, value)| format!("PRAGMA {name} = {value}")).collect()
}

pub(super) fn opened(server: &Server) -> BTreeMap<String, String> {
    let watched = server.fact("foreign_keys");
    let watched = if watched.is_empty() { "1" } else { watched };
    [("foreign_keys".to_owned(), watched.to_owned())].into()
}

/// There is no way to fail with words of one's own outside a trigger, so that one is made.
pub(super) fn guard(check: &StatementCheck, sql: Sql<'_>) -> Result<Guard, Unsupported> {
    // A pragma by itself is no table.
    let query = match check.query.strip_prefix("PRAGMA ") {
        Some(pragma) => format!("SELECT * FROM pragma_{pragma}"),
        None => check.query.clone(),
    };
    let message = sql.text(&check.message)?;
    let fails = |found: String| {
        vec![
            "CREATE TEMP TABLE dunlin_proof (found)".to_owned(),
            format!(
                "CREATE TEMP TRIGGER dunlin_proof BEFORE INSERT ON dunlin_proof WHEN NEW.found > 0 \
                 BEGIN SELECT RAISE(ABORT, {message}); END"
            ),
            format!("INSERT INTO temp.dunlin_proof {found}"),
            "DROP TABLE temp.dunlin_proof".to_owned(),
        ]
    };
    Ok(match &check.expect {
        Expect::Empty => Guard { keep: Vec::new(), prove: fails(format!("SELECT count(*) FROM ({query})")) },
        Expect::Text(text) => {
            Guard { keep: Vec::new(), prove: fails(format!("SELECT ({query}) IS NOT {}", sql.text(text)?)) }
        }
        Expect::NothingNew => {
            let kept = sql.id(&format!("dunlin_{:016x}", fnv(&query)))?;
            let new = format!("SELECT * FROM ({query}) EXCEPT SELECT * FROM temp.{kept}");
            Guard {
                keep: vec![
                    format!("DROP TABLE IF EXISTS temp.{kept}"),
                    format!("CREATE TEMP TABLE {kept} AS {query}"),
                ],
                prove: fails(format!("SELECT count(*) FROM ({new})")),
            }
        }
    })
}

/// The pragmas that belong to a connection, as they are when it is opened.
const DEFAULTS: [(&str, &str); 17] = [
    ("foreign_keys", "1"),
    ("legacy_alter_table", "0"),
    ("recursive_triggers", "0"),
    ("ignore_check_constraints", "0"),
    ("writable_schema", "0"),
    ("query_only", "0"),
    ("reverse_unordered_selects", "0"),
    ("automatic_index", "1"),
    ("trusted_schema", "1"),
    ("secure_delete", "0"),
    ("synchronous", "2"),
    ("cache_size", "-2000"),
    ("max_page_count", "4294967294"),
    ("locking_mode", "normal"),
    ("full_column_names", "0"),
    ("short_column_names", "1"),
    ("case_sensitive_like", "0"),
];

pub(super) fn reset(setting: &str, _: &Server) -> Vec<String> {
    let set = DEFAULTS.iter().filter(|(name, _)| mentions(setting, name));
    set.map(|(name, value)| format!("PRAGMA {name} = {value}")).collect()
}

/// FNV-1a.
fn fnv(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
