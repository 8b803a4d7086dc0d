//! Constraints, added and dropped.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{
    Constraint, ConstraintChange, ConstraintKind, DependentKind, Enforcement, Name, Op, Table, TableChange,
};

use super::{Render, Result};
use crate::postgres::alter::{Change, Rank};
use crate::postgres::constraint;

impl Render<'_> {
    pub(super) fn add_constraint(
        &mut self,
        op: &Op,
        table: &Name,
        constraint: &Constraint,
        at: usize,
    ) -> Result<()> {
        let sql = self.sql;
        let text = constraint::constraint(op, table, constraint, sql)?;
        let change = Change::new(Rank::Add, format!("ADD {text}"));
        let hazards = constraint::hazards(table, constraint);
        self.change(table, Change { hazards, ..change }, at)?;
        // The locks of adding it would be held while all rows are looked at.
        let validates = |op: &Op| match op {
            Op::AlterTable { table: other, change: TableChange::Constraint { name, change } } => {
                let full = ConstraintChange::Enforcement(Enforcement::Full);
                other == table && constraint.label().is(name) && *change == full
            }
            _ => false,
        };
        let is_validated = self.ops.iter().skip(at + 1).any(validates);
        let is_busy = constraint::is_not_valid(constraint) && !self.created.contains(table);
        if let Some(pending) = self.pending.as_mut().filter(|_| is_busy && is_validated) {
            pending.commit_after = true;
        }
        Ok(())
    }

    pub(super) fn drop_constraint(
        &mut self,
        table: &Name,
        kind: ConstraintKind,
        name: &str,
        if_exists: bool,
        at: usize,
    ) -> Result<()> {
        let known = self.find(table);
        let key = known.and_then(|table| table.primary_key.as_ref());
        let key_name = key.and_then(|key| key.label.name());
        let found = match kind {
            ConstraintKind::PrimaryKey if name.is_empty() => key_name.map(str::to_owned),
            _ => known.and_then(|table| table.constraint(name)).map(|_| name.to_owned()),
        };
        if if_exists && found.is_none() {
            return Ok(());
        }
        let conventional = || match name {
            "" => dunlin_dsl::conventional_name(table, &[], "pkey"),
            name => name.to_owned(),
        };
        if let Some((known, found)) = known.zip(found.as_deref()) {
            self.refuse_referred(known, kind, found)?;
        }
        let exists = if if_exists { "IF EXISTS " } else { "" };
        let name = self.sql.id(&found.unwrap_or_else(conventional))?;
        self.change(table, Change::new(Rank::Drop, format!("DROP CONSTRAINT {exists}{name}")), at)
    }

    /// Refuses to drop the only key over its columns if a foreign key refers to it, be it of a table that is looked at or of
    /// one that the catalog names.
    fn refuse_referred(&self, table: &Table, kind: ConstraintKind, name: &str) -> Result<()> {
        let found = table.constraint(name);
        fn set(columns: &[String]) -> BTreeSet<&str> {
            columns.iter().map(String::as_str).collect()
        }
        let columns = match &found {
            Some(Constraint::PrimaryKey(key)) => set(&key.columns),
            Some(Constraint::Unique(unique)) => set(&unique.columns),
            _ => return Ok(()),
        };
        // Only the server knows to which of several keys a foreign key refers.
        let primary = table.primary_key.iter().map(|key| set(&key.columns));
        let uniques = table.uniques.iter().map(|unique| set(&unique.columns));
        let indexes = table.indexes.iter().filter(|index| index.unique);
        let indexes = indexes.map(|index| index.keys.iter().filter_map(|key| key.column_name()).collect());
        if primary.chain(uniques).chain(indexes).filter(|key: &BTreeSet<&str>| *key == columns).count() > 1 {
            return Ok(());
        }
        let refers = |other: &Table| {
            other
                .foreign_keys
                .iter()
                .any(|key| key.references == table.name && set(&key.references_columns) == columns)
        };
        let known = self.schema.tables.values().find(|other| refers(other)).map(|other| &other.name);
        let mut used: BTreeMap<(&Name, &Option<String>), BTreeSet<&str>> = BTreeMap::new();
        let keys =
            table.notes.dependents.iter().filter(|dependent| dependent.kind == DependentKind::ForeignKey);
        for key in keys.filter(|key| self.schema.get(&key.name).is_none()) {
            used.entry((&key.name, &key.definition)).or_default().extend(key.uses.iter().map(String::as_str));
        }
        let noted = used.into_iter().find(|(_, used)| *used == columns).map(|((name, _), _)| name);
        match known.or(noted) {
            Some(other) => self.sql.refuse(
                format!("drop {kind} {name} of table {}", table.name),
                &format!("keeps it while a foreign key of table {other} refers to it"),
                "drop the foreign key first, and add it again after",
            ),
            None => Ok(()),
        }
    }
}
