//! Runs revisions on a database.

mod adopt;
mod assumed;
mod attempt;
mod choose;
mod flight;
mod locked;
mod offline;
mod pen;
mod preview;
mod recorded;
mod redo;
mod segment;
mod stamp;
mod together;

use std::borrow::Cow;

use dunlin_dsl::{Connection, ErrorKind};

use self::choose::{Undoing, has_changed, refuse_what_cannot_run};
use self::locked::Locked;
pub use self::offline::Offline;
pub use self::recorded::checksum_of;
use crate::error::{Error, Result};
use crate::event::{Event, Listener};
use crate::graph::{Graph, Revision};
use crate::history::{self, History};
use crate::journal::{self, Attempted, Open};
use crate::layout::Layout;
use crate::lock::Patience;
use crate::options::Options;
use crate::plan::{Direction, Plan};
use crate::report::{Report, State, Status};
use crate::revision::MigrationList;

/// Runs a list of migrations on a connection.
///
/// All its futures are `Send`. One that is dropped leaves a transaction to be rolled back, and a lock and settings to
/// be put back, before that connection's next use, where the driver can do so.
pub struct Runner<'a> {
    conn: &'a mut dyn Connection,
    list: Cow<'a, MigrationList>,
    options: Options,
    listener: Listener<'a>,
}

impl<'a> Runner<'a> {
    /// A runner with the default options.
    pub fn new(conn: &'a mut dyn Connection, list: &'a MigrationList) -> Self {
        Self { conn, list: Cow::Borrowed(list), options: Options::default(), listener: Listener(None) }
    }

    /// The same with these options.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The same, telling what happens to `events`.
    pub fn on_event(mut self, events: &'a mut (dyn FnMut(&Event) + Send)) -> Self {
        self.listener = Listener(Some(events));
        self
    }

    /// Applies everything pending, of all branches.
    pub async fn up(&mut self) -> Result<Report> {
        self.upgrade("heads").await
    }

    /// Undoes the last `steps` revisions.
    pub async fn down(&mut self, steps: usize) -> Result<Report> {
        self.downgrade(&format!("-{steps}")).await
    }

    /// Applies what leads to `target`: `head`, `heads`, an id, a branch label or the beginning of one, `label@head`, `+N`, `head-N`; or
    /// to several, with commas between.
    ///
    /// A run with nothing to do writes nothing. Revisions before one that fails stay applied.
    pub async fn upgrade(&mut self, target: &str) -> Result<Report> {
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = self.history(&layout).await?;
        let mut report = self.compare(&graph, &history)?;
        if !history.exists {
            self.refuse_unadopted(&layout).await?;
        }
        let pending = self.pending_of(&graph, &history, target, &mut report)?;
        let again = self.changed_repeatables(&graph, &history, target)?;
        if pending.is_empty() && again.is_empty() {
            return Ok(report);
        }
        let ups = pending.iter().map(|place| self.record_up(&graph, *place)).collect::<Result<Vec<_>>>()?;
        refuse_what_cannot_run(&self.list, &graph, &pending, &again)?;
        for up in ups.iter().chain(&again) {
            up.way.check(&layout).map_err(|error| error.with_revision(&up.id))?;
        }
        let ways: Vec<_> = ups.iter().chain(&again).map(|up| (up.id.as_str(), &up.way)).collect();
        let together = self.together(&layout, Direction::Up, &ways, &[]).await?;
        self.locked(&layout, Direction::Up, report, async |locked| {
            let revisions = ways.iter().map(|(id, _)| (*id).to_owned()).collect();
            let work = async |locked: &mut Locked<'_, '_>| {
                for up in &ups {
                    if !locked.is_applied(&up.id) {
                        locked.apply(up).await?;
                    }
                }
                for up in &again {
                    let applied = locked.applied.get(&up.id).map(Option::as_deref);
                    if up.runs_each_time || applied != Some(Some(&up.checksum)) {
                        locked.apply(up).await?;
                    }
                }
                Ok(())
            };
            locked.within(together, revisions, work).await
        })
        .await
    }

    /// Undoes what comes after `target`, and what depends on that: `base`, an id or the beginning of one, `-N`, `label@-N`,
    /// `label@base`.
    ///
    /// Each revision is undone by the `down` of its code; else by the undo recorded when it ran; else by what can be
    /// derived from its `up` alone. If one of them can't be undone at all, nothing is.
    pub async fn downgrade(&mut self, target: &str) -> Result<Report> {
        let undoing = self.undoing(target).await?;
        self.take_down(undoing).await
    }

    /// Undoes this one revision, on which nothing that is applied stands, whatever else is applied beside it.
    pub async fn undo(&mut self, id: &str) -> Result<Report> {
        let undoing = self.undoing_alone(id).await?;
        self.take_down(undoing).await
    }

    async fn take_down(&mut self, undoing: Undoing) -> Result<Report> {
        let Undoing { graph, layout, history, downs } = undoing;
        let report = self.compare(&graph, &history)?;
        if downs.is_empty() {
            return Ok(report);
        }
        let repeatables: Vec<_> = history.repeatables().map(str::to_owned).collect();
        let ids = downs.iter().map(|down| down.id.clone()).collect();
        let ways: Vec<_> = downs.iter().map(|down| (down.id.as_str(), &down.way)).collect();
        let together = self.together(&layout, Direction::Down, &ways, &[]).await?;
        self.locked(&layout, Direction::Down, report, async |locked| {
            let work = async |locked: &mut Locked<'_, '_>| {
                // What they made may go with what is undone, so the next upgrade runs them again.
                locked.forget(&repeatables).await?;
                for down in &downs {
                    if locked.is_applied(&down.id) {
                        locked.undo(down).await?;
                    }
                }
                Ok(())
            };
            locked.within(together, ids, work).await
        })
        .await
    }

    /// How each revision stands: those of the list, each behind all that it comes after, then those that only history knows.
    pub async fn status(&mut self) -> Result<Vec<Status>> {
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = self.history(&layout).await?;
        let open = match history.exists {
            true => journal::open(self.conn, &layout).await?,
            false => Open::new(),
        };
        let late: Vec<_> = graph.late(&history.ids()).map(|revision| revision.id.as_str()).collect();
        let mut late = late.into_iter().peekable();
        let mut statuses = Vec::with_capacity(graph.revisions().len());
        for (place, revision) in graph.revisions().iter().enumerate() {
            let applied = history.get(&revision.id);
            let attempted = |direction| open.get(&(revision.id.clone(), direction));
            let undo = applied.and_then(|_| attempted(Direction::Down));
            let is_half_undone = undo.is_some_and(Attempted::is_begun);
            let is_late = late.next_if_eq(&revision.id.as_str()).is_some();
            let state = match applied {
                Some(_) if is_half_undone => State::Failed,
                Some(applied) if self.is_edited(&graph, place, applied)? => State::Edited,
                Some(_) => State::Applied,
                None if attempted(Direction::Up).is_some() => State::Failed,
                None if is_late => State::Late,
                None => State::Pending,
            };
            let undo_failed = undo.is_some();
            let failure = undo.or(attempted(Direction::Up)).and_then(|attempted| attempted.failure.clone());
            let (failed_at, error) = failure.unzip();
            let status = Status::of(revision.clone(), applied, state);
            statuses.push(Status { undo_failed, failed_at, error, ..status });
        }
        for applied in history.revisions() {
            if graph.get(&applied.revision).is_none() {
                let revision = Revision {
                    message: crate::graph::message(&applied.revision),
                    id: applied.revision.clone(),
                    ..Revision::default()
                };
                statuses.push(Status::of(revision, Some(applied), State::Missing));
            }
        }
        for file in self.list.repeatables() {
            let applied = history.get(&file.id);
            let state = match applied {
                _ if open.contains_key(&(file.id.clone(), Direction::Up)) => State::Failed,
                Some(applied) if applied.checksum.as_deref() == Some(&file.checksum) => State::Applied,
                _ => State::Pending,
            };
            statuses.push(Status::of(Revision::repeatable(file), applied, state));
        }
        Ok(statuses)
    }

    /// The revisions that [`up`](Self::up) would apply, late ones included.
    pub async fn pending(&mut self) -> Result<Vec<Revision>> {
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = self.history(&layout).await?;
        let unapplied = graph.revisions().iter().filter(|revision| history.get(&revision.id).is_none());
        let again = self.list.repeatables().iter().filter(|file| has_changed(file, &history));
        Ok(unapplied.cloned().chain(again.map(Revision::repeatable)).collect())
    }

    /// What going to `target` would do. It reads the tables that would change, and writes nothing.
    pub async fn plan(&mut self, direction: Direction, target: &str) -> Result<Plan> {
        if direction == Direction::Down {
            let Undoing { layout, downs, .. } = self.undoing(target).await?;
            let ways = downs.iter().map(|down| (direction, down.id.as_str(), &down.way));
            return preview::preview(self.conn, &layout, ways).await;
        }
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = self.history(&layout).await?;
        let pending = self.pending_of(&graph, &history, target, &mut Report::default())?;
        let ups = pending.into_iter().map(|place| self.record_up(&graph, place));
        let mut ups = ups.collect::<Result<Vec<_>>>()?;
        ups.extend(self.changed_repeatables(&graph, &history, target)?);
        let ways = ups.iter().map(|up| (direction, up.id.as_str(), &up.way));
        preview::preview(self.conn, &layout, ways).await
    }

    /// What [`undo`](Self::undo) would do. It reads the tables that would change, and writes nothing.
    pub async fn plan_undo(&mut self, id: &str) -> Result<Plan> {
        let Undoing { layout, downs, .. } = self.undoing_alone(id).await?;
        let ways = downs.iter().map(|down| (Direction::Down, down.id.as_str(), &down.way));
        preview::preview(self.conn, &layout, ways).await
    }

    /// Says that the database is at `target`, without running anything: revisions up to it count as applied, later ones
    /// as pending. Several may be named, with commas between. Branches that have nothing to do with the target stay as they
    /// are, and so do applied revisions that are unknown here, unless `purge` is given. A file that runs again whenever it
    /// changes may be named too: it counts as run as it now is.
    pub async fn stamp(&mut self, target: &str, purge: bool) -> Result<Report> {
        let (layout, report, changes) = self.stamping(target, purge).await?;
        if changes.is_empty() {
            return Ok(report);
        }
        self.locked(&layout, Direction::Up, report, async |locked| locked.stamp(&changes).await).await
    }

    /// The revisions that [`stamp`](Self::stamp) would say something else of than what is said now, and what it would say.
    /// Nothing is written.
    pub async fn plan_stamp(&mut self, target: &str, purge: bool) -> Result<Vec<(String, Direction)>> {
        let (_, _, changes) = self.stamping(target, purge).await?;
        let removed = changes.removed.into_iter().map(|id| (id, Direction::Down));
        Ok(removed.chain(changes.applied.into_iter().map(|(id, ..)| (id, Direction::Up))).collect())
    }

    /// What a stamp changes.
    async fn stamping(&mut self, target: &str, purge: bool) -> Result<(Layout, Report, stamp::Changes)> {
        let graph = self.graph().await?;
        let (again, target) = stamp::repeatables_of(self.list.repeatables(), target);
        // A target that is none is refused before the database is asked.
        if let Some(target) = &target {
            graph.stamp(&[], target)?;
        }
        let layout = self.layout().await?;
        let history = self.history(&layout).await?;
        let report = self.compare(&graph, &history)?;
        let mut changes = stamp::Changes::default();
        if history.exists {
            changes.close = journal::open(self.conn, &layout).await?.into_keys().map(|(id, _)| id).collect();
        }
        changes.again(again.iter().filter(|file| has_changed(file, &history)), &history);
        let Some(target) = target else {
            changes.close.retain(|id| changes.applied.iter().any(|(applied, ..)| applied == id));
            return Ok((layout, report, changes));
        };
        let ids = history.ids();
        let stamped = graph.stamp(if purge { &[] } else { &ids }, &target)?;
        for (place, revision) in graph.revisions().iter().enumerate() {
            match (stamped.has(place), history.get(&revision.id)) {
                (true, None) => {
                    let up = self.record_up(&graph, place)?;
                    changes.applied.push((up.id, up.checksum, history::STAMP));
                }
                (false, Some(_)) => changes.removed.push(revision.id.clone()),
                _ => {}
            }
        }
        for file in self.list.repeatables().iter().filter(|file| history.get(&file.id).is_none()) {
            if stamped.is_all() && !changes.applied.iter().any(|(id, ..)| *id == file.id) {
                changes.applied.push((file.id.clone(), file.checksum.clone(), history::REPEATABLE));
            }
        }
        if purge {
            let unknown = history.revisions().filter(|applied| graph.get(&applied.revision).is_none());
            changes.removed.extend(unknown.map(|applied| applied.revision.clone()));
        }
        Ok((layout, report, changes))
    }

    /// Creates Dunlin's own tables where they aren't there, and nothing else. Whether there was anything to create.
    pub async fn ensure_version(&mut self) -> Result<bool> {
        let layout = self.layout().await?;
        if self.history(&layout).await?.exists {
            return Ok(false);
        }
        let work = async |locked: &mut Locked<'_, '_>| locked.prepare().await;
        self.locked(&layout, Direction::Up, Report::default(), work).await?;
        Ok(true)
    }

    /// The graph of the list. Only for files that `revisions!` collected the server is asked, whose SQL they are in.
    pub async fn graph(&mut self) -> Result<Graph> {
        if self.list.is_of_folder() {
            let server = self.conn.server().await.map_err(Error::from_connection)?;
            self.list = Cow::Owned(self.list.read(&self.conn.dialect().lexicon(&server))?);
        }
        Graph::of(&self.list)
    }

    /// What history says. Where another connection has the whole database to itself, as one may on SQLite, it is waited for.
    async fn history(&mut self, layout: &Layout) -> Result<History> {
        let mut patience = Patience::new(&self.options);
        loop {
            match history::read(self.conn, layout).await {
                Err(error) if error.connection().is_some_and(|error| error.kind == ErrorKind::Busy) => {
                    patience.wait(self.conn, None, &mut self.listener).await?;
                }
                read => return read,
            }
        }
    }

    /// The server and the names on it; refuses a connection that is in a transaction which isn't Dunlin's to end.
    async fn layout(&mut self) -> Result<Layout> {
        Layout::of(self.conn, &self.options).await
    }
}
