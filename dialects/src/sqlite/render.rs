//! SQL for SQLite: `ALTER TABLE` where it can, else the table is built anew.

mod gather;
mod native;
mod settle;
mod terms;

use std::collections::BTreeMap;

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, DependentKind, Expr, HazardKind, IndexChange, KeyPart, Name, Op,
    Schema, Statement, StatementCheck, Table, TableChange, Unsupported,
};

use super::create::{create_index, create_table, is_constant};
use super::fit::Rows;
use super::foreign;
use super::lower;
use super::object;
use super::read;
use super::rebuild::{self, Rebuild};
use crate::choice;
use crate::fit::{Fit, Standing};
use crate::sql::{Sql, advance, left_behind};
use gather::gather;
use settle::{Placed, alters, begins_anew, settle};
use terms::lower_op;

/// The SQL of operations, those of one table together where they follow one another.
pub(super) fn render(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Statement>, Unsupported> {
    let ops = gather(settle(ops, before, sql)?, before);
    let mut render = Render {
        sql,
        schema: before.clone(),
        standing: Standing::new(before),
        renamed: BTreeMap::new(),
        statements: Vec::new(),
    };
    let mut rest = ops.as_slice();
    while let Some((first, places)) = rest.first() {
        if places.is_empty() {
            advance(&mut render.schema, first, false)?;
            rest = &rest[1..];
            continue;
        }
        let joins = |at: usize| {
            let (op, places) = &rest[at];
            alters(op) && op.table() == first.table() && !places.is_empty() && !begins_anew(op, &rest[..at])
        };
        let together = (0..rest.len()).take_while(|at| joins(*at)).count();
        let (group, tail) = rest.split_at(together.max(1));
        rest = tail;
        match group {
            [(op, at)] if !alters(op) => render.one(op, at)?,
            group => render.group(group)?,
        }
        group.iter().for_each(|(op, _)| render.standing.note(op));
    }
    Ok(render.statements)
}

/// Whether an operation may need its table built anew: decided from it alone, for it decides what surrounds the
/// transaction, in which alone the database can be asked.
pub(super) fn may_rebuild(op: &Op) -> bool {
    match op {
        Op::DropTable { .. }
        | Op::DropColumn { .. }
        | Op::AddConstraint { .. }
        | Op::DropConstraint { .. } => true,
        Op::RenameConstraint { .. } | Op::SetTableOptions { .. } | Op::AlterColumn { .. } => true,
        Op::AlterTable { change: TableChange::Constraint { .. }, .. } => true,
        Op::AddColumn { column, .. } => !is_addable(column) || is_choice(&column.ty),
        _ => false,
    }
}

struct Render<'a> {
    sql: Sql<'a>,
    schema: Schema,
    standing: Standing<'a>,
    /// What was renamed so far, by table: SQLite rewrites expressions that mention it, and what was read before doesn't
    /// say how.
    renamed: BTreeMap<Name, Vec<String>>,
    statements: Vec<Statement>,
}

impl Render<'_> {
    /// An operation that no rebuild can take up.
    fn one(&mut self, op: &Op, at: &[usize]) -> Result<(), Unsupported> {
        let sql = self.sql;
        if op.table().is_none() && op.object().is_some() {
            return self.object(op, at);
        }
        match op {
            Op::AlterTable {
                change: TableChange::Index { change: IndexChange::Invisible(true), .. },
                ..
            } => return lower::refuse_invisible(op, sql),
            Op::AlterTable {
                change:
                    TableChange::ConstraintComment { .. }
                    | TableChange::Index { .. }
                    | TableChange::Text { .. }
                    | TableChange::AllowCopy,
                ..
            } => {}
            Op::AlterTable { .. } => return lower::object::refuse_op(op, sql),
            Op::CreateTable { table, if_not_exists } => {
                if !(*if_not_exists && self.schema.get(&table.name).is_some()) {
                    let low = lower::table(table, sql)?;
                    let create = match read::source(&low) {
                        Some(source) => read::object::in_schema(source, low.name.schema.as_deref(), sql)?,
                        None => create_table(&low, &low.name, sql)?,
                    };
                    self.push(Statement::new(create, at));
                    for index in &low.indexes {
                        self.push(Statement::new(create_index(&low.name, index, sql)?, at));
                    }
                    advance(&mut self.schema, &Op::CreateTable { table: low, if_not_exists: false }, false)?;
                }
                return Ok(());
            }
            Op::DropTable { table, if_exists, cascade } => {
                match self.schema.get(table) {
                    None if *if_exists => return Ok(()),
                    None => {}
                    Some(known) => object::refuse_cascade(op, *cascade, &known.notes, sql)?,
                }
                self.refuse_referred(op, table)?;
                object::refuse_mentioned(op, table, &self.schema, sql)?;
                let mut drop = Statement::new(format!("DROP TABLE {}", sql.table(table)?), at)
                    .hazard(HazardKind::DataLoss, format!("drops table {table} and its rows"));
                if let Some(known) = self.schema.get(table) {
                    drop = left_behind(drop, table, &known.notes);
                }
                self.push(drop);
            }
            Op::RenameTable { table, to } => {
                let rename = format!("ALTER TABLE {} RENAME TO {}", sql.table(table)?, sql.id(to)?);
                self.push(Statement::new(rename, at));
                let mut names = self.renamed.remove(table).unwrap_or_default();
                names.push(table.name.clone());
                self.renamed.insert(table.sibling(to), names);
            }
            Op::RenameColumn { table, column, to } => {
                let (column, new) = (column.clone(), sql.id(to)?);
                let rename =
                    format!("ALTER TABLE {} RENAME COLUMN {} TO {new}", sql.table(table)?, sql.id(&column)?);
                let mut rename = Statement::new(rename, at);
                if let Some(reader) =
                    self.schema.get(table).and_then(|known| object::far_reader(known, &column))
                {
                    let may = format!(
                        "fails if {reader} has {column} from a view of {table}: drop it before, and create it again after"
                    );
                    rename = rename.hazard(HazardKind::MayFail, may);
                }
                self.push(rename);
                self.renamed.entry(table.clone()).or_default().push(column);
            }
            Op::Insert { table, columns, rows } => {
                for insert in sql.insert(table, columns, rows, "")? {
                    self.push(Statement::new(insert, at));
                }
            }
            Op::Delete { table, columns, keys } => {
                for delete in sql.delete(table, columns, keys)? {
                    self.push(Statement::new(delete, at));
                }
            }
            Op::Execute { sql: text, .. } => self.push(Statement::new(sql.expr(text, op)?, at)),
            // A comment has no place in SQLite, a data step no SQL.
            _ => {}
        }
        advance(&mut self.schema, op, false)
    }

    /// An operation on an object that isn't a table.
    fn object(&mut self, op: &Op, at: &[usize]) -> Result<(), Unsupported> {
        let op = &lower::object::op(op.clone(), self.sql)?;
        let renamed: Vec<&str> = self.renamed.values().flatten().map(String::as_str).collect();
        let work = object::Work { op, at, before: &self.schema, renamed: &renamed, sql: self.sql };
        let statements = object::render(&work)?;
        self.statements.extend(statements);
        advance(&mut self.schema, op, false)?;
        // A change may have set what means nothing here.
        let changed = op.object().and_then(|id| self.schema.object(&id).cloned());
        if let Some(changed) = changed {
            self.schema.insert_object(lower::object::object(&changed, self.sql)?);
        }
        Ok(())
    }

    /// Operations on one table: one statement each if every one has one, else one rebuild for all.
    fn group(&mut self, group: &[Placed]) -> Result<(), Unsupported> {
        let Some(name) = group.first().and_then(|(op, _)| op.table()) else { return Ok(()) };
        let before = self.schema.get(name).cloned();
        let mut native = Some(Vec::new());
        for (place, (op, at)) in group.iter().enumerate() {
            let op = lower_op(op, self.schema.get(name), self.sql)?;
            let statements = match is_overruled(&op, &group[place + 1..]) {
                true => Some(Vec::new()),
                false => self.native(&op, at, self.schema.get(name))?,
            };
            native = native.zip(statements).map(|(mut all, more)| {
                all.extend(more);
                all
            });
            advance(&mut self.schema, &op, false)?;
        }
        let ops: Vec<&Op> = group.iter().map(|(op, _)| op).collect();
        if let Some(before) = &before {
            foreign::refuse_keyless(before, &ops, &self.schema)?;
        }
        let questions = match (&before, self.schema.get(name)) {
            (Some(before), Some(after)) => self.questions(before, after, &ops)?,
            _ => Vec::new(),
        };
        let asked = self.statements.len();
        match native {
            Some(statements) => self.statements.extend(statements),
            None => self.rebuild(before, name, &ops, group)?,
        }
        if let Some(first) = self.statements.get_mut(asked) {
            first.checks.splice(0..0, questions);
        }
        Ok(())
    }

    /// The questions whether rows fit what becomes of their table.
    fn questions(
        &self,
        before: &Table,
        after: &Table,
        ops: &[&Op],
    ) -> Result<Vec<StatementCheck>, Unsupported> {
        let rows = Rows { before, after, ops, sql: self.sql };
        let added = ops.iter().filter_map(|op| match op {
            Op::AddColumn { column, if_not_exists, .. } => {
                let stays = *if_not_exists && before.column(&column.name).is_some();
                (!stays).then_some(column.name.as_str())
            }
            _ => None,
        });
        let added: Vec<&str> = added.collect();
        Fit::new((before, after), &added, &rows, &self.standing, self.sql)?.questions()
    }

    /// One rebuild for all of these operations.
    fn rebuild(
        &mut self,
        before: Option<Table>,
        name: &Name,
        ops: &[&Op],
        group: &[Placed],
    ) -> Result<(), Unsupported> {
        let (Some(mut before), Some(after)) = (before, self.schema.get(name)) else { return Ok(()) };
        // What has one name here may have had two before: an integer of another width is the same column.
        let given = |op: &&Op| {
            matches!(op, Op::AlterColumn { change: ColumnChange::Type { using: Some(_), .. }, .. })
        };
        if before != *after || ops.iter().any(given) {
            let places: Vec<usize> = group.iter().flat_map(|(_, at)| at.clone()).collect();
            if let Some(column) = numbered_beside_its_key(after) {
                return Err(Unsupported::new(
                    ops[0],
                    format!(
                        "SQLite numbers only a column that is the whole primary key, and would number {name}.{column} no more"
                    ),
                    "drop its identity before, by alter_column(..).drop_identity(); or leave it out here with on(..)",
                ));
            }
            self.refuse_renamed(ops[0], name, &[&before, after])?;
            let renamed: Vec<&str> = self.renamed.values().flatten().map(String::as_str).collect();
            let triggers = object::belongings(&self.schema, name);
            for trigger in &triggers {
                object::refuse_stale(ops[0], trigger, &renamed, self.sql)?;
            }
            object::note_written(&mut before, &self.schema, self.sql)?;
            let refers = |table: &&Table| {
                let mut keys = table.foreign_keys.iter();
                table.name != *name && keys.any(|key| key.references.name.eq_ignore_ascii_case(&name.name))
            };
            let referring = self.schema.tables.values().filter(refers).map(|table| &table.name).collect();
            let rebuild =
                Rebuild { before: &before, after, triggers: &triggers, referring, ops, places: &places };
            let rebuilt = rebuild::rebuild(rebuild, self.sql)?;
            self.statements.extend(rebuilt.statements);
            if let (Some(table), Some(source)) = (self.schema.tables.get_mut(name), rebuilt.source) {
                table.notes.source = Some(source);
            }
        }
        Ok(())
    }

    /// With foreign keys switched off around the transaction, SQLite itself wouldn't refuse.
    fn refuse_referred(&self, op: &Op, table: &Name) -> Result<(), Unsupported> {
        let Some(known) = self.schema.get(table) else { return Ok(()) };
        let referring = known.notes.dependents.iter().find(|dependent| {
            let gone = self.schema.get(&dependent.name).is_none() && self.dropped(&dependent.name);
            let freed = self.schema.get(&dependent.name).is_some_and(|other| {
                !other.foreign_keys.iter().any(|key| key.references.name.eq_ignore_ascii_case(&table.name))
            });
            dependent.kind == DependentKind::ForeignKey && !gone && !freed
        });
        match referring {
            None => Ok(()),
            Some(referring) => Err(Unsupported::new(
                op,
                format!("table {} refers to it by a foreign key", referring.name),
                "drop that foreign key or that table first",
            )),
        }
    }

    /// Whether a statement rendered so far drops a table of this name.
    fn dropped(&self, name: &Name) -> bool {
        let Ok(table) = self.sql.table(name) else { return false };
        let drop = format!("DROP TABLE {table}");
        self.statements.iter().any(|statement| statement.sql == drop)
    }

    /// Refuses to write out expressions that a rename among the same operations has made others.
    fn refuse_renamed(&self, op: &Op, name: &Name, tables: &[&Table]) -> Result<(), Unsupported> {
        let Some(names) = self.renamed.get(name) else { return Ok(()) };
        let known = self.schema.get(name);
        let mut exprs = known.into_iter().chain(tables.iter().copied()).flat_map(expressions);
        let stale = exprs.find_map(|expr| names.iter().find(|name| choice::mentions(expr, name)));
        match stale {
            None => Ok(()),
            Some(stale) => Err(Unsupported::new(
                op,
                format!("an expression of table {name} mentions {stale}, which was renamed just before"),
                "rename in a revision of its own",
            )),
        }
    }

    fn push(&mut self, statement: Statement) {
        self.statements.push(statement);
    }
}

/// Whether a refusal of NULL is set again behind this: rows are asked whether they fit what comes out.
fn is_overruled(op: &Op, later: &[Placed]) -> bool {
    let Op::AlterColumn { column, change: ColumnChange::NotNull(_), .. } = op else { return false };
    later.iter().any(|(op, _)| {
        matches!(op, Op::AlterColumn { column: other, change: ColumnChange::NotNull(_), .. } if other == column)
    })
}

/// Whether `ALTER TABLE ADD COLUMN` takes this column whatever rows there are.
fn is_addable(column: &Column) -> bool {
    let constant = match &column.default {
        None => None,
        Some(Expr::Literal(value)) => Some(*value != dunlin_dsl::Value::Null),
        Some(Expr::Sql(text)) => match is_constant(text) {
            true => Some(!text.trim().eq_ignore_ascii_case("NULL")),
            false => return false,
        },
        Some(Expr::PerDialect(_)) => return false,
    };
    let stored = column.generated.as_ref().is_some_and(|generated| generated.stored);
    !stored && column.identity.is_none() && (!column.not_null || constant == Some(true))
}

/// Whether `ALTER TABLE DROP COLUMN` takes this column: nothing but plain indexes may name it.
fn is_droppable(table: &Table, column: &str) -> bool {
    let has = |names: &[String]| names.iter().any(|name| name == column);
    !table.is_key_column(column)
        && !table.uniques.iter().any(|unique| has(&unique.columns))
        && !table.foreign_keys.iter().any(|key| has(&key.columns))
        && !expressions(table).any(|expr| choice::mentions(expr, column))
}

/// All expressions of a table in which a column may be named.
pub(super) fn expressions(table: &Table) -> impl Iterator<Item = &Expr> {
    let generated = table.columns.iter().filter_map(|column| Some(&column.generated.as_ref()?.expr));
    let keys = table.indexes.iter().flat_map(|index| &index.keys).filter_map(|key| match &key.on {
        KeyPart::Expr(expr) => Some(expr),
        KeyPart::Column(_) => None,
    });
    let predicates = table.indexes.iter().filter_map(|index| index.predicate.as_ref());
    table.checks.iter().map(|check| &check.expr).chain(generated).chain(keys).chain(predicates)
}

fn is_choice(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Enum(_) | ColumnType::Set(_) | ColumnType::PerDialect(_))
}

/// A column that would number itself, and isn't its table's primary key.
fn numbered_beside_its_key(table: &Table) -> Option<&str> {
    let key: Vec<&String> = table.primary_key.iter().flat_map(|key| &key.columns).collect();
    let mut numbered = table.columns.iter().filter(|column| column.identity.is_some());
    let is_key = |column: &Column| matches!(key[..], [of] if of.eq_ignore_ascii_case(&column.name));
    numbered.find(|column| !is_key(column)).map(|column| column.name.as_str())
}
