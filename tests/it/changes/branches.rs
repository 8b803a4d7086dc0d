//! Two branches of history change the same random tables with rows, a revision of each in turn. Then one branch is taken back while the
//! other one is there, and then that one too. After the first, what is there is compared with a database that has the same tables and
//! rows, and in which that branch never was:
//!
//! - the server's own dump is the same;
//! - every value is, but in columns that the branch that was taken back has dropped, computed or given another type.
//!
//! And at the end it is what it was before both.
//!
//! A branch does only what would do the same if the other one came before it, or behind it, or not at all: both orders make the same
//! schema of the model, and with the other one its operations are, in the server's own terms, what they are without it.
//!
//! Where columns stand is compared on MySQL and MariaDB, which can say it, unless a branch has moved or dropped columns, or put new ones
//! elsewhere than at the end: what they stood next to may be the other one's. On PostgreSQL and SQLite a column that was dropped comes
//! back last, behind what the other one has added.

use std::collections::BTreeSet;

use dunlin::prelude::*;
use dunlin::{Connection, Kept, Runner, create_all};

use super::rows::{ROWID, Rows, TableRows};
use super::texts::{Order, said, same_texts};
use super::{failures, follow, hasten, is_refusal, lowered, operations, read, rows, schema, texts};
use crate::on_every_server;
use crate::server::{Kind, TestDb, sorted, with_database};
use crate::whole::dice::Dice;
use crate::whole::operations::ids;
use crate::whole::seeds;

/// How many schemas are tried on a server.
fn cases(kind: Kind) -> usize {
    match kind {
        Kind::Sqlite => 60,
        Kind::Mysql | Kind::Mariadb => 6,
        Kind::Postgres15 | Kind::Postgres18 => 4,
    }
}

/// Why a change may be refused for what the other branch has done, or has left undone, in Dunlin's words.
const REFUSED: [&str; 2] =
    ["refers to it by a foreign key", "lets no foreign key set a column to NULL that refuses it"];

/// The revision from which both branches go, and theirs in turn.
const FORK: &str = "first";
const TURNS: [(usize, &str); 4] = [(0, "a1"), (1, "b1"), (0, "a2"), (1, "b2")];
const LABELS: [&str; 2] = ["a", "b"];

/// A revision made of operations.
#[derive(Clone, Default)]
struct Forked {
    id: &'static str,
    revises: Vec<&'static str>,
    labels: Vec<&'static str>,
    ops: Vec<Op>,
}

impl Migration for Forked {
    fn id(&self) -> &str {
        self.id
    }

    fn up(&self, op: &mut Ops) {
        self.ops.iter().for_each(|one| op.push(one.clone()));
    }

    fn revises(&self) -> Option<&[&str]> {
        Some(&self.revises)
    }

    fn branch_labels(&self) -> &[&str] {
        &self.labels
    }
}

/// What a branch has done: its revisions, and their operations in the server's own terms.
#[derive(Clone, Default)]
struct Branch {
    revisions: Vec<Forked>,
    ops: Vec<Op>,
}

impl Branch {
    fn printed(&self) -> String {
        let revision = |of: &Forked| {
            let ops: Vec<_> = of.ops.iter().map(ToString::to_string).collect();
            format!("{}: {}\n", of.id, ops.join("; "))
        };
        self.revisions.iter().map(revision).collect()
    }
}

/// How many branches were taken back in the other one's presence, and how many weren't, for the rows that there were.
#[derive(Default)]
struct Tally {
    taken: usize,
    refused: usize,
}

async fn take_branches_back(db: &TestDb) {
    let (seeds, mut tally) = (seeds(cases(db.kind)), Tally::default());
    let failures =
        failures(db.kind, &seeds, async |here, seed| Case::run(here, seed, &mut tally).await).await;
    let Tally { taken, refused } = tally;
    assert!(
        failures.is_empty(),
        "{} of {} cases failed, {taken} branches were taken back, and {refused} refused; DUNLIN_RANDOM_SEED repeats one\n\n{}",
        failures.len(),
        seeds.len(),
        failures.join("\n\n")
    );
    assert!(
        taken >= seeds.len() / 2 || seeds.len() == 1,
        "only {taken} branches were taken back, and {refused} refused"
    );
}

on_every_server!(branches_are_taken_back_one_by_one, take_branches_back);

/// A database that is changed.
struct Case<'a> {
    here: &'a TestDb,
    dialect: &'static dyn Dialect,
    server: Server,
    /// What was there before the branches.
    base: Schema,
    branches: [Branch; 2],
}

impl Case<'_> {
    async fn run(here: &TestDb, seed: u64, tally: &mut Tally) {
        let mut dice = Dice::new(seed, here.kind);
        let schema = schema::schema(&mut dice);
        let filling = dice.clone();
        let mut database = here.open().await;
        let conn = database.connection();
        begin(conn, &schema, &filling).await;
        let base = lowered(conn, &schema).await;
        let before = (said(here).await, Rows::read(conn, &base).await);
        let (dialect, server) = (conn.dialect(), conn.server().await.unwrap());
        let mut case = Case { here, dialect, server, base, branches: Default::default() };
        for (turn, (branch, id)) in TURNS.into_iter().enumerate() {
            dice.at = 1000 + 200 * turn;
            case.go_on(conn, &mut dice, branch, id).await;
        }
        if case.branches.iter().any(|branch| branch.ops.is_empty()) {
            return;
        }
        let taken = dice.below(2);
        let stays = 1 - taken;
        let printed = case.branches.each_ref().map(Branch::printed).concat();
        let what = format!("{printed}taking back {}", LABELS[taken]);
        let everything = case.model(&[&case.branches[0].ops, &case.branches[1].ops]).unwrap();
        if !case.take_back(conn, taken, &everything, &what).await {
            tally.refused += 1;
            return;
        }
        tally.taken += 1;
        let own = case.model(&[&case.branches[stays].ops]).unwrap();
        let found = Rows::read(conn, &own).await;
        with_database(here.kind, async |made| {
            let mut database = made.open().await;
            let fresh = database.connection();
            begin(fresh, &schema, &filling).await;
            let list = case.list(&[stays]);
            for revision in &case.branches[stays].revisions {
                let done = Runner::new(fresh, &list).upgrade(revision.id).await;
                done.unwrap_or_else(|error| panic!("{what}: {} alone: {error}", revision.id));
            }
            same_texts(here.kind, [&said(here).await, &said(made).await], case.order(), &what);
            let touched = case.touched(taken, stays);
            compare(&found, &Rows::read(fresh, &own).await, &own, &touched, &what);
        })
        .await;
        let what = format!("{what}, and then {}", LABELS[stays]);
        if !case.take_back(conn, stays, &own, &what).await {
            tally.refused += 1;
            return;
        }
        same_texts(here.kind, [&said(here).await, &before.0], case.order(), &what);
        let mut touched = case.touched(taken, taken);
        touched.extend(case.touched(stays, stays));
        compare(&Rows::read(conn, &case.base).await, &before.1, &case.base, &touched, &what);
    }

    /// The model with these operations done.
    fn model(&self, ops: &[&[Op]]) -> Option<Schema> {
        let mut model = self.base.clone();
        for op in ops.iter().copied().flatten() {
            apply(&mut model, op).ok()?;
            texts::renamed(&mut model, op);
            if self.here.kind == Kind::Sqlite {
                model = self.dialect.lower(&model, &self.server).ok()?;
            }
        }
        self.dialect.lower(&model, &self.server).ok()
    }

    /// Makes the next revision of a branch.
    async fn go_on(&mut self, conn: &mut dyn Connection, dice: &mut Dice, at: usize, id: &'static str) {
        let everything = self.model(&[&self.branches[0].ops, &self.branches[1].ops]).unwrap();
        let mut found = read(conn, &ids(&everything)).await;
        // Mostly both are at work on one and the same table.
        let first = self.base.tables.keys().next().cloned();
        if found.tables.keys().any(|name| Some(name) == first.as_ref()) && !dice.one_in(4) {
            found.tables.retain(|name, _| Some(name) == first.as_ref());
        }
        let mut next = self.branches[at].clone();
        let (mut ops, before) = (Vec::new(), next.ops.clone());
        let own = self.model(&[&before]).unwrap();
        let other = &self.branches[1 - at].ops;
        for op in operations::revision(dice, &found) {
            let tried = [&ops[..], &[op]].concat();
            let Ok(lowered) = self.dialect.lower_ops(&tried, &own, &self.server) else { continue };
            let is_same =
                self.dialect.lower_ops(&tried, &everything, &self.server).ok().as_ref() == Some(&lowered);
            if !is_same || self.dialect.render(&lowered, &own, &self.server).is_err() {
                continue;
            }
            let done = [&before[..], &lowered].concat();
            let orders = [self.model(&[&done, other]), self.model(&[other, &done])];
            if let [Some(one), Some(two)] = orders.map(|order| order.map(sorted))
                && one == two
                && self.model(&[&done]).is_some_and(|alone| is_whole(&alone))
            {
                (ops, next.ops) = (tried, done);
            }
        }
        let after = next.revisions.last().map(|last| last.id);
        let labels = if after.is_none() { vec![LABELS[at]] } else { Vec::new() };
        next.revisions.push(Forked { id, revises: vec![after.unwrap_or(FORK)], labels, ops });
        if next.ops.len() == before.len() {
            return;
        }
        let list = [next.clone(), self.branches[1 - at].clone()];
        let list = list_of(list.iter());
        match Runner::new(conn, &list).upgrade(id).await {
            Ok(_) => self.branches[at] = next,
            Err(error) => {
                let what = format!("{}{}", self.branches[1 - at].printed(), next.printed());
                self.refused(&error, what.trim_end());
            }
        }
    }

    fn list(&self, branches: &[usize]) -> MigrationList {
        list_of(branches.iter().map(|at| &self.branches[*at]))
    }

    /// Whether that was done; else rows were in its way, and nothing has changed.
    async fn take_back(&self, conn: &mut dyn Connection, branch: usize, model: &Schema, what: &str) -> bool {
        let before = (said(self.here).await, Rows::read(conn, model).await);
        let target = format!("{}@{FORK}", LABELS[branch]);
        let Err(error) = Runner::new(conn, &self.list(&[0, 1])).downgrade(&target).await else { return true };
        self.refused(&error, what);
        let after = (said(self.here).await, Rows::read(conn, model).await);
        assert!(before == after, "{what}: refused, and changed: {error}");
        false
    }

    /// Expects an error that says why something isn't done.
    fn refused(&self, error: &dunlin::Error, what: &str) {
        let is_of_branches = REFUSED.iter().any(|reason| error.to_string().contains(reason));
        assert!(
            is_of_branches && *error.kept() == Kept::Nothing || is_refusal(error, self.here.kind),
            "{what}: {error}\n{:?}\n{}",
            error.statement(),
            error.state()
        );
    }

    /// Whether it matters where columns are.
    fn order(&self) -> Order {
        let places = |op: &Op| match op {
            Op::AddColumn { position, .. } => position.is_some(),
            Op::AlterColumn { change: ColumnChange::Position(_), .. } | Op::DropColumn { .. } => true,
            _ => false,
        };
        let is_told = matches!(self.here.kind, Kind::Mysql | Kind::Mariadb);
        match is_told && !self.branches.iter().flat_map(|branch| &branch.ops).any(places) {
            true => Order::Matters,
            false => Order::MeansNothing,
        }
    }

    /// The columns of the base whose values a branch has changed, by what they are called in another one's schema.
    fn touched(&self, by: usize, named_by: usize) -> BTreeSet<(Name, String)> {
        let mut touched = BTreeSet::new();
        for table in self.base.tables.values() {
            let hidden = (!self.keeps_rowids(by, table)).then_some(ROWID);
            let columns = table.columns.iter().map(|column| column.name.as_str()).chain([ROWID]);
            for column in columns {
                let ops = &self.branches[by].ops;
                let is_kept = hidden != Some(column)
                    && follow::column(ops, &table.name, column).is_some_and(|at| !at.is_changed);
                if is_kept {
                    continue;
                }
                let ops = if named_by == by { &[][..] } else { &self.branches[named_by].ops };
                if let Some(at) = follow::column(ops, &table.name, column) {
                    touched.insert((at.table, at.column));
                }
            }
        }
        touched
    }

    /// Whether a branch leaves SQLite's hidden rowids alone, on its way there and back.
    fn keeps_rowids(&self, by: usize, table: &Table) -> bool {
        let ops = &self.branches[by].ops;
        let mut later = (0..ops.len()).map(|end| {
            let name = follow::table(&ops[..=end], &table.name)?;
            let model = self.model(&[&ops[..=end]])?;
            Some(follow::keeps_rowids(&ops[..=end], table, model.get(&name)?))
        });
        later.all(|kept| kept == Some(true))
    }
}

/// Whether all that foreign keys refer to is there.
fn is_whole(model: &Schema) -> bool {
    let mut keys = model.tables.values().flat_map(|table| &table.foreign_keys);
    keys.all(|key| model.tables.contains_key(&key.references))
}

fn list_of<'a>(branches: impl Iterator<Item = &'a Branch>) -> MigrationList {
    let mut list = MigrationList::new();
    list.push(Forked { id: FORK, ..Forked::default() });
    for branch in branches {
        branch.revisions.iter().cloned().for_each(|revision| list.push(revision));
    }
    list
}

/// What is there before the branches; with the first revision comes the history, which then is part of every dump.
async fn begin(conn: &mut dyn Connection, schema: &Schema, filling: &Dice) {
    hasten(conn).await;
    Runner::new(conn, &list_of(std::iter::empty())).up().await.unwrap();
    create_all(conn, schema).await.unwrap_or_else(|error| panic!("{error}\n{schema}"));
    rows::fill(conn, &mut filling.clone(), schema).await;
}

/// Compares rows by the values of all columns that weren't touched, but for what comes from the server's clock.
fn compare(found: &Rows, expected: &Rows, model: &Schema, touched: &BTreeSet<(Name, String)>, what: &str) {
    for (name, is) in &found.0 {
        let should = &expected.0[name];
        let is_compared = |column: &str| {
            let default = model.tables[name].column(column).and_then(|column| column.default.as_ref());
            let text = default.map(|default| format!("{default:?}").to_lowercase()).unwrap_or_default();
            !touched.contains(&(name.clone(), column.to_owned())) && !text.contains("current_timestamp")
        };
        let of = |rows: &TableRows| -> Vec<usize> {
            let mut columns: Vec<_> = rows.columns.iter().enumerate().collect();
            columns.sort_unstable_by_key(|(_, name)| *name);
            columns.iter().filter(|(_, name)| is_compared(name)).map(|(at, _)| *at).collect()
        };
        let (from, to) = (is.only(&of(is)), should.only(&of(should)));
        // A table that was dropped comes back without rows.
        if of(is).is_empty() {
            continue;
        }
        assert_eq!(from, to, "{what}: rows of {name} aren't what they were");
    }
}
