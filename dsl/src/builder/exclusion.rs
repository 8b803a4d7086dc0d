//! Exclusion constraints, as they are written: PostgreSQL.

use super::into::{IntoColumns, IntoSql};
use super::table::TableSpec;
use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::{
    Constraint, ConstraintKind, Deferrable, Exclusion, ExclusionElement, IndexKey, Label, Name,
};

impl TableSpec<'_> {
    /// No two rows conflict in all of these: PostgreSQL. Each is a column or an expression, and an operator.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_table("bookings")
    ///     .col("room", integer())
    ///     .col("during", native("tsrange"))
    ///     .exclude([("room", "="), ("during", "&&")])
    ///     .initially_deferred();
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn exclude<K: Into<IndexKey>>(self, elements: impl IntoIterator<Item = (K, &'static str)>) -> Self {
        self.constraint(Constraint::Exclusion(exclusion(elements)))
    }

    /// Only the rows that meet this are compared by the [exclusion constraint](Self::exclude) written last.
    pub fn exclude_where(mut self, sql: impl IntoSql) -> Self {
        match self.table.exclusions.last_mut() {
            Some(exclusion) => exclusion.predicate = Some(sql.into_sql()),
            None => self.draft.fault(".exclude_where(..) doesn't follow .exclude(..)"),
        }
        self
    }

    /// The index method of the [exclusion constraint](Self::exclude) written last; `gist` unless given.
    pub fn exclude_using(mut self, method: impl Into<String>) -> Self {
        match self.table.exclusions.last_mut() {
            Some(exclusion) => exclusion.method = Some(method.into()),
            None => self.draft.fault(".exclude_using(..) doesn't follow .exclude(..)"),
        }
        self
    }
}

impl Ops {
    /// Adds an exclusion constraint: PostgreSQL.
    pub fn add_exclusion<K: Into<IndexKey>>(
        &mut self,
        table: impl Into<Name>,
        elements: impl IntoIterator<Item = (K, &'static str)>,
    ) -> ExclusionSpec<'_> {
        let constraint = Constraint::Exclusion(exclusion(elements));
        match &mut self.record(Op::AddConstraint { table: table.into(), constraint }).op {
            Op::AddConstraint { constraint: Constraint::Exclusion(exclusion), .. } => {
                ExclusionSpec(exclusion)
            }
            _ => not_as_given(),
        }
    }

    /// Drops an exclusion constraint.
    pub fn drop_exclusion(&mut self, table: impl Into<Name>, name: impl Into<String>) -> super::DropSpec<'_> {
        self.drop_constraint(table, ConstraintKind::Exclusion, name)
    }
}

/// An exclusion constraint over these, without a name yet.
fn exclusion<K: Into<IndexKey>>(elements: impl IntoIterator<Item = (K, &'static str)>) -> Exclusion {
    let element =
        |(key, operator): (K, &str)| ExclusionElement { key: key.into(), operator: operator.into() };
    Exclusion {
        label: Label::Unnamed,
        elements: elements.into_iter().map(element).collect(),
        method: None,
        predicate: None,
        deferrable: Default::default(),
        include: Vec::new(),
    }
}

/// An exclusion constraint being added.
pub struct ExclusionSpec<'a>(&'a mut Exclusion);

impl ExclusionSpec<'_> {
    /// Names it, in place of the convention.
    pub fn named(self, name: impl Into<String>) -> Self {
        self.0.label = Label::Given(name.into());
        self
    }

    /// The index method; `gist` unless given.
    pub fn method(self, method: impl Into<String>) -> Self {
        self.0.method = Some(method.into());
        self
    }

    /// Only the rows that meet this are compared: SQL text.
    pub fn filter(self, sql: impl IntoSql) -> Self {
        self.0.predicate = Some(sql.into_sql());
        self
    }

    /// Columns kept in its index beside what is compared.
    pub fn include(self, columns: impl IntoColumns) -> Self {
        self.0.include = columns.into_columns();
        self
    }

    /// It is checked with each statement, unless a transaction asks otherwise.
    pub fn deferrable(self) -> Self {
        self.0.deferrable = Deferrable::InitiallyImmediate;
        self
    }

    /// It is checked at the end of the transaction.
    pub fn initially_deferred(self) -> Self {
        self.0.deferrable = Deferrable::InitiallyDeferred;
        self
    }
}
