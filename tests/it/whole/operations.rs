//! Operations on whatever there is, several of them often on the same thing.

use std::collections::BTreeSet;

use dunlin::prelude::*;

use self::object::change;
use self::table::on_table;
use super::dice::Dice;
use super::kinds::grantee;
use crate::server::Kind;

mod object;
mod table;

/// The operations of one revision, on a schema as it was read.
///
/// They are such as apply one after the other: what Dunlin refuses of itself is left out.
pub(crate) fn revision(dice: &mut Dice, before: &Schema) -> Vec<Op> {
    let mut model = before.clone();
    let mut ops = Vec::new();
    // What was renamed is still called by its old name in texts that stand elsewhere, and only by its own server.
    let mut renamed = false;
    let mut focus: Option<ObjectId> = None;
    for _ in 0..1 + dice.below(4) {
        dice.at += 1;
        if dice.one_in(6) {
            for op in created(dice) {
                // An extension may be there already.
                if apply(&mut model, &op).is_ok() {
                    focus = op.object();
                    ops.push(op);
                }
            }
            continue;
        }
        let there = ids(&model);
        if there.is_empty() {
            break;
        }
        let id = match focus.take().filter(|id| there.contains(id)) {
            Some(id) if !dice.one_in(4) => id,
            _ => dice.pick(&there),
        };
        for op in operation(dice, &model, &id).unwrap_or_default() {
            if renamed && drops(&op) || apply(&mut model.clone(), &op).is_err() {
                break;
            }
            let renames =
                matches!(op, Op::RenameTable { .. } | Op::RenameColumn { .. } | Op::RenameObject { .. });
            // On SQLite a rename has a revision of its own: the undo of what came before rebuilds the table, whose
            // triggers were read with the new name, and is refused.
            if renames && dice.kind == Kind::Sqlite && !ops.is_empty() {
                break;
            }
            apply(&mut model, &op).unwrap();
            renamed |= renames;
            focus = Some(match &op {
                Op::RenameTable { table, to } => ObjectId::table(table.sibling(to)),
                Op::RenameObject { object, to } => {
                    let mut id = object.clone();
                    id.name.name.clone_from(to);
                    id
                }
                _ => id.clone(),
            });
            ops.push(op);
        }
        if renamed && dice.kind == Kind::Sqlite {
            break;
        }
    }
    ops
}

/// Everything that a schema names.
pub(crate) fn ids(schema: &Schema) -> Vec<ObjectId> {
    schema.tables.keys().map(ObjectId::table).chain(schema.objects.keys().cloned()).collect()
}

fn drops(op: &Op) -> bool {
    matches!(
        op,
        Op::DropTable { .. }
            | Op::DropColumn { .. }
            | Op::DropObject { .. }
            | Op::DropConstraint { .. }
            | Op::DropIndex { .. }
    )
}

/// What creates a few things that weren't there.
fn created(dice: &mut Dice) -> Vec<Op> {
    let kinds = super::kinds(dice.kind);
    let schema = dice.pick(&kinds)(dice, Schema::new());
    dunlin::creation_ops(&schema)
}

/// Something that may be done to what is there.
fn operation(dice: &mut Dice, schema: &Schema, id: &ObjectId) -> Option<Vec<Op>> {
    if dice.one_in(9)
        && let Some(op) = moved(dice, schema, id)
    {
        return Some(vec![op]);
    }
    if id.kind == ObjectKind::Table {
        if dice.kind != Kind::Sqlite && dice.one_in(12) {
            let table = schema.get(&id.name)?;
            return grant(dice, id, &table.grants, &table.notes).map(|op| vec![op]);
        }
        // What a partition has is its parent's.
        return on_table(dice, schema, schema.get(&id.name).filter(|table| !table.columns.is_empty())?);
    }
    on_object(dice, schema, id).map(|op| vec![op])
}

fn on_object(dice: &mut Dice, schema: &Schema, id: &ObjectId) -> Option<Op> {
    let (object, id) = (schema.objects.get(id)?, id.clone());
    let alter = |change| Some(Op::AlterObject { object: id.clone(), change });
    match dice.below(9) {
        // A schema that has something in it is dropped by nobody, and on PostgreSQL what is in it moves with it.
        0 | 1 if id.kind == ObjectKind::Schema => None,
        1 | 2 if id.kind == ObjectKind::DefaultPrivileges => None,
        1 if id.kind == ObjectKind::Extension => None,
        0 => Some(Op::DropObject { object: id, if_exists: false, cascade: false }),
        1 => Some(Op::RenameObject { object: id, to: format!("renamed {}", dice.name()) }),
        2 => alter(ObjectChange::Comment(dice.remark().map(str::to_owned))),
        3 if dice.is_postgres() && !is_ownerless(&object.definition) => {
            alter(ObjectChange::Owner(owner(dice, &object.grants)?))
        }
        4 if dice.kind != Kind::Sqlite => grant(dice, &id, &object.grants, &object.notes),
        _ => alter(change(dice, &object.definition)?),
    }
}

/// Puts it into a schema that there is, or out of that.
fn moved(dice: &mut Dice, schema: &Schema, id: &ObjectId) -> Option<Op> {
    use ObjectKind::{Collation, Composite, Domain, Enum, MaterializedView, Sequence, Table, View};
    if !matches!(id.kind, Collation | Composite | Domain | Enum | MaterializedView | Sequence | Table | View)
    {
        return None;
    }
    let schemas = schema.objects.keys().filter(|id| id.kind == ObjectKind::Schema);
    let schemas: Vec<_> = schemas.map(|id| id.name.name.clone()).collect();
    let to = match id.name.schema {
        Some(_) => None,
        None if schemas.is_empty() => return None,
        None => Some(dice.pick(&schemas)),
    };
    Some(Op::SetSchema { object: id.clone(), schema: to })
}

/// Whether it belongs to whoever owns its table, or is given to nobody. Of a column's sequence PostgreSQL says so in its own words.
fn is_ownerless(definition: &Definition) -> bool {
    use Definition::{DefaultPrivileges, Extension, Policy, Rule, Sequence, Trigger};
    match definition {
        Sequence(of) => of.owned_by.is_some(),
        other => matches!(other, DefaultPrivileges | Extension(_) | Policy(_) | Rule(_) | Trigger(_)),
    }
}

fn role(dice: &mut Dice) -> String {
    dice.pick(&["pg_database_owner", "pg_monitor"]).to_owned()
}

/// Somebody to be the owner: not who lets others already, for that means nothing then, and only the server's own dump tells of it.
fn owner(dice: &mut Dice, grants: &BTreeSet<Grant>) -> Option<String> {
    let role = role(dice);
    let lets_others = grants.iter().any(|grant| grant.grantable && grant.to == role);
    (!lets_others).then_some(role)
}

/// Grants something, or takes away what is granted.
fn grant(dice: &mut Dice, on: &ObjectId, granted: &BTreeSet<Grant>, notes: &Notes) -> Option<Op> {
    let on = on.clone();
    if let Some(grant) = granted.iter().next().filter(|_| dice.coin()) {
        return Some(Op::Revoke { on, grants: BTreeSet::from([grant.clone()]) });
    }
    use ObjectKind::{Domain, Enum, Function, MaterializedView, Procedure, Schema, Sequence, Table, View};
    let privilege = match on.kind {
        Table | View | MaterializedView => dice.pick(&["SELECT", "INSERT", "DELETE"]),
        Sequence if !dice.is_postgres() => "SELECT",
        Schema if !dice.is_postgres() => dice.pick(&["SELECT", "EVENT"]),
        Sequence | Schema | Domain | Enum => "USAGE",
        Function | Procedure => "EXECUTE",
        _ => return None,
    };
    let to = match dice.is_postgres() {
        true => dice.pick(&["pg_monitor", "pg_read_all_data"]).to_owned(),
        false => grantee(dice.kind).to_owned(),
    };
    // An owner lets others anyway.
    let grantable = dice.one_in(3) && notes.owner.as_ref() != Some(&to);
    let grant = Grant { to, privilege: privilege.into(), columns: Vec::new(), grantable };
    Some(Op::Grant { on, grants: BTreeSet::from([grant]) })
}
