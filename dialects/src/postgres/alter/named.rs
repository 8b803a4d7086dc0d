//! What of a table names a column.

use dunlin_dsl::{Column, Constraint, Index, KeyPart, Table};

use crate::choice;

/// What of a table names a column: a constraint, another column, an index.
pub(super) fn named_by(table: &Table, column: &str) -> Option<String> {
    let has = |names: &[String]| names.iter().any(|name| name == column);
    let names = |constraint: &Constraint| match constraint {
        Constraint::PrimaryKey(key) => has(&key.columns) || has(&key.include),
        Constraint::Unique(unique) => has(&unique.columns) || has(&unique.include),
        Constraint::ForeignKey(key) => has(&key.columns),
        Constraint::Check(check) => choice::mentions(&check.expr, column),
        Constraint::Exclusion(exclusion) => {
            has(&exclusion.include)
                || exclusion.predicate.as_ref().is_some_and(|expr| choice::mentions(expr, column))
                || exclusion.elements.iter().any(|element| key_names(&element.key.on, column))
        }
    };
    let constraint = table.constraints().find(names).map(|of| format!("{} {}", of.kind(), of.label()));
    let computes = |other: &&Column| {
        other.name != column && other.generated.as_ref().is_some_and(|of| choice::mentions(&of.expr, column))
    };
    let computed = || table.columns.iter().find(computes).map(|other| format!("column {}", other.name));
    let index = || table.indexes.iter().find(|index| index_names(index, column));
    constraint.or_else(computed).or_else(|| Some(format!("index {}", index()?.label)))
}

/// Whether an index names a column.
pub(in crate::postgres) fn index_names(index: &Index, column: &str) -> bool {
    index.include.iter().any(|name| name == column)
        || index.predicate.as_ref().is_some_and(|expr| choice::mentions(expr, column))
        || index.keys.iter().any(|key| key_names(&key.on, column))
}

/// Whether what is indexed, or counted, is a column or may be computed from it.
pub(in crate::postgres) fn key_names(key: &KeyPart, column: &str) -> bool {
    match key {
        KeyPart::Column(name) => name == column,
        KeyPart::Expr(expr) => choice::mentions(expr, column),
    }
}
