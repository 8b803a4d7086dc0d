//! What stands on an object that is dropped and created anew: views can go and come back with it.

use std::collections::BTreeSet;

use dunlin_dsl::{
    Dependent, DependentKind, Notes, Object, ObjectKind, Op, Schema, Unsupported, creation_ops,
};

use crate::sql::Sql;

/// All that stands on an object, each after what it needs, with what belongs to it; none where something can't come back.
pub(super) fn on(object: &Object, schema: &Schema) -> Option<Vec<Object>> {
    let mut all = Schema::new();
    let mut seen = BTreeSet::from([object.id.clone()]);
    let mut left: Vec<&Dependent> = others(&object.notes).collect();
    while let Some(dependent) = left.pop() {
        let id = dependent.object.as_ref()?;
        if !seen.insert(id.clone()) {
            continue;
        }
        if !matches!(id.kind, ObjectKind::View | ObjectKind::MaterializedView) {
            return None;
        }
        let view = schema.object(id)?;
        let belonging = schema.objects.values().filter(|object| object.belongs_to() == Some(&id.name));
        for object in belonging.chain([view]) {
            if !object.notes.unmodelled.is_empty() {
                return None;
            }
            all.insert_object(object.clone());
        }
        left.extend(others(&view.notes));
    }
    let created = creation_ops(&all).into_iter().filter_map(|op| match op {
        Op::CreateObject { object, .. } => Some(object),
        _ => None,
    });
    Some(created.collect())
}

/// Whether nothing stands on an object.
pub(super) fn stands_free(object: &Object) -> bool {
    others(&object.notes).next().is_none()
}

/// Refuses to drop and create anew what something else stands on.
pub(super) fn refusal(op: &Op, notes: &Notes, sql: Sql<'_>) -> Unsupported {
    let names: Vec<_> = others(notes).map(ToString::to_string).collect();
    Unsupported::new(
        op,
        format!(
            "{} can only drop it and create it anew, and {} {} on it",
            sql.server,
            names.join(", "),
            if names.len() == 1 { "stands" } else { "stand" }
        ),
        "drop what stands on it first, and create it again after",
    )
}

/// What stands on an object and isn't its own.
fn others(notes: &Notes) -> impl Iterator<Item = &Dependent> {
    notes.dependents.iter().filter(|dependent| dependent.kind != DependentKind::Trigger)
}
