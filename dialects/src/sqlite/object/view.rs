//! CREATE VIEW.

use dunlin_dsl::{Name, Unsupported, View};

use crate::sql::Sql;

/// CREATE VIEW for a view in SQLite's own terms.
pub(super) fn create(name: &Name, view: &View, sql: Sql<'_>) -> Result<String, Unsupported> {
    let columns = match view.columns.as_slice() {
        [] => String::new(),
        columns => format!(" ({})", sql.ids(columns)?),
    };
    let query = sql.expr(&view.query, format!("create view {name}"))?;
    Ok(format!("CREATE VIEW {}{columns} AS {query}", sql.table(name)?))
}
