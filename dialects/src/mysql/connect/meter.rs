//! How far a long statement is, as the server tells it to a second connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use dunlin_dsl::{Gauge, Progress, Row, Server};
use tokio::runtime::Handle;

use super::options::Options;
use super::owned::connect;
use crate::mysql::flavor::Flavor;

/// A statement that takes longer than this is asked about, each time after as long again.
const LONG: Duration = Duration::from_millis(500);

/// Measures the statements of one connection.
#[derive(Clone)]
pub(super) struct Meter {
    options: Options,
    /// The connection, as the server numbers it.
    id: u32,
    gauge: Gauge,
    work: Arc<Mutex<Work>>,
}

/// What the connection does.
#[derive(Default)]
struct Work {
    /// Since when a statement runs.
    since: Option<Instant>,
    is_watched: bool,
}

/// A statement that is measured, until it is over.
pub(super) struct Measured<'a>(&'a Meter);

impl Meter {
    pub(super) fn new(options: Options, id: u32) -> Self {
        Self { options, id, gauge: Gauge::default(), work: Arc::default() }
    }

    /// Measures what runs from now on.
    pub(super) fn measure(&self) -> Measured<'_> {
        lock(&self.work).since = Some(Instant::now());
        Measured(self)
    }

    /// The gauge, which is set from now on, as long as the connection lives.
    pub(super) fn watch(&self, server: &Server) -> Option<Gauge> {
        let runtime = Handle::try_current().ok()?;
        if !std::mem::replace(&mut lock(&self.work).is_watched, true) {
            let query = Flavor::of(server).progress_query(self.id);
            let work = Arc::downgrade(&self.work);
            runtime.spawn(watch(self.options.clone(), query, work, self.gauge.clone()));
        }
        Some(self.gauge.clone())
    }
}

impl Drop for Measured<'_> {
    fn drop(&mut self) {
        lock(&self.0.work).since = None;
        self.0.gauge.show(None);
    }
}

fn lock(work: &Mutex<Work>) -> MutexGuard<'_, Work> {
    work.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Asks about statements that take long, on a connection that is opened for the first of them. Where that can't be, or the
/// server won't tell, nobody is told.
async fn watch(options: Options, query: String, work: Weak<Mutex<Work>>, gauge: Gauge) {
    let mut beside = None;
    loop {
        tokio::time::sleep(LONG).await;
        let Some(since) = work.upgrade().map(|work| lock(&work).since) else { break };
        if since.is_none_or(|since| since.elapsed() < LONG) {
            continue;
        }
        let conn = match &mut beside {
            Some(conn) => conn,
            none => match connect(options.clone()).await {
                Ok(conn) => none.insert(conn),
                Err(_) => return,
            },
        };
        let Ok(told) = super::run(conn, &query).await else { break };
        if let Some(work) = work.upgrade() {
            let work = lock(&work);
            // By now it may be another statement's.
            if work.since == since {
                gauge.show(told.rows.first().and_then(progress));
            }
        }
    }
    if let Some(beside) = beside {
        _ = beside.disconnect().await;
    }
}

/// What goes on, how much of it is done, and how much there is.
fn progress(row: &Row) -> Option<Progress> {
    let number = |at| row.int(at).and_then(|number| u64::try_from(number).ok());
    let what = row.text(0)?.rsplit('/').next().unwrap_or_default().to_lowercase();
    Some(Progress { what, done: number(1)?, of: number(2).filter(|of| *of > 0) })
}
