//! Random schemas and random changes of them, run up and down on every server: each way down brings back what was, and at
//! the end nothing is left.
//!
//! The seed is fixed, so that a run that passes here passes there; `DUNLIN_RANDOM_CASES` asks for more cases.

use dunlin::prelude::*;
use dunlin::{MigrationList, Runner};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::on_every_server;
use crate::server::{TestDb, sorted};

/// How many histories are tried on each server.
const CASES: usize = 12;

/// A revision made of operations.
struct Recorded {
    id: String,
    ops: Vec<Op>,
}

impl Migration for Recorded {
    fn id(&self) -> &str {
        &self.id
    }

    fn up(&self, op: &mut Ops) {
        for one in &self.ops {
            op.push(one.clone());
        }
    }
}

fn name() -> impl Strategy<Value = String> {
    select(vec!["plain", "order", "With Space", "ü\"x`y", "semi;--colon", "it's", "日本", "back\\slash"])
        .prop_map(str::to_owned)
}

fn table_name() -> impl Strategy<Value = String> {
    select(vec!["t", "select", "T wo", "drei\"`'3"]).prop_map(str::to_owned)
}

/// Types that every server has, each with a default that it takes.
fn column_type() -> impl Strategy<Value = (ColumnType, Option<Value>)> {
    let integer = |width| ColumnType::Integer { width, unsigned: false };
    select(vec![
        (ColumnType::Boolean, Some(true.into())),
        (integer(IntWidth::Small), Some((-7).into())),
        (integer(IntWidth::Normal), Some(0.into())),
        (integer(IntWidth::Big), Some(4_000_000_000_i64.into())),
        (ColumnType::Decimal { precision: Some((10, 2)) }, Some(Value::Float(Float(1.25)))),
        (ColumnType::Double, Some(Value::Float(Float(0.5)))),
        (ColumnType::Varchar(40), Some("it's \\ \"x\" ü".into())),
        (ColumnType::Char(8), Some("abc".into())),
        (ColumnType::Text(Size::Normal), None),
        (ColumnType::Blob(Size::Normal), None),
        (ColumnType::Date, Some("2024-02-29".into())),
        (ColumnType::Timestamp { precision: Some(3), zone: false }, None),
        (ColumnType::Uuid, None),
        (ColumnType::Jsonb, None),
        (ColumnType::Enum(vec!["a".into(), "b's".into()]), Some("a".into())),
    ])
}

fn column() -> impl Strategy<Value = Column> {
    (name(), column_type(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(name, (ty, default), with_default, not_null, commented)| {
            let mut column = Column::new(name, ty);
            column.default = default.filter(|_| with_default).map(Expr::Literal);
            column.not_null = not_null;
            column.comment = commented.then(|| "a remark; it's \\ here".to_owned());
            column
        },
    )
}

fn table() -> impl Strategy<Value = Table> {
    (table_name(), vec(column(), 1..5), any::<bool>(), any::<bool>()).prop_map(
        |(name, columns, numbered, commented)| {
            let mut table = Table::new(name);
            let mut id = Column::new("id", ColumnType::Integer { width: IntWidth::Big, unsigned: false });
            id.not_null = true;
            id.identity = numbered.then(Identity::default);
            table.columns.push(id);
            for column in columns {
                if table.column(&column.name).is_none() {
                    table.columns.push(column);
                }
            }
            table.primary_key = Some(PrimaryKey::over(vec!["id".into()]));
            table.comment = commented.then(|| "a table".to_owned());
            table
        },
    )
}

/// A wish that becomes an operation on whatever tables and columns there are.
#[derive(Clone, Debug)]
struct Wish {
    kind: usize,
    /// Choose a table, a column, another table.
    picks: (usize, usize, usize),
    name: String,
    column: Column,
    table: Table,
}

fn wish() -> impl Strategy<Value = Wish> {
    (0..16_usize, (any::<usize>(), any::<usize>(), any::<usize>()), name(), column(), table())
        .prop_map(|(kind, picks, name, column, table)| Wish { kind, picks, name, column, table })
}

impl Wish {
    /// The operation, where there is something that it can be about.
    fn op(self, schema: &Schema) -> Option<Op> {
        let Wish { kind, picks, name, column, table } = self;
        let pick = |at: usize| schema.tables.values().nth(at.checked_rem(schema.tables.len())?);
        if kind < 3 || schema.tables.is_empty() {
            return Some(Op::CreateTable { table, if_not_exists: false });
        }
        let of = pick(picks.0)?;
        let table = of.name.clone();
        let any = &of.columns[picks.1 % of.columns.len()];
        // What can be a key everywhere: MySQL wants a length for others.
        let keyable = |column: &Column| {
            !matches!(
                column.ty,
                ColumnType::Text(_) | ColumnType::Blob(_) | ColumnType::Jsonb | ColumnType::Json
            )
        };
        let label = Label::Given(format!("{}_{}_{}", of.name.name.len(), name, picks.2 % 100));
        Some(match kind {
            3 | 4 => Op::AddColumn { table, column, position: None, if_not_exists: false },
            5 => Op::DropColumn { table, column: any.name.clone(), if_exists: false },
            6 => Op::RenameColumn { table, column: any.name.clone(), to: name },
            7 => Op::AlterColumn {
                table,
                column: any.name.clone(),
                change: ColumnChange::Comment(column.comment),
            },
            8 if any.identity.is_none() && any.name != "id" => Op::AlterColumn {
                table,
                column: any.name.clone(),
                change: ColumnChange::NotNull(!any.not_null),
            },
            9 if any.identity.is_none() && any.default.is_some() => {
                Op::AlterColumn { table, column: any.name.clone(), change: ColumnChange::Default(None) }
            }
            10 if keyable(any) => {
                let index = Index::new(label, vec![IndexKey::column(&any.name)]);
                Op::CreateIndex { table, index, if_not_exists: false, concurrently: false }
            }
            11 => Op::DropIndex {
                table,
                name: of.indexes.first()?.label.name()?.to_owned(),
                if_exists: false,
                concurrently: false,
            },
            12 if keyable(any) => Op::AddConstraint {
                table,
                constraint: Constraint::Unique(Unique {
                    without_overlaps: false,
                    label,
                    columns: vec![any.name.clone()],
                    nulls_not_distinct: false,
                    deferrable: Deferrable::No,
                    include: Vec::new(),
                }),
            },
            13 => Op::AddConstraint {
                constraint: Constraint::ForeignKey(ForeignKey {
                    on_delete_columns: Vec::new(),
                    period: false,
                    label,
                    columns: vec![
                        of.columns
                            .iter()
                            .find(|column| column.name != "id" && column.ty == of.columns[0].ty)?
                            .name
                            .clone(),
                    ],
                    references: pick(picks.2)?.name.clone(),
                    references_columns: pick(picks.2)?.primary_key.as_ref()?.columns.clone(),
                    on_delete: Action::NoAction,
                    on_update: Action::NoAction,
                    deferrable: Deferrable::No,
                    matching: Match::Simple,
                    enforcement: Enforcement::Full,
                }),
                table,
            },
            14 => {
                let constraint = of.constraints().nth(1)?;
                let name = constraint.label().name()?.to_owned();
                Op::DropConstraint { table, kind: constraint.kind(), name, if_exists: false }
            }
            15 => {
                let constraint = of.constraints().nth(1)?;
                let change = match constraint.kind() {
                    ConstraintKind::ForeignKey => ConstraintChange::Deferrable(Deferrable::InitiallyDeferred),
                    ConstraintKind::Check => ConstraintChange::Enforcement(Enforcement::NotValid),
                    _ => return None,
                };
                let name = constraint.label().name()?.to_owned();
                Op::AlterTable { table, change: TableChange::Constraint { name, change } }
            }
            _ => return None,
        })
    }
}

/// The tables as the server has them, with what has no order sorted.
async fn state(db: &TestDb) -> Schema {
    let mut conn = db.open().await;
    let names: Vec<_> = db.tables().await.into_iter().map(ObjectId::table).collect();
    let conn = conn.connection();
    sorted(conn.dialect().introspect(conn, &names).await.unwrap())
}

async fn up_and_down(db: &TestDb) {
    let cases =
        std::env::var("DUNLIN_RANDOM_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut ran = 0;
    for case in 0..cases {
        let wishes = vec(vec(wish(), 1..7), 2..6).new_tree(&mut runner).unwrap().current();
        let mut model = Schema::new();
        let mut list = MigrationList::new();
        let mut states = vec![state(db).await];
        let mut conn = db.open().await;
        for (number, wishes) in wishes.into_iter().enumerate() {
            let mut recorder = Ops::new();
            let mut after = model.clone();
            for op in wishes.into_iter().filter_map(|wish| wish.op(&after)).collect::<Vec<_>>() {
                let mut one = Ops::new();
                one.push(op);
                let Ok(named) = one.finish() else { continue };
                for op in named.ops {
                    if apply(&mut after, &op).is_ok() {
                        recorder.push(op);
                    }
                }
            }
            let ops = recorder.finish().unwrap().ops;
            let id = format!("case_{case}_{number}");
            let text = serde_json::to_string(&ops).unwrap();
            let next = Recorded { id: id.clone(), ops };
            let mut longer = MigrationList::new();
            longer.push(next);
            let mut whole = std::mem::take(&mut list);
            whole.extend(std::iter::once(
                Box::new(Recorded { id, ops: serde_json::from_str(&text).unwrap() }) as Box<dyn Migration>,
            ));
            list = whole;
            match Runner::new(conn.connection(), &list).up().await {
                Ok(_) => {
                    ran += 1;
                    model = after;
                    states.push(state(db).await);
                }
                // What a server can't do, it can't do; what was tried must have left nothing.
                Err(error) if error.is_unsupported() => {
                    assert_eq!(Some(&state(db).await), states.last(), "{error}\n{text}");
                    let kept: Vec<_> = list.iter().take(list.len() - 1).map(copy).collect();
                    list = kept.into_iter().collect();
                }
                Err(error) => panic!("{error}\n{:?}\n{text}", error.statement()),
            }
        }
        while let Some(after) = states.pop() {
            assert_eq!(state(db).await, after, "case {case}, before undoing revision {}", states.len());
            if states.is_empty() {
                break;
            }
            if let Err(error) = Runner::new(conn.connection(), &list).down(1).await {
                let ops: Vec<_> = list.iter().map(|m| serde_json::to_string(&record(m)).unwrap()).collect();
                panic!("case {case}: {error}\n{:?}\n{}", error.statement(), ops.join("\n"));
            }
        }
        assert!(db.tables().await.is_empty());
    }
    assert!(ran > cases, "{ran} of the revisions ran: the generator makes too little that a server takes");
}

fn record(migration: &dyn Migration) -> Vec<Op> {
    let mut ops = Ops::new();
    migration.up(&mut ops);
    ops.finish().unwrap().ops
}

fn copy(migration: &dyn Migration) -> Box<dyn Migration> {
    Box::new(Recorded { id: migration.id().to_owned(), ops: record(migration) })
}

on_every_server!(random_histories, up_and_down);
