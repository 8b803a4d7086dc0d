//! What an attempt asks the database: the tables before a segment, and the checks of statements.

use dunlin_dsl::{Expect, Name, Row, Schema, Statement, StatementCheck, When, touched};

use super::{Attempt, Segment, Trouble};
use crate::error::{Error, Kind};

impl Attempt<'_, '_, '_> {
    /// The SQL of these operations.
    pub(super) fn render(&self, ops: &[dunlin_dsl::Op], before: &Schema) -> Result<Vec<Statement>, Trouble> {
        let layout = self.run.layout;
        let statements = layout.dialect.render(ops, before, &layout.server);
        statements.map_err(|error| Error::from_unsupported(error).into())
    }

    /// The tables that a segment touches, as they are before it; where an earlier attempt began it, as they were then.
    pub(super) async fn before(&mut self, index: usize, names: &[Name]) -> Result<Schema, Trouble> {
        let kept = self.work.attempted.and_then(|attempted| attempted.segments.get(&index));
        let Some(kept) = kept.filter(|_| self.journaled) else { return self.read(names).await };
        let unread = names.iter().filter(|name| !kept.touched.contains(name)).cloned();
        let mut before = kept.before.clone();
        before.tables.extend(self.read(&unread.collect::<Vec<_>>()).await?.tables);
        Ok(before)
    }

    /// Asks a statement's questions.
    pub(super) async fn check(&mut self, checks: &[StatementCheck], when: When) -> Result<(), Trouble> {
        for check in checks.iter().filter(|check| check.when == when) {
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
    pub(super) async fn ask_baseline(&mut self, statements: &[Statement]) -> Result<(), Trouble> {
        let checks = statements.iter().flat_map(|statement| &statement.checks);
        for check in checks.filter(|check| check.expect == Expect::Unchanged) {
            if !self.baseline.contains_key(&check.query) {
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
            let before = self.read(&touched(ops)).await?;
            // What can't be rendered until an earlier segment has run asks when its turn comes.
            if let Ok(statements) = self.render(ops, &before) {
                self.ask_baseline(&statements).await?;
            }
        }
        Ok(())
    }

    async fn read(&mut self, names: &[Name]) -> Result<Schema, Trouble> {
        if names.is_empty() {
            return Ok(Schema::new());
        }
        self.prepare_to_ask().await?;
        let dialect = self.run.layout.dialect;
        Ok(dialect.introspect(self.run.conn, names).await.map_err(Error::from_connection)?)
    }

    async fn ask(&mut self, query: &str) -> Result<Vec<Row>, Trouble> {
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
