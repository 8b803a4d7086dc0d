//! Alembic: `versions/*.py`, of which each says itself in Python what it is and what it comes after.
//!
//! Names of files mean nothing. Of the text no more is read than `revision`, `down_revision`, `depends_on` and `branch_labels`,
//! and the first paragraph of its documentation; nothing of it runs here.

use super::fault::LayoutError;
use super::python::{Module, Value};
use super::read::Reader;
use super::{Listed, names};
use crate::graph::{Graph, Revision};
use crate::script::{Section, Transaction};

pub(super) fn read(reader: &Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let steps = reader.top().into_iter().filter(|path| is_step(path));
    let listed = steps.map(|path| step(reader, &path)).collect::<Result<Vec<_>, _>>()?;
    Ok(in_order(listed))
}

/// Whether a file is a step, by its name.
pub(super) fn is_step(file: &str) -> bool {
    file.ends_with(".py") && !file.starts_with("__init__")
}

/// Whether a line says what a step comes after, as every one of Alembic's does.
pub(super) fn is_mark(line: &str) -> bool {
    line.strip_prefix("down_revision").is_some_and(|rest| rest.trim_start().starts_with([':', '=']))
}

fn step(reader: &Reader<'_>, path: &str) -> Result<Listed, LayoutError> {
    let module = Module::read(&reader.program(path)?);
    let missing = |name: &str| {
        LayoutError::new(format!("it says no {name}, and every step of Alembic's does"))
            .in_file(path)
            .with_hint("move what is no step to another folder, as Alembic needs it too")
    };
    let mut own = ids(&module, path, "revision")?.unwrap_or_default().into_iter();
    let (Some(version), None) = (own.next(), own.next()) else { return Err(missing("revision")) };
    let parents = ids(&module, path, "down_revision")?.ok_or_else(|| missing("down_revision"))?;
    let id = |name: &String| names::id(name);
    let up = reader.script(path, Section::of(""), Transaction::Revision);
    let mut listed = Listed::new(id(&version), version, up, String::new())
        .about(about(&module))
        .which_cannot_run(format!("{path} is a program in Python, which Alembic runs"));
    listed.revision.revises = Some(parents.iter().map(id).collect());
    listed.revision.depends_on =
        ids(&module, path, "depends_on")?.unwrap_or_default().iter().map(id).collect();
    listed.revision.branch_labels =
        ids(&module, path, "branch_labels")?.unwrap_or_default().iter().map(id).collect();
    Ok(listed)
}

/// What a name of the module says: none where it isn't assigned.
fn ids(module: &Module, path: &str, name: &str) -> Result<Option<Vec<String>>, LayoutError> {
    let Some(assigned) = module.get(name) else { return Ok(None) };
    match &assigned.value {
        Some(Value::None) => Ok(Some(Vec::new())),
        Some(Value::Text(text)) => Ok(Some(vec![text.clone()])),
        Some(Value::Several(texts)) => Ok(Some(texts.clone())),
        None => Err(LayoutError::new(format!("what {name} is can't be told without running the file"))
            .in_file(path)
            .at_line(assigned.line)
            .with_hint(format!(
                "write it out there, as in {name} = \"1975ea83b712\" or {name} = (\"a\", \"b\")"
            ))),
    }
}

/// The first paragraph of the module's documentation, as Alembic shows it.
fn about(module: &Module) -> String {
    let doc = module.doc.as_deref().unwrap_or_default().trim();
    let paragraph = doc.split("\n\n").next().unwrap_or_default();
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each behind all that it comes after, else by their paths. What doesn't fit together is told when the graph is made.
fn in_order(mut listed: Vec<Listed>) -> Vec<Listed> {
    let revisions = listed.iter().map(|Listed { revision, .. }| Revision {
        id: revision.id.clone(),
        revises: revision.revises.clone().unwrap_or_default(),
        depends_on: revision.depends_on.clone(),
        branch_labels: revision.branch_labels.clone(),
        ..Revision::default()
    });
    if let Ok(graph) = Graph::new(revisions.collect()) {
        listed.sort_by_key(|listed| graph.place(&listed.revision.id));
    }
    listed
}
