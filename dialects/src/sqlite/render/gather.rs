//! Changes of one table brought together, so that one rebuild does them all however they were written.

use std::collections::BTreeSet;

use dunlin_dsl::{
    Column, ColumnChange, ColumnType, Constraint, DependentKind, Name, Op, Schema, Table, apply,
};
use serde_json::Value;

use super::settle::{Placed, alters, is_silent};
use crate::lex;

/// The operations, each change that a rebuild can take up put behind the last of its table, as far as what stands between means
/// the same before it as after it.
pub(super) fn gather(ops: Vec<Placed>, schema: &Schema) -> Vec<Placed> {
    let related = Related::new(&ops, schema);
    let joins = |(op, places): &Placed| alters(op) && !places.is_empty();
    let mut seen: BTreeSet<Name> = BTreeSet::new();
    let mut gathered: Vec<Placed> = Vec::with_capacity(ops.len());
    for (op, places) in ops {
        let placed = (op, places);
        let Some(table) = placed.0.table().cloned().filter(|_| joins(&placed)) else {
            if let Op::RenameColumn { table, .. } = &placed.0 {
                seen.insert(table.clone());
            }
            gathered.push(placed);
            continue;
        };
        // Most stand behind nothing of their table, and are not to be looked for among ten thousand others.
        if seen.insert(table.clone()) {
            gathered.push(placed);
            continue;
        }
        let mut moving = placed.0.clone();
        let mut place = (gathered.len(), placed.0);
        for (at, before) in gathered.iter().enumerate().rev() {
            let (passed, own) = (&before.0, before.0.table() == Some(&table));
            if own && joins(before) {
                place = (at + 1, moving);
                break;
            }
            match passed {
                Op::RenameColumn { column, to, .. } if own => match ahead_of_rename(moving, column, to) {
                    Some(earlier) => moving = earlier,
                    None => break,
                },
                _ if own && is_silent(passed) && ahead_of_remark(&moving, passed) => {}
                _ if !own && (is_silent(passed) || related.apart(&moving, passed)) => {}
                _ => break,
            }
            if own && !is_silent(passed) {
                place = (at, moving.clone());
            }
        }
        gathered.insert(place.0, (place.1, placed.1));
    }
    gathered
}

/// The operation as it is to be said before a column is renamed; none where a text mentions one of its names.
fn ahead_of_rename(mut op: Op, old: &str, new: &str) -> Option<Op> {
    if mentions(&op, old) {
        return None;
    }
    let back = |mut table: Table| {
        let mut schema = Schema::new();
        table.columns = vec![Column::new(new, ColumnType::Boolean)];
        let name = table.name.clone();
        schema.insert(table);
        let rename = Op::RenameColumn { table: name.clone(), column: new.to_owned(), to: old.to_owned() };
        apply(&mut schema, &rename).ok()?;
        schema.get(&name).cloned()
    };
    match &mut op {
        // What was renamed to be dropped isn't there before.
        Op::DropColumn { column, .. } if column == new => return None,
        Op::AlterColumn { column, .. } if column == new => *column = old.to_owned(),
        Op::AddConstraint { table, constraint } => {
            let mut alone = Table::new(&*table);
            alone.add_constraint(constraint.clone());
            *constraint = back(alone)?.constraints().next()?;
        }
        Op::CreateIndex { table, index, .. } => {
            let mut alone = Table::new(&*table);
            alone.indexes.push(index.clone());
            *index = back(alone)?.indexes.pop()?;
        }
        _ => {}
    }
    (!mentions(&op, new)).then_some(op)
}

/// Whether an operation means the same before a remark on its table or on one of its parts.
fn ahead_of_remark(op: &Op, remark: &Op) -> bool {
    matches!(remark, Op::SetTableComment { .. })
        || matches!(op, Op::AddColumn { .. } | Op::AlterColumn { .. })
}

/// Whether an operation has this name, or a text that mentions it.
fn mentions(op: &Op, name: &str) -> bool {
    any_text(op, &|text| text.eq_ignore_ascii_case(name) || lex::mentions(text, name))
}

/// Whether an expression may read the rows of a table: by its name, or by a query, which may have them from a view.
fn reads(op: &Op, table: &str) -> bool {
    let is_more = |text: &str| !text.eq_ignore_ascii_case(table);
    any_text(op, &|text| is_more(text) && (lex::mentions(text, table) || lex::mentions(text, "select")))
}

/// Whether a name or a text of an operation is such a one.
fn any_text(op: &Op, is: &dyn Fn(&str) -> bool) -> bool {
    fn any(value: &Value, is: &dyn Fn(&str) -> bool) -> bool {
        match value {
            Value::String(text) => is(text),
            Value::Array(values) => values.iter().any(|value| any(value, is)),
            Value::Object(values) => values.values().any(|value| any(value, is)),
            _ => false,
        }
    }
    // What can't be written down may say anything.
    serde_json::to_value(op).map_or(true, |value| any(&value, is))
}

/// The tables between which there are foreign keys, or come to be.
struct Related(BTreeSet<(String, String)>);

impl Related {
    fn new(ops: &[Placed], schema: &Schema) -> Self {
        let mut related = Self(BTreeSet::new());
        for table in schema.tables.values() {
            related.table(table);
        }
        for (op, _) in ops {
            match op {
                Op::CreateTable { table, .. } => related.table(table),
                Op::AddConstraint { table, constraint: Constraint::ForeignKey(key) } => {
                    related.add(table, &key.references);
                }
                Op::RenameTable { table, to } => related.rename(&table.name, to),
                _ => {}
            }
        }
        related
    }

    fn table(&mut self, table: &Table) {
        for key in &table.foreign_keys {
            self.add(&table.name, &key.references);
        }
        for dependent in table.notes.dependents.iter().filter(|of| of.kind == DependentKind::ForeignKey) {
            self.add(&table.name, &dependent.name);
        }
    }

    fn add(&mut self, one: &Name, other: &Name) {
        let (one, other) = (one.name.to_lowercase(), other.name.to_lowercase());
        self.0.insert((other.clone(), one.clone()));
        self.0.insert((one, other));
    }

    /// A table has what it had under its old name.
    fn rename(&mut self, old: &str, new: &str) {
        let (old, new) = (old.to_lowercase(), new.to_lowercase());
        let others: Vec<_> =
            self.0.iter().filter(|(one, _)| *one == old).map(|(_, two)| two.clone()).collect();
        for other in others {
            self.0.insert((other.clone(), new.clone()));
            self.0.insert((new.clone(), other));
        }
    }

    /// Whether a change of a table and what is done to another one have nothing to do with each other.
    fn apart(&self, op: &Op, other: &Op) -> bool {
        let (Some(one), Some(two)) = (op.table(), other.table()) else { return false };
        let plain = alters(other) || matches!(other, Op::CreateTable { .. } | Op::RenameColumn { .. });
        let related = || self.0.contains(&(one.name.to_lowercase(), two.name.to_lowercase()));
        // Names of indexes are all tables'.
        plain
            && !(touches_keys(op) && touches_keys(other) && related())
            && !(has_index(op) && has_index(other))
            && !reads(op, &two.name)
            && !reads(other, &one.name)
    }
}

/// Whether an operation makes an index, drops it or gives it another name.
fn has_index(op: &Op) -> bool {
    match op {
        Op::CreateTable { table, .. } => !table.indexes.is_empty(),
        Op::CreateIndex { .. } | Op::DropIndex { .. } | Op::RenameIndex { .. } => true,
        _ => false,
    }
}

/// Whether an operation may change what a foreign key stands on.
fn touches_keys(op: &Op) -> bool {
    match op {
        Op::AddColumn { .. } | Op::SetTableOptions { .. } => false,
        Op::AlterColumn { change, .. } => {
            matches!(change, ColumnChange::Type { .. } | ColumnChange::Collation(_))
        }
        Op::CreateIndex { index, .. } => index.unique,
        Op::AddConstraint { constraint, .. } => !matches!(constraint, Constraint::Check(_)),
        _ => true,
    }
}
