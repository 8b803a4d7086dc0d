//! Where a folder's files come from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fault::LayoutError;
use crate::script::Open;

/// A folder of files, and a way to open each.
pub trait Folder {
    /// The files in it and below it: paths relative to it, divided by `/`, in any order. A folder with nothing in it is
    /// listed too, and ends in `/`.
    fn list(&self) -> Result<Vec<String>, LayoutError>;

    /// What one of its files is read from.
    fn open(&self, path: &str) -> Arc<dyn Open>;

    /// Which of the folders that are read as one a file is in, counted from 0.
    fn folder_of(&self, _path: &str) -> usize {
        0
    }
}

/// A folder of the file system, or several that are read as one.
///
/// Links are followed. What begins with a dot isn't looked at. Each file goes by its path in the folder that it is in, so that
/// two folders can't have files of one path, unless nothing reads them.
#[derive(Clone, Debug)]
pub struct Directory(Vec<PathBuf>);

/// Files at hand, each with its path and its text, as `include_str!` gives it. Where several folders are read as one, an entry whose
/// path is [`Embedded::NEXT`] stands between the files of two.
#[derive(Clone, Copy, Debug)]
pub struct Embedded(pub &'static [(&'static str, &'static str)]);

impl Directory {
    /// The folder at this path.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(vec![path.into()])
    }

    /// The same with the folder at this path.
    pub fn and(mut self, path: impl Into<PathBuf>) -> Self {
        self.0.push(path.into());
        self
    }

    /// The folders, as they were named.
    pub fn folders(&self) -> &[PathBuf] {
        &self.0
    }

    /// Where a file of it is.
    pub fn path_of(&self, path: &str) -> PathBuf {
        let mut places = self.0.iter().map(|folder| folder.join(path));
        match self.0.len() {
            1 => places.next().unwrap_or_default(),
            _ => places.clone().find(|place| place.exists()).or(places.next()).unwrap_or_default(),
        }
    }

    /// Lists one folder of `root`, at `prefix`, which ends in `/` or is empty. `above` are the folders that it is in.
    fn walk(
        root: &Path,
        prefix: &str,
        above: &mut BTreeSet<PathBuf>,
        paths: &mut Vec<String>,
    ) -> Result<(), LayoutError> {
        let folder = if prefix.is_empty() { root.to_owned() } else { root.join(prefix) };
        let shown = folder.display().to_string();
        let failed = |error: io::Error| {
            match error.kind() {
            io::ErrorKind::NotFound if prefix.is_empty() => LayoutError::new(format!(
                "there is no folder {shown}"
            ))
            .with_hint(format!("make it, `mkdir -p {shown}`, or name another one as `revisions` in dunlin.toml")),
            _ => LayoutError::new(format!("the folder can't be read: {error}"))
                .in_file(shown.clone())
                .with_hint("see that it is a folder which may be read, or name another one as `revisions` in dunlin.toml"),
        }
        };
        // A link to a folder above would never end.
        let real = fs::canonicalize(&folder).map_err(failed)?;
        if !above.insert(real.clone()) {
            return Ok(());
        }
        let mut is_empty = true;
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            is_empty = false;
            let name = entry.file_name();
            let shown = name.to_string_lossy();
            if shown.starts_with('.') {
                continue;
            }
            // A link to nothing counts as a file: opening it tells.
            let meta = fs::metadata(entry.path());
            let is_folder = meta.as_ref().is_ok_and(fs::Metadata::is_dir);
            let is_file = meta.as_ref().map_or(true, fs::Metadata::is_file);
            let Some(name) = name.to_str() else {
                if is_folder || shown.to_ascii_lowercase().ends_with(".sql") {
                    return Err(LayoutError::new("the file's name isn't UTF-8")
                        .in_file(format!("{prefix}{shown}"))
                        .with_hint("rename it"));
                }
                continue;
            };
            if is_folder {
                Self::walk(root, &format!("{prefix}{name}/"), above, paths)?;
            } else if is_file {
                paths.push(format!("{prefix}{name}"));
            }
        }
        if is_empty && !prefix.is_empty() {
            paths.push(prefix.to_owned());
        }
        above.remove(&real);
        Ok(())
    }
}

impl Folder for Directory {
    fn list(&self) -> Result<Vec<String>, LayoutError> {
        let mut found: BTreeMap<String, &Path> = BTreeMap::new();
        let reals: BTreeSet<PathBuf> = self.0.iter().filter_map(|root| fs::canonicalize(root).ok()).collect();
        let mut unread = reals.clone();
        for root in &self.0 {
            let real = fs::canonicalize(root).unwrap_or_default();
            if reals.contains(&real) && !unread.remove(&real) {
                continue; // It was named twice.
            }
            // Of two, one of which is below the other, each is read in its own place.
            let mut above = reals.iter().filter(|other| **other != real).cloned().collect();
            let mut paths = Vec::new();
            Self::walk(root, "", &mut above, &mut paths)?;
            for path in paths {
                let Some(other) = found.get(&path) else {
                    found.insert(path, root);
                    continue;
                };
                if is_read(&path) {
                    let folders = format!("{} and in {}", other.display(), root.display());
                    return Err(LayoutError::new(format!("it is in {folders}"))
                        .in_file(path)
                        .with_hint("rename one of them"));
                }
            }
        }
        Ok(found.into_keys().collect())
    }

    fn open(&self, path: &str) -> Arc<dyn Open> {
        Arc::new(OnDisk(self.path_of(path)))
    }

    fn folder_of(&self, path: &str) -> usize {
        self.0.iter().position(|folder| folder.join(path).exists()).unwrap_or_default()
    }
}

/// Whether a layout may ask what is in the file.
fn is_read(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name != "__init__.py"
        && name.rsplit_once('.').is_some_and(|(_, ending)| !matches!(ending, "md" | "txt" | "pyc"))
}

/// A file of the file system.
struct OnDisk(PathBuf);

impl Open for OnDisk {
    fn open_at(&self, offset_bytes: u64) -> io::Result<Box<dyn Read + Send>> {
        let mut file = fs::File::open(&self.0)?;
        if offset_bytes > 0 {
            file.seek(SeekFrom::Start(offset_bytes))?;
        }
        Ok(Box::new(file))
    }
}

impl Embedded {
    /// What stands in place of a path between the files of two folders.
    pub const NEXT: &str = "/";

    /// The paths of the files, in their order.
    pub fn paths(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(path, _)| *path).filter(|path| *path != Self::NEXT)
    }
}

impl Folder for Embedded {
    fn list(&self) -> Result<Vec<String>, LayoutError> {
        Ok(self.paths().map(str::to_owned).collect())
    }

    fn folder_of(&self, path: &str) -> usize {
        let before = self.0.iter().take_while(|(other, _)| *other != path);
        before.filter(|(other, _)| *other == Self::NEXT).count()
    }

    fn open(&self, path: &str) -> Arc<dyn Open> {
        match self.0.iter().find(|(name, _)| *name == path) {
            Some((_, text)) => Arc::new(*text),
            None => Arc::new(Absent),
        }
    }
}

/// A file that isn't there.
struct Absent;

impl Open for Absent {
    fn open_at(&self, _: u64) -> io::Result<Box<dyn Read + Send>> {
        Err(io::ErrorKind::NotFound.into())
    }
}
