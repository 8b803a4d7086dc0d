//! A table as it is written: its columns one after the other, then what spans several of them.

mod constraint;

use std::collections::BTreeSet;

use super::column::ColumnSpec;
use super::index::{IndexSpec, index};
use super::into::{IntoColumns, IntoKeys, IntoSql};
use super::slot::{Draft, Slot};
use crate::fault::fault;
use crate::naming::Naming;
use crate::op::Op;
use crate::ops::{Ops, RecordError, not_as_given};
use crate::schema::{
    Action, Check, Constraint, ConstraintKind, Deferrable, Enforcement, ForeignKey, Label, Match, Name,
    PrimaryKey, Schema, Table, TableOptions, Unique,
};

/// A table that stands alone, to put into a [`Schema`] or to [create](Ops::create_table_from) from.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// let schema = Schema::new().table(table("kv").col("key", text().primary_key()).col("value", blob()));
/// schema.check()?;
/// # Ok::<(), dunlin_dsl::RecordError>(())
/// ```
pub fn table(name: impl Into<Name>) -> TableSpec<'static> {
    TableSpec::from(Table::new(name))
}

/// A table being written.
///
/// A constraint's own attributes follow it, as in SQL.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// let mut op = Ops::new();
/// op.create_table("memberships")
///     .if_not_exists()
///     .col("user_id", uuid())
///     .col("team_id", uuid())
///     .col("role", enumeration(["member", "owner"]).not_null().default("member"))
///     .primary_key(["user_id", "team_id"])
///     .foreign_key(["user_id"], "users", ["id"]).on_delete(Action::Cascade)
///     .foreign_key(["team_id"], "teams", ["id"]).on_delete(Action::Cascade).named("memberships_team")
///     .index(["team_id"])
///     .index(index(["role"]).filter("role = 'owner'").named("owners"))
///     .strict()
///     .engine("InnoDB");
/// op.finish()?;
/// # Ok::<(), dunlin_dsl::RecordError>(())
/// ```
#[derive(Debug)]
pub struct TableSpec<'a> {
    pub(crate) table: Slot<'a, Table>,
    pub(crate) if_not_exists: Slot<'a, bool>,
    pub(crate) draft: Slot<'a, Draft>,
    /// The kind of the constraint written last; it is the last one of its kind.
    last: Option<ConstraintKind>,
    /// Whether the primary key is whole: no column may join it.
    whole_key: bool,
}

impl Ops {
    /// Creates a table; its columns follow.
    pub fn create_table(&mut self, name: impl Into<Name>) -> TableSpec<'_> {
        let entry = self.record(Op::CreateTable { table: Table::new(name), if_not_exists: false });
        match &mut entry.op {
            Op::CreateTable { table, if_not_exists } => {
                TableSpec::new(Slot::Lent(table), Slot::Lent(if_not_exists), Slot::Lent(&mut entry.draft))
            }
            _ => not_as_given(),
        }
    }

    /// Creates a table that was written elsewhere: a [`TableSpec`], a [`Table`], or sea-query's `TableCreateStatement`.
    pub fn create_table_from(&mut self, spec: impl Into<TableSpec<'static>>) -> TableSpec<'_> {
        let spec = spec.into();
        let (last, whole_key) = (spec.last, spec.whole_key);
        let (given, unless, draft) = spec.into_parts();
        let mut created = self.create_table(given.name.clone());
        *created.table = given;
        *created.if_not_exists = unless;
        *created.draft = draft;
        TableSpec { last, whole_key, ..created }
    }
}

impl<'a> TableSpec<'a> {
    fn new(table: Slot<'a, Table>, if_not_exists: Slot<'a, bool>, draft: Slot<'a, Draft>) -> Self {
        let whole_key = table.primary_key.is_some();
        Self { table, if_not_exists, draft, last: None, whole_key }
    }

    /// Does nothing if there is a table of that name, whatever it looks like. In a [`Schema`] it means nothing: what
    /// creates a whole schema leaves tables alone that exist.
    pub fn if_not_exists(mut self) -> Self {
        *self.if_not_exists = true;
        self
    }

    /// Adds a column, with the constraints written beside it.
    pub fn col(mut self, name: impl Into<String>, spec: impl Into<ColumnSpec>) -> Self {
        let name = name.into();
        let (column, constraints, faults) = spec.into().into_named(name.clone());
        self.draft.faults.extend(faults.into_iter().map(|fault| format!("column {name}: {fault}")));
        for constraint in constraints {
            match constraint {
                Constraint::PrimaryKey(key) => self.add_key_column(&name, key.label),
                other => {
                    if matches!(other, Constraint::Check(_)) {
                        self.draft.beside.insert(self.table.checks.len(), name.clone());
                    }
                    self.table.add_constraint(other);
                }
            }
        }
        self.table.columns.push(column);
        self.last = None;
        self
    }

    /// Makes these columns the primary key.
    pub fn primary_key(mut self, columns: impl IntoColumns) -> Self {
        if self.table.primary_key.is_some() {
            self.draft.fault("it has two primary keys");
        }
        self.table.primary_key = Some(PrimaryKey::over(columns.into_columns()));
        self.whole_key = true;
        self.followed(ConstraintKind::PrimaryKey)
    }

    /// Refuses two rows that have the same in all these columns.
    pub fn unique(mut self, columns: impl IntoColumns) -> Self {
        self.table.uniques.push(Unique::over(columns.into_columns()));
        self.followed(ConstraintKind::Unique)
    }

    /// Makes these columns refer to those of another table.
    pub fn foreign_key(
        mut self,
        columns: impl IntoColumns,
        references: impl Into<Name>,
        references_columns: impl IntoColumns,
    ) -> Self {
        let key =
            ForeignKey::over(columns.into_columns(), references.into(), references_columns.into_columns());
        self.table.foreign_keys.push(key);
        self.followed(ConstraintKind::ForeignKey)
    }

    /// Adds a condition that every row meets: SQL text.
    pub fn check(mut self, sql: impl IntoSql) -> Self {
        self.table.checks.push(Check::new(Label::Unnamed, sql.into_sql()));
        self.followed(ConstraintKind::Check)
    }

    /// Adds a constraint given as a value.
    pub fn constraint(mut self, constraint: Constraint) -> Self {
        let kind = constraint.kind();
        if let Constraint::PrimaryKey(key) = &constraint {
            self = self.primary_key(key.columns.clone());
        }
        self.table.add_constraint(constraint);
        self.followed(kind)
    }

    /// Adds an index: over these keys, or one written with [`index`](crate::index()).
    pub fn index(mut self, index: impl Into<IndexSpec<'static>>) -> Self {
        self.table.indexes.push(index.into().into_index());
        self.last = None;
        self
    }

    /// Adds an index over these keys.
    pub fn index_on(self, keys: impl IntoKeys) -> Self {
        self.index(index(keys))
    }

    /// Names the constraint written last, in place of the convention.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        let table = &mut *self.table;
        let place = match self.last {
            Some(ConstraintKind::PrimaryKey) => table.primary_key.as_mut().map(|c| &mut c.label),
            Some(ConstraintKind::Unique) => table.uniques.last_mut().map(|c| &mut c.label),
            Some(ConstraintKind::ForeignKey) => table.foreign_keys.last_mut().map(|c| &mut c.label),
            Some(ConstraintKind::Check) => table.checks.last_mut().map(|c| &mut c.label),
            Some(ConstraintKind::Exclusion) => table.exclusions.last_mut().map(|c| &mut c.label),
            None => None,
        };
        match place {
            Some(place) => *place = Label::Given(name),
            None => {
                self.draft.fault(format!("there is no constraint before .named({name:?}) that it could name"))
            }
        }
        self
    }

    /// A remark kept in the catalog; SQLite has no place for it and leaves it out.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.table.comment = Some(comment.into());
        self
    }

    /// SQLite: columns hold only values of their type. Nothing elsewhere.
    pub fn strict(mut self) -> Self {
        self.table.options.strict = true;
        self
    }

    /// SQLite: the primary key is the table. Nothing elsewhere.
    pub fn without_rowid(mut self) -> Self {
        self.table.options.without_rowid = true;
        self
    }

    /// MySQL and MariaDB: the storage engine. Nothing elsewhere.
    pub fn engine(mut self, engine: impl Into<String>) -> Self {
        self.table.options.engine = Some(engine.into());
        self
    }

    /// MySQL and MariaDB: the default character set of its columns. Nothing elsewhere.
    pub fn charset(mut self, charset: impl Into<String>) -> Self {
        self.table.options.charset = Some(charset.into());
        self
    }

    /// MySQL and MariaDB: the default collation of its columns. Nothing elsewhere.
    pub fn collate(mut self, collation: impl Into<String>) -> Self {
        self.table.options.collation = Some(collation.into());
        self
    }

    /// MySQL and MariaDB: `ROW_FORMAT`. Nothing elsewhere.
    pub fn row_format(mut self, format: impl Into<String>) -> Self {
        self.table.options.row_format = Some(format.into());
        self
    }

    /// MySQL and MariaDB: what else its engine takes: `.engine_option("stats_persistent", "1")`. Nothing elsewhere.
    pub fn engine_option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.table.options.engine_options.insert(name.into().to_ascii_lowercase(), value.into());
        self
    }

    /// PostgreSQL: not written ahead, and emptied by a crash. Nothing elsewhere.
    pub fn unlogged(mut self) -> Self {
        self.table.options.unlogged = true;
        self
    }

    /// All its options at once, in place of what was said before.
    pub fn options(mut self, options: TableOptions) -> Self {
        self.table.options = options;
        self
    }

    fn followed(mut self, kind: ConstraintKind) -> Self {
        self.last = Some(kind);
        self
    }

    /// Several columns that each say `primary_key()` are one key together.
    fn add_key_column(&mut self, column: &str, label: Label) {
        if self.whole_key {
            self.draft.fault("it has two primary keys");
        }
        let key = (self.table.primary_key).get_or_insert_with(|| PrimaryKey::over(Vec::new()));
        key.columns.push(column.into());
        if label != Label::Unnamed {
            key.label = label;
        }
    }
}

impl TableSpec<'static> {
    /// The table with its constraints and indexes named, or the first thing in it that can't be meant.
    pub fn finish(self, naming: &Naming) -> Result<Table, RecordError> {
        let (mut table, _, draft) = self.into_parts();
        naming.name_table(&mut table, &draft.beside, &mut BTreeSet::new());
        let op = Op::CreateTable { table, if_not_exists: false };
        let error = draft.faults.into_iter().next().or_else(|| fault(&op));
        match (error, op) {
            (None, Op::CreateTable { table, .. }) => Ok(table),
            (reason, op) => {
                Err(RecordError { operation: op.to_string(), reason: reason.unwrap_or_default() })
            }
        }
    }

    /// The table, whether it was to be created only if there is none, and what is known of it beside.
    pub(crate) fn into_parts(self) -> (Table, bool, Draft) {
        match (self.table, self.if_not_exists, self.draft) {
            (Slot::Own(table), Slot::Own(unless), Slot::Own(draft)) => (table, unless, draft),
            (table, unless, draft) => (table.clone(), *unless, draft.clone()),
        }
    }
}

impl Clone for TableSpec<'static> {
    fn clone(&self) -> Self {
        Self {
            table: Slot::Own(self.table.clone()),
            if_not_exists: Slot::Own(*self.if_not_exists),
            draft: Slot::Own(self.draft.clone()),
            ..*self
        }
    }
}

impl From<Table> for TableSpec<'static> {
    fn from(table: Table) -> Self {
        Self::new(Slot::Own(table), Slot::Own(false), Slot::Own(Draft::default()))
    }
}

/// The table, named by PostgreSQL's convention.
impl TryFrom<TableSpec<'static>> for Table {
    type Error = RecordError;

    fn try_from(spec: TableSpec<'static>) -> Result<Self, RecordError> {
        spec.finish(&Naming::default())
    }
}

impl Schema {
    /// A schema with nothing in it, whose tables will be named by this convention.
    pub fn with_naming(naming: Naming) -> Self {
        let mut schema = Self::new();
        schema.written.naming = naming;
        schema
    }

    /// The same schema with a table more, its constraints and indexes named by convention: a [`TableSpec`], a
    /// [`Table`], or sea-query's `TableCreateStatement`.
    ///
    /// What can't be meant in it is kept for [`check`](Self::check).
    pub fn table(mut self, spec: impl Into<TableSpec<'static>>) -> Self {
        let (mut table, _, draft) = spec.into().into_parts();
        self.written.naming.name_table(&mut table, &draft.beside, &mut BTreeSet::new());
        let twice = self.get(&table.name).map(|_| "it is declared twice".to_owned());
        let operation = format!("declare table {}", table.name);
        let faults = draft.faults.into_iter().chain(twice);
        self.written.faults.extend(faults.map(|reason| RecordError { operation: operation.clone(), reason }));
        self.insert(table);
        self
    }

    /// The first thing that can't be meant in what was declared: a column twice, a key over a column that isn't there.
    pub fn check(&self) -> Result<(), RecordError> {
        let found = self.written.faults.first().cloned().or_else(|| {
            self.tables.values().find_map(|table| {
                let op = Op::CreateTable { table: table.clone(), if_not_exists: false };
                fault(&op)
                    .map(|reason| RecordError { operation: format!("declare table {}", table.name), reason })
            })
        });
        found.map_or(Ok(()), Err)
    }
}

/// What is known of a schema while it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// How its constraints and indexes are named.
    pub(crate) naming: Naming,
    /// What can't be meant.
    pub(crate) faults: Vec<RecordError>,
}
