//! The project's folder of SQL files, which may be several.

use std::fmt;
use std::path::{Path, PathBuf};

use dunlin_dsl::Lexicon;
use dunlin_migrations::MigrationList;
use dunlin_migrations::script::layout::{Directory, Format, LayoutError, Listing};

use super::config::Project;
use super::failure::Failure;
use super::output::Output;

/// The folder where neither the line nor the file names one.
pub(super) const DEFAULT: &str = "migrations";

/// Where the files are, and whose layout they have.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    directory: Directory,
    /// Whether someone named it: only then must it be there for what reads alone.
    named: bool,
    format: Option<Format>,
}

impl Folder {
    /// What the line says, seen from `here`, goes before what `dunlin.toml` says, seen from the file.
    pub(super) fn new(
        paths: &[PathBuf],
        format: Option<&str>,
        project: &Project,
        here: &Path,
    ) -> Result<Self, Failure> {
        let beside = project.file.as_deref().and_then(Path::parent).unwrap_or(here);
        let configured = project.config.revisions.as_ref();
        let named = !paths.is_empty() || configured.is_some();
        let mut folders: Vec<PathBuf> = match configured {
            _ if !paths.is_empty() => paths.iter().map(|path| here.join(path)).collect(),
            Some(folders) => folders.iter().map(|path| beside.join(path)).collect(),
            None => vec![beside.join(DEFAULT)],
        };
        let format = match format.or(project.config.format.as_deref()) {
            None | Some("auto") => None,
            Some(name) => Some(name.parse().map_err(|error: LayoutError| from_layout(&error))?),
        };
        // Errors show them as they are seen from here.
        for path in &mut folders {
            match path.strip_prefix(here) {
                Ok(inside) if inside.as_os_str().is_empty() => *path = ".".into(),
                Ok(inside) => *path = inside.to_owned(),
                Err(_) => {}
            }
        }
        let mut folders = folders.into_iter();
        let first = folders.next().ok_or_else(|| {
            Failure::usage("revisions names no folder")
                .hint("name one in dunlin.toml, as in revisions = \"migrations\"")
        })?;
        Ok(Self { directory: folders.fold(Directory::new(first), Directory::and), named, format })
    }

    /// The folders, seen from here; there is one at least.
    pub(super) fn paths(&self) -> &[PathBuf] {
        self.directory.folders()
    }

    /// Where a file of it is, seen from here.
    pub(super) fn path_of(&self, file: &str) -> PathBuf {
        self.directory.path_of(file)
    }

    /// What it holds. Where it isn't there, that is nothing to what only reads history, unless someone named it.
    pub(super) fn read(
        &self,
        lexicon: &Lexicon,
        needed: bool,
        output: Output,
    ) -> Result<MigrationList, Failure> {
        if !(needed || self.named || self.paths().iter().all(|path| path.exists())) {
            return Ok(MigrationList::new());
        }
        self.list(None, lexicon, output).map(Listing::into_migrations)
    }

    /// What it holds, in a tool's layout unless another one was named.
    pub(super) fn list(
        &self,
        format: Option<Format>,
        lexicon: &Lexicon,
        output: Output,
    ) -> Result<Listing, Failure> {
        let format = self.format.or(format);
        let listing = Listing::read(&self.directory, format, lexicon).map_err(|error| from_layout(&error))?;
        for ignored in &listing.ignored {
            output.progress(&format!("left out {}: {}", ignored.path, ignored.reason));
        }
        for note in &listing.notes {
            output.progress(&format!("note: {note}"));
        }
        if listing.revisions.is_empty() && listing.repeatables.is_empty() {
            output.progress(&format!("there are no revisions in {self}"));
        }
        Ok(listing)
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, path) in self.paths().iter().enumerate() {
            let before = if place == 0 { "" } else { " and " };
            write!(f, "{before}{}", path.display())?;
        }
        Ok(())
    }
}

fn from_layout(error: &LayoutError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
