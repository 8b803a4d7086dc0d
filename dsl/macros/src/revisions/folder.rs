//! The files in a folder and below it.

use std::fs;
use std::path::Path;

/// A file, by its path in the folder, divided by `/`.
pub(super) struct File {
    pub(super) path: String,
    pub(super) kind: Kind,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Its text is in the program.
    Text,
    /// It is a module of the program.
    Rust,
    /// Only that it is there counts: a step in another language, which stops a run by name.
    Name,
}

/// What a layout reads: scripts, plans, settings, and Alembic's steps.
const TEXTS: &[&str] = &["sql", "plan", "toml", "conf", "py"];

/// The files, in the order of their paths. What begins with a dot isn't looked at.
pub(super) fn list(folder: &Path) -> Result<Vec<File>, String> {
    let mut files = Vec::new();
    walk(folder, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<File>) -> Result<(), String> {
    let here = folder.join(prefix);
    let failed = |error: std::io::Error| format!("{} can't be read: {error}", here.display());
    let mut is_empty = true;
    for entry in fs::read_dir(&here).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        is_empty = false;
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            return Err(format!("{}: the file's name isn't UTF-8; rename it", entry.path().display()));
        };
        if name.starts_with('.') {
            continue;
        }
        let path = format!("{prefix}{name}");
        if fs::metadata(entry.path()).map_err(failed)?.is_dir() {
            walk(folder, &format!("{path}/"), files)?;
        } else {
            files.push(File { kind: kind(name, prefix), path });
        }
    }
    if is_empty && !prefix.is_empty() {
        files.push(File { path: prefix.to_owned(), kind: Kind::Name });
    }
    Ok(())
}

fn kind(name: &str, prefix: &str) -> Kind {
    match name.rsplit_once('.') {
        // Each folder of Python's may have one.
        _ if name == "__init__.py" => Kind::Name,
        Some((_, extension)) if TEXTS.contains(&extension.to_ascii_lowercase().as_str()) => Kind::Text,
        Some((_, "rs")) if prefix.is_empty() => Kind::Rust,
        _ => Kind::Name,
    }
}
