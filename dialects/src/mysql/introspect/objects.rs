//! Reads objects that aren't tables: so many questions for each kind, however many objects.

mod access;
mod body;
mod dependents;
mod routines;
mod triggers;
mod views;
mod written;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Connection, ConnectionError, Definition, EventState, Expr, Name, Namespace, Object, ObjectId, ObjectKind,
    Row, Schedule, ScheduledEvent, Schema, Sequence, Unmodelled, Unsupported, Value,
};

use super::{Key, among, key, unreadable};
use crate::mysql::flavor::Flavor;
use crate::mysql::lower;
use crate::mysql::text::is_sendable;
use crate::sql::Sql;

pub(super) use body::masked;
pub(super) use dependents::uses;
pub(in crate::mysql) use written::note as note_written;

/// What is remembered of the session that made an object.
const SETTINGS: [&str; 4] = ["sql_mode", "character_set_client", "collation_connection", "time_zone"];

/// How many objects' own words are asked for in one flight.
const SHOWN: usize = 200;

/// Reads objects by what identifies them, and what belongs to the tables that were found.
pub(super) async fn read(
    conn: &mut dyn Connection,
    asked: &[ObjectId],
    found: &mut Schema,
    sql: Sql<'_>,
) -> Result<(), ConnectionError> {
    let mut reader =
        Objects { conn, sql, flavor: Flavor::of(sql.server), session: None, databases: None, found };
    let of = |kinds: &[ObjectKind]| asked.iter().filter(|id| kinds.contains(&id.kind)).collect::<Vec<_>>();
    // What isn't a table by that name may be a view or a sequence.
    let tables = of(&[ObjectKind::Table]).into_iter().filter(|id| !reader.found.has(id)).cloned();
    let others: Vec<ObjectId> = tables.collect();
    let with = |kind: ObjectKind| {
        let asked =
            others.iter().map(|id| ObjectId::new(kind, &id.name)).chain(of(&[kind]).into_iter().cloned());
        asked.collect::<Vec<_>>()
    };
    reader.views(&with(ObjectKind::View)).await?;
    reader.sequences(&with(ObjectKind::Sequence)).await?;
    reader.triggers(&of(&[ObjectKind::Trigger])).await?;
    reader.routines(&of(&[ObjectKind::Function, ObjectKind::Procedure])).await?;
    reader.events(&of(&[ObjectKind::Event])).await?;
    reader.schemas(&of(&[ObjectKind::Schema])).await?;
    reader.grants().await?;
    reader.dependents().await
}

struct Objects<'a> {
    conn: &'a mut dyn Connection,
    sql: Sql<'a>,
    flavor: Flavor,
    session: Option<Session>,
    /// Each database's collation, once they are asked for.
    databases: Option<BTreeMap<String, String>>,
    found: &'a mut Schema,
}

/// The connection's user, and what a routine, a trigger or an event remembers of the session that made it, as it is in
/// this one.
#[derive(Clone)]
struct Session {
    user: String,
    settings: [(&'static str, String); 4],
}

/// What an object remembers of the session that made it, where its kind remembers that.
#[derive(Default)]
struct Remembered {
    definer: Option<String>,
    mode: Option<String>,
    charset: Option<String>,
    collation: Option<String>,
    /// The collation that its database had.
    database: Option<String>,
    time_zone: Option<String>,
}

impl Objects<'_> {
    async fn session(&mut self) -> Result<Session, ConnectionError> {
        if let Some(session) = &self.session {
            return Ok(session.clone());
        }
        let query = format!("SELECT CURRENT_USER(), @@{}", SETTINGS.join(", @@"));
        let rows = self.conn.query(&query).await?;
        let row = rows.first().cloned().unwrap_or_default();
        let mut at = 0;
        let settings = SETTINGS.map(|name| {
            at += 1;
            (name, row.text(at).unwrap_or_default())
        });
        let session = Session { user: row.text(0).unwrap_or_default(), settings };
        self.session = Some(session.clone());
        Ok(session)
    }

    /// Where the catalog has what was asked for by this name.
    fn place(&self, name: &Name) -> Key {
        (name.schema.clone().unwrap_or_else(|| self.sql.server.schema.clone()), name.name.clone())
    }

    /// The name of what the catalog has there, as it is asked for.
    fn name(&self, (schema, name): Key) -> Name {
        Name { schema: (schema != self.sql.server.schema).then_some(schema), name }
    }

    /// Whether names of tables and schemas know no case here.
    fn folds(&self) -> bool {
        !matches!(self.sql.server.fact("lower_case_table_names"), "" | "0")
    }

    /// Which of the asked is meant by a place in the catalog. Names of routines and events never know case.
    fn asked<'i>(&self, ids: &'i [ObjectId], place: &Key) -> Option<&'i ObjectId> {
        let same = |a: &str, b: &str, folds: bool| a == b || (folds && a.to_lowercase() == b.to_lowercase());
        ids.iter().find(|id| {
            let (schema, name) = self.place(&id.name);
            let folds = matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Event)
                || self.folds();
            same(&schema, &place.0, self.folds()) && same(&name, &place.1, folds)
        })
    }

    /// What is asked of a schema's and of a name's column.
    fn conditions<'n>(
        &self,
        names: impl Iterator<Item = &'n Name>,
    ) -> Result<(String, String), ConnectionError> {
        let places: Vec<Key> = names.map(|name| self.place(name)).collect();
        let schemas = among(places.iter().map(|place| place.0.clone()).collect(), self.sql);
        let names = among(places.into_iter().map(|place| place.1).collect(), self.sql);
        Ok((schemas.map_err(unreadable)?, names.map_err(unreadable)?))
    }

    /// The servers' own words for objects, in order; none for one that this user may not see. Each answer is one row, and
    /// they are asked for together.
    async fn shown(&mut self, word: &str, names: &[Name]) -> Result<Vec<Option<String>>, ConnectionError> {
        let column = match word {
            "VIEW" | "SEQUENCE" => 1,
            "EVENT" => 3,
            _ => 2,
        };
        let mut shown = Vec::with_capacity(names.len());
        for names in names.chunks(SHOWN) {
            let queries =
                names.iter().map(|name| Ok(format!("SHOW CREATE {word} {}", self.sql.table(name)?)));
            let queries = queries.collect::<Result<Vec<_>, Unsupported>>().map_err(unreadable)?;
            match self.conn.query(&queries.join("; ")).await {
                Ok(rows) if rows.len() == names.len() => {
                    shown.extend(rows.iter().map(|row| raw(row, column)));
                }
                // One of them can't be shown.
                _ => {
                    for query in queries {
                        let rows = self.conn.query(&query).await.unwrap_or_default();
                        shown.push(rows.first().and_then(|row| raw(row, column)));
                    }
                }
            }
        }
        Ok(shown)
    }

    /// Bodies, in the servers' own words: the catalog takes the escapes out of their literals, and then they are other.
    async fn bodies(&mut self, word: &str, ids: Vec<ObjectId>) -> Result<(), ConnectionError> {
        let names: Vec<Name> = ids.iter().map(lower::object::full_name).collect();
        let shown = self.shown(word, &names).await?;
        for (id, shown) in ids.iter().zip(shown) {
            let Some(object) = self.found.objects.get_mut(id) else { continue };
            let body = match &mut object.definition {
                Definition::Function(of) | Definition::Procedure(of) => &mut of.body,
                Definition::Event(of) => &mut of.body,
                Definition::Trigger(of) => match &mut of.action {
                    dunlin_dsl::TriggerAction::Body(body) => body,
                    dunlin_dsl::TriggerAction::Call { .. } => continue,
                },
                _ => continue,
            };
            let beside = shown.as_deref().into_iter().flat_map(|shown| body::beside(shown, id.kind));
            object.notes.unmodelled.extend(beside.map(Unmodelled::thing));
            match shown.as_deref().and_then(|shown| body::of(shown, id.kind)) {
                Some(whole) => *body = Expr::Sql(whole.to_owned()),
                None => object.notes.unmodelled.push(Unmodelled::thing("a body that this user may not see")),
            }
            Self::refuse_charset(object);
        }
        Ok(())
    }

    /// Notes what an object remembers of the session that made it, where this session is another.
    async fn remembered(
        &mut self,
        object: &mut Object,
        remembered: Remembered,
    ) -> Result<(), ConnectionError> {
        let session = self.session().await?;
        let Remembered { definer, mode, charset, collation, database, time_zone } = remembered;
        // A role, which has no host, has nothing behind the @ in some views of MariaDB's catalog.
        let role = |definer: String| match definer.strip_suffix('@') {
            Some(role) if self.flavor.has_roles_without_hosts() => role.to_owned(),
            _ => definer,
        };
        object.notes.owner = definer.map(role).filter(|definer| *definer != session.user);
        for ((name, own), found) in session.settings.into_iter().zip([mode, charset, collation, time_zone]) {
            if let Some(found) = found.filter(|found| *found != own) {
                object.notes.settings.insert(name.to_owned(), found);
            }
        }
        self.refuse_database(object, database).await
    }

    /// Notes where an object remembers another collation of its database than that has now: no session can set it.
    async fn refuse_database(
        &mut self,
        object: &mut Object,
        remembered: Option<String>,
    ) -> Result<(), ConnectionError> {
        let Some(remembered) = remembered else { return Ok(()) };
        if self.databases.is_none() {
            let query = "SELECT SCHEMA_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA";
            let rows = self.conn.query(query).await?;
            self.databases = Some(rows.iter().map(key).collect());
        }
        let (schema, _) = self.place(&lower::object::full_name(&object.id));
        let now = self.databases.as_ref().and_then(|databases| databases.get(&schema));
        if now.is_some_and(|now| *now != remembered) {
            object.notes.unmodelled.push(Unmodelled::Thing(format!(
                "a text made while its database had the collation {remembered}"
            )));
        }
        Ok(())
    }

    /// Notes where an object can't be made again under what it remembers.
    fn refuse_charset(object: &mut Object) {
        let Some(charset) = object.notes.settings.get("character_set_client") else { return };
        let text = match &object.definition {
            Definition::Function(of) | Definition::Procedure(of) => of.body.to_string(),
            Definition::View(of) => of.query.to_string(),
            Definition::Event(of) => of.body.to_string(),
            Definition::Trigger(of) => match &of.action {
                dunlin_dsl::TriggerAction::Body(body) => body.to_string(),
                dunlin_dsl::TriggerAction::Call { .. } => String::new(),
            },
            _ => return,
        };
        let texts = [text, object.id.to_string(), object.comment.clone().unwrap_or_default()];
        if !texts.iter().all(|text| is_sendable(text, charset)) {
            let what = format!("text that was written in the character set {charset}");
            object.notes.unmodelled.push(Unmodelled::Thing(what));
        }
    }

    async fn events(&mut self, asked: &[&ObjectId]) -> Result<(), ConnectionError> {
        if asked.is_empty() {
            return Ok(());
        }
        let ids: Vec<ObjectId> = asked.iter().map(|id| (*id).clone()).collect();
        let (schemas, names) = self.conditions(ids.iter().map(|id| &id.name))?;
        let query = format!(
            "SELECT EVENT_SCHEMA, EVENT_NAME, DEFINER, SQL_MODE, CHARACTER_SET_CLIENT, EVENT_DEFINITION, EVENT_TYPE, \
             EXECUTE_AT, INTERVAL_VALUE, INTERVAL_FIELD, STARTS, ENDS, STATUS, ON_COMPLETION, EVENT_COMMENT, TIME_ZONE, \
             COLLATION_CONNECTION, DATABASE_COLLATION \
             FROM information_schema.EVENTS WHERE EVENT_SCHEMA{schemas} AND EVENT_NAME{names}"
        );
        let mut read = Vec::new();
        for row in self.conn.query(&query).await? {
            let Some(id) = self.asked(&ids, &key(&row)).cloned() else { continue };
            let sql = self.sql;
            let time = |at: usize| match row.text(at) {
                Some(text) => Ok(Some(Expr::Sql(sql.text(&text).map_err(unreadable)?))),
                None => Ok::<_, ConnectionError>(None),
            };
            let schedule = match (time(7)?, row.text(8), row.text(9)) {
                (Some(at), ..) => Schedule::At(at),
                (None, value, unit) => Schedule::Every {
                    interval: format!("{} {}", value.unwrap_or_default(), unit.unwrap_or_default()),
                    starts: time(10)?,
                    ends: time(11)?,
                },
            };
            read.push(id.clone());
            let event = ScheduledEvent {
                schedule,
                body: Expr::Sql(row.text(5).unwrap_or_default()),
                preserve: row.text(13).as_deref() == Some("PRESERVE"),
                state: match row.text(12).as_deref() {
                    Some("ENABLED") => EventState::Enabled,
                    Some("DISABLED") => EventState::Disabled,
                    _ => EventState::DisabledOnReplica,
                },
            };
            let mut object = Object::new(id, Definition::Event(event));
            object.comment = row.text(14).filter(|comment| !comment.is_empty());
            let remembered = Remembered {
                definer: row.text(2),
                mode: row.text(3),
                charset: row.text(4),
                collation: row.text(16),
                database: row.text(17),
                time_zone: row.text(15),
            };
            self.remembered(&mut object, remembered).await?;
            self.found.insert_object(object);
        }
        self.bodies("EVENT", read).await
    }

    async fn schemas(&mut self, asked: &[&ObjectId]) -> Result<(), ConnectionError> {
        if asked.is_empty() {
            return Ok(());
        }
        let names =
            among(asked.iter().map(|id| id.name.name.clone()).collect(), self.sql).map_err(unreadable)?;
        let comment = if self.flavor.has_schema_comments() { "SCHEMA_COMMENT" } else { "NULL" };
        let encryption = match self.flavor.has_schema_encryption() {
            true => "NULLIF(DEFAULT_ENCRYPTION, IF(@@default_table_encryption, 'YES', 'NO'))",
            false => "NULL",
        };
        let options = match self.flavor.has_read_only_schemas() {
            true => {
                "(SELECT OPTIONS FROM information_schema.SCHEMATA_EXTENSIONS AS e WHERE e.SCHEMA_NAME = s.SCHEMA_NAME)"
            }
            false => "NULL",
        };
        let query = format!(
            "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME, {comment}, {encryption}, {options} \
             FROM information_schema.SCHEMATA AS s WHERE SCHEMA_NAME{names}"
        );
        let folds = self.folds();
        for row in self.conn.query(&query).await? {
            let name = row.text(0).unwrap_or_default();
            let same = |id: &&&ObjectId| {
                id.name.name == name || (folds && id.name.name.to_lowercase() == name.to_lowercase())
            };
            let Some(id) = asked.iter().find(same) else { continue };
            let namespace = Namespace { charset: row.text(1), collation: row.text(2) };
            let mut object = Object::new((*id).clone(), Definition::Schema(namespace));
            object.comment = row.text(3).filter(|comment| !comment.is_empty());
            let encryption = row.text(4).map(|own| format!("DEFAULT ENCRYPTION {own}, unlike its server"));
            object.notes.unmodelled.extend(encryption.map(Unmodelled::Thing));
            if row.text(5).is_some_and(|options| options.contains("READ ONLY=1")) {
                object.notes.unmodelled.push(Unmodelled::thing("READ ONLY = 1"));
            }
            self.found.insert_object(object);
        }
        Ok(())
    }

    /// Sequences, which are tables of one row.
    async fn sequences(&mut self, asked: &[ObjectId]) -> Result<(), ConnectionError> {
        if asked.is_empty() || !self.flavor.has_sequences() {
            return Ok(());
        }
        let (schemas, names) = self.conditions(asked.iter().map(|id| &id.name))?;
        let query = format!(
            "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_COMMENT, ENGINE FROM information_schema.TABLES \
             WHERE TABLE_SCHEMA{schemas} AND TABLE_NAME{names} AND TABLE_TYPE = 'SEQUENCE'"
        );
        let mut comments = BTreeMap::new();
        let mut unmodelled: BTreeMap<Key, Vec<Unmodelled>> = BTreeMap::new();
        for row in self.conn.query(&query).await? {
            comments.insert(key(&row), row.text(2).filter(|comment| !comment.is_empty()));
            let usual = self.sql.server.fact("default_storage_engine");
            let engine = row.text(3).filter(|engine| !engine.eq_ignore_ascii_case(usual));
            unmodelled
                .entry(key(&row))
                .or_default()
                .extend(engine.map(|engine| Unmodelled::Thing(format!("engine {engine}"))));
        }
        if comments.is_empty() {
            return Ok(());
        }
        let names: Vec<Name> = comments.keys().map(|place| self.name(place.clone())).collect();
        for (place, shown) in comments.keys().zip(self.shown("SEQUENCE", &names).await?) {
            if shown.is_some_and(|shown| body::has_type(&shown)) {
                unmodelled
                    .entry(place.clone())
                    .or_default()
                    .push(Unmodelled::thing("numbers of a type of their own"));
            }
        }
        let sql = self.sql;
        let parts = comments.keys().map(|(schema, name)| {
            let from = Name { schema: Some(schema.clone()), name: name.clone() };
            Ok(format!(
                "SELECT {}, {}, start_value, minimum_value, maximum_value, increment, cache_size, cycle_option FROM {}",
                sql.text(schema)?,
                sql.text(name)?,
                sql.table(&from)?
            ))
        });
        let parts = parts.collect::<Result<Vec<_>, Unsupported>>().map_err(unreadable)?;
        for row in self.conn.query(&parts.join(" UNION ALL ")).await? {
            let place = key(&row);
            let Some(id) = self.asked(asked, &place).cloned() else { continue };
            let number = |at: usize| row.int(at);
            let sequence = Sequence {
                start: number(2),
                min: number(3),
                max: number(4),
                increment: number(5),
                cache: number(6),
                cycle: row.bool(7),
                ..Sequence::default()
            };
            let mut object = Object::new(id, Definition::Sequence(sequence));
            object.definition =
                lower::object::definition(&object.id, &object.definition, sql).map_err(unreadable)?;
            object.comment = comments.get(&place).cloned().flatten();
            object.notes.unmodelled.extend(unmodelled.remove(&place).unwrap_or_default());
            self.found.insert_object(object);
        }
        Ok(())
    }
}

/// A value's text; what isn't UTF-8 is none.
fn raw(row: &Row, column: usize) -> Option<String> {
    match row.get(column) {
        Some(Value::Text(text)) => Some(text.clone()),
        _ => None,
    }
}
