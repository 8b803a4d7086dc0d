//! What a column has beside its type: how it is stored, compressed and counted.

use dunlin_dsl::{Column, ColumnType, Name, Unsupported, Version};

use super::{Change, Rank, ty};
use crate::postgres::{lower, object, print};
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a column can say how it is compressed.
const COMPRESSION: Version = Version::new(14, 0, 0);

/// From here on the storage of a type can be asked for without its name.
const DEFAULT_STORAGE: Version = Version::new(16, 0, 0);

/// What gives a new column its options.
pub(in crate::postgres) fn options(operation: &str, column: &Column, sql: Sql<'_>) -> Result<Vec<Change>> {
    let id = sql.id(&column.name)?;
    let set = |(name, value): (&String, &String)| {
        let text = option(name, Some(value), Some(&column.ty), operation, sql)?;
        Ok(text.map(|text| Change::new(Rank::Options, format!("ALTER COLUMN {id} {text}"))))
    };
    column.options.iter().filter_map(|option| set(option).transpose()).collect()
}

/// What gives one of a column's options its value, behind `ALTER COLUMN ..`; without a value, the server's own. None where it
/// can't be said without a look at the type.
pub(in crate::postgres) fn option(
    name: &str,
    value: Option<&str>,
    ty: Option<&ColumnType>,
    operation: &str,
    sql: Sql<'_>,
) -> Result<Option<String>> {
    let word = |value: &str| match value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        true => Ok(value.to_ascii_uppercase()),
        false => sql.id(value),
    };
    let value = value.filter(|value| !value.eq_ignore_ascii_case("default"));
    Ok(Some(match (name, value) {
        ("storage", None) if sql.server.version >= DEFAULT_STORAGE => "SET STORAGE DEFAULT".into(),
        ("storage", None) => {
            let printed = ty.map(|ty| Ok(print::ty(&self::ty(ty, sql)?))).transpose()?;
            match printed.as_deref().and_then(lower::usual_storage) {
                Some(usual) => format!("SET STORAGE {}", word(usual)?),
                None => return Ok(None),
            }
        }
        ("storage", Some(value)) => format!("SET STORAGE {}", word(value)?),
        ("compression", _) if sql.server.version < COMPRESSION => {
            let lacks = "compresses all columns in one way; 14 is the first that lets one choose";
            return sql.refuse(operation, lacks, "leave it out here with on(..)");
        }
        ("compression", value) => format!("SET COMPRESSION {}", word(value.unwrap_or("default"))?),
        ("statistics", value) => match value.unwrap_or("-1").parse::<i32>() {
            Ok(target) => format!("SET STATISTICS {target}"),
            Err(_) => {
                return sql.refuse(
                    operation,
                    "takes a number as a statistics target",
                    "give it from 0 to 10000",
                );
            }
        },
        (name, Some(value)) => format!("SET ({} = {})", sql.id(name)?, sql.text(value)?),
        (name, None) => format!("RESET ({})", sql.id(name)?),
    }))
}

/// Stores a column as its type is stored, which the catalog is asked for: a domain's type may be any.
pub(super) fn storage_of_type(table: &Name, column: &Column, sql: Sql<'_>) -> Result<String> {
    let of = format!("{}::pg_catalog.regtype", sql.text(&ty(&column.ty, sql)?)?);
    usual_storage("TABLE", table, &column.name, &of, sql)
}

/// The same where not even the type is known: of a materialized view's column.
pub(in crate::postgres) fn storage_of_catalog(
    kind: &str,
    table: &Name,
    column: &str,
    sql: Sql<'_>,
) -> Result<String> {
    let (relation, name) = (sql.text(&sql.table(table)?)?, sql.text(column)?);
    let of = format!(
        "(SELECT atttypid FROM pg_catalog.pg_attribute WHERE attrelid = {relation}::pg_catalog.regclass AND attname = {name})"
    );
    usual_storage(kind, table, column, &of, sql)
}

fn usual_storage(kind: &str, table: &Name, column: &str, of: &str, sql: Sql<'_>) -> Result<String> {
    let alter = format!("ALTER {kind} {} ALTER COLUMN {} SET STORAGE ", sql.table(table)?, sql.id(column)?);
    let body = format!(
        "BEGIN EXECUTE (SELECT {} || CASE typstorage WHEN 'p' THEN 'PLAIN' WHEN 'm' THEN 'MAIN' WHEN 'e' THEN 'EXTERNAL' \
         ELSE 'EXTENDED' END FROM pg_catalog.pg_type WHERE oid = {of}); END",
        sql.text(&alter)?
    );
    Ok(format!("DO {}", object::quoted(&body)))
}
