//! What needs no database.

use dunlin::prelude::*;

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
