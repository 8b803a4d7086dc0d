//! Names that differ in the case of their letters alone, on servers for which they are one name.

use dunlin_dsl::{DialectId, Op, Schema, Unsupported};

use crate::sql::Sql;

/// Refuses what is done, or left alone, by whether something is there, where that is spelled otherwise: for the server it is there, and
/// for the schema it isn't.
pub(crate) fn refuse_other_case(op: &Op, schema: &Schema, sql: Sql<'_>) -> Result<(), Unsupported> {
    // PostgreSQL is told every name in quotes, and so tells all of them apart.
    if sql.server.dialect == DialectId::Postgres {
        return Ok(());
    }
    let Some(table) = op.table().and_then(|name| schema.get(name)) else { return Ok(()) };
    let columns = || table.columns.iter().map(|column| column.name.clone()).collect();
    let constraints = || table.constraints().filter_map(|of| of.label().name().map(str::to_owned));
    let indexes = || table.indexes.iter().filter_map(|index| index.label.name().map(str::to_owned));
    let (kind, name, there): (_, _, Vec<String>) = match op {
        Op::AddColumn { column, if_not_exists: true, .. } => ("column", column.name.as_str(), columns()),
        Op::DropColumn { column, if_exists: true, .. } => ("column", column.as_str(), columns()),
        Op::CreateIndex { index, if_not_exists: true, .. } => {
            ("index", index.label.name().unwrap_or_default(), indexes().chain(constraints()).collect())
        }
        Op::DropIndex { name, if_exists: true, .. } => {
            ("index", name.as_str(), indexes().chain(constraints()).collect())
        }
        Op::DropConstraint { name, if_exists: true, .. } => {
            ("constraint", name.as_str(), constraints().collect())
        }
        _ => return Ok(()),
    };
    let alike = there.iter().find(|other| other.eq_ignore_ascii_case(name));
    match alike.filter(|_| !there.iter().any(|other| other == name)) {
        Some(alike) => {
            let lacks = format!("takes {name} for {kind} {alike} of table {}, which is there", table.name);
            sql.refuse(op, &lacks, &format!("spell it {alike}"))
        }
        None => Ok(()),
    }
}
