//! What a failed revision left in the database.

/// What a failed revision left in the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kept {
    /// Nothing had begun.
    #[default]
    Unchanged,
    /// It was rolled back.
    Nothing,
    /// The whole run was one transaction, and was rolled back.
    NothingOfRun,
    /// It is in a transaction that the caller must roll back.
    CallersTransaction,
    /// These statements are done, and stay.
    Statements {
        /// The numbers of those done, counted from 1.
        done: Vec<usize>,
        /// The numbers of those of which it isn't known.
        unknown: Vec<usize>,
        /// The numbers of those still to run, as far as they are known.
        left: Vec<usize>,
    },
    /// The connection was lost; whether the revision was committed isn't known.
    Unknown,
}

impl Kept {
    /// What is now true of a revision.
    pub(super) fn of(&self, revision: &str) -> String {
        match self {
            Self::Unchanged => "nothing was changed".to_owned(),
            Self::Nothing => format!("nothing of {revision} was kept"),
            Self::NothingOfRun => "nothing of the run was kept".to_owned(),
            Self::CallersTransaction => "the transaction is the caller's to roll back".to_owned(),
            Self::Unknown => format!("the connection was lost; whether {revision} was committed isn't known"),
            Self::Statements { done, unknown, left } => statements(revision, done, unknown, left),
        }
    }
}

fn statements(revision: &str, done: &[usize], unknown: &[usize], left: &[usize]) -> String {
    let mut parts = Vec::new();
    if !done.is_empty() {
        let verbs = if done.len() == 1 { "is done and stays" } else { "are done and stay" };
        parts.push(format!("{} {verbs}", ranges(done)));
    }
    if !unknown.is_empty() {
        let verb = if unknown.len() == 1 { "was" } else { "were" };
        parts.push(format!("whether {} {verb} done isn't known", ranges(unknown)));
    }
    if !left.is_empty() {
        let verb = if left.len() == 1 { "is" } else { "are" };
        parts.push(format!("{} {verb} left", ranges(left)));
    }
    match parts.is_empty() {
        true => format!("nothing of {revision} was kept"),
        false => format!("of {revision}, {}", parts.join("; ")),
    }
}

/// `statement 3`, `statements 1-2 and 5`.
pub(super) fn ranges(numbers: &[usize]) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let texts: Vec<_> = (runs.iter())
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") })
        .collect();
    let noun = if numbers.len() == 1 { "statement" } else { "statements" };
    match texts.split_last() {
        Some((last, [])) => format!("{noun} {last}"),
        Some((last, rest)) => format!("{noun} {} and {last}", rest.join(", ")),
        None => format!("no {noun}"),
    }
}
