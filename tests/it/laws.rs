//! The laws that need no database: what `apply` does, `reverse` undoes.

use std::collections::BTreeSet;

use dunlin::prelude::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use self::operations::{any_op, any_ops, create_table};

mod objects;
mod operations;

/// A schema with its lists sorted: undoing a drop puts a constraint or an index back last, and their order means nothing.
fn sorted(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.uniques.sort();
        table.foreign_keys.sort();
        table.checks.sort();
        table.exclusions.sort();
        table.indexes.sort();
        table.inherits.sort();
    }
    for object in schema.objects.values_mut() {
        match &mut object.definition {
            Definition::Domain(domain) => domain.checks.sort(),
            Definition::MaterializedView(view) => view.indexes.sort(),
            _ => {}
        }
    }
    schema
}

/// A schema whose labels are names and no more: a constraint renamed and renamed back has its name, which from then on
/// is one that was given.
fn labels_as_names(mut schema: Schema) -> Schema {
    let given = |label: &mut Label| {
        if let Some(name) = label.name() {
            *label = Label::Given(name.into());
        }
    };
    for table in schema.tables.values_mut() {
        table.primary_key.iter_mut().for_each(|key| given(&mut key.label));
        table.uniques.iter_mut().for_each(|unique| given(&mut unique.label));
        table.foreign_keys.iter_mut().for_each(|key| given(&mut key.label));
        table.checks.iter_mut().for_each(|check| given(&mut check.label));
        table.exclusions.iter_mut().for_each(|exclusion| given(&mut exclusion.label));
        table.indexes.iter_mut().for_each(|index| given(&mut index.label));
    }
    for object in schema.objects.values_mut() {
        match &mut object.definition {
            Definition::Domain(domain) => domain.checks.iter_mut().for_each(|check| given(&mut check.label)),
            Definition::MaterializedView(view) => {
                view.indexes.iter_mut().for_each(|index| given(&mut index.label));
            }
            _ => {}
        }
    }
    schema
}

/// Which tables are partitions, and of what.
fn partitions(schema: &Schema) -> Vec<(&Name, &PartitionOf)> {
    schema.tables.values().filter_map(|table| Some((&table.name, table.partition_of.as_deref()?))).collect()
}

/// Whether there may be no way back: an operation on rows or of unknown meaning, which leaves the schema alone.
fn may_be_irreversible(op: &Op) -> bool {
    let empties = matches!(op, Op::AlterTable { change: TableChange::TruncatePartition { .. }, .. });
    empties || op.is_opaque() || sets_aside(op) || matches!(op, Op::Insert { .. } | Op::Delete { .. })
}

/// Whether there is no exact way back, and it is known before: an attribute comes back last, what was inherited stays, an
/// extension never gets older.
fn changes_for_good(op: &Op) -> bool {
    matches!(
        op,
        Op::AlterObject {
            change: ObjectChange::DropAttribute { .. } | ObjectChange::Extension(ExtensionChange::Version(_)),
            ..
        } | Op::AlterTable { change: TableChange::NoInherit(_), .. }
    )
}

/// Whether it sets what is no part of a schema: who owns something, where a sequence stands and what
/// one is called that is a column's own.
fn sets_aside(op: &Op) -> bool {
    matches!(
        op,
        Op::AlterObject { change: ObjectChange::Owner(_) | ObjectChange::Restart(_), .. }
            | Op::AlterTable { change: TableChange::Owner(_), .. }
            | Op::AlterColumn { change: ColumnChange::Restart(_) | ColumnChange::SequenceName(_), .. }
    )
}

/// Whether a text has an old name, and what it means then only the server knows.
fn is_stale(why: &Irreversible) -> bool {
    let said =
        ["which this revision has renamed", "that this revision renames", "which this revision has put into"];
    said.iter().any(|of| why.reason.contains(of))
}

/// Whether a foreign key may need what no index keeps apart any more, once the constraint that it has become is one again.
fn is_referred(op: &Op, why: &Irreversible) -> bool {
    matches!(op, Op::AlterTable { change: TableChange::IndexToConstraint { .. }, .. })
        && why.reason.contains("a foreign key of table")
}

/// Whether a cascade may take what the same operations have written: no catalog knows yet on what that stands.
fn takes_written(why: &Irreversible) -> bool {
    why.reason.ends_with("goes with it by cascade; write a down")
}

fn cascades(op: &Op) -> bool {
    matches!(op, Op::DropTable { cascade: true, .. } | Op::DropObject { cascade: true, .. })
}

/// Whether every foreign key refers to a table that is there: what a server sees to, and a partial schema needn't.
fn is_closed(schema: &Schema) -> bool {
    let keys = schema.tables.values().flat_map(|table| &table.foreign_keys);
    keys.into_iter().all(|key| schema.get(&key.references).is_some()) && objects::is_closed(schema)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each operation that applies is undone by its reverse, one by one and all together.
    #[test]
    fn reverse_undoes_apply(
        ops in any_ops(),
        dialect in prop::sample::select(DialectId::ALL.to_vec()),
    ) {
        let mut schema = Schema::new();
        let mut applied = Vec::new();
        for op in Op::select(&ops, dialect) {
            let before = schema.clone();
            if apply(&mut schema, &op).is_err() {
                prop_assert_eq!(&schema, &before, "a conflict changed the schema: {}", op);
                continue;
            }
            if !is_closed(&schema) {
                schema = before;
                continue;
            }
            if sets_aside(&op) {
                prop_assert_eq!(&schema, &before, "{}", op);
                continue;
            }
            let undo = match reverse(&op, &before) {
                Err(why) if changes_for_good(&op) || is_stale(&why) || is_referred(&op, &why) => {
                    schema = before;
                    continue;
                }
                Err(_) if may_be_irreversible(&op) => {
                    prop_assert_eq!(&schema, &before, "{}", op);
                    continue;
                }
                undo => undo.unwrap(),
            };
            let mut undone = schema.clone();
            for undo in undo {
                apply(&mut undone, &undo).unwrap();
            }
            let relabels = matches!(
                op,
                Op::RenameConstraint { .. }
                    | Op::RenameIndex { .. }
                    | Op::AlterObject { change: ObjectChange::RenameCheck { .. }, .. }
            );
            // What a partition keeps and is left is PostgreSQL's affair, and tried there.
            let divides = |op: &Op| matches!(
                op,
                Op::AlterTable { change: TableChange::Attach { .. } | TableChange::Detach { .. }, .. }
            );
            if divides(&op) {
                prop_assert_eq!(partitions(&undone), partitions(&before), "{}", op);
                schema = before;
                continue;
            }
            if relabels {
                prop_assert_eq!(sorted(labels_as_names(undone)), sorted(labels_as_names(before.clone())), "{}", op);
            } else {
                prop_assert_eq!(sorted(undone), sorted(before.clone()), "{}", op);
            }
            applied.push(op);
            // What is refused is left out, so that all else is undone together.
            if let Err(why) = reverse_all(&applied, &Schema::new()) {
                let op = applied.pop().unwrap();
                let is_listed = is_stale(&why)
                    || is_referred(&op, &why)
                    || takes_written(&why) && cascades(&op);
                prop_assert!(is_listed, "{}: {}", op, why);
                schema = before;
            }
        }
        for undo in reverse_all(&applied, &Schema::new()).unwrap() {
            apply(&mut schema, &undo).unwrap();
        }
        prop_assert_eq!(schema, Schema::new());
    }

    /// Operations and schemas survive JSON: the undo recorded in a database is JSON.
    #[test]
    fn json_round_trip(ops in prop::collection::vec(any_op(), 1..10)) {
        let text = serde_json::to_string(&ops).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Op>>(&text).unwrap(), ops);
    }

    /// Creating all of a schema gives it, and dropping all of it leaves nothing, whatever refers to whatever.
    #[test]
    fn creation_and_drop_order(
        tables in prop::collection::vec(create_table(), 0..6),
        others in prop::collection::vec(objects::op(), 0..20),
    ) {
        let mut schema = Schema::new();
        for op in tables.iter().chain(&others) {
            let before = schema.clone();
            if apply(&mut schema, op).is_ok() && !is_closed(&schema) {
                schema = before;
            }
        }
        let mut built = Schema::new();
        for op in creation_ops(&schema) {
            apply(&mut built, &op).unwrap();
        }
        prop_assert_eq!(sorted(built.clone()), sorted(schema.clone()));
        for op in drop_ops(&schema) {
            apply(&mut built, &op).unwrap();
        }
        prop_assert_eq!(built, Schema::new());
    }
}

/// What a change changes, as JSON names it: `comment`, `view.security_barrier`, `index.storage`.
fn change_name(change: &serde_json::Value) -> String {
    const LENSES: [&str; 15] = [
        "schema",
        "extension",
        "domain",
        "sequence",
        "view",
        "materialized_view",
        "routine",
        "trigger",
        "rule",
        "policy",
        "statistics",
        "publication",
        "event",
        "constraint",
        "index",
    ];
    let (name, value) = match change {
        serde_json::Value::Object(map) => map.iter().next().unwrap(),
        plain => return plain.as_str().unwrap().to_owned(),
    };
    let inner = value.get("change").unwrap_or(value);
    match LENSES.contains(&name.as_str()) && inner.is_object() {
        true => format!("{name}.{}", change_name(inner)),
        false => name.clone(),
    }
}

/// Every kind of operation, and every attribute that one can change, is among those that the laws are held to, and
/// applies there: it catches what was added and left out of the generators, or only ever meets a conflict.
#[test]
fn the_laws_reach_every_operation() {
    let kind = |value: &serde_json::Value| value.as_object().unwrap().keys().next().unwrap().clone();
    let expected: BTreeSet<_> = include_str!("laws/operations.txt").lines().map(str::to_owned).collect();
    let mut reached = BTreeSet::new();
    let mut runner = TestRunner::deterministic();
    for _ in 0..3000 {
        let ops = any_ops().new_tree(&mut runner).unwrap().current();
        reached.extend(ops.iter().any(|op| matches!(op, Op::On { .. })).then(|| "on".to_owned()));
        let mut schema = Schema::new();
        for op in Op::select(&ops, DialectId::Sqlite) {
            let before = schema.clone();
            if apply(&mut schema, &op).is_err() {
                continue;
            }
            let json = serde_json::to_value(&op).unwrap();
            let name = kind(&json);
            let body = &json[&name];
            if let Op::CreateObject { object, .. } = &op {
                for change in ObjectChange::all(&object.definition) {
                    let name = change_name(&serde_json::to_value(change).unwrap());
                    assert!(expected.contains(&format!("alter {name}")), "{name} isn't listed");
                }
            }
            let exchanges =
                matches!(&op, Op::AlterTable { change: TableChange::ExchangePartition { .. }, .. });
            let changes = schema != before || exchanges || may_be_irreversible(&op) || sets_aside(&op);
            reached.extend(match &op {
                Op::AddConstraint { .. } => Some(format!("{name} {}", kind(&body["constraint"]))),
                Op::CreateObject { .. } => {
                    Some(format!("{name} {}", body["object"]["kind"].as_str().unwrap()))
                }
                Op::AlterObject { change: ObjectChange::RefreshCollation, .. } => {
                    Some("alter version".into())
                }
                Op::AlterObject { .. } | Op::AlterTable { .. } | Op::AlterColumn { .. } if !changes => None,
                Op::AlterObject { .. } => Some(format!("alter {}", change_name(&body["change"]))),
                Op::AlterTable { .. } | Op::AlterColumn { .. } => {
                    Some(format!("{name} {}", change_name(&body["change"])))
                }
                _ => Some(name),
            });
        }
    }
    let missing: Vec<_> = expected.difference(&reached).collect();
    let unlisted: Vec<_> = reached.difference(&expected).collect();
    assert!(missing.is_empty() && unlisted.is_empty(), "missing: {missing:#?}\nunlisted: {unlisted:#?}");
}
