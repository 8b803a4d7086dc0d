//! What tests of a project's migrations need.

use std::thread;

use dunlin_dialects::DatabaseUrl;
use dunlin_migrations::MigrationList;

use crate::verify::{Verdict, Verify};

/// Proves that every migration can be taken back: it goes up, down and up again, on a database that is made for it on the server that
/// `url` names, and removed again.
///
/// It passes for each that is [reversible](crate::Outcome::is_reversible); a migration that is known to lose something, or not
/// to go back at all, is judged by [`Verify`], which gives the verdicts. PostgreSQL is asked by `pg_dump`, which must be found
/// on the path.
///
/// ```
/// # use dunlin::prelude::*;
/// # struct Migrator;
/// # impl Migrations for Migrator {
/// #     fn migrations() -> MigrationList {
/// #         migrations![]
/// #     }
/// # }
/// # #[cfg(feature = "sqlite")]
/// dunlin::testing::assert_reversible(&Migrator::migrations(), "sqlite::memory:");
/// ```
///
/// # Panics
///
/// Where one isn't, or nothing can be told.
#[track_caller]
#[allow(clippy::panic, reason = "it is an assertion of a test")]
pub fn assert_reversible(list: &MigrationList, url: &str) {
    let url = DatabaseUrl::parse(url).unwrap_or_else(|error| panic!("{error}"));
    let shown = url.to_string();
    // Who calls may be at work in a runtime, in which no other one can begin.
    let verdicts = thread::scope(|scope| scope.spawn(|| verdicts(list, url)).join());
    let verdicts = match verdicts {
        Ok(Ok(verdicts)) => verdicts,
        Ok(Err(message)) => panic!("nothing can be told of the migrations on {shown}: {message}"),
        Err(panic) => std::panic::resume_unwind(panic),
    };
    let wrong: Vec<_> = verdicts.iter().filter(|verdict| !verdict.outcome.is_reversible()).collect();
    assert!(
        wrong.is_empty(),
        "{} of {} revisions aren't reversible on {shown}:\n{}",
        wrong.len(),
        verdicts.len(),
        wrong.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    );
}

fn verdicts(list: &MigrationList, url: DatabaseUrl) -> Result<Vec<Verdict>, String> {
    let work = Verify::new(list, url).run();
    block_on(work)?.map_err(|error| match error.hint() {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    })
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    Ok(runtime.map_err(|error| error.to_string())?.block_on(future))
}

#[cfg(not(any(feature = "postgres", feature = "mysql")))]
fn block_on<T>(future: impl Future<Output = T>) -> Result<T, String> {
    Ok(pollster::block_on(future))
}
