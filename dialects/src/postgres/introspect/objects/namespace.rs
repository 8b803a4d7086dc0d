//! What the rows of schemas, extensions and collations mean.

use dunlin_dsl::{Collation, Definition, Extension, Namespace, Row};

use crate::postgres::introspect::{Reader, Tables};

pub(super) fn schema(_: &Reader<'_>, _: &Tables, _: &Row) -> Option<Definition> {
    Some(Definition::Schema(Namespace::default()))
}

pub(super) fn extension(reader: &Reader<'_>, _: &Tables, row: &Row) -> Option<Definition> {
    let schema = row.text(5).filter(|schema| *schema != reader.sql.server.schema);
    Some(Definition::Extension(Extension { schema, version: row.text(6) }))
}

pub(super) fn collation(_: &Reader<'_>, _: &Tables, row: &Row) -> Option<Definition> {
    Some(Definition::Collation(Collation {
        provider: row.text(5),
        locale: row.text(6).unwrap_or_default(),
        nondeterministic: row.bool(7),
        rules: row.text(8),
    }))
}
