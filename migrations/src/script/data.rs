//! The data that stands in a script behind a COPY.

use super::lexer::{Kind, Lexer};

/// Whether a statement is `COPY .. FROM stdin`.
pub(super) fn takes_data(statement: &[u8], lexer: Lexer<'_>) -> bool {
    let mut at = 0;
    let mut words = std::iter::from_fn(|| {
        loop {
            let token = lexer.token(statement, at);
            let text = &statement[at..token.end];
            at = token.end;
            match token.kind {
                Kind::End | Kind::Unclosed(_) => return None,
                kind if kind.is_trivia() => {}
                _ => return Some(text),
            }
        }
    });
    if !words.next().is_some_and(|word| word.eq_ignore_ascii_case(b"COPY")) {
        return false;
    }
    let mut from = false;
    words.any(|word| {
        std::mem::replace(&mut from, word.eq_ignore_ascii_case(b"FROM"))
            && word.eq_ignore_ascii_case(b"STDIN")
    })
}

/// How far the lines of data are read.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lines {
    /// Whether the last piece ended in the middle of a line.
    inside: bool,
}

/// What comes next.
pub(super) enum Found {
    /// So much data.
    Data(usize),
    /// So many bytes that end it.
    End(usize),
    /// It can't be told without more text.
    Unknown,
}

impl Lines {
    /// What comes next in the text at hand. The line `\.` ends the data, and so does the script's end.
    pub(super) fn next(self, text: &[u8], is_whole: bool) -> (Self, Found) {
        if text.is_empty() {
            return (Self::default(), if is_whole { Found::End(0) } else { Found::Unknown });
        }
        let mut at = 0;
        let mut inside = self.inside;
        loop {
            let line = &text[at..];
            let end = line.iter().position(|byte| *byte == b'\n');
            let is_end = !inside && matches!(&line[..end.unwrap_or(line.len())], b"\\." | b"\\.\r");
            match end {
                _ if is_end && at > 0 => return (Self::default(), Found::Data(at)),
                Some(end) if is_end => return (Self::default(), Found::End(end + 1)),
                None if is_end && is_whole => return (Self::default(), Found::End(line.len())),
                Some(end) => {
                    at += end + 1;
                    inside = false;
                }
                // What may be the beginning of the last line is left for later.
                None if at > 0 && !is_whole => return (Self::default(), Found::Data(at)),
                None if is_whole => return (Self { inside: true }, Found::Data(text.len())),
                None if inside || line.len() > b"\\.\r".len() => {
                    return (Self { inside: true }, Found::Data(text.len()));
                }
                None => return (self, Found::Unknown),
            }
        }
    }
}
