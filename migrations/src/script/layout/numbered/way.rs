//! Which way a file goes, by its name: `NAME.down.sql`, `NAME.undo.sql`, `NAME_down.sql` and their like are the way down of
//! `NAME.sql`, `NAME.up.sql`, `NAME.do.sql` or `NAME_up.sql`.

use std::collections::BTreeSet;

use super::super::fault::LayoutError;
use super::super::names;

/// Which way a file goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goes {
    Up,
    Down,
}

/// Words for the ways. `do` is a part of other names too, unless it stands between dots.
const WORDS: [(&str, Goes); 6] = [
    ("up", Goes::Up),
    ("do", Goes::Up),
    ("down", Goes::Down),
    ("undo", Goes::Down),
    ("rollback", Goes::Down),
    ("revert", Goes::Down),
];

/// What a name says of its way.
struct Said {
    /// The name without it.
    stem: String,
    goes: Goes,
    word: &'static str,
    /// Whether the word stands between dots; else it may belong to the name, as in `0007_break_down.sql`.
    is_sure: bool,
}

/// The names of files without what says which way they go, and that way.
///
/// A word that may belong to the name says nothing where no file has the other half. Where it says something of other files of
/// the folder, one whose other half is missing is refused: taken for a step, it would undo what others do.
pub(super) fn of_all(paths: &[String]) -> Result<Vec<(String, Goes)>, LayoutError> {
    let names: Vec<_> =
        paths.iter().map(|path| names::without_suffix(path, ".sql").unwrap_or(path)).collect();
    let said: Vec<_> = names.iter().map(|name| said(name)).collect();
    let halves: BTreeSet<(&str, bool)> = names
        .iter()
        .zip(&said)
        .map(|(name, said)| match said {
            Some(said) => (said.stem.as_str(), said.goes == Goes::Up),
            None => (*name, true),
        })
        .collect();
    let has_other = |said: &Said| halves.contains(&(said.stem.as_str(), said.goes == Goes::Down));
    let means = |said: &&Said| said.goes == Goes::Down && !said.is_sure && has_other(said);
    let meant: BTreeSet<&str> = said.iter().flatten().filter(means).map(|said| said.word).collect();
    let goes = |(path, (name, said)): (&String, (&&str, &Option<Said>))| match said {
        Some(said) if said.is_sure || has_other(said) => Ok((said.stem.clone(), said.goes)),
        Some(said) if said.goes == Goes::Down && meant.contains(said.word) => {
            Err(LayoutError::new(format!("it is called a way down, and there is no {}.sql", said.stem))
                .in_file(path)
                .with_hint(format!(
                    "if it is a step of its own, rename it so that its name doesn't end in {}",
                    said.word
                )))
        }
        _ => Ok(((*name).to_owned(), Goes::Up)),
    };
    paths.iter().zip(names.iter().zip(&said)).map(goes).collect()
}

fn said(name: &str) -> Option<Said> {
    let is = |text: &str| WORDS.into_iter().find(|(word, _)| text.eq_ignore_ascii_case(word));
    // postgrator's: 001.do.users
    let mut parts = name.splitn(3, '.');
    if let (Some(number), Some(middle), Some(rest)) = (parts.next(), parts.next(), parts.next())
        && let Some((word, goes)) = is(middle)
    {
        return Some(Said { stem: format!("{number}.{rest}"), goes, word, is_sure: true });
    }
    let at = name.rfind(['.', '_', '-'])?;
    let (word, goes) = is(&name[at + 1..])?;
    let is_sure = name[at..].starts_with('.');
    (is_sure || word != "do").then(|| Said { stem: name[..at].to_owned(), goes, word, is_sure })
}

#[cfg(test)]
mod tests {
    use super::{Goes, of_all};

    #[track_caller]
    fn check(paths: &[&str], expected: &[(&str, Goes)]) {
        let paths: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
        let found = of_all(&paths).unwrap();
        let found: Vec<_> = found.iter().map(|(stem, goes)| (stem.as_str(), *goes)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_say_which_way_they_go() {
        use Goes::{Down, Up};
        check(&["1_a.down.sql", "1_a.up.sql"], &[("1_a", Down), ("1_a", Up)]);
        check(&["1_a.SQL", "1_a_Down.sql"], &[("1_a", Up), ("1_a", Down)]);
        check(&["1-a-up.sql", "1-a-down.sql"], &[("1-a", Up), ("1-a", Down)]);
        check(&["1_a.sql", "1_a_rollback.sql"], &[("1_a", Up), ("1_a", Down)]);
        check(&["1.do.sql", "1.undo.sql"], &[("1", Up), ("1", Down)]);
        check(&["1.do.a b.sql", "1.undo.a b.sql"], &[("1.a b", Up), ("1.a b", Down)]);
        // A word that belongs to the name.
        check(
            &["1_scale_up.sql", "2_break_down.sql", "3_to_do.sql"],
            &[("1_scale_up", Up), ("2_break_down", Up), ("3_to_do", Up)],
        );
        check(&["1.down.sql"], &[("1", Down)]);
    }

    #[test]
    fn a_way_down_alone_is_refused_where_others_have_two() {
        let paths = ["1_a.sql", "1_a_down.sql", "2_break_down.sql"].map(str::to_owned);
        let error = of_all(&paths).unwrap_err();
        assert_eq!(
            error.to_string(),
            "2_break_down.sql: it is called a way down, and there is no 2_break.sql"
        );
    }
}
