//! What a table chooses beside its columns and keys: its engine, how its text is kept, and what the engine takes.

use std::collections::BTreeMap;

use dunlin_dsl::{ColumnChange, ColumnType, Op, PerDialect, Table, TableOptions, Unsupported};

use super::column;
use super::flavor::{Flavor, OWN_FILE};
use super::level::Change;
use super::lower::{is_json, json_check};
use super::native;
use crate::sql::Sql;

/// An option of an engine: its name, how its value is written, and what sets it back.
#[derive(Clone, Copy)]
struct Known(&'static str, Value, &'static str);

#[derive(Clone, Copy, PartialEq)]
enum Value {
    Number,
    /// A number of bytes, which may have been given in units: `4M`.
    Bytes,
    Text,
}

/// Those of both servers.
const BOTH: [Known; 11] = [
    Known("avg_row_length", Value::Number, "0"),
    Known("checksum", Value::Number, "0"),
    Known("connection", Value::Text, "''"),
    Known("delay_key_write", Value::Number, "0"),
    Known(BLOCK_SIZE, Value::Number, "0"),
    Known("max_rows", Value::Number, "0"),
    Known("min_rows", Value::Number, "0"),
    Known("pack_keys", Value::Number, "DEFAULT"),
    Known("stats_auto_recalc", Value::Number, "DEFAULT"),
    Known("stats_persistent", Value::Number, "DEFAULT"),
    Known("stats_sample_pages", Value::Number, "DEFAULT"),
];

const MYSQL: [Known; 3] = [
    Known("autoextend_size", Value::Bytes, "0"),
    Known("compression", Value::Text, "''"),
    Known("encryption", Value::Text, "'N'"),
];

/// What an index takes over from its table, and keeps.
const BLOCK_SIZE: &str = "key_block_size";

fn known(name: &str, sql: Sql<'_>) -> Option<Known> {
    let own: &[Known] = if Flavor::of(sql.server).has_options_of_engines() { &[] } else { &MYSQL };
    BOTH.iter().chain(own).find(|known| known.0 == name).copied()
}

/// Whether an option, as a table's own words tell it, is one that is modelled.
pub(super) fn is_modelled(name: &str, sql: Sql<'_>) -> bool {
    const ELSEWHERE: [&str; 4] = ["data directory", "index directory", "insert_method", "union"];
    match known(name, sql) {
        Some(_) => true,
        None => {
            Flavor::of(sql.server).has_options_of_engines()
                && !ELSEWHERE.contains(&name)
                && !MYSQL.iter().any(|known| known.0 == name)
        }
    }
}

/// A table's options as CREATE and ALTER TABLE take them.
pub(super) fn texts(options: &TableOptions, sql: Sql<'_>) -> Result<Vec<String>, Unsupported> {
    let mut texts = Vec::new();
    if let Some(engine) = &options.engine {
        texts.push(format!("ENGINE={}", column::word(engine, sql)?));
    }
    if let Some(charset) = options.charset.as_deref().filter(|charset| {
        options.collation.as_deref().is_none_or(|collation| column::belongs(collation, charset))
    }) {
        texts.push(format!("DEFAULT CHARACTER SET={}", column::word(charset, sql)?));
    }
    if let Some(collation) = &options.collation {
        texts.push(format!("COLLATE={}", column::word(collation, sql)?));
    }
    if let Some(format) = &options.row_format {
        texts.push(format!("ROW_FORMAT={}", column::word(format, sql)?));
    }
    for (name, value) in &options.engine_options {
        texts.push(text(name, value, sql)?);
    }
    if let Some(tablespace) = options.tablespace.as_ref().filter(|_| Flavor::of(sql.server).has_tablespaces())
    {
        texts.push(format!("TABLESPACE={}", sql.id(tablespace)?));
    }
    Ok(texts)
}

/// An option with its value: `STATS_PERSISTENT=1`.
fn text(name: &str, value: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    let operation = || format!("set {name:?} of a table");
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let value = match known(name, sql) {
        Some(Known(_, Value::Text, _)) => sql.text(value)?,
        Some(Known(_, Value::Number, back)) if is_number || value.eq_ignore_ascii_case(back) => {
            value.to_owned()
        }
        Some(Known(_, Value::Bytes, _)) if bytes(value).is_some() => value.to_owned(),
        Some(_) => {
            let shown: String = value.chars().take(80).collect();
            return sql.refuse(
                operation(),
                &format!("takes a number there, and not {shown:?}"),
                "give a number",
            );
        }
        None if !is_modelled(name, sql) => {
            let lacks = "has no such option that can be set back";
            return sql.refuse(
                operation(),
                lacks,
                "leave it out here with on(..), or write it as SQL: execute(..).undo(..)",
            );
        }
        None if is_number => value.to_owned(),
        None => sql.text(value)?,
    };
    Ok(format!("{}={value}", column::word(name, sql)?.to_ascii_uppercase()))
}

/// What sets an option back.
fn back(name: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    let value = known(name, sql).map_or("DEFAULT", |known| known.2);
    Ok(format!("{}={value}", column::word(name, sql)?.to_ascii_uppercase()))
}

/// The options of an engine that change, as ALTER TABLE takes them.
pub(super) fn changes(
    op: &Op,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
    sql: Sql<'_>,
) -> Result<Vec<String>, Unsupported> {
    if old.get(BLOCK_SIZE) != new.get(BLOCK_SIZE) {
        let lacks = "keeps the block size that an index was made with, even where its table's is set back";
        return sql.refuse(op, lacks, "give the table its key_block_size when it is created");
    }
    let set = new.iter().filter(|(name, value)| old.get(*name) != Some(*value));
    let set = set.map(|(name, value)| text(name, value, sql));
    let gone = old.keys().filter(|name| !new.contains_key(*name)).map(|name| back(name, sql));
    set.chain(gone).collect()
}

/// What a change of an option, as it is written, takes of its table.
pub(super) fn change_of(text: &str, sql: Sql<'_>) -> Change {
    let starts = |start: &&str| text.starts_with(start);
    let is_common = |known: &Known| known.0.eq_ignore_ascii_case(text.split('=').next().unwrap_or_default());
    if ["STATS_", "AUTOEXTEND_SIZE=", "COMPRESSION=", "DEFAULT CHARACTER SET=", "COLLATE="].iter().any(starts)
    {
        return Change::TableNote;
    }
    if starts(&"ENGINE=") {
        return Change::Other;
    }
    match Flavor::of(sql.server).has_options_of_engines() {
        false if starts(&"ENCRYPTION=") => Change::Other,
        true if BOTH.iter().any(is_common) => Change::TableNote,
        _ => Change::Rewrite,
    }
}

/// Whether a table's engine is InnoDB.
pub(super) fn is_innodb(options: &TableOptions, sql: Sql<'_>) -> bool {
    let usual = Some(sql.server.fact("default_storage_engine")).filter(|name| !name.is_empty());
    options.engine.as_deref().or(usual).is_none_or(|engine| engine.eq_ignore_ascii_case("innodb"))
}

/// Whether its pages are kept compressed.
pub(super) fn is_compressed(options: &TableOptions) -> bool {
    let format = options.row_format.as_deref();
    format.is_some_and(|format| format.eq_ignore_ascii_case("compressed"))
        || options.engine_options.contains_key(BLOCK_SIZE)
}

/// A table's options in the server's own terms: what it doesn't choose is the server's and the database's default.
pub(super) fn lower(options: &TableOptions, sql: Sql<'_>) -> TableOptions {
    let fact = |name: &str| Some(sql.server.fact(name).to_owned()).filter(|fact| !fact.is_empty());
    let (charset, collation) = match (options.charset.clone(), options.collation.clone()) {
        (None, None) => (fact("character_set_database"), fact("collation_database")),
        (charset, collation) => complete(charset, collation, sql),
    };
    TableOptions {
        engine: options.engine.clone().or_else(|| fact("default_storage_engine")),
        charset,
        collation,
        row_format: options
            .row_format
            .as_ref()
            .map(|format| format.to_ascii_uppercase())
            .filter(|format| format != "DEFAULT"),
        engine_options: lower_engine_options(&options.engine_options, sql),
        tablespace: (options.tablespace.clone())
            .filter(|name| Flavor::of(sql.server).has_tablespaces() && name != OWN_FILE),
        ..TableOptions::default()
    }
}

/// The options of an engine as the catalog tells them: what is as it would be anyway isn't said.
pub(super) fn lower_engine_options(
    options: &BTreeMap<String, String>,
    sql: Sql<'_>,
) -> BTreeMap<String, String> {
    let lowered = options.iter().filter_map(|(name, value)| {
        let name = name.to_ascii_lowercase();
        let known = known(&name, sql);
        let back = known.map_or("DEFAULT", |known| known.2);
        let plain = back.trim_matches('\'');
        if value.eq_ignore_ascii_case(plain) || value.eq_ignore_ascii_case("DEFAULT") {
            return None;
        }
        let value = match known {
            Some(Known(_, Value::Bytes, _)) => bytes(value).map_or(value.clone(), |bytes| bytes.to_string()),
            _ => value.clone(),
        };
        Some((name, value))
    });
    lowered.collect()
}

/// How many bytes `4M` are.
fn bytes(text: &str) -> Option<u64> {
    let (digits, unit) = match text.strip_suffix(|c: char| c.is_ascii_alphabetic()) {
        Some(digits) => (digits, text[digits.len()..].to_ascii_uppercase()),
        None => (text, String::new()),
    };
    let factor = match unit.as_str() {
        "" => 1,
        "K" => 1 << 10,
        "M" => 1 << 20,
        "G" => 1 << 30,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// A character set and a collation, where either tells the other.
pub(super) fn complete(
    charset: Option<String>,
    collation: Option<String>,
    sql: Sql<'_>,
) -> (Option<String>, Option<String>) {
    let charset = charset.map(|name| modern(&name));
    let collation = collation.map(|name| match name.strip_prefix("utf8_") {
        Some(rest) => format!("utf8mb3_{rest}"),
        None => name.to_ascii_lowercase(),
    });
    match (charset, collation) {
        (_, Some(collation)) if collation.starts_with("uca1400") => (None, Some(collation)),
        (_, Some(collation)) => {
            let charset = collation.split('_').next().unwrap_or_default().to_owned();
            (Some(charset), Some(collation))
        }
        (Some(charset), None) => {
            let defaults = sql.server.fact("default_collations").split(',');
            let found = defaults.filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == charset);
            (Some(charset), found.map(|(_, collation)| collation.to_owned()))
        }
        (None, None) => (None, None),
    }
}

fn modern(charset: &str) -> String {
    let charset = charset.to_ascii_lowercase();
    if charset == "utf8" { "utf8mb3".into() } else { charset }
}

/// CONVERT TO CHARACTER SET as a change of the table and of each column that has text, so that each can be set back.
pub(super) fn convert(
    table: &Table,
    charset: Option<String>,
    collation: Option<String>,
    sql: Sql<'_>,
) -> Result<Vec<Op>, Unsupported> {
    let whole = lower(&TableOptions { charset, collation, ..table.options.clone() }, sql);
    let (charset, collation) = (whole.charset.clone(), whole.collation.clone());
    let options =
        TableOptions { charset: charset.clone(), collation: collation.clone(), ..table.options.clone() };
    let mut ops = vec![Op::SetTableOptions { table: table.name.clone(), options }];
    let named = |name: &str| PerDialect::default().with(sql.server.dialect, name.to_owned());
    for column in &table.columns {
        let json = json_check(&column.name, sql)?;
        let is_json =
            is_json(column, sql) || (Flavor::of(sql.server).json_is_text() && table.checks.contains(&json));
        if is_json || !native::is_text(&column.ty, sql) {
            continue;
        }
        let alter =
            |change| Op::AlterColumn { table: table.name.clone(), column: column.name.clone(), change };
        if let Some(to) = larger(&column.ty, column.charset.as_deref(), charset.as_deref(), sql) {
            ops.push(alter(ColumnChange::Type { to, using: None }));
        }
        if column.charset != charset {
            ops.push(alter(ColumnChange::Collation(PerDialect::default())));
            ops.push(alter(ColumnChange::Charset(charset.clone())));
        }
        let of = collation.as_deref().map(named).unwrap_or_default();
        if column.charset != charset || column.collation != of {
            ops.push(alter(ColumnChange::Collation(of)));
        }
    }
    Ok(ops)
}

/// The next larger type for text whose characters may take more bytes than before, which the servers choose too.
fn larger(ty: &ColumnType, from: Option<&str>, to: Option<&str>, sql: Sql<'_>) -> Option<ColumnType> {
    if widest(to)? <= widest(from)? {
        return None;
    }
    let next = match native::base(ty, sql).as_str() {
        "tinytext" => "text",
        "text" => "mediumtext",
        "mediumtext" => "longtext",
        _ => return None,
    };
    Some(ColumnType::Native(next.into()))
}

/// How many bytes a character takes at most.
pub(super) fn widest(charset: Option<&str>) -> Option<u64> {
    match charset? {
        "utf8mb4" | "utf16" | "utf16le" | "utf32" | "gb18030" => Some(4),
        "utf8mb3" | "ujis" | "eucjpms" => Some(3),
        "ucs2" | "big5" | "cp932" | "euckr" | "gb2312" | "gbk" | "sjis" => Some(2),
        _ => Some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_bytes() {
        assert_eq!(bytes("4M"), Some(4 << 20));
        assert_eq!(bytes("65536"), Some(65536));
        assert_eq!(bytes("1g"), Some(1 << 30));
        assert_eq!(["", "M", "4X", "-1", "99999999999G"].map(bytes), [None; 5]);
    }
}
