//! What a script for `mysql` and `mariadb` has in it that a run does by asking.

use std::collections::BTreeMap;

use dunlin_dsl::{DialectId, Expect, Guard, Server, StatementCheck, Unsupported, Version};

use super::flavor::Flavor;
use super::session::OWN_SETTINGS;
use crate::lex::mentions;
use crate::sql::Sql;

pub(super) const NOW: &str = "DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%fZ')";

/// A server of this version with the settings that it comes with, and a database in utf8mb4.
pub(crate) fn assumed(id: DialectId, version: Option<Version>, database: Option<&str>) -> Server {
    let mut server = Server::new(id, version.unwrap_or_else(|| oldest(id)));
    server.schema = database.unwrap_or_default().to_owned();
    let flavor = Flavor::of(&server);
    let collation = flavor.utf8mb4_collation();
    let mut facts: BTreeMap<&str, String> = [
        ("sql_mode", flavor.usual_mode()),
        ("collation_database", collation),
        ("character_set_database", "utf8mb4"),
        ("collation_server", collation),
        ("character_set_server", "utf8mb4"),
        ("default_storage_engine", "InnoDB"),
        ("lower_case_table_names", "0"),
        ("time_zone", "SYSTEM"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .into();
    let defaults = "ascii=ascii_general_ci,binary=binary,latin1=latin1_swedish_ci,latin2=latin2_general_ci,\
                    ucs2=ucs2_general_ci,utf16=utf16_general_ci,utf32=utf32_general_ci,utf8mb3=utf8mb3_general_ci";
    facts.insert("default_collations", format!("{defaults},utf8mb4={collation}"));
    server.facts = facts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    server.facts.extend(opened(&server));
    server
}

/// The oldest version that Dunlin works with.
pub(crate) fn oldest(id: DialectId) -> Version {
    Flavor::of(&Server::new(id, Version::default())).oldest()
}

/// The collation of Dunlin's own connections, which views and routines remember.
const COLLATION: &str = "utf8mb4_general_ci";

/// What a script's first lines set.
const OPENED: [(&str, &str); 6] = [
    ("autocommit", "1"),
    ("foreign_key_checks", "1"),
    ("character_set_client", "utf8mb4"),
    ("character_set_connection", "utf8mb4"),
    ("character_set_results", "utf8mb4"),
    ("collation_connection", COLLATION),
];

pub(super) fn opening(_: &Server) -> Vec<String> {
    vec![
        format!("SET NAMES utf8mb4 COLLATE {COLLATION}"),
        "SET SESSION autocommit = 1, foreign_key_checks = 1".into(),
    ]
}

pub(super) fn opened(_: &Server) -> BTreeMap<String, String> {
    OPENED.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// There is no way to fail with words of one's own, so it fails by asking for two rows where one is wanted.
pub(super) fn guard(check: &StatementCheck, sql: Sql<'_>) -> Result<Guard, Unsupported> {
    let query = &check.query;
    let wrong = match &check.expect {
        Expect::Empty => format!("EXISTS ({query})"),
        Expect::Text(text) => format!("NOT (({query}) <=> {})", sql.text(text)?),
        Expect::NothingNew => {
            return sql.refuse(
                "check in a script that an answer is the same",
                "is never asked to",
                "run it live",
            );
        }
    };
    let prove = format!(
        "SELECT (SELECT {} FROM (SELECT 1 AS n UNION ALL SELECT 2) AS two WHERE {wrong})",
        sql.text(&check.message)?
    );
    Ok(Guard { keep: Vec::new(), prove: vec![prove] })
}

pub(super) fn reset(setting: &str, server: &Server) -> Vec<String> {
    let set = OWN_SETTINGS.iter().filter(|name| mentions(setting, name));
    let mut statements: Vec<_> = set.map(|name| format!("SET SESSION {name} = DEFAULT")).collect();
    if mentions(setting, "isolation") {
        statements.push("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ".into());
    }
    if mentions(setting, "use") && !server.schema.is_empty() {
        statements.push(format!("USE `{}`", server.schema.replace('`', "``")));
    }
    statements
}
