//! What a table is after an operation that isn't about its columns or keys, and what follows its name.

use std::collections::BTreeSet;

use crate::aside::Aside;
use crate::change::{IndexChange, TableChange};
use crate::conventional_name;
use crate::schema::{
    Check, Column, Definition, Dependent, DependentKind, Index, Name, ObjectId, ObjectKind, Partition,
    PartitionOf, Partitioning, ReplicaIdentity, Schema, Table,
};

use super::grant::give;
use super::stop::Stop;
use super::{constraint, find, object, partition};

/// Gives a table another name; all that names it follows.
pub(super) fn rename(schema: &mut Schema, name: &Name, target: Name) -> Result<(), String> {
    if schema.get(&target).is_some() {
        return Err(format!("there is a table {target} already"));
    }
    object::only_relation(schema, &ObjectId::table(&target))?;
    let mut table = schema.tables.remove(name).ok_or_else(|| format!("there is no table {name}"))?;
    table.columns.iter_mut().for_each(|column| keep_not_null_name(name, column));
    let parent = table.partition_of.as_ref().and_then(|of| schema.get(&of.parent));
    partition::rename(&mut table, &target, parent);
    schema.insert(table);
    for table in schema.tables.values_mut() {
        let keys = table.foreign_keys.iter_mut().map(|key| &mut key.references);
        let parents = table.partition_of.iter_mut().map(|of| &mut of.parent);
        for other in keys.chain(parents).chain(&mut table.inherits).filter(|other| *other == name) {
            other.clone_from(&target);
        }
    }
    object::follow(schema, name, &target);
    object::called(schema, &ObjectId::table(name), &ObjectId::table(&target));
    Ok(())
}

/// What a column's refusal of NULL is called stays as it was when the table or the column is called otherwise.
pub(super) fn keep_not_null_name(table: &Name, column: &mut Column) {
    if column.not_null && column.not_null_name.is_none() {
        column.not_null_name.0 = Some(conventional_name(table, &[&column.name], "not_null"));
    }
}

/// Changes a table.
pub(super) fn alter(schema: &mut Schema, name: &Name, change: &TableChange) -> Result<(), String> {
    match change {
        TableChange::Attach { partition, bound } => {
            let (parent, is_known) = partition::whole(&find(schema, name)?.clone(), schema);
            if parent.partitioning.is_none() {
                return Err(format!("table {name} isn't partitioned"));
            }
            let child = find(schema, partition)?;
            if child.partition_of.is_some() {
                return Err(format!("table {partition} is a partition already"));
            }
            let lacks = |column: &&Column| is_known && parent.column(&column.name).is_none();
            if let Some(column) = child.columns.iter().find(lacks) {
                return Err(format!("table {partition} has a column {} that {name} hasn't", column.name));
            }
            if let Some(column) = parent.columns.iter().find(|column| child.column(&column.name).is_none()) {
                return Err(format!("table {partition} has no column {}", column.name));
            }
            let of = PartitionOf { parent: name.clone(), bound: bound.clone() };
            partition::attach(child, &parent);
            child.partition_of = Some(Box::new(of));
        }
        TableChange::Detach { partition, .. } => {
            let (parent, _) = partition::whole(&find(schema, name)?.clone(), schema);
            let child = find(schema, partition)?;
            if child.partition_of.take_if(|of| of.parent == *name).is_none() {
                return Err(format!("table {partition} is no partition of {name}"));
            }
            partition::detach(child, &parent);
            child.notes.dependents.retain(|one| one.kind != DependentKind::ForeignKeyAbove);
            stands_no_more(schema, name, partition);
        }
        TableChange::Partitioning(partitioning) => find(schema, name)?.partitioning.clone_from(partitioning),
        TableChange::AddPartition(partition) => {
            let partitions = partitions(find(schema, name)?)?;
            if partitions.iter().any(|other| other.name == partition.name) {
                return Err(format!("table {name} has a partition {} already", partition.name));
            }
            partitions.push(partition.clone());
        }
        TableChange::DropPartition { name: partition } => {
            let partitions = partitions(find(schema, name)?)?;
            let at = place(partitions, name, partition)?;
            partitions.remove(at);
        }
        TableChange::TruncatePartition { name: partition } => has_partition(find(schema, name)?, partition)?,
        TableChange::ExchangePartition { name: partition, with, .. } => {
            has_partition(find(schema, name)?, partition)?;
            if find(schema, with)?.partitioning.is_some() {
                return Err(format!("table {with} is divided itself"));
            }
        }
        TableChange::PartitionToTable { name: partition, to } => {
            if schema.get(to).is_some() {
                return Err(format!("there is a table {to} already"));
            }
            let table = find(schema, name)?;
            let of = partitions(table)?;
            let at = place(of, name, partition)?;
            of.remove(at);
            let whole =
                Table { name: to.clone(), partitioning: None, notes: Aside::default(), ..table.clone() };
            schema.insert(Table { grants: BTreeSet::new(), ..whole });
        }
        TableChange::TableToPartition { table, partition } => {
            let other = find(schema, table)?;
            if other.partitioning.is_some() {
                return Err(format!("table {table} is divided itself"));
            }
            object::free(&ObjectId::table(table), &other.notes)?;
            let of = partitions(find(schema, name)?)?;
            if of.iter().any(|other| other.name == partition.name) {
                return Err(format!("table {name} has a partition {} already", partition.name));
            }
            of.push(partition.clone());
            schema.tables.remove(table);
            object::gone(schema, &ObjectId::table(table));
        }
        TableChange::ReorganizePartitions { partitions: old, into } => {
            let partitions = partitions(find(schema, name)?)?;
            let first = old.first().ok_or("it names no partition")?;
            let at = place(partitions, name, first)?;
            let run: Vec<_> = partitions.iter().skip(at).take(old.len()).map(|p| &p.name).collect();
            if !run.iter().copied().eq(old) {
                return Err(format!("partitions {} of table {name} don't follow each other", old.join(", ")));
            }
            partitions.splice(at..at + old.len(), into.iter().cloned());
        }
        TableChange::Inherit(parent) => {
            may_inherit(schema, name, parent)?;
            let table = find(schema, name)?;
            if table.inherits.contains(parent) {
                return Err(format!("table {name} inherits from {parent} already"));
            }
            table.inherits.push(parent.clone());
        }
        TableChange::NoInherit(parent) => {
            let from = schema.get(parent).map(|parent| partition::whole(parent, schema).0);
            let table = find(schema, name)?;
            let at = table.inherits.iter().position(|other| other == parent);
            table.inherits.remove(at.ok_or_else(|| format!("table {name} doesn't inherit from {parent}"))?);
            // What was only inherited is its own from now on; neither a remark nor the numbers are handed down.
            let from = from.unwrap_or_else(|| Table::new(parent));
            for (at, column) in from.columns.into_iter().enumerate() {
                if table.column(&column.name).is_none() {
                    let own = column.handed_down();
                    table.columns.insert(at.min(table.columns.len()), own);
                }
            }
            for check in from.checks.into_iter().filter(|check| !check.no_inherit) {
                if !table.checks.iter().any(|own| own.label == check.label) {
                    table.checks.push(check);
                }
            }
            stands_no_more(schema, parent, name);
        }
        TableChange::RowSecurity(security) => find(schema, name)?.row_security = *security,
        TableChange::Cluster(index) => {
            let table = find(schema, name)?;
            index.iter().try_for_each(|index| has_index(table, index))?;
            table.cluster.clone_from(index);
        }
        TableChange::ReplicaIdentity(identity) => {
            let table = find(schema, name)?;
            if let ReplicaIdentity::Index(index) = identity {
                has_index(table, index)?;
            }
            table.replica_identity.clone_from(identity);
        }
        TableChange::Constraint { name: constraint, change } => {
            let table = find(schema, name)?;
            let found = table.constraint(constraint);
            let mut changed = found.ok_or_else(|| format!("table {name} has no constraint {constraint}"))?;
            change.set(&mut changed)?;
            table.replace_constraint(changed);
        }
        TableChange::Index { name: index, change } => {
            let found = relation_indexes(schema, name)?.iter_mut().find(|other| other.label.is(index));
            let found = found.ok_or_else(|| format!("table {name} has no index {index}"))?;
            if let IndexChange::StatisticsTarget { key, .. } = change
                && found.key(*key).is_none()
            {
                return Err(format!("index {index} has no key {key}"));
            }
            change.set(found);
        }
        TableChange::IndexToConstraint { index, kind, name: called, deferrable } => {
            let table = find(schema, name)?;
            let constraint = constraint::of_index(table, index, *kind, called, *deferrable)?;
            constraint::add_constraint(table, &constraint)?;
            table.indexes.retain(|other| !other.label.is(index));
            object::part_gone(schema, name, index, Some(called));
        }
        TableChange::ConstraintComment { name: constraint, comment } => {
            let table = find(schema, name)?;
            if table.constraint(constraint).is_none() {
                return Err(format!("table {name} has no constraint {constraint}"));
            }
            match comment {
                Some(comment) => table.constraint_comments.insert(constraint.clone(), comment.clone()),
                None => table.constraint_comments.remove(constraint),
            };
        }
        TableChange::Text { charset, collation } => {
            let options = &mut find(schema, name)?.options;
            options.charset.clone_from(charset);
            options.collation.clone_from(collation);
        }
        TableChange::AllowCopy => {
            find(schema, name)?;
        }
        TableChange::Owner(owner) => {
            let table = find(schema, name)?;
            give(&mut table.notes, &mut table.grants, owner);
            let owned = |definition: &Definition| match definition {
                Definition::Sequence(sequence) => {
                    sequence.owned_by.as_ref().is_some_and(|by| by.table == *name)
                }
                _ => false,
            };
            for sequence in schema.objects.values_mut().filter(|object| owned(&object.definition)) {
                give(&mut sequence.notes, &mut sequence.grants, owner);
            }
        }
    }
    Ok(())
}

/// Notes that a table stands on another no more.
fn stands_no_more(schema: &mut Schema, on: &Name, table: &Name) {
    if let Some(on) = schema.tables.get_mut(on) {
        let is = |dependent: &Dependent| dependent.kind == DependentKind::Table && dependent.name == *table;
        on.notes.dependents.retain(|dependent| !is(dependent));
        on.notes.forget_below(table);
    }
}

/// Refuses where a table has no index of a name, be it a constraint's or its copy of a parent's, which isn't known by name.
fn has_index(table: &Table, index: &str) -> Result<(), String> {
    let has = table.index(index).is_some() || table.constraint(index).is_some();
    match has || table.partition_of.is_some() {
        true => Ok(()),
        false => Err(format!("table {} has no index {index}", table.name)),
    }
}

/// Refuses to take away the index by which subscribers know a table's rows.
pub(super) fn keeps_identity(table: &Table, goes: impl Fn(&str) -> bool) -> Result<(), Stop> {
    match &table.replica_identity {
        ReplicaIdentity::Index(index) if goes(index) => {
            let reason = format!("index {index} is the replica identity of table {}", table.name);
            Err(Stop::new(reason, "give the table another one first: replica_identity(..)"))
        }
        _ => Ok(()),
    }
}

/// Refuses where a table hasn't what its parent has, by itself or from another parent; or is that parent's own ancestor.
fn may_inherit(schema: &mut Schema, name: &Name, parent: &Name) -> Result<(), String> {
    let of = find(schema, parent)?.clone();
    let mut line = vec![&of];
    let mut at = 0;
    while let Some(table) = line.get(at).copied() {
        if table.name == *name {
            return Err(format!("{parent} inherits from {name}"));
        }
        line.extend(table.inherits.iter().filter_map(|other| schema.get(other)));
        at += 1;
    }
    let Some(table) = schema.get(name) else { return Err(format!("there is no table {name}")) };
    let (table, is_known) = partition::whole(table, schema);
    // Of a parent that isn't known here it isn't known what it hands down.
    if !is_known {
        return Ok(());
    }
    let (of, _) = partition::whole(&of, schema);
    if let Some(column) = of.columns.iter().find(|column| table.column(&column.name).is_none()) {
        return Err(format!("table {name} has no column {}", column.name));
    }
    let lacks =
        |check: &&Check| !check.no_inherit && !table.checks.iter().any(|own| own.label == check.label);
    match of.checks.iter().find(lacks) {
        Some(check) => Err(format!("table {name} has no check {}", check.label)),
        None => Ok(()),
    }
}

fn partitions(table: &mut Table) -> Result<&mut Vec<Partition>, String> {
    match &mut table.partitioning {
        Some(Partitioning { partitions, .. }) => Ok(partitions),
        None => Err(format!("table {} isn't partitioned", table.name)),
    }
}

/// Whether a table has a partition of that name. Those that are only counted are called by their numbers.
fn has_partition(table: &Table, name: &str) -> Result<(), String> {
    let counted = table.partitioning.as_ref().and_then(|of| of.count).unwrap_or_default();
    let is_counted = name.strip_prefix('p').and_then(|digits| digits.parse().ok());
    if is_counted.is_some_and(|number: u32| number < counted && name == format!("p{number}")) {
        return Ok(());
    }
    let partitions = table.partitioning.as_ref().map(|of| of.partitions.as_slice());
    let none = || format!("table {} isn't partitioned", table.name);
    place(partitions.ok_or_else(none)?, &table.name, name).map(|_| ())
}

fn place(partitions: &[Partition], table: &Name, name: &str) -> Result<usize, String> {
    let at = partitions.iter().position(|partition| partition.name == name);
    at.ok_or_else(|| format!("table {table} has no partition {name}"))
}

/// The indexes of a table or a materialized view.
pub(super) fn relation_indexes<'a>(
    schema: &'a mut Schema,
    name: &Name,
) -> Result<&'a mut Vec<Index>, String> {
    let view = schema.objects.get_mut(&ObjectId::new(ObjectKind::MaterializedView, name));
    match (schema.tables.get_mut(name), view.map(|view| &mut view.definition)) {
        (Some(table), _) => Ok(&mut table.indexes),
        (None, Some(Definition::MaterializedView(view))) => Ok(&mut view.indexes),
        _ => Err(format!("there is no table {name}")),
    }
}

/// Adds an index to a table or a materialized view.
pub(super) fn create_index(
    schema: &mut Schema,
    name: &Name,
    index: &Index,
    if_not_exists: bool,
) -> Result<(), String> {
    let table = schema.get(name).cloned();
    let indexes = relation_indexes(schema, name)?;
    if index.label.name().is_some_and(|label| indexes.iter().any(|other| other.label.is(label))) {
        return if if_not_exists { Ok(()) } else { Err(format!("table {name} has one already")) };
    }
    // A materialized view's columns are its query's affair, and a partition's or an heir's those of another table.
    if let Some(table) = table.filter(|table| table.partition_of.is_none() && table.inherits.is_empty()) {
        let keys = index.keys.iter().filter_map(|key| key.column_name());
        let mut named = keys.chain(index.include.iter().map(String::as_str));
        if let Some(missing) = named.find(|column| table.column(column).is_none()) {
            return Err(format!("table {name} has no column {missing}"));
        }
    }
    indexes.push(index.clone());
    Ok(())
}
