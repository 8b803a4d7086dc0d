//! What stands on something, and what a change would leave without: told before, or in plain words.

use dunlin::prelude::*;
use dunlin::{Offline, Report, Runner};
use dunlin_tests::Step;

use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

async fn up(db: &TestDb, list: &MigrationList) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).up().await
}

async fn down(db: &TestDb, list: &MigrationList) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).downgrade("-1").await
}

fn users() -> impl Migration {
    Step("users", |op: &mut Ops| {
        op.create_table("users")
            .col("id", bigint().primary_key())
            .col("email", varchar(100).not_null())
            .col("age", integer());
    })
}

const POSTGRES: [Kind; 2] = [Kind::Postgres15, Kind::Postgres18];

/// A view whose new query leaves out what has a comment, a default or a grant: the server would name a column and no way.
#[tokio::test]
async fn what_a_column_of_a_view_has_stands_in_the_way() {
    for kind in POSTGRES {
        with_database(kind, async |db| {
            let list = migrations![
                users(),
                Step("people", |op: &mut Ops| {
                    op.create_view("people", "SELECT id, email FROM users")
                        .column_comment("email", "where to write");
                })
            ];
            up(db, &list).await.unwrap();
            let narrower = list.with(Step("narrower", |op: &mut Ops| {
                op.alter_view("people").query("SELECT id FROM users");
            }));
            let error = up(db, &narrower).await.unwrap_err();
            let said = "a column of view people goes that has grants, a comment or a default (email): take these away first";
            assert!(error.to_string().contains(said), "{error}");
            let list = migrations![
                users(),
                Step("people", |_: &mut Ops| {}),
                Step("narrower", |op: &mut Ops| {
                    op.alter_view("people").column_comments([("", ""); 0]).query("SELECT id FROM users");
                })
            ];
            up(db, &list).await.unwrap();
            down(db, &list).await.unwrap();
            let comment = "SELECT col_description('people'::regclass, 2)";
            assert_eq!(db.value(comment).await.as_deref(), Some("where to write"));
        })
        .await;
    }
}

/// What was dropped comes back without its rows' values; where there are rows it can't refuse NULL, and nothing is changed.
async fn required_column(db: &TestDb) {
    let list = migrations![
        users(),
        Step("no_more", |op: &mut Ops| {
            op.drop_column("users", "email");
        })
    ];
    up(db, &list).await.unwrap();
    db.execute(&["INSERT INTO users (id, age) VALUES (1, 40)"]).await;
    let error = down(db, &list).await.unwrap_err();
    let said = format!("{error} {}", error.hint().unwrap());
    assert!(said.contains("table users has rows"), "{said}");
    assert_eq!(error.state(), "nothing of revision no_more was kept");
    assert_eq!(db.value("SELECT count(*) FROM users").await.as_deref(), Some("1"));
    db.execute(&["DELETE FROM users"]).await;
    down(db, &list).await.unwrap();
}

on_every_server!(a_required_column_comes_back_to_no_rows_alone, required_column);

/// A name that something else has: the server's own words, and what to do.
async fn taken(db: &TestDb) {
    let list = migrations![
        users(),
        Step("people", |op: &mut Ops| {
            op.create_view("users", "SELECT 1 AS id");
        })
    ];
    let error = up(db, &list).await.unwrap_err();
    assert!(
        error.hint().unwrap().contains("choose another name, say if_not_exists() or or_replace()"),
        "{error:?}"
    );
    let list = migrations![
        users(),
        Step("people", |op: &mut Ops| {
            op.create_view("people", "SELECT id FROM users");
        }),
        Step("rename", |op: &mut Ops| {
            op.rename_view("people", "users");
        })
    ];
    let error = up(db, &list).await.unwrap_err();
    assert!(error.to_string().contains("there is a table users already"), "{error}");
    assert!(error.hint().unwrap().contains("choose another name"), "{error:?}");
}

on_every_server!(a_name_that_is_taken, taken);

/// A view of an earlier revision is named before anything runs.
#[tokio::test]
async fn a_view_of_an_earlier_revision_is_named() {
    for kind in POSTGRES {
        with_database(kind, async |db| {
            let list = migrations![
                users(),
                Step("people", |op: &mut Ops| {
                    op.create_view("people", "SELECT id, email FROM users");
                }),
                Step("drop", |op: &mut Ops| {
                    op.drop_column("users", "email");
                })
            ];
            let error = up(db, &list).await.unwrap_err();
            assert!(error.to_string().contains("view people uses it"), "{error}");
        })
        .await;
    }
}

/// A type changes under views, back again, and in a script that saw the database; not back under a view that came since.
#[tokio::test]
async fn a_type_changes_under_views() {
    for kind in POSTGRES {
        with_database(kind, async |db| {
            let list = migrations![
                users(),
                Step("views", |op: &mut Ops| {
                    op.create_view("people", "SELECT id, age + 1 AS next FROM users");
                    op.create_materialized_view("totals", "SELECT sum(next) AS total FROM people");
                })
            ];
            up(db, &list).await.unwrap();
            db.execute(&["INSERT INTO users (id, email, age) VALUES (1, 'a', 40), (2, 'b', 50)"]).await;
            let wider = list.with(Step("wider", |op: &mut Ops| {
                op.alter_column("users", "age").set_type(bigint());
            }));
            let (mut database, mut script) = (db.open().await, Vec::new());
            let conn = database.connection();
            let server = conn.server().await.unwrap();
            let offline = Offline::new(conn.dialect(), server, &wider);
            offline.database(conn).upgrade("views", "wider", &mut script).await.unwrap();
            let script = String::from_utf8(script).unwrap();
            let at = |text| script.find(text).unwrap_or_else(|| panic!("{text} isn't in\n{script}"));
            assert!(at("DROP MATERIALIZED VIEW \"totals\"") < at("DROP VIEW \"people\""), "{script}");
            assert!(at("ALTER TABLE \"users\"") < at("CREATE VIEW \"people\""), "{script}");
            const FOUND: &str =
                "SELECT pg_typeof(next) || ' ' || (SELECT total FROM totals) FROM people LIMIT 1";
            up(db, &wider).await.unwrap();
            assert_eq!(db.value(FOUND).await.as_deref(), Some("bigint 92"));
            down(db, &wider).await.unwrap();
            assert_eq!(db.value(FOUND).await.as_deref(), Some("integer 92"));
            up(db, &wider).await.unwrap();
            db.execute(&["CREATE VIEW later AS SELECT next FROM people"]).await;
            down(db, &wider).await.unwrap();
            assert_eq!(
                db.value("SELECT pg_typeof(next) FROM later LIMIT 1").await.as_deref(),
                Some("integer")
            );
        })
        .await;
    }
}

/// A function that mentions a table comes after it, and goes before it; the trigger that calls it goes first.
#[test]
fn a_trigger_goes_before_a_function_that_mentions_its_table() {
    let schema = Schema::new()
        .table(table("a").col("id", bigint().primary_key()))
        .with(
            function("p")
                .returns_trigger()
                .language("plpgsql")
                .body("BEGIN INSERT INTO a VALUES (1); RETURN NULL; END"),
        )
        .with(trigger("t", "a").insert().call("p"));
    let drops: Vec<String> = drop_ops(&schema).iter().map(ToString::to_string).collect();
    assert_eq!(drops, ["drop trigger t on a", "drop function p()", "drop table a"]);
}

/// A check option on a view through which nothing can be written: the servers say that alone, and not why.
#[tokio::test]
async fn a_view_that_cant_be_written_takes_no_check_option() {
    for kind in [Kind::Mysql, Kind::Mariadb] {
        with_database(kind, async |db| {
            let list = migrations![
                users(),
                Step("ages", |op: &mut Ops| {
                    op.create_view("ages", "SELECT age, count(*) AS people FROM users GROUP BY age")
                        .check_option();
                })
            ];
            let error = up(db, &list).await.unwrap_err();
            assert!(
                error.hint().is_some_and(|hint| hint.contains("leave its check option out then")),
                "{error}"
            );
        })
        .await;
    }
}
