//! What every command needs: the project, the database, the migrations, and something to wait for futures with.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dunlin_dialects::{Database, DatabaseUrl, OpenMode, SqliteFile, open};
use dunlin_dsl::{Connection, ConnectionError, DialectId, ErrorKind, Lexicon, Server, Version};
use dunlin_migrations::script::FileRevision;
use dunlin_migrations::script::layout::{Format, Listed, Listing};
use dunlin_migrations::{Error, Event, Graph, Late, Migration, MigrationList, Options, Revision, Runner};

use super::args::Global;
use super::config::{self, Config, Project};
use super::failure::Failure;
use super::folder::Folder;
use super::interrupt::or_signal;
use super::output::Output;
use super::progress::Progress;
use super::{Code, exit_code};

/// One call of the command line.
pub(super) struct Session {
    pub(super) output: Output,
    /// The database; an error for the commands that ask it, where none is named.
    database: Result<DatabaseUrl, Failure>,
    /// The environment that asks before something is destroyed in its database.
    protected: Option<String>,
    revisions: Revisions,
    options: Options,
    project: Project,
    /// The revision that is at work.
    at_work: Mutex<Option<String>>,
}

/// How long a server may take to end what a signal interrupted.
const ABORT: Duration = Duration::from_secs(5);

/// Where revisions come from.
enum Revisions {
    /// A program brings them; and where it collected them from a folder, new ones are written there.
    Code(MigrationList, Option<Folder>),
    /// They are files.
    Folder(Folder),
}

impl Session {
    /// Reads the configuration and chooses the database.
    pub(super) fn new(global: Global, code: Option<Code>, output: Output) -> Result<Self, Failure> {
        let here = std::env::current_dir().map_err(|error| {
            Failure::usage(format!("the current folder can't be told: {error}"))
                .hint("go to a folder that is there, and that may be read")
        })?;
        let project = Project::load(global.config.as_deref(), &here)?;
        let vars = project.env_vars(global.env_file.as_deref())?;
        let name = global.env.as_deref().or(vars.get("DUNLIN_ENV")).filter(|name| !name.is_empty());
        let (database, environment) = match &global.url {
            // Then only an environment that is named has a say.
            Some(url) => {
                let named = name.map(|name| project.choose(Some(name))).transpose()?;
                (parsed(url), named.map(|(name, environment)| (name.to_owned(), environment.clone())))
            }
            None => match project.environment(name, &vars) {
                Ok((name, environment)) => {
                    let url = parsed(&environment.url).map(|url| project.seen_from_file(url));
                    (url, Some((name, environment)))
                }
                Err(failure) => (Err(failure), None),
            },
        };
        let protected = match (&environment, &database) {
            (Some((name, environment)), _) if environment.protected => Some(name.clone()),
            (_, Ok(url)) => project.protecting(url, &vars).map(str::to_owned),
            _ => None,
        };
        let folder = Folder::new(&global.revisions, global.format.as_deref(), &project, &here)?;
        let (revisions, mut options) = match code {
            Some(Code { list, options }) => {
                let folder = list.is_of_folder().then_some(folder);
                (Revisions::Code(list, folder), options)
            }
            None => (Revisions::Folder(folder), Options::default()),
        };
        configure(&mut options, &project);
        let chosen = environment.as_ref().map(|(_, environment)| environment);
        options.variables = project.variables(chosen, &vars, options.variables)?;
        if let Some(seconds) = global.lock_timeout {
            options.lock_timeout = Duration::from_secs(seconds);
        }
        let user = vars.get("USER").or(vars.get("USERNAME")).map(str::to_owned);
        // A service has neither, and a user all the same.
        options.applied_by = options.applied_by.or(user).or_else(|| whoami::username().ok());
        Ok(Self { output, database, protected, revisions, options, project, at_work: Mutex::default() })
    }

    /// Whether all that is done is rolled back in the end.
    pub(super) fn dry_run(mut self, is_dry_run: bool) -> Self {
        self.options.dry_run = is_dry_run;
        self
    }

    /// Whether something that destroys needs consent.
    pub(super) fn asks_consent(&self, force: bool) -> bool {
        self.protected.is_some() && !force
    }

    /// Lets something be destroyed in a protected environment only if the line says `--force`, or if someone at a terminal
    /// types the environment's name.
    pub(super) fn require_consent(&self, force: bool, what: &str) -> Result<(), Failure> {
        let Some(name) = self.protected.as_deref().filter(|_| !force) else { return Ok(()) };
        let refused = |message: String| Failure::usage(message).hint("add --force if you mean it");
        let message = format!("environment {name} is protected, and {what}");
        if self.output.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Err(refused(message));
        }
        let mut answer = String::new();
        let asked = write!(io::stderr(), "{message}\ntype its name to go on: ")
            .and_then(|()| io::stdin().read_line(&mut answer));
        if !answer.ends_with('\n') {
            // What is said next stands on a line of its own, though none was typed.
            let _ = writeln!(io::stderr());
        }
        match asked {
            Ok(_) if answer.trim() == name => Ok(()),
            _ => Err(refused(format!("environment {name} is protected, and its name wasn't given"))),
        }
    }

    /// The graph of the revisions. No database is asked.
    pub(super) fn graph(&self) -> Result<Graph, Failure> {
        let lexicon = self.lexicon();
        let list = match &self.revisions {
            Revisions::Code(list, _) => list.read(&lexicon)?,
            Revisions::Folder(folder) => folder.read(&lexicon, false, self.output)?,
        };
        Ok(Graph::of(&list)?)
    }

    /// The graph with a revision that was just written. The folder is read again; what the program has in Rust says of itself,
    /// the program knows.
    pub(super) fn graph_with(&self, written: &Revision) -> Result<Graph, Failure> {
        let listing = self.listing()?;
        let known = match &self.revisions {
            Revisions::Code(list, _) => list.read(&self.lexicon())?,
            Revisions::Folder(_) => MigrationList::new(),
        };
        let mut list = MigrationList::new();
        for Listed { mut revision, .. } in listing.revisions {
            let code = known.iter().find(|code| code.file().is_none() && code.id() == revision.id);
            if let Some(code) = code {
                place_as(&mut revision, code);
            } else if revision.up.file().ends_with(".rs") && revision.id == written.id {
                revision.revises = Some(written.revises.clone());
                revision.depends_on.clone_from(&written.depends_on);
                revision.branch_labels.clone_from(&written.branch_labels);
            }
            list.push(revision);
        }
        Ok(Graph::of(&list)?)
    }

    /// What `dunlin.toml` says.
    pub(super) fn config(&self) -> &Config {
        &self.project.config
    }

    /// Whether a program brings the revisions.
    pub(super) fn has_code(&self) -> bool {
        matches!(self.revisions, Revisions::Code(..))
    }

    /// The revisions, read by this server's rules.
    pub(super) fn list(&self, lexicon: &Lexicon) -> Result<MigrationList, Failure> {
        match &self.revisions {
            Revisions::Code(list, _) => Ok(list.read(lexicon)?),
            Revisions::Folder(folder) => folder.read(lexicon, true, self.output),
        }
    }

    /// How every run goes.
    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    /// The folder of revisions.
    pub(super) fn folder(&self) -> Result<&Folder, Failure> {
        match &self.revisions {
            Revisions::Folder(folder) | Revisions::Code(_, Some(folder)) => Ok(folder),
            Revisions::Code(_, None) => Err(Failure::usage(
                "this program brings its migrations as code, and has no folder of revisions",
            )
            .hint("collect one with `revisions!`, or use `dunlin` itself, with --revisions FOLDER")),
        }
    }

    /// A revision's file, seen from here.
    pub(super) fn file_of(&self, revision: &Revision) -> Option<PathBuf> {
        let file = revision.file.as_deref()?;
        Some(self.folder().map_or_else(|_| file.into(), |folder| folder.path_of(file)))
    }

    /// What the folder of revisions holds. No database is asked, and nothing is told.
    pub(super) fn listing(&self) -> Result<Listing, Failure> {
        let output = self.output.silent();
        self.folder()?.list(None, &self.lexicon(), output)
    }

    /// How SQL reads where no server is asked: by the URL, where there is one.
    fn lexicon(&self) -> Lexicon {
        match &self.database {
            Ok(url) => {
                let dialect = url.dialect();
                dunlin_dialects::dialect(dialect).lexicon(&Server::new(dialect, Version::default()))
            }
            Err(_) => Lexicon::PLAIN,
        }
    }

    /// Opens the database and does something with a runner. What only reads creates nothing: a SQLite file that isn't there
    /// is taken for an empty database, and a folder of revisions that isn't there for an empty one.
    pub(super) fn with_runner<T>(
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
            let mut progress = Progress::new(output);
            let mut tell = |event: &Event| {
                self.note(event);
                progress.event(event);
            };
            let mut runner = Runner::new(conn, list).options(self.options.clone()).on_event(&mut tell);
            work(&mut runner).await.map_err(|error| self.failed(error))
        })
    }

    /// The same with what the folder of revisions holds, in a tool's layout unless another one was named.
    pub(super) fn with_listing<T>(
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
            let mut progress = Progress::new(output);
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
            let revision = self.at_work.lock().unwrap_or_else(PoisonError::into_inner).take();
            let failure = Failure::ended_by(signal, revision);
            Err(match writes {
                true => failure
                    .state("what was finished stays; what had begun is rolled back where the server can")
                    .hint(
                        "`dunlin status` tells how the database stands; the same command goes on from there",
                    ),
                false => failure.state("nothing was changed").hint("run the same command again"),
            })
        })?
    }

    /// Keeps in mind which revision is at work.
    fn note(&self, event: &Event) {
        let at_work = match event {
            Event::RevisionStarted { revision, .. } => Some(revision.clone()),
            Event::RevisionFinished { .. } | Event::RevisionDoneElsewhere { .. } => None,
            _ => return,
        };
        *self.at_work.lock().unwrap_or_else(PoisonError::into_inner) = at_work;
    }

    /// Runs what the project wants to run first on every connection, and tells how its server's SQL reads.
    pub(super) async fn begin(
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

    pub(super) fn url(&self) -> Result<&DatabaseUrl, Failure> {
        self.database.as_ref().map_err(Clone::clone)
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

fn parsed(url: &str) -> Result<DatabaseUrl, Failure> {
    DatabaseUrl::parse(url).map_err(|error| Failure::usage(error.to_string()).hint(url_hint(url)))
}

/// Gives a file of Rust, of which a folder knows only the name, the place that its code says.
fn place_as(revision: &mut FileRevision, code: &dyn Migration) {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
    revision.revises = code.revises().map(owned);
    revision.depends_on = owned(code.depends_on());
    revision.branch_labels = owned(code.branch_labels());
}

/// How a URL is written; of what was written only a scheme is said again, for the rest may hold a password.
fn url_hint(url: &str) -> String {
    let usual = "a URL is like sqlite://app.db, postgres://user@host/database";
    match url.strip_prefix("jdbc:").unwrap_or(url).split_once("://") {
        Some((scheme, _)) if scheme.contains('+') => {
            let (scheme, _) = scheme.split_once('+').unwrap_or((scheme, ""));
            format!("leave the driver's name out, as in {scheme}://; {usual}")
        }
        Some(_) if url.starts_with("jdbc:") => format!("leave jdbc: out; {usual}"),
        Some(("sqlite3" | "file", _)) => "a SQLite file is sqlite://app.db".to_owned(),
        None if [".db", ".sqlite", ".sqlite3"].iter().any(|end| url.ends_with(end)) => {
            format!("a SQLite file is sqlite://{}", url.strip_prefix("./").unwrap_or(url))
        }
        _ => usual.to_owned(),
    }
}

pub(super) fn unopened(url: &DatabaseUrl, error: ConnectionError) -> Failure {
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
pub(super) enum Needs {
    /// It reads what there is.
    Nothing,
    /// A database to write to, and no revisions.
    Tables,
    /// A folder of revisions.
    Revisions,
    /// That, and a database to write to.
    Database,
}

/// What `dunlin.toml` says of every run goes before what the code says.
fn configure(options: &mut Options, project: &Project) {
    if let Some(prefix) = &project.config.history_prefix {
        options.prefix.clone_from(prefix);
    }
    if let Some(schema) = &project.config.history_schema {
        options.schema = Some(schema.clone());
    }
    options.own_settings.extend(project.config.session.own_settings());
    if let Some(transaction) = project.config.transaction {
        options.one_transaction = transaction == config::Transaction::Run;
    }
    match project.config.late {
        Some(config::Late::Error) => options.late = Late::Error,
        Some(config::Late::Warn) => options.late = Late::Warn,
        Some(config::Late::Apply) => options.late = Late::Apply,
        None => {}
    }
}

/// Waits for a future: on tokio where a network driver needs it, on nothing at all where only SQLite is built in.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| {
        Failure::run(format!("failed to start: {error}"))
            .state("nothing was changed")
            .hint("see that the system has room for another process")
    })?;
    Ok(runtime.block_on(future))
}

#[cfg(not(any(feature = "postgres", feature = "mysql")))]
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
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

/// The exit code of a command that did what it was asked.
pub(super) const DONE: u8 = exit_code::DONE;
