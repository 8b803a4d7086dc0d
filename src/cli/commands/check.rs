//! `dunlin check`.

use dunlin_migrations::{State, Status};

use crate::cli::failure::Failure;
use crate::cli::output::{EDITED, MISSING};
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session) -> Result<u8, Failure> {
    let output = session.output;
    let mut statuses = session.with_runner(Needs::Revisions, async |runner| runner.status().await)?;
    statuses.retain(|status| status.state != State::Applied);
    output.statuses(&statuses)?;
    for (state, what) in [(State::Edited, EDITED), (State::Missing, MISSING)] {
        let of_state = statuses.iter().filter(|status| status.state == state);
        let ids: Vec<_> = of_state.map(|status| status.id.as_str()).collect();
        if !ids.is_empty() {
            output.progress(&output.warning(what, &ids));
        }
    }
    let is_unlike = |status: &&Status| matches!(status.state, State::Edited | State::Missing);
    let unlike = statuses.iter().filter(is_unlike).count();
    let failed = statuses.iter().filter(|status| status.state == State::Failed).count();
    let message = match (statuses.as_slice(), statuses.len() - unlike) {
        ([], _) => {
            output.progress("nothing is pending");
            return Ok(DONE);
        }
        ([one], _) => format!("revision {} is {}", one.id, one.state),
        (_, 0) => format!("{unlike} revisions aren't what was applied"),
        (_, pending) if unlike == 0 && failed == 0 => format!("{pending} revisions are pending"),
        (_, pending) if unlike == 0 => {
            format!("{pending} revisions are pending, and {failed} of them failed")
        }
        (_, pending) => format!("{} pending, and {} what was applied", are(pending), arent(unlike)),
    };
    Err(Failure::found(message).state("nothing was changed").hint(hint(&statuses)))
}

fn are(count: usize) -> String {
    if count == 1 { "1 revision is".to_owned() } else { format!("{count} revisions are") }
}

fn arent(count: usize) -> String {
    if count == 1 { "1 isn't".to_owned() } else { format!("{count} aren't") }
}

/// What to do about the first of what was found, and about each that needs something else.
fn hint(statuses: &[Status]) -> String {
    let has = |is: fn(&Status) -> bool| statuses.iter().any(is);
    let mut hints = Vec::new();
    if let Some(half) = statuses.iter().find(|status| status.is_half_undone()) {
        hints.push(format!("`dunlin downgrade` goes on with the undo of {}", half.id));
    } else if has(|status| matches!(status.state, State::Pending | State::Late | State::Failed)) {
        let late = if has(|status| status.state == State::Late) { " --late apply" } else { "" };
        let failed = statuses.iter().find(|status| status.state == State::Failed);
        let correct = failed
            .map(|failed| format!("correct {}, whose error `dunlin status -v` tells; then ", failed.id));
        let correct = correct.unwrap_or_default();
        hints.push(format!("{correct}`dunlin upgrade heads{late}` applies all that is pending"));
    }
    if has(|status| status.state == State::Edited) {
        hints.push("put back what was edited, and change the schema by a new revision".to_owned());
    }
    if has(|status| status.state == State::Missing) {
        hints.push("bring back the files of what is missing here".to_owned());
    }
    hints.join("; ")
}
