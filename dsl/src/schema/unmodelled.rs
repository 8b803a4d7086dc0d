//! What an object has that Dunlin has no model of: what part of it that concerns, and what it is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something that an object has and Dunlin has no model of. Its `Display` is what stands behind "it has".
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unmodelled {
    /// PostgreSQL: it is a foreign table.
    ForeignServer,
    /// PostgreSQL: a table whose columns are a composite type's attributes, and change with that alone.
    OfType(String),
    /// PostgreSQL: an extension has brought it.
    InExtension(String),
    /// PostgreSQL: an index that a failed CONCURRENTLY has left.
    BrokenIndex(String),
    /// PostgreSQL: a partitioned table's index that not every partition has.
    LackedIndex(String),
    /// A view's column that has another name than its query has for it.
    RenamedColumn {
        /// Its name by the query.
        from: String,
        /// Its name now.
        to: String,
    },
    /// PostgreSQL, from 18 on: a comment on a column's refusal of NULL.
    RemarkedNotNull(String),
    /// PostgreSQL: what the sequence of an identity has.
    Sequence {
        /// The column that it numbers.
        column: String,
        /// `a comment`.
        what: String,
    },
    /// What a column of a partition or an heir has otherwise than this table's.
    Below {
        /// The partition or heir.
        table: String,
        /// The column.
        column: String,
        /// What it is that is otherwise.
        aspect: Aspect,
    },
    /// A partition's copy of an index that has a name of its own.
    IndexBelow {
        /// The partition.
        table: String,
        /// The index's name here.
        index: String,
        /// Its name there.
        name: String,
    },
    /// A partition's copy of an index with statistics targets of its own.
    SampledBelow {
        /// The partition.
        table: String,
        /// The index's name here.
        index: String,
    },
    /// MySQL, MariaDB: how its rows are divided.
    Partitioning(String),
    /// What a part of it has.
    Part {
        /// The part's kind.
        kind: PartKind,
        /// The part's name.
        name: String,
        /// What there is about it: `that has a comment`.
        what: String,
    },
    /// SQLite: what its CREATE text says, and so comes back with that: `an ON CONFLICT clause`.
    Written {
        /// The columns that it is about.
        columns: Vec<String>,
        /// What is said.
        what: String,
    },
    /// A part that can't be read, as its own text.
    Unread(String),
    /// What it has as a whole: `a period p`.
    #[serde(untagged)]
    Thing(String),
}

/// A kind of part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PartKind {
    /// A column of a table.
    Column,
    /// An index.
    Index,
    /// A constraint whose kind doesn't matter.
    Constraint,
    /// A check.
    Check,
    /// A foreign key.
    ForeignKey,
    /// A trigger.
    Trigger,
    /// A partition that is part of its table.
    Partition,
}

/// What a column has that one of a partition or an heir may have otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Aspect {
    /// How its values are stored.
    Storage,
    /// How many of its values are sampled.
    Statistics,
    /// Its options.
    Options,
    /// Its comment.
    Comment,
    /// Whether it refuses NULL.
    NotNull,
    /// Its default.
    Default,
    /// A constraint over it.
    Constraint,
    /// An index over it.
    Index,
    /// Grants on it.
    Grants,
    /// A sequence that it owns.
    Sequence,
    /// A statistics object over it.
    Counted,
    /// A target of a statistics object over it.
    CountedFinely,
}

impl Unmodelled {
    /// What the object has as a whole.
    pub fn thing(what: impl Into<String>) -> Self {
        Self::Thing(what.into())
    }

    /// What a column has: `that is INVISIBLE`.
    pub fn column(name: impl Into<String>, what: impl Into<String>) -> Self {
        Self::part(PartKind::Column, name, what)
    }

    /// What an index has.
    pub fn index(name: impl Into<String>, what: impl Into<String>) -> Self {
        Self::part(PartKind::Index, name, what)
    }

    /// What a part has.
    pub fn part(kind: PartKind, name: impl Into<String>, what: impl Into<String>) -> Self {
        Self::Part { kind, name: name.into(), what: what.into() }
    }

    /// Whether it is about a part of this kind and name.
    pub fn is_of(&self, part: PartKind, called: &str) -> bool {
        matches!(self, Self::Part { kind, name, .. } if *kind == part && name == called)
    }

    /// Whether it is about a constraint or an index of this name.
    pub(crate) fn is_of_key(&self, called: &str) -> bool {
        use PartKind::{Check, Constraint, ForeignKey, Index};
        match self {
            Self::BrokenIndex(name) | Self::LackedIndex(name) => name == called,
            Self::IndexBelow { index, .. } | Self::SampledBelow { index, .. } => index == called,
            Self::Part { kind: Index | Constraint | Check | ForeignKey, name, .. } => name == called,
            _ => false,
        }
    }

    /// Whether it may go with a column.
    pub(crate) fn may_go_with(&self, column: &str) -> bool {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        match self {
            Self::Below { column: own, .. }
            | Self::Sequence { column: own, .. }
            | Self::RemarkedNotNull(own) => own == column,
            Self::Written { columns, .. } => columns.iter().any(|own| own == column),
            Self::Unread(text) => text.split(|c| !is_word(c)).any(|word| word == column),
            of => of.is_of(PartKind::Column, column),
        }
    }
}

impl fmt::Display for Unmodelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignServer => f.write_str("a foreign server"),
            Self::OfType(name) => write!(f, "type {name} that it is of"),
            Self::InExtension(name) => write!(f, "a place in extension {name}"),
            Self::BrokenIndex(name) => write!(f, "index {name} that isn't valid"),
            Self::LackedIndex(name) => write!(f, "index {name} that a partition lacks"),
            Self::RenamedColumn { from, to } => {
                write!(f, "a column that this revision renames from {from} to {to}")
            }
            Self::RemarkedNotNull(column) => write!(f, "a comment on the refusal of NULL of column {column}"),
            Self::Sequence { column, what } => write!(f, "{what} on the sequence of column {column}"),
            Self::Below { table, column, aspect } => {
                let what = aspect.as_str();
                write!(f, "table {table} below it that has {what} of its own on column {column}")
            }
            Self::IndexBelow { table, index, name } => {
                write!(f, "table {table} below it that calls index {index} {name}")
            }
            Self::SampledBelow { table, index } => {
                write!(f, "table {table} below it that has statistics targets of its own on index {index}")
            }
            Self::Partitioning(what) => write!(f, "partitions by {what}"),
            Self::Part { kind, name, what } => write!(f, "{} {name} {what}", kind.as_str()),
            Self::Written { what, .. } => f.write_str(what),
            Self::Unread(text) => write!(f, "an index that Dunlin can't read: {text}"),
            Self::Thing(what) => f.write_str(what),
        }
    }
}

impl PartKind {
    /// The kind in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::Index => "index",
            Self::Constraint => "constraint",
            Self::Check => "check",
            Self::ForeignKey => "foreign key",
            Self::Trigger => "trigger",
            Self::Partition => "partition",
        }
    }
}

impl Aspect {
    /// The aspect in words.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Storage => "a storage",
            Self::Statistics => "a statistics target",
            Self::Options => "options",
            Self::Comment => "a comment",
            Self::NotNull => "a refusal of NULL",
            Self::Default => "a default",
            Self::Constraint => "a constraint",
            Self::Index => "an index",
            Self::Grants => "grants",
            Self::Sequence => "a sequence",
            Self::Counted => "a statistics object",
            Self::CountedFinely => "a statistics object with a target",
        }
    }
}
