//! Views and materialized views.

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{
    CheckOption, Definition, Existing, Expect, Expr, Hazard, HazardKind, MaterializedView, Name, Object,
    ObjectId, Op, Security, Statement, StatementCheck, Table, Unsupported, Version, View, When,
};

use super::{address, if_not_exists, statement};
use crate::postgres::{alter, create, options};
use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// From here on a view can be read with the rights of whoever reads it.
const INVOKER: Version = Version::new(15, 0, 0);

pub(super) fn create(id: &ObjectId, of: &View, existing: Existing, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let operation = format!("create {id}");
    let replace = if existing == Existing::Replace { "OR REPLACE " } else { "" };
    let name = address(id, sql)?;
    let mut text = format!("CREATE {replace}VIEW {name}{}", columns(&of.columns, sql)?);
    let options: Vec<_> = self::options(&operation, of, sql)?
        .into_iter()
        .filter_map(|(option, value)| Some(format!("{option} = {}", value?)))
        .collect();
    if !options.is_empty() {
        text += &format!(" WITH ({})", options.join(", "));
    }
    text += &format!(" AS\n{}", query(&of.query, &operation, sql)?);
    let mut statements = vec![statement(text)];
    statements.extend(defaults(&name, &BTreeMap::new(), &of.defaults, &operation, sql)?);
    statements.extend(column_comments(&name, &BTreeMap::new(), &of.column_comments, sql)?);
    Ok(statements)
}

/// A view's query can be replaced with what stands on it left in place, if its columns stay and new ones come last; only
/// the server knows. Where it is free to go for a while, it is dropped and created anew, which always can be done.
pub(super) fn alter(
    old: &Object,
    was: &View,
    is: &View,
    is_free: bool,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    let id = &old.id;
    let operation = format!("alter {id}");
    let name = address(id, sql)?;
    if (&was.query, &was.columns) != (&is.query, &is.columns) {
        if is_free && old.notes.unmodelled.is_empty() {
            return Ok(None);
        }
        let on_it = super::standing::names(&old.notes).join(", ");
        let fails = match on_it.as_str() {
            "" => format!("fails if a column of {id} goes or changes"),
            on_it => format!(
                "fails if a column of {id} goes or changes, for {on_it} can't be taken along: drop that first"
            ),
        };
        let bare = View { defaults: BTreeMap::new(), column_comments: BTreeMap::new(), ..is.clone() };
        let mut statements: Vec<_> = create(id, &bare, Existing::Replace, sql)?
            .into_iter()
            .map(|one| one.hazard(HazardKind::MayFail, fails.clone()))
            .collect();
        statements.extend(defaults(&name, &was.defaults, &is.defaults, &operation, sql)?);
        statements.extend(column_comments(&name, &was.column_comments, &is.column_comments, sql)?);
        return Ok(Some(statements));
    }
    let mut statements = Vec::new();
    let (before, now) = (self::options(&operation, was, sql)?, self::options(&operation, is, sql)?);
    let before: Vec<_> =
        before.into_iter().filter_map(|(option, value)| Some((option.to_owned(), value?))).collect();
    let now: Vec<_> =
        now.into_iter().filter_map(|(option, value)| Some((option.to_owned(), value?))).collect();
    let alter = format!("ALTER VIEW {name}");
    let printed = |(option, value): &(String, &str)| Ok(format!("{option} = {value}"));
    statements.extend(set_options(&alter, &before, &now, printed, &|option| Ok(option.to_owned()))?);
    statements.extend(defaults(&name, &was.defaults, &is.defaults, &operation, sql)?);
    statements.extend(column_comments(&name, &was.column_comments, &is.column_comments, sql)?);
    Ok(Some(statements))
}

/// Asks whether a view has by its new query all columns that have something of their own, before that is given back to them: the
/// server would name a column, and no way.
pub(super) fn columns_stay(view: &Object, sql: Sql<'_>) -> Result<Option<(Hazard, StatementCheck)>> {
    let (defaults, comments) = match &view.definition {
        Definition::View(of) => (of.defaults.keys().collect(), &of.column_comments),
        Definition::MaterializedView(of) => (Vec::new(), &of.column_comments),
        _ => return Ok(None),
    };
    let granted = view.grants.iter().flat_map(|grant| &grant.columns);
    let columns: BTreeSet<&String> = granted.chain(defaults).chain(comments.keys()).collect();
    if columns.is_empty() {
        return Ok(None);
    }
    let names = list(columns.iter().map(|column| sql.text(column)))?;
    let of = sql.text(&sql.table(&view.id.name)?)?;
    let columns: Vec<&str> = columns.into_iter().map(String::as_str).collect();
    let columns = columns.join(", ");
    let message = format!(
        "a column of {} goes that has grants, a comment or a default ({columns}): take these away first",
        view.id
    );
    let check = StatementCheck {
        when: When::After,
        query: format!(
            "SELECT n FROM unnest(ARRAY[{names}]) n WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a \
             WHERE a.attrelid = {of}::regclass AND a.attname = n AND a.attnum > 0 AND NOT a.attisdropped)"
        ),
        later: None,
        expect: Expect::Empty,
        message: message.clone(),
        names: Vec::new(),
    };
    Ok(Some((Hazard { kind: HazardKind::MayFail, message: format!("fails if {message}") }, check)))
}

/// A view's options with their values, none where they aren't set.
fn options(operation: &str, of: &View, sql: Sql<'_>) -> Result<[(&'static str, Option<&'static str>); 3]> {
    let invoker = of.security == Some(Security::Invoker);
    if invoker && sql.server.version < INVOKER {
        let lacks = "reads views with their owner's rights alone; 15 is the first that can do else";
        return sql.refuse(operation, lacks, "use a function that is the invoker's");
    }
    let check = of.check_option.map(|check| match check {
        CheckOption::Local => "local",
        CheckOption::Cascaded => "cascaded",
    });
    Ok([
        ("check_option", check),
        ("security_barrier", of.security_barrier.then_some("true")),
        ("security_invoker", invoker.then_some("true")),
    ])
}

pub(super) fn create_materialized(
    id: &ObjectId,
    of: &MaterializedView,
    existing: Existing,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let operation = format!("create {id}");
    let name = address(id, sql)?;
    let exists = if_not_exists(existing);
    let mut text = format!("CREATE MATERIALIZED VIEW {exists}{name}{}", columns(&of.columns, sql)?);
    text += &options::using(of.access_method.as_deref(), sql)?;
    if !of.storage.is_empty() {
        text += &format!(" WITH ({})", storage(&of.storage, sql)?.join(", "));
    }
    if let Some(tablespace) = &of.tablespace {
        text += &format!(" TABLESPACE {}", sql.id(tablespace)?);
    }
    text += &format!(" AS\n{}", query(&of.query, &operation, sql)?);
    if of.no_data {
        text += "\nWITH NO DATA";
    }
    let mut statements = vec![statement(text)];
    for index in &of.indexes {
        statements.push(statement(create::index(&id.name, index, existing == Existing::Keep, false, sql)?));
        statements.extend(create::index_statistics(&id.name, index, sql)?.map(statement));
        statements.extend(create::index_comment(&id.name, index, sql)?.map(statement));
    }
    if let Some(index) = &of.cluster {
        statements.push(statement(cluster(&operation, id, of, index, sql)?));
    }
    statements.extend(column_options(&operation, id, &BTreeMap::new(), &of.column_options, sql)?);
    statements.extend(column_comments(&name, &BTreeMap::new(), &of.column_comments, sql)?);
    Ok(statements)
}

/// The mark of the index in whose order CLUSTER puts the rows.
fn cluster(op: &str, id: &ObjectId, of: &MaterializedView, index: &str, sql: Sql<'_>) -> Result<String> {
    let as_table = Table { indexes: of.indexes.clone(), ..Table::new(id.name.clone()) };
    create::cluster(op, "MATERIALIZED VIEW", &as_table, index, sql)
}

/// What columns have beside their types.
fn column_options(
    op: &str,
    id: &ObjectId,
    was: &BTreeMap<String, BTreeMap<String, String>>,
    is: &BTreeMap<String, BTreeMap<String, String>>,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let none = BTreeMap::new();
    let columns: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let mut statements = Vec::new();
    for column in columns {
        let (was, is) = (was.get(column).unwrap_or(&none), is.get(column).unwrap_or(&none));
        let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
        for name in names.into_iter().filter(|name| was.get(*name) != is.get(*name)) {
            let text = match alter::option(name, is.get(name).map(String::as_str), None, op, sql)? {
                Some(text) => {
                    format!(
                        "ALTER MATERIALIZED VIEW {} ALTER COLUMN {} {text}",
                        address(id, sql)?,
                        sql.id(column)?
                    )
                }
                None => alter::storage_of_catalog("MATERIALIZED VIEW", &id.name, column, sql)?,
            };
            statements.push(statement(text));
        }
    }
    Ok(statements)
}

/// What is stored beside the query can change; another query is another view.
pub(super) fn alter_materialized(
    op: &Op,
    old: &Object,
    was: &MaterializedView,
    is: &MaterializedView,
    sql: Sql<'_>,
) -> Result<Option<Vec<Statement>>> {
    let is_kept = (&was.query, &was.columns, &was.indexes, was.no_data)
        == (&is.query, &is.columns, &is.indexes, is.no_data);
    if !is_kept {
        return Ok(None);
    }
    let id = &old.id;
    let name = address(id, sql)?;
    let alter = format!("ALTER MATERIALIZED VIEW {name}");
    let mut statements = Vec::new();
    let operation = op.to_string();
    if was.access_method != is.access_method {
        let set = options::set_access_method(&operation, is.access_method.as_deref(), sql)?;
        statements.push(
            statement(format!("{alter} {set}"))
                .hazard(HazardKind::Rewrite, format!("writes {id} anew"))
                .hazard(HazardKind::BlocksReads, format!("readers of {id} wait meanwhile")),
        );
    }
    match &is.cluster {
        _ if was.cluster == is.cluster => {}
        Some(index) => statements.push(statement(cluster(&operation, id, is, index, sql)?)),
        None => statements.push(statement(format!("{alter} SET WITHOUT CLUSTER"))),
    }
    statements.extend(column_options(&operation, id, &was.column_options, &is.column_options, sql)?);
    let before: Vec<_> = was.storage.iter().map(|(option, value)| (option.clone(), value.as_str())).collect();
    let now: Vec<_> = is.storage.iter().map(|(option, value)| (option.clone(), value.as_str())).collect();
    let printed =
        |(option, value): &(String, &str)| Ok(format!("{} = {}", parameter(option, sql)?, sql.text(value)?));
    statements.extend(set_options(&alter, &before, &now, printed, &|option| parameter(option, sql))?);
    if was.tablespace != is.tablespace {
        let usual = old.notes.tablespace.as_deref().unwrap_or(options::USUAL);
        let to = sql.id(is.tablespace.as_deref().unwrap_or(usual))?;
        statements.push(
            statement(format!("{alter} SET TABLESPACE {to}"))
                .hazard(HazardKind::Rewrite, format!("writes {id} anew"))
                .hazard(HazardKind::BlocksReads, format!("readers of {id} wait meanwhile")),
        );
    }
    statements.extend(column_comments(&name, &was.column_comments, &is.column_comments, sql)?);
    Ok(Some(statements))
}

pub(super) fn refresh(
    view: &Name,
    concurrently: bool,
    no_data: bool,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let how = if concurrently { "CONCURRENTLY " } else { "" };
    let with = if no_data { " WITH NO DATA" } else { "" };
    let refresh = statement(format!("REFRESH MATERIALIZED VIEW {how}{}{with}", sql.table(view)?));
    let blocks = match (concurrently, no_data) {
        (true, _) => return Ok(vec![refresh]),
        (false, true) => format!("readers of materialized view {view} fail until it is refreshed"),
        (false, false) => format!("readers of materialized view {view} wait meanwhile"),
    };
    Ok(vec![refresh.hazard(HazardKind::BlocksReads, blocks)])
}

fn columns(names: &[String], sql: Sql<'_>) -> Result<String> {
    match names {
        [] => Ok(String::new()),
        names => Ok(format!(" ({})", sql.ids(names)?)),
    }
}

fn query(query: &Expr, operation: &str, sql: Sql<'_>) -> Result<String> {
    Ok(sql.expr(query, operation)?.trim().trim_end_matches(';').trim_end().to_owned())
}

/// SET and RESET of options. The catalog keeps them in the order in which they came; one that is set comes last, so
/// those that stand behind it are set again.
fn set_options(
    alter: &str,
    was: &[(String, &str)],
    is: &[(String, &str)],
    printed: impl Fn(&(String, &str)) -> Result<String>,
    name: &dyn Fn(&str) -> Result<String>,
) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    let gone = was.iter().filter(|(option, _)| !is.iter().any(|(other, _)| other == option));
    let gone = gone.map(|(option, _)| name(option)).collect::<Result<Vec<_>>>()?;
    if !gone.is_empty() {
        statements.push(statement(format!("{alter} RESET ({})", gone.join(", "))));
    }
    let first = is.iter().position(|option| !was.contains(option)).unwrap_or(is.len());
    let set = is[first..].iter().map(printed).collect::<Result<Vec<_>>>()?;
    if !set.is_empty() {
        statements.push(statement(format!("{alter} SET ({})", set.join(", "))));
    }
    Ok(statements)
}

/// Storage parameters with their values.
pub(in crate::postgres) fn storage(of: &BTreeMap<String, String>, sql: Sql<'_>) -> Result<Vec<String>> {
    of.iter()
        .map(|(option, value)| Ok(format!("{} = {}", parameter(option, sql)?, sql.text(value)?)))
        .collect()
}

/// A storage parameter's name; one of the table beside, for what is too long, has a prefix.
fn parameter(option: &str, sql: Sql<'_>) -> Result<String> {
    match option.split_once('.') {
        Some((of, option)) => Ok(format!("{}.{}", sql.id(of)?, sql.id(option)?)),
        None => sql.id(option),
    }
}

fn defaults(
    name: &str,
    was: &BTreeMap<String, Expr>,
    is: &BTreeMap<String, Expr>,
    operation: &str,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let mut statements = Vec::new();
    for column in was.keys().filter(|column| !is.contains_key(*column)) {
        let column = sql.id(column)?;
        statements.push(statement(format!("ALTER VIEW {name} ALTER COLUMN {column} DROP DEFAULT")));
    }
    for (column, default) in is.iter().filter(|(column, default)| was.get(*column) != Some(default)) {
        let (column, default) = (sql.id(column)?, create::default_text(default, operation, sql)?);
        statements.push(statement(format!("ALTER VIEW {name} ALTER COLUMN {column} SET DEFAULT {default}")));
    }
    Ok(statements)
}

fn column_comments(
    name: &str,
    was: &BTreeMap<String, String>,
    is: &BTreeMap<String, String>,
    sql: Sql<'_>,
) -> Result<Vec<Statement>> {
    let gone = was.keys().filter(|column| !is.contains_key(*column)).map(|column| (column, None));
    let new = is.iter().filter(|(column, text)| was.get(*column) != Some(text));
    let all = gone.chain(new.map(|(column, text)| (column, Some(text.as_str()))));
    all.map(|(column, text)| {
        let column = format!("{name}.{}", sql.id(column)?);
        Ok(statement(create::comment("COLUMN", &column, text, sql)?))
    })
    .collect()
}
