//! Columns that are added or changed.

use dunlin_dsl::{Column, ColumnChange, Generated, HazardKind, Op, PartKind, Position, Table, Unsupported};

use super::{Alter, Clause, Work};
use crate::mysql::level::Change;
use crate::mysql::{constraint, default, native};
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
            ColumnChange::Generated(new) => refuse_generated(op, old, new.as_ref(), sql)?,
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
