//! `dunlin ensure_version`.

use serde_json::json;

use crate::cli::args::EnsureVersion;
use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &EnsureVersion) -> Result<u8, Failure> {
    if args.offline.sql {
        return session.script(&args.offline, async |offline, out| {
            offline.ensure_version(out).await.map(|()| Vec::new())
        });
    }
    let created = session.with_runner(Needs::Tables, async |runner| runner.ensure_version().await)?;
    match session.output.json {
        true => session.output.value(&json!({ "created": created }))?,
        false => {
            session.output.line(if created { "created Dunlin's own tables" } else { "nothing to do" })?
        }
    }
    Ok(DONE)
}
