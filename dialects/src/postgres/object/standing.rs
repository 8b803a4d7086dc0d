//! What stands on an object that is dropped and created anew: views can go and come back with it.

use std::collections::BTreeSet;

use dunlin_dsl::{
    Definition, Dependent, DependentKind, Notes, Object, ObjectId, ObjectKind, Op, Schema, Unsupported,
    creation_ops,
};

use crate::lex;
use crate::sql::Sql;

/// All that stands on an object, each after what it needs, with what belongs to it; none where something can't come back.
pub(super) fn on(object: &Object, schema: &Schema) -> Option<Vec<Object>> {
    let mut all = Schema::new();
    let mut seen = BTreeSet::from([object.id.clone()]);
    let mut left: Vec<Option<&ObjectId>> = directly(object, schema).collect();
    while let Some(id) = left.pop() {
        let id = id?;
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
        left.extend(directly(view, schema));
    }
    let created = creation_ops(&all).into_iter().filter_map(|op| match op {
        Op::CreateObject { object, .. } => Some(object),
        _ => None,
    });
    Some(created.collect())
}

/// Whether nothing stands on an object.
pub(super) fn stands_free(object: &Object, schema: &Schema) -> bool {
    directly(object, schema).next().is_none()
}

/// What stands on an object, by itself and isn't its own; none in place of what isn't an object.
fn directly<'a>(object: &'a Object, schema: &'a Schema) -> impl Iterator<Item = Option<&'a ObjectId>> {
    let noted = others(&object.notes).map(|dependent| dependent.object.as_ref());
    noted.chain(schema.objects.values().filter(|other| is_new_on(other, object)).map(|other| Some(&other.id)))
}

/// Whether a view mentions an object, and was created by the same operations: no catalog has told on what it stands.
fn is_new_on(view: &Object, object: &Object) -> bool {
    let query = match &view.definition {
        Definition::View(of) => &of.query,
        Definition::MaterializedView(of) => &of.query,
        _ => return false,
    };
    let is_new = view.notes.own.is_none() && view.notes.owner.is_none();
    is_new && view.id != object.id && lex::mentions(&query.to_string(), &object.id.name.name)
}

/// What stands on an object, in words.
pub(super) fn names(notes: &Notes) -> Vec<String> {
    others(notes).map(ToString::to_string).collect()
}

/// Refuses to drop and create anew what something else stands on.
pub(super) fn refusal(op: &Op, notes: &Notes, sql: Sql<'_>) -> Unsupported {
    let names = names(notes);
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
