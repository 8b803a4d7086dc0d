//! Both ends of a script: where the database is before it, and where it is to go.

use super::fault::TargetError;
use super::target::{Symbol, Target};
use super::{Graph, Set};
use crate::error::{Error, Result};
use crate::plan::Direction;

impl Graph {
    /// What is applied where a script begins that goes from one end to the other; none where they are the same. Either end may be several,
    /// with commas between, and either may be steps from the other one.
    pub(crate) fn start(&self, way: Direction, from: &str, to: &str) -> Result<Option<Set>> {
        self.started(way, from, to).map_err(Error::from_target)
    }

    fn started(&self, way: Direction, from: &str, to: &str) -> Result<Option<Set>, TargetError> {
        let mut start = self.set([]);
        for text in from.split(',') {
            let target = self.parse(text, &[])?;
            let places = match target.steps_away() {
                Some(steps) if steps != way => self.steps_from(to, &target)?,
                _ => self.named_end(&target)?,
            };
            start = start.or(&places);
        }
        let mut end = self.set([]);
        for text in to.split(',') {
            let target = self.parse(text, &[])?;
            match target.steps_away() {
                // Where they lead is told by what is applied.
                Some(steps) if steps == way => return Ok(Some(start.with_ancestors(&self.needs))),
                Some(_) => return Err(goes_the_other_way(way, from, to)),
                None => end = end.or(&self.named_end(&target)?),
            }
        }
        if start == end {
            return Ok(None);
        }
        let before = start.clone().with_ancestors(&self.needs);
        let reached = end.clone().with_ancestors(&self.needs);
        let is_above = start.clone().without(&reached).is_empty();
        let is_below = end.clone().without(&before).is_empty();
        match way {
            // What is already there needs nothing.
            Direction::Up if is_below && !end.is_empty() && end.clone().without(&start).is_empty() => {
                Ok(None)
            }
            Direction::Up if is_below => Err(goes_the_other_way(way, from, to)),
            Direction::Down if is_above && !is_below => Err(goes_the_other_way(way, from, to)),
            Direction::Up if start.is_empty() || !start.and(&reached).is_empty() => Ok(Some(before)),
            Direction::Down if is_below => Ok(Some(before)),
            _ => Err(TargetError::Apart { from: from.to_owned(), to: to.to_owned(), way }),
        }
    }

    /// Where an end is that says it by itself.
    fn named_end(&self, target: &Target<'_>) -> Result<Set, TargetError> {
        if target.symbol == Symbol::Current {
            return Err(TargetError::ScriptAsks { target: target.text.to_owned() });
        }
        self.destinations(target, &self.applied(&[]))
    }

    /// So many steps from the other end.
    fn steps_from(&self, other: &str, target: &Target<'_>) -> Result<Set, TargetError> {
        let other = self.named_end(&self.parse(other, &[])?)?;
        self.steps_in_branch(&other, target, true)
    }
}

impl Target<'_> {
    /// Which way it goes, where it is steps from the other end.
    fn steps_away(&self) -> Option<Direction> {
        self.relative().filter(|_| !self.text.contains("current"))
    }
}

fn goes_the_other_way(asked: Direction, from: &str, to: &str) -> TargetError {
    TargetError::OtherWay { from: from.to_owned(), to: to.to_owned(), asked }
}
