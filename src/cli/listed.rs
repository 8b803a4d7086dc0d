//! Revisions as lists show them.

use dunlin_migrations::{Graph, Revision, Runner, State, Status};
use serde::Serialize;

use super::failure::Failure;
use super::session::{Needs, Session};

/// A revision as JSON. What only some lists have is left out of the others.
#[derive(Debug, Serialize)]
pub(super) struct Listed<'a> {
    id: &'a str,
    message: &'a str,
    revises: &'a [String],
    depends_on: &'a [String],
    branch_labels: &'a [String],
    /// When it was applied, and how it stands, where the database was asked.
    #[serde(flatten)]
    asked: Option<Asked<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

#[derive(Debug, Serialize)]
struct Asked<'a> {
    applied_at: Option<&'a str>,
    state: State,
}

impl<'a> Listed<'a> {
    pub(super) fn new(revision: &'a Revision) -> Self {
        Self {
            id: &revision.id,
            message: &revision.message,
            revises: &revision.revises,
            depends_on: &revision.depends_on,
            branch_labels: &revision.branch_labels,
            asked: None,
            children: None,
            file: None,
        }
    }

    /// The same, with how it stands.
    pub(super) fn asked(mut self, status: Option<&'a Status>) -> Self {
        self.asked =
            status.map(|status| Asked { applied_at: status.applied_at.as_deref(), state: status.state });
        self
    }

    /// The same, with what comes after it.
    pub(super) fn with_children(mut self, graph: &'a Graph) -> Self {
        self.children = Some(graph.children(self.id).map(|child| child.id.as_str()).collect());
        self
    }

    /// The same, with its file.
    pub(super) fn in_file(mut self, file: Option<String>) -> Self {
        self.file = file;
        self
    }
}

/// The graph, and how its revisions stand in the database.
pub(super) struct Asking {
    pub(super) graph: Graph,
    pub(super) statuses: Vec<Status>,
}

impl Asking {
    pub(super) fn new(session: &Session) -> Result<Self, Failure> {
        session.with_runner(Needs::Nothing, async |runner: &mut Runner<'_>| {
            Ok(Self { graph: runner.graph().await?, statuses: runner.status().await? })
        })
    }

    /// The same; but the database is asked only if what the target means depends on it.
    pub(super) fn if_asked(session: &Session, target: &str) -> Result<Self, Failure> {
        let graph = session.graph()?;
        match graph.asks_what_is_applied(target) {
            true => Self::new(session),
            false => Ok(Self { graph, statuses: Vec::new() }),
        }
    }

    /// The ids of what is applied.
    pub(super) fn applied(&self) -> Vec<&str> {
        let applied = self.statuses.iter().filter(|status| status.applied_at.is_some());
        applied.map(|status| status.id.as_str()).collect()
    }

    /// The revisions at which the database is: applied, and revised by nothing that is.
    pub(super) fn current(&self) -> Vec<&Status> {
        let applied = self.applied();
        let current: Vec<_> = self.graph.current(&applied).map(|revision| revision.id.as_str()).collect();
        // What is unknown here is revised by nothing that is known.
        let is_current =
            |status: &&Status| status.state == State::Missing || current.contains(&status.id.as_str());
        self.statuses.iter().filter(is_current).collect()
    }

    pub(super) fn status(&self, id: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| status.id == id)
    }
}

/// Refuses a bare number where a number of steps could be meant as well as the beginning of an id: what is undone by mistake is lost.
pub(super) fn refuse_count(session: &Session, command: &str, target: &str) -> Result<(), Failure> {
    // What begins with a 0, or is long, is no number of steps.
    let could_count = (1..5).contains(&target.len())
        && target.bytes().all(|b| b.is_ascii_digit())
        && !target.starts_with('0');
    if !could_count {
        return Ok(());
    }
    let graph = session.graph()?;
    // What nothing begins with is refused in any case, but for what history alone knows.
    let found = graph.find(&[], target).unwrap_or_default();
    let is_name = |revision: &&Revision| {
        revision.id == target || revision.branch_labels.iter().any(|label| label == target)
    };
    if found.iter().any(is_name) {
        return Ok(());
    }
    let back = match found.as_slice() {
        [only] => format!("; `dunlin {command} {}` goes back to that revision", only.id),
        _ => String::new(),
    };
    let steps = if target == "1" { "the last revision" } else { "so many" };
    Err(Failure::usage(format!("{target} could be a number of steps, or the beginning of a revision's id"))
        .hint(format!("`dunlin {command} -{target}` undoes {steps}{back}")))
}

/// A revision with its place in the graph: `a, b -> c (label) (head)`.
pub(super) fn placed(revision: &Revision, graph: &Graph) -> String {
    let parents = if revision.revises.is_empty() { "base".to_owned() } else { revision.revises.join(", ") };
    format!("{parents} -> {}", marked(revision, graph))
}

/// A revision with its marks: `c (label) (head)`.
pub(super) fn marked(revision: &Revision, graph: &Graph) -> String {
    let mut text = revision.id.clone();
    if !revision.branch_labels.is_empty() {
        text += &format!(" ({})", revision.branch_labels.join(", "));
    }
    if graph.children(&revision.id).next().is_none() {
        text += " (head)";
    }
    text
}

/// What a revision depends on: ` (depends on a, b)`.
pub(super) fn needed(revision: &Revision) -> String {
    match revision.depends_on.as_slice() {
        [] => String::new(),
        needed => format!(" (depends on {})", needed.join(", ")),
    }
}

/// What a revision is about, behind a comma, unless its id says just that.
pub(super) fn about(revision: &Revision) -> String {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    match letters(&revision.id).ends_with(&letters(&revision.message)) {
        true => String::new(),
        false => format!(", {}", revision.message),
    }
}

/// Prints all about revisions, a blank line between two; how each stands too, where the database was asked.
pub(super) fn print_whole<'a>(
    session: &Session,
    graph: &Graph,
    revisions: impl IntoIterator<Item = (&'a Revision, Option<&'a Status>)>,
) -> Result<(), Failure> {
    let whole = revisions.into_iter();
    print(
        session,
        whole.map(|(revision, status)| [parts(session, graph, revision), standing(status)].concat()),
    )
}

/// Prints the same about what is applied: of what isn't here, all that history tells.
pub(super) fn print_applied(session: &Session, graph: &Graph, applied: &[&Status]) -> Result<(), Failure> {
    let of_code = |status: &Status| match graph.get(&status.id) {
        Some(revision) => parts(session, graph, revision),
        None => vec![("revision", status.id.clone())],
    };
    print(session, applied.iter().map(|status| [of_code(status), standing(Some(status))].concat()))
}

/// What a revision is, by titles.
type Parts = Vec<(&'static str, String)>;

fn print(session: &Session, revisions: impl Iterator<Item = Parts>) -> Result<(), Failure> {
    for (place, parts) in revisions.enumerate() {
        if place > 0 {
            session.output.line("")?;
        }
        for (title, value) in parts.iter().filter(|(_, value)| !value.is_empty()) {
            session.output.line(&format!("{title:<10} {value}"))?;
        }
    }
    Ok(())
}

/// How a revision stands, and when, in how long and by whom it was applied.
fn standing(status: Option<&Status>) -> Parts {
    let Some(status) = status else { return Vec::new() };
    let took = status.duration_ms.map(|ms| format!("{ms} ms"));
    vec![
        ("state", status.state.to_string()),
        ("applied at", status.applied_at.clone().unwrap_or_default()),
        ("took", took.unwrap_or_default()),
        ("by", status.applied_by.clone().unwrap_or_default()),
    ]
}

fn parts(session: &Session, graph: &Graph, revision: &Revision) -> Parts {
    let children: Vec<_> = graph.children(&revision.id).map(|child| child.id.as_str()).collect();
    let branches: Vec<_> = graph.branches_of(&revision.id).collect();
    let revises = if revision.revises.is_empty() { "base".to_owned() } else { revision.revises.join(", ") };
    vec![
        ("revision", revision.id.clone()),
        ("message", revision.message.clone()),
        ("revises", revises),
        ("depends on", revision.depends_on.join(", ")),
        ("next", if children.is_empty() { "none: it is a head".to_owned() } else { children.join(", ") }),
        ("branches", branches.join(", ")),
        ("file", file_of(session, revision).unwrap_or_default()),
    ]
}

/// A revision's file, seen from here.
pub(super) fn file_of(session: &Session, revision: &Revision) -> Option<String> {
    session.file_of(revision).map(|path| path.display().to_string())
}
