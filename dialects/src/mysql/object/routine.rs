//! Functions and procedures.

use dunlin_dsl::{
    ArgumentMode, ColumnType, DataAccess, Object, ObjectKind, Returns, Routine, Security, Unsupported,
    Volatility,
};

use super::{Work, comment, definer};
use crate::mysql::flavor::Flavor;
use crate::sql::{Sql, list};

/// CREATE FUNCTION or PROCEDURE.
pub(super) fn create(
    object: &Object,
    of: &Routine,
    replace: bool,
    sql: Sql<'_>,
) -> Result<String, Unsupported> {
    let is_function = object.id.kind == ObjectKind::Function;
    // What was made in Oracle's mode is read in it again.
    let is_oracle = sql.server.fact("sql_mode").split(',').any(|mode| mode == "ORACLE");
    let args = of.args.iter().map(|arg| {
        let mode = match arg.mode {
            ArgumentMode::Out => "OUT ",
            ArgumentMode::InOut if is_oracle => "IN OUT ",
            ArgumentMode::InOut => "INOUT ",
            _ if is_function => "",
            ArgumentMode::In | ArgumentMode::Variadic => "IN ",
        };
        let (name, ty) = (sql.id(&arg.name)?, type_text(&arg.ty, sql)?);
        Ok(if is_oracle { format!("{name} {mode}{ty}") } else { format!("{mode}{name} {ty}") })
    });
    let mut text = format!(
        "CREATE {}{}{} {}({})",
        if replace { "OR REPLACE " } else { "" },
        definer(&object.notes, sql)?,
        word(object.id.kind),
        sql.table(&object.id.name)?,
        list(args)?,
    );
    if let Some(Returns::Type(ty)) = &of.returns {
        let returns = if is_oracle { "RETURN" } else { "RETURNS" };
        text += &format!(" {returns} {}", type_text(ty, sql)?);
    }
    if of.volatility == Volatility::Immutable {
        text += " DETERMINISTIC";
    }
    if let Some(access) = of.data_access {
        text += &format!(" {}", data_access(Some(access)));
    }
    if of.security == Some(Security::Invoker) {
        text += " SQL SECURITY INVOKER";
    }
    text += &comment(object, sql)?;
    Ok(format!("{text}\n{}", sql.expr(&of.body, format!("write {}", object.id))?))
}

/// ALTER FUNCTION or PROCEDURE, which changes what is said of one, and neither its arguments nor its body; none where
/// those are other.
pub(super) fn alter(
    old: &Object,
    new: &Object,
    was: &Routine,
    of: &Routine,
    work: &Work<'_>,
) -> Result<Option<String>, Unsupported> {
    let sql = work.sql;
    if was.args != of.args {
        let lacks = "would take it for the same routine, which is known here by its arguments";
        return sql.refuse(work.op, lacks, "drop it, and create the new one");
    }
    let alike = Routine { security: was.security, data_access: was.data_access, ..of.clone() };
    if alike != *was || old.notes.owner != new.notes.owner {
        return Ok(None);
    }
    // MySQL takes an empty comment for none that is said.
    let uncommented = new.comment.is_none() && old.comment.is_some();
    if uncommented && !Flavor::of(sql.server).takes_off_routine_comments() {
        return Ok(None);
    }
    let mut text = format!("ALTER {} {}", word(old.id.kind), sql.table(&old.id.name)?);
    if of.data_access != was.data_access {
        text += &format!(" {}", data_access(of.data_access));
    }
    if of.security != was.security {
        text += match of.security {
            Some(Security::Invoker) => " SQL SECURITY INVOKER",
            _ => " SQL SECURITY DEFINER",
        };
    }
    if old.comment != new.comment {
        let comment = new.comment.as_deref().unwrap_or_default();
        text += &format!(" COMMENT {}", crate::mysql::column::comment_text(comment, sql)?);
    }
    Ok(Some(text))
}

fn word(kind: ObjectKind) -> &'static str {
    if kind == ObjectKind::Function { "FUNCTION" } else { "PROCEDURE" }
}

fn data_access(access: Option<DataAccess>) -> &'static str {
    match access {
        None => "CONTAINS SQL",
        Some(DataAccess::NoSql) => "NO SQL",
        Some(DataAccess::ReadsSqlData) => "READS SQL DATA",
        Some(DataAccess::ModifiesSqlData) => "MODIFIES SQL DATA",
    }
}

fn type_text(ty: &ColumnType, sql: Sql<'_>) -> Result<String, Unsupported> {
    let text = sql.ty(ty)?;
    match text.contains('\0') {
        true => sql.refuse(format!("use the type {text:?}"), "has no such type", "leave the NUL out"),
        false => Ok(text),
    }
}
