//! Reads tables back from the catalog: one question a kind, for all tables at once.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Action, Check, Column, ColumnType, Connection, ConnectionError, Deferrable, Dependent, DependentKind,
    DialectId, ErrorKind, Expr, ForeignKey, Generated, Identity, Index, IndexKey, KeyPart, Match, Name,
    Nulls, PerDialect, PrimaryKey, Row, Schema, Table, Unique, Unsupported, Version,
};

use crate::sql::{Sql, given, list};

const TABLES: &str = include_str!("sql/tables.sql");
const COLUMNS: &str = include_str!("sql/columns.sql");
const CONSTRAINTS: &str = include_str!("sql/constraints.sql");
const INDEXES: &str = include_str!("sql/indexes.sql");
const DEPENDENTS: &str = include_str!("sql/dependents.sql");

/// The catalog tells NULLS NOT DISTINCT from here on.
const NULLS_NOT_DISTINCT: Version = Version::new(15, 0, 0);

/// Bits of `pg_index.indoption`.
const DESCENDING: i64 = 1;
const NULLS_FIRST: i64 = 2;

/// Tables by oid, as they are read.
type Tables = BTreeMap<i64, Table>;

/// Tables by name, in PostgreSQL's own terms, as they were asked for.
pub(super) async fn introspect(
    conn: &mut dyn Connection,
    names: &[Name],
    sql: Sql<'_>,
) -> Result<Schema, ConnectionError> {
    let wanted = names.iter().map(|name| {
        let schema = name.schema.as_deref().unwrap_or(&sql.server.schema);
        Ok(format!("({}, {})", sql.text(schema)?, sql.text(&name.name)?))
    });
    let wanted = list(wanted).map_err(unreadable)?;
    if wanted.is_empty() {
        return Ok(Schema::new());
    }
    let mut tables = Tables::new();
    for row in conn.query(&TABLES.replace("{names}", &wanted)).await? {
        let [schema, name] = [1, 2].map(|index| row.text(index).unwrap_or_default());
        let asked = |asked: &&Name| {
            asked.name == name && asked.schema.as_deref().unwrap_or(&sql.server.schema) == schema
        };
        let (Some(oid), Some(asked)) = (row.int(0), names.iter().find(asked)) else { continue };
        let mut table = Table::new(asked);
        table.options.unlogged = row.bool(3);
        table.comment = row.text(4);
        table.notes.unmodelled = parts(&row, 5);
        tables.insert(oid, table);
    }
    if tables.is_empty() {
        return Ok(Schema::new());
    }
    let oids = tables.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let distinct = match sql.server.version >= NULLS_NOT_DISTINCT {
        true => "coalesce(i.indnullsnotdistinct, false)",
        false => "false",
    };
    let question = |text: &str| text.replace("{oids}", &oids).replace("{nulls_not_distinct}", distinct);
    each(&mut tables, &conn.query(&question(COLUMNS)).await?, column);
    each(&mut tables, &conn.query(&question(CONSTRAINTS)).await?, |table, row| constraint(table, row, sql));
    each(&mut tables, &conn.query(&question(INDEXES)).await?, index_column);
    each(&mut tables, &conn.query(&question(DEPENDENTS)).await?, |table, row| dependent(table, row, sql));
    let mut schema = Schema::new();
    for table in tables.into_values() {
        schema.insert(table);
    }
    Ok(schema)
}

fn each(tables: &mut Tables, rows: &[Row], read: impl Fn(&mut Table, &Row)) {
    for row in rows {
        if let Some(table) = row.int(0).and_then(|oid| tables.get_mut(&oid)) {
            read(table, row);
        }
    }
}

fn column(table: &mut Table, row: &Row) {
    let text = |index| row.text(index).unwrap_or_default();
    let mut column = Column::new(text(1), ColumnType::Native(text(2)));
    column.not_null = row.bool(3);
    let expr = row.text(4).map(Expr::Sql);
    match (text(5).as_str(), expr) {
        ("", default) => column.default = default,
        (kind, Some(expr)) => column.generated = Some(Generated { expr, stored: kind == "s" }),
        (_, None) => {}
    }
    if let always @ ("a" | "d") = text(6).as_str() {
        column.identity = Some(identity(row, always == "a", &text(2)));
    }
    if let Some(name) = row.text(7) {
        column.collation = collation(name);
    }
    column.comment = row.text(8);
    table.columns.push(column);
}

/// What the column's sequence says that isn't so by default.
fn identity(row: &Row, always: bool, ty: &str) -> Identity {
    let top = match ty {
        "smallint" => i64::from(i16::MAX),
        "integer" => i64::from(i32::MAX),
        _ => i64::MAX,
    };
    let unless = |index, default: i64| row.int(index).filter(|value| *value != default);
    let min = unless(11, 1);
    Identity {
        always,
        start: unless(9, min.unwrap_or(1)),
        increment: unless(10, 1),
        min,
        max: unless(12, top),
        cache: unless(13, 1),
        cycle: row.bool(14),
    }
}

fn constraint(table: &mut Table, row: &Row, sql: Sql<'_>) {
    let label = given(row.text(1).unwrap_or_default());
    let columns = parts(row, 3);
    let deferrable = match (row.bool(11), row.bool(12)) {
        (false, _) => Deferrable::No,
        (true, false) => Deferrable::InitiallyImmediate,
        (true, true) => Deferrable::InitiallyDeferred,
    };
    if !row.bool(15) {
        table.notes.unmodelled.push(format!("a constraint that isn't validated: {label}"));
    }
    match row.text(2).as_deref() {
        Some("p") => {
            if deferrable != Deferrable::No || !parts(row, 13).is_empty() {
                table.notes.unmodelled.push("a primary key with options".into());
            }
            table.primary_key = Some(PrimaryKey { label, columns });
        }
        Some("u") => table.uniques.push(Unique {
            label,
            columns,
            nulls_not_distinct: row.bool(14),
            deferrable,
            include: parts(row, 13),
        }),
        Some("f") => table.foreign_keys.push(ForeignKey {
            label,
            columns,
            references: name(row, 5, sql),
            references_columns: parts(row, 7),
            on_delete: action(row, 8),
            on_update: action(row, 9),
            deferrable,
            matching: if row.text(10).as_deref() == Some("f") { Match::Full } else { Match::Simple },
        }),
        _ => {
            if row.bool(16) {
                table.notes.unmodelled.push(format!("a check that isn't inherited: {label}"));
            }
            let expr = Expr::Sql(row.text(4).unwrap_or_default());
            table.checks.push(Check { label, expr });
        }
    }
}

/// One column of an index; the first one begins it.
fn index_column(table: &mut Table, row: &Row) {
    let name = row.text(1).unwrap_or_default();
    if table.indexes.last().is_none_or(|index| !index.label.is(&name)) {
        let mut index = Index::new(given(name.clone()), Vec::new());
        index.unique = row.bool(2);
        index.method = row.text(3).filter(|method| method != "btree");
        index.predicate = row.text(4).map(Expr::Sql);
        index.nulls_not_distinct = row.bool(5);
        index.comment = row.text(6);
        if !row.bool(7) {
            table.notes.unmodelled.push(format!("an index that isn't valid: {name}"));
        }
        if row.bool(8) {
            table.notes.unmodelled.push(format!("storage parameters of index {name}"));
        }
        table.indexes.push(index);
    }
    let Some(index) = table.indexes.last_mut() else { return };
    let column = row.text(10);
    if row.bool(9) {
        index.include.extend(column);
        return;
    }
    let mut key = match column {
        Some(column) => IndexKey::column(column),
        None => IndexKey::expr(Expr::Sql(row.text(11).unwrap_or_default())),
    };
    let options = row.int(12).unwrap_or_default();
    key.descending = options & DESCENDING != 0;
    let first = options & NULLS_FIRST != 0;
    if first != key.descending {
        key.nulls = Some(if first { Nulls::First } else { Nulls::Last });
    }
    key.opclass = row.text(13);
    if let (KeyPart::Column(_), Some(name)) = (&key.on, row.text(14)) {
        key.collation = collation(name);
    }
    index.keys.push(key);
}

fn dependent(table: &mut Table, row: &Row, sql: Sql<'_>) {
    let kind = match row.text(1).as_deref() {
        Some("view") => DependentKind::View,
        Some("trigger") => DependentKind::Trigger,
        _ => DependentKind::ForeignKey,
    };
    let definition = row.text(4).filter(|text| !text.is_empty());
    table.notes.dependents.push(Dependent { kind, name: name(row, 2, sql), definition });
}

/// A name from two columns; one in the connection's own schema has none.
fn name(row: &Row, at: usize, sql: Sql<'_>) -> Name {
    let schema = row.text(at).filter(|schema| *schema != sql.server.schema);
    Name { schema, name: row.text(at + 1).unwrap_or_default() }
}

fn action(row: &Row, index: usize) -> Action {
    match row.text(index).as_deref() {
        Some("r") => Action::Restrict,
        Some("c") => Action::Cascade,
        Some("n") => Action::SetNull,
        Some("d") => Action::SetDefault,
        _ => Action::NoAction,
    }
}

fn collation(name: String) -> PerDialect<String> {
    PerDialect::default().with(DialectId::Postgres, name)
}

/// A list that was joined by the unit separator.
fn parts(row: &Row, index: usize) -> Vec<String> {
    let text = row.text(index).unwrap_or_default();
    text.split('\u{1f}').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A name that can't be written can't be a table's.
fn unreadable(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
