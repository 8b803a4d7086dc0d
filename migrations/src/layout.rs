//! Dunlin's own tables: what they are called here, and what they look like.

/// The newest layout of the tables that this Dunlin knows.
pub(crate) const VERSION: i64 = 1;
