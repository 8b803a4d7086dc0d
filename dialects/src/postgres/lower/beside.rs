//! What the server does beside what it is told, as operations around the one that is, so that it can be undone.

use dunlin_dsl::{
    ColumnChange, Constraint, Definition, MaterializedViewChange, ObjectChange, ObjectId, Op, PerDialect,
    Schema, TableChange, Unsupported, apply,
};

use super::usual_storage;
use crate::postgres::{alter, print};
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// Before a change of type to one that isn't text: the collation goes, so that undoing both brings it back.
pub(super) fn lost_collation(op: &Op, schema: &Schema, sql: Sql<'_>) -> Result<Option<Op>> {
    let Op::AlterColumn { table, column, change: ColumnChange::Type { to, .. } } = op else {
        return Ok(None);
    };
    let known = schema.get(table).and_then(|table| table.column(column));
    let Some(collation) = known.map(|known| &known.collation).filter(|collation| !collation.is_empty())
    else {
        return Ok(None);
    };
    let ty = sql.ty(to)?;
    let is_text = ["text", "varchar", "char", "bpchar", "name", "citext"].iter().any(|of| ty.starts_with(of));
    let change = ColumnChange::Collation(PerDialect::default());
    let drop = Op::AlterColumn { table: table.clone(), column: column.clone(), change };
    Ok(Some(drop).filter(|_| !is_text && collation.get(sql.server.dialect).is_some()))
}

/// Before the index goes in whose order a table's rows are put: the mark goes, so that undoing both brings it back.
pub(super) fn lost_cluster(op: &Op, schema: &Schema) -> Option<Op> {
    if let Op::DropIndex { table, name, .. } = op {
        let id = ObjectId::materialized_view(table);
        if let Some(Definition::MaterializedView(of)) = schema.object(&id).map(|object| &object.definition) {
            let change = ObjectChange::MaterializedView(MaterializedViewChange::Cluster(None));
            return (of.cluster.as_ref() == Some(name)).then_some(Op::AlterObject { object: id, change });
        }
    }
    let is_drop = matches!(op, Op::DropIndex { .. } | Op::DropConstraint { .. } | Op::DropColumn { .. });
    let known = op.table().filter(|_| is_drop).and_then(|table| schema.get(table))?;
    known.cluster.as_ref()?;
    let mut after = Schema::new();
    after.insert(known.clone());
    apply(&mut after, op).ok()?;
    let is_lost = after.get(&known.name).is_some_and(|after| after.cluster.is_none());
    is_lost.then(|| Op::AlterTable { table: known.name.clone(), change: TableChange::Cluster(None) })
}

/// Around a change of type, with which the server forgets how the column is stored: the options go, and those that the new
/// type can have come back.
pub(super) fn kept_options(op: &Op, schema: &Schema, sql: Sql<'_>) -> Result<(Vec<Op>, Vec<Op>)> {
    let Op::AlterColumn { table, column, change: ColumnChange::Type { to, .. } } = op else {
        return Ok(Default::default());
    };
    let Some(known) = schema.get(table).and_then(|table| table.column(column)) else {
        return Ok(Default::default());
    };
    let is_long = usual_storage(&print::ty(&sql.ty(to)?)) != Some("plain");
    let options = known.options.iter().filter(|(name, _)| matches!(name.as_str(), "storage" | "compression"));
    let set = |name: &String, value: Option<&String>| {
        let change = ColumnChange::Option { name: name.clone(), value: value.cloned() };
        Op::AlterColumn { table: table.clone(), column: column.clone(), change }
    };
    let (lost, kept): (Vec<_>, Vec<_>) =
        options.map(|(name, value)| (set(name, None), set(name, Some(value)))).unzip();
    Ok((lost, if is_long { kept } else { Vec::new() }))
}

/// Around a change of type: the default goes, and comes back as one of the new type.
pub(super) fn carried_default(op: &Op, schema: &Schema, sql: Sql<'_>) -> Result<Option<[Op; 2]>> {
    let Op::AlterColumn { table, column, change: ColumnChange::Type { to, .. } } = op else {
        return Ok(None);
    };
    let Some(known) = schema.get(table).and_then(|table| table.column(column)) else { return Ok(None) };
    let Some(carried) = alter::carried_default(known, to, sql)? else { return Ok(None) };
    let change = |default| {
        let change = ColumnChange::Default(default);
        Op::AlterColumn { table: table.clone(), column: column.clone(), change }
    };
    Ok(Some([change(None), change(Some(carried))]))
}

/// The nullable columns that an operation makes refuse NULL.
pub(super) fn refusing_null(op: &Op, schema: &Schema) -> Vec<String> {
    let Some(table) = op.table().and_then(|table| schema.get(table)) else { return Vec::new() };
    let columns: &[String] = match op {
        Op::AddConstraint { constraint: Constraint::PrimaryKey(key), .. } => &key.columns,
        Op::AlterColumn { column, change: ColumnChange::Identity(Some(_)), .. } => {
            std::slice::from_ref(column)
        }
        _ => &[],
    };
    let nullable = |column: &&String| table.column(column).is_some_and(|column| !column.not_null);
    columns.iter().filter(nullable).cloned().collect()
}
