//! Rules.

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use super::trigger::Enabled;
use crate::is_default;

/// A rule of a table or a view: PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The command that it rewrites.
    pub event: RuleEvent,
    /// The command itself isn't done.
    #[serde(default, skip_serializing_if = "is_default")]
    pub instead: bool,
    /// It holds where this does.
    #[serde(default, skip_serializing_if = "is_default")]
    pub when: Option<Expr>,
    /// What is done: a command, several in brackets, or `NOTHING`.
    pub action: Expr,
    /// When it holds at all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: Enabled,
}

/// A command that a rule rewrites.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleEvent {
    /// A new row.
    Insert,
    /// A changed row.
    Update,
    /// A deleted row.
    Delete,
}
