//! What a table or an index may choose of how it is kept: storage parameters, a tablespace, whether it is written ahead.

use std::collections::BTreeMap;

use dunlin_dsl::{DependentKind, HazardKind, Statement, Table, TableOptions, Unsupported, Version};

use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// The tablespace of what has none of its own, in a database that is made without one.
pub(super) const USUAL: &str = "pg_default";

/// How rows are kept unless it is said otherwise.
pub(super) const HEAP: &str = "heap";

/// From here on a table can change how its rows are kept.
const SET_ACCESS_METHOD: Version = Version::new(15, 0, 0);

/// ` USING ..`, if it is said.
pub(super) fn using(access_method: Option<&str>, sql: Sql<'_>) -> Result<String> {
    access_method.map_or(Ok(String::new()), |method| Ok(format!(" USING {}", sql.id(method)?)))
}

/// `SET ACCESS METHOD ..`, from what it is to another.
pub(super) fn set_access_method(op: &str, to: Option<&str>, sql: Sql<'_>) -> Result<String> {
    if sql.server.version < SET_ACCESS_METHOD {
        let lacks = "keeps rows as they were kept first; 15 is the first that can do else";
        return sql.refuse(op, lacks, "create another one, and move the rows");
    }
    Ok(format!("SET ACCESS METHOD {}", sql.id(to.unwrap_or(HEAP))?))
}

/// ` WITH (..)` and ` TABLESPACE ..`, as far as they are said.
pub(super) fn clauses(
    storage: &BTreeMap<String, String>,
    tablespace: Option<&str>,
    sql: Sql<'_>,
) -> Result<String> {
    let mut text = String::new();
    if !storage.is_empty() {
        text += &format!(" WITH ({})", settings(storage.iter(), sql)?);
    }
    if let Some(tablespace) = tablespace {
        text += &format!(" TABLESPACE {}", sql.id(tablespace)?);
    }
    Ok(text)
}

/// What makes of a table's options others.
pub(super) fn alter(known: &Table, is: &TableOptions, is_new: bool, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let (table, was) = (&known.name, &known.options);
    let name = sql.table(table)?;
    let alter = |text: String| Statement::new(format!("ALTER TABLE {name} {text}"), []);
    let anew = |statement: Statement| match is_new {
        true => statement,
        false => statement
            .hazard(HazardKind::Rewrite, format!("writes table {table} anew"))
            .hazard(HazardKind::BlocksReads, format!("readers of table {table} wait meanwhile")),
    };
    let mut statements = Vec::new();
    if was.unlogged != is.unlogged {
        let word = if is.unlogged { "UNLOGGED" } else { "LOGGED" };
        let set = anew(alter(format!("SET {word}")));
        statements.push(match across(known, is.unlogged) {
            Some(fails) => set.hazard(HazardKind::MayFail, fails),
            None => set,
        });
    }
    let gone = was.storage.keys().filter(|key| !is.storage.contains_key(*key)).map(|key| parameter(key, sql));
    let gone = list(gone)?;
    if !gone.is_empty() {
        statements.push(alter(format!("RESET ({gone})")));
    }
    let set = is.storage.iter().filter(|(key, value)| was.storage.get(*key) != Some(*value));
    let set = settings(set, sql)?;
    if !set.is_empty() {
        statements.push(alter(format!("SET ({set})")));
    }
    if was.access_method != is.access_method {
        let operation = format!("set options of table {table}");
        statements.push(anew(alter(set_access_method(&operation, is.access_method.as_deref(), sql)?)));
    }
    if was.tablespace != is.tablespace {
        let to = sql.id(is.tablespace.as_deref().or(known.notes.tablespace.as_deref()).unwrap_or(USUAL))?;
        statements.push(anew(alter(format!("SET TABLESPACE {to}"))));
    }
    Ok(statements)
}

/// What would keep a table from changing: a foreign key of a table that is written ahead refers to no other that isn't.
fn across(table: &Table, unlogged: bool) -> Option<String> {
    let name = &table.name;
    let refers = table.foreign_keys.iter().any(|key| key.references != *name);
    let is_other = |kind, other| kind == DependentKind::ForeignKey && other != name;
    let is_referred = table.notes.dependents.iter().any(|one| is_other(one.kind, &one.name));
    match unlogged {
        false if refers => {
            Some(format!("fails if table {name} refers to an unlogged one: make that logged first"))
        }
        true if is_referred => {
            Some(format!("fails if a logged table refers to table {name}: make that unlogged first"))
        }
        _ => None,
    }
}

/// Storage parameters as they are read back: their names in small letters.
pub(super) fn lower(storage: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    storage.iter().map(|(key, value)| (key.to_ascii_lowercase(), value.clone())).collect()
}

/// Storage parameters as the catalog keeps them, one a line.
pub(super) fn read(lines: Option<String>) -> BTreeMap<String, String> {
    let lines = lines.unwrap_or_default();
    let pairs = lines.lines().filter_map(|line| line.split_once('='));
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// `SET (..)` or `RESET (..)` of one storage parameter.
pub(super) fn change(name: &str, value: Option<&str>, sql: Sql<'_>) -> Result<String> {
    Ok(match value {
        Some(value) => format!("SET ({} = {})", parameter(name, sql)?, sql.text(value)?),
        None => format!("RESET ({})", parameter(name, sql)?),
    })
}

/// `name = 'value'` of each.
pub(super) fn settings<'s>(
    settings: impl Iterator<Item = (&'s String, &'s String)>,
    sql: Sql<'_>,
) -> Result<String> {
    list(settings.map(|(key, value)| Ok(format!("{} = {}", parameter(key, sql)?, sql.text(value)?))))
}

/// A parameter's name, with the `toast.` before it that those of the table for long values have.
fn parameter(key: &str, sql: Sql<'_>) -> Result<String> {
    match key.split_once('.') {
        Some((of, key)) => Ok(format!("{}.{}", sql.id(of)?, sql.id(key)?)),
        None => sql.id(key),
    }
}
