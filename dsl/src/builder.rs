//! The typed DSL: tables, columns and changes as they are written in a migration.
//!
//! Every builder finishes by itself. One that comes from [`Ops`](crate::Ops) writes into the operation that was
//! recorded when it was made; one that stands alone ([`table`], [`index`]) is given to something. What can't be meant
//! is noted where it is written, and reported by [`Ops::finish`](crate::Ops::finish) or
//! [`Schema::check`](crate::Schema::check).

mod alter;
mod column;
mod constraint;
mod drop;
mod index;
mod into;
mod rows;
mod slot;
mod table;
mod types;

pub use alter::{AddColumnSpec, AlterColumnSpec};
pub use column::ColumnSpec;
pub use constraint::{CheckSpec, ForeignKeySpec, PrimaryKeySpec, UniqueSpec};
pub use drop::{DropIndexSpec, DropObjectSpec, DropSpec};
pub use index::{IndexSpec, asc, desc, expr, index};
pub use into::{IntoColumns, IntoKeys, IntoSql};
pub use rows::IntoRow;
pub(crate) use slot::Draft;
pub(crate) use table::Written;
pub use table::{TableSpec, table};
pub use types::*;

#[cfg(test)]
mod tests;
