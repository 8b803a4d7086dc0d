//! Statements that are sent together, each with what it is for.

use std::collections::BTreeMap;

use dunlin_dsl::{Connection, ConnectionError};

/// What a statement in a flight is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Begins a transaction.
    Begin,
    /// Proves the lock.
    Proof,
    /// Is the revision's own, by its number.
    Statement(usize),
    /// Writes or removes the revision's row in history.
    History,
    /// Writes a row of the journal.
    Journal,
    /// Commits.
    Commit,
}

/// Statements that wait to be sent.
#[derive(Debug, Default)]
pub(super) struct Flight {
    statements: Vec<String>,
    /// The texts in the revision, by place, of statements that are sent with other ones.
    written: BTreeMap<usize, String>,
    parts: Vec<Part>,
    bytes: usize,
}

/// More than this isn't kept waiting.
const HEAVY_BYTES: usize = 1024 * 1024;

/// The statement of a flight that failed.
#[derive(Debug)]
pub(super) struct Crash {
    pub(super) part: Part,
    /// The statement, as it stands in the revision.
    pub(super) sql: String,
    pub(super) error: ConnectionError,
    /// Whether a commit was among what was sent.
    pub(super) commits: bool,
    /// How many statements before it were done.
    pub(super) done: usize,
}

impl Flight {
    /// Puts a statement behind those that wait.
    pub(super) fn push(&mut self, part: Part, sql: String) {
        self.bytes += sql.len();
        self.parts.push(part);
        self.statements.push(sql);
    }

    /// The same with a statement that is sent with another text than it has in the revision.
    pub(super) fn push_filled(&mut self, part: Part, written: String, sent: String) {
        self.written.insert(self.statements.len(), written);
        self.push(part, sent);
    }

    /// Whether so much waits that it is better sent.
    pub(super) fn is_heavy(&self) -> bool {
        self.bytes > HEAVY_BYTES
    }

    /// Gives back the rows of the journal that stand before the first statement of a flight that was rolled back: they tell
    /// of what was done before it.
    pub(super) fn take_owed(&mut self) -> Vec<String> {
        let parts = std::mem::take(&mut self.parts);
        let statements = std::mem::take(&mut self.statements).into_iter();
        self.written.clear();
        self.bytes = 0;
        let before =
            parts.into_iter().zip(statements).take_while(|(part, _)| !matches!(part, Part::Statement(_)));
        before.filter(|(part, _)| *part == Part::Journal).map(|(_, row)| row).collect()
    }

    /// Whether a commit waits to be sent.
    pub(super) fn commits(&self) -> bool {
        self.parts.contains(&Part::Commit)
    }

    /// Forgets the first so many, which are done.
    pub(super) fn forget(&mut self, done: usize) {
        let done = done.min(self.statements.len());
        self.bytes -= self.statements.drain(..done).map(|sql| sql.len()).sum::<usize>();
        self.parts.drain(..done);
        let written = std::mem::take(&mut self.written).into_iter();
        self.written = written.filter_map(|(place, sql)| Some((place.checked_sub(done)?, sql))).collect();
    }

    /// Sends all that waits. After a failure it still waits, so that it can be sent again.
    pub(super) async fn send(&mut self, conn: &mut dyn Connection) -> Result<(), Crash> {
        if self.statements.is_empty() {
            return Ok(());
        }
        conn.batch(&self.statements).await.map_err(|failed| Crash {
            part: self.parts.get(failed.index).copied().unwrap_or(Part::Commit),
            sql: (self.written.get(&failed.index).or(self.statements.get(failed.index)).cloned())
                .unwrap_or_default(),
            error: failed.error,
            commits: self.commits(),
            done: failed.index,
        })?;
        self.statements.clear();
        self.written.clear();
        self.parts.clear();
        self.bytes = 0;
        Ok(())
    }
}
