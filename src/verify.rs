//! Proof that every revision goes up, down and up again, given on a database of its own.

mod elsewhere;
mod fill;
mod values;
mod verdict;

use std::collections::BTreeSet;
use std::path::PathBuf;

use dunlin_dialects::{DatabaseUrl, Dump, Scratch, dump, dump_rows};
use dunlin_dsl::{DialectId, HazardKind};
use dunlin_migrations::{Direction, Error, MigrationList, Options, Result, Runner, few};

use self::fill::{Kind, fill};
use self::verdict::{Likeness, diff, rows_after};
pub use self::verdict::{Outcome, Verdict};

/// Proves what the ways down of migrations are worth.
///
/// On a database made for it, beside the one that a URL names, and removed again, every revision goes up, down and up again, while
/// tables have rows that satisfy their types, keys and checks. What the server itself tells before and after ([`Dump`]) is compared.
/// Programs that revisions run, such as data steps, run for real there.
///
/// ```
/// use dunlin::prelude::*;
/// use dunlin::{Outcome, Verify};
///
/// struct CreateUsers;
///
/// impl Migration for CreateUsers {
///     fn id(&self) -> &str {
///         "create_users"
///     }
///
///     fn up(&self, op: &mut Ops) {
///         op.create_table("users").col("id", integer().primary_key()).col("name", text());
///     }
/// }
///
/// # #[cfg(feature = "sqlite")]
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let list = migrations![CreateUsers];
/// let url = dunlin::DatabaseUrl::parse("sqlite::memory:")?;
/// let verdicts = dunlin::blocking::verify(Verify::new(&list, url))?;
/// assert_eq!(verdicts[0].outcome, Outcome::Exact);
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "sqlite"))]
/// # fn main() {}
/// ```
pub struct Verify<'a> {
    /// What runs but once: files that run whenever they change have no way down.
    once: MigrationList,
    url: DatabaseUrl,
    options: Options,
    session: Vec<String>,
    only: Option<BTreeSet<String>>,
    is_spare: bool,
    pg_dump: PathBuf,
    listener: Option<&'a mut (dyn FnMut(&Verdict) + Send)>,
}

/// A database at work.
struct Bench {
    scratch: Scratch,
    /// The revisions that are applied there, in order.
    applied: Vec<String>,
    /// What it holds, where that is known.
    seen: Option<Dump>,
}

impl<'a> Verify<'a> {
    /// A proof for these migrations, on the server that `url` names; its user must be one who may create databases there.
    /// Nothing is done in the database that `url` names.
    pub fn new(list: &MigrationList, url: DatabaseUrl) -> Self {
        Self {
            once: list.clone().without_repeatables(),
            url,
            options: Options::default(),
            session: Vec::new(),
            only: None,
            is_spare: false,
            pg_dump: "pg_dump".into(),
            listener: None,
        }
    }

    /// The same, each run with these options.
    pub fn options(self, options: Options) -> Self {
        // History is kept where the proof is: elsewhere it would be the real one.
        let options = Options { schema: None, one_transaction: false, dry_run: false, ..options };
        Self { options, ..self }
    }

    /// The same, where these statements run first on every connection.
    pub fn session(self, statements: impl IntoIterator<Item = String>) -> Self {
        Self { session: statements.into_iter().collect(), ..self }
    }

    /// The same for these revisions alone; those that they come after are applied, and not judged.
    pub fn only(self, ids: impl IntoIterator<Item = String>) -> Self {
        Self { only: Some(ids.into_iter().collect()), ..self }
    }

    /// The same on a server on which nothing is that could be lost. On any other one a revision is refused whose text reaches beyond the
    /// database made for it: by the name of another one on MySQL and MariaDB, by an attached file, a role or a database.
    pub fn spare_server(self) -> Self {
        Self { is_spare: true, ..self }
    }

    /// The same with this `pg_dump`, which is asked what a database of PostgreSQL holds, and must not be older than the server. Without it
    /// it is the one that a shell would find.
    pub fn pg_dump(self, program: impl Into<PathBuf>) -> Self {
        Self { pg_dump: program.into(), ..self }
    }

    /// The same, telling each verdict as soon as it is found.
    pub fn on_verdict(self, listener: &'a mut (dyn FnMut(&Verdict) + Send)) -> Self {
        Self { listener: Some(listener), ..self }
    }

    /// Gives the proof: a verdict for every revision, in the order in which they run.
    ///
    /// An error means that nothing could be told: no database could be made, the server or `pg_dump` can't be reached, the revisions
    /// don't fit together. What is wrong with a revision is a verdict.
    pub async fn run(mut self) -> Result<Vec<Verdict>> {
        let scratch = Scratch::create(&self.url).await?;
        let mut bench = Bench { scratch, applied: Vec::new(), seen: None };
        let verdicts = self.judge_all(&mut bench).await;
        let removed = bench.scratch.remove().await;
        let verdicts = verdicts?;
        removed?;
        Ok(verdicts)
    }

    async fn judge_all(&mut self, bench: &mut Bench) -> Result<Vec<Verdict>> {
        self.begin(bench).await?;
        let graph = self.runner(bench).graph().await?;
        let mut verdicts = Vec::with_capacity(graph.revisions().len());
        for revision in graph.revisions() {
            let id = revision.id.as_str();
            let mut needed = revision.revises.iter().chain(&revision.depends_on);
            let is_asked = self.only.as_ref().is_none_or(|only| only.contains(id));
            let beyond = self.beyond(bench, Direction::Up, id).await?;
            let verdict = match (needed.find(|need| !bench.applied.contains(need)), beyond) {
                (Some(need), _) => not_reached(id, format!("{need} isn't applied, which it needs")),
                (None, Some(reason)) => not_reached(id, reason),
                (None, None) if is_asked => self.judge(bench, id).await?,
                (None, None) => match failure(self.apply(bench, id).await)? {
                    None => continue,
                    Some(error) => {
                        self.renew(bench).await?;
                        not_reached(id, format!("it can't be applied: {}", said(&error, id)))
                    }
                },
            };
            if let Some(listener) = &mut self.listener {
                listener(&verdict);
            }
            verdicts.push(verdict);
        }
        Ok(verdicts)
    }

    /// Makes an empty database ready.
    async fn begin(&self, bench: &mut Bench) -> Result<()> {
        let conn = bench.scratch.database().connection();
        for statement in &self.session {
            conn.execute(statement).await?;
        }
        // With it comes the history, which then is part of every dump.
        self.runner(bench).ensure_version().await?;
        Ok(())
    }

    /// Begins anew, with what was applied and no rows; with less of it, where something can't be applied twice on a server.
    async fn renew(&self, bench: &mut Bench) -> Result<()> {
        let fresh = Scratch::create(&self.url).await?;
        std::mem::replace(&mut bench.scratch, fresh).remove().await?;
        self.begin(bench).await?;
        for id in std::mem::take(&mut bench.applied) {
            // What needs one that isn't applied isn't reached.
            failure(self.apply(bench, &id).await)?;
        }
        Ok(())
    }

    fn runner<'b>(&'b self, bench: &'b mut Bench) -> Runner<'b> {
        bench.seen = None;
        let conn = bench.scratch.database().connection();
        Runner::new(conn, &self.once).options(self.options.clone())
    }

    async fn apply(&self, bench: &mut Bench, id: &str) -> Result<()> {
        self.runner(bench).upgrade(id).await?;
        bench.applied.push(id.to_owned());
        Ok(())
    }

    async fn undo(&self, bench: &mut Bench, id: &str) -> Result<()> {
        self.runner(bench).undo(id).await?;
        bench.applied.retain(|applied| applied != id);
        Ok(())
    }

    /// What the database holds; Dunlin's own tables have no rows here.
    async fn look(&self, bench: &mut Bench) -> Result<Dump> {
        if let Some(seen) = &bench.seen {
            return Ok(seen.clone());
        }
        let mut found = dump(bench.scratch.database(), &self.pg_dump).await?;
        found.rows.retain(|table, _| !self.is_own(&table.name));
        bench.seen = Some(found.clone());
        Ok(found)
    }

    /// Puts rows into the database. They are no part of its schema.
    async fn fill(&self, bench: &mut Bench, kind: Kind) -> Result<()> {
        let mut found = self.look(bench).await?;
        let conn = bench.scratch.database().connection();
        fill(conn, &found, kind).await?;
        found.rows = dump_rows(conn).await?;
        found.rows.retain(|table, _| !self.is_own(&table.name));
        bench.seen = Some(found);
        Ok(())
    }

    /// Whether a table is Dunlin's own.
    fn is_own(&self, table: &str) -> bool {
        table
            .strip_prefix(&self.options.prefix)
            .is_some_and(|name| matches!(name, "history" | "journal" | "lock"))
    }

    /// Takes a revision up, down and up again, with as many rows as it puts up with.
    async fn judge(&self, bench: &mut Bench, id: &str) -> Result<Verdict> {
        let mut notes = Vec::new();
        let mut refused_down = None;
        let mut kinds = [Kind::WithNulls, Kind::Full].into_iter();
        loop {
            let kind = kinds.next();
            if let Some(kind) = kind {
                self.fill(bench, kind).await?;
            }
            let before = self.look(bench).await?;
            let rows = before.rows.values().map(|rows| rows.rows.len()).sum();
            let empty = before.rows.iter().filter(|(_, rows)| rows.rows.is_empty());
            let empty: Vec<_> = empty.map(|(table, _)| table.to_string()).collect();
            let (outcome, more) = match (self.both_ways(bench, id, before).await?, kind) {
                (Tried::Done(outcome, more), _) => (outcome, more),
                (Tried::Refused(way, error), Some(kind)) => {
                    let note = format!("{way} is refused on {}: {error}", kind.rows());
                    if way == DOWN {
                        // The way up has taken these rows.
                        refused_down = Some(note.clone());
                    }
                    notes.push(note);
                    continue;
                }
                (Tried::Refused(way, error), None) => {
                    // It isn't the rows.
                    (notes, refused_down) = (Vec::new(), None);
                    if way == DOWN {
                        failure(self.apply(bench, id).await)?;
                    }
                    (Outcome::Broken { reason: format!("{way} fails: {error}"), diff: String::new() }, None)
                }
            };
            notes.extend(more);
            let outcome = match refused_down {
                Some(reason) if outcome.is_reversible() => {
                    notes.retain(|note| *note != reason);
                    Outcome::Irreversible { reason }
                }
                _ => outcome,
            };
            if kind.is_some() && !empty.is_empty() {
                notes.push(format!("no rows were found for {}", few(&empty)));
            }
            return Ok(Verdict { revision: id.into(), outcome, rows, notes });
        }
    }

    /// Where one of the ways isn't done, the database is as it was before, but for its rows.
    async fn both_ways(&self, bench: &mut Bench, id: &str, before: Dump) -> Result<Tried> {
        let loses = self.loses(bench, id).await?;
        if let Some(error) = failure(self.apply(bench, id).await)? {
            self.renew(bench).await?;
            return Ok(Tried::Refused(UP, said(&error, id)));
        }
        let between = self.look(bench).await?;
        if let Some(reason) = self.beyond(bench, Direction::Down, id).await? {
            return Ok(Tried::Done(Outcome::NotReached, Some(reason)));
        }
        match failure(self.undo(bench, id).await)? {
            None => {}
            Some(error) if error.is_irreversible() => {
                return Ok(Tried::Done(Outcome::Irreversible { reason: said(&error, id) }, None));
            }
            Some(error) => {
                bench.applied.retain(|applied| applied != id);
                self.renew(bench).await?;
                return Ok(Tried::Refused(DOWN, said(&error, id)));
            }
        }
        let after = self.look(bench).await?;
        let down = self.likeness(&before, &after);
        if down == Likeness::Different {
            let outcome = self
                .renewed_with(bench, id, "its way down leaves another schema", diff(&before, &after))
                .await?;
            return Ok(Tried::Done(outcome, None));
        }
        let outcome = rows_after(&before, &between, &after, loses);
        if let Some(error) = failure(self.apply(bench, id).await)? {
            let reason = format!("its way up fails after its way down: {}", said(&error, id));
            return Ok(Tried::Done(self.renewed_with(bench, id, &reason, String::new()).await?, None));
        }
        let again = self.look(bench).await?;
        let up = self.likeness(&between, &again);
        if up == Likeness::Different {
            let reason = "its way up leaves another schema after its way down";
            let outcome = self.renewed_with(bench, id, reason, diff(&between, &again)).await?;
            return Ok(Tried::Done(outcome, None));
        }
        let is_order_kept = (down, up) == (Likeness::Same, Likeness::Same);
        Ok(Tried::Done(outcome, (!is_order_kept).then(|| "columns come back in another order".into())))
    }

    /// A verdict on a revision that is applied on a fresh database from here on.
    async fn renewed_with(&self, bench: &mut Bench, id: &str, reason: &str, diff: String) -> Result<Outcome> {
        bench.applied.retain(|applied| applied != id);
        bench.applied.push(id.to_owned());
        self.renew(bench).await?;
        Ok(Outcome::Broken { reason: reason.into(), diff })
    }

    /// What a way does beyond the database that was made for it, where that could be anybody's.
    async fn beyond(&self, bench: &mut Bench, way: Direction, id: &str) -> Result<Option<String>> {
        if self.is_spare {
            return Ok(None);
        }
        let seen = bench.seen.take();
        let plan = match way {
            Direction::Up => self.runner(bench).plan(way, id).await,
            Direction::Down => self.runner(bench).plan_undo(id).await,
        };
        bench.seen = seen;
        // What can't be planned doesn't run either.
        let Ok(plan) = plan else { return Ok(None) };
        let others = elsewhere::databases(bench.scratch.database().connection()).await?;
        let statements = plan.steps.iter().flat_map(|step| &step.statements);
        let texts: Vec<&String> = statements.map(|statement| &statement.sql).collect();
        Ok(elsewhere::reached(&texts, &others).map(|what| {
            format!("{what}: verify it on a server on which nothing can be lost, which --dev-url names")
        }))
    }

    /// Whether the way up says that it loses values.
    async fn loses(&self, bench: &mut Bench, id: &str) -> Result<bool> {
        let mut runner = self.runner(bench);
        // What can't be planned can't be applied either, which is told then.
        let Some(plan) = runner.plan(Direction::Up, id).await.ok() else { return Ok(false) };
        let statements = plan.steps.iter().flat_map(|step| &step.statements);
        Ok(statements
            .flat_map(|statement| &statement.hazards)
            .any(|hazard| hazard.kind == HazardKind::DataLoss))
    }

    /// Where a column stands after a drop and its undo doesn't count where it can't be said.
    fn likeness(&self, should: &Dump, is: &Dump) -> Likeness {
        let orders_columns = matches!(self.url.dialect(), DialectId::Mysql | DialectId::Mariadb);
        Likeness::of(should, is, orders_columns)
    }
}

fn not_reached(id: &str, reason: String) -> Verdict {
    Verdict { revision: id.into(), outcome: Outcome::NotReached, rows: 0, notes: vec![reason] }
}

/// What the two ways are called.
const UP: &str = "its way up";
const DOWN: &str = "its way down";

/// What became of a revision that was tried.
enum Tried {
    /// It went both ways, or one of them is no way at all; and what else is to be known.
    Done(Outcome, Option<String>),
    /// This way wasn't done, and why.
    Refused(&'static str, String),
}

/// How a run failed; an error is what has nothing to do with the revision.
fn failure(outcome: Result<()>) -> Result<Option<Error>> {
    match outcome {
        Ok(()) => Ok(None),
        Err(error) if error.is_unreachable() => Err(error),
        Err(error) => Ok(Some(error)),
    }
}

/// What an error says, without the revision, which is known.
fn said(error: &Error, id: &str) -> String {
    let text = error.to_string();
    let text = text.strip_prefix(&format!("revision {id}: ")).unwrap_or(&text);
    text.strip_prefix("can't be undone: ").unwrap_or(text).to_owned()
}
