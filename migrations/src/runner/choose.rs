//! What a run has to do: revisions and history set against one another, and what is chosen of them.

use dunlin_dsl::Name;

use super::Runner;
use super::recorded::{self, Down, Up};
use crate::error::{Error, Kind, Result};
use crate::event::Event;
use crate::few::few;
use crate::graph::{Climb, Graph, Set};
use crate::history::{self, History};
use crate::layout::Layout;
use crate::options::Late;
use crate::report::Report;
use crate::revision::{Migration, MigrationList};
use crate::script::FileRevision;

/// What a downgrade has to undo, and what it was chosen from.
pub(super) struct Undoing {
    pub(super) graph: Graph,
    pub(super) layout: Layout,
    pub(super) history: History,
    /// The ways down, in their order.
    pub(super) downs: Vec<Down>,
}

impl Runner<'_> {
    /// What a downgrade to `target` has to undo. If one of the revisions can't be undone, none is.
    pub(super) async fn undoing(&mut self, target: &str) -> Result<Undoing> {
        self.undoing_path(|graph, applied| graph.downgrade_path(applied, target)).await
    }

    /// What undoing this revision alone takes.
    pub(super) async fn undoing_alone(&mut self, id: &str) -> Result<Undoing> {
        self.undoing_path(|graph, applied| match graph.standing_on(applied, id)?.as_slice() {
            [] => Ok(vec![id.to_owned()]),
            above => {
                let reason = format!("what is applied stands on {id}: {}", few(above));
                Err(Error::new(Kind::Refused(reason)).with_hint("undo that first"))
            }
        })
        .await
    }

    async fn undoing_path(
        &mut self,
        path: impl FnOnce(&Graph, &[&str]) -> Result<Vec<String>>,
    ) -> Result<Undoing> {
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = self.history(&layout).await?;
        let mut downs = Vec::new();
        for id in path(&graph, &history.ids())? {
            let down = self.find_down(&graph, &layout, &id).await?;
            down.way.check(&layout).map_err(|error| error.with_revision(&id))?;
            downs.push(down);
        }
        Ok(Undoing { graph, layout, history, downs })
    }

    /// What history and code say of one another, told and put into a report.
    pub(super) fn compare(&mut self, graph: &Graph, history: &History) -> Result<Report> {
        let mut report = Report::default();
        for applied in history.revisions() {
            match graph.place(&applied.revision) {
                None => report.missing.push(applied.revision.clone()),
                Some(place) if self.is_edited(graph, place, applied)? => {
                    report.edited.push(applied.revision.clone());
                }
                Some(_) => {}
            }
        }
        let listener = &mut self.listener;
        if !report.edited.is_empty() {
            listener.tell(|| Event::Edited { revisions: report.edited.clone() });
        }
        if !report.missing.is_empty() {
            listener.tell(|| Event::Missing { revisions: report.missing.clone() });
        }
        Ok(report)
    }

    pub(super) fn is_edited(&self, graph: &Graph, place: usize, applied: &history::Applied) -> Result<bool> {
        let Some(recorded) = applied.checksum.as_deref() else { return Ok(false) };
        let Some(migration) = self.list.get(graph.listed(place)) else { return Ok(false) };
        recorded::is_edited(recorded, migration, &self.options.naming)
    }

    /// Refuses a database that the files' own tool has migrated, and of which Dunlin keeps no history yet: all of them would run
    /// again.
    pub(super) async fn refuse_unadopted(&mut self, layout: &Layout) -> Result<()> {
        let Some(table) = self.list.iter().find_map(|migration| migration.file()?.up.own_table()) else {
            return Ok(());
        };
        let columns = layout.dialect.columns_query(&Name::from(table.name), &layout.server);
        let columns = columns.map_err(Error::from_unsupported)?;
        // One that isn't there can't be asked for its rows: inside a transaction the question would break it.
        for query in [columns, format!("SELECT 1 FROM {} LIMIT 1", table.name)] {
            if self.conn.query(&query).await.map_err(Error::from_connection)?.is_empty() {
                return Ok(());
            }
        }
        let (tool, name) = (table.tool, table.name);
        let reason = format!(
            "{tool} has applied revisions here, as its table {name} tells, and all of them would run again"
        );
        Err(Error::new(Kind::Refused(reason)).with_hint(format!(
            "`dunlin adopt --from {tool}` takes its history over; `dunlin stamp TARGET` says yourself what is applied; after \
             `dunlin ensure_version` they do run"
        )))
    }

    /// The places of what an upgrade has to apply; late revisions go by the project's policy.
    pub(super) fn pending_of(
        &mut self,
        graph: &Graph,
        history: &History,
        target: &str,
        report: &mut Report,
    ) -> Result<Vec<usize>> {
        let Climb { mut pending, mut late, .. } = graph.climb(&history.ids(), target)?;
        let may_be_late = |place: &usize| {
            let file = self.list.get(graph.listed(*place)).and_then(Migration::file);
            file.is_some_and(|file| file.may_be_late)
        };
        let allowed = Set::of(graph.revisions().len(), late.iter().filter(may_be_late));
        pending = pending.or(&allowed);
        late = late.without(&allowed);
        let ids =
            |late: &Set| late.iter().map(|place| graph.revisions()[place].id.clone()).collect::<Vec<_>>();
        match self.options.late {
            _ if late.is_empty() => {}
            Late::Error => {
                return Err(Error::new(Kind::Late(ids(&late))).with_hint(format!(
                    "`dunlin upgrade {target} --late apply` runs them, `--late warn` leaves them, `late` in dunlin.toml says so \
                     for good; or give them a later place"
                )));
            }
            Late::Warn => {
                // What comes right after a late one can't run before it.
                late = graph.held_back(&pending, &late).or(&late);
                pending = pending.without(&late);
                report.late = ids(&late);
                self.listener.tell(|| Event::Late { revisions: ids(&late) });
            }
            Late::Apply => pending = pending.or(&late),
        }
        Ok(pending.iter().collect())
    }

    /// Files that run again whenever they change, and have changed, or run each time. They run behind all revisions. Where a target
    /// names one revision, one that can't be run stops none of them: it waits, and so do those behind it.
    pub(super) fn changed_repeatables(
        &self,
        graph: &Graph,
        history: &History,
        target: &str,
    ) -> Result<Vec<Up>> {
        let files = self.list.repeatables();
        if files.is_empty() || !graph.climb(&history.ids(), target)?.reaches_all {
            return Ok(Vec::new());
        }
        let changed = files.iter().filter(|file| file.runs_each_time || has_changed(file, history));
        let needs_all = matches!(target, "head" | "heads");
        let changed = changed.take_while(|file| needs_all || file.cannot_run.is_none());
        changed.map(|file| recorded::from_file(file, history::REPEATABLE)).collect()
    }

    pub(super) fn record_up(&self, graph: &Graph, place: usize) -> Result<Up> {
        let migration = self.list.get(graph.listed(place));
        let up = migration.map(|migration| recorded::up(migration, &self.options.naming));
        up.unwrap_or_else(|| Err(Error::graph("the list has changed")))
    }

    /// The way down of an applied revision.
    pub(super) async fn find_down(&mut self, graph: &Graph, layout: &Layout, id: &str) -> Result<Down> {
        let migration = graph.place(id).and_then(|place| self.list.get(graph.listed(place)));
        recorded::down(self.conn, layout, id, migration, &self.options.naming).await.map_err(|error| {
            let before = graph.get(id).filter(|_| error.is_irreversible()).map(|revision| &revision.revises);
            let is_program = migration.and_then(Migration::file).is_some_and(|file| file.cannot_run.is_some());
            match before {
                Some(ids) => {
                    let first = if is_program { "undo it by its own tool" } else { "write its way down; or undo it by hand" };
                    let before = if ids.is_empty() { "base".to_owned() } else { ids.join(",") };
                    error.with_hint(format!("{first}, and say so with `dunlin stamp {before}`"))
                }
                None if error.is_irreversible() => error.with_hint(
                    "bring its file back; or undo it by hand, and say where the database then is with `dunlin stamp TARGET --purge`, \
                     which forgets what is unknown here",
                ),
                None => error,
            }
        })
    }
}

/// Whether a file that runs again whenever it changes isn't as it was when it ran.
pub(super) fn has_changed(file: &FileRevision, history: &History) -> bool {
    history.get(&file.id).and_then(|applied| applied.checksum.as_deref()) != Some(&file.checksum)
}

/// Refuses a run that would come to a file which isn't SQL, before anything of it runs.
pub(super) fn refuse_what_cannot_run(
    list: &MigrationList,
    graph: &Graph,
    pending: &[usize],
    again: &[Up],
) -> Result<()> {
    let files = pending.iter().filter_map(|place| list.get(graph.listed(*place))?.file());
    let repeatables = list.repeatables().iter();
    let files = files.chain(repeatables.filter(|file| again.iter().any(|up| up.id == file.id)));
    let mut refused = files.filter_map(|file| Some((file, file.cannot_run.as_ref()?)));
    match refused.next() {
        None => Ok(()),
        Some((file, why)) => {
            let refused = Error::new(Kind::Refused(why.clone())).with_revision(&file.id);
            if let Some(way_out) = &file.way_out {
                return Err(refused.with_hint(way_out));
            }
            // A stamp says of all before it that they are applied.
            let before = graph.get(&file.id).map(|revision| revision.revises.join(","));
            let is_pending = |id: &str| graph.place(id).is_some_and(|place| pending.contains(&place));
            let first = match before {
                Some(before) if before.split(',').any(is_pending) => {
                    format!("`dunlin upgrade {before}` applies what is before it; ")
                }
                // It runs behind all revisions.
                None if !pending.is_empty() => {
                    let heads: Vec<_> = graph.heads().map(|head| head.id.as_str()).collect();
                    format!("`dunlin upgrade {}` applies what is before it; ", heads.join(","))
                }
                _ => String::new(),
            };
            let stamp = format!("`dunlin stamp {}`", file.id);
            Err(refused.with_hint(match tool_of_programs(list, file) {
                Some(tool) => format!(
                    "{first}run it by {tool} when all before it are applied; then `dunlin adopt --from {tool}` takes over what {tool} \
                     has applied, or {stamp} says so"
                ),
                None => format!(
                    "{first}run it by its own tool when all before it are applied, and then say so with {stamp}"
                ),
            }))
        }
    }
}

/// The tool that a file is a program of, where none of that tool's is anything else: what it has applied it knows itself.
fn tool_of_programs(list: &MigrationList, file: &FileRevision) -> Option<&'static str> {
    let tool = |file: &FileRevision| file.up.own_table().map(|table| table.tool);
    let own = tool(file)?;
    let mut others = list.iter().filter_map(Migration::file).filter(|file| tool(file) == Some(own));
    others.all(|file| file.cannot_run.is_some()).then_some(own)
}
