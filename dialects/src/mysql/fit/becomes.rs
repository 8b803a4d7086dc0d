//! What the columns of a table hold once it is another, as expressions over what it was: so rows can be asked for before anything
//! runs what they will be by then.

use dunlin_dsl::{Column, Expr, Table, Unsupported};

use super::{Type, text_of};
use crate::choice::mentions;
use crate::fit::{Misfit, Value};
use crate::mysql::default;
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// The columns of `after`, step by step: what is computed of others is computed when they are what they become.
pub(super) fn becomes(
    before: &Table,
    after: &Table,
    added: &[&str],
    sql: Sql<'_>,
) -> Result<Vec<Vec<(String, Value)>>> {
    let old = |name: &str| before.column(name).filter(|_| !added.contains(&name));
    let others = others(before, after, added, sql);
    let is_computed = |column: &Column| column.generated.is_some() && others.contains(&column.name.as_str());
    let mut first = Vec::with_capacity(after.columns.len());
    for column in &after.columns {
        let value = match old(&column.name) {
            _ if is_computed(column) => Value::Unknown,
            Some(_) if !others.contains(&column.name.as_str()) => Value::Of(column.name.clone()),
            Some(old) => converted((old, before), (column, after), sql)?,
            None => begins(column, after, sql)?,
        };
        first.push((column.name.clone(), value));
    }
    let mut steps = vec![first];
    for column in after.columns.iter().filter(|column| is_computed(column)) {
        let step = after.columns.iter().map(|of| {
            let value = match &column.generated {
                Some(generated) if of.name == column.name => {
                    let text = sql.expr(&generated.expr, "read what a column is computed from")?;
                    computed(typed(&format!("({text})"), (column, after), sql))
                }
                _ => Value::Of(of.name.clone()),
            };
            Ok((of.name.clone(), value))
        });
        steps.push(step.collect::<Result<_>>()?);
    }
    Ok(steps)
}

/// The columns whose values aren't simply those of the column that they were.
pub(super) fn others<'t>(before: &Table, after: &'t Table, added: &[&str], sql: Sql<'_>) -> Vec<&'t str> {
    let old = |name: &str| before.column(name).filter(|_| !added.contains(&name));
    let mut others: Vec<&'t str> = Vec::new();
    for column in &after.columns {
        let is_same = old(&column.name).is_some_and(|old| same((old, before), (column, after), sql));
        let is_stale = column
            .generated
            .as_ref()
            .is_some_and(|generated| others.iter().any(|other| mentions(&generated.expr, other)));
        if !is_same || is_stale {
            others.push(&column.name);
        }
    }
    others
}

fn computed(text: Option<String>) -> Value {
    text.map_or(Value::Unknown, Value::Computed)
}

fn same((old, before): (&Column, &Table), (new, after): (&Column, &Table), sql: Sql<'_>) -> bool {
    let of = |column: &Column, table| {
        let (charset, collation) = text_of(column, table, sql);
        let ty = Type::of(&column.ty, charset, sql);
        let collation = collation.filter(|_| ty.charset().is_some());
        (ty, collation, column.generated.clone())
    };
    of(old, before) == of(new, after)
}

/// A column's values in what it becomes.
fn converted(
    (old, before): (&Column, &Table),
    (new, after): (&Column, &Table),
    sql: Sql<'_>,
) -> Result<Value> {
    let ty = |column: &Column, table| Type::of(&column.ty, text_of(column, table, sql).0, sql);
    let value = sql.id(&old.name)?;
    Ok(match (ty(old, before), ty(new, after)) {
        // These are the same numbers, whatever room there is for them.
        (Type::Int { .. } | Type::Year, Type::Int { .. } | Type::Year)
        | (Type::Float { .. }, Type::Float { .. }) => Value::Computed(value),
        (Type::Bit(_) | Type::Shape | Type::Other(_), _) => Value::Unknown,
        _ => computed(typed(&value, (new, after), sql)),
    })
}

/// What a new column begins with in the rows that there are.
fn begins(column: &Column, table: &Table, sql: Sql<'_>) -> Result<Value> {
    let text = match &column.default {
        _ if column.identity.is_some() => return Ok(Value::Unknown),
        None => "NULL".to_owned(),
        Some(default) => match literal(column, default, sql)? {
            Some(text) => text,
            // It may be another in each row.
            None => return Ok(Value::Unknown),
        },
    };
    Ok(computed(typed(&text, (column, table), sql)))
}

/// A default that is one value in all rows.
fn literal(column: &Column, default: &Expr, sql: Sql<'_>) -> Result<Option<String>> {
    if matches!(default, Expr::Literal(_)) {
        return sql.expr(default, "read a default").map(Some);
    }
    Ok(Some(default::write(column, default, sql)?).filter(|text| !text.starts_with('(')))
}

/// A value as a column has it; none where that can't be written.
fn typed(value: &str, (column, table): (&Column, &Table), sql: Sql<'_>) -> Option<String> {
    let (charset, collation) = text_of(column, table, sql);
    let text = |value: &str| {
        let (charset, collation) = (charset.as_ref()?, collation.as_ref()?);
        Some(format!("CONVERT({value} USING {charset}) COLLATE {collation}"))
    };
    let cast = |ty: String| Some(format!("CAST({value} AS {ty})"));
    match Type::of(&column.ty, charset.clone(), sql) {
        Type::Int { min: 0, .. } => cast("UNSIGNED".into()),
        Type::Int { .. } | Type::Year => cast("SIGNED".into()),
        Type::Decimal { digits, places, .. } => cast(format!("DECIMAL({digits}, {places})")),
        Type::Float { .. } => cast("FLOAT".into()),
        Type::Double { .. } => Some(format!("({value} + 0e0)")),
        Type::Date => cast("DATE".into()),
        Type::Datetime(digits) | Type::Timestamp(digits) => cast(format!("DATETIME({digits})")),
        Type::Time(digits) => cast(format!("TIME({digits})")),
        Type::Text(_) => text(value),
        Type::Enum { .. } | Type::Set { .. } => text(&format!("CAST({value} AS CHAR)")),
        Type::Binary { bytes, fixed: true } => cast(format!("BINARY({bytes})")),
        Type::Binary { .. } => cast("BINARY".into()),
        Type::Json => cast("JSON".into()),
        Type::Uuid => cast("UUID".into()),
        Type::Bit(_) | Type::Shape | Type::Other(_) => None,
    }
}

/// Which values of an expression a column has no room for. The server rounds numbers to what it has.
pub(super) fn overflows(column: &Column, table: &Table, sql: Sql<'_>) -> Result<Option<Misfit>> {
    let Some(generated) = &column.generated else { return Ok(None) };
    let text = sql.expr(&generated.expr, "read what a column is computed from")?;
    let value = format!("({text})");
    let ty = Type::of(&column.ty, text_of(column, table, sql).0, sql);
    let condition = match &ty {
        Type::Int { .. } => super::types::outside(&format!("ROUND({value})"), None, &ty, false),
        Type::Decimal { places, .. } => {
            super::types::outside(&format!("ROUND({value}, {places})"), None, &ty, false)
        }
        Type::Text(_) | Type::Binary { .. } => super::types::room(&ty, &value),
        Type::Date | Type::Datetime(_) | Type::Timestamp(_) => {
            Some(format!("({value} IS NOT NULL AND CAST({value} AS DATETIME) IS NULL)"))
        }
        Type::Enum { values, .. } => {
            let values = crate::sql::list(values.iter().map(|value| sql.text(value)))?;
            Some(format!("{value} NOT IN ({values})"))
        }
        _ => None,
    };
    let (table, name) = (&table.name, &column.name);
    Ok(condition.map(|condition| Misfit {
        condition,
        message: format!(
            "{table}.{name} has no room for what it computes of some rows: give it a wider type"
        ),
    }))
}
