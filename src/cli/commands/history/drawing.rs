//! A graph drawn with lines, the newest revision first.
//!
//! Each revision that is still to come and has been named as a parent has one lane. A revision stands in its lane; below it a
//! line leads to each of its parents: on in its own lane, into the lane that the parent has, or into a new one. Below a hollow
//! mark nothing goes on.

use std::collections::BTreeSet;

/// A revision's place in the drawing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The lanes beside the revision, and its mark.
    pub(super) commit: String,
    /// The line below it, where lanes come or go.
    pub(super) below: Option<String>,
}

/// The rows of revisions, each given with its parents. A parent that isn't among them leads nowhere.
pub(super) fn draw<'a>(revisions: impl Iterator<Item = (&'a str, &'a [String])>) -> Vec<Row> {
    let mut lanes: Vec<Option<&str>> = Vec::new();
    let revisions: Vec<_> = revisions.collect();
    let known: BTreeSet<&str> = revisions.iter().map(|(id, _)| *id).collect();
    let mut rows = Vec::with_capacity(revisions.len());
    for (id, parents) in revisions {
        let own = lane_of(&mut lanes, id);
        let mark = if parents.iter().any(|parent| known.contains(parent.as_str())) { "●" } else { "○" };
        let commit = lanes.iter().enumerate().map(|(lane, waits)| match waits {
            _ if lane == own => mark,
            Some(_) => "│",
            None => " ",
        });
        let commit = commit.collect::<Vec<_>>().join(" ").trim_end().to_owned();
        // Above the line below it, each lane goes on that is there.
        let above: Vec<bool> = lanes.iter().map(Option::is_some).collect();
        lanes[own] = None;
        let mut ends = Vec::new();
        for parent in parents.iter().map(String::as_str).filter(|parent| known.contains(parent)) {
            let lane = match lanes.iter().position(|waits| *waits == Some(parent)) {
                // The lane to the right ends here, so that lines keep to the left.
                Some(lane) if lane > own && lanes[own].is_none() => {
                    lanes[lane] = None;
                    ends.push(lane);
                    own
                }
                Some(lane) => lane,
                None if lanes[own].is_none() => own,
                None => free_lane(&mut lanes, own, &ends),
            };
            lanes[lane] = Some(parent);
            ends.push(lane);
        }
        rows.push(Row { commit, below: connect(own, &ends, &above, &lanes) });
        while lanes.last() == Some(&None) {
            lanes.pop();
        }
    }
    rows
}

/// The lane in which a revision is waited for, or a new one.
fn lane_of<'a>(lanes: &mut Vec<Option<&'a str>>, id: &'a str) -> usize {
    let waited = lanes.iter().position(|waits| *waits == Some(id));
    let lane = waited.or_else(|| lanes.iter().position(Option::is_none)).unwrap_or(lanes.len());
    if lane == lanes.len() {
        lanes.push(None);
    }
    lanes[lane] = Some(id);
    lane
}

/// A lane with nothing in it, to the right of this one; one that ends here just now isn't free yet.
fn free_lane(lanes: &mut Vec<Option<&str>>, own: usize, ends: &[usize]) -> usize {
    let is_free = |lane: &usize| lanes[*lane].is_none() && !ends.contains(lane);
    let free = (own..lanes.len()).find(is_free);
    free.unwrap_or_else(|| {
        lanes.push(None);
        lanes.len() - 1
    })
}

/// The line that leads from a revision's lane to those of its parents; none where it only goes on.
fn connect(own: usize, ends: &[usize], above: &[bool], lanes: &[Option<&str>]) -> Option<String> {
    if ends.iter().all(|end| *end == own) {
        return None;
    }
    let touched = || ends.iter().copied().chain([own]);
    let (first, last) = (touched().min()?, touched().max()?);
    let mut line = String::new();
    for (lane, waits) in lanes.iter().enumerate() {
        let up = above.get(lane) == Some(&true);
        let left = lane > first && lane <= last;
        let right = lane >= first && lane < last;
        line.push(match (touched().any(|touched| touched == lane), up, waits.is_some(), left, right) {
            (true, true, true, true, true) => '┼',
            (true, true, true, true, false) => '┤',
            (true, true, true, false, _) => '├',
            (true, true, false, true, true) => '┴',
            (true, true, false, true, false) => '╯',
            (true, true, false, false, _) => '╰',
            (true, false, _, true, true) => '┬',
            (true, false, _, true, false) => '╮',
            (true, false, _, false, _) => '╭',
            // A lane that the line only crosses.
            (false, _, true, _, _) => '│',
            (false, _, false, true, true) => '─',
            (false, _, false, _, _) => ' ',
        });
        line.push(if right { '─' } else { ' ' });
    }
    Some(line.trim_end().to_owned())
}

#[cfg(test)]
mod tests;
