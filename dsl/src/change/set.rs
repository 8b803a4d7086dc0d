//! A change, made to a definition.

use super::{MaterializedViewChange, ObjectChange, TriggerChange, ValuePosition, ViewChange};
use crate::schema::{Collation, Definition, TriggerEvent};

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
        (ObjectChange::AddCheck(check), Definition::Domain(of)) => {
            if check.label.name().is_some_and(|name| of.checks.iter().any(|c| c.label.is(name))) {
                return Err(format!("it has a check {} already", check.label));
            }
            of.checks.push(check.clone());
        }
        (ObjectChange::DropCheck { name }, Definition::Domain(of)) => {
            let at = of.checks.iter().position(|c| c.label.is(name));
            of.checks.remove(at.ok_or_else(|| format!("it has no check {name}"))?);
        }
        (ObjectChange::RenameCheck { name, to }, Definition::Domain(of)) => {
            if of.checks.iter().any(|c| c.label.is(to)) {
                return Err(format!("it has a check {to} already"));
            }
            let found = of.checks.iter_mut().find(|c| c.label.is(name));
            found.ok_or_else(|| format!("it has no check {name}"))?.label = to.as_str().into();
        }
        (ObjectChange::EnforceCheck { name, to }, Definition::Domain(of)) => {
            let found = of.checks.iter_mut().find(|c| c.label.is(name));
            found.ok_or_else(|| format!("it has no check {name}"))?.enforcement = *to;
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
                _ => {}
            }
        }
        (ObjectChange::Rule(change), Definition::Rule(of)) => change.set(of),
        (ObjectChange::Policy(change), Definition::Policy(of)) => change.set(of),
        (ObjectChange::Statistics(change), Definition::Statistics(of)) => change.set(of),
        (ObjectChange::Publication(change), Definition::Publication(of)) => change.set(of),
        (ObjectChange::Event(change), Definition::Event(of)) => change.set(of),
        (change, of) => return Err(format!("a {} has no {}", of.kind(), change.attribute())),
    }
    Ok(())
}
