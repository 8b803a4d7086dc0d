//! Changes of a type on MySQL and MariaDB. Strict mode stops for some values that don't fit, and not for others.

use dunlin::Connect;
use dunlin::prelude::*;

use super::{everything, up};
use crate::server::{Kind, TestDb, with_database};

/// From a type to another: literals of values that stay what they are, and of values that don't.
type Case = (&'static str, &'static str, &'static [&'static str], &'static [&'static str]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("decimal(10,4)", "decimal(10,2)", &["1.25", "-3", "0"], &["1.2345"]),
    ("decimal(10,2)", "decimal(6,4)", &["99.99"], &["100", "-100.5"]),
    ("decimal(10,4)", "decimal(12,4) unsigned", &["1.2345"], &["-1"]),
    ("decimal(10,4)", "int", &["5", "-7"], &["1.5"]),
    ("decimal(20,0)", "int", &["5"], &["3000000000"]),
    ("decimal(10,2)", "int unsigned", &["5"], &["-1"]),
    ("decimal(30,10)", "double", &["1.5"], &["12345678901234567890.1234567891"]),
    ("decimal(10,4)", "float", &["1.1", "5"], &["123456.7891"]),
    ("double", "int", &["5", "-7"], &["1.7", "3e9"]),
    ("double", "bigint", &["5"], &["9.3e18", "1.5"]),
    ("double", "float", &["0.5", "65536"], &["1.23456789012"]),
    ("double", "decimal(10,2)", &["1.25", "-3"], &["1.234", "1e9"]),
    ("float", "decimal(10,1)", &["1.1"], &["1.25"]),
    ("float", "double", &["0.5"], &[]),
    ("bigint", "double", &["9007199254740992", "-5"], &["9007199254740993"]),
    ("bigint", "float", &["65536"], &["16777217"]),
    ("bigint", "int", &["5"], &["3000000000", "-3000000000"]),
    ("int", "smallint", &["32767", "-32768"], &["70000", "-40000"]),
    ("int", "int unsigned", &["0", "7"], &["-5"]),
    ("bigint unsigned", "bigint", &["7"], &["9223372036854775808"]),
    ("int", "decimal(5,2)", &["999"], &["1000"]),
    ("int", "bigint", &["-5"], &[]),
    ("int", "year", &["1999"], &["99"]),
    ("int", "time", &[], &["101112"]),
    ("int", "varchar(3)", &["123"], &["1234"]),
    ("float", "varchar(20)", &["1.5"], &["16777216"]),
    ("double", "varchar(20)", &["1.5"], &[]),
    ("bit(8)", "bit(4)", &["b'1111'"], &["b'10000001'"]),
    ("bit(8)", "int", &[], &[]),
    ("bit(8)", "varchar(8)", &[], &["b'101'"]),
    ("datetime(6)", "datetime", &["'2020-01-01 10:11:12'"], &["'2020-01-01 10:11:12.987654'"]),
    ("datetime(6)", "datetime(3)", &["'2020-01-01 10:11:12.987'"], &["'2020-01-01 10:11:12.987654'"]),
    ("datetime", "date", &["'2020-01-01'"], &["'2020-01-01 10:11:12'"]),
    ("date", "datetime", &["'2020-01-01'"], &[]),
    ("datetime", "timestamp", &["'2020-01-01 10:11:12'"], &["'1960-01-01 00:00:00'"]),
    ("timestamp(6)", "timestamp", &["'2020-01-01 10:11:12'"], &["'2020-01-01 10:11:12.987654'"]),
    ("timestamp", "datetime(6)", &["'2020-01-01 10:11:12'"], &[]),
    ("time(3)", "time", &["'10:11:12'"], &["'10:11:12.987'"]),
    ("datetime", "time", &[], &["'2020-01-01 10:11:12'"]),
    ("date", "int", &[], &["'2020-01-01'"]),
    ("datetime", "varchar(19)", &["'2020-01-01 10:11:12'"], &[]),
    ("datetime", "varchar(10)", &[], &["'2020-01-01 10:11:12'"]),
    ("varchar(10)", "varchar(3)", &["'abc'", "'é☃ü'"], &["'abc   '", "'abcdef'"]),
    ("varchar(10)", "char(5)", &["'abc'"], &["'abc  '"]),
    ("char(10)", "varchar(10)", &["'abc'"], &[]),
    ("text", "tinytext", &["'x'"], &["repeat('x', 300)"]),
    ("varchar(300)", "tinytext", &["'x'"], &["repeat('é', 150)"]),
    ("varchar(10)", "text", &["'x '"], &[]),
    ("varchar(10)", "varbinary(10)", &["'é'"], &["repeat('é', 6)"]),
    ("varbinary(4)", "binary(2)", &["'ab'"], &["x'61'", "x'610000'"]),
    ("binary(2)", "varbinary(4)", &["'ab'"], &[]),
    ("varbinary(8)", "varbinary(2)", &["'ab'"], &["'abc'"]),
    ("blob", "text", &["'é'"], &["x'ff'"]),
    ("varchar(10)", "int", &["'12'", "'-7'", "'0'"], &["'007'", "' 12'", "'12x'", "'1e3'", "''", "'3000000000'"]),
    ("varchar(10)", "decimal(5,2)", &["'12.25'"], &["'1.255'", "'1000'", "'x'", "'01.25'"]),
    ("varchar(20)", "double", &["'1.5'"], &["'1e3'", "'0.12345678901234567'"]),
    ("varchar(30)", "date", &["'2020-01-31'"], &["'2020-02-31'", "'2020-1-5'", "'20200131'"]),
    ("varchar(30)", "datetime", &["'2020-01-31 10:11:12'"], &["'2020-01-31 10:11:12.5'", "'2020-01-31'"]),
    ("varchar(30)", "datetime(3)", &["'2020-01-31 10:11:12.5'"], &["'2020-01-31 10:11:12.1234'"]),
    ("varchar(30)", "timestamp", &["'2020-01-31 10:11:12'"], &["'1960-01-31 10:11:12'", "'2020-01-31 10:11:12.5'"]),
    ("varchar(30)", "time", &["'10:11:12'"], &["'10:11'", "'10:11:12.5'"]),
    ("varchar(10)", "year", &["'1999'"], &["'99'"]),
    ("varchar(10)", "enum('a','b')", &["'a'"], &["'A'", "'2'", "'c'"]),
    ("enum('a','b')", "enum('b','a','c')", &["'b'"], &[]),
    ("enum('a','b')", "enum('a')", &["'a'"], &["'b'"]),
    ("enum('a','b')", "int", &[], &["'b'"]),
    ("enum('a','bcd')", "varchar(2)", &["'a'"], &["'bcd'"]),
    ("set('a','b')", "set('a')", &["'a'"], &["'a,b'"]),
    ("set('a','b')", "varchar(9)", &["'a,b'"], &[]),
];

#[tokio::test]
async fn values_stay_what_they_are_on_mariadb() {
    with_database(Kind::Mariadb, async |db| all(db).await).await;
}

#[tokio::test]
async fn values_stay_what_they_are_on_mysql() {
    with_database(Kind::Mysql, async |db| all(db).await).await;
}

async fn all(db: &TestDb) {
    let mut wrong = Vec::new();
    for (from, to, fit, unfit) in CASES {
        if let Err(error) = keeps(db, from, to, fit).await {
            wrong.push(format!("{from} to {to}: {error}"));
        }
        for literal in *unfit {
            if let Err(error) = stops(db, from, to, literal).await {
                wrong.push(format!("{from} {literal} to {to}: {error}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn make(db: &TestDb, ty: &str, literals: &[&str]) {
    let nullable = if ty.starts_with("timestamp") { " NULL" } else { "" };
    let create = format!("CREATE TABLE t (id int PRIMARY KEY, a {ty}{nullable})");
    db.execute(&["DROP TABLE IF EXISTS t", &create, "INSERT INTO t VALUES (0, NULL)"]).await;
    for (id, literal) in literals.iter().enumerate() {
        db.execute(&[&format!("INSERT INTO t VALUES ({}, {literal})", id + 7)]).await;
    }
}

/// The values as they are read, but for zeros behind a point, and for great numbers' other notation.
async fn values(db: &TestDb) -> Vec<Option<String>> {
    let rows = db.query("SELECT HEX(CAST(a AS CHAR)), CAST(a AS CHAR) FROM t ORDER BY id").await;
    let plain = |text: String| match text.split_once('.') {
        Some(_) if text.contains('e') => text.parse::<f64>().map_or(text, |number| number.to_string()),
        Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        None => text.strip_suffix(" 00:00:00").unwrap_or(&text).to_owned(),
    };
    rows.into_iter().map(|mut row| row.swap_remove(1).map(plain)).collect()
}

async fn change(db: &TestDb, to: &'static str) -> dunlin::Result<dunlin::Report> {
    up(db, move |op| _ = op.alter_column("t", "a").set_type(native(to))).await
}

async fn keeps(db: &TestDb, from: &str, to: &'static str, literals: &[&str]) -> Result<(), String> {
    make(db, from, literals).await;
    let before = values(db).await;
    change(db, to).await.map_err(|error| error.to_string())?;
    let after = values(db).await;
    if before == after { Ok(()) } else { Err(format!("{before:?} became {after:?}")) }
}

/// The value stops the run. The server by itself stops too, or makes another value of it.
async fn stops(db: &TestDb, from: &str, to: &'static str, literal: &str) -> Result<(), String> {
    make(db, from, &[literal]).await;
    let before = everything(db, &["t"]).await;
    match change(db, to).await {
        Ok(_) => return Err("it was changed".into()),
        Err(error) if !error.to_string().contains("wouldn't stay what they are as") => {
            return Err(error.to_string());
        }
        Err(error) if !error.to_string().contains("(found id=7, a=") => return Err(error.to_string()),
        Err(_) => {}
    }
    if everything(db, &["t"]).await != before {
        return Err("something was changed".into());
    }
    // A float has more digits than are read of it.
    let exact = "SELECT HEX(CAST(a AS CHAR)), a + 0e0 FROM t";
    let was = db.query(exact).await;
    let mut conn = db.open().await;
    let alone = conn.connect().execute(&format!("ALTER TABLE t MODIFY a {to}")).await;
    match alone.is_ok() && db.query(exact).await == was {
        true => Err("the server keeps it".into()),
        false => Ok(()),
    }
}

/// A character set that lacks a letter.
#[tokio::test]
async fn letters_that_a_character_set_lacks() {
    for kind in [Kind::Mariadb, Kind::Mysql] {
        with_database(kind, async |db| {
            let to_latin = |op: &mut Ops| _ = op.alter_column("t", "a").charset("latin1");
            make(db, "varchar(10)", &["'☃'"]).await;
            let error = up(db, to_latin).await.unwrap_err().to_string();
            assert!(error.contains("wouldn't stay what they are as varchar(10) in latin1"), "{error}");
            assert!(error.contains("(found id=7, a=☃)") || error.contains("(found id=7, a='☃')"), "{error}");
            make(db, "varchar(10)", &["'é'"]).await;
            let before = values(db).await;
            up(db, to_latin).await.unwrap();
            assert_eq!(values(db).await, before);
        })
        .await;
    }
}

/// A column that becomes numbered numbers the rows that have 0.
#[tokio::test]
async fn rows_that_would_be_numbered() {
    for kind in [Kind::Mariadb, Kind::Mysql] {
        with_database(kind, async |db| {
            db.execute(&["CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (5), (0)"]).await;
            let number = |op: &mut Ops| _ = op.alter_column("t", "id").identity();
            let error = up(db, number).await.unwrap_err().to_string();
            assert!(error.contains("rows of t have 0 in id") && error.contains("(found id=0)"), "{error}");
            db.execute(&["DELETE FROM t WHERE id = 0"]).await;
            up(db, number).await.unwrap();
            assert_eq!(db.query("SELECT id FROM t").await, [[Some("5".to_owned())]]);
            db.execute(&[
                "CREATE TABLE n (id int PRIMARY KEY, a int)",
                "INSERT INTO n VALUES (1, 5), (2, NULL)",
            ])
            .await;
            let number = |op: &mut Ops| {
                op.create_index("n", ["a"]).named("n_a");
                op.alter_column("n", "a").identity();
            };
            let error = up(db, number).await.unwrap_err().to_string();
            assert!(error.contains("rows of n have NULL in a (found id=2, a=NULL)"), "{error}");
            db.execute(&["DELETE FROM n WHERE id = 2"]).await;
            up(db, number).await.unwrap();
            assert_eq!(db.query("SELECT a FROM n").await, [[Some("5".to_owned())]]);
        })
        .await;
    }
}

/// JSON that MySQL would read, and keep less of. Where it is kept as text nothing is lost.
#[tokio::test]
async fn texts_that_json_keeps_less_of() {
    with_database(Kind::Mysql, async |db| {
        up(db, |_| {}).await.unwrap();
        let lost = [
            "x",
            "",
            r#"{"a": 1, "a": 2}"#,
            r#"[{"a": {"x": 1, "x": 1}}]"#,
            r#"{"":9007199254740993.0,"":1}"#,
            "[18446744073709551616]",
            "[-9223372036854775809]",
            "[0.12345678901234567891]",
            "[1e400]",
        ];
        for text in lost {
            make(db, "varchar(99)", &[&format!("'{text}'")]).await;
            let before = everything(db, &["t"]).await;
            let error = change(db, "json").await.expect_err(text).to_string();
            assert!(error.contains("values of t.a wouldn't stay what they are as json"), "{error}");
            assert!(error.contains("(found id=7, a="), "{error}");
            assert_eq!(everything(db, &["t"]).await, before);
        }
        // What is written otherwise, and is the same.
        let kept = [
            r#"{"b": 1, "a": [2, true, null]}"#,
            r#"{"b":10.00,"a":"x \\u00e9 \\" \\/ 1.10"}"#,
            r#"{"zz":1728394857382912000,"a":[-728394857382912000]}"#,
            "{\"b\":\t1.50,\\n\"a\":{}}",
            r#"["\\"a\\": 1, \\"a\\": 2"]"#,
            "[0.1234567890123456, 18446744073709551615, -9223372036854775808]",
        ];
        let literals = kept.map(|text| format!("'{text}'"));
        make(db, "varchar(99) CHARACTER SET latin1", &literals.each_ref().map(String::as_str)).await;
        change(db, "json").await.unwrap();
        let rows = db.query("SELECT CAST(a AS CHAR) FROM t WHERE id > 0 ORDER BY id").await;
        let text = |row: &Vec<Option<String>>| row[0].clone().unwrap_or_default();
        assert_eq!(
            rows.iter().map(text).collect::<Vec<_>>(),
            [
                r#"{"a": [2, true, null], "b": 1}"#,
                r#"{"a": "x é \" / 1.10", "b": 10.0}"#,
                r#"{"a": [-728394857382912000], "zz": 1728394857382912000}"#,
                r#"{"a": {}, "b": 1.5}"#,
                r#"["\"a\": 1, \"a\": 2"]"#,
                "[0.1234567890123456, 18446744073709551615, -9223372036854775808]",
            ]
        );
    })
    .await;
    with_database(Kind::Mariadb, async |db| {
        make(db, "varchar(99)", &[r#"'{"a": 1, "a": 2, "b": 0.12345678901234567891}'"#]).await;
        let before = values(db).await;
        up(db, |op| _ = op.alter_column("t", "a").set_type(json())).await.unwrap();
        assert_eq!(values(db).await, before);
    })
    .await;
}
