//! What an attempt asks the database: the tables before a segment, and the checks of statements.

use std::borrow::Cow;

use dunlin_dsl::{
    Expect, Guard, Object, Op, Row, Schema, Statement, StatementCheck, Table, Value, When, touched,
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
    pub(super) async fn before(&mut self, index: usize, ops: &[Op]) -> Result<Schema, Trouble> {
        if let Some(assumed) = &self.run.assumed {
            return Ok(assumed.before(self.run.layout, ops)?);
        }
        let kept = self.work.attempted.and_then(|attempted| attempted.segments.get(&index));
        // What none of its statements has changed yet is read anew: someone may have changed it by hand since.
        let begun = self.work.attempted.is_some_and(|a| a.done.range(self.number + 1..).next().is_some());
        let Some(kept) = kept.filter(|_| self.journaled && begun) else { return self.read(ops).await };
        // As the tables were when the attempt began, beside what stands on them now: a failed attempt may have left something.
        let mut before = self.read(ops).await?;
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

    /// Asks what must be so before anything of these statements is written down or runs. What an earlier attempt did is done.
    pub(super) async fn check_ahead(&mut self, statements: &[Statement]) -> Result<(), Trouble> {
        let is_done =
            |number| self.work.attempted.is_some_and(|attempted| attempted.done.contains_key(&number));
        let numbers = self.number + 1..;
        self.has_begun = numbers.clone().zip(statements).any(|(number, _)| is_done(number));
        for (number, statement) in numbers.zip(statements) {
            let is_done = self.work.attempted.is_some_and(|attempted| attempted.done.contains_key(&number));
            if !is_done {
                self.check(&statement.checks, When::Ahead).await?;
            }
        }
        Ok(())
    }

    /// Asks a statement's questions.
    pub(super) async fn check(&mut self, checks: &[StatementCheck], when: When) -> Result<(), Trouble> {
        let later = |check: &StatementCheck| check.later.clone().filter(|_| self.has_begun);
        let checks = checks.iter().map(|check| match later(check) {
            Some(query) => Cow::Owned(StatementCheck { when: When::Before, query, ..check.clone() }),
            None => Cow::Borrowed(check),
        });
        let checks: Vec<_> = checks.filter(|check| check.when == when).collect();
        for check in &checks {
            if self.run.assumed.is_some() {
                let guard = self.guard(check)?;
                self.tell_all(&guard.prove).await?;
                continue;
            }
            let mut rows = match self.ask(&check.query).await {
                // It may be about a column that isn't there, which the statement itself would say later.
                Err(Trouble::Error(error)) if !check.names.is_empty() => return Err(asking(error).into()),
                rows => rows?,
            };
            let right = match &check.expect {
                Expect::Empty => rows.is_empty(),
                Expect::Text(text) => rows.first().and_then(|row| row.text(0)).as_ref() == Some(text),
                Expect::NothingNew => {
                    let before = self.baseline.get(&check.query).map_or(&[][..], Vec::as_slice);
                    rows = beside(rows, before);
                    rows.is_empty()
                }
            };
            if !right {
                let message = check.message.clone();
                return Err(Error::new(Kind::Check { message, found: shown(&rows, &check.names) }).into());
            }
        }
        Ok(())
    }

    /// Asks beforehand what must be no more afterwards.
    pub(super) async fn ask_baseline(&mut self, checks: &[StatementCheck]) -> Result<(), Trouble> {
        for check in checks.iter().filter(|check| check.expect == Expect::NothingNew) {
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

    /// Asks, before the first statement, what later segments may add nothing to: what surrounds the transaction may
    /// have switched off what would have refused an earlier segment's rows.
    pub(super) async fn ask_ahead(&mut self, segments: &[Segment<'_>]) -> Result<(), Trouble> {
        for segment in segments.iter().skip(1) {
            let Segment::Ops(ops) = segment else { continue };
            let before = match &self.run.assumed {
                Some(assumed) => assumed.before(self.run.layout, ops).unwrap_or_default(),
                None => self.read(ops).await?,
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

    async fn read(&mut self, ops: &[Op]) -> Result<Schema, Trouble> {
        if touched(ops).is_empty() {
            return Ok(Schema::new());
        }
        self.prepare_to_ask().await?;
        let dialect = self.run.layout.dialect;
        Ok(dialect.before(self.run.conn, ops).await.map_err(Error::from_connection)?)
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

/// What went wrong when rows were asked.
fn asking(error: Error) -> Error {
    match error.connection().cloned() {
        Some(error) => Error::new(Kind::Doing { doing: "asking whether rows fit", error }),
        None => error,
    }
}

/// The rows that are more than they were. Where there is nothing to tell rows apart by, there may be several alike.
fn beside(rows: Vec<Row>, before: &[Row]) -> Vec<Row> {
    let mut before: Vec<&Row> = before.iter().collect();
    let mut known = |row: &Row| match before.iter().position(|old| *old == row) {
        Some(at) => {
            before.swap_remove(at);
            true
        }
        None => false,
    };
    rows.into_iter().filter(|row| !known(row)).collect()
}

/// The most rows of an answer that an error tells, and the most characters of a value.
const ROWS: usize = 3;
const CHARACTERS: usize = 40;

/// The first rows of an answer, for an error: `id=1, name='a b'; id=2, name=NULL; ...`.
fn shown(rows: &[Row], names: &[String]) -> String {
    let value = |(at, value): (usize, &Value)| match names.get(at) {
        Some(name) => format!("{name}={}", told(value)),
        None => text(value),
    };
    let row = |row: &Row| row.0.iter().enumerate().map(value).collect::<Vec<_>>().join(", ");
    let mut texts: Vec<_> = rows.iter().take(ROWS).map(row).collect();
    if rows.len() > texts.len() {
        texts.push("...".into());
    }
    texts.join("; ")
}

fn text(value: &Value) -> String {
    let row = Row(vec![value.clone()]);
    match value {
        Value::Bytes(bytes) if row.text(0).is_none() => {
            format!("0x{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        _ => row.text(0).unwrap_or_else(|| "NULL".into()),
    }
}

/// A value with a name before it: in quotes where its end, or what it is, isn't clear without them, and cut where it is long.
fn told(value: &Value) -> String {
    let whole = text(value);
    let mut told: String = whole.chars().take(CHARACTERS).collect();
    let is_cut = told.len() < whole.len();
    let plain = |c: char| c.is_alphanumeric() || "_-+.:@/".contains(c);
    if *value != Value::Null && (whole.is_empty() || whole == "NULL" || !whole.chars().all(plain)) {
        told = format!("'{}'", told.escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'"));
    }
    if is_cut { told + "..." } else { told }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_told_by_their_names() {
        let row = |id, value| Row(vec![Value::Int(id), value]);
        let names = ["id".to_owned(), "a".to_owned()];
        let rows = [
            row(1, Value::Null),
            row(2, Value::Text("NULL".into())),
            row(3, Value::Text("it's \"a\"  ".into())),
            row(4, Value::Text(String::new())),
        ];
        assert_eq!(shown(&rows, &names), "id=1, a=NULL; id=2, a='NULL'; id=3, a='it's \"a\"  '; ...");
        assert_eq!(shown(&rows[3..], &names), "id=4, a=''");
        assert_eq!(shown(&[row(5, Value::Text("007".into()))], &names), "id=5, a=007");
        assert_eq!(shown(&[row(6, Value::Bytes(vec![0xff, 0]))], &names), "id=6, a=0xff00");
        let long = shown(&[row(7, Value::Text("x".repeat(1000)))], &names);
        assert_eq!(long, format!("id=7, a={}...", "x".repeat(40)));
        assert_eq!(shown(&rows[..1], &[]), "1, NULL");
    }

    #[test]
    fn what_was_there_before_is_nothing_new() {
        let row = |text: &str| Row(vec![Value::Text(text.into())]);
        let (a, b) = (row("a"), row("b"));
        assert_eq!(beside(vec![a.clone(), b.clone()], &[b.clone(), a.clone()]), []);
        assert_eq!(beside(vec![a.clone(), a.clone(), b.clone()], &[a.clone(), b]), [a]);
    }
}
