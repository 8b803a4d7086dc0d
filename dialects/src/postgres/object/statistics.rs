//! Extended statistics.

use dunlin_dsl::{Existing, KeyPart, ObjectId, Statement, Statistics, StatisticsKind, Unsupported, Version};

use super::{address, if_not_exists, statement};
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on expressions can be counted.
const EXPRESSIONS: Version = Version::new(14, 0, 0);

/// CREATE STATISTICS, and how finely it is counted.
pub(super) fn create(
    id: &ObjectId,
    of: &Statistics,
    existing: Existing,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let operation = format!("create {id}");
    let has_expression = of.on.iter().any(|key| matches!(key, KeyPart::Expr(_)));
    if has_expression && sql.server.version < EXPRESSIONS {
        let lacks = "has no statistics of expressions; 14 is the first";
        return sql.refuse(operation, lacks, "count a generated column, or leave it out here with on(..)");
    }
    let keys = list(of.on.iter().map(|key| match key {
        KeyPart::Column(name) => sql.id(name),
        KeyPart::Expr(expr) => Ok(format!("({})", sql.expr(expr, &operation)?)),
    }))?;
    let kinds: Vec<_> = of.kinds.iter().map(|kind| word(*kind)).collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
    let (exists, name, table) = (if_not_exists(existing), address(id, sql)?, sql.table(&of.table)?);
    let mut statements =
        vec![statement(format!("CREATE STATISTICS {exists}{name}{kinds} ON {keys} FROM {table}"))];
    if of.target.is_some() {
        statements.push(target(id, of.target, sql)?);
    }
    Ok(statements)
}

/// What makes of statistics others in place; none where they must go and come anew.
pub(super) fn alter(
    id: &ObjectId,
    was: &Statistics,
    is: &Statistics,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    if *was != (Statistics { target: was.target, ..is.clone() }) {
        return Ok(None);
    }
    Ok(Some(vec![target(id, is.target, sql)?]))
}

fn target(id: &ObjectId, target: Option<i32>, sql: Sql<'_>) -> Result<Statement> {
    Ok(statement(target_text(id, target, sql)?))
}

/// Says how finely it is counted.
pub(in crate::postgres) fn target_text(id: &ObjectId, target: Option<i32>, sql: Sql<'_>) -> Result<String> {
    // What the columns say is -1.
    let target = target.unwrap_or(-1);
    Ok(format!("ALTER STATISTICS {} SET STATISTICS {target}", address(id, sql)?))
}

fn word(kind: StatisticsKind) -> &'static str {
    match kind {
        StatisticsKind::Ndistinct => "ndistinct",
        StatisticsKind::Dependencies => "dependencies",
        StatisticsKind::Mcv => "mcv",
    }
}
