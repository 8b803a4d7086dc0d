//! Changes of a table in SQLite's own terms.

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, Constraint, ConstraintChange, Name, Op, Table, TableChange, Unsupported,
};

use crate::sql::Sql;
use crate::sqlite::lower;

/// An operation whose parts are in SQLite's own terms.
pub(super) fn lower_op(op: &Op, table: Option<&Table>, sql: Sql<'_>) -> Result<Op, Unsupported> {
    let strict = table.is_some_and(|table| table.options.strict);
    let written = op;
    let mut op = op.clone();
    match &mut op {
        Op::AddColumn { column, position, .. } => {
            *column = lower::column(column, strict, sql)?;
            *position = None;
        }
        Op::AlterColumn { column, change, .. } => {
            let named = Column::new(column.as_str(), ColumnType::Boolean);
            match change {
                ColumnChange::Type { to, .. } => {
                    *to = lower::column(&Column { ty: to.clone(), ..named }, strict, sql)?.ty;
                }
                ColumnChange::Default(default) => {
                    *default =
                        lower::column(&Column { default: default.clone(), ..named }, strict, sql)?.default;
                }
                ColumnChange::Generated(generated) => {
                    let low = Column { generated: generated.clone(), ..named };
                    *generated = lower::column(&low, strict, sql)?.generated;
                }
                ColumnChange::Identity(identity) => {
                    let low = Column { identity: identity.clone(), ..named };
                    *identity = lower::column(&low, strict, sql)?.identity;
                }
                // No table inherits from another here.
                ColumnChange::NotNullNoInherit(true) => *change = ColumnChange::NotNull(true),
                ColumnChange::NotNullNotValid => {
                    return sql.refuse(written, "refuses NULL in all rows or in none", "say not_null()");
                }
                ColumnChange::Restart(_) => {
                    let instead =
                        "write it as SQL: execute(\"UPDATE sqlite_sequence SET seq = ..\").undo(..)";
                    return sql.refuse(written, "has no words for it", instead);
                }
                ColumnChange::SequenceName(_) => {
                    let instead = "leave it out here with on(..)";
                    return sql.refuse(written, "numbers columns from no sequence", instead);
                }
                ColumnChange::Collation(collation) => {
                    let low = Column { collation: collation.clone(), ..named };
                    *collation = lower::column(&low, strict, sql)?.collation;
                }
                _ => {}
            }
        }
        Op::AddConstraint { table, constraint } => {
            if let Some(low) = lower::table(&alone(table, constraint), sql)?.constraints().next() {
                *constraint = low;
            }
        }
        Op::AlterTable { change: TableChange::Constraint { change, .. }, .. }
            if matches!(change, ConstraintChange::NoInherit(_)) =>
        {
            // No table inherits from another here.
            *change = ConstraintChange::NoInherit(false);
        }
        Op::AlterTable { table: of, change: TableChange::Constraint { name, change } } => {
            let changed = table.and_then(|table| table.constraint(name)).and_then(|mut constraint| {
                change.set(&mut constraint).ok()?;
                Some(constraint)
            });
            if let Some(changed) = changed {
                lower::table(&alone(of, &changed), sql)?;
            }
        }
        Op::CreateIndex { index, .. } => *index = lower::index(index, sql)?,
        _ => {}
    }
    Ok(op)
}

/// Constraints are lowered as part of a table; one that has just this one says what is wrong with it.
fn alone(table: &Name, constraint: &Constraint) -> Table {
    let mut alone = Table::new(table);
    alone.add_constraint(constraint.clone());
    alone
}
