//! Where SQL is printed for, in place of being run.

use clap::Args;

/// What `--sql` takes.
#[derive(Debug, Args)]
pub(in crate::cli) struct Offline {
    /// Print the SQL for the server's own client, and run nothing; what is applied is told by the target's beginning, as in
    /// base:head, and no database is asked
    #[arg(long)]
    pub(in crate::cli) sql: bool,
    /// The server it is for: sqlite, postgres, mysql or mariadb; without it, the one that the URL has
    #[arg(long, value_name = "SERVER", requires = "sql")]
    pub(in crate::cli) dialect: Option<String>,
    /// Its version, such as 16 or 10.11; without it, the oldest that Dunlin works with
    #[arg(long, value_name = "VERSION", requires = "sql")]
    pub(in crate::cli) server_version: Option<String>,
    /// A database that is as the SQL will find its own, where steps depend on what is there
    #[arg(long, value_name = "URL", requires = "sql", conflicts_with_all = ["dialect", "server_version"])]
    pub(in crate::cli) schema: Option<String>,
}
