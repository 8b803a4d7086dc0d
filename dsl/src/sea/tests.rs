use std::panic;

use sea_query::extension::postgres::PgExpr;
use sea_query::{Cond, Enum, ExprTrait, Func, Keyword, OptionEnum, Value as SeaValue};

use crate::prelude::*;

type Sea = sea_query::Expr;

#[test]
fn every_value_is_a_literal() {
    let pairs: [(SeaValue, Value); 16] = [
        (true.into(), true.into()),
        ((-8i8).into(), (-8).into()),
        ((-16i16).into(), (-16).into()),
        ((-32i32).into(), (-32).into()),
        (i64::MIN.into(), i64::MIN.into()),
        (8u8.into(), 8.into()),
        (16u16.into(), 16.into()),
        (32u32.into(), 32.into()),
        (u64::MAX.into(), u64::MAX.into()),
        (0.5f32.into(), 0.5f32.into()),
        (0.1f64.into(), 0.1.into()),
        ("it's \\".into(), "it's \\".into()),
        ('Ł'.into(), "Ł".into()),
        (vec![0u8, 255].into(), vec![0, 255].into()),
        (
            SeaValue::Enum(OptionEnum::Some(Box::new(Enum {
                type_name: "mood".into(),
                value: "sad".into(),
            }))),
            "sad".into(),
        ),
        (SeaValue::String(None), Value::Null),
    ];
    for (sea, expected) in pairs {
        assert_eq!(Value::from(sea.clone()), expected, "{sea:?}");
        assert_eq!(Expr::from(Sea::val(sea.clone())), Expr::Literal(expected), "{sea:?}");
    }
}

#[track_caller]
fn check(sea: impl Into<Sea>, sqlite: Option<&str>, postgres: Option<&str>, mysql: Option<&str>) {
    let expr = Expr::from(sea.into());
    let texts = DialectId::ALL.map(|dialect| expr.sql(dialect));
    assert_eq!(texts, [sqlite, postgres, mysql, mysql]);
}

#[test]
fn expressions_are_rendered_for_each_dialect() {
    check(Sea::col("age").gt(0), Some(r#""age" > 0"#), Some(r#""age" > 0"#), Some("`age` > 0"));
    check(
        Sea::col("name").ne("O'Ł\\"),
        Some(r#""name" <> 'O''Ł\'"#),
        Some(r#""name" <> E'O\'Ł\\'"#),
        Some(r"`name` <> 'O\'Ł\\'"),
    );
    check(
        Sea::col("initial").eq('Ł'),
        Some(r#""initial" = 'Ł'"#),
        Some(r#""initial" = 'Ł'"#),
        Some("`initial` = 'Ł'"),
    );
    check(
        Func::char_length(Sea::col("we\"ird`")),
        Some(r#"LENGTH("we""ird`")"#),
        Some(r#"CHAR_LENGTH("we""ird`")"#),
        Some("CHAR_LENGTH(`we\"ird```)"),
    );
}

/// One text serves all where sea-query writes the same for all: the commonest defaults stay readable.
#[test]
fn one_text_where_all_agree() {
    assert_eq!(Expr::from(Keyword::CurrentTimestamp), sql("CURRENT_TIMESTAMP"));
    assert_eq!(Expr::from(Sea::current_timestamp()), sql("CURRENT_TIMESTAMP"));
    assert_eq!(Expr::from(Sea::cust("length(a) > 3")), sql("length(a) > 3"));
    assert_eq!(Expr::from(Keyword::Null), Expr::Literal(Value::Null));
}

/// A dialect for which sea-query panics has no text, and no panic gets out.
#[test]
fn panics_of_a_backend_leave_its_dialect_out() {
    let quiet = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let found = panic::catch_unwind(|| Expr::from(Sea::col("tags").contains("x")));
    panic::set_hook(quiet);
    let found = found.unwrap();
    assert!(found.sql(DialectId::Postgres).is_some(), "{found}");
    assert_eq!((found.sql(DialectId::Sqlite), found.sql(DialectId::Mysql)), (None, None));
}

/// What sea-query's users have at hand is taken wherever an expression or a value is.
#[test]
fn builders_take_values_expressions_and_conditions() {
    let mut op = Ops::new();
    op.create_table("t")
        .col("a", integer().default(SeaValue::from(1)).check(Sea::col("a").gt(0)))
        .col("b", timestamp().default(Sea::current_timestamp()))
        .check(Cond::any().add(Sea::col("a").eq(1)).add(Sea::col("b").is_null()));
    op.create_index("t", ["a"]).filter(Sea::col("a").is_not_null());
    op.bulk_insert("t", ["a", "b"], [[SeaValue::from(1), "2020-01-01".into()]]);
    op.bulk_insert("t", ["a"], [[Sea::val(2)]]);
    let ops = op.finish().unwrap().ops;
    let Op::CreateTable { table, .. } = &ops[0] else { panic!("{}", ops[0]) };
    assert_eq!(table.columns[0].default, Some(Expr::Literal(1.into())));
    assert_eq!(table.columns[1].default, Some(sql("CURRENT_TIMESTAMP")));
    assert_eq!(table.checks[0].expr.sql(DialectId::Mysql), Some("`a` > 0"));
    assert_eq!(table.checks[1].expr.sql(DialectId::Sqlite), Some(r#""a" = 1 OR "b" IS NULL"#));

    let mut op = Ops::new();
    op.bulk_insert("t", ["b"], [[Sea::current_timestamp()]]);
    let error = op.finish().err().unwrap().to_string();
    assert_eq!(
        error,
        "can't insert 1 rows into table t: row 1 has CURRENT_TIMESTAMP, and a row holds nothing but values"
    );
}
