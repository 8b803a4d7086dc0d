//! Whether SQL reaches beyond the database that it runs in: to other databases of the server, which on MySQL and MariaDB a dot is
//! enough for, to attached files, or to what the whole server has. It is told by words alone: what SQL puts together when it runs isn't seen.

use dunlin_dsl::{Connection, DialectId};
use dunlin_migrations::Result;

/// The other databases of the server that a name before a dot means.
pub(super) async fn databases(conn: &mut dyn Connection) -> Result<Vec<String>> {
    if !matches!(conn.server().await?.dialect, DialectId::Mysql | DialectId::Mariadb) {
        return Ok(Vec::new());
    }
    // The two that are left out can only be read.
    let asked = "SELECT schema_name FROM information_schema.schemata WHERE schema_name <> DATABASE() \
                 AND schema_name NOT IN ('information_schema', 'performance_schema')";
    Ok(conn.query(asked).await?.iter().filter_map(|row| row.text(0)).collect())
}

/// What of the server's a statement creates, changes or drops.
const OF_THE_SERVER: [&str; 5] = ["role", "user", "database", "tablespace", "group"];

/// The first thing beyond the database that one of these texts reaches.
pub(super) fn reached(texts: &[&String], databases: &[String]) -> Option<String> {
    texts.iter().find_map(|text| {
        let words = words(text);
        let named = databases.iter().find(|name| is_named(&words, name));
        named
            .map(|name| format!("it names the database {name}, which is there"))
            .or_else(|| of_the_server(&words))
    })
}

fn of_the_server(words: &[String]) -> Option<String> {
    let is_change = |word: &String| matches!(word.as_str(), "create" | "alter" | "drop" | "rename");
    let mut pairs = words.windows(2);
    let changed = pairs.find(|pair| is_change(&pair[0]) && OF_THE_SERVER.contains(&pair[1].as_str()));
    if let Some([change, what]) = changed {
        return Some(format!(
            "it says {} {}, which is beyond its database",
            change.to_uppercase(),
            what.to_uppercase()
        ));
    }
    (words.first().is_some_and(|word| word == "attach")).then(|| "it attaches another database".to_owned())
}

/// Whether a name stands where a database's does: before a dot, or behind `USE`, `DATABASE` or `SCHEMA`.
fn is_named(words: &[String], name: &str) -> bool {
    let name = name.to_lowercase();
    let found = words.iter().enumerate().filter(|(_, word)| **word == name);
    found.into_iter().any(|(at, _)| {
        let fillers = ["if", "not", "exists"];
        let mut before = words[..at].iter().rev().skip_while(|word| fillers.contains(&word.as_str()));
        let introduces =
            before.next().is_some_and(|word| matches!(word.as_str(), "use" | "database" | "schema"));
        introduces || words.get(at + 1).is_some_and(|word| word == ".")
    })
}

/// The words of a text in lower case, quotes and comments taken off, for whether names differ by their case depends on the server's
/// files; and its dots.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("/*") && !rest.starts_with("/*!") => {
                rest.find("*/").map_or(rest.len(), |end| end + 2)
            }
            '-' if rest.starts_with("-- ") => rest.find('\n').unwrap_or(rest.len()),
            '\'' => quoted(rest, c),
            '`' | '"' => {
                let length = quoted(rest, c);
                words.push(rest[1..length].trim_end_matches(c).to_lowercase());
                length
            }
            '.' => {
                words.push(".".into());
                1
            }
            c if c.is_alphanumeric() || matches!(c, '_' | '$') => {
                let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'));
                let length = rest.find(is_end).unwrap_or(rest.len());
                words.push(rest[..length].to_lowercase());
                length
            }
            c => c.len_utf8(),
        };
        rest = &rest[length..];
    }
    words
}

/// How long something in quotes is.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::reached;

    fn reaches(text: &str) -> bool {
        reached(&[&text.to_owned()], &["shop".to_owned()]).is_some()
    }

    #[test]
    fn what_is_beyond_a_database_is_told_by_words() {
        for text in [
            "DROP TABLE shop.users",
            "DELETE FROM `shop` . `users`",
            "DELETE FROM shop/**/.users",
            "USE Shop",
            "DROP DATABASE IF EXISTS `shop`",
            "create role app",
            "ALTER  DATABASE other SET search_path = x",
            "ATTACH 'other.db' AS o",
        ] {
            assert!(reaches(text), "{text}");
        }
        for text in [
            "CREATE TABLE IF NOT EXISTS shop (a int)",
            "SELECT 'shop.users'",
            "DROP TABLE workshop.users",
            "DROP TABLE shop2.users -- shop.users",
            "CREATE TABLE t (role text, attach text)",
        ] {
            assert!(!reaches(text), "{text}");
        }
    }
}
