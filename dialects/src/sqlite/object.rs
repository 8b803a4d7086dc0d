//! SQL for views and triggers. SQLite creates and drops them and no more: what is renamed or changed is dropped and
//! created anew, and a view's triggers with it.

mod trigger;
mod view;

use dunlin_dsl::{
    Definition, Dependent, DependentKind, Existing, Name, Notes, Object, ObjectChange, ObjectId, ObjectKind,
    Op, Schema, Statement, Table, Unsupported, creation_ops,
};

use super::lower::object as lower;
use super::read;
use crate::lex;
use crate::sql::{MISSING, Sql, advance, left_behind, part};

/// What an operation on an object is about.
pub(super) struct Work<'a> {
    pub(super) op: &'a Op,
    pub(super) at: &'a [usize],
    /// The schema before it.
    pub(super) before: &'a Schema,
    /// What was renamed before it among the same operations: SQLite has rewritten the texts that mention it, and what was
    /// read doesn't say how.
    pub(super) renamed: &'a [&'a str],
    pub(super) sql: Sql<'a>,
}

/// The SQL of an operation on an object that isn't a table.
pub(super) fn render(work: &Work<'_>) -> Result<Vec<Statement>, Unsupported> {
    let Work { op, before, sql, .. } = work;
    let id = op.object().filter(|id| matches!(id.kind, ObjectKind::View | ObjectKind::Trigger));
    if id.is_none() {
        return lower::refuse_op(op, *sql);
    }
    match op {
        Op::CreateObject { object, existing } => match (before.object(&object.id), existing) {
            (Some(_), Existing::Keep) => Ok(Vec::new()),
            (Some(old), Existing::Replace) => work.change(old, &work.after(&object.id)?),
            _ => Ok(vec![work.statement(create(object, *sql)?)]),
        },
        Op::DropObject { object, if_exists, cascade } => match before.object(object) {
            None if *if_exists => Ok(Vec::new()),
            None => work.known(object).map(|_| Vec::new()),
            Some(found) => {
                refuse_cascade(op, *cascade, &found.notes, *sql)?;
                if found.id.kind == ObjectKind::View {
                    refuse_mentioned(op, &found.id.name, before, *sql)?;
                }
                Ok(vec![left_behind(work.statement(drop(&found.id, *sql)?), &found.id.name, &found.notes)])
            }
        },
        Op::RenameObject { object, to } => work.rename(work.known(object)?, &object.renamed(to)),
        // A remark has no place in SQLite.
        Op::AlterObject { change: ObjectChange::Comment(_), .. } => Ok(Vec::new()),
        Op::AlterObject { object, .. } => work.change(work.known(object)?, &work.after(object)?),
        op => lower::refuse_op(op, *sql),
    }
}

/// The text that creates an object: its own, where that says still what the object is.
pub(super) fn create(object: &Object, sql: Sql<'_>) -> Result<String, Unsupported> {
    if let Some(source) = object.notes.source.as_ref().filter(|source| read::object::says(source, object)) {
        let own = object.id.on.as_ref().unwrap_or(&object.id.name);
        return read::object::in_schema(source, own.schema.as_deref(), sql);
    }
    match &object.definition {
        Definition::View(of) => view::create(&object.id.name, of, sql),
        Definition::Trigger(of) => trigger::create(&object.id, of, sql),
        other => lower::lacks(format!("create {}", object.id), other.kind(), sql),
    }
}

/// What belongs to a table or a view, in the order in which it was created: SQLite fires triggers the other way round.
pub(super) fn belongings(schema: &Schema, owner: &Name) -> Vec<Object> {
    let mut own = Schema::new();
    for object in schema.objects.values().filter(|object| object.belongs_to() == Some(owner)) {
        own.insert_object(object.clone());
    }
    let objects = creation_ops(&own).into_iter().filter_map(|op| match op {
        Op::CreateObject { object, .. } => Some(object),
        _ => None,
    });
    objects.collect()
}

/// Notes of a table which views and other tables' triggers mention it that no catalog told of, for the same operations have
/// written them; a view may do so by way of another one.
pub(super) fn note_written(table: &mut Table, schema: &Schema, sql: Sql<'_>) -> Result<(), Unsupported> {
    let mut mentioned = vec![table.name.name.clone()];
    while let Some(name) = mentioned.pop() {
        for object in schema.objects.values() {
            let kind = match object.id.kind {
                ObjectKind::View => DependentKind::View,
                ObjectKind::Trigger => DependentKind::Trigger,
                _ => continue,
            };
            let is_its = object.id.on.as_ref() == Some(&table.name);
            let is_noted =
                table.notes.dependents.iter().any(|known| known.object.as_ref() == Some(&object.id));
            if is_its || is_noted {
                continue;
            }
            let text = create(object, sql)?;
            if !lex::mentions(&text, &name) {
                continue;
            }
            if kind == DependentKind::View {
                mentioned.push(object.id.name.name.clone());
            }
            let (object, definition) = (Some(object.id.clone()), Some(text));
            let name = object.as_ref().map_or_else(|| table.name.clone(), |id| id.name.clone());
            table.notes.dependents.push(Dependent { object, definition, ..Dependent::new(kind, name) });
        }
    }
    Ok(())
}

/// SQLite drops nothing else by itself, and leaves behind what can't be used any more.
pub(super) fn refuse_cascade(op: &Op, cascade: bool, notes: &Notes, sql: Sql<'_>) -> Result<(), Unsupported> {
    let stands = notes.dependents.iter().find(|dependent| dependent.kind != DependentKind::Trigger);
    match stands.filter(|_| cascade) {
        Some(stands) => {
            sql.refuse(op, &format!("has no CASCADE, and {stands} depends on it"), "drop that first")
        }
        None => Ok(()),
    }
}

/// Refuses to drop a table or a view that a view mentions, or a trigger elsewhere uses, which was created among the same
/// operations: of it no catalog told.
pub(super) fn refuse_mentioned(
    op: &Op,
    name: &Name,
    schema: &Schema,
    sql: Sql<'_>,
) -> Result<(), Unsupported> {
    let created = |object: &&Object| {
        object.id.kind == ObjectKind::View && object.id.name != *name && object.notes.source.is_none()
    };
    for view in schema.objects.values().filter(created) {
        if lex::mentions(&create(view, sql)?, &name.name) {
            return Err(Unsupported::new(op, format!("{} mentions it", view.id), "drop that first"));
        }
    }
    let elsewhere = |object: &&Object| {
        let is_own = object.id.on.as_ref().is_some_and(|on| on.name.eq_ignore_ascii_case(&name.name));
        object.id.kind == ObjectKind::Trigger && !is_own && object.notes.source.is_none()
    };
    for trigger in schema.objects.values().filter(elsewhere) {
        if lex::uses(&create(trigger, sql)?, &name.name) {
            return Err(Unsupported::new(op, format!("{} depends on it", trigger.id), "drop that first"));
        }
    }
    Ok(())
}

/// A view that names a column and reads its table by way of another view. SQLite renames the column in the first alone, and
/// stops where that is the other's own too.
pub(super) fn far_reader<'a>(table: &'a Table, column: &str) -> Option<&'a Dependent> {
    let reads = |text: &String| !lex::mentions(text, &table.name.name) && lex::mentions(text, column);
    table.notes.dependents.iter().find(|dependent| {
        dependent.kind == DependentKind::View && dependent.definition.as_ref().is_some_and(reads)
    })
}

/// Refuses to write out the text of an object that something renamed among the same operations has made another.
pub(super) fn refuse_stale(
    op: &Op,
    object: &Object,
    renamed: &[&str],
    sql: Sql<'_>,
) -> Result<(), Unsupported> {
    let text = create(object, sql)?;
    match renamed.iter().find(|name| lex::mentions(&text, name)) {
        None => Ok(()),
        Some(name) => Err(Unsupported::new(
            op,
            format!("{} mentions {name}, which was renamed just before", object.id),
            "rename in a revision of its own",
        )),
    }
}

impl<'a> Work<'a> {
    fn statement(&self, text: String) -> Statement {
        Statement::new(text, self.at)
    }

    fn known(&self, id: &ObjectId) -> Result<&'a Object, Unsupported> {
        let missing = || Unsupported::new(self.op, format!("there is no {id}"), MISSING);
        self.before.object(id).ok_or_else(missing)
    }

    /// The object after the operation.
    fn after(&self, id: &ObjectId) -> Result<Object, Unsupported> {
        let mut after = part(self.before, self.op);
        advance(&mut after, self.op, false)?;
        match after.object(id) {
            Some(object) => lower::object_for(object, &self.op.to_string(), self.sql),
            None => self.known(id).cloned(),
        }
    }

    /// Drops an object and creates it as it becomes, with what belongs to it.
    fn change(&self, old: &Object, new: &Object) -> Result<Vec<Statement>, Unsupported> {
        if old.definition == new.definition {
            return Ok(Vec::new());
        }
        self.anew(old, new)
    }

    /// Drops an object and creates it under another name; what mentions the old one would be left behind.
    fn rename(&self, old: &Object, to: &ObjectId) -> Result<Vec<Statement>, Unsupported> {
        refuse_stale(self.op, old, self.renamed, self.sql)?;
        let mentions = |object: &Object| create(object, self.sql);
        let own = match old.id.kind {
            ObjectKind::View => belongings(self.before, &old.id.name),
            _ => Vec::new(),
        };
        let mut stands = old.notes.dependents.first().map(ToString::to_string);
        for trigger in own {
            // Its own `ON` follows; what its body says doesn't.
            let on = ObjectId { on: Some(to.name.clone()), ..trigger.id.clone() };
            let text = mentions(&Object { id: on, ..trigger.clone() })?;
            if lex::mentions(&text, &old.id.name.name) {
                stands.get_or_insert(trigger.id.to_string());
            }
        }
        match stands {
            Some(stands) => self.sql.refuse(
                self.op,
                &format!("renames no {}, and {stands} would go on mentioning the old name", old.id.kind),
                "drop that first, and create it again after, in the same revision",
            ),
            None => self.anew(old, &Object { id: to.clone(), ..old.clone() }),
        }
    }

    fn anew(&self, old: &Object, new: &Object) -> Result<Vec<Statement>, Unsupported> {
        let mut statements =
            vec![self.statement(drop(&old.id, self.sql)?), self.statement(create(new, self.sql)?)];
        if old.id.kind == ObjectKind::View {
            for trigger in belongings(self.before, &old.id.name) {
                refuse_stale(self.op, &trigger, self.renamed, self.sql)?;
                let id = ObjectId { on: Some(new.id.name.clone()), ..trigger.id.clone() };
                let text = create(&Object { id, ..trigger }, self.sql)?;
                statements.push(self.statement(text));
            }
        }
        Ok(statements)
    }
}

fn drop(id: &ObjectId, sql: Sql<'_>) -> Result<String, Unsupported> {
    match id.kind {
        ObjectKind::Trigger => Ok(format!("DROP TRIGGER {}", trigger::name(id, sql)?)),
        _ => Ok(format!("DROP VIEW {}", sql.table(&id.name)?)),
    }
}
