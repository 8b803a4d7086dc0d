//! Revisions that stop half-way, where DDL has no transactions.

use dunlin::prelude::*;
use dunlin::{Connect, Connection, Kept, Runner, State};
use dunlin_tests::{BothWays, Step};

use super::{down, states, table, up};
use crate::server::{Kind, with_database};

const ON_MYSQL: [Kind; 2] = [Kind::Mariadb, Kind::Mysql];

/// A revision of which nothing was done is rendered from what is there now, not from what was there before.
#[tokio::test]
async fn a_retry_sees_what_was_changed_by_hand() {
    for kind in ON_MYSQL {
        with_database(kind, async |db| {
            let list = migrations![table("t")];
            up(db, &list).await.unwrap();
            db.execute(&["INSERT INTO t VALUES (1, 'y')"]).await;
            // The rows fit it, but a check has no query.
            let bad = migrations![
                table("t"),
                Step("required", |op: &mut Ops| {
                    op.alter_column("t", "x").not_null();
                    op.add_check("t", "x <> (SELECT 'a')").named("t_c");
                })
            ];
            let error = up(db, &bad).await.unwrap_err();
            assert!(matches!(error.kept(), Kept::Statements { done, .. } if done.is_empty()), "{error}");
            let list = list.with(Step("required", |op: &mut Ops| {
                op.alter_column("t", "x").not_null();
            }));
            assert_eq!(states(db, &list).await, [State::Applied, State::Failed]);
            db.execute(&["ALTER TABLE t MODIFY x varchar(50) DEFAULT 'dd' COMMENT 'by hand'"]).await;
            up(db, &list).await.unwrap();
            let column = "SELECT CONCAT_WS('|', character_maximum_length, is_nullable, column_comment) FROM \
                          information_schema.columns WHERE table_schema = DATABASE() AND table_name = 't' AND column_name = 'x'";
            assert_eq!(db.value(column).await.as_deref(), Some("50|NO|by hand"));
            down(db, &list, "-1").await.unwrap();
            assert_eq!(db.value(column).await.as_deref(), Some("50|YES|by hand"));
        })
        .await;
    }
}

/// A finished statement may not change; the others may.
#[tokio::test]
async fn finished_statements_stay_as_they_were() {
    for kind in ON_MYSQL {
        with_database(kind, async |db| {
            let attempt = |first: &'static str, second: &'static str| {
                migrations![Step("r", move |op: &mut Ops| {
                    op.execute(first).undo("DROP TABLE a");
                    op.execute(second).undo("DROP TABLE b");
                })]
            };
            up(db, &attempt("CREATE TABLE a (id int)", "CREATE TABEL b")).await.unwrap_err();
            let changed =
                up(db, &attempt("CREATE TABLE a (id bigint)", "CREATE TABLE b (id int)")).await.unwrap_err();
            let Kept::Statements { done, .. } = changed.kept() else { panic!("{:?}", changed.kept()) };
            assert_eq!(done.as_slice(), [1], "what an earlier attempt did stays");
            let text = changed.to_string();
            assert!(
                text.contains("CREATE TABLE a (id int)") && text.contains("CREATE TABLE a (id bigint)"),
                "{text}"
            );
            up(db, &attempt("CREATE TABLE a (id int)", "CREATE TABLE b (id int)")).await.unwrap();
            down(db, &migrations![], "base").await.unwrap();
            assert!(db.tables().await.is_empty());
        })
        .await;
    }
}

/// A statement without an outcome stops the next attempt, which lists what is done, unknown and left; a stamp settles it.
#[tokio::test]
async fn a_statement_without_an_outcome_stops() {
    for kind in ON_MYSQL {
        with_database(kind, async |db| {
            let list = migrations![
                table("t"),
                Step("r", |op: &mut Ops| {
                    op.execute("CREATE TABLE a (id int)").undo("DROP TABLE a");
                    op.execute("CREATE TABLE b (id int)").undo("DROP TABLE b");
                    op.execute("CREATE TABEL c").undo("DROP TABLE c");
                })
            ];
            up(db, &list).await.unwrap_err();
            // As if the process had been killed while the second one ran.
            db.execute(&["DELETE FROM dunlin_journal WHERE outcome = 'done' AND statement = 2"]).await;
            db.execute(&["DELETE FROM dunlin_journal WHERE outcome = 'failed'"]).await;
            let error = up(db, &list).await.unwrap_err();
            assert!(error.is_interrupted(), "{error}");
            let Kept::Statements { done, unknown, .. } = error.kept() else { panic!("{:?}", error.kept()) };
            assert_eq!((done.as_slice(), unknown.as_slice()), ([1].as_slice(), [2, 3].as_slice()));
            db.execute(&["DROP TABLE a", "DROP TABLE b"]).await;
            let report = Runner::new(db.open().await.connection(), &list).stamp("t", false).await.unwrap();
            assert_eq!((report.settled, report.done.len()), (vec!["r".to_owned()], 0));
            assert_eq!(states(db, &list).await, [State::Applied, State::Pending]);
            let mended = migrations![
                table("t"),
                Step("r", |op: &mut Ops| {
                    op.execute("CREATE TABLE a (id int)").undo("DROP TABLE a");
                })
            ];
            up(db, &mended).await.unwrap();
            assert_eq!(db.tables().await, ["a", "t"]);
        })
        .await;
    }
}

/// A way down that stopped half-way isn't shown as if nothing had happened.
#[tokio::test]
async fn a_half_undone_revision_is_shown() {
    for kind in ON_MYSQL {
        with_database(kind, async |db| {
            let list = |sql: &'static str| {
                migrations![BothWays(
                    "r",
                    |op: &mut Ops| {
                        op.create_table("a").col("id", bigint().primary_key());
                        op.create_table("b").col("id", bigint().primary_key());
                    },
                    move |op: &mut Ops| {
                        op.drop_table("b");
                        op.execute(sql).undo("SELECT 1");
                        op.drop_table("a");
                    },
                )]
            };
            up(db, &list("bad")).await.unwrap();
            let error = down(db, &list("bad"), "base").await.unwrap_err();
            assert_eq!(error.statement().map(|statement| statement.number), Some(2));
            assert_eq!(states(db, &list("bad")).await, [State::Failed]);
            down(db, &list("SELECT 1"), "base").await.unwrap();
            assert!(db.tables().await.is_empty());
        })
        .await;
    }
}

/// While a revision is half-done no other one runs, for that could take away what is done of it: the journal would still say
/// that it is done, and the trigger would be missing without a word.
#[tokio::test]
async fn nothing_else_runs_beside_a_half_done_revision() {
    for kind in ON_MYSQL {
        with_database(kind, async |db| {
            let with_trigger = |sql: &'static str| {
                Step("trigger", move |op: &mut Ops| {
                    op.create_trigger("trim", "t").before().insert().body("SET NEW.x = TRIM(NEW.x)");
                    op.execute(sql).undo("SELECT 1");
                })
            };
            let list = |sql: &'static str| migrations![table("t")].with(with_trigger(sql));
            up(db, &list("bad")).await.unwrap_err();
            let error = down(db, &list("bad"), "base").await.unwrap_err();
            assert!(error.to_string().contains("revision trigger is half applied"), "{error}");
            assert!(error.hint().unwrap().contains("`dunlin upgrade`"), "{:?}", error.hint());
            assert_eq!(error.state(), "nothing was changed");
            // Nor does one that was put in before it.
            let anew = Step("anew", |op: &mut Ops| {
                op.drop_table("t");
                op.create_table("t").col("id", bigint().primary_key()).col("x", varchar(20));
            });
            let put_in = migrations![table("t")].with(anew).with(with_trigger("SELECT 1"));
            assert!(up(db, &put_in).await.unwrap_err().to_string().contains("half applied"));
            // What is left of it may be changed, and then all goes on.
            let triggers =
                "SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE()";
            up(db, &list("SELECT 1")).await.unwrap();
            assert_eq!(db.value(triggers).await.as_deref(), Some("1"));
            down(db, &list("SELECT 1"), "base").await.unwrap();
            assert!(db.tables().await.is_empty());
        })
        .await;
    }
}

/// An undo makes a routine under the mode that it was made in, and leaves the session's as it was, also where it fails.
#[tokio::test]
async fn a_routine_comes_back_in_its_mode() {
    for kind in ON_MYSQL {
        with_database(kind, async |db| {
            let mut conn = db.open().await;
            let conn = &mut *conn.connect();
            let mode = async |conn: &mut dyn Connection| {
                conn.query("SELECT @@sql_mode").await.unwrap()[0].text(0).unwrap()
            };
            let own = mode(conn).await;
            conn.execute("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'").await.unwrap();
            conn.execute(r"CREATE FUNCTION f() RETURNS varchar(9) DETERMINISTIC NO SQL RETURN '\'")
                .await
                .unwrap();
            conn.execute(&format!("SET sql_mode = '{own}'")).await.unwrap();
            let list = migrations![
                table("t"),
                Step("drop", |op: &mut Ops| {
                    op.drop_object(ObjectId::any_function("f"));
                    // The journal has literals of its own, which are of the run's mode.
                    op.execute(r"SET @a = 'it''s \\'").undo(r"SET @a = 'it''s \\'");
                })
            ];
            Runner::new(conn, &list).up().await.unwrap();
            // Somebody was quicker, under another name for the database's eyes.
            conn.execute("CREATE FUNCTION F() RETURNS int DETERMINISTIC NO SQL RETURN 1").await.unwrap();
            Runner::new(conn, &list).down(1).await.unwrap_err();
            assert_eq!(mode(conn).await, own);
            conn.execute("DROP FUNCTION F").await.unwrap();
            Runner::new(conn, &list).down(1).await.unwrap();
            assert_eq!(mode(conn).await, own);
            let text = "SELECT CONCAT_WS(' ', f(), sql_mode) FROM information_schema.routines \
                        WHERE routine_schema = DATABASE() AND routine_name = 'f'";
            assert_eq!(db.value(text).await.as_deref(), Some("\\ ANSI_QUOTES,NO_BACKSLASH_ESCAPES"));
        })
        .await;
    }
}

/// What was dropped to be made anew, and then wasn't, is made by the next run, with what it remembers and at its place.
#[tokio::test]
async fn a_run_that_stops_amid_changes_of_objects() {
    for kind in ON_MYSQL {
        with_database(kind, async |db| {
            let list = |function: &'static str, trigger: &'static str| {
                migrations![
                    table("t"),
                    Step("change", move |op: &mut Ops| {
                        op.create_function("f").returns(varchar(9)).immutable().body(function).or_replace();
                        op.create_trigger("b", "t").before().insert().body(trigger).or_replace();
                        op.drop_trigger("a", "t");
                    })
                ]
            };
            Runner::new(db.open().await.connection(), &migrations![table("t")]).up().await.unwrap();
            let mut conn = db.open().await;
            let conn = conn.connection();
            for sql in [
                "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
                r"CREATE FUNCTION f() RETURNS varchar(9) DETERMINISTIC NO SQL RETURN '\'",
                r"CREATE TRIGGER b BEFORE INSERT ON `t` FOR EACH ROW SET NEW.x = '\'",
                "CREATE TRIGGER a BEFORE INSERT ON `t` FOR EACH ROW SET NEW.x = 'a'",
            ] {
                conn.execute(sql).await.unwrap();
            }
            let words = async || {
                let query = "SELECT CONCAT_WS('|', (SELECT CONCAT_WS(' ', sql_mode, routine_definition) FROM \
                             information_schema.routines WHERE routine_schema = DATABASE()), (SELECT \
                             GROUP_CONCAT(trigger_name, ' ', sql_mode, ' ', action_statement ORDER BY action_order) \
                             FROM information_schema.triggers WHERE trigger_schema = DATABASE()))";
                db.value(query).await.unwrap()
            };
            let before = words().await;
            for (function, trigger) in [("RETURN (", "SET NEW.x = ("), ("RETURN 'x'", "SET NEW.x = (")] {
                up(db, &list(function, trigger)).await.unwrap_err();
                assert_eq!(states(db, &list(function, trigger)).await, [State::Applied, State::Failed]);
            }
            up(db, &list("RETURN 'x'", "SET NEW.x = 'x'")).await.unwrap();
            let modes = "ANSI_QUOTES,NO_BACKSLASH_ESCAPES";
            assert_eq!(words().await, format!("{modes} RETURN 'x'|b {modes} SET NEW.x = 'x'"));
            down(db, &list("RETURN 'x'", "SET NEW.x = 'x'"), "t").await.unwrap();
            assert_eq!(words().await, before);
        })
        .await;
    }
}

/// Several statements in one text can't be told apart by their outcome where nothing is rolled back.
#[tokio::test]
async fn several_statements_in_one_text() {
    let list = migrations![Step("r", |op: &mut Ops| {
        op.execute("CREATE TABLE a (id int); CREATE TABLE b (id int)").undo("DROP TABLE a");
    })];
    for kind in ON_MYSQL {
        with_database(kind, async |db| {
            let error = up(db, &list).await.unwrap_err();
            assert!(error.is_unsupported() && error.hint().unwrap().contains("of its own"), "{error}");
            assert!(db.tables().await.is_empty());
        })
        .await;
    }
    with_database(Kind::Postgres15, async |db| {
        up(db, &list).await.unwrap();
        assert_eq!(db.tables().await, ["a", "b"]);
    })
    .await;
}
