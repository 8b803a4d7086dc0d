//! `dunlin adopt`.

use std::fs;
use std::path::PathBuf;

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
    let ignored_chars = match tool {
        Tool::Sqlx => ignored_chars(session.folder()?.paths())?,
        _ => String::new(),
    };
    // Files of SQL may stand in place of programs.
    let format = Some(tool.format()).filter(|format| format.programs().is_none());
    let adoption = session.with_listing(format, async |runner, mut listing| {
        listing.ignored_chars = ignored_chars;
        let listing = &listing;
        match args.dry_run {
            true => runner.compare_with(tool, table, listing).await,
            false => runner.adopt(tool, table, listing).await,
        }
    })?;
    session.output.adoption(&adoption, !args.dry_run)?;
    if args.dry_run {
        // What the run itself would refuse.
        adoption.fits(tool)?;
    }
    Ok(DONE)
}

/// The characters that `sqlx.toml` has left out of checksums. It stands beside a folder of migrations, or here.
fn ignored_chars(folders: &[PathBuf]) -> Result<String, Failure> {
    let beside = folders.iter().map(|folder| folder.parent().unwrap_or(folder).join("sqlx.toml"));
    let Some((path, text)) = beside
        .chain(["sqlx.toml".into()])
        .find_map(|path| fs::read_to_string(&path).ok().map(|text| (path, text)))
    else {
        return Ok(String::new());
    };
    let table: toml::Table = toml::from_str(&text).map_err(|error| {
        Failure::usage(format!("failed to read {}: {}", path.display(), error.to_string().trim_end()))
            .hint("mend it, or move it away")
    })?;
    let chars = table.get("migrate").and_then(|table| table.get("ignored-chars")?.as_array());
    Ok(chars.into_iter().flatten().filter_map(toml::Value::as_str).collect())
}
