//! Revisions in the order in which a drawing has them.

use super::{Graph, Revision};

impl Graph {
    /// These revisions, the newest first, with those of a branch in one run: a branch that a merge takes in stands below the
    /// merge, down to where it began. Each stands above all that it needs.
    pub fn in_runs<'g>(&'g self, revisions: &[&Revision]) -> Vec<&'g Revision> {
        let shown = self.set(revisions.iter().filter_map(|revision| self.place(&revision.id)));
        // How many of those that need a revision are still to come.
        let mut waits_for = vec![0_usize; self.len()];
        for needed in shown.iter().flat_map(|place| &self.needs[place]) {
            waits_for[*needed] += 1;
        }
        // What could be next, the next one last.
        let mut ready: Vec<usize> = shown.iter().filter(|place| waits_for[*place] == 0).collect();
        let mut runs = Vec::with_capacity(revisions.len());
        while let Some(place) = ready.pop() {
            let revision = &self.revisions[place];
            runs.push(revision);
            let stated = |needed: &usize| {
                let id = &self.revisions[*needed].id;
                // What a revision depends on is in another branch, and comes after its own.
                revision.revises.iter().position(|parent| parent == id).map_or(0, |place| place + 1)
            };
            let mut needed: Vec<usize> =
                self.needs[place].iter().copied().filter(|needed| shown.has(*needed)).collect();
            needed.sort_by_key(stated);
            for needed in needed {
                waits_for[needed] -= 1;
                if waits_for[needed] == 0 {
                    ready.push(needed);
                }
            }
        }
        runs
    }
}
