//! Sections of a file that lines divide: `-- +migrate Up` and `-- +migrate Down`, as sql-migrate has them, and those of other
//! tools that have no layout of their own here. What is below is the way down, and would undo what stands above it.

use super::super::fault::LayoutError;
use super::super::read::{Line, Reader, Way};
use crate::script::{Position, Script, Section, Transaction};

/// What a line says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Up,
    Down,
}

/// Lines that divide, without their marks of a comment and in small letters: of sql-migrate, micrate, rambler, node-pg-migrate,
/// Play, tern and MyBatis. Others, such as `-- down` alone, divide where `-- up` stands before the first statement.
const LINES: [(&str, Says); 12] = [
    ("+migrate up", Says::Up),
    ("+migrate down", Says::Down),
    ("+micrate up", Says::Up),
    ("+micrate down", Says::Down),
    ("rambler up", Says::Up),
    ("rambler down", Says::Down),
    ("up migration", Says::Up),
    ("down migration", Says::Down),
    ("!ups", Says::Up),
    ("!downs", Says::Down),
    ("create above / drop below ----", Says::Down),
    ("//@undo", Says::Down),
];

const HINT: &str = "a comment `-- up` above the way up and `-- down` above the way down divide the file; word one that doesn't otherwise";

/// The ways of a file.
pub(super) struct Sections {
    pub(super) up: (Section, Transaction),
    pub(super) down: Option<(Section, Transaction)>,
    pub(super) checksum: String,
    /// Whether lines such as `-- +migrate StatementBegin` divide it too.
    blocks: bool,
}

impl Sections {
    /// A file whose name says that it is a way up.
    pub(super) fn whole(reader: &Reader<'_>, path: &str) -> Result<Self, LayoutError> {
        let whole = reader.whole(path)?;
        let up = (whole.section, Transaction::Revision);
        Ok(Self { up, down: None, checksum: whole.checksum, blocks: false })
    }

    pub(super) fn read(reader: &Reader<'_>, path: &str) -> Result<Self, LayoutError> {
        let mut reading = Reading::default();
        reader.lines(path, |line| {
            let number = line.start.line;
            let refused = |message| LayoutError::new(message).in_file(path).at_line(number).with_hint(HINT);
            reading.line(&line).map_err(refused)
        })?;
        let (up, up_in) = reading.up;
        let (up, checksum) = up.finish();
        let down = reading.down.map(|(down, transaction)| (down.finish().0, transaction));
        Ok(Self { up: (up, up_in), down, checksum, blocks: reading.blocks })
    }

    pub(super) fn script(
        &self,
        reader: &Reader<'_>,
        path: &str,
        section: Section,
        transaction: Transaction,
    ) -> Script {
        let script = reader.script(path, section, transaction);
        if self.blocks { script.with_blocks() } else { script }
    }
}

/// A file that is being read.
struct Reading {
    up: (Way, Transaction),
    down: Option<(Way, Transaction)>,
    is_marked: bool,
    blocks: bool,
    /// A `-- down` in a file that says nowhere that it is divided.
    doubt: Option<String>,
}

impl Default for Reading {
    fn default() -> Self {
        let up = (Way::at(Position::START), Transaction::Revision);
        Self { up, down: None, is_marked: false, blocks: false, doubt: None }
    }
}

impl Reading {
    fn line(&mut self, line: &Line<'_>) -> Result<(), String> {
        let text = line.trimmed();
        let said = line.is_first.then(|| says(text).or_else(|| self.plain(text))).flatten();
        let Some((says, transaction)) = said else {
            if let Some(down) = self.doubt.as_deref().filter(|_| !line.is_comment_or_blank()) {
                return Err(format!("a statement stands behind `{down}`, and may be a way down"));
            }
            let way = self.down.as_mut().map_or(&mut self.up.0, |(down, _)| down);
            way.line(line);
            return Ok(());
        };
        self.blocks |= comment(text).is_some_and(|text| text.starts_with('+'));
        match says {
            Says::Up if self.down.is_some() => Err(format!("`{}` stands behind the way down", text.trim())),
            Says::Up if self.is_marked => {
                self.up.0.skip(line);
                Ok(())
            }
            Says::Up if self.up.0.section.has_statements => {
                Err(format!("a statement stands before `{}`", text.trim()))
            }
            Says::Up => {
                self.is_marked = true;
                self.up = (Way::at(line.end), transaction);
                Ok(())
            }
            Says::Down => {
                let (down, _) = self.down.get_or_insert_with(|| (Way::at(line.end), transaction));
                down.skip(line);
                Ok(())
            }
        }
    }

    /// What other comments say: nothing, unless one for the way up stands before all statements.
    fn plain(&mut self, text: &str) -> Option<(Says, Transaction)> {
        let words = comment(text)?.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
        let is = |direction: &str| {
            words
                .strip_prefix(direction)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(" migration"))
        };
        let is_down = ["down", "undo", "rollback", "revert"].into_iter().any(is);
        let says = match is_down {
            false if is("up") && !self.up.0.section.has_statements => Says::Up,
            true if self.is_marked => Says::Down,
            true => {
                self.doubt.get_or_insert_with(|| text.trim().to_owned());
                return None;
            }
            false => return None,
        };
        Some((says, Transaction::Revision))
    }
}

/// The text of a line that is a comment and begins at its start.
fn comment(line: &str) -> Option<&str> {
    let text = line.strip_prefix("--").or_else(|| line.strip_prefix('#'))?;
    Some(text.trim_start_matches(['-', '#', ' ', '\t']).trim_end())
}

fn says(line: &str) -> Option<(Says, Transaction)> {
    let text = comment(line)?.to_ascii_lowercase();
    let (says, rest) = LINES.into_iter().find_map(|(known, says)| Some((says, text.strip_prefix(known)?)))?;
    match rest.trim() {
        "" => Some((says, Transaction::Revision)),
        "notransaction" => Some((says, Transaction::None)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Says, says};
    use crate::script::Transaction;

    #[test]
    fn lines_divide_that_some_tool_knows() {
        let up = Some((Says::Up, Transaction::Revision));
        let down = Some((Says::Down, Transaction::Revision));
        for line in ["-- +migrate Up", "--+migrate up ", "-- rambler up", "# --- !Ups", "-- Up Migration"] {
            assert_eq!(says(line), up, "{line}");
        }
        for line in ["-- +micrate Down", "---- create above / drop below ----", "--//@UNDO", "-- !Downs"] {
            assert_eq!(says(line), down, "{line}");
        }
        assert_eq!(says("-- +migrate Up notransaction"), Some((Says::Up, Transaction::None)));
        for line in ["-- Up", "-- +migrate Upwards", " -- +migrate Up", "+migrate Up", "-- up migrations"] {
            assert_eq!(says(line), None, "{line}");
        }
    }
}
