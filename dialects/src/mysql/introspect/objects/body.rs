//! The body of a routine, a trigger or an event, in the words of SHOW CREATE.

use dunlin_dsl::ObjectKind;

use crate::lex::{Kind, Token, tokens};
use crate::mysql::text;

/// What is said of a routine between its arguments and its body, each in a line of its own.
const CHARACTERISTICS: [&str; 8] = [
    "    NO SQL\n",
    "    READS SQL DATA\n",
    "    MODIFIES SQL DATA\n",
    "    DETERMINISTIC\n",
    "    SQL SECURITY INVOKER\n",
    "    LANGUAGE SQL\n",
    "    CONTAINS SQL\n",
    "    NOT DETERMINISTIC\n",
];

/// The body, behind all that is said before it.
pub(super) fn of(shown: &str, kind: ObjectKind) -> Option<&str> {
    // Only what stands before the body is read by tokens, with its literals blanked: they have backslashes.
    let masked = masked(shown);
    let head = Head { text: &masked, tokens: tokens(&masked) };
    let start = match kind {
        ObjectKind::Function | ObjectKind::Procedure => {
            return head.behind_arguments().and_then(|at| routine(shown, at));
        }
        ObjectKind::Trigger => head.behind_each_row()?,
        ObjectKind::Event => head.behind_do()?,
        _ => return None,
    };
    Some(shown.get(start..)?.trim())
}

/// Whether a function is one over rows: `CREATE AGGREGATE FUNCTION`, MariaDB's.
pub(super) fn is_aggregate(shown: &str) -> bool {
    let masked = masked(shown);
    let head = Head { text: &masked, tokens: tokens(&masked) };
    let open = head.tokens.iter().position(|token| token.kind == Kind::Punct('('));
    (0..open.unwrap_or_default()).any(|at| head.is(at, "AGGREGATE") && head.is(at + 1, "FUNCTION"))
}

struct Head<'t> {
    text: &'t str,
    tokens: Vec<Token>,
}

impl Head<'_> {
    fn is(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.kind == Kind::Word && self.text[token.start..token.end].eq_ignore_ascii_case(word)
        })
    }

    fn end(&self, at: usize) -> Option<usize> {
        self.tokens.get(at).map(|token| token.end)
    }

    /// Where the line of a routine's arguments and result ends.
    fn behind_arguments(&self) -> Option<usize> {
        let mut depth = 0;
        let open = |token: &Token| token.kind == Kind::Punct('(');
        let close = |token: &Token| token.kind == Kind::Punct(')');
        let closing = self.tokens.iter().find(|token| {
            depth += i32::from(open(token)) - i32::from(close(token));
            close(token) && depth == 0
        })?;
        let line = self.text[closing.end..].find('\n')?;
        Some(closing.end + line + 1)
    }

    /// MariaDB shows a trigger as it was written, with its place among the others.
    fn behind_each_row(&self) -> Option<usize> {
        let at = (0..self.tokens.len())
            .find(|at| self.is(*at, "FOR") && self.is(at + 1, "EACH") && self.is(at + 2, "ROW"))?;
        let placed = self.is(at + 3, "FOLLOWS") || self.is(at + 3, "PRECEDES");
        // `follows` alone might be a label.
        let placed = placed && self.tokens.get(at + 4).is_some_and(|token| token.kind != Kind::Punct(':'));
        self.end(if placed { at + 4 } else { at + 2 })
    }

    fn behind_do(&self) -> Option<usize> {
        let at = (0..self.tokens.len()).find(|at| self.is(*at, "DO"))?;
        self.end(at)
    }
}

fn routine(shown: &str, at: usize) -> Option<&str> {
    let mut rest = shown.get(at..)?;
    loop {
        if let Some(less) = CHARACTERISTICS.iter().find_map(|line| rest.strip_prefix(line)) {
            rest = less;
        } else if let Some(comment) = rest.strip_prefix("    COMMENT ") {
            let (_, bytes) = text::literal(comment)?;
            rest = comment[bytes..].strip_prefix('\n')?;
        } else {
            return Some(rest.trim());
        }
    }
}

/// A text with blanks in its literals, each byte at its place.
pub(in crate::mysql) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '\'' => {
                let bytes = text::literal(rest).map_or(rest.len(), |(_, bytes)| bytes);
                masked.push('\'');
                masked.extend(std::iter::repeat_n(' ', bytes.saturating_sub(2)));
                masked.extend((bytes > 1).then_some('\''));
                bytes
            }
            mark @ ('`' | '"') => {
                let bytes = rest[1..].find(mark).map_or(rest.len(), |end| end + 2);
                masked += &rest[..bytes];
                bytes
            }
            c => {
                masked.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shown: &str, kind: ObjectKind, expected: &str) {
        assert_eq!(of(shown, kind), Some(expected));
    }

    #[test]
    fn behind_all_that_is_said_before() {
        check(
            "CREATE DEFINER=`a(b`@`%` FUNCTION `f`(a enum('x\\')y','z'),\n b int) RETURNS enum('p') CHARSET utf8mb4\n    \
             NO SQL\n    DETERMINISTIC\n    COMMENT 'it\\'s\\nRETURN'\nRETURN 'it''s'",
            ObjectKind::Function,
            "RETURN 'it''s'",
        );
        check("CREATE PROCEDURE `p`()\nBEGIN\nEND", ObjectKind::Procedure, "BEGIN\nEND");
        let each = "CREATE DEFINER=`r`@`%` TRIGGER t BEFORE INSERT ON `for each row` FOR EACH ROW";
        check(&format!("{each} SET @a = 'do'"), ObjectKind::Trigger, "SET @a = 'do'");
        check(&format!("{each} FOLLOWS `b`  BEGIN END"), ObjectKind::Trigger, "BEGIN END");
        let ansi = "CREATE DEFINER=\"r\"@\"%\" PROCEDURE \"it's (\"\"\"()\n    COMMENT 'c'\nSELECT \"a\"";
        check(ansi, ObjectKind::Procedure, "SELECT \"a\"");
        let event = "CREATE EVENT `do` ON SCHEDULE EVERY '1' DAY COMMENT 'it\\'s do' DO SET @a = 1";
        check(event, ObjectKind::Event, "SET @a = 1");
    }
}
