//! Operations in these servers' terms: what they do beside what they are told becomes an operation of its own, so that it
//! is known, and undone too.

mod routines;

use dunlin_dsl::{
    Check, Column, ColumnChange, ColumnType, Constraint, ConstraintKind, Expr, Index, KeyPart, Name,
    ObjectId, Op, PerDialect, Schema, Table, TableChange, TableOptions, Unsupported, apply,
};

use super::flavor::{Flavor, OWN_FILE};
use super::object::{self as objects, access};
use super::{column, index, lower, native, options, partition};
use crate::choice::mentions;
use crate::spelling;
use crate::sql::{Sql, forget_storage, given};

/// The operations in the server's terms. Doing it again changes nothing.
pub(super) fn lower_ops(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Op>, Unsupported> {
    let mut schema = before.clone();
    let mut lowered = Vec::with_capacity(ops.len());
    for op in Op::select(ops, sql.server.dialect) {
        spelling::refuse_other_case(&op, &schema, sql)?;
        for op in one(op, &schema, sql)? {
            // What can't be applied is refused when it is rendered.
            let _ = advance(&mut schema, &op, sql);
            lowered.push(op);
        }
    }
    Ok(lowered)
}

/// Changes the schema as the server would: a check that belongs to a column is renamed with it.
pub(super) fn advance(schema: &mut Schema, op: &Op, sql: Sql<'_>) -> Result<(), dunlin_dsl::Conflict> {
    apply(schema, op)?;
    if let Op::RenameColumn { table, column, to } = op
        && Flavor::of(sql.server).has_column_checks()
        && let Some(table) = schema.tables.get_mut(table)
        && let (Ok(old), Ok(new)) = (lower::json_check(column, sql), lower::json_check(to, sql))
        && let (Ok(from), Ok(into)) = (sql.id(column), sql.id(to))
    {
        // A hash of a column is one of an expression that is a column.
        for key in table.partitioning.iter_mut().flat_map(|of| &mut of.keys) {
            if matches!(&key.on, KeyPart::Expr(Expr::Sql(text)) if *text == from) {
                key.on = KeyPart::Expr(Expr::Sql(into.clone()));
            }
        }
        for check in table.checks.iter_mut().filter(|check| check.label.is(column)) {
            check.label = given(to.as_str());
            if check.expr == old.expr {
                check.expr = new.expr.clone();
            }
        }
    }
    Ok(())
}

/// What one operation is here.
fn one(op: Op, schema: &Schema, sql: Sql<'_>) -> Result<Vec<Op>, Unsupported> {
    if let Some(id) = op.object()
        && !objects::has(id.kind, sql)
    {
        return lower::object::lacks(&op, id.kind, sql);
    }
    let holds_for_new = match &op {
        Op::AddColumn { column, .. } => column.not_null_not_valid,
        Op::CreateTable { table, .. } => table.columns.iter().any(|column| column.not_null_not_valid),
        Op::AlterColumn { change, .. } => *change == ColumnChange::NotNullNotValid,
        _ => false,
    };
    if holds_for_new {
        return sql.refuse(op, "refuses NULL in all rows or in none", "say not_null()");
    }
    let known = op.table().and_then(|name| schema.get(name));
    Ok(match op {
        Op::CreateTable { mut table, if_not_exists } => {
            lower::shape(&mut table, sql)?;
            vec![Op::CreateTable { table, if_not_exists }]
        }
        Op::SetTableOptions { table, options } => {
            let options = chosen(options, known, sql);
            let set = |options| Op::SetTableOptions { table: table.clone(), options };
            match known.filter(|known| known.options.tablespace.is_none()) {
                // What undoes it has to say where the table was, and not that nothing is chosen.
                Some(known) if options.tablespace.as_deref().is_some_and(|name| name != OWN_FILE) => {
                    let tablespace = Some(OWN_FILE.to_owned());
                    vec![set(TableOptions { tablespace, ..known.options.clone() }), set(options)]
                }
                _ => vec![set(options)],
            }
        }
        Op::DropColumn { table, column, if_exists } => {
            let mut ops = known.map_or(Vec::new(), |known| with_column(known, &column));
            let drop = Op::DropColumn { table: table.clone(), column: column.clone(), if_exists };
            ops.extend(access::around_column(drop, &table, &column, None, schema));
            ops
        }
        Op::RenameColumn { table, column, to } => {
            let rename = Op::RenameColumn { table: table.clone(), column: column.clone(), to: to.clone() };
            access::around_column(rename, &table, &column, Some(&to), schema)
        }
        Op::AlterTable { table, change: TableChange::Index { name, change } } => {
            index::lower_change(&table, &name, &change, known, sql)?
        }
        Op::AlterTable { change: TableChange::Text { charset, collation }, .. } => match known {
            Some(known) => options::convert(known, charset, collation, sql)?,
            None => Vec::new(),
        },
        Op::AlterTable { table, change } => {
            let change = partition::lower_change(&table, change, known, sql)?;
            change.into_iter().map(|change| Op::AlterTable { table: table.clone(), change }).collect()
        }
        Op::CreateObject { object, existing } => {
            routines::create(lower::object::object(&object, sql)?, existing, schema, sql)?
        }
        Op::AlterObject { object, change } => {
            let object = lower::object::id(&object, sql)?;
            let change = objects::lower_change(&object, change, schema, sql)?;
            vec![Op::AlterObject { object, change }]
        }
        Op::DropTable { ref table, .. } => {
            let id = ObjectId::table(table);
            access::around(op, &id, None, schema)
        }
        Op::RenameTable { ref table, ref to } => {
            let id = ObjectId::table(table);
            let renamed = id.renamed(to);
            access::around(op, &id, Some(renamed), schema)
        }
        Op::DropObject { object, if_exists, cascade } => {
            let object = lower::object::id(&object, sql)?;
            let drop = Op::DropObject { object: object.clone(), if_exists, cascade };
            access::around(drop, &object, None, schema)
        }
        Op::RenameObject { object, to } => {
            let object = lower::object::id(&object, sql)?;
            let renamed = object.renamed(&to);
            access::around(Op::RenameObject { object: object.clone(), to }, &object, Some(renamed), schema)
        }
        Op::SetSchema { object, schema: to } => {
            let object = lower::object::id(&object, sql)?;
            let moved = object.moved(to.as_deref());
            access::around(Op::SetSchema { object: object.clone(), schema: to }, &object, Some(moved), schema)
        }
        Op::Grant { on, grants } => {
            let on = lower::object::id(&on, sql)?;
            access::lower_op(Op::Grant { on, grants }, schema, sql)?
        }
        Op::Revoke { on, grants } => {
            let on = lower::object::id(&on, sql)?;
            access::lower_op(Op::Revoke { on, grants }, schema, sql)?
        }
        Op::AlterColumn { change: ColumnChange::Restart(_), .. } => {
            let instead = "set where it starts: identity_with(Identity::default().start(..))";
            return sql.refuse(op, "has the next number as the first one", instead);
        }
        Op::AlterColumn { change: ColumnChange::SequenceName(_), .. } => {
            let instead = "leave it out here with on(..)";
            return sql.refuse(op, "numbers columns from no sequence", instead);
        }
        // They mean nothing here; nor does any table inherit from another.
        Op::AlterColumn {
            change: ColumnChange::Option { .. } | ColumnChange::NotNullNoInherit(false),
            ..
        } => Vec::new(),
        Op::AlterColumn { table, column, change: ColumnChange::NotNullNoInherit(true) } => {
            let of = known.and_then(|known| known.column(&column));
            if of.is_some_and(|column| column.not_null) {
                return Ok(Vec::new());
            }
            one(Op::AlterColumn { table, column, change: ColumnChange::NotNull(true) }, schema, sql)?
        }
        Op::AlterColumn { ref column, change: ColumnChange::Invisible(true), .. }
            if known
                .is_some_and(|known| known.columns.iter().all(|of| of.invisible || of.name == *column)) =>
        {
            let lacks = "has no table without a column that SELECT * gives";
            return sql.refuse(op, lacks, "make another one visible first");
        }
        Op::AlterColumn { ref change, .. } if is_computed_type(change, sql) => {
            let instead = "say what the values become before it: execute(\"UPDATE ..\"); or add another column, fill it, and drop this one";
            return sql.refuse(op, "computes no values while a type changes", instead);
        }
        Op::AlterColumn { table, column, change } => {
            let mut ops = match known.and_then(|known| Some((known, known.column(&column)?))) {
                Some((known, old)) => beside(known, old, &change, sql)?,
                None => Vec::new(),
            };
            let alter = |change| Op::AlterColumn { table: table.clone(), column: column.clone(), change };
            match change {
                ColumnChange::Type { to, .. }
                    if Flavor::of(sql.server).json_is_text()
                        && lower::is_json(&Column::new("", to.clone()), sql) =>
                {
                    let bin = PerDialect::default().with(sql.server.dialect, "utf8mb4_bin".to_owned());
                    ops.push(alter(ColumnChange::Charset(Some("utf8mb4".into()))));
                    ops.push(alter(ColumnChange::Collation(bin)));
                    ops.push(alter(ColumnChange::Type {
                        to: ColumnType::Native("longtext".into()),
                        using: None,
                    }));
                    if known.is_some_and(|known| column_check(known, &column).is_none()) {
                        let check = Constraint::Check(lower::json_check(&column, sql)?);
                        ops.push(Op::AddConstraint { table: table.clone(), constraint: check });
                    }
                }
                // What is said of other servers' values means nothing here.
                ColumnChange::Type { to, .. } => ops.push(alter(ColumnChange::Type { to, using: None })),
                change => ops.push(alter(change)),
            }
            ops
        }
        Op::AddConstraint { table, constraint: Constraint::PrimaryKey(mut key) } => {
            key.label = given("PRIMARY");
            vec![Op::AddConstraint { table, constraint: Constraint::PrimaryKey(key) }]
        }
        Op::AddConstraint { table, constraint: Constraint::Check(check) } => {
            // No table inherits from another here.
            let check = Check { no_inherit: false, ..check };
            vec![Op::AddConstraint { table, constraint: Constraint::Check(check) }]
        }
        Op::AddConstraint { table, constraint: Constraint::ForeignKey(key) } => {
            let more = std::slice::from_ref(&key);
            let implied = known.map_or(Vec::new(), |known| lower::implied_indexes(known, more));
            let mut ops: Vec<Op> = implied.into_iter().map(|index| create(&table, index)).collect();
            ops.push(Op::AddConstraint { table, constraint: Constraint::ForeignKey(key) });
            ops
        }
        Op::DropConstraint { table, kind: ConstraintKind::PrimaryKey, if_exists, .. } => {
            vec![Op::DropConstraint {
                table,
                kind: ConstraintKind::PrimaryKey,
                name: String::new(),
                if_exists,
            }]
        }
        Op::RenameConstraint { kind: ConstraintKind::PrimaryKey, .. } => Vec::new(),
        Op::DropConstraint { table, kind: ConstraintKind::Unique, name, if_exists }
            if is_index(known, &name) =>
        {
            vec![Op::DropIndex { table, name, if_exists, concurrently: false }]
        }
        Op::RenameConstraint { table, kind: ConstraintKind::Unique, name, to } if is_index(known, &name) => {
            vec![Op::RenameIndex { table, name, to }]
        }
        Op::CreateIndex { table, mut index, if_not_exists, concurrently } => {
            let memory = known.is_some_and(|known| lower::is_memory(&known.options, sql));
            index.method = lower::method(index.method.as_deref(), memory);
            forget_storage(&mut index);
            let name = index.label.name().unwrap_or_default();
            let exists = is_unique(known, name) || is_index(known, name);
            match lower::plain_unique(&index) {
                _ if exists && if_not_exists => Vec::new(),
                Some(unique) if lower::check_index(&index, &table, sql).is_ok() => {
                    vec![Op::AddConstraint { table, constraint: Constraint::Unique(unique) }]
                }
                _ => vec![Op::CreateIndex { table, index, if_not_exists, concurrently }],
            }
        }
        Op::DropIndex { table, name, if_exists, .. } if is_unique(known, &name) => {
            vec![Op::DropConstraint { table, kind: ConstraintKind::Unique, name, if_exists }]
        }
        Op::RenameIndex { table, name, to } if is_unique(known, &name) => {
            vec![Op::RenameConstraint { table, kind: ConstraintKind::Unique, name, to }]
        }
        op => vec![op],
    })
}

/// Whether a change of a type says here what each value becomes.
fn is_computed_type(change: &ColumnChange, sql: Sql<'_>) -> bool {
    match change {
        ColumnChange::Type { using: Some(Expr::PerDialect(texts)), .. } => {
            texts.get(sql.server.dialect).is_some()
        }
        ColumnChange::Type { using, .. } => using.is_some(),
        _ => false,
    }
}

/// What isn't chosen stays as it is, but for the row format: there none is a choice too, the engine's own.
fn chosen(options: TableOptions, known: Option<&Table>, sql: Sql<'_>) -> TableOptions {
    let old = known.map(|known| known.options.clone()).unwrap_or_default();
    let (charset, collation) = match (options.charset, options.collation) {
        (None, None) => (old.charset, old.collation),
        (Some(charset), None) if Some(&charset) == old.charset.as_ref() => (Some(charset), old.collation),
        other => other,
    };
    TableOptions {
        engine: options.engine.or(old.engine),
        charset,
        collation,
        row_format: options.row_format,
        engine_options: options::lower_engine_options(&options.engine_options, sql),
        tablespace: options
            .tablespace
            .or(old.tablespace)
            .filter(|_| Flavor::of(sql.server).has_tablespaces()),
        ..TableOptions::default()
    }
}

/// What must go before a column can: all that names it, which the server would cut down, or stop at. A foreign key that
/// stays keeps an index.
fn with_column(known: &Table, column: &str) -> Vec<Op> {
    let table = &known.name;
    let named = |names: &[String]| names.iter().any(|name| name == column);
    let drop = |kind, name: Option<&str>| Op::DropConstraint {
        table: table.clone(),
        kind,
        name: name.unwrap_or_default().to_owned(),
        if_exists: false,
    };
    if known.column(column).is_none() {
        return Vec::new();
    }
    let mut left = known.clone();
    left.foreign_keys.retain(|key| !named(&key.columns));
    left.uniques.retain(|unique| !named(&unique.columns));
    left.indexes.retain(|index| !index_names(index, column));
    let mut ops: Vec<Op> =
        lower::implied_indexes(&left, &[]).into_iter().map(|index| create(table, index)).collect();
    let keys = known.foreign_keys.iter().filter(|key| named(&key.columns));
    ops.extend(keys.map(|key| drop(ConstraintKind::ForeignKey, key.label.name())));
    let checks = known.checks.iter().filter(|check| mentions(&check.expr, column));
    ops.extend(checks.map(|check| drop(ConstraintKind::Check, check.label.name())));
    let uniques = known.uniques.iter().filter(|unique| named(&unique.columns));
    ops.extend(uniques.map(|unique| drop(ConstraintKind::Unique, unique.label.name())));
    let indexes = known.indexes.iter().filter(|index| index_names(index, column));
    ops.extend(indexes.map(|index| Op::DropIndex {
        table: table.clone(),
        name: index.label.name().unwrap_or_default().into(),
        if_exists: false,
        concurrently: false,
    }));
    ops
}

fn index_names(index: &Index, column: &str) -> bool {
    index.keys.iter().any(|key| match &key.on {
        KeyPart::Column(name) => name == column,
        KeyPart::Expr(expr) => mentions(expr, column),
    })
}

/// What else must change so that a change of one attribute can be undone: a type without text has no character set, and
/// one that isn't JSON has no check that it is.
fn beside(known: &Table, old: &Column, change: &ColumnChange, sql: Sql<'_>) -> Result<Vec<Op>, Unsupported> {
    let alter = |change| Op::AlterColumn { table: known.name.clone(), column: old.name.clone(), change };
    let has_collation = !old.collation.is_empty();
    let mut ops = Vec::new();
    match change {
        ColumnChange::Type { to, .. } => {
            let json = lower::json_check(&old.name, sql)?;
            let to_json = lower::is_json(&Column::new("", to.clone()), sql);
            let was_json = column_check(known, &old.name).is_some_and(|check| check.expr == json.expr);
            if was_json && !to_json {
                ops.push(Op::DropConstraint {
                    table: known.name.clone(),
                    kind: ConstraintKind::Check,
                    name: old.name.clone(),
                    if_exists: false,
                });
            }
            // What JSON is kept in isn't for the next type to inherit.
            if (was_json && !to_json) || !native::is_text(to, sql) {
                if has_collation {
                    ops.push(alter(ColumnChange::Collation(PerDialect::default())));
                }
                if old.charset.is_some() {
                    ops.push(alter(ColumnChange::Charset(None)));
                }
            }
        }
        ColumnChange::Charset(charset) if has_collation => {
            let stays = match (old.collation.get(sql.server.dialect), charset) {
                (Some(collation), Some(charset)) => column::belongs(collation, charset),
                _ => false,
            };
            if !stays {
                ops.push(alter(ColumnChange::Collation(PerDialect::default())));
            }
        }
        ColumnChange::Collation(collation) => {
            let foreign = match (collation.get(sql.server.dialect), &old.charset) {
                (Some(collation), Some(charset)) => !column::belongs(collation, charset),
                _ => false,
            };
            if foreign {
                ops.push(alter(ColumnChange::Charset(None)));
            }
        }
        _ => {}
    }
    Ok(ops)
}

fn column_check<'t>(table: &'t Table, column: &str) -> Option<&'t Check> {
    table.checks.iter().find(|check| check.label.is(column))
}

fn create(table: &Name, index: Index) -> Op {
    Op::CreateIndex { table: table.clone(), index, if_not_exists: false, concurrently: false }
}

fn is_index(table: Option<&Table>, name: &str) -> bool {
    table.is_some_and(|table| table.index(name).is_some())
}

fn is_unique(table: Option<&Table>, name: &str) -> bool {
    table.is_some_and(|table| table.uniques.iter().any(|unique| unique.label.is(name)))
}
