//! What a rename, or a move into another schema, leaves behind: texts that still have the old name.
//!
//! An expression is text, and no rename reaches into it. What the catalog said of a check before `a` was renamed to `b` says
//! `a`, and brought back beside `b` it means nothing, or something else; so does what said `a` before it was moved to where
//! only `other.a` finds it. So what mentions an old name can't be undone by operations of the same revision.

use std::collections::BTreeSet;

use crate::change::{ExtensionChange, ObjectChange, PublicationChange};
use crate::mention::{mentions, texts, texts_and_types};
use crate::op::Op;
use crate::schema::{Constraint, Definition, IndexKey, Name, ObjectId, ObjectKind, PublishedTable, Schema};

/// The renames of a revision, as far as it is seen, and the extensions that it has put into another schema.
#[derive(Default)]
pub(super) struct Renames(Vec<Rename>, Vec<ObjectId>);

struct Rename {
    old: String,
    new: String,
    /// The names that the table of a column has had.
    of: Vec<Name>,
}

impl Renames {
    /// Takes note of an operation.
    pub(super) fn see(&mut self, op: &Op) {
        match op {
            Op::RenameTable { table, to } => self.relation(table, &table.sibling(to)),
            Op::RenameColumn { table, column, to } => {
                let of = vec![table.clone()];
                self.0.push(Rename { old: column.clone(), new: to.clone(), of });
            }
            Op::RenameObject { object, to } if is_mentioned(object.kind) => {
                self.relation(&object.name, &object.renamed(to).name);
            }
            Op::SetSchema { object, schema } if is_mentioned(object.kind) => {
                self.relation(&object.name, &object.moved(schema.as_deref()).name);
            }
            Op::AlterObject { object, change: ObjectChange::RenameColumn { name, to } } => {
                let of = vec![object.name.clone()];
                self.0.push(Rename { old: name.clone(), new: to.clone(), of });
            }
            Op::AlterObject {
                change:
                    ObjectChange::RenameValue { value: old, to } | ObjectChange::RenameAttribute { name: old, to },
                ..
            } => self.0.push(Rename { old: old.clone(), new: to.clone(), of: Vec::new() }),
            Op::AlterObject { object, change: ObjectChange::Extension(ExtensionChange::Schema(_)) } => {
                self.1.push(object.clone());
            }
            _ => {}
        }
    }

    fn relation(&mut self, old: &Name, new: &Name) {
        for rename in self.0.iter_mut().filter(|rename| rename.of.contains(old)) {
            rename.of.push(new.clone());
        }
        self.0.push(Rename { old: old.name.clone(), new: new.name.clone(), of: Vec::new() });
    }

    /// Refuses an undo that has such a text, or that leaves one out which it can't know to be meant.
    pub(super) fn refuse(&self, op: &Op, undo: &[Op], before: &Schema) -> Result<(), String> {
        self.refuse_moved(undo, before)?;
        if self.0.is_empty() {
            return Ok(());
        }
        for undo in undo.iter().filter(|undo| !comes_last(undo)) {
            self.refuse_texts(&texts(undo), &tables(undo))?;
            self.refuse_copies(undo, before)?;
        }
        let Op::DropColumn { table: name, column, .. } = op else { return Ok(()) };
        let Some(table) = before.get(name) else { return Ok(()) };
        // What mentions it by its old name goes with it, and isn't found by its new one.
        let renamed = |rename: &&Rename| rename.new == *column && rename.of.contains(name);
        let mut mentioned = texts(table);
        let belonging = before.objects.values().filter(|object| object.id.on.as_ref() == Some(name));
        mentioned.extend(belonging.flat_map(texts));
        match self
            .0
            .iter()
            .filter(renamed)
            .find(|rename| mentioned.iter().any(|text| mentions(text, &rename.old)))
        {
            Some(rename) => Err(rename.reason()),
            None => Ok(()),
        }
    }

    /// Refuses what stands on an extension that isn't where its texts and types say.
    fn refuse_moved(&self, undo: &[Op], before: &Schema) -> Result<(), String> {
        for id in &self.1 {
            let dependents =
                before.object(id).map(|object| object.notes.dependents.as_slice()).unwrap_or_default();
            let stands = |op: &&Op| {
                let object = op.object().filter(|_| !texts_and_types(op).is_empty());
                object.is_some_and(|object| dependents.iter().any(|one| one.name == object.name))
            };
            if let Some(object) = undo.iter().find(stands).and_then(Op::object) {
                return Err(format!(
                    "{object} stands on {id}, which this revision has put into another schema before; do that in a \
                     revision of its own, or write a down"
                ));
            }
        }
        Ok(())
    }

    /// Refuses an index that partitions would get by another name than they had: the server calls it by its columns.
    fn refuse_copies(&self, undo: &Op, before: &Schema) -> Result<(), String> {
        let (table, columns) = match undo {
            Op::CreateIndex { table, index, .. } => {
                let keys = index.keys.iter().filter_map(IndexKey::column_name);
                (table, keys.chain(index.include.iter().map(String::as_str)).collect::<Vec<_>>())
            }
            Op::AddConstraint { table, constraint: Constraint::Unique(unique) } => {
                (table, unique.columns.iter().chain(&unique.include).map(String::as_str).collect())
            }
            _ => return Ok(()),
        };
        if before.get(table).is_none_or(|table| table.partitioning.is_none()) {
            return Ok(());
        }
        let mut renames = self.0.iter().filter(|rename| rename.of.contains(table));
        match renames.find(|rename| columns.contains(&rename.new.as_str())) {
            Some(rename) => Err(format!(
                "partitions of {table} call it by column {}, which this revision has renamed to {} before; drop it in a \
                 revision before that, or write a down",
                rename.old, rename.new
            )),
            None => Ok(()),
        }
    }

    fn refuse_texts(&self, texts: &[String], tables: &[Name]) -> Result<(), String> {
        for rename in &self.0 {
            let is_about = |text: &&String| {
                rename.of.is_empty()
                    || tables.iter().any(|table| rename.of.contains(table))
                    || rename.of.iter().any(|of| mentions(text, &of.name))
            };
            if texts.iter().filter(is_about).any(|text| mentions(text, &rename.old)) {
                return Err(rename.reason());
            }
        }
        Ok(())
    }
}

impl Rename {
    fn reason(&self) -> String {
        if self.old == self.new {
            return format!(
                "what it had mentions {}, which this revision has put into another schema before; do that in a revision of \
                 its own, or write a down",
                self.old
            );
        }
        format!(
            "what it had mentions {}, which this revision has renamed to {} before; rename in a revision of its own, or \
             write a down",
            self.old, self.new
        )
    }
}

/// The tables whose columns an operation's texts are about, without saying whose they are.
fn tables(op: &Op) -> Vec<Name> {
    let published = |of: &BTreeSet<PublishedTable>| of.iter().map(|one| one.table.clone()).collect();
    let of_definition = |definition: &Definition| match definition {
        Definition::Statistics(of) => vec![of.table.clone()],
        Definition::Publication(of) => published(&of.tables),
        _ => Vec::new(),
    };
    let mut tables = match op {
        Op::CreateObject { object, .. } => of_definition(&object.definition),
        Op::AlterObject { change: ObjectChange::Definition(definition), .. } => of_definition(definition),
        Op::AlterObject { change: ObjectChange::Publication(PublicationChange::Tables(of)), .. } => {
            published(of)
        }
        _ => Vec::new(),
    };
    tables.extend(op.table().cloned());
    tables.extend(op.object().and_then(|id| id.on));
    tables
}

/// Whether texts mention such an object by its name.
fn is_mentioned(kind: ObjectKind) -> bool {
    use ObjectKind::{
        Collation, Composite, Domain, Enum, Function, MaterializedView, Procedure, Schema, Sequence, Table,
        View,
    };
    matches!(
        kind,
        Table
            | View
            | MaterializedView
            | Sequence
            | Enum
            | Composite
            | Domain
            | Function
            | Procedure
            | Collation
            | Schema
    )
}

/// Whether it comes after all renames are undone: a view, and what is on one.
fn comes_last(op: &Op) -> bool {
    let is_view = |id: &ObjectId| matches!(id.kind, ObjectKind::View | ObjectKind::MaterializedView);
    match op {
        Op::CreateObject { object, .. } => is_view(&object.id),
        // Each is of its own names.
        Op::Execute { .. } | Op::Recall { .. } => true,
        _ => false,
    }
}
