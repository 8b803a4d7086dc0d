//! Lists of names that are as long as they like, in a message that isn't.

/// How many names a message has room for.
pub(crate) const MOST: usize = 6;

/// The first few names, and how many there are beside them: `a, b, c, d, e and 40 others`.
pub fn few<S: AsRef<str>>(names: &[S]) -> String {
    let joined = |names: &[S]| names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    match names {
        names if names.len() <= MOST => joined(names),
        names => format!("{} and {} others", joined(&names[..MOST - 1]), names.len() - (MOST - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::few;

    #[test]
    fn a_list_is_never_longer_than_a_few() {
        let names: Vec<_> = (1..=400).map(|number| number.to_string()).collect();
        for (count, expected) in [
            (0, ""),
            (1, "1"),
            (6, "1, 2, 3, 4, 5, 6"),
            (7, "1, 2, 3, 4, 5 and 2 others"),
            (400, "1, 2, 3, 4, 5 and 395 others"),
        ] {
            assert_eq!(few(&names[..count]), expected);
        }
    }
}
