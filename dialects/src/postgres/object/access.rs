//! Who may do what with an object.

use std::collections::BTreeSet;

use dunlin_dsl::{Grant, ObjectId, Op, Statement, Unsupported};

use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// GRANT.
pub(super) fn grant(on: &ObjectId, grants: &BTreeSet<Grant>, sql: Sql<'_>) -> Result<Vec<Statement>> {
    match grants.is_empty() {
        true => Ok(Vec::new()),
        false => sql.refuse_object(&Op::Grant { on: on.clone(), grants: grants.clone() }),
    }
}

/// REVOKE.
pub(super) fn revoke(on: &ObjectId, grants: &BTreeSet<Grant>, sql: Sql<'_>) -> Result<Vec<Statement>> {
    match grants.is_empty() {
        true => Ok(Vec::new()),
        false => sql.refuse_object(&Op::Revoke { on: on.clone(), grants: grants.clone() }),
    }
}

/// Takes from everyone what they may by default.
pub(super) fn withhold(on: &ObjectId, withheld: &BTreeSet<String>, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let of_everyone = |privilege: &String| Grant {
        to: "PUBLIC".into(),
        privilege: privilege.clone(),
        columns: Vec::new(),
        grantable: false,
    };
    revoke(on, &withheld.iter().map(of_everyone).collect(), sql)
}
