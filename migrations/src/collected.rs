//! A folder of revisions inside a program: the files' texts, and the migrations of those that are Rust.

use std::collections::BTreeMap;
use std::sync::Arc;

use dunlin_dsl::{Lexicon, Ops};

use crate::error::{Error, Result};
use crate::revision::{Migration, MigrationList};
use crate::script::FileRevision;
use crate::script::layout::{Embedded, Format, Listing};

/// What `revisions!` found in a folder. Which statements and sections a file has depends on whose SQL it is, so that it
/// is read when the server is known.
#[derive(Clone)]
pub(crate) struct Collected {
    files: Embedded,
    format: Option<Format>,
    code: BTreeMap<&'static str, Arc<dyn Migration>>,
}

impl Collected {
    pub(crate) fn new(
        files: Embedded,
        format: Option<Format>,
        code: Vec<(&'static str, Box<dyn Migration>)>,
    ) -> Self {
        let code = code.into_iter().map(|(path, migration)| (path, Arc::from(migration))).collect();
        Self { files, format, code }
    }

    /// The paths of its files, in their order.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.files.paths()
    }

    /// Its revisions, in the order of the tool that the folder is for.
    pub(crate) fn read(&self, lexicon: &Lexicon) -> Result<MigrationList> {
        let listing = Listing::read(&self.files, self.format, lexicon).map_err(Error::from_folder)?;
        let format = listing.format;
        let mut code = self.code.clone();
        let mut list = MigrationList::new();
        for listed in listing.revisions {
            match code.remove(listed.revision.up.file()) {
                Some(migration) => list.push(Named::new(listed.revision, migration)?),
                None => list.push(listed.revision),
            }
        }
        listing.repeatables.into_iter().for_each(|listed| list.push_repeatable(listed.revision));
        match code.pop_first() {
            None => Ok(list),
            Some((path, _)) => Err(Error::graph(format!(
                "{path} is a revision in Rust, and by its name none of a folder in {format}'s layout"
            ))
            .with_hint("name it as the others are named, or say whose layout it is: revisions!(\"..\", Format::Dunlin)")),
        }
    }
}

/// A migration whose id is the name of its file, and which says there what it is about.
struct Named {
    id: String,
    message: Option<String>,
    file: String,
    migration: Arc<dyn Migration>,
}

impl Named {
    fn new(file: FileRevision, migration: Arc<dyn Migration>) -> Result<Self> {
        let FileRevision { id, message, up, .. } = file;
        let file = up.file().to_owned();
        match migration.id() {
            "" => Ok(Self { id, message, file, migration }),
            own if own == id => Ok(Self { id, message, file, migration }),
            own => Err(Error::graph(format!("the revision in {file} calls itself {own}"))
                .with_hint("rename the file, or leave `fn id` out: the file's name is its id")),
        }
    }
}

impl Migration for Named {
    fn id(&self) -> &str {
        &self.id
    }

    fn message(&self) -> Option<&str> {
        self.migration.message().or(self.message.as_deref())
    }

    fn up(&self, op: &mut Ops) {
        self.migration.up(op);
    }

    fn down(&self, op: &mut Ops) {
        self.migration.down(op);
    }

    fn revises(&self) -> Option<&[&str]> {
        self.migration.revises()
    }

    fn depends_on(&self) -> &[&str] {
        self.migration.depends_on()
    }

    fn branch_labels(&self) -> &[&str] {
        self.migration.branch_labels()
    }

    fn code_file(&self) -> Option<&str> {
        Some(&self.file)
    }
}
