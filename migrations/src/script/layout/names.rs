//! What names of files say: ids, numbers, and which comes before which.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::Format;
use super::fault::LayoutError;
use super::flyway::Version;

/// The most bytes of an id.
const MAX_BYTES: usize = 255;

/// The id of a revision that another tool calls so: what can't be in an id, because it is part of a target, becomes `_`.
pub(super) fn id(name: &str) -> String {
    let mut id: String = name
        .chars()
        .map(|c| match c {
            '@' | '+' | ':' | ',' => '_',
            c if c.is_whitespace() || c.is_control() => '_',
            c => c,
        })
        .collect();
    if id.starts_with('-') {
        id.replace_range(..1, "_");
    }
    if matches!(id.as_str(), "base" | "head" | "heads" | "current") {
        id.push('_');
    }
    let end = (0..=id.len().min(MAX_BYTES)).rev().find(|end| id.is_char_boundary(*end));
    id.truncate(end.unwrap_or_default());
    id
}

/// The last part of a path.
pub(super) fn file(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What is left of a name without this ending, whose case doesn't matter.
pub(super) fn without_suffix<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(suffix.len())?;
    name.get(at..).filter(|end| end.eq_ignore_ascii_case(suffix)).and(name.get(..at))
}

/// Whether a name is that of a file of SQL.
pub(super) fn is_script(name: &str) -> bool {
    without_suffix(name, ".sql").is_some()
}

/// Endings of programs that are steps in folders of numbered files.
const PROGRAMS: [&str; 18] = [
    ".rs", ".go", ".py", ".js", ".cjs", ".mjs", ".ts", ".rb", ".php", ".sh", ".java", ".kt", ".kts",
    ".scala", ".ex", ".exs", ".pl", ".cs",
];

/// The name, without its ending, of a program that is a step: what begins with a digit, as names of revisions do and names of modules
/// can't, and isn't a test.
pub(super) fn program(path: &str) -> Option<&str> {
    let stem = PROGRAMS.iter().find_map(|suffix| path.strip_suffix(suffix))?;
    (!digits(path).0.is_empty() && !stem.ends_with("_test")).then_some(stem)
}

/// The digits that a name begins with, and the rest.
pub(super) fn digits(name: &str) -> (&str, &str) {
    name.split_at(name.find(|c: char| !c.is_ascii_digit()).unwrap_or(name.len()))
}

/// Words of a name.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// Compares digits as the number they write, however long it is.
pub(super) fn as_numbers(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Compares names, digits in them as numbers.
pub(super) fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (one, other) = (digits(left), digits(right));
        let order = if !one.0.is_empty() && !other.0.is_empty() {
            (left, right) = (one.1, other.1);
            as_numbers(one.0, other.0)
        } else {
            let (mut one, mut other) = (left.chars(), right.chars());
            let order = one.next().cmp(&other.next());
            if left.is_empty() && right.is_empty() {
                // They differ in zeros before a number, if at all.
                return a.cmp(b);
            }
            (left, right) = (one.as_str(), other.as_str());
            order
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// Refuses two of which this is the same.
pub(super) fn unique<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&T) -> String,
    file: impl Fn(&'a T) -> &'a str,
    what: &str,
) -> Result<(), LayoutError> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for item in items {
        let key = key(item);
        if let Some(other) = seen.get(&key) {
            return Err(LayoutError::new(format!("{what} {key} is that of {other} too"))
                .in_file(file(item))
                .with_hint("rename one of them"));
        }
        seen.insert(key, file(item));
    }
    Ok(())
}

/// One text for all versions that are the same to a tool, which compares numbers, Flyway's numbers of parts, or text.
pub(crate) fn version_key(format: Format, version: &str) -> String {
    let key = match format {
        // What runs again has none.
        _ if version.is_empty() => None,
        Format::Flyway => Version::parse(version).map(|version| version.to_string()),
        Format::Sqlx | Format::Refinery | Format::Goose | Format::GolangMigrate => {
            version.parse::<i128>().ok().map(|number| number.to_string())
        }
        _ => None,
    };
    key.unwrap_or_else(|| version.to_owned())
}

/// Compares versions as a tool that counts up does.
pub(crate) fn compare_versions(a: &str, b: &str) -> Ordering {
    match (Version::parse(a), Version::parse(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => a.cmp(b),
    }
}
