//! What is written when a table changes otherwise than in its columns and keys.

use dunlin_dsl::{
    ConstraintKind, Deferrable, HazardKind, IndexChange, IndexKey, Name, Op, Probe, Statement, Table,
    TableChange, Unsupported, Version,
};

use super::object::access;
use super::{constraint, create, options, partition};
use crate::sql::{Sql, deferral};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a partition can be detached without stopping readers and writers.
const DETACH_CONCURRENTLY: Version = Version::new(14, 0, 0);

/// What changes a table that is as it was before.
pub(super) fn alter(
    op: &Op,
    name: &Name,
    known: Option<&Table>,
    change: &TableChange,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let alter =
        |text: String| Ok(vec![Statement::new(format!("ALTER TABLE {} {text}", sql.table(name)?), [])]);
    match change {
        TableChange::Attach { partition, bound } => {
            let bound = partition::bound(&op.to_string(), bound, sql)?;
            let attach = alter(format!("ATTACH PARTITION {} {bound}", sql.table(partition)?))?;
            let fails = format!("fails if a row of table {partition} doesn't belong there");
            let wait = format!("readers of table {partition} wait while all its rows are checked");
            let hazards = |attach: Statement| {
                attach.hazard(HazardKind::MayFail, &fails).hazard(HazardKind::BlocksReads, &wait)
            };
            Ok(attach.into_iter().map(hazards).collect())
        }
        TableChange::Detach { partition, concurrently: false } => {
            alter(format!("DETACH PARTITION {}", sql.table(partition)?))
        }
        TableChange::Detach { partition, concurrently: true } => {
            if sql.server.version < DETACH_CONCURRENTLY {
                let lacks = "can't detach partitions concurrently; 14 is the first that can";
                return sql.refuse(op, lacks, "leave concurrently out");
            }
            let detach = alter(format!("DETACH PARTITION {} CONCURRENTLY", sql.table(partition)?))?;
            let probe = detached(name, partition, sql)?;
            let outside = |detach: Statement| Statement { probe: Some(probe.clone()), ..detach.outside() };
            Ok(detach.into_iter().map(outside).collect())
        }
        TableChange::Partitioning(_) => {
            let lacks = "can't divide a table that there is, nor make one of its partitions";
            sql.refuse(op, lacks, "create a partitioned table, move the rows, and rename both")
        }
        TableChange::AddPartition(_)
        | TableChange::DropPartition { .. }
        | TableChange::TruncatePartition { .. }
        | TableChange::ExchangePartition { .. }
        | TableChange::PartitionToTable { .. }
        | TableChange::TableToPartition { .. }
        | TableChange::ReorganizePartitions { .. } => partition::refuse_change(op, sql),
        TableChange::Inherit(parent) => alter(format!("INHERIT {}", sql.table(parent)?)),
        TableChange::NoInherit(parent) => alter(format!("NO INHERIT {}", sql.table(parent)?)),
        TableChange::RowSecurity(security) => {
            let was = known.map(|table| table.row_security).unwrap_or_default();
            let texts = create::row_security(name, was, *security, sql)?;
            Ok(texts.into_iter().map(|text| Statement::new(text, [])).collect())
        }
        TableChange::Constraint { name: one, change } => match known {
            Some(known) => constraint::alter(op, known, one, *change, sql),
            None => Ok(Vec::new()),
        },
        TableChange::Index { name: index, change: IndexChange::Comment(text) } => {
            let text = create::comment("INDEX", &sql.table(&name.sibling(index))?, text.as_deref(), sql)?;
            Ok(vec![Statement::new(text, [])])
        }
        TableChange::Index { change: IndexChange::Invisible(true), .. } => {
            super::lower::refuse_invisible(op, sql)
        }
        TableChange::Index { name: index, change: IndexChange::Storage { name: parameter, value } } => {
            if known.is_some_and(|known| known.partitioning.is_some()) {
                let lacks =
                    "can't change how the index of a partitioned table is kept, which keeps nothing itself";
                return sql.refuse(op, lacks, "drop it, and create it with storage(..)");
            }
            let set = options::change(parameter, value.as_deref(), sql)?;
            let text = format!("ALTER INDEX {} {set}", sql.table(&name.sibling(index))?);
            Ok(vec![Statement::new(text, [])])
        }
        TableChange::Index { name: index, change: IndexChange::Tablespace(to) } => {
            let usual = known.and_then(|known| known.notes.tablespace.as_deref());
            let to = sql.id(to.as_deref().or(usual).unwrap_or(options::USUAL))?;
            let text = format!("ALTER INDEX {} SET TABLESPACE {to}", sql.table(&name.sibling(index))?);
            let wait = format!("queries of table {name} wait while index {index} is written anew");
            Ok(vec![Statement::new(text, []).hazard(HazardKind::BlocksReads, wait)])
        }
        TableChange::Index { name: index, change: IndexChange::StatisticsTarget { key, target } } => {
            if let Some(known) = known.and_then(|known| known.index(index)) {
                super::lower::refuse_sampled(op, known, *key, sql)?;
            }
            let set = create::sampled(*key, *target);
            Ok(vec![Statement::new(format!("ALTER INDEX {} {set}", sql.table(&name.sibling(index))?), [])])
        }
        TableChange::IndexToConstraint { index, kind, name: called, deferrable } => {
            using_index(op, known, index, *kind, (called, *deferrable), sql)
        }
        // It never marks one, and the server refuses to unmark one too.
        TableChange::Cluster(None) if known.is_some_and(|known| known.partitioning.is_some()) => {
            Ok(Vec::new())
        }
        TableChange::Cluster(None) => alter("SET WITHOUT CLUSTER".into()),
        TableChange::Cluster(Some(index)) => match known {
            Some(known) => Ok(vec![Statement::new(create::cluster(op, "TABLE", known, index, sql)?, [])]),
            None => alter(format!("CLUSTER ON {}", sql.id(index)?)),
        },
        TableChange::ReplicaIdentity(identity) => {
            let text = create::replica_identity(name, identity, sql)?;
            Ok(vec![Statement::new(text, [])])
        }
        TableChange::Index { .. } | TableChange::Text { .. } | TableChange::AllowCopy => Ok(Vec::new()),
        TableChange::ConstraintComment { name: constraint, comment } => {
            let text = create::constraint_comment(name, constraint, comment.as_deref(), sql)?;
            Ok(vec![Statement::new(text, [])])
        }
        TableChange::Owner(owner) => alter(format!("OWNER TO {}", access::role(owner, sql)?)),
        _ => super::object::lacks(op, sql),
    }
}

/// `ADD CONSTRAINT .. USING INDEX ..`, which takes a moment, but for a primary key over columns that take NULL.
fn using_index(
    op: &Op,
    known: Option<&Table>,
    index: &str,
    kind: ConstraintKind,
    (name, deferrable): (&str, Deferrable),
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let Some(table) = known else { return Ok(Vec::new()) };
    if table.partitioning.is_some() {
        let instead = "drop the index, and add the constraint: add_unique(..), add_primary_key(..)";
        return sql.refuse(op, "makes no constraint of the index of a partitioned table", instead);
    }
    let (word, keys) = match kind {
        ConstraintKind::PrimaryKey => {
            ("PRIMARY KEY", table.index(index).map_or(&[][..], |index| &index.keys))
        }
        _ => ("UNIQUE", &[][..]),
    };
    let text = format!(
        "ALTER TABLE {} ADD CONSTRAINT {} {word} USING INDEX {}{}",
        sql.table(&table.name)?,
        sql.id(name)?,
        sql.id(index)?,
        deferral(deferrable)
    );
    let statement = Statement::new(text, []);
    let takes_null = |key: &IndexKey| {
        let column = key.column_name().and_then(|name| table.column(name));
        column.is_some_and(|column| !column.not_null || column.not_null_not_valid)
    };
    if !keys.iter().any(takes_null) {
        return Ok(vec![statement]);
    }
    let wait = format!("readers of table {} wait while all rows are checked for NULL", table.name);
    let fails = format!("fails if a row of table {} has NULL there", table.name);
    Ok(vec![statement.hazard(HazardKind::MayFail, fails).hazard(HazardKind::BlocksReads, wait)])
}

/// The question whether a partition is one no more.
fn detached(table: &Name, partition: &Name, sql: Sql<'_>) -> Result<Probe> {
    let of = |name: &Name| -> Result<String> {
        let schema = sql.text(name.schema.as_deref().unwrap_or(&sql.server.schema))?;
        Ok(format!(
            "(SELECT c.oid FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
             WHERE n.nspname = {schema} AND c.relname = {})",
            sql.text(&name.name)?
        ))
    };
    let query = format!(
        "SELECT count(*) = 0 FROM pg_catalog.pg_inherits WHERE inhparent = {} AND inhrelid = {}",
        of(table)?,
        of(partition)?
    );
    Ok(Probe { query, done: "t".into() })
}
