//! Seed rows, as they are written.

use super::into::IntoColumns;
use crate::op::Op;
use crate::ops::Ops;
use crate::schema::{Expr, Name, Value};

impl Ops {
    /// Adds rows; each gives a value for every one of `columns`. It is undone by primary key, where the rows give it.
    ///
    /// ```
    /// use dunlin_dsl::prelude::*;
    ///
    /// let mut op = Ops::new();
    /// op.bulk_insert("roles", ["id", "name", "level"], [(1, "member", None), (2, "owner", Some(9.5))]);
    /// op.bulk_insert("tags", "name", [["red"], ["blue"]]);
    /// op.finish()?;
    /// # Ok::<(), dunlin_dsl::RecordError>(())
    /// ```
    pub fn bulk_insert(
        &mut self,
        table: impl Into<Name>,
        columns: impl IntoColumns,
        rows: impl IntoIterator<Item = impl IntoRow>,
    ) {
        let mut faults = Vec::new();
        let rows = rows.into_iter().enumerate().map(|(at, row)| {
            let value = |expr| match expr {
                Expr::Literal(value) => value,
                sql => {
                    faults.push(format!("row {} has {sql}, and a row holds nothing but values", at + 1));
                    Value::Null
                }
            };
            row.into_row().into_iter().map(value).collect()
        });
        let (rows, columns) = (rows.collect(), columns.into_columns());
        self.record(Op::Insert { table: table.into(), columns, rows }).draft.faults = faults;
    }
}

/// A row: an array, a slice or a vector of values, or a tuple where they are of several kinds.
///
/// A value may be one of sea-query's, or an expression of it that is no more than a value.
pub trait IntoRow {
    /// The values, in order.
    fn into_row(self) -> Vec<Expr>;
}

impl<V: Into<Expr>, const N: usize> IntoRow for [V; N] {
    fn into_row(self) -> Vec<Expr> {
        self.map(Into::into).into()
    }
}

impl<V: Into<Expr>> IntoRow for Vec<V> {
    fn into_row(self) -> Vec<Expr> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<V: Into<Expr> + Clone> IntoRow for &[V] {
    fn into_row(self) -> Vec<Expr> {
        self.iter().cloned().map(Into::into).collect()
    }
}

macro_rules! rows_from_tuples {
    ($($($value:ident)+;)+) => {$(
        impl<$($value: Into<Expr>),+> IntoRow for ($($value,)+) {
            #[allow(non_snake_case, reason = "the values are named as their types")]
            fn into_row(self) -> Vec<Expr> {
                let ($($value,)+) = self;
                vec![$($value.into()),+]
            }
        }
    )+};
}

rows_from_tuples! {
    A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; A B C D E F G H I;
    A B C D E F G H I J; A B C D E F G H I J K; A B C D E F G H I J K L;
}
