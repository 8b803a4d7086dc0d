//! The `dunlin` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    dunlin::cli::main_without_code()
}
