//! The typed DSL: columns and tables as they are written in a migration.

mod column;
mod table;

pub use column::*;
pub use table::{TableSpec, table};
