//! The laws that need no database: what `apply` does, `reverse` undoes.

use dunlin::prelude::*;
use proptest::prelude::*;

/// A name among few, so that random operations meet each other; some need quoting, one isn't ASCII.
fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "b", "order", "With Space", "ü\"x", "e"]).prop_map(str::to_owned)
}

fn column() -> impl Strategy<Value = ColumnSpec> {
    let of = prop::sample::select(vec![bigint as fn() -> ColumnSpec, boolean, text, uuid, timestamp, jsonb]);
    (of, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(of, not_null, unique, refers)| {
        let mut spec = of();
        if not_null {
            spec = spec.not_null();
        }
        if unique {
            spec = spec.unique();
        }
        if refers { spec.references("a", "id").on_delete(Action::Cascade) } else { spec }
    })
}

fn create_table() -> impl Strategy<Value = Op> {
    (name(), prop::collection::btree_map(name(), column(), 0..4), any::<bool>()).prop_map(
        |(name, columns, indexed)| {
            let mut op = Ops::new();
            let mut table = op.create_table(name).col("id", bigint().primary_key());
            let first = columns.keys().next().cloned();
            for (name, spec) in columns {
                table = table.col(name, spec);
            }
            if let Some(first) = first.filter(|_| indexed) {
                table = table.index_on([first]);
            }
            table.check("id > 0");
            op.finish().unwrap().ops.remove(0)
        },
    )
}

fn change() -> impl Strategy<Value = ColumnChange> {
    prop_oneof![
        any::<bool>().prop_map(ColumnChange::NotNull),
        Just(ColumnChange::Type { to: ColumnType::Date, using: None }),
        prop::option::of(any::<i32>()).prop_map(|value| ColumnChange::Default(value.map(Expr::from))),
        prop::option::of("[a-z']{0,4}").prop_map(ColumnChange::Comment),
        any::<bool>()
            .prop_map(|always| ColumnChange::Identity(Some(Identity { always, ..Identity::default() }))),
    ]
}

fn any_op() -> impl Strategy<Value = Op> {
    let table = || name().prop_map(Name::from);
    prop_oneof![
        3 => create_table(),
        1 => (table(), any::<bool>()).prop_map(|(table, if_exists)| Op::DropTable { table, if_exists }),
        1 => (table(), name()).prop_map(|(table, to)| Op::RenameTable { table, to }),
        2 => (table(), name(), prop::option::of(Just(Position::First))).prop_map(|(table, column, position)| {
            let column = Column::new(column, ColumnType::Uuid);
            Op::AddColumn { table, column, position, if_not_exists: false }
        }),
        2 => (table(), name(), any::<bool>())
            .prop_map(|(table, column, if_exists)| Op::DropColumn { table, column, if_exists }),
        1 => (table(), name(), name()).prop_map(|(table, column, to)| Op::RenameColumn { table, column, to }),
        2 => (table(), name(), change())
            .prop_map(|(table, column, change)| Op::AlterColumn { table, column, change }),
        1 => (table(), name()).prop_map(|(table, column)| {
            let index = Index::new(format!("{column}_idx").as_str().into(), vec![IndexKey::column(column)]);
            Op::CreateIndex { table, index, if_not_exists: false, concurrently: false }
        }),
        1 => (table(), name(), any::<bool>()).prop_map(|(table, column, if_exists)| Op::DropIndex {
            name: format!("{table}_{column}_idx"),
            table,
            if_exists,
            concurrently: false,
        }),
        1 => table().prop_map(|table| Op::DropConstraint {
            name: format!("{table}_check"),
            table,
            kind: ConstraintKind::Check,
            if_exists: true,
        }),
    ]
}

/// A schema with its lists sorted: undoing a drop puts a constraint or an index back last, and their order means nothing.
fn sorted(mut schema: Schema) -> Schema {
    for table in schema.tables.values_mut() {
        table.uniques.sort();
        table.foreign_keys.sort();
        table.checks.sort();
        table.indexes.sort();
    }
    schema
}

/// Whether every foreign key refers to a table that is there: what a server sees to, and a partial schema needn't.
fn is_closed(schema: &Schema) -> bool {
    let keys = schema.tables.values().flat_map(|table| &table.foreign_keys);
    keys.into_iter().all(|key| schema.get(&key.references).is_some())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Each operation that applies is undone by its reverse, one by one and all together.
    #[test]
    fn reverse_undoes_apply(ops in prop::collection::vec(any_op(), 1..25)) {
        let mut schema = Schema::new();
        let mut applied = Vec::new();
        for op in ops {
            let before = schema.clone();
            if apply(&mut schema, &op).is_err() {
                prop_assert_eq!(&schema, &before, "a conflict changed the schema: {}", op);
                continue;
            }
            if !is_closed(&schema) {
                schema = before;
                continue;
            }
            let mut undone = schema.clone();
            for undo in reverse(&op, &before).unwrap() {
                apply(&mut undone, &undo).unwrap();
            }
            prop_assert_eq!(sorted(undone), sorted(before), "{}", op);
            applied.push(op);
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
    fn creation_and_drop_order(tables in prop::collection::vec(create_table(), 0..6)) {
        let mut schema = Schema::new();
        for op in tables {
            let _ = apply(&mut schema, &op);
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
