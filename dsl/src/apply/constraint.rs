//! What a table is after a change of its constraints.

use super::no_column;
use super::stop::Stop;
use crate::change::TableChange;
use crate::schema::{
    Constraint, ConstraintKind, Deferrable, ExclusionElement, IndexKey, Label, Name, PrimaryKey, Schema,
    Table, Unique,
};

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

/// The constraint that an index of a table becomes.
pub(super) fn of_index(
    table: &Table,
    index: &str,
    kind: ConstraintKind,
    name: &str,
    deferrable: Deferrable,
) -> Result<Constraint, String> {
    let found = table.index(index).ok_or_else(|| format!("table {} has no index {index}", table.name))?;
    let columns = found.keys.iter().filter_map(|key| key.column_name().map(str::to_owned)).collect();
    let (label, include) = (Label::Given(name.to_owned()), found.include.clone());
    match kind {
        ConstraintKind::PrimaryKey if found.nulls_not_distinct => {
            Err(format!("index {index} has NULLs that are the same, and a primary key has none"))
        }
        ConstraintKind::PrimaryKey => {
            Ok(Constraint::PrimaryKey(PrimaryKey { label, deferrable, include, ..PrimaryKey::over(columns) }))
        }
        ConstraintKind::Unique => Ok(Constraint::Unique(Unique {
            label,
            deferrable,
            include,
            nulls_not_distinct: found.nulls_not_distinct,
            ..Unique::over(columns)
        })),
        kind => Err(format!("an index becomes a primary key or a unique constraint, and no {kind}")),
    }
}

/// Refuses to make a constraint of an index that does what a constraint's can't, or for which a constraint has no place.
pub(super) fn fits_index(schema: &Schema, table: &Name, change: &TableChange) -> Result<(), Stop> {
    let TableChange::IndexToConstraint { index: name, .. } = change else { return Ok(()) };
    let Some(index) = schema.get(table).and_then(|table| table.index(name)) else { return Ok(()) };
    let plain = |key: &IndexKey| key.column_name().is_none_or(|name| *key == IndexKey::column(name));
    let other = "create one over plain columns and all rows, as create_index(..).unique() does, and use that";
    let less = "set that back first: alter_index(..)";
    let (what, instead) = match index {
        index if !index.unique => ("takes two rows with the same key", other),
        index if index.keys.iter().any(|key| key.column_name().is_none()) => ("is over an expression", other),
        index if index.predicate.is_some() => ("leaves rows out", other),
        index if !index.keys.iter().all(plain) => ("has an order, a collation or a class of its own", other),
        index if index.comment.is_some() => ("has a comment", less),
        index if !index.storage.is_empty() => ("has storage parameters", less),
        index if index.tablespace.is_some() => ("has a tablespace of its own", less),
        _ => return Ok(()),
    };
    Err(Stop::new(format!("index {name} {what}, and that of a constraint doesn't"), instead))
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
