//! `dunlin merge`.

use dunlin_migrations::{Graph, Revision, few};

use super::revision::{New, named, slug_chars, write};
use crate::cli::args::Merge;
use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Session};

pub(in crate::cli) fn run(session: &Session, args: &Merge) -> Result<u8, Failure> {
    let graph = session.graph()?;
    let mut parents: Vec<&Revision> = Vec::new();
    for text in &args.targets {
        for found in named(&graph, text)? {
            if !parents.iter().any(|parent| parent.id == found.id) {
                parents.push(found);
            }
        }
    }
    refuse_unfit(&graph, &parents, args.splice)?;
    let ids: Vec<String> = parents.iter().map(|parent| parent.id.clone()).collect();
    // A name that is cut in the middle of the list would tell less than their number.
    let usual = format!("merge {}", ids.join(" and "));
    let is_short = usual.chars().count() <= slug_chars(session.config());
    let usual = if is_short { usual } else { format!("merge {} revisions", ids.len()) };
    let message = args.message.clone().unwrap_or(usual);
    let new = New {
        message: &message,
        revises: ids,
        depends_on: Vec::new(),
        labels: &args.names.branch_label,
        id: args.names.rev_id.as_deref(),
        folder: args.names.version_path.as_deref(),
        language: None,
    };
    write(session, &graph, &new)?;
    Ok(DONE)
}

fn refuse_unfit(graph: &Graph, parents: &[&Revision], splice: bool) -> Result<(), Failure> {
    if parents.len() < 2 {
        let heads: Vec<_> = graph.heads().map(|head| head.id.as_str()).collect();
        let failure = Failure::usage("a merge makes two revisions or more one");
        return Err(match heads.as_slice() {
            [] => failure.hint("`dunlin revision -m MESSAGE` writes the first one"),
            [head] => failure.hint(format!("there is nothing to merge: {head} is the only head")),
            heads => failure.hint(format!("`dunlin merge heads` merges {}", few(heads))),
        });
    }
    for parent in parents {
        if let Some(other) = parents.iter().find(|other| graph.comes_after(&parent.id, &other.id)) {
            return Err(Failure::usage(format!("revision {} comes after {} already", parent.id, other.id))
                .hint(format!("leave {} out", other.id)));
        }
    }
    for parent in parents {
        if !splice && let Some(child) = graph.children(&parent.id).next() {
            return Err(Failure::usage(format!(
                "revision {} isn't a head: {} revises it",
                parent.id, child.id
            ))
            .hint("add --splice if history shall divide there, or name its head"));
        }
    }
    Ok(())
}
