//! What of the database is still as it was before the first of the operations that are rendered together.

use std::collections::BTreeSet;

use dunlin_dsl::{Column, Name, ObjectKind, Op, Schema, Table, When};

/// Whether a question about rows can be asked before anything runs. It can where its columns are there by then as they will be
/// when its statement's turn comes, and nothing changes rows in between.
pub(crate) struct Standing<'a> {
    first: &'a Schema,
    /// Whether rows may have been changed.
    filled: bool,
    /// The tables that are made among the operations.
    created: BTreeSet<Name>,
    /// The tables that have become others, or whose columns have.
    changed: BTreeSet<Name>,
}

impl<'a> Standing<'a> {
    /// Before all operations; `first` is what they change.
    pub(crate) fn new(first: &'a Schema) -> Self {
        Self { first, filled: false, created: BTreeSet::new(), changed: BTreeSet::new() }
    }

    /// Goes past an operation.
    pub(crate) fn note(&mut self, op: &Op) {
        if let Op::SetSchema { object, schema } = op
            && object.kind == ObjectKind::Table
        {
            self.moved(&object.name, object.moved(schema.as_deref()).name);
        }
        let Some(table) = op.table() else {
            self.filled |= op.is_opaque();
            return;
        };
        match op {
            Op::CreateTable { if_not_exists: false, .. } => {
                self.created.insert(table.clone());
            }
            Op::DropTable { .. } => {
                self.created.remove(table);
            }
            Op::RenameTable { to, .. } => self.moved(table, table.sibling(to)),
            Op::Insert { .. } | Op::Delete { .. } => {
                self.filled = true;
                return;
            }
            Op::CreateTable { .. }
            | Op::RenameColumn { .. }
            | Op::DropColumn { .. }
            | Op::AlterTable { .. } => {}
            _ => return,
        }
        self.changed.insert(table.clone());
    }

    fn moved(&mut self, from: &Name, to: Name) {
        if self.created.remove(from) {
            self.created.insert(to.clone());
        }
        self.changed.insert(to);
    }

    /// Whether a table has no rows, for it was only just made.
    pub(crate) fn is_empty(&self, table: &Name) -> bool {
        self.created.contains(table) && !self.filled
    }

    /// When a question about these columns of a table can be asked.
    pub(crate) fn when(&self, table: &Table, columns: &[&str]) -> When {
        let same = |a: &Column, b: &Column| {
            (&a.ty, &a.charset, &a.collation, &a.generated) == (&b.ty, &b.charset, &b.collation, &b.generated)
        };
        let stands = self.first.get(&table.name).is_some_and(|first| {
            let mut pairs = columns.iter().map(|name| first.column(name).zip(table.column(name)));
            pairs.all(|pair| pair.is_some_and(|(first, now)| same(first, now)))
        });
        if stands { self.when_of(&table.name) } else { When::Before }
    }

    /// When a question about a table can be asked, of which no more is known than that someone refers to it.
    pub(crate) fn when_of(&self, table: &Name) -> When {
        let moves = self.filled || self.changed.contains(table) || self.created.contains(table);
        if moves { When::Before } else { When::Ahead }
    }
}
