//! Sets of revisions, and what comes before and after them.

/// A set of revisions, by their places in the graph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Set(Vec<bool>);

/// For each revision the places of others, all of them smaller than its own.
pub(super) type Edges = [Vec<usize>];

impl Set {
    /// None of so many.
    pub(crate) fn none(len: usize) -> Self {
        Self(vec![false; len])
    }

    /// These of so many.
    pub(crate) fn of(len: usize, places: impl IntoIterator<Item = usize>) -> Self {
        let mut set = Self::none(len);
        places.into_iter().for_each(|place| set.insert(place));
        set
    }

    pub(crate) fn insert(&mut self, place: usize) {
        if let Some(is_in) = self.0.get_mut(place) {
            *is_in = true;
        }
    }

    pub(crate) fn has(&self, place: usize) -> bool {
        self.0.get(place).is_some_and(|is_in| *is_in)
    }

    pub(crate) fn is_empty(&self) -> bool {
        !self.0.contains(&true)
    }

    /// Whether all are in it.
    pub(crate) fn is_all(&self) -> bool {
        !self.0.contains(&false)
    }

    /// The places, smallest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.0.iter().enumerate().filter_map(|(place, is_in)| is_in.then_some(place))
    }

    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(is_in, other)| *is_in &= other);
        self
    }

    pub(crate) fn or(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(is_in, other)| *is_in |= other);
        self
    }

    pub(crate) fn without(mut self, other: &Self) -> Self {
        self.0.iter_mut().zip(&other.0).for_each(|(is_in, other)| *is_in &= !other);
        self
    }

    /// These, and all that they come after.
    pub(super) fn with_ancestors(mut self, edges: &Edges) -> Self {
        for place in (0..self.0.len()).rev() {
            if self.has(place) {
                edges[place].iter().for_each(|before| self.insert(*before));
            }
        }
        self
    }

    /// These, and all that come after them.
    pub(super) fn with_descendants(mut self, edges: &Edges) -> Self {
        for (place, befores) in edges.iter().enumerate() {
            if befores.iter().any(|before| self.has(*before)) {
                self.insert(place);
            }
        }
        self
    }

    /// Those that none of the others comes after.
    pub(super) fn last(&self, edges: &Edges) -> Self {
        let mut last = self.clone();
        for place in self.iter() {
            edges[place].iter().for_each(|before| last.0[*before] = false);
        }
        last
    }
}
