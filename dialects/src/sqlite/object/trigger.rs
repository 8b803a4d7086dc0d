//! CREATE TRIGGER.

use dunlin_dsl::{Name, ObjectId, Timing, Trigger, TriggerAction, TriggerEvent, Unsupported};

use crate::sql::Sql;

/// CREATE TRIGGER for a trigger in SQLite's own terms.
pub(super) fn create(id: &ObjectId, trigger: &Trigger, sql: Sql<'_>) -> Result<String, Unsupported> {
    let timing = match trigger.timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        Timing::InsteadOf => "INSTEAD OF",
    };
    let event = match trigger.events.first() {
        Some(TriggerEvent::Insert) => "INSERT",
        Some(TriggerEvent::Delete) => "DELETE",
        _ => "UPDATE",
    };
    let of = match trigger.update_of.as_slice() {
        [] => String::new(),
        columns => format!(" OF {}", sql.ids(columns)?),
    };
    // The trigger has the schema, and its table has none.
    let on = sql.id(id.on.as_ref().map(|on| on.name.as_str()).unwrap_or_default())?;
    let when = match &trigger.when {
        Some(when) => format!("\nWHEN {}", sql.expr(when, format!("create {id}"))?),
        None => String::new(),
    };
    let body = match &trigger.action {
        TriggerAction::Body(body) => sql.expr(body, format!("create {id}"))?,
        TriggerAction::Call { .. } => String::new(),
    };
    let name = name(id, sql)?;
    Ok(format!("CREATE TRIGGER {name} {timing} {event}{of} ON {on} FOR EACH ROW{when}\n{body}"))
}

/// A trigger's name, in the schema of what it is on.
pub(super) fn name(id: &ObjectId, sql: Sql<'_>) -> Result<String, Unsupported> {
    let schema = id.on.as_ref().and_then(|on| on.schema.clone());
    sql.table(&Name { schema, name: id.name.name.clone() })
}
