//! What PostgreSQL, or this version of it, has not.

use dunlin_dsl::{
    Action, Check, Column, Constraint, Enforcement, ForeignKey, Index, PrimaryKey, TableOptions, Unique,
    Unsupported, Version,
};

use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on two NULLs can be the same.
const NULLS_NOT_DISTINCT: Version = Version::new(15, 0, 0);

/// From here on a constraint needn't be enforced.
const NOT_ENFORCED: Version = Version::new(18, 0, 0);

/// From here on keys can be over a period.
const PERIOD: Version = Version::new(18, 0, 0);

/// From here on a foreign key can set some of its columns alone.
const SET_COLUMNS: Version = Version::new(15, 0, 0);

/// From here on heirs needn't refuse NULL where a table does.
const NOT_NULL_NO_INHERIT: Version = Version::new(18, 0, 0);

/// From here on a generated column can be computed when it is read.
const VIRTUAL: Version = Version::new(18, 0, 0);

const ON: &str = "leave it out here with on(..), or give PostgreSQL another one";

/// Refuses a column that this server can't have.
pub(in crate::postgres) fn refuse_column(
    operation: impl std::fmt::Display,
    column: &Column,
    sql: Sql<'_>,
) -> Result<()> {
    let is_virtual = column.generated.as_ref().is_some_and(|generated| !generated.stored);
    if is_virtual && sql.server.version < VIRTUAL {
        let lacks = "has no virtual generated columns; 18 is the first";
        return sql.refuse(operation, lacks, "make it a stored one: generated_stored(..)");
    }
    match (column.not_null && column.not_null_no_inherit, column.not_null_not_valid) {
        (true, true) => sql.refuse(
            operation,
            "isn't asked to refuse NULL in new rows and in one table alone at the same time",
            "say the one, and the other in a revision after",
        ),
        (true, false) => refuse_alone(operation, sql),
        (false, _) => Ok(()),
    }
}

/// Refuses what refuses NULL in a table and not in its heirs.
pub(in crate::postgres) fn refuse_alone(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<()> {
    match sql.server.version < NOT_NULL_NO_INHERIT {
        true => {
            let lacks = "refuses NULL in a table's heirs too; 18 is the first that can do else";
            sql.refuse(operation, lacks, "add a check IS NOT NULL that is no_inherit()")
        }
        false => Ok(()),
    }
}

/// Refuses a constraint that this server can't have.
pub(in crate::postgres) fn refuse_constraint(
    operation: impl std::fmt::Display,
    constraint: &Constraint,
    sql: Sql<'_>,
) -> Result<()> {
    match constraint {
        Constraint::Unique(unique) if unique.nulls_not_distinct => refuse_equal_nulls(operation, sql),
        Constraint::PrimaryKey(PrimaryKey { without_overlaps: true, .. })
        | Constraint::Unique(Unique { without_overlaps: true, .. })
        | Constraint::ForeignKey(ForeignKey { period: true, .. })
            if sql.server.version < PERIOD =>
        {
            let lacks = "compares keys by equality alone; 18 is the first that can do else";
            sql.refuse(
                operation,
                lacks,
                "add an exclusion constraint, and a trigger in place of a foreign key",
            )
        }
        Constraint::ForeignKey(key)
            if key.period && [key.on_delete, key.on_update] != [Action::NoAction; 2] =>
        {
            let lacks = "only refuses where a foreign key is over a period";
            sql.refuse(operation, lacks, "leave its actions out, and write a trigger")
        }
        Constraint::ForeignKey(key)
            if !key.on_delete_columns.is_empty() && sql.server.version < SET_COLUMNS =>
        {
            let lacks = "sets all columns of a foreign key, or none; 15 is the first that can do else";
            sql.refuse(operation, lacks, "set them all, or write a trigger")
        }
        Constraint::Check(Check { enforcement: Enforcement::NotEnforced, .. })
        | Constraint::ForeignKey(ForeignKey { enforcement: Enforcement::NotEnforced, .. })
            if sql.server.version < NOT_ENFORCED =>
        {
            let lacks = "holds each new row to all constraints; 18 is the first that needn't";
            sql.refuse(operation, lacks, "leave it out, or make it not_valid()")
        }
        _ => Ok(()),
    }
}

/// Refuses an index that this server can't have.
pub(in crate::postgres) fn refuse_index(
    operation: impl std::fmt::Display,
    index: &Index,
    sql: Sql<'_>,
) -> Result<()> {
    if index.nulls_not_distinct {
        refuse_equal_nulls(&operation, sql)?;
    }
    if index.invisible {
        return refuse_invisible(operation, sql);
    }
    if index.parser.is_some() {
        let lacks = "takes texts apart by a configuration, and not by an index's parser";
        return sql.refuse(operation, lacks, "index to_tsvector(..) by gin");
    }
    if let Some(place) = index.statistics.keys().find(|place| column_key(index, **place).is_some()) {
        return refuse_sampled(operation, index, *place, sql);
    }
    if index.keys.iter().any(|key| key.prefix.is_some()) {
        let lacks = "has no indexes over leading characters";
        return sql.refuse(operation, lacks, "index an expression: left(..)");
    }
    Ok(())
}

/// Refuses a statistics target of a key that is a column, which has its own.
pub(in crate::postgres) fn refuse_sampled(
    operation: impl std::fmt::Display,
    index: &Index,
    place: u32,
    sql: Sql<'_>,
) -> Result<()> {
    match column_key(index, place) {
        Some(column) => {
            let lacks = format!("samples the values of column {column} for the table, and not for an index");
            sql.refuse(
                operation,
                &lacks,
                "set it for the column: alter_column(..).option(\"statistics\", ..)",
            )
        }
        None => Ok(()),
    }
}

/// The column that a key is.
fn column_key(index: &Index, place: u32) -> Option<&str> {
    index.key(place)?.column_name()
}

/// From here on no partitioned table is unlogged. Before, it was said of one, and nothing came of it.
const LOGGED_PARTITIONED: Version = Version::new(18, 0, 0);

/// Refuses storage parameters of a partitioned table, and one that is unlogged.
pub(in crate::postgres) fn refuse_storage(
    operation: impl std::fmt::Display,
    options: &TableOptions,
    sql: Sql<'_>,
) -> Result<()> {
    if options.unlogged && sql.server.version >= LOGGED_PARTITIONED {
        let lacks = "has no partitioned table that is unlogged, for it keeps nothing itself";
        return sql.refuse(operation, lacks, "say it of its partitions");
    }
    match options.storage.is_empty() {
        true => Ok(()),
        false => {
            let lacks = "takes no storage parameters for a partitioned table, which keeps nothing itself";
            sql.refuse(operation, lacks, "give them to its partitions")
        }
    }
}

/// Refuses an index that queries are planned without.
pub(in crate::postgres) fn refuse_invisible<T>(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<T> {
    sql.refuse(operation, "plans queries with each index", "leave it out here with on(..), or drop the index")
}

fn refuse_equal_nulls(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<()> {
    match sql.server.version < NULLS_NOT_DISTINCT {
        true => sql.refuse(operation, "takes two NULLs for different; 15 is the first that can do else", ON),
        false => Ok(()),
    }
}
