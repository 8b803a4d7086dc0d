//! How SQL calls an object: its kind, and what identifies it.

use dunlin_dsl::{ObjectId, ObjectKind, Unsupported};

use crate::sql::{Sql, list};

/// The words that stand for a kind in CREATE, ALTER, DROP and COMMENT ON.
pub(in crate::postgres) fn keyword(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Schema => "SCHEMA",
        ObjectKind::Extension => "EXTENSION",
        ObjectKind::Collation => "COLLATION",
        ObjectKind::Enum | ObjectKind::Composite => "TYPE",
        ObjectKind::Domain => "DOMAIN",
        ObjectKind::Sequence => "SEQUENCE",
        ObjectKind::Function => "FUNCTION",
        ObjectKind::Procedure => "PROCEDURE",
        ObjectKind::View => "VIEW",
        ObjectKind::MaterializedView => "MATERIALIZED VIEW",
        ObjectKind::Trigger => "TRIGGER",
        ObjectKind::Rule => "RULE",
        ObjectKind::Policy => "POLICY",
        ObjectKind::Statistics => "STATISTICS",
        ObjectKind::Publication => "PUBLICATION",
        ObjectKind::DefaultPrivileges => "DEFAULT PRIVILEGES",
        _ => "TABLE",
    }
}

/// What identifies an object behind its kind: its name, a routine's arguments, the table that it belongs to.
pub(in crate::postgres) fn address(id: &ObjectId, sql: Sql<'_>) -> Result<String, Unsupported> {
    if let Some(on) = &id.on {
        return Ok(format!("{} ON {}", sql.id(&id.name.name)?, sql.table(on)?));
    }
    let name = sql.table(&id.name)?;
    let is_routine = matches!(id.kind, ObjectKind::Function | ObjectKind::Procedure);
    match &id.args {
        // Without a mode, a procedure's arguments could be taken for all of them, also those that go out.
        Some(args) if is_routine => {
            let mode = if id.kind == ObjectKind::Procedure { "IN " } else { "" };
            let args = list(args.iter().map(|ty| Ok(format!("{mode}{}", sql.ty(ty)?))))?;
            Ok(format!("{name}({args})"))
        }
        _ => Ok(name),
    }
}
