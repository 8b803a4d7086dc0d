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

/// What isn't modelled of what stands before a body, and the catalog doesn't tell: MariaDB's.
pub(super) fn beside(shown: &str, kind: ObjectKind) -> Vec<&'static str> {
    let masked = masked(shown);
    let head = Head { text: &masked, tokens: tokens(&masked) };
    let end = match kind {
        ObjectKind::Function | ObjectKind::Procedure => head.closing(),
        ObjectKind::Trigger => (0..head.tokens.len()).find(|at| head.is(*at, "EACH")),
        _ => None,
    };
    let any = |words: [&str; 2]| {
        (0..end.unwrap_or_default())
            .any(|at| words.iter().enumerate().all(|(offset, word)| head.is(at + offset, word)))
    };
    let mut found = Vec::new();
    match kind {
        ObjectKind::Trigger if any(["UPDATE", "OF"]) => found.push("columns whose update alone it fires for"),
        ObjectKind::Trigger => {}
        _ => {
            if any(["AGGREGATE", "FUNCTION"]) {
                found.push("a body over all rows (AGGREGATE)");
            }
            if (0..end.unwrap_or_default()).any(|at| head.is(at, "DEFAULT")) {
                found.push("an argument with a default");
            }
        }
    }
    found
}

/// Whether a sequence's own words name the type of its numbers, as those of MariaDB 11.5 do: `CREATE SEQUENCE s as int ..`.
pub(super) fn has_type(shown: &str) -> bool {
    let head = Head { text: shown, tokens: tokens(shown) };
    let start = (0..head.tokens.len()).find(|at| head.is(*at, "START"));
    (0..start.unwrap_or_default()).any(|at| head.is(at, "AS"))
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

    /// The bracket behind a routine's arguments.
    fn closing(&self) -> Option<usize> {
        let mut depth = 0;
        let open = |token: &Token| token.kind == Kind::Punct('(');
        let close = |token: &Token| token.kind == Kind::Punct(')');
        self.tokens.iter().position(|token| {
            depth += i32::from(open(token)) - i32::from(close(token));
            close(token) && depth == 0
        })
    }

    /// Where the line of a routine's arguments and result ends.
    fn behind_arguments(&self) -> Option<usize> {
        let closing = self.tokens.get(self.closing()?)?;
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

    /// As MariaDB 11.5, 11.8 and 12 show them, by their manual.
    #[test]
    fn what_isnt_modelled_before_a_body() {
        let with = |args: &str| format!("CREATE PROCEDURE `p`({args})\nSELECT 'x' DEFAULT");
        assert_eq!(
            beside(&with("a int, b int DEFAULT 5"), ObjectKind::Procedure),
            ["an argument with a default"]
        );
        assert_eq!(beside(&with("a varchar(5), `DEFAULT` int"), ObjectKind::Procedure), [""; 0]);
        let trigger = |event: &str| {
            format!("CREATE TRIGGER t BEFORE {event} ON `of` FOR EACH ROW SET @a = 'UPDATE OF'")
        };
        assert_eq!(
            beside(&trigger("UPDATE OF a"), ObjectKind::Trigger),
            ["columns whose update alone it fires for"]
        );
        assert_eq!(beside(&trigger("UPDATE"), ObjectKind::Trigger), [""; 0]);
        assert!(has_type("CREATE SEQUENCE `s` as int unsigned start with 1 minvalue 1"));
        assert!(!has_type("CREATE SEQUENCE `as` start with 1 minvalue 1 COMMENT=' as '"));
    }

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
