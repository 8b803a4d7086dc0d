//! Schemas, extensions and collations.

use dunlin_dsl::{Collation, Existing, Extension, ObjectId, Statement, Unsupported, Version};

use super::{address, if_not_exists, statement};
use crate::postgres::lower::object::provider;
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a collation can have rules of its own.
const RULES: Version = Version::new(16, 0, 0);

/// From here on there is a provider that needs no library.
const BUILTIN: Version = Version::new(17, 0, 0);

pub(super) fn create_schema(id: &ObjectId, existing: Existing, sql: Sql<'_>) -> Result<Vec<Statement>> {
    Ok(vec![statement(format!("CREATE SCHEMA {}{}", if_not_exists(existing), address(id, sql)?))])
}

pub(super) fn create_extension(
    id: &ObjectId,
    extension: &Extension,
    existing: Existing,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let mut text = format!("CREATE EXTENSION {}{}", if_not_exists(existing), address(id, sql)?);
    // Left out, it would be the first schema of the search path, or the one in which the extension insists to be.
    if let Some(schema) = &extension.schema {
        text += &format!(" SCHEMA {}", sql.id(schema)?);
    }
    if let Some(version) = &extension.version {
        text += &format!(" VERSION {}", sql.text(version)?);
    }
    Ok(vec![statement(text)])
}

pub(super) fn alter_extension(
    id: &ObjectId,
    old: &Extension,
    new: &Extension,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    let name = address(id, sql)?;
    if old.schema != new.schema {
        let schema = sql.id(new.schema.as_deref().unwrap_or(&sql.server.schema))?;
        statements.push(statement(format!("ALTER EXTENSION {name} SET SCHEMA {schema}")));
    }
    if old.version != new.version {
        let to = match &new.version {
            Some(version) => format!(" TO {}", sql.text(version)?),
            None => String::new(),
        };
        statements.push(statement(format!("ALTER EXTENSION {name} UPDATE{to}")));
    }
    Ok(statements)
}

pub(super) fn create_collation(
    id: &ObjectId,
    collation: &Collation,
    existing: Existing,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let operation = format!("create {id}");
    let provider = provider(collation);
    if provider.as_deref() == Some("builtin") && sql.server.version < BUILTIN {
        let lacks = "has no collations of its own; 17 is the first";
        return sql.refuse(operation, lacks, "take libc's C, or one of icu");
    }
    let mut parts = Vec::new();
    if let Some(provider) = provider {
        parts.push(format!("provider = {}", sql.text(&provider)?));
    }
    parts.push(format!("locale = {}", sql.text(&collation.locale)?));
    if collation.nondeterministic {
        parts.push("deterministic = false".into());
    }
    if let Some(rules) = &collation.rules {
        if sql.server.version < RULES {
            let lacks = "knows no rules of collations; 16 is the first";
            return sql.refuse(operation, lacks, "say it in the locale, as in 'und-u-ks-level2'");
        }
        parts.push(format!("rules = {}", sql.text(rules)?));
    }
    let name = address(id, sql)?;
    Ok(vec![statement(format!("CREATE COLLATION {}{name} ({})", if_not_exists(existing), parts.join(", ")))])
}
