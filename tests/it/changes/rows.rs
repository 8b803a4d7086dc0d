//! Rows as the server itself writes them down, and puts them back.

use std::collections::BTreeMap;

use dunlin::Connection;
use dunlin::prelude::*;

use super::{follow, values};
use crate::whole::dice::Dice;

/// The column that SQLite hides.
pub(super) const ROWID: &str = "_rowid_";

/// How many rows a table is offered; it takes those that its keys and its checks let in.
const OFFERED: usize = 9;

/// What the tables hold.
#[derive(Debug, PartialEq)]
pub(super) struct Rows(pub(super) BTreeMap<Name, TableRows>);

/// What a table holds, each value as a literal of the server's own, in an order of the rows that depends on nothing else.
#[derive(Debug, PartialEq)]
pub(super) struct TableRows {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
    /// Where its numbering stands.
    pub(super) counter: Option<String>,
}

impl TableRows {
    /// The rows by some of their values.
    pub(super) fn only(&self, columns: &[usize]) -> Vec<Vec<&str>> {
        let mut rows = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            rows.push(columns.iter().map(|at| row[*at].as_str()).collect::<Vec<_>>());
        }
        rows.sort_unstable();
        rows
    }
}

impl Rows {
    pub(super) async fn read(conn: &mut dyn Connection, schema: &Schema) -> Self {
        let mut all = BTreeMap::new();
        for (name, table) in &schema.tables {
            // A partition's columns are its parent's.
            if !table.columns.is_empty() {
                all.insert(name.clone(), read(conn, table).await);
            }
        }
        Self(all)
    }

    pub(super) fn count(&self) -> usize {
        self.0.values().map(|table| table.rows.len()).sum()
    }

    /// Compares all values with those that the server makes of the same rows, but for what it takes from its clock.
    pub(super) fn same_values(
        &self,
        expected: &Self,
        ops: &[Op],
        before: &Self,
        schema: &Schema,
        what: &str,
    ) {
        for (name, rows) in &self.0 {
            let kept = follow::kept(ops, before, name);
            let of_the_moment = |column: &str| {
                let default = schema.tables[name].column(column).and_then(|column| column.default.as_ref());
                let text = default.map(|default| format!("{default:?}").to_lowercase()).unwrap_or_default();
                !kept.contains(column) && text.contains("current_timestamp")
            };
            let places: Vec<usize> = (0..rows.columns.len())
                .filter(|at| rows.columns[*at] != ROWID && !of_the_moment(&rows.columns[*at]))
                .collect();
            let (found, expected) = (rows.only(&places), expected.0[name].only(&places));
            assert_eq!(found, expected, "{what}: rows of {name} aren't what they are in a fresh table");
        }
    }
}

async fn server(conn: &mut dyn Connection) -> Server {
    conn.server().await.unwrap()
}

async fn quoted(conn: &mut dyn Connection, name: &str) -> String {
    let server = server(conn).await;
    conn.dialect().identifier(name, &server).unwrap()
}

async fn table_name(conn: &mut dyn Connection, name: &Name) -> String {
    let server = server(conn).await;
    conn.dialect().table(name, &server).unwrap()
}

async fn ask(conn: &mut dyn Connection, sql: &str) -> Vec<Vec<Option<String>>> {
    let rows = conn.query(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    rows.iter().map(|row| (0..row.0.len()).map(|index| row.text(index)).collect()).collect()
}

async fn run(conn: &mut dyn Connection, sql: &str, what: &str) {
    conn.execute(sql).await.unwrap_or_else(|error| panic!("{what}: {sql}: {error}"));
}

fn has_rowids(dialect: DialectId, table: &Table) -> bool {
    dialect == DialectId::Sqlite && !table.options.without_rowid && table.column(ROWID).is_none()
}

async fn read(conn: &mut dyn Connection, table: &Table) -> TableRows {
    let dialect = server(conn).await.dialect;
    let mut columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let mut literals = Vec::new();
    for column in &table.columns {
        let name = quoted(conn, &column.name).await;
        literals.push(literal(dialect, &name, &column.ty.to_string().to_lowercase()));
    }
    if has_rowids(dialect, table) {
        columns.insert(0, ROWID.into());
        literals.insert(0, ROWID.into());
    }
    let from = table_name(conn, &table.name).await;
    let answer = ask(conn, &format!("SELECT {} FROM {from}", literals.join(", "))).await;
    let null = |value: Option<String>| value.unwrap_or_else(|| "NULL".into());
    let mut rows: Vec<Vec<String>> =
        answer.into_iter().map(|row| row.into_iter().map(null).collect()).collect();
    rows.sort_unstable();
    let numbered = table.columns.iter().any(|column| column.identity.is_some());
    let counter = if numbered { counter(conn, dialect, &table.name.name).await } else { None };
    TableRows { columns, rows, counter }
}

/// An expression for a value as a literal.
fn literal(dialect: DialectId, column: &str, ty: &str) -> String {
    match dialect {
        DialectId::Sqlite => format!("quote({column})"),
        DialectId::Postgres => format!("quote_nullable(CAST({column} AS text))"),
        // As it is printed a float lacks digits, bits are bytes, and bytes may be no text.
        _ if ty.starts_with("float") => format!("CONCAT({column} + 0e0)"),
        _ if ["bit", "blob", "binary", "varbinary", "tinyblob", "mediumblob", "longblob"]
            .iter()
            .any(|bytes| ty.starts_with(bytes)) =>
        {
            format!("CONCAT('x''', HEX(CAST({column} AS BINARY)), '''')")
        }
        _ => format!("IF({column} IS NULL, NULL, QUOTE(CAST({column} AS CHAR CHARACTER SET utf8mb4)))"),
    }
}

/// Where a table's numbering stands.
async fn counter(conn: &mut dyn Connection, dialect: DialectId, table: &str) -> Option<String> {
    let text = format!("'{}'", table.replace('\'', "''"));
    let question = match dialect {
        DialectId::Sqlite => format!("SELECT seq FROM sqlite_sequence WHERE name = {text}"),
        DialectId::Postgres => return None,
        dialect => {
            if dialect == DialectId::Mysql {
                run(conn, "SET SESSION information_schema_stats_expiry = 0", "").await;
            }
            let own = "SELECT auto_increment FROM information_schema.tables WHERE table_schema = DATABASE()";
            format!("{own} AND table_name = {text}")
        }
    };
    ask(conn, &question).await.into_iter().next()?.into_iter().next()?
}

/// Puts rows into new tables, those first to which others refer.
pub(super) async fn fill(conn: &mut dyn Connection, dice: &mut Dice, schema: &Schema) {
    let mut left: Vec<&Table> = schema.tables.values().filter(|table| !table.columns.is_empty()).collect();
    if !dice.is_postgres() {
        run(conn, "BEGIN", "").await;
    }
    while !left.is_empty() {
        let waits = |table: &Table| {
            let mut keys = table.foreign_keys.iter().map(|key| &key.references);
            keys.any(|name| *name != table.name && left.iter().any(|table| table.name == *name))
        };
        let at = left.iter().position(|table| !waits(table)).unwrap();
        let table = left.remove(at);
        offer(conn, dice, table).await;
    }
    if !dice.is_postgres() {
        run(conn, "COMMIT", "").await;
    }
}

async fn offer(conn: &mut dyn Connection, dice: &mut Dice, table: &Table) {
    let name = table_name(conn, &table.name).await;
    let (mut columns, mut names) = (Vec::new(), Vec::new());
    for column in table.columns.iter().filter(|column| column.generated.is_none()) {
        let has_nulls = !column.not_null && dice.one_in(3);
        columns.push((column, has_nulls));
        names.push(quoted(conn, &column.name).await);
    }
    // Rows are not one behind the other.
    let rowids = has_rowids(server(conn).await.dialect, table) && table.primary_key.is_none();
    if rowids {
        names.push(ROWID.into());
    }
    for at in 0..OFFERED {
        let mut values = Vec::new();
        for (column, has_nulls) in &columns {
            let value = one(conn, dice, table, column, at).await;
            values.push(if *has_nulls && dice.one_in(3) { "NULL".into() } else { value });
        }
        if rowids {
            values.push((at * at * 7 + 3).to_string());
        }
        let names = names.join(", ");
        let overriding = if dice.is_postgres() { "OVERRIDING SYSTEM VALUE " } else { "" };
        let insert = format!("INSERT INTO {name} ({names}) {overriding}VALUES ({})", values.join(", "));
        // What keys and checks don't let in is left out.
        let _ = conn.execute(&insert).await;
    }
    if let Some(column) = table.columns.iter().find(|column| column.identity.is_some()) {
        let column = quoted(conn, &column.name).await;
        // Its number isn't given again.
        run(conn, &format!("DELETE FROM {name} WHERE {column} = {}", id(OFFERED - 1)), "").await;
    }
}

/// The value of a column in the row at a place.
async fn one(
    conn: &mut dyn Connection,
    dice: &mut Dice,
    table: &Table,
    column: &Column,
    at: usize,
) -> String {
    if column.name == "id" || column.identity.is_some() {
        return id(at).to_string();
    }
    let key = table.foreign_keys.iter().find(|key| key.columns == [column.name.clone()]);
    if let Some(key) = key {
        let from = table_name(conn, &key.references).await;
        let far = quoted(conn, &key.references_columns[0]).await;
        let there = ask(conn, &format!("SELECT {far} FROM {from} ORDER BY {far}")).await;
        let there: Vec<String> = there.into_iter().flatten().flatten().collect();
        return if there.is_empty() { "NULL".into() } else { dice.pick(&there) };
    }
    values::value(dice, &column.ty, table.options.strict)
}

/// The key of the row at a place: with gaps, below nothing, and great ones.
fn id(at: usize) -> i64 {
    const IDS: [i64; OFFERED] = [1, 2, -5, 70, 12, 2_147_483_648, 9, 500, 4_000_000_000];
    IDS[at]
}

/// Puts what was in the tables before into those that were made fresh, as far as it was kept.
pub(super) async fn refill(
    conn: &mut dyn Connection,
    ops: &[Op],
    before: &Rows,
    found: &Schema,
    model: &Schema,
    what: &str,
) {
    let dialect = server(conn).await.dialect;
    for setting in match dialect {
        DialectId::Sqlite => &["PRAGMA foreign_keys = OFF"][..],
        DialectId::Postgres => &["SET session_replication_role = replica"],
        _ => &["SET foreign_key_checks = 0", "SET sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')"],
    } {
        run(conn, setting, what).await;
    }
    if dialect == DialectId::Sqlite {
        // They write into other tables.
        let triggers = ask(conn, "SELECT name FROM sqlite_schema WHERE type = 'trigger'").await;
        for name in triggers.into_iter().flatten().flatten() {
            let name = quoted(conn, &name).await;
            run(conn, &format!("DROP TRIGGER {name}"), what).await;
        }
    }
    for name in before.0.keys() {
        let (old, rows) = (&found.tables[name], &before.0[name]);
        let Some(new) = follow::table(ops, name).map(|name| &model.tables[&name]) else { continue };
        let into = table_name(conn, &new.name).await;
        let (mut places, mut names) = (Vec::new(), Vec::new());
        for (at, column) in rows.columns.iter().enumerate() {
            if column == ROWID {
                if follow::keeps_rowids(ops, old, new) {
                    places.push((at, String::new()));
                    names.push(ROWID.into());
                }
                continue;
            }
            let Some(kept) = follow::column(ops, name, column) else { continue };
            if let Some(is) = new.column(&kept.column).filter(|column| column.generated.is_none()) {
                // There a literal isn't always one of the new type too.
                let was = old.column(column).filter(|_| kept.is_changed && dialect == DialectId::Postgres);
                let cast = was.map(|was| format!("::{}::{}", was.ty, is.ty)).unwrap_or_default();
                places.push((at, cast));
                names.push(quoted(conn, &kept.column).await);
            }
        }
        if rows.rows.is_empty() || places.is_empty() {
            continue;
        }
        let row = |row: &Vec<String>| {
            let values = places.iter().map(|(at, cast)| format!("{}{cast}", row[*at]));
            format!("({})", values.collect::<Vec<_>>().join(", "))
        };
        let tuples: Vec<String> = rows.rows.iter().map(row).collect();
        let overriding = if dialect == DialectId::Postgres { "OVERRIDING SYSTEM VALUE " } else { "" };
        let names = names.join(", ");
        run(conn, &format!("INSERT INTO {into} ({names}) {overriding}VALUES {}", tuples.join(", ")), what)
            .await;
    }
}
