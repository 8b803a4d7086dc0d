//! The laws that need no database: what `apply` does, `reverse` undoes.

use std::collections::BTreeSet;

use dunlin::prelude::*;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

mod objects;

/// Names that need every kind of quoting, or are longer than a server takes.
const HOSTILE: [&str; 9] = [
    "'; DROP TABLE x;--",
    "back\\slash",
    "`tick`",
    "nul\0",
    "🦀",
    " ",
    "select",
    "sixty-four bytes, of which PostgreSQL would keep but sixty-three.",
    concat!(
        "two hundred bytes: ....................................................................................",
        ".......................................................................................... of these"
    ),
];

/// A name among few, so that random operations meet each other; some need quoting, one isn't ASCII.
fn name() -> impl Strategy<Value = String> {
    let common = prop::sample::select(vec!["a", "b", "order", "With Space", "ü\"x", "e"]);
    prop_oneof![9 => common, 1 => prop::sample::select(HOSTILE.to_vec())].prop_map(str::to_owned)
}

/// The name of a table: mostly one of two, for only operations on the same table meet.
fn table_name() -> impl Strategy<Value = Name> {
    let common = prop::sample::select(vec!["a", "b"]).prop_map(str::to_owned);
    (prop_oneof![6 => common, 1 => name()], prop::bool::weighted(0.04))
        .prop_map(|(name, qualified)| Name { schema: qualified.then(|| "app's".to_owned()), name })
}

/// The name of a constraint or an index.
fn label_name() -> impl Strategy<Value = String> {
    let common = prop::sample::select(vec!["one", "two"]).prop_map(str::to_owned);
    prop_oneof![6 => common, 1 => name()]
}

fn label() -> impl Strategy<Value = Label> {
    (label_name(), any::<bool>())
        .prop_map(|(name, given)| if given { Label::Given(name) } else { Label::Derived(name) })
}

fn dialects() -> impl Strategy<Value = DialectSet> {
    prop::sample::select(vec![SQLITE, POSTGRES | SQLITE, MYSQL | MARIADB, DialectSet::ALL])
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,4}".prop_map(Value::from),
        any::<Vec<u8>>().prop_map(Value::from),
    ]
}

fn expr() -> BoxedStrategy<Expr> {
    prop_oneof![
        value().prop_map(Expr::Literal),
        Just(sql("a > 0")),
        (dialects(), "[a-z]{1,4}").prop_map(|(on, sql)| Expr::per_dialect([(on, sql)])),
    ]
    .boxed()
}

fn collation() -> impl Strategy<Value = PerDialect<String>> {
    prop_oneof![
        Just(PerDialect::default()),
        Just("C".into()),
        Just([(SQLITE, "NOCASE"), (POSTGRES, "C")].into())
    ]
}

fn options() -> BoxedStrategy<TableOptions> {
    let text = || prop::option::of("[a-z]{1,3}");
    (any::<bool>(), any::<bool>(), any::<bool>(), text(), text(), text(), text())
        .prop_map(|(strict, without_rowid, unlogged, engine, charset, collation, row_format)| TableOptions {
            strict,
            without_rowid,
            unlogged,
            storage: Default::default(),
            tablespace: None,
            engine_options: Default::default(),
            engine,
            charset,
            collation,
            row_format,
        })
        .boxed()
}

fn action() -> impl Strategy<Value = Action> {
    use Action::{Cascade, NoAction, Restrict, SetDefault, SetNull};
    prop::sample::select(vec![NoAction, Restrict, Cascade, SetNull, SetDefault])
}

fn deferrable() -> impl Strategy<Value = Deferrable> {
    use Deferrable::{InitiallyDeferred, InitiallyImmediate, No};
    prop::sample::select(vec![No, InitiallyImmediate, InitiallyDeferred])
}

fn column() -> BoxedStrategy<ColumnSpec> {
    let of = prop::sample::select(vec![bigint as fn() -> ColumnSpec, boolean, text, uuid, timestamp, jsonb]);
    let what = prop::sample::select(vec!["plain", "default", "generated", "identity", "comment", "collated"]);
    (of, any::<bool>(), any::<bool>(), any::<bool>(), what)
        .prop_map(|(of, not_null, unique, refers, what)| {
            let mut spec = match what {
                "default" => of().default("it's"),
                "generated" => of().generated_stored("id + 1"),
                "identity" => of().identity(),
                "comment" => of().comment("a \\ remark"),
                "collated" => of().collate("C").charset("utf8mb4").invisible().on_update_to("now()"),
                _ => of(),
            };
            if not_null {
                spec = spec.not_null();
            }
            if unique {
                spec = spec.unique();
            }
            if refers { spec.references("a", "id").on_delete(Action::Cascade) } else { spec }
        })
        .boxed()
}

fn create_table() -> BoxedStrategy<Op> {
    let columns = prop::collection::btree_map(name(), column(), 0..4);
    (table_name(), columns, any::<bool>(), options(), prop::option::of("[a-z']{0,4}"), any::<bool>())
        .prop_map(|(name, columns, indexed, options, comment, unless)| {
            let mut op = Ops::new();
            let mut table = op.create_table(name).col("id", bigint().primary_key()).options(options);
            let first = columns.keys().next().cloned();
            for (name, spec) in columns {
                table = table.col(name, spec);
            }
            if let Some(first) = first.filter(|_| indexed) {
                table = table.index_on([first]);
            }
            if let Some(comment) = comment {
                table = table.comment(comment);
            }
            if unless {
                table = table.if_not_exists();
            }
            table.check("id > 0");
            op.finish().unwrap().ops.remove(0)
        })
        .boxed()
}

fn enforcement() -> impl Strategy<Value = Enforcement> {
    use Enforcement::{Full, NotEnforced, NotValid};
    prop::sample::select(vec![Full, NotValid, NotEnforced])
}

fn constraint_change() -> impl Strategy<Value = ConstraintChange> {
    prop_oneof![
        enforcement().prop_map(ConstraintChange::Enforcement),
        deferrable().prop_map(ConstraintChange::Deferrable),
        any::<bool>().prop_map(ConstraintChange::NoInherit),
    ]
}

fn constraint() -> BoxedStrategy<Constraint> {
    let columns = || prop_oneof![Just(vec!["id".to_owned()]), name().prop_map(|name| vec![name])];
    prop_oneof![
        3 => (label(), columns(), deferrable()).prop_map(|(label, columns, deferrable)| {
            Constraint::PrimaryKey(PrimaryKey { label, deferrable, ..PrimaryKey::over(columns) })
        }),
        1 => (label(), columns(), deferrable(), any::<bool>()).prop_map(|(label, columns, deferrable, nulls)| {
            let include = if nulls { vec!["id".to_owned()] } else { Vec::new() };
            let of = Unique { label, nulls_not_distinct: nulls, deferrable, ..Unique::over(columns) };
            Constraint::Unique(Unique { include, without_overlaps: !nulls, ..of })
        }),
        1 => (label(), columns(), table_name(), action(), action(), deferrable(), any::<bool>()).prop_map(
            |(label, columns, references, on_delete, on_update, deferrable, full)| {
                let on_delete_columns = match on_delete {
                    Action::SetNull if full => columns.clone(),
                    _ => Vec::new(),
                };
                Constraint::ForeignKey(ForeignKey {
                    label,
                    on_delete,
                    on_update,
                    on_delete_columns,
                    deferrable,
                    period: !full,
                    matching: if full { Match::Full } else { Match::Simple },
                    enforcement: if full { Enforcement::NotValid } else { Enforcement::Full },
                    ..ForeignKey::over(columns, references, vec!["id".into()])
                })
            }
        ),
        1 => (label(), expr(), enforcement(), any::<bool>()).prop_map(|(label, expr, enforcement, no_inherit)| {
            Constraint::Check(Check { enforcement, no_inherit, ..Check::new(label, expr) })
        }),
        1 => (label(), name(), deferrable(), prop::option::of(expr())).prop_map(
            |(label, name, deferrable, predicate)| {
                let element = ExclusionElement { key: asc(name), operator: "=".into() };
                let elements = vec![element];
                let include = Vec::new();
                Constraint::Exclusion(Exclusion {
                    label,
                    elements,
                    method: None,
                    predicate,
                    deferrable,
                    include,
                })
            }
        ),
    ]
    .boxed()
}

fn kind() -> impl Strategy<Value = ConstraintKind> {
    use ConstraintKind::{Check, Exclusion, ForeignKey, PrimaryKey, Unique};
    prop::sample::select(vec![PrimaryKey, Unique, ForeignKey, Check, Exclusion])
}

fn index() -> BoxedStrategy<Index> {
    let key = (name(), expr(), 0..6u8, collation(), any::<bool>()).prop_map(
        |(name, over, form, collation, more)| {
            let key = match form {
                0 => IndexKey::expr(over),
                1 => desc(name),
                2 => asc("id").nulls_first(),
                _ => asc(name),
            };
            let key = key.collate(collation);
            if more { key.opclass("text_ops").prefix(3) } else { key }
        },
    );
    let keys = prop::collection::vec(key, 1..3);
    (label(), keys, any::<bool>(), prop::option::of(expr()), prop::option::of("[a-z]{1,4}"))
        .prop_map(|(label, keys, unique, predicate, text)| Index {
            unique,
            predicate,
            include: if unique { vec!["id".into()] } else { Vec::new() },
            method: text.clone(),
            nulls_not_distinct: unique,
            comment: text,
            ..Index::new(label, keys)
        })
        .boxed()
}

fn change() -> BoxedStrategy<ColumnChange> {
    prop_oneof![
        any::<bool>().prop_map(ColumnChange::NotNull),
        prop::option::of(expr()).prop_map(|using| ColumnChange::Type { to: ColumnType::Date, using }),
        prop::option::of(expr()).prop_map(ColumnChange::Default),
        prop::option::of("[a-z']{0,4}").prop_map(ColumnChange::Comment),
        prop::option::of(any::<bool>()).prop_map(|identity| {
            ColumnChange::Identity(identity.map(|always| Identity { always, ..Identity::default() }))
        }),
        (any::<bool>(), prop::option::of(expr())).prop_map(|(stored, expr)| {
            ColumnChange::Generated(expr.map(|expr| Generated { expr, stored }))
        }),
        collation().prop_map(ColumnChange::Collation),
        prop::option::of("[a-z]{1,4}").prop_map(ColumnChange::Charset),
        prop::option::of(expr()).prop_map(ColumnChange::OnUpdate),
        any::<bool>().prop_map(ColumnChange::Invisible),
        (prop_oneof![Just("storage"), Just("n_distinct")], prop::option::of("[a-z]{1,3}"))
            .prop_map(|(name, value)| ColumnChange::Option { name: name.into(), value }),
    ]
    .boxed()
}

fn position() -> impl Strategy<Value = Option<Position>> {
    prop::option::of(prop_oneof![Just(Position::First), Just(Position::After("id".into()))])
}

/// Any operation but a group. Strategies are boxed, for nested as they are they would exhaust a thread's stack.
fn plain_op() -> BoxedStrategy<Op> {
    let table = table_name;
    let column = || prop_oneof![1 => Just("id".to_owned()), 3 => name()];
    let tables = prop_oneof![
        4 => create_table(),
        1 => (table(), any::<bool>()).prop_map(|(table, if_exists)| Op::DropTable { table, if_exists, cascade: false }),
        1 => (table(), name()).prop_map(|(table, to)| Op::RenameTable { table, to }),
        1 => (table(), options()).prop_map(|(table, options)| Op::SetTableOptions { table, options }),
        1 => (table(), prop::option::of("[a-z]{0,3}"))
            .prop_map(|(table, comment)| Op::SetTableComment { table, comment }),
    ]
    .boxed();
    let columns = prop_oneof![
        2 => (table(), name(), self::column(), position(), any::<bool>()).prop_map(
            |(table, name, spec, position, if_not_exists)| {
                let column = Column { name, ..Column::new("", ColumnType::from(&spec)) };
                Op::AddColumn { table, column, position, if_not_exists }
            }
        ),
        2 => (table(), column(), any::<bool>())
            .prop_map(|(table, column, if_exists)| Op::DropColumn { table, column, if_exists }),
        1 => (table(), column(), name()).prop_map(|(table, column, to)| Op::RenameColumn { table, column, to }),
        3 => (table(), column(), change())
            .prop_map(|(table, column, change)| Op::AlterColumn { table, column, change }),
    ]
    .boxed();
    let constraints = prop_oneof![
        3 => (table(), constraint()).prop_map(|(table, constraint)| Op::AddConstraint { table, constraint }),
        2 => (table(), kind(), label_name(), any::<bool>()).prop_map(|(table, kind, name, if_exists)| {
            Op::DropConstraint { table, kind, name, if_exists }
        }),
        1 => table().prop_map(|table| Op::DropConstraint {
            table,
            kind: ConstraintKind::PrimaryKey,
            name: String::new(),
            if_exists: false,
        }),
        1 => table().prop_map(|table| Op::DropConstraint {
            name: format!("{}_check", table.name),
            table,
            kind: ConstraintKind::Check,
            if_exists: true,
        }),
        1 => (table(), kind(), label_name(), label_name())
            .prop_map(|(table, kind, name, to)| Op::RenameConstraint { table, kind, name, to }),
        2 => (table(), constraint_change()).prop_map(|(table, change)| {
            let of = if matches!(change, ConstraintChange::Deferrable(_)) { "pkey" } else { "check" };
            let name = format!("{}_{of}", table.name);
            Op::AlterTable { table, change: TableChange::Constraint { name, change } }
        }),
        1 => (table(), name()).prop_map(|(table, to)| Op::RenameConstraint {
            name: format!("{}_check", table.name),
            table,
            kind: ConstraintKind::Check,
            to,
        }),
    ]
    .boxed();
    let indexes = prop_oneof![
        3 => (table(), index(), any::<bool>(), any::<bool>()).prop_map(
            |(table, index, if_not_exists, concurrently)| {
                Op::CreateIndex { table, index, if_not_exists, concurrently }
            }
        ),
        2 => (table(), label_name(), any::<bool>(), any::<bool>()).prop_map(
            |(table, name, if_exists, concurrently)| Op::DropIndex { table, name, if_exists, concurrently }
        ),
        1 => (table(), name(), any::<bool>()).prop_map(|(table, column, if_exists)| Op::DropIndex {
            name: format!("{}_{column}_idx", table.name),
            table,
            if_exists,
            concurrently: false,
        }),
        2 => (table(), label_name(), label_name()).prop_map(|(table, name, to)| Op::RenameIndex { table, name, to }),
    ]
    .boxed();
    let data = prop_oneof![
        (table(), name(), prop::collection::vec((value(), value()), 0..3)).prop_map(
            |(table, other, rows)| {
                let rows = rows.into_iter().map(|(one, two)| vec![one, two]).collect();
                Op::Insert { table, columns: vec!["id".into(), other], rows }
            }
        ),
        (table(), prop::collection::vec(value(), 0..3)).prop_map(|(table, keys)| {
            let keys = keys.into_iter().map(|key| vec![key]).collect();
            Op::Delete { table, columns: vec!["id".into()], keys }
        }),
        (expr(), prop::option::of(expr())).prop_map(|(sql, undo)| Op::Execute { sql, undo }),
        name().prop_map(|step| Op::Run { step }),
    ];
    prop_oneof![3 => tables, 3 => columns, 3 => constraints, 3 => indexes, 1 => data, 8 => objects::op()]
        .boxed()
}

fn any_op() -> impl Strategy<Value = Op> {
    let group = (dialects(), prop::collection::vec(plain_op(), 0..4))
        .prop_map(|(dialects, ops)| Op::On { dialects, ops });
    prop_oneof![12 => plain_op(), 1 => group]
}

/// Operations one after the other, on a schema that has a table from the beginning.
fn any_ops() -> impl Strategy<Value = Vec<Op>> {
    let some = prop_oneof![9 => any_op().prop_map(|op| vec![op]), 1 => objects::created_and_altered(), 1 => objects::divided_and_changed(), 1 => Just(objects::attached_and_detached()), 1 => Just(objects::exchanged_and_indexed())];
    (create_table(), prop::collection::vec(some, 0..35))
        .prop_map(|(first, rest)| std::iter::once(first).chain(rest.into_iter().flatten()).collect())
}

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

/// Whether it sets what is no part of a schema: who owns something, where a sequence stands.
fn sets_aside(op: &Op) -> bool {
    matches!(
        op,
        Op::AlterObject { change: ObjectChange::Owner(_) | ObjectChange::Restart(_), .. }
            | Op::AlterTable { change: TableChange::Owner(_), .. }
    )
}

/// Whether a text has an old name, and what it means then only the server knows.
fn is_stale(why: &Irreversible) -> bool {
    ["which this revision has renamed", "that this revision renames"].iter().any(|of| why.reason.contains(of))
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
                Err(why) if changes_for_good(&op) || is_stale(&why) => {
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
                prop_assert_eq!(sorted(labels_as_names(undone)), sorted(labels_as_names(before)), "{}", op);
            } else {
                prop_assert_eq!(sorted(undone), sorted(before), "{}", op);
            }
            applied.push(op);
        }
        let undone = match reverse_all(&applied, &Schema::new()) {
            Err(why) if is_stale(&why) => return Ok(()),
            undone => undone.unwrap(),
        };
        for undo in undone {
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
    for _ in 0..1000 {
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
