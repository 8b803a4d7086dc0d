//! `dunlin current`.

use dunlin_migrations::{State, few};

use crate::cli::args::Current;
use crate::cli::failure::Failure;
use crate::cli::listed::{Asking, marked, print_applied};
use crate::cli::session::{DONE, Session};

pub(in crate::cli) fn run(session: &Session, args: &Current) -> Result<u8, Failure> {
    let asking = Asking::new(session)?;
    let current = asking.current();
    if current.is_empty() {
        session.output.progress("nothing is applied");
    }
    if session.output.json {
        session.output.value(&current)?;
    } else if session.output.verbose {
        print_applied(session, &asking.graph, &current)?;
    } else {
        for status in &current {
            let shown = match asking.graph.get(&status.id) {
                Some(revision) => marked(revision, &asking.graph),
                None => format!("{} ({})", status.id, State::Missing),
            };
            session.output.line(&shown)?;
        }
    }
    let applied = asking.applied();
    let behind = asking.graph.heads().map(|head| head.id.as_str());
    let behind: Vec<_> = behind.filter(|head| !applied.contains(head)).collect();
    if args.check_heads && !behind.is_empty() {
        let noun = if behind.len() == 1 { "head" } else { "heads" };
        return Err(Failure::found(format!("{noun} {} not applied", few(&behind)))
            .state("nothing was changed")
            .hint("`dunlin upgrade heads` applies all that is pending"));
    }
    Ok(DONE)
}
