//! Sequences: MariaDB.

use dunlin_dsl::{HazardKind, Object, ObjectId, ObjectKind, Sequence, Statement, Unsupported};

use super::{Work, comment};
use crate::mysql::column::comment_text;
use crate::mysql::flavor::Flavor;
use crate::mysql::lower::object::lacks;
use crate::sql::Sql;

/// CREATE SEQUENCE.
pub(super) fn create(object: &Object, of: &Sequence, sql: Sql<'_>) -> Result<String, Unsupported> {
    let mut text = format!("CREATE SEQUENCE {}", sql.table(&object.id.name)?);
    let given = |word: &str, number: Option<i64>| number.map_or(String::new(), |n| format!(" {word} {n}"));
    text += &given("START WITH", of.start);
    text += &given("MINVALUE", of.min);
    text += &given("MAXVALUE", of.max);
    text += &given("INCREMENT BY", of.increment);
    text += &given("CACHE", of.cache);
    if of.cycle {
        text += " CYCLE";
    }
    Ok(text + &comment(object, sql)?)
}

/// ALTER SEQUENCE for its numbers; its comment is a table's.
pub(super) fn alter(
    work: &Work<'_>,
    old: &Object,
    new: &Object,
    was: &Sequence,
    of: &Sequence,
) -> Result<Vec<Statement>, Unsupported> {
    let sql = work.sql;
    if old.notes.owner != new.notes.owner {
        return sql.refuse(work.op, "has no owners of sequences", "grant what they need");
    }
    let name = sql.table(&new.id.name)?;
    let mut statements = Vec::new();
    let mut text = String::new();
    let (increment, was_increment) = (of.increment.unwrap_or(1), was.increment.unwrap_or(1));
    if increment != was_increment {
        text += &format!(" INCREMENT BY {increment}");
    }
    let turned = (increment < 0) != (was_increment < 0);
    let (min, max) = if increment < 0 { (i64::MIN + 1, -1) } else { (1, i64::MAX - 1) };
    if of.min != was.min || turned {
        text += &format!(" MINVALUE {}", of.min.unwrap_or(min));
    }
    if of.max != was.max || turned {
        text += &format!(" MAXVALUE {}", of.max.unwrap_or(max));
    }
    let first = |of: &Sequence| {
        let (least, greatest) = (of.min.unwrap_or(min), of.max.unwrap_or(max));
        of.start.unwrap_or(if increment < 0 { greatest } else { least })
    };
    if of.start != was.start || first(of) != first(was) || turned {
        text += &format!(" START WITH {}", first(of));
    }
    if of.cache != was.cache {
        text += &format!(" CACHE {}", of.cache.unwrap_or(1000));
    }
    if of.cycle != was.cycle {
        text += if of.cycle { " CYCLE" } else { " NOCYCLE" };
    }
    if !text.is_empty() {
        let alter = work.statement(format!("ALTER SEQUENCE {name}{text}"));
        let may = format!("fails where sequence {} stands outside its new bounds", new.id.name);
        let bounds = of.min != was.min || of.max != was.max || turned;
        statements.push(if bounds { alter.hazard(HazardKind::MayFail, may) } else { alter });
    }
    if old.comment != new.comment {
        let comment = comment_text(new.comment.as_deref().unwrap_or_default(), sql)?;
        statements.push(work.statement(format!("ALTER TABLE {name} COMMENT={comment}")));
    }
    Ok(statements)
}

/// ALTER SEQUENCE .. RESTART; none is the first number.
pub(super) fn restart(id: &ObjectId, number: Option<i64>, sql: Sql<'_>) -> Result<String, Unsupported> {
    if id.kind != ObjectKind::Sequence || !Flavor::of(sql.server).has_sequences() {
        return lacks(format!("restart {id}"), ObjectKind::Sequence, sql);
    }
    let number = number.map_or(String::new(), |number| format!(" WITH {number}"));
    Ok(format!("ALTER SEQUENCE {} RESTART{number}", sql.table(&id.name)?))
}
