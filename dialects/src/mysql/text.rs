//! Strings as MySQL and MariaDB write them, and as their catalogs spell expressions.

use dunlin_dsl::Server;

/// Whether a text may have a comment that reaches to the end of its line, and so would take in what is written behind it.
/// What is quoted counts too: then a line more is begun than is needed.
pub(super) fn has_line_comment(text: &str) -> bool {
    text.contains("--") || text.contains('#')
}

/// Whether a text, which is sent as UTF-8, reads the same to a server that takes it for text in a character set.
pub(super) fn is_sendable(text: &str, charset: &str) -> bool {
    match charset {
        "utf8mb4" => true,
        "utf8" | "utf8mb3" => text.chars().all(|c| c <= '\u{ffff}'),
        _ => text.is_ascii(),
    }
}

/// What stands behind a text and before more of the same statement.
pub(super) fn gap(text: &str) -> char {
    if has_line_comment(text) { '\n' } else { ' ' }
}

/// A text as a literal, by the rules of the session's `sql_mode`.
pub(super) fn quote(text: &str, server: &Server) -> String {
    let backslashes = !server.fact("sql_mode").contains("NO_BACKSLASH_ESCAPES");
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('\'');
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str("''"),
            '\\' if backslashes => quoted.push_str("\\\\"),
            '\0' if backslashes => quoted.push_str("\\0"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}

/// What a literal's inside means: catalogs write backslashes whatever the session's mode is.
pub(super) fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some('0') => plain.push('\0'),
                Some('b') => plain.push('\u{8}'),
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                Some('t') => plain.push('\t'),
                Some('Z') => plain.push('\u{1a}'),
                Some(other) => plain.push(other),
                None => plain.push('\\'),
            },
            c => plain.push(c),
        }
    }
    plain
}

/// A text whose UTF-8 was taken for Latin-1, as MySQL's catalog tells expressions that aren't ASCII. Any other is as it was.
pub(super) fn recoded(text: &str) -> String {
    let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(c).ok()).collect();
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_else(|| text.to_owned())
}

/// A literal at the beginning of a text: what it means, and how many bytes it takes. None if none begins there.
pub(super) fn literal(text: &str) -> Option<(String, usize)> {
    let inside = text.strip_prefix('\'')?;
    let mut meant = String::new();
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                let (_, escaped) = chars.next()?;
                meant.push_str(&unescape(&format!("\\{escaped}")));
            }
            '\'' if inside[at + 1..].starts_with('\'') => {
                chars.next();
                meant.push('\'');
            }
            '\'' => return Some((meant, at + 2)),
            c => meant.push(c),
        }
    }
    None
}

/// An expression from a catalog, its literals written by the session's own rules, and its names as they are everywhere:
/// in some modes MariaDB's catalog, and both servers' words for views, have names in double quotes.
pub(super) fn expression(text: &str, server: &Server) -> String {
    let has_double_quotes = server.fact("sql_mode").contains("ANSI_QUOTES");
    let mut written = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\'' => match literal(rest) {
                Some((meant, bytes)) => {
                    written += &quote(&meant, server);
                    bytes
                }
                None => {
                    written += rest;
                    rest.len()
                }
            },
            '`' => {
                let end = rest[1..].find('`').map_or(rest.len(), |end| end + 2);
                written += &rest[..end];
                end
            }
            '"' if has_double_quotes => {
                let (name, bytes) = double_quoted(rest);
                written += &format!("`{}`", name.replace('`', "``"));
                bytes
            }
            c => {
                written.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    written
}

/// A name in double quotes at the beginning of a text, and how many bytes it takes.
fn double_quoted(text: &str) -> (String, usize) {
    let mut name = String::new();
    let mut at = 1;
    while let Some(end) = text[at..].find('"') {
        name += &text[at..at + end];
        at += end + 1;
        if !text[at..].starts_with('"') {
            return (name, at);
        }
        name.push('"');
        at += 1;
    }
    (name + &text[at..], text.len())
}

/// A name as SHOW CREATE writes it: in one kind of quotes or, in some modes, in the other.
pub(super) fn shown_names(name: &str) -> [String; 2] {
    let quoted = |mark: char| format!("{mark}{}{mark}", name.replace(mark, &format!("{mark}{mark}")));
    [quoted('`'), quoted('"')]
}

/// An expression without brackets around all of it.
pub(super) fn unbracketed(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        if !is_balanced(inside) {
            break;
        }
        text = inside.trim();
    }
    text
}

/// Whether every bracket that closes was opened within, literals and quoted names aside.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\'' => literal(rest).map_or(rest.len(), |(_, bytes)| bytes),
            mark @ ('`' | '"') => rest[1..].find(mark).map_or(rest.len(), |end| end + 2),
            c => {
                match c {
                    '(' => depth += 1,
                    ')' => match depth.checked_sub(1) {
                        Some(less) => depth = less,
                        None => return false,
                    },
                    _ => {}
                }
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    depth == 0
}

/// The text of a string literal that is all there is, with or without the name of a character set before it.
pub(super) fn only_literal(text: &str) -> Option<String> {
    let text = text.trim();
    let literal_at = match text.strip_prefix('_') {
        Some(named) => {
            let end = named.find(|c: char| !c.is_ascii_alphanumeric())?;
            named[end..].trim_start()
        }
        None => text,
    };
    let (meant, bytes) = literal(literal_at)?;
    (bytes == literal_at.len()).then_some(meant)
}

#[cfg(test)]
mod tests {
    use dunlin_dsl::{DialectId, Version};

    use super::*;

    fn server(mode: &str) -> Server {
        let mut server = Server::new(DialectId::Mysql, Version::new(9, 7, 4));
        server.facts.insert("sql_mode".into(), mode.into());
        server
    }

    #[test]
    fn literals_follow_the_mode() {
        let text = "a'b\\c\n";
        assert_eq!(quote(text, &server("")), "'a''b\\\\c\n'");
        assert_eq!(quote(text, &server("ANSI,NO_BACKSLASH_ESCAPES")), "'a''b\\c\n'");
        assert_eq!(quote("\0", &server("")), "'\\0'");
    }

    #[test]
    fn expressions_are_read_as_they_are_meant() {
        let text = "concat(`v'`,_utf8mb4'q\\'z\\\\')";
        assert_eq!(expression(text, &server("")), "concat(`v'`,_utf8mb4'q''z\\\\')");
        assert_eq!(expression(text, &server("NO_BACKSLASH_ESCAPES")), "concat(`v'`,_utf8mb4'q''z\\')");
        let text = "json_valid(\"a\"\"b`c\") and \"d\" <> '\"x\"'";
        assert_eq!(
            expression(text, &server("ANSI_QUOTES,STRICT_TRANS_TABLES")),
            "json_valid(`a\"b``c`) and `d` <> '\"x\"'"
        );
        assert_eq!(expression("a = '\"'", &server("")), "a = '\"'");
    }

    #[test]
    fn brackets_around_all_are_taken_off() {
        assert_eq!(unbracketed("((`a` > 0))"), "`a` > 0");
        assert_eq!(unbracketed("(`a` > 0) and (`b` = ')')"), "(`a` > 0) and (`b` = ')')");
        assert_eq!(unbracketed("(')')"), "')'");
    }

    #[test]
    fn latin_1_that_was_utf_8() {
        assert_eq!(recoded("`grÃ¶Ã\u{9f}e` <> 'ð\u{9f}\u{98}\u{80}'"), "`größe` <> '😀'");
        assert_eq!(recoded("größe"), "größe");
        assert_eq!(recoded("日本"), "日本");
    }

    #[test]
    fn a_literal_alone() {
        assert_eq!(only_literal("_utf8mb4'a\\'b'"), Some("a'b".into()));
        assert_eq!(only_literal("'a' 'b'"), None);
        assert_eq!(only_literal("uuid()"), None);
    }
}
