//! The recorder: what a migration's `up` and `down` write their operations to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::op::Op;
use crate::step::DataStep;

/// Records operations; runs none of them.
#[derive(Default)]
pub struct Ops {
    ops: Vec<Op>,
    steps: BTreeMap<String, Arc<dyn DataStep>>,
    mark: Option<Mark>,
    errors: Vec<RecordError>,
}

/// What a way down says of itself, where it isn't just operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is what undoes the way up.
    Derive,
    /// There is none, and this is why.
    Irreversible(String),
}

/// What was recorded.
#[derive(Clone, Default)]
pub struct Recorded {
    /// The operations, in order.
    pub ops: Vec<Op>,
    /// The data steps among them, by name.
    pub steps: BTreeMap<String, Arc<dyn DataStep>>,
    /// What was said instead of operations.
    pub mark: Option<Mark>,
}

/// Something that can't be meant: a table without a name, a column twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordError {
    /// The operation it was found in, as it is printed.
    pub operation: String,
    /// What is wrong, as a fragment.
    pub reason: String,
}

impl Ops {
    /// A recorder with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was recorded, or the first thing that can't be meant.
    pub fn finish(self) -> Result<Recorded, RecordError> {
        match self.errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(Recorded { ops: self.ops, steps: self.steps, mark: self.mark }),
        }
    }

    /// Says that this way down is what undoes the way up. It is what a migration without a `down` does.
    pub fn derive(&mut self) {
        self.mark = Some(Mark::Derive);
    }

    /// Says that there is no way down, and why.
    pub fn irreversible(&mut self, why: impl Into<String>) {
        self.mark = Some(Mark::Irreversible(why.into()));
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for RecordError {}
