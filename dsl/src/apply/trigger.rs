//! Where a trigger fires among the others of its moment: MySQL and MariaDB keep them in a row.
//!
//! Read back, each says which one it follows, and the first which one it precedes. When one leaves the row its neighbours
//! join hands, so that what undoes a drop always names a trigger that is there, whatever else was dropped before.

use crate::schema::{Definition, Name, Object, ObjectId, Schema, Trigger, TriggerOrder};

/// Takes a trigger out of its row; it is in the schema no longer, or not at that moment.
pub(super) fn leaves(schema: &mut Schema, gone: &Object) {
    let (Some(on), Definition::Trigger(trigger)) = (&gone.id.on, &gone.definition) else { return };
    let name = &gone.id.name.name;
    let follows = TriggerOrder::Follows(name.clone());
    let next = said_of(schema, on, &follows).pop();
    if let Some(next) = &next {
        let order = match &trigger.order.0 {
            Some(TriggerOrder::Follows(previous)) => Some(TriggerOrder::Follows(previous.clone())),
            // It is the first now.
            _ => {
                let second = said_of(schema, on, &TriggerOrder::Follows(next.clone())).pop();
                second.map(TriggerOrder::Precedes)
            }
        };
        place(schema, on, next, order);
    }
    for previous in said_of(schema, on, &TriggerOrder::Precedes(name.clone())) {
        place(schema, on, &previous, next.clone().map(TriggerOrder::Precedes));
    }
}

/// Names a trigger by its new name, where others say that they are beside it.
pub(super) fn follow(schema: &mut Schema, on: &Name, from: &str, to: &str) {
    for (trigger, needs) in of_table(schema, on) {
        if let Some(TriggerOrder::Follows(other) | TriggerOrder::Precedes(other)) = &mut trigger.order.0
            && other == from
        {
            *other = to.to_owned();
        }
        for need in needs.iter_mut().filter(|need| need.on.as_ref() == Some(on) && need.name.name == from) {
            need.name.name = to.to_owned();
        }
    }
}

/// Leaves a trigger at its place where it is given no other one. Whether it is in the row that it was in.
pub(super) fn stays(old: &Definition, new: &mut Definition) -> bool {
    let (Definition::Trigger(old), Definition::Trigger(new)) = (old, new) else { return true };
    let stays = (old.timing, &old.events) == (new.timing, &new.events);
    if stays && new.order.0.is_none() {
        new.order.clone_from(&old.order);
    }
    stays
}

/// The triggers of a table whose place is said so.
fn said_of(schema: &Schema, on: &Name, order: &TriggerOrder) -> Vec<String> {
    let says = |object: &&Object| match &object.definition {
        Definition::Trigger(trigger) => {
            object.id.on.as_ref() == Some(on) && trigger.order.0.as_ref() == Some(order)
        }
        _ => false,
    };
    schema.objects.values().filter(says).map(|object| object.id.name.name.clone()).collect()
}

fn place(schema: &mut Schema, on: &Name, name: &str, order: Option<TriggerOrder>) {
    let Some(object) = schema.objects.get_mut(&ObjectId::trigger(name, on)) else { return };
    let Definition::Trigger(trigger) = &mut object.definition else { return };
    let needs = &mut object.notes.0.needs;
    needs.retain(|need| need.on.as_ref() != Some(on));
    if let Some(TriggerOrder::Follows(other)) = &order {
        needs.push(ObjectId::trigger(other.as_str(), on));
    }
    trigger.order.0 = order;
}

fn of_table<'s>(
    schema: &'s mut Schema,
    on: &Name,
) -> impl Iterator<Item = (&'s mut Trigger, &'s mut Vec<ObjectId>)> {
    let objects = schema.objects.values_mut().filter(move |object| object.id.on.as_ref() == Some(on));
    objects.filter_map(|object| match &mut object.definition {
        Definition::Trigger(trigger) => Some((trigger, &mut object.notes.0.needs)),
        _ => None,
    })
}
