//! How many rows a rebuild has copied. SQLite tells of each row, but not how many there are: that its rowids say, at most.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dunlin_dsl::{Gauge, Progress};
use rusqlite::hooks::Action;

use crate::sqlite::rebuild;

/// So many rows are counted before the gauge is set again.
const STEP: u64 = 4096;

/// Counts the rows of one connection.
#[derive(Clone, Default)]
pub(super) struct Meter {
    gauge: Gauge,
    rows: Arc<AtomicU64>,
}

/// A statement that is measured, until it is over.
pub(super) struct Measured<'a>(&'a Meter);

impl Meter {
    pub(super) fn gauge(&self) -> Gauge {
        self.gauge.clone()
    }

    /// Counts every row that the connection adds from now on.
    pub(super) fn count(self, conn: &mut rusqlite::Connection) {
        // A connection that refuses runs its statements all the same, unmeasured.
        let _ = conn.update_hook(Some(move |action, _: &str, _: &str, _| {
            if action == Action::SQLITE_INSERT {
                let rows = self.rows.fetch_add(1, Ordering::Relaxed) + 1;
                if rows.is_multiple_of(STEP) {
                    self.gauge.advance(rows);
                }
            }
        }));
    }

    /// Shows from now on how far a statement is, if it copies a table.
    pub(super) fn measure(&self, conn: &rusqlite::Connection, sql: &str) -> Measured<'_> {
        if let Some(table) = rebuild::copied(sql) {
            let ends =
                format!("SELECT (SELECT max(rowid) FROM {table}) - (SELECT min(rowid) FROM {table}) + 1");
            // A table without rowids doesn't tell, nor one that has no row.
            let of = conn.query_row(&ends, [], |row| row.get::<_, i64>(0)).ok();
            let of = of.and_then(|of| u64::try_from(of).ok());
            self.rows.store(0, Ordering::Relaxed);
            self.gauge.show(Some(Progress { what: format!("copying {table}"), done: 0, of }));
        }
        Measured(self)
    }
}

impl Drop for Measured<'_> {
    fn drop(&mut self) {
        self.0.gauge.show(None);
    }
}
