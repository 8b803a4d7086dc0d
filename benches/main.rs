//! Benchmarks of Dunlin. Each prints three sizes, so that growth shows: `cargo run --release -p dunlin-benches`.
#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::error::Error;
use std::time::Instant;

use dunlin::prelude::*;

fn main() -> Result<(), Box<dyn Error>> {
    println!("{:<40} {:>8} {:>12}", "replay of one-table revisions", "count", "ms");
    for count in [100, 1_000, 10_000] {
        let start = Instant::now();
        let mut schema = Schema::new();
        for number in 0..count {
            let mut op = Ops::new();
            op.create_table(format!("table_{number}"))
                .col("id", bigint().primary_key())
                .col("name", varchar(255).not_null().unique());
            for op in op.finish()?.ops {
                apply(&mut schema, &op)?;
            }
        }
        println!(
            "{:<40} {:>8} {:>12.2}",
            "record and apply",
            schema.tables.len(),
            start.elapsed().as_secs_f64() * 1e3
        );
    }
    Ok(())
}
