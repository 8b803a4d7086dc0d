//! Constraints and indexes that are added or dropped.

use dunlin_dsl::{Constraint, ConstraintKind, Enforcement, HazardKind, Index, Table, Unsupported};

use super::{Alter, Clause, kind};
use crate::mysql::flavor::Flavor;
use crate::mysql::index;
use crate::mysql::level::Change;
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
        self.clauses.retain(|clause| !matches!(clause, Clause::Text(text, _) if *text == drop));
        if old.invisible != new.invisible {
            let word = Flavor::of(sql.server).visibility(new.invisible);
            self.text(format!("ALTER INDEX {} {word}", sql.id(name)?), Change::KeyNote);
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
        let (change, may) = match constraint {
            // It is refused when it is lowered.
            Constraint::Exclusion(_) => (Change::Other, String::new()),
            Constraint::PrimaryKey(_) => {
                (Change::AddPrimaryKey, format!("fails if rows of {table} have the same key"))
            }
            Constraint::Unique(unique) => {
                let change = index::added(&index::of_unique(unique), self.before.as_ref());
                (change, format!("fails if rows of {table} have the same key"))
            }
            Constraint::ForeignKey(key) => {
                (Change::Other, format!("fails if rows of {table} refer to none of {}", key.references))
            }
            Constraint::Check(check) if check.enforcement == Enforcement::NotEnforced => {
                (Change::Note, String::new())
            }
            Constraint::Check(_) => (Change::Other, format!("fails if a row of {table} doesn't meet it")),
        };
        if !may.is_empty() {
            self.hazard(HazardKind::MayFail, may);
        }
        match known {
            Some(known) if is_column_check(constraint, known, sql) => self.modify(name, "check"),
            _ => self.text(format!("ADD {}", constraint_text(constraint, &table, sql)?), change),
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
                self.text("DROP PRIMARY KEY".into(), Change::DropPrimaryKey);
            }
            ConstraintKind::Unique => self.drop_index(name, known, sql)?,
            ConstraintKind::ForeignKey => {
                self.text(format!("DROP FOREIGN KEY {}", sql.id(name)?), Change::KeyNote);
            }
            ConstraintKind::Check if own => self.modify(name, "check"),
            ConstraintKind::Check => {
                let word = if Flavor::of(sql.server).has_drop_check() { "CHECK" } else { "CONSTRAINT" };
                self.text(format!("DROP {word} {}", sql.id(name)?), Change::Note);
            }
            // There is none to drop.
            ConstraintKind::Exclusion => {}
        }
        Ok(())
    }
}
