//! `dunlin revision`.

mod name;
mod text;

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use dunlin_migrations::script::layout::Format;
use dunlin_migrations::{Graph, Migration, Revision};

use self::name::Naming;
pub(super) use self::name::slug_chars;
use crate::cli::args::NewRevision;
use crate::cli::failure::Failure;
use crate::cli::listed::Listed;
use crate::cli::session::{DONE, Session};

/// What a revision is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Sql,
    Rust,
}

/// A revision to be written.
#[derive(Debug)]
pub(super) struct New<'a> {
    pub(super) message: &'a str,
    pub(super) revises: Vec<String>,
    pub(super) depends_on: Vec<String>,
    pub(super) labels: &'a [String],
    pub(super) id: Option<&'a str>,
    /// The folder that its file goes to.
    pub(super) folder: Option<&'a Path>,
    /// What the project's revisions are, where it isn't said.
    pub(super) language: Option<Language>,
}

impl New<'_> {
    /// Whether it makes several one: there is nothing else to do.
    fn is_merge(&self) -> bool {
        self.revises.len() > 1
    }
}

pub(in crate::cli) fn run(session: &Session, args: &NewRevision) -> Result<u8, Failure> {
    let message = args.message.as_deref().or(args.names.rev_id.as_deref());
    let Some(message) = message.filter(|message| !message.trim().is_empty()) else {
        return Err(Failure::usage("a revision needs a message").hint("`dunlin revision -m \"add posts\"`"));
    };
    let graph = session.graph()?;
    let revises = parent(&graph, &args.head, args.splice)?;
    let mut depends_on = Vec::new();
    for text in &args.depends_on {
        let found = named(&graph, text)?;
        if found.is_empty() {
            return Err(Failure::usage(format!("{text} is no revision to depend on"))
                .hint("name one, or a branch: `dunlin history` lists them"));
        }
        depends_on.extend(found.into_iter().map(|revision| revision.id.clone()));
    }
    let (id, folder) = (args.names.rev_id.as_deref(), args.names.version_path.as_deref());
    let language = match (args.sql, args.rust) {
        (true, _) => Some(Language::Sql),
        (_, true) => Some(Language::Rust),
        _ => None,
    };
    let new = New { message, revises, depends_on, labels: &args.names.branch_label, id, folder, language };
    write(session, &graph, &new)?;
    Ok(DONE)
}

/// The revisions that a target names without a database: what is applied in one has no say in what a file holds.
pub(super) fn named<'g>(graph: &'g Graph, target: &str) -> Result<Vec<&'g Revision>, Failure> {
    if graph.asks_what_is_applied(target) {
        return Err(Failure::usage(format!("{target} depends on what is applied in a database"))
            .hint("name a revision: `dunlin current` lists those at which the database is"));
    }
    Ok(graph.find(&[], target)?)
}

/// What a new revision comes after.
fn parent(graph: &Graph, head: &str, splice: bool) -> Result<Vec<String>, Failure> {
    let found = named(graph, head).map_err(|failure| {
        let several = graph.heads().count() > 1 && head == "head";
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
    let language = match (new.language, session.has_code()) {
        (Some(Language::Rust), false) => {
            return Err(Failure::usage(
                "this project has no program that a revision in Rust would be part of",
            )
            .state("nothing was written")
            .hint("`dunlin init --rust` begins a project that has one"));
        }
        (Some(language), _) => language,
        (None, true) => Language::Rust,
        (None, false) => Language::Sql,
    };
    if new.message.trim_start().to_lowercase().starts_with("dunlin:") {
        return Err(Failure::usage(
            "a message that begins with `dunlin:` would be read as what a file says of itself",
        )
        .state("nothing was written")
        .hint("say in other words what the revision is about"));
    }
    let format = session.listing()?.format;
    if !matches!(format, Format::Dunlin | Format::Numbered) && format.programs().is_none() {
        return Err(Failure::usage(format!("the folder {folder} has {format}'s layout"))
            .hint(format!("write the file by {format}'s rules: Dunlin reads it as {format} does")));
    }
    if new.labels.iter().any(|label| label.trim().is_empty()) {
        return Err(
            Failure::usage("a branch label is empty").hint("name the branch, as in --branch-label billing")
        );
    }
    let id = match new.id {
        Some(id) => id.to_owned(),
        None => Naming::new(session.config())?.id(graph, new.message)?,
    };
    if id.is_empty() || id.contains(['/', '\\']) {
        return Err(Failure::usage(format!("{id:?} can't be a file's name")).hint(
            "choose an id of letters, digits, _ and ., which stands in the folder of revisions itself",
        ));
    }
    if language == Language::Rust && !id.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(Failure::usage(format!("{id} can't be the name of a revision in Rust"))
            .state("nothing was written")
            .hint(match new.id {
                Some(_) => "begin it with a number or a time: by that it is told from other modules",
                None => {
                    "begin file_template in dunlin.toml with {number}, {year} or {epoch}: by that a \
                     revision is told from other modules"
                }
            }));
    }
    let (file, text) = match language {
        Language::Sql => (format!("{id}.sql"), text::sql(new)),
        Language::Rust => (format!("{id}.rs"), text::rust(new)),
    };
    let path = place(session, graph, new, format)?.join(&file);
    create(&path, &text)?;
    let written = Revision {
        id,
        message: new.message.to_owned(),
        revises: new.revises.clone(),
        depends_on: new.depends_on.clone(),
        branch_labels: new.labels.to_vec(),
        file: Some(file),
        code: None,
    };
    if let Err(failure) = read_again(session, graph, &written) {
        // The failure is worth more than that of taking the file away.
        let _ = fs::remove_file(&path);
        return Err(failure.state("nothing was written"));
    }
    let shown = path.display().to_string();
    match session.output.json {
        true => session.output.value(&Listed::new(&written).in_file(Some(shown))),
        false => session.output.line(&format!("wrote {shown}")),
    }
}

/// The folder that a new file goes to: the one that is named, else the one of what it comes after; behind another tool's programs the
/// last one.
fn place(session: &Session, graph: &Graph, new: &New<'_>, format: Format) -> Result<PathBuf, Failure> {
    let folder = session.folder()?;
    let known = || {
        let known: Vec<_> = folder.paths().iter().map(|path| path.display().to_string()).collect();
        known.join(", ")
    };
    if let Some(named) = new.folder {
        let real = |path: &Path| fs::canonicalize(path).ok();
        let found =
            folder.paths().iter().find(|path| *path == named || (path.exists() && real(path) == real(named)));
        return found.cloned().ok_or_else(|| {
            Failure::usage(format!("{} is no folder of this project's revisions", named.display()))
                .state("nothing was written")
                .hint(format!("name one of {}, or add it to revisions in dunlin.toml", known()))
        });
    }
    if let [only] = folder.paths() {
        return Ok(only.clone());
    }
    let parents = new.revises.iter().filter_map(|parent| graph.get(parent));
    let files: Vec<_> = parents.filter_map(|parent| session.file_of(parent)).collect();
    let is_program =
        |file: &PathBuf| format.programs().is_some_and(|ending| file.to_string_lossy().ends_with(ending));
    if let (true, Some(last)) = (files.iter().any(is_program), folder.paths().last()) {
        return Ok(last.clone());
    }
    let beside = files.into_iter().find_map(|file| {
        folder
            .paths()
            .iter()
            .filter(|path| file.starts_with(path))
            .max_by_key(|path| path.components().count())
    });
    beside.cloned().ok_or_else(|| {
        Failure::usage(format!("the project has several folders of revisions: {}", known()))
            .state("nothing was written")
            .hint(format!("say which one it goes to, as in --version-path {}", folder.paths()[0].display()))
    })
}

/// The graph must be as it was, with one revision more.
fn read_again(session: &Session, before: &Graph, written: &Revision) -> Result<(), Failure> {
    let list = session.list_with(written)?;
    let id = &written.id;
    let next = list.iter().skip_while(|listed| listed.id() != id).nth(1);
    let states_parent = |listed: &dyn Migration| match listed.file() {
        Some(file) => file.revises.is_some(),
        None => listed.revises().is_some(),
    };
    if let Some(next) = next.filter(|next| !states_parent(*next)) {
        return Err(moved(before, next.id(), id));
    }
    let graph = Graph::of(&list)?;
    if let Some(absent) = before.revisions().iter().find(|revision| graph.get(&revision.id).is_none()) {
        let folder = session.folder()?;
        return Err(Failure::usage(format!("the folder {folder} has no file of revision {}", absent.id))
            .hint("name the folder that the program collects: `revisions` in dunlin.toml"));
    }
    match graph.get(id) {
        Some(now) if now.revises == written.revises => Ok(()),
        _ => Err(Failure::usage(format!("{id} can't be read as the revision that it was meant to be"))
            .hint("choose another id")),
    }
}

/// A revision states no parent, and so gets another one by a new file that is listed before its own.
fn moved(before: &Graph, id: &str, written: &str) -> Failure {
    let failure = Failure::usage(format!(
        "revision {id} states no parent, and would come after {written}, whose name is before its own"
    ));
    let known = before.get(id);
    let parents = match known.map(|revision| revision.revises.as_slice()).unwrap_or_default() {
        [] => "base".to_owned(),
        parents => parents.join(", "),
    };
    let file = known.and_then(|revision| revision.file.as_deref()).unwrap_or(id);
    failure.hint(match file.ends_with(".rs") {
        true => format!("have `revises` in {file} say what it comes after now, {parents}; or choose an id that comes after all others"),
        false => format!("write `-- dunlin: revises {parents}` into {file}; or choose an id that comes after all others"),
    })
}

fn create(path: &Path, text: &str) -> Result<(), Failure> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
        let shown = path.display();
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => Failure::usage(format!("{shown} is there already"))
                .hint("say something else with -m, or give an id with --rev-id"),
            _ => Failure::run(format!("failed to write {shown}: {error}"))
                .state("nothing was written")
                .hint("see that the folder can be written to, or give a shorter id with --rev-id"),
        }
    })
}
