//! A revision as a file of SQL, in Dunlin's own layout: a header in comments, a way up, a way down.
//!
//! ```sql
//! -- dunlin: id 20261122_posts
//! -- dunlin: revises 20261120_users
//! CREATE TABLE posts (id bigint PRIMARY KEY);
//! -- dunlin: down
//! DROP TABLE posts;
//! ```

use std::io::Read;

use dunlin_dsl::Lexicon;

use super::digest::Digest;
use super::fault::{Fault, ScriptError};
use super::position::Position;
use super::source;
use super::splitter::{PartKind, Splitter};
use super::survey::Transaction;
use super::variables::Placeholders;

/// A revision's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What its comments say.
    pub header: Header,
    /// Its way up.
    pub up: Section,
    /// Its way down; none is irreversible, an empty one does nothing.
    pub down: Option<Section>,
    /// The checksum of the way up: `sql1:` and SHA-256 in hexadecimal.
    pub checksum: String,
}

/// What the comments of a file say of its revision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// `id X`; without it the id is the file's name.
    pub id: Option<String>,
    /// `revises A, B`; empty for `revises base`, none where nothing is said.
    pub revises: Option<Vec<String>>,
    /// `depends-on A, B`.
    pub depends_on: Vec<String>,
    /// `branch-label L`.
    pub branch_labels: Vec<String>,
    /// `no-transaction`: every statement stands alone.
    pub no_transaction: bool,
    /// `no-variables`: `${name}` in it is text like any other.
    pub no_variables: bool,
    /// `repeatable`: it runs again whenever it changes.
    pub repeatable: bool,
    /// What it is about: the comment right above the header.
    pub message: Option<String>,
}

impl Header {
    /// In which transactions the file runs.
    pub(super) fn transaction(&self) -> Transaction {
        if self.no_transaction { Transaction::None } else { Transaction::Revision }
    }

    /// Which `${name}` in it stand for something else.
    pub(super) fn placeholders(&self) -> Placeholders {
        if self.no_variables { Placeholders::Never } else { Placeholders::IfOn }
    }
}

/// A part of a file: statements and what stands between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// Whether it has a statement.
    pub has_statements: bool,
}

impl Section {
    /// All of a text.
    pub fn of(text: &str) -> Self {
        let end = Position::START.behind(text);
        Self { start: Position::START, end, has_statements: !text.trim().is_empty() }
    }
}

/// What a file holds, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// `NAME.sql`: a way up, and perhaps a way down.
    Both,
    /// `NAME.up.sql`: a way up alone.
    Up,
    /// `NAME.down.sql`: a way down alone.
    Down,
}

/// What the comments begin with that say something to Dunlin.
const MARKS: &[&str] = &["dunlin:"];

/// What they may say.
const KEYS: &str =
    "up, down, id, revises, depends-on, branch-label, no-transaction, no-variables, repeatable";

impl File {
    /// Reads a file from its start to its end, in constant memory. A way down alone has an empty way up.
    pub fn read(read: impl Read, holds: Holds, lexicon: &Lexicon) -> Result<Self, ScriptError> {
        let mut splitter =
            Splitter::new(read, lexicon).with_marks(MARKS).with_chunk_bytes(source::FILE_CHUNK_BYTES);
        let mut reading = Reading::new(holds);
        while let Some(part) = splitter.next()? {
            let end = part.start.behind(part.text);
            match part.kind {
                PartKind::Mark => reading
                    .mark(part.text, end)
                    .map_err(|message| ScriptError::new(part.start, Fault::Header { message }))?,
                kind => {
                    // The mark of the file's encoding is no part of its text.
                    let is_first = part.start == Position::START;
                    let text = if is_first { part.text.trim_start_matches('\u{feff}') } else { part.text };
                    reading.part(kind, text, end);
                }
            }
        }
        Ok(reading.finish())
    }
}

/// A file that is being read.
struct Reading {
    holds: Holds,
    header: Header,
    /// What stands before any marker: the way up, unless another is marked.
    head: Section,
    up: Option<Section>,
    down: Option<Section>,
    now: Now,
    digest: Digest,
    /// The last comment before the header.
    comment: Option<String>,
}

/// Where reading is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Now {
    Head,
    Up,
    Down,
}

impl Reading {
    fn new(holds: Holds) -> Self {
        let empty = Section { start: Position::START, end: Position::START, has_statements: false };
        Self {
            holds,
            header: Header::default(),
            head: empty,
            up: None,
            down: (holds == Holds::Down).then_some(empty),
            now: if holds == Holds::Down { Now::Down } else { Now::Head },
            digest: Digest::default(),
            comment: None,
        }
    }

    fn part(&mut self, kind: PartKind, text: &str, end: Position) {
        if self.now != Now::Down {
            self.digest.text(text);
        }
        let section = self.section();
        section.end = end;
        section.has_statements |= kind.is_sent();
        match kind {
            PartKind::Blank => {}
            PartKind::Comment => self.comment = Some(text.to_owned()),
            _ => self.comment = None,
        }
    }

    fn section(&mut self) -> &mut Section {
        match self.now {
            Now::Head => &mut self.head,
            Now::Up => self.up.as_mut().unwrap_or(&mut self.head),
            Now::Down => self.down.as_mut().unwrap_or(&mut self.head),
        }
    }

    /// A comment to Dunlin: a marker of a section, or a line of the header.
    fn mark(&mut self, comment: &str, end: Position) -> Result<(), String> {
        let text = comment.trim_start_matches(['-', '#']).trim();
        let text = text.get(MARKS[0].len()..).unwrap_or_default().trim();
        let (key, value) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let (key, value) = (key.to_ascii_lowercase(), value.trim());
        if self.now != Now::Down {
            self.digest.skip_line();
        }
        match key.as_str() {
            "up" | "down" if !value.is_empty() => Err(format!("`{key}` takes no value, and has {value}")),
            "up" | "down" => self.begin(&key, end),
            _ if self.up.is_some_and(|up| up.has_statements)
                || self.head.has_statements
                || self.is_below() =>
            {
                Err(format!("`{text}` must stand before the first statement"))
            }
            _ => {
                self.section().end = end;
                self.header(&key, value)
            }
        }
    }

    /// Whether the header is over, for the way down of the same file has begun.
    fn is_below(&self) -> bool {
        self.now == Now::Down
            && (self.holds != Holds::Down || self.down.is_some_and(|down| down.has_statements))
    }

    /// A marker of a section.
    fn begin(&mut self, key: &str, end: Position) -> Result<(), String> {
        let section = Section { start: end, end, has_statements: false };
        if self.holds != Holds::Both {
            return Err(format!("`{key}` can't stand in a file whose name says already which way it is"));
        }
        let place = if key == "up" { &mut self.up } else { &mut self.down };
        if place.is_some() {
            return Err(format!("there is a second `{key}`"));
        }
        if key == "up" && self.head.has_statements {
            return Err("a statement stands before `up`".into());
        }
        *place = Some(section);
        self.now = if key == "up" { Now::Up } else { Now::Down };
        if key == "up" {
            self.digest = Digest::default();
            self.digest.skip_line();
        }
        Ok(())
    }

    fn header(&mut self, key: &str, value: &str) -> Result<(), String> {
        let said = self.comment.take().and_then(|comment| about(&comment));
        let header = &mut self.header;
        header.message = header.message.take().or(said);
        let is_flag = matches!(key, "no-transaction" | "no-variables" | "repeatable");
        if is_flag && !value.is_empty() {
            return Err(format!("`{key}` takes no value, and has {value}"));
        }
        if self.holds == Holds::Down && !matches!(key, "no-transaction" | "no-variables") {
            return Err(format!("`{key}` belongs to the file of the way up"));
        }
        let list = || -> Result<Vec<String>, String> {
            let items: Vec<String> = value.split(',').map(|item| item.trim().to_owned()).collect();
            match items.iter().any(String::is_empty) {
                true => Err(format!("`{key}` needs a value, or several divided by commas")),
                false => Ok(items),
            }
        };
        let twice = Err(format!("there is a second `{key}`"));
        match key {
            "id" if header.id.is_some() => return twice,
            "id" if value.is_empty() => return Err("`id` needs a value".into()),
            "id" => header.id = Some(value.to_owned()),
            "revises" if header.revises.is_some() => return twice,
            "revises" if value == "base" => header.revises = Some(Vec::new()),
            "revises" => header.revises = Some(list()?),
            "depends-on" => header.depends_on.extend(list()?),
            "branch-label" => header.branch_labels.extend(list()?),
            "no-transaction" => header.no_transaction = true,
            "no-variables" => header.no_variables = true,
            "repeatable" => header.repeatable = true,
            "" => return Err(format!("it must say one of {KEYS}")),
            _ => return Err(format!("nothing is known of `{key}`; known are {KEYS}")),
        }
        Ok(())
    }

    fn finish(self) -> File {
        File {
            header: self.header,
            up: self.up.unwrap_or(self.head),
            down: self.down,
            checksum: self.digest.finish(),
        }
    }
}

/// The words of a comment of one line; none where there are none.
fn about(comment: &str) -> Option<String> {
    let words = comment.strip_prefix("--")?.trim_matches(|c: char| c.is_whitespace() || c == '-');
    (!words.is_empty()).then(|| words.to_owned())
}
