//! A graph drawn with lines, the newest revision first.
//!
//! Each revision that is still to come and has been named as a parent has one lane. A revision stands in its lane, and what
//! lies below a hollow mark has nothing to do with it. Lines come and go in rows of their own: in one a lane opens others, in
//! another one lanes join. So a line that runs across leads from one lane down to several, or from several down to one,
//! and never from several to several; what it crosses is a lane that it has nothing to do with.

use std::collections::BTreeSet;

/// A revision's place in the drawing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The lanes beside the revision, and its mark.
    pub(super) commit: String,
    /// The rows below it, in which lanes open, and then join.
    pub(super) below: Vec<String>,
}

/// The rows of revisions, each given with its parents. A parent that isn't among them leads nowhere.
pub(super) fn draw<'a>(revisions: impl Iterator<Item = (&'a str, &'a [String])>) -> Vec<Row> {
    let revisions: Vec<_> = revisions.collect();
    let known: BTreeSet<&str> = revisions.iter().map(|(id, _)| *id).collect();
    let mut lanes = Lanes::default();
    let mut rows = Vec::with_capacity(revisions.len());
    for (id, parents) in revisions {
        let own = lanes.of(id);
        let parents: Vec<&str> =
            parents.iter().map(String::as_str).filter(|parent| known.contains(parent)).collect();
        let commit = lanes.beside(own, if parents.is_empty() { "○" } else { "●" });
        let opened = lanes.open(own, &parents);
        let joined = parents.iter().map(|parent| lanes.join(parent));
        let below = [opened].into_iter().chain(joined).flatten().collect();
        rows.push(Row { commit, below });
    }
    rows
}

/// The lanes from the left, each with the revision that it leads to.
#[derive(Debug, Default)]
struct Lanes<'a>(Vec<Option<&'a str>>);

impl<'a> Lanes<'a> {
    /// The lane that leads to a revision, or a new one.
    fn of(&mut self, id: &'a str) -> usize {
        match self.0.iter().position(|leads_to| *leads_to == Some(id)) {
            Some(lane) => lane,
            None => self.take(0, id),
        }
    }

    /// Takes the next lane that is free, to the right of one if there is any.
    fn take(&mut self, from: usize, id: &'a str) -> usize {
        let mut places = (from..self.0.len()).chain(0..from.min(self.0.len()));
        let lane = places.find(|lane| self.0[*lane].is_none()).unwrap_or(self.0.len());
        if lane == self.0.len() {
            self.0.push(None);
        }
        self.0[lane] = Some(id);
        lane
    }

    /// A revision's mark in its lane, and the others beside it.
    fn beside(&self, own: usize, mark: &str) -> String {
        let cells = self.0.iter().enumerate().map(|(lane, leads_to)| match leads_to {
            _ if lane == own => mark,
            Some(_) => "│",
            None => " ",
        });
        cells.collect::<Vec<_>>().join(" ").trim_end().to_owned()
    }

    /// Lets a revision's lane lead to its first parent, and new ones to the others.
    fn open(&mut self, own: usize, parents: &[&'a str]) -> Option<String> {
        let above = self.live();
        self.0[own] = parents.first().copied();
        let others = parents.iter().skip(1).map(|parent| self.take(own, parent));
        let touched: BTreeSet<usize> = others.chain([own]).collect();
        self.row(&touched, &above)
    }

    /// Makes all lanes that lead to a revision the leftmost of them.
    fn join(&mut self, id: &str) -> Option<String> {
        let above = self.live();
        let leading = self.0.iter().enumerate().filter(|(_, leads_to)| **leads_to == Some(id));
        let touched: BTreeSet<usize> = leading.map(|(lane, _)| lane).collect();
        touched.iter().skip(1).for_each(|lane| self.0[*lane] = None);
        self.row(&touched, &above)
    }

    fn live(&self) -> Vec<bool> {
        self.0.iter().map(Option::is_some).collect()
    }

    /// The row in which a line runs through these lanes; none where it would be one alone. What led nowhere is gone below.
    fn row(&mut self, touched: &BTreeSet<usize>, above: &[bool]) -> Option<String> {
        let (first, last) = (*touched.first()?, *touched.last()?);
        let mut line = String::new();
        for (lane, leads_to) in self.0.iter().enumerate() {
            let (up, down) = (above.get(lane) == Some(&true), leads_to.is_some());
            let (left, right) = (lane > first && lane <= last, lane >= first && lane < last);
            line.push(match (touched.contains(&lane), up, down, left, right) {
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
        while self.0.last() == Some(&None) {
            self.0.pop();
        }
        (first < last).then(|| line.trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests;
