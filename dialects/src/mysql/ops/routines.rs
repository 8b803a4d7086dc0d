//! Routines by their names: these servers have one of a name, whatever its arguments.

use dunlin_dsl::{Existing, Object, ObjectId, ObjectKind, Op, Schema, Unsupported};

use crate::mysql::object::access;
use crate::sql::Sql;

/// Creates an object. A routine of the same name and other arguments stands in its place: it is the one that IF NOT EXISTS
/// finds, and that OR REPLACE replaces, with what was granted on it.
pub(super) fn create(
    mut object: Object,
    existing: Existing,
    schema: &Schema,
    sql: Sql<'_>,
) -> Result<Vec<Op>, Unsupported> {
    let other = schema.objects.values().find(|other| is_in_place(&other.id, &object.id));
    let Some(other) = other else { return Ok(vec![Op::CreateObject { object, existing }]) };
    match existing {
        Existing::Keep => Ok(Vec::new()),
        Existing::Refuse => sql.refuse(
            Op::CreateObject { object, existing },
            &format!("has one {} of a name, and there is {}", other.id.kind, other.id),
            "give it another name, or drop that first",
        ),
        Existing::Replace => {
            let id = other.id.clone();
            let drop = Op::DropObject { object: id.clone(), if_exists: false, cascade: false };
            let mut ops = access::around(drop, &id, None, schema);
            object.grants.extend(other.grants.iter().cloned());
            object.comment = object.comment.or_else(|| other.comment.clone());
            if object.notes.owner.is_none() {
                object.notes.owner.clone_from(&other.notes.owner);
            }
            ops.push(Op::CreateObject { object, existing: Existing::Refuse });
            Ok(ops)
        }
    }
}

/// Names of routines know no case.
fn is_in_place(other: &ObjectId, id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure)
        && other.kind == id.kind
        && other.args != id.args
        && other.name.schema == id.name.schema
        && other.name.name.to_lowercase() == id.name.name.to_lowercase()
}
