//! `pg_dump`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use dunlin_dsl::{ConnectionError, ErrorKind};

use crate::url::DatabaseUrl;

/// A table's rows are its own, and not its heirs'; but a partitioned one has those of its partitions.
pub(super) const TABLES: &str = "SELECT CASE WHEN n.nspname <> current_schema() THEN n.nspname END, c.relname, CASE c.relkind WHEN 'r' THEN 'ONLY ' END \
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
     WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
     AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') \
     ORDER BY 1, 2";

/// What of a URL's parameters libpq takes from its environment.
const VARIABLES: [(&str, &str); 3] =
    [("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT"), ("options", "PGOPTIONS")];

/// The process is waited for beside the runtime, which may have a signal to hear.
#[cfg(feature = "postgres")]
pub(super) async fn schema(url: &DatabaseUrl, pg_dump: &Path) -> Result<String, ConnectionError> {
    let (url, pg_dump) = (url.clone(), pg_dump.to_owned());
    let dumped = tokio::task::spawn_blocking(move || run(&url, &pg_dump)).await;
    dumped.unwrap_or_else(|error| Err(ConnectionError::new(ErrorKind::Statement, error.to_string())))
}

#[cfg(not(feature = "postgres"))]
pub(super) async fn schema(url: &DatabaseUrl, pg_dump: &Path) -> Result<String, ConnectionError> {
    run(url, pg_dump)
}

fn run(url: &DatabaseUrl, pg_dump: &Path) -> Result<String, ConnectionError> {
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
    let text = String::from_utf8_lossy(&output.stdout);
    if !text.contains("PostgreSQL database dump") {
        return Err(failed(format!("{} gave no dump: is it PostgreSQL's pg_dump?", pg_dump.display())));
    }
    Ok(told(&text))
}

/// What stands before everything that a dump has.
const HEADER: &str = "-- Name: ";

/// A dump without what differs from one to the next, and in an order that isn't that of creation.
fn told(text: &str) -> String {
    // It is guarded by a word that is drawn anew each time.
    let guards = |line: &&str| !line.starts_with("\\restrict ") && !line.starts_with("\\unrestrict ");
    let lines = text.lines().filter(guards).filter(|line| !line.is_empty() && *line != "--");
    let mut parts = vec![String::new()];
    let mut settings = BTreeMap::new();
    for line in lines {
        if line.starts_with(HEADER) {
            let made_so: String = settings.values().map(|line| format!("{line}\n")).collect();
            // Only what has rows has a place and a method.
            let has_rows =
                ["TABLE;", "VIEW;", "INDEX;", "CONSTRAINT;"].iter().any(|kind| line.contains(kind));
            parts.push(format!("{line}\n{}", if has_rows { made_so } else { String::new() }));
            continue;
        }
        match line.strip_prefix("SET default_").and_then(|rest| rest.split_once(' ')) {
            Some((name, _)) => _ = settings.insert(name.to_owned(), line.to_owned()),
            None => parts.last_mut().into_iter().for_each(|part| *part += &format!("{line}\n")),
        }
    }
    for part in &mut parts {
        // Who was granted something first stands first, and means nothing by it.
        let is_grant = |line: &str| {
            line.starts_with("GRANT ")
                || line.starts_with("ALTER DEFAULT PRIVILEGES ") && line.contains(" GRANT ")
        };
        let mut lines: Vec<&str> = part.lines().collect();
        for grants in lines.chunk_by_mut(|one, next| is_grant(one) && is_grant(next)) {
            grants.sort_unstable();
        }
        *part = lines.join("\n") + "\n";
    }
    parts.sort_unstable();
    parts.concat()
}
