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

    /// Sends what waits. A transaction that can't begin, because another one holds the database, is tried again.
    pub(super) async fn flush(&mut self) -> Result<(), Trouble> {
        let commits = self.flight.commits();
        while let Err(crash) = self.flight.send(self.run.conn).await {
            let busy = matches!(crash.error.kind, ErrorKind::Busy | ErrorKind::LockRefused);
            if !(crash.part == Part::Begin && busy) {
                return Err(crash.into());
            }
            self.run.session.wait(self.run.conn, None, self.run.listener).await?;
        }
        self.places.retain(|number, _| *number == self.number);
        if commits {
            self.done.append(&mut self.uncommitted);
        }
        Ok(())
    }
}
