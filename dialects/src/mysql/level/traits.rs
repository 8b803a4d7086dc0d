//! What a table has by which a change of it takes more.

use dunlin_dsl::{Column, Index, Table};

use super::column::bytes;
use super::{Change, Level};
use crate::mysql::flavor::Flavor;
use crate::mysql::lower::plain_unique;
use crate::mysql::{native, options};
use crate::sql::Sql;

/// What a table has by which a change takes more.
pub(super) struct Traits {
    is_plain: bool,
    is_compressed: bool,
    is_partitioned: bool,
    fulltext: usize,
    has_spatial: bool,
    has_expressions: bool,
    has_stored: bool,
    has_indexed_virtual: bool,
    /// Whether it has such an index in the end, which is made anew with the table.
    indexes_virtual: bool,
}

impl Traits {
    /// What it has before a statement, and what a rebuild makes of it.
    pub(super) fn of(table: &Table, after: &Table, sql: Sql<'_>) -> Self {
        let method =
            |name: &str| table.indexes.iter().filter(|index| index.method.as_deref() == Some(name)).count();
        Self {
            is_plain: options::is_innodb(&table.options, sql)
                && ![table, after].iter().any(|table| has_hashed_key(table, sql)),
            is_compressed: options::is_compressed(&table.options),
            is_partitioned: table.partitioning.is_some(),
            fulltext: method("fulltext"),
            has_spatial: method("spatial") > 0,
            has_expressions: table
                .indexes
                .iter()
                .any(|index| index.keys.iter().any(|key| key.column_name().is_none())),
            has_stored: generated(table, true).next().is_some(),
            has_indexed_virtual: has_indexed_virtual(table),
            indexes_virtual: has_indexed_virtual(after),
        }
    }

    /// What a change takes of this table.
    pub(super) fn level(&self, change: Change, flavor: Flavor) -> Level {
        use Change::{
            AddColumn, AddColumnWithin, AddPrimaryKey, AddRequired, AddVirtual, DropColumn, DropVirtual,
            Move, NotNull,
        };
        let (mysql, mariadb) = change.plain();
        let mut level = flavor.either(mysql, mariadb);
        if !self.is_plain || level >= Level::Copy {
            return level.max(Level::Copy);
        }
        let is_at_once = match change {
            AddColumn => flavor.adds_columns_at_once(),
            DropColumn => flavor.drops_columns_at_once(),
            _ => flavor.adds_columns_within_at_once(),
        };
        if change.is_of_columns() && (!is_at_once || self.is_compressed || self.fulltext > 0) {
            level = Level::Inplace;
        }
        let stops_virtual = match change {
            AddVirtual => flavor.either(self.has_expressions, self.is_partitioned),
            DropVirtual => flavor.either(false, self.is_partitioned),
            DropColumn => flavor.either(false, self.has_indexed_virtual),
            AddPrimaryKey => flavor.either(false, self.has_stored),
            NotNull => flavor.either(false, self.has_indexed_virtual || self.has_stored),
            _ => false,
        };
        if stops_virtual {
            return Level::Copy;
        }
        if change == Change::RenameColumn && !flavor.renames_columns_at_once() {
            level = Level::Nocopy;
        }
        if change == DropVirtual && flavor.either(self.has_expressions || self.has_indexed_virtual, false) {
            level = Level::Nocopy;
        }
        if matches!(change, AddColumn | AddColumnWithin | AddRequired | Move)
            && flavor.either(false, self.has_indexed_virtual)
        {
            level = Level::Inplace;
        }
        if matches!(level, Level::Inplace | Level::InplaceShared) {
            level = level.and(flavor.rebuild_with_fulltext(self.fulltext));
            if self.has_spatial || flavor.either(false, self.indexes_virtual) {
                level = level.and(Level::InplaceShared);
            }
        }
        level
    }
}

fn generated(table: &Table, stored: bool) -> impl Iterator<Item = &Column> {
    let is = move |column: &&Column| column.generated.as_ref().is_some_and(|of| of.stored == stored);
    table.columns.iter().filter(is)
}

/// Whether an index has a column that is computed when it is read.
fn has_indexed_virtual(table: &Table) -> bool {
    let of_keys = |name: &str| {
        let names =
            table.indexes.iter().flat_map(|index| index.keys.iter().filter_map(|key| key.column_name()));
        let uniques = table.uniques.iter().flat_map(|unique| unique.columns.iter().map(String::as_str));
        names.chain(uniques).any(|other| other == name)
    };
    generated(table, false).any(|column| of_keys(&column.name))
}

/// Whether MariaDB keeps a unique key by a hash, in a hidden column: one that is too long for an index.
fn has_hashed_key(table: &Table, sql: Sql<'_>) -> bool {
    const LONGEST: u64 = 3072;
    if !Flavor::of(sql.server).hashes_long_keys() {
        return false;
    }
    let short = ["COMPACT", "REDUNDANT"];
    let is_short = table.options.row_format.as_deref().is_some_and(|format| short.contains(&format));
    let is_long = |columns: &mut dyn Iterator<Item = &str>| {
        let lengths = columns.map(|name| {
            let column = table.column(name)?;
            match native::is_large(&column.ty, sql) {
                true => None,
                false => Some(bytes(column, table, sql).unwrap_or(8)),
            }
        });
        let lengths: Option<Vec<u64>> = lengths.collect();
        lengths.is_none_or(|lengths| {
            lengths.iter().sum::<u64>() > LONGEST
                || lengths.iter().any(|bytes| *bytes > if is_short { 767 } else { LONGEST })
        })
    };
    let uniques = table.uniques.iter().map(|unique| is_long(&mut unique.columns.iter().map(String::as_str)));
    let indexes = table.indexes.iter().filter(|index| index.unique && plain_unique(index).is_none());
    let whole = |index: &Index| index.keys.iter().all(|key| key.prefix.is_none());
    let indexes = indexes
        .filter(|index| whole(index))
        .map(|index| is_long(&mut index.keys.iter().filter_map(|key| key.column_name())));
    uniques.chain(indexes).any(|is_long| is_long)
}
