//! What stands on what after something was written anew: what was read before tells it as it was.

use crate::mention::{mentions, texts};
use crate::schema::{
    Definition, Dependent, DependentKind, Name, Notes, Object, ObjectId, ObjectKind, Schema, TriggerAction,
};

/// A new trigger stands on the function that it calls.
pub(super) fn called(schema: &mut Schema, object: &Object) {
    let Some(function) = call(&object.definition) else { return };
    let new = Dependent {
        object: Some(object.id.clone()),
        ..Dependent::new(DependentKind::Object, &object.id.name)
    };
    for found in schema.objects.values_mut() {
        let dependents = &mut found.notes.0.dependents;
        let is_known = dependents.iter().any(|dependent| dependent.object == new.object);
        if found.id.kind == ObjectKind::Function && found.id.name == *function && !is_known {
            dependents.push(new.clone());
        }
    }
}

/// What has another text stands no more on what that doesn't mention. That it stands on more now isn't told by a text.
pub(super) fn restated(schema: &mut Schema, was: &Object, is: &Object) {
    if was.definition == is.definition {
        return;
    }
    let texts: Vec<String> = texts(&is.definition).iter().map(|text| text.to_lowercase()).collect();
    let anew = Anew { is, texts };
    for table in schema.tables.values_mut() {
        let id = ObjectId::table(&table.name);
        anew.forget(&id, &mut table.notes);
    }
    for object in schema.objects.values_mut() {
        let id = object.id.clone();
        anew.forget(&id, &mut object.notes);
    }
    called(schema, is);
}

/// The function that a trigger calls.
fn call(of: &Definition) -> Option<&Name> {
    match of {
        Definition::Trigger(trigger) => match &trigger.action {
            TriggerAction::Call { function, .. } => Some(function),
            TriggerAction::Body(_) => None,
        },
        _ => None,
    }
}

/// An object as it was written anew.
struct Anew<'a> {
    is: &'a Object,
    texts: Vec<String>,
}

impl Anew<'_> {
    fn forget(&self, of: &ObjectId, notes: &mut Notes) {
        let is_it = |dependent: &Dependent| dependent.object.as_ref() == Some(&self.is.id);
        notes.dependents.retain(|dependent| !is_it(dependent) || self.needs(of));
        let uses_all = self.texts.iter().any(|text| text.contains('*'));
        for dependent in notes.dependents.iter_mut().filter(|dependent| is_it(dependent) && !uses_all) {
            dependent.uses.retain(|column| self.uses(column));
        }
    }

    /// Whether it may stand on something. What a text names in no way it may be of the type of, or a part of.
    fn needs(&self, of: &ObjectId) -> bool {
        use ObjectKind::{Function, MaterializedView, Table, View};
        let is_part = self.is.belongs_to() == Some(&of.name) && of.is_relation();
        match (of.kind, call(&self.is.definition)) {
            _ if is_part => true,
            (Function, Some(function)) => *function == of.name || self.mentions(&of.name.name),
            (Table | View | MaterializedView | Function, _) => {
                self.texts.is_empty() || self.mentions(&of.name.name)
            }
            _ => true,
        }
    }

    fn uses(&self, column: &str) -> bool {
        match &self.is.definition {
            Definition::Trigger(trigger) if trigger.update_of.iter().any(|other| other == column) => true,
            Definition::Trigger(_) => self.mentions(column),
            _ => self.texts.is_empty() || self.mentions(column),
        }
    }

    fn mentions(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.texts.iter().any(|text| mentions(text, &name))
    }
}
