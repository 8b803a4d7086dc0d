//! What is known to stand on a thing, by the operations that made it. A catalog may know of more.

use dunlin_dsl::{Definition, Dependent, DependentKind, ObjectId, ObjectKind, Schema, Table};

use super::mentions;

/// Notes on each of these what of `all` stands on it, as reading it would.
pub(super) fn note(before: &mut Schema, all: &Schema) {
    for table in before.tables.values_mut() {
        let others = all.tables.values().filter(|other| other.name != table.name);
        let standing: Vec<_> = others.flat_map(|other| of_table(table, other)).collect();
        add(&mut table.notes.0.dependents, standing);
    }
    for object in before.objects.values_mut() {
        let mut standing = of_object(&object.id, all);
        standing.extend(of_attributes(&object.id, all, &standing));
        add(&mut object.notes.0.dependents, standing);
    }
}

/// What a database was asked is told already.
fn add(dependents: &mut Vec<Dependent>, standing: Vec<Dependent>) {
    for dependent in standing {
        let is_it = |other: &Dependent| {
            // A materialized view is read as an object.
            let is_kind = other.kind == dependent.kind
                || dependent.kind == DependentKind::View && other.object.as_ref().is_some_and(super::is_view);
            is_kind && other.name == dependent.name && other.column == dependent.column
        };
        if !dependents.iter().any(is_it)
            || dependent.kind == DependentKind::ForeignKey && !dependents.contains(&dependent)
        {
            dependents.push(dependent);
        }
    }
}

/// The foreign keys of another table to this one or to the one that it is a part of, and that table itself if it is a part
/// of this one.
fn of_table(table: &Table, other: &Table) -> Vec<Dependent> {
    let name = &table.name;
    let keys = other.foreign_keys.iter().filter(|key| key.references == *name);
    let mut found: Vec<_> = keys
        .map(|key| Dependent {
            uses: key.references_columns.clone(),
            ..Dependent::new(DependentKind::ForeignKey, &other.name)
        })
        .collect();
    if let Some(of) = &table.partition_of
        && other.foreign_keys.iter().any(|key| key.references == of.parent)
    {
        found.push(Dependent::new(DependentKind::ForeignKeyAbove, &other.name));
    }
    let is_partition = other.partition_of.as_ref().is_some_and(|of| of.parent == *name);
    if is_partition || other.inherits.contains(name) {
        found.push(Dependent::new(DependentKind::Table, &other.name));
    }
    found
}

/// The views that mention an attribute of a composite type, and a table with a column of it.
fn of_attributes(id: &ObjectId, all: &Schema, columns: &[Dependent]) -> Vec<Dependent> {
    let Some(Definition::Composite(of)) = all.object(id).map(|found| &found.definition) else {
        return Vec::new();
    };
    let views = all.objects.values().filter(|other| {
        matches!(other.id.kind, ObjectKind::View | ObjectKind::MaterializedView)
            && columns.iter().any(|column| mentions(&other.definition, &column.name.name))
    });
    views
        .map(|view| {
            let names = of.attributes.iter().map(|attribute| &attribute.name);
            let uses = names.filter(|name| mentions(&view.definition, name)).cloned().collect();
            let object = Some(view.id.clone());
            Dependent { object, uses, ..Dependent::new(DependentKind::View, &view.id.name) }
        })
        .filter(|dependent| !dependent.uses.is_empty())
        .collect()
}

fn of_object(id: &ObjectId, all: &Schema) -> Vec<Dependent> {
    let tables = all.tables.values();
    match id.kind {
        ObjectKind::Schema => tables
            .filter(|table| table.name.schema.as_ref() == Some(&id.name.name))
            .map(|table| Dependent::new(DependentKind::Table, &table.name))
            .collect(),
        ObjectKind::Extension
        | ObjectKind::Collation
        | ObjectKind::Composite
        | ObjectKind::Domain
        | ObjectKind::Sequence => tables
            .flat_map(|table| {
                let uses = table.columns.iter().filter(|column| {
                    let parts = (&column.ty, &column.default, &column.generated, &column.collation);
                    mentions(parts, &id.name.name)
                });
                uses.map(|column| Dependent {
                    column: Some(column.name.clone()),
                    definition: Some(column.ty.to_string()),
                    ..Dependent::new(DependentKind::Column, &table.name)
                })
            })
            .collect(),
        ObjectKind::View | ObjectKind::MaterializedView => {
            let views = all.objects.values().filter(|other| {
                other.id != *id
                    && matches!(other.id.kind, ObjectKind::View | ObjectKind::MaterializedView)
                    && mentions(&other.definition, &id.name.name)
            });
            views.map(|view| Dependent::new(DependentKind::View, &view.id.name)).collect()
        }
        _ => Vec::new(),
    }
}
