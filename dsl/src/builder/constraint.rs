//! Constraints of tables that exist, as they are written.

use super::into::{IntoColumns, IntoSql};
use crate::change::{ConstraintChange, TableChange};
use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::{
    Action, Check, Constraint, ConstraintKind, Deferrable, Enforcement, ForeignKey, Label, Match, Name,
    PrimaryKey, Unique,
};

impl Ops {
    /// Makes columns the primary key of a table that has none.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.add_primary_key("seats", ["hall", "place"]).include(["guest"]).initially_deferred();
    /// // PostgreSQL 18: a room's stays don't overlap, and each cleaning lies within one.
    /// op.add_primary_key("stays", ["room", "during"]).without_overlaps();
    /// op.add_foreign_key("cleanings", ["room", "during"], "stays", ["room", "during"]).period();
    /// // A task loses its author, and not its tenant.
    /// op.add_foreign_key("tasks", ["tenant", "author"], "members", ["tenant", "id"])
    ///     .on_delete(Action::SetNull)
    ///     .on_delete_columns(["author"]);
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn add_primary_key(
        &mut self,
        table: impl Into<Name>,
        columns: impl IntoColumns,
    ) -> PrimaryKeySpec<'_> {
        let key = PrimaryKey::over(columns.into_columns());
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

    /// Makes a unique index the primary key of its table, which then has the index's name or another: PostgreSQL. Built
    /// [concurrently](super::IndexSpec::concurrently) before, it is the way to a key for a table in use.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.add_primary_key_using_index("users", "users_by_id").named("users_pkey");
    /// op.add_unique_using_index("users", "users_email_key").initially_deferred();
    /// let recorded = op.finish()?;
    /// assert_eq!(recorded.ops[0].to_string(), "make primary key users_pkey of index users_by_id of table users");
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn add_primary_key_using_index(
        &mut self,
        table: impl Into<Name>,
        index: impl Into<String>,
    ) -> UsingIndexSpec<'_> {
        self.using_index(table.into(), index.into(), ConstraintKind::PrimaryKey)
    }

    /// Makes a unique index a unique constraint, in the same way: PostgreSQL.
    pub fn add_unique_using_index(
        &mut self,
        table: impl Into<Name>,
        index: impl Into<String>,
    ) -> UsingIndexSpec<'_> {
        self.using_index(table.into(), index.into(), ConstraintKind::Unique)
    }

    fn using_index(&mut self, table: Name, index: String, kind: ConstraintKind) -> UsingIndexSpec<'_> {
        let (name, deferrable) = (index.clone(), Deferrable::No);
        let change = TableChange::IndexToConstraint { index, kind, name, deferrable };
        match &mut self.record(Op::AlterTable { table, change }).op {
            Op::AlterTable { change: TableChange::IndexToConstraint { name, deferrable, .. }, .. } => {
                UsingIndexSpec { name, deferrable }
            }
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
        let check = Check::new(Label::Unnamed, sql.into_sql());
        match self.constraint(table, Constraint::Check(check)) {
            Constraint::Check(check) => CheckSpec(check),
            _ => not_as_given(),
        }
    }

    /// Looks at all rows that there are for a check or a foreign key that was added as [`NOT VALID`](CheckSpec::not_valid),
    /// and has none of them wait meanwhile: PostgreSQL. Together they are the way to add one to a table in use.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.add_foreign_key("posts", ["user_id"], "users", ["id"]).named("posts_user").not_valid();
    /// op.validate_constraint("posts", "posts_user");
    /// # op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn validate_constraint(&mut self, table: impl Into<Name>, name: impl Into<String>) {
        let _ = self.alter_constraint(table, name).enforced();
    }

    /// Changes a constraint, one attribute at a time; what isn't named stays.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.alter_constraint("posts", "posts_user").initially_deferred();
    /// op.alter_constraint("posts", "posts_words_positive").not_enforced();
    /// # op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    #[must_use = "naming a constraint changes nothing of it"]
    pub fn alter_constraint(
        &mut self,
        table: impl Into<Name>,
        name: impl Into<String>,
    ) -> AlterConstraintSpec<'_> {
        AlterConstraintSpec { ops: self, table: table.into(), name: name.into() }
    }

    fn constraint(&mut self, table: impl Into<Name>, constraint: Constraint) -> &mut Constraint {
        match &mut self.record(Op::AddConstraint { table: table.into(), constraint }).op {
            Op::AddConstraint { constraint, .. } => constraint,
            _ => not_as_given(),
        }
    }
}

/// A constraint being changed.
pub struct AlterConstraintSpec<'a> {
    ops: &'a mut Ops,
    table: Name,
    name: String,
}

impl AlterConstraintSpec<'_> {
    /// Holds for all rows from now on; those that there are must fit.
    pub fn enforced(self) -> Self {
        self.change(ConstraintChange::Enforcement(Enforcement::Full))
    }

    /// Holds for rows that are written from now on, and for no others until it is validated: PostgreSQL.
    pub fn not_valid(self) -> Self {
        self.change(ConstraintChange::Enforcement(Enforcement::NotValid))
    }

    /// Holds for no row: PostgreSQL 18, and MySQL for checks.
    pub fn not_enforced(self) -> Self {
        self.change(ConstraintChange::Enforcement(Enforcement::NotEnforced))
    }

    /// Checked with each statement, always.
    pub fn not_deferrable(self) -> Self {
        self.change(ConstraintChange::Deferrable(Deferrable::No))
    }

    /// Checked with each statement, unless a transaction asks otherwise: PostgreSQL, and SQLite for foreign keys.
    pub fn deferrable(self) -> Self {
        self.change(ConstraintChange::Deferrable(Deferrable::InitiallyImmediate))
    }

    /// Checked at the end of the transaction: PostgreSQL, and SQLite for foreign keys.
    pub fn initially_deferred(self) -> Self {
        self.change(ConstraintChange::Deferrable(Deferrable::InitiallyDeferred))
    }

    /// Holds for this table alone, and not for those that inherit from it: PostgreSQL's checks.
    pub fn no_inherit(self) -> Self {
        self.change(ConstraintChange::NoInherit(true))
    }

    /// Holds for tables that inherit from this one too: PostgreSQL's checks.
    pub fn inherit(self) -> Self {
        self.change(ConstraintChange::NoInherit(false))
    }

    fn change(self, change: ConstraintChange) -> Self {
        let change = TableChange::Constraint { name: self.name.clone(), change };
        self.ops.record(Op::AlterTable { table: self.table.clone(), change });
        self
    }
}

/// An index that becomes a constraint's.
pub struct UsingIndexSpec<'a> {
    name: &'a mut String,
    deferrable: &'a mut Deferrable,
}

impl UsingIndexSpec<'_> {
    /// Names the constraint, and with it the index.
    pub fn named(self, name: impl Into<String>) -> Self {
        *self.name = name.into();
        self
    }

    /// Checked with each statement, unless a transaction asks otherwise. No foreign key can refer to it then.
    pub fn deferrable(self) -> Self {
        *self.deferrable = Deferrable::InitiallyImmediate;
        self
    }

    /// Checked at the end of the transaction. No foreign key can refer to it then.
    pub fn initially_deferred(self) -> Self {
        *self.deferrable = Deferrable::InitiallyDeferred;
        self
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

    /// Columns kept in its index, beside its key: PostgreSQL.
    pub fn include(self, columns: impl IntoColumns) -> Self {
        self.0.include = columns.into_columns();
        self
    }

    /// Checked with each statement, unless a transaction asks otherwise: PostgreSQL. No foreign key can refer to it then.
    pub fn deferrable(self) -> Self {
        self.0.deferrable = Deferrable::InitiallyImmediate;
        self
    }

    /// Checked at the end of the transaction: PostgreSQL. No foreign key can refer to it then.
    pub fn initially_deferred(self) -> Self {
        self.0.deferrable = Deferrable::InitiallyDeferred;
        self
    }

    /// Its last column is a range, and two rows with the same key may not overlap in it: PostgreSQL 18.
    pub fn without_overlaps(self) -> Self {
        self.0.without_overlaps = true;
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

    /// Its last column is a range, and two rows with the same key may not overlap in it: PostgreSQL 18.
    pub fn without_overlaps(self) -> Self {
        self.0.without_overlaps = true;
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

    /// Only these columns become NULL or their defaults when the row that they refer to is deleted: PostgreSQL 15.
    pub fn on_delete_columns(self, columns: impl IntoColumns) -> Self {
        self.0.on_delete_columns = columns.into_columns();
        self
    }

    /// What becomes of a row when the key it refers to changes.
    pub fn on_update(self, action: Action) -> Self {
        self.0.on_update = action;
        self
    }

    /// Holds for rows that are written from now on; nobody looks at the others until it is
    /// [validated](Ops::validate_constraint), and so nobody waits: PostgreSQL.
    pub fn not_valid(self) -> Self {
        self.0.enforcement = Enforcement::NotValid;
        self
    }

    /// Holds for no row: PostgreSQL 18.
    pub fn not_enforced(self) -> Self {
        self.0.enforcement = Enforcement::NotEnforced;
        self
    }

    /// Its last column is a range that the ranges of the rows referred to cover: PostgreSQL 18.
    pub fn period(self) -> Self {
        self.0.period = true;
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

    /// Holds for rows that are written from now on; nobody looks at the others until it is
    /// [validated](Ops::validate_constraint), and so nobody waits: PostgreSQL.
    pub fn not_valid(self) -> Self {
        self.0.enforcement = Enforcement::NotValid;
        self
    }

    /// Holds for no row: PostgreSQL 18, MySQL.
    pub fn not_enforced(self) -> Self {
        self.0.enforcement = Enforcement::NotEnforced;
        self
    }

    /// Holds for this table alone, and not for those that inherit from it: PostgreSQL.
    pub fn no_inherit(self) -> Self {
        self.0.no_inherit = true;
        self
    }
}
