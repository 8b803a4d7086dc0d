//! Printing: results to stdout, all else to stderr.

mod page;
mod paint;

use std::io::{self, IsTerminal, Write};

use console::{Term, truncate_str};
use dunlin_dsl::Server;
use dunlin_migrations::adopt::Adoption;
use dunlin_migrations::{Direction, Done, Plan, Report, Status, few};
use serde::Serialize;

use self::page::Page;
pub(super) use self::paint::Paint;
use super::commands::init::Written;
use super::failure::Failure;

/// What is warned of applied revisions whose code isn't what it was.
pub(super) const EDITED: &str = "edited since they were applied";
/// What is warned of applied revisions whose code isn't here.
pub(super) const MISSING: &str = "applied, and unknown here";

/// What `dunlin` itself is called in what is said.
pub(super) const PROGRAM: &str = "dunlin";

/// Where a command's words go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    /// Results and failures are JSON.
    pub(super) json: bool,
    /// Progress isn't told.
    pub(super) quiet: bool,
    /// More is told than usual.
    pub(super) verbose: bool,
    /// What stands before a command.
    pub(super) program: &'static str,
    paint_results: Paint,
    paint_progress: Paint,
}

impl Output {
    /// For this process's own streams.
    pub(super) fn new(json: bool, quiet: bool, verbose: bool) -> Self {
        let (results, progress) = (Paint::on(&io::stdout()), Paint::on(&io::stderr()));
        // With JSON a failure is all that stderr has.
        let quiet = quiet || json;
        Self { json, quiet, verbose, program: PROGRAM, paint_results: results, paint_progress: progress }
    }

    /// The same for a program in which these words stand before a command.
    pub(super) fn called(self, program: &'static str) -> Self {
        Self { program, ..self }
    }

    /// The same without progress.
    pub(super) fn silent(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// How what isn't a result is painted.
    pub(super) fn paint_progress(self) -> Paint {
        self.paint_progress
    }

    /// Whether progress is shown by something that moves.
    pub(super) fn moves(self) -> bool {
        !self.json && io::stderr().is_terminal()
    }

    /// What a run did.
    pub(super) fn report(self, report: &Report) -> Result<(), Failure> {
        if self.json {
            return self.value(report);
        }
        if report.is_empty() {
            self.line("nothing to do")?;
        }
        self.done(&report.done)?;
        if report.dry_run {
            self.line("rolled back: it was a dry run")?;
        }
        Ok(())
    }

    /// Revisions that a run did.
    fn done(self, done: &[Done]) -> Result<(), Failure> {
        done.iter().try_for_each(|done| self.line(&format!("{} {}", past(done.direction), done.id)))
    }

    /// What a stamp said of revisions: nothing ran.
    pub(super) fn stamped(self, report: &Report) -> Result<(), Failure> {
        if self.json {
            return self.value(report);
        }
        if report.is_empty() {
            self.line("nothing to do")?;
        }
        for done in &report.done {
            let what = match done.direction {
                Direction::Up => "stamped as applied",
                Direction::Down => "stamped as pending",
            };
            self.line(&format!("{what} {}", done.id))?;
        }
        for id in &report.settled {
            self.line(&format!("settled the attempt at {id} that had failed"))?;
        }
        Ok(())
    }

    /// What was made for a new project.
    pub(super) fn written(self, written: &Written) -> Result<(), Failure> {
        if self.json {
            return self.value(written);
        }
        for path in [Some(&written.config), written.manifest.as_ref()].into_iter().flatten() {
            self.line(&format!("wrote {}", path.display()))?;
        }
        let what = if written.made { "made" } else { "found" };
        written.revisions.iter().try_for_each(|folder| self.line(&format!("{what} {}", folder.display())))
    }

    /// What another tool's history says, and how that fits the files.
    pub(super) fn adoption(self, adoption: &Adoption, is_done: bool) -> Result<(), Failure> {
        if self.json {
            return self.value(adoption);
        }
        let ids =
            adoption.matched.iter().map(|matched| &matched.id).chain(&adoption.own).chain(&adoption.undone);
        let width = ids.map(|id| id.chars().count()).max().unwrap_or_default();
        for matched in &adoption.matched {
            self.line(&format!("applied  {:<width$} {}", matched.id, matched.content))?;
        }
        for id in &adoption.own {
            self.line(&format!("applied  {id:<width$} by Dunlin, or stamped: the tool's history hasn't it"))?;
        }
        for id in &adoption.undone {
            self.line(&format!("undone   {id:<width$} by the tool, since its history was taken over"))?;
        }
        for row in &adoption.missing {
            self.line(&format!("missing  {row}"))?;
        }
        for pending in &adoption.pending {
            let state = if pending.is_late { "late" } else { "pending" };
            self.line(&format!("{state:<8} {}", pending.id))?;
        }
        match (adoption.taken_over.len(), is_done) {
            _ if !adoption.is_clean() => Ok(()),
            (0, _) => self.line("nothing to do: Dunlin's history has all that the tool's has"),
            (count, true) => self.line(&format!("taken over: {count} written into Dunlin's history")),
            (count, false) => {
                self.line(&format!("to take over: {count} would be written into Dunlin's history"))
            }
        }
    }

    /// What a run would do.
    pub(super) fn plan(self, plan: &Plan) -> Result<(), Failure> {
        if self.json {
            return self.value(plan);
        }
        for step in &plan.steps {
            self.line(&format!("-- {} {}", step.direction, step.id))?;
            for statement in &step.statements {
                for hazard in &statement.hazards {
                    self.line(&format!("-- hazard: {}", hazard.message))?;
                }
                self.line(&format!("{};", statement.sql))?;
            }
            if !step.complete {
                self.line("-- and what depends on what the database then holds")?;
            }
        }
        Ok(())
    }

    /// A script in SQL, for this server.
    pub(super) fn page(self, server: &Server) -> Page {
        Page::new(self, server)
    }

    /// How each revision stands.
    pub(super) fn statuses(self, statuses: &[Status]) -> Result<(), Failure> {
        if self.json {
            return self.value(&statuses);
        }
        let width = statuses.iter().map(|status| status.id.chars().count()).max().unwrap_or_default();
        for status in statuses {
            let when = status.applied_at.as_deref().unwrap_or_default();
            let state = self.paint_results.state(status.state, 8);
            let mut line = format!("{state} {:<width$} {when}", status.id);
            if self.verbose {
                line += &details(status);
            }
            if status.undo_failed {
                line += if status.is_half_undone() {
                    "  half undone"
                } else {
                    "  its undo failed, and left nothing"
                };
            }
            self.line(line.trim_end())?;
        }
        Ok(())
    }

    /// What someone should look at in these revisions, as a line.
    pub(super) fn warning<S: AsRef<str>>(self, what: &str, revisions: &[S]) -> String {
        format!("{} {what}: {}", self.paint_progress.warning("warning:"), few(revisions))
    }

    /// What is going on.
    pub(super) fn progress(self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// A failure: what failed, what is now true, what to do. What was done before it is a result; in JSON it is a part of the failure.
    pub(super) fn failure(self, failure: &Failure) {
        let failure = &failure.as_shown(self.program);
        if !self.json {
            // It failed all the same, whether stdout can be written to or not.
            let _ = self.done(failure.done());
        }
        let text = match serde_json::to_string(failure) {
            Ok(json) if self.json => json,
            _ => failure.lines(self.paint_progress),
        };
        let _ = writeln!(io::stderr(), "{text}");
    }

    /// A line of a result.
    pub(super) fn line(self, text: &str) -> Result<(), Failure> {
        match writeln!(io::stdout(), "{text}") {
            // A reader that went away early, such as `head`, is no failure.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(unwritten(&error)),
            _ => Ok(()),
        }
    }

    /// A line of a drawing, which a terminal that is too narrow for it doesn't break.
    pub(super) fn drawn(self, text: &str) -> Result<(), Failure> {
        match Term::stdout().size_checked() {
            Some((_, columns)) => self.line(&truncate_str(text, columns.into(), "…")),
            None => self.line(text),
        }
    }

    /// A result as JSON.
    pub(super) fn value<T: Serialize>(self, value: &T) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value);
        self.line(&text.map_err(|error| unwritten(&error.into()))?)
    }
}

/// How a result couldn't be written.
pub(super) fn unwritten(error: &io::Error) -> Failure {
    Failure::run(format!("failed to write to stdout: {error}"))
        .state(
            "only what the command says is cut short: what it had to change in a database or a file is done",
        )
        .hint("see that stdout leads to where there is room; `dunlin status` tells how the database stands")
}

/// How long a revision took, and who applied it; and how the last attempt failed.
pub(super) fn details(status: &Status) -> String {
    let took = status.duration_ms.map(|ms| format!("  {ms} ms"));
    let who = status.applied_by.as_ref().map(|who| format!("  by {who}"));
    let failed = status.failed_at.as_ref().zip(status.error.as_ref());
    let failed = failed.map(|(at, error)| format!("  failed {at}: {}", error.replace('\n', " ")));
    took.into_iter().chain(who).chain(failed).collect()
}

pub(super) fn past(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "applied",
        Direction::Down => "undone",
    }
}
