//! Runs revisions on a database.

use dunlin_dsl::Connection;

use crate::error::{Error, Kind, Result};
use crate::event::Event;
use crate::graph::{Graph, Revision};
use crate::options::Options;
use crate::plan::{Direction, Plan};
use crate::report::{Report, Status};
use crate::revision::MigrationList;

/// Runs a list of migrations on a connection.
///
/// All its futures are `Send`. One that is dropped leaves a transaction to be rolled back, and a lock and settings to
/// be put back, before that connection's next use, where the driver can do so.
pub struct Runner<'a> {
    conn: &'a mut dyn Connection,
    list: &'a MigrationList,
    options: Options,
    events: Option<&'a mut (dyn FnMut(&Event) + Send)>,
}

impl<'a> Runner<'a> {
    /// A runner with the default options.
    pub fn new(conn: &'a mut dyn Connection, list: &'a MigrationList) -> Self {
        Self { conn, list, options: Options::default(), events: None }
    }

    /// The same with these options.
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// The same, telling what happens to `events`.
    pub fn on_event(mut self, events: &'a mut (dyn FnMut(&Event) + Send)) -> Self {
        self.events = Some(events);
        self
    }

    /// Applies everything pending.
    pub async fn up(&mut self) -> Result<Report> {
        self.upgrade("head").await
    }

    /// Undoes the last `steps` revisions.
    pub async fn down(&mut self, steps: usize) -> Result<Report> {
        self.downgrade(&format!("-{steps}")).await
    }

    /// Applies what leads to `target`: `head`, an id or the beginning of one, or `+N`.
    pub async fn upgrade(&mut self, target: &str) -> Result<Report> {
        let _ = (target, &self.conn, &self.list, &self.options, &self.events);
        Err(Error::new(Kind::Undo("not written yet".into())))
    }

    /// Undoes what came after `target`: `base`, an id or the beginning of one, or `-N`.
    pub async fn downgrade(&mut self, target: &str) -> Result<Report> {
        let _ = target;
        Err(Error::new(Kind::Undo("not written yet".into())))
    }

    /// How each revision stands: those of the list from base to head, then those that only history knows.
    pub async fn status(&mut self) -> Result<Vec<Status>> {
        Err(Error::new(Kind::Undo("not written yet".into())))
    }

    /// The revisions that [`up`](Self::up) would apply, late ones included.
    pub async fn pending(&mut self) -> Result<Vec<Revision>> {
        Err(Error::new(Kind::Undo("not written yet".into())))
    }

    /// What going to `target` would do.
    pub async fn plan(&mut self, direction: Direction, target: &str) -> Result<Plan> {
        let _ = (direction, target);
        Err(Error::new(Kind::Undo("not written yet".into())))
    }

    /// Says that the database is at `target`, without running anything: revisions up to it count as applied, later ones
    /// as pending. Applied revisions that are unknown here stay unless `purge` is given.
    pub async fn stamp(&mut self, target: &str, purge: bool) -> Result<Report> {
        let _ = (target, purge);
        Err(Error::new(Kind::Undo("not written yet".into())))
    }

    /// The graph of the list.
    pub fn graph(&self) -> Result<Graph> {
        Graph::of(self.list)
    }
}
