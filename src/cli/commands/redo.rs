//! `dunlin redo`.

use crate::cli::args::Redo;
use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Redo) -> Result<u8, Failure> {
    if args.plan {
        let plan =
            session.with_runner(Needs::Nothing, async |runner| runner.plan_redo(&args.target).await)?;
        session.output.plan(&plan)?;
        return Ok(DONE);
    }
    session.require_consent(args.force, "what is undone may lose what rows hold")?;
    let report = session.with_runner(Needs::Database, async |runner| runner.redo(&args.target).await)?;
    session.output.report(&report)?;
    Ok(DONE)
}
