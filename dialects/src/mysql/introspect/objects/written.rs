//! What stands on what by the texts that operations have written themselves: no catalog has told of it yet.

use dunlin_dsl::{
    Definition, Dependent, DependentKind, Expr, Name, ObjectId, ObjectKind, Op, Schema, TriggerAction,
};

use super::super::Key;
use super::dependents::{calls, numbers, uses};
use crate::sql::Sql;

/// Notes of all that is known what an operation has written upon it, as reading it would; `schema` is what is there after it.
pub(in crate::mysql) fn note(schema: &mut Schema, op: &Op, sql: Sql<'_>) {
    let (Op::CreateObject { .. } | Op::AlterObject { .. }) = op else { return };
    let Some(object) = op.object().and_then(|id| schema.object(&id)) else { return };
    let Some(text) = text(&object.definition).and_then(|text| text.sql(sql.server.dialect)) else { return };
    let (id, text) = (object.id.clone(), text.to_owned());
    let kind = match id.kind {
        ObjectKind::Trigger => DependentKind::Trigger,
        ObjectKind::View => DependentKind::View,
        _ => DependentKind::Object,
    };
    let writes = Writes { id: &id, text: &text, sql };
    let definition = matches!(kind, DependentKind::Trigger | DependentKind::View).then(|| text.clone());
    let new = Dependent { object: Some(id.clone()), definition, ..Dependent::new(kind, &id.name) };
    let add = |dependents: &mut Vec<Dependent>| {
        dependents.retain(|known| known.object != new.object);
        dependents.push(new.clone());
    };
    for table in schema.tables.values_mut() {
        if writes.stand_on(&ObjectId::table(&table.name)) {
            add(&mut table.notes.dependents);
        }
    }
    for object in schema.objects.values_mut() {
        if writes.stand_on(&object.id) {
            add(&mut object.notes.dependents);
        }
    }
}

/// The text that names what an object stands upon.
fn text(of: &Definition) -> Option<&Expr> {
    match of {
        Definition::View(view) => Some(&view.query),
        Definition::Function(routine) | Definition::Procedure(routine) => Some(&routine.body),
        Definition::Event(event) => Some(&event.body),
        Definition::Trigger(trigger) => match &trigger.action {
            TriggerAction::Body(body) => Some(body),
            TriggerAction::Call { .. } => None,
        },
        _ => None,
    }
}

/// An object, and what it says.
struct Writes<'a> {
    id: &'a ObjectId,
    text: &'a str,
    sql: Sql<'a>,
}

impl Writes<'_> {
    fn stand_on(&self, thing: &ObjectId) -> bool {
        use ObjectKind::{Function, Procedure, Sequence, Table, View};
        let is_own = thing == self.id || thing.is_relation() && self.id.on.as_ref() == Some(&thing.name);
        if is_own {
            return false;
        }
        let (place, (own, _)) =
            (self.place(&thing.name), self.place(self.id.on.as_ref().unwrap_or(&self.id.name)));
        match thing.kind {
            Table | View => uses(self.text, &place, &own),
            Sequence => numbers(self.text, &place, &own),
            Function => calls(self.text, &place, &own, ""),
            Procedure => calls(self.text, &place, &own, "CALL"),
            _ => false,
        }
    }

    /// The database and the name of something.
    fn place(&self, name: &Name) -> Key {
        (name.schema.clone().unwrap_or_else(|| self.sql.server.schema.clone()), name.name.clone())
    }
}
