//! Operations in the terms of a server without `enum` and `set`: text with a check.
//!
//! The check is a constraint of its own, so changing such a column is changing both, and undoing that too.

use dunlin_dsl::{
    Check, Column, ColumnChange, ColumnType, Constraint, ConstraintKind, Expr, Index, KeyPart, Label, Name,
    Op, Schema, Size, Table, TableChange, Unsupported, apply,
};

use crate::lex::mentions_column;
use crate::spelling;
use crate::sql::Sql;

/// The operations with every `enum` and `set` spelled out, for one dialect: groups are opened.
///
/// A dropped column takes the checks and indexes with it whose expressions mention it, as it does its other
/// constraints: left to the server they would vanish unremembered, or stand in its way.
pub(crate) fn lower_ops(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Op>, Unsupported> {
    let mut schema = before.clone();
    let mut lowered = Vec::with_capacity(ops.len());
    for op in Op::select(ops, sql.server.dialect) {
        let first = lowered.len();
        spelling::refuse_other_case(&op, &schema, sql)?;
        lower_op(op, &schema, sql, &mut lowered)?;
        for op in &lowered[first..] {
            // What can't be applied is refused when it is rendered.
            let _ = apply(&mut schema, op);
        }
    }
    Ok(lowered)
}

/// The table with every `enum` and `set` spelled out.
pub(crate) fn lower_table(table: &mut Table, sql: Sql<'_>) -> Result<(), Unsupported> {
    for column in &mut table.columns {
        if let Some(check) = check(&table.name, column, sql)? {
            column.ty = text();
            if !table.checks.iter().any(|other| other.label.name() == check.label.name()) {
                table.checks.push(check);
            }
        }
    }
    Ok(())
}

fn lower_op(op: Op, schema: &Schema, sql: Sql<'_>, to: &mut Vec<Op>) -> Result<(), Unsupported> {
    match op {
        Op::CreateTable { mut table, if_not_exists } => {
            lower_table(&mut table, sql)?;
            to.push(Op::CreateTable { table, if_not_exists });
        }
        Op::AddColumn { table, mut column, position, if_not_exists } => {
            let check = check(&table, &column, sql)?;
            let exists = schema.get(&table).is_some_and(|table| table.column(&column.name).is_some());
            if check.is_some() {
                column.ty = text();
            }
            to.push(Op::AddColumn { table: table.clone(), column, position, if_not_exists });
            to.extend(check.filter(|_| !exists).map(|check| add(&table, check)));
        }
        Op::AlterColumn { table, column, change: ColumnChange::Type { to: ty, using } } => {
            let known = schema.get(&table).and_then(|table| Some((table, table.column(&column)?)));
            let old = known.and_then(|(table, column)| existing(table, column));
            to.extend(old.map(|check| drop_check(&table, check)));
            let as_new = Column::new(column.clone(), ty.clone());
            let check = check(&table, &as_new, sql)?;
            let ty = if check.is_some() { text() } else { ty };
            let change = ColumnChange::Type { to: ty, using };
            to.push(Op::AlterColumn { table: table.clone(), column, change });
            to.extend(check.map(|check| add(&table, check)));
        }
        Op::DropColumn { table, column, if_exists } => {
            let known = schema.get(&table).filter(|table| table.column(&column).is_some());
            if let Some(known) = known {
                for check in known.checks.iter().filter(|check| mentions(&check.expr, &column)) {
                    if check.label.name().is_none() {
                        return Err(Unsupported::new(
                            format!("drop column {table}.{column}"),
                            format!(
                                "the check ({}) mentions it, and has no name by which it could be dropped",
                                check.expr
                            ),
                            "build the table anew by hand: execute(..).undo(..)",
                        ));
                    }
                    to.push(drop_check(&table, check));
                }
                let mentioned = known.indexes.iter().filter(|index| index_mentions(index, &column));
                to.extend(mentioned.filter_map(|index| {
                    let name = index.label.name()?.to_owned();
                    Some(Op::DropIndex { table: table.clone(), name, if_exists: false, concurrently: false })
                }));
            }
            to.push(Op::DropColumn { table, column, if_exists });
        }
        // Only MySQL and MariaDB are asked how they do it.
        Op::AlterTable { change: TableChange::AllowCopy, .. } => {}
        // Who lowers operations knows itself what must be remembered.
        Op::Recall { .. } => {}
        op => to.push(op),
    }
    Ok(())
}

/// The check that keeps a column to its values; none for other types.
fn check(table: &Name, column: &Column, sql: Sql<'_>) -> Result<Option<Check>, Unsupported> {
    let of = |ty: &ColumnType| match ty {
        ColumnType::PerDialect(types) => types.get(sql.server.dialect).cloned(),
        ty => Some(ty.clone()),
    };
    let id = sql.id(&column.name)?;
    let expr = match of(&column.ty) {
        Some(ColumnType::Enum(values)) => {
            let values = values.iter().map(|value| sql.text(value)).collect::<Result<Vec<_>, _>>()?;
            format!("{id} IN ({})", values.join(", "))
        }
        // With commas around it, a list of members is emptied by taking one after the other out of it.
        Some(ColumnType::Set(values)) => {
            let mut emptied = format!("',' || {id} || ','");
            for value in values {
                emptied = format!("replace({emptied}, {}, ',')", sql.text(&format!(",{value},"))?);
            }
            format!("{id} = '' OR {emptied} = ','")
        }
        _ => return Ok(None),
    };
    Ok(Some(Check::new(Label::Derived(name(table, &column.name)), Expr::Sql(expr))))
}

/// The check by which a table keeps a column to its values.
fn existing<'t>(table: &'t Table, column: &Column) -> Option<&'t Check> {
    let name = name(&table.name, &column.name);
    let ours = |expr: &Expr| {
        let text = expr.to_string();
        text.contains(" IN (") || text.contains("= ANY (") || text.contains("replace(")
    };
    table.checks.iter().find(|check| check.label.is(&name) && ours(&check.expr))
}

fn name(table: &Name, column: &str) -> String {
    dunlin_dsl::conventional_name(table, &[column], "check")
}

fn text() -> ColumnType {
    ColumnType::Text(Size::Normal)
}

fn add(table: &Name, check: Check) -> Op {
    Op::AddConstraint { table: table.clone(), constraint: Constraint::Check(check) }
}

fn drop_check(table: &Name, check: &Check) -> Op {
    let name = check.label.name().unwrap_or_default().to_owned();
    Op::DropConstraint { table: table.clone(), kind: ConstraintKind::Check, name, if_exists: false }
}

fn index_mentions(index: &Index, column: &str) -> bool {
    let keys = index.keys.iter().filter_map(|key| match &key.on {
        KeyPart::Expr(expr) => Some(expr),
        KeyPart::Column(_) => None,
    });
    keys.chain(&index.predicate).any(|expr| mentions(expr, column))
}

/// Whether an expression's text mentions a column, as a word or in quotes.
pub(crate) fn mentions(expr: &Expr, column: &str) -> bool {
    match expr {
        Expr::Literal(_) => false,
        Expr::Sql(text) => mentions_column(text, column),
        Expr::PerDialect(texts) => texts.entries().iter().any(|(_, text)| mentions_column(text, column)),
    }
}
