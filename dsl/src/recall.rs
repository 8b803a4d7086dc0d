//! Texts that objects had, put in place of those that a server prints.

use crate::schema::{Definition, Object, Schema};

/// Has an object say what it says by the texts that it had, as far as these are given. It must be known that they mean the same
/// ([`Dialect::recalled`](crate::Dialect::recalled)); all else of the object stays as it is.
pub fn recall(schema: &mut Schema, had: &Object) {
    let Some(object) = schema.objects.get_mut(&had.id) else { return };
    match (&mut object.definition, &had.definition) {
        (Definition::View(is), Definition::View(was)) => {
            is.query.clone_from(&was.query);
            is.columns.clone_from(&was.columns);
        }
        (Definition::MaterializedView(is), Definition::MaterializedView(was)) => {
            is.query.clone_from(&was.query);
            is.columns.clone_from(&was.columns);
        }
        (Definition::Trigger(is), Definition::Trigger(was)) => is.when.clone_from(&was.when),
        (Definition::Policy(is), Definition::Policy(was)) => {
            is.using = was.using.clone().or(is.using.take());
            is.with_check = was.with_check.clone().or(is.with_check.take());
        }
        (Definition::Rule(is), Definition::Rule(was)) => {
            is.when.clone_from(&was.when);
            is.action.clone_from(&was.action);
        }
        _ => {}
    }
}
