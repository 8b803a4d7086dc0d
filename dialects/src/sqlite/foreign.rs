//! What foreign keys of other tables need of a table. SQLite looks for it only when a row is written, and fails then with
//! "foreign key mismatch", whatever the row.

use dunlin_dsl::{Dependent, ForeignKey, IndexKey, Op, Schema, Table, Unsupported};

use super::read;
use crate::foreign::{End, inbound, stood};

/// Refuses operations that would take from a foreign key what keeps apart the rows that it refers to: a primary key, a unique
/// constraint, or a unique index of just its columns. `schema` is what the operations make.
pub(super) fn refuse_keyless(before: &Table, ops: &[&Op], schema: &Schema) -> Result<(), Unsupported> {
    let Some(after) = schema.get(&before.name) else { return Ok(()) };
    let primary = before.primary_key.as_ref().map_or(&[][..], |key| &key.columns);
    for End { of, columns } in ends(before, after, schema) {
        let columns = if columns.is_empty() { primary } else { &columns };
        if serves(before, columns) && !serves(after, columns) {
            let named = columns.join(", ");
            return Err(Unsupported::new(
                operation(ops, columns),
                format!(
                    "a foreign key of table {of} refers to {named}, and nothing would keep that unique any more"
                ),
                "drop the foreign key first",
            ));
        }
    }
    Ok(())
}

/// The foreign keys at a table, and those that it gets to itself. One that leaves the columns out refers to the primary key.
fn ends(before: &Table, after: &Table, schema: &Schema) -> Vec<End> {
    let is_it = |key: &ForeignKey| key.references.name.eq_ignore_ascii_case(&after.name.name);
    let refers = |other: &Table, key: &ForeignKey| other.name.schema == after.name.schema && is_it(key);
    let noted = |dependent: &Dependent| {
        let text = dependent.definition.as_deref().unwrap_or_default();
        let keys = read::table(dependent.name.clone(), text).foreign_keys.into_iter();
        keys.filter(is_it).map(|key| key.references_columns).collect()
    };
    let own = after.foreign_keys.iter().filter(|key| is_it(key) && !stood(key, before));
    let own = own.map(|key| End { of: after.name.clone(), columns: key.references_columns.clone() });
    inbound(before, after, schema, refers, noted).into_iter().chain(own).collect()
}

/// Whether rows of a table differ in these columns, as SQLite wants it of what a foreign key refers to.
fn serves(table: &Table, columns: &[String]) -> bool {
    let is = |key: Vec<&str>| {
        key.len() == columns.len()
            && columns.iter().all(|column| key.iter().any(|name| name.eq_ignore_ascii_case(column)))
    };
    let primary = table.primary_key.iter().map(|key| &key.columns);
    let mut constraints = primary.chain(table.uniques.iter().map(|unique| &unique.columns));
    let mut indexes = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
    constraints.any(|key| is(key.iter().map(String::as_str).collect()))
        || indexes
            .any(|index| index.keys.iter().map(IndexKey::column_name).collect::<Option<_>>().is_some_and(is))
}

/// The operation that is refused: the first that may have taken it.
fn operation(ops: &[&Op], columns: &[String]) -> String {
    let takes = |op: &&&Op| match op {
        Op::DropColumn { column, .. } => columns.iter().any(|name| name.eq_ignore_ascii_case(column)),
        Op::DropIndex { .. } | Op::DropConstraint { .. } => true,
        _ => false,
    };
    ops.iter().find(takes).or(ops.first()).map(ToString::to_string).unwrap_or_default()
}
