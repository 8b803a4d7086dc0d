//! Views.

use dunlin_dsl::{Algorithm, CheckOption, Object, Security, Unsupported, View};

use super::definer;
use crate::mysql::text::gap;
use crate::sql::Sql;

/// CREATE VIEW. What replaces one keeps what was granted on it.
pub(super) fn create(object: &Object, of: &View, replace: bool, sql: Sql<'_>) -> Result<String, Unsupported> {
    let mut text = String::from(if replace { "CREATE OR REPLACE " } else { "CREATE " });
    text += match of.algorithm {
        None => "",
        Some(Algorithm::Merge) => "ALGORITHM=MERGE ",
        Some(Algorithm::Temptable) => "ALGORITHM=TEMPTABLE ",
    };
    text += &definer(&object.notes, sql)?;
    if of.security == Some(Security::Invoker) {
        text += "SQL SECURITY INVOKER ";
    }
    text += &format!("VIEW {}", sql.table(&object.id.name)?);
    if !of.columns.is_empty() {
        text += &format!(" ({})", sql.ids(&of.columns)?);
    }
    let query = sql.expr(&of.query, format!("write {}", object.id))?;
    text += &format!(" AS {query}");
    if let Some(option) = of.check_option {
        text.push(gap(&query));
        text += match option {
            CheckOption::Local => "WITH LOCAL CHECK OPTION",
            CheckOption::Cascaded => "WITH CASCADED CHECK OPTION",
        };
    }
    Ok(text)
}
