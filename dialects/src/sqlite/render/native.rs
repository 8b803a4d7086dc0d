//! What SQLite's own ALTER TABLE does, without building the table anew.

use dunlin_dsl::{
    Action, ColumnChange, Constraint, ConstraintKind, DependentKind, HazardKind, Index, Op, Position,
    Statement, Table, Unsupported, Version,
};

use super::{Render, is_addable, is_droppable};
use crate::lex;
use crate::sqlite::create::{column_text, create_index, drop_index};
use crate::sqlite::rebuild::is_strict_type;
use crate::sqlite::{object, read};

impl Render<'_> {
    /// The statements by which SQLite can do this without building the table anew; none if it can't.
    pub(super) fn native(
        &self,
        op: &Op,
        at: &[usize],
        table: Option<&Table>,
    ) -> Result<Option<Vec<Statement>>, Unsupported> {
        let sql = self.sql;
        let mut statements = Vec::new();
        match op {
            Op::AddColumn { table: name, column, if_not_exists, .. } => {
                let exists = table.is_some_and(|table| table.column(&column.name).is_some());
                if !(*if_not_exists && exists) {
                    // What a STRICT table can't have is refused where tables are built anew.
                    let is_strict = table.is_some_and(|table| table.options.strict);
                    if !is_addable(column) || is_strict && !is_strict_type(&column.ty) {
                        return Ok(None);
                    }
                    let add = format!(
                        "ALTER TABLE {} ADD COLUMN {}",
                        sql.table(name)?,
                        column_text(column, None, sql)?
                    );
                    statements.push(Statement::new(add, at));
                }
            }
            Op::DropColumn { table: name, column, if_exists } => {
                let Some(known) = table else { return Ok(None) };
                if known.column(column).is_none() && *if_exists {
                    return Ok(Some(statements));
                }
                // What mentions it is named by the rebuild, which refuses then.
                if !is_droppable(known, column) || self.is_mentioned(known, column)? {
                    return Ok(None);
                }
                let named = |index: &&Index| index.keys.iter().any(|key| key.column_name() == Some(column));
                for index in known.indexes.iter().filter(named) {
                    let index = index.label.name().unwrap_or_default();
                    statements.push(Statement::new(drop_index(name, index, sql)?, at));
                }
                let drop = format!("ALTER TABLE {} DROP COLUMN {}", sql.table(name)?, sql.id(column)?);
                let loss = format!("drops column {name}.{column} and what it holds");
                statements.push(Statement::new(drop, at).hazard(HazardKind::DataLoss, loss));
            }
            Op::CreateIndex { table: name, index, if_not_exists, .. } => {
                let label = index.label.name().unwrap_or_default();
                let exists = table.is_some_and(|table| table.index(label).is_some());
                if !(*if_not_exists && exists) {
                    let mut create = Statement::new(create_index(name, index, sql)?, at);
                    if index.unique {
                        let may = format!("fails if rows of {name} have the same key");
                        create = create.hazard(HazardKind::MayFail, may);
                    }
                    statements.push(create.hazard(HazardKind::BlocksWrites, format!("reads all of {name}")));
                }
            }
            Op::DropIndex { table: owner, name, if_exists, .. } => {
                let exists = table.is_some_and(|table| table.index(name).is_some());
                if exists || !*if_exists {
                    statements.push(Statement::new(drop_index(owner, name, sql)?, at));
                }
            }
            Op::RenameIndex { table: owner, name, to } => {
                if let Some(index) = table.and_then(|table| table.index(name)) {
                    let renamed = Index { label: to.as_str().into(), ..index.clone() };
                    self.refuse_renamed(op, owner, &[])?;
                    statements.push(Statement::new(drop_index(owner, name, sql)?, at));
                    statements.push(Statement::new(create_index(owner, &renamed, sql)?, at));
                }
            }
            Op::AlterColumn { table: name, column, change: ColumnChange::NotNull(refuses) } => {
                let Some(known) = table.filter(|known| self.edits_constraints(known)) else {
                    return Ok(None);
                };
                if known.column(column).is_some_and(|known| known.not_null == *refuses) {
                    return Ok(Some(statements));
                }
                let verb = if *refuses { "SET" } else { "DROP" };
                let alter =
                    format!("ALTER TABLE {} ALTER {} {verb} NOT NULL", sql.table(name)?, sql.id(column)?);
                let mut alter = Statement::new(alter, at);
                if *refuses {
                    alter = alter
                        .hazard(HazardKind::MayFail, format!("fails if {name}.{column} is NULL in a row"))
                        .hazard(HazardKind::BlocksWrites, format!("reads all of {name}"));
                }
                statements.push(alter);
            }
            Op::AddConstraint { table: name, constraint: constraint @ Constraint::Check(_) } => {
                if !table.is_some_and(|known| self.edits_constraints(known)) {
                    return Ok(None);
                }
                let check = sql.constraint(constraint, true)?;
                let add = Statement::new(format!("ALTER TABLE {} ADD {check}", sql.table(name)?), at);
                let may = format!("fails if rows of {name} don't meet {}", constraint.label());
                let add = add.hazard(HazardKind::MayFail, may);
                statements.push(add.hazard(HazardKind::BlocksWrites, format!("reads all of {name}")));
            }
            Op::DropConstraint {
                table: name,
                kind: kind @ (ConstraintKind::Check | ConstraintKind::ForeignKey),
                name: constraint,
                ..
            } if table.is_some_and(|known| {
                self.cuts_constraints(known) && is_droppable_by_name(known, *kind, constraint)
            }) =>
            {
                let drop =
                    format!("ALTER TABLE {} DROP CONSTRAINT {}", sql.table(name)?, sql.id(constraint)?);
                statements.push(Statement::new(drop, at));
            }
            Op::AlterColumn { column, change: ColumnChange::Position(position), .. }
                if table.is_some_and(|table| Position::of(table, column).as_ref() == Some(position)) => {}
            // What SQLite has no place for changes nothing.
            Op::AlterColumn {
                change:
                    ColumnChange::Comment(_)
                    | ColumnChange::Charset(_)
                    | ColumnChange::OnUpdate(_)
                    | ColumnChange::Invisible(_)
                    | ColumnChange::Option { .. },
                ..
            } => {}
            Op::DropConstraint { kind, name, if_exists: true, .. } => {
                let has = table.is_some_and(|table| {
                    table.constraints().any(|c| c.kind() == *kind && (c.label().is(name) || name.is_empty()))
                });
                if has {
                    return Ok(None);
                }
            }
            Op::SetTableOptions { options, .. } => {
                let same = |table: &Table| {
                    table.options.strict == options.strict
                        && table.options.without_rowid == options.without_rowid
                };
                if !table.is_some_and(same) {
                    return Ok(None);
                }
            }
            _ => return Ok(None),
        }
        Ok(Some(statements))
    }

    /// Whether SQLite itself edits the constraints in a table's text. What that says beside the model would go unnoticed.
    fn edits_constraints(&self, table: &Table) -> bool {
        self.sql.server.version >= CONSTRAINTS && table.notes.unmodelled.is_empty()
    }

    /// The same of a constraint that is taken out of the text, with which a comment goes that stands before it.
    fn cuts_constraints(&self, table: &Table) -> bool {
        let comments = table.notes.source.as_deref().is_some_and(read::has_comments);
        self.edits_constraints(table) && !comments
    }

    /// Whether a view or a trigger mentions a column, or one of the same name.
    pub(super) fn is_mentioned(&self, table: &Table, column: &str) -> Result<bool, Unsupported> {
        let mut table = table.clone();
        object::note_written(&mut table, &self.schema, self.sql)?;
        for trigger in object::belongings(&self.schema, &table.name) {
            if lex::mentions(&object::create(&trigger, self.sql)?, column) {
                return Ok(true);
            }
        }
        let mut others = table.notes.dependents.iter().filter(|of| of.kind != DependentKind::ForeignKey);
        Ok(others.any(|of| of.definition.as_ref().is_none_or(|text| lex::mentions(text, column))))
    }
}

/// The first version that sets and drops NOT NULL, adds checks, and drops checks and foreign keys by their names
/// (<https://sqlite.org/lang_altertable.html>).
const CONSTRAINTS: Version = Version::new(3, 53, 0);

/// Whether a constraint is the only one that has its name, and SQLite finds where it ends.
fn is_droppable_by_name(table: &Table, kind: ConstraintKind, name: &str) -> bool {
    let mut named = table
        .constraints()
        .filter(|constraint| constraint.label().name().is_some_and(|own| own.eq_ignore_ascii_case(name)));
    let found = named.next().filter(|constraint| constraint.kind() == kind);
    found.is_some_and(|found| !stops_early(table, &found)) && named.next().is_none()
}

/// Whether SQLite takes a word within a constraint for the beginning of the next one, and leaves what is behind it in the
/// text: the DEFAULT of SET DEFAULT, and the NOT of NOT DEFERRABLE (`getConstraint` in its alter.c, as of 3.53.0).
fn stops_early(table: &Table, constraint: &Constraint) -> bool {
    let Constraint::ForeignKey(key) = constraint else { return false };
    let text = table.notes.source.as_deref().unwrap_or_default();
    let words: Vec<_> =
        lex::tokens(text).iter().map(|token| text[token.start..token.end].to_uppercase()).collect();
    [key.on_delete, key.on_update].contains(&Action::SetDefault)
        || words.windows(2).any(|pair| pair[0] == "NOT" && pair[1] == "DEFERRABLE")
}
