//! Tables.

use serde::{Deserialize, Serialize};

use super::column::Column;
use super::constraint::{Check, Constraint, ForeignKey, PrimaryKey, Unique};
use super::index::Index;
use super::name::Name;
use crate::aside::Aside;
use crate::is_default;

/// A table, with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Table {
    /// Its name.
    pub name: Name,
    /// Its columns, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<Column>,
    /// Its primary key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub primary_key: Option<PrimaryKey>,
    /// Its unique constraints.
    #[serde(default, skip_serializing_if = "is_default")]
    pub uniques: Vec<Unique>,
    /// Its foreign keys.
    #[serde(default, skip_serializing_if = "is_default")]
    pub foreign_keys: Vec<ForeignKey>,
    /// Its checks.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Vec<Check>,
    /// Its indexes, but for those that a primary key or a unique constraint brings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    /// What some servers let a table choose.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: TableOptions,
    /// A remark kept in the catalog; SQLite has no place for it and leaves it out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// What the catalog tells beside the definition; never part of a comparison.
    #[serde(default, skip_serializing_if = "Aside::is_empty")]
    pub notes: Aside<Notes>,
}

/// What only some servers let a table choose; each means nothing on the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct TableOptions {
    /// SQLite: columns hold only values of their type.
    #[serde(skip_serializing_if = "is_default")]
    pub strict: bool,
    /// SQLite: the primary key is the table.
    #[serde(skip_serializing_if = "is_default")]
    pub without_rowid: bool,
    /// MySQL and MariaDB: the storage engine.
    #[serde(skip_serializing_if = "is_default")]
    pub engine: Option<String>,
    /// MySQL and MariaDB: the default character set of its columns.
    #[serde(skip_serializing_if = "is_default")]
    pub charset: Option<String>,
    /// MySQL and MariaDB: the default collation of its columns.
    #[serde(skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    /// MySQL and MariaDB: `ROW_FORMAT`.
    #[serde(skip_serializing_if = "is_default")]
    pub row_format: Option<String>,
    /// PostgreSQL: not written ahead, and emptied by a crash.
    #[serde(skip_serializing_if = "is_default")]
    pub unlogged: bool,
}

/// What reading a table back finds beside its definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// SQLite's own CREATE TABLE text.
    #[serde(skip_serializing_if = "is_default")]
    pub source: Option<String>,
    /// What would break or vanish with the table.
    #[serde(skip_serializing_if = "is_default")]
    pub dependents: Vec<Dependent>,
    /// What the table has that isn't modelled, each in words: `partitioned by range (at)`.
    #[serde(skip_serializing_if = "is_default")]
    pub unmodelled: Vec<String>,
}

/// Something that stands on a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependent {
    /// What it is.
    pub kind: DependentKind,
    /// Its name: of the view, the trigger, or the table that refers.
    pub name: Name,
    /// Its definition, where the catalog gives one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub definition: Option<String>,
}

/// What stands on a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DependentKind {
    /// A view over it.
    View,
    /// A trigger on it, or one elsewhere that mentions it.
    Trigger,
    /// A table with a foreign key to it.
    ForeignKey,
}

impl Table {
    /// A table with no columns yet.
    pub fn new(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            indexes: Vec::new(),
            options: TableOptions::default(),
            comment: None,
            notes: Aside::default(),
        }
    }

    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// A column by name, to change.
    pub fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    /// An index by name.
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes.iter().find(|index| index.label.is(name))
    }

    /// Its constraints: the primary key, then uniques, foreign keys and checks in order.
    pub fn constraints(&self) -> impl Iterator<Item = Constraint> + '_ {
        (self.primary_key.iter().cloned().map(Constraint::PrimaryKey))
            .chain(self.uniques.iter().cloned().map(Constraint::Unique))
            .chain(self.foreign_keys.iter().cloned().map(Constraint::ForeignKey))
            .chain(self.checks.iter().cloned().map(Constraint::Check))
    }

    /// A constraint by name.
    pub fn constraint(&self, name: &str) -> Option<Constraint> {
        self.constraints().find(|constraint| constraint.label().is(name))
    }

    /// Whether the primary key has this column.
    pub fn is_key_column(&self, name: &str) -> bool {
        self.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|column| column == name))
    }
}
