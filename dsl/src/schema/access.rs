//! Who may do what.

use serde::{Deserialize, Serialize};

use crate::is_default;

/// One privilege of one grantee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Who may: a role, `PUBLIC`, or on MySQL and MariaDB `user@host`.
    pub to: String,
    /// What: `SELECT`, `USAGE`, in the server's own words; `ALL` is all that there are for the kind of object.
    pub privilege: String,
    /// The columns of a table or a view that it is limited to.
    #[serde(default, skip_serializing_if = "is_default")]
    pub columns: Vec<String>,
    /// May be granted on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grantable: bool,
}

/// A privilege that somebody has from another one, who may grant it on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PassedOn {
    /// Who granted it on.
    pub by: String,
    /// What, and to whom.
    pub grant: Grant,
}
