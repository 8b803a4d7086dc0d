//! `dunlin stamp`.

use crate::cli::args::Stamp;
use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Stamp) -> Result<u8, Failure> {
    let target = args.targets.join(",");
    let report =
        session.with_runner(Needs::Database, async |runner| runner.stamp(&target, args.purge).await)?;
    session.output.stamped(&report)?;
    Ok(DONE)
}
