//! What names a thing names it by its new name: types, collations, relations, and what is noted.

use super::{each_notes, rename};
use crate::apply::stop::Stop;
use crate::apply::table;
use crate::schema::{ColumnType, Definition, IndexKey, Name, ObjectId, PublishedTable, Returns, Schema};
use crate::server::PerDialect;

/// What is noted of an object is noted of it under its new name.
pub(in crate::apply) fn called(schema: &mut Schema, from: &ObjectId, to: &ObjectId) {
    each_notes(schema, |notes| {
        for dependent in
            notes.dependents.iter_mut().filter(|dependent| dependent.object.as_ref() == Some(from))
        {
            dependent.object = Some(to.clone());
            if dependent.name == from.name {
                dependent.name.clone_from(&to.name);
            }
        }
        notes.needs.iter_mut().filter(|id| *id == from).for_each(|id| id.clone_from(to));
    });
}

/// All that a schema holds is in it under its new name; what is remarked of it elsewhere too.
pub(super) fn move_all(schema: &mut Schema, from: &str, to: &str) -> Result<(), Stop> {
    let is_in = |name: &Name| name.schema.as_deref() == Some(from);
    let tables: Vec<Name> = schema.tables.keys().filter(|name| is_in(name)).cloned().collect();
    for name in &tables {
        table::rename(schema, name, ObjectId::table(name).moved(Some(to)).name)?;
    }
    let objects: Vec<ObjectId> = schema.objects.keys().filter(|id| is_in(&id.name)).cloned().collect();
    for id in objects {
        // What belonged to a table has followed it.
        if schema.has(&id) {
            rename(schema, &id, id.moved(Some(to)))?;
        }
    }
    let own = |name: &mut Option<String>| {
        if name.as_deref() == Some(from) {
            *name = Some(to.to_owned());
        }
    };
    for object in schema.objects.values_mut() {
        match &mut object.definition {
            Definition::Extension(extension) => own(&mut extension.schema),
            Definition::Publication(publication) => {
                let schemas = std::mem::take(&mut publication.schemas);
                let named = |schema: String| if schema == from { to.to_owned() } else { schema };
                publication.schemas = schemas.into_iter().map(named).collect();
            }
            _ => {}
        }
    }
    each_notes(schema, |notes| {
        let others = notes.dependents.iter_mut().flat_map(|dependent| {
            std::iter::once(&mut dependent.name).chain(dependent.object.iter_mut().flat_map(names))
        });
        others.chain(notes.needs.iter_mut().flat_map(names)).for_each(|name| own(&mut name.schema));
    });
    Ok(())
}

pub(super) fn names(id: &mut ObjectId) -> impl Iterator<Item = &mut Name> {
    std::iter::once(&mut id.name).chain(&mut id.on)
}

/// What names a relation names it by its new name.
pub(in crate::apply) fn follow(schema: &mut Schema, from: &Name, to: &Name) {
    let objects = std::mem::take(&mut schema.objects);
    for (mut id, mut object) in objects {
        if id.on.as_ref() == Some(from) {
            id.on = Some(to.clone());
            object.id = id.clone();
        }
        match &mut object.definition {
            Definition::Sequence(sequence) => {
                let own = sequence.owned_by.iter_mut().filter(|by| by.table == *from);
                own.for_each(|by| by.table.clone_from(to));
            }
            Definition::Statistics(statistics) if statistics.table == *from => {
                statistics.table.clone_from(to)
            }
            Definition::Publication(publication) => {
                let tables = std::mem::take(&mut publication.tables);
                publication.tables.extend(tables.into_iter().map(|published| {
                    match published.table == *from {
                        true => PublishedTable { table: to.clone(), ..published },
                        false => published,
                    }
                }));
            }
            _ => {}
        }
        schema.objects.insert(id, object);
    }
    each_notes(schema, |notes| {
        for dependent in &mut notes.dependents {
            let on = dependent.object.iter_mut().flat_map(|object| &mut object.on);
            on.chain(std::iter::once(&mut dependent.name))
                .filter(|name| **name == *from)
                .for_each(|name| name.clone_from(to));
        }
    });
}

pub(super) fn is_named(ty: &ColumnType, name: &Name) -> bool {
    match ty {
        ColumnType::Native(text) => *text == name.to_string() || *text == quoted(name),
        ColumnType::Array(element) => is_named(element, name),
        _ => false,
    }
}

/// The name as SQL's standard quotes it, which a native type may do.
fn quoted(name: &Name) -> String {
    let part = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    match &name.schema {
        Some(schema) => format!("{}.{}", part(schema), part(&name.name)),
        None => part(&name.name),
    }
}

/// Gives a type's new name to all that is of it.
pub(super) fn retype(schema: &mut Schema, from: &Name, to: &Name) {
    fn change(ty: &mut ColumnType, from: &Name, to: &Name) {
        match ty {
            ColumnType::Array(element) => change(element, from, to),
            ColumnType::Native(text) if *text == from.to_string() => *text = to.to_string(),
            ColumnType::Native(text) if *text == quoted(from) => *text = quoted(to),
            _ => {}
        }
    }
    for table in schema.tables.values_mut() {
        table.columns.iter_mut().for_each(|column| change(&mut column.ty, from, to));
    }
    let objects = std::mem::take(&mut schema.objects);
    for (mut id, mut object) in objects {
        id.args.iter_mut().flatten().for_each(|ty| change(ty, from, to));
        object.id = id.clone();
        let is_it = super::is_type(id.kind) && id.name == *to;
        for dependent in object.notes.0.dependents.iter_mut() {
            let args = dependent.object.iter_mut().flat_map(|object| &mut object.args);
            args.flatten().for_each(|ty| change(ty, from, to));
            for text in dependent.definition.iter_mut().filter(|_| is_it) {
                for old in [from.to_string(), quoted(from)] {
                    *text = recast(text, &old, &quoted(to));
                }
            }
        }
        match &mut object.definition {
            Definition::Composite(composite) => {
                composite.attributes.iter_mut().for_each(|attribute| change(&mut attribute.ty, from, to));
            }
            Definition::Domain(domain) => change(&mut domain.ty, from, to),
            Definition::Function(routine) | Definition::Procedure(routine) => {
                routine.args.iter_mut().for_each(|arg| change(&mut arg.ty, from, to));
                match &mut routine.returns {
                    Some(Returns::Type(ty) | Returns::SetOf(ty)) => change(ty, from, to),
                    Some(Returns::Table(columns)) => {
                        columns.iter_mut().for_each(|(_, ty)| change(ty, from, to));
                    }
                    None => {}
                }
            }
            _ => {}
        }
        schema.objects.insert(id, object);
    }
}

/// A definition as a catalog prints it, with another name for a type: where it begins, and in `'ok'::mood`.
fn recast(text: &str, from: &str, to: &str) -> String {
    let mut recast = String::new();
    let (mut rest, mut quote, mut is_type) = (text, None, true);
    while let Some(next) = rest.chars().next() {
        let after = rest.strip_prefix(from).filter(|_| is_type && quote.is_none());
        if let Some(after) =
            after.filter(|after| !after.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
        {
            recast.push_str(to);
            (rest, is_type) = (after, false);
            continue;
        }
        match quote {
            None if next == '\'' || next == '"' => quote = Some(next),
            Some(mark) if mark == next => quote = None,
            _ => {}
        }
        recast.push(next);
        is_type = recast.ends_with("::");
        rest = &rest[next.len_utf8()..];
    }
    recast
}

/// Gives a collation's new name to all that is compared by it.
pub(super) fn recollate(schema: &mut Schema, from: &Name, to: &Name) {
    let spelled = |name: &Name| match name.schema {
        Some(_) => quoted(name),
        None => name.name.clone(),
    };
    let (from, to) = (spelled(from), spelled(to));
    let renamed = |name: String| if name == from { to.clone() } else { name };
    let change = |collation: &mut PerDialect<String>| {
        let entries = collation.entries().iter().cloned();
        *collation = entries.map(|(dialects, name)| (dialects, renamed(name))).collect();
    };
    let keys = |keys: &mut Vec<IndexKey>| keys.iter_mut().for_each(|key| change(&mut key.collation));
    for table in schema.tables.values_mut() {
        table.columns.iter_mut().for_each(|column| change(&mut column.collation));
        table.indexes.iter_mut().for_each(|index| keys(&mut index.keys));
        table.partitioning.iter_mut().for_each(|of| keys(&mut of.keys));
        let elements = table.exclusions.iter_mut().flat_map(|exclusion| &mut exclusion.elements);
        elements.for_each(|element| change(&mut element.key.collation));
    }
    for object in schema.objects.values_mut() {
        match &mut object.definition {
            Definition::MaterializedView(view) => {
                view.indexes.iter_mut().for_each(|index| keys(&mut index.keys));
            }
            Definition::Composite(of) => {
                of.attributes.iter_mut().for_each(|one| one.collation = one.collation.take().map(renamed));
            }
            Definition::Domain(domain) => domain.collation = domain.collation.take().map(renamed),
            _ => {}
        }
    }
}
