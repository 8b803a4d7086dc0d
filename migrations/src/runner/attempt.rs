//! One revision on its way, up or down.
//!
//! Where DDL has transactions a revision is one: its statements gather in a [`Flight`], which is sent only when an answer
//! is needed (a table to be read, a check, a data step), so that a plain revision is a single flight from BEGIN to
//! COMMIT. Where it has none, or where a statement must run outside, the attempt is *journaled*: what is going to run is
//! written down first, and each statement between its intent and its outcome.

mod ask;
mod failure;
mod journaled;
mod numbers;
mod script;
mod statement;
mod transaction;

pub(super) use self::script::restore;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use dunlin_dsl::{
    Connection, DataStep, Op, Place, Row, Schema, Setting, Statement, When, reverse_all, touched,
};

use self::failure::Trouble;
use self::numbers::Numbers;
use self::script::Group;
use self::statement::Holder;
use super::assumed::Assumed;
use super::flight::{Flight, Part};
use super::recorded::Way;
use super::segment::{Segment, segments};
use super::together::DRY_HINT;
use crate::checksum;
use crate::error::{Error, Kind};
use crate::event::{Event, Listener};
use crate::history::{self, Duration};
use crate::journal::{self, Attempted, Outcome, Sql};
use crate::layout::Layout;
use crate::lock::Session;
use crate::options::Options;
use crate::plan::Direction;
use crate::report::Done;
use crate::script::{Hidden, Position, Script, Survey};
use crate::undo::Undo;

/// What all attempts of a run share.
pub(super) struct Run<'a, 'e> {
    pub(super) conn: &'a mut dyn Connection,
    pub(super) layout: &'a Layout,
    pub(super) options: &'a Options,
    pub(super) session: &'a mut Session,
    pub(super) listener: &'a mut Listener<'e>,
    pub(super) id: &'a str,
    pub(super) outer: Outer,
    /// What is taken to be true of the database, where a script is written and nothing can be asked.
    pub(super) assumed: Option<&'a mut Assumed>,
}

/// The transaction that a revision is in from its start to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outer {
    /// None: it has its own.
    None,
    /// The run's, before which these settings were made.
    Run { around: Vec<Setting> },
    /// The caller's.
    Callers,
}

/// What is to be done.
pub(super) struct Work<'a> {
    pub(super) revision: &'a str,
    pub(super) direction: Direction,
    pub(super) way: &'a Way,
    /// On a way up, the way down that the code has; none where it is what undoes the operations.
    pub(super) written: Option<Undo>,
    /// On a way up, the checksum of the code.
    pub(super) checksum: Option<&'a str>,
    /// What history calls a revision of its kind.
    pub(super) kind: &'static str,
    /// What earlier attempts left.
    pub(super) attempted: Option<&'a Attempted>,
}

/// What became of it, where it didn't fail.
pub(super) enum Fate {
    Done(Done),
    /// Another migrator did it.
    Elsewhere,
    /// Another migrator holds the lock.
    Refused,
}

/// An attempt at a revision.
struct Attempt<'r, 'a, 'e> {
    run: &'r mut Run<'a, 'e>,
    work: &'r Work<'r>,
    /// Whether it begins and ends transactions itself.
    owns: bool,
    /// Whether DDL has transactions here.
    transactional: bool,
    began: Instant,
    flight: Flight,
    /// Whether a transaction is open, or its BEGIN waits in the flight.
    open: bool,
    journaled: bool,
    /// Rows of the journal that the next transaction writes first.
    owed: Vec<String>,
    /// Rows of the journal that are needed only if the attempt becomes journaled after all.
    deferred: Vec<String>,
    /// Whether rows are kept in `deferred`.
    defers: bool,
    undo: Option<Undo>,
    /// The number of the last statement.
    number: usize,
    /// How many statements are known.
    total: usize,
    /// Whether `total` is all there are.
    complete: bool,
    /// The statement that runs outside any transaction now.
    alone: Option<usize>,
    /// Whether it may commit by itself what it has done so far.
    commits_inside: bool,
    /// The data step that runs now, where what it does can't be rolled back.
    step: Option<usize>,
    /// Whether hand-written SQL has ended the transaction that it ran in.
    ended: bool,
    /// Statements whose outcome is written in the open transaction.
    uncommitted: Numbers,
    /// Statements that are done and stay.
    done: Numbers,
    /// Answers from before the transaction's first statement, by question.
    baseline: BTreeMap<String, Vec<Row>>,
    /// Whether an earlier attempt did some of the statements that are rendered together.
    has_begun: bool,
    /// Where the statements stand in their file that aren't known to be done.
    places: BTreeMap<usize, Position>,
    /// What makes a statement fail, as its rendering told, by its number.
    risks: BTreeMap<usize, String>,
    /// Whether statements of a script that change rows share a transaction, where that was asked since its last other one.
    shares: Option<bool>,
    /// Statements of a script between its own BEGIN and COMMIT, or while it has tables locked.
    group: Option<Group>,
    /// What puts the session's settings back to what they were before a script.
    settings: Vec<Row>,
    /// What removes what a script has made for its session alone.
    removals: Vec<String>,
    /// What puts them back by their defaults, where a script is written.
    resets: Vec<String>,
    /// What was put in place of variables.
    hidden: Hidden,
}

/// The data steps of a revision, by name.
type Steps = BTreeMap<String, Arc<dyn DataStep>>;

/// What an attempt has to do.
enum Task<'a> {
    Ops(Vec<Op>, &'a Steps),
    Script(&'a Script, &'a Survey),
}

/// Does it.
#[tracing::instrument(level = "info", name = "revision", skip_all, fields(id = work.revision, direction = work.direction.as_str()))]
pub(super) async fn attempt(run: &mut Run<'_, '_>, work: &Work<'_>) -> Result<Fate, Error> {
    let transactional = run.session.transactions.ddl;
    let resumed = work.attempted.is_some_and(|attempted| !attempted.done.is_empty());
    let mut attempt = Attempt {
        owns: run.outer == Outer::None,
        transactional,
        run,
        work,
        began: Instant::now(),
        flight: Flight::default(),
        open: false,
        journaled: !transactional || resumed,
        owed: Vec::new(),
        deferred: Vec::new(),
        defers: false,
        undo: None,
        number: 0,
        total: 0,
        complete: false,
        alone: None,
        commits_inside: false,
        step: None,
        ended: false,
        uncommitted: Numbers::default(),
        done: Numbers::default(),
        baseline: BTreeMap::new(),
        has_begun: false,
        places: BTreeMap::new(),
        risks: BTreeMap::new(),
        shares: None,
        group: None,
        settings: Vec::new(),
        removals: Vec::new(),
        resets: Vec::new(),
        hidden: Hidden::default(),
    };
    attempt.refuse_unknown()?;
    attempt.run().await
}

impl Attempt<'_, '_, '_> {
    async fn run(&mut self) -> Result<Fate, Error> {
        let Layout { dialect, server, .. } = self.run.layout;
        let revision = self.work.revision;
        let (task, around) = match self.work.way {
            Way::Ops { ops, steps } => {
                let ops = Op::select(ops, server.dialect);
                let around = dialect.around(&ops, server);
                (Task::Ops(ops, steps), around)
            }
            Way::Script(surveyed) => {
                let survey =
                    surveyed.survey(self.run.layout).map_err(|error| error.with_revision(revision))?;
                let around = survey.hoisted.iter().map(|hoisted| hoisted.setting.clone()).collect();
                (Task::Script(&surveyed.script, survey), around)
            }
        };
        let surrounds = matches!(&self.run.outer, Outer::Run { around: made } if *made == around);
        if !(around.is_empty() || self.owns || surrounds) {
            let names: Vec<_> = around.iter().map(|setting| setting.name.as_str()).collect();
            let names = names.join(", ");
            let (outer, hint) = self.outer();
            let reason = format!("it needs {names} set outside {outer}");
            return Err(Error::new(Kind::Refused(reason)).with_revision(revision).with_hint(hint));
        }
        let mark = self.run.session.mark();
        let outcome = match self.run.session.hold(self.run.conn, self.run.layout, &around).await {
            Ok(()) => match &task {
                Task::Ops(ops, steps) => self.go(ops, steps, !around.is_empty()).await,
                Task::Script(script, survey) => self.script(script, survey).await,
            },
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(done) => {
                let put_back = self.run.session.put_back(self.run.conn, mark).await;
                put_back.map_err(|error| error.with_revision(revision))?;
                Ok(Fate::Done(done))
            }
            Err(trouble) => self.fail(trouble, mark).await,
        }
    }

    async fn go(&mut self, ops: &[Op], steps: &Steps, surrounded: bool) -> Result<Done, Trouble> {
        let checks = self.run.layout.dialect.watch(ops, &self.run.layout.server);
        let segments = segments(ops);
        self.defers = segments.len() > 1 && !self.journaled;
        if surrounded && segments.len() > 1 {
            self.ask_ahead(&segments).await?;
        }
        self.ask_baseline(&checks).await?;
        let last = segments.len().saturating_sub(1);
        for (index, segment) in segments.iter().enumerate() {
            self.complete = index == last;
            let leads_into_unknown = segments.get(index + 1).is_some_and(Segment::is_opaque);
            match segment {
                Segment::Ops(ops) => self.ops(index, ops, leads_into_unknown).await?,
                Segment::Step(step) => self.step(index, step, steps).await?,
            }
        }
        self.check(&checks, When::After).await?;
        self.finish().await
    }

    /// What the transaction is called that it is in, and what to do where it can't be in one.
    fn outer(&self) -> (&'static str, &'static str) {
        match self.run.outer {
            Outer::Run { .. } if self.run.options.dry_run => ("the run's one transaction", DRY_HINT),
            Outer::Run { .. } => {
                ("the run's one transaction", "give each its own: `transaction = \"revision\"`")
            }
            _ => ("the transaction that was handed over", "hand over the connection itself"),
        }
    }

    fn done(&self) -> Done {
        Done {
            id: self.work.revision.to_owned(),
            direction: self.work.direction,
            duration: self.began.elapsed(),
            statements: self.number,
        }
    }

    /// Operations that are rendered together. Where hand-written SQL or a data step comes next, it may use whatever they
    /// make, and what can't be used before it is committed is committed.
    async fn ops(&mut self, index: usize, ops: &[Op], leads_into_unknown: bool) -> Result<(), Trouble> {
        let names = touched(ops);
        let before = self.before(index, ops).await?;
        let layout = self.run.layout;
        let lowered = layout.dialect.lower_ops(ops, &before, &layout.server);
        let ops = lowered.map_err(Error::from_unsupported)?;
        let ops = ops.as_slice();
        let mut statements = self.render(ops, &before)?;
        if leads_into_unknown {
            let adds_value = |at: &usize| ops.get(*at).is_some_and(Op::is_used_once_committed);
            for statement in statements.iter_mut().filter(|statement| statement.ops.iter().any(adds_value)) {
                statement.commit_after = true;
            }
        }
        let splits = |statement: &Statement| statement.place == Place::Outside || statement.commit_after;
        if let Some(statement) = statements.iter().find(|statement| splits(statement))
            && self.transactional
        {
            self.become_journaled(&statement.to_string())?;
        }
        self.total = self.number + statements.len();
        self.check_ahead(&statements).await?;
        let undo = self.derives().then(|| Undo::reversed(reverse_all(ops, &before)));
        if self.keeps_rows() {
            let segment = journal::Segment { segment: index, touched: names, before, undo: undo.clone() };
            let planned = statements
                .iter()
                .map(|statement| Sql::Text { sql: &statement.sql, meaning: statement.meaning() });
            self.write_plan(&segment, planned)?;
        }
        self.undone_by(undo);
        self.ask_baseline(&ask::checks(&statements)).await?;
        for statement in statements {
            let changes_data =
                |op: &usize| matches!(ops.get(*op), Some(Op::Insert { .. } | Op::Delete { .. }));
            let holder = match !statement.ops.is_empty() && statement.ops.iter().all(changes_data) {
                true => Holder::Own,
                false => Holder::None,
            };
            let opaque = statement.ops.iter().any(|op| ops.get(*op).is_some_and(Op::is_opaque));
            self.statement(statement, holder).await?;
            if opaque {
                self.refuse_ended_transaction().await?;
            }
        }
        if let Some(assumed) = &mut self.run.assumed {
            assumed.apply(layout, self.work.revision, ops);
        }
        Ok(())
    }

    /// A data step. It counts as a statement, whose text is its name.
    async fn step(&mut self, index: usize, name: &str, steps: &Steps) -> Result<(), Trouble> {
        let text = format!("data step {name}");
        let undo = self.derives().then(|| {
            let op = Op::Run { step: name.to_owned() };
            Undo::reversed(reverse_all(&[op], &Schema::new()))
        });
        self.total = self.number + 1;
        if self.keeps_rows() {
            let (touched, before, undo) = (Vec::new(), Schema::new(), undo.clone());
            let segment = journal::Segment { segment: index, touched, before, undo };
            self.write_plan(&segment, std::iter::once(Sql::Text { sql: &text, meaning: &text }))?;
        }
        self.undone_by(undo);
        self.number += 1;
        let number = self.number;
        if self.is_finished(number, &text, &text)? {
            return Ok(());
        }
        let Some(step) = steps.get(name).cloned() else {
            let reason = format!("it needs the data step {name}, whose code isn't here");
            return Err(Error::new(Kind::Undo(reason)).into());
        };
        if self.run.assumed.is_some() {
            let reason = format!("data step {name} is code, and needs a database to run on");
            let hint = "end the script before this revision, apply it with a connection, and begin another script behind it";
            return Err(Error::new(Kind::Refused(reason)).with_hint(hint).into());
        }
        self.enter();
        self.flush().await?;
        let revision = self.work.revision;
        let event = || Event::DataStep { revision: revision.to_owned(), step: name.to_owned() };
        self.run.listener.tell(event);
        self.step = Some(number).filter(|_| !self.transactional);
        let ran = step.run(self.run.conn).await;
        ran.map_err(|source| Error::new(Kind::DataStep { step: name.to_owned(), source }))?;
        self.step = None;
        if self.transactional && self.run.outer != Outer::Callers {
            // A step that commits would leave half a revision behind, and what follows would run in no transaction.
            let inside = self.run.conn.in_transaction().await.map_err(Error::from_connection)?;
            if !inside {
                let reason = format!("data step {name} ended the transaction that it ran in");
                return Err(Error::new(Kind::Refused(reason)).into());
            }
        }
        self.record_done(number, &checksum::hash(&text))?;
        if self.journaled && !self.transactional {
            self.leave();
            self.flush().await?;
        }
        Ok(())
    }

    /// History's row, the journal's, and the end of the transaction.
    async fn finish(&mut self) -> Result<Done, Trouble> {
        self.refuse_lost_statements()?;
        let layout = self.run.layout;
        let (row, outcome) = match self.work.direction {
            Direction::Down => (history::delete(layout, self.work.revision)?, Outcome::Reverted),
            Direction::Up => (self.history_row().await?, Outcome::Applied),
        };
        self.enter();
        if self.runs_again() {
            self.flight.push(Part::History, history::delete(layout, self.work.revision)?);
        }
        self.flight.push(Part::History, row);
        let row = self.journal_row(outcome, None, Sql::None, None)?;
        self.flight.push(Part::Journal, row);
        self.leave();
        self.flush().await?;
        Ok(self.done())
    }

    async fn history_row(&mut self) -> Result<String, Trouble> {
        let layout = self.run.layout;
        let elapsed = match self.journaled || !self.owns {
            true => None,
            false => layout.dialect.elapsed_ms(&layout.server),
        };
        let duration = match elapsed {
            Some(expr) => Duration::Server(expr),
            // When it will run isn't known here.
            None if self.run.assumed.is_some() => Duration::Milliseconds(0),
            None => {
                // How long the statements took is known only when they have run.
                self.flush().await?;
                Duration::Milliseconds(self.began.elapsed().as_millis())
            }
        };
        let undo = match (&self.work.written, self.undo.take()) {
            (Some(written), _) => written.clone(),
            (None, undo) => undo.unwrap_or(Undo::Ops(Vec::new())),
        };
        let entry = history::Entry {
            revision: self.work.revision,
            kind: self.work.kind,
            checksum: self.work.checksum,
            applied_at: None,
            duration,
            run_id: self.run.id,
            applied_by: self.run.options.applied_by.as_deref(),
            tool_version: &self.run.options.tool_version,
            undo: Some(&undo),
        };
        Ok(entry.insert(layout)?)
    }

    /// Whether history may have it already: it isn't a revision, but a file that runs again whenever it changes.
    fn runs_again(&self) -> bool {
        self.work.kind == history::REPEATABLE
    }

    /// Whether what undoes the revision is what undoes its operations.
    fn derives(&self) -> bool {
        self.work.direction == Direction::Up && self.work.written.is_none()
    }

    fn undone_by(&mut self, later: Option<Undo>) {
        if let Some(later) = later {
            self.undo = Some(match self.undo.take() {
                Some(undo) => undo.then(later),
                None => later,
            });
        }
    }
}
