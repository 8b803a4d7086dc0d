//! What every command needs: the project, the database, the migrations, and something to wait for futures with.

mod consent;
mod database;

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use dunlin_dialects::DatabaseUrl;
use dunlin_dsl::{Lexicon, Server, Version};
use dunlin_migrations::script::FileRevision;
use dunlin_migrations::script::layout::{Listed, Listing};
use dunlin_migrations::{Done, Graph, Late, Migration, MigrationList, Options, Revision};

pub(super) use self::database::{Needs, block_on, unopened};

use super::args::Global;
use super::config::{self, Config, Project};
use super::failure::Failure;
use super::folder::Folder;
use super::output::Output;
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
    /// How far the run has come.
    seen: Mutex<Seen>,
}

/// What a run has told of itself.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// The revision that is at work.
    pub(super) revision: Option<String>,
    /// The run's id.
    pub(super) run_id: Option<String>,
    /// What is done, and stays.
    pub(super) done: Vec<Done>,
}

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
                    let url = url.map_err(|failure| failure.within(&format!("environment {name}")));
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
        Ok(Self { output, database, protected, revisions, options, project, seen: Mutex::default() })
    }

    /// What becomes of late revisions, where the line says it.
    pub(super) fn late(mut self, late: Option<config::Late>) -> Self {
        self.options.late = late.map_or(self.options.late, Late::from);
        self
    }

    /// Whether all that is done is rolled back in the end.
    pub(super) fn dry_run(mut self, is_dry_run: bool) -> Self {
        self.options.dry_run = is_dry_run;
        self
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

    /// The revisions with one that was just written. The folder is read again; what the program has in Rust says of itself,
    /// the program knows.
    pub(super) fn list_with(&self, written: &Revision) -> Result<MigrationList, Failure> {
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
        Ok(list)
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

    pub(super) fn url(&self) -> Result<&DatabaseUrl, Failure> {
        self.database.as_ref().map_err(Clone::clone)
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

impl From<config::Late> for Late {
    fn from(late: config::Late) -> Self {
        match late {
            config::Late::Error => Self::Error,
            config::Late::Warn => Self::Warn,
            config::Late::Apply => Self::Apply,
        }
    }
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
    if let Some(late) = project.config.late {
        options.late = late.into();
    }
}

/// The exit code of a command that did what it was asked.
pub(super) const DONE: u8 = exit_code::DONE;
