//! Reads tables and objects back from the catalog: one question a kind, for all of them at once.

mod access;
mod around;
mod edges;
mod objects;
mod read;

pub(super) use read::has_broken_index;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Connection, ConnectionError, ErrorKind, Name, Object, ObjectId, Row, Schema, Server, Table, Unsupported,
    Version,
};

use objects::Found;

use super::lower;
use crate::sql::{Sql, list, tables_among};

const TABLES: &str = include_str!("sql/tables.sql");
const COLUMNS: &str = include_str!("sql/columns.sql");
const CONSTRAINTS: &str = include_str!("sql/constraints.sql");
const INDEXES: &str = include_str!("sql/indexes.sql");
const EXCLUSIONS: &str = include_str!("sql/exclusions.sql");
const PARTITIONS: &str = include_str!("sql/partitions.sql");
const PARENTS: &str = include_str!("sql/parents.sql");
const COPIES: &str = include_str!("sql/copies.sql");
const UNMODELLED: &str = include_str!("sql/unmodelled.sql");

/// What the catalog has only from some version on: its place in a question, the version, what is asked, and what is asked
/// of older ones.
const SINCE: [(&str, Version, &str, &str); 15] = [
    ("{nulls_not_distinct}", Version::new(15, 0, 0), "i.indnullsnotdistinct", "false"),
    ("{set_columns}", Version::new(15, 0, 0), "k.own = ANY (x.confdelsetcols)", "false"),
    ("{not_enforced}", Version::new(18, 0, 0), "NOT x.conenforced", "false"),
    ("{period}", Version::new(18, 0, 0), "x.conperiod", "false"),
    (
        "{compression}",
        Version::new(14, 0, 0),
        "CASE WHEN a.attcompression <> coalesce(h.attcompression, '') THEN 'compression=' ||
           CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' ELSE 'default' END END",
        "NULL",
    ),
    ("{routine_body}", Version::new(14, 0, 0), "pg_get_function_sqlbody(p.oid)", "NULL"),
    ("{collation_locale}", Version::new(17, 0, 0), "c.colllocale", "{collation_locale_15}"),
    ("{collation_locale_15}", Version::new(15, 0, 0), "c.colliculocale", "NULL"),
    ("{collation_rules}", Version::new(16, 0, 0), "c.collicurules", "NULL"),
    (
        "{statistics_expressions}",
        Version::new(14, 0, 0),
        "(SELECT array_agg(e) FROM unnest(pg_get_statisticsobjdef_expressions(s.oid)) e)",
        "NULL::text[]",
    ),
    (
        "{published_columns}",
        Version::new(15, 0, 0),
        "(SELECT string_agg(quote_literal(a.attname), ' ') FROM unnest(r.prattrs::int2[]) k (num) \
         JOIN pg_attribute a ON a.attrelid = r.prrelid AND a.attnum = k.num)",
        "NULL::text",
    ),
    ("{published_filter}", Version::new(15, 0, 0), "pg_get_expr(r.prqual, r.prrelid)", "NULL::text"),
    (
        "{published_schemas}",
        Version::new(15, 0, 0),
        "(SELECT array_agg(n.nspname::text) FROM pg_publication_namespace p JOIN pg_namespace n ON n.oid = p.pnnspid \
         WHERE p.pnpubid = b.oid)",
        "NULL::text[]",
    ),
    (
        "{published_in}",
        Version::new(15, 0, 0),
        "OR EXISTS (SELECT FROM pg_publication_namespace p JOIN pg_namespace n ON n.oid = p.pnnspid \
         WHERE p.pnpubid = b.oid AND n.nspname IN ({words}))",
        "",
    ),
    ("{published_generated}", Version::new(18, 0, 0), "b.pubgencols <> 'n'", "false"),
];

/// What a collation is called: by its schema too, where it isn't found without.
const COLLATION_NAME: &str = "CASE WHEN pg_collation_is_visible(o.oid) THEN o.collname::text ELSE (SELECT '\"' || \
    replace(n.nspname, '\"', '\"\"') || '\".\"' || replace(o.collname, '\"', '\"\"') || '\"' \
    FROM pg_namespace n WHERE n.oid = o.collnamespace) END";

/// What an operator class is called, in the same way.
const OPCLASS_NAME: &str = "CASE WHEN pg_opclass_is_visible(p.oid) THEN p.opcname::text ELSE (SELECT '\"' || \
    replace(n.nspname, '\"', '\"\"') || '\".\"' || replace(p.opcname, '\"', '\"\"') || '\"' \
    FROM pg_namespace n WHERE n.oid = p.opcnamespace) END";

/// Tables by oid, as they are read.
type Tables = BTreeMap<i64, Table>;

/// What takes up a row of an answer.
type Read<'r> = fn(&Reader<'r>, &mut Table, &Row);

/// What reading needs to know beside the rows.
struct Reader<'a> {
    sql: Sql<'a>,
    /// What the tables were asked for as.
    names: &'a [Name],
}

/// Tables and objects by name, in PostgreSQL's own terms, as they were asked for.
pub(super) async fn introspect(
    conn: &mut dyn Connection,
    objects: &[ObjectId],
    sql: Sql<'_>,
) -> Result<Schema, ConnectionError> {
    let ids = objects.iter().map(|id| lower::object::id(id, sql));
    let mut ids: Vec<ObjectId> = ids.collect::<Result<_, _>>().map_err(unreadable)?;
    let more = around::ids(conn, &Reader { sql, names: &names(&ids) }, &ids).await?;
    ids.extend(more);
    let names = names(&ids);
    let reader = Reader { sql, names: &names };
    let mut tables = tables(conn, &reader, &tables_among(&ids)).await?;
    let mut objects = objects::read(conn, &reader, &ids, &tables).await?;
    edges::read(conn, &reader, &mut tables, &mut objects).await?;
    let mut found = Schema::new();
    for mut table in tables.into_values() {
        read::settle(&mut table);
        lower::sort(&mut table);
        for alias in aliases(&names, &table.name, sql.server) {
            found.insert(Table { name: alias.clone(), ..table.clone() });
        }
        found.insert(table);
    }
    for object in access::defaults(conn, &ids).await? {
        found.insert_object(object);
    }
    for Found { object, .. } in objects {
        for alias in aliases(&names, &object.id.name, sql.server) {
            let id = ObjectId { name: alias.clone(), ..object.id.clone() };
            found.insert_object(Object { id, ..object.clone() });
        }
        found.insert_object(object);
    }
    Ok(found)
}

/// What is asked for by name, and what that belongs to.
fn names(ids: &[ObjectId]) -> Vec<Name> {
    ids.iter().flat_map(|id| [&id.name].into_iter().chain(&id.on)).cloned().collect()
}

/// Tables by oid.
async fn tables(
    conn: &mut dyn Connection,
    reader: &Reader<'_>,
    names: &[Name],
) -> Result<Tables, ConnectionError> {
    let mut tables = Tables::new();
    if names.is_empty() {
        return Ok(tables);
    }
    let names: Vec<_> = names.iter().collect();
    for row in conn.query(&reader.question(TABLES, &names, [])?).await? {
        let Some(oid) = row.int(0) else { continue };
        tables.insert(oid, reader.table(&row));
    }
    if tables.is_empty() {
        return Ok(tables);
    }
    let access = access::of_tables();
    let kinds: [(&str, Read<'_>); 9] = [
        (PARENTS, Reader::parent),
        (PARTITIONS, Reader::partition_key),
        (COLUMNS, Reader::column),
        (CONSTRAINTS, Reader::constraint_column),
        (EXCLUSIONS, Reader::exclusion_element),
        (INDEXES, Reader::index_column),
        (COPIES, Reader::copy),
        (&access, Reader::privilege),
        (UNMODELLED, Reader::unmodelled),
    ];
    for (text, read) in kinds {
        for row in conn.query(&reader.question(text, &[], tables.keys().copied())?).await? {
            if let Some(table) = row.int(0).and_then(|oid| tables.get_mut(&oid)) {
                read(reader, table, &row);
            }
        }
    }
    Ok(tables)
}

impl Reader<'_> {
    /// A question with what it asks about put in: names with their schemas, names alone, and oids.
    fn question(
        &self,
        text: &str,
        names: &[&Name],
        oids: impl IntoIterator<Item = i64>,
    ) -> Result<String, ConnectionError> {
        let sql = self.sql;
        let or_none = |list: String, none: &str| if list.is_empty() { none.to_owned() } else { list };
        let pair = |name: &&Name| {
            Ok(format!("({}, {})", sql.text(schema(name, sql.server))?, sql.text(&name.name)?))
        };
        let pairs = or_none(list(names.iter().map(pair)).map_err(unreadable)?, "(NULL, NULL)");
        let words = or_none(list(names.iter().map(|name| sql.text(&name.name))).map_err(unreadable)?, "NULL");
        let oids = oids.into_iter().map(|oid| oid.to_string()).collect::<Vec<_>>().join(", ");
        let text = SINCE.iter().fold(text.to_owned(), |text, (place, since, new, old)| {
            text.replace(place, if sql.server.version >= *since { new } else { old })
        });
        let text = text.replace("{collation_name}", COLLATION_NAME).replace("{opclass_name}", OPCLASS_NAME);
        // Names last, and all in one go: they may look like places themselves.
        let text = text.replace("{oids}", &or_none(oids, "NULL"));
        let parts: Vec<_> = text.split("{words}").map(|part| part.replace("{names}", &pairs)).collect();
        Ok(parts.join(&words))
    }
}

/// One thing may have been asked for by two names: with its schema, and without.
fn aliases<'n>(names: &'n [Name], found: &Name, server: &Server) -> Vec<&'n Name> {
    names.iter().filter(|name| is_same(name, found, server) && *name != found).collect()
}

/// The question for a table's columns.
pub(super) fn columns_query(table: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    Ok(format!(
        "SELECT a.attname FROM pg_catalog.pg_attribute AS a JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid \
         JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE n.nspname = {} AND c.relname = {} AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
        sql.text(schema(table, sql.server))?,
        sql.text(&table.name)?
    ))
}

fn schema<'a>(name: &'a Name, server: &'a Server) -> &'a str {
    name.schema.as_deref().unwrap_or(&server.schema)
}

fn is_same(one: &Name, other: &Name, server: &Server) -> bool {
    one.name == other.name && schema(one, server) == schema(other, server)
}

/// A name that can't be written can't be a table's.
fn unreadable(error: Unsupported) -> ConnectionError {
    ConnectionError::new(ErrorKind::Statement, error.to_string())
}
