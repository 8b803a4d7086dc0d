//! What single operations mean: refusals, and what a drop takes along and its undo brings back.

use dunlin::prelude::*;

fn blog() -> Schema {
    let mut op = Ops::new();
    op.create_table("users").col("id", bigint().primary_key()).col("email", text().unique());
    op.create_table("posts")
        .col("id", bigint().primary_key())
        .col("user_id", bigint().references("users", "id"))
        .col("title", text())
        .index_on(["title", "user_id"]);
    let mut schema = Schema::new();
    for op in op.finish().unwrap().ops {
        apply(&mut schema, &op).unwrap();
    }
    schema
}

fn recorded(record: impl FnOnce(&mut Ops)) -> Result<Vec<Op>, String> {
    let mut op = Ops::new();
    record(&mut op);
    op.finish().map(|recorded| recorded.ops).map_err(|error| error.to_string())
}

#[track_caller]
fn conflict(record: impl FnOnce(&mut Ops), expected: &str, instead: Option<&str>) {
    let ops = recorded(record).unwrap();
    let found = ops.iter().try_fold(blog(), |mut schema, op| apply(&mut schema, op).map(|()| schema));
    let conflict = found.unwrap_err();
    assert_eq!(conflict.to_string(), expected);
    assert_eq!(conflict.instead.as_deref(), instead, "{conflict}");
}

#[test]
fn conflicts_name_what_stands_in_the_way() {
    conflict(
        |op| {
            op.drop_table("users");
        },
        "can't drop table users: table posts refers to it by a foreign key",
        Some("drop the foreign key first"),
    );
    conflict(
        |op| {
            op.drop_table("tags");
        },
        "can't drop table tags: there is no table tags",
        Some("say if_exists(), or name what is there"),
    );
    conflict(
        |op| {
            op.drop_column("posts", "id");
        },
        "can't drop column posts.id: it is part of the primary key of table posts",
        Some("drop the primary key first"),
    );
    conflict(
        |op| op.rename_column("posts", "title", "user_id"),
        "can't rename column posts.title to user_id: table posts has a column user_id already",
        None,
    );
    conflict(
        |op| {
            op.on(POSTGRES, |op| {
                op.drop_table("posts");
            })
        },
        "can't 1 operations on postgres: it is for postgres alone",
        Some("choose a dialect first, with Op::select"),
    );
}

#[test]
fn recorder_reports_what_cannot_be_meant() {
    let table = |record: fn(&mut Ops)| recorded(record).unwrap_err();
    assert_eq!(
        table(|op| {
            op.create_table("t");
        }),
        "can't create table t: a table needs a column"
    );
    assert_eq!(
        table(|op| {
            op.create_table("t").col("a", text()).col("a", text());
        }),
        "can't create table t: it has the column a twice"
    );
    assert_eq!(
        table(|op| {
            op.create_table("t").col("a", text()).primary_key(["b"]);
        }),
        "can't create table t: a key names the column b, which it hasn't"
    );
}

/// A dropped column's index and foreign key go with it and come back with it, at its place.
#[test]
fn dropped_column_comes_back_whole() {
    let before = blog();
    let op = recorded(|op| {
        op.drop_column("posts", "user_id");
    })
    .unwrap()
    .remove(0);
    let mut schema = before.clone();
    apply(&mut schema, &op).unwrap();
    let posts = schema.get(&"posts".into()).unwrap();
    assert!(posts.foreign_keys.is_empty() && posts.indexes.is_empty());
    for undo in reverse(&op, &before).unwrap() {
        apply(&mut schema, &undo).unwrap();
    }
    assert_eq!(schema, before);
}

#[test]
fn sql_is_reversible_only_with_its_undo() {
    let ops = recorded(|op| {
        op.execute("ANALYZE");
    });
    let error = reverse(&ops.unwrap()[0], &Schema::new()).unwrap_err();
    assert!(error.to_string().contains(".undo(..)"), "{error}");
    let ops = recorded(|op| op.execute("A").undo("B")).unwrap();
    let undo = reverse(&ops[0], &Schema::new()).unwrap();
    assert_eq!(undo, recorded(|op| op.execute("B").undo("A")).unwrap());
}

/// An inserted row is deleted by its key; without one there is no undo, and the reason says what to write.
#[test]
fn inserts_are_undone_by_primary_key() {
    let insert = |columns: &[&str], row: Vec<Value>| Op::Insert {
        table: "users".into(),
        columns: columns.iter().map(|&column| column.into()).collect(),
        rows: vec![row],
    };
    let undo = reverse(&insert(&["email", "id"], vec!["x".into(), 7.into()]), &blog()).unwrap();
    assert_eq!(
        undo,
        [Op::Delete { table: "users".into(), columns: vec!["id".into()], keys: vec![vec![7.into()]] }]
    );
    let error = reverse(&insert(&["email"], vec!["x".into()]), &blog()).unwrap_err();
    assert!(error.reason.contains("write a down"), "{error}");
}

/// Only what exists before the first operation is read, under the name it has then; and what may have a name that is
/// to be given.
#[test]
fn touched_are_those_that_exist_before_and_names_to_be_given() {
    let ops = recorded(|op| {
        op.create_table("new").col("a", text());
        op.drop_column("new", "a");
        op.rename_table("old", "older");
        op.drop_column("older", "b");
    });
    assert_eq!(
        touched(&ops.unwrap()),
        [ObjectId::table("old"), ObjectId::table("older"), ObjectId::view("older")]
    );
}

/// Changes are recorded one attribute each, keys beside a column after it, indexes under the name of convention.
#[test]
fn changes_are_recorded_in_order() {
    let ops = recorded(|op| {
        op.add_column("posts", "tag", text().not_null().unique());
        op.alter_column("posts", "title").not_null().default("untitled");
        op.create_index("posts", ["title"]).unique();
        op.drop_index("posts", "old_idx");
        op.bulk_insert("users", ["id", "name"], [[Value::from(1), "ada".into()]]);
    });
    let printed: Vec<_> = ops.unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(
        printed,
        [
            "add column posts.tag",
            "add unique constraint posts_tag_key to table posts",
            "alter not null of column posts.title",
            "alter default of column posts.title",
            "create index posts_title_idx on table posts",
            "drop index old_idx on table posts",
            "insert 1 rows into table users",
        ]
    );
    let error = recorded(|op| op.bulk_insert("users", ["id", "name"], [[1]])).unwrap_err();
    assert_eq!(error, "can't insert 1 rows into table users: row 1 gives 1 values for 2 columns");
}

/// A key that is misspelt would be left out without a word, in a case here as in an undo that somebody has edited.
#[test]
fn a_key_that_nobody_knows_is_refused() {
    for json in [
        r#"{"drop_table": {"table": "users", "cascad": true}}"#,
        r#"{"add_column": {"table": "users", "column": {"name": "age", "type": "date", "notnull": true}}}"#,
        r#"{"create_object": {"object": {"kind": "schema", "name": "audit", "definition": {"schema": {}}, "coment": "x"}}}"#,
        r#"{"create_object": {"object": {"kind": "schema", "name": "audit", "definition": {"schema": {"charst": "x"}}}}}"#,
        r#"{"drop_object": {"object": {"kind": "view", "name": "people", "shema": "audit"}}}"#,
    ] {
        let error = serde_json::from_str::<Op>(json).unwrap_err().to_string();
        assert!(error.starts_with("unknown field"), "{json}: {error}");
    }
}
