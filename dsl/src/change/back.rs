//! A change, taken back.

use super::{
    ExtensionChange, MaterializedViewChange, ObjectChange, PublicationChange, TriggerChange, ValuePosition,
    ViewChange,
};
use crate::schema::Definition;

/// What sets back what a change will have changed of a definition, or why nothing can.
pub(crate) fn back(change: &ObjectChange, definition: &Definition) -> Result<Vec<ObjectChange>, String> {
    let one = match (change, definition) {
        (ObjectChange::Definition(_), old) => ObjectChange::Definition(Box::new(old.clone())),
        (ObjectChange::AddValue { value, if_not_exists, .. }, Definition::Enum(of)) => {
            if *if_not_exists && of.values.contains(value) {
                return Ok(Vec::new());
            }
            ObjectChange::DropValue { value: value.clone() }
        }
        (ObjectChange::RenameValue { value, to }, _) => {
            ObjectChange::RenameValue { value: to.clone(), to: value.clone() }
        }
        (ObjectChange::DropValue { value }, Definition::Enum(of)) => {
            let at = of.values.iter().position(|v| v == value);
            let at = at.ok_or_else(|| format!("it has no value {value:?}"))?;
            let position = match (at, of.values.get(at + 1)) {
                (_, None) => None,
                (0, Some(next)) => Some(ValuePosition::Before(next.clone())),
                _ => Some(ValuePosition::After(of.values[at - 1].clone())),
            };
            ObjectChange::AddValue { value: value.clone(), position, if_not_exists: false }
        }
        (ObjectChange::AddAttribute(attribute), _) => {
            ObjectChange::DropAttribute { name: attribute.name.clone() }
        }
        (ObjectChange::DropAttribute { name }, Definition::Composite(of)) => {
            let at = of.attributes.iter().position(|a| a.name == *name);
            let at = at.ok_or_else(|| format!("it has no attribute {name}"))?;
            if let Some(next) = of.attributes.get(at + 1) {
                return Err(format!(
                    "attribute {name} stood before {}, and would come back last; write a down",
                    next.name
                ));
            }
            ObjectChange::AddAttribute(of.attributes[at].clone())
        }
        (ObjectChange::RenameAttribute { name, to }, _) => {
            ObjectChange::RenameAttribute { name: to.clone(), to: name.clone() }
        }
        (ObjectChange::RenameColumn { name, to }, _) => {
            ObjectChange::RenameColumn { name: to.clone(), to: name.clone() }
        }
        (ObjectChange::AttributeType { name, .. }, Definition::Composite(of)) => {
            let found = of.attributes.iter().find(|a| a.name == *name);
            let to = found.ok_or_else(|| format!("it has no attribute {name}"))?.ty.clone();
            ObjectChange::AttributeType { name: name.clone(), to }
        }
        (ObjectChange::AttributeComment { name, .. }, Definition::Composite(of)) => {
            let found = of.attributes.iter().find(|a| a.name == *name);
            let comment = found.ok_or_else(|| format!("it has no attribute {name}"))?.comment.clone();
            ObjectChange::AttributeComment { name: name.clone(), comment }
        }
        (ObjectChange::AddCheck(check), _) => {
            ObjectChange::DropCheck { name: check.label.name().unwrap_or_default().into() }
        }
        (ObjectChange::DropCheck { name }, Definition::Domain(of)) => {
            let found = of.checks.iter().find(|c| c.label.is(name));
            let add = ObjectChange::AddCheck(found.ok_or_else(|| format!("it has no check {name}"))?.clone());
            let comment = of.check_comments.get(name).cloned();
            let remark = comment
                .map(|comment| ObjectChange::CheckComment { name: name.clone(), comment: Some(comment) });
            return Ok(std::iter::once(add).chain(remark).collect());
        }
        (ObjectChange::RenameCheck { name, to }, _) => {
            ObjectChange::RenameCheck { name: to.clone(), to: name.clone() }
        }
        (ObjectChange::EnforceCheck { name, .. }, Definition::Domain(of)) => {
            let found = of.checks.iter().find(|c| c.label.is(name));
            let to = found.ok_or_else(|| format!("it has no check {name}"))?.enforcement;
            ObjectChange::EnforceCheck { name: name.clone(), to }
        }
        (ObjectChange::CheckComment { name, .. }, Definition::Domain(of)) => {
            ObjectChange::CheckComment { name: name.clone(), comment: of.check_comments.get(name).cloned() }
        }
        (ObjectChange::Restart(_), _) => {
            return Err("where the sequence stood isn't remembered; write a down".into());
        }
        (ObjectChange::RefreshCollation, _) => return Ok(Vec::new()),
        (ObjectChange::Schema(change), Definition::Schema(of)) => ObjectChange::Schema(change.back(of)),
        // PostgreSQL's own extensions have scripts to newer versions alone (seen on 15 and 18).
        (ObjectChange::Extension(ExtensionChange::Version(_)), _) => {
            return Err("an extension has no way back to an older version; write a down".into());
        }
        (ObjectChange::Extension(change), Definition::Extension(of)) => {
            ObjectChange::Extension(change.back(of))
        }
        (ObjectChange::Domain(change), Definition::Domain(of)) => ObjectChange::Domain(change.back(of)),
        (ObjectChange::Sequence(change), Definition::Sequence(of)) => ObjectChange::Sequence(change.back(of)),
        // The names of its columns go with a query.
        (ObjectChange::View(ViewChange::Query(_)), Definition::View(_))
        | (
            ObjectChange::MaterializedView(MaterializedViewChange::Query(_)),
            Definition::MaterializedView(_),
        ) => ObjectChange::Definition(Box::new(definition.clone())),
        (ObjectChange::View(change), Definition::View(of)) => ObjectChange::View(change.back(of)),
        (ObjectChange::MaterializedView(change), Definition::MaterializedView(of)) => {
            ObjectChange::MaterializedView(change.back(of))
        }
        (ObjectChange::Routine(change), Definition::Function(of) | Definition::Procedure(of)) => {
            ObjectChange::Routine(change.back(of))
        }
        // Events and columns change each other, as a constraint trigger and what it alone has do, and with its moment a trigger
        // leaves its place among the others.
        (
            ObjectChange::Trigger(
                TriggerChange::Timing(_)
                | TriggerChange::Events(_)
                | TriggerChange::UpdateOf(_)
                | TriggerChange::Constraint(_)
                | TriggerChange::Deferrable(_)
                | TriggerChange::From(_),
            ),
            Definition::Trigger(_),
        ) => ObjectChange::Definition(Box::new(definition.clone())),
        (ObjectChange::Trigger(change), Definition::Trigger(of)) => ObjectChange::Trigger(change.back(of)),
        (ObjectChange::Rule(change), Definition::Rule(of)) => ObjectChange::Rule(change.back(of)),
        (ObjectChange::Policy(change), Definition::Policy(of)) => ObjectChange::Policy(change.back(of)),
        (ObjectChange::Statistics(change), Definition::Statistics(of)) => {
            ObjectChange::Statistics(change.back(of))
        }
        // Every table, and some by name, change each other.
        (
            ObjectChange::Publication(
                PublicationChange::AllTables(_)
                | PublicationChange::Tables(_)
                | PublicationChange::Schemas(_),
            ),
            Definition::Publication(of),
        ) if of.all_tables
            || matches!(change, ObjectChange::Publication(PublicationChange::AllTables(_))) =>
        {
            ObjectChange::Definition(Box::new(definition.clone()))
        }
        (ObjectChange::Publication(change), Definition::Publication(of)) => {
            ObjectChange::Publication(change.back(of))
        }
        (ObjectChange::Event(change), Definition::Event(of)) => ObjectChange::Event(change.back(of)),
        (change, of) => return Err(format!("a {} has no {}", of.kind(), change.attribute())),
    };
    Ok(vec![one])
}
