//! Random schemas with everything that is modelled: created on every server they read back as they were lowered; what is
//! done to one of them is undone; created anew from what was read they are the same; and dropped they leave nothing.
//!
//! The texts of bodies are such as the servers themselves would write, where a server writes them anew. The seed is fixed;
//! `DUNLIN_RANDOM_CASES` asks for more cases.

use dunlin::prelude::*;
use dunlin::{Connection, create_all, drop_all};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::dump::dump;
use crate::on_every_server;
use crate::server::{Kind, TestDb, execute_statement, sorted};

/// How many schemas are tried on each server.
const CASES: usize = 12;

/// What is chosen at random of one object.
#[derive(Clone, Debug)]
struct Choice {
    kind: usize,
    name: String,
    number: i64,
    flags: [bool; 5],
    comment: Option<String>,
}

fn choice() -> impl Strategy<Value = Choice> {
    let name = select(vec!["plain", "order", "With Space", "ü\"x`y", "semi;--colon", "it's", "日本"]);
    let comment = select(vec!["a remark", "it's \\ here", "über"]).prop_map(str::to_owned);
    (any::<usize>(), name, 2..1000_i64, any::<[bool; 5]>(), prop::option::of(comment)).prop_map(
        |(kind, name, number, flags, comment)| Choice { kind, name: name.into(), number, flags, comment },
    )
}

/// Adds an object to a schema; the number keeps names apart.
type Add = fn(Schema, &Choice, usize) -> Schema;

/// The kinds of object that a server has.
fn kinds(kind: Kind) -> Vec<Add> {
    let everywhere: [Add; 2] = [plain_table, constant_view];
    let own: &[Add] = match kind {
        Kind::Sqlite => &[body_trigger],
        Kind::Mysql => &[body_trigger, sql_routine, scheduled_event, divided_table],
        Kind::Mariadb => &[body_trigger, sql_routine, scheduled_event, divided_table, own_sequence],
        Kind::Postgres15 | Kind::Postgres18 => &[
            own_sequence,
            named_types,
            postgres_routine,
            calling_trigger,
            secured_table,
            partitioned_table,
            heir,
            materialized,
            excluding_table,
            published,
            own_collation,
            own_schema,
        ],
    };
    everywhere.iter().chain(own).copied().collect()
}

fn called(choice: &Choice, at: usize) -> String {
    format!("{} {at}", choice.name)
}

fn commented<K>(spec: ObjectSpec<'static, K>, choice: &Choice) -> ObjectSpec<'static, K> {
    match &choice.comment {
        Some(comment) => spec.comment(comment),
        None => spec,
    }
}

/// A table for others to stand on.
fn base(choice: &Choice, name: &str) -> TableSpec<'static> {
    let table = table(name).col("id", bigint().not_null()).col("other", integer());
    match &choice.comment {
        Some(comment) => table.comment(comment),
        None => table,
    }
}

fn plain_table(schema: Schema, choice: &Choice, at: usize) -> Schema {
    schema.table(base(choice, &called(choice, at)).primary_key(["id"]).index_on(["other"]))
}

fn constant_view(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let query = [(SQLITE | POSTGRES, "SELECT 1 AS one"), (MYSQL | MARIADB, "select 1 AS `one`")];
    schema.with(view(called(choice, at), query))
}

fn body_trigger(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    let spec = trigger(format!("fire {at}"), name.as_str());
    let spec = if choice.flags[0] { spec.before() } else { spec.after() };
    let spec = if choice.flags[1] { spec.insert() } else { spec.delete() };
    let body = [(SQLITE, "BEGIN SELECT 1; END"), (MYSQL | MARIADB, "BEGIN SET @fired = 'it''s'; END")];
    schema.table(base(choice, &name)).with(spec.body(body))
}

fn sql_routine(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    if choice.flags[0] {
        let spec = function(name).arg("a b", integer()).returns(integer()).body("RETURN `a b` + 1");
        let spec = if choice.flags[1] { spec.immutable() } else { spec.data_access(DataAccess::NoSql) };
        return schema.with(commented(spec, choice));
    }
    let spec =
        procedure(name).arg("a", integer()).out_arg("b", varchar(20)).body("BEGIN SET b = 'it''s'; END");
    schema.with(commented(if choice.flags[1] { spec.security_invoker() } else { spec }, choice))
}

fn scheduled_event(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let spec =
        event(called(choice, at)).every(format!("{} DAY", choice.number)).starts("'2030-01-01 00:00:00'");
    let spec = if choice.flags[0] { spec.preserve() } else { spec };
    let spec = if choice.flags[1] { spec.disabled() } else { spec };
    schema.with(commented(spec.body("SET @ran = 1"), choice))
}

fn divided_table(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let table = base(choice, &called(choice, at));
    schema.table(match (choice.flags[0], choice.flags[1]) {
        (true, true) => table
            .partition_by_range(["id"])
            .partition("p 0", Bound::less_than([choice.number]))
            .partition("rest", Bound::less_than([sql("MAXVALUE")])),
        (true, false) => table.partition_by_list(["id"]).partition("p", Bound::list([1, choice.number])),
        (false, _) => table.partition_by_key(["id"]).partitions(3),
    })
}

fn own_sequence(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let spec = sequence(called(choice, at)).start(choice.number).increment(2);
    let spec = if choice.flags[0] { spec.max(5000).cycle() } else { spec };
    let spec = if choice.flags[1] { spec.cache(7) } else { spec };
    schema.with(spec)
}

fn named_types(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    match choice.number % 3 {
        0 => {
            let quoted = format!("\"{}\"", name.replace('"', "\"\""));
            let spec = commented(enum_type(name.as_str(), ["a", "it's", "ü"]), choice);
            schema.with(spec).table(base(choice, &format!("of {name}")).col("mood", native(quoted)))
        }
        1 => {
            let checked = varchar(30).not_null().check("((VALUE)::text <> ''::text)");
            schema.with(commented(domain(name, checked), choice).grant("USAGE", "pg_monitor"))
        }
        _ => {
            schema.with(commented(composite(name).field("a b", text()).field("c", array(integer())), choice))
        }
    }
}

fn postgres_routine(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    if choice.flags[0] {
        let spec = procedure(name).arg("a", integer()).language("plpgsql").body("BEGIN NULL; END");
        return schema.with(commented(spec, choice));
    }
    let spec =
        function(name).arg("a", integer()).arg("b", text().default("x")).returns(integer()).body("SELECT a");
    let spec = if choice.flags[1] { spec.immutable().strict() } else { spec.stable().parallel_safe() };
    let spec = if choice.flags[2] { spec.security_definer().set("search_path", "pg_catalog") } else { spec };
    schema.with(commented(if choice.flags[3] { spec.cost(7) } else { spec }, choice))
}

fn calling_trigger(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let (name, function_name) = (called(choice, at), format!("fn {at}"));
    let body =
        function(function_name.as_str()).returns_trigger().language("plpgsql").body("BEGIN RETURN NEW; END");
    let spec = trigger(format!("fire {at}"), name.as_str()).insert().update_of(["other"]);
    let spec = if choice.flags[0] { spec.before().delete() } else { spec.after().initially_deferred() };
    let spec = commented(spec.call_with(function_name.as_str(), ["it's"]), choice);
    let held = rule(format!("rule {at}"), name.as_str()).on_delete().instead_nothing();
    schema.table(base(choice, &name)).with(body).with(spec).with(commented(held, choice))
}

fn secured_table(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    let table = base(choice, &name).grant("SELECT", "PUBLIC").storage("fillfactor", "70");
    let table = if choice.flags[0] { table.row_security() } else { table.force_row_security() };
    let spec = policy(format!("policy {at}"), name.as_str()).using("true");
    let spec =
        if choice.flags[1] { spec.command(PolicyCommand::Select) } else { spec.with_check("(id > 0)") };
    let spec = if choice.flags[2] { spec.restrictive().to(["pg_monitor"]) } else { spec };
    let counted = statistics(format!("statistics {at}"), name.as_str(), ["id", "other"]);
    let counted = if choice.flags[3] { counted.mcv().target(50) } else { counted };
    schema.table(table).with(commented(spec, choice)).with(commented(counted, choice))
}

fn partitioned_table(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    let parent = base(choice, &name);
    let (parent, bound) = match choice.number % 3 {
        0 => (parent.partition_by_range(["id"]), Bound::range([1], [choice.number])),
        1 => (parent.partition_by_list(["id"]), Bound::list([1, choice.number])),
        _ => (parent.partition_by_hash(["id", "other"]), Bound::hash(4, 1)),
    };
    let child = table(format!("part of {name}")).partition_of(name.as_str(), bound);
    schema.table(parent).table(if choice.flags[0] { child.check("(id > 0)") } else { child })
}

fn heir(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    schema
        .table(base(choice, &name))
        .table(table(format!("heir of {name}")).col("more", text()).inherits(name.as_str()))
}

fn materialized(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let spec = materialized_view(called(choice, at), "SELECT 1 AS one").column_comment("one", "the only one");
    let spec =
        if choice.flags[0] { spec.index(index(["one"]).unique().named(format!("one {at}"))) } else { spec };
    schema.with(commented(if choice.flags[1] { spec.no_data() } else { spec }, choice))
}

fn excluding_table(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let table =
        base(choice, &called(choice, at)).col("during", native("int4range")).exclude([("during", "&&")]);
    schema.table(if choice.flags[0] { table.exclude_where("(id > 0)") } else { table })
}

fn published(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    let spec = publication(format!("publication {at}"));
    let spec =
        if choice.flags[0] { spec.table_columns(name.as_str(), ["id"]) } else { spec.table(name.as_str()) };
    let spec = if choice.flags[1] { spec.operations([PublishedOperation::Insert]) } else { spec.via_root() };
    schema.table(base(choice, &name)).with(commented(spec, choice))
}

fn own_collation(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let spec = match choice.flags[0] {
        true => collation(called(choice, at), "C"),
        false => collation(called(choice, at), "de-DE").provider("icu").nondeterministic(),
    };
    schema.with(commented(spec, choice))
}

fn own_schema(schema: Schema, choice: &Choice, at: usize) -> Schema {
    let name = called(choice, at);
    let inside = table((name.as_str(), "inside")).col("id", bigint());
    schema.with(commented(namespace(name.as_str()), choice).grant("USAGE", "PUBLIC")).table(inside)
}

/// Everything that a schema names.
fn ids(schema: &Schema) -> Vec<ObjectId> {
    schema.tables.keys().map(ObjectId::table).chain(schema.objects.keys().cloned()).collect()
}

async fn read(conn: &mut dyn Connection, ids: &[ObjectId]) -> Schema {
    conn.dialect().introspect(conn, ids).await.unwrap()
}

async fn create_read_and_drop(db: &TestDb) {
    let cases =
        std::env::var("DUNLIN_RANDOM_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES);
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let kinds = kinds(db.kind);
    let mut conn = db.open().await;
    let empty = dump(db, &[]).await;
    let mut ran = 0;
    for case in 0..cases {
        let choices = prop::collection::vec(choice(), 3..12).new_tree(&mut runner).unwrap().current();
        let schema = choices
            .iter()
            .enumerate()
            .fold(Schema::new(), |schema, (at, choice)| kinds[choice.kind % kinds.len()](schema, choice, at));
        schema.check().unwrap();
        create_all(&mut conn, &schema).await.unwrap_or_else(|error| panic!("case {case}: {error}\n{schema}"));
        let server = conn.connection().server().await.unwrap();
        let lowered = sorted(conn.connection().dialect().lower(&schema, &server).unwrap());
        let found = read(conn.connection(), &ids(&lowered)).await;
        same(&sorted(found.clone()), &lowered, &format!("case {case}: what was read isn't what was lowered"));
        let made = dump(db, &[]).await;
        for (at, choice) in choices.iter().enumerate() {
            if let Some(op) = operation(&found, choice) {
                let what = format!("case {case}, {at}: undoing: {op}");
                ran += usize::from(there_and_back(conn.connection(), op, &what).await);
                same_lines(&dump(db, &[]).await, &made, &what);
            }
        }
        drop_all(&mut conn, &schema).await.unwrap_or_else(|error| panic!("case {case}: {error}\n{schema}"));
        same_lines(&dump(db, &[]).await, &empty, &format!("case {case}: something is left"));
        // From what was read the server makes the same again, in its own words.
        create_all(&mut conn, &found).await.unwrap_or_else(|error| panic!("case {case}: {error}\n{found}"));
        same_lines(&dump(db, &[]).await, &made, &format!("case {case}: what was read makes something else"));
        drop_all(&mut conn, &found).await.unwrap();
    }
    assert!(ran >= 2 * cases, "only {ran} operations were done in {cases} cases");
}

/// An operation on something that is there: whatever its kind, it can be dropped, renamed and remarked upon.
fn operation(schema: &Schema, choice: &Choice) -> Option<Op> {
    let ids = ids(schema);
    let object = ids[choice.kind % ids.len()].clone();
    let (name, comment) = (format!("renamed {}", choice.name), Some("another remark".to_owned()));
    Some(match (object.kind, choice.number % 3) {
        // A schema that has something in it is dropped by nobody, and on PostgreSQL what is in it moves with it.
        (ObjectKind::Schema, 0 | 1) => return None,
        (ObjectKind::Table, 0) => Op::DropTable { table: object.name, if_exists: false, cascade: false },
        (ObjectKind::Table, 1) => Op::RenameTable { table: object.name, to: name },
        (ObjectKind::Table, _) => Op::SetTableComment { table: object.name, comment },
        (_, 0) => Op::DropObject { object, if_exists: false, cascade: false },
        (_, 1) => Op::RenameObject { object, to: name },
        _ => Op::AlterObject { object, change: ObjectChange::Comment(comment) },
    })
}

/// Does an operation and undoes it; one that the server can't do, or that has no way back, is left. Gives whether it was done.
async fn there_and_back(conn: &mut dyn Connection, op: Op, what: &str) -> bool {
    let Some(undo) = run(conn, &[op], what).await else { return false };
    let undone = run(conn, &undo, what).await;
    assert!(undone.is_some(), "{what}: what was done can't be undone");
    true
}

/// Runs operations, and gives what undoes them.
async fn run(conn: &mut dyn Connection, ops: &[Op], what: &str) -> Option<Vec<Op>> {
    let (dialect, server) = (conn.dialect(), conn.server().await.unwrap());
    let before = dialect.introspect(conn, &touched(ops)).await.unwrap();
    let lowered = dialect.lower_ops(ops, &before, &server).ok()?;
    let undo = reverse_all(&lowered, &before).ok()?;
    let statements = dialect.render(&lowered, &before, &server).ok()?;
    for statement in statements {
        let sql = &statement.sql;
        execute_statement(conn, &statement).await.unwrap_or_else(|error| panic!("{what}: {sql}: {error}"));
    }
    Some(undo)
}

/// Compares line by line, so that a difference can be read.
fn same_lines(found: &str, expected: &str, what: &str) {
    let only = |one: &str, other: &str| {
        let lines: Vec<String> =
            one.lines().filter(|line| !other.contains(line)).map(str::to_owned).collect();
        lines.join("\n")
    };
    assert!(
        found == expected,
        "{what}; found only:\n{}\nexpected only:\n{}",
        only(found, expected),
        only(expected, found)
    );
}

/// Compares object by object, so that a difference can be read.
fn same(found: &Schema, expected: &Schema, what: &str) {
    for (name, table) in &expected.tables {
        assert_eq!(found.get(name), Some(table), "{what}");
    }
    for (id, object) in &expected.objects {
        assert_eq!(found.objects.get(id), Some(object), "{what}: {id}");
    }
    assert_eq!(found.tables.len(), expected.tables.len(), "{what}");
    assert_eq!(found.objects.len(), expected.objects.len(), "{what}");
}

on_every_server!(schemas_are_created_as_they_are_lowered, create_read_and_drop);
