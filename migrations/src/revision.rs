//! What a user writes: a migration, and the list that collects them.

use std::fmt;
use std::sync::Arc;

use dunlin_dsl::{Lexicon, Ops};

use crate::collected::Collected;
use crate::error::Result;
use crate::script::FileRevision;
use crate::script::layout::{Embedded, Format};

/// One step of a schema's history, written as a Rust struct.
///
/// `up` only records operations: it has no clock, no environment and no database, so that the same code always
/// means the same. A migration without a `down` is undone by what undoes its `up`.
///
/// ```
/// use dunlin_dsl::Ops;
/// use dunlin_migrations::{Migration, migrations};
///
/// struct CreateUsers;
///
/// impl Migration for CreateUsers {
///     fn id(&self) -> &str {
///         "20261122_071300_create_users"
///     }
///
///     fn up(&self, op: &mut Ops) {
///         // op.create_table("users") ..
///     }
/// }
///
/// assert_eq!(migrations![CreateUsers].len(), 1);
/// ```
pub trait Migration: Send + Sync {
    /// Its id: unique, at most 255 bytes, without white space and without `@`, `+`, `:` and `,`, for these
    /// are how targets and lists of revisions are written. It is how history knows the migration.
    ///
    /// One that `revisions!` collects from a folder leaves it out: its file's name is its id. Any other must say it.
    fn id(&self) -> &str {
        ""
    }

    /// What it is about; where it doesn't say, the words of its id. One that `revisions!` collects says it in the first line of
    /// its file's documentation, `//! add posts`.
    fn message(&self) -> Option<&str> {
        None
    }

    /// Records the way up.
    fn up(&self, op: &mut Ops);

    /// Records the way down. Empty, it does nothing; left out, it is derived from `up`.
    fn down(&self, op: &mut Ops) {
        op.derive();
    }

    /// The ids it comes after: none says "after the previous one of the list", an empty slice "after nothing".
    fn revises(&self) -> Option<&[&str]> {
        None
    }

    /// Ids that must be applied before it, though it doesn't come after them.
    fn depends_on(&self) -> &[&str] {
        &[]
    }

    /// Names for the branch that begins with it.
    fn branch_labels(&self) -> &[&str] {
        &[]
    }

    /// The type that it is, for errors that have to name it.
    #[doc(hidden)]
    fn type_name(&self) -> &'static str {
        std::any::type_name::<Self>()
    }

    /// The file of Rust that it is in, seen from its folder, where `revisions!` collected it.
    #[doc(hidden)]
    fn code_file(&self) -> Option<&str> {
        None
    }

    /// The files of SQL that it is in place of code; they say all that the other methods do, but the id.
    fn file(&self) -> Option<&FileRevision> {
        None
    }
}

/// Migrations, in the order in which those that name no parent follow one another.
#[derive(Clone, Default)]
pub struct MigrationList {
    /// What `revisions!` collected and nobody has read yet. It goes before the others.
    collected: Option<Collected>,
    migrations: Vec<Arc<dyn Migration>>,
    repeatables: Vec<FileRevision>,
}

impl MigrationList {
    /// A list with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// What a folder holds: its files, and the migration of each that is Rust. `revisions!` writes this.
    ///
    /// Without a format it is found out, as [`Listing::read`](crate::script::layout::Listing::read) does. What the files say
    /// is known once they are [`read`](Self::read).
    pub fn of_folder(
        files: Embedded,
        format: Option<Format>,
        code: Vec<(&'static str, Box<dyn Migration>)>,
    ) -> Self {
        Self { collected: Some(Collected::new(files, format, code)), ..Self::default() }
    }

    /// The same list with the revisions of the folder that it was [made of](Self::of_folder), which stand before what was
    /// pushed. The lexicon is that of the server whose SQL they are in; a [`Runner`](crate::Runner) knows it, and reads by itself.
    pub fn read(&self, lexicon: &Lexicon) -> Result<Self> {
        let Some(collected) = &self.collected else { return Ok(self.clone()) };
        let mut list = collected.read(lexicon)?;
        list.migrations.extend(self.migrations.iter().cloned());
        list.repeatables.extend(self.repeatables.iter().cloned());
        Ok(list)
    }

    /// Whether it was made of a folder, and isn't read yet.
    pub fn is_of_folder(&self) -> bool {
        self.collected.is_some()
    }

    /// Adds a migration at the end.
    pub fn push(&mut self, migration: impl Migration + 'static) {
        self.migrations.push(Arc::new(migration));
    }

    /// Adds a file that runs again, behind all revisions, whenever it has changed. It has no place among them.
    pub fn push_repeatable(&mut self, file: FileRevision) {
        self.repeatables.push(file);
    }

    /// The files that run again, in the order in which they do.
    pub fn repeatables(&self) -> &[FileRevision] {
        &self.repeatables
    }

    /// The same list without the files that run again.
    pub fn without_repeatables(mut self) -> Self {
        self.repeatables.clear();
        self
    }

    /// The same list with one more migration at its end.
    pub fn with(mut self, migration: impl Migration + 'static) -> Self {
        self.push(migration);
        self
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.migrations.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.migrations.is_empty()
    }

    /// The migration at `index`.
    pub fn get(&self, index: usize) -> Option<&dyn Migration> {
        self.migrations.get(index).map(AsRef::as_ref)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &dyn Migration> {
        self.migrations.iter().map(AsRef::as_ref)
    }
}

impl FromIterator<Box<dyn Migration>> for MigrationList {
    fn from_iter<I: IntoIterator<Item = Box<dyn Migration>>>(migrations: I) -> Self {
        Self { migrations: migrations.into_iter().map(Arc::from).collect(), ..Self::default() }
    }
}

impl Extend<Box<dyn Migration>> for MigrationList {
    fn extend<I: IntoIterator<Item = Box<dyn Migration>>>(&mut self, migrations: I) {
        self.migrations.extend(migrations.into_iter().map(Arc::from));
    }
}

impl fmt::Debug for MigrationList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unread = self.collected.iter().flat_map(Collected::paths);
        f.debug_list().entries(unread).entries(self.iter().map(Migration::id)).finish()
    }
}

/// Collects migrations into a [`MigrationList`]: unit structs, or any expression that is a migration.
#[macro_export]
macro_rules! migrations {
    ($($migration:expr),* $(,)?) => {
        $crate::MigrationList::new()$(.with($migration))*
    };
}
