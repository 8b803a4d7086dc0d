//! Views and materialized views, as they are written.

use std::collections::BTreeMap;

use super::index::IndexSpec;
use super::into::{IntoColumns, IntoSql};
use super::object::{AlterObjectSpec, ObjectSpec, attributes, drops_and_renames};
use crate::change::{MaterializedViewChange, ObjectChange, ViewChange};
use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::{
    Algorithm, CheckOption, Definition, Expr, MaterializedView, Name, ObjectId, Security, View,
};

/// A view of this query: SQL text, the same for every server or one for each.
pub fn view(name: impl Into<Name>, query: impl IntoSql) -> ObjectSpec<'static, View> {
    ObjectSpec::own(ObjectId::view(name), Definition::View(View::new(query.into_sql())))
}

/// A materialized view of this query: PostgreSQL.
pub fn materialized_view(
    name: impl Into<Name>,
    query: impl IntoSql,
) -> ObjectSpec<'static, MaterializedView> {
    let definition = MaterializedView::new(query.into_sql());
    ObjectSpec::own(ObjectId::materialized_view(name), Definition::MaterializedView(definition))
}

drops_and_renames! {
    View view drop_view rename_view "a view";
    MaterializedView materialized_view drop_materialized_view rename_materialized_view "a materialized view";
}

impl Ops {
    /// Creates a view.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_view("admins", "SELECT id, email FROM users WHERE is_admin").check_option();
    /// op.create_view("recent", [
    ///     (POSTGRES, "SELECT * FROM posts WHERE posted_at > now() - interval '1 day'"),
    ///     (MYSQL | MARIADB, "SELECT * FROM posts WHERE posted_at > now() - INTERVAL 1 DAY"),
    ///     (SQLITE, "SELECT * FROM posts WHERE posted_at > datetime('now', '-1 day')"),
    /// ])
    /// .or_replace();
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_view(&mut self, name: impl Into<Name>, query: impl IntoSql) -> ObjectSpec<'_, View> {
        self.create_object(view(name, query))
    }

    /// Changes a view.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.alter_view("admins").no_check_option().column_comments([("email", "where to write")]);
    /// op.on(POSTGRES, |op| {
    ///     op.alter_view("admins").column_defaults([("email", "nobody@example.org")]);
    /// });
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn alter_view(&mut self, name: impl Into<Name>) -> AlterObjectSpec<'_, View> {
        AlterObjectSpec::new(self, ObjectId::view(name))
    }

    /// Creates a materialized view: PostgreSQL.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_materialized_view("totals", "SELECT user_id, count(*) AS posts FROM posts GROUP BY user_id")
    ///     .index(index(["user_id"]).unique());
    /// op.refresh_materialized_view("totals").concurrently();
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_materialized_view(
        &mut self,
        name: impl Into<Name>,
        query: impl IntoSql,
    ) -> ObjectSpec<'_, MaterializedView> {
        self.create_object(materialized_view(name, query))
    }

    /// Changes a materialized view. For another query it is dropped and created, with its indexes, comments and grants.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.alter_materialized_view("totals")
    ///     .query("SELECT user_id, count(*) AS posts FROM posts WHERE NOT draft GROUP BY user_id")
    ///     .storage([("fillfactor", "70")])
    ///     .column_comments([("posts", "how many there are")]);
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn alter_materialized_view(
        &mut self,
        name: impl Into<Name>,
    ) -> AlterObjectSpec<'_, MaterializedView> {
        AlterObjectSpec::new(self, ObjectId::materialized_view(name))
    }

    /// Fills a materialized view anew.
    pub fn refresh_materialized_view(&mut self, name: impl Into<Name>) -> RefreshSpec<'_> {
        let op = Op::RefreshMaterializedView { view: name.into(), concurrently: false, no_data: false };
        match &mut self.record(op).op {
            Op::RefreshMaterializedView { concurrently, no_data, .. } => {
                RefreshSpec { concurrently, no_data }
            }
            _ => not_as_given(),
        }
    }
}

/// A materialized view being filled anew.
pub struct RefreshSpec<'a> {
    concurrently: &'a mut bool,
    no_data: &'a mut bool,
}

impl RefreshSpec<'_> {
    /// Without stopping readers; it needs a unique index.
    pub fn concurrently(self) -> Self {
        *self.concurrently = true;
        self
    }

    /// Empties it instead: it can't be read until it is filled again.
    pub fn no_data(self) -> Self {
        *self.no_data = true;
        self
    }
}

attributes! {
    View, View(ViewChange) {
        /// Its query: SQL text.
        query(sql: impl IntoSql) query, Query = sql.into_sql();
        /// Rows written through it must be rows of it, and of the views below: PostgreSQL, MySQL, MariaDB.
        check_option() check_option, CheckOption = Some(CheckOption::Cascaded);
        /// Rows written through it must be rows of it, whatever the views below say: PostgreSQL, MySQL, MariaDB.
        local_check_option() check_option, CheckOption = Some(CheckOption::Local);
        /// Any row may be written through it.
        no_check_option() check_option, CheckOption = None;
        /// The rights of whoever reads it count: PostgreSQL 15, MySQL, MariaDB.
        security_invoker() security, Security = Some(Security::Invoker);
        /// Its owner's rights count, as they do unless something else is said.
        security_definer() security, Security = Some(Security::Definer);
        /// Its conditions are evaluated before any that might leak a row: PostgreSQL.
        security_barrier() security_barrier, SecurityBarrier = true;
        /// Its conditions are evaluated in any order.
        no_security_barrier() security_barrier, SecurityBarrier = false;
        /// How it is evaluated: MySQL, MariaDB.
        algorithm(algorithm: Algorithm) algorithm, Algorithm = Some(algorithm);
    }
}

impl ObjectSpec<'_, View> {
    /// The names of its columns, where they aren't the query's own.
    pub fn columns(self, columns: impl IntoColumns) -> Self {
        self.define(|of| of.columns = columns.into_columns())
    }

    /// What rows inserted through it get in a column that they don't give: PostgreSQL.
    pub fn column_default(self, column: impl Into<String>, value: impl Into<Expr>) -> Self {
        let (column, value) = (column.into(), value.into());
        self.define(|of| _ = of.defaults.insert(column, value))
    }

    /// A remark on one of its columns: PostgreSQL.
    pub fn column_comment(self, column: impl Into<String>, comment: impl Into<String>) -> Self {
        let (column, comment) = (column.into(), comment.into());
        self.define(|of| _ = of.column_comments.insert(column, comment))
    }
}

impl AlterObjectSpec<'_, View> {
    /// What rows inserted through it get in columns that they don't give, for all its columns: one that isn't named has no
    /// default any more. PostgreSQL.
    pub fn column_defaults<C: Into<String>, V: Into<Expr>>(
        self,
        defaults: impl IntoIterator<Item = (C, V)>,
    ) -> Self {
        let defaults = defaults.into_iter().map(|(column, value)| (column.into(), value.into()));
        self.change(ObjectChange::View(ViewChange::Defaults(defaults.collect())))
    }

    /// The remarks on its columns, all of them: one that isn't named has none any more. PostgreSQL.
    pub fn column_comments<C: Into<String>, T: Into<String>>(
        self,
        comments: impl IntoIterator<Item = (C, T)>,
    ) -> Self {
        let comments = comments.into_iter().map(|(column, comment)| (column.into(), comment.into()));
        self.change(ObjectChange::View(ViewChange::ColumnComments(comments.collect())))
    }
}

impl ObjectSpec<'_, MaterializedView> {
    /// The names of its columns, where they aren't the query's own.
    pub fn columns(self, columns: impl IntoColumns) -> Self {
        self.define(|of| of.columns = columns.into_columns())
    }

    /// Adds an index: over these keys, or one written with [`index`](crate::index()).
    pub fn index(self, index: impl Into<IndexSpec<'static>>) -> Self {
        let index = index.into().into_index();
        self.define(|of| of.indexes.push(index))
    }

    /// Creates it empty, not to be read until it is [refreshed](Ops::refresh_materialized_view).
    pub fn no_data(self) -> Self {
        self.define(|of| of.no_data = true)
    }

    /// A storage parameter: `.storage("fillfactor", "70")`.
    pub fn storage(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        let (name, value) = (name.into(), value.into());
        self.define(|of| _ = of.storage.insert(name, value))
    }

    /// A remark on one of its columns.
    pub fn column_comment(self, column: impl Into<String>, comment: impl Into<String>) -> Self {
        let (column, comment) = (column.into(), comment.into());
        self.define(|of| _ = of.column_comments.insert(column, comment))
    }

    /// What one of its columns has beside its type: `.column_option("body", "statistics", "500")`; `storage`, `compression`,
    /// `n_distinct`.
    pub fn column_option(
        self,
        column: impl Into<String>,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let (column, name, value) = (column.into(), name.into(), value.into());
        self.define(|of| _ = of.column_options.entry(column).or_default().insert(name, value))
    }
}

attributes! {
    MaterializedView, MaterializedView(MaterializedViewChange) {
        /// Its tablespace.
        tablespace(name: impl Into<String>) tablespace, Tablespace = Some(name.into());
        /// How its rows are kept, by the name of an access method.
        access_method(name: impl Into<String>) access_method, AccessMethod = Some(name.into());
        /// The index in whose order `CLUSTER` puts its rows.
        cluster_on(index: impl Into<String>) cluster, Cluster = Some(index.into());
    }
}

impl AlterObjectSpec<'_, MaterializedView> {
    /// Its query: SQL text. It is filled anew.
    pub fn query(self, sql: impl IntoSql) -> Self {
        self.change(ObjectChange::MaterializedView(MaterializedViewChange::Query(sql.into_sql())))
    }

    /// Its storage parameters, all of them.
    pub fn storage<K: Into<String>, V: Into<String>>(
        self,
        parameters: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let parameters = parameters.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.change(ObjectChange::MaterializedView(MaterializedViewChange::Storage(parameters)))
    }

    /// Takes its rows out of order again.
    pub fn drop_cluster(self) -> Self {
        self.change(ObjectChange::MaterializedView(MaterializedViewChange::Cluster(None)))
    }

    /// What its columns have beside their types, all of it: `[("body", "statistics", "500")]`.
    pub fn column_options<C: Into<String>, K: Into<String>, V: Into<String>>(
        self,
        options: impl IntoIterator<Item = (C, K, V)>,
    ) -> Self {
        let mut all: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
        for (column, name, value) in options {
            all.entry(column.into()).or_default().insert(name.into(), value.into());
        }
        self.change(ObjectChange::MaterializedView(MaterializedViewChange::ColumnOptions(all)))
    }

    /// The remarks on its columns, all of them: one that isn't named has none any more.
    pub fn column_comments<C: Into<String>, T: Into<String>>(
        self,
        comments: impl IntoIterator<Item = (C, T)>,
    ) -> Self {
        let comments = comments.into_iter().map(|(column, comment)| (column.into(), comment.into()));
        self.change(ObjectChange::MaterializedView(MaterializedViewChange::ColumnComments(
            comments.collect(),
        )))
    }
}

impl AlterObjectSpec<'_, View> {
    /// Gives one of its columns another name, and leaves its query as it is: PostgreSQL. The column keeps its default, its comment
    /// and its grants.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.on(POSTGRES, |op| {
    ///     op.alter_view("admins").rename_column("email", "address");
    /// });
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn rename_column(self, name: impl Into<String>, to: impl Into<String>) -> Self {
        self.change(ObjectChange::RenameColumn { name: name.into(), to: to.into() })
    }
}

impl AlterObjectSpec<'_, MaterializedView> {
    /// Gives one of its columns another name, and leaves its query, its rows and its indexes as they are.
    pub fn rename_column(self, name: impl Into<String>, to: impl Into<String>) -> Self {
        self.change(ObjectChange::RenameColumn { name: name.into(), to: to.into() })
    }
}
