//! Ranges of revisions: `a:b`, either end of which may be missing.

use super::applied::Applied;
use super::fault::TargetError;
use super::target::{Symbol, Target, too_far};
use super::{Graph, Revision, Set};
use crate::error::{Error, Result};

impl Graph {
    /// The revisions from `lower` to `upper`, both included, in order; `text` is `lower:upper`. Without a lower end it begins at
    /// base, without an upper one it goes to the heads. `-N` is seen down from the upper end, `+N` up from the lower one, as
    /// far as there are revisions.
    pub fn range(&self, applied: &[&str], text: &str) -> Result<Vec<&Revision>> {
        let applied = self.applied(applied);
        let places = self.between(text, &applied).map_err(Error::from_target)?;
        Ok(self.at(places.iter().collect()).collect())
    }

    fn between(&self, text: &str, applied: &Applied<'_>) -> Result<Set, TargetError> {
        let (lower, upper) =
            text.split_once(':').ok_or_else(|| TargetError::NotUnderstood { target: text.to_owned() })?;
        let lower = if lower.is_empty() { "base" } else { lower };
        let upper = if upper.is_empty() { "heads" } else { upper };
        let (lower, upper) = (self.parse(lower, &[])?, self.parse(upper, &[])?);
        let is_relative = |target: &Target<'_>, sign: &str| {
            target.symbol == Symbol::Current && target.steps.is_some() && target.text.contains(sign)
        };
        let (from, to) = if is_relative(&lower, "-") && !lower.text.contains("current") {
            let to = self.destinations(&upper, applied)?;
            (self.steps_in_branch(&to, &lower, false)?, to)
        } else if is_relative(&upper, "+") && !upper.text.contains("current") {
            let from = self.destinations(&lower, applied)?;
            let to = self.steps_in_branch(&from, &upper, false)?;
            (from, to)
        } else {
            (self.destinations(&lower, applied)?, self.destinations(&upper, applied)?)
        };
        let below = to.clone().with_ancestors(&self.needs);
        let range = match from.is_empty() {
            true => below.clone(),
            false => below.clone().and(&from.clone().with_descendants(&self.needs)),
        };
        if range.is_empty()
            && let Some(lower) = from.iter().next()
        {
            let upper = to.iter().next();
            let before = from.clone().with_ancestors(&self.needs);
            let is_turned = upper.is_some_and(|upper| before.has(upper));
            let upper = upper.map(|upper| self.id(upper));
            return Err(TargetError::NotAncestor { upper, lower: self.id(lower), is_turned });
        }
        Ok(range)
    }

    /// So many steps from the other end: all of them, or as far as it goes.
    pub(super) fn steps_in_branch(
        &self,
        start: &Set,
        target: &Target<'_>,
        all: bool,
    ) -> Result<Set, TargetError> {
        let branch = self.branch(target)?;
        let start = match &branch {
            Some(branch) => start.clone().and(branch),
            None => start.clone(),
        };
        let mut places = start.iter();
        match (places.next(), places.next()) {
            (_, Some(_)) => Err(self.several_current(target, &start, 0)),
            (start, None) => {
                let steps = target.steps.unwrap_or_default();
                match self.walk(start, steps, branch.as_ref(), target)? {
                    (_, left) if all && left > 0 => Err(too_far(target, left)),
                    (place, _) => Ok(self.set(place)),
                }
            }
        }
    }
}
