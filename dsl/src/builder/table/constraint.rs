//! What is said of the constraint that was written last.

use super::*;

impl TableSpec<'_> {
    /// What becomes of a row when the one that its [foreign key](Self::foreign_key) refers to is deleted.
    pub fn on_delete(self, action: Action) -> Self {
        self.of_foreign_key(".on_delete(..)", |key| key.on_delete = action)
    }

    /// Only these columns of the [foreign key](Self::foreign_key) become NULL or their defaults when the row that they refer to
    /// is deleted: PostgreSQL 15.
    pub fn on_delete_columns(self, columns: impl IntoColumns) -> Self {
        self.of_foreign_key(".on_delete_columns(..)", |key| key.on_delete_columns = columns.into_columns())
    }

    /// What becomes of a row when the key that its [foreign key](Self::foreign_key) refers to changes.
    pub fn on_update(self, action: Action) -> Self {
        self.of_foreign_key(".on_update(..)", |key| key.on_update = action)
    }

    /// The last column of the [foreign key](Self::foreign_key) is a range that the ranges of the rows referred to cover:
    /// PostgreSQL 18.
    pub fn period(self) -> Self {
        self.of_foreign_key(".period()", |key| key.period = true)
    }

    /// The last column of the [unique](Self::unique) constraint or the [primary key](Self::primary_key) written last is a range,
    /// and two rows with the same key may not overlap in it: PostgreSQL 18.
    pub fn without_overlaps(self) -> Self {
        let set = |key: &mut PrimaryKey| key.without_overlaps = true;
        self.of_key(".without_overlaps()", |unique| unique.without_overlaps = true, set)
    }

    /// All columns of the [foreign key](Self::foreign_key) are NULL or none is: PostgreSQL.
    pub fn match_full(self) -> Self {
        self.of_foreign_key(".match_full()", |key| key.matching = Match::Full)
    }

    /// The key, or [unique](Self::unique) or [exclusion](Self::exclude) constraint written last is checked with each statement,
    /// unless a transaction asks otherwise: PostgreSQL, and SQLite for foreign keys.
    pub fn deferrable(self) -> Self {
        self.deferred(Deferrable::InitiallyImmediate)
    }

    /// The key, or [unique](Self::unique) or [exclusion](Self::exclude) constraint written last is checked at the end of the
    /// transaction: PostgreSQL, and SQLite for foreign keys.
    pub fn initially_deferred(self) -> Self {
        self.deferred(Deferrable::InitiallyDeferred)
    }

    /// The [foreign key](Self::foreign_key) or [check](Self::check) written last holds for no row: PostgreSQL 18, and MySQL
    /// for checks.
    pub fn not_enforced(mut self) -> Self {
        let (table, enforcement) = (&mut *self.table, Enforcement::NotEnforced);
        let last = match self.last {
            Some(ConstraintKind::ForeignKey) => table.foreign_keys.last_mut().map(|c| &mut c.enforcement),
            Some(ConstraintKind::Check) => table.checks.last_mut().map(|c| &mut c.enforcement),
            _ => None,
        };
        match last {
            Some(last) => *last = enforcement,
            None => self.draft.fault(".not_enforced() follows neither a foreign key nor a check"),
        }
        self
    }

    /// The [check](Self::check) written last holds for this table alone, and not for those that inherit from it: PostgreSQL.
    pub fn no_inherit(mut self) -> Self {
        match (self.last, self.table.checks.last_mut()) {
            (Some(ConstraintKind::Check), Some(check)) => check.no_inherit = true,
            _ => self.draft.fault(".no_inherit() doesn't follow a check"),
        }
        self
    }

    /// Two NULLs are the same to the [unique](Self::unique) constraint written last: PostgreSQL 15.
    pub fn nulls_not_distinct(self) -> Self {
        self.of_unique(".nulls_not_distinct()", |unique| unique.nulls_not_distinct = true)
    }

    /// Columns kept in the index of the [unique](Self::unique) or [exclusion](Self::exclude) constraint or the
    /// [primary key](Self::primary_key) written last, beside its key: PostgreSQL.
    pub fn include(mut self, columns: impl IntoColumns) -> Self {
        let columns = columns.into_columns();
        if let (Some(ConstraintKind::Exclusion), Some(last)) = (self.last, self.table.exclusions.last_mut()) {
            last.include = columns;
            return self;
        }
        let set = |key: &mut PrimaryKey| key.include.clone_from(&columns);
        self.of_key(".include(..)", |unique| unique.include.clone_from(&columns), set)
    }

    fn of_foreign_key(mut self, what: &str, set: impl FnOnce(&mut ForeignKey)) -> Self {
        match (self.last, self.table.foreign_keys.last_mut()) {
            (Some(ConstraintKind::ForeignKey), Some(key)) => set(key),
            _ => self.draft.fault(format!("{what} doesn't follow .foreign_key(..)")),
        }
        self
    }

    fn of_unique(mut self, what: &str, set: impl FnOnce(&mut Unique)) -> Self {
        match (self.last, self.table.uniques.last_mut()) {
            (Some(ConstraintKind::Unique), Some(unique)) => set(unique),
            _ => self.draft.fault(format!("{what} doesn't follow .unique(..)")),
        }
        self
    }

    fn of_key(
        mut self,
        what: &str,
        set_unique: impl FnOnce(&mut Unique),
        set_primary: impl FnOnce(&mut PrimaryKey),
    ) -> Self {
        let table = &mut *self.table;
        match (self.last, table.uniques.last_mut(), &mut table.primary_key) {
            (Some(ConstraintKind::Unique), Some(unique), _) => set_unique(unique),
            (Some(ConstraintKind::PrimaryKey), _, Some(key)) => set_primary(key),
            _ => self.draft.fault(format!("{what} follows neither .unique(..) nor .primary_key(..)")),
        }
        self
    }

    fn deferred(mut self, deferrable: Deferrable) -> Self {
        match self.last {
            Some(ConstraintKind::Unique | ConstraintKind::PrimaryKey) => {
                let set = |key: &mut PrimaryKey| key.deferrable = deferrable;
                self.of_key("", |unique| unique.deferrable = deferrable, set)
            }
            Some(ConstraintKind::ForeignKey) => self.of_foreign_key("", |key| key.deferrable = deferrable),
            Some(ConstraintKind::Exclusion) => {
                self.table.exclusions.last_mut().into_iter().for_each(|last| last.deferrable = deferrable);
                self
            }
            _ => {
                self.draft.fault("a deferral doesn't follow .foreign_key(..), .unique(..), .primary_key(..) or .exclude(..)");
                self
            }
        }
    }
}
