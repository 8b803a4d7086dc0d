//! Numbers of statements. Most follow one another, and a file may have millions of them: what is kept is where they begin and end.

/// Numbers, in the order in which they came.
#[derive(Debug, Default)]
pub(super) struct Numbers(Vec<(usize, usize)>);

impl Numbers {
    pub(super) fn push(&mut self, number: usize) {
        match self.0.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => self.0.push((number, number)),
        }
    }

    /// Takes those of another.
    pub(super) fn append(&mut self, other: &mut Self) {
        for (first, last) in other.0.drain(..) {
            match self.0.last_mut() {
                Some((_, before)) if *before + 1 == first => *before = last,
                _ => self.0.push((first, last)),
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().flat_map(|(first, last)| *first..=*last)
    }
}
