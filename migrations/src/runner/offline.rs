//! Writes what a run would do as a script for the server's own client.
//!
//! It is the run itself, on a connection that writes down what it is sent. What a run asks the database is told by what came before:
//! which revisions are applied, by where the script begins; the schema, by their operations; the session, by the script's first lines.

mod expected;

use std::borrow::Cow;
use std::io::{self, Write};

use dunlin_dsl::{Connection, Dialect, Op, Schema, Server, Setting, touched};
use sha2::{Digest, Sha256};

use self::expected::Expected;
use super::assumed::Assumed;
use super::attempt::{Fate, Outer, Run, Work, attempt};
use super::pen::Pen;
use super::recorded::{self, Up, Way};
use super::{refuse_what_cannot_run, stamp};
use crate::error::{Error, Kept, Kind, Result};
use crate::event::Listener;
use crate::graph::{Graph, Set};
use crate::history;
use crate::journal;
use crate::layout::Layout;
use crate::lock::{Session, assignment};
use crate::options::Options;
use crate::plan::Direction;
use crate::revision::MigrationList;
use crate::undo::Undo;

/// Writes scripts that do what a [`Runner`](super::Runner) would, with no connection.
///
/// Nothing is written where it fails. The same revisions give the same script, to the byte: what differs from one run to the next is
/// left to the server, as its clock is.
pub struct Offline<'a> {
    list: Cow<'a, MigrationList>,
    options: Options,
    dialect: &'static dyn Dialect,
    server: Server,
    session: Vec<String>,
    database: Option<&'a mut dyn Connection>,
}

/// What a script has to do.
struct Script {
    layout: Layout,
    title: String,
    /// Whether Dunlin's own tables aren't there yet.
    creates: bool,
    /// What the database's history has to say, so that the script isn't run where it doesn't belong.
    expected: Expected,
    /// What is written about history alone, in one transaction.
    rows: Rows,
    steps: Vec<Step>,
    assumed: Assumed,
}

/// Revisions of which history is told, without their being run.
#[derive(Default)]
struct Rows {
    /// Whether all that history has goes first.
    purge: bool,
    removed: Vec<String>,
    applied: Vec<(String, String, &'static str)>,
}

/// What undoes each revision, or why nothing does that is known.
type Undos = Vec<(String, Result<Undo>)>;

/// A revision on its way.
struct Step {
    id: String,
    direction: Direction,
    way: Way,
    written: Option<Undo>,
    checksum: Option<String>,
    kind: &'static str,
}

impl<'a> Offline<'a> {
    /// For a server that is taken to be as `server` says.
    pub fn new(dialect: &'static dyn Dialect, server: Server, list: &'a MigrationList) -> Self {
        Self {
            list: Cow::Borrowed(list),
            options: Options::default(),
            dialect,
            server,
            session: Vec::new(),
            database: None,
        }
    }

    /// The same with these options.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The same with statements that run first.
    pub fn session(mut self, statements: impl IntoIterator<Item = String>) -> Self {
        self.session.extend(statements);
        self
    }

    /// The same with a database that is now as the script finds its own: what its statements depend on is read there.
    pub fn database(mut self, database: &'a mut dyn Connection) -> Self {
        self.database = Some(database);
        self
    }

    /// Writes what takes a database from `from` to `to`, and gives the revisions in order. From `base` on Dunlin's own tables are created.
    pub async fn upgrade(
        &mut self,
        from: &str,
        to: &str,
        out: &mut (dyn Write + Send),
    ) -> Result<Vec<String>> {
        let graph = self.graph()?;
        let layout = self.layout()?;
        let Some(start) = graph.start(Direction::Up, from, to)? else { return Ok(Vec::new()) };
        let ids = ids(&graph, &start);
        let climb = graph.climb(&ids, to)?;
        let pending: Vec<usize> = climb.pending.iter().collect();
        let mut ups = self.ups(&graph, &pending)?;
        let repeatables = self.list.repeatables().iter().filter(|_| climb.reaches_all);
        let again = repeatables
            .map(|file| recorded::from_file(file, history::REPEATABLE))
            .collect::<Result<Vec<_>>>()?;
        if pending.is_empty() {
            return Ok(Vec::new());
        }
        refuse_what_cannot_run(&self.list, &graph, &pending, &again)?;
        let expected = Expected::at(&graph, &start, ups.iter().map(|up| up.id.clone()));
        ups.extend(again);
        let steps: Vec<_> = ups.into_iter().map(Step::up).collect();
        let assumed = self.found(&layout, &graph, &start, &steps).await?;
        let title = format!("upgrade {from}:{to}");
        let (creates, rows) = (start.is_empty(), Rows::default());
        let script = Script { layout, title, creates, expected, rows, steps, assumed };
        self.write(&script, out).await
    }

    /// Writes what takes a database from `from` back to `to`. Revisions are undone by the `down` of their code, else by what undoes
    /// their `up`, as a run records it.
    pub async fn downgrade(
        &mut self,
        from: &str,
        to: &str,
        out: &mut (dyn Write + Send),
    ) -> Result<Vec<String>> {
        let graph = self.graph()?;
        let layout = self.layout()?;
        let Some(start) = graph.start(Direction::Down, from, to)? else { return Ok(Vec::new()) };
        let path = graph.downgrade_path(&ids(&graph, &start), to)?;
        if path.is_empty() {
            return Ok(Vec::new());
        }
        let (_, mut undos) = self.replay(&layout, &graph, &start)?;
        let mut steps = Vec::with_capacity(path.len());
        for id in path {
            let place = graph.place(&id);
            let migration = place.and_then(|place| self.list.get(graph.listed(place)));
            let down = match recorded::down_in_code(&id, migration, &self.options.naming)? {
                Some(down) => down,
                None => {
                    let recorded = match &mut self.database {
                        // One that has no history knows no undo.
                        Some(database) => history::undo(*database, &layout, &id).await.unwrap_or_default(),
                        None => None,
                    };
                    let replayed = undos.iter().position(|(other, _)| *other == id);
                    let undo = match (recorded, replayed) {
                        (Some(undo), _) => undo,
                        (None, Some(at)) => undos.swap_remove(at).1?,
                        (None, None) => return Err(Error::graph("the list has changed")),
                    };
                    recorded::down_of(&layout, &id, undo)?
                }
            };
            steps.push(Step {
                id: down.id,
                direction: Direction::Down,
                way: down.way,
                written: None,
                checksum: None,
                kind: history::RUST,
            });
        }
        let assumed = self.found(&layout, &graph, &start, &steps).await?;
        let removed = self.list.repeatables().iter().map(|file| file.id.clone()).collect();
        let rows = Rows { removed, ..Rows::default() };
        let title = format!("downgrade {from}:{to}");
        // What comes after an undone one, or depends on it, mustn't be there.
        let undone = steps.iter().filter_map(|step| graph.place(&step.id));
        let undone = Set::of(graph.revisions().len(), undone);
        let behind = ids(&graph, &graph.and_after(&undone).without(&start)).into_iter().map(str::to_owned);
        let mut expected = Expected::at(&graph, &start, behind);
        expected.applied.extend(steps.iter().map(|step| step.id.clone()));
        let script = Script { layout, title, creates: false, expected, rows, steps, assumed };
        self.write(&script, out).await
    }

    /// Writes what says of a database at `from` that it is at `to`, without running anything.
    pub async fn stamp(
        &mut self,
        from: &str,
        to: &str,
        purge: bool,
        out: &mut (dyn Write + Send),
    ) -> Result<Vec<String>> {
        let graph = self.graph()?;
        let layout = self.layout()?;
        let start = graph.stamp(&[], from)?;
        let at = if purge { Vec::new() } else { ids(&graph, &start) };
        let stamped = graph.stamp(&at, to)?;
        let before = if purge { Set::none(graph.revisions().len()) } else { start.clone() };
        let removed = ids(&graph, &before.clone().without(&stamped)).into_iter().map(str::to_owned).collect();
        let ups = self.ups(&graph, &stamped.clone().without(&before).iter().collect::<Vec<_>>())?;
        let mut applied: Vec<_> = ups.into_iter().map(|up| (up.id, up.checksum, history::STAMP)).collect();
        if stamped.is_all() && !before.is_all() {
            let repeatables = self.list.repeatables().iter();
            applied.extend(
                repeatables.map(|file| (file.id.clone(), file.checksum.clone(), history::REPEATABLE)),
            );
        }
        let rows = Rows { purge, removed, applied };
        if rows.removed.is_empty() && rows.applied.is_empty() && !purge {
            return Ok(Vec::new());
        }
        let creates = start.is_empty() && !purge;
        let title = format!("stamp {from}:{to}");
        let expected = match purge {
            true => Expected::default(),
            false => Expected::at(&graph, &start, rows.applied.iter().map(|(id, ..)| id.clone())),
        };
        let (steps, assumed) = (Vec::new(), Assumed::default());
        let script = Script { layout, title, creates, expected, rows, steps, assumed };
        self.write(&script, out).await
    }

    /// Writes what creates Dunlin's own tables, and nothing else.
    pub async fn ensure_version(&mut self, out: &mut (dyn Write + Send)) -> Result<()> {
        let (layout, title) = (self.layout()?, "ensure_version".to_owned());
        let script = Script {
            layout,
            title,
            creates: true,
            expected: Expected::default(),
            rows: Rows::default(),
            steps: Vec::new(),
            assumed: Assumed::default(),
        };
        self.write(&script, out).await.map(drop)
    }

    fn graph(&mut self) -> Result<Graph> {
        if self.list.is_of_folder() {
            self.list = Cow::Owned(self.list.read(&self.dialect.lexicon(&self.server))?);
        }
        Graph::of(&self.list)
    }

    fn layout(&self) -> Result<Layout> {
        Layout::assumed(self.dialect, self.server.clone(), &self.options)
    }

    fn ups(&self, graph: &Graph, places: &[usize]) -> Result<Vec<Up>> {
        let migrations = places.iter().map(|place| self.list.get(graph.listed(*place)));
        let ups = migrations.map(|migration| {
            let migration = migration.ok_or_else(|| Error::graph("the list has changed"))?;
            recorded::up(migration, &self.options.naming)
        });
        ups.collect()
    }

    /// What the revisions that are applied at the script's beginning have left, and what undoes each of them.
    fn replay(&self, layout: &Layout, graph: &Graph, start: &Set) -> Result<(Assumed, Undos)> {
        let mut assumed = Assumed::default();
        let mut undos = Vec::new();
        for up in self.ups(graph, &start.iter().collect::<Vec<_>>())? {
            let undo = assumed.replay(layout, &up);
            undos.push((up.id, undo));
        }
        Ok((assumed, undos))
    }

    /// What the script finds: what a database tells, or what the revisions before have left.
    async fn found(
        &mut self,
        layout: &Layout,
        graph: &Graph,
        start: &Set,
        steps: &[Step],
    ) -> Result<Assumed> {
        let Some(database) = &mut self.database else {
            return Ok(self.replay(layout, graph, start)?.0);
        };
        let ops = steps.iter().filter_map(|step| match &step.way {
            Way::Ops { ops, .. } => Some(ops),
            Way::Script(_) => None,
        });
        let all: Vec<Op> = ops.flat_map(|ops| Op::select(ops, layout.server.dialect)).collect();
        let objects = touched(&all);
        let schema = match objects.is_empty() {
            true => Schema::new(),
            false => layout.dialect.introspect(*database, &objects).await.map_err(Error::from_connection)?,
        };
        Ok(Assumed::read(schema))
    }

    /// Writes it twice: once to see that it can be written to its end and what it says, which gives the run its id.
    async fn write(&self, script: &Script, out: &mut (dyn Write + Send)) -> Result<Vec<String>> {
        for step in &script.steps {
            step.way.check(&script.layout).map_err(|error| error.with_revision(&step.id))?;
        }
        let mut digest = Hashed(Sha256::new());
        self.write_as(script, &journal::run_id_of(&[]), &mut digest).await?;
        let run_id = journal::run_id_of(&digest.0.finalize());
        self.write_as(script, &run_id, out).await?;
        out.flush()
            .map_err(|error| Error::new(Kind::Refused(format!("failed to write the script: {error}"))))?;
        let steps = script.steps.iter().map(|step| step.id.clone());
        let rows = script.rows.applied.iter().map(|(id, ..)| id.clone());
        Ok(steps.chain(rows).collect())
    }

    async fn write_as(&self, script: &Script, run_id: &str, out: &mut (dyn Write + Send)) -> Result<()> {
        let layout = &script.layout;
        let written = Error::from_connection;
        let pen = &mut Pen::new(layout, out);
        pen.line(&format!(
            "-- Dunlin {}: {}, for {}",
            self.options.tool_version, script.title, layout.server
        ))
        .map_err(written)?;
        pen.stop_at_errors().map_err(written)?;
        let mut known = layout.server.facts.clone();
        let mut opening = layout.dialect.opening(&layout.server);
        known.extend(layout.dialect.opened(&layout.server));
        for sql in &self.session {
            if let Some(hoisted) = layout.dialect.hoisted(sql, &layout.server) {
                known.insert(hoisted.setting.name, hoisted.setting.value);
            }
            opening.push(sql.clone());
        }
        for setting in layout.dialect.session(&layout.server) {
            opening.push(assignment(layout, &setting, &setting.value)?);
            known.insert(setting.name, setting.value);
        }
        pen.batch(&opening).await.map_err(|failed| written(failed.error))?;
        let mut session = Session::assumed(layout, known);
        if let Some(lock) = &session.lock.session {
            pen.execute(&lock.acquire).await.map_err(written)?;
        }
        if script.creates {
            let statements = history::create_all(layout, run_id)?;
            together(pen, &session, session.transactions.ddl, statements).await?;
        } else {
            let proofs = script.expected.proofs(layout)?;
            pen.batch(&proofs).await.map_err(|failed| written(failed.error))?;
        }
        let rows = script.rows.statements(layout, &self.options, run_id)?;
        let mut assumed = script.assumed.clone();
        assumed.opening = opening;
        let around = self.around(script)?;
        if !rows.is_empty() && around.is_none() {
            together(pen, &session, true, rows.clone()).await?;
        }
        let mark = session.mark();
        if let Some(around) = &around {
            session.hold(pen, layout, around).await?;
            pen.execute(session.transactions.begin).await.map_err(written)?;
            pen.batch(&rows).await.map_err(|failed| written(failed.error))?;
        }
        for step in &script.steps {
            let direction = step.direction;
            pen.line(&format!("\n-- {direction} {}", step.id.replace(['\n', '\r'], " "))).map_err(written)?;
            let work = Work {
                revision: &step.id,
                direction,
                way: &step.way,
                written: step.written.clone(),
                checksum: step.checksum.as_deref(),
                kind: step.kind,
                attempted: None,
            };
            let mut run = Run {
                conn: pen,
                layout,
                options: &self.options,
                session: &mut session,
                listener: &mut Listener(None),
                id: run_id,
                outer: match &around {
                    Some(around) => Outer::Run { around: around.clone() },
                    None => Outer::None,
                },
                assumed: Some(&mut assumed),
            };
            match attempt(&mut run, &work).await {
                Ok(Fate::Done(_)) => {}
                Ok(_) => return Err(Error::graph("a script can't be waited for")),
                Err(error) => return Err(error.with_kept(Kept::Unchanged)),
            }
        }
        if around.is_some() {
            pen.execute(session.transactions.commit).await.map_err(written)?;
            session.put_back(pen, mark).await?;
        }
        if let Some(lock) = &session.lock.session {
            pen.line("").map_err(written)?;
            pen.execute(&lock.release).await.map_err(written)?;
        }
        Ok(())
    }

    /// What is set before the one transaction of all revisions, where there is such a one.
    fn around(&self, script: &Script) -> Result<Option<Vec<Setting>>> {
        let layout = &script.layout;
        let has_transactions = layout.dialect.transactions(&layout.server).ddl;
        if !(self.options.one_transaction && has_transactions) || script.steps.is_empty() {
            return Ok(None);
        }
        let ways: Vec<_> = script.steps.iter().map(|step| (step.id.as_str(), &step.way)).collect();
        super::together::around(layout, &ways).map(Some)
    }
}

impl Step {
    fn up(up: Up) -> Self {
        let Up { id, way, written, checksum, kind, .. } = up;
        Self { id, direction: Direction::Up, way, written, checksum: Some(checksum), kind }
    }
}

impl Rows {
    fn statements(&self, layout: &Layout, options: &Options, run_id: &str) -> Result<Vec<String>> {
        let mut statements = Vec::new();
        if self.purge {
            statements.push(history::delete_all(layout));
        }
        for id in &self.removed {
            statements.extend(stamp::unstamped(layout, run_id, id)?);
        }
        for (id, checksum, kind) in &self.applied {
            statements.extend(stamp::stamped(layout, options, run_id, id, checksum, kind)?);
        }
        Ok(statements)
    }
}

/// Writes statements, in one transaction where they can be.
async fn together(
    pen: &mut Pen<'_>,
    session: &Session,
    can_be: bool,
    mut statements: Vec<String>,
) -> Result<()> {
    if can_be {
        let proof = session.lock.proof.clone();
        statements.splice(0..0, [session.transactions.begin.to_owned()].into_iter().chain(proof));
        statements.push(session.transactions.commit.to_owned());
    }
    pen.batch(&statements).await.map_err(|failed| Error::from_connection(failed.error))
}

fn ids<'g>(graph: &'g Graph, set: &Set) -> Vec<&'g str> {
    set.iter().map(|place| graph.revisions()[place].id.as_str()).collect()
}

/// Hashes what is written.
struct Hashed(Sha256);

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
