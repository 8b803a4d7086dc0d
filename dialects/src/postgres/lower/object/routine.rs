//! Functions and procedures as the catalog keeps them.

use std::collections::BTreeMap;

use dunlin_dsl::{Argument, ArgumentMode, ColumnType, Expr, Float, Returns, Routine, Unsupported};

use super::{definer, printed};
use crate::postgres::lower::belonging;
use crate::postgres::object::default_cost;
use crate::postgres::print;
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

pub(super) fn routine(of: &Routine, is_procedure: bool, operation: &str, sql: Sql<'_>) -> Result<Routine> {
    let language = of.language.as_ref().map(|language| language.to_ascii_lowercase());
    let language = language.filter(|language| language != "sql");
    let args = of.args.iter().map(|arg| {
        let ty = argument_type(&arg.ty, sql)?;
        let default = printed(arg.default.as_ref(), &native(&ty), operation, sql)?;
        Ok(Argument { name: arg.name.clone(), ty, mode: arg.mode, default })
    });
    let args = args.collect::<Result<Vec<_>>>()?;
    let goes_out = args.iter().any(|arg| matches!(arg.mode, ArgumentMode::Out | ArgumentMode::InOut));
    let returns = match &of.returns {
        Some(Returns::Type(_)) if goes_out => None,
        Some(Returns::Type(ty)) => Some(Returns::Type(argument_type(ty, sql)?)),
        Some(Returns::SetOf(ty)) => Some(Returns::SetOf(argument_type(ty, sql)?)),
        Some(Returns::Table(columns)) => {
            let columns = columns.iter().map(|(name, ty)| Ok((name.clone(), argument_type(ty, sql)?)));
            Some(Returns::Table(columns.collect::<Result<_>>()?))
        }
        None if goes_out || is_procedure => None,
        None => Some(Returns::Type(ColumnType::Native("void".into()))),
    };
    let mut low = Routine {
        args,
        returns,
        body: Expr::Sql(sql.expr(&of.body, operation)?),
        security: definer(of.security),
        cost: estimate(of.cost).filter(|cost| *cost != default_cost(language.as_deref())),
        settings: settings(&of.settings),
        data_access: None,
        rows: estimate(of.rows),
        language,
        ..of.clone()
    };
    low.support.iter_mut().for_each(|support| belonging::own(support, sql));
    low.rows = low.rows.filter(|rows| Some(*rows) != default_rows(&low));
    Ok(low)
}

/// How many rows the planner takes a function to give that doesn't say.
pub(super) fn default_rows(of: &Routine) -> Option<Float> {
    matches!(of.returns, Some(Returns::SetOf(_) | Returns::Table(_))).then_some(Float(1000.0))
}

/// What the planner is told: the catalog keeps it in four bytes, and prints as many digits as tell it from the next one.
pub(super) fn estimate(of: Option<Float>) -> Option<Float> {
    of.map(|Float(number)| Float((number as f32).to_string().parse().unwrap_or(number)))
}

/// The type of an argument or a result: its length isn't kept.
pub(super) fn argument_type(ty: &ColumnType, sql: Sql<'_>) -> Result<ColumnType> {
    let printed = print::ty(&sql.ty(ty)?);
    Ok(ColumnType::Native(print::without_length(&printed)))
}

pub(super) fn native(ty: &ColumnType) -> String {
    match ty {
        ColumnType::Native(name) => name.clone(),
        other => other.to_string(),
    }
}

pub(super) fn settings(of: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    /// Settings whose names have capitals.
    const CAPITALS: [&str; 3] = ["DateStyle", "IntervalStyle", "TimeZone"];
    let name = |name: &str| {
        let known = CAPITALS.iter().find(|known| known.eq_ignore_ascii_case(name));
        known.map_or_else(|| name.to_ascii_lowercase(), |known| (*known).to_owned())
    };
    let value = |name: &str, value: &str| match listed(name) {
        true => {
            let parts: Vec<_> = setting_parts(value).iter().map(|part| print::name(part)).collect();
            parts.join(", ")
        }
        false => value.to_owned(),
    };
    of.iter().map(|(of, to)| (name(of), value(&name(of), to))).collect()
}

/// Settings that are lists of names, each of which may be in quotes.
pub(in crate::postgres) fn listed(name: &str) -> bool {
    const LISTS: [&str; 6] = [
        "local_preload_libraries",
        "search_path",
        "session_preload_libraries",
        "shared_preload_libraries",
        "temp_tablespaces",
        "unix_socket_directories",
    ];
    LISTS.iter().any(|list| list.eq_ignore_ascii_case(name))
}

/// The names in a list, their quotes taken off. An empty text is a list of one empty name, as the server has it.
pub(in crate::postgres) fn setting_parts(list: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    let mut chars = list.chars().peekable();
    while let Some(c) = chars.next() {
        let last = parts.len() - 1;
        match c {
            // A doubled quote stands for one.
            '"' if is_quoted && chars.next_if_eq(&'"').is_some() => parts[last].push('"'),
            '"' => is_quoted = !is_quoted,
            c if is_quoted => parts[last].push(c),
            ',' => parts.push(String::new()),
            c if c.is_whitespace() => {}
            c => parts[last].extend(c.to_lowercase()),
        }
    }
    parts
}
