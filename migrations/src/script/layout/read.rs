//! What reading every layout needs: the folder's files, their lines, and sections of them.

use std::io::Read;
use std::sync::Arc;

use dunlin_dsl::Lexicon;

use super::Ignored;
use super::fault::LayoutError;
use super::folder::Folder;
use super::format::Format;
use crate::script::digest::Digest;
use crate::script::source::{FILE_CHUNK_BYTES, Source};
use crate::script::{Position, Script, ScriptError, Section, Transaction};

/// A line longer than this is given in pieces.
const LONG_LINE_BYTES: usize = 64 * 1024;

/// The most bytes of a file that is no script: a plan, settings, a program.
const MAX_SETTINGS_BYTES: u64 = 16 * 1024 * 1024;

/// A folder that is being read.
pub(super) struct Reader<'a> {
    folder: &'a dyn Folder,
    /// All paths, sorted.
    pub(super) paths: Vec<String>,
    pub(super) lexicon: &'a Lexicon,
    format: Format,
    pub(super) ignored: Vec<Ignored>,
    /// What the tool itself would look at, and nobody does here.
    pub(super) notes: Vec<String>,
}

/// A line of a file, or a piece of a very long one.
pub(super) struct Line<'a> {
    /// Its text, with what ends it, and without the mark of the file's encoding.
    pub(super) text: &'a str,
    pub(super) start: Position,
    /// Where the next one begins.
    pub(super) end: Position,
    /// Whether it begins here.
    pub(super) is_first: bool,
}

/// A way up or down while its lines are read.
pub(super) struct Way {
    pub(super) section: Section,
    digest: Digest,
}

/// A file that is one way from its start to its end.
pub(super) struct Whole {
    pub(super) section: Section,
    pub(super) checksum: String,
    /// The first characters, as they stand in it.
    pub(super) opening: String,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        folder: &'a dyn Folder,
        paths: Vec<String>,
        lexicon: &'a Lexicon,
        format: Format,
    ) -> Self {
        Self { folder, paths, lexicon, format, ignored: Vec::new(), notes: Vec::new() }
    }

    /// The same folder, read in another layout.
    pub(super) fn of(&self, format: Format) -> Self {
        Self {
            folder: self.folder,
            paths: self.paths.clone(),
            lexicon: self.lexicon,
            format,
            ignored: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The files that are in the folder itself.
    pub(super) fn top(&self) -> Vec<String> {
        self.paths.iter().filter(|path| !path.contains('/')).cloned().collect()
    }

    /// Whether there is such a file.
    pub(super) fn has(&self, path: &str) -> bool {
        self.paths.binary_search_by(|other| other.as_str().cmp(path)).is_ok()
    }

    /// Which of the folders that are read as one a file is in.
    pub(super) fn folder_of(&self, path: &str) -> usize {
        self.folder.folder_of(path)
    }

    /// Notes a file that looks as if it were meant to run.
    pub(super) fn ignore(&mut self, path: &str, reason: impl Into<String>) {
        self.ignored.push(Ignored { path: path.to_owned(), reason: reason.into() });
    }

    pub(super) fn source(&self, path: &str) -> Arc<dyn crate::script::Open> {
        self.folder.open(path)
    }

    /// A section of a file, as the tool's own sessions run it.
    pub(super) fn script(&self, path: &str, section: Section, transaction: Transaction) -> Script {
        let script = Script::new(path, self.source(path), section)
            .with_transaction(transaction)
            .with_placeholders(self.format.placeholders())
            .with_own_table(self.format.own_table());
        self.format
            .session()
            .iter()
            .fold(script, |script, (dialect, sql)| script.with_session(*dialect, *sql))
    }

    /// A way that does nothing, beside a file.
    pub(super) fn nothing(&self, path: &str) -> Script {
        Script::new(path, Arc::new(""), Section::of(""))
    }

    /// Reads a file line by line; gives where it ends.
    pub(super) fn lines(
        &self,
        path: &str,
        each: impl FnMut(Line<'_>) -> Result<(), LayoutError>,
    ) -> Result<Position, LayoutError> {
        lines(self.folder, path, each)
    }

    /// Reads a file that is one way.
    pub(super) fn whole(&self, path: &str) -> Result<Whole, LayoutError> {
        let mut way = Way::at(Position::START);
        let mut opening = String::new();
        self.lines(path, |line| {
            if line.start == Position::START {
                // As it stands in the file, the mark of its encoding too.
                let mark = if line.end.offset_bytes > line.text.len() as u64 { "\u{feff}" } else { "" };
                opening = mark.chars().chain(line.text.chars()).take(64).collect();
            }
            way.line(&line);
            Ok(())
        })?;
        let (section, checksum) = way.finish();
        Ok(Whole { section, checksum, opening })
    }

    /// A file's whole text, where it is no script.
    pub(super) fn text(&self, path: &str) -> Result<String, LayoutError> {
        let text = String::from_utf8(self.bytes(path)?).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            LayoutError::new(format!("byte {at} of it isn't UTF-8"))
                .in_file(path)
                .with_hint("save the file in UTF-8")
        })?;
        Ok(text.trim_start_matches('\u{feff}').to_owned())
    }

    /// A program's whole text. One that isn't UTF-8 is taken for Latin-1: what is looked for is ASCII.
    pub(super) fn program(&self, path: &str) -> Result<String, LayoutError> {
        let latin = |bytes: Vec<u8>| bytes.into_iter().map(char::from).collect();
        Ok(String::from_utf8(self.bytes(path)?).unwrap_or_else(|error| latin(error.into_bytes())))
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, LayoutError> {
        bytes(self.folder, path)
    }
}

impl Line<'_> {
    /// Its text without what ends it.
    pub(super) fn trimmed(&self) -> &str {
        self.text.trim_end_matches(['\r', '\n'])
    }

    /// Whether nothing but a comment up to its end, or nothing at all, is in it.
    pub(super) fn is_comment_or_blank(&self) -> bool {
        let text = self.text.trim();
        self.is_first && (text.is_empty() || text.starts_with("--"))
    }
}

impl Way {
    /// A way that begins there.
    pub(super) fn at(start: Position) -> Self {
        let section = Section { start, end: start, has_statements: false };
        Self { section, digest: Digest::default() }
    }

    /// The next line of it.
    pub(super) fn line(&mut self, line: &Line<'_>) {
        self.digest.text(line.text);
        self.section.end = line.end;
        self.section.has_statements |= !line.is_comment_or_blank();
    }

    /// The next line, which is to the tool alone and counts for nothing.
    pub(super) fn skip(&mut self, line: &Line<'_>) {
        self.section.end = line.end;
    }

    /// The section and its checksum.
    pub(super) fn finish(self) -> (Section, String) {
        (self.section, self.digest.finish())
    }
}

/// What is in a file of a folder that is no script.
pub(super) fn bytes(folder: &dyn Folder, path: &str) -> Result<Vec<u8>, LayoutError> {
    let failed = |error| LayoutError::from_script(ScriptError::unreadable(error), path);
    let mut bytes = Vec::new();
    let read = folder.open(path).open_at(0).map_err(failed)?;
    read.take(MAX_SETTINGS_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Reads a file of a folder line by line; gives where it ends.
pub(super) fn lines(
    folder: &dyn Folder,
    path: &str,
    mut each: impl FnMut(Line<'_>) -> Result<(), LayoutError>,
) -> Result<Position, LayoutError> {
    let failed = |error: ScriptError| LayoutError::from_script(error, path);
    let read = folder.open(path).open_at(0).map_err(|error| failed(ScriptError::unreadable(error)))?;
    let mut source = Source::new(read).with_chunk_bytes(FILE_CHUNK_BYTES);
    let mut is_first = true;
    loop {
        let rest = source.rest();
        let newline = rest.iter().position(|byte| *byte == b'\n');
        let len = match newline {
            Some(at) => at + 1,
            None if source.is_whole() || rest.len() >= LONG_LINE_BYTES => rest.len(),
            None => {
                source.more().map_err(failed)?;
                continue;
            }
        };
        if len == 0 {
            return Ok(source.position());
        }
        let start = source.position();
        let text = source.take(len);
        let end = start.behind(text);
        let text = if start == Position::START { text.trim_start_matches('\u{feff}') } else { text };
        each(Line { text, start, end, is_first })?;
        is_first = newline.is_some();
    }
}
