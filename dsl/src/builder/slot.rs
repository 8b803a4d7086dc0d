//! Where a builder writes: into something of its own, or into what was recorded.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

/// Something of one's own, or lent by whoever keeps it.
#[derive(Debug)]
pub(crate) enum Slot<'a, T> {
    /// One's own.
    Own(T),
    /// Lent.
    Lent(&'a mut T),
}

impl<T> Deref for Slot<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Own(value) => value,
            Self::Lent(value) => value,
        }
    }
}

impl<T> DerefMut for Slot<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        match self {
            Self::Own(value) => value,
            Self::Lent(value) => value,
        }
    }
}

/// What is known of something while it is written, and has no place in the value that comes of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// What can't be meant, as fragments, in the order in which it was written.
    pub(crate) faults: Vec<String>,
    /// The column beside which a check was written, by the check's place; its conventional name has it.
    pub(crate) beside: BTreeMap<usize, String>,
    /// What is known of a group's operations, in order.
    pub(crate) inner: Vec<Draft>,
}

impl Draft {
    /// Notes something that can't be meant.
    pub(crate) fn fault(&mut self, reason: impl Into<String>) {
        self.faults.push(reason.into());
    }
}
