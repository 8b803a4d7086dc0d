//! Targets: how a place in the graph is written, and where it is.

use super::applied::Applied;
use super::fault::TargetError;
use super::{Graph, Revision, Set};
use crate::error::{Error, Result};
use crate::plan::Direction;

/// A target as it is written: `[branch@][symbol][+N|-N]`.
pub(super) struct Target<'t> {
    /// All of it.
    pub(super) text: &'t str,
    /// What stands behind the branch.
    rest: &'t str,
    pub(super) branch: Option<&'t str>,
    pub(super) symbol: Symbol<'t>,
    /// Steps up, or down where it is negative; none where it says none.
    pub(super) steps: Option<isize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Symbol<'t> {
    /// What is applied: where `+1` and `-1` begin.
    Current,
    Head,
    Heads,
    Base,
    /// An id, a branch label, or the beginning of one.
    Name(&'t str),
}

/// A revision that a name is of.
pub(super) enum Found {
    Known(usize),
    /// Applied, and unknown here.
    Unknown(usize),
}

/// Where steps lead: none is base.
type Walked = (Option<usize>, usize);

impl Graph {
    /// The revisions that a target names: `head`, `heads`, `base`, `current`, an id, a branch label or the beginning of one, each
    /// also in a branch (`label@head`) and with steps (`head-1`, `+2`). For `base` there are none.
    pub fn find(&self, applied: &[&str], target: &str) -> Result<Vec<&Revision>> {
        let applied = self.applied(applied);
        let places =
            self.parse(target, &applied.unknown).and_then(|target| self.destinations(&target, &applied));
        Ok(self.at(places.map_err(Error::from_target)?.iter().collect()).collect())
    }

    /// Whether what a target means depends on what is applied: `current`, `+1`, `-1`.
    pub fn asks_what_is_applied(&self, target: &str) -> bool {
        self.parse(target, &[]).is_ok_and(|target| target.symbol == Symbol::Current)
    }

    pub(super) fn parse<'t>(&self, text: &'t str, unknown: &[&str]) -> Result<Target<'t>, TargetError> {
        let not_understood = || TargetError::NotUnderstood { target: text.to_owned() };
        if text.is_empty() {
            return Err(TargetError::Empty);
        }
        if text.split([':', ',']).filter(|part| !part.trim().is_empty()).count() > 1 {
            return Err(TargetError::NotOne { target: text.to_owned() });
        }
        let (branch, rest) = match text.rsplit_once('@') {
            Some((branch, rest)) => (Some(branch), rest),
            None => (None, text),
        };
        if branch.is_some_and(|branch| branch.is_empty() || branch.contains('@')) || rest.is_empty() {
            return Err(not_understood());
        }
        let (symbol, steps) = self.steps(text, rest, unknown)?;
        if text.contains([':', ',']) || text.contains(char::is_whitespace) || symbol.contains('+') {
            return Err(not_understood());
        }
        let symbol = match symbol {
            "" | "current" => Symbol::Current,
            "head" => Symbol::Head,
            "heads" => Symbol::Heads,
            "base" => Symbol::Base,
            name => Symbol::Name(name),
        };
        Ok(Target { text, rest, branch, symbol, steps })
    }

    /// Divides `head-1` into `head` and -1. An id may have a - in it, so what is the beginning of one is taken for that.
    fn steps<'t>(
        &self,
        text: &str,
        rest: &'t str,
        unknown: &[&str],
    ) -> Result<(&'t str, Option<isize>), TargetError> {
        let number = |digits: &str| {
            let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse::<isize>().ok().filter(|_| valid)
        };
        let wrong = || TargetError::Steps { target: text.to_owned() };
        if let Some((symbol, digits)) = rest.rsplit_once('+') {
            return Ok((symbol, Some(number(digits).ok_or_else(wrong)?)));
        }
        if let Some(digits) = rest.strip_prefix('-') {
            return Ok(("", Some(-number(digits).ok_or_else(wrong)?)));
        }
        let is_name = |name: &str| !matches!(self.named(name, unknown), Err(TargetError::Unknown { .. }));
        match rest.rsplit_once('-').map(|(symbol, digits)| (symbol, number(digits))) {
            Some((symbol, Some(steps))) if !is_name(rest) => Ok((symbol, Some(-steps))),
            _ => Ok((rest, None)),
        }
    }

    /// The revision of which this is the id, the branch label, or the beginning of one of these.
    pub(super) fn named(&self, text: &str, unknown: &[&str]) -> Result<Found, TargetError> {
        if let Some(place) = self.names.get(text) {
            return Ok(Found::Known(*place));
        }
        if let Some(index) = unknown.iter().position(|id| *id == text) {
            return Ok(Found::Unknown(index));
        }
        let known = self.names.range(text.to_owned()..).take_while(|(name, _)| name.starts_with(text));
        let mut found: Vec<_> = known.map(|(name, place)| (name.as_str(), Found::Known(*place))).collect();
        let others = unknown.iter().enumerate().filter(|(_, id)| id.starts_with(text));
        found.extend(others.map(|(index, id)| (*id, Found::Unknown(index))));
        found.sort_by_key(|(name, _)| *name);
        let same = |one: &Found| matches!((one, found.first()), (Found::Known(one), Some((_, Found::Known(first)))) if one == first);
        match found.as_slice() {
            [] => Err(TargetError::Unknown { text: text.to_owned() }),
            [_, others @ ..] if others.iter().all(|(_, found)| same(found)) => Ok(found.swap_remove(0).1),
            found => {
                let found = found.iter().map(|(name, _)| (*name).to_owned()).collect();
                Err(TargetError::AmbiguousPrefix { text: text.to_owned(), found })
            }
        }
    }

    /// The branch that a target is in, where it names one.
    pub(super) fn branch(&self, target: &Target<'_>) -> Result<Option<Set>, TargetError> {
        let lineage = |branch| match self.named(branch, &[])? {
            Found::Known(place) => Ok(self.lineage(place)),
            Found::Unknown(_) => Err(TargetError::Unknown { text: branch.to_owned() }),
        };
        target.branch.map(lineage).transpose()
    }

    /// Where a target is, or where its several ones are; nowhere is base.
    pub(super) fn destinations(
        &self,
        target: &Target<'_>,
        applied: &Applied<'_>,
    ) -> Result<Set, TargetError> {
        let branch = self.branch(target)?;
        let within = |set: Set| match &branch {
            Some(branch) => set.and(branch),
            None => set,
        };
        let starts = match target.symbol {
            Symbol::Base => self.set([]),
            Symbol::Current => self.last_of(&within(applied.known.clone())),
            Symbol::Head | Symbol::Heads => within(self.head_places()),
            Symbol::Name(name) => self.set([self.in_branch(name, target.branch, branch.as_ref())?]),
        };
        let steps = target.steps.filter(|_| target.symbol != Symbol::Heads || target.steps != Some(0));
        if steps.is_none() && target.symbol != Symbol::Head {
            return Ok(starts);
        }
        let mut places = starts.iter();
        match (places.next(), places.next()) {
            (start, None) => {
                let (place, left) = self.walk(start, steps.unwrap_or_default(), branch.as_ref(), target)?;
                if left > 0 { Err(too_far(target, left)) } else { Ok(self.set(place)) }
            }
            _ if target.symbol == Symbol::Current => Err(self.several_current(target, &starts, 0)),
            _ => {
                let branch = target.branch.map(str::to_owned);
                Err(TargetError::SeveralHeads { branch, heads: self.ids(&starts) })
            }
        }
    }

    pub(super) fn several_current(&self, target: &Target<'_>, current: &Set, clear: usize) -> TargetError {
        TargetError::SeveralCurrent { target: target.rest.to_owned(), current: self.ids(current), clear }
    }

    fn in_branch(&self, name: &str, of: Option<&str>, branch: Option<&Set>) -> Result<usize, TargetError> {
        match (self.named(name, &[])?, of, branch) {
            (Found::Unknown(_), ..) => Err(TargetError::Unknown { text: name.to_owned() }),
            (Found::Known(place), Some(of), Some(branch)) if !branch.has(place) => {
                Err(TargetError::NotInBranch { id: self.id(place), branch: of.to_owned() })
            }
            (Found::Known(place), ..) => Ok(place),
        }
    }

    /// Goes so many steps up, or down where they are negative, as far as it goes; and how many are left then.
    pub(super) fn walk(
        &self,
        from: Option<usize>,
        steps: isize,
        branch: Option<&Set>,
        target: &Target<'_>,
    ) -> Result<Walked, TargetError> {
        let mut at = from;
        for left in (1..=steps.unsigned_abs()).rev() {
            let ways = match at {
                None if steps < 0 => return Ok((at, left)),
                None => (0..self.len()).filter(|place| self.parents[*place].is_empty()).collect(),
                Some(place) if steps < 0 => self.parents[place].clone(),
                Some(place) => self.children[place].clone(),
            };
            let ways: Vec<_> =
                ways.into_iter().filter(|way| branch.is_none_or(|branch| branch.has(*way))).collect();
            at = match ways.as_slice() {
                [] if steps > 0 => return Ok((at, left)),
                [] => None,
                [way] => Some(*way),
                _ => {
                    return Err(TargetError::AmbiguousStep {
                        target: target.text.to_owned(),
                        at: at.map(|place| self.id(place)),
                        ways: ways.into_iter().map(|way| self.id(way)).collect(),
                        steps: target.rest.to_owned(),
                    });
                }
            };
        }
        Ok((at, 0))
    }
}

/// More steps than there are.
pub(super) fn too_far(target: &Target<'_>, left: usize) -> TargetError {
    let text = target.text.to_owned();
    match target.steps.unwrap_or_default() {
        steps if steps > 0 => {
            let steps = steps.unsigned_abs();
            TargetError::TooFarUp { target: text, left: steps - left, steps }
        }
        _ => TargetError::PastBase { target: text },
    }
}

impl Target<'_> {
    /// Whether it is steps from what is applied, and which way.
    pub(super) fn relative(&self) -> Option<Direction> {
        match (self.symbol, self.steps) {
            (Symbol::Current, Some(_)) if self.rest.contains('-') => Some(Direction::Down),
            (Symbol::Current, Some(_)) => Some(Direction::Up),
            _ => None,
        }
    }
}
