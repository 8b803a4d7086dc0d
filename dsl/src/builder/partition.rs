//! Partitions, inheritance and exclusion, as they are written.

use super::into::IntoKeys;
use super::table::TableSpec;
use crate::change::TableChange;
use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::{Bound, Name, Partition, PartitionMethod, PartitionOf, Partitioning, Table};

impl TableSpec<'_> {
    /// Divides it by ranges of these columns or expressions: PostgreSQL, MySQL, MariaDB.
    ///
    /// PostgreSQL's partitions are tables of their own, created by [`Ops::create_partition`]; MySQL's and MariaDB's are
    /// written here, by [`partition`](Self::partition).
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.on(POSTGRES, |op| {
    ///     op.create_table("events").col("at", timestamptz().not_null()).partition_by_range(["at"]);
    ///     op.create_partition("events_2024", "events", Bound::range(["2024-01-01"], ["2025-01-01"]));
    ///     op.create_partition("events_rest", "events", Bound::Default);
    /// });
    /// op.on(MYSQL | MARIADB, |op| {
    ///     op.create_table("events")
    ///         .col("at", datetime().not_null())
    ///         .partition_by_range(["at"])
    ///         .partition("events_2024", Bound::less_than(["2025-01-01"]))
    ///         .partition("events_rest", Bound::less_than([sql("MAXVALUE")]));
    /// });
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn partition_by_range(self, keys: impl IntoKeys) -> Self {
        self.partitioned(PartitionMethod::Range, keys)
    }

    /// Divides it by lists of values of these columns or this expression: PostgreSQL, MySQL, MariaDB.
    pub fn partition_by_list(self, keys: impl IntoKeys) -> Self {
        self.partitioned(PartitionMethod::List, keys)
    }

    /// Divides it by a hash: of columns on PostgreSQL, of a whole number on MySQL and MariaDB.
    pub fn partition_by_hash(self, keys: impl IntoKeys) -> Self {
        self.partitioned(PartitionMethod::Hash, keys)
    }

    /// Divides it by a hash of these columns: MySQL, MariaDB.
    pub fn partition_by_key(self, keys: impl IntoKeys) -> Self {
        self.partitioned(PartitionMethod::Key, keys)
    }

    fn partitioned(mut self, method: PartitionMethod, keys: impl IntoKeys) -> Self {
        let keys = keys.into_keys();
        self.table.partitioning =
            Some(Partitioning { method, keys, linear: false, partitions: Vec::new(), count: None });
        self
    }

    /// Adds a partition by name: MySQL, MariaDB.
    pub fn partition(self, name: impl Into<String>, bound: Bound) -> Self {
        let partition = Partition::new(name, bound);
        self.of_partitioning(".partition(..)", |of| of.partitions.push(partition))
    }

    /// A remark on the [`partition`](Self::partition) written last: MySQL, MariaDB.
    pub fn partition_comment(mut self, comment: impl Into<String>) -> Self {
        match self.table.partitioning.iter_mut().flat_map(|of| of.partitions.last_mut()).next() {
            Some(partition) => partition.comment = Some(comment.into()),
            None => self.draft.fault(".partition_comment(..) doesn't follow .partition(..)"),
        }
        self
    }

    /// So many partitions by a hash: MySQL, MariaDB.
    pub fn partitions(self, count: u32) -> Self {
        self.of_partitioning(".partitions(..)", |of| of.count = Some(count))
    }

    /// The hash is a linear one: MySQL, MariaDB.
    pub fn linear(self) -> Self {
        self.of_partitioning(".linear()", |of| of.linear = true)
    }

    fn of_partitioning(mut self, what: &str, set: impl FnOnce(&mut Partitioning)) -> Self {
        match &mut self.table.partitioning {
            Some(partitioning) => set(partitioning),
            None => self.draft.fault(format!("{what} doesn't follow .partition_by_range(..) or its like")),
        }
        self
    }

    /// It is a partition of another table, whose columns it has: PostgreSQL.
    pub fn partition_of(mut self, parent: impl Into<Name>, bound: Bound) -> Self {
        self.table.partition_of = Some(Box::new(PartitionOf { parent: parent.into(), bound }));
        self
    }

    /// It inherits from another table, and has its columns too: PostgreSQL.
    pub fn inherits(mut self, parent: impl Into<Name>) -> Self {
        self.table.inherits.push(parent.into());
        self
    }

    /// A storage parameter: `.storage("fillfactor", "70")`: PostgreSQL. Nothing elsewhere.
    pub fn storage(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.table.options.storage.insert(name.into(), value.into());
        self
    }

    /// How its rows are kept, by the name of an access method: PostgreSQL. Nothing elsewhere.
    pub fn access_method(mut self, name: impl Into<String>) -> Self {
        self.table.options.access_method = Some(name.into());
        self
    }

    /// Its tablespace: PostgreSQL, MySQL. Nothing elsewhere.
    pub fn tablespace(mut self, name: impl Into<String>) -> Self {
        self.table.options.tablespace = Some(name.into());
        self
    }
}

impl Ops {
    /// Creates a partition of a table: PostgreSQL. It has that table's columns; keys of its own may follow.
    pub fn create_partition(
        &mut self,
        name: impl Into<Name>,
        parent: impl Into<Name>,
        bound: Bound,
    ) -> TableSpec<'_> {
        self.create_table(name).partition_of(parent, bound)
    }

    /// Makes a table a partition of another: PostgreSQL.
    pub fn attach_partition(&mut self, table: impl Into<Name>, partition: impl Into<Name>, bound: Bound) {
        let change = TableChange::Attach { partition: partition.into(), bound };
        self.push(Op::AlterTable { table: table.into(), change });
    }

    /// Makes a partition a table of its own: PostgreSQL.
    pub fn detach_partition(&mut self, table: impl Into<Name>, partition: impl Into<Name>) -> DetachSpec<'_> {
        let change = TableChange::Detach { partition: partition.into(), concurrently: false };
        match &mut self.record(Op::AlterTable { table: table.into(), change }).op {
            Op::AlterTable { change: TableChange::Detach { concurrently, .. }, .. } => {
                DetachSpec(concurrently)
            }
            _ => not_as_given(),
        }
    }

    /// Divides a table that wasn't, or divides it otherwise: MySQL, MariaDB. How is written as for a
    /// [`table`](crate::table()).
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.partition_table("events", |table| table.partition_by_hash(["id"]).partitions(8));
    /// op.remove_partitioning("events");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn partition_table(
        &mut self,
        table: impl Into<Name>,
        how: impl FnOnce(TableSpec<'static>) -> TableSpec<'static>,
    ) {
        let table = table.into();
        let (written, _, draft) = how(TableSpec::from(Table::new(table.clone()))).into_parts();
        let entry = self.record(Op::AlterTable {
            table,
            change: TableChange::Partitioning(written.partitioning.clone()),
        });
        entry.draft.faults.extend(draft.faults);
        if written.partitioning.is_none() {
            entry.draft.fault("how isn't said: .partition_by_range(..) or its like");
        }
    }

    /// Makes a divided table one again: MySQL, MariaDB.
    pub fn remove_partitioning(&mut self, table: impl Into<Name>) {
        self.push(Op::AlterTable { table: table.into(), change: TableChange::Partitioning(None) });
    }

    /// Adds a partition, last: MySQL, MariaDB.
    pub fn add_partition(
        &mut self,
        table: impl Into<Name>,
        name: impl Into<String>,
        bound: Bound,
    ) -> PartitionSpec<'_> {
        let change = TableChange::AddPartition(Partition::new(name, bound));
        match &mut self.record(Op::AlterTable { table: table.into(), change }).op {
            Op::AlterTable { change: TableChange::AddPartition(partition), .. } => PartitionSpec(partition),
            _ => not_as_given(),
        }
    }

    /// Drops a partition and its rows: MySQL, MariaDB. PostgreSQL's is a table.
    pub fn drop_partition(&mut self, table: impl Into<Name>, name: impl Into<String>) {
        let change = TableChange::DropPartition { name: name.into() };
        self.push(Op::AlterTable { table: table.into(), change });
    }

    /// Empties a partition: MySQL, MariaDB. There is no way back.
    pub fn truncate_partition(&mut self, table: impl Into<Name>, name: impl Into<String>) {
        let change = TableChange::TruncatePartition { name: name.into() };
        self.push(Op::AlterTable { table: table.into(), change });
    }

    /// Lets the rows of a partition and those of a table of the same columns and keys change places: MySQL, MariaDB.
    pub fn exchange_partition(
        &mut self,
        table: impl Into<Name>,
        name: impl Into<String>,
        with: impl Into<Name>,
    ) -> ExchangeSpec<'_> {
        let change =
            TableChange::ExchangePartition { name: name.into(), with: with.into(), unchecked: false };
        match &mut self.record(Op::AlterTable { table: table.into(), change }).op {
            Op::AlterTable { change: TableChange::ExchangePartition { unchecked, .. }, .. } => {
                ExchangeSpec(unchecked)
            }
            _ => not_as_given(),
        }
    }

    /// Makes a table of its own of a partition, with its rows: MariaDB 10.7.
    pub fn partition_to_table(
        &mut self,
        table: impl Into<Name>,
        name: impl Into<String>,
        to: impl Into<Name>,
    ) {
        let change = TableChange::PartitionToTable { name: name.into(), to: to.into() };
        self.push(Op::AlterTable { table: table.into(), change });
    }

    /// Makes a partition of a table of the same columns and keys, with its rows; it comes last: MariaDB 10.7.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.on(MARIADB, |op| {
    ///     op.partition_to_table("events", "events_2024", "events_of_2024");
    ///     op.table_to_partition("events", "events_new", Partition::new("events_2027", Bound::less_than(["2028-01-01"])));
    /// });
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn table_to_partition(
        &mut self,
        table: impl Into<Name>,
        other: impl Into<Name>,
        partition: impl Into<Partition>,
    ) {
        let change = TableChange::TableToPartition { table: other.into(), partition: partition.into() };
        self.push(Op::AlterTable { table: table.into(), change });
    }

    /// Divides partitions next to each other anew, with all their rows: MySQL, MariaDB. One that is reorganized into itself
    /// may get another comment.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.reorganize_partitions(
    ///     "events",
    ///     ["rest"],
    ///     [("events_2026", Bound::less_than(["2027-01-01"])), ("rest", Bound::less_than([sql("MAXVALUE")]))],
    /// );
    /// let bound = Bound::less_than(["2026-01-01"]);
    /// op.reorganize_partitions("events", ["events_2025"], [Partition::new("events_2025", bound).comment("old")]);
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn reorganize_partitions<N: Into<String>, P: Into<Partition>>(
        &mut self,
        table: impl Into<Name>,
        partitions: impl IntoIterator<Item = N>,
        into: impl IntoIterator<Item = P>,
    ) {
        let change = TableChange::ReorganizePartitions {
            partitions: partitions.into_iter().map(Into::into).collect(),
            into: into.into_iter().map(Into::into).collect(),
        };
        self.push(Op::AlterTable { table: table.into(), change });
    }

    /// Makes a table inherit from another too: PostgreSQL.
    pub fn inherit(&mut self, table: impl Into<Name>, parent: impl Into<Name>) {
        self.push(Op::AlterTable { table: table.into(), change: TableChange::Inherit(parent.into()) });
    }

    /// Makes a table inherit from another no more; it keeps the columns: PostgreSQL.
    pub fn no_inherit(&mut self, table: impl Into<Name>, parent: impl Into<Name>) {
        self.push(Op::AlterTable { table: table.into(), change: TableChange::NoInherit(parent.into()) });
    }

    /// Sets the comment of a constraint: PostgreSQL.
    pub fn comment_on_constraint(
        &mut self,
        table: impl Into<Name>,
        name: impl Into<String>,
        comment: impl Into<String>,
    ) {
        let change = TableChange::ConstraintComment { name: name.into(), comment: Some(comment.into()) };
        self.push(Op::AlterTable { table: table.into(), change });
    }

    /// Removes the comment of a constraint: PostgreSQL.
    pub fn drop_comment_on_constraint(&mut self, table: impl Into<Name>, name: impl Into<String>) {
        let change = TableChange::ConstraintComment { name: name.into(), comment: None };
        self.push(Op::AlterTable { table: table.into(), change });
    }
}

/// A partition being detached.
pub struct DetachSpec<'a>(&'a mut bool);

impl DetachSpec<'_> {
    /// Without stopping readers and writers, outside any transaction.
    pub fn concurrently(self) -> Self {
        *self.0 = true;
        self
    }
}

/// A partition being added.
pub struct PartitionSpec<'a>(&'a mut Partition);

impl PartitionSpec<'_> {
    /// A remark kept in the catalog.
    pub fn comment(self, comment: impl Into<String>) -> Self {
        self.0.comment = Some(comment.into());
        self
    }
}

/// A partition and a table changing places.
pub struct ExchangeSpec<'a>(&'a mut bool);

impl ExchangeSpec<'_> {
    /// Without a look at each row, whether the partition may have it: `WITHOUT VALIDATION`, MySQL and MariaDB 11.4.
    pub fn unchecked(self) -> Self {
        *self.0 = true;
        self
    }
}
