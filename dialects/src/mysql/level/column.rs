//! What a change of a column takes.

use dunlin_dsl::{Column, Expr, Index, Table};

use super::Change;
use crate::mysql::flavor::Flavor;
use crate::mysql::{column, fit, index, native, options};
use crate::sql::Sql;

/// What a change of a column takes: `old` in the table as it was, `new` in what it becomes.
pub(in crate::mysql) fn changes(
    (old, before): (&Column, &Table),
    (new, after): (&Column, &Table),
    sql: Sql<'_>,
) -> Vec<Change> {
    let mut changes = vec![Change::Note];
    let refuses = |column: &Column, table: &Table| column.not_null || table.is_key_column(&column.name);
    let nullability = match (refuses(old, before), refuses(new, after)) {
        (true, false) if stands_for_key(&old.name, before) => Some(Change::DropPrimaryKey),
        (true, false) => Some(Change::Nullable),
        (false, true) => Some(Change::NotNull),
        _ => None,
    };
    match (&old.generated, &new.generated) {
        (None, None) => {}
        (Some(a), Some(b)) if a.stored == b.stored => {
            let is_same = is_same_type(old, new, sql) && texts(old, before, sql) == texts(new, after, sql);
            changes.push(match (is_same && nullability.is_none(), b.stored, a == b) {
                (false, _, _) | (_, true, false) => Change::Other,
                (_, true, true) => Change::ModifyStored,
                (_, false, true) => Change::Note,
                (_, false, false) => Change::AlterVirtual,
            });
            return changes;
        }
        _ => changes.push(Change::Other),
    }
    match (&old.identity, &new.identity) {
        (None, Some(_)) => changes.push(Change::Other),
        (Some(_), None) => changes.push(Change::DropNumbers),
        _ => {}
    }
    changes.extend(nullability);
    // MariaDB looks for a value to put in the place of NULL, even where there is none, and takes no moment for one.
    let computes = matches!(&new.default, Some(Expr::Sql(_) | Expr::PerDialect(_)))
        || native::base(&new.ty, sql) == "timestamp";
    if nullability == Some(Change::NotNull) && computes && Flavor::of(sql.server).either(false, true) {
        changes.push(Change::Other);
    }
    changes.push(of_type((old, before), (new, after), sql));
    changes
}

/// Whether the rows are kept in the order of a unique key that has a column, for want of a primary one: it takes no NULL.
fn stands_for_key(column: &str, table: &Table) -> bool {
    let uniques = table.uniques.iter().map(index::of_unique);
    let mut indexes =
        uniques.chain(table.indexes.iter().cloned()).filter(|index| index::keeps_rows(index, table));
    indexes.any(|index| index.keys.iter().any(|key| key.column_name() == Some(column)))
}

/// What it takes that columns of a table stand in another order; those that come or go don't count.
pub(in crate::mysql) fn moves(before: &Table, after: &Table) -> Vec<Change> {
    let order = |table: &Table, other: &Table| {
        let stay = table.columns.iter().filter(|column| other.column(&column.name).is_some());
        stay.map(|column| column.name.clone()).collect::<Vec<_>>()
    };
    let (old, new) = (order(before, after), order(after, before));
    let is_virtual = |name: &String| {
        let column = before.column(name);
        column.and_then(|column| column.generated.as_ref()).is_some_and(|generated| !generated.stored)
    };
    let kept = |names: &[String]| names.iter().filter(|name| !is_virtual(name)).cloned().collect::<Vec<_>>();
    let shifts = old.iter().zip(&new).any(|(a, b)| a != b && (is_virtual(a) || is_virtual(b)));
    let mut changes = Vec::new();
    if kept(&old) != kept(&new) {
        changes.push(Change::Move);
    }
    if shifts {
        changes.push(Change::MoveVirtual);
    }
    changes
}

/// Whether a column is written as before, and means the same.
pub(in crate::mysql) fn is_idle(
    (old, before): (&Column, &Table),
    (new, after): (&Column, &Table),
    sql: Sql<'_>,
) -> bool {
    let text = |of, table| column::definition(of, table, sql).ok();
    let notes = |change: &Change| matches!(change, Change::Note | Change::ModifyStored);
    text(old, before).is_some_and(|old| Some(old) == text(new, after))
        && changes((old, before), (new, after), sql).iter().all(notes)
}

fn is_same_type(old: &Column, new: &Column, sql: Sql<'_>) -> bool {
    native::lower(&old.ty, sql).ok() == native::lower(&new.ty, sql).ok()
}

pub(super) fn texts(
    column: &Column,
    table: &Table,
    sql: Sql<'_>,
) -> Option<(Option<String>, Option<String>)> {
    native::is_text(&column.ty, sql).then(|| fit::text_of(column, table, sql))
}

/// What a change of a type, a character set and a collation takes.
fn of_type((old, before): (&Column, &Table), (new, after): (&Column, &Table), sql: Sql<'_>) -> Change {
    use dunlin_dsl::ColumnType::{Enum, Set};
    let (from, to) = (texts(old, before, sql), texts(new, after, sql));
    let is_same_text = from == to;
    let json = |column, table| column::is_json_text(column, table, sql).unwrap_or_default();
    if json(old, before) != json(new, after) {
        return Change::Other;
    }
    if is_same_type(old, new, sql) && is_same_text {
        return Change::Note;
    }
    if let (Ok(a), Ok(b)) = (native::lower(&old.ty, sql), native::lower(&new.ty, sql)) {
        match (a, b) {
            (Enum(a), Enum(b)) if is_same_text && b.starts_with(&a) && (a.len() > 255) == (b.len() > 255) => {
                return Change::Note;
            }
            (Set(a), Set(b))
                if is_same_text && b.starts_with(&a) && set_bytes(a.len()) == set_bytes(b.len()) =>
            {
                return Change::Note;
            }
            _ => {}
        }
    }
    let base = native::base(&old.ty, sql);
    let length = |column: &Column| native::numbers(&column.ty, sql).first().copied().unwrap_or_default();
    if base != native::base(&new.ty, sql) || length(new) < length(old) {
        return Change::Other;
    }
    let bytes = |column, table| bytes(column, table, sql);
    let widened = match base.as_str() {
        "varchar" | "varbinary" => match (bytes(old, before), bytes(new, after)) {
            (Some(a), Some(b)) if (a > 255) == (b > 255) => Change::Widen,
            (Some(a), Some(_)) if a < 128 => Change::WidenShort,
            _ => return Change::Other,
        },
        "char" | "tinytext" | "text" | "mediumtext" | "longtext" if is_same_type(old, new, sql) => {
            Change::Widen
        }
        _ => return Change::Other,
    };
    match (from, to) {
        _ if is_same_text => widened,
        (Some((Some(a), _)), Some((Some(b), _))) if a == b || (a == "utf8mb3" && b == "utf8mb4") => {
            match (keeps(before, &old.name).max(keeps(after, &old.name)), widened) {
                (_, Change::WidenShort) | (Kept::Otherwise, _) => Change::Other,
                (Kept::InIndex, _) => Change::CollateKey,
                (Kept::InNone, _) => Change::Collate,
            }
        }
        _ => Change::Other,
    }
}

/// How an index keeps a column.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    InNone,
    InIndex,
    /// As the primary key, or by its words.
    Otherwise,
}

fn keeps(table: &Table, name: &str) -> Kept {
    let has = |index: &Index| index.keys.iter().any(|key| key.column_name() == Some(name));
    let is_word = |index: &Index| index.method.is_some() && has(index);
    let divides = table.partitioning.is_some();
    if divides || table.is_key_column(name) || table.indexes.iter().any(is_word) {
        return Kept::Otherwise;
    }
    let in_unique = table.uniques.iter().any(|unique| unique.columns.iter().any(|column| column == name));
    if in_unique || table.indexes.iter().any(has) { Kept::InIndex } else { Kept::InNone }
}

/// How many bytes a set of so many members takes.
fn set_bytes(members: usize) -> usize {
    match members.div_ceil(8) {
        5.. => 8,
        bytes => bytes,
    }
}

/// How many bytes the longest value of a column takes, where its type says it.
pub(super) fn bytes(column: &Column, table: &Table, sql: Sql<'_>) -> Option<u64> {
    let length = u64::from(native::numbers(&column.ty, sql).first().copied()?);
    match native::base(&column.ty, sql).as_str() {
        "varchar" | "char" => Some(length * options::widest(fit::text_of(column, table, sql).0.as_deref())?),
        "varbinary" | "binary" => Some(length),
        _ => None,
    }
}
