//! `dunlin redo`.

use dunlin_migrations::Report;

use crate::cli::args::Redo;
use crate::cli::failure::Failure;
use crate::cli::listed::Asking;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Redo) -> Result<u8, Failure> {
    session.require_consent(args.force, "what is undone may lose what rows hold")?;
    // What couldn't be applied again isn't undone.
    let asking = Asking::new(session)?;
    let again = session.with_runner(Needs::Revisions, async |runner| {
        runner.plan(dunlin_migrations::Direction::Down, &args.target).await
    })?;
    let unknown = again.steps.iter().find(|step| asking.graph.get(&step.id).is_none());
    if let Some(step) = unknown {
        return Err(Failure::usage(format!(
            "revision {} is unknown here, and couldn't be applied again",
            step.id
        ))
        .state("nothing was changed")
        .hint("get its file, or undo it with `dunlin downgrade`"));
    }
    let (mut report, upgraded) = session.with_runner(Needs::Database, async |runner| {
        let report = runner.downgrade(&args.target).await?;
        let ids: Vec<_> = report.ids().map(str::to_owned).collect();
        let upgraded = match ids.is_empty() {
            true => Ok(Report::default()),
            false => runner.upgrade(&ids.join(",")).await,
        };
        Ok((report, upgraded))
    })?;
    match upgraded {
        Ok(upgraded) => report.done.extend(upgraded.done),
        Err(error) => {
            let done: Vec<_> = error.report().ids().map(str::to_owned).collect();
            let left: Vec<_> = report.ids().filter(|id| !done.iter().any(|done| done == id)).collect();
            let state = format!("undone, and not applied again: {}", left.join(", "));
            return Err(Failure::from(error).and_state(&state));
        }
    }
    session.output.report(&report)?;
    Ok(DONE)
}
