//! Collations as objects.

use serde::{Deserialize, Serialize};

/// A collation: PostgreSQL.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(default)]
pub struct Collation {
    /// Who provides it: `icu`, `libc`, `builtin`; `libc` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Its locale, in its provider's words.
    pub locale: String,
    /// Texts that compare as equal may differ: `icu`.
    #[serde(skip_serializing_if = "crate::is_default")]
    pub nondeterministic: bool,
    /// Rules beyond its locale's: `icu`, PostgreSQL 16.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<String>,
}
