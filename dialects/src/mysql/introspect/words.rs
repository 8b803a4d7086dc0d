//! What no view of the catalog tells of a table, and its own words do: all are asked for in one flight.

use dunlin_dsl::{ConnectionError, Name, Row, Table, Unmodelled, Unsupported, Value};

use super::objects::masked;
use super::{Key, Reader, unreadable};
use crate::lex::{self, Kind};
use crate::mysql::flavor::OWN_FILE;
use crate::mysql::{options, text};
use crate::sql::Sql;

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

/// How many tables' words are asked for in one flight.
const SHOWN: usize = 200;

impl Reader<'_> {
    /// Asks for each table's own words.
    pub(super) async fn words(&mut self) -> Result<(), ConnectionError> {
        let places: Vec<Key> = self.tables.keys().cloned().collect();
        for places in places.chunks(SHOWN) {
            let queries = places.iter().map(|(schema, name)| {
                let name = Name { schema: Some(schema.clone()), name: name.clone() };
                Ok(format!("SHOW CREATE TABLE {}", self.sql.table(&name)?))
            });
            let queries = queries.collect::<Result<Vec<_>, Unsupported>>().map_err(unreadable)?;
            match self.conn.query(&queries.join("; ")).await {
                Ok(rows) if rows.len() == places.len() => {
                    self.words.extend(places.iter().cloned().zip(rows.iter().map(words)));
                }
                // One of them can't be shown.
                _ => {
                    for (place, query) in places.iter().zip(queries) {
                        let rows = self.conn.query(&query).await.unwrap_or_default();
                        self.words.extend(rows.first().map(|row| (place.clone(), words(row))));
                    }
                }
            }
        }
        Ok(())
    }

    /// A table's words as text: a default of bytes needs be none.
    pub(super) fn text_of(&self, place: &Key) -> String {
        let bytes = self.words.get(place).map(Vec::as_slice).unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    }

    /// Reads of each table's words what no view of the catalog tells.
    pub(super) fn notes(&mut self) {
        let places: Vec<Key> = self.tables.keys().cloned().collect();
        for place in places {
            let words = self.text_of(&place);
            if let Some(table) = self.tables.get_mut(&place) {
                note(table, &words);
                note_options(table, &words, self.sql);
                if self.flavor.has_tablespaces() {
                    table.options.tablespace = tablespace(&words).filter(|name| name != OWN_FILE);
                }
            }
        }
    }
}

fn words(row: &Row) -> Vec<u8> {
    match row.get(1) {
        Some(Value::Text(text)) => text.clone().into_bytes(),
        Some(Value::Bytes(bytes)) => bytes.clone(),
        _ => Vec::new(),
    }
}

/// The tablespace that a table was put into: behind its columns stands `) /*!50100 TABLESPACE `fast` */ ENGINE=InnoDB`.
fn tablespace(shown: &str) -> Option<String> {
    let rest = &shown[shown.rfind("\n) /*!50100 TABLESPACE ")?..];
    let rest = rest.trim_start_matches("\n) /*!50100 TABLESPACE ");
    let token = lex::tokens(rest).into_iter().next().filter(|token| token.kind == Kind::Quoted)?;
    Some(lex::name(rest, token))
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
                table
                    .notes
                    .unmodelled
                    .extend(found.map(|word| Unmodelled::column(&name, format!("that is {word}"))));
                let own = own_option(rest)
                    .map(|option| Unmodelled::column(&name, format!("with its engine's option {option}")));
                table.notes.unmodelled.extend(own);
            }
            "PERIOD FOR" => table.notes.unmodelled.push(Unmodelled::Thing(format!("a period {name}"))),
            _ if before.ends_with("KEY") && before != "FOREIGN KEY" => {
                if let Some(parser) =
                    rest.split(" WITH PARSER `").nth(1).and_then(|rest| rest.split('`').next())
                    && let Some(index) = table.indexes.iter_mut().find(|index| index.label.is(&name))
                {
                    index.parser = Some(parser.to_owned());
                }
                let found = OF_INDEXES.iter().find(has);
                table
                    .notes
                    .unmodelled
                    .extend(found.map(|word| Unmodelled::index(&name, format!("that has {word}"))));
                let own = own_option(rest)
                    .map(|option| Unmodelled::index(&name, format!("that has its engine's option {option}")));
                table.notes.unmodelled.extend(own);
            }
            _ => {}
        }
    }
}

/// An option that an engine of MariaDB's gives a column or an index: `` `DISTANCE`=cosine ``.
fn own_option(rest: &str) -> Option<String> {
    let tokens = lex::tokens(rest);
    // Between the two of an expression stands a space.
    let pair = tokens.windows(2).find(|pair| {
        pair[0].kind == Kind::Quoted && pair[1].kind == Kind::Punct('=') && pair[0].end == pair[1].start
    })?;
    Some(lex::name(rest, pair[0]))
}

/// Reads what stands behind a table's columns: `) ENGINE=InnoDB AUTO_INCREMENT=5 STATS_PERSISTENT=1`.
fn note_options(table: &mut Table, words: &str, sql: Sql<'_>) {
    let masked = masked(words);
    let Some(start) = masked.find("\n)") else {
        table.notes.unmodelled.push(Unmodelled::thing("options that the server doesn't show"));
        return;
    };
    let end = masked[start..].find("PARTITION BY").map_or(masked.len(), |at| start + at);
    let text = uncommented(&words[start..end], &masked[start..end]);
    let tokens = lex::tokens(&text);
    if let Some(identity) = table.columns.iter_mut().find_map(|column| column.identity.as_mut()) {
        identity.next.0 = Some(1);
    }
    for (at, window) in tokens.windows(3).enumerate() {
        let [name, equals, value] = window else { continue };
        if equals.kind != Kind::Punct('=') || !matches!(name.kind, Kind::Word | Kind::Quoted) {
            continue;
        }
        let mut name = lex::name(&text, *name).to_ascii_lowercase();
        if name == "directory"
            && let Some(first) = at.checked_sub(1).and_then(|at| tokens.get(at))
        {
            name = format!("{} directory", text[first.start..first.end].to_ascii_lowercase());
        }
        let raw = &text[value.start..value.end];
        let value = match value.kind {
            Kind::String => text::literal(raw).map_or_else(|| raw.to_owned(), |(value, _)| value),
            _ => raw.to_owned(),
        };
        match name.as_str() {
            "engine" | "charset" | "collate" | "comment" | "row_format" => {}
            "auto_increment" => {
                let numbered = table.columns.iter_mut().find_map(|column| column.identity.as_mut());
                if let Some(identity) = numbered {
                    identity.next.0 = value.parse().ok();
                }
            }
            _ if options::is_modelled(&name, sql) => {
                table.options.engine_options.insert(name, value);
            }
            _ => table.notes.unmodelled.push(Unmodelled::Thing(format!("option {name}"))),
        }
    }
}

/// The text with what MySQL says to new versions alone, `/*!80023 AUTOEXTEND_SIZE=4194304 */`, as if it said it to all.
fn uncommented(text: &str, masked: &str) -> String {
    let mut plain = text.to_owned();
    for (at, _) in masked.match_indices("/*!") {
        let digits = masked[at + 3..].bytes().take_while(u8::is_ascii_digit).count();
        plain.replace_range(at..at + 3 + digits, &" ".repeat(3 + digits));
    }
    for (at, _) in masked.match_indices("*/") {
        plain.replace_range(at..at + 2, "  ");
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_the_columns() {
        let table =
            "CREATE TABLE `a` (\n  `i` int DEFAULT NULL\n) /*!50100 TABLESPACE `fa``st` */ ENGINE=InnoDB";
        assert_eq!(tablespace(table).as_deref(), Some("fa`st"));
        let comment = "CREATE TABLE `a` (\n  `i` int COMMENT '\\n) /*!50100 TABLESPACE `x`'\n) ENGINE=InnoDB";
        assert_eq!(tablespace(comment), None);
    }
}
