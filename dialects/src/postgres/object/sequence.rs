//! Sequences.

use dunlin_dsl::{Existing, ObjectId, OwnedBy, Sequence, Statement, Unsupported};

use super::{address, if_not_exists, statement};
use crate::postgres::lower::object::{UNLOGGED, range};
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

pub(super) fn create(
    id: &ObjectId,
    of: &Sequence,
    existing: Existing,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    refuse(id, of, sql)?;
    let unlogged = if of.unlogged { "UNLOGGED " } else { "" };
    let mut text = format!("CREATE {unlogged}SEQUENCE {}{}", if_not_exists(existing), address(id, sql)?);
    if let Some(ty) = &of.ty {
        text += &format!(" AS {}", sql.ty(ty)?);
    }
    let numbers = [
        ("INCREMENT BY", of.increment),
        ("MINVALUE", of.min),
        ("MAXVALUE", of.max),
        ("START WITH", of.start),
        ("CACHE", of.cache),
    ];
    for (words, number) in numbers {
        if let Some(number) = number {
            text += &format!(" {words} {number}");
        }
    }
    if of.cycle {
        text += " CYCLE";
    }
    if let Some(by) = &of.owned_by {
        text += &format!(" OWNED BY {}", owner(by, sql)?);
    }
    Ok(vec![statement(text)])
}

pub(super) fn alter(id: &ObjectId, was: &Sequence, is: &Sequence, sql: Sql<'_>) -> Result<Vec<Statement>> {
    refuse(id, is, sql)?;
    let mut parts = Vec::new();
    if was.ty != is.ty {
        let ty = is.ty.as_ref().map_or(Ok("bigint".to_owned()), |ty| sql.ty(ty))?;
        parts.push(format!("AS {ty}"));
    }
    if was.increment != is.increment {
        parts.push(format!("INCREMENT BY {}", is.increment.unwrap_or(1)));
    }
    // What a bound is by default goes by the type and by the direction.
    let ((was_min, was_max), (is_min, is_max)) = (range(was), range(is));
    for (words, changed, given) in
        [("MINVALUE", was_min != is_min, is.min), ("MAXVALUE", was_max != is_max, is.max)]
    {
        match given {
            _ if !changed => {}
            Some(number) => parts.push(format!("{words} {number}")),
            None => parts.push(format!("NO {words}")),
        }
    }
    let start = |of: &Sequence| {
        let (min, max) = range(of);
        of.start.unwrap_or(if of.increment.is_none_or(|step| step > 0) { min } else { max })
    };
    if start(was) != start(is) {
        parts.push(format!("START WITH {}", start(is)));
    }
    if was.cache != is.cache {
        parts.push(format!("CACHE {}", is.cache.unwrap_or(1)));
    }
    if was.cycle != is.cycle {
        parts.push(if is.cycle { "CYCLE" } else { "NO CYCLE" }.into());
    }
    if was.owned_by != is.owned_by {
        let owner = is.owned_by.as_ref().map_or(Ok("NONE".to_owned()), |by| owner(by, sql))?;
        parts.push(format!("OWNED BY {owner}"));
    }
    let alter = format!("ALTER SEQUENCE {}", address(id, sql)?);
    let mut statements = Vec::new();
    if !parts.is_empty() {
        statements.push(statement(format!("{alter} {}", parts.join(" "))));
    }
    if was.unlogged != is.unlogged {
        statements
            .push(statement(format!("{alter} SET {}", if is.unlogged { "UNLOGGED" } else { "LOGGED" })));
    }
    Ok(statements)
}

fn owner(by: &OwnedBy, sql: Sql<'_>) -> Result<String> {
    Ok(format!("{}.{}", sql.table(&by.table)?, sql.id(&by.column)?))
}

fn refuse(id: &ObjectId, of: &Sequence, sql: Sql<'_>) -> Result<()> {
    match of.unlogged && sql.server.version < UNLOGGED {
        true => {
            sql.refuse(format!("write {id}"), "logs every sequence; 15 is the first that needn't", "log it")
        }
        false => Ok(()),
    }
}
