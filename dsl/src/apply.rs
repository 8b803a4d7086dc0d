//! What a schema is after an operation.

use std::fmt;

use crate::aside::Aside;
use crate::op::{ColumnChange, Op, Position};
use crate::schema::{
    Column, Constraint, ConstraintKind, Definition, Dependent, DependentKind, Exclusion, ExclusionElement,
    Index, KeyPart, Name, ObjectId, Schema, Table,
};

mod grant;
mod object;
mod partition;
mod standing;
mod stop;
mod table;
mod trigger;

pub(crate) use grant::Access;
pub(crate) use object::{is_renamed, requeries};
pub(crate) use partition::whole as whole_table;
use stop::Stop;
use table::relation_indexes;

/// Why an operation can't apply to a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The operation, as it is printed.
    pub operation: String,
    /// What stands in its way, as a fragment: `there is no table users`.
    pub reason: String,
    /// What to do about it, where that is known.
    pub instead: Option<String>,
    /// Whether nothing would stand in its way if it said cascade; not every server has that.
    pub cascades: bool,
}

/// Changes the schema as `op` would change a database. On a conflict the schema is as it was.
///
/// A dropped column takes with it the indexes and constraints of its table whose columns name it; a primary key with
/// it, or another table's foreign key to it, is a conflict. Renames follow names wherever they are names (keys,
/// indexes, foreign keys of other tables). Expressions are text: what a rename does to them is the server's affair,
/// and they stay as they are here.
///
/// SQL, data steps and rows leave a schema alone. A group ([`Op::On`]) must have been opened by [`Op::select`] before.
pub fn apply(schema: &mut Schema, op: &Op) -> Result<(), Conflict> {
    change(schema, op).map_err(|Stop { reason, instead }| {
        let goes = |op: &Op| change(&mut schema.clone(), op).is_ok();
        let cascades = cascading(op).is_some_and(|op| goes(&op));
        let lenient = || stop::lenient(op).filter(|(op, _)| goes(op)).map(|(_, said)| said.to_owned());
        Conflict { operation: op.to_string(), reason, instead: instead.or_else(lenient), cascades }
    })
}

/// The same drop, saying cascade.
fn cascading(op: &Op) -> Option<Op> {
    let mut op = op.clone();
    match &mut op {
        Op::DropTable { cascade: cascade @ false, .. } | Op::DropObject { cascade: cascade @ false, .. } => {
            *cascade = true;
            Some(op)
        }
        _ => None,
    }
}

/// The change, or what stands in its way. Each arm looks before it writes.
fn change(schema: &mut Schema, op: &Op) -> Result<(), Stop> {
    match op {
        Op::CreateTable { table, if_not_exists } => create_table(schema, table, *if_not_exists),
        Op::DropTable { table, if_exists, cascade } => drop_table(schema, table, *if_exists, *cascade),
        Op::RenameTable { table, to } => Ok(table::rename(schema, table, table.sibling(to))?),
        Op::AlterTable { table, change } => {
            partition::without_triggers(schema, change)?;
            Ok(table::alter(schema, table, change)?)
        }
        Op::CreateObject { object, existing } => object::create(schema, object, *existing),
        Op::DropObject { object, if_exists, cascade } => object::drop(schema, object, *if_exists, *cascade),
        Op::RenameObject { object, to } => object::rename(schema, object, object.renamed(to)),
        Op::AlterObject { object, change } => object::alter(schema, object, change),
        Op::SetSchema { object, schema: to } => object::set_schema(schema, object, to.as_deref()),
        Op::Grant { on, grants } => grant::grant(schema, on, grants),
        Op::Revoke { on, grants } => grant::revoke(schema, on, grants),
        Op::RefreshMaterializedView { view, no_data, .. } => object::refresh(schema, view, *no_data),
        Op::SetTableOptions { table, options } => {
            find(schema, table)?.options = options.clone();
            Ok(())
        }
        Op::SetTableComment { table, comment } => {
            find(schema, table)?.comment = comment.clone();
            Ok(())
        }
        Op::AddColumn { table, column, position, if_not_exists } => {
            let known = find(schema, table)?;
            if let Some(of) = &known.partition_of {
                let reason = format!("table {table} is a partition of {}, and has its columns", of.parent);
                return Err(Stop::new(reason, format!("change table {}", of.parent)));
            }
            Ok(add_column(known, column, position.as_ref(), *if_not_exists)?)
        }
        Op::DropColumn { table, column, if_exists } => drop_column(schema, table, column, *if_exists),
        Op::RenameColumn { table, column, to } => {
            own_column(schema, table, column)?;
            Ok(rename_column(schema, table, column, to)?)
        }
        Op::AlterColumn { table, column, change } => {
            let retypes = matches!(change, ColumnChange::Type { .. } | ColumnChange::Collation(_));
            if retypes {
                own_column(schema, table, column)?;
            }
            let known = find_column(find(schema, table)?, column)?;
            let counts = matches!(change, ColumnChange::Restart(_) | ColumnChange::SequenceName(_));
            if counts && known.identity.is_none() {
                let reason = format!("column {table}.{column} isn't numbered");
                return Err(Stop::new(
                    reason,
                    "if a sequence is its default, alter that: alter_sequence(..)",
                ));
            }
            if retypes {
                object::column_free(schema, table, column)?;
            }
            alter(find_column(find(schema, table)?, column)?, change);
            object::column_stands(schema, table, column, change);
            Ok(())
        }
        Op::AddConstraint { table, constraint } => Ok(add_constraint(find(schema, table)?, constraint)?),
        Op::DropConstraint { table, kind, name, if_exists } => {
            let known = find(schema, table)?;
            let mut rest = known.clone();
            let dropped = drop_constraint(&mut rest, *kind, name);
            let label = dropped.as_ref().and_then(|dropped| dropped.label().name());
            table::keeps_identity(known, |index| label == Some(index))?;
            let name = label.unwrap_or(name);
            match (drop_constraint(find(schema, table)?, *kind, name), if_exists) {
                (Some(Constraint::ForeignKey(key)), _) => {
                    refers_no_more(schema, table, &key.references);
                    Ok(())
                }
                (Some(_), _) => {
                    object::part_gone(schema, table, name, None);
                    Ok(())
                }
                (None, true) => Ok(()),
                (None, false) => Err(format!("table {table} has no {kind} {name}").into()),
            }
        }
        Op::RenameConstraint { table, kind, name, to } => {
            rename_constraint(find(schema, table)?, *kind, name, to)?;
            object::part_gone(schema, table, name, Some(to));
            Ok(())
        }
        Op::CreateIndex { table, index, if_not_exists, .. } => {
            Ok(table::create_index(schema, table, index, *if_not_exists)?)
        }
        Op::DropIndex { table, name, if_exists, .. } => {
            if let Some(table) = schema.get(table) {
                table::keeps_identity(table, |index| index == name)?;
            }
            let indexes = relation_indexes(schema, table)?;
            match (indexes.iter().position(|index| index.label.is(name)), if_exists) {
                (Some(at), _) => {
                    indexes.remove(at);
                    object::part_gone(schema, table, name, None);
                    Ok(())
                }
                (None, true) => Ok(()),
                (None, false) => Err(format!("table {table} has no index {name}").into()),
            }
        }
        Op::RenameIndex { table, name, to } => {
            let indexes = relation_indexes(schema, table)?;
            if indexes.iter().any(|index| index.label.is(to)) {
                return Err(Stop::taken(format!("table {table} has an index {to} already")));
            }
            let index = indexes.iter_mut().find(|index| index.label.is(name));
            index.ok_or_else(|| format!("table {table} has no index {name}"))?.label = to.as_str().into();
            object::part_gone(schema, table, name, Some(to));
            Ok(())
        }
        Op::Insert { .. } | Op::Delete { .. } | Op::Execute { .. } | Op::Run { .. } => Ok(()),
        Op::On { dialects, .. } => {
            Err(Stop::new(format!("it is for {dialects} alone"), "choose a dialect first, with Op::select"))
        }
    }
}

fn find<'a>(schema: &'a mut Schema, name: &Name) -> Result<&'a mut Table, String> {
    if !schema.tables.contains_key(name) {
        return Err(object::missing(schema, &ObjectId::table(name)));
    }
    schema.tables.get_mut(name).ok_or_else(|| format!("there is no table {name}"))
}

/// Refuses to change a column that a table has from another one: any of a partition, and those that an heir inherits.
fn own_column(schema: &Schema, table: &Name, column: &str) -> Result<(), Stop> {
    let Some(table) = schema.get(table) else { return Ok(()) };
    let has = |parent: &&Name| {
        let parent = schema.get(parent).map(|parent| partition::whole(parent, schema).0);
        parent.is_some_and(|parent| parent.column(column).is_some())
    };
    let from = table.partition_of.as_ref().map(|of| &of.parent).or_else(|| table.inherits.iter().find(has));
    match from {
        Some(parent) => {
            let reason = format!("table {} has its column {column} from table {parent}", table.name);
            Err(Stop::new(reason, format!("change table {parent}")))
        }
        None => Ok(()),
    }
}

fn find_column<'a>(table: &'a mut Table, name: &str) -> Result<&'a mut Column, String> {
    let missing = no_column(table, name);
    table.column_mut(name).ok_or(missing)
}

/// That a table has no such column, and which it has that differs in the case of its letters alone.
pub(crate) fn no_column(table: &Table, name: &str) -> String {
    let owner = &table.name;
    match table.columns.iter().find(|column| column.name.to_lowercase() == name.to_lowercase()) {
        Some(alike) => format!("table {owner} has no column {name}, only one spelled {}", alike.name),
        None => format!("table {owner} has no column {name}"),
    }
}

fn create_table(schema: &mut Schema, table: &Table, if_not_exists: bool) -> Result<(), Stop> {
    match (schema.get(&table.name), if_not_exists) {
        (None, _) => {
            object::only_relation(schema, &ObjectId::table(&table.name))?;
            schema.insert(table.clone());
            Ok(())
        }
        (Some(_), true) => Ok(()),
        (Some(_), false) => Err("there is one already".to_owned().into()),
    }
}

fn drop_table(schema: &mut Schema, name: &Name, if_exists: bool, cascade: bool) -> Result<(), Stop> {
    object::is_of_kind(schema, &ObjectId::table(name))?;
    let Some(table) = schema.get(name) else {
        return if if_exists { Ok(()) } else { Err(format!("there is no table {name}").into()) };
    };
    if !cascade {
        let referring = schema.tables.values().find(|other| {
            other.name != *name && other.foreign_keys.iter().any(|key| key.references == *name)
        });
        if let Some(other) = referring {
            let reason = format!("table {} refers to it by a foreign key", other.name);
            return Err(Stop::new(reason, "drop the foreign key first"));
        }
        let above = |dependent: &&Dependent| dependent.kind == DependentKind::ForeignKeyAbove;
        if let (Some(other), Some(of)) = (table.notes.dependents.iter().find(above), &table.partition_of) {
            let reason =
                format!("table {} refers by a foreign key to table {}, and so to it", other.name, of.parent);
            return Err(Stop::new(reason, "detach it from that first: detach_partition(..)"));
        }
        object::free(&ObjectId::table(name), &table.notes)?;
    }
    let referred: Vec<Name> = table.foreign_keys.iter().map(|key| key.references.clone()).collect();
    schema.tables.remove(name);
    referred.iter().for_each(|other| refers_no_more(schema, name, other));
    object::gone(schema, &ObjectId::table(name));
    Ok(())
}

/// Notes that a table may refer to another no more.
fn refers_no_more(schema: &mut Schema, from: &Name, to: &Name) {
    let still = |table: &Table| table.foreign_keys.iter().any(|key| key.references == *to);
    if schema.get(from).is_some_and(still) {
        return;
    }
    for table in schema.tables.values_mut() {
        let kind = match &table.partition_of {
            _ if table.name == *to => DependentKind::ForeignKey,
            Some(of) if of.parent == *to => DependentKind::ForeignKeyAbove,
            _ => continue,
        };
        table.notes.dependents.retain(|dependent| dependent.kind != kind || dependent.name != *from);
    }
}

fn add_column(
    table: &mut Table,
    column: &Column,
    position: Option<&Position>,
    if_not_exists: bool,
) -> Result<(), String> {
    if table.column(&column.name).is_some() {
        return if if_not_exists { Ok(()) } else { Err(format!("table {} has one already", table.name)) };
    }
    let at = match position {
        None => table.columns.len(),
        Some(Position::First) => 0,
        Some(Position::After(other)) => {
            let before = table.columns.iter().position(|column| column.name == *other);
            before.ok_or_else(|| format!("table {} has no column {other} to put it after", table.name))? + 1
        }
    };
    table.columns.insert(at, column.clone());
    Ok(())
}

fn drop_column(schema: &mut Schema, name: &Name, column: &str, if_exists: bool) -> Result<(), Stop> {
    if !if_exists {
        own_column(schema, name, column)?;
    }
    let Some(table) = schema.get(name) else { return Err(format!("there is no table {name}").into()) };
    if table.column(column).is_none() {
        return if if_exists { Ok(()) } else { Err(no_column(table, column).into()) };
    }
    let included = table.primary_key.as_ref().is_some_and(|key| key.include.iter().any(|c| c == column));
    if table.is_key_column(column) || included {
        let reason = format!("it is part of the primary key of table {name}");
        return Err(Stop::new(reason, "drop the primary key first"));
    }
    if table.columns.len() == 1 {
        return Err(Stop::new(format!("it is the last column of table {name}"), "drop the table"));
    }
    let keys = table.partitioning.iter().flat_map(|of| &of.keys);
    if keys.filter_map(|key| key.column_name()).any(|key| key == column) {
        let instead = "create a table that is partitioned otherwise, move the rows, and drop this one";
        return Err(Stop::new(format!("table {name} is partitioned by it"), instead));
    }
    object::column_free(schema, name, column)?;
    let publishes = schema.objects.values().find(|object| match &object.definition {
        Definition::Publication(of) => {
            of.tables.iter().any(|one| one.table == *name && one.columns.iter().any(|c| c == column))
        }
        _ => false,
    });
    if let Some(object) = publishes {
        return Err(Stop::new(format!("{} names it", object.id), "publish the table without it first"));
    }
    let referring = schema.tables.values().find(|other| {
        (other.foreign_keys.iter())
            .filter(|key| key.references == *name && key.references_columns.iter().any(|c| c == column))
            .any(|key| other.name != *name || !key.columns.iter().any(|c| c == column))
    });
    if let Some(other) = referring {
        let reason = format!("table {} refers to it by a foreign key", other.name);
        return Err(Stop::new(reason, "drop the foreign key first"));
    }
    let table = find(schema, name)?;
    let mut rest = table.clone();
    without(&mut rest, column);
    let goes = |index: &str| rest.index(index).is_none() && rest.constraint(index).is_none();
    table::keeps_identity(table, goes)?;
    if rest.cluster.as_deref().is_some_and(goes) {
        rest.cluster = None;
    }
    *table = rest;
    schema.objects.retain(|_, object| !goes_with(&object.definition, name, column));
    let ended = |dependent: &Dependent| {
        dependent.name == *name
            && match dependent.kind {
                DependentKind::Check | DependentKind::Index | DependentKind::PartitionKey => {
                    dependent.uses.iter().any(|used| used == column)
                }
                _ => dependent.column.as_deref() == Some(column),
            }
    };
    object::each_notes(schema, |notes| notes.dependents.retain(|dependent| !ended(dependent)));
    Ok(())
}

/// Takes a column from a table, with the keys and indexes that name it.
fn without(table: &mut Table, column: &str) {
    table.uniques.retain(|unique| !unique.columns.iter().chain(&unique.include).any(|c| c == column));
    table.foreign_keys.retain(|key| !key.columns.iter().any(|c| c == column));
    table.indexes.retain(|index| !index_names(index, column));
    table.exclusions.retain(|exclusion| !exclusion_names(exclusion, column));
    table.grants.retain(|grant| !grant.columns.iter().any(|c| c == column));
    table.columns.retain(|c| c.name != column);
    let constraints: Vec<String> =
        table.constraints().filter_map(|constraint| constraint.label().name().map(str::to_owned)).collect();
    table.constraint_comments.retain(|name, _| constraints.contains(name));
}

/// Whether an object goes with a column: the sequence that it owns, statistics over it.
pub(crate) fn goes_with(definition: &Definition, table: &Name, column: &str) -> bool {
    match definition {
        Definition::Sequence(sequence) => {
            sequence.owned_by.as_ref().is_some_and(|by| by.table == *table && by.column == column)
        }
        Definition::Statistics(statistics) => {
            let over = |key: &KeyPart| matches!(key, KeyPart::Column(c) if c == column);
            statistics.table == *table && statistics.on.iter().any(over)
        }
        _ => false,
    }
}

/// Whether a column is among what an exclusion constraint compares or includes.
pub(crate) fn exclusion_names(exclusion: &Exclusion, column: &str) -> bool {
    exclusion.elements.iter().any(|element| element.key.column_name() == Some(column))
        || exclusion.include.iter().any(|c| c == column)
}

/// Whether a column is among an index's keys or included columns.
pub(crate) fn index_names(index: &Index, column: &str) -> bool {
    index.keys.iter().any(|key| key.column_name() == Some(column))
        || index.include.iter().any(|c| c == column)
}

fn rename_column(schema: &mut Schema, name: &Name, column: &str, to: &str) -> Result<(), String> {
    let table = find(schema, name)?;
    if table.column(to).is_some() {
        return Err(format!("table {name} has a column {to} already"));
    }
    let renamed = find_column(table, column)?;
    table::keep_not_null_name(name, renamed);
    renamed.name = to.into();
    let rename = |names: &mut Vec<String>| {
        for other in names.iter_mut().filter(|other| *other == column) {
            *other = to.into();
        }
    };
    if let Some(key) = &mut table.primary_key {
        rename(&mut key.columns);
        rename(&mut key.include);
    }
    for unique in &mut table.uniques {
        rename(&mut unique.columns);
        rename(&mut unique.include);
    }
    for key in &mut table.foreign_keys {
        rename(&mut key.columns);
        rename(&mut key.on_delete_columns);
    }
    let rename_key = |on: &mut KeyPart| {
        if matches!(on, KeyPart::Column(c) if c == column) {
            *on = KeyPart::Column(to.into());
        }
    };
    for exclusion in &mut table.exclusions {
        rename(&mut exclusion.include);
        exclusion.elements.iter_mut().for_each(|element| rename_key(&mut element.key.on));
    }
    if let Some(partitioning) = &mut table.partitioning {
        partitioning.keys.iter_mut().for_each(|key| rename_key(&mut key.on));
    }
    let grants = std::mem::take(&mut table.grants);
    table.grants.extend(grants.into_iter().map(|mut grant| {
        rename(&mut grant.columns);
        grant
    }));
    for index in &mut table.indexes {
        rename(&mut index.include);
        index.keys.iter_mut().for_each(|key| rename_key(&mut key.on));
    }
    for table in schema.tables.values_mut() {
        for key in table.foreign_keys.iter_mut().filter(|key| key.references == *name) {
            rename(&mut key.references_columns);
        }
    }
    // What stands elsewhere and names the table's column, and what stands on the table and uses it.
    let is_part =
        |kind| matches!(kind, DependentKind::Check | DependentKind::Index | DependentKind::PartitionKey);
    object::each_notes(schema, |notes| {
        for dependent in notes.dependents.iter_mut().filter(|dependent| dependent.name == *name) {
            if dependent.column.as_deref() == Some(column) {
                dependent.column = Some(to.into());
            }
            if is_part(dependent.kind) {
                rename(&mut dependent.uses);
            }
        }
    });
    if let Some(table) = schema.tables.get_mut(name) {
        let others = table
            .notes
            .0
            .dependents
            .iter_mut()
            .filter(|dependent| dependent.name != *name || !is_part(dependent.kind));
        others.for_each(|dependent| rename(&mut dependent.uses));
    }
    for object in schema.objects.values_mut() {
        match &mut object.definition {
            Definition::Sequence(sequence) => {
                let own = sequence.owned_by.iter_mut().filter(|by| by.table == *name && by.column == column);
                own.for_each(|by| by.column = to.into());
            }
            Definition::Statistics(statistics) if statistics.table == *name => {
                statistics.on.iter_mut().for_each(rename_key)
            }
            Definition::Trigger(trigger) if object.id.on.as_ref() == Some(name) => {
                rename(&mut trigger.update_of)
            }
            _ => {}
        }
    }
    Ok(())
}

fn alter(column: &mut Column, change: &ColumnChange) {
    match change.clone() {
        ColumnChange::Type { to, .. } => column.ty = to,
        ColumnChange::NotNull(not_null) => {
            (column.not_null, column.not_null_not_valid) = (not_null, false);
        }
        ColumnChange::NotNullNotValid => (column.not_null, column.not_null_not_valid) = (true, true),
        ColumnChange::Default(default) => column.default = default,
        ColumnChange::Generated(generated) => column.generated = generated,
        ColumnChange::Identity(identity) => column.identity = identity,
        ColumnChange::Restart(_) => {}
        ColumnChange::SequenceName(name) => {
            column.identity.iter_mut().for_each(|identity| identity.name = Aside(Some(name.clone())));
        }
        ColumnChange::Collation(collation) => column.collation = collation,
        ColumnChange::Charset(charset) => column.charset = charset,
        ColumnChange::OnUpdate(on_update) => column.on_update = on_update,
        ColumnChange::Invisible(invisible) => column.invisible = invisible,
        ColumnChange::Option { name, value } => column.set_option(&name, value.as_ref()),
        ColumnChange::Comment(comment) => column.comment = comment,
    }
}

fn add_constraint(table: &mut Table, constraint: &Constraint) -> Result<(), String> {
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
    match constraint.clone() {
        Constraint::PrimaryKey(_) if table.primary_key.is_some() => {
            return Err(format!("table {} has a primary key already", table.name));
        }
        Constraint::PrimaryKey(key) => table.primary_key = Some(key),
        Constraint::Unique(unique) => table.uniques.push(unique),
        Constraint::ForeignKey(key) => table.foreign_keys.push(key),
        Constraint::Check(check) => table.checks.push(check),
        Constraint::Exclusion(exclusion) => table.exclusions.push(exclusion),
    }
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

fn rename_constraint(table: &mut Table, kind: ConstraintKind, name: &str, to: &str) -> Result<(), String> {
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

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for Conflict {}
