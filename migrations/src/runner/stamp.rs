//! Says what is applied, without running it.

use std::time::Duration;

use super::attempt::{Outer, Run};
use super::locked::Locked;
use crate::error::{Error, Result};
use crate::history;
use crate::journal::{self, Outcome, Sql};
use crate::plan::Direction;
use crate::report::Done;

/// What a stamp changes in history.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// What counts as applied from now on: its id, its checksum and its kind.
    pub(super) applied: Vec<(String, String, &'static str)>,
    /// Revisions that don't any more.
    pub(super) removed: Vec<String>,
    /// Revisions of which an attempt is open: whoever stamps has seen to what it left.
    pub(super) close: Vec<String>,
}

impl Changes {
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
            statements.push(history::delete(run.layout, id)?);
            statements.push(row(run, id, Outcome::Unstamped)?);
            self.report.done.push(done(id, Direction::Down));
        }
        for (id, checksum, kind) in changes.applied.iter().filter(|(id, ..)| !self.applied.contains_key(id)) {
            let entry = history::Entry {
                revision: id,
                kind,
                checksum: Some(checksum),
                applied_at: None,
                duration: history::Duration::Milliseconds(0),
                run_id: run.id,
                applied_by: run.options.applied_by.as_deref(),
                tool_version: &run.options.tool_version,
                undo: None,
            };
            statements.push(entry.insert(run.layout)?);
            statements.push(row(run, id, Outcome::Stamped)?);
            self.report.done.push(done(id, Direction::Up));
        }
        let others = changes.close.iter().filter(|id| {
            !changes.removed.contains(id) && !changes.applied.iter().any(|(applied, ..)| applied == *id)
        });
        for id in others {
            let outcome = if self.applied.contains_key(id) { Outcome::Stamped } else { Outcome::Unstamped };
            statements.push(row(run, id, outcome)?);
        }
        if let Err(error) = self.write(statements).await {
            self.report.done.clear();
            return Err(error);
        }
        Ok(())
    }

    /// Takes files that run again whenever they change out of history.
    pub(super) async fn forget(&mut self, ids: &[String]) -> Result<()> {
        let mut statements = Vec::new();
        for id in ids.iter().filter(|id| self.applied.contains_key(*id)) {
            statements.push(history::delete(self.run.layout, id)?);
            statements.push(row(&self.run, id, Outcome::Unstamped)?);
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
        let Err(failed) = run.conn.batch(&statements).await else { return Ok(()) };
        if owns {
            // What failed is worth more than a rollback's own failure.
            let _ = run.conn.execute(run.session.transactions.rollback).await;
        }
        Err(Error::from_connection(failed.error))
    }
}

fn row(run: &Run<'_, '_>, id: &str, outcome: Outcome) -> Result<String> {
    let entry = journal::Entry {
        run_id: run.id,
        revision: id,
        direction: None,
        statement: None,
        sql: Sql::None,
        outcome,
        detail: None,
    };
    entry.insert(run.layout)
}

fn done(id: &str, direction: Direction) -> Done {
    Done { id: id.to_owned(), direction, duration: Duration::ZERO, statements: 0 }
}
