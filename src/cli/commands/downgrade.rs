//! `dunlin downgrade`.

use dunlin_migrations::Direction;

use crate::cli::args::Downgrade;
use crate::cli::failure::Failure;
use crate::cli::listed::refuse_count;
use crate::cli::offline::{ends, refuse_range};
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Downgrade) -> Result<u8, Failure> {
    if args.offline.sql {
        let (from, to) = ends(&args.target).ok_or_else(|| {
            Failure::usage("SQL that undoes revisions needs to know which are applied")
                .state("nothing was written")
                .hint("name both ends, FROM:TO, as in `dunlin downgrade head:base --sql`")
        })?;
        return session.script(&args.offline, async |offline, out| offline.downgrade(from, to, out).await);
    }
    refuse_range("downgrade", &args.target)?;
    refuse_count(session, "downgrade", &args.target)?;
    if args.plan {
        let plan = session
            .with_runner(Needs::Nothing, async |runner| runner.plan(Direction::Down, &args.target).await)?;
        session.output.plan(&plan)?;
        return Ok(DONE);
    }
    if session.asks_consent(args.force || args.dry_run) {
        // What can't be undone is refused before anyone is asked.
        let plan = session
            .with_runner(Needs::Nothing, async |runner| runner.plan(Direction::Down, &args.target).await)?;
        session.require_consent_to_undo("a downgrade", &plan)?;
    }
    let report = session.with_runner(Needs::Nothing, async |runner| runner.downgrade(&args.target).await)?;
    session.output.report(&report)?;
    Ok(DONE)
}
