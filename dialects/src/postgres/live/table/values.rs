//! Types, and the values that stand in tables.

use super::*;

#[tokio::test]
async fn every_type_is_called_as_the_catalog_calls_it() {
    on_servers("types", async |live| {
        use ColumnType::*;
        let mut types = vec![
            Boolean,
            Decimal { precision: None },
            Decimal { precision: Some((10, 2)) },
            Real,
            Double,
            Char(5),
            Varchar(7),
            Text(Size::Long),
            Binary(5),
            Varbinary(5),
            Blob(Size::Tiny),
            Date,
            Interval,
            Uuid,
            Json,
            Jsonb,
            Array(Box::new(Varchar(9))),
            Array(Box::new(Timestamp { precision: Some(2), zone: true })),
            Inet,
            Cidr,
            Macaddr,
            Bit(3),
            Varbit(4),
        ];
        for width in [IntWidth::Tiny, IntWidth::Small, IntWidth::Medium, IntWidth::Normal, IntWidth::Big] {
            types.push(Integer { width, unsigned: false });
        }
        for precision in [None, Some(0), Some(6)] {
            for zone in [false, true] {
                types.extend([Time { precision, zone }, Timestamp { precision, zone }]);
            }
        }
        let native = [
            "INT",
            "int8[]",
            "char",
            "CHARACTER VARYING ( 3 )",
            "dec(3)",
            "float(30)",
            "timestamp (1) with time zone",
            "varchar",
            "bit",
            "tsvector",
            "bpchar",
            "interval(3)",
            "int4range",
            "serial",
            "smallserial",
        ];
        types.extend(native.map(|name| Native(name.into())));
        let columns = types.into_iter().enumerate().map(|(at, ty)| named(&format!("c{at}"), ty));
        live.create(&schema([table("types", columns)])).await;
    })
    .await;
}

#[tokio::test]
async fn literal_defaults_are_found_as_they_are_printed() {
    on_servers("column_defaults", async |live| {
        use ColumnType::*;
        let numeric = || Decimal { precision: Some((12, 3)) };
        let defaults: Vec<(ColumnType, Value)> = vec![
            (Boolean, true.into()),
            (Boolean, false.into()),
            (integer(), 0.into()),
            (integer(), (-5).into()),
            (big(), 7.into()),
            (big(), (-7).into()),
            (big(), i64::MAX.into()),
            (big(), i64::MIN.into()),
            (numeric(), 5.into()),
            (numeric(), 1.5.into()),
            (numeric(), (-1.5).into()),
            (Double, 2.5.into()),
            (Double, Value::Float(Float(f64::NAN))),
            (Double, 1.0.into()),
            (Varchar(9), "".into()),
            (Varchar(9), "a'b\\".into()),
            (Char(3), "x".into()),
            (text(), "é😀".into()),
            (text(), Value::Null),
            (Varchar(3), Value::Null),
            (Date, "2020-01-31".into()),
            (Timestamp { precision: None, zone: false }, "2020-01-31 00:00:00".into()),
            (Timestamp { precision: Some(3), zone: false }, "2020-01-31 00:00:00".into()),
            (Time { precision: Some(2), zone: false }, "10:00:00".into()),
            (Uuid, "00000000-0000-0000-0000-00000000000a".into()),
            (Jsonb, "{\"a\": [1]}".into()),
            (Inet, "10.0.0.1".into()),
            (Array(Box::new(integer())), "{1,2}".into()),
            (Blob(Size::Normal), vec![0_u8, 255, 39, 92].into()),
        ];
        let columns = defaults.into_iter().enumerate().map(|(at, (ty, value))| Column {
            default: Some(Expr::Literal(value)),
            ..named(&format!("c{at}"), ty)
        });
        live.create(&schema([table("defaults", columns)])).await;
        live.execute("INSERT INTO defaults DEFAULT VALUES").await;
    })
    .await;
}

#[tokio::test]
async fn a_cast_cuts_nothing() {
    on_servers("cuts", async |live| {
        live.execute("CREATE TABLE t (a text, b integer)").await;
        live.execute("INSERT INTO t VALUES ('abcdef', 123456)").await;
        for (column, to) in
            [("a", ColumnType::Varchar(3)), ("a", ColumnType::Char(3)), ("b", ColumnType::Varchar(3))]
        {
            let before = live.read(&[ObjectId::table("t")]).await;
            let change = ColumnChange::Type { to, using: None };
            let op = Op::AlterColumn { table: "t".into(), column: column.into(), change };
            let statements = Postgres.render(&[op], &before, &live.server).unwrap();
            let error = live.conn.execute(&statements[0].sql).await.unwrap_err();
            assert_eq!(error.code.as_deref(), Some("22001"), "{}", statements[0].sql);
        }
    })
    .await;
}

#[tokio::test]
async fn given_numbers_are_not_given_again() {
    on_servers("numbers", async |live| {
        let columns = [
            Column { identity: Some(Identity { always: true, ..Identity::default() }), ..named("id", big()) },
            named("nr", ColumnType::Native("serial".into())),
            named("a", text()),
        ];
        live.create(&schema([table("Rows", columns)])).await;
        let insert = |columns: &[&str], rows: &[&[i32]]| Op::Insert {
            table: "Rows".into(),
            columns: columns.iter().map(|&column| column.into()).collect(),
            rows: rows.iter().map(|row| row.iter().map(|&value| value.into()).collect()).collect(),
        };
        live.run(&[insert(&["id", "nr"], &[&[1, 7], &[40, 2]]), insert(&["a"], &[&[0]])]).await;
        live.run(&[insert(&["id", "nr"], &[&[3, 3]])]).await;
        live.execute("INSERT INTO \"Rows\" (a) VALUES ('x')").await;
        let found = live.value("SELECT string_agg(id || '/' || nr, ' ' ORDER BY id) FROM \"Rows\"").await;
        assert_eq!(found.as_deref(), Some("1/7 3/3 40/2 41/8 42/9"));
        // A column that begins to be numbered goes on behind its rows.
        live.execute("CREATE TABLE later (id integer); INSERT INTO later VALUES (5)").await;
        let change = ColumnChange::Identity(Some(Identity::default()));
        live.run(&[Op::AlterColumn { table: "later".into(), column: "id".into(), change }]).await;
        live.execute("INSERT INTO later DEFAULT VALUES").await;
        assert_eq!(live.value("SELECT max(id) FROM later").await.as_deref(), Some("6"));
    })
    .await;
}

#[tokio::test]
async fn literals_mean_themselves_whatever_the_session_says() {
    on_servers("literals", async |live| {
        for conforming in ["on", "off"] {
            live.execute(&format!("SET standard_conforming_strings = {conforming}")).await;
            live.execute("SET backslash_quote = on").await;
            for hostile in ["a\\", "\\'; SELECT 1; --", "it's", "\\x41", "é\\u0041", "''", "\r\n\t"] {
                let literal = Postgres.literal(&hostile.into(), &live.server).unwrap();
                assert_eq!(live.value(&format!("SELECT {literal}")).await.as_deref(), Some(hostile));
            }
            let bytes = Postgres.literal(&Value::Bytes(vec![0, 39, 92, 255]), &live.server).unwrap();
            assert_eq!(
                live.value(&format!("SELECT encode({bytes}, 'hex')")).await.as_deref(),
                Some("00275cff")
            );
            for (value, expected) in [
                (Value::Float(Float(f64::NEG_INFINITY)), "-Infinity"),
                (Value::Float(Float(1e300)), "1e+300"),
                (Value::Float(Float(-0.1)), "-0.1"),
            ] {
                let literal = Postgres.literal(&value, &live.server).unwrap();
                assert_eq!(
                    live.value(&format!("SELECT ({literal})::float8")).await.as_deref(),
                    Some(expected)
                );
            }
        }
    })
    .await;
}
