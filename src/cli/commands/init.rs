//! `dunlin init`.

mod foreign;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use dunlin_migrations::script::layout::{Format, LayoutError};
use serde::Serialize;

use self::foreign::Foreign;
use crate::cli::args::{Global, Init};
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
    /// The folder of revisions.
    pub(in crate::cli) revisions: PathBuf,
    /// Whose layout it has, where it is a tool's.
    pub(in crate::cli) format: Option<&'static str>,
    /// Whether the folder was made.
    pub(in crate::cli) made: bool,
}

pub(in crate::cli) fn run(global: &Global, args: &Init, output: Output) -> Result<u8, Failure> {
    let config = global.config.clone().unwrap_or_else(|| PathBuf::from(FILE_NAME));
    let beside = config.parent().map(PathBuf::from).unwrap_or_default();
    if config.exists() {
        return Err(Failure::usage(format!("{} is there already", config.display()))
            .state("nothing was changed")
            .hint("change it by hand, or move it away"));
    }
    let format = args.from.as_deref().map(str::parse).transpose().map_err(|error: LayoutError| {
        Failure::usage(error.to_string()).hint(error.hint().unwrap_or_default())
    })?;
    let foreign = match format {
        Some(format) => Foreign::find(format, &beside, args.folder.as_deref())?,
        None => {
            Foreign { folder: args.folder.clone().unwrap_or_else(|| DEFAULT.into()), ..Foreign::default() }
        }
    };
    let revisions = beside.join(&foreign.folder);
    let is_there = revisions.is_dir();
    if format.is_some() && !is_there {
        return Err(Failure::usage(format!("there is no folder {}", revisions.display()))
            .state("nothing was changed")
            .hint(format!(
                "name the one that is there: dunlin init DIR --from {}",
                args.from.as_deref().unwrap_or("TOOL")
            )));
    }
    let failed = |path: &Path, error: std::io::Error| {
        Failure::run(format!("failed to write {}: {error}", path.display()))
            .hint("see that the folder can be written to")
    };
    if !is_there {
        fs::create_dir_all(&revisions).map_err(|error| failed(&revisions, error))?;
    }
    // Nothing is overwritten, though another one writes at the same time.
    let mut file = fs::File::create_new(&config).map_err(|error| failed(&config, error))?;
    file.write_all(text(format, &foreign).as_bytes()).map_err(|error| failed(&config, error))?;
    for note in &foreign.notes {
        output.progress(&format!("note: {note}"));
    }
    output.written(&Written { config, revisions, format: format.map(Format::as_str), made: !is_there })?;
    Ok(DONE)
}

/// The configuration.
fn text(format: Option<Format>, foreign: &Foreign) -> String {
    let mut text = format!("revisions = {}\n", quoted(&foreign.folder));
    if let Some(format) = format {
        text += &format!("format = {}\n", quoted(format.as_str()));
    }
    let url = if format.is_some() { "${DATABASE_URL}" } else { "sqlite://development.db" };
    text += &format!("\n[env.development]\nurl = {}\n", quoted(url));
    if format.is_none() {
        text += "\n# [env.production]\n# url = \"${DATABASE_URL}\"\n# protected = true\n";
    }
    if !foreign.variables.is_empty() {
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
