//! Triggers.

use dunlin_dsl::{
    Definition, Object, ObjectId, Op, Timing, Trigger, TriggerAction, TriggerEvent, TriggerOrder, Unsupported,
};

use super::{Work, definer};
use crate::mysql::lower::object::full_name;

/// CREATE TRIGGER, at its place among the others.
pub(super) fn create(
    object: &Object,
    of: &Trigger,
    replace: bool,
    work: &Work<'_>,
) -> Result<String, Unsupported> {
    let sql = work.sql;
    let Some(on) = &object.id.on else {
        return sql.refuse(work.op, "has no triggers without a table", "say which table it is on");
    };
    let TriggerAction::Body(body) = &of.action else {
        return sql.refuse(work.op, "has triggers with a body", "give it a body");
    };
    let timing = if of.timing == Timing::After { "AFTER" } else { "BEFORE" };
    let events = of.events.iter().map(|event| match event {
        TriggerEvent::Insert => "INSERT",
        TriggerEvent::Update => "UPDATE",
        TriggerEvent::Delete | TriggerEvent::Truncate => "DELETE",
    });
    let events: Vec<_> = events.collect();
    let order = match of.order.0.as_ref().filter(|order| !comes_later(order, object, work)) {
        None => String::new(),
        Some(TriggerOrder::Follows(other)) => format!(" FOLLOWS {}", sql.id(other)?),
        Some(TriggerOrder::Precedes(other)) => format!(" PRECEDES {}", sql.id(other)?),
    };
    Ok(format!(
        "CREATE {}{}TRIGGER {} {timing} {} ON {} FOR EACH ROW{order} {}",
        if replace { "OR REPLACE " } else { "" },
        definer(&object.notes, sql)?,
        sql.table(&full_name(&object.id))?,
        events.join(" OR "),
        sql.table(on)?,
        sql.expr(body, format!("write {}", object.id))?,
    ))
}

/// Whether a trigger may stay where it is among the others of its table. OR REPLACE puts it last unless its place is said
/// (MariaDB 10.11).
pub(super) fn keeps_place(old: &Object, new: &Trigger) -> bool {
    match &old.definition {
        Definition::Trigger(old) => {
            (old.timing, &old.events, &old.order.0) == (new.timing, &new.events, &new.order.0)
        }
        _ => false,
    }
}

/// What a trigger becomes: where no other place is said, it has the one that it had.
pub(super) fn placed(old: &Object, mut new: Object) -> Object {
    if let (Definition::Trigger(was), Definition::Trigger(of)) = (&old.definition, &mut new.definition)
        && of.order.0.is_none()
        && (was.timing, &was.events) == (of.timing, &of.events)
    {
        of.order = was.order.clone();
    }
    new
}

/// Whether a trigger gets another place among the others. Which one it has isn't part of what makes two triggers equal.
pub(super) fn moves(old: &Object, new: &Object) -> bool {
    match (&old.definition, &new.definition) {
        (Definition::Trigger(was), Definition::Trigger(of)) => was.order.0 != of.order.0,
        _ => false,
    }
}

/// Whether the other trigger is created by a later operation, which puts itself in its place then.
fn comes_later(order: &TriggerOrder, object: &Object, work: &Work<'_>) -> bool {
    let (TriggerOrder::Follows(other) | TriggerOrder::Precedes(other)) = order;
    let id = ObjectId { name: other.as_str().into(), ..object.id.clone() };
    work.later.iter().any(|op| matches!(op, Op::CreateObject { object, .. } if object.id == id))
}
