//! All revisions of a run in one transaction, where the caller asked for it and DDL has transactions; a dry run rolls it back.
//!
//! To each of them it is as if the transaction had been handed over: it neither begins nor ends one.

use dunlin_dsl::{Op, Place, Row, Setting};

use super::Runner;
use super::attempt::{Outer, restore};
use super::locked::Locked;
use super::preview::preview;
use super::recorded::Way;
use crate::error::{Error, Kept, Kind, Result};
use crate::journal::{self, Outcome, Sql};
use crate::layout::Layout;
use crate::plan::Direction;

/// What to do about a revision that can't be in the run's transaction.
const HINT: &str = "apply what is before it and it by themselves, with `transaction = \"revision\"`";

/// What to do about one that a dry run can't try.
pub(super) const DRY_HINT: &str =
    "a dry run is one transaction, and can't try it: run it on a copy of the database; `--plan` shows it";

/// The run's transaction.
pub(super) struct Together {
    /// What is set before it begins, for every revision needs it so.
    around: Vec<Setting>,
    /// Whether it is committed in the end.
    is_kept: bool,
}

impl Runner<'_> {
    /// The transaction of a run of these revisions, and of `later` ones that are made for what these leave; none where each has
    /// its own. What can't be in it is refused by name.
    pub(super) async fn together(
        &mut self,
        layout: &Layout,
        direction: Direction,
        ways: &[(&str, &Way)],
        later: &[(&str, &Way)],
    ) -> Result<Option<Together>> {
        let has_transactions = layout.dialect.transactions(&layout.server).ddl;
        let can = has_transactions && self.conn.owns_transactions();
        if self.options.dry_run && !can {
            let server = &layout.server;
            let reason = match has_transactions {
                false => {
                    format!("a dry run is rolled back in the end, and on {server} schema changes can't be")
                }
                true => "a dry run needs a transaction of its own, and this connection is in one".to_owned(),
            };
            return Err(Error::new(Kind::Refused(reason))
                .with_hint("`--plan` shows what would run, and runs nothing"));
        }
        if !(can && (self.options.one_transaction || self.options.dry_run)) {
            return Ok(None);
        }
        let is_dry_run = self.options.dry_run;
        let advised = |error: Error| match is_dry_run {
            true => error.with_hint(DRY_HINT),
            false => error,
        };
        let around = around(layout, &[ways, later].concat()).map_err(advised)?;
        // What can't be told before something has run is refused when its turn comes, and nothing of the run is kept.
        let plan = preview(self.conn, layout, ways.iter().map(|(id, way)| (direction, *id, *way))).await?;
        let of_ops = plan.steps.iter().zip(ways).filter(|(_, (_, way))| matches!(way, Way::Ops { .. }));
        for (step, _) in of_ops {
            if let Some(statement) = step.statements.iter().find(|planned| planned.place == Place::Outside) {
                return Err(advised(refused(&step.id, &format!("it can't hold {}", line(&statement.sql)))));
            }
        }
        Ok(Some(Together { around, is_kept: !self.options.dry_run }))
    }
}

impl Locked<'_, '_> {
    /// Does the work of a run on these revisions, in its transaction if there is one: all of it, or nothing. Dunlin's own
    /// tables are there before it begins, for they tell how it failed; only a dry run leaves none behind.
    pub(super) async fn within(
        &mut self,
        together: Option<Together>,
        revisions: Vec<String>,
        work: impl AsyncFnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let Some(Together { around, is_kept }) = together else {
            self.start(revisions).await?;
            return work(self).await;
        };
        let mut first = Some(revisions);
        if let Some(revisions) = first.take_if(|_| is_kept) {
            self.start(revisions).await?;
        }
        let run = &mut self.run;
        let mark = run.session.mark();
        run.session.hold(run.conn, run.layout, &around).await?;
        let settings = run.conn.query(&run.layout.settings_query).await.map_err(Error::from_connection)?;
        run.session.begin(run.conn, run.listener).await?;
        run.outer = Outer::Run { around };
        let started = match first {
            Some(revisions) => self.start(revisions).await,
            None => Ok(()),
        };
        let outcome = match started {
            Ok(()) => work(self).await,
            failed => failed,
        };
        let outcome = match outcome {
            Ok(()) if is_kept => self.commit().await,
            outcome => outcome,
        };
        self.run.outer = Outer::None;
        let outcome = match outcome {
            Ok(()) if is_kept => Ok(()),
            Ok(()) => self.take_back(&settings).await,
            Err(error) => Err(self.undo_all(error, &settings).await),
        };
        let put_back = self.run.session.put_back(self.run.conn, mark).await;
        outcome.and(put_back)
    }

    async fn commit(&mut self) -> Result<()> {
        let run = &mut self.run;
        let committed = run.session.commit(run.conn, run.listener).await;
        committed.map_err(|error| {
            let lost = error.kind == dunlin_dsl::ErrorKind::Lost;
            let kept = if lost { Kept::Unknown } else { Kept::NothingOfRun };
            Error::new(Kind::Doing { doing: "committing", error }).with_kept(kept)
        })
    }

    /// Ends a dry run that went well.
    async fn take_back(&mut self, settings: &[Row]) -> Result<()> {
        let run = &mut self.run;
        run.conn.execute(run.session.transactions.rollback).await.map_err(Error::from_connection)?;
        restore(run.conn, run.layout, settings).await.map_err(Error::from_connection)?;
        self.report.dry_run = true;
        Ok(())
    }

    /// Rolls all of it back, puts back what was set, and writes the failure down, but for a dry run's.
    async fn undo_all(&mut self, error: Error, settings: &[Row]) -> Error {
        // Where it is over already, there is nothing to roll back, and some say so.
        let _ = self.run.conn.execute(self.run.session.transactions.rollback).await;
        let _ = restore(self.run.conn, self.run.layout, settings).await;
        let error = match error.kept() {
            Kept::Unchanged => error.with_kept(Kept::NothingOfRun),
            _ => error,
        };
        // Of one transaction either all is done or nothing; none of it is, as long as that isn't known.
        if matches!(error.kept(), Kept::NothingOfRun | Kept::Unknown) {
            self.report.done.clear();
        }
        if let (Some(revision), false) = (error.revision(), self.run.options.dry_run) {
            let detail = error.to_string();
            let entry = journal::Entry {
                run_id: self.run.id,
                revision,
                direction: Some(self.direction),
                statement: error.statement().map(|statement| statement.number),
                sql: Sql::None,
                outcome: Outcome::Failed,
                detail: Some(&detail),
            };
            // That it can't be written changes nothing about the error.
            if let Ok(row) = entry.insert(self.run.layout) {
                let _ = self.write(vec![row]).await;
            }
        }
        error
    }
}

/// What must be set before the one transaction of these revisions. What can't be in it is refused by name, as far as that is known
/// before they run.
pub(super) fn around(layout: &Layout, ways: &[(&str, &Way)]) -> Result<Vec<Setting>> {
    let mut around: Option<(&str, Vec<Setting>)> = None;
    for (id, way) in ways {
        let settings = match way {
            Way::Ops { ops, .. } => {
                let ops = Op::select(ops, layout.server.dialect);
                layout.dialect.around(&ops, &layout.server)
            }
            Way::Script(surveyed) => {
                let survey = surveyed.survey(layout).map_err(|error| error.with_revision(id))?;
                if let Some(statement) = &survey.splits {
                    return Err(refused(id, &format!("it can't hold {}", line(statement))));
                }
                if survey.alone {
                    return Err(refused(id, "its statements stand alone, or in transactions of its own"));
                }
                survey.hoisted.iter().map(|hoisted| hoisted.setting.clone()).collect()
            }
        };
        match &around {
            None => around = Some((id, settings)),
            Some((_, others)) if *others == settings => {}
            Some((other, others)) => {
                let names = others.iter().chain(&settings).map(|setting| setting.name.as_str());
                let name = names.min().unwrap_or_default();
                let reason = format!("{name} must be otherwise for {other}, and can't be set inside it");
                return Err(refused(id, &reason));
            }
        }
    }
    Ok(around.map(|(_, around)| around).unwrap_or_default())
}

fn refused(id: &str, reason: &str) -> Error {
    let reason = format!("it can't be in the run's one transaction: {reason}");
    Error::new(Kind::Refused(reason)).with_revision(id).with_hint(HINT)
}

/// A statement in one line, and no more of it than tells which it is.
fn line(sql: &str) -> String {
    let words: Vec<_> = sql.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(100) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
