//! What a run did, and how things stand.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::graph::Revision;
use crate::history::Applied;
use crate::plan::Direction;

/// What a run did, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The run's id, as history and journal have it; none where nothing was to be done.
    pub run_id: Option<String>,
    /// The revisions that were done.
    pub done: Vec<Done>,
    /// Revisions of which an attempt was open, and which a stamp has settled without changing whether they are applied.
    pub settled: Vec<String>,
    /// Revisions that are late and were left so.
    pub late: Vec<String>,
    /// Applied revisions whose code isn't what it was when they ran.
    pub edited: Vec<String>,
    /// Applied revisions whose code isn't here.
    pub missing: Vec<String>,
    /// Whether all of it was rolled back in the end, as [`Options::dry_run`](crate::Options::dry_run) wants it.
    pub dry_run: bool,
}

/// A revision that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Done {
    /// Its id.
    pub id: String,
    /// Which way.
    pub direction: Direction,
    /// How long it took, its commit included.
    #[serde(rename = "duration_ms", serialize_with = "milliseconds")]
    pub duration: Duration,
    /// How many statements ran for it.
    pub statements: usize,
}

impl Report {
    /// The ids of the revisions that were done, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.done.iter().map(|done| done.id.as_str())
    }

    /// The ids of the revisions that it left so, in the order in which they were done: one that was undone and applied again
    /// is applied.
    pub fn left(&self, direction: Direction) -> impl Iterator<Item = &str> {
        let places = self.done.iter().enumerate().map(|(place, done)| (done.id.as_str(), place));
        let last: BTreeMap<_, _> = places.collect();
        let done = self.done.iter().enumerate().filter(move |(_, done)| done.direction == direction);
        done.filter(move |(place, done)| last.get(done.id.as_str()) == Some(place))
            .map(|(_, done)| done.id.as_str())
    }

    /// Whether there was nothing to do.
    pub fn is_empty(&self) -> bool {
        self.done.is_empty() && self.settled.is_empty()
    }
}

/// How one revision stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Its id.
    pub id: String,
    /// What it is about, in words.
    pub message: String,
    /// The ids it comes after.
    pub revises: Vec<String>,
    /// The ids that must be applied before it.
    pub depends_on: Vec<String>,
    /// Names of the branch that begins with it.
    pub branch_labels: Vec<String>,
    /// When it was applied: RFC 3339, UTC, microseconds.
    pub applied_at: Option<String>,
    /// How long that took, in milliseconds, where it was measured.
    pub duration_ms: Option<u64>,
    /// Who did it, where that was told.
    pub applied_by: Option<String>,
    /// How it stands.
    pub state: State,
    /// Whether it is applied and the last attempt to undo it failed. If that left it half undone, it stands as failed; else it
    /// stands as if nobody had tried.
    pub undo_failed: bool,
    /// When the last attempt failed, where it did and is open.
    pub failed_at: Option<String>,
    /// What went wrong then.
    pub error: Option<String>,
}

/// How a revision stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum State {
    /// Applied, and its code is what it was.
    Applied,
    /// Not applied.
    Pending,
    /// Applied, and its code isn't what it was.
    Edited,
    /// Applied, and its code isn't here.
    Missing,
    /// Not applied, although one that comes after it is.
    Late,
    /// The last attempt to apply it failed; or, where it has a time of being applied, the last attempt to undo it did and left it
    /// half undone.
    Failed,
}

impl Status {
    /// Whether an undo of it began, failed, and can't be rolled back.
    pub fn is_half_undone(&self) -> bool {
        self.undo_failed && self.state == State::Failed
    }

    /// How a revision stands, from what code and history say of it.
    pub(crate) fn of(revision: Revision, applied: Option<&Applied>, state: State) -> Self {
        let Revision { id, message, revises, depends_on, branch_labels, .. } = revision;
        Self {
            id,
            message,
            revises,
            depends_on,
            branch_labels,
            applied_at: applied.map(|applied| applied.applied_at.clone()),
            duration_ms: applied.and_then(|applied| applied.duration_ms),
            applied_by: applied.and_then(|applied| applied.applied_by.clone()),
            state,
            undo_failed: false,
            failed_at: None,
            error: None,
        }
    }
}

impl State {
    /// Whether the database has it.
    pub fn is_applied(self) -> bool {
        matches!(self, Self::Applied | Self::Edited | Self::Missing)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Edited => "edited",
            Self::Missing => "missing",
            Self::Late => "late",
            Self::Failed => "failed",
        })
    }
}

fn milliseconds<S: Serializer>(duration: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
