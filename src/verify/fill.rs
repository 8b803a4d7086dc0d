//! Rows that satisfy types, keys and checks.
//!
//! Values are made by type, keys are taken from the rows that they refer to, and what a check or a partition asks for is taken from the
//! literals in its text. Whether a row will do, the server says: no expression is understood here.

use std::collections::BTreeMap;

use dunlin_dialects::Dump;
use dunlin_dsl::{
    Column, ColumnType, Connection, Definition, DialectId, Expr, ForeignKey, Name, ObjectId, ObjectKind,
    Schema, Server, Table, Unsupported, Value,
};
use dunlin_migrations::Result;

use super::values;

/// How many rows a table should have.
const ROWS: usize = 3;

/// A table that has so many takes no more, whatever it lacks.
const MOST: usize = 9;

/// How often a row is tried with other values.
const TRIES: usize = 12;

/// What rows are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Some of them have NULL wherever it may be.
    WithNulls,
    /// They have NULL only where there is no value for it.
    Full,
}

impl Kind {
    /// What such rows are called.
    pub(super) fn rows(self) -> &'static str {
        match self {
            Self::WithNulls => "rows that have NULL wherever they may",
            Self::Full => "rows without NULL",
        }
    }
}

/// Puts rows into tables that have few, or have nothing but NULL in a column.
pub(super) async fn fill(conn: &mut dyn Connection, found: &Dump, kind: Kind) -> Result<()> {
    let ids: Vec<_> = found.rows.keys().map(ObjectId::table).collect();
    let server = conn.server().await?;
    let mut schema = conn.dialect().introspect(conn, &ids).await?;
    // A domain may be over a type that has a name of its own too.
    let mut types: Vec<_> = schema
        .tables
        .values()
        .flat_map(|table| &table.columns)
        .flat_map(|column| named_type(&column.ty))
        .collect();
    while !types.is_empty() {
        let found = conn.dialect().introspect(conn, &types).await?.objects;
        types.clear();
        for (id, object) in found {
            if let Definition::Domain(domain) = &object.definition {
                types
                    .extend(named_type(&domain.ty).into_iter().filter(|id| !schema.objects.contains_key(id)));
            }
            schema.objects.insert(id, object);
        }
    }
    let mut rows: BTreeMap<Name, Vec<BTreeMap<String, Value>>> = BTreeMap::new();
    for (name, found) in &found.rows {
        let row = |row: &Vec<Value>| found.columns.iter().cloned().zip(row.iter().cloned()).collect();
        rows.insert(name.clone(), found.rows.iter().map(row).collect());
    }
    let mut filling = Filling { conn, server, schema: &schema, rows };
    let mut left: Vec<&Table> = schema.tables.values().filter(|table| table.partition_of.is_none()).collect();
    // A table waits for those that it refers to; what goes round in a circle, and can't be NULL, stays empty.
    while !left.is_empty() {
        let (now, later): (Vec<&Table>, Vec<&Table>) =
            left.iter().partition(|table| !table.foreign_keys.iter().any(|key| waits(table, key, &left)));
        let now = if now.is_empty() { later.clone() } else { now };
        left.retain(|table| !now.iter().any(|done| done.name == table.name));
        for table in now {
            filling.table(table, kind).await?;
        }
    }
    Ok(())
}

fn waits(table: &Table, key: &ForeignKey, left: &[&Table]) -> bool {
    key.references != table.name && left.iter().any(|other| other.name == key.references)
}

/// What a type that has a name of its own may be.
fn named_type(ty: &ColumnType) -> Vec<ObjectId> {
    let ColumnType::Native(name) = ty else { return Vec::new() };
    let name = values::type_name(name);
    [ObjectKind::Enum, ObjectKind::Domain].map(|kind| ObjectId::new(kind, name.clone())).into()
}

struct Filling<'a> {
    conn: &'a mut dyn Connection,
    server: Server,
    schema: &'a Schema,
    rows: BTreeMap<Name, Vec<BTreeMap<String, Value>>>,
}

impl Filling<'_> {
    async fn table(&mut self, table: &Table, kind: Kind) -> Result<()> {
        let has = self.rows.get(&table.name).map_or(&[][..], Vec::as_slice);
        let lacks_values = |column: &Column| {
            column.generated.is_none()
                && has.iter().all(|row| matches!(row.get(&column.name), None | Some(Value::Null)))
        };
        let lacking = table.columns.iter().any(lacks_values);
        let count = has.len();
        let missing = if count < ROWS { ROWS - count } else { usize::from(lacking && count < MOST) };
        for at in 0..missing {
            let nulls = kind == Kind::WithNulls && at + 1 == missing && missing > 1;
            for attempt in 0..TRIES {
                let Some(row) = self.row(table, count + at, attempt, nulls)? else { break };
                if self.insert(table, &row).await? {
                    break;
                }
            }
        }
        Ok(())
    }

    /// A row, each value as a literal; none where a key must refer to a row that isn't there.
    fn row(
        &self,
        table: &Table,
        number: usize,
        attempt: usize,
        nulls: bool,
    ) -> Result<Option<Vec<(String, String)>>> {
        let wanted = wanted(table, self.schema);
        let mut row = Vec::new();
        for (at, column) in table.columns.iter().enumerate() {
            if column.generated.is_some() || column.identity.is_some() || numbers(column) {
                continue;
            }
            let is_key = table.primary_key.as_ref().is_some_and(|key| key.columns.contains(&column.name));
            let may_be_null = !column.not_null && !is_key;
            let referring = table.foreign_keys.iter().find(|key| key.columns.contains(&column.name));
            let value = match referring {
                _ if nulls && may_be_null => None,
                Some(key) => self.referred(table, key, column, number + attempt)?,
                None => {
                    let candidates =
                        wanted.get(&column.name).filter(|candidates| !candidates.is_empty() && attempt > 0);
                    let offset = [0, at, table.columns.len() - at][attempt % 3];
                    // Some check may want one greater than the other.
                    let usual = || {
                        values::value(&column.ty, number + 1 + attempt + offset, self.schema, &self.server)
                    };
                    match candidates {
                        // The columns go through what is asked for at different paces, so that all meet in time.
                        Some(candidates) => {
                            let turn = (attempt - 1) / (at % 3 + 1) % (candidates.len() + 1);
                            candidates.get(turn).cloned().or_else(usual)
                        }
                        None => usual(),
                    }
                }
            };
            match value {
                Some(value) => row.push((column.name.clone(), value)),
                None if may_be_null => row.push((column.name.clone(), "NULL".into())),
                // Its default may do.
                None if column.default.is_some() => {}
                None => return Ok(None),
            }
        }
        Ok(Some(row))
    }

    /// A value of a row that a foreign key may refer to; of the new row itself where it refers to its own table.
    fn referred(
        &self,
        table: &Table,
        key: &ForeignKey,
        column: &Column,
        number: usize,
    ) -> Result<Option<String>> {
        let at = key.columns.iter().position(|name| *name == column.name).unwrap_or_default();
        let Some(target) = key.references_columns.get(at) else { return Ok(None) };
        let rows = self.rows.get(&key.references).map_or(&[][..], Vec::as_slice);
        let row = (!rows.is_empty()).then(|| &rows[number % rows.len()]);
        match row.and_then(|row| row.get(target)) {
            Some(Value::Null) | None if key.references == table.name => Ok(table
                .column(target)
                .and_then(|target| values::value(&target.ty, number + 1, self.schema, &self.server))),
            Some(Value::Null) | None => Ok(None),
            Some(value) => Ok(Some(self.conn.dialect().literal(value, &self.server)?)),
        }
    }

    /// Whether the server took it.
    async fn insert(&mut self, table: &Table, row: &[(String, String)]) -> Result<bool> {
        let dialect = self.conn.dialect();
        let name = dialect.table(&table.name, &self.server)?;
        let columns = row.iter().map(|(column, _)| dialect.identifier(column, &self.server));
        let columns = columns.collect::<std::result::Result<Vec<_>, Unsupported>>()?.join(", ");
        let values: Vec<&str> = row.iter().map(|(_, value)| value.as_str()).collect();
        let sql = match (row.is_empty(), self.server.dialect) {
            (true, DialectId::Mysql | DialectId::Mariadb) => format!("INSERT INTO {name} () VALUES ()"),
            (true, _) => format!("INSERT INTO {name} DEFAULT VALUES"),
            (false, _) => format!("INSERT INTO {name} ({columns}) VALUES ({})", values.join(", ")),
        };
        if self.conn.execute(&sql).await.is_err() {
            return Ok(false);
        }
        // What refers to it asks what it became.
        let names: Vec<_> =
            table.columns.iter().map(|column| dialect.identifier(&column.name, &self.server)).collect();
        let names = names.into_iter().collect::<std::result::Result<Vec<_>, Unsupported>>()?.join(", ");
        let mut rows = Vec::new();
        for found in self.conn.query(&format!("SELECT {names} FROM {name}")).await? {
            rows.push(table.columns.iter().map(|column| column.name.clone()).zip(found.0).collect());
        }
        self.rows.insert(table.name.clone(), rows);
        Ok(true)
    }
}

/// Whether a text has a name as a word of its own.
fn mentions(text: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name)
        .any(|(at, _)| !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word))
}

/// Whether a column is numbered by a sequence of its own.
fn numbers(column: &Column) -> bool {
    matches!(&column.default, Some(Expr::Sql(text)) if text.starts_with("nextval("))
}

/// What the checks, the domains and the partitions of a table may ask for, by column: the literals of their texts.
fn wanted(table: &Table, schema: &Schema) -> BTreeMap<String, Vec<String>> {
    let mut wanted: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut texts: Vec<String> = table.checks.iter().map(|check| check.expr.to_string()).collect();
    if let Some(partitioning) = &table.partitioning {
        let keys: Vec<_> = partitioning.keys.iter().map(ToString::to_string).collect();
        let own = partitioning.partitions.iter().filter_map(|partition| partition.bound.as_ref());
        let others = schema.tables.values().filter_map(|other| other.partition_of.as_deref());
        let others = others.filter(|of| of.parent == table.name).map(|of| &of.bound);
        texts.extend(own.chain(others).map(|bound| format!("{} {bound}", keys.join(" "))));
    }
    for column in &table.columns {
        let mut found: Vec<String> = texts
            .iter()
            .filter(|text| mentions(text, &column.name))
            .flat_map(|text| values::literals(text))
            .collect();
        let domain = match &column.ty {
            ColumnType::Native(name) => {
                schema.object(&ObjectId::new(ObjectKind::Domain, values::type_name(name)))
            }
            _ => None,
        };
        if let Some(Definition::Domain(domain)) = domain.map(|object| &object.definition) {
            found.extend(domain.checks.iter().flat_map(|check| values::literals(&check.expr.to_string())));
        }
        wanted.insert(column.name.clone(), found);
    }
    wanted
}
