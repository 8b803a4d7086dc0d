//! What a table is after a change of its columns.

use super::stop::Stop;
use super::{find, object, partition, table};
use crate::aside::Aside;
use crate::mention::{mentions, mentions_column, texts};
use crate::op::{ColumnChange, Position};
use crate::schema::{
    Column, Definition, Dependent, DependentKind, Exclusion, Index, KeyPart, Name, Schema, Table,
};

/// Refuses to change a column that a table has from another one: any of a partition, and those that an heir inherits.
pub(super) fn own_column(schema: &Schema, table: &Name, column: &str) -> Result<(), Stop> {
    let Some(table) = schema.get(table) else { return Ok(()) };
    let has = |parent: &&Name| {
        let parent = schema.get(parent).map(|parent| partition::whole(parent, schema).0);
        parent.is_some_and(|parent| parent.column(column).is_some())
    };
    let of = table.partition_of.as_ref().map(|of| &of.parent);
    let of = of.filter(|parent| schema.get(parent).is_none() || has(parent));
    let from = of.or_else(|| table.inherits.iter().find(has));
    match from {
        Some(parent) => {
            let what = match schema.get(parent) {
                Some(_) => format!("its column {column}"),
                None => "its columns".to_owned(),
            };
            let reason = format!("table {} has {what} from table {parent}", table.name);
            Err(Stop::new(reason, format!("change table {parent}")))
        }
        None => Ok(()),
    }
}

pub(super) fn find_column<'a>(table: &'a mut Table, name: &str) -> Result<&'a mut Column, String> {
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

pub(super) fn add_column(
    table: &mut Table,
    column: &Column,
    position: Option<&Position>,
    if_not_exists: bool,
) -> Result<(), String> {
    if table.column(&column.name).is_some() {
        return if if_not_exists { Ok(()) } else { Err(format!("table {} has one already", table.name)) };
    }
    let at = position.map_or(Ok(table.columns.len()), |position| place(table, position))?;
    table.columns.insert(at, column.clone());
    Ok(())
}

fn place(table: &Table, position: &Position) -> Result<usize, String> {
    let Position::After(other) = position else { return Ok(0) };
    let before = table.columns.iter().position(|column| column.name == *other);
    let before =
        before.ok_or_else(|| format!("table {} has no column {other} to put it after", table.name))?;
    Ok(before + 1)
}

/// Puts a column of a table at another place.
pub(super) fn move_column(table: &mut Table, name: &str, position: &Position) -> Result<(), String> {
    let missing = no_column(table, name);
    let at = table.columns.iter().position(|column| column.name == name).ok_or(missing)?;
    let column = table.columns.remove(at);
    let to = place(table, position);
    table.columns.insert(*to.as_ref().unwrap_or(&at), column);
    to.map(drop)
}

pub(super) fn drop_column(
    schema: &mut Schema,
    name: &Name,
    column: &str,
    if_exists: bool,
) -> Result<(), Stop> {
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
    // Its columns take an exclusion constraint with them, what its texts mention doesn't.
    let mentioning = |exclusion: &&Exclusion| {
        !exclusion_names(exclusion, column) && texts(exclusion).iter().any(|text| mentions(text, column))
    };
    if let Some(exclusion) = table.exclusions.iter().find(mentioning) {
        let reason = format!("exclusion constraint {} mentions it", exclusion.label);
        return Err(Stop::new(reason, "drop that first: drop_exclusion(..)"));
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
pub(super) fn without(table: &mut Table, column: &str) {
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
            let over = |key: &KeyPart| match key {
                KeyPart::Column(c) => c == column,
                KeyPart::Expr(expr) => texts(expr).iter().any(|text| mentions_column(text, column)),
            };
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

pub(super) fn rename_column(schema: &mut Schema, name: &Name, column: &str, to: &str) -> Result<(), String> {
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
            Definition::Publication(publication) => {
                let tables = std::mem::take(&mut publication.tables);
                publication.tables.extend(tables.into_iter().map(|mut published| {
                    if published.table == *name {
                        rename(&mut published.columns);
                    }
                    published
                }));
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn alter(column: &mut Column, change: &ColumnChange) {
    match change.clone() {
        ColumnChange::Type { to, .. } => column.ty = to,
        ColumnChange::NotNull(not_null) => {
            (column.not_null, column.not_null_not_valid) = (not_null, false);
            column.not_null_no_inherit &= not_null;
        }
        ColumnChange::NotNullNoInherit(true) => {
            column.not_null_not_valid &= column.not_null;
            (column.not_null, column.not_null_no_inherit) = (true, true);
        }
        ColumnChange::NotNullNoInherit(false) => column.not_null_no_inherit = false,
        ColumnChange::NotNullNotValid => (column.not_null, column.not_null_not_valid) = (true, true),
        ColumnChange::Default(default) => column.default = default,
        ColumnChange::Generated(generated) => column.generated = generated,
        ColumnChange::Identity(identity) => column.identity = identity,
        // A table's columns have their places in the table.
        ColumnChange::Restart(_) | ColumnChange::Position(_) => {}
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
