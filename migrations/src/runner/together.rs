//! All revisions of a run in one transaction, where the caller asked for it and DDL has transactions.
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

/// The run's transaction.
pub(super) struct Together {
    /// What is set before it begins, for every revision needs it so.
    around: Vec<Setting>,
}

impl Runner<'_> {
    /// The transaction of a run of these revisions; none where each has its own. What can't be in it is refused by name.
    pub(super) async fn together(
        &mut self,
        layout: &Layout,
        direction: Direction,
        ways: &[(&str, &Way)],
    ) -> Result<Option<Together>> {
        let has_transactions = layout.dialect.transactions(&layout.server).ddl;
        if !(self.options.one_transaction && has_transactions && self.conn.owns_transactions()) {
            return Ok(None);
        }
        let around = around(layout, ways)?;
        // What can't be told before a script has run is refused when its turn comes, and nothing of the run is kept.
        let plan = preview(self.conn, layout, direction, ways.iter().copied()).await?;
        let of_ops = plan.steps.iter().zip(ways).filter(|(_, (_, way))| matches!(way, Way::Ops { .. }));
        for (step, _) in of_ops {
            if let Some(statement) = step.statements.iter().find(|planned| planned.place == Place::Outside) {
                return Err(refused(&step.id, &format!("it can't hold {}", line(&statement.sql))));
            }
        }
        Ok(Some(Together { around }))
    }
}

impl Locked<'_, '_> {
    /// Does the work of a run, in its transaction if there is one: all of it, or nothing.
    pub(super) async fn within(
        &mut self,
        together: Option<Together>,
        work: impl AsyncFnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let Some(Together { around }) = together else { return work(self).await };
        let run = &mut self.run;
        let mark = run.session.mark();
        run.session.hold(run.conn, run.layout, &around).await?;
        let settings = run.conn.query(&run.layout.settings_query).await.map_err(Error::from_connection)?;
        run.session.begin(run.conn, run.listener).await?;
        run.outer = Outer::Run { around };
        let outcome = match work(self).await {
            Ok(()) => self.commit().await,
            Err(error) => Err(error),
        };
        self.run.outer = Outer::None;
        let outcome = match outcome {
            Ok(()) => Ok(()),
            Err(error) => Err(self.undo_all(error, &settings).await),
        };
        let put_back = self.run.session.put_back(self.run.conn, mark).await;
        outcome.and(put_back)
    }

    async fn commit(&mut self) -> Result<()> {
        let run = &mut self.run;
        let committed = run.conn.execute(run.session.transactions.commit).await;
        committed.map(drop).map_err(|error| {
            let lost = error.kind == dunlin_dsl::ErrorKind::Lost;
            let kept = if lost { Kept::Unknown } else { Kept::NothingOfRun };
            Error::new(Kind::Doing { doing: "committing", error }).with_kept(kept)
        })
    }

    /// Rolls all of it back, puts back what was set, and writes the failure down.
    async fn undo_all(&mut self, error: Error, settings: &[Row]) -> Error {
        // Where it is over already, there is nothing to roll back, and some say so.
        let _ = self.run.conn.execute(self.run.session.transactions.rollback).await;
        let _ = restore(self.run.conn, self.run.layout, settings).await;
        let error = match error.kept() {
            Kept::Unchanged => error.with_kept(Kept::NothingOfRun),
            _ => error,
        };
        if *error.kept() == Kept::NothingOfRun {
            self.report.done.clear();
        }
        if let Some(revision) = error.revision() {
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
