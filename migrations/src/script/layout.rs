//! Folders of SQL files, each in the layout of the tool that it was written for.
//!
//! [`Listing::read`] gives what a folder holds, in the order in which its tool runs it, by that tool's own rules of names,
//! order, sections and transactions. It runs nothing. Each tool's rules are in a file of their own here.

mod alembic;
mod auto;
mod beside;
mod checksum;
mod dbmate;
mod diesel;
mod dunlin;
mod fault;
mod flyway;
mod folder;
mod format;
mod golang_migrate;
mod goose;
mod names;
mod numbered;
mod own_table;
mod program;
mod python;
mod read;
mod refinery;
mod sea_orm;
mod sqitch;
mod sqlx;

use std::collections::BTreeMap;

use dunlin_dsl::Lexicon;

use super::revision::FileRevision;
use super::way::Script;
use crate::revision::MigrationList;
use read::Reader;

pub use checksum::Checksum;
pub(super) use checksum::in_pieces;
pub use fault::LayoutError;
pub use folder::{Directory, Embedded, Folder};
pub use format::Format;
pub(crate) use names::{compare_versions, version_key};
pub(crate) use own_table::OwnTable;

/// What a folder holds, in the order in which its tool runs it.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Whose layout it is.
    pub format: Format,
    /// The revisions, from the first to the last.
    pub revisions: Vec<Listed>,
    /// What runs again, behind all revisions, whenever it has changed; in its order too.
    pub repeatables: Vec<Listed>,
    /// What looks as if it were meant to run, and is no revision by the tool's rules.
    pub ignored: Vec<Ignored>,
    /// What the tool itself would look at, and nobody does here.
    pub notes: Vec<String>,
    /// Characters that sqlx leaves out of its checksums, where its settings name some.
    pub ignored_chars: String,
}

/// A revision of a folder.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The revision itself.
    pub revision: FileRevision,
    /// What the tool's own history table calls it: a number without its leading zeros, sqitch's id of the change, Flyway's
    /// version (empty for what runs again), else the revision's name.
    pub version: String,
    /// What proves that it was applied: sqitch's `verify`.
    pub verify: Option<Script>,
}

/// A file that is no revision, although it looks like one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignored {
    /// Its path in the folder.
    pub path: String,
    /// Why it is none.
    pub reason: String,
}

impl Listing {
    /// Reads a folder. Without a format it is found out from the marks that each layout has; where two would run different
    /// things, it is asked for. The lexicon is that of the server whose SQL the files are in.
    ///
    /// ```
    /// use dunlin_migrations::script::layout::{Embedded, Format, Listing};
    /// # let lexicon = dunlin_dsl::Lexicon::PLAIN;
    ///
    /// let folder = Embedded(&[
    ///     ("V2__posts.sql", "CREATE TABLE posts (id integer);"),
    ///     ("V1__users.sql", "CREATE TABLE users (id integer);"),
    ///     ("R__views.sql", "CREATE VIEW v AS SELECT 1;"),
    /// ]);
    /// let listing = Listing::read(&folder, None, &lexicon)?;
    /// assert_eq!(listing.format, Format::Flyway);
    /// assert_eq!(listing.revisions[0].revision.id, "V1__users");
    /// assert_eq!(listing.repeatables.len(), 1);
    /// # Ok::<(), dunlin_migrations::script::layout::LayoutError>(())
    /// ```
    pub fn read(folder: &dyn Folder, format: Option<Format>, lexicon: &Lexicon) -> Result<Self, LayoutError> {
        let mut paths = folder.list()?;
        paths.sort_unstable();
        match format {
            Some(format) => Self::read_as(format, folder, paths, lexicon),
            None => auto::read(folder, paths, lexicon),
        }
    }

    /// The revisions, to be run.
    pub fn into_migrations(self) -> MigrationList {
        let mut list = MigrationList::new();
        self.revisions.into_iter().for_each(|listed| list.push(listed.revision));
        self.repeatables.into_iter().for_each(|listed| list.push_repeatable(listed.revision));
        list
    }

    fn read_as(
        format: Format,
        folder: &dyn Folder,
        paths: Vec<String>,
        lexicon: &Lexicon,
    ) -> Result<Self, LayoutError> {
        let below = folders_left_out(format, &paths);
        let mut reader = Reader::new(folder, paths, lexicon, format);
        let (revisions, repeatables) = match format {
            Format::Dunlin => dunlin::read(&mut reader)?,
            Format::Sqlx => (sqlx::read(&mut reader)?, Vec::new()),
            Format::Diesel => (diesel::read(&mut reader)?, Vec::new()),
            Format::Refinery => (refinery::read(&mut reader)?, Vec::new()),
            Format::Flyway => flyway::read(&mut reader)?,
            Format::Goose => (goose::read(&mut reader)?, Vec::new()),
            Format::Dbmate => (dbmate::read(&mut reader)?, Vec::new()),
            Format::GolangMigrate => (golang_migrate::read(&mut reader)?, Vec::new()),
            Format::Sqitch => (sqitch::read(&mut reader)?, Vec::new()),
            Format::Alembic => {
                let steps = alembic::read(&reader)?;
                beside::read(&mut reader, steps)?
            }
            Format::SeaOrm => {
                let steps = sea_orm::read(&mut reader)?;
                beside::read(&mut reader, steps)?
            }
            Format::Numbered => (numbered::read(&mut reader)?, Vec::new()),
        };
        let ignored_chars = String::new();
        let (mut ignored, notes) = (reader.ignored, reader.notes);
        ignored.extend(below);
        let listing = Self { format, revisions, repeatables, ignored, notes, ignored_chars };
        names::unique(
            listing.revisions.iter().chain(&listing.repeatables),
            |listed| listed.revision.id.clone(),
            |listed| listed.revision.up.file(),
            "the id",
        )?;
        Ok(listing)
    }
}

/// Folders in which files are that don't run, and those that are called as a file is.
fn folders_left_out(format: Format, paths: &[String]) -> Vec<Ignored> {
    let mut found = BTreeMap::new();
    for path in paths {
        let Some((first, rest)) = path.split_once('/') else { continue };
        let is_step = format == Format::Alembic && alembic::is_step(names::file(rest));
        if !format.reads_below() && (names::is_script(first) || names::is_script(rest) || is_step) {
            found.insert(format!("{first}/"), "files of this layout are not looked for in folders below it");
        } else if let Some(empty) = path.strip_suffix('/').filter(|path| names::is_script(path)) {
            found.insert(format!("{empty}/"), "it is a folder, with nothing in it");
        }
    }
    found.into_iter().map(|(path, reason)| Ignored { path, reason: reason.into() }).collect()
}

impl Listed {
    /// A revision whose way up is this, and nothing else is known of it.
    fn new(id: impl Into<String>, version: impl Into<String>, up: Script, checksum: String) -> Self {
        let revision = FileRevision {
            id: id.into(),
            message: None,
            revises: None,
            depends_on: Vec::new(),
            branch_labels: Vec::new(),
            up,
            down: None,
            checksum,
            may_be_late: false,
            runs_each_time: false,
            cannot_run: None,
            way_out: None,
        };
        let version = version.into();
        Self { revision, version, verify: None }
    }

    /// The same, about this.
    fn about(mut self, message: impl Into<String>) -> Self {
        self.revision.message = Some(message.into()).filter(|message| !message.trim().is_empty());
        self
    }

    /// The same, with this way down.
    fn with_down(mut self, down: Option<Script>) -> Self {
        self.revision.down = down;
        self
    }

    /// The same, which can't be run for this reason.
    fn which_cannot_run(mut self, reason: impl Into<String>) -> Self {
        self.revision.cannot_run = Some(reason.into());
        self
    }
}

#[cfg(test)]
mod tests;
