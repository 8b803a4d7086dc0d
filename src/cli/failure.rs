//! How a command fails: what failed, what is now true, and what to do.

use dunlin_dialects::DatabaseUrl;
use dunlin_migrations::script::{Excerpt, Position};
use dunlin_migrations::{Done, Error};
use serde::Serialize;

use super::cut;
use super::exit_code;
use super::interrupt::Signal;
use super::output::{PROGRAM, Paint};
use super::secret::hidden;
use super::session::Seen;

/// A failure as it is shown: three parts and an exit code.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Failure {
    #[serde(rename = "error")]
    message: String,
    #[serde(rename = "now")]
    state: Option<String>,
    #[serde(rename = "next")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    #[serde(flatten)]
    statement: Option<Box<Statement>>,
    #[serde(flatten)]
    run: Option<Box<Run>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_code: Option<String>,
    /// What the compiler said, where it couldn't say so itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    compiler: Option<String>,
    exit_code: u8,
}

/// A run that had begun.
#[derive(Clone, Debug, Serialize)]
struct Run {
    run_id: String,
    /// What it did before it failed, and what stays.
    done: Vec<Done>,
}

/// The statement that failed, or as much of it as is worth showing.
#[derive(Clone, Debug, Serialize)]
struct Statement {
    #[serde(rename = "statement")]
    sql: String,
    /// How long it is, where that isn't all of it.
    #[serde(rename = "statement_bytes", skip_serializing_if = "Option::is_none")]
    whole_bytes: Option<usize>,
    #[serde(skip)]
    shown: String,
}

impl Statement {
    fn of(sql: &str, offset_bytes: usize) -> Self {
        let (part, is_cut) = cut::for_json(sql, offset_bytes);
        Self {
            sql: part.to_owned(),
            whole_bytes: is_cut.then_some(sql.len()),
            shown: cut::for_screen(sql, offset_bytes),
        }
    }
}

/// Where it is in a file, in lines and columns counted from 1 and in bytes from the start.
#[derive(Clone, Debug, Serialize)]
struct Place {
    file: Option<String>,
    line: u64,
    column: u64,
    offset_bytes: u64,
    #[serde(skip)]
    shown: String,
}

impl Place {
    fn of(excerpt: &Excerpt) -> Self {
        let Position { offset_bytes, line, column } = excerpt.position;
        Self { file: excerpt.file.clone(), line, column, offset_bytes, shown: excerpt.to_string() }
    }
}

impl Failure {
    /// The words or the configuration are wrong, which is found before anything is done.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            state: Some("nothing was changed".to_owned()),
            hint: None,
            revision: None,
            statement: None,
            run: None,
            place: None,
            server_code: None,
            compiler: None,
            exit_code: exit_code::USAGE,
        }
    }

    /// The run failed.
    pub(super) fn run(message: impl Into<String>) -> Self {
        Self { exit_code: exit_code::FAILED, state: None, ..Self::usage(message) }
    }

    /// A check found something.
    pub(super) fn found(message: impl Into<String>) -> Self {
        Self { exit_code: exit_code::FOUND, state: None, ..Self::usage(message) }
    }

    /// A signal ended it, when the run had come so far.
    pub(super) fn ended_by(signal: Signal, Seen { revision, run_id, done }: Seen) -> Self {
        let during = revision.as_ref().map(|id| format!(" while revision {id} was at work"));
        let message = format!("{}{}", signal.past(), during.unwrap_or_default());
        let run = run_id.map(|run_id| Box::new(Run { run_id, done }));
        Self { exit_code: signal.code(), state: None, revision, run, ..Self::usage(message) }
    }

    /// The same, with something else that one may do.
    pub(super) fn and_hint(mut self, hint: &str) -> Self {
        self.hint = Some(match self.hint {
            Some(before) => format!("{before}; {hint}"),
            None => hint.to_owned(),
        });
        self
    }

    /// The same, of the database that it happened on.
    pub(super) fn on(self, url: &DatabaseUrl) -> Self {
        self.within(&url.to_string())
    }

    /// The same, of where it was found.
    pub(super) fn within(mut self, what: &str) -> Self {
        self.message = format!("{what}: {}", self.message);
        self
    }

    /// The same, with what is now true.
    pub(super) fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// The same, with what to do.
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, with what the compiler said.
    pub(super) fn compiler(mut self, said: String) -> Self {
        self.compiler = Some(said.trim_end().to_owned()).filter(|said| !said.is_empty());
        self
    }

    /// What failed.
    #[cfg(test)]
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The same without what was typed of passwords, for a URL may stand where none belongs, and with what the program is called
    /// in which commands are typed.
    pub(super) fn as_shown(&self, program: &str) -> Self {
        let shown = |text: &str| hidden(text).replace(&format!("`{PROGRAM} "), &format!("`{program} "));
        Self {
            message: shown(&self.message),
            state: self.state.as_deref().map(shown),
            hint: self.hint.as_deref().map(shown),
            ..self.clone()
        }
    }

    /// The failure in lines, as a person reads it.
    pub(super) fn lines(&self, paint: Paint) -> String {
        let compiler = self.compiler.as_ref().map(|said| format!("{said}\n")).unwrap_or_default();
        let mut text = format!("{compiler}{} {}", paint.bad("error:"), self.message);
        if let Some(place) = &self.place {
            text += &format!("\n  at: {}", place.shown.replace('\n', "\n      "));
        }
        let sql = self.statement.as_ref().map(|statement| &statement.shown);
        let parts = [("sql", sql), ("now", self.state.as_ref()), ("next", self.hint.as_ref())];
        for (title, part) in parts.into_iter().filter_map(|(title, part)| Some((title, part?))) {
            let title = paint.faint(&format!("{title}:"));
            text += &format!("\n  {title} {}", part.trim_end().replace('\n', "\n       "));
        }
        text
    }

    /// What the run did before it failed.
    pub(super) fn done(&self) -> &[Done] {
        self.run.as_ref().map(|run| run.done.as_slice()).unwrap_or_default()
    }

    /// The exit code.
    pub(super) fn code(&self) -> u8 {
        self.exit_code
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let usage = error.is_target() || error.is_graph();
        let run_id = error.report().run_id.clone();
        Self {
            state: Some(error.state()),
            hint: error.hint().map(str::to_owned),
            revision: error.revision().map(str::to_owned),
            statement: error
                .statement()
                .map(|statement| Statement::of(&statement.sql, error.offset_bytes().unwrap_or_default()))
                .map(Box::new),
            run: run_id.map(|run_id| Box::new(Run { run_id, done: error.report().done.clone() })),
            place: error.place().map(Place::of),
            server_code: error.code().map(str::to_owned),
            ..if usage { Self::usage(error.to_string()) } else { Self::run(error.to_string()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is to be typed is called as the program is; what it is about isn't.
    #[test]
    fn hints_name_the_program() {
        let failure = Failure::usage("`dunlin x` isn't in dunlin.toml").hint("`dunlin up`, or `dunlin down`");
        let shown = failure.as_shown("shop db").lines(Paint::default());
        assert_eq!(
            shown,
            "error: `shop db x` isn't in dunlin.toml\n  now: nothing was changed\n  next: `shop db up`, or `shop db down`"
        );
        assert_eq!(failure.as_shown(PROGRAM).lines(Paint::default()), failure.lines(Paint::default()));
    }
}
