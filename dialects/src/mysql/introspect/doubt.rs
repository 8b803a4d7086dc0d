//! What the catalog tells wrong, and how it is found out all the same.

use std::collections::BTreeMap;

use dunlin_dsl::{Column, ColumnType, ConnectionError, Expr, Name, Row, Unmodelled, Value};

use super::{Key, Reader, key, unreadable};
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
            let columns: Vec<String> = columns
                .into_iter()
                .filter(|column| !table.column_mut(column).is_some_and(takes_from_values))
                .collect();
            if columns.is_empty() {
                continue;
            }
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
            let words = self.words.get(&key).map(Vec::as_slice).unwrap_or_default();
            for (at, column) in columns.iter().enumerate() {
                let mut found = told.first().and_then(|row| row.text(at)).and_then(|text| unhex(&text));
                // A column that is NOT NULL knows it only where there is a row.
                let is_shown = found.is_none();
                if is_shown {
                    found = default::shown_bytes(words, column);
                }
                let Some(known) = table.column_mut(column) else { continue };
                let is_text = !native::base(&known.ty, sql).ends_with("binary");
                let lost = is_text && self.flavor.catalog_loses_characters();
                let value = match found {
                    Some(bytes) if is_text => String::from_utf8(bytes).ok().map(Value::Text),
                    bytes => bytes.map(Value::Bytes),
                };
                match value.filter(|value| !(lost && is_shown && *value == spoiled(known))) {
                    Some(value) => known.default = Some(Expr::Literal(value)),
                    None => {
                        let what = "with a default that the catalog doesn't tell";
                        table.notes.unmodelled.push(Unmodelled::column(column, what));
                    }
                }
            }
        }
        Ok(())
    }

    /// Puts the characters back into the expressions of a row that begins with its table, of which MariaDB's catalog has
    /// question marks; whether that could be done.
    pub(super) fn expressions(&self, row: &mut Row, columns: &[usize]) -> bool {
        if !self.flavor.catalog_loses_characters() {
            return true;
        }
        let mut is_whole = true;
        for at in columns {
            let Some(told) = row.text(*at).filter(|told| told.contains(LOST)) else { continue };
            match (whole(&self.text_of(&key(row)), &told), row.0.get_mut(*at)) {
                (Some(text), Some(value)) => *value = Value::Text(text),
                _ => is_whole = false,
            }
        }
        is_whole
    }

    /// Values of enumerations and sets, in which the catalog and a table's words have a question mark for every character
    /// beyond U+FFFF. A query whose first row has the column's type, and the next ones numbers, tells what those stand for.
    pub(super) async fn values(&mut self) -> Result<(), ConnectionError> {
        let sql = self.sql;
        for (key, column) in std::mem::take(&mut self.vague) {
            let name = Name { schema: Some(key.0.clone()), name: key.1.clone() };
            let from = sql.table(&name).map_err(unreadable)?;
            let id = sql.id(&column).map_err(unreadable)?;
            let Some(table) = self.tables.get_mut(&key) else { continue };
            let Some(known) = table.column_mut(&column) else { continue };
            let (ColumnType::Enum(values) | ColumnType::Set(values)) = &known.ty else { continue };
            let next = if matches!(known.ty, ColumnType::Set(_)) { "1 << n" } else { "n + 1" };
            let query = format!(
                "WITH RECURSIVE v (value, n) AS (SELECT t.{id}, 0 FROM (SELECT 1 AS one) AS d LEFT JOIN {from} AS t ON FALSE \
                 UNION ALL SELECT {next}, n + 1 FROM v WHERE n < {}) \
                 SELECT HEX(CONVERT(value USING utf8mb4)) FROM v WHERE n > 0 ORDER BY n",
                values.len()
            );
            // Who may not read the table may still change it.
            let rows = self.conn.query(&query).await.unwrap_or_default();
            let told = rows.iter().map(|row| String::from_utf8(unhex(&row.text(0)?)?).ok());
            let told = told.collect::<Option<Vec<_>>>();
            let is_same = |told: &Vec<String>| {
                told.iter().map(|value| question_marks(value)).eq(values.iter().cloned())
            };
            match (told.filter(is_same), &mut known.ty) {
                (Some(told), ColumnType::Enum(values) | ColumnType::Set(values)) => *values = told,
                _ => {
                    let what = "with a question mark, which here stands for characters that the catalog can't tell too";
                    table.notes.unmodelled.push(Unmodelled::column(column, what));
                }
            }
        }
        Ok(())
    }
}

/// Gives an enumeration whose values are known the one that its default can be alone.
fn takes_from_values(column: &mut Column) -> bool {
    let (ColumnType::Enum(values), Some(Expr::Literal(Value::Text(told)))) = (&column.ty, &column.default)
    else {
        return false;
    };
    let mut same = values.iter().filter(|value| question_marks(value) == *told);
    let (Some(value), None) = (same.next(), same.next()) else { return false };
    column.default = Some(Expr::Literal(Value::Text(value.clone())));
    true
}

/// A text as the catalog tells it.
fn question_marks(text: &str) -> String {
    text.chars().map(|char| if char > '\u{ffff}' { '?' } else { char }).collect()
}

/// An expression as a table's own words have it, where MariaDB's catalog has question marks for some of its characters; none
/// where it isn't found, or may be one of several.
fn whole(words: &str, told: &str) -> Option<String> {
    let mut spoiled = String::with_capacity(words.len());
    let mut places = Vec::new();
    for (at, char) in words.char_indices() {
        places.push((spoiled.len(), at));
        match char > '\u{ffff}' {
            true => spoiled += LOST,
            false => spoiled.push(char),
        }
    }
    places.push((spoiled.len(), words.len()));
    let place = |offset: usize| {
        let at = places.binary_search_by_key(&offset, |place| place.0).ok()?;
        places.get(at).map(|place| place.1)
    };
    let mut found = spoiled.match_indices(told).map(|(at, _)| words.get(place(at)?..place(at + told.len())?));
    let first = found.next()??;
    found.all(|other| other == Some(first)).then(|| first.to_owned())
}

/// What stands in MariaDB's catalog for a character beyond U+FFFF in an expression.
const LOST: &str = "????";

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

/// Whether the catalog may have told a column's values wrong.
pub(super) fn is_vague(column: &Column) -> bool {
    match &column.ty {
        ColumnType::Enum(values) | ColumnType::Set(values) => values.iter().any(|value| value.contains('?')),
        _ => false,
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    (0..digits.len()).step_by(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_found_again() {
        let words = "CREATE TABLE `t` (\n  `b` text GENERATED ALWAYS AS (concat(`a`,'x😀?')) VIRTUAL,\n  CHECK (`a` <> '😀')";
        assert_eq!(whole(words, "concat(`a`,'x?????')").as_deref(), Some("concat(`a`,'x😀?')"));
        assert_eq!(whole(words, "`a` <> '????'").as_deref(), Some("`a` <> '😀'"));
        assert_eq!(whole(words, "`a` <> '???????'"), None);
        assert_eq!(whole("('😀'), ('🙂')", "'????'"), None);
    }
}
