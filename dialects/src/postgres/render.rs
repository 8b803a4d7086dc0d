//! SQL for PostgreSQL. Changes of one table that follow one another become one `ALTER TABLE`, as far as it does them in
//! that order.

mod constraints;
mod indexes;

use std::collections::BTreeSet;

use dunlin_dsl::{
    Column, ColumnChange, Definition, Hazard, HazardKind, Index, Name, ObjectId, Op, Schema, Statement,
    StatementCheck, Table, TableOptions, Unmodelled, Unsupported, Value,
};

use super::alter::{self, Change, Part, Rank};
use super::lower::{self, Dependents};
use super::object::{self, Context};
use super::written::Written;
use super::{create, options, table};
use crate::lex::{self, Kind};
use crate::sql::{Sql, advance, part};

type Result<T> = std::result::Result<T, Unsupported>;

/// The SQL of operations.
pub(super) fn render(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let mut render = Render {
        sql,
        schema: before.clone(),
        created: BTreeSet::new(),
        created_objects: BTreeSet::new(),
        dropped: BTreeSet::new(),
        written: Written::default(),
        ops,
        pending: None,
        statements: Vec::with_capacity(ops.len()),
    };
    let mut dependents = Dependents::default();
    for (at, op) in ops.iter().enumerate() {
        for drop in dependents.go(&ops[at..], &render.schema, sql)? {
            render.step(&drop, at)?;
        }
        for op in lower::ops(std::slice::from_ref(op), &part(&render.schema, op), sql)? {
            render.step(&op, at)?;
        }
        for back in dependents.come() {
            render.step(&back, at)?;
        }
        dependents.note(&mut render.schema);
    }
    render.flush()?;
    Ok(render.statements)
}

struct Render<'a> {
    sql: Sql<'a>,
    schema: Schema,
    /// Tables that these operations create: nobody waits for them, and they hold nothing yet.
    created: BTreeSet<Name>,
    /// Objects that these operations create.
    created_objects: BTreeSet<ObjectId>,
    /// Objects that they drop.
    dropped: BTreeSet<ObjectId>,
    written: Written,
    ops: &'a [Op],
    pending: Option<Alter>,
    statements: Vec<Statement>,
}

/// An `ALTER TABLE` that may yet grow.
struct Alter {
    table: Name,
    /// That of the last change.
    rank: Rank,
    changes: Vec<String>,
    /// Columns whose type it changes; it can do so once.
    retyped: BTreeSet<String>,
    places: Vec<usize>,
    hazards: Vec<Hazard>,
    checks: Vec<StatementCheck>,
    /// Whether its locks mustn't be held while what follows runs.
    commit_after: bool,
    /// What comes right behind it: comments, which are statements of their own.
    behind: Vec<Statement>,
}

impl Render<'_> {
    fn step(&mut self, op: &Op, at: usize) -> Result<()> {
        if matches!(op, Op::Recall { .. }) {
            return Ok(());
        }
        self.written.refuse(op, &self.schema, self.sql)?;
        self.op(op, at)?;
        self.written.see(op, &self.schema);
        advance(&mut self.schema, op, true)
    }

    fn op(&mut self, op: &Op, at: usize) -> Result<()> {
        let sql = self.sql;
        if object::is_of_object(op) {
            return self.object(op, at);
        }
        self.refuse_typed(op)?;
        match op {
            Op::AddColumn { table, column, if_not_exists, .. } => {
                self.add_column(op, table, column, *if_not_exists, at)?
            }
            Op::DropColumn { table, column, if_exists } => {
                if !(*if_exists && self.find(table).is_none_or(|table| table.column(column).is_none())) {
                    if let Some(known) = self.find(table) {
                        alter::refuse_computed(&op.to_string(), known, column, "drop", sql)?;
                    }
                    let exists = if *if_exists { "IF EXISTS " } else { "" };
                    let change = Change::new(Rank::Drop, format!("DROP COLUMN {exists}{}", sql.id(column)?));
                    let lost = format!("drops column {table}.{column} and what it holds");
                    self.change(table, change.hazard(HazardKind::DataLoss, lost), at)?;
                }
            }
            Op::AlterColumn { table, column, change } => {
                // What isn't there is refused by what comes after this.
                let known = self.find(table).and_then(|table| Some((table, table.column(column)?)));
                let parts = match known {
                    Some((table, column)) => alter::column(table, column, change, sql)?,
                    None => Vec::new(),
                };
                for part in parts {
                    match part {
                        Part::Change(change) => self.change(table, change, at)?,
                        Part::Behind(text) => self.behind(Statement::new(text, [at]))?,
                    }
                }
            }
            Op::AddConstraint { table, constraint } => self.add_constraint(op, table, constraint, at)?,
            Op::DropConstraint { table, kind, name, if_exists } => {
                self.drop_constraint(table, *kind, name, *if_exists, at)?
            }
            op => {
                self.flush()?;
                self.alone(op, at)?;
            }
        }
        Ok(())
    }

    /// Refuses to change what columns a table has that is of a type.
    fn refuse_typed(&self, op: &Op) -> Result<()> {
        let is_of_columns = match op {
            Op::AddColumn { .. } | Op::DropColumn { .. } | Op::RenameColumn { .. } => true,
            Op::AlterColumn { change, .. } => matches!(change, ColumnChange::Type { .. }),
            _ => false,
        };
        let known = op.table().filter(|_| is_of_columns).and_then(|table| self.find(table));
        let mut things = known.into_iter().flat_map(|known| &known.notes.unmodelled);
        match things.find_map(|what| if let Unmodelled::OfType(name) = what { Some(name) } else { None }) {
            Some(of) => {
                let lacks = format!("keeps the columns of a table as those of type {of}, which it is of");
                let instead = "write it as SQL: execute(\"ALTER TYPE .. CASCADE\").undo(..), or ALTER TABLE .. NOT OF first";
                self.sql.refuse(op, &lacks, instead)
            }
            None => Ok(()),
        }
    }

    /// An operation on an object.
    fn object(&mut self, op: &Op, at: usize) -> Result<()> {
        self.flush()?;
        let later = self.ops.get(at + 1..).unwrap_or_default();
        let context = Context {
            sql: self.sql,
            schema: &self.schema,
            later,
            created: &self.created_objects,
            dropped: &self.dropped,
        };
        let statements = object::render(op, context)?;
        self.statements.extend(statements.into_iter().map(|one| Statement { ops: vec![at], ..one }));
        match op {
            Op::CreateObject { object, .. } if self.schema.object(&object.id).is_none() => {
                self.created_objects.insert(object.id.clone());
            }
            Op::DropObject { object, .. } => {
                self.created_objects.remove(object);
                self.dropped.insert(object.clone());
            }
            _ => {}
        }
        Ok(())
    }

    /// An operation whose statements stand for themselves.
    fn alone(&mut self, op: &Op, at: usize) -> Result<()> {
        let sql = self.sql;
        match op {
            Op::CreateTable { table, if_not_exists } => {
                if *if_not_exists && self.find(&table.name).is_some() {
                    return Ok(());
                }
                for text in create::table(table, *if_not_exists, &self.schema, sql)? {
                    self.push(text, at);
                }
                self.created.insert(table.name.clone());
            }
            Op::DropTable { table, if_exists, cascade } => {
                if *if_exists && self.find(table).is_none() {
                    return Ok(());
                }
                if let Some(known) = self.find(table) {
                    object::refuse_drop(op, &known.notes, sql)?;
                }
                let exists = if *if_exists { "IF EXISTS " } else { "" };
                let drop = Statement::new(
                    format!(
                        "DROP TABLE {exists}{}{}",
                        sql.table(table)?,
                        if *cascade { " CASCADE" } else { "" }
                    ),
                    [at],
                );
                let lost = format!("drops table {table} and its rows");
                let drop = drop.hazard(HazardKind::DataLoss, lost);
                self.created.remove(table);
                self.statements.push(drop);
            }
            Op::RenameTable { table, to } => {
                self.push(format!("ALTER TABLE {} RENAME TO {}", sql.table(table)?, sql.id(to)?), at);
                if self.created.remove(table) {
                    self.created.insert(table.sibling(to));
                }
            }
            Op::SetTableOptions { table, options } => self.set_options(table, options, at)?,
            Op::AlterTable { table, change } => {
                let known = self.find(table);
                let statements = table::alter(op, table, known, change, sql)?;
                self.extend(statements, at);
            }
            Op::SetTableComment { table, comment } => {
                self.push(create::comment("TABLE", &sql.table(table)?, comment.as_deref(), sql)?, at)
            }
            Op::RenameColumn { table, column, to } => {
                let (column, to) = (sql.id(column)?, sql.id(to)?);
                self.push(format!("ALTER TABLE {} RENAME COLUMN {column} TO {to}", sql.table(table)?), at);
            }
            Op::RenameConstraint { table, name, to, .. } => {
                let (name, to) = (sql.id(name)?, sql.id(to)?);
                self.push(format!("ALTER TABLE {} RENAME CONSTRAINT {name} TO {to}", sql.table(table)?), at);
            }
            Op::CreateIndex { table, index, if_not_exists, concurrently } => {
                self.create_index(table, index, *if_not_exists, *concurrently, at)?
            }
            Op::DropIndex { table, name, if_exists, concurrently } => {
                self.drop_index(table, name, *if_exists, *concurrently, at)?
            }
            Op::RenameIndex { table, name, to } => {
                let index = sql.table(&table.sibling(name))?;
                self.push(format!("ALTER INDEX {index} RENAME TO {}", sql.id(to)?), at);
            }
            Op::Insert { table, columns, rows } => self.insert(table, columns, rows, at)?,
            Op::Delete { table, columns, keys } => {
                for delete in sql.delete(table, columns, keys)? {
                    let lost = format!("deletes rows of table {table}");
                    self.statements.push(Statement::new(delete, [at]).hazard(HazardKind::DataLoss, lost));
                }
            }
            Op::Execute { sql: text, .. } => {
                let text = sql.expr(text, op)?;
                refuse_copy(op, &text)?;
                self.push(text, at);
            }
            // A data step has no SQL.
            _ => {}
        }
        Ok(())
    }

    fn add_column(
        &mut self,
        op: &Op,
        table: &Name,
        column: &Column,
        if_not_exists: bool,
        at: usize,
    ) -> Result<()> {
        let sql = self.sql;
        let known = self.find(table).and_then(|table| table.column(&column.name));
        if if_not_exists && known.is_some() {
            return Ok(());
        }
        let exists = if if_not_exists { "IF NOT EXISTS " } else { "" };
        let text = create::column(op, table, column, &self.schema, sql)?;
        let mut change = Change::new(Rank::AddColumn, format!("ADD COLUMN {exists}{text}"));
        if create::fills_each_row(table, column, sql) {
            change = change
                .hazard(HazardKind::Rewrite, format!("writes table {table} anew"))
                .hazard(HazardKind::BlocksReads, format!("readers of table {table} wait meanwhile"));
        } else if column.not_null
            && !column.not_null_not_valid
            && column.default.is_none()
            && column.generated.is_none()
        {
            change = change
                .hazard(HazardKind::MayFail, format!("fails if table {table} has rows"))
                .check(create::has_no_rows(table, column, sql)?);
        }
        self.change(table, change, at)?;
        if column.not_null_not_valid {
            let add = format!("ADD {}", create::not_null_not_valid(&op.to_string(), table, column, sql)?);
            self.change(table, Change::new(Rank::Add, add), at)?;
        }
        for change in alter::options(&op.to_string(), column, sql)? {
            self.change(table, change, at)?;
        }
        if let Some(comment) = &column.comment {
            let column = format!("{}.{}", sql.table(table)?, sql.id(&column.name)?);
            let text = create::comment("COLUMN", &column, Some(comment), sql)?;
            self.behind(Statement::new(text, [at]))?;
        }
        Ok(())
    }

    fn set_options(&mut self, table: &Name, options: &TableOptions, at: usize) -> Result<()> {
        let Some(known) = self.find(table) else { return Ok(()) };
        let is = &lower::options(options);
        if known.partitioning.is_some() {
            lower::refuse_storage(format!("set options of table {table}"), is, self.sql)?;
        }
        let statements = options::alter(known, is, self.created.contains(table), self.sql)?;
        self.extend(statements, at);
        Ok(())
    }

    /// Statements that don't know their operation's place.
    fn extend(&mut self, statements: Vec<Statement>, at: usize) {
        let placed = statements.into_iter().map(|statement| Statement { ops: vec![at], ..statement });
        self.statements.extend(placed);
    }

    /// Rows that give the numbers themselves leave the sequence behind, which would then give them again.
    fn insert(&mut self, table: &Name, columns: &[String], rows: &[Vec<Value>], at: usize) -> Result<()> {
        let sql = self.sql;
        let known: Vec<&Column> = match self.find(table) {
            Some(table) => columns.iter().filter_map(|column| table.column(column)).collect(),
            None => Vec::new(),
        };
        let always = known.iter().any(|column| column.identity.as_ref().is_some_and(|of| of.always));
        let counts_up = |column: &Column| match &column.identity {
            Some(identity) => identity.increment.is_none_or(|step| step > 0) && identity.max.is_none(),
            None => true,
        };
        let numbered: Vec<String> = (known.iter())
            .filter(|column| create::is_numbered(table, column, sql) && counts_up(column))
            .map(|column| column.name.clone())
            .collect();
        let overriding = if always { " OVERRIDING SYSTEM VALUE" } else { "" };
        for insert in sql.insert(table, columns, rows, overriding)? {
            self.push(insert, at);
        }
        for column in numbered {
            let place = columns.iter().position(|other| *other == column);
            let given = rows.iter().filter_map(|row| match row.get(place?)? {
                Value::Int(number) => Some(*number),
                _ => None,
            });
            if let Some(last) = given.max().filter(|last| (1..=i128::from(i64::MAX)).contains(last)) {
                self.push(alter::advance_sequence(table, &column, last, sql)?, at);
            }
        }
        Ok(())
    }

    /// Puts a change into the pending `ALTER TABLE`, if that does it after those it has, else into one of its own.
    fn change(&mut self, table: &Name, change: Change, at: usize) -> Result<()> {
        let grows = self.pending.as_ref().is_some_and(|pending| {
            pending.table == *table
                && pending.rank <= change.rank
                && !change.retypes.as_ref().is_some_and(|column| pending.retyped.contains(column))
        });
        if !grows {
            self.flush()?;
        }
        let is_new = self.created.contains(table);
        let pending = self.pending.get_or_insert_with(|| Alter {
            table: table.clone(),
            rank: change.rank,
            changes: Vec::new(),
            retyped: BTreeSet::new(),
            places: Vec::new(),
            hazards: Vec::new(),
            checks: Vec::new(),
            commit_after: false,
            behind: Vec::new(),
        });
        pending.rank = change.rank;
        pending.changes.push(change.text);
        pending.retyped.extend(change.retypes);
        if pending.places.last() != Some(&at) {
            pending.places.push(at);
        }
        if !is_new {
            let new = change.hazards.into_iter().filter(|hazard| !pending.hazards.contains(hazard));
            let new: Vec<_> = new.collect();
            pending.hazards.extend(new);
            pending.checks.extend(change.checks);
        }
        Ok(())
    }

    /// Puts a statement behind the pending `ALTER TABLE`.
    fn behind(&mut self, statement: Statement) -> Result<()> {
        match &mut self.pending {
            Some(pending) => pending.behind.push(statement),
            None => self.statements.push(statement),
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        let Some(pending) = self.pending.take() else { return Ok(()) };
        let table = self.sql.table(&pending.table)?;
        let text = match pending.changes.as_slice() {
            [change] => format!("ALTER TABLE {table} {change}"),
            changes => format!("ALTER TABLE {table}\n  {}", changes.join(",\n  ")),
        };
        let (hazards, checks) = (pending.hazards, pending.checks);
        let alter = Statement { hazards, checks, ..Statement::new(text, pending.places) };
        let places = alter.ops.clone();
        self.statements.push(alter);
        self.statements.extend(pending.behind);
        for text in self.samples_again(&pending.table, &pending.retyped)? {
            self.statements.push(Statement::new(text, places.clone()));
        }
        if let Some(last) = self.statements.last_mut() {
            last.commit_after |= pending.commit_after;
        }
        Ok(())
    }

    /// Sets the statistics targets of indexes and statistics over columns that got another type: PostgreSQL 15 to 18 build these anew
    /// without.
    fn samples_again(&self, table: &Name, retyped: &BTreeSet<String>) -> Result<Vec<String>> {
        let Some(table) = self.find(table) else { return Ok(Vec::new()) };
        let is_rebuilt = |index: &&Index| retyped.iter().any(|column| alter::index_names(index, column));
        let rebuilt = table.indexes.iter().filter(is_rebuilt);
        let mut texts: Vec<String> = rebuilt
            .filter_map(|index| create::index_statistics(&table.name, index, self.sql).transpose())
            .collect::<Result<_>>()?;
        for object in self.schema.objects.values() {
            let Definition::Statistics(of) = &object.definition else { continue };
            let is_counted = |column: &String| of.on.iter().any(|key| alter::key_names(key, column));
            if of.table == table.name && of.target.is_some() && retyped.iter().any(is_counted) {
                texts.push(object::statistics_target(&object.id, of.target, self.sql)?);
            }
        }
        Ok(texts)
    }

    fn push(&mut self, text: String, at: usize) {
        self.statements.push(Statement::new(text, [at]));
    }

    /// The indexes of a table or a materialized view.
    fn indexes(&self, name: &Name) -> Option<&[Index]> {
        let view = || match &self.schema.object(&ObjectId::materialized_view(name))?.definition {
            Definition::MaterializedView(view) => Some(view.indexes.as_slice()),
            _ => None,
        };
        self.find(name).map(|table| table.indexes.as_slice()).or_else(view)
    }

    fn is_divided(&self, name: &Name) -> bool {
        self.find(name).is_some_and(|table| table.partitioning.is_some())
    }

    fn find(&self, name: &Name) -> Option<&Table> {
        self.schema.get(name)
    }
}

/// Refuses what would leave the connection waiting for data that never comes.
fn refuse_copy(op: &Op, text: &str) -> Result<()> {
    let tokens = lex::tokens(text);
    let is = |token: &lex::Token, word: &str| {
        token.kind == Kind::Word && text[token.start..token.end].eq_ignore_ascii_case(word)
    };
    let mut statements = tokens.split(|token| token.kind == Kind::Punct(';'));
    let copies = statements.any(|tokens| {
        tokens.first().is_some_and(|first| is(first, "COPY"))
            && tokens.windows(2).any(|pair| is(&pair[0], "FROM") && is(&pair[1], "STDIN"))
    });
    match copies {
        true => Err(Unsupported::new(
            op,
            "COPY FROM STDIN reads data that stands in no statement",
            "write INSERT statements, or a data step that uses the driver's own COPY",
        )),
        false => Ok(()),
    }
}
