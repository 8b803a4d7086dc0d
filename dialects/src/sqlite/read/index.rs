//! Indexes, from their CREATE texts.

use dunlin_dsl::{Expr, Index, IndexKey, KeyPart, Label, Name, PerDialect};

use super::{Reader, collation};
use crate::lex::{self, Kind, Token};

/// An index from its CREATE text; none if it can't be read.
pub(in crate::sqlite) fn index(text: &str) -> Option<Index> {
    let (_, mut index) = Reader::new(text).index()?;
    index.source.0 = Some(text.to_owned());
    Some(index)
}

/// The text that creates an index just as it is: that of the index as it was read, if nothing of it has changed since.
pub(in crate::sqlite) fn index_source<'i>(table: &Name, index: &'i Index) -> Option<&'i str> {
    let source = index.source.as_deref()?;
    let (on, mut read) = Reader::new(source).index()?;
    for (key, now) in read.keys.iter_mut().zip(&index.keys) {
        if let (KeyPart::Column(name), KeyPart::Column(now)) = (&mut key.on, &now.on)
            && name.eq_ignore_ascii_case(now)
        {
            name.clone_from(now);
        }
    }
    let same = on.eq_ignore_ascii_case(&table.name);
    (same && read == *index).then_some(source)
}

impl Reader<'_> {
    /// The name of the table, and the index.
    fn index(&mut self) -> Option<(String, Index)> {
        self.expect("CREATE")?;
        let unique = self.take("UNIQUE");
        self.expect("INDEX")?;
        let name = self.qualified()?;
        self.expect("ON")?;
        let table = self.name()?;
        self.punct('(')?;
        let mut index = Index::new(Label::Given(name), Vec::new());
        index.unique = unique;
        loop {
            index.keys.push(self.index_key()?);
            match self.next()?.kind {
                Kind::Punct(',') => {}
                Kind::Punct(')') => break,
                _ => return None,
            }
        }
        if self.take("WHERE") {
            let ends = |token: &Token| token.kind == Kind::Punct(';');
            let end = self.tokens.iter().position(ends).unwrap_or(self.tokens.len());
            index.predicate = Some(Expr::Sql(self.between(self.at, end)));
        }
        Some((table, index))
    }

    /// A key: all up to a comma or the closing bracket, without the order and the collation at its end.
    fn index_key(&mut self) -> Option<IndexKey> {
        let start = self.at;
        while !matches!(self.peek()?.kind, Kind::Punct(',' | ')')) {
            match self.peek()?.kind {
                Kind::Punct('(') => self.skip_brackets(),
                _ => self.at += 1,
            }
        }
        let after = self.at;
        let word = |reader: &Self, at: usize| reader.tokens[at].kind == Kind::Word;
        let mut end = after;
        let mut descending = false;
        if end > start + 1 && word(self, end - 1) {
            descending = self.is_at(end - 1, "DESC");
            if descending || self.is_at(end - 1, "ASC") {
                end -= 1;
            }
        }
        let mut collated = PerDialect::default();
        // Behind more than one column or bracket it belongs to the last operand, and not to the key.
        let whole = end == start + 3 || self.closes_at(start) == Some(end.saturating_sub(3));
        if end > start + 2 && whole && self.is_at(end - 2, "COLLATE") {
            collated = collation(lex::name(self.text, self.tokens[end - 1]));
            end -= 2;
        }
        let first = self.tokens[start];
        let on = match first.kind {
            Kind::Word | Kind::Quoted | Kind::String if end == start + 1 => {
                KeyPart::Column(lex::name(self.text, first))
            }
            _ => KeyPart::Expr(Expr::Sql(unbracketed(self.text, &self.tokens[start..end]))),
        };
        let mut key = IndexKey::column("");
        key.on = on;
        key.descending = descending;
        key.collation = collated;
        Some(key)
    }
}

/// The text of tokens, without a pair of brackets that is around all of them.
fn unbracketed(text: &str, tokens: &[Token]) -> String {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return String::new() };
    let mut depth = 0;
    let around = first.kind == Kind::Punct('(')
        && tokens.iter().enumerate().all(|(at, token)| {
            match token.kind {
                Kind::Punct('(') => depth += 1,
                Kind::Punct(')') => depth -= 1,
                _ => {}
            }
            depth > 0 || at + 1 == tokens.len()
        });
    match around {
        true if tokens.len() > 2 => text[tokens[1].start..tokens[tokens.len() - 2].end].to_owned(),
        _ => text[first.start..last.end].to_owned(),
    }
}
