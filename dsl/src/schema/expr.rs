//! Values and expressions: what stands in defaults, checks, predicates and seed rows.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::server::{DialectId, DialectSet, PerDialect};

/// A literal value, rendered with each server's own quoting.
///
/// Dates, times, UUIDs, decimals and JSON are `Text`: every server reads its own literals of these from a string.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Value {
    /// SQL's NULL.
    #[default]
    Null,
    /// TRUE or FALSE; 1 or 0 where a server has no booleans.
    Bool(bool),
    /// An integer of any width.
    Int(#[serde(with = "whole")] i128),
    /// A 64-bit float.
    Float(Float),
    /// A string.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// An `f64` with a total order, so that values can be compared, sorted and hashed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Float(#[serde(with = "float")] pub f64);

/// JSON's readers lose digits of integers beyond 64 bits, so those are written as text.
mod whole {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Signed(i64),
        Unsigned(u64),
        Text(String),
    }

    pub(super) fn serialize<S: Serializer>(value: &i128, to: S) -> Result<S::Ok, S::Error> {
        match (i64::try_from(*value), u64::try_from(*value)) {
            (Ok(value), _) => value.serialize(to),
            (_, Ok(value)) => value.serialize(to),
            _ => to.collect_str(value),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i128, D::Error> {
        match Form::deserialize(from)? {
            Form::Signed(value) => Ok(value.into()),
            Form::Unsigned(value) => Ok(value.into()),
            Form::Text(text) => text.parse().map_err(D::Error::custom),
        }
    }
}

/// JSON has no number for infinities and what is none, so these are written as text.
mod float {
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Number(f64),
        Text(String),
    }

    pub(super) fn serialize<S: Serializer>(value: &f64, to: S) -> Result<S::Ok, S::Error> {
        if value.is_finite() { value.serialize(to) } else { to.collect_str(value) }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
        match Form::deserialize(from)? {
            Form::Number(value) => Ok(value),
            Form::Text(text) => text.parse().map_err(D::Error::custom),
        }
    }
}

impl PartialEq for Float {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Float {}

impl PartialOrd for Float {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Float {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Hash for Float {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

macro_rules! value_from {
    ($($from:ty => $variant:ident($value:ident) $convert:expr),+ $(,)?) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                Self::$variant($convert)
            }
        }
    )+};
}

value_from! {
    bool => Bool(value) value,
    i8 => Int(value) value.into(),
    i16 => Int(value) value.into(),
    i32 => Int(value) value.into(),
    i64 => Int(value) value.into(),
    i128 => Int(value) value,
    u8 => Int(value) value.into(),
    u16 => Int(value) value.into(),
    u32 => Int(value) value.into(),
    u64 => Int(value) value.into(),
    isize => Int(value) value as i128,
    usize => Int(value) value as i128,
    f32 => Float(value) Float(value.into()),
    f64 => Float(value) Float(value),
    &str => Text(value) value.into(),
    String => Text(value) value,
    Vec<u8> => Bytes(value) value,
    &[u8] => Bytes(value) value.to_vec(),
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// An expression: a literal, SQL that every server reads alike, or SQL for each dialect.
///
/// Dunlin doesn't parse expressions. Two of them are the same when their text is, or when the server says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expr {
    /// A literal.
    Literal(Value),
    /// SQL text, rendered as it stands on every server.
    Sql(String),
    /// SQL text for some dialects; on another it is an error that names it.
    PerDialect(PerDialect<String>),
}

impl Expr {
    /// SQL text for some dialects.
    ///
    /// ```
    /// use dunlin_dsl::{Expr, MARIADB, MYSQL, POSTGRES};
    ///
    /// let now = Expr::per_dialect([(POSTGRES, "clock_timestamp()"), (MYSQL | MARIADB, "now(6)")]);
    /// assert_eq!(now.sql(dunlin_dsl::DialectId::Mysql), Some("now(6)"));
    /// assert_eq!(now.sql(dunlin_dsl::DialectId::Sqlite), None);
    /// ```
    pub fn per_dialect<S: Into<String>>(entries: impl IntoIterator<Item = (DialectSet, S)>) -> Self {
        Self::PerDialect(entries.into_iter().map(|(dialects, sql)| (dialects, sql.into())).collect())
    }

    /// The SQL text for `dialect`, if it is text and there is one.
    pub fn sql(&self, dialect: DialectId) -> Option<&str> {
        match self {
            Self::Literal(_) => None,
            Self::Sql(sql) => Some(sql),
            Self::PerDialect(sql) => sql.get(dialect).map(String::as_str),
        }
    }
}

impl<T: Into<Value>> From<T> for Expr {
    fn from(value: T) -> Self {
        Self::Literal(value.into())
    }
}

impl From<PerDialect<String>> for Expr {
    fn from(texts: PerDialect<String>) -> Self {
        Self::PerDialect(texts)
    }
}

/// SQL text as an expression, rendered as it stands on every server: `sql("now()")`.
pub fn sql(text: impl Into<String>) -> Expr {
    Expr::Sql(text.into())
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(Float(value)) => write!(f, "{value:?}"),
            Self::Text(value) => write!(f, "'{}'", value.replace('\'', "''")),
            Self::Bytes(value) => {
                f.write_str("x'")?;
                value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                f.write_str("'")
            }
        }
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(value) => value.fmt(f),
            Self::Sql(sql) => f.write_str(sql),
            Self::PerDialect(texts) => {
                let texts: Vec<_> = texts.entries().iter().map(|(on, sql)| format!("{on}: {sql}")).collect();
                f.write_str(&texts.join("; "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back_from_json() {
        let floats = [0.1, -0.0, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, f64::NAN].map(Value::from);
        let whole = [0, -1, i64::MAX.into(), i128::from(u64::MAX), i128::MAX, i128::MIN].map(Value::from);
        for value in floats.into_iter().chain(whole).chain([Value::Bytes(vec![0, 255]), Value::Null]) {
            let json = serde_json::to_value(&value).unwrap();
            assert_eq!(serde_json::from_value::<Value>(json.clone()).unwrap(), value, "{json}");
            let text = serde_json::to_string(&value).unwrap();
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value, "{text}");
        }
    }
}
