//! Which objects must be known before operations can be rendered and undone.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::TableChange;
use crate::op::{Existing, Op};
use crate::schema::{ObjectId, ObjectKind};

/// The objects whose state must be read from the database before `ops`, in order and once each.
///
/// An object that the operations create themselves needs no reading, whatever they do to it after; one that they
/// rename is read under its old name. Creating one needs none, unless there may be one already. What belongs to a
/// table or a view is read with it, and so isn't named beside it.
pub fn touched(ops: &[Op]) -> Vec<ObjectId> {
    let mut touched = Touched::default();
    for op in ops {
        touched.op(op);
    }
    let Touched { read, .. } = touched;
    let with_owner = |id: &ObjectId| {
        id.on
            .as_ref()
            .is_some_and(|on| read.contains(&ObjectId::table(on)) || read.contains(&ObjectId::view(on)))
    };
    read.iter().filter(|id| !with_owner(id)).cloned().collect()
}

#[derive(Default)]
struct Touched {
    read: BTreeSet<ObjectId>,
    /// What an object is called in the database, by what it is called now; none where these operations create it.
    known: BTreeMap<ObjectId, Option<ObjectId>>,
    /// What a schema is called in the database, by what these operations have renamed it to.
    schemas: BTreeMap<String, String>,
}

impl Touched {
    fn op(&mut self, op: &Op) {
        if let Op::On { ops, .. } = op {
            ops.iter().for_each(|op| self.op(op));
            return;
        }
        let Some(id) = op.object() else { return };
        match op {
            Op::CreateTable { if_not_exists: false, .. }
            | Op::CreateObject { existing: Existing::Refuse, .. } => {
                self.known.insert(id, None);
                return;
            }
            Op::Delete { .. } => return,
            _ => {}
        }
        // Something else may have the name that it is given.
        let target = match op {
            Op::RenameTable { to, .. } | Op::RenameObject { to, .. } => Some(id.renamed(to)),
            Op::SetSchema { schema, .. } => Some(id.moved(schema.as_deref())),
            _ => None,
        };
        for target in target.iter().flat_map(alike).filter(|target| !self.known.contains_key(target)) {
            self.read.insert(target);
        }
        let original = self.touch(&id);
        match op {
            Op::RenameTable { to, .. } | Op::RenameObject { to, .. } => {
                if id.kind == ObjectKind::Schema {
                    let first = self.schemas.get(&id.name.name).unwrap_or(&id.name.name).clone();
                    self.schemas.insert(to.clone(), first);
                }
                self.known.insert(id.renamed(to), original);
            }
            Op::SetSchema { schema, .. } => {
                self.known.insert(id.moved(schema.as_deref()), original);
            }
            Op::AlterTable {
                change:
                    TableChange::Attach { partition: other, .. }
                    | TableChange::Detach { partition: other, .. }
                    | TableChange::ExchangePartition { with: other, .. }
                    | TableChange::PartitionToTable { to: other, .. }
                    | TableChange::TableToPartition { table: other, .. }
                    | TableChange::Inherit(other)
                    | TableChange::NoInherit(other),
                ..
            } => {
                self.touch(&ObjectId::table(other));
            }
            _ => {}
        }
    }

    /// Notes that an object is touched, and gives what it is called in the database.
    fn touch(&mut self, id: &ObjectId) -> Option<ObjectId> {
        let original = match self.known.get(id) {
            Some(original) => original.clone(),
            None => self.before(id),
        };
        self.read.extend(original.clone());
        self.known.insert(id.clone(), original.clone());
        original
    }

    /// What an object is called in the database that wasn't touched before: it follows its schema and the table that it
    /// belongs to.
    fn before(&self, id: &ObjectId) -> Option<ObjectId> {
        let mut first = id.clone();
        for name in std::iter::once(&mut first.name).chain(&mut first.on) {
            if let Some(schema) = name.schema.as_ref().and_then(|schema| self.schemas.get(schema)) {
                name.schema = Some(schema.clone());
            }
        }
        match self.known.get(&first) {
            Some(original) => original.clone(),
            None => self.beside_its_table(&first),
        }
    }

    fn beside_its_table(&self, id: &ObjectId) -> Option<ObjectId> {
        let Some(on) = &id.on else { return Some(id.clone()) };
        let owner = [ObjectKind::Table, ObjectKind::View, ObjectKind::MaterializedView]
            .iter()
            .find_map(|kind| self.known.get(&ObjectId::new(*kind, on)));
        match owner {
            None => Some(id.clone()),
            Some(owner) => {
                owner.as_ref().map(|owner| ObjectId { on: Some(owner.name.clone()), ..id.clone() })
            }
        }
    }
}

/// What can't have a name together with an object: a table's is no view's.
fn alike(id: &ObjectId) -> Vec<ObjectId> {
    match id.is_relation() {
        true => vec![ObjectId::table(&id.name), ObjectId::view(&id.name)],
        false => vec![id.clone()],
    }
}
