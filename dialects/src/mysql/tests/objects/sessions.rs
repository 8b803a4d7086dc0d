//! What an object remembers of the session that made it: another mode, character set, collation or time zone, kept by a
//! drop and its undo, and by every change.

use dunlin_dsl::{Connection, ObjectChange, ObjectId, ObjectKind, Op, Unmodelled};

use super::{HOSTILE, alter, drop, on_both, read, refused, rename, run, there_and_back, words};

const SESSION: &str = "SELECT @@sql_mode, @@character_set_client, @@collation_connection, @@time_zone";

/// Makes the same of every kind, under settings that aren't this session's.
async fn make(conn: &mut dyn Connection, settings: &str, text: &str) {
    let own = conn.query(SESSION).await.unwrap();
    let [mode, charset, collation, zone] = [0, 1, 2, 3].map(|at| own[0].text(at).unwrap());
    conn.execute("CREATE TABLE t (id int PRIMARY KEY, a varchar(50))").await.unwrap();
    conn.execute(settings).await.unwrap();
    for text in [
        format!("CREATE FUNCTION f() RETURNS varchar(50) DETERMINISTIC NO SQL RETURN {text}"),
        format!("CREATE PROCEDURE p() BEGIN SELECT {text}; SELECT 1; END"),
        format!("CREATE TRIGGER `b` BEFORE INSERT ON `t` FOR EACH ROW SET NEW.a = {text}"),
        format!(
            "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE DO SET @a = {text}"
        ),
        format!("CREATE VIEW v AS SELECT {text} AS a"),
    ] {
        conn.execute(&text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
    }
    conn.execute(&format!(
        "SET sql_mode = '{mode}', character_set_client = '{charset}', collation_connection = '{collation}', \
         time_zone = '{zone}'"
    ))
    .await
    .unwrap();
}

fn made() -> [(&'static str, ObjectId); 5] {
    [
        ("FUNCTION f", ObjectId::any_function("f")),
        ("PROCEDURE p", ObjectId { kind: ObjectKind::Procedure, ..ObjectId::any_function("p") }),
        ("TRIGGER b", ObjectId::trigger("b", "t")),
        ("EVENT e", ObjectId::event("e")),
        ("VIEW v", ObjectId::view("v")),
    ]
}

#[tokio::test]
async fn what_is_remembered_is_kept() {
    for (settings, text) in [
        ("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT'", r"'a\' || 'b;'"),
        ("SET sql_mode = ''", r"'a\'b\\;'"),
        ("SET character_set_client = 'latin1', collation_connection = 'latin1_german1_ci'", "'a'"),
        ("SET collation_connection = 'utf8mb4_bin', time_zone = '+03:00'", "'ü?'"),
    ] {
        on_both(async |conn| {
            let own = conn.query(SESSION).await.unwrap();
            make(conn, settings, text).await;
            for (what, id) in made() {
                let found = read(conn, &id).await.unwrap();
                assert_eq!(found.notes.unmodelled, [], "{settings}: {what}");
                let before = words(conn, what).await;
                let undo = run(conn, &[drop(&found.id)]).await;
                run(conn, &undo).await;
                assert_eq!(words(conn, what).await, before, "{settings}");
                assert_eq!(read(conn, &id).await.unwrap().notes, found.notes, "{settings}: {what}");
                if settings.contains("latin1") && what != "VIEW v" {
                    let error = refused(conn, &[rename(&found.id, HOSTILE)]).await;
                    assert!(error.contains("was written in the character set latin1"), "{error}");
                } else {
                    there_and_back(conn, what, &[rename(&found.id, HOSTILE)]).await;
                }
                there_and_back(conn, what, &[rename(&found.id, "a`b'c\"d\\e;--")]).await;
                if !["VIEW v", "TRIGGER b"].contains(&what) {
                    let comment = ObjectChange::Comment(Some(r"it's \ ".into()));
                    there_and_back(conn, what, &[alter(&found.id, comment)]).await;
                }
                assert_eq!(conn.query(SESSION).await.unwrap(), own, "{settings}: {what}");
            }
            // They go with their table, and come back with it.
            let before = words(conn, "TRIGGER b").await;
            let table = Op::DropTable { table: "t".into(), if_exists: false, cascade: false };
            let undo = run(conn, &[table]).await;
            run(conn, &undo).await;
            assert_eq!(words(conn, "TRIGGER b").await, before);
        })
        .await;
    }
}

/// What a database's collation was when a body was made can't be set for a session; MODIFY in place keeps it.
#[tokio::test]
async fn a_database_that_has_another_collation_now() {
    on_both(async |conn| {
        make(conn, "SET @a = 1", "'a'").await;
        let schema = conn.server().await.unwrap().schema;
        conn.execute(&format!("ALTER DATABASE `{schema}` COLLATE utf8mb4_bin")).await.unwrap();
        for (what, id) in made().into_iter().filter(|(what, _)| *what != "VIEW v") {
            let found = read(conn, &id).await.unwrap();
            let why = found.notes.unmodelled.first().unwrap_or_else(|| panic!("{what} notes nothing"));
            assert!(
                why.to_string().starts_with("a text made while its database had the collation utf8mb4_"),
                "{why}"
            );
            if what.starts_with(['F', 'P']) {
                let comment = ObjectChange::Comment(Some("c".into()));
                run(conn, &[alter(&found.id, comment)]).await;
            }
            if what != "EVENT e" {
                let error = refused(conn, &[rename(&found.id, "z")]).await;
                assert!(error.contains("which would be lost"), "{error}");
            }
        }
    })
    .await;
}

/// Text of another character set can't be sent as it was; that a drop can't be undone is known before it is done.
#[tokio::test]
async fn text_in_another_character_set() {
    on_both(async |conn| {
        // Two bytes of UTF-8 are two letters of latin1.
        make(conn, "SET character_set_client = 'latin1'", "'ü'").await;
        for (what, id) in made() {
            let found = read(conn, &id).await.unwrap();
            let why = [Unmodelled::thing("text that was written in the character set latin1")];
            assert_eq!(found.notes.unmodelled, why, "{what}");
        }
    })
    .await;
}
