//! What may be written where columns, keys and SQL text are asked for.

use crate::schema::{Expr, IndexKey};
use crate::server::{DialectSet, PerDialect};

/// Columns: one by name, or an array, a slice or a vector of names.
pub trait IntoColumns {
    /// The names, in order.
    fn into_columns(self) -> Vec<String>;
}

impl IntoColumns for &str {
    fn into_columns(self) -> Vec<String> {
        vec![self.into()]
    }
}

impl IntoColumns for String {
    fn into_columns(self) -> Vec<String> {
        vec![self]
    }
}

impl<S: Into<String>, const N: usize> IntoColumns for [S; N] {
    fn into_columns(self) -> Vec<String> {
        self.map(Into::into).into()
    }
}

impl<S: Into<String>> IntoColumns for Vec<S> {
    fn into_columns(self) -> Vec<String> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<S: AsRef<str>> IntoColumns for &[S] {
    fn into_columns(self) -> Vec<String> {
        self.iter().map(|name| name.as_ref().into()).collect()
    }
}

impl<S: AsRef<str>, const N: usize> IntoColumns for &[S; N] {
    fn into_columns(self) -> Vec<String> {
        self.as_slice().into_columns()
    }
}

impl<S: AsRef<str>> IntoColumns for &Vec<S> {
    fn into_columns(self) -> Vec<String> {
        self.as_slice().into_columns()
    }
}

/// An index's keys: one, or an array or a vector of them, or a tuple where they are of several kinds.
///
/// A string is a column's name. [`desc`](crate::desc), [`asc`](crate::asc) and [`expr`](crate::expr) make the others.
pub trait IntoKeys {
    /// The keys, in order.
    fn into_keys(self) -> Vec<IndexKey>;
}

impl IntoKeys for &str {
    fn into_keys(self) -> Vec<IndexKey> {
        vec![self.into()]
    }
}

impl IntoKeys for String {
    fn into_keys(self) -> Vec<IndexKey> {
        vec![self.into()]
    }
}

impl IntoKeys for IndexKey {
    fn into_keys(self) -> Vec<IndexKey> {
        vec![self]
    }
}

impl<K: Into<IndexKey>, const N: usize> IntoKeys for [K; N] {
    fn into_keys(self) -> Vec<IndexKey> {
        self.map(Into::into).into()
    }
}

impl<K: Into<IndexKey>> IntoKeys for Vec<K> {
    fn into_keys(self) -> Vec<IndexKey> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<K: Into<IndexKey> + Clone> IntoKeys for &[K] {
    fn into_keys(self) -> Vec<IndexKey> {
        self.iter().cloned().map(Into::into).collect()
    }
}

macro_rules! keys_from_tuples {
    ($($($part:ident)+;)+) => {$(
        impl<$($part: Into<IndexKey>),+> IntoKeys for ($($part,)+) {
            #[allow(non_snake_case, reason = "the parts are named as their types")]
            fn into_keys(self) -> Vec<IndexKey> {
                let ($($part,)+) = self;
                vec![$($part.into()),+]
            }
        }
    )+};
}

keys_from_tuples! { A; A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; }

/// SQL text, where nothing but an expression can stand: in checks, predicates, generated columns.
///
/// A string is SQL text here; where a value can stand, as in a default, it is a literal. A text for each of several
/// dialects is an array, `[(POSTGRES, "a ~ 'x'"), (SQLITE, "a GLOB 'x'")]`, or a [`PerDialect`]. An [`Expr`] and an
/// expression or a condition of sea-query say themselves what they are.
pub trait IntoSql {
    /// The expression.
    fn into_sql(self) -> Expr;
}

impl IntoSql for &str {
    fn into_sql(self) -> Expr {
        Expr::Sql(self.into())
    }
}

impl IntoSql for String {
    fn into_sql(self) -> Expr {
        Expr::Sql(self)
    }
}

impl IntoSql for &String {
    fn into_sql(self) -> Expr {
        Expr::Sql(self.clone())
    }
}

impl IntoSql for Expr {
    fn into_sql(self) -> Expr {
        self
    }
}

impl IntoSql for PerDialect<String> {
    fn into_sql(self) -> Expr {
        Expr::PerDialect(self)
    }
}

impl<S: Into<String>, const N: usize> IntoSql for [(DialectSet, S); N] {
    fn into_sql(self) -> Expr {
        Expr::per_dialect(self)
    }
}

impl IntoSql for sea_query::Expr {
    fn into_sql(self) -> Expr {
        self.into()
    }
}

impl IntoSql for sea_query::Condition {
    fn into_sql(self) -> Expr {
        sea_query::Expr::from(self).into()
    }
}

impl From<&str> for PerDialect<String> {
    fn from(text: &str) -> Self {
        Self::everywhere(text.into())
    }
}

impl From<String> for PerDialect<String> {
    fn from(text: String) -> Self {
        Self::everywhere(text)
    }
}

impl<S: Into<String>, const N: usize> From<[(DialectSet, S); N]> for PerDialect<String> {
    fn from(texts: [(DialectSet, S); N]) -> Self {
        texts.into_iter().map(|(dialects, text)| (dialects, text.into())).collect()
    }
}
