//! The command line with the shop's migrations; with `SHOP_SALE` set, with those of its sale too.

use std::process::ExitCode;

use dunlin_tests::{Sale, Shop};

fn main() -> ExitCode {
    match std::env::var_os("SHOP_SALE") {
        None => dunlin::cli::main::<Shop>(),
        Some(_) => dunlin::cli::main::<Sale>(),
    }
}
