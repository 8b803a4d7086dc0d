//! The graph of revisions: which comes after which, and what a target asks for. It knows neither files nor databases.
//!
//! For now it is a line: every revision but the first comes after exactly one other. A fork is refused by name.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::revision::{Migration, MigrationList};
use crate::script::FileRevision;

mod check;
mod target;

pub(crate) use target::Climb;

/// A revision as data, without what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// What it is about, in words.
    pub message: String,
    /// The ids it comes after; none is the first.
    pub revises: Vec<String>,
    /// Ids that must be applied before it.
    pub depends_on: Vec<String>,
    /// Names for the branch that begins with it.
    pub branch_labels: Vec<String>,
}

/// Revisions, checked to fit together, from base to head.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// From base to head.
    line: Vec<Revision>,
    /// The place in the line, by id.
    place: BTreeMap<String, usize>,
    /// The place in the list that the graph was made from, by place in the line.
    listed: Vec<usize>,
}

impl Graph {
    /// The graph of a list of migrations.
    pub fn of(list: &MigrationList) -> Result<Self> {
        let mut previous: Option<String> = None;
        let mut revisions = Vec::with_capacity(list.len());
        for migration in list.iter() {
            let revision = Revision::of(migration, previous.take());
            previous = Some(revision.id.clone());
            revisions.push(revision);
        }
        Self::new(revisions)
    }

    /// The graph of these revisions, in any order.
    ///
    /// ```
    /// use dunlin_migrations::{Graph, Revision};
    ///
    /// let first = Revision { id: "a".into(), ..Revision::default() };
    /// let second = Revision { id: "b".into(), revises: vec!["a".into()], ..Revision::default() };
    /// assert_eq!(Graph::new(vec![second, first]).unwrap().head().unwrap().id, "b");
    /// ```
    pub fn new(revisions: Vec<Revision>) -> Result<Self> {
        for revision in &revisions {
            check::id(&revision.id)?;
        }
        let listed = check::line(&revisions)?;
        let mut slots: Vec<_> = revisions.into_iter().map(Some).collect();
        let line: Vec<_> = listed.iter().filter_map(|index| slots.get_mut(*index)?.take()).collect();
        let place = line.iter().enumerate().map(|(place, revision)| (revision.id.clone(), place)).collect();
        let graph = Self { line, place, listed };
        check::dependencies(&graph)?;
        Ok(graph)
    }

    /// The revisions, from base to head.
    pub fn revisions(&self) -> &[Revision] {
        &self.line
    }

    /// A revision by its full id.
    pub fn get(&self, id: &str) -> Option<&Revision> {
        self.place(id).map(|place| &self.line[place])
    }

    /// The last revision, which none comes after.
    pub fn head(&self) -> Option<&Revision> {
        self.line.last()
    }

    /// The place of a revision in the line, counted from 0.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.place.get(id).copied()
    }

    /// The place in the list of the revision at this place in the line.
    pub(crate) fn listed(&self, place: usize) -> usize {
        self.listed[place]
    }
}

impl Revision {
    /// What a migration says of itself; one that names no parent comes after `previous`.
    pub fn of(migration: &dyn Migration, previous: Option<String>) -> Self {
        if let Some(file) = migration.file() {
            let message_of = || message(&file.id);
            return Self {
                id: file.id.clone(),
                message: file.message.clone().unwrap_or_else(message_of),
                revises: file.revises.clone().unwrap_or_else(|| previous.into_iter().collect()),
                depends_on: file.depends_on.clone(),
                branch_labels: file.branch_labels.clone(),
            };
        }
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        Self {
            id: migration.id().to_owned(),
            message: message(migration.id()),
            revises: match migration.revises() {
                Some(ids) => owned(ids),
                None => previous.into_iter().collect(),
            },
            depends_on: owned(migration.depends_on()),
            branch_labels: owned(migration.branch_labels()),
        }
    }
}

impl Revision {
    /// A file that runs again whenever it changes: it has no place in the graph.
    pub(crate) fn repeatable(file: &FileRevision) -> Self {
        let message = file.message.clone().unwrap_or_else(|| message(&file.id));
        Self { id: file.id.clone(), message, ..Self::default() }
    }
}

/// What an id says in words: `20261122_071300_create_users` is about `create users`.
pub(crate) fn message(id: &str) -> String {
    let words = id.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-');
    if words.is_empty() { id.to_owned() } else { words.replace('_', " ") }
}

#[cfg(test)]
mod tests;
