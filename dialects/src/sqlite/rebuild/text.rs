//! The text of a table that is built anew: the old one, with what changes cut out and put in.
//!
//! So all stays that nobody changed: comments, layout, quotes, where a constraint stands, and what the model has no words for.
//! The text that comes out is read again; where it doesn't say what the table is to be, the table is written from the model.

use std::collections::BTreeMap;
use std::ops::Range;

use dunlin_dsl::{Column, Constraint, Name, PrimaryKey, Table, Unsupported};

use crate::lex::{self, Kind};
use crate::sql::Sql;
use crate::sqlite::create::{column_text, default_text, generated_text, local};
use crate::sqlite::read::{self, Clause, Item, What, Written};

/// What becomes of a text.
pub(super) enum Edited {
    /// It creates the table as it is to be, which is called so in the old text.
    Text { create: String, name: String },
    /// It can't be edited: it isn't there, or isn't the table's any more.
    Unknown,
    /// What goes says something that no model of it could bring back.
    Loses(Vec<String>),
}

/// The text of `after`, from that of `before`, under another name.
pub(super) fn edited(before: &Table, after: &Table, new: &Name, sql: Sql<'_>) -> Result<Edited, Unsupported> {
    let Some(source) = before.notes.source.as_deref() else { return Ok(Edited::Unknown) };
    let Some(written) = read::written(source, before) else { return Ok(Edited::Unknown) };
    let edit = Edit { source, written: &written, before, after, sql };
    let lost = edit.lost();
    if !lost.is_empty() {
        return Ok(Edited::Loses(lost));
    }
    let name = sql.table(new)?;
    let text = edit.text(&name)?;
    Ok(match read::means(&text, after) {
        true => {
            // As it is written there, unless the table was renamed since.
            let own = Some(written.name(source)).filter(|own| own.eq_ignore_ascii_case(&after.name.name));
            let name = own.unwrap_or_else(|| after.name.name.clone());
            Edited::Text { create: edit.without_qualifiers(&text), name }
        }
        false => Edited::Unknown,
    })
}

/// A text that is being edited.
struct Edit<'a> {
    source: &'a str,
    written: &'a Written,
    before: &'a Table,
    after: &'a Table,
    sql: Sql<'a>,
}

/// A column or a constraint as it is to stand there, with what stands around it.
struct Part {
    /// White space and comments before it.
    lead: String,
    text: String,
    /// Comments between it and the comma behind it.
    behind: String,
    /// Comments on the rest of the line behind that comma.
    tail: String,
}

impl Edit<'_> {
    /// What goes, of all that the model has no words for.
    fn lost(&self) -> Vec<String> {
        let clauses = self.written.items.iter().flat_map(|item| {
            let gone = item.column.as_ref().is_some_and(|name| self.after.column(name).is_none());
            let goes = move |clause: &&Clause| !gone && !self.stays(item, clause);
            item.clauses.iter().filter(goes)
        });
        clauses.flat_map(|clause| clause.says_more.iter().cloned()).collect()
    }

    /// The whole text.
    fn text(&self, name: &str) -> Result<String, Unsupported> {
        let open = self.token(self.written.name).end;
        let first = self.written.items.first().map_or(open, |item| self.start(item));
        // White space and comments behind the bracket belong to what comes first, up to the end of the line.
        let bracket = self.source[open..first].find('(').map_or(open, |at| open + at + 1);
        let mut text = format!("CREATE TABLE {name}{}", &self.source[open..bracket]);
        let parts = self.parts(bracket)?;
        let last = parts.len().saturating_sub(1);
        for (at, part) in parts.iter().enumerate() {
            for piece in [&part.lead, &part.text, &part.behind] {
                push(&mut text, piece);
            }
            if at < last {
                push(&mut text, ",");
            }
            push(&mut text, &part.tail);
        }
        push(&mut text, &self.closing());
        push(&mut text, ")");
        push(&mut text, &self.options());
        Ok(text)
    }

    /// The columns in their order, then the constraints.
    fn parts(&self, bracket: usize) -> Result<Vec<Part>, Unsupported> {
        let mut columns: BTreeMap<&str, Part> = BTreeMap::new();
        let mut constraints = Vec::new();
        let mut from = bracket;
        for item in &self.written.items {
            let (around, next) = self.around(item, from);
            from = next;
            match &item.column {
                Some(name) => {
                    let (Some(old), Some(new)) = (self.before.column(name), self.after.column(name)) else {
                        continue;
                    };
                    let text = self.column(item, old, new)?;
                    columns.insert(name, Part { text, ..around });
                }
                None if item.clauses.iter().all(|clause| self.stays(item, clause)) => {
                    let text = self.between(&item.tokens).to_owned();
                    constraints.push(Part { text, ..around });
                }
                None => {}
            }
        }
        let lead = self.usual_lead(bracket);
        let fresh = |text| Part { lead: lead.clone(), text, behind: String::new(), tail: String::new() };
        let mut parts = Vec::with_capacity(self.after.columns.len() + constraints.len());
        for column in &self.after.columns {
            parts.push(match columns.remove(column.name.as_str()) {
                Some(part) => part,
                None => fresh(column_text(column, self.new_key(column), self.sql)?),
            });
        }
        parts.extend(constraints);
        for constraint in self.new_constraints() {
            parts.push(fresh(self.sql.constraint(&local(constraint), true)?));
        }
        Ok(parts)
    }

    /// What stands around an item, and where that ends.
    fn around(&self, item: &Item, from: usize) -> (Part, usize) {
        let (start, end) = (self.start(item), self.end(item));
        let next = self.written.tokens.get(item.tokens.end);
        let comma = next.filter(|token| token.kind == Kind::Punct(','));
        let lead = self.source[from..start].to_owned();
        let (behind, tail, next) = match comma {
            Some(comma) => {
                let following = self.written.tokens.get(item.tokens.end + 1);
                let rest = &self.source[comma.end..following.map_or(comma.end, |token| token.start)];
                // What has the rest of the line to itself is about what stands before it.
                let line = rest.split_inclusive('\n').next().filter(|line| line.ends_with('\n'));
                let tail = line.map_or("", |line| line.trim_end());
                (self.source[end..comma.start].to_owned(), tail.to_owned(), comma.end + tail.len())
            }
            None => {
                let until = next.map_or(self.source.len(), |token| token.start);
                let rest = self.source[end..until].trim_end();
                (String::new(), rest.to_owned(), end + rest.len())
            }
        };
        (Part { lead, text: String::new(), behind, tail }, next)
    }

    /// A column's text, with what changes of it.
    fn column(&self, item: &Item, old: &Column, new: &Column) -> Result<String, Unsupported> {
        let mut cuts: Vec<(Range<usize>, String)> = Vec::new();
        let key = self.new_key(new);
        let plain = Column::new(new.name.as_str(), new.ty.clone());
        let head = column_text(&plain, None, self.sql)?;
        if old.ty.to_string() != new.ty.to_string() {
            let name = self.sql.id(&new.name)?;
            let ty = head.strip_prefix(&name).unwrap_or_default();
            cuts.push(match item.ty.is_empty() {
                true => (self.behind_head(item), ty.to_owned()),
                false => (self.span(&item.ty), ty.trim_start().to_owned()),
            });
        }
        let mut said: BTreeMap<What, String> = BTreeMap::new();
        if key.is_some() {
            let whole = column_text(&plain, key, self.sql)?;
            said.insert(
                What::PrimaryKey,
                whole.strip_prefix(&head).unwrap_or_default().trim_start().to_owned(),
            );
        }
        if new.not_null && !old.not_null {
            said.insert(What::NotNull, "NOT NULL".to_owned());
        }
        for (what, is_other, text) in [
            (What::Default, old.default != new.default, self.default(new)?),
            (What::Collation, old.collation != new.collation, self.collation(new)?),
            (What::Generated, old.generated != new.generated, generated_text(new, self.sql)?),
        ] {
            said.extend(text.filter(|_| is_other).map(|text| (what, text)));
        }
        for clause in item.clauses.iter().filter(|clause| !self.stays(item, clause)) {
            let instead = said.remove(&clause.what);
            // Its name stays with what it says now.
            let cut = if instead.is_some() { clause.said..clause.tokens.end } else { clause.tokens.clone() };
            cuts.push((self.span(&cut), instead.unwrap_or_default()));
        }
        for (what, text) in said {
            cuts.push((self.place(item, what), format!(" {text}")));
        }
        cuts.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut text, mut at) = (String::new(), self.start(item));
        for (range, instead) in cuts {
            let kept = &self.source[at..range.start];
            // What goes takes along the space before it.
            text += if instead.is_empty() { kept.trim_end_matches([' ', '\t']) } else { kept };
            text += &instead;
            at = range.end;
        }
        Ok(text + &self.source[at..self.end(item)])
    }

    /// Where what is new of a column stands: behind what is usually said before it.
    fn place(&self, item: &Item, what: What) -> Range<usize> {
        let before = item.clauses.iter().rfind(|clause| clause.what < what);
        before.map_or_else(
            || self.behind_head(item),
            |clause| {
                let end = self.span(&clause.tokens).end;
                end..end
            },
        )
    }

    /// Behind a column's name and type.
    fn behind_head(&self, item: &Item) -> Range<usize> {
        let end = self.token(item.ty.end.max(item.tokens.start + 1) - 1).end;
        end..end
    }

    /// Whether what a clause says still holds.
    fn stays(&self, item: &Item, clause: &Clause) -> bool {
        let (before, after) = (self.before, self.after);
        let name = item.column.as_deref();
        let (Some(old), Some(new)) =
            (name.and_then(|name| before.column(name)), name.and_then(|name| after.column(name)))
        else {
            return name.is_none() && self.constraint_stays(clause.what);
        };
        match clause.what {
            What::NotNull => new.not_null,
            What::Null => !new.not_null,
            What::Default => old.default == new.default,
            What::Collation => old.collation == new.collation,
            What::Generated => old.generated == new.generated,
            What::PrimaryKey | What::Unique(_) | What::Check(_) | What::ForeignKey(_) => {
                self.constraint_stays(clause.what)
            }
        }
    }

    fn constraint_stays(&self, what: What) -> bool {
        let (before, after) = (self.before, self.after);
        match what {
            What::PrimaryKey => {
                before.primary_key == after.primary_key && numbered(before) == numbered(after)
            }
            What::Unique(at) => before.uniques.get(at).is_some_and(|old| after.uniques.contains(old)),
            What::Check(at) => before.checks.get(at).is_some_and(|old| after.checks.contains(old)),
            What::ForeignKey(at) => {
                before.foreign_keys.get(at).is_some_and(|old| after.foreign_keys.contains(old))
            }
            _ => true,
        }
    }

    /// The primary key that is to stand within a column, where it doesn't yet.
    fn new_key(&self, column: &Column) -> Option<&PrimaryKey> {
        let key = self.after.primary_key.as_ref().filter(|_| column.identity.is_some());
        key.filter(|_| !self.constraint_stays(What::PrimaryKey))
    }

    /// The constraints that no kept text says.
    fn new_constraints(&self) -> Vec<Constraint> {
        let said = self.written.items.iter().flat_map(|item| {
            let there = item.column.as_ref().is_none_or(|name| self.after.column(name).is_some());
            item.clauses.iter().filter(move |clause| there && self.stays(item, clause))
        });
        let mut said: Vec<Constraint> = said.filter_map(|clause| self.constraint(clause.what)).collect();
        let is_new = |constraint: &Constraint| {
            if matches!(constraint, Constraint::PrimaryKey(_)) && numbered(self.after).is_some() {
                return false;
            }
            let place = said.iter().position(|other| other == constraint);
            place.map(|place| said.swap_remove(place)).is_none()
        };
        self.after.constraints().filter(is_new).collect()
    }

    fn constraint(&self, what: What) -> Option<Constraint> {
        let before = self.before;
        Some(match what {
            What::PrimaryKey => Constraint::PrimaryKey(before.primary_key.clone()?),
            What::Unique(at) => Constraint::Unique(before.uniques.get(at)?.clone()),
            What::Check(at) => Constraint::Check(before.checks.get(at)?.clone()),
            What::ForeignKey(at) => Constraint::ForeignKey(before.foreign_keys.get(at)?.clone()),
            _ => return None,
        })
    }

    fn default(&self, column: &Column) -> Result<Option<String>, Unsupported> {
        let text = column.default.as_ref().map(|default| default_text(default, self.sql)).transpose()?;
        Ok(text.map(|text| format!("DEFAULT {text}")))
    }

    fn collation(&self, column: &Column) -> Result<Option<String>, Unsupported> {
        let collation = column.collation.get(self.sql.server.dialect);
        collation.map(|name| Ok(format!("COLLATE {}", self.sql.id(name)?))).transpose()
    }

    /// The options behind the bracket: as they were, or as they are now.
    fn options(&self) -> String {
        if (self.before.options.strict, self.before.options.without_rowid)
            == (self.after.options.strict, self.after.options.without_rowid)
        {
            return self.source[self.token(self.written.close).end..].to_owned();
        }
        crate::sqlite::create::options_text(&self.after.options).to_owned()
    }

    /// White space before the closing bracket.
    fn closing(&self) -> String {
        let close = self.token(self.written.close).start;
        let before = &self.source[..close];
        before[before.trim_end().len()..].to_owned()
    }

    /// What usually stands before a column: a new line and its indent, or a space.
    fn usual_lead(&self, bracket: usize) -> String {
        let mut leads = self.written.items.iter().map(|item| {
            let before = &self.source[bracket..self.start(item)];
            &before[before.trim_end().len()..]
        });
        let lead = leads.rfind(|lead| lead.contains('\n'));
        lead.map_or_else(|| " ".to_owned(), |lead| lead[lead.rfind('\n').unwrap_or(0)..].to_owned())
    }

    /// The text in which nothing is said of the table by its name, as in `CHECK (t.a > 0)`: it has another for a while.
    fn without_qualifiers(&self, text: &str) -> String {
        let tokens = lex::tokens(text);
        let (mut out, mut at) = (String::new(), 0);
        for pair in tokens.windows(2).skip(4) {
            let is_own = matches!(pair[0].kind, Kind::Word | Kind::Quoted)
                && lex::name(text, pair[0]).eq_ignore_ascii_case(&self.before.name.name);
            if is_own && pair[1].kind == Kind::Punct('.') {
                out += &text[at..pair[0].start];
                at = pair[1].end;
            }
        }
        out + &text[at..]
    }

    fn token(&self, at: usize) -> lex::Token {
        self.written.tokens[at]
    }

    fn start(&self, item: &Item) -> usize {
        self.token(item.tokens.start).start
    }

    fn end(&self, item: &Item) -> usize {
        self.token(item.tokens.end - 1).end
    }

    fn span(&self, tokens: &Range<usize>) -> Range<usize> {
        self.token(tokens.start).start..self.token(tokens.end - 1).end
    }

    fn between(&self, tokens: &Range<usize>) -> &str {
        &self.source[self.span(tokens)]
    }
}

/// Appends a piece, behind a comment that ends with its line in a new one.
fn push(text: &mut String, piece: &str) {
    let is_open = || {
        let from = lex::tokens(text).last().map_or(0, |token| token.end);
        text[from..].rsplit('\n').next().is_some_and(|line| line.contains("--"))
    };
    let may_be_open = text.rsplit('\n').next().is_some_and(|line| line.contains("--"));
    if !piece.is_empty() && !piece.starts_with(['\n', '\r']) && may_be_open && is_open() {
        text.push('\n');
    }
    text.push_str(piece);
}

/// The column that is numbered by AUTOINCREMENT.
fn numbered(table: &Table) -> Option<&str> {
    table.columns.iter().find(|column| column.identity.is_some()).map(|column| column.name.as_str())
}

#[cfg(test)]
mod tests;
