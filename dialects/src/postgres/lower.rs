//! A schema in PostgreSQL's own terms: as its catalog would give it back.

use dunlin_dsl::{
    Column, ColumnType, DialectId, Expr, Generated, Identity, Index, IntWidth, KeyPart, Label, PerDialect,
    Table, TableOptions, Unsupported, Value,
};

use crate::choice;
use crate::sql::Sql;

/// A table in PostgreSQL's own terms.
pub(super) fn table(table: &Table, sql: Sql<'_>) -> Result<Table, Unsupported> {
    let mut low = table.clone();
    choice::lower_table(&mut low, sql)?;
    low.options = TableOptions { unlogged: low.options.unlogged, ..TableOptions::default() };
    let keys: Vec<String> = low.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    for column in &mut low.columns {
        *column = self::column(column, sql)?;
        column.not_null |= keys.contains(&column.name) || column.identity.is_some();
    }
    let labels = (low.primary_key.iter_mut().map(|c| &mut c.label))
        .chain(low.uniques.iter_mut().map(|c| &mut c.label))
        .chain(low.foreign_keys.iter_mut().map(|c| &mut c.label))
        .chain(low.checks.iter_mut().map(|c| &mut c.label));
    labels.for_each(settle);
    for check in &mut low.checks {
        check.expr = Expr::Sql(sql.expr(&check.expr, "add a check")?);
    }
    for index in &mut low.indexes {
        lower_index(index, sql)?;
    }
    Ok(low)
}

fn column(column: &Column, sql: Sql<'_>) -> Result<Column, Unsupported> {
    let ty = catalog_name(&sql.ty(&column.ty)?);
    let operation = || format!("write column {}", column.name);
    let default = column.default.as_ref().map(|default| match default {
        Expr::Literal(value) => literal(value, &ty, sql),
        other => sql.expr(other, operation()),
    });
    let generated = column.generated.as_ref().map(|generated| {
        Ok(Generated { expr: Expr::Sql(sql.expr(&generated.expr, operation())?), stored: generated.stored })
    });
    Ok(Column {
        not_null: column.not_null,
        default: default.transpose()?.map(Expr::Sql),
        generated: generated.transpose()?,
        identity: column.identity.as_ref().map(|identity| self::identity(identity, &column.ty)),
        collation: own_collation(&column.collation),
        comment: column.comment.clone(),
        ..Column::new(&column.name, ColumnType::Native(ty))
    })
}

fn lower_index(index: &mut Index, sql: Sql<'_>) -> Result<(), Unsupported> {
    settle(&mut index.label);
    index.method = index.method.take().filter(|method| method != "btree");
    for key in &mut index.keys {
        key.collation = own_collation(&key.collation);
        // Where NULLs stand by default isn't told.
        key.nulls = key.nulls.filter(|nulls| (*nulls == dunlin_dsl::Nulls::First) != key.descending);
        if let KeyPart::Expr(expr) = &mut key.on {
            *expr = Expr::Sql(sql.expr(expr, "index an expression")?);
        }
    }
    if let Some(predicate) = &mut index.predicate {
        *predicate = Expr::Sql(sql.expr(predicate, "filter an index")?);
    }
    Ok(())
}

fn own_collation(collation: &PerDialect<String>) -> PerDialect<String> {
    match collation.get(DialectId::Postgres) {
        Some(name) => PerDialect::default().with(DialectId::Postgres, name.clone()),
        None => PerDialect::default(),
    }
}

/// What a sequence says that isn't so by default.
fn identity(identity: &Identity, ty: &ColumnType) -> Identity {
    let top = match ty {
        ColumnType::Integer { width: IntWidth::Tiny | IntWidth::Small, .. } => i64::from(i16::MAX),
        ColumnType::Integer { width: IntWidth::Medium | IntWidth::Normal, .. } => i64::from(i32::MAX),
        _ => i64::MAX,
    };
    let min = identity.min.filter(|min| *min != 1);
    Identity {
        always: identity.always,
        start: identity.start.filter(|start| *start != min.unwrap_or(1)),
        increment: identity.increment.filter(|increment| *increment != 1),
        min,
        max: identity.max.filter(|max| *max != top),
        cache: identity.cache.filter(|cache| *cache != 1),
        cycle: identity.cycle,
    }
}

/// A literal as `pg_get_expr` prints it in a default of a column of this type.
fn literal(value: &Value, ty: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    let base = match ty.split('(').next().unwrap_or(ty) {
        "character" => "bpchar",
        // `timestamp(6) with time zone` has its precision in the middle.
        "timestamp" | "time" => return sql.value(value),
        base => base,
    };
    Ok(match value {
        Value::Null => format!("NULL::{base}"),
        Value::Bool(value) => value.to_string(),
        // A negative number is a string with a cast; which cast depends on how great it is.
        Value::Int(number) if *number < 0 => match i32::try_from(*number) {
            Ok(_) => format!("'{number}'::integer"),
            Err(_) => format!("'{number}'::bigint"),
        },
        Value::Float(float) if float.0 < 0.0 => format!("'{:?}'::numeric", float.0),
        Value::Int(_) | Value::Float(_) => sql.value(value)?,
        Value::Bytes(bytes) => format!("'\\x{}'::bytea", crate::sql::hex(bytes)),
        Value::Text(text) => format!("'{}'::{base}", text.replace('\'', "''")),
        other => sql.value(other)?,
    })
}

/// The name that `format_type` gives a type, from one that may be shorter.
pub(super) fn catalog_name(name: &str) -> String {
    if let Some(element) = name.strip_suffix("[]") {
        return format!("{}[]", catalog_name(element));
    }
    let (word, rest) = name.split_once('(').map_or((name, ""), |(word, _)| (word, &name[word.len()..]));
    let full = match word.trim().to_ascii_lowercase().as_str() {
        "char" | "character" if rest.is_empty() => return "character(1)".into(),
        "char" => "character",
        "varchar" => "character varying",
        "varbit" => "bit varying",
        "bit" if rest.is_empty() => return "bit(1)".into(),
        "int2" => "smallint",
        "int" | "int4" => "integer",
        "int8" => "bigint",
        "bool" => "boolean",
        "float4" => "real",
        "float8" | "float" => "double precision",
        "decimal" => "numeric",
        "timestamp" => return format!("timestamp{rest} without time zone"),
        "timestamptz" => return format!("timestamp{rest} with time zone"),
        "time" => return format!("time{rest} without time zone"),
        "timetz" => return format!("time{rest} with time zone"),
        _ => return name.to_owned(),
    };
    format!("{full}{rest}")
}

/// What is written is given.
fn settle(label: &mut Label) {
    if let Label::Derived(name) = label {
        *label = Label::Given(std::mem::take(name));
    }
}
