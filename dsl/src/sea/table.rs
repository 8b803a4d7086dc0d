//! sea-query's CREATE TABLE statements.

use std::collections::BTreeMap;
use std::fmt::Debug;

use sea_query::{
    ColumnDef, DynIden, ForeignKeyAction, ForeignKeyCreateStatement, IndexCreateStatement, SchemaName,
    TableCreateStatement, TableIndex, TableName, TableRef,
};

use super::types::column_type;
use crate::builder::{ColumnSpec, TableSpec, index, table};
use crate::naming::Naming;
use crate::ops::RecordError;
use crate::schema::{Action, Constraint, ForeignKey, Label, Name, PrimaryKey, Table, Unique};

/// All of the statement that sea-query lets others read: columns with their types and attributes, keys, plain indexes,
/// foreign keys, comments.
///
/// What it keeps to itself is noticed and never lost: checks, options such as `engine`, partitions, text given to
/// `extra`, and an index's order, prefix, expressions and predicate. Each is reported, by the recorder's
/// [`finish`](crate::Ops::finish) or by [`Schema::check`](crate::Schema::check), and is to be said with the builder
/// instead.
///
/// ```
/// use dunlin_dsl::prelude::*;
/// use sea_query::ColumnDef;
///
/// let mut users = sea_query::Table::create();
/// users.table("users").col(ColumnDef::new("id").big_integer().auto_increment().primary_key());
/// users.col(ColumnDef::new("email").string_len(255).not_null().unique_key());
///
/// let mut op = Ops::new();
/// op.create_table_from(&users).check("length(email) > 3").strict();
/// assert_eq!(op.finish()?.ops[0].to_string(), "create table users");
/// # Ok::<(), dunlin_dsl::RecordError>(())
/// ```
impl From<&TableCreateStatement> for TableSpec<'static> {
    fn from(statement: &TableCreateStatement) -> Self {
        let (name, mut faults) = match statement.get_table_name().map(table_name) {
            Some(Ok(name)) => (name, Vec::new()),
            Some(Err(fault)) => (Name::from(""), vec![fault]),
            None => (Name::from(""), Vec::new()),
        };
        let mut spec = table(name);
        for column in statement.get_columns() {
            match read_column(column) {
                Ok(read) => spec = spec.col(column.get_column_name(), read),
                Err(fault) => faults.push(format!("column {}: {fault}", column.get_column_name())),
            }
        }
        for index in statement.get_indexes() {
            (spec, faults) = add_index(spec, index, faults);
        }
        for key in statement.get_foreign_key_create_stmts() {
            match read_foreign_key(key) {
                Ok(key) => spec = spec.constraint(Constraint::ForeignKey(key)),
                Err(fault) => faults.push(fault),
            }
        }
        if let Some(comment) = statement.get_comment() {
            spec = spec.comment(comment);
        }
        for (field, _) in unread(statement, &TableCreateStatement::new(), &READ_OF_TABLE) {
            match field.as_str() {
                "if_not_exists" => spec = spec.if_not_exists(),
                field => faults.push(hidden("a table", field)),
            }
        }
        // Whatever else is wrong with what is left of the table follows from these.
        spec.draft.faults.splice(0..0, faults);
        spec
    }
}

impl From<TableCreateStatement> for TableSpec<'static> {
    fn from(statement: TableCreateStatement) -> Self {
        Self::from(&statement)
    }
}

/// A statement as a chain of sea-query's builder leaves it.
impl From<&mut TableCreateStatement> for TableSpec<'static> {
    fn from(statement: &mut TableCreateStatement) -> Self {
        Self::from(&*statement)
    }
}

/// The table, named by PostgreSQL's convention where the statement gives no names.
impl TryFrom<TableCreateStatement> for Table {
    type Error = RecordError;

    fn try_from(statement: TableCreateStatement) -> Result<Self, RecordError> {
        TableSpec::from(statement).finish(&Naming::default())
    }
}

/// The fields of a statement that are read one by one.
const READ_OF_TABLE: [&str; 5] = ["table", "columns", "indexes", "foreign_keys", "comment"];

/// The fields of an index that are read one by one, and those that mean nothing within CREATE TABLE.
const READ_OF_INDEX: [&str; 7] =
    ["index", "primary", "unique", "nulls_not_distinct", "table", "if_not_exists", "concurrently"];

fn read_column(column: &ColumnDef) -> Result<ColumnSpec, String> {
    let spec = column.get_column_spec();
    if spec.check.is_some() {
        return Err(hidden("a column", "check"));
    }
    if let Some(extra) = &spec.extra {
        return Err(format!(
            "{extra:?}, given to sea-query's extra(..), can be anything; say it with the builder"
        ));
    }
    if spec.using.is_some() {
        return Err("USING belongs to a change of a type".into());
    }
    let mut read = ColumnSpec::new(column_type(column.get_column_type().ok_or("it has no type")?)?);
    if spec.auto_increment {
        read = read.identity();
    }
    if let Some(default) = &spec.default {
        read = read.default(default.clone());
    }
    if let Some(generated) = &spec.generated {
        let expr = generated.expr.clone();
        read = if generated.stored { read.generated_stored(expr) } else { read.generated_virtual(expr) };
    }
    if spec.nullable == Some(false) {
        read = read.not_null();
    }
    if spec.primary_key {
        read = read.primary_key();
    }
    if spec.unique {
        read = read.unique();
    }
    Ok(match &spec.comment {
        Some(comment) => read.comment(comment),
        None => read,
    })
}

/// Adds what sea-query calls an index: a primary key, a unique constraint, or an index proper.
fn add_index(
    spec: TableSpec<'static>,
    statement: &IndexCreateStatement,
    mut faults: Vec<String>,
) -> (TableSpec<'static>, Vec<String>) {
    let (read, columns) = (statement.get_index_spec(), statement.get_index_spec().get_column_names());
    let mut told = TableIndex::new();
    if let Some(name) = read.get_name() {
        told.name(name);
    }
    for column in &columns {
        told.col(column.clone().into());
    }
    let what = format!("index {}", read.get_name().unwrap_or("(unnamed)"));
    if debug(read) != debug(&told) {
        faults.push(hidden(&what, "an order, a prefix, an operator class or an expression"));
    }
    let unread = unread(statement, &IndexCreateStatement::new(), &READ_OF_INDEX);
    faults.extend(unread.iter().map(|(field, _)| hidden(&what, field)));

    let label = read.get_name().map_or(Label::Unnamed, Label::from);
    let spec = if statement.is_primary_key() {
        spec.constraint(Constraint::PrimaryKey(PrimaryKey { label, ..PrimaryKey::over(columns) }))
    } else if statement.is_unique_key() {
        let nulls_not_distinct = statement.is_nulls_not_distinct();
        spec.constraint(Constraint::Unique(Unique { label, nulls_not_distinct, ..Unique::over(columns) }))
    } else {
        let plain = index(columns);
        spec.index(match read.get_name() {
            Some(name) => plain.named(name),
            None => plain,
        })
    };
    (spec, faults)
}

fn read_foreign_key(statement: &ForeignKeyCreateStatement) -> Result<ForeignKey, String> {
    let key = statement.get_foreign_key();
    let references = table_name(key.get_ref_table().ok_or("a foreign key refers to no table")?)?;
    Ok(ForeignKey {
        label: key.get_name().map_or(Label::Unnamed, Label::from),
        on_delete: key.get_on_delete().map_or(Ok(Action::NoAction), action)?,
        on_update: key.get_on_update().map_or(Ok(Action::NoAction), action)?,
        ..ForeignKey::over(key.get_columns(), references, key.get_ref_columns())
    })
}

fn action(action: ForeignKeyAction) -> Result<Action, String> {
    match action {
        ForeignKeyAction::NoAction => Ok(Action::NoAction),
        ForeignKeyAction::Restrict => Ok(Action::Restrict),
        ForeignKeyAction::Cascade => Ok(Action::Cascade),
        ForeignKeyAction::SetNull => Ok(Action::SetNull),
        ForeignKeyAction::SetDefault => Ok(Action::SetDefault),
        other => Err(format!("a foreign key has no action like sea-query's {other:?}")),
    }
}

fn table_name(table: &TableRef) -> Result<Name, String> {
    let own = |name: &DynIden| name.to_string();
    match table {
        TableRef::Table(TableName(None, name), None) => Ok(own(name).into()),
        TableRef::Table(TableName(Some(SchemaName(None, schema)), name), None) => {
            Ok(Name { schema: Some(own(schema)), name: own(name) })
        }
        other => Err(format!("sea-query's {other:?} is no table's name, or one in another database")),
    }
}

fn hidden(what: &str, field: &str) -> String {
    format!(
        "{what} has something that sea-query doesn't tell others: {field}; say it with the builder instead"
    )
}

/// The fields of a statement that aren't read and yet aren't as in an empty one, with what they hold.
///
/// sea-query has no getters for them, and renders some of them for one dialect alone, or panics. What prints a value
/// for debugging shows every field, so a field that a later sea-query adds is noticed as well.
fn unread<T: Debug>(statement: &T, empty: &T, read: &[&str]) -> Vec<(String, String)> {
    let (found, empty) = (fields(statement), fields(empty));
    found
        .into_iter()
        .filter(|(name, held)| !read.contains(&name.as_str()) && empty.get(name) != Some(held))
        .collect()
}

/// A struct's fields, as they are printed for debugging.
fn fields(value: &impl Debug) -> BTreeMap<String, String> {
    let mut fields = BTreeMap::new();
    let mut last = String::new();
    for line in debug(value).lines() {
        let field = line.strip_prefix("    ").filter(|rest| rest.starts_with(|c: char| c.is_alphabetic()));
        if let Some((name, held)) = field.and_then(|field| field.split_once(": ")) {
            last = name.trim_start_matches("r#").to_owned();
            fields.insert(last.clone(), held.to_owned());
        } else if let Some(held) = fields.get_mut(&last) {
            held.push_str(line);
        }
    }
    fields
}

fn debug(value: &impl Debug) -> String {
    format!("{value:#?}")
}
