//! Why a script can't be read.

use std::fmt;

use super::position::Position;

/// Why a script can't be read, and where.
#[derive(Debug)]
pub struct ScriptError {
    file: Option<String>,
    position: Position,
    fault: Fault,
}

/// What is wrong with a script.
#[derive(Debug)]
pub(super) enum Fault {
    Read(std::io::Error),
    NotText { byte: u8, is_utf16: bool },
    Zero,
    Unclosed { what: &'static str },
    Command { client: &'static str, text: String },
    ClientVariable { client: &'static str, text: String },
    Delimiter { reason: &'static str },
    BesideData,
    Header { message: String },
    Transaction { message: String },
    Variable { name: String },
}

impl ScriptError {
    pub(super) fn new(position: Position, fault: Fault) -> Self {
        Self { file: None, position, fault }
    }

    /// A file that can't be opened.
    pub(super) fn unreadable(error: std::io::Error) -> Self {
        Self::new(Position::START, Fault::Read(error))
    }

    /// The same, in a file of this name.
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.file.get_or_insert_with(|| file.into());
        self
    }

    /// The file, where it is known.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Where it is.
    pub fn position(&self) -> Position {
        self.position
    }

    /// What to do about it, where there is something to say.
    pub fn hint(&self) -> Option<&'static str> {
        match &self.fault {
            Fault::NotText { is_utf16: true, .. } => Some("it seems to be UTF-16: save the file in UTF-8"),
            Fault::NotText { .. } | Fault::Zero => Some("save the file in UTF-8"),
            Fault::Command { .. } => Some("write it as SQL, or leave it out: only the client knows it"),
            Fault::ClientVariable { .. } => Some("write its value in its place: only the client knows it"),
            Fault::Transaction { .. } => Some(
                "leave BEGIN, COMMIT and ROLLBACK to Dunlin, or let every statement stand alone with `-- dunlin: no-transaction`",
            ),
            Fault::Variable { .. } => Some(
                "give it a value under [variables] in dunlin.toml, or set what `env:` names in the environment; `variables = false` leaves all as they are",
            ),
            Fault::Read(_) => Some("see that the file is there, and that it may be read"),
            Fault::BesideData => Some("begin a new line behind the semicolon"),
            _ => None,
        }
    }
}

impl fmt::Display for ScriptError {
    /// `0002_posts.sql:14:9: the string that begins here never ends`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "{file}:{}: ", self.position)?,
            None => write!(f, "line {}, column {}: ", self.position.line, self.position.column)?,
        }
        match &self.fault {
            Fault::Read(error) => write!(f, "can't be read: {error}"),
            Fault::NotText { byte, .. } => {
                write!(f, "byte {} of it, 0x{byte:02x}, isn't UTF-8", self.position.offset_bytes)
            }
            Fault::Zero => f.write_str("a zero byte stands in the statement, which no SQL has"),
            Fault::Unclosed { what } => write!(f, "the {what} that begins here never ends"),
            Fault::Command { client, text } => {
                write!(f, "{text} is a command to {client}, which no server knows")
            }
            Fault::ClientVariable { client, text } => {
                write!(f, "{text} is a variable of {client}, which no server knows")
            }
            Fault::Delimiter { reason } => write!(f, "DELIMITER {reason}"),
            Fault::BesideData => f.write_str("the data of a COPY can't begin in the line of its statement"),
            Fault::Variable { name } => write!(f, "the variable ${{{name}}} isn't set"),
            Fault::Header { message } | Fault::Transaction { message } => f.write_str(message),
        }
    }
}

impl std::error::Error for ScriptError {}
