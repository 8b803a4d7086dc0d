//! A default that its column can't have any more, and days with zeros: on MySQL and MariaDB these stop when the server does.

use dunlin::Connect;
use dunlin::prelude::*;

use super::{everything, refused, up};
use crate::server::{Kind, TestDb, with_database};

/// A type, and literals that are defaults of it, and that aren't.
type Case = (&'static str, &'static [&'static str], &'static [&'static str]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("int", &["1.5", "12 ", "1e1", "-7"], &["abc", "12x", "", "3000000000"]),
    ("tinyint unsigned", &["255"], &["-1", "256"]),
    ("decimal(5,2)", &["1.255", "999.99"], &["1000", "999.999", "x"]),
    ("double", &["1e3"], &["x"]),
    ("varchar(3)", &["abc"], &["abcd"]),
    ("char(2) CHARACTER SET latin1", &["é"], &["☃"]),
    ("enum('a','b')", &["A", "b"], &["c", "1", ""]),
    ("set('a','b')", &["B,a", ""], &["a,c"]),
    ("date", &["2020-1-5", "20200105", "2020-01-01 10:00:00"], &["2020-02-31", "abc", ""]),
    ("datetime", &["2020-01-01", "2020-01-01 10:11:12"], &["2020-01-01 25:00:00"]),
    ("timestamp", &["2020-01-01 00:00:00"], &["1960-01-01 00:00:00"]),
    ("time", &["10:11", "-10:11:12"], &["abc"]),
    ("year", &["1999"], &["x"]),
    ("varbinary(2)", &["ab"], &["abc"]),
];

#[tokio::test]
async fn defaults_are_values_on_mariadb() {
    with_database(Kind::Mariadb, async |db| all(db).await).await;
}

#[tokio::test]
async fn defaults_are_values_on_mysql() {
    with_database(Kind::Mysql, async |db| all(db).await).await;
}

async fn all(db: &TestDb) {
    up(db, |_| {}).await.unwrap();
    let mut wrong = Vec::new();
    for (ty, fit, unfit) in CASES {
        for literal in fit.iter().chain(*unfit) {
            let is_fit = fit.contains(literal);
            make(db, literal).await;
            let before = everything(db, &["t"]).await;
            let outcome = up(db, move |op| {
                op.add_column("t", "x", integer());
                match ty.split_once(" CHARACTER SET ") {
                    Some((ty, charset)) => {
                        op.alter_column("t", "a").set_type(native(ty)).charset(charset);
                    }
                    None => _ = op.alter_column("t", "a").set_type(native(*ty)),
                }
            });
            let text = outcome.await.err().map(|error| error.to_string());
            match (is_fit, text) {
                (true, None) => {}
                (false, Some(text)) if text.contains("the default of t.a is no value of") => {
                    if everything(db, &["t"]).await != before {
                        wrong.push(format!("{ty} {literal:?}: something was changed"));
                    }
                }
                (_, text) => wrong.push(format!("{ty} {literal:?}: {text:?}")),
            }
            // The server says the same.
            make(db, literal).await;
            let mut conn = db.open().await;
            let alone = format!("ALTER TABLE t MODIFY a {ty} DEFAULT '{literal}'");
            if conn.connect().execute(&alone).await.is_ok() != is_fit {
                wrong.push(format!("{ty} {literal:?}: the server says otherwise"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

async fn make(db: &TestDb, default: &str) {
    let create = format!("CREATE TABLE t (id int PRIMARY KEY, a varchar(99) DEFAULT '{default}')");
    db.execute(&["DROP TABLE IF EXISTS t", &create]).await;
}

/// MySQL's own mode refuses them in a copy, and so does MariaDB where it is set.
#[tokio::test]
async fn days_with_zeros() {
    let make = [
        "SET SESSION sql_mode = ''",
        "CREATE TABLE t (id int PRIMARY KEY, d date, n int)",
        "INSERT INTO t VALUES (1, '2020-01-01', 1), (2, '0000-00-00', 2), (3, '2020-00-01', 3)",
    ];
    let words = ["t.d has days with zeros", "(found id=2, d=0000-00-00; id=3, d=2020-00-01)"];
    refused(Kind::Mysql, &make, |op| _ = op.alter_column("t", "n").set_type(bigint()), &words).await;
    for kind in [Kind::Mysql, Kind::Mariadb] {
        with_database(kind, async |db| {
            db.execute(&make).await;
            // What copies nothing doesn't mind.
            up(db, |op| _ = op.add_column("t", "x", integer())).await.unwrap();
            if kind == Kind::Mysql {
                db.execute(&["UPDATE t SET d = NULL WHERE id > 1"]).await;
            }
            up(db, |op| _ = op.alter_column("t", "n").set_type(bigint())).await.unwrap();
        })
        .await;
    }
}
