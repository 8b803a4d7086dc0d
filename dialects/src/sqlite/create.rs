//! CREATE TABLE, CREATE INDEX and what stands in them.

use dunlin_dsl::{
    Column, Constraint, Expr, Index, KeyPart, Name, PrimaryKey, Table, TableOptions, Unsupported,
};

use super::read;
use crate::lex::{self, Kind};
use crate::sql::{Sql, list};

/// CREATE TABLE for a table in SQLite's own terms, under this name.
pub(super) fn create_table(table: &Table, name: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    let mut parts = Vec::with_capacity(table.columns.len() + 2);
    for column in &table.columns {
        let key = table.primary_key.as_ref().filter(|_| column.identity.is_some());
        parts.push(column_text(column, key, sql)?);
    }
    let numbered = table.columns.iter().any(|column| column.identity.is_some());
    for constraint in table.constraints() {
        if matches!(constraint, Constraint::PrimaryKey(_)) && numbered {
            continue;
        }
        parts.push(sql.constraint(&local(constraint), true)?);
    }
    let options = options_text(&table.options);
    Ok(format!("CREATE TABLE {} (\n  {}\n){options}", sql.table(name)?, parts.join(",\n  ")))
}

/// What stands behind the closing bracket.
pub(super) fn options_text(options: &TableOptions) -> &'static str {
    match (options.strict, options.without_rowid) {
        (false, false) => "",
        (true, false) => " STRICT",
        (false, true) => " WITHOUT ROWID",
        (true, true) => " STRICT, WITHOUT ROWID",
    }
}

/// CREATE INDEX for an index in SQLite's own terms. The index has the schema, and the table has none.
pub(super) fn create_index(table: &Name, index: &Index, sql: Sql<'_>) -> Result<String, Unsupported> {
    if let Some(source) = read::index_source(table, index) {
        return read::object::in_schema(source, table.schema.as_deref(), sql);
    }
    let unique = if index.unique { "UNIQUE " } else { "" };
    let name = sql.table(&table.sibling(index.label.name().unwrap_or_default()))?;
    let keys = index.keys.iter().map(|key| {
        let mut text = match &key.on {
            KeyPart::Column(column) => sql.id(column)?,
            KeyPart::Expr(expr) => format!("({})", sql.expr(expr, "index an expression")?),
        };
        if let Some(collation) = key.collation.get(sql.server.dialect) {
            text += &format!(" COLLATE {}", sql.id(collation)?);
        }
        Ok(if key.descending { text + " DESC" } else { text })
    });
    let mut text = format!("CREATE {unique}INDEX {name} ON {} ({})", sql.id(&table.name)?, list(keys)?);
    if let Some(predicate) = &index.predicate {
        text += &format!(" WHERE {}", sql.expr(predicate, "filter an index")?);
    }
    Ok(text)
}

pub(super) fn drop_index(table: &Name, name: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    Ok(format!("DROP INDEX {}", sql.table(&table.sibling(name))?))
}

/// A column's definition; one that is numbered has its primary key within.
pub(super) fn column_text(
    column: &Column,
    key: Option<&PrimaryKey>,
    sql: Sql<'_>,
) -> Result<String, Unsupported> {
    let mut text = sql.id(&column.name)?;
    let ty = sql.ty(&column.ty)?;
    if !ty.is_empty() {
        text += &format!(" {ty}");
    }
    if let Some(key) = key {
        if let Some(name) = key.label.name() {
            text += &format!(" CONSTRAINT {}", sql.id(name)?);
        }
        text += " PRIMARY KEY AUTOINCREMENT";
    }
    if column.not_null {
        text += " NOT NULL";
    }
    if let Some(default) = &column.default {
        text += &format!(" DEFAULT {}", default_text(default, sql)?);
    }
    if let Some(collation) = column.collation.get(sql.server.dialect) {
        text += &format!(" COLLATE {}", sql.id(collation)?);
    }
    if let Some(generated) = generated_text(column, sql)? {
        text += &format!(" {generated}");
    }
    Ok(text)
}

/// How a column is generated.
pub(super) fn generated_text(column: &Column, sql: Sql<'_>) -> Result<Option<String>, Unsupported> {
    let Some(generated) = &column.generated else { return Ok(None) };
    let expr = sql.expr(&generated.expr, "generate a column")?;
    Ok(Some(format!("AS ({expr}) {}", if generated.stored { "STORED" } else { "VIRTUAL" })))
}

/// A default: a literal as it stands, all else in brackets.
pub(super) fn default_text(default: &Expr, sql: Sql<'_>) -> Result<String, Unsupported> {
    let text = sql.expr(default, "write a default")?;
    Ok(if is_constant(&text) || is_now(&text) { text } else { format!("({text})") })
}

/// Whether a default is one literal, with or without a sign.
pub(super) fn is_constant(text: &str) -> bool {
    let words = ["TRUE", "FALSE", "NULL"];
    match lex::tokens(text).as_slice() {
        [one] => match one.kind {
            Kind::String | Kind::Literal => true,
            Kind::Word => words.iter().any(|word| text.trim().eq_ignore_ascii_case(word)),
            _ => false,
        },
        [sign, one] => matches!(sign.kind, Kind::Punct('+' | '-')) && one.kind == Kind::Literal,
        _ => false,
    }
}

fn is_now(text: &str) -> bool {
    ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// A foreign key names no database: it refers within its own.
pub(super) fn local(constraint: Constraint) -> Constraint {
    match constraint {
        Constraint::ForeignKey(mut key) => {
            key.references.schema = None;
            Constraint::ForeignKey(key)
        }
        other => other,
    }
}
