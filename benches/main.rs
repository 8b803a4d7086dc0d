//! Benchmarks of Dunlin. Each prints three sizes, so that growth shows, and beside what goes to a database stands the floor:
//! the bare driver sending the very same statements in the same flights, measured in the same run.
//!
//! ```sh
//! cargo run --release -p dunlin-benches               # needs DUNLIN_TEST_POSTGRES15_URL for PostgreSQL
//! cargo run -p dunlin-benches -- --smallest           # one size each, to see that all of it works
//! ```
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod database;
mod folder;
mod memory;
mod pure;
mod rebuild;
mod revisions;
mod script;

use std::error::Error;
use std::time::{Duration, Instant};

use dunlin::script::layout::Format;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How often each thing is done; the quickest counts, for whatever else the machine does only makes it slower.
const REPEATS: usize = 3;

fn main() -> Result<()> {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    let smallest = has("--smallest");
    let sizes = |sizes: [usize; 3]| if smallest { sizes[..1].to_vec() } else { sizes.to_vec() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("{:<44} {:>7} {:>11} {:>11} {:>7}", "what", "count", "dunlin ms", "floor ms", "ratio");
    // First, for what later ones take of memory isn't given back.
    for mib in sizes([1, 64, 1_024]) {
        runtime.block_on(script::sqlite(mib))?;
    }
    for rows in sizes([10_000, 1_000_000, 10_000_000]) {
        runtime.block_on(rebuild::sqlite(rows))?;
    }
    for count in sizes([100, 1_000, 10_000]) {
        pure::graph(count)?;
    }
    for count in sizes([100, 1_000, 10_000]) {
        pure::replay(count)?;
    }
    for count in sizes([100, 1_000, 10_000]) {
        pure::render(count)?;
    }
    for count in sizes([100, 1_000, 3_000]) {
        runtime.block_on(database::sqlite_up(count))?;
    }
    for count in sizes([100, 1_000, 10_000]) {
        runtime.block_on(database::sqlite_nothing_to_do(count))?;
    }
    for format in [Format::Dunlin, Format::Goose] {
        for count in sizes([100, 1_000, 10_000]) {
            runtime.block_on(folder::sqlite_status(format, count))?;
        }
    }
    match std::env::var("DUNLIN_TEST_POSTGRES15_URL") {
        Ok(url) => {
            for count in sizes([100, 1_000, 3_000]) {
                runtime.block_on(database::postgres_up(&url, count))?;
            }
            for count in sizes([100, 1_000, 10_000]) {
                runtime.block_on(database::postgres_nothing_to_do(&url, count))?;
            }
            for mib in sizes([1, 64, 1_024]) {
                runtime.block_on(script::postgres(&url, mib))?;
            }
        }
        Err(_) => println!(
            "PostgreSQL wasn't measured: DUNLIN_TEST_POSTGRES15_URL isn't set (scripts/servers env tells it)"
        ),
    }
    Ok(())
}

/// Prints one line.
fn line(what: &str, count: usize, dunlin: Duration, floor: Option<Duration>) {
    let ms = |duration: Duration| duration.as_secs_f64() * 1e3;
    match floor {
        Some(floor) => println!(
            "{what:<44} {count:>7} {:>11.2} {:>11.2} {:>7.2}",
            ms(dunlin),
            ms(floor),
            dunlin.as_secs_f64() / floor.as_secs_f64()
        ),
        None => println!("{what:<44} {count:>7} {:>11.2} {:>11} {:>7}", ms(dunlin), "-", "-"),
    }
}

/// How long something takes, and what it gives.
fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let value = work();
    (start.elapsed(), value)
}
