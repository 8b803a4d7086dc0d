//! What a partition has of its own, when it becomes one and when it ceases to be one.
//!
//! PostgreSQL makes the parent's of what a table has that fits the parent when it is attached, and leaves it everything when
//! it is detached, by the names that it would have given it (seen on 15 and 18).

use std::collections::BTreeMap;
use std::mem::take;

use super::stop::Stop;
use crate::change::TableChange;
use crate::conventional_name;
use crate::schema::{Column, Constraint, Exclusion, Index, Label, Name, Schema, Table, Unique, Unmodelled};

/// A table with all that it has from those that it is a partition of or inherits from, as far as they are known; and whether
/// they are known to the last.
pub(crate) fn whole(table: &Table, schema: &Schema) -> (Table, bool) {
    below(table, schema, &mut Vec::new())
}

/// The same below those by way of which it was come to: tables in a circle, which no server makes, end there.
fn below<'s>(table: &'s Table, schema: &'s Schema, way: &mut Vec<&'s Name>) -> (Table, bool) {
    let mut whole = table.clone();
    if way.contains(&&table.name) {
        return (whole, false);
    }
    way.push(&table.name);
    let mut is_known = true;
    if let Some(of) = &table.partition_of {
        match schema.get(&of.parent) {
            Some(parent) => {
                let (parent, known) = below(parent, schema, way);
                detach(&mut whole, &parent);
                is_known &= known;
            }
            None => is_known = false,
        }
    }
    let mut inherited = Vec::new();
    for parent in &table.inherits {
        let Some(parent) = schema.get(parent) else {
            is_known = false;
            continue;
        };
        let (parent, known) = below(parent, schema, way);
        is_known &= known;
        let new = parent.columns.into_iter().filter(|column| {
            table.column(&column.name).is_none()
                && !inherited.iter().any(|other: &Column| other.name == column.name)
        });
        let new: Vec<_> = new.map(|column| column.handed_down()).collect();
        inherited.extend(new);
        for check in parent.checks.into_iter().filter(|check| !check.no_inherit) {
            if !whole.checks.iter().any(|own| own.label == check.label) {
                whole.checks.push(check);
            }
        }
    }
    way.pop();
    inherited.append(&mut whole.columns);
    whole.columns = inherited;
    (whole, is_known)
}

/// A table becomes a partition: what fits the parent is the parent's from now on.
pub(super) fn attach(child: &mut Table, parent: &Table) {
    child.columns.retain(|column| parent.column(&column.name).is_none_or(|of| is_own(column, of)));
    for column in &mut child.columns {
        let Some(of) = parent.column(&column.name).map(Column::handed_down) else { continue };
        for (name, value) in of.options {
            match column.options.get(&name) {
                Some(own) if *own == value => _ = column.options.remove(&name),
                Some(_) => {}
                None => _ = column.options.insert(name, "default".into()),
            }
        }
    }
    child.checks.retain(|check| !parent.checks.iter().any(|of| of.label == check.label));
    let mut copies = Vec::new();
    if parent.primary_key.is_some() {
        copies.extend(child.primary_key.take().map(Constraint::PrimaryKey));
    }
    let fits = |of: &Unique, unique: &Unique| same(of, unique, |of| &mut of.label);
    let (gone, kept): (Vec<_>, Vec<_>) = take(&mut child.uniques)
        .into_iter()
        .partition(|unique| parent.uniques.iter().any(|of| fits(of, unique)));
    child.uniques = kept;
    copies.extend(gone.into_iter().map(Constraint::Unique));
    child.foreign_keys.retain(|key| !parent.foreign_keys.iter().any(|of| same(of, key, |of| &mut of.label)));
    let fits = |of: &Exclusion, one: &Exclusion| same(of, one, |of| &mut of.label);
    let (gone, kept): (Vec<_>, Vec<_>) = take(&mut child.exclusions)
        .into_iter()
        .partition(|one| parent.exclusions.iter().any(|of| fits(of, one)));
    child.exclusions = kept;
    copies.extend(gone.into_iter().map(Constraint::Exclusion));
    for constraint in copies {
        let usual = constraint_name(child, &constraint);
        keep_name(child, usual, constraint.label().name());
    }
    for of in &parent.indexes {
        if let Some(at) = child.indexes.iter().position(|index| bare(index) == bare(of)) {
            let index = child.indexes.remove(at);
            let usual = index_name(child, &index);
            keep_name(child, usual, index.label.name());
        }
    }
    let kept: Vec<String> =
        child.constraints().filter_map(|kept| kept.label().name().map(str::to_owned)).collect();
    child.constraint_comments.retain(|name, _| kept.contains(name));
}

/// A partition becomes a table: it has everything itself that was the parent's.
pub(super) fn detach(child: &mut Table, parent: &Table) {
    let mut own = take(&mut child.columns);
    let not_null_names = take(&mut child.notes.not_null_names);
    for column in &parent.columns {
        let at = own.iter().position(|other| other.name == column.name);
        child.columns.push(match at {
            Some(at) => {
                let own = own.remove(at);
                let options = column.handed_down().options.into_iter().chain(own.options).collect();
                Column { options, ..own }
            }
            None => {
                // What its refusal of NULL is called, it is called after the parent.
                let mut column = column.handed_down();
                super::table::keep_not_null_name(&parent.name, &mut column);
                if let Some(name) = not_null_names.get(&column.name) {
                    column.not_null_name.0 = Some(name.clone());
                }
                column
            }
        });
    }
    child.columns.append(&mut own);
    let names = take(&mut child.notes.renamed);
    for mut constraint in parent.constraints() {
        // A check and a foreign key have the parent's name.
        if let Some(usual) = constraint_name(child, &constraint) {
            *constraint.label_mut() = free_name(child, &names, usual);
        }
        match constraint {
            Constraint::PrimaryKey(key) => {
                child.primary_key.get_or_insert(key);
            }
            other => child.add_constraint(other),
        }
    }
    for index in &parent.indexes {
        let usual = index_name(child, index).unwrap_or_default();
        let label = free_name(child, &names, usual);
        child.indexes.push(Index { label, comment: None, ..index.clone() });
    }
}

/// Whether a partition's column is more than its parent's: a default, a refusal of NULL, options or a remark of its own.
pub(super) fn is_own(column: &Column, of: &Column) -> bool {
    Column { identity: None, ..column.clone() } != of.handed_down()
}

fn same<T: Clone + PartialEq>(one: &T, other: &T, label: impl Fn(&mut T) -> &mut Label) -> bool {
    let unnamed = |of: &T| {
        let mut of = of.clone();
        *label(&mut of) = Label::Unnamed;
        of
    };
    unnamed(one) == unnamed(other)
}

/// What of an index counts when it is to serve the parent's.
fn bare(index: &Index) -> Index {
    Index {
        label: Label::Unnamed,
        comment: None,
        storage: Default::default(),
        tablespace: None,
        ..index.clone()
    }
}

/// What the server calls a partition's copy of a key or an exclusion constraint.
fn constraint_name(child: &Table, constraint: &Constraint) -> Option<String> {
    let (columns, suffix): (Vec<&str>, _) = match constraint {
        Constraint::PrimaryKey(_) => (Vec::new(), "pkey"),
        Constraint::Unique(unique) => (unique.columns.iter().map(String::as_str).collect(), "key"),
        Constraint::Exclusion(exclusion) => {
            let keys = exclusion.elements.iter().map(|element| element.key.column_name().unwrap_or("expr"));
            (keys.collect(), "excl")
        }
        Constraint::ForeignKey(_) | Constraint::Check(_) => return None,
    };
    Some(conventional_name(&child.name, &columns, suffix))
}

/// What the server calls a partition's copy of an index.
fn index_name(child: &Table, index: &Index) -> Option<String> {
    let columns: Vec<&str> = index.keys.iter().map(|key| key.column_name().unwrap_or("expr")).collect();
    Some(conventional_name(&child.name, &columns, "idx"))
}

/// Gives a table another name. What a partition's copies of its parent's indexes are called they stay called, while new ones
/// would be called after its new name.
pub(super) fn rename(child: &mut Table, target: &Name, parent: Option<&Table>) {
    let usual = |child: &Table| -> Vec<String> {
        let constraints = parent.into_iter().flat_map(Table::constraints);
        let constraints = constraints.filter_map(|one| constraint_name(child, &one));
        let indexes = parent.into_iter().flat_map(|parent| &parent.indexes);
        constraints.chain(indexes.filter_map(|index| index_name(child, index))).collect()
    };
    let (before, start) = (usual(child), format!("{}_", child.name.name));
    child.name = target.clone();
    let called =
        take(&mut child.notes.renamed).into_iter().map(|(usual, name)| match usual.strip_prefix(&start) {
            Some(rest) => (format!("{}_{rest}", target.name), name),
            None => (usual, name),
        });
    child.notes.renamed = called.collect();
    for (usual, name) in usual(child).into_iter().zip(before) {
        child.notes.renamed.entry(usual).or_insert(name);
    }
}

/// Notes what a copy is called.
fn keep_name(child: &mut Table, usual: Option<String>, name: Option<&str>) {
    if let (Some(usual), Some(name)) = (usual, name) {
        child.notes.renamed.insert(usual, name.to_owned());
    }
}

/// The name that is noted, else the usual one, with the first number behind it that makes it another one than those there are.
fn free_name(table: &Table, names: &BTreeMap<String, String>, usual: String) -> Label {
    let taken = |name: &str| table.index(name).is_some() || table.constraint(name).is_some();
    if let Some(name) = names.get(&usual).filter(|name| !taken(name)) {
        return Label::Given(name.clone());
    }
    let mut name = usual.clone();
    let mut number = 0;
    while taken(&name) {
        number += 1;
        name = format!("{usual}{number}");
    }
    Label::Given(name)
}

/// Refuses to make a partition of a table with triggers, which the server would leave behind.
pub(super) fn without_triggers(schema: &Schema, change: &TableChange) -> Result<(), Stop> {
    let TableChange::TableToPartition { table, .. } = change else { return Ok(()) };
    let trigger = schema.objects.keys().find(|id| id.on.as_ref() == Some(table));
    trigger.map_or(Ok(()), |trigger| {
        Err(Stop::new(format!("{trigger} would be left behind"), "drop that first"))
    })
}

/// What its parents remember of a partition's indexes that outlasts it. One that is called by a column's old name is called so again
/// when the partition alone comes back; behind a new index of the parent's it would have the new name.
pub(super) fn called_otherwise(partition: &Table, schema: &Schema) -> Vec<(Name, Unmodelled)> {
    let is_its = |what: &&Unmodelled| match what {
        Unmodelled::IndexBelow { table, name, .. } => {
            *table == partition.name.name && partition.notes.renamed.get(name) == Some(name)
        }
        _ => false,
    };
    let parents = schema.tables.values();
    parents
        .flat_map(|parent| {
            let its = parent.notes.unmodelled.iter().filter(is_its);
            its.map(|what| (parent.name.clone(), what.clone()))
        })
        .collect()
}
