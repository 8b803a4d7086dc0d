//! A column's full definition, as it stands in CREATE TABLE and behind ADD, MODIFY and CHANGE.

use dunlin_dsl::{Column, ColumnType, KeyPart, Op, Table, Unsupported};

use super::flavor::Flavor;
use super::{default, native};
use crate::choice;
use crate::lex;
use crate::sql::Sql;

const ON: &str = "leave it out here with on(..)";

/// The column with all its attributes: MODIFY forgets what isn't said.
pub(super) fn definition(column: &Column, table: &Table, sql: Sql<'_>) -> Result<String, Unsupported> {
    let flavor = Flavor::of(sql.server);
    let operation = || format!("write column {}.{}", table.name, column.name);
    let ty = sql.ty(&column.ty)?;
    if ty.contains('\0') {
        return Err(Unsupported::new(operation(), "its type has NUL in it", "leave the NUL out"));
    }
    let is_json = is_json_text(column, table, sql)?;
    let mut text = format!("{} {}", sql.id(&column.name)?, if is_json { "json" } else { &ty });
    if let ColumnType::Enum(values) | ColumnType::Set(values) = &column.ty {
        if let Some(value) = values.iter().find(|value| value.ends_with(' ')) {
            return sql.refuse(
                operation(),
                &format!("takes the spaces off the end of {value:?}"),
                "leave them out",
            );
        }
        let comma = values.iter().find(|value| value.contains(','));
        if let (ColumnType::Set(_), Some(value)) = (&column.ty, comma) {
            let lacks = format!("has a comma between the values of a set, so {value:?} can't be one");
            return sql.refuse(operation(), &lacks, "leave the comma out");
        }
    }
    // One that is the table's own is not said: MySQL would remember that it was, and tell it ever after.
    let collation = column.collation.get(sql.server.dialect);
    if !is_json
        && native::is_text(&column.ty, sql)
        && (collation.is_none() || collation != table.options.collation.as_ref())
    {
        text += &charset(column, sql)?;
    }
    let required = column.not_null || column.identity.is_some() || table.is_key_column(&column.name);
    if let Some(generated) = &column.generated {
        let expr = sql.expr(&generated.expr, operation())?;
        kept_expression(&expr, sql)?;
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        text += &format!(" GENERATED ALWAYS AS ({expr}) {kind}");
    }
    if required && (column.generated.is_none() || flavor.has_generated_not_null()) {
        text += " NOT NULL";
    } else if column.not_null && column.generated.is_some() {
        return sql.refuse(
            operation(),
            "has no NOT NULL for generated columns",
            "leave it out here with on(..), and add a check",
        );
    } else if column.generated.is_none() && native::base(&column.ty, sql) == "timestamp" {
        // Where explicit_defaults_for_timestamp is off, one that doesn't say so is NOT NULL.
        text += " NULL";
    }
    if column.invisible {
        if !flavor.has_invisible_columns() {
            return sql.refuse(operation(), "has no invisible columns", ON);
        }
        let is_filled = column.default.is_some() || column.identity.is_some() || column.generated.is_some();
        if required && !is_filled && flavor.fills_invisible_columns() {
            let lacks = "has no invisible column that refuses NULL without a default";
            return sql.refuse(operation(), lacks, "give it a default, or let it take NULL");
        }
        text += " INVISIBLE";
    }
    if let Some(expr) = &column.default {
        if column.identity.is_some() {
            let lacks = "has no default for a column that numbers itself";
            return sql.refuse(operation(), lacks, "drop its numbering first: drop_identity()");
        }
        text += &format!(" DEFAULT {}", default::write(column, expr, sql)?);
    }
    if let Some(expr) = &column.on_update {
        text += &format!(" ON UPDATE {}", default::write_on_update(column, expr, sql)?);
    }
    if let Some(identity) = &column.identity {
        super::lower::identity(identity, operation(), sql)?;
        text += " AUTO_INCREMENT";
    }
    if let Some(comment) = column.comment.as_deref().filter(|comment| !comment.is_empty()) {
        text += &format!(" COMMENT {}", comment_text(comment, sql)?);
    }
    if flavor.has_column_checks() {
        for check in table.checks.iter().filter(|check| check.label.is(&column.name)) {
            text += &format!(" CHECK ({})", sql.expr(&check.expr, operation())?);
        }
    }
    Ok(text)
}

/// Refuses to rename a column that an expression of its own table mentions, where the server does.
pub(super) fn refuse_used(op: &Op, known: &Table, column: &str, sql: Sql<'_>) -> Result<(), Unsupported> {
    let generated = known.columns.iter().filter_map(|of| Some((&of.name, &of.generated.as_ref()?.expr)));
    let generated = generated.map(|(name, expr)| (format!("generated column {name}"), expr));
    let checks = known.checks.iter().map(|check| (format!("check {}", check.label), &check.expr));
    let keys = known.indexes.iter().flat_map(|index| index.keys.iter().map(move |key| (index, key)));
    let keys = keys.filter_map(|(index, key)| match &key.on {
        KeyPart::Expr(expr) => Some((format!("index {}", index.label), expr)),
        KeyPart::Column(_) => None,
    });
    let user = generated.chain(checks).chain(keys).find(|(_, expr)| choice::mentions(expr, column));
    match user.filter(|_| !Flavor::of(sql.server).renames_in_expressions()) {
        None => Ok(()),
        Some((user, _)) => sql.refuse(
            op,
            &format!("renames no column that an expression mentions, and {user} does"),
            "drop that before, and create it again after",
        ),
    }
}

/// Refuses to drop a column that another one's expression mentions: the servers would stop when its indexes are gone already.
pub(super) fn refuse_mentioned(
    op: &Op,
    known: &Table,
    column: &str,
    sql: Sql<'_>,
) -> Result<(), Unsupported> {
    for other in known.columns.iter().filter(|other| other.name != column) {
        let name = &other.name;
        if other.generated.as_ref().is_some_and(|generated| choice::mentions(&generated.expr, column)) {
            let lacks = format!("can't drop it while column {name} is computed from it");
            return sql.refuse(op, &lacks, "drop that first, and add it again after");
        }
        if other.default.as_ref().is_some_and(|default| choice::mentions(default, column)) {
            let lacks = format!("can't drop it while the default of column {name} mentions it");
            return sql.refuse(op, &lacks, "change that default first");
        }
    }
    Ok(())
}

/// Whether a column is what MariaDB makes of `json`. Written as the text that it is, it would be another type to the server, and
/// copied (seen on 10.11).
pub(super) fn is_json_text(column: &Column, table: &Table, sql: Sql<'_>) -> Result<bool, Unsupported> {
    let collation = column.collation.get(sql.server.dialect).map(String::as_str);
    Ok(Flavor::of(sql.server).json_is_text()
        && native::base(&column.ty, sql) == "longtext"
        && collation == Some("utf8mb4_bin")
        && table.checks.contains(&super::lower::json_check(&column.name, sql)?))
}

/// Whether the server gives a column a default that nobody chose: a moment that never was, in the place of none.
pub(super) fn gets_zero_moment(column: &Column, table: &Table, sql: Sql<'_>) -> bool {
    Flavor::of(sql.server).gives_zero_moments()
        && column.on_update.is_some()
        && column.default.is_none()
        && (column.not_null || table.is_key_column(&column.name))
}

/// Refuses an expression that the server would read otherwise than it was written.
pub(super) fn kept_expression(text: &str, sql: Sql<'_>) -> Result<(), Unsupported> {
    let inside = |token: &lex::Token| text.get(token.start + 1..token.end - 1).unwrap_or_default();
    let mut literals = lex::tokens(text).into_iter().filter(|token| token.kind == lex::Kind::String);
    match Flavor::of(sql.server).mistakes_expressions() && literals.any(|token| has_escapes(inside(&token))) {
        true => refuse_escapes("write an expression with a quote or a backslash in a text", sql),
        false => Ok(()),
    }
}

/// A partition's comment as a literal.
pub(super) fn partition_comment_text(comment: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    if Flavor::of(sql.server).mistakes_partition_comments() && has_escapes(comment) {
        refuse_escapes("remark on a partition with a quote or a backslash", sql)?;
    }
    comment_text(comment, sql)
}

fn has_escapes(text: &str) -> bool {
    text.contains(['\'', '\\'])
}

fn refuse_escapes(operation: &str, sql: Sql<'_>) -> Result<(), Unsupported> {
    if !sql.server.fact("sql_mode").contains("NO_BACKSLASH_ESCAPES") {
        return Ok(());
    }
    let lacks = "keeps it with escapes, and reads it by the mode, which is NO_BACKSLASH_ESCAPES here";
    sql.refuse(operation, lacks, "take that out of sql_mode, or write the text without them")
}

/// A comment as a literal.
pub(super) fn comment_text(comment: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    // The catalogs keep a question mark, without a word.
    match comment.chars().find(|c| *c > '\u{ffff}') {
        None => sql.text(comment),
        Some(c) => sql.refuse(
            format!("write {c:?} into a comment"),
            "keeps no characters beyond U+FFFF there",
            "leave it out",
        ),
    }
}

/// A column's character set and collation. A collation of another character set has the last word.
fn charset(column: &Column, sql: Sql<'_>) -> Result<String, Unsupported> {
    let collation = column.collation.get(sql.server.dialect);
    let mut text = String::new();
    if let Some(charset) = column
        .charset
        .as_deref()
        .filter(|charset| collation.is_none_or(|collation| belongs(collation, charset)))
    {
        text += &format!(" CHARACTER SET {}", word(charset, sql)?);
    }
    if let Some(collation) = collation {
        text += &format!(" COLLATE {}", word(collation, sql)?);
    }
    Ok(text)
}

/// Whether a collation is one of a character set's, as far as its name tells.
pub(super) fn belongs(collation: &str, charset: &str) -> bool {
    let named = |name: &str| {
        collation.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    named(charset)
        || (["utf8", "utf8mb3"].contains(&charset) && (named("utf8") || named("utf8mb3")))
        || collation.starts_with("uca1400")
}

/// The name of a character set, a collation or an engine, which can't be quoted everywhere.
pub(super) fn word<'n>(name: &'n str, sql: Sql<'_>) -> Result<&'n str, Unsupported> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.is_empty() && name.chars().all(plain) {
        return Ok(name);
    }
    let shown: String = name.chars().take(80).collect();
    sql.refuse(format!("use {shown:?}"), "has no such character set, collation or engine", "correct its name")
}
