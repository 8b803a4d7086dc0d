//! Why a tool's history can't be taken over.

use std::fmt;

use crate::script::ScriptError;

/// Why a tool's history can't be taken over, and what to do about it.
#[derive(Debug)]
pub struct AdoptError {
    message: String,
    hint: Option<String>,
}

impl AdoptError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    pub(super) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(super) fn from_script(error: &ScriptError) -> Self {
        let usual = "correct the file there, and run the same command again";
        Self { message: error.to_string(), hint: Some(error.hint().unwrap_or(usual).into()) }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for AdoptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for AdoptError {}
