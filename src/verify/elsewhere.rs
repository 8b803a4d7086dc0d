//! Whether SQL leaves the database that it runs in: on MySQL and MariaDB a database is a schema, and all of a server's are in reach.

use dunlin_dsl::Connection;
use dunlin_migrations::Result;

/// The other databases of the server, but for those that can only be read.
pub(super) async fn databases(conn: &mut dyn Connection) -> Result<Vec<String>> {
    let asked = "SELECT schema_name FROM information_schema.schemata WHERE schema_name <> DATABASE() \
                 AND schema_name NOT IN ('information_schema', 'performance_schema')";
    Ok(conn.query(asked).await?.iter().filter_map(|row| row.text(0)).collect())
}

/// The first of these names that stands where a database's does: before a dot, or behind `USE`, `DATABASE` or `SCHEMA`.
pub(super) fn named<'a>(mut texts: impl Iterator<Item = &'a String>, names: &'a [String]) -> Option<&'a str> {
    texts.find_map(|text| names.iter().find(|name| is_named(text, name))).map(String::as_str)
}

fn is_named(text: &str, name: &str) -> bool {
    // Whether names differ by their case depends on the server's files.
    let (text, name) = (text.to_lowercase(), name.to_lowercase());
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    text.match_indices(&name).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + name.len()..]);
        if before.ends_with(is_word) || behind.starts_with(is_word) {
            return false;
        }
        let behind = behind.strip_prefix('`').unwrap_or(behind).trim_start();
        let before = before.strip_suffix('`').unwrap_or(before).trim_end();
        let word = before.rsplit(|c| !is_word(c)).next().unwrap_or_default();
        behind.starts_with('.') || matches!(word, "use" | "database" | "schema" | "exists")
    })
}

#[cfg(test)]
mod tests {
    use super::is_named;

    #[test]
    fn a_database_is_named_before_a_dot_or_behind_its_words() {
        for text in [
            "DROP TABLE shop.users",
            "DELETE FROM `shop` . `users`",
            "USE Shop",
            "DROP DATABASE IF EXISTS `shop`",
        ] {
            assert!(is_named(text, "shop"), "{text}");
        }
        for text in [
            "CREATE TABLE shop (a int)",
            "SELECT 'shop'",
            "DROP TABLE workshop.users",
            "DROP TABLE shop2.users",
        ] {
            assert!(!is_named(text, "shop"), "{text}");
        }
    }
}
