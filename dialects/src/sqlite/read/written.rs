//! Where in its CREATE text the parts of a table stand.

use std::ops::Range;

use dunlin_dsl::{Table, Unmodelled};

use super::{Reader, says};
use crate::lex::{self, Token};

/// A table's text, and where its parts stand in it, by the numbers of its tokens.
#[derive(Debug, Default)]
pub(in crate::sqlite) struct Written {
    pub(in crate::sqlite) tokens: Vec<Token>,
    /// The table's name, and the bracket that closes its parts.
    pub(in crate::sqlite) name: usize,
    pub(in crate::sqlite) close: usize,
    /// Its columns and its constraints, in the order of the text.
    pub(in crate::sqlite) items: Vec<Item>,
    item: Item,
}

/// A column, or a constraint of the table.
#[derive(Debug, Default)]
pub(in crate::sqlite) struct Item {
    pub(in crate::sqlite) tokens: Range<usize>,
    /// The column's name.
    pub(in crate::sqlite) column: Option<String>,
    /// The column's type, which may be nothing.
    pub(in crate::sqlite) ty: Range<usize>,
    pub(in crate::sqlite) clauses: Vec<Clause>,
}

/// What is said of a column, or a constraint.
#[derive(Debug)]
pub(in crate::sqlite) struct Clause {
    pub(in crate::sqlite) tokens: Range<usize>,
    /// Where it begins behind a name of its own.
    pub(in crate::sqlite) said: usize,
    pub(in crate::sqlite) what: What,
    /// What it says for which the model has no words.
    pub(in crate::sqlite) says_more: Vec<String>,
}

/// What a clause says, in the order in which a column usually says it; a constraint is told by its number among the table's of
/// its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::sqlite) enum What {
    PrimaryKey,
    Null,
    NotNull,
    Default,
    Collation,
    Generated,
    Unique(usize),
    Check(usize),
    ForeignKey(usize),
}

impl What {
    fn words(self) -> &'static str {
        match self {
            Self::NotNull => "NOT NULL",
            Self::Null => "NULL",
            Self::Default => "a default",
            Self::Collation => "a collation",
            Self::Generated => "an expression that generates",
            Self::PrimaryKey => "a primary key",
            Self::Unique(_) => "a unique constraint",
            Self::Check(_) => "a check",
            Self::ForeignKey(_) => "a foreign key",
        }
    }
}

/// Where the parts of a table stand in its text, if that says what the table is.
pub(in crate::sqlite) fn written(text: &str, table: &Table) -> Option<Written> {
    says(text, table)?;
    let mut reader = Reader::new(text);
    reader.table(&mut Table::new(&table.name))?;
    Some(Written { tokens: reader.tokens, ..reader.written })
}

impl Written {
    /// The table's name as the text has it.
    pub(in crate::sqlite) fn name(&self, text: &str) -> String {
        self.tokens.get(self.name).map(|token| lex::name(text, *token)).unwrap_or_default()
    }

    pub(super) fn column(&mut self, name: &str, ty: Range<usize>) {
        self.item.column = Some(name.to_owned());
        self.item.ty = ty;
    }
}

/// The beginning of a clause.
pub(super) struct Begun {
    at: usize,
    unmodelled: usize,
}

impl Reader<'_> {
    pub(super) fn begin_clause(&self) -> Begun {
        Begun { at: self.at, unmodelled: self.unmodelled.len() }
    }

    /// Ends a clause about these columns. A name of what is no constraint in the model is noted.
    pub(super) fn end_clause(&mut self, begun: Begun, what: What, columns: &[String]) {
        let more = self.unmodelled.drain(begun.unmodelled..).map(|what| what.to_string());
        let says_more: Vec<String> = more.collect();
        let mut noted = says_more.clone();
        let is_nameless =
            matches!(what, What::NotNull | What::Null | What::Default | What::Collation | What::Generated);
        let name = self.tokens.get(begun.at + 1).filter(|_| self.is_at(begun.at, "CONSTRAINT"));
        let name = name.map(|token| lex::name(self.text, *token));
        if let Some(name) = name.as_ref().filter(|_| is_nameless) {
            noted.push(format!("the name {name} for {}", what.words()));
        }
        let note = |what| Unmodelled::Written { columns: columns.to_vec(), what };
        self.unmodelled.extend(noted.into_iter().map(note));
        let said = begun.at + if name.is_some() { 2 } else { 0 };
        let clause = Clause { tokens: begun.at..self.at, said, what, says_more };
        self.written.item.clauses.push(clause);
    }

    /// Ends a column or a constraint that began here.
    pub(super) fn end_item(&mut self, start: usize) {
        let item = std::mem::take(&mut self.written.item);
        self.written.items.push(Item { tokens: start..self.at, ..item });
    }
}
