//! What is told of statements, and what is refused.

use super::*;

#[test]
fn hazards_are_told() {
    let kinds = |ops: &[Op]| {
        let statements = Postgres.render(ops, &before(), &server(18)).unwrap();
        let hazards = statements.into_iter().flat_map(|statement| statement.hazards);
        hazards.map(|hazard| hazard.kind).collect::<Vec<_>>()
    };
    use HazardKind::*;
    assert_eq!(
        kinds(&[Op::DropTable { table: "users".into(), if_exists: false, cascade: false }]),
        [DataLoss]
    );
    assert_eq!(kinds(&[add(Column { not_null: true, ..Column::new("a", text()) })]), [MayFail]);
    assert_eq!(kinds(&[add(Column { default: Some(sql("now()")), ..Column::new("a", text()) })]), []);
    assert_eq!(
        kinds(&[add(Column {
            default: Some(sql("gen_random_uuid()")),
            ..Column::new("a", ColumnType::Uuid)
        })]),
        [Rewrite, BlocksReads]
    );
    assert_eq!(
        kinds(&[retype("id", ColumnType::Integer { width: IntWidth::Big, unsigned: false })]),
        [Rewrite, BlocksReads]
    );
    assert_eq!(kinds(&[index(Index::new("i".into(), vec![IndexKey::column("name")]))]), [BlocksWrites]);
    // Nobody waits for a table that is new.
    let mut new = Table::new("t");
    new.columns.push(Column::new("a", integer()));
    let index = Op::CreateIndex {
        table: "t".into(),
        index: Index::new("i".into(), vec![IndexKey::column("a")]),
        if_not_exists: false,
        concurrently: false,
    };
    assert_eq!(kinds(&[Op::CreateTable { table: new, if_not_exists: false }, index]), []);
}

#[test]
fn names_and_values_that_cannot_be_are_refused() {
    let long = "é".repeat(32);
    refused(
        [Op::DropTable { table: Name::from(long.as_str()), if_exists: false, cascade: false }],
        18,
        &format!("can't name something {long:?}: it has 64 bytes, and PostgreSQL 18.4 takes 63 at most"),
    );
    assert!(Postgres.literal(&Value::Text("a\0".into()), &server(18)).is_err());
    assert!(Postgres.identifier("a\0", &server(18)).is_err());
    let unsigned = ColumnType::Integer { width: IntWidth::Normal, unsigned: true };
    refused(
        [add(Column::new("n", unsigned))],
        18,
        "can't use the type integer unsigned: PostgreSQL 18.4 has none like it",
    );
    let computed = Column {
        generated: Some(Generated { expr: sql("id"), stored: false }),
        ..Column::new("v", integer())
    };
    refused(
        [add(computed)],
        17,
        "can't add column users.v: PostgreSQL 17.4 has no virtual generated columns; 18 is the first",
    );
}
