//! Scheduled events.

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use crate::is_default;

/// A scheduled event: MySQL, MariaDB.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduledEvent {
    /// When it runs.
    pub schedule: Schedule,
    /// The statement that it runs, often `BEGIN .. END`.
    pub body: Expr,
    /// It stays after its last run.
    #[serde(default, skip_serializing_if = "is_default")]
    pub preserve: bool,
    /// Whether it runs at all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub state: EventState,
}

/// When an event runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
pub enum Schedule {
    /// Once: `'2030-01-01 00:00:00'`. The server keeps the time and not the expression.
    At(Expr),
    /// Again and again.
    Every {
        /// How often, in the server's words: `1 DAY`, `'1:30' HOUR_MINUTE`.
        interval: String,
        /// From when on; the server takes the time of creation unless given, keeps it, and so it is read back.
        #[serde(default, skip_serializing_if = "is_default")]
        starts: Option<Expr>,
        /// Until when.
        #[serde(default, skip_serializing_if = "is_default")]
        ends: Option<Expr>,
    },
}

/// Whether an event runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventState {
    /// It does.
    #[default]
    Enabled,
    /// It doesn't.
    Disabled,
    /// It does where it was created, and not on a replica.
    DisabledOnReplica,
}
