//! Schemas, which are databases here.

use dunlin_dsl::{Namespace, Object, Statement, Unsupported};

use super::{Work, comment};
use crate::mysql::column::{belongs, comment_text, word};
use crate::sql::Sql;

/// CREATE DATABASE.
pub(super) fn create(object: &Object, of: &Namespace, sql: Sql<'_>) -> Result<String, Unsupported> {
    let name = sql.id(&object.id.name.name)?;
    Ok(format!("CREATE DATABASE {name}{}{}", options(of, sql)?, comment(object, sql)?))
}

/// ALTER DATABASE.
pub(super) fn alter(
    work: &Work<'_>,
    old: &Object,
    new: &Object,
    of: &Namespace,
) -> Result<Option<Statement>, Unsupported> {
    let sql = work.sql;
    if old.notes.owner != new.notes.owner {
        return sql.refuse(work.op, "has no owners of schemas", "grant what they need");
    }
    let mut text = String::new();
    if old.definition != new.definition {
        text += &options(of, sql)?;
    }
    if old.comment != new.comment {
        text += &format!(" COMMENT {}", comment_text(new.comment.as_deref().unwrap_or_default(), sql)?);
    }
    let name = sql.id(&new.id.name.name)?;
    Ok((!text.is_empty()).then(|| work.statement(format!("ALTER DATABASE {name}{text}"))))
}

fn options(of: &Namespace, sql: Sql<'_>) -> Result<String, Unsupported> {
    let mut text = String::new();
    let collation = of.collation.as_deref();
    if let Some(charset) = of.charset.as_deref().filter(|c| collation.is_none_or(|name| belongs(name, c))) {
        text += &format!(" CHARACTER SET {}", word(charset, sql)?);
    }
    if let Some(collation) = collation {
        text += &format!(" COLLATE {}", word(collation, sql)?);
    }
    Ok(text)
}
