//! `dunlin init`.

mod crate_;
mod foreign;
mod workspace;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use dunlin_migrations::script::layout::{Format, LayoutError};
use serde::Serialize;

use self::crate_::{NewCrate, REVISIONS};
use self::foreign::Foreign;
use crate::cli::args::{Driver, Global, Init};
use crate::cli::config::FILE_NAME;
use crate::cli::failure::Failure;
use crate::cli::folder::DEFAULT;
use crate::cli::output::Output;
use crate::cli::session::DONE;

/// What was written.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Written {
    /// The configuration.
    pub(in crate::cli) config: PathBuf,
    /// The folder of revisions; of another tool's there may be several.
    pub(in crate::cli) revisions: Vec<PathBuf>,
    /// Whose layout it has, where it is a tool's.
    pub(in crate::cli) format: Option<&'static str>,
    /// Whether the folder was made.
    pub(in crate::cli) made: bool,
    /// The crate, where the project has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::cli) manifest: Option<PathBuf>,
}

pub(in crate::cli) fn run(global: &Global, args: &Init, output: Output) -> Result<u8, Failure> {
    let config = global.config.clone().unwrap_or_else(|| PathBuf::from(FILE_NAME));
    let beside = config.parent().map(PathBuf::from).unwrap_or_default();
    if config.exists() {
        return Err(Failure::usage(format!("{} is there already", config.display()))
            .hint("change it by hand, or move it away"));
    }
    if args.crate_.rust {
        return with_crate(args, config, &beside, output);
    }
    if args.folder.as_deref().is_some_and(|folder| folder.trim().is_empty()) {
        return Err(Failure::usage("the folder of revisions has no name")
            .hint("name one, or none for `migrations`: `dunlin init DIR`"));
    }
    let format = args.from.as_deref().map(format).transpose()?;
    let foreign = match format {
        Some(format) => Foreign::find(format, &beside, args.folder.as_deref())?,
        None => Foreign {
            folders: vec![args.folder.clone().unwrap_or_else(|| DEFAULT.into())],
            ..Foreign::default()
        },
    };
    let revisions: Vec<_> = foreign.folders.iter().map(|folder| beside.join(folder)).collect();
    if let Some(file) = revisions.iter().find(|path| path.exists() && !path.is_dir()) {
        return Err(Failure::usage(format!("{} is a file, and no folder", file.display()))
            .hint("name another one: `dunlin init DIR`"));
    }
    let absent: Vec<_> = revisions.iter().filter(|folder| !folder.is_dir()).collect();
    if let (Some(_), Some(absent)) = (format, absent.first()) {
        return Err(Failure::usage(format!("there is no folder {}", absent.display())).hint(format!(
            "name the one that is there: dunlin init DIR --from {}",
            args.from.as_deref().unwrap_or("TOOL")
        )));
    }
    let made = !absent.is_empty();
    for folder in absent {
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        // Git keeps no empty folder, and in a fresh clone there would be none.
        create(&folder.join(".gitkeep"), "")?;
    }
    create(&config, &text(format, &foreign))?;
    if format.is_none() {
        ignore_database(&beside)?;
    }
    for note in &foreign.notes {
        output.progress(&format!("note: {note}"));
    }
    let format = format.map(Format::as_str);
    let is_foreign = format.is_some();
    output.written(&Written { config, revisions, format, made, manifest: None })?;
    let program = output.program;
    let next = match format.filter(|format| *format != "sqitch" && *format != "numbered") {
        Some(tool) => format!(
            "{program} adopt --from {tool}, if {tool} has migrated the database; else {program} status"
        ),
        None if is_foreign => format!("{program} status"),
        None => format!("{program} revision -m \"create users\""),
    };
    output.progress(&format!("next: {next}"));
    Ok(DONE)
}

/// The layout of a tool's folder.
fn format(tool: &str) -> Result<Format, Failure> {
    tool.parse().map_err(|error: LayoutError| {
        Failure::usage(error.to_string()).hint(error.hint().unwrap_or_default())
    })
}

/// A project with a crate of its own.
fn with_crate(args: &Init, config: PathBuf, beside: &Path, output: Output) -> Result<u8, Failure> {
    let folder = args.folder.as_deref().unwrap_or(DEFAULT);
    let new = NewCrate::plan(&args.crate_, beside, folder)?;
    let notes = new.write()?;
    let url = if new.drivers() == [Driver::Sqlite] { SQLITE } else { "${DATABASE_URL}" };
    let (revisions, manifest) = (format!("{folder}/{REVISIONS}"), format!("{folder}/Cargo.toml"));
    create(
        &config,
        &format!(
            "revisions = {}\nformat = \"dunlin\"\n\n# The program that has the revisions: `dunlin` builds and calls it.\n\
             [rust]\nmanifest = {}\n{}",
            quoted(&revisions),
            quoted(&manifest),
            environments(url)
        ),
    )?;
    if url == SQLITE {
        ignore_database(beside)?;
    }
    for note in notes {
        output.progress(&format!("note: {note}"));
    }
    let (revisions, manifest) = (vec![beside.join(revisions)], Some(beside.join(manifest)));
    output.written(&Written { config, revisions, format: Some("dunlin"), made: true, manifest })?;
    output.progress(&format!("next: {} revision -m \"create users\"", output.program));
    Ok(DONE)
}

/// The database of a project that has just begun.
const SQLITE: &str = "sqlite://development.db";

/// Has git leave the development database alone, where nobody has told it anything yet.
fn ignore_database(beside: &Path) -> Result<(), Failure> {
    let ignored = beside.join(".gitignore");
    match ignored.exists() {
        true => Ok(()),
        false => create(&ignored, "/development.db*\n"),
    }
}

/// A development database, and what a production one would be like.
fn environments(url: &str) -> String {
    let url = quoted(url);
    format!(
        "\n[env.development]\nurl = {url}\n\n# [env.production]\n# url = \"${{DATABASE_URL}}\"\n# protected = true\n"
    )
}

/// Writes a file. Nothing is overwritten, though another one writes at the same time.
fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let file = fs::File::create_new(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| failed(path, error))
}

fn failed(path: &Path, error: std::io::Error) -> Failure {
    Failure::run(format!("failed to write {}: {error}", path.display()))
        .state("what was written before it is there")
        .hint("see that the folder can be written to")
}

/// The configuration.
fn text(format: Option<Format>, foreign: &Foreign) -> String {
    let folders: Vec<_> = foreign.folders.iter().map(|folder| quoted(folder)).collect();
    let mut text = match folders.as_slice() {
        [folder] => format!("revisions = {folder}\n"),
        folders => format!("revisions = [{}]\n", folders.join(", ")),
    };
    if let Some(format) = format {
        text += &format!("format = {}\n", quoted(format.as_str()));
    }
    if foreign.fills_nothing {
        text += "variables = false\n";
    }
    text += &match format {
        Some(_) => format!("\n[env.development]\nurl = {}\n", quoted("${DATABASE_URL}")),
        None => environments(SQLITE),
    };
    if !foreign.fills_nothing && !foreign.variables.is_empty() {
        text += "\n[variables]\n";
        for (name, value) in &foreign.variables {
            text += &format!("{} = {}\n", quoted(name), quoted(value));
        }
    }
    text
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted += &format!("\\u{:04X}", u32::from(c)),
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// What a tool's own configuration says, by its keys.
type Settings = BTreeMap<String, String>;

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn texts_are_quoted() {
        for text in ["a", "C:\\a \"b\"", "a\nb\u{7f}é", "${X}"] {
            let table: toml::Table = toml::from_str(&format!("{} = {}", quoted(text), quoted(text))).unwrap();
            assert_eq!(table[text].as_str(), Some(text));
        }
    }
}
