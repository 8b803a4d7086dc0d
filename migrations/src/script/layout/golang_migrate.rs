//! golang-migrate: `N_name.up.sql` and `N_name.down.sql`, in one folder.
//!
//! The version is a number of 64 bits without a sign, and orders them. Either file of a pair may be missing; that way then
//! does nothing. The tool begins no transaction, so a script's own hold.

use std::collections::BTreeMap;

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names};
use crate::script::Transaction;

/// The two files of a version.
#[derive(Default)]
struct Pair {
    up: Option<String>,
    down: Option<String>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let mut pairs: BTreeMap<u64, Pair> = BTreeMap::new();
    for path in reader.top() {
        let Some((version, is_up)) = parse(&path) else {
            if path.ends_with(".sql") {
                reader.ignore(&path, "its name isn't N_name.up.sql or N_name.down.sql");
            }
            continue;
        };
        let pair = pairs.entry(version).or_default();
        let place = if is_up { &mut pair.up } else { &mut pair.down };
        if let Some(other) = place {
            return Err(LayoutError::new(format!("the version {version} is that of {other} too"))
                .in_file(path)
                .with_hint("rename one of them"));
        }
        *place = Some(path);
    }
    pairs.into_iter().filter_map(|(version, pair)| revision(reader, version, pair).transpose()).collect()
}

fn revision(reader: &Reader<'_>, version: u64, pair: Pair) -> Result<Option<Listed>, LayoutError> {
    let Some(path) = pair.up.as_ref().or(pair.down.as_ref()) else { return Ok(None) };
    let way = |own: &Option<String>| match own {
        Some(path) => reader
            .whole(path)
            .map(|whole| (reader.script(path, whole.section, Transaction::Bare), whole.checksum)),
        None => Ok((reader.nothing(path), String::new())),
    };
    let (up, checksum) = way(&pair.up)?;
    let (down, _) = way(&pair.down)?;
    let stem = split(path).map_or(path.as_str(), |(stem, _)| stem);
    let (_, name) = names::digits(stem);
    let listed = Listed::new(names::id(stem), version.to_string(), up, checksum);
    Ok(Some(listed.about(names::words(name.trim_start_matches('_'))).with_down(Some(down))))
}

/// What a name says: `^([0-9]+)_(.*)\.(down|up)\.(.*)$`.
pub(super) fn parse(path: &str) -> Option<(u64, bool)> {
    let (stem, is_up) = split(path)?;
    let (version, name) = names::digits(stem);
    name.strip_prefix('_')?;
    Some((version.parse().ok()?, is_up))
}

/// What stands before the last `.up.` or `.down.`, and which it is.
pub(super) fn split(path: &str) -> Option<(&str, bool)> {
    let (up, down) = (path.rfind(".up."), path.rfind(".down."));
    let at = up.max(down)?;
    Some((&path[..at], up == Some(at)))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn names_are_read_as_its_pattern_does() {
        assert_eq!(parse("0012_a.b.up.sql"), Some((12, true)));
        assert_eq!(parse("1_.down.sql"), Some((1, false)));
        assert_eq!(parse("1_a.up.down.sql"), Some((1, false)));
        assert_eq!(parse("1_a.down.up.pgsql"), Some((1, true)));
        assert_eq!(parse("1_a.down.b.up.pgsql"), Some((1, true)));
        assert_eq!(parse("1a.up.sql"), None);
        assert_eq!(parse("_a.up.sql"), None);
        assert_eq!(parse("99999999999999999999_a.up.sql"), None);
        assert_eq!(parse("1_a.sql"), None);
    }
}
