//! What can go wrong, told in three parts: what failed, what is now true in the database, and what to do next.

mod kept;
mod kind;

use std::error::Error as StdError;
use std::fmt;

use dunlin_dsl::{ConnectionError, ErrorKind, Unsupported};

use crate::few::few;
use crate::graph::{GraphError, TargetError};
use crate::plan::Direction;
use crate::report::Report;
use crate::script::layout::LayoutError;
use crate::script::{Excerpt, ScriptError};

pub use self::kept::Kept;
pub(crate) use self::kind::Kind;

/// What the engine's functions give.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a run stopped, or never began.
///
/// Its `Display` gives what failed. What is now true in the database is [`state`](Error::state), what to do about it
/// [`hint`](Error::hint), and what had been done before [`report`](Error::report).
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: Kind,
    revision: Option<String>,
    statement: Option<FailedStatement>,
    kept: Kept,
    hint: Option<String>,
    report: Report,
}

/// The statement that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedStatement {
    /// Its number in the revision, counted from 1.
    pub number: usize,
    /// How many the revision has, where that is known.
    pub of: Option<usize>,
    /// The SQL.
    pub sql: String,
    /// Where it went wrong in the revision's file, where it has one.
    pub place: Option<Excerpt>,
}

impl FailedStatement {
    /// One that stands in no file.
    pub(crate) fn new(number: usize, of: Option<usize>, sql: impl Into<String>) -> Self {
        Self { number, of, sql: sql.into(), place: None }
    }
}

impl Error {
    /// The revision it happened in.
    pub fn revision(&self) -> Option<&str> {
        self.0.revision.as_deref()
    }

    /// The statement that failed.
    pub fn statement(&self) -> Option<&FailedStatement> {
        self.0.statement.as_ref()
    }

    /// The server's code: an SQLSTATE on PostgreSQL, an error number on MySQL and MariaDB, an extended result
    /// code on SQLite.
    pub fn code(&self) -> Option<&str> {
        self.connection().and_then(|error| error.code.as_deref())
    }

    /// Where in the statement, in bytes from its start.
    pub fn offset_bytes(&self) -> Option<usize> {
        self.connection().and_then(|error| error.offset_bytes)
    }

    /// The connection's own error, where it is one.
    pub fn connection(&self) -> Option<&ConnectionError> {
        match &self.0.kind {
            Kind::Connection(error) | Kind::Doing { error, .. } => Some(error),
            Kind::DataStep { source, .. } => source.downcast_ref(),
            _ => None,
        }
    }

    /// Where it is in a file of SQL, where it is in one.
    pub fn place(&self) -> Option<&Excerpt> {
        self.statement()?.place.as_ref()
    }

    /// What was done before it.
    pub fn report(&self) -> &Report {
        &self.0.report
    }

    /// What the revision that failed left in the database.
    pub fn kept(&self) -> &Kept {
        &self.0.kept
    }

    /// What is now true in the database, in a line: `nothing of revision b was kept; revision a stays applied`.
    pub fn state(&self) -> String {
        let revision = self.revision().map_or_else(|| "the run".to_owned(), |id| format!("revision {id}"));
        let mut parts = vec![self.0.kept.of(&revision)];
        for (direction, what) in [(Direction::Down, "undone"), (Direction::Up, "applied")] {
            // What is said of a revision's statements is all there is to say of it.
            let is_told = |id: &&str| {
                matches!(self.0.kept, Kept::Statements { .. } | Kept::Unknown) && self.revision() == Some(id)
            };
            let ids: Vec<_> = self.0.report.left(direction).filter(|id| !is_told(id)).collect();
            if !ids.is_empty() {
                let (noun, verb) = if ids.len() == 1 { ("revision", "stays") } else { ("revisions", "stay") };
                parts.push(format!("{noun} {} {verb} {what}", few(&ids)));
            }
        }
        parts.join("; ")
    }

    /// What to do next, where there is something to say.
    pub fn hint(&self) -> Option<&str> {
        self.own_hint().or(self.0.kind.usual_hint())
    }

    /// What was said to do next where it happened, which may know more than the kind of failure tells.
    pub(crate) fn own_hint(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Whether another migrator held the lock for longer than the caller would wait.
    pub fn is_locked(&self) -> bool {
        match &self.0.kind {
            Kind::Locked { .. } => true,
            _ => self
                .connection()
                .is_some_and(|error| matches!(error.kind, ErrorKind::Busy | ErrorKind::LockRefused)),
        }
    }

    /// Whether a server, or Dunlin there, can't do an operation.
    pub fn is_unsupported(&self) -> bool {
        matches!(self.0.kind, Kind::Unsupported(_))
    }

    /// Whether a question had the wrong answer.
    pub(crate) fn is_check(&self) -> bool {
        matches!(self.0.kind, Kind::Check { .. })
    }

    /// Whether a revision can't be undone.
    pub fn is_irreversible(&self) -> bool {
        matches!(self.0.kind, Kind::Undo(_))
    }

    /// Whether the migrations don't fit together: an id twice, an unknown parent, a cycle, no stated parent after a fork.
    pub fn is_graph(&self) -> bool {
        matches!(self.0.kind, Kind::Graph(_))
    }

    /// Whether a folder's files can't be read as revisions.
    pub fn is_folder(&self) -> bool {
        matches!(self.0.kind, Kind::Folder(_))
    }

    /// Whether the target isn't one.
    pub fn is_target(&self) -> bool {
        matches!(self.0.kind, Kind::Target(_))
    }

    /// Whether it is refused, for a reason of its own.
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.0.kind, Kind::Refused(_))
    }

    /// Whether late revisions stopped it.
    pub fn is_late(&self) -> bool {
        matches!(self.0.kind, Kind::Late(_))
    }

    /// Whether a table that should be Dunlin's own is another's.
    pub fn is_not_ours(&self) -> bool {
        matches!(self.0.kind, Kind::NotOurs { .. })
    }

    /// Whether a newer Dunlin keeps this database's history.
    pub fn is_newer_layout(&self) -> bool {
        matches!(self.0.kind, Kind::NewerLayout { .. })
    }

    /// Whether the caller's connection was in a transaction that it did not hand over as one.
    pub fn is_in_transaction(&self) -> bool {
        matches!(self.0.kind, Kind::InTransaction)
    }

    /// Whether an earlier attempt left a statement of which it isn't known whether it was done.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.0.kind, Kind::Interrupted { .. })
    }

    /// Whether the database couldn't be reached, or the connection to it was lost.
    pub fn is_unreachable(&self) -> bool {
        self.connection().is_some_and(|error| {
            matches!(error.kind, ErrorKind::Unreachable | ErrorKind::Refused | ErrorKind::Lost)
        })
    }

    pub(crate) fn new(kind: Kind) -> Self {
        let hint = kind.hint();
        Self(Box::new(Inner {
            kind,
            revision: None,
            statement: None,
            kept: Kept::default(),
            hint,
            report: Report::default(),
        }))
    }

    /// A name that doesn't fit, where it stands.
    pub(crate) fn graph(message: impl Into<String>) -> Self {
        Self::from_graph(GraphError::Name { message: message.into() })
    }

    pub(crate) fn from_graph(error: GraphError) -> Self {
        Self::new(Kind::Graph(error))
    }

    pub(crate) fn from_target(error: TargetError) -> Self {
        Self::new(Kind::Target(error))
    }

    pub(crate) fn from_connection(error: ConnectionError) -> Self {
        Self::new(Kind::Connection(error))
    }

    pub(crate) fn from_script(error: ScriptError) -> Self {
        let hint = error.hint();
        let found = Self::new(Kind::Script(error));
        match hint {
            Some(hint) => found.with_hint(hint),
            None => found,
        }
    }

    pub(crate) fn from_folder(error: LayoutError) -> Self {
        Self::new(Kind::Folder(error))
    }

    pub(crate) fn from_unsupported(error: Unsupported) -> Self {
        Self::new(Kind::Unsupported(error))
    }

    pub(crate) fn with_revision(mut self, id: &str) -> Self {
        self.0.revision.get_or_insert_with(|| id.to_owned());
        self
    }

    pub(crate) fn with_statement(mut self, statement: FailedStatement) -> Self {
        self.0.statement = Some(statement);
        self
    }

    pub(crate) fn with_kept(mut self, kept: Kept) -> Self {
        self.0.kept = kept;
        self
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    pub(crate) fn with_report(mut self, report: &Report) -> Self {
        self.0.report = report.clone();
        self
    }
}

impl From<ConnectionError> for Error {
    fn from(error: ConnectionError) -> Self {
        Self::from_connection(error)
    }
}

impl From<Unsupported> for Error {
    fn from(error: Unsupported) -> Self {
        Self::from_unsupported(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(revision) = &self.0.revision {
            write!(f, "revision {revision}: ")?;
        }
        // What stopped at a statement of an earlier attempt names it in its own words.
        let own_words = matches!(self.0.kind, Kind::Interrupted { .. });
        if let Some(statement) = self.0.statement.as_ref().filter(|_| !own_words) {
            write!(f, "statement {}", statement.number)?;
            if let Some(of) = statement.of {
                write!(f, " of {of}")?;
            }
            f.write_str(" failed: ")?;
        }
        self.0.kind.fmt(f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // What Display already says isn't given again as a source; a data step's error may have sources of its own.
        match &self.0.kind {
            Kind::DataStep { source, .. } => source.source(),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
