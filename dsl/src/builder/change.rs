//! Changes of tables that exist, as they are written.

use super::column::ColumnSpec;
use crate::op::{ColumnChange, Op};
use crate::ops::Ops;
use crate::schema::{ColumnType, Constraint, Expr, Index, IndexKey, Label, Name, Table, Value};

impl Ops {
    /// Adds a column; the keys and checks written beside it are added after it.
    pub fn add_column(&mut self, table: impl Into<Name>, name: impl Into<String>, spec: ColumnSpec) {
        let mut added = Table::new(table);
        added.col(name, spec);
        let constraints: Vec<Constraint> = added.constraints().collect();
        let table = added.name;
        for column in added.columns {
            self.push(Op::AddColumn { table: table.clone(), column, position: None, if_not_exists: false });
        }
        for constraint in constraints {
            self.push(Op::AddConstraint { table: table.clone(), constraint });
        }
    }

    /// Changes a column, one attribute at a time; what isn't named stays.
    pub fn alter_column(&mut self, table: impl Into<Name>, column: impl Into<String>) -> AlterColumn<'_> {
        AlterColumn { ops: self, table: table.into(), column: column.into() }
    }

    /// Creates an index over columns.
    pub fn create_index<S: Into<String>>(
        &mut self,
        table: impl Into<Name>,
        columns: impl IntoIterator<Item = S>,
    ) -> &mut Index {
        let index = Index::new(Label::Unnamed, columns.into_iter().map(IndexKey::column).collect());
        match self.record(Op::CreateIndex {
            table: table.into(),
            index,
            if_not_exists: false,
            concurrently: false,
        }) {
            Op::CreateIndex { index, .. } => index,
            _ => unreachable!("the operation recorded last is the one just given"),
        }
    }

    /// Drops an index.
    pub fn drop_index(&mut self, table: impl Into<Name>, name: impl Into<String>) {
        let (table, name) = (table.into(), name.into());
        self.push(Op::DropIndex { table, name, if_exists: false, concurrently: false });
    }

    /// Adds rows; each gives a value for every one of `columns`.
    pub fn bulk_insert<C, R, V>(
        &mut self,
        table: impl Into<Name>,
        columns: impl IntoIterator<Item = C>,
        rows: impl IntoIterator<Item = R>,
    ) where
        C: Into<String>,
        R: IntoIterator<Item = V>,
        V: Into<Value>,
    {
        self.push(Op::Insert {
            table: table.into(),
            columns: columns.into_iter().map(Into::into).collect(),
            rows: rows.into_iter().map(|row| row.into_iter().map(Into::into).collect()).collect(),
        });
    }
}

/// A column being changed.
pub struct AlterColumn<'a> {
    ops: &'a mut Ops,
    table: Name,
    column: String,
}

impl AlterColumn<'_> {
    /// Changes its type.
    pub fn set_type(self, spec: ColumnSpec) -> Self {
        let to = ColumnType::from(&spec);
        self.change(ColumnChange::Type { to, using: None })
    }

    /// Refuses NULL from now on.
    pub fn not_null(self) -> Self {
        self.change(ColumnChange::NotNull(true))
    }

    /// Takes NULL from now on.
    pub fn nullable(self) -> Self {
        self.change(ColumnChange::NotNull(false))
    }

    /// Changes its default. A string is a literal; SQL text is `sql("now()")`.
    pub fn default(self, value: impl Into<Expr>) -> Self {
        let value = value.into();
        self.change(ColumnChange::Default(Some(value)))
    }

    /// Removes its default.
    pub fn drop_default(self) -> Self {
        self.change(ColumnChange::Default(None))
    }

    /// Changes its comment.
    pub fn comment(self, comment: impl Into<String>) -> Self {
        let comment = comment.into();
        self.change(ColumnChange::Comment(Some(comment)))
    }

    fn change(self, change: ColumnChange) -> Self {
        let (table, column) = (self.table.clone(), self.column.clone());
        self.ops.push(Op::AlterColumn { table, column, change });
        self
    }
}

impl Index {
    /// Refuses two rows with the same key.
    pub fn unique(&mut self) -> &mut Self {
        self.unique = true;
        self
    }

    /// Names it, in place of the convention.
    pub fn named(&mut self, name: impl Into<String>) -> &mut Self {
        self.label = Label::Given(name.into());
        self
    }

    /// Holds only the rows that meet this: SQL text.
    pub fn filter(&mut self, sql: impl Into<String>) -> &mut Self {
        self.predicate = Some(Expr::Sql(sql.into()));
        self
    }
}
