//! `dunlin upgrade`.

use dunlin_migrations::Direction;

use crate::cli::args::Upgrade;
use crate::cli::failure::Failure;
use crate::cli::offline::{ends, refuse_range};
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Upgrade) -> Result<u8, Failure> {
    if args.offline.sql {
        let (from, to) = ends(&args.target).unwrap_or(("base", &args.target));
        return session.script(&args.offline, async |offline, out| offline.upgrade(from, to, out).await);
    }
    refuse_range("upgrade", &args.target)?;
    if args.plan {
        let plan = session
            .with_runner(Needs::Revisions, async |runner| runner.plan(Direction::Up, &args.target).await)?;
        session.output.plan(&plan)?;
        return Ok(DONE);
    }
    // A dry run creates no database file either.
    let needs = if args.dry_run { Needs::Revisions } else { Needs::Database };
    let report = session.with_runner(needs, async |runner| runner.upgrade(&args.target).await)?;
    session.output.report(&report)?;
    Ok(DONE)
}
