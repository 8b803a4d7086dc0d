//! Who may do what, as the catalog tells it.

use std::collections::BTreeSet;

use dunlin_dsl::{
    Connection, ConnectionError, Definition, Grant, Notes, Object, ObjectId, ObjectKind, PassedOn, Row,
    Unmodelled,
};

use super::Reader;
use super::objects::{Found, texts};
use crate::postgres::object::access;

/// One privilege of somebody's.
pub(super) struct Privilege {
    pub(super) grant: Grant,
    /// It would be there by default, and was taken away.
    pub(super) is_revoked: bool,
    /// Who gave it, but for the owner.
    pub(super) by: Vec<String>,
}

/// Each catalog's objects: what stands in place of the objects in the question.
const CATALOGS: [(&str, &str); 4] = [
    (
        "pg_class",
        "SELECT c.oid, ''::name, c.relacl, c.relowner, c.relnamespace, \
         CASE c.relkind WHEN 'S' THEN 'S' ELSE 'r' END::\"char\" FROM pg_class c WHERE c.oid IN ({oids}) \
         UNION ALL SELECT c.oid, a.attname, a.attacl, c.relowner, c.relnamespace, 'c' \
         FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
         WHERE c.oid IN ({oids}) AND a.attnum > 0 AND NOT a.attisdropped AND a.attacl IS NOT NULL",
    ),
    (
        "pg_namespace",
        "SELECT oid, ''::name, nspacl, nspowner, 0::oid, 'n'::\"char\" FROM pg_namespace WHERE oid IN ({oids})",
    ),
    (
        "pg_proc",
        "SELECT oid, ''::name, proacl, proowner, pronamespace, 'f'::\"char\" FROM pg_proc WHERE oid IN ({oids})",
    ),
    (
        "pg_type",
        "SELECT oid, ''::name, typacl, typowner, typnamespace, 'T'::\"char\" FROM pg_type WHERE oid IN ({oids})",
    ),
];

/// The question that gives a row a privilege, of tables and their columns.
pub(super) fn of_tables() -> String {
    question(CATALOGS[0].1)
}

/// Reads who may do what with the objects that were found.
pub(super) async fn of_objects(
    conn: &mut dyn Connection,
    reader: &Reader<'_>,
    found: &mut [Found],
) -> Result<(), ConnectionError> {
    for (class, objects) in CATALOGS {
        let oids: Vec<i64> = found.iter().filter(|one| one.class == class).map(|one| one.oid).collect();
        if oids.is_empty() {
            continue;
        }
        for row in conn.query(&reader.question(&question(objects), &[], oids)?).await? {
            let oid = row.int(0);
            let of = found.iter_mut().filter(|one| one.class == class && Some(one.oid) == oid);
            // None is told in the last column but of these.
            let by_default = row.bool(7);
            of.for_each(|one| match by_default {
                true => _ = one.object.notes.withheld.insert(row.text(4).unwrap_or_default()),
                false => put(&mut one.object, privilege(&row)),
            });
        }
    }
    Ok(())
}

/// Reads default privileges among `ids`, and those within schemas among them.
pub(super) async fn defaults(
    conn: &mut dyn Connection,
    ids: &[ObjectId],
) -> Result<Vec<Object>, ConnectionError> {
    let (schemas, ids): (Vec<_>, Vec<_>) = (ids.iter())
        .filter(|id| matches!(id.kind, ObjectKind::DefaultPrivileges | ObjectKind::Schema))
        .partition(|id| id.kind == ObjectKind::Schema);
    let mut found: Vec<Object> = Vec::new();
    if ids.is_empty() && schemas.is_empty() {
        return Ok(found);
    }
    for row in conn.query(include_str!("../sql/default_access.sql")).await? {
        let of = match row.text(0).as_deref() {
            Some("r") => "tables",
            Some("S") => "sequences",
            Some("f") => "functions",
            Some("T") => "types",
            Some("n") => "schemas",
            _ => continue,
        };
        let (role, is_own, schema) = (row.text(7), row.bool(8), row.text(9));
        let asked = ids.iter().filter(|id| {
            id.name.name == of && id.name.schema == schema && (id.role == role || id.role.is_none() && is_own)
        });
        let within = schemas.iter().any(|id| Some(&id.name.name) == schema.as_ref()).then(|| {
            ObjectId::default_privileges(of, schema.as_deref(), role.as_deref().filter(|_| !is_own))
        });
        let asked: BTreeSet<ObjectId> = asked.map(|id| (*id).clone()).chain(within).collect();
        for id in asked {
            let at = match found.iter().position(|object| object.id == id) {
                Some(at) => at,
                None => {
                    found.push(Object::new(id, Definition::DefaultPrivileges));
                    found.len() - 1
                }
            };
            put(&mut found[at], privilege(&row));
        }
    }
    Ok(found)
}

pub(super) fn privilege(row: &Row) -> Privilege {
    let column = row.text(1).filter(|column| !column.is_empty());
    let grant = Grant {
        to: row.text(3).unwrap_or_default(),
        privilege: row.text(4).unwrap_or_default(),
        columns: column.into_iter().collect(),
        grantable: row.bool(5),
    };
    Privilege { grant, is_revoked: row.bool(2), by: texts(row, 6) }
}

/// Notes a privilege that isn't the owner's to give back.
pub(super) fn note(notes: &mut Notes, by: Vec<String>, grant: &Grant) {
    if !by.is_empty() {
        notes
            .unmodelled
            .push(Unmodelled::Thing(format!("a grant to {} by somebody else than its owner", grant.to)));
    }
    notes.passed_on.extend(by.into_iter().map(|by| PassedOn { by, grant: grant.clone() }));
}

fn put(object: &mut Object, privilege: Privilege) {
    let Privilege { grant, is_revoked, by } = privilege;
    note(&mut object.notes, by, &grant);
    let is_usual = grant.to == "PUBLIC" && access::defaults(&object.id).contains(&grant.privilege.as_str());
    match (is_revoked, is_usual) {
        (true, true) => {
            object.withheld.insert(grant.privilege);
        }
        (true, false) => {
            object.notes.revoked.insert(grant);
        }
        (false, true) => {
            object.notes.granted.insert(grant);
        }
        (false, false) => {
            object.grants.insert(grant);
        }
    }
}

fn question(objects: &str) -> String {
    include_str!("../sql/access.sql").replace("{objects}", objects)
}
