//! Publications.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use super::name::Name;
use crate::is_default;

/// A publication: PostgreSQL.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Publication {
    /// It has every table; `tables` and `schemas` are empty then.
    #[serde(skip_serializing_if = "is_default")]
    pub all_tables: bool,
    /// The tables that it has.
    #[serde(skip_serializing_if = "is_default")]
    pub tables: BTreeSet<PublishedTable>,
    /// The schemas of which it has every table: PostgreSQL 15.
    #[serde(skip_serializing_if = "is_default")]
    pub schemas: BTreeSet<String>,
    /// What is published; all of it if this is empty.
    #[serde(skip_serializing_if = "is_default")]
    pub operations: BTreeSet<PublishedOperation>,
    /// Changes of partitions are published as changes of the table that they are of.
    #[serde(skip_serializing_if = "is_default")]
    pub via_root: bool,
    /// Stored generated columns are published: PostgreSQL 18.
    #[serde(skip_serializing_if = "is_default")]
    pub generated: bool,
}

/// A table of a publication.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedTable {
    /// The table.
    pub table: Name,
    /// The columns that are published; all of them unless given: PostgreSQL 15.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<String>,
    /// The rows that are published; all of them unless given: PostgreSQL 15.
    #[serde(default, skip_serializing_if = "is_default")]
    pub filter: Option<Expr>,
}

/// A kind of change that is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PublishedOperation {
    /// New rows.
    Insert,
    /// Changed rows.
    Update,
    /// Deleted rows.
    Delete,
    /// All rows gone at once.
    Truncate,
}
