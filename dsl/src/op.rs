//! Operations: what a migration does, as plain data.
//!
//! An operation never runs itself. [`apply`](crate::apply()) says what the schema is after it,
//! [`reverse`](crate::reverse()) what undoes it, and a [`Dialect`](crate::Dialect) what SQL does it.

mod column;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::change::{ObjectChange, TableChange};
use crate::is_default;
use crate::schema::{
    Column, Constraint, ConstraintKind, Expr, Grant, Index, Name, Object, ObjectId, Table, TableOptions,
    Value,
};
use crate::server::{DialectId, DialectSet};

pub use column::ColumnChange;

/// A change of the schema or of its data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Op {
    /// Creates a table with all that belongs to it.
    CreateTable {
        /// The table.
        table: Table,
        /// Does nothing if there is one of that name, whatever it looks like.
        #[serde(default, skip_serializing_if = "is_default")]
        if_not_exists: bool,
    },
    /// Drops a table and its rows.
    DropTable {
        /// Its name.
        table: Name,
        /// Does nothing if there is none.
        #[serde(default, skip_serializing_if = "is_default")]
        if_exists: bool,
        /// PostgreSQL: drops what depends on it too; there is no way back then.
        #[serde(default, skip_serializing_if = "is_default")]
        cascade: bool,
    },
    /// Renames a table within its schema.
    RenameTable {
        /// Its name before.
        table: Name,
        /// Its name after, in the same schema.
        to: String,
    },
    /// Sets what only some servers let a table choose.
    SetTableOptions {
        /// The table.
        table: Name,
        /// All its options from now on.
        options: TableOptions,
    },
    /// Sets or removes a table's comment.
    SetTableComment {
        /// The table.
        table: Name,
        /// The comment; none removes it.
        comment: Option<String>,
    },
    /// Changes a table otherwise than in its columns and keys.
    AlterTable {
        /// The table.
        table: Name,
        /// The change.
        change: TableChange,
    },
    /// Adds a column.
    AddColumn {
        /// The table.
        table: Name,
        /// The column.
        column: Column,
        /// Where, on MySQL and MariaDB; last elsewhere, and where it isn't said.
        #[serde(default, skip_serializing_if = "is_default")]
        position: Option<Position>,
        /// Does nothing if there is one of that name, whatever it looks like.
        #[serde(default, skip_serializing_if = "is_default")]
        if_not_exists: bool,
    },
    /// Drops a column and what it holds.
    DropColumn {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// Does nothing if there is none.
        #[serde(default, skip_serializing_if = "is_default")]
        if_exists: bool,
    },
    /// Renames a column.
    RenameColumn {
        /// The table.
        table: Name,
        /// Its name before.
        column: String,
        /// Its name after.
        to: String,
    },
    /// Changes one attribute of a column, and no other.
    AlterColumn {
        /// The table.
        table: Name,
        /// The column.
        column: String,
        /// The attribute and its new value.
        change: ColumnChange,
    },
    /// Adds a constraint.
    AddConstraint {
        /// The table.
        table: Name,
        /// The constraint.
        constraint: Constraint,
    },
    /// Drops a constraint.
    DropConstraint {
        /// The table.
        table: Name,
        /// Its kind.
        kind: ConstraintKind,
        /// Its name; for a primary key it may be left empty.
        #[serde(default, skip_serializing_if = "is_default")]
        name: String,
        /// Does nothing if there is none.
        #[serde(default, skip_serializing_if = "is_default")]
        if_exists: bool,
    },
    /// Renames a constraint.
    RenameConstraint {
        /// The table.
        table: Name,
        /// Its kind.
        kind: ConstraintKind,
        /// Its name before.
        name: String,
        /// Its name after.
        to: String,
    },
    /// Creates an index.
    CreateIndex {
        /// The table.
        table: Name,
        /// The index.
        index: Index,
        /// Does nothing if there is one of that name, whatever it looks like.
        #[serde(default, skip_serializing_if = "is_default")]
        if_not_exists: bool,
        /// PostgreSQL: builds it without stopping writers, outside any transaction. Nothing elsewhere.
        #[serde(default, skip_serializing_if = "is_default")]
        concurrently: bool,
    },
    /// Drops an index.
    DropIndex {
        /// The table it is on.
        table: Name,
        /// Its name.
        name: String,
        /// Does nothing if there is none.
        #[serde(default, skip_serializing_if = "is_default")]
        if_exists: bool,
        /// PostgreSQL: without stopping readers, outside any transaction. Nothing elsewhere.
        #[serde(default, skip_serializing_if = "is_default")]
        concurrently: bool,
    },
    /// Renames an index.
    RenameIndex {
        /// The table it is on.
        table: Name,
        /// Its name before.
        name: String,
        /// Its name after.
        to: String,
    },
    /// Creates an object that isn't a table.
    CreateObject {
        /// The object, with its comment and its grants.
        object: Object,
        /// What becomes of one that there may be already.
        #[serde(default, skip_serializing_if = "is_default")]
        existing: Existing,
    },
    /// Drops an object that isn't a table.
    DropObject {
        /// What identifies it.
        object: ObjectId,
        /// Does nothing if there is none.
        #[serde(default, skip_serializing_if = "is_default")]
        if_exists: bool,
        /// PostgreSQL: drops what depends on it too; there is no way back then.
        #[serde(default, skip_serializing_if = "is_default")]
        cascade: bool,
    },
    /// Renames an object that isn't a table, within its schema.
    RenameObject {
        /// What identifies it before.
        object: ObjectId,
        /// Its name after.
        to: String,
    },
    /// Changes one attribute of an object that isn't a table, and no other.
    AlterObject {
        /// What identifies it.
        object: ObjectId,
        /// The attribute and its new value.
        change: ObjectChange,
    },
    /// Puts an object or a table into another schema.
    SetSchema {
        /// What identifies it before.
        object: ObjectId,
        /// The schema; none is the connection's own.
        #[serde(default, skip_serializing_if = "is_default")]
        schema: Option<String>,
    },
    /// Lets others do something with an object or a table.
    Grant {
        /// What it is about.
        on: ObjectId,
        /// Who may do what.
        grants: BTreeSet<Grant>,
    },
    /// Takes away what others may do with an object or a table; on PostgreSQL also what everyone may by default.
    Revoke {
        /// What it is about.
        on: ObjectId,
        /// Who may not do what any more.
        grants: BTreeSet<Grant>,
    },
    /// Fills a materialized view anew: PostgreSQL.
    RefreshMaterializedView {
        /// The view.
        view: Name,
        /// Without stopping readers; it needs a unique index.
        #[serde(default, skip_serializing_if = "is_default")]
        concurrently: bool,
        /// Empties it instead: it can't be read until it is filled again.
        #[serde(default, skip_serializing_if = "is_default")]
        no_data: bool,
    },
    /// Remembers the text that an object had, and changes nothing.
    ///
    /// A server that prints texts in words of its own prints them anew when a type under them changes, and what it then prints
    /// needn't mean the same under the old type. So the undo of such a change says what the texts were. One is heeded only while it is another
    /// wording of what the object still is: [`Dialect::recalled`](crate::Dialect::recalled).
    Recall {
        /// The object, with its texts.
        object: Object,
    },
    /// Adds rows.
    Insert {
        /// The table.
        table: Name,
        /// The columns that the rows give.
        columns: Vec<String>,
        /// The rows; each as long as `columns`.
        rows: Vec<Vec<Value>>,
    },
    /// Deletes rows by key: what undoes an [`Insert`](Op::Insert).
    Delete {
        /// The table.
        table: Name,
        /// The columns of the key.
        columns: Vec<String>,
        /// The keys; each as long as `columns`, and none of them NULL.
        keys: Vec<Vec<Value>>,
    },
    /// Runs SQL as it is written. What it does is unknown to Dunlin.
    Execute {
        /// The SQL.
        sql: Expr,
        /// The SQL that undoes it.
        #[serde(default, skip_serializing_if = "is_default")]
        undo: Option<Expr>,
    },
    /// Runs a data step: Rust code, known here by its name alone.
    Run {
        /// The step's name.
        step: String,
    },
    /// Operations for some dialects, and none on the others.
    On {
        /// The dialects.
        dialects: DialectSet,
        /// The operations.
        ops: Vec<Op>,
    },
}

/// What becomes of an object that is there already when one is created.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// It is an error.
    #[default]
    Refuse,
    /// It stays as it is: `IF NOT EXISTS`.
    Keep,
    /// It becomes this one: `OR REPLACE`, where the server can, with what depends on it left in place.
    Replace,
}

/// Where a column is added, or moved to, on servers that let one choose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// Before all others.
    First,
    /// After the column of this name.
    After(String),
}

impl Position {
    /// Where a table has a column; none where it hasn't.
    pub fn of(table: &Table, column: &str) -> Option<Self> {
        let at = table.columns.iter().position(|other| other.name == column)?;
        let before = at.checked_sub(1).and_then(|at| table.columns.get(at));
        Some(before.map_or(Self::First, |before| Self::After(before.name.clone())))
    }
}

impl Op {
    /// The table it is about; none for other objects, SQL, data steps and groups.
    pub fn table(&self) -> Option<&Name> {
        match self {
            Self::CreateTable { table, .. } => Some(&table.name),
            Self::DropTable { table, .. }
            | Self::RenameTable { table, .. }
            | Self::SetTableOptions { table, .. }
            | Self::SetTableComment { table, .. }
            | Self::AlterTable { table, .. }
            | Self::AddColumn { table, .. }
            | Self::DropColumn { table, .. }
            | Self::RenameColumn { table, .. }
            | Self::AlterColumn { table, .. }
            | Self::AddConstraint { table, .. }
            | Self::DropConstraint { table, .. }
            | Self::RenameConstraint { table, .. }
            | Self::CreateIndex { table, .. }
            | Self::DropIndex { table, .. }
            | Self::RenameIndex { table, .. }
            | Self::Insert { table, .. }
            | Self::Delete { table, .. } => Some(table),
            Self::CreateObject { .. }
            | Self::DropObject { .. }
            | Self::RenameObject { .. }
            | Self::AlterObject { .. }
            | Self::SetSchema { .. }
            | Self::Grant { .. }
            | Self::Revoke { .. }
            | Self::RefreshMaterializedView { .. }
            | Self::Recall { .. }
            | Self::Execute { .. }
            | Self::Run { .. }
            | Self::On { .. } => None,
        }
    }

    /// What it is about: a table, or another object; none for SQL, data steps and groups.
    pub fn object(&self) -> Option<ObjectId> {
        match self {
            Self::CreateObject { object, .. } => Some(object.id.clone()),
            Self::DropObject { object, .. }
            | Self::RenameObject { object, .. }
            | Self::AlterObject { object, .. }
            | Self::SetSchema { object, .. }
            | Self::Grant { on: object, .. }
            | Self::Revoke { on: object, .. } => Some(object.clone()),
            Self::RefreshMaterializedView { view, .. } => Some(ObjectId::materialized_view(view)),
            op => op.table().map(ObjectId::table),
        }
    }

    /// Whether what it does to the schema can't be known from it: hand-written SQL and data steps.
    pub fn is_opaque(&self) -> bool {
        matches!(self, Self::Execute { .. } | Self::Run { .. })
    }

    /// Whether what it makes can't be used in its own transaction: an enum's new value, on PostgreSQL.
    pub fn is_used_once_committed(&self) -> bool {
        matches!(self, Self::AlterObject { change: ObjectChange::AddValue { .. }, .. })
    }

    /// The objects whose texts operations recall.
    pub fn recalls(ops: &[Op]) -> Vec<&Object> {
        let recalls = ops.iter().filter_map(|op| match op {
            Self::Recall { object } => Some(object),
            _ => None,
        });
        recalls.collect()
    }

    /// Operations in parts, each of which must be rendered against what is read right before it: texts are recalled under the names
    /// that they have.
    pub fn parts(ops: &[Op]) -> impl Iterator<Item = &[Op]> {
        ops.chunk_by(|one, next| !next.begins_part(one))
    }

    /// Whether a part begins with it, behind another operation.
    pub fn begins_part(&self, behind: &Op) -> bool {
        matches!(self, Self::Recall { .. }) && !matches!(behind, Self::Recall { .. })
    }

    /// The operations that `dialect` runs: groups for it are opened, groups for others left out.
    pub fn select(ops: &[Op], dialect: DialectId) -> Vec<Op> {
        let mut selected = Vec::with_capacity(ops.len());
        for op in ops {
            match op {
                Self::On { dialects, ops } if dialects.contains(dialect) => {
                    selected.extend(Self::select(ops, dialect))
                }
                Self::On { .. } => {}
                op => selected.push(op.clone()),
            }
        }
        selected
    }
}

impl fmt::Display for Op {
    /// What it does, in a line: `add column users.email`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CreateTable { table, .. } => write!(f, "create table {}", table.name),
            Self::DropTable { table, .. } => write!(f, "drop table {table}"),
            Self::RenameTable { table, to } => write!(f, "rename table {table} to {to}"),
            Self::SetTableOptions { table, .. } => write!(f, "set options of table {table}"),
            Self::SetTableComment { table, .. } => write!(f, "set comment of table {table}"),
            Self::AlterTable { table, change } => write!(f, "{change} {table}"),
            Self::AddColumn { table, column, .. } => write!(f, "add column {table}.{}", column.name),
            Self::DropColumn { table, column, .. } => write!(f, "drop column {table}.{column}"),
            Self::RenameColumn { table, column, to } => write!(f, "rename column {table}.{column} to {to}"),
            Self::AlterColumn { table, column, change } => {
                write!(f, "alter {} of column {table}.{column}", change.attribute())
            }
            Self::AddConstraint { table, constraint } => {
                write!(f, "add {} {} to table {table}", constraint.kind(), constraint.label())
            }
            Self::DropConstraint { table, kind, name, .. } if name.is_empty() => {
                write!(f, "drop {kind} of table {table}")
            }
            Self::DropConstraint { table, kind, name, .. } => {
                write!(f, "drop {kind} {name} of table {table}")
            }
            Self::RenameConstraint { table, kind, name, to } => {
                write!(f, "rename {kind} {name} of table {table} to {to}")
            }
            Self::CreateIndex { table, index, .. } => {
                write!(f, "create index {} on table {table}", index.label)
            }
            Self::DropIndex { table, name, .. } => write!(f, "drop index {name} on table {table}"),
            Self::RenameIndex { table, name, to } => {
                write!(f, "rename index {name} on table {table} to {to}")
            }
            Self::CreateObject { object, .. } => write!(f, "create {}", object.id),
            Self::DropObject { object, .. } => write!(f, "drop {object}"),
            Self::RenameObject { object, to } => write!(f, "rename {object} to {to}"),
            Self::AlterObject { object, change } => write!(f, "alter {} of {object}", change.attribute()),
            Self::SetSchema { object, schema: Some(schema) } => write!(f, "move {object} to schema {schema}"),
            Self::SetSchema { object, schema: None } => write!(f, "move {object} to the connection's schema"),
            Self::Grant { on, grants } => write!(f, "grant {} on {on}", granted(grants, "to")),
            Self::Revoke { on, grants } => write!(f, "revoke {} on {on}", granted(grants, "from")),
            Self::RefreshMaterializedView { view, no_data: true, .. } => {
                write!(f, "empty materialized view {view}")
            }
            Self::RefreshMaterializedView { view, .. } => write!(f, "refresh materialized view {view}"),
            Self::Recall { object } => write!(f, "recall the text of {}", object.id),
            Self::Insert { table, rows, .. } => write!(f, "insert {} rows into table {table}", rows.len()),
            Self::Delete { table, keys, .. } => write!(f, "delete {} rows from table {table}", keys.len()),
            Self::Execute { sql, .. } => write!(f, "execute {sql}"),
            Self::Run { step } => write!(f, "run data step {step}"),
            Self::On { dialects, ops } => write!(f, "{} operations on {dialects}", ops.len()),
        }
    }
}

/// Who may do what, in words: `SELECT to app, INSERT to app`.
fn granted(grants: &BTreeSet<Grant>, word: &str) -> String {
    let grants: Vec<_> =
        grants.iter().map(|grant| format!("{} {word} {}", grant.privilege, grant.to)).collect();
    grants.join(", ")
}
