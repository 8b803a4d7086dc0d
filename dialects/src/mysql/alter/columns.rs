//! Columns that are added or changed.

use dunlin_dsl::{Column, ColumnChange, Generated, HazardKind, Op, PartKind, Position, Table, Unsupported};

use super::{Alter, Clause, Work};
use crate::mysql::{constraint, default, native};
use crate::sql::Sql;

impl Alter {
    pub(super) fn add_column(&mut self, column: &Column, position: Option<&Position>, sql: Sql<'_>) {
        let table = self.table.clone();
        self.clauses.push(Clause::Column(column.name.clone()));
        self.columns.insert(column.name.clone(), Work::Added(position.cloned()));
        self.instant = true;
        if let Some(identity) = &column.identity {
            self.numbers = true;
            self.hazard(HazardKind::Rewrite, format!("writes {table} anew, and numbers its rows"));
            self.hazard(HazardKind::BlocksWrites, format!("writes {table} anew"));
            if let Some(start) = identity.start.filter(|start| *start != 1) {
                self.text(format!("AUTO_INCREMENT={start}"));
            }
        } else if column.generated.as_ref().is_some_and(|generated| generated.stored) {
            self.hazard(HazardKind::Rewrite, format!("writes {table} anew"));
            self.hazard(HazardKind::BlocksWrites, format!("writes {table} anew"));
        } else if column.not_null && column.default.is_none() && column.generated.is_none() {
            self.hazard(HazardKind::MayFail, format!("fails if table {table} has rows"));
        } else if let Some(default) = &column.default
            && !matches!(default, dunlin_dsl::Expr::Literal(_))
            && default::write(column, default, sql).is_ok_and(|text| text.starts_with('('))
        {
            self.hazard(HazardKind::Rewrite, format!("writes {table} anew"));
            self.hazard(HazardKind::BlocksWrites, format!("writes {table} anew"));
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
                self.hazard(HazardKind::Rewrite, format!("writes {table} anew"));
                self.hazard(HazardKind::BlocksWrites, format!("writes {table} anew"));
            }
            ColumnChange::NotNull(true) => {
                for key in known.into_iter().flat_map(|known| &known.foreign_keys) {
                    constraint::refuse_set_null(op, key, |column| column == name, sql)?;
                }
                self.hazard(HazardKind::MayFail, format!("fails if {table}.{name} is NULL in a row"));
            }
            ColumnChange::Charset(_) | ColumnChange::Collation(_) => {
                self.hazard(HazardKind::Rewrite, format!("writes {table} anew"));
                self.hazard(HazardKind::BlocksWrites, format!("writes {table} anew"));
            }
            ColumnChange::Identity(Some(identity)) => {
                // What undoes a change of the number says where it stood, be it 1.
                if let Some(start) = identity.start.or(*identity.next) {
                    self.text(format!("AUTO_INCREMENT={start}"));
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
