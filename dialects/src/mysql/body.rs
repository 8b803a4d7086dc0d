//! What a body may be: one statement, for the driver sends whatever stands behind its end as a statement of its own.

use dunlin_dsl::Server;

/// Why a text is no body of one object, and what to do; none if it is one.
pub(super) fn fault(text: &str, server: &Server) -> Option<(&'static str, &'static str)> {
    let pieces = pieces(text, server.fact("sql_mode"));
    if pieces.first().is_some_and(|first| first.eq_ignore_ascii_case("DELIMITER")) {
        let reason = "DELIMITER is a command of the mysql client, and no SQL";
        return Some((reason, "leave it out: a body is sent as one statement, whatever semicolons it has"));
    }
    let last = pieces.iter().rposition(|piece| *piece != ";")?;
    let pieces = &pieces[..=last];
    if !pieces.contains(&";") || is_block(pieces) {
        return None;
    }
    let reason = "it has several statements, and all but the first would run at once and belong to nothing";
    Some((reason, "put them between BEGIN and END, or give it one"))
}

/// Whether statements stand in a block that ends where the text does: `BEGIN .. END`, `IF .. END IF`, `a: LOOP .. END LOOP a`.
fn is_block(pieces: &[&str]) -> bool {
    const OPENING: [&str; 10] =
        ["BEGIN", "IF", "CASE", "LOOP", "REPEAT", "WHILE", "FOR", "DECLARE", "AS", "IS"];
    let first = if pieces.get(1) == Some(&":") { pieces.get(2) } else { pieces.first() };
    first.is_some_and(|first| OPENING.iter().any(|word| first.eq_ignore_ascii_case(word)))
        && pieces.iter().rev().take(3).any(|piece| piece.eq_ignore_ascii_case("END"))
}

/// A text's words, quoted parts and marks, without its comments. In strings a backslash escapes what follows it, unless the
/// mode says that it doesn't; what stands in double quotes is a name in some modes, and no string.
fn pieces<'t>(text: &'t str, mode: &str) -> Vec<&'t str> {
    let has = |name: &str| mode.split(',').any(|mode| mode == name);
    let (escapes, names) = (!has("NO_BACKSLASH_ESCAPES"), has("ANSI_QUOTES"));
    let bytes = text.as_bytes();
    let is_word =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@') || byte >= 0x80;
    let until =
        |at: usize, mark: &str| text[at..].find(mark).map_or(text.len(), |found| at + found + mark.len());
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'#' => {
                at = until(at, "\n");
                continue;
            }
            b'-' if bytes[at..].starts_with(b"--") && bytes.get(at + 2).is_none_or(|b| *b <= b' ') => {
                at = until(at, "\n");
                continue;
            }
            b'/' if bytes[at..].starts_with(b"/*") => {
                at = until(at + 2, "*/");
                continue;
            }
            mark @ (b'\'' | b'"' | b'`') => {
                at += 1;
                while at < bytes.len() && bytes[at] != mark {
                    let escaped = escapes && mark != b'`' && !(names && mark == b'"');
                    at += if bytes[at] == b'\\' && escaped { 2 } else { 1 };
                }
                at = (at + 1).min(bytes.len());
            }
            byte if is_word(byte) => {
                while at < bytes.len() && is_word(bytes[at]) {
                    at += 1;
                }
            }
            _ => at += 1,
        }
        pieces.push(text.get(start..at).unwrap_or_default());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use dunlin_dsl::{DialectId, Version};

    use super::*;

    fn in_mode(mode: &str) -> Server {
        let mut server = Server::new(DialectId::Mysql, Version::new(9, 0, 0));
        server.facts.insert("sql_mode".into(), mode.into());
        server
    }

    #[test]
    fn what_a_backslash_and_a_double_quote_are_is_the_modes_to_say() {
        let at_the_end = "SET @a = '\\'; SET @b = ''";
        assert!(fault(at_the_end, &in_mode("ANSI_QUOTES")).is_none());
        assert!(fault(at_the_end, &in_mode("STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES")).is_some());
        let name = "SET @a = \"b\\\"; SET @c = \"\"";
        assert!(fault(name, &in_mode("")).is_none());
        assert!(fault(name, &in_mode("ANSI_QUOTES")).is_some());
    }

    #[test]
    fn one_statement_is_told_from_several() {
        for one in [
            "SET @a = 1",
            "SET @a = ';'; -- it's; done\n # and; so\n",
            "BEGIN SET @a = 'it\\'s;'; SET @b = 2; END;",
            "-- what; for\nx: BEGIN a; b; END x",
            "`a b`: LOOP a; LEAVE `a b`; END LOOP `a b`",
            "IF NEW.a THEN SET @a = 1; END IF",
            "SELECT `;`, \";\" /* ; */ FROM t",
            "",
        ] {
            assert_eq!(fault(one, &in_mode("")), None, "{one}");
        }
        for several in ["SET @a = 1; SET @b = 2", "BEGIN a; END; DROP TABLE t", "SELECT '\\\\'; SELECT 'ü"] {
            assert!(fault(several, &in_mode("")).unwrap().0.contains("several statements"), "{several}");
        }
        assert!(fault("delimiter //\nBEGIN a; END//", &in_mode("")).unwrap().0.starts_with("DELIMITER"));
    }
}
