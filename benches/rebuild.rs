//! A table with many rows that SQLite builds anew, beside the copy that nothing could do without.

use std::fs;
use std::path::Path;
use std::time::Instant;

use dunlin::drivers::rusqlite::Connection;
use dunlin::prelude::*;
use dunlin::{Connect, Runner};
use tempfile::TempDir;

use crate::memory::{self, Memory};
use crate::{Result, line, timed};

/// The default of a column is changed, which needs its table built anew.
struct Change;

impl Migration for Change {
    fn id(&self) -> &str {
        "change"
    }

    fn up(&self, op: &mut Ops) {
        op.alter_column("t", "a").default("z");
    }
}

/// So many rows; the floor is a bare `INSERT .. SELECT` of them into a table of the same form.
pub(crate) async fn sqlite(rows: usize) -> Result<()> {
    let folder = TempDir::new()?;
    let path = |name: &str| folder.path().join(name);
    fill(&path("floor.db"), rows)?;
    fs::copy(path("floor.db"), path("dunlin.db"))?;
    let list = dunlin::migrations![Change];
    let mut database = dunlin::connect(&format!("sqlite://{}", path("dunlin.db").display())).await?;
    let memory = Memory::start();
    let start = Instant::now();
    Runner::new(&mut *database.connect(), &list).up().await?;
    let dunlin = start.elapsed();
    let peak = memory.peak_mib();
    drop(database);
    let conn = Connection::open(path("floor.db"))?;
    conn.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b INTEGER)")?;
    let copy = "INSERT INTO n (id, a, b) SELECT id, a, b FROM t; COMMIT";
    let (floor, copied) = timed(|| conn.execute_batch(copy));
    copied?;
    line("rows of a table built anew on SQLite", rows, dunlin, Some(floor));
    memory::report(peak);
    Ok(())
}

fn fill(path: &Path, rows: usize) -> Result<()> {
    let conn = Connection::open(path)?;
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = OFF; CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b INTEGER);
         WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
         INSERT INTO t SELECT i, 'name number ' || i, i * 7 FROM n; PRAGMA journal_mode = DELETE;"
    ))?;
    Ok(())
}
