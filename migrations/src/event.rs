//! What a run tells while it goes: the one source of progress bars, logs and JSON.

use std::time::Duration;

use serde::Serialize;

use crate::plan::Direction;

/// Something that happened, or is about to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// Another migrator is at work; this one waits. Told once, when the waiting begins.
    Waiting {
        /// Who holds the lock, in the server's words, where it can tell.
        holder: Option<String>,
    },
    /// Work begins.
    RunStarted {
        /// The run's id, as history and journal have it.
        run_id: String,
        /// Which way.
        direction: Direction,
        /// The revisions, in order.
        revisions: Vec<String>,
    },
    /// A revision begins.
    RevisionStarted {
        /// Which.
        revision: String,
        /// Which way.
        direction: Direction,
        /// Its place in the run, counted from 1.
        number: usize,
        /// How many there are in the run.
        of: usize,
    },
    /// A statement is on its way, alone or with others.
    Statement {
        /// The revision it serves.
        revision: String,
        /// Its number in the revision, counted from 1.
        number: usize,
        /// The SQL.
        sql: String,
    },
    /// A statement was done by an attempt before, and isn't run again.
    StatementSkipped {
        /// The revision it serves.
        revision: String,
        /// Its number in the revision, counted from 1.
        number: usize,
    },
    /// A file of SQL was read up to here, and what was read is done or on its way.
    Read {
        /// The revision it serves.
        revision: String,
        /// How far, in bytes of the way that is run.
        bytes: u64,
        /// How many there are.
        of_bytes: u64,
    },
    /// A data step is about to run.
    DataStep {
        /// The revision it serves.
        revision: String,
        /// The step's name.
        step: String,
    },
    /// A revision is done, and its transaction committed.
    RevisionFinished {
        /// Which.
        revision: String,
        /// Which way.
        direction: Direction,
        /// How long it took.
        duration: Duration,
        /// How many statements ran for it.
        statements: usize,
    },
    /// Another migrator did this revision while this one was about to.
    RevisionDoneElsewhere {
        /// Which.
        revision: String,
    },
    /// A revision failed; the error that follows says how.
    RevisionFailed {
        /// Which.
        revision: String,
    },
    /// These are pending although later ones are applied, and stay so.
    Late {
        /// Which.
        revisions: Vec<String>,
    },
    /// These are applied, and their code isn't what it was.
    Edited {
        /// Which.
        revisions: Vec<String>,
    },
    /// These are applied, and their code isn't here.
    Missing {
        /// Which.
        revisions: Vec<String>,
    },
    /// Work is over, and went well.
    RunFinished {
        /// The run's id.
        run_id: String,
        /// How long it took, waiting included.
        duration: Duration,
    },
}

/// Whoever listens, if anyone does.
pub(crate) struct Listener<'a>(pub(crate) Option<&'a mut (dyn FnMut(&Event) + Send)>);

impl Listener<'_> {
    /// Tells an event, which is made only where someone listens.
    pub(crate) fn tell(&mut self, event: impl FnOnce() -> Event) {
        if let Some(listener) = &mut self.0 {
            listener(&event());
        }
    }
}
