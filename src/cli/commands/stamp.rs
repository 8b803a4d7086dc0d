//! `dunlin stamp`.

use dunlin_migrations::{Direction, few};

use crate::cli::args::Stamp;
use crate::cli::failure::Failure;
use crate::cli::offline::{ends, refuse_range};
use crate::cli::session::{DONE, Needs, Session};

pub(in crate::cli) fn run(session: &Session, args: &Stamp) -> Result<u8, Failure> {
    let target = args.targets.join(",");
    if args.offline.sql {
        let (from, to) = ends(&target).unwrap_or(("base", &target));
        return session
            .script(&args.offline, async |offline, out| offline.stamp(from, to, args.purge, out).await);
    }
    refuse_range("stamp", &target)?;
    if session.asks_consent(args.force) {
        // What is no target is refused before anyone is asked.
        let changes = session
            .with_runner(Needs::Revisions, async |runner| runner.plan_stamp(&target, args.purge).await)?;
        let of = |asked| changes.iter().filter(move |(_, direction)| *direction == asked).map(|(id, _)| id);
        let said = [(Direction::Up, "applied"), (Direction::Down, "pending")].map(|(direction, what)| {
            let ids: Vec<_> = of(direction).collect();
            (!ids.is_empty()).then(|| format!("{} {what}", few(&ids)))
        });
        let said: Vec<_> = said.into_iter().flatten().collect();
        if !said.is_empty() {
            let what = format!("a stamp says what is applied, true or not: it calls {}", said.join(", and "));
            session.require_consent(&what)?;
        }
    }
    let report =
        session.with_runner(Needs::Database, async |runner| runner.stamp(&target, args.purge).await)?;
    session.output.stamped(&report)?;
    Ok(DONE)
}
