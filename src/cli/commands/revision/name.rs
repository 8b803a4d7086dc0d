//! The id of a new revision, which is its file's name.

use dunlin_migrations::Graph;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use crate::cli::config::Config;
use crate::cli::failure::Failure;

/// The most characters that a file's name takes of a message, unless the project says another number.
const SLUG_CHARS: usize = 40;

/// The most characters that a file's name takes of a message.
pub(in crate::cli::commands) fn slug_chars(config: &Config) -> usize {
    config.truncate_slug_length.unwrap_or(SLUG_CHARS)
}

/// What a template may hold.
const TOKENS: &str = "{year} {month} {day} {hour} {minute} {second} {epoch} {number} {slug}";

/// Those of them that tell two revisions apart.
const APART: [&str; 4] = ["{slug}", "{number}", "{epoch}", "{second}"];

/// How a project's files are called.
#[derive(Debug)]
pub(super) struct Naming<'a> {
    template: Option<&'a str>,
    slug_chars: usize,
    now: ZonedDateTime,
}

impl<'a> Naming<'a> {
    /// As `dunlin.toml` says.
    pub(super) fn new(config: &'a Config) -> Result<Self, Failure> {
        Self::at(config, Timestamp::now())
    }

    fn at(config: &'a Config, now: Timestamp) -> Result<Self, Failure> {
        let zone = match config.timezone.as_deref() {
            None => TimeZone::UTC,
            Some(name) => TimeZone::get(name).map_err(|error| {
                Failure::usage(format!("timezone {name} isn't known here: {error}"))
                    .state("nothing was written")
                    .hint("name one of the IANA's database, as in timezone = \"Europe/Berlin\"")
            })?,
        };
        let slug_chars = slug_chars(config);
        Ok(Self { template: config.file_template.as_deref(), slug_chars, now: now.to_zoned_datetime(zone) })
    }

    /// An id that comes after all others by name, unless a template says otherwise: the next number where the files are
    /// numbered, else the time.
    pub(super) fn id(&self, graph: &Graph, message: &str) -> Result<String, Failure> {
        let numbers = Numbers::of(graph);
        if let Some(template) = self.template.filter(|template| template.contains("%(")) {
            return Err(Failure::usage(format!(
                "file_template = \"{template}\" is written as Alembic's are"
            ))
            .state("nothing was written")
            .hint(format!(
                "write file_template = \"{}\"; it may hold {TOKENS}",
                apart(translated(template))
            )));
        }
        let id = match (self.template, &numbers) {
            (Some(template), _) => self.filled(template, &numbers.unwrap_or_default(), message)?,
            (None, Some(numbers)) => self.filled("{number}_{slug}", numbers, message)?,
            (None, None) => {
                self.filled("{year}{month}{day}_{hour}{minute}{second}_{slug}", &Numbers::default(), message)?
            }
        };
        if let Some(template) =
            self.template.filter(|template| !APART.iter().any(|token| template.contains(token)))
        {
            return Err(refused(template, "nothing in it tells one revision from another"));
        }
        // A message without a word leaves nothing behind the time.
        let id = id.trim_end_matches(['_', '-', '.']);
        match self.template.zip(unfit(id)) {
            Some((template, why)) => Err(refused(template, &format!("{id:?} {why}"))),
            None => Ok(id.to_owned()),
        }
    }

    fn filled(&self, template: &str, numbers: &Numbers, message: &str) -> Result<String, Failure> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let (token, after) = after.split_once('}').ok_or_else(|| refused(template, "a { has no }"))?;
            let value = self
                .value(token, numbers, message)
                .ok_or_else(|| refused(template, &format!("{{{token}}} is unknown")))?;
            filled += before;
            filled += &value;
            rest = after;
        }
        Ok(filled + rest)
    }

    fn value(&self, token: &str, numbers: &Numbers, message: &str) -> Option<String> {
        let now = &self.now;
        Some(match token {
            "year" => format!("{:04}", now.year()),
            "month" => format!("{:02}", now.month()),
            "day" => format!("{:02}", now.day()),
            "hour" => format!("{:02}", now.hour()),
            "minute" => format!("{:02}", now.minute()),
            "second" => format!("{:02}", now.second()),
            "epoch" => now.timestamp().as_second().to_string(),
            "number" => numbers.next(),
            "slug" => slug(message, self.slug_chars),
            _ => return None,
        })
    }
}

/// What Alembic's tokens are called here. `rev` has no name, for a file's name is its revision's id.
fn translated(template: &str) -> String {
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("%(") {
        // Alembic's own configuration file has each % twice.
        text += before.strip_suffix('%').unwrap_or(before);
        let Some((token, after)) = after.split_once(')') else { return text + after };
        // As in `%(month).2d`: how a value is shown.
        let after = after.trim_start_matches(|c: char| c.is_ascii_digit() || "#-+. ".contains(c));
        rest = after.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(after);
        match token {
            "rev" => rest = rest.strip_prefix(['_', '-', '.']).unwrap_or(rest),
            token => text += &format!("{{{token}}}"),
        }
    }
    text + rest
}

fn refused(template: &str, why: &str) -> Failure {
    Failure::usage(format!("file_template = \"{template}\": {why}"))
        .state("nothing was written")
        .hint(format!("mend it in dunlin.toml; it may hold {TOKENS}"))
}

/// A template with something in it that tells one revision from another.
fn apart(template: String) -> String {
    let template = template.trim_end_matches(['_', '-', '.']);
    match (template, APART.iter().any(|token| template.contains(token))) {
        (_, true) => template.to_owned(),
        ("", false) => "{number}_{slug}".to_owned(),
        (_, false) => format!("{template}_{{slug}}"),
    }
}

/// Why this can be no id, or no file's name.
fn unfit(id: &str) -> Option<String> {
    let is_odd = |c: &char| c.is_whitespace() || c.is_control() || "@+:,/\\".contains(*c);
    match id.chars().find(is_odd) {
        Some(c) => Some(format!("has a {c:?} in it, which no revision's id may have")),
        None if id.is_empty() => Some("is empty".to_owned()),
        None if id.starts_with('-') => Some("begins with a -".to_owned()),
        None => None,
    }
}

/// The numbers that files begin with.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    last: u64,
    digits: usize,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { last: 0, digits: 4 }
    }
}

impl Numbers {
    /// None, unless there are revisions and all have a number of six digits at most: longer ones are times.
    fn of(graph: &Graph) -> Option<Self> {
        let numbers = graph.revisions().iter().map(|revision| {
            let digits = revision.id.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = revision.id.split_at(digits);
            // Alembic's ids are hexadecimal, and may begin with digits.
            let is_number =
                (1..=6).contains(&digits) && !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
            let last = number.parse().ok().filter(|_| is_number)?;
            Some(Self { last, digits })
        });
        let numbers = numbers.collect::<Option<Vec<_>>>()?;
        numbers.into_iter().max_by_key(|numbers| (numbers.last, numbers.digits))
    }

    fn next(&self) -> String {
        format!("{:0digits$}", self.last + 1, digits = self.digits)
    }
}

/// A message as a part of a file's name: `Add posts!` is `add_posts`.
pub(super) fn slug(message: &str, most_chars: usize) -> String {
    let mut slug = String::new();
    for word in message.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        if !slug.is_empty() && slug.chars().count() + 1 + word.chars().count() > most_chars {
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug.extend(word.chars().take(most_chars));
    }
    slug
}

#[cfg(test)]
mod tests {
    use dunlin_migrations::MigrationList;

    use super::*;

    #[test]
    fn names_follow_the_template() {
        let now: Timestamp = "2026-11-22T23:13:04.5Z".parse().unwrap();
        let graph = Graph::of(&MigrationList::new()).unwrap();
        let named = |toml: &str, message: &str| {
            let config: Config = toml::from_str(toml).unwrap();
            let named = Naming::at(&config, now).and_then(|naming| naming.id(&graph, message));
            named.unwrap_or_else(|failure| failure.message().to_owned())
        };
        for (toml, message, expected) in [
            ("", "Add posts", "20261122_231304_add_posts"),
            ("", "!!", "20261122_231304"),
            ("timezone = 'Europe/Berlin'", "a", "20261123_001304_a"),
            ("file_template = '{number}-{slug}'", "Add posts", "0001-add_posts"),
            ("file_template = '{epoch}_{slug}'\ntruncate_slug_length = 5", "Add posts", "1795389184_add"),
            ("file_template = '{year}_{rev}'", "a", "file_template = \"{year}_{rev}\": {rev} is unknown"),
            ("file_template = '{year'", "a", "file_template = \"{year\": a { has no }"),
            (
                "file_template = '{year}-{month} {slug}'",
                "a",
                "file_template = \"{year}-{month} {slug}\": \"2026-11 a\" has a ' ' in it, which no revision's id may have",
            ),
            (
                "file_template = 'fixed'",
                "a",
                "file_template = \"fixed\": nothing in it tells one revision from another",
            ),
            (
                "file_template = '%(rev)s_%(slug)s'",
                "a",
                "file_template = \"%(rev)s_%(slug)s\" is written as Alembic's are",
            ),
            ("file_template = '-{slug}'", "a", "file_template = \"-{slug}\": \"-a\" begins with a -"),
            ("file_template = '{slug}'", "!!", "file_template = \"{slug}\": \"\" is empty"),
        ] {
            assert_eq!(named(toml, message), expected, "{toml}");
        }
        assert!(
            named("timezone = 'Europe/Bärlin'", "a").starts_with("timezone Europe/Bärlin isn't known here")
        );
    }

    #[test]
    fn alembics_templates_are_translated() {
        for (template, expected) in [
            ("%(year)d_%(month).2d_%(day).2d_%(rev)s_%(slug)s", "{year}_{month}_{day}_{slug}"),
            ("%%(year)d%%(month).2d", "{year}{month}"),
            ("%(epoch)s-%(slug)s", "{epoch}-{slug}"),
            ("a_%(slug", "a_slug"),
        ] {
            assert_eq!(translated(template), expected);
        }
    }

    #[test]
    fn slugs() {
        for (message, expected) in [
            ("add posts", "add_posts"),
            ("  Add, posts!  ", "add_posts"),
            ("größe", "größe"),
            ("../../etc", "etc"),
            ("!!", ""),
            ("a message of many words that goes on and on", "a_message_of_many_words_that_goes_on_and"),
        ] {
            assert_eq!(slug(message, SLUG_CHARS), expected);
        }
    }
}
