//! `dunlin branches`.

use crate::cli::failure::Failure;
use crate::cli::listed::{Listed, marked, print_whole};
use crate::cli::session::{DONE, Session};

pub(in crate::cli) fn run(session: &Session) -> Result<u8, Failure> {
    let graph = session.graph()?;
    let points = graph.revisions().iter().filter(|revision| graph.children(&revision.id).count() > 1);
    if session.output.json {
        let points = points.map(|revision| Listed::new(revision).with_children(&graph));
        session.output.value(&points.collect::<Vec<_>>())?;
        return Ok(DONE);
    }
    if session.output.verbose {
        print_whole(session, &graph, points.map(|point| (point, None)))?;
        return Ok(DONE);
    }
    for point in points {
        session.output.line(&marked(point, &graph))?;
        for child in graph.children(&point.id) {
            session.output.line(&format!("  -> {}", marked(child, &graph)))?;
        }
    }
    Ok(DONE)
}
