//! What an operation on an object becomes. What is said alike of every kind stands here: comments, owners, names and
//! drops. How a kind is written, and how it is changed, stands in the file of its family.

pub(super) mod access;
mod address;
mod named_type;
mod namespace;
mod new_enum;
mod policy;
mod publication;
mod routine;
mod sequence;
mod standing;
mod statistics;
mod trigger;
mod view;

use std::collections::BTreeSet;

use dunlin_dsl::{
    Definition, DependentKind, Existing, Hazard, HazardKind, MaterializedViewChange, Notes, Object,
    ObjectChange, ObjectId, ObjectKind, Op, OwnedBy, Schema, Statement, Unmodelled, Unsupported, ViewChange,
};

use super::create::comment;
use crate::sql::{Sql, advance};

pub(super) use address::{address, keyword};
pub(super) use routine::{default_cost, quoted};
pub(super) use statistics::target_text as statistics_target;
pub(super) use trigger::rule;

type Result<T> = std::result::Result<T, Unsupported>;

/// What rendering an operation on an object needs to know.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) sql: Sql<'a>,
    /// What there is before it.
    pub(super) schema: &'a Schema,
    /// What is done after it.
    pub(super) later: &'a [Op],
    /// What the operations before it created: it is used by nobody yet.
    pub(super) created: &'a BTreeSet<ObjectId>,
    /// What they dropped: it may come back.
    pub(super) dropped: &'a BTreeSet<ObjectId>,
}

/// Whether an operation is about an object, or is one of those that tables share with objects.
pub(super) fn is_of_object(op: &Op) -> bool {
    op.table().is_none() && op.object().is_some()
}

/// The statements of an operation on an object.
pub(super) fn render(op: &Op, context: Context<'_>) -> Result<Vec<Statement>> {
    let is_event = op.object().is_some_and(|id| id.kind == ObjectKind::Event);
    match op {
        Op::DropObject { if_exists: true, .. } if is_event => Ok(Vec::new()),
        op if is_event => lacks(op, context.sql),
        Op::CreateObject { object, existing } => match (context.find(&object.id), existing) {
            (Some(_), Existing::Keep) => Ok(Vec::new()),
            (Some(old), Existing::Replace) => {
                let new = after(old, op)?;
                let Some(mut statements) = in_place(op, old, &new, None, context)? else {
                    return recreate(op, old, &new, context);
                };
                if new.comment != old.comment {
                    statements.push(remark(&new.id, new.comment.as_deref(), context.sql)?);
                }
                let more = new.grants.difference(&old.grants).cloned().collect();
                statements.extend(access::grant(&new.id, &more, context.sql)?);
                Ok(statements)
            }
            _ if context.dropped.contains(&object.id) => create_anew(object, *existing, context.sql),
            _ => create(object, *existing, context.sql),
        },
        Op::DropObject { object, if_exists, cascade } => drop(object, *if_exists, *cascade, context),
        Op::RenameObject { object, .. } if object.kind == ObjectKind::Extension => context.sql.refuse(
            op,
            "knows an extension by its name alone",
            "drop it, and create the other one",
        ),
        Op::RenameObject { object, .. } if object.kind == ObjectKind::DefaultPrivileges => {
            let instead = "drop these, and create others";
            context.sql.refuse(op, "knows default privileges by what they are for", instead)
        }
        Op::RenameObject { object, to } => {
            let (what, name) = (keyword(object.kind), address(object, context.sql)?);
            let to = context.sql.id(to)?;
            Ok(vec![statement(format!("ALTER {what} {name} RENAME TO {to}"))])
        }
        Op::SetSchema { object, schema } => {
            if let Some(by) = owner_column(object, context) {
                let lacks =
                    format!("keeps the sequence in the schema of table {}, whose column it is", by.table);
                let instead = "move the table, or take the sequence from the column first";
                return context.sql.refuse(op, &lacks, instead);
            }
            set_schema(op, object, schema.as_deref(), context.sql)
        }
        Op::AlterObject { object, change } => alter(op, object, change, context),
        Op::Grant { on, grants } => access::grant(on, grants, context.sql),
        Op::Revoke { on, grants } => access::revoke(on, grants, context.sql),
        Op::RefreshMaterializedView { view, concurrently, no_data } => {
            view::refresh(view, *concurrently, *no_data, context.sql)
        }
        op => lacks(op, context.sql),
    }
}

/// What goes with an extension, or isn't a table as others are, isn't dropped as others are.
pub(super) fn refuse_drop(op: &Op, notes: &Notes, sql: Sql<'_>) -> Result<()> {
    let mut brought_by = notes.unmodelled.iter().filter_map(|what| match what {
        Unmodelled::InExtension(extension) => Some(extension),
        _ => None,
    });
    if let Some(extension) = brought_by.next() {
        let lacks = format!("keeps what extension {extension} has brought while that is there");
        let instead = format!(
            "drop_extension({extension:?}), or take it out of it first: \
             execute(\"ALTER EXTENSION {extension} DROP ..\").undo(..)"
        );
        return sql.refuse(op, &lacks, &instead);
    }
    if notes.unmodelled.contains(&Unmodelled::ForeignServer) {
        let instead = "write it as SQL: execute(\"DROP FOREIGN TABLE ..\").undo(\"CREATE FOREIGN TABLE ..\")";
        return sql.refuse(op, "drops a foreign table otherwise than a table", instead);
    }
    Ok(())
}

/// Refuses what PostgreSQL hasn't for a kind of object.
pub(super) fn lacks<T>(op: &Op, sql: Sql<'_>) -> Result<T> {
    match op.object().map(|id| id.kind) {
        Some(ObjectKind::Event) => {
            let instead = "schedule a call from outside the database, or with the extension pg_cron";
            sql.refuse(op, "has no scheduled events", instead)
        }
        _ => sql.refuse(op, "can't do that to such an object", "drop it and create it as it is to be"),
    }
}

/// Creates an object with all that it has.
fn create(object: &Object, existing: Existing, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let mut statements = definition(object, existing, sql)?;
    if let Some(owner) = &object.notes.owner {
        statements.push(own(&object.id, owner, sql)?);
    }
    if object.comment.is_some() {
        statements.push(remark(&object.id, object.comment.as_deref(), sql)?);
    }
    statements.extend(access::give(object, sql)?);
    statements.extend(access::withhold(&object.id, &object.withheld, sql)?);
    statements.extend(access::revoke(&object.id, &object.notes.revoked, sql)?);
    statements.extend(access::grant(&object.id, &object.grants, sql)?);
    Ok(statements)
}

/// CREATE, and what a definition needs behind it.
fn definition(object: &Object, existing: Existing, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let id = &object.id;
    match &object.definition {
        Definition::Schema(_) => namespace::create_schema(id, existing, sql),
        Definition::Extension(of) => namespace::create_extension(id, of, existing, sql),
        Definition::Collation(of) => namespace::create_collation(id, of, existing, sql),
        Definition::Enum(of) => named_type::create_enum(id, of, sql),
        Definition::Composite(of) => named_type::create_composite(id, of, sql),
        Definition::Domain(of) => named_type::create_domain(id, of, sql),
        Definition::Sequence(of) => sequence::create(id, of, existing, sql),
        Definition::Function(of) | Definition::Procedure(of) => routine::create(id, of, existing, sql),
        Definition::View(of) => view::create(id, of, existing, sql),
        Definition::MaterializedView(of) => view::create_materialized(id, of, existing, sql),
        Definition::Trigger(of) => trigger::create(id, of, existing, sql),
        Definition::Rule(of) => trigger::create_rule(id, of, existing, sql),
        Definition::Policy(of) => policy::create(id, of, sql),
        Definition::Statistics(of) => statistics::create(id, of, existing, sql),
        Definition::Publication(of) => publication::create(id, of, sql),
        // They are what is granted.
        Definition::DefaultPrivileges => Ok(Vec::new()),
        _ => lacks(&Op::CreateObject { object: object.clone(), existing }, sql),
    }
}

/// What changes a definition in place; none where the server can't. `change` is what was asked for, where it says more
/// than the two definitions do.
fn in_place(
    op: &Op,
    old: &Object,
    new: &Object,
    change: Option<&ObjectChange>,
    context: Context<'_>,
) -> Result<Option<Vec<Statement>>> {
    let sql = context.sql;
    if let Some(statements) = change.map(|change| by_name(old, change, context)).transpose()?.flatten() {
        return Ok(Some(statements));
    }
    if old.definition == new.definition {
        return Ok(Some(Vec::new()));
    }
    match (&old.definition, &new.definition) {
        (Definition::Enum(was), Definition::Enum(is)) => {
            named_type::alter_enum(op, old, was, is, context).map(Some)
        }
        (Definition::Composite(was), Definition::Composite(is)) => {
            named_type::alter_composite(op, old, was, is, sql)
        }
        (Definition::Domain(was), Definition::Domain(is)) => named_type::alter_domain(op, old, was, is, sql),
        (Definition::Sequence(was), Definition::Sequence(is)) => {
            sequence::alter(&old.id, was, is, sql).map(Some)
        }
        (Definition::Schema(_), Definition::Schema(_)) => Ok(Some(Vec::new())),
        (Definition::Extension(was), Definition::Extension(is)) => {
            namespace::alter_extension(&old.id, was, is, sql).map(Some)
        }
        // These can only be dropped and created anew.
        (Definition::Collation(_), Definition::Collation(_)) => Ok(None),
        (Definition::View(was), Definition::View(is)) => {
            // OR REPLACE leaves what stands on it in place; what isn't asked for by these words may drop it and create it anew.
            let is_free = match change {
                None => standing::stands_free(old, context.schema),
                Some(_) => standing::on(old, context.schema).is_some(),
            };
            view::alter(old, was, is, is_free, sql)
        }
        (Definition::MaterializedView(was), Definition::MaterializedView(is)) => {
            view::alter_materialized(op, old, was, is, sql)
        }
        (Definition::Function(was), Definition::Function(is))
        | (Definition::Procedure(was), Definition::Procedure(is)) => routine::alter(&old.id, was, is, sql),
        (Definition::Trigger(was), Definition::Trigger(is)) => trigger::alter(&old.id, was, is, sql),
        (Definition::Rule(was), Definition::Rule(is)) => trigger::alter_rule(&old.id, was, is, sql).map(Some),
        (Definition::Policy(was), Definition::Policy(is)) => policy::alter(&old.id, was, is, sql),
        (Definition::Statistics(was), Definition::Statistics(is)) => statistics::alter(&old.id, was, is, sql),
        (Definition::Publication(was), Definition::Publication(is)) => {
            publication::alter(&old.id, was, is, sql)
        }
        _ => lacks(op, sql),
    }
}

/// Changes that say more than what is there before and after: which name became which, and what isn't part of a
/// definition.
fn by_name(old: &Object, change: &ObjectChange, context: Context<'_>) -> Result<Option<Vec<Statement>>> {
    let sql = context.sql;
    let (what, name) = (keyword(old.id.kind), address(&old.id, sql)?);
    let alter = |text: String| Ok(Some(vec![statement(format!("ALTER {what} {name} {text}"))]));
    match change {
        ObjectChange::AddValue { value, position, if_not_exists } => {
            named_type::add_value(old, value, position.as_ref(), *if_not_exists, context).map(Some)
        }
        ObjectChange::RenameValue { value, to } => {
            alter(format!("RENAME VALUE {} TO {}", sql.text(value)?, named_type::label(to, sql)?))
        }
        ObjectChange::RenameAttribute { name, to } => {
            named_type::refuse_typed_tables(format!("rename attribute {name} of {}", old.id), old, sql)?;
            alter(format!("RENAME ATTRIBUTE {} TO {}", sql.id(name)?, sql.id(to)?))
        }
        ObjectChange::RenameColumn { name, to } => {
            alter(format!("RENAME COLUMN {} TO {}", sql.id(name)?, sql.id(to)?))
        }
        ObjectChange::RenameCheck { name, to } => {
            alter(format!("RENAME CONSTRAINT {} TO {}", sql.id(name)?, sql.id(to)?))
        }
        ObjectChange::Restart(None) => alter("RESTART".into()),
        ObjectChange::Restart(Some(number)) => alter(format!("RESTART WITH {number}")),
        ObjectChange::RefreshCollation => alter("REFRESH VERSION".into()),
        _ => Ok(None),
    }
}

/// Whether a view gets another query.
fn requeries(op: &Op) -> bool {
    let Op::AlterObject { change, .. } = op else { return matches!(op, Op::CreateObject { .. }) };
    matches!(
        change,
        ObjectChange::Definition(_)
            | ObjectChange::View(ViewChange::Query(_))
            | ObjectChange::MaterializedView(MaterializedViewChange::Query(_))
    )
}

/// Drops an object and creates it anew, with all that it had and all that belonged to it, and with the views on it.
fn recreate(op: &Op, old: &Object, new: &Object, context: Context<'_>) -> Result<Vec<Statement>> {
    let sql = context.sql;
    let Some(standing) = standing::on(old, context.schema) else {
        return Err(standing::refusal(op, &old.notes, sql));
    };
    // A column's other name goes with the query that doesn't have it.
    let is_kept = |what: &&Unmodelled| !(requeries(op) && matches!(what, Unmodelled::RenamedColumn { .. }));
    if let Some(what) = old.notes.unmodelled.iter().find(is_kept) {
        return Err(Unsupported::new(
            op,
            format!("it would be dropped and created anew, and it has {what}, which Dunlin can't bring back"),
            "write it as SQL: execute(..).undo(..)",
        ));
    }
    let mut statements = Vec::new();
    for view in standing.iter().rev().filter(|view| view.id.is_relation()) {
        statements.push(statement(format!("DROP {} {}", keyword(view.id.kind), address(&view.id, sql)?)));
    }
    statements.push(statement(format!("DROP {} {}", keyword(old.id.kind), address(&old.id, sql)?)));
    let mut anew = create_anew(new, Existing::Refuse, sql)?;
    if let Some(create) = anew.first_mut() {
        let (hazard, check) = view::columns_stay(new, sql)?.unzip();
        create.hazards.extend(hazard);
        create.checks.extend(check);
    }
    statements.extend(anew);
    let belonging = context.schema.objects.values();
    for object in belonging.filter(|object| object.belongs_to() == Some(&old.id.name)) {
        statements.extend(create(object, Existing::Refuse, sql)?);
    }
    for object in &standing {
        statements.extend(create_anew(object, Existing::Refuse, sql)?);
    }
    Ok(statements)
}

/// Creates an object that was there before.
fn create_anew(object: &Object, existing: Existing, sql: Sql<'_>) -> Result<Vec<Statement>> {
    let mut anew = create(object, existing, sql)?;
    if object.id.kind == ObjectKind::MaterializedView
        && let Some(create) = anew.first_mut()
    {
        let message = format!("computes {} anew", object.id);
        create.hazards.push(Hazard { kind: HazardKind::Rewrite, message });
    }
    Ok(anew)
}

fn drop(id: &ObjectId, if_exists: bool, cascade: bool, context: Context<'_>) -> Result<Vec<Statement>> {
    let sql = context.sql;
    let known = context.find(id);
    if if_exists && known.is_none() {
        return Ok(Vec::new());
    }
    if id.kind == ObjectKind::DefaultPrivileges {
        return known.map_or(Ok(Vec::new()), |known| access::drop_defaults(known, sql));
    }
    if let Some(known) = known {
        let op = Op::DropObject { object: id.clone(), if_exists, cascade };
        refuse_drop(&op, &known.notes, sql)?;
    }
    if !droppable(id.kind) {
        let op = Op::DropObject { object: id.clone(), if_exists, cascade };
        return lacks(&op, sql);
    }
    let exists = if if_exists { "IF EXISTS " } else { "" };
    let all = if cascade { " CASCADE" } else { "" };
    let (what, name) = (keyword(id.kind), address(id, sql)?);
    let mut drop = statement(format!("DROP {what} {exists}{name}{all}"));
    if id.kind == ObjectKind::Sequence {
        drop = drop.hazard(HazardKind::DataLoss, format!("drops {id} and where it stood"));
    }
    let gone = known.filter(|_| cascade).map(|known| known.notes.dependents.as_slice()).unwrap_or_default();
    for dependent in
        gone.iter().filter(|one| matches!(one.kind, DependentKind::Column | DependentKind::Table))
    {
        drop = drop.hazard(HazardKind::DataLoss, format!("{dependent} goes with {id} by cascade"));
    }
    Ok(vec![drop])
}

/// Whether a kind is dropped by `DROP KIND name`.
fn droppable(kind: ObjectKind) -> bool {
    use ObjectKind::*;
    matches!(
        kind,
        Schema
            | Extension
            | Collation
            | Enum
            | Composite
            | Domain
            | Sequence
            | Function
            | Procedure
            | View
            | MaterializedView
            | Trigger
            | Rule
            | Policy
            | Statistics
            | Publication
    )
}

/// The column that a sequence belongs to.
fn owner_column<'s>(id: &ObjectId, context: Context<'s>) -> Option<&'s OwnedBy> {
    match &context.schema.object(id)?.definition {
        Definition::Sequence(of) => of.owned_by.as_ref(),
        _ => None,
    }
}

fn set_schema(op: &Op, id: &ObjectId, schema: Option<&str>, sql: Sql<'_>) -> Result<Vec<Statement>> {
    use ObjectKind::*;
    match id.kind {
        Extension => {
            return sql.refuse(
                op,
                "keeps extensions in no schema",
                "say where its objects are: alter_extension(..).schema(..)",
            );
        }
        Schema => return sql.refuse(op, "has no schemas in schemas", "rename it"),
        Collation | Enum | Composite | Domain | Sequence | Function | Procedure | Table | View
        | MaterializedView | Statistics => {}
        Trigger | Rule | Policy => {
            let lacks = format!("keeps a {} in the schema of its table", id.kind);
            return sql.refuse(op, &lacks, "move the table");
        }
        _ => return lacks(op, sql),
    }
    let to = schema.unwrap_or(&sql.server.schema);
    if id.name.schema.as_deref().unwrap_or(&sql.server.schema) == to {
        return Ok(Vec::new());
    }
    let (what, name) = (keyword(id.kind), address(id, sql)?);
    Ok(vec![statement(format!("ALTER {what} {name} SET SCHEMA {}", sql.id(to)?))])
}

fn alter(op: &Op, id: &ObjectId, change: &ObjectChange, context: Context<'_>) -> Result<Vec<Statement>> {
    match change {
        ObjectChange::Comment(text) => {
            // An extension has again the one that it came with.
            let text = text.as_ref().or_else(|| context.find(id)?.notes.remark.as_ref());
            Ok(vec![remark(id, text.map(String::as_str), context.sql)?])
        }
        ObjectChange::Owner(owner) => {
            if let Some(by) = owner_column(id, context) {
                let lacks =
                    format!("has the sequence belong to the owner of table {}, as its column does", by.table);
                return context.sql.refuse(
                    op,
                    &lacks,
                    "change the table's owner, or take the sequence from the column first",
                );
            }
            Ok(vec![own(id, owner, context.sql)?])
        }
        change => {
            // What isn't there is refused by what comes after this.
            let Some(old) = context.find(id) else { return Ok(Vec::new()) };
            let new = after(old, op)?;
            match in_place(op, old, &new, Some(change), context)? {
                Some(statements) => Ok(statements),
                None => recreate(op, old, &new, context),
            }
        }
    }
}

/// The object as it is after an operation.
fn after(old: &Object, op: &Op) -> Result<Object> {
    let mut schema = Schema::new();
    schema.insert_object(old.clone());
    advance(&mut schema, op, true)?;
    Ok(schema.objects.into_values().next().unwrap_or_else(|| old.clone()))
}

/// COMMENT ON an object.
fn remark(id: &ObjectId, text: Option<&str>, sql: Sql<'_>) -> Result<Statement> {
    if id.kind == ObjectKind::DefaultPrivileges {
        let operation = format!("comment on {id}");
        return sql.refuse(operation, "keeps no comments on default privileges", "leave it out");
    }
    Ok(statement(comment(keyword(id.kind), &address(id, sql)?, text, sql)?))
}

fn own(id: &ObjectId, owner: &str, sql: Sql<'_>) -> Result<Statement> {
    if id.kind == ObjectKind::Extension {
        let instead = "drop it, and create it as that role";
        return sql.refuse(format!("alter owner of {id}"), "can't give an extension away", instead);
    }
    use ObjectKind::{DefaultPrivileges, Policy, Rule, Trigger};
    if matches!(id.kind, Trigger | Rule | Policy | DefaultPrivileges) {
        let lacks = format!("keeps no owner of a {}", id.kind);
        return sql.refuse(format!("set the owner of {id}"), &lacks, "set that of the table");
    }
    let (what, name, owner) = (keyword(id.kind), address(id, sql)?, access::role(owner, sql)?);
    Ok(statement(format!("ALTER {what} {name} OWNER TO {owner}")))
}

/// The words that leave alone what is there already.
fn if_not_exists(existing: Existing) -> &'static str {
    if existing == Existing::Keep { "IF NOT EXISTS " } else { "" }
}

/// A statement whose place among the operations is told later.
fn statement(text: impl Into<String>) -> Statement {
    Statement::new(text, [])
}

impl Context<'_> {
    fn find(&self, id: &ObjectId) -> Option<&Object> {
        self.schema.object(id)
    }
}
