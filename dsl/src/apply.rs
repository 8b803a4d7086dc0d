//! What a schema is after an operation.

use std::fmt;

use crate::op::Op;
use crate::schema::Schema;

/// Why an operation can't apply to a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The operation, as it is printed.
    pub operation: String,
    /// What stands in its way, as a fragment: `there is no table users`.
    pub reason: String,
}

/// Changes the schema as `op` would change a database. On a conflict the schema is as it was.
pub fn apply(schema: &mut Schema, op: &Op) -> Result<(), Conflict> {
    let _ = schema;
    Err(Conflict { operation: op.to_string(), reason: "not written yet".into() })
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for Conflict {}
