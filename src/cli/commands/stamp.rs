//! `dunlin stamp`.

use crate::cli::args::Stamp;
use crate::cli::failure::Failure;
use crate::cli::offline::{ends, refuse_range};
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Stamp) -> Result<u8, Failure> {
    let target = args.targets.join(",");
    if args.offline.sql {
        let (from, to) = ends(&target).unwrap_or(("base", &target));
        return session
            .script(&args.offline, async |offline, out| offline.stamp(from, to, args.purge, out).await);
    }
    refuse_range("stamp", &target)?;
    session.require_consent(args.force, "a stamp says what is applied there, true or not")?;
    let report =
        session.with_runner(Needs::Database, async |runner| runner.stamp(&target, args.purge).await)?;
    session.output.stamped(&report)?;
    Ok(DONE)
}
