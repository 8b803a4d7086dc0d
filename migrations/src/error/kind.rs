//! The kinds of failures, each with its words and with what to do about it.

use std::error::Error as StdError;
use std::fmt;

use dunlin_dsl::{ConnectionError, ErrorKind, RecordError, Unsupported};

use crate::few::few;
use crate::graph::{GraphError, TargetError};
use crate::script::ScriptError;
use crate::script::layout::LayoutError;

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

impl Kind {
    /// What to do about it, where that doesn't depend on how far the run was.
    pub(super) fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unsupported(error) => error.instead.clone(),
            Self::Folder(error) => return error.hint().map(str::to_owned),
            Self::NewerLayout { .. } => "use the newer Dunlin that keeps this database's history".into(),
            Self::NotOurs { .. } => "choose another prefix or another schema for Dunlin's own tables".into(),
            Self::InTransaction => "end the transaction first, or hand it over as one".into(),
            Self::Locked { holder: Some(_) } => {
                "wait until the other migrator is done, and run the command again".into()
            }
            Self::Locked { holder: None } => {
                "wait until it is done, a migrator or another reader or writer with an open transaction, and run the command again".into()
            }
            Self::Undo(_) => {
                "write its way down; or undo it by hand, and say so with `dunlin stamp` and the revision before it".into()
            }
            Self::Graph(error) => return error.hint(),
            Self::Target(error) => return error.hint(),
            _ => return None,
        })
    }

    /// What to do about it where nothing more is known than what failed.
    pub(super) fn usual_hint(&self) -> Option<&'static str> {
        Some(match self {
            Self::Connection(error) | Self::Doing { error, .. } => match error.kind {
                ErrorKind::Unreachable => "see that the server runs, and that the URL names it",
                ErrorKind::Refused | ErrorKind::BadUrl => {
                    "see that the URL names the database that is meant, and a user who may use it"
                }
                ErrorKind::UnsupportedServer => "use a newer server, or the one that the URL names",
                ErrorKind::Lost => "see that the server runs, and run the same command again",
                ErrorKind::Busy => {
                    "wait until what is in its way is done, a reader or writer with an open transaction, and run the same command again"
                }
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
                    write!(f, "revisions {} are late: some that come after them are applied", few(ids))
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
            Self::Locked { holder: None } => f.write_str("another connection holds the lock"),
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
