//! Random schemas with everything that is modelled: created on every server they read back as they were lowered; what is
//! done to one of them is undone; created anew from what was read they are the same; and dropped they leave nothing.
//!
//! The texts of bodies are such as the servers themselves would write, where a server writes them anew. The seed is fixed;
//! `PROPTEST_CASES` asks for more cases, and `DUNLIN_RANDOM_SEED` for the one that a failure names.

use dunlin::prelude::*;
use dunlin::{Connection, MigrationList, Runner, create_all, drop_all};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use self::dice::Dice;
use self::operations::{ids, revision};
use self::reversal::{Recorded, has_way_back};
use self::same::{same, same_dump};
use crate::dump::dump;
use crate::on_every_server;
use crate::server::{Kind, TestDb, sorted};

pub(crate) mod dice;
pub(crate) mod kinds;
pub(crate) mod operations;
mod postgres;
mod reversal;
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
        Kind::Sqlite => &[of::body_triggers, of::instead_trigger],
        Kind::Mysql => &[
            of::body_triggers,
            of::sql_routine,
            of::scheduled_event,
            of::divided_table,
            of::granted,
            of::own_database,
        ],
        Kind::Mariadb => &[
            of::body_triggers,
            of::sql_routine,
            of::scheduled_event,
            of::divided_table,
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
    (0..cases).map(|_| any::<u64>().new_tree(&mut runner).unwrap().current()).collect()
}

async fn read(conn: &mut dyn Connection, ids: &[ObjectId]) -> Schema {
    conn.dialect().introspect(conn, ids).await.unwrap()
}

/// What the server says of its database, and of those that the schemas are on MySQL and MariaDB.
async fn dumped(db: &TestDb) -> String {
    let mut schemas = Vec::new();
    if matches!(db.kind, Kind::Mysql | Kind::Mariadb) {
        let own = kinds::database_mark();
        let question = "SELECT schema_name FROM information_schema.schemata ORDER BY schema_name";
        let names = db.query(question).await.into_iter().filter_map(|row| row.into_iter().next()?);
        schemas.extend(names.filter(|name| name.ends_with(&own)));
    }
    dump(db, &schemas).await
}

async fn create_read_and_drop(db: &TestDb) {
    let mut conn = db.open().await;
    // With it comes the history, which then is part of every dump.
    let mut list = MigrationList::new();
    list.push(Recorded { id: "first".into(), ops: Vec::new() });
    Runner::new(conn.connection(), &list).up().await.unwrap();
    let empty = dumped(db).await;
    let (mut ran, seeds) = (0, seeds(CASES));
    for seed in &seeds {
        let mut dice = Dice::new(*seed, db.kind);
        let schema = schema(&mut dice);
        schema.check().unwrap();
        create_all(&mut conn, &schema).await.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{schema}"));
        let server = conn.connection().server().await.unwrap();
        let lowered = sorted(conn.connection().dialect().lower(&schema, &server).unwrap());
        let found = read(conn.connection(), &ids(&lowered)).await;
        same(&sorted(found.clone()), &lowered, &format!("seed {seed}: what was read isn't what was lowered"));
        let made = dumped(db).await;
        ran += up_and_down(db, conn.connection(), &mut dice, &found, &made, *seed).await;
        drop_all(&mut conn, &schema).await.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{schema}"));
        same_dump(db.kind, &dumped(db).await, &empty, &format!("seed {seed}: something is left"));
        // From what was read the server makes the same again, in its own words.
        create_all(&mut conn, &found).await.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{found}"));
        same_dump(
            db.kind,
            &dumped(db).await,
            &made,
            &format!("seed {seed}: what was read makes something else"),
        );
        drop_all(&mut conn, &found).await.unwrap();
    }
    assert!(
        ran >= seeds.len() || seeds.len() == 1,
        "only {ran} revisions were done in {} cases",
        seeds.len()
    );
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
