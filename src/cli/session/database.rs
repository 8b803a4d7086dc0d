//! The database of a session: opened, worked on, and left in order when a signal comes.

use std::sync::PoisonError;
use std::time::Duration;

use dunlin_dialects::{Database, DatabaseUrl, OpenMode, SqliteFile, open};
use dunlin_dsl::{Connection, ConnectionError, DialectId, ErrorKind, Lexicon, Server, Version};
use dunlin_migrations::script::layout::{Format, Listed, Listing};
use dunlin_migrations::{Done, Error, Event, MigrationList, Runner};

use super::{Revisions, Session, place_as};
use crate::cli::failure::Failure;
use crate::cli::interrupt::or_signal;
use crate::cli::progress::Progress;

/// How long a server may take to end what a signal interrupted.
const ABORT: Duration = Duration::from_secs(5);

impl Session {
    /// Opens the database and does something with a runner. What only reads creates nothing: a SQLite file that isn't there
    /// is taken for an empty database, and a folder of revisions that isn't there for an empty one.
    pub(in crate::cli) fn with_runner<T>(
        &self,
        needs: Needs,
        work: impl AsyncFnOnce(&mut Runner<'_>) -> dunlin_migrations::Result<T>,
    ) -> Result<T, Failure> {
        self.on_database(needs, async |conn| {
            let output = self.output;
            let lexicon = self.begin(conn, self.url()?).await?;
            let read;
            let list = match &self.revisions {
                Revisions::Code(list, _) => list,
                Revisions::Folder(folder) => {
                    read =
                        folder.read(&lexicon, matches!(needs, Needs::Revisions | Needs::Database), output)?;
                    &read
                }
            };
            let mut progress = Progress::on(conn, output);
            let mut tell = |event: &Event| {
                self.note(event);
                progress.event(event);
            };
            let mut runner = Runner::new(conn, list).options(self.options.clone()).on_event(&mut tell);
            work(&mut runner).await.map_err(|error| self.failed(error))
        })
    }

    /// The same with what the folder of revisions holds, in a tool's layout unless another one was named.
    pub(in crate::cli) fn with_listing<T>(
        &self,
        format: Option<Format>,
        work: impl AsyncFnOnce(&mut Runner<'_>, Listing) -> dunlin_migrations::Result<T>,
    ) -> Result<T, Failure> {
        let folder = self.folder()?;
        self.on_database(Needs::Revisions, async |conn| {
            let output = self.output;
            let lexicon = self.begin(conn, self.url()?).await?;
            let mut listing = folder.list(format, &lexicon, output)?;
            if let Revisions::Code(code, _) = &self.revisions {
                // The folder names what is Rust; what it does, the program knows.
                let code = code.read(&lexicon)?;
                for Listed { revision, .. } in &mut listing.revisions {
                    let file = revision.up.file().to_owned();
                    if let Some(code) = code.iter().find(|code| code.code_file() == Some(&file)) {
                        place_as(revision, code);
                        revision.checksum = dunlin_migrations::checksum_of(code, &self.options.naming)?;
                    }
                }
            }
            let list = MigrationList::new();
            let mut progress = Progress::on(conn, output);
            let mut tell = |event: &Event| progress.event(event);
            let mut runner = Runner::new(conn, &list).options(self.options.clone()).on_event(&mut tell);
            work(&mut runner, listing).await.map_err(|error| self.failed(error))
        })
    }

    /// Opens the database and does something on it, until it is done or a signal ends it: then what it does is dropped, and what
    /// the server does for it cancelled.
    fn on_database<T>(
        &self,
        needs: Needs,
        work: impl AsyncFnOnce(&mut dyn Connection) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let writes = matches!(needs, Needs::Database | Needs::Tables);
        block_on(async {
            let mut database = None;
            let outcome = or_signal(async {
                let opened = database.insert(self.open(writes).await?);
                work(opened.connection()).await
            });
            let signal = match outcome.await {
                Ok(outcome) => return outcome,
                Err(signal) => signal,
            };
            if let Some(database) = database {
                at_most(ABORT, database.abort()).await;
            }
            let url = self.url()?;
            let server = Server::new(url.dialect(), Version::default());
            let is_rolled_back = dunlin_dialects::dialect(url.dialect()).transactions(&server).ddl;
            let seen = std::mem::take(&mut *self.seen.lock().unwrap_or_else(PoisonError::into_inner));
            let failure = Failure::ended_by(signal, seen);
            Err(match writes {
                true => failure
                    .state(match is_rolled_back {
                        true => "revisions that were finished stay; the transaction that was at work is rolled back",
                        false => "statements that were finished stay; the one that was at work is cancelled",
                    })
                    .hint(
                        "`dunlin status` tells how the database stands; the same command goes on from there",
                    ),
                false => failure.state("nothing was changed").hint("run the same command again"),
            })
        })?
    }

    /// Keeps in mind how far the run has come. What one transaction holds stays only when it ends.
    fn note(&self, event: &Event) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::RunStarted { run_id, .. } => seen.run_id = Some(run_id.clone()),
            Event::RevisionStarted { revision, .. } => seen.revision = Some(revision.clone()),
            Event::RevisionFinished { revision, direction, duration, statements } => {
                seen.revision = None;
                if !(self.options.one_transaction || self.options.dry_run) {
                    seen.done.push(Done {
                        id: revision.clone(),
                        direction: *direction,
                        duration: *duration,
                        statements: *statements,
                    });
                }
            }
            Event::RevisionDoneElsewhere { .. } => seen.revision = None,
            _ => {}
        }
    }

    /// Runs what the project wants to run first on every connection, and tells how its server's SQL reads.
    pub(in crate::cli) async fn begin(
        &self,
        conn: &mut dyn Connection,
        url: &DatabaseUrl,
    ) -> Result<Lexicon, Failure> {
        let server = conn.server().await.map_err(|error| unopened(url, error))?;
        for (place, sql) in (1..).zip(self.project.config.session.of(server.dialect)) {
            // A password may stand in it.
            conn.execute(sql).await.map_err(|error| {
                Failure::usage(format!("statement {place} of [session] failed: {error}"))
                    .hint("mend [session] in dunlin.toml")
            })?;
        }
        Ok(conn.dialect().lexicon(&server))
    }

    /// How a run failed. What went wrong with the database before any revision was at work says which one it is.
    fn failed(&self, error: Error) -> Failure {
        let outside = error.connection().is_some() && error.revision().is_none();
        let failure = Failure::from(error);
        match self.url() {
            Ok(url) if outside => failure.on(url),
            _ => failure,
        }
    }

    async fn open(&self, creates: bool) -> Result<Database, Failure> {
        let url = self.url()?;
        if let (false, SqliteFile::Path(path)) = (creates, url.sqlite_file())
            && !path.exists()
        {
            self.output
                .progress(&format!("there is no database file {} yet: upgrade creates it", path.display()));
            let memory = url.clone().with_sqlite_memory();
            return open(&memory, OpenMode::Create).await.map_err(|error| unopened(url, error));
        }
        let mode = if creates { OpenMode::Create } else { OpenMode::Existing };
        open(url, mode).await.map_err(|error| unopened(url, error))
    }
}

pub(in crate::cli) fn unopened(url: &DatabaseUrl, error: ConnectionError) -> Failure {
    // Some drivers say themselves where they failed to connect to.
    let message = match error.to_string() {
        text if text.contains(&url.to_string()) => text,
        text => format!("failed to connect to {url}: {text}"),
    };
    match error.kind {
        ErrorKind::BadUrl => {
            Failure::usage(message).hint("mend the URL, which is like sqlite://app.db, postgres://user@host:5432/database")
        }
        _ => Failure::run(message).state("nothing was changed").hint(match url.dialect() {
            DialectId::Sqlite => "name a file that can be read and written, in a folder that is there",
            _ => {
                "see that the server runs, and that the URL names it, the user and the database; create the database if it isn't there"
            }
        }),
    }
}

/// What a command can't do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Needs {
    /// It reads what there is.
    Nothing,
    /// A database to write to, and no revisions.
    Tables,
    /// A folder of revisions.
    Revisions,
    /// That, and a database to write to.
    Database,
}

/// Waits for a future: on tokio where a network driver needs it, on nothing at all where only SQLite is built in.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(in crate::cli) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::run(format!("failed to start: {error}"))
            .state("nothing was changed")
            .hint("see that the system has room for another process")
    })?;
    Ok(runtime.block_on(future))
}

#[cfg(not(any(feature = "postgres", feature = "mysql")))]
pub(in crate::cli) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    Ok(pollster::block_on(future))
}

/// Waits for a future, but no longer than that where there is a clock to tell: SQLite needs none.
#[cfg(any(feature = "postgres", feature = "mysql"))]
async fn at_most(limit: Duration, future: impl Future<Output = ()>) {
    let _ = tokio::time::timeout(limit, future).await;
}

#[cfg(not(any(feature = "postgres", feature = "mysql")))]
async fn at_most(_: Duration, future: impl Future<Output = ()>) {
    future.await;
}
