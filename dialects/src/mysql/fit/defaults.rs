//! Defaults that a column can't have, which the server says only when it makes the column. It is asked for the value by itself
//! before anything runs. Run on MariaDB 10.11 and MySQL 9.7, beside what CREATE TABLE says.

use dunlin_dsl::{Column, Expect, Expr, StatementCheck, Table, Unsupported, Value, When};

use super::{Type, text_of, types};
use crate::sql::{Sql, list};

/// The question for a column's default, unless it surely fits.
pub(super) fn question(
    column: &Column,
    table: &Table,
    sql: Sql<'_>,
) -> Result<Option<StatementCheck>, Unsupported> {
    let Some(default @ Expr::Literal(value)) = &column.default else { return Ok(None) };
    let (charset, collation) = text_of(column, table, sql);
    let ty = Type::of(&column.ty, charset.clone(), sql);
    let v = sql.expr(default, "read a default")?;
    let none_of = |members: &[&str], values: &[String]| {
        let Some((charset, collation)) = charset.as_ref().zip(collation.as_ref()) else { return Ok(None) };
        let values = list(values.iter().map(|value| sql.text(value)))?;
        let conditions = members.iter().map(|member| {
            let member = sql.text(member)?;
            Ok(format!("CONVERT({member} USING {charset}) COLLATE {collation} NOT IN ({values})"))
        });
        Ok::<_, Unsupported>(Some(conditions.collect::<Result<Vec<_>, _>>()?.join(" OR ")))
    };
    let condition = match (&ty, value) {
        (_, Value::Null | Value::Bytes(_) | Value::Bool(_)) => None,
        // These need no question.
        (Type::Int { min, max }, Value::Int(number)) if (*min..=*max).contains(number) => None,
        (Type::Text(_), Value::Text(text)) if types::holds(&ty, text) => None,
        (Type::Enum { values, .. }, Value::Text(text)) if values.contains(text) => None,
        (Type::Int { .. } | Type::Decimal { .. }, _) => {
            Some(format!("{} OR {}", no_number(&v), beyond(&ty, &v)))
        }
        (Type::Float { .. } | Type::Double { .. } | Type::Year, Value::Text(_)) => Some(no_number(&v)),
        // Whether zeros are a day is the mode's affair.
        (Type::Date | Type::Datetime(_) | Type::Timestamp(_), Value::Text(text)) if !has_zeros(text) => {
            Some(match &ty {
                Type::Timestamp(_) => {
                    let read = format!("CAST({v} AS DATETIME)");
                    format!("{read} IS NULL OR {}", types::instant(&read))
                }
                _ => format!("CAST({v} AS DATETIME) IS NULL"),
            })
        }
        (Type::Time(_), Value::Text(_)) => Some(format!("CAST({v} AS TIME) IS NULL")),
        (Type::Enum { values, .. }, Value::Text(text)) => none_of(&[text], values)?,
        (Type::Set { values, .. }, Value::Text(text)) if !text.is_empty() => {
            none_of(&text.split(',').collect::<Vec<_>>(), values)?
        }
        (Type::Text(_), Value::Text(_)) => {
            let lost = types::lost(None, charset.as_deref(), &v);
            let conditions: Vec<_> = types::room(&ty, &v).into_iter().chain(lost).collect();
            (!conditions.is_empty()).then(|| conditions.join(" OR "))
        }
        (Type::Binary { .. }, Value::Text(_)) => types::room(&ty, &v),
        _ => None,
    };
    Ok(condition.map(|condition| StatementCheck {
        when: When::Ahead,
        query: format!("SELECT LEFT({v}, 60) FROM (SELECT 1 AS n) AS one_row WHERE {condition}"),
        later: None,
        expect: Expect::Empty,
        message: format!(
            "the default of {}.{} is no value of {}: give it another one before, or drop_default()",
            table.name,
            column.name,
            super::described(column, charset.as_deref(), sql)
        ),
        names: vec!["default".into()],
    }))
}

/// Whether a text is no number at all.
fn no_number(v: &str) -> String {
    format!("{v} NOT REGEXP '^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$'")
}

/// Whether a number is beyond a type's bounds, once it is rounded to it.
fn beyond(ty: &Type, v: &str) -> String {
    let places = match ty {
        Type::Decimal { places, .. } => *places,
        _ => 0,
    };
    let read = format!("ROUND(CAST({v} AS DECIMAL(65, 30)), {places})");
    types::outside(&read, None, ty, false).unwrap_or_else(|| "FALSE".into())
}

fn has_zeros(moment: &str) -> bool {
    moment.starts_with("0000-") || moment.contains("-00")
}
