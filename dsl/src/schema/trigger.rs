//! Triggers.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::constraint::Deferrable;
use super::expr::Expr;
use super::name::Name;
use crate::aside::Aside;
use crate::is_default;

/// A trigger of a table or a view.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// When it fires.
    pub timing: Timing,
    /// What makes it fire. SQLite, MySQL and MariaDB take one.
    pub events: BTreeSet<TriggerEvent>,
    /// Fires on an update of these columns alone: PostgreSQL, SQLite.
    #[serde(default, skip_serializing_if = "is_default")]
    pub update_of: Vec<String>,
    /// For each row, or once for each statement.
    #[serde(default, skip_serializing_if = "is_default")]
    pub each: Each,
    /// Fires where this holds: PostgreSQL, SQLite.
    #[serde(default, skip_serializing_if = "is_default")]
    pub when: Option<Expr>,
    /// What it does.
    pub action: TriggerAction,
    /// PostgreSQL: the name of all rows as they were.
    #[serde(default, skip_serializing_if = "is_default")]
    pub old_table: Option<String>,
    /// PostgreSQL: the name of all rows as they become.
    #[serde(default, skip_serializing_if = "is_default")]
    pub new_table: Option<String>,
    /// PostgreSQL: a constraint trigger.
    #[serde(default, skip_serializing_if = "is_default")]
    pub constraint: bool,
    /// PostgreSQL: when a constraint trigger fires.
    #[serde(default, skip_serializing_if = "is_default")]
    pub deferrable: Deferrable,
    /// PostgreSQL: the other table that a constraint trigger is about.
    #[serde(default, skip_serializing_if = "is_default")]
    pub from: Option<Name>,
    /// PostgreSQL: when it fires at all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub enabled: Enabled,
    /// MySQL and MariaDB: before or after which other trigger it fires. Its place is no part of a comparison.
    #[serde(default, skip_serializing_if = "Aside::is_empty")]
    pub order: Aside<Option<TriggerOrder>>,
}

/// When a trigger fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// Before the row is written.
    Before,
    /// After it.
    After,
    /// Instead, on a view.
    InsteadOf,
}

/// What makes a trigger fire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerEvent {
    /// A new row.
    Insert,
    /// A changed row.
    Update,
    /// A deleted row.
    Delete,
    /// All rows gone at once: PostgreSQL.
    Truncate,
}

/// How often a trigger fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Each {
    /// For each row.
    #[default]
    Row,
    /// Once for each statement: PostgreSQL.
    Statement,
}

/// What a trigger does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
pub enum TriggerAction {
    /// Runs this text, often `BEGIN .. END`: SQLite, MySQL, MariaDB.
    Body(Expr),
    /// Calls a function: PostgreSQL.
    Call {
        /// Its name.
        function: Name,
        /// What it is given.
        #[serde(default, skip_serializing_if = "is_default")]
        args: Vec<String>,
    },
}

/// When a trigger or a rule of PostgreSQL's fires at all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Enabled {
    /// Where data is written, and not where it is replicated to.
    #[default]
    Origin,
    /// Where data is replicated to alone.
    Replica,
    /// In both places.
    Always,
    /// Never.
    Disabled,
}

/// Beside which other trigger of the same table, event and timing one fires.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerOrder {
    /// After it.
    Follows(String),
    /// Before it.
    Precedes(String),
}
