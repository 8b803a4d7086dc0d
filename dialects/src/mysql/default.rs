//! Defaults: as they are written, as the catalog spells them, and what they mean.

use dunlin_dsl::{Column, ColumnType, Expr, Float, Unsupported, Value};

use super::flavor::Flavor;
use super::{native, text};
use crate::sql::Sql;

/// What a default's text is.
enum Meaning {
    /// A literal.
    Literal(Value),
    /// The moment a statement begins, with so many digits of a second where they are said.
    Now(Option<u8>),
    /// Any other expression.
    Expression,
}

/// What stands behind DEFAULT.
pub(super) fn write(column: &Column, default: &Expr, sql: Sql<'_>) -> Result<String, Unsupported> {
    let flavor = Flavor::of(sql.server);
    let operation = || format!("set the default of column {}", column.name);
    let written = sql.expr(default, operation())?;
    let meaning = match default {
        Expr::Literal(value) => Meaning::Literal(value.clone()),
        _ => read(&written),
    };
    let bracketed = || {
        super::column::kept_expression(&written, sql)?;
        Ok(format!("({})", text::unbracketed(&written)))
    };
    Ok(match meaning {
        Meaning::Now(digits) if is_moment(&column.ty, sql) => {
            flavor.now(digits.unwrap_or_else(|| precision(&column.ty, sql)))
        }
        Meaning::Literal(Value::Null) => "NULL".into(),
        Meaning::Literal(_) if native::is_large(&column.ty, sql) && !flavor.has_literal_text_defaults() => {
            if !flavor.has_default_expressions() {
                return sql.refuse(operation(), "takes no default for text, blobs and JSON", INSTEAD);
            }
            bracketed()?
        }
        Meaning::Literal(_) => written,
        _ if flavor.has_default_expressions() => bracketed()?,
        _ => return sql.refuse(operation(), "takes only literals as defaults", INSTEAD),
    })
}

const INSTEAD: &str = "leave the default out here with on(..), and fill the column in code";

/// What stands behind ON UPDATE.
pub(super) fn write_on_update(column: &Column, expr: &Expr, sql: Sql<'_>) -> Result<String, Unsupported> {
    let written = sql.expr(expr, format!("set what an update of column {} does", column.name))?;
    Ok(match read(&written) {
        Meaning::Now(digits) => {
            Flavor::of(sql.server).now(digits.unwrap_or_else(|| precision(&column.ty, sql)))
        }
        _ => written,
    })
}

/// A default as reading it back gives it; none where the column is NULL without it.
pub(super) fn lower(column: &Column, default: &Expr, sql: Sql<'_>) -> Result<Option<Expr>, Unsupported> {
    let meaning = match default {
        Expr::Literal(value) => Meaning::Literal(value.clone()),
        other => read(&sql.expr(other, format!("set the default of column {}", column.name))?),
    };
    Ok(match meaning {
        Meaning::Literal(Value::Null) => None,
        Meaning::Literal(value) => Some(Expr::Literal(typed(value, &column.ty, sql))),
        Meaning::Now(digits) if is_moment(&column.ty, sql) => Some(now(digits, &column.ty, sql)),
        _ => {
            let written = sql.expr(default, "read a default")?;
            Some(Expr::Sql(text::unbracketed(&written).into()))
        }
    })
}

/// What ON UPDATE does, as reading it back gives it.
pub(super) fn lower_on_update(column: &Column, expr: &Expr, sql: Sql<'_>) -> Result<Expr, Unsupported> {
    let written = write_on_update(column, expr, sql)?;
    Ok(Expr::Sql(written))
}

/// A default from the catalog. `generated` says that MySQL calls it an expression.
pub(super) fn from_catalog(found: &str, generated: bool, ty: &ColumnType, sql: Sql<'_>) -> Option<Expr> {
    let flavor = Flavor::of(sql.server);
    let (written, may_be_literal) = match (flavor.catalog_quotes_defaults(), generated) {
        (true, _) => (found.to_owned(), true),
        (false, true) => (text::recoded(&text::unescape(found)), native::is_large(ty, sql)),
        (false, false) => {
            let value = match read(found) {
                Meaning::Literal(value) if !matches!(value, Value::Text(_)) => value,
                _ => Value::Text(found.into()),
            };
            let value = if native::is_text(ty, sql) { Value::Text(found.into()) } else { value };
            return Some(Expr::Literal(typed(value, ty, sql)));
        }
    };
    if may_be_literal && let Some(literal) = text::only_literal(&written) {
        return Some(Expr::Literal(typed(Value::Text(literal), ty, sql)));
    }
    match read(&written) {
        Meaning::Literal(Value::Null) if flavor.catalog_quotes_defaults() => None,
        Meaning::Literal(value) if flavor.catalog_quotes_defaults() => {
            Some(Expr::Literal(typed(value, ty, sql)))
        }
        Meaning::Now(digits) if is_moment(ty, sql) => Some(now(digits, ty, sql)),
        _ => Some(Expr::Sql(text::expression(text::unbracketed(&written), sql.server))),
    }
}

fn now(digits: Option<u8>, ty: &ColumnType, sql: Sql<'_>) -> Expr {
    let digits = digits.unwrap_or_else(|| precision(ty, sql));
    Expr::Sql(Flavor::of(sql.server).now(digits))
}

/// Whether a type holds a date and a time.
fn is_moment(ty: &ColumnType, sql: Sql<'_>) -> bool {
    matches!(native::base(ty, sql).as_str(), "datetime" | "timestamp")
}

fn precision(ty: &ColumnType, sql: Sql<'_>) -> u8 {
    native::numbers(ty, sql).first().and_then(|digits| u8::try_from(*digits).ok()).unwrap_or(0)
}

/// Reads a default's text, as far as it is one literal or the word for now.
fn read(written: &str) -> Meaning {
    let written = written.trim();
    let lower = written.to_ascii_lowercase();
    if let Some(digits) = read_now(&lower) {
        return Meaning::Now(digits);
    }
    match lower.as_str() {
        "null" => return Meaning::Literal(Value::Null),
        "true" => return Meaning::Literal(Value::Bool(true)),
        "false" => return Meaning::Literal(Value::Bool(false)),
        _ => {}
    }
    if let Some(text) = text::only_literal(written) {
        return Meaning::Literal(Value::Text(text));
    }
    if let Some(value) = read_digits(&lower) {
        return Meaning::Literal(value);
    }
    if let Ok(value) = lower.parse::<i128>() {
        return Meaning::Literal(Value::Int(value));
    }
    let is_number =
        lower.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if is_number && lower.parse::<f64>().is_ok() {
        // Kept as text, for a decimal may have more digits than a float.
        return Meaning::Literal(Value::Text(written.into()));
    }
    Meaning::Expression
}

fn read_now(lower: &str) -> Option<Option<u8>> {
    let (word, rest) = match lower.split_once('(') {
        Some((word, rest)) => (word.trim(), Some(rest.strip_suffix(')')?.trim())),
        None => (lower, None),
    };
    let known = match word {
        "current_timestamp" | "localtime" | "localtimestamp" => true,
        "now" => rest.is_some(),
        _ => false,
    };
    match (known, rest) {
        (false, _) => None,
        (true, None | Some("")) => Some(None),
        (true, Some(digits)) => digits.parse().ok().map(Some),
    }
}

/// `b'101'` and `x'00ff'`, or `0x00ff`.
fn read_digits(lower: &str) -> Option<Value> {
    let quoted = |mark: char| lower.strip_prefix(mark)?.strip_prefix('\'')?.strip_suffix('\'');
    if let Some(bits) = quoted('b') {
        return i128::from_str_radix(bits, 2).ok().map(Value::Int);
    }
    let digits = quoted('x').or_else(|| lower.strip_prefix("0x"))?;
    if digits.is_empty() || digits.len() % 2 != 0 || !digits.is_ascii() {
        return None;
    }
    let bytes = (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16));
    bytes.collect::<Result<_, _>>().ok().map(Value::Bytes)
}

/// A literal in its column's own form, which is what reading it back gives.
fn typed(value: Value, ty: &ColumnType, sql: Sql<'_>) -> Value {
    let base = native::base(ty, sql);
    let text = match &value {
        Value::Bool(value) => if *value { "1" } else { "0" }.to_owned(),
        Value::Int(value) => value.to_string(),
        Value::Float(Float(value)) => value.to_string(),
        Value::Text(text) => text.clone(),
        _ => String::new(),
    };
    match base.as_str() {
        "tinyint" | "smallint" | "mediumint" | "int" | "bigint" | "bit" | "year" => {
            text.parse().map_or(value, Value::Int)
        }
        "decimal" => {
            let scale = native::numbers(ty, sql).get(1).copied().unwrap_or(0);
            Value::Text(scaled(&text, scale as usize).unwrap_or(text))
        }
        "float" | "double" => text.parse().map_or(value, |number: f64| Value::Float(Float(number))),
        "datetime" | "timestamp" => Value::Text(moment(&text, precision(ty, sql).into())),
        "time" => Value::Text(fraction(&text, precision(ty, sql).into())),
        "binary" | "varbinary" => {
            let mut bytes = match value {
                Value::Bytes(bytes) => bytes,
                _ => text.into_bytes(),
            };
            if base == "binary" {
                let length = native::numbers(ty, sql).first().copied().unwrap_or(0) as usize;
                bytes.resize(length.max(bytes.len()), 0);
            }
            Value::Bytes(bytes)
        }
        _ => match value {
            Value::Bool(_) | Value::Int(_) | Value::Float(_) => Value::Text(text),
            value => value,
        },
    }
}

/// A decimal with exactly so many digits after its point; none where it has more, for the server rounds it.
fn scaled(text: &str, scale: usize) -> Option<String> {
    let (whole, digits) = text.split_once('.').unwrap_or((text, ""));
    let plain = whole.trim_start_matches('-').chars().chain(digits.chars()).all(|c| c.is_ascii_digit());
    if !plain || digits.len() > scale || text.is_empty() {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    Some(if scale == 0 { whole.into() } else { format!("{whole}.{digits:0<scale$}") })
}

/// A date and time with all its parts.
fn moment(text: &str, digits: usize) -> String {
    let is_date = text.len() == 10 && text.bytes().filter(|byte| *byte == b'-').count() == 2;
    let whole = if is_date { format!("{text} 00:00:00") } else { text.replacen('T', " ", 1) };
    fraction(&whole, digits)
}

/// A time with exactly so many digits after its seconds, where it has no more.
fn fraction(text: &str, digits: usize) -> String {
    let (whole, found) = text.split_once('.').unwrap_or((text, ""));
    if digits == 0 || found.len() > digits || whole.matches(':').count() != 2 {
        return text.into();
    }
    format!("{whole}.{found:0<digits$}")
}

/// A column's default of bytes, from what SHOW CREATE TABLE says. It has a column's definition on a line of its own.
pub(super) fn shown_bytes(shown: &[u8], column: &str) -> Option<Vec<u8>> {
    let line = text::shown_names(column).iter().find_map(|name| {
        let start = format!("\n  {name} ");
        let at = shown.windows(start.len()).position(|window| window == start.as_bytes())?;
        Some(&shown[at + start.len()..])
    })?;
    let word = b" DEFAULT ";
    let at = line.windows(word.len()).position(|window| window == word)?;
    let value = &line[at + word.len()..];
    if let Some(digits) = value.strip_prefix(b"0x") {
        let end = digits.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(digits.len());
        let digits = std::str::from_utf8(&digits[..end]).ok()?.to_ascii_lowercase();
        return match read_digits(&format!("0x{digits}"))? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        };
    }
    let mut bytes = Vec::new();
    let mut rest = value.strip_prefix(b"'")?.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        match byte {
            b'\\' => bytes.push(match rest.next()? {
                b'0' => 0,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'Z' => 0x1a,
                other => other,
            }),
            b'\'' if rest.next_if_eq(&b'\'').is_some() => bytes.push(b'\''),
            b'\'' => return Some(bytes),
            byte => bytes.push(byte),
        }
    }
    None
}
