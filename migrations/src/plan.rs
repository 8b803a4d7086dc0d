//! What a run would do, as data.

use std::fmt;

use dunlin_dsl::{Hazard, Place};
use serde::Serialize;

/// Which way a revision goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// It is applied.
    Up,
    /// It is undone.
    Down,
}

impl Direction {
    /// `up` or `down`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a run would do: revisions in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Plan {
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One revision of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The revision's id.
    pub id: String,
    /// Which way it goes.
    pub direction: Direction,
    /// Its operations, each in a line.
    pub operations: Vec<String>,
    /// Its statements, as far as they can be told without reading the tables it changes.
    pub statements: Vec<PlannedStatement>,
    /// Whether these are all. Statements that depend on what the database then holds are decided when they run.
    pub complete: bool,
}

/// A statement of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedStatement {
    /// The SQL.
    pub sql: String,
    /// Where it runs.
    pub place: Place,
    /// What it may do to a busy or filled database.
    pub hazards: Vec<Hazard>,
}
