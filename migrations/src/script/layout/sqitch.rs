//! sqitch: `sqitch.plan` says what comes in which order; each change has a script in `deploy`, `revert` and `verify`.
//!
//! A change may be reworked: then its name stands in the plan again. The scripts of the older one are called by the first tag
//! behind it, `deploy/users@v1.sql`. Scripts begin and end their own transactions.

mod config;
mod plan;

use std::collections::BTreeSet;

use super::fault::LayoutError;
use super::read::{Reader, Whole};
use super::{Listed, names};
use crate::script::{Script, Section, Transaction};
use config::Config;
use plan::{Change, Plan};

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Vec<Listed>, LayoutError> {
    let conf = reader.has("sqitch.conf").then(|| reader.text("sqitch.conf")).transpose()?;
    let config = Config::parse(&conf.unwrap_or_default());
    if !reader.has(&config.plan) {
        return Err(LayoutError::new(format!("there is no {}", config.plan))
            .with_hint("the folder of a sqitch project is the one with sqitch.conf or sqitch.plan"));
    }
    let plan = Plan::parse(&reader.text(&config.plan)?);
    let plan =
        plan.map_err(|(line, message)| LayoutError::new(message).in_file(&config.plan).at_line(line))?;
    let mut listed = Vec::with_capacity(plan.changes.len());
    for place in 0..plan.changes.len() {
        listed.push(revision(reader, &config, &plan, place)?);
    }
    for change in &plan.changes {
        let (plan_file, line, name) = (&config.plan, change.line, &change.name);
        let is_others = |dependency: &&String| plan.own(dependency).is_none();
        let requires = change.requires.iter().filter(is_others).map(|other| {
            format!("{plan_file}:{line}: {name} requires {other}, of another project: it runs whether that is deployed or not")
        });
        let conflicts = change.conflicts.iter().filter(is_others).map(|other| {
            format!("{plan_file}:{line}: {name} conflicts with {other}, of another project: it runs whether that is deployed or not")
        });
        reader.notes.extend(requires.chain(conflicts));
    }
    let deployed: BTreeSet<_> = listed.iter().map(|listed| listed.revision.up.file().to_owned()).collect();
    let (folder, ending) = (config::join(&config.deploy, ""), format!(".{}", config.extension));
    let is_unplanned =
        |path: &&String| path.starts_with(&folder) && path.ends_with(&ending) && !deployed.contains(*path);
    let unplanned: Vec<_> = reader.paths.iter().filter(is_unplanned).cloned().collect();
    unplanned.iter().for_each(|path| reader.ignore(path, "the plan has no such change"));
    Ok(listed)
}

fn revision(reader: &Reader<'_>, config: &Config, plan: &Plan, place: usize) -> Result<Listed, LayoutError> {
    let change = &plan.changes[place];
    let file = file(reader, config, plan, place);
    let path = |folder: &str| config::join(folder, &file);
    let deploy = path(&config.deploy);
    let id = id(plan, place);
    let script = |path: &str, whole: &Whole| reader.script(path, whole.section, Transaction::Bare);
    let other = |path: String| -> Result<Option<Script>, LayoutError> {
        let whole = reader.has(&path).then(|| reader.whole(&path)).transpose()?;
        Ok(whole.map(|whole| script(&path, &whole)))
    };
    let mut listed = if reader.has(&deploy) {
        let whole = reader.whole(&deploy)?;
        let up = script(&deploy, &whole);
        Listed::new(id, &change.id, up, whole.checksum)
    } else {
        let up = reader.script(&deploy, Section::of(""), Transaction::Bare);
        Listed::new(id, &change.id, up, String::new()).which_cannot_run(format!("there is no {deploy}"))
    };
    if let Some(other) = conflict(plan, place) {
        listed = listed.which_cannot_run(format!(
            "{} conflicts with {other}, as {} says, which is deployed before it",
            change.name, config.plan
        ));
        listed.revision.way_out = Some(format!(
            "sqitch refuses it too: take one of the two out of {}, {other} once it is reverted where it is applied",
            config.plan
        ));
    }
    listed = listed.about(change.note.lines().next().unwrap_or_default());
    listed.revision.depends_on = depends_on(config, plan, place)?;
    listed.verify = other(path(&config.verify))?;
    Ok(listed.with_down(other(path(&config.revert))?))
}

/// The name of a change, and how often it was reworked before. It stays as it is when the change is reworked later.
fn id(plan: &Plan, place: usize) -> String {
    let name = &plan.changes[place].name;
    match plan.changes[..place].iter().filter(|other| other.name == *name).count() {
        0 => names::id(name),
        before => names::id(&format!("{name}~{}", before + 1)),
    }
}

/// The path of a change's scripts in their folders.
fn file(reader: &Reader<'_>, config: &Config, plan: &Plan, place: usize) -> String {
    let change = &plan.changes[place];
    let tags = plan.tags_until_rework(place);
    let tagged = |tag: &str| format!("{}@{tag}.{}", change.name, config.extension);
    let is_there = |tag: &&str| reader.has(&config::join(&config.deploy, &tagged(tag)));
    match tags.iter().copied().find(is_there).or(tags.first().copied()) {
        Some(tag) => tagged(tag),
        None => format!("{}.{}", change.name, config.extension),
    }
}

/// What a change conflicts with that the plan deploys before it. sqitch refuses to deploy it then; what comes later is no matter.
fn conflict(plan: &Plan, place: usize) -> Option<&str> {
    let mut own = plan.changes[place].conflicts.iter().filter_map(|other| plan.own(other));
    own.find(|other| plan.find(other, place).is_some())
}

/// The ids of the changes that one requires. Those of other projects can't be told.
fn depends_on(config: &Config, plan: &Plan, place: usize) -> Result<Vec<String>, LayoutError> {
    let change: &Change = &plan.changes[place];
    let mut ids = Vec::new();
    for dependency in change.requires.iter().filter_map(|dependency| plan.own(dependency)) {
        let Some(required) = plan.find(dependency, place) else {
            return Err(LayoutError::new(format!(
                "{} requires {dependency}, which isn't in the plan before it",
                change.name
            ))
            .in_file(&config.plan)
            .at_line(change.line));
        };
        ids.push(id(plan, required));
    }
    Ok(ids)
}
