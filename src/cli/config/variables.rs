//! Environment variables: the process's own, and behind them those of a `.env` file where one is asked for.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::failure::Failure;

/// What a name stands for.
#[derive(Clone, Debug, Default)]
pub(in crate::cli) struct EnvVars(BTreeMap<String, String>);

impl EnvVars {
    /// Those of this process, but for what isn't text.
    pub(in crate::cli) fn of_process() -> Self {
        let all = std::env::vars_os();
        Self(
            all.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
        )
    }

    /// The same, and what a file says of other names.
    pub(in crate::cli) fn and_file(mut self, file: &Path) -> Result<Self, Failure> {
        let shown = file.display();
        let unread = |error: dotenvy::Error| {
            // The line may hold a password, of which nothing is shown: its name says enough.
            let text = match &error {
                dotenvy::Error::LineParse(line, _) => {
                    let name = line.split_once('=').map(|(name, _)| name.trim());
                    let begins = name.map(|name| format!(", which begins with {name}=,")).unwrap_or_default();
                    let number =
                        number_of(file, line).map_or("a line".to_owned(), |number| format!("line {number}"));
                    format!("{number}{begins} isn't NAME=VALUE")
                }
                error => error.to_string(),
            };
            Failure::usage(format!("failed to read {shown}: {text}"))
                .hint("mend the file, or name another one with --env-file FILE")
        };
        for variable in dotenvy::from_path_iter(file).map_err(unread)? {
            let (name, value) = variable.map_err(unread)?;
            self.0.entry(name).or_insert(value);
        }
        Ok(self)
    }

    /// What it stands for, if it is set.
    pub(in crate::cli) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// A text with a value for each `${NAME}`.
    pub(super) fn fill(&self, text: &str) -> Result<String, Unfilled> {
        self.fill_by(text, |_, value| value.to_owned())
    }

    /// A URL with a value for each `${NAME}`. What stands for a user's name or a password there is percent-encoded, so that it
    /// may have any character.
    pub(super) fn fill_url(&self, text: &str) -> Result<String, Unfilled> {
        let user = text.find("://").map(|at| at + 3).zip(text.rfind('@'));
        let is_user = |at: usize| user.is_some_and(|(begins, ends)| (begins..ends).contains(&at));
        self.fill_by(text, |at, value| if is_user(at) { encoded(value) } else { value.to_owned() })
    }

    /// A text with what is made of each variable's place, in bytes, and its value.
    fn fill_by(&self, text: &str, made: impl Fn(usize, &str) -> String) -> Result<String, Unfilled> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            let at = text.len() - rest.len() + before.len();
            let (name, after) = after.split_once('}').ok_or(Unfilled::Unclosed)?;
            // What isn't a name may be a default, as a shell has it, and so a password.
            if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                return Err(Unfilled::NoName);
            }
            filled += before;
            filled += &made(at, self.get(name).ok_or_else(|| Unfilled::Unset(name.to_owned()))?);
            rest = after;
        }
        Ok(filled + rest)
    }
}

/// A value as it stands before the `@` of a URL; a `:` stays, for one variable may hold both a name and a password.
fn encoded(value: &str) -> String {
    let bytes = value.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() || b"-._~:".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    bytes.collect()
}

/// The number of the first line in a file that begins with this text, which may be of several lines.
fn number_of(file: &Path, text: &str) -> Option<usize> {
    let wanted = text.lines().next()?;
    let whole = std::fs::read_to_string(file).ok()?;
    whole.lines().position(|line| line.trim_end() == wanted.trim_end()).map(|place| place + 1)
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for EnvVars {
    fn from(all: [(&str, &str); N]) -> Self {
        Self(all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }
}

/// Why a text can't be filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unfilled {
    /// A `${` without its `}`.
    Unclosed,
    /// What stands in a `${..}` isn't a variable's name.
    NoName,
    /// This variable isn't set.
    Unset(String),
}
