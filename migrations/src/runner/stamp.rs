//! Says what is applied, without running it.

use std::time::Duration;

use super::attempt::Outer;
use super::locked::Locked;
use crate::error::{Error, Result};
use crate::history::{self, History};
use crate::journal::{self, Outcome, Sql};
use crate::layout::Layout;
use crate::options::Options;
use crate::plan::Direction;
use crate::report::Done;
use crate::script::FileRevision;

/// What a stamp changes in history.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// What counts as applied from now on: its id, its checksum and its kind.
    pub(super) applied: Vec<(String, String, &'static str)>,
    /// Of those, what ran before it changed.
    pub(super) replaced: Vec<String>,
    /// Revisions that don't any more.
    pub(super) removed: Vec<String>,
    /// Revisions of which an attempt is open: whoever stamps has seen to what it left.
    pub(super) close: Vec<String>,
}

/// The files that run again whenever they change, of those that a target names, and the target without them.
pub(super) fn repeatables_of(files: &[FileRevision], target: &str) -> (Vec<FileRevision>, Option<String>) {
    let file = |name: &str| files.iter().find(|file| file.id == name);
    let others: Vec<_> = target.split(',').filter(|name| file(name).is_none()).collect();
    let named = target.split(',').filter_map(file).cloned().collect();
    (named, (!others.is_empty()).then(|| others.join(",")))
}

impl Changes {
    /// These files, which run again whenever they change, count as run as they now are.
    pub(super) fn again<'f>(&mut self, files: impl Iterator<Item = &'f FileRevision>, history: &History) {
        for file in files {
            self.replaced.extend(history.get(&file.id).map(|applied| applied.revision.clone()));
            self.applied.push((file.id.clone(), file.checksum.clone(), history::REPEATABLE));
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.applied.is_empty() && self.removed.is_empty() && self.close.is_empty()
    }
}

impl Locked<'_, '_> {
    /// Makes the changes, all of them in one transaction: it holds rows only, which every server rolls back.
    pub(super) async fn stamp(&mut self, changes: &Changes) -> Result<()> {
        self.prepare().await?;
        let run = &mut self.run;
        let mut statements = Vec::new();
        for id in changes.removed.iter().filter(|id| self.applied.contains_key(*id)) {
            statements.extend(unstamped(run.layout, run.id, id)?);
            self.report.done.push(done(id, Direction::Down));
        }
        let is_new = |id: &String| changes.replaced.contains(id) || !self.applied.contains_key(id);
        for (id, checksum, kind) in changes.applied.iter().filter(|(id, ..)| is_new(id)) {
            if self.applied.contains_key(id) {
                statements.push(history::delete(run.layout, id)?);
            }
            statements.extend(stamped(run.layout, run.options, run.id, id, checksum, kind)?);
            self.report.done.push(done(id, Direction::Up));
        }
        let others = changes.close.iter().filter(|id| {
            !changes.removed.contains(id) && !changes.applied.iter().any(|(applied, ..)| applied == *id)
        });
        for id in others {
            let outcome = if self.applied.contains_key(id) { Outcome::Stamped } else { Outcome::Unstamped };
            statements.push(row(run.layout, run.id, id, outcome)?);
            self.report.settled.push(id.clone());
        }
        if let Err(error) = self.write(statements).await {
            self.report.done.clear();
            self.report.settled.clear();
            return Err(error);
        }
        Ok(())
    }

    /// Takes files that run again whenever they change out of history.
    pub(super) async fn forget(&mut self, ids: &[String]) -> Result<()> {
        let mut statements = Vec::new();
        for id in ids.iter().filter(|id| self.applied.contains_key(*id)) {
            statements.extend(unstamped(self.run.layout, self.run.id, id)?);
        }
        if statements.is_empty() { Ok(()) } else { self.write(statements).await }
    }

    /// Runs statements about Dunlin's own rows, in one transaction.
    pub(super) async fn write(&mut self, mut statements: Vec<String>) -> Result<()> {
        let run = &mut self.run;
        let owns = run.outer == Outer::None;
        if owns {
            run.session.begin(run.conn, run.listener).await?;
            statements.push(run.session.transactions.commit.to_owned());
        }
        if let Some(proof) = &run.session.lock.proof {
            statements.insert(0, proof.clone());
        }
        let sent = match owns {
            true => run.session.send(run.conn, &statements, run.listener).await,
            false => run.conn.batch(&statements).await,
        };
        let Err(failed) = sent else { return Ok(()) };
        if owns {
            // What failed is worth more than a rollback's own failure.
            let _ = run.conn.execute(run.session.transactions.rollback).await;
        }
        Err(Error::from_connection(failed.error))
    }
}

/// The rows by which a revision counts as applied from now on.
pub(super) fn stamped(
    layout: &Layout,
    options: &Options,
    run_id: &str,
    id: &str,
    checksum: &str,
    kind: &str,
) -> Result<[String; 2]> {
    let entry = history::Entry {
        revision: id,
        kind,
        checksum: Some(checksum),
        applied_at: None,
        duration: history::Duration::Milliseconds(0),
        run_id,
        applied_by: options.applied_by.as_deref(),
        tool_version: &options.tool_version,
        undo: None,
    };
    Ok([entry.insert(layout)?, row(layout, run_id, id, Outcome::Stamped)?])
}

/// The statements by which it doesn't any more.
pub(super) fn unstamped(layout: &Layout, run_id: &str, id: &str) -> Result<[String; 2]> {
    Ok([history::delete(layout, id)?, row(layout, run_id, id, Outcome::Unstamped)?])
}

fn row(layout: &Layout, run_id: &str, id: &str, outcome: Outcome) -> Result<String> {
    let entry = journal::Entry {
        run_id,
        revision: id,
        direction: None,
        statement: None,
        sql: Sql::None,
        outcome,
        detail: None,
    };
    entry.insert(layout)
}

fn done(id: &str, direction: Direction) -> Done {
    Done { id: id.to_owned(), direction, duration: Duration::ZERO, statements: 0 }
}
