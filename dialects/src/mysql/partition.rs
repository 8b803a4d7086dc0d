//! How a table is divided.

use dunlin_dsl::{
    Bound, Dependent, DependentKind, Expr, HazardKind, IndexKey, KeyPart, Name, Op, PartKind, Partition,
    PartitionMethod, Partitioning, Statement, Table, TableChange, Unmodelled, Unsupported,
};

use super::column::partition_comment_text;
use super::flavor::Flavor;
use super::level::{self, Ceiling, Change, Level, Place};
use super::{constraint, index, text};
use crate::sql::{Sql, list};

/// How a table is divided, in the server's own terms.
pub(super) fn lower(of: &Partitioning, table: &Name, sql: Sql<'_>) -> Result<Partitioning, Unsupported> {
    let operation = || format!("partition table {table}");
    let refuse = |lacks: &str, instead: &str| sql.refuse(operation(), lacks, instead);
    let mut keys = Vec::with_capacity(of.keys.len());
    for key in &of.keys {
        if key.collation.get(sql.server.dialect).is_some() || key.opclass.is_some() || key.prefix.is_some() {
            return refuse("divides by whole columns, in their own order", "leave out how it is compared");
        }
        keys.push(match &key.on {
            KeyPart::Column(column) => IndexKey::column(column),
            KeyPart::Expr(expr) => {
                let written = sql.expr(expr, operation())?;
                IndexKey::expr(Expr::Sql(text::unbracketed(&written).into()))
            }
        });
    }
    let is_columns = keys.iter().all(|key| key.column_name().is_some());
    match of.method {
        PartitionMethod::Range | PartitionMethod::List if keys.is_empty() => {
            return refuse("divides by something", "name a column or an expression");
        }
        PartitionMethod::Key if !is_columns => {
            return refuse(
                "divides by KEY of columns alone",
                "name columns, or divide by a hash of the expression",
            );
        }
        PartitionMethod::Hash if keys.len() != 1 => {
            return refuse(
                "divides by a hash of one whole number",
                "name one, or divide by KEY of several columns",
            );
        }
        // A hash of a column is one of an expression that is a column.
        PartitionMethod::Hash => keys = vec![IndexKey::expr(Expr::Sql(key_text(&keys[0], sql)?))],
        _ if !is_columns && keys.len() > 1 => {
            return refuse(
                "divides by one expression, or by columns",
                "divide by columns, or by one expression",
            );
        }
        _ => {}
    }
    let mut partitions = Vec::with_capacity(of.partitions.len());
    for partition in &of.partitions {
        partitions.push(lower_partition(partition, of.method, is_columns, table, sql)?);
    }
    let by_hash = matches!(of.method, PartitionMethod::Hash | PartitionMethod::Key);
    let mut count = of.count;
    if by_hash {
        // Named as the server names them they are as many as they are.
        let usual = |(at, partition): (usize, &Partition)| {
            partition.name == format!("p{at}") && partition.comment.is_none()
        };
        if partitions.is_empty() {
            count = Some(count.unwrap_or(1));
        } else if partitions.iter().enumerate().all(usual) {
            count = u32::try_from(partitions.len()).ok();
            partitions.clear();
        } else {
            count = None;
        }
    } else {
        if partitions.is_empty() {
            return refuse(
                "has no rows outside its partitions",
                "name at least one partition, and its bound",
            );
        }
        count = None;
    }
    Ok(Partitioning { method: of.method, keys, linear: of.linear && by_hash, partitions, count })
}

/// A change of how a table is divided in the server's own terms; none where it changes nothing.
pub(super) fn lower_change(
    table: &Name,
    change: TableChange,
    known: Option<&Table>,
    sql: Sql<'_>,
) -> Result<Option<TableChange>, Unsupported> {
    let of = known.and_then(|known| known.partitioning.as_ref());
    let partition = |partition: &Partition| match of {
        Some(of) => {
            let is_columns = of.keys.iter().all(|key| key.column_name().is_some());
            lower_partition(partition, of.method, is_columns, table, sql)
        }
        None => Ok(partition.clone()),
    };
    Ok(match change {
        TableChange::Partitioning(Some(new)) => {
            let new = lower(&new, table, sql)?;
            (of != Some(&new)).then_some(TableChange::Partitioning(Some(new)))
        }
        TableChange::Partitioning(None) if known.is_some() && of.is_none() => None,
        // Constraints have no comments here.
        TableChange::ConstraintComment { .. } => None,
        TableChange::AddPartition(new) => Some(TableChange::AddPartition(partition(&new)?)),
        TableChange::TableToPartition { table, partition: new } => {
            Some(TableChange::TableToPartition { table, partition: partition(&new)? })
        }
        TableChange::ReorganizePartitions { partitions, into } => {
            let into = into.iter().map(partition).collect::<Result<_, _>>()?;
            Some(TableChange::ReorganizePartitions { partitions, into })
        }
        TableChange::Constraint { name, change } => {
            constraint::lower_change(table, name, change, known, sql)?
        }
        change => Some(change),
    })
}

/// PARTITION BY, as it stands behind a table's options.
pub(super) fn text(of: &Partitioning, table: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    let is_columns = of.keys.iter().all(|key| key.column_name().is_some());
    let method = match of.method {
        PartitionMethod::Range if is_columns => "RANGE COLUMNS",
        PartitionMethod::Range => "RANGE",
        PartitionMethod::List if is_columns => "LIST COLUMNS",
        PartitionMethod::List => "LIST",
        PartitionMethod::Hash => "HASH",
        PartitionMethod::Key => "KEY",
    };
    let linear = if of.linear { "LINEAR " } else { "" };
    let keys = list(of.keys.iter().map(|key| key_text(key, sql)))?;
    let mut written = format!("PARTITION BY {linear}{method} ({keys})");
    if let Some(count) = of.count {
        written += &format!(" PARTITIONS {count}");
    }
    if !of.partitions.is_empty() {
        written += &format!(" (\n  {}\n)", partitions(&of.partitions, Some(of), table, sql)?);
    }
    Ok(written)
}

/// A change of a table, and what is known when it is rendered.
pub(super) struct Work<'a> {
    pub(super) op: &'a Op,
    pub(super) table: &'a Name,
    pub(super) known: Option<&'a Table>,
    /// Whether the server may copy the table.
    pub(super) is_lifted: bool,
    pub(super) at: usize,
    pub(super) sql: Sql<'a>,
}

/// The foreign keys of a table, and those to it.
fn keys(table: &Table) -> impl Iterator<Item = String> {
    let own = table.foreign_keys.iter().map(|key| format!("{} refers to {}", key.label, key.references));
    let refers = |one: &&Dependent| one.kind == DependentKind::ForeignKey;
    let others =
        table.notes.dependents.iter().filter(refers).map(|one| format!("table {} refers to it", one.name));
    own.chain(others)
}

/// ALTER TABLE for a change of how it is divided; what only PostgreSQL has is refused.
pub(super) fn alter(work: &Work<'_>, change: &TableChange) -> Result<Vec<Statement>, Unsupported> {
    let Work { op, table, known, is_lifted, at, sql } = *work;
    if let TableChange::Constraint { name, change } = change {
        return match known {
            Some(known) => constraint::alter(op, (name, *change), known, is_lifted, at, sql),
            None => Ok(Vec::new()),
        };
    }
    if let TableChange::Index { name, change } = change {
        return index::alter(table, name, change, known, is_lifted, at, sql);
    }
    let head = format!("ALTER TABLE {}", sql.table(table)?);
    let of = known.and_then(|known| known.partitioning.as_ref());
    let divides = |what: &&Unmodelled| {
        matches!(what, Unmodelled::Partitioning(_) | Unmodelled::Part { kind: PartKind::Partition, .. })
    };
    if let Some(what) = known.and_then(|known| known.notes.unmodelled.iter().find(divides))
        && !matches!(
            change,
            TableChange::DropPartition { .. }
                | TableChange::TruncatePartition { .. }
                | TableChange::ExchangePartition { .. }
        )
    {
        let reason = format!("table {table} has {what}, which would be lost");
        return Err(Unsupported::new(op, reason, "change it in SQL of your own"));
    }
    let takes = |change: Change, clause: String| {
        let level = known.map_or(Level::Copy, |known| level::of(&[change], known, sql));
        Ceiling { level, is_lifted }.statement(table, &[clause], Place::First, [at], sql)
    };
    let anew = |clause: String| takes(Change::Other, clause);
    let outside = || format!("fails if a row of {table} belongs to no partition");
    let refuse = |lacks: &str, instead: &str| sql.refuse(op, lacks, instead);
    Ok(match change {
        TableChange::Partitioning(Some(new)) if of.is_some_and(|of| counted(of, new).is_some()) => {
            let (was, is) = of.and_then(|of| counted(of, new)).unwrap_or_default();
            let clause = match is.checked_sub(was) {
                Some(more) => format!("ADD PARTITION PARTITIONS {more}"),
                None => format!("COALESCE PARTITION {}", was - is),
            };
            vec![takes(Change::Repartition, clause)?]
        }
        TableChange::Partitioning(Some(new)) => {
            let keys: Vec<_> = known.into_iter().flat_map(keys).collect();
            if !keys.is_empty() {
                let lacks = format!("divides no table with foreign keys: {}", keys.join(", "));
                return refuse(&lacks, "drop them before, or leave the table whole");
            }
            let mut statement = anew(String::new())?;
            statement.sql = format!("{head}\n{}", text(new, table, sql)?);
            vec![match new.partitions.iter().any(|partition| partition.bound.is_some()) {
                true => statement.hazard(HazardKind::MayFail, outside()),
                false => statement,
            }]
        }
        TableChange::Partitioning(None) => vec![anew("REMOVE PARTITIONING".into())?],
        TableChange::AddPartition(partition) => {
            let by_hash =
                of.is_some_and(|of| matches!(of.method, PartitionMethod::Hash | PartitionMethod::Key));
            let clause =
                format!("ADD PARTITION ({})", partitions(std::slice::from_ref(partition), of, table, sql)?);
            if of.is_some_and(|of| of.count.is_some()) {
                let lacks = "numbers the partitions of a hash, and names none";
                return refuse(lacks, "divide the table anew with partition_table(..), and another count");
            }
            // What a hash divides is divided anew.
            vec![takes(if by_hash { Change::Repartition } else { Change::Partition }, clause)?]
        }
        TableChange::DropPartition { name } => {
            let by_hash =
                of.is_some_and(|of| matches!(of.method, PartitionMethod::Hash | PartitionMethod::Key));
            if by_hash {
                let last = of.and_then(|of| of.partitions.last()).is_some_and(|last| last.name == *name);
                if !last {
                    return refuse(
                        "takes away the last of partitions by hash alone",
                        "divide the table anew with partition_table(..)",
                    );
                }
                // Its rows go into the others.
                vec![takes(Change::Repartition, "COALESCE PARTITION 1".into())?]
            } else {
                let drop = takes(Change::Partition, format!("DROP PARTITION {}", sql.id(name)?))?;
                vec![drop.hazard(
                    HazardKind::DataLoss,
                    format!("drops partition {name} of table {table} and its rows"),
                )]
            }
        }
        TableChange::TruncatePartition { name } => {
            let truncate = Statement::new(format!("{head} TRUNCATE PARTITION {}", sql.id(name)?), [at]);
            vec![truncate.hazard(
                HazardKind::DataLoss,
                format!("deletes all rows of partition {name} of table {table}"),
            )]
        }
        TableChange::ExchangePartition { name, with, unchecked } => {
            if *unchecked && !Flavor::of(sql.server).exchanges_unchecked() {
                return refuse(
                    "looks at each row of a table that becomes a partition",
                    "leave unchecked out",
                );
            }
            let how = if *unchecked { " WITHOUT VALIDATION" } else { "" };
            let text =
                format!("{head} EXCHANGE PARTITION {} WITH TABLE {}{how}", sql.id(name)?, sql.table(with)?);
            let fails = format!("fails unless partition {name} may have each row of {with}");
            let exchange = Statement::new(text, [at]);
            vec![match unchecked {
                true => exchange,
                false => exchange.hazard(HazardKind::MayFail, fails),
            }]
        }
        TableChange::PartitionToTable { name, to } => {
            refuse_conversion(op, sql)?;
            let text = format!("{head} CONVERT PARTITION {} TO TABLE {}", sql.id(name)?, sql.table(to)?);
            vec![Statement::new(text, [at])]
        }
        TableChange::TableToPartition { table: other, partition } => {
            refuse_conversion(op, sql)?;
            let partition = partitions(std::slice::from_ref(partition), of, table, sql)?;
            let text = format!("{head} CONVERT TABLE {} TO {partition}", sql.table(other)?);
            let fails = format!("fails unless the partition may have each row of {other}");
            vec![Statement::new(text, [at]).hazard(HazardKind::MayFail, fails)]
        }
        TableChange::ReorganizePartitions { partitions: old, into } => {
            let clause = format!(
                "REORGANIZE PARTITION {} INTO (\n  {}\n)",
                sql.ids(old)?,
                partitions(into, of, table, sql)?
            );
            vec![takes(Change::Repartition, clause)?.hazard(HazardKind::MayFail, outside())]
        }
        TableChange::Attach { .. } | TableChange::Detach { .. } => refuse(
            "has partitions that are no tables of their own",
            "add or drop a partition of the table: add_partition(..), drop_partition(..)",
        )?,
        TableChange::Inherit(_) | TableChange::NoInherit(_) => {
            refuse("has no inheritance", "give the table the columns, or refer by a foreign key")?
        }
        TableChange::RowSecurity(_) => refuse(
            "has no row-level security",
            "create a view that shows each user the rows that are theirs",
        )?,
        TableChange::IndexToConstraint { .. } => refuse(
            "makes no constraint of an index",
            "drop the index, and add the constraint: add_unique(..), add_primary_key(..)",
        )?,
        TableChange::Cluster(_) | TableChange::ReplicaIdentity(_) => {
            refuse("marks no index of a table for anything", "leave it out here with on(..)")?
        }
        // It has no place here, and was left out.
        TableChange::ConstraintComment { .. } => Vec::new(),
        TableChange::Owner(_) => refuse("has no owners of tables", "grant what they need")?,
        _ => refuse("can't change that of a table", "leave it out here with on(..)")?,
    })
}

/// Refuses to make a partition of a table, or a table of a partition, where that takes more than one step.
fn refuse_conversion(op: &Op, sql: Sql<'_>) -> Result<(), Unsupported> {
    if Flavor::of(sql.server).converts_partitions() {
        return Ok(());
    }
    let instead = "create a table of the same columns, and exchange_partition(..) with it";
    sql.refuse(op, "makes no table of a partition in one step, nor the other way round", instead)
}

/// How many partitions there were and are, where nothing else of how a table is divided changes.
fn counted(old: &Partitioning, new: &Partitioning) -> Option<(u32, u32)> {
    let alike = Partitioning { count: old.count, ..new.clone() } == *old;
    Some((old.count?, new.count?)).filter(|_| alike)
}

fn lower_partition(
    partition: &Partition,
    method: PartitionMethod,
    is_columns: bool,
    table: &Name,
    sql: Sql<'_>,
) -> Result<Partition, Unsupported> {
    let operation = || format!("write partition {} of table {table}", partition.name);
    let value = |expr: &Expr| Ok(Expr::Sql(sql.expr(expr, operation())?));
    let values = |list: &[Expr]| list.iter().map(value).collect::<Result<Vec<_>, Unsupported>>();
    let refuse = |lacks: &str, instead: &str| sql.refuse(operation(), lacks, instead);
    let bound = match (&partition.bound, method) {
        (None, PartitionMethod::Hash | PartitionMethod::Key) => None,
        (Some(_), PartitionMethod::Hash | PartitionMethod::Key) => {
            return refuse("has no bounds of partitions by hash", "leave the bound out");
        }
        (Some(Bound::LessThan(list)), PartitionMethod::Range) => {
            let upper = values(list)?.into_iter().map(|expr| match expr {
                Expr::Sql(text) if text.eq_ignore_ascii_case("maxvalue") => Expr::Sql("MAXVALUE".into()),
                expr => expr,
            });
            Some(Bound::LessThan(upper.collect()))
        }
        (Some(Bound::In(list)), PartitionMethod::List) => {
            let mut list = values(list)?;
            // The server has NULL first.
            if !is_columns {
                list.sort_by_key(
                    |expr| !matches!(expr, Expr::Sql(text) if text.eq_ignore_ascii_case("null")),
                );
            }
            Some(Bound::In(list))
        }
        (Some(Bound::Default), PartitionMethod::List) => {
            if !Flavor::of(sql.server).has_default_partition() {
                return refuse("has no default partition", "name all values that there are");
            }
            Some(Bound::Default)
        }
        (_, PartitionMethod::Range) => {
            return refuse("has ranges up to a value alone", "give each less_than(..)");
        }
        (_, PartitionMethod::List) => return refuse("has lists of values", "give each list(..)"),
    };
    let comment = partition.comment.clone().filter(|comment| !comment.is_empty());
    Ok(Partition { name: partition.name.clone(), bound, comment })
}

/// Partitions as they stand in brackets.
fn partitions(
    partitions: &[Partition],
    of: Option<&Partitioning>,
    table: &Name,
    sql: Sql<'_>,
) -> Result<String, Unsupported> {
    let by_columns = of.is_none_or(|of| of.keys.iter().all(|key| key.column_name().is_some()));
    let texts = partitions.iter().map(|partition| {
        let operation = || format!("write partition {} of table {table}", partition.name);
        let values = |values: &[Expr]| list(values.iter().map(|expr| sql.expr(expr, operation())));
        let mut text = format!("PARTITION {}", sql.id(&partition.name)?);
        match &partition.bound {
            None => {}
            Some(Bound::LessThan(bound)) => {
                let bound = values(bound)?;
                let is_max = bound == "MAXVALUE" && !by_columns;
                text += &if is_max {
                    " VALUES LESS THAN MAXVALUE".into()
                } else {
                    format!(" VALUES LESS THAN ({bound})")
                };
            }
            Some(Bound::In(list)) => text += &format!(" VALUES IN ({})", values(list)?),
            Some(Bound::Default) => text += " DEFAULT",
            Some(Bound::Range { .. } | Bound::Hash { .. }) => {
                return sql.refuse(operation(), "has no such bounds", "give it less_than(..) or list(..)");
            }
        }
        if let Some(comment) = partition.comment.as_deref().filter(|comment| !comment.is_empty()) {
            text += &format!(" COMMENT = {}", partition_comment_text(comment, sql)?);
        }
        Ok(text)
    });
    Ok(texts.collect::<Result<Vec<_>, _>>()?.join(",\n  "))
}

fn key_text(key: &IndexKey, sql: Sql<'_>) -> Result<String, Unsupported> {
    match &key.on {
        KeyPart::Column(column) => sql.id(column),
        KeyPart::Expr(expr) => sql.expr(expr, "partition by an expression"),
    }
}

/// What a catalog tells of a table's partitions, put together row by row.
pub(super) fn read(method: &str, expression: Option<&str>, sql: Sql<'_>) -> Option<Partitioning> {
    let (linear, method) = match method.strip_prefix("LINEAR ") {
        Some(rest) => (true, rest),
        None => (false, method),
    };
    let (kind, is_columns) = match method {
        "RANGE" => (PartitionMethod::Range, false),
        "RANGE COLUMNS" => (PartitionMethod::Range, true),
        "LIST" => (PartitionMethod::List, false),
        "LIST COLUMNS" => (PartitionMethod::List, true),
        "HASH" => (PartitionMethod::Hash, false),
        "KEY" => (PartitionMethod::Key, true),
        _ => return None,
    };
    let expression = expression.unwrap_or_default();
    let keys = match is_columns {
        _ if expression.is_empty() => Vec::new(),
        true => columns(expression).into_iter().map(IndexKey::column).collect(),
        false => {
            let text = text::expression(text::unbracketed(expression), sql.server);
            vec![IndexKey::expr(Expr::Sql(text))]
        }
    };
    Some(Partitioning { method: kind, keys, linear, partitions: Vec::new(), count: None })
}

/// A partition's bound from its description in the catalog.
pub(super) fn read_bound(of: &Partitioning, description: Option<&str>, sql: Sql<'_>) -> Option<Bound> {
    let description = description?;
    let values = || split(description).into_iter().map(|text| Expr::Sql(text::expression(text, sql.server)));
    match of.method {
        PartitionMethod::Range => Some(Bound::LessThan(values().collect())),
        PartitionMethod::List if description == "MAXVALUE" => Some(Bound::Default),
        PartitionMethod::List => Some(Bound::In(values().collect())),
        PartitionMethod::Hash | PartitionMethod::Key => None,
    }
}

/// The names of `` `a`,`b` ``.
fn columns(text: &str) -> Vec<String> {
    let tokens = crate::lex::tokens(text);
    let names = tokens.into_iter().filter(|token| !matches!(token.kind, crate::lex::Kind::Punct(_)));
    names.map(|token| crate::lex::name(text, token)).collect()
}

/// What stands between the commas that are in no brackets and in no quotes.
fn split(text: &str) -> Vec<&str> {
    use crate::lex::Kind::Punct;
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for token in crate::lex::tokens(text) {
        match token.kind {
            Punct('(') => depth += 1,
            Punct(')') => depth -= 1,
            Punct(',') if depth == 0 => {
                parts.push(text[start..token.start].trim());
                start = token.end;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}
