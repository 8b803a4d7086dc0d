//! What stands on a column goes while that gets another type, and comes back as it then is: a type change that is undone undoes nothing of what
//! another branch has done since. The server's dump is the judge: it must be that of a database in which the type never changed.

use dunlin::prelude::*;
use dunlin::{Direction, Runner};

use crate::dump::dump;
use crate::server::{Kind, TestDb, with_database};

/// A revision of one of the branches `types` and `others`, which fork behind `first`.
struct Of(&'static str, fn(&mut Ops));

impl Migration for Of {
    fn id(&self) -> &str {
        self.0
    }

    fn up(&self, op: &mut Ops) {
        self.1(op);
    }

    fn revises(&self) -> Option<&[&str]> {
        match self.0 {
            "first" => Some(&[]),
            _ => Some(&["first"]),
        }
    }
}

fn base(op: &mut Ops) {
    op.execute(
        "CREATE TABLE users (id bigint PRIMARY KEY, age integer, height integer, email varchar(50));
         CREATE TABLE log (what text);
         CREATE VIEW adults AS SELECT id, age FROM users WHERE age > 18 AND height > 100;
         CREATE VIEW counted AS SELECT count(*) AS n FROM adults WHERE age < 80;
         CREATE VIEW aged AS SELECT id, age FROM users WHERE age IS NOT NULL;
         CREATE MATERIALIZED VIEW ages AS SELECT age, count(*) AS n FROM users WHERE age > 0 GROUP BY age;
         CREATE UNIQUE INDEX ages_age ON ages (age);
         CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER noted AFTER UPDATE ON users FOR EACH ROW WHEN (NEW.age > 18 AND OLD.age < 18) EXECUTE FUNCTION note();
         CREATE POLICY grown ON users USING (age > 18) WITH CHECK (age > 18 AND height > 100);
         CREATE RULE kept AS ON DELETE TO users WHERE OLD.age > 18 DO ALSO INSERT INTO log VALUES ('age ' || OLD.age);
         COMMENT ON VIEW adults IS 'grown up'",
    );
}

fn types(op: &mut Ops) {
    op.alter_column("users", "age").set_type(decimal(10, 2));
}

/// Changes types in one branch and does something else in another, undoes the former, and finds what the latter alone would have made.
async fn check(types: fn(&mut Ops), others: fn(&mut Ops)) {
    for kind in [Kind::Postgres15, Kind::Postgres18] {
        let mut meant = String::new();
        let list = migrations![Of("first", base), Of("types", types), Of("others", others)];
        with_database(kind, async |db| {
            upgrade(db, &list, "first").await;
            upgrade(db, &list, "others").await;
            meant = dump(db, &[]).await;
        })
        .await;
        with_database(kind, async |db| {
            for target in ["first", "types", "others"] {
                upgrade(db, &list, target).await;
            }
            let mut database = db.open().await;
            let report = Runner::new(database.connection(), &list).undo("types").await;
            report.unwrap_or_else(|error| panic!("{error}\n{:?}", error.hint()));
            let found = dump(db, &[]).await;
            assert!(found == meant, "{kind:?}: meant is\n{meant}\nand found\n{found}");
        })
        .await;
    }
}

async fn upgrade(db: &TestDb, list: &MigrationList, target: &str) {
    let mut database = db.open().await;
    let report = Runner::new(database.connection(), list).upgrade(target).await;
    report.unwrap_or_else(|error| panic!("{target}: {error}\n{:?}", error.hint()));
}

macro_rules! what_another_branch_did_stays {
    ($($name:ident: $types:expr, $others:expr;)+) => {$(
        #[tokio::test]
        async fn $name() {
            check($types, |op| _ = op.execute($others)).await;
        }
    )+};
}

what_another_branch_did_stays! {
    // Each text comes back as it was, for nobody has changed it.
    nothing_that_stands_there: types, "CREATE TABLE other (id int)";
    a_views_query: types, "CREATE OR REPLACE VIEW adults AS SELECT id, age FROM users WHERE height > 150";
    a_views_grants_and_comment: types,
        "GRANT SELECT ON adults TO PUBLIC; COMMENT ON VIEW adults IS NULL; COMMENT ON COLUMN adults.age IS 'in years'";
    a_views_options: types, "ALTER VIEW adults SET (security_barrier = true)";
    a_view_on_the_view: types,
        "CREATE VIEW few AS SELECT n FROM counted WHERE n < 10; GRANT SELECT ON few TO PUBLIC";
    a_view_that_is_gone: types, "DROP VIEW counted";
    a_view_that_came: types, "DROP VIEW counted; CREATE VIEW tall AS SELECT id FROM users WHERE age IS NOT NULL";
    a_views_name: types, "ALTER VIEW aged RENAME TO of_some_age";
    a_materialized_views_indexes: types,
        "CREATE INDEX ages_n ON ages (n); DROP INDEX ages_age; COMMENT ON INDEX ages_n IS 'for the list'";
    a_triggers_moment: types,
        "DROP TRIGGER noted ON users; CREATE TRIGGER noted BEFORE INSERT OR UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION note()";
    whether_a_trigger_fires: types,
        "ALTER TABLE users DISABLE TRIGGER noted; COMMENT ON TRIGGER noted ON users IS 'off'";
    a_policys_condition: types, "ALTER POLICY grown ON users USING (age IS NOT NULL)";
    whom_a_policy_is_for: types, "ALTER POLICY grown ON users TO CURRENT_USER";
    a_rules_action: types,
        "CREATE OR REPLACE RULE kept AS ON DELETE TO users WHERE OLD.age IS NULL DO ALSO INSERT INTO log VALUES ('x')";
    another_columns_type: types,
        "DROP VIEW counted; DROP VIEW adults; DROP POLICY grown ON users; ALTER TABLE users ALTER height TYPE bigint;
         CREATE VIEW adults AS SELECT id, age FROM users WHERE age > 18 AND height > 100;
         CREATE VIEW counted AS SELECT count(*) AS n FROM adults WHERE age < 80;
         CREATE POLICY grown ON users USING (age > 18) WITH CHECK (age > 18 AND height > 100);
         COMMENT ON VIEW adults IS 'grown up'";
    // Between the two types the names differ, so that each text is recalled when it has its own names again.
    grants_beside_a_rename: |op| {
        op.alter_column("users", "age").set_type(decimal(10, 2));
        op.rename_column("users", "age", "years");
    }, "GRANT SELECT ON adults TO PUBLIC";
    grants_beside_two_types: |op| {
        op.alter_column("users", "age").set_type(bigint());
        op.create_table("between").col("id", bigint().primary_key());
        op.alter_column("users", "age").set_type(decimal(10, 2));
    }, "GRANT SELECT ON counted TO PUBLIC";
}

/// A plan shows the texts with which things come back.
#[tokio::test]
async fn a_plan_recalls_texts_too() {
    for kind in [Kind::Postgres15, Kind::Postgres18] {
        with_database(kind, async |db| {
            let list = migrations![Of("first", base), Of("types", types)];
            upgrade(db, &list, "types").await;
            db.execute(&["CREATE OR REPLACE VIEW counted AS SELECT count(*) AS n FROM adults"]).await;
            let mut database = db.open().await;
            let plan = Runner::new(database.connection(), &list).plan(Direction::Down, "-1").await.unwrap();
            let sql: String = plan
                .steps
                .iter()
                .flat_map(|step| &step.statements)
                .map(|one| format!("{}\n", one.sql))
                .collect();
            assert!(sql.contains("age > 18) AND") && !sql.contains("18)::numeric"), "{sql}");
            assert!(!sql.contains("< 80"), "{sql}");
            assert_eq!(
                db.value("SELECT count(*) FROM pg_class WHERE relname LIKE 'dunlin_recalled%'")
                    .await
                    .as_deref(),
                Some("0")
            );
        })
        .await;
    }
}

/// An undo that was recorded as drops and creations around the change is undone as it was recorded.
#[tokio::test]
async fn an_undo_of_before_is_read() {
    for kind in [Kind::Postgres15, Kind::Postgres18] {
        with_database(kind, async |db| {
            let list = migrations![
                Of("first", |op| _ = op.execute(
                    "CREATE TABLE users (id bigint PRIMARY KEY, age integer); CREATE VIEW adults AS SELECT id FROM users WHERE age > 18"
                )),
                Of("types", types)
            ];
            upgrade(db, &list, "first").await;
            let meant = dump(db, &[]).await;
            upgrade(db, &list, "types").await;
            let undo = r#"{"ops": [{"drop_object": {"object": {"kind": "view", "name": "adults"}}},
                {"alter_column": {"table": "users", "column": "age", "change": {"type": {"to": {"native": "integer"}}}}},
                {"create_object": {"object": {"kind": "view", "name": "adults", "definition": {"view": {"query": {"sql": "SELECT id FROM users WHERE age > 18"}}}}}}]}"#;
            db.execute(&[&format!("UPDATE dunlin_history SET undo = '{undo}' WHERE revision = 'types'")]).await;
            let mut database = db.open().await;
            Runner::new(database.connection(), &list).downgrade("-1").await.unwrap();
            assert_eq!(dump(db, &[]).await, meant);
        })
        .await;
    }
}
