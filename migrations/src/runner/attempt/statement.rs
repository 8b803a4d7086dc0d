//! One statement of an attempt: in its transaction, or alone.

use dunlin_dsl::{HazardKind, Place, Setting, Statement, When};

use super::Attempt;
use super::failure::Trouble;
use crate::checksum;
use crate::error::{Error, FailedStatement, Kind};
use crate::event::Event;
use crate::journal::{Outcome, Sql};
use crate::runner::attempt::Outer;

/// In which transaction a statement may be where DDL has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// In none, for it may be DDL.
    None,
    /// In one of its own: it isn't known of what comes before it and behind it whether they could share it.
    Own,
    /// In one with those around it that change rows and nothing else.
    Shared,
}

impl Attempt<'_, '_, '_> {
    /// One statement, with its checks.
    pub(super) async fn statement(&mut self, statement: Statement, holder: Holder) -> Result<(), Trouble> {
        self.number += 1;
        let number = self.number;
        if !self.is_undone_since(number, &statement).await?
            && self.is_finished(number, &statement.sql, statement.meaning())?
        {
            return Ok(());
        }
        self.check(&statement.checks, When::Before).await?;
        let revision = self.work.revision;
        let hash = if self.keeps_rows() { checksum::hash(statement.meaning()) } else { String::new() };
        let Statement { sql, place, commit_after, checks, settings, hazards, .. } = statement;
        let risks = hazards.into_iter().filter(|hazard| hazard.kind == HazardKind::MayFail);
        let risks: Vec<String> = risks.map(|hazard| hazard.message).collect();
        if !risks.is_empty() {
            self.risks.insert(number, risks.join(", and "));
        }
        let event = || Event::Statement { revision: revision.to_owned(), number, sql: sql.clone() };
        self.run.listener.tell(event);
        let shares = holder == Holder::Shared && self.may_share().await?;
        if place == Place::Outside || !(self.transactional || holder != Holder::None) {
            // It may have made a table that keeps what is rolled back.
            self.shares = None;
            self.alone(number, &sql, &hash, &settings).await?;
        } else {
            self.enter();
            self.send(sql)?;
            self.record_done(number, &hash)?;
            if self.journaled && (!(self.transactional || shares) || commit_after) {
                self.leave();
                self.flush().await?;
            }
            if self.flight.is_heavy() {
                self.flush().await?;
            }
        }
        self.check(&checks, When::After).await
    }

    /// Whether statements that change rows may share a transaction where DDL has none, so that all of them are undone or none.
    async fn may_share(&mut self) -> Result<bool, Trouble> {
        if let Some(shares) = self.shares {
            return Ok(shares);
        }
        let layout = self.run.layout;
        let query = layout.dialect.keeping_tables_query(&layout.server);
        let shares = match query.filter(|_| self.run.assumed.is_none()) {
            Some(query) => self.ask(query).await?.is_empty(),
            None => false,
        };
        self.shares = Some(shares);
        Ok(shares)
    }

    /// A statement that no transaction can hold: its intent is committed before it, its outcome after it. Its settings
    /// hold for it alone, and not for the journal's rows around it; the next attempt makes them again with it.
    async fn alone(
        &mut self,
        number: usize,
        sql: &str,
        hash: &str,
        settings: &[Setting],
    ) -> Result<(), Trouble> {
        self.leave();
        self.flush().await?;
        self.row(Outcome::Intent, Some(number), Sql::Hash(hash), None)?;
        self.enter();
        self.leave();
        self.flush().await?;
        let mark = self.run.session.mark();
        let held = self.run.session.hold(self.run.conn, self.run.layout, settings).await;
        // It is the statement that failed then, and the journal says so.
        let of = self.complete.then_some(self.total);
        held.map_err(|e| e.with_statement(FailedStatement::new(number, of, sql)))?;
        self.alone = Some(number);
        let sent = self.filled(sql)?;
        let ran = self.run.conn.execute(&sent).await;
        ran.map_err(|error| Trouble::Alone { sql: sql.to_owned(), error })?;
        self.alone = None;
        self.done.push(number);
        self.row(Outcome::Done, Some(number), Sql::Hash(hash), None)?;
        Ok(self.run.session.put_back(self.run.conn, mark).await?)
    }

    /// Hand-written SQL may have committed or rolled back: what follows would then run in no transaction, and be kept
    /// whatever becomes of the rest.
    pub(super) async fn refuse_ended_transaction(&mut self) -> Result<(), Trouble> {
        if !(self.transactional && self.run.outer != Outer::Callers && self.open) {
            return Ok(());
        }
        self.flush().await?;
        if self.run.conn.in_transaction().await.map_err(Error::from_connection)? {
            return Ok(());
        }
        self.ended = true;
        let reason = format!("statement {} ended the transaction that it ran in", self.number);
        let error = Error::new(Kind::Refused(reason));
        Err(error.with_hint("look what of it was kept, undo that by hand, and take COMMIT and ROLLBACK out of the revision").into())
    }
}
