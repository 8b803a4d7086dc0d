//! What can't be meant of objects that aren't tables, of partitions and of grants.

use std::collections::BTreeSet;

use crate::change::{
    DomainChange, EventChange, MaterializedViewChange, ObjectChange, PolicyChange, PublicationChange,
    RoutineChange, TableChange, TriggerChange, ValuePosition, ViewChange,
};
use crate::schema::{
    Attribute, Bound, Constraint, Definition, Domain, Exclusion, Expr, Float, Grant, KeyPart, Object,
    ObjectId, ObjectKind, Partition, PartitionMethod, Partitioning, Policy, Publication, ReplicaIdentity,
    Returns, Routine, Schedule, ScheduledEvent, Statistics, Table, Trigger, TriggerAction,
};

use super::{Sound, named, sound_constraint, sound_expr, sound_index, sound_type, table_name, twice};

pub(super) fn sound_id(id: &ObjectId) -> Sound {
    table_name(&id.name).map_err(|fault| fault.replace("a table", &article(id.kind)))?;
    id.on.iter().try_for_each(table_name)?;
    id.args.iter().flatten().try_for_each(sound_type)?;
    let belongs = matches!(id.kind, ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy);
    match (belongs, &id.on) {
        (true, None) => Err(format!("{} belongs to a table", article(id.kind))),
        (false, Some(_)) => Err(format!("{} belongs to no table", article(id.kind))),
        _ => Ok(()),
    }
}

pub(super) fn sound_object(object: &Object) -> Sound {
    sound_id(&object.id)?;
    sound_grants(&object.grants)?;
    match &object.definition {
        Definition::Enum(of) => sound_values(&of.values),
        Definition::Composite(of) => {
            of.attributes.iter().try_for_each(sound_attribute)?;
            match twice(of.attributes.iter().map(|attribute| &attribute.name)) {
                Some(name) => Err(format!("it has the attribute {name} twice")),
                None => Ok(()),
            }
        }
        Definition::Domain(of) => sound_domain(of),
        Definition::Sequence(of) => {
            of.ty.iter().try_for_each(sound_type)?;
            of.owned_by.iter().try_for_each(|by| {
                table_name(&by.table)?;
                named(&by.column, "a column")
            })?;
            let crossed = matches!((of.min, of.max), (Some(min), Some(max)) if min > max);
            match (of.increment, crossed) {
                (Some(0), _) => Err("its step is 0".into()),
                (_, true) => Err("its least number is greater than its greatest".into()),
                _ => Ok(()),
            }
        }
        Definition::Function(of) => sound_routine(of),
        Definition::Procedure(of) => match of.returns {
            Some(_) => Err("a procedure gives nothing back".into()),
            None => sound_routine(of),
        },
        Definition::View(of) => sound_expr(&of.query, "its query"),
        Definition::MaterializedView(of) => {
            sound_expr(&of.query, "its query")?;
            of.indexes.iter().try_for_each(sound_index)
        }
        Definition::Trigger(of) => sound_trigger(of),
        Definition::Rule(of) => {
            of.when.iter().try_for_each(|expr| sound_expr(expr, "its condition"))?;
            sound_expr(&of.action, "its action")
        }
        Definition::Policy(of) => sound_policy(of),
        Definition::Statistics(of) => sound_statistics(of),
        Definition::Publication(of) => sound_publication(of),
        Definition::Event(of) => sound_event(of),
        Definition::Collation(of) => named(&of.locale, "a collation's locale"),
        Definition::Schema(_) | Definition::Extension(_) => Ok(()),
        Definition::DefaultPrivileges if object.grants.is_empty() && object.withheld.is_empty() => {
            Err("it grants nothing".into())
        }
        Definition::DefaultPrivileges => Ok(()),
    }
}

pub(super) fn sound_change(kind: ObjectKind, change: &ObjectChange) -> Sound {
    match change {
        ObjectChange::Definition(definition) if definition.kind() != kind => {
            Err(format!("it is {} and no {}", article(kind), definition.kind()))
        }
        ObjectChange::Owner(owner) => named(owner, "an owner"),
        ObjectChange::AddValue { value, position, .. } => match position {
            Some(ValuePosition::Before(other) | ValuePosition::After(other)) if other == value => {
                Err(format!("the value {value:?} can't stand beside itself"))
            }
            _ => Ok(()),
        },
        ObjectChange::AddAttribute(attribute) => sound_attribute(attribute),
        ObjectChange::DropAttribute { name } | ObjectChange::AttributeComment { name, .. } => {
            named(name, "an attribute")
        }
        ObjectChange::RenameAttribute { name, to } => {
            named(name, "an attribute")?;
            named(to, "an attribute")
        }
        ObjectChange::RenameColumn { name, to } => {
            named(name, "a column")?;
            named(to, "a column")
        }
        ObjectChange::AttributeType { name, to } => {
            named(name, "an attribute")?;
            sound_type(to)
        }
        ObjectChange::AddCheck(check) => sound_constraint(&Constraint::Check(check.clone())),
        ObjectChange::DropCheck { name }
        | ObjectChange::EnforceCheck { name, .. }
        | ObjectChange::CheckComment { name, .. } => named(name, "a check"),
        ObjectChange::RenameCheck { name, to } => {
            named(name, "a check")?;
            named(to, "a check")
        }
        ObjectChange::Domain(DomainChange::Default(Some(expr))) => sound_expr(expr, "its default"),
        ObjectChange::View(ViewChange::Query(query))
        | ObjectChange::MaterializedView(MaterializedViewChange::Query(query)) => {
            sound_expr(query, "its query")
        }
        ObjectChange::Trigger(TriggerChange::Events(events)) if events.is_empty() => {
            Err("nothing would make it fire".into())
        }
        ObjectChange::Trigger(TriggerChange::UpdateOf(columns)) => {
            columns.iter().try_for_each(|column| named(column, "a column"))
        }
        ObjectChange::Trigger(TriggerChange::OldTable(Some(name)) | TriggerChange::NewTable(Some(name))) => {
            named(name, "a transition table")
        }
        ObjectChange::Trigger(TriggerChange::From(Some(table))) => table_name(table),
        ObjectChange::Trigger(TriggerChange::When(Some(expr))) => sound_expr(expr, "its condition"),
        ObjectChange::Trigger(TriggerChange::Action(action)) => sound_action(action),
        ObjectChange::Routine(RoutineChange::Body(body)) => sound_expr(body, "its body"),
        ObjectChange::Routine(RoutineChange::Cost(cost)) => sound_estimate(*cost, "cost"),
        ObjectChange::Routine(RoutineChange::Rows(rows)) => sound_estimate(*rows, "number of rows"),
        ObjectChange::Routine(RoutineChange::Support(Some(function))) => {
            table_name(function).map_err(|fault| fault.replace("a table", "a function"))
        }
        ObjectChange::Event(EventChange::Body(body)) => sound_expr(body, "its body"),
        ObjectChange::Event(EventChange::Schedule(schedule)) => sound_schedule(schedule),
        ObjectChange::Policy(PolicyChange::Using(Some(expr)) | PolicyChange::WithCheck(Some(expr))) => {
            sound_expr(expr, "its condition")
        }
        ObjectChange::Publication(PublicationChange::Tables(tables)) => {
            tables.iter().try_for_each(|published| table_name(&published.table))
        }
        _ => Ok(()),
    }
}

pub(super) fn sound_table_change(change: &TableChange) -> Sound {
    match change {
        TableChange::Attach { partition, bound } => {
            table_name(partition)?;
            sound_bound(bound)
        }
        TableChange::Detach { partition: name, .. }
        | TableChange::Inherit(name)
        | TableChange::NoInherit(name) => table_name(name),
        TableChange::Partitioning(partitioning) => partitioning.iter().try_for_each(sound_partitioning),
        TableChange::AddPartition(partition) => sound_partition(partition),
        TableChange::DropPartition { name } | TableChange::TruncatePartition { name } => {
            named(name, "a partition")
        }
        TableChange::PartitionToTable { name, to } => {
            named(name, "a partition")?;
            table_name(to)
        }
        TableChange::TableToPartition { table, partition } => {
            named(&partition.name, "a partition")?;
            table_name(table)
        }
        TableChange::ExchangePartition { name, with, .. } => {
            named(name, "a partition")?;
            table_name(with)
        }
        TableChange::ReorganizePartitions { partitions, into } => {
            if partitions.is_empty() || into.is_empty() {
                return Err("it needs partitions, and what they become".into());
            }
            partitions.iter().try_for_each(|name| named(name, "a partition"))?;
            into.iter().try_for_each(sound_partition)
        }
        TableChange::ConstraintComment { name, .. } | TableChange::Constraint { name, .. } => {
            named(name, "a constraint")
        }
        TableChange::Index { name, .. } => named(name, "an index"),
        TableChange::IndexToConstraint { index, name, .. } => {
            named(index, "an index")?;
            named(name, "a constraint")
        }
        TableChange::Text { charset, collation } => {
            charset.iter().try_for_each(|name| named(name, "a character set"))?;
            collation.iter().try_for_each(|name| named(name, "a collation"))
        }
        TableChange::Owner(owner) => named(owner, "an owner"),
        TableChange::Cluster(Some(name)) | TableChange::ReplicaIdentity(ReplicaIdentity::Index(name)) => {
            named(name, "an index")
        }
        TableChange::RowSecurity(_)
        | TableChange::Cluster(None)
        | TableChange::ReplicaIdentity(_)
        | TableChange::AllowCopy => Ok(()),
    }
}

pub(super) fn sound_partitions(table: &Table) -> Sound {
    table.partitioning.iter().try_for_each(sound_partitioning)?;
    table.inherits.iter().try_for_each(table_name)?;
    let Some(of) = &table.partition_of else { return Ok(()) };
    table_name(&of.parent)?;
    sound_bound(&of.bound)
}

pub(super) fn sound_grants(grants: &BTreeSet<Grant>) -> Sound {
    grants.iter().try_for_each(|grant| {
        named(&grant.to, "a grantee")?;
        named(grant.privilege.trim(), "a privilege")?;
        let is_word = |c: char| c.is_ascii_alphabetic() || c == ' ' || c == '_';
        if !grant.privilege.chars().all(is_word) {
            return Err(format!("{:?} is no privilege", grant.privilege));
        }
        grant.columns.iter().try_for_each(|column| named(column, "a column"))
    })
}

pub(super) fn sound_exclusion(exclusion: &Exclusion) -> Sound {
    if exclusion.elements.is_empty() {
        return Err("an exclusion constraint compares something".into());
    }
    for element in &exclusion.elements {
        if let KeyPart::Column(name) = &element.key.on {
            named(name, "a column")?;
        }
        // An operator is rendered as it is written.
        let of_operator = |c: char| "+-*/<>=~!@#%^&|`?".contains(c);
        if element.operator.is_empty() || !element.operator.chars().all(of_operator) {
            return Err(format!("{:?} is no operator", element.operator));
        }
    }
    exclusion.predicate.iter().try_for_each(|expr| sound_expr(expr, "its condition"))
}

fn sound_values(values: &[String]) -> Sound {
    match twice(values) {
        Some(value) => Err(format!("it names the value {value:?} twice")),
        None => Ok(()),
    }
}

fn sound_attribute(attribute: &Attribute) -> Sound {
    named(&attribute.name, "an attribute")?;
    sound_type(&attribute.ty)
}

fn sound_domain(domain: &Domain) -> Sound {
    sound_type(&domain.ty)?;
    domain.default.iter().try_for_each(|expr| sound_expr(expr, "its default"))?;
    domain.checks.iter().try_for_each(|check| sound_constraint(&Constraint::Check(check.clone())))
}

fn sound_routine(routine: &Routine) -> Sound {
    routine.args.iter().try_for_each(|arg| sound_type(&arg.ty))?;
    match &routine.returns {
        Some(Returns::Type(ty) | Returns::SetOf(ty)) => sound_type(ty)?,
        Some(Returns::Table(columns)) => columns.iter().try_for_each(|(name, ty)| {
            named(name, "a column")?;
            sound_type(ty)
        })?,
        None => {}
    }
    sound_estimate(routine.cost, "cost")?;
    sound_estimate(routine.rows, "number of rows")?;
    let names = routine.args.iter().map(|arg| arg.name.as_str()).filter(|name| !name.is_empty());
    if let Some(name) = twice(names) {
        return Err(format!("it has the argument {name} twice"));
    }
    sound_expr(&routine.body, "its body")
}

/// The planner takes a number above nothing, as far as four bytes have it.
fn sound_estimate(of: Option<Float>, what: &str) -> Sound {
    match of.map(|Float(number)| number as f32) {
        Some(number) if !(number > 0.0 && number.is_finite()) => {
            Err(format!("its {what} is no number above 0"))
        }
        _ => Ok(()),
    }
}

fn sound_trigger(trigger: &Trigger) -> Sound {
    if trigger.events.is_empty() {
        return Err("nothing makes it fire".into());
    }
    trigger.when.iter().try_for_each(|expr| sound_expr(expr, "its condition"))?;
    sound_action(&trigger.action)
}

fn sound_action(action: &TriggerAction) -> Sound {
    match action {
        TriggerAction::Call { function, .. } => {
            table_name(function).map_err(|fault| fault.replace("a table", "a function"))
        }
        TriggerAction::Body(Expr::Sql(body)) if body.trim().is_empty() => {
            Err("it does nothing: give it a body, or a function to call".into())
        }
        TriggerAction::Body(body) => sound_expr(body, "its body"),
    }
}

fn sound_policy(policy: &Policy) -> Sound {
    policy.roles.iter().try_for_each(|role| named(role, "a role"))?;
    policy.using.iter().chain(&policy.with_check).try_for_each(|expr| sound_expr(expr, "its condition"))
}

fn sound_statistics(statistics: &Statistics) -> Sound {
    table_name(&statistics.table)?;
    match statistics.on.as_slice() {
        [] => Err("it counts nothing".into()),
        [KeyPart::Column(_)] => Err("statistics of one column are kept anyway".into()),
        _ => Ok(()),
    }
}

fn sound_publication(publication: &Publication) -> Sound {
    if publication.all_tables && !(publication.tables.is_empty() && publication.schemas.is_empty()) {
        return Err("it has every table, and names some besides".into());
    }
    publication.tables.iter().try_for_each(|published| {
        table_name(&published.table)?;
        published.filter.iter().try_for_each(|expr| sound_expr(expr, "its condition"))
    })
}

fn sound_event(event: &ScheduledEvent) -> Sound {
    sound_schedule(&event.schedule)?;
    sound_expr(&event.body, "its body")
}

fn sound_schedule(schedule: &Schedule) -> Sound {
    match schedule {
        Schedule::At(at) => sound_expr(at, "its time"),
        Schedule::Every { interval, .. } if interval.trim().is_empty() => {
            Err("it never runs: say when, .at(..) or .every(..)".into())
        }
        Schedule::Every { .. } => Ok(()),
    }
}

fn sound_partitioning(partitioning: &Partitioning) -> Sound {
    // MySQL's KEY without columns is over the primary key.
    if partitioning.keys.is_empty() && partitioning.method != PartitionMethod::Key {
        return Err("it is partitioned by nothing".into());
    }
    partitioning.partitions.iter().try_for_each(sound_partition)?;
    match twice(partitioning.partitions.iter().map(|partition| &partition.name)) {
        Some(name) => Err(format!("it has the partition {name} twice")),
        None => Ok(()),
    }
}

fn sound_partition(partition: &Partition) -> Sound {
    named(&partition.name, "a partition")?;
    partition.bound.iter().try_for_each(sound_bound)
}

fn sound_bound(bound: &Bound) -> Sound {
    match bound {
        Bound::Range { from, to } if from.is_empty() || from.len() != to.len() => {
            Err(format!("a range goes from {} values to {}", from.len(), to.len()))
        }
        Bound::LessThan(values) | Bound::In(values) if values.is_empty() => {
            Err("a partition has no values".into())
        }
        Bound::Hash { modulus, remainder } if remainder >= modulus => {
            Err(format!("nothing divided by {modulus} leaves {remainder}"))
        }
        _ => Ok(()),
    }
}

fn article(kind: ObjectKind) -> String {
    let word = kind.as_str();
    let article = if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {word}")
}
