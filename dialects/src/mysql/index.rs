//! Changes of an index.

use dunlin_dsl::{
    Constraint, ConstraintKind, Index, IndexChange, Name, Op, Statement, Table, TableChange, Unique,
    Unsupported,
};

use super::flavor::Flavor;
use super::level::{self, Ceiling, Change, Place};
use super::lower;
use super::render::index_text;
use crate::sql::Sql;

/// A change in the server's own terms. A unique index is a constraint here unless there is more to it, and is made anew where
/// a change makes it the one or the other.
pub(super) fn lower_change(
    table: &Name,
    name: &str,
    change: &IndexChange,
    known: Option<&Table>,
    sql: Sql<'_>,
) -> Result<Vec<Op>, Unsupported> {
    // How PostgreSQL keeps it means nothing here.
    if matches!(
        change,
        IndexChange::Storage { .. } | IndexChange::Tablespace(_) | IndexChange::StatisticsTarget { .. }
    ) {
        return Ok(Vec::new());
    }
    let Some(old) = known.and_then(|known| found(known, name)) else {
        let change = TableChange::Index { name: name.to_owned(), change: change.clone() };
        return Ok(vec![Op::AlterTable { table: table.clone(), change }]);
    };
    let mut new = old.clone();
    change.set(&mut new);
    new.comment = new.comment.filter(|comment| !comment.is_empty());
    if old == new {
        return Ok(Vec::new());
    }
    lower::check_index(&new, table, sql)?;
    let drop = |unique: bool| match unique {
        true => Op::DropConstraint {
            table: table.clone(),
            kind: ConstraintKind::Unique,
            name: name.to_owned(),
            if_exists: false,
        },
        false => Op::DropIndex {
            table: table.clone(),
            name: name.to_owned(),
            if_exists: false,
            concurrently: false,
        },
    };
    let create = |index: Index, unique: Option<Unique>| match unique {
        Some(unique) => Op::AddConstraint { table: table.clone(), constraint: Constraint::Unique(unique) },
        None => Op::CreateIndex { table: table.clone(), index, if_not_exists: false, concurrently: false },
    };
    Ok(match (lower::plain_unique(&old), lower::plain_unique(&new)) {
        (None, None) => {
            let change = match change {
                IndexChange::Comment(_) => IndexChange::Comment(new.comment),
                change => change.clone(),
            };
            let change = TableChange::Index { name: name.to_owned(), change };
            vec![Op::AlterTable { table: table.clone(), change }]
        }
        (was, is) => vec![drop(was.is_some()), create(new, is)],
    })
}

/// ALTER INDEX, or DROP and ADD in one statement.
pub(super) fn alter(
    table: &Name,
    name: &str,
    change: &IndexChange,
    known: Option<&Table>,
    is_lifted: bool,
    at: usize,
    sql: Sql<'_>,
) -> Result<Vec<Statement>, Unsupported> {
    let index = sql.id(name)?;
    let Some(known) = known else { return Ok(Vec::new()) };
    let alter = |clauses: &[String], changes: &[Change]| {
        let ceiling = Ceiling { level: level::of(changes, known, sql), is_lifted };
        Ok(vec![ceiling.statement(table, clauses, Place::Last, [at], sql)?])
    };
    match (change, known.index(name)) {
        (IndexChange::Invisible(invisible), _) => {
            let word = Flavor::of(sql.server).visibility(*invisible);
            alter(&[format!("ALTER INDEX {index} {word}")], &[Change::KeyNote])
        }
        (change, Some(old)) => {
            let mut new = old.clone();
            change.set(&mut new);
            let clauses = [format!("DROP INDEX {index}"), format!("ADD {}", index_text(&new, table, sql)?)];
            alter(&clauses, &[dropped(Some(old), Some(known)), added(&new, Some(known))])
        }
        (_, None) => Ok(Vec::new()),
    }
}

/// What it takes to make an index in a table.
pub(super) fn added(index: &Index, table: Option<&Table>) -> Change {
    let is_word = |other: &Index| other.method.as_deref() == Some("fulltext");
    match index.method.as_deref() {
        Some("fulltext") if table.is_some_and(|table| table.indexes.iter().any(is_word)) => {
            Change::AddFulltext
        }
        Some("fulltext") => Change::AddFirstFulltext,
        Some("spatial") => Change::AddSpatial,
        _ if is_over_expression(index) && index.unique => Change::Other,
        _ if is_over_expression(index) => Change::AddExpression,
        _ if table.is_some_and(|table| keeps_rows(index, table)) => Change::AddPrimaryKey,
        _ => Change::AddIndex,
    }
}

/// What it takes to drop one.
pub(super) fn dropped(index: Option<&Index>, table: Option<&Table>) -> Change {
    match index {
        Some(index) if is_over_expression(index) && index.unique => Change::Other,
        Some(index) if is_over_expression(index) => Change::DropExpression,
        Some(index) if table.is_some_and(|table| keeps_rows(index, table)) => Change::DropPrimaryKey,
        _ => Change::DropIndex,
    }
}

/// Whether the rows are kept in the order of an index: a unique one that takes no NULL, where there is no primary key.
pub(super) fn keeps_rows(index: &Index, table: &Table) -> bool {
    let required = |name: &str| table.column(name).is_some_and(|column| column.not_null);
    let mut keys = index.keys.iter();
    index.unique
        && table.primary_key.is_none()
        && keys.all(|key| key.prefix.is_none() && key.column_name().is_some_and(required))
}

fn is_over_expression(index: &Index) -> bool {
    index.keys.iter().any(|key| key.column_name().is_none())
}

/// An index by name, where it is a constraint too.
pub(super) fn found(table: &Table, name: &str) -> Option<Index> {
    let unique = table.uniques.iter().find(|unique| unique.label.is(name)).map(of_unique);
    unique.or_else(|| table.index(name).cloned())
}

/// The index that a unique constraint is.
pub(super) fn of_unique(unique: &Unique) -> Index {
    let keys = unique.columns.iter().map(dunlin_dsl::IndexKey::column).collect();
    Index { unique: true, ..Index::new(unique.label.clone(), keys) }
}
