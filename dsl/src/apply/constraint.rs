//! What a table is after a change of its constraints.

use super::no_column;
use crate::schema::{Constraint, ConstraintKind, ExclusionElement, Table};

pub(super) fn add_constraint(table: &mut Table, constraint: &Constraint) -> Result<(), String> {
    let keys = |keys: &[ExclusionElement]| {
        keys.iter().filter_map(|element| element.key.column_name().map(str::to_owned)).collect()
    };
    let columns: Vec<String> = match constraint {
        Constraint::PrimaryKey(key) => key.columns.clone(),
        Constraint::Unique(unique) => unique.columns.clone(),
        Constraint::ForeignKey(key) => key.columns.clone(),
        Constraint::Exclusion(exclusion) => keys(&exclusion.elements),
        Constraint::Check(_) => Vec::new(),
    };
    // A partition's columns and an heir's may be those of another table.
    let inherits = table.partition_of.is_some() || !table.inherits.is_empty();
    if let Some(missing) = columns.iter().find(|column| !inherits && table.column(column).is_none()) {
        return Err(no_column(table, missing));
    }
    if constraint.label().name().is_some_and(|name| table.constraint(name).is_some()) {
        return Err(format!("table {} has a constraint of that name already", table.name));
    }
    if matches!(constraint, Constraint::PrimaryKey(_)) && table.primary_key.is_some() {
        return Err(format!("table {} has a primary key already", table.name));
    }
    table.add_constraint(constraint.clone());
    Ok(())
}

/// Takes a constraint away, and gives it back.
pub(crate) fn drop_constraint(table: &mut Table, kind: ConstraintKind, name: &str) -> Option<Constraint> {
    fn take<T>(list: &mut Vec<T>, found: impl Fn(&T) -> bool) -> Option<T> {
        list.iter().position(found).map(|at| list.remove(at))
    }
    let found = match kind {
        ConstraintKind::PrimaryKey => {
            let key = table.primary_key.take_if(|key| name.is_empty() || key.label.is(name));
            key.map(Constraint::PrimaryKey)
        }
        ConstraintKind::Unique => take(&mut table.uniques, |c| c.label.is(name)).map(Constraint::Unique),
        ConstraintKind::ForeignKey => {
            take(&mut table.foreign_keys, |c| c.label.is(name)).map(Constraint::ForeignKey)
        }
        ConstraintKind::Check => take(&mut table.checks, |c| c.label.is(name)).map(Constraint::Check),
        ConstraintKind::Exclusion => {
            take(&mut table.exclusions, |c| c.label.is(name)).map(Constraint::Exclusion)
        }
    };
    if let Some(name) = found.as_ref().and_then(|constraint| constraint.label().name()) {
        table.constraint_comments.remove(name);
    }
    found
}

pub(super) fn rename_constraint(
    table: &mut Table,
    kind: ConstraintKind,
    name: &str,
    to: &str,
) -> Result<(), String> {
    if table.constraint(to).is_some() {
        return Err(format!("table {} has a constraint {to} already", table.name));
    }
    let owner = table.name.clone();
    let label = match kind {
        ConstraintKind::PrimaryKey => {
            table.primary_key.as_mut().map(|c| &mut c.label).filter(|label| label.is(name))
        }
        ConstraintKind::Unique => table.uniques.iter_mut().map(|c| &mut c.label).find(|label| label.is(name)),
        ConstraintKind::ForeignKey => {
            table.foreign_keys.iter_mut().map(|c| &mut c.label).find(|label| label.is(name))
        }
        ConstraintKind::Check => table.checks.iter_mut().map(|c| &mut c.label).find(|label| label.is(name)),
        ConstraintKind::Exclusion => {
            table.exclusions.iter_mut().map(|c| &mut c.label).find(|label| label.is(name))
        }
    };
    *label.ok_or_else(|| format!("table {owner} has no {kind} {name}"))? = to.into();
    if let Some(comment) = table.constraint_comments.remove(name) {
        table.constraint_comments.insert(to.into(), comment);
    }
    Ok(())
}
