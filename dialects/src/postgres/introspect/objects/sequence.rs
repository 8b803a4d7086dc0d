//! What the rows of sequences mean.

use dunlin_dsl::{ColumnType, Definition, Expr, Identity, OwnedBy, Row, Sequence};

use super::table_of;
use crate::postgres::introspect::{Reader, Tables};
use crate::postgres::lower;

/// A sequence. One that is just as `serial` makes it is part of its column, unless it was asked for by its own name.
pub(super) fn sequence(reader: &Reader<'_>, tables: &Tables, row: &Row) -> Option<Definition> {
    let ty = row.text(5).unwrap_or_default();
    let numbers = Identity {
        start: row.int(6),
        increment: row.int(7),
        min: row.int(8),
        max: row.int(9),
        cache: row.int(10),
        cycle: row.bool(11),
        ..Identity::default()
    };
    let numbers = lower::identity(&numbers, &ty);
    let owned_by = row.text(14).map(|column| OwnedBy { table: reader.name(row, 12), column });
    let sequence = Sequence {
        ty: Some(ty).filter(|ty| ty != "bigint").map(ColumnType::Native),
        start: numbers.start,
        increment: numbers.increment,
        min: numbers.min,
        max: numbers.max,
        cache: numbers.cache,
        cycle: numbers.cycle,
        owned_by,
        unlogged: row.bool(15),
    };
    match !row.bool(18) && is_part_of_column(reader, tables, row, &sequence) {
        true => None,
        false => Some(Definition::Sequence(sequence)),
    }
}

/// Whether creating the column as a serial one brings this very sequence back.
fn is_part_of_column(reader: &Reader<'_>, tables: &Tables, row: &Row, sequence: &Sequence) -> bool {
    let Some(table) = table_of(tables, row.int(16)) else { return false };
    let Some(by) = &sequence.owned_by else { return false };
    let Some(column) = table.column(&by.column) else { return false };
    let ty = match &column.ty {
        ColumnType::Native(ty) if ty == "bigint" => None,
        ty => Some(ty.clone()),
    };
    let unlogged = table.options.unlogged && reader.sql.server.version >= lower::object::UNLOGGED;
    let usual = Sequence { ty, unlogged, owned_by: sequence.owned_by.clone(), ..Sequence::default() };
    let next = lower::next_number(&table.name, &by.column, reader.sql);
    let has_more = row.text(3).is_some() || row.bool(17);
    column.not_null && column.default == Some(Expr::Sql(next)) && *sequence == usual && !has_more
}
