//! The operations that are rendered, in the order in which they are.

use dunlin_dsl::{ColumnChange, ConstraintKind, IndexChange, Name, Op, Schema, TableChange, Unsupported};

use crate::choice;
use crate::sql::{Sql, part};

/// An operation, and the places of those given that it serves; with none it needs no statement.
pub(super) type Placed = (Op, Vec<usize>);

/// The operations in SQLite's terms. A constraint added to a table that is created among them becomes part of that
/// table, and one dropped from a table that is dropped after it stays: so circles of foreign keys need no rebuild.
pub(super) fn settle(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Placed>, Unsupported> {
    let mut settled: Vec<Placed> = Vec::with_capacity(ops.len());
    let mut schema = before.clone();
    for (at, op) in ops.iter().enumerate() {
        for op in choice::lower_ops(std::slice::from_ref(op), &part(&schema, op), sql)? {
            // What can't be applied is refused where it is rendered.
            let _ = dunlin_dsl::apply(&mut schema, &op);
            match &op {
                Op::AddConstraint { table, constraint } => {
                    let created = settled.iter_mut().rev().find_map(|(op, places)| match op {
                        Op::CreateTable { table: created, if_not_exists: false }
                            if created.name == *table =>
                        {
                            Some((created, places))
                        }
                        _ => None,
                    });
                    let foldable = !ops[..at].iter().any(|op| fills(op, table) || reshapes(op, table));
                    if let Some((created, places)) = created.filter(|_| foldable) {
                        created.add_constraint(constraint.clone());
                        places.push(at);
                        continue;
                    }
                }
                Op::DropConstraint { table, kind: ConstraintKind::ForeignKey, .. } => {
                    let drops =
                        |op: &Op| matches!(op, Op::DropTable { table: dropped, .. } if dropped == table);
                    let rest = &ops[at + 1..];
                    let end = rest.iter().position(drops);
                    if end.is_some_and(|end| !rest[..end].iter().any(|op| fills(op, table))) {
                        settled.push((op, Vec::new()));
                        continue;
                    }
                }
                _ => {}
            }
            settled.push((op, vec![at]));
        }
    }
    Ok(settled)
}

/// Whether an operation changes a table's rows or its columns, or makes it unclear which table is meant.
fn fills(op: &Op, table: &Name) -> bool {
    match op {
        Op::Insert { table: filled, .. }
        | Op::Delete { table: filled, .. }
        | Op::AddColumn { table: filled, .. }
        | Op::DropColumn { table: filled, .. }
        | Op::AlterColumn { table: filled, .. }
        | Op::RenameColumn { table: filled, .. } => filled == table,
        Op::RenameTable { table: renamed, to } => renamed == table || table.sibling(to) == *table,
        Op::Execute { .. } => true,
        _ => false,
    }
}

/// Whether an operation changes which columns a table has, or what they are: a constraint behind it may be about those.
fn reshapes(op: &Op, table: &Name) -> bool {
    match op {
        Op::AddColumn { table: changed, .. }
        | Op::DropColumn { table: changed, .. }
        | Op::RenameColumn { table: changed, .. }
        | Op::AlterColumn { table: changed, .. } => changed == table,
        _ => false,
    }
}

/// Whether an operation changes a table in a way that a rebuild can take up.
pub(super) fn alters(op: &Op) -> bool {
    matches!(
        op,
        Op::SetTableOptions { .. }
            | Op::AddColumn { .. }
            | Op::DropColumn { .. }
            | Op::AlterColumn { .. }
            | Op::AddConstraint { .. }
            | Op::DropConstraint { .. }
            | Op::RenameConstraint { .. }
            | Op::CreateIndex { .. }
            | Op::DropIndex { .. }
            | Op::RenameIndex { .. }
            | Op::AlterTable { change: TableChange::Constraint { .. }, .. }
    )
}

/// Whether an operation needs its table as the changes before it leave it: a column that comes under the name of one that
/// went, or an expression over columns that aren't what they were.
pub(super) fn begins_anew(op: &Op, before: &[Placed]) -> bool {
    let mut before = before.iter().map(|(op, _)| op);
    match op {
        Op::AddColumn { column, .. } => {
            before.any(|op| matches!(op, Op::DropColumn { column: gone, .. } if *gone == column.name))
        }
        Op::AlterColumn { change: ColumnChange::Type { using: Some(_), .. }, .. } => before.any(|op| {
            matches!(
                op,
                Op::AddColumn { .. }
                    | Op::DropColumn { .. }
                    | Op::AlterColumn { change: ColumnChange::Type { .. } | ColumnChange::Generated(_), .. }
            )
        }),
        _ => false,
    }
}

/// Whether SQLite has no place for what an operation does.
pub(super) fn is_silent(op: &Op) -> bool {
    let remarks = |change: &TableChange| {
        matches!(
            change,
            TableChange::ConstraintComment { .. }
                | TableChange::Index { change: IndexChange::Comment(_), .. }
                | TableChange::Text { .. }
        )
    };
    match op {
        Op::SetTableComment { .. } => true,
        Op::AlterTable { change, .. } => remarks(change),
        _ => false,
    }
}
