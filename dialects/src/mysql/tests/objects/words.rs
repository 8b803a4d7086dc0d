//! What a table has that isn't modelled, and that only its own words tell.

use dunlin_dsl::{ColumnChange, Dialect, ObjectId, Op};

use super::{is_mariadb, on_both, refused};
use crate::mysql::Mysql;

/// Catches an attribute that a change of its column, or the undo of a drop, would take off without a word.
#[tokio::test]
async fn what_only_a_tables_words_tell_is_noted() {
    on_both(async |conn| {
        let server = conn.server().await.unwrap();
        let mariadb = is_mariadb(conn, &server);
        let create = match mariadb {
            true => {
                "CREATE TABLE t (a int, s date, e date, z text COMPRESSED, w int WITHOUT SYSTEM VERSIONING, \
                 PERIOD FOR q (s, e), UNIQUE u (a, q WITHOUT OVERLAPS)) WITH SYSTEM VERSIONING"
            }
            false => {
                "CREATE TABLE t (a int COMMENT ' STORAGE ', z int COLUMN_FORMAT FIXED, w int STORAGE DISK)"
            }
        };
        conn.execute(create).await.unwrap();
        let read = Mysql.introspect(conn, &[ObjectId::table("t")]).await.unwrap();
        let unmodelled = &read.tables.values().next().unwrap().notes.unmodelled;
        let mut noted: Vec<_> = unmodelled.iter().map(ToString::to_string).collect();
        noted.sort();
        noted.dedup();
        let expected: &[&str] = match mariadb {
            true => &[
                "a history of its rows (SYSTEM VERSIONING)",
                "a period q",
                "column w that is WITHOUT SYSTEM VERSIONING",
                "column z that is COMPRESSED",
                "index u that has WITHOUT OVERLAPS",
            ],
            false => &["column w that is STORAGE", "column z that is COLUMN_FORMAT"],
        };
        assert_eq!(noted, expected);
        let comment = |column: &str| Op::AlterColumn {
            table: "t".into(),
            column: column.into(),
            change: ColumnChange::Comment(Some("c".into())),
        };
        for column in ["z", "w"] {
            let why = refused(conn, &[comment(column)]).await;
            assert!(why.contains("would lose it"), "{why}");
        }
    })
    .await;
}
