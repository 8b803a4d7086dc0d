//! What is done, and told, when an attempt fails.

use std::collections::BTreeSet;

use dunlin_dsl::{ConnectionError, ErrorKind, Lock};

use super::{Attempt, Fate, Outer};
use crate::error::{Error, FailedStatement, Kept, Kind};
use crate::event::Event;
use crate::history;
use crate::journal::{Outcome, Sql};
use crate::plan::Direction;
use crate::runner::flight::{Crash, Part};
use crate::script::{Excerpt, Script, Transaction};

/// What stopped an attempt.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A statement of a flight.
    Crash(Crash),
    /// A statement outside any transaction.
    Alone { sql: String, error: ConnectionError },
    /// Anything else.
    Error(Error),
}

impl From<Crash> for Trouble {
    fn from(crash: Crash) -> Self {
        Self::Crash(crash)
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl Attempt<'_, '_, '_> {
    /// Rolls back, puts settings back, finds out whether another migrator was quicker, writes the failure down, and says
    /// what is now true.
    pub(super) async fn fail(&mut self, trouble: Trouble, mark: usize) -> Result<Fate, Error> {
        let revision = self.work.revision;
        let lost = trouble.kind() == Some(ErrorKind::Lost);
        if self.owns && !lost {
            // Where the transaction is over already, or never began, there is nothing to roll back, and some say so.
            let _ = self.run.conn.execute(self.run.session.transactions.rollback).await;
            let _ = self.restore_settings().await;
            let _ = self.run.session.put_back(self.run.conn, mark).await;
            if trouble.is_refused() {
                return Ok(Fate::Refused);
            }
            if self.done.is_empty() && !self.runs_again() && self.done_elsewhere().await {
                return Ok(Fate::Elsewhere);
            }
        }
        let error = self.error(trouble, lost);
        if self.owns && !lost {
            self.write_down(&error).await;
        }
        self.run.listener.tell(|| Event::RevisionFailed { revision: revision.to_owned() });
        Err(error)
    }

    /// Whether history has by now what this attempt was to bring about.
    async fn done_elsewhere(&mut self) -> bool {
        let runs = history::applied_by(self.run.conn, self.run.layout, self.work.revision).await;
        runs.is_ok_and(|run| match self.work.direction {
            Direction::Up => run.is_some_and(|run| run != self.run.id),
            Direction::Down => run.is_none(),
        })
    }

    /// A row about the failure, behind those that are owed. That they can't be written changes nothing about the error.
    async fn write_down(&mut self, error: &Error) {
        // Of a group only the beginning is written down before.
        let first = self.group.as_ref().map(|group| group.first);
        let number = first.or(error.statement().map(|statement| statement.number));
        let detail = error.to_string();
        let Ok(row) = self.journal_row(Outcome::Failed, number, Sql::None, Some(&detail)) else { return };
        let mut statements = vec![self.run.session.transactions.begin.to_owned()];
        if !self.done.is_empty() {
            statements.append(&mut self.flight.take_owed());
            statements.append(&mut self.owed);
        }
        statements.push(row);
        statements.push(self.run.session.transactions.commit.to_owned());
        if self.run.conn.batch(&statements).await.is_err() {
            let _ = self.run.conn.execute(self.run.session.transactions.rollback).await;
        }
    }

    fn error(&self, trouble: Trouble, lost: bool) -> Error {
        let kept = self.kept(&trouble, lost);
        let advice = self.advice(&trouble);
        let was_ended = match &trouble {
            Trouble::Crash(Crash { error, .. }) | Trouble::Alone { error, .. } => is_ended(error),
            Trouble::Error(error) => error.connection().is_some_and(is_ended),
        };
        let of = self.complete.then_some(self.total);
        let error = match trouble {
            Trouble::Crash(Crash { part: Part::Statement(number), sql, error, .. }) => {
                let error = self.unfilled(number, &sql, error);
                let place = self.place(number, &sql, &error);
                let failed = FailedStatement { place, ..FailedStatement::new(number, of, sql) };
                Error::from_connection(error).with_statement(failed)
            }
            Trouble::Crash(Crash { part, error, .. }) => {
                let doing = match part {
                    Part::Begin => "beginning a transaction",
                    Part::Proof => "proving the lock",
                    Part::History => "writing history",
                    Part::Journal => "writing the journal",
                    Part::Commit | Part::Statement(_) => "committing",
                };
                Error::new(Kind::Doing { doing, error: self.unfilled(self.number, "", error) })
            }
            Trouble::Alone { sql, error } => {
                let error = self.unfilled(self.number, &sql, error);
                let place = self.place(self.number, &sql, &error);
                let failed = FailedStatement { place, ..FailedStatement::new(self.number, of, sql) };
                Error::from_connection(error).with_statement(failed)
            }
            Trouble::Error(error) => error,
        };
        let is_outside = matches!(
            error.connection().map(|error| error.kind),
            Some(ErrorKind::Busy | ErrorKind::ReadOnly | ErrorKind::Denied)
        );
        let hint = match (&kept, error.own_hint()) {
            (_, Some(hint)) => hint.to_owned(),
            (Kept::Unknown, _) => "run `dunlin status` to see whether it was".to_owned(),
            (Kept::Statements { .. }, _) if lost => {
                "run `dunlin status`, then the same command again".to_owned()
            }
            (Kept::Statements { .. }, _) if self.commits_inside && self.alone.is_some() => format!(
                "statement {} may have committed a part of its work, which stays and would run again: undo that part by hand, or let the \
                 statement pass over what is there; then run the same command again",
                self.number
            ),
            (Kept::Statements { .. }, _) if was_ended => {
                "run the same command again: what is done is not done twice".to_owned()
            }
            (Kept::Statements { .. }, _) => {
                "correct what failed and run the same command again: what is done is not done twice"
                    .to_owned()
            }
            (Kept::CallersTransaction, _) => "roll the transaction back".to_owned(),
            _ if was_ended => "run the same command again".to_owned(),
            // Nothing is wrong with the revision, or not with it alone.
            _ if is_outside || error.is_check() => error.hint().unwrap_or_default().to_owned(),
            _ => "correct the revision and run the same command again".to_owned(),
        };
        let hint = match advice {
            Some(advice) => format!("{advice}; {hint}"),
            None => hint,
        };
        error.with_revision(self.work.revision).with_kept(kept).with_hint(hint)
    }

    /// What is known of a statement that the server refused.
    fn advice(&self, trouble: &Trouble) -> Option<String> {
        let (number, sql, error) = match trouble {
            Trouble::Crash(Crash { part: Part::Statement(number), sql, error, .. }) => (*number, sql, error),
            Trouble::Alone { sql, error } => (self.number, sql, error),
            // They were there when the run began.
            Trouble::Crash(Crash { part: Part::History | Part::Journal, error, .. })
                if error.kind == ErrorKind::MissingTable =>
            {
                let advice = "it drops the schema in which Dunlin's own tables are: have them in another, by `history_schema` in dunlin.toml";
                return Some(advice.to_owned());
            }
            _ => return None,
        };
        let is_nobodys = |script: &&Script| script.session(self.run.layout.server.dialect).is_none();
        if let Some(statement) = self.run.layout.dialect.lenience(error)
            && let Some(script) = self.work.way.as_script().filter(is_nobodys)
        {
            let place = format!("[session] {} = [\"{statement}\"]", self.run.layout.server.dialect);
            return Some(format!(
                "if {} was written for sessions that begin with `{statement}`, as many clients' do, say `{place}` in dunlin.toml",
                script.file()
            ));
        }
        if let Some(script) = self.work.way.as_script()
            && needs_no_transaction(error)
        {
            return Some(match script.transaction() {
                Transaction::Bare => {
                    "let it stand alone in a file of its own, for its tool too sends several statements as one transaction".into()
                }
                _ => "let each statement of the file stand alone, by `-- dunlin: no-transaction` or by its tool's own mark".into(),
            });
        }
        if let Some(script) = self.work.way.as_script()
            && let Some(left) = self.run.layout.variables.left_in(script, sql)
        {
            return Some(format!(
                "`{left}` in it is text like any other, for dunlin.toml has no table [variables], which turns variables on"
            ));
        }
        if self.work.way.as_script().is_none()
            && let Some(advice) = self.run.layout.dialect.advice(error, sql)
        {
            return Some(advice);
        }
        match error.kind {
            ErrorKind::NameTaken => {
                let unless = match self.work.way.as_script() {
                    Some(_) => "IF NOT EXISTS or OR REPLACE",
                    None => "if_not_exists() or or_replace()",
                };
                Some(format!("choose another name, say {unless}, or drop or rename what has it"))
            }
            ErrorKind::Statement | ErrorKind::Duplicate => {
                self.risks.get(&number).map(|risk| format!("it {risk}"))
            }
            _ => None,
        }
    }

    /// Where a statement of a script went wrong.
    fn place(&self, number: usize, sql: &str, error: &ConnectionError) -> Option<Excerpt> {
        let script = self.work.way.as_script()?;
        let start = *self.places.get(&number)?;
        Some(Excerpt::of(sql, start, error.offset_bytes.unwrap_or_default()).in_file(script.file()))
    }

    fn kept(&self, trouble: &Trouble, lost: bool) -> Kept {
        let commits = lost && matches!(trouble, Trouble::Crash(crash) if crash.commits);
        if self.ended {
            let left = (self.number + 1..=self.total).collect();
            return Kept::Statements { done: Vec::new(), unknown: (1..=self.number).collect(), left };
        }
        if !self.owns {
            return match self.run.outer {
                Outer::Run { .. } => Kept::NothingOfRun,
                _ => Kept::CallersTransaction,
            };
        }
        // What an earlier attempt did stays too, where this one hasn't come to it.
        let attempted = self.work.attempted.into_iter();
        let ahead = attempted.flat_map(|attempted| attempted.done.range(self.number + 1..));
        let done: BTreeSet<usize> = self.done.iter().chain(ahead.map(|(number, _)| *number)).collect();
        let none = done.is_empty() && self.alone.is_none() && self.step.is_none();
        if !self.journaled || (none && !commits) {
            return if commits { Kept::Unknown } else { Kept::Nothing };
        }
        let mut unknown: Vec<usize> = self.step.into_iter().collect();
        if lost {
            unknown.extend(self.alone);
            unknown.extend(self.uncommitted.iter().filter(|_| commits));
        }
        let known = |number: &usize| done.contains(number) || unknown.contains(number);
        let left = (1..=self.total.max(self.number)).filter(|number| !known(number)).collect();
        Kept::Statements { done: done.into_iter().collect(), unknown, left }
    }
}

impl Trouble {
    fn kind(&self) -> Option<ErrorKind> {
        match self {
            Self::Crash(crash) => Some(crash.error.kind),
            Self::Alone { error, .. } => Some(error.kind),
            Self::Error(error) => error.connection().map(|error| error.kind),
        }
    }

    /// Whether another migrator holds the lock.
    fn is_refused(&self) -> bool {
        let Self::Crash(Crash { part: Part::Proof, error, .. }) = self else { return false };
        error.kind == ErrorKind::LockRefused || error.message.contains(Lock::REFUSED)
    }
}

/// Whether someone ended the statement or the connection, so that nothing is wrong with the statement itself: PostgreSQL's
/// query_canceled, admin_shutdown and crash_shutdown; of MySQL and MariaDB ER_QUERY_INTERRUPTED, ER_SERVER_SHUTDOWN, and
/// MariaDB's ER_CONNECTION_KILLED.
fn is_ended(error: &ConnectionError) -> bool {
    let codes = ["57014", "57P01", "57P02", "1317", "1053", "1927"];
    error.code.as_deref().is_some_and(|code| codes.contains(&code))
}

/// Whether a statement can't be in a transaction, which its own words didn't tell: PostgreSQL's active_sql_transaction, and its
/// invalid_transaction_termination of a procedure that commits.
fn needs_no_transaction(error: &ConnectionError) -> bool {
    matches!(error.code.as_deref(), Some("25001" | "2D000"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_someone_ended_is_no_fault_of_the_statement() {
        for (code, expected) in [
            ("57014", true),
            ("57P01", true),
            ("1317", true),
            ("1053", true),
            ("42601", false),
            ("1064", false),
        ] {
            let error = ConnectionError {
                code: Some(code.to_owned()),
                ..ConnectionError::new(ErrorKind::Statement, "x")
            };
            assert_eq!(is_ended(&error), expected, "{code}");
        }
        assert!(!is_ended(&ConnectionError::new(ErrorKind::Statement, "x")));
    }
}
