//! How an attempt enters and leaves transactions.

use dunlin_dsl::ErrorKind;

use super::{Attempt, Trouble};
use crate::runner::flight::Part;

impl Attempt<'_, '_, '_> {
    /// Is in a transaction from here on, which proves the lock and writes what is owed to the journal.
    pub(super) fn enter(&mut self) {
        if !self.open {
            if self.owns {
                self.flight.push(Part::Begin, self.run.session.transactions.begin.to_owned());
            }
            if let Some(proof) = &self.run.session.lock.proof {
                self.flight.push(Part::Proof, proof.clone());
            }
            self.open = true;
        }
        for row in self.owed.drain(..) {
            self.flight.push(Part::Journal, row);
        }
    }

    /// Is in no transaction of its own from here on, once what waits is sent.
    pub(super) fn leave(&mut self) {
        if self.open && self.owns {
            self.flight.push(Part::Commit, self.run.session.transactions.commit.to_owned());
            self.open = false;
        }
    }

    /// Sends what waits. A transaction that can't begin, because another one holds the database, is tried again; and so is any
    /// statement of one that stays as it was when something is in its way, as a commit is on SQLite while others read.
    pub(super) async fn flush(&mut self) -> Result<(), Trouble> {
        let commits = self.flight.commits();
        while let Err(crash) = self.flight.send(self.run.conn).await {
            let run = &mut *self.run;
            let begins = crash.part == Part::Begin;
            let may_wait = match crash.error.kind {
                ErrorKind::Busy => begins || run.session.transactions.waits,
                ErrorKind::LockRefused => begins,
                _ => false,
            };
            if !may_wait {
                return Err(crash.into());
            }
            match run.session.wait(run.conn, None, run.listener).await {
                // What is in the way is known better than that it was waited for.
                Err(_) if !begins => return Err(crash.into()),
                waited => waited?,
            }
            self.flight.forget(crash.done);
        }
        self.places.retain(|number, _| *number == self.number);
        if commits {
            self.done.append(&mut self.uncommitted);
        }
        Ok(())
    }
}
