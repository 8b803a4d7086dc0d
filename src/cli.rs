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
mod output;
mod session;

use std::process::ExitCode;

use clap::Parser;
use dunlin_migrations::{MigrationList, Options};

use self::args::{Cli, Command, OnDatabase};
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
        Command::OnDatabase(command) => {
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

fn dispatch(session: &Session, command: OnDatabase) -> Result<u8, Failure> {
    match command {
        OnDatabase::Upgrade(args) => commands::upgrade::run(session, &args),
        OnDatabase::Downgrade(args) => commands::downgrade::run(session, &args),
        OnDatabase::Status => commands::status::run(session),
        OnDatabase::Stamp(args) => commands::stamp::run(session, &args),
        OnDatabase::Adopt(args) => commands::adopt::run(session, &args),
    }
}
