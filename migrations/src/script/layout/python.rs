//! What a module of Python assigns to its names, as far as it says so in plain texts.
//!
//! No parser of Python: statements are found by strings, brackets and comments alone, and of those at the left margin only
//! assignments are looked at. Nothing is run, so that what only running tells is unknown.

use std::collections::BTreeMap;

/// A module.
#[derive(Debug, Default)]
pub(super) struct Module {
    /// The text that it begins with, which says what it is about.
    pub(super) doc: Option<String>,
    assigned: BTreeMap<String, Assigned>,
}

/// What a name was last assigned.
#[derive(Debug)]
pub(super) struct Assigned {
    /// The line in which it is, counted from 1.
    pub(super) line: u64,
    /// None where only running the module would tell.
    pub(super) value: Option<Value>,
}

/// A value that is written out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    None,
    Text(String),
    /// A tuple, a list or a set of texts.
    Several(Vec<String>),
}

impl Module {
    /// Reads a module, whatever is in it.
    pub(super) fn read(text: &str) -> Self {
        let mut module = Self::default();
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
        let mut tokens = Tokens { text: &text, at: 0, line: 1 };
        let mut is_first = true;
        while let Some(Statement { tokens, line, is_at_margin }) = tokens.statement() {
            match tokens.as_slice() {
                [Token::Text(text)] if is_first => module.doc.clone_from(text),
                tokens if is_at_margin => module.assign(tokens, line),
                _ => {}
            }
            is_first = false;
        }
        module
    }

    /// What a name was assigned, where it was.
    pub(super) fn get(&self, name: &str) -> Option<&Assigned> {
        self.assigned.get(name)
    }

    /// `NAME = VALUE` or `NAME: TYPE = VALUE`.
    fn assign(&mut self, tokens: &[Token<'_>], line: u64) {
        let [Token::Name(name), Token::Mark(mark), rest @ ..] = tokens else { return };
        let value = match mark {
            '=' => Some(rest),
            ':' => {
                let equals = rest.iter().rposition(|token| *token == Token::Mark('='));
                equals.and_then(|at| rest.get(at + 1..))
            }
            _ => None,
        };
        if let Some(value) = value.filter(|value| value.first() != Some(&Token::Mark('='))) {
            let value = self.value(value);
            self.assigned.insert((*name).to_owned(), Assigned { line, value });
        }
    }

    fn value(&self, tokens: &[Token<'_>]) -> Option<Value> {
        let (open, items) = match tokens {
            [Token::Mark(open @ '('), items @ .., Token::Mark(')')]
            | [Token::Mark(open @ '['), items @ .., Token::Mark(']')]
            | [Token::Mark(open @ '{'), items @ .., Token::Mark('}')] => (*open, items),
            one => return self.one(one),
        };
        let is_comma = |token: &Token<'_>| *token == Token::Mark(',');
        if open == '(' && !items.is_empty() && !items.iter().any(is_comma) {
            return self.one(items);
        }
        let items = items.strip_suffix(&[Token::Mark(',')]).unwrap_or(items);
        let items = items.split(is_comma).filter(|_| !items.is_empty());
        let texts = items.map(|item| match self.one(item)? {
            Value::Text(text) => Some(text),
            _ => None,
        });
        texts.collect::<Option<_>>().map(Value::Several)
    }

    /// `None`, texts side by side, or a name that has a value already.
    fn one(&self, tokens: &[Token<'_>]) -> Option<Value> {
        match tokens {
            [] => None,
            [Token::Name("None")] => Some(Value::None),
            [Token::Name(name)] => self.get(name)?.value.clone(),
            texts => {
                let texts = texts.iter().map(|token| match token {
                    Token::Text(text) => text.as_deref(),
                    _ => None,
                });
                texts.collect::<Option<String>>().map(Value::Text)
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Token<'t> {
    Name(&'t str),
    /// A text; none where it isn't as it is written: it has values filled in, or is bytes.
    Text(Option<String>),
    Mark(char),
    Newline,
}

struct Statement<'t> {
    tokens: Vec<Token<'t>>,
    line: u64,
    /// Whether its line isn't indented: it belongs to the module itself.
    is_at_margin: bool,
}

struct Tokens<'t> {
    text: &'t str,
    at: usize,
    line: u64,
}

impl<'t> Tokens<'t> {
    /// The next statement that isn't empty. Where nothing closes a bracket it has all that is left.
    fn statement(&mut self) -> Option<Statement<'t>> {
        let (mut tokens, mut depth) = (Vec::new(), 0_usize);
        let (mut line, mut is_at_margin) = (self.line, false);
        loop {
            if tokens.is_empty() {
                self.skip();
                line = self.line;
                let before = self.text[..self.at].rsplit('\n').next().unwrap_or_default();
                is_at_margin = !before.starts_with([' ', '\t', '\x0c']);
            }
            let token = match self.next() {
                None if tokens.is_empty() => return None,
                None => break,
                Some(token) => token,
            };
            match token {
                Token::Newline | Token::Mark(';') if depth == 0 && !tokens.is_empty() => break,
                Token::Newline => continue,
                Token::Mark(';') if depth == 0 => continue,
                Token::Mark('(' | '[' | '{') => depth += 1,
                Token::Mark(')' | ']' | '}') => depth = depth.saturating_sub(1),
                _ => {}
            }
            tokens.push(token);
        }
        Some(Statement { tokens, line, is_at_margin })
    }

    fn next(&mut self) -> Option<Token<'t>> {
        self.skip();
        let rest = &self.text[self.at..];
        let first = rest.chars().next()?;
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let word = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
        let is_prefix = word.len() <= 2 && word.chars().all(|c| "rbufRBUF".contains(c));
        if is_prefix && rest[word.len()..].starts_with(['"', '\'']) {
            self.at += word.len();
            return Some(Token::Text(self.string(&word.to_ascii_lowercase())));
        }
        if !word.is_empty() {
            self.at += word.len();
            return Some(if first.is_ascii_digit() { Token::Mark('0') } else { Token::Name(word) });
        }
        self.bump();
        Some(if first == '\n' { Token::Newline } else { Token::Mark(first) })
    }

    /// Passes over blanks, comments, and the ends of lines that go on.
    fn skip(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            self.at += match rest.as_bytes() {
                [b' ' | b'\t' | b'\x0c', ..] => 1,
                [b'\\', b'\n', ..] => {
                    self.line += 1;
                    2
                }
                [b'#', ..] => rest.find('\n').unwrap_or(rest.len()),
                _ => return,
            };
        }
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        self.line += u64::from(c == '\n');
        Some(c)
    }

    /// A string, from its first quote on. One that nothing ends goes to the end of its line.
    fn string(&mut self, prefix: &str) -> Option<String> {
        let rest = &self.text[self.at..];
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote))?;
        self.at += quote.len();
        let is_raw = prefix.contains('r');
        let mut text = String::new();
        while !self.text[self.at..].starts_with(quote) {
            if quote.len() == 1 && self.text[self.at..].starts_with('\n') {
                return None;
            }
            match self.bump()? {
                '\\' if is_raw => {
                    text.push('\\');
                    text.extend(self.bump());
                }
                '\\' => self.escape(&mut text),
                c => text.push(c),
            }
        }
        self.at += quote.len();
        let is_other = prefix.contains('b') || prefix.contains('f') && text.contains('{');
        (!is_other).then_some(text)
    }

    /// What stands behind a backslash.
    fn escape(&mut self, text: &mut String) {
        let Some(c) = self.bump() else { return };
        let digits = match c {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let code = self.text[self.at..].get(..digits).filter(|_| digits > 0);
        let code = code.and_then(|code| char::from_u32(u32::from_str_radix(code, 16).ok()?));
        match (c, code) {
            ('\n', _) => {}
            ('n', _) => text.push('\n'),
            ('r', _) => text.push('\r'),
            ('t', _) => text.push('\t'),
            ('\\' | '\'' | '"', _) => text.push(c),
            (_, Some(code)) => {
                text.push(code);
                self.at += digits;
            }
            _ => text.extend(['\\', c]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Module, Value};

    /// What the name `x` is in a module.
    #[track_caller]
    fn check(module: &str, expected: Option<Value>) {
        let module = Module::read(module);
        assert_eq!(module.get("x").and_then(|assigned| assigned.value.clone()), expected);
    }

    fn text(text: &str) -> Option<Value> {
        Some(Value::Text(text.into()))
    }

    fn several(texts: &[&str]) -> Option<Value> {
        Some(Value::Several(texts.iter().map(|text| (*text).to_owned()).collect()))
    }

    #[test]
    fn texts_are_written_in_many_ways() {
        for module in [
            "x = 'a'",
            "x=\"a\"  # not 'b'",
            "x: str = 'a'",
            "x: Union[str, Sequence[str], None] = \"a\"\r\ny = None",
            "x: 'Literal[\"b\"]' = 'a'",
            "x = ('a')",
            "x = (\n    'a'  # the one\n)",
            "x = \\\n  'a'",
            "x = u'a'",
            "x = r'a'",
            "x = '''a'''",
            "x = '\\x61'",
            "x = 'a';",
            "y = 1; x = 'a'",
            "\u{feff}x = 'a'",
            "x = 'b'\nx = 'a'",
            "A = 'a'\nx = A",
            "x = 'a'\nif x == 'b':\n    x = 'c'\n",
            "'''about\nx = 'b'\n'''\nx = 'a'\ndef up():\n    x = 'b'\n",
            "y = {\n'k': '}'}\nx = 'a'",
            "x = 'a'\nx == 'b'",
            "x = 'a'\nx.y = 'b'\nx += 'b'",
            "y = 'unclosed\nx = 'a'",
        ] {
            check(module, text("a"));
        }
        check("x = 'a' \"b\"", text("ab"));
        check("x = 'a\\'\\\nb\\n\\q\\u00e9'", text("a'b\n\\qé"));
        check("x = r'\\'a'", text("\\'a"));
    }

    #[test]
    fn several_are_a_tuple_a_list_or_a_set() {
        check("x = ('a', 'b')", several(&["a", "b"]));
        check("x: tuple[str, ...] = (\n    \"a\",\n    # both\n    \"b\",\n)", several(&["a", "b"]));
        check("x = ['a']", several(&["a"]));
        check("x = {'a', 'b'}", several(&["a", "b"]));
        check("x = ('a',)", several(&["a"]));
        check("x = ()", several(&[]));
        check("y = 'a'\nx = (y, 'b')", several(&["a", "b"]));
        check("x = None", Some(Value::None));
    }

    #[test]
    fn what_only_running_tells_is_unknown() {
        for module in [
            "x = f()",
            "x = A",
            "x = a.b",
            "x = 'a' if y else 'b'",
            "x = 'a' + 'b'",
            "x = f'{y}'",
            "x = b'a'",
            "x = ('a', f())",
            "x = {'a': 'b'}",
            "x = 12",
            "x = 'a",
            "x = ('a'",
            "x =",
            "x: str",
            "# x = 'a'",
            "  x = 'a'",
            "def f():\n\tx = 'a'",
            "y = x = 'a'",
        ] {
            check(module, None);
        }
        assert_eq!(Module::read("\n\nx = f()").get("x").unwrap().line, 3);
    }

    #[test]
    fn the_first_text_says_what_it_is_about() {
        let doc = |text: &str| Module::read(text).doc;
        assert_eq!(doc("# -*- coding: utf-8 -*-\n\"\"\"add posts\n\nx\"\"\"\n").unwrap(), "add posts\n\nx");
        assert_eq!(doc("'a'"), Some("a".into()));
        assert_eq!(doc("x = 1\n'a'"), None);
        assert_eq!(doc(""), None);
    }
}
