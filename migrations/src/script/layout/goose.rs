//! goose: `NUMBER_name.sql`, divided by lines such as `-- +goose Up` and `-- +goose Down`, in one folder.
//!
//! The number is of 64 bits and at least 1, and orders them. Other names are passed over. Lines are read without any
//! knowledge of quotes, as goose does: a statement ends at a line whose last word ends in a semicolon.

use std::ops::Range;

use super::fault::LayoutError;
use super::read::{Line, Reader, Way};
use super::{Listed, names};
use crate::script::{Placeholders, Script, Section, Transaction};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let mut found = Vec::new();
    for path in reader.top() {
        match parse(&path) {
            Some(number) => found.push((number, path)),
            None if path.ends_with(".sql") => {
                reader.ignore(&path, "its name doesn't begin with a number, at least 1, and _");
            }
            None => {}
        }
    }
    found.sort();
    names::unique(&found, |(number, _)| number.to_string(), |(_, path)| path, "the version")?;
    found.into_iter().map(|(number, path)| revision(reader, number, &path)).collect()
}

fn parse(path: &str) -> Option<i64> {
    if !(path.ends_with(".sql") || path.ends_with(".go") && !path.ends_with("_test.go")) {
        return None;
    }
    path.split_once('_')?.0.parse().ok().filter(|number| *number >= 1)
}

fn revision(reader: &Reader<'_>, number: i64, path: &str) -> Result<Listed, LayoutError> {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let words = names::words(stem.split_once('_').map_or("", |(_, name)| name));
    let (id, version) = (names::id(stem), number.to_string());
    if path.ends_with(".go") {
        let up = reader.script(path, Section::of(""), Transaction::Own);
        return Ok(Listed::new(id, version, up, String::new())
            .about(words)
            .which_cannot_run(format!("{path} is a program in Go")));
    }
    let mut reading = Reading::default();
    let in_file = |error: LayoutError, line| error.in_file(path).at_line(line);
    let end = reader.lines(path, |line| {
        reading.line(&line).map_err(|message| in_file(LayoutError::new(message), line.start.line))
    })?;
    reading.finish().map_err(|message| in_file(LayoutError::new(message), end.line))?;
    let transaction = if reading.no_transaction { Transaction::None } else { Transaction::Own };
    let way = |way: Option<Way>| way.unwrap_or_else(|| Way::at(end)).finish();
    let [in_up, in_down] = reading.filled;
    let ((up, checksum), (down, _)) = (way(reading.up), way(reading.down));
    let script =
        |section, filled: Filled| filled.fill(reader.script(path, section, transaction).with_blocks());
    let listed = Listed::new(id, version, script(up, in_up), checksum);
    Ok(listed.about(words).with_down(Some(script(down, in_down))))
}

/// Where variables of the environment are filled in a way's lines.
#[derive(Default)]
struct Filled {
    /// In bytes from the file's start.
    parts: Vec<Range<u64>>,
    not_all: bool,
}

impl Filled {
    fn line(&mut self, line: &Line<'_>, is_filled: bool) {
        let (start, end) = (line.start.offset_bytes, line.end.offset_bytes);
        match self.parts.last_mut() {
            _ if !is_filled => self.not_all |= !line.is_comment_or_blank(),
            Some(part) if part.end == start => part.end = end,
            _ => self.parts.push(start..end),
        }
    }

    fn fill(self, script: Script) -> Script {
        let start = script.section().start.offset_bytes;
        if self.parts.is_empty() {
            return script;
        }
        let parts = self.parts.iter().filter(|_| self.not_all);
        let parts = parts.map(|part| part.start - start..part.end - start).collect();
        script.with_placeholders(Placeholders::Environment).filled_in(parts)
    }
}

/// What a line may say to goose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Says {
    Up,
    Down,
    StatementBegin,
    StatementEnd,
    NoTransaction,
    EnvsubOn,
    EnvsubOff,
}

const SAYINGS: [(&str, Says); 7] = [
    ("Up", Says::Up),
    ("Down", Says::Down),
    ("StatementBegin", Says::StatementBegin),
    ("StatementEnd", Says::StatementEnd),
    ("NO TRANSACTION", Says::NoTransaction),
    ("ENVSUB ON", Says::EnvsubOn),
    ("ENVSUB OFF", Says::EnvsubOff),
];

/// A file that is being read.
#[derive(Default)]
struct Reading {
    up: Option<Way>,
    down: Option<Way>,
    /// Whether the lines belong to one statement, whatever they look like.
    in_block: bool,
    /// The line in which a statement begins that isn't ended yet.
    open: Option<u64>,
    no_transaction: bool,
    /// Whether variables of the environment are to be filled from here on, and where they were: on the way up, on the way down.
    envsub: bool,
    filled: [Filled; 2],
}

impl Reading {
    fn line(&mut self, line: &Line<'_>) -> Result<(), String> {
        let text = line.trimmed();
        if line.is_first && is_annotation(text) {
            let says = says(text)?;
            return self.annotation(says, line);
        }
        let is_comment = line.is_comment_or_blank();
        let way = match (&mut self.down, &mut self.up) {
            (Some(way), _) | (None, Some(way)) => way,
            (None, None) if is_comment => return Ok(()),
            (None, None) => return Err("a statement stands before `-- +goose Up`".into()),
        };
        way.line(line);
        self.filled[usize::from(self.down.is_some())].line(line, self.envsub);
        if self.in_block || (self.open.is_none() && is_comment) {
            return Ok(());
        }
        match ends_statement(text) {
            true => self.open = None,
            false if text.trim().is_empty() => {}
            false => _ = self.open.get_or_insert(line.start.line),
        }
        Ok(())
    }

    fn annotation(&mut self, says: Says, line: &Line<'_>) -> Result<(), String> {
        match says {
            Says::Up if self.up.is_some() => return Err("there is a second `-- +goose Up`".into()),
            Says::Up => self.up = Some(Way::at(line.end)),
            Says::Down if self.up.is_none() => {
                return Err("`-- +goose Down` stands before `-- +goose Up`".into());
            }
            Says::Down if self.down.is_some() => return Err("there is a second `-- +goose Down`".into()),
            Says::Down => {
                self.finish()?;
                self.down = Some(Way::at(line.end));
            }
            Says::StatementBegin if self.up.is_none() || self.in_block => {
                return Err("`-- +goose StatementBegin` stands in no section, or in another block".into());
            }
            Says::StatementEnd if !self.in_block => {
                return Err("`-- +goose StatementEnd` ends nothing".into());
            }
            Says::StatementBegin => self.in_block = true,
            Says::StatementEnd => (self.in_block, self.open) = (false, None),
            Says::NoTransaction => self.no_transaction = true,
            Says::EnvsubOn => self.envsub = true,
            Says::EnvsubOff => self.envsub = false,
        }
        // A section begins behind its own line; the others are in it.
        if !matches!(says, Says::Up | Says::Down)
            && let Some(way) = self.down.as_mut().or(self.up.as_mut())
        {
            way.skip(line);
        }
        Ok(())
    }

    /// What must be so where a section ends.
    fn finish(&self) -> Result<(), String> {
        if self.up.is_none() {
            return Err("there is no `-- +goose Up`".into());
        }
        if self.in_block {
            return Err("`-- +goose StatementEnd` is missing".into());
        }
        match self.open {
            Some(line) => Err(format!("the statement of line {line} doesn't end in a semicolon")),
            None => Ok(()),
        }
    }
}

/// Whether a line is to goose. A comment that only speaks of its lines, as in the file that `goose init` writes, isn't.
pub(super) fn is_annotation(text: &str) -> bool {
    let comment = text.trim_start().strip_prefix("--");
    comment.is_some_and(|text| text.trim_start_matches('-').trim_start().starts_with("+goose"))
}

fn says(text: &str) -> Result<Says, String> {
    if text.starts_with([' ', '\t']) {
        return Err(format!("`{}` has white space before it, which goose refuses", text.trim()));
    }
    let words = text.replace("--", "").replacen("+goose", "", 1);
    let words = words.trim();
    let found = SAYINGS.iter().find(|(name, _)| name.eq_ignore_ascii_case(words));
    found.map(|(_, says)| *says).ok_or_else(|| {
        let known: Vec<_> = SAYINGS.iter().map(|(name, _)| *name).collect();
        format!("goose knows no `{words}`; known are {}", known.join(", "))
    })
}

/// Whether the last word of a line, before a comment, ends in a semicolon.
fn ends_statement(text: &str) -> bool {
    text.split_whitespace()
        .take_while(|word| !word.starts_with("--"))
        .last()
        .is_some_and(|word| word.ends_with(';'))
}

#[cfg(test)]
mod tests {
    use super::{ends_statement, is_annotation, parse, says};

    #[test]
    fn numbers_are_at_least_1() {
        assert_eq!(parse("00010_a.sql"), Some(10));
        assert_eq!(parse("1_a.go"), Some(1));
        for path in ["0_a.sql", "-1_a.sql", "a_1.sql", "1.sql", "1_a_test.go", "1_a.txt"] {
            assert_eq!(parse(path), None, "{path}");
        }
    }

    #[test]
    fn a_line_says_something_whatever_its_case() {
        assert!(
            is_annotation("--+goose up") && is_annotation("  -- +goose Up") && !is_annotation("-- +Goose Up")
        );
        assert!(is_annotation("--- +goose Up") && !is_annotation("-- The -- +goose Down line is optional."));
        assert!(says("--+goose  sTATEMENTbegin ").is_ok() && says("-- +goose no transaction\t").is_ok());
        assert!(says(" -- +goose Up").is_err_and(|why| why.contains("white space")));
        assert!(says("-- +goose Sideways").is_err_and(|why| why.contains("Sideways")));
    }

    #[test]
    fn a_semicolon_counts_at_the_end_of_a_line() {
        assert!(ends_statement("SELECT 1; -- one") && ends_statement("END;"));
        assert!(!ends_statement("SELECT ';' -- ;") && !ends_statement("-- x;") && !ends_statement(""));
    }
}
