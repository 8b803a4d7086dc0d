//! A step that isn't SQL: it has its place among the others, and stops a run that comes to it.

use super::Listed;
use super::fault::LayoutError;
use super::read::Reader;
use crate::script::{Section, Transaction};

/// The step in the file at `path`. What one in Rust is about, the first line of its documentation says.
pub(super) fn listed(
    reader: &Reader<'_>,
    id: impl Into<String>,
    version: impl Into<String>,
    path: &str,
) -> Result<Listed, LayoutError> {
    let up = reader.script(path, Section::of(""), Transaction::Revision);
    let listed = Listed::new(id, version, up, String::new());
    if !path.ends_with(".rs") {
        return Ok(listed.which_cannot_run(format!("{path} is a program")));
    }
    let mut about = String::new();
    reader.lines(path, |line| {
        if let (true, Some(text)) = (line.is_first && about.is_empty(), line.text.strip_prefix("//!")) {
            text.trim().clone_into(&mut about);
        }
        Ok(())
    })?;
    Ok(listed.about(about).which_cannot_run(format!(
        "{path} is a revision in Rust, which only the project's own program can run"
    )))
}
