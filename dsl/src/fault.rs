//! What can't be meant: operations that make no sense on any server, found before any server is asked.
//!
//! What a name may hold, how long it may be and which types there are is each server's affair.

use std::collections::BTreeSet;

use crate::op::{ColumnChange, Op, Position};
use crate::schema::{
    Action, Check, Column, ColumnType, Constraint, ConstraintKind, Expr, ForeignKey, Generated, Index,
    KeyPart, Label, Name, Table,
};
use crate::server::{DialectSet, PerDialect};

mod object;

/// What can't be meant in an operation, if anything; a group's operations are looked at one by one elsewhere.
pub(crate) fn fault(op: &Op) -> Option<String> {
    sound(op).err()
}

type Sound = Result<(), String>;

fn sound(op: &Op) -> Sound {
    op.table().map_or(Ok(()), table_name)?;
    match op {
        Op::CreateTable { table, .. } => sound_table(table),
        Op::DropTable { .. } | Op::SetTableOptions { .. } | Op::SetTableComment { .. } => Ok(()),
        Op::RenameTable { to, .. } => named(to, "a table"),
        Op::AlterTable { change, .. } => object::sound_table_change(change),
        Op::CreateObject { object, .. } | Op::Recall { object } => object::sound_object(object),
        Op::DropObject { object, .. } => object::sound_id(object),
        Op::RenameObject { object, to } => {
            object::sound_id(object)?;
            named(to, "an object")
        }
        Op::AlterObject { object, change } => {
            object::sound_id(object)?;
            object::sound_change(object.kind, change)
        }
        Op::SetSchema { object, schema } => {
            object::sound_id(object)?;
            schema.iter().try_for_each(|schema| named(schema, "a schema"))
        }
        Op::Grant { on, grants } | Op::Revoke { on, grants } => {
            object::sound_id(on)?;
            object::sound_grants(grants)
        }
        Op::RefreshMaterializedView { concurrently: true, no_data: true, .. } => {
            Err("it is emptied at once, and not concurrently".into())
        }
        Op::RefreshMaterializedView { view, .. } => table_name(view),
        Op::AddColumn { column, position, .. } => {
            position.iter().try_for_each(|position| sound_position(&column.name, position))?;
            sound_column(column)
        }
        Op::DropColumn { column, .. } => named(column, "a column"),
        Op::RenameColumn { column, to, .. } => {
            named(column, "a column")?;
            named(to, "a column")
        }
        Op::AlterColumn { column, change, .. } => {
            named(column, "a column")?;
            if let ColumnChange::Position(position) = change {
                sound_position(column, position)?;
            }
            sound_change(change)
        }
        Op::AddConstraint { constraint, .. } => sound_constraint(constraint),
        Op::DropConstraint { kind: ConstraintKind::PrimaryKey, .. } => Ok(()),
        Op::DropConstraint { name, .. } => named(name, "a constraint"),
        Op::RenameConstraint { name, to, .. } => {
            named(name, "a constraint")?;
            named(to, "a constraint")
        }
        Op::CreateIndex { index, .. } => sound_index(index),
        Op::DropIndex { name, .. } => named(name, "an index"),
        Op::RenameIndex { name, to, .. } => {
            named(name, "an index")?;
            named(to, "an index")
        }
        Op::Insert { columns, rows, .. } => sound_rows(columns, rows, "row"),
        Op::Delete { columns, keys, .. } => sound_rows(columns, keys, "key"),
        Op::Execute { sql, undo } => std::iter::once(sql).chain(undo).try_for_each(|sql| match sql {
            Expr::Literal(value) => Err(format!("the literal {value} is no statement")),
            sql => sound_expr(sql, "the SQL"),
        }),
        Op::Run { step } => named(step, "a data step"),
        Op::On { dialects, .. } if *dialects == DialectSet::default() => Err("it names no dialect".into()),
        Op::On { .. } => Ok(()),
    }
}

fn sound_table(table: &Table) -> Sound {
    // A partition's columns are those of its parent, and an heir's may be.
    let inherits = table.partition_of.is_some() || !table.inherits.is_empty();
    object::sound_partitions(table)?;
    object::sound_grants(&table.grants)?;
    if table.columns.is_empty() && !inherits {
        return Err("a table needs a column".into());
    }
    if let Some(column) = twice(table.columns.iter().map(|column| &column.name)) {
        return Err(format!("it has the column {column} twice"));
    }
    table.columns.iter().try_for_each(sound_column)?;
    for constraint in table.constraints() {
        sound_constraint(&constraint)?;
        if !inherits {
            has(table, "a key", key_columns(&constraint))?;
        }
    }
    for index in &table.indexes {
        sound_index(index)?;
        let columns = index.keys.iter().filter_map(|key| key.column_name());
        if !inherits {
            has(table, "an index", columns.chain(index.include.iter().map(String::as_str)))?;
        }
    }
    let constraints: Vec<_> = table.constraints().map(|constraint| constraint.label().clone()).collect();
    if let Some(name) = twice(constraints.iter().filter_map(Label::name)) {
        return Err(format!("it has the constraint {name} twice"));
    }
    match twice(table.indexes.iter().filter_map(|index| index.label.name())) {
        Some(name) => Err(format!("it has the index {name} twice")),
        None => Ok(()),
    }
}

fn has<'a>(table: &Table, what: &str, columns: impl IntoIterator<Item = &'a str>) -> Sound {
    match columns.into_iter().find(|column| table.column(column).is_none()) {
        Some(column) => Err(format!("{what} names the column {column}, which it hasn't")),
        None => Ok(()),
    }
}

fn sound_column(column: &Column) -> Sound {
    named(&column.name, "a column")?;
    let of = |fault| format!("column {}: {fault}", column.name);
    let computed = column.default.is_some() || column.identity.is_some() || column.on_update.is_some();
    if column.generated.is_some() && computed {
        return Err(of("it is computed from other columns, and has no value of its own besides".into()));
    }
    if column.default.is_some() && column.identity.is_some() {
        return Err(of("it is numbered by the server, and has no default besides".into()));
    }
    sound_type(&column.ty).map_err(of)?;
    column.options.iter().try_for_each(|(name, value)| sound_option(name, Some(value))).map_err(of)?;
    column.default.iter().try_for_each(|expr| sound_expr(expr, "its default")).map_err(of)?;
    column.generated.iter().try_for_each(sound_generated).map_err(of)?;
    column.on_update.iter().try_for_each(|expr| sound_expr(expr, "what it is updated to")).map_err(of)?;
    sound_texts(&column.collation, "its collation").map_err(of)
}

fn sound_change(change: &ColumnChange) -> Sound {
    match change {
        ColumnChange::Type { to, using } => {
            sound_type(to)?;
            using.iter().try_for_each(|expr| sound_expr(expr, "what its values become"))
        }
        ColumnChange::Default(default) => default.iter().try_for_each(|expr| sound_expr(expr, "its default")),
        ColumnChange::Generated(generated) => generated.iter().try_for_each(sound_generated),
        ColumnChange::OnUpdate(expr) => {
            expr.iter().try_for_each(|expr| sound_expr(expr, "what it is updated to"))
        }
        ColumnChange::Collation(collation) => sound_texts(collation, "its collation"),
        ColumnChange::Option { name, value } => sound_option(name, value.as_ref()),
        ColumnChange::SequenceName(name) => named(name, "a sequence"),
        ColumnChange::NotNull(_)
        | ColumnChange::NotNullNotValid
        | ColumnChange::NotNullNoInherit(_)
        | ColumnChange::Identity(_)
        | ColumnChange::Restart(_)
        | ColumnChange::Charset(_)
        | ColumnChange::Invisible(_)
        | ColumnChange::Position(_)
        | ColumnChange::Comment(_) => Ok(()),
    }
}

fn sound_position(column: &str, position: &Position) -> Sound {
    match position {
        Position::After(other) if other == column => Err("it can't stand after itself".into()),
        Position::After(other) => named(other, "a column"),
        Position::First => Ok(()),
    }
}

fn sound_option(name: &str, value: Option<&String>) -> Sound {
    named(name, "an option")?;
    let is_number = |value: &&String| value.parse::<i32>().is_ok();
    match value {
        Some(value) if name == "statistics" && !is_number(&value) => {
            Err(format!("its statistics target is a number, and not {value}"))
        }
        _ => Ok(()),
    }
}

fn sound_generated(generated: &Generated) -> Sound {
    sound_expr(&generated.expr, "what it is computed from")
}

fn sound_type(ty: &ColumnType) -> Sound {
    match ty {
        ColumnType::Enum(values) | ColumnType::Set(values) if values.is_empty() => {
            Err("it allows no value at all".into())
        }
        ColumnType::Enum(values) | ColumnType::Set(values) => match twice(values) {
            Some(value) => Err(format!("it names the value {value:?} twice")),
            None => Ok(()),
        },
        ColumnType::Native(name) | ColumnType::Spatial { kind: name, .. } => named(name.trim(), "a type"),
        ColumnType::Array(element) => sound_type(element),
        ColumnType::PerDialect(types) => {
            for_some(types, "its type")?;
            types.entries().iter().try_for_each(|(_, ty)| sound_type(ty))
        }
        _ => Ok(()),
    }
}

fn sound_constraint(constraint: &Constraint) -> Sound {
    let what = match constraint {
        Constraint::PrimaryKey(_) => "a primary key",
        Constraint::Unique(_) => "a unique constraint",
        Constraint::ForeignKey(_) => "a foreign key",
        Constraint::Check(_) => "a check",
        Constraint::Exclusion(_) => "an exclusion constraint",
    };
    labelled(constraint.label(), what)?;
    if let Constraint::Check(Check { expr, .. }) = constraint {
        return sound_expr(expr, "the condition of a check");
    }
    if let Constraint::ForeignKey(key) = constraint {
        sound_reference(key)?;
    }
    if let Constraint::Exclusion(exclusion) = constraint {
        return object::sound_exclusion(exclusion);
    }
    let columns: Vec<_> = key_columns(constraint).collect();
    columns_of(what, &columns)
}

fn sound_reference(key: &ForeignKey) -> Sound {
    table_name(&key.references)?;
    if key.columns.len() != key.references_columns.len() {
        return Err(format!(
            "a foreign key refers with {} columns to {} of table {}",
            key.columns.len(),
            key.references_columns.len(),
            key.references
        ));
    }
    let set = &key.on_delete_columns;
    if let Some(other) = set.iter().find(|column| !key.columns.contains(column)) {
        return Err(format!("a foreign key can't set {other}, which isn't one of its columns"));
    }
    if !set.is_empty() && !matches!(key.on_delete, Action::SetNull | Action::SetDefault) {
        return Err("a foreign key that sets some columns alone says neither SET NULL nor SET DEFAULT".into());
    }
    columns_of("a foreign key", &key.references_columns)
}

/// The columns of its own table that a constraint is over.
fn key_columns(constraint: &Constraint) -> impl Iterator<Item = &str> {
    let (columns, include): (&[String], &[String]) = match constraint {
        Constraint::PrimaryKey(key) => (&key.columns, &key.include),
        Constraint::Unique(unique) => (&unique.columns, &unique.include),
        Constraint::ForeignKey(key) => (&key.columns, &[]),
        Constraint::Check(_) | Constraint::Exclusion(_) => (&[], &[]),
    };
    columns.iter().chain(include).map(String::as_str)
}

fn sound_index(index: &Index) -> Sound {
    labelled(&index.label, "an index")?;
    if index.keys.is_empty() {
        return Err("an index needs a key".into());
    }
    for key in &index.keys {
        match &key.on {
            KeyPart::Column(name) => named(name, "a column")?,
            KeyPart::Expr(expr) => sound_expr(expr, "a key of the index")?,
        }
        sound_texts(&key.collation, "the collation of a key")?;
        if key.opclass.is_none() && !key.opclass_options.is_empty() {
            return Err("a key has options of an operator class, and names none".into());
        }
    }
    index.predicate.iter().try_for_each(|expr| sound_expr(expr, "the condition of the index"))?;
    if index.nulls_not_distinct && !index.unique {
        return Err("only a unique index asks whether two NULLs are the same".into());
    }
    if let Some(place) = index.statistics.keys().find(|place| index.key(**place).is_none()) {
        return Err(format!("the index has no key {place} whose values could be sampled"));
    }
    index.include.iter().try_for_each(|name| named(name, "a column"))
}

fn sound_rows<T>(columns: &[String], rows: &[Vec<T>], what: &str) -> Sound {
    columns_of(&format!("a {what}"), columns)?;
    match rows.iter().position(|row| row.len() != columns.len()) {
        Some(at) => {
            Err(format!("{what} {} gives {} values for {} columns", at + 1, rows[at].len(), columns.len()))
        }
        None => Ok(()),
    }
}

/// Columns of which there is one at least, each with a name, and none twice.
fn columns_of<S: AsRef<str>>(what: &str, columns: &[S]) -> Sound {
    if columns.is_empty() {
        return Err(format!("{what} needs a column"));
    }
    columns.iter().try_for_each(|column| named(column.as_ref(), "a column"))?;
    match twice(columns.iter().map(AsRef::as_ref)) {
        Some(column) => Err(format!("{what} names the column {column} twice")),
        None => Ok(()),
    }
}

fn sound_expr(expr: &Expr, what: &str) -> Sound {
    match expr {
        Expr::Literal(_) => Ok(()),
        Expr::Sql(sql) if sql.trim().is_empty() => Err(format!("{what} is empty")),
        Expr::Sql(_) => Ok(()),
        Expr::PerDialect(texts) => {
            for_some(texts, what)?;
            sound_texts(texts, what)
        }
    }
}

fn sound_texts(texts: &PerDialect<String>, what: &str) -> Sound {
    for (dialects, text) in texts.entries() {
        if text.trim().is_empty() {
            return Err(format!("{what} is empty"));
        }
        if *dialects == DialectSet::default() {
            return Err(format!("{what} names no dialect"));
        }
    }
    Ok(())
}

fn for_some<T>(entries: &PerDialect<T>, what: &str) -> Sound {
    let nowhere = entries.entries().iter().all(|(dialects, _)| *dialects == DialectSet::default());
    if nowhere { Err(format!("{what} names no dialect")) } else { Ok(()) }
}

fn table_name(name: &Name) -> Sound {
    match &name.schema {
        Some(schema) if schema.is_empty() => Err("a schema needs a name".into()),
        _ => named(&name.name, "a table"),
    }
}

fn labelled(label: &Label, what: &str) -> Sound {
    label.name().map_or(Ok(()), |name| named(name, what))
}

fn named(name: &str, what: &str) -> Sound {
    if name.is_empty() { Err(format!("{what} needs a name")) } else { Ok(()) }
}

/// The first that was there before.
fn twice<T: Ord + Copy>(all: impl IntoIterator<Item = T>) -> Option<T> {
    let mut seen = BTreeSet::new();
    all.into_iter().find(|&next| !seen.insert(next))
}
