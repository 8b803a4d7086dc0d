//! sea-orm-migration: modules of Rust such as `m20240101_000001_create_users.rs`, in the order in which the `Migrator` lists them.
//!
//! The list is `fn migrations` in `lib.rs`, or in another file that is no step: it names each module with the type in it,
//! `m20240101_000001_create_users::Migration`. Where no file has a list, all that are called so are steps, by their names. A step's own
//! name, by which the tool's history knows it, is its file's, unless its code says another one.

use std::collections::BTreeSet;

use super::fault::LayoutError;
use super::read::Reader;
use super::{Listed, names};
use crate::script::{Section, Transaction};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let (files, others): (Vec<_>, Vec<_>) = reader
        .paths
        .iter()
        .filter_map(|path| Some((module(path)?.to_owned(), path.clone())))
        .partition(|(name, _)| is_step(name));
    let mut listed: Vec<(String, String)> = Vec::new();
    for (_, path) in others.iter().filter(|(_, path)| !path.contains('/')) {
        for name in modules(&reader.program(path)?) {
            let file = files.iter().chain(&others).find(|(other, _)| *other == name);
            listed.extend(file.filter(|file| !listed.contains(file)).cloned());
        }
    }
    if listed.is_empty() {
        return files.iter().map(|(name, path)| step(reader, name, path)).collect();
    }
    let paths: BTreeSet<&String> = listed.iter().map(|(_, path)| path).collect();
    for (_, path) in files.iter().filter(|(_, path)| !paths.contains(path)) {
        reader.ignore(path, "the migrator doesn't list it");
    }
    listed.iter().map(|(name, path)| step(reader, name, path)).collect()
}

/// Whether a text of Rust uses the tool.
pub(super) fn is_mark(line: &str) -> bool {
    line.contains("sea_orm_migration")
}

/// The name of the module that a file is: `NAME.rs`, or `NAME/mod.rs`.
fn module(path: &str) -> Option<&str> {
    let name = path.strip_suffix("/mod.rs").or_else(|| path.strip_suffix(".rs"))?;
    (!name.contains('/')).then_some(name)
}

/// Whether a module is called as the tool calls its steps.
fn is_step(name: &str) -> bool {
    name.strip_prefix('m').is_some_and(|rest| !names::digits(rest).0.is_empty())
}

fn step(reader: &Reader<'_>, module: &str, path: &str) -> Result<Listed, LayoutError> {
    let text = without_comments(&reader.program(path)?);
    // What it derives is the file's name, `mod` of a folder too: seen with sea-orm-migration 2.0.
    let file = names::file(path);
    let name = own_name(&text).unwrap_or(file.strip_suffix(".rs").unwrap_or(file));
    let words = module.trim_start_matches(|c: char| c == 'm' || c == '_' || c.is_ascii_digit());
    let up = reader.script(path, Section::of(""), Transaction::Revision);
    Ok(Listed::new(names::id(name), name, up, String::new())
        .about(names::words(words))
        .which_cannot_run(format!("{path} is a program in Rust, which sea-orm-migration runs")))
}

/// The name that a step's code says: `fn name(&self) -> &str { ".." }`.
fn own_name(text: &str) -> Option<&str> {
    let body = text.split_once("fn name(")?.1.split_once('{')?.1;
    let rest = body.trim_start().strip_prefix('"')?;
    let (name, behind) = rest.split_once('"')?;
    (behind.trim_start().starts_with('}') && !name.contains('\\')).then_some(name)
}

/// The modules that `fn migrations` names, each before a type in it.
fn modules(text: &str) -> Vec<String> {
    let text = without_comments(text);
    let Some((_, list)) = text.split_once("fn migrations(") else { return Vec::new() };
    let (mut depth, mut end) = (0_usize, list.len());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 1 => depth -= 1,
            '}' => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    let mut rest = &list[..end];
    while let Some((before, behind)) = rest.split_once("::") {
        let before = before.trim_end();
        let word = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default();
        if behind.trim_start().starts_with(char::is_uppercase) {
            found.push(word.to_owned());
        }
        rest = behind;
    }
    found
}

/// A text of Rust without its comments, and with its strings.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['/', '"']) {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            let len = if rest.starts_with('"') { string(rest) } else { 1 };
            kept.push_str(&rest[..len]);
            len
        };
        rest = &rest[len..];
    }
    kept + rest
}

/// How many bytes a string has, from its first quote on.
fn string(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{modules, own_name, without_comments};

    #[test]
    fn a_list_names_modules_before_their_types() {
        let list = "impl MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        vec![\n            \
            Box::new(m2_b::Migration),\n            // Box::new(m3_c::Migration),\n            /* m4_d::Migration */\n            \
            Box::new(crate::steps::m1_a :: CreateUsers::default()),\n        ]\n    }\n    fn other() { m5_e::Migration; }\n}\n";
        assert_eq!(modules(list), ["m2_b", "m1_a"]);
        assert!(modules("mod m1_a; pub struct Migrator;").is_empty());
        assert!(modules("fn migrations(").is_empty());
    }

    #[test]
    fn a_step_may_say_its_own_name() {
        assert_eq!(own_name("fn name(&self) -> &str {\n  \"m1_other\"\n}"), Some("m1_other"));
        for text in ["", "fn name(&self) -> &str { NAME }", "fn name(", "fn name(&self) -> &str { \"a\\n\" }"]
        {
            assert_eq!(own_name(text), None, "{text}");
        }
    }

    #[test]
    fn comments_go_and_strings_stay() {
        assert_eq!(
            without_comments("a // b\nc /* \" */ d \"// e \\\" /*\" f / g"),
            "a \nc  d \"// e \\\" /*\" f / g"
        );
        assert_eq!(without_comments("a /* b"), "a ");
        assert_eq!(without_comments("\"é"), "\"é");
    }
}
