//! Changes of an index.

use dunlin_dsl::{
    Constraint, ConstraintKind, HazardKind, Index, IndexChange, Name, Op, Statement, Table, TableChange,
    Unique, Unsupported,
};

use super::flavor::Flavor;
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
    at: usize,
    sql: Sql<'_>,
) -> Result<Vec<Statement>, Unsupported> {
    let head = format!("ALTER TABLE {}", sql.table(table)?);
    let index = sql.id(name)?;
    Ok(match (change, known.and_then(|known| known.index(name))) {
        (IndexChange::Invisible(invisible), _) => {
            let word = Flavor::of(sql.server).visibility(*invisible);
            vec![Statement::new(format!("{head} ALTER INDEX {index} {word}"), [at])]
        }
        (change, Some(old)) => {
            let mut new = old.clone();
            change.set(&mut new);
            let text = format!("{head}\n  DROP INDEX {index},\n  ADD {}", index_text(&new, table, sql)?);
            let anew = Statement::new(text, [at]);
            vec![match new.method {
                Some(_) => anew.hazard(HazardKind::BlocksWrites, format!("reads all of {table}")),
                None => anew,
            }]
        }
        (_, None) => Vec::new(),
    })
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
