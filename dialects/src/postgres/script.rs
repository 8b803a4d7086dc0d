//! What a script for `psql` has in it that a run does by asking.

use std::collections::BTreeMap;

use dunlin_dsl::{DialectId, Expect, Guard, Server, StatementCheck, Unsupported, Version};

use super::OLDEST;
use crate::sql::Sql;

pub(super) const NOW: &str = "pg_catalog.to_char(pg_catalog.clock_timestamp() AT TIME ZONE 'UTC', \
    'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')";

/// A server of this version as most are.
pub(crate) fn assumed(version: Option<Version>) -> Server {
    Server { schema: "public".into(), ..Server::new(DialectId::Postgres, version.unwrap_or(OLDEST)) }
}

/// The oldest version that Dunlin works with.
pub(crate) fn oldest() -> Version {
    OLDEST
}

pub(super) fn opening(_: &Server) -> Vec<String> {
    Vec::new()
}

pub(super) fn opened(_: &Server) -> BTreeMap<String, String> {
    BTreeMap::new()
}

/// A cast fails without plpgsql; what isn't known while planning keeps it from being made there, where it always would be.
pub(super) fn guard(check: &StatementCheck, sql: Sql<'_>) -> Result<Guard, Unsupported> {
    let fails = format!(
        "SELECT CAST({} || ' in process ' || pg_catalog.pg_backend_pid() AS integer)",
        sql.text(&check.message)?
    );
    let query = &check.query;
    let prove = match &check.expect {
        Expect::Empty => format!("{fails} FROM ({query}) AS found"),
        Expect::Text(text) => {
            format!("{fails} WHERE pg_catalog.format('%s', ({query})) IS DISTINCT FROM {}", sql.text(text)?)
        }
        Expect::NothingNew => {
            return sql.refuse(
                "check in a script that an answer is the same",
                "is never asked to",
                "run it live",
            );
        }
    };
    Ok(Guard { keep: Vec::new(), prove: vec![prove] })
}

pub(super) fn reset(_: &str, _: &Server) -> Vec<String> {
    ["SET SESSION AUTHORIZATION DEFAULT", "RESET ALL", "RESET ROLE"].map(str::to_owned).into()
}
