//! How much of its table a change takes: what the server is asked for as a ceiling, and who waits meanwhile.
//!
//! Seen on MySQL 9.7 and MariaDB 10.11, by a test that asks for each change at its level and at the one below. Where a table
//! has what nobody has looked at, the change counts as a copy, and nothing is asked for.

pub(super) mod column;
pub(super) mod kept;
mod traits;

use std::collections::BTreeSet;
use std::fmt;

use dunlin_dsl::{ConnectionError, HazardKind, Name, Statement, Table, Unsupported};

use self::traits::Traits;
use super::flavor::{CEILINGS, Flavor};
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
    /// The same, where the server would do with less and leave rows or values as they were: it is told to.
    CopyAlways,
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
    /// An index is seen by queries or not; a foreign key goes.
    KeyNote,
    RenameIndex,
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
    /// Columns come to stand elsewhere among those that are kept.
    Move,
    /// A column computed when it is read comes to stand elsewhere.
    MoveVirtual,
    /// A column computed when it is read.
    AddVirtual,
    DropVirtual,
    AlterVirtual,
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
    /// What is kept of the rows, or where they are kept, follows a column's text or place, which becomes another.
    Recompute,
    /// A type, a check, a foreign key, and all else.
    Other,
}

/// What of a table is changed in the catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Key,
    Text,
    Table,
}

impl Change {
    /// What it takes of a table of InnoDB's with nothing special: on MySQL, and on MariaDB.
    fn plain(self) -> (Level, Level) {
        use Level::{Copy, CopyAlways, Inplace, InplaceShared, Instant, Nocopy, NocopyShared};
        match self {
            Self::Note => (Instant, Instant),
            Self::TableNote => (Nocopy, Instant),
            Self::KeyNote | Self::RenameIndex => (Nocopy, Instant),
            Self::RenameColumn => (Instant, Instant),
            Self::RenameReferred => (Nocopy, Instant),
            Self::AddColumn | Self::AddColumnWithin => (Instant, Instant),
            Self::AddRequired => (Inplace, Instant),
            Self::AddColumnAhead => (Instant, Copy),
            Self::DropColumn => (Instant, Instant),
            Self::Move => (Inplace, Instant),
            Self::MoveVirtual => (Instant, Copy),
            Self::AddVirtual => (Instant, Instant),
            Self::DropVirtual => (Instant, Instant),
            Self::AlterVirtual => (Copy, Instant),
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
            Self::Recompute => (CopyAlways, CopyAlways),
        }
    }

    /// Whether a column or an index comes or goes that is stored nowhere, which the servers do beside nothing else.
    pub(super) fn is_virtual(self) -> bool {
        matches!(self, Self::AddVirtual | Self::DropVirtual | Self::AddExpression | Self::DropExpression)
    }

    /// Whether a column comes, goes or moves, so that in one statement with what takes more it takes as much.
    pub(super) fn is_of_columns(self) -> bool {
        use Change::{AddColumn, AddColumnAhead, AddColumnWithin, AddRequired, DropColumn, Move};
        matches!(self, AddColumn | AddColumnWithin | AddColumnAhead | AddRequired | DropColumn | Move)
    }

    /// What it changes by the catalog alone, as long as nothing of another part changes beside it.
    pub(super) fn part(self) -> Option<Part> {
        match self {
            Self::RenameIndex | Self::KeyNote => Some(Part::Key),
            Self::Widen | Self::WidenShort | Self::Collate | Self::CollateKey => Some(Part::Text),
            Self::TableNote | Self::Rewrite => Some(Part::Table),
            _ => None,
        }
    }

    /// Whether it makes an index, which has text beside it that is compared otherwise from now on copied on MySQL.
    pub(super) fn is_index(self) -> bool {
        matches!(self, Self::AddIndex | Self::AddSpatial | Self::AddExpression) || self.is_fulltext()
    }

    /// Whether it makes an index of words, of which each statement makes one.
    pub(super) fn is_fulltext(self) -> bool {
        matches!(self, Self::AddFirstFulltext | Self::AddFulltext)
    }
}

/// What a change of one statement takes of a table that stays otherwise as it is.
pub(super) fn of(changes: &[Change], table: &Table, sql: Sql<'_>) -> Level {
    between(changes, table, table, sql)
}

/// What changes of one statement take of a table as it was, and as they make it.
pub(super) fn between(changes: &[Change], before: &Table, after: &Table, sql: Sql<'_>) -> Level {
    let (flavor, traits) = (Flavor::of(sql.server), Traits::of(before, after, sql));
    if changes.contains(&Change::Recompute) {
        return Level::CopyAlways;
    }
    let is_mixed = changes.contains(&Change::AddExpression) && changes.contains(&Change::DropExpression);
    if is_mixed || changes.iter().filter(|change| change.is_fulltext()).count() > 1 {
        return Level::Copy;
    }
    let parts: BTreeSet<Part> = changes.iter().filter_map(|change| change.part()).collect();
    let least = if parts.len() > 1 && flavor.minds_several_parts() { Level::Nocopy } else { Level::Instant };
    let levels = changes.iter().map(|change| traits.level(*change, flavor));
    levels.fold(least, Level::and)
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
    // Only INNODB_COLUMNS tells of it, which takes the PROCESS privilege and reads all tables of the server.
    let may_be_words = code == "1845" && *asked == CEILINGS[0] && statement.contains(" COLUMN ");
    let why = match may_be_words {
        true => " (a FULLTEXT index that was dropped leaves a hidden column in it until it is written anew)",
        false => "",
    };
    Some(format!(
        "it was asked for with {asked}, as the least that such a change takes, and this table takes more{why}: say allow_copy(..) of \
         the table beside the change, and the server may copy it, while writers wait"
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
        let is_asked = !self.is_lifted || self.level == Level::CopyAlways;
        let takes_words = is_asked && (place == Place::Last || flavor.has_partition_ceilings());
        let words = flavor.ceiling(self.level).filter(|_| takes_words);
        let parts: Vec<String> = clauses.iter().map(ToString::to_string).collect();
        let head = format!("ALTER TABLE {}", sql.table(table)?);
        let (start, between) = if parts.len() == 1 { (" ", ", ") } else { ("\n  ", ",\n  ") };
        let meaning = format!("{head}{start}{}", parts.join(between));
        let statement = match (place, words) {
            (_, None) => Statement::new(meaning, at),
            (Place::First, Some(words)) => {
                let text = format!("{head} {words}, {}", parts.join(", "));
                Statement { meaning: Some(meaning), ..Statement::new(text, at) }
            }
            (Place::Last, Some(words)) => {
                let text = format!("{meaning}{between}{words}");
                Statement { meaning: Some(meaning), ..Statement::new(text, at) }
            }
        };
        Ok(self.hazards(statement, table))
    }

    fn hazards(self, statement: Statement, table: &Name) -> Statement {
        use HazardKind::{BlocksWrites, Rewrite};
        let (kinds, does): (&[HazardKind], &str) = match self.level {
            Level::Copy | Level::CopyAlways | Level::InplaceShared => (&[Rewrite, BlocksWrites], "writes"),
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
