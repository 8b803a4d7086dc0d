//! Reads tables, views and triggers back: their own CREATE texts, and what else mentions them.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{
    Connection, ConnectionError, Dependent, DependentKind, ErrorKind, Name, Notes, Object, ObjectId,
    ObjectKind, Row, Schema, Server, Table, Unmodelled, Unsupported,
};

use super::read;
use crate::lex;
use crate::sql::{Sql, list};

/// Tables, views and triggers by name, in SQLite's own terms, as they were asked for. With a table or a view come its
/// triggers. What is asked for as a table may be a view.
pub(super) async fn introspect(
    conn: &mut dyn Connection,
    objects: &[ObjectId],
    sql: Sql<'_>,
) -> Result<Schema, ConnectionError> {
    let mut by_schema: BTreeMap<&str, Vec<&ObjectId>> = BTreeMap::new();
    for id in objects {
        // A trigger is where its table is.
        let of = match id.kind {
            ObjectKind::Table | ObjectKind::View => &id.name,
            ObjectKind::Trigger => id.on.as_ref().unwrap_or(&id.name),
            _ => continue,
        };
        by_schema.entry(schema(of, sql.server)).or_default().push(id);
    }
    let mut found = Schema::new();
    for (schema, asked) in by_schema {
        let others = match others(conn, schema, sql).await {
            // There is no database of this name, and so nothing in it.
            Err(error) if error.kind == ErrorKind::MissingTable => continue,
            others => others?,
        };
        refuse_hidden(&asked, &others)?;
        let tables = tables(conn, schema, &asked, sql).await?;
        let mut beside = Beside { asked: &asked, tables, objects: BTreeMap::new() };
        beside.objects(&others);
        beside.dependents(&others, schema);
        for table in beside.tables {
            found.insert(table);
        }
        for object in beside.objects.into_values() {
            found.insert_object(object);
        }
    }
    Ok(found)
}

/// The question for a table's columns.
pub(super) fn columns_query(table: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    let (name, schema) = (sql.text(&table.name)?, sql.text(schema(table, sql.server))?);
    Ok(format!("SELECT name FROM pragma_table_info({name}, {schema}) ORDER BY cid"))
}

async fn tables(
    conn: &mut dyn Connection,
    schema: &str,
    asked: &[&ObjectId],
    sql: Sql<'_>,
) -> Result<Vec<Table>, ConnectionError> {
    let names = asked.iter().filter(|id| id.kind == ObjectKind::Table).map(|id| &id.name);
    let mut by_name: BTreeMap<String, Vec<&Name>> = BTreeMap::new();
    for name in names {
        by_name.entry(folded(&name.name)).or_default().push(name);
    }
    if by_name.is_empty() {
        return Ok(Vec::new());
    }
    let query = (|| {
        let wanted = list(by_name.values().flatten().map(|name| sql.text(&name.name)))?;
        Ok(format!(
            "SELECT type, tbl_name, sql FROM {}.sqlite_schema WHERE type IN ('table', 'index') AND sql IS NOT NULL \
             AND (tbl_name COLLATE NOCASE IN ({wanted}) OR tbl_name IN ('sqlite_stat1', 'sqlite_stat4')) \
             ORDER BY type DESC, rowid",
            sql.id(schema)?
        ))
    })();
    let rows = conn.query(&query.map_err(unreadable)?).await?;
    let mut tables: Vec<Table> = Vec::new();
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut statistics = Vec::new();
    for row in rows {
        let [kind, owner, text] = [0, 1, 2].map(|index| row.text(index).unwrap_or_default());
        let owner = folded(&owner);
        if owner.starts_with("sqlite_stat") && !by_name.contains_key(&owner) {
            statistics.push(owner);
            continue;
        }
        if kind == "table" {
            for name in by_name.get(&owner).into_iter().flatten() {
                places.entry(owner.clone()).or_default().push(tables.len());
                tables.push(read::table((*name).clone(), &text));
            }
            continue;
        }
        for at in places.get(&owner).into_iter().flatten() {
            match read::index(&text) {
                Some(index) => tables[*at].indexes.push(index),
                None => {
                    tables[*at].notes.unmodelled.push(Unmodelled::Unread(text.clone()));
                }
            }
        }
    }
    for table in &mut tables {
        read::settle_case(table);
        table.notes.statistics.clone_from(&statistics);
    }
    Ok(tables)
}

/// A view, a trigger, or a table that may refer to another.
struct Other {
    kind: String,
    name: String,
    /// The table or the view of a trigger.
    owner: String,
    text: String,
    /// Whether only this connection sees it.
    is_temp: bool,
}

/// All views and triggers, and all tables with foreign keys, in the order in which they were created.
async fn others(
    conn: &mut dyn Connection,
    schema: &str,
    sql: Sql<'_>,
) -> Result<Vec<Other>, ConnectionError> {
    let temp = match schema.eq_ignore_ascii_case("temp") {
        true => "",
        false => {
            "UNION ALL SELECT 1, rowid, type, name, tbl_name, sql FROM temp.sqlite_schema \
             WHERE type IN ('table', 'view', 'trigger') "
        }
    };
    let query = format!(
        "SELECT 0, rowid, type, name, tbl_name, sql FROM {}.sqlite_schema WHERE type IN ('view', 'trigger') \
         OR (type = 'table' AND sql LIKE '%references%') {temp}ORDER BY 1, 2",
        sql.id(schema).map_err(unreadable)?
    );
    let other = |row: &Row| {
        let [kind, name, owner, text] = [2, 3, 4, 5].map(|index| row.text(index).unwrap_or_default());
        Other { kind, name, owner, text, is_temp: row.text(0).as_deref() == Some("1") }
    };
    Ok(conn.query(&query).await?.iter().map(other).collect())
}

/// Refuses to look at what this connection has hidden: a name without a schema is the temporary table's or view's first, and
/// what is told to the one would happen to the other.
fn refuse_hidden(asked: &[&ObjectId], others: &[Other]) -> Result<(), ConnectionError> {
    let hidden = asked.iter().map(|id| id.on.as_ref().unwrap_or(&id.name)).find(|name| {
        let hides = |other: &Other| {
            other.is_temp && other.kind != "trigger" && folded(&other.name) == folded(&name.name)
        };
        name.schema.is_none() && others.iter().any(hides)
    });
    match hidden {
        None => Ok(()),
        Some(name) => Err(ConnectionError::new(
            ErrorKind::Statement,
            format!("{name} is hidden on this connection by temp.{name}: drop that, or call it main.{name}"),
        )),
    }
}

/// What stands beside the tables that were read.
struct Beside<'a> {
    asked: &'a [&'a ObjectId],
    tables: Vec<Table>,
    objects: BTreeMap<ObjectId, Object>,
}

impl Beside<'_> {
    /// The views that were asked for, and the triggers of what was read or asked for.
    fn objects(&mut self, others: &[Other]) {
        let here = || others.iter().filter(|other| !other.is_temp);
        let relations =
            self.asked.iter().filter(|id| matches!(id.kind, ObjectKind::Table | ObjectKind::View));
        let mut wanted: BTreeMap<String, BTreeSet<&Name>> = BTreeMap::new();
        for id in relations {
            wanted.entry(folded(&id.name.name)).or_default().insert(&id.name);
        }
        for other in here().filter(|other| other.kind == "view") {
            for name in wanted.get(&folded(&other.name)).into_iter().flatten() {
                self.insert(ObjectId::view(*name), &other.text);
            }
        }
        let mut owners: BTreeMap<String, Vec<Name>> = BTreeMap::new();
        for name in self.read_names() {
            owners.entry(folded(&name.name)).or_default().push(name);
        }
        for other in here().filter(|other| other.kind == "trigger") {
            let owner = folded(&other.owner);
            let asked = self.asked.iter().filter(|id| {
                let on = id.on.as_ref().is_some_and(|on| folded(&on.name) == owner);
                id.kind == ObjectKind::Trigger && on && folded(&id.name.name) == folded(&other.name)
            });
            let asked: Vec<ObjectId> = asked.map(|id| (*id).clone()).collect();
            for id in &asked {
                self.insert(id.clone(), &other.text);
            }
            for on in owners.get(&owner).into_iter().flatten() {
                if !asked.iter().any(|id| id.on.as_ref() == Some(on)) {
                    self.insert(ObjectId::trigger(&other.name, on), &other.text);
                }
            }
        }
        self.in_order(others);
    }

    /// A trigger is created after those that were before it: SQLite fires them in the opposite order.
    fn in_order(&mut self, others: &[Other]) {
        let place = |id: &ObjectId| others.iter().position(|other| is(other, id));
        let mut by_owner: BTreeMap<&Name, Vec<(usize, &ObjectId)>> = BTreeMap::new();
        for id in self.objects.keys() {
            if let (Some(on), Some(place)) = (&id.on, place(id)) {
                by_owner.entry(on).or_default().push((place, id));
            }
        }
        let mut needs = Vec::new();
        for triggers in by_owner.values_mut() {
            triggers.sort();
            needs.extend(triggers.windows(2).map(|two| (two[1].1.clone(), two[0].1.clone())));
        }
        for (id, before) in needs {
            if let Some(trigger) = self.objects.get_mut(&id) {
                trigger.notes.needs.push(before);
            }
        }
    }

    fn insert(&mut self, id: ObjectId, text: &str) {
        let mut unmodelled = Vec::new();
        let definition = read::object::object(text).map(|read| read.definition).unwrap_or_else(|| {
            unmodelled.push(Unmodelled::thing("a CREATE text that Dunlin can't read"));
            read::object::unread(id.kind, text)
        });
        let mut object = Object::new(id.clone(), definition);
        object.notes.0 = Notes { source: Some(text.to_owned()), unmodelled, ..Notes::default() };
        self.objects.insert(id, object);
    }

    /// The tables and views that were read.
    fn read_names(&self) -> Vec<Name> {
        let views = self.objects.keys().filter(|id| id.kind == ObjectKind::View).map(|id| id.name.clone());
        self.tables.iter().map(|table| table.name.clone()).chain(views).collect()
    }

    /// Notes the views and triggers elsewhere that mention a table or a view, views over such views, and other tables' foreign
    /// keys to it.
    fn dependents(&mut self, others: &[Other], schema: &str) {
        let mut places: BTreeMap<String, Vec<(Name, &mut Notes)>> = BTreeMap::new();
        for table in &mut self.tables {
            places
                .entry(folded(&table.name.name))
                .or_default()
                .push((table.name.clone(), &mut table.notes.0));
        }
        for object in self.objects.values_mut().filter(|object| object.id.kind == ObjectKind::View) {
            let name = object.id.name.clone();
            places.entry(folded(&name.name)).or_default().push((name, &mut object.notes.0));
        }
        // Under the names that they were asked for by.
        let asked: BTreeMap<String, &str> =
            self.asked.iter().map(|id| (folded(&id.name.name), id.name.name.as_str())).collect();
        for other in others {
            let known = asked.get(&folded(&other.name)).copied().unwrap_or(&other.name);
            for mentioned in reach(other, others) {
                for (name, notes) in places.get_mut(&mentioned).into_iter().flatten() {
                    notes.dependents.extend(dependent(other, known, name, schema));
                }
            }
        }
        places.into_values().flatten().for_each(|(_, notes)| notes.dependents.sort());
    }
}

/// What a text mentions; of a view's also what the views mention that it mentions, in whatever depth.
fn reach(other: &Other, others: &[Other]) -> BTreeSet<String> {
    let mut reached: BTreeSet<String> = lex::names(&other.text).into_iter().collect();
    if other.kind != "view" {
        return reached;
    }
    let mut fresh: Vec<String> = reached.iter().cloned().collect();
    while let Some(name) = fresh.pop() {
        for view in others.iter().filter(|other| other.kind == "view" && folded(&other.name) == name) {
            fresh.extend(lex::names(&view.text).into_iter().filter(|name| reached.insert(name.clone())));
        }
    }
    reached
}

/// What a view, a trigger or a table, known by this name, is to `on`, which it mentions; none if it is itself, or belongs to
/// it, or has the name for something else.
fn dependent(other: &Other, known: &str, on: &Name, schema: &str) -> Option<Dependent> {
    let is_on = folded(&other.owner) == folded(&on.name);
    let is_own = !other.is_temp && is_on;
    let sibling = |name: &str| match other.is_temp && !schema.eq_ignore_ascii_case("temp") {
        true => Name::from(("temp", name)),
        false => on.sibling(name),
    };
    let name = sibling(known);
    let (kind, object) = match other.kind.as_str() {
        _ if is_own => return None,
        "view" => (DependentKind::View, Some(ObjectId::view(&name))),
        // A temporary one may stand on it, and goes with it.
        "trigger" if !is_on && !lex::uses(&other.text, &on.name) => return None,
        "trigger" => (DependentKind::Trigger, Some(ObjectId::trigger(known, sibling(&other.owner)))),
        "table" if refers(&other.text, on) => (DependentKind::ForeignKey, None),
        _ => return None,
    };
    Some(Dependent { object, definition: Some(other.text.clone()), ..Dependent::new(kind, name) })
}

fn is(other: &Other, id: &ObjectId) -> bool {
    !other.is_temp
        && other.kind == "trigger"
        && folded(&other.name) == folded(&id.name.name)
        && id.on.as_ref().is_some_and(|on| folded(&on.name) == folded(&other.owner))
}

fn refers(text: &str, to: &Name) -> bool {
    let keys = read::table(to.clone(), text).foreign_keys;
    keys.iter().any(|key| key.references.name.eq_ignore_ascii_case(&to.name))
}

/// SQLite takes names for the same that differ in the case of ASCII letters alone.
fn folded(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn schema<'a>(name: &'a Name, server: &'a Server) -> &'a str {
    name.schema.as_deref().unwrap_or(&server.schema)
}

/// A name that can't be written can't be a table's.
fn unreadable(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
