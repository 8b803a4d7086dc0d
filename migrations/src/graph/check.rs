//! Whether revisions fit together, and an order in which each comes after all that it builds on.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::Revision;
use super::fault::{Edge, GraphError};

/// Ids that targets use for something else.
const WORDS: [&str; 4] = ["head", "heads", "base", "current"];

/// The most that history's column holds.
const MAX_BYTES: usize = 255;

/// The places of revisions in a slice, by their ids and by the labels of the branches that begin with them.
pub(super) type Names = BTreeMap<String, usize>;

/// What each revision comes after, as places in the slice that it is in.
pub(super) struct Befores {
    pub(super) parents: Vec<Vec<usize>>,
    /// Parents, and what it depends on.
    pub(super) needs: Vec<Vec<usize>>,
}

/// The revisions' names, each of them one revision's alone.
pub(super) fn names(revisions: &[Revision]) -> Result<Names, GraphError> {
    let mut names = Names::new();
    for (index, revision) in revisions.iter().enumerate() {
        name("revision id", &revision.id).map_err(|error| in_file(error, revision))?;
        if let Some(other) = names.insert(revision.id.clone(), index) {
            let places = [revisions[other].place(), revision.place()];
            return Err(GraphError::DuplicateId { id: revision.id.clone(), places });
        }
    }
    for (index, revision) in revisions.iter().enumerate() {
        for label in &revision.branch_labels {
            name("branch label", label).map_err(|error| in_file(error, revision))?;
            let Some(other) = names.insert(label.clone(), index).filter(|other| *other != index) else {
                continue;
            };
            let (label, id) = (label.clone(), revision.id.clone());
            return Err(match revisions[other].id == label {
                true => GraphError::LabelIsId { label, id },
                false => GraphError::DuplicateLabel { label, ids: [revisions[other].id.clone(), id] },
            });
        }
    }
    Ok(names)
}

/// The same, of a revision's file, which has the name.
fn in_file(error: GraphError, revision: &Revision) -> GraphError {
    match (error, &revision.file) {
        (GraphError::Name { message }, Some(file)) => {
            GraphError::Name { message: format!("{file}: {message}") }
        }
        (error, _) => error,
    }
}

/// Whether an id or a label can be one.
pub(super) fn name(what: &str, name: &str) -> Result<(), GraphError> {
    let refuse = |message: String| Err(GraphError::Name { message });
    if name.is_empty() {
        return refuse(format!("a revision's {} is empty", what.strip_prefix("revision ").unwrap_or(what)));
    }
    if name.len() > MAX_BYTES {
        let shown: String = name.chars().take(60).collect();
        return refuse(format!("{what} {shown}... has {} bytes, and {MAX_BYTES} are the most", name.len()));
    }
    // These would be read as part of a target (`a:b`, `branch@head`, `id+2`) or of a list of ids.
    if let Some(c) = name.chars().find(|c| matches!(c, '@' | '+' | ':' | ',')) {
        return refuse(format!("{what} {name} has a {c} in it, which targets use for something else"));
    }
    if name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return refuse(format!("{what} {name:?} has white space or a control character in it"));
    }
    if name.starts_with('-') {
        return refuse(format!("{what} {name} begins with a -, as `-1` does, which means one step back"));
    }
    if WORDS.contains(&name) {
        return refuse(format!("{what} {name} is a word that targets use for something else"));
    }
    Ok(())
}

/// What each revision comes after. A parent is named by its id, what it depends on by an id or a label.
pub(super) fn befores(revisions: &[Revision], names: &Names) -> Result<Befores, GraphError> {
    let mut befores = Befores { parents: Vec::new(), needs: Vec::new() };
    for (index, revision) in revisions.iter().enumerate() {
        let resolve = |name: &String, edge| {
            let found =
                names.get(name).filter(|place| edge == Edge::DependsOn || revisions[**place].id == *name);
            match found {
                Some(place) if *place == index => Err(GraphError::SelfLoop { id: revision.id.clone(), edge }),
                Some(place) => Ok(*place),
                None => Err(GraphError::Missing {
                    id: revision.id.clone(),
                    place: revision.place(),
                    edge,
                    missing: name.clone(),
                    near: near(name, names, revisions),
                }),
            }
        };
        let all = |names: &[String], edge| {
            names.iter().map(|name| resolve(name, edge)).collect::<Result<Vec<_>, _>>()
        };
        let mut parents = all(&revision.revises, Edge::Revises)?;
        parents.sort_unstable();
        parents.dedup();
        let mut needs = all(&revision.depends_on, Edge::DependsOn)?;
        needs.extend(&parents);
        needs.sort_unstable();
        needs.dedup();
        befores.parents.push(parents);
        befores.needs.push(needs);
    }
    Ok(befores)
}

/// The one id that begins with what was written, or is meant by a label.
fn near(name: &str, names: &Names, revisions: &[Revision]) -> Option<String> {
    let mut begin = names.range(name.to_owned()..).take_while(|(known, _)| known.starts_with(name));
    match (begin.next(), begin.next()) {
        (Some((_, place)), None) => Some(revisions[*place].id.clone()),
        (Some((known, place)), _) if known == name => Some(revisions[*place].id.clone()),
        _ => None,
    }
}

/// The places in an order in which each revision comes after all that it needs; among those that could come next,
/// the first of the slice does.
pub(super) fn order(revisions: &[Revision], befores: &Befores) -> Result<Vec<usize>, GraphError> {
    let needs = &befores.needs;
    let mut missing: Vec<usize> = needs.iter().map(Vec::len).collect();
    let mut afters = vec![Vec::new(); needs.len()];
    for (index, needs) in needs.iter().enumerate() {
        needs.iter().for_each(|need| afters[*need].push(index));
    }
    let ready = missing.iter().enumerate().filter(|(_, missing)| **missing == 0);
    let mut ready: BinaryHeap<_> = ready.map(|(index, _)| Reverse(index)).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(Reverse(index)) = ready.pop() {
        order.push(index);
        for after in &afters[index] {
            missing[*after] -= 1;
            if missing[*after] == 0 {
                ready.push(Reverse(*after));
            }
        }
    }
    match missing.iter().position(|missing| *missing > 0) {
        None => Ok(order),
        Some(start) => Err(cycle(revisions, befores, &missing, start)),
    }
}

/// The cycle that `start` is in or after: each that is left needs another one that is left.
fn cycle(revisions: &[Revision], befores: &Befores, missing: &[usize], start: usize) -> GraphError {
    let mut walked = vec![start];
    let mut seen = vec![false; missing.len()];
    let mut at = start;
    while !std::mem::replace(&mut seen[at], true) {
        // A parent rather than what it depends on: a circle of parents is the plainer one to tell.
        let left = |befores: &[usize]| befores.iter().copied().find(|before| missing[*before] > 0);
        at = left(&befores.parents[at]).or_else(|| left(&befores.needs[at])).unwrap_or(at);
        walked.push(at);
    }
    walked.pop();
    walked.drain(..walked.iter().position(|index| *index == at).unwrap_or_default());
    // Parents first, and first of all what is first in the list.
    walked.reverse();
    let first = walked.iter().enumerate().min_by_key(|(_, index)| **index).map_or(0, |(place, _)| place);
    walked.rotate_left(first);
    let id = |index: usize| revisions[index].id.clone();
    let ids = walked.iter().map(|index| id(*index)).collect();
    let befores_of = walked.iter().zip(walked.iter().cycle().skip(walked.len() - 1));
    for (index, before) in befores_of {
        if !befores.parents[*index].contains(before) {
            return GraphError::DependencyCycle { id: id(*index), on: id(*before), ids };
        }
    }
    GraphError::Cycle { ids }
}
