//! SQL for MySQL and MariaDB: what follows one another on a table becomes one ALTER TABLE.

mod refuse;

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{
    Column, Constraint, ForeignKey, HazardKind, Index, KeyPart, Name, ObjectId, ObjectKind, Op, Schema,
    Statement, Table, TableChange, Unsupported,
};

use super::alter::Alter;
use super::flavor::Flavor;
use super::level::{Ceiling, Change, Place};
use super::{
    alter, column, constraint, impossible, introspect, level, object, ops, options, partition, session,
};
use crate::fit::{Image, Standing};
use crate::foreign::inbound;
use crate::lex;
use crate::sql::{Sql, left_behind, list, part, stopped};

/// The SQL of operations.
pub(super) fn render(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Statement>, Unsupported> {
    let mut render = Render {
        sql,
        lifted: lifted(&Op::select(ops, sql.server.dialect)),
        schema: before.clone(),
        standing: Standing::new(before),
        opaque: false,
        renamed: BTreeMap::new(),
        pending: None,
        statements: Vec::new(),
    };
    for (at, op) in ops.iter().enumerate() {
        for low in ops::lower_ops(std::slice::from_ref(op), &part(&render.schema, op), sql)? {
            render.op(&low, at, ops.get(at + 1..).unwrap_or_default())?;
        }
    }
    render.flush()?;
    Ok(render.statements)
}

/// The tables that the server may copy.
fn lifted(ops: &[Op]) -> BTreeSet<Name> {
    let lifted = ops.iter().filter_map(|op| match op {
        Op::AlterTable { table, change: TableChange::AllowCopy } => Some(table.clone()),
        _ => None,
    });
    lifted.collect()
}

struct Render<'a> {
    sql: Sql<'a>,
    /// The tables of which no ceiling is asked for.
    lifted: BTreeSet<Name>,
    schema: Schema,
    standing: Standing<'a>,
    /// Whether hand-written SQL came before: it may have dropped what stood in the way.
    opaque: bool,
    /// The columns that were renamed so far, by table: what was read before doesn't say how expressions are now.
    renamed: BTreeMap<Name, Vec<String>>,
    pending: Option<Alter>,
    statements: Vec<Statement>,
}

impl Render<'_> {
    fn op(&mut self, op: &Op, at: usize, later: &[Op]) -> Result<(), Unsupported> {
        if let Op::AlterTable { change: TableChange::AllowCopy, .. } = op {
            return self.advance(op);
        }
        if Alter::takes(op) {
            return self.alter(op, at);
        }
        self.flush()?;
        let sql = self.sql;
        match op {
            Op::SetSchema { object, schema } if object.kind == ObjectKind::Table => {
                self.set_schema(op, &object.name, schema.as_deref(), at)?;
            }
            Op::AlterTable { table, change } => {
                let known = self.schema.get(table);
                let work =
                    partition::Work { op, table, known, is_lifted: self.lifted.contains(table), at, sql };
                let statements = partition::alter(&work, change)?;
                self.statements.extend(statements.into_iter().map(|statement| as_made(statement, known)));
            }
            op if op.table().is_none() && op.object().is_some() => {
                let work = object::Work { op, before: &self.schema, later, at, sql };
                self.statements.extend(object::render(&work)?);
            }
            Op::CreateTable { table, if_not_exists } => {
                if *if_not_exists && self.schema.get(&table.name).is_some() {
                    return Ok(());
                }
                self.statements.push(as_made(Statement::new(create_table(table, sql)?, [at]), Some(table)));
                for column in &table.columns {
                    self.take_off_zero_moment(column, table, vec![at])?;
                }
                for grant in object::access::grant(&table.grants, &ObjectId::table(&table.name), sql)? {
                    self.statements.push(Statement::new(grant, [at]));
                }
            }
            Op::DropTable { table, if_exists, .. } => {
                if *if_exists && self.schema.get(table).is_none() {
                    return Ok(());
                }
                self.refuse_readers(op, table, None)?;
                let drop = Statement::new(format!("DROP TABLE {}", sql.table(table)?), [at]);
                let drop = drop.hazard(HazardKind::DataLoss, format!("drops table {table} and its rows"));
                self.statements.push(match self.schema.get(table) {
                    Some(known) => left_behind(drop, table, &known.notes),
                    None => drop,
                });
            }
            Op::RenameTable { table, to } => {
                self.refuse_readers(op, table, None)?;
                let (old, new) = (sql.table(table)?, sql.table(&table.sibling(to))?);
                self.statements.push(Statement::new(format!("RENAME TABLE {old} TO {new}"), [at]));
            }
            Op::RenameColumn { table, column, to } => {
                self.refuse_readers(op, table, Some(column))?;
                if !Flavor::of(sql.server).renames_partition_keys() {
                    self.refuse_divider(op, table, column, "renames")?;
                }
                if let Some(known) = self.schema.get(table) {
                    column::refuse_used(op, known, column, sql)?;
                }
                self.rename_column(table, column, to, at)?;
                self.renamed.entry(table.clone()).or_default().push(column.clone());
            }
            Op::Insert { table, columns, rows } => {
                self.refuse_zero(op, table, columns, rows)?;
                for insert in sql.insert(table, columns, rows, "")? {
                    self.statements.push(Statement::new(insert, [at]));
                }
            }
            Op::Delete { table, columns, keys } => {
                for delete in sql.delete(table, columns, keys)? {
                    self.statements.push(Statement::new(delete, [at]));
                }
            }
            Op::Execute { sql: text, .. } => {
                self.opaque = true;
                let text = sql.expr(text, op)?;
                if lex::has_several(&text) {
                    let lacks = "can't take the first back when a later one fails, and there are several statements in it";
                    return sql.refuse(op, lacks, "give each an execute(..) of its own");
                }
                self.statements.push(Statement::new(text, [at]));
            }
            Op::Run { .. } => self.opaque = true,
            // A group for another dialect was left out.
            _ => {}
        }
        self.note(op)?;
        self.advance(op)
    }

    /// Goes past an operation, and tells what a table's rows are after it.
    fn note(&mut self, op: &Op) -> Result<(), Unsupported> {
        let sql = self.sql;
        let image = |name: &Name| match self.schema.get(name) {
            Some(known) => Ok(self.standing.rows(known, sql)?.ahead),
            None => Ok(None),
        };
        let (table, image) = match op {
            Op::CreateTable { table, if_not_exists: false } => {
                (table.name.clone(), Some(Image::empty(table, sql)?))
            }
            Op::RenameColumn { table, column, to } => {
                let mut image = image(table)?;
                image.iter_mut().for_each(|image| image.rename(column, to));
                (table.clone(), image)
            }
            Op::RenameTable { table, to } => (table.sibling(to), image(table)?),
            Op::SetSchema { object, schema } if object.kind == ObjectKind::Table => {
                (object.moved(schema.as_deref()).name, image(&object.name)?)
            }
            _ => {
                self.standing.note(op);
                return Ok(());
            }
        };
        self.standing.note(op);
        let image = image.map(|image| image.called(&table, sql)).transpose()?;
        self.standing.becomes(&table, image);
        Ok(())
    }

    /// Puts a table into another database.
    fn set_schema(&mut self, op: &Op, table: &Name, to: Option<&str>, at: usize) -> Result<(), Unsupported> {
        let sql = self.sql;
        self.refuse_readers(op, table, None)?;
        let trigger = self.schema.objects.keys().find(|id| id.on.as_ref() == Some(table));
        if let Some(trigger) = trigger {
            let lacks = format!("moves no table that has a trigger, and this has {trigger}");
            return sql.refuse(op, &lacks, "drop that first, and create it again after");
        }
        let (old, new) = (sql.table(table)?, sql.table(&ObjectId::table(table).moved(to).name)?);
        self.statements.push(Statement::new(format!("RENAME TABLE {old} TO {new}"), [at]));
        Ok(())
    }

    fn rename_column(&mut self, table: &Name, column: &str, to: &str, at: usize) -> Result<(), Unsupported> {
        let sql = self.sql;
        let Some(known) = self.schema.get(table) else { return Ok(()) };
        let refers = |_: &Table, key: &ForeignKey| key.references == *table;
        let ends = inbound(known, known, &self.schema, refers, |dependent| vec![dependent.uses.clone()]);
        let change = match ends.iter().any(|end| end.columns.iter().any(|name| name == column)) {
            true => Change::RenameReferred,
            false => Change::RenameColumn,
        };
        let level = level::of(&[change], known, sql);
        let ceiling = Ceiling { level, is_lifted: self.lifted.contains(table) };
        let clause = format!("RENAME COLUMN {} TO {}", sql.id(column)?, sql.id(to)?);
        let statement = ceiling.statement(table, &[clause], Place::Last, [at], sql)?;
        self.statements.push(as_made(statement, Some(known)));
        Ok(())
    }

    /// Takes an operation into the ALTER TABLE that is being put together, or into a new one.
    fn alter(&mut self, op: &Op, at: usize) -> Result<(), Unsupported> {
        if let Op::DropColumn { table, column, .. } = op {
            self.refuse_readers(op, table, Some(column))?;
            self.refuse_divider(op, table, column, "drops")?;
            if let Some(known) = self.schema.get(table).filter(|_| !self.opaque) {
                alter::foreign::refuse_keyed(known, column, &self.schema)?;
                column::refuse_mentioned(op, known, column, self.sql)?;
            }
        }
        let Some(name) = op.table() else { return Ok(()) };
        let known = self.schema.get(name).cloned();
        if let Some(known) = &known {
            self.refuse_renamed(op, known)?;
        }
        let mut made = part(&self.schema, op);
        let takes = match ops::advance(&mut made, op, self.sql) {
            Ok(()) => Alter::weigh(op, known.as_ref(), made.get(name), self.sql)?,
            // It is refused below.
            Err(_) => None,
        };
        let joins = |alter: &Alter| takes.is_some_and(|takes| alter.joins(op, takes, known.as_ref()));
        if !self.pending.as_ref().is_some_and(joins) {
            self.flush()?;
        }
        let mut alter = self.pending.take().unwrap_or_else(|| Alter::new(name));
        alter.add(op, at, known.as_ref(), self.sql)?;
        if let Some(takes) = takes {
            alter.bear(takes);
        }
        self.pending = Some(alter);
        self.advance(op)
    }

    /// Writes the ALTER TABLE that was put together.
    fn flush(&mut self) -> Result<(), Unsupported> {
        if let Some(alter) = self.pending.take() {
            if !self.opaque {
                alter.refuse_keyless(&self.schema, self.sql)?;
                alter.refuse_impossible(&self.schema, self.sql)?;
            }
            let known = alter.known(&self.schema);
            let is_lifted = self.lifted.contains(&alter.table);
            let statement = alter.finish(known, is_lifted, &mut self.standing, self.sql)?;
            self.statements.extend(statement.map(|statement| as_made(statement, known)));
            if let Some(known) = known.cloned() {
                for column in alter.written(&known, self.sql) {
                    self.take_off_zero_moment(column, &known, alter.places.clone())?;
                }
            }
            // With a hidden column left behind no column comes or goes at once, and no catalog that everyone may read tells.
            if alter.drops_words() {
                self.lifted.insert(alter.table.clone());
            }
        }
        Ok(())
    }

    /// Takes a default off that nobody chose, which the server gives again whenever the column is written.
    fn take_off_zero_moment(
        &mut self,
        column: &Column,
        table: &Table,
        at: Vec<usize>,
    ) -> Result<(), Unsupported> {
        if column::gets_zero_moment(column, table, self.sql) {
            let clause = format!("ALTER COLUMN {} DROP DEFAULT", self.sql.id(&column.name)?);
            let level = level::of(&[Change::Note], table, self.sql);
            let ceiling = Ceiling { level, is_lifted: self.lifted.contains(&table.name) };
            self.statements.push(ceiling.statement(&table.name, &[clause], Place::Last, at, self.sql)?);
        }
        Ok(())
    }

    fn advance(&mut self, op: &Op) -> Result<(), Unsupported> {
        // A schema goes with all that it has; of all else these servers read CASCADE and don't heed it.
        let cascades = op.object().is_some_and(|id| id.kind == ObjectKind::Schema);
        ops::advance(&mut self.schema, op, self.sql).map_err(|conflict| stopped(conflict, cascades))?;
        introspect::note_written(&mut self.schema, op, self.sql);
        Ok(())
    }
}

/// A statement that reads a table's definition anew: it runs under the mode in which that could be made.
fn as_made(statement: Statement, table: Option<&Table>) -> Statement {
    let remembered = table.into_iter().flat_map(|table| &table.notes.settings);
    let settings = remembered.map(|(name, value)| session::setting(name, value.clone()));
    Statement { settings: settings.collect(), ..statement }
}

/// CREATE TABLE, with all that belongs to it.
fn create_table(table: &Table, sql: Sql<'_>) -> Result<String, Unsupported> {
    impossible::refuse_create(table, sql)?;
    for key in &table.foreign_keys {
        let op = format!("create table {}", table.name);
        constraint::refuse_set_null(op, key, |column| alter::refuses_null(table, column), sql)?;
    }
    let mut parts = Vec::with_capacity(table.columns.len() + 2);
    for column in &table.columns {
        parts.push(column::definition(column, table, sql)?);
    }
    for constraint in table.constraints().filter(|constraint| !is_column_check(constraint, table, sql)) {
        parts.push(constraint_text(&constraint, &table.name, sql)?);
    }
    for index in &table.indexes {
        parts.push(index_text(index, &table.name, sql)?);
    }
    let mut text = format!("CREATE TABLE {} (\n  {}\n)", sql.table(&table.name)?, parts.join(",\n  "));
    let numbered = table.columns.iter().find_map(|column| column.identity.as_ref());
    let start = numbered.and_then(|identity| identity.start.or(*identity.next));
    for option in options::texts(&table.options, sql)? {
        text += &format!(" {option}");
    }
    if let Some(start) = start.filter(|start| *start != 1) {
        text += &format!(" AUTO_INCREMENT={start}");
    }
    if let Some(comment) = table.comment.as_deref().filter(|comment| !comment.is_empty()) {
        text += &format!(" COMMENT={}", column::comment_text(comment, sql)?);
    }
    if let Some(partitioning) = &table.partitioning {
        text += &format!("\n{}", partition::text(partitioning, &table.name, sql)?);
    }
    Ok(text)
}

/// Whether a check belongs to a column here, and stands in its definition.
pub(super) fn is_column_check(constraint: &Constraint, table: &Table, sql: Sql<'_>) -> bool {
    Flavor::of(sql.server).has_column_checks()
        && matches!(constraint, Constraint::Check(_))
        && constraint.label().name().is_some_and(|name| table.column(name).is_some())
}

/// A constraint as it stands in CREATE TABLE and behind ADD.
pub(super) fn constraint_text(
    constraint: &Constraint,
    table: &Name,
    sql: Sql<'_>,
) -> Result<String, Unsupported> {
    super::lower::check_constraint(constraint, table, sql)?;
    let mut constraint = constraint.clone();
    if let Constraint::ForeignKey(key) = &mut constraint
        && key.references.schema.is_none()
        && table.schema.is_some()
        && !sql.server.schema.is_empty()
    {
        // Left out it would be the table's own database, and not the connection's.
        key.references.schema = Some(sql.server.schema.clone());
    }
    if let Constraint::Check(check) = &constraint {
        column::kept_expression(&sql.expr(&check.expr, format!("add check {}", check.label))?, sql)?;
    }
    sql.constraint(&constraint, false)
}

/// An index as it stands in CREATE TABLE and behind ADD.
pub(super) fn index_text(index: &Index, table: &Name, sql: Sql<'_>) -> Result<String, Unsupported> {
    super::lower::check_index(index, table, sql)?;
    let kind = match index.method.as_deref() {
        Some("fulltext") => "FULLTEXT ",
        Some("spatial") => "SPATIAL ",
        _ if index.unique => "UNIQUE ",
        _ => "",
    };
    let name = match index.label.name() {
        Some(name) => format!("{} ", sql.id(name)?),
        None => String::new(),
    };
    let keys = index.keys.iter().map(|key| {
        let mut text = match &key.on {
            KeyPart::Column(column) => sql.id(column)?,
            KeyPart::Expr(expr) => {
                let text = sql.expr(expr, "index an expression")?;
                column::kept_expression(&text, sql)?;
                format!("({text})")
            }
        };
        if let Some(prefix) = key.prefix {
            text += &format!("({prefix})");
        }
        Ok(if key.descending { text + " DESC" } else { text })
    });
    let using = if index.method.as_deref() == Some("btree") { "USING BTREE " } else { "" };
    let mut text = format!("{kind}INDEX {name}{using}({})", list(keys)?);
    if let Some(comment) = index.comment.as_deref().filter(|comment| !comment.is_empty()) {
        text += &format!(" COMMENT {}", column::comment_text(comment, sql)?);
    }
    if let Some(parser) = &index.parser {
        text += &format!(" WITH PARSER {}", sql.id(parser)?);
    }
    if index.invisible {
        text += &format!(" {}", Flavor::of(sql.server).visibility(true));
    }
    Ok(text)
}
