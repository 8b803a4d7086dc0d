//! What the catalog tells wrong, and how it is found out all the same.

use std::collections::BTreeMap;

use dunlin_dsl::{Column, ColumnType, ConnectionError, Expr, Name, Value};

use super::{Flavor, Key, Reader, unreadable};
use crate::mysql::{default, native};
use crate::sql::{Sql, list};

impl Reader<'_> {
    /// Literal defaults that the catalog spoils: it ends MySQL's bytes at the first zero, makes MariaDB's into text, and has
    /// a question mark for every character beyond U+FFFF. The columns themselves know.
    pub(super) async fn defaults(&mut self) -> Result<(), ConnectionError> {
        let sql = self.sql;
        let mut by_table: BTreeMap<Key, Vec<String>> = BTreeMap::new();
        for (table, column) in std::mem::take(&mut self.unsure) {
            by_table.entry(table).or_default().push(column);
        }
        for (key, columns) in by_table {
            let name = Name { schema: Some(key.0.clone()), name: key.1.clone() };
            let from = sql.table(&name).map_err(unreadable)?;
            let Some(table) = self.tables.get_mut(&key) else { continue };
            let asked = list(columns.iter().map(|column| {
                let id = sql.id(column)?;
                let known = table.column(column);
                let is_text = known.is_some_and(|known| native::is_text(&known.ty, sql));
                Ok(match is_text {
                    true => format!("HEX(CONVERT(DEFAULT({id}) USING utf8mb4))"),
                    false => format!("HEX(DEFAULT({id}))"),
                })
            }));
            let query = format!(
                "SELECT {} FROM (SELECT 1 AS one) AS d LEFT JOIN {from} ON TRUE LIMIT 1",
                asked.map_err(unreadable)?
            );
            // Who may not read the table may still change it.
            let told = self.conn.query(&query).await.unwrap_or_default();
            let mut shown: Option<Vec<u8>> = None;
            for (at, column) in columns.iter().enumerate() {
                let mut found = told.first().and_then(|row| row.text(at)).and_then(|text| unhex(&text));
                if found.is_none() {
                    // A column that is NOT NULL knows it only where there is a row.
                    if shown.is_none() {
                        let rows = self.conn.query(&format!("SHOW CREATE TABLE {from}")).await?;
                        shown = Some(match rows.first().and_then(|row| row.get(1)) {
                            Some(Value::Text(text)) => text.clone().into_bytes(),
                            Some(Value::Bytes(bytes)) => bytes.clone(),
                            _ => Vec::new(),
                        });
                    }
                    found = shown.as_ref().and_then(|text| default::shown_bytes(text, column));
                }
                let Some(known) = table.column_mut(column) else { continue };
                let is_text = !native::base(&known.ty, sql).ends_with("binary");
                let lost = is_text && self.flavor.catalog_loses_characters();
                let value = match found {
                    Some(bytes) if is_text => String::from_utf8(bytes).ok().map(Value::Text),
                    bytes => bytes.map(Value::Bytes),
                };
                match value.filter(|value| !(lost && shown.is_some() && *value == spoiled(known))) {
                    Some(value) => known.default = Some(Expr::Literal(value)),
                    None => {
                        let what = "with a default that the catalog doesn't tell";
                        table.notes.unmodelled.push(format!("column {column} {what}"));
                    }
                }
            }
        }
        Ok(())
    }
}

/// What stands in MariaDB's catalog for a character beyond U+FFFF in an expression.
pub(super) const LOST: &str = "????";

/// The default as the catalog told it.
fn spoiled(column: &Column) -> Value {
    match &column.default {
        Some(Expr::Literal(value)) => value.clone(),
        _ => Value::Null,
    }
}

/// Whether the catalog may have told a literal default wrong.
pub(super) fn is_unsure(column: &Column, sql: Sql<'_>) -> bool {
    match &column.default {
        Some(Expr::Literal(Value::Text(text))) => text.contains('?'),
        Some(Expr::Literal(_)) => native::base(&column.ty, sql).ends_with("binary"),
        _ => false,
    }
}

/// Whether the catalog has lost characters of a column that nothing else tells.
pub(super) fn is_lossy(column: &Column, flavor: Flavor) -> bool {
    let exprs = column.generated.iter().map(|generated| &generated.expr).chain(&column.default);
    let lost = |expr: &Expr| matches!(expr, Expr::Sql(text) if text.contains(LOST));
    let values = match &column.ty {
        ColumnType::Enum(values) | ColumnType::Set(values) => values.as_slice(),
        _ => &[],
    };
    values.iter().any(|value| value.contains('?'))
        || (flavor.catalog_loses_characters() && exprs.into_iter().any(lost))
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(pair).collect()
}
