//! The line of a script at which something went wrong, with a caret below it.

use std::fmt;

use super::position::Position;

/// A place in a script, as a person wants to see it.
///
/// ```text
/// 0002_posts.sql:14:9
///    |
/// 14 |   titel text NOT NUL,
///    |                  ^
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// The file, where it is known.
    pub file: Option<String>,
    /// The place.
    pub position: Position,
    /// The line there, or as much of it as can be shown; what isn't the statement's is left out.
    pub line: String,
    /// How many characters of `line` stand before the place.
    pub caret: usize,
}

/// How many characters of a line are shown before and behind the place.
const AROUND: usize = 60;

impl Excerpt {
    /// The line at `offset_bytes` of a text that begins at `start`.
    pub fn of(text: &str, start: Position, offset_bytes: usize) -> Self {
        let at = (0..=offset_bytes.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let (before, behind) = text.split_at(at);
        let before_in_line = before.rsplit('\n').next().unwrap_or_default();
        let behind_in_line = behind.split('\n').next().unwrap_or_default().trim_end();
        let skipped = before_in_line.chars().count().saturating_sub(AROUND);
        let mut line = String::from(if skipped > 0 { "…" } else { "" });
        line.extend(before_in_line.chars().skip(skipped));
        let caret = line.chars().count();
        line.extend(behind_in_line.chars().take(AROUND));
        if behind_in_line.chars().count() > AROUND {
            line.push('…');
        }
        Self { file: None, position: start.behind(before), line, caret }
    }

    /// The same, in a file of this name.
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..self }
    }
}

/// How many columns of a terminal a character takes: two where Unicode calls it wide, as it does the East Asian scripts and
/// pictures; none where it belongs to the one before.
fn columns(c: char) -> usize {
    match u32::from(c) {
        0x0300..=0x036f | 0x200b..=0x200f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff01..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.position.line.to_string();
        let margin = " ".repeat(number.len());
        match &self.file {
            Some(file) => writeln!(f, "{file}:{}", self.position)?,
            None => writeln!(f, "line {}, column {}", self.position.line, self.position.column)?,
        }
        // Tabs stay tabs, so that the caret stands right whatever their width is.
        let mut under = String::new();
        for c in self.line.chars().take(self.caret) {
            match c {
                '\t' => under.push(c),
                c => under.push_str(&"  "[..columns(c)]),
            }
        }
        write!(f, "{margin} |\n{number} | {}\n{margin} | {under}^", self.line)
    }
}
