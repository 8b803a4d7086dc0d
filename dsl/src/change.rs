//! Changes of one attribute of an object, and of no other.
//!
//! A change that sets an attribute is a lens: it says which attribute, and so how to set it and how to set it back. Each
//! kind's attributes are listed once, and all the rest follows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::is_default;
use crate::schema::{
    Algorithm, Attribute, Bound, Check, CheckOption, Collation, ColumnType, Constraint, DataAccess,
    Deferrable, Definition, Domain, Enabled, Enforcement, EventState, Expr, Extension, MaterializedView,
    Name, Namespace, OwnedBy, Parallel, Partition, Partitioning, Policy, Publication, PublishedOperation,
    PublishedTable, Routine, RowSecurity, Rule, Schedule, ScheduledEvent, Security, Sequence, Statistics,
    Trigger, View, Volatility,
};

macro_rules! attributes {
    ($(#[$about:meta])* $change:ident of $object:ident {
        $($(#[$doc:meta])* $variant:ident($field:ident: $ty:ty) $words:literal),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $change {
            $($(#[$doc])* $variant($ty),)+
        }

        impl $change {
            /// Sets the attribute.
            pub(crate) fn set(&self, object: &mut $object) {
                match self {
                    $(Self::$variant(value) => object.$field.clone_from(value),)+
                }
            }

            /// The same attribute, as it is now.
            pub(crate) fn back(&self, object: &$object) -> Self {
                match self {
                    $(Self::$variant(_) => Self::$variant(object.$field.clone()),)+
                }
            }

            /// The attribute, in words.
            pub fn attribute(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $words,)+
                }
            }
        }
    };
}

attributes! {
    /// An attribute of a schema.
    NamespaceChange of Namespace {
        /// Its default character set.
        Charset(charset: Option<String>) "character set",
        /// Its default collation.
        Collation(collation: Option<String>) "collation",
    }
}

attributes! {
    /// An attribute of an extension.
    ExtensionChange of Extension {
        /// Its version; none is the server's default.
        Version(version: Option<String>) "version",
        /// The schema of its objects.
        Schema(schema: Option<String>) "schema",
    }
}

attributes! {
    /// An attribute of a domain.
    DomainChange of Domain {
        /// Whether it refuses NULL.
        NotNull(not_null: bool) "not null",
        /// Its default.
        Default(default: Option<Expr>) "default",
    }
}

attributes! {
    /// An attribute of a sequence.
    SequenceChange of Sequence {
        /// The type of its numbers.
        Type(ty: Option<ColumnType>) "type",
        /// The first number; where it stands isn't changed.
        Start(start: Option<i64>) "start",
        /// The step.
        Increment(increment: Option<i64>) "increment",
        /// The least number.
        Min(min: Option<i64>) "least number",
        /// The greatest number.
        Max(max: Option<i64>) "greatest number",
        /// How many numbers a session takes at once.
        Cache(cache: Option<i64>) "cache",
        /// Whether it begins again.
        Cycle(cycle: bool) "cycle",
        /// The column with which it goes.
        OwnedBy(owned_by: Option<OwnedBy>) "owner",
        /// Whether it isn't written ahead.
        Unlogged(unlogged: bool) "logging",
    }
}

attributes! {
    /// An attribute of a view.
    ViewChange of View {
        /// Its query, and with it the names of its columns.
        Query(query: Expr) "query",
        /// Whether rows written through it must be rows of it.
        CheckOption(check_option: Option<CheckOption>) "check option",
        /// Whose rights count.
        Security(security: Option<Security>) "security",
        /// Whether its conditions come first.
        SecurityBarrier(security_barrier: bool) "security barrier",
        /// How it is evaluated.
        Algorithm(algorithm: Option<Algorithm>) "algorithm",
        /// What rows inserted through it get in columns that they don't give.
        Defaults(defaults: BTreeMap<String, Expr>) "defaults",
        /// Remarks on its columns.
        ColumnComments(column_comments: BTreeMap<String, String>) "comments on columns",
    }
}

attributes! {
    /// An attribute of a materialized view.
    MaterializedViewChange of MaterializedView {
        /// Storage parameters, all of them.
        Storage(storage: BTreeMap<String, String>) "storage parameters",
        /// Its tablespace.
        Tablespace(tablespace: Option<String>) "tablespace",
        /// Remarks on its columns.
        ColumnComments(column_comments: BTreeMap<String, String>) "comments on columns",
    }
}

attributes! {
    /// An attribute of a function or a procedure.
    RoutineChange of Routine {
        /// Its body.
        Body(body: Expr) "body",
        /// How far its result depends on more than its arguments.
        Volatility(volatility: Volatility) "volatility",
        /// Whether it gives NULL for NULL.
        Strict(strict: bool) "strictness",
        /// Whether it tells nothing of its arguments.
        Leakproof(leakproof: bool) "leakproofness",
        /// Whether it may run in a parallel worker.
        Parallel(parallel: Parallel) "parallel safety",
        /// Whose rights count.
        Security(security: Option<Security>) "security",
        /// How costly a call is.
        Cost(cost: Option<u32>) "cost",
        /// How many rows it gives.
        Rows(rows: Option<u32>) "rows",
        /// Settings that hold while it runs, all of them.
        Settings(settings: BTreeMap<String, String>) "settings",
        /// What it does with data.
        DataAccess(data_access: Option<DataAccess>) "data access",
    }
}

attributes! {
    /// An attribute of a trigger.
    TriggerChange of Trigger {
        /// When it fires at all.
        Enabled(enabled: Enabled) "firing",
    }
}

attributes! {
    /// An attribute of a rule.
    RuleChange of Rule {
        /// When it holds at all.
        Enabled(enabled: Enabled) "firing",
    }
}

attributes! {
    /// An attribute of a policy.
    PolicyChange of Policy {
        /// Whom it is for.
        Roles(roles: Vec<String>) "roles",
        /// Which rows can be seen.
        Using(using: Option<Expr>) "condition",
        /// Which rows can be written.
        WithCheck(with_check: Option<Expr>) "check",
    }
}

attributes! {
    /// An attribute of extended statistics.
    StatisticsChange of Statistics {
        /// How finely it is counted.
        Target(target: Option<i32>) "target",
    }
}

attributes! {
    /// An attribute of a publication.
    PublicationChange of Publication {
        /// Its tables, all of them.
        Tables(tables: BTreeSet<PublishedTable>) "tables",
        /// Its schemas, all of them.
        Schemas(schemas: BTreeSet<String>) "schemas",
        /// What is published.
        Operations(operations: BTreeSet<PublishedOperation>) "operations",
        /// Whether changes of partitions are changes of their table.
        ViaRoot(via_root: bool) "root",
    }
}

attributes! {
    /// An attribute of a scheduled event.
    EventChange of ScheduledEvent {
        /// When it runs.
        Schedule(schedule: Schedule) "schedule",
        /// What it runs.
        Body(body: Expr) "body",
        /// Whether it stays after its last run.
        Preserve(preserve: bool) "preservation",
        /// Whether it runs at all.
        State(state: EventState) "state",
    }
}

/// A change of an object.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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

/// A change of a table that is neither of its columns nor of its keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TableChange {
    /// A table becomes a partition of this one: PostgreSQL.
    Attach {
        /// The table.
        partition: Name,
        /// Which rows it has.
        bound: Bound,
    },
    /// A partition becomes a table of its own: PostgreSQL.
    Detach {
        /// The partition.
        partition: Name,
        /// Without stopping readers and writers, outside any transaction.
        #[serde(default, skip_serializing_if = "is_default")]
        concurrently: bool,
    },
    /// How it is divided; none makes it one again: MySQL, MariaDB.
    Partitioning(Option<Partitioning>),
    /// A new partition, last: MySQL, MariaDB.
    AddPartition(Partition),
    /// A partition taken away with its rows: MySQL, MariaDB.
    DropPartition {
        /// Its name.
        name: String,
    },
    /// Partitions next to each other divided anew, with all their rows: MySQL, MariaDB.
    ReorganizePartitions {
        /// Their names, in order.
        partitions: Vec<String>,
        /// What they become.
        into: Vec<Partition>,
    },
    /// It inherits from another table too: PostgreSQL.
    Inherit(Name),
    /// It doesn't inherit from that table any more: PostgreSQL.
    NoInherit(Name),
    /// Whether its policies hold: PostgreSQL.
    RowSecurity(RowSecurity),
    /// An attribute of one of its constraints.
    Constraint {
        /// The constraint.
        name: String,
        /// The attribute and its new value.
        change: ConstraintChange,
    },
    /// A remark on one of its constraints; none removes it: PostgreSQL.
    ConstraintComment {
        /// The constraint.
        name: String,
        /// The remark.
        comment: Option<String>,
    },
    /// Its owner: PostgreSQL.
    Owner(String),
}

/// An attribute of a constraint, with its new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConstraintChange {
    /// Which rows a check or a foreign key holds for. [`Full`](Enforcement::Full) looks at all rows that there are.
    Enforcement(Enforcement),
    /// When it is checked; a check is with each statement, always.
    Deferrable(Deferrable),
    /// Whether a check holds for this table alone.
    NoInherit(bool),
}

impl ConstraintChange {
    /// Sets the attribute, or says what kind of constraint has none such.
    pub fn set(self, constraint: &mut Constraint) -> Result<(), String> {
        match (self, constraint) {
            (Self::Enforcement(is), Constraint::Check(check)) => check.enforcement = is,
            (Self::Enforcement(is), Constraint::ForeignKey(key)) => key.enforcement = is,
            (Self::Deferrable(is), Constraint::ForeignKey(key)) => key.deferrable = is,
            (Self::Deferrable(is), Constraint::Unique(unique)) => unique.deferrable = is,
            (Self::Deferrable(is), Constraint::Exclusion(exclusion)) => exclusion.deferrable = is,
            (Self::NoInherit(is), Constraint::Check(check)) => check.no_inherit = is,
            (change, other) => return Err(format!("a {} has no {}", other.kind(), change.attribute())),
        }
        Ok(())
    }

    /// The same attribute, as it is now.
    pub(crate) fn back(self, constraint: &Constraint) -> Result<Self, String> {
        Ok(match (self, constraint) {
            (Self::Enforcement(_), Constraint::Check(check)) => Self::Enforcement(check.enforcement),
            (Self::Enforcement(_), Constraint::ForeignKey(key)) => Self::Enforcement(key.enforcement),
            (Self::Deferrable(_), Constraint::ForeignKey(key)) => Self::Deferrable(key.deferrable),
            (Self::Deferrable(_), Constraint::Unique(unique)) => Self::Deferrable(unique.deferrable),
            (Self::Deferrable(_), Constraint::Exclusion(exclusion)) => Self::Deferrable(exclusion.deferrable),
            (Self::NoInherit(_), Constraint::Check(check)) => Self::NoInherit(check.no_inherit),
            (change, other) => return Err(format!("a {} has no {}", other.kind(), change.attribute())),
        })
    }

    /// The attribute, in words.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::Enforcement(_) => "enforcement",
            Self::Deferrable(_) => "deferral",
            Self::NoInherit(_) => "inheritance",
        }
    }
}

impl fmt::Display for TableChange {
    /// What it does to a table, in words that end with "table".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attach { partition, .. } => write!(f, "attach partition {partition} to table"),
            Self::Detach { partition, .. } => write!(f, "detach partition {partition} of table"),
            Self::Partitioning(Some(_)) => f.write_str("partition table"),
            Self::Partitioning(None) => f.write_str("remove the partitioning of table"),
            Self::AddPartition(partition) => write!(f, "add partition {} to table", partition.name),
            Self::DropPartition { name } => write!(f, "drop partition {name} of table"),
            Self::ReorganizePartitions { partitions, .. } => {
                write!(f, "reorganize partitions {} of table", partitions.join(", "))
            }
            Self::Inherit(parent) => write!(f, "inherit from {parent} by table"),
            Self::NoInherit(parent) => write!(f, "inherit no more from {parent} by table"),
            Self::RowSecurity(_) => f.write_str("set row security of table"),
            Self::Constraint { name, change: ConstraintChange::Enforcement(Enforcement::Full) } => {
                write!(f, "validate constraint {name} of table")
            }
            Self::Constraint { name, change } => {
                write!(f, "set {} of constraint {name} of table", change.attribute())
            }
            Self::ConstraintComment { name, .. } => write!(f, "set comment of constraint {name} of table"),
            Self::Owner(_) => f.write_str("set owner of table"),
        }
    }
}

impl ObjectChange {
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
        (ObjectChange::MaterializedView(change), Definition::MaterializedView(of)) => change.set(of),
        (ObjectChange::Routine(change), Definition::Function(of) | Definition::Procedure(of)) => {
            change.set(of)
        }
        (ObjectChange::Trigger(change), Definition::Trigger(of)) => change.set(of),
        (ObjectChange::Rule(change), Definition::Rule(of)) => change.set(of),
        (ObjectChange::Policy(change), Definition::Policy(of)) => change.set(of),
        (ObjectChange::Statistics(change), Definition::Statistics(of)) => change.set(of),
        (ObjectChange::Publication(change), Definition::Publication(of)) => change.set(of),
        (ObjectChange::Event(change), Definition::Event(of)) => change.set(of),
        (change, of) => return Err(format!("a {} has no {}", of.kind(), change.attribute())),
    }
    Ok(())
}

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
        (ObjectChange::AttributeType { name, .. }, Definition::Composite(of)) => {
            let found = of.attributes.iter().find(|a| a.name == *name);
            let to = found.ok_or_else(|| format!("it has no attribute {name}"))?.ty.clone();
            ObjectChange::AttributeType { name: name.clone(), to }
        }
        (ObjectChange::AddCheck(check), _) => {
            ObjectChange::DropCheck { name: check.label.name().unwrap_or_default().into() }
        }
        (ObjectChange::DropCheck { name }, Definition::Domain(of)) => {
            let found = of.checks.iter().find(|c| c.label.is(name));
            ObjectChange::AddCheck(found.ok_or_else(|| format!("it has no check {name}"))?.clone())
        }
        (ObjectChange::RenameCheck { name, to }, _) => {
            ObjectChange::RenameCheck { name: to.clone(), to: name.clone() }
        }
        (ObjectChange::EnforceCheck { name, .. }, Definition::Domain(of)) => {
            let found = of.checks.iter().find(|c| c.label.is(name));
            let to = found.ok_or_else(|| format!("it has no check {name}"))?.enforcement;
            ObjectChange::EnforceCheck { name: name.clone(), to }
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
        (ObjectChange::View(ViewChange::Query(_)), Definition::View(_)) => {
            ObjectChange::Definition(Box::new(definition.clone()))
        }
        (ObjectChange::View(change), Definition::View(of)) => ObjectChange::View(change.back(of)),
        (ObjectChange::MaterializedView(change), Definition::MaterializedView(of)) => {
            ObjectChange::MaterializedView(change.back(of))
        }
        (ObjectChange::Routine(change), Definition::Function(of) | Definition::Procedure(of)) => {
            ObjectChange::Routine(change.back(of))
        }
        (ObjectChange::Trigger(change), Definition::Trigger(of)) => ObjectChange::Trigger(change.back(of)),
        (ObjectChange::Rule(change), Definition::Rule(of)) => ObjectChange::Rule(change.back(of)),
        (ObjectChange::Policy(change), Definition::Policy(of)) => ObjectChange::Policy(change.back(of)),
        (ObjectChange::Statistics(change), Definition::Statistics(of)) => {
            ObjectChange::Statistics(change.back(of))
        }
        (ObjectChange::Publication(change), Definition::Publication(of)) => {
            ObjectChange::Publication(change.back(of))
        }
        (ObjectChange::Event(change), Definition::Event(of)) => ObjectChange::Event(change.back(of)),
        (change, of) => return Err(format!("a {} has no {}", of.kind(), change.attribute())),
    };
    Ok(vec![one])
}
