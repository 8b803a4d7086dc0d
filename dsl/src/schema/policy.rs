//! Row-level security.

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use crate::is_default;

/// A policy of a table: PostgreSQL.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Policy {
    /// The command that it is for.
    #[serde(skip_serializing_if = "is_default")]
    pub command: PolicyCommand,
    /// It narrows what the others allow.
    #[serde(skip_serializing_if = "is_default")]
    pub restrictive: bool,
    /// Whom it is for; everyone unless given.
    #[serde(skip_serializing_if = "is_default")]
    pub roles: Vec<String>,
    /// Which rows can be seen.
    #[serde(skip_serializing_if = "is_default")]
    pub using: Option<Expr>,
    /// Which rows can be written; those that can be seen unless given.
    #[serde(skip_serializing_if = "is_default")]
    pub with_check: Option<Expr>,
}

/// The command that a policy is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyCommand {
    /// Every command.
    #[default]
    All,
    /// Reading.
    Select,
    /// New rows.
    Insert,
    /// Changed rows.
    Update,
    /// Deleted rows.
    Delete,
}

/// Whether a table's policies hold: PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct RowSecurity {
    /// For everyone but the table's owner.
    #[serde(skip_serializing_if = "is_default")]
    pub enabled: bool,
    /// For its owner too.
    #[serde(skip_serializing_if = "is_default")]
    pub forced: bool,
}
