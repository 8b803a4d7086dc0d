//! An index as it is written: its keys, and what follows them.

use super::into::{IntoColumns, IntoKeys, IntoSql};
use super::slot::Slot;
use crate::change::{IndexChange, TableChange};
use crate::op::Op;
use crate::ops::{Ops, not_as_given};
use crate::schema::{Index, IndexKey, Label, Name, Nulls};
use crate::server::PerDialect;

/// An index that stands alone, to put into a table.
///
/// ```
/// use dunlin_dsl::prelude::*;
///
/// table("users")
///     .col("email", text())
///     .index(index(["email"]).unique().filter("email IS NOT NULL").named("users_email"));
/// ```
pub fn index(keys: impl IntoKeys) -> IndexSpec<'static> {
    IndexSpec::from(Index::new(Label::Unnamed, keys.into_keys()))
}

/// A key from the least to the greatest, as it is unless something else is said.
pub fn asc(key: impl Into<IndexKey>) -> IndexKey {
    IndexKey { descending: false, ..key.into() }
}

/// A key from the greatest to the least: `desc("created_at")`.
pub fn desc(key: impl Into<IndexKey>) -> IndexKey {
    IndexKey { descending: true, ..key.into() }
}

/// A key over an expression, as SQL text: `expr("lower(email)")`.
pub fn expr(sql: impl IntoSql) -> IndexKey {
    IndexKey::expr(sql)
}

impl Ops {
    /// Creates an index over columns or expressions.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.create_index("posts", ["user_id"]);
    /// op.create_index("posts", (desc("posted_at").nulls_last(), expr("lower(title)"))).filter("deleted_at IS NULL");
    /// op.create_index("posts", ["slug"]).unique().include(["title"]).named("posts_slug");
    /// op.create_index("posts", asc("title").opclass("gin_trgm_ops")).method("gin").concurrently();
    /// let near = asc("body").opclass("gist_trgm_ops").opclass_option("siglen", "32");
    /// op.create_index("posts", near).method("gist");
    /// let recorded = op.finish()?;
    /// assert_eq!(recorded.ops[1].to_string(), "create index posts_posted_at_expr_idx on table posts");
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn create_index(&mut self, table: impl Into<Name>, keys: impl IntoKeys) -> IndexSpec<'_> {
        let index = Index::new(Label::Unnamed, keys.into_keys());
        let op = Op::CreateIndex { table: table.into(), index, if_not_exists: false, concurrently: false };
        match &mut self.record(op).op {
            Op::CreateIndex { index, if_not_exists, concurrently, .. } => IndexSpec {
                index: Slot::Lent(index),
                if_not_exists: Slot::Lent(if_not_exists),
                concurrently: Slot::Lent(concurrently),
            },
            _ => not_as_given(),
        }
    }

    /// Changes an index, one attribute at a time; what isn't named stays.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.alter_index("users", "users_email_idx").invisible().comment("unused since May");
    /// assert_eq!(op.finish()?.ops.len(), 2);
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    #[must_use = "naming an index changes nothing of it"]
    pub fn alter_index(&mut self, table: impl Into<Name>, name: impl Into<String>) -> AlterIndexSpec<'_> {
        AlterIndexSpec { ops: self, table: table.into(), name: name.into() }
    }
}

/// An index being changed.
pub struct AlterIndexSpec<'a> {
    ops: &'a mut Ops,
    table: Name,
    name: String,
}

impl AlterIndexSpec<'_> {
    /// Sets its comment.
    pub fn comment(self, comment: impl Into<String>) -> Self {
        self.change(IndexChange::Comment(Some(comment.into())))
    }

    /// Removes its comment.
    pub fn drop_comment(self) -> Self {
        self.change(IndexChange::Comment(None))
    }

    /// Queries are planned without it from now on: MySQL 8, MariaDB 10.6.
    pub fn invisible(self) -> Self {
        self.change(IndexChange::Invisible(true))
    }

    /// Queries are planned with it again.
    pub fn visible(self) -> Self {
        self.change(IndexChange::Invisible(false))
    }

    /// Changes a storage parameter: `.storage("fillfactor", "70")`: PostgreSQL. Nothing elsewhere.
    pub fn storage(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.change(IndexChange::Storage { name: name.into(), value: Some(value.into()) })
    }

    /// Leaves a storage parameter to the server: PostgreSQL. Nothing elsewhere.
    pub fn drop_storage(self, name: impl Into<String>) -> Self {
        self.change(IndexChange::Storage { name: name.into(), value: None })
    }

    /// Moves it to another tablespace: PostgreSQL. Nothing elsewhere.
    pub fn tablespace(self, name: impl Into<String>) -> Self {
        self.change(IndexChange::Tablespace(Some(name.into())))
    }

    /// Moves it to the database's own tablespace: PostgreSQL. Nothing elsewhere.
    pub fn drop_tablespace(self) -> Self {
        self.change(IndexChange::Tablespace(None))
    }

    /// How finely the values of its expression at this place among its keys, from 1 on, are sampled: PostgreSQL. Nothing
    /// elsewhere.
    pub fn statistics(self, key: u32, target: u32) -> Self {
        self.change(IndexChange::StatisticsTarget { key, target: Some(target) })
    }

    /// The values of its expression at this place are sampled as the server does by default: PostgreSQL. Nothing elsewhere.
    pub fn drop_statistics(self, key: u32) -> Self {
        self.change(IndexChange::StatisticsTarget { key, target: None })
    }

    fn change(self, change: IndexChange) -> Self {
        let change = TableChange::Index { name: self.name.clone(), change };
        self.ops.push(Op::AlterTable { table: self.table.clone(), change });
        self
    }
}

/// An index being written.
#[derive(Debug)]
pub struct IndexSpec<'a> {
    index: Slot<'a, Index>,
    if_not_exists: Slot<'a, bool>,
    concurrently: Slot<'a, bool>,
}

impl IndexSpec<'_> {
    /// Refuses two rows with the same key.
    pub fn unique(mut self) -> Self {
        self.index.unique = true;
        self
    }

    /// Names it, in place of the convention.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.index.label = Label::Given(name.into());
        self
    }

    /// Holds only the rows that meet this, as SQL text: PostgreSQL and SQLite.
    pub fn filter(mut self, sql: impl IntoSql) -> Self {
        self.index.predicate = Some(sql.into_sql());
        self
    }

    /// Columns kept beside the key: PostgreSQL.
    pub fn include(mut self, columns: impl IntoColumns) -> Self {
        self.index.include = columns.into_columns();
        self
    }

    /// How it is built, by the server's own name: `gin`, `hash`, `fulltext`. A B-tree unless something else is said.
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.index.method = Some(method.into());
        self
    }

    /// Two NULLs are the same, in a unique index: PostgreSQL 15.
    pub fn nulls_not_distinct(mut self) -> Self {
        self.index.nulls_not_distinct = true;
        self
    }

    /// A storage parameter: `.storage("fillfactor", "70")`: PostgreSQL. Nothing elsewhere.
    pub fn storage(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.index.storage.insert(name.into(), value.into());
        self
    }

    /// Its tablespace: PostgreSQL. Nothing elsewhere.
    pub fn tablespace(mut self, name: impl Into<String>) -> Self {
        self.index.tablespace = Some(name.into());
        self
    }

    /// How finely the values of its expression at this place among its keys, from 1 on, are sampled: PostgreSQL. Nothing
    /// elsewhere.
    pub fn statistics(mut self, key: u32, target: u32) -> Self {
        self.index.statistics.insert(key, target);
        self
    }

    /// A remark kept in the catalog; SQLite has no place for it and leaves it out.
    pub fn comment(mut self, comment: impl Into<String>) -> Self {
        self.index.comment = Some(comment.into());
        self
    }

    /// Queries are planned without it: MySQL 8, MariaDB 10.6.
    pub fn invisible(mut self) -> Self {
        self.index.invisible = true;
        self
    }

    /// What takes texts apart for a `fulltext` index, as `ngram`: MySQL.
    pub fn parser(mut self, parser: impl Into<String>) -> Self {
        self.index.parser = Some(parser.into());
        self
    }

    /// Built without stopping writers, outside any transaction: PostgreSQL. Nothing elsewhere, nor in a table that is
    /// only created with it.
    pub fn concurrently(mut self) -> Self {
        *self.concurrently = true;
        self
    }

    /// Does nothing if there is one of that name, whatever it looks like. In a table that is only created with it,
    /// it means nothing.
    pub fn if_not_exists(mut self) -> Self {
        *self.if_not_exists = true;
        self
    }

    /// The index as it stands, unnamed if it wasn't named.
    pub(crate) fn into_index(self) -> Index {
        match self.index {
            Slot::Own(index) => index,
            Slot::Lent(index) => index.clone(),
        }
    }
}

impl From<Index> for IndexSpec<'static> {
    fn from(index: Index) -> Self {
        Self { index: Slot::Own(index), if_not_exists: Slot::Own(false), concurrently: Slot::Own(false) }
    }
}

impl<K: IntoKeys> From<K> for IndexSpec<'static> {
    fn from(keys: K) -> Self {
        index(keys)
    }
}

impl IndexKey {
    /// Where NULLs stand: before all else. PostgreSQL.
    pub fn nulls_first(self) -> Self {
        Self { nulls: Some(Nulls::First), ..self }
    }

    /// Where NULLs stand: after all else. PostgreSQL.
    pub fn nulls_last(self) -> Self {
        Self { nulls: Some(Nulls::Last), ..self }
    }

    /// How text is compared, by the server's own name for it. Names for several servers are a [`PerDialect`].
    pub fn collate(self, collation: impl Into<PerDialect<String>>) -> Self {
        Self { collation: collation.into(), ..self }
    }

    /// PostgreSQL's operator class.
    pub fn opclass(self, name: impl Into<String>) -> Self {
        Self { opclass: Some(name.into()), ..self }
    }

    /// An option of its [operator class](Self::opclass), as in `gist_trgm_ops(siglen=32)`: PostgreSQL.
    pub fn opclass_option(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.opclass_options.insert(name.into(), value.into());
        self
    }

    /// Only so many leading characters: MySQL and MariaDB.
    pub fn prefix(self, characters: u32) -> Self {
        Self { prefix: Some(characters), ..self }
    }
}

impl From<&str> for IndexKey {
    fn from(column: &str) -> Self {
        Self::column(column)
    }
}

impl From<String> for IndexKey {
    fn from(column: String) -> Self {
        Self::column(column)
    }
}
