//! No tool's: files whose names begin with a number, which orders them; names that share one come in their own order.
//!
//! `NAME.down.sql` and `NAME_down.sql` are the way down of `NAME.sql`, `NAME.up.sql` or `NAME_up.sql`.

use std::collections::BTreeMap;

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names};
use crate::script::Transaction;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let (mut ups, mut downs) = (BTreeMap::new(), BTreeMap::new());
    for path in reader.top() {
        let Some(name) = names::without_suffix(&path, ".sql") else { continue };
        if names::digits(name).0.is_empty() {
            reader.ignore(&path, "its name doesn't begin with a number");
            continue;
        }
        let (stem, is_down) = split(name);
        let place = if is_down { &mut downs } else { &mut ups };
        if let Some(other) = place.insert(stem.to_owned(), path.clone()) {
            return Err(LayoutError::new(format!("it goes the same way as {other}, by their names"))
                .in_file(path)
                .with_hint("rename one of them"));
        }
    }
    let mut stems: Vec<_> = ups.keys().cloned().collect();
    stems.sort_by(|a, b| {
        let (a, b) = (names::digits(a), names::digits(b));
        names::as_numbers(a.0, b.0).then_with(|| names::natural(a.1, b.1)).then_with(|| a.cmp(&b))
    });
    let mut listed = Vec::with_capacity(stems.len());
    for stem in stems {
        let path = &ups[&stem];
        let whole = reader.whole(path)?;
        let up = reader.script(path, whole.section, Transaction::Revision);
        let down = downs.remove(&stem).map(|path| {
            let section = reader.whole(&path)?.section;
            Ok(reader.script(&path, section, Transaction::Revision))
        });
        let listing = Listed::new(names::id(&stem), &stem, up, whole.checksum);
        let words = names::words(names::digits(&stem).1);
        listed.push(listing.about(words.trim_matches([' ', '-', '.'])).with_down(down.transpose()?));
    }
    for path in downs.into_values() {
        reader.ignore(&path, "there is no way up beside it");
    }
    Ok(listed)
}

/// A name without what says which way it goes, and whether that is down.
pub(super) fn split(name: &str) -> (&str, bool) {
    for (suffix, is_down) in
        [(".down", true), ("_down", true), ("-down", true), (".up", false), ("_up", false), ("-up", false)]
    {
        if let Some(stem) = names::without_suffix(name, suffix) {
            return (stem, is_down);
        }
    }
    (name, false)
}
