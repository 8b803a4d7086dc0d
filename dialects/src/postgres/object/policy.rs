//! Policies of tables.

use dunlin_dsl::{ObjectId, Policy, PolicyCommand, Statement, Unsupported};

use super::access::role;
use super::{address, statement};
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// CREATE POLICY.
pub(super) fn create(id: &ObjectId, of: &Policy, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let operation = format!("create {id}");
    let mut text = format!("CREATE POLICY {}", address(id, sql)?);
    if of.restrictive {
        text += " AS RESTRICTIVE";
    }
    text += match of.command {
        PolicyCommand::All => "",
        PolicyCommand::Select => " FOR SELECT",
        PolicyCommand::Insert => " FOR INSERT",
        PolicyCommand::Update => " FOR UPDATE",
        PolicyCommand::Delete => " FOR DELETE",
    };
    if !of.roles.is_empty() {
        text += &format!(" TO {}", roles(of, sql)?);
    }
    if let Some(using) = &of.using {
        text += &format!(" USING ({})", sql.expr(using, &operation)?);
    }
    if let Some(check) = &of.with_check {
        text += &format!(" WITH CHECK ({})", sql.expr(check, &operation)?);
    }
    Ok(vec![statement(text)])
}

/// What makes of a policy another one in place; none where it must go and come anew: its command stays, and a condition can be
/// changed but not taken away.
pub(super) fn alter(
    id: &ObjectId,
    was: &Policy,
    is: &Policy,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    let gone =
        was.using.is_some() && is.using.is_none() || was.with_check.is_some() && is.with_check.is_none();
    if gone || (was.command, was.restrictive) != (is.command, is.restrictive) {
        return Ok(None);
    }
    let operation = format!("alter {id}");
    let mut text = format!("ALTER POLICY {}", address(id, sql)?);
    if was.roles != is.roles {
        text += &format!(" TO {}", roles(is, sql)?);
    }
    if let Some(using) = is.using.as_ref().filter(|_| was.using != is.using) {
        text += &format!(" USING ({})", sql.expr(using, &operation)?);
    }
    if let Some(check) = is.with_check.as_ref().filter(|_| was.with_check != is.with_check) {
        text += &format!(" WITH CHECK ({})", sql.expr(check, &operation)?);
    }
    Ok(Some(vec![statement(text)]))
}

fn roles(of: &Policy, sql: Sql<'_>) -> Result<String> {
    match of.roles.as_slice() {
        [] => Ok("PUBLIC".into()),
        roles => list(roles.iter().map(|name| role(name, sql))),
    }
}
