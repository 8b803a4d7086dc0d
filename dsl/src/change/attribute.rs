//! The attributes of each kind, listed once.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::schema::{
    Algorithm, CheckOption, ColumnType, DataAccess, Deferrable, Domain, Each, Enabled, EventState, Expr,
    Extension, Float, MaterializedView, Name, Namespace, OwnedBy, Parallel, Policy, PolicyCommand,
    Publication, PublishedOperation, PublishedTable, Routine, Rule, Schedule, ScheduledEvent, Security,
    Sequence, Statistics, StatisticsKind, Timing, Trigger, TriggerAction, TriggerEvent, View, Volatility,
};

macro_rules! attributes {
    ($(#[$about:meta])* $change:ident of $object:ident {
        $($(#[$doc:meta])* $variant:ident($field:ident: $ty:ty) $words:literal),+ $(,)?
    }) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $change {
            $($(#[$doc])* $variant($ty),)+
        }

        impl $change {
            /// Sets the attribute.
            pub(crate) fn set(&self, object: &mut $object) {
                match self {
                    $(Self::$variant(value) => object.$field.clone_from(value),)+
                }
            }

            /// The same attribute, as it is now.
            pub(crate) fn back(&self, object: &$object) -> Self {
                match self {
                    $(Self::$variant(_) => Self::$variant(object.$field.clone()),)+
                }
            }

            /// Every attribute as `object` has it, each as the change that sets it.
            pub fn all(object: &$object) -> Vec<Self> {
                vec![$(Self::$variant(object.$field.clone()),)+]
            }

            /// The attribute, in words.
            pub fn attribute(&self) -> &'static str {
                match self {
                    $(Self::$variant(_) => $words,)+
                }
            }
        }
    };
}

attributes! {
    /// An attribute of a schema.
    NamespaceChange of Namespace {
        /// Its default character set.
        Charset(charset: Option<String>) "character set",
        /// Its default collation.
        Collation(collation: Option<String>) "collation",
    }
}

attributes! {
    /// An attribute of an extension.
    ExtensionChange of Extension {
        /// Its version; none is the server's default.
        Version(version: Option<String>) "version",
        /// The schema of its objects.
        Schema(schema: Option<String>) "schema",
    }
}

attributes! {
    /// An attribute of a domain.
    DomainChange of Domain {
        /// Whether it refuses NULL.
        NotNull(not_null: bool) "not null",
        /// Its default.
        Default(default: Option<Expr>) "default",
    }
}

attributes! {
    /// An attribute of a sequence.
    SequenceChange of Sequence {
        /// The type of its numbers.
        Type(ty: Option<ColumnType>) "type",
        /// The first number; where it stands isn't changed.
        Start(start: Option<i64>) "start",
        /// The step.
        Increment(increment: Option<i64>) "increment",
        /// The least number.
        Min(min: Option<i64>) "least number",
        /// The greatest number.
        Max(max: Option<i64>) "greatest number",
        /// How many numbers a session takes at once.
        Cache(cache: Option<i64>) "cache",
        /// Whether it begins again.
        Cycle(cycle: bool) "cycle",
        /// The column with which it goes.
        OwnedBy(owned_by: Option<OwnedBy>) "owner",
        /// Whether it isn't written ahead.
        Unlogged(unlogged: bool) "logging",
    }
}

attributes! {
    /// An attribute of a view.
    ViewChange of View {
        /// Its query, and with it the names of its columns.
        Query(query: Expr) "query",
        /// Whether rows written through it must be rows of it.
        CheckOption(check_option: Option<CheckOption>) "check option",
        /// Whose rights count.
        Security(security: Option<Security>) "security",
        /// Whether its conditions come first.
        SecurityBarrier(security_barrier: bool) "security barrier",
        /// How it is evaluated.
        Algorithm(algorithm: Option<Algorithm>) "algorithm",
        /// What rows inserted through it get in columns that they don't give.
        Defaults(defaults: BTreeMap<String, Expr>) "defaults",
        /// Remarks on its columns.
        ColumnComments(column_comments: BTreeMap<String, String>) "comments on columns",
    }
}

attributes! {
    /// An attribute of a materialized view.
    MaterializedViewChange of MaterializedView {
        /// Its query, and with it the names of its columns.
        Query(query: Expr) "query",
        /// Storage parameters, all of them.
        Storage(storage: BTreeMap<String, String>) "storage parameters",
        /// Its tablespace.
        Tablespace(tablespace: Option<String>) "tablespace",
        /// How its rows are kept.
        AccessMethod(access_method: Option<String>) "access method",
        /// The index in whose order its rows are put.
        Cluster(cluster: Option<String>) "cluster",
        /// What its columns have beside their types, all of it.
        ColumnOptions(column_options: BTreeMap<String, BTreeMap<String, String>>) "options of columns",
        /// Remarks on its columns.
        ColumnComments(column_comments: BTreeMap<String, String>) "comments on columns",
    }
}

attributes! {
    /// An attribute of a function or a procedure.
    RoutineChange of Routine {
        /// Its body.
        Body(body: Expr) "body",
        /// How far its result depends on more than its arguments.
        Volatility(volatility: Volatility) "volatility",
        /// Whether it gives NULL for NULL.
        Strict(strict: bool) "strictness",
        /// Whether it tells nothing of its arguments.
        Leakproof(leakproof: bool) "leakproofness",
        /// Whether it may run in a parallel worker.
        Parallel(parallel: Parallel) "parallel safety",
        /// Whose rights count.
        Security(security: Option<Security>) "security",
        /// How costly a call is.
        Cost(cost: Option<Float>) "cost",
        /// How many rows it gives.
        Rows(rows: Option<Float>) "rows",
        /// Settings that hold while it runs, all of them.
        Settings(settings: BTreeMap<String, String>) "settings",
        /// The function that tells the planner more of it.
        Support(support: Option<Name>) "planner support",
        /// What it does with data.
        DataAccess(data_access: Option<DataAccess>) "data access",
    }
}

attributes! {
    /// An attribute of a trigger.
    TriggerChange of Trigger {
        /// When it fires.
        Timing(timing: Timing) "timing",
        /// What makes it fire, all of it; the columns of an update go where it isn't among it.
        Events(events: BTreeSet<TriggerEvent>) "events",
        /// The columns on whose update it fires; an update is among its events then.
        UpdateOf(update_of: Vec<String>) "columns",
        /// For each row, or once for each statement.
        Each(each: Each) "repetition",
        /// Where it fires.
        When(when: Option<Expr>) "condition",
        /// What it does.
        Action(action: TriggerAction) "action",
        /// The name of all rows as they were.
        OldTable(old_table: Option<String>) "name of the old rows",
        /// The name of all rows as they become.
        NewTable(new_table: Option<String>) "name of the new rows",
        /// Whether it is a constraint trigger; what only such a one has goes where it isn't.
        Constraint(constraint: bool) "constraint",
        /// When a constraint trigger fires, which it is then.
        Deferrable(deferrable: Deferrable) "deferral",
        /// The other table that a constraint trigger is about, which it is then.
        From(from: Option<Name>) "other table",
        /// When it fires at all.
        Enabled(enabled: Enabled) "firing",
    }
}

attributes! {
    /// An attribute of a rule.
    RuleChange of Rule {
        /// When it holds at all.
        Enabled(enabled: Enabled) "firing",
    }
}

attributes! {
    /// An attribute of a policy.
    PolicyChange of Policy {
        /// The command that it is for.
        Command(command: PolicyCommand) "command",
        /// Whether it narrows what the others allow.
        Restrictive(restrictive: bool) "restrictiveness",
        /// Whom it is for.
        Roles(roles: Vec<String>) "roles",
        /// Which rows can be seen.
        Using(using: Option<Expr>) "condition",
        /// Which rows can be written.
        WithCheck(with_check: Option<Expr>) "check",
    }
}

attributes! {
    /// An attribute of extended statistics.
    StatisticsChange of Statistics {
        /// What is counted, all of it.
        Kinds(kinds: BTreeSet<StatisticsKind>) "kinds",
        /// How finely it is counted.
        Target(target: Option<i32>) "target",
    }
}

attributes! {
    /// An attribute of a publication.
    PublicationChange of Publication {
        /// Whether it has every table, and then none by name.
        AllTables(all_tables: bool) "tables",
        /// Its tables, all of them.
        Tables(tables: BTreeSet<PublishedTable>) "tables",
        /// Its schemas, all of them.
        Schemas(schemas: BTreeSet<String>) "schemas",
        /// What is published.
        Operations(operations: BTreeSet<PublishedOperation>) "operations",
        /// Whether changes of partitions are changes of their table.
        ViaRoot(via_root: bool) "root",
        /// Whether stored generated columns are published.
        Generated(generated: bool) "generated columns",
    }
}

attributes! {
    /// An attribute of a scheduled event.
    EventChange of ScheduledEvent {
        /// When it runs.
        Schedule(schedule: Schedule) "schedule",
        /// What it runs.
        Body(body: Expr) "body",
        /// Whether it stays after its last run.
        Preserve(preserve: bool) "preservation",
        /// Whether it runs at all.
        State(state: EventState) "state",
    }
}
