//! SQL for objects that aren't tables: created, dropped, renamed and changed.
//!
//! A change compares an object with what it becomes: it is made in place where the server can, by OR REPLACE where that is
//! the way, else the object is dropped and made anew with all that it had.

pub(super) mod access;
mod event;
mod routine;
mod schema;
mod sequence;
mod trigger;
mod view;

use dunlin_dsl::{
    Definition, DependentKind, Existing, HazardKind, Notes, Object, ObjectChange, ObjectId, ObjectKind, Op,
    Schema, Statement, Unsupported, apply,
};

use super::lower::object as lower;
use super::session;
use super::text::is_sendable;
use crate::sql::{MISSING, Sql, advance};

/// What an operation on an object is about: the schema before it, and the operations that come after it.
#[derive(Clone, Copy)]
pub(super) struct Work<'a> {
    pub(super) op: &'a Op,
    pub(super) before: &'a Schema,
    pub(super) later: &'a [Op],
    pub(super) at: usize,
    pub(super) sql: Sql<'a>,
}

/// The SQL of an operation on an object.
pub(super) fn render(work: &Work<'_>) -> Result<Vec<Statement>, Unsupported> {
    let (op, sql) = (work.op, work.sql);
    match op {
        Op::CreateObject { object, existing } => match (work.before.object(&object.id), existing) {
            (Some(_), Existing::Keep) => Ok(Vec::new()),
            (Some(old), Existing::Replace) => work.change(old, &work.after(&object.id)?),
            _ => work.create(object),
        },
        Op::DropObject { object, if_exists, cascade } => match work.before.object(object) {
            None if *if_exists => Ok(Vec::new()),
            found => {
                if let (true, Some(found)) = (*cascade, found) {
                    work.refuse_cascade(found)?;
                }
                work.drop(object, found)
            }
        },
        Op::RenameObject { object, to } => work.rename(work.known(object)?, &object.renamed(to)),
        Op::AlterObject { object, change: ObjectChange::Restart(number) } => {
            Ok(vec![work.statement(sequence::restart(object, *number, sql)?)])
        }
        Op::AlterObject { object, .. } => work.change(work.known(object)?, &work.after(object)?),
        Op::SetSchema { object, schema } => {
            work.rename(work.known(object)?, &object.moved(schema.as_deref()))
        }
        Op::Grant { on, grants } => {
            access::grant(grants, on, sql)?.into_iter().map(|text| Ok(work.statement(text))).collect()
        }
        Op::Revoke { on, grants } => {
            let held = access::held(work.before, on);
            access::revoke(grants, held, on, sql)?.into_iter().map(|text| Ok(work.statement(text))).collect()
        }
        Op::RefreshMaterializedView { .. } => lower::lacks(op, ObjectKind::MaterializedView, sql),
        _ => Ok(Vec::new()),
    }
}

/// Both servers say no more than that a view isn't updatable (error 1368).
const UNWRITABLE: &str = "fails if no row can be written through the view, as where its query groups, has DISTINCT or UNION, or is \
    evaluated by a temporary table: leave its check option out then";

impl<'a> Work<'a> {
    pub(super) fn statement(&self, text: String) -> Statement {
        Statement::new(text, [self.at])
    }

    fn known(&self, id: &ObjectId) -> Result<&'a Object, Unsupported> {
        let missing = || Unsupported::new(self.op, format!("there is no {id}"), MISSING);
        self.before.object(id).ok_or_else(missing)
    }

    /// The object after the operation.
    fn after(&self, id: &ObjectId) -> Result<Object, Unsupported> {
        let mut part = Schema::new();
        part.insert_object(self.known(id)?.clone());
        advance(&mut part, self.op, false)?;
        let missing = || Unsupported::new(self.op, format!("there is no {id}"), MISSING);
        part.object(id).cloned().ok_or_else(missing)
    }

    /// A statement that makes or changes what remembers the session that made it: it runs under what was remembered.
    fn remembers(
        &self,
        object: &Object,
        text: impl FnOnce(&Work<'_>) -> Result<String, Unsupported>,
    ) -> Result<Statement, Unsupported> {
        let server = lower::remembered(self.sql.server, &object.notes);
        let sql = Sql { server: &server, ..self.sql };
        let statement = self.statement(text(&Work { sql, ..*self })?);
        if let Some(charset) = object.notes.settings.get("character_set_client")
            && !is_sendable(&statement.sql, charset)
        {
            let reason =
                format!("{} was written in the character set {charset}, which hasn't all of it", object.id);
            return Err(Unsupported::new(self.op, reason, "drop it, and create it anew"));
        }
        let settings =
            object.notes.settings.iter().map(|(name, value)| session::setting(name, value.clone()));
        Ok(Statement { settings: settings.collect(), ..statement })
    }

    /// CREATE, and then all that can't stand in it.
    fn create(&self, object: &Object) -> Result<Vec<Statement>, Unsupported> {
        let mut statements = vec![self.create_statement(object, false)?];
        for text in access::grant(&object.grants, &object.id, self.sql)? {
            statements.push(self.statement(text));
        }
        Ok(statements)
    }

    fn create_statement(&self, object: &Object, replace: bool) -> Result<Statement, Unsupported> {
        let create = self.remembers(object, |work| work.create_text(object, replace))?;
        Ok(match &object.definition {
            Definition::View(of) if of.check_option.is_some() => {
                create.hazard(HazardKind::MayFail, UNWRITABLE)
            }
            _ => create,
        })
    }

    fn create_text(&self, object: &Object, replace: bool) -> Result<String, Unsupported> {
        let sql = self.sql;
        match &object.definition {
            Definition::Schema(of) => schema::create(object, of, sql),
            Definition::Sequence(of) => sequence::create(object, of, sql),
            Definition::Function(of) | Definition::Procedure(of) => routine::create(object, of, replace, sql),
            Definition::View(of) => view::create(object, of, replace, sql),
            Definition::Trigger(of) => trigger::create(object, of, replace, self),
            Definition::Event(of) => event::create(object, of, sql),
            _ => lower::lacks(self.op, object.id.kind, sql),
        }
    }

    /// DROP; `found` is what there is.
    fn drop(&self, id: &ObjectId, found: Option<&Object>) -> Result<Vec<Statement>, Unsupported> {
        use ObjectKind::{Event, Function, Procedure, Schema, Sequence, Trigger, View};
        let sql = self.sql;
        let word = match id.kind {
            Schema => "DATABASE",
            Sequence => "SEQUENCE",
            Function => "FUNCTION",
            Procedure => "PROCEDURE",
            View => "VIEW",
            Trigger => "TRIGGER",
            Event => "EVENT",
            kind => return lower::lacks(self.op, kind, sql),
        };
        let drop = self.statement(format!("DROP {word} {}", sql.table(&lower::full_name(id))?));
        let full = found.is_some_and(|found| !found.notes.dependents.is_empty());
        Ok(vec![match id.kind {
            Schema if full => {
                let loss = format!("drops schema {} with all its tables, and their rows", id.name);
                drop.hazard(HazardKind::DataLoss, loss)
            }
            Sequence => {
                drop.hazard(HazardKind::DataLoss, format!("forgets where sequence {} stood", id.name))
            }
            _ => drop,
        }])
    }

    /// Gives an object another name, or puts it into another schema.
    fn rename(&self, old: &Object, to: &ObjectId) -> Result<Vec<Statement>, Unsupported> {
        use ObjectKind::{Event, Function, Procedure, Schema, Sequence, Trigger, View};
        let (op, sql) = (self.op, self.sql);
        let moved = old.id.name.schema != to.name.schema;
        self.refuse_readers(&old.id, &old.notes)?;
        let (name, new) = (sql.table(&old.id.name)?, sql.table(&to.name)?);
        match old.id.kind {
            Event => Ok(vec![self.remembers(old, |work| event::rename(old, to, work.sql))?]),
            View | Sequence if !moved => Ok(vec![self.statement(format!("RENAME TABLE {name} TO {new}"))]),
            Sequence => Ok(vec![self.statement(format!("RENAME TABLE {name} TO {new}"))]),
            Function | Procedure if moved => {
                let lacks = "looks up what a body names in the routine's own schema";
                sql.refuse(op, lacks, "drop it, and create it there with a body for that schema")
            }
            Trigger if moved => sql.refuse(
                op,
                "keeps a trigger with its table",
                "drop it, move the table with set_schema(..), and create it there",
            ),
            View | Function | Procedure | Trigger => {
                self.whole(&old.id, &old.notes)?;
                let mut new = old.clone();
                new.id = ObjectId { args: old.id.args.clone(), ..to.clone() };
                let mut statements = self.drop(&old.id, None)?;
                // What was granted on a view is revoked before, and granted again after.
                if old.id.kind == View {
                    new.grants.clear();
                }
                statements.extend(self.create(&new)?);
                Ok(statements)
            }
            Schema => sql.refuse(
                op,
                "renames no schemas",
                "create the new one, and move each table with set_schema(..)",
            ),
            kind => lower::lacks(op, kind, sql),
        }
    }

    /// Makes an object what it becomes.
    fn change(&self, old: &Object, new: &Object) -> Result<Vec<Statement>, Unsupported> {
        let sql = self.sql;
        // Its notes say what it has that isn't said here.
        let mut new = trigger::placed(old, lower::object(new, sql)?);
        let owner = new.notes.owner.clone();
        new.notes = old.notes.clone();
        new.notes.owner = owner;
        let mut statements = Vec::new();
        let differs = (&old.definition, &old.comment, &old.notes.owner)
            != (&new.definition, &new.comment, &new.notes.owner)
            || trigger::moves(old, &new);
        if differs {
            match (&old.definition, &new.definition) {
                (Definition::Schema(_), Definition::Schema(of)) => {
                    statements.extend(schema::alter(self, old, &new, of)?);
                }
                (Definition::Sequence(was), Definition::Sequence(of)) => {
                    statements.extend(sequence::alter(self, old, &new, was, of)?);
                }
                (Definition::View(_), Definition::View(_)) => {
                    self.whole(&old.id, &old.notes)?;
                    statements.push(self.create_statement(&new, true)?);
                }
                (Definition::Event(was), Definition::Event(of)) => {
                    self.whole(&old.id, &old.notes)?;
                    statements.push(self.remembers(old, |work| event::alter(old, &new, was, of, work.sql))?);
                }
                (Definition::Trigger(_), Definition::Trigger(of)) => {
                    self.whole(&old.id, &old.notes)?;
                    statements.extend(self.anew(old, &new, trigger::keeps_place(old, of))?);
                }
                (
                    Definition::Function(was) | Definition::Procedure(was),
                    Definition::Function(of) | Definition::Procedure(of),
                ) => match routine::alter(old, &new, was, of, self)? {
                    Some(text) => statements.push(self.remembers(old, |_| Ok(text))?),
                    None => {
                        self.whole(&old.id, &old.notes)?;
                        statements.extend(self.anew(old, &new, true)?);
                    }
                },
                _ => return lower::lacks(self.op, old.id.kind, sql),
            }
        }
        let more = new.grants.difference(&old.grants).cloned().collect();
        for text in access::grant(&more, &new.id, sql)? {
            statements.push(self.statement(text));
        }
        Ok(statements)
    }

    /// OR REPLACE, which keeps grants and places; without it DROP and CREATE.
    fn anew(&self, old: &Object, new: &Object, keeps: bool) -> Result<Vec<Statement>, Unsupported> {
        if keeps && super::flavor::Flavor::of(self.sql.server).replaces_routines() {
            return Ok(vec![self.create_statement(new, true)?]);
        }
        let mut statements = self.drop(&old.id, None)?;
        // What comes on top is granted by whoever asked for this.
        let created = Object { grants: old.grants.clone(), ..new.clone() };
        statements.extend(self.create(&created)?);
        Ok(statements)
    }

    /// Refuses to write anew what isn't known whole.
    fn whole(&self, id: &ObjectId, notes: &Notes) -> Result<(), Unsupported> {
        match notes.unmodelled.first() {
            None => Ok(()),
            Some(what) => {
                let reason = format!("{id} has {what}, which would be lost");
                Err(Unsupported::new(self.op, reason, "change it in SQL of your own"))
            }
        }
    }

    /// A schema goes with all that it has. Of all else these servers read CASCADE and don't heed it.
    fn refuse_cascade(&self, object: &Object) -> Result<(), Unsupported> {
        match object.notes.dependents.first() {
            Some(dependent) if object.id.kind != ObjectKind::Schema => {
                let lacks = format!("has no CASCADE, and {dependent} depends on it");
                self.sql.refuse(self.op, &lacks, "drop that first")
            }
            _ => Ok(()),
        }
    }

    /// Views that name what gets another name would be left behind broken, without a word from the server.
    fn refuse_readers(&self, id: &ObjectId, notes: &Notes) -> Result<(), Unsupported> {
        let reads = |kind: DependentKind| {
            matches!(kind, DependentKind::View | DependentKind::Object | DependentKind::Trigger)
        };
        let reader = notes.dependents.iter().find(|dependent| reads(dependent.kind));
        let reader = reader.filter(|_| id.kind != ObjectKind::Schema);
        match reader {
            None => Ok(()),
            Some(reader) => Err(Unsupported::new(
                self.op,
                format!("{reader} names it, and would be left broken"),
                "drop that first, and create it again after",
            )),
        }
    }
}

/// The clause that says who defined an object, where it is another than the connection's own user.
fn definer(notes: &Notes, sql: Sql<'_>) -> Result<String, Unsupported> {
    match notes.owner.as_deref() {
        None => Ok(String::new()),
        // The undo of a change of an object that was the connection's own user's.
        Some("CURRENT_USER") => Ok("DEFINER=CURRENT_USER ".into()),
        Some(owner) => Ok(format!("DEFINER={} ", access::user(owner, sql)?)),
    }
}

/// A comment as a clause, where there is one.
fn comment(object: &Object, sql: Sql<'_>) -> Result<String, Unsupported> {
    match object.comment.as_deref().filter(|comment| !comment.is_empty()) {
        None => Ok(String::new()),
        Some(comment) => Ok(format!(" COMMENT {}", super::column::comment_text(comment, sql)?)),
    }
}

/// A change in the server's own terms: what it sets is lowered with all else that is known of the object.
pub(super) fn lower_change(
    id: &ObjectId,
    change: ObjectChange,
    schema: &Schema,
    sql: Sql<'_>,
) -> Result<ObjectChange, Unsupported> {
    match &change {
        ObjectChange::Comment(comment) => {
            return Ok(ObjectChange::Comment(lower::comment(id, comment.as_deref(), sql)?));
        }
        ObjectChange::RenameColumn { .. } => {
            let instead = "alter_view(..).query(..) with the column's new name";
            return sql.refuse(
                format!("rename a column of {id}"),
                "names a view's columns by its query",
                instead,
            );
        }
        ObjectChange::Definition(definition) => {
            return Ok(ObjectChange::Definition(Box::new(lower::definition(id, definition, sql)?)));
        }
        _ => {}
    }
    // Whatever else changes becomes what the whole definition is then, in these servers' words.
    let Some(known) = schema.object(id) else {
        // Where it isn't there because these servers haven't what it would be, that is what is to be said.
        if let ObjectChange::Routine(change) = &change {
            lower::routine_change(id, change, sql)?;
        }
        return Ok(change);
    };
    let mut part = Schema::new();
    part.insert_object(known.clone());
    let op = Op::AlterObject { object: id.clone(), change: change.clone() };
    // What can't be applied is refused when it is rendered.
    if matches!(change, ObjectChange::Owner(_) | ObjectChange::Restart(_)) || apply(&mut part, &op).is_err() {
        return Ok(change);
    }
    let Some(new) = part.object(id) else { return Ok(change) };
    let mut definition = new.definition.clone();
    // A collation is of one character set, and goes with it.
    if let (Definition::Schema(was), Definition::Schema(is)) = (&known.definition, &mut definition)
        && was.charset != is.charset
    {
        is.collation = None;
    }
    let low = lower::definition(id, &definition, sql)?;
    match low == new.definition {
        true => Ok(change),
        false => Ok(ObjectChange::Definition(Box::new(low))),
    }
}

/// Whether these servers have such objects at all.
pub(super) fn has(kind: ObjectKind, sql: Sql<'_>) -> bool {
    use ObjectKind::{Event, Function, Procedure, Schema, Sequence, Table, Trigger, View};
    match kind {
        Schema | Function | Procedure | Table | View | Trigger | Event => true,
        Sequence => super::flavor::Flavor::of(sql.server).has_sequences(),
        _ => false,
    }
}
