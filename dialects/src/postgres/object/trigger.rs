//! Triggers and rules: what PostgreSQL does beside, before or instead of a command.

use dunlin_dsl::{
    Each, Enabled, Existing, ObjectId, Rule, RuleEvent, Statement, Timing, Trigger, TriggerAction,
    TriggerEvent, TriggerOrder, Unsupported, Version,
};

use super::statement;
use crate::sql::{Sql, deferral, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a trigger can be replaced.
const OR_REPLACE: Version = Version::new(14, 0, 0);

/// CREATE TRIGGER, and when it fires at all.
pub(super) fn create(
    id: &ObjectId,
    of: &Trigger,
    existing: Existing,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let replaces = existing == Existing::Replace && replaceable(of, sql);
    let mut statements = vec![statement(definition(id, of, replaces, sql)?)];
    statements.extend(enable("TRIGGER", id, Enabled::Origin, of.enabled, sql)?);
    Ok(statements)
}

/// What makes of a trigger another one in place; none where it must go and come anew.
pub(super) fn alter(
    id: &ObjectId,
    was: &Trigger,
    is: &Trigger,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    if *was == (Trigger { enabled: was.enabled, ..is.clone() }) {
        let enabled = enable("TRIGGER", id, was.enabled, is.enabled, sql)?;
        return Ok(Some(enabled.into_iter().collect()));
    }
    if !replaceable(was, sql) || !replaceable(is, sql) {
        return Ok(None);
    }
    // A replaced trigger fires again as a new one does.
    let mut statements = vec![statement(definition(id, is, true, sql)?)];
    statements.extend(enable("TRIGGER", id, Enabled::Origin, is.enabled, sql)?);
    Ok(Some(statements))
}

fn replaceable(of: &Trigger, sql: Sql<'_>) -> bool {
    !of.constraint && sql.server.version >= OR_REPLACE
}

fn definition(id: &ObjectId, of: &Trigger, replaces: bool, sql: Sql<'_>) -> Result<String> {
    let operation = format!("create {id}");
    let (function, args) = match &of.action {
        TriggerAction::Call { function, args } => (sql.table(function)?, args),
        TriggerAction::Body(_) => {
            let lacks = "has no triggers with a body: its triggers call a function";
            return sql.refuse(operation, lacks, "create a function, and call it: .call(\"f\")");
        }
    };
    in_order(id, of, sql)?;
    possible(id, of, sql)?;
    let table = owner(id, sql)?;
    let timing = match of.timing {
        Timing::Before => "BEFORE",
        Timing::After => "AFTER",
        Timing::InsteadOf => "INSTEAD OF",
    };
    let events = of.events.iter().map(|event| {
        Ok(match event {
            TriggerEvent::Insert => "INSERT".to_owned(),
            TriggerEvent::Delete => "DELETE".to_owned(),
            TriggerEvent::Truncate => "TRUNCATE".to_owned(),
            TriggerEvent::Update if of.update_of.is_empty() => "UPDATE".to_owned(),
            TriggerEvent::Update => format!("UPDATE OF {}", sql.ids(&of.update_of)?),
        })
    });
    let events = events.collect::<Result<Vec<_>>>()?.join(" OR ");
    let mut text = format!(
        "CREATE {}{}TRIGGER {} {timing} {events} ON {table}",
        if replaces { "OR REPLACE " } else { "" },
        if of.constraint { "CONSTRAINT " } else { "" },
        sql.id(&id.name.name)?,
    );
    if let Some(from) = &of.from {
        text += &format!(" FROM {}", sql.table(from)?);
    }
    if of.constraint {
        text += deferral(of.deferrable);
    }
    let mut transition = Vec::new();
    for (word, name) in [("OLD", &of.old_table), ("NEW", &of.new_table)] {
        if let Some(name) = name {
            transition.push(format!("{word} TABLE AS {}", sql.id(name)?));
        }
    }
    if !transition.is_empty() {
        text += &format!(" REFERENCING {}", transition.join(" "));
    }
    text += match of.each {
        Each::Row => " FOR EACH ROW",
        Each::Statement => " FOR EACH STATEMENT",
    };
    if let Some(when) = &of.when {
        text += &format!(" WHEN ({})", sql.expr(when, &operation)?);
    }
    let args = list(args.iter().map(|arg| sql.text(arg)))?;
    Ok(format!("{text} EXECUTE FUNCTION {function}({args})"))
}

/// Refuses what triggers of a kind can't have together (PostgreSQL's manual, "CREATE TRIGGER").
fn possible(id: &ObjectId, of: &Trigger, sql: Sql<'_>) -> Result<()> {
    let refuse = |lacks: &str, instead: &str| sql.refuse(format!("create {id}"), lacks, instead);
    if of.constraint && (of.timing != Timing::After || of.each != Each::Row) {
        return refuse("fires constraint triggers after a row alone", "say .after().for_each_row()");
    }
    if of.from.is_some() && !of.constraint {
        return refuse("has another table of constraint triggers alone", "say .constraint()");
    }
    let [has_old, has_new] = [&of.old_table, &of.new_table].map(Option::is_some);
    if !has_old && !has_new {
        return Ok(());
    }
    if of.constraint || of.timing != Timing::After {
        return refuse("names all rows of a statement after it alone", "say .after(), and not .constraint()");
    }
    let events: Vec<TriggerEvent> = of.events.iter().copied().collect();
    let has_both = match events.as_slice() {
        [TriggerEvent::Insert] => !has_old,
        [TriggerEvent::Delete] => !has_new,
        [TriggerEvent::Update] if of.update_of.is_empty() => true,
        [TriggerEvent::Update] => {
            return refuse(
                "names all rows of an update of any column",
                "compare the columns in the function",
            );
        }
        [TriggerEvent::Truncate] => {
            return refuse("has no names for the rows of a TRUNCATE", "leave .old_table(..) out");
        }
        _ => return refuse("names all rows of one event alone", "create a trigger for each event"),
    };
    match has_both {
        true => Ok(()),
        false => refuse(
            "has no old rows of an insertion, and no new ones of a deletion",
            "leave .old_table(..) or .new_table(..) out",
        ),
    }
}

/// Refuses a place among other triggers that the names don't give: triggers fire in the order of the bytes of their names.
fn in_order(id: &ObjectId, of: &Trigger, sql: Sql<'_>) -> Result<()> {
    let name = &id.name.name;
    let (is_so, word, instead) = match &of.order.0 {
        None => return Ok(()),
        Some(TriggerOrder::Precedes(other)) => {
            (name < other, format!("before {other}"), format!("name it so that it sorts before {other}"))
        }
        Some(TriggerOrder::Follows(other)) => {
            (name > other, format!("after {other}"), format!("name it so that it sorts after {other}"))
        }
    };
    match is_so {
        true => Ok(()),
        false => {
            sql.refuse(format!("fire {id} {word}"), "fires triggers in the order of their names", &instead)
        }
    }
}

/// CREATE RULE, and when it holds at all.
pub(super) fn create_rule(
    id: &ObjectId,
    of: &Rule,
    existing: Existing,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let mut statements = vec![statement(rule(id, of, existing == Existing::Replace, sql)?)];
    statements.extend(enable("RULE", id, Enabled::Origin, of.enabled, sql)?);
    Ok(statements)
}

/// What makes of a rule another one. A replaced rule holds where it held before.
pub(super) fn alter_rule(id: &ObjectId, was: &Rule, is: &Rule, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    if *was != (Rule { enabled: was.enabled, ..is.clone() }) {
        statements.push(statement(rule(id, is, true, sql)?));
    }
    statements.extend(enable("RULE", id, was.enabled, is.enabled, sql)?);
    Ok(statements)
}

pub(in crate::postgres) fn rule(id: &ObjectId, of: &Rule, replaces: bool, sql: Sql<'_>) -> Result<String> {
    let operation = format!("create {id}");
    let event = match of.event {
        RuleEvent::Insert => "INSERT",
        RuleEvent::Update => "UPDATE",
        RuleEvent::Delete => "DELETE",
    };
    let replaces = if replaces { "OR REPLACE " } else { "" };
    let (name, table) = (sql.id(&id.name.name)?, owner(id, sql)?);
    let mut text = format!("CREATE {replaces}RULE {name} AS ON {event} TO {table}");
    if let Some(when) = &of.when {
        text += &format!(" WHERE {}", sql.expr(when, &operation)?);
    }
    let instead = if of.instead { "INSTEAD" } else { "ALSO" };
    Ok(format!("{text} DO {instead} {}", sql.expr(&of.action, &operation)?))
}

/// What makes a trigger fire, or a rule hold, elsewhere than before.
fn enable(what: &str, id: &ObjectId, was: Enabled, is: Enabled, sql: Sql<'_>) -> Result<Option<Statement>> {
    if was == is {
        return Ok(None);
    }
    let words = match is {
        Enabled::Origin => "ENABLE",
        Enabled::Replica => "ENABLE REPLICA",
        Enabled::Always => "ENABLE ALWAYS",
        Enabled::Disabled => "DISABLE",
    };
    let (table, name) = (owner(id, sql)?, sql.id(&id.name.name)?);
    Ok(Some(statement(format!("ALTER TABLE {table} {words} {what} {name}"))))
}

/// The table or view that it belongs to.
fn owner(id: &ObjectId, sql: Sql<'_>) -> Result<String> {
    match &id.on {
        Some(on) => sql.table(on),
        None => Err(Unsupported::new(format!("write {id}"), "it belongs to a table", "say which")),
    }
}
