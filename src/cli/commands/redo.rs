//! `dunlin redo`.

use crate::cli::args::Redo;
use crate::cli::failure::Failure;
use crate::cli::listed::refuse_count;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Redo) -> Result<u8, Failure> {
    refuse_count(session, "redo", &args.target)?;
    if args.plan {
        let plan =
            session.with_runner(Needs::Nothing, async |runner| runner.plan_redo(&args.target).await)?;
        session.output.plan(&plan)?;
        return Ok(DONE);
    }
    if session.asks_consent(args.force) {
        // What can't be undone is refused before anyone is asked.
        let plan =
            session.with_runner(Needs::Nothing, async |runner| runner.plan_redo(&args.target).await)?;
        session.require_consent_to_undo("a redo", &plan)?;
    }
    let report = session.with_runner(Needs::Database, async |runner| runner.redo(&args.target).await)?;
    session.output.report(&report)?;
    Ok(DONE)
}
