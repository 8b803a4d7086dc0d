//! CREATE INDEX, and what else is over an index's keys.

use dunlin_dsl::{Index, IndexKey, KeyPart, Label, Name, Nulls, Probe, Unsupported, conventional_name};

use super::comment;
use crate::postgres::{lower, options, print};
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// CREATE INDEX.
pub(in crate::postgres) fn index(
    table: &Name,
    index: &Index,
    if_not_exists: bool,
    concurrently: bool,
    sql: Sql<'_>,
) -> Result<String> {
    let operation = format!("create index {} on table {table}", index.label);
    lower::refuse_index(&operation, index, sql)?;
    let mut text = String::from(if index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " });
    if concurrently {
        text += "CONCURRENTLY ";
    }
    if if_not_exists {
        text += "IF NOT EXISTS ";
    }
    // An index lives in its table's schema, and its name stands without it here.
    text += &format!("{} ON {}", sql.id(&index_name(table, index))?, sql.table(table)?);
    if let Some(method) = &index.method {
        text += &format!(" USING {}", sql.id(method)?);
    }
    text += &format!(" ({})", list(index.keys.iter().map(|key| self::key(key, &operation, sql)))?);
    if !index.include.is_empty() {
        text += &format!(" INCLUDE ({})", sql.ids(&index.include)?);
    }
    if index.nulls_not_distinct {
        text += " NULLS NOT DISTINCT";
    }
    text += &options::clauses(&index.storage, index.tablespace.as_deref(), sql)?;
    if let Some(predicate) = &index.predicate {
        text += &format!(" WHERE {}", sql.expr(predicate, &operation)?);
    }
    Ok(text)
}

/// A key of an index, of a partitioned table or of an exclusion constraint.
pub(in crate::postgres) fn key(key: &IndexKey, operation: &str, sql: Sql<'_>) -> Result<String> {
    let mut text = match &key.on {
        KeyPart::Column(column) => sql.id(column)?,
        KeyPart::Expr(expr) => format!("({})", sql.expr(expr, operation)?),
    };
    if let Some(collation) = key.collation.get(sql.server.dialect) {
        text += &format!(" COLLATE {}", print::qualified(collation, sql)?);
    }
    if let Some(opclass) = &key.opclass {
        if opclass.ends_with(')') {
            let reason = "an operator class has its options beside its name";
            let instead = "name the class alone, and say .opclass_option(..)";
            return Err(Unsupported::new(operation, reason, instead));
        }
        text += &format!(" {}", print::qualified(opclass, sql)?);
    }
    if !key.opclass_options.is_empty() {
        if key.opclass.is_none() {
            let reason = "options are those of an operator class that is named";
            return Err(Unsupported::new(operation, reason, "say .opclass(..)"));
        }
        text += &format!(" ({})", options::settings(key.opclass_options.iter(), sql)?);
    }
    if key.descending {
        text += " DESC";
    }
    match key.nulls {
        Some(Nulls::First) => text += " NULLS FIRST",
        Some(Nulls::Last) => text += " NULLS LAST",
        None => {}
    }
    Ok(text)
}

/// The index's name; where it has none, PostgreSQL's convention gives it.
pub(in crate::postgres) fn index_name(table: &Name, index: &Index) -> String {
    match &index.label {
        Label::Given(name) | Label::Derived(name) => name.clone(),
        Label::Unnamed => {
            let columns: Vec<&str> =
                index.keys.iter().map(|key| key.column_name().unwrap_or("expr")).collect();
            conventional_name(table, &columns, "idx")
        }
    }
}

/// COMMENT ON INDEX, where it has one.
pub(in crate::postgres) fn index_comment(
    table: &Name,
    index: &Index,
    sql: Sql<'_>,
) -> Result<Option<String>> {
    let Some(text) = &index.comment else { return Ok(None) };
    let name = sql.table(&table.sibling(index_name(table, index)))?;
    comment("INDEX", &name, Some(text), sql).map(Some)
}

/// How finely the values of an index's expressions are sampled, where that is said.
pub(in crate::postgres) fn index_statistics(
    table: &Name,
    index: &Index,
    sql: Sql<'_>,
) -> Result<Option<String>> {
    if index.statistics.is_empty() {
        return Ok(None);
    }
    let parts = index.statistics.iter().map(|(place, target)| sampled(*place, Some(*target)));
    let parts: Vec<_> = parts.collect();
    let name = sql.table(&table.sibling(index_name(table, index)))?;
    Ok(Some(format!("ALTER INDEX {name} {}", parts.join(", "))))
}

/// The part of ALTER INDEX that sets a key's statistics target.
pub(in crate::postgres) fn sampled(place: u32, target: Option<u32>) -> String {
    let target = target.map_or("-1".to_owned(), |target| target.to_string());
    format!("ALTER COLUMN {place} SET STATISTICS {target}")
}

/// The question whether an index that is built or dropped outside a transaction is there, and usable.
pub(in crate::postgres) fn index_probe(index: &Name, built: bool, sql: Sql<'_>) -> Result<Probe> {
    let schema = index.schema.as_deref().unwrap_or(&sql.server.schema);
    let done = match built {
        true => "coalesce(bool_or(i.indisvalid), false)",
        // What couldn't be dropped to the end stays behind, and isn't valid any more.
        false => "count(*) = 0",
    };
    let query = format!(
        "SELECT {done} FROM pg_catalog.pg_index AS i \
         JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE n.nspname = {} AND c.relname = {}",
        sql.text(schema)?,
        sql.text(&index.name)?
    );
    Ok(Probe { query, done: "t".into() })
}
