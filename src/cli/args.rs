//! The command line as it is typed.

use std::path::PathBuf;

mod graph;
mod offline;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use graph::{Completions, Current, Edit, Heads, History, Man, Merge, NewRevision, Redo, Show};
pub(super) use offline::Offline;

use super::config::Late;

/// What every command's help ends with.
const EXIT_CODES: &str = "Exit codes: 0 done, 1 the run failed, 2 wrong usage or configuration, 3 a check found something, 130 or 143 a signal ended the run";

/// Changes database schemas safely.
#[derive(Debug, Parser)]
#[command(name = "dunlin", version, propagate_version = true, after_help = EXIT_CODES)]
#[command(mut_subcommands(|command| command.after_help(EXIT_CODES)))]
pub struct Cli {
    /// What all commands take.
    #[command(flatten)]
    pub(super) global: Global,
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
    /// What stands before a command.
    #[arg(skip)]
    pub(super) program: Option<&'static str>,
}

/// What all commands take, anywhere on the line.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub(super) struct Global {
    /// The configuration file; without it, the nearest dunlin.toml here or above
    #[arg(long, short, global = true, value_name = "FILE", env = "DUNLIN_CONFIG")]
    pub(super) config: Option<PathBuf>,
    /// The environment, as dunlin.toml names it
    #[arg(long, global = true, value_name = "NAME", env = "DUNLIN_ENV")]
    pub(super) env: Option<String>,
    /// A file of NAME=VALUE lines, taken for environment variables where there are none of these names
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) env_file: Option<PathBuf>,
    /// The folder of revisions, in place of those that dunlin.toml names; without either, migrations. Several are read as one
    #[arg(long, global = true, value_name = "FOLDER", env = "DUNLIN_REVISIONS")]
    pub(super) revisions: Vec<PathBuf>,
    /// Whose layout the folder has, in place of what dunlin.toml says: dunlin, sqlx, diesel, refinery, flyway, goose,
    /// dbmate, golang-migrate, sqitch, alembic, sea-orm, numbered, or auto
    #[arg(long, global = true, value_name = "TOOL")]
    pub(super) format: Option<String>,
    /// The database, in place of an environment's
    #[arg(long, global = true, value_name = "URL")]
    pub(super) url: Option<String>,
    /// Print JSON on stdout
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Print nothing but results and errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Print each statement that runs, and more of each revision in lists
    #[arg(long, short, global = true)]
    pub(super) verbose: bool,
    /// How long to wait for another migrator, in seconds; without it, ten minutes
    #[arg(long, global = true, value_name = "SECONDS")]
    pub(super) lock_timeout: Option<u64>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write dunlin.toml here, and make the folder of revisions
    Init(Init),
    /// Print a script that completes commands in a shell
    Completions(Completions),
    /// Print the manual page, or write those of all commands into a folder
    Man(Man),
    /// What is done in a project.
    #[command(flatten)]
    InProject(InProject),
}

/// The commands that look at a project: its configuration, its revisions and its database.
#[derive(Debug, Subcommand)]
pub(super) enum InProject {
    /// Apply revisions up to a target
    #[command(visible_alias = "up")]
    Upgrade(Upgrade),
    /// Undo revisions down to a target
    #[command(visible_alias = "down")]
    Downgrade(Downgrade),
    /// Show each revision: applied when, pending, late, edited since, missing here
    Status,
    /// Mark a target as applied, without running anything
    Stamp(Stamp),
    /// Take over a database that another tool has migrated, from that tool's own history table
    Adopt(Adopt),
    /// Write a new revision: a file of SQL, with what it comes after
    Revision(NewRevision),
    /// Write a revision that makes several heads one
    Merge(Merge),
    /// Undo the last revision, or back to a target, and apply the same again
    Redo(Redo),
    /// Open a revision's file in $VISUAL or $EDITOR
    Edit(Edit),
    /// Show all about a revision
    Show(Show),
    /// List the revisions that none comes after
    Heads(Heads),
    /// List the revisions at which the database is
    Current(Current),
    /// List the revisions after which history divides
    Branches,
    /// List revisions, the newest first
    History(History),
    /// Exit with 3 if a revision is pending, or isn't what was applied
    Check,
    /// Prove, on a database made for it, that revisions go up, down and up again; exit with 3 if one is broken
    Verify(Verify),
    /// Create Dunlin's own tables, and nothing else
    #[command(name = "ensure_version", alias = "ensure-version")]
    EnsureVersion(EnsureVersion),
}

/// `init`.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder of revisions, seen from dunlin.toml, or with --rust the folder of the crate; without it, migrations, or the
    /// one that the tool has
    #[arg(value_name = "DIR")]
    pub(super) folder: Option<String>,
    /// The folder is this tool's, and stays as it is: sqlx, diesel, refinery, flyway, goose, dbmate, golang-migrate, sqitch, alembic, sea-orm
    /// or numbered
    #[arg(long, value_name = "TOOL", conflicts_with = "rust")]
    pub(super) from: Option<String>,
    #[command(flatten)]
    pub(super) crate_: Crate,
}

/// What `init --rust` writes.
#[derive(Debug, Args)]
pub(super) struct Crate {
    /// Make a crate, for revisions in Rust beside those in SQL
    #[arg(long)]
    pub(super) rust: bool,
    /// A kind of server that the crate's program can connect to: sqlite, postgres, mysql or mariadb; without it, sqlite
    #[arg(long, value_name = "DIALECT", requires = "rust")]
    pub(super) dialect: Vec<Driver>,
    /// A folder with Dunlin's own source, in place of the published version
    #[arg(long, value_name = "DIR", requires = "rust", env = "DUNLIN_PATH")]
    pub(super) dunlin_path: Option<PathBuf>,
    /// A git repository with Dunlin's own source, in place of the published version
    #[arg(long, value_name = "URL", requires = "rust", conflicts_with = "dunlin_path")]
    pub(super) dunlin_git: Option<String>,
}

/// A driver, as a feature of the crate `dunlin`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Driver {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL and MariaDB.
    #[value(alias = "mariadb")]
    Mysql,
}

/// `adopt`.
#[derive(Debug, Args)]
pub(super) struct Adopt {
    /// sqlx, diesel, refinery, sea-orm, flyway, goose, dbmate, golang-migrate or alembic
    #[arg(long, value_name = "TOOL")]
    pub(super) from: String,
    /// The tool's history table, if it isn't called as usual: TABLE or SCHEMA.TABLE
    #[arg(long, value_name = "TABLE")]
    pub(super) table: Option<String>,
    /// Show what would be written, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

/// `upgrade`.
#[derive(Debug, Args)]
pub(super) struct Upgrade {
    /// head, heads, an id or a unique beginning of one, a branch label, +N, also as in label@head, id+1, head-1; or several,
    /// with commas between; with --sql, FROM:TO, or TO alone, from base on
    #[arg(default_value = "head", allow_negative_numbers = true)]
    pub(super) target: String,
    /// Print the steps, and run nothing
    #[arg(long, conflicts_with = "sql")]
    pub(super) plan: bool,
    #[command(flatten)]
    pub(super) offline: Offline,
    /// Run it in one transaction, and roll that back: on SQLite and PostgreSQL
    #[arg(long, conflicts_with_all = ["plan", "sql"])]
    pub(super) dry_run: bool,
    /// What becomes of a late revision, in place of what dunlin.toml says
    #[arg(long, value_name = "POLICY", conflicts_with = "sql")]
    pub(super) late: Option<Late>,
}

/// `downgrade`.
#[derive(Debug, Args)]
pub(super) struct Downgrade {
    /// base, an id or a unique beginning of one, -N, also as in label@-1, label@base, id-1; with --sql, FROM:TO
    #[arg(default_value = "-1", allow_negative_numbers = true)]
    pub(super) target: String,
    /// Print the steps, and run nothing
    #[arg(long, conflicts_with = "sql")]
    pub(super) plan: bool,
    #[command(flatten)]
    pub(super) offline: Offline,
    /// Run it in one transaction, and roll that back: on SQLite and PostgreSQL
    #[arg(long, conflicts_with_all = ["plan", "sql"])]
    pub(super) dry_run: bool,
    /// Go on in a protected environment, without asking for its name
    #[arg(long)]
    pub(super) force: bool,
}

/// `stamp`.
#[derive(Debug, Args)]
pub(super) struct Stamp {
    /// head, heads, base, an id or a unique beginning of one, also as in label@base; or several. With --sql, FROM:TO, or TO alone, from base on
    #[arg(required = true, value_name = "TARGET", allow_negative_numbers = true)]
    pub(super) targets: Vec<String>,
    /// Forget all that is applied first, in all branches, and revisions that are unknown here
    #[arg(long)]
    pub(super) purge: bool,
    #[command(flatten)]
    pub(super) offline: Offline,
    /// Go on in a protected environment, without asking for its name
    #[arg(long)]
    pub(super) force: bool,
}

/// `verify`.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Only the revisions that are pending in the database
    #[arg(long)]
    pub(super) pending: bool,
    /// Exit with 3 also if a revision is lossy or irreversible
    #[arg(long)]
    pub(super) strict: bool,
    /// The server on which a database is made for it, in place of the one that the database is on; of its URL's database only the encoding
    /// and the collation are taken
    #[arg(long, value_name = "URL", env = "DUNLIN_DEV_URL")]
    pub(super) dev_url: Option<String>,
    /// PostgreSQL's pg_dump, not older than the server, which tells what a database holds; without it, the one on the path
    #[arg(long, value_name = "PROGRAM", env = "DUNLIN_PG_DUMP")]
    pub(super) pg_dump: Option<PathBuf>,
}

/// `ensure_version`.
#[derive(Debug, Args)]
pub(super) struct EnsureVersion {
    #[command(flatten)]
    pub(super) offline: Offline,
}
