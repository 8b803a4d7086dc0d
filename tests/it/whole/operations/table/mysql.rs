//! What may be done to a table of MySQL or MariaDB alone.

use dunlin::prelude::*;

use super::{At, Change, number, rename_constraint, set_options};
use crate::server::Kind;

pub(super) const CHANGES: [Change; 13] = [
    rename_constraint,
    set_options,
    enforce,
    change_partitions,
    set_index_visibility,
    convert_text,
    set_charset,
    set_column_visibility,
    set_on_update,
    move_column,
    set_engine_option,
    number,
    exchange,
];

fn enforce(at: &mut At<'_>) -> Option<()> {
    if at.dice.kind != Kind::Mysql {
        return None;
    }
    let (_, name) = at.constraint(|of| of.kind() == ConstraintKind::Check)?;
    let to = at.dice.pick(&[Enforcement::Full, Enforcement::NotEnforced]);
    at.change(TableChange::Constraint { name, change: ConstraintChange::Enforcement(to) });
    Some(())
}

/// Partitions come, go and are divided anew.
fn change_partitions(at: &mut At<'_>) -> Option<()> {
    let name = at.name();
    let Some(of) = &at.table.partitioning else {
        let plain = at.table.foreign_keys.is_empty() && !at.is_referred();
        let key = at.table.primary_key.as_ref().is_none_or(|key| key.columns == ["id"]);
        let fine = at.table.uniques.is_empty() && at.table.indexes.iter().all(|index| !index.unique);
        let full_text = at.table.indexes.iter().any(|index| index.method.is_some());
        let placed = at.table.options.tablespace.is_some();
        if !plain || !key || !fine || full_text || placed || !at.has("id") {
            return None;
        }
        at.op.partition_table(name, |table| table.partition_by_hash(["id"]).partitions(3));
        return Some(());
    };
    match (of.method, of.partitions.first()) {
        (PartitionMethod::Range, Some(first)) if at.dice.coin() => {
            let least = vec![1; of.keys.len()];
            let into = [
                Partition { name: "lower".into(), bound: Some(Bound::less_than(least)), comment: None },
                Partition { name: "upper".into(), ..first.clone() },
            ];
            at.op.reorganize_partitions(name, [first.name.as_str()], into);
        }
        (PartitionMethod::List, Some(_)) => {
            let number = at.dice.number() + 2000;
            at.op.add_partition(name, "added", Bound::list([number]));
        }
        (_, Some(first)) => {
            let partition = Partition { comment: at.dice.remark().map(str::to_owned), ..first.clone() };
            at.op.reorganize_partitions(name, [first.name.as_str()], [partition]);
        }
        _ if at.dice.coin() => {
            let count = Some(at.dice.below(5) as u32 + 1);
            at.change(TableChange::Partitioning(Some(Partitioning { count, ..of.clone() })));
        }
        _ => at.op.remove_partitioning(name),
    }
    Some(())
}

/// A partition changes places with a table of the same columns.
fn exchange(at: &mut At<'_>) -> Option<()> {
    let of = at.table.partitioning.as_ref()?;
    let partition = of.partitions.first()?.name.clone();
    let (name, new) = (at.name(), at.unused("exchanged"));
    let mut table = at.table.clone();
    (table.name, table.partitioning) = (new.as_str().into(), None);
    (table.notes, table.grants) = Default::default();
    at.op.push(Op::CreateTable { table, if_not_exists: false });
    at.op.exchange_partition(name, partition, new);
    Some(())
}

fn set_engine_option(at: &mut At<'_>) -> Option<()> {
    let mut options = at.table.options.clone();
    let (name, value) =
        at.dice.pick(&[("stats_persistent", "1"), ("stats_sample_pages", "9"), ("max_rows", "77")]);
    match at.dice.coin() {
        true => _ = options.engine_options.insert(name.into(), value.into()),
        false => _ = options.engine_options.remove(name),
    }
    at.op.push(Op::SetTableOptions { table: at.name(), options });
    Some(())
}

fn set_index_visibility(at: &mut At<'_>) -> Option<()> {
    let name = at.index(|_| true)?;
    let invisible = at.dice.coin();
    at.change(TableChange::Index { name, change: IndexChange::Invisible(invisible) });
    Some(())
}

fn convert_text(at: &mut At<'_>) -> Option<()> {
    if at.is_referred() || !at.table.foreign_keys.is_empty() {
        return None;
    }
    let charset = Some(at.dice.pick(&["latin1", "utf8mb4"]).to_owned());
    at.change(TableChange::Text { charset, collation: None });
    Some(())
}

fn set_charset(at: &mut At<'_>) -> Option<()> {
    at.has("word").then_some(())?;
    let charset = at.dice.coin().then(|| "latin1".to_owned());
    at.alter("word", ColumnChange::Charset(charset));
    Some(())
}

fn set_column_visibility(at: &mut At<'_>) -> Option<()> {
    let column = at.column_where(|column| column.name != "id" && !column.not_null)?;
    at.alter(column.name, ColumnChange::Invisible(!column.invisible));
    Some(())
}

fn move_column(at: &mut At<'_>) -> Option<()> {
    let column = at.column();
    let position = match at.column_where(|other| other.name != column.name) {
        Some(other) if at.dice.coin() => Position::After(other.name),
        _ => Position::First,
    };
    at.alter(column.name, ColumnChange::Position(position));
    Some(())
}

fn set_on_update(at: &mut At<'_>) -> Option<()> {
    let moment = |column: &Column| matches!(column.ty, ColumnType::Timestamp { .. });
    let column = at.column_where(moment)?;
    let ColumnType::Timestamp { precision, .. } = column.ty else { return None };
    let now = precision.map_or("CURRENT_TIMESTAMP".into(), |digits| format!("CURRENT_TIMESTAMP({digits})"));
    let to = column.on_update.is_none().then(|| sql(now));
    at.alter(column.name, ColumnChange::OnUpdate(to));
    Some(())
}
