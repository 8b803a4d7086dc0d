//! A line that can't be read: what is wrong with it, and how what was meant is said here.

use std::env;
use std::ffi::OsString;

use clap::CommandFactory;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::args::Cli;
use super::failure::Failure;

/// Flags that other tools have, Alembic above all: the command that they stand behind (any, where it is empty), their spellings,
/// and what serves here in their place.
const FLAGS: &[(&str, &[&str], &str)] = &[
    (
        "init",
        &["--template", "-t", "--package"],
        "there are no templates: `dunlin init` begins with files of SQL, `dunlin init --rust` with a crate",
    ),
    (
        "current",
        &["--config", "-c"],
        "`dunlin current --check-heads`, or -H for short: -c names the configuration",
    ),
    (
        "revision",
        &["--autogenerate"],
        "that isn't there yet: write the revision yourself, with `dunlin revision -m MESSAGE`",
    ),
    ("", &["--name", "-n"], "--env NAME chooses one of the environments in dunlin.toml"),
    (
        "",
        &["-x", "--tag"],
        "[variables] in dunlin.toml, and in its environments, fill ${name} in files of SQL; a program of your own reads its environment",
    ),
    (
        "",
        &["--raiseerr"],
        "leave it out: an error always says all that is known; --verbose shows each statement",
    ),
    (
        "",
        &["--fake", "--fake-initial"],
        "`dunlin stamp TARGET` says that revisions are applied, without running them",
    ),
];

/// Commands that other tools have, and what serves here in their place.
const COMMANDS: &[(&[&str], &str)] = &[
    (
        &["list_templates"],
        "there are no templates: `dunlin init` begins with files of SQL, `dunlin init --rust` with a crate",
    ),
    (&["version"], "`dunlin --version` tells it"),
    (&["plan"], "`dunlin upgrade --plan` prints the steps, and runs nothing"),
    (
        &["diff", "lint", "squash", "inspect", "create-all", "create_all", "repair"],
        "that isn't there yet: `dunlin --help` lists the commands that are",
    ),
    (&["new", "create", "generate", "add", "make"], "`dunlin revision -m MESSAGE` writes a new revision"),
    (&["migrate", "apply", "run", "latest", "deploy"], "`dunlin upgrade` applies what is pending"),
    (&["rollback", "revert", "undo"], "`dunlin downgrade` undoes the last revision"),
    (&["reset"], "`dunlin downgrade base` undoes all revisions"),
    (&["log", "list"], "`dunlin history` lists the revisions, `dunlin status` how each stands"),
    (&["info"], "`dunlin status` tells how each revision stands"),
    (&["baseline", "fake"], "`dunlin stamp TARGET` says that revisions are applied, without running them"),
];

/// Variables that stand for a flag's value, which can't be empty.
const VARIABLES: [(&str, &str); 3] =
    [("--config", "DUNLIN_CONFIG"), ("--revisions", "DUNLIN_REVISIONS"), ("--dunlin-path", "DUNLIN_PATH")];

/// What clap says of a line of these words: what is wrong is its first paragraph.
pub(super) fn failure(error: &Error, words: &[OsString]) -> Failure {
    let text = error.to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let message = match error.kind() {
        // Then it says at length how the program is used.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            "no command is given"
        }
        _ => text.trim_end().split("\n\n").next().unwrap_or_default(),
    };
    let known = Cli::command();
    let mut words = words.iter().filter_map(|word| word.to_str());
    let command = words.find_map(|word| known.find_subcommand(word)).map(|found| found.get_name());
    let command = command.filter(|_| error.kind() != ErrorKind::InvalidSubcommand);
    Failure::usage(message.trim_end()).hint(hint(error, command))
}

fn hint(error: &Error, command: Option<&str>) -> String {
    let said = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let elsewhere =
        |word: &str| COMMANDS.iter().find(|(words, _)| words.contains(&word)).map(|(_, hint)| *hint);
    // As in `help --json`.
    if said(ContextKind::InvalidSubcommand).is_some_and(|word| word.starts_with('-')) {
        return "help is text: `dunlin COMMAND --help`".to_owned();
    }
    if let Some(hint) = said(ContextKind::InvalidSubcommand).and_then(elsewhere) {
        return hint.to_owned();
    }
    // As in `--config <FILE>`.
    let flag = said(ContextKind::InvalidArg).and_then(|flag| flag.split([' ', '=']).next());
    if let Some(flag) = flag {
        let is_empty = |name: &str| env::var_os(name).is_some_and(|value| value.is_empty());
        if let Some((_, name)) = VARIABLES.iter().find(|(known, name)| *known == flag && is_empty(name)) {
            return format!("unset {name}, which is empty, or give it a value");
        }
        let is_known = |(of, flags, _): &&(&str, &[&str], &str)| {
            flags.contains(&flag) && (of.is_empty() || Some(*of) == command)
        };
        if let Some((.., hint)) = FLAGS.iter().find(is_known) {
            return (*hint).to_owned();
        }
        let is_word = !flag.starts_with(['-', '<']);
        if command == Some("upgrade") && is_word {
            return "several targets are one word, with commas between: `dunlin upgrade ID,ID`".to_owned();
        }
        if command == Some("revision") && is_word {
            return "a message of several words is one: `dunlin revision -m \"add posts\"`".to_owned();
        }
    }
    let help = match command {
        Some(command) => format!("`dunlin {command} --help` tells what it takes"),
        None => "`dunlin --help` lists the commands".to_owned(),
    };
    let suggested =
        [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let suggested = suggested.into_iter().find_map(|kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(" or ")),
        _ => None,
    });
    match suggested {
        Some(suggested) => format!("did you mean {suggested}? {help}"),
        None => help,
    }
}
