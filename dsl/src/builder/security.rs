//! Row-level security and grants, as they are written.

use std::collections::BTreeSet;

use super::into::{IntoColumns, IntoSql};
use super::object::{AlterObjectSpec, ObjectSpec, attributes, grants, of_table};
use super::table::TableSpec;
use crate::builder::DropObjectSpec;
use crate::change::TableChange;
use crate::op::{Existing, Op};
use crate::ops::{Ops, not_as_given};
use crate::schema::{
    Definition, Grant, Name, Object, ObjectId, Policy, PolicyCommand, ReplicaIdentity, RowSecurity,
};

/// A row-level security policy of a table: PostgreSQL.
pub fn policy(name: impl Into<String>, on: impl Into<Name>) -> ObjectSpec<'static, Policy> {
    ObjectSpec::own(ObjectId::policy(name, on), Definition::Policy(Policy::default()))
}

impl Ops {
    /// Creates a row-level security policy: PostgreSQL. It holds once
    /// [row security is enabled](Self::enable_row_security) for its table.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.enable_row_security("notes");
    /// op.create_policy("own_notes", "notes")
    ///     .to(["app"])
    ///     .using("owner = current_user")
    ///     .with_check("owner = current_user");
    /// op.create_policy("shared", "notes").command(PolicyCommand::Select).using("is_public");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_policy(&mut self, name: impl Into<String>, on: impl Into<Name>) -> ObjectSpec<'_, Policy> {
        self.create_object(policy(name, on))
    }

    /// Changes a policy.
    pub fn alter_policy(
        &mut self,
        name: impl Into<String>,
        on: impl Into<Name>,
    ) -> AlterObjectSpec<'_, Policy> {
        AlterObjectSpec::new(self, ObjectId::policy(name, on))
    }

    /// Drops a policy.
    pub fn drop_policy(&mut self, name: impl Into<String>, on: impl Into<Name>) -> DropObjectSpec<'_> {
        self.drop_object(ObjectId::policy(name, on))
    }

    /// Renames a policy.
    pub fn rename_policy(&mut self, name: impl Into<String>, on: impl Into<Name>, to: impl Into<String>) {
        let (name, on) = of_table(name, on);
        self.rename_object(ObjectId::policy(name, on), to);
    }

    /// A table's policies hold for everyone but its owner: PostgreSQL.
    pub fn enable_row_security(&mut self, table: impl Into<Name>) {
        self.row_security(table.into(), RowSecurity { enabled: true, forced: false });
    }

    /// A table's policies hold for everyone, its owner too: PostgreSQL.
    pub fn force_row_security(&mut self, table: impl Into<Name>) {
        self.row_security(table.into(), RowSecurity { enabled: true, forced: true });
    }

    /// A table's policies don't hold: PostgreSQL.
    pub fn disable_row_security(&mut self, table: impl Into<Name>) {
        self.row_security(table.into(), RowSecurity::default());
    }

    fn row_security(&mut self, table: Name, security: RowSecurity) {
        self.push(Op::AlterTable { table, change: TableChange::RowSecurity(security) });
    }

    /// Marks the index, or the constraint, in whose order `CLUSTER` puts a table's rows from now on: PostgreSQL.
    pub fn cluster_on(&mut self, table: impl Into<Name>, index: impl Into<String>) {
        self.push(Op::AlterTable { table: table.into(), change: TableChange::Cluster(Some(index.into())) });
    }

    /// Marks no index of a table for `CLUSTER` any more: PostgreSQL.
    pub fn drop_cluster(&mut self, table: impl Into<Name>) {
        self.push(Op::AlterTable { table: table.into(), change: TableChange::Cluster(None) });
    }

    /// By what subscribers know a table's changed and deleted rows: PostgreSQL.
    pub fn replica_identity(&mut self, table: impl Into<Name>, identity: ReplicaIdentity) {
        self.push(Op::AlterTable { table: table.into(), change: TableChange::ReplicaIdentity(identity) });
    }

    /// Lets others do something with a table or another object: PostgreSQL, MySQL, MariaDB. On these two a grantee is
    /// `user@host`.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.grant(["SELECT", "INSERT"], ObjectId::table("users"), "app");
    /// op.grant("SELECT", ObjectId::table("users"), ["reader", "reporter"]).columns(["id", "email"]);
    /// op.grant("ALL", ObjectId::schema("app"), "admin").with_grant_option();
    /// op.revoke("EXECUTE", ObjectId::any_function("purge"), "PUBLIC");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn grant(
        &mut self,
        privileges: impl IntoColumns,
        on: ObjectId,
        to: impl IntoColumns,
    ) -> GrantSpec<'_> {
        let grants = grants(privileges, to).into_iter().collect();
        match &mut self.record(Op::Grant { on, grants }).op {
            Op::Grant { grants, .. } => GrantSpec(grants),
            _ => not_as_given(),
        }
    }

    /// Takes away what others may do with a table or another object.
    pub fn revoke(
        &mut self,
        privileges: impl IntoColumns,
        on: ObjectId,
        from: impl IntoColumns,
    ) -> RevokeSpec<'_> {
        let grants = grants(privileges, from).into_iter().collect();
        match &mut self.record(Op::Revoke { on, grants }).op {
            Op::Revoke { grants, .. } => RevokeSpec(GrantSpec(grants)),
            _ => not_as_given(),
        }
    }

    /// Lets others do something with whatever will be created of a kind, `tables`, `sequences`, `functions`, `types` or
    /// `schemas`: PostgreSQL's default privileges.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.grant_by_default("SELECT", "tables", "reader").in_schema("app");
    /// op.grant_by_default("USAGE", "sequences", "app").of_role("owner");
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn grant_by_default(
        &mut self,
        privileges: impl IntoColumns,
        of: impl Into<String>,
        to: impl IntoColumns,
    ) -> DefaultPrivilegesSpec<'_> {
        let id = ObjectId::default_privileges(of, None, None);
        let mut object = Object::new(id, Definition::DefaultPrivileges);
        object.grants.extend(grants(privileges, to));
        match &mut self.record(Op::CreateObject { object, existing: Existing::Replace }).op {
            Op::CreateObject { object, .. } => DefaultPrivilegesSpec { id: &mut object.id },
            _ => not_as_given(),
        }
    }

    /// Takes away what others may do by default.
    pub fn revoke_by_default(
        &mut self,
        privileges: impl IntoColumns,
        of: impl Into<String>,
        from: impl IntoColumns,
    ) -> DefaultPrivilegesSpec<'_> {
        let on = ObjectId::default_privileges(of, None, None);
        let grants = grants(privileges, from).into_iter().collect();
        match &mut self.record(Op::Revoke { on, grants }).op {
            Op::Revoke { on, .. } => DefaultPrivilegesSpec { id: on },
            _ => not_as_given(),
        }
    }
}

/// Privileges being granted.
pub struct GrantSpec<'a>(&'a mut BTreeSet<Grant>);

impl GrantSpec<'_> {
    /// On these columns of a table or a view alone.
    pub fn columns(self, columns: impl IntoColumns) -> Self {
        let columns = columns.into_columns();
        self.each(|grant| Grant { columns: columns.clone(), ..grant })
    }

    /// They may be granted on.
    pub fn with_grant_option(self) -> Self {
        self.each(|grant| Grant { grantable: true, ..grant })
    }

    fn each(self, change: impl Fn(Grant) -> Grant) -> Self {
        let grants = std::mem::take(self.0);
        self.0.extend(grants.into_iter().map(change));
        self
    }
}

/// Privileges being taken away.
pub struct RevokeSpec<'a>(GrantSpec<'a>);

impl RevokeSpec<'_> {
    /// On these columns of a table or a view alone.
    pub fn columns(self, columns: impl IntoColumns) -> Self {
        Self(self.0.columns(columns))
    }

    /// Only that they may be granted on.
    pub fn grant_option(self) -> Self {
        Self(self.0.with_grant_option())
    }
}

/// Default privileges being granted or taken away.
pub struct DefaultPrivilegesSpec<'a> {
    id: &'a mut ObjectId,
}

impl DefaultPrivilegesSpec<'_> {
    /// Of what is created in this schema alone.
    pub fn in_schema(self, schema: impl Into<String>) -> Self {
        self.id.name.schema = Some(schema.into());
        self
    }

    /// Of what this role creates; whoever runs it unless given.
    pub fn of_role(self, role: impl Into<String>) -> Self {
        self.id.role = Some(role.into());
        self
    }
}

attributes! {
    Policy, Policy(PolicyChange) {
        /// The command that it is for; all of them unless given. For another one it is dropped and created.
        command(command: PolicyCommand) command, Command = command;
        /// It narrows what the others allow. To become that it is dropped and created.
        restrictive() restrictive, Restrictive = true;
        /// It allows more than the others do, as it does unless something else is said.
        permissive() restrictive, Restrictive = false;
        /// Whom it is for; everyone unless given.
        to(roles: impl IntoColumns) roles, Roles = roles.into_columns();
        /// Which rows can be seen: SQL text.
        using(sql: impl IntoSql) using, Using = Some(sql.into_sql());
        /// Which rows can be written: SQL text; those that can be seen unless given.
        with_check(sql: impl IntoSql) with_check, WithCheck = Some(sql.into_sql());
    }
}

impl TableSpec<'_> {
    /// Its policies hold for everyone but its owner: PostgreSQL.
    pub fn row_security(mut self) -> Self {
        self.table.row_security = RowSecurity { enabled: true, forced: false };
        self
    }

    /// The index, or the constraint, in whose order `CLUSTER` puts its rows: PostgreSQL.
    pub fn cluster_on(mut self, index: impl Into<String>) -> Self {
        self.table.cluster = Some(index.into());
        self
    }

    /// By what subscribers know its changed and deleted rows: PostgreSQL.
    pub fn replica_identity(mut self, identity: ReplicaIdentity) -> Self {
        self.table.replica_identity = identity;
        self
    }

    /// Its policies hold for everyone, its owner too: PostgreSQL.
    pub fn force_row_security(mut self) -> Self {
        self.table.row_security = RowSecurity { enabled: true, forced: true };
        self
    }
}
