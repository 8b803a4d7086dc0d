//! diesel: a folder each, with `up.sql`, and perhaps `down.sql` and `metadata.toml`.
//!
//! The version is the folder's name up to the first `_`, without its dashes, and orders them as text: `2024-01-02-030405_a`
//! is `20240102030405`. So a folder may come elsewhere than its name would.

use std::collections::BTreeSet;

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names};
use crate::script::{Script, Transaction};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    for path in reader.top().iter().filter(|path| names::is_script(path)) {
        reader.ignore(path, "a migration of diesel's is a folder");
    }
    let folders: BTreeSet<&str> =
        reader.paths.iter().filter_map(|path| path.split_once('/')).map(|(folder, _)| folder).collect();
    let mut found: Vec<_> = folders.into_iter().map(|folder| (version(folder), folder)).collect();
    found.sort();
    names::unique(&found, |(version, _)| version.clone(), |(_, folder)| folder, "the version")?;
    found.into_iter().map(|(version, folder)| revision(reader, version, folder)).collect()
}

fn revision(reader: &Reader<'_>, version: String, folder: &str) -> Result<Listed, LayoutError> {
    let path = format!("{folder}/up.sql");
    if !reader.has(&path) {
        return Err(LayoutError::new("there is no up.sql in this folder")
            .in_file(folder)
            .with_hint("diesel takes every folder for a migration: write its up.sql, or move it away"));
    }
    let transaction = transaction(reader, folder)?;
    let whole = reader.whole(&path)?;
    if whole.section.end.offset_bytes == 0 {
        return Err(LayoutError::new("it is empty")
            .in_file(path)
            .with_hint("diesel refuses an empty migration: write a comment into it"));
    }
    let up = reader.script(&path, whole.section, transaction);
    let words = folder.split_once('_').map_or("", |(_, words)| words);
    let down = way_down(reader, folder, transaction)?;
    Ok(Listed::new(names::id(folder), version, up, whole.checksum).about(names::words(words)).with_down(down))
}

/// The way down. An empty file is none, for diesel refuses to run it.
fn way_down(
    reader: &Reader<'_>,
    folder: &str,
    transaction: Transaction,
) -> Result<Option<Script>, LayoutError> {
    let path = format!("{folder}/down.sql");
    if !reader.has(&path) {
        return Ok(None);
    }
    let section = reader.whole(&path)?.section;
    Ok((section.end.offset_bytes > 0).then(|| reader.script(&path, section, transaction)))
}

fn version(folder: &str) -> String {
    folder.split('_').next().unwrap_or_default().replace('-', "")
}

/// What `metadata.toml` says. It counts for both ways.
fn transaction(reader: &Reader<'_>, folder: &str) -> Result<Transaction, LayoutError> {
    let path = format!("{folder}/metadata.toml");
    if !reader.has(&path) {
        return Ok(Transaction::Own);
    }
    // What isn't text isn't TOML either, and counts for nothing.
    let text = reader.text(&path).unwrap_or_else(|_| "?".into());
    Ok(if runs_in_transaction(&text) { Transaction::Own } else { Transaction::None })
}

/// Whether settings say so. Those without the key mean no, those that aren't TOML mean yes.
///
/// Of TOML no more is read than such a file has: keys, values in one line, headings of tables, comments.
fn runs_in_transaction(text: &str) -> bool {
    let (mut value, mut in_table) = (false, false);
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        match line.split_once('=') {
            _ if line.is_empty() => {}
            _ if line.starts_with('[') && line.ends_with(']') => in_table = true,
            Some((key, text)) if !key.trim().is_empty() && !text.trim().is_empty() => {
                let key = key.trim().trim_matches(['"', '\'']);
                match text.trim() {
                    _ if in_table || key != "run_in_transaction" => {}
                    "true" => value = true,
                    "false" => value = false,
                    _ => return true,
                }
            }
            _ => return true,
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::{runs_in_transaction, version};

    #[test]
    fn the_version_is_the_name_without_dashes() {
        assert_eq!(version("2024-01-02-030405_a-b_c"), "20240102030405");
        assert_eq!(version("00000000000000_diesel_initial_setup"), "00000000000000");
        assert_eq!(version("plain"), "plain");
    }

    #[test]
    fn settings_without_the_key_mean_no_transaction() {
        for (text, expected) in [
            ("", false),
            ("# nothing\n", false),
            ("run_in_transaction = true # yes\n", true),
            ("run_in_transaction=false", false),
            ("other = 1\n[table]\nrun_in_transaction = true\n", false),
            ("no toml at all", true),
            ("run_in_transaction = \"false\"", true),
            ("run_in_transaction =", true),
        ] {
            assert_eq!(runs_in_transaction(text), expected, "{text}");
        }
    }
}
