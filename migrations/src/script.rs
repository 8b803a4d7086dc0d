//! Scripts: SQL files as they are written by hand, read statement by statement.
//!
//! [`Splitter`] divides a script into statements and what stands between them, driven by the facts that a dialect gives as
//! data (`dunlin_dsl::lexicon`). It knows where quotes, comments and bodies begin and end, and nothing else of SQL.

mod body;
mod classify;
mod data;
mod digest;
mod excerpt;
mod fault;
mod file;
pub mod layout;
mod lexer;
mod mode;
mod position;
mod revision;
mod source;
mod splitter;
mod survey;
mod variables;
mod way;

pub use classify::classify;
pub(crate) use classify::{changes_rows, shape};
pub use excerpt::Excerpt;
pub use fault::ScriptError;
pub use file::{File, Header, Holds, Section};
pub use position::Position;
pub use revision::FileRevision;
pub use splitter::{Part, PartKind, Splitter};
pub use survey::Transaction;
pub(crate) use survey::{Control, Survey};
pub(crate) use variables::Hidden;
pub use variables::{Placeholders, Variables};
pub use way::{Open, Script};
pub(crate) use way::{Sql, Statements};
