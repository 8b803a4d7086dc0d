//! The kinds of object that PostgreSQL alone has.

use dunlin::prelude::*;

use self::divided::{heir, partitioned_table};
use super::dice::Dice;
use super::kinds::{Add, commented, select};
use super::table::base;
use crate::server::Kind;

mod divided;

pub(super) const KINDS: [Add; 21] = [
    named_type,
    sql_function,
    plpgsql_routine,
    calling_trigger,
    statement_trigger,
    ruled,
    secured_table,
    partitioned_table,
    heir,
    materialized,
    excluding_table,
    published,
    own_collation,
    own_schema,
    default_privileges,
    counted,
    granted,
    marked,
    extended,
    unproven,
    over_periods,
];

fn named_type(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    match dice.below(3) {
        0 => {
            let quoted = format!("\"{}\"", name.replace('"', "\"\""));
            let spec = commented(enum_type(name.as_str(), ["a", "it's", "ü"]), dice);
            schema.with(spec).table(base(dice, &format!("of {name}")).col("mood", native(quoted)))
        }
        1 => {
            let checked = varchar(30).check("((VALUE)::text <> ''::text)");
            let checked = if dice.coin() { checked.not_null() } else { checked };
            let check = conventional_name(&name.as_str().into(), &[], "check");
            let spec = domain(name, checked).check_comment(check, "it's some");
            schema.with(commented(spec, dice).grant("USAGE", "pg_monitor"))
        }
        _ => schema.with(commented(
            composite(name)
                .field("a b", text())
                .field("c", array(integer()))
                .field("d", varchar(9).collate("C").comment("it's one")),
            dice,
        )),
    }
}

fn sql_function(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let spec = match dice.below(5) {
        0 => function(name)
            .arg("a", integer())
            .arg("b", text().default("x"))
            .returns(integer())
            .body("SELECT a"),
        1 => function(name).variadic_arg("all", array(integer())).returns(integer()).body("SELECT 1"),
        2 => function(name)
            .arg("a", integer())
            .out_arg("b", integer())
            .out_arg("c", text())
            .body("SELECT a, 'x'"),
        3 => function(name).returns_table([("one", integer()), ("a b", text())]).body("SELECT 1, 'x'"),
        _ => function(name).arg("a", bigint()).returns_set_of(bigint()).rows(0.7).body("SELECT a"),
    };
    let spec = match dice.below(3) {
        0 => spec.immutable().strict(),
        1 => spec.stable().parallel_safe(),
        _ => spec.parallel_restricted(),
    };
    let spec = if dice.coin() { spec.security_definer().set("search_path", "pg_catalog") } else { spec };
    let spec = if dice.coin() { spec.cost(7.25) } else { spec };
    let spec = if dice.coin() { spec.leakproof() } else { spec };
    let spec = match dice.one_in(4) {
        true => spec.support(("pg_catalog", "generate_series_int4_support")),
        false => spec,
    };
    let spec = if dice.coin() { spec.grant("EXECUTE", "pg_monitor") } else { spec };
    schema.with(commented(spec, dice))
}

fn plpgsql_routine(dice: &mut Dice, schema: Schema) -> Schema {
    let spec = procedure(dice.name()).arg("a", integer()).language("plpgsql");
    let spec = if dice.coin() { spec.inout_arg("b", text()) } else { spec };
    schema.with(commented(spec.body("BEGIN NULL; END"), dice))
}

/// A function for triggers to call.
fn called(dice: &Dice, body: &str) -> (String, ObjectSpec<'static, Routine>) {
    let name = format!("fn {}", dice.at);
    let spec = function(name.as_str()).returns_trigger().language("plpgsql").body(body);
    (name, spec)
}

fn calling_trigger(dice: &mut Dice, schema: Schema) -> Schema {
    let (name, at) = (dice.name(), dice.at);
    let (calls, body) = called(dice, "BEGIN RETURN NEW; END");
    let spec = trigger(format!("fire {at}"), name.as_str()).insert();
    let spec = match dice.below(3) {
        0 => spec.before().update_of(["other"]).delete(),
        1 => spec.after().update().initially_deferred(),
        _ => spec.after().update().when("(new.other > 0)"),
    };
    let spec = if dice.coin() { spec.call_with(calls, ["it's"]) } else { spec.call(calls) };
    let spec = match dice.below(4) {
        0 => spec.disabled(),
        1 => spec.enabled_always(),
        2 => spec.enabled_on_replica(),
        _ => spec,
    };
    schema.table(base(dice, &name)).with(body).with(commented(spec, dice))
}

fn statement_trigger(dice: &mut Dice, schema: Schema) -> Schema {
    let (name, at) = (dice.name(), dice.at);
    let (calls, body) = called(dice, "BEGIN RETURN NULL; END");
    let spec = trigger(format!("fire {at}"), name.as_str()).after().for_each_statement();
    let spec = match dice.below(4) {
        0 => spec.update().old_table("old rows").new_table("new rows"),
        1 => spec.insert().new_table("new rows"),
        2 => spec.delete().old_table("old rows"),
        _ => spec.truncate(),
    };
    schema.table(base(dice, &name)).with(body).with(commented(spec.call(calls), dice))
}

fn ruled(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let held = rule(format!("rule {}", dice.at), name.as_str());
    let held = if dice.coin() { held.on_delete() } else { held.on_update() };
    let held = if dice.coin() { held.when("(old.id > 0)") } else { held };
    schema.table(base(dice, &name)).with(commented(held.instead_nothing(), dice))
}

fn secured_table(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let table = base(dice, &name).grant("SELECT", "PUBLIC").storage("fillfactor", "70");
    let table = if dice.coin() { table.row_security() } else { table.force_row_security() };
    let spec = policy(format!("policy {}", dice.at), name.as_str());
    let spec = match dice.below(4) {
        0 => spec.command(PolicyCommand::Select).using("(id > 0)"),
        1 => spec.command(PolicyCommand::Insert).with_check("(id > 0)"),
        2 => spec.command(PolicyCommand::Update).using("true").with_check("(id > 0)"),
        _ => spec.using("true").with_check("(id > 0)"),
    };
    let spec = if dice.coin() { spec.restrictive().to(["pg_monitor"]) } else { spec };
    schema.table(table).with(commented(spec, dice))
}

fn counted(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let counted = statistics(format!("statistics {}", dice.at), name.as_str(), ["id", "other"]);
    let counted = match dice.below(3) {
        0 => counted.mcv().target(50),
        1 => counted.ndistinct().dependencies(),
        _ => counted,
    };
    schema.table(base(dice, &name)).with(commented(counted, dice))
}

/// Keys over a period, and a foreign key to them. Ranges need no extension.
fn over_periods(dice: &mut Dice, schema: Schema) -> Schema {
    if dice.kind == Kind::Postgres15 {
        return unproven(dice, schema);
    }
    let name = dice.name();
    let (range, far) = (|| native("int4range").not_null(), format!("far {name}"));
    let target = base(dice, &far).col("room", range()).col("during", range());
    let target = match dice.coin() {
        true => target.primary_key(["room", "during"]).without_overlaps(),
        false => target.unique(["room", "during"]).without_overlaps(),
    };
    let spec = base(dice, &name).col("room", range()).col("during", range());
    let spec = spec.foreign_key(["room", "during"], far, ["room", "during"]).period();
    schema.table(target).table(spec)
}

fn materialized(dice: &mut Dice, schema: Schema) -> Schema {
    let at = dice.at;
    let on = format!("m{at}");
    let spec = materialized_view(dice.name(), select(dice.kind, &on)).column_comment("id", "the only one");
    let spec = if dice.coin() {
        let spec = spec
            .index(index(["id"]).unique().named(format!("one {at}")))
            .index(index([desc("other")]).named(format!("two {at}")));
        if dice.coin() { spec.cluster_on(format!("two {at}")) } else { spec }
    } else {
        spec
    };
    let spec = if dice.coin() { spec.storage("fillfactor", "70") } else { spec };
    let spec = match dice.space.clone() {
        Some(space) if dice.one_in(4) => spec.tablespace(space),
        Some(_) if dice.one_in(4) => spec.access_method("piles"),
        _ => spec,
    };
    let spec = if dice.coin() { spec.column_option("other", "statistics", "70") } else { spec };
    let spec = if dice.coin() { spec.grant("SELECT", "PUBLIC") } else { spec };
    let spec = commented(if dice.coin() { spec.no_data() } else { spec }, dice);
    schema.table(base(dice, &on)).with(spec)
}

fn excluding_table(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let table = base(dice, &name).col("during", native("int4range"));
    let table = match dice.below(4) {
        0 => table.exclude([("other", "=")]).exclude_using("hash"),
        1 => table.exclude([("id", "="), ("other", "=")]).exclude_using("btree").include(["word"]),
        2 => table.exclude([("during", "&&")]).include(["during"]),
        _ => table.exclude([("during", "&&")]),
    };
    let table = match dice.below(3) {
        0 => table.deferrable(),
        1 => table.initially_deferred(),
        _ => table,
    };
    schema.table(if dice.coin() { table.exclude_where("(id > 0)") } else { table })
}

fn published(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let spec = publication(format!("publication {}", dice.at));
    let spec = match dice.below(5) {
        0 => spec.table_columns(name.as_str(), ["id"]),
        1 => spec.table_where(name.as_str(), "(id > 7)"),
        2 => spec.all_tables(),
        3 => spec.schema("public"),
        _ => spec.table(name.as_str()),
    };
    let spec = if dice.kind == Kind::Postgres18 && dice.coin() { spec.generated_columns() } else { spec };
    let spec = match dice.below(3) {
        0 => spec.operations([PublishedOperation::Insert]),
        1 => spec.via_root(),
        _ => spec,
    };
    schema.table(base(dice, &name)).with(commented(spec, dice))
}

fn own_collation(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let spec = match dice.below(3) {
        0 => collation(name, "C"),
        1 if dice.kind == Kind::Postgres18 => collation(name, "und").provider("icu").rules("&V << w <<< W"),
        _ => collation(name, "de-DE").provider("icu").nondeterministic(),
    };
    schema.with(commented(spec, dice))
}

fn own_schema(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let inside = table((name.as_str(), "inside")).col("id", bigint());
    schema.with(commented(namespace(name.as_str()), dice).grant("USAGE", "PUBLIC")).table(inside)
}

/// What will be granted of whatever is created in a schema from now on.
fn default_privileges(dice: &mut Dice, schema: Schema) -> Schema {
    let name = format!("defaults {}", dice.at);
    let (of, privilege) = dice.pick(&[
        ("tables", "SELECT"),
        ("sequences", "USAGE"),
        ("functions", "EXECUTE"),
        ("types", "USAGE"),
    ]);
    let mut schema = schema.with(namespace(name.as_str()));
    let mut op = Ops::new();
    op.grant_by_default(privilege, of, "pg_monitor").in_schema(name);
    for op in op.finish().unwrap().ops {
        apply(&mut schema, &op).unwrap();
    }
    schema
}

/// A table that has an order, and columns by which subscribers know its rows.
fn marked(dice: &mut Dice, schema: Schema) -> Schema {
    let (name, marked) = (dice.name(), format!("marked {}", dice.at));
    let over = index(["id"]).unique().named(marked.as_str());
    let table = base(dice, &name).index(over);
    let table = if dice.coin() { table.cluster_on(marked.as_str()) } else { table };
    let identity = match dice.below(4) {
        0 => ReplicaIdentity::Full,
        1 => ReplicaIdentity::Nothing,
        2 => ReplicaIdentity::Index(marked),
        _ => ReplicaIdentity::PrimaryKey,
    };
    schema.table(table.replica_identity(identity))
}

/// A table whose constraints hold for new rows alone, as it is read; nobody says so of rows that aren't there yet.
fn unproven(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let schema = schema.table(base(dice, &format!("far {name}")).primary_key(["id"]));
    let table = base(dice, &name).check("(other > 0)").foreign_key(["id"], format!("far {name}"), ["id"]);
    let mut schema = schema.table(table);
    if let Some(table) = schema.tables.get_mut(&Name::from(name)) {
        let checks = table.checks.iter_mut().map(|check| &mut check.enforcement);
        let keys = table.foreign_keys.iter_mut().map(|key| &mut key.enforcement);
        checks.chain(keys).for_each(|enforcement| *enforcement = Enforcement::NotValid);
    }
    schema
}

/// An extension; a database has one of each name.
fn extended(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.pick(&["citext", "hstore"]);
    match schema.objects.contains_key(&ObjectId::extension(name)) {
        true => schema,
        false => schema.with(commented(extension(name), dice)),
    }
}

/// A table, of which columns are granted, and of which who may may let others.
fn granted(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let mut schema = schema.table(base(dice, &name));
    let mut op = Ops::new();
    let on = ObjectId::table(name.as_str());
    op.grant("SELECT", on.clone(), "pg_monitor").columns(["id", "other"]);
    if dice.coin() {
        op.grant("INSERT", on.clone(), "pg_monitor").with_grant_option();
    }
    if dice.coin() {
        op.grant("UPDATE", on, "pg_read_all_data").columns(["other"]).with_grant_option();
    }
    for op in op.finish().unwrap().ops {
        apply(&mut schema, &op).unwrap();
    }
    if dice.coin()
        && let Some(table) = schema.tables.get_mut(&Name::from(name))
    {
        table.notes.0.owner = Some("pg_database_owner".into());
    }
    schema
}
