//! What belongs to tables, and publications of them, in PostgreSQL's own terms.

use std::collections::BTreeSet;

use dunlin_dsl::{
    Deferrable, Expr, KeyPart, Name, Policy, Publication, PublishedOperation, PublishedTable, Rule,
    Statistics, StatisticsKind, Trigger, TriggerAction, Unsupported,
};

use super::expr;
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// All kinds of statistics, and all operations that are published: as if nothing were said.
const ALL_KINDS: usize = 3;
const ALL_OPERATIONS: usize = 4;

pub(in crate::postgres) fn trigger(of: &Trigger, operation: &str, sql: Sql<'_>) -> Result<Trigger> {
    let mut low = of.clone();
    if !low.constraint {
        low.deferrable = Deferrable::No;
    }
    low.when = condition(&of.when, operation, sql)?;
    low.action = action(low.action, sql);
    low.from.iter_mut().for_each(|from| own(from, sql));
    Ok(low)
}

/// What a trigger does.
pub(in crate::postgres) fn action(mut of: TriggerAction, sql: Sql<'_>) -> TriggerAction {
    if let TriggerAction::Call { function, .. } = &mut of {
        own(function, sql);
    }
    of
}

pub(in crate::postgres) fn rule(of: &Rule, operation: &str, sql: Sql<'_>) -> Result<Rule> {
    let action = sql.expr(&of.action, operation)?;
    let action = action.trim().trim_end_matches(';').trim_end();
    let action = if action.eq_ignore_ascii_case("nothing") { "NOTHING" } else { action };
    let when = condition(&of.when, operation, sql)?;
    Ok(Rule { when, action: Expr::Sql(action.to_owned()), ..of.clone() })
}

pub(in crate::postgres) fn policy(of: &Policy, operation: &str, sql: Sql<'_>) -> Result<Policy> {
    Ok(Policy {
        roles: roles(&of.roles),
        using: condition(&of.using, operation, sql)?,
        with_check: condition(&of.with_check, operation, sql)?,
        ..of.clone()
    })
}

/// Whom a policy is for: everyone needs no saying.
pub(in crate::postgres) fn roles(roles: &[String]) -> Vec<String> {
    match roles.iter().any(|role| role == "PUBLIC" || role == "public") {
        true => Vec::new(),
        false => roles.to_vec(),
    }
}

pub(in crate::postgres) fn statistics(of: &Statistics, operation: &str, sql: Sql<'_>) -> Result<Statistics> {
    let mut low = of.clone();
    own(&mut low.table, sql);
    for key in &mut low.on {
        if let KeyPart::Expr(on) = key {
            *on = Expr::Sql(expr(on, operation, sql)?);
        }
    }
    settle_statistics(&mut low);
    Ok(low)
}

/// The catalog has columns in the table's order, and no other.
pub(in crate::postgres) fn settle_statistics(of: &mut Statistics) {
    of.on.sort();
    of.on.dedup();
    of.kinds = kinds(std::mem::take(&mut of.kinds));
    of.target = of.target.filter(|target| *target >= 0);
}

/// What is counted: every kind needs no saying.
pub(in crate::postgres) fn kinds(of: BTreeSet<StatisticsKind>) -> BTreeSet<StatisticsKind> {
    if of.len() == ALL_KINDS { BTreeSet::new() } else { of }
}

pub(in crate::postgres) fn publication(
    of: &Publication,
    operation: &str,
    sql: Sql<'_>,
) -> Result<Publication> {
    let mut low = of.clone();
    low.tables = published(&of.tables, operation, sql)?;
    low.operations = operations(low.operations);
    Ok(low)
}

/// What is published: all of it needs no saying.
pub(in crate::postgres) fn operations(of: BTreeSet<PublishedOperation>) -> BTreeSet<PublishedOperation> {
    if of.len() == ALL_OPERATIONS { BTreeSet::new() } else { of }
}

pub(in crate::postgres) fn published(
    tables: &BTreeSet<PublishedTable>,
    operation: &str,
    sql: Sql<'_>,
) -> Result<BTreeSet<PublishedTable>> {
    let low = tables.iter().map(|one| {
        let mut low = one.clone();
        own(&mut low.table, sql);
        low.columns.sort();
        low.filter = condition(&one.filter, operation, sql)?;
        Ok(low)
    });
    low.collect()
}

pub(in crate::postgres) fn condition(
    of: &Option<Expr>,
    operation: &str,
    sql: Sql<'_>,
) -> Result<Option<Expr>> {
    of.as_ref().map(|of| Ok(Expr::Sql(expr(of, operation, sql)?))).transpose()
}

/// What stands in the connection's own schema needs no saying where.
pub(in crate::postgres) fn own(name: &mut Name, sql: Sql<'_>) {
    if name.schema.as_ref() == Some(&sql.server.schema) {
        name.schema = None;
    }
}
