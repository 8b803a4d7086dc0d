//! Types that a server keeps by name: enums, composites and domains. PostgreSQL alone has them; a column of such a type is
//! [`native`](crate::native) by its name.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::constraint::Check;
use super::expr::Expr;
use super::types::ColumnType;
use crate::is_default;

/// An enum type.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct EnumType {
    /// Its values, in the order in which they sort.
    pub values: Vec<String>,
}

/// A composite type.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Composite {
    /// Its attributes, in order.
    pub attributes: Vec<Attribute>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// How its text is compared; none is its type's own way.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    /// A remark on it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
}

/// A domain: a type with a condition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Domain {
    /// The type that it restricts. It can't be changed.
    #[serde(rename = "type")]
    pub ty: ColumnType,
    /// How its text is compared; none is its type's own way. It can't be changed.
    #[serde(default, skip_serializing_if = "is_default")]
    pub collation: Option<String>,
    /// Whether it refuses NULL.
    #[serde(default, skip_serializing_if = "is_default")]
    pub not_null: bool,
    /// What a column of this type gets that has no default of its own.
    #[serde(default, skip_serializing_if = "is_default")]
    pub default: Option<Expr>,
    /// Its conditions, in which the value is `VALUE`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub checks: Vec<Check>,
    /// Remarks on its conditions, by their names.
    #[serde(default, skip_serializing_if = "is_default")]
    pub check_comments: BTreeMap<String, String>,
}
