//! `dunlin show`.

use crate::cli::args::Show;
use crate::cli::failure::Failure;
use crate::cli::listed::{Asking, Listed, file_of, print_whole};
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
    print_whole(session, graph, revisions)?;
    Ok(DONE)
}
