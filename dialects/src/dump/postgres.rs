//! `pg_dump`.

use std::path::Path;
use std::process::{Command, Stdio};

use dunlin_dsl::{ConnectionError, ErrorKind};

use crate::url::DatabaseUrl;

/// The rows of a partitioned table are its partitions'.
pub(super) const TABLES: &str = "SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname END, c.relname \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') \
     ORDER BY 1, 2";

/// What of a URL's parameters libpq takes from its environment.
const VARIABLES: [(&str, &str); 3] =
    [("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT"), ("options", "PGOPTIONS")];

pub(super) fn schema(url: &DatabaseUrl, pg_dump: &Path) -> Result<String, ConnectionError> {
    let mut command = Command::new(pg_dump);
    command.args(["--schema-only", "--no-password"]).stdin(Stdio::null());
    command.arg("--host").arg(url.host().or(url.parameter("host")).unwrap_or("localhost"));
    command.arg("--port").arg(url.port().unwrap_or(5432).to_string());
    for (flag, value) in [("--username", url.user()), ("--dbname", url.database())] {
        command.args(value.map(|value| format!("{flag}={value}")));
    }
    // Anyone can read a process's arguments.
    command.envs(url.password().map(|password| ("PGPASSWORD", password)));
    command.envs(VARIABLES.iter().filter_map(|(name, variable)| Some((variable, url.parameter(name)?))));
    let failed = |what: String| ConnectionError::new(ErrorKind::Statement, what);
    let output = command.output().map_err(|error| {
        failed(format!(
            "{} can't be run, which tells what a database of PostgreSQL holds: {error}",
            pg_dump.display()
        ))
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(failed(format!("{} failed: {}", pg_dump.display(), said.trim())));
    }
    Ok(told(&String::from_utf8_lossy(&output.stdout)))
}

/// A dump without what differs from one to the next.
fn told(text: &str) -> String {
    // It is guarded by a word that is drawn anew each time.
    let guards = |line: &&str| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ");
    let mut lines: Vec<&str> = text.lines().filter(guards).collect();
    // Who was granted something first stands first, and means nothing by it.
    let is_grant = |line: &str| {
        line.starts_with("GRANT ")
            || line.starts_with("ALTER DEFAULT PRIVILEGES ") && line.contains(" GRANT ")
    };
    for grants in lines.chunk_by_mut(|one, next| is_grant(one) && is_grant(next)) {
        grants.sort_unstable();
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}
