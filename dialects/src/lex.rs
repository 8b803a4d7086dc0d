//! How SQL is read by tokens: words, names in their kinds of quotes, literals, comments.
//!
//! A table's CREATE text is the only place where SQLite tells its checks, its collations and the names of its
//! constraints, so it is read by tokens. Expressions are never taken apart; at most it is asked whether one mentions a name.

use std::collections::BTreeSet;

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
            c if c.is_ascii_digit() || (c == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) => {
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
        (Kind::Quoted, Some('[')) => raw[1..].strip_suffix(']').unwrap_or(&raw[1..]).to_owned(),
        (Kind::Quoted | Kind::String, Some(mark)) if raw.len() > 1 => {
            raw[1..raw.len() - 1].replace(&format!("{mark}{mark}"), &mark.to_string())
        }
        _ => raw.to_owned(),
    }
}

/// All that a text may mention as a table's name, in lower case as far as it is ASCII; each once.
pub(crate) fn names(text: &str) -> BTreeSet<String> {
    let names = tokens(text).into_iter().filter(|token| is_name(*token));
    names.map(|token| name(text, token).to_ascii_lowercase()).collect()
}

/// Whether a text mentions a name in any way in which it may be a table's: as a word, in quotes, or as a string, which SQLite
/// takes for a name where only one can stand.
pub(crate) fn mentions(text: &str, wanted: &str) -> bool {
    let mut names = tokens(text).into_iter().filter(|token| is_name(*token));
    names.any(|token| name(text, token).eq_ignore_ascii_case(wanted))
}

/// The tokens of a body that stand where a relation's name does: behind FROM, JOIN, INTO and their like, and behind the commas
/// of a FROM.
pub(crate) fn relations(text: &str, tokens: &[Token]) -> Vec<usize> {
    const LISTS: [&str; 4] = ["FROM", "JOIN", "STRAIGHT_JOIN", "UPDATE"];
    const ENDS: [&str; 9] = ["WHERE", "SET", "ON", "USING", "SELECT", "VALUES", "GROUP", "ORDER", "INTO"];
    const BEFORE: [&str; 9] =
        ["INTO", "TABLE", "REPLACE", "TRUNCATE", "IGNORE", "ABORT", "FAIL", "ROLLBACK", "IN"];
    let mut found = Vec::new();
    let mut is_list = false;
    for (at, token) in tokens.iter().enumerate() {
        let word = &text[token.start..token.end];
        let is_one_of = |words: &[&str]| {
            token.kind == Kind::Word && words.iter().any(|other| word.eq_ignore_ascii_case(other))
        };
        let leads = is_one_of(&LISTS);
        is_list |= leads;
        if is_one_of(&ENDS) || matches!(token.kind, Kind::Punct('(' | ';')) {
            is_list = false;
        }
        if leads || is_one_of(&BEFORE) || is_list && token.kind == Kind::Punct(',') {
            found.push(at + 1);
        }
    }
    found
}

/// Whether a body reads from a table or a view of this name, or writes to it, in whatever schema.
pub(crate) fn uses(text: &str, wanted: &str) -> bool {
    let tokens = tokens(text);
    let is = |at: usize| {
        tokens.get(at).is_some_and(|token| is_name(*token) && name(text, *token).eq_ignore_ascii_case(wanted))
    };
    let is_dot = |at: usize| tokens.get(at).is_some_and(|token| token.kind == Kind::Punct('.'));
    relations(text, &tokens).into_iter().any(|at| is(at) || is_dot(at + 1) && is(at + 2))
}

/// Whether a token is this name, as a word or in quotes.
pub(crate) fn is_named(text: &str, token: Token, wanted: &str) -> bool {
    match token.kind {
        Kind::Word => name(text, token).eq_ignore_ascii_case(wanted),
        Kind::Quoted => name(text, token) == wanted,
        _ => false,
    }
}

fn is_name(token: Token) -> bool {
    matches!(token.kind, Kind::Word | Kind::Quoted | Kind::String)
}

/// Whether an expression mentions a column. A word before a bracket is a function, and one behind `::` a type.
pub(crate) fn mentions_column(text: &str, wanted: &str) -> bool {
    let tokens = tokens(text);
    let is =
        |at: Option<usize>, kind| at.and_then(|at| tokens.get(at)).is_some_and(|token| token.kind == kind);
    tokens.iter().enumerate().any(|(at, token)| {
        let column = match token.kind {
            Kind::Word => !is(Some(at + 1), Kind::Punct('(')) && !is(at.checked_sub(1), Kind::Punct(':')),
            Kind::Quoted => true,
            _ => false,
        };
        column && name(text, *token).eq_ignore_ascii_case(wanted)
    })
}

/// Whether a text is one part of a statement, and can't end what it stands in: no semicolon, no comment, quotes and
/// brackets closed.
pub(crate) fn is_one_part(text: &str) -> bool {
    let tokens = tokens(text);
    let mut depth = 0_i32;
    let mut end = 0;
    for token in &tokens {
        if !text[end..token.start].trim().is_empty() {
            return false;
        }
        end = token.end;
        match token.kind {
            Kind::Punct('(') => depth += 1,
            Kind::Punct(')') if depth == 0 => return false,
            Kind::Punct(')') => depth -= 1,
            Kind::Punct(';' | '#') => return false,
            Kind::String | Kind::Quoted => {
                let raw = &text[token.start..token.end];
                let close = raw.chars().next().map(|mark| if mark == '[' { ']' } else { mark });
                if raw.len() < 2 || raw.chars().last() != close {
                    return false;
                }
            }
            _ => {}
        }
    }
    depth == 0 && text[end..].trim().is_empty()
}

/// Whether a text holds several statements. What creates a routine or a trigger has a body with semicolons of its own.
pub(crate) fn has_several(text: &str) -> bool {
    const WITH_BODIES: [&str; 5] = ["TRIGGER", "PROCEDURE", "FUNCTION", "EVENT", "PACKAGE"];
    let tokens = tokens(text);
    let Some(end) = tokens.iter().position(|token| token.kind == Kind::Punct(';')) else { return false };
    let has_body = tokens[..end]
        .iter()
        .any(|token| WITH_BODIES.iter().any(|word| text[token.start..token.end].eq_ignore_ascii_case(word)));
    !has_body && tokens[end..].iter().any(|token| token.kind != Kind::Punct(';'))
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
        check(
            "x'00ff' 1.5e-3 0x1F .5 a.b é(1)",
            &["x'00ff'", "1.5e-3", "0x1F", ".5", "a", ".", "b", "é", "(", "1", ")"],
        );
        check("'open", &["'open"]);
        check("/* open", &[]);
    }

    #[test]
    fn parts_end_nothing() {
        for good in ["integer", "numeric(10, (2))", "enum('a;--', \"b\")", "int4range[]", "double precision"]
        {
            assert!(is_one_part(good), "{good}");
        }
        for bad in
            ["int; DROP TABLE t", "int) --", "int /* x */", "int -- x", "enum('a", "int)", "(int", "int # x"]
        {
            assert!(!is_one_part(bad), "{bad}");
        }
        assert!(
            has_several("SELECT 1; SELECT 2")
                && !has_several("SELECT ';';")
                && !has_several("CREATE TRIGGER t BEGIN a; b; END")
        );
    }

    #[test]
    fn names_lose_their_quotes() {
        let text = "\"a\"\"b\" [c] `d` e";
        let names: Vec<_> = tokens(text).into_iter().map(|token| name(text, token)).collect();
        assert_eq!(names, ["a\"b", "c", "d", "e"]);
        assert!(mentions(text, "E") && mentions("'e'", "e") && !mentions_column("'e'", "e"));
        assert!(mentions_column("lower(a) + b", "a") && !mentions_column("lower(a)::date", "lower"));
        assert!(!mentions_column("a::date", "date") && mentions_column("date (a) = \"date\"", "date"));
    }
}
