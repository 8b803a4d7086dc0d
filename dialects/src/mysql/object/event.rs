//! Scheduled events.

use dunlin_dsl::{Definition, EventState, Expr, Object, ObjectId, Schedule, ScheduledEvent, Unsupported};

use super::{comment, definer};
use crate::mysql::column::comment_text;
use crate::mysql::flavor::Flavor;
use crate::mysql::text::has_line_comment;
use crate::sql::Sql;

/// CREATE EVENT.
pub(super) fn create(object: &Object, of: &ScheduledEvent, sql: Sql<'_>) -> Result<String, Unsupported> {
    let operation = format!("write {}", object.id);
    let mut text = format!(
        "CREATE {}EVENT {} ON SCHEDULE {}",
        definer(&object.notes, sql)?,
        sql.table(&object.id.name)?,
        schedule(&of.schedule, &operation, sql)?
    );
    if of.preserve {
        text += " ON COMPLETION PRESERVE";
    }
    if of.state != EventState::Enabled {
        text += &format!(" {}", state(of.state, sql));
    }
    text += &comment(object, sql)?;
    Ok(format!("{text} DO {}", sql.expr(&of.body, operation)?))
}

/// ALTER EVENT, with what is other alone: who changes an event is its definer from then on, unless it is said.
pub(super) fn alter(
    old: &Object,
    new: &Object,
    was: &ScheduledEvent,
    of: &ScheduledEvent,
    sql: Sql<'_>,
) -> Result<String, Unsupported> {
    let operation = format!("write {}", new.id);
    let mut text = format!("ALTER {}EVENT {}", definer(&new.notes, sql)?, sql.table(&new.id.name)?);
    if of.schedule != was.schedule {
        text += &format!(" ON SCHEDULE {}", schedule(&of.schedule, &operation, sql)?);
    }
    if of.preserve != was.preserve || of.schedule != was.schedule {
        text += if of.preserve { " ON COMPLETION PRESERVE" } else { " ON COMPLETION NOT PRESERVE" };
    }
    // Without a word of its own a change enables it again.
    text += &format!(" {}", state(of.state, sql));
    if old.comment != new.comment {
        text += &format!(" COMMENT {}", comment_text(new.comment.as_deref().unwrap_or_default(), sql)?);
    }
    if of.body != was.body {
        text += &format!(" DO {}", sql.expr(&of.body, operation)?);
    }
    Ok(text)
}

/// ALTER EVENT .. RENAME, which leaves to it its definer and whether it runs.
pub(super) fn rename(old: &Object, to: &ObjectId, sql: Sql<'_>) -> Result<String, Unsupported> {
    let (name, new) = (sql.table(&old.id.name)?, sql.table(&to.name)?);
    let mut text = format!("ALTER {}EVENT {name} RENAME TO {new}", definer(&old.notes, sql)?);
    if let Definition::Event(of) = &old.definition
        && of.state != EventState::Enabled
    {
        text += &format!(" {}", state(of.state, sql));
    }
    Ok(text)
}

fn schedule(schedule: &Schedule, operation: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    match schedule {
        Schedule::At(at) => Ok(format!("AT {}", time(at, operation, sql)?)),
        Schedule::Every { interval, starts, ends } => {
            let mut text = format!("EVERY {interval}");
            for (word, time) in [("STARTS", starts), ("ENDS", ends)] {
                if let Some(time) = time {
                    text += &format!(" {word} {}", self::time(time, operation, sql)?);
                }
            }
            Ok(text)
        }
    }
}

/// A time, behind which more can be written.
fn time(time: &Expr, operation: &str, sql: Sql<'_>) -> Result<String, Unsupported> {
    let text = sql.expr(time, operation)?;
    let text = text.trim_end();
    Ok(if has_line_comment(text) { format!("{text}\n") } else { text.to_owned() })
}

fn state(state: EventState, sql: Sql<'_>) -> &'static str {
    match state {
        EventState::Enabled => "ENABLE",
        EventState::Disabled => "DISABLE",
        EventState::DisabledOnReplica => Flavor::of(sql.server).disabled_on_replica(),
    }
}
