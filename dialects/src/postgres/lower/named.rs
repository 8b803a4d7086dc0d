//! One thing has two names within the connection's own schema: `users` and `public.users`.

use dunlin_dsl::{Constraint, Definition, Name, ObjectId, ObjectKind, Op, Schema, Server, TableChange};

/// The operation with each name as it is known in the schema, if it is known there with its schema or without.
pub(super) fn as_known(mut op: Op, schema: &Schema, server: &Server) -> Op {
    each_name(&mut op, &mut |name| {
        let own = server.schema.as_str();
        let other = match name.schema.as_deref() {
            None => Name { schema: Some(own.to_owned()), name: name.name.clone() },
            Some(schema) if schema == own => Name { schema: None, name: name.name.clone() },
            Some(_) => return,
        };
        // Where both are known, what happens to it is followed without its schema.
        let is_better = other.schema.is_none() || !knows(schema, name);
        if is_better && knows(schema, &other) {
            *name = other;
        }
    });
    op
}

/// Whether an operation moves something to the schema in which it is.
pub(super) fn stays(op: &Op, server: &Server) -> bool {
    use ObjectKind::{
        Collation, Composite, Domain, Enum, Function, MaterializedView, Procedure, Sequence, Statistics,
        Table, View,
    };
    let Op::SetSchema { object, schema } = op else { return false };
    let is_in_schema = matches!(
        object.kind,
        Collation
            | Composite
            | Domain
            | Enum
            | Function
            | MaterializedView
            | Procedure
            | Sequence
            | Statistics
            | Table
            | View
    );
    let from = object.name.schema.as_ref().unwrap_or(&server.schema);
    is_in_schema && from == schema.as_ref().unwrap_or(&server.schema)
}

fn knows(schema: &Schema, name: &Name) -> bool {
    schema.tables.contains_key(name) || schema.objects.keys().any(|id| id.name == *name && id.on.is_none())
}

/// All names by which an operation finds something.
fn each_name(op: &mut Op, change: &mut dyn FnMut(&mut Name)) {
    fn id(id: &mut ObjectId, change: &mut dyn FnMut(&mut Name)) {
        match &mut id.on {
            Some(on) => change(on),
            None => change(&mut id.name),
        }
    }
    match op {
        Op::DropTable { table, .. }
        | Op::RenameTable { table, .. }
        | Op::SetTableOptions { table, .. }
        | Op::SetTableComment { table, .. }
        | Op::AddColumn { table, .. }
        | Op::DropColumn { table, .. }
        | Op::RenameColumn { table, .. }
        | Op::AlterColumn { table, .. }
        | Op::DropConstraint { table, .. }
        | Op::RenameConstraint { table, .. }
        | Op::CreateIndex { table, .. }
        | Op::DropIndex { table, .. }
        | Op::RenameIndex { table, .. }
        | Op::Insert { table, .. }
        | Op::Delete { table, .. }
        | Op::RefreshMaterializedView { view: table, .. } => change(table),
        Op::AddConstraint { table, constraint } => {
            change(table);
            if let Constraint::ForeignKey(key) = constraint {
                change(&mut key.references);
            }
        }
        Op::AlterTable { table, change: of } => {
            change(table);
            if let TableChange::Attach { partition: other, .. }
            | TableChange::Detach { partition: other, .. }
            | TableChange::Inherit(other)
            | TableChange::NoInherit(other) = of
            {
                change(other);
            }
        }
        Op::CreateObject { object, .. } => {
            object.id.on.iter_mut().for_each(&mut *change);
            if let Definition::Statistics(of) = &mut object.definition {
                change(&mut of.table);
            }
        }
        Op::DropObject { object, .. }
        | Op::RenameObject { object, .. }
        | Op::AlterObject { object, .. }
        | Op::SetSchema { object, .. }
        | Op::Grant { on: object, .. }
        | Op::Revoke { on: object, .. } => id(object, change),
        _ => {}
    }
}
