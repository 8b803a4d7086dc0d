//! Random tables, with what refers to them, looks at them and fires on them.

use dunlin::prelude::*;

use crate::server::Kind;
use crate::whole::dice::Dice;
use crate::whole::{kinds, table};

/// A schema of a few tables.
pub(crate) fn schema(dice: &mut Dice) -> Schema {
    let mut schema = Schema::new();
    for at in 0..1 + dice.below(2) {
        dice.at = at;
        schema = full(dice, schema);
    }
    let mut more: Vec<kinds::Add> = vec![table::referring, kinds::views];
    if !dice.is_postgres() {
        more.push(kinds::body_triggers);
    }
    if dice.is_mysql() {
        more.push(kinds::divided_table);
    }
    for at in 2..2 + dice.below(3) {
        dice.at = at;
        schema = dice.pick(&more)(dice, schema);
    }
    schema
}

/// A table with everything, and what would lose rows with it.
fn full(dice: &mut Dice, schema: Schema) -> Schema {
    let name = dice.name();
    let mut schema = schema.table(table::full(dice, &name));
    let numbered = dice.one_in(3) && !dice.is_postgres();
    let table = schema.tables.get_mut(&Name::from(name.as_str())).unwrap();
    match dice.below(5) {
        0 if !table.options.without_rowid && !dice.is_postgres() => {
            // Rows have nothing by which they are told, but SQLite's hidden rowids.
            table.primary_key = None;
            return schema;
        }
        // MySQL and MariaDB generate no column from a numbered one.
        1 | 2
            if numbered
                && !table.options.without_rowid
                && table.columns.iter().all(|column| column.generated.is_none()) =>
        {
            table.column_mut("id").unwrap().identity = Some(Identity::by_default());
        }
        _ => {}
    }
    // PostgreSQL lets rows that outlast a crash refer to no others.
    let is_unlogged = table.options.unlogged;
    match dice.below(4) {
        0 if !is_unlogged => kid(dice, schema, &name),
        1 => itself(schema, &name),
        2 if dice.kind == Kind::Sqlite => logged(dice, schema, &name),
        _ => schema,
    }
}

/// Rows that go with those that they refer to.
fn kid(dice: &mut Dice, schema: Schema, name: &str) -> Schema {
    let action = dice.pick(&[Action::Cascade, Action::SetNull, Action::NoAction]);
    let kid = table::base(dice, &format!("kid of {name}")).col("far", bigint());
    let kid = kid.primary_key(["id"]).foreign_key(["far"], name, ["id"]);
    schema.table(kid.on_delete(action).on_update(action))
}

/// Rows that refer to rows of the same table.
fn itself(mut schema: Schema, name: &str) -> Schema {
    let table = schema.tables.get_mut(&Name::from(name)).unwrap();
    table.columns.push(Column::new("far", bigint().into()));
    let mut key = ForeignKey::over(vec!["far".into()], name.into(), vec!["id".into()]);
    key.label = Label::Given(format!("to itself {name}"));
    key.on_delete = Action::Cascade;
    table.foreign_keys.push(key);
    schema
}

/// Triggers that tell on whoever inserts, changes or deletes a row.
fn logged(dice: &mut Dice, schema: Schema, name: &str) -> Schema {
    let log = format!("log of {}", dice.at);
    let tell = |what: &str| format!("BEGIN INSERT INTO \"{log}\" (id, word) VALUES (1, '{what}'); END");
    let spec = |what: &str| trigger(format!("{what} {log}"), name).body(tell(what));
    schema
        .table(table::base(dice, &log))
        .with(spec("insert").after().insert())
        .with(spec("update").before().update())
        .with(spec("delete").after().delete())
}
