//! Undoes revisions and applies them again, in one run.

use super::Runner;
use super::choose::{Undoing, refuse_what_cannot_run};
use super::locked::Locked;
use super::preview::preview;
use super::recorded::{self, Down, Up};
use crate::error::{Error, Kind, Result};
use crate::graph::TargetError;
use crate::history;
use crate::plan::{Direction, Plan};
use crate::report::Report;

impl Runner<'_> {
    /// Undoes what a [`downgrade`](Self::downgrade) to `target` would undo, and applies the same again: one run, under one lock, so
    /// that no other migrator comes between.
    ///
    /// What can't be undone, or isn't here to be applied again, is refused before anything runs. What fails on its way up is
    /// left as a failed upgrade leaves it, and what was undone and isn't applied again stays undone: the error says so, and
    /// with which upgrade to go on. Where the whole run is one transaction, none of it is kept: so it is on SQLite, whose only lock
    /// a transaction is; where a revision can't be in one there, another migrator may come between two revisions.
    pub async fn redo(&mut self, target: &str) -> Result<Report> {
        let undoing = self.undoing(target).await?;
        let report = self.compare(&undoing.graph, &undoing.history)?;
        if undoing.downs.is_empty() {
            return Ok(report);
        }
        let ups = self.ups_again(&undoing)?;
        let Undoing { layout, history, downs, .. } = undoing;
        let ways_down: Vec<_> = downs.iter().map(|down| (down.id.as_str(), &down.way)).collect();
        let ways_up: Vec<_> = ups.iter().map(|up| (up.id.as_str(), &up.way)).collect();
        // Where there is no lock but a transaction's, all of it is one, if it can be.
        let is_asked = self.options.one_transaction;
        self.options.one_transaction |=
            layout.dialect.lock(&layout.lock_key(), &layout.server).session.is_none();
        let together = self.together(&layout, Direction::Down, &ways_down, &ways_up).await;
        self.options.one_transaction = is_asked;
        let together = match together {
            Err(error) if error.is_refused() && !is_asked => None,
            together => together?,
        };
        let repeatables: Vec<_> = history.repeatables().map(str::to_owned).collect();
        let redone = self
            .locked(&layout, Direction::Down, report, async |locked| {
                let revisions = ways_down.iter().chain(&ways_up).map(|(id, _)| (*id).to_owned()).collect();
                let work = async |locked: &mut Locked<'_, '_>| {
                    locked.prepare().await?;
                    let is_new = |id: &String| history.get(id).is_none();
                    if !downs.iter().all(|down| locked.is_applied(&down.id)) || locked.applied.keys().any(is_new) {
                        let reason = "another migrator has changed what is applied".to_owned();
                        return Err(Error::new(Kind::Refused(reason)).with_hint(
                            "look with `dunlin status` whether you still mean it, and run the same command again",
                        ));
                    }
                    locked.forget(&repeatables).await?;
                    for down in &downs {
                        locked.undo(down).await?;
                    }
                    locked.direction = Direction::Up;
                    for up in &ups {
                        locked.apply(up).await?;
                    }
                    Ok(())
                };
                locked.within(together, revisions, work).await
            })
            .await;
        redone.map_err(|error| {
            let left: Vec<_> = error.report().left(Direction::Down).collect();
            if left.is_empty() {
                return error;
            }
            let hint = format!(
                "correct what failed; `dunlin upgrade {}` then applies what is undone",
                left.join(",")
            );
            error.with_hint(hint)
        })
    }
    /// What a [`redo`](Self::redo) down to `target` would do. It reads the tables that would change, and writes nothing.
    pub async fn plan_redo(&mut self, target: &str) -> Result<Plan> {
        let undoing = self.undoing(target).await?;
        let ups = self.ups_again(&undoing)?;
        let downs = undoing.downs.iter().map(|down| (Direction::Down, down.id.as_str(), &down.way));
        let ups = ups.iter().map(|up| (Direction::Up, up.id.as_str(), &up.way));
        preview(self.conn, &undoing.layout, downs.chain(ups)).await
    }

    /// The ways up of what is undone, each behind all that it needs, and what runs again behind them.
    fn ups_again(&self, undoing: &Undoing) -> Result<Vec<Up>> {
        let Undoing { graph, layout, history, downs } = undoing;
        if downs.is_empty() {
            return Ok(Vec::new());
        }
        let mut places = Vec::with_capacity(downs.len());
        for Down { id, .. } in downs {
            let place = graph.place(id).ok_or_else(|| TargetError::NotHere { id: id.clone() });
            places.push(place.map_err(Error::from_target)?);
        }
        places.sort_unstable();
        let mut ups = places.iter().map(|place| self.record_up(graph, *place)).collect::<Result<Vec<_>>>()?;
        let ids: Vec<_> = downs.iter().map(|down| down.id.as_str()).collect();
        // As a downgrade forgets them, an upgrade of everything runs them again.
        let again = match graph.climb(&history.ids(), &ids.join(","))?.reaches_all {
            true => {
                let files = self.list.repeatables().iter();
                files
                    .map(|file| recorded::from_file(file, history::REPEATABLE))
                    .collect::<Result<Vec<_>>>()?
            }
            false => Vec::new(),
        };
        refuse_what_cannot_run(&self.list, graph, &places, &again)?;
        ups.extend(again);
        for up in &ups {
            up.way.check(layout).map_err(|error| error.with_revision(&up.id))?;
        }
        Ok(ups)
    }
}
