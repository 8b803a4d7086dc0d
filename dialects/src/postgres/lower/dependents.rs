//! What stands on a column that gets another type goes before, and comes back after: the server would refuse.
//!
//! It comes back as it is, whoever has changed it since, so what undoes the change says nothing of it but what its texts were: the
//! server prints them anew for the new type, and with other casts they needn't mean the same under the old one.

use dunlin_dsl::{
    ColumnChange, Definition, Dependent, Name, Notes, Object, ObjectId, ObjectKind, Op, Policy, Schema,
    TableChange, Unsupported, creation_ops, reverse_all,
};

use super::named;
use crate::lex;
use crate::postgres::written::{Gone, texts};
use crate::sql::Sql;

type Result<T> = std::result::Result<T, Unsupported>;

/// What stands on columns that get other types, as far as a revision is seen.
#[derive(Default)]
pub(in crate::postgres) struct Dependents {
    /// The names that things had before this revision renamed them. Texts still have them.
    old_names: Vec<String>,
    /// What is done behind how many operations more.
    behind: Vec<Op>,
    left: usize,
    /// What stood on what, which nothing tells of what is written anew.
    noted: Vec<(ObjectId, Vec<Dependent>)>,
}

impl Dependents {
    /// Has the texts remembered of what stands in the way of the first of these operations and of those that go with it.
    pub(super) fn remember(&mut self, ops: &[Op], schema: &Schema, sql: Sql<'_>) -> Result<()> {
        let Some(all) = self.begin(ops, schema, sql)? else { return Ok(()) };
        let objects = creation_ops(&all).into_iter().filter_map(|op| match op {
            Op::CreateObject { object, .. } => Some(object),
            _ => None,
        });
        self.behind = objects.flat_map(recalls).collect();
        Ok(())
    }

    /// What goes before the first of these operations. It comes back when those that go with it are done.
    pub(in crate::postgres) fn go(&mut self, ops: &[Op], schema: &Schema, sql: Sql<'_>) -> Result<Vec<Op>> {
        let (Some(first), Some(all)) = (ops.first(), self.begin(ops, schema, sql)?) else {
            return Ok(Vec::new());
        };
        let created = creation_ops(&all);
        let drop = |id| Op::DropObject { object: id, if_exists: false, cascade: false };
        let drops: Vec<Op> = created.iter().rev().filter_map(Op::object).map(drop).collect();
        self.behind = reverse_all(&drops, schema).map_err(|error| {
            let instead = "drop it before, and create it again after";
            Unsupported::new(first, format!("can't bring back what uses it: {error}"), instead)
        })?;
        self.noted = noted(schema, &all);
        Ok(drops)
    }

    /// What is done behind an operation.
    pub(in crate::postgres) fn come(&mut self) -> Vec<Op> {
        self.left = self.left.saturating_sub(1);
        match self.left {
            0 => std::mem::take(&mut self.behind),
            _ => Vec::new(),
        }
    }

    /// Notes on what there is now what has come back to stand on it.
    pub(in crate::postgres) fn note(&mut self, schema: &mut Schema) {
        if self.left > 0 {
            return;
        }
        for (id, dependents) in std::mem::take(&mut self.noted) {
            let notes = match id.kind {
                ObjectKind::Table => schema.tables.get_mut(&id.name).map(|table| &mut table.notes.0),
                _ => schema.objects.get_mut(&id).map(|object| &mut object.notes.0),
            };
            let Some(notes) = notes else { continue };
            let is_known = |one: &Dependent| notes.dependents.contains(one);
            let missing: Vec<_> = dependents.into_iter().filter(|one| !is_known(one)).collect();
            notes.dependents.extend(missing);
        }
    }

    /// What stands in the way of the first of these operations and of those that go with it, where these have not begun yet.
    fn begin(&mut self, ops: &[Op], schema: &Schema, sql: Sql<'_>) -> Result<Option<Schema>> {
        let Some(first) = ops.first() else { return Ok(None) };
        self.see(first);
        let run = run(ops);
        if self.left > 0 || run.is_empty() {
            return Ok(None);
        }
        let run: Vec<Op> = run.iter().map(|op| named::as_known(op.clone(), schema, sql.server)).collect();
        let all = standing(&run, schema, sql)?;
        if all.objects.is_empty() {
            return Ok(None);
        }
        self.refuse_old_names(first, &all, sql)?;
        self.left = run.len();
        Ok(Some(all))
    }

    /// Takes note of a rename.
    fn see(&mut self, op: &Op) {
        self.old_names.extend(match op {
            Op::RenameTable { table, .. } => Some(table.name.clone()),
            Op::RenameColumn { column, .. } => Some(column.clone()),
            Op::RenameObject { object, .. } | Op::SetSchema { object, .. } => Some(object.name.name.clone()),
            _ => None,
        });
    }

    /// Refuses to write again by its text what names something as it was called before this revision.
    fn refuse_old_names(&self, op: &Op, all: &Schema, sql: Sql<'_>) -> Result<()> {
        for object in all.objects.values() {
            let texts = texts(&object.definition, sql);
            let old = self.old_names.iter().find(|old| texts.iter().any(|text| lex::mentions(text, old)));
            if let Some(old) = old {
                return Err(Unsupported::new(
                    op,
                    format!(
                        "{} uses it, and is known by a text that mentions {old}, which this revision renames before",
                        object.id
                    ),
                    "do this first, or in a revision of its own",
                ));
            }
        }
        Ok(())
    }
}

/// The operations from the first on that are done together, if they begin with changes of columns and give some another type: up to
/// the last such one, and what else is changed of columns right behind it.
fn run(ops: &[Op]) -> &[Op] {
    let is_of_column = |op: &Op| matches!(op, Op::AlterColumn { .. });
    let is_of_run = |op: &Op| {
        let is_mark = matches!(op, Op::AlterTable { change: TableChange::Cluster(_), .. });
        is_mark || matches!(op, Op::AlterColumn { .. } | Op::AddConstraint { .. } | Op::DropConstraint { .. })
    };
    let count = |ops: &[Op], is: &dyn Fn(&Op) -> bool| ops.iter().take_while(|op| is(op)).count();
    let lead = count(ops, &is_of_column);
    if !ops[..lead].iter().any(|op| retyped(op).is_some()) {
        return &[];
    }
    let all = &ops[..count(ops, &is_of_run)];
    let last = all.iter().rposition(|op| retyped(op).is_some()).unwrap_or_default();
    &ops[..last + count(&all[last..], &is_of_column)]
}

/// What recalls the texts of an object, each by itself, for another branch may change one of them.
fn recalls(object: Object) -> Vec<Op> {
    let recall = |definition| Op::Recall { object: Object::new(object.id.clone(), definition) };
    match object.definition {
        Definition::Policy(of) => {
            let using = of.using.is_some().then(|| Policy { with_check: None, ..of.clone() });
            let check = of.with_check.is_some().then(|| Policy { using: None, ..of.clone() });
            [using, check].into_iter().flatten().map(|of| recall(Definition::Policy(of))).collect()
        }
        definition => vec![recall(definition)],
    }
}

/// The column that gets another type, or another collation, which the server takes for one.
fn retyped(op: &Op) -> Option<(&Name, &str)> {
    match op {
        Op::AlterColumn { table, column, change: ColumnChange::Type { .. } | ColumnChange::Collation(_) } => {
            Some((table, column))
        }
        _ => None,
    }
}

/// All that stands on the columns that operations retype, and can come back. What can't is left to stand in the way, if it stands on
/// a column itself.
fn standing(run: &[Op], schema: &Schema, sql: Sql<'_>) -> Result<Schema> {
    let mut all = Schema::new();
    for op in run {
        let Some((table, column)) = retyped(op) else { continue };
        refuse_published(op, table, column, schema, sql)?;
        let mut left = directly(table, column, schema, sql);
        while let Some(object) = left.pop() {
            if all.object(&object.id).is_some() {
                continue;
            }
            refuse_unmodelled(op, object, schema)?;
            all.insert_object(object.clone());
            for dependent in object.notes.dependents.iter().filter(|one| !one.kind.goes_with_it()) {
                let Some(object) = known(dependent, schema) else {
                    return Err(Unsupported::new(
                        op,
                        format!("{} uses it, and {dependent} stands on that", object.id),
                        "drop that first, and create it again after",
                    ));
                };
                left.push(object);
            }
        }
    }
    Ok(all)
}

/// What uses a column: by what the catalog tells; and of what belongs to its table, by the texts, for it tells nothing of a rule.
fn directly<'s>(table: &Name, column: &str, schema: &'s Schema, sql: Sql<'_>) -> Vec<&'s Object> {
    let notes = schema.get(table).map(|table| &table.notes);
    let dependents = notes.into_iter().flat_map(|notes| &notes.dependents);
    let mut found: Vec<&Object> = dependents
        .filter(|dependent| dependent.uses.iter().any(|used| used == column))
        .filter_map(|dependent| known(dependent, schema))
        .collect();
    let gone = Gone::Column(table, column);
    let own = schema.objects.values().filter(|object| object.id.on.as_ref() == Some(table));
    found.extend(own.filter(|object| object.id.kind.comes_back() && gone.is_used_by(object, sql)));
    found
}

/// The object that a dependent is, if it was read and can come back.
fn known<'s>(dependent: &Dependent, schema: &'s Schema) -> Option<&'s Object> {
    schema.object(dependent.object.as_ref()?).filter(|object| object.id.kind.comes_back())
}

/// Refuses where something would come back with less than it has.
fn refuse_unmodelled(op: &Op, object: &Object, schema: &Schema) -> Result<()> {
    let own = schema.objects.values().filter(|own| own.belongs_to() == Some(&object.id.name));
    let own = own.filter(|_| object.id.is_relation());
    for one in std::iter::once(object).chain(own) {
        if let Some(what) = one.notes.unmodelled.first() {
            return Err(Unsupported::new(
                op,
                format!(
                    "{} uses it and would be dropped and created anew, and {} has {what}, which Dunlin can't bring back",
                    object.id, one.id
                ),
                "write it as SQL: execute(..).undo(..)",
            ));
        }
    }
    Ok(())
}

/// Refuses to retype a column by which rows are published: the server would too.
fn refuse_published(op: &Op, table: &Name, column: &str, schema: &Schema, sql: Sql<'_>) -> Result<()> {
    let filters = |object: &&Object| match &object.definition {
        Definition::Publication(of) => of.tables.iter().filter(|one| one.table == *table).any(|one| {
            let text = one.filter.as_ref().and_then(|filter| filter.sql(sql.server.dialect));
            text.is_some_and(|text| lex::mentions_column(text, column))
        }),
        _ => false,
    };
    match schema.objects.values().find(filters) {
        Some(object) => Err(Unsupported::new(
            op,
            format!("{} chooses rows by it", object.id),
            "take the table out of it first, and put it in again after",
        )),
        None => Ok(()),
    }
}

/// What of `all` stands on what.
fn noted(schema: &Schema, all: &Schema) -> Vec<(ObjectId, Vec<Dependent>)> {
    let of = |id: ObjectId, notes: &Notes| {
        let is_of_all = |one: &&Dependent| one.object.as_ref().is_some_and(|id| all.object(id).is_some());
        (id, notes.dependents.iter().filter(is_of_all).cloned().collect())
    };
    let tables = schema.tables.values().map(|table| of(ObjectId::table(&table.name), &table.notes));
    let objects = schema.objects.values().map(|object| of(object.id.clone(), &object.notes));
    tables.chain(objects).filter(|(_, dependents): &(_, Vec<_>)| !dependents.is_empty()).collect()
}
