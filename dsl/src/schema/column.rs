//! Columns and what hangs on one of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use super::types::ColumnType;
use crate::aside::Aside;
use crate::is_default;
use crate::server::PerDialect;

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Whether it refuses NULL. The columns of a primary key do, whatever this says.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// It refuses NULL in rows that are written from now on, and nobody has looked at the others yet: PostgreSQL 18's
    /// `NOT NULL .. NOT VALID`. Only where it refuses NULL at all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null_not_valid: bool,
    /// It refuses NULL in this table alone, and no heir has to: PostgreSQL 18's `NOT NULL .. NO INHERIT`. Only where it refuses
    /// NULL at all.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null_no_inherit: bool,
    /// What the refusal of NULL is called, where that isn't as its creation would call it: PostgreSQL, from 18 on. It takes no
    /// part in a comparison.
    #[serde(default, skip_serializing_if = "Aside::is_empty")]
    pub not_null_name: Aside<Option<String>>,
    /// What a row gets that doesn't say.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<Expr>,
    /// Computed by the server from other columns of the row.
    #[serde(default, skip_serializing_if = "is_default")]
    pub generated: Option<Generated>,
    /// Numbered by the server.
    #[serde(default, skip_serializing_if = "is_default")]
    pub identity: Option<Identity>,
    /// How its text is compared, by each server's own name for it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: PerDialect<String>,
    /// How its text is stored: MySQL's and MariaDB's `CHARACTER SET`; nothing elsewhere.
    #[serde(default, skip_serializing_if = "is_default")]
    pub charset: Option<String>,
    /// MySQL's and MariaDB's `ON UPDATE CURRENT_TIMESTAMP`; nothing elsewhere.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on_update: Option<Expr>,
    /// Left out of `SELECT *`: MySQL 8.0.23, MariaDB; nothing elsewhere.
    #[serde(default, skip_serializing_if = "is_default")]
    pub invisible: bool,
    /// PostgreSQL: how it is kept and what is known of its values, by the server's own words in lower case: `storage`,
    /// `compression`, `statistics`, `n_distinct`, `n_distinct_inherited`. Nothing elsewhere.
    #[serde(default, skip_serializing_if = "is_default")]
    pub options: BTreeMap<String, String>,
    /// A remark kept in the catalog; SQLite has no place for it and leaves it out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// Options that the columns of heirs and partitions are created with too.
const HANDED_DOWN: [&str; 2] = ["storage", "compression"];

impl Column {
    /// A nullable column with nothing but a name and a type.
    pub fn new(name: impl Into<String>, ty: ColumnType) -> Self {
        Self {
            name: name.into(),
            ty,
            not_null: false,
            not_null_not_valid: false,
            not_null_no_inherit: false,
            not_null_name: Aside::default(),
            default: None,
            generated: None,
            identity: None,
            collation: PerDialect::default(),
            charset: None,
            on_update: None,
            invisible: false,
            options: BTreeMap::new(),
            comment: None,
        }
    }

    /// What an heir's or a partition's column is from this one: neither a remark nor the numbers are handed down, nor what is
    /// known of its values, nor a refusal of NULL that is this table's alone.
    pub(crate) fn handed_down(&self) -> Self {
        let mut column = Self { comment: None, identity: None, ..self.clone() };
        if column.not_null_no_inherit {
            (column.not_null, column.not_null_no_inherit) = (false, false);
            column.not_null_name = Aside::default();
        }
        column.options.retain(|name, _| HANDED_DOWN.contains(&name.as_str()));
        column
    }

    /// Takes up an option's new value; none is the server's own.
    pub(crate) fn set_option(&mut self, name: &str, value: Option<&String>) {
        match value {
            Some(value) => self.options.insert(name.to_owned(), value.clone()),
            None => self.options.remove(name),
        };
    }
}

/// A generated column's expression.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Generated {
    /// What it is computed from.
    pub expr: Expr,
    /// Stored with the row, rather than computed when read.
    pub stored: bool,
}

/// Numbered by the server: PostgreSQL's identity, MySQL's AUTO_INCREMENT, SQLite's AUTOINCREMENT.
///
/// Start, increment, bounds, cache and cycle are PostgreSQL's; MySQL and MariaDB have `start`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Identity {
    /// Refuses values that an INSERT gives: PostgreSQL's `GENERATED ALWAYS`.
    #[serde(skip_serializing_if = "is_default")]
    pub always: bool,
    /// The first number; 1 unless given.
    #[serde(skip_serializing_if = "is_default")]
    pub start: Option<i64>,
    /// The step; 1 unless given.
    #[serde(skip_serializing_if = "is_default")]
    pub increment: Option<i64>,
    /// The least number.
    #[serde(skip_serializing_if = "is_default")]
    pub min: Option<i64>,
    /// The greatest number.
    #[serde(skip_serializing_if = "is_default")]
    pub max: Option<i64>,
    /// How many numbers a session takes at once; 1 unless given.
    #[serde(skip_serializing_if = "is_default")]
    pub cache: Option<i64>,
    /// Begins again after the last number.
    #[serde(skip_serializing_if = "is_default")]
    pub cycle: bool,
    /// The number that the next row gets, as it was read: MySQL and MariaDB. What undoes a change sets it back.
    #[serde(skip_serializing_if = "Aside::is_empty")]
    pub next: Aside<Option<i64>>,
    /// What its sequence is called, as it was read: PostgreSQL. What brings it back calls it so.
    #[serde(skip_serializing_if = "Aside::is_empty")]
    pub name: Aside<Option<String>>,
}
