//! The typed DSL: columns and tables as they are written in a migration.

mod change;
mod column;
mod table;

pub use change::AlterColumn;
pub use column::*;
pub use table::{TableSpec, table};
