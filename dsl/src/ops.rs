//! The recorder: what a migration's `up` and `down` write their operations to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::builder::{Draft, IntoSql};
use crate::fault::fault;
use crate::naming::{Naming, Taken};
use crate::op::Op;
use crate::schema::{ConstraintKind, Expr, Name, TableOptions};
use crate::server::DialectSet;
use crate::step::DataStep;

/// Records operations; runs none of them.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// let mut op = Ops::new();
/// op.create_table("users")
///     .col("id", uuid().primary_key())
///     .col("email", varchar(255).not_null().unique())
///     .col("is_admin", boolean().not_null().default(false));
/// op.create_index("users", ["is_admin"]).filter("is_admin");
/// op.add_column("users", "name", text());
/// op.alter_column("users", "name").not_null().default("");
/// op.bulk_insert("users", ["id", "email"], [["7f6f0f7e-6f6f-4c52-a4a8-5d3a3c0e7b11", "ada@example.org"]]);
/// op.execute("ANALYZE").undo("ANALYZE");
/// let recorded = op.finish()?;
/// assert_eq!(recorded.ops[1].to_string(), "create index users_is_admin_idx on table users");
/// # Ok::<(), dunlin_dsl::RecordError>(())
/// ```
#[derive(Default)]
pub struct Ops {
    entries: Vec<Entry>,
    steps: BTreeMap<String, Arc<dyn DataStep>>,
    mark: Option<Mark>,
    naming: Naming,
    errors: Vec<RecordError>,
}

/// An operation, and what is known of it while it is written.
pub(crate) struct Entry {
    pub(crate) op: Op,
    pub(crate) draft: Draft,
}

/// What a way down says of itself, where it isn't just operations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is what undoes the way up.
    Derive,
    /// There is none, and this is why.
    Irreversible(String),
}

/// What was recorded.
#[derive(Clone, Default)]
pub struct Recorded {
    /// The operations, in order.
    pub ops: Vec<Op>,
    /// The data steps among them, by name.
    pub steps: BTreeMap<String, Arc<dyn DataStep>>,
    /// What was said instead of operations.
    pub mark: Option<Mark>,
}

/// Something that can't be meant: a table without a name, a column twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordError {
    /// The operation it was found in, as it is printed.
    pub operation: String,
    /// What is wrong, as a fragment.
    pub reason: String,
}

impl Ops {
    /// A recorder with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// A recorder with nothing in it, which names constraints and indexes by this convention.
    pub fn with_naming(naming: Naming) -> Self {
        Self { naming, ..Self::default() }
    }

    /// What was recorded, with every constraint and index named; or the first thing that can't be meant.
    pub fn finish(mut self) -> Result<Recorded, RecordError> {
        if let Some(reason) = self.naming.fault() {
            return Err(RecordError { operation: "name constraints and indexes".into(), reason });
        }
        let mut taken = Taken::default();
        for Entry { op, draft } in &mut self.entries {
            self.naming.name_op(op, draft, &mut taken);
        }
        let mut errors = self.errors.into_iter();
        match errors.next().or_else(|| self.entries.iter().find_map(|entry| error(&entry.op, &entry.draft))) {
            Some(error) => Err(error),
            None => {
                let ops = self.entries.into_iter().map(|entry| entry.op).collect();
                Ok(Recorded { ops, steps: self.steps, mark: self.mark })
            }
        }
    }

    /// Renames a table within its schema.
    pub fn rename_table(&mut self, name: impl Into<Name>, to: impl Into<String>) {
        self.push(Op::RenameTable { table: name.into(), to: to.into() });
    }

    /// Renames a column.
    pub fn rename_column(
        &mut self,
        table: impl Into<Name>,
        column: impl Into<String>,
        to: impl Into<String>,
    ) {
        self.push(Op::RenameColumn { table: table.into(), column: column.into(), to: to.into() });
    }

    /// Renames a constraint.
    pub fn rename_constraint(
        &mut self,
        table: impl Into<Name>,
        kind: ConstraintKind,
        name: impl Into<String>,
        to: impl Into<String>,
    ) {
        self.push(Op::RenameConstraint { table: table.into(), kind, name: name.into(), to: to.into() });
    }

    /// Renames an index.
    pub fn rename_index(&mut self, table: impl Into<Name>, name: impl Into<String>, to: impl Into<String>) {
        self.push(Op::RenameIndex { table: table.into(), name: name.into(), to: to.into() });
    }

    /// Sets a table's comment; SQLite has no place for it and leaves it out.
    pub fn set_table_comment(&mut self, table: impl Into<Name>, comment: impl Into<String>) {
        self.push(Op::SetTableComment { table: table.into(), comment: Some(comment.into()) });
    }

    /// Removes a table's comment.
    pub fn drop_table_comment(&mut self, table: impl Into<Name>) {
        self.push(Op::SetTableComment { table: table.into(), comment: None });
    }

    /// Sets all that only some servers let a table choose: an option that isn't named is set back.
    pub fn set_table_options(&mut self, table: impl Into<Name>, options: TableOptions) {
        self.push(Op::SetTableOptions { table: table.into(), options });
    }

    /// Runs SQL as it is written. It may be one text for every server, or a text for each: one that isn't named is
    /// then an error. What it does is unknown to Dunlin; without an [undo](Executed::undo) there is no way back.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.execute("CREATE VIEW admins AS SELECT * FROM users WHERE is_admin").undo("DROP VIEW admins");
    /// op.execute([(POSTGRES, "VACUUM users"), (SQLITE, "VACUUM"), (MYSQL | MARIADB, "OPTIMIZE TABLE users")]);
    /// op.execute_on(POSTGRES, "CREATE EXTENSION citext").undo("DROP EXTENSION citext");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn execute(&mut self, sql: impl IntoSql) -> Executed<'_> {
        match &mut self.record(Op::Execute { sql: sql.into_sql(), undo: None }).op {
            Op::Execute { undo, .. } => Executed(undo),
            _ => not_as_given(),
        }
    }

    /// Runs SQL as it is written on some servers, and nothing on the others.
    pub fn execute_on(&mut self, dialects: impl Into<DialectSet>, sql: impl IntoSql) -> Executed<'_> {
        let ops = vec![Op::Execute { sql: sql.into_sql(), undo: None }];
        match &mut self.record(Op::On { dialects: dialects.into(), ops }).op {
            Op::On { ops, .. } => match ops.first_mut() {
                Some(Op::Execute { undo, .. }) => Executed(undo),
                _ => not_as_given(),
            },
            _ => not_as_given(),
        }
    }

    /// Runs a data step.
    pub fn run(&mut self, step: impl DataStep + 'static) {
        let name = step.name().to_owned();
        self.add_step(name.clone(), Arc::new(step));
        self.push(Op::Run { step: name });
    }

    /// Records operations for some dialects; they are recorded whatever the server, and chosen when it is known.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.on(POSTGRES, |op| {
    ///     op.create_index("posts", ["tags"]).method("gin").concurrently();
    /// });
    /// let recorded = op.finish()?;
    /// assert_eq!(Op::select(&recorded.ops, DialectId::Postgres).len(), 1);
    /// assert_eq!(Op::select(&recorded.ops, DialectId::Sqlite).len(), 0);
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn on(&mut self, dialects: impl Into<DialectSet>, record: impl FnOnce(&mut Ops)) {
        let mut inner = Ops::new();
        record(&mut inner);
        let (ops, drafts) = inner.entries.into_iter().map(|entry| (entry.op, entry.draft)).unzip();
        self.errors.append(&mut inner.errors);
        for (name, step) in inner.steps {
            self.add_step(name, step);
        }
        let entry = self.record(Op::On { dialects: dialects.into(), ops });
        entry.draft.inner = drafts;
        if inner.mark.is_some() {
            entry.draft.fault("a way down is derived or irreversible as a whole, on every server");
        }
    }

    /// Records an operation given as a value.
    pub fn push(&mut self, op: Op) {
        self.record(op);
    }

    /// Says that this way down is what undoes the way up. It is what a migration without a `down` does.
    pub fn derive(&mut self) {
        self.mark = Some(Mark::Derive);
    }

    /// Says that there is no way down, and why.
    pub fn irreversible(&mut self, why: impl Into<String>) {
        self.mark = Some(Mark::Irreversible(why.into()));
    }

    /// Records an operation, and lends it for what is said of it next.
    pub(crate) fn record(&mut self, op: Op) -> &mut Entry {
        let at = self.entries.len();
        self.entries.push(Entry { op, draft: Draft::default() });
        &mut self.entries[at]
    }

    /// The operations recorded so far, for a builder that comes back to one of them.
    pub(crate) fn entries(&mut self) -> &mut Vec<Entry> {
        &mut self.entries
    }

    /// Notes something that can't be meant, and belongs to no operation that was recorded.
    pub(crate) fn fault(&mut self, operation: String, reason: impl Into<String>) {
        self.errors.push(RecordError { operation, reason: reason.into() });
    }

    fn add_step(&mut self, name: String, step: Arc<dyn DataStep>) {
        if self.steps.contains_key(&name) {
            self.fault(format!("run data step {name}"), "there is one of that name already");
        }
        self.steps.insert(name, step);
    }
}

/// SQL just recorded, to which its undo may be added.
pub struct Executed<'a>(&'a mut Option<Expr>);

impl Executed<'_> {
    /// The SQL that undoes it.
    pub fn undo(self, sql: impl IntoSql) {
        *self.0 = Some(sql.into_sql());
    }
}

/// The first thing that can't be meant in an operation, or in one of a group.
fn error(op: &Op, draft: &Draft) -> Option<RecordError> {
    let own = draft.faults.first().cloned().or_else(|| fault(op));
    let own = own.map(|reason| RecordError { operation: op.to_string(), reason });
    own.or_else(|| match op {
        Op::On { ops, .. } => {
            let unknown = Draft::default();
            let drafts = draft.inner.iter().chain(std::iter::repeat(&unknown));
            ops.iter().zip(drafts).find_map(|(op, draft)| error(op, draft))
        }
        _ => None,
    })
}

/// A builder is made from the operation that it has just recorded, and knows its kind.
pub(crate) fn not_as_given() -> ! {
    unreachable!("the operation recorded last is the one just given")
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for RecordError {}
