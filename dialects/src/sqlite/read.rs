//! Reads SQLite's own CREATE TABLE and CREATE INDEX text into the model.

mod index;
pub(super) mod object;
mod tokens;
mod written;

use dunlin_dsl::{
    Action, Check, Column, ColumnType, Deferrable, DialectId, Expr, ForeignKey, Generated, Identity, KeyPart,
    Label, Name, PerDialect, PrimaryKey, Table, Unique, Unmodelled,
};

use crate::lex::{self, Kind, Token};
pub(super) use index::{index, index_source};
pub(super) use written::{Clause, Item, What, Written, written};

/// The words that end a column's type and begin what is said of it.
const COLUMN_WORDS: [&str; 10] = [
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
];

/// The words that are no strings where a default is written.
const DEFAULT_WORDS: [&str; 6] =
    ["NULL", "TRUE", "FALSE", "CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP"];

/// A key in a column's own definition with DESC behind it, which isn't another name of the rowid.
pub(super) const DESCENDING: &str = "a descending primary key";

/// A table from its CREATE text. What isn't modelled is noted; a text that can't be read at all is noted whole.
pub(super) fn table(name: Name, text: &str) -> Table {
    let mut reader = Reader::new(text);
    let mut table = Table::new(name);
    let read = reader.table(&mut table);
    let mut unmodelled = std::mem::take(&mut reader.unmodelled);
    if read.is_none() {
        unmodelled.push(Unmodelled::thing("a CREATE text that Dunlin can't read"));
    }
    table.notes.unmodelled = unmodelled;
    table.notes.source = Some(text.to_owned());
    table
}

/// Whether someone has written remarks into a text.
pub(super) fn has_comments(text: &str) -> bool {
    let mut from = 0;
    let mut gaps = lex::tokens(text).into_iter().map(|token| {
        let gap = &text[from..token.start];
        from = token.end;
        gap
    });
    gaps.any(|gap| !gap.trim().is_empty())
}

/// The text that creates a table just as it is, its indexes aside: that of the table as it was read, if nothing of it has
/// changed since.
pub(super) fn source(table: &Table) -> Option<&str> {
    let source = table.notes.source.as_deref()?;
    let name = says(source, table)?;
    name.eq_ignore_ascii_case(&table.name.name).then_some(source)
}

/// Whether a text says what a table is, its name and its indexes aside; gives the name that it says.
fn says(text: &str, table: &Table) -> Option<String> {
    let (name, read) = table_of(text, table)?;
    (read == *table).then_some(name)
}

/// Whether a text means the same table, whatever its name and the order of its constraints.
pub(super) fn means(text: &str, table: &Table) -> bool {
    let in_order = |mut table: Table| {
        table.uniques.sort_by_cached_key(|unique| format!("{unique:?}"));
        table.checks.sort_by_cached_key(|check| format!("{check:?}"));
        table.foreign_keys.sort_by_cached_key(|key| format!("{key:?}"));
        table
    };
    table_of(text, table).is_some_and(|(_, read)| in_order(read) == in_order(table.clone()))
}

/// The table that a text creates, with the name and the indexes of another, and the name that it says.
fn table_of(text: &str, of: &Table) -> Option<(String, Table)> {
    let mut read = Table::new(&of.name);
    let name = Reader::new(text).table(&mut read)?;
    settle_case(&mut read);
    read.indexes.clone_from(&of.indexes);
    Some((name, read))
}

/// Writes the names of columns in keys and indexes as the columns themselves are written: SQLite takes `A` for `a`.
pub(super) fn settle_case(table: &mut Table) {
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let settle = |name: &mut String| {
        if let Some(column) = columns.iter().find(|column| column.eq_ignore_ascii_case(name)) {
            name.clone_from(column);
        }
    };
    let keys = (table.primary_key.iter_mut().map(|key| &mut key.columns))
        .chain(table.uniques.iter_mut().map(|unique| &mut unique.columns))
        .chain(table.foreign_keys.iter_mut().map(|key| &mut key.columns));
    keys.flatten().for_each(settle);
    for key in table.indexes.iter_mut().flat_map(|index| &mut index.keys) {
        if let KeyPart::Column(name) = &mut key.on {
            settle(name);
        }
    }
}

/// A place in a text.
struct Reader<'t> {
    text: &'t str,
    tokens: Vec<Token>,
    at: usize,
    unmodelled: Vec<Unmodelled>,
    /// What was read of a table, by its places.
    written: Written,
}

impl<'t> Reader<'t> {
    fn new(text: &'t str) -> Self {
        let tokens = lex::tokens(text);
        Self { text, tokens, at: 0, unmodelled: Vec::new(), written: Written::default() }
    }

    /// Reads a table, and gives the name that it is written with.
    fn table(&mut self, table: &mut Table) -> Option<String> {
        self.expect("CREATE")?;
        if self.take("VIRTUAL") {
            self.unmodelled.push(Unmodelled::thing("a virtual table"));
            self.expect("TABLE")?;
            return self.qualified();
        }
        self.expect("TABLE")?;
        let name = self.qualified()?;
        self.written.name = self.at - 1;
        self.punct('(')?;
        loop {
            let start = self.at;
            match self.is_constraint() {
                true => self.table_constraint(table)?,
                false => self.column(table)?,
            }
            self.end_item(start);
            match self.next()?.kind {
                // SQLite takes constraints of a table with no comma between them.
                Kind::Punct(',') => {}
                Kind::Punct(')') => break,
                _ => self.at -= 1,
            }
        }
        self.written.close = self.at - 1;
        while self.peek().is_some() {
            if self.take("STRICT") {
                table.options.strict = true;
            } else if self.take("WITHOUT") {
                self.expect("ROWID")?;
                table.options.without_rowid = true;
            } else {
                self.next()?;
            }
        }
        Some(name)
    }

    fn is_constraint(&self) -> bool {
        let is = |words: &[&str]| words.iter().any(|word| self.is(word));
        is(&["CONSTRAINT", "UNIQUE", "CHECK"])
            || (is(&["PRIMARY"]) && self.is_after(1, "KEY"))
            || (is(&["FOREIGN"]) && self.is_after(1, "KEY"))
    }

    fn column(&mut self, table: &mut Table) -> Option<()> {
        let name = self.name()?;
        let start = self.at;
        let ty = self.column_type();
        self.written.column(&name, start..self.at);
        let mut column = Column::new(name.clone(), ColumnType::Native(ty));
        loop {
            let begun = self.begin_clause();
            let label = if self.take("CONSTRAINT") { Label::Given(self.name()?) } else { Label::Unnamed };
            let what = if self.take("PRIMARY") {
                self.expect("KEY")?;
                if self.take("DESC") {
                    self.unmodelled.push(Unmodelled::thing(DESCENDING));
                }
                self.take("ASC");
                self.conflict();
                if self.take("AUTOINCREMENT") {
                    column.identity = Some(Identity::default());
                }
                table.primary_key = Some(PrimaryKey { label, ..PrimaryKey::over(vec![name.clone()]) });
                What::PrimaryKey
            } else if self.take("NOT") {
                self.expect("NULL")?;
                self.conflict();
                column.not_null = true;
                What::NotNull
            } else if self.take("NULL") {
                self.conflict();
                What::Null
            } else if self.take("UNIQUE") {
                self.conflict();
                table.uniques.push(unique(label, vec![name.clone()]));
                What::Unique(table.uniques.len() - 1)
            } else if self.take("CHECK") {
                let expr = Expr::Sql(self.bracketed()?);
                table.checks.push(Check::new(label, expr));
                What::Check(table.checks.len() - 1)
            } else if self.take("DEFAULT") {
                column.default = Some(Expr::Sql(self.default()?));
                What::Default
            } else if self.take("COLLATE") {
                column.collation = collation(self.name()?);
                What::Collation
            } else if self.take("REFERENCES") {
                let key = self.references(label, vec![name.clone()], &table.name)?;
                table.foreign_keys.push(key);
                What::ForeignKey(table.foreign_keys.len() - 1)
            } else if self.is("GENERATED") || self.is("AS") {
                if self.take("GENERATED") {
                    self.expect("ALWAYS")?;
                }
                self.expect("AS")?;
                let expr = Expr::Sql(self.bracketed()?);
                let stored = self.take("STORED");
                self.take("VIRTUAL");
                column.generated = Some(Generated { expr, stored });
                What::Generated
            } else {
                break;
            };
            self.end_clause(begun, what, std::slice::from_ref(&name));
        }
        table.columns.push(column);
        Some(())
    }

    /// A type as it is written, which may be nothing at all.
    fn column_type(&mut self) -> String {
        let start = self.at;
        while let Some(token) = self.peek() {
            let ends = match token.kind {
                Kind::Word => COLUMN_WORDS.iter().any(|word| self.is(word)) || self.is("AS"),
                Kind::Quoted | Kind::String => false,
                Kind::Punct('(') if self.at > start => {
                    self.skip_brackets();
                    break;
                }
                _ => true,
            };
            if ends {
                break;
            }
            self.at += 1;
        }
        self.between(start, self.at)
    }

    fn table_constraint(&mut self, table: &mut Table) -> Option<()> {
        let begun = self.begin_clause();
        let label = if self.take("CONSTRAINT") { Label::Given(self.name()?) } else { Label::Unnamed };
        let mut of = Vec::new();
        let what = if self.take("PRIMARY") {
            self.expect("KEY")?;
            of = self.key_columns(table)?;
            let columns = of.clone();
            table.primary_key = Some(PrimaryKey { label, ..PrimaryKey::over(columns) });
            self.conflict();
            What::PrimaryKey
        } else if self.take("UNIQUE") {
            of = self.key_columns(table)?;
            let columns = of.clone();
            table.uniques.push(unique(label, columns));
            self.conflict();
            What::Unique(table.uniques.len() - 1)
        } else if self.take("CHECK") {
            let expr = Expr::Sql(self.bracketed()?);
            self.conflict();
            table.checks.push(Check::new(label, expr));
            What::Check(table.checks.len() - 1)
        } else {
            self.expect("FOREIGN")?;
            self.expect("KEY")?;
            of = self.names()?;
            self.expect("REFERENCES")?;
            let key = self.references(label, of.clone(), &table.name)?;
            table.foreign_keys.push(key);
            What::ForeignKey(table.foreign_keys.len() - 1)
        };
        self.end_clause(begun, what, &of);
        Some(())
    }

    /// The columns of a key; one with an order or a collation of its own is noted.
    fn key_columns(&mut self, table: &mut Table) -> Option<Vec<String>> {
        self.punct('(')?;
        let mut columns = Vec::new();
        loop {
            columns.push(self.name()?);
            loop {
                if self.take("COLLATE") {
                    self.name()?;
                    self.unmodelled.push(Unmodelled::thing("a key with a collation of its own"));
                } else if self.take("DESC") {
                    self.unmodelled.push(Unmodelled::thing("a descending key"));
                } else if self.take("AUTOINCREMENT") {
                    let column = columns.last().and_then(|name| table.column_mut(name));
                    column?.identity = Some(Identity::default());
                } else if !self.take("ASC") {
                    break;
                }
            }
            match self.next()?.kind {
                Kind::Punct(',') => {}
                Kind::Punct(')') => return Some(columns),
                _ => return None,
            }
        }
    }

    fn references(&mut self, label: Label, columns: Vec<String>, from: &Name) -> Option<ForeignKey> {
        let references = from.sibling(self.name()?);
        let references_columns =
            if self.peek()?.kind == Kind::Punct('(') { self.names()? } else { Vec::new() };
        let mut key = ForeignKey::over(columns, references, references_columns);
        key.label = label;
        loop {
            if self.take("ON") {
                let delete = self.take("DELETE");
                if !delete {
                    self.expect("UPDATE")?;
                }
                let action = self.action()?;
                if delete { key.on_delete = action } else { key.on_update = action }
            } else if self.take("MATCH") {
                // SQLite reads it, and does what MATCH SIMPLE says whatever stands here.
                self.name()?;
            } else if self.is("DEFERRABLE") || (self.is("NOT") && self.is_after(1, "DEFERRABLE")) {
                let not = self.take("NOT");
                self.expect("DEFERRABLE")?;
                let mut deferred = false;
                if self.take("INITIALLY") {
                    deferred = self.take("DEFERRED");
                    self.take("IMMEDIATE");
                }
                key.deferrable = match (not, deferred) {
                    (true, _) => Deferrable::No,
                    (false, true) => Deferrable::InitiallyDeferred,
                    (false, false) => Deferrable::InitiallyImmediate,
                };
            } else {
                return Some(key);
            }
        }
    }

    fn action(&mut self) -> Option<Action> {
        if self.take("CASCADE") {
            return Some(Action::Cascade);
        }
        if self.take("RESTRICT") {
            return Some(Action::Restrict);
        }
        if self.take("NO") {
            self.expect("ACTION")?;
            return Some(Action::NoAction);
        }
        self.expect("SET")?;
        if self.take("NULL") {
            return Some(Action::SetNull);
        }
        self.expect("DEFAULT")?;
        Some(Action::SetDefault)
    }

    /// A default: an expression in brackets, or a literal that may have a sign.
    fn default(&mut self) -> Option<String> {
        if self.peek()?.kind == Kind::Punct('(') {
            return self.bracketed();
        }
        let start = self.at;
        if matches!(self.peek()?.kind, Kind::Punct('+' | '-')) {
            self.at += 1;
        }
        let token = self.next()?;
        let text = self.between(start, self.at);
        // A bare name is a string here, however it is quoted.
        let is_keyword = DEFAULT_WORDS.iter().any(|word| text.eq_ignore_ascii_case(word));
        Some(match token.kind {
            Kind::Word | Kind::Quoted if !is_keyword => {
                format!("'{}'", lex::name(self.text, token).replace('\'', "''"))
            }
            _ => text,
        })
    }
}

fn unique(label: Label, columns: Vec<String>) -> Unique {
    Unique { label, ..Unique::over(columns) }
}

/// A collation that SQLite alone knows by this name.
pub(super) fn collation(name: String) -> PerDialect<String> {
    PerDialect::default().with(DialectId::Sqlite, name)
}
