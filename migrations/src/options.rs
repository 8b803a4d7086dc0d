//! What a caller can choose about a run.

use std::time::Duration;

use dunlin_dsl::Naming;

use crate::script::Variables;

/// What to do about a revision that is pending although one that comes after it is applied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Late {
    /// Stop, and name it.
    #[default]
    Error,
    /// Leave it pending, and say so every time.
    Warn,
    /// Run it, beside those that the target asks for: `+1` is one revision ahead, and the late ones.
    Apply,
}

/// How a run goes. Those of one project should be the same everywhere, for the lock and the history depend on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// What Dunlin's own tables begin with.
    pub prefix: String,
    /// The schema they live in; none is the connection's own.
    pub schema: Option<String>,
    /// How long to wait for another migrator.
    pub lock_timeout: Duration,
    /// What to do about late revisions.
    pub late: Late,
    /// How constraints and indexes are named that the code leaves unnamed.
    pub naming: Naming,
    /// Whether a run is one transaction, all revisions or none, where DDL has transactions. Without it each revision is one.
    pub one_transaction: bool,
    /// Whether a run is one transaction that is rolled back in the end: all is tried on the rows that are there, and nothing
    /// is kept. Refused where DDL has no transactions, and where something can't be in one. What a rollback doesn't take back
    /// stays, such as the numbers that a sequence has given out.
    pub dry_run: bool,
    /// What `${name}` in files of SQL stands for; off without further ado.
    pub variables: Variables,
    /// Settings of your own making that the connection has, such as `my.setting` on PostgreSQL, where no catalog shows them: they are
    /// kept when what a file of SQL has set is put back.
    pub own_settings: Vec<String>,
    /// Who runs this, as history will say; none leaves it empty.
    pub applied_by: Option<String>,
    /// The version of the tool, as history will say.
    pub tool_version: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            prefix: "dunlin_".into(),
            schema: None,
            lock_timeout: Duration::from_secs(600),
            late: Late::default(),
            naming: Naming::default(),
            one_transaction: false,
            dry_run: false,
            variables: Variables::default(),
            own_settings: Vec::new(),
            applied_by: None,
            tool_version: env!("CARGO_PKG_VERSION").into(),
        }
    }
}
