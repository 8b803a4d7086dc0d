//! The commands about the graph of revisions, as they are typed.

use std::path::PathBuf;

use clap::Args;
use clap_complete::Shell;

/// What a new revision is.
#[derive(Debug, Args)]
pub(in crate::cli) struct NewRevision {
    /// What it is about; its file is called by it
    #[arg(long, short)]
    pub(in crate::cli) message: Option<String>,
    /// What it comes after: a head, or base for the first of a branch of its own
    #[arg(long, value_name = "REVISION", default_value = "head")]
    pub(in crate::cli) head: String,
    /// Let it come after a revision that isn't a head: history divides there
    #[arg(long)]
    pub(in crate::cli) splice: bool,
    #[command(flatten)]
    pub(in crate::cli) names: Names,
    /// A revision that must be applied before it, though it doesn't come after that
    #[arg(long, value_name = "REVISION")]
    pub(in crate::cli) depends_on: Vec<String>,
    /// Write a file of SQL, as is done anyway where the project has no program of its own
    #[arg(long)]
    pub(in crate::cli) sql: bool,
    /// Write a file of Rust, as is done anyway where the project has a program of its own
    #[arg(long, conflicts_with = "sql")]
    pub(in crate::cli) rust: bool,
}

/// Names of a new revision.
#[derive(Debug, Args)]
pub(in crate::cli) struct Names {
    /// A name for the branch that begins with it
    #[arg(long, value_name = "LABEL")]
    pub(in crate::cli) branch_label: Vec<String>,
    /// Its id, and its file's name, in place of one made of the time and the message
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) rev_id: Option<String>,
    /// Which folder of revisions its file goes to, where there are several; without it, to that of what it comes after
    #[arg(long, value_name = "FOLDER")]
    pub(in crate::cli) version_path: Option<PathBuf>,
}

/// `merge`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Merge {
    /// What becomes one: heads, or the revisions by name
    #[arg(default_value = "heads", value_name = "REVISION")]
    pub(in crate::cli) targets: Vec<String>,
    /// What it is about
    #[arg(long, short)]
    pub(in crate::cli) message: Option<String>,
    /// Let it come after revisions that aren't heads
    #[arg(long)]
    pub(in crate::cli) splice: bool,
    #[command(flatten)]
    pub(in crate::cli) names: Names,
}

/// `redo`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Redo {
    /// Where to go back to, as downgrade takes it
    #[arg(default_value = "-1", allow_negative_numbers = true)]
    pub(in crate::cli) target: String,
    /// Print the steps, and run nothing
    #[arg(long)]
    pub(in crate::cli) plan: bool,
    /// Go on in a protected environment, without asking for its name
    #[arg(long)]
    pub(in crate::cli) force: bool,
}

/// `edit`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Edit {
    /// The revision: an id or the beginning of one, head, current, ..
    pub(in crate::cli) revision: String,
}

/// `show`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The revision: an id or the beginning of one, head, heads, current, ..
    #[arg(default_value = "head")]
    pub(in crate::cli) revision: String,
}

/// `heads`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Heads {
    /// Leave out those on which a revision of another branch depends
    #[arg(long)]
    pub(in crate::cli) resolve_dependencies: bool,
}

/// `current`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Current {
    /// Exit with 3 unless every head is applied
    #[arg(long, short = 'H')]
    pub(in crate::cli) check_heads: bool,
}

/// `history`.
#[derive(Debug, Args)]
pub(in crate::cli) struct History {
    /// Only those from START to END: ids, head, current, -3:current, base:label@head; either end may be left out
    #[arg(long, short, value_name = "START:END", allow_hyphen_values = true)]
    pub(in crate::cli) rev_range: Option<String>,
    /// Ask the database, and show how each revision stands
    #[arg(long, short)]
    pub(in crate::cli) indicate_current: bool,
    /// Draw which comes after which: each revision is ●, one with nothing below it ○
    #[arg(long)]
    pub(in crate::cli) graph: bool,
}

/// `man`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Man {
    /// The folder; it must be there
    #[arg(value_name = "DIR")]
    pub(in crate::cli) folder: Option<PathBuf>,
}

/// `completions`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Completions {
    /// The shell
    pub(in crate::cli) shell: Shell,
}
