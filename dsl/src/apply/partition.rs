//! What a partition has of its own, when it becomes one and when it ceases to be one.
//!
//! PostgreSQL makes the parent's of what a table has that fits the parent when it is attached, and leaves it everything when
//! it is detached, by the names that it would have given it (seen on 15 and 18).

use crate::conventional_name;
use crate::schema::{Column, Constraint, Index, KeyPart, Label, Table};

/// A table becomes a partition: what fits the parent is the parent's from now on.
pub(super) fn attach(child: &mut Table, parent: &Table) {
    child.columns.retain(|column| parent.column(&column.name).is_none_or(|of| is_own(column, of)));
    child.checks.retain(|check| !parent.checks.iter().any(|of| of.label == check.label));
    child.primary_key.take_if(|_| parent.primary_key.is_some());
    child.uniques.retain(|unique| !parent.uniques.iter().any(|of| same(of, unique, |of| &mut of.label)));
    child.foreign_keys.retain(|key| !parent.foreign_keys.iter().any(|of| same(of, key, |of| &mut of.label)));
    child.exclusions.retain(|one| !parent.exclusions.iter().any(|of| same(of, one, |of| &mut of.label)));
    for of in &parent.indexes {
        let found = child.indexes.iter().position(|index| bare(index) == bare(of));
        found.map(|at| child.indexes.remove(at));
    }
    let kept: Vec<String> =
        child.constraints().filter_map(|kept| kept.label().name().map(str::to_owned)).collect();
    child.constraint_comments.retain(|name, _| kept.contains(name));
}

/// A partition becomes a table: it has everything itself that was the parent's.
pub(super) fn detach(child: &mut Table, parent: &Table) {
    let mut own = std::mem::take(&mut child.columns);
    for column in &parent.columns {
        let at = own.iter().position(|other| other.name == column.name);
        child.columns.push(match at {
            Some(at) => own.remove(at),
            // Neither a remark nor the numbers are handed down.
            None => Column { comment: None, identity: None, ..column.clone() },
        });
    }
    child.columns.append(&mut own);
    for constraint in parent.constraints() {
        match named_for(child, constraint) {
            Constraint::PrimaryKey(key) => {
                child.primary_key.get_or_insert(key);
            }
            Constraint::Unique(unique) => child.uniques.push(unique),
            Constraint::ForeignKey(key) => child.foreign_keys.push(key),
            Constraint::Check(check) => child.checks.push(check),
            Constraint::Exclusion(exclusion) => child.exclusions.push(exclusion),
        }
    }
    for index in &parent.indexes {
        let columns: Vec<&str> = index.keys.iter().map(|key| key.column_name().unwrap_or("expr")).collect();
        let label = free_name(child, &columns, "idx");
        child.indexes.push(Index { label, comment: None, ..index.clone() });
    }
}

/// Whether a partition's column is more than its parent's: a default, a refusal of NULL or a remark of its own.
pub(super) fn is_own(column: &Column, of: &Column) -> bool {
    let bare = |column: &Column| Column { comment: None, identity: None, ..column.clone() };
    column.comment.is_some() || bare(column) != bare(of)
}

fn same<T: Clone + PartialEq>(one: &T, other: &T, label: impl Fn(&mut T) -> &mut Label) -> bool {
    let unnamed = |of: &T| {
        let mut of = of.clone();
        *label(&mut of) = Label::Unnamed;
        of
    };
    unnamed(one) == unnamed(other)
}

/// What of an index counts when it is to serve the parent's.
fn bare(index: &Index) -> Index {
    Index {
        label: Label::Unnamed,
        comment: None,
        storage: Default::default(),
        tablespace: None,
        ..index.clone()
    }
}

/// A parent's constraint by the name that the server gave it in the partition; a check and a foreign key have the parent's.
fn named_for(child: &Table, mut constraint: Constraint) -> Constraint {
    let label = match &constraint {
        Constraint::PrimaryKey(_) => free_name(child, &[], "pkey"),
        Constraint::Unique(unique) => {
            let columns: Vec<&str> = unique.columns.iter().map(String::as_str).collect();
            free_name(child, &columns, "key")
        }
        Constraint::Exclusion(exclusion) => {
            let columns: Vec<&str> = exclusion
                .elements
                .iter()
                .map(|element| match &element.key.on {
                    KeyPart::Column(name) => name.as_str(),
                    KeyPart::Expr(_) => "expr",
                })
                .collect();
            free_name(child, &columns, "excl")
        }
        Constraint::ForeignKey(_) | Constraint::Check(_) => return constraint,
    };
    *constraint.label_mut() = label;
    constraint
}

/// The name by convention, with the first number behind it that makes it another one than those that there are.
fn free_name(table: &Table, columns: &[&str], suffix: &str) -> Label {
    let taken = |name: &str| table.index(name).is_some() || table.constraint(name).is_some();
    let numbered = |number: usize| match number {
        0 => conventional_name(&table.name, columns, suffix),
        number => conventional_name(&table.name, columns, &format!("{suffix}{number}")),
    };
    let mut number = 0;
    while taken(&numbered(number)) {
        number += 1;
    }
    Label::Given(numbered(number))
}
