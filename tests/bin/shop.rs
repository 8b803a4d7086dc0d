//! The command line with the shop's migrations.

use std::process::ExitCode;

fn main() -> ExitCode {
    dunlin::cli::main::<dunlin_tests::Shop>()
}
