//! What is proven of ways down: every kind of verdict, planted faults, and that no exact migration is called broken.

use std::panic::AssertUnwindSafe;

use dunlin::prelude::*;
use dunlin::testing::assert_reversible;
use dunlin::{DatabaseUrl, Outcome, Scratch, Verdict, Verify};
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
    // Its values are gone, and without one the column can't come back where there are rows.
    assert_eq!(outcomes[7], ("required", &Outcome::SchemaOnly { lost: vec!["users.email".into()] }));
    let note = "its way down is refused on rows without NULL: ";
    assert!(found[7].notes[1].starts_with(note), "{:#?}", shown(&found));
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

/// On MySQL and MariaDB every database of the server is in reach, and the real one may be among them.
async fn other_databases(kind: Kind) {
    with_database(kind, async |real| {
        let name = real.name().unwrap();
        real.execute(&["CREATE TABLE users (id bigint NOT NULL PRIMARY KEY)"]).await;
        let url = DatabaseUrl::parse(&real.url).unwrap();
        let named = Name::from((name.as_str(), "users"));
        let sql = format!("DELETE FROM {name}.users");
        let lists = [
            migrations![Step("drops", move |op: &mut Ops| _ = op.drop_table(named.clone()))],
            migrations![BothWays(
                "deletes",
                |_: &mut Ops| {},
                move |op: &mut Ops| _ = op.execute(sql.as_str())
            )],
        ];
        for list in lists {
            let error = Verify::new(&list, url.clone()).run().await.unwrap_err();
            let said = format!("it names the database {name}, which is there");
            assert!(error.to_string().ends_with(&said), "{error}");
            assert!(error.hint().unwrap().contains("--dev-url"), "{error}");
        }
        assert_eq!(real.tables().await, ["users"]);
    })
    .await;
}

#[tokio::test]
async fn a_real_database_is_not_touched() {
    other_databases(Kind::Mariadb).await;
    other_databases(Kind::Mysql).await;
}

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
