//! Tables with all that a server lets a table have.

use dunlin::prelude::*;

use super::dice::Dice;
use crate::server::Kind;

/// A table for others to stand on: nobody needs to quote the names of its first columns.
pub(crate) fn base(dice: &mut Dice, name: &str) -> TableSpec<'static> {
    let table = table(name).col("id", bigint().not_null()).col("other", integer()).col("word", varchar(40));
    match dice.remark() {
        Some(comment) => table.comment(comment),
        None => table,
    }
}

/// A table with columns, constraints, indexes and options of every kind.
pub(crate) fn full(dice: &mut Dice, name: &str) -> TableSpec<'static> {
    let mut table = base(dice, name).primary_key(["id"]);
    if dice.coin() {
        table = table.named(format!("pk {}", dice.at));
    }
    let mut keys = Vec::new();
    for at in 0..dice.below(5) {
        let name = format!("{} {at}", dice.word());
        let (spec, is_key) = column(dice);
        table = table.col(name.as_str(), spec);
        if is_key {
            keys.push(name);
        }
    }
    if dice.coin() {
        table = numbered(dice, table);
    }
    table = constrained(dice, table);
    for at in 0..dice.below(3) {
        table = table.index(index_over(dice, &keys, at));
    }
    options(dice, table)
}

pub(crate) fn full_table(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let schema = schema.table(full(dice, &name));
    remarked(dice, schema, &name)
}

/// The same with remarks on a table's constraints, where a server keeps them.
fn remarked(dice: &mut Dice, mut schema: Schema, name: &str) -> Schema {
    if let Some(table) = schema.tables.get_mut(&Name::from(name))
        && dice.is_postgres()
    {
        let names: Vec<_> =
            table.constraints().filter_map(|of| Some(of.label().name()?.to_owned())).collect();
        for name in names {
            table.constraint_comments.extend(dice.remark().map(|remark| (name, remark.to_owned())));
        }
    }
    schema
}

/// A table and another that refers to it.
pub(crate) fn referring(dice: &mut Dice, schema: Schema) -> Schema {
    use Action::{Cascade, NoAction, Restrict, SetDefault, SetNull};
    let name = dice.name();
    let target = base(dice, &name).primary_key(["id"]);
    let mut spec = base(dice, &format!("to {name}")).col("far", bigint());
    spec = spec.foreign_key(["far"], name.as_str(), ["id"]);
    if dice.coin() {
        spec = spec.named(format!("fk {}", dice.at));
    }
    // InnoDB has no SET DEFAULT.
    let actions: &[Action] = if dice.is_mysql() {
        &[NoAction, Restrict, Cascade, SetNull]
    } else {
        &[NoAction, Restrict, Cascade, SetNull, SetDefault]
    };
    let on_delete = dice.pick(actions);
    spec = spec.on_delete(on_delete).on_update(dice.pick(actions));
    if dice.is_postgres() && matches!(on_delete, SetNull | SetDefault) && dice.coin() {
        spec = spec.on_delete_columns(["far"]);
    }
    if !dice.is_mysql() {
        spec = match dice.below(3) {
            0 => spec.deferrable(),
            1 => spec.initially_deferred(),
            _ => spec,
        };
    }
    if dice.is_postgres() && dice.coin() {
        spec = spec.match_full();
    }
    if dice.kind == Kind::Postgres18 && dice.one_in(3) {
        spec = spec.not_enforced();
    }
    schema.table(target).table(spec)
}

/// A column of any type with any attributes, and whether an index can be over it as it is.
pub(crate) fn column(dice: &mut Dice) -> (ColumnSpec, bool) {
    let mut spec;
    let is_key;
    match dice.below(if dice.kind == Kind::Sqlite { 7 } else { 9 }) {
        0 => {
            spec = dice.pick(&[smallint as fn() -> ColumnSpec, integer, bigint])();
            is_key = true;
            if dice.coin() {
                spec = spec.default(dice.number());
            }
        }
        1 => {
            spec = varchar(dice.number() as u32 % 90 + 20);
            is_key = true;
            if dice.coin() {
                spec = spec.default("it's \\ \"x\" ü");
            }
            spec = collated(dice, spec);
        }
        2 => {
            spec = decimal(10, 2);
            is_key = true;
            if dice.coin() {
                spec = spec.default(1.25);
            }
        }
        3 => {
            spec = dice.pick(&[text as fn() -> ColumnSpec, blob, json, double, real, uuid])();
            is_key = false;
        }
        4 => {
            spec = dice.pick(&[date as fn() -> ColumnSpec, time, timestamp])();
            is_key = true;
        }
        5 => {
            spec = boolean();
            is_key = true;
            if dice.coin() {
                spec = spec.default(dice.coin());
            }
        }
        6 => return (generated(dice), false),
        7 => {
            spec = timestamp().precision(dice.below(6) as u8 + 1);
            is_key = true;
            if dice.is_mysql() && dice.coin() {
                spec = timestamp().default(sql("CURRENT_TIMESTAMP")).on_update_to("CURRENT_TIMESTAMP");
            }
        }
        _ => {
            spec = match dice.is_postgres() {
                true => dice.pick(&[
                    array(integer()),
                    inet(),
                    interval(),
                    bit(7),
                    native("int4range"),
                    timestamptz().precision(3),
                ]),
                false => dice.pick(&[
                    set(["a", "b's"]),
                    enumeration(["x", "y's"]),
                    bigint().unsigned(),
                    year(),
                    bit(7),
                    tinyint(),
                ]),
            };
            is_key = false;
        }
    }
    // MariaDB wants an invisible column to have a default or to take NULL.
    match dice.below(8) {
        0..3 => spec = spec.not_null(),
        3 | 4 if dice.is_mysql() => spec = spec.invisible(),
        5 if dice.is_postgres() => spec = kept(dice, spec),
        _ => {}
    }
    if let Some(comment) = dice.remark() {
        spec = spec.comment(comment);
    }
    (spec, is_key)
}

/// How PostgreSQL keeps a column's values, and what it counts of them.
fn kept(dice: &mut Dice, spec: ColumnSpec) -> ColumnSpec {
    let is_long = matches!(ColumnType::from(spec.clone()), ColumnType::Text(_) | ColumnType::Varchar(_));
    match (is_long, dice.below(4)) {
        (true, 0) => spec.option("compression", "pglz"),
        (true, 1) => spec.option("storage", dice.pick(&["external", "main"])),
        (true, 2) => {
            spec.option("storage", "main").option("compression", "pglz").option("n_distinct", "-0.5")
        }
        _ => spec.option("statistics", "77").option("n_distinct", "5"),
    }
}

fn collated(dice: &mut Dice, spec: ColumnSpec) -> ColumnSpec {
    match (dice.kind, dice.below(3)) {
        (Kind::Sqlite, 0) => spec.collate("NOCASE"),
        (Kind::Postgres15 | Kind::Postgres18, 0) => spec.collate("C"),
        (Kind::Mysql | Kind::Mariadb, 0) => spec.charset("latin1"),
        (Kind::Mysql | Kind::Mariadb, 1) => spec.collate("utf8mb4_bin"),
        _ => spec,
    }
}

fn generated(dice: &mut Dice) -> ColumnSpec {
    let text = match dice.kind {
        Kind::Sqlite => "id + 1",
        Kind::Postgres15 | Kind::Postgres18 => "(id + 1)",
        Kind::Mysql | Kind::Mariadb => "`id` + 1",
    };
    match dice.kind != Kind::Postgres15 && dice.coin() {
        true => bigint().generated_virtual(text),
        false => bigint().generated_stored(text),
    }
}

/// A table whose numbers come by themselves.
fn numbered(dice: &mut Dice, table: TableSpec<'static>) -> TableSpec<'static> {
    if !dice.is_postgres() {
        return table;
    }
    let identity = if dice.coin() { Identity::always() } else { Identity::by_default() };
    let identity = match dice.below(3) {
        0 => identity.start(dice.number()).increment(3).cache(5),
        1 => identity.min(-5).max(70_000).cycle(),
        _ => identity,
    };
    table.col("numbered", bigint().identity_with(identity))
}

fn constrained(dice: &mut Dice, table: TableSpec<'static>) -> TableSpec<'static> {
    let mut table = table;
    if dice.coin() {
        table = table.unique(["other", "word"]);
        if dice.coin() {
            table = table.named(format!("uq {}", dice.at));
        }
        if dice.is_postgres() {
            table = match dice.below(5) {
                0 => table.nulls_not_distinct(),
                1 => table.include(["id"]),
                2 => table.deferrable(),
                3 => table.initially_deferred(),
                _ => table,
            };
        }
    }
    if dice.coin() {
        table = table.check(match dice.kind {
            Kind::Sqlite => "other > 0",
            Kind::Postgres15 | Kind::Postgres18 => "(other > 0)",
            Kind::Mysql | Kind::Mariadb => "`other` > 0",
        });
        table = match (dice.kind, dice.below(3)) {
            (Kind::Postgres15 | Kind::Postgres18, 0) => table.no_inherit(),
            (Kind::Mysql | Kind::Postgres18, 1) => table.not_enforced(),
            _ => table,
        };
        if dice.coin() {
            table = table.named(format!("ck {}", dice.at));
        }
    }
    table
}

fn index_over(dice: &mut Dice, keys: &[String], at: usize) -> IndexSpec<'static> {
    let name = format!("{} ix {} {at}", dice.word(), dice.at);
    let mut over = Vec::new();
    for column in ["other", "word"].into_iter().chain(keys.iter().map(String::as_str)) {
        if dice.coin() {
            over.push(key(dice, column));
        }
    }
    let has_expr = dice.one_in(3) && dice.kind != Kind::Mariadb;
    if over.is_empty() && !has_expr {
        over.push(asc("id"));
    }
    // MariaDB has no indexes on expressions.
    if has_expr {
        over.push(match dice.kind {
            Kind::Sqlite => expr("other + 1"),
            Kind::Mysql | Kind::Mariadb => expr("`other` + 1"),
            Kind::Postgres15 | Kind::Postgres18 => expr("lower((word)::text)"),
        });
    }
    let unique = dice.one_in(3);
    let places = over.len() as u32;
    let mut spec = index(over);
    if unique {
        spec = spec.unique();
    }
    spec = spec.named(name);
    if dice.is_postgres() {
        spec = match dice.below(5) {
            0 => spec.include(["id"]),
            1 if unique => spec.nulls_not_distinct(),
            2 => spec.filter("(other > 0)"),
            3 => spec.storage("fillfactor", "70"),
            _ => spec,
        };
        if has_expr && dice.coin() {
            spec = spec.statistics(places, dice.below(900) as u32);
        }
        if dice.one_in(6) {
            let name = format!("by method {} {at}", dice.at);
            spec = index(["other"]).method(dice.pick(&["hash", "brin"])).named(name);
        }
        if dice.one_in(6) {
            spec = index([asc("word").opclass("varchar_pattern_ops")])
                .named(format!("by class {} {at}", dice.at));
        }
        if dice.one_in(6) {
            let key = asc("other").opclass("int4_minmax_multi_ops").opclass_option("values_per_range", "16");
            spec = index([key]).method("brin").named(format!("by options {} {at}", dice.at));
        }
    }
    if dice.kind == Kind::Sqlite && dice.one_in(3) {
        spec = spec.filter("other > 0");
    }
    if dice.is_mysql() && dice.one_in(5) {
        spec = index([asc("word").prefix(7)]).named(format!("by prefix {} {at}", dice.at));
    }
    if dice.is_mysql() && dice.one_in(6) {
        spec = index(["word"]).method("FULLTEXT").named(format!("full text {} {at}", dice.at));
        if dice.kind == Kind::Mysql && dice.coin() {
            spec = spec.parser("ngram");
        }
    }
    if let Some(space) = dice.space.clone().filter(|_| dice.one_in(8)) {
        spec = spec.tablespace(space);
    }
    // How PostgreSQL keeps it means nothing elsewhere.
    if !dice.is_postgres() && dice.one_in(8) {
        spec = spec.storage("fillfactor", "70").statistics(1, 7);
    }
    match dice.remark() {
        Some(comment) => spec.comment(comment),
        None => spec,
    }
}

fn key(dice: &mut Dice, column: &str) -> IndexKey {
    // MariaDB 10.8 and newer have descending keys.
    let key = if dice.one_in(3) { desc(column) } else { asc(column) };
    if !dice.is_postgres() {
        return key;
    }
    let key = match dice.below(4) {
        0 => key.nulls_first(),
        1 => key.nulls_last(),
        _ => key,
    };
    if column == "word" && dice.one_in(3) { key.collate("C") } else { key }
}

fn options(dice: &mut Dice, table: TableSpec<'static>) -> TableSpec<'static> {
    match (dice.kind, dice.below(7)) {
        (Kind::Sqlite, 0) => table.strict(),
        (Kind::Sqlite, 1) => table.without_rowid(),
        (Kind::Postgres15 | Kind::Postgres18, 0) => table.unlogged(),
        (Kind::Postgres15 | Kind::Postgres18, 1) => {
            table.storage("fillfactor", "70").storage("autovacuum_enabled", "false")
        }
        (Kind::Postgres15 | Kind::Postgres18, 2) => {
            table.grant("SELECT", "PUBLIC").grant(["INSERT", "UPDATE"], "pg_monitor")
        }
        (Kind::Postgres15 | Kind::Postgres18, below) => match dice.space.clone() {
            Some(space) if below == 3 => table.tablespace(space),
            Some(_) if below == 4 => table.access_method("piles"),
            _ => table,
        },
        // None that a column has: MySQL remembers whether that was said of the column too, and nobody else can tell.
        (Kind::Mysql | Kind::Mariadb, 0) => table.charset("latin2"),
        (Kind::Mysql | Kind::Mariadb, 1) => table.collate("utf8mb4_unicode_ci"),
        (Kind::Mysql | Kind::Mariadb, 2) => {
            table.row_format("COMPRESSED").engine_option("key_block_size", "8")
        }
        (Kind::Mysql | Kind::Mariadb, 3) => {
            table.engine_option("stats_persistent", "0").engine_option("max_rows", "1000")
        }
        (Kind::Mysql, 4) => table.engine_option("autoextend_size", "4194304"),
        (Kind::Mariadb, 4) => {
            table.engine_option("page_compressed", "1").engine_option("page_compression_level", "4")
        }
        (Kind::Mysql | Kind::Mariadb, 5) => table.row_format("COMPRESSED"),
        (Kind::Mysql, 6) => table.tablespace("innodb_system"),
        _ => table,
    }
}
