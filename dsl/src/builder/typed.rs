//! Names that a compiler checks: constants, written once and used wherever a name may stand.

use std::fmt;

use super::into::{IntoColumns, IntoKeys};
use crate::schema::{IndexKey, Name};

/// A table's name as a constant.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// struct User;
///
/// impl User {
///     const TABLE: TableName = TableName::new("users");
///     const ID: ColumnName = ColumnName::new("id");
///     const EMAIL: ColumnName = ColumnName::new("email");
/// }
///
/// let mut op = Ops::new();
/// op.create_table(User::TABLE).col(User::ID, bigint().primary_key()).col(User::EMAIL, text().not_null());
/// op.create_index(User::TABLE, User::EMAIL).unique();
/// op.create_index(User::TABLE, [desc(User::EMAIL), asc("id")]);
/// op.add_unique(User::TABLE, [User::ID, User::EMAIL]);
/// op.rename_column(User::TABLE, User::EMAIL, "mail");
/// op.grant("SELECT", ObjectId::table(User::TABLE), "app").columns(User::ID);
/// assert_eq!(op.finish()?.ops[1].to_string(), "create index users_email_idx on table users");
/// # Ok::<(), dunlin_dsl::RecordError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableName {
    schema: Option<&'static str>,
    name: &'static str,
}

/// A column's name as a constant; [`TableName`] shows its use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ColumnName(&'static str);

impl TableName {
    /// A table in the connection's own schema.
    pub const fn new(name: &'static str) -> Self {
        Self { schema: None, name }
    }

    /// A table in a schema of this name.
    pub const fn in_schema(schema: &'static str, name: &'static str) -> Self {
        Self { schema: Some(schema), name }
    }
}

impl ColumnName {
    /// A column.
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl From<TableName> for Name {
    fn from(table: TableName) -> Self {
        Self { schema: table.schema.map(Into::into), name: table.name.into() }
    }
}

/// The name without its schema.
impl From<TableName> for String {
    fn from(table: TableName) -> Self {
        table.name.into()
    }
}

impl From<ColumnName> for String {
    fn from(column: ColumnName) -> Self {
        column.0.into()
    }
}

impl From<ColumnName> for IndexKey {
    fn from(column: ColumnName) -> Self {
        Self::column(column.0)
    }
}

impl AsRef<str> for ColumnName {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl IntoColumns for ColumnName {
    fn into_columns(self) -> Vec<String> {
        vec![self.0.into()]
    }
}

impl IntoKeys for ColumnName {
    fn into_keys(self) -> Vec<IndexKey> {
        vec![self.into()]
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Name::from(*self).fmt(f)
    }
}

impl fmt::Display for ColumnName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}
