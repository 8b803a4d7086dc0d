//! What a statement does to a transaction and to the session, by its first words.

use dunlin_dsl::Lexicon;
use dunlin_dsl::lexicon::Class;

use super::lexer::{Kind, Lexer, Standing};

/// What a statement does, by the first of its dialect's rules that fits it.
///
/// Only its words are looked at: a function or a procedure that it calls may do anything.
pub fn classify(statement: &str, lexicon: &Lexicon) -> Class {
    let mut tokens = Tokens::of(statement.as_bytes(), lexicon);
    let rule = lexicon.rules.iter().find(|rule| {
        let mut words = rule.pattern.split(' ');
        // Most rules are out by the first word, and most statements are never read further than that.
        words.next().is_some_and(|first| tokens.is(0, first)) && {
            let words: Vec<&str> = words.collect();
            tokens.fit(&words, 1)
        }
    });
    rule.map_or(Class::INSIDE, |rule| rule.class)
}

/// Whether a statement changes rows and nothing else, by its first word.
pub(crate) fn changes_rows(statement: &str, lexicon: &Lexicon) -> bool {
    Tokens::of(statement.as_bytes(), lexicon).is(0, "INSERT|UPDATE|DELETE|REPLACE|MERGE|TRUNCATE|COPY")
        && !shape(statement, lexicon).has_terminator
}

/// What of a statement's text matters to a client that reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Whether something in it would end it.
    pub(crate) has_terminator: bool,
    /// Whether it ends within a comment that goes to the line's end.
    pub(crate) ends_in_comment: bool,
    /// Whether a line ends with CR and LF inside a string.
    pub(crate) has_cr_lf: bool,
}

/// What of a statement's text matters to a client that reads it.
pub(crate) fn shape(statement: &str, lexicon: &Lexicon) -> Shape {
    let (text, mut at, mut shape) = (statement.as_bytes(), 0, Shape::default());
    let mut lexer = Tokens::of(text, lexicon).lexer;
    loop {
        let token = lexer.token(text, at);
        match token.kind {
            Kind::End => return shape,
            Kind::ExecutableOpen => lexer.standing = Standing::Executable,
            Kind::ExecutableClose => lexer.standing = Standing::Inside,
            Kind::Terminator => shape.has_terminator = true,
            Kind::Quoted => {
                shape.has_cr_lf |= text[at..token.end].windows(2).any(|pair| pair == b"\r\n");
            }
            _ => {}
        }
        shape.ends_in_comment = token.kind == Kind::LineComment;
        at = token.end;
    }
}

/// The tokens of a statement, read as far as they are asked for.
struct Tokens<'a> {
    text: &'a [u8],
    lexer: Lexer<'a>,
    read: Vec<(Kind, &'a [u8])>,
    at: usize,
}

impl<'a> Tokens<'a> {
    fn of(text: &'a [u8], lexicon: &'a Lexicon) -> Self {
        Self {
            text,
            lexer: Lexer { lexicon, quotes: lexicon.quotes, delimiter: b";", standing: Standing::Inside },
            read: Vec::new(),
            at: 0,
        }
    }

    fn get(&mut self, index: usize) -> Option<(Kind, &'a [u8])> {
        while self.read.len() <= index {
            let token = self.lexer.token(self.text, self.at);
            let text = &self.text[self.at..token.end];
            self.at = token.end;
            match token.kind {
                Kind::End => return None,
                Kind::ExecutableOpen => self.lexer.standing = Standing::Executable,
                Kind::ExecutableClose => self.lexer.standing = Standing::Inside,
                kind if kind.is_trivia() => {}
                kind => self.read.push((kind, text)),
            }
        }
        self.read.get(index).copied()
    }

    /// Whether the tokens from `at` on fit a pattern.
    fn fit(&mut self, pattern: &[&str], at: usize) -> bool {
        let Some((first, rest)) = pattern.split_first() else { return true };
        match *first {
            "$" => self.get(at).is_none(),
            "*" => self.fit_behind(rest, at),
            optional if optional.starts_with('?') => {
                (self.is(at, &optional[1..]) && self.fit(rest, at + 1)) || self.fit(rest, at)
            }
            word => self.is(at, word) && self.fit(rest, at + 1),
        }
    }

    /// Whether they fit it from any token on that isn't before `at`.
    fn fit_behind(&mut self, pattern: &[&str], mut at: usize) -> bool {
        loop {
            if self.fit(pattern, at) {
                return true;
            }
            if self.get(at).is_none() {
                return false;
            }
            at += 1;
        }
    }

    /// Whether a token is one of those that a word of a pattern stands for.
    fn is(&mut self, at: usize, word: &str) -> bool {
        let Some((kind, text)) = self.get(at) else { return false };
        if let Some(words) = word.strip_prefix('{').and_then(|word| word.strip_suffix('}')) {
            return kind == Kind::Quoted && self.holds(text, words);
        }
        word == "_" || (kind != Kind::Quoted && is_one_of(text, word))
    }

    /// Whether a string, read as SQL, has one of these words as a statement of its own.
    fn holds(&self, string: &'a [u8], words: &str) -> bool {
        let is_mark = |byte: &u8| matches!(byte, b'\'' | b'$');
        let open = string.iter().position(is_mark).unwrap_or_default();
        let opened = match string.get(open) {
            Some(b'$') => open + 1 + string[open + 1..].iter().position(is_mark).unwrap_or_default(),
            _ => open,
        };
        let close = string.len() - (opened + 1 - open);
        let Some(body) = string.get(opened + 1..close) else { return false };
        let mut tokens = Tokens::of(body, self.lexer.lexicon);
        let mut before = false;
        (0..).map_while(|at| tokens.get(at)).any(|(kind, text)| {
            let ends = kind == Kind::Terminator || is_one_of(text, "AND");
            std::mem::replace(&mut before, kind == Kind::Word && is_one_of(text, words)) && ends
        })
    }
}

fn is_one_of(text: &[u8], words: &str) -> bool {
    words.split('|').any(|word| text.eq_ignore_ascii_case(word.as_bytes()))
}
