//! Functions and procedures.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::expr::{Expr, Float};
use super::name::Name;
use super::types::ColumnType;
use super::view::Security;
use crate::is_default;

/// A function or a procedure.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Routine {
    /// Its arguments, in order.
    #[serde(default, skip_serializing_if = "is_default")]
    pub args: Vec<Argument>,
    /// What a function gives; a procedure gives nothing, nor does a function whose arguments go out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub returns: Option<Returns>,
    /// PostgreSQL: the language; `sql` unless given. MySQL and MariaDB have no other than SQL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub language: Option<String>,
    /// The body, as text; on MySQL and MariaDB a statement, often `BEGIN .. END`.
    pub body: Expr,
    /// How far its result depends on more than its arguments. MySQL's `DETERMINISTIC` is `Immutable`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub volatility: Volatility,
    /// PostgreSQL: gives NULL for NULL without being called.
    #[serde(default, skip_serializing_if = "is_default")]
    pub strict: bool,
    /// PostgreSQL: tells nothing of its arguments but by its result.
    #[serde(default, skip_serializing_if = "is_default")]
    pub leakproof: bool,
    /// PostgreSQL: whether it may run in a parallel worker.
    #[serde(default, skip_serializing_if = "is_default")]
    pub parallel: Parallel,
    /// Whose rights count. Unless given, the invoker's on PostgreSQL, and the definer's on MySQL and MariaDB.
    #[serde(default, skip_serializing_if = "is_default")]
    pub security: Option<Security>,
    /// PostgreSQL: how costly a call is, in units of `cpu_operator_cost`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cost: Option<Float>,
    /// PostgreSQL: how many rows it gives, in the planner's eyes.
    #[serde(default, skip_serializing_if = "is_default")]
    pub rows: Option<Float>,
    /// PostgreSQL: settings that hold while it runs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub settings: BTreeMap<String, String>,
    /// PostgreSQL: the function that tells the planner more of it. Only a superuser can say so.
    #[serde(default, skip_serializing_if = "is_default")]
    pub support: Option<Name>,
    /// MySQL and MariaDB: what it does with data; `CONTAINS SQL` unless given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub data_access: Option<DataAccess>,
}

impl Routine {
    /// A routine that is its body and nothing besides.
    pub fn new(body: Expr) -> Self {
        Self {
            args: Vec::new(),
            returns: None,
            language: None,
            body,
            volatility: Volatility::default(),
            strict: false,
            leakproof: false,
            parallel: Parallel::default(),
            security: None,
            cost: None,
            rows: None,
            settings: BTreeMap::new(),
            support: None,
            data_access: None,
        }
    }
}

/// An argument of a routine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// Its name; PostgreSQL allows none.
    #[serde(default, skip_serializing_if = "is_default")]
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// Whether it goes in or out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub mode: ArgumentMode,
    /// PostgreSQL: what it is when a call leaves it out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<Expr>,
}

/// Whether an argument goes in or out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArgumentMode {
    /// In.
    #[default]
    In,
    /// Out: it is part of the result.
    Out,
    /// Both.
    InOut,
    /// All the rest of the arguments, as an array: PostgreSQL.
    Variadic,
}

/// What a function gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Returns {
    /// One value. A trigger's function gives `native("trigger")`.
    Type(ColumnType),
    /// Rows of this type: PostgreSQL.
    SetOf(ColumnType),
    /// Rows of these columns: PostgreSQL.
    Table(Vec<(String, ColumnType)>),
}

/// How far a function's result depends on more than its arguments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Volatility {
    /// It may change at any time, and the function may change data.
    #[default]
    Volatile,
    /// It is the same within a statement.
    Stable,
    /// It is always the same.
    Immutable,
}

/// Whether a function may run in a parallel worker.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Parallel {
    /// Never, nor anything beside it.
    #[default]
    Unsafe,
    /// Not in a worker.
    Restricted,
    /// Anywhere.
    Safe,
}

/// What a routine does with data, as MySQL and MariaDB are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataAccess {
    /// It has no SQL.
    NoSql,
    /// It reads.
    ReadsSqlData,
    /// It writes.
    ModifiesSqlData,
}
