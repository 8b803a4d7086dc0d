//! `dunlin_history`: which revisions are applied.

use std::collections::BTreeMap;

use dunlin_dsl::{Connection, ErrorKind, Name, Row};

use crate::error::{Error, Kind, Result};
use crate::event::Listener;
use crate::journal;
use crate::layout::{HISTORY, JOURNAL, Layout, VERSION};
use crate::lock::Session;
use crate::undo::{FORMAT, Undo};

/// What history says.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    /// Whether Dunlin's own tables are all there.
    pub(crate) exists: bool,
    /// What is applied, in the order in which it was: revisions, and files that run again whenever they change.
    applied: Vec<Applied>,
    /// Their places, by id.
    places: BTreeMap<String, usize>,
}

/// An applied revision.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    pub(crate) revision: String,
    pub(crate) kind: String,
    pub(crate) checksum: Option<String>,
    pub(crate) applied_at: String,
    pub(crate) duration_ms: Option<u64>,
    pub(crate) applied_by: Option<String>,
}

impl History {
    /// The applied revisions' ids, in the order in which they were applied.
    pub(crate) fn ids(&self) -> Vec<&str> {
        self.revisions().map(|applied| applied.revision.as_str()).collect()
    }

    /// The applied revisions, in the order in which they were applied.
    pub(crate) fn revisions(&self) -> impl Iterator<Item = &Applied> {
        self.applied.iter().filter(|applied| applied.kind != REPEATABLE)
    }

    /// The ids of the files that run again whenever they change, and have run.
    pub(crate) fn repeatables(&self) -> impl Iterator<Item = &str> {
        let again = self.applied.iter().filter(|applied| applied.kind == REPEATABLE);
        again.map(|applied| applied.revision.as_str())
    }

    /// What is applied, in the order in which it was.
    pub(crate) fn into_applied(self) -> Vec<Applied> {
        self.applied
    }

    /// An applied revision by id.
    pub(crate) fn get(&self, id: &str) -> Option<&Applied> {
        let place = *self.places.get(id)?;
        self.applied.get(place)
    }

    fn new(exists: bool, applied: Vec<Applied>) -> Self {
        let places = applied.iter().enumerate().map(|(place, applied)| (applied.revision.clone(), place));
        Self { exists, places: places.collect(), applied }
    }
}

/// A row to be written.
pub(crate) struct Entry<'a> {
    pub(crate) revision: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) checksum: Option<&'a str>,
    /// When it was applied, in RFC 3339; none is now.
    pub(crate) applied_at: Option<&'a str>,
    pub(crate) duration: Duration<'a>,
    pub(crate) run_id: &'a str,
    pub(crate) applied_by: Option<&'a str>,
    pub(crate) tool_version: &'a str,
    pub(crate) undo: Option<&'a Undo>,
}

/// How long a revision took.
pub(crate) enum Duration<'a> {
    /// Measured here.
    Milliseconds(u128),
    /// An expression by which the server says it.
    Server(&'a str),
}

/// The kind of a revision that is Rust code.
pub(crate) const RUST: &str = "rust";
/// The kind of a revision that is SQL in files.
pub(crate) const SQL: &str = "sql";
/// The kind of a file of SQL that runs again whenever it has changed.
pub(crate) const REPEATABLE: &str = "repeatable";
/// The kind of a revision that another tool has applied.
pub(crate) const ADOPTED: &str = "adopted";
/// The kind of a revision that was said to be applied, and didn't run.
pub(crate) const STAMP: &str = "stamp";

/// Reads history; creates nothing. Tables that aren't ours, or are newer, are refused by name.
pub(crate) async fn read(conn: &mut dyn Connection, layout: &Layout) -> Result<History> {
    let is_within = !conn.owns_transactions();
    read_again(conn, layout, is_within).await
}

/// The same, in a transaction or not. In one, a question about tables that don't exist would break it, so the catalog is
/// asked first. Elsewhere the question itself tells, in one round trip.
pub(crate) async fn read_again(
    conn: &mut dyn Connection,
    layout: &Layout,
    is_within: bool,
) -> Result<History> {
    if is_within {
        let found = inspect(conn, layout).await?;
        if !found.is_complete() {
            return incomplete(conn, layout, found).await;
        }
    }
    let (history, journal) = (&layout.history, &layout.journal);
    let columns = [0, 1, 2, 3, 4, 5, 7].map(|place| format!("h.{}", history.column(place)));
    // Row 0 of the journal states the layout. The join reads both with one question, and tells an empty history too.
    let query = format!(
        "SELECT j.{}, {} FROM {} j LEFT JOIN {} h ON 1 = 1 WHERE j.{} = 0 ORDER BY h.{}",
        journal.column(11),
        columns.join(", "),
        journal.sql,
        history.sql,
        journal.column(0),
        history.column(0),
    );
    let rows = match conn.query(&query).await {
        Err(error) if matches!(error.kind, ErrorKind::MissingTable | ErrorKind::Statement) => {
            let found = inspect(conn, layout).await?;
            if !found.is_complete() {
                return incomplete(conn, layout, found).await;
            }
            // Another migrator has created them since.
            conn.query(&query).await
        }
        answer => answer,
    };
    let rows = rows.map_err(Error::from_connection)?;
    let Some(first) = rows.first() else {
        // The journal has lost its row 0.
        let found = inspect(conn, layout).await?;
        return incomplete(conn, layout, found).await;
    };
    check_version(layout, first)?;
    Ok(History::new(true, rows.iter().filter_map(Applied::from_row).collect()))
}

/// Creates what is missing of Dunlin's own tables; under the lock, and in a transaction of its own unless it is `within` one.
pub(crate) async fn create(
    conn: &mut dyn Connection,
    layout: &Layout,
    session: &mut Session,
    listener: &mut Listener<'_>,
    run_id: &str,
    is_within: bool,
) -> Result<()> {
    if is_within || !(session.transactions.ddl && conn.owns_transactions()) {
        return create_missing(conn, layout, run_id).await;
    }
    session.begin(conn, listener).await?;
    let created = create_missing(conn, layout, run_id).await;
    let ended = match created {
        Ok(()) => session.commit(conn, listener).await.map_err(Error::from_connection),
        Err(error) => Err(error),
    };
    if ended.is_err() {
        // What failed is worth more than a rollback's own failure.
        let _ = conn.execute(session.transactions.rollback).await;
    }
    ended
}

/// The undo that history recorded for a revision; none where it recorded none.
pub(crate) async fn undo(conn: &mut dyn Connection, layout: &Layout, revision: &str) -> Result<Option<Undo>> {
    let own = &layout.history;
    let revision = layout.literal(revision)?;
    let query =
        format!("SELECT {} FROM {} WHERE {} = {revision}", own.columns(9..11), own.sql, own.column(1));
    let rows = conn.query(&query).await.map_err(Error::from_connection)?;
    let recorded = rows.first().and_then(|row| Some((row.int(0)?, row.text(1)?)));
    recorded.map(|(format, json)| Undo::from_json(format, &json)).transpose()
}

/// The run that applied a revision, asked anew; none if it isn't applied.
pub(crate) async fn applied_by(
    conn: &mut dyn Connection,
    layout: &Layout,
    revision: &str,
) -> Result<Option<String>> {
    let own = &layout.history;
    let revision = layout.literal(revision)?;
    let query = format!("SELECT {} FROM {} WHERE {} = {revision}", own.column(6), own.sql, own.column(1));
    let rows = conn.query(&query).await.map_err(Error::from_connection)?;
    Ok(rows.first().and_then(|row| row.text(0)))
}

/// The statement that takes a revision out of history.
pub(crate) fn delete(layout: &Layout, revision: &str) -> Result<String> {
    let own = &layout.history;
    Ok(format!("DELETE FROM {} WHERE {} = {}", own.sql, own.column(1), layout.literal(revision)?))
}

/// The statement that empties history.
pub(crate) fn delete_all(layout: &Layout) -> String {
    format!("DELETE FROM {}", layout.history.sql)
}

impl Entry<'_> {
    /// The statement that writes it.
    pub(crate) fn insert(&self, layout: &Layout) -> Result<String> {
        let own = &layout.history;
        let duration = match self.duration {
            Duration::Milliseconds(ms) => ms.to_string(),
            Duration::Server(expr) => expr.to_owned(),
        };
        let format = if self.undo.is_some() { FORMAT.to_string() } else { "NULL".into() };
        Ok(format!(
            "INSERT INTO {} ({}) VALUES ({}, {}, {}, {}, {duration}, {}, {}, {}, {format}, {})",
            own.sql,
            own.columns(1..HISTORY.len()),
            layout.literal(self.revision)?,
            layout.literal(self.kind)?,
            layout.literal(self.checksum)?,
            self.applied_at.map_or_else(|| layout.now(), |at| layout.literal(at))?,
            layout.literal(self.run_id)?,
            layout.literal(self.applied_by)?,
            layout.literal(self.tool_version)?,
            layout.literal(self.undo.map(Undo::to_json))?,
        ))
    }
}

impl Applied {
    /// From a row that begins with something else; none where it is the empty side of a join.
    fn from_row(row: &Row) -> Option<Self> {
        row.int(1)?;
        Some(Self {
            revision: row.text(2)?,
            kind: row.text(3).unwrap_or_default(),
            checksum: row.text(4),
            applied_at: row.text(5).unwrap_or_default(),
            duration_ms: row.int(6).and_then(|ms| ms.try_into().ok()),
            applied_by: row.text(7),
        })
    }
}

/// What is there of Dunlin's own tables.
#[derive(Clone, Copy, Debug, Default)]
struct Found {
    history: bool,
    journal: bool,
    /// The journal's row 0.
    version: bool,
}

impl Found {
    fn is_complete(self) -> bool {
        self.history && self.journal && self.version
    }
}

/// Looks which of the tables are there, and refuses those that aren't ours.
async fn inspect(conn: &mut dyn Connection, layout: &Layout) -> Result<Found> {
    let journal = columns(conn, layout, &layout.journal.name).await?;
    let mut version = false;
    // A newer layout may have other columns, and says so as long as it has these two.
    if ["seq", "detail"].iter().all(|name| journal.iter().any(|column| column == name)) {
        let own = &layout.journal;
        let query = format!("SELECT {} FROM {} WHERE {} = 0", own.column(11), own.sql, own.column(0));
        if let Some(row) = conn.query(&query).await.map_err(Error::from_connection)?.first() {
            check_version(layout, row)?;
            version = true;
        }
    }
    check_columns(&layout.journal.name, &journal, &JOURNAL)?;
    let history = columns(conn, layout, &layout.history.name).await?;
    check_columns(&layout.history.name, &history, &HISTORY)?;
    Ok(Found { history: !history.is_empty(), journal: !journal.is_empty(), version })
}

/// What history says where something of Dunlin's own tables is missing; the next write completes it.
async fn incomplete(conn: &mut dyn Connection, layout: &Layout, found: Found) -> Result<History> {
    if !found.history {
        return Ok(History::default());
    }
    let own = &layout.history;
    let query = format!("SELECT 0, {} FROM {} ORDER BY {}", own.columns(0..5), own.sql, own.column(0));
    let rows = conn.query(&query).await.map_err(Error::from_connection)?;
    Ok(History::new(false, rows.iter().filter_map(Applied::from_row).collect()))
}

async fn columns(conn: &mut dyn Connection, layout: &Layout, table: &Name) -> Result<Vec<String>> {
    let query = layout.dialect.columns_query(table, &layout.server).map_err(Error::from_unsupported)?;
    let rows = conn.query(&query).await.map_err(Error::from_connection)?;
    Ok(rows.iter().filter_map(|row| row.text(0)).collect())
}

fn check_columns(table: &Name, found: &[String], expected: &[&str]) -> Result<()> {
    let missing: Vec<_> =
        expected.iter().filter(|name| !found.iter().any(|found| found == *name)).copied().collect();
    let strange: Vec<_> =
        found.iter().filter(|name| !expected.contains(&name.as_str())).map(String::as_str).collect();
    let reason = match (missing.as_slice(), strange.as_slice()) {
        _ if found.is_empty() => return Ok(()),
        ([], []) => return Ok(()),
        ([], strange) => format!("it has other columns too: {}", strange.join(", ")),
        (missing, _) => format!("it lacks columns: {}", missing.join(", ")),
    };
    Err(Error::new(Kind::NotOurs { table: table.to_string(), reason }))
}

fn check_version(layout: &Layout, row: &Row) -> Result<()> {
    let table = layout.journal.name.to_string();
    match row.int(0) {
        Some(version) if version <= VERSION => Ok(()),
        Some(version) => Err(Error::new(Kind::NewerLayout { table, found: version.to_string() })),
        None => {
            let reason = "its row 0 doesn't state a layout's version".into();
            Err(Error::new(Kind::NotOurs { table, reason }))
        }
    }
}

async fn create_missing(conn: &mut dyn Connection, layout: &Layout, run_id: &str) -> Result<()> {
    let found = inspect(conn, layout).await?;
    let statements = creation(layout, run_id, found)?;
    if statements.is_empty() {
        return Ok(());
    }
    conn.batch(&statements).await.map_err(|failed| {
        // PostgreSQL's invalid_schema_name, and what MySQL and MariaDB say of a database that isn't there.
        let has_schema = !matches!(failed.error.code.as_deref(), Some("3F000" | "1049"));
        let error = Error::from_connection(failed.error);
        match layout.history.name.schema.as_ref().filter(|_| !has_schema) {
            Some(schema) => error.with_hint(format!(
                "create it, `CREATE SCHEMA {schema}`, or choose another place for Dunlin's own tables: `history_schema` in dunlin.toml"
            )),
            None => error,
        }
    })
}

/// A question that has an answer unless so many of these revisions are applied.
pub(crate) fn unless_applied<'i>(
    layout: &Layout,
    ids: impl Iterator<Item = &'i str>,
    count: usize,
) -> Result<String> {
    let own = &layout.history;
    let ids = ids.map(|id| layout.literal(id)).collect::<Result<Vec<_>>>()?.join(", ");
    Ok(format!(
        "SELECT n FROM (SELECT count(*) AS n FROM {} WHERE {} IN ({ids})) AS counted WHERE n <> {count}",
        own.sql,
        own.column(1),
    ))
}

/// What creates Dunlin's own tables where there are none.
pub(crate) fn create_all(layout: &Layout, run_id: &str) -> Result<Vec<String>> {
    creation(layout, run_id, Found::default())
}

fn creation(layout: &Layout, run_id: &str, found: Found) -> Result<Vec<String>> {
    let mut statements = Vec::new();
    // History comes last: where DDL has no transactions, a history never stands without its layout's version.
    if !found.journal {
        statements.extend(layout.create_journal()?);
    }
    if !found.version {
        statements.push(journal::version_row(layout, run_id)?);
    }
    if !found.history {
        statements.extend(layout.create_history()?);
    }
    Ok(statements)
}
