//! Tables that these servers don't let be: refused before anything runs, for the server would refuse them when statements before
//! have run already. Each was seen on MySQL 9.7 and MariaDB 10.11.

use dunlin_dsl::{Expr, IndexKey, KeyPart, Op, Schema, Table, Unsupported};

use super::flavor::Flavor;
use super::{native, ops};
use crate::choice::mentions;
use crate::sql::Sql;

/// What a server lacks for a table, and what there is instead.
type Lack = (String, &'static str);

/// Refuses to make a table that can't be.
pub(super) fn refuse_create(table: &Table, sql: Sql<'_>) -> Result<(), Unsupported> {
    match lacks(table, sql).first() {
        Some((lacks, instead)) => sql.refuse(format!("create table {}", table.name), lacks, instead),
        None => Ok(()),
    }
}

/// Refuses the one of these operations that makes of a table what can't be, unless it was so before.
pub(super) fn refuse(ops: &[Op], before: &Table, after: &Table, sql: Sql<'_>) -> Result<(), Unsupported> {
    let old = lacks(before, sql);
    let Some(lack) = lacks(after, sql).into_iter().find(|lack| !old.contains(lack)) else { return Ok(()) };
    let mut between = Schema::new();
    between.insert(before.clone());
    let makes = |op: &&Op| {
        // One that needs more than this table is none that makes it so.
        let _ = ops::advance(&mut between, op, sql);
        between.get(&before.name).is_some_and(|table| lacks(table, sql).contains(&lack))
    };
    let op = ops.iter().find(makes).or(ops.last());
    op.map_or(Ok(()), |op| sql.refuse(op, &lack.0, lack.1))
}

fn lacks(table: &Table, sql: Sql<'_>) -> Vec<Lack> {
    let mut lacks = keys_over_all(table, sql);
    lacks.extend(uses_of_numbers(table, sql));
    lacks
}

/// Keys over a text, of which only a beginning can be indexed.
fn keys_over_all(table: &Table, sql: Sql<'_>) -> Vec<Lack> {
    let keeps_all = Flavor::of(sql.server).hashes_long_keys();
    let primary = table.primary_key.iter().flat_map(|key| &key.columns);
    let uniques = table.uniques.iter().flat_map(|unique| &unique.columns);
    let is_plain = |method: Option<&str>| !matches!(method, Some("fulltext" | "spatial"));
    let whole = |key: &&IndexKey| key.prefix.is_none();
    let indexes = table.indexes.iter().filter(|index| is_plain(index.method.as_deref()));
    let indexed = indexes.flat_map(|index| &index.keys).filter(whole).filter_map(|key| match &key.on {
        KeyPart::Column(name) => Some(name),
        KeyPart::Expr(_) => None,
    });
    let mut names: Vec<&String> = primary.collect();
    if !keeps_all {
        names.extend(uniques.chain(indexed));
    }
    let columns = table.columns.iter().filter(|column| names.contains(&&column.name));
    let mut lacks = Vec::new();
    for column in columns {
        let base = native::base(&column.ty, sql);
        let instead = match base.as_str() {
            "json" => "index a column that is computed from it",
            base if base.ends_with("text") || base.ends_with("blob") => {
                "make it varchar(..) or varbinary(..), or index its beginning: create_index(..) with prefix(..)"
            }
            _ => continue,
        };
        lacks.push((
            format!("has no key over all of {}.{}, which is {base}", table.name, column.name),
            instead,
        ));
    }
    lacks
}

/// What is computed from a column that numbers itself: the number isn't there yet.
fn uses_of_numbers(table: &Table, sql: Sql<'_>) -> Vec<Lack> {
    const INSTEAD: &str = "drop its identity before, by alter_column(..).drop_identity(); or leave this out";
    let Some(number) = table.columns.iter().find(|column| column.identity.is_some()) else {
        return Vec::new();
    };
    let flavor = Flavor::of(sql.server);
    let uses = |expr: &Expr| mentions(expr, &number.name);
    let of = format!("{}.{}, which numbers itself", table.name, number.name);
    let mut lacks = Vec::new();
    for column in &table.columns {
        let is_refused = |stored: bool| stored || !flavor.computes_from_numbers_when_read();
        if column.generated.as_ref().is_some_and(|own| is_refused(own.stored) && uses(&own.expr)) {
            lacks.push(format!("computes no column {} from {of}", column.name));
        }
        if column.default.as_ref().is_some_and(uses) {
            lacks.push(format!("takes no default of column {} from {of}", column.name));
        }
    }
    let checks = table.checks.iter().filter(|check| uses(&check.expr));
    lacks.extend(checks.map(|check| format!("has no check {} of {of}", check.label)));
    for index in &table.indexes {
        if index.keys.iter().any(|key| matches!(&key.on, KeyPart::Expr(expr) if uses(expr))) {
            lacks.push(format!("computes no index {} from {of}", index.label));
        }
    }
    lacks.into_iter().map(|lacks| (lacks, INSTEAD)).collect()
}
