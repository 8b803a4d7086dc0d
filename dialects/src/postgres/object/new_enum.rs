//! A new enum in the place of an old one: no server takes a value away.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Definition, Dependent, DependentKind, EnumType, Expect, HazardKind, Name, Object, ObjectId, Op,
    Statement, StatementCheck, Unsupported, When,
};

use super::{address, named_type, own, remark, statement};
use crate::lex::{self, Kind};
use crate::postgres::object::access;
use crate::postgres::{create, print};
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// A new type takes the old one's place, column by column. The checks and indexes that mention the old one go before and come
/// back after.
pub(super) fn rebuild(op: &Op, old: &Object, is: &EnumType, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let id = &old.id;
    let standing = Standing::of(op, old, sql)?;
    if let Some(what) = old.notes.unmodelled.first() {
        let lost = format!("a new type takes its place, and it has {what}, which Dunlin can't bring back");
        return Err(Unsupported::new(op, lost, "write it as SQL: execute(..).undo(..)"));
    }
    let mut gone: Vec<&String> = Vec::new();
    if let Definition::Enum(was) = &old.definition {
        gone.extend(was.values.iter().filter(|value| !is.values.contains(value)));
        standing.refuse_gone(op, &gone)?;
    }
    let aside = id.renamed(&aside(&id.name.name));
    let name = address(id, sql)?;
    let mut statements =
        vec![statement(format!("ALTER TYPE {name} RENAME TO {}", sql.id(&aside.name.name)?))];
    statements.extend(named_type::create_enum(id, is, sql)?);
    if let Some(owner) = &old.notes.owner {
        statements.push(own(id, owner, sql)?);
    }
    if old.comment.is_some() {
        statements.push(remark(id, old.comment.as_deref(), sql)?);
    }
    for (index, _) in &standing.indexes {
        statements.push(statement(format!("DROP INDEX {}", sql.table(index)?)));
    }
    let (first, changes, last) = standing.changes(&name, sql)?;
    for (table, changes) in first {
        statements.push(alter(table, &changes, sql)?);
    }
    for (table, changes) in changes {
        let fails = format!("fails if a row of table {table} has a value that goes");
        let mut alter = alter(table, &changes, sql)?;
        for of in standing.columns.iter().filter(|of| of.table == table && !gone.is_empty()) {
            alter = alter.check(of.unused(&gone, sql)?);
        }
        statements.push(
            alter
                .hazard(HazardKind::Rewrite, format!("writes table {table} anew"))
                .hazard(HazardKind::MayFail, fails)
                .hazard(HazardKind::BlocksReads, format!("readers of table {table} wait meanwhile")),
        );
    }
    for (table, changes) in last {
        statements.push(alter(table, &changes, sql)?);
    }
    statements.extend(standing.indexes.iter().map(|(_, definition)| statement(*definition)));
    for dependent in &old.notes.dependents {
        statements.extend(had(dependent, sql)?);
    }
    statements.extend(access::give(old, sql)?);
    statements.extend(access::withhold(id, &old.withheld, sql)?);
    statements.extend(access::grant(id, &old.grants, sql)?);
    statements.push(statement(format!("DROP TYPE {}", address(&aside, sql)?)));
    Ok(statements)
}

/// What a check or an index had beyond its definition, and has again.
fn had(of: &Dependent, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let Some(part) = &of.part else { return Ok(Vec::new()) };
    let index = sql.table(&of.name.sibling(part))?;
    let mut statements = Vec::new();
    if let Some(tablespace) = &of.tablespace {
        statements.push(statement(format!("ALTER INDEX {index} SET TABLESPACE {}", sql.id(tablespace)?)));
    }
    if let Some(text) = &of.comment {
        let (kind, on) = match of.kind {
            DependentKind::Index => ("INDEX", index),
            _ => ("CONSTRAINT", format!("{} ON {}", sql.id(part)?, sql.table(&of.name)?)),
        };
        statements.push(statement(create::comment(kind, &on, Some(text), sql)?));
    }
    Ok(statements)
}

/// A name for the old type, within what a name may have.
fn aside(name: &str) -> String {
    const MARK: &str = "__old";
    let mut end = name.len().min(63 - MARK.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{MARK}", &name[..end])
}

/// What stands on an enum and can be taken along.
struct Standing<'d> {
    columns: Vec<EnumColumn<'d>>,
    /// Checks: their tables, names and definitions.
    checks: Vec<(&'d Name, &'d str, &'d str)>,
    /// Indexes: their names and definitions.
    indexes: Vec<(Name, &'d str)>,
}

/// A column of an enum or of arrays of it.
struct EnumColumn<'d> {
    table: &'d Name,
    column: &'d str,
    is_array: bool,
    default: Option<&'d str>,
}

impl EnumColumn<'_> {
    /// Asks whether no row has a value that goes: the server names neither the table nor a way.
    fn unused(&self, gone: &[&String], sql: Sql<'_>) -> Result<StatementCheck> {
        let (table, column) = (sql.table(self.table)?, sql.id(self.column)?);
        let values = list(gone.iter().map(|value| sql.text(value)))?;
        let has = match self.is_array {
            true => format!("{column}::text[] && ARRAY[{values}]"),
            false => format!("{column}::text IN ({values})"),
        };
        Ok(StatementCheck {
            when: When::Before,
            query: format!("SELECT 1 FROM {table} WHERE {has} LIMIT 1"),
            later: None,
            expect: Expect::Empty,
            message: format!(
                "a row of table {} has a value in column {} that goes: {values}; give such rows another one first",
                self.table, self.column
            ),
            names: Vec::new(),
        })
    }
}

impl<'d> Standing<'d> {
    /// What stands on it, or what can't be taken along.
    fn of(op: &Op, old: &'d Object, sql: Sql<'_>) -> Result<Self> {
        let mut standing = Self { columns: Vec::new(), checks: Vec::new(), indexes: Vec::new() };
        let mut others = Vec::new();
        for dependent in &old.notes.dependents {
            let part = dependent.part.as_deref().zip(dependent.definition.as_deref());
            match (dependent.kind, part) {
                (DependentKind::PartitionKey, _) => {
                    return Err(Unsupported::new(
                        op,
                        format!(
                            "{} can't change the type of {}.{}, by which table {} is partitioned",
                            sql.server,
                            dependent.name,
                            dependent.uses.join(", "),
                            dependent.name
                        ),
                        "leave the value, and refuse it by a check; or create a table partitioned by a new type, \
                         move the rows, and rename both",
                    ));
                }
                (DependentKind::Check, Some((name, definition))) => {
                    standing.checks.push((&dependent.name, name, definition));
                }
                (DependentKind::Index, Some((name, definition))) => {
                    standing.indexes.push((dependent.name.sibling(name), definition));
                }
                _ => match column_of(dependent, &old.id, sql) {
                    Some(column) => standing.columns.push(column),
                    None => others.push(dependent.to_string()),
                },
            }
        }
        if others.is_empty() {
            return Ok(standing);
        }
        Err(Unsupported::new(
            op,
            format!(
                "{} can only put a new type into the place of the old one, and {} {} on that",
                sql.server,
                others.join(", "),
                if others.len() == 1 { "stands" } else { "stand" }
            ),
            "drop what stands on it first, and create it again after",
        ))
    }

    /// Refuses where what stands on it names a value that goes.
    fn refuse_gone(&self, op: &Op, gone: &[&String]) -> Result<()> {
        let named = |definition: &str| {
            let tokens = lex::tokens(definition);
            let mut strings = tokens.iter().filter(|token| token.kind == Kind::String);
            strings.find_map(|token| {
                let text = lex::name(definition, *token);
                gone.iter().find(|value| ***value == text)
            })
        };
        let checks = self
            .checks
            .iter()
            .map(|(table, name, definition)| (format!("check {name} of table {table}"), *definition));
        let indexes = self.indexes.iter().map(|(name, definition)| (format!("index {name}"), *definition));
        let defaults = self.columns.iter().filter_map(|of| {
            Some((format!("the default of column {}.{}", of.table, of.column), of.default?))
        });
        for (what, definition) in checks.chain(indexes).chain(defaults) {
            if let Some(value) = named(definition) {
                return Err(Unsupported::new(
                    op,
                    format!("{what} names the value {value:?}, which goes"),
                    "change or drop that first",
                ));
            }
        }
        Ok(())
    }

    /// What changes in each table: first in heirs, whose checks are over columns of their parents; then where the columns are;
    /// last in heirs again. Checks go, columns change, checks come back.
    fn changes(&self, ty: &str, sql: Sql<'_>) -> Result<(Changes<'d>, Changes<'d>, Changes<'d>)> {
        let (mut first, mut changes, mut last) = (Changes::new(), Changes::new(), Changes::new());
        let has_columns = |table: &Name| self.columns.iter().any(|of| of.table == table);
        for (table, name, _) in &self.checks {
            let to = if has_columns(table) { &mut changes } else { &mut first };
            to.entry(*table).or_default().push(format!("DROP CONSTRAINT {}", sql.id(name)?));
        }
        for of in &self.columns {
            let changes = changes.entry(of.table).or_default();
            let column = sql.id(of.column)?;
            let array = if of.is_array { "[]" } else { "" };
            if of.default.is_some() {
                changes.push(format!("ALTER COLUMN {column} DROP DEFAULT"));
            }
            changes.push(format!(
                "ALTER COLUMN {column} TYPE {ty}{array} USING {column}::text{array}::{ty}{array}"
            ));
            if let Some(default) = of.default {
                changes.push(format!("ALTER COLUMN {column} SET DEFAULT {default}"));
            }
        }
        for (table, name, definition) in &self.checks {
            let to = if has_columns(table) { &mut changes } else { &mut last };
            to.entry(*table).or_default().push(format!("ADD CONSTRAINT {} {definition}", sql.id(name)?));
        }
        Ok((first, changes, last))
    }
}

/// What changes in tables.
type Changes<'d> = BTreeMap<&'d Name, Vec<String>>;

fn alter(table: &Name, changes: &[String], sql: Sql<'_>) -> Result<Statement> {
    let name = sql.table(table)?;
    Ok(statement(match changes {
        [change] => format!("ALTER TABLE {name} {change}"),
        changes => format!("ALTER TABLE {name}\n  {}", changes.join(",\n  ")),
    }))
}

/// The column that depends on a type, if it is a plain column of it.
fn column_of<'d>(dependent: &'d Dependent, id: &ObjectId, sql: Sql<'_>) -> Option<EnumColumn<'d>> {
    let (DependentKind::Column, Some(column)) = (dependent.kind, &dependent.column) else { return None };
    let definition = dependent.definition.as_deref()?;
    let own = print::name(&id.name.name);
    let schema = id.name.schema.as_ref().unwrap_or(&sql.server.schema);
    let qualified = format!("{}.{own}", print::name(schema));
    // One that this revision has renamed is in quotes.
    let renamed = sql.table(&id.name).ok()?;
    let names = [&qualified, &own, &renamed];
    let rest = names.into_iter().find_map(|name| definition.strip_prefix(name.as_str()))?;
    let (is_array, rest) = match rest.strip_prefix("[]") {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let default = match rest {
        "" => None,
        rest => Some(rest.strip_prefix(" DEFAULT ")?),
    };
    Some(EnumColumn { table: &dependent.name, column, is_array, default })
}
