//! Paths: what a target asks to apply, to undo or to mark, given what is applied.

use std::collections::BTreeSet;

use super::applied::Applied;
use super::fault::TargetError;
use super::target::{Found, Symbol, Target};
use super::{Graph, Revision, Set};
use crate::error::{Error, Result};
use crate::plan::Direction;

/// What an upgrade has before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Climb {
    /// To be applied; the late ones are not among them.
    pub(crate) pending: Set,
    /// Pending too, though one that comes after it is applied.
    pub(crate) late: Set,
    /// Whether nothing of the graph is beyond the target.
    pub(crate) reaches_all: bool,
}

/// What a downgrade undoes: of those that the graph knows, and of the others all from this one on.
struct Undone {
    known: Set,
    unknown_from: usize,
}

impl Graph {
    /// What an upgrade to `target` has to apply, late revisions included, in order. What is applied is given in the order in
    /// which it was.
    pub fn upgrade_path(&self, applied: &[&str], target: &str) -> Result<Vec<&Revision>> {
        let Climb { pending, late, .. } = self.climb(applied, target)?;
        Ok(self.at(pending.or(&late).iter().collect()).collect())
    }

    /// What a downgrade to `target` has to undo, in order. What is applied is given in the order in which it was.
    ///
    /// All that comes after the target is undone, and what depends on that. Revisions that are unknown here come after
    /// all that was applied before them.
    pub fn downgrade_path(&self, applied: &[&str], target: &str) -> Result<Vec<String>> {
        let applied = self.applied(applied);
        let undone = self.descent(&applied, target).map_err(Error::from_target)?;
        let undone = self.with_dependents(undone, &applied);
        // Behind each revision its place among the unknown ones, which come last where they stand.
        let known = undone
            .known
            .iter()
            .map(|place| (applied.unknown_before[place], place, self.revisions[place].id.as_str()));
        let unknown = applied.unknown.iter().enumerate().skip(undone.unknown_from);
        let mut order: Vec<_> = known.chain(unknown.map(|(index, id)| (index, usize::MAX, *id))).collect();
        order.sort_unstable();
        Ok(order.into_iter().rev().map(|(.., id)| id.to_owned()).collect())
    }

    /// What of the applied comes after a revision, or depends on it; an error where that isn't applied itself.
    pub(crate) fn standing_on(&self, applied: &[&str], id: &str) -> Result<Vec<&str>> {
        let known = self.applied(applied).known;
        let place = self.place(id).filter(|place| known.has(*place)).ok_or_else(|| {
            Error::from_target(TargetError::NotApplied {
                id: id.to_owned(),
                current: self.ids(&known.last(&self.parents)),
            })
        })?;
        let above = self.and_after(&self.set([place])).and(&known).without(&self.set([place]));
        Ok(self.at(above.iter().collect()).map(|revision| revision.id.as_str()).collect())
    }

    /// What counts as applied once a stamp said that the database is at `target`: several may be named, with commas between.
    ///
    /// What is applied in branches that have nothing to do with the target stays so.
    pub fn stamp_path(&self, applied: &[&str], target: &str) -> Result<Vec<&Revision>> {
        Ok(self.at(self.stamp(applied, target)?.iter().collect()).collect())
    }

    pub(crate) fn climb(&self, applied: &[&str], target: &str) -> Result<Climb> {
        let applied = self.applied(applied);
        let mut ends = self.set([]);
        for text in target.split(',') {
            let found = self.parse(text, &[]).and_then(|target| match target.relative() {
                Some(Direction::Down) => Err(wrong_way(&target, Direction::Up)),
                _ => self.destinations(&target, &applied),
            });
            ends = ends.or(&found.map_err(Error::from_target)?);
        }
        let reached = ends.with_ancestors(&self.needs);
        let reaches_all = reached.is_all();
        let pending = reached.without(&applied.known);
        let late = self.late_among(&applied.known).and(&pending);
        Ok(Climb { pending: pending.without(&late), late, reaches_all })
    }

    /// These, and all that comes after them or depends on them.
    pub(crate) fn and_after(&self, set: &Set) -> Set {
        set.clone().with_descendants(&self.needs)
    }

    /// What of `pending` can't run when these are left out: what needs them, and nothing between is applied.
    pub(crate) fn held_back(&self, pending: &Set, left_out: &Set) -> Set {
        let mut held = left_out.clone();
        for place in pending.iter() {
            if self.needs[place].iter().any(|need| held.has(*need)) {
                held.insert(place);
            }
        }
        held.without(left_out)
    }

    pub(crate) fn stamp(&self, applied: &[&str], target: &str) -> Result<Set> {
        self.stamped(&self.applied(applied), target).map_err(Error::from_target)
    }

    fn stamped(&self, applied: &Applied<'_>, target: &str) -> Result<Set, TargetError> {
        let mut ends = self.set([]);
        let mut concerned = self.set([]);
        for text in target.split(',') {
            let target = self.parse(text, &[])?;
            if target.symbol == Symbol::Current {
                return Err(TargetError::StampAsks { target: text.to_owned() });
            }
            let places = self.destinations(&target, applied)?;
            let of = match (places.is_empty(), self.branch_place(&target)?) {
                (true, None) => self.set(0..self.len()),
                (true, Some(place)) => self.set([place]),
                (false, _) => places.clone(),
            };
            let after = of.clone().with_descendants(&self.needs);
            concerned = concerned.or(&of.with_ancestors(&self.needs)).or(&after);
            ends = ends.or(&places);
        }
        let others = self.last_of(&applied.known).without(&concerned);
        let kept = others.with_ancestors(&self.needs).and(&applied.known);
        Ok(ends.with_ancestors(&self.needs).or(&kept))
    }

    fn branch_place(&self, target: &Target<'_>) -> Result<Option<usize>, TargetError> {
        let Some(branch) = target.branch else { return Ok(None) };
        match self.named(branch, &[])? {
            Found::Known(place) => Ok(Some(place)),
            Found::Unknown(_) => Ok(None),
        }
    }

    /// What comes after the target itself.
    fn descent(&self, applied: &Applied<'_>, text: &str) -> Result<Undone, TargetError> {
        let target = self.parse(text, &applied.unknown)?;
        let branch = self.branch(&target)?;
        match (target.symbol, target.relative()) {
            (_, Some(Direction::Up)) => return Err(wrong_way(&target, Direction::Down)),
            (Symbol::Head | Symbol::Heads, _) if target.steps.is_none() && branch.is_none() => {
                return Err(wrong_way(&target, Direction::Down));
            }
            (_, Some(Direction::Down)) => return self.last_steps(applied, &target, branch.as_ref()),
            (Symbol::Name(name), _) if target.steps.is_none() => {
                if let Found::Unknown(index) = self.named(name, &applied.unknown)? {
                    let after = |place: &usize| applied.unknown_before[*place] > index;
                    let known = self.set(applied.known.iter().filter(after));
                    return Ok(Undone { known, unknown_from: index + 1 });
                }
            }
            _ => {}
        }
        let places = self.destinations(&target, applied)?;
        let mut places_in = places.iter();
        let after = match (places_in.next(), places_in.next()) {
            (None, _) => self.set(0..self.len()),
            (Some(place), None) if applied.known.has(place) => self.set(self.children[place].iter().copied()),
            (Some(place), None) => {
                let current = self.ids(&applied.known.last(&self.parents));
                return Err(TargetError::NotApplied { id: self.id(place), current });
            }
            _ => return Err(TargetError::NotOne { target: text.to_owned() }),
        };
        let known = match &branch {
            Some(branch) => after.and(branch),
            None => after,
        };
        // Unknown revisions are in no branch.
        let unknown_from = match (&branch, places.iter().next()) {
            (Some(_), _) => applied.unknown.len(),
            (None, None) => 0,
            (None, Some(place)) => applied.unknown_before[place],
        };
        Ok(Undone { known, unknown_from })
    }

    /// What is applied of these and of all that comes after them or depends on them.
    fn with_dependents(&self, undone: Undone, applied: &Applied<'_>) -> Undone {
        let known = undone.known.with_descendants(&self.needs).and(&applied.known);
        let earliest = known.iter().map(|place| applied.unknown_before[place]).min();
        let unknown_from = earliest.unwrap_or(undone.unknown_from).min(undone.unknown_from);
        Undone { known, unknown_from }
    }

    /// Which of these a revision needs, at once or through others that aren't among them, as a late one isn't.
    fn nearest(&self, among: &Set) -> Vec<BTreeSet<usize>> {
        let mut nearest: Vec<BTreeSet<usize>> = Vec::with_capacity(self.len());
        for needs in &self.needs {
            let mut found = BTreeSet::new();
            for need in needs {
                match among.has(*need) {
                    true => _ = found.insert(*need),
                    false => found.extend(&nearest[*need]),
                }
            }
            nearest.push(found);
        }
        nearest
    }

    /// The last so many applied revisions, one after the other, each of them the only one that could be next.
    fn last_steps(
        &self,
        applied: &Applied<'_>,
        target: &Target<'_>,
        branch: Option<&Set>,
    ) -> Result<Undone, TargetError> {
        let steps = target.steps.unwrap_or_default().unsigned_abs();
        let nodes = match branch {
            Some(branch) => applied.known.clone().and(branch),
            None => applied.known.clone(),
        };
        let unknown = if branch.is_some() { 0 } else { applied.unknown.len() };
        let count = nodes.iter().count() + unknown;
        if steps > count {
            return Err(TargetError::TooFarDown { target: target.text.to_owned(), applied: count, steps });
        }
        let needs = self.nearest(&nodes);
        let mut needed = vec![0_usize; self.len()];
        nodes.iter().flat_map(|place| &needs[place]).for_each(|need| needed[*need] += 1);
        // What was applied after an unknown revision is undone before it.
        let ready =
            |place: &usize, unknown: usize| branch.is_some() || applied.unknown_before[*place] >= unknown;
        let mut unknown_left = unknown;
        let mut last: BTreeSet<_> = nodes.iter().filter(|place| needed[*place] == 0).collect();
        let mut known = self.set([]);
        for step in 0..steps {
            let mut next = last.iter().copied().filter(|place| ready(place, unknown_left));
            match (next.next(), next.next()) {
                (None, _) => unknown_left = unknown_left.saturating_sub(1),
                (Some(place), None) => {
                    known.insert(place);
                    last.remove(&place);
                    for need in &needs[place] {
                        needed[*need] -= 1;
                        if needed[*need] == 0 && nodes.has(*need) {
                            last.insert(*need);
                        }
                    }
                }
                _ => {
                    let ready = last.iter().copied().filter(|place| ready(place, unknown_left));
                    return Err(self.several_current(target, &self.set(ready), step));
                }
            }
        }
        let unknown_from = if branch.is_some() { applied.unknown.len() } else { unknown_left };
        Ok(Undone { known, unknown_from })
    }
}

fn wrong_way(target: &Target<'_>, asked: Direction) -> TargetError {
    TargetError::WrongWay { target: target.text.to_owned(), asked }
}
