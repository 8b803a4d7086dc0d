//! What a body may be: one statement, for the driver sends whatever stands behind its end as a statement of its own.

/// Why a text is no body of one object, and what to do; none if it is one.
pub(super) fn fault(text: &str) -> Option<(&'static str, &'static str)> {
    let pieces = pieces(text);
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

/// A text's words, quoted parts and marks, without its comments. In strings a backslash escapes what follows it.
fn pieces(text: &str) -> Vec<&str> {
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
                    at += if bytes[at] == b'\\' && mark != b'`' { 2 } else { 1 };
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
    use super::*;

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
            assert_eq!(fault(one), None, "{one}");
        }
        for several in ["SET @a = 1; SET @b = 2", "BEGIN a; END; DROP TABLE t", "SELECT '\\\\'; SELECT 'ü"] {
            assert!(fault(several).unwrap().0.contains("several statements"), "{several}");
        }
        assert!(fault("delimiter //\nBEGIN a; END//").unwrap().0.starts_with("DELIMITER"));
    }
}
