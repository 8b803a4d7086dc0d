//! Constraints of tables that exist, as they are written.

use super::into::{IntoColumns, IntoSql};
use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::{
    Action, Check, Constraint, Deferrable, ForeignKey, Label, Match, Name, PrimaryKey, Unique,
};

impl Ops {
    /// Makes columns the primary key of a table that has none.
    pub fn add_primary_key(
        &mut self,
        table: impl Into<Name>,
        columns: impl IntoColumns,
    ) -> PrimaryKeySpec<'_> {
        let key = PrimaryKey { label: Label::Unnamed, columns: columns.into_columns() };
        match self.constraint(table, Constraint::PrimaryKey(key)) {
            Constraint::PrimaryKey(key) => PrimaryKeySpec(key),
            _ => not_as_given(),
        }
    }

    /// Refuses two rows that have the same in all these columns.
    pub fn add_unique(&mut self, table: impl Into<Name>, columns: impl IntoColumns) -> UniqueSpec<'_> {
        match self.constraint(table, Constraint::Unique(Unique::over(columns.into_columns()))) {
            Constraint::Unique(unique) => UniqueSpec(unique),
            _ => not_as_given(),
        }
    }

    /// Makes columns refer to those of another table.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.add_foreign_key("posts", ["user_id"], "users", ["id"]).on_delete(Action::Cascade).initially_deferred();
    /// op.add_check("posts", "words >= 0").named("posts_words_positive");
    /// let recorded = op.finish()?;
    /// assert_eq!(recorded.ops[0].to_string(), "add foreign key posts_user_id_fkey to table posts");
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn add_foreign_key(
        &mut self,
        table: impl Into<Name>,
        columns: impl IntoColumns,
        references: impl Into<Name>,
        references_columns: impl IntoColumns,
    ) -> ForeignKeySpec<'_> {
        let key =
            ForeignKey::over(columns.into_columns(), references.into(), references_columns.into_columns());
        match self.constraint(table, Constraint::ForeignKey(key)) {
            Constraint::ForeignKey(key) => ForeignKeySpec(key),
            _ => not_as_given(),
        }
    }

    /// Adds a condition that every row meets: SQL text.
    pub fn add_check(&mut self, table: impl Into<Name>, sql: impl IntoSql) -> CheckSpec<'_> {
        let check = Check { label: Label::Unnamed, expr: sql.into_sql() };
        match self.constraint(table, Constraint::Check(check)) {
            Constraint::Check(check) => CheckSpec(check),
            _ => not_as_given(),
        }
    }

    fn constraint(&mut self, table: impl Into<Name>, constraint: Constraint) -> &mut Constraint {
        match &mut self.record(Op::AddConstraint { table: table.into(), constraint }).op {
            Op::AddConstraint { constraint, .. } => constraint,
            _ => not_as_given(),
        }
    }
}

/// A primary key being added.
pub struct PrimaryKeySpec<'a>(&'a mut PrimaryKey);

impl PrimaryKeySpec<'_> {
    /// Names it, in place of the convention. MySQL and MariaDB keep no name of a primary key.
    pub fn named(self, name: impl Into<String>) -> Self {
        self.0.label = Label::Given(name.into());
        self
    }
}

/// A unique constraint being added.
pub struct UniqueSpec<'a>(&'a mut Unique);

impl UniqueSpec<'_> {
    /// Names it, in place of the convention.
    pub fn named(self, name: impl Into<String>) -> Self {
        self.0.label = Label::Given(name.into());
        self
    }

    /// Two NULLs are the same: PostgreSQL 15.
    pub fn nulls_not_distinct(self) -> Self {
        self.0.nulls_not_distinct = true;
        self
    }

    /// Columns kept in its index, beside its key: PostgreSQL.
    pub fn include(self, columns: impl IntoColumns) -> Self {
        self.0.include = columns.into_columns();
        self
    }

    /// Checked with each statement, unless a transaction asks otherwise: PostgreSQL.
    pub fn deferrable(self) -> Self {
        self.0.deferrable = Deferrable::InitiallyImmediate;
        self
    }

    /// Checked at the end of the transaction: PostgreSQL.
    pub fn initially_deferred(self) -> Self {
        self.0.deferrable = Deferrable::InitiallyDeferred;
        self
    }
}

/// A foreign key being added.
pub struct ForeignKeySpec<'a>(&'a mut ForeignKey);

impl ForeignKeySpec<'_> {
    /// Names it, in place of the convention.
    pub fn named(self, name: impl Into<String>) -> Self {
        self.0.label = Label::Given(name.into());
        self
    }

    /// What becomes of a row when the one it refers to is deleted.
    pub fn on_delete(self, action: Action) -> Self {
        self.0.on_delete = action;
        self
    }

    /// What becomes of a row when the key it refers to changes.
    pub fn on_update(self, action: Action) -> Self {
        self.0.on_update = action;
        self
    }

    /// All its columns are NULL or none is: PostgreSQL.
    pub fn match_full(self) -> Self {
        self.0.matching = Match::Full;
        self
    }

    /// Checked with each statement, unless a transaction asks otherwise: PostgreSQL and SQLite.
    pub fn deferrable(self) -> Self {
        self.0.deferrable = Deferrable::InitiallyImmediate;
        self
    }

    /// Checked at the end of the transaction: PostgreSQL and SQLite.
    pub fn initially_deferred(self) -> Self {
        self.0.deferrable = Deferrable::InitiallyDeferred;
        self
    }
}

/// A check being added.
pub struct CheckSpec<'a>(&'a mut Check);

impl CheckSpec<'_> {
    /// Names it, in place of the convention.
    pub fn named(self, name: impl Into<String>) -> Self {
        self.0.label = Label::Given(name.into());
        self
    }
}
