//! Changes of a table beside its columns and its keys.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::index::IndexChange;
use crate::is_default;
use crate::schema::{
    Bound, Constraint, ConstraintKind, Deferrable, Enforcement, Name, Partition, Partitioning,
    ReplicaIdentity, RowSecurity,
};

/// A change of a table that is neither of its columns nor of its keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TableChange {
    /// A table becomes a partition of this one: PostgreSQL.
    Attach {
        /// The table.
        partition: Name,
        /// Which rows it has.
        bound: Bound,
    },
    /// A partition becomes a table of its own: PostgreSQL.
    Detach {
        /// The partition.
        partition: Name,
        /// Without stopping readers and writers, outside any transaction.
        #[serde(default, skip_serializing_if = "is_default")]
        concurrently: bool,
    },
    /// How it is divided; none makes it one again: MySQL, MariaDB.
    Partitioning(Option<Partitioning>),
    /// A new partition, last: MySQL, MariaDB.
    AddPartition(Partition),
    /// A partition taken away with its rows: MySQL, MariaDB.
    DropPartition {
        /// Its name.
        name: String,
    },
    /// A partition emptied: MySQL, MariaDB.
    TruncatePartition {
        /// Its name.
        name: String,
    },
    /// A partition's rows and those of a table that is divided by nothing change places: MySQL, MariaDB.
    ExchangePartition {
        /// The partition's name.
        name: String,
        /// The table.
        with: Name,
        /// Without a look at each row, whether the partition may have it.
        #[serde(default, skip_serializing_if = "is_default")]
        unchecked: bool,
    },
    /// A partition becomes a table of its own, with its rows: MariaDB 10.7.
    PartitionToTable {
        /// The partition's name.
        name: String,
        /// What the table is called.
        to: Name,
    },
    /// A table becomes a partition, with its rows: MariaDB 10.7.
    TableToPartition {
        /// The table, which is one no more.
        table: Name,
        /// The partition, last.
        partition: Partition,
    },
    /// Partitions next to each other divided anew, with all their rows: MySQL, MariaDB.
    ReorganizePartitions {
        /// Their names, in order.
        partitions: Vec<String>,
        /// What they become.
        into: Vec<Partition>,
    },
    /// It inherits from another table too: PostgreSQL.
    Inherit(Name),
    /// It doesn't inherit from that table any more: PostgreSQL.
    NoInherit(Name),
    /// Whether its policies hold: PostgreSQL.
    RowSecurity(RowSecurity),
    /// The index, or the constraint, in whose order `CLUSTER` puts its rows; none unmarks it: PostgreSQL.
    Cluster(Option<String>),
    /// By what subscribers know its rows: PostgreSQL.
    ReplicaIdentity(ReplicaIdentity),
    /// An attribute of one of its constraints.
    Constraint {
        /// The constraint.
        name: String,
        /// The attribute and its new value.
        change: ConstraintChange,
    },
    /// An attribute of one of its indexes.
    Index {
        /// The index.
        name: String,
        /// The attribute and its new value.
        change: IndexChange,
    },
    /// A unique index becomes a constraint's: PostgreSQL.
    IndexToConstraint {
        /// The index.
        index: String,
        /// A primary key, or a unique constraint.
        kind: ConstraintKind,
        /// What the constraint is called, and the index from now on.
        name: String,
        /// When it is checked.
        #[serde(default, skip_serializing_if = "is_default")]
        deferrable: Deferrable,
    },
    /// A remark on one of its constraints; none removes it: PostgreSQL.
    ConstraintComment {
        /// The constraint.
        name: String,
        /// The remark.
        comment: Option<String>,
    },
    /// The character set and the collation of its text, and the default of what comes: MySQL and MariaDB.
    Text {
        /// The character set; none is that of the collation, or the database's.
        #[serde(default, skip_serializing_if = "is_default")]
        charset: Option<String>,
        /// The collation; none is the character set's own.
        #[serde(default, skip_serializing_if = "is_default")]
        collation: Option<String>,
    },
    /// Its owner: PostgreSQL.
    Owner(String),
    /// The server may copy it for what changes of it here, and have writers wait: MySQL and MariaDB. It changes nothing by itself.
    AllowCopy,
}

/// An attribute of a constraint, with its new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConstraintChange {
    /// Which rows a check or a foreign key holds for. [`Full`](Enforcement::Full) looks at all rows that there are.
    Enforcement(Enforcement),
    /// When it is checked; a check is with each statement, always.
    Deferrable(Deferrable),
    /// Whether a check holds for this table alone.
    NoInherit(bool),
}

impl ConstraintChange {
    /// Sets the attribute, or says what kind of constraint has none such.
    pub fn set(self, constraint: &mut Constraint) -> Result<(), String> {
        match (self, constraint) {
            (Self::Enforcement(is), Constraint::Check(check)) => check.enforcement = is,
            (Self::Enforcement(is), Constraint::ForeignKey(key)) => key.enforcement = is,
            (Self::Deferrable(is), Constraint::ForeignKey(key)) => key.deferrable = is,
            (Self::Deferrable(is), Constraint::PrimaryKey(key)) => key.deferrable = is,
            (Self::Deferrable(is), Constraint::Unique(unique)) => unique.deferrable = is,
            (Self::Deferrable(is), Constraint::Exclusion(exclusion)) => exclusion.deferrable = is,
            (Self::NoInherit(is), Constraint::Check(check)) => check.no_inherit = is,
            (change, other) => return Err(format!("a {} has no {}", other.kind(), change.attribute())),
        }
        Ok(())
    }

    /// The same attribute, as it is now.
    pub(crate) fn back(self, constraint: &Constraint) -> Result<Self, String> {
        Ok(match (self, constraint) {
            (Self::Enforcement(_), Constraint::Check(check)) => Self::Enforcement(check.enforcement),
            (Self::Enforcement(_), Constraint::ForeignKey(key)) => Self::Enforcement(key.enforcement),
            (Self::Deferrable(_), Constraint::ForeignKey(key)) => Self::Deferrable(key.deferrable),
            (Self::Deferrable(_), Constraint::PrimaryKey(key)) => Self::Deferrable(key.deferrable),
            (Self::Deferrable(_), Constraint::Unique(unique)) => Self::Deferrable(unique.deferrable),
            (Self::Deferrable(_), Constraint::Exclusion(exclusion)) => Self::Deferrable(exclusion.deferrable),
            (Self::NoInherit(_), Constraint::Check(check)) => Self::NoInherit(check.no_inherit),
            (change, other) => return Err(format!("a {} has no {}", other.kind(), change.attribute())),
        })
    }

    /// The attribute, in words.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Enforcement(_) => "enforcement",
            Self::Deferrable(_) => "deferral",
            Self::NoInherit(_) => "inheritance",
        }
    }
}

impl fmt::Display for TableChange {
    /// What it does to a table, in words that end with "table".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attach { partition, .. } => write!(f, "attach partition {partition} to table"),
            Self::Detach { partition, .. } => write!(f, "detach partition {partition} of table"),
            Self::Partitioning(Some(_)) => f.write_str("partition table"),
            Self::Partitioning(None) => f.write_str("remove the partitioning of table"),
            Self::AddPartition(partition) => write!(f, "add partition {} to table", partition.name),
            Self::DropPartition { name } => write!(f, "drop partition {name} of table"),
            Self::TruncatePartition { name } => write!(f, "empty partition {name} of table"),
            Self::PartitionToTable { name, to } => write!(f, "make table {to} of partition {name} of table"),
            Self::TableToPartition { table, partition } => {
                write!(f, "make partition {} of {table} in table", partition.name)
            }
            Self::ExchangePartition { name, with, .. } => {
                write!(f, "exchange partition {name} with {with} in table")
            }
            Self::ReorganizePartitions { partitions, .. } => {
                write!(f, "reorganize partitions {} of table", partitions.join(", "))
            }
            Self::Inherit(parent) => write!(f, "inherit from {parent} by table"),
            Self::NoInherit(parent) => write!(f, "inherit no more from {parent} by table"),
            Self::RowSecurity(_) => f.write_str("set row security of table"),
            Self::Cluster(_) => f.write_str("set clustering index of table"),
            Self::ReplicaIdentity(_) => f.write_str("set replica identity of table"),
            Self::Constraint { name, change: ConstraintChange::Enforcement(Enforcement::Full) } => {
                write!(f, "validate constraint {name} of table")
            }
            Self::Constraint { name, change } => {
                write!(f, "set {} of constraint {name} of table", change.attribute())
            }
            Self::Index { name, change } => write!(f, "set {} of index {name} of table", change.attribute()),
            Self::IndexToConstraint { index, kind, name, .. } => {
                write!(f, "make {kind} {name} of index {index} of table")
            }
            Self::ConstraintComment { name, .. } => write!(f, "set comment of constraint {name} of table"),
            Self::Text { charset, collation } => {
                let to =
                    charset.as_ref().or(collation.as_ref()).map_or("the database's default", String::as_str);
                write!(f, "convert text to {to} in table")
            }
            Self::Owner(_) => f.write_str("set owner of table"),
            Self::AllowCopy => f.write_str("allow a copy of table"),
        }
    }
}
