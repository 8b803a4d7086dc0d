//! How a command fails: what failed, what is now true, and what to do.

use dunlin_migrations::Error;
use serde::Serialize;

use super::exit_code;

/// A failure as it is shown: three parts and an exit code.
#[derive(Debug, Serialize)]
pub(super) struct Failure {
    #[serde(rename = "error")]
    message: String,
    #[serde(rename = "now")]
    state: Option<String>,
    #[serde(rename = "next")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    server_code: Option<String>,
    exit_code: u8,
}

impl Failure {
    /// The words or the configuration are wrong.
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            state: None,
            hint: None,
            revision: None,
            statement: None,
            server_code: None,
            exit_code: exit_code::USAGE,
        }
    }

    /// The run failed.
    pub(super) fn run(message: impl Into<String>) -> Self {
        Self { exit_code: exit_code::FAILED, ..Self::usage(message) }
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

    /// What failed.
    #[cfg(test)]
    pub(super) fn message(&self) -> &str {
        &self.message
    }

    /// The failure in lines, as a person reads it.
    pub(super) fn lines(&self) -> String {
        let mut text = format!("error: {}", self.message);
        let parts = [("sql", &self.statement), ("now", &self.state), ("next", &self.hint)];
        for (title, part) in parts.into_iter().filter_map(|(title, part)| Some((title, part.as_ref()?))) {
            text += &format!("\n  {title}: {}", part.trim_end().replace('\n', "\n       "));
        }
        text
    }

    /// The exit code.
    pub(super) fn code(&self) -> u8 {
        self.exit_code
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let usage = error.is_target() || error.is_graph();
        Self {
            state: Some(error.state()),
            hint: error.hint().map(str::to_owned),
            revision: error.revision().map(str::to_owned),
            statement: error.statement().map(|statement| statement.sql.clone()),
            server_code: error.code().map(str::to_owned),
            ..if usage { Self::usage(error.to_string()) } else { Self::run(error.to_string()) }
        }
    }
}
