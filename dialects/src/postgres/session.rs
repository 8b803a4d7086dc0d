//! What a script may change of its session.

use super::print::literal;

/// Who the session is, every setting as it was before anyone set it, those that were set, and the role. `RESET ALL` comes
/// always, for the catalog doesn't show what a script made up, such as `my.setting`; all that comes behind it must then too. Then
/// what is temporary.
const SETTINGS_QUERY: &str = "\
    SELECT 'SET SESSION AUTHORIZATION ' || pg_catalog.quote_ident(SESSION_USER), true, NULL \
    UNION ALL SELECT 'RESET ALL', true, NULL \
    UNION ALL \
    SELECT 'SELECT pg_catalog.set_config(' || pg_catalog.quote_literal(name) || ', ' || \
        pg_catalog.quote_literal(pg_catalog.current_setting(name)) || ', false)', true, NULL \
    FROM pg_catalog.pg_settings \
    WHERE source = 'session' AND context IN ('user', 'superuser') AND name NOT LIKE 'transaction\\_%' \
    UNION ALL \
    SELECT 'SELECT pg_catalog.set_config(''role'', ' || \
        pg_catalog.quote_literal(pg_catalog.current_setting('role')) || ', false)', true, NULL \
    UNION ALL \
    SELECT NULL, false, 'DROP ' || CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END || \
        ' IF EXISTS pg_temp.' || pg_catalog.quote_ident(relname) || ' CASCADE' \
    FROM pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema() AND relkind IN ('r', 'p', 'v', 'S')";

/// The same, with settings that someone made up, whose names alone tell that they are there.
pub(super) fn settings_query(own: &[String]) -> String {
    own.iter().fold(SETTINGS_QUERY.to_owned(), |query, name| {
        let name = literal(name);
        format!(
            "{query} UNION ALL SELECT 'SELECT pg_catalog.set_config(' || pg_catalog.quote_literal({name}) || ', ' || \
             pg_catalog.quote_literal(pg_catalog.current_setting({name}, true)) || ', false)', true, NULL"
        )
    })
}
