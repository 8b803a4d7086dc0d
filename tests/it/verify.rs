//! What is proven of ways down: every kind of verdict, planted faults, and that no exact migration is called broken.

use std::panic::AssertUnwindSafe;

use dunlin::prelude::*;
use dunlin::testing::assert_reversible;
use dunlin::{DatabaseUrl, Options, Outcome, Runner, Scratch, Verdict, Verify};
use dunlin_tests::{BothWays, Step};

use crate::on_every_server;
use crate::server::{Kind, TestDb, with_database};

mod random;

/// The `pg_dump` of a server's version.
fn pg_dump(kind: Kind) -> String {
    let variable = match kind {
        Kind::Postgres15 => "DUNLIN_TEST_PG_DUMP15",
        Kind::Postgres18 => "DUNLIN_TEST_PG_DUMP18",
        _ => return "pg_dump".into(),
    };
    std::env::var(variable).unwrap_or_else(|_| panic!("{variable} isn't set: run scripts/test"))
}

async fn verify(db: &TestDb, list: &MigrationList) -> Vec<Verdict> {
    let url = DatabaseUrl::parse(&db.url).unwrap();
    let verdicts = Verify::new(list, url).pg_dump(pg_dump(db.kind)).run().await;
    verdicts.unwrap_or_else(|error| panic!("{error}"))
}

fn shown(verdicts: &[Verdict]) -> Vec<String> {
    verdicts.iter().map(ToString::to_string).collect()
}

fn users(op: &mut Ops) {
    op.create_table("users")
        .col("id", bigint().primary_key())
        .col("email", varchar(100).not_null().unique())
        .col("state", varchar(10).not_null().default("new"))
        .col("age", integer())
        .check("age >= 18");
    op.create_index("users", ["state"]);
}

fn posts(op: &mut Ops) {
    op.create_table("posts")
        .col("id", bigint().primary_key())
        .col("author", bigint().not_null().references("users", "id"))
        .col("title", text());
}

/// Every kind of verdict.
async fn verdicts(db: &TestDb) {
    let list = migrations![
        Step("users", users),
        Step("posts", posts),
        Step("more", |op: &mut Ops| {
            op.add_column("users", "phone", varchar(20));
            op.rename_column("posts", "title", "headline");
        }),
        Step("less", |op: &mut Ops| _ = op.drop_column("users", "phone")),
        Step("fewer", |op: &mut Ops| _ = op.drop_table("posts")),
        BothWays(
            "younger",
            |op: &mut Ops| _ = op.execute("UPDATE users SET age = age + 1"),
            |_: &mut Ops| {}
        ),
        Step("opaque", |op: &mut Ops| _ = op.execute("UPDATE users SET age = age - 1")),
        Step("required", |op: &mut Ops| _ = op.drop_column("users", "email")),
        Step("wrong", |op: &mut Ops| _ = op.execute("UPDATE nothing SET age = 1")),
        Step("after", |op: &mut Ops| _ = op.drop_column("users", "age")),
    ];
    let found = verify(db, &list).await;
    let outcomes: Vec<_> =
        found.iter().map(|verdict| (verdict.revision.as_str(), &verdict.outcome)).collect();
    let exact = &Outcome::Exact;
    assert_eq!(outcomes[..3], [("users", exact), ("posts", exact), ("more", exact)], "{:#?}", shown(&found));
    assert_eq!(outcomes[3], ("less", &Outcome::SchemaOnly { lost: vec!["users.phone".into()] }));
    assert_eq!(outcomes[4], ("fewer", &Outcome::SchemaOnly { lost: vec!["posts".into()] }));
    let changed = vec!["the values of users.age are others".to_owned()];
    assert_eq!(outcomes[5], ("younger", &Outcome::Lossy { changed }));
    assert!(matches!(outcomes[6], ("opaque", Outcome::Irreversible { .. })), "{:#?}", shown(&found));
    // Without a value the column can't come back where there are rows.
    let reason = "its way down is refused on rows without NULL: ";
    assert!(
        matches!(outcomes[7], ("required", Outcome::Irreversible { reason: said }) if said.starts_with(reason)),
        "{:#?}",
        shown(&found)
    );
    assert!(
        matches!(outcomes[8], ("wrong", Outcome::Broken { reason, .. }) if reason.starts_with("its way up fails: statement 1")),
        "{:#?}",
        shown(&found)
    );
    assert_eq!(outcomes[9], ("after", &Outcome::NotReached));
    // Three of users, whose posts are there from then on.
    let rows: Vec<_> = found.iter().map(|verdict| verdict.rows).collect();
    assert_eq!(rows[..3], [0, 3, 6]);
    assert!(rows[3] >= 6, "{rows:?}");
}

on_every_server!(every_kind_of_verdict_is_found, verdicts);

/// A way down that isn't what it should be, what must be said of it, and that the next revision is judged all the same.
async fn planted(db: &TestDb) {
    let forgets_an_index = BothWays(
        "forgets_an_index",
        |op: &mut Ops| _ = op.drop_index("users", "users_state_idx"),
        |_: &mut Ops| {},
    );
    let drops_too_much = BothWays(
        "drops_too_much",
        |op: &mut Ops| _ = op.add_column("users", "phone", varchar(20)),
        |op: &mut Ops| {
            op.drop_column("users", "phone");
            op.drop_column("users", "age");
        },
    );
    let another_default = BothWays(
        "another_default",
        |op: &mut Ops| {
            op.alter_column("users", "state").default("fresh");
        },
        |op: &mut Ops| {
            op.alter_column("users", "state").default("newer");
        },
    );
    let renames_wrongly = BothWays(
        "renames_wrongly",
        |op: &mut Ops| op.rename_column("posts", "title", "headline"),
        |op: &mut Ops| op.rename_column("posts", "headline", "titel"),
    );
    let fails = BothWays(
        "fails",
        |op: &mut Ops| _ = op.add_column("users", "fax", varchar(20)),
        |op: &mut Ops| _ = op.drop_column("users", "telex"),
    );
    let loses_a_comment = BothWays(
        "loses_a_comment",
        |op: &mut Ops| _ = op.drop_column("users", "nick"),
        |op: &mut Ops| _ = op.add_column("users", "nick", varchar(20)),
    );
    let list = migrations![
        Step("users", |op: &mut Ops| {
            users(op);
            op.add_column("users", "nick", varchar(20).comment("what friends say"));
        }),
        Step("posts", posts),
        forgets_an_index,
        drops_too_much,
        another_default,
        renames_wrongly,
        fails,
        loses_a_comment,
        Step("innocent", |op: &mut Ops| _ = op.add_column("posts", "body", text())),
    ];
    let found = verify(db, &list).await;
    let of = |id: &str| &found.iter().find(|verdict| verdict.revision == id).unwrap().outcome;
    let faults = [
        ("forgets_an_index", "-", "users_state_idx"),
        ("drops_too_much", "-", "age"),
        ("another_default", "+", "newer"),
        ("renames_wrongly", "+", "titel"),
    ];
    for (id, sign, what) in faults {
        let Outcome::Broken { reason, diff } = of(id) else { panic!("{id}: {}", of(id)) };
        assert_eq!(reason, "its way down leaves another schema", "{id}");
        assert!(diff.lines().any(|line| line.starts_with(sign) && line.contains(what)), "{id}: {diff}");
    }
    assert!(
        matches!(of("fails"), Outcome::Broken { reason, .. } if reason.starts_with("its way down fails: ") && reason.contains("telex")),
        "{}",
        of("fails")
    );
    match (db.kind, of("loses_a_comment")) {
        // It has no place for one.
        (Kind::Sqlite, outcome) => {
            assert_eq!(*outcome, Outcome::SchemaOnly { lost: vec!["users.nick".into()] })
        }
        (_, Outcome::Broken { diff, .. }) => assert!(diff.contains("what friends say"), "{diff}"),
        (_, outcome) => panic!("{outcome}"),
    }
    assert_eq!(*of("innocent"), Outcome::Exact, "{:#?}", shown(&found));
}

on_every_server!(planted_faults_are_found, planted);

/// Rows that a revision doesn't put up with are done without, and the verdict says so.
async fn unwanted_rows(db: &TestDb) {
    let list = migrations![
        Step("users", users),
        Step("required", |op: &mut Ops| {
            op.alter_column("users", "age").not_null();
        }),
        Step("same", |op: &mut Ops| {
            op.add_column("users", "team", integer().not_null().default(1));
            op.add_unique("users", ["team"]);
        }),
    ];
    let found = verify(db, &list).await;
    assert_eq!(found[1].outcome, Outcome::Exact, "{:#?}", shown(&found));
    assert!(
        found[1].notes[0].starts_with("its way up is refused on rows that have NULL wherever they may: "),
        "{:#?}",
        shown(&found)
    );
    assert!(found[1].rows > 0);
    assert_eq!(found[2].outcome, Outcome::Exact, "{:#?}", shown(&found));
    assert_eq!((found[2].rows, found[2].notes.len()), (0, 2), "{:#?}", shown(&found));
}

on_every_server!(rows_that_stand_in_the_way_are_done_without, unwanted_rows);

/// Revisions of two branches, each applied while the other one is.
async fn branches(db: &TestDb) {
    struct Branch(&'static str, &'static [&'static str], fn(&mut Ops));
    impl Migration for Branch {
        fn id(&self) -> &str {
            self.0
        }
        fn revises(&self) -> Option<&[&str]> {
            Some(self.1)
        }
        fn up(&self, op: &mut Ops) {
            (self.2)(op);
        }
    }
    let list = migrations![
        Branch("users", &[], users),
        Branch("left", &["users"], |op| _ = op.add_column("users", "left", integer())),
        Branch("right", &["users"], |op| _ = op.add_column("users", "right", integer())),
        Branch("lefter", &["left"], |op| op.rename_column("users", "left", "lefter")),
        Branch("righter", &["right"], |op| _ = op.create_index("users", ["right"])),
        Branch("both", &["lefter", "righter"], |op| _ = op.drop_index("users", "users_right_idx")),
    ];
    let found = verify(db, &list).await;
    assert!(found.iter().all(|verdict| verdict.outcome == Outcome::Exact), "{:#?}", shown(&found));
}

on_every_server!(branches_are_verified_beside_one_another, branches);

/// The database made for it goes, also where it is only dropped.
async fn scratch(db: &TestDb) {
    let asked = match db.kind {
        Kind::Sqlite => return,
        Kind::Postgres15 | Kind::Postgres18 => "SELECT count(*) FROM pg_database WHERE datname = ",
        Kind::Mariadb | Kind::Mysql => {
            "SELECT count(*) FROM information_schema.schemata WHERE schema_name = "
        }
    };
    let url = DatabaseUrl::parse(&db.url).unwrap();
    for is_removed in [true, false] {
        let mut scratch = Scratch::create(&url).await.unwrap();
        let name = scratch.database().url().database().unwrap().to_owned();
        assert!(name.starts_with("dunlin_scratch_"), "{name}");
        let conn = scratch.database().connection();
        for sql in ["CREATE TABLE t (a integer)", "BEGIN", "INSERT INTO t VALUES (1)"] {
            conn.execute(sql).await.unwrap();
        }
        let count = format!("{asked}'{name}'");
        assert_eq!(db.value(&count).await.as_deref(), Some("1"));
        match is_removed {
            true => scratch.remove().await.unwrap(),
            false => drop(scratch),
        }
        assert_eq!(db.value(&count).await.as_deref(), Some("0"), "removed: {is_removed}");
    }
}

on_every_server!(scratch_databases_are_removed, scratch);

/// What reaches beyond the database that is made for it could be anybody's.
async fn beyond(db: &TestDb) {
    let name = db.name().unwrap_or_else(|| "main".into());
    db.execute(&["CREATE TABLE users (id bigint NOT NULL PRIMARY KEY)"]).await;
    let sql = match db.kind {
        Kind::Sqlite => "ATTACH 'nowhere.db' AS other".to_owned(),
        Kind::Postgres15 | Kind::Postgres18 => format!("ALTER DATABASE {name} SET search_path = public"),
        Kind::Mariadb | Kind::Mysql => format!("DELETE FROM {name}.users"),
    };
    let up = sql.clone();
    let mut steps = vec![
        migrations![Step("up", move |op: &mut Ops| _ = op.execute(up.as_str()))],
        migrations![BothWays("down", |_: &mut Ops| {}, move |op: &mut Ops| _ = op.execute(sql.as_str()))],
    ];
    if matches!(db.kind, Kind::Mariadb | Kind::Mysql) {
        let named = Name::from((name.as_str(), "users"));
        steps.push(migrations![Step("drops", move |op: &mut Ops| _ = op.drop_table(named.clone()))]);
    }
    for list in steps {
        let found = verify(db, &list.with(Step("after", users))).await;
        assert_eq!(found[0].outcome, Outcome::NotReached, "{:#?}", shown(&found));
        assert!(found[0].notes[0].ends_with("which --dev-url names"), "{:#?}", shown(&found));
    }
    assert_eq!(db.tables().await, ["users"]);
}

on_every_server!(what_is_beyond_its_database_is_not_touched, beyond);

/// Where history is kept in a schema of its own, that of the proof is not.
async fn history_elsewhere(db: &TestDb) {
    if db.kind == Kind::Sqlite {
        return;
    }
    let schema = format!("{}_audit", db.name().unwrap());
    db.execute(&[&format!("CREATE SCHEMA {schema}")]).await;
    let list = migrations![Step("users", users), Step("posts", posts)];
    let options = Options { schema: Some(schema.clone()), ..Options::default() };
    Runner::new(db.open().await.connection(), &list).options(options.clone()).upgrade("users").await.unwrap();
    let url = DatabaseUrl::parse(&db.url).unwrap();
    let found = Verify::new(&list, url).options(options).pg_dump(pg_dump(db.kind)).run().await.unwrap();
    assert!(found.iter().all(|verdict| verdict.outcome == Outcome::Exact), "{:#?}", shown(&found));
    let revisions = db.query(&format!("SELECT revision FROM {schema}.dunlin_history")).await;
    assert_eq!(revisions, [[Some("users".to_owned())]]);
    let end = if db.kind.is_postgres() { " CASCADE" } else { "" };
    db.execute(&[&format!("DROP SCHEMA {schema}{end}")]).await;
}

on_every_server!(history_stays_where_it_is, history_elsewhere);

/// What a way down throws away that the way up has kept, and one that takes back no row of those that the way up has taken.
async fn hidden_losses(db: &TestDb) {
    let list = migrations![
        Step("users", users),
        Step("posts", posts),
        BothWays(
            "forgets_a_name",
            |op: &mut Ops| op.rename_column("posts", "title", "headline"),
            |op: &mut Ops| {
                op.drop_column("posts", "headline");
                op.add_column("posts", "title", text());
            }
        ),
        BothWays(
            "forgets_a_table",
            |op: &mut Ops| op.rename_table("posts", "articles"),
            |op: &mut Ops| {
                op.drop_table("articles");
                posts(op);
                op.rename_column("posts", "title", "headline");
            }
        ),
        BothWays(
            "back_to_unique",
            |op: &mut Ops| _ = op.execute("UPDATE users SET state = 'same'"),
            |op: &mut Ops| {
                op.add_unique("users", ["state"]);
                op.drop_constraint("users", ConstraintKind::Unique, "users_state_key");
            }
        ),
    ];
    let found = verify(db, &list).await;
    let names: Vec<_> = found.iter().map(|verdict| verdict.outcome.name()).collect();
    // SQLite builds the table anew once, with a key that is gone again.
    let last = if db.kind == Kind::Sqlite { "lossy" } else { "irreversible" };
    assert_eq!(names, ["exact", "exact", "lossy", "lossy", last], "{:#?}", shown(&found));
}

on_every_server!(losses_that_a_schema_hides_are_found, hidden_losses);

/// An index, a key or a remark that is dropped and made again stands behind the others, and is the same.
async fn another_order(db: &TestDb) {
    let mut list = migrations![
        Step("users", |op: &mut Ops| {
            users(op);
            op.create_index("users", ["age"]);
            op.create_index("users", ["age", "state"]);
        }),
        BothWays(
            "index",
            |op: &mut Ops| _ = op.drop_index("users", "users_age_idx"),
            |op: &mut Ops| _ = op.create_index("users", ["age"])
        ),
    ];
    if db.kind.is_postgres() {
        list = list.with(Step("remarks", |op: &mut Ops| {
            op.alter_column("users", "age").comment("in years");
            op.alter_column("users", "state").comment("of life");
        }));
        list = list.with(BothWays(
            "column",
            |op: &mut Ops| _ = op.drop_column("users", "state"),
            |op: &mut Ops| {
                op.add_column("users", "state", varchar(10).not_null().default("new").comment("of life"));
                op.create_index("users", ["state"]);
                op.create_index("users", ["age", "state"]);
            },
        ));
    }
    let found = verify(db, &list).await;
    assert!(found.iter().all(|verdict| !verdict.outcome.is_broken()), "{:#?}", shown(&found));
}

on_every_server!(the_order_of_creation_does_not_count, another_order);

/// Rows for what asks for particular ones.
async fn particular_rows(db: &TestDb) {
    let is_postgres = db.kind.is_postgres();
    let list = migrations![
        Step("tables", move |op: &mut Ops| {
            op.create_table("spans")
                .col("id", bigint().primary_key())
                .col("starts", integer().not_null())
                .col("ends", integer().not_null())
                .col("share", decimal(3, 2).not_null())
                .col("about", json().not_null())
                .check("starts < ends")
                .check("share >= 0.25 and share <= 0.75");
            op.create_table("tenants")
                .col("region", integer())
                .col("id", integer())
                .primary_key(["region", "id"]);
            op.create_table("parts")
                .col("id", bigint().identity().primary_key())
                .col("region", integer().not_null())
                .col("tenant", integer().not_null().unique())
                .col("whole", bigint().references("parts", "id"))
                .foreign_key(["region", "tenant"], "tenants", ["region", "id"]);
            if is_postgres {
                op.execute("CREATE TYPE \"a.b\" AS ENUM ('x', 'y')");
                op.execute("CREATE DOMAIN inner_one AS \"a.b\"");
                op.execute("CREATE DOMAIN outer_one AS inner_one CHECK (VALUE::text <> 'x')");
                op.execute("CREATE TABLE natives (id int NOT NULL, d outer_one NOT NULL, r int4range NOT NULL) PARTITION BY LIST (id)");
                op.execute("CREATE TABLE natives_7 PARTITION OF natives FOR VALUES IN (7, 8, 9)");
            }
        }),
        BothWays(
            "empties",
            |_: &mut Ops| {},
            move |op: &mut Ops| {
                op.execute("UPDATE parts SET whole = NULL");
                for table in ["spans", "parts", "tenants"] {
                    op.execute(format!("DELETE FROM {table}").as_str());
                }
                if is_postgres {
                    op.execute("DELETE FROM natives");
                }
            }
        ),
    ];
    let found = verify(db, &list).await;
    let Outcome::Lossy { changed } = &found[1].outcome else { panic!("{:#?}", shown(&found)) };
    let tables: Vec<_> = changed.iter().map(|what| what.split(' ').next().unwrap()).collect();
    let natives = if is_postgres { &["natives", "natives_7"][..] } else { &[] };
    assert_eq!(tables, [natives, &["parts", "spans", "tenants"]].concat(), "{:#?}", shown(&found));
}

on_every_server!(rows_are_found_for_what_asks_for_particular_ones, particular_rows);

/// In a runtime and without one.
#[test]
fn the_helper_of_tests_passes_and_panics() {
    let good = migrations![Step("users", users), Step("posts", posts)];
    assert_reversible(&good, "sqlite::memory:");
    tokio::runtime::Runtime::new().unwrap().block_on(async { assert_reversible(&good, "sqlite::memory:") });
    let bad =
        good.with(BothWays("bad", |op: &mut Ops| _ = op.drop_column("posts", "title"), |_: &mut Ops| {}));
    let panic = std::panic::catch_unwind(AssertUnwindSafe(|| assert_reversible(&bad, "sqlite::memory:")))
        .unwrap_err();
    let said = panic.downcast_ref::<String>().unwrap();
    assert!(
        said.starts_with("1 of 3 revisions aren't reversible on sqlite::memory::\nbad  broken: its way down leaves another schema\n"),
        "{said}"
    );
    assert!(said.contains("-title TEXT"), "{said}");
}

/// One that can't be run says what to do.
#[tokio::test]
async fn a_pg_dump_that_is_none_is_told() {
    with_database(Kind::Postgres18, async |db| {
        let url = DatabaseUrl::parse(&db.url).unwrap();
        let list = migrations![Step("users", users)];
        let error = Verify::new(&list, url).pg_dump("no/such/pg_dump").run().await.unwrap_err();
        assert!(error.to_string().contains("no/such/pg_dump can't be run"), "{error}");
    })
    .await;
}
