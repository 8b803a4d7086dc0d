//! `dunlin ensure_version`.

use serde_json::json;

use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session) -> Result<u8, Failure> {
    let created = session.with_runner(Needs::Tables, async |runner| runner.ensure_version().await)?;
    match session.output.json {
        true => session.output.value(&json!({ "created": created }))?,
        false => {
            session.output.line(if created { "created Dunlin's own tables" } else { "nothing to do" })?
        }
    }
    Ok(DONE)
}
