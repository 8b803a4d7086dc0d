//! Reads what stands on what was read, and what that needs itself: one question for all of it.

use std::collections::BTreeMap;

use dunlin_dsl::{
    ColumnType, Connection, ConnectionError, Dependent, DependentKind, Name, Notes, ObjectId, ObjectKind,
    Row, Version,
};

use super::objects::{Found, texts};
use super::read::noted;
use super::{Reader, Tables};

const EDGES: &str = include_str!("../sql/edges.sql");

/// From here on a publication can have schemas.
const PUBLISHED_SCHEMAS: Version = Version::new(15, 0, 0);

/// Fills the notes of tables and objects.
pub(super) async fn read(
    conn: &mut dyn Connection,
    reader: &Reader<'_>,
    tables: &mut Tables,
    objects: &mut [Found],
) -> Result<(), ConnectionError> {
    let of_tables = tables.keys().map(|oid| ("pg_class", *oid));
    let places = of_tables.chain(objects.iter().map(|found| (found.class, found.oid)));
    let things: Vec<_> = places
        .enumerate()
        .map(|(key, (class, oid))| format!("({key}, 'pg_catalog.{class}'::regclass, {oid})"))
        .collect();
    if things.is_empty() {
        return Ok(());
    }
    let question = question(!tables.is_empty(), objects).replace("{things}", &things.join(", "));
    let question = match reader.sql.server.version >= PUBLISHED_SCHEMAS {
        true => question,
        false => question.replace(", 'pg_publication_namespace'::regclass", ""),
    };
    let of_tables = tables.values_mut().map(|table| &mut table.notes.0);
    let mut notes: Vec<&mut Notes> =
        of_tables.chain(objects.iter_mut().map(|found| &mut found.object.notes.0)).collect();
    let mut seen = BTreeMap::new();
    for row in conn.query(&question).await? {
        let Some(key) = row.int(0).and_then(|key| usize::try_from(key).ok()) else { continue };
        let Some(notes) = notes.get_mut(key) else { continue };
        let what = row.text(2).unwrap_or_default();
        match (row.bool(1), what.as_str()) {
            (_, "unmodelled") => notes.unmodelled.push(noted(&row, 3)),
            (_, "part") => {
                let (name, part) = (reader.name(&row, 3), row.text(11));
                let is_it = |one: &&mut Dependent| one.name == name && one.part == part;
                for dependent in notes.dependents.iter_mut().filter(is_it) {
                    (dependent.comment, dependent.tablespace) = (row.text(5), row.text(6));
                }
            }
            (true, _) => notes.needs.extend(reader.thing(&what, &row)),
            (false, _) => {
                let mut dependent = reader.dependent(&what, &row);
                let uses = std::mem::take(&mut dependent.uses);
                // One table may have several foreign keys, and a view uses several columns.
                let alike = (key, Dependent { definition: None, ..dependent.clone() });
                let at = *seen.entry(alike).or_insert(notes.dependents.len());
                if at == notes.dependents.len() {
                    notes.dependents.push(dependent);
                }
                if let Some(dependent) = notes.dependents.get_mut(at) {
                    dependent.uses.extend(uses);
                }
            }
        }
    }
    Ok(())
}

/// The branches that can have an answer for what is given.
fn question(has_tables: bool, objects: &[Found]) -> String {
    let has = |is: fn(&Found) -> bool| objects.iter().any(is);
    let given = [
        ("relations", has_tables || has(|found| found.class == "pg_class")),
        ("enums", has(|found| found.object.id.kind == ObjectKind::Enum)),
        ("triggers", has(|found| found.class == "pg_trigger")),
    ];
    let can_answer = |branch: &&str| {
        let only = branch.strip_prefix("-- Only of ").and_then(|rest| rest.split_once(':'));
        only.is_none_or(|(kinds, _)| given.contains(&(kinds, true)))
    };
    // The order comes behind the last branch.
    let (branches, order) = EDGES.rsplit_once("\nORDER BY ").unwrap_or((EDGES, "1"));
    let branches: Vec<_> = branches.split("\nUNION\n").filter(can_answer).collect();
    format!("{}\nORDER BY {order}", branches.join("\nUNION\n"))
}

impl Reader<'_> {
    /// What identifies a thing, where it has a kind of its own.
    fn thing(&self, what: &str, row: &Row) -> Option<ObjectId> {
        let kind = match what {
            "table" => ObjectKind::Table,
            "view" => ObjectKind::View,
            "materialized view" => ObjectKind::MaterializedView,
            "sequence" => ObjectKind::Sequence,
            "enum" => ObjectKind::Enum,
            "composite" => ObjectKind::Composite,
            "domain" => ObjectKind::Domain,
            "function" => ObjectKind::Function,
            "procedure" => ObjectKind::Procedure,
            "extension" => ObjectKind::Extension,
            "collation" => ObjectKind::Collation,
            "schema" => ObjectKind::Schema,
            "statistics" => ObjectKind::Statistics,
            "publication" => ObjectKind::Publication,
            "trigger" | "own trigger" => ObjectKind::Trigger,
            "rule" => ObjectKind::Rule,
            "policy" | "own policy" => ObjectKind::Policy,
            _ => return None,
        };
        let mut id = ObjectId::new(kind, self.name(row, 3));
        if row.text(6).is_some() {
            id.on = Some(self.name(row, 5));
        }
        if row.text(7).is_some() {
            id.args = Some(texts(row, 7).into_iter().map(ColumnType::Native).collect());
        }
        Some(id)
    }

    fn dependent(&self, what: &str, row: &Row) -> Dependent {
        let kind = match what {
            "view" => DependentKind::View,
            "own trigger" => DependentKind::Trigger,
            "own policy" => DependentKind::Policy,
            "check" => DependentKind::Check,
            "index" => DependentKind::Index,
            "partition key" => DependentKind::PartitionKey,
            "foreign key" => DependentKind::ForeignKey,
            "foreign key above" => DependentKind::ForeignKeyAbove,
            "column" => DependentKind::Column,
            "table" => DependentKind::Table,
            _ => DependentKind::Object,
        };
        let column = row.text(8).filter(|_| kind == DependentKind::Column);
        // What has no kind in the model is called by PostgreSQL's own: `aggregate sum_of`, `operator @@(text,text)`.
        let name = match what {
            "aggregate" | "type" => Name::from(format!("{what} {}", self.name(row, 3))),
            _ => self.name(row, 3),
        };
        Dependent {
            column,
            object: self.thing(what, row),
            definition: row.text(9),
            part: row.text(11),
            uses: row.text(10).into_iter().collect(),
            ..Dependent::new(kind, name)
        }
    }
}
