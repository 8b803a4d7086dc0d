//! The vocabulary that all of Dunlin speaks: schemas and their parts, operations and what they mean, the typed
//! DSL that records them, statements, and the two ports to dialects and connections.
//!
//! Nothing here does IO, and nothing asks which dialect it is for.

mod apply;
mod aside;
mod builder;
mod change;
mod connection;
mod dialect;
mod fault;
pub mod lexicon;
mod mention;
mod naming;
mod op;
mod ops;
mod order;
mod progress;
mod recall;
mod reverse;
mod schema;
mod sea;
mod server;
mod statement;
mod step;
mod touch;

pub use apply::{Conflict, apply};
pub use aside::Aside;
pub use builder::*;
pub use change::{
    ConstraintChange, DomainChange, EventChange, ExtensionChange, IndexChange, MaterializedViewChange,
    NamespaceChange, ObjectChange, PolicyChange, PublicationChange, RoutineChange, RuleChange,
    SequenceChange, StatisticsChange, TableChange, TriggerChange, ValuePosition, ViewChange,
};
pub use connection::{BatchError, Connection, ConnectionError, CopyData, ErrorKind, Row};
pub use dialect::{Dialect, Guard, Hoisted, Lock, SessionLock, Transactions, Unsupported};
pub use lexicon::Lexicon;
pub use naming::{Naming, conventional_name};
pub use op::{ColumnChange, Existing, Op, Position};
pub use ops::{Executed, Mark, Ops, RecordError, Recorded};
pub use order::{creation_ops, drop_ops};
pub use progress::{Gauge, Progress};
pub use recall::recall;
pub use reverse::{Irreversible, reverse, reverse_all};
pub use schema::{
    Action, Algorithm, Argument, ArgumentMode, Aspect, Attribute, Bound, Check, CheckOption, Collation,
    Column, ColumnType, Composite, Constraint, ConstraintKind, DataAccess, Deferrable, Definition, Dependent,
    DependentKind, Domain, Each, Enabled, Enforcement, EnumType, EventState, Exclusion, ExclusionElement,
    Expr, Extension, Float, ForeignKey, Generated, Grant, Identity, Index, IndexKey, IntWidth, KeyPart,
    Label, Match, MaterializedView, Name, Namespace, Notes, Nulls, Object, ObjectId, ObjectKind, OwnedBy,
    Parallel, PartKind, Partition, PartitionMethod, PartitionOf, Partitioning, PassedOn, Policy,
    PolicyCommand, PrimaryKey, Publication, PublishedOperation, PublishedTable, ReplicaIdentity, Returns,
    Routine, RowSecurity, Rule, RuleEvent, Schedule, ScheduledEvent, Schema, Security, Sequence, Size,
    Statistics, StatisticsKind, Table, TableOptions, Timing, Trigger, TriggerAction, TriggerEvent,
    TriggerOrder, Unique, Unmodelled, Value, View, Volatility, sql,
};
pub use server::{DialectId, DialectSet, MARIADB, MYSQL, POSTGRES, PerDialect, SQLITE, Server, Version};
pub use statement::{
    Check as StatementCheck, Expect, Hazard, HazardKind, Place, Probe, Setting, Statement, When,
};
pub use step::DataStep;
pub use touch::touched;

/// All of it, in one `use`.
pub mod prelude {
    pub use crate::*;
}

/// Whether a value says nothing: what JSON leaves out.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
