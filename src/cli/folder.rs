//! The project's folder of SQL files.

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
    path: PathBuf,
    /// Whether someone named it: only then must it be there for what reads alone.
    named: bool,
    format: Option<Format>,
}

impl Folder {
    /// What the line says, seen from `here`, goes before what `dunlin.toml` says, seen from the file.
    pub(super) fn new(
        path: Option<&Path>,
        format: Option<&str>,
        project: &Project,
        here: &Path,
    ) -> Result<Self, Failure> {
        let beside = project.file.as_deref().and_then(Path::parent).unwrap_or(here);
        let configured = project.config.revisions.as_deref();
        let named = path.is_some() || configured.is_some();
        let path = match path {
            Some(path) => here.join(path),
            None => beside.join(configured.unwrap_or(Path::new(DEFAULT))),
        };
        let format = match format.or(project.config.format.as_deref()) {
            None | Some("auto") => None,
            Some(name) => Some(name.parse().map_err(|error: LayoutError| from_layout(&error))?),
        };
        // Errors show it as it is seen from here.
        let path = match path.strip_prefix(here) {
            Ok(path) if path.as_os_str().is_empty() => ".".into(),
            Ok(path) => path.to_owned(),
            Err(_) => path,
        };
        Ok(Self { path, named, format })
    }

    /// Where it is, seen from here.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// What it holds. Where it isn't there, that is nothing to what only reads history, unless someone named it.
    pub(super) fn read(
        &self,
        lexicon: &Lexicon,
        needed: bool,
        output: Output,
    ) -> Result<MigrationList, Failure> {
        if !(needed || self.named || self.path.exists()) {
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
        let folder = Directory::new(self.path.clone());
        let format = self.format.or(format);
        let listing = Listing::read(&folder, format, lexicon).map_err(|error| from_layout(&error))?;
        for ignored in &listing.ignored {
            output.progress(&format!("left out {}: {}", ignored.path, ignored.reason));
        }
        if listing.revisions.is_empty() && listing.repeatables.is_empty() {
            output.progress(&format!("there are no revisions in {}", self.path.display()));
        }
        Ok(listing)
    }
}

fn from_layout(error: &LayoutError) -> Failure {
    let failure = Failure::usage(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
