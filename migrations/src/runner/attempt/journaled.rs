//! What a journaled attempt writes down, and what it makes of an earlier one's rows.

use super::{Attempt, Trouble};
use crate::checksum;
use crate::error::{Error, FailedStatement, Kept, Kind, Result};
use crate::event::Event;
use crate::journal::{Entry, Outcome, Segment, Sql};
use crate::runner::flight::Part;

impl Attempt<'_, '_, '_> {
    /// Turns an attempt that was to be one transaction into a journaled one, for `statement` can't be in it. What ran in
    /// the open transaction is written down in it, and so commits with it.
    pub(super) fn become_journaled(&mut self, statement: &str) -> Result<(), Trouble> {
        if !self.owns {
            let (outer, hint) = self.outer();
            let reason = format!("can't run in {outer}: {statement}");
            return Err(Error::new(Kind::Refused(reason)).with_hint(hint).into());
        }
        self.journaled = true;
        self.owed.append(&mut self.deferred);
        Ok(())
    }

    /// Whether rows of the journal are made now, to be written or to be at hand.
    pub(super) fn keeps_rows(&self) -> bool {
        self.journaled || self.defers
    }

    /// Writes down a segment, and the statements that are to run.
    pub(super) fn write_plan<'s>(
        &mut self,
        segment: &Segment,
        statements: impl Iterator<Item = Sql<'s>>,
    ) -> Result<(), Trouble> {
        // A segment always has a JSON form, as operations have.
        let detail = serde_json::to_string(segment).unwrap_or_default();
        self.row(Outcome::Segment, None, Sql::None, Some(&detail))?;
        for (number, sql) in (self.number + 1..).zip(statements) {
            self.row(Outcome::Planned, Some(number), sql, None)?;
        }
        Ok(())
    }

    /// Writes down, in the transaction in which a statement runs, that it is done.
    pub(super) fn record_done(&mut self, number: usize, hash: &str) -> Result<(), Trouble> {
        if self.journaled {
            let row = self.journal_row(Outcome::Done, Some(number), Sql::Hash(hash), None)?;
            self.flight.push(Part::Journal, row);
        } else if self.defers {
            self.row(Outcome::Done, Some(number), Sql::Hash(hash), None)?;
        }
        self.uncommitted.push(number);
        Ok(())
    }

    /// A row that the next transaction writes, or that is kept in case there will be one.
    pub(super) fn row(
        &mut self,
        outcome: Outcome,
        statement: Option<usize>,
        sql: Sql<'_>,
        detail: Option<&str>,
    ) -> Result<(), Trouble> {
        let row = self.journal_row(outcome, statement, sql, detail)?;
        if self.journaled {
            self.owed.push(row)
        } else {
            self.deferred.push(row)
        }
        Ok(())
    }

    pub(super) fn journal_row(
        &self,
        outcome: Outcome,
        statement: Option<usize>,
        sql: Sql<'_>,
        detail: Option<&str>,
    ) -> Result<String> {
        let (revision, direction) = (self.work.revision, Some(self.work.direction));
        let entry = Entry { run_id: self.run.id, revision, direction, statement, sql, outcome, detail };
        entry.insert(self.run.layout)
    }

    /// Whether an earlier attempt did this statement. One that it did, and that means something else now, is an error; how it
    /// may be done is no part of that, for it is lifted after the server has refused a later one.
    pub(super) fn is_finished(&mut self, number: usize, sql: &str, meaning: &str) -> Result<bool> {
        let Some(attempted) = self.work.attempted else { return Ok(false) };
        match attempted.done.get(&number) {
            None => Ok(false),
            Some(hash) if [meaning, sql].map(checksum::hash).contains(hash) => {
                self.done.push(number);
                let revision = self.work.revision;
                let event = || Event::StatementSkipped { revision: revision.to_owned(), number };
                self.run.listener.tell(event);
                Ok(true)
            }
            Some(_) => {
                self.done.push(number);
                Err(self.changed(number, Some(sql.to_owned())))
            }
        }
    }

    /// Refuses a revision that no longer has a statement which an earlier attempt did.
    pub(super) fn refuse_lost_statements(&self) -> Result<()> {
        let lost = self.work.attempted.and_then(|a| a.done.range(self.number + 1..).next());
        lost.map_or(Ok(()), |(number, _)| Err(self.changed(*number, None)))
    }

    /// Refuses to go on where an earlier attempt began a statement of which no outcome is known.
    pub(super) fn refuse_unknown(&self) -> Result<()> {
        let Some(attempted) = self.work.attempted else { return Ok(()) };
        let Some(number) = attempted.unknown.first().copied() else { return Ok(()) };
        let done: Vec<_> = attempted.done.keys().copied().collect();
        let unknown = attempted.unknown.clone();
        let known = |number: &usize| done.contains(number) || unknown.contains(number);
        let left = attempted.planned.keys().filter(|number| !known(number)).copied().collect();
        let sql = attempted.planned.get(&number).cloned().flatten().unwrap_or_default();
        let id = self.work.revision;
        Err(Error::new(Kind::Interrupted { number })
            .with_revision(id)
            .with_statement(FailedStatement::new(number, None, sql))
            .with_kept(Kept::Statements { done, unknown, left })
            .with_hint(format!(
                "look whether it was done; then finish the revision by hand and run `dunlin stamp {id}`, or undo by hand \
                 what is done of it and run `dunlin stamp` with the revision before it"
            )))
    }

    fn changed(&self, number: usize, now: Option<String>) -> Error {
        let was = self.work.attempted.and_then(|attempted| attempted.planned.get(&number)?.clone());
        Error::new(Kind::FinishedChanged { number, was, now })
            .with_hint("write finished statements as they were, and change those that are left")
    }
}
