//! What an operation takes of its table, and beside which others it can stand in one statement.

use dunlin_dsl::{Op, Table, Unsupported};

use super::{Alter, Clause, Work, columns};
use crate::mysql::flavor::Flavor;
use crate::mysql::level::{self, Change, Level, Part};
use crate::sql::Sql;

/// What an operation takes by itself, as far as others mind that stand in the same statement.
#[derive(Clone, Copy)]
pub(in crate::mysql) struct Takes {
    level: Level,
    /// Whether a column comes or goes by the catalog alone.
    is_at_once: bool,
    is_virtual: bool,
    is_fulltext: bool,
    is_index: bool,
    is_text: bool,
    /// What of the table it changes, where that matters.
    part: Option<Part>,
}

impl Takes {
    /// Whether neither takes more for standing beside the other. What only takes note of something may stand beside all else but
    /// what is stored nowhere, and what takes long is done in one.
    pub(super) fn goes_with(self, other: Self) -> bool {
        let spoils = |a: Self, b: Self| {
            (a.is_at_once && b.level > Level::Instant)
                || (a.is_text && b.is_index && a.level.max(b.level) < Level::Copy)
        };
        self.is_virtual == other.is_virtual
            && (self.level.max(other.level) > Level::Instant
                || self.part.is_none()
                || other.part.is_none()
                || self.part == other.part)
            && !(self.is_fulltext && other.is_fulltext)
            && !spoils(self, other)
            && !spoils(other, self)
    }

    fn and(self, other: Self) -> Self {
        Self {
            level: self.level.and(other.level),
            is_at_once: self.is_at_once || other.is_at_once,
            is_virtual: self.is_virtual || other.is_virtual,
            is_fulltext: self.is_fulltext || other.is_fulltext,
            is_index: self.is_index || other.is_index,
            is_text: self.is_text || other.is_text,
            part: self.part.or(other.part),
        }
    }
}

impl Alter {
    /// What an operation takes by itself; `known` is the table before it, `after` the one that it makes.
    pub(in crate::mysql) fn weigh(
        op: &Op,
        known: Option<&Table>,
        after: Option<&Table>,
        sql: Sql<'_>,
    ) -> Result<Option<Takes>, Unsupported> {
        let Some(name) = op.table().filter(|_| Self::takes(op)) else { return Ok(None) };
        let mut alone = Self::new(name);
        alone.add(op, 0, known, sql)?;
        let changes = alone.changes(after, sql);
        let level = alone.level(&changes, after, sql);
        Ok(Some(Takes {
            level,
            is_at_once: level == Level::Instant && changes.iter().any(|change| change.is_of_columns()),
            is_virtual: changes.iter().any(|change| change.is_virtual()),
            is_fulltext: changes.iter().any(|change| change.is_fulltext()),
            is_index: changes.iter().any(|change| change.is_index()),
            is_text: changes.iter().any(|change| change.part() == Some(Part::Text)),
            part: changes
                .iter()
                .find_map(|change| change.part())
                .filter(|_| Flavor::of(sql.server).minds_several_parts()),
        }))
    }

    /// Notes what the operation takes that is added next.
    pub(in crate::mysql) fn bear(&mut self, takes: Takes) {
        self.takes = Some(self.takes.map_or(takes, |own| own.and(takes)));
    }

    /// What changes of the table, which becomes this.
    pub(super) fn changes(&self, after: Option<&Table>, sql: Sql<'_>) -> Vec<Change> {
        let mut changes = Vec::new();
        for clause in &self.clauses {
            let name = match clause {
                Clause::Text(_, change) => {
                    changes.push(*change);
                    continue;
                }
                Clause::Column(name) if after.is_some_and(|after| self.is_idle(name, after, sql)) => continue,
                Clause::Column(name) => name,
            };
            let Some((after, new)) = after.and_then(|after| Some((after, after.column(name)?))) else {
                continue;
            };
            match (self.columns.get(name), self.before.as_ref()) {
                (Some(Work::Added(position)), before) => {
                    changes.push(columns::added(new, position.as_ref(), before.unwrap_or(after), sql));
                }
                (_, Some(before)) => match before.column(name) {
                    Some(old) => {
                        changes.extend(level::column::changes((old, before), (new, after), sql));
                        changes.extend(level::kept::text((old, before), (new, after), sql));
                    }
                    None => changes.push(Change::Other),
                },
                _ => changes.push(Change::Other),
            }
        }
        changes.extend(after.into_iter().flat_map(|after| self.moves(after)));
        let makes_key = changes.contains(&Change::AddPrimaryKey);
        changes.retain(|change| !(makes_key && *change == Change::DropPrimaryKey));
        changes
    }

    /// What changes take of the table, which becomes this.
    pub(super) fn level(&self, changes: &[Change], after: Option<&Table>, sql: Sql<'_>) -> Level {
        match &self.before {
            Some(before) => level::between(changes, before, after.unwrap_or(before), sql),
            None => Level::Copy,
        }
    }
}
