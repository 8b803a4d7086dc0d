//! What is taken to be true of a database that nobody asks: its schema, as the operations of the revisions before tell it, and its
//! session.
//!
//! What hand-written SQL or a data step has done isn't told by anything, so what stood before isn't known behind one.

mod dependents;

use std::collections::{BTreeMap, BTreeSet};

use dunlin_dsl::{
    Definition, Existing, Object, ObjectId, ObjectKind, Op, Schema, Table, Trigger, TriggerAction, apply,
    reverse_all, touched,
};

use super::recorded::{Up, Way};
use super::segment::{Segment, segments};
use crate::error::{Error, Kind, Result};
use crate::layout::Layout;
use crate::script::changes_rows;
use crate::undo::Undo;

/// What is taken to be true.
#[derive(Clone, Default)]
pub(super) struct Assumed {
    /// What is known to be there, in the server's own terms.
    schema: Schema,
    /// What went before, whose doing isn't known. What isn't in the schema may be there or not.
    opaque: Option<String>,
    /// What isn't known any more by itself, and why.
    lost: BTreeMap<ObjectId, String>,
    /// What the session begins with.
    pub(super) opening: Vec<String>,
}

impl Assumed {
    /// That of a database in which this was read, and nothing else is asked for.
    pub(super) fn read(schema: Schema) -> Self {
        Self { schema, ..Self::default() }
    }

    /// The objects that operations touch, as they are before them.
    pub(super) fn before(&self, layout: &Layout, ops: &[Op]) -> Result<Schema> {
        let ids = touched(ops);
        let mut before = Schema::new();
        for id in &ids {
            self.take(id, &mut before)?;
        }
        self.refuse_dependents(layout, ops)?;
        dependents::note(&mut before, &self.schema);
        Ok(before)
    }

    /// Takes note of what operations, in the server's own terms, make of it.
    pub(super) fn apply(&mut self, layout: &Layout, revision: &str, ops: &[Op]) {
        let mut named = BTreeSet::new();
        for op in ops {
            if op.is_opaque() {
                self.execute(layout, revision, op);
                continue;
            }
            let id = op.object();
            match apply(&mut self.schema, op) {
                Ok(()) => {}
                Err(conflict) => self.lose(id.as_ref(), format!("can't {op}: {}", conflict.reason)),
            }
            if let Op::RenameColumn { table, column, .. } = op
                && self.schema.get(table).is_some_and(|table| mentions(table, column))
            {
                let why = format!(
                    "revision {revision} renames its column {column}, which something of it mentions"
                );
                self.lose(id.as_ref(), why);
            }
            named.extend(id);
            match op {
                Op::RenameTable { table, to } => _ = named.insert(ObjectId::table(table.sibling(to))),
                Op::RenameObject { object, to } => _ = named.insert(object.renamed(to)),
                Op::SetSchema { object, schema } => _ = named.insert(object.moved(schema.as_deref())),
                _ => {}
            }
        }
        self.lower(layout, &named);
    }

    /// Takes note of something whose doing isn't known.
    pub(super) fn forget(&mut self, what: String) {
        self.schema = Schema::new();
        self.lost.clear();
        self.opaque = Some(what);
    }

    /// Takes note of a revision that ran before, and tells what undoes it, as history has recorded it then.
    pub(super) fn replay(&mut self, layout: &Layout, up: &Up) -> Result<Undo> {
        let mut undo = Ok(Undo::Ops(Vec::new()));
        match &up.way {
            Way::Script(surveyed) => {
                let survey = surveyed.survey(layout).map_err(|error| error.with_revision(&up.id))?;
                if !survey.only_rows {
                    self.forget(sql_of(&up.id));
                }
            }
            Way::Ops { ops, .. } => {
                for segment in segments(&Op::select(ops, layout.server.dialect)) {
                    let part = self.segment(layout, &up.id, &segment);
                    undo = match (undo, part) {
                        (Ok(undo), Ok(part)) => Ok(undo.then(part)),
                        (Err(error), _) | (_, Err(error)) => Err(error),
                    };
                }
            }
        }
        match &up.written {
            Some(written) => Ok(written.clone()),
            None => undo.map_err(|error| error.with_revision(&up.id)),
        }
    }

    fn segment(&mut self, layout: &Layout, revision: &str, segment: &Segment<'_>) -> Result<Undo> {
        let ops = match segment {
            Segment::Step(step) => {
                self.forget(step_of(revision, step));
                let op = Op::Run { step: (*step).to_owned() };
                return Ok(Undo::reversed(reverse_all(&[op], &Schema::new())));
            }
            Segment::Ops(ops) => *ops,
        };
        let known = self.before(layout, ops).and_then(|before| {
            let lowered = layout.dialect.lower_ops(ops, &before, &layout.server);
            Ok((lowered.map_err(Error::from_unsupported)?, before))
        });
        match known {
            Ok((lowered, before)) => {
                let undo = Undo::reversed(reverse_all(&lowered, &before));
                self.apply(layout, revision, &lowered);
                Ok(undo)
            }
            Err(error) => {
                for op in ops {
                    self.lose(op.object().as_ref(), format!("revision {revision} changes it"));
                }
                Err(error)
            }
        }
    }

    fn execute(&mut self, layout: &Layout, revision: &str, op: &Op) {
        let sql = match op {
            Op::Execute { sql, .. } => sql.sql(layout.server.dialect),
            _ => None,
        };
        let lexicon = layout.dialect.lexicon(&layout.server);
        if !sql.is_some_and(|sql| changes_rows(sql, &lexicon)) {
            self.forget(sql_of(revision));
        }
    }

    fn lose(&mut self, id: Option<&ObjectId>, why: String) {
        let Some(id) = id else { return };
        self.schema.tables.remove(&id.name);
        self.schema.objects.remove(id);
        self.lost.insert(id.clone(), why);
    }

    /// What reading these objects back would give.
    fn lower(&mut self, layout: &Layout, ids: &BTreeSet<ObjectId>) {
        let mut part = Schema::new();
        for id in ids {
            if let Some(table) = self.schema.get(&id.name).filter(|_| id.kind == ObjectKind::Table) {
                part.insert(table.clone());
            }
            if let Some(object) = self.schema.object(id) {
                part.insert_object(object.clone());
            }
        }
        // What can't be lowered couldn't be rendered either.
        let Ok(lowered) = layout.dialect.lower(&part, &layout.server) else { return };
        for table in lowered.tables.into_values() {
            self.schema.insert(table);
        }
        for object in lowered.objects.into_values() {
            self.schema.insert_object(object);
        }
    }

    /// Takes an object, what it stands upon as a part of that, its own parts and the views on it, as reading it gives them.
    fn take(&self, id: &ObjectId, before: &mut Schema) -> Result<()> {
        if before.has(id) {
            return Ok(());
        }
        let mut found = false;
        if let Some(table) = self.schema.get(&id.name).filter(|_| id.is_relation()) {
            before.insert(table.clone());
            found = true;
            let above = table.inherits.iter().chain(table.partition_of.as_ref().map(|of| &of.parent));
            for parent in above {
                self.take(&ObjectId::table(parent), before)?;
            }
        }
        // A routine may be named without its arguments, or with theirs in other words than the server's.
        let alike = self.schema.objects.values().filter(|object| {
            let is_alike =
                object.id.kind == id.kind && id.on.is_none() || object.id.is_relation() && id.is_relation();
            object.id == *id || is_alike && object.id.name == id.name
        });
        for object in alike {
            before.insert_object(object.clone());
            found = true;
        }
        for part in self.parts(id) {
            before.insert_object(part.clone());
        }
        for view in self.told(id).into_iter().filter(|other| is_view(other) && self.schema.has(other)) {
            self.take(view, before)?;
        }
        if found {
            return Ok(());
        }
        match (self.lost.get(id), &self.opaque) {
            (Some(why), _) => Err(unknown(format!("how {id} is then isn't known: {why}"))),
            (None, Some(what)) => {
                Err(unknown(format!("whether and how {id} is there isn't known behind {what}")))
            }
            (None, None) => Ok(()),
        }
    }

    /// The objects of which a catalog has told that they stand on a thing.
    fn told(&self, id: &ObjectId) -> Vec<&ObjectId> {
        let of_table = self.schema.get(&id.name).filter(|_| id.kind == ObjectKind::Table);
        let notes = of_table.map(|table| &table.notes).or(self.schema.object(id).map(|object| &object.notes));
        let dependents = notes.into_iter().flat_map(|notes| &notes.dependents);
        dependents.filter_map(|dependent| dependent.object.as_ref()).collect()
    }

    /// What belongs to a thing, or publishes it.
    fn parts(&self, of: &ObjectId) -> impl Iterator<Item = &Object> {
        self.schema.objects.values().filter(|object| match (&object.definition, of.kind) {
            (Definition::Publication(publication), ObjectKind::Schema) => {
                publication.schemas.contains(&of.name.name)
            }
            (Definition::Publication(publication), _) => {
                of.is_relation() && publication.tables.iter().any(|published| published.table == of.name)
            }
            (Definition::DefaultPrivileges, ObjectKind::Schema) => {
                object.id.name.schema.as_ref() == Some(&of.name.name)
            }
            _ => of.is_relation() && object.belongs_to().is_some_and(|owner| *owner == of.name),
        })
    }

    /// What stands on a thing is told by a catalog alone, and decides how, and whether, the thing can change.
    fn refuse_dependents(&self, layout: &Layout, ops: &[Op]) -> Result<()> {
        let rebuilds = !layout.dialect.around(ops, &layout.server).is_empty();
        let mut gone = BTreeSet::new();
        for op in ops {
            let Some(id) = op.object() else { continue };
            if let Op::DropObject { object, .. } = op {
                gone.insert(object);
            }
            let told = self.told(&id);
            let stands = |object: &&Object| {
                object.id != id
                    && !told.contains(&&object.id)
                    && object.belongs_to() != Some(&id.name)
                    && can_stand(object.id.kind)
                    && !gone.contains(&object.id)
                    && mentions(&object.definition, &id.name.name)
            };
            let is_of_it =
                |table: &&Table| table.columns.iter().any(|column| mentions(&column.ty, &id.name.name));
            let on_it = match () {
                () if id.kind == ObjectKind::Enum && changes_type(op) => {
                    self.schema.tables.values().find(is_of_it).map(|table| ObjectId::table(&table.name))
                }
                () if can_be_stood_on(id.kind) && (rebuilds || concerns_dependents(op)) => {
                    self.schema.objects.values().find(stands).map(|object| object.id.clone())
                }
                () => None,
            };
            if let Some(trigger) = self.row_of_triggers(op, &id) {
                let reason = format!(
                    "can't {op} without a look at the database: {trigger} may fire before or after another one at the same moment, and \
                     its catalog alone tells which"
                );
                return Err(unknown(reason));
            }
            if let Some(dependent) = on_it {
                let reason = format!(
                    "can't {op} without a look at the database: {dependent} may stand on it, and its catalog alone tells how"
                );
                return Err(unknown(reason));
            }
        }
        Ok(())
    }
}

impl Assumed {
    /// A trigger that an operation would bring back, or would move, among others of the same moment, whose order nothing has told: they
    /// fire as they were made.
    fn row_of_triggers(&self, op: &Op, id: &ObjectId) -> Option<&ObjectId> {
        let concerns = match op {
            Op::CreateObject { existing, .. } => *existing != Existing::Refuse,
            op => concerns_dependents(op),
        };
        let moments = |object: &Object| match &object.definition {
            Definition::Trigger(Trigger { timing, events, action: TriggerAction::Body(_), .. }) => {
                Some((*timing, events.clone()))
            }
            _ => None,
        };
        let is_meant = |object: &&Object| {
            object.id == *id || (matches!(op, Op::DropTable { .. }) && object.belongs_to() == Some(&id.name))
        };
        let meant = self.schema.objects.values().filter(|object| concerns && is_meant(object));
        let mut in_a_row = meant.filter(|one| {
            let row =
                self.schema.objects.values().filter(|other| other.id != one.id && other.id.on == one.id.on);
            moments(one).is_some() && row.into_iter().any(|other| moments(other) == moments(one))
        });
        in_a_row.next().map(|object| &object.id)
    }
}

/// What a revision does that isn't known.
pub(super) fn sql_of(revision: &str) -> String {
    format!("the SQL of revision {revision}")
}

/// What a data step does that isn't known.
pub(super) fn step_of(revision: &str, step: &str) -> String {
    format!("data step {step} of revision {revision}")
}

/// Whether what stands on its object decides how an operation is done, or whether it can be.
fn concerns_dependents(op: &Op) -> bool {
    matches!(
        op,
        Op::DropTable { .. }
            | Op::RenameTable { .. }
            | Op::AlterTable { .. }
            | Op::DropColumn { .. }
            | Op::RenameColumn { .. }
            | Op::AlterColumn { .. }
            | Op::DropObject { .. }
            | Op::RenameObject { .. }
            | Op::AlterObject { .. }
            | Op::SetSchema { .. }
    )
}

fn is_view(id: &ObjectId) -> bool {
    matches!(id.kind, ObjectKind::View | ObjectKind::MaterializedView)
}

fn can_be_stood_on(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::Table
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Function
            | ObjectKind::Procedure
            | ObjectKind::Sequence
    )
}

/// Whether the columns of an enum decide how an operation on it is done, or whether it can be.
fn changes_type(op: &Op) -> bool {
    concerns_dependents(op) && !op.is_used_once_committed()
}

fn can_stand(kind: ObjectKind) -> bool {
    matches!(
        kind,
        ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Rule
            | ObjectKind::Trigger
            | ObjectKind::Policy
            | ObjectKind::Event
    )
}

/// Whether something has a word in it.
fn mentions(of: impl serde::Serialize, name: &str) -> bool {
    // What has no JSON form mentions nothing.
    let text = serde_json::to_string(&of).unwrap_or_default().to_lowercase();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let name = name.to_lowercase();
    text.match_indices(&name)
        .any(|(at, _)| !text[..at].ends_with(is_word) && !text[at + name.len()..].starts_with(is_word))
}

fn unknown(reason: String) -> Error {
    Error::new(Kind::Refused(reason)).with_hint(
        "begin a script of its own with that revision, and say with `--schema URL` in which database what came before it has run",
    )
}
