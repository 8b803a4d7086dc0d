//! What is written when a column's numbering changes.

use dunlin_dsl::{Column, Identity, Name};

use super::{Change, Part, Rank, Result};
use crate::postgres::create;
use crate::sql::Sql;

/// What changes a column's numbering.
pub(super) fn identity(
    table: &Name,
    column: &Column,
    new: Option<&Identity>,
    alter: &str,
    sql: Sql<'_>,
) -> Result<Vec<Part>> {
    let change = |rank, text: String| Part::Change(Change::new(rank, format!("{alter} {text}")));
    Ok(match (&column.identity, new) {
        (None, None) => Vec::new(),
        (Some(_), None) => vec![change(Rank::Drop, "DROP IDENTITY".into())],
        (None, Some(new)) => {
            let mut parts = Vec::new();
            if column.default.is_some() {
                parts.push(change(Rank::Drop, "DROP DEFAULT".into()));
            }
            parts
                .push(change(Rank::Add, format!("ADD {}", create::identity(table, &column.name, new, sql)?)));
            // Without this it would begin with numbers that rows have already.
            if new.increment.is_none_or(|step| step > 0) {
                let (sequence, id) = (sequence(table, &column.name, sql)?, sql.id(&column.name)?);
                let first = new.start.or(new.min).unwrap_or(1);
                parts.push(Part::Behind(format!(
                    "SELECT pg_catalog.setval({sequence}, max({id})) FROM {} HAVING max({id}) >= {first}",
                    sql.table(table)?
                )));
            }
            parts
        }
        (Some(old), Some(new)) => {
            let mut set = Vec::new();
            if old.always != new.always {
                set.push(format!("SET GENERATED {}", create::generation(new)));
            }
            let numbers = [
                ("INCREMENT BY", "INCREMENT BY 1", old.increment, new.increment),
                ("MINVALUE", "NO MINVALUE", old.min, new.min),
                ("MAXVALUE", "NO MAXVALUE", old.max, new.max),
                ("START WITH", "START WITH 1", old.start, new.start),
                ("CACHE", "CACHE 1", old.cache, new.cache),
            ];
            for (words, unless_given, old, new) in numbers {
                if old != new {
                    let text = new.map_or(unless_given.to_owned(), |number| format!("{words} {number}"));
                    set.push(format!("SET {text}"));
                }
            }
            if old.cycle != new.cycle {
                set.push(if new.cycle { "SET CYCLE" } else { "SET NO CYCLE" }.to_owned());
            }
            if set.is_empty() { Vec::new() } else { vec![change(Rank::Attributes, set.join(" "))] }
        }
    })
}

/// Has a column's sequence go on behind a number, unless it is there already.
pub(in crate::postgres) fn advance_sequence(
    table: &Name,
    column: &str,
    number: i128,
    sql: Sql<'_>,
) -> Result<String> {
    let sequence = sequence(table, column, sql)?;
    Ok(format!(
        "SELECT pg_catalog.setval({sequence}, {number}) \
         WHERE coalesce(pg_catalog.pg_sequence_last_value({sequence}), 0) < {number}"
    ))
}

/// The sequence from which a column takes its numbers.
fn sequence(table: &Name, column: &str, sql: Sql<'_>) -> Result<String> {
    let (table, column) = (sql.text(&sql.table(table)?)?, sql.text(column)?);
    Ok(format!("pg_catalog.pg_get_serial_sequence({table}, {column})::pg_catalog.regclass"))
}
