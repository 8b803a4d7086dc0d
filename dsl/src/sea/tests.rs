use sea_query::{
    ColumnDef, Cond, ConditionalStatement, Enum, ExprTrait, ForeignKey as SeaForeignKey, ForeignKeyAction,
    Func, Index as SeaIndex, IndexOrder, Keyword, OptionEnum, Value as SeaValue,
};

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
    use sea_query::extension::postgres::PgExpr;

    let found = Expr::from(PgExpr::contains(Sea::col("tags"), "x"));
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

type Statement = sea_query::TableCreateStatement;

fn posts() -> Statement {
    sea_query::Table::create().table(("blog", "posts")).to_owned()
}

/// All that sea-query tells is taken, and the convention names what it leaves unnamed.
#[test]
fn a_statement_becomes_a_table() {
    let statement = posts()
        .if_not_exists()
        .comment("what people wrote")
        .col(ColumnDef::new("id").big_integer().auto_increment().primary_key())
        .col(ColumnDef::new("user_id").big_integer().not_null())
        .col(ColumnDef::new("slug").string_len(80).not_null().unique_key().comment("in its URL"))
        .col(ColumnDef::new("at").timestamp_with_time_zone().default(Sea::current_timestamp()))
        .col(ColumnDef::new("words").integer().default(0))
        .col(ColumnDef::new("twice").integer().generated(Sea::col("words").mul(2), true))
        .index(SeaIndex::create().name("posts_at").table("posts").col("at").col("words"))
        .index(SeaIndex::create().unique().nulls_not_distinct().col("user_id").col("slug"))
        .foreign_key(
            SeaForeignKey::create()
                .name("posts_author")
                .from("posts", "user_id")
                .to("users", "id")
                .on_delete(ForeignKeyAction::Cascade)
                .on_update(ForeignKeyAction::SetNull),
        )
        .to_owned();
    let expected = table(Name::from(("blog", "posts")))
        .comment("what people wrote")
        .col("id", bigint().identity().primary_key())
        .col("user_id", bigint().not_null())
        .col("slug", varchar(80).not_null().unique().comment("in its URL"))
        .col("at", timestamptz().default(sql("CURRENT_TIMESTAMP")))
        .col("words", integer().default(0))
        .col("twice", integer().generated_stored(Sea::col("words").mul(2)))
        .index(index(["at", "words"]).named("posts_at"))
        .unique(["user_id", "slug"])
        .nulls_not_distinct()
        .foreign_key("user_id", "users", "id")
        .named("posts_author")
        .on_delete(Action::Cascade)
        .on_update(Action::SetNull);
    let expected = Table::try_from(expected).unwrap();
    assert_eq!(Table::try_from(statement.clone()).unwrap(), expected);

    let mut op = Ops::new();
    op.create_table_from(&statement);
    assert_eq!(op.finish().unwrap().ops, [Op::CreateTable { table: expected.clone(), if_not_exists: true }]);
    let schema = Schema::new().table(statement);
    assert_eq!((schema.check(), schema.get(&expected.name)), (Ok(()), Some(&expected)));
}

#[test]
fn keys_of_several_columns_are_taken() {
    let mut statement = sea_query::Table::create();
    statement.table("t").col(ColumnDef::new("a").uuid()).col(ColumnDef::new("b").uuid());
    statement.primary_key(SeaIndex::create().col("a").col("b"));
    let table = Table::try_from(statement).unwrap();
    let key = PrimaryKey {
        label: Label::Derived("t_pkey".into()),
        ..PrimaryKey::over(vec!["a".into(), "b".into()])
    };
    assert_eq!(table.primary_key, Some(key));
}

/// What sea-query has no getter for is refused by name.
#[test]
fn nothing_is_lost() {
    #[track_caller]
    fn refused(change: impl FnOnce(&mut Statement), expected: &str) {
        let mut statement = posts();
        statement.col(ColumnDef::new("a").integer());
        change(&mut statement);
        let error = Table::try_from(statement).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    refused(|t| _ = t.check(Sea::col("a").gt(0)), "others: check");
    refused(|t| _ = t.engine("InnoDB"), "others: options");
    refused(|t| _ = t.collate("utf8mb4_bin"), "others: options");
    refused(|t| _ = t.character_set("utf8mb4"), "others: options");
    refused(|t| _ = t.extra("WITHOUT ROWID"), "others: extra");
    refused(|t| _ = t.temporary(), "others: temporary");
    refused(|t| _ = t.partition_by_range(["a"]), "others: partition_by");
    refused(
        |t| _ = t.col(ColumnDef::new("b").integer().check(Sea::col("b").gt(0))),
        "column b: a column has",
    );
    refused(|t| _ = t.col(ColumnDef::new("b").text().extra("COLLATE NOCASE")), "\"COLLATE NOCASE\"");
    refused(|t| _ = t.col(ColumnDef::new("b")), "column b: it has no type");
    refused(|t| _ = t.col(ColumnDef::new("b").money()), "Money(None)");
    refused(|t| _ = t.index(SeaIndex::create().name("i").col(("a", IndexOrder::Desc))), "index i has");
    refused(|t| _ = t.index(SeaIndex::create().name("i").col(("a", 3))), "index i has");
    refused(|t| _ = t.index(SeaIndex::create().name("i").col(Func::lower(Sea::col("a")))), "index i has");
    refused(|t| _ = t.index(SeaIndex::create().name("i").col("a").full_text()), "others: index_type");
    refused(|t| _ = t.index(SeaIndex::create().name("i").col("a").include("a")), "others: include_columns");
    refused(
        |t| _ = t.index(SeaIndex::create().name("i").col("a").and_where(Sea::col("a").gt(0))),
        "others: where",
    );
    refused(|t| _ = t.table(("other", "blog", "posts")), "one in another database");
}

/// A table keeps on each server the type that sea-query gave it there, but for the names it makes up for SQLite.
#[test]
fn types_are_what_sea_query_makes_of_them() {
    #[track_caller]
    fn check(column: &mut ColumnDef, expected: impl Into<ColumnSpec>) {
        let table = Table::try_from(posts().col(column).to_owned()).unwrap();
        let expected: ColumnSpec = expected.into();
        assert_eq!(table.columns[0].ty, ColumnType::from(&expected));
    }
    let column = || ColumnDef::new("a");
    let my = |my: ColumnSpec, others| per_dialect([(MYSQL | MARIADB, my), (SQLITE | POSTGRES, others)]);
    check(column().char(), char(1));
    check(column().char_len(36), char(36));
    check(column().string(), my(varchar(255), native("varchar")));
    check(column().text(), text());
    check(column().blob(), blob());
    check(column().tiny_integer(), tinyint());
    check(column().unsigned(), my(integer().unsigned(), bigint()));
    check(column().big_unsigned(), my(bigint().unsigned(), bigint()));
    check(column().float(), real());
    check(column().double(), double());
    check(column().decimal_len(12, 3), decimal(12, 3));
    check(column().decimal(), my(decimal(10, 0), numeric()));
    check(column().date_time(), timestamp());
    check(column().timestamp(), my(timestamptz(), timestamp()));
    check(column().timestamp_with_time_zone(), timestamptz());
    check(column().date(), date());
    check(column().time(), time());
    check(column().year(), year());
    check(column().interval(None, None), interval());
    check(column().binary_len(4), binary(4));
    check(column().var_binary(9), varbinary(9));
    check(column().bit(Some(3)), bit(3));
    check(column().boolean(), boolean());
    check(column().json(), json());
    check(column().json_binary(), jsonb());
    check(column().uuid(), my(binary(16), uuid()));
    check(column().custom("citext"), native("citext"));
    check(
        column().enumeration("mood", ["sad", "ok"]),
        per_dialect([(POSTGRES, native("mood")), (SQLITE | MYSQL | MARIADB, enumeration(["sad", "ok"]))]),
    );
    check(column().array(sea_query::ColumnType::Uuid), array(uuid()));
    check(column().inet(), inet());
    check(column().ltree(), native("ltree"));
}
