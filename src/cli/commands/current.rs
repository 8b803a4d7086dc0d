//! `dunlin current`.

use dunlin_migrations::State;

use crate::cli::args::Current;
use crate::cli::failure::Failure;
use crate::cli::listed::{Asking, marked, print_whole};
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
        let known = current.iter().filter_map(|status| asking.graph.get(&status.id));
        print_whole(session, &asking.graph, known)?;
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
        return Err(Failure::found(format!("{noun} {} not applied", behind.join(", ")))
            .state("nothing was changed")
            .hint("`dunlin upgrade heads` applies all that is pending"));
    }
    Ok(DONE)
}
