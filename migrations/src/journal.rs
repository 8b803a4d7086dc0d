//! `dunlin_journal`: the log of all runs, to which rows are only ever added.
//!
//! A revision that is one transaction leaves one row, [`Outcome::Applied`] or [`Outcome::Reverted`], which commits with
//! it; one that failed and was rolled back leaves one row too, [`Outcome::Failed`], written afterwards. A revision that
//! can't be one transaction is written down before it runs: each of its segments with the tables as they were and
//! their undo, each statement with its text; then for each statement an intent before it and an outcome after it.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hasher, RandomState};

use dunlin_dsl::{Connection, ObjectId, Row, Schema};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::checksum;
use crate::error::{Error, Kind, Result};
use crate::layout::{JOURNAL, Layout, VERSION};
use crate::plan::Direction;
use crate::undo::Undo;

/// Text beyond this isn't kept; the code has it, and its hash tells whether it is still the same.
const MAX_SQL_BYTES: usize = 64 * 1024;

/// What a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Row 0: the layout of the tables.
    Layout,
    /// A segment of a revision, with the tables that it touches as they were, and its undo.
    Segment,
    /// A statement that is to run.
    Planned,
    /// A statement is about to run.
    Intent,
    /// A statement, or a data step, is done.
    Done,
    /// It failed, and what failed changed nothing.
    Failed,
    /// The revision is applied.
    Applied,
    /// The revision is undone.
    Reverted,
    /// The revision was said to be applied.
    Stamped,
    /// The revision was said not to be applied.
    Unstamped,
}

/// Outcomes of an attempt that isn't over.
const GOING: [Outcome; 5] =
    [Outcome::Segment, Outcome::Planned, Outcome::Intent, Outcome::Done, Outcome::Failed];

/// Outcomes after which an attempt is over.
const CLOSING: [Outcome; 4] = [Outcome::Applied, Outcome::Reverted, Outcome::Stamped, Outcome::Unstamped];

/// A row to be written.
pub(crate) struct Entry<'a> {
    pub(crate) run_id: &'a str,
    pub(crate) revision: &'a str,
    pub(crate) direction: Option<Direction>,
    pub(crate) statement: Option<usize>,
    pub(crate) sql: Sql<'a>,
    pub(crate) outcome: Outcome,
    pub(crate) detail: Option<&'a str>,
}

/// What a row keeps of a statement.
#[derive(Clone, Copy)]
pub(crate) enum Sql<'a> {
    None,
    /// Its hash.
    Hash(&'a str),
    /// Its text, and the hash of what that means.
    Text {
        sql: &'a str,
        meaning: &'a str,
    },
}

/// What a segment's row keeps in its detail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Segment {
    /// Its place in the revision, counted from 0.
    pub(crate) segment: usize,
    /// The tables that it touches, by name; one that isn't in `before` didn't exist.
    pub(crate) touched: Vec<ObjectId>,
    /// The tables that it touches, as they were.
    pub(crate) before: Schema,
    /// Its undo, on a way up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) undo: Option<Undo>,
}

/// What earlier attempts at a revision left, one way.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempted {
    /// The segments that were begun, by their places.
    pub(crate) segments: BTreeMap<usize, Segment>,
    /// The statements that were to run, with their text where it was kept.
    pub(crate) planned: BTreeMap<usize, Option<String>>,
    /// The statements that are done, with their hashes.
    pub(crate) done: BTreeMap<usize, String>,
    /// The statements that were begun, and of which no outcome is known.
    pub(crate) unknown: Vec<usize>,
    /// When the last of them failed, and how.
    pub(crate) failure: Option<(String, String)>,
}

/// What earlier attempts left, by revision and way; those that came to an end are not among them.
pub(crate) type Open = BTreeMap<(String, Direction), Attempted>;

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Layout => "layout",
            Self::Segment => "segment",
            Self::Planned => "planned",
            Self::Intent => "intent",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Applied => "applied",
            Self::Reverted => "reverted",
            Self::Stamped => "stamped",
            Self::Unstamped => "unstamped",
        }
    }
}

impl Entry<'_> {
    /// The statement that writes it. The row's number is the next one, which the statement finds itself.
    pub(crate) fn insert(&self, layout: &Layout) -> Result<String> {
        let own = &layout.journal;
        let (hash, sql) = match self.sql {
            Sql::None => (None, None),
            Sql::Hash(hash) => (Some(hash.to_owned()), None),
            Sql::Text { sql, meaning } => {
                (Some(checksum::hash(meaning)), Some(sql).filter(|sql| sql.len() <= MAX_SQL_BYTES))
            }
        };
        let number = self.statement.map_or_else(|| "NULL".to_owned(), |number| number.to_string());
        Ok(format!(
            "INSERT INTO {table} ({}) SELECT COALESCE(MAX({seq}), 0) + 1, {}, {}, {}, {number}, {}, {}, {}, NULL, \
             NULL, {}, {} FROM {table}",
            own.columns(0..JOURNAL.len()),
            layout.literal(self.run_id)?,
            layout.literal(self.revision)?,
            layout.literal(self.direction.map(Direction::as_str))?,
            layout.literal(hash)?,
            layout.literal(sql)?,
            layout.literal(self.outcome.as_str())?,
            layout.now()?,
            layout.literal(self.detail)?,
            table = own.sql,
            seq = own.column(0),
        ))
    }
}

/// The statement that writes row 0.
pub(crate) fn version_row(layout: &Layout, run_id: &str) -> Result<String> {
    let own = &layout.journal;
    Ok(format!(
        "INSERT INTO {} ({}, {}, {}, {}) VALUES (0, {}, {}, {}, {})",
        own.sql,
        own.columns(0..2),
        own.column(7),
        own.column(10),
        own.column(11),
        layout.literal(run_id)?,
        layout.literal(Outcome::Layout.as_str())?,
        layout.now()?,
        layout.literal(VERSION.to_string())?,
    ))
}

/// What earlier attempts left unfinished; the tables exist.
pub(crate) async fn open(conn: &mut dyn Connection, layout: &Layout) -> Result<Open> {
    let own = &layout.journal;
    let [seq, revision, outcome] = [0, 2, 7].map(|place| own.column(place));
    let list = |outcomes: &[Outcome]| {
        let literals = outcomes.iter().map(|outcome| layout.literal(outcome.as_str()));
        literals.collect::<Result<Vec<_>>>().map(|literals| literals.join(", "))
    };
    let columns = [2, 3, 4, 5, 6, 7, 11, 10].map(|place| format!("j.{}", own.column(place)));
    // A revision that went up and down often has many rows: each is compared with the last that closed it, and not with all.
    let query = format!(
        "SELECT {} FROM {table} j LEFT JOIN (SELECT {revision}, MAX({seq}) AS closed FROM {table} WHERE {outcome} IN ({}) \
         GROUP BY {revision}) c ON c.{revision} = j.{revision} WHERE j.{outcome} IN ({}) \
         AND (c.closed IS NULL OR j.{seq} > c.closed) ORDER BY j.{seq}",
        columns.join(", "),
        list(&CLOSING)?,
        list(&GOING)?,
        table = own.sql,
    );
    let rows = conn.query(&query).await.map_err(Error::from_connection)?;
    let mut open = Open::new();
    for row in &rows {
        let direction = match row.text(1).as_deref() {
            Some("up") => Direction::Up,
            Some("down") => Direction::Down,
            _ => continue,
        };
        if let Some(revision) = row.text(0) {
            open.entry((revision, direction)).or_default().read(row).map_err(|reason| {
                Error::new(Kind::NotOurs { table: layout.journal.name.to_string(), reason })
            })?;
        }
    }
    Ok(open)
}

impl Attempted {
    /// Whether something of it is in the database, or may be.
    pub(crate) fn is_begun(&self) -> bool {
        !self.done.is_empty() || !self.unknown.is_empty()
    }

    /// Adds what a row says: its statement's number, hash and text, its outcome, its detail and its time.
    fn read(&mut self, row: &Row) -> std::result::Result<(), String> {
        let number = row.int(2).and_then(|number| usize::try_from(number).ok());
        let outcome = row.text(5).unwrap_or_default();
        // What came of the attempt after that, another row says.
        self.failure = match outcome.as_str() {
            "failed" => row.text(7).zip(row.text(6)),
            _ => self.failure.take(),
        };
        match (outcome.as_str(), number) {
            ("segment", _) => {
                let detail = row.text(6).unwrap_or_default();
                let segment = serde_json::from_str::<Segment>(&detail);
                let segment = segment.map_err(|error| format!("a segment in it can't be read: {error}"))?;
                // An attempt that begins anew has a plan of its own; what is done stays done.
                if segment.segment == 0 {
                    self.planned.clear();
                }
                self.segments.insert(segment.segment, segment);
            }
            ("planned", Some(number)) => {
                self.planned.insert(number, row.text(4));
            }
            ("intent", Some(number)) => self.unknown.push(number),
            ("done", Some(number)) => {
                self.unknown.retain(|unknown| *unknown != number);
                self.done.insert(number, row.text(3).unwrap_or_default());
            }
            ("failed", Some(number)) => self.unknown.retain(|unknown| *unknown != number),
            _ => {}
        }
        Ok(())
    }
}

/// Now, as it is written into tables.
pub(crate) fn now() -> String {
    format!("{:.6}", Timestamp::now())
}

/// A new run's id: a UUID of version 7, so that ids sort by time.
pub(crate) fn run_id() -> String {
    let random = || u128::from(RandomState::new().build_hasher().finish());
    uuid(Timestamp::now().as_millisecond(), random() << 64 | random())
}

/// The id of a run that is a script: the same for the same script.
pub(crate) fn run_id_of(digest: &[u8]) -> String {
    let number = digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte));
    let hex = format!("{:032x}", number & !(0xf << 76 | 0b11 << 62) | 0x8 << 76 | 0b10 << 62);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn uuid(milliseconds: i64, random: u128) -> String {
    let time = u128::try_from(milliseconds).unwrap_or_default() & 0xffff_ffff_ffff;
    let (high, low) = (random >> 64 & 0xfff, random & (u128::MAX >> 66));
    let hex = format!("{:032x}", time << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[cfg(test)]
mod tests;
