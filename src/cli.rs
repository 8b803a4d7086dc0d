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
//! `dunlin init --rust` makes a crate with such a program, which `dunlin` builds and calls by itself. A program that has
//! commands of its own takes all of these below one of them, with clap 4:
//!
//! ```
//! use std::process::ExitCode;
//!
//! use clap::{Parser, Subcommand};
//! # use dunlin::prelude::*;
//! # struct Migrator;
//! # impl Migrations for Migrator {
//! #     fn migrations() -> MigrationList {
//! #         migrations![]
//! #     }
//! # }
//!
//! #[derive(Parser)]
//! struct Shop {
//!     #[command(subcommand)]
//!     command: Command,
//! }
//!
//! #[derive(Subcommand)]
//! enum Command {
//!     /// Serve the shop
//!     Serve,
//!     /// Change the database's schema
//!     Db(dunlin::cli::Cli),
//! }
//!
//! fn run(shop: Shop) -> ExitCode {
//!     match shop.command {
//!         Command::Serve => ExitCode::SUCCESS,
//!         Command::Db(cli) => cli.called("shop db").run::<Migrator>(),
//!     }
//! }
//!
//! // As typed: shop db --url sqlite://shop.db heads
//! let done = run(Shop::parse_from(["shop", "db", "--url", "sqlite://shop.db", "heads"]));
//! assert_eq!(done, ExitCode::SUCCESS);
//! ```
//!
//! Only here does Dunlin print, read the environment or choose an exit code: 0 done, 1 the run failed, 2 wrong usage or
//! configuration, 3 a check found something. Results go to stdout and all else to stderr; `--json` makes both JSON.

mod args;
mod commands;
mod config;
mod cut;
mod exit_code;
mod failure;
mod folder;
mod interrupt;
mod listed;
mod offline;
mod output;
mod program;
mod progress;
mod secret;
mod session;
mod usage;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use dunlin_migrations::{MigrationList, Options};

pub use self::args::Cli;
use self::args::{Command, InProject};
use self::failure::Failure;
use self::output::Output;
use self::session::Session;
use crate::Migrations;

/// Runs the command that the process was called with, on the migrations of `M`.
pub fn main<M: Migrations>() -> ExitCode {
    parse_and_run(|cli| cli.run::<M>())
}

/// `dunlin` itself, which has no migrations of its own: those are in the project's folder of SQL files, or in the project's
/// program, which it builds and calls.
#[doc(hidden)]
pub fn main_without_code() -> ExitCode {
    program::call().unwrap_or_else(|| parse_and_run(|cli| run(cli, None)))
}

impl Cli {
    /// The same, with the words that stand before a command: hints say `shop db upgrade` then, in place of `dunlin upgrade`.
    #[must_use]
    pub fn called(self, program: &'static str) -> Self {
        Self { program: Some(program), ..self }
    }

    /// Runs the command that was read, on the migrations of `M`.
    pub fn run<M: Migrations>(self) -> ExitCode {
        run(self, Some(Code { list: M::migrations(), options: M::options() }))
    }
}

/// The migrations that a program brings.
struct Code {
    list: MigrationList,
    options: Options,
}

fn parse_and_run(run: impl FnOnce(Cli) -> ExitCode) -> ExitCode {
    match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(error) => {
            let words: Vec<_> = std::env::args_os().skip(1).collect();
            // What couldn't be read may still say how it wants to be answered.
            let json = words.iter().any(|word| word == "--json");
            let is_help = !json && error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand;
            match error.use_stderr() && !is_help {
                true => Output::new(json, false, false).failure(&usage::failure(&error, &words)),
                // A reader that went away early is no failure.
                false => drop(error.print()),
            }
            ExitCode::from(if error.use_stderr() { exit_code::USAGE } else { exit_code::DONE })
        }
    }
}

fn run(cli: Cli, code: Option<Code>) -> ExitCode {
    let output = Output::new(cli.global.json, cli.global.quiet, cli.global.verbose);
    let output = cli.program.map_or(output, |program| output.called(program));
    let outcome = match cli.command {
        Command::Init(args) => commands::init::run(&cli.global, &args, output),
        Command::Completions(args) => commands::completions::run(output, &args),
        Command::Man(args) => commands::man::run(output, &args),
        Command::InProject(command) => {
            Session::new(cli.global, code, output).and_then(|session| dispatch(session, command))
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

fn dispatch(session: Session, command: InProject) -> Result<u8, Failure> {
    let is_dry_run = match &command {
        InProject::Upgrade(args) => args.dry_run,
        InProject::Downgrade(args) => args.dry_run,
        _ => false,
    };
    let late = match &command {
        InProject::Upgrade(args) => args.late,
        _ => None,
    };
    let session = &session.dry_run(is_dry_run).late(late);
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
        InProject::Heads(args) => commands::heads::run(session, &args),
        InProject::Current(args) => commands::current::run(session, &args),
        InProject::Branches => commands::branches::run(session),
        InProject::History(args) => commands::history::run(session, &args),
        InProject::Check => commands::check::run(session),
        InProject::Verify(args) => commands::verify::run(session, &args),
        InProject::EnsureVersion(args) => commands::ensure_version::run(session, &args),
    }
}
