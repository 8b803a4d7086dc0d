//! refinery: `V1__name.sql` in order, `U1__name.sql` late too, in the folder and all below it.
//!
//! The version is a whole number. Other names are passed over, which happens to those with a dash in them.

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names};
use crate::script::{Section, Transaction};

struct Found {
    version: u64,
    path: String,
    name: String,
    /// Whether it may be applied although later ones have been.
    may_be_late: bool,
    is_rust: bool,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let mut found = Vec::new();
    for path in reader.paths.clone() {
        match parse(&path)? {
            Some(file) => found.push(file),
            None if path.ends_with(".sql") => {
                reader.ignore(&path, "its name isn't V1__name.sql with a name of letters, digits and _");
            }
            None => {}
        }
    }
    found.sort_by(|a, b| (a.version, &a.path).cmp(&(b.version, &b.path)));
    names::unique(&found, |file| file.version.to_string(), |file| &file.path, "the version")?;
    found.into_iter().map(|file| revision(reader, &file)).collect()
}

fn revision(reader: &Reader<'_>, file: &Found) -> Result<Listed, LayoutError> {
    let stem = names::file(&file.path);
    let id = names::id(stem.rsplit_once('.').map_or(stem, |(stem, _)| stem));
    let version = file.version.to_string();
    let listed = if file.is_rust {
        let up = reader.script(&file.path, Section::of(""), Transaction::Own);
        Listed::new(id, version, up, String::new())
            .which_cannot_run(format!("{} is a program in Rust, whose SQL isn't known", file.path))
    } else {
        let whole = reader.whole(&file.path)?;
        let up = reader.script(&file.path, whole.section, Transaction::Own);
        Listed::new(id, version, up, whole.checksum)
    };
    let mut listed = listed.about(names::words(&file.name));
    listed.revision.may_be_late = file.may_be_late;
    Ok(listed)
}

/// What a name says: `^[U|V](\d+(\.\d+)?)__(\w+)\.(sql|rs)$`.
fn parse(path: &str) -> Result<Option<Found>, LayoutError> {
    let file = names::file(path);
    let Some(rest) = file.strip_prefix(['V', 'U', '|']) else { return Ok(None) };
    let Some((version, rest)) = rest.split_once("__") else { return Ok(None) };
    let (whole, part) = version.split_once('.').map_or((version, None), |(whole, part)| (whole, Some(part)));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let Some((name, ending)) = rest.rsplit_once('.') else { return Ok(None) };
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    if !is_number(whole)
        || !part.is_none_or(is_number)
        || name.is_empty()
        || !name.chars().all(is_word)
        || !matches!(ending, "sql" | "rs")
    {
        return Ok(None);
    }
    match version.parse() {
        Ok(version) => Ok(Some(Found {
            version,
            path: path.to_owned(),
            name: name.to_owned(),
            may_be_late: file.starts_with('U'),
            is_rust: ending == "rs",
        })),
        Err(_) => Err(LayoutError::new(format!("its version, {version}, is no whole number"))
            .in_file(path)
            .with_hint(
                "refinery knows whole numbers alone; Flyway takes such versions: `format = \"flyway\"`",
            )),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[track_caller]
    fn check(path: &str, expected: Option<(u64, &str)>) {
        let found = parse(path).unwrap();
        assert_eq!(found.as_ref().map(|file| (file.version, file.name.as_str())), expected);
    }

    #[test]
    fn a_name_with_a_dash_is_none() {
        check("V01__first.sql", Some((1, "first")));
        check("a/b/U20240101000000__späte_spalte.rs", Some((20_240_101_000_000, "späte_spalte")));
        check("V1__add-x.sql", None);
        check("V1__a.SQL", None);
        check("V1_a.sql", None);
        check("V__a.sql", None);
        check("v1__a.sql", None);
        check("V1____.sql", Some((1, "__")));
    }

    #[test]
    fn a_version_with_parts_is_refused() {
        assert!(parse("V1.2__a.sql").is_err_and(|error| error.to_string().contains("1.2")));
    }
}
