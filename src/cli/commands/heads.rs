//! `dunlin heads`.

use dunlin_migrations::Revision;

use crate::cli::args::Heads;
use crate::cli::failure::Failure;
use crate::cli::listed::{Listed, about, print_whole};
use crate::cli::session::{DONE, Session};

pub(in crate::cli) fn run(session: &Session, args: &Heads) -> Result<u8, Failure> {
    let graph = session.graph()?;
    let heads: Vec<&Revision> = match args.resolve_dependencies {
        true => graph.final_heads().collect(),
        false => graph.heads().collect(),
    };
    if session.output.json {
        session.output.value(&heads.into_iter().map(Listed::new).collect::<Vec<_>>())?;
        return Ok(DONE);
    }
    if session.output.verbose {
        print_whole(session, &graph, heads.into_iter().map(|head| (head, None)))?;
        return Ok(DONE);
    }
    for head in heads {
        let branches: Vec<_> = graph.branches_of(&head.id).collect();
        let branches =
            if branches.is_empty() { String::new() } else { format!(" ({})", branches.join(", ")) };
        session.output.line(&format!("{}{branches}{}", head.id, about(head)))?;
    }
    Ok(DONE)
}
