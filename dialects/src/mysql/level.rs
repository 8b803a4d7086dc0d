//! How much of its table a change takes: what the server is asked for as a ceiling, and who waits meanwhile.
//!
//! Seen on MySQL 9.7 and MariaDB 10.11, by a test that asks for each change at its level and at the one below. Where a table
//! has what nobody has looked at, the change counts as a copy, and nothing is asked for.

use std::fmt;

use dunlin_dsl::{ConnectionError, HazardKind, Name, Statement, Table, Unsupported};

use super::flavor::{CEILINGS, Flavor};
use super::lower::plain_unique;
use super::{column, fit, native, options};
use crate::sql::Sql;

/// What a change takes, from the least on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// The catalog alone.
    Instant,
    /// Beside readers and writers, and the table stays where it is: an index is built or dropped.
    Nocopy,
    /// The same, while writers wait.
    NocopyShared,
    /// The table is written anew beside readers and writers.
    Inplace,
    /// The same, while writers wait.
    InplaceShared,
    /// The table is copied row by row while writers wait. It is the server's last resort, so nothing is asked for.
    Copy,
}

impl Level {
    /// What two changes in one statement take.
    pub(super) fn and(self, other: Self) -> Self {
        match (self.min(other), self.max(other)) {
            (Self::NocopyShared, Self::Inplace) => Self::InplaceShared,
            (_, most) => most,
        }
    }
}

/// A change of a table, as far as it matters to what it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    /// Of a column, in the catalog alone: its default, its comment, more values of its list; a check that goes.
    Note,
    /// Of the table, in the catalog alone: its comment, the default of its text, its next number.
    TableNote,
    /// An index gets another name, or is seen by queries or not; a foreign key goes.
    KeyNote,
    RenameColumn,
    /// A column to which a foreign key refers.
    RenameReferred,
    /// A last column that is kept, and the same for every row.
    AddColumn,
    /// One that isn't the last.
    AddColumnWithin,
    /// One that refuses NULL and has no default, where the server would have to invent a day or a shape.
    AddRequired,
    /// One ahead of columns that are computed when they are read.
    AddColumnAhead,
    DropColumn,
    /// A column computed when it is read.
    AddVirtual,
    DropVirtual,
    ChangeVirtual,
    /// A column whose value the server has to compute for each row.
    AddComputed,
    /// A remark on a column computed when it is written.
    ModifyStored,
    /// A column by which the rows are numbered.
    AddNumbered,
    DropNumbers,
    /// Text gets longer, and its length takes as many bytes as before.
    Widen,
    /// The same, from up to 127 bytes to more than 255.
    WidenShort,
    /// Another collation, or utf8mb4 from utf8mb3, of text in no index.
    Collate,
    /// The same of text in an index.
    CollateKey,
    Nullable,
    NotNull,
    AddIndex,
    AddFirstFulltext,
    AddFulltext,
    AddSpatial,
    /// An index over an expression.
    AddExpression,
    DropExpression,
    DropIndex,
    AddPrimaryKey,
    /// The primary key goes, and no other comes.
    DropPrimaryKey,
    /// Partitions by value come or go.
    Partition,
    /// Rows go from partition to partition.
    Repartition,
    /// How the table is kept: its row format.
    Rewrite,
    /// A type, a check, a foreign key, and all else.
    Other,
}

impl Change {
    /// What it takes of a table of InnoDB's with nothing special: on MySQL, and on MariaDB.
    fn plain(self) -> (Level, Level) {
        use Level::{Copy, Inplace, InplaceShared, Instant, Nocopy, NocopyShared};
        match self {
            Self::Note => (Instant, Instant),
            Self::TableNote => (Nocopy, Instant),
            Self::KeyNote => (Nocopy, Instant),
            Self::RenameColumn => (Instant, Instant),
            Self::RenameReferred => (Nocopy, Instant),
            Self::AddColumn | Self::AddColumnWithin => (Instant, Instant),
            Self::AddRequired => (Inplace, Instant),
            Self::AddColumnAhead => (Instant, Copy),
            Self::DropColumn => (Instant, Instant),
            Self::AddVirtual => (Instant, Instant),
            Self::DropVirtual => (Instant, Instant),
            Self::ChangeVirtual => (Copy, Instant),
            Self::AddComputed => (Copy, Copy),
            Self::ModifyStored => (Instant, Copy),
            Self::AddNumbered => (InplaceShared, InplaceShared),
            Self::DropNumbers => (Copy, Instant),
            Self::Widen => (Nocopy, Instant),
            Self::WidenShort => (Copy, Instant),
            Self::Collate => (Nocopy, Instant),
            Self::CollateKey => (Copy, Nocopy),
            Self::Nullable => (Inplace, Inplace),
            Self::NotNull => (Inplace, Inplace),
            Self::AddIndex => (Nocopy, Nocopy),
            Self::AddFirstFulltext => (InplaceShared, InplaceShared),
            Self::AddFulltext | Self::AddSpatial => (NocopyShared, NocopyShared),
            Self::AddExpression => (NocopyShared, Copy),
            Self::DropExpression => (Nocopy, Copy),
            Self::DropIndex => (Nocopy, Nocopy),
            Self::AddPrimaryKey => (Inplace, Inplace),
            Self::DropPrimaryKey => (Copy, Copy),
            Self::Partition => (Nocopy, Nocopy),
            Self::Repartition => (InplaceShared, Copy),
            Self::Rewrite => (Inplace, Inplace),
            Self::Other => (Copy, Copy),
        }
    }

    /// Whether a column or an index comes or goes that is stored nowhere, which the servers do beside nothing else.
    pub(super) fn is_virtual(self) -> bool {
        matches!(self, Self::AddVirtual | Self::DropVirtual | Self::AddExpression | Self::DropExpression)
    }

    /// Whether a column comes or goes, so that in one statement with what takes more it takes as much.
    pub(super) fn is_of_columns(self) -> bool {
        use Change::{AddColumn, AddColumnAhead, AddColumnWithin, AddRequired, DropColumn};
        matches!(self, AddColumn | AddColumnWithin | AddColumnAhead | AddRequired | DropColumn)
    }

    /// Whether it makes an index of words, of which each statement makes one.
    pub(super) fn is_fulltext(self) -> bool {
        matches!(self, Self::AddFirstFulltext | Self::AddFulltext)
    }
}

/// What a table has by which a change takes more.
struct Traits {
    is_plain: bool,
    is_compressed: bool,
    is_partitioned: bool,
    fulltext: usize,
    has_spatial: bool,
    has_expressions: bool,
    has_stored: bool,
    has_indexed_virtual: bool,
}

impl Traits {
    fn of(table: &Table, sql: Sql<'_>) -> Self {
        let method =
            |name: &str| table.indexes.iter().filter(|index| index.method.as_deref() == Some(name)).count();
        let of_keys = |name: &str| {
            let names =
                table.indexes.iter().flat_map(|index| index.keys.iter().filter_map(|key| key.column_name()));
            let mut names = names
                .chain(table.uniques.iter().flat_map(|unique| unique.columns.iter().map(String::as_str)));
            names.any(|other| other == name)
        };
        let generated = |stored: bool| {
            let is = move |column: &&dunlin_dsl::Column| {
                column.generated.as_ref().is_some_and(|of| of.stored == stored)
            };
            table.columns.iter().filter(is)
        };
        Self {
            is_plain: options::is_innodb(&table.options, sql) && !has_hashed_key(table, sql),
            is_compressed: options::is_compressed(&table.options),
            is_partitioned: table.partitioning.is_some(),
            fulltext: method("fulltext"),
            has_spatial: method("spatial") > 0,
            has_expressions: table
                .indexes
                .iter()
                .any(|index| index.keys.iter().any(|key| key.column_name().is_none())),
            has_stored: generated(true).next().is_some(),
            has_indexed_virtual: generated(false).any(|column| of_keys(&column.name)),
        }
    }

    /// What a change takes of this table.
    fn level(&self, change: Change, flavor: Flavor) -> Level {
        use Change::{AddColumn, AddColumnWithin, AddRequired, AddVirtual, DropColumn, DropVirtual, NotNull};
        let (mysql, mariadb) = change.plain();
        let mut level = flavor.either(mysql, mariadb);
        if !self.is_plain || level == Level::Copy {
            return Level::Copy;
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
        if matches!(change, AddColumn | AddColumnWithin | AddRequired)
            && flavor.either(false, self.has_indexed_virtual)
        {
            level = Level::Inplace;
        }
        if matches!(level, Level::Inplace | Level::InplaceShared) {
            level = level.and(flavor.rebuild_with_fulltext(self.fulltext));
            if self.has_spatial || flavor.either(false, self.has_indexed_virtual) {
                level = level.and(Level::InplaceShared);
            }
        }
        level
    }
}

/// What changes of one statement take of a table.
pub(super) fn of(changes: &[Change], table: &Table, sql: Sql<'_>) -> Level {
    let (flavor, traits) = (Flavor::of(sql.server), Traits::of(table, sql));
    let is_mixed = changes.contains(&Change::AddExpression) && changes.contains(&Change::DropExpression);
    if is_mixed || changes.iter().filter(|change| change.is_fulltext()).count() > 1 {
        return Level::Copy;
    }
    let levels = changes.iter().map(|change| traits.level(*change, flavor));
    levels.fold(Level::Instant, Level::and)
}

/// What a change of a column takes: `old` in the table as it was, `new` in what it becomes.
pub(super) fn of_column(
    (old, before): (&dunlin_dsl::Column, &Table),
    (new, after): (&dunlin_dsl::Column, &Table),
    sql: Sql<'_>,
) -> Vec<Change> {
    let mut changes = vec![Change::Note];
    let refuses =
        |column: &dunlin_dsl::Column, table: &Table| column.not_null || table.is_key_column(&column.name);
    let nullability = match (refuses(old, before), refuses(new, after)) {
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
                (_, false, false) => Change::ChangeVirtual,
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
    changes.push(of_type((old, before), (new, after), sql));
    changes
}

fn is_same_type(old: &dunlin_dsl::Column, new: &dunlin_dsl::Column, sql: Sql<'_>) -> bool {
    native::lower(&old.ty, sql).ok() == native::lower(&new.ty, sql).ok()
}

fn texts(
    column: &dunlin_dsl::Column,
    table: &Table,
    sql: Sql<'_>,
) -> Option<(Option<String>, Option<String>)> {
    native::is_text(&column.ty, sql).then(|| fit::text_of(column, table, sql))
}

/// What a change of a type, a character set and a collation takes.
fn of_type(
    (old, before): (&dunlin_dsl::Column, &Table),
    (new, after): (&dunlin_dsl::Column, &Table),
    sql: Sql<'_>,
) -> Change {
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
    let length =
        |column: &dunlin_dsl::Column| native::numbers(&column.ty, sql).first().copied().unwrap_or_default();
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
            match (keeps(before, &old.name), widened) {
                (_, Change::WidenShort) | (Kept::Otherwise, _) => Change::Other,
                (Kept::InIndex, _) => Change::CollateKey,
                (Kept::InNone, _) => Change::Collate,
            }
        }
        _ => Change::Other,
    }
}

/// How an index keeps a column.
enum Kept {
    InNone,
    InIndex,
    /// As the primary key, or by its words.
    Otherwise,
}

fn keeps(table: &Table, name: &str) -> Kept {
    let has = |index: &dunlin_dsl::Index| index.keys.iter().any(|key| key.column_name() == Some(name));
    let is_word = |index: &dunlin_dsl::Index| index.method.is_some() && has(index);
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
fn bytes(column: &dunlin_dsl::Column, table: &Table, sql: Sql<'_>) -> Option<u64> {
    let length = u64::from(native::numbers(&column.ty, sql).first().copied()?);
    match native::base(&column.ty, sql).as_str() {
        "varchar" | "char" => Some(length * options::widest(fit::text_of(column, table, sql).0.as_deref())?),
        "varbinary" | "binary" => Some(length),
        _ => None,
    }
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
    let whole = |index: &dunlin_dsl::Index| index.keys.iter().all(|key| key.prefix.is_none());
    let indexes = indexes
        .filter(|index| whole(index))
        .map(|index| is_long(&mut index.keys.iter().filter_map(|key| key.column_name())));
    uniques.chain(indexes).any(|is_long| is_long)
}

/// What lets a statement run that the server refused for its ceiling, or for the history that a table keeps.
///
/// 1845 and 1846 say that it can't be done so, 1221 that the words don't go together, 4092 that the table has had too many columns
/// come and go at once, 1795 that it makes one FULLTEXT index at a time.
pub(super) fn advice(error: &ConnectionError, statement: &str) -> Option<String> {
    const VERSIONED: &str = "4119";
    let code = error.code.as_deref()?;
    if code == VERSIONED {
        let set = "[session] mariadb = [\"SET system_versioning_alter_history = KEEP\"]";
        return Some(format!(
            "the table keeps its history, and is changed where the session says so: `{set}` in dunlin.toml"
        ));
    }
    if !["1845", "1846", "1221", "4092", "1795"].contains(&code) {
        return None;
    }
    let asked = CEILINGS.iter().find(|words| statement.contains(*words))?;
    Some(format!(
        "it was asked for with {asked}, as the least that such a change takes, and this table takes more: allow_copy(..) of the table \
         in the revision lets the server copy it, while writers wait"
    ))
}

/// Where the words for the ceiling stand.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Last,
    /// Partitions take nothing behind them.
    First,
}

/// The most that a statement may take.
#[derive(Clone, Copy)]
pub(super) struct Ceiling {
    pub(super) level: Level,
    /// Whether the revision lets the server copy the table.
    pub(super) is_lifted: bool,
}

impl Ceiling {
    /// The statement of these clauses, and who waits for it.
    pub(super) fn statement(
        self,
        table: &Name,
        clauses: &[impl fmt::Display],
        place: Place,
        at: impl Into<Vec<usize>>,
        sql: Sql<'_>,
    ) -> Result<Statement, Unsupported> {
        let flavor = Flavor::of(sql.server);
        let takes_words = !self.is_lifted && (place == Place::Last || flavor.has_partition_ceilings());
        let words = flavor.ceiling(self.level).filter(|_| takes_words);
        let mut parts: Vec<String> = clauses.iter().map(ToString::to_string).collect();
        let head = format!("ALTER TABLE {}", sql.table(table)?);
        let text = match (place, words) {
            (Place::First, Some(words)) => format!("{head} {words}, {}", parts.join(", ")),
            (_, words) if parts.len() == 1 => {
                parts.extend(words.map(str::to_owned));
                format!("{head} {}", parts.join(", "))
            }
            (_, words) => {
                parts.extend(words.map(str::to_owned));
                format!("{head}\n  {}", parts.join(",\n  "))
            }
        };
        Ok(self.hazards(Statement::new(text, at), table))
    }

    fn hazards(self, statement: Statement, table: &Name) -> Statement {
        use HazardKind::{BlocksWrites, Rewrite};
        let (kinds, does): (&[HazardKind], &str) = match self.level {
            Level::Copy | Level::InplaceShared => (&[Rewrite, BlocksWrites], "writes"),
            _ if self.is_lifted => (&[Rewrite, BlocksWrites], "may write"),
            Level::Inplace => (&[Rewrite], "writes"),
            Level::NocopyShared => (&[BlocksWrites], "reads"),
            Level::Instant | Level::Nocopy => (&[], ""),
        };
        let message = match does {
            "reads" => format!("reads all of {table}"),
            does => format!("{does} {table} anew"),
        };
        kinds.iter().fold(statement, |statement, kind| statement.hazard(*kind, message.clone()))
    }
}
