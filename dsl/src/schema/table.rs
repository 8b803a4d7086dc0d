//! Tables.

use crate::schema::Unmodelled;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use super::access::{Grant, PassedOn};
use super::column::Column;
use super::constraint::{Check, Constraint, Exclusion, ForeignKey, PrimaryKey, Unique};
use super::index::Index;
use super::mark::ReplicaIdentity;
use super::name::{Label, Name};
use super::object::ObjectId;
use super::partition::{PartitionOf, Partitioning};
use super::policy::RowSecurity;
use crate::aside::Aside;
use crate::is_default;

/// A table, with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Its exclusion constraints: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub exclusions: Vec<Exclusion>,
    /// Its indexes, but for those that a primary key or a unique constraint brings.
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    /// What some servers let a table choose.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: TableOptions,
    /// A remark kept in the catalog; SQLite has no place for it and leaves it out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// Remarks on its constraints, by their names: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub constraint_comments: BTreeMap<String, String>,
    /// How it is divided: PostgreSQL, MySQL, MariaDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub partitioning: Option<Partitioning>,
    /// The table of which it is a partition: PostgreSQL. Its columns are those of that table, and only what it has
    /// beyond them stands here.
    #[serde(default, skip_serializing_if = "is_default")]
    pub partition_of: Option<Box<PartitionOf>>,
    /// The tables that it inherits from, in order: PostgreSQL. Columns that are only inherited don't stand here.
    #[serde(default, skip_serializing_if = "is_default")]
    pub inherits: Vec<Name>,
    /// Whether its policies hold: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub row_security: RowSecurity,
    /// The index, or the constraint, in whose order `CLUSTER` puts its rows: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cluster: Option<String>,
    /// By what subscribers know its rows: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub replica_identity: ReplicaIdentity,
    /// What others may do with it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: BTreeSet<Grant>,
    /// What the catalog tells beside the definition; never part of a comparison.
    #[serde(default, skip_serializing_if = "Aside::is_empty")]
    pub notes: Aside<Notes>,
}

/// What only some servers let a table choose; each means nothing on the others.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// MySQL and MariaDB: what else the engine takes, by the server's own words in lower case: `stats_persistent`, `page_compressed`.
    #[serde(skip_serializing_if = "is_default")]
    pub engine_options: BTreeMap<String, String>,
    /// PostgreSQL: not written ahead, and emptied by a crash.
    #[serde(skip_serializing_if = "is_default")]
    pub unlogged: bool,
    /// PostgreSQL: storage parameters, such as `fillfactor`.
    #[serde(skip_serializing_if = "is_default")]
    pub storage: BTreeMap<String, String>,
    /// PostgreSQL: how its rows are kept, by the access method's name; none is `heap`.
    #[serde(skip_serializing_if = "is_default")]
    pub access_method: Option<String>,
    /// PostgreSQL, MySQL: the tablespace; the database's own unless given.
    #[serde(skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
}

/// What reading an object back finds beside its definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// SQLite's own CREATE text.
    #[serde(skip_serializing_if = "is_default")]
    pub source: Option<String>,
    /// SQLite: the tables beside it in which ANALYZE keeps what it has found: `sqlite_stat1`.
    #[serde(skip_serializing_if = "is_default")]
    pub statistics: Vec<String>,
    /// Whose it is, where that isn't the connection's own user.
    #[serde(skip_serializing_if = "is_default")]
    pub owner: Option<String>,
    /// The connection's own user, where it is its: creating it anew needs no word of it.
    #[serde(skip_serializing_if = "is_default")]
    pub own: Option<String>,
    /// The comment that it comes with, which isn't told as its comment: an extension's.
    #[serde(skip_serializing_if = "is_default")]
    pub remark: Option<String>,
    /// The tablespace of its database, in which it is unless its options say another.
    #[serde(skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// What others and its owner would have when it is created, and was taken away since.
    #[serde(skip_serializing_if = "is_default")]
    pub revoked: BTreeSet<Grant>,
    /// What everyone has by the server's defaults, and wouldn't be given when it is created now: default privileges have changed
    /// since.
    #[serde(skip_serializing_if = "is_default")]
    pub granted: BTreeSet<Grant>,
    /// What everyone has by the server's defaults, and not with this one, nor with one that is created now: default privileges
    /// take it away.
    #[serde(skip_serializing_if = "is_default")]
    pub withheld: BTreeSet<String>,
    /// What somebody has from another one than its owner.
    #[serde(skip_serializing_if = "is_default")]
    pub passed_on: BTreeSet<PassedOn>,
    /// What a partition's copies of its parent's indexes are called, by the names that its creation would give them.
    #[serde(skip_serializing_if = "is_default")]
    pub renamed: BTreeMap<String, String>,
    /// What the refusals of NULL of inherited columns are called, by their columns, where that isn't as the parent calls them:
    /// PostgreSQL, from 18 on.
    #[serde(skip_serializing_if = "is_default")]
    pub not_null_names: BTreeMap<String, String>,
    /// What must be there before it, where the catalog tells.
    #[serde(skip_serializing_if = "is_default")]
    pub needs: Vec<ObjectId>,
    /// What would break or vanish with it.
    #[serde(skip_serializing_if = "is_default")]
    pub dependents: Vec<Dependent>,
    /// MySQL and MariaDB: what it keeps of the session that made it, by name, where this session has another:
    /// `sql_mode`, `character_set_client`, `collation_connection`, `time_zone`. It is created again under the same.
    #[serde(skip_serializing_if = "is_default")]
    pub settings: BTreeMap<String, String>,
    /// What it has that isn't modelled.
    #[serde(skip_serializing_if = "is_default")]
    pub unmodelled: Vec<Unmodelled>,
}

impl Notes {
    /// Forgets what a table that is below it no more has of its own.
    pub(crate) fn forget_below(&mut self, table: &Name) {
        self.unmodelled.retain(|what| match what {
            Unmodelled::Below { table: below, .. } | Unmodelled::IndexBelow { table: below, .. } => {
                *below != table.name
            }
            _ => true,
        });
    }
}

/// Something that stands on an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Dependent {
    /// What it is.
    pub kind: DependentKind,
    /// Its name: of the view, the trigger, or the table that refers; of what has no kind here, its kind with it.
    pub name: Name,
    /// The column of that table, where it is one.
    #[serde(default, skip_serializing_if = "is_default")]
    pub column: Option<String>,
    /// What identifies it, where it is an object with a kind of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub object: Option<ObjectId>,
    /// Its definition, where the catalog gives one; a column's is its type and its default: `mood[] DEFAULT '{}'::mood[]`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub definition: Option<String>,
    /// The name of a check or an index.
    #[serde(default, skip_serializing_if = "is_default")]
    pub part: Option<String>,
    /// The columns of a table or a view that it uses, so that they can neither go nor change their types under it, where the
    /// catalog tells: PostgreSQL's does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub uses: Vec<String>,
    /// The remark on a check or an index of a column of it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// The tablespace of its own of such an index.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
}

/// What stands on an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DependentKind {
    /// A view over it.
    View,
    /// A trigger on it, or one elsewhere that mentions it.
    Trigger,
    /// A policy of it: PostgreSQL.
    Policy,
    /// A table with a foreign key to it.
    ForeignKey,
    /// A table with a foreign key to the table of which it is a partition: PostgreSQL.
    ForeignKeyAbove,
    /// A column of its type, or whose default uses it.
    Column,
    /// A table that is a partition of it, or inherits from it.
    Table,
    /// A check that mentions it: PostgreSQL.
    Check,
    /// An index that mentions it: PostgreSQL.
    Index,
    /// A table that is partitioned by a column of it: PostgreSQL.
    PartitionKey,
    /// Another object.
    Object,
}

impl DependentKind {
    /// Whether such things belong to a table or a view, and go with it.
    pub fn goes_with_it(self) -> bool {
        matches!(self, Self::Trigger | Self::Policy)
    }

    /// The kind in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Trigger => "trigger",
            Self::Policy => "policy",
            Self::ForeignKey | Self::ForeignKeyAbove => "foreign key of table",
            Self::Column => "column",
            Self::Table => "table",
            Self::Check => "check",
            Self::Index => "index",
            Self::PartitionKey => "partition key of table",
            Self::Object => "object",
        }
    }
}

impl fmt::Display for Dependent {
    /// `view admins`, `column users.mood`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(part) = &self.part {
            return write!(f, "{} {part} of table {}", self.kind.as_str(), self.name);
        }
        match (self.kind, &self.column) {
            _ if self.object.is_some() => self.object.iter().try_for_each(|object| write!(f, "{object}")),
            (DependentKind::Object, None) => write!(f, "{}", self.name),
            (kind, None) => write!(f, "{} {}", kind.as_str(), self.name),
            (kind, Some(column)) => write!(f, "{} {}.{column}", kind.as_str(), self.name),
        }
    }
}

impl Dependent {
    /// Whether it belongs to a table or a view, and goes with it. A trigger elsewhere is left behind, and fails; of a function,
    /// triggers are what calls it.
    pub(crate) fn goes_with(&self, id: &ObjectId) -> bool {
        let elsewhere = |object: &ObjectId| object.on.as_ref().is_some_and(|on| *on != id.name);
        let is_elsewhere = self.kind == DependentKind::Trigger && self.object.as_ref().is_some_and(elsewhere);
        id.is_relation() && self.kind.goes_with_it() && !is_elsewhere
    }

    /// Something of which no more is known than its kind and its name.
    pub fn new(kind: DependentKind, name: impl Into<Name>) -> Self {
        let name = name.into();
        Self {
            kind,
            name,
            column: None,
            object: None,
            definition: None,
            part: None,
            uses: Vec::new(),
            comment: None,
            tablespace: None,
        }
    }
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
            exclusions: Vec::new(),
            indexes: Vec::new(),
            options: TableOptions::default(),
            comment: None,
            constraint_comments: BTreeMap::new(),
            partitioning: None,
            partition_of: None,
            inherits: Vec::new(),
            row_security: RowSecurity::default(),
            cluster: None,
            replica_identity: ReplicaIdentity::default(),
            grants: BTreeSet::new(),
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

    /// Its constraints: the primary key, then uniques, foreign keys, checks and exclusions in order.
    pub fn constraints(&self) -> impl Iterator<Item = Constraint> + '_ {
        (self.primary_key.iter().cloned().map(Constraint::PrimaryKey))
            .chain(self.uniques.iter().cloned().map(Constraint::Unique))
            .chain(self.foreign_keys.iter().cloned().map(Constraint::ForeignKey))
            .chain(self.checks.iter().cloned().map(Constraint::Check))
            .chain(self.exclusions.iter().cloned().map(Constraint::Exclusion))
    }

    /// Adds a constraint, behind the others of its kind; a primary key takes the place of one that there is.
    pub fn add_constraint(&mut self, constraint: Constraint) {
        match constraint {
            Constraint::PrimaryKey(key) => self.primary_key = Some(key),
            Constraint::Unique(unique) => self.uniques.push(unique),
            Constraint::ForeignKey(key) => self.foreign_keys.push(key),
            Constraint::Check(check) => self.checks.push(check),
            Constraint::Exclusion(exclusion) => self.exclusions.push(exclusion),
        }
    }

    /// A constraint by name.
    pub fn constraint(&self, name: &str) -> Option<Constraint> {
        self.constraints().find(|constraint| constraint.label().is(name))
    }

    /// Puts a constraint in the place of the one of its kind and name, if there is one.
    pub(crate) fn replace_constraint(&mut self, constraint: Constraint) {
        fn put<T>(list: &mut [T], new: T, label: impl Fn(&T) -> &Label) {
            if let Some(old) = list.iter_mut().find(|old| label(old) == label(&new)) {
                *old = new;
            }
        }
        match constraint {
            Constraint::PrimaryKey(key) => self.primary_key = Some(key),
            Constraint::Unique(unique) => put(&mut self.uniques, unique, |of| &of.label),
            Constraint::ForeignKey(key) => put(&mut self.foreign_keys, key, |of| &of.label),
            Constraint::Check(check) => put(&mut self.checks, check, |of| &of.label),
            Constraint::Exclusion(exclusion) => put(&mut self.exclusions, exclusion, |of| &of.label),
        }
    }

    /// Whether the primary key has this column.
    pub fn is_key_column(&self, name: &str) -> bool {
        self.primary_key.as_ref().is_some_and(|key| key.columns.iter().any(|column| column == name))
    }
}
