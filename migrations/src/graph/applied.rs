//! What is applied, as the graph sees it.

use super::{Graph, Revision, Set};

/// What is applied. A revision that the graph doesn't know is taken to come after all that was applied before it: a newer
/// build has applied it, and what it builds on must have been there.
pub(super) struct Applied<'a> {
    /// Those that the graph knows.
    pub(super) known: Set,
    /// Those that it doesn't, in the order in which they were applied.
    pub(super) unknown: Vec<&'a str>,
    /// How many of the unknown were applied before a revision, or before one that it needs; by place.
    pub(super) unknown_before: Vec<usize>,
}

impl Graph {
    /// What is applied, given in the order in which it was.
    pub(super) fn applied<'a>(&self, ids: &[&'a str]) -> Applied<'a> {
        let mut applied = Applied {
            known: Set::none(self.len()),
            unknown: Vec::new(),
            unknown_before: vec![0; self.len()],
        };
        for id in ids {
            match self.place(id) {
                Some(place) => {
                    applied.known.insert(place);
                    applied.unknown_before[place] = applied.unknown.len();
                }
                None => applied.unknown.push(id),
            }
        }
        for place in 0..self.len() {
            let needs = self.needs[place].iter().map(|need| applied.unknown_before[*need]);
            let latest = needs.chain([applied.unknown_before[place]]).max();
            applied.unknown_before[place] = latest.unwrap_or_default();
        }
        applied
    }

    /// What is applied and known, and revised by nothing that is applied.
    pub fn current(&self, applied: &[&str]) -> impl Iterator<Item = &Revision> {
        let current = self.applied(applied).known.last(&self.parents);
        self.at(current.iter().collect())
    }

    /// Of these, what none of the others needs, nor what the others need.
    pub(crate) fn last_of(&self, set: &Set) -> Set {
        let mut needed = Set::none(self.len());
        for place in (0..self.len()).rev().filter(|place| set.has(*place)) {
            self.needs[place].iter().for_each(|need| needed.insert(*need));
        }
        set.clone().without(&needed.with_ancestors(&self.needs))
    }

    /// What isn't applied although something is that comes after it or depends on it.
    pub fn late(&self, applied: &[&str]) -> impl Iterator<Item = &Revision> {
        self.at(self.late_among(&self.applied(applied).known).iter().collect())
    }

    pub(super) fn late_among(&self, applied: &Set) -> Set {
        applied.clone().with_ancestors(&self.needs).without(applied)
    }
}
