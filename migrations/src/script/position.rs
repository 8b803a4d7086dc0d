//! Places in a script.

use std::fmt;

/// A place in a script, which begins at line 1, column 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// How far from the start, in bytes.
    pub offset_bytes: u64,
    /// The line, counted from 1.
    pub line: u64,
    /// The column, in characters, counted from 1.
    pub column: u64,
}

impl Position {
    /// Where a script begins.
    pub const START: Self = Self { offset_bytes: 0, line: 1, column: 1 };

    /// The place behind `text`, which begins here.
    pub fn behind(self, text: &str) -> Self {
        let bytes = text.as_bytes();
        let offset_bytes = self.offset_bytes + bytes.len() as u64;
        let characters = |bytes: &[u8]| bytes.iter().filter(|byte| is_first(**byte)).count() as u64;
        match bytes.iter().rposition(|byte| *byte == b'\n') {
            None => Self { offset_bytes, column: self.column + characters(bytes), ..self },
            Some(last) => {
                let lines = bytes[..=last].iter().filter(|byte| **byte == b'\n').count() as u64;
                Self { offset_bytes, line: self.line + lines, column: 1 + characters(&bytes[last + 1..]) }
            }
        }
    }
}

/// Whether a byte of UTF-8 is a character's first one.
fn is_first(byte: u8) -> bool {
    byte & 0b1100_0000 != 0b1000_0000
}

impl fmt::Display for Position {
    /// `14:9`, as editors take it behind a file's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}
