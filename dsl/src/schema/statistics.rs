//! Extended statistics.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::index::KeyPart;
use super::name::Name;
use crate::is_default;

/// Extended statistics of a table: PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statistics {
    /// The table.
    pub table: Name,
    /// What is counted together, in no order that means anything.
    pub on: Vec<KeyPart>,
    /// What is counted; all kinds unless given, and none over a single expression.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kinds: BTreeSet<StatisticsKind>,
    /// How finely it is counted; as its columns say unless given.
    #[serde(default, skip_serializing_if = "is_default")]
    pub target: Option<i32>,
}

/// What extended statistics count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatisticsKind {
    /// How many different combinations there are.
    Ndistinct,
    /// How far one column says what another is.
    Dependencies,
    /// The most common combinations.
    Mcv,
}
