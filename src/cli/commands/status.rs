//! `dunlin status`.

use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session) -> Result<u8, Failure> {
    let statuses = session.with_runner(Needs::Nothing, async |runner| runner.status().await)?;
    session.output.statuses(&statuses)?;
    Ok(DONE)
}
