use dunlin_dsl::{
    Aside, Column, ColumnType, Constraint, Label, Notes, Op, PrimaryKey, Table, Unique, Value, sql,
};

use super::*;

fn users(label: Label) -> Table {
    let mut table = Table::new("users");
    table.columns.push(Column { not_null: true, ..Column::new("id", ColumnType::Uuid) });
    table.columns.push(Column::new("email", ColumnType::Varchar(255)));
    table.primary_key = Some(PrimaryKey {
        label: Label::Derived("users_pkey".into()),
        ..PrimaryKey::over(vec!["id".into()])
    });
    table.uniques.push(Unique {
        without_overlaps: false,
        label,
        columns: vec!["email".into()],
        nulls_not_distinct: false,
        deferrable: Default::default(),
        include: Vec::new(),
    });
    table
}

fn create(table: Table) -> Vec<Op> {
    vec![Op::CreateTable { table, if_not_exists: false }]
}

/// Catches a change of the canonical form, which would mark everyone's history as edited. The values were computed by
/// Python's json and hashlib from the same operations written by hand.
#[test]
fn golden() {
    let seed = Op::Insert {
        table: ("s", "t").into(),
        columns: vec!["a".into(), "b".into()],
        rows: vec![vec![Value::Null, Value::from(i128::MAX)], vec![Value::from(1.5), Value::from(true)]],
    };
    let execute = Op::Execute { sql: sql("update t set a = 'ä\u{1}\"'"), undo: None };
    for (ops, expected) in [
        (vec![], "ops1:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"),
        (
            create(users(Label::Derived("users_email_key".into()))),
            "ops1:de0408c4ea18d43d6fcdd047f28fad26fdf36cdb69c17df3d92b48c32a8f92bb",
        ),
        (
            create(users(Label::Given("mine".into()))),
            "ops1:29e5272e6a5905dbc49e9038bc61f457e81a2d7e8c675a714aaa18b3eb20a28b",
        ),
        (
            vec![execute, Op::Run { step: "fill".into() }, seed],
            "ops1:f2926b467441786f0a35f33ac159e177523c72384eeee683b6a0a0e85e568e21",
        ),
    ] {
        assert_eq!(checksum(&ops), expected, "{ops:?}");
    }
}

#[test]
fn what_a_convention_named_does_not_count() {
    let ops = create(users(Label::Derived("users_email_key".into())));
    let recorded = checksum(&ops);
    assert!(!edited(&recorded, &create(users(Label::Derived("uq_users_email".into())))));
    assert!(edited(&recorded, &create(users(Label::Given("uq_users_email".into())))));
    let constraint = Constraint::Unique(users(Label::Derived("x".into())).uniques.remove(0));
    let add = vec![Op::AddConstraint { table: "users".into(), constraint }];
    assert!(!String::from_utf8(form(&add)).unwrap().contains("derived"));
}

#[test]
fn what_reading_back_notes_does_not_count() {
    let plain = users(Label::Unnamed);
    let notes = Notes { source: Some("CREATE TABLE users".into()), ..Notes::default() };
    let noted = Table { notes: Aside(notes), ..plain.clone() };
    assert_eq!(checksum(&create(plain)), checksum(&create(noted)));
}

#[test]
fn an_unknown_scheme_is_no_difference() {
    assert!(!edited("ops2:00", &[]));
    assert!(edited("ops1:00", &[]));
}
