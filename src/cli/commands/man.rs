//! `dunlin man`.

use clap::CommandFactory;
use serde_json::json;

use crate::cli::args::{Cli, Man};
use crate::cli::failure::Failure;
use crate::cli::output::{Output, unwritten};
use crate::cli::session::DONE;

pub(in crate::cli) fn run(output: Output, args: &Man) -> Result<u8, Failure> {
    match &args.folder {
        None => {
            let mut page = Vec::new();
            let rendered = clap_mangen::Man::new(Cli::command()).render(&mut page);
            rendered.map_err(|error| unwritten(&error))?;
            let page = String::from_utf8_lossy(&page);
            match output.json {
                true => output.value(&json!({ "page": page }))?,
                false => output.line(page.trim_end())?,
            }
        }
        Some(folder) => {
            clap_mangen::generate_to(Cli::command(), folder).map_err(|error| {
                Failure::run(format!("failed to write manual pages into {}: {error}", folder.display()))
                    .state("some of them may be there")
                    .hint("name a folder that is there and can be written to")
            })?;
            match output.json {
                true => output.value(&json!({ "folder": folder }))?,
                false => output.line(&format!("wrote manual pages into {}", folder.display()))?,
            }
        }
    }
    Ok(DONE)
}
