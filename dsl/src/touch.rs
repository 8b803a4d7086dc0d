//! Which tables must be known before operations can be rendered and undone.

use std::collections::{BTreeMap, BTreeSet};

use crate::op::Op;
use crate::schema::Name;

/// The tables whose state must be read from the database before `ops`, in order and once each.
///
/// A table that the operations create themselves needs no reading, whatever they do to it after; one that they
/// rename is read under its old name. Creating a table needs none, unless there may be one already.
pub fn touched(ops: &[Op]) -> Vec<Name> {
    let mut read = BTreeSet::new();
    let mut known: BTreeMap<Name, Option<Name>> = BTreeMap::new();
    for op in ops {
        let Some(table) = op.table() else {
            if let Op::On { ops, .. } = op {
                read.extend(touched(ops));
            }
            continue;
        };
        match op {
            Op::CreateTable { if_not_exists: false, .. } => {
                known.insert(table.clone(), None);
                continue;
            }
            Op::Delete { .. } => continue,
            _ => {}
        }
        let original = known.get(table).cloned().unwrap_or_else(|| Some(table.clone()));
        read.extend(original.clone());
        known.insert(table.clone(), original.clone());
        if let Op::RenameTable { to, .. } = op {
            known.insert(table.sibling(to), original);
        }
    }
    read.into_iter().collect()
}
