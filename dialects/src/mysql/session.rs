//! The lock that a session holds, and the settings that a run needs.

use std::time::Duration;

use dunlin_dsl::{Lock, Server, SessionLock, Setting};

use super::flavor::Flavor;
use super::text::quote;
use crate::lex::tokens;

/// The modes that `sql_mode` lists behind STRICT_TRANS_TABLES, whatever the order in which they were set.
const AFTER_STRICT: [&str; 14] = [
    "STRICT_ALL_TABLES",
    "NO_ZERO_IN_DATE",
    "NO_ZERO_DATE",
    "ALLOW_INVALID_DATES",
    "ERROR_FOR_DIVISION_BY_ZERO",
    "TRADITIONAL",
    "NO_AUTO_CREATE_USER",
    "HIGH_NOT_PRECEDENCE",
    "NO_ENGINE_SUBSTITUTION",
    "PAD_CHAR_TO_FULL_LENGTH",
    "EMPTY_STRING_IS_NULL",
    "SIMULTANEOUS_ASSIGNMENT",
    "TIME_ROUND_FRACTIONAL",
    "TIME_TRUNCATE_FRACTIONAL",
];

/// The named lock. It is the server's, survives commits, and dies with its session.
///
/// A lock's name is at most 64 characters, and one on the whole server: so it is a hash of the key, which has the
/// database in it. On a cluster of several writers each node has locks of its own.
pub(super) fn lock(key: &str, server: &Server) -> Lock {
    // Where names of databases and tables know no case, one database must give one lock.
    let folds = !matches!(server.fact("lower_case_table_names"), "" | "0");
    let key = if folds { key.to_lowercase() } else { key.to_owned() };
    let name = format!("CONCAT('dunlin:', LEFT(SHA2({}, 256), 40))", quote(&key, server));
    let holder = format!(
        "SELECT CONCAT('connection ', l.id, COALESCE(CONCAT(', ', p.user, ' on ', p.host), '')) \
         FROM (SELECT IS_USED_LOCK({name}) AS id) AS l \
         LEFT JOIN information_schema.processlist AS p ON p.id = l.id WHERE l.id IS NOT NULL"
    );
    // There is no way to fail with words of one's own, so it fails by asking for two rows where one is wanted, and the
    // connection knows it by these words in its text.
    let proof = format!(
        "SELECT (SELECT {} FROM (SELECT 1 AS n UNION ALL SELECT 2) AS two \
         WHERE NOT (IS_USED_LOCK({name}) <=> CONNECTION_ID()))",
        quote(Lock::REFUSED, server)
    );
    Lock {
        session: Some(SessionLock {
            acquire: format!("SELECT GET_LOCK({name}, 0)"),
            release: format!("DO RELEASE_LOCK({name})"),
            holder,
            poll: Duration::from_millis(100),
        }),
        proof: Some(proof),
    }
}

/// What must hold while a run is at work, of that which isn't so already, as far as the server was asked.
pub(super) fn settings(server: &Server) -> Vec<Setting> {
    let wanted = [
        // A transaction that is always open keeps a snapshot from before the lock.
        ("autocommit", "1"),
        // Without it a foreign key is added unchecked, and stays so.
        ("foreign_key_checks", "1"),
        // Without it a timestamp that isn't NULL gets defaults that nobody asked for.
        ("explicit_defaults_for_timestamp", "1"),
        // Text is sent as UTF-8.
        ("character_set_client", "utf8mb4"),
        ("character_set_connection", "utf8mb4"),
        ("character_set_results", "utf8mb4"),
    ];
    let differs = |(name, value): &(&str, &str)| {
        let found = server.fact(name);
        !found.is_empty() && found != *value
    };
    let mut settings: Vec<Setting> =
        wanted.into_iter().filter(differs).map(|(name, value)| setting(name, value.into())).collect();
    // Literals are written for this mode, so it is held even where it is right already: a session asked long ago may have
    // another one by now.
    let mode = server.fact("sql_mode");
    settings.push(setting("sql_mode", strict(mode).unwrap_or_else(|| mode.to_owned())));
    settings
}

/// The mode made strict: without it values that don't fit are cut to fit. None where it is.
fn strict(mode: &str) -> Option<String> {
    let mut modes: Vec<&str> = mode.split(',').filter(|mode| !mode.is_empty()).collect();
    if modes.iter().any(|mode| mode.starts_with("STRICT_")) {
        return None;
    }
    let at = modes.iter().position(|mode| AFTER_STRICT.contains(mode)).unwrap_or(modes.len());
    modes.insert(at, "STRICT_TRANS_TABLES");
    Some(modes.join(","))
}

/// The mode without what refuses a day such as `0000-00-00`; none where it takes them.
pub(super) fn with_zero_dates(mode: &str) -> Option<String> {
    const REFUSE: [&str; 3] = ["NO_ZERO_IN_DATE", "NO_ZERO_DATE", "TRADITIONAL"];
    let modes: Vec<&str> = mode.split(',').filter(|mode| !REFUSE.contains(mode)).collect();
    let kept = modes.join(",");
    (kept != mode).then_some(kept)
}

/// A setting of the session, with the value that it must have.
pub(super) fn setting(name: &str, value: String) -> Setting {
    Setting {
        name: name.into(),
        read: format!("SELECT @@SESSION.{name}"),
        value,
        set: format!("SET SESSION {name} = {{}}"),
    }
}

/// What belongs to a session and changes what statements do, with the database that is in use. Which of these there are is
/// the server's to say.
pub(super) const OWN_SETTINGS: &[&str] = &[
    "alter_algorithm",
    "auto_increment_increment",
    "auto_increment_offset",
    "autocommit",
    "character_set_client",
    "character_set_connection",
    "character_set_results",
    "check_constraint_checks",
    "collation_connection",
    "default_storage_engine",
    "default_week_format",
    "div_precision_increment",
    "explicit_defaults_for_timestamp",
    "foreign_key_checks",
    "group_concat_max_len",
    "innodb_lock_wait_timeout",
    "innodb_strict_mode",
    "lc_time_names",
    "lock_wait_timeout",
    "max_execution_time",
    "max_statement_time",
    "old_mode",
    "sql_auto_is_null",
    "sql_big_selects",
    "sql_generate_invisible_primary_key",
    "sql_log_bin",
    "sql_mode",
    "sql_notes",
    "sql_require_primary_key",
    "sql_safe_updates",
    "sql_select_limit",
    "sql_warnings",
    "system_versioning_alter_history",
    "time_zone",
    "transaction_isolation",
    "transaction_read_only",
    "tx_isolation",
    "tx_read_only",
    "unique_checks",
    "updatable_views_with_limit",
];

/// The question for them.
pub(super) fn settings_query(server: &Server) -> String {
    let names: Vec<_> = OWN_SETTINGS.iter().map(|name| format!("'{name}'")).collect();
    format!(
        "SELECT CONCAT('SET SESSION ', LOWER(VARIABLE_NAME), ' = ', \
         IF(VARIABLE_VALUE REGEXP '^-?[0-9]+([.][0-9]+)?$', VARIABLE_VALUE, QUOTE(VARIABLE_VALUE))), 0 \
         FROM {} WHERE LOWER(VARIABLE_NAME) IN ({}) \
         UNION ALL SELECT CONCAT('USE `', REPLACE(DATABASE(), '`', '``'), '`'), 0",
        Flavor::of(server).session_variables(),
        names.join(", "),
    )
}

/// A temporary table is in no catalog that its own session could ask, so its name is taken from what makes it.
pub(super) fn removal(statement: &str) -> Option<String> {
    // Each statement of a long script is asked for it.
    if !statement.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("create")) {
        return None;
    }
    let tokens = tokens(statement);
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| statement[token.start..token.end].eq_ignore_ascii_case(word))
    };
    let behind = |at: usize, words: &[&str]| {
        let all = words.iter().enumerate().all(|(index, word)| is(at + index, word));
        if all { at + words.len() } else { at }
    };
    let kind = behind(1, &["OR", "REPLACE"]);
    if !(is(0, "CREATE") && is(kind, "TEMPORARY") && is(kind + 1, "TABLE")) {
        return None;
    }
    let name = behind(kind + 2, &["IF", "NOT", "EXISTS"]);
    let last = if is(name + 1, ".") { name + 2 } else { name };
    let name = &statement[tokens.get(name)?.start..tokens.get(last)?.end];
    Some(format!("DROP TEMPORARY TABLE IF EXISTS {name}"))
}

#[cfg(test)]
mod tests {
    use super::removal;

    #[test]
    fn temporary_tables_are_removed() {
        for (statement, name) in [
            ("CREATE TEMPORARY TABLE t (id int)", Some("t")),
            ("create /* a */ temporary table if not exists `a b`.`c` as select 1", Some("`a b`.`c`")),
            ("CREATE OR REPLACE TEMPORARY TABLE t LIKE u", Some("t")),
            ("CREATE TABLE temporary (id int)", None),
            ("CREATE TEMPORARY TABLE", None),
        ] {
            let expected = name.map(|name| format!("DROP TEMPORARY TABLE IF EXISTS {name}"));
            assert_eq!(removal(statement), expected, "{statement}");
        }
    }
}
