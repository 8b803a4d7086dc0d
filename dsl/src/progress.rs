//! How far a statement is that takes long, for whoever looks beside the connection that runs it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How far the statement is that runs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What goes on: `copying "users"`, or the server's own words.
    pub what: String,
    /// How much of it is done: rows on SQLite, the server's units of work elsewhere.
    pub done: u64,
    /// How much there is, at most, as far as that is known.
    pub of: Option<u64>,
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of.filter(|of| *of > 0) {
            Some(of) => {
                let percent = u128::from(self.done.min(of)) * 100 / u128::from(of);
                write!(f, "{}: {percent} %", self.what)
            }
            None => write!(f, "{}: {}", self.what, self.done),
        }
    }
}

/// Where a connection shows its [`Progress`]. Any thread may look, at any time.
#[derive(Clone, Debug, Default)]
pub struct Gauge(Arc<Mutex<Option<Progress>>>);

impl Gauge {
    /// What it shows: nothing where no statement runs for long, or none that can be measured.
    pub fn read(&self) -> Option<Progress> {
        self.shown().clone()
    }

    /// Shows something else.
    pub fn show(&self, progress: Option<Progress>) {
        *self.shown() = progress;
    }

    /// Shows that so much is done of what it shows.
    pub fn advance(&self, done: u64) {
        if let Some(progress) = &mut *self.shown() {
            progress.done = done;
        }
    }

    fn shown(&self) -> MutexGuard<'_, Option<Progress>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_a_share_where_the_whole_is_known() {
        let gauge = Gauge::default();
        assert_eq!(gauge.read(), None);
        gauge.advance(7);
        assert_eq!(gauge.read(), None);
        gauge.show(Some(Progress { what: "copying t".into(), done: 0, of: Some(3) }));
        gauge.advance(2);
        let told =
            |of| gauge.read().map(|progress| Progress { of, ..progress }.to_string()).unwrap_or_default();
        assert_eq!(told(Some(3)), "copying t: 66 %");
        assert_eq!(told(Some(1)), "copying t: 100 %");
        assert_eq!(told(Some(0)), "copying t: 2");
        assert_eq!(told(None), "copying t: 2");
    }
}
