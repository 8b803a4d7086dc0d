//! What a target asks for: the path from what is applied.

use std::collections::BTreeSet;

use super::Graph;
use crate::error::{Error, Result};

/// What an upgrade has before it, as places in the line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Climb {
    /// To be applied, in order; the late ones are not among them.
    pub(crate) pending: Vec<usize>,
    /// Pending too, though a later one is applied.
    pub(crate) late: Vec<usize>,
}

/// A target as it is written, before the graph is asked.
enum Target<'t> {
    Head,
    Base,
    /// So many steps on from what is applied.
    On(usize),
    /// So many steps back.
    Back(usize),
    Id(&'t str),
}

impl Graph {
    /// What an upgrade to `target` has to apply, given what is applied.
    pub(crate) fn climb(&self, applied: &BTreeSet<&str>, target: &str) -> Result<Climb> {
        let current = self.line.iter().rposition(|revision| applied.contains(revision.id.as_str()));
        let end = match Target::parse(target)? {
            Target::Head => self.line.len(),
            Target::On(steps) => {
                let end = current.map_or(0, |place| place + 1) + steps;
                if end > self.line.len() {
                    let left = self.line.len() - current.map_or(0, |place| place + 1);
                    return Err(Error::target(format!(
                        "there are {left} revisions ahead, and {target} asks for {steps}"
                    )));
                }
                end
            }
            Target::Id(text) => self.find(text)? + 1,
            Target::Base | Target::Back(_) => {
                return Err(Error::target(format!(
                    "{target} is where a downgrade goes, and this is an upgrade"
                )));
            }
        };
        let mut climb = Climb::default();
        for place in 0..end {
            if !applied.contains(self.line[place].id.as_str()) {
                let late = current.is_some_and(|current| place < current);
                if late { climb.late.push(place) } else { climb.pending.push(place) }
            }
        }
        Ok(climb)
    }

    /// What a downgrade to `target` has to undo, in order, given what is applied in the order in which it was.
    ///
    /// Revisions that are applied and unknown here are undone where history has them.
    pub(crate) fn descend(&self, applied: &[&str], target: &str) -> Result<Vec<String>> {
        let line = self.applied_line(applied);
        let keep = match Target::parse(target)? {
            Target::Base => 0,
            Target::Back(steps) => line.len().checked_sub(steps).ok_or_else(|| {
                Error::target(format!(
                    "{} revisions are applied, and {target} asks to undo {steps}",
                    line.len()
                ))
            })?,
            Target::Id(text) => {
                let id = self.find_among(text, &line)?;
                match line.iter().position(|applied| *applied == id) {
                    Some(place) => place + 1,
                    None => {
                        return Err(Error::target(format!(
                            "revision {id} isn't applied, so there is no going back to it"
                        )));
                    }
                }
            }
            Target::Head | Target::On(_) => {
                return Err(Error::target(format!(
                    "{target} is where an upgrade goes, and this is a downgrade"
                )));
            }
        };
        Ok(line[keep..].iter().rev().map(|id| (*id).to_owned()).collect())
    }

    /// How many revisions, counted from base, are applied once a database is at `target`.
    pub(crate) fn reach(&self, target: &str) -> Result<usize> {
        match Target::parse(target)? {
            Target::Head => Ok(self.line.len()),
            Target::Base => Ok(0),
            Target::Id(text) => Ok(self.find(text)? + 1),
            Target::On(_) | Target::Back(_) => {
                Err(Error::target(format!("{target} depends on what is applied, and a stamp says what is")))
            }
        }
    }

    /// What is applied, in the order in which it comes apart safely from its end: by the graph, and where the graph
    /// doesn't know a revision, by history.
    fn applied_line<'a>(&self, applied: &[&'a str]) -> Vec<&'a str> {
        let mut keyed: Vec<(usize, usize, &str)> = Vec::with_capacity(applied.len());
        let mut known: Vec<(usize, usize, &str)> = Vec::new();
        for (moment, id) in applied.iter().enumerate() {
            match self.place(id) {
                Some(place) => known.push((place, moment, id)),
                None => keyed.push((moment, usize::MAX, id)),
            }
        }
        known.sort_unstable();
        // A revision counts as applied when the last of those it builds on was.
        let mut latest = 0;
        for (place, moment, id) in known {
            latest = latest.max(moment);
            keyed.push((latest, place, id));
        }
        keyed.sort_unstable();
        keyed.into_iter().map(|(_, _, id)| id).collect()
    }

    fn find(&self, text: &str) -> Result<usize> {
        let id = self.find_among(text, &[])?;
        self.place(id).ok_or_else(|| Error::target(format!("revision {text} is unknown here")))
    }

    /// The full id that `text` is or begins, among the graph's and these others.
    fn find_among<'a>(&'a self, text: &str, others: &[&'a str]) -> Result<&'a str> {
        if let Some(place) = self.place(text) {
            return Ok(&self.line[place].id);
        }
        if let Some(id) = others.iter().find(|id| **id == text) {
            return Ok(id);
        }
        let mut found: BTreeSet<&str> = (self.place.range(text.to_owned()..))
            .map(|(id, _)| id.as_str())
            .take_while(|id| id.starts_with(text))
            .collect();
        found.extend(others.iter().filter(|id| id.starts_with(text)));
        let mut found = found.into_iter();
        match (found.next(), found.next()) {
            (Some(id), None) => Ok(id),
            (Some(one), Some(other)) => {
                let more = if found.next().is_some() { " and others" } else { "" };
                Err(Error::target(format!("{text} could be revision {one} or {other}{more}")))
            }
            _ => Err(Error::target(format!("revision {text} is unknown here"))),
        }
    }
}

impl<'t> Target<'t> {
    fn parse(text: &'t str) -> Result<Self> {
        let steps = |digits: &str| {
            let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            let number = if valid { digits.parse().ok() } else { None };
            number.ok_or_else(|| Error::target(format!("{text} isn't a number of steps")))
        };
        match text {
            "head" | "heads" => Ok(Self::Head),
            "base" => Ok(Self::Base),
            "" => Err(Error::target("the target is empty")),
            _ if text.starts_with('+') => Ok(Self::On(steps(&text[1..])?)),
            _ if text.starts_with('-') => Ok(Self::Back(steps(&text[1..])?)),
            // No id has one of these, so it is a kind of target that isn't known.
            _ if text.contains(['@', '+', ':', ',']) || text.contains(char::is_whitespace) => {
                Err(Error::target(format!(
                    "target {text} isn't understood: it is head, base, an id or the beginning of one, +N or -N"
                )))
            }
            _ => Ok(Self::Id(text)),
        }
    }
}
