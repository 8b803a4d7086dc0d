//! Names by convention: PostgreSQL's own, such as `users_email_key`.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::op::Op;
use crate::schema::{Constraint, Index, Label, Name, Table};

/// The longest name that all four servers take, in bytes.
const LIMIT_BYTES: usize = 63;

/// The name by PostgreSQL's convention of something of a table over these columns, as in `users_email_key`.
pub fn conventional_name(table: &Name, columns: &[&str], suffix: &str) -> String {
    let parts = std::iter::once(table.name.as_str()).chain(columns.iter().copied()).chain([suffix]);
    cut(&parts.collect::<Vec<_>>().join("_"))
}

/// Names what an operation leaves unnamed.
pub(crate) fn name_op(op: &mut Op) {
    match op {
        Op::CreateTable { table, .. } => name_table(table),
        Op::AddConstraint { table, constraint } => {
            let (table, columns, suffix) =
                (table.name.clone(), constraint_columns(constraint), suffix(constraint));
            derive(constraint.label_mut(), &table, &columns, suffix, &mut BTreeSet::new());
        }
        Op::CreateIndex { table, index, .. } => name_index(index, &table.name, &mut BTreeSet::new()),
        Op::On { ops, .. } => ops.iter_mut().for_each(name_op),
        _ => {}
    }
}

/// Names what a table leaves unnamed. A second name of its kind gets a number, as PostgreSQL gives it.
pub(crate) fn name_table(table: &mut Table) {
    let mut taken = BTreeSet::new();
    let name = table.name.name.clone();
    if let Some(key) = &mut table.primary_key {
        derive(&mut key.label, &name, &[], "pkey", &mut taken);
    }
    for unique in &mut table.uniques {
        derive(&mut unique.label, &name, &unique.columns, "key", &mut taken);
    }
    for key in &mut table.foreign_keys {
        derive(&mut key.label, &name, &key.columns, "fkey", &mut taken);
    }
    for check in &mut table.checks {
        derive(&mut check.label, &name, &[], "check", &mut taken);
    }
    for index in &mut table.indexes {
        name_index(index, &name, &mut taken);
    }
}

fn name_index(index: &mut Index, table: &str, taken: &mut BTreeSet<String>) {
    let columns: Vec<String> =
        index.keys.iter().map(|key| key.column_name().unwrap_or("expr").to_owned()).collect();
    derive(&mut index.label, table, &columns, "idx", taken);
}

fn constraint_columns(constraint: &Constraint) -> Vec<String> {
    match constraint {
        Constraint::Unique(unique) => unique.columns.clone(),
        Constraint::ForeignKey(key) => key.columns.clone(),
        Constraint::PrimaryKey(_) | Constraint::Check(_) => Vec::new(),
    }
}

fn suffix(constraint: &Constraint) -> &'static str {
    match constraint {
        Constraint::PrimaryKey(_) => "pkey",
        Constraint::Unique(_) => "key",
        Constraint::ForeignKey(_) => "fkey",
        Constraint::Check(_) => "check",
    }
}

fn derive(label: &mut Label, table: &str, columns: &[String], suffix: &str, taken: &mut BTreeSet<String>) {
    if *label == Label::Unnamed {
        let stem = std::iter::once(table).chain(columns.iter().map(String::as_str)).chain([suffix]);
        let stem = stem.collect::<Vec<_>>().join("_");
        let numbered = (0..).map(|n| if n == 0 { cut(&stem) } else { cut(&format!("{stem}{n}")) });
        let name = numbered.into_iter().find(|name| !taken.contains(name)).unwrap_or(stem);
        *label = Label::Derived(name);
    }
    taken.extend(label.name().map(str::to_owned));
}

/// A name within the limit: an over-long one loses its end to eight digits of its hash.
fn cut(name: &str) -> String {
    if name.len() <= LIMIT_BYTES {
        return name.into();
    }
    let hash = Sha256::digest(name);
    let hash: String = hash.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let mut end = LIMIT_BYTES - hash.len() - 1;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}_{hash}", &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &str, columns: &[&str], suffix: &str, taken: &[&str], expected: &str) {
        let mut label = Label::Unnamed;
        let columns: Vec<String> = columns.iter().map(|&column| column.into()).collect();
        let mut taken = taken.iter().map(|&name| name.to_owned()).collect();
        derive(&mut label, table, &columns, suffix, &mut taken);
        assert_eq!(label, Label::Derived(expected.into()));
    }

    #[test]
    fn names_follow_postgres() {
        check("users", &[], "pkey", &[], "users_pkey");
        check("users", &["email"], "key", &[], "users_email_key");
        check("users", &["first_name"], "idx", &["users_first_name_idx"], "users_first_name_idx1");
        check("posts", &["user_id"], "fkey", &[], "posts_user_id_fkey");
    }

    /// Two long names that differ only at their end stay two, within the limit, and never cut a character.
    #[test]
    fn long_names_are_cut_with_a_hash() {
        let (one, two) = (cut(&format!("{}a", "é".repeat(40))), cut(&format!("{}b", "é".repeat(40))));
        assert!(one.len() <= LIMIT_BYTES && two.len() <= LIMIT_BYTES);
        assert_ne!(one, two);
    }
}
