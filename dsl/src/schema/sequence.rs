//! Sequences.

use serde::{Deserialize, Serialize};

use super::name::Name;
use super::types::ColumnType;

/// A sequence: PostgreSQL, MariaDB. What isn't given is the server's own choice.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Sequence {
    /// The type of its numbers; `bigint` unless given.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub ty: Option<ColumnType>,
    /// The first number; the least one of an ascending sequence unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<i64>,
    /// The step; 1 unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub increment: Option<i64>,
    /// The least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<i64>,
    /// The greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<i64>,
    /// How many numbers a session takes at once; 1 on PostgreSQL and 1000 on MariaDB unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<i64>,
    /// Begins again after the last number.
    #[serde(skip_serializing_if = "crate::is_default")]
    pub cycle: bool,
    /// The column with which it goes: PostgreSQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owned_by: Option<OwnedBy>,
    /// Not written ahead: PostgreSQL 15.
    #[serde(skip_serializing_if = "crate::is_default")]
    pub unlogged: bool,
}

/// The column that a sequence belongs to, and with which it is dropped.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnedBy {
    /// The table.
    pub table: Name,
    /// The column.
    pub column: String,
}
