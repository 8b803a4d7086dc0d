//! The texts of `sqlite_schema`.

use dunlin_dsl::{Connection, ConnectionError};

use crate::lex::{Kind, name, tokens};

pub(super) const TABLES: &str = "SELECT NULL, name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' \
     AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name";

/// What has no text goes with what has one. Triggers stand in the order in which they were made, for in that order they fire.
pub(super) async fn schema(conn: &mut dyn Connection) -> Result<String, ConnectionError> {
    let asked = "SELECT type, name, tbl_name, sql FROM main.sqlite_schema WHERE sql IS NOT NULL \
                 ORDER BY type, CASE type WHEN 'trigger' THEN tbl_name ELSE name END, rowid";
    let mut text = String::new();
    for row in conn.query(asked).await? {
        let told = |at| row.text(at).unwrap_or_default();
        text += &format!("-- {} {} on {}\n{}\n", told(0), told(1), told(2), laid_out(&told(3)));
    }
    Ok(text)
}

/// A text in which only what it means counts: tokens with a space between, names in quotes only where they need them, and each part
/// of a table in a line of its own. SQLite writes what it adds in the line of what stands before it, and quotes what it renames.
fn laid_out(text: &str) -> String {
    let tokens = tokens(text);
    let is_word = |at: Option<usize>, word: &str| {
        let token = at.and_then(|at| tokens.get(at)).filter(|token| token.kind == Kind::Word);
        token.is_some_and(|token| text[token.start..token.end].eq_ignore_ascii_case(word))
    };
    let is_table = (0..3).any(|at| is_word(Some(at), "TABLE"));
    let mut out = String::with_capacity(text.len());
    let mut depth = 0_usize;
    // What a column refuses stands anywhere among what else is said of it, unless it has a name or a way of refusing.
    let mut refuses_null = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let closes = token.kind == Kind::Punct(')');
        depth -= usize::from(closes && depth > 0);
        let ends = closes && depth == 0 || token.kind == Kind::Punct(',') && depth == 1;
        let is_bare = is_word(Some(at), "NOT") && is_word(Some(at + 1), "NULL");
        let is_special = is_word(at.checked_sub(2), "CONSTRAINT") || is_word(Some(at + 2), "ON");
        if is_table && depth == 1 && is_bare && !is_special {
            refuses_null = true;
            at += 2;
            continue;
        }
        if is_table && ends && std::mem::take(&mut refuses_null) {
            out += " NOT NULL";
        }
        match out.chars().next_back() {
            _ if is_table && closes && depth == 0 => out.push('\n'),
            Some('\n') | None => {}
            Some(_) => out.push(' '),
        }
        match token.kind {
            Kind::Quoted => out += &quoted(&name(text, *token)),
            Kind::Word if is_keyword(&text[token.start..token.end]) => {
                out += &text[token.start..token.end].to_ascii_uppercase();
            }
            _ => out += &text[token.start..token.end],
        }
        let opens = token.kind == Kind::Punct('(');
        if is_table && (opens && depth == 0 || token.kind == Kind::Punct(',') && depth == 1) {
            out.push('\n');
        }
        depth += usize::from(opens);
        at += 1;
    }
    out
}

fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || c == '_';
    let is_bare = name.chars().all(is_plain) && !name.starts_with(|c: char| c.is_ascii_digit());
    match is_bare && !is_keyword(name) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// The words of a definition that mean the same however they are written, and a name only in quotes.
const KEYWORDS: [&str; 54] = [
    "AFTER",
    "ALWAYS",
    "AND",
    "AS",
    "ASC",
    "AUTOINCREMENT",
    "BEFORE",
    "BEGIN",
    "BETWEEN",
    "CASCADE",
    "CHECK",
    "COLLATE",
    "CONSTRAINT",
    "CREATE",
    "DEFAULT",
    "DEFERRABLE",
    "DELETE",
    "DESC",
    "EACH",
    "END",
    "FALSE",
    "FOREIGN",
    "FROM",
    "GENERATED",
    "IN",
    "INDEX",
    "INSERT",
    "INTO",
    "IS",
    "KEY",
    "LIKE",
    "NOT",
    "NULL",
    "OF",
    "ON",
    "OR",
    "PRIMARY",
    "REFERENCES",
    "RESTRICT",
    "ROW",
    "ROWID",
    "SELECT",
    "SET",
    "STORED",
    "STRICT",
    "TABLE",
    "TRIGGER",
    "TRUE",
    "UNIQUE",
    "UPDATE",
    "VALUES",
    "VIEW",
    "WHERE",
    "WITHOUT",
];

fn is_keyword(word: &str) -> bool {
    KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::laid_out;

    #[test]
    fn only_what_a_text_means_counts() {
        let one = "CREATE TABLE t (\n  a INTEGER, -- a remark\n  \"b\" TEXT DEFAULT 'it''s',\n  CHECK (a>0))";
        let other = "CREATE TABLE \"t\" ( a  INTEGER,b TEXT DEFAULT 'it''s', CHECK ( a > 0 ) )";
        assert_eq!(laid_out(one), laid_out(other));
        assert_eq!(
            laid_out(one),
            "CREATE TABLE t (\na INTEGER ,\nb TEXT DEFAULT 'it''s' ,\nCHECK ( a > 0 )\n)"
        );
        assert_eq!(laid_out("create table t (a int not null)"), laid_out("CREATE TABLE t (a int NOT NULL)"));
        assert_ne!(
            laid_out("CREATE TABLE t (a DEFAULT \"null\")"),
            laid_out("CREATE TABLE t (a DEFAULT null)")
        );
        assert_ne!(laid_out(one), laid_out(&one.replace("it''s", "its")));
        assert_ne!(laid_out(one), laid_out(&one.replace("\"b\"", "\"b c\"")));
    }
}
