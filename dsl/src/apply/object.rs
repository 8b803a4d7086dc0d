//! What a schema is after an operation on an object that isn't a table.

mod follow;

use super::grant::{Access, give, grant};
use super::stop::Stop;
use super::{standing, trigger};
use crate::change::{self, MaterializedViewChange, ObjectChange, ViewChange};
use crate::op::{ColumnChange, Existing};
use crate::order::{belongings, within};
use crate::schema::{
    ColumnType, Definition, Dependent, DependentKind, Name, Notes, Object, ObjectId, ObjectKind,
    ReplicaIdentity, Schema, Unmodelled,
};

pub(super) use follow::{called, follow};
use follow::{is_named, move_all, recollate, retype};

/// Creates an object.
pub(super) fn create(schema: &mut Schema, object: &Object, existing: Existing) -> Result<(), Stop> {
    if object.definition.kind() != object.id.kind {
        return Err(format!("it is defined as a {}", object.definition.kind()).into());
    }
    match (schema.objects.get_mut(&object.id), existing) {
        (None, _) => {
            only_relation(schema, &object.id)?;
            let mut access = Access::without(&object.withheld);
            access.grant(&object.id, &object.grants);
            schema.insert_object(object.clone());
            access.put(schema, &object.id);
            standing::called(schema, object);
            Ok(())
        }
        (Some(_), Existing::Refuse) => Err("there is one already".to_owned().into()),
        (Some(_), Existing::Keep) => Ok(()),
        // What isn't said of the new one stays as it was of the old one.
        (Some(old), Existing::Replace) => {
            let was = old.clone();
            old.definition = object.definition.clone();
            let stays = trigger::stays(&was.definition, &mut old.definition);
            if object.comment.is_some() {
                old.comment.clone_from(&object.comment);
            }
            let is = old.clone();
            if !stays {
                trigger::leaves(schema, &was);
            }
            standing::restated(schema, &was, &is);
            grant(schema, &object.id, &object.grants)
        }
    }
}

/// How an object is known here; or that there is none, or that the name is that of several.
pub(super) fn known(schema: &Schema, id: &ObjectId) -> Result<ObjectId, Stop> {
    if let Some(found) = schema.object_id(id) {
        return Ok(found.clone());
    }
    let several: Vec<_> =
        schema.objects.keys().filter(|found| id.is(found)).map(ToString::to_string).collect();
    Err(match several.as_slice() {
        [] if id.kind == ObjectKind::Sequence => Stop::new(missing(schema, id), NO_SEQUENCE),
        [] => missing(schema, id).into(),
        _ => {
            Stop::new(format!("there are {}", several.join(", ")), "say which by the types of its arguments")
        }
    })
}

/// What to do where a sequence isn't there, as a numbered column's own never is.
const NO_SEQUENCE: &str = "create it before, or name what the database has; the sequence of an identity is changed with its \
                           column: rename_sequence(..), identity_with(..), drop_identity()";

/// That there is no such object, and what has its name.
pub(super) fn missing(schema: &Schema, id: &ObjectId) -> String {
    match alike(schema, id) {
        Some(kind) => format!("there is no {id}: {} is {}", id.name, with_article(kind)),
        None => format!("there is no {id}"),
    }
}

/// What has the name of an object that isn't there, and is of another kind.
fn alike(schema: &Schema, id: &ObjectId) -> Option<ObjectKind> {
    use ObjectKind::{Composite, Domain, Enum, Function, MaterializedView, Procedure, Sequence, Table, View};
    let families: [&[ObjectKind]; 3] =
        [&[Table, View, MaterializedView, Sequence], &[Enum, Composite, Domain], &[Function, Procedure]];
    let family = families.into_iter().find(|family| family.contains(&id.kind))?;
    let is = |kind: ObjectKind| match kind {
        Table => schema.tables.contains_key(&id.name),
        kind => schema.objects.keys().any(|found| found.kind == kind && found.name == id.name),
    };
    family.iter().copied().find(|kind| *kind != id.kind && is(*kind))
}

fn with_article(kind: ObjectKind) -> String {
    if kind == ObjectKind::Enum { format!("an {kind}") } else { format!("a {kind}") }
}

/// Refuses to drop what is of another kind than is said.
pub(super) fn is_of_kind(schema: &Schema, id: &ObjectId) -> Result<(), Stop> {
    match alike(schema, id).filter(|_| !schema.has(id)) {
        Some(kind) => {
            let method = kind.as_str().split(' ').take(if kind == ObjectKind::Composite { 1 } else { 2 });
            let method = method.collect::<Vec<_>>().join("_");
            let reason = format!("{} is {}, and no {}", id.name, with_article(kind), id.kind);
            Err(Stop::new(reason, format!("say drop_{method}(..)")))
        }
        None => Ok(()),
    }
}

/// Drops an object, and what belongs to it.
pub(super) fn drop(schema: &mut Schema, id: &ObjectId, if_exists: bool, cascade: bool) -> Result<(), Stop> {
    is_of_kind(schema, id)?;
    let found = match known(schema, id) {
        Ok(found) => found,
        Err(_) if if_exists && !schema.objects.keys().any(|found| id.is(found)) => return Ok(()),
        Err(reason) => return Err(reason),
    };
    if !cascade {
        if let Some(object) = schema.objects.get(&found) {
            free(&object.id, &object.notes)?;
        }
        if let Some((table, column)) = column_of_type(schema, &found) {
            let reason = format!("column {table}.{column} is of this type");
            return Err(Stop::new(reason, "change or drop that first"));
        }
    }
    let dropped = schema.objects.remove(&found);
    gone(schema, &found);
    if let Some(dropped) = dropped {
        trigger::leaves(schema, &dropped);
    }
    Ok(())
}

/// Gives an object another name; what names it follows, as far as it is named and not mentioned in a text.
pub(super) fn rename(schema: &mut Schema, id: &ObjectId, target: ObjectId) -> Result<(), Stop> {
    let found = known(schema, id)?;
    let target = ObjectId { args: found.args.clone(), ..target };
    if schema.has(&target) {
        return Err(Stop::taken(format!("there is a {target} already")));
    }
    only_relation(schema, &target)?;
    let Some(mut object) = schema.objects.remove(&found) else {
        return Err(format!("there is no {id}").into());
    };
    object.id = target.clone();
    schema.insert_object(object);
    if let Some(on) = found.on.as_ref().filter(|_| found.kind == ObjectKind::Trigger) {
        trigger::follow(schema, on, &found.name.name, &target.name.name);
    }
    if found.is_relation() {
        follow(schema, &found.name, &target.name);
    }
    called(schema, &found, &target);
    if is_type(found.kind) {
        retype(schema, &found.name, &target.name);
    }
    if found.kind == ObjectKind::Collation {
        recollate(schema, &found.name, &target.name);
    }
    if found.kind == ObjectKind::Schema {
        move_all(schema, &found.name.name, &target.name.name)?;
    }
    let matches = |function: &Name| target.kind == ObjectKind::Function && *function == found.name;
    for object in schema.objects.values_mut() {
        if let Definition::Trigger(trigger) = &mut object.definition
            && let crate::schema::TriggerAction::Call { function, .. } = &mut trigger.action
            && matches(function)
        {
            function.clone_from(&target.name);
        }
    }
    Ok(())
}

/// Changes an object.
pub(super) fn alter(schema: &mut Schema, id: &ObjectId, change: &ObjectChange) -> Result<(), Stop> {
    let found = known(schema, id)?;
    let Some(object) = schema.objects.get_mut(&found) else {
        return Err(format!("there is no {id}").into());
    };
    if let ObjectChange::DropAttribute { name } | ObjectChange::AttributeType { name, .. } = change {
        unused(&object.notes, name, &stays)?;
    }
    match change {
        ObjectChange::Comment(comment) => object.comment.clone_from(comment),
        ObjectChange::Owner(owner) => {
            give(&mut object.notes, &mut object.grants, owner);
        }
        change => {
            let was = object.clone();
            change::set(change, &mut object.definition)?;
            match change {
                ObjectChange::RenameColumn { name, to } => column_renamed(object, name, to),
                change if requeries(change) => object.notes.unmodelled.retain(|what| !is_renamed(what)),
                _ => {}
            }
            let stays = trigger::stays(&was.definition, &mut object.definition);
            let is = object.clone();
            if !stays {
                trigger::leaves(schema, &was);
            }
            standing::restated(schema, &was, &is);
        }
    }
    Ok(())
}

/// Fills a materialized view, or empties it.
pub(super) fn refresh(schema: &mut Schema, view: &Name, no_data: bool) -> Result<(), Stop> {
    let found = known(schema, &ObjectId::materialized_view(view))?;
    if let Some(Definition::MaterializedView(of)) =
        schema.objects.get_mut(&found).map(|object| &mut object.definition)
    {
        of.no_data = no_data;
    }
    Ok(())
}

/// Whether a note says that a column has another name than its view's query has for it.
pub(crate) fn is_renamed(what: &Unmodelled) -> bool {
    matches!(what, Unmodelled::RenamedColumn { .. })
}

/// Whether a view has another query after a change.
pub(crate) fn requeries(change: &ObjectChange) -> bool {
    matches!(
        change,
        ObjectChange::Definition(_)
            | ObjectChange::View(ViewChange::Query(_))
            | ObjectChange::MaterializedView(MaterializedViewChange::Query(_))
    )
}

/// A view's column has another name, and its query, where it has a name for it, still the old one.
fn column_renamed(view: &mut Object, name: &str, to: &str) {
    let rename = |names: &mut Vec<String>| {
        names.iter_mut().filter(|other| *other == name).for_each(|other| *other = to.to_owned());
    };
    let grants = std::mem::take(&mut view.grants);
    view.grants.extend(grants.into_iter().map(|mut grant| {
        rename(&mut grant.columns);
        grant
    }));
    view.notes.dependents.iter_mut().for_each(|dependent| rename(&mut dependent.uses));
    let has_names = match &view.definition {
        Definition::View(of) => !of.columns.is_empty(),
        Definition::MaterializedView(of) => !of.columns.is_empty(),
        _ => true,
    };
    // Created anew from that query, it would have the old name.
    let renamed =
        |name: &str, to: &str| Unmodelled::RenamedColumn { from: name.to_owned(), to: to.to_owned() };
    let unmodelled = &mut view.notes.0.unmodelled;
    match unmodelled.iter().position(|what| *what == renamed(to, name)) {
        Some(at) => _ = unmodelled.remove(at),
        None if !has_names => unmodelled.push(renamed(name, to)),
        None => {}
    }
}

/// Puts an object or a table into another schema.
pub(super) fn set_schema(schema: &mut Schema, id: &ObjectId, to: Option<&str>) -> Result<(), Stop> {
    match id.kind {
        ObjectKind::Table => {
            let target = id.moved(to).name;
            super::table::rename(schema, &id.name, target.clone())?;
            let sequences = sequences_follow(schema, &target, to);
            leaves(schema, id, &target);
            sequences.iter().for_each(|id| leaves(schema, id, &id.moved(to).name));
            Ok(())
        }
        _ => {
            let found = known(schema, id)?;
            rename(schema, id, id.moved(to))?;
            leaves(schema, &found, &found.moved(to).name);
            Ok(())
        }
    }
}

/// The schema that an object was in doesn't hold it any more.
fn leaves(schema: &mut Schema, id: &ObjectId, target: &Name) {
    let Some(left) = &id.name.schema else { return };
    let Some(left) = schema.objects.get_mut(&ObjectId::schema(left.clone())) else { return };
    // What is noted of it may be noted under its new name already.
    let now = ObjectId { name: target.clone(), ..id.clone() };
    let moved = |dependent: &Dependent| match &dependent.object {
        Some(object) => object == id || *object == now,
        None => id.is_relation() && dependent.name == *target,
    };
    left.notes.0.dependents.retain(|dependent| !moved(dependent));
}

/// The sequences that a table's columns own go with it into another schema; these are what they were.
fn sequences_follow(schema: &mut Schema, table: &Name, to: Option<&str>) -> Vec<ObjectId> {
    let objects = std::mem::take(&mut schema.objects);
    let mut moved = Vec::new();
    for (id, mut object) in objects {
        if let Definition::Sequence(sequence) = &object.definition
            && sequence.owned_by.as_ref().is_some_and(|by| by.table == *table)
        {
            object.id = id.moved(to);
            moved.push(id);
        }
        schema.insert_object(object);
    }
    moved
}

/// Refuses where something stands on an object that wouldn't go with it.
pub(super) fn free(id: &ObjectId, notes: &Notes) -> Result<(), String> {
    let goes = |dependent: &&Dependent| dependent.goes_with(id);
    let others = notes.dependents.iter().filter(|dependent| !goes(dependent));
    let names: Vec<_> = others.map(ToString::to_string).collect();
    match names.as_slice() {
        [] => Ok(()),
        [one] => Err(format!("{one} depends on it")),
        several => Err(format!("{} depend on it", several.join(", "))),
    }
}

/// Refuses where something stands on a column that would have to go before it goes or becomes another one.
pub(super) fn column_free(schema: &Schema, table: &Name, column: &str) -> Result<(), Stop> {
    schema.get(table).map_or(Ok(()), |table| unused(&table.notes, column, &stays))
}

/// Refuses where something stands on a column that gets another type, and can't go before and come back after.
pub(super) fn column_retyped(schema: &Schema, table: &Name, column: &str) -> Result<(), Stop> {
    let comes_back = |dependent: &Dependent| {
        dependent.object.as_ref().is_some_and(|id| id.kind.comes_back() && schema.object(id).is_some())
    };
    let stays = |dependent: &&Dependent| stays(dependent) && !comes_back(dependent);
    schema.get(table).map_or(Ok(()), |table| unused(&table.notes, column, &stays))
}

/// Refuses where something stands on a column or an attribute that keeps it as it is.
fn unused(notes: &Notes, column: &str, stays: &dyn Fn(&&Dependent) -> bool) -> Result<(), Stop> {
    let uses = |dependent: &&Dependent| dependent.uses.iter().any(|used| used == column);
    let names: Vec<_> = notes.dependents.iter().filter(uses).filter(stays).map(ToString::to_string).collect();
    match names.as_slice() {
        [] => Ok(()),
        [one] => Err(Stop::new(format!("{one} uses it"), "drop that first, and create it again after")),
        several => {
            let reason = format!("{} use it", several.join(", "));
            Err(Stop::new(reason, "drop these first, and create them again after"))
        }
    }
}

/// Whether something doesn't go by itself with the column that it uses.
fn stays(dependent: &&Dependent) -> bool {
    use ObjectKind::{Function, MaterializedView, Policy, Procedure, Rule, Trigger, View};
    let kind = dependent.object.as_ref().map(|object| object.kind);
    matches!(kind, Some(Function | MaterializedView | Policy | Procedure | Rule | Trigger | View))
}

/// Notes that a check or an index is gone, or has another name.
pub(super) fn part_gone(schema: &mut Schema, table: &Name, part: &str, to: Option<&str>) {
    let is = |dependent: &Dependent| dependent.name == *table && dependent.part.as_deref() == Some(part);
    if let Some(table) = schema.tables.get_mut(table) {
        if table.cluster.as_deref() == Some(part) {
            table.cluster = to.map(str::to_owned);
        }
        if let ReplicaIdentity::Index(index) = &mut table.replica_identity
            && let Some(to) = to.filter(|_| index == part)
        {
            *index = to.to_owned();
        }
    }
    let view = schema.objects.get_mut(&ObjectId::materialized_view(table));
    if let Some(Definition::MaterializedView(view)) = view.map(|view| &mut view.definition)
        && view.cluster.as_deref() == Some(part)
    {
        view.cluster = to.map(str::to_owned);
    }
    each_notes(schema, |notes| match to {
        None => notes.dependents.retain(|dependent| !is(dependent)),
        Some(to) => {
            for dependent in notes.dependents.iter_mut().filter(|dependent| is(dependent)) {
                dependent.part = Some(to.to_owned());
            }
        }
    });
}

/// Notes that a table or an object is gone, and what belonged to it.
pub(super) fn gone(schema: &mut Schema, id: &ObjectId) {
    let belonging: Vec<ObjectId> = match id.is_relation() {
        true => belongings(schema, &id.name).map(|object| object.id.clone()).collect(),
        false => within(schema, id).map(|object| object.id.clone()).collect(),
    };
    for other in &belonging {
        schema.objects.remove(other);
    }
    for object in schema.objects.values_mut() {
        if let Definition::Publication(publication) = &mut object.definition {
            match id.kind {
                ObjectKind::Table => publication.tables.retain(|published| published.table != id.name),
                ObjectKind::Schema => _ = publication.schemas.remove(&id.name.name),
                _ => {}
            }
        }
    }
    let ended = |dependent: &Dependent| match &dependent.object {
        Some(object) => object == id || belonging.contains(object),
        None => id.is_relation() && dependent.name == id.name,
    };
    each_notes(schema, |notes| {
        notes.dependents.retain(|dependent| !ended(dependent));
        if id.kind == ObjectKind::Table {
            notes.forget_below(&id.name);
        }
    });
}

/// What a column stands on is another thing when its type, its default or its collation changes.
pub(super) fn column_stands(schema: &mut Schema, table: &Name, column: &str, change: &ColumnChange) {
    let of_it = |dependent: &Dependent| {
        dependent.kind == DependentKind::Column
            && dependent.name == *table
            && dependent.column.as_deref() == Some(column)
    };
    for (id, object) in &mut schema.objects {
        let dependents = &mut object.notes.dependents;
        match (change, id.kind) {
            (ColumnChange::Type { to, .. }, kind) if is_type(kind) => {
                dependents.retain(|dependent| !of_it(dependent) || is_named(to, &id.name));
            }
            (ColumnChange::Type { to, .. }, ObjectKind::Extension) => {
                dependents.retain(|dependent| !of_it(dependent) || is_native(to));
            }
            (ColumnChange::Default(default), ObjectKind::Sequence | ObjectKind::Function) => {
                let default = default.as_ref().map(ToString::to_string).unwrap_or_default();
                dependents.retain(|dependent| !of_it(dependent) || default.contains(&id.name.name));
            }
            (ColumnChange::Generated(_), ObjectKind::Sequence | ObjectKind::Function) => {
                dependents.retain(|dependent| !of_it(dependent));
            }
            // What is noted of it tells its default: `mood DEFAULT 'ok'`.
            (ColumnChange::Default(default), _) => {
                for dependent in dependents.iter_mut().filter(|dependent| of_it(dependent)) {
                    let Some(definition) = &mut dependent.definition else { continue };
                    let ty = definition.split(" DEFAULT ").next().unwrap_or_default();
                    *definition = match default {
                        Some(default) => format!("{ty} DEFAULT {default}"),
                        None => ty.to_owned(),
                    };
                }
            }
            (ColumnChange::Collation(collation), ObjectKind::Collation) => {
                let is_kept = collation.entries().iter().any(|(_, name)| name.contains(&id.name.name));
                dependents.retain(|dependent| !of_it(dependent) || is_kept);
            }
            _ => {}
        }
    }
}

/// Whether a type is in the server's own words, and so may be an extension's.
fn is_native(ty: &ColumnType) -> bool {
    match ty {
        ColumnType::Native(_) => true,
        ColumnType::Array(element) => is_native(element),
        _ => false,
    }
}

/// Every note of a schema.
pub(super) fn each_notes(schema: &mut Schema, mut change: impl FnMut(&mut Notes)) {
    let tables = schema.tables.values_mut().map(|table| &mut table.notes.0);
    tables.chain(schema.objects.values_mut().map(|object| &mut object.notes.0)).for_each(&mut change);
}

/// Refuses a second relation of the same name.
pub(super) fn only_relation(schema: &Schema, id: &ObjectId) -> Result<(), Stop> {
    use ObjectKind::{MaterializedView, Sequence, Table, View};
    if !id.is_relation() {
        return Ok(());
    }
    let kinds = [Table, View, MaterializedView, Sequence].into_iter().filter(|kind| *kind != id.kind);
    let other = kinds.map(|kind| ObjectId::new(kind, &id.name)).find(|other| schema.has(other));
    other.map_or(Ok(()), |other| Err(Stop::taken(format!("there is a {other} already"))))
}

fn is_type(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Enum | ObjectKind::Composite | ObjectKind::Domain)
}

/// A column whose type is this object.
fn column_of_type<'a>(schema: &'a Schema, id: &ObjectId) -> Option<(&'a Name, &'a str)> {
    if !is_type(id.kind) {
        return None;
    }
    schema.tables.values().find_map(|table| {
        let column = table.columns.iter().find(|column| is_named(&column.ty, &id.name))?;
        Some((&table.name, column.name.as_str()))
    })
}
