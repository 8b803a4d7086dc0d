//! One way of a revision, as SQL in a file: where it stands, and its statements one by one.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, fs};

use dunlin_dsl::{DialectId, Lexicon};

use super::fault::{Fault, ScriptError};
use super::file::Section;
use super::layout::{OwnTable, in_pieces};
use super::position::Position;
use super::splitter::{PartKind, Splitter};
use super::survey::Transaction;
use super::variables::Placeholders;

/// The comments of goose, and of the tools that it is kin to, around what those send at once. Often it is several statements, among
/// them BEGIN and COMMIT, so that they are taken one by one here too; the last may lack its semicolon.
const BLOCKS: &[&str] = &[
    "+goose StatementBegin",
    "+goose StatementEnd",
    "+migrate StatementBegin",
    "+migrate StatementEnd",
    "+micrate StatementBegin",
    "+micrate StatementEnd",
];

/// What a script's text is read from.
pub trait Open: Send + Sync {
    /// Opens it at a place, in bytes from its start.
    fn open_at(&self, offset_bytes: u64) -> io::Result<Box<dyn Read + Send>>;
}

/// A file.
impl Open for PathBuf {
    fn open_at(&self, offset_bytes: u64) -> io::Result<Box<dyn Read + Send>> {
        let mut file = fs::File::open(self)?;
        file.seek(SeekFrom::Start(offset_bytes))?;
        Ok(Box::new(file))
    }
}

/// Text at hand.
impl Open for String {
    fn open_at(&self, offset_bytes: u64) -> io::Result<Box<dyn Read + Send>> {
        let rest = usize::try_from(offset_bytes).ok().and_then(|offset| self.get(offset..));
        Ok(Box::new(io::Cursor::new(rest.unwrap_or_default().to_owned())))
    }
}

/// Text in the program itself.
impl Open for &'static str {
    fn open_at(&self, offset_bytes: u64) -> io::Result<Box<dyn Read + Send>> {
        let rest = usize::try_from(offset_bytes).ok().and_then(|offset| self.get(offset..));
        Ok(Box::new(rest.unwrap_or_default().as_bytes()))
    }
}

/// Statements in a file, or in a part of it, and how they run.
#[derive(Clone)]
pub struct Script {
    file: String,
    source: Arc<dyn Open>,
    section: Section,
    transaction: Transaction,
    blocks: bool,
    placeholders: Placeholders,
    /// The parts of the section in which placeholders are filled, in bytes from its start; without one it is all of it.
    filled: Vec<Range<u64>>,
    session: Vec<(DialectId, String)>,
    own_table: Option<OwnTable>,
}

/// A statement of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sql {
    /// Its text, without what ends it.
    pub(crate) text: String,
    /// Where it begins.
    pub(crate) start: Position,
    /// Whether it takes the data that follows it.
    pub(crate) takes_data: bool,
}

/// The statements of a script, read one by one.
pub(crate) struct Statements<'l> {
    splitter: Splitter<'l, Box<dyn Read + Send>>,
    file: String,
    end: u64,
    /// Comments that nobody has taken yet, where someone takes them.
    comments: Option<Vec<(String, Position)>>,
}

impl Script {
    /// The statements of a section of a file. `file` is how errors call it.
    pub fn new(file: impl Into<String>, source: Arc<dyn Open>, section: Section) -> Self {
        let (file, session) = (file.into(), Vec::new());
        Self {
            file,
            source,
            section,
            transaction: Transaction::Revision,
            blocks: false,
            placeholders: Placeholders::Never,
            filled: Vec::new(),
            session,
            own_table: None,
        }
    }

    /// The same, in other transactions.
    pub fn with_transaction(self, transaction: Transaction) -> Self {
        Self { transaction, ..self }
    }

    /// The same, with goose's comments: `-- +goose StatementBegin` and `-- +goose StatementEnd` end a statement too.
    pub fn with_blocks(self) -> Self {
        Self { blocks: true, ..self }
    }

    /// The same, in which such `${name}` stand for something else.
    pub fn with_placeholders(self, placeholders: Placeholders) -> Self {
        Self { placeholders, ..self }
    }

    /// The same, in which they do so in these parts alone, in bytes from the section's start.
    pub(crate) fn filled_in(self, filled: Vec<Range<u64>>) -> Self {
        Self { filled, ..self }
    }

    /// The same, which may take it that its tool's own table is there.
    pub(crate) fn with_own_table(self, own_table: Option<OwnTable>) -> Self {
        Self { own_table, ..self }
    }

    /// The same, in a session that begins with this statement on servers of that kind.
    pub fn with_session(mut self, dialect: DialectId, sql: impl Into<String>) -> Self {
        self.session.push((dialect, sql.into()));
        self
    }

    /// The same, in a session as it is.
    pub(crate) fn without_session(self) -> Self {
        Self { session: Vec::new(), ..self }
    }

    /// Which transactions it runs in.
    pub fn transaction(&self) -> Transaction {
        self.transaction
    }

    /// The statement with which its session begins.
    pub(crate) fn session(&self, dialect: DialectId) -> Option<&str> {
        self.session.iter().find(|(of, _)| *of == dialect).map(|(_, sql)| sql.as_str())
    }

    /// Which `${name}` stand for something else.
    pub fn placeholders(&self) -> Placeholders {
        self.placeholders
    }

    /// The parts of the section in which they do so, unless it is all of it.
    pub(crate) fn filled(&self) -> &[Range<u64>] {
        &self.filled
    }

    /// Whether they do so at a place in the file.
    pub(crate) fn is_filled_at(&self, offset_bytes: u64) -> bool {
        let offset_bytes = offset_bytes.saturating_sub(self.section.start.offset_bytes);
        self.filled.is_empty() || self.filled.iter().any(|part| part.contains(&offset_bytes))
    }

    /// Its tool's own table.
    pub(crate) fn own_table(&self) -> Option<OwnTable> {
        self.own_table
    }

    /// Whether goose's comments divide it.
    pub(crate) fn has_blocks(&self) -> bool {
        self.blocks
    }

    /// What errors call the file.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Which part of the file it is.
    pub fn section(&self) -> Section {
        self.section
    }

    /// Gives all of the file that it is in, piece by piece.
    pub(super) fn whole_file(&self, each: impl FnMut(&[u8])) -> Result<(), ScriptError> {
        let read = self.source.open_at(0).map_err(|error| self.fault(error))?;
        in_pieces(read, each).map_err(|error| self.fault(error))
    }

    /// How long it is.
    pub(crate) fn bytes(&self) -> u64 {
        self.section.end.offset_bytes - self.section.start.offset_bytes
    }

    /// Its text, where it is no longer than so many bytes.
    pub(crate) fn text(&self, max_bytes: u64) -> Result<Option<String>, ScriptError> {
        if self.bytes() > max_bytes {
            return Ok(None);
        }
        let mut text = String::new();
        let read = self.open()?.read_to_string(&mut text);
        read.map_err(|error| self.fault(error))?;
        Ok(Some(text))
    }

    /// Its statements, from the first one on.
    pub(crate) fn statements<'l>(&self, lexicon: &'l Lexicon) -> Result<Statements<'l>, ScriptError> {
        let splitter = Splitter::new(self.open()?, lexicon).at_position(self.section.start);
        let end = self.section.end.offset_bytes;
        let splitter = if self.blocks { splitter.with_marks(BLOCKS) } else { splitter };
        Ok(Statements { splitter, file: self.file.clone(), end, comments: None })
    }

    fn open(&self) -> Result<Box<dyn Read + Send>, ScriptError> {
        let start = self.section.start.offset_bytes;
        let read = self.source.open_at(start).map_err(|error| self.fault(error))?;
        Ok(Box::new(read.take(self.bytes())))
    }

    fn fault(&self, error: io::Error) -> ScriptError {
        ScriptError::new(self.section.start, Fault::Read(error)).in_file(self.file.clone())
    }
}

impl Statements<'_> {
    /// The next statement; none at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Sql>, ScriptError> {
        loop {
            let part = self.splitter.next().map_err(|error| error.in_file(self.file.clone()))?;
            let Some(part) = part else { return Ok(None) };
            if let PartKind::Statement | PartKind::Copy = part.kind {
                let takes_data = part.kind == PartKind::Copy;
                return Ok(Some(Sql { text: part.text.to_owned(), start: part.start, takes_data }));
            }
            if let (PartKind::Comment, Some(comments)) = (part.kind, &mut self.comments) {
                comments.push((part.text.to_owned(), part.start));
            }
        }
    }

    /// The same, whose comments someone takes behind each statement.
    pub(crate) fn with_comments(self) -> Self {
        Self { comments: Some(Vec::new()), ..self }
    }

    /// The comments between the statements that were read since, and where each begins.
    pub(crate) fn comments(&mut self) -> Vec<(String, Position)> {
        self.comments.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// The next piece of the data of the statement before, and where it begins; none at its end.
    pub(crate) fn data(&mut self) -> Result<Option<(Vec<u8>, Position)>, ScriptError> {
        loop {
            let data = self.splitter.expects_data();
            if !data {
                return Ok(None);
            }
            let Some(part) = self.splitter.next().map_err(|error| error.in_file(self.file.clone()))? else {
                return Ok(None);
            };
            if part.kind == PartKind::Data {
                return Ok(Some((part.text.as_bytes().to_vec(), part.start)));
            }
        }
    }

    /// How many bytes are left behind what was read.
    pub(crate) fn left_bytes(&self) -> u64 {
        self.end.saturating_sub(self.splitter.position().offset_bytes)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("file", &self.file)
            .field("section", &self.section)
            .finish_non_exhaustive()
    }
}
