//! Objects in SQLite's own terms: views and triggers. Every other kind is refused, with what to do instead.

use dunlin_dsl::{
    Definition, Each, Enabled, Expr, Object, ObjectChange, ObjectKind, Op, ReplicaIdentity, RowSecurity,
    Table, TableChange, Trigger, TriggerAction, TriggerChange, TriggerEvent, Unsupported, View, ViewChange,
};

use super::ON;
use super::read::object::{plain_trigger, plain_view};
use crate::lex::{self, Kind};
use crate::sql::Sql;

/// An object in SQLite's own terms, or what SQLite can't do of it. Lowering what is low changes nothing.
pub(in crate::sqlite) fn object(object: &Object, sql: Sql<'_>) -> Result<Object, Unsupported> {
    object_for(object, &format!("create {}", object.id), sql)
}

/// The same for another operation than its creation.
pub(in crate::sqlite) fn object_for(
    object: &Object,
    operation: &str,
    sql: Sql<'_>,
) -> Result<Object, Unsupported> {
    let mut low = object.clone();
    low.comment = None;
    low.definition = definition(&object.definition, operation, sql)?;
    if !object.grants.is_empty() || !object.withheld.is_empty() {
        return lacks(operation, ObjectKind::DefaultPrivileges, sql);
    }
    if object.notes.owner.is_some() {
        return no_owners(operation, sql);
    }
    Ok(low)
}

/// How an object is defined, in SQLite's own terms.
pub(in crate::sqlite) fn definition(
    definition: &Definition,
    operation: &str,
    sql: Sql<'_>,
) -> Result<Definition, Unsupported> {
    match definition {
        Definition::View(of) => Ok(Definition::View(view(of, operation, sql)?)),
        Definition::Trigger(of) => Ok(Definition::Trigger(trigger(of, operation, sql)?)),
        other => lacks(operation, other.kind(), sql),
    }
}

/// Refuses a kind of object that SQLite hasn't, and says what to do instead.
pub(in crate::sqlite) fn lacks<T>(
    operation: impl std::fmt::Display,
    kind: ObjectKind,
    sql: Sql<'_>,
) -> Result<T, Unsupported> {
    let (lacks, instead) = match kind {
        ObjectKind::Enum => (
            "has no enum types",
            "give the column enumeration([..]): text with a check here; or use on(POSTGRES, ..)",
        ),
        ObjectKind::Domain => ("has no domains", "give each column the type and the check itself"),
        ObjectKind::Composite => {
            ("has no composite types", "give each part a column of its own, or keep json")
        }
        ObjectKind::Sequence => ("has no sequences", "number a column: identity()"),
        ObjectKind::MaterializedView => {
            ("has no materialized views", "create a view, or a table that triggers or a data step fill")
        }
        ObjectKind::Function => (
            "has no CREATE FUNCTION: a program registers its functions",
            "register it with rusqlite's create_scalar_function, and leave it out here with on(..)",
        ),
        ObjectKind::Procedure => {
            ("has no procedures", "do it in the program, and leave it out here with on(..)")
        }
        ObjectKind::Schema => (
            "has no CREATE SCHEMA: its schemas are attached databases",
            "attach a database on the connection, and name it as the schema",
        ),
        ObjectKind::Extension => (
            "has no CREATE EXTENSION: a program loads its extensions",
            "load it with rusqlite's load_extension, and leave it out here with on(..)",
        ),
        ObjectKind::Collation => (
            "has no CREATE COLLATION: a program registers its collations",
            "register it with rusqlite's create_collation, and leave it out here with on(..)",
        ),
        ObjectKind::Rule => ("has no rules", "create a trigger, INSTEAD OF on a view"),
        ObjectKind::Policy => (
            "has no policies: who can open the file can read all of it",
            "filter the rows in a view or in the program, and leave it out here with on(..)",
        ),
        ObjectKind::Statistics => (
            "has no CREATE STATISTICS: it keeps them of indexes alone",
            "run execute(\"ANALYZE\"), and leave it out here with on(..)",
        ),
        ObjectKind::Publication => {
            ("has no publications", "record changes by triggers, and leave it out here with on(..)")
        }
        ObjectKind::Event => (
            "has no scheduled events",
            "let the program do it at its time, and leave it out here with on(..)",
        ),
        ObjectKind::DefaultPrivileges => (
            "has no privileges: who can open the file can do all with it",
            "guard the file itself, and leave it out here with on(..)",
        ),
        _ => ("has no such object", ON),
    };
    sql.refuse(operation, lacks, instead)
}

/// Refuses an operation that is about what no object of SQLite's has: privileges, owners, another schema.
pub(in crate::sqlite) fn refuse_op<T>(op: &Op, sql: Sql<'_>) -> Result<T, Unsupported> {
    match op {
        Op::AlterTable { change, .. } => match change {
            TableChange::Inherit(_) | TableChange::NoInherit(_) => no_inheritance(op, sql),
            TableChange::RowSecurity(_) => lacks(op, ObjectKind::Policy, sql),
            TableChange::Owner(_) => no_owners(op, sql),
            TableChange::IndexToConstraint { .. } => {
                let instead = "drop the index, and add the constraint: add_unique(..), add_primary_key(..)";
                sql.refuse(op, "makes no constraint of an index", instead)
            }
            TableChange::Cluster(_) | TableChange::ReplicaIdentity(_) => no_marks(op, sql),
            _ => no_partitions(op, sql),
        },
        Op::SetSchema { .. } => {
            let instead = "create it there, and drop it here";
            sql.refuse(op, "can't move anything from one database to another", instead)
        }
        Op::Grant { .. } | Op::Revoke { .. } => lacks(op, ObjectKind::DefaultPrivileges, sql),
        Op::RefreshMaterializedView { .. } => lacks(op, ObjectKind::MaterializedView, sql),
        op => match op.object() {
            Some(id) => lacks(op, id.kind, sql),
            None => lacks(op, ObjectKind::Table, sql),
        },
    }
}

fn no_marks<T>(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<T, Unsupported> {
    sql.refuse(operation, "marks no index of a table for anything", ON)
}

/// Refuses what a table has that isn't about its columns and keys.
pub(in crate::sqlite) fn table(table: &Table, sql: Sql<'_>) -> Result<(), Unsupported> {
    let operation = || format!("create table {}", table.name);
    if table.partitioning.is_some() || table.partition_of.is_some() {
        return no_partitions(operation(), sql);
    }
    if !table.inherits.is_empty() {
        return no_inheritance(operation(), sql);
    }
    if table.row_security != RowSecurity::default() {
        return lacks(operation(), ObjectKind::Policy, sql);
    }
    if table.cluster.is_some() || table.replica_identity != ReplicaIdentity::default() {
        return no_marks(operation(), sql);
    }
    if !table.grants.is_empty() {
        return lacks(operation(), ObjectKind::DefaultPrivileges, sql);
    }
    match table.notes.owner {
        Some(_) => no_owners(operation(), sql),
        None => Ok(()),
    }
}

/// An operation whose definitions are in SQLite's own terms.
pub(in crate::sqlite) fn op(mut op: Op, sql: Sql<'_>) -> Result<Op, Unsupported> {
    let operation = op.to_string();
    match &mut op {
        Op::CreateObject { object, .. } => *object = self::object(object, sql)?,
        Op::AlterObject { change: ObjectChange::Owner(_), .. } => return no_owners(operation, sql),
        Op::AlterObject { object, change: ObjectChange::RenameColumn { .. } }
            if object.kind == ObjectKind::View =>
        {
            let instead = "alter_view(..).query(..) with the column's new name";
            return sql.refuse(operation, "names a view's columns by its query", instead);
        }
        Op::AlterObject { change: ObjectChange::Definition(new), .. } => {
            **new = definition(new, &operation, sql)?;
        }
        Op::AlterObject { object, change: ObjectChange::View(ViewChange::Query(query)) }
            if object.kind == ObjectKind::View =>
        {
            *query = Expr::Sql(one_statement(&sql.expr(query, &operation)?, &operation)?);
        }
        Op::AlterObject { object, change: ObjectChange::Trigger(change) }
            if object.kind == ObjectKind::Trigger =>
        {
            match change {
                TriggerChange::When(Some(when)) => {
                    *when = Expr::Sql(one_statement(&sql.expr(when, &operation)?, &operation)?);
                }
                TriggerChange::Action(TriggerAction::Body(body)) => {
                    *body = Expr::Sql(block(&sql.expr(body, &operation)?));
                }
                // What SQLite lacks is refused with the whole trigger.
                _ => {}
            }
        }
        _ => {}
    }
    Ok(op)
}

fn view(view: &View, operation: &str, sql: Sql<'_>) -> Result<View, Unsupported> {
    if view.check_option.is_some() {
        return sql.refuse(operation, "has no CHECK OPTION", "check it in an INSTEAD OF trigger");
    }
    if view.security.is_some() {
        return sql.refuse(operation, "has no rights that could count", ON);
    }
    let query = one_statement(&sql.expr(&view.query, operation)?, operation)?;
    // What is left out is PostgreSQL's, MySQL's and MariaDB's own, or a remark.
    Ok(View { columns: view.columns.clone(), ..plain_view(query) })
}

fn trigger(trigger: &Trigger, operation: &str, sql: Sql<'_>) -> Result<Trigger, Unsupported> {
    let event = match trigger.events.iter().collect::<Vec<_>>().as_slice() {
        [TriggerEvent::Truncate] => return sql.refuse(operation, "has no TRUNCATE", ON),
        [event] => **event,
        [] => return sql.refuse(operation, "has no trigger without an event", "say on which event it fires"),
        _ => {
            return sql.refuse(
                operation,
                "has triggers on one event each",
                "create a trigger for each event",
            );
        }
    };
    if !trigger.update_of.is_empty() && event != TriggerEvent::Update {
        return sql.refuse(operation, "takes columns for an update alone", "leave the columns out");
    }
    if trigger.each != Each::Row {
        return sql.refuse(operation, "has no triggers for each statement", "write it for each row");
    }
    if trigger.old_table.is_some() || trigger.new_table.is_some() {
        return sql.refuse(operation, "has no transition tables", "use OLD and NEW, for each row");
    }
    if trigger.constraint || trigger.from.is_some() {
        return sql.refuse(operation, "has no constraint triggers", "raise(abort, ..) in a plain trigger");
    }
    if trigger.enabled == Enabled::Disabled {
        return sql.refuse(
            operation,
            "has no triggers that never fire",
            "drop it, and create it again later",
        );
    }
    let TriggerAction::Body(body) = &trigger.action else {
        return sql.refuse(
            operation,
            "has no functions that a trigger could call",
            "give it a body for SQLite too",
        );
    };
    let when = trigger.when.as_ref().map(|when| one_statement(&sql.expr(when, operation)?, operation));
    Ok(Trigger {
        timing: trigger.timing,
        events: trigger.events.clone(),
        update_of: trigger.update_of.clone(),
        when: when.transpose()?.map(Expr::Sql),
        ..plain_trigger(block(&sql.expr(body, operation)?))
    })
}

/// A body as SQLite wants it: `BEGIN .. END`, whatever it was written as.
fn block(text: &str) -> String {
    let text = trimmed(text);
    let begins = lex::tokens(text).first().is_some_and(|token| {
        token.kind == Kind::Word && text[token.start..token.end].eq_ignore_ascii_case("BEGIN")
    });
    if begins { text.to_owned() } else { format!("BEGIN\n  {text};\nEND") }
}

/// A text that is part of one statement; behind a semicolon another would begin.
fn one_statement(text: &str, operation: &str) -> Result<String, Unsupported> {
    let text = trimmed(text);
    match lex::tokens(text).iter().any(|token| token.kind == Kind::Punct(';')) {
        true => Err(Unsupported::new(
            operation,
            "its text has a semicolon, at which the statement would end",
            "give it one query",
        )),
        false => Ok(text.to_owned()),
    }
}

/// A text from its first token to its last, as it is read back: no comment around it, no semicolon at its end.
fn trimmed(text: &str) -> &str {
    let tokens = lex::tokens(text);
    let last = tokens.iter().rposition(|token| token.kind != Kind::Punct(';'));
    match (tokens.first(), last) {
        (Some(first), Some(last)) => &text[first.start..tokens[last].end],
        _ => "",
    }
}

fn no_owners<T>(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<T, Unsupported> {
    sql.refuse(
        operation,
        "has no owners: whose the file is, is the system's affair",
        "leave it out here with on(..)",
    )
}

fn no_partitions<T>(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<T, Unsupported> {
    let instead = "keep one table with an index over the key, or a table for each part and a view over all";
    sql.refuse(operation, "has no partitions", instead)
}

fn no_inheritance<T>(operation: impl std::fmt::Display, sql: Sql<'_>) -> Result<T, Unsupported> {
    sql.refuse(operation, "has no inheritance", "give the table the columns itself, and a view over both")
}
