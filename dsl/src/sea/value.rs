//! sea-query's values.

use sea_query::{OptionEnum, QueryBuilder, SqliteQueryBuilder, Value as Sea};

use crate::schema::Value;

/// Every one of them is a literal: dates, UUIDs, JSON and the like are the text that servers read them from.
impl From<Sea> for Value {
    fn from(value: Sea) -> Self {
        match value {
            Sea::Bool(value) => value.into(),
            Sea::TinyInt(value) => value.into(),
            Sea::SmallInt(value) => value.into(),
            Sea::Int(value) => value.into(),
            Sea::BigInt(value) => value.into(),
            Sea::TinyUnsigned(value) => value.into(),
            Sea::SmallUnsigned(value) => value.into(),
            Sea::Unsigned(value) => value.into(),
            Sea::BigUnsigned(value) => value.into(),
            Sea::Float(value) => value.into(),
            Sea::Double(value) => value.into(),
            Sea::String(value) => value.into(),
            Sea::Char(value) => value.map(String::from).into(),
            Sea::Bytes(value) => value.into(),
            Sea::Enum(OptionEnum::Some(value)) => Self::Text(value.value.into_owned()),
            Sea::Enum(OptionEnum::None(_)) => Self::Null,
            // Another crate of the same program may switch on features of sea-query that bring more kinds.
            #[allow(
                unreachable_patterns,
                reason = "there are no others with the features of this crate alone"
            )]
            other => read_literal(&SqliteQueryBuilder.value_to_string(&other)),
        }
    }
}

/// Reads a literal as sea-query writes it for SQLite: NULL, text with its quotes doubled, or a number.
fn read_literal(literal: &str) -> Value {
    let quoted = literal.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    match quoted {
        Some(text) => Value::Text(text.replace("''", "'")),
        None if literal == "NULL" => Value::Null,
        None => literal.parse().map_or_else(|_| Value::Text(literal.into()), Value::Int),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_of_other_kinds_are_read() {
        let read =
            [("NULL", Value::Null), ("'it''s'", "it's".into()), ("12", 12.into()), ("1.50", "1.50".into())];
        for (literal, expected) in read {
            assert_eq!(read_literal(literal), expected);
        }
    }
}
