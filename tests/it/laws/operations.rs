//! Random operations: on tables, and on everything else beside them.

use dunlin::prelude::*;
use proptest::prelude::*;

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
pub(super) fn name() -> impl Strategy<Value = String> {
    let common = prop::sample::select(vec!["a", "b", "order", "With Space", "ü\"x", "e"]);
    prop_oneof![9 => common, 1 => prop::sample::select(HOSTILE.to_vec())].prop_map(str::to_owned)
}

/// The name of a table: mostly one of two, for only operations on the same table meet.
pub(super) fn table_name() -> impl Strategy<Value = Name> {
    let common = prop::sample::select(vec!["a", "b"]).prop_map(str::to_owned);
    (prop_oneof![6 => common, 1 => name()], prop::bool::weighted(0.04))
        .prop_map(|(name, qualified)| Name { schema: qualified.then(|| "app's".to_owned()), name })
}

/// The name of a constraint or an index.
pub(super) fn label_name() -> impl Strategy<Value = String> {
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
            access_method: None,
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

pub(super) fn create_table() -> BoxedStrategy<Op> {
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
    // One that a constraint can have.
    let plain = label().prop_map(|label| Index { unique: true, ..Index::new(label, vec![asc("id")]) });
    let any = (label(), keys, any::<bool>(), prop::option::of(expr()), prop::option::of("[a-z]{1,4}"))
        .prop_map(|(label, keys, unique, predicate, text)| Index {
            unique,
            predicate,
            include: if unique { vec!["id".into()] } else { Vec::new() },
            method: text.clone(),
            nulls_not_distinct: unique,
            comment: text,
            statistics: if unique { [(1, 7)].into() } else { Default::default() },
            ..Index::new(label, keys)
        });
    prop_oneof![any, plain].boxed()
}

fn change() -> BoxedStrategy<ColumnChange> {
    prop_oneof![
        prop_oneof![
            4 => any::<bool>().prop_map(ColumnChange::NotNull),
            2 => Just(ColumnChange::NotNullNotValid),
            4 => prop::bool::weighted(0.8).prop_map(ColumnChange::NotNullNoInherit),
        ],
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
        position().prop_map(|position| ColumnChange::Position(position.unwrap_or(Position::First))),
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
    prop_oneof![3 => tables, 3 => columns, 3 => constraints, 3 => indexes, 1 => data, 8 => super::objects::op()]
        .boxed()
}

pub(super) fn any_op() -> impl Strategy<Value = Op> {
    let group = (dialects(), prop::collection::vec(plain_op(), 0..4))
        .prop_map(|(dialects, ops)| Op::On { dialects, ops });
    prop_oneof![12 => plain_op(), 1 => group]
}

/// Operations one after the other, on a schema that has a table from the beginning.
pub(super) fn any_ops() -> impl Strategy<Value = Vec<Op>> {
    let some = prop_oneof![9 => any_op().prop_map(|op| vec![op]), 1 => super::objects::created_and_altered(), 1 => super::objects::divided_and_changed(), 1 => Just(super::objects::attached_and_detached()), 1 => Just(super::objects::exchanged_and_indexed())];
    (create_table(), prop::collection::vec(some, 0..35))
        .prop_map(|(first, rest)| std::iter::once(first).chain(rest.into_iter().flatten()).collect())
}
