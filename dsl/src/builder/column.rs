//! A column as it is written: a type, and what follows it.

use super::into::IntoSql;
use crate::schema::{
    Action, Check, Column, ColumnType, Constraint, Deferrable, Enforcement, Expr, ForeignKey, Generated,
    Identity, Label, Match, Name, PrimaryKey, Unique,
};
use crate::server::PerDialect;

/// A column without its name: a type, its attributes, and the constraints that are written beside it.
///
/// A constraint's own attributes follow it, as in SQL: `.references("users", "id").on_delete(Action::Cascade)`,
/// `.unique().named("users_email_key")`.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// let mut op = Ops::new();
/// op.create_table("posts")
///     .col("id", bigint().identity().primary_key())
///     .col("user_id", uuid().not_null().references("users", "id").on_delete(Action::Cascade))
///     .col("slug", varchar(80).not_null().unique().named("posts_slug"))
///     .col("words", integer().not_null().default(0).check("words >= 0"))
///     .col("posted_at", timestamptz().precision(6).default(sql("CURRENT_TIMESTAMP")));
/// op.finish()?;
/// # Ok::<(), dunlin_dsl::RecordError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a column does nothing until it is given to a table"]
pub struct ColumnSpec {
    pub(crate) column: Column,
    /// Written beside the column, in order; each is without columns until the column has a name.
    pub(crate) constraints: Vec<Constraint>,
    pub(crate) faults: Vec<String>,
}

/// The type alone, where no more than a type can stand.
impl From<ColumnSpec> for ColumnType {
    fn from(spec: ColumnSpec) -> Self {
        spec.column.ty
    }
}

impl ColumnSpec {
    /// A nullable column of this type.
    pub fn new(ty: ColumnType) -> Self {
        Self { column: Column::new("", ty), constraints: Vec::new(), faults: Vec::new() }
    }

    /// Refuses NULL.
    pub fn not_null(mut self) -> Self {
        self.column.not_null = true;
        self
    }

    /// Refuses NULL in this table alone, and not in those that inherit from it: PostgreSQL 18. Elsewhere, where none does, it
    /// refuses NULL.
    pub fn not_null_no_inherit(mut self) -> Self {
        (self.column.not_null, self.column.not_null_no_inherit) = (true, true);
        self
    }

    /// Takes NULL, as it does unless something else is said.
    pub fn nullable(mut self) -> Self {
        self.column.not_null = false;
        self
    }

    /// What a row gets that doesn't say. A string is a literal; SQL text is `sql("now()")`.
    pub fn default(mut self, value: impl Into<Expr>) -> Self {
        self.column.default = Some(value.into());
        self
    }

    /// Numbered by the server: PostgreSQL's identity, MySQL's AUTO_INCREMENT, SQLite's AUTOINCREMENT.
    pub fn identity(self) -> Self {
        self.identity_with(Identity::default())
    }

    /// Numbered by the server, and how: `.identity_with(Identity::always().start(100))`.
    pub fn identity_with(mut self, identity: Identity) -> Self {
        self.column.identity = Some(identity);
        self.not_null()
    }

    /// Computed from other columns when it is written: SQL text.
    pub fn generated_stored(self, sql: impl IntoSql) -> Self {
        self.generated(sql, true)
    }

    /// Computed from other columns when it is read: SQL text.
    pub fn generated_virtual(self, sql: impl IntoSql) -> Self {
        self.generated(sql, false)
    }

    fn generated(mut self, sql: impl IntoSql, stored: bool) -> Self {
        self.column.generated = Some(Generated { expr: sql.into_sql(), stored });
        self
    }

    /// How its text is compared, by the server's own name for it. Names for several servers are a [`PerDialect`].
    pub fn collate(mut self, collation: impl Into<PerDialect<String>>) -> Self {
        self.column.collation = collation.into();
        self
    }

    /// How its text is stored: MySQL's and MariaDB's `CHARACTER SET`; nothing elsewhere.
    pub fn charset(mut self, charset: impl Into<String>) -> Self {
        self.column.charset = Some(charset.into());
        self
    }

    /// What it becomes whenever its row changes: MySQL's and MariaDB's `ON UPDATE CURRENT_TIMESTAMP`, as SQL text;
    /// nothing elsewhere.
    pub fn on_update_to(mut self, sql: impl IntoSql) -> Self {
        self.column.on_update = Some(sql.into_sql());
        self
    }

    /// Left out of `SELECT *`: MySQL 8.0.23, MariaDB; nothing elsewhere.
    pub fn invisible(mut self) -> Self {
        self.column.invisible = true;
        self
    }

    /// How it is kept, or what is known of its values: PostgreSQL's `storage`, `compression`, `statistics`, `n_distinct`,
    /// `n_distinct_inherited`; nothing elsewhere.
    pub fn option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.column.options.insert(name.into(), value.into());
        self
    }

    /// A remark kept in the catalog.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.column.comment = Some(comment.into());
        self
    }

    /// Without negative values: integers on MySQL and MariaDB.
    pub fn unsigned(mut self) -> Self {
        match &mut self.column.ty {
            ColumnType::Integer { unsigned, .. } => *unsigned = true,
            ty => self.faults.push(format!("{ty} can't be unsigned")),
        }
        self
    }

    /// Digits after a second's point, 0 to 6.
    pub fn precision(mut self, digits: u8) -> Self {
        match &mut self.column.ty {
            ColumnType::Time { .. } | ColumnType::Timestamp { .. } if digits > 6 => {
                self.faults.push(format!("a second has no more than 6 digits after its point, not {digits}"));
            }
            ColumnType::Time { precision, .. } | ColumnType::Timestamp { precision, .. } => {
                *precision = Some(digits);
            }
            ty => self.faults.push(format!("{ty} has no digits of a second")),
        }
        self
    }

    /// The number of a spatial type's reference system.
    pub fn srid(mut self, number: u32) -> Self {
        match &mut self.column.ty {
            ColumnType::Spatial { srid, .. } => *srid = Some(number),
            ty => self.faults.push(format!("{ty} has no spatial reference system")),
        }
        self
    }

    /// Is the table's primary key, or, beside other columns that say so, a part of it.
    pub fn primary_key(self) -> Self {
        self.not_null().beside(Constraint::PrimaryKey(PrimaryKey::over(Vec::new())))
    }

    /// Refuses a value that another row has.
    pub fn unique(self) -> Self {
        self.beside(Constraint::Unique(Unique::over(Vec::new())))
    }

    /// Refers to a column of another table.
    pub fn references(self, table: impl Into<Name>, column: impl Into<String>) -> Self {
        self.beside(Constraint::ForeignKey(ForeignKey::over(Vec::new(), table.into(), vec![column.into()])))
    }

    /// A condition that every row meets: SQL text.
    pub fn check(self, sql: impl IntoSql) -> Self {
        self.beside(Constraint::Check(Check::new(Label::Unnamed, sql.into_sql())))
    }

    /// Names the constraint written last, in place of the convention.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        match self.constraints.last_mut() {
            Some(constraint) => *constraint.label_mut() = Label::Given(name),
            None => {
                self.faults.push(format!("there is no constraint before .named({name:?}) that it could name"))
            }
        }
        self
    }

    /// What becomes of the row when the one it [refers](Self::references) to is deleted.
    pub fn on_delete(self, action: Action) -> Self {
        self.foreign_key(".on_delete(..)", |key| key.on_delete = action)
    }

    /// What becomes of the row when the key it [refers](Self::references) to changes.
    pub fn on_update(self, action: Action) -> Self {
        self.foreign_key(".on_update(..)", |key| key.on_update = action)
    }

    /// The [reference](Self::references) or [unique](Self::unique) constraint written last is checked with each
    /// statement, unless a transaction asks otherwise: PostgreSQL, and SQLite for references.
    pub fn deferrable(self) -> Self {
        self.deferred(Deferrable::InitiallyImmediate)
    }

    /// The [reference](Self::references) or [unique](Self::unique) constraint written last is checked at the end of
    /// the transaction: PostgreSQL, and SQLite for references.
    pub fn initially_deferred(self) -> Self {
        self.deferred(Deferrable::InitiallyDeferred)
    }

    /// Two NULLs are the same to the [unique](Self::unique) constraint written last: PostgreSQL 15.
    pub fn nulls_not_distinct(mut self) -> Self {
        match self.constraints.last_mut() {
            Some(Constraint::Unique(unique)) => unique.nulls_not_distinct = true,
            _ => self.faults.push(".nulls_not_distinct() doesn't follow .unique()".into()),
        }
        self
    }

    /// The [reference](Self::references) or [check](Self::check) written last holds for rows that are written from now on,
    /// and nobody looks at the others until it is [validated](crate::Ops::validate_constraint): PostgreSQL.
    pub fn not_valid(self) -> Self {
        self.enforcement(Enforcement::NotValid)
    }

    /// The [reference](Self::references) or [check](Self::check) written last holds for no row: PostgreSQL 18, and MySQL
    /// for checks.
    pub fn not_enforced(self) -> Self {
        self.enforcement(Enforcement::NotEnforced)
    }

    fn enforcement(mut self, enforcement: Enforcement) -> Self {
        match self.constraints.last_mut() {
            Some(Constraint::ForeignKey(key)) => key.enforcement = enforcement,
            Some(Constraint::Check(check)) => check.enforcement = enforcement,
            _ => self.faults.push("only .references(..) and .check(..) can be left unenforced".into()),
        }
        self
    }

    fn beside(mut self, constraint: Constraint) -> Self {
        self.constraints.push(constraint);
        self
    }

    fn foreign_key(mut self, what: &str, set: impl FnOnce(&mut ForeignKey)) -> Self {
        match self.constraints.last_mut() {
            Some(Constraint::ForeignKey(key)) => set(key),
            _ => self.faults.push(format!("{what} doesn't follow .references(..)")),
        }
        self
    }

    fn deferred(mut self, deferrable: Deferrable) -> Self {
        match self.constraints.last_mut() {
            Some(Constraint::ForeignKey(key)) => key.deferrable = deferrable,
            Some(Constraint::Unique(unique)) => unique.deferrable = deferrable,
            _ => self.faults.push("only .references(..) and .unique() can be followed by a deferral".into()),
        }
        self
    }

    /// The same column of a type made from its own.
    pub(crate) fn map_type(mut self, of: impl FnOnce(ColumnType) -> ColumnType) -> Self {
        self.column.ty = of(self.column.ty);
        self
    }

    pub(crate) fn with_faults(mut self, faults: Vec<String>) -> Self {
        self.faults.extend(faults);
        self
    }

    /// Its type alone; it is a fault if anything else was said of it, which would be lost.
    pub(crate) fn bare(self, what: &str) -> Self {
        let mut bare = Self::new(self.column.ty.clone()).with_faults(self.faults);
        if self.column != bare.column || !self.constraints.is_empty() {
            bare.faults
                .push(format!("{what} is a type and no more, and what follows the type would be lost"));
        }
        bare
    }

    /// The column under its name, the constraints written beside it over it, and what can't be meant in it.
    pub(crate) fn into_named(self, name: String) -> (Column, Vec<Constraint>, Vec<String>) {
        let mut constraints = self.constraints;
        for constraint in &mut constraints {
            match constraint {
                Constraint::PrimaryKey(PrimaryKey { columns, .. })
                | Constraint::Unique(Unique { columns, .. })
                | Constraint::ForeignKey(ForeignKey { columns, .. }) => *columns = vec![name.clone()],
                Constraint::Check(_) | Constraint::Exclusion(_) => {}
            }
        }
        (Column { name, ..self.column }, constraints, self.faults)
    }

    /// Its type, and what can't be meant in it.
    pub(crate) fn into_type(self) -> (ColumnType, Vec<String>) {
        (self.column.ty, self.faults)
    }
}

impl From<ColumnType> for ColumnSpec {
    fn from(ty: ColumnType) -> Self {
        Self::new(ty)
    }
}

impl From<&ColumnSpec> for ColumnType {
    fn from(spec: &ColumnSpec) -> Self {
        spec.column.ty.clone()
    }
}

impl PrimaryKey {
    /// A primary key over these columns, with nothing else said of it.
    pub fn over(columns: Vec<String>) -> Self {
        Self {
            label: Label::Unnamed,
            columns,
            deferrable: Deferrable::No,
            include: Vec::new(),
            without_overlaps: false,
        }
    }
}

impl Unique {
    /// A unique constraint over these columns, with nothing else said of it.
    pub fn over(columns: Vec<String>) -> Self {
        Self {
            label: Label::Unnamed,
            columns,
            nulls_not_distinct: false,
            deferrable: Deferrable::No,
            include: Vec::new(),
            without_overlaps: false,
        }
    }
}

impl ForeignKey {
    /// A foreign key from these columns to those of another table, with nothing else said of it.
    pub fn over(columns: Vec<String>, references: Name, references_columns: Vec<String>) -> Self {
        Self {
            label: Label::Unnamed,
            columns,
            references,
            references_columns,
            on_delete: Action::NoAction,
            on_delete_columns: Vec::new(),
            on_update: Action::NoAction,
            deferrable: Deferrable::No,
            matching: Match::Simple,
            period: false,
            enforcement: Enforcement::Full,
        }
    }
}

impl Identity {
    /// Refuses values that an INSERT gives: PostgreSQL's `GENERATED ALWAYS`.
    pub fn always() -> Self {
        Self { always: true, ..Self::default() }
    }

    /// Takes values that an INSERT gives: PostgreSQL's `GENERATED BY DEFAULT`.
    pub fn by_default() -> Self {
        Self::default()
    }

    /// The first number.
    pub fn start(self, number: i64) -> Self {
        Self { start: Some(number), ..self }
    }

    /// The step.
    pub fn increment(self, step: i64) -> Self {
        Self { increment: Some(step), ..self }
    }

    /// The least number.
    pub fn min(self, number: i64) -> Self {
        Self { min: Some(number), ..self }
    }

    /// The greatest number.
    pub fn max(self, number: i64) -> Self {
        Self { max: Some(number), ..self }
    }

    /// How many numbers a session takes at once.
    pub fn cache(self, numbers: i64) -> Self {
        Self { cache: Some(numbers), ..self }
    }

    /// Begins again after the last number.
    pub fn cycle(self) -> Self {
        Self { cycle: true, ..self }
    }
}
