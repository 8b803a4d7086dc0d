//! What a schema is after an operation.

use std::fmt;

use crate::op::{ColumnChange, Op};
use crate::schema::{Constraint, Dependent, DependentKind, Name, ObjectId, Schema, Table};

mod column;
mod constraint;
mod grant;
mod object;
mod partition;
mod standing;
mod stop;
mod table;
mod trigger;

use column::{add_column, drop_column, find_column, own_column, rename_column};
pub(crate) use column::{exclusion_names, goes_with, index_names, no_column};
pub(crate) use constraint::drop_constraint;
use constraint::{add_constraint, rename_constraint};
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
            constraint::fits_index(schema, table, change)?;
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
            } else if find(schema, table)?.column(column).is_none() {
                let mut of_parent = own_column(schema, table, column);
                if let Err(Stop { instead: Some(instead), .. }) = &mut of_parent {
                    instead
                        .push_str(", or say it in SQL of your own for this one alone: execute(..).undo(..)");
                }
                of_parent?;
            }
            if let ColumnChange::Position(position) = change {
                return Ok(column::move_column(find(schema, table)?, column, position)?);
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
                object::column_retyped(schema, table, column)?;
            }
            column::alter(find_column(find(schema, table)?, column)?, change);
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
        Op::Insert { .. } | Op::Delete { .. } | Op::Execute { .. } | Op::Run { .. } | Op::Recall { .. } => {
            Ok(())
        }
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
    let called = partition::called_otherwise(table, schema);
    schema.tables.remove(name);
    referred.iter().for_each(|other| refers_no_more(schema, name, other));
    object::gone(schema, &ObjectId::table(name));
    for (parent, what) in called {
        find(schema, &parent)?.notes.unmodelled.push(what);
    }
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

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for Conflict {}
