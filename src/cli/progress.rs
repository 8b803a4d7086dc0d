//! What is told while a run goes: lines, and on a terminal a bar below them that moves.

use std::fmt::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use dunlin_dsl::{Connection, Gauge};
use dunlin_migrations::{Direction, Event};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

use super::cut;
use super::output::{EDITED, MISSING, Output, past};

/// How often a bar is drawn anew, so that it shows that a long statement is alive.
const TICK: Duration = Duration::from_millis(100);
/// When a long statement is first said to be alive where there is no bar; then each time after twice as long.
const LONG: Duration = Duration::from_secs(10);
/// Of a file that is so large it is said how much of it is read.
const LARGE_BYTES: u64 = 4 << 20;

/// A run as it is told.
pub(super) struct Progress {
    output: Output,
    shown: Shown,
    /// How far a large file of SQL is read.
    read: Option<String>,
    /// What of the revision goes on.
    part: String,
    /// Whether the revision that runs has done anything yet.
    is_empty: bool,
}

enum Shown {
    /// On a terminal.
    Bar(ProgressBar),
    /// Elsewhere.
    Lines(Alive),
    /// Nothing was asked for.
    Nothing,
}

impl Progress {
    /// A run on this connection.
    pub(super) fn on(conn: &mut dyn Connection, output: Output) -> Self {
        let gauge = if output.quiet { None } else { conn.gauge() };
        Self::new(output, gauge)
    }

    fn new(output: Output, gauge: Option<Gauge>) -> Self {
        let how_far = HowFar(gauge);
        let shown = match output.quiet {
            true => Shown::Nothing,
            false if output.moves() => Shown::Bar(bar(how_far)),
            false => Shown::Lines(Alive::new(LONG, move |text| {
                output.progress(&format!("{text}{}", how_far.of(", ")));
            })),
        };
        Self { output, shown, read: None, part: String::new(), is_empty: true }
    }

    /// Tells what happened.
    pub(super) fn event(&mut self, event: &Event) {
        match event {
            Event::RevisionStarted { .. } => self.is_empty = true,
            Event::Statement { .. } | Event::StatementSkipped { .. } | Event::DataStep { .. } => {
                self.is_empty = false;
            }
            _ => {}
        }
        match event {
            Event::RunStarted { revisions, .. } => {
                if let Shown::Bar(bar) = &self.shown {
                    bar.set_length(u64::try_from(revisions.len()).unwrap_or(u64::MAX));
                    bar.enable_steady_tick(TICK);
                }
            }
            Event::RevisionStarted { revision, direction, .. } => {
                self.read = None;
                self.part.clear();
                self.goes_on(&format!("{direction} {revision}"));
            }
            Event::Statement { revision, number, sql } => {
                // A word may be a value of megabytes.
                let words =
                    sql.split_whitespace().take(12).map(|word| word.chars().take(60).collect::<String>());
                let words = words.collect::<Vec<_>>().join(" ");
                self.part = format!(", statement {number}: {words}");
                self.goes_on_in(revision);
                if self.output.verbose {
                    self.say(&format!("      {}", cut::for_screen(sql.trim(), 0).replace('\n', "\n      ")));
                }
            }
            Event::DataStep { revision, step } => {
                self.part = format!(", data step {step}");
                self.goes_on_in(revision);
            }
            Event::Read { revision, bytes, of_bytes } if *of_bytes >= LARGE_BYTES => {
                let percent = bytes.saturating_mul(100).checked_div(*of_bytes).unwrap_or(100);
                self.read = Some(format!(" ({percent} % of {} MiB)", of_bytes >> 20));
                self.goes_on_in(revision);
            }
            Event::RevisionFinished { .. } | Event::RevisionDoneElsewhere { .. } => match &self.shown {
                Shown::Bar(bar) => bar.inc(1),
                Shown::Lines(alive) => alive.rests(),
                Shown::Nothing => {}
            },
            Event::RevisionFailed { .. } | Event::RunFinished { .. } => self.end(),
            _ => {}
        }
        if let Some(text) = self.line(event) {
            self.say(&text);
        }
    }

    /// The line that an event is worth, if it is.
    fn line(&self, event: &Event) -> Option<String> {
        let paint = self.output.paint_progress();
        let warning = |what: &str, revisions: &[String]| self.output.warning(what, revisions);
        Some(match event {
            Event::Waiting { holder: Some(holder) } => format!("waiting for another migrator: {holder}"),
            Event::Waiting { holder: None } => {
                "waiting for another connection, which holds the lock".to_owned()
            }
            // The bar says the same.
            Event::RevisionStarted { .. } if matches!(self.shown, Shown::Bar(_)) => return None,
            Event::RevisionStarted { revision, direction, number, of } => {
                format!("[{number}/{of}] {direction} {revision}")
            }
            Event::RevisionFinished { revision, direction, duration, .. } => {
                let done = format!("{} {revision}", past(*direction));
                // Nothing may be written in its file yet; what is written later doesn't run.
                let is_empty = self.is_empty && *direction == Direction::Up;
                let empty = if is_empty { paint.warning(", which has no statement,") } else { String::new() };
                format!(
                    "      {}{empty} {}",
                    paint.good(&done),
                    paint.faint(&format!("in {} ms", duration.as_millis()))
                )
            }
            Event::RevisionDoneElsewhere { revision } => {
                format!("      {revision} was done by another migrator")
            }
            Event::DataStep { step, .. } => format!("      runs data step {step}"),
            Event::StatementSkipped { number, .. } => {
                format!("      statement {number} was done by an earlier attempt")
            }
            Event::Late { revisions } => warning("late, and left so", revisions),
            Event::Edited { revisions } => warning(EDITED, revisions),
            Event::Missing { revisions } => warning(MISSING, revisions),
            _ => return None,
        })
    }

    fn goes_on_in(&self, revision: &str) {
        let read = self.read.as_deref().unwrap_or_default();
        self.goes_on(&format!("{revision}{read}{}", self.part));
    }

    fn goes_on(&self, what: &str) {
        match &self.shown {
            Shown::Bar(bar) => bar.set_message(what.to_owned()),
            Shown::Lines(alive) => alive.goes_on(what),
            Shown::Nothing => {}
        }
    }

    fn say(&self, text: &str) {
        match &self.shown {
            // Above the bar, which is drawn again below.
            Shown::Bar(bar) => bar.suspend(|| self.output.progress(text)),
            Shown::Lines(_) => self.output.progress(text),
            Shown::Nothing => {}
        }
    }

    fn end(&self) {
        match &self.shown {
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Lines(alive) => alive.rests(),
            Shown::Nothing => {}
        }
    }
}

impl Drop for Progress {
    /// No bar stays behind, whatever became of the run.
    fn drop(&mut self) {
        self.end();
    }
}

/// How far a long statement is, in words.
#[derive(Clone, Default)]
struct HowFar(Option<Gauge>);

impl HowFar {
    /// The words behind those, or nothing at all.
    fn of(&self, before: &str) -> String {
        let progress = self.0.as_ref().and_then(Gauge::read);
        progress.map(|progress| format!("{before}{progress}")).unwrap_or_default()
    }
}

fn bar(how_far: HowFar) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    // A template that can't be read leaves indicatif's own.
    match ProgressStyle::with_template("{spinner} [{pos}/{len}] {elapsed}{how_far} {wide_msg}") {
        Ok(style) => {
            bar.with_style(style.with_key("how_far", move |_: &ProgressState, to: &mut dyn Write| {
                let _ = to.write_str(&how_far.of(" "));
            }))
        }
        Err(_) => bar,
    }
}

/// Says now and then that a long statement is alive.
struct Alive {
    /// What goes on; none is nothing.
    to_thread: Option<Sender<Option<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Alive {
    fn new(first: Duration, say: impl Fn(&str) + Send + 'static) -> Self {
        let (to_thread, told) = mpsc::channel::<Option<String>>();
        let watch = move || {
            let mut current: Option<(String, Instant, Duration)> = None;
            loop {
                let message = match &current {
                    None => told.recv().map_err(|_| RecvTimeoutError::Disconnected),
                    Some((_, began, next)) => told.recv_timeout(next.saturating_sub(began.elapsed())),
                };
                match message {
                    Ok(what) => current = what.map(|what| (what, Instant::now(), first)),
                    Err(RecvTimeoutError::Disconnected) => return,
                    Err(RecvTimeoutError::Timeout) => {
                        if let Some((what, began, next)) = &mut current {
                            say(&format!("      running for {} s: {what}", began.elapsed().as_secs()));
                            *next *= 2;
                        }
                    }
                }
            }
        };
        // Without a thread nothing is said, and the run goes on all the same.
        let thread = std::thread::Builder::new().name("progress".to_owned()).spawn(watch).ok();
        Self { to_thread: Some(to_thread), thread }
    }

    fn goes_on(&self, what: &str) {
        self.tell(Some(what.to_owned()));
    }

    fn rests(&self) {
        self.tell(None);
    }

    fn tell(&self, what: Option<String>) {
        if let Some(to_thread) = &self.to_thread {
            let _ = to_thread.send(what);
        }
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.to_thread = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What takes long is named again and again, and what is over isn't.
    #[test]
    fn long_statements_are_said_to_be_alive() {
        let (said, heard) = mpsc::channel();
        let alive = Alive::new(Duration::from_millis(20), move |text| said.send(text.to_owned()).unwrap());
        alive.goes_on("a, statement 1: VACUUM");
        for _ in 0..2 {
            let text = heard.recv_timeout(Duration::from_secs(20)).unwrap();
            assert_eq!(text, "      running for 0 s: a, statement 1: VACUUM");
        }
        alive.rests();
        drop(alive);
        // Whatever was said before it rested is all there is.
        assert!(heard.iter().all(|text| text.ends_with("VACUUM")));
    }

    /// A statement of a file stays named when the file was read further, and only of a large one it is said how far.
    #[test]
    fn a_statement_is_named_while_its_file_is_read() {
        let mut progress = Progress::new(Output::new(false, false, false), None);
        for (of_bytes, read) in [(30, ""), (8 << 20, " (50 % of 8 MiB)")] {
            let bar = bar(HowFar::default());
            bar.set_draw_target(ProgressDrawTarget::hidden());
            progress.shown = Shown::Bar(bar.clone());
            let revision = "01_a".to_owned();
            progress.event(&Event::Statement { revision: revision.clone(), number: 1, sql: "VACUUM".into() });
            progress.event(&Event::Read { revision, bytes: of_bytes / 2, of_bytes });
            assert_eq!(bar.message(), format!("01_a{read}, statement 1: VACUUM"));
        }
    }
}
