//! What undoes an operation.

use std::fmt;

use crate::apply::{apply, drop_constraint, exclusion_names, goes_with, index_names, no_column};
use crate::change::{ObjectChange, SequenceChange, TableChange};
use crate::naming::conventional_name;
use crate::op::{ColumnChange, Existing, Op, Position};
use crate::schema::{
    Aspect, Column, Constraint, ConstraintKind, Definition, DependentKind, Index, Name, Object, ObjectId,
    ObjectKind, Schema, Table, Unmodelled, Value,
};

mod object;
mod stale;

/// Why an operation can't be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Irreversible {
    /// The operation, as it is printed.
    pub operation: String,
    /// Why not, and what to write instead, as a fragment.
    pub reason: String,
}

/// The operations that undo `op`, on a schema that was `before` when it ran.
///
/// A drop's undo brings back all that the schema had: columns at their places, keys, indexes, comments. It doesn't bring
/// back rows or values; nothing can, from a schema.
pub fn reverse(op: &Op, before: &Schema) -> Result<Vec<Op>, Irreversible> {
    undo(op, before).map_err(|reason| Irreversible { operation: op.to_string(), reason })
}

/// The operations that undo all of `ops`, last first.
pub fn reverse_all(ops: &[Op], before: &Schema) -> Result<Vec<Op>, Irreversible> {
    let mut schema = before.clone();
    let mut undone = Vec::with_capacity(ops.len());
    let mut renames = stale::Renames::default();
    for op in ops {
        let undo = reverse(op, &schema)?;
        object::written_alone(op, &schema, before)
            .map_err(|reason| Irreversible { operation: op.to_string(), reason })?;
        renames
            .refuse(op, &undo, &schema)
            .map_err(|reason| Irreversible { operation: op.to_string(), reason })?;
        renames.see(op);
        undone.push(undo);
        apply(&mut schema, op)
            .map_err(|conflict| Irreversible { operation: conflict.operation, reason: conflict.reason })?;
    }
    Ok(views_last(undone.into_iter().rev().flatten().collect()))
}

/// Views that come back by the texts that they had come back after what their texts name has its old name again.
fn views_last(ops: Vec<Op>) -> Vec<Op> {
    let renames = |op: &Op| {
        matches!(
            op,
            Op::RenameTable { .. }
                | Op::RenameColumn { .. }
                | Op::RenameObject { .. }
                | Op::SetSchema { .. }
                | Op::AlterObject { change: ObjectChange::RenameColumn { .. }, .. }
        )
    };
    let Some(last) = ops.iter().rposition(renames) else { return ops };
    let mut ops = ops;
    let tail = ops.split_off(last + 1);
    let (mut kept, mut views): (Vec<Op>, Vec<Object>) = (Vec::new(), Vec::new());
    for (at, op) in ops.iter().enumerate() {
        let Op::CreateObject { object, existing: Existing::Refuse } = op else {
            // What was a schema's under its new name is its under the old one.
            if let Op::RenameObject { object: ObjectId { kind: ObjectKind::Schema, name, .. }, to } = op {
                let own = |of: &mut Name| {
                    if of.schema.as_ref() == Some(&name.name) {
                        of.schema = Some(to.clone());
                    }
                };
                for view in &mut views {
                    own(&mut view.id.name);
                    view.id.on.iter_mut().for_each(own);
                }
            }
            kept.push(op.clone());
            continue;
        };
        let is_view = matches!(object.id.kind, ObjectKind::View | ObjectKind::MaterializedView);
        let is_on_view = views.iter().any(|view| object.id.on.as_ref() == Some(&view.id.name));
        let changes = ops[at + 1..].iter().filter(|op| !matches!(op, Op::CreateObject { .. }));
        let is_changed = changes.filter_map(Op::object).any(|id| id == object.id);
        match (is_view || is_on_view) && !is_changed {
            true => views.push(object.clone()),
            false => kept.push(op.clone()),
        }
    }
    let views = views.into_iter().map(|object| Op::CreateObject { object, existing: Existing::Refuse });
    kept.into_iter().chain(views).chain(tail).collect()
}

fn undo(op: &Op, before: &Schema) -> Result<Vec<Op>, String> {
    let find = |table: &Name| before.get(table).ok_or_else(|| format!("there is no table {table}"));
    Ok(match op {
        Op::CreateTable { table, if_not_exists } => match (before.get(&table.name), if_not_exists) {
            (Some(_), true) => Vec::new(),
            _ => vec![Op::DropTable { table: table.name.clone(), if_exists: false, cascade: false }],
        },
        Op::DropTable { table, if_exists, cascade } => match (before.get(table), if_exists) {
            (None, true) => Vec::new(),
            _ => object::undrop_table(find(table)?, *cascade, before)?,
        },
        Op::RenameTable { table, to } => {
            vec![Op::RenameTable { table: table.sibling(to), to: table.name.clone() }]
        }
        Op::SetTableOptions { table, .. } => {
            vec![Op::SetTableOptions { table: table.clone(), options: find(table)?.options.clone() }]
        }
        Op::SetTableComment { table, .. } => {
            vec![Op::SetTableComment { table: table.clone(), comment: find(table)?.comment.clone() }]
        }
        Op::AlterTable { table, change: TableChange::Index { name, change } } => {
            object::unalter_index(table, name, change, before)?
        }
        Op::AlterTable { table, change } => object::unalter_table(find(table)?, change, before)?,
        Op::CreateObject { object, existing } => object::uncreate(object, *existing, before)?,
        Op::DropObject { object, if_exists, cascade } => {
            object::undrop(object, *if_exists, *cascade, before)?
        }
        Op::RenameObject { object, to } => {
            vec![Op::RenameObject { object: object.renamed(to), to: object.name.name.clone() }]
        }
        Op::AlterObject { object, change } => object::unalter(object, change, before)?,
        Op::SetSchema { object, schema } => object::unmove(object, schema.as_deref()),
        Op::Grant { on, .. } | Op::Revoke { on, .. } => object::ungrant(op, on, before)?,
        // What it showed before isn't kept; whether it showed anything is.
        Op::RefreshMaterializedView { view, no_data, .. } => match object::is_empty(view, before)? {
            was if was == *no_data => Vec::new(),
            was => {
                vec![Op::RefreshMaterializedView { view: view.clone(), concurrently: false, no_data: was }]
            }
        },
        Op::AddColumn { table, column, if_not_exists, .. } => {
            match (before.get(table).and_then(|table| table.column(&column.name)), if_not_exists) {
                (Some(_), true) => Vec::new(),
                _ => vec![Op::DropColumn {
                    table: table.clone(),
                    column: column.name.clone(),
                    if_exists: false,
                }],
            }
        }
        Op::DropColumn { table, column, if_exists } => match (find(table)?.column(column), if_exists) {
            (None, true) => Vec::new(),
            (None, false) => return Err(no_column(find(table)?, column)),
            (Some(dropped), _) => add_back(whole_column(find(table)?, column)?, dropped, before),
        },
        Op::RenameColumn { table, column, to } => {
            vec![Op::RenameColumn { table: table.clone(), column: to.clone(), to: column.clone() }]
        }
        Op::AlterColumn { table, column, change } => {
            let known = find(table)?;
            let old = known.column(column).ok_or_else(|| no_column(known, column))?;
            if matches!(change, ColumnChange::Identity(None)) {
                keeps_sequence(find(table)?, column)?;
            }
            follows_alone(find(table)?, column, change)?;
            let back = match (change, Position::of(known, column)) {
                (ColumnChange::Position(_), Some(position)) => ColumnChange::Position(position),
                _ => change_back(table, old, change)?,
            };
            vec![Op::AlterColumn { table: table.clone(), column: column.clone(), change: back }]
        }
        Op::AddConstraint { table, constraint } => {
            let drop = Op::DropConstraint {
                table: table.clone(),
                kind: constraint.kind(),
                name: constraint.label().name().unwrap_or_default().into(),
                if_exists: false,
            };
            std::iter::once(drop).chain(nullable_back(before, table, constraint)).collect()
        }
        Op::DropConstraint { table, kind, name, if_exists } => {
            drop_back(find(table)?, *kind, name, *if_exists)?
        }
        Op::RenameConstraint { table, kind, name, to } => {
            vec![Op::RenameConstraint {
                table: table.clone(),
                kind: *kind,
                name: to.clone(),
                to: name.clone(),
            }]
        }
        Op::CreateIndex { table, index, if_not_exists, concurrently } => {
            let name = index.label.name().unwrap_or_default();
            match (indexes(before, table).iter().find(|index| index.label.is(name)), if_not_exists) {
                (Some(_), true) => Vec::new(),
                // One that a partitioned table has taken goes with that table's.
                _ => vec![Op::DropIndex {
                    table: table.clone(),
                    name: name.into(),
                    if_exists: before.get(table).is_some_and(|table| table.partition_of.is_some()),
                    concurrently: *concurrently,
                }],
            }
        }
        Op::DropIndex { table, name, if_exists, concurrently } => {
            match (indexes(before, table).iter().find(|index| index.label.is(name)), if_exists) {
                (None, true) => Vec::new(),
                (None, false) => return Err(format!("table {table} has no such index")),
                (Some(index), _) => {
                    before.get(table).map_or(Ok(()), |table| remembered(table, name))?;
                    vec![Op::CreateIndex {
                        table: table.clone(),
                        index: index.clone(),
                        if_not_exists: false,
                        concurrently: *concurrently,
                    }]
                }
            }
        }
        Op::RenameIndex { table, name, to } => {
            vec![Op::RenameIndex { table: table.clone(), name: to.clone(), to: name.clone() }]
        }
        Op::Recall { .. } => vec![op.clone()],
        Op::Insert { table, columns, rows } => delete_rows(find(table)?, columns, rows)?,
        Op::Delete { .. } => return Err("the rows it deletes aren't remembered; write a down".into()),
        Op::Execute { sql, undo: Some(undo) } => {
            vec![Op::Execute { sql: undo.clone(), undo: Some(sql.clone()) }]
        }
        Op::Execute { undo: None, .. } => {
            return Err(
                "Dunlin doesn't know what the SQL does; give its undo with .undo(..), or write a down".into(),
            );
        }
        Op::Run { .. } => return Err("Dunlin doesn't know what a data step does; write a down".into()),
        Op::On { dialects, ops } => {
            let ops = reverse_all(ops, before).map_err(|inner| inner.to_string())?;
            vec![Op::On { dialects: *dialects, ops }]
        }
    })
}

/// The indexes of a table or a materialized view.
fn indexes<'a>(schema: &'a Schema, name: &Name) -> &'a [Index] {
    let view = schema.objects.get(&ObjectId::new(ObjectKind::MaterializedView, name));
    match (schema.get(name), view.map(|view| &view.definition)) {
        (Some(table), _) => &table.indexes,
        (None, Some(Definition::MaterializedView(view))) => &view.indexes,
        _ => &[],
    }
}

/// The table, unless it has more than a schema remembers: its undo would bring back less than the drop takes.
fn whole(table: &Table) -> Result<&Table, String> {
    // Its own text brings back what that says.
    let is_kept =
        |what: &&Unmodelled| matches!(what, Unmodelled::Written { .. }) && table.notes.source.is_some();
    match table.notes.unmodelled.iter().find(|what| !is_kept(what)) {
        Some(what) => Err(format!("it has {what}, which Dunlin can't bring back; write a down")),
        None => Ok(table),
    }
}

/// The table, unless something of it that the schema doesn't remember mentions the column or what goes with it, and so may go.
fn whole_column<'t>(table: &'t Table, column: &str) -> Result<&'t Table, String> {
    let constraints = table.constraints().filter(|constraint| goes_with_column(constraint, column));
    let mut labels: Vec<_> = constraints.map(|constraint| constraint.label().clone()).collect();
    let indexes = table.indexes.iter().filter(|index| index_names(index, column));
    labels.extend(indexes.map(|index| index.label.clone()));
    labels.iter().filter_map(|label| label.name()).try_for_each(|name| remembered(table, name))?;
    match table.notes.unmodelled.iter().find(|what| what.may_go_with(column)) {
        Some(what) => Err(format!("{what} may go with it, which Dunlin can't bring back; write a down")),
        None => Ok(table),
    }
}

/// Refuses to undo the drop of an identity whose sequence has more than the schema remembers.
fn keeps_sequence(table: &Table, column: &str) -> Result<(), String> {
    let is_its = |what: &&Unmodelled| matches!(what, Unmodelled::Sequence { column: of, .. } if of == column);
    match table.notes.unmodelled.iter().find(is_its) {
        Some(what) => Err(format!("Dunlin can't bring back {what}; write a down")),
        None => Ok(()),
    }
}

/// Refuses to undo a change that tables below follow in, where one of them is otherwise.
fn follows_alone(table: &Table, column: &str, change: &ColumnChange) -> Result<(), String> {
    let changed = match change {
        ColumnChange::Option { name, .. } if name == "storage" => Aspect::Storage,
        ColumnChange::Option { name, .. } if name == "statistics" => Aspect::Statistics,
        ColumnChange::Default(_) => Aspect::Default,
        ColumnChange::NotNull(_) | ColumnChange::NotNullNotValid => Aspect::NotNull,
        ColumnChange::NotNullNoInherit(_) => return refuses_alone(table, column),
        // PostgreSQL builds the indexes anew, and forgets the targets.
        ColumnChange::Type { .. } => {
            samples_alike(table, |_| true)?;
            Aspect::CountedFinely
        }
        _ => return Ok(()),
    };
    let is_its = |what: &&Unmodelled| match what {
        Unmodelled::Below { column: of, aspect, .. } => of == column && *aspect == changed,
        Unmodelled::RemarkedNotNull(of) => of == column && changed == Aspect::NotNull,
        _ => false,
    };
    match table.notes.unmodelled.iter().find(is_its) {
        Some(what) => Err(format!("Dunlin can't bring back what it has over: {what}; write a down")),
        None => Ok(()),
    }
}

/// Refuses to undo whether heirs refuse NULL too, where there are any: what they are handed they keep.
fn refuses_alone(table: &Table, column: &str) -> Result<(), String> {
    let refuses = table.column(column).is_some_and(|column| column.not_null);
    let heir = table.notes.dependents.iter().find(|heir| heir.kind == DependentKind::Table);
    match heir.filter(|_| refuses) {
        Some(heir) => Err(format!("table {} keeps its refusal of NULL as its own; write a down", heir.name)),
        None => Ok(()),
    }
}

/// Refuses to undo what sets the statistics targets of an index in all partitions, where one has others.
fn samples_alike(table: &Table, is_its: impl Fn(&str) -> bool) -> Result<(), String> {
    let is_its = |what: &&Unmodelled| matches!(what, Unmodelled::SampledBelow { index, .. } if is_its(index));
    match table.notes.unmodelled.iter().find(is_its) {
        Some(what) => Err(format!("Dunlin can't bring back what it has over: {what}; write a down")),
        None => Ok(()),
    }
}

/// Refuses to undo the drop of a constraint or an index of which the schema doesn't remember everything.
fn remembered(table: &Table, name: &str) -> Result<(), String> {
    match table.notes.unmodelled.iter().find(|what| what.is_of_key(name)) {
        Some(what) => Err(format!("Dunlin can't bring back {what}; write a down")),
        None => Ok(()),
    }
}

/// Adds a dropped column back at its place, with the constraints and indexes that went with it.
fn add_back(table: &Table, column: &Column, before: &Schema) -> Vec<Op> {
    let at = table.columns.iter().position(|other| other.name == column.name).unwrap_or_default();
    let position = match at {
        _ if at + 1 == table.columns.len() => None,
        0 => Some(Position::First),
        _ => Some(Position::After(table.columns[at - 1].name.clone())),
    };
    let name = &table.name;
    let (sequences, others): (Vec<_>, Vec<_>) = (before.objects.values())
        .filter(|object| goes_with(&object.definition, name, &column.name))
        .partition(|object| object.id.kind == ObjectKind::Sequence);
    let mut ops = Vec::new();
    let mut owned = Vec::new();
    for sequence in sequences {
        let mut object = sequence.clone();
        if let Definition::Sequence(sequence) = &mut object.definition {
            let change = ObjectChange::Sequence(SequenceChange::OwnedBy(sequence.owned_by.take()));
            owned.push(Op::AlterObject { object: object.id.clone(), change });
        }
        ops.push(Op::CreateObject { object, existing: Existing::Refuse });
    }
    ops.push(Op::AddColumn { table: name.clone(), column: column.clone(), position, if_not_exists: false });
    ops.extend(owned);
    let constraints = table.constraints().filter(|constraint| goes_with_column(constraint, &column.name));
    ops.extend(constraints.flat_map(|constraint| constraint_back(table, constraint)));
    let indexes = table.indexes.iter().filter(|index| index_names(index, &column.name));
    ops.extend(indexes.map(|index| Op::CreateIndex {
        table: name.clone(),
        index: index.clone(),
        if_not_exists: false,
        concurrently: false,
    }));
    let objects = others.into_iter().cloned();
    ops.extend(objects.map(|object| Op::CreateObject { object, existing: Existing::Refuse }));
    let grants: std::collections::BTreeSet<_> =
        table.grants.iter().filter(|grant| grant.columns.contains(&column.name)).cloned().collect();
    if !grants.is_empty() {
        ops.push(Op::Grant { on: ObjectId::table(name), grants });
    }
    ops
}

/// Whether a constraint goes when a column does.
fn goes_with_column(constraint: &Constraint, column: &str) -> bool {
    match constraint {
        Constraint::Unique(unique) => unique.columns.iter().chain(&unique.include).any(|c| *c == column),
        Constraint::ForeignKey(key) => key.columns.iter().any(|c| *c == column),
        Constraint::Exclusion(exclusion) => exclusion_names(exclusion, column),
        Constraint::PrimaryKey(_) | Constraint::Check(_) => false,
    }
}

/// Adds a constraint back, with what was remarked of it.
fn constraint_back(table: &Table, constraint: Constraint) -> Vec<Op> {
    let name = constraint.label().name().unwrap_or_default().to_owned();
    let comment = table.constraint_comments.get(&name).cloned();
    let mut ops = vec![Op::AddConstraint { table: table.name.clone(), constraint }];
    ops.extend(comment.map(|comment| Op::AlterTable {
        table: table.name.clone(),
        change: TableChange::ConstraintComment { name, comment: Some(comment) },
    }));
    ops
}

/// A primary key has its columns refuse NULL, and on most servers they go on to without it: those that took it before take it
/// again.
fn nullable_back(before: &Schema, table: &Name, constraint: &Constraint) -> Vec<Op> {
    let (Some(known), Constraint::PrimaryKey(key)) = (before.get(table), constraint) else {
        return Vec::new();
    };
    let columns = known.columns.iter().filter(|column| key.columns.contains(&column.name));
    let took_null = columns.filter(|column| !column.not_null && column.identity.is_none());
    took_null
        .map(|column| Op::AlterColumn {
            table: table.clone(),
            column: column.name.clone(),
            change: ColumnChange::NotNull(false),
        })
        .collect()
}

fn change_back(table: &Name, old: &Column, change: &ColumnChange) -> Result<ColumnChange, String> {
    let old = old.clone();
    Ok(match change {
        ColumnChange::Type { .. } => ColumnChange::Type { to: old.ty, using: None },
        ColumnChange::NotNull(_) | ColumnChange::NotNullNotValid => match old.not_null_not_valid {
            true => ColumnChange::NotNullNotValid,
            false if old.not_null_no_inherit => ColumnChange::NotNullNoInherit(true),
            false => ColumnChange::NotNull(old.not_null),
        },
        ColumnChange::NotNullNoInherit(_) => match (old.not_null, old.not_null_no_inherit) {
            (true, no_inherit) => ColumnChange::NotNullNoInherit(no_inherit),
            (false, _) => ColumnChange::NotNull(false),
        },
        ColumnChange::Default(_) => ColumnChange::Default(old.default),
        ColumnChange::Generated(_) => ColumnChange::Generated(old.generated),
        ColumnChange::Identity(_) => ColumnChange::Identity(old.identity),
        ColumnChange::Restart(_) => {
            return Err("where the numbers stood isn't remembered; write a down".into());
        }
        ColumnChange::SequenceName(_) => {
            let given = old.identity.and_then(|identity| identity.name.0);
            ColumnChange::SequenceName(given.unwrap_or_else(|| conventional_name(table, &[&old.name], "seq")))
        }
        ColumnChange::Collation(_) => ColumnChange::Collation(old.collation),
        ColumnChange::Charset(_) => ColumnChange::Charset(old.charset),
        ColumnChange::OnUpdate(_) => ColumnChange::OnUpdate(old.on_update),
        ColumnChange::Invisible(_) => ColumnChange::Invisible(old.invisible),
        // Its table says where it was.
        ColumnChange::Position(position) => ColumnChange::Position(position.clone()),
        ColumnChange::Option { name, .. } => {
            ColumnChange::Option { name: name.clone(), value: old.options.get(name).cloned() }
        }
        ColumnChange::Comment(_) => ColumnChange::Comment(old.comment),
    })
}

fn drop_back(table: &Table, kind: ConstraintKind, name: &str, if_exists: bool) -> Result<Vec<Op>, String> {
    match (drop_constraint(&mut table.clone(), kind, name), if_exists) {
        (Some(constraint), _) => {
            // A primary key may be dropped without a name, and is noted with its own.
            remembered(table, constraint.label().name().unwrap_or(name))?;
            Ok(constraint_back(table, constraint))
        }
        (None, true) => Ok(Vec::new()),
        (None, false) => Err(format!("table {} has no {kind} {name}", table.name)),
    }
}

/// Deletes inserted rows by the table's primary key.
fn delete_rows(table: &Table, columns: &[String], rows: &[Vec<Value>]) -> Result<Vec<Op>, String> {
    let write = "write a down";
    let key = table
        .primary_key
        .as_ref()
        .ok_or_else(|| format!("table {} has no primary key; {write}", table.name))?;
    let places = (key.columns.iter())
        .map(|column| columns.iter().position(|other| other == column))
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| format!("the rows don't give the primary key of table {}; {write}", table.name))?;
    let keys: Vec<Vec<Value>> = (rows.iter())
        .map(|row| places.iter().filter_map(|&place| row.get(place).cloned()).collect())
        .collect();
    if keys.iter().flatten().any(|value| *value == Value::Null) {
        return Err(format!("a row leaves the primary key of table {} to the server; {write}", table.name));
    }
    Ok(vec![Op::Delete { table: table.name.clone(), columns: key.columns.clone(), keys }])
}

impl fmt::Display for Irreversible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't undo {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for Irreversible {}
