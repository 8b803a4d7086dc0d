//! What of Dunlin's own stands beside another tool's steps that are programs, and comes behind them.
//!
//! Such steps commonly load files of SQL that lie beside them, `include_str!("up.sql")`: in a folder that has steps only a file which
//! says its place is a revision. A folder without steps is Dunlin's alone, and all in it are.

use std::collections::BTreeSet;

use super::fault::LayoutError;
use super::read::Reader;
use super::{Format, Listed, auto, dunlin, names};

/// The steps and, in Dunlin's own layout, the revisions behind them; and what runs again.
pub(super) fn read(
    reader: &mut Reader<'_>,
    mut steps: Vec<Listed>,
) -> Result<(Vec<Listed>, Vec<Listed>), LayoutError> {
    let programs: BTreeSet<_> = steps.iter().map(|listed| listed.revision.up.file()).collect();
    let tools: BTreeSet<_> = programs.iter().map(|path| reader.folder_of(path)).collect();
    let mut beside = reader.of(Format::Dunlin);
    beside.paths.retain(|path| !programs.contains(path.as_str()));
    for path in reader.top().into_iter().filter(|path| names::is_script(path)) {
        if tools.contains(&reader.folder_of(&path)) && !says_its_place(reader, &way_up(&path)) {
            beside.paths.retain(|other| *other != path);
            reader.ignore(
                &path,
                "it says no parent, as in `-- dunlin: revises ID`, and the steps beside it may read it",
            );
        }
    }
    let (revisions, repeatables) = dunlin::read(&mut beside)?;
    reader.ignored.append(&mut beside.ignored);
    steps.extend(revisions);
    Ok((steps, repeatables))
}

/// The file that says the place of one: of a pair it is the way up.
fn way_up(path: &str) -> String {
    path.strip_suffix(".down.sql").map_or_else(|| path.to_owned(), |name| format!("{name}.up.sql"))
}

/// Whether a file's header says what it comes after, or that it comes behind all.
fn says_its_place(reader: &Reader<'_>, path: &str) -> bool {
    let mut says = false;
    // One that can't be read says nothing.
    let _ = reader.lines(path, |line| {
        let mark = auto::to_dunlin(line.trimmed()).unwrap_or_default();
        let key = mark.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        says |= line.is_first && matches!(key.as_str(), "revises" | "repeatable");
        Ok(())
    });
    says
}
