//! What belongs to tables and views: triggers, rules, policies, statistics; and publications of them.

use std::collections::BTreeSet;

use dunlin_dsl::{
    Bound, Deferrable, Definition, Each, Enabled, Existing, IndexKey, KeyPart, ObjectChange, ObjectId, Op,
    PartitionMethod, PartitionOf, Partitioning, Policy, PolicyChange, PolicyCommand, Publication,
    PublicationChange, PublishedOperation, PublishedTable, Rule, RuleChange, RuleEvent, Statistics,
    StatisticsChange, StatisticsKind, Timing, Trigger, TriggerAction, TriggerChange, TriggerEvent, sql,
};

use super::*;

const FUNCTION: &str = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'";

/// Names that try to break out of their quotes.
const HOSTILE: [&str; 6] = ["a\"b", "it's", "when", "do; --", "a\\b(", "é😀 "];

fn alter(id: ObjectId, change: ObjectChange) -> Op {
    Op::AlterObject { object: id, change }
}

fn anew(id: ObjectId, definition: Definition) -> Op {
    alter(id, ObjectChange::Definition(Box::new(definition)))
}

fn comment(id: ObjectId, text: &str) -> Op {
    alter(id, ObjectChange::Comment(Some(text.into())))
}

fn drop(id: ObjectId) -> Op {
    Op::DropObject { object: id, if_exists: false, cascade: false }
}

fn drop_table(name: &str) -> Op {
    Op::DropTable { table: name.into(), if_exists: false, cascade: false }
}

fn create(id: ObjectId, definition: Definition) -> Op {
    Op::CreateObject { object: remarked(id, definition), existing: Existing::Refuse }
}

fn remarked(id: ObjectId, definition: Definition) -> Object {
    Object { comment: Some("it's".into()), ..Object::new(id, definition) }
}

fn trigger(timing: Timing, events: impl IntoIterator<Item = TriggerEvent>) -> Trigger {
    Trigger {
        timing,
        events: events.into_iter().collect(),
        update_of: Vec::new(),
        each: Each::Row,
        when: None,
        action: TriggerAction::Call { function: "f".into(), args: Vec::new() },
        old_table: None,
        new_table: None,
        constraint: false,
        deferrable: Deferrable::No,
        from: None,
        enabled: Enabled::Origin,
        order: Default::default(),
    }
}

async fn users(live: &mut Live) {
    live.execute(FUNCTION).await;
    live.create(&schema([
        table("users", [named("id", integer()), named("name", text()), named("b\"c", text())]),
        table("others", [named("id", integer())]),
    ]))
    .await;
}

#[tokio::test]
async fn triggers() {
    on_servers("triggers", async |live| {
        users(live).await;
        live.execute("CREATE VIEW v AS SELECT id FROM users").await;
        let all = [TriggerEvent::Insert, TriggerEvent::Update, TriggerEvent::Delete];
        let mut of_some = trigger(Timing::Before, all);
        of_some.update_of = vec!["name".into(), "b\"c".into()];
        of_some.action =
            TriggerAction::Call { function: "f".into(), args: HOSTILE.map(str::to_owned).to_vec() };
        of_some.enabled = Enabled::Always;
        let mut when = trigger(Timing::After, [TriggerEvent::Update]);
        when.when = Some(sql("old.name IS DISTINCT FROM ((new.name || ') EXECUTE'::text) || 'x'::text)"));
        let mut of_statement = trigger(Timing::After, [TriggerEvent::Truncate]);
        of_statement.each = Each::Statement;
        of_statement.enabled = Enabled::Disabled;
        let mut transition = trigger(Timing::After, [TriggerEvent::Update]);
        transition.each = Each::Statement;
        transition.old_table = Some("o\"ld".into());
        transition.new_table = Some("new rows".into());
        let mut constraint = trigger(Timing::After, [TriggerEvent::Insert]);
        constraint.constraint = true;
        constraint.deferrable = Deferrable::InitiallyDeferred;
        constraint.from = Some("others".into());
        constraint.enabled = Enabled::Replica;
        let of = [of_some, when, of_statement, transition, constraint.clone(), trigger(Timing::Before, all)];
        let ids = HOSTILE.map(|name| ObjectId::trigger(name, "users"));
        let mut made: Vec<Object> =
            ids.iter().zip(of).map(|(id, of)| remarked(id.clone(), Definition::Trigger(of))).collect();
        let instead = trigger(Timing::InsteadOf, all);
        made.push(remarked(ObjectId::trigger("instead", "v"), Definition::Trigger(instead)));
        live.create(&objects(made.clone())).await;
        for object in &made {
            let id = || object.id.clone();
            live.exactly(&[drop(id())]).await;
            live.exactly(&[Op::RenameObject { object: id(), to: "so\"me".into() }]).await;
            live.exactly(&[alter(id(), ObjectChange::Comment(None))]).await;
            let mut other = trigger(Timing::Before, [TriggerEvent::Update]);
            other.enabled = Enabled::Replica;
            if id().on == Some("v".into()) {
                continue;
            }
            live.exactly(&[anew(id(), Definition::Trigger(other))]).await;
            live.exactly(&[anew(id(), Definition::Trigger(constraint.clone()))]).await;
            for enabled in [Enabled::Origin, Enabled::Disabled, Enabled::Always, Enabled::Replica] {
                let change = ObjectChange::Trigger(TriggerChange::Enabled(enabled));
                live.exactly(&[alter(id(), change)]).await;
            }
        }
        // They go with their table, and come back with it.
        live.execute("DROP VIEW v").await;
        live.exactly(&[drop_table("users")]).await;
        let refused = Postgres.render(
            &creation_ops(&objects([Object::new(
                ObjectId::trigger("t", "users"),
                Definition::Trigger(Trigger {
                    action: TriggerAction::Body(sql("BEGIN END")),
                    ..trigger(Timing::After, all)
                }),
            )])),
            &Schema::new(),
            &live.server,
        );
        assert!(refused.unwrap_err().instead.contains(".call(\"f\")"));
    })
    .await;
}

#[tokio::test]
async fn a_partition_has_its_parents_triggers() {
    on_servers("clones", async |live| {
        live.execute(FUNCTION).await;
        let keys = vec![IndexKey::column("id")];
        let method = PartitionMethod::Range;
        let parent = Table {
            partitioning: Some(Partitioning {
                method,
                keys,
                linear: false,
                partitions: Vec::new(),
                count: None,
            }),
            ..table("parent", [named("id", integer())])
        };
        let bound = Bound::Default;
        let of = Some(Box::new(PartitionOf { parent: "parent".into(), bound }));
        let mut all = schema([parent, Table { partition_of: of, ..table("part", []) }]);
        let after = trigger(Timing::After, [TriggerEvent::Insert]);
        all.insert_object(Object::new(ObjectId::trigger("t", "parent"), Definition::Trigger(after.clone())));
        all.insert_object(Object::new(ObjectId::trigger("own", "part"), Definition::Trigger(after)));
        live.create(&all).await;
        live.exactly(&[drop_table("part")]).await;
    })
    .await;
}

#[tokio::test]
async fn rules() {
    on_servers("rules", async |live| {
        users(live).await;
        let nothing = Rule {
            event: RuleEvent::Delete,
            instead: true,
            when: Some(sql("old.id > 5")),
            action: sql("nothing;"),
            enabled: Enabled::Always,
        };
        let id = || ObjectId::rule("do \"it's", "users");
        live.create(&objects([remarked(id(), Definition::Rule(nothing))])).await;
        let several = Rule {
            event: RuleEvent::Update,
            instead: false,
            when: None,
            action: sql("(INSERT INTO others VALUES (new.id); DELETE FROM others WHERE id = old.id)"),
            enabled: Enabled::Origin,
        };
        let other = || ObjectId::rule("other", "users");
        live.run(&[create(other(), Definition::Rule(several))]).await;
        let read = live.read(&[other()]).await;
        assert_eq!(Postgres.lower(&read, &live.server).unwrap(), read);
        for id in [id, other] {
            live.exactly(&[drop(id())]).await;
            live.exactly(&[Op::RenameObject { object: id(), to: "where".into() }]).await;
            live.exactly(&[comment(id(), "other")]).await;
            let change = ObjectChange::Rule(RuleChange::Enabled(Enabled::Disabled));
            live.exactly(&[alter(id(), change)]).await;
            let anything = Rule {
                event: RuleEvent::Insert,
                instead: true,
                when: None,
                action: sql("NOTHING"),
                enabled: Enabled::Replica,
            };
            live.exactly(&[anew(id(), Definition::Rule(anything))]).await;
        }
        live.exactly(&[drop_table("users")]).await;
    })
    .await;
}

#[tokio::test]
async fn policies() {
    on_servers("policies", async |live| {
        users(live).await;
        let role = format!("role \"{}", live.server.schema);
        let quoted = format!("\"{}\"", role.replace('"', "\"\""));
        live.execute(&format!("CREATE ROLE {quoted}")).await;
        let narrow = Policy {
            command: PolicyCommand::Update,
            restrictive: true,
            roles: vec![role.clone(), "pg_monitor".into()],
            using: Some(sql("id > 0")),
            with_check: Some(sql("name <> ''::text")),
        };
        let (id, all) = (|| ObjectId::policy("p\"1", "users"), || ObjectId::policy("all", "users"));
        live.create(&objects([
            remarked(id(), Definition::Policy(narrow)),
            Object::new(
                all(),
                Definition::Policy(Policy { roles: vec!["public".into()], ..Policy::default() }),
            ),
        ]))
        .await;
        let change = |change| alter(id(), ObjectChange::Policy(change));
        live.exactly(&[change(PolicyChange::Roles(vec!["PUBLIC".into()]))]).await;
        live.exactly(&[change(PolicyChange::Roles(vec!["pg_monitor".into()]))]).await;
        live.exactly(&[change(PolicyChange::Using(Some(sql("id > 1"))))]).await;
        live.exactly(&[change(PolicyChange::Using(None))]).await;
        live.exactly(&[change(PolicyChange::WithCheck(None)), change(PolicyChange::Using(None))]).await;
        live.exactly(&[alter(all(), ObjectChange::Policy(PolicyChange::Using(Some(sql("true")))))]).await;
        live.exactly(&[drop(id())]).await;
        live.exactly(&[comment(id(), "other")]).await;
        live.exactly(&[Op::RenameObject { object: id(), to: "p'2".into() }]).await;
        let select = Policy { command: PolicyCommand::Select, ..Policy::default() };
        live.exactly(&[anew(id(), Definition::Policy(select))]).await;
        live.exactly(&[drop_table("users")]).await;
        live.run(&[drop_table("users")]).await;
        live.execute(&format!("DROP ROLE {quoted}")).await;
    })
    .await;
}

#[tokio::test]
async fn statistics() {
    on_servers("statistics", async |live| {
        users(live).await;
        let column = |name: &str| KeyPart::Column(name.into());
        let of = |on: Vec<KeyPart>, kinds: &[StatisticsKind]| Statistics {
            table: "users".into(),
            on,
            kinds: kinds.iter().copied().collect(),
            target: None,
        };
        let (one, two, three) =
            (|| ObjectId::statistics("s\"1"), || ObjectId::statistics("s2"), || ObjectId::statistics("s3"));
        let plain = Statistics {
            target: Some(50),
            ..of(vec![column("b\"c"), column("id"), column("name")], &[StatisticsKind::Mcv])
        };
        let exprs = of(vec![KeyPart::Expr(sql("lower(name)")), column("id")], &[]);
        live.create(&objects([
            remarked(one(), Definition::Statistics(plain.clone())),
            Object::new(two(), Definition::Statistics(exprs)),
            Object::new(three(), Definition::Statistics(of(vec![KeyPart::Expr(sql("upper(name)"))], &[]))),
        ]))
        .await;
        let target = |target| alter(one(), ObjectChange::Statistics(StatisticsChange::Target(target)));
        live.exactly(&[target(Some(7))]).await;
        live.exactly(&[target(None)]).await;
        live.exactly(&[comment(two(), "now")]).await;
        live.exactly(&[Op::RenameObject { object: two(), to: "it's".into() }]).await;
        let ndistinct = of(vec![column("id"), column("name")], &[StatisticsKind::Ndistinct]);
        live.exactly(&[anew(one(), Definition::Statistics(ndistinct))]).await;
        live.exactly(&[drop(three())]).await;
        live.exactly(&[alter(one(), ObjectChange::Owner("pg_monitor".into()))]).await;
        live.exactly(&[Op::DropColumn { table: "users".into(), column: "b\"c".into(), if_exists: false }])
            .await;
        live.exactly(&[drop_table("users")]).await;
    })
    .await;
}

#[tokio::test]
async fn publications() {
    on_servers("publications", async |live| {
        users(live).await;
        let name = |of: &str| format!("{of}\"{}", live.server.schema);
        let (some, all) = (ObjectId::publication(name("some")), ObjectId::publication(name("all")));
        let own = live.server.schema.clone();
        let whole = |table: &str| PublishedTable { table: table.into(), columns: Vec::new(), filter: None };
        let part = PublishedTable {
            columns: vec!["name".into(), "id".into()],
            filter: Some(sql("id > 5")),
            ..whole("users")
        };
        let of = Publication {
            tables: BTreeSet::from([part, whole("others")]),
            operations: BTreeSet::from([PublishedOperation::Insert, PublishedOperation::Truncate]),
            via_root: true,
            generated: false,
            ..Publication::default()
        };
        // Updates of tables without a key would fail, and other tests have such tables.
        let operations = BTreeSet::from([PublishedOperation::Insert]);
        let every = Publication { all_tables: true, operations, ..Publication::default() };
        live.create(&objects([
            remarked(some.clone(), Definition::Publication(of.clone())),
            Object::new(all.clone(), Definition::Publication(every)),
        ]))
        .await;
        let change = |change| alter(some.clone(), ObjectChange::Publication(change));
        live.exactly(&[change(PublicationChange::Tables(BTreeSet::from([whole("users")])))]).await;
        live.exactly(&[change(PublicationChange::Tables(BTreeSet::new()))]).await;
        live.exactly(&[change(PublicationChange::Operations(BTreeSet::new()))]).await;
        live.exactly(&[change(PublicationChange::ViaRoot(false))]).await;
        live.exactly(&[
            change(PublicationChange::Tables(BTreeSet::new())),
            change(PublicationChange::Schemas(BTreeSet::from([own.clone()]))),
        ])
        .await;
        let schemas = Publication { schemas: BTreeSet::from([own]), ..Publication::default() };
        live.exactly(&[anew(some.clone(), Definition::Publication(schemas.clone()))]).await;
        live.exactly(&[anew(all.clone(), Definition::Publication(schemas))]).await;
        live.exactly(&[comment(all.clone(), "all")]).await;
        live.exactly(&[Op::RenameObject { object: some.clone(), to: format!("{}2", some.name.name) }]).await;
        live.exactly(&[drop(some.clone())]).await;
        // A table comes back into the publications that had it.
        let before = live.dump();
        let (lowered, was) = live.run(&[drop_table("users")]).await;
        live.run(&reverse_all(&lowered, &was).unwrap()).await;
        assert_eq!(difference(&before, &live.dump()), "");
        let publications = [some, all].map(drop);
        live.run(&publications).await;
        let old = Server { version: dunlin_dsl::Version::new(14, 0, 0), ..live.server.clone() };
        let id = ObjectId::publication("p");
        let made = creation_ops(&objects([Object::new(id, Definition::Publication(of))]));
        let refused = Postgres.render(&made, &Schema::new(), &old).unwrap_err();
        assert!(refused.reason.contains("15 is the first"), "{refused}");
    })
    .await;
}
