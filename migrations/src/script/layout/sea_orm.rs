//! sea-orm-migration: modules of Rust such as `m20240101_000001_create_users.rs`, in the order in which the `Migrator` lists them.
//!
//! The list is `fn migrations` in `lib.rs`, or in another file that is no step: it names each module with the type in it,
//! `m20240101_000001_create_users::Migration`. Where no file has a list, all that are called so are steps, by their names. A step's own
//! name, by which the tool's history knows it, is its file's, unless its code says another one. What a list or a name doesn't say so is
//! refused: a step less, or in another place, would be another history.

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
    let mut has_list = false;
    for (_, path) in others.iter().filter(|(_, path)| !path.contains('/')) {
        let text = without_comments(&reader.program(path)?);
        let Some(list) = List::of(&text) else { continue };
        has_list = true;
        let find = |name: &str| files.iter().chain(&others).find(|(other, _)| other == name);
        list.check(|name| find(name).is_some()).map_err(|(line, what)| {
            LayoutError::new(format!("{what} can't be told without compiling it"))
                .in_file(path)
                .at_line(line)
                .with_hint(
                    "name each step's module there, as in Box::new(m20240101_000001_create_users::Migration)",
                )
        })?;
        for name in list.modules() {
            listed.extend(find(&name).filter(|file| !listed.contains(file)).cloned());
        }
    }
    if !has_list {
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
    let name = own_name(&text).map_err(|line| {
        LayoutError::new("what its name is can't be told without compiling it")
            .in_file(path)
            .at_line(line)
            .with_hint(
                "write it out there, as in fn name(&self) -> &str { \"m20240101_000001_create_users\" }",
            )
    })?;
    let name = name.unwrap_or(file.strip_suffix(".rs").unwrap_or(file));
    let words = module.trim_start_matches(|c: char| c == 'm' || c == '_' || c.is_ascii_digit());
    let up = reader.script(path, Section::of(""), Transaction::Revision);
    Ok(Listed::new(names::id(name), name, up, String::new())
        .about(names::words(words))
        .which_cannot_run(format!("{path} is a program in Rust, which sea-orm-migration runs")))
}

/// The name that a step's code says, `fn name(&self) -> &str { ".." }`, or the line of one that isn't written out.
fn own_name(text: &str) -> Result<Option<&str>, u64> {
    let at = text.find("MigrationName for");
    let place = at.unwrap_or_default();
    let Some(found) = text[place..].find("fn name(").map(|found| place + found) else { return Ok(None) };
    let name = text[found..].split_once('{').and_then(|(_, body)| {
        let (name, behind) = body.trim_start().strip_prefix('"')?.split_once('"')?;
        (behind.trim_start().starts_with('}') && !name.contains('\\')).then_some(name)
    });
    match name {
        // It may be another one's name.
        None if at.is_some() => Err(line(text, found)),
        name => Ok(name),
    }
}

/// The line of a byte, counted from 1.
fn line(text: &str, at: usize) -> u64 {
    text[..at].matches('\n').count() as u64 + 1
}

/// The body of `fn migrations`, in a text without comments.
struct List<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl<'t> List<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let found = text.find("fn migrations(")?;
        // Where it is only declared nothing is listed.
        let open = found + text[found..].find(['{', ';']).filter(|at| text[found + at..].starts_with('{'))?;
        let end = closing(&text[open..], '{', '}').map_or(text.len(), |len| open + len);
        Some(Self { text, start: open + 1, end })
    }

    fn body(&self) -> &'t str {
        &self.text[self.start..self.end]
    }

    /// The modules that it names, each before a type in it.
    fn modules(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut rest = self.body();
        while let Some((before, behind)) = rest.split_once("::") {
            if behind.trim_start().starts_with(char::is_uppercase) {
                found.push(last_word(before).to_owned());
            }
            rest = behind;
        }
        found
    }

    /// Whether each step of it is told by its module; else the line and what isn't.
    fn check(&self, is_file: impl Fn(&str) -> bool) -> Result<(), (u64, String)> {
        let body = self.body();
        let wrong = |at: usize, what: String| Err((line(self.text, self.start + at), what));
        for (at, boxed) in body.match_indices("Box::new(") {
            let item = &body[at + boxed.len()..];
            let item =
                item[..closing(&format!("({item}"), '(', ')').map_or(item.len(), |len| len - 1)].trim();
            let mut types = item
                .match_indices("::")
                .filter(|(at, _)| item[at + 2..].trim_start().starts_with(char::is_uppercase));
            let module = types.next().map(|(at, _)| last_word(&item[..at]));
            if !module.is_some_and(&is_file) {
                return wrong(at, format!("which step {item:?} is"));
            }
        }
        if let Some(at) = body.find("migrations(") {
            return wrong(at, "which steps another list adds".to_owned());
        }
        let text: String = body.split_whitespace().collect();
        let is_told = self.modules().iter().any(|name| is_file(name));
        match is_told || matches!(text.as_str(), "" | "vec![]" | "Vec::new()") {
            true => Ok(()),
            false => wrong(0, "which steps the migrator lists".to_owned()),
        }
    }
}

/// The word that a text ends in.
fn last_word(text: &str) -> &str {
    let text = text.trim_end();
    text.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or_default()
}

/// How many bytes there are before the mark that closes the one that a text begins with.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// A text of Rust without its comments, and with its strings and all its lines.
fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['/', '"']) {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        let len = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            let len = rest.find("*/").map_or(rest.len(), |end| end + 2);
            // Lines keep their numbers.
            kept.extend(rest[..len].matches('\n'));
            len
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
    use super::{List, own_name, without_comments};

    #[test]
    fn a_list_names_modules_before_their_types() {
        let list = "impl MigratorTrait for Migrator {\n    fn migrations() -> Vec<Box<dyn MigrationTrait>> {\n        vec![\n            \
            Box::new(m2_b::Migration),\n            // Box::new(m3_c::Migration),\n            /* m4_d::Migration */\n            \
            Box::new(crate::steps::m1_a :: CreateUsers::default()),\n        ]\n    }\n    fn other() { m5_e::Migration; }\n}\n";
        let text = without_comments(list);
        let found = List::of(&text).unwrap();
        assert_eq!(found.modules(), ["m2_b", "m1_a"]);
        assert_eq!(found.check(|name| name.starts_with('m')), Ok(()));
        for text in ["mod m1_a; pub struct Migrator;", "fn migrations(", "fn migrations() -> X;"] {
            assert!(List::of(text).is_none(), "{text}");
        }
    }

    #[test]
    fn what_a_list_does_not_say_is_refused() {
        for (body, expected) in [
            ("vec![]", Ok(())),
            ("Vec::new()", Ok(())),
            (
                "let mut list: Vec<Box<dyn x::Step>> = Vec::new();\nlist.push(Box::new(m1::Migration)); list",
                Ok(()),
            ),
            (
                "vec![Box::new(m1::Migration),\nBox::new(a::Migration)]",
                Err((2, "which step \"a::Migration\" is")),
            ),
            ("vec![Box::new(m1::Migration), Box::new(B)]", Err((1, "which step \"B\" is"))),
            ("vec![Box::new(f(m1, 2))]", Err((1, "which step \"f(m1, 2)\" is"))),
            ("all()", Err((1, "which steps the migrator lists"))),
            ("steps![m1, m2]", Err((1, "which steps the migrator lists"))),
            (
                "let mut list = vec![Box::new(m1::Migration)];\nlist.extend(base::Migrator::migrations());",
                Err((2, "which steps another list adds")),
            ),
        ] {
            let text = format!("fn migrations() {{{body}}}");
            let found = List::of(&text).unwrap().check(|name| matches!(name, "m1" | "m2"));
            assert_eq!(found, expected.map_err(|(line, what)| (line, what.to_owned())), "{body}");
        }
    }

    #[test]
    fn a_step_may_say_its_own_name() {
        let own = "fn name(&self) -> &str {\n  \"m1_other\"\n}";
        assert_eq!(own_name(own), Ok(Some("m1_other")));
        let named = format!("fn name(&self) {{ 1 }}\nimpl MigrationName for Migration {{\n{own}}}");
        assert_eq!(own_name(&named), Ok(Some("m1_other")));
        // Of another one's name nothing is said here.
        for text in ["", "fn name(&self) -> &str { NAME }", "fn name("] {
            assert_eq!(own_name(text), Ok(None), "{text}");
        }
        for body in ["NAME", "\"a\\n\"", "\"a\".trim()", "r\"a\""] {
            let text =
                format!("impl MigrationName for Migration {{\n fn name(&self) -> &str {{ {body} }}\n}}");
            assert_eq!(own_name(&text), Err(2), "{body}");
        }
    }

    #[test]
    fn comments_go_and_strings_stay() {
        assert_eq!(
            without_comments("a // b\nc /* \" */ d \"// e \\\" /*\" f / g"),
            "a \nc  d \"// e \\\" /*\" f / g"
        );
        assert_eq!(without_comments("a /* b"), "a ");
        assert_eq!(without_comments("a /* b\n */ c"), "a \n c");
        assert_eq!(without_comments("\"é"), "\"é");
    }
}
