//! The Cargo workspace around a new crate. Cargo refuses a package below one that is neither its member nor excluded.

use std::fs;
use std::path::{Component, Path, PathBuf};

use toml::{Table, Value};

use super::{failed, quoted};
use crate::cli::failure::Failure;

/// A workspace that a crate becomes a member of.
#[derive(Debug)]
pub(super) struct Workspace {
    manifest: PathBuf,
    /// The crate, seen from the workspace.
    member: String,
    /// The manifest with that member, unless it has it already or it can't be told where it belongs.
    text: Option<String>,
    is_member: bool,
}

impl Workspace {
    /// The nearest one that `beside` is in, unless it leaves the crate out.
    pub(super) fn around(beside: &Path, path: &Path) -> Result<Option<Self>, Failure> {
        let absolute =
            |path: &Path| std::path::absolute(Path::new(".").join(path)).map_err(|error| failed(path, error));
        let (beside, path) = (absolute(beside)?, plain(&absolute(path)?));
        for folder in plain(&beside).ancestors() {
            let manifest = folder.join("Cargo.toml");
            let Ok(text) = fs::read_to_string(&manifest) else { continue };
            let Some(table) = toml::from_str::<Table>(&text).ok() else { continue };
            let Some(workspace) = table.get("workspace") else { continue };
            let Ok(member) = path.strip_prefix(folder) else { return Ok(None) };
            let Some(member) = member.to_str().map(|member| member.replace('\\', "/")) else {
                return Ok(None);
            };
            let listed = |key: &str| {
                let list = workspace.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
                list.into_iter().filter_map(|value| value.as_str().map(str::to_owned)).collect::<Vec<_>>()
            };
            if listed("exclude").iter().any(|excluded| Path::new(&member).starts_with(excluded)) {
                return Ok(None);
            }
            let is_member = listed("members").iter().any(|pattern| matches(pattern, &member));
            let text = if is_member { None } else { with_member(&text, &member) };
            return Ok(Some(Self { manifest, member, text, is_member }));
        }
        Ok(None)
    }

    /// Makes the crate a member. What can't be done is told.
    pub(super) fn take_in(&self) -> Result<Vec<String>, Failure> {
        let (shown, member) = (self.manifest.display(), quoted(&self.member));
        Ok(match &self.text {
            _ if self.is_member => Vec::new(),
            Some(text) => {
                fs::write(&self.manifest, text).map_err(|error| failed(&self.manifest, error))?;
                vec![format!("added {member} to the members of the workspace in {shown}")]
            }
            None => {
                vec![format!("add {member} to `members` under [workspace] in {shown}: Cargo asks for it")]
            }
        })
    }
}

/// A path without `.` and, where that is only a matter of words, without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// Whether a path is one that a pattern of members is for: `*` stands for any part of a name.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut names) = (pattern.trim_end_matches('/').split('/'), path.split('/'));
    loop {
        match (patterns.next(), names.next()) {
            (None, None) => return true,
            (Some("."), Some(_)) => return false,
            (Some(pattern), Some(name)) if name_matches(pattern, name) => {}
            _ => return false,
        }
    }
}

fn name_matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((begin, rest)) => name.strip_prefix(begin).is_some_and(|name| {
            let ends = name.char_indices().map(|(at, _)| at).chain([name.len()]);
            ends.into_iter().any(|at| name_matches(rest, &name[at..]))
        }),
    }
}

/// A manifest with one member more, in which all else is as it was.
fn with_member(text: &str, member: &str) -> Option<String> {
    let mut expected: Table = toml::from_str(text).ok()?;
    let workspace = expected.get_mut("workspace")?.as_table_mut()?;
    let members = workspace.entry("members").or_insert_with(|| Value::Array(Vec::new())).as_array_mut()?;
    let is_new = members.is_empty();
    members.push(member.into());
    let quoted = quoted(member);
    // Behind each bracket that ends an array, and each line that begins the table: the place is right if what is then
    // read is what was meant.
    let in_array = text.match_indices(']').flat_map(|(at, _)| {
        let (before, after) = text.split_at(at);
        let lines = before.trim_end();
        let comma = if is_new || lines.ends_with(',') { "" } else { "," };
        let (indent, end) = match before[lines.len()..].contains('\n') {
            true => ("\n    ", ",\n"),
            false if is_new => ("", ""),
            false => (" ", ""),
        };
        [format!("{lines}{comma}{indent}{quoted}{end}{after}")]
    });
    let in_table = text.match_indices("[workspace]").map(|(at, header)| {
        let (before, after) = text.split_at(at + header.len());
        format!("{before}\nmembers = [{quoted}]{after}")
    });
    in_array
        .chain(in_table)
        .find(|changed| toml::from_str::<Table>(changed).is_ok_and(|table| table == expected))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_match() {
        for (pattern, path, expected) in [
            ("migrations", "migrations", true),
            ("crates/*", "crates/db", true),
            ("crates/db-*", "crates/db-x", true),
            ("*", "a/b", false),
            ("*s/a*b*", "crates/axxb", true),
            ("crates", "crates/db", false),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn a_member_is_added() {
        for (text, expected) in [
            ("[workspace]\nmembers = [\"a\"]\n", "[workspace]\nmembers = [\"a\", \"m\"]\n"),
            (
                "[x]\ny = [1]\n[workspace]\nmembers = [\n    \"a\",\n] # all\n",
                "[x]\ny = [1]\n[workspace]\nmembers = [\n    \"a\",\n    \"m\",\n] # all\n",
            ),
            ("[workspace]\nresolver = \"3\"\n", "[workspace]\nmembers = [\"m\"]\nresolver = \"3\"\n"),
            ("[workspace]\nmembers = []\n", "[workspace]\nmembers = [\"m\"]\n"),
            ("[workspace] # ours\nmembers = [\"a]\"]", "[workspace] # ours\nmembers = [\"a]\", \"m\"]"),
        ] {
            assert_eq!(with_member(text, "m").as_deref(), Some(expected));
        }
        assert_eq!(with_member("workspace = { members = 1 }", "m"), None);
    }
}
