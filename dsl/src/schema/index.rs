//! Indexes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use super::name::Label;
use crate::aside::Aside;
use crate::builder::IntoSql;
use crate::is_default;
use crate::server::PerDialect;

/// An index of a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// Its name.
    pub label: Label,
    /// What it is over, in order.
    pub keys: Vec<IndexKey>,
    /// Refuses two rows with the same key.
    #[serde(default, skip_serializing_if = "is_default")]
    pub unique: bool,
    /// Holds only the rows that meet this: PostgreSQL and SQLite.
    #[serde(default, skip_serializing_if = "is_default")]
    pub predicate: Option<Expr>,
    /// Columns kept beside the key: PostgreSQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub include: Vec<String>,
    /// How it is built, by the server's own name: `gin`, `hash`, `fulltext`; none is a B-tree.
    #[serde(default, skip_serializing_if = "is_default")]
    pub method: Option<String>,
    /// Two NULLs are the same: PostgreSQL 15.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls_not_distinct: bool,
    /// PostgreSQL: storage parameters, such as `fillfactor`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub storage: BTreeMap<String, String>,
    /// PostgreSQL: its tablespace; the database's own unless given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// PostgreSQL: how finely the values of its expressions are sampled, by the places of their keys, from 1 on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub statistics: BTreeMap<u32, u32>,
    /// Queries are planned without it: MySQL 8, MariaDB 10.6.
    #[serde(default, skip_serializing_if = "is_default")]
    pub invisible: bool,
    /// What takes texts apart for a `fulltext` index: MySQL; its own unless given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parser: Option<String>,
    /// A remark kept in the catalog; SQLite has no place for it and leaves it out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// SQLite's own CREATE text, as it was read.
    #[serde(default, skip_serializing_if = "Aside::is_empty")]
    pub source: Aside<Option<String>>,
}

/// One part of an index's key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexKey {
    /// The column or expression.
    pub on: KeyPart,
    /// From the greatest to the least.
    #[serde(default, skip_serializing_if = "is_default")]
    pub descending: bool,
    /// Where NULLs stand: PostgreSQL. None is its default, last when ascending and first when descending.
    #[serde(default, skip_serializing_if = "is_default")]
    pub nulls: Option<Nulls>,
    /// How text is compared, where not as its column says.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: PerDialect<String>,
    /// PostgreSQL's operator class.
    #[serde(default, skip_serializing_if = "is_default")]
    pub opclass: Option<String>,
    /// The options of that class: `siglen`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub opclass_options: BTreeMap<String, String>,
    /// Only so many leading characters: MySQL and MariaDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub prefix: Option<u32>,
}

/// What a part of an index's key is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyPart {
    /// A column.
    Column(String),
    /// An expression.
    Expr(Expr),
}

/// Where NULLs stand in an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Nulls {
    /// Before all else.
    First,
    /// After all else.
    Last,
}

impl IndexKey {
    /// An ascending key over a column.
    pub fn column(name: impl Into<String>) -> Self {
        Self::new(KeyPart::Column(name.into()))
    }

    /// An ascending key over an expression; a string is SQL text.
    pub fn expr(sql: impl IntoSql) -> Self {
        Self::new(KeyPart::Expr(sql.into_sql()))
    }

    fn new(on: KeyPart) -> Self {
        Self {
            on,
            descending: false,
            nulls: None,
            collation: PerDialect::default(),
            opclass: None,
            opclass_options: BTreeMap::new(),
            prefix: None,
        }
    }

    /// The column's name, where it is one.
    pub fn column_name(&self) -> Option<&str> {
        match &self.on {
            KeyPart::Column(name) => Some(name),
            KeyPart::Expr(_) => None,
        }
    }
}

impl Index {
    /// The key at a place, from 1 on.
    pub fn key(&self, place: u32) -> Option<&IndexKey> {
        self.keys.get(usize::try_from(place).ok()?.checked_sub(1)?)
    }

    /// A plain index over these keys.
    pub fn new(label: Label, keys: Vec<IndexKey>) -> Self {
        Self {
            label,
            keys,
            unique: false,
            predicate: None,
            include: Vec::new(),
            method: None,
            nulls_not_distinct: false,
            storage: BTreeMap::new(),
            tablespace: None,
            statistics: BTreeMap::new(),
            invisible: false,
            parser: None,
            comment: None,
            source: Aside::default(),
        }
    }
}
