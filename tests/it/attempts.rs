//! What an attempt leaves when it fails, and what the next one makes of it.

mod half_done;

use dunlin::prelude::*;
use dunlin::{Connect, Connection, Direction, Kept, Late, Options, Report, Runner, State};
use dunlin_tests::{BothWays, Step};

use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

async fn up(db: &TestDb, list: &MigrationList) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).up().await
}

async fn down(db: &TestDb, list: &MigrationList, target: &str) -> dunlin::Result<Report> {
    Runner::new(db.open().await.connection(), list).downgrade(target).await
}

async fn states(db: &TestDb, list: &MigrationList) -> Vec<State> {
    let statuses = Runner::new(db.open().await.connection(), list).status().await.unwrap();
    statuses.into_iter().map(|status| status.state).collect()
}

fn table(name: &'static str) -> Step<impl Fn(&mut Ops) + Send + Sync> {
    Step(name, move |op: &mut Ops| {
        op.create_table(name).col("id", bigint().primary_key()).col("x", varchar(10));
    })
}

/// SQL that ends the transaction which it runs in stops the revision there, whatever comes behind it.
#[tokio::test]
async fn sql_that_ends_the_transaction() {
    for kind in [Kind::Sqlite, Kind::Postgres15, Kind::Postgres18] {
        for sql in ["COMMIT", "ROLLBACK"] {
            with_database(kind, async |db| {
                let list = migrations![Step("r", move |op: &mut Ops| {
                    op.create_table("a").col("id", bigint().primary_key());
                    op.execute(sql).undo("SELECT 1");
                    op.execute("bad sql").undo("SELECT 1");
                    op.create_table("b").col("id", bigint().primary_key());
                })];
                let error = up(db, &list).await.unwrap_err();
                assert!(error.to_string().contains("ended the transaction"), "{error}");
                assert!(
                    matches!(error.kept(), Kept::Statements { unknown, .. } if *unknown == [1, 2]),
                    "{:?}",
                    error.kept()
                );
                assert_eq!(states(db, &list).await, [State::Failed]);
                assert!(!db.tables().await.contains(&"b".to_owned()));
            })
            .await;
        }
    }
}

/// What a failed CREATE INDEX CONCURRENTLY leaves is cleared away by the next attempt, and never taken for the index.
#[tokio::test]
async fn concurrent_index_that_fails() {
    for kind in [Kind::Postgres15, Kind::Postgres18] {
        for unless_exists in [false, true] {
            with_database(kind, async |db| {
                let list = migrations![table("t")];
                up(db, &list).await.unwrap();
                db.execute(&["INSERT INTO t VALUES (1, 'same'), (2, 'same')"]).await;
                let list = list.with(Step("index", move |op: &mut Ops| {
                    op.add_column("t", "y", integer());
                    let index = op.create_index("t", ["x"]).unique().concurrently();
                    if unless_exists {
                        index.if_not_exists();
                    }
                }));
                for _ in 0..2 {
                    let error = up(db, &list).await.unwrap_err();
                    assert_eq!(error.code(), Some("23505"), "{error}");
                }
                db.execute(&["DELETE FROM t WHERE id = 2"]).await;
                up(db, &list).await.unwrap();
                let valid = "SELECT count(*) FROM pg_index WHERE indrelid = 't'::regclass AND indisvalid AND NOT indisprimary";
                assert_eq!(db.value(valid).await.as_deref(), Some("1"));
                down(db, &list, "base").await.unwrap();
                assert!(db.tables().await.is_empty());
            })
            .await;
        }
    }
}

async fn failed_stamp(db: &TestDb) {
    let list = migrations![table("a"), table("b")];
    Runner::new(db.open().await.connection(), &list).upgrade("+1").await.unwrap();
    // Somebody else's rule that no row may come in.
    db.execute(match db.kind {
        Kind::Sqlite => &["CREATE TRIGGER no BEFORE INSERT ON dunlin_history BEGIN SELECT RAISE(ABORT, 'no'); END"],
        Kind::Mariadb | Kind::Mysql => {
            &["CREATE TRIGGER no BEFORE INSERT ON dunlin_history FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'"]
        }
        _ => &["ALTER TABLE dunlin_history ADD CONSTRAINT no CHECK (id < 0) NOT VALID"],
    })
    .await;
    let mut conn = db.open().await;
    Runner::new(conn.connection(), &list).stamp("head", false).await.unwrap_err();
    assert!(!conn.connect().in_transaction().await.unwrap());
    assert_eq!(states(db, &list).await, [State::Applied, State::Pending]);
}

on_every_server!(a_failed_stamp_leaves_nothing, failed_stamp);

/// Adds a row, and counts how often it ran.
struct AddRow(&'static str);

#[async_trait::async_trait]
impl DataStep for AddRow {
    fn name(&self) -> &str {
        self.0
    }

    async fn run(&self, conn: &mut dyn Connection) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let rows = conn.query("SELECT count(*) FROM a").await?;
        let next = rows[0].int(0).unwrap_or_default() + 1;
        conn.execute(&format!("INSERT INTO a VALUES ({next}, 'step')")).await?;
        Ok(())
    }
}

async fn data_steps(db: &TestDb) {
    let list = migrations![
        BothWays(
            "a",
            |op: &mut Ops| {
                op.create_table("a").col("id", bigint().primary_key()).col("x", varchar(10));
                op.run(AddRow("fill"));
                op.alter_column("a", "x").not_null();
            },
            |op: &mut Ops| {
                op.run(AddRow("before the end"));
                op.drop_table("a");
            },
        ),
        table("b"),
        Step("c", |op: &mut Ops| op.run(AddRow("only up"))),
    ];
    up(db, &list).await.unwrap();
    assert_eq!(db.value("SELECT count(*) FROM a").await.as_deref(), Some("2"));
    // No way down is known for the last one: nothing is undone, not even what could be.
    let error = down(db, &list, "base").await.unwrap_err();
    assert!(error.is_irreversible() && error.revision() == Some("c"), "{error}");
    assert_eq!(error.state(), "nothing was changed");
    Runner::new(db.open().await.connection(), &list).stamp("b", false).await.unwrap();
    // Without the code its data step is missing, and that too is found before anything is undone.
    let error = down(db, &migrations![], "base").await.unwrap_err();
    assert!(error.is_irreversible() && error.revision() == Some("a"), "{error}");
    assert!(db.tables().await.contains(&"b".to_owned()));
    down(db, &list, "base").await.unwrap();
    assert!(db.tables().await.is_empty());
}

on_every_server!(data_steps_run, data_steps);

async fn irreversible(db: &TestDb) {
    let list = migrations![
        table("a"),
        BothWays(
            "b",
            |op: &mut Ops| {
                op.create_table("b").col("id", bigint().primary_key());
            },
            |op: &mut Ops| op.irreversible("the letters are sent"),
        ),
        Step("c", |op: &mut Ops| {
            op.execute("INSERT INTO b VALUES (1)");
        })
    ];
    up(db, &list).await.unwrap();
    let error = down(db, &list, "-1").await.unwrap_err();
    assert!(error.is_irreversible() && error.to_string().contains(".undo(..)"), "{error}");
    Runner::new(db.open().await.connection(), &list).stamp("b", false).await.unwrap();
    let error = down(db, &list, "base").await.unwrap_err();
    assert!(error.to_string().contains("the letters are sent"), "{error}");
    assert_eq!(states(db, &list).await, [State::Applied, State::Applied, State::Pending]);
    // An empty way down does nothing, rightly.
    let list = migrations![
        BothWays("a", |_: &mut Ops| {}, |_: &mut Ops| {}),
        BothWays("b", |_: &mut Ops| {}, |_: &mut Ops| {})
    ];
    down(db, &list, "base").await.unwrap();
    assert_eq!(db.tables().await, ["a", "b"]);
}

on_every_server!(what_cannot_be_undone_says_why, irreversible);

async fn late(db: &TestDb) {
    up(db, &migrations![table("a"), table("c")]).await.unwrap();
    let list = migrations![table("a"), table("b"), table("c"), table("d")];
    assert_eq!(states(db, &list).await, [State::Applied, State::Late, State::Applied, State::Pending]);
    assert!(up(db, &list).await.unwrap_err().is_late());
    let run = async |late: Late| {
        let options = Options { late, ..Options::default() };
        Runner::new(db.open().await.connection(), &list).options(options).up().await.unwrap()
    };
    let report = run(Late::Warn).await;
    assert_eq!(
        (report.late.as_slice(), report.ids().collect::<Vec<_>>()),
        (["b".to_owned()].as_slice(), vec!["d"])
    );
    assert_eq!(run(Late::Warn).await.late, ["b"]);
    assert_eq!(run(Late::Apply).await.ids().collect::<Vec<_>>(), ["b"]);
    // What was applied late is undone by the graph, not by the clock.
    let report = down(db, &list, "a").await.unwrap();
    assert_eq!(report.done.len(), 3);
    assert_eq!(db.tables().await, ["a"]);
}

on_every_server!(late_revisions_follow_the_policy, late);

async fn without_code(db: &TestDb) {
    up(db, &migrations![table("a"), table("b")]).await.unwrap();
    let known = migrations![table("a")];
    assert_eq!(states(db, &known).await, [State::Applied, State::Missing]);
    let mut conn = db.open().await;
    let plan = Runner::new(conn.connection(), &known).plan(Direction::Down, "-1").await.unwrap();
    assert_eq!(plan.steps[0].operations, ["drop table b"]);
    Runner::new(conn.connection(), &known).down(1).await.unwrap();
    assert_eq!(db.tables().await, ["a"]);
    up(db, &migrations![table("a"), table("b")]).await.unwrap();
    Runner::new(conn.connection(), &known).stamp("head", false).await.unwrap();
    assert_eq!(states(db, &known).await, [State::Applied, State::Missing], "what is unknown here stays");
    Runner::new(conn.connection(), &known).stamp("head", true).await.unwrap();
    assert_eq!(states(db, &known).await, [State::Applied]);
}

on_every_server!(an_older_build_undoes_a_newer_revision, without_code);

/// Dunlin's tables may live in a schema of their own, and a project's tables in another.
#[tokio::test]
async fn schemas_are_told_apart() {
    with_database(Kind::Postgres15, async |db| {
        db.execute(&["CREATE SCHEMA audit", "CREATE SCHEMA app"]).await;
        let list = migrations![
            Step("a", |op: &mut Ops| {
                op.create_table(("app", "users"))
                    .col("id", bigint().primary_key())
                    .col("x", varchar(9).unique());
                op.create_table("users").col("id", bigint().references(("app", "users"), "id").primary_key());
                op.create_index(("app", "users"), ["x", "id"]);
            }),
            Step("b", |op: &mut Ops| {
                op.rename_index(("app", "users"), "users_x_id_idx", "i");
                op.drop_column(("app", "users"), "x");
            })
        ];
        let options = Options { schema: Some("audit".into()), ..Options::default() };
        let mut conn = db.open().await;
        Runner::new(conn.connection(), &list).options(options.clone()).up().await.unwrap();
        assert_eq!(db.value("SELECT count(*) FROM audit.dunlin_history").await.as_deref(), Some("2"));
        Runner::new(conn.connection(), &list).options(options.clone()).down(2).await.unwrap();
        assert_eq!(
            db.value("SELECT count(*) FROM pg_class WHERE relname = 'users'").await.as_deref(),
            Some("0")
        );
    })
    .await;
}

/// What a drop takes and no undo brings back makes the revision irreversible; what an undo can bring back it does.
#[tokio::test]
async fn undo_loses_nothing_in_silence() {
    with_database(Kind::Postgres15, async |db| {
        db.execute(&[
            "CREATE TABLE t (id int PRIMARY KEY DEFERRABLE, a varchar(10) COLLATE \"C\" DEFAULT '1', r int4range, EXCLUDE USING gist (r WITH &&))",
            "INSERT INTO t (id) VALUES (-1)",
            "ALTER TABLE t ADD CONSTRAINT ck CHECK (id > 0) NOT VALID",
        ])
        .await;
        let list = migrations![Step("type", |op: &mut Ops| {
            op.alter_column("t", "a").set_type(integer()).using("a::int");
        })];
        up(db, &list).await.unwrap();
        down(db, &list, "base").await.unwrap();
        let collation = "SELECT collation_name FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a'";
        assert_eq!(db.value(collation).await.as_deref(), Some("C"));
        // A column comes back with the exclusion constraint that went with it.
        let excluded = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'x'";
        let before = db.value(excluded).await;
        let list = migrations![Step("column", |op: &mut Ops| {
            op.drop_column("t", "r");
        })];
        up(db, &list).await.unwrap();
        assert_eq!(db.value(excluded).await, None);
        down(db, &list, "-1").await.unwrap();
        assert_eq!(db.value(excluded).await, before);
        // A check that an old row doesn't meet comes back for new rows alone.
        let checked = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck'";
        let before = db.value(checked).await;
        let list = migrations![Step("check", |op: &mut Ops| {
            op.drop_check("t", "ck");
        })];
        up(db, &list).await.unwrap();
        assert_eq!(db.value(checked).await, None);
        down(db, &list, "-1").await.unwrap();
        assert_eq!(db.value(checked).await, before);
        assert!(before.is_some_and(|check| check.ends_with("NOT VALID")));
        // So does a key that is checked later.
        let key = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 't'::regclass AND contype = 'p'";
        let before = db.value(key).await;
        let list = migrations![Step("key", |op: &mut Ops| {
            op.drop_primary_key("t");
        })];
        up(db, &list).await.unwrap();
        assert_eq!(db.value(key).await, None);
        down(db, &list, "-1").await.unwrap();
        assert_eq!(db.value(key).await, before);
        assert_eq!(before.as_deref(), Some("PRIMARY KEY (id) DEFERRABLE"));
        // So does that by which subscribers know its rows, with the table.
        let identity = "SELECT relreplident::text FROM pg_class WHERE oid = 't'::regclass";
        db.execute(&["ALTER TABLE t REPLICA IDENTITY FULL"]).await;
        let list = migrations![Step("identity", |op: &mut Ops| {
            op.drop_table("t");
        })];
        up(db, &list).await.unwrap();
        down(db, &list, "-1").await.unwrap();
        assert_eq!(db.value(identity).await.as_deref(), Some("f"));
        // What Dunlin can't bring back it says.
        db.execute(&["COMMENT ON INDEX t_pkey IS 'by number'"]).await;
        let list = migrations![Step("table", |op: &mut Ops| {
            op.drop_table("t");
        })];
        up(db, &list).await.unwrap();
        let error = down(db, &list, "-1").await.unwrap_err();
        assert!(error.is_irreversible() && error.to_string().contains("write a down"), "{error}");
        assert!(error.to_string().contains("a comment on its index"), "{error}");
        assert_eq!(error.revision(), Some("table"));
    })
    .await;
}

/// A new value of an enum is committed before anything may use it: an operation that names it, or hand-written SQL.
#[tokio::test]
async fn a_new_enum_value_can_be_used_in_its_own_revision() {
    for kind in [Kind::Postgres15, Kind::Postgres18] {
        with_database(kind, async |db| {
            let mut list = migrations![Step("orders", |op: &mut Ops| {
                op.create_enum("status", ["new"]);
                op.create_table("orders").col("id", bigint().primary_key()).col("status", native("status"));
            })];
            list = list.with(Step("paid", |op: &mut Ops| {
                op.add_enum_value("status", "paid");
                op.bulk_insert("orders", ["id", "status"], [["1", "paid"]]);
            }));
            list = list.with(Step("sent", |op: &mut Ops| {
                op.add_enum_value("status", "sent");
                op.execute("INSERT INTO orders VALUES (2, 'sent')").undo("DELETE FROM orders WHERE id = 2");
            }));
            up(db, &list).await.unwrap();
            let rows = "SELECT string_agg(status::text, ' ' ORDER BY id) FROM orders";
            assert_eq!(db.value(rows).await.as_deref(), Some("paid sent"));
            down(db, &list, "-2").await.unwrap();
            assert_eq!(db.value(rows).await, None);
            let values = "SELECT string_agg(enumlabel, ' ') FROM pg_enum";
            assert_eq!(db.value(values).await.as_deref(), Some("new"));
        })
        .await;
    }
}
