//! What undoes an operation.

use std::fmt;

use crate::op::Op;
use crate::schema::Schema;

/// Why an operation can't be undone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Irreversible {
    /// The operation, as it is printed.
    pub operation: String,
    /// Why not, and what to write instead, as a fragment.
    pub reason: String,
}

/// The operations that undo `op`, on a schema that was `before` when it ran.
pub fn reverse(op: &Op, before: &Schema) -> Result<Vec<Op>, Irreversible> {
    let _ = before;
    Err(Irreversible { operation: op.to_string(), reason: "not written yet".into() })
}

/// The operations that undo all of `ops`, last first.
pub fn reverse_all(ops: &[Op], before: &Schema) -> Result<Vec<Op>, Irreversible> {
    let _ = before;
    Err(Irreversible { operation: format!("{} operations", ops.len()), reason: "not written yet".into() })
}

impl fmt::Display for Irreversible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't undo {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for Irreversible {}
