//! Whether revisions fit together.

use std::collections::BTreeMap;

use super::{Graph, Revision};
use crate::error::{Error, Result};

/// Ids that targets use for something else.
const WORDS: [&str; 4] = ["head", "heads", "base", "current"];

/// The most that history's column holds.
const MAX_BYTES: usize = 255;

/// Whether an id can be one.
pub(super) fn id(id: &str) -> Result<()> {
    let shown = || id.chars().take(60).collect::<String>();
    let refuse = |why: String| Err(Error::graph(why));
    if id.is_empty() {
        return refuse("a revision's id is empty".into());
    }
    if id.len() > MAX_BYTES {
        return refuse(format!(
            "revision id {}... has {} bytes, and {MAX_BYTES} are the most",
            shown(),
            id.len()
        ));
    }
    // These would be read as part of a target (`a:b`, `branch@head`, `id+2`) or of a list of ids.
    if let Some(c) = id.chars().find(|c| matches!(c, '@' | '+' | ':' | ',')) {
        return refuse(format!("revision id {id} has a {c} in it, which targets use for something else"));
    }
    if id.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refuse(format!("revision id {id:?} has white space or a control character in it"));
    }
    if id.starts_with('-') {
        return refuse(format!("revision id {id} begins with a -, as `-1` does, which means one step back"));
    }
    if WORDS.contains(&id) {
        return refuse(format!("revision id {id} is a word that targets use for something else"));
    }
    Ok(())
}

/// The revisions from base to head, as places in the slice.
pub(super) fn line(revisions: &[Revision]) -> Result<Vec<usize>> {
    let mut by_id = BTreeMap::new();
    for (index, revision) in revisions.iter().enumerate() {
        if by_id.insert(revision.id.as_str(), index).is_some() {
            return Err(Error::graph(format!("two revisions have the id {}", revision.id)));
        }
    }
    let mut child_of: BTreeMap<Option<&str>, usize> = BTreeMap::new();
    for (index, revision) in revisions.iter().enumerate() {
        let parent = match revision.revises.as_slice() {
            [] => None,
            [parent] => Some(parent.as_str()),
            parents => {
                return Err(Error::graph(format!(
                    "revision {} revises {}; more than one parent isn't supported yet",
                    revision.id,
                    parents.join(", ")
                )));
            }
        };
        if let Some(parent) = parent.filter(|parent| !by_id.contains_key(parent)) {
            return Err(Error::graph(format!(
                "revision {} revises {parent}, which is unknown here",
                revision.id
            )));
        }
        if let Some(other) = child_of.insert(parent, index) {
            let parent = parent.unwrap_or("base");
            return Err(Error::graph(format!(
                "revisions {} and {} both revise {parent}; branches aren't supported yet",
                revisions[other].id, revision.id
            )));
        }
    }
    let mut line = Vec::with_capacity(revisions.len());
    let mut parent = None;
    while let Some(index) = child_of.remove(&parent) {
        line.push(index);
        parent = Some(revisions[index].id.as_str());
    }
    // What no walk from base reaches has a parent each, and so walks in a circle.
    if let Some((_, index)) = child_of.first_key_value() {
        return Err(Error::graph(match cycle(revisions, &by_id, *index).as_slice() {
            [id] => format!("revision {id} revises itself"),
            ids => format!("revisions {} come after one another", ids.join(", ")),
        }));
    }
    Ok(line)
}

/// The ids of the cycle that `start` is in or after, parents first.
fn cycle<'r>(revisions: &'r [Revision], by_id: &BTreeMap<&str, usize>, start: usize) -> Vec<&'r str> {
    let mut walked = vec![start];
    let mut at = start;
    while let Some(next) = revisions[at].revises.first().and_then(|parent| by_id.get(parent.as_str())) {
        if let Some(from) = walked.iter().position(|index| index == next) {
            walked.drain(..from);
            break;
        }
        walked.push(*next);
        at = *next;
    }
    walked.iter().rev().map(|index| revisions[*index].id.as_str()).collect()
}

/// Whether what each revision depends on comes before it. On a line it can come nowhere else.
pub(super) fn dependencies(graph: &Graph) -> Result<()> {
    for (place, revision) in graph.line.iter().enumerate() {
        for id in &revision.depends_on {
            match graph.place(id) {
                None => {
                    return Err(Error::graph(format!(
                        "revision {} depends on {id}, which is unknown here",
                        revision.id
                    )));
                }
                Some(other) if other >= place => {
                    return Err(Error::graph(format!(
                        "revision {} depends on {id}, which comes after it",
                        revision.id
                    )));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}
