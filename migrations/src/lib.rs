//! The engine of Dunlin: revisions and their graph, plans, history, journal, lock and runner.
//!
//! It speaks to a database only through `&mut dyn Connection`, names no dialect, prints nothing and has no
//! runtime. What happens is told by [`Event`]s; what happened is a [`Report`] or an [`Error`], both of them data.

pub mod adopt;
mod checksum;
mod collected;
mod create;
mod error;
mod event;
mod few;
mod graph;
mod history;
mod journal;
mod layout;
mod lock;
mod options;
mod plan;
mod report;
mod revision;
mod runner;
pub mod script;
mod undo;

pub use create::{create_all, drop_all};
pub use error::{Error, FailedStatement, Kept, Result};
pub use event::Event;
#[doc(hidden)]
pub use few::few;
pub use graph::{Graph, Revision};
pub use options::{Late, Options};
pub use plan::{Direction, Plan, PlannedStatement, Step};
pub use report::{Done, Report, State, Status};
pub use revision::{Migration, MigrationList};
pub use runner::{Offline, Runner, checksum_of};
