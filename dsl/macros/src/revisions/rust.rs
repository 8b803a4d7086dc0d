//! A file of Rust: which struct in it is the revision.

use std::fs;

use syn::{Fields, Ident, Item, ItemStruct, Type, Visibility};

/// What a file of Rust is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rust {
    /// A revision: the name of its struct, and the line of the file that says what it is about.
    Revision { name: Ident, about: Option<String> },
    /// Something that revisions use.
    Helper,
    /// Not Rust, as the compiler will say.
    Unreadable,
}

/// Reads a file.
pub(super) fn read(path: &str) -> Result<Rust, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("it can't be read: {error}"))?;
    let is_numbered = path.rsplit(['/', '\\']).next().is_some_and(begins_as_a_revision);
    match find(&text) {
        Err(Missing::NotRust) => Ok(Rust::Unreadable),
        Err(Missing::None) if is_numbered => Err(NONE.into()),
        Err(Missing::None) => Ok(Rust::Helper),
        Err(Missing::Several(names)) => Err(format!(
            "it has several migrations ({}), and a file is one revision: move them to files of their own",
            names.join(", ")
        )),
        Err(Missing::Unusable(why)) => Err(why),
        Ok(_) if !is_numbered => {
            Err("it has a migration, but its place isn't known: begin its name with a number or a time"
                .into())
        }
        Ok(name) => {
            let about = text
                .lines()
                .find(|line| line.strip_prefix("//!").is_some_and(|text| !text.trim().is_empty()));
            Ok(Rust::Revision { name, about: about.map(str::to_owned) })
        }
    }
}

const NONE: &str = "it has no migration: write one `pub struct` in it with `impl Migration for` it";

/// Why a text has no revision.
#[derive(Debug)]
enum Missing {
    NotRust,
    None,
    Several(Vec<String>),
    Unusable(String),
}

/// The one struct that is a migration.
fn find(text: &str) -> Result<Ident, Missing> {
    let file = syn::parse_file(text).map_err(|_| Missing::NotRust)?;
    let mut names: Vec<Ident> = file.items.iter().filter_map(migration).collect();
    if names.len() > 1 {
        return Err(Missing::Several(names.iter().map(Ident::to_string).collect()));
    }
    let name = names.pop().ok_or(Missing::None)?;
    let declared = file.items.iter().find_map(|item| match item {
        Item::Struct(item) if item.ident == name => Some(item),
        _ => None,
    });
    match declared {
        Some(item) => usable(item).map_err(Missing::Unusable).map(|()| name),
        None => Err(Missing::Unusable(format!("`struct {name}` must stand in the same file"))),
    }
}

/// The type for which `Migration` is implemented here.
fn migration(item: &Item) -> Option<Ident> {
    let Item::Impl(item) = item else { return None };
    let (path, Type::Path(target)) = (&item.trait_.as_ref()?.0, &*item.self_ty) else { return None };
    if path.segments.last()?.ident != "Migration" {
        return None;
    }
    target.path.get_ident().cloned()
}

fn usable(item: &ItemStruct) -> Result<(), String> {
    let name = &item.ident;
    match (&item.vis, &item.fields) {
        (Visibility::Public(_), Fields::Unit) => Ok(()),
        (Visibility::Public(_), _) => {
            Err(format!("{name} has fields, and nobody to fill them: write `pub struct {name};`"))
        }
        _ => Err(format!("{name} isn't public: write `pub struct {name};`")),
    }
}

/// Whether a file's name begins with a digit, as names of revisions do; or, as refinery's do, with a letter and a digit.
fn begins_as_a_revision(name: &str) -> bool {
    let name = name.strip_prefix(['V', 'U']).unwrap_or(name);
    name.starts_with(|c: char| c.is_ascii_digit())
}
