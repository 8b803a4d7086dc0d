//! Drops, as they are written.

use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::{ConstraintKind, Name, ObjectId};

impl Ops {
    /// Drops a table and its rows, with what belongs to it: indexes, triggers, policies.
    pub fn drop_table(&mut self, name: impl Into<Name>) -> DropObjectSpec<'_> {
        let op = Op::DropTable { table: name.into(), if_exists: false, cascade: false };
        match &mut self.record(op).op {
            Op::DropTable { if_exists, cascade, .. } => DropObjectSpec { if_exists, cascade },
            _ => not_as_given(),
        }
    }

    /// Drops any object that isn't a table; for each kind there is a method of its own, such as
    /// [`drop_view`](Self::drop_view).
    pub fn drop_object(&mut self, object: ObjectId) -> DropObjectSpec<'_> {
        match &mut self.record(Op::DropObject { object, if_exists: false, cascade: false }).op {
            Op::DropObject { if_exists, cascade, .. } => DropObjectSpec { if_exists, cascade },
            _ => not_as_given(),
        }
    }

    /// Drops a column and what it holds.
    pub fn drop_column(&mut self, table: impl Into<Name>, column: impl Into<String>) -> DropSpec<'_> {
        let op = Op::DropColumn { table: table.into(), column: column.into(), if_exists: false };
        match &mut self.record(op).op {
            Op::DropColumn { if_exists, .. } => DropSpec(if_exists),
            _ => not_as_given(),
        }
    }

    /// Drops a constraint. Its kind is said too, for MySQL and MariaDB have a statement of its own for each.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.drop_constraint("posts", ConstraintKind::Check, "posts_words_check");
    /// op.drop_foreign_key("posts", "posts_user_id_fkey");
    /// op.drop_primary_key("posts");
    /// op.drop_index("posts", "posts_title_idx").if_exists();
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn drop_constraint(
        &mut self,
        table: impl Into<Name>,
        kind: ConstraintKind,
        name: impl Into<String>,
    ) -> DropSpec<'_> {
        let op = Op::DropConstraint { table: table.into(), kind, name: name.into(), if_exists: false };
        match &mut self.record(op).op {
            Op::DropConstraint { if_exists, .. } => DropSpec(if_exists),
            _ => not_as_given(),
        }
    }

    /// Drops a table's primary key, whatever its name.
    pub fn drop_primary_key(&mut self, table: impl Into<Name>) -> DropSpec<'_> {
        self.drop_constraint(table, ConstraintKind::PrimaryKey, "")
    }

    /// Drops a unique constraint.
    pub fn drop_unique(&mut self, table: impl Into<Name>, name: impl Into<String>) -> DropSpec<'_> {
        self.drop_constraint(table, ConstraintKind::Unique, name)
    }

    /// Drops a foreign key.
    pub fn drop_foreign_key(&mut self, table: impl Into<Name>, name: impl Into<String>) -> DropSpec<'_> {
        self.drop_constraint(table, ConstraintKind::ForeignKey, name)
    }

    /// Drops a check.
    pub fn drop_check(&mut self, table: impl Into<Name>, name: impl Into<String>) -> DropSpec<'_> {
        self.drop_constraint(table, ConstraintKind::Check, name)
    }

    /// Drops an index.
    pub fn drop_index(&mut self, table: impl Into<Name>, name: impl Into<String>) -> DropIndexSpec<'_> {
        let (table, name) = (table.into(), name.into());
        match &mut self.record(Op::DropIndex { table, name, if_exists: false, concurrently: false }).op {
            Op::DropIndex { if_exists, concurrently, .. } => DropIndexSpec { if_exists, concurrently },
            _ => not_as_given(),
        }
    }
}

/// Something being dropped.
pub struct DropSpec<'a>(&'a mut bool);

impl DropSpec<'_> {
    /// Does nothing if there is none.
    pub fn if_exists(self) -> Self {
        *self.0 = true;
        self
    }
}

/// A table or another object being dropped.
///
/// A drop is refused that something else depends on, with the name of what does.
pub struct DropObjectSpec<'a> {
    if_exists: &'a mut bool,
    cascade: &'a mut bool,
}

impl DropObjectSpec<'_> {
    /// Does nothing if there is none.
    pub fn if_exists(self) -> Self {
        *self.if_exists = true;
        self
    }

    /// Drops what depends on it too: PostgreSQL. There is no way back then, if anything does.
    pub fn cascade(self) -> Self {
        *self.cascade = true;
        self
    }
}

/// An index being dropped.
pub struct DropIndexSpec<'a> {
    if_exists: &'a mut bool,
    concurrently: &'a mut bool,
}

impl DropIndexSpec<'_> {
    /// Does nothing if there is none.
    pub fn if_exists(self) -> Self {
        *self.if_exists = true;
        self
    }

    /// Without stopping readers, outside any transaction: PostgreSQL. Nothing elsewhere.
    pub fn concurrently(self) -> Self {
        *self.concurrently = true;
        self
    }
}
