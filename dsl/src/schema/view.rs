//! Views and materialized views.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::expr::Expr;
use super::index::Index;
use crate::is_default;

/// A view.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The query, as SQL text without a semicolon. PostgreSQL, MySQL and MariaDB keep it in words of their own.
    pub query: Expr,
    /// The names of its columns, where they aren't the query's own. Read back they are part of the query.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<String>,
    /// Whether rows written through it must be rows of it: PostgreSQL, MySQL, MariaDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub check_option: Option<CheckOption>,
    /// Whose rights count when it is read: PostgreSQL 15, MySQL, MariaDB. Unless given, its owner's.
    #[serde(default, skip_serializing_if = "is_default")]
    pub security: Option<Security>,
    /// PostgreSQL: its conditions are evaluated before any that might leak a row.
    #[serde(default, skip_serializing_if = "is_default")]
    pub security_barrier: bool,
    /// MySQL and MariaDB: how it is evaluated; the server chooses unless given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub algorithm: Option<Algorithm>,
    /// PostgreSQL: what rows inserted through it get in columns that they don't give.
    #[serde(default, skip_serializing_if = "is_default")]
    pub defaults: BTreeMap<String, Expr>,
    /// PostgreSQL: remarks on its columns.
    #[serde(default, skip_serializing_if = "is_default")]
    pub column_comments: BTreeMap<String, String>,
}

impl View {
    /// A view that is its query and nothing besides.
    pub fn new(query: Expr) -> Self {
        Self {
            query,
            columns: Vec::new(),
            check_option: None,
            security: None,
            security_barrier: false,
            algorithm: None,
            defaults: BTreeMap::new(),
            column_comments: BTreeMap::new(),
        }
    }
}

/// How far a view checks what is written through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOption {
    /// Its own conditions, and those of the views below that check.
    Local,
    /// Its own conditions, and those of all views below.
    Cascaded,
}

/// Whose rights count when a view or a routine is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Those of whoever defined it.
    Definer,
    /// Those of whoever uses it.
    Invoker,
}

/// How MySQL and MariaDB evaluate a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Algorithm {
    /// Its text is merged into the query's.
    Merge,
    /// It is put into a temporary table first.
    Temptable,
}

/// A materialized view: PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaterializedView {
    /// The query, as SQL text without a semicolon.
    pub query: Expr,
    /// The names of its columns, where they aren't the query's own. Read back they are part of the query.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<String>,
    /// Its indexes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub indexes: Vec<Index>,
    /// Created empty, and not to be read until it is refreshed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub no_data: bool,
    /// Storage parameters: `fillfactor`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub storage: BTreeMap<String, String>,
    /// Its tablespace; the database's own unless given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub tablespace: Option<String>,
    /// How its rows are kept, by the access method's name; none is `heap`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub access_method: Option<String>,
    /// The index in whose order `CLUSTER` puts its rows.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cluster: Option<String>,
    /// Remarks on its columns.
    #[serde(default, skip_serializing_if = "is_default")]
    pub column_comments: BTreeMap<String, String>,
    /// What its columns have beside their types, as the [options](super::Column::options) of a table's columns.
    #[serde(default, skip_serializing_if = "is_default")]
    pub column_options: BTreeMap<String, BTreeMap<String, String>>,
}

impl MaterializedView {
    /// A materialized view that is its query and nothing besides.
    pub fn new(query: Expr) -> Self {
        Self {
            query,
            columns: Vec::new(),
            indexes: Vec::new(),
            no_data: false,
            storage: BTreeMap::new(),
            tablespace: None,
            access_method: None,
            cluster: None,
            column_comments: BTreeMap::new(),
            column_options: BTreeMap::new(),
        }
    }
}
