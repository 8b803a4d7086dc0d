//! What makes Cargo notice a new file: it knows those alone that were there when the crate was compiled.

use std::fs;
use std::path::Path;

/// Refuses a package whose build script doesn't watch the folder.
pub(super) fn check(package: &Path, folder: &str) -> Result<(), String> {
    let script = package.join("build.rs");
    let line = format!("fn main() {{ println!(\"cargo::rerun-if-changed={folder}\"); }}");
    match fs::read_to_string(&script) {
        Ok(text) if watches(&text, folder) => Ok(()),
        Ok(_) => Err(format!(
            "a new file in {folder} wouldn't be noticed: build.rs doesn't watch it. Add to its main:\n\
             println!(\"cargo::rerun-if-changed={folder}\");"
        )),
        // It has another name, and is its author's to keep right.
        Err(_) if is_named(package) => Ok(()),
        Err(_) => Err(format!(
            "a new file in {folder} wouldn't be noticed: the package has no build script. \
             Write a file build.rs beside Cargo.toml with this line:\n{line}"
        )),
    }
}

/// Whether a build script runs again when the folder changes. One that names nothing to watch runs whenever anything
/// in the package changes.
fn watches(script: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/').trim_start_matches("./");
    !script.contains("rerun-if-") || script.contains(folder)
}

/// Whether the manifest names a build script of its own.
fn is_named(package: &Path) -> bool {
    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap_or_default();
    let names =
        |line: &str| line.strip_prefix("build").is_some_and(|rest| rest.trim_start().starts_with('='));
    manifest.lines().any(names)
}
