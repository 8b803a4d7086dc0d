//! `dunlin upgrade`.

use dunlin_migrations::Direction;

use crate::cli::args::Upgrade;
use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Upgrade) -> Result<u8, Failure> {
    if args.plan {
        let plan = session
            .with_runner(Needs::Revisions, async |runner| runner.plan(Direction::Up, &args.target).await)?;
        session.output.plan(&plan)?;
        return Ok(DONE);
    }
    let report = session.with_runner(Needs::Database, async |runner| runner.upgrade(&args.target).await)?;
    session.output.report(&report)?;
    Ok(DONE)
}
