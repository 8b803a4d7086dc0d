//! `dunlin show`.

use crate::cli::args::Show;
use crate::cli::failure::Failure;
use crate::cli::listed::{Asking, Listed, file_of, print_whole};
use crate::cli::session::{DONE, Session};

pub(in crate::cli) fn run(session: &Session, args: &Show) -> Result<u8, Failure> {
    let asking = Asking::if_asked(session, &args.revision)?;
    let graph = &asking.graph;
    let revisions = graph.find(&asking.applied(), &args.revision)?;
    if revisions.is_empty() {
        session.output.progress(&format!("no revision is at {}", args.revision));
    }
    if session.output.json {
        let listed = revisions.into_iter();
        let listed = listed
            .map(|revision| Listed::new(revision).with_children(graph).in_file(file_of(session, revision)));
        session.output.value(&listed.collect::<Vec<_>>())?;
        return Ok(DONE);
    }
    print_whole(session, graph, revisions.into_iter().map(|revision| (revision, None)))?;
    Ok(DONE)
}
