//! The kinds of object that several servers have, and those of MySQL and MariaDB.

use dunlin::prelude::*;

use super::dice::Dice;
use super::table::base;
use crate::server::Kind;

/// Adds to a schema.
pub(crate) type Add = fn(&mut Dice, Schema) -> Schema;

pub(crate) fn commented<K>(spec: ObjectSpec<'static, K>, dice: &mut Dice) -> ObjectSpec<'static, K> {
    match dice.remark() {
        Some(comment) => spec.comment(comment),
        None => spec,
    }
}

/// A view on a table, and one on that view, as each server itself would write them.
pub(crate) fn views(dice: &mut Dice, schema: Schema) -> Schema {
    let at = dice.at;
    let (on, name, above) = (format!("t{at}"), format!("v{at}"), dice.name());
    let (table, kind) = (base(dice, &on), dice.kind);
    let postgres = |of: &str| select(kind, of);
    let query = |of: &str| {
        [
            (SQLITE, format!("SELECT id, other FROM {of}")),
            (POSTGRES, postgres(of)),
            (MYSQL | MARIADB, format!("select `{of}`.`id` AS `id`,`{of}`.`other` AS `other` from `{of}`")),
        ]
    };
    let lower = view(name.as_str(), query(&on));
    let lower = if dice.is_postgres() { commented(lower, dice) } else { lower };
    let mut upper = view(above, query(&name));
    if dice.kind != Kind::Sqlite {
        upper = match dice.below(5) {
            0 => upper.check_option(),
            1 => upper.local_check_option(),
            2 => upper.security_invoker(),
            3 if dice.is_postgres() => upper.security_barrier().column_default("other", 7),
            3 => upper.algorithm(dice.pick(&[Algorithm::Merge, Algorithm::Temptable])),
            _ => upper,
        };
    }
    if dice.is_postgres() && dice.coin() {
        upper = upper.column_comment("id", "it's \\ one").grant("SELECT", "pg_monitor");
    }
    schema.table(table).with(lower).with(upper)
}

/// A query as PostgreSQL prints it: 15 qualifies each column, and 18 none that needn't be.
pub(crate) fn select(kind: Kind, of: &str) -> String {
    match kind {
        Kind::Postgres15 => format!("SELECT {of}.id,\n    {of}.other\n   FROM {of}"),
        _ => format!("SELECT id,\n    other\n   FROM {of}"),
    }
}

/// A view of another's names.
pub(crate) fn renaming_view(dice: &mut Dice, schema: Schema) -> Schema {
    let query = [
        (SQLITE, "SELECT 1, 'it''s'"),
        (POSTGRES, "SELECT 1 AS \"a b\",\n    2 AS \"ü\""),
        (MYSQL | MARIADB, "select 1 AS `a b`,2 AS `ü`"),
    ];
    let spec = view(dice.name(), query);
    schema.with(if dice.kind == Kind::Sqlite { spec.columns(["a b", "ü"]) } else { spec })
}

/// Two triggers on a table, of which one follows the other where servers know of it.
pub(crate) fn body_triggers(dice: &mut Dice, schema: Schema) -> Schema {
    let (name, at) = (dice.name(), dice.at);
    let first = format!("fire {at}");
    let body = [(SQLITE, "BEGIN SELECT 1; END"), (MYSQL | MARIADB, "BEGIN SET @fired = 'it''s'; END")];
    let spec = trigger(first.as_str(), name.as_str()).body(body);
    let (before, event) = (dice.coin(), dice.below(3));
    let placed = |spec: ObjectSpec<'static, Trigger>| {
        let spec = if before { spec.before() } else { spec.after() };
        match event {
            0 => spec.insert(),
            1 => spec.update(),
            _ => spec.delete(),
        }
    };
    let mut spec = placed(spec);
    if dice.kind == Kind::Sqlite {
        if event == 1 && dice.coin() {
            spec = spec.update_of(["other", "id"]);
        }
        if dice.coin() {
            spec = spec.when(if event == 2 { "old.id > 0" } else { "new.id > 0" });
        }
    }
    let schema = schema.table(base(dice, &name)).with(spec);
    if dice.kind == Kind::Sqlite || dice.coin() {
        return schema;
    }
    let second = placed(trigger(format!("then {at}"), name.as_str()).body("SET @fired = 2"));
    schema.with(match dice.below(3) {
        0 => second.follows(first),
        1 => second.precedes(first),
        _ => second,
    })
}

/// A trigger in place of what is done to a view.
pub(crate) fn instead_trigger(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let spec = trigger(format!("instead {}", dice.at), name.as_str()).instead_of();
    let spec = if dice.coin() { spec.insert() } else { spec.update_of(["one"]) };
    schema.with(view(name, "SELECT 1 AS one")).with(spec.body("BEGIN SELECT 1; END"))
}

pub(crate) fn sql_routine(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    if dice.coin() {
        let spec = function(name).arg("a b", integer()).returns(integer()).body("RETURN `a b` + 1");
        let spec = if dice.coin() { spec.immutable() } else { spec.data_access(DataAccess::NoSql) };
        return schema.with(commented(spec, dice));
    }
    let spec = procedure(name).arg("a", integer()).out_arg("b", varchar(20)).inout_arg("c", bigint());
    let spec = spec.body("BEGIN SET b = 'it''s'; END");
    let spec = if dice.coin() { spec.security_invoker() } else { spec };
    let spec = match dice.below(3) {
        0 => spec.data_access(DataAccess::ReadsSqlData),
        1 => spec.data_access(DataAccess::ModifiesSqlData),
        _ => spec,
    };
    schema.with(commented(spec, dice))
}

pub(crate) fn scheduled_event(dice: &mut Dice, schema: Schema) -> Schema {
    let spec = event(dice.name());
    let spec = match dice.below(3) {
        0 => spec.at("'2037-01-01 00:00:00'"),
        1 => spec.every(format!("{} DAY", dice.number())).starts("'2030-01-01 00:00:00'"),
        _ => spec.every("5 HOUR").starts("'2030-01-01 00:00:00'").ends("'2036-01-01 00:00:00'"),
    };
    let spec = if dice.coin() { spec.preserve() } else { spec };
    let spec = match dice.below(3) {
        0 => spec.disabled(),
        1 => spec.disabled_on_replica(),
        _ => spec,
    };
    schema.with(commented(spec.body("SET @ran = 1"), dice))
}

/// A table in partitions by name or by number.
pub(crate) fn divided_table(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let table = base(dice, &name);
    let number = dice.number();
    schema.table(match dice.below(8) {
        0 => table
            .partition_by_range(["id"])
            .partition("p 0", Bound::less_than([number]))
            .partition_comment("it's the first")
            .partition("rest", Bound::less_than([sql("MAXVALUE")])),
        1 => table.partition_by_list(["id"]).partition("p", Bound::list([1, number])),
        2 => table.partition_by_hash(["id"]).partitions(2).linear(),
        3 => table.partition_by_hash(["id"]).partitions(4),
        4 => table
            .partition_by_range(["id", "other"])
            .partition("p 0", Bound::less_than([number, 5]))
            .partition("p 1", Bound::less_than([number + 5, 2]))
            .partition("p 2", Bound::less_than([sql("MAXVALUE"), sql("MAXVALUE")])),
        5 => {
            let table = table.partition_by_list(["id"]).partition("p", Bound::list([1, number]));
            let table = table.partition("q", Bound::list([2000, 2001])).partition_comment("über");
            if dice.kind == Kind::Mariadb { table.partition("rest", Bound::Default) } else { table }
        }
        6 => table.partition_by_key(["id"]).partitions(2).linear(),
        _ => table.partition_by_key(["id"]).partitions(3),
    })
}

/// A table that numbers its rows: by AUTO_INCREMENT, or SQLite's AUTOINCREMENT.
pub(crate) fn numbered_table(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let starts = dice.is_mysql() && dice.coin();
    let identity = if starts { Identity::default().start(dice.number()) } else { Identity::default() };
    let ty = if dice.is_mysql() { dice.pick(&[integer as fn() -> ColumnSpec, bigint])() } else { bigint() };
    let table = table(name.as_str()).col("id", ty.not_null().identity_with(identity)).col("other", integer());
    let table = table.col("word", varchar(40)).primary_key(["id"]);
    let table = if dice.coin() { table.unique(["other", "word"]) } else { table };
    let table = if dice.coin() { table.index_on(["word"]) } else { table };
    schema.table(match dice.remark() {
        Some(comment) => table.comment(comment),
        None => table,
    })
}

/// A sequence of its own or, on PostgreSQL, of a column.
pub(crate) fn own_sequence(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let spec = sequence(name.as_str()).start(dice.number()).increment(2);
    let spec = if dice.coin() { spec.max(5000).cycle() } else { spec };
    let spec = if dice.coin() { spec.cache(7) } else { spec };
    let spec = if dice.coin() { spec.min(-3) } else { spec };
    if !dice.is_postgres() {
        return schema.with(spec);
    }
    let spec = if dice.coin() { spec.as_type(integer()) } else { spec };
    let spec = if dice.coin() { spec.grant("USAGE", "pg_monitor") } else { spec };
    let spec = commented(spec, dice);
    if dice.coin() {
        return schema.with(spec);
    }
    let owner = format!("owner of {name}");
    schema.table(base(dice, &owner)).with(spec.owned_by(owner, "id"))
}

/// Who is there on each server before anybody is created.
pub(crate) fn grantee(kind: Kind) -> &'static str {
    match kind {
        Kind::Mysql => "mysql.sys@localhost",
        Kind::Mariadb => "mariadb.sys@localhost",
        _ => "pg_monitor",
    }
}

/// A table and a view of it, or a routine, with which somebody may do something.
pub(crate) fn granted(dice: &mut Dice, schema: Schema) -> Schema {
    let (name, to) = (dice.name(), grantee(dice.kind));
    if dice.one_in(3) {
        let routine = procedure(name).arg("a", integer()).body("BEGIN SET @called = a; END");
        return schema.with(routine.grant("EXECUTE", to));
    }
    let table = base(dice, &name);
    let table = if dice.coin() { table.grant(["SELECT", "DELETE"], to) } else { table };
    let mut schema = schema.table(table);
    let mut op = Ops::new();
    let on = ObjectId::table(name.as_str());
    match dice.below(3) {
        0 => _ = op.grant("INSERT", on, to).columns(["id", "other"]),
        1 => _ = op.grant("UPDATE", on, to).with_grant_option(),
        _ => _ = op.grant("TRIGGER", on, to),
    }
    for op in op.finish().unwrap().ops {
        apply(&mut schema, &op).unwrap();
    }
    schema
}

/// How the name of a database ends that belongs to these tests.
pub(crate) fn database_mark() -> String {
    format!("_of_{}", std::process::id())
}

/// A database beside the test's own.
pub(crate) fn own_database(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name() + &database_mark();
    let inside = table((name.as_str(), "inside")).col("id", bigint());
    let spec = namespace(name);
    let spec = if dice.coin() { spec.charset("latin1") } else { spec };
    let spec = if dice.coin() { spec.grant(["SELECT", "DELETE"], grantee(dice.kind)) } else { spec };
    schema.with(if dice.kind == Kind::Mariadb { commented(spec, dice) } else { spec }).table(inside)
}
