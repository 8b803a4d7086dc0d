//! Triggers and rules, as they are written.

use std::collections::BTreeSet;

use super::into::{IntoColumns, IntoSql};
use super::object::{AlterObjectSpec, ObjectSpec, attributes, of_table};
use crate::aside::Aside;
use crate::builder::DropObjectSpec;
use crate::change::{ObjectChange, TriggerChange};
use crate::ops::Ops;
use crate::schema::{
    Deferrable, Definition, Each, Enabled, Expr, Name, ObjectId, Rule, RuleEvent, Timing, Trigger,
    TriggerAction, TriggerEvent, TriggerOrder,
};

/// A trigger of a table or a view. When it fires and what it does follow.
pub fn trigger(name: impl Into<String>, on: impl Into<Name>) -> ObjectSpec<'static, Trigger> {
    let definition = Trigger {
        timing: Timing::After,
        events: BTreeSet::new(),
        update_of: Vec::new(),
        each: Each::Row,
        when: None,
        action: TriggerAction::Body(Expr::Sql(String::new())),
        old_table: None,
        new_table: None,
        constraint: false,
        deferrable: Deferrable::No,
        from: None,
        enabled: Enabled::Origin,
        order: Aside(None),
    };
    ObjectSpec::own(ObjectId::trigger(name, on), Definition::Trigger(definition))
}

/// A rule of a table or a view: PostgreSQL. Which command it rewrites, and to what, follow.
pub fn rule(name: impl Into<String>, on: impl Into<Name>) -> ObjectSpec<'static, Rule> {
    let action = Expr::Sql("NOTHING".into());
    let definition =
        Rule { event: RuleEvent::Insert, instead: false, when: None, action, enabled: Enabled::Origin };
    ObjectSpec::own(ObjectId::rule(name, on), Definition::Rule(definition))
}

impl Ops {
    /// Creates a trigger. PostgreSQL's calls a function; SQLite's, MySQL's and MariaDB's has a body.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.on(POSTGRES, |op| {
    ///     op.create_function("touch").returns_trigger().language("plpgsql")
    ///         .body("BEGIN new.updated_at := now(); RETURN new; END");
    ///     op.create_trigger("touch_users", "users").before().update_of(["email"]).call("touch");
    /// });
    /// op.on(MYSQL | MARIADB, |op| {
    ///     op.create_trigger("touch_users", "users").before().update().body("SET NEW.updated_at = now()");
    /// });
    /// op.on(SQLITE, |op| {
    ///     op.create_trigger("touch_users", "users").after().update_of(["email"])
    ///         .body("BEGIN UPDATE users SET updated_at = CURRENT_TIMESTAMP WHERE id = new.id; END");
    /// });
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_trigger(
        &mut self,
        name: impl Into<String>,
        on: impl Into<Name>,
    ) -> ObjectSpec<'_, Trigger> {
        self.create_object(trigger(name, on))
    }

    /// Changes a trigger: in place where the server can, else it is dropped and created. On MySQL and MariaDB it keeps its
    /// place among the others while its timing and its event stay.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.on(POSTGRES, |op| {
    ///     op.alter_trigger("touch_users", "users").when("old.email <> new.email").disabled();
    /// });
    /// op.on(MYSQL | MARIADB, |op| {
    ///     op.alter_trigger("touch_users", "users").body("SET NEW.updated_at = utc_timestamp()");
    /// });
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn alter_trigger(
        &mut self,
        name: impl Into<String>,
        on: impl Into<Name>,
    ) -> AlterObjectSpec<'_, Trigger> {
        AlterObjectSpec::new(self, ObjectId::trigger(name, on))
    }

    /// Drops a trigger.
    pub fn drop_trigger(&mut self, name: impl Into<String>, on: impl Into<Name>) -> DropObjectSpec<'_> {
        self.drop_object(ObjectId::trigger(name, on))
    }

    /// Renames a trigger.
    pub fn rename_trigger(&mut self, name: impl Into<String>, on: impl Into<Name>, to: impl Into<String>) {
        let (name, on) = of_table(name, on);
        self.rename_object(ObjectId::trigger(name, on), to);
    }

    /// Creates a rule: PostgreSQL.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_rule("keep", "audit").on_delete().instead_nothing();
    /// op.create_rule("log", "users").on_insert().also("INSERT INTO audit VALUES (new.id)");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_rule(&mut self, name: impl Into<String>, on: impl Into<Name>) -> ObjectSpec<'_, Rule> {
        self.create_object(rule(name, on))
    }

    /// Changes whether a rule holds.
    pub fn alter_rule(&mut self, name: impl Into<String>, on: impl Into<Name>) -> AlterObjectSpec<'_, Rule> {
        AlterObjectSpec::new(self, ObjectId::rule(name, on))
    }

    /// Drops a rule.
    pub fn drop_rule(&mut self, name: impl Into<String>, on: impl Into<Name>) -> DropObjectSpec<'_> {
        self.drop_object(ObjectId::rule(name, on))
    }

    /// Renames a rule.
    pub fn rename_rule(&mut self, name: impl Into<String>, on: impl Into<Name>, to: impl Into<String>) {
        let (name, on) = of_table(name, on);
        self.rename_object(ObjectId::rule(name, on), to);
    }
}

impl ObjectSpec<'_, Trigger> {
    /// Fires for new rows.
    pub fn insert(self) -> Self {
        self.on_event(TriggerEvent::Insert)
    }

    /// Fires for changed rows.
    pub fn update(self) -> Self {
        self.on_event(TriggerEvent::Update)
    }

    /// Fires for rows changed in one of these columns: PostgreSQL, SQLite.
    pub fn update_of(self, columns: impl IntoColumns) -> Self {
        self.on_event(TriggerEvent::Update).define(|of| of.update_of = columns.into_columns())
    }

    /// Fires for deleted rows.
    pub fn delete(self) -> Self {
        self.on_event(TriggerEvent::Delete)
    }

    /// Fires when all rows go at once: PostgreSQL.
    pub fn truncate(self) -> Self {
        self.on_event(TriggerEvent::Truncate).for_each_statement()
    }

    fn on_event(self, event: TriggerEvent) -> Self {
        self.define(|of| _ = of.events.insert(event))
    }

    /// Calls a function, and gives it these texts: PostgreSQL.
    pub fn call_with(self, function: impl Into<Name>, args: impl IntoColumns) -> Self {
        let action = call(function, args.into_columns());
        self.define(|of| of.action = action)
    }

    /// A constraint trigger, which may be deferred: PostgreSQL.
    pub fn constraint(self) -> Self {
        self.define(|of| of.constraint = true)
    }

    /// A constraint trigger that fires with each statement, unless a transaction asks otherwise: PostgreSQL.
    pub fn deferrable(self) -> Self {
        self.constraint().define(|of| of.deferrable = Deferrable::InitiallyImmediate)
    }

    /// A constraint trigger that fires at the end of the transaction: PostgreSQL.
    pub fn initially_deferred(self) -> Self {
        self.constraint().define(|of| of.deferrable = Deferrable::InitiallyDeferred)
    }

    /// The other table that a constraint trigger is about: PostgreSQL.
    pub fn from_table(self, table: impl Into<Name>) -> Self {
        let table = table.into();
        self.define(|of| of.from = Some(table))
    }

    /// Fires after another trigger: MySQL, MariaDB; PostgreSQL fires by name, and takes it where the names say the same.
    pub fn follows(self, other: impl Into<String>) -> Self {
        self.define(|of| of.order = Aside(Some(TriggerOrder::Follows(other.into()))))
    }

    /// Fires before another trigger: MySQL, MariaDB; PostgreSQL fires by name, and takes it where the names say the same.
    pub fn precedes(self, other: impl Into<String>) -> Self {
        self.define(|of| of.order = Aside(Some(TriggerOrder::Precedes(other.into()))))
    }
}

attributes! {
    Trigger, Trigger(TriggerChange) {
        /// Fires before a row is written.
        before() timing, Timing = Timing::Before;
        /// Fires after it, as it does unless something else is said.
        after() timing, Timing = Timing::After;
        /// Fires instead, on a view: PostgreSQL, SQLite.
        instead_of() timing, Timing = Timing::InsteadOf;
        /// What makes it fire, all of it: one event, or on PostgreSQL several.
        events(events: impl IntoIterator<Item = TriggerEvent>) events, Events = events.into_iter().collect();
        /// Fires once for each statement: PostgreSQL. Elsewhere, and unless this is said, it fires for each row.
        for_each_statement() each, Each = Each::Statement;
        /// Fires for each row, as it does unless something else is said.
        for_each_row() each, Each = Each::Row;
        /// Fires where this holds: PostgreSQL, SQLite.
        when(sql: impl IntoSql) when, When = Some(sql.into_sql());
        /// Fires whatever holds.
        no_when() when, When = None;
        /// Calls a function: PostgreSQL.
        call(function: impl Into<Name>) action, Action = call(function, Vec::new());
        /// Runs this statement, often `BEGIN .. END`: SQLite, MySQL, MariaDB.
        body(sql: impl IntoSql) action, Action = TriggerAction::Body(sql.into_sql());
        /// The name of all rows as they were, after an update or a deletion: PostgreSQL.
        old_table(name: impl Into<String>) old_table, OldTable = Some(name.into());
        /// The rows as they were have no name.
        no_old_table() old_table, OldTable = None;
        /// The name of all rows as they become, after an insertion or an update: PostgreSQL.
        new_table(name: impl Into<String>) new_table, NewTable = Some(name.into());
        /// The rows as they become have no name.
        no_new_table() new_table, NewTable = None;
        /// Never fires: PostgreSQL.
        disabled() enabled, Enabled = Enabled::Disabled;
        /// Fires where data is written, as it does unless something else is said.
        enabled() enabled, Enabled = Enabled::Origin;
        /// Fires where data is replicated to as well: PostgreSQL.
        enabled_always() enabled, Enabled = Enabled::Always;
        /// Fires where data is replicated to alone: PostgreSQL.
        enabled_on_replica() enabled, Enabled = Enabled::Replica;
    }
}

impl AlterObjectSpec<'_, Trigger> {
    /// Fires for rows changed in one of these columns, beside its other events: PostgreSQL, SQLite. None are all columns.
    pub fn update_of(self, columns: impl IntoColumns) -> Self {
        self.change(ObjectChange::Trigger(TriggerChange::UpdateOf(columns.into_columns())))
    }

    /// A constraint trigger, which may be deferred: PostgreSQL.
    pub fn constraint(self) -> Self {
        self.change(ObjectChange::Trigger(TriggerChange::Constraint(true)))
    }

    /// A trigger like any other.
    pub fn no_constraint(self) -> Self {
        self.change(ObjectChange::Trigger(TriggerChange::Constraint(false)))
    }

    /// A constraint trigger that fires with each statement, unless a transaction asks otherwise: PostgreSQL.
    pub fn deferrable(self) -> Self {
        self.change(ObjectChange::Trigger(TriggerChange::Deferrable(Deferrable::InitiallyImmediate)))
    }

    /// A constraint trigger that fires at the end of the transaction: PostgreSQL.
    pub fn initially_deferred(self) -> Self {
        self.change(ObjectChange::Trigger(TriggerChange::Deferrable(Deferrable::InitiallyDeferred)))
    }

    /// A constraint trigger that fires with each statement, always.
    pub fn not_deferrable(self) -> Self {
        self.change(ObjectChange::Trigger(TriggerChange::Deferrable(Deferrable::No)))
    }

    /// The other table that a constraint trigger is about: PostgreSQL.
    pub fn from_table(self, table: impl Into<Name>) -> Self {
        self.change(ObjectChange::Trigger(TriggerChange::From(Some(table.into()))))
    }

    /// A constraint trigger is about its own table alone.
    pub fn no_from_table(self) -> Self {
        self.change(ObjectChange::Trigger(TriggerChange::From(None)))
    }

    /// Calls a function, and gives it these texts: PostgreSQL.
    pub fn call_with(self, function: impl Into<Name>, args: impl IntoColumns) -> Self {
        let action = call(function, args.into_columns());
        self.change(ObjectChange::Trigger(TriggerChange::Action(action)))
    }
}

fn call(function: impl Into<Name>, args: Vec<String>) -> TriggerAction {
    TriggerAction::Call { function: function.into(), args }
}

impl ObjectSpec<'_, Rule> {
    /// Rewrites INSERT.
    pub fn on_insert(self) -> Self {
        self.define(|of| of.event = RuleEvent::Insert)
    }

    /// Rewrites UPDATE.
    pub fn on_update(self) -> Self {
        self.define(|of| of.event = RuleEvent::Update)
    }

    /// Rewrites DELETE.
    pub fn on_delete(self) -> Self {
        self.define(|of| of.event = RuleEvent::Delete)
    }

    /// Holds where this does: SQL text.
    pub fn when(self, sql: impl IntoSql) -> Self {
        self.define(|of| of.when = Some(sql.into_sql()))
    }

    /// Does this instead: a command, or several in brackets.
    pub fn instead(self, sql: impl IntoSql) -> Self {
        self.define(|of| (of.instead, of.action) = (true, sql.into_sql()))
    }

    /// Does nothing instead.
    pub fn instead_nothing(self) -> Self {
        self.instead("NOTHING")
    }

    /// Does this as well: a command, or several in brackets.
    pub fn also(self, sql: impl IntoSql) -> Self {
        self.define(|of| (of.instead, of.action) = (false, sql.into_sql()))
    }
}

attributes! {
    Rule, Rule(RuleChange) {
        /// Never holds.
        disabled() enabled, Enabled = Enabled::Disabled;
        /// Holds where data is written, as it does unless something else is said.
        enabled() enabled, Enabled = Enabled::Origin;
        /// Holds where data is replicated to as well.
        enabled_always() enabled, Enabled = Enabled::Always;
        /// Holds where data is replicated to alone.
        enabled_on_replica() enabled, Enabled = Enabled::Replica;
    }
}
