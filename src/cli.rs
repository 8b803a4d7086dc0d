//! The command line: `dunlin`, and a program of your own that knows your migrations.
//!
//! ```no_run
//! use dunlin::prelude::*;
//!
//! struct Migrator;
//!
//! impl Migrations for Migrator {
//!     fn migrations() -> MigrationList {
//!         migrations![]
//!     }
//! }
//!
//! fn main() -> std::process::ExitCode {
//!     dunlin::cli::main::<Migrator>()
//! }
//! ```
//!
//! Only here does Dunlin print, read the environment or choose an exit code: 0 done, 1 the run failed, 2 wrong usage or
//! configuration, 3 a check found something. Results go to stdout and all else to stderr; `--json` makes both JSON.

mod args;
mod commands;
mod config;
mod exit_code;
mod failure;
mod folder;
mod listed;
mod output;
mod session;

use std::process::ExitCode;

use clap::Parser;
use dunlin_migrations::{MigrationList, Options};

use self::args::{Cli, Command, InProject};
use self::failure::Failure;
use self::output::Output;
use self::session::Session;
use crate::Migrations;

/// Runs the command that the process was called with, on the migrations of `M`.
pub fn main<M: Migrations>() -> ExitCode {
    run(Cli::parse(), Some(Code { list: M::migrations(), options: M::options() }))
}

/// The same without any migrations of its own, on those in the project's folder of SQL files: `dunlin` itself.
pub fn main_without_code() -> ExitCode {
    run(Cli::parse(), None)
}

/// The migrations that a program brings.
struct Code {
    list: MigrationList,
    options: Options,
}

fn run(cli: Cli, code: Option<Code>) -> ExitCode {
    let output = Output { json: cli.global.json, quiet: cli.global.quiet };
    let outcome = match cli.command {
        Command::Init(args) => commands::init::run(&cli.global, &args, output),
        Command::Completions(args) => commands::completions::run(output, &args),
        Command::InProject(command) => {
            Session::new(cli.global, code, output).and_then(|session| dispatch(&session, command))
        }
    };
    match outcome {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            output.failure(&failure);
            ExitCode::from(failure.code())
        }
    }
}

fn dispatch(session: &Session, command: InProject) -> Result<u8, Failure> {
    match command {
        InProject::Upgrade(args) => commands::upgrade::run(session, &args),
        InProject::Downgrade(args) => commands::downgrade::run(session, &args),
        InProject::Status => commands::status::run(session),
        InProject::Stamp(args) => commands::stamp::run(session, &args),
        InProject::Adopt(args) => commands::adopt::run(session, &args),
        InProject::Revision(args) => commands::revision::run(session, &args),
        InProject::Merge(args) => commands::merge::run(session, &args),
        InProject::Redo(args) => commands::redo::run(session, &args),
        InProject::Edit(args) => commands::edit::run(session, &args),
        InProject::Show(args) => commands::show::run(session, &args),
        InProject::Heads => commands::heads::run(session),
        InProject::Current(args) => commands::current::run(session, &args),
        InProject::Branches => commands::branches::run(session),
        InProject::History(args) => commands::history::run(session, &args),
        InProject::Check => commands::check::run(session),
        InProject::EnsureVersion => commands::ensure_version::run(session),
    }
}
