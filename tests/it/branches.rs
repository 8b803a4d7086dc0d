//! Histories with forks and merges, run on every server.

use dunlin::prelude::*;
use dunlin::{Late, Options, Report, Runner, State};

use crate::on_every_server;
use crate::server::TestDb;

/// A revision that makes a table called as itself.
#[derive(Clone, Copy, Default)]
struct Node {
    id: &'static str,
    revises: &'static [&'static str],
    depends_on: &'static [&'static str],
    labels: &'static [&'static str],
}

impl Migration for Node {
    fn id(&self) -> &str {
        self.id
    }

    fn up(&self, op: &mut Ops) {
        op.create_table(self.id).col("id", bigint().primary_key());
    }

    fn revises(&self) -> Option<&[&str]> {
        Some(self.revises)
    }

    fn depends_on(&self) -> &[&str] {
        self.depends_on
    }

    fn branch_labels(&self) -> &[&str] {
        self.labels
    }
}

fn node(id: &'static str, revises: &'static [&'static str]) -> Node {
    Node { id, revises, ..Node::default() }
}

/// Two branches from one base; the second depends on the first.
fn fork() -> MigrationList {
    migrations![
        node("a", &[]),
        Node { labels: &["one"], ..node("b1", &["a"]) },
        Node { labels: &["two"], ..node("b2", &["a"]) },
        node("c1", &["b1"]),
        Node { depends_on: &["one"], ..node("c2", &["b2"]) },
    ]
}

async fn upgrade(db: &TestDb, list: &MigrationList, target: &str) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).upgrade(target).await
}

async fn downgrade(db: &TestDb, list: &MigrationList, target: &str) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).downgrade(target).await
}

async fn stamp(db: &TestDb, list: &MigrationList, target: &str, purge: bool) {
    Runner::new(db.open().await.connection(), list).stamp(target, purge).await.unwrap();
}

/// The applied revisions, as status tells them.
async fn applied(db: &TestDb, list: &MigrationList) -> Vec<String> {
    let statuses = Runner::new(db.open().await.connection(), list).status().await.unwrap();
    statuses.into_iter().filter(|status| status.state.is_applied()).map(|status| status.id).collect()
}

fn ids(report: &Report) -> Vec<&str> {
    report.ids().collect()
}

async fn fork_and_merge(db: &TestDb) {
    let list = fork();
    let error = upgrade(db, &list, "head").await.unwrap_err();
    assert!(error.is_target() && error.to_string() == "there are 2 heads: c1, c2", "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("dunlin merge heads")));
    assert!(db.tables().await.is_empty());
    assert_eq!(ids(&upgrade(db, &list, "two@head").await.unwrap()), ["a", "b1", "b2", "c2"]);
    let error = upgrade(db, &list, "+1").await.unwrap_err();
    assert!(error.is_target(), "{error}");
    assert_eq!(ids(&upgrade(db, &list, "one@+1").await.unwrap()), ["c1"]);
    let error = downgrade(db, &list, "-1").await.unwrap_err();
    assert_eq!(error.to_string(), "-1 could go from c1 or c2");
    assert_eq!(ids(&downgrade(db, &list, "one@-1").await.unwrap()), ["c1"]);
    // What depends on b1 is undone before it; b2 is another branch, and stays.
    assert_eq!(ids(&downgrade(db, &list, "one@a").await.unwrap()), ["c2", "b1"]);
    assert_eq!(db.tables().await, ["a", "b2"]);
    assert_eq!(
        ids(&Runner::new(db.open().await.connection(), &list).up().await.unwrap()),
        ["b1", "c1", "c2"]
    );

    let merged = fork().with(node("m", &["c1", "c2"]));
    assert_eq!(ids(&upgrade(db, &merged, "head").await.unwrap()), ["m"]);
    assert_eq!(ids(&downgrade(db, &merged, "-1").await.unwrap()), ["m"]);
    assert_eq!(ids(&downgrade(db, &merged, "b2").await.unwrap()), ["c2"]);
    assert_eq!(applied(db, &merged).await, ["a", "b1", "b2", "c1"]);
    assert_eq!(ids(&downgrade(db, &merged, "base").await.unwrap()), ["c1", "b2", "b1", "a"]);
    assert!(db.tables().await.is_empty());
}

on_every_server!(forks_and_merges_are_run, fork_and_merge);

/// A stamp of one branch says nothing of another, and without code a branch is undone by what history recorded.
async fn other_branches(db: &TestDb) {
    let list = fork();
    stamp(db, &list, "c1", false).await;
    assert_eq!(applied(db, &list).await, ["a", "b1", "c1"]);
    stamp(db, &list, "b2", false).await;
    assert_eq!(applied(db, &list).await, ["a", "b1", "b2", "c1"]);
    stamp(db, &list, "one@base", false).await;
    assert_eq!(applied(db, &list).await, ["a", "b2"]);
    stamp(db, &list, "b1", true).await;
    assert_eq!(applied(db, &list).await, ["a", "b1"]);
    stamp(db, &list, "base", false).await;
    upgrade(db, &list, "heads").await.unwrap();
    let older = migrations![node("a", &[]), node("b1", &["a"]), node("c1", &["b1"])];
    assert_eq!(ids(&downgrade(db, &older, "-1").await.unwrap()), ["c2"]);
    assert_eq!(ids(&downgrade(db, &older, "base").await.unwrap()), ["c1", "b2", "b1", "a"]);
    assert!(db.tables().await.is_empty());
}

on_every_server!(other_branches_stay_as_they_are, other_branches);

/// What comes right after a late revision isn't run before it.
async fn late(db: &TestDb) {
    upgrade(db, &migrations![node("a", &[]), node("b", &["a"])], "head").await.unwrap();
    let list = migrations![
        node("a", &[]),
        node("x", &["a"]),
        node("b", &["x"]),
        node("y", &["x"]),
        node("c", &["b"]),
    ];
    let run = async |late: Late| {
        let options = Options { late, ..Options::default() };
        Runner::new(db.open().await.connection(), &list).options(options).up().await
    };
    let error = run(Late::Error).await.unwrap_err();
    assert!(error.is_late() && error.to_string().contains("revision x is late"), "{error}");
    let report = run(Late::Warn).await.unwrap();
    assert_eq!(
        (ids(&report), report.late.as_slice()),
        (vec!["c"], ["x".to_owned(), "y".to_owned()].as_slice())
    );
    let statuses = Runner::new(db.open().await.connection(), &list).status().await.unwrap();
    let states: Vec<_> = statuses.iter().map(|status| (status.id.as_str(), status.state)).collect();
    let expected = [
        ("a", State::Applied),
        ("x", State::Late),
        ("b", State::Applied),
        ("y", State::Pending),
        ("c", State::Applied),
    ];
    assert_eq!(states, expected);
    assert_eq!(ids(&run(Late::Apply).await.unwrap()), ["x", "y"]);
    assert_eq!(ids(&downgrade(db, &list, "a").await.unwrap()), ["c", "y", "b", "x"]);
}

on_every_server!(late_ones_hold_back_their_children, late);
