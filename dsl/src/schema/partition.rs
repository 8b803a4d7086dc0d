//! Partitions.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use super::index::IndexKey;
use super::name::Name;
use crate::is_default;

/// How a table is partitioned: PostgreSQL, MySQL, MariaDB.
///
/// PostgreSQL's partitions are tables of their own, each [a partition of](PartitionOf) this one. MySQL's and MariaDB's
/// are parts of the table, and stand here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partitioning {
    /// By what.
    pub method: PartitionMethod,
    /// The columns and expressions. MySQL's and MariaDB's `RANGE` and `LIST` are over one expression, or else over columns.
    pub keys: Vec<IndexKey>,
    /// MySQL and MariaDB: `LINEAR`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub linear: bool,
    /// MySQL and MariaDB: the partitions by name.
    #[serde(default, skip_serializing_if = "is_default")]
    pub partitions: Vec<Partition>,
    /// MySQL and MariaDB: how many partitions, where they aren't named.
    #[serde(default, skip_serializing_if = "is_default")]
    pub count: Option<u32>,
}

/// By what a table is partitioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartitionMethod {
    /// By ranges.
    Range,
    /// By lists of values.
    List,
    /// By a hash: of columns on PostgreSQL, of a whole number elsewhere.
    Hash,
    /// By a hash of columns: MySQL, MariaDB.
    Key,
}

/// A partition of MySQL's and MariaDB's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Partition {
    /// Its name.
    pub name: String,
    /// Which rows it has; none where that is a hash's affair.
    #[serde(default, skip_serializing_if = "is_default")]
    pub bound: Option<Bound>,
    /// A remark.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

impl Partition {
    /// A partition of this name, which has these rows.
    pub fn new(name: impl Into<String>, bound: Bound) -> Self {
        Self { name: name.into(), bound: Some(bound), comment: None }
    }

    /// A partition of this name, whose rows are a hash's affair.
    pub fn by_hash(name: impl Into<String>) -> Self {
        Self { name: name.into(), bound: None, comment: None }
    }

    /// The same with a remark.
    pub fn comment(self, comment: impl Into<String>) -> Self {
        Self { comment: Some(comment.into()), ..self }
    }
}

impl<S: Into<String>> From<(S, Bound)> for Partition {
    fn from((name, bound): (S, Bound)) -> Self {
        Self::new(name, bound)
    }
}

/// What a table of PostgreSQL's is a partition of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: Name,
    /// Which of its rows it has.
    pub bound: Bound,
}

/// Which rows a partition has.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// assert_eq!(Bound::range(["2024-01-01"], ["2025-01-01"]).to_string(), "from ('2024-01-01') to ('2025-01-01')");
/// assert_eq!(Bound::range([sql("MINVALUE")], [Expr::from(10)]).to_string(), "from (MINVALUE) to (10)");
/// assert_eq!(Bound::list(["de", "at"]).to_string(), "in ('de', 'at')");
/// assert_eq!(Bound::less_than([sql("MAXVALUE")]).to_string(), "less than (MAXVALUE)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// From these values on, up to those, and without them: PostgreSQL. `MINVALUE` and `MAXVALUE` are SQL text.
    Range {
        /// The first that it has.
        from: Vec<Expr>,
        /// The first that it doesn't have any more.
        to: Vec<Expr>,
    },
    /// What is less than these, and not in the partition before: MySQL, MariaDB.
    LessThan(Vec<Expr>),
    /// These values.
    In(Vec<Expr>),
    /// Hashes that leave this remainder: PostgreSQL.
    Hash {
        /// Divided by this.
        modulus: u32,
        /// The remainder.
        remainder: u32,
    },
    /// All that no other partition has: PostgreSQL, and MariaDB for lists.
    Default,
}

impl Bound {
    /// From these values on, up to those, and without them: PostgreSQL.
    pub fn range<F: Into<Expr>, T: Into<Expr>>(
        from: impl IntoIterator<Item = F>,
        to: impl IntoIterator<Item = T>,
    ) -> Self {
        Self::Range {
            from: from.into_iter().map(Into::into).collect(),
            to: to.into_iter().map(Into::into).collect(),
        }
    }

    /// These values.
    pub fn list<V: Into<Expr>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::In(values.into_iter().map(Into::into).collect())
    }

    /// What is less than these, and not in the partition before: MySQL, MariaDB.
    pub fn less_than<V: Into<Expr>>(values: impl IntoIterator<Item = V>) -> Self {
        Self::LessThan(values.into_iter().map(Into::into).collect())
    }

    /// Hashes that leave this remainder when divided by the modulus: PostgreSQL.
    pub fn hash(modulus: u32, remainder: u32) -> Self {
        Self::Hash { modulus, remainder }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |values: &[Expr]| values.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::Range { from, to } => write!(f, "from ({}) to ({})", list(from), list(to)),
            Self::LessThan(values) => write!(f, "less than ({})", list(values)),
            Self::In(values) => write!(f, "in ({})", list(values)),
            Self::Hash { modulus, remainder } => write!(f, "with modulus {modulus}, remainder {remainder}"),
            Self::Default => f.write_str("default"),
        }
    }
}
