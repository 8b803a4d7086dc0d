//! Dunlin's own layout: `NAME.sql`, divided by comments, or a pair `NAME.up.sql` and `NAME.down.sql`, in one folder.
//!
//! They come in the order of their names, digits in them compared as numbers. What a file's header says of its id and its
//! parents counts more.

use std::collections::BTreeMap;

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names, program};
use crate::script::{File, Header, Holds, Position, ScriptError};

/// The files of a name.
#[derive(Default)]
struct Files {
    both: Option<String>,
    up: Option<String>,
    down: Option<String>,
    program: Option<String>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<(Vec<Listed>, Vec<Listed>), LayoutError> {
    let mut files: BTreeMap<String, Files> = BTreeMap::new();
    for path in reader.top() {
        let (name, place): (_, fn(&mut Files) -> &mut Option<String>) = match path.as_str() {
            path if path.ends_with(".up.sql") => (path.strip_suffix(".up.sql"), |files| &mut files.up),
            path if path.ends_with(".down.sql") => (path.strip_suffix(".down.sql"), |files| &mut files.down),
            path if path.ends_with(".sql") => (path.strip_suffix(".sql"), |files| &mut files.both),
            path => match names::program(path) {
                Some(name) => (Some(name), |files| &mut files.program),
                None => continue,
            },
        };
        let name = name.unwrap_or_default().to_owned();
        *place(files.entry(name).or_default()) = Some(path);
    }
    let mut names: Vec<_> = files.keys().cloned().collect();
    names.sort_by(|a, b| names::natural(a, b));
    let (mut revisions, mut repeatables) = (Vec::new(), Vec::new());
    for name in names {
        let (listed, is_repeatable) = revision(reader, &name, &files[&name])?;
        if is_repeatable { &mut repeatables } else { &mut revisions }.push(listed);
    }
    Ok((revisions, repeatables))
}

fn revision(reader: &Reader<'_>, name: &str, files: &Files) -> Result<(Listed, bool), LayoutError> {
    let way_up = files.both.as_ref().or(files.up.as_ref());
    let clash = [&files.both, &files.up, &files.program].into_iter().flatten().nth(1);
    if let (Some(way_up), Some(other)) = (way_up, clash.or(files.both.as_ref().and(files.down.as_ref()))) {
        return Err(LayoutError::new(format!("{other} is there too, and both would be {name}"))
            .in_file(way_up)
            .with_hint("rename one of them, or join them"));
    }
    let Some(path) = way_up else {
        return match (&files.program, &files.down) {
            (Some(path), None) => Ok((program::listed(reader, name, name, path)?, false)),
            (_, down) => Err(LayoutError::new(format!("there is no {name}.up.sql beside it"))
                .in_file(down.as_deref().unwrap_or(name))
                .with_hint("write the way up, or remove the file")),
        };
    };
    let holds = if files.both.is_some() { Holds::Both } else { Holds::Up };
    let file = open(reader, path, holds)?;
    let script = |path: &str, section, header: &Header| {
        reader.script(path, section, header.transaction()).with_placeholders(header.placeholders())
    };
    let down = match &files.down {
        Some(path) => {
            let file = open(reader, path, Holds::Down)?;
            file.down.map(|section| script(path, section, &file.header))
        }
        None => file.down.map(|section| script(path, section, &file.header)),
    };
    let up = script(path, file.up, &file.header);
    let Header { id, revises, depends_on, branch_labels, repeatable, message, .. } = file.header;
    let id = id.unwrap_or_else(|| name.to_owned());
    let mut listed = Listed::new(id.clone(), id, up, file.checksum).with_down(down);
    listed.revision.revises = revises;
    listed.revision.depends_on = depends_on;
    listed.revision.branch_labels = branch_labels;
    listed.revision.message = message;
    Ok((listed, repeatable))
}

fn open(reader: &Reader<'_>, path: &str, holds: Holds) -> Result<File, LayoutError> {
    let failed = |error| LayoutError::from_script(error, path);
    let read = reader.source(path).open_at(Position::START.offset_bytes);
    let read = read.map_err(|error| failed(ScriptError::unreadable(error)))?;
    File::read(read, holds, reader.lexicon).map_err(failed)
}
