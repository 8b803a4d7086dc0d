//! Constraints as PostgreSQL writes them. Only EXCLUDE is its own.

use dunlin_dsl::{Constraint, Exclusion, Name, Unsupported};

use super::{create, lower};
use crate::sql::{Sql, deferral, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// A constraint as it stands in CREATE TABLE or behind ADD.
pub(super) fn constraint(
    operation: impl std::fmt::Display,
    table: &Name,
    constraint: &Constraint,
    sql: Sql<'_>,
) -> Result<String> {
    lower::refuse_constraint(&operation, constraint, sql)?;
    let named = create::named(table, constraint);
    match &named {
        Constraint::Exclusion(exclusion) => exclude(&operation.to_string(), exclusion, sql),
        other => sql.constraint(other, true),
    }
}

/// `CONSTRAINT .. EXCLUDE USING gist (..)`.
fn exclude(operation: &str, exclusion: &Exclusion, sql: Sql<'_>) -> Result<String> {
    let mut text = match exclusion.label.name() {
        Some(name) => format!("CONSTRAINT {} EXCLUDE", sql.id(name)?),
        None => "EXCLUDE".into(),
    };
    text += &format!(" USING {}", sql.id(exclusion.method.as_deref().unwrap_or("gist"))?);
    let elements = exclusion.elements.iter().map(|element| {
        Ok(format!("{} WITH {}", create::key(&element.key, operation, sql)?, element.operator))
    });
    text += &format!(" ({})", list(elements)?);
    if !exclusion.include.is_empty() {
        text += &format!(" INCLUDE ({})", sql.ids(&exclusion.include)?);
    }
    if let Some(predicate) = &exclusion.predicate {
        text += &format!(" WHERE ({})", sql.expr(predicate, operation)?);
    }
    Ok(text + deferral(exclusion.deferrable))
}
