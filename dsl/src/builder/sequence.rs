//! Sequences, as they are written: PostgreSQL, MariaDB.

use super::object::{AlterObjectSpec, ObjectSpec, attributes, drops_and_renames};
use crate::change::ObjectChange;
use crate::ops::Ops;
use crate::schema::{ColumnType, Definition, Name, ObjectId, OwnedBy, Sequence};

/// A sequence: PostgreSQL, MariaDB.
pub fn sequence(name: impl Into<Name>) -> ObjectSpec<'static, Sequence> {
    ObjectSpec::own(ObjectId::sequence(name), Definition::Sequence(Sequence::default()))
}

drops_and_renames! {
    Sequence sequence drop_sequence rename_sequence "a sequence";
}

impl Ops {
    /// Creates a sequence: PostgreSQL, MariaDB.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_sequence("invoice_numbers").start(1000).increment(10).max(999_999).cycle();
    /// op.alter_sequence("invoice_numbers").no_cycle().cache(20).owned_by("invoices", "number");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_sequence(&mut self, name: impl Into<Name>) -> ObjectSpec<'_, Sequence> {
        self.create_object(sequence(name))
    }

    /// Changes a sequence.
    pub fn alter_sequence(&mut self, name: impl Into<Name>) -> AlterObjectSpec<'_, Sequence> {
        AlterObjectSpec::new(self, ObjectId::sequence(name))
    }
}

attributes! {
    Sequence, Sequence(SequenceChange) {
        /// The type of its numbers: `bigint()` unless given.
        as_type(ty: impl Into<ColumnType>) ty, Type = Some(ty.into());
        /// The first number.
        start(number: i64) start, Start = Some(number);
        /// The step.
        increment(step: i64) increment, Increment = Some(step);
        /// The least number.
        min(number: i64) min, Min = Some(number);
        /// The least number is the server's own choice.
        no_min() min, Min = None;
        /// The greatest number.
        max(number: i64) max, Max = Some(number);
        /// The greatest number is the server's own choice.
        no_max() max, Max = None;
        /// How many numbers a session takes at once.
        cache(numbers: i64) cache, Cache = Some(numbers);
        /// Begins again after the last number.
        cycle() cycle, Cycle = true;
        /// Ends with the last number.
        no_cycle() cycle, Cycle = false;
        /// It belongs to no column.
        owned_by_none() owned_by, OwnedBy = None;
        /// Isn't written ahead: PostgreSQL 15.
        unlogged() unlogged, Unlogged = true;
        /// Is written ahead, as it is unless something else is said.
        logged() unlogged, Unlogged = false;
    }
}

impl ObjectSpec<'_, Sequence> {
    /// It belongs to a column, and goes with it: PostgreSQL.
    pub fn owned_by(self, table: impl Into<Name>, column: impl Into<String>) -> Self {
        let owner = OwnedBy { table: table.into(), column: column.into() };
        self.define(|of| of.owned_by = Some(owner))
    }
}

impl AlterObjectSpec<'_, Sequence> {
    /// It belongs to a column, and goes with it: PostgreSQL.
    pub fn owned_by(self, table: impl Into<Name>, column: impl Into<String>) -> Self {
        let owner = OwnedBy { table: table.into(), column: column.into() };
        self.change(ObjectChange::Sequence(crate::change::SequenceChange::OwnedBy(Some(owner))))
    }

    /// The next number is its first one. Where it stood isn't remembered.
    pub fn restart(self) -> Self {
        self.change(ObjectChange::Restart(None))
    }

    /// The next number is this one. Where it stood isn't remembered.
    pub fn restart_with(self, number: i64) -> Self {
        self.change(ObjectChange::Restart(Some(number)))
    }
}
