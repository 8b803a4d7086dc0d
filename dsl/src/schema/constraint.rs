//! Constraints of a table.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use super::index::IndexKey;
use super::name::{Label, Name};
use crate::is_default;

/// A primary key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrimaryKey {
    /// Its name; MySQL and MariaDB call every one `PRIMARY`, and keep no other.
    pub label: Label,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// When it is checked: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferrable: Deferrable,
    /// Columns kept in the index beside the key: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub include: Vec<String>,
    /// Its last column is a range, and two rows with the same key may not overlap in it: PostgreSQL 18.
    #[serde(default, skip_serializing_if = "is_default")]
    pub without_overlaps: bool,
}

/// A unique constraint over columns. Over expressions, or part of the rows, it is a unique [`Index`](super::Index).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unique {
    /// Its name.
    pub label: Label,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// Two NULLs are the same: PostgreSQL 15.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls_not_distinct: bool,
    /// When it is checked: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferrable: Deferrable,
    /// Columns kept in the index beside the key: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub include: Vec<String>,
    /// Its last column is a range, and two rows with the same key may not overlap in it: PostgreSQL 18.
    #[serde(default, skip_serializing_if = "is_default")]
    pub without_overlaps: bool,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForeignKey {
    /// Its name.
    pub label: Label,
    /// The columns that refer.
    pub columns: Vec<String>,
    /// The table referred to.
    pub references: Name,
    /// The columns referred to; as many as `columns`.
    pub references_columns: Vec<String>,
    /// What becomes of the row when the one it refers to is deleted.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_delete: Action,
    /// The columns that `on_delete` sets to NULL or to their defaults, where it isn't all of them: PostgreSQL 15.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_delete_columns: Vec<String>,
    /// What becomes of the row when the key it refers to changes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_update: Action,
    /// When it is checked: PostgreSQL and SQLite.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferrable: Deferrable,
    /// Whether some columns may be NULL while others aren't: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub matching: Match,
    /// Its last column is a range that the ranges of the rows referred to cover: PostgreSQL 18.
    #[serde(default, skip_serializing_if = "is_default")]
    pub period: bool,
    /// Which rows are held to it: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enforcement: Enforcement,
}

/// What a foreign key does to the referring row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Refuses, at the end of the statement or, deferred, of the transaction.
    #[default]
    NoAction,
    /// Refuses at once.
    Restrict,
    /// Deletes or changes it too.
    Cascade,
    /// Sets its columns to NULL.
    SetNull,
    /// Sets its columns to their defaults; MySQL and MariaDB refuse it.
    SetDefault,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deferrable {
    /// With each statement, always.
    #[default]
    No,
    /// With each statement, unless the transaction asks otherwise.
    InitiallyImmediate,
    /// At the end of the transaction.
    InitiallyDeferred,
}

/// How a foreign key of several columns treats NULL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// One NULL among the columns is enough not to refer.
    #[default]
    Simple,
    /// All of them or none are NULL.
    Full,
}

/// A condition that every row meets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Its name.
    pub label: Label,
    /// The condition.
    pub expr: Expr,
    /// Which rows are held to it: PostgreSQL, and MySQL but for `NOT VALID`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enforcement: Enforcement,
    /// Holds for this table alone, and not for those that inherit from it: PostgreSQL's `NO INHERIT`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub no_inherit: bool,
}

/// Which rows a check or a foreign key holds for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enforcement {
    /// All of them.
    #[default]
    Full,
    /// Those that are written from now on; nobody has looked at the others yet: PostgreSQL's `NOT VALID`.
    NotValid,
    /// None: `NOT ENFORCED`, of PostgreSQL 18, and of MySQL for checks.
    NotEnforced,
}

impl Check {
    /// A check that holds for all rows.
    pub fn new(label: Label, expr: Expr) -> Self {
        Self { label, expr, enforcement: Enforcement::Full, no_inherit: false }
    }
}

/// No two rows conflict: PostgreSQL's EXCLUDE.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Its name.
    pub label: Label,
    /// What is compared, each with its operator. Two rows conflict when all of them hold.
    pub elements: Vec<ExclusionElement>,
    /// The index method; `gist` unless given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method: Option<String>,
    /// Only the rows that meet this are compared.
    #[serde(default, skip_serializing_if = "is_default")]
    pub predicate: Option<Expr>,
    /// When it is checked.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferrable: Deferrable,
    /// Columns kept in the index beside the key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub include: Vec<String>,
}

/// What an exclusion constraint compares, and how.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExclusionElement {
    /// The column or expression, with its operator class where that isn't the default.
    pub key: IndexKey,
    /// The operator: `=`, `&&`.
    pub operator: String,
}

/// Any constraint.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Constraint {
    /// A primary key.
    PrimaryKey(PrimaryKey),
    /// A unique constraint.
    Unique(Unique),
    /// A foreign key.
    ForeignKey(ForeignKey),
    /// A check.
    Check(Check),
    /// An exclusion constraint.
    Exclusion(Exclusion),
}

impl Constraint {
    /// Its label.
    pub fn label(&self) -> &Label {
        match self {
            Self::PrimaryKey(key) => &key.label,
            Self::Unique(unique) => &unique.label,
            Self::ForeignKey(key) => &key.label,
            Self::Check(check) => &check.label,
            Self::Exclusion(exclusion) => &exclusion.label,
        }
    }

    /// Its label, to change.
    pub fn label_mut(&mut self) -> &mut Label {
        match self {
            Self::PrimaryKey(key) => &mut key.label,
            Self::Unique(unique) => &mut unique.label,
            Self::ForeignKey(key) => &mut key.label,
            Self::Check(check) => &mut check.label,
            Self::Exclusion(exclusion) => &mut exclusion.label,
        }
    }

    /// What kind it is.
    pub fn kind(&self) -> ConstraintKind {
        match self {
            Self::PrimaryKey(_) => ConstraintKind::PrimaryKey,
            Self::Unique(_) => ConstraintKind::Unique,
            Self::ForeignKey(_) => ConstraintKind::ForeignKey,
            Self::Check(_) => ConstraintKind::Check,
            Self::Exclusion(_) => ConstraintKind::Exclusion,
        }
    }
}

/// The kinds of constraint; a drop names one, for MySQL has a statement of its own for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConstraintKind {
    /// A primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A foreign key.
    ForeignKey,
    /// A check.
    Check,
    /// An exclusion constraint.
    Exclusion,
}

impl fmt::Display for ConstraintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique constraint",
            Self::ForeignKey => "foreign key",
            Self::Check => "check",
            Self::Exclusion => "exclusion constraint",
        })
    }
}
