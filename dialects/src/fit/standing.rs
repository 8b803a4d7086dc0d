//! What of the database is still as it was before the first of the operations that are rendered together.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{Column, Name, ObjectKind, Op, Schema, Table, TableChange, Unsupported};

use super::image::{Image, Seen};
use crate::sql::Sql;

/// Whether a question about rows can be asked before anything runs, and of what. It can where its columns are there by then as
/// they will be when its statement's turn comes, or can be computed from what is, and nothing changes rows in between.
pub(crate) struct Standing<'a> {
    first: &'a Schema,
    /// Whether rows may have been changed.
    filled: bool,
    /// The tables that are made among the operations.
    created: BTreeSet<Name>,
    /// The tables that have become others, or whose columns have.
    changed: BTreeSet<Name>,
    /// What the changed tables' rows are, where that can be told.
    images: BTreeMap<Name, Image>,
}

impl<'a> Standing<'a> {
    /// Before all operations; `first` is what they change.
    pub(crate) fn new(first: &'a Schema) -> Self {
        let (created, changed) = (BTreeSet::new(), BTreeSet::new());
        Self { first, filled: false, created, changed, images: BTreeMap::new() }
    }

    /// Goes past an operation; what becomes of its table's columns is told by `becomes`, or never.
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
            Op::AlterTable { change: TableChange::ExchangePartition { with: other, .. }, .. }
            | Op::AlterTable { change: TableChange::TableToPartition { table: other, .. }, .. }
            | Op::AlterTable { change: TableChange::PartitionToTable { to: other, .. }, .. } => {
                self.becomes(other, None);
            }
            Op::AlterTable {
                change: TableChange::DropPartition { .. } | TableChange::TruncatePartition { .. },
                ..
            }
            | Op::CreateTable { .. }
            | Op::RenameColumn { .. }
            | Op::DropColumn { .. } => {}
            _ => return,
        }
        self.images.remove(table);
        self.changed.insert(table.clone());
    }

    /// What a table's rows are from now on, where that can be told.
    pub(crate) fn becomes(&mut self, table: &Name, image: Option<Image>) {
        self.changed.insert(table.clone());
        match image {
            Some(image) => self.images.insert(table.clone(), image),
            None => self.images.remove(table),
        };
    }

    /// The rows of a table, which is this by now.
    pub(crate) fn rows(&self, table: &Table, sql: Sql<'_>) -> Result<Seen, Unsupported> {
        let ahead = match self.images.get(&table.name).filter(|_| !self.filled) {
            Some(image) => Some(image.clone()),
            None if self.moves(&table.name) => None,
            None => {
                // What nobody has told the image of is there if it is as it was.
                let mut there =
                    self.first.get(&table.name).cloned().unwrap_or_else(|| Table::new(&table.name));
                there
                    .columns
                    .retain(|first| table.column(&first.name).is_some_and(|now| is_same(first, now)));
                Some(Image::of(&there, sql)?)
            }
        };
        Ok(Seen { ahead, then: Image::of(table, sql)? })
    }

    /// The rows of a table that someone refers to, of which no more may be known.
    pub(crate) fn referred(&self, name: &Name, sql: Sql<'_>) -> Result<Seen, Unsupported> {
        let then = Image::unknown(name, sql)?;
        let ahead = match self.images.get(name).filter(|_| !self.filled) {
            Some(image) => Some(image.clone()),
            None => (!self.moves(name)).then(|| then.clone()),
        };
        Ok(Seen { ahead, then })
    }

    fn moved(&mut self, from: &Name, to: Name) {
        if self.created.remove(from) {
            self.created.insert(to.clone());
        }
        self.images.remove(&to);
        self.changed.insert(to);
    }

    /// Whether a table has no rows, for it was only just made.
    pub(crate) fn is_empty(&self, table: &Name) -> bool {
        self.created.contains(table) && !self.filled
    }

    fn moves(&self, table: &Name) -> bool {
        self.filled || self.changed.contains(table)
    }
}

fn is_same(a: &Column, b: &Column) -> bool {
    (&a.ty, &a.charset, &a.collation, &a.generated) == (&b.ty, &b.charset, &b.collation, &b.generated)
}
