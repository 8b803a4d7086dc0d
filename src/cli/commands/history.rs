//! `dunlin history`.

mod drawing;

use crate::cli::args::History;
use crate::cli::failure::Failure;
use crate::cli::listed::{Asking, Listed, about, file_of, marked, needed, placed, print_whole};
use crate::cli::output::details;
use crate::cli::session::{DONE, Session};
use drawing::draw;

pub(in crate::cli) fn run(session: &Session, args: &History) -> Result<u8, Failure> {
    let range = args.rev_range.as_deref().unwrap_or(":");
    if range.is_empty() {
        return Err(Failure::usage("the range is empty")
            .hint("leave -r out for all revisions; `ID:` is all from there on"));
    }
    if !range.contains(':') {
        return Err(Failure::usage(format!("{range} isn't a range"))
            .hint(format!("`{range}:` is all from there on, `:{range}` all up to there; `dunlin show {range}` shows one revision")));
    }
    // What a range says of the database alone makes it be asked.
    let asks = args.indicate_current || asks_database(range);
    let asking = match asks {
        true => Asking::new(session)?,
        false => Asking { graph: session.graph()?, statuses: Vec::new() },
    };
    let graph = &asking.graph;
    let mut revisions = graph.range(&asking.applied(), range)?;
    revisions.reverse();
    let status_of = |id: &str| asking.status(id).filter(|_| args.indicate_current);
    if session.output.json {
        let listed = revisions.iter().map(|revision| Listed::new(revision).asked(status_of(&revision.id)));
        session.output.value(&listed.collect::<Vec<_>>())?;
        return Ok(DONE);
    }
    if session.output.verbose && !args.graph {
        let whole = revisions.into_iter().map(|revision| (revision, status_of(&revision.id)));
        print_whole(session, graph, whole)?;
        return Ok(DONE);
    }
    if args.graph {
        revisions = graph.in_runs(&revisions);
    }
    let lanes = match args.graph {
        true => draw(revisions.iter().map(|revision| (revision.id.as_str(), revision.revises.as_slice()))),
        false => Vec::new(),
    };
    let mut lanes = lanes.into_iter();
    let current: Vec<_> = asking.current().iter().map(|status| status.id.as_str()).collect();
    for revision in &revisions {
        let status = status_of(&revision.id);
        let state = match status {
            Some(status) => format!("{:<8} ", status.state),
            None => String::new(),
        };
        let is_current = args.indicate_current && current.contains(&revision.id.as_str());
        let mark = if is_current { " (current)" } else { "" };
        let mut behind = format!("{mark}{}{}", needed(revision), about(revision));
        if session.output.verbose {
            let file = file_of(session, revision).map(|file| format!("  {file}"));
            let when = status.and_then(|status| Some(format!("  {}", status.applied_at.as_ref()?)));
            behind.extend(file.into_iter().chain(when).chain(status.map(details)));
        }
        match lanes.next() {
            Some(row) => {
                let line = format!("{} {state}{}{behind}", row.commit, marked(revision, graph));
                session.output.drawn(&line)?;
                row.below.iter().try_for_each(|below| session.output.drawn(below))?;
            }
            None => session.output.line(&format!("{state}{}{behind}", placed(revision, graph)))?,
        }
    }
    Ok(DONE)
}

/// Whether a range depends on what is applied: it names `current`, or steps that the other end doesn't begin.
fn asks_database(range: &str) -> bool {
    let (lower, upper) = range.split_once(':').unwrap_or((range, ""));
    let symbol = |end: &str| end.rsplit('@').next().unwrap_or_default().to_owned();
    let (lower, upper) = (symbol(lower), symbol(upper));
    let is_current = |end: &str| end.starts_with("current");
    is_current(&lower) || is_current(&upper) || lower.starts_with('+') || upper.starts_with('-')
}
