//! Functions and procedures.

use std::collections::BTreeMap;

use dunlin_dsl::{
    Argument, ArgumentMode, Existing, Float, ObjectId, ObjectKind, Parallel, Returns, Routine, Security,
    Statement, Unsupported, Version, Volatility,
};

use super::{address, keyword, statement};
use crate::lex::{self, Kind};
use crate::postgres::create;
use crate::postgres::lower::object::{listed, setting_parts};
use crate::postgres::print;
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a routine's body can be SQL that is read when it is created, and a procedure's arguments can go out.
const STANDARD: Version = Version::new(14, 0, 0);

pub(super) fn create(
    id: &ObjectId,
    of: &Routine,
    existing: Existing,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let operation = format!("create {id}");
    let is_procedure = id.kind == ObjectKind::Procedure;
    refuse(&operation, is_procedure, of, sql)?;
    let replace = if existing == Existing::Replace { "OR REPLACE " } else { "" };
    let args = list(of.args.iter().map(|one| argument(one, &operation, sql)))?;
    let mut text = format!("CREATE {replace}{} {}({args})", keyword(id.kind), sql.table(&id.name)?);
    match &of.returns {
        Some(Returns::Type(ty)) => text += &format!(" RETURNS {}", sql.ty(ty)?),
        Some(Returns::SetOf(ty)) => text += &format!(" RETURNS SETOF {}", sql.ty(ty)?),
        Some(Returns::Table(columns)) => {
            let columns = columns.iter().map(|(name, ty)| Ok(format!("{} {}", sql.id(name)?, sql.ty(ty)?)));
            text += &format!(" RETURNS TABLE ({})", list(columns)?);
        }
        None => {}
    }
    text += &format!("\nLANGUAGE {}", sql.id(of.language.as_deref().unwrap_or("sql"))?);
    for word in attributes(&Routine { settings: Default::default(), ..of.clone() }, None) {
        text += &format!(" {word}");
    }
    if let Some(support) = &of.support {
        text += &format!(" SUPPORT {}", sql.table(support)?);
    }
    for (name, value) in &of.settings {
        text += &format!("\nSET {}", setting(name, value, sql)?);
    }
    let body = sql.expr(&of.body, &operation)?;
    match is_standard(of, &body) {
        true => text += &format!("\n{body}"),
        false => text += &format!("\nAS {}", quoted(&body)),
    }
    Ok(vec![statement(text)])
}

fn refuse(operation: &str, is_procedure: bool, of: &Routine, sql: Sql<'_>) -> Result<()> {
    if sql.server.version >= STANDARD {
        return Ok(());
    }
    if is_procedure && of.args.iter().any(|arg| arg.mode == ArgumentMode::Out) {
        return sql.refuse(operation, "has no OUT arguments of procedures; 14 is the first", "make it INOUT");
    }
    let body = sql.expr(&of.body, operation)?;
    match is_standard(of, &body) {
        true => sql.refuse(operation, "takes bodies only as text; 14 is the first", "write statements alone"),
        false => Ok(()),
    }
}

/// Whether a body is SQL that is read when the routine is created: no statement begins with these words.
fn is_standard(of: &Routine, body: &str) -> bool {
    let tokens = lex::tokens(body);
    let is = |at: usize, word: &str| {
        tokens.get(at).is_some_and(|token| {
            token.kind == Kind::Word && body[token.start..token.end].eq_ignore_ascii_case(word)
        })
    };
    of.language.as_deref().is_none_or(|language| language == "sql")
        && (is(0, "RETURN") || is(0, "BEGIN") && is(1, "ATOMIC"))
}

/// A body between dollars, with a mark that it doesn't have in it.
pub(in crate::postgres) fn quoted(body: &str) -> String {
    let mut mark = String::from("$$");
    let mut count = 0;
    while body.contains(&mark) || body.ends_with('$') && mark == "$$" {
        count += 1;
        mark = if count == 1 { "$body$".into() } else { format!("$body{count}$") };
    }
    format!("{mark}{body}{mark}")
}

fn argument(arg: &Argument, operation: &str, sql: Sql<'_>) -> Result<String> {
    let mode = match arg.mode {
        ArgumentMode::In => "",
        ArgumentMode::Out => "OUT ",
        ArgumentMode::InOut => "INOUT ",
        ArgumentMode::Variadic => "VARIADIC ",
    };
    let name = if arg.name.is_empty() { String::new() } else { format!("{} ", sql.id(&arg.name)?) };
    let mut text = format!("{mode}{name}{}", sql.ty(&arg.ty)?);
    if let Some(default) = &arg.default {
        text += &format!(" DEFAULT {}", create::default_text(default, operation, sql)?);
    }
    Ok(text)
}

/// The words for attributes that aren't as they are by default, or that aren't as they were.
fn attributes(is: &Routine, was: Option<&Routine>) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let default = Routine { body: is.body.clone(), ..blank(is) };
    let was = was.unwrap_or(&default);
    if is.volatility != was.volatility {
        words.push(match is.volatility {
            Volatility::Volatile => "VOLATILE".into(),
            Volatility::Stable => "STABLE".into(),
            Volatility::Immutable => "IMMUTABLE".into(),
        });
    }
    if is.leakproof != was.leakproof {
        words.push(if is.leakproof { "LEAKPROOF" } else { "NOT LEAKPROOF" }.into());
    }
    if is.strict != was.strict {
        words.push(if is.strict { "STRICT" } else { "CALLED ON NULL INPUT" }.into());
    }
    let definer = |of: &Routine| of.security == Some(Security::Definer);
    if definer(is) != definer(was) {
        words.push(if definer(is) { "SECURITY DEFINER" } else { "SECURITY INVOKER" }.into());
    }
    if is.parallel != was.parallel {
        words.push(match is.parallel {
            Parallel::Unsafe => "PARALLEL UNSAFE".into(),
            Parallel::Restricted => "PARALLEL RESTRICTED".into(),
            Parallel::Safe => "PARALLEL SAFE".into(),
        });
    }
    if is.cost != was.cost {
        let cost = is.cost.unwrap_or_else(|| default_cost(is.language.as_deref()));
        words.push(format!("COST {}", cost.0));
    }
    if is.rows != was.rows {
        words.push(format!("ROWS {}", is.rows.map_or(1000.0, |rows| rows.0)));
    }
    words
}

/// What a call costs unless it is said: little where the server's own language is.
pub(in crate::postgres) fn default_cost(language: Option<&str>) -> Float {
    Float(match language {
        Some("c" | "internal") => 1.0,
        _ => 100.0,
    })
}

/// A routine with nothing but its signature.
fn blank(of: &Routine) -> Routine {
    Routine {
        volatility: Volatility::default(),
        strict: false,
        leakproof: false,
        parallel: Parallel::default(),
        security: None,
        cost: None,
        rows: None,
        settings: Default::default(),
        support: None,
        data_access: None,
        ..of.clone()
    }
}

/// A setting behind SET.
fn setting(name: &str, value: &str, sql: Sql<'_>) -> Result<String> {
    let name = print::parameter(name);
    let value = match listed(&name) {
        true => list(setting_parts(value).iter().map(|part| sql.text(part)))?,
        false => sql.text(value)?,
    };
    Ok(format!("{name} TO {value}"))
}

/// Attributes change in place, and so does the body; another signature is another routine, where callers would break.
pub(super) fn alter(
    id: &ObjectId,
    was: &Routine,
    is: &Routine,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    let signature = |of: &Routine| -> Vec<_> {
        of.args.iter().map(|arg| (arg.name.clone(), arg.ty.clone(), arg.mode)).collect()
    };
    let loses_default =
        was.args.iter().zip(&is.args).any(|(was, is)| was.default.is_some() && is.default.is_none());
    let named = |of: &Routine| signature(of).into_iter().filter(|arg| !arg.0.is_empty()).count();
    if was.returns != is.returns || signature(was) != signature(is) && named(was) > 0 || loses_default {
        return Ok(None);
    }
    let defaults = |of: &Routine| -> Vec<_> { of.args.iter().map(|arg| arg.default.clone()).collect() };
    if (&was.body, &was.language, defaults(was), signature(was))
        != (&is.body, &is.language, defaults(is), signature(is))
        // Nothing else takes it away (seen on 15 and 18).
        || was.support.is_some() && is.support.is_none()
    {
        return create(id, is, Existing::Replace, sql).map(Some);
    }
    let alter = format!("ALTER {} {}", keyword(id.kind), address(id, sql)?);
    let mut statements = Vec::new();
    let mut words = attributes(is, Some(was));
    if let Some(support) = is.support.as_ref().filter(|_| was.support != is.support) {
        words.push(format!("SUPPORT {}", sql.table(support)?));
    }
    if !words.is_empty() {
        statements.push(statement(format!("{alter} {}", words.join(" "))));
    }
    statements.extend(settings(&alter, &was.settings, &is.settings, sql)?);
    Ok(Some(statements))
}

/// The catalog keeps settings in the order in which they came; it is that of their names here.
fn settings(
    alter: &str,
    was: &BTreeMap<String, String>,
    is: &BTreeMap<String, String>,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let gone = was.keys().filter(|name| !is.contains_key(*name));
    let mut reset: Vec<&String> = gone.collect();
    let first = is.keys().find(|name| !was.contains_key(*name));
    // What stands behind a new one comes after it anew.
    let behind = was.keys().filter(|name| first.is_some_and(|first| *name > first) && is.contains_key(*name));
    reset.extend(behind);
    let set = is.iter().filter(|(name, value)| was.get(*name) != Some(value) || reset.contains(name));
    let mut words: Vec<String> = Vec::new();
    words.extend(reset.iter().map(|name| format!("RESET {}", print::parameter(name))));
    for (name, value) in set {
        words.push(format!("SET {}", setting(name, value, sql)?));
    }
    match words.as_slice() {
        [] => Ok(Vec::new()),
        words => Ok(vec![statement(format!("{alter} {}", words.join(" ")))]),
    }
}
