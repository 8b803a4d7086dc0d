//! The recorder: what a migration's `up` and `down` write their operations to.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::naming::name_op;
use crate::op::Op;
use crate::schema::{Expr, Name, Table};
use crate::server::DialectSet;
use crate::step::DataStep;

/// Records operations; runs none of them.
///
/// ```
/// use dunlin_dsl::{Op, Ops, boolean, uuid, varchar};
///
/// let mut op = Ops::new();
/// op.create_table("users")
///     .col("id", uuid().primary_key())
///     .col("email", varchar(255).not_null().unique())
///     .col("is_admin", boolean().not_null().default(false));
/// let recorded = op.finish()?;
/// assert_eq!(recorded.ops[0].to_string(), "create table users");
/// # Ok::<(), dunlin_dsl::RecordError>(())
/// ```
#[derive(Default)]
pub struct Ops {
    ops: Vec<Op>,
    steps: BTreeMap<String, Arc<dyn DataStep>>,
    mark: Option<Mark>,
    errors: Vec<RecordError>,
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

    /// What was recorded, with every constraint and index named; or the first thing that can't be meant.
    pub fn finish(mut self) -> Result<Recorded, RecordError> {
        self.ops.iter_mut().for_each(name_op);
        match self.errors.into_iter().next().or_else(|| self.ops.iter().find_map(fault)) {
            Some(error) => Err(error),
            None => Ok(Recorded { ops: self.ops, steps: self.steps, mark: self.mark }),
        }
    }

    /// Creates a table; its columns follow.
    pub fn create_table(&mut self, name: impl Into<Name>) -> &mut Table {
        match self.record(Op::CreateTable { table: Table::new(name), if_not_exists: false }) {
            Op::CreateTable { table, .. } => table,
            _ => unreachable!("the operation recorded last is the one just given"),
        }
    }

    /// Drops a table and its rows.
    pub fn drop_table(&mut self, name: impl Into<Name>) {
        self.record(Op::DropTable { table: name.into(), if_exists: false });
    }

    /// Renames a table within its schema.
    pub fn rename_table(&mut self, name: impl Into<Name>, to: impl Into<String>) {
        self.record(Op::RenameTable { table: name.into(), to: to.into() });
    }

    /// Renames a column.
    pub fn rename_column(
        &mut self,
        table: impl Into<Name>,
        column: impl Into<String>,
        to: impl Into<String>,
    ) {
        self.record(Op::RenameColumn { table: table.into(), column: column.into(), to: to.into() });
    }

    /// Drops a column and what it holds.
    pub fn drop_column(&mut self, table: impl Into<Name>, column: impl Into<String>) {
        self.record(Op::DropColumn { table: table.into(), column: column.into(), if_exists: false });
    }

    /// Runs SQL as it is written, on every server; `undo` is the SQL that undoes it.
    pub fn execute(&mut self, sql: impl Into<String>) -> Executed<'_> {
        match self.record(Op::Execute { sql: Expr::Sql(sql.into()), undo: None }) {
            Op::Execute { undo, .. } => Executed(undo),
            _ => unreachable!("the operation recorded last is the one just given"),
        }
    }

    /// Runs a data step.
    pub fn run(&mut self, step: impl DataStep + 'static) {
        let name = step.name().to_owned();
        if self.steps.insert(name.clone(), Arc::new(step)).is_some() {
            self.errors.push(RecordError {
                operation: format!("run data step {name}"),
                reason: "there is one of that name already".into(),
            });
        }
        self.record(Op::Run { step: name });
    }

    /// Records operations for some dialects; they are recorded whatever the server, and chosen when it is known.
    pub fn on(&mut self, dialects: impl Into<DialectSet>, record: impl FnOnce(&mut Ops)) {
        let mut inner = Ops::new();
        record(&mut inner);
        self.steps.append(&mut inner.steps);
        self.errors.append(&mut inner.errors);
        self.record(Op::On { dialects: dialects.into(), ops: inner.ops });
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
    pub(crate) fn record(&mut self, op: Op) -> &mut Op {
        let at = self.ops.len();
        self.ops.push(op);
        &mut self.ops[at]
    }
}

/// SQL just recorded, to which its undo may be added.
pub struct Executed<'a>(&'a mut Option<Expr>);

impl Executed<'_> {
    /// The SQL that undoes it.
    pub fn undo(self, sql: impl Into<String>) {
        *self.0 = Some(Expr::Sql(sql.into()));
    }
}

/// What can't be meant in an operation, if anything.
fn fault(op: &Op) -> Option<RecordError> {
    let error = |reason: String| Some(RecordError { operation: op.to_string(), reason });
    if op.table().is_some_and(|table| table.name.is_empty()) {
        return error("a table needs a name".into());
    }
    match op {
        Op::CreateTable { table, .. } => {
            if table.columns.is_empty() {
                return error("a table needs a column".into());
            }
            let twice = (table.columns.iter().enumerate())
                .find(|(at, column)| table.columns[..*at].iter().any(|other| other.name == column.name));
            if let Some((_, column)) = twice {
                return error(format!("it has the column {} twice", column.name));
            }
            let keys = table.primary_key.iter().flat_map(|key| &key.columns);
            let keys = keys.chain(table.uniques.iter().flat_map(|unique| &unique.columns));
            let mut keys = keys.chain(table.foreign_keys.iter().flat_map(|key| &key.columns));
            keys.find(|column| table.column(column).is_none())
                .and_then(|column| error(format!("a key names the column {column}, which it hasn't")))
        }
        Op::Insert { columns, rows, .. } => {
            let short = rows.iter().position(|row| row.len() != columns.len())?;
            error(format!(
                "row {} gives {} values for {} columns",
                short + 1,
                rows[short].len(),
                columns.len()
            ))
        }
        Op::On { dialects, .. } if *dialects == DialectSet::default() => error("it names no dialect".into()),
        Op::On { ops, .. } => ops.iter().find_map(fault),
        _ => None,
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "can't {}: {}", self.operation, self.reason)
    }
}

impl std::error::Error for RecordError {}
