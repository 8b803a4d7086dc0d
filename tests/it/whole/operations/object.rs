//! What may be changed of an object that isn't a table.

use std::collections::{BTreeMap, BTreeSet};

use dunlin::prelude::*;

use super::super::dice::Dice;
use crate::server::Kind;

/// A change that is this kind's own.
pub(super) fn change(dice: &mut Dice, definition: &Definition) -> Option<ObjectChange> {
    Some(match definition {
        Definition::View(of) => ObjectChange::View(match dice.below(5) {
            // A view that reads no table takes none, and MySQL's that holds its rows aside neither.
            0 if dice.kind != Kind::Sqlite && reads(&of.query) && of.algorithm.is_none() => {
                ViewChange::CheckOption(match of.check_option {
                    Some(_) => None,
                    None => Some(dice.pick(&[CheckOption::Local, CheckOption::Cascaded])),
                })
            }
            1 if dice.is_postgres() => ViewChange::SecurityBarrier(!of.security_barrier),
            2 if dice.kind != Kind::Sqlite => ViewChange::Security(match of.security {
                Some(_) => None,
                None => Some(Security::Invoker),
            }),
            3 if dice.is_postgres() => {
                of.columns.is_empty().then_some(())?;
                reads(&of.query)
                    .then(|| ViewChange::ColumnComments(BTreeMap::from([("other".into(), "it's".into())])))?
            }
            4 => ViewChange::Query(narrowed(dice.kind, &of.query)?),
            3 if dice.is_mysql() && of.check_option.is_none() => {
                ViewChange::Algorithm(Some(Algorithm::Temptable))
            }
            _ => return None,
        }),
        Definition::MaterializedView(of) => ObjectChange::MaterializedView(match dice.below(5) {
            0 => MaterializedViewChange::Storage(BTreeMap::from([("fillfactor".into(), "80".into())])),
            1 => MaterializedViewChange::Tablespace(toggled(&of.tablespace, dice.space.clone()?)),
            2 => {
                dice.space.as_ref()?;
                MaterializedViewChange::AccessMethod(toggled(&of.access_method, "piles".into()))
            }
            3 => {
                let options = BTreeMap::from([("storage".into(), "plain".into())]);
                MaterializedViewChange::ColumnOptions(BTreeMap::from([("other".into(), options)]))
            }
            _ => MaterializedViewChange::ColumnComments(BTreeMap::from([("other".into(), "it's".into())])),
        }),
        Definition::Sequence(of) => ObjectChange::Sequence(match dice.below(5) {
            0 => SequenceChange::Increment(Some(5)),
            1 => SequenceChange::Cache(Some(9)),
            2 => SequenceChange::Max(Some(20_000)),
            3 => SequenceChange::Cycle(!of.cycle),
            _ => SequenceChange::OwnedBy(None),
        }),
        Definition::Function(of) | Definition::Procedure(of) => routine(dice, of)?,
        Definition::Trigger(_) if dice.is_postgres() => {
            ObjectChange::Trigger(TriggerChange::Enabled(enabled(dice)))
        }
        Definition::Rule(_) => ObjectChange::Rule(RuleChange::Enabled(enabled(dice))),
        Definition::Policy(of) => ObjectChange::Policy(match (of.command, dice.coin()) {
            (PolicyCommand::Insert, _) => PolicyChange::WithCheck(Some(sql("(id > 9)"))),
            (_, true) => PolicyChange::Using(Some(sql("(id > 9)"))),
            _ => PolicyChange::Roles(vec!["pg_read_all_data".into()]),
        }),
        Definition::Statistics(of) => {
            ObjectChange::Statistics(StatisticsChange::Target(of.target.is_none().then_some(70)))
        }
        Definition::Publication(of) => ObjectChange::Publication(match dice.below(5) {
            0 => PublicationChange::ViaRoot(!of.via_root),
            1 => PublicationChange::Operations(BTreeSet::from([PublishedOperation::Delete])),
            2 if dice.kind == Kind::Postgres18 => PublicationChange::Generated(!of.generated),
            // One without its tables is all that it is of.
            3 if of.schemas.is_empty() && !of.tables.is_empty() => PublicationChange::AllTables(true),
            4 if of.all_tables => PublicationChange::AllTables(false),
            4 => PublicationChange::Schemas(match of.schemas.is_empty() {
                true if of.tables.iter().all(|table| table.columns.is_empty()) => {
                    BTreeSet::from(["public".into()])
                }
                _ => BTreeSet::new(),
            }),
            _ => PublicationChange::Tables(BTreeSet::new()),
        }),
        Definition::Event(of) => ObjectChange::Event(match dice.below(4) {
            0 => EventChange::Preserve(!of.preserve),
            1 => EventChange::State(EventState::Disabled),
            2 => EventChange::Body(sql("SET @ran = 2")),
            _ => EventChange::Schedule(Schedule::At(sql("'2036-02-03 00:00:00'"))),
        }),
        Definition::Enum(of) => match dice.below(3) {
            0 => ObjectChange::AddValue {
                value: format!("new {}", dice.name()),
                position: dice.coin().then(|| ValuePosition::Before(of.values[0].clone())),
                if_not_exists: false,
            },
            1 => ObjectChange::RenameValue { value: dice.pick(&of.values), to: dice.name() },
            _ => ObjectChange::DropValue { value: dice.pick(&of.values) },
        },
        Definition::Domain(of) => match (dice.below(5), of.checks.first()) {
            (0, _) => ObjectChange::Domain(DomainChange::NotNull(!of.not_null)),
            (1, _) => ObjectChange::Domain(DomainChange::Default(Some("it's".into()))),
            (2, Some(check)) => ObjectChange::DropCheck { name: check.label.name()?.into() },
            (3, Some(check)) => ObjectChange::CheckComment {
                name: check.label.name()?.into(),
                comment: dice.remark().map(Into::into),
            },
            (_, Some(check)) => {
                ObjectChange::RenameCheck { name: check.label.name()?.into(), to: dice.name() }
            }
            _ => return None,
        },
        Definition::Composite(of) => {
            let ty = ColumnType::Native("integer".into());
            match dice.below(4) {
                0 => ObjectChange::AddAttribute(Attribute {
                    name: dice.name(),
                    ty,
                    collation: None,
                    comment: dice.remark().map(Into::into),
                }),
                1 => ObjectChange::RenameAttribute {
                    name: of.attributes.first()?.name.clone(),
                    to: dice.name(),
                },
                2 => ObjectChange::AttributeComment {
                    name: of.attributes.first()?.name.clone(),
                    comment: dice.remark().map(Into::into),
                },
                _ => ObjectChange::AttributeType { name: of.attributes.first()?.name.clone(), to: ty },
            }
        }
        _ => return None,
    })
}

/// The other one of two: this, or the server's own choice.
fn toggled(of: &Option<String>, to: String) -> Option<String> {
    of.is_none().then_some(to)
}

/// The same query, of fewer rows.
fn narrowed(kind: Kind, query: &Expr) -> Option<Expr> {
    let Expr::Sql(text) = query else { return None };
    let condition = if matches!(kind, Kind::Mysql | Kind::Mariadb) { "`id` > 3" } else { "id > 3" };
    (reads(query) && !text.to_lowercase().contains("where")).then(|| sql(format!("{text} where {condition}")))
}

/// Whether it is of a table or another view.
fn reads(query: &Expr) -> bool {
    let reads = |text: &str| text.to_lowercase().contains(" from ");
    DialectId::ALL.iter().any(|dialect| query.sql(*dialect).is_some_and(reads))
}

fn enabled(dice: &mut Dice) -> Enabled {
    dice.pick(&[Enabled::Origin, Enabled::Always, Enabled::Replica, Enabled::Disabled])
}

fn routine(dice: &mut Dice, of: &Routine) -> Option<ObjectChange> {
    Some(ObjectChange::Routine(match (dice.is_postgres(), dice.below(4)) {
        (true, 0) => RoutineChange::Settings(BTreeMap::from([("work_mem".into(), "64kB".into())])),
        (true, 1) if of.returns.is_some() => RoutineChange::Cost(Some(Float(0.3))),
        (true, 2) if of.returns.is_some() && dice.coin() => {
            let of_server =
                || Name { schema: Some("pg_catalog".into()), name: "generate_series_int4_support".into() };
            RoutineChange::Support(of.support.is_none().then(of_server))
        }
        (true, 2) if of.returns.is_some() => RoutineChange::Volatility(Volatility::Stable),
        (false, 0) => RoutineChange::DataAccess(Some(DataAccess::ReadsSqlData)),
        (_, 3) => RoutineChange::Security(match of.security {
            Some(_) => None,
            None if dice.is_postgres() => Some(Security::Definer),
            None => Some(Security::Invoker),
        }),
        _ => return None,
    }))
}
