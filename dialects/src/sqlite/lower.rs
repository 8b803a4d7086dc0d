//! A schema in SQLite's own terms.

pub(super) mod object;

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, Constraint, Deferrable, DialectId, Enforcement, Expr, Identity, Index,
    KeyPart, Label, Match, Op, PerDialect, Schema, Table, Unsupported, Version, apply,
};

use super::read;
use crate::choice;
use crate::sql::{Sql, forget_storage};
use crate::types::sql_type;

/// STRICT tables are known from here on.
const STRICT: Version = Version::new(3, 37, 0);

const ON: &str = "leave it out here with on(..), or give SQLite another one";

/// The operations in SQLite's own terms. The columns of a primary key refuse NULL, which SQLite itself would take.
pub(super) fn ops(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Op>, Unsupported> {
    let mut schema = before.clone();
    let mut lowered = Vec::with_capacity(ops.len());
    for op in choice::lower_ops(ops, before, sql)? {
        let op = object::op(op, sql)?;
        let first = lowered.len();
        if let Op::AddConstraint { table, constraint: Constraint::PrimaryKey(key) } = &op
            && let Some(known) = schema.get(table)
        {
            let nullable = known.columns.iter().filter(|column| !column.not_null);
            for column in nullable.filter(|column| key.columns.contains(&column.name)) {
                let (column, change) = (column.name.clone(), ColumnChange::NotNull(true));
                lowered.push(Op::AlterColumn { table: table.clone(), column, change });
            }
        }
        lowered.push(op);
        for op in &lowered[first..] {
            // What can't be applied is refused when it is rendered.
            let _ = apply(&mut schema, op);
        }
    }
    Ok(lowered)
}

/// A table in SQLite's own terms, or what SQLite can't do of it. Lowering what is low changes nothing.
pub(super) fn table(table: &Table, sql: Sql<'_>) -> Result<Table, Unsupported> {
    let operation = format!("create table {}", table.name);
    let mut low = table.clone();
    if low.options.strict && sql.server.version < STRICT {
        return sql.refuse(operation, "has no STRICT tables; 3.37 is the first", "use a newer SQLite");
    }
    let engine_free = dunlin_dsl::TableOptions {
        strict: low.options.strict,
        without_rowid: low.options.without_rowid,
        ..Default::default()
    };
    low.options = engine_free;
    low.comment = None;
    low.constraint_comments.clear();
    object::table(table, sql)?;
    choice::lower_table(&mut low, sql)?;
    let keys: Vec<String> = low.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    for column in &mut low.columns {
        *column = self::column(column, low.options.strict, sql)?;
        // SQLite itself would take NULL in a primary key, alone among the four.
        column.not_null |= table.notes.source.is_none() && keys.contains(&column.name);
        if column.identity.is_some() {
            let operation = format!("number column {}.{}", table.name, column.name);
            refuse_numbered(&operation, table, column, ON, sql)?;
        }
    }
    if let Some(key) = &mut low.primary_key {
        settle(&mut key.label);
        let operation = || format!("add primary key {} to table {}", key.label, table.name);
        if key.without_overlaps {
            return sql.refuse(operation(), "compares keys by equality alone", ON);
        }
        if !key.include.is_empty() {
            return sql.refuse(operation(), "has no INCLUDE columns", ON);
        }
        if key.deferrable != Deferrable::No {
            return sql.refuse(operation(), "checks primary keys with each statement", ON);
        }
    }
    for unique in &mut low.uniques {
        settle(&mut unique.label);
        let operation = || format!("add unique constraint {} to table {}", unique.label, table.name);
        if unique.nulls_not_distinct {
            return sql.refuse(operation(), "takes two NULLs for different, always", ON);
        }
        if unique.without_overlaps {
            return sql.refuse(operation(), "compares keys by equality alone", ON);
        }
        if !unique.include.is_empty() {
            return sql.refuse(operation(), "has no INCLUDE columns", ON);
        }
        if unique.deferrable != Deferrable::No {
            return sql.refuse(operation(), "checks unique constraints with each statement", ON);
        }
    }
    for key in &mut low.foreign_keys {
        settle(&mut key.label);
        let operation = || format!("add foreign key {} to table {}", key.label, table.name);
        if key.enforcement != Enforcement::Full {
            return sql.refuse(
                operation(),
                "holds all rows to each constraint",
                "leave it out here with on(..)",
            );
        }
        if key.period {
            return sql.refuse(operation(), "compares keys by equality alone", ON);
        }
        if !key.on_delete_columns.is_empty() {
            return sql.refuse(operation(), "sets all columns of a foreign key, or none", ON);
        }
        if key.matching == Match::Full {
            return sql.refuse(operation(), "has no MATCH FULL", ON);
        }
        if key.references.schema.as_deref().is_some_and(|schema| schema != schema_of(&table.name, sql)) {
            return sql.refuse(operation(), "has no foreign keys between databases", ON);
        }
        key.references.schema = table.name.schema.clone();
    }
    for check in &mut low.checks {
        settle(&mut check.label);
        if check.enforcement != Enforcement::Full {
            let operation = format!("add check {} to table {}", check.label, table.name);
            return sql.refuse(
                operation,
                "holds all rows to each constraint",
                "leave it out here with on(..)",
            );
        }
        // No table inherits from another here.
        check.no_inherit = false;
        check.expr = Expr::Sql(sql.expr(&check.expr, format!("add check {}", check.label))?);
    }
    low.indexes = low.indexes.iter().map(|each| index(each, sql)).collect::<Result<_, _>>()?;
    Ok(low)
}

/// Refuses to number a column where SQLite can't.
pub(super) fn refuse_numbered(
    operation: &str,
    table: &Table,
    column: &Column,
    instead: &str,
    sql: Sql<'_>,
) -> Result<(), Unsupported> {
    let key = table.primary_key.as_ref().map(|key| key.columns.as_slice());
    if key != Some(std::slice::from_ref(&column.name)) {
        return sql.refuse(operation, "numbers only a column that is the whole primary key", instead);
    }
    if table.options.without_rowid {
        return sql.refuse(operation, "numbers no rows of a table WITHOUT ROWID", instead);
    }
    Ok(())
}

/// A column in SQLite's own terms.
pub(super) fn column(column: &Column, strict: bool, sql: Sql<'_>) -> Result<Column, Unsupported> {
    let operation = || format!("write column {}", column.name);
    if column.not_null_not_valid {
        return sql.refuse(operation(), "refuses NULL in all rows or in none", "say not_null()");
    }
    let name = sql_type(&column.ty, sql.server, strict, &|text| sql.text(text))?;
    let ty = if column.identity.is_some() { "INTEGER".to_owned() } else { name };
    let mut low = Column {
        ty: ColumnType::Native(ty),
        not_null: column.not_null,
        ..Column::new(&column.name, ColumnType::Boolean)
    };
    if let Some(default) = &column.default {
        low.default = Some(Expr::Sql(sql.expr(default, operation())?));
    }
    if let Some(generated) = &column.generated {
        low.generated = Some(dunlin_dsl::Generated {
            expr: Expr::Sql(sql.expr(&generated.expr, operation())?),
            stored: generated.stored,
        });
    }
    if let Some(identity) = &column.identity {
        // ALWAYS is PostgreSQL's, and means nothing here; what numbers it would give can't be chosen at all.
        let chosen =
            Identity { always: false, start: identity.start.filter(|start| *start != 1), ..identity.clone() };
        if chosen != Identity::default() {
            return sql.refuse(operation(), "numbers from 1 in steps of 1", ON);
        }
        low.identity = Some(Identity::default());
    }
    if let Some(collation) = column.collation.get(DialectId::Sqlite) {
        low.collation = read::collation(collation.clone());
    }
    Ok(low)
}

/// Refuses an index that queries are planned without.
pub(super) fn refuse_invisible<T>(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<T, Unsupported> {
    sql.refuse(operation, "plans queries with each index", "leave it out here with on(..), or drop the index")
}

/// An index in SQLite's own terms.
pub(super) fn index(index: &Index, sql: Sql<'_>) -> Result<Index, Unsupported> {
    let operation = || format!("create index {}", index.label);
    let mut low = index.clone();
    settle(&mut low.label);
    low.comment = None;
    forget_storage(&mut low);
    if !low.include.is_empty() {
        return sql.refuse(operation(), "has no INCLUDE columns", ON);
    }
    if let Some(method) = &low.method {
        if !method.eq_ignore_ascii_case("btree") {
            return sql.refuse(operation(), &format!("has no {method} indexes"), ON);
        }
        low.method = None;
    }
    if low.invisible {
        return refuse_invisible(operation(), sql);
    }
    if low.parser.is_some() {
        return sql.refuse(operation(), "has no indexes over words", ON);
    }
    if low.nulls_not_distinct {
        return sql.refuse(operation(), "takes two NULLs for different, always", ON);
    }
    for key in &mut low.keys {
        if key.nulls.is_some() {
            return sql.refuse(operation(), "has no NULLS FIRST or LAST in indexes", ON);
        }
        if key.opclass.is_some() {
            return sql.refuse(operation(), "has no operator classes", ON);
        }
        if key.prefix.is_some() {
            return sql.refuse(
                operation(),
                "has no indexes over leading characters",
                "index an expression: substr(..)",
            );
        }
        let collation = key.collation.get(DialectId::Sqlite).cloned();
        key.collation = collation.map_or_else(PerDialect::default, read::collation);
        if let KeyPart::Expr(expr) = &mut key.on {
            *expr = Expr::Sql(sql.expr(expr, operation())?);
        }
    }
    if let Some(predicate) = &mut low.predicate {
        *predicate = Expr::Sql(sql.expr(predicate, operation())?);
    }
    Ok(low)
}

/// What is written is given.
fn settle(label: &mut Label) {
    if let Label::Derived(name) = label {
        *label = Label::Given(std::mem::take(name));
    }
}

fn schema_of<'a>(name: &'a dunlin_dsl::Name, sql: Sql<'a>) -> &'a str {
    name.schema.as_deref().unwrap_or(&sql.server.schema)
}
