//! Publications.

use dunlin_dsl::{
    ObjectId, Publication, PublishedOperation, PublishedTable, Statement, Unsupported, Version,
};

use super::{address, statement};
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a publication has whole schemas, and of a table some columns and rows.
const PARTS: Version = Version::new(15, 0, 0);

/// From here on a publication can have stored generated columns.
const GENERATED: Version = Version::new(18, 0, 0);

/// CREATE PUBLICATION.
pub(super) fn create(id: &ObjectId, of: &Publication, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let mut text = format!("CREATE PUBLICATION {}", address(id, sql)?);
    if of.all_tables {
        text += " FOR ALL TABLES";
    }
    let parts = parts(id, of.tables.iter(), of.schemas.iter(), sql)?;
    if !parts.is_empty() {
        text += &format!(" FOR {}", parts.join(", "));
    }
    let mut options = Vec::new();
    if !of.operations.is_empty() {
        options.push(publish(of, sql)?);
    }
    if of.via_root {
        options.push("publish_via_partition_root = true".into());
    }
    if of.generated {
        options.push(generated(id, true, sql)?);
    }
    if !options.is_empty() {
        text += &format!(" WITH ({})", options.join(", "));
    }
    Ok(vec![statement(text)])
}

/// What makes of a publication another one in place; none where it must go and come anew: one of every table stays that.
pub(super) fn alter(
    id: &ObjectId,
    was: &Publication,
    is: &Publication,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    if was.all_tables != is.all_tables {
        return Ok(None);
    }
    let name = address(id, sql)?;
    let alter = |text: String| statement(format!("ALTER PUBLICATION {name} {text}"));
    let mut statements = Vec::new();
    // A table whose columns or rows change goes and comes again.
    let gone = list(was.tables.difference(&is.tables).map(|published| sql.table(&published.table)))?;
    if !gone.is_empty() {
        statements.push(alter(format!("DROP TABLE {gone}")));
    }
    let gone = list(was.schemas.difference(&is.schemas).map(|schema| sql.id(schema)))?;
    if !gone.is_empty() {
        statements.push(alter(format!("DROP TABLES IN SCHEMA {gone}")));
    }
    let new = parts(id, is.tables.difference(&was.tables), is.schemas.difference(&was.schemas), sql)?;
    if !new.is_empty() {
        statements.push(alter(format!("ADD {}", new.join(", "))));
    }
    let mut options = Vec::new();
    if was.operations != is.operations {
        options.push(publish(is, sql)?);
    }
    if was.via_root != is.via_root {
        options.push(format!("publish_via_partition_root = {}", is.via_root));
    }
    if was.generated != is.generated {
        options.push(generated(id, is.generated, sql)?);
    }
    if !options.is_empty() {
        statements.push(alter(format!("SET ({})", options.join(", "))));
    }
    Ok(Some(statements))
}

/// `TABLE a, TABLE b (id) WHERE (..), TABLES IN SCHEMA c`.
fn parts<'p>(
    id: &ObjectId,
    tables: impl Iterator<Item = &'p PublishedTable>,
    schemas: impl Iterator<Item = &'p String>,
    sql: Sql<'_>,
) -> Result<Vec<String>> {
    let operation = format!("publish by {id}");
    let refuse = |what: &str| {
        let lacks = format!("publishes no {what}; 15 is the first that does");
        sql.refuse(&operation, &lacks, "publish whole tables")
    };
    let is_old = sql.server.version < PARTS;
    let mut parts = Vec::new();
    for published in tables {
        let mut text = format!("TABLE {}", sql.table(&published.table)?);
        if !published.columns.is_empty() {
            if is_old {
                return refuse("columns");
            }
            text += &format!(" ({})", sql.ids(&published.columns)?);
        }
        if let Some(filter) = &published.filter {
            if is_old {
                return refuse("rows by a condition");
            }
            text += &format!(" WHERE ({})", sql.expr(filter, &operation)?);
        }
        parts.push(text);
    }
    for schema in schemas {
        if is_old {
            return refuse("whole schemas");
        }
        parts.push(format!("TABLES IN SCHEMA {}", sql.id(schema)?));
    }
    Ok(parts)
}

/// Whether stored generated columns are published.
fn generated(id: &ObjectId, is_published: bool, sql: Sql<'_>) -> Result<String> {
    if sql.server.version < GENERATED {
        let lacks = "publishes no generated columns; 18 is the first that does";
        let instead = "publish a plain column that a trigger fills";
        return sql.refuse(format!("publish generated columns by {id}"), lacks, instead);
    }
    let which = if is_published { "stored" } else { "none" };
    Ok(format!("publish_generated_columns = {which}"))
}

fn publish(of: &Publication, sql: Sql<'_>) -> Result<String> {
    let words = of.operations.iter().map(|operation| match operation {
        PublishedOperation::Insert => "insert",
        PublishedOperation::Update => "update",
        PublishedOperation::Delete => "delete",
        PublishedOperation::Truncate => "truncate",
    });
    let words = words.collect::<Vec<_>>().join(", ");
    let words = if words.is_empty() { "insert, update, delete, truncate" } else { &words };
    Ok(format!("publish = {}", sql.text(words)?))
}
