//! Objects beside tables: views, types, sequences, routines, triggers and all else that a server keeps by name.
//!
//! Every kind has the same four parts: what identifies it, how it is defined, what is remarked of it, and who may use it.
//! So one [`Op`](crate::Op) each creates, drops, renames and changes any of them.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::access::Grant;
use super::collation::Collation;
use super::event::ScheduledEvent;
use super::name::Name;
use super::named_type::{Composite, Domain, EnumType};
use super::namespace::{Extension, Namespace};
use super::policy::Policy;
use super::publication::Publication;
use super::routine::Routine;
use super::rule::Rule;
use super::sequence::Sequence;
use super::statistics::Statistics;
use super::table::Notes;
use super::trigger::Trigger;
use super::types::ColumnType;
use super::view::{MaterializedView, View};
use crate::aside::Aside;
use crate::is_default;

/// The kinds of object, in an order in which most can be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ObjectKind {
    /// A schema; a database on MySQL and MariaDB.
    Schema,
    /// PostgreSQL's extension.
    Extension,
    /// PostgreSQL's collation.
    Collation,
    /// PostgreSQL's enum type.
    Enum,
    /// PostgreSQL's composite type.
    Composite,
    /// PostgreSQL's domain.
    Domain,
    /// A sequence: PostgreSQL and MariaDB.
    Sequence,
    /// A function.
    Function,
    /// A procedure.
    Procedure,
    /// A table.
    Table,
    /// A view.
    View,
    /// PostgreSQL's materialized view.
    MaterializedView,
    /// A trigger.
    Trigger,
    /// PostgreSQL's rule.
    Rule,
    /// PostgreSQL's row-level security policy.
    Policy,
    /// PostgreSQL's extended statistics.
    Statistics,
    /// PostgreSQL's publication.
    Publication,
    /// MySQL's and MariaDB's scheduled event.
    Event,
    /// PostgreSQL's default privileges, of what a role will create.
    DefaultPrivileges,
}

/// What identifies an object, and no more.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// assert_eq!(ObjectId::view(("audit", "log")).to_string(), "view audit.log");
/// assert_eq!(ObjectId::trigger("touch", "users").to_string(), "trigger touch on users");
/// assert_eq!(ObjectId::function("add", [integer(), integer()]).to_string(), "function add(integer, integer)");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectId {
    /// Its kind.
    pub kind: ObjectKind,
    /// Its name. What belongs to a table has no schema of its own; of default privileges it is the kind of what they
    /// are for (`tables`), in the schema to which they are limited.
    pub name: Name,
    /// The table or view that it belongs to: triggers, rules and policies.
    #[serde(default, skip_serializing_if = "is_default")]
    pub on: Option<Name>,
    /// The types of a routine's arguments, but for those that only go out; none where the name says enough.
    #[serde(default, skip_serializing_if = "is_default")]
    pub args: Option<Vec<ColumnType>>,
    /// Whose default privileges they are; none is whoever asks.
    #[serde(default, skip_serializing_if = "is_default")]
    pub role: Option<String>,
}

/// An object with all that belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "ObjectForm")]
pub struct Object {
    /// What identifies it.
    #[serde(flatten)]
    pub id: ObjectId,
    /// How it is defined; it is of the same kind as `id` says.
    pub definition: Definition,
    /// A remark kept in the catalog; where a server has no place for it, it is left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub comment: Option<String>,
    /// What others may do with it, beyond what they may by default.
    #[serde(default, skip_serializing_if = "is_default")]
    pub grants: BTreeSet<Grant>,
    /// What everyone may do with such an object by default on PostgreSQL, and not with this one: `EXECUTE`, `USAGE`.
    #[serde(default, skip_serializing_if = "is_default")]
    pub withheld: BTreeSet<String>,
    /// What the catalog tells beside the definition; never part of a comparison.
    #[serde(default, skip_serializing_if = "Aside::is_empty")]
    pub notes: Aside<Notes>,
}

/// An object as JSON has it. No key is unknown here: serde can't tell of one where a struct is flattened into another.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ObjectForm {
    kind: ObjectKind,
    name: Name,
    #[serde(default)]
    on: Option<Name>,
    #[serde(default)]
    args: Option<Vec<ColumnType>>,
    #[serde(default)]
    role: Option<String>,
    definition: Definition,
    #[serde(default)]
    comment: Option<String>,
    #[serde(default)]
    grants: BTreeSet<Grant>,
    #[serde(default)]
    withheld: BTreeSet<String>,
    #[serde(default)]
    notes: Aside<Notes>,
}

impl From<ObjectForm> for Object {
    fn from(form: ObjectForm) -> Self {
        let ObjectForm { kind, name, on, args, role, definition, comment, grants, withheld, notes } = form;
        Self { id: ObjectId { kind, name, on, args, role }, definition, comment, grants, withheld, notes }
    }
}

/// How an object is defined, by its kind.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Definition {
    /// A schema.
    Schema(Namespace),
    /// An extension.
    Extension(Extension),
    /// A collation.
    Collation(Collation),
    /// An enum type.
    Enum(EnumType),
    /// A composite type.
    Composite(Composite),
    /// A domain.
    Domain(Domain),
    /// A sequence.
    Sequence(Sequence),
    /// A function.
    Function(Routine),
    /// A procedure.
    Procedure(Routine),
    /// A view.
    View(View),
    /// A materialized view.
    MaterializedView(MaterializedView),
    /// A trigger.
    Trigger(Trigger),
    /// A rule.
    Rule(Rule),
    /// A policy.
    Policy(Policy),
    /// Extended statistics.
    Statistics(Statistics),
    /// A publication.
    Publication(Publication),
    /// A scheduled event.
    Event(ScheduledEvent),
    /// Default privileges; what they are is in the object's grants.
    DefaultPrivileges,
}

macro_rules! named_ids {
    ($($method:ident $kind:ident $article:literal),+ $(,)?) => {$(
        #[doc = concat!("Identifies ", $article, ".")]
        pub fn $method(name: impl Into<Name>) -> Self {
            Self::new(ObjectKind::$kind, name)
        }
    )+};
}

impl ObjectId {
    named_ids! {
        schema Schema "a schema",
        extension Extension "an extension",
        collation Collation "a collation",
        enumeration Enum "an enum type",
        composite Composite "a composite type",
        domain Domain "a domain",
        sequence Sequence "a sequence",
        table Table "a table",
        view View "a view",
        materialized_view MaterializedView "a materialized view",
        statistics Statistics "extended statistics",
        publication Publication "a publication",
        event Event "a scheduled event",
        any_function Function "a function that is the only one of its name",
        any_procedure Procedure "a procedure that is the only one of its name",
    }

    /// Identifies an object that has nothing but a name.
    pub fn new(kind: ObjectKind, name: impl Into<Name>) -> Self {
        Self { kind, name: name.into(), on: None, args: None, role: None }
    }

    /// Identifies a function by the types of its arguments too.
    pub fn function<T: Into<ColumnType>>(name: impl Into<Name>, args: impl IntoIterator<Item = T>) -> Self {
        let args = args.into_iter().map(Into::into).collect();
        Self { args: Some(args), ..Self::any_function(name) }
    }

    /// Identifies a procedure by the types of its arguments too.
    pub fn procedure<T: Into<ColumnType>>(name: impl Into<Name>, args: impl IntoIterator<Item = T>) -> Self {
        let args = args.into_iter().map(Into::into).collect();
        Self { args: Some(args), ..Self::any_procedure(name) }
    }

    /// Identifies a trigger of a table or a view.
    pub fn trigger(name: impl Into<String>, on: impl Into<Name>) -> Self {
        Self::belonging(ObjectKind::Trigger, name, on)
    }

    /// Identifies a rule of a table or a view.
    pub fn rule(name: impl Into<String>, on: impl Into<Name>) -> Self {
        Self::belonging(ObjectKind::Rule, name, on)
    }

    /// Identifies a policy of a table.
    pub fn policy(name: impl Into<String>, on: impl Into<Name>) -> Self {
        Self::belonging(ObjectKind::Policy, name, on)
    }

    /// Identifies default privileges, by what they are for: `tables`, `sequences`, `functions`, `types`, `schemas`.
    pub fn default_privileges(of: impl Into<String>, schema: Option<&str>, role: Option<&str>) -> Self {
        let name = Name { schema: schema.map(Into::into), name: of.into() };
        Self { role: role.map(Into::into), ..Self::new(ObjectKind::DefaultPrivileges, name) }
    }

    fn belonging(kind: ObjectKind, name: impl Into<String>, on: impl Into<Name>) -> Self {
        Self { on: Some(on.into()), ..Self::new(kind, name.into()) }
    }

    /// The same under another name, in the same schema.
    pub fn renamed(&self, to: &str) -> Self {
        Self { name: self.name.sibling(to), ..self.clone() }
    }

    /// The same in another schema.
    pub fn moved(&self, schema: Option<&str>) -> Self {
        Self { name: Name { schema: schema.map(Into::into), ..self.name.clone() }, ..self.clone() }
    }

    /// Whether this, as it was written, identifies what `found` identifies: a routine's arguments may be left out.
    pub fn is(&self, found: &Self) -> bool {
        let args = self.args.is_none() || self.args == found.args;
        (self.kind, &self.name, &self.on, &self.role) == (found.kind, &found.name, &found.on, &found.role)
            && args
    }

    /// Whether it is a relation, of which a schema has only one of a name.
    pub fn is_relation(&self) -> bool {
        use ObjectKind::{MaterializedView, Sequence, Table, View};
        matches!(self.kind, Table | View | MaterializedView | Sequence)
    }
}

impl Object {
    /// An object that nothing is remarked of, and that nobody else may use beyond the default.
    pub fn new(id: ObjectId, definition: Definition) -> Self {
        Self {
            id,
            definition,
            comment: None,
            grants: BTreeSet::new(),
            withheld: BTreeSet::new(),
            notes: Aside::default(),
        }
    }

    /// The table or view without which it can't be, and with which it goes.
    pub fn belongs_to(&self) -> Option<&Name> {
        match &self.definition {
            Definition::Statistics(statistics) => Some(&statistics.table),
            _ => self.id.on.as_ref(),
        }
    }
}

impl Definition {
    /// The kind of object that it defines.
    pub fn kind(&self) -> ObjectKind {
        match self {
            Self::Schema(_) => ObjectKind::Schema,
            Self::Extension(_) => ObjectKind::Extension,
            Self::Collation(_) => ObjectKind::Collation,
            Self::Enum(_) => ObjectKind::Enum,
            Self::Composite(_) => ObjectKind::Composite,
            Self::Domain(_) => ObjectKind::Domain,
            Self::Sequence(_) => ObjectKind::Sequence,
            Self::Function(_) => ObjectKind::Function,
            Self::Procedure(_) => ObjectKind::Procedure,
            Self::View(_) => ObjectKind::View,
            Self::MaterializedView(_) => ObjectKind::MaterializedView,
            Self::Trigger(_) => ObjectKind::Trigger,
            Self::Rule(_) => ObjectKind::Rule,
            Self::Policy(_) => ObjectKind::Policy,
            Self::Statistics(_) => ObjectKind::Statistics,
            Self::Publication(_) => ObjectKind::Publication,
            Self::Event(_) => ObjectKind::Event,
            Self::DefaultPrivileges => ObjectKind::DefaultPrivileges,
        }
    }
}

impl ObjectKind {
    /// Whether what is of this kind can go for a while, and come back: it holds nothing, or nothing that can't be computed anew.
    pub fn comes_back(self) -> bool {
        matches!(self, Self::MaterializedView | Self::Policy | Self::Rule | Self::Trigger | Self::View)
    }

    /// The kind in words: `materialized view`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Collation => "collation",
            Self::Enum => "enum",
            Self::Composite => "composite type",
            Self::Domain => "domain",
            Self::Sequence => "sequence",
            Self::Function => "function",
            Self::Procedure => "procedure",
            Self::Table => "table",
            Self::View => "view",
            Self::MaterializedView => "materialized view",
            Self::Trigger => "trigger",
            Self::Rule => "rule",
            Self::Policy => "policy",
            Self::Statistics => "statistics",
            Self::Publication => "publication",
            Self::Event => "event",
            Self::DefaultPrivileges => "default privileges",
        }
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind == ObjectKind::DefaultPrivileges {
            write!(f, "default privileges on {}", self.name.name)?;
            if let Some(schema) = &self.name.schema {
                write!(f, " in schema {schema}")?;
            }
            return match &self.role {
                Some(role) => write!(f, " of {role}"),
                None => Ok(()),
            };
        }
        write!(f, "{} {}", self.kind, self.name)?;
        if let Some(args) = &self.args {
            let args: Vec<_> = args.iter().map(ToString::to_string).collect();
            write!(f, "({})", args.join(", "))?;
        }
        match &self.on {
            Some(on) => write!(f, " on {on}"),
            None => Ok(()),
        }
    }
}
