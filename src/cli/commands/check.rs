//! `dunlin check`.

use dunlin_migrations::State;

use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session) -> Result<u8, Failure> {
    let mut statuses = session.with_runner(Needs::Revisions, async |runner| runner.status().await)?;
    statuses.retain(|status| matches!(status.state, State::Pending | State::Late | State::Failed));
    session.output.statuses(&statuses)?;
    match statuses.as_slice() {
        [] => Ok(DONE),
        [status] => Err(pending(format!("revision {} is {}", status.id, status.state))),
        statuses => Err(pending(format!("{} revisions are pending", statuses.len()))),
    }
}

fn pending(message: String) -> Failure {
    Failure::found(message).hint("`dunlin upgrade heads` applies all that is pending")
}
