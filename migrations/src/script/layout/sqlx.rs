//! sqlx: `VERSION_DESCRIPTION.sql`, or `VERSION_DESCRIPTION.up.sql` with its `.down.sql`, in one folder.
//!
//! The version is a signed number of 64 bits, and orders them. A name without `_`, or one that doesn't end in `.sql`, is
//! passed over; one whose version is no number stops everything. A file opts out of its transaction by its first bytes.

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names};
use crate::script::{Script, Transaction};

/// What a file that opts out begins with. Behind the mark of an encoding or a blank line it isn't seen.
pub(super) const NO_TRANSACTION: &str = "-- no-transaction";

/// What a file holds, in the order in which files of one version are read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holds {
    Simple,
    Up,
    Down,
}

struct Found {
    version: i64,
    holds: Holds,
    path: String,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let mut found = Vec::new();
    for path in reader.top() {
        let is_script = path.ends_with(".sql");
        match parse(path.clone())? {
            Some(file) => found.push(file),
            None if is_script => reader.ignore(&path, "its name has no _ behind a number"),
            None => {}
        }
    }
    found.sort_by(|a, b| (a.version, a.holds, &a.path).cmp(&(b.version, b.holds, &b.path)));
    let (downs, ups): (Vec<_>, Vec<_>) = found.into_iter().partition(|file| file.holds == Holds::Down);
    for files in [&ups, &downs] {
        names::unique(files, |file| file.version.to_string(), |file| &file.path, "the version")?;
    }
    let mut listed = Vec::with_capacity(ups.len());
    for file in &ups {
        listed.push(revision(reader, file, &downs)?);
    }
    for down in &downs {
        if !ups.iter().any(|up| up.version == down.version && up.holds == Holds::Up) {
            reader.ignore(&down.path, "there is no .up.sql of its version");
        }
    }
    Ok(listed)
}

fn revision(reader: &Reader<'_>, file: &Found, downs: &[Found]) -> Result<Listed, LayoutError> {
    let whole = reader.whole(&file.path)?;
    let up = reader.script(&file.path, whole.section, transaction(&whole.opening));
    let stem = file.path.strip_suffix(suffix(file.holds)).unwrap_or(&file.path);
    let description = stem.split_once('_').map_or("", |(_, description)| description);
    let down = downs.iter().find(|down| down.version == file.version && file.holds == Holds::Up);
    let listed = Listed::new(names::id(stem), file.version.to_string(), up, whole.checksum);
    let down = down.map(|down| way_down(reader, &down.path)).transpose()?;
    Ok(listed.about(names::words(description)).with_down(down))
}

fn way_down(reader: &Reader<'_>, path: &str) -> Result<Script, LayoutError> {
    let whole = reader.whole(path)?;
    Ok(reader.script(path, whole.section, transaction(&whole.opening)))
}

fn transaction(opening: &str) -> Transaction {
    if opening.starts_with(NO_TRANSACTION) { Transaction::None } else { Transaction::Own }
}

/// What a name says; none for what isn't a revision.
fn parse(path: String) -> Result<Option<Found>, LayoutError> {
    let Some((version, rest)) = path.split_once('_') else { return Ok(None) };
    if !rest.ends_with(".sql") {
        return Ok(None);
    }
    let Ok(version) = version.parse() else {
        return Err(LayoutError::new(format!("its version, {version}, is no number"))
            .in_file(path.clone())
            .with_hint(
                "sqlx takes what stands before the first _ for a version: rename the file, or move it away",
            ));
    };
    let holds = match rest {
        rest if rest.ends_with(".up.sql") => Holds::Up,
        rest if rest.ends_with(".down.sql") => Holds::Down,
        _ => Holds::Simple,
    };
    Ok(Some(Found { version, holds, path }))
}

fn suffix(holds: Holds) -> &'static str {
    match holds {
        Holds::Simple => ".sql",
        Holds::Up => ".up.sql",
        Holds::Down => ".down.sql",
    }
}
