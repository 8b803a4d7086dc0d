//! Columns that are added or changed.

use dunlin_dsl::{Column, ColumnChange, Generated, HazardKind, Op, PartKind, Position, Table, Unsupported};

use super::{Alter, Clause, Work};
use crate::mysql::level::{self, Change};
use crate::mysql::{column, constraint, default, native};
use crate::sql::Sql;

impl Alter {
    pub(super) fn add_column(&mut self, column: &Column, position: Option<&Position>) {
        let table = self.table.clone();
        self.clauses.push(Clause::Column(column.name.clone()));
        self.columns.insert(column.name.clone(), Work::Added(position.cloned()));
        if let Some(identity) = &column.identity {
            if let Some(start) = identity.start.filter(|start| *start != 1) {
                self.text(format!("AUTO_INCREMENT={start}"), Change::TableNote);
            }
        } else if column.not_null && column.default.is_none() && column.generated.is_none() {
            self.hazard(HazardKind::MayFail, format!("fails if table {table} has rows"));
        }
    }

    pub(super) fn alter_column(
        &mut self,
        op: &Op,
        name: &str,
        change: &ColumnChange,
        known: Option<&Table>,
        sql: Sql<'_>,
    ) -> Result<(), Unsupported> {
        let old = known.and_then(|known| known.column(name));
        if let Some(known) = known
            && let Some(what) = known.notes.unmodelled.iter().find(|what| what.is_of(PartKind::Column, name))
        {
            let reason = format!("{what}, and a change of the column would lose it");
            return Err(Unsupported::new(op, reason, "change the column in SQL of your own"));
        }
        let table = self.table.clone();
        match change {
            ColumnChange::Generated(new) => {
                refuse_generated(op, old, new.as_ref(), sql)?;
                if new.is_some() && old.is_some_and(|old| old.generated.is_none()) {
                    let loss = format!("drops what {table}.{name} holds, which is computed from now on");
                    self.hazard(HazardKind::DataLoss, loss);
                }
            }
            ColumnChange::Type { to, .. }
                if old.is_some_and(|old| native::lower(&old.ty, sql).ok() != native::lower(to, sql).ok()) =>
            {
                let may = format!("fails if a value of {table}.{name} doesn't fit");
                self.hazard(HazardKind::MayFail, may);
            }
            ColumnChange::NotNull(true) => {
                for key in known.into_iter().flat_map(|known| &known.foreign_keys) {
                    constraint::refuse_set_null(op, key, |column| column == name, sql)?;
                }
                self.hazard(HazardKind::MayFail, format!("fails if {table}.{name} is NULL in a row"));
            }
            ColumnChange::Identity(Some(identity)) => {
                // What undoes a change of the number says where it stood, be it 1.
                if let Some(start) = identity.start.or(*identity.next) {
                    self.text(format!("AUTO_INCREMENT={start}"), Change::TableNote);
                }
            }
            _ => {}
        }
        // A character set or a collation that is only taken off on the way to another.
        let is_step = match change {
            ColumnChange::Charset(None) => true,
            ColumnChange::Collation(collation) => collation.is_empty(),
            _ => false,
        };
        self.modify(name, if is_step { "own text" } else { change.attribute() });
        Ok(())
    }

    /// The clauses, where they make this table.
    pub(super) fn texts(&self, table: &Table, sql: Sql<'_>) -> Result<Vec<String>, Unsupported> {
        let mut texts = Vec::with_capacity(self.clauses.len());
        let mut placed = self.placed(table).into_iter();
        for clause in &self.clauses {
            let name = match clause {
                Clause::Text(text, _) => {
                    texts.push(text.clone());
                    continue;
                }
                Clause::Column(name) if self.is_idle(name, table, sql) => continue,
                Clause::Column(name) => name,
            };
            // What moves and what comes beside it are said in the order in which they stand in the end.
            let moved = if self.is_placed(name) { placed.next() } else { None };
            let name = moved.unwrap_or(name);
            let Some(column) = table.column(name) else { continue };
            let definition = column::definition(column, table, sql)?;
            let (verb, position) = match self.columns.get(name) {
                Some(Work::Added(position)) => ("ADD", position.clone()),
                _ => ("MODIFY", None),
            };
            let place = match moved.and_then(|name| Position::of(table, name)).or(position) {
                None => String::new(),
                Some(Position::First) => " FIRST".into(),
                Some(Position::After(other)) => format!(" AFTER {}", sql.id(&other)?),
            };
            texts.push(format!("{verb} COLUMN {definition}{place}"));
        }
        Ok(texts)
    }

    /// Whether a column of the table, which becomes this, is neither changed nor moved by all that was said of it.
    pub(super) fn is_idle(&self, name: &str, after: &Table, sql: Sql<'_>) -> bool {
        let Some(before) = &self.before else { return false };
        let (Some(old), Some(new)) = (before.column(name), after.column(name)) else { return false };
        let stays = !self.is_placed(name) || self.moves(after).is_empty();
        stays
            && matches!(self.columns.get(name), Some(Work::Modified(_)))
            && level::column::is_idle((old, before), (new, after), sql)
    }

    /// What it takes that columns move.
    pub(super) fn moves(&self, after: &Table) -> Vec<Change> {
        let moved = |work: &Work| matches!(work, Work::Modified(what) if what.contains("position"));
        match &self.before {
            Some(before) if self.columns.values().any(moved) => {
                let moves = level::column::moves(before, after);
                moves.into_iter().chain(level::kept::order(before, after)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Whether a column is put somewhere.
    pub(super) fn is_placed(&self, name: &str) -> bool {
        match self.columns.get(name) {
            Some(Work::Added(_)) => true,
            Some(Work::Modified(what)) => what.contains("position"),
            _ => false,
        }
    }

    /// The columns that come or move, where some move, in the order in which they stand in the end: each is put behind one that
    /// stands there already.
    pub(super) fn placed<'t>(&self, after: &'t Table) -> Vec<&'t String> {
        if self.moves(after).is_empty() {
            return Vec::new();
        }
        let names = after.columns.iter().map(|column| &column.name);
        names.filter(|name| self.is_placed(name)).collect()
    }

    pub(super) fn modify(&mut self, name: &str, attribute: &'static str) {
        match self.columns.get_mut(name) {
            Some(Work::Modified(what)) => {
                what.insert(attribute);
            }
            // It stands in the definition of a column that is added or dropped.
            Some(_) => {}
            None => {
                self.clauses.push(Clause::Column(name.to_owned()));
                self.columns.insert(name.to_owned(), Work::Modified([attribute].into()));
            }
        }
    }
}

/// What it takes to add a column to a table.
pub(super) fn added(column: &Column, position: Option<&Position>, table: &Table, sql: Sql<'_>) -> Change {
    let is_virtual = |column: &Column| column.generated.as_ref().is_some_and(|generated| !generated.stored);
    let behind = match position {
        None => &[],
        Some(Position::First) => table.columns.as_slice(),
        Some(Position::After(name)) => {
            let at = table.columns.iter().position(|column| column.name == *name);
            at.and_then(|at| table.columns.get(at + 1..)).unwrap_or_default()
        }
    };
    let is_ahead = behind.iter().any(is_virtual);
    let is_computed = column
        .default
        .as_ref()
        .is_some_and(|default| default::write(column, default, sql).is_ok_and(|text| text.starts_with('(')));
    let base = native::base(&column.ty, sql);
    let is_required = column.not_null
        && column.default.is_none()
        && (["date", "datetime"].contains(&base.as_str()) || native::is_spatial(&base));
    match &column.generated {
        Some(generated) if generated.stored => Change::AddComputed,
        Some(_) if is_ahead => Change::Other,
        Some(_) => Change::AddVirtual,
        None if column.identity.is_some() => Change::AddNumbered,
        None if is_computed => Change::AddComputed,
        None if is_ahead => Change::AddColumnAhead,
        None if is_required => Change::AddRequired,
        None if behind.is_empty() => Change::AddColumn,
        None => Change::AddColumnWithin,
    }
}

/// What it takes to drop a column of a table.
pub(super) fn dropped(name: &str, table: Option<&Table>) -> Change {
    let of = |table: &Table| table.is_key_column(name);
    match table.and_then(|table| table.column(name)).and_then(|column| column.generated.as_ref()) {
        Some(generated) if !generated.stored => Change::DropVirtual,
        _ if table.is_some_and(of) => Change::Other,
        _ => Change::DropColumn,
    }
}

/// A column computed when it is read is stored nowhere, and these servers change no column into one or back.
fn refuse_generated(
    op: &Op,
    old: Option<&Column>,
    new: Option<&Generated>,
    sql: Sql<'_>,
) -> Result<(), Unsupported> {
    let old = old.and_then(|old| old.generated.as_ref());
    let is_virtual = |generated: Option<&Generated>| generated.is_some_and(|generated| !generated.stored);
    if is_virtual(old) != is_virtual(new) {
        return sql.refuse(
            op,
            "makes no column virtual, nor a virtual one another",
            "drop the column and add it anew",
        );
    }
    Ok(())
}
