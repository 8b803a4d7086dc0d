//! `dunlin completions`.

use clap::CommandFactory;
use serde_json::json;

use crate::cli::args::{Cli, Completions};
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::cli::session::DONE;

pub(in crate::cli) fn run(output: Output, args: &Completions) -> Result<u8, Failure> {
    let mut command = Cli::command();
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(args.shell, &mut command, name, &mut script);
    let script = String::from_utf8_lossy(&script);
    match output.json {
        true => output.value(&json!({ "shell": args.shell.to_string(), "script": script }))?,
        false => output.line(script.trim_end())?,
    }
    Ok(DONE)
}
