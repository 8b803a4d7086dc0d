//! `dunlin show`.

use dunlin_migrations::{Graph, Revision};

use crate::cli::args::Show;
use crate::cli::failure::Failure;
use crate::cli::listed::{Asking, Listed};
use crate::cli::session::{DONE, Session};

pub(in crate::cli) fn run(session: &Session, args: &Show) -> Result<u8, Failure> {
    let (graph, revisions);
    let asking;
    match args.revision.contains("current") {
        true => {
            asking = Asking::new(session)?;
            revisions = asking.graph.find(&asking.applied(), &args.revision)?;
            graph = &asking.graph;
        }
        false => {
            asking = Asking { graph: session.graph()?, statuses: Vec::new() };
            graph = &asking.graph;
            revisions = graph.find(&[], &args.revision)?;
        }
    }
    if session.output.json {
        let listed = revisions.into_iter();
        let listed = listed
            .map(|revision| Listed::new(revision).with_children(graph).in_file(file_of(session, revision)));
        session.output.value(&listed.collect::<Vec<_>>())?;
        return Ok(DONE);
    }
    for (place, revision) in revisions.into_iter().enumerate() {
        if place > 0 {
            session.output.line("")?;
        }
        for (title, value) in parts(session, graph, revision) {
            session.output.line(&format!("{title:<10} {value}"))?;
        }
    }
    Ok(DONE)
}

fn parts(session: &Session, graph: &Graph, revision: &Revision) -> Vec<(&'static str, String)> {
    let children: Vec<_> = graph.children(&revision.id).map(|child| child.id.as_str()).collect();
    let branches: Vec<_> = graph.branches_of(&revision.id).collect();
    let revises = if revision.revises.is_empty() { "base".to_owned() } else { revision.revises.join(", ") };
    let parts = [
        ("revision", revision.id.clone()),
        ("message", revision.message.clone()),
        ("revises", revises),
        ("depends on", revision.depends_on.join(", ")),
        ("next", if children.is_empty() { "none: it is a head".to_owned() } else { children.join(", ") }),
        ("branches", branches.join(", ")),
        ("file", file_of(session, revision).unwrap_or_default()),
    ];
    parts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// A revision's file, seen from here.
fn file_of(session: &Session, revision: &Revision) -> Option<String> {
    session.file_of(revision).map(|path| path.display().to_string())
}
