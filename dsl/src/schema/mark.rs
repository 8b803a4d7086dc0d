//! What a table marks its indexes as.

use serde::{Deserialize, Serialize};

/// By what subscribers know a table's changed and deleted rows: PostgreSQL.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplicaIdentity {
    /// By its primary key.
    #[default]
    PrimaryKey,
    /// By all that a row holds.
    Full,
    /// Not at all.
    Nothing,
    /// By the columns of an index, or of the constraint of that name; it is unique, and none of its columns takes NULL.
    Index(String),
}
