//! One ALTER TABLE, put together from operations on its table.

mod columns;
mod constraints;
pub(super) mod foreign;
mod takes;

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{
    Column, Constraint, ConstraintKind, HazardKind, Index, Name, Op, Position, Schema, Statement, Table,
    TableOptions, Unsupported,
};

use self::takes::Takes;
use super::fit::Rows;
use super::flavor::OWN_FILE;
use super::level::{Ceiling, Change, Level, Place};
use super::render::index_text;
use super::{column, constraint, impossible, index, options};
use crate::fit::{Fit, Standing};
use crate::sql::Sql;

/// An ALTER TABLE in the making.
pub(super) struct Alter {
    pub(super) table: Name,
    pub(super) places: Vec<usize>,
    clauses: Vec<Clause>,
    columns: BTreeMap<String, Work>,
    /// The indexes, foreign keys and checks that it makes, drops or renames.
    names: BTreeSet<(Kind, String)>,
    /// The indexes that it drops, and doesn't make again.
    dropped: BTreeMap<String, Option<Index>>,
    /// What its operations take, each by itself; none where it has none.
    takes: Option<Takes>,
    /// The character set and the collation that it gives the table; MariaDB takes no others in the same statement.
    text: Option<(Option<String>, Option<String>)>,
    hazards: Vec<(HazardKind, String)>,
    /// The table before it.
    before: Option<Table>,
    /// Its operations.
    pub(super) ops: Vec<Op>,
}

enum Clause {
    Text(String, Change),
    /// The column's definition as it is in the end.
    Column(String),
}

#[derive(Clone, PartialEq)]
enum Work {
    Added(Option<Position>),
    /// Which attributes change.
    Modified(BTreeSet<&'static str>),
    Dropped,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Index,
    ForeignKey,
    Check,
}

impl Alter {
    pub(super) fn new(table: &Name) -> Self {
        Self {
            table: table.clone(),
            places: Vec::new(),
            clauses: Vec::new(),
            columns: BTreeMap::new(),
            names: BTreeSet::new(),
            dropped: BTreeMap::new(),
            takes: None,
            text: None,
            hazards: Vec::new(),
            before: None,
            ops: Vec::new(),
        }
    }

    /// Whether an operation is a clause of ALTER TABLE that others can stand beside.
    pub(super) fn takes(op: &Op) -> bool {
        matches!(
            op,
            Op::SetTableOptions { .. }
                | Op::SetTableComment { .. }
                | Op::AddColumn { .. }
                | Op::DropColumn { .. }
                | Op::AlterColumn { .. }
                | Op::AddConstraint { .. }
                | Op::DropConstraint { .. }
                | Op::RenameConstraint { .. }
                | Op::CreateIndex { .. }
                | Op::DropIndex { .. }
                | Op::RenameIndex { .. }
        )
    }

    /// Whether an operation means in this statement what it would mean after it, and neither takes more for the other; `known` is
    /// the table between them.
    pub(super) fn joins(&self, op: &Op, takes: Takes, known: Option<&Table>) -> bool {
        if !Self::takes(op) || op.table() != Some(&self.table) {
            return false;
        }
        // A numbered column must have its key when the statement ends.
        let is_whole = known.is_none_or(|known| constraint::keyless_number(known).is_none());
        if is_whole && !self.takes.is_none_or(|own| own.goes_with(takes)) {
            return false;
        }
        let fresh = |kind, name: &str| !self.names.contains(&(kind, name.to_owned()));
        // One that is dropped can be made anew in the same statement.
        let free =
            |kind, name: &str| fresh(kind, name) || (kind == Kind::Index && self.dropped.contains_key(name));
        match op {
            Op::SetTableOptions { options, .. } => {
                let same = |(charset, collation): &(Option<String>, Option<String>)| {
                    (charset, collation) == (&options.charset, &options.collation)
                };
                self.text.as_ref().is_none_or(same)
            }
            Op::AddColumn { column, .. } => !self.columns.contains_key(&column.name),
            Op::DropColumn { column, .. } => {
                let settled = |work: &Work| matches!(work, Work::Modified(what) if what.len() == 1 && what.contains("check"));
                self.columns.get(column).is_none_or(settled)
            }
            Op::AlterColumn { column, change, .. } => match self.columns.get(column) {
                None => true,
                // A row gets its value from the column as it was added, or as it was changed first.
                Some(Work::Modified(what)) => !what.contains(change.attribute()),
                Some(_) => false,
            },
            Op::AddConstraint { constraint, .. } => {
                free(kind(constraint.kind()), constraint.label().name().unwrap_or_default())
            }
            Op::DropConstraint { kind: ConstraintKind::PrimaryKey, .. } => {
                let is_key =
                    |op: &Op| matches!(op, Op::AddConstraint { constraint: Constraint::PrimaryKey(_), .. });
                !self.ops.iter().any(is_key)
            }
            Op::DropConstraint { kind: of, name, .. } => fresh(kind(*of), name),
            Op::RenameConstraint { kind: of, name, to, .. } => fresh(kind(*of), name) && fresh(kind(*of), to),
            Op::CreateIndex { index, .. } => free(Kind::Index, index.label.name().unwrap_or_default()),
            Op::DropIndex { name, .. } => fresh(Kind::Index, name),
            Op::RenameIndex { name, to, .. } => fresh(Kind::Index, name) && fresh(Kind::Index, to),
            _ => true,
        }
    }

    /// Takes an operation in; `known` is the table before it.
    pub(super) fn add(
        &mut self,
        op: &Op,
        at: usize,
        known: Option<&Table>,
        sql: Sql<'_>,
    ) -> Result<(), Unsupported> {
        if self.before.is_none() {
            self.before = known.cloned();
        }
        match op {
            Op::SetTableOptions { options, .. } => {
                self.set_options(op, options, known, sql)?;
            }
            Op::SetTableComment { comment, .. } => {
                let comment = column::comment_text(comment.as_deref().unwrap_or_default(), sql)?;
                self.text(format!("COMMENT={comment}"), Change::TableNote);
            }
            Op::AddColumn { column, position, if_not_exists, .. } => {
                if !(*if_not_exists && known.is_some_and(|known| known.column(&column.name).is_some())) {
                    self.add_column(column, position.as_ref());
                }
            }
            Op::DropColumn { column, if_exists, .. } => {
                if !(*if_exists && known.is_some_and(|known| known.column(column).is_none())) {
                    self.clauses.retain(|clause| !matches!(clause, Clause::Column(name) if name == column));
                    self.text(format!("DROP COLUMN {}", sql.id(column)?), columns::dropped(column, known));
                    self.columns.insert(column.clone(), Work::Dropped);
                    let loss = format!("drops column {}.{column} and what it holds", self.table);
                    self.hazard(HazardKind::DataLoss, loss);
                }
            }
            Op::AlterColumn { column, change, .. } => self.alter_column(op, column, change, known, sql)?,
            Op::AddConstraint { constraint, .. } => {
                match (constraint, known) {
                    (Constraint::ForeignKey(key), Some(known)) => {
                        constraint::refuse_set_null(op, key, |column| refuses_null(known, column), sql)?;
                    }
                    (Constraint::PrimaryKey(primary), Some(known)) => {
                        for key in &known.foreign_keys {
                            constraint::refuse_set_null(
                                op,
                                key,
                                |column| primary.columns.iter().any(|own| own == column),
                                sql,
                            )?;
                        }
                    }
                    _ => {}
                }
                self.add_constraint(constraint, known, sql)?;
            }
            Op::DropConstraint { kind, name, if_exists, .. } => {
                let has = |known: &Table| {
                    known.constraints().any(|constraint| {
                        constraint.kind() == *kind
                            && (*kind == ConstraintKind::PrimaryKey || constraint.label().is(name))
                    })
                };
                if !*if_exists || known.is_some_and(has) {
                    self.drop_constraint(*kind, name, known, sql)?;
                }
            }
            Op::RenameConstraint { kind: ConstraintKind::Unique, name, to, .. }
            | Op::RenameIndex { name, to, .. } => {
                let clause = format!("RENAME INDEX {} TO {}", sql.id(name)?, sql.id(to)?);
                self.text(clause, Change::RenameIndex);
                self.named(Kind::Index, name);
                self.named(Kind::Index, to);
            }
            Op::RenameConstraint { name, to, .. } => {
                // These servers rename neither foreign keys nor checks.
                if let Some(mut constraint) = known.and_then(|known| {
                    known.constraints().find(|c| Some(c.kind()) == op_kind(op) && c.label().is(name))
                }) {
                    self.drop_constraint(constraint.kind(), name, known, sql)?;
                    *constraint.label_mut() = to.as_str().into();
                    self.add_constraint(&constraint, known, sql)?;
                }
            }
            Op::CreateIndex { index, if_not_exists, .. } => {
                let name = index.label.name().unwrap_or_default();
                let exists = *if_not_exists && known.is_some_and(|known| known.index(name).is_some());
                if !exists && !self.shows(name, index, sql)? {
                    let change = index::added(index, self.before.as_ref());
                    self.text(format!("ADD {}", index_text(index, &self.table, sql)?), change);
                    self.named(Kind::Index, name);
                    self.dropped.remove(name);
                    if index.unique {
                        let may = format!("fails if rows of {} have the same key", self.table);
                        self.hazard(HazardKind::MayFail, may);
                    }
                }
            }
            Op::DropIndex { name, if_exists, .. } => {
                if !(*if_exists && known.is_some_and(|known| known.index(name).is_none())) {
                    self.drop_index(name, known, sql)?;
                }
            }
            _ => return Ok(()),
        }
        self.places.push(at);
        self.ops.push(op.clone());
        Ok(())
    }

    /// The columns whose definitions it writes, as they are in the table that it makes.
    pub(super) fn written<'t>(&self, known: &'t Table, sql: Sql<'_>) -> Vec<&'t Column> {
        let names = self.clauses.iter().filter_map(|clause| match clause {
            Clause::Column(name) if !self.is_idle(name, known, sql) => Some(name),
            _ => None,
        });
        names.filter_map(|name| known.column(name)).collect()
    }

    /// Refuses to make of its table what can't be.
    pub(super) fn refuse_impossible(&self, schema: &Schema, sql: Sql<'_>) -> Result<(), Unsupported> {
        match (&self.before, self.known(schema)) {
            (Some(before), Some(after)) => impossible::refuse(&self.ops, before, after, sql),
            _ => Ok(()),
        }
    }

    /// Whether it drops an index of words, whose hidden column stays in the table.
    pub(super) fn drops_words(&self) -> bool {
        self.dropped.values().flatten().any(|index| index.method.as_deref() == Some("fulltext"))
    }

    /// Its table in a schema.
    pub(super) fn known<'s>(&self, schema: &'s Schema) -> Option<&'s Table> {
        schema.get(&self.table)
    }

    /// The statement; `known` is the table that its operations make. None where they change nothing. `standing` goes past them.
    pub(super) fn finish(
        &self,
        known: Option<&Table>,
        is_lifted: bool,
        standing: &mut Standing<'_>,
        sql: Sql<'_>,
    ) -> Result<Option<Statement>, Unsupported> {
        let empty = Table::new(&self.table);
        let table = known.unwrap_or(&empty);
        let texts = self.texts(table, sql)?;
        if texts.is_empty() {
            return Ok(None);
        }
        if let Some(op) = self.ops.first() {
            constraint::refuse_keyless(op, table, sql)?;
        }
        let mut places = self.places.clone();
        places.dedup();
        let level = self.level(&self.changes(known, sql), known, sql);
        let ceiling = Ceiling { level, is_lifted };
        let mut statement = ceiling.statement(&self.table, &texts, Place::Last, places, sql)?;
        for (kind, message) in &self.hazards {
            statement = statement.hazard(*kind, message);
        }
        let mut image = None;
        if let (Some(before), Some(after)) = (&self.before, known) {
            let added = self.columns.iter().filter(|(_, work)| matches!(work, Work::Added(_)));
            let added: Vec<&str> = added.map(|(name, _)| name.as_str()).collect();
            let values = Rows { before, after, sql };
            let fit = Fit::new((before, after), &added, &values, standing, sql)?;
            statement.checks = values.questions(&fit, &added, level >= Level::Copy)?;
            image = fit.image().cloned();
        }
        self.ops.iter().for_each(|op| standing.note(op));
        standing.becomes(&self.table, image);
        Ok(Some(statement))
    }

    /// Only what changes: an engine that is named writes the table anew, even where it is the same.
    fn set_options(
        &mut self,
        op: &Op,
        options: &TableOptions,
        known: Option<&Table>,
        sql: Sql<'_>,
    ) -> Result<(), Unsupported> {
        let old = known.map(|known| known.options.clone()).unwrap_or_default();
        let mut new = options.clone();
        if new.engine == old.engine {
            new.engine = None;
        }
        let own = |name: &Option<String>| name.as_deref().is_none_or(|name| name == OWN_FILE);
        if new.tablespace == old.tablespace || (own(&new.tablespace) && own(&old.tablespace)) {
            new.tablespace = None;
        }
        if (&new.charset, &new.collation) == (&old.charset, &old.collation) {
            (new.charset, new.collation) = (None, None);
        } else {
            self.text = Some((new.charset.clone(), new.collation.clone()));
        }
        if new.row_format != old.row_format {
            new.row_format.get_or_insert_with(|| "DEFAULT".into());
        } else {
            new.row_format = None;
        }
        let changes = options::changes(op, &old.engine_options, &new.engine_options, sql)?;
        new.engine_options.clear();
        for text in options::texts(&new, sql)?.into_iter().chain(changes) {
            let change = options::change_of(&text, sql);
            self.text(text, change);
        }
        Ok(())
    }

    fn drop_index(&mut self, name: &str, known: Option<&Table>, sql: Sql<'_>) -> Result<(), Unsupported> {
        let old = known.and_then(|known| index::found(known, name));
        self.text(format!("DROP INDEX {}", sql.id(name)?), index::dropped(old.as_ref(), known));
        self.named(Kind::Index, name);
        self.dropped.insert(name.to_owned(), old);
        Ok(())
    }

    fn text(&mut self, text: String, change: Change) {
        self.clauses.push(Clause::Text(text, change));
    }

    fn named(&mut self, kind: Kind, name: &str) {
        self.names.insert((kind, name.to_owned()));
    }

    fn hazard(&mut self, kind: HazardKind, message: String) {
        if !self.hazards.contains(&(kind, message.clone())) {
            self.hazards.push((kind, message));
        }
    }
}

fn kind(of: ConstraintKind) -> Kind {
    match of {
        ConstraintKind::PrimaryKey | ConstraintKind::Unique => Kind::Index,
        ConstraintKind::ForeignKey => Kind::ForeignKey,
        ConstraintKind::Check | ConstraintKind::Exclusion => Kind::Check,
    }
}

fn op_kind(op: &Op) -> Option<ConstraintKind> {
    match op {
        Op::RenameConstraint { kind, .. } => Some(*kind),
        _ => None,
    }
}

/// Whether a table's column takes no NULL.
pub(super) fn refuses_null(table: &Table, name: &str) -> bool {
    table.is_key_column(name) || table.column(name).is_some_and(|column| column.not_null)
}
