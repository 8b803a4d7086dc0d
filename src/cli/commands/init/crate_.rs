//! The crate that `init --rust` writes: a library with the revisions, and a program with the command line.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::workspace::Workspace;
use super::{create, failed, quoted};
use crate::cli::args::{Crate, Driver};
use crate::cli::failure::Failure;
use crate::cli::folder::DEFAULT;

/// The folder of revisions, seen from the crate.
pub(super) const REVISIONS: &str = "revisions";

/// Words that can't be a crate's name, or would hide another one.
const TAKEN: &[&str] = &[
    "dunlin",
    "std",
    "core",
    "alloc",
    "test",
    "proc_macro",
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "abstract",
    "become",
    "box",
    "do",
    "final",
    "gen",
    "macro",
    "override",
    "priv",
    "try",
    "typeof",
    "unsized",
    "virtual",
    "yield",
    "build",
    "deps",
    "examples",
    "incremental",
];

/// A crate that isn't there yet.
pub(super) struct NewCrate {
    /// Its folder, seen from here.
    path: PathBuf,
    name: String,
    drivers: Vec<Driver>,
    /// Where Dunlin is, as a manifest says it.
    source: String,
    /// The workspace that it becomes a part of.
    workspace: Option<Workspace>,
}

impl NewCrate {
    /// Finds out all that may stand in its way; nothing is written yet. `folder` is seen from `beside`.
    pub(super) fn plan(args: &Crate, beside: &Path, folder: &str) -> Result<Self, Failure> {
        let path = beside.join(folder);
        let is_empty = match fs::read_dir(&path) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => match error.kind() {
                std::io::ErrorKind::NotFound => true,
                _ => {
                    return Err(Failure::usage(format!("{} can't be read: {error}", path.display()))
                        .hint("name another folder for the crate: dunlin init --rust DIR"));
                }
            },
        };
        if !is_empty {
            return Err(Failure::usage(format!("{} is there already, and isn't empty", path.display()))
                .hint("name another folder for the crate: dunlin init --rust DIR"));
        }
        let mut drivers = match args.dialect.as_slice() {
            [] => vec![Driver::Sqlite],
            named => named.to_vec(),
        };
        drivers.sort();
        drivers.dedup();
        Ok(Self {
            name: name(&path),
            drivers,
            source: source(args, folder)?,
            workspace: Workspace::around(beside, &path)?,
            path,
        })
    }

    /// The kinds of servers that it can connect to.
    pub(super) fn drivers(&self) -> &[Driver] {
        &self.drivers
    }

    /// Writes it. What else should be known comes back.
    pub(super) fn write(&self) -> Result<Vec<String>, Failure> {
        let (src, revisions) = (self.path.join("src"), self.path.join(REVISIONS));
        for folder in [&src, &revisions] {
            fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        }
        create(&self.path.join("Cargo.toml"), &self.manifest())?;
        create(&self.path.join("build.rs"), BUILD)?;
        create(&src.join("lib.rs"), LIB)?;
        create(&src.join("main.rs"), &MAIN.replace("NAME", &self.name.replace('-', "_")))?;
        // Git keeps no empty folder, and without it the crate doesn't compile.
        create(&revisions.join(".gitkeep"), "")?;
        match &self.workspace {
            Some(workspace) => workspace.take_in(),
            None => create(&self.path.join(".gitignore"), "/target\n").map(|()| Vec::new()),
        }
    }

    fn manifest(&self) -> String {
        let features = self.drivers.iter().map(|driver| match driver {
            Driver::Sqlite => "sqlite",
            Driver::Postgres => "postgres",
            Driver::Mysql => "mysql",
        });
        let features: Vec<_> = ["cli"].into_iter().chain(features).map(quoted).collect();
        format!(
            "[package]\nname = {}\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n\
             # The command line, and a driver for each kind of server: sqlite, postgres, mysql (MariaDB too).\n\
             dunlin = {{ {}, default-features = false, features = [{}] }}\n",
            quoted(&self.name),
            self.source,
            features.join(", ")
        )
    }
}

const BUILD: &str = r#"//! A new file in the folder of revisions is compiled in.

fn main() {
    println!("cargo::rerun-if-changed=revisions");
}
"#;

const LIB: &str = r#"//! The database's schema, revision by revision.

use dunlin::prelude::*;

/// What stands in the folder `revisions`, in SQL and in Rust.
pub struct Migrator;

impl Migrations for Migrator {
    fn migrations() -> MigrationList {
        revisions!("revisions")
    }
}
"#;

const MAIN: &str = r#"//! The command line. `dunlin` builds and calls it by itself.

use std::process::ExitCode;

fn main() -> ExitCode {
    dunlin::cli::main::<NAME::Migrator>()
}
"#;

/// The folder's name, where a crate can be called so.
fn name(path: &Path) -> String {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(fits);
    let is_taken = TAKEN.contains(&name.replace('-', "_").as_str());
    if is_name && !is_taken { name.to_owned() } else { DEFAULT.to_owned() }
}

/// Where Dunlin is: a folder is seen from the crate, which is in `folder`.
fn source(args: &Crate, folder: &str) -> Result<String, Failure> {
    if let Some(url) = &args.dunlin_git {
        return Ok(format!("git = {}", quoted(url)));
    }
    let Some(path) = &args.dunlin_path else {
        let version = env!("CARGO_PKG_VERSION");
        let compatible = version.rsplit_once('.').map_or(version, |(minor, _)| minor);
        return Ok(format!("version = {}", quoted(compatible)));
    };
    let manifest = path.join("Cargo.toml");
    let text = fs::read_to_string(&manifest).unwrap_or_default();
    let package = toml::from_str::<toml::Table>(&text).unwrap_or_default();
    let name = package.get("package").and_then(|package| package.get("name")).and_then(toml::Value::as_str);
    if name != Some("dunlin") {
        return Err(Failure::usage(format!("{} isn't the crate dunlin", path.display()))
            .hint("name the folder of a checkout of Dunlin, in which its Cargo.toml is"));
    }
    // As many folders up as it is down to the crate, where that is all that its path does.
    let down = Path::new(folder).components();
    let up =
        down.map(|part| matches!(part, Component::Normal(_)).then_some("..")).collect::<Option<PathBuf>>();
    let seen = match up {
        Some(up) if path.is_relative() => up.join(path),
        _ => fs::canonicalize(path).map_err(|error| failed(path, error))?,
    };
    let seen = seen.to_str().ok_or_else(|| {
        Failure::usage(format!("{} isn't UTF-8", seen.display()))
            .hint("a manifest is UTF-8: name the checkout by another path, as by a link")
    })?;
    Ok(format!("path = {}", quoted(seen)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crates_have_names() {
        for (path, expected) in [
            ("migrations", "migrations"),
            ("db/shop-schema", "shop-schema"),
            ("db/2024", DEFAULT),
            ("größe", DEFAULT),
            ("type", DEFAULT),
            ("dunlin", DEFAULT),
            (".", DEFAULT),
        ] {
            assert_eq!(name(Path::new(path)), expected);
        }
    }
}
