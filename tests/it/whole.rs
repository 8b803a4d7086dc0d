//! Random schemas with everything that is modelled: created on every server they read back as they were lowered; what is
//! done to one of them is undone; created anew from what was read they are the same; and dropped they leave nothing.
//!
//! The texts of bodies are such as the servers themselves would write, where a server writes them anew. The seeds are fixed;
//! `PROPTEST_CASES` asks for more of them, `DUNLIN_RANDOM_SKIP` leaves out the first ones, and `DUNLIN_RANDOM_SEED` asks for
//! the one that a failure names. All are tried, whatever becomes of one.

use std::any::Any;
use std::panic::AssertUnwindSafe;

use dunlin::prelude::*;
use dunlin::{Connection, MigrationList, Runner, create_all, drop_all};
use futures_util::FutureExt;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use self::dice::Dice;
use self::operations::{ids, revision};
use self::reversal::{Recorded, has_way_back};
use self::same::{same, same_dump};
use crate::dump::dump;
use crate::on_every_server;
use crate::server::{Kind, TestDb, sorted, with_database};

pub(crate) mod dice;
pub(crate) mod kinds;
pub(crate) mod operations;
mod postgres;
pub(crate) mod reversal;
pub(crate) mod same;
pub(crate) mod table;

/// How many schemas are tried on each server.
const CASES: usize = 8;

/// How many revisions are done and undone on each of them.
const REVISIONS: usize = 4;

/// The kinds of object that a server has.
fn kinds(kind: Kind) -> Vec<kinds::Add> {
    use self::kinds as of;
    let everywhere: [of::Add; 4] = [table::full_table, table::referring, of::views, of::renaming_view];
    let own: &[of::Add] = match kind {
        Kind::Sqlite => &[of::body_triggers, of::instead_trigger, of::numbered_table],
        Kind::Mysql => &[
            of::body_triggers,
            of::sql_routine,
            of::scheduled_event,
            of::divided_table,
            of::numbered_table,
            of::granted,
            of::own_database,
        ],
        Kind::Mariadb => &[
            of::body_triggers,
            of::sql_routine,
            of::scheduled_event,
            of::divided_table,
            of::numbered_table,
            of::granted,
            of::own_database,
            of::own_sequence,
        ],
        Kind::Postgres15 | Kind::Postgres18 => &postgres::KINDS,
    };
    let more: &[of::Add] = if kind.is_postgres() { &[of::own_sequence, table::full_table] } else { &[] };
    everywhere.iter().chain(own).chain(more).copied().collect()
}

/// A schema of some objects of any kinds.
fn schema(dice: &mut Dice) -> Schema {
    let kinds = kinds(dice.kind);
    let mut schema = Schema::new();
    for at in 0..3 + dice.below(9) {
        dice.at = at;
        schema = dice.pick(&kinds)(dice, schema);
    }
    schema
}

/// The seeds of so many cases, of which each is a schema and what is done to it.
pub(crate) fn seeds(cases: usize) -> Vec<u64> {
    let given = |variable| std::env::var(variable).ok().and_then(|number| number.parse().ok());
    if let Some(seed) = given("DUNLIN_RANDOM_SEED") {
        return vec![seed];
    }
    let cases = given("PROPTEST_CASES").map_or(cases, |cases| cases as usize);
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let skipped = given("DUNLIN_RANDOM_SKIP").unwrap_or_default() as usize;
    let seeds = (0..skipped + cases).map(|_| any::<u64>().new_tree(&mut runner).unwrap().current());
    seeds.skip(skipped).collect()
}

async fn read(conn: &mut dyn Connection, ids: &[ObjectId]) -> Schema {
    conn.dialect().introspect(conn, ids).await.unwrap()
}

/// What the server says of its database, and of those that the schemas are on MySQL and MariaDB.
async fn dumped(db: &TestDb) -> String {
    dump(db, &databases(db).await).await
}

/// The databases that stand for schemas on MySQL and MariaDB.
async fn databases(db: &TestDb) -> Vec<String> {
    if !matches!(db.kind, Kind::Mysql | Kind::Mariadb) {
        return Vec::new();
    }
    let own = kinds::database_mark();
    let question = "SELECT schema_name FROM information_schema.schemata ORDER BY schema_name";
    let names = db.query(question).await.into_iter().filter_map(|row| row.into_iter().next()?);
    names.filter(|name| name.ends_with(&own)).collect()
}

/// Each case has a database of its own, so that one that fails leaves nothing to the next.
async fn create_read_and_drop(db: &TestDb) {
    let (mut ran, mut failed, seeds) = (0, Vec::new(), seeds(CASES));
    let space = Space::create(db).await;
    for seed in &seeds {
        let case = with_database(db.kind, async |db| ran += try_case(db, *seed, &space).await);
        if let Err(panic) = AssertUnwindSafe(case).catch_unwind().await {
            failed.push(first_line(&*panic));
            drop_databases(db).await;
        }
    }
    space.drop(db).await;
    assert!(failed.is_empty(), "{} of {} cases failed:\n{}", failed.len(), seeds.len(), failed.join("\n"));
    assert!(
        ran >= seeds.len() || seeds.len() == 1,
        "only {ran} revisions were done in {} cases",
        seeds.len()
    );
}

/// A tablespace of PostgreSQL's, which all databases of the server have.
struct Space(Option<String>);

impl Space {
    async fn create(db: &TestDb) -> Self {
        if !db.kind.is_postgres() {
            return Self(None);
        }
        let name = format!("space_of_{}", std::process::id());
        let create = format!("CREATE TABLESPACE {name} LOCATION ''");
        db.execute(&["SET allow_in_place_tablespaces = on", &create]).await;
        Self(Some(name))
    }

    async fn drop(&self, db: &TestDb) {
        if let Some(name) = &self.0 {
            db.execute(&[&format!("DROP TABLESPACE {name}")]).await;
        }
    }
}

/// What a test that failed says first; all of it stands where it failed.
fn first_line(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words");
    text.lines().next().unwrap_or_default().to_owned()
}

/// Drops what a case that failed has left beside its own database.
async fn drop_databases(db: &TestDb) {
    for name in databases(db).await {
        db.execute(&[&format!("DROP DATABASE `{}`", name.replace('`', "``"))]).await;
    }
}

/// A schema is created, read, changed and dropped. Gives how many revisions were done on it.
async fn try_case(db: &TestDb, seed: u64, space: &Space) -> usize {
    let mut conn = db.open().await;
    if db.kind.is_postgres() {
        db.execute(&["CREATE ACCESS METHOD piles TYPE TABLE HANDLER heap_tableam_handler"]).await;
    }
    // With it comes the history, which then is part of every dump.
    let mut list = MigrationList::new();
    list.push(Recorded { id: "first".into(), ops: Vec::new() });
    Runner::new(conn.connection(), &list).up().await.unwrap();
    let empty = dumped(db).await;
    let mut dice = Dice::new(seed, db.kind);
    dice.space.clone_from(&space.0);
    let schema = schema(&mut dice);
    schema.check().unwrap();
    create_all(&mut conn, &schema).await.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{schema}"));
    let server = conn.connection().server().await.unwrap();
    let lowered = sorted(conn.connection().dialect().lower(&schema, &server).unwrap());
    let found = read(conn.connection(), &ids(&lowered)).await;
    same(&sorted(found.clone()), &lowered, &format!("seed {seed}: what was read isn't what was lowered"));
    let made = dumped(db).await;
    let ran = up_and_down(db, conn.connection(), &mut dice, &found, &made, seed).await;
    drop_all(&mut conn, &schema).await.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{schema}"));
    same_dump(db.kind, &dumped(db).await, &empty, &format!("seed {seed}: something is left"));
    // From what was read the server makes the same again, in its own words.
    create_all(&mut conn, &found).await.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{found}"));
    same_dump(db.kind, &dumped(db).await, &made, &format!("seed {seed}: what was read makes something else"));
    drop_all(&mut conn, &found).await.unwrap();
    ran
}

/// Revisions are done one on the other, and undone again: each way down brings back the server's own dump from before.
/// Gives how many there were.
async fn up_and_down(
    db: &TestDb,
    conn: &mut dyn Connection,
    dice: &mut Dice,
    found: &Schema,
    made: &str,
    seed: u64,
) -> usize {
    let mut list = MigrationList::new();
    list.push(Recorded { id: "first".into(), ops: Vec::new() });
    let (mut schema, mut dumps, mut done) = (found.clone(), vec![made.to_owned()], Vec::new());
    for at in 0..REVISIONS {
        let ops = revision(dice, &schema);
        let printed: Vec<_> = ops.iter().map(ToString::to_string).collect();
        let what = format!("seed {seed}: {}", printed.join("; "));
        if ops.is_empty() || !has_way_back(conn, &ops, &what).await {
            continue;
        }
        for op in &ops {
            apply(&mut schema, op).unwrap();
        }
        list.push(Recorded { id: format!("revision_{at}"), ops });
        if let Err(error) = Runner::new(conn, &list).up().await {
            panic!("{what}: {error}\n{:?}", error.statement());
        }
        schema = read(conn, &ids(&schema)).await;
        dumps.push(dumped(db).await);
        done.push(what);
    }
    dumps.pop();
    for (what, before) in done.iter().zip(&dumps).rev() {
        if let Err(error) = Runner::new(conn, &list).down(1).await {
            panic!("{what}, undoing: {error}\n{:?}", error.statement());
        }
        same_dump(db.kind, &dumped(db).await, before, what);
    }
    done.len()
}

on_every_server!(schemas_are_created_as_they_are_lowered, create_read_and_drop);
