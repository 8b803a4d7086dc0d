//! Enums, composite types and domains.

use std::fmt::Display;

use dunlin_dsl::{
    Attribute, Check, Composite, Constraint, Definition, Dependent, DependentKind, Domain, Enforcement,
    EnumType, Expr, Hazard, HazardKind, Object, ObjectId, Op, Statement, Unsupported, ValuePosition,
};

use super::{Context, address, new_enum, statement};
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
                return new_enum::rebuild(op, old, is, context.sql);
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
        Some(_) => new_enum::rebuild(op, old, is, context.sql),
    }
}

pub(super) fn create_composite(id: &ObjectId, of: &Composite, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let attributes = list(of.attributes.iter().map(|one| attribute(one, sql)))?;
    let mut statements = vec![statement(format!("CREATE TYPE {} AS ({attributes})", address(id, sql)?))];
    for one in of.attributes.iter().filter(|one| one.comment.is_some()) {
        statements.push(attribute_remark(id, one, sql)?);
    }
    Ok(statements)
}

/// An attribute is a column to COMMENT.
fn attribute_remark(id: &ObjectId, of: &Attribute, sql: Sql<'_>) -> Result<Statement> {
    let name = format!("{}.{}", address(id, sql)?, sql.id(&of.name)?);
    Ok(statement(create::comment("COLUMN", &name, of.comment.as_deref(), sql)?))
}

fn attribute(attribute: &Attribute, sql: Sql<'_>) -> Result<String> {
    Ok(format!("{} {}", sql.id(&attribute.name)?, collated(attribute, sql)?))
}

fn collated(attribute: &Attribute, sql: Sql<'_>) -> Result<String> {
    let ty = sql.ty(&attribute.ty)?;
    match &attribute.collation {
        Some(collation) => Ok(format!("{ty} COLLATE {}", print::qualified(collation, sql)?)),
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
    let remarked = is.attributes.iter().filter(|one| {
        let was = find(&was.attributes, &one.name).and_then(|was| was.comment);
        was != one.comment
    });
    let remarks = remarked.map(|one| attribute_remark(&old.id, one, sql)).collect::<Result<Vec<_>>>()?;
    let plain = |of: &Attribute| Attribute { comment: None, ..of.clone() };
    if was.attributes.iter().map(plain).eq(is.attributes.iter().map(plain)) {
        return Ok(Some(remarks));
    }
    refuse_typed_tables(op, old, sql)?;
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
        if let Some(now) = find(&is.attributes, &one.name).filter(|now| plain(now) != plain(one)) {
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
    Ok(Some(std::iter::once(Statement { hazards, ..alter }).chain(remarks).collect()))
}

/// Refuses to change attributes that are the columns of tables too.
pub(super) fn refuse_typed_tables(op: impl Display, old: &Object, sql: Sql<'_>) -> Result<()> {
    let is_of_it = |one: &&Dependent| one.kind == DependentKind::Table;
    let tables: Vec<_> = old.notes.dependents.iter().filter(is_of_it).map(ToString::to_string).collect();
    if tables.is_empty() {
        return Ok(());
    }
    let lacks = format!("can change the type of {} with CASCADE alone", tables.join(", "));
    let instead = "write it as SQL: execute(\"ALTER TYPE .. CASCADE\").undo(..)";
    sql.refuse(op, &lacks, instead)
}

pub(super) fn create_domain(id: &ObjectId, of: &Domain, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let operation = format!("create {id}");
    let mut text = format!("CREATE DOMAIN {} AS {}", address(id, sql)?, sql.ty(&of.ty)?);
    if let Some(collation) = &of.collation {
        text += &format!(" COLLATE {}", print::qualified(collation, sql)?);
    }
    if let Some(default) = present(&of.default) {
        text += &format!(" DEFAULT {}", create::default_text(default, &operation, sql)?);
    }
    if of.not_null {
        text += " NOT NULL";
    }
    let is_valid = |check: &&Check| check.enforcement == Enforcement::Full;
    for check in of.checks.iter().filter(is_valid) {
        text += &format!(" {}", constraint(id, check, sql)?);
    }
    let mut statements = vec![statement(text)];
    for check in of.checks.iter().filter(|check| !is_valid(check)) {
        let text = constraint(id, check, sql)?;
        statements.push(statement(format!("ALTER DOMAIN {} ADD {text}", address(id, sql)?)));
    }
    for (name, text) in &of.check_comments {
        statements.push(check_remark(id, name, Some(text), sql)?);
    }
    Ok(statements)
}

fn check_remark(id: &ObjectId, name: &str, text: Option<&str>, sql: Sql<'_>) -> Result<Statement> {
    let on = format!("{} ON DOMAIN {}", sql.id(name)?, address(id, sql)?);
    Ok(statement(create::comment("CONSTRAINT", &on, text, sql)?))
}

fn present(default: &Option<Expr>) -> Option<&Expr> {
    default.as_ref().filter(|default| !create::is_null(default))
}

fn constraint(id: &ObjectId, check: &Check, sql: Sql<'_>) -> Result<String> {
    let mut named = Constraint::Check(check.clone());
    lower::name(&id.name, &mut named);
    sql.constraint(&named, true)
}

/// Refuses to look at the values of a domain where some stand within arrays: the server would too, and say less.
fn refuse_within(op: &Op, old: &Object, sql: Sql<'_>) -> Result<()> {
    let is_array = |one: &&Dependent| {
        let printed = one.definition.as_deref().unwrap_or_default();
        let ty = printed.split(" DEFAULT ").next().and_then(|ty| ty.split(" GENERATED ").next());
        one.kind == DependentKind::Column && ty.is_some_and(|ty| ty.ends_with("[]"))
    };
    match old.notes.dependents.iter().find(is_array) {
        Some(column) => {
            let lacks = format!("can't look at the values within {column}");
            sql.refuse(op, &lacks, "add a check that is not_valid(), or give the column another type first")
        }
        None => Ok(()),
    }
}

/// All but its type and its collation can change.
pub(super) fn alter_domain(
    op: &Op,
    old: &Object,
    was: &Domain,
    is: &Domain,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    if (&was.ty, &was.collation) != (&is.ty, &is.collation) {
        return Ok(None);
    }
    let id = &old.id;
    let operation = format!("alter {id}");
    let alter = format!("ALTER DOMAIN {}", address(id, sql)?);
    let mut statements = Vec::new();
    let validates = |old: &Check, new: &Check| {
        let full = Check { enforcement: Enforcement::Full, ..old.clone() };
        old.enforcement == Enforcement::NotValid && full == *new
    };
    let goes = |check: &&Check| !is.checks.iter().any(|new| new == *check || validates(check, new));
    let gone: Vec<_> = was.checks.iter().filter(goes).collect();
    for check in &gone {
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
    let looked_at = |check: &&Check| check.enforcement == Enforcement::Full && !was.checks.contains(check);
    if is.not_null && !was.not_null || is.checks.iter().any(|check| looked_at(&check)) {
        refuse_within(op, old, sql)?;
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
        let text = match was.checks.iter().any(|old| validates(old, check)) {
            true => format!("VALIDATE CONSTRAINT {}", sql.id(check.label.name().unwrap_or_default())?),
            false => format!("ADD {}", constraint(id, check, sql)?),
        };
        let change = statement(format!("{alter} {text}"));
        statements.push(match check.enforcement {
            Enforcement::Full => {
                change.hazard(HazardKind::MayFail, format!("fails if a value of {id} doesn't fit")).hazard(
                    HazardKind::BlocksWrites,
                    format!("writers of tables with {id} wait while rows are checked"),
                )
            }
            _ => change,
        });
    }
    for check in &is.checks {
        let name = check.label.name().unwrap_or_default();
        let has_gone = gone.iter().any(|check| check.label.is(name));
        let was = was.check_comments.get(name).filter(|_| !has_gone);
        let is = is.check_comments.get(name);
        if was != is {
            statements.push(check_remark(id, name, is.map(String::as_str), sql)?);
        }
    }
    Ok(Some(statements))
}
