//! What can go wrong, told in three parts: what failed, what is now true in the database, and what to do next.

use std::error::Error as StdError;
use std::fmt;

use dunlin_dsl::{ConnectionError, ErrorKind, RecordError, Unsupported};

use crate::graph::{GraphError, TargetError};
use crate::plan::Direction;
use crate::report::Report;
use crate::script::layout::LayoutError;
use crate::script::{Excerpt, ScriptError};

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

/// What a failed revision left in the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// Nothing had begun.
    #[default]
    Unchanged,
    /// It was rolled back.
    Nothing,
    /// The whole run was one transaction, and was rolled back.
    NothingOfRun,
    /// It is in a transaction that the caller must roll back.
    CallersTransaction,
    /// These statements are done, and stay.
    Statements {
        /// The numbers of those done, counted from 1.
        done: Vec<usize>,
        /// The numbers of those of which it isn't known.
        unknown: Vec<usize>,
        /// The numbers of those still to run, as far as they are known.
        left: Vec<usize>,
    },
    /// The connection was lost; whether the revision was committed isn't known.
    Unknown,
}

/// What failed.
#[derive(Debug)]
pub(crate) enum Kind {
    Connection(ConnectionError),
    Doing { doing: &'static str, error: ConnectionError },
    Record(RecordError),
    Unsupported(Unsupported),
    Script(ScriptError),
    Folder(LayoutError),
    DataStep { step: String, source: Box<dyn StdError + Send + Sync> },
    Check { message: String, found: String },
    Graph(GraphError),
    Target(TargetError),
    Late(Vec<String>),
    NotOurs { table: String, reason: String },
    NewerLayout { table: String, found: String },
    InTransaction,
    Refused(String),
    Setting { name: String, wanted: String, found: String },
    Locked { holder: Option<String> },
    Interrupted { number: usize },
    FinishedChanged { number: usize, was: Option<String>, now: Option<String> },
    Undo(String),
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
        let mut parts = vec![match &self.0.kept {
            Kept::Unchanged => "nothing was changed".to_owned(),
            Kept::Nothing => format!("nothing of {revision} was kept"),
            Kept::NothingOfRun => "nothing of the run was kept".to_owned(),
            Kept::CallersTransaction => "the transaction is the caller's to roll back".to_owned(),
            Kept::Unknown => format!("the connection was lost; whether {revision} was committed isn't known"),
            Kept::Statements { done, unknown, left } => statements(&revision, done, unknown, left),
        }];
        for (direction, what) in [(Direction::Down, "undone"), (Direction::Up, "applied")] {
            // What is said of a revision's statements is all there is to say of it.
            let is_told = |id: &&str| {
                matches!(self.0.kept, Kept::Statements { .. } | Kept::Unknown) && self.revision() == Some(id)
            };
            let ids: Vec<_> = self.0.report.left(direction).filter(|id| !is_told(id)).collect();
            if !ids.is_empty() {
                let (noun, verb) = if ids.len() == 1 { ("revision", "stays") } else { ("revisions", "stay") };
                parts.push(format!("{noun} {} {verb} {what}", ids.join(", ")));
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

impl Kind {
    /// What to do about it, where that doesn't depend on how far the run was.
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unsupported(error) => error.instead.clone(),
            Self::Folder(error) => return error.hint().map(str::to_owned),
            Self::Late(_) => {
                "run them with `late = \"apply\"`, leave them with `late = \"warn\"`, or give them a later place".into()
            }
            Self::NewerLayout { .. } => "use the newer Dunlin that keeps this database's history".into(),
            Self::NotOurs { .. } => "choose another prefix or another schema for Dunlin's own tables".into(),
            Self::InTransaction => "end the transaction first, or hand it over as one".into(),
            Self::Locked { .. } => "wait until the other migrator is done, and run the command again".into(),
            Self::Undo(_) => {
                "write its way down; or undo it by hand, and say so with `dunlin stamp` and the revision before it".into()
            }
            Self::Graph(error) => return error.hint(),
            Self::Target(error) => return error.hint(),
            _ => return None,
        })
    }

    /// What to do about it where nothing more is known than what failed.
    fn usual_hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Connection(error) | Self::Doing { error, .. } => match error.kind {
                ErrorKind::Unreachable => "see that the server runs, and that the URL names it",
                ErrorKind::Refused | ErrorKind::BadUrl => {
                    "see that the URL names the database that is meant, and a user who may use it"
                }
                ErrorKind::UnsupportedServer => "use a newer server, or the one that the URL names",
                ErrorKind::Lost => "see that the server runs, and run the same command again",
                ErrorKind::Busy => "wait until what holds the lock is done, and run the same command again",
                ErrorKind::LockRefused => "wait until the other migrator is done, and run the command again",
                ErrorKind::ReadOnly => {
                    "see that the database can be written to, and not on a standby or a copy"
                }
                ErrorKind::Denied => "give the user the right that it lacks, or connect as one that has it",
                _ => "see that the URL names the database that is meant, and that it is sound",
            },
            Self::Record(_) => "correct the revision's code, and run the same command again",
            Self::Script(_) | Self::Folder(_) => "correct the file there, and run the same command again",
            Self::DataStep { .. } | Self::Check { .. } => {
                "correct the revision, or the rows that it found, and run the same command again"
            }
            Self::Setting { .. } => "see what sets it: a pooler, or the server's own settings for the user",
            Self::Interrupted { .. } | Self::FinishedChanged { .. } => {
                "run `dunlin status` to see how it stands"
            }
            Self::Unsupported(_) => "leave the operation out on this server, with `on(..)`",
            _ => return None,
        })
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

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connection(error) => error.fmt(f),
            Self::Doing { doing, error } => write!(f, "{doing} failed: {error}"),
            Self::Record(error) => error.fmt(f),
            Self::Unsupported(error) => error.fmt(f),
            Self::Script(error) => error.fmt(f),
            Self::Folder(error) => error.fmt(f),
            Self::DataStep { step, source } => write!(f, "data step {step} failed: {source}"),
            Self::Check { message, found } if found.is_empty() => f.write_str(message),
            Self::Check { message, found } => write!(f, "{message} (found {found})"),
            Self::Graph(error) => error.fmt(f),
            Self::Target(error) => error.fmt(f),
            Self::Refused(message) => f.write_str(message),
            Self::Late(ids) => match ids.as_slice() {
                [id] => write!(f, "revision {id} is late: one that comes after it is applied"),
                ids => {
                    write!(f, "revisions {} are late: some that come after them are applied", ids.join(", "))
                }
            },
            Self::NotOurs { table, reason } => write!(f, "table {table} isn't Dunlin's: {reason}"),
            Self::NewerLayout { table, found } => write!(
                f,
                "table {table} is of layout {found}, and this Dunlin knows layouts up to {}",
                crate::layout::VERSION
            ),
            Self::InTransaction => f.write_str("the connection is already in a transaction"),
            Self::Setting { name, wanted, found } => {
                write!(f, "setting {name} reads {found} after it was set to {wanted}")
            }
            Self::Locked { holder: Some(holder) } => write!(f, "another migrator holds the lock: {holder}"),
            Self::Locked { holder: None } => f.write_str("another migrator holds the lock"),
            Self::Interrupted { number } => {
                write!(f, "an earlier attempt began statement {number}, and whether it was done isn't known")
            }
            Self::FinishedChanged { number, was, now } => {
                write!(f, "statement {number} was done by an earlier attempt, and has changed since")?;
                if let Some(was) = was {
                    write!(f, "; then: {was}")?;
                }
                match now {
                    Some(now) => write!(f, "; now: {now}"),
                    None => f.write_str("; now there is none"),
                }
            }
            // An operation that can't be undone says so itself.
            Self::Undo(reason) => {
                write!(f, "can't be undone: {}", reason.strip_prefix("can't undo ").unwrap_or(reason))
            }
        }
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

fn statements(revision: &str, done: &[usize], unknown: &[usize], left: &[usize]) -> String {
    let mut parts = Vec::new();
    if !done.is_empty() {
        let verbs = if done.len() == 1 { "is done and stays" } else { "are done and stay" };
        parts.push(format!("{} {verbs}", ranges(done)));
    }
    if !unknown.is_empty() {
        let verb = if unknown.len() == 1 { "was" } else { "were" };
        parts.push(format!("whether {} {verb} done isn't known", ranges(unknown)));
    }
    if !left.is_empty() {
        let verb = if left.len() == 1 { "is" } else { "are" };
        parts.push(format!("{} {verb} left", ranges(left)));
    }
    match parts.is_empty() {
        true => format!("nothing of {revision} was kept"),
        false => format!("of {revision}, {}", parts.join("; ")),
    }
}

/// `statement 3`, `statements 1-2 and 5`.
fn ranges(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let texts: Vec<_> = (runs.iter())
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
        .collect();
    let noun = if numbers.len() == 1 { "statement" } else { "statements" };
    match texts.split_last() {
        Some((last, [])) => format!("{noun} {last}"),
        Some((last, rest)) => format!("{noun} {} and {last}", rest.join(", ")),
        None => format!("no {noun}"),
    }
}

#[cfg(test)]
mod tests;
