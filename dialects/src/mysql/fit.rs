//! What MySQL and MariaDB know of rows and values that have to fit.

mod becomes;
mod defaults;
mod json;
mod types;

use dunlin_dsl::{Column, Index, IndexKey, KeyPart, StatementCheck, Table, Unsupported};

use self::types::Type;
use super::{native, options};
use crate::fit::{Fit, Misfit, Value, Values};
use crate::sql::Sql;

/// The rows of a table, and what it becomes.
pub(super) struct Rows<'a> {
    pub(super) before: &'a Table,
    pub(super) after: &'a Table,
    pub(super) sql: Sql<'a>,
}

impl Rows<'_> {
    /// All questions about a change: whether defaults are values, and rows fit. `copies` says that each row is written anew.
    pub(super) fn questions(
        &self,
        fit: &Fit<'_>,
        added: &[&str],
        copies: bool,
    ) -> Result<Vec<StatementCheck>, Unsupported> {
        let mut questions = Vec::new();
        for column in &self.after.columns {
            let old = self.before.column(&column.name).filter(|_| !added.contains(&column.name.as_str()));
            let text = |column, table| text_of(column, table, self.sql);
            let is_same = old.is_some_and(|old| {
                (&old.ty, &old.default, text(old, self.before))
                    == (&column.ty, &column.default, text(column, self.after))
            });
            if !is_same {
                questions.extend(defaults::question(column, self.after, self.sql)?);
            }
        }
        questions.extend(fit.questions()?);
        if copies {
            questions.extend(self.zero_moments(fit, added)?);
        }
        Ok(questions)
    }

    /// Days that aren't any, where the mode takes none: rows that have them aren't written again.
    fn zero_moments(&self, fit: &Fit<'_>, added: &[&str]) -> Result<Vec<StatementCheck>, Unsupported> {
        let sql = self.sql;
        let made = self.before.notes.settings.get("sql_mode").map(String::as_str);
        let mode = made.unwrap_or_else(|| sql.server.fact("sql_mode"));
        let has = |name: &str| mode.split(',').any(|mode| mode == name);
        let (zero, in_date) = (has("NO_ZERO_DATE"), has("NO_ZERO_IN_DATE"));
        let is_moment = |column: &Column| {
            let ty = Type::of(&column.ty, None, sql);
            column.generated.is_none() && matches!(ty, Type::Date | Type::Datetime(_) | Type::Timestamp(_))
        };
        let stays = |column: &&Column| {
            let name = column.name.as_str();
            is_moment(column) && !added.contains(&name) && self.after.column(name).is_some_and(is_moment)
        };
        let mut questions = Vec::new();
        for column in self.before.columns.iter().filter(stays) {
            let a = sql.id(&column.name)?;
            let is_zero = format!("(YEAR({a}) = 0 AND MONTH({a}) = 0 AND DAYOFMONTH({a}) = 0)");
            let has_zero = format!("(MONTH({a}) = 0 OR DAYOFMONTH({a}) = 0)");
            let condition = match (zero, in_date) {
                (true, true) => has_zero,
                (true, false) => is_zero,
                (false, true) => format!("({has_zero} AND NOT {is_zero})"),
                (false, false) => break,
            };
            let message = format!(
                "{}.{} has days with zeros, which sql_mode refuses when the table is copied: correct them first, or take NO_ZERO_DATE \
                 and NO_ZERO_IN_DATE out of sql_mode",
                self.before.name, column.name
            );
            questions.extend(fit.old_rows(&[&column.name], &condition, message)?);
        }
        Ok(questions)
    }
}

impl Values for Rows<'_> {
    fn row_id(&self, _: &Table) -> Option<&'static str> {
        None
    }

    fn value(&self, column: &str) -> Result<String, Unsupported> {
        self.sql.id(column)
    }

    fn is_given(&self, _: &str) -> bool {
        false
    }

    fn beginning(&self, value: &str) -> String {
        format!("LEFT({value}, 60)")
    }

    fn misfits(&self, old: &Column, new: &Column) -> Result<Vec<Misfit>, Unsupported> {
        let sql = self.sql;
        let value = sql.id(&old.name)?;
        let mut misfits = Vec::new();
        let from = Type::of(&old.ty, text_of(old, self.before, sql).0, sql);
        let to = Type::of(&new.ty, text_of(new, self.after, sql).0, sql);
        if let Some(condition) = types::misfit(&from, &to, &value, sql)? {
            let (table, name) = (&self.before.name, &old.name);
            let message = format!(
                "values of {table}.{name} wouldn't stay what they are as {}: correct them first, or add another column, \
                 fill it, and drop this one",
                described(new, to.charset().filter(|charset| from.charset() != Some(charset)), sql)
            );
            misfits.push(Misfit { condition, message });
        }
        // Seen on MariaDB 10.11 and MySQL 9.7: where a column becomes numbered, the rows with 0 are numbered too.
        let numbers = new.identity.is_some() && old.identity.is_none();
        if numbers && !sql.server.fact("sql_mode").contains("NO_AUTO_VALUE_ON_ZERO") {
            let message = format!(
                "rows of {} have 0 in {}, which is numbered from now on, and would be another number",
                self.before.name, old.name
            );
            misfits.push(Misfit { condition: format!("{value} = 0"), message });
        }
        Ok(misfits)
    }

    fn compared(&self, key: &IndexKey) -> Result<String, Unsupported> {
        let sql = self.sql;
        let KeyPart::Column(name) = &key.on else {
            let KeyPart::Expr(expr) = &key.on else { return Ok(String::new()) };
            return Ok(format!("({})", sql.expr(expr, "index an expression")?));
        };
        let text = sql.id(name)?;
        Ok(match key.prefix {
            Some(prefix) => format!("LEFT({text}, {prefix})"),
            None => text,
        })
    }

    fn compares_otherwise(&self, old: &Column, new: &Column) -> bool {
        let sql = self.sql;
        let text =
            |column: &Column, table| native::is_text(&column.ty, sql).then(|| text_of(column, table, sql).1);
        let (old, new) = (text(old, self.before), text(new, self.after));
        new.is_some() && old != new
    }

    fn becomes(&self, before: &Table, added: &[&str]) -> Result<Vec<Vec<(String, Value)>>, Unsupported> {
        becomes::becomes(before, self.after, added, self.sql)
    }

    fn computes(&self) -> bool {
        true
    }

    /// What is computed when it is read has no room to begin with, unless an index keeps it.
    fn overflows(&self, column: &Column, added: &[&str]) -> Result<Option<Misfit>, Unsupported> {
        let Some(generated) = &column.generated else { return Ok(None) };
        let name = &column.name;
        let is_kept = generated.stored || keeps(self.after, name);
        let was_kept = self.before.column(name).is_some_and(|old| {
            old.generated.as_ref().is_some_and(|generated| generated.stored) || keeps(self.before, name)
        });
        let is_other = || becomes::others(self.before, self.after, added, self.sql).contains(&name.as_str());
        match is_kept && (!was_kept || is_other()) {
            true => becomes::overflows(column, self.after, self.sql),
            false => Ok(None),
        }
    }

    fn asks_for_orphans(&self) -> bool {
        true
    }
}

/// Whether an index of a table has a column.
fn keeps(table: &Table, column: &str) -> bool {
    let has = |index: &Index| index.keys.iter().any(|key| key.column_name() == Some(column));
    table.indexes.iter().any(has)
        || table.uniques.iter().any(|unique| unique.columns.iter().any(|name| name == column))
}

/// The character set and the collation of a column with text.
pub(super) fn text_of(column: &Column, table: &Table, sql: Sql<'_>) -> (Option<String>, Option<String>) {
    let collation = column.collation.get(sql.server.dialect).cloned();
    let charset = column.charset.clone();
    let (charset, collation) = match (charset, collation) {
        (None, None) => (table.options.charset.clone(), table.options.collation.clone()),
        own => own,
    };
    let named = charset.clone();
    let (charset, collation) = options::complete(charset, collation, sql);
    (charset.or(named), collation)
}

/// What a column becomes, for a message, with its character set where that is another one.
fn described(new: &Column, charset: Option<&str>, sql: Sql<'_>) -> String {
    let ty = native::lower(&new.ty, sql).unwrap_or_else(|_| new.ty.clone());
    match charset {
        Some(charset) => format!("{ty} in {charset}"),
        None => ty.to_string(),
    }
}
