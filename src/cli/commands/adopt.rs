//! `dunlin adopt`.

use dunlin_dsl::Name;
use dunlin_migrations::adopt::{AdoptError, Tool};

use crate::cli::args::Adopt;
use crate::cli::failure::Failure;
use crate::cli::session::{DONE, Session};

pub(in crate::cli) fn run(session: &Session, args: &Adopt) -> Result<u8, Failure> {
    let tool: Tool = args.from.parse().map_err(|error: AdoptError| {
        Failure::usage(error.to_string()).hint(error.hint().unwrap_or_default())
    })?;
    let table = args.table.as_deref().map(|table| match table.split_once('.') {
        Some((schema, table)) => Name::from((schema, table)),
        None => Name::from(table),
    });
    let table = table.as_ref();
    let adoption = session.with_listing(tool.format(), async |runner, listing| match args.dry_run {
        true => runner.compare_with(tool, table, listing).await,
        false => runner.adopt(tool, table, listing).await,
    })?;
    session.output.adoption(&adoption)?;
    Ok(DONE)
}
