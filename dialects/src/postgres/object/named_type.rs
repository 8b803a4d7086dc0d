//! Enums, composite types and domains.

use dunlin_dsl::{
    Attribute, Check, Composite, Constraint, Definition, Dependent, DependentKind, Domain, EnumType, Expr,
    Hazard, HazardKind, Name, Object, ObjectId, Op, Statement, Unsupported, ValuePosition,
};

use super::{Context, address, own, remark, statement};
use crate::postgres::object::access;
use crate::postgres::{create, lower, print};
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

pub(super) fn create_enum(id: &ObjectId, of: &EnumType, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let values = list(of.values.iter().map(|value| label(value, sql)))?;
    Ok(vec![statement(format!("CREATE TYPE {} AS ENUM ({values})", address(id, sql)?))])
}

/// A value of an enum: it is as long as a name at most.
pub(super) fn label(value: &str, sql: Sql<'_>) -> Result<String> {
    if value.len() > 63 {
        let lacks = format!("takes 63 bytes at most, and it has {}", value.len());
        return sql.refuse(format!("have the enum's value {value:?}"), &lacks, "choose a shorter one");
    }
    sql.text(value)
}

/// A new value can't be used before it is committed, unless its type is as new as it.
pub(super) fn add_value(
    old: &Object,
    value: &str,
    position: Option<&ValuePosition>,
    if_not_exists: bool,
    context: Context<'_>,
) -> Result<Vec<Statement>> {
    let sql = context.sql;
    if let Definition::Enum(of) = &old.definition
        && if_not_exists
        && of.values.iter().any(|known| known == value)
    {
        return Ok(Vec::new());
    }
    let exists = if if_not_exists { "IF NOT EXISTS " } else { "" };
    let mut text = format!("ALTER TYPE {} ADD VALUE {exists}{}", address(&old.id, sql)?, label(value, sql)?);
    match position {
        Some(ValuePosition::Before(other)) => text += &format!(" BEFORE {}", sql.text(other)?),
        Some(ValuePosition::After(other)) => text += &format!(" AFTER {}", sql.text(other)?),
        None => {}
    }
    let mut add = statement(text);
    let is_new = context.created.contains(&old.id);
    add.commit_after = !is_new && context.later.iter().any(|op| mentions(op, value));
    Ok(vec![add])
}

/// Whether an operation has a value in it: as a text of its own, as a literal in SQL, or as an array's element. A word that
/// merely has it in it doesn't count, for a commit in the midst of a revision is a price.
fn mentions(op: &Op, value: &str) -> bool {
    let shown = |text: &str| format!("{text:?}").trim_matches('"').to_owned();
    let (plain, quoted) = (shown(value), shown(&value.replace('\'', "''")));
    let op = format!("{op:?}");
    let ways = [
        format!("\"{plain}\""),
        format!("'{quoted}'"),
        format!("{{{quoted},"),
        format!("{{{quoted}}}"),
        format!(",{quoted},"),
        format!(",{quoted}}}"),
    ];
    ways.iter().any(|way| op.contains(way))
}

/// New values are added between the old ones; where some go, or change places, the type is made anew.
pub(super) fn alter_enum(
    op: &Op,
    old: &Object,
    was: &EnumType,
    is: &EnumType,
    context: Context<'_>,
) -> Result<Vec<Statement>> {
    let mut left = was.values.iter().peekable();
    let mut statements = Vec::new();
    let mut before: Option<&String> = None;
    for value in &is.values {
        if left.next_if_eq(&value).is_none() {
            if was.values.contains(value) {
                return rebuild_enum(op, old, is, context.sql);
            }
            let position = match before {
                Some(other) => Some(ValuePosition::After(other.clone())),
                None => was.values.first().map(|first| ValuePosition::Before(first.clone())),
            };
            statements.extend(add_value(old, value, position.as_ref(), false, context)?);
        }
        before = Some(value);
    }
    match left.next() {
        None => Ok(statements),
        Some(_) => rebuild_enum(op, old, is, context.sql),
    }
}

/// No server takes a value away from an enum: a new type takes the old one's place, column by column.
fn rebuild_enum(op: &Op, old: &Object, is: &EnumType, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let id = &old.id;
    let mut columns = Vec::new();
    let mut others = Vec::new();
    for dependent in &old.notes.dependents {
        match column_of(dependent, id, sql) {
            Some(column) => columns.push(column),
            None => others.push(dependent.to_string()),
        }
    }
    if !others.is_empty() {
        return Err(Unsupported::new(
            op,
            format!(
                "{} can only put a new type into the place of the old one, and {} {} on that",
                sql.server,
                others.join(", "),
                if others.len() == 1 { "stands" } else { "stand" }
            ),
            "drop what stands on it first, and create it again after",
        ));
    }
    if let Some(what) = old.notes.unmodelled.first() {
        let lost = format!("a new type takes its place, and it has {what}, which Dunlin can't bring back");
        return Err(Unsupported::new(op, lost, "write it as SQL: execute(..).undo(..)"));
    }
    let aside = id.renamed(&aside(&id.name.name));
    let name = address(id, sql)?;
    let mut statements =
        vec![statement(format!("ALTER TYPE {name} RENAME TO {}", sql.id(&aside.name.name)?))];
    statements.extend(create_enum(id, is, sql)?);
    if let Some(owner) = &old.notes.owner {
        statements.push(own(id, owner, sql)?);
    }
    if old.comment.is_some() {
        statements.push(remark(id, old.comment.as_deref(), sql)?);
    }
    for column in columns {
        statements.push(column.statement(&name, sql)?);
    }
    statements.extend(access::withhold(id, &old.withheld, sql)?);
    statements.extend(access::grant(id, &old.grants, sql)?);
    statements.push(statement(format!("DROP TYPE {}", address(&aside, sql)?)));
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

/// A column of an enum or of arrays of it.
struct EnumColumn<'d> {
    table: &'d Name,
    column: &'d str,
    is_array: bool,
    default: Option<&'d str>,
}

/// The column that depends on a type, if it is a plain column of it.
fn column_of<'d>(dependent: &'d Dependent, id: &ObjectId, sql: Sql<'_>) -> Option<EnumColumn<'d>> {
    let (DependentKind::Column, Some(column)) = (dependent.kind, &dependent.column) else { return None };
    let definition = dependent.definition.as_deref()?;
    let own = print::name(&id.name.name);
    let schema = id.name.schema.as_ref().unwrap_or(&sql.server.schema);
    let qualified = format!("{}.{own}", print::name(schema));
    let rest = definition.strip_prefix(&qualified).or_else(|| definition.strip_prefix(&own))?;
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

impl EnumColumn<'_> {
    fn statement(&self, ty: &str, sql: Sql<'_>) -> Result<Statement> {
        let Self { table, is_array, .. } = self;
        let (name, column) = (sql.table(table)?, sql.id(self.column)?);
        let array = if *is_array { "[]" } else { "" };
        let mut changes = Vec::new();
        if self.default.is_some() {
            changes.push(format!("ALTER COLUMN {column} DROP DEFAULT"));
        }
        changes
            .push(format!("ALTER COLUMN {column} TYPE {ty}{array} USING {column}::text{array}::{ty}{array}"));
        if let Some(default) = self.default {
            changes.push(format!("ALTER COLUMN {column} SET DEFAULT {default}"));
        }
        let text = match changes.as_slice() {
            [change] => format!("ALTER TABLE {name} {change}"),
            changes => format!("ALTER TABLE {name}\n  {}", changes.join(",\n  ")),
        };
        let fails = format!("fails if a row of table {table} has a value that goes");
        Ok(statement(text)
            .hazard(HazardKind::Rewrite, format!("writes table {table} anew"))
            .hazard(HazardKind::MayFail, fails)
            .hazard(HazardKind::BlocksReads, format!("readers of table {table} wait meanwhile")))
    }
}

pub(super) fn create_composite(id: &ObjectId, of: &Composite, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let attributes = list(of.attributes.iter().map(|one| attribute(one, sql)))?;
    Ok(vec![statement(format!("CREATE TYPE {} AS ({attributes})", address(id, sql)?))])
}

fn attribute(attribute: &Attribute, sql: Sql<'_>) -> Result<String> {
    Ok(format!("{} {}", sql.id(&attribute.name)?, collated(attribute, sql)?))
}

fn collated(attribute: &Attribute, sql: Sql<'_>) -> Result<String> {
    let ty = sql.ty(&attribute.ty)?;
    match &attribute.collation {
        Some(collation) => Ok(format!("{ty} COLLATE {}", sql.id(collation)?)),
        None => Ok(ty),
    }
}

/// Attributes go, change their types, and come at the end, in this order; none where that doesn't give the new ones.
pub(super) fn alter_composite(
    op: &Op,
    old: &Object,
    was: &Composite,
    is: &Composite,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    let find = |among: &[Attribute], name: &str| among.iter().find(|one| one.name == name).cloned();
    let (kept, gone): (Vec<_>, Vec<_>) =
        was.attributes.iter().partition(|one| find(&is.attributes, &one.name).is_some());
    let new: Vec<_> = is.attributes.iter().filter(|one| find(&was.attributes, &one.name).is_none()).collect();
    let result = kept.iter().chain(&new).map(|one| &one.name);
    if !result.eq(is.attributes.iter().map(|one| &one.name)) {
        return Ok(None);
    }
    let is_column = |one: &&Dependent| one.kind == DependentKind::Column;
    let columns: Vec<_> = old.notes.dependents.iter().filter(is_column).map(ToString::to_string).collect();
    let mut changes = Vec::new();
    let mut hazards = Vec::new();
    for one in gone {
        changes.push(format!("DROP ATTRIBUTE {}", sql.id(&one.name)?));
        let message = format!("drops what {} of {} holds", columns.join(", "), one.name);
        hazards.extend((!columns.is_empty()).then_some(Hazard { kind: HazardKind::DataLoss, message }));
    }
    for one in kept {
        if let Some(now) = find(&is.attributes, &one.name).filter(|now| now != one) {
            if !columns.is_empty() {
                let lacks = format!("can't change a type within what {} holds", columns.join(", "));
                return sql.refuse(
                    op,
                    &lacks,
                    "add an attribute of the new type, fill it, and drop this one",
                );
            }
            changes.push(format!("ALTER ATTRIBUTE {} TYPE {}", sql.id(&now.name)?, collated(&now, sql)?));
        }
    }
    for one in new {
        changes.push(format!("ADD ATTRIBUTE {}", attribute(one, sql)?));
    }
    let name = address(&old.id, sql)?;
    let alter = statement(format!("ALTER TYPE {name} {}", changes.join(", ")));
    Ok(Some(vec![Statement { hazards, ..alter }]))
}

pub(super) fn create_domain(id: &ObjectId, of: &Domain, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let operation = format!("create {id}");
    let mut text = format!("CREATE DOMAIN {} AS {}", address(id, sql)?, sql.ty(&of.ty)?);
    if let Some(collation) = &of.collation {
        text += &format!(" COLLATE {}", sql.id(collation)?);
    }
    if let Some(default) = present(&of.default) {
        text += &format!(" DEFAULT {}", create::default_text(default, &operation, sql)?);
    }
    if of.not_null {
        text += " NOT NULL";
    }
    for check in &of.checks {
        text += &format!(" {}", constraint(id, check, sql)?);
    }
    Ok(vec![statement(text)])
}

fn present(default: &Option<Expr>) -> Option<&Expr> {
    default.as_ref().filter(|default| !create::is_null(default))
}

fn constraint(id: &ObjectId, check: &Check, sql: Sql<'_>) -> Result<String> {
    let mut named = Constraint::Check(check.clone());
    lower::name(&id.name, &mut named);
    sql.constraint(&named, true)
}

/// All but its type and its collation can change.
pub(super) fn alter_domain(
    id: &ObjectId,
    was: &Domain,
    is: &Domain,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    if (&was.ty, &was.collation) != (&is.ty, &is.collation) {
        return Ok(None);
    }
    let operation = format!("alter {id}");
    let alter = format!("ALTER DOMAIN {}", address(id, sql)?);
    let mut statements = Vec::new();
    for check in was.checks.iter().filter(|check| !is.checks.contains(check)) {
        let name = sql.id(check.label.name().unwrap_or_default())?;
        statements.push(statement(format!("{alter} DROP CONSTRAINT {name}")));
    }
    if was.default != is.default {
        statements.push(statement(match present(&is.default) {
            Some(default) => {
                format!("{alter} SET DEFAULT {}", create::default_text(default, &operation, sql)?)
            }
            None => format!("{alter} DROP DEFAULT"),
        }));
    }
    match (was.not_null, is.not_null) {
        (false, true) => statements.push(
            statement(format!("{alter} SET NOT NULL"))
                .hazard(HazardKind::MayFail, format!("fails if a column of {id} has NULL"))
                .hazard(
                    HazardKind::BlocksReads,
                    format!("readers of tables with {id} wait while rows are checked"),
                ),
        ),
        (true, false) => statements.push(statement(format!("{alter} DROP NOT NULL"))),
        _ => {}
    }
    for check in is.checks.iter().filter(|check| !was.checks.contains(check)) {
        statements.push(
            statement(format!("{alter} ADD {}", constraint(id, check, sql)?))
                .hazard(HazardKind::MayFail, format!("fails if a value of {id} doesn't fit"))
                .hazard(
                    HazardKind::BlocksWrites,
                    format!("writers of tables with {id} wait while rows are checked"),
                ),
        );
    }
    Ok(Some(statements))
}
