//! Where a change of a column's text or place leaves the servers with rows and values of before, unless they copy the table.
//!
//! Seen on MariaDB 10.11 and MySQL 9.7: without a copy, nothing that is computed is computed anew, no check is asked again, and
//! on MariaDB no row goes to the partition where it is looked for from then on. Neither says so.

use dunlin_dsl::{Column, KeyPart, PartKind, PartitionMethod, Table, Unmodelled};

use super::Change;
use super::column::texts;
use crate::choice::mentions;
use crate::mysql::flavor::Flavor;
use crate::sql::Sql;

/// What it takes that a column's text is kept or compared otherwise.
pub(in crate::mysql) fn text(
    (old, before): (&Column, &Table),
    (new, after): (&Column, &Table),
    sql: Sql<'_>,
) -> Option<Change> {
    let (from, to) = (texts(old, before, sql)?, texts(new, after, sql)?);
    let misplaces = || Flavor::of(sql.server).either(false, divides(after, &new.name));
    (from != to && (new.generated.is_some() || follows(after, &new.name) || misplaces()))
        .then_some(Change::Recompute)
}

/// What it takes that columns by whose hash the rows are divided stand in another order, in which they are hashed.
pub(in crate::mysql) fn order(before: &Table, after: &Table) -> Option<Change> {
    let is_hashed = is_divided_unknown(after)
        || after.partitioning.as_ref().is_some_and(|division| division.method == PartitionMethod::Key);
    let keys = |table: &Table| {
        let names = table.columns.iter().map(|column| column.name.clone());
        names.filter(|name| divides(after, name)).collect::<Vec<_>>()
    };
    (is_hashed && keys(before) != keys(after)).then_some(Change::Recompute)
}

/// Whether something is computed from a column, or a check or an expression in an index is about it.
fn follows(table: &Table, name: &str) -> bool {
    let computed = table.columns.iter().filter_map(|column| Some(&column.generated.as_ref()?.expr));
    let checks = table.checks.iter().map(|check| &check.expr);
    let keys = table.indexes.iter().flat_map(|index| &index.keys).filter_map(|key| match &key.on {
        KeyPart::Expr(expr) => Some(expr),
        KeyPart::Column(_) => None,
    });
    computed.chain(checks).chain(keys).any(|expr| mentions(expr, name))
}

/// Whether a table is divided by a column, as far as anybody knows.
fn divides(table: &Table, name: &str) -> bool {
    // KEY() means the primary key, or else a unique one.
    let is_key = || {
        let is_unique = table.uniques.iter().any(|unique| unique.columns.iter().any(|own| own == name));
        table.is_key_column(name) || is_unique
    };
    let is_of = |on: &KeyPart| match on {
        KeyPart::Column(column) => column == name,
        KeyPart::Expr(expr) => mentions(expr, name),
    };
    is_divided_unknown(table)
        || table.partitioning.as_ref().is_some_and(|division| {
            (division.keys.is_empty() && is_key()) || division.keys.iter().any(|key| is_of(&key.on))
        })
}

/// Whether something of its partitions has no place in the model, such as parts of partitions.
fn is_divided_unknown(table: &Table) -> bool {
    let is_of_partitions = |what: &Unmodelled| {
        matches!(what, Unmodelled::Partitioning(_) | Unmodelled::Part { kind: PartKind::Partition, .. })
    };
    table.notes.unmodelled.iter().any(is_of_partitions)
}
