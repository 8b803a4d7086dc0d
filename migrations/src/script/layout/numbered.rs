//! No tool's: files whose names begin with a number, which orders them; names that share one come in their own order.
//!
//! What is said of the way down by the names is in [`way`], what by lines inside a file in [`divided`].

mod divided;
mod way;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names, program};
use crate::script::{Script, Transaction};
use divided::Sections;
use way::Goes;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let (mut numbered, mut programs) = (Vec::new(), Vec::new());
    for path in reader.top() {
        match names::without_suffix(&path, ".sql") {
            None => programs.extend(names::program(&path).map(|stem| (stem.to_owned(), path.clone()))),
            Some(name) if names::digits(name).0.is_empty() => {
                reader.ignore(&path, "its name doesn't begin with a number");
            }
            Some(_) => numbered.push(path),
        }
    }
    let (mut ups, mut downs) = (BTreeMap::new(), BTreeMap::new());
    for (path, (stem, goes)) in numbered.iter().zip(way::of_all(&numbered)?) {
        let place = if goes == Goes::Down { &mut downs } else { &mut ups };
        if let Some(other) = place.insert(stem, path.clone()) {
            return Err(LayoutError::new(format!("it goes the same way as {other}, by their names"))
                .in_file(path)
                .with_hint("rename one of them"));
        }
    }
    for (stem, path) in programs {
        match ups.entry(stem) {
            Entry::Vacant(place) => _ = place.insert(path),
            Entry::Occupied(_) => reader.ignore(&path, "there is a file of SQL of the same name"),
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
        if names::program(path).is_some() {
            listed.push(program::listed(reader, names::id(&stem), &stem, path)?);
            continue;
        }
        let is_whole = names::without_suffix(path, ".sql") != Some(stem.as_str());
        let sections = if is_whole { Sections::whole(reader, path)? } else { Sections::read(reader, path)? };
        let script = |(section, transaction)| sections.script(reader, path, section, transaction);
        let listing = Listed::new(names::id(&stem), &stem, script(sections.up), sections.checksum.clone());
        let inside = sections.down.map(script);
        let beside = downs.remove(&stem).map(|path| down(reader, &path)).transpose()?;
        if let (Some(_), Some(beside)) = (&inside, &beside) {
            return Err(LayoutError::new(format!("it has a way down, and so has {}", beside.file()))
                .in_file(path)
                .with_hint("keep one of them"));
        }
        let words = names::words(names::digits(&stem).1);
        listed.push(listing.about(words.trim_matches([' ', '-', '.'])).with_down(inside.or(beside)));
    }
    for path in downs.into_values() {
        reader.ignore(&path, "there is no way up beside it");
    }
    Ok(listed)
}

/// A file that is a way down.
fn down(reader: &Reader<'_>, path: &str) -> Result<Script, LayoutError> {
    let section = reader.whole(path)?.section;
    Ok(reader.script(path, section, Transaction::Revision))
}
