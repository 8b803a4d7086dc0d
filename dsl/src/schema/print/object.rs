//! Objects that aren't tables as a person reads them.

use std::fmt::{self, Display, Formatter};

use super::super::access::Grant;
use super::super::named_type::{Attribute, Domain};
use super::super::object::{Definition, Object};
use super::super::partition::{PartitionMethod, Partitioning};
use super::super::policy::{Policy, PolicyCommand};
use super::super::routine::{Argument, ArgumentMode, Returns, Routine};
use super::super::sequence::Sequence;
use super::super::trigger::{Each, Timing, Trigger, TriggerAction, TriggerEvent};
use super::super::types::ColumnType;
use super::deferral;

impl Display for Object {
    /// What identifies it, then a line for each thing that it has.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let schema = Schema::new().with(view("admins", "SELECT id FROM users").grant("SELECT", "app"));
    /// assert_eq!(schema.to_string(), "view admins\n  as SELECT id FROM users\n  grant SELECT to app");
    /// ```
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        for line in lines(&self.definition) {
            write!(f, "\n  {line}")?;
        }
        for grant in &self.grants {
            write!(f, "\n  {grant}")?;
        }
        for privilege in &self.withheld {
            write!(f, "\n  {privilege} withheld from PUBLIC")?;
        }
        super::comment(f, self.comment.as_deref(), "\n  ")
    }
}

impl Display for Grant {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "grant {}", self.privilege)?;
        if !self.columns.is_empty() {
            write!(f, " ({})", self.columns.join(", "))?;
        }
        let option = if self.grantable { " with grant option" } else { "" };
        write!(f, " to {}{option}", self.to)
    }
}

impl Display for Partitioning {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let method = match self.method {
            PartitionMethod::Range => "range",
            PartitionMethod::List => "list",
            PartitionMethod::Hash => "hash",
            PartitionMethod::Key => "key",
        };
        let linear = if self.linear { "linear " } else { "" };
        let keys: Vec<_> = self.keys.iter().map(ToString::to_string).collect();
        write!(f, "partitioned by {linear}{method} ({})", keys.join(", "))?;
        if let Some(count) = self.count {
            write!(f, " into {count}")?;
        }
        for partition in &self.partitions {
            write!(f, "\n    partition {}", partition.name)?;
            if let Some(bound) = &partition.bound {
                write!(f, " {bound}")?;
            }
        }
        Ok(())
    }
}

fn lines(definition: &Definition) -> Vec<String> {
    match definition {
        Definition::Schema(of) => options(&[("charset", &of.charset), ("collation", &of.collation)]),
        Definition::Extension(of) => options(&[("schema", &of.schema), ("version", &of.version)]),
        Definition::Collation(of) => {
            let provider =
                of.provider.as_deref().map(|provider| format!(" by {provider}")).unwrap_or_default();
            let kind = if of.nondeterministic { ", nondeterministic" } else { "" };
            vec![format!("locale {}{provider}{kind}", of.locale)]
        }
        Definition::Enum(of) => of.values.iter().map(|value| format!("{value:?}")).collect(),
        Definition::Composite(of) => {
            let remark =
                |of: &Attribute| of.comment.iter().map(|text| format!(" -- {text}")).collect::<String>();
            of.attributes.iter().map(|of| format!("{} {}{}", of.name, of.ty, remark(of))).collect()
        }
        Definition::Domain(of) => domain(of),
        Definition::Sequence(of) => sequence(of),
        Definition::Function(of) | Definition::Procedure(of) => routine(of),
        Definition::View(of) => {
            let mut lines = vec![format!("as {}", of.query)];
            if !of.columns.is_empty() {
                lines.insert(0, format!("columns {}", of.columns.join(", ")));
            }
            lines
        }
        Definition::MaterializedView(of) => {
            let mut lines = vec![format!("as {}", of.query)];
            lines.extend(of.indexes.iter().map(ToString::to_string));
            lines
        }
        Definition::Trigger(of) => vec![trigger(of)],
        Definition::Rule(of) => {
            let when = of.when.iter().map(|when| format!(" where {when}")).collect::<String>();
            let instead = if of.instead { "instead" } else { "also" };
            vec![format!("on {:?}{when} do {instead} {}", of.event, of.action)]
        }
        Definition::Policy(of) => policy(of),
        Definition::Statistics(of) => {
            let on: Vec<_> = of.on.iter().map(|key| format!("{key:?}")).collect();
            vec![format!("on {} of table {}", on.join(", "), of.table)]
        }
        Definition::Publication(of) if of.all_tables => vec!["all tables".into()],
        Definition::Publication(of) => {
            let tables = of.tables.iter().map(|published| format!("table {}", published.table));
            tables.chain(of.schemas.iter().map(|schema| format!("schema {schema}"))).collect()
        }
        Definition::Event(of) => vec![format!("{:?}", of.schedule), format!("do {}", of.body)],
        Definition::DefaultPrivileges => Vec::new(),
    }
}

fn options(options: &[(&str, &Option<String>)]) -> Vec<String> {
    let given = options.iter().filter_map(|(name, value)| Some(format!("{name} {}", value.as_ref()?)));
    given.collect()
}

fn domain(of: &Domain) -> Vec<String> {
    let not_null = if of.not_null { " not null" } else { "" };
    let default = of.default.iter().map(|default| format!(" default {default}")).collect::<String>();
    let mut lines = vec![format!("{}{not_null}{default}", of.ty)];
    lines.extend(of.checks.iter().map(|check| format!("check {} ({})", check.label, check.expr)));
    lines
}

fn sequence(of: &Sequence) -> Vec<String> {
    let numbers = [
        ("start", of.start),
        ("increment", of.increment),
        ("min", of.min),
        ("max", of.max),
        ("cache", of.cache),
    ];
    let mut lines: Vec<_> =
        numbers.iter().filter_map(|(name, number)| Some(format!("{name} {}", (*number)?))).collect();
    lines.extend(of.ty.iter().map(|ty| format!("as {ty}")));
    lines.extend(of.cycle.then(|| "cycle".to_owned()));
    lines.extend(of.owned_by.iter().map(|by| format!("owned by {}.{}", by.table, by.column)));
    lines
}

fn routine(of: &Routine) -> Vec<String> {
    let mut lines: Vec<_> = of.args.iter().map(argument).collect();
    lines.extend(of.returns.iter().map(|returns| match returns {
        Returns::Type(ty) => format!("returns {ty}"),
        Returns::SetOf(ty) => format!("returns set of {ty}"),
        Returns::Table(columns) => {
            let column = |(name, ty): &(String, ColumnType)| format!("{name} {ty}");
            format!("returns table ({})", columns.iter().map(column).collect::<Vec<_>>().join(", "))
        }
    }));
    lines.extend(of.language.iter().map(|language| format!("language {language}")));
    lines.push(format!("as {}", of.body));
    lines
}

fn argument(argument: &Argument) -> String {
    let mode = match argument.mode {
        ArgumentMode::In => "in",
        ArgumentMode::Out => "out",
        ArgumentMode::InOut => "inout",
        ArgumentMode::Variadic => "variadic",
    };
    let default = argument.default.iter().map(|default| format!(" default {default}")).collect::<String>();
    format!("{mode} {} {}{default}", argument.name, argument.ty)
}

fn trigger(of: &Trigger) -> String {
    let timing = match of.timing {
        Timing::Before => "before",
        Timing::After => "after",
        Timing::InsteadOf => "instead of",
    };
    let event = |event: &TriggerEvent| match event {
        TriggerEvent::Insert => "insert".to_owned(),
        TriggerEvent::Update if of.update_of.is_empty() => "update".to_owned(),
        TriggerEvent::Update => format!("update of {}", of.update_of.join(", ")),
        TriggerEvent::Delete => "delete".to_owned(),
        TriggerEvent::Truncate => "truncate".to_owned(),
    };
    let events: Vec<_> = of.events.iter().map(event).collect();
    let each = if of.each == Each::Row { "row" } else { "statement" };
    let when = of.when.iter().map(|when| format!(" when {when}")).collect::<String>();
    let action = match &of.action {
        TriggerAction::Body(body) => body.to_string(),
        TriggerAction::Call { function, args } => format!("call {function}({})", args.join(", ")),
    };
    format!("{timing} {} for each {each}{when}{} do {action}", events.join(" or "), deferral(of.deferrable))
}

fn policy(of: &Policy) -> Vec<String> {
    let command = match of.command {
        PolicyCommand::All => "all",
        PolicyCommand::Select => "select",
        PolicyCommand::Insert => "insert",
        PolicyCommand::Update => "update",
        PolicyCommand::Delete => "delete",
    };
    let kind = if of.restrictive { "restrictive, " } else { "" };
    let roles = if of.roles.is_empty() { "PUBLIC".to_owned() } else { of.roles.join(", ") };
    let mut lines = vec![format!("{kind}for {command} to {roles}")];
    lines.extend(of.using.iter().map(|using| format!("using {using}")));
    lines.extend(of.with_check.iter().map(|check| format!("with check {check}")));
    lines
}
