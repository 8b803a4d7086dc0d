//! Runs revisions on a database.

mod adopt;
mod attempt;
mod flight;
mod preview;
mod recorded;
mod segment;
mod stamp;
mod together;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Instant;

use dunlin_dsl::Connection;

use self::attempt::{Fate, Outer, Run, Work, attempt};
use self::recorded::{Down, Up};
use crate::error::{Error, Kind, Result};
use crate::event::{Event, Listener};
use crate::graph::{Climb, Graph, Revision, Set};
use crate::history::{self, History};
use crate::journal::{self, Open};
use crate::layout::Layout;
use crate::lock::Session;
use crate::options::{Late, Options};
use crate::plan::{Direction, Plan};
use crate::report::{Report, State, Status};
use crate::revision::{Migration, MigrationList};
use crate::script::FileRevision;

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
        let history = history::read(self.conn, &layout).await?;
        let mut report = self.compare(&graph, &history)?;
        let pending = self.pending_of(&graph, &history, target, &mut report)?;
        let again = self.changed_repeatables(&graph, &history, target)?;
        if pending.is_empty() && again.is_empty() {
            return Ok(report);
        }
        let ups = pending.iter().map(|place| self.record_up(&graph, *place)).collect::<Result<Vec<_>>>()?;
        self.refuse_what_cannot_run(&graph, &pending, &again)?;
        for up in ups.iter().chain(&again) {
            up.way.check(&layout).map_err(|error| error.with_revision(&up.id))?;
        }
        let ways: Vec<_> = ups.iter().chain(&again).map(|up| (up.id.as_str(), &up.way)).collect();
        let together = self.together(&layout, Direction::Up, &ways).await?;
        self.locked(&layout, Direction::Up, report, async |locked| {
            locked.start(ways.iter().map(|(id, _)| (*id).to_owned()).collect()).await?;
            let work = async |locked: &mut Locked<'_, '_>| {
                for up in &ups {
                    if !locked.is_applied(&up.id) {
                        locked.apply(up).await?;
                    }
                }
                for up in &again {
                    if locked.applied.get(&up.id).map(Option::as_deref) != Some(Some(&up.checksum)) {
                        locked.apply(up).await?;
                    }
                }
                Ok(())
            };
            locked.within(together, work).await
        })
        .await
    }

    /// Undoes what comes after `target`, and what depends on that: `base`, an id or the beginning of one, `-N`, `label@-N`,
    /// `label@base`.
    ///
    /// Each revision is undone by the `down` of its code; else by the undo recorded when it ran; else by what can be
    /// derived from its `up` alone. If one of them can't be undone at all, nothing is.
    pub async fn downgrade(&mut self, target: &str) -> Result<Report> {
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = history::read(self.conn, &layout).await?;
        let report = self.compare(&graph, &history)?;
        let ids = graph.downgrade_path(&history.ids(), target)?;
        if ids.is_empty() {
            return Ok(report);
        }
        let repeatables: Vec<_> = history.repeatables().map(str::to_owned).collect();
        let mut downs = Vec::with_capacity(ids.len());
        for id in &ids {
            let down = self.find_down(&graph, &layout, id).await?;
            down.way.check(&layout).map_err(|error| error.with_revision(id))?;
            downs.push(down);
        }
        let ways: Vec<_> = downs.iter().map(|down| (down.id.as_str(), &down.way)).collect();
        let together = self.together(&layout, Direction::Down, &ways).await?;
        self.locked(&layout, Direction::Down, report, async |locked| {
            locked.start(ids).await?;
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
            locked.within(together, work).await
        })
        .await
    }

    /// How each revision stands: those of the list, each behind all that it comes after, then those that only history knows.
    pub async fn status(&mut self) -> Result<Vec<Status>> {
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = history::read(self.conn, &layout).await?;
        let open = match history.exists {
            true => journal::open(self.conn, &layout).await?,
            false => Open::new(),
        };
        let late: Vec<_> = graph.late(&history.ids()).map(|revision| revision.id.as_str()).collect();
        let mut late = late.into_iter().peekable();
        let mut statuses = Vec::with_capacity(graph.revisions().len());
        for (place, revision) in graph.revisions().iter().enumerate() {
            let applied = history.get(&revision.id);
            let attempted = |direction| open.contains_key(&(revision.id.clone(), direction));
            let is_late = late.next_if_eq(&revision.id.as_str()).is_some();
            let state = match applied {
                Some(_) if attempted(Direction::Down) => State::Failed,
                Some(applied) if self.is_edited(&graph, place, applied)? => State::Edited,
                Some(_) => State::Applied,
                None if attempted(Direction::Up) => State::Failed,
                None if is_late => State::Late,
                None => State::Pending,
            };
            let applied_at = applied.map(|applied| applied.applied_at.clone());
            statuses.push(Status::of(revision.clone(), applied_at, state));
        }
        for applied in history.revisions() {
            if graph.get(&applied.revision).is_none() {
                let revision = Revision {
                    message: crate::graph::message(&applied.revision),
                    id: applied.revision.clone(),
                    ..Revision::default()
                };
                statuses.push(Status::of(revision, Some(applied.applied_at.clone()), State::Missing));
            }
        }
        for file in self.list.repeatables() {
            let applied = history.get(&file.id);
            let state = match applied {
                _ if open.contains_key(&(file.id.clone(), Direction::Up)) => State::Failed,
                Some(applied) if applied.checksum.as_deref() == Some(&file.checksum) => State::Applied,
                _ => State::Pending,
            };
            let applied_at = applied.map(|applied| applied.applied_at.clone());
            statuses.push(Status::of(Revision::repeatable(file), applied_at, state));
        }
        Ok(statuses)
    }

    /// The revisions that [`up`](Self::up) would apply, late ones included.
    pub async fn pending(&mut self) -> Result<Vec<Revision>> {
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = history::read(self.conn, &layout).await?;
        let unapplied = graph.revisions().iter().filter(|revision| history.get(&revision.id).is_none());
        let again = self.list.repeatables().iter().filter(|file| has_changed(file, &history));
        Ok(unapplied.cloned().chain(again.map(Revision::repeatable)).collect())
    }

    /// What going to `target` would do. It reads the tables that would change, and writes nothing.
    pub async fn plan(&mut self, direction: Direction, target: &str) -> Result<Plan> {
        let graph = self.graph().await?;
        let layout = self.layout().await?;
        let history = history::read(self.conn, &layout).await?;
        let mut ways = Vec::new();
        match direction {
            Direction::Up => {
                let mut report = Report::default();
                for place in self.pending_of(&graph, &history, target, &mut report)? {
                    let up = self.record_up(&graph, place)?;
                    ways.push((up.id, up.way));
                }
                for up in self.changed_repeatables(&graph, &history, target)? {
                    ways.push((up.id, up.way));
                }
            }
            Direction::Down => {
                for id in graph.downgrade_path(&history.ids(), target)? {
                    let down = self.find_down(&graph, &layout, &id).await?;
                    ways.push((down.id, down.way));
                }
            }
        }
        let ways = ways.iter().map(|(id, way)| (id.as_str(), way));
        preview::preview(self.conn, &layout, direction, ways).await
    }

    /// Says that the database is at `target`, without running anything: revisions up to it count as applied, later ones
    /// as pending. Several may be named, with commas between. Branches that have nothing to do with the target stay as they
    /// are, and so do applied revisions that are unknown here, unless `purge` is given.
    pub async fn stamp(&mut self, target: &str, purge: bool) -> Result<Report> {
        let graph = self.graph().await?;
        // A target that is none is refused before the database is asked.
        graph.stamp(&[], target)?;
        let layout = self.layout().await?;
        let history = history::read(self.conn, &layout).await?;
        let report = self.compare(&graph, &history)?;
        let ids = history.ids();
        let stamped = graph.stamp(if purge { &[] } else { &ids }, target)?;
        let mut changes = stamp::Changes::default();
        if history.exists {
            changes.close = journal::open(self.conn, &layout).await?.into_keys().map(|(id, _)| id).collect();
        }
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
            if stamped.is_all() {
                changes.applied.push((file.id.clone(), file.checksum.clone(), history::REPEATABLE));
            }
        }
        if purge {
            let unknown = history.revisions().filter(|applied| graph.get(&applied.revision).is_none());
            changes.removed.extend(unknown.map(|applied| applied.revision.clone()));
        }
        if changes.is_empty() {
            return Ok(report);
        }
        self.locked(&layout, Direction::Up, report, async |locked| locked.stamp(&changes).await).await
    }

    /// Creates Dunlin's own tables where they aren't there, and nothing else. Whether there was anything to create.
    pub async fn ensure_version(&mut self) -> Result<bool> {
        let layout = self.layout().await?;
        if history::read(self.conn, &layout).await?.exists {
            return Ok(false);
        }
        let work = async |locked: &mut Locked<'_, '_>| locked.prepare().await;
        self.locked(&layout, Direction::Up, Report::default(), work).await?;
        Ok(true)
    }

    /// The graph of the list. Only for files that `revisions!` collected the server is asked, whose SQL they are in.
    pub async fn graph(&mut self) -> Result<Graph> {
        if self.list.is_unread() {
            let server = self.conn.server().await.map_err(Error::from_connection)?;
            self.list = Cow::Owned(self.list.read(&self.conn.dialect().lexicon(&server))?);
        }
        Graph::of(&self.list)
    }

    /// The server and the names on it; refuses a connection that is in a transaction which isn't Dunlin's to end.
    async fn layout(&mut self) -> Result<Layout> {
        Layout::of(self.conn, &self.options).await
    }

    /// What history and code say of one another, told and put into a report.
    fn compare(&mut self, graph: &Graph, history: &History) -> Result<Report> {
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

    fn is_edited(&self, graph: &Graph, place: usize, applied: &history::Applied) -> Result<bool> {
        let Some(recorded) = applied.checksum.as_deref() else { return Ok(false) };
        let Some(migration) = self.list.get(graph.listed(place)) else { return Ok(false) };
        recorded::is_edited(recorded, migration, &self.options.naming)
    }

    /// The places of what an upgrade has to apply; late revisions go by the project's policy.
    fn pending_of(
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
            Late::Error => return Err(Error::new(Kind::Late(ids(&late)))),
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

    /// Files that run again whenever they change, and have changed. They run behind all revisions.
    fn changed_repeatables(&self, graph: &Graph, history: &History, target: &str) -> Result<Vec<Up>> {
        let files = self.list.repeatables();
        if files.is_empty() || !graph.climb(&history.ids(), target)?.reaches_all {
            return Ok(Vec::new());
        }
        let changed = files.iter().filter(|file| has_changed(file, history));
        changed.map(|file| recorded::from_file(file, history::REPEATABLE)).collect()
    }

    fn record_up(&self, graph: &Graph, place: usize) -> Result<Up> {
        let migration = self.list.get(graph.listed(place));
        let up = migration.map(|migration| recorded::up(migration, &self.options.naming));
        up.unwrap_or_else(|| Err(Error::graph("the list has changed")))
    }

    /// Refuses a run that would come to a file which isn't SQL, before anything of it runs.
    fn refuse_what_cannot_run(&self, graph: &Graph, pending: &[usize], again: &[Up]) -> Result<()> {
        let files = pending.iter().filter_map(|place| self.list.get(graph.listed(*place))?.file());
        let repeatables = self.list.repeatables().iter();
        let files = files.chain(repeatables.filter(|file| again.iter().any(|up| up.id == file.id)));
        let mut refused = files.filter_map(|file| Some((file, file.cannot_run.as_ref()?)));
        match refused.next() {
            None => Ok(()),
            Some((file, why)) => Err(Error::new(Kind::Refused(why.clone())).with_revision(&file.id).with_hint(format!(
                "run it by its own tool when all before it are applied, and say so with `dunlin stamp {}`",
                file.id
            ))),
        }
    }

    /// The way down of an applied revision.
    async fn find_down(&mut self, graph: &Graph, layout: &Layout, id: &str) -> Result<Down> {
        let migration = graph.place(id).and_then(|place| self.list.get(graph.listed(place)));
        recorded::down(self.conn, layout, id, migration, &self.options.naming).await
    }

    /// Does work under the lock, and gives the lock and the settings back whatever becomes of it.
    async fn locked(
        &mut self,
        layout: &Layout,
        direction: Direction,
        report: Report,
        work: impl AsyncFnOnce(&mut Locked<'_, '_>) -> Result<()>,
    ) -> Result<Report> {
        let began = Instant::now();
        let mut session = Session::open(self.conn, layout, &self.options, &mut self.listener).await?;
        let run_id = journal::run_id();
        let mut locked = Locked {
            run: Run {
                outer: if self.conn.owns_transactions() { Outer::None } else { Outer::Callers },
                conn: &mut *self.conn,
                layout,
                options: &self.options,
                session: &mut session,
                listener: &mut self.listener,
                id: &run_id,
            },
            direction,
            applied: BTreeMap::new(),
            open: Open::new(),
            of: 0,
            number: 0,
            report,
        };
        let outcome = work(&mut locked).await;
        let mut report = std::mem::take(&mut locked.report);
        let closed = session.close(self.conn).await;
        if let Err(error) = outcome.and(closed) {
            return Err(error.with_report(&report));
        }
        if !report.done.is_empty() {
            report.run_id = Some(run_id.clone());
            self.listener.tell(|| Event::RunFinished { run_id, duration: began.elapsed() });
        }
        Ok(report)
    }
}

/// Whether a file that runs again whenever it changes isn't as it was when it ran.
fn has_changed(file: &FileRevision, history: &History) -> bool {
    history.get(&file.id).and_then(|applied| applied.checksum.as_deref()) != Some(&file.checksum)
}

/// A run that holds the lock.
struct Locked<'a, 'e> {
    run: Run<'a, 'e>,
    direction: Direction,
    /// What history says now: what is applied, with its checksum.
    applied: BTreeMap<String, Option<String>>,
    /// What earlier attempts left.
    open: Open,
    of: usize,
    number: usize,
    report: Report,
}

impl Locked<'_, '_> {
    /// Creates what is missing of Dunlin's own tables, and reads history again: what it said before the lock was held may
    /// have changed since.
    async fn start(&mut self, revisions: Vec<String>) -> Result<()> {
        self.prepare().await?;
        self.of = revisions.len();
        let (run_id, direction) = (self.run.id.to_owned(), self.direction);
        self.run.listener.tell(|| Event::RunStarted { run_id, direction, revisions });
        Ok(())
    }

    async fn prepare(&mut self) -> Result<()> {
        let run = &mut self.run;
        let mut history = history::read(run.conn, run.layout).await?;
        if !history.exists {
            history::create(run.conn, run.layout, run.session, run.listener, run.id).await?;
            history = history::read(run.conn, run.layout).await?;
        }
        self.open = journal::open(run.conn, run.layout).await?;
        let applied = history.into_applied().into_iter();
        self.applied = applied.map(|applied| (applied.revision, applied.checksum)).collect();
        Ok(())
    }

    fn is_applied(&self, id: &str) -> bool {
        self.applied.contains_key(id)
    }

    async fn apply(&mut self, up: &Up) -> Result<()> {
        let attempted = self.open.get(&(up.id.clone(), Direction::Up)).cloned();
        let work = Work {
            revision: &up.id,
            direction: Direction::Up,
            way: &up.way,
            written: up.written.clone(),
            checksum: Some(&up.checksum),
            kind: up.kind,
            attempted: attempted.as_ref(),
        };
        self.attempt(&work).await
    }

    async fn undo(&mut self, down: &Down) -> Result<()> {
        let attempted = self.open.get(&(down.id.clone(), Direction::Down)).cloned();
        let work = Work {
            revision: &down.id,
            direction: Direction::Down,
            way: &down.way,
            written: None,
            checksum: None,
            kind: history::RUST,
            attempted: attempted.as_ref(),
        };
        self.attempt(&work).await
    }

    /// Does a revision, waiting where another migrator holds the lock.
    async fn attempt(&mut self, work: &Work<'_>) -> Result<()> {
        self.refuse_beside_half_done(work)?;
        self.number += 1;
        let (revision, direction) = (work.revision.to_owned(), work.direction);
        let (number, of) = (self.number, self.of);
        self.run.listener.tell(|| Event::RevisionStarted {
            revision: revision.clone(),
            direction,
            number,
            of,
        });
        loop {
            match attempt(&mut self.run, work).await? {
                Fate::Done(done) => {
                    let duration = done.duration;
                    self.report.done.push(done);
                    self.open.remove(&(revision.clone(), direction));
                    self.run.listener.tell(|| Event::RevisionFinished { revision, direction, duration });
                    return Ok(());
                }
                Fate::Elsewhere => {
                    self.open.remove(&(revision.clone(), direction));
                    self.run.listener.tell(|| Event::RevisionDoneElsewhere { revision });
                    return Ok(());
                }
                Fate::Refused => {
                    self.run.session.wait(self.run.conn, None, self.run.listener).await?;
                }
            }
        }
    }

    /// Refuses a revision while another one is half-done: it could take away what is done of that one, which the journal
    /// says is done, and nobody would notice that it is missing.
    fn refuse_beside_half_done(&self, work: &Work<'_>) -> Result<()> {
        let own = (work.revision, work.direction);
        let is_other = |(id, direction): &(String, Direction)| (id.as_str(), *direction) != own;
        let mut half_done = self.open.iter().filter(|(key, attempted)| is_other(key) && attempted.is_begun());
        let Some(((id, direction), attempted)) = half_done.next() else { return Ok(()) };
        let (command, way) = match direction {
            Direction::Up => ("upgrade", "applied"),
            Direction::Down => ("downgrade", "undone"),
        };
        let done = attempted.done.len() + attempted.unknown.len();
        let reason = format!("revision {id} is half {way}: {done} of its statements have run");
        let hint = format!(
            "finish that first with `dunlin {command}`, for which what is left of it may be changed; or undo by hand what is \
             done of it, and run `dunlin stamp` with the revision at which the database then is"
        );
        Err(Error::new(Kind::Refused(reason)).with_revision(work.revision).with_hint(hint))
    }
}
