//! A run while it holds the lock: its revisions one by one.

use std::collections::BTreeMap;
use std::time::Instant;

use super::Runner;
use super::attempt::{Fate, Outer, Run, Work, attempt};
use super::recorded::{Down, Up};
use crate::error::{Error, Kind, Result};
use crate::event::Event;
use crate::history;
use crate::journal::{self, Open};
use crate::layout::Layout;
use crate::lock::Session;
use crate::plan::Direction;
use crate::report::Report;

/// A run that holds the lock.
pub(super) struct Locked<'a, 'e> {
    pub(super) run: Run<'a, 'e>,
    pub(super) direction: Direction,
    /// What history says now: what is applied, with its checksum.
    pub(super) applied: BTreeMap<String, Option<String>>,
    /// What earlier attempts left.
    pub(super) open: Open,
    pub(super) of: usize,
    pub(super) number: usize,
    pub(super) report: Report,
}

impl Runner<'_> {
    /// Does work under the lock, and gives the lock and the settings back whatever becomes of it.
    pub(super) async fn locked(
        &mut self,
        layout: &Layout,
        direction: Direction,
        report: Report,
        work: impl AsyncFnOnce(&mut Locked<'_, '_>) -> Result<()>,
    ) -> Result<Report> {
        let began = Instant::now();
        let mut session = Session::open(self.conn, layout, &self.options, &mut self.listener).await?;
        let run_id = journal::run_id();
        let mut locked = Locked {
            run: Run {
                outer: if self.conn.owns_transactions() { Outer::None } else { Outer::Callers },
                conn: &mut *self.conn,
                layout,
                options: &self.options,
                session: &mut session,
                listener: &mut self.listener,
                id: &run_id,
                assumed: None,
            },
            direction,
            applied: BTreeMap::new(),
            open: Open::new(),
            of: 0,
            number: 0,
            report,
        };
        let outcome = work(&mut locked).await;
        let mut report = std::mem::take(&mut locked.report);
        let closed = session.close(self.conn).await;
        if let Err(error) = outcome.and(closed) {
            report.run_id = Some(run_id);
            return Err(error.with_report(&report));
        }
        if !report.done.is_empty() {
            report.run_id = Some(run_id.clone());
            self.listener.tell(|| Event::RunFinished { run_id, duration: began.elapsed() });
        }
        Ok(report)
    }
}

impl Locked<'_, '_> {
    /// Creates what is missing of Dunlin's own tables, and reads history again: what it said before the lock was held may
    /// have changed since.
    pub(super) async fn start(&mut self, revisions: Vec<String>) -> Result<()> {
        self.prepare().await?;
        self.of = revisions.len();
        let (run_id, direction) = (self.run.id.to_owned(), self.direction);
        self.run.listener.tell(|| Event::RunStarted { run_id, direction, revisions });
        Ok(())
    }

    pub(super) async fn prepare(&mut self) -> Result<()> {
        let run = &mut self.run;
        let is_within = run.outer != Outer::None;
        let mut history = history::read_again(run.conn, run.layout, is_within).await?;
        if !history.exists {
            history::create(run.conn, run.layout, run.session, run.listener, run.id, is_within).await?;
            history = history::read_again(run.conn, run.layout, is_within).await?;
        }
        self.open = journal::open(run.conn, run.layout).await?;
        let applied = history.into_applied().into_iter();
        self.applied = applied.map(|applied| (applied.revision, applied.checksum)).collect();
        Ok(())
    }

    pub(super) fn is_applied(&self, id: &str) -> bool {
        self.applied.contains_key(id)
    }

    pub(super) async fn apply(&mut self, up: &Up) -> Result<()> {
        let attempted = self.open.get(&(up.id.clone(), Direction::Up)).cloned();
        let work = Work {
            revision: &up.id,
            direction: Direction::Up,
            way: &up.way,
            written: up.written.clone(),
            checksum: Some(&up.checksum),
            kind: up.kind,
            attempted: attempted.as_ref(),
        };
        self.attempt(&work).await
    }

    pub(super) async fn undo(&mut self, down: &Down) -> Result<()> {
        let attempted = self.open.get(&(down.id.clone(), Direction::Down)).cloned();
        let work = Work {
            revision: &down.id,
            direction: Direction::Down,
            way: &down.way,
            written: None,
            checksum: None,
            kind: history::RUST,
            attempted: attempted.as_ref(),
        };
        self.attempt(&work).await
    }

    /// Does a revision, waiting where another migrator holds the lock.
    async fn attempt(&mut self, work: &Work<'_>) -> Result<()> {
        self.refuse_beside_half_done(work)?;
        self.number += 1;
        let (revision, direction) = (work.revision.to_owned(), work.direction);
        let (number, of) = (self.number, self.of);
        self.run.listener.tell(|| Event::RevisionStarted {
            revision: revision.clone(),
            direction,
            number,
            of,
        });
        loop {
            match attempt(&mut self.run, work).await? {
                Fate::Done(done) => {
                    let (duration, statements) = (done.duration, done.statements);
                    self.report.done.push(done);
                    self.open.remove(&(revision.clone(), direction));
                    self.run.listener.tell(|| Event::RevisionFinished {
                        revision,
                        direction,
                        duration,
                        statements,
                    });
                    return Ok(());
                }
                Fate::Elsewhere => {
                    self.open.remove(&(revision.clone(), direction));
                    self.run.listener.tell(|| Event::RevisionDoneElsewhere { revision });
                    return Ok(());
                }
                Fate::Refused => {
                    self.run.session.wait(self.run.conn, None, self.run.listener).await?;
                }
            }
        }
    }

    /// Refuses a revision while another one is half-done: it could take away what is done of that one, which the journal
    /// says is done, and nobody would notice that it is missing.
    fn refuse_beside_half_done(&self, work: &Work<'_>) -> Result<()> {
        let own = (work.revision, work.direction);
        let is_other = |(id, direction): &(String, Direction)| (id.as_str(), *direction) != own;
        let mut half_done = self.open.iter().filter(|(key, attempted)| is_other(key) && attempted.is_begun());
        let Some(((id, direction), attempted)) = half_done.next() else { return Ok(()) };
        let (command, way) = match direction {
            Direction::Up => ("upgrade", "applied"),
            Direction::Down => ("downgrade", "undone"),
        };
        let done = attempted.done.len() + attempted.unknown.len();
        let reason = format!("revision {id} is half {way}: {done} of its statements have run");
        let hint = format!(
            "finish that first with `dunlin {command}`, for which what is left of it may be changed; or undo by hand what is \
             done of it, and run `dunlin stamp` with the revision at which the database then is"
        );
        Err(Error::new(Kind::Refused(reason)).with_revision(work.revision).with_hint(hint))
    }
}
