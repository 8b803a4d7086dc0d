//! What undoes an operation on an object that isn't a table, and what a drop must remember.

use std::collections::{BTreeMap, BTreeSet};

use crate::apply::{Access, apply, is_renamed, requeries, whole_table};
use crate::change::{self, IndexChange, ObjectChange, PublicationChange, TableChange};
use crate::mention::{mentions, texts_and_types};
use crate::naming::conventional_name;
use crate::op::{Existing, Op};
use crate::order::{belongings, creation_ops, within};
use crate::schema::{
    Check, ConstraintKind, Definition, Dependent, DependentKind, ForeignKey, KeyPart, Name, Notes, Object,
    ObjectId, ObjectKind, PartKind, Publication, ReplicaIdentity, Schedule, Schema, Table, Unmodelled,
};

use super::{nullable_back, whole};

/// Undoes the creation of an object.
pub(super) fn uncreate(object: &Object, existing: Existing, before: &Schema) -> Result<Vec<Op>, String> {
    let id = &object.id;
    match (before.object(id), existing) {
        (Some(_), Existing::Keep) => Ok(Vec::new()),
        (Some(old), Existing::Replace) => {
            let mut ops = Vec::new();
            if old.definition != object.definition || is_moved(&old.definition, &object.definition) {
                let change = ObjectChange::Definition(Box::new(old.definition.clone()));
                ops.push(Op::AlterObject { object: old.id.clone(), change });
            }
            if object.comment.is_some() && object.comment != old.comment {
                let change = ObjectChange::Comment(old.comment.clone());
                ops.push(Op::AlterObject { object: old.id.clone(), change });
            }
            let mut after = before.clone();
            let op = Op::CreateObject { object: object.clone(), existing };
            apply(&mut after, &op).map_err(|conflict| conflict.reason)?;
            ops.extend(Access::of(&after, id)?.difference(&Access::of(before, id)?, id));
            Ok(ops)
        }
        // An event that has run for the last time is gone already.
        _ => {
            let if_exists = goes_by_itself(&object.definition);
            Ok(vec![Op::DropObject { object: id.clone(), if_exists, cascade: false }])
        }
    }
}

/// Whether a trigger is given another place among the others, which isn't part of what makes two triggers equal.
fn is_moved(old: &Definition, new: &Definition) -> bool {
    match (old, new) {
        (Definition::Trigger(old), Definition::Trigger(new)) => {
            new.order.0.is_some() && old.order.0 != new.order.0
        }
        _ => false,
    }
}

/// Whether the server drops an object when its time has come.
fn goes_by_itself(definition: &Definition) -> bool {
    match definition {
        Definition::Event(event) if !event.preserve => {
            !matches!(event.schedule, Schedule::Every { ends: None, .. })
        }
        _ => false,
    }
}

/// Brings back a dropped object, and what belonged to it.
pub(super) fn undrop(
    id: &ObjectId,
    if_exists: bool,
    cascade: bool,
    before: &Schema,
) -> Result<Vec<Op>, String> {
    match (before.object(id), if_exists) {
        (None, true) => Ok(Vec::new()),
        (None, false) => Err(format!("there is no {id}")),
        (Some(object), _) => {
            remembered(&object.notes)?;
            if cascade {
                alone(&object.id, &object.notes)?;
            }
            let mut dropped = Schema::new();
            dropped.insert_object(object.clone());
            with_belongings(&mut dropped, before, &object.id.name, object.id.is_relation())?;
            for object in within(before, &object.id) {
                dropped.insert_object(object.clone());
            }
            let mut ops = creation_ops(&dropped);
            ops.extend(published_again(before, |of| {
                let is_there =
                    object.id.kind == ObjectKind::Schema && of.schemas.contains(&object.id.name.name);
                is_there.then(|| PublicationChange::Schemas(of.schemas.clone()))
            }));
            Ok(ops)
        }
    }
}

/// Brings back a dropped table, and what belonged to it.
pub(super) fn undrop_table(table: &Table, cascade: bool, before: &Schema) -> Result<Vec<Op>, String> {
    whole(table)?;
    if cascade {
        alone(&ObjectId::table(&table.name), &table.notes)?;
    }
    let mut dropped = Schema::new();
    dropped.insert(table.clone());
    with_belongings(&mut dropped, before, &table.name, true)?;
    let mut ops = creation_ops(&dropped);
    ops.extend(published_again(before, |of| {
        let is_there = of.tables.iter().any(|published| published.table == table.name);
        is_there.then(|| PublicationChange::Tables(of.tables.clone()))
    }));
    Ok(ops)
}

/// A publication loses what is dropped, and doesn't get it back by itself.
fn published_again(before: &Schema, lost: impl Fn(&Publication) -> Option<PublicationChange>) -> Vec<Op> {
    let publications = before.objects.values().filter_map(|object| match &object.definition {
        Definition::Publication(of) => Some((&object.id, lost(of)?)),
        _ => None,
    });
    let alter = |(id, change): (&ObjectId, _)| Op::AlterObject {
        object: id.clone(),
        change: ObjectChange::Publication(change),
    };
    publications.map(alter).collect()
}

fn with_belongings(
    dropped: &mut Schema,
    before: &Schema,
    owner: &Name,
    is_relation: bool,
) -> Result<(), String> {
    if !is_relation {
        return Ok(());
    }
    for object in belongings(before, owner) {
        remembered(&object.notes).map_err(|reason| format!("{} goes with it, and {reason}", object.id))?;
        dropped.insert_object(object.clone());
    }
    Ok(())
}

/// Refuses where more goes with an object than it says itself.
fn remembered(notes: &Notes) -> Result<(), String> {
    match notes.unmodelled.first() {
        Some(what) => Err(format!("it has {what}, which Dunlin can't bring back; write a down")),
        None => Ok(()),
    }
}

/// Refuses where a cascade takes what depends on an object.
fn alone(id: &ObjectId, notes: &Notes) -> Result<(), String> {
    let own = |dependent: &&Dependent| id.is_relation() && dependent.kind.goes_with_it();
    match notes.dependents.iter().find(|dependent| !own(dependent)) {
        Some(dependent) => Err(format!("{dependent} goes with it by cascade; write a down")),
        None => Ok(()),
    }
}

/// Refuses where a cascade takes what these operations themselves have written: no catalog knows yet on what that stands.
pub(super) fn written_alone(op: &Op, schema: &Schema, before: &Schema) -> Result<(), String> {
    let (Op::DropTable { cascade: true, .. } | Op::DropObject { cascade: true, .. }) = op else {
        return Ok(());
    };
    let Some(id) = op.object() else { return Ok(()) };
    let uses = |texts: &[String]| match id.kind {
        // Which types it has brought isn't known.
        ObjectKind::Extension => !texts.is_empty(),
        _ => texts.iter().any(|text| mentions(text, &id.name.name)),
    };
    let is_in = |name: &Name| id.kind == ObjectKind::Schema && name.schema.as_ref() == Some(&id.name.name);
    let is_new = |object: &&Object| !before.objects.contains_key(&object.id) && object.id != id;
    let stands = |object: &&Object| {
        is_in(&object.id.name)
            || object.belongs_to() != Some(&id.name) && uses(&texts_and_types(&object.definition))
    };
    let object = schema.objects.values().filter(is_new).find(stands).map(|object| object.id.to_string());
    let has_new = |table: &&Table| {
        let was = before.get(&table.name);
        let known = was.map(texts_and_types).unwrap_or_default();
        let mut texts = texts_and_types(table);
        texts.retain(|text| !known.contains(text));
        table.name != id.name && (was.is_none() && is_in(&table.name) || uses(&texts))
    };
    let table =
        || schema.tables.values().find(has_new).map(|table| format!("what is new of table {}", table.name));
    let written = object.or_else(table);
    let refers = |table: &&Table| {
        table.name != id.name && table.foreign_keys.iter().any(|key| key.references == id.name)
    };
    let key = || {
        let found = schema.tables.values().find(refers)?;
        Some(format!("a foreign key of table {}", found.name))
    };
    match written.or_else(key) {
        Some(what) => Err(format!("{what} goes with it by cascade; write a down")),
        None => Ok(()),
    }
}

/// Whether a materialized view holds nothing that can be read.
pub(super) fn is_empty(view: &Name, before: &Schema) -> Result<bool, String> {
    let id = ObjectId::materialized_view(view);
    match before.object(&id).map(|object| &object.definition) {
        Some(Definition::MaterializedView(of)) => Ok(of.no_data),
        _ => Err(format!("there is no {id}")),
    }
}

/// Sets back one attribute of an object.
pub(super) fn unalter(id: &ObjectId, change: &ObjectChange, before: &Schema) -> Result<Vec<Op>, String> {
    let object = before.object(id).ok_or_else(|| format!("there is no {id}"))?;
    if let Some(what) = object.notes.unmodelled.iter().find(|what| requeries(change) && is_renamed(what)) {
        return Err(format!("it has {what}, and its query has the old name; write a down"));
    }
    let changes = match change {
        ObjectChange::Comment(_) => vec![ObjectChange::Comment(object.comment.clone())],
        ObjectChange::Owner(to) => return give_back(&object.id, to, &object.notes, before),
        ObjectChange::AddValue { .. } => {
            let changes = change::back(change, &object.definition)?;
            if !changes.is_empty() {
                values_may_go(object)?;
            }
            changes
        }
        change => change::back(change, &object.definition)?,
    };
    Ok(changes.into_iter().map(|change| Op::AlterObject { object: id.clone(), change }).collect())
}

/// Refuses to undo a new value of an enum on which something stands that doesn't go along with the type that replaces it.
fn values_may_go(object: &Object) -> Result<(), String> {
    let goes_along =
        |kind| matches!(kind, DependentKind::Column | DependentKind::Check | DependentKind::Index);
    match object.notes.dependents.iter().find(|dependent| !goes_along(dependent.kind)) {
        Some(dependent) => Err(format!("no value of it goes while {dependent} stands on it; write a down")),
        None => Ok(()),
    }
}

/// Gives something back to its owner, and to each of the two what was theirs: what they had became one.
fn give_back(id: &ObjectId, to: &str, notes: &Notes, before: &Schema) -> Result<Vec<Op>, String> {
    if let Some(passed) = notes.passed_on.iter().find(|passed| passed.by == to) {
        let grant = &passed.grant;
        return Err(format!(
            "what {to} has granted to {} would be its owner's grant; write a down",
            grant.to
        ));
    }
    let give = |owner: &str| match id.kind {
        ObjectKind::Table => {
            Op::AlterTable { table: id.name.clone(), change: TableChange::Owner(owner.to_owned()) }
        }
        _ => Op::AlterObject { object: id.clone(), change: ObjectChange::Owner(owner.to_owned()) },
    };
    let mut ops = vec![give(&owner(notes))];
    let mut after = before.clone();
    for op in [&give(to), &ops[0]] {
        apply(&mut after, op).map_err(|conflict| conflict.reason)?;
    }
    // The sequences of a table's columns are their owner's too.
    let sequences = belongings(before, &id.name).map(|object| &object.id);
    let sequences =
        sequences.filter(|other| id.kind == ObjectKind::Table && other.kind == ObjectKind::Sequence);
    for on in std::iter::once(id).chain(sequences) {
        ops.extend(Access::of(&after, on)?.difference(&Access::of(before, on)?, on));
    }
    Ok(ops)
}

/// Whose it was. Of what is created only now nobody is noted; SQL has a word for whoever does it.
fn owner(notes: &Notes) -> String {
    notes.owner.as_ref().or(notes.own.as_ref()).map_or("CURRENT_USER", String::as_str).to_owned()
}

/// Puts an object back into the schema that it came from.
pub(super) fn unmove(id: &ObjectId, to: Option<&str>) -> Vec<Op> {
    vec![Op::SetSchema { object: id.moved(to), schema: id.name.schema.clone() }]
}

/// Gives back who may do what.
pub(super) fn ungrant(op: &Op, on: &ObjectId, before: &Schema) -> Result<Vec<Op>, String> {
    let was = Access::of(before, on)?;
    let mut is = was.clone();
    match op {
        Op::Grant { grants, .. } => is.grant(on, grants),
        Op::Revoke { grants, .. } => is.revoke(on, grants),
        _ => {}
    }
    Ok(is.difference(&was, on))
}

/// Sets back an attribute of an index, be it of a table or of a materialized view.
pub(super) fn unalter_index(
    table: &Name,
    name: &str,
    change: &IndexChange,
    before: &Schema,
) -> Result<Vec<Op>, String> {
    let found = super::indexes(before, table).iter().find(|index| index.label.is(name));
    let found = found.ok_or_else(|| format!("table {table} has no index {name}"))?;
    if let (Some(table), IndexChange::StatisticsTarget { .. }) = (before.get(table), change) {
        super::samples_alike(table, |index| index == name)?;
    }
    let change = TableChange::Index { name: name.to_owned(), change: change.back(found) };
    Ok(vec![Op::AlterTable { table: table.clone(), change }])
}

/// Sets back a table's change.
pub(super) fn unalter_table(table: &Table, change: &TableChange, before: &Schema) -> Result<Vec<Op>, String> {
    let back = match change {
        TableChange::Attach { partition, .. } => return detach(table, change, partition, before),
        TableChange::Detach { partition, concurrently } => {
            let of = before.get(partition).and_then(|partition| partition.partition_of.as_ref());
            let of = of.ok_or_else(|| format!("table {partition} is no partition of it"))?;
            // Attached again, the partition would get it.
            let lacked = |what: &&Unmodelled| matches!(what, Unmodelled::LackedIndex(_));
            if let Some(what) = table.notes.unmodelled.iter().find(lacked) {
                return Err(format!("it has {what}; write a down"));
            }
            let attach = TableChange::Attach { partition: partition.clone(), bound: of.bound.clone() };
            let attach = Op::AlterTable { table: table.name.clone(), change: attach };
            let bound = concurrently.then(|| drop_bound(table, partition, before)).transpose()?;
            return Ok(std::iter::once(attach).chain(bound).collect());
        }
        TableChange::Partitioning(_) => TableChange::Partitioning(table.partitioning.clone()),
        TableChange::AddPartition(partition) => TableChange::DropPartition { name: partition.name.clone() },
        TableChange::DropPartition { name } => drop_partition_back(table, name)?,
        TableChange::TruncatePartition { name } => {
            return Err(format!("the rows of partition {name} aren't remembered; write a down"));
        }
        // What changed places once does so again.
        TableChange::ExchangePartition { .. } => change.clone(),
        TableChange::PartitionToTable { name, to } => return partition_back(table, name, to),
        TableChange::TableToPartition { table: was, partition } => {
            let was = before.get(was).ok_or_else(|| format!("there is no table {was}"))?;
            whole(was)?;
            let change = TableChange::PartitionToTable { name: partition.name.clone(), to: was.name.clone() };
            let comment = Op::SetTableComment { table: was.name.clone(), comment: was.comment.clone() };
            let convert = Op::AlterTable { table: table.name.clone(), change };
            return Ok(match was.comment == table.comment {
                true => vec![convert],
                false => vec![convert, comment],
            });
        }
        TableChange::ReorganizePartitions { partitions, into } => TableChange::ReorganizePartitions {
            partitions: into.iter().map(|partition| partition.name.clone()).collect(),
            into: (table.partitioning.iter().flat_map(|of| &of.partitions))
                .filter(|partition| partitions.contains(&partition.name))
                .cloned()
                .collect(),
        },
        TableChange::Inherit(parent) => TableChange::NoInherit(parent.clone()),
        TableChange::NoInherit(parent) => {
            inherits_nothing(table, parent, before)?;
            TableChange::Inherit(parent.clone())
        }
        TableChange::RowSecurity(_) => TableChange::RowSecurity(table.row_security),
        TableChange::Cluster(_) => TableChange::Cluster(table.cluster.clone()),
        TableChange::ReplicaIdentity(_) => TableChange::ReplicaIdentity(table.replica_identity.clone()),
        TableChange::Constraint { name, change } => {
            let found = table.constraint(name);
            let found = found.ok_or_else(|| format!("table {} has no constraint {name}", table.name))?;
            TableChange::Constraint { name: name.clone(), change: change.back(&found)? }
        }
        TableChange::IndexToConstraint { index, kind, name, .. } => {
            return constraint_to_index(table, index, *kind, name, change, before);
        }
        TableChange::ConstraintComment { name, .. } => TableChange::ConstraintComment {
            name: name.clone(),
            comment: table.constraint_comments.get(name).cloned(),
        },
        TableChange::Index { name, change } => return unalter_index(&table.name, name, change, before),
        // Where it means something it is lowered to changes of columns first.
        TableChange::Text { .. } => TableChange::Text {
            charset: table.options.charset.clone(),
            collation: table.options.collation.clone(),
        },
        // What undoes the changes beside it may need as much.
        TableChange::AllowCopy => TableChange::AllowCopy,
        TableChange::Owner(to) => {
            return give_back(&ObjectId::table(&table.name), to, &table.notes, before);
        }
    };
    Ok(vec![Op::AlterTable { table: table.name.clone(), change: back }])
}

/// No server makes an index of a constraint: the one goes, and the other is built anew, marked as it was.
fn constraint_to_index(
    table: &Table,
    index: &str,
    kind: ConstraintKind,
    name: &str,
    change: &TableChange,
    before: &Schema,
) -> Result<Vec<Op>, String> {
    let mut after = before.clone();
    let op = Op::AlterTable { table: table.name.clone(), change: change.clone() };
    apply(&mut after, &op).map_err(|conflict| conflict.reason)?;
    let known = table.index(index).ok_or_else(|| format!("table {} has no such index", table.name))?;
    let made = after.get(&table.name).and_then(|table| table.constraint(name));
    let columns: BTreeSet<&str> = known.keys.iter().filter_map(|key| key.column_name()).collect();
    if let Some(other) = refers_to(table, &columns, before) {
        return Err(format!(
            "a foreign key of table {other} refers to what index {index} keeps apart; write a down"
        ));
    }
    let alter = |change| Op::AlterTable { table: table.name.clone(), change };
    let (mut ops, mut marks) = (Vec::new(), Vec::new());
    if table.replica_identity == ReplicaIdentity::Index(index.to_owned()) {
        ops.push(alter(TableChange::ReplicaIdentity(ReplicaIdentity::default())));
        marks.push(alter(TableChange::ReplicaIdentity(table.replica_identity.clone())));
    }
    if table.cluster.as_deref() == Some(index) {
        marks.push(alter(TableChange::Cluster(table.cluster.clone())));
    }
    ops.push(Op::DropConstraint { table: table.name.clone(), kind, name: name.to_owned(), if_exists: false });
    ops.extend(made.iter().flat_map(|made| nullable_back(before, &table.name, made)));
    ops.push(Op::CreateIndex {
        table: table.name.clone(),
        index: known.clone(),
        if_not_exists: false,
        concurrently: false,
    });
    ops.extend(marks);
    Ok(ops)
}

/// A table that refers to these columns of another.
fn refers_to<'a>(table: &'a Table, columns: &BTreeSet<&str>, before: &'a Schema) -> Option<&'a Name> {
    let refers = |other: &&Table| {
        let is_its = |key: &ForeignKey| {
            key.references == table.name
                && key.references_columns.iter().map(String::as_str).collect::<BTreeSet<_>>() == *columns
        };
        other.foreign_keys.iter().any(is_its)
    };
    let keys = table.notes.dependents.iter().filter(|one| one.kind == DependentKind::ForeignKey);
    let mut uses: BTreeMap<(&Name, &Option<String>), BTreeSet<&str>> = BTreeMap::new();
    for key in keys.filter(|key| before.get(&key.name).is_none()) {
        uses.entry((&key.name, &key.definition)).or_default().extend(key.uses.iter().map(String::as_str));
    }
    let known = before.tables.values().find(refers).map(|other| &other.name);
    known.or(uses.into_iter().find(|(_, uses)| uses == columns).map(|((name, _), _)| name))
}

/// Drops the check of a partition's bound that PostgreSQL leaves behind when it detaches concurrently, unless another check
/// said as much (seen on 15 and 18). It is called by the column that it mentions, if that is the only one, with the first number
/// behind it that makes it another name than those there are.
fn drop_bound(table: &Table, partition: &Name, before: &Schema) -> Result<Op, String> {
    let (whole, _) = whole_table(table, before);
    let keys = table.partitioning.iter().flat_map(|of| &of.keys);
    let mut columns = BTreeSet::new();
    for key in keys {
        match &key.on {
            KeyPart::Column(column) => {
                columns.insert(column.clone());
            }
            KeyPart::Expr(expr) => {
                let text = expr.to_string();
                let words: Vec<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
                let named = whole.columns.iter().map(|column| &column.name);
                columns.extend(named.filter(|name| words.contains(&name.as_str())).cloned());
            }
        }
    }
    let columns: Vec<&str> = match columns.iter().collect::<Vec<_>>()[..] {
        [column] => vec![column],
        _ => Vec::new(),
    };
    let detach = TableChange::Detach { partition: partition.clone(), concurrently: false };
    let mut after = before.clone();
    let op = Op::AlterTable { table: table.name.clone(), change: detach };
    apply(&mut after, &op).map_err(|conflict| conflict.reason)?;
    let taken = |name: &str| after.get(partition).is_some_and(|table| table.constraint(name).is_some());
    let usual = conventional_name(partition, &columns, "check");
    let numbered = (1..).map(|number| format!("{usual}{number}"));
    let name = std::iter::once(usual.clone()).chain(numbered).find(|name| !taken(name));
    Ok(Op::DropConstraint {
        table: partition.clone(),
        kind: ConstraintKind::Check,
        name: name.unwrap_or(usual),
        if_exists: true,
    })
}

/// Detaches a partition, and takes away what it was given when it was attached: the parent's keys and indexes stay with it.
fn detach(table: &Table, attach: &TableChange, partition: &Name, before: &Schema) -> Result<Vec<Op>, String> {
    let alter = |change| Op::AlterTable { table: table.name.clone(), change };
    let detach = alter(TableChange::Detach { partition: partition.clone(), concurrently: false });
    let mut after = before.clone();
    for op in [alter(attach.clone()), detach.clone()] {
        apply(&mut after, &op).map_err(|conflict| conflict.reason)?;
    }
    let mut ops = vec![detach];
    let (Some(was), Some(is)) = (before.get(partition), after.get(partition)) else { return Ok(ops) };
    for constraint in is.constraints() {
        let name = constraint.label().name().unwrap_or_default();
        if was.constraint(name).is_none() {
            let (table, kind, name) = (partition.clone(), constraint.kind(), name.to_owned());
            // A foreign key keeps a name of its own, and is none of those that were made then.
            let if_exists = kind == ConstraintKind::ForeignKey;
            ops.push(Op::DropConstraint { table, kind, name, if_exists });
        }
    }
    for index in &is.indexes {
        let name = index.label.name().unwrap_or_default();
        if was.index(name).is_none() {
            let (table, name) = (partition.clone(), name.to_owned());
            ops.push(Op::DropIndex { table, name, if_exists: false, concurrently: false });
        }
    }
    Ok(ops)
}

/// Refuses where a table has columns or checks that are only inherited: they become its own, and stay that.
fn inherits_nothing(table: &Table, parent: &Name, before: &Schema) -> Result<(), String> {
    let Some(from) = before.get(parent) else { return Ok(()) };
    let (from, _) = whole_table(from, before);
    let column = from.columns.iter().find(|column| table.column(&column.name).is_none());
    let lacks =
        |check: &&Check| !check.no_inherit && !table.checks.iter().any(|own| own.label == check.label);
    let check = from.checks.iter().find(lacks);
    let what = match (column, check) {
        (Some(column), _) => format!("column {}", column.name),
        (None, Some(check)) => format!("check {}", check.label),
        (None, None) => return Ok(()),
    };
    Err(format!("{what} is only inherited, and stays behind as the table's own; write a down"))
}

/// What was the last partition is that again; one between others changes places with an empty one that is made there.
fn partition_back(table: &Table, name: &str, to: &Name) -> Result<Vec<Op>, String> {
    let alter = |change| Op::AlterTable { table: table.name.clone(), change };
    let exchange =
        TableChange::ExchangePartition { name: name.to_owned(), with: to.clone(), unchecked: false };
    Ok(match drop_partition_back(table, name)? {
        TableChange::AddPartition(partition) => {
            vec![alter(TableChange::TableToPartition { table: to.clone(), partition })]
        }
        make => vec![
            alter(make),
            alter(exchange),
            Op::DropTable { table: to.clone(), if_exists: false, cascade: false },
        ],
    })
}

/// The last partition is added again; one between others is made by dividing the one behind it.
fn drop_partition_back(table: &Table, name: &str) -> Result<TableChange, String> {
    let divides = |what: &&Unmodelled| {
        matches!(what, Unmodelled::Partitioning(_) | Unmodelled::Part { kind: PartKind::Partition, .. })
    };
    if let Some(what) = table.notes.unmodelled.iter().find(divides) {
        return Err(format!("table {} has {what}, which Dunlin can't bring back; write a down", table.name));
    }
    let partitions = table.partitioning.as_ref().map(|of| of.partitions.as_slice()).unwrap_or_default();
    let at = partitions.iter().position(|partition| partition.name == name);
    let at = at.ok_or_else(|| format!("table {} has no partition {name}", table.name))?;
    Ok(match partitions.get(at + 1) {
        None => TableChange::AddPartition(partitions[at].clone()),
        Some(next) => TableChange::ReorganizePartitions {
            partitions: vec![next.name.clone()],
            into: vec![partitions[at].clone(), next.clone()],
        },
    })
}
