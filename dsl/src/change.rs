//! Changes of one attribute of an object, and of no other.
//!
//! A change that sets an attribute is a lens: it says which attribute, and so how to set it and how to set it back. Each
//! kind's attributes are listed once, and all the rest follows.

use serde::{Deserialize, Serialize};

use crate::is_default;
use crate::schema::{Attribute, Check, ColumnType, Definition, Enforcement};

mod attribute;
mod back;
mod index;
mod set;
mod table;

pub use attribute::{
    DomainChange, EventChange, ExtensionChange, MaterializedViewChange, NamespaceChange, PolicyChange,
    PublicationChange, RoutineChange, RuleChange, SequenceChange, StatisticsChange, TriggerChange,
    ViewChange,
};
pub(crate) use back::back;
pub use index::IndexChange;
pub(crate) use set::set;
pub use table::{ConstraintChange, TableChange};

/// A change of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ObjectChange {
    /// Its comment; none removes it.
    Comment(Option<String>),
    /// Its owner.
    Owner(String),
    /// All of it: in place as far as the server can, else dropped and created anew.
    Definition(Box<Definition>),
    /// An enum's new value.
    AddValue {
        /// The value.
        value: String,
        /// Where; last unless it is said.
        #[serde(default, skip_serializing_if = "is_default")]
        position: Option<ValuePosition>,
        /// Does nothing if there is one.
        #[serde(default, skip_serializing_if = "is_default")]
        if_not_exists: bool,
    },
    /// An enum's value under another name; rows that have it have it still.
    RenameValue {
        /// Before.
        value: String,
        /// After.
        to: String,
    },
    /// An enum's value taken away; it fails where a row has it.
    DropValue {
        /// The value.
        value: String,
    },
    /// A composite type's new attribute, last.
    AddAttribute(Attribute),
    /// A composite type's attribute taken away.
    DropAttribute {
        /// Its name.
        name: String,
    },
    /// A composite type's attribute under another name.
    RenameAttribute {
        /// Before.
        name: String,
        /// After.
        to: String,
    },
    /// The type of a composite type's attribute.
    AttributeType {
        /// The attribute.
        name: String,
        /// Its new type.
        to: ColumnType,
    },
    /// A remark on a composite type's attribute; none removes it.
    AttributeComment {
        /// The attribute.
        name: String,
        /// The remark.
        comment: Option<String>,
    },
    /// A column of a view or a materialized view under another name; its query stays as it is.
    RenameColumn {
        /// Before.
        name: String,
        /// After.
        to: String,
    },
    /// A domain's new condition.
    AddCheck(Check),
    /// A domain's condition taken away.
    DropCheck {
        /// Its name.
        name: String,
    },
    /// A domain's condition under another name.
    RenameCheck {
        /// Before.
        name: String,
        /// After.
        to: String,
    },
    /// Which values a domain's condition holds for.
    EnforceCheck {
        /// Its name.
        name: String,
        /// Those.
        to: Enforcement,
    },
    /// A remark on a domain's condition; none removes it.
    CheckComment {
        /// The condition.
        name: String,
        /// The remark.
        comment: Option<String>,
    },
    /// A sequence's next number; none is its first.
    Restart(Option<i64>),
    /// An attribute of a schema.
    Schema(NamespaceChange),
    /// An attribute of an extension.
    Extension(ExtensionChange),
    /// An attribute of a domain.
    Domain(DomainChange),
    /// An attribute of a sequence.
    Sequence(SequenceChange),
    /// An attribute of a view.
    View(ViewChange),
    /// An attribute of a materialized view.
    MaterializedView(MaterializedViewChange),
    /// An attribute of a function or a procedure.
    Routine(RoutineChange),
    /// An attribute of a trigger.
    Trigger(TriggerChange),
    /// An attribute of a rule.
    Rule(RuleChange),
    /// An attribute of a policy.
    Policy(PolicyChange),
    /// An attribute of extended statistics.
    Statistics(StatisticsChange),
    /// An attribute of a publication.
    Publication(PublicationChange),
    /// An attribute of a scheduled event.
    Event(EventChange),
    /// A collation whose provider has a new version: its version is noted anew.
    RefreshCollation,
}

/// Where an enum's value is added.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ValuePosition {
    /// Before this value.
    Before(String),
    /// After this value.
    After(String),
}

impl ObjectChange {
    /// Every attribute that is set at once, as `definition` has it, each as the change that sets it. What a kind has by
    /// name (values, attributes, checks) isn't among them.
    pub fn all(definition: &Definition) -> Vec<Self> {
        fn each<C>(changes: Vec<C>, of: fn(C) -> ObjectChange) -> Vec<ObjectChange> {
            changes.into_iter().map(of).collect()
        }
        match definition {
            Definition::Schema(of) => each(NamespaceChange::all(of), Self::Schema),
            Definition::Extension(of) => each(ExtensionChange::all(of), Self::Extension),
            Definition::Domain(of) => each(DomainChange::all(of), Self::Domain),
            Definition::Sequence(of) => each(SequenceChange::all(of), Self::Sequence),
            Definition::View(of) => each(ViewChange::all(of), Self::View),
            Definition::MaterializedView(of) => each(MaterializedViewChange::all(of), Self::MaterializedView),
            Definition::Function(of) | Definition::Procedure(of) => {
                each(RoutineChange::all(of), Self::Routine)
            }
            Definition::Trigger(of) => each(TriggerChange::all(of), Self::Trigger),
            Definition::Rule(of) => each(RuleChange::all(of), Self::Rule),
            Definition::Policy(of) => each(PolicyChange::all(of), Self::Policy),
            Definition::Statistics(of) => each(StatisticsChange::all(of), Self::Statistics),
            Definition::Publication(of) => each(PublicationChange::all(of), Self::Publication),
            Definition::Event(of) => each(EventChange::all(of), Self::Event),
            Definition::Enum(_)
            | Definition::Composite(_)
            | Definition::Collation(_)
            | Definition::DefaultPrivileges => Vec::new(),
        }
    }

    /// What is changed, in words: `values`, `comment`.
    pub fn attribute(&self) -> &'static str {
        match self {
            Self::Comment(_) => "comment",
            Self::Owner(_) => "owner",
            Self::Definition(_) => "definition",
            Self::AddValue { .. } | Self::RenameValue { .. } | Self::DropValue { .. } => "values",
            Self::AddAttribute(_)
            | Self::DropAttribute { .. }
            | Self::RenameAttribute { .. }
            | Self::AttributeType { .. } => "attributes",
            Self::AttributeComment { .. } => "comment of an attribute",
            Self::CheckComment { .. } => "comment of a check",
            Self::RenameColumn { .. } => "columns",
            Self::AddCheck(_)
            | Self::DropCheck { .. }
            | Self::RenameCheck { .. }
            | Self::EnforceCheck { .. } => "checks",
            Self::Restart(_) => "next number",
            Self::Schema(change) => change.attribute(),
            Self::Extension(change) => change.attribute(),
            Self::Domain(change) => change.attribute(),
            Self::Sequence(change) => change.attribute(),
            Self::View(change) => change.attribute(),
            Self::MaterializedView(change) => change.attribute(),
            Self::Routine(change) => change.attribute(),
            Self::Trigger(change) => change.attribute(),
            Self::Rule(change) => change.attribute(),
            Self::Policy(change) => change.attribute(),
            Self::Statistics(change) => change.attribute(),
            Self::Publication(change) => change.attribute(),
            Self::Event(change) => change.attribute(),
            Self::RefreshCollation => "version",
        }
    }
}
