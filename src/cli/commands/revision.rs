//! `dunlin revision`.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use dunlin_migrations::script::layout::Format;
use dunlin_migrations::{Graph, Revision};
use jiff::Timestamp;

use crate::cli::args::NewRevision;
use crate::cli::failure::Failure;
use crate::cli::listed::Listed;
use crate::cli::session::{DONE, Session};

/// The most characters that a file's name takes of a message.
const SLUG_CHARS: usize = 40;

/// A revision to be written.
pub(super) struct New<'a> {
    pub(super) message: &'a str,
    pub(super) revises: Vec<String>,
    pub(super) depends_on: Vec<String>,
    pub(super) labels: &'a [String],
    pub(super) id: Option<&'a str>,
}

pub(in crate::cli) fn run(session: &Session, args: &NewRevision) -> Result<u8, Failure> {
    let Some(message) = args.message.as_deref().or(args.names.rev_id.as_deref()) else {
        return Err(Failure::usage("a revision needs a message").hint("`dunlin revision -m \"add posts\"`"));
    };
    let graph = session.graph()?;
    let revises = parent(&graph, &args.head, args.splice)?;
    let mut depends_on = Vec::new();
    for text in &args.depends_on {
        depends_on.extend(graph.find(&[], text)?.into_iter().map(|revision| revision.id.clone()));
    }
    let id = args.names.rev_id.as_deref();
    let new = New { message, revises, depends_on, labels: &args.names.branch_label, id };
    write(session, &graph, &new)?;
    Ok(DONE)
}

/// What a new revision comes after.
fn parent(graph: &Graph, head: &str, splice: bool) -> Result<Vec<String>, Failure> {
    let found = graph.find(&[], head).map_err(|error| {
        let several = graph.heads().count() > 1 && head == "head";
        let failure = Failure::from(error);
        match graph.heads().next().filter(|_| several) {
            Some(first) => failure.hint(format!(
                "say which one it comes after, as in --head {}, or make them one with `dunlin merge heads`",
                first.id
            )),
            None => failure,
        }
    })?;
    match found.as_slice() {
        [] => Ok(Vec::new()),
        [parent] => match graph.children(&parent.id).next() {
            Some(child) if !splice => {
                Err(Failure::usage(format!("revision {} isn't a head: {} revises it", parent.id, child.id))
                    .hint("add --splice if history shall divide there, or leave --head out"))
            }
            _ => Ok(vec![parent.id.clone()]),
        },
        _ => Err(Failure::usage(format!("{head} is several revisions"))
            .hint("`dunlin merge` writes a revision that comes after several")),
    }
}

/// Writes a revision into the folder, and says so. A file by which another revision would get another place is not left there.
pub(super) fn write(session: &Session, graph: &Graph, new: &New<'_>) -> Result<(), Failure> {
    let folder = session.folder()?;
    let format = session.listing()?.format;
    if !matches!(format, Format::Dunlin | Format::Numbered) {
        return Err(Failure::usage(format!("the folder {} has {format}'s layout", folder.path().display()))
            .hint(format!("write the file by {format}'s rules: Dunlin reads it as {format} does")));
    }
    let id = match new.id {
        Some(id) => id.to_owned(),
        None => id_of(graph, new.message),
    };
    if id.contains(['/', '\\']) {
        return Err(Failure::usage(format!("{id} can't be a file's name")).hint("choose another id"));
    }
    let file = format!("{id}.sql");
    let path = folder.path().join(&file);
    create(&path, &text(new))?;
    if let Err(failure) = read_again(session, graph, &id, new) {
        // The failure is worth more than that of taking the file away.
        let _ = fs::remove_file(&path);
        return Err(failure.state("nothing was written"));
    }
    let written = Revision {
        id,
        message: new.message.to_owned(),
        revises: new.revises.clone(),
        depends_on: new.depends_on.clone(),
        branch_labels: new.labels.to_vec(),
        file: Some(file),
    };
    let shown = path.display().to_string();
    match session.output.json {
        true => session.output.value(&Listed::new(&written).in_file(Some(shown))),
        false => session.output.line(&format!("wrote {shown}")),
    }
}

/// The graph must be as it was, with one revision more.
fn read_again(session: &Session, before: &Graph, id: &str, new: &New<'_>) -> Result<(), Failure> {
    let graph = session.graph()?;
    let moved =
        |revision: &&Revision| graph.get(&revision.id).is_none_or(|now| now.revises != revision.revises);
    if let Some(moved) = before.revisions().iter().find(moved) {
        return Err(Failure::usage(format!(
            "revision {} states no parent, and would come after {id}, whose name is before its own",
            moved.id
        ))
        .hint("choose an id that comes after all others, or state that one's parent"));
    }
    match graph.get(id) {
        Some(written) if written.revises == new.revises => Ok(()),
        _ => Err(Failure::usage(format!("{id} can't be read as the revision that it was meant to be"))
            .hint("choose another id")),
    }
}

fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        let shown = path.display();
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => Failure::usage(format!("{shown} is there already"))
                .hint("say something else with -m, or give an id with --rev-id"),
            _ => Failure::run(format!("failed to write {shown}: {error}")).state("nothing was written"),
        }
    })
}

/// A file with nothing in it but what it says of itself. Without a way down it can't be undone: one that is empty would
/// only seem to undo it.
fn text(new: &New<'_>) -> String {
    let list = |ids: &[String]| if ids.is_empty() { "base".to_owned() } else { ids.join(", ") };
    let mut text =
        format!("-- {}\n-- dunlin: revises {}\n", new.message.replace(['\n', '\r'], " "), list(&new.revises));
    if !new.depends_on.is_empty() {
        text += &format!("-- dunlin: depends-on {}\n", list(&new.depends_on));
    }
    for label in new.labels {
        text += &format!("-- dunlin: branch-label {label}\n");
    }
    if new.revises.len() < 2 {
        text +=
            "\n-- Write the way up here. A line that says `dunlin: down` in a comment begins the way down.\n";
    } else {
        text += "\n-- dunlin: down\n";
    }
    text
}

/// An id that comes after all others by name: the next number where the files are numbered, else the time, in UTC.
fn id_of(graph: &Graph, message: &str) -> String {
    let slug = slug(message);
    let files = graph.revisions().iter().filter(|revision| revision.file.is_some());
    let numbers = files.map(|revision| {
        let digits = revision.id.bytes().take_while(u8::is_ascii_digit).count();
        let number = revision.id.get(..digits)?.parse::<u64>().ok().filter(|_| (1..=6).contains(&digits))?;
        Some((number, digits))
    });
    let last = numbers.collect::<Option<Vec<_>>>().and_then(|numbers| numbers.into_iter().max());
    let begin = match last {
        Some((number, digits)) => format!("{:0digits$}", number + 1),
        None => moment(&Timestamp::now().to_string()),
    };
    if slug.is_empty() { begin } else { format!("{begin}_{slug}") }
}

/// A time in RFC 3339 and UTC, as ids have it: `20261122_071300`.
fn moment(time: &str) -> String {
    let digits: String = time.chars().filter(char::is_ascii_digit).take(14).collect();
    let (date, time) = digits.split_at(digits.len().min(8));
    format!("{date}_{time}")
}

/// A message as a part of a file's name: `Add posts!` is `add_posts`.
fn slug(message: &str) -> String {
    let mut slug = String::new();
    for word in message.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.to_lowercase();
        if !slug.is_empty() && slug.chars().count() + 1 + word.chars().count() > SLUG_CHARS {
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug.extend(word.chars().take(SLUG_CHARS));
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments() {
        assert_eq!(moment("2026-11-22T07:13:00.123456Z"), "20261122_071300");
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
            assert_eq!(slug(message), expected);
        }
    }
}
