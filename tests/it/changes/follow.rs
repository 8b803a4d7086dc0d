//! Where a column's values are after some operations.

use std::collections::BTreeSet;

use dunlin::prelude::*;

use super::rows::{ROWID, Rows};

/// What becomes of a column.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Followed {
    pub(super) table: Name,
    pub(super) column: String,
    /// Whether its values are of another type now.
    pub(super) is_changed: bool,
}

/// What a table is called after the operations, if it is still there with its rows.
pub(super) fn table(ops: &[Op], table: &Name) -> Option<Name> {
    let mut name = table.clone();
    for op in ops {
        match op {
            Op::RenameTable { table, to } if *table == name => name = table.sibling(to),
            Op::DropTable { table, .. } if *table == name => return None,
            Op::SetSchema { object, schema } if object.kind == ObjectKind::Table && object.name == name => {
                name.schema.clone_from(schema);
            }
            Op::AlterTable { table, change } if *table == name && changes_rows(change) => return None,
            _ => {}
        }
    }
    Some(name)
}

fn changes_rows(change: &TableChange) -> bool {
    matches!(
        change,
        TableChange::DropPartition { .. }
            | TableChange::TruncatePartition { .. }
            | TableChange::ExchangePartition { .. }
            | TableChange::PartitionToTable { .. }
            | TableChange::TableToPartition { .. }
    )
}

/// What a column is called after the operations, if it still holds what it held.
pub(super) fn column(ops: &[Op], table: &Name, column: &str) -> Option<Followed> {
    let mut at = Followed { table: table.clone(), column: column.to_owned(), is_changed: false };
    for op in ops {
        match op {
            Op::RenameColumn { table, column, to } if *table == at.table && *column == at.column => {
                at.column.clone_from(to);
            }
            Op::DropColumn { table, column, .. } if *table == at.table && *column == at.column => {
                return None;
            }
            Op::AlterColumn { table, column, change } if *table == at.table && *column == at.column => {
                match change {
                    ColumnChange::Type { .. } => at.is_changed = true,
                    ColumnChange::Generated(Some(_)) => return None,
                    _ => {}
                }
            }
            other => at.table = self::table(std::slice::from_ref(other), &at.table)?,
        }
    }
    Some(at)
}

/// The column by whose values SQLite knows a row, so that they are its rowid.
fn alias(table: &Table) -> Option<&str> {
    let key = table.primary_key.as_ref()?;
    let [name] = key.columns.as_slice() else { return None };
    let is_integer = table.column(name)?.ty.to_string().eq_ignore_ascii_case("INTEGER");
    is_integer.then_some(name)
}

/// Whether a table's hidden rowids are what they were. Those that were a column's, or become one's, aren't hidden.
pub(super) fn keeps_rowids(ops: &[Op], before: &Table, after: &Table) -> bool {
    let plain = !before.options.without_rowid && !after.options.without_rowid;
    let was = alias(before).map(|name| column(ops, &before.name, name).map(|at| at.column));
    plain && was == alias(after).map(|name| Some(name.to_owned()))
}

/// Compares what wasn't changed with what it was: every row by all of its values together.
pub(super) fn follow(ops: &[Op], before: &Rows, after: &Rows, found: &Schema, model: &Schema, what: &str) {
    for (name, was) in &before.0 {
        let Some(now_called) = table(ops, name) else { continue };
        let (old, new) = (&found.tables[name], &model.tables[&now_called]);
        let is = &after.0[&now_called];
        assert_eq!(was.rows.len(), is.rows.len(), "{what}: another number of rows in {name}");
        let (mut from, mut to) = (Vec::new(), Vec::new());
        for (at, column) in was.columns.iter().enumerate() {
            let kept = match column.as_str() {
                ROWID => keeps_rowids(ops, old, new).then(|| ROWID.to_owned()),
                column => self::column(ops, name, column).filter(|at| !at.is_changed).map(|at| at.column),
            };
            let place = kept.and_then(|kept| is.columns.iter().position(|column| *column == kept));
            if let Some(place) = place {
                from.push(at);
                to.push(place);
            }
        }
        assert_eq!(
            was.only(&from),
            is.only(&to),
            "{what}: rows of {name} are changed (by columns {:?})",
            from.iter().map(|at| &was.columns[*at]).collect::<Vec<_>>()
        );
        let renumbers = |op: &Op| matches!(op, Op::AlterColumn { change: ColumnChange::Identity(_), .. });
        let numbered = |table: &Table| table.columns.iter().any(|column| column.identity.is_some());
        if numbered(old) && numbered(new) && !ops.iter().any(renumbers) {
            assert_eq!(was.counter, is.counter, "{what}: {name} counts from elsewhere");
        }
    }
}

/// The columns of a table that hold what others did, by its new name.
pub(super) fn kept(ops: &[Op], before: &Rows, name: &Name) -> BTreeSet<String> {
    let mut kept = BTreeSet::new();
    for (old, rows) in &before.0 {
        let columns = rows.columns.iter().filter_map(|each| column(ops, old, each));
        kept.extend(columns.filter(|at| at.table == *name).map(|at| at.column));
    }
    kept
}
