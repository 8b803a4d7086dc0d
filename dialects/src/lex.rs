//! How SQL is read by tokens: words, names in their kinds of quotes, literals, comments.
//!
//! A table's CREATE text is the only place where SQLite tells its checks, its collations and the names of its
//! constraints, so it is read by tokens. Expressions are never taken apart; at most it is asked whether one mentions a name.

/// A token, with its place in the text in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A keyword or a name without quotes.
    Word,
    /// A name in quotes. `'..'` may be one too, where only a name can stand.
    Quoted,
    /// `'..'`.
    String,
    /// A number, or `x'..'`.
    Literal,
    /// Any other character.
    Punct(char),
}

/// The tokens of a text; comments and white space are none.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let start = at;
        let rest = &text[at..];
        let kind = match c {
            c if c.is_ascii_whitespace() || c == '\u{feff}' => {
                at += c.len_utf8();
                continue;
            }
            '-' if rest.starts_with("--") => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '/' if rest.starts_with("/*") => {
                at += rest[2..].find("*/").map_or(rest.len(), |end| end + 4);
                continue;
            }
            '\'' => {
                at = quoted_end(bytes, at, b'\'');
                Kind::String
            }
            '"' | '`' => {
                at = quoted_end(bytes, at, bytes[at]);
                Kind::Quoted
            }
            '[' => {
                at += rest.find(']').map_or(rest.len(), |end| end + 1);
                Kind::Quoted
            }
            'x' | 'X' if rest[1..].starts_with('\'') => {
                at = quoted_end(bytes, at + 1, b'\'');
                Kind::Literal
            }
            c if c.is_ascii_digit() => {
                at += number(rest);
                Kind::Literal
            }
            c if is_word(c) => {
                at += rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                Kind::Word
            }
            c => {
                at += c.len_utf8();
                Kind::Punct(c)
            }
        };
        tokens.push(Token { kind, start, end: at });
    }
    tokens
}

/// The name that a token gives, its quotes taken off.
pub(crate) fn name(text: &str, token: Token) -> String {
    let raw = &text[token.start..token.end];
    match (token.kind, raw.chars().next()) {
        (Kind::Quoted, Some('[')) => raw.trim_start_matches('[').trim_end_matches(']').to_owned(),
        (Kind::Quoted | Kind::String, Some(mark)) if raw.len() > 1 => {
            raw[1..raw.len() - 1].replace(&format!("{mark}{mark}"), &mark.to_string())
        }
        _ => raw.to_owned(),
    }
}

/// Whether a text mentions a name, as a word or in quotes.
pub(crate) fn mentions(text: &str, wanted: &str) -> bool {
    tokens(text).into_iter().any(|token| {
        matches!(token.kind, Kind::Word | Kind::Quoted) && name(text, token).eq_ignore_ascii_case(wanted)
    })
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '$' || !c.is_ascii()
}

/// Where a quoted text ends that begins at `at`; a doubled mark stands for one.
fn quoted_end(bytes: &[u8], at: usize, mark: u8) -> usize {
    let mut end = at + 1;
    while end < bytes.len() {
        if bytes[end] == mark {
            if bytes.get(end + 1) != Some(&mark) {
                return end + 1;
            }
            end += 1;
        }
        end += 1;
    }
    bytes.len()
}

/// How long a number is: digits, a point, and an exponent with its sign; or hexadecimal.
fn number(text: &str) -> usize {
    let hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    let mut previous = ' ';
    for (at, c) in text.char_indices() {
        let sign = matches!(c, '+' | '-') && matches!(previous, 'e' | 'E') && !hexadecimal;
        if !(c.is_ascii_alphanumeric() || c == '.' || c == '_' || sign) {
            return at;
        }
        previous = c;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let found: Vec<_> = tokens(text).iter().map(|token| &text[token.start..token.end]).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn quotes_and_comments() {
        check("a -- b\n/* c */ \"d\"\"e\" `f` [g h] 'i''j'", &["a", "\"d\"\"e\"", "`f`", "[g h]", "'i''j'"]);
        check("x'00ff' 1.5e-3 0x1F é(1)", &["x'00ff'", "1.5e-3", "0x1F", "é", "(", "1", ")"]);
        check("'open", &["'open"]);
        check("/* open", &[]);
    }

    #[test]
    fn names_lose_their_quotes() {
        let text = "\"a\"\"b\" [c] `d` e";
        let names: Vec<_> = tokens(text).into_iter().map(|token| name(text, token)).collect();
        assert_eq!(names, ["a\"b", "c", "d", "e"]);
        assert!(mentions(text, "E") && !mentions("'e'", "e"));
    }
}
