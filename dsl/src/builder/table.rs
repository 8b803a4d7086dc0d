//! A table as it is written: its columns one after the other, then what spans several of them.

use super::column::ColumnSpec;
use crate::naming::name_table;
use crate::schema::{
    Check, Deferrable, Expr, Index, IndexKey, Label, Name, PrimaryKey, Schema, Table, Unique,
};

/// A table to put into a [`Schema`].
///
/// ```
/// use dunlin_dsl::{Schema, blob, table, text};
///
/// let schema = Schema::new().table(table("kv").col("key", text().primary_key()).col("value", blob()));
/// assert_eq!(schema.tables.len(), 1);
/// ```
pub fn table(name: impl Into<Name>) -> TableSpec {
    TableSpec(Table::new(name))
}

/// A table being written, not yet part of a schema.
#[derive(Clone, Debug)]
pub struct TableSpec(Table);

impl TableSpec {
    /// Adds a column.
    pub fn col(mut self, name: impl Into<String>, spec: ColumnSpec) -> Self {
        self.0.col(name, spec);
        self
    }
}

impl Schema {
    /// The same schema with a table more, its constraints and indexes named by convention.
    pub fn table(mut self, spec: TableSpec) -> Self {
        let TableSpec(mut table) = spec;
        name_table(&mut table);
        self.insert(table);
        self
    }
}

impl Table {
    /// Adds a column, with the constraints written beside it.
    pub fn col(&mut self, name: impl Into<String>, spec: ColumnSpec) -> &mut Self {
        spec.add_to(self, name.into());
        self
    }

    /// Makes these columns the primary key.
    pub fn primary_key<S: Into<String>>(&mut self, columns: impl IntoIterator<Item = S>) -> &mut Self {
        let columns = columns.into_iter().map(Into::into).collect();
        self.primary_key = Some(PrimaryKey { label: Label::Unnamed, columns });
        self
    }

    /// Refuses two rows that have the same in all these columns.
    pub fn unique<S: Into<String>>(&mut self, columns: impl IntoIterator<Item = S>) -> &mut Self {
        self.uniques.push(Unique {
            label: Label::Unnamed,
            columns: columns.into_iter().map(Into::into).collect(),
            nulls_not_distinct: false,
            deferrable: Deferrable::No,
            include: Vec::new(),
        });
        self
    }

    /// Adds a condition that every row meets: SQL text.
    pub fn check(&mut self, sql: impl Into<String>) -> &mut Self {
        self.checks.push(Check { label: Label::Unnamed, expr: Expr::Sql(sql.into()) });
        self
    }

    /// Adds an index over columns.
    pub fn index_on<S: Into<String>>(&mut self, columns: impl IntoIterator<Item = S>) -> &mut Self {
        self.indexes.push(Index::new(Label::Unnamed, columns.into_iter().map(IndexKey::column).collect()));
        self
    }
}
