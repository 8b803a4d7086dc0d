//! A signal that ends a run: SIGINT, which Ctrl-C sends, and SIGTERM.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use super::exit_code;

/// What asked a run to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// SIGINT.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// What a shell takes for the end by that signal.
    pub(super) fn code(self) -> u8 {
        match self {
            Self::Interrupt => exit_code::INTERRUPTED,
            Self::Terminate => exit_code::TERMINATED,
        }
    }

    /// How the run ended.
    pub(super) fn past(self) -> &'static str {
        match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "terminated",
        }
    }
}

/// Waits for a future, or for a signal, which drops it. The next signal ends the process at once, and so does one that comes
/// while nothing is waited for.
pub(super) async fn or_signal<T>(future: impl Future<Output = T>) -> Result<T, Signal> {
    listen();
    let _waiting = Waiting::begin();
    let mut future = pin!(future);
    std::future::poll_fn(|context| {
        if let Some(signal) = state().wait(context.waker()) {
            return Poll::Ready(Err(signal));
        }
        future.as_mut().poll(context).map(Ok)
    })
    .await
}

/// What the thread that hears of signals tells the one that waits.
#[derive(Debug)]
struct State {
    is_waiting: bool,
    waker: Option<Waker>,
    caught: Option<Signal>,
    /// When it was.
    caught_at: Option<Instant>,
}

/// What comes so soon after a signal is the same one: some send theirs to a process and to its group.
const SAME: Duration = Duration::from_millis(200);

static STATE: Mutex<State> =
    Mutex::new(State { is_waiting: false, waker: None, caught: None, caught_at: None });

fn state() -> MutexGuard<'static, State> {
    STATE.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// The signal that came, if one did; else its coming wakes whoever waits.
    fn wait(&mut self, waker: &Waker) -> Option<Signal> {
        self.waker = Some(waker.clone());
        self.caught
    }

    /// Whether someone waits whom a signal can tell to end.
    #[cfg_attr(not(unix), allow(dead_code, reason = "elsewhere nothing is heard of signals"))]
    fn catch(&mut self, signal: Signal) -> bool {
        if self.caught_at.is_some_and(|at| at.elapsed() < SAME) {
            return true;
        }
        if !self.is_waiting || self.caught.is_some() {
            return false;
        }
        self.caught = Some(signal);
        self.caught_at = Some(Instant::now());
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
        true
    }
}

/// As long as it lives, a signal is waited for.
struct Waiting;

impl Waiting {
    fn begin() -> Self {
        state().is_waiting = true;
        Self
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut state = state();
        state.is_waiting = false;
        state.waker = None;
    }
}

#[cfg(unix)]
fn listen() {
    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;
    use signal_hook::low_level::emulate_default_handler;

    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| {
        // Without them a signal ends the process, as it does by itself.
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
        let hear = move || {
            for number in signals.forever() {
                let signal = if number == SIGTERM { Signal::Terminate } else { Signal::Interrupt };
                if !state().catch(signal) {
                    let _ = emulate_default_handler(number);
                }
            }
        };
        let _ = std::thread::Builder::new().name("signals".to_owned()).spawn(hear);
    });
}

/// Elsewhere Ctrl-C ends the process, and the server hears of it by the connection's end.
#[cfg(not(unix))]
fn listen() {}
