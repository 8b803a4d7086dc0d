//! Constraints and indexes that are added or dropped.

use dunlin_dsl::{Constraint, ConstraintKind, HazardKind, Index, Table, Unsupported};

use super::{Alter, Clause, kind};
use crate::mysql::flavor::Flavor;
use crate::mysql::index;
use crate::mysql::render::{constraint_text, is_column_check};
use crate::sql::Sql;

impl Alter {
    /// Whether an index that is dropped and made again differs in nothing but whether queries are planned with it: that alone
    /// is changed then, and the index stays.
    pub(super) fn shows(&mut self, name: &str, new: &Index, sql: Sql<'_>) -> Result<bool, Unsupported> {
        let Some(Some(old)) = self.dropped.get(name) else { return Ok(false) };
        if (Index { invisible: old.invisible, label: old.label.clone(), ..new.clone() }) != *old {
            return Ok(false);
        }
        let drop = format!("DROP INDEX {}", sql.id(name)?);
        self.clauses.retain(|clause| !matches!(clause, Clause::Text(text) if *text == drop));
        if old.invisible != new.invisible {
            let word = Flavor::of(sql.server).visibility(new.invisible);
            self.text(format!("ALTER INDEX {} {word}", sql.id(name)?));
        }
        self.dropped.remove(name);
        Ok(true)
    }

    pub(super) fn add_constraint(
        &mut self,
        constraint: &Constraint,
        known: Option<&Table>,
        sql: Sql<'_>,
    ) -> Result<(), Unsupported> {
        let name = constraint.label().name().unwrap_or_default();
        self.named(kind(constraint.kind()), name);
        if let Constraint::Unique(unique) = constraint
            && self.shows(name, &index::of_unique(unique), sql)?
        {
            return Ok(());
        }
        self.dropped.remove(name);
        let table = self.table.clone();
        match constraint {
            // It is refused when it is lowered.
            Constraint::Exclusion(_) => {}
            Constraint::PrimaryKey(_) => {
                self.hazard(HazardKind::MayFail, format!("fails if rows of {table} have the same key"));
                self.hazard(HazardKind::Rewrite, format!("writes {table} anew"));
            }
            Constraint::Unique(_) => {
                self.builds = true;
                self.hazard(HazardKind::MayFail, format!("fails if rows of {table} have the same key"));
            }
            Constraint::ForeignKey(key) => {
                let may = format!("fails if rows of {table} refer to none of {}", key.references);
                self.hazard(HazardKind::MayFail, may);
                self.hazard(HazardKind::BlocksWrites, format!("reads all of {table}"));
            }
            Constraint::Check(_) => {
                self.hazard(HazardKind::MayFail, format!("fails if a row of {table} doesn't meet it"));
                self.hazard(HazardKind::BlocksWrites, format!("writes {table} anew"));
            }
        }
        match known {
            Some(known) if is_column_check(constraint, known, sql) => self.modify(name, "check"),
            _ => self.text(format!("ADD {}", constraint_text(constraint, &table, sql)?)),
        }
        Ok(())
    }

    pub(super) fn drop_constraint(
        &mut self,
        of: ConstraintKind,
        name: &str,
        known: Option<&Table>,
        sql: Sql<'_>,
    ) -> Result<(), Unsupported> {
        self.named(kind(of), name);
        let own = known.is_some_and(|known| {
            known.checks.iter().any(|check| {
                check.label.is(name) && is_column_check(&Constraint::Check(check.clone()), known, sql)
            })
        });
        match of {
            ConstraintKind::PrimaryKey => {
                self.text("DROP PRIMARY KEY".into());
                self.hazard(HazardKind::Rewrite, format!("writes {} anew", self.table));
                self.hazard(HazardKind::BlocksWrites, format!("writes {} anew", self.table));
            }
            ConstraintKind::Unique => {
                self.text(format!("DROP INDEX {}", sql.id(name)?));
                let old = known.and_then(|known| index::found(known, name));
                self.dropped.insert(name.to_owned(), old);
            }
            ConstraintKind::ForeignKey => self.text(format!("DROP FOREIGN KEY {}", sql.id(name)?)),
            ConstraintKind::Check if own => self.modify(name, "check"),
            ConstraintKind::Check => {
                let word = if Flavor::of(sql.server).has_drop_check() { "CHECK" } else { "CONSTRAINT" };
                self.text(format!("DROP {word} {}", sql.id(name)?));
            }
            // There is none to drop.
            ConstraintKind::Exclusion => {}
        }
        Ok(())
    }
}
