//! A revision that is SQL in files.

use std::sync::Arc;

use dunlin_dsl::{Lexicon, Ops};

use super::fault::ScriptError;
use super::file::{File, Holds};
use super::way::{Open, Script};
use crate::revision::Migration;

/// A revision that is SQL in files, beside those that are Rust structs.
#[derive(Clone, Debug)]
pub struct FileRevision {
    /// Its id.
    pub id: String,
    /// What it is about, in words; none is what the id says.
    pub message: Option<String>,
    /// The ids it comes after; none is "after the previous one", an empty list "after nothing".
    pub revises: Option<Vec<String>>,
    /// Ids that must be applied before it.
    pub depends_on: Vec<String>,
    /// Names for the branch that begins with it.
    pub branch_labels: Vec<String>,
    /// Its way up.
    pub up: Script,
    /// Its way down; none is irreversible, one without a statement does nothing.
    pub down: Option<Script>,
    /// The checksum of the way up: `sql1:` and SHA-256 in hexadecimal.
    pub checksum: String,
    /// Whether it runs although later ones have run, whatever is done with late revisions.
    pub may_be_late: bool,
    /// Whether each upgrade runs it, where it runs again when it has changed: it says when it ran.
    pub runs_each_time: bool,
    /// Why Dunlin can't run it, where it can't: it is a program, or its way up is missing. `stamp` can mark it as done.
    pub cannot_run: Option<String>,
    /// What then to do, where its own tool wouldn't run it either.
    pub way_out: Option<String>,
}

impl FileRevision {
    /// A revision in one file of Dunlin's own layout. Its id is what the file says, else the file's name without `.sql`.
    pub fn read(path: &str, source: Arc<dyn Open>, lexicon: &Lexicon) -> Result<Self, ScriptError> {
        let in_file = |error: ScriptError| error.in_file(path);
        let read = source.open_at(0).map_err(|error| in_file(ScriptError::unreadable(error)))?;
        let File { header, up, down, checksum } = File::read(read, Holds::Both, lexicon).map_err(in_file)?;
        let script = |section| {
            Script::new(path, source.clone(), section)
                .with_transaction(header.transaction())
                .with_placeholders(header.placeholders())
        };
        let (up, down) = (script(up), down.map(script));
        let name = path.rsplit('/').next().unwrap_or(path);
        Ok(Self {
            id: header.id.unwrap_or_else(|| name.strip_suffix(".sql").unwrap_or(name).to_owned()),
            message: None,
            revises: header.revises,
            depends_on: header.depends_on,
            branch_labels: header.branch_labels,
            up,
            down,
            checksum,
            may_be_late: false,
            runs_each_time: false,
            cannot_run: None,
            way_out: None,
        })
    }
}

impl Migration for FileRevision {
    fn id(&self) -> &str {
        &self.id
    }

    /// It records nothing: what it does is in its [file](Migration::file).
    fn up(&self, _: &mut Ops) {}

    fn file(&self) -> Option<&FileRevision> {
        Some(self)
    }
}
