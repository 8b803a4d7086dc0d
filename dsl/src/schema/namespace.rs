//! Schemas as objects, and extensions.

use serde::{Deserialize, Serialize};

/// A schema: PostgreSQL's, or a database of MySQL's and MariaDB's.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Namespace {
    /// MySQL and MariaDB: the default character set of its tables; the server's own unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    /// MySQL and MariaDB: the default collation of its tables; the character set's own unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub collation: Option<String>,
}

/// An extension: PostgreSQL.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Extension {
    /// The schema of its objects; the first of the search path unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// Its version; the server's default unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}
