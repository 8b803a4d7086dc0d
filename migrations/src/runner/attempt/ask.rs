//! What an attempt asks the database: the tables before a segment, and the checks of statements.

use dunlin_dsl::{
    Expect, Guard, Object, ObjectId, Op, Row, Schema, Statement, StatementCheck, Table, When, touched,
};

use super::{Attempt, Segment, Trouble};
use crate::error::{Error, Kind};

impl Attempt<'_, '_, '_> {
    /// The SQL of these operations.
    pub(super) fn render(&self, ops: &[Op], before: &Schema) -> Result<Vec<Statement>, Trouble> {
        let layout = self.run.layout;
        let statements = layout.dialect.render(ops, before, &layout.server);
        statements.map_err(|error| Error::from_unsupported(error).into())
    }

    /// The tables that a segment touches, as they are before it; where an earlier attempt began it, as they were then.
    pub(super) async fn before(
        &mut self,
        index: usize,
        ops: &[Op],
        ids: &[ObjectId],
    ) -> Result<Schema, Trouble> {
        if let Some(assumed) = &self.run.assumed {
            return Ok(assumed.before(self.run.layout, ops)?);
        }
        let kept = self.work.attempted.and_then(|attempted| attempted.segments.get(&index));
        // What none of its statements has changed yet is read anew: someone may have changed it by hand since.
        let begun = self.work.attempted.is_some_and(|a| a.done.range(self.number + 1..).next().is_some());
        let Some(kept) = kept.filter(|_| self.journaled && begun) else { return self.read(ids).await };
        // As the tables were when the attempt began, beside what stands on them now: a failed attempt may have left something.
        let mut before = self.read(ids).await?;
        for id in &kept.touched {
            let now = before.tables.remove(&id.name);
            if let Some(then) = kept.before.get(&id.name) {
                let notes = now.map_or_else(|| then.notes.clone(), |now| now.notes);
                before.insert(Table { notes, ..then.clone() });
            }
            if let Some(then) = kept.before.object(id) {
                let now = before.objects.remove(&then.id);
                let notes = now.map_or_else(|| then.notes.clone(), |now| now.notes);
                before.insert_object(Object { notes, ..then.clone() });
            }
        }
        Ok(before)
    }

    /// Whether an earlier attempt did a statement, and the catalog says that it isn't so any more: what it cleared away
    /// may have come back with what failed behind it.
    pub(super) async fn is_undone_since(
        &mut self,
        number: usize,
        statement: &Statement,
    ) -> Result<bool, Trouble> {
        let did = self.work.attempted.is_some_and(|attempted| attempted.done.contains_key(&number));
        let Some(probe) = statement.probe.as_ref().filter(|_| did) else { return Ok(false) };
        let rows = self.ask(&probe.query).await?;
        Ok(rows.first().and_then(|row| row.text(0)).as_ref() != Some(&probe.done))
    }

    /// Asks a statement's questions.
    pub(super) async fn check(&mut self, checks: &[StatementCheck], when: When) -> Result<(), Trouble> {
        for check in checks.iter().filter(|check| check.when == when) {
            if self.run.assumed.is_some() {
                let guard = self.guard(check)?;
                self.tell_all(&guard.prove).await?;
                continue;
            }
            let rows = self.ask(&check.query).await?;
            let right = match &check.expect {
                Expect::Empty => rows.is_empty(),
                Expect::Text(text) => rows.first().and_then(|row| row.text(0)).as_ref() == Some(text),
                Expect::Unchanged => self.baseline.get(&check.query) == Some(&rows),
            };
            if !right {
                let message = check.message.clone();
                return Err(Error::new(Kind::Check { message, found: shown(&rows) }).into());
            }
        }
        Ok(())
    }

    /// Asks beforehand what must be the same afterwards.
    pub(super) async fn ask_baseline(&mut self, checks: &[StatementCheck]) -> Result<(), Trouble> {
        for check in checks.iter().filter(|check| check.expect == Expect::Unchanged) {
            if self.baseline.contains_key(&check.query) {
                continue;
            }
            if self.run.assumed.is_some() {
                let guard = self.guard(check)?;
                self.tell_all(&guard.keep).await?;
                self.baseline.insert(check.query.clone(), Vec::new());
            } else {
                let rows = self.ask(&check.query).await?;
                self.baseline.insert(check.query.clone(), rows);
            }
        }
        Ok(())
    }

    /// Asks, before the first statement, what later segments must leave unchanged: what surrounds the transaction may
    /// have switched off what would have refused an earlier segment's rows.
    pub(super) async fn ask_ahead(&mut self, segments: &[Segment<'_>]) -> Result<(), Trouble> {
        for segment in segments.iter().skip(1) {
            let Segment::Ops(ops) = segment else { continue };
            let before = match &self.run.assumed {
                Some(assumed) => assumed.before(self.run.layout, ops).unwrap_or_default(),
                None => self.read(&touched(ops)).await?,
            };
            // What can't be rendered until an earlier segment has run asks when its turn comes.
            if let Ok(statements) = self.render(ops, &before) {
                self.ask_baseline(&checks(&statements)).await?;
            }
        }
        Ok(())
    }

    fn guard(&self, check: &StatementCheck) -> Result<Guard, Error> {
        let layout = self.run.layout;
        layout.dialect.guard(check, &layout.server).map_err(Error::from_unsupported)
    }

    async fn tell_all(&mut self, statements: &[String]) -> Result<(), Trouble> {
        self.prepare_to_ask().await?;
        let told = self.run.conn.batch(statements).await;
        Ok(told.map_err(|failed| Error::from_connection(failed.error))?)
    }

    async fn read(&mut self, ids: &[ObjectId]) -> Result<Schema, Trouble> {
        if ids.is_empty() {
            return Ok(Schema::new());
        }
        self.prepare_to_ask().await?;
        let dialect = self.run.layout.dialect;
        Ok(dialect.introspect(self.run.conn, ids).await.map_err(Error::from_connection)?)
    }

    pub(super) async fn ask(&mut self, query: &str) -> Result<Vec<Row>, Trouble> {
        self.prepare_to_ask().await?;
        Ok(self.run.conn.query(query).await.map_err(Error::from_connection)?)
    }

    /// What is asked is asked inside the transaction, where there is one, and after all that came before.
    async fn prepare_to_ask(&mut self) -> Result<(), Trouble> {
        if self.transactional {
            self.enter();
        }
        self.flush().await
    }
}

/// What must be true around statements.
pub(super) fn checks(statements: &[Statement]) -> Vec<StatementCheck> {
    statements.iter().flat_map(|statement| statement.checks.clone()).collect()
}

/// The first rows of an answer, for an error.
fn shown(rows: &[Row]) -> String {
    let value = |row: &Row, index| row.text(index).unwrap_or_else(|| "NULL".into());
    let row = |row: &Row| (0..row.0.len()).map(|index| value(row, index)).collect::<Vec<_>>().join(", ");
    let mut texts: Vec<_> = rows.iter().take(3).map(row).collect();
    if rows.len() > texts.len() {
        texts.push("...".into());
    }
    texts.join("; ")
}
