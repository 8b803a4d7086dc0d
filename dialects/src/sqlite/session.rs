//! What a script may change of its session.

use dunlin_dsl::{ConnectionError, Expect, Hoisted, Setting, StatementCheck, When};

use crate::lex::tokens;

/// A setting by pragma.
pub(super) fn setting(name: &str, value: &str) -> Setting {
    Setting {
        name: name.into(),
        read: format!("PRAGMA {name}"),
        value: value.into(),
        set: format!("PRAGMA {name} = {{}}"),
    }
}

/// Of the pragmas that belong to a connection, those which change what statements do and can be read, or
/// told by what they do; the databases that are attached, of which one in memory can't be attached again; and what is temporary.
pub(super) const SETTINGS_QUERY: &str = "\
    SELECT *, NULL FROM (SELECT 'PRAGMA foreign_keys = ' || foreign_keys, 0 FROM pragma_foreign_keys \
    UNION ALL SELECT 'PRAGMA legacy_alter_table = ' || legacy_alter_table, 0 FROM pragma_legacy_alter_table \
    UNION ALL SELECT 'PRAGMA recursive_triggers = ' || recursive_triggers, 0 FROM pragma_recursive_triggers \
    UNION ALL SELECT 'PRAGMA ignore_check_constraints = ' || ignore_check_constraints, 0 \
        FROM pragma_ignore_check_constraints \
    UNION ALL SELECT 'PRAGMA writable_schema = ' || writable_schema, 0 FROM pragma_writable_schema \
    UNION ALL SELECT 'PRAGMA query_only = ' || query_only, 0 FROM pragma_query_only \
    UNION ALL SELECT 'PRAGMA reverse_unordered_selects = ' || reverse_unordered_selects, 0 \
        FROM pragma_reverse_unordered_selects \
    UNION ALL SELECT 'PRAGMA automatic_index = ' || automatic_index, 0 FROM pragma_automatic_index \
    UNION ALL SELECT 'PRAGMA trusted_schema = ' || trusted_schema, 0 FROM pragma_trusted_schema \
    UNION ALL SELECT 'PRAGMA secure_delete = ' || secure_delete, 0 FROM pragma_secure_delete \
    UNION ALL SELECT 'PRAGMA synchronous = ' || synchronous, 0 FROM pragma_synchronous \
    UNION ALL SELECT 'PRAGMA cache_size = ' || cache_size, 0 FROM pragma_cache_size \
    UNION ALL SELECT 'PRAGMA max_page_count = ' || max_page_count, 0 FROM pragma_max_page_count \
    UNION ALL SELECT 'PRAGMA locking_mode = ' || locking_mode, 0 FROM pragma_locking_mode \
    UNION ALL SELECT 'PRAGMA full_column_names = ' || full_column_names, 0 FROM pragma_full_column_names \
    UNION ALL SELECT 'PRAGMA short_column_names = ' || short_column_names, 0 FROM pragma_short_column_names \
    UNION ALL SELECT 'PRAGMA case_sensitive_like = ' || ('a' NOT LIKE 'A'), 0 \
    UNION ALL SELECT 'PRAGMA busy_timeout = ' || timeout, 0 FROM pragma_busy_timeout) \
    UNION ALL SELECT CASE WHEN file <> '' THEN 'ATTACH ' || quote(file) || ' AS \"' || replace(name, '\"', '\"\"') || '\"' END, 0, \
        'DETACH \"' || replace(name, '\"', '\"\"') || '\"' \
        FROM pragma_database_list WHERE seq > 1 \
    UNION ALL SELECT NULL, 0, 'DROP ' || type || ' IF EXISTS temp.\"' || replace(name, '\"', '\"\"') || '\"' \
        FROM sqlite_temp_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";

/// `PRAGMA foreign_keys` does nothing inside a transaction (<https://sqlite.org/pragma.html#pragma_foreign_keys>). With it off
/// nothing watches references, so they are asked for at the end.
pub(super) fn hoisted(statement: &str) -> Option<Hoisted> {
    // Each statement of a long script is asked for it.
    if !statement.get(..6).is_some_and(|word| word.eq_ignore_ascii_case("pragma")) {
        return None;
    }
    let words = tokens(statement).into_iter();
    let words: Vec<_> = words
        .map(|token| statement[token.start..token.end].trim_matches(['\'', '"', '`', '[', ']']))
        .collect();
    // A schema before its name means nothing: the setting is the connection's.
    let words = match words.as_slice() {
        [pragma, _, ".", rest @ ..] => [&[*pragma], rest].concat(),
        _ => words,
    };
    let is = |at: usize, word: &str| words.get(at).is_some_and(|found| found.eq_ignore_ascii_case(word));
    let value = match words.as_slice() {
        [_, _, "=", value] | [_, _, "(", value, ")"] => value.to_ascii_lowercase(),
        _ => return None,
    };
    if !(is(0, "pragma") && is(1, "foreign_keys")) {
        return None;
    }
    let is_on = matches!(value.as_str(), "on" | "yes" | "true") || value.parse::<i64>().is_ok_and(|n| n != 0);
    Some(Hoisted {
        setting: setting("foreign_keys", if is_on { "1" } else { "0" }),
        checks: if is_on { Vec::new() } else { vec![references("rows refer to rows that don't exist")] },
    })
}

/// The question whether rows refer to nothing that referred to something before.
pub(super) fn references(message: &str) -> StatementCheck {
    StatementCheck {
        when: When::After,
        query: "PRAGMA foreign_key_check".into(),
        later: None,
        expect: Expect::NothingNew,
        message: message.into(),
        names: Vec::new(),
    }
}

/// SQLite's own default, which its shell and most drivers leave as it is, isn't to check foreign keys.
pub(super) fn lenience(error: &ConnectionError) -> Option<&'static str> {
    // SQLITE_CONSTRAINT_FOREIGNKEY; of a parent that isn't there it says the schema too.
    let is_foreign_key = error.code.as_deref() == Some("787")
        || error.message.starts_with("foreign key mismatch")
        || error.message.starts_with("no such table: main.");
    is_foreign_key.then_some("PRAGMA foreign_keys = OFF")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_keys_are_hoisted() {
        let value = |statement| hoisted(statement).map(|hoisted| hoisted.setting.value);
        assert_eq!(value("PRAGMA foreign_keys=OFF").as_deref(), Some("0"));
        assert_eq!(value("pragma foreign_keys (0)").as_deref(), Some("0"));
        assert_eq!(value("PRAGMA /* yes */ foreign_keys = 'on'").as_deref(), Some("1"));
        assert_eq!(value("PRAGMA main.foreign_keys = off").as_deref(), Some("0"));
        assert_eq!(value("PRAGMA \"main\" . [foreign_keys](off)").as_deref(), Some("0"));
        assert_eq!(value("PRAGMA foreign_keys"), None);
        assert_eq!(value("PRAGMA journal_mode = WAL"), None);
    }

    #[test]
    fn references_are_asked_for_where_nothing_watches_them() {
        assert_eq!(hoisted("PRAGMA foreign_keys = 0").map(|hoisted| hoisted.checks.len()), Some(1));
        assert_eq!(hoisted("PRAGMA foreign_keys = 1").map(|hoisted| hoisted.checks.len()), Some(0));
    }
}
