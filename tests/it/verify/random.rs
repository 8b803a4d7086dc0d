//! Random migrations of random tables, whose ways down are all derived: what is exact must not be called broken.

use dunlin::prelude::*;
use dunlin::{Outcome, Runner, creation_ops};

use super::{shown, verify};
use crate::changes::{operations, schema};
use crate::server::{Kind, TestDb, with_database};
use crate::whole::dice::Dice;
use crate::whole::operations::ids;
use crate::whole::seeds;

/// As many as take a few seconds there.
fn cases(kind: Kind) -> usize {
    match kind {
        Kind::Sqlite => 60,
        Kind::Postgres15 | Kind::Postgres18 => 3,
        _ => 5,
    }
}

/// How many revisions each list has beside the first.
const REVISIONS: usize = 4;

#[derive(Clone)]
struct Recorded(String, Vec<Op>);

impl Migration for Recorded {
    fn id(&self) -> &str {
        &self.0
    }

    fn up(&self, op: &mut Ops) {
        self.1.iter().for_each(|one| op.push(one.clone()));
    }
}

/// Revisions that can be applied where there are no rows, and the schema with which they begin.
async fn revisions(db: &TestDb, seed: u64) -> MigrationList {
    let mut dice = Dice::new(seed, db.kind);
    let first = schema::schema(&mut dice);
    let mut database = db.open().await;
    let conn = database.connection();
    let mut list = migrations![Recorded("first".into(), creation_ops(&first))];
    Runner::new(conn, &list).up().await.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{first}"));
    let mut model = first;
    for at in 0..REVISIONS {
        dice.at = 1000 + at;
        let found = conn.dialect().introspect(conn, &ids(&model)).await.unwrap();
        let ops = operations::revision(&mut dice, &found);
        let longer = list.clone().with(Recorded(format!("revision_{at}"), ops.clone()));
        if ops.is_empty() || Runner::new(conn, &longer).up().await.is_err() {
            // A revision that failed where DDL has no transactions is in the way of the next.
            if !db.kind.is_transactional() {
                break;
            }
            continue;
        }
        model = found;
        ops.iter().for_each(|op| _ = apply(&mut model, op));
        list = longer;
    }
    list
}

async fn no_exact_one_is_called_broken(kind: Kind) {
    let seeds = seeds(cases(kind));
    let (mut exact, mut all, mut failures) = (0, 0, Vec::new());
    for seed in &seeds {
        with_database(kind, async |db| {
            let list = revisions(db, *seed).await;
            let found = verify(db, &list).await;
            all += found.len();
            exact += found.iter().filter(|verdict| verdict.outcome == Outcome::Exact).count();
            if found.iter().any(|verdict| verdict.outcome.is_broken()) {
                failures.push(format!("seed {seed}: {:#?}", shown(&found)));
            }
        })
        .await;
    }
    assert!(failures.is_empty(), "{} of {} failed\n{}", failures.len(), seeds.len(), failures.join("\n"));
    assert!(2 * exact > all, "{exact} of {all} are exact");
}

mod no_exact_migration_is_called_broken {
    use super::*;

    #[tokio::test]
    async fn sqlite() {
        no_exact_one_is_called_broken(Kind::Sqlite).await;
    }

    #[tokio::test]
    async fn postgres18() {
        no_exact_one_is_called_broken(Kind::Postgres18).await;
    }

    #[tokio::test]
    async fn mariadb() {
        no_exact_one_is_called_broken(Kind::Mariadb).await;
    }

    #[tokio::test]
    async fn mysql() {
        no_exact_one_is_called_broken(Kind::Mysql).await;
    }
}
