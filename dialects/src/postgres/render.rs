//! SQL for PostgreSQL. Changes of one table that follow one another are one ALTER TABLE.

use dunlin_dsl::{
    Column, ColumnChange, Constraint, Generated, HazardKind, Identity, Index, KeyPart, Name, Nulls, Op,
    Schema, Statement, Table, TableOptions, Unsupported, Version,
};

use crate::choice;
use crate::sql::{Sql, advance, list};

/// NULLS NOT DISTINCT is known from here on.
const NULLS_NOT_DISTINCT: Version = Version::new(15, 0, 0);
/// ALTER COLUMN .. SET EXPRESSION is known from here on.
const SET_EXPRESSION: Version = Version::new(17, 0, 0);
/// Virtual generated columns are known from here on.
const VIRTUAL: Version = Version::new(18, 0, 0);

const ON: &str = "leave it out here with on(..), or give PostgreSQL another one";

/// The SQL of operations.
pub(super) fn render(ops: &[Op], before: &Schema, sql: Sql<'_>) -> Result<Vec<Statement>, Unsupported> {
    let mut render = Render { sql, schema: before.clone(), pending: None, statements: Vec::new() };
    for (at, op) in ops.iter().enumerate() {
        // Spelling out what is spelt out already changes nothing.
        for op in choice::lower_ops(std::slice::from_ref(op), &render.schema, sql)? {
            render.op(&op, at)?;
            advance(&mut render.schema, &op)?;
        }
    }
    render.flush();
    Ok(render.statements)
}

/// When PostgreSQL does an action within one ALTER TABLE, whatever order it is written in (`AlterTablePass` in its
/// source). An action joins others only where that is also the order in which it was recorded.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Pass {
    Drop,
    Type,
    Add,
    Set,
    Constraint,
}

/// An ALTER TABLE that may yet grow.
struct Pending {
    table: Name,
    head: String,
    actions: Vec<String>,
    last: Pass,
    statement: Statement,
}

struct Render<'a> {
    sql: Sql<'a>,
    schema: Schema,
    pending: Option<Pending>,
    statements: Vec<Statement>,
}

impl Render<'_> {
    fn op(&mut self, op: &Op, at: usize) -> Result<(), Unsupported> {
        let sql = self.sql;
        match op {
            Op::CreateTable { table, if_not_exists } => {
                if !(*if_not_exists && self.schema.get(&table.name).is_some()) {
                    self.create_table(table, at)?;
                }
            }
            Op::DropTable { table, if_exists } => {
                if !(*if_exists && self.schema.get(table).is_none()) {
                    let drop = Statement::new(format!("DROP TABLE {}", sql.table(table)?), [at]);
                    self.push(drop.hazard(HazardKind::DataLoss, format!("drops table {table} and its rows")));
                }
            }
            Op::RenameTable { table, to } => {
                let text = format!("ALTER TABLE {} RENAME TO {}", sql.table(table)?, sql.id(to)?);
                self.push(blocking(Statement::new(text, [at]), table));
            }
            Op::SetTableOptions { table, options } => self.set_options(table, options, at)?,
            Op::SetTableComment { table, comment } => {
                self.comment("TABLE", &sql.table(table)?, comment.as_deref(), at)?;
            }
            Op::AddColumn { table, column, if_not_exists, .. } => {
                let known = self.schema.get(table).and_then(|table| table.column(&column.name));
                if !(*if_not_exists && known.is_some()) {
                    let text = format!("ADD COLUMN {}", column_text(column, sql)?);
                    self.alter(table, text, Pass::Add, at)?;
                    if let Some(comment) = &column.comment {
                        self.comment_column(table, &column.name, Some(comment), at)?;
                    }
                }
            }
            Op::DropColumn { table, column, if_exists } => {
                let known = self.schema.get(table).and_then(|table| table.column(column));
                if !(*if_exists && known.is_none()) {
                    self.alter(table, format!("DROP COLUMN {}", sql.id(column)?), Pass::Drop, at)?;
                    self.hazard(
                        HazardKind::DataLoss,
                        format!("drops column {table}.{column} and what it holds"),
                    );
                }
            }
            Op::RenameColumn { table, column, to } => {
                let (table_sql, column, to) = (sql.table(table)?, sql.id(column)?, sql.id(to)?);
                let text = format!("ALTER TABLE {table_sql} RENAME COLUMN {column} TO {to}");
                self.push(blocking(Statement::new(text, [at]), table));
            }
            Op::AlterColumn { table, column, change } => self.alter_column(op, table, column, change, at)?,
            Op::AddConstraint { table, constraint } => {
                self.check_constraint(op, constraint)?;
                let text = format!("ADD {}", sql.constraint(constraint, true)?);
                self.alter(table, text, Pass::Constraint, at)?;
                let may = format!("fails if rows of {table} don't meet {}", constraint.label());
                self.hazard(HazardKind::MayFail, may);
                self.hazard(HazardKind::BlocksWrites, format!("reads all of {table}"));
            }
            Op::DropConstraint { table, kind, name, if_exists } => {
                let known = self.schema.get(table).and_then(|table| {
                    table.constraints().find(|c| c.kind() == *kind && (c.label().is(name) || name.is_empty()))
                });
                let found = known.and_then(|constraint| constraint.label().name().map(str::to_owned));
                if !(*if_exists && found.is_none()) {
                    let name = found.as_deref().unwrap_or(name);
                    self.alter(table, format!("DROP CONSTRAINT {}", sql.id(name)?), Pass::Drop, at)?;
                }
            }
            Op::RenameConstraint { table, name, to, .. } => {
                let (table_sql, name, to) = (sql.table(table)?, sql.id(name)?, sql.id(to)?);
                let text = format!("ALTER TABLE {table_sql} RENAME CONSTRAINT {name} TO {to}");
                self.push(blocking(Statement::new(text, [at]), table));
            }
            Op::CreateIndex { table, index, if_not_exists, concurrently } => {
                let name = index.label.name().unwrap_or_default();
                let known = self.schema.get(table).and_then(|table| table.index(name));
                if !(*if_not_exists && known.is_some()) {
                    self.create_index(op, table, index, *concurrently, at)?;
                }
            }
            Op::DropIndex { table, name, if_exists, concurrently } => {
                let known = self.schema.get(table).and_then(|table| table.index(name));
                if !(*if_exists && known.is_none()) {
                    let how = if *concurrently { "CONCURRENTLY " } else { "" };
                    let drop =
                        Statement::new(format!("DROP INDEX {how}{}", sql.table(&table.sibling(name))?), [at]);
                    self.push(if *concurrently { drop.outside() } else { blocking(drop, table) });
                }
            }
            Op::RenameIndex { table, name, to } => {
                let index = sql.table(&table.sibling(name))?;
                self.push(Statement::new(format!("ALTER INDEX {index} RENAME TO {}", sql.id(to)?), [at]));
            }
            Op::Insert { table, columns, rows } => {
                let known = self.schema.get(table);
                let always = |column: &String| {
                    let column = known.and_then(|table| table.column(column));
                    column.and_then(|column| column.identity.as_ref()).is_some_and(|identity| identity.always)
                };
                let overriding = if columns.iter().any(always) { " OVERRIDING SYSTEM VALUE" } else { "" };
                for text in sql.insert(table, columns, rows, overriding)? {
                    self.push(Statement::new(text, [at]));
                }
            }
            Op::Delete { table, columns, keys } => {
                for text in sql.delete(table, columns, keys)? {
                    self.push(Statement::new(text, [at]));
                }
            }
            Op::Execute { sql: text, .. } => self.push(Statement::new(sql.expr(text, op)?, [at])),
            // A data step has no SQL, and a group was opened before.
            _ => {}
        }
        Ok(())
    }

    fn create_table(&mut self, table: &Table, at: usize) -> Result<(), Unsupported> {
        let sql = self.sql;
        let operation = format!("create table {}", table.name);
        let mut parts =
            table.columns.iter().map(|column| column_text(column, sql)).collect::<Result<Vec<_>, _>>()?;
        for constraint in table.constraints() {
            self.check_constraint(&operation, &constraint)?;
            parts.push(sql.constraint(&constraint, true)?);
        }
        let name = sql.table(&table.name)?;
        let unlogged = if table.options.unlogged { "UNLOGGED " } else { "" };
        let text = format!("CREATE {unlogged}TABLE {name} (\n  {}\n)", parts.join(",\n  "));
        self.push(Statement::new(text, [at]));
        for index in &table.indexes {
            self.create_index(&operation, &table.name, index, false, at)?;
        }
        if let Some(comment) = &table.comment {
            self.comment("TABLE", &name, Some(comment), at)?;
        }
        for column in &table.columns {
            if let Some(comment) = &column.comment {
                self.comment_column(&table.name, &column.name, Some(comment), at)?;
            }
        }
        Ok(())
    }

    fn create_index(
        &mut self,
        operation: &dyn std::fmt::Display,
        table: &Name,
        index: &Index,
        concurrently: bool,
        at: usize,
    ) -> Result<(), Unsupported> {
        let sql = self.sql;
        if index.nulls_not_distinct && sql.server.version < NULLS_NOT_DISTINCT {
            return sql.refuse(operation, "has no NULLS NOT DISTINCT; 15 is the first", ON);
        }
        let keys = index.keys.iter().map(|key| {
            if key.prefix.is_some() {
                return sql.refuse(
                    operation,
                    "has no indexes over leading characters",
                    "index an expression: left(..)",
                );
            }
            let mut text = match &key.on {
                KeyPart::Column(column) => sql.id(column)?,
                KeyPart::Expr(expr) => format!("({})", sql.expr(expr, operation)?),
            };
            if let Some(collation) = key.collation.get(sql.server.dialect) {
                text += &format!(" COLLATE {}", sql.id(collation)?);
            }
            if let Some(opclass) = &key.opclass {
                text += &format!(" {opclass}");
            }
            if key.descending {
                text += " DESC";
            }
            match key.nulls {
                Some(Nulls::First) => text += " NULLS FIRST",
                Some(Nulls::Last) => text += " NULLS LAST",
                None => {}
            }
            Ok(text)
        });
        let keys = list(keys)?;
        let label = index.label.name().unwrap_or_default();
        let unique = if index.unique { "UNIQUE " } else { "" };
        let how = if concurrently { "CONCURRENTLY " } else { "" };
        let mut text = format!("CREATE {unique}INDEX {how}{} ON {}", sql.id(label)?, sql.table(table)?);
        if let Some(method) = &index.method {
            text += &format!(" USING {}", sql.id(method)?);
        }
        text += &format!(" ({keys})");
        if !index.include.is_empty() {
            text += &format!(" INCLUDE ({})", sql.ids(&index.include)?);
        }
        if index.nulls_not_distinct {
            text += " NULLS NOT DISTINCT";
        }
        if let Some(predicate) = &index.predicate {
            text += &format!(" WHERE {}", sql.expr(predicate, operation)?);
        }
        let mut create = Statement::new(text, [at]);
        if index.unique {
            create =
                create.hazard(HazardKind::MayFail, format!("fails if rows of {table} have the same key"));
        }
        let known = self.schema.get(table).is_some();
        self.push(match (concurrently, known) {
            (true, _) => create.outside(),
            (false, true) => create.hazard(HazardKind::BlocksWrites, format!("reads all of {table}")),
            (false, false) => create,
        });
        if let Some(comment) = &index.comment {
            self.comment("INDEX", &sql.table(&table.sibling(label))?, Some(comment), at)?;
        }
        Ok(())
    }

    fn alter_column(
        &mut self,
        op: &Op,
        table: &Name,
        name: &str,
        change: &ColumnChange,
        at: usize,
    ) -> Result<(), Unsupported> {
        let sql = self.sql;
        let id = sql.id(name)?;
        let column = self.schema.get(table).and_then(|table| table.column(name)).cloned();
        let action = |what: &str| format!("ALTER COLUMN {id} {what}");
        match change {
            ColumnChange::Type { to, using } => {
                let ty = sql.ty(to)?;
                let collation =
                    column.as_ref().map(|column| collate(column, sql)).transpose()?.unwrap_or_default();
                let using = match using {
                    Some(using) => sql.expr(using, op)?,
                    None => format!("{id}::{ty}"),
                };
                self.alter(table, action(&format!("TYPE {ty}{collation} USING {using}")), Pass::Type, at)?;
                self.hazard(HazardKind::Rewrite, format!("may write all of {table} anew"));
                self.hazard(
                    HazardKind::MayFail,
                    format!("fails if a value of {table}.{name} has no such form"),
                );
            }
            ColumnChange::Collation(_) => {
                let Some(mut column) = column else { return Ok(()) };
                advance_column(&mut column, change);
                let (ty, collation) = (sql.ty(&column.ty)?, collate(&column, sql)?);
                self.alter(table, action(&format!("TYPE {ty}{collation}")), Pass::Type, at)?;
                self.hazard(HazardKind::BlocksReads, format!("builds indexes over {table}.{name} anew"));
            }
            ColumnChange::NotNull(true) => {
                self.alter(table, action("SET NOT NULL"), Pass::Set, at)?;
                self.hazard(HazardKind::MayFail, format!("fails if {table}.{name} is NULL in a row"));
            }
            ColumnChange::NotNull(false) => self.alter(table, action("DROP NOT NULL"), Pass::Drop, at)?,
            ColumnChange::Default(Some(default)) => {
                let default = sql.expr(default, op)?;
                self.alter(table, action(&format!("SET DEFAULT {default}")), Pass::Set, at)?;
            }
            ColumnChange::Default(None) => self.alter(table, action("DROP DEFAULT"), Pass::Drop, at)?,
            ColumnChange::Generated(generated) => {
                let Some(column) = column else { return Ok(()) };
                self.alter_generated(op, table, column, generated.as_ref(), at)?;
            }
            ColumnChange::Identity(identity) => {
                let old = column.and_then(|column| column.identity);
                self.alter_identity(table, name, old, identity.as_ref(), at)?;
            }
            ColumnChange::Comment(comment) => self.comment_column(table, name, comment.as_deref(), at)?,
            // MySQL's own.
            ColumnChange::Charset(_) | ColumnChange::OnUpdate(_) | ColumnChange::Invisible(_) => {}
        }
        Ok(())
    }

    /// A plain column, or one of the other kind, can only be dropped and added anew: what it is to hold is computed.
    fn alter_generated(
        &mut self,
        op: &Op,
        table: &Name,
        column: Column,
        new: Option<&Generated>,
        at: usize,
    ) -> Result<(), Unsupported> {
        let sql = self.sql;
        let id = sql.id(&column.name)?;
        match (&column.generated, new) {
            (None, None) => Ok(()),
            (Some(old), None) if old.stored => {
                self.alter(table, format!("ALTER COLUMN {id} DROP EXPRESSION"), Pass::Drop, at)
            }
            (Some(_), None) => {
                sql.refuse(op, "can't keep the values of a virtual column", "drop the column and add it anew")
            }
            (Some(old), Some(new)) if old.stored == new.stored && sql.server.version >= SET_EXPRESSION => {
                let expr = sql.expr(&new.expr, op)?;
                self.alter(table, format!("ALTER COLUMN {id} SET EXPRESSION AS ({expr})"), Pass::Set, at)?;
                self.hazard(HazardKind::Rewrite, format!("writes all of {table} anew"));
                Ok(())
            }
            (_, Some(new)) => {
                if self.schema.get(table).is_some_and(|table| is_named(table, &column.name)) {
                    let lacks = "can only drop such a column and add it anew, and a key, a check or an index names it";
                    return sql.refuse(op, lacks, "drop what names it first, and add it again after");
                }
                let generated = Some(new.clone());
                let anew = Column { generated, default: None, identity: None, ..column };
                self.alter(table, format!("DROP COLUMN {id}"), Pass::Drop, at)?;
                self.hazard(
                    HazardKind::DataLoss,
                    format!("what {table}.{} holds is computed anew", anew.name),
                );
                self.hazard(HazardKind::Rewrite, format!("writes all of {table} anew"));
                self.alter(table, format!("ADD COLUMN {}", column_text(&anew, sql)?), Pass::Add, at)?;
                match &anew.comment {
                    Some(comment) => self.comment_column(table, &anew.name, Some(comment), at),
                    None => Ok(()),
                }
            }
        }
    }

    fn alter_identity(
        &mut self,
        table: &Name,
        name: &str,
        old: Option<Identity>,
        new: Option<&Identity>,
        at: usize,
    ) -> Result<(), Unsupported> {
        let sql = self.sql;
        let id = sql.id(name)?;
        match (old, new) {
            (None, None) => Ok(()),
            (Some(_), None) => self.alter(table, format!("ALTER COLUMN {id} DROP IDENTITY"), Pass::Drop, at),
            (None, Some(new)) => {
                self.alter(table, format!("ALTER COLUMN {id} ADD {}", identity_text(new)), Pass::Set, at)?;
                if new.start.is_none() {
                    // Numbers that rows have already aren't given again.
                    let (sequence, column) = (sql.text(&sql.table(table)?)?, sql.text(name)?);
                    self.push(Statement::new(
                        format!(
                            "SELECT setval(pg_get_serial_sequence({sequence}, {column}), max({id})) FROM {} HAVING \
                             max({id}) IS NOT NULL",
                            sql.table(table)?
                        ),
                        [at],
                    ));
                }
                Ok(())
            }
            (Some(_), Some(new)) => {
                let always = if new.always { "ALWAYS" } else { "BY DEFAULT" };
                let sets = sequence_options(new).into_iter().map(|option| format!(" SET {option}"));
                let sets: String = sets.collect();
                self.alter(table, format!("ALTER COLUMN {id} SET GENERATED {always}{sets}"), Pass::Set, at)
            }
        }
    }

    fn set_options(&mut self, table: &Name, options: &TableOptions, at: usize) -> Result<(), Unsupported> {
        let old = self.schema.get(table).is_some_and(|table| table.options.unlogged);
        if old == options.unlogged {
            return Ok(());
        }
        let how = if options.unlogged { "SET UNLOGGED" } else { "SET LOGGED" };
        let text = format!("ALTER TABLE {} {how}", self.sql.table(table)?);
        let rewrite = format!("writes all of {table} anew");
        self.push(blocking(Statement::new(text, [at]), table).hazard(HazardKind::Rewrite, rewrite));
        Ok(())
    }

    fn comment_column(
        &mut self,
        table: &Name,
        column: &str,
        text: Option<&str>,
        at: usize,
    ) -> Result<(), Unsupported> {
        let column = format!("{}.{}", self.sql.table(table)?, self.sql.id(column)?);
        self.comment("COLUMN", &column, text, at)
    }

    fn comment(&mut self, kind: &str, of: &str, text: Option<&str>, at: usize) -> Result<(), Unsupported> {
        let text = text.map(|text| self.sql.text(text)).transpose()?.unwrap_or_else(|| "NULL".into());
        self.push(Statement::new(format!("COMMENT ON {kind} {of} IS {text}"), [at]));
        Ok(())
    }

    fn check_constraint(
        &self,
        operation: &dyn std::fmt::Display,
        constraint: &Constraint,
    ) -> Result<(), Unsupported> {
        let sql = self.sql;
        match constraint {
            Constraint::Unique(unique)
                if unique.nulls_not_distinct && sql.server.version < NULLS_NOT_DISTINCT =>
            {
                sql.refuse(operation, "has no NULLS NOT DISTINCT; 15 is the first", ON)
            }
            _ => Ok(()),
        }
    }

    /// Adds an action to the ALTER TABLE that is being written, or begins one.
    fn alter(&mut self, table: &Name, action: String, pass: Pass, at: usize) -> Result<(), Unsupported> {
        match &mut self.pending {
            Some(pending) if pending.table == *table && pending.last <= pass => {
                pending.actions.push(action);
                pending.last = pass;
                if !pending.statement.ops.contains(&at) {
                    pending.statement.ops.push(at);
                }
            }
            _ => {
                self.flush();
                let head = format!("ALTER TABLE {}", self.sql.table(table)?);
                let statement = blocking(Statement::new("", [at]), table);
                self.pending = Some(Pending {
                    table: table.clone(),
                    head,
                    actions: vec![action],
                    last: pass,
                    statement,
                });
            }
        }
        Ok(())
    }

    /// Adds a hazard to the ALTER TABLE that is being written.
    fn hazard(&mut self, kind: HazardKind, message: String) {
        if let Some(pending) = &mut self.pending {
            pending.statement.hazards.push(dunlin_dsl::Hazard { kind, message });
        }
    }

    fn push(&mut self, statement: Statement) {
        self.flush();
        self.statements.push(statement);
    }

    fn flush(&mut self) {
        if let Some(Pending { head, actions, mut statement, .. }) = self.pending.take() {
            statement.sql = match actions.as_slice() {
                [one] => format!("{head} {one}"),
                many => format!("{head}\n  {}", many.join(",\n  ")),
            };
            self.statements.push(statement);
        }
    }
}

/// Whether a key, a check, an index or another column's expression names a column.
fn is_named(table: &Table, column: &str) -> bool {
    let has = |names: &[String]| names.iter().any(|name| name == column);
    let mut generated =
        table.columns.iter().filter(|other| other.name != column).filter_map(|c| c.generated.as_ref());
    table.is_key_column(column)
        || table.uniques.iter().any(|unique| has(&unique.columns) || has(&unique.include))
        || table.foreign_keys.iter().any(|key| has(&key.columns))
        || table.checks.iter().any(|check| choice::mentions(&check.expr, column))
        || generated.any(|generated| choice::mentions(&generated.expr, column))
        || table.indexes.iter().any(|index| {
            has(&index.include)
                || index.predicate.as_ref().is_some_and(|expr| choice::mentions(expr, column))
                || index.keys.iter().any(|key| match &key.on {
                    KeyPart::Column(name) => name == column,
                    KeyPart::Expr(expr) => choice::mentions(expr, column),
                })
        })
}

fn blocking(statement: Statement, table: &Name) -> Statement {
    statement
        .hazard(HazardKind::BlocksReads, format!("takes {table} for itself, and waits for all who use it"))
}

fn advance_column(column: &mut Column, change: &ColumnChange) {
    if let ColumnChange::Collation(collation) = change {
        column.collation.clone_from(collation);
    }
}

fn collate(column: &Column, sql: Sql<'_>) -> Result<String, Unsupported> {
    match column.collation.get(sql.server.dialect) {
        Some(collation) => Ok(format!(" COLLATE {}", sql.id(collation)?)),
        None => Ok(String::new()),
    }
}

fn column_text(column: &Column, sql: Sql<'_>) -> Result<String, Unsupported> {
    let operation = || format!("write column {}", column.name);
    let mut text = format!("{} {}{}", sql.id(&column.name)?, sql.ty(&column.ty)?, collate(column, sql)?);
    if column.not_null {
        text += " NOT NULL";
    }
    if let Some(default) = &column.default {
        text += &format!(" DEFAULT {}", sql.expr(default, operation())?);
    }
    if let Some(generated) = &column.generated {
        if !generated.stored && sql.server.version < VIRTUAL {
            return sql.refuse(
                operation(),
                "has no virtual columns; 18 is the first",
                "store it, or use on(..)",
            );
        }
        let kind = if generated.stored { "STORED" } else { "VIRTUAL" };
        text += &format!(" GENERATED ALWAYS AS ({}) {kind}", sql.expr(&generated.expr, operation())?);
    }
    if let Some(identity) = &column.identity {
        text += &format!(" {}", identity_text(identity));
    }
    Ok(text)
}

fn identity_text(identity: &Identity) -> String {
    let always = if identity.always { "ALWAYS" } else { "BY DEFAULT" };
    match sequence_options(identity).as_slice() {
        [] => format!("GENERATED {always} AS IDENTITY"),
        options => format!("GENERATED {always} AS IDENTITY ({})", options.join(" ")),
    }
}

fn sequence_options(identity: &Identity) -> Vec<String> {
    let options = [
        ("START WITH", identity.start),
        ("INCREMENT BY", identity.increment),
        ("MINVALUE", identity.min),
        ("MAXVALUE", identity.max),
        ("CACHE", identity.cache),
    ];
    let given = options.into_iter().filter_map(|(words, value)| Some(format!("{words} {}", value?)));
    given.chain(identity.cycle.then(|| "CYCLE".to_owned())).collect()
}
