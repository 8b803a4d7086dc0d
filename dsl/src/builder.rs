//! The typed DSL: tables, columns and changes as they are written in a migration.
//!
//! Every builder finishes by itself. One that comes from [`Ops`](crate::Ops) writes into the operation that was
//! recorded when it was made; one that stands alone ([`table`], [`index`]) is given to something. What can't be meant
//! is noted where it is written, and reported by [`Ops::finish`](crate::Ops::finish) or
//! [`Schema::check`](crate::Schema::check).

mod alter;
mod column;
mod constraint;
mod database;
mod drop;
mod exclusion;
mod index;
mod into;
mod named_type;
mod object;
mod partition;
mod routine;
mod rows;
mod security;
mod sequence;
mod shorthand;
mod slot;
mod table;
mod text;
mod trigger;
mod typed;
mod types;
mod view;

pub use alter::{AddColumnSpec, AlterColumnSpec};
pub use column::ColumnSpec;
pub use constraint::{
    AlterConstraintSpec, CheckSpec, ForeignKeySpec, PrimaryKeySpec, UniqueSpec, UsingIndexSpec,
};
pub use database::{collation, event, extension, namespace, publication, statistics};
pub use drop::{DropIndexSpec, DropObjectSpec, DropSpec};
pub use exclusion::ExclusionSpec;
pub use index::{IndexSpec, asc, desc, expr, index};
pub use into::{IntoColumns, IntoKeys, IntoSql};
pub use named_type::{AddValueSpec, composite, domain, enum_type};
pub use object::{AlterObjectSpec, Defined, ObjectSpec};
pub use partition::DetachSpec;
pub use routine::{function, procedure};
pub use rows::IntoRow;
pub use security::{DefaultPrivilegesSpec, GrantSpec, RevokeSpec, policy};
pub use sequence::sequence;
pub(crate) use slot::Draft;
pub(crate) use table::Written;
pub use table::{TableSpec, table};
pub use text::ConvertSpec;
pub use trigger::{rule, trigger};
pub use typed::{ColumnName, TableName};
pub use types::*;
pub use view::{RefreshSpec, materialized_view, view};

#[cfg(test)]
mod tests;
