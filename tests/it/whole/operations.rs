//! Operations on whatever there is, several of them often on the same thing.

use std::collections::{BTreeMap, BTreeSet};

use dunlin::prelude::*;

use super::dice::Dice;
use crate::server::Kind;

/// The operations of one revision, on a schema as it was read.
///
/// They are such as apply one after the other: what Dunlin refuses of itself is left out.
pub(super) fn revision(dice: &mut Dice, before: &Schema) -> Vec<Op> {
    let mut model = before.clone();
    let mut ops = Vec::new();
    // What was renamed is still called by its old name in texts that stand elsewhere, and only by its own server.
    let mut renamed = false;
    let mut focus: Option<ObjectId> = None;
    for at in 0..1 + dice.below(4) {
        dice.at = 100 + at;
        if dice.one_in(6) {
            let made = created(dice);
            focus = made.last().and_then(Op::object);
            for op in made {
                apply(&mut model, &op).unwrap();
                ops.push(op);
            }
            continue;
        }
        let there = ids(&model);
        let id = match focus.take().filter(|id| there.contains(id)) {
            Some(id) if !dice.one_in(4) => id,
            _ => dice.pick(&there),
        };
        let Some(op) = operation(dice, &model, &id) else { continue };
        if renamed && drops(&op) || apply(&mut model.clone(), &op).is_err() {
            continue;
        }
        let renames =
            matches!(op, Op::RenameTable { .. } | Op::RenameColumn { .. } | Op::RenameObject { .. });
        // On SQLite a rename has a revision of its own: the undo of what came before rebuilds the table, whose triggers
        // were read with the new name, and is refused.
        if renames && dice.kind == Kind::Sqlite && !ops.is_empty() {
            continue;
        }
        apply(&mut model, &op).unwrap();
        renamed |= renames;
        focus = Some(match &op {
            Op::RenameTable { table, to } => ObjectId::table(table.sibling(to)),
            Op::RenameObject { object, to } => {
                let mut id = object.clone();
                id.name.name.clone_from(to);
                id
            }
            _ => id,
        });
        ops.push(op);
        if renamed && dice.kind == Kind::Sqlite {
            break;
        }
    }
    ops
}

/// Everything that a schema names.
pub(super) fn ids(schema: &Schema) -> Vec<ObjectId> {
    schema.tables.keys().map(ObjectId::table).chain(schema.objects.keys().cloned()).collect()
}

fn drops(op: &Op) -> bool {
    matches!(
        op,
        Op::DropTable { .. }
            | Op::DropColumn { .. }
            | Op::DropObject { .. }
            | Op::DropConstraint { .. }
            | Op::DropIndex { .. }
    )
}

/// What creates a few things that weren't there.
fn created(dice: &mut Dice) -> Vec<Op> {
    let kinds = super::kinds(dice.kind);
    let schema = dice.pick(&kinds)(dice, Schema::new());
    dunlin::creation_ops(&schema)
}

/// Something that may be done to what is there.
fn operation(dice: &mut Dice, schema: &Schema, id: &ObjectId) -> Option<Op> {
    if dice.one_in(9)
        && let Some(op) = moved(dice, schema, id)
    {
        return Some(op);
    }
    if id.kind == ObjectKind::Table {
        // What a partition has is its parent's.
        schema.get(&id.name).filter(|table| !table.columns.is_empty())?;
        let is_referred = schema.tables.values().flat_map(|table| &table.foreign_keys);
        let is_referred = is_referred.into_iter().any(|key| key.references == id.name);
        return on_table(dice, schema.get(&id.name)?, is_referred);
    }
    let (object, id) = (schema.objects.get(id)?, id.clone());
    let alter = |change| Some(Op::AlterObject { object: id.clone(), change });
    match dice.below(9) {
        // A schema that has something in it is dropped by nobody, and on PostgreSQL what is in it moves with it.
        0 | 1 if id.kind == ObjectKind::Schema => None,
        1 | 2 if id.kind == ObjectKind::DefaultPrivileges => None,
        0 => Some(Op::DropObject { object: id, if_exists: false, cascade: false }),
        1 => Some(Op::RenameObject { object: id, to: format!("renamed {}", dice.name()) }),
        2 => alter(ObjectChange::Comment(dice.remark().map(str::to_owned))),
        3 if dice.is_postgres() && !is_ownerless(&object.definition) => {
            alter(ObjectChange::Owner(role(dice)))
        }
        4 if dice.is_postgres() => grant(dice, &id, object.grants.iter().next()),
        _ => alter(change(dice, &object.definition)?),
    }
}

/// Puts it into a schema that there is, or out of that.
fn moved(dice: &mut Dice, schema: &Schema, id: &ObjectId) -> Option<Op> {
    use ObjectKind::{Collation, Composite, Domain, Enum, MaterializedView, Sequence, Table, View};
    if !matches!(id.kind, Collation | Composite | Domain | Enum | MaterializedView | Sequence | Table | View)
    {
        return None;
    }
    let schemas = schema.objects.keys().filter(|id| id.kind == ObjectKind::Schema);
    let schemas: Vec<_> = schemas.map(|id| id.name.name.clone()).collect();
    let to = match id.name.schema {
        Some(_) => None,
        None if schemas.is_empty() => return None,
        None => Some(dice.pick(&schemas)),
    };
    Some(Op::SetSchema { object: id.clone(), schema: to })
}

/// Whether it belongs to whoever owns its table. Of a column's sequence PostgreSQL says so in its own words.
fn is_ownerless(definition: &Definition) -> bool {
    use Definition::{DefaultPrivileges, Policy, Rule, Sequence, Trigger};
    match definition {
        Sequence(of) => of.owned_by.is_some(),
        other => matches!(other, DefaultPrivileges | Policy(_) | Rule(_) | Trigger(_)),
    }
}

fn role(dice: &mut Dice) -> String {
    dice.pick(&["pg_database_owner", "pg_monitor"]).to_owned()
}

/// Grants something, or takes away what is granted.
fn grant(dice: &mut Dice, on: &ObjectId, granted: Option<&Grant>) -> Option<Op> {
    let on = on.clone();
    if let Some(grant) = granted.filter(|_| dice.coin()) {
        return Some(Op::Revoke { on, grants: BTreeSet::from([grant.clone()]) });
    }
    use ObjectKind::{Domain, Enum, Function, MaterializedView, Procedure, Schema, Sequence, Table, View};
    let privilege = match on.kind {
        Table | View | MaterializedView => dice.pick(&["SELECT", "INSERT", "DELETE"]),
        Sequence | Schema | Domain | Enum => "USAGE",
        Function | Procedure => "EXECUTE",
        _ => return None,
    };
    let to = dice.pick(&["pg_monitor", "pg_read_all_data"]).to_owned();
    // Nobody but a role can let others.
    let grantable = dice.one_in(3);
    let grant = Grant { to, privilege: privilege.into(), columns: Vec::new(), grantable };
    Some(Op::Grant { on, grants: BTreeSet::from([grant]) })
}

/// A change that is this kind's own.
fn change(dice: &mut Dice, definition: &Definition) -> Option<ObjectChange> {
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
        Definition::MaterializedView(_) => ObjectChange::MaterializedView(match dice.below(2) {
            0 => MaterializedViewChange::Storage(BTreeMap::from([("fillfactor".into(), "80".into())])),
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
        Definition::Publication(of) => ObjectChange::Publication(match dice.coin() {
            true => PublicationChange::ViaRoot(!of.via_root),
            false => PublicationChange::Operations(BTreeSet::from([PublishedOperation::Delete])),
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
        Definition::Domain(of) => match (dice.below(4), of.checks.first()) {
            (0, _) => ObjectChange::Domain(DomainChange::NotNull(!of.not_null)),
            (1, _) => ObjectChange::Domain(DomainChange::Default(Some("it's".into()))),
            (2, Some(check)) => ObjectChange::DropCheck { name: check.label.name()?.into() },
            (_, Some(check)) => {
                ObjectChange::RenameCheck { name: check.label.name()?.into(), to: dice.name() }
            }
            _ => return None,
        },
        Definition::Composite(of) => {
            let ty = ColumnType::Native("integer".into());
            match dice.below(3) {
                0 => ObjectChange::AddAttribute(Attribute { name: dice.name(), ty, collation: None }),
                1 => ObjectChange::RenameAttribute {
                    name: of.attributes.first()?.name.clone(),
                    to: dice.name(),
                },
                _ => ObjectChange::AttributeType { name: of.attributes.first()?.name.clone(), to: ty },
            }
        }
        _ => return None,
    })
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
        (true, 1) if of.returns.is_some() => RoutineChange::Cost(Some(50)),
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

fn on_table(dice: &mut Dice, of: &Table, is_referred: bool) -> Option<Op> {
    let table = of.name.clone();
    let own: Vec<_> = of.columns.iter().map(|column| column.name.clone()).collect();
    let column = dice.pick(&own);
    let kept = of.column(&column)?.clone();
    let alter = |change| Some(Op::AlterTable { table: table.clone(), change });
    let constraints: Vec<_> = of
        .constraints()
        .filter_map(|constraint| Some((constraint.kind(), constraint.label().name()?.to_owned())))
        .collect();
    let is_viewed = of.notes.dependents.iter().any(|dependent| dependent.kind == DependentKind::View);
    let index = of.indexes.first().and_then(|index| index.label.name()).map(str::to_owned);
    Some(match dice.below(if dice.is_postgres() { 27 } else { 20 }) {
        0 => Op::DropTable { table, if_exists: false, cascade: false },
        1 => Op::RenameTable { table, to: format!("renamed {}", dice.name()) },
        2 => Op::SetTableComment { table, comment: dice.remark().map(str::to_owned) },
        3 => {
            let (spec, _) = super::table::column(dice);
            let mut op = Ops::new();
            op.add_column(table, format!("more {}", dice.name()), spec);
            return op.finish().ok()?.ops.pop();
        }
        4 => Op::DropColumn { table, column, if_exists: false },
        // SQLite refuses in its own words where a view on a view names the column.
        5 if dice.kind != Kind::Sqlite || !is_viewed => {
            Op::RenameColumn { table, column, to: format!("renamed {}", dice.name()) }
        }
        // What a foreign key may set to NULL can't refuse it, which MySQL and MariaDB say in their own words.
        // Nor, on MariaDB, can an invisible column that has no default.
        6 if kept.identity.is_none() && column != "id" && column != "far" && !kept.invisible => {
            Op::AlterColumn { table, column, change: ColumnChange::NotNull(!kept.not_null) }
        }
        7 => {
            Op::AlterColumn { table, column, change: ColumnChange::Comment(dice.remark().map(str::to_owned)) }
        }
        8 => {
            let default = own.contains(&"other".to_owned()).then(|| Expr::from(dice.number()));
            Op::AlterColumn { table, column: "other".into(), change: ColumnChange::Default(default) }
        }
        9 if column == "other" || column == "word" => {
            let to =
                if column == "other" { ColumnType::from(bigint()) } else { ColumnType::from(varchar(60)) };
            Op::AlterColumn { table, column, change: ColumnChange::Type { to, using: None } }
        }
        10 => {
            let mut op = Ops::new();
            op.create_index(table, ["other"]).named(format!("new {}", dice.name()));
            return op.finish().ok()?.ops.pop();
        }
        // MySQL and MariaDB refuse in their own words to drop an index on which a foreign key stands.
        11 if !dice.is_mysql() || of.foreign_keys.is_empty() => {
            Op::DropIndex { table, name: index?, if_exists: false, concurrently: false }
        }
        12 => Op::RenameIndex { table, name: index?, to: format!("renamed {}", dice.name()) },
        13 => {
            let mut op = Ops::new();
            op.add_unique(table, ["id", "other"]).named(format!("new {}", dice.name()));
            return op.finish().ok()?.ops.pop();
        }
        14 if !constraints.is_empty() => {
            let (kind, name) = dice.pick(&constraints);
            // Servers refuse in their own words to drop a key to which a foreign key refers.
            let is_key = matches!(kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique);
            // SQLite says in its own words that a table WITHOUT ROWID has a primary key.
            if kind == ConstraintKind::PrimaryKey && of.options.without_rowid {
                return None;
            }
            if is_key && (is_referred || dice.is_mysql() && !of.foreign_keys.is_empty()) {
                return None;
            }
            Op::DropConstraint { table, kind, name, if_exists: false }
        }
        15 if !constraints.is_empty() => {
            let (kind, name) = dice.pick(&constraints);
            Op::RenameConstraint { table, kind, name, to: format!("renamed {}", dice.name()) }
        }
        16 if own.contains(&"other".to_owned()) => {
            let mut op = Ops::new();
            let check = op.add_check(table, number_check(dice.kind, dice.number()));
            let check = check.named(format!("new {}", dice.name()));
            match dice.below(3) {
                0 if dice.is_postgres() => _ = check.not_valid(),
                1 if dice.is_postgres() && of.partitioning.is_none() => _ = check.no_inherit(),
                _ => {}
            }
            return op.finish().ok()?.ops.pop();
        }
        // PostgreSQL refuses in its own words where a foreign key would go from a logged table to an unlogged one.
        17 if dice.kind != Kind::Sqlite && !is_referred && of.foreign_keys.is_empty() => {
            Op::SetTableOptions { table, options: options(dice, &of.options) }
        }
        18 if !constraints.is_empty() => {
            let (kind, name) = dice.pick(&constraints);
            let change = match kind {
                ConstraintKind::Check if dice.kind == Kind::Mysql => {
                    ConstraintChange::Enforcement(dice.pick(&[Enforcement::Full, Enforcement::NotEnforced]))
                }
                ConstraintKind::ForeignKey if dice.is_postgres() => {
                    ConstraintChange::Deferrable(dice.pick(&[
                        Deferrable::No,
                        Deferrable::InitiallyImmediate,
                        Deferrable::InitiallyDeferred,
                    ]))
                }
                _ => return None,
            };
            return alter(TableChange::Constraint { name, change });
        }
        20 => return alter(TableChange::Owner(role(dice))),
        21 => return grant(dice, &ObjectId::table(&of.name), of.grants.iter().next()),
        22 => {
            let security = RowSecurity { enabled: dice.coin(), forced: dice.coin() };
            return alter(TableChange::RowSecurity(security));
        }
        23 if !constraints.is_empty() => {
            let (_, name) = dice.pick(&constraints);
            let comment = dice.remark().map(str::to_owned);
            return alter(TableChange::ConstraintComment { name, comment });
        }
        24 => return alter(TableChange::Cluster(index)),
        25 => {
            let identity = [ReplicaIdentity::PrimaryKey, ReplicaIdentity::Full, ReplicaIdentity::Nothing];
            return alter(TableChange::ReplicaIdentity(dice.pick(&identity)));
        }
        26 => {
            let below =
                of.notes.dependents.iter().find(|dependent| dependent.kind == DependentKind::Table)?;
            let is_partition = of.partitioning.is_some();
            return is_partition
                .then(|| TableChange::Detach { partition: below.name.clone(), concurrently: false })
                .and_then(alter);
        }
        _ => return None,
    })
}

/// A condition on a column that every table has, as its server would print it.
fn number_check(kind: Kind, number: i64) -> String {
    match kind {
        Kind::Mysql | Kind::Mariadb => format!("`other` < {number}"),
        _ => format!("(other < {number})"),
    }
}

/// Other options than a table has.
fn options(dice: &mut Dice, of: &TableOptions) -> TableOptions {
    let mut options = of.clone();
    if dice.is_mysql() {
        options.row_format = Some(dice.pick(&["COMPRESSED", "DYNAMIC", "COMPACT"]).to_owned());
    } else if dice.coin() {
        options.unlogged = !of.unlogged;
    } else {
        options.storage.insert("fillfactor".into(), "60".into());
    }
    options
}
