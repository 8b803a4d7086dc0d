mod refused;

use super::*;
use crate::prelude::*;

/// The operations recorded, or the error as it is printed.
fn recorded(record: impl FnOnce(&mut Ops)) -> Result<Vec<Op>, String> {
    let mut op = Ops::new();
    record(&mut op);
    op.finish().map(|recorded| recorded.ops).map_err(|error| error.to_string())
}

fn one(record: impl FnOnce(&mut Ops)) -> Op {
    let ops = recorded(record).unwrap();
    assert_eq!(ops.len(), 1, "{ops:?}");
    ops.into_iter().next().unwrap()
}

/// What is recorded, as the JSON that is kept in a database.
#[track_caller]
fn check(record: impl FnOnce(&mut Ops), expected: serde_json::Value) {
    assert_eq!(serde_json::to_value(recorded(record).unwrap()).unwrap(), expected);
}

#[track_caller]
fn refused(record: impl FnOnce(&mut Ops), expected: &str) {
    assert_eq!(recorded(record).unwrap_err(), expected);
}

/// Every method of a builder ends in the operation as it is kept.
#[test]
fn operations_are_recorded_as_json() {
    check(
        |op| {
            op.create_table(("app", "users"))
                .if_not_exists()
                .col("id", bigint().identity_with(Identity::always().start(5).increment(2).cache(9).cycle()))
                .col("name", varchar(80).not_null().collate([(POSTGRES, "C"), (SQLITE, "NOCASE")]))
                .col("age", tinyint().unsigned().check("age < 200").comment("in years"))
                .primary_key("id")
                .strict();
        },
        serde_json::json!([{"create_table": {
            "table": {
                "name": ["app", "users"],
                "columns": [
                    {"name": "id", "type": {"integer": {"width": "big"}}, "not_null": true,
                     "identity": {"always": true, "start": 5, "increment": 2, "cache": 9, "cycle": true}},
                    {"name": "name", "type": {"varchar": 80}, "not_null": true,
                     "collation": [[["postgres"], "C"], [["sqlite"], "NOCASE"]]},
                    {"name": "age", "type": {"integer": {"width": "tiny", "unsigned": true}}, "comment": "in years"},
                ],
                "primary_key": {"label": {"derived": "users_pkey"}, "columns": ["id"]},
                "checks": [{"label": {"derived": "users_age_check"}, "expr": {"sql": "age < 200"}}],
                "options": {"strict": true},
            },
            "if_not_exists": true,
        }}]),
    );
    check(
        |op| {
            op.add_column("t", "a", text().default("x")).after("b").if_not_exists();
            op.add_column("t", "c", integer()).first();
        },
        serde_json::json!([
            {"add_column": {"table": "t", "column": {"name": "a", "type": {"text": "normal"},
             "default": {"literal": {"text": "x"}}}, "position": {"after": "b"}, "if_not_exists": true}},
            {"add_column": {"table": "t", "column": {"name": "c", "type": {"integer": {"width": "normal"}}},
             "position": "first"}},
        ]),
    );
    check(
        |op| {
            op.create_index(
                "t",
                (desc("a").nulls_last().opclass("text_ops"), asc("b").prefix(9), expr("c + 1")),
            )
            .unique()
            .named("i")
            .filter("a > 0")
            .include(["d"])
            .method("btree")
            .nulls_not_distinct()
            .comment("fast")
            .concurrently()
            .if_not_exists();
        },
        serde_json::json!([{"create_index": {
            "table": "t",
            "index": {
                "label": {"given": "i"},
                "keys": [
                    {"on": {"column": "a"}, "descending": true, "nulls": "last", "opclass": "text_ops"},
                    {"on": {"column": "b"}, "prefix": 9},
                    {"on": {"expr": {"sql": "c + 1"}}},
                ],
                "unique": true, "predicate": {"sql": "a > 0"}, "include": ["d"], "method": "btree",
                "nulls_not_distinct": true, "comment": "fast",
            },
            "if_not_exists": true, "concurrently": true,
        }}]),
    );
    check(
        |op| {
            op.add_unique("t", ["a", "b"]).nulls_not_distinct().include("c").initially_deferred();
            op.add_foreign_key("t", "a", ("s", "u"), "id")
                .on_delete(Action::SetNull)
                .match_full()
                .deferrable();
            op.add_primary_key("t", ["a"]).named("pk");
            op.add_check("t", [(POSTGRES, "a ~ 'x'"), (SQLITE | MYSQL | MARIADB, "a <> ''")]);
        },
        serde_json::json!([
            {"add_constraint": {"table": "t", "constraint": {"unique": {"label": {"derived": "t_a_b_key"},
             "columns": ["a", "b"], "nulls_not_distinct": true, "deferrable": "initially_deferred", "include": ["c"]}}}},
            {"add_constraint": {"table": "t", "constraint": {"foreign_key": {"label": {"derived": "t_a_fkey"},
             "columns": ["a"], "references": ["s", "u"], "references_columns": ["id"], "on_delete": "set_null",
             "deferrable": "initially_immediate", "matching": "full"}}}},
            {"add_constraint": {"table": "t", "constraint": {"primary_key": {"label": {"given": "pk"}, "columns": ["a"]}}}},
            {"add_constraint": {"table": "t", "constraint": {"check": {"label": {"derived": "t_check"}, "expr":
             {"per_dialect": [[["postgres"], "a ~ 'x'"], [["sqlite", "mysql", "mariadb"], "a <> ''"]]}}}}},
        ]),
    );
    check(
        |op| {
            op.drop_table("t").if_exists();
            op.drop_column("t", "a").if_exists();
            op.drop_index("t", "i").if_exists().concurrently();
            op.drop_constraint("t", ConstraintKind::Check, "c").if_exists();
            op.drop_primary_key("t");
            op.rename_constraint("t", ConstraintKind::Unique, "a", "b");
            op.rename_index("t", "a", "b");
            op.set_table_comment("t", "x");
            op.drop_table_comment("t");
            op.set_table_options(
                "t",
                TableOptions { engine: Some("InnoDB".into()), ..TableOptions::default() },
            );
        },
        serde_json::json!([
            {"drop_table": {"table": "t", "if_exists": true}},
            {"drop_column": {"table": "t", "column": "a", "if_exists": true}},
            {"drop_index": {"table": "t", "name": "i", "if_exists": true, "concurrently": true}},
            {"drop_constraint": {"table": "t", "kind": "check", "name": "c", "if_exists": true}},
            {"drop_constraint": {"table": "t", "kind": "primary_key"}},
            {"rename_constraint": {"table": "t", "kind": "unique", "name": "a", "to": "b"}},
            {"rename_index": {"table": "t", "name": "a", "to": "b"}},
            {"set_table_comment": {"table": "t", "comment": "x"}},
            {"set_table_comment": {"table": "t", "comment": null}},
            {"set_table_options": {"table": "t", "options": {"engine": "InnoDB"}}},
        ]),
    );
    check(
        |op| {
            op.execute_on(POSTGRES, "A").undo("B");
            op.execute([(SQLITE, "C")]);
            op.bulk_insert("t", ("a",).0, [(1,), (2,)]);
        },
        serde_json::json!([
            {"on": {"dialects": ["postgres"], "ops": [{"execute": {"sql": {"sql": "A"}, "undo": {"sql": "B"}}}]}},
            {"execute": {"sql": {"per_dialect": [[["sqlite"], "C"]]}}},
            {"insert": {"table": "t", "columns": ["a"], "rows": [[{"int": 1}], [{"int": 2}]]}},
        ]),
    );
}

/// Each change of a column is an operation by itself, in the order in which it was written.
#[test]
fn changes_of_a_column_are_recorded_one_by_one() {
    let changes = |record: fn(AlterColumnSpec<'_>)| {
        let ops = recorded(|op| record(op.alter_column("t", "c"))).unwrap();
        ops.into_iter()
            .map(|op| match op {
                Op::AlterColumn { column, change, .. } => {
                    format!("{column} {}", serde_json::to_string(&change).unwrap())
                }
                op => op.to_string(),
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        changes(|c| _ =
            c.set_type(varchar(9)).using("left(c, 9)").not_null().nullable().default(1).drop_default()),
        [
            r#"c {"type":{"to":{"varchar":9},"using":{"sql":"left(c, 9)"}}}"#,
            r#"c {"not_null":true}"#,
            r#"c {"not_null":false}"#,
            r#"c {"default":{"literal":{"int":1}}}"#,
            r#"c {"default":null}"#,
        ]
    );
    assert_eq!(
        changes(|c| {
            c.identity().drop_identity().generated_stored("a").generated_virtual("b").drop_generated();
        }),
        [
            r#"c {"identity":{}}"#,
            r#"c {"identity":null}"#,
            r#"c {"generated":{"expr":{"sql":"a"},"stored":true}}"#,
            r#"c {"generated":{"expr":{"sql":"b"},"stored":false}}"#,
            r#"c {"generated":null}"#,
        ]
    );
    assert_eq!(
        changes(|c| {
            c.collate("C")
                .drop_collation()
                .charset("utf8mb4")
                .drop_charset()
                .on_update_to("now()")
                .drop_on_update();
        }),
        [
            r#"c {"collation":[[["sqlite","postgres","mysql","mariadb"],"C"]]}"#,
            r#"c {"collation":[]}"#,
            r#"c {"charset":"utf8mb4"}"#,
            r#"c {"charset":null}"#,
            r#"c {"on_update":{"sql":"now()"}}"#,
            r#"c {"on_update":null}"#,
        ]
    );
    assert_eq!(
        changes(|c| _ = c.invisible().visible().comment("x").rename("d").drop_comment()),
        [
            r#"c {"invisible":true}"#,
            r#"c {"invisible":false}"#,
            r#"c {"comment":"x"}"#,
            "rename column t.c to d",
            r#"d {"comment":null}"#,
        ]
    );
}

/// A constraint's attributes go to the one written last, beside a column and after the columns alike.
#[test]
fn attributes_follow_their_constraint() {
    let Op::CreateTable { table, .. } = one(|op| {
        op.create_table("t")
            .col(
                "a",
                text()
                    .unique()
                    .named("u")
                    .nulls_not_distinct()
                    .references("x", "id")
                    .on_delete(Action::Cascade),
            )
            .col("b", text().unique().initially_deferred().check("b <> ''").named("c"))
            .foreign_key(["a", "b"], "y", ["c", "d"])
            .on_update(Action::SetNull)
            .deferrable()
            .check("a < b")
            .named("d")
            .unique("b")
            .include("a");
    }) else {
        panic!("not a table")
    };
    let labels: Vec<_> = table.constraints().map(|constraint| constraint.label().to_string()).collect();
    assert_eq!(labels, ["u", "t_b_key", "t_b_key1", "t_a_fkey", "t_a_b_fkey", "c", "d"]);
    assert_eq!(
        table.uniques[0],
        Unique { nulls_not_distinct: true, label: "u".into(), ..Unique::over(vec!["a".into()]) }
    );
    assert_eq!(table.uniques[1].deferrable, Deferrable::InitiallyDeferred);
    assert_eq!(table.uniques[2].include, ["a"]);
    assert_eq!(table.foreign_keys[0].on_delete, Action::Cascade);
    assert_eq!(table.foreign_keys[1].on_update, Action::SetNull);
    assert_eq!(table.foreign_keys[1].deferrable, Deferrable::InitiallyImmediate);
}

/// Columns that each say so are one primary key together.
#[test]
fn a_primary_key_may_be_written_beside_its_columns() {
    let Op::CreateTable { table, .. } = one(|op| {
        op.create_table("t").col("a", text().primary_key()).col("b", text().primary_key().named("pk"));
    }) else {
        panic!("not a table")
    };
    let key = PrimaryKey { label: "pk".into(), ..PrimaryKey::over(vec!["a".into(), "b".into()]) };
    assert_eq!(table.primary_key, Some(key));
    assert!(table.columns.iter().all(|column| column.not_null));
}

/// A name that an operation before has taken gets a number; after a drop it may be free again.
#[test]
fn names_differ_within_a_recorder() {
    let printed =
        |record: fn(&mut Ops)| recorded(record).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(
        printed(|op| {
            op.add_check("t", "a > 0");
            op.add_check("t", "b > 0");
            op.add_check("u", "b > 0");
            op.on(SQLITE, |op| _ = op.add_check("t", "c > 0"));
        }),
        [
            "add check t_check to table t",
            "add check t_check1 to table t",
            "add check u_check to table u",
            "1 operations on sqlite",
        ]
    );
    assert_eq!(
        printed(|op| {
            op.create_table("t").col("a", text()).index("a");
            op.create_index("t", "a").filter("a <> ''");
            op.create_index("t", "a").if_not_exists();
            op.drop_index("t", "t_a_idx");
            op.create_index("t", "a").unique();
        }),
        [
            "create table t",
            "create index t_a_idx1 on table t",
            "create index t_a_idx on table t",
            "drop index t_a_idx on table t",
            "create index t_a_idx on table t",
        ]
    );
    let Op::On { ops, .. } = one(|op| {
        op.on(SQLITE | POSTGRES, |op| {
            op.add_column("t", "age", integer().check("age > 0"));
            op.add_check("t", "true");
        });
    }) else {
        panic!("not a group")
    };
    assert_eq!(ops[1].to_string(), "add check t_age_check to table t");
    assert_eq!(ops[2].to_string(), "add check t_check to table t");
}

/// A project's own convention holds in groups, in a schema and for checks beside a column.
#[test]
fn a_convention_may_be_chosen() {
    let naming =
        || Naming::postgres().check("ck_{table}_{columns}").index("ix_{columns}").primary_key("pk_{table}");
    let mut op = Ops::with_naming(naming());
    op.on(SQLITE, |op| _ = op.create_table("t").col("a", text().check("a <> ''")).index("a"));
    let Op::On { ops, .. } = op.finish().unwrap().ops.remove(0) else { panic!("not a group") };
    let Op::CreateTable { table, .. } = &ops[0] else { panic!("not a table") };
    assert_eq!(
        (&table.checks[0].label, &table.indexes[0].label),
        (&Label::Derived("ck_t_a".into()), &Label::Derived("ix_a".into()),)
    );
    let schema = Schema::with_naming(naming()).table(super::table("u").col("id", uuid().primary_key()));
    let key = schema.get(&"u".into()).unwrap().primary_key.clone().unwrap();
    assert_eq!(key.label, Label::Derived("pk_u".into()));
    let error = Ops::with_naming(Naming::postgres().index("ix_{colum}")).finish().err().unwrap().to_string();
    assert_eq!(
        error,
        r#"can't name constraints and indexes: "colum" means nothing in the naming template "ix_{colum}""#
    );
}

/// The first thing wrong is the one reported.
#[test]
fn the_first_error_is_reported() {
    refused(
        |op| {
            op.create_table("one").col("a", text().unsigned());
            op.create_table("two");
        },
        "can't create table one: column a: text can't be unsigned",
    );
}

/// A table written by itself is the same as one written into a recorder, and says itself what is wrong with it.
#[test]
fn tables_stand_alone() {
    let users = || super::table("users").col("id", uuid().primary_key()).index("id").if_not_exists();
    let recorded = one(|op| _ = op.create_table_from(users()));
    let table = users().finish(&Naming::default()).unwrap();
    assert_eq!(recorded, Op::CreateTable { table: table.clone(), if_not_exists: true });
    assert_eq!(one(|op| _ = op.create_table_from(table.clone()).if_not_exists()), recorded);
    let schema = Schema::new().table(users()).table(super::table("empty")).table(users());
    assert_eq!(schema.check().unwrap_err().to_string(), "can't declare table users: it is declared twice");
    let schema = Schema::new().table(super::table("empty"));
    assert_eq!(schema.check().unwrap_err().to_string(), "can't declare table empty: a table needs a column");
    assert_eq!(schema, serde_json::from_str(&serde_json::to_string(&schema).unwrap()).unwrap());
    let error = Table::try_from(super::table("t").check("a")).unwrap_err().to_string();
    assert_eq!(error, "can't create table t: a table needs a column");
}
