//! The reader's steps from token to token.

use dunlin_dsl::Unmodelled;

use super::Reader;
use crate::lex::{self, Kind, Token};

impl Reader<'_> {
    /// The place of the bracket that closes the one at `at`.
    pub(super) fn closes_at(&self, at: usize) -> Option<usize> {
        let mut depth = 0;
        (at..self.tokens.len()).find(|at| {
            match self.tokens[*at].kind {
                Kind::Punct('(') => depth += 1,
                Kind::Punct(')') => depth -= 1,
                _ => {}
            }
            depth == 0
        })
    }

    /// ON CONFLICT says what a failing constraint does; nothing in the model does.
    pub(super) fn conflict(&mut self) {
        if self.is("ON") && self.is_after(1, "CONFLICT") {
            self.at += 3;
            self.unmodelled.push(Unmodelled::thing("an ON CONFLICT clause"));
        }
    }

    /// What stands in brackets, without them.
    pub(super) fn bracketed(&mut self) -> Option<String> {
        if self.peek()?.kind != Kind::Punct('(') {
            return None;
        }
        let start = self.at + 1;
        self.skip_brackets();
        // From the first token to the last: a comment at the end would swallow what is written behind it.
        self.tokens.get(self.at - 1)?;
        Some(self.between(start, self.at - 1))
    }

    pub(super) fn skip_brackets(&mut self) {
        let mut depth = 0;
        while let Some(token) = self.next() {
            match token.kind {
                Kind::Punct('(') => depth += 1,
                Kind::Punct(')') => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }

    pub(super) fn names(&mut self) -> Option<Vec<String>> {
        self.punct('(')?;
        let mut names = vec![self.name()?];
        while self.peek()?.kind == Kind::Punct(',') {
            self.at += 1;
            names.push(self.name()?);
        }
        self.punct(')')?;
        Some(names)
    }

    /// The last part of a name that may be qualified.
    pub(super) fn qualified(&mut self) -> Option<String> {
        if self.is("IF") && self.is_after(1, "NOT") {
            self.at += 3;
        }
        let name = self.name()?;
        if self.peek()?.kind == Kind::Punct('.') {
            self.at += 1;
            return self.name();
        }
        Some(name)
    }

    pub(super) fn name(&mut self) -> Option<String> {
        let token = self.next()?;
        match token.kind {
            Kind::Word | Kind::Quoted | Kind::String => Some(lex::name(self.text, token)),
            _ => None,
        }
    }

    pub(super) fn peek(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let token = self.peek()?;
        self.at += 1;
        Some(token)
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.is_at(self.at, word)
    }

    pub(super) fn is_after(&self, distance: usize, word: &str) -> bool {
        self.is_at(self.at + distance, word)
    }

    pub(super) fn is_at(&self, at: usize, word: &str) -> bool {
        self.tokens.get(at).is_some_and(|token| {
            token.kind == Kind::Word && self.text[token.start..token.end].eq_ignore_ascii_case(word)
        })
    }

    pub(super) fn take(&mut self, word: &str) -> bool {
        let is = self.is(word);
        self.at += usize::from(is);
        is
    }

    pub(super) fn expect(&mut self, word: &str) -> Option<()> {
        self.take(word).then_some(())
    }

    pub(super) fn punct(&mut self, c: char) -> Option<()> {
        (self.next()?.kind == Kind::Punct(c)).then_some(())
    }

    /// The text from one token up to another.
    pub(super) fn between(&self, start: usize, end: usize) -> String {
        match (self.tokens.get(start), end.checked_sub(1).and_then(|last| self.tokens.get(last))) {
            (Some(first), Some(last)) if start < end => self.text[first.start..last.end].to_owned(),
            _ => String::new(),
        }
    }
}
