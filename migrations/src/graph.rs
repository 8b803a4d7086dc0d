//! The graph of revisions: which comes after which, and what a target asks for. It knows neither files nor databases.
//!
//! Revisions are numbered so that each comes after all that it builds on. What comes before some of them is then one sweep
//! down through the numbers, what comes after them one sweep up, and a plan is a set in the order of its numbers: a line, a
//! fork and a merge are the same.

use std::collections::BTreeSet;

use crate::error::{Error, Result};
use crate::revision::{Migration, MigrationList};
use crate::script::FileRevision;

mod applied;
mod check;
mod ends;
mod fault;
mod path;
mod range;
mod runs;
mod set;
mod target;

pub(crate) use fault::{GraphError, TargetError};
pub(crate) use path::Climb;
pub(crate) use set::Set;

/// A revision as data, without what it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// Its id.
    pub id: String,
    /// What it is about, in words.
    pub message: String,
    /// The ids it comes after; none is the first of a history.
    pub revises: Vec<String>,
    /// Ids, or labels of branches, that must be applied before it.
    pub depends_on: Vec<String>,
    /// Names for the branch that begins with it.
    pub branch_labels: Vec<String>,
    /// The file that it stands in, seen from the folder of revisions, where it is known.
    pub file: Option<String>,
    /// The type that it is in code, where its file isn't known.
    pub code: Option<String>,
}

/// Revisions, checked to fit together. Whatever is made of them comes in an order that they alone decide.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Each behind all that it needs; among those that could be next, the first of the list.
    revisions: Vec<Revision>,
    /// The place in the list that the graph was made from, by place here.
    listed: Vec<usize>,
    /// The places, by id and by branch label.
    names: check::Names,
    /// The places of the revisions that it revises.
    parents: Vec<Vec<usize>>,
    /// These, and the places of those that it depends on.
    needs: Vec<Vec<usize>>,
    /// The places of the revisions that revise it.
    children: Vec<Vec<usize>>,
}

impl Graph {
    /// The graph of a list of migrations. One that states no parent comes after the one before it, which must then be
    /// the only head so far.
    pub fn of(list: &MigrationList) -> Result<Self> {
        let mut revisions: Vec<Revision> = Vec::with_capacity(list.len());
        let mut revised = BTreeSet::new();
        let mut heads = BTreeSet::new();
        for migration in list.iter() {
            let previous = revisions.last().map(|revision| revision.id.clone());
            let states_parent = Revision::states_parent(migration);
            let revision = Revision::of(migration, previous);
            if !states_parent
                && revision.revises.iter().any(|parent| heads.len() > 1 || !heads.contains(parent))
            {
                // In the order of the list.
                let heads = revisions.iter().filter(|revision| heads.contains(&revision.id));
                let heads = heads.map(|revision| revision.id.clone()).collect();
                return Err(Error::from_graph(GraphError::NoParent {
                    place: revision.place(),
                    id: revision.id,
                    heads,
                }));
            }
            for parent in &revision.revises {
                heads.remove(parent);
                revised.insert(parent.clone());
            }
            if !revised.contains(&revision.id) {
                heads.insert(revision.id.clone());
            }
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
    /// let graph = Graph::new(vec![second, first]).unwrap();
    /// assert_eq!(graph.heads().map(|head| head.id.as_str()).collect::<Vec<_>>(), ["b"]);
    /// ```
    pub fn new(revisions: Vec<Revision>) -> Result<Self> {
        Self::checked(revisions).map_err(Error::from_graph)
    }

    fn checked(revisions: Vec<Revision>) -> Result<Self, GraphError> {
        let mut names = check::names(&revisions)?;
        let mut befores = check::befores(&revisions, &names)?;
        let listed = check::order(&revisions, &befores)?;
        let mut places = vec![0; listed.len()];
        listed.iter().enumerate().for_each(|(place, index)| places[*index] = place);
        names.values_mut().for_each(|index| *index = places[*index]);
        let numbered = |edges: &mut [Vec<usize>]| {
            let edges = listed.iter().map(|index| {
                let mut befores: Vec<_> = edges[*index].iter().map(|before| places[*before]).collect();
                befores.sort_unstable();
                befores
            });
            edges.collect::<Vec<_>>()
        };
        let (parents, needs) = (numbered(&mut befores.parents), numbered(&mut befores.needs));
        let mut children = vec![Vec::new(); listed.len()];
        for (place, parents) in parents.iter().enumerate() {
            parents.iter().for_each(|parent| children[*parent].push(place));
        }
        let mut slots: Vec<_> = revisions.into_iter().map(Some).collect();
        let revisions = listed.iter().filter_map(|index| slots.get_mut(*index)?.take()).collect();
        Ok(Self { revisions, listed, names, parents, needs, children })
    }

    /// The revisions, each behind all that it comes after.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// A revision by its full id.
    pub fn get(&self, id: &str) -> Option<&Revision> {
        self.place(id).map(|place| &self.revisions[place])
    }

    /// The revisions that none revises.
    pub fn heads(&self) -> impl Iterator<Item = &Revision> {
        self.at(self.head_places().iter().collect())
    }

    /// The heads on which no revision depends either: what is applied when these are is everything.
    pub fn final_heads(&self) -> impl Iterator<Item = &Revision> {
        let needed = self.set(self.needs.iter().flatten().copied());
        self.at((0..self.len()).filter(|place| !needed.has(*place)).collect())
    }

    /// The revisions that revise nothing.
    pub fn bases(&self) -> impl Iterator<Item = &Revision> {
        self.at((0..self.len()).filter(|place| self.parents[*place].is_empty()).collect())
    }

    /// The revisions that revise this one.
    pub fn children(&self, id: &str) -> impl Iterator<Item = &Revision> {
        self.at(self.place(id).map(|place| self.children[place].clone()).unwrap_or_default())
    }

    /// Whether a revision comes after another one by what it revises, whatever it depends on.
    pub fn comes_after(&self, id: &str, other: &str) -> bool {
        let (Some(place), Some(other)) = (self.place(id), self.place(other)) else { return false };
        place != other && self.set([place]).with_ancestors(&self.parents).has(other)
    }

    /// The labels of the branches that a revision is in: those that begin with it or with one that it comes after.
    pub fn branches_of(&self, id: &str) -> impl Iterator<Item = &str> {
        let branch = match self.place(id) {
            Some(place) => self.set([place]).with_ancestors(&self.parents),
            None => Set::none(self.len()),
        };
        let labels: Vec<_> = branch.iter().flat_map(|place| &self.revisions[place].branch_labels).collect();
        labels.into_iter().map(String::as_str)
    }

    fn at(&self, places: Vec<usize>) -> impl Iterator<Item = &Revision> {
        places.into_iter().filter_map(|place| self.revisions.get(place))
    }

    /// The place of a revision among the revisions, counted from 0.
    pub(crate) fn place(&self, id: &str) -> Option<usize> {
        self.names.get(id).copied().filter(|place| self.revisions[*place].id == id)
    }

    /// The place in the list of the revision at this place.
    pub(crate) fn listed(&self, place: usize) -> usize {
        self.listed[place]
    }

    fn len(&self) -> usize {
        self.revisions.len()
    }

    fn id(&self, place: usize) -> String {
        self.revisions[place].id.clone()
    }

    fn ids(&self, set: &Set) -> Vec<String> {
        set.iter().map(|place| self.id(place)).collect()
    }

    fn set(&self, places: impl IntoIterator<Item = usize>) -> Set {
        Set::of(self.len(), places)
    }

    fn head_places(&self) -> Set {
        self.set((0..self.len()).filter(|place| self.children[*place].is_empty()))
    }

    /// A branch: a revision, what it comes after and what comes after it, whatever these depend on.
    fn lineage(&self, place: usize) -> Set {
        let own = self.set([place]);
        own.clone().with_ancestors(&self.parents).or(&own.with_descendants(&self.parents))
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
                file: Some(file.up.file().to_owned()),
                code: None,
            };
        }
        let file = migration.code_file().map(str::to_owned);
        let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        Self {
            id: migration.id().to_owned(),
            message: migration.message().map_or_else(|| message(migration.id()), str::to_owned),
            revises: match migration.revises() {
                Some(ids) => owned(ids),
                None => previous.into_iter().collect(),
            },
            depends_on: owned(migration.depends_on()),
            branch_labels: owned(migration.branch_labels()),
            code: file.is_none().then(|| migration.type_name().to_owned()),
            file,
        }
    }
}

impl Revision {
    /// Where it stands, for errors.
    fn place(&self) -> Option<String> {
        self.file.clone().or_else(|| self.code.clone())
    }

    /// Whether a migration says itself what it comes after.
    fn states_parent(migration: &dyn Migration) -> bool {
        match migration.file() {
            Some(file) => file.revises.is_some(),
            None => migration.revises().is_some(),
        }
    }

    /// A file that runs again whenever it changes: it has no place in the graph.
    pub(crate) fn repeatable(file: &FileRevision) -> Self {
        let message = file.message.clone().unwrap_or_else(|| message(&file.id));
        Self { id: file.id.clone(), message, file: Some(file.up.file().to_owned()), ..Self::default() }
    }
}

/// What an id says in words: `20261122_071300_create_users` is about `create users`.
pub(crate) fn message(id: &str) -> String {
    let words = id.trim_start_matches(|c: char| c.is_ascii_digit() || c == '_' || c == '-');
    if words.is_empty() { id.to_owned() } else { words.replace('_', " ") }
}

#[cfg(test)]
mod tests;
