//! Random operations on every kind of object that isn't a table, and on what tables have beside columns and keys.

use dunlin::prelude::*;
use proptest::prelude::*;
use proptest::sample::select;

use super::{label_name, table_name};

/// The name of an object: mostly one of two, for only operations on the same object meet.
fn name() -> impl Strategy<Value = Name> {
    let common = select(vec!["o", "p"]).prop_map(str::to_owned);
    (prop_oneof![8 => common, 1 => super::name()], prop::bool::weighted(0.04))
        .prop_map(|(name, qualified)| Name { schema: qualified.then(|| "app's".to_owned()), name })
}

fn word() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

/// An object of any kind, as the DSL writes it.
fn object() -> BoxedStrategy<Object> {
    let parts = (name(), word(), table_name(), any::<bool>(), super::label_name());
    (0..17_u8, parts, prop::option::of("[a-z']{1,4}"), any::<bool>())
        .prop_map(|(kind, (name, word, on, flag, label), comment, granted)| {
            let mut op = Ops::new();
            let to_string = |name: &Name| name.name.clone();
            match kind {
                0 => _ = op.create_enum(name, [word, "z".into()]),
                1 => _ = op.create_composite(name).field(word, text()),
                2 => _ = op.create_domain(name, text().check("VALUE > ''").default("x")),
                3 if flag => _ = op.create_sequence(name).owned_by(on, "id"),
                3 => _ = op.create_sequence(name).start(7).cycle(),
                4 => _ = op.create_view(name, "SELECT 1").columns([word]),
                5 => _ = op.create_materialized_view(name, "SELECT 1").index([word.as_str()]),
                6 if flag => {
                    _ = op.create_function(name).arg("a", integer()).returns(integer()).body("SELECT a")
                }
                6 => _ = op.create_function(name).returns(integer()).body("SELECT 1"),
                7 => _ = op.create_procedure(name).arg("a", native("o")).body("SELECT 1"),
                8 if flag => _ = op.create_trigger(label, on).before().insert().call(name),
                8 => _ = op.create_trigger(label, on).after().update_of([word]).body("SELECT 1"),
                9 => _ = op.create_rule(label, on).on_delete().instead_nothing(),
                10 => _ = op.create_policy(label, on).using("true").to([word]),
                11 => _ = op.create_statistics(name, on, ["id", word.as_str()]),
                12 => _ = op.create_publication(to_string(&name)).table(on),
                13 => _ = op.create_event(name).every("1 DAY").body("SELECT 1"),
                14 => _ = op.create_schema(to_string(&name)),
                15 => _ = op.create_extension(to_string(&name)),
                _ => _ = op.create_collation(name, "C"),
            }
            let created = op.finish().unwrap().ops.remove(0);
            let Op::CreateObject { mut object, .. } = created else {
                unreachable!("{created} creates no object")
            };
            object.comment = comment;
            if granted {
                object.grants.extend(grants());
            }
            object
        })
        .boxed()
}

fn grants() -> Vec<Grant> {
    let grant = |to: &str, privilege: &str, columns: &[&str], grantable| Grant {
        to: to.into(),
        privilege: privilege.into(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        grantable,
    };
    vec![
        grant("app", "SELECT", &[], false),
        grant("app", "SELECT", &[], true),
        grant("app", "UPDATE", &["id"], false),
        grant("PUBLIC", "EXECUTE", &[], false),
        grant("PUBLIC", "USAGE", &[], false),
    ]
}

/// What identifies an object or a table; often nothing that is there.
fn id() -> BoxedStrategy<ObjectId> {
    let of = object().prop_map(|object| object.id);
    let loose = of.clone().prop_map(|id| ObjectId { args: None, ..id });
    prop_oneof![6 => of, 1 => loose].boxed()
}

/// A change of an object.
fn alteration() -> BoxedStrategy<Op> {
    object().prop_flat_map(alteration_of).boxed()
}

/// A change of this object.
fn alteration_of(object: Object) -> BoxedStrategy<Op> {
    (Just(object), self::object(), 0..9_u8, word(), word())
        .prop_map(|(object, other, which, one, two)| {
            let text = || sql("SELECT 2");
            let change = match (&object.definition, which) {
                (_, 0) => ObjectChange::Comment(other.comment),
                (_, 1) => ObjectChange::Owner(one),
                (definition, 2) if definition.kind() == other.definition.kind() => {
                    ObjectChange::Definition(Box::new(other.definition))
                }
                (Definition::Enum(_), 3) => ObjectChange::DropValue { value: one },
                (Definition::Enum(_), 4) => ObjectChange::RenameValue { value: one, to: two },
                (Definition::Enum(_), _) => {
                    let position = (which > 5).then(|| ValuePosition::After("z".into()));
                    ObjectChange::AddValue { value: one, position, if_not_exists: which > 7 }
                }
                (Definition::Composite(_), 3) => ObjectChange::DropAttribute { name: one },
                (Definition::Composite(_), 4) => ObjectChange::RenameAttribute { name: one, to: two },
                (Definition::Composite(_), 5) => {
                    ObjectChange::AttributeType { name: one, to: ColumnType::Date }
                }
                (Definition::Composite(_), _) => {
                    ObjectChange::AddAttribute(Attribute { name: one, ty: ColumnType::Date, collation: None })
                }
                (Definition::Domain(_), 3) => {
                    ObjectChange::DropCheck { name: format!("{}_check", object.id.name.name) }
                }
                (Definition::Domain(_), 4) => {
                    ObjectChange::RenameCheck { name: format!("{}_check", object.id.name.name), to: two }
                }
                (Definition::Domain(_), 5) => ObjectChange::AddCheck(Check::new(Label::Given(one), text())),
                (Definition::Domain(_), 6) => ObjectChange::Domain(DomainChange::NotNull(true)),
                (Definition::Domain(_), _) => ObjectChange::Domain(DomainChange::Default(None)),
                (Definition::Sequence(_), 3) => ObjectChange::Restart(None),
                (Definition::Sequence(_), 4) => ObjectChange::Sequence(SequenceChange::OwnedBy(None)),
                (Definition::Sequence(_), _) => {
                    ObjectChange::Sequence(SequenceChange::Start(Some(which.into())))
                }
                (Definition::View(_), 3..5) => ObjectChange::View(ViewChange::Query(text())),
                (Definition::View(_), _) => ObjectChange::View(ViewChange::SecurityBarrier(true)),
                (Definition::MaterializedView(_), _) => {
                    ObjectChange::MaterializedView(MaterializedViewChange::Tablespace(Some(one)))
                }
                (Definition::Function(_) | Definition::Procedure(_), 3..6) => {
                    ObjectChange::Routine(RoutineChange::Body(text()))
                }
                (Definition::Function(_) | Definition::Procedure(_), _) => {
                    ObjectChange::Routine(RoutineChange::Volatility(Volatility::Stable))
                }
                (Definition::Trigger(_), _) => {
                    ObjectChange::Trigger(TriggerChange::Enabled(Enabled::Disabled))
                }
                (Definition::Rule(_), _) => ObjectChange::Rule(RuleChange::Enabled(Enabled::Always)),
                (Definition::Policy(_), _) => ObjectChange::Policy(PolicyChange::Roles(vec![two])),
                (Definition::Statistics(_), _) => ObjectChange::Statistics(StatisticsChange::Target(Some(5))),
                (Definition::Publication(_), _) => {
                    ObjectChange::Publication(PublicationChange::ViaRoot(true))
                }
                (Definition::Event(_), _) => ObjectChange::Event(EventChange::Preserve(true)),
                (Definition::Schema(_), _) => ObjectChange::Schema(NamespaceChange::Charset(Some(one))),
                (Definition::Extension(_), _) => ObjectChange::Extension(ExtensionChange::Schema(Some(one))),
                _ => ObjectChange::RefreshCollation,
            };
            Op::AlterObject { object: object.id, change }
        })
        .boxed()
}

/// What changes a table beside its columns and keys.
fn table_change() -> BoxedStrategy<TableChange> {
    let partition = |name: String| Partition { name, bound: Some(Bound::list([1])), comment: None };
    let method = select(vec![PartitionMethod::Range, PartitionMethod::Hash]);
    let partitioning = method.prop_map(move |method| Partitioning {
        method,
        keys: vec![IndexKey::column("id")],
        linear: false,
        partitions: ["a", "b"].map(|name| partition(name.into())).into(),
        count: None,
    });
    prop_oneof![
        3 => prop::option::weighted(0.8, partitioning).prop_map(TableChange::Partitioning),
        1 => table_name().prop_map(|partition| TableChange::Attach { partition, bound: Bound::Default }),
        1 => table_name().prop_map(|partition| TableChange::Detach { partition, concurrently: false }),
        1 => word().prop_map(move |name| TableChange::AddPartition(partition(name))),
        1 => word().prop_map(|name| TableChange::DropPartition { name }),
        1 => word().prop_map(|name| TableChange::TruncatePartition { name }),
        1 => (word(), table_name(), any::<bool>())
            .prop_map(|(name, with, unchecked)| TableChange::ExchangePartition { name, with, unchecked }),
        1 => word().prop_map(move |name| TableChange::ReorganizePartitions {
            partitions: vec!["a".into(), "b".into()],
            into: vec![partition(name)],
        }),
        1 => table_name().prop_map(TableChange::Inherit),
        1 => table_name().prop_map(TableChange::NoInherit),
        1 => any::<bool>().prop_map(|forced| TableChange::RowSecurity(RowSecurity { enabled: true, forced })),
        2 => (prop_oneof![label_name(), Just("a_check".to_owned())], prop::option::of("[a-z]{1,3}"))
            .prop_map(|(name, comment)| TableChange::ConstraintComment { name, comment }),
        2 => (prop_oneof![label_name(), Just("a_idx".to_owned())], prop::option::of("[a-z]{1,3}"))
            .prop_map(|(name, comment)| TableChange::Index { name, change: IndexChange::Comment(comment) }),
        1 => word().prop_map(TableChange::Owner),
    ]
    .boxed()
}

/// Any operation on such an object, or on such a part of a table.
pub(super) fn op() -> BoxedStrategy<Op> {
    let existing = select(vec![Existing::Refuse, Existing::Keep, Existing::Replace]);
    let on = || prop_oneof![1 => id(), 1 => table_name().prop_map(ObjectId::table)];
    let some = || prop::sample::subsequence(grants(), 1..4).prop_map(|grants| grants.into_iter().collect());
    prop_oneof![
        6 => (object(), existing).prop_map(|(object, existing)| Op::CreateObject { object, existing }),
        2 => (id(), any::<bool>(), any::<bool>())
            .prop_map(|(object, if_exists, cascade)| Op::DropObject { object, if_exists, cascade }),
        2 => (id(), super::name()).prop_map(|(object, to)| Op::RenameObject { object, to }),
        5 => alteration(),
        1 => (on(), prop::option::of(word())).prop_map(|(object, schema)| Op::SetSchema { object, schema }),
        2 => (on(), some()).prop_map(|(on, grants)| Op::Grant { on, grants }),
        2 => (on(), some()).prop_map(|(on, grants)| Op::Revoke { on, grants }),
        1 => name().prop_map(|view| Op::RefreshMaterializedView { view, concurrently: true }),
        6 => (table_name(), table_change()).prop_map(|(table, change)| Op::AlterTable { table, change }),
    ]
    .boxed()
}

/// Whether everything that is named is there: what a server sees to, and a partial schema needn't.
pub(super) fn is_closed(schema: &Schema) -> bool {
    let relation = |name: &Name| {
        schema.get(name).is_some()
            || schema.has(&ObjectId::view(name))
            || schema.has(&ObjectId::materialized_view(name))
    };
    let tables = schema.tables.values().all(|table| {
        let of = table.partition_of.iter().map(|of| &of.parent);
        of.chain(&table.inherits).all(|parent| schema.get(parent).is_some())
    });
    tables
        && schema.objects.values().all(|object| {
            let of = match &object.definition {
                Definition::Sequence(sequence) => sequence.owned_by.as_ref().map(|by| &by.table),
                _ => object.belongs_to(),
            };
            let published = match &object.definition {
                Definition::Publication(of) => of.tables.iter().all(|published| relation(&published.table)),
                Definition::Trigger(Trigger { action: TriggerAction::Call { function, .. }, .. }) => {
                    schema.has(&ObjectId::any_function(function))
                }
                _ => true,
            };
            of.is_none_or(relation) && published && columns(schema, &object.definition)
        })
}

/// Whether the columns that an object names are there.
fn columns(schema: &Schema, definition: &Definition) -> bool {
    let has =
        |table: &Name, column: &str| schema.get(table).is_some_and(|table| table.column(column).is_some());
    match definition {
        Definition::Sequence(of) => of.owned_by.as_ref().is_none_or(|by| has(&by.table, &by.column)),
        Definition::Statistics(of) => of.on.iter().all(|key| match key {
            KeyPart::Column(column) => has(&of.table, column),
            KeyPart::Expr(_) => true,
        }),
        _ => true,
    }
}

/// A table divided, and what else may be done with its partitions.
pub(super) fn divided_and_changed() -> BoxedStrategy<Vec<Op>> {
    (table_name(), prop::collection::vec(table_change(), 3))
        .prop_map(|(table, changes)| {
            let partition = |name: &str| Partition { name: name.into(), bound: None, comment: None };
            let partitioning = TableChange::Partitioning(Some(Partitioning {
                method: PartitionMethod::Range,
                keys: vec![IndexKey::column("id")],
                linear: false,
                partitions: vec![partition("a"), partition("b")],
                count: None,
            }));
            let changes = std::iter::once(partitioning).chain(changes);
            changes.map(|change| Op::AlterTable { table: table.clone(), change }).collect()
        })
        .boxed()
}

/// A partition that is emptied and exchanged, and an index that is changed and renamed.
pub(super) fn exchanged_and_indexed() -> Vec<Op> {
    let mut op = Ops::new();
    let table = |table: TableSpec<'_>| {
        table.col("id", bigint()).partition_by_list(["id"]).partition("a", Bound::list([1]));
    };
    table(op.create_table("parts"));
    op.create_table("other").col("id", bigint());
    op.create_index("other", ["id"]).named("by_id");
    op.exchange_partition("parts", "a", "other");
    op.truncate_partition("parts", "a");
    op.alter_index("other", "by_id").comment("c").invisible();
    op.rename_index("other", "by_id", "by_other");
    op.finish().unwrap().ops
}

/// Two tables alike, of which one becomes the other's partition and heir, and ceases to be.
pub(super) fn attached_and_detached() -> Vec<Op> {
    let mut op = Ops::new();
    op.create_table("parent").col("id", bigint()).partition_by_list(["id"]);
    op.create_table("child").col("id", bigint());
    op.attach_partition("parent", "child", Bound::list([1]));
    op.detach_partition("parent", "child");
    op.inherit("child", "parent");
    op.no_inherit("child", "parent");
    op.finish().unwrap().ops
}

/// An object created, and then changed.
pub(super) fn created_and_altered() -> BoxedStrategy<Vec<Op>> {
    object()
        .prop_flat_map(|object| {
            let created = Op::CreateObject { object: object.clone(), existing: Existing::Refuse };
            (Just(created), alteration_of(object.clone()), alteration_of(object))
        })
        .prop_map(|(created, first, second)| vec![created, first, second])
        .boxed()
}
