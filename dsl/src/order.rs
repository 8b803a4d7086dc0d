//! In which order tables are created and dropped.

use std::collections::{BTreeMap, BTreeSet};

use crate::op::Op;
use crate::schema::{Constraint, ForeignKey, Name, Schema, Table};

/// The operations that create all of a schema: each table after those it refers to.
///
/// Where tables refer to each other in a circle, the foreign keys that close it come last, by themselves.
pub fn creation_ops(schema: &Schema) -> Vec<Op> {
    let order = order(schema);
    let place: BTreeMap<&Name, usize> = order.iter().enumerate().map(|(at, name)| (*name, at)).collect();
    let mut creations = Vec::with_capacity(order.len());
    let mut late = Vec::new();
    for table in order.iter().filter_map(|name| schema.get(name)) {
        let closes = |key: &ForeignKey| place.get(&key.references) > place.get(&table.name);
        let (later, now): (Vec<_>, Vec<_>) = table.foreign_keys.iter().cloned().partition(closes);
        let created = Table { foreign_keys: now, ..table.clone() };
        creations.push(Op::CreateTable { table: created, if_not_exists: false });
        late.extend(later.into_iter().map(|key| Op::AddConstraint {
            table: table.name.clone(),
            constraint: Constraint::ForeignKey(key),
        }));
    }
    creations.extend(late);
    creations
}

/// The operations that drop all of a schema: each table before those it refers to, circles opened first.
pub fn drop_ops(schema: &Schema) -> Vec<Op> {
    let undo = |op: &Op| match op {
        Op::CreateTable { table, .. } => Some(Op::DropTable { table: table.name.clone(), if_exists: false }),
        Op::AddConstraint { table, constraint } => Some(Op::DropConstraint {
            table: table.clone(),
            kind: constraint.kind(),
            name: constraint.label().name().unwrap_or_default().into(),
            if_exists: false,
        }),
        _ => None,
    };
    creation_ops(schema).iter().rev().filter_map(undo).collect()
}

/// Tables by name, each after those it refers to; a table whose turn comes within a circle comes first.
fn order(schema: &Schema) -> Vec<&Name> {
    let mut done = BTreeSet::new();
    let mut order = Vec::with_capacity(schema.tables.len());
    for start in schema.tables.keys() {
        // Depth first, with a stack of our own: a chain of ten thousand tables mustn't exhaust the thread's.
        let mut stack = vec![(start, false)];
        while let Some((name, expanded)) = stack.pop() {
            if expanded {
                order.push(name);
            } else if done.insert(name) {
                stack.push((name, true));
                let table = schema.get(name);
                let references = table.into_iter().flat_map(|table| table.foreign_keys.iter().rev());
                let known = references.filter_map(|key| schema.tables.get_key_value(&key.references));
                stack.extend(known.map(|(name, _)| (name, false)));
            }
        }
    }
    order
}
