//! What stands in a script for something else: `${name}`, and what is put in its place when it is sent.
//!
//! Everything that is kept or shown of a script has its text as it stands in the file: checksum, journal, events, errors. Only the
//! server gets the values.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

use super::fault::{Fault, ScriptError};
use super::position::Position;
use super::way::Script;

/// What variables in scripts stand for, and whether a project has turned them on.
///
/// ```
/// use dunlin_migrations::script::Variables;
///
/// // Off, as they are without further ado: `${name}` is text like any other.
/// assert!(!Variables::default().are_on());
/// // On: `${schema}` and `${env:PASSWORD}` are filled in.
/// let variables = Variables::on().with("schema", "shop").with("env:PASSWORD", "secret");
/// assert!(variables.are_on());
/// // Values may be secrets.
/// assert!(!format!("{variables:?}").contains("secret"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Variables {
    are_on: bool,
    /// Whether nothing is filled, whatever a file's own tool fills.
    are_off: bool,
    values: BTreeMap<String, String>,
    /// When the run began, as Flyway writes it.
    began: Option<String>,
}

/// Which `${name}` of a script stand for something else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Placeholders {
    /// None.
    #[default]
    Never,
    /// Those with a name of letters, digits, `_`, `.`, `:` and `-`, where the project has turned variables on.
    IfOn,
    /// All, as Flyway takes them, whose names ignore case, in the data of a COPY too.
    Always,
    /// Variables of the environment, as goose takes them where its files say so: `${NAME}`, `${NAME:-default}` and `$NAME`.
    Environment,
}

impl Placeholders {
    /// Whether it is the usual.
    pub(crate) fn is_never(&self) -> bool {
        *self == Self::Never
    }
}

impl Variables {
    /// Variables turned on, none of which has a value yet.
    pub fn on() -> Self {
        Self { are_on: true, ..Self::default() }
    }

    /// None at all: what a tool's files always have filled stays as it is too.
    pub fn off() -> Self {
        Self { are_off: true, ..Self::default() }
    }

    /// The same, with this value for that name.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.insert(name.into(), value.into());
        self
    }

    /// Whether a project has turned them on.
    pub fn are_on(&self) -> bool {
        self.are_on
    }

    /// The same, with this value for that name unless it has one.
    pub fn or_with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.values.entry(name.into()).or_insert_with(|| value.into());
        self
    }

    /// The same in a run that began then.
    pub(crate) fn began_at(self, moment: String) -> Self {
        Self { began: Some(moment), ..self }
    }

    /// What would be filled in a text of a script if a project turned variables on, first: it is sent as it stands.
    pub(crate) fn left_in<'s>(&self, script: &Script, text: &'s str) -> Option<&'s str> {
        let is_left = script.placeholders() == Placeholders::IfOn && !self.are_on && !self.are_off;
        next(text, 0, Placeholders::IfOn).filter(|_| is_left).map(|place| &text[place.raw])
    }

    /// A text of a script, which begins there, as it is sent.
    pub(crate) fn fill<'s>(
        &self,
        script: &Script,
        text: &'s str,
        start: Position,
    ) -> Result<Filled<'s>, ScriptError> {
        let mut filled = Filled { text: Cow::Borrowed(text), spans: Vec::new() };
        let placeholders = script.placeholders();
        let if_on = placeholders == Placeholders::IfOn;
        if placeholders.is_never() || self.are_off || (if_on && !self.are_on) {
            return Ok(filled);
        }
        let (mut all, mut done, mut at) = (String::new(), 0, 0);
        while let Some(Place { raw, name, default }) = next(text, at, placeholders) {
            at = raw.end;
            if !script.is_filled_at(start.offset_bytes + raw.start as u64) {
                continue;
            }
            let value = self.value(name, placeholders, script.file()).or(default).ok_or_else(|| {
                let fault = Fault::Variable { name: name.to_owned() };
                ScriptError::new(start.behind(&text[..raw.start]), fault).in_file(script.file())
            })?;
            all.push_str(&text[done..raw.start]);
            let from = all.len();
            all.push_str(value);
            done = raw.end;
            filled.spans.push(Span { raw, filled: from..all.len() });
        }
        if !filled.spans.is_empty() {
            all.push_str(&text[done..]);
            filled.text = Cow::Owned(all);
        }
        Ok(filled)
    }

    /// A piece of the data of a COPY, as it is sent. Only Flyway fills it.
    pub(crate) fn fill_data(
        &self,
        script: &Script,
        data: Vec<u8>,
        start: Position,
    ) -> Result<Vec<u8>, ScriptError> {
        if script.placeholders() != Placeholders::Always {
            return Ok(data);
        }
        let filled = match std::str::from_utf8(&data) {
            Ok(text) => self.fill(script, text, start)?,
            Err(_) => return Ok(data),
        };
        match filled.text {
            Cow::Owned(text) => Ok(text.into_bytes()),
            Cow::Borrowed(_) => Ok(data),
        }
    }

    fn value<'v>(&'v self, name: &str, placeholders: Placeholders, file: &'v str) -> Option<&'v str> {
        let value = |name: &str| self.values.get(name).map(String::as_str);
        match placeholders {
            Placeholders::Environment => value(name).or_else(|| value(&format!("env:{name}"))),
            Placeholders::Always => value(name).or_else(|| self.flyways(name, file)),
            _ => value(name),
        }
    }

    /// What Flyway takes a name for, whatever its case.
    fn flyways<'v>(&'v self, name: &str, file: &'v str) -> Option<&'v str> {
        let mut values = self.values.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        if let Some((_, value)) = values.next() {
            return Some(value);
        }
        let file = file.rsplit('/').next()?;
        match name.to_ascii_lowercase().as_str() {
            "flyway:filename" => Some(file),
            "flyway:timestamp" => self.began.as_deref(),
            _ => None,
        }
    }
}

impl fmt::Debug for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Variables")
            .field("are_on", &self.are_on)
            .field("names", &self.values.keys())
            .finish_non_exhaustive()
    }
}

/// Where something stands for something else.
struct Place<'t> {
    raw: Range<usize>,
    name: &'t str,
    /// What stands there where the name has no value.
    default: Option<&'t str>,
}

/// The next place behind another.
fn next(text: &str, from: usize, placeholders: Placeholders) -> Option<Place<'_>> {
    if placeholders == Placeholders::Environment {
        return next_of_environment(text, from);
    }
    let mut at = from;
    loop {
        let start = at + text[at..].find("${")?;
        let inside = start + 2;
        let end = inside + text[inside..].find('}')?;
        let name = &text[inside..end];
        let is_one = match placeholders {
            Placeholders::Always => !name.is_empty() && !name.contains(['{', '\n']),
            // `$${a}$$` is a text in dollar quotes.
            _ => is_name(name) && !text[..start].ends_with('$'),
        };
        if is_one {
            return Some(Place { raw: start..end + 1, name, default: None });
        }
        at = inside;
    }
}

/// The same by goose's rules, but that `$$` and `$tag$` stay what they are to PostgreSQL, and a name without a value isn't empty.
fn next_of_environment(text: &str, from: usize) -> Option<Place<'_>> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut at = from;
    loop {
        let start = at + text[at..].find('$')?;
        let inside = start + 1;
        let rest = &text[inside..];
        if let Some(braced) = rest.strip_prefix('{')
            && let Some(len) = braced.find('}')
        {
            // Behind `?` stands what to say where there is no value.
            let (name, default) = match braced[..len].split_once(['-', '?']) {
                Some((name, rest)) => {
                    let has_default = braced[name.len()..].starts_with('-');
                    (name.strip_suffix(':').unwrap_or(name), has_default.then_some(rest))
                }
                None => (&braced[..len], None),
            };
            return Some(Place { raw: start..inside + len + 2, name, default });
        }
        let len = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let name = &rest[..len];
        let is_tag = rest[len..].starts_with('$');
        let in_word = text[..start].ends_with(|c| is_word(c) || c == '$');
        if !(is_tag || in_word) && is_name(name) {
            return Some(Place { raw: start..inside + len, name, default: None });
        }
        // Behind `$tag$` whole.
        at = inside + if is_tag { len + 1 } else { len };
    }
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-'))
}

/// A text with the values in their places.
pub(crate) struct Filled<'s> {
    /// As it is sent.
    pub(crate) text: Cow<'s, str>,
    spans: Vec<Span>,
}

/// Where something stands for something else, and where that is.
struct Span {
    raw: Range<usize>,
    filled: Range<usize>,
}

impl Filled<'_> {
    /// The place in the script's own text of a place in the text that was sent.
    pub(crate) fn unfilled(&self, offset_bytes: usize) -> usize {
        let before = self.spans.iter().rev().find(|span| span.filled.start <= offset_bytes);
        match before {
            None => offset_bytes,
            Some(span) if offset_bytes < span.filled.end => span.raw.start,
            Some(span) => span.raw.end + (offset_bytes - span.filled.end),
        }
    }
}

/// Values that were sent, and mustn't be shown.
#[derive(Default)]
pub(crate) struct Hidden {
    /// Each with what stands for it.
    values: BTreeMap<String, String>,
}

/// Of a value so much of its beginning is known again in a text that was cut off.
const BEGINNING_BYTES: usize = 8;

/// A shorter value is taken for one only where it isn't a part of a word.
const SHORT_BYTES: usize = 4;

impl Hidden {
    /// Hides what was filled into `raw`.
    pub(crate) fn add(&mut self, raw: &str, filled: &Filled<'_>) {
        for span in &filled.spans {
            let value = &filled.text[span.filled.clone()];
            if !value.is_empty() && !self.values.contains_key(value) {
                self.values.insert(value.to_owned(), raw[span.raw.clone()].to_owned());
            }
        }
    }

    /// A text of the server's in which what stands for a value is shown in place of it.
    pub(crate) fn hide(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let before = &text[..text.len() - rest.len()];
            let found = self.values.iter().map(|(value, name)| (shared(value, before, rest), name));
            // Of two that begin alike the one that is there to its end.
            match found.max_by_key(|((len, is_whole), _)| (*len, *is_whole)) {
                Some(((len, _), name)) if len > 0 => {
                    shown.push_str(name);
                    rest = &rest[len..];
                }
                _ => {
                    shown.push(first);
                    rest = &rest[first.len_utf8()..];
                }
            }
        }
        shown
    }
}

/// How much of a text is a value that is hidden, or its beginning, and whether it is all of it.
fn shared(value: &str, before: &str, text: &str) -> (usize, bool) {
    // A server may fold the case of names.
    let same = value.chars().zip(text.chars()).take_while(|(a, b)| a.eq_ignore_ascii_case(b));
    let len: usize = same.map(|(_, c)| c.len_utf8()).sum();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let is_whole = len == value.len();
    let in_word = || is_word(before.chars().next_back()) || is_word(text[len..].chars().next());
    match is_whole {
        true if value.len() < SHORT_BYTES && in_word() => (0, false),
        false if len < BEGINNING_BYTES => (0, false),
        is_whole => (len, is_whole),
    }
}

#[cfg(test)]
mod tests;
