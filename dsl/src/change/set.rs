//! A change, made to a definition.

use std::collections::BTreeMap;

use super::{
    MaterializedViewChange, ObjectChange, PublicationChange, TriggerChange, ValuePosition, ViewChange,
};
use crate::schema::{Collation, Deferrable, Definition, KeyPart, TriggerEvent};

/// Applies a change to a definition; a change of another kind is a conflict.
pub(crate) fn set(change: &ObjectChange, definition: &mut Definition) -> Result<(), String> {
    match (change, definition) {
        (ObjectChange::Definition(new), old) => {
            if new.kind() != old.kind() {
                return Err(format!("it is a {} and no {}", old.kind(), new.kind()));
            }
            *old = (**new).clone();
        }
        (ObjectChange::AddValue { value, position, if_not_exists }, Definition::Enum(of)) => {
            if of.values.contains(value) {
                return if *if_not_exists {
                    Ok(())
                } else {
                    Err(format!("it has the value {value:?} already"))
                };
            }
            let place = |other: &String| {
                of.values.iter().position(|v| v == other).ok_or_else(|| format!("it has no value {other:?}"))
            };
            let at = match position {
                None => of.values.len(),
                Some(ValuePosition::Before(other)) => place(other)?,
                Some(ValuePosition::After(other)) => place(other)? + 1,
            };
            of.values.insert(at, value.clone());
        }
        (ObjectChange::RenameValue { value, to }, Definition::Enum(of)) => {
            if of.values.contains(to) {
                return Err(format!("it has the value {to:?} already"));
            }
            let found = of.values.iter_mut().find(|v| *v == value);
            found.ok_or_else(|| format!("it has no value {value:?}"))?.clone_from(to);
        }
        (ObjectChange::DropValue { value }, Definition::Enum(of)) => {
            let at = of.values.iter().position(|v| v == value);
            of.values.remove(at.ok_or_else(|| format!("it has no value {value:?}"))?);
        }
        (ObjectChange::AddAttribute(attribute), Definition::Composite(of)) => {
            if of.attributes.iter().any(|a| a.name == attribute.name) {
                return Err(format!("it has an attribute {} already", attribute.name));
            }
            of.attributes.push(attribute.clone());
        }
        (ObjectChange::DropAttribute { name }, Definition::Composite(of)) => {
            let at = of.attributes.iter().position(|a| a.name == *name);
            of.attributes.remove(at.ok_or_else(|| format!("it has no attribute {name}"))?);
        }
        (ObjectChange::RenameAttribute { name, to }, Definition::Composite(of)) => {
            if of.attributes.iter().any(|a| a.name == *to) {
                return Err(format!("it has an attribute {to} already"));
            }
            let found = of.attributes.iter_mut().find(|a| a.name == *name);
            found.ok_or_else(|| format!("it has no attribute {name}"))?.name.clone_from(to);
        }
        (ObjectChange::AttributeType { name, to }, Definition::Composite(of)) => {
            let found = of.attributes.iter_mut().find(|a| a.name == *name);
            found.ok_or_else(|| format!("it has no attribute {name}"))?.ty = to.clone();
        }
        (ObjectChange::AttributeComment { name, comment }, Definition::Composite(of)) => {
            let found = of.attributes.iter_mut().find(|a| a.name == *name);
            found.ok_or_else(|| format!("it has no attribute {name}"))?.comment.clone_from(comment);
        }
        (ObjectChange::RenameColumn { name, to }, Definition::View(of)) => {
            let named = of.columns.iter().chain(of.defaults.keys()).chain(of.column_comments.keys());
            refuse_taken(named.chain([name]), to)?;
            rename(of.columns.iter_mut(), name, to);
            rename_key(&mut of.defaults, name, to);
            rename_key(&mut of.column_comments, name, to);
        }
        (ObjectChange::RenameColumn { name, to }, Definition::MaterializedView(of)) => {
            let keys = of.indexes.iter().flat_map(|index| &index.keys);
            let keys = keys.filter_map(|key| match &key.on {
                KeyPart::Column(column) => Some(column),
                KeyPart::Expr(_) => None,
            });
            let named = of.columns.iter().chain(of.column_comments.keys()).chain(keys);
            let named = named.chain(of.indexes.iter().flat_map(|index| &index.include));
            refuse_taken(named.chain([name]), to)?;
            rename(of.columns.iter_mut(), name, to);
            rename_key(&mut of.column_comments, name, to);
            rename_key(&mut of.column_options, name, to);
            for index in &mut of.indexes {
                let keys = index.keys.iter_mut().filter_map(|key| match &mut key.on {
                    KeyPart::Column(column) => Some(column),
                    KeyPart::Expr(_) => None,
                });
                rename(keys.chain(&mut index.include), name, to);
            }
        }
        (ObjectChange::AddCheck(check), Definition::Domain(of)) => {
            if check.label.name().is_some_and(|name| of.checks.iter().any(|c| c.label.is(name))) {
                return Err(format!("it has a check {} already", check.label));
            }
            of.checks.push(check.clone());
        }
        (ObjectChange::DropCheck { name }, Definition::Domain(of)) => {
            let at = of.checks.iter().position(|c| c.label.is(name));
            of.checks.remove(at.ok_or_else(|| format!("it has no check {name}"))?);
            of.check_comments.remove(name);
        }
        (ObjectChange::RenameCheck { name, to }, Definition::Domain(of)) => {
            if of.checks.iter().any(|c| c.label.is(to)) {
                return Err(format!("it has a check {to} already"));
            }
            let found = of.checks.iter_mut().find(|c| c.label.is(name));
            found.ok_or_else(|| format!("it has no check {name}"))?.label = to.as_str().into();
            rename_key(&mut of.check_comments, name, to);
        }
        (ObjectChange::EnforceCheck { name, to }, Definition::Domain(of)) => {
            let found = of.checks.iter_mut().find(|c| c.label.is(name));
            found.ok_or_else(|| format!("it has no check {name}"))?.enforcement = *to;
        }
        (ObjectChange::CheckComment { name, comment }, Definition::Domain(of)) => {
            if !of.checks.iter().any(|c| c.label.is(name)) {
                return Err(format!("it has no check {name}"));
            }
            match comment {
                Some(comment) => _ = of.check_comments.insert(name.clone(), comment.clone()),
                None => _ = of.check_comments.remove(name),
            }
        }
        (ObjectChange::Restart(_), Definition::Sequence(_)) => {}
        (ObjectChange::RefreshCollation, Definition::Collation(Collation { .. })) => {}
        (ObjectChange::Schema(change), Definition::Schema(of)) => change.set(of),
        (ObjectChange::Extension(change), Definition::Extension(of)) => change.set(of),
        (ObjectChange::Domain(change), Definition::Domain(of)) => change.set(of),
        (ObjectChange::Sequence(change), Definition::Sequence(of)) => change.set(of),
        (ObjectChange::View(change), Definition::View(of)) => {
            change.set(of);
            if matches!(change, ViewChange::Query(_)) {
                of.columns.clear();
            }
        }
        (ObjectChange::MaterializedView(change), Definition::MaterializedView(of)) => {
            change.set(of);
            if matches!(change, MaterializedViewChange::Query(_)) {
                of.columns.clear();
            }
        }
        (ObjectChange::Routine(change), Definition::Function(of) | Definition::Procedure(of)) => {
            change.set(of)
        }
        (ObjectChange::Trigger(change), Definition::Trigger(of)) => {
            change.set(of);
            match change {
                TriggerChange::Events(events) if !events.contains(&TriggerEvent::Update) => {
                    of.update_of.clear()
                }
                TriggerChange::UpdateOf(columns) if !columns.is_empty() => {
                    of.events.insert(TriggerEvent::Update);
                }
                TriggerChange::Constraint(false) => {
                    (of.deferrable, of.from) = (Deferrable::No, None);
                }
                TriggerChange::Deferrable(Deferrable::InitiallyImmediate | Deferrable::InitiallyDeferred)
                | TriggerChange::From(Some(_)) => of.constraint = true,
                _ => {}
            }
        }
        (ObjectChange::Rule(change), Definition::Rule(of)) => change.set(of),
        (ObjectChange::Policy(change), Definition::Policy(of)) => change.set(of),
        (ObjectChange::Statistics(change), Definition::Statistics(of)) => change.set(of),
        (ObjectChange::Publication(change), Definition::Publication(of)) => {
            change.set(of);
            match change {
                PublicationChange::AllTables(true) => {
                    of.tables.clear();
                    of.schemas.clear();
                }
                PublicationChange::Tables(_) | PublicationChange::Schemas(_) => of.all_tables = false,
                _ => {}
            }
        }
        (ObjectChange::Event(change), Definition::Event(of)) => change.set(of),
        (change, of) => return Err(format!("a {} has no {}", of.kind(), change.attribute())),
    }
    Ok(())
}

/// A conflict where one of these columns has the name already: not all of a view's columns may be known by name, and those
/// are that something of it is said.
fn refuse_taken<'n>(mut columns: impl Iterator<Item = &'n String>, name: &str) -> Result<(), String> {
    match columns.any(|column| column == name) {
        true => Err(format!("it has a column {name} already")),
        false => Ok(()),
    }
}

fn rename<'n>(names: impl Iterator<Item = &'n mut String>, name: &str, to: &str) {
    names.filter(|other| *other == name).for_each(|other| *other = to.to_owned());
}

fn rename_key<V>(map: &mut BTreeMap<String, V>, name: &str, to: &str) {
    if let Some(value) = map.remove(name) {
        map.insert(to.to_owned(), value);
    }
}
