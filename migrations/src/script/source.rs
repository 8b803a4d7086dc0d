//! A script's text, read piece by piece: in memory is only what isn't consumed yet.

use std::io::Read;

use super::fault::{Fault, ScriptError};
use super::position::Position;

/// Text from a reader. What is at hand grows as it is asked for, and goes as it is consumed.
pub(super) struct Source<R> {
    read: R,
    /// How much is read at once, at least.
    chunk_bytes: usize,
    buffer: Vec<u8>,
    /// How much of the buffer is consumed.
    from: usize,
    /// How much of it is known to be UTF-8.
    valid: usize,
    end: End,
    position: Position,
}

/// How much is read at once, where no statement is longer.
const CHUNK_BYTES: usize = 128 * 1024;

/// How much is read at once of a file in a folder, of which most are shorter.
pub(super) const FILE_CHUNK_BYTES: usize = 16 * 1024;

/// What is behind the text at hand.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Perhaps more.
    Unknown,
    /// Nothing.
    Reached,
    /// A byte that isn't UTF-8.
    NotText,
}

impl<R: Read> Source<R> {
    pub(super) fn new(read: R) -> Self {
        Self {
            read,
            chunk_bytes: CHUNK_BYTES,
            buffer: Vec::new(),
            from: 0,
            valid: 0,
            end: End::Unknown,
            position: Position::START,
        }
    }

    /// The same for a reader that begins in the middle of a script.
    pub(super) fn at_position(self, position: Position) -> Self {
        Self { position, ..self }
    }

    /// The same, reading so much at once.
    pub(super) fn with_chunk_bytes(self, chunk_bytes: usize) -> Self {
        Self { chunk_bytes: chunk_bytes.max(1), ..self }
    }

    /// The text at hand.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer[self.from..self.valid]
    }

    /// Whether the text at hand goes to the end.
    pub(super) fn is_whole(&self) -> bool {
        self.end == End::Reached
    }

    /// Where the text at hand begins.
    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// The place `at` bytes into the text at hand.
    pub(super) fn position_at(&self, at: usize) -> Position {
        self.position.behind(std::str::from_utf8(&self.rest()[..at]).unwrap_or_default())
    }

    /// Consumes text that is at hand.
    pub(super) fn take(&mut self, len: usize) -> &str {
        let text = &self.buffer[self.from..self.from + len];
        // It was found to be UTF-8 when it was read, and is cut at ASCII characters.
        let text = std::str::from_utf8(text).unwrap_or_default();
        self.from += len;
        self.position = self.position.behind(text);
        text
    }

    /// Gets more text, twice as much as is at hand, so that a long statement isn't read again and again.
    pub(super) fn more(&mut self) -> Result<(), ScriptError> {
        match self.end {
            End::Reached => return Ok(()),
            End::NotText => {
                let at = self.position_at(self.rest().len());
                let byte = self.buffer[self.valid];
                let begins = |mark: &[u8]| at == Position::START && self.buffer.starts_with(mark);
                let is_utf16 = begins(b"\xff\xfe") || begins(b"\xfe\xff");
                return Err(ScriptError::new(at, Fault::NotText { byte, is_utf16 }));
            }
            End::Unknown => {}
        }
        self.buffer.drain(..self.from);
        self.valid -= self.from;
        self.from = 0;
        let wanted = self.buffer.len() + self.buffer.len().max(self.chunk_bytes);
        self.read_to(wanted)?;
        self.check();
        Ok(())
    }

    fn read_to(&mut self, wanted: usize) -> Result<(), ScriptError> {
        let missing = wanted.saturating_sub(self.buffer.len());
        self.buffer.reserve(missing);
        let read = self.read.by_ref().take(missing as u64).read_to_end(&mut self.buffer);
        let read = read.map_err(|error| ScriptError::new(self.position, Fault::Read(error)))?;
        if read < missing {
            self.end = End::Reached;
        }
        Ok(())
    }

    /// Finds out how much of what was read is UTF-8; a character may be cut off at its end.
    fn check(&mut self) {
        match std::str::from_utf8(&self.buffer[self.valid..]) {
            Ok(_) => self.valid = self.buffer.len(),
            Err(error) => {
                self.valid += error.valid_up_to();
                if error.error_len().is_some() || self.end == End::Reached {
                    self.end = End::NotText;
                }
            }
        }
    }
}
