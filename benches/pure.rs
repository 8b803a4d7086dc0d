//! What needs no database.

use dunlin::prelude::*;
use dunlin::{Graph, Revision};

use crate::{REPEATS, Result, line, revisions, timed};

/// Records the revisions and applies their operations to an empty schema.
pub(crate) fn replay(count: usize) -> Result<()> {
    let mut quickest = None;
    for _ in 0..REPEATS {
        let list = revisions::list(count);
        let (time, replayed) = timed(|| {
            let mut schema = Schema::new();
            for migration in list.iter() {
                let mut op = Ops::new();
                migration.up(&mut op);
                for op in op.finish()?.ops {
                    apply(&mut schema, &op)?;
                }
            }
            Result::Ok(schema)
        });
        assert_eq!(replayed?.tables.len(), count);
        quickest = quickest.into_iter().chain([time]).min();
    }
    line("replay of one-table revisions", count, quickest.unwrap_or_default(), None);
    Ok(())
}

/// Renders a schema's creation, for every dialect.
pub(crate) fn render(count: usize) -> Result<()> {
    let mut op = Ops::new();
    for migration in revisions::list(count).iter() {
        migration.up(&mut op);
    }
    let ops = op.finish()?.ops;
    let servers = [
        (DialectId::Sqlite, Version::new(3, 45, 0)),
        (DialectId::Postgres, Version::new(18, 0, 0)),
        (DialectId::Mysql, Version::new(8, 4, 0)),
        (DialectId::Mariadb, Version::new(11, 4, 0)),
    ];
    for (dialect, version) in servers {
        let server = Server::new(dialect, version);
        let mut quickest = None;
        for _ in 0..REPEATS {
            let (time, rendered) = timed(|| dunlin::dialect(dialect).render(&ops, &Schema::new(), &server));
            assert_eq!(rendered?.len(), count);
            quickest = quickest.into_iter().chain([time]).min();
        }
        line(&format!("render tables for {}", dialect.title()), count, quickest.unwrap_or_default(), None);
    }
    Ok(())
}

/// Checks a graph in which each tenth revision merges a branch of its own, and asks it all that a run asks.
pub(crate) fn graph(count: usize) -> Result<()> {
    let id = |number: usize| format!("{number:06}_revision");
    let revisions: Vec<_> = (0..count)
        .map(|number| {
            let parents = match number % 10 {
                _ if number == 0 => Vec::new(),
                // The branch leaves the line nine revisions ago, and the line goes on beside it.
                5 => vec![id(number - 5)],
                6 => vec![id(number - 2)],
                9 => vec![id(number - 1), id(number - 4)],
                _ => vec![id(number - 1)],
            };
            Revision { id: id(number), revises: parents, ..Revision::default() }
        })
        .collect();
    let ids: Vec<_> = revisions.iter().map(|revision| revision.id.clone()).collect();
    let applied: Vec<&str> = ids.iter().take(count / 2).map(String::as_str).collect();
    let mut quickest = None;
    for _ in 0..REPEATS {
        let revisions = revisions.clone();
        let (time, found) = timed(|| {
            let graph = Graph::new(revisions)?;
            let up = graph.upgrade_path(&applied, "heads")?.len();
            let down = graph.downgrade_path(&applied, "base")?.len();
            let late = graph.late(&applied).count();
            let history = graph.range(&applied, "base:heads")?.len();
            Result::Ok((up, down, late, history, graph.heads().count()))
        });
        assert_eq!(found?, (count - count / 2, count / 2, 0, count, 1));
        quickest = quickest.into_iter().chain([time]).min();
    }
    line("graph: check, paths, late, history", count, quickest.unwrap_or_default(), None);
    Ok(())
}
