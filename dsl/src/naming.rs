//! Names by convention: PostgreSQL's own, such as `users_email_key`, unless a project has another.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};

use crate::builder::Draft;
use crate::change::ObjectChange;
use crate::op::Op;
use crate::schema::{Check, Constraint, Definition, Exclusion, Index, Label, Name, Object, Table};

/// The longest name that all four servers take, in bytes.
const LIMIT_BYTES: usize = 63;

/// How constraints and indexes are called that are written without a name.
///
/// A template has `{table}`, `{columns}` (joined by `_`) and, for a foreign key, `{references}`: the table that it
/// refers to. What has nothing to say, such as the columns of a check, is left out with the `_` before it. A name
/// that is taken within its table gets a number, and one of more than 63 bytes loses its end to a hash.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// let naming = Naming::postgres().unique("uq_{table}_{columns}").foreign_key("fk_{table}_{columns}_{references}");
/// let mut op = Ops::with_naming(naming);
/// op.add_unique("users", ["email"]);
/// op.add_foreign_key("posts", ["user_id"], "users", ["id"]);
/// op.add_check("users", "age > 0");
/// let recorded = op.finish()?;
/// assert_eq!(recorded.ops[0].to_string(), "add unique constraint uq_users_email to table users");
/// assert_eq!(recorded.ops[1].to_string(), "add foreign key fk_posts_user_id_users to table posts");
/// assert_eq!(recorded.ops[2].to_string(), "add check users_check to table users");
/// # Ok::<(), dunlin_dsl::RecordError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    primary_key: String,
    unique: String,
    foreign_key: String,
    check: String,
    exclusion: String,
    index: String,
}

impl Naming {
    /// PostgreSQL's own: `users_pkey`, `users_email_key`, `posts_user_id_fkey`, `users_age_check`, `users_email_idx`.
    pub fn postgres() -> Self {
        let template = |suffix: &str| format!("{{table}}_{{columns}}_{suffix}");
        Self {
            primary_key: "{table}_pkey".into(),
            unique: template("key"),
            foreign_key: template("fkey"),
            check: template("check"),
            exclusion: template("excl"),
            index: template("idx"),
        }
    }

    /// Calls primary keys by this template.
    pub fn primary_key(self, template: impl Into<String>) -> Self {
        Self { primary_key: template.into(), ..self }
    }

    /// Calls unique constraints by this template.
    pub fn unique(self, template: impl Into<String>) -> Self {
        Self { unique: template.into(), ..self }
    }

    /// Calls foreign keys by this template.
    pub fn foreign_key(self, template: impl Into<String>) -> Self {
        Self { foreign_key: template.into(), ..self }
    }

    /// Calls checks by this template. A check has a column if it was written beside one, and none otherwise.
    pub fn check(self, template: impl Into<String>) -> Self {
        Self { check: template.into(), ..self }
    }

    /// Calls exclusion constraints by this template. An expression is `expr` among its columns.
    pub fn exclusion(self, template: impl Into<String>) -> Self {
        Self { exclusion: template.into(), ..self }
    }

    /// Calls indexes by this template. An expression is `expr` among its columns.
    pub fn index(self, template: impl Into<String>) -> Self {
        Self { index: template.into(), ..self }
    }

    /// What can't be meant in a template, if anything.
    pub(crate) fn fault(&self) -> Option<String> {
        let templates = [
            (&self.primary_key, false),
            (&self.unique, false),
            (&self.foreign_key, true),
            (&self.check, false),
            (&self.exclusion, false),
            (&self.index, false),
        ];
        templates.into_iter().find_map(|(template, refers)| {
            let unknown = parts(template).find_map(|part| match part {
                Part::Text(text) => text.contains(['{', '}']).then_some(text),
                Part::Placeholder("table" | "columns") => None,
                Part::Placeholder("references") if refers => None,
                Part::Placeholder(name) => Some(name),
            })?;
            Some(format!("{unknown:?} means nothing in the naming template {template:?}"))
        })
    }

    /// Names what an operation leaves unnamed.
    pub(crate) fn name_op(&self, op: &mut Op, draft: &Draft, taken: &mut Taken) {
        match op {
            Op::CreateTable { table, .. } => {
                taken.forget(&table.name);
                let name = table.name.clone();
                self.name_table(table, &draft.beside, taken.of(&name));
            }
            Op::AddConstraint { table, constraint } => {
                let column = draft.beside.get(&0).map(String::as_str);
                self.name_constraint(constraint, table, column, taken.of(table));
            }
            Op::CreateObject { object, .. } => self.name_object(object),
            Op::AlterObject { object, change: ObjectChange::AddCheck(check) } => {
                derive(&mut check.label, &self.check, Of::new(&object.name, [""; 0]), taken.of(&object.name));
            }
            // A number would make a second index of what is to be created only if there is none.
            Op::CreateIndex { table, index, if_not_exists: true, .. } => {
                self.name_index(index, table, &mut BTreeSet::new());
            }
            Op::CreateIndex { table, index, .. } => self.name_index(index, table, taken.of(table)),
            Op::On { ops, .. } => {
                let (mut taken, unknown) = (taken.clone(), Draft::default());
                for (at, op) in ops.iter_mut().enumerate() {
                    self.name_op(op, draft.inner.get(at).unwrap_or(&unknown), &mut taken);
                }
            }
            Op::DropTable { table, .. }
            | Op::RenameTable { table, .. }
            | Op::DropColumn { table, .. }
            | Op::DropConstraint { table, .. }
            | Op::RenameConstraint { table, .. }
            | Op::DropIndex { table, .. }
            | Op::RenameIndex { table, .. } => taken.forget(table),
            _ => {}
        }
    }

    /// Names what a table leaves unnamed. `beside` has the columns beside which its checks were written, by their
    /// place.
    pub(crate) fn name_table(
        &self,
        table: &mut Table,
        beside: &BTreeMap<usize, String>,
        taken: &mut BTreeSet<String>,
    ) {
        // What was given a name keeps it, wherever it stands.
        let labels = table.constraints().map(|constraint| constraint.label().clone());
        let labels = labels.chain(table.indexes.iter().map(|index| index.label.clone()));
        taken.extend(labels.filter_map(|label| label.name().map(str::to_owned)));
        let name = &table.name;
        if let Some(key) = &mut table.primary_key {
            derive(&mut key.label, &self.primary_key, Of::new(name, &key.columns), taken);
        }
        for unique in &mut table.uniques {
            derive(&mut unique.label, &self.unique, Of::new(name, &unique.columns), taken);
        }
        for key in &mut table.foreign_keys {
            let of = Of { references: &key.references.name, ..Of::new(name, &key.columns) };
            derive(&mut key.label, &self.foreign_key, of, taken);
        }
        for (at, check) in table.checks.iter_mut().enumerate() {
            derive(&mut check.label, &self.check, Of::new(name, beside.get(&at)), taken);
        }
        for exclusion in &mut table.exclusions {
            self.name_exclusion(exclusion, name, taken);
        }
        for index in &mut table.indexes {
            self.name_index(index, name, taken);
        }
    }

    fn name_constraint(
        &self,
        constraint: &mut Constraint,
        table: &Name,
        beside: Option<&str>,
        taken: &mut BTreeSet<String>,
    ) {
        match constraint {
            Constraint::PrimaryKey(key) => {
                derive(&mut key.label, &self.primary_key, Of::new(table, &key.columns), taken);
            }
            Constraint::Unique(unique) => {
                derive(&mut unique.label, &self.unique, Of::new(table, &unique.columns), taken);
            }
            Constraint::ForeignKey(key) => {
                let of = Of { references: &key.references.name, ..Of::new(table, &key.columns) };
                derive(&mut key.label, &self.foreign_key, of, taken);
            }
            Constraint::Check(check) => derive(&mut check.label, &self.check, Of::new(table, beside), taken),
            Constraint::Exclusion(exclusion) => self.name_exclusion(exclusion, table, taken),
        }
    }

    fn name_exclusion(&self, exclusion: &mut Exclusion, table: &Name, taken: &mut BTreeSet<String>) {
        let columns = exclusion.elements.iter().map(|element| element.key.column_name().unwrap_or("expr"));
        derive(&mut exclusion.label, &self.exclusion, Of::new(table, columns), taken);
    }

    /// Names the indexes of a materialized view and the checks of a domain.
    pub(crate) fn name_object(&self, object: &mut Object) {
        let mut taken = BTreeSet::new();
        match &mut object.definition {
            Definition::MaterializedView(view) => {
                view.indexes.iter_mut().for_each(|index| self.name_index(index, &object.id.name, &mut taken));
            }
            Definition::Domain(domain) => {
                taken.extend(domain.checks.iter().filter_map(|check| check.label.name().map(str::to_owned)));
                let name = |check: &mut Check| {
                    derive(&mut check.label, &self.check, Of::new(&object.id.name, [""; 0]), &mut taken);
                };
                domain.checks.iter_mut().for_each(name);
            }
            _ => {}
        }
    }

    fn name_index(&self, index: &mut Index, table: &Name, taken: &mut BTreeSet<String>) {
        let columns = index.keys.iter().map(|key| key.column_name().unwrap_or("expr"));
        derive(&mut index.label, &self.index, Of::new(table, columns), taken);
    }
}

impl Default for Naming {
    fn default() -> Self {
        Self::postgres()
    }
}

/// The name by PostgreSQL's convention of something of a table over these columns, as in `users_email_key`.
pub fn conventional_name(table: &Name, columns: &[&str], suffix: &str) -> String {
    cut(&expand(&format!("{{table}}_{{columns}}_{suffix}"), &Of::new(table, columns)))
}

/// The names that are taken on each table, as far as a run of operations tells.
#[derive(Clone, Default)]
pub(crate) struct Taken(BTreeMap<Name, BTreeSet<String>>);

impl Taken {
    fn of(&mut self, table: &Name) -> &mut BTreeSet<String> {
        self.0.entry(table.clone()).or_default()
    }

    /// After a drop or a rename names may be free again; which ones, only the database knows.
    fn forget(&mut self, table: &Name) {
        self.0.remove(table);
    }
}

/// What a name is made of.
struct Of<'a> {
    table: &'a str,
    columns: String,
    references: &'a str,
}

impl<'a> Of<'a> {
    fn new<S: AsRef<str>>(table: &'a Name, columns: impl IntoIterator<Item = S>) -> Self {
        let columns: Vec<_> = columns.into_iter().collect();
        let columns = columns.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("_");
        Self { table: &table.name, columns, references: "" }
    }
}

fn derive(label: &mut Label, template: &str, of: Of<'_>, taken: &mut BTreeSet<String>) {
    if *label == Label::Unnamed {
        let stem = expand(template, &of);
        let mut name = cut(&stem);
        let mut number = 0;
        while taken.contains(&name) {
            number += 1;
            name = cut(&format!("{stem}{number}"));
        }
        *label = Label::Derived(name);
    }
    taken.extend(label.name().map(str::to_owned));
}

fn expand(template: &str, of: &Of<'_>) -> String {
    let mut name = String::new();
    for part in parts(template) {
        let text = match part {
            Part::Text(text) => text,
            Part::Placeholder("table") => of.table,
            Part::Placeholder("columns") => &of.columns,
            Part::Placeholder(_) => of.references,
        };
        if text.is_empty() && name.ends_with('_') {
            name.pop();
        }
        name.push_str(text);
    }
    name
}

/// A piece of a template.
enum Part<'a> {
    Text(&'a str),
    Placeholder(&'a str),
}

/// The parts of a template, in order.
fn parts(template: &str) -> impl Iterator<Item = Part<'_>> {
    template.split_inclusive('}').flat_map(|piece| {
        let placeholder = piece.strip_suffix('}').and_then(|piece| piece.rsplit_once('{'));
        let (text, name) = placeholder.map_or((piece, None), |(text, name)| (text, Some(name)));
        std::iter::once(Part::Text(text)).filter(|_| !text.is_empty()).chain(name.map(Part::Placeholder))
    })
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
    fn check(template: &str, columns: &[&str], taken: &[&str], expected: &str) {
        let mut label = Label::Unnamed;
        let mut taken = taken.iter().map(|&name| name.to_owned()).collect();
        let table = Name::from("users");
        let of = Of { references: "teams", ..Of::new(&table, columns) };
        derive(&mut label, template, of, &mut taken);
        assert_eq!(label, Label::Derived(expected.into()));
    }

    #[test]
    fn names_follow_their_template() {
        let own = Naming::postgres();
        check(&own.primary_key, &["a", "b"], &[], "users_pkey");
        check(&own.unique, &["email"], &[], "users_email_key");
        check(&own.foreign_key, &["team", "role"], &[], "users_team_role_fkey");
        check(&own.check, &["age"], &[], "users_age_check");
        check(&own.check, &[], &[], "users_check");
        check(&own.check, &[], &["users_check", "users_check1"], "users_check2");
        check(&own.exclusion, &["room", "during"], &[], "users_room_during_excl");
        check(&own.index, &["first_name"], &["users_first_name_idx"], "users_first_name_idx1");
        check("fk-{references}.{table}", &[], &[], "fk-teams.users");
        check("ck_{columns}", &[], &[], "ck");
    }

    /// A misspelt placeholder would give everything the same name.
    #[test]
    fn templates_are_checked() {
        let faults = |naming: Naming| naming.fault().unwrap_or_default();
        assert_eq!(faults(Naming::postgres()), "");
        assert_eq!(
            faults(Naming::postgres().index("ix_{tabel}")),
            r#""tabel" means nothing in the naming template "ix_{tabel}""#
        );
        for bad in ["ix_{table", "ix_table}", "{{table}}", "{references}"] {
            assert_ne!(faults(Naming::postgres().index(bad)), "", "{bad}");
        }
    }

    /// Two long names that differ only at their end stay two, within the limit, and never cut a character.
    #[test]
    fn long_names_are_cut_with_a_hash() {
        let (one, two) = (cut(&format!("{}a", "é".repeat(40))), cut(&format!("{}b", "é".repeat(40))));
        assert!(one.len() <= LIMIT_BYTES && two.len() <= LIMIT_BYTES);
        assert_ne!(one, two);
    }
}
