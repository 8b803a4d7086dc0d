//! Changes of a constraint. Only MySQL has one: whether a check is enforced.

use dunlin_dsl::{
    Action, ConstraintChange, Enforcement, ForeignKey, HazardKind, Name, Op, Statement, Table, TableChange,
    Unsupported,
};

use super::level::{self, Ceiling, Change, Place};
use super::lower;
use crate::sql::Sql;

/// A change in the server's own terms; none where it changes nothing, or means nothing here.
pub(super) fn lower_change(
    table: &Name,
    name: String,
    change: ConstraintChange,
    known: Option<&Table>,
    sql: Sql<'_>,
) -> Result<Option<TableChange>, Unsupported> {
    if matches!(change, ConstraintChange::NoInherit(_)) {
        return Ok(None);
    }
    if let Some(old) = known.and_then(|known| known.constraint(&name)) {
        let mut new = old.clone();
        if change.set(&mut new).is_ok() {
            lower::check_constraint(&new, table, sql)?;
            if old == new {
                return Ok(None);
            }
        }
    }
    Ok(Some(TableChange::Constraint { name, change }))
}

/// The column that numbers itself, where no key begins with it.
pub(super) fn keyless_number(table: &Table) -> Option<&str> {
    let column = table.columns.iter().find(|column| column.identity.is_some()).map(|column| &column.name)?;
    let keys = table.primary_key.iter().map(|key| &key.columns);
    let mut keys = keys.chain(table.uniques.iter().map(|unique| &unique.columns));
    let by_key = keys.any(|columns| columns.first() == Some(column));
    let indexes = table.indexes.iter().filter(|index| index.method.is_none());
    let mut first = indexes.filter_map(|index| index.keys.first());
    let is_keyed = by_key || first.any(|key| key.column_name() == Some(column.as_str()));
    (!is_keyed).then_some(column)
}

/// Refuses to leave a column that numbers itself without a key that begins with it.
pub(super) fn refuse_keyless(op: &Op, after: &Table, sql: Sql<'_>) -> Result<(), Unsupported> {
    let Some(column) = keyless_number(after) else { return Ok(()) };
    sql.refuse(
        op,
        &format!(
            "numbers only a column with which a key begins, and would have none for {}.{column}",
            after.name
        ),
        "drop its identity before, by alter_column(..).drop_identity(); or add a key first",
    )
}

/// `ALTER CHECK`.
pub(super) fn alter(
    op: &Op,
    (name, change): (&str, ConstraintChange),
    known: &Table,
    is_lifted: bool,
    at: usize,
    sql: Sql<'_>,
) -> Result<Vec<Statement>, Unsupported> {
    let alter = |word: &str, takes: Change| {
        let ceiling = Ceiling { level: level::of(&[takes], known, sql), is_lifted };
        let clause = format!("ALTER CHECK {} {word}", sql.id(name)?);
        ceiling.statement(&known.name, &[clause], Place::Last, [at], sql)
    };
    Ok(vec![match change {
        ConstraintChange::Enforcement(Enforcement::NotEnforced) => alter("NOT ENFORCED", Change::Note)?,
        ConstraintChange::Enforcement(Enforcement::Full) => alter("ENFORCED", Change::Other)?
            .hazard(HazardKind::MayFail, format!("fails if a row of {} doesn't meet it", known.name)),
        _ => {
            return sql.refuse(
                op,
                "holds all rows to each constraint, at once",
                "leave it out here with on(..)",
            );
        }
    }])
}

/// Refuses a foreign key that would set a column to NULL that refuses it. One that sets some of its columns alone is refused
/// anyway.
pub(super) fn refuse_set_null(
    op: impl std::fmt::Display,
    key: &ForeignKey,
    refuses_null: impl Fn(&str) -> bool,
    sql: Sql<'_>,
) -> Result<(), Unsupported> {
    if ![key.on_delete, key.on_update].contains(&Action::SetNull) || !key.on_delete_columns.is_empty() {
        return Ok(());
    }
    match key.columns.iter().find(|column| refuses_null(column)) {
        None => Ok(()),
        Some(column) => sql.refuse(
            op,
            &format!("lets no foreign key set a column to NULL that refuses it: {} sets {column}", key.label),
            "let the column be NULL, or give the foreign key another action",
        ),
    }
}
