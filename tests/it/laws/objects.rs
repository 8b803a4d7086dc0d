//! Random operations on every kind of object that isn't a table, and on what tables have beside columns and keys.

use dunlin::prelude::*;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::operations::{label_name, table_name};

/// The name of an object: mostly one of two, for only operations on the same object meet.
fn name() -> impl Strategy<Value = Name> {
    let common = select(vec!["o", "p"]).prop_map(str::to_owned);
    (prop_oneof![8 => common, 1 => super::operations::name()], prop::bool::weighted(0.04))
        .prop_map(|(name, qualified)| Name { schema: qualified.then(|| "app's".to_owned()), name })
}

fn word() -> impl Strategy<Value = String> {
    select(vec!["a", "b", "c"]).prop_map(str::to_owned)
}

/// How many kinds of object there are beside tables; default privileges are granted, and never created.
const KINDS: u8 = 17;

/// An object of any kind, as the DSL writes it.
fn object() -> BoxedStrategy<Object> {
    (0..KINDS).prop_flat_map(object_of).boxed()
}

/// An object of one kind: one with nothing but what it must have, or one with every attribute that there is.
fn object_of(kind: u8) -> BoxedStrategy<Object> {
    let parts = (name(), word(), table_name(), any::<bool>(), label_name());
    (parts, prop::option::of("[a-z']{1,4}"), any::<bool>())
        .prop_map(move |((name, word, on, full, label), comment, granted)| {
            let mut op = Ops::new();
            let to_string = |name: &Name| name.name.clone();
            match kind {
                0 => _ = op.create_enum(name, [word, "z".into()]),
                1 => _ = op.create_composite(name).field(word, text()),
                2 if full => {
                    _ = op
                        .create_domain(name, text().not_null().collate("C").check("VALUE > ''").default("x"))
                }
                2 => _ = op.create_domain(name, text().check("VALUE > ''")),
                3 if full => {
                    let of = op.create_sequence(name).as_type(bigint()).start(7).increment(2).min(3).max(900);
                    _ = of.cache(5).cycle().unlogged().owned_by(on, "id");
                }
                3 => _ = op.create_sequence(name),
                4 if full => {
                    let of = op.create_view(name, "SELECT 3").columns([word.as_str()]).check_option();
                    let of = of.security_invoker().security_barrier().algorithm(Algorithm::Merge);
                    _ = of.column_default(word.as_str(), 7).column_comment(word, "it's");
                }
                4 => _ = op.create_view(name, "SELECT 1"),
                5 if full => {
                    let of = op
                        .create_materialized_view(name, "SELECT 3")
                        .index([word.as_str()])
                        .access_method("piles")
                        .cluster_on("by_word")
                        .column_option(word.as_str(), "statistics", "7");
                    let of = of.storage("fillfactor", "70").tablespace("fast").no_data();
                    _ = of.column_comment(word, "it's");
                }
                5 => _ = op.create_materialized_view(name, "SELECT 1"),
                6 | 7 if full => {
                    let of = match kind {
                        6 => op.create_function(name).arg("a", integer()).returns_set_of(integer()),
                        _ => op.create_procedure(name).arg("a", native("o")).inout_arg("b", text()),
                    };
                    let of =
                        of.body("SELECT a").stable().strict().leakproof().parallel_safe().language("sql");
                    let of =
                        of.security_definer().cost(7).rows(70).set("search_path", "a").support(word.as_str());
                    _ = of.data_access(DataAccess::ReadsSqlData);
                }
                6 => _ = op.create_function(name).returns(integer()).body("SELECT 1"),
                7 => _ = op.create_procedure(name).body("SELECT 1"),
                8 if full => {
                    let of = op.create_trigger(label, on).before().insert().for_each_statement();
                    let of = of.update_of([word.as_str()]).when("true").old_table("old").new_table("new");
                    _ = of.initially_deferred().from_table("a").disabled().call(name);
                }
                8 => _ = op.create_trigger(label, on).after().delete().body("SELECT 1"),
                9 if full => {
                    _ = op.create_rule(label, on).on_update().when("true").also("SELECT 1").disabled()
                }
                9 => _ = op.create_rule(label, on).on_delete().instead_nothing(),
                10 if full => {
                    let of = op.create_policy(label, on).command(PolicyCommand::Update).restrictive();
                    _ = of.using("true").with_check("false").to([word]);
                }
                10 => _ = op.create_policy(label, on),
                11 if full => _ = op.create_statistics(name, on, ["id", word.as_str()]).mcv().target(70),
                11 => _ = op.create_statistics(name, on, ["id", word.as_str()]),
                12 if full => {
                    let of = op.create_publication(to_string(&name)).table_columns(on, ["id"]).schema(word);
                    _ = of.operations([PublishedOperation::Delete]).via_root().generated_columns();
                }
                12 => _ = op.create_publication(to_string(&name)).all_tables(),
                13 if full => {
                    let of = op.create_event(name).every("1 DAY").starts("'2030-01-01'").ends("'2031-01-01'");
                    _ = of.body("SELECT 2").preserve().disabled();
                }
                13 => _ = op.create_event(name).at("'2030-01-01'").body("SELECT 1"),
                14 if full => {
                    _ = op.create_schema(to_string(&name)).charset("utf8mb4").collate("utf8mb4_bin")
                }
                14 => _ = op.create_schema(to_string(&name)),
                15 if full => _ = op.create_extension(to_string(&name)).version("2").schema(word),
                15 => _ = op.create_extension(to_string(&name)),
                _ if full => _ = op.create_collation(name, "und").provider("icu").nondeterministic(),
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

/// What chooses a change of an object: another of its kind, two names, and which change.
type Choice = (Object, String, String, Index);

fn choice(kind: u8) -> impl Strategy<Value = Choice> {
    (object_of(kind), word(), word(), any::<Index>())
}

/// A change of an object.
fn alteration() -> BoxedStrategy<Op> {
    (0..KINDS)
        .prop_flat_map(|kind| (object_of(kind), choice(kind)))
        .prop_map(|(of, to)| altered(&of, &to))
        .boxed()
}

/// The change of an object that is chosen.
fn altered(object: &Object, (other, one, two, which): &Choice) -> Op {
    let change = which.get(&changes(object, other, one, two)).clone();
    Op::AlterObject { object: object.id.clone(), change }
}

/// Every change of an object to what another of its kind has, and those of what it has by name.
fn changes(object: &Object, other: &Object, one: &str, two: &str) -> Vec<ObjectChange> {
    let (name, to) = (|| one.to_owned(), || two.to_owned());
    let check = || format!("{}_check", object.id.name.name);
    let mut changes = vec![
        ObjectChange::Comment(other.comment.clone()),
        ObjectChange::Owner(name()),
        ObjectChange::Definition(Box::new(other.definition.clone())),
    ];
    changes.extend(ObjectChange::all(&other.definition));
    changes.extend(match &object.definition {
        Definition::Enum(_) => vec![
            ObjectChange::DropValue { value: name() },
            ObjectChange::RenameValue { value: name(), to: to() },
            ObjectChange::AddValue { value: name(), position: None, if_not_exists: true },
            ObjectChange::AddValue {
                value: name(),
                position: Some(ValuePosition::After("z".into())),
                if_not_exists: false,
            },
            ObjectChange::AddValue {
                value: name(),
                position: Some(ValuePosition::Before("z".into())),
                if_not_exists: false,
            },
        ],
        Definition::Composite(_) => vec![
            ObjectChange::DropAttribute { name: name() },
            ObjectChange::RenameAttribute { name: name(), to: to() },
            ObjectChange::AttributeType { name: name(), to: ColumnType::Date },
            ObjectChange::AttributeComment { name: name(), comment: other.comment.clone() },
            ObjectChange::AddAttribute(Attribute {
                name: name(),
                ty: ColumnType::Date,
                collation: None,
                comment: other.comment.clone(),
            }),
        ],
        Definition::Domain(_) => vec![
            ObjectChange::DropCheck { name: check() },
            ObjectChange::RenameCheck { name: check(), to: to() },
            ObjectChange::CheckComment { name: check(), comment: other.comment.clone() },
            ObjectChange::EnforceCheck { name: check(), to: Enforcement::NotValid },
            ObjectChange::AddCheck(Check::new(Label::Given(name()), sql("VALUE < 'z'"))),
        ],
        Definition::Sequence(_) => vec![ObjectChange::Restart(Some(7))],
        Definition::View(_) | Definition::MaterializedView(_) => {
            vec![ObjectChange::RenameColumn { name: name(), to: to() }]
        }
        Definition::Collation(_) => vec![ObjectChange::RefreshCollation],
        _ => Vec::new(),
    });
    changes
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
        1 => prop::option::of(index_name()).prop_map(TableChange::Cluster),
        1 => prop_oneof![
            index_name().prop_map(ReplicaIdentity::Index),
            Just(ReplicaIdentity::Full),
            Just(ReplicaIdentity::Nothing),
            Just(ReplicaIdentity::PrimaryKey),
        ].prop_map(TableChange::ReplicaIdentity),
        1 => (prop::option::of(word()), prop::option::of(word()))
            .prop_map(|(charset, collation)| TableChange::Text { charset, collation }),
        2 => (prop_oneof![label_name(), Just("a_check".to_owned())], prop::option::of("[a-z]{1,3}"))
            .prop_map(|(name, comment)| TableChange::ConstraintComment { name, comment }),
        8 => (index_name(), index_change()).prop_map(|(name, change)| TableChange::Index { name, change }),
        2 => (index_name(), any::<bool>(), label_name()).prop_map(|(index, is_key, name)| {
            let kind = if is_key { ConstraintKind::PrimaryKey } else { ConstraintKind::Unique };
            TableChange::IndexToConstraint { index, kind, name, deferrable: Deferrable::No }
        }),
        1 => word().prop_map(TableChange::Owner),
    ]
    .boxed()
}

/// The name of an index that there often is.
fn index_name() -> BoxedStrategy<String> {
    prop_oneof![1 => label_name(), 1 => Just("a_idx".to_owned()), 1 => Just("by_id".to_owned())].boxed()
}

fn index_change() -> BoxedStrategy<IndexChange> {
    prop_oneof![
        prop::option::of("[a-z]{1,3}").prop_map(IndexChange::Comment),
        any::<bool>().prop_map(IndexChange::Invisible),
        prop::option::of("[0-9]{2}")
            .prop_map(|value| IndexChange::Storage { name: "fillfactor".into(), value }),
        prop::option::of(word()).prop_map(IndexChange::Tablespace),
        (1..3u32, prop::option::weighted(0.8, 0..9u32))
            .prop_map(|(key, target)| IndexChange::StatisticsTarget { key, target }),
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
        2 => (id(), super::operations::name()).prop_map(|(object, to)| Op::RenameObject { object, to }),
        5 => alteration(),
        1 => (on(), prop::option::of(word())).prop_map(|(object, schema)| Op::SetSchema { object, schema }),
        2 => (on(), some()).prop_map(|(on, grants)| Op::Grant { on, grants }),
        2 => (on(), some()).prop_map(|(on, grants)| Op::Revoke { on, grants }),
        1 => (name(), any::<bool>()).prop_map(|(view, no_data)| {
            Op::RefreshMaterializedView { view, concurrently: !no_data, no_data }
        }),
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
                Definition::Publication(of) => {
                    of.tables.iter().all(|published| relation(&published.table))
                        && of.schemas.iter().all(|name| schema.has(&ObjectId::schema(name.as_str())))
                }
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

/// A partition that is emptied and exchanged, and an index and a sequence that are changed and renamed.
pub(super) fn exchanged_and_indexed() -> Vec<Op> {
    let mut op = Ops::new();
    let table = |table: TableSpec<'_>| {
        table.col("id", bigint()).partition_by_list(["id"]).partition("a", Bound::list([1]));
    };
    table(op.create_table("parts"));
    op.create_table("other").col("id", bigint().identity());
    op.alter_column("other", "id").restart_with(7).rename_sequence("numbers").restart();
    op.create_index("other", ["id"]).named("by_id");
    op.exchange_partition("parts", "a", "other");
    op.truncate_partition("parts", "a");
    op.partition_to_table("parts", "a", "alike");
    op.table_to_partition("parts", "alike", Partition::new("b", Bound::list([2])));
    op.alter_index("other", "by_id").comment("c").invisible().storage("fillfactor", "70").tablespace("fast");
    op.cluster_on("other", "by_id");
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
    (0..KINDS)
        .prop_flat_map(|kind| (object_of(kind), choice(kind), choice(kind)))
        .prop_map(|(object, first, second)| {
            let (first, second) = (altered(&object, &first), altered(&object, &second));
            vec![Op::CreateObject { object, existing: Existing::Refuse }, first, second]
        })
        .boxed()
}
