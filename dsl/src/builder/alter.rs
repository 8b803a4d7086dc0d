//! Changes of columns, as they are written.

use super::column::ColumnSpec;
use super::into::IntoSql;
use super::slot::Draft;
use crate::change::TableChange;
use crate::op::{ColumnChange, Op, Position};
use crate::ops::{Entry, Ops, not_as_given};
use crate::schema::{Constraint, Expr, Generated, Identity, Name};
use crate::server::PerDialect;

impl Ops {
    /// Adds a column; the keys and checks written beside it are added after it.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.add_column("users", "bio", text());
    /// op.add_column("users", "team_id", bigint().references("teams", "id")).after("email");
    /// let recorded = op.finish()?;
    /// assert_eq!(recorded.ops[2].to_string(), "add foreign key users_team_id_fkey to table users");
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn add_column(
        &mut self,
        table: impl Into<Name>,
        name: impl Into<String>,
        spec: impl Into<ColumnSpec>,
    ) -> AddColumnSpec<'_> {
        let (table, name, spec) = (table.into(), name.into(), spec.into());
        let (column, constraints, faults) = spec.into_named(name.clone());
        let (at, alone) = (self.entries().len(), constraints.is_empty());
        let added = Op::AddColumn { table: table.clone(), column, position: None, if_not_exists: false };
        self.record(added).draft.faults = faults;
        for constraint in constraints {
            let beside = matches!(constraint, Constraint::Check(_)).then(|| (0, name.clone()));
            let entry = self.record(Op::AddConstraint { table: table.clone(), constraint });
            entry.draft.beside.extend(beside);
        }
        match &mut self.entries()[at] {
            Entry { op: Op::AddColumn { position, if_not_exists, .. }, draft } => {
                AddColumnSpec { position, if_not_exists, draft, alone }
            }
            _ => not_as_given(),
        }
    }

    /// Changes a column, one attribute at a time; what isn't named stays.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.alter_column("posts", "title").set_type(varchar(80)).using("left(title, 80)").not_null().default("untitled");
    /// op.alter_column("posts", "words").drop_default().rename("word_count");
    /// assert_eq!(op.finish()?.ops.len(), 5);
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    #[must_use = "naming a column changes nothing of it"]
    pub fn alter_column(&mut self, table: impl Into<Name>, column: impl Into<String>) -> AlterColumnSpec<'_> {
        AlterColumnSpec { ops: self, table: table.into(), column: column.into() }
    }

    /// Lets the server copy a table for what is recorded of it, up to the next SQL of your own or data step, while writers wait:
    /// MySQL and MariaDB; nothing elsewhere. Without it each change is asked for at the least that the server is known to need
    /// (`ALGORITHM`, `LOCK`), and one that a server can't do so is refused.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.allow_copy("users");
    /// op.add_column("users", "bio", text());
    /// assert_eq!(op.finish()?.ops[0].to_string(), "allow a copy of table users");
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn allow_copy(&mut self, table: impl Into<Name>) {
        self.push(Op::AlterTable { table: table.into(), change: TableChange::AllowCopy });
    }
}

/// A column being added.
pub struct AddColumnSpec<'a> {
    position: &'a mut Option<Position>,
    if_not_exists: &'a mut bool,
    draft: &'a mut Draft,
    /// Whether no constraint was written beside the column.
    alone: bool,
}

impl AddColumnSpec<'_> {
    /// Before all others, on MySQL and MariaDB; last elsewhere.
    pub fn first(self) -> Self {
        *self.position = Some(Position::First);
        self
    }

    /// After the column of this name, on MySQL and MariaDB; last elsewhere.
    pub fn after(self, column: impl Into<String>) -> Self {
        *self.position = Some(Position::After(column.into()));
        self
    }

    /// Does nothing if there is one of that name, whatever it looks like.
    pub fn if_not_exists(self) -> Self {
        *self.if_not_exists = true;
        if !self.alone {
            self.draft
                .fault("no server adds the constraints beside it only if it is new; add them by themselves");
        }
        self
    }
}

/// A column being changed.
pub struct AlterColumnSpec<'a> {
    ops: &'a mut Ops,
    table: Name,
    column: String,
}

impl AlterColumnSpec<'_> {
    /// Changes its type.
    pub fn set_type(self, spec: impl Into<ColumnSpec>) -> Self {
        let (to, faults) = spec.into().bare("what a column is changed to").into_type();
        self.record(ColumnChange::Type { to, using: None }, faults)
    }

    /// What each row's value becomes when the [type](Self::set_type) changes, on PostgreSQL and in a SQLite rebuild:
    /// SQL text. MySQL and MariaDB can't do it.
    pub fn using(self, sql: impl IntoSql) -> Self {
        match self.ops.entries().last_mut().map(|entry| &mut entry.op) {
            Some(Op::AlterColumn { table, column, change: ColumnChange::Type { using, .. } })
                if *table == self.table && *column == self.column =>
            {
                *using = Some(sql.into_sql());
            }
            _ => {
                let operation = format!("alter column {}.{}", self.table, self.column);
                self.ops.fault(operation, ".using(..) doesn't follow .set_type(..)");
            }
        }
        self
    }

    /// Refuses NULL from now on.
    pub fn not_null(self) -> Self {
        self.change(ColumnChange::NotNull(true))
    }

    /// Refuses NULL in rows that are written from now on, and looks at no other, which would keep readers waiting: PostgreSQL 18.
    /// Then [`not_null()`](Self::not_null), in a revision of its own, looks at all rows while others read and write.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.on(POSTGRES, |op| {
    ///     op.alter_column("users", "email").not_null_not_valid();
    /// });
    /// # op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn not_null_not_valid(self) -> Self {
        self.change(ColumnChange::NotNullNotValid)
    }

    /// Refuses NULL in this table alone, or in those too that inherit from it: PostgreSQL 18. Elsewhere, where none does, it
    /// refuses NULL.
    pub fn not_null_no_inherit(self, alone: bool) -> Self {
        self.change(ColumnChange::NotNullNoInherit(alone))
    }

    /// Takes NULL from now on.
    pub fn nullable(self) -> Self {
        self.change(ColumnChange::NotNull(false))
    }

    /// Changes its default. A string is a literal; SQL text is `sql("now()")`.
    pub fn default(self, value: impl Into<Expr>) -> Self {
        self.change(ColumnChange::Default(Some(value.into())))
    }

    /// Removes its default.
    pub fn drop_default(self) -> Self {
        self.change(ColumnChange::Default(None))
    }

    /// Is numbered by the server from now on.
    pub fn identity(self) -> Self {
        self.identity_with(Identity::default())
    }

    /// Is numbered by the server from now on, and how.
    pub fn identity_with(self, identity: Identity) -> Self {
        self.change(ColumnChange::Identity(Some(identity)))
    }

    /// Is no longer numbered by the server, and keeps its values.
    pub fn drop_identity(self) -> Self {
        self.change(ColumnChange::Identity(None))
    }

    /// The next row gets this number: PostgreSQL. On MySQL and MariaDB that is the identity's start:
    /// [`identity_with`](Self::identity_with).
    pub fn restart_with(self, number: i64) -> Self {
        self.change(ColumnChange::Restart(Some(number)))
    }

    /// The next row gets the first number again: PostgreSQL.
    pub fn restart(self) -> Self {
        self.change(ColumnChange::Restart(None))
    }

    /// Renames the sequence from which it is numbered: PostgreSQL.
    pub fn rename_sequence(self, to: impl Into<String>) -> Self {
        self.change(ColumnChange::SequenceName(to.into()))
    }

    /// Is computed from other columns when it is written: SQL text.
    pub fn generated_stored(self, sql: impl IntoSql) -> Self {
        self.change(ColumnChange::Generated(Some(Generated { expr: sql.into_sql(), stored: true })))
    }

    /// Is computed from other columns when it is read: SQL text.
    pub fn generated_virtual(self, sql: impl IntoSql) -> Self {
        self.change(ColumnChange::Generated(Some(Generated { expr: sql.into_sql(), stored: false })))
    }

    /// Is no longer computed, and keeps its values.
    pub fn drop_generated(self) -> Self {
        self.change(ColumnChange::Generated(None))
    }

    /// Changes how its text is compared, by the server's own name for it. Names for several servers are a
    /// [`PerDialect`].
    pub fn collate(self, collation: impl Into<PerDialect<String>>) -> Self {
        self.change(ColumnChange::Collation(collation.into()))
    }

    /// Compares its text as the table or the database does.
    pub fn drop_collation(self) -> Self {
        self.change(ColumnChange::Collation(PerDialect::default()))
    }

    /// Changes how its text is stored: MySQL's and MariaDB's `CHARACTER SET`; nothing elsewhere.
    pub fn charset(self, charset: impl Into<String>) -> Self {
        self.change(ColumnChange::Charset(Some(charset.into())))
    }

    /// Stores its text as the table does: MySQL and MariaDB; nothing elsewhere.
    pub fn drop_charset(self) -> Self {
        self.change(ColumnChange::Charset(None))
    }

    /// What it becomes whenever its row changes: MySQL's and MariaDB's `ON UPDATE CURRENT_TIMESTAMP`, as SQL text;
    /// nothing elsewhere.
    pub fn on_update_to(self, sql: impl IntoSql) -> Self {
        self.change(ColumnChange::OnUpdate(Some(sql.into_sql())))
    }

    /// Stays as it is when its row changes: MySQL and MariaDB; nothing elsewhere.
    pub fn drop_on_update(self) -> Self {
        self.change(ColumnChange::OnUpdate(None))
    }

    /// Is left out of `SELECT *`: MySQL 8.0.23, MariaDB; nothing elsewhere.
    pub fn invisible(self) -> Self {
        self.change(ColumnChange::Invisible(true))
    }

    /// Is part of `SELECT *` again.
    pub fn visible(self) -> Self {
        self.change(ColumnChange::Invisible(false))
    }

    /// Stands before all others from now on: MySQL, MariaDB, and SQLite, whose table is built anew. PostgreSQL can't do it.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.on(MYSQL | MARIADB | SQLITE, |op| {
    ///     op.alter_column("users", "email").after("id");
    /// });
    /// # op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn first(self) -> Self {
        self.change(ColumnChange::Position(Position::First))
    }

    /// Stands after the column of this name from now on, where [`first()`](Self::first) can be said too.
    pub fn after(self, column: impl Into<String>) -> Self {
        self.change(ColumnChange::Position(Position::After(column.into())))
    }

    /// Changes how it is kept, or what is known of its values: PostgreSQL's `storage`, `compression`, `statistics`,
    /// `n_distinct`, `n_distinct_inherited`; nothing elsewhere. Partitions and heirs follow in `storage` and `statistics`.
    pub fn option(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.change(ColumnChange::Option { name: name.into(), value: Some(value.into()) })
    }

    /// Leaves an option to the server: PostgreSQL; nothing elsewhere.
    pub fn drop_option(self, name: impl Into<String>) -> Self {
        self.change(ColumnChange::Option { name: name.into(), value: None })
    }

    /// Changes its comment.
    pub fn comment(self, comment: impl Into<String>) -> Self {
        self.change(ColumnChange::Comment(Some(comment.into())))
    }

    /// Removes its comment.
    pub fn drop_comment(self) -> Self {
        self.change(ColumnChange::Comment(None))
    }

    /// Lets the server copy the table for it, while writers wait: [`Ops::allow_copy`].
    pub fn allow_copy(self) -> Self {
        self.ops.allow_copy(self.table.clone());
        self
    }

    /// Renames it; what follows is said of the new name.
    pub fn rename(self, to: impl Into<String>) -> Self {
        let column = to.into();
        self.ops.rename_column(&self.table, self.column, column.clone());
        Self { column, ..self }
    }

    fn change(self, change: ColumnChange) -> Self {
        self.record(change, Vec::new())
    }

    fn record(self, change: ColumnChange, faults: Vec<String>) -> Self {
        let (table, column) = (self.table.clone(), self.column.clone());
        self.ops.record(Op::AlterColumn { table, column, change }).draft.faults = faults;
        self
    }
}
