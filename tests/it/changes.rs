//! Random changes of random tables that have rows. After each of them
//!
//! - the server's own dump is that of the schema that was meant, made fresh in another database: what `apply` makes of the schema
//!   before, which no reader of ours has seen;
//! - every row is there, and every value that wasn't changed is what it was, the rows of tables that refer to the changed one and
//!   SQLite's hidden rowids too; what was changed or added has what the server gives when the same row is inserted there;
//! - what numbers rows goes on where it was;
//! - and a change that is refused has changed nothing.
//!
//! The seed is fixed; `PROPTEST_CASES` asks for more cases, and `DUNLIN_RANDOM_SEED` for the one that a failure names.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use dunlin::prelude::*;
use dunlin::{Connection, Kept, Runner, create_all};
use futures_util::FutureExt;

use self::follow::follow;
use self::rows::Rows;
use crate::dump::dump;
use crate::server::{Kind, TestDb, with_database};
use crate::whole::dice::Dice;
use crate::whole::operations::ids;
use crate::whole::{reversal, seeds};

mod branches;
mod follow;
pub(crate) mod operations;
mod rows;
pub(crate) mod schema;
mod texts;
mod values;

/// How many schemas are tried on a server: as many as take less than half a minute there.
fn cases(kind: Kind) -> usize {
    match kind {
        Kind::Sqlite => 150,
        _ => 20,
    }
}

/// How many changes are made to each of them, one on the other.
const CHANGES: usize = 4;

/// Why a change may be refused, in Dunlin's words, beside what is refused of any schema; anything else fails the test.
const REFUSED: [&str; 18] = [
    "divides no table with foreign keys",
    "have NULL in",
    "have the same",
    "don't meet check",
    "wouldn't stay what they are",
    "refer to rows",
    "has rows, and its new column",
    "a STRICT table has no type",
    "numbers no rows of a table WITHOUT ROWID",
    "numbers only a column that is the whole primary key",
    "nothing would keep that unique any more",
    ", which goes",
    "makes no column virtual",
    "has its column id, whose",
    "needs an index that begins with",
    "renames no column that an expression mentions",
    "has no key over all of",
    ", which numbers itself",
];

/// What PostgreSQL may refuse, in its own transaction: rows that don't fit (classes 22 and 23), and a type to which no cast leads.
const REFUSED_BY_POSTGRES: [&str; 11] = [
    "in index used as replica identity",
    "[22001]",
    "[22003]",
    "[22007]",
    "[22P02]",
    "[23502]",
    "[23503]",
    "[23505]",
    "[23514]",
    "[23P01]",
    "[42846]",
];

/// What became of the changes.
#[derive(Default)]
struct Tally {
    made: usize,
    refused: usize,
    rows: usize,
}

async fn change_tables_with_rows(db: &TestDb) {
    let (seeds, mut tally) = (seeds(cases(db.kind)), Tally::default());
    let failures =
        failures(db.kind, &seeds, async |here, seed| Case::run(here, seed, &mut tally).await).await;
    let Tally { made, refused, rows } = tally;
    assert!(
        failures.is_empty(),
        "{} of {} cases failed, in {made} changes of {rows} rows, {refused} more refused; DUNLIN_RANDOM_SEED repeats one\n\n{}",
        failures.len(),
        seeds.len(),
        failures.join("\n\n")
    );
    assert!(
        made >= 2 * seeds.len() || seeds.len() == 1,
        "only {made} changes were made, and {refused} refused"
    );
    assert!(rows >= 5 * made || seeds.len() == 1, "only {rows} rows were there in {made} changes");
}

mod rows_and_attributes_stay {
    use super::*;

    async fn run(kind: Kind) {
        with_database(kind, async |db| change_tables_with_rows(db).await).await;
    }

    #[tokio::test]
    async fn sqlite() {
        run(Kind::Sqlite).await;
    }

    #[tokio::test]
    async fn mariadb() {
        run(Kind::Mariadb).await;
    }

    #[tokio::test]
    async fn mysql() {
        run(Kind::Mysql).await;
    }

    #[tokio::test]
    async fn postgres15() {
        run(Kind::Postgres15).await;
    }

    #[tokio::test]
    async fn postgres18() {
        run(Kind::Postgres18).await;
    }
}

/// Runs a case for each seed, in a database of its own, and tells which fail.
async fn failures(kind: Kind, seeds: &[u64], mut case: impl AsyncFnMut(&TestDb, u64)) -> Vec<String> {
    let mut failures = Vec::new();
    for seed in seeds {
        let case = with_database(kind, async |here| case(here, *seed).await);
        if let Err(panic) = AssertUnwindSafe(case).catch_unwind().await {
            failures.push(format!("seed {seed}: {}", words(panic.as_ref())));
        }
    }
    failures
}

/// What a test says that failed.
fn words(panic: &(dyn Any + Send)) -> String {
    let owned = panic.downcast_ref::<String>().cloned();
    owned.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// A revision made of operations.
#[derive(Clone)]
struct Recorded {
    id: String,
    ops: Vec<Op>,
}

impl Migration for Recorded {
    fn id(&self) -> &str {
        &self.id
    }

    fn up(&self, op: &mut Ops) {
        self.ops.iter().for_each(|one| op.push(one.clone()));
    }
}

/// A database that is changed.
struct Case<'a> {
    here: &'a TestDb,
    /// What is meant, by `lower` and `apply` alone.
    model: Schema,
    done: Vec<Recorded>,
}

impl Case<'_> {
    async fn run(here: &TestDb, seed: u64, tally: &mut Tally) {
        let mut dice = Dice::new(seed, here.kind);
        let schema = schema::schema(&mut dice);
        let mut database = here.open().await;
        let conn = database.connection();
        let mut case = Case { here, model: Schema::new(), done: Vec::new() };
        hasten(conn).await;
        // With it comes the history, which then is part of every dump.
        case.up(conn, Recorded { id: "first".into(), ops: Vec::new() }).await.unwrap();
        create_all(conn, &schema).await.unwrap_or_else(|error| panic!("{error}\n{schema}"));
        case.model = lowered(conn, &schema).await;
        rows::fill(conn, &mut dice, &schema).await;
        for at in 0..CHANGES {
            dice.at = 1000 + at;
            let found = read(conn, &ids(&case.model)).await;
            let ops = operations::revision(&mut dice, &found);
            if !ops.is_empty() {
                case.change(conn, &found, Recorded { id: format!("revision_{at}"), ops }, tally).await;
            }
        }
    }

    async fn up(&mut self, conn: &mut dyn Connection, revision: Recorded) -> dunlin::Result<()> {
        let mut list = MigrationList::new();
        self.done.iter().cloned().for_each(|done| list.push(done));
        list.push(revision.clone());
        Runner::new(conn, &list).up().await?;
        self.done.push(revision);
        Ok(())
    }

    /// Makes one change, and looks at all that there is then.
    async fn change(
        &mut self,
        conn: &mut dyn Connection,
        found: &Schema,
        revision: Recorded,
        tally: &mut Tally,
    ) {
        let printed: Vec<_> = revision.ops.iter().map(ToString::to_string).collect();
        let what = printed.join("; ");
        let before = (dump(self.here, &[]).await, Rows::read(conn, found).await);
        let Some(ops) = lowered_ops(conn, &revision.ops, found).await else {
            tally.refused += 1;
            return;
        };
        if let Err(error) = self.up(conn, revision).await {
            tally.refused += 1;
            let text = format!("{what}: {error}\n{:?}\n{}", error.statement(), error.state());
            assert!(is_refusal(&error, self.here.kind), "{text}");
            assert_eq!(dump(self.here, &[]).await, before.0, "refused, and changed: {text}");
            assert_eq!(Rows::read(conn, found).await, before.1, "refused, and rows are changed: {text}");
            return;
        }
        tally.made += 1;
        tally.rows += before.1.count();
        for op in &ops {
            apply(&mut self.model, op).unwrap_or_else(|error| panic!("{what}: {error}"));
            texts::renamed(&mut self.model, op);
            // A type is what it is in the table as it then was: in SQLite's STRICT ones, `varchar(9)` is TEXT.
            let server = conn.server().await.unwrap();
            if self.here.kind == Kind::Sqlite
                && let Ok(lowered) = conn.dialect().lower(&self.model, &server)
            {
                self.model = lowered;
            }
        }
        if self.here.kind.is_postgres() && ops.iter().any(is_rename) {
            // It prints what stands elsewhere in words of its own.
            self.model = read(conn, &ids(&self.model)).await;
        }
        self.model = lowered(conn, &self.model).await;
        let model = &self.model;
        let after = Rows::read(conn, model).await;
        follow(&ops, &before.1, &after, found, model, &what);
        with_database(self.here.kind, async |made| {
            let mut database = made.open().await;
            let fresh = database.connection();
            hasten(fresh).await;
            Runner::new(fresh, &first()).up().await.unwrap();
            create_all(fresh, model)
                .await
                .unwrap_or_else(|error| panic!("{what}: made fresh: {error}\n{model}"));
            texts::same(self.here, made, &what).await;
            rows::refill(fresh, &ops, &before.1, found, model, &what).await;
            after.same_values(&Rows::read(fresh, model).await, &ops, &before.1, model, &what);
        })
        .await;
    }
}

/// A disk that is waited for is not what is tested.
async fn hasten(conn: &mut dyn Connection) {
    if conn.server().await.unwrap().dialect == DialectId::Sqlite {
        conn.execute("PRAGMA synchronous = OFF").await.unwrap();
    }
}

fn is_rename(op: &Op) -> bool {
    matches!(op, Op::RenameTable { .. } | Op::RenameColumn { .. } | Op::RenameObject { .. })
}

fn first() -> MigrationList {
    let mut list = MigrationList::new();
    list.push(Recorded { id: "first".into(), ops: Vec::new() });
    list
}

/// Whether an error is one that says beforehand that it won't be done, or PostgreSQL's own.
fn is_refusal(error: &dunlin::Error, kind: Kind) -> bool {
    let text = error.to_string();
    let by_server: &[&str] = if kind.is_postgres() { &REFUSED_BY_POSTGRES } else { &[] };
    let mut reasons = REFUSED.iter().chain(&reversal::REFUSED).chain(by_server);
    *error.kept() == Kept::Nothing && reasons.any(|reason| text.contains(reason))
}

async fn read(conn: &mut dyn Connection, ids: &[ObjectId]) -> Schema {
    conn.dialect().introspect(conn, ids).await.unwrap()
}

async fn lowered(conn: &mut dyn Connection, schema: &Schema) -> Schema {
    let server = conn.server().await.unwrap();
    conn.dialect().lower(schema, &server).unwrap()
}

async fn lowered_ops(conn: &mut dyn Connection, ops: &[Op], before: &Schema) -> Option<Vec<Op>> {
    let server = conn.server().await.unwrap();
    conn.dialect().lower_ops(ops, before, &server).ok()
}
