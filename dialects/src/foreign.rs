//! The foreign keys that refer to a table.

use dunlin_dsl::{Dependent, DependentKind, ForeignKey, Name, Schema, Table};

/// A foreign key, seen from the table at one of its ends: of which table it is, and which columns of this one it has.
pub(crate) struct End {
    pub(crate) of: Name,
    pub(crate) columns: Vec<String>,
}

/// Whether a foreign key of a table stood before its change: what it adds itself is made for what it changes.
pub(crate) fn stood(key: &ForeignKey, before: &Table) -> bool {
    before.foreign_keys.iter().any(|old| old.label == key.label)
}

/// The foreign keys that refer to a table: those of tables that are known whole, by `refers`, and those that the catalog
/// names, of which `noted` gives the columns referred to.
pub(crate) fn inbound(
    before: &Table,
    table: &Table,
    schema: &Schema,
    refers: impl Fn(&Table, &ForeignKey) -> bool,
    noted: impl Fn(&Dependent) -> Vec<Vec<String>>,
) -> Vec<End> {
    let known = schema.tables.values().flat_map(|other| {
        let keys = other.foreign_keys.iter().filter(|key| refers(other, key));
        let keys = keys.filter(|key| other.name != table.name || stood(key, before));
        keys.map(|key| End { of: other.name.clone(), columns: key.references_columns.clone() })
    });
    let unknown = table.notes.dependents.iter().filter(|dependent| {
        dependent.kind == DependentKind::ForeignKey && schema.get(&dependent.name).is_none()
    });
    let unknown = unknown.flat_map(|dependent| {
        noted(dependent).into_iter().map(|columns| End { of: dependent.name.clone(), columns })
    });
    known.chain(unknown).collect()
}
