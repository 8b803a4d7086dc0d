//! Why a folder of revisions can't be read.

use std::fmt;

use crate::script::{Position, ScriptError};

/// Why a folder of revisions can't be read: what is wrong, in which file, and where.
#[derive(Debug)]
pub struct LayoutError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    file: Option<String>,
    line: Option<u64>,
    message: String,
    hint: Option<String>,
    script: Option<ScriptError>,
}

impl LayoutError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(Box::new(Inner { file: None, line: None, message: message.into(), hint: None, script: None }))
    }

    /// The same, in this file.
    pub(super) fn in_file(mut self, file: impl Into<String>) -> Self {
        self.0.file = Some(file.into());
        self
    }

    /// The same, in this line, counted from 1.
    pub(super) fn at_line(mut self, line: u64) -> Self {
        self.0.line = Some(line);
        self
    }

    pub(super) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What a file's own text has wrong.
    pub(super) fn from_script(error: ScriptError, file: &str) -> Self {
        let error = error.in_file(file);
        let mut layout = Self::new("").in_file(file).at_line(error.position().line);
        layout.0.hint = error.hint().map(Into::into);
        layout.0.script = Some(error);
        layout
    }

    /// The file, where it is one file's fault.
    pub fn file(&self) -> Option<&str> {
        self.0.file.as_deref()
    }

    /// The line, where it is one line's.
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// The place in the file, where its text is at fault.
    pub fn position(&self) -> Option<Position> {
        self.0.script.as_ref().map(ScriptError::position)
    }

    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<&str> {
        let usual = self.0.file.as_ref().map(|_| "correct the file there, and run the same command again");
        self.0.hint.as_deref().or(usual)
    }
}

impl fmt::Display for LayoutError {
    /// `db/0003_posts.sql:7: there is a second -- migrate:up`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(script) = &self.0.script {
            return script.fmt(f);
        }
        match (&self.0.file, self.0.line) {
            (Some(file), Some(line)) => write!(f, "{file}:{line}: ")?,
            (Some(file), None) => write!(f, "{file}: ")?,
            (None, _) => {}
        }
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for LayoutError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.script.as_ref().and_then(|script| script.source())
    }
}
