//! Functions and procedures, as they are written.

use super::column::ColumnSpec;
use super::into::IntoSql;
use super::object::{AlterObjectSpec, ObjectSpec, attributes};
use crate::builder::DropObjectSpec;
use crate::ops::Ops;
use crate::schema::{
    Argument, ArgumentMode, ColumnType, DataAccess, Definition, Expr, Float, Name, ObjectId, Parallel,
    Returns, Routine, Security, Volatility,
};

/// A function. Its arguments, its result and its body follow.
pub fn function(name: impl Into<Name>) -> ObjectSpec<'static, Routine> {
    ObjectSpec::own(ObjectId::function(name, NO_ARGS), Definition::Function(empty()))
}

/// A procedure. Its arguments and its body follow.
pub fn procedure(name: impl Into<Name>) -> ObjectSpec<'static, Routine> {
    ObjectSpec::own(ObjectId::procedure(name, NO_ARGS), Definition::Procedure(empty()))
}

const NO_ARGS: [ColumnType; 0] = [];

fn empty() -> Routine {
    Routine::new(Expr::Sql(String::new()))
}

impl Ops {
    /// Creates a function: PostgreSQL, MySQL, MariaDB.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_function("add")
    ///     .arg("a", integer())
    ///     .arg("b", integer().default(1))
    ///     .returns(integer())
    ///     .immutable()
    ///     .body("SELECT a + b");
    /// op.alter_function("add").strict().parallel_safe();
    /// op.drop_function("add");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_function(&mut self, name: impl Into<Name>) -> ObjectSpec<'_, Routine> {
        self.create_object(function(name))
    }

    /// Creates a procedure: PostgreSQL, MySQL, MariaDB.
    pub fn create_procedure(&mut self, name: impl Into<Name>) -> ObjectSpec<'_, Routine> {
        self.create_object(procedure(name))
    }

    /// Changes a function that is the only one of its name; one of several is identified for
    /// [`alter_routine`](Self::alter_routine).
    pub fn alter_function(&mut self, name: impl Into<Name>) -> AlterObjectSpec<'_, Routine> {
        self.alter_routine(ObjectId::any_function(name))
    }

    /// Changes a procedure that is the only one of its name; one of several is identified for
    /// [`alter_routine`](Self::alter_routine).
    pub fn alter_procedure(&mut self, name: impl Into<Name>) -> AlterObjectSpec<'_, Routine> {
        self.alter_routine(ObjectId::any_procedure(name))
    }

    /// Changes a function or a procedure: `op.alter_routine(ObjectId::function("add", [integer(), integer()]))`.
    pub fn alter_routine(&mut self, routine: ObjectId) -> AlterObjectSpec<'_, Routine> {
        AlterObjectSpec::new(self, routine)
    }

    /// Drops a function that is the only one of its name; one of several is identified for
    /// [`drop_object`](Self::drop_object).
    pub fn drop_function(&mut self, name: impl Into<Name>) -> DropObjectSpec<'_> {
        self.drop_object(ObjectId::any_function(name))
    }

    /// Drops a procedure that is the only one of its name; one of several is identified for
    /// [`drop_object`](Self::drop_object).
    pub fn drop_procedure(&mut self, name: impl Into<Name>) -> DropObjectSpec<'_> {
        self.drop_object(ObjectId::any_procedure(name))
    }

    /// Renames a function that is the only one of its name.
    pub fn rename_function(&mut self, name: impl Into<Name>, to: impl Into<String>) {
        self.rename_object(ObjectId::any_function(name), to);
    }

    /// Renames a procedure that is the only one of its name.
    pub fn rename_procedure(&mut self, name: impl Into<Name>, to: impl Into<String>) {
        self.rename_object(ObjectId::any_procedure(name), to);
    }
}

attributes! {
    Routine, Routine(RoutineChange) {
        /// Its body, as text, the same for every server or one for each. On MySQL and MariaDB it is a statement, often
        /// `BEGIN .. END`.
        body(sql: impl IntoSql) body, Body = sql.into_sql();
        /// Its result is always the same for the same arguments. MySQL and MariaDB call it `DETERMINISTIC`.
        immutable() volatility, Volatility = Volatility::Immutable;
        /// Its result is the same within a statement.
        stable() volatility, Volatility = Volatility::Stable;
        /// Its result may change at any time, as it may unless something else is said.
        volatile() volatility, Volatility = Volatility::Volatile;
        /// Gives NULL for NULL without being called: PostgreSQL.
        strict() strict, Strict = true;
        /// Is called with NULL too.
        called_on_null_input() strict, Strict = false;
        /// Tells nothing of its arguments but by its result: PostgreSQL.
        leakproof() leakproof, Leakproof = true;
        /// May tell something of its arguments.
        not_leakproof() leakproof, Leakproof = false;
        /// May run in a parallel worker: PostgreSQL.
        parallel_safe() parallel, Parallel = Parallel::Safe;
        /// May run beside parallel workers, and in none: PostgreSQL.
        parallel_restricted() parallel, Parallel = Parallel::Restricted;
        /// May not run beside parallel workers.
        parallel_unsafe() parallel, Parallel = Parallel::Unsafe;
        /// The rights of whoever defined it count.
        security_definer() security, Security = Some(Security::Definer);
        /// The rights of whoever calls it count.
        security_invoker() security, Security = Some(Security::Invoker);
        /// How costly a call is, in units of `cpu_operator_cost`: PostgreSQL.
        cost(units: impl Into<f64>) cost, Cost = Some(Float(units.into()));
        /// How many rows it gives, in the planner's eyes: PostgreSQL.
        rows(rows: impl Into<f64>) rows, Rows = Some(Float(rows.into()));
        /// Another function tells the planner more of it: PostgreSQL, by a superuser alone.
        support(function: impl Into<Name>) support, Support = Some(function.into());
        /// Nothing else tells the planner of it.
        no_support() support, Support = None;
    }
}

impl ObjectSpec<'_, Routine> {
    /// Adds an argument. PostgreSQL's may have a default: `.arg("n", integer().default(1))`.
    pub fn arg(self, name: impl Into<String>, ty: impl Into<ColumnSpec>) -> Self {
        self.argument(name.into(), ty.into(), ArgumentMode::In)
    }

    /// Adds an argument that goes out.
    pub fn out_arg(self, name: impl Into<String>, ty: impl Into<ColumnSpec>) -> Self {
        self.argument(name.into(), ty.into(), ArgumentMode::Out)
    }

    /// Adds an argument that goes in and out.
    pub fn inout_arg(self, name: impl Into<String>, ty: impl Into<ColumnSpec>) -> Self {
        self.argument(name.into(), ty.into(), ArgumentMode::InOut)
    }

    /// Adds an argument that takes all the rest, an array: PostgreSQL.
    pub fn variadic_arg(self, name: impl Into<String>, ty: impl Into<ColumnSpec>) -> Self {
        self.argument(name.into(), ty.into(), ArgumentMode::Variadic)
    }

    /// What a function gives.
    pub fn returns(self, ty: impl Into<ColumnType>) -> Self {
        let ty = ty.into();
        self.define(|of| of.returns = Some(Returns::Type(ty)))
    }

    /// A function of which PostgreSQL's triggers are made.
    pub fn returns_trigger(self) -> Self {
        self.returns(ColumnType::Native("trigger".into()))
    }

    /// A function gives rows of this type: PostgreSQL.
    pub fn returns_set_of(self, ty: impl Into<ColumnType>) -> Self {
        let ty = ty.into();
        self.define(|of| of.returns = Some(Returns::SetOf(ty)))
    }

    /// A function gives rows of these columns: PostgreSQL.
    pub fn returns_table<N: Into<String>, T: Into<ColumnType>>(
        self,
        columns: impl IntoIterator<Item = (N, T)>,
    ) -> Self {
        let columns = columns.into_iter().map(|(name, ty)| (name.into(), ty.into())).collect();
        self.define(|of| of.returns = Some(Returns::Table(columns)))
    }

    /// The language: PostgreSQL; `sql` unless given.
    pub fn language(self, language: impl Into<String>) -> Self {
        self.define(|of| of.language = Some(language.into()))
    }

    /// A setting that holds while it runs: PostgreSQL.
    pub fn set(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.define(|of| _ = of.settings.insert(name, value))
    }

    /// What it does with data, as MySQL and MariaDB are told.
    pub fn data_access(self, access: DataAccess) -> Self {
        self.define(|of| of.data_access = Some(access))
    }

    /// Adds an argument; what goes in is part of what identifies a routine.
    fn argument(mut self, name: String, spec: ColumnSpec, mode: ArgumentMode) -> Self {
        let (column, constraints, faults) = spec.into_named(name);
        self.draft.faults.extend(faults);
        if !constraints.is_empty()
            || column.not_null
            || column.generated.is_some()
            || column.identity.is_some()
        {
            self.draft.fault(format!(
                "argument {} has a type and a default, and nothing else of a column",
                column.name
            ));
        }
        if mode != ArgumentMode::Out
            && let Some(args) = &mut self.object.id.args
        {
            args.push(column.ty.clone());
        }
        let argument = Argument { name: column.name, ty: column.ty, mode, default: column.default };
        self.define(|of| of.args.push(argument))
    }
}

impl AlterObjectSpec<'_, Routine> {
    /// Settings that hold while it runs, all of them: PostgreSQL.
    pub fn settings<K: Into<String>, V: Into<String>>(
        self,
        settings: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let settings = settings.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let change = crate::change::RoutineChange::Settings(settings);
        self.change(crate::change::ObjectChange::Routine(change))
    }
}
