//! sea-query's expressions.

use std::fmt::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use sea_query::{
    Condition, Expr as Sea, FunctionCall, Keyword, MysqlQueryBuilder, PostgresQueryBuilder, QueryBuilder,
    SqlWriter, SqliteQueryBuilder, Value,
};

use crate::schema::Expr;
use crate::server::{MARIADB, MYSQL, POSTGRES, SQLITE};

/// A value is a literal. Any other expression is rendered by sea-query for each dialect; one for which sea-query
/// can't render it has no text, and using the expression there is an error which says so. sea-query panics where it
/// can't; the panic is caught, though a panic hook sees it.
///
/// MariaDB gets MySQL's text: sea-query doesn't tell them apart. Strings within an expression are quoted by
/// sea-query; for MySQL and MariaDB it escapes their backslashes, which the SQL mode `NO_BACKSLASH_ESCAPES` would
/// change the meaning of.
///
/// ```
/// use dunlin_dsl::prelude::*;
/// use sea_query::ExprTrait;
///
/// let positive = Expr::from(sea_query::Expr::col("age").gt(0));
/// assert_eq!(positive.sql(DialectId::Postgres), Some(r#""age" > 0"#));
/// assert_eq!(positive.sql(DialectId::Mariadb), Some("`age` > 0"));
/// ```
impl From<Sea> for Expr {
    fn from(expr: Sea) -> Self {
        match expr {
            Sea::Value(value) | Sea::Constant(value) => Self::Literal(value.into()),
            Sea::Keyword(Keyword::Null) => Self::Literal(crate::schema::Value::Null),
            expr => per_dialect(&expr),
        }
    }
}

impl From<Condition> for Expr {
    fn from(condition: Condition) -> Self {
        Sea::from(condition).into()
    }
}

impl From<FunctionCall> for Expr {
    fn from(call: FunctionCall) -> Self {
        Sea::from(call).into()
    }
}

impl From<Keyword> for Expr {
    fn from(keyword: Keyword) -> Self {
        Sea::from(keyword).into()
    }
}

fn per_dialect(expr: &Sea) -> Expr {
    let texts = [
        (SQLITE, render(expr, SqliteQueryBuilder)),
        (POSTGRES, render(expr, PostgresQueryBuilder)),
        (MYSQL | MARIADB, render(expr, MysqlQueryBuilder)),
    ];
    match &texts {
        [(_, Some(one)), (_, Some(two)), (_, Some(three))] if one == two && two == three => {
            Expr::Sql(one.clone())
        }
        _ => Expr::per_dialect(texts.into_iter().filter_map(|(dialects, sql)| Some((dialects, sql?)))),
    }
}

/// The text for one dialect; none where sea-query panics for want of it.
fn render(expr: &Sea, builder: impl QueryBuilder) -> Option<String> {
    let rendered = catch_unwind(AssertUnwindSafe(|| {
        let mut sql = Inline::default();
        builder.prepare_expr(expr, &mut sql);
        sql.0
    }));
    rendered.ok()
}

/// SQL with its values written into it.
#[derive(Default)]
struct Inline(String);

impl SqlWriter for Inline {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, builder: &T) {
        // sea-query 1.0 writes a character's lowest byte alone.
        let value = match value {
            Value::Char(Some(character)) => Value::String(Some(character.into())),
            value => value,
        };
        self.0.push_str(&builder.value_to_string(&value));
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        self
    }
}

impl Write for Inline {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_str(text)
    }
}

impl fmt::Display for Inline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
