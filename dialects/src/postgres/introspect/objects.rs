//! Reads objects that aren't tables: a question a family of kinds, for all that are asked for at once.

mod belonging;
mod named_type;
mod namespace;
mod routine;
mod sequence;
mod view;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Connection, ConnectionError, Definition, Object, ObjectId, ObjectKind, Row, Table, Unmodelled,
};

use super::read::owner;
use super::{Reader, Tables, access};

/// An object as it is read, with its place in the catalog.
pub(super) struct Found {
    /// The catalog that has it: `pg_class`.
    pub(super) class: &'static str,
    pub(super) oid: i64,
    pub(super) object: Object,
}

/// Kinds that one question reads.
struct Family {
    kinds: &'static [ObjectKind],
    /// Whether the tables that were read may have some of these kinds.
    with_tables: bool,
    class: &'static str,
    text: &'static str,
    /// What a row says beyond oid, name, comment and owner; none where it isn't an object of its own.
    read: fn(&Reader<'_>, &Tables, &Row) -> Option<Definition>,
    /// Where a row says what isn't modelled, in an array or by itself.
    unmodelled: Option<usize>,
}

/// A new kind is a family here, a question in `sql`, and a file that says what a row means.
const FAMILIES: [Family; 7] = [
    Family {
        kinds: &[ObjectKind::Schema],
        with_tables: false,
        class: "pg_namespace",
        text: include_str!("../sql/schemas.sql"),
        read: namespace::schema,
        unmodelled: None,
    },
    Family {
        kinds: &[ObjectKind::Extension],
        with_tables: false,
        class: "pg_extension",
        text: include_str!("../sql/extensions.sql"),
        read: namespace::extension,
        unmodelled: None,
    },
    Family {
        kinds: &[ObjectKind::Collation],
        with_tables: false,
        class: "pg_collation",
        text: include_str!("../sql/collations.sql"),
        read: namespace::collation,
        unmodelled: Some(9),
    },
    Family {
        kinds: &[ObjectKind::Enum, ObjectKind::Composite, ObjectKind::Domain],
        with_tables: false,
        class: "pg_type",
        text: include_str!("../sql/types.sql"),
        read: named_type::named_type,
        unmodelled: None,
    },
    Family {
        kinds: &[ObjectKind::Sequence],
        with_tables: true,
        class: "pg_class",
        text: include_str!("../sql/sequences.sql"),
        read: sequence::sequence,
        unmodelled: None,
    },
    Family {
        kinds: &[ObjectKind::View, ObjectKind::MaterializedView],
        with_tables: false,
        class: "pg_class",
        text: include_str!("../sql/views.sql"),
        read: view::view,
        unmodelled: None,
    },
    Family {
        kinds: &[ObjectKind::Function, ObjectKind::Procedure],
        with_tables: false,
        class: "pg_proc",
        text: include_str!("../sql/routines.sql"),
        read: routine::routine,
        unmodelled: Some(22),
    },
];

/// The objects among `ids`, and those that belong to tables that were read.
pub(super) async fn read(
    conn: &mut dyn Connection,
    reader: &Reader<'_>,
    ids: &[ObjectId],
    tables: &Tables,
) -> Result<Vec<Found>, ConnectionError> {
    let mut found: Vec<Found> = Vec::new();
    for family in &FAMILIES {
        let names: Vec<_> = ids.iter().filter(|id| family.may_have(id, tables)).map(|id| &id.name).collect();
        if names.is_empty() && (tables.is_empty() || !family.with_tables) {
            continue;
        }
        let question = reader.question(family.text, &names, tables.keys().copied())?;
        for row in conn.query(&question).await? {
            let Some(object) = family.object(reader, tables, &row) else { continue };
            if family.with_tables || wanted(ids, &object.id) {
                found.push(Found { class: family.class, oid: row.int(0).unwrap_or_default(), object });
            }
        }
    }
    view::indexes(conn, reader, &mut found).await?;
    belonging::read(conn, reader, ids, tables, &mut found).await?;
    access::of_objects(conn, reader, &mut found).await?;
    Ok(found)
}

impl Family {
    /// Whether what was asked for may be of these kinds: what is no table may be a view.
    fn may_have(&self, id: &ObjectId, tables: &Tables) -> bool {
        let is_view = self.kinds.contains(&ObjectKind::View) && id.kind == ObjectKind::Table;
        self.kinds.contains(&id.kind) || is_view && !tables.values().any(|table| table.name == id.name)
    }

    fn object(&self, reader: &Reader<'_>, tables: &Tables, row: &Row) -> Option<Object> {
        let definition = (self.read)(reader, tables, row)?;
        let mut id = ObjectId::new(definition.kind(), reader.name(row, 1));
        if let Definition::Function(of) | Definition::Procedure(of) = &definition {
            id.args = Some(routine::signature(of));
        }
        let mut object = Object::new(id, definition);
        object.comment = row.text(3);
        owner(&mut object.notes, row, 4);
        if let Some(at) = self.unmodelled {
            object.notes.unmodelled = things(row, at);
        }
        if object.id.kind == ObjectKind::Domain {
            object.notes.unmodelled = named_type::unmodelled(row);
        }
        object.notes.remark = match object.id.kind {
            ObjectKind::Extension => row.text(7),
            ObjectKind::Schema => row.text(5),
            _ => None,
        };
        if object.id.kind == ObjectKind::MaterializedView {
            object.notes.tablespace = row.text(16);
        }
        Some(object)
    }
}

/// Whether an object was asked for: its question goes by names alone.
fn wanted(ids: &[ObjectId], found: &ObjectId) -> bool {
    let is = |id: &ObjectId| {
        let kind = id.kind == found.kind
            || id.kind == ObjectKind::Table
                && matches!(found.kind, ObjectKind::View | ObjectKind::MaterializedView);
        kind && (found.args.is_none() || id.args.is_none() || id.args == found.args)
    };
    ids.iter().any(|id| id.name == found.name && is(id))
}

/// The elements of an array, or a text by itself; none of NULL.
pub(super) fn texts(row: &Row, at: usize) -> Vec<String> {
    match row.text(at) {
        Some(text) if text.starts_with('{') => {
            crate::postgres::print::array(&text).into_iter().flatten().collect()
        }
        text => text.into_iter().collect(),
    }
}

/// What an object has as a whole and isn't modelled, from an array.
fn things(row: &Row, at: usize) -> Vec<Unmodelled> {
    texts(row, at).into_iter().map(Unmodelled::Thing).collect()
}

/// The elements of an array, each of which may be NULL.
fn elements(row: &Row, at: usize) -> Vec<Option<String>> {
    row.text(at).map(|text| crate::postgres::print::array(&text)).unwrap_or_default()
}

/// Two arrays as a map.
fn pairs(row: &Row, names: usize, values: usize) -> BTreeMap<String, String> {
    texts(row, names).into_iter().zip(texts(row, values)).collect()
}

/// The table with an oid, if it was read.
fn table_of(tables: &Tables, oid: Option<i64>) -> Option<&Table> {
    tables.get(&oid?)
}
