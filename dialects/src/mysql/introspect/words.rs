//! What no view of the catalog tells of a table, and its own words do: all are asked for in one flight.

use std::collections::BTreeMap;

use dunlin_dsl::{ConnectionError, Name, Row, Table, Unsupported, Value};

use super::objects::masked;
use super::{Key, Reader, unreadable};
use crate::lex::{self, Kind};

/// What a column may have beside what is modelled. MODIFY takes it off unless it is said again.
const OF_COLUMNS: [&str; 6] = [
    "COLUMN_FORMAT",
    "STORAGE",
    "COMPRESSED",
    "NOT SECONDARY",
    "ENGINE_ATTRIBUTE",
    "SECONDARY_ENGINE_ATTRIBUTE",
];

/// What an index may have beside what is modelled.
const OF_INDEXES: [&str; 4] =
    ["KEY_BLOCK_SIZE", "WITHOUT OVERLAPS", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE"];

impl Reader<'_> {
    pub(super) async fn words(&mut self) -> Result<(), ConnectionError> {
        let places: Vec<Key> = self.tables.keys().cloned().collect();
        let queries = places.iter().map(|(schema, name)| {
            let name = Name { schema: Some(schema.clone()), name: name.clone() };
            Ok(format!("SHOW CREATE TABLE {}", self.sql.table(&name)?))
        });
        let queries = queries.collect::<Result<Vec<_>, Unsupported>>().map_err(unreadable)?;
        let mut shown: BTreeMap<Key, String> = BTreeMap::new();
        match self.conn.query(&queries.join("; ")).await {
            Ok(rows) if rows.len() == places.len() => {
                shown.extend(places.into_iter().zip(rows.iter().map(words)));
            }
            // One of them can't be shown.
            _ => {
                for (place, query) in places.into_iter().zip(queries) {
                    let rows = self.conn.query(&query).await.unwrap_or_default();
                    shown.insert(place, rows.first().map(words).unwrap_or_default());
                }
            }
        }
        for (place, words) in shown {
            if let Some(table) = self.tables.get_mut(&place) {
                note(table, &words);
            }
        }
        Ok(())
    }
}

/// A table's own words. A default of bytes needs be no text.
fn words(row: &Row) -> String {
    match row.get(1) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Bytes(bytes)) => String::from_utf8_lossy(bytes).into_owned(),
        _ => String::new(),
    }
}

/// Notes what a table's words tell beside what was read of it. Each column and each index has a line.
fn note(table: &mut Table, words: &str) {
    let masked = masked(words);
    for line in masked.lines().skip(1).filter_map(|line| line.strip_prefix("  ")) {
        let tokens = lex::tokens(line);
        let Some(first) = tokens.first() else { continue };
        let Some(at) = tokens.iter().position(|token| token.kind == Kind::Quoted) else { continue };
        let (name, rest) = (lex::name(line, tokens[at]), &line[tokens[at].end..]);
        let has = |word: &&&str| rest.contains(&format!(" {word}"));
        let before = line[first.start..tokens[at].start].trim();
        match before {
            "" => {
                let found = OF_COLUMNS.iter().find(has);
                table.notes.unmodelled.extend(found.map(|word| format!("column {name} that is {word}")));
            }
            "PERIOD FOR" => table.notes.unmodelled.push(format!("a period {name}")),
            _ if before.ends_with("KEY") && before != "FOREIGN KEY" => {
                if let Some(parser) =
                    rest.split(" WITH PARSER `").nth(1).and_then(|rest| rest.split('`').next())
                    && let Some(index) = table.indexes.iter_mut().find(|index| index.label.is(&name))
                {
                    index.parser = Some(parser.to_owned());
                }
                let found = OF_INDEXES.iter().find(has);
                table.notes.unmodelled.extend(found.map(|word| format!("index {name}, which has {word}")));
            }
            _ => {}
        }
    }
}
