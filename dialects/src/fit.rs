//! Questions whether a table's rows fit what becomes of the table: required columns, types, NULLs, checks, keys, references.
//!
//! Each selects rows that don't fit by what tells them apart, so that who reads the refusal finds them. None is left to the
//! server, which would say it after half of the revision has run, name no row, or make the values fit by changing them.

mod standing;

use dunlin_dsl::{
    Check, Column, Enforcement, Expect, Expr, ForeignKey, Index, IndexKey, KeyPart, StatementCheck, Table,
    Unsupported, When,
};

pub(crate) use standing::Standing;

use crate::choice::mentions;
use crate::sql::{Sql, list};

/// The most rows that a question asks for: one more than are told.
const ROWS: u32 = 4;

type Result<T> = std::result::Result<T, Unsupported>;

/// Rows that don't fit: a condition, and what is wrong with them.
pub(crate) struct Misfit {
    pub(crate) condition: String,
    pub(crate) message: String,
}

/// What a dialect knows of rows and values.
pub(crate) trait Values {
    /// What tells the rows apart of a table without a primary key.
    fn row_id(&self, table: &Table) -> Option<&'static str>;

    /// What a column's values become; the column itself unless someone said otherwise.
    fn value(&self, column: &str) -> Result<String>;

    /// Whether someone did.
    fn is_given(&self, column: &str) -> bool;

    /// The beginning of a value that may be long.
    fn beginning(&self, value: &str) -> String;

    /// Which values of a column wouldn't be the same in what it becomes.
    fn misfits(&self, old: &Column, new: &Column) -> Result<Vec<Misfit>>;

    /// A part of a unique key as it is compared afterwards.
    fn compared(&self, key: &IndexKey) -> Result<String>;

    /// Whether values of a column that weren't the same may be afterwards.
    fn compares_otherwise(&self, old: &Column, new: &Column) -> bool;

    /// Whether a column of a table's primary key refuses NULL.
    fn key_refuses_null(&self, table: &Table, column: &str) -> bool {
        let _ = (table, column);
        true
    }

    /// Whether rows that refer to nothing are asked for here.
    fn asks_for_orphans(&self) -> bool;
}

/// What becomes of a table, whose rows are asked before.
pub(crate) struct Fit<'a> {
    pub(crate) before: &'a Table,
    pub(crate) after: &'a Table,
    /// The columns that are made anew, be it under the name of one that goes.
    pub(crate) added: &'a [&'a str],
    pub(crate) values: &'a dyn Values,
    pub(crate) standing: &'a Standing<'a>,
    pub(crate) sql: Sql<'a>,
}

impl Fit<'_> {
    /// The questions, of which each has to have no answer.
    pub(crate) fn questions(&self) -> Result<Vec<StatementCheck>> {
        let mut questions = Vec::new();
        if self.standing.is_empty(&self.before.name) {
            return Ok(questions);
        }
        for column in &self.after.columns {
            match self.old(&column.name) {
                None => questions.extend(self.required(column)?),
                Some(old) => questions.extend(self.column(old, column)?),
            }
        }
        for check in self.after.checks.iter().filter(|check| self.is_new_check(check)) {
            questions.push(self.refused(check)?);
        }
        for (name, index) in self.keys() {
            questions.extend(self.alike(&name, &index)?);
        }
        for key in self.after.foreign_keys.iter().filter(|key| self.is_new_reference(key)) {
            questions.extend(self.orphans(key)?);
        }
        Ok(questions)
    }

    /// A column as it was, where it was.
    fn old(&self, name: &str) -> Option<&Column> {
        self.before.column(name).filter(|_| !self.added.contains(&name))
    }

    /// Any row, where a new column has nothing for it.
    fn required(&self, column: &Column) -> Result<Option<StatementCheck>> {
        let has_value = column.default.is_some() || column.generated.is_some() || column.identity.is_some();
        if !column.not_null || has_value || self.values.is_given(&column.name) {
            return Ok(None);
        }
        let message = format!(
            "table {} has rows, and its new column {} refuses NULL and has no default: give it one, or add it without \
             not_null(), fill it, and say not_null() then",
            self.before.name, column.name
        );
        self.rows(&[], "", message).map(Some)
    }

    /// Values of a column that don't fit its new type, or that are NULL where it takes none any more.
    fn column(&self, old: &Column, new: &Column) -> Result<Vec<StatementCheck>> {
        let mut questions = Vec::new();
        let name = new.name.as_str();
        if old.generated.is_none() && new.generated.is_none() {
            for Misfit { condition, message } in self.values.misfits(old, new)? {
                questions.push(self.rows(&[name], &condition, message)?);
            }
        }
        // A numbered column gives NULL a number.
        let refuses = |column: &Column, table: &Table| {
            let is_required = column.not_null || column.identity.is_some();
            is_required || (table.is_key_column(name) && self.values.key_refuses_null(table, name))
        };
        let has_null = !refuses(old, self.before) || self.values.is_given(name);
        if refuses(new, self.after) && has_null && new.generated.is_none() {
            let condition = format!("{} IS NULL", self.values.value(name)?);
            let message = format!("rows of {} have NULL in {name}", self.before.name);
            questions.push(self.rows(&[name], &condition, message)?);
        }
        Ok(questions)
    }

    /// Whether a check holds for rows that nobody has held to it, and can be asked of them as they are.
    fn is_new_check(&self, check: &Check) -> bool {
        let held = |old: &Check| old.expr == check.expr && old.enforcement == Enforcement::Full;
        let is_other = |name: &str| self.old(name).is_none() || self.values.is_given(name);
        check.enforcement == Enforcement::Full
            && !self.before.checks.iter().any(held)
            && !self
                .after
                .columns
                .iter()
                .any(|column| is_other(&column.name) && mentions(&check.expr, &column.name))
    }

    fn refused(&self, check: &Check) -> Result<StatementCheck> {
        let expr = self.sql.expr(&check.expr, format!("add check {}", check.label))?;
        let columns: Vec<&str> = self.mentioned(&check.expr).collect();
        let message = format!("rows of {} don't meet check {}: {expr}", self.before.name, check.label);
        self.rows(&columns, &format!("NOT ({expr})"), message)
    }

    /// The columns that an expression mentions.
    fn mentioned<'e>(&'e self, expr: &'e Expr) -> impl Iterator<Item = &'e str> {
        let names = self.before.columns.iter().map(|column| column.name.as_str());
        names.filter(|name| mentions(expr, name))
    }

    /// The unique keys that nothing has kept so far, or that compare otherwise now.
    fn keys(&self) -> Vec<(String, Index)> {
        let known: Vec<Index> = unique(self.before).map(|(_, index)| index).collect();
        let same = |old: &Index, new: &Index| old.keys == new.keys && old.predicate == new.predicate;
        let is_other = |index: &Index| {
            self.names(index).any(|name| match (self.old(name), self.after.column(name)) {
                (Some(old), Some(new)) => {
                    self.values.is_given(name) || self.values.compares_otherwise(old, new)
                }
                _ => true,
            })
        };
        unique(self.after)
            .filter(|(_, index)| is_other(index) || !known.iter().any(|old| same(old, index)))
            .collect()
    }

    /// The columns that an index has anything to do with.
    fn names<'i>(&'i self, index: &'i Index) -> impl Iterator<Item = &'i str> {
        let all = self.before.columns.iter().chain(&self.after.columns).map(|column| column.name.as_str());
        let of_key = |key: &IndexKey, name: &str| match &key.on {
            KeyPart::Column(column) => column == name,
            KeyPart::Expr(expr) => mentions(expr, name),
        };
        all.filter(move |name| {
            index.keys.iter().any(|key| of_key(key, name))
                || index.predicate.iter().any(|expr| mentions(expr, name))
        })
    }

    /// Rows with the same key. Where a new column is part of it the server has to tell.
    fn alike(&self, name: &str, index: &Index) -> Result<Option<StatementCheck>> {
        if self.names(index).any(|name| self.old(name).is_none()) {
            return Ok(None);
        }
        let keys = index.keys.iter().map(|key| self.values.compared(key)).collect::<Result<Vec<_>>>()?;
        let mut names = Vec::with_capacity(keys.len() + 1);
        for key in &index.keys {
            names.push(match &key.on {
                KeyPart::Column(column) => column.clone(),
                KeyPart::Expr(expr) => self.sql.expr(expr, "index an expression")?,
            });
        }
        let mut conditions: Vec<String> = keys.iter().map(|key| format!("{key} IS NOT NULL")).collect();
        if index.nulls_not_distinct {
            conditions.clear();
        }
        if let Some(predicate) = &index.predicate {
            conditions.push(format!("({})", self.sql.expr(predicate, "filter an index")?));
        }
        let shown = keys.iter().map(|key| format!("MIN({})", self.values.beginning(key)));
        let condition = match conditions.as_slice() {
            [] => String::new(),
            conditions => format!(" WHERE {}", conditions.join(" AND ")),
        };
        let query = format!(
            "SELECT {}, COUNT(*) FROM {}{condition} GROUP BY {} HAVING COUNT(*) > 1 LIMIT {ROWS}",
            shown.collect::<Vec<_>>().join(", "),
            self.sql.table(&self.before.name)?,
            keys.join(", ")
        );
        let message =
            format!("rows of {} have the same {}, which {name} forbids", self.before.name, names.join(", "));
        names.push("rows".into());
        let columns: Vec<&str> = self.names(index).collect();
        Ok(Some(self.question(&columns, query, message, names)))
    }

    fn is_new_reference(&self, key: &ForeignKey) -> bool {
        let parts =
            |key: &ForeignKey| (key.columns.clone(), key.references.clone(), key.references_columns.clone());
        let held = |old: &ForeignKey| parts(old) == parts(key) && old.enforcement == Enforcement::Full;
        self.values.asks_for_orphans()
            && key.enforcement == Enforcement::Full
            && !key.references_columns.is_empty()
            && !self.before.foreign_keys.iter().any(held)
            && key.columns.iter().all(|column| self.old(column).is_some())
    }

    /// Rows that refer to none.
    fn orphans(&self, key: &ForeignKey) -> Result<Option<StatementCheck>> {
        let sql = self.sql;
        if key.columns.len() != key.references_columns.len() {
            return Ok(None);
        }
        let own = |column: &String| Ok(format!("child.{}", sql.id(column)?));
        let shown = self.shown(&key.columns.iter().map(String::as_str).collect::<Vec<_>>());
        let select = list(shown.iter().map(|name| Ok(self.values.beginning(&own(name)?))))?;
        let filled = key.columns.iter().map(|column| Ok(format!("{} IS NOT NULL", own(column)?)));
        let filled = filled.collect::<Result<Vec<_>>>()?.join(" AND ");
        let pairs = key.columns.iter().zip(&key.references_columns);
        let pairs = pairs.map(|(column, to)| Ok(format!("parent.{} = {}", sql.id(to)?, own(column)?)));
        let query = format!(
            "SELECT {select} FROM {} AS child WHERE {filled} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {}) LIMIT {ROWS}",
            sql.table(&self.before.name)?,
            sql.table(&key.references)?,
            pairs.collect::<Result<Vec<_>>>()?.join(" AND "),
        );
        let message =
            format!("rows of {} refer to rows of {} that don't exist", self.before.name, key.references);
        let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
        let mut question = self.question(&columns, query, message, shown);
        if self.standing.when_of(&key.references) == When::Before {
            question.when = When::Before;
        }
        Ok(Some(question))
    }

    /// The question for rows that meet a condition, by what tells them apart and the values of these columns.
    fn rows(&self, columns: &[&str], condition: &str, message: String) -> Result<StatementCheck> {
        let shown = self.shown(columns);
        let select = list(shown.iter().map(|name| match self.before.column(name) {
            Some(_) => Ok(self.values.beginning(&self.sql.id(name)?)),
            None => Ok(name.clone()),
        }))?;
        let condition = if condition.is_empty() { String::new() } else { format!(" WHERE {condition}") };
        let query =
            format!("SELECT {select} FROM {}{condition} LIMIT {ROWS}", self.sql.table(&self.before.name)?);
        Ok(self.question(columns, query, message, shown))
    }

    /// What of a row is told: its key, and these columns; its first columns, where there are none.
    fn shown(&self, columns: &[&str]) -> Vec<String> {
        let key = self.before.primary_key.as_ref().map(|key| key.columns.clone());
        let id = || self.values.row_id(self.before).map(str::to_owned);
        let mut names = key.unwrap_or_else(|| id().into_iter().collect());
        for column in columns {
            if !names.iter().any(|name| name == column) {
                names.push((*column).to_owned());
            }
        }
        if names.is_empty() {
            names.extend(self.before.columns.iter().take(3).map(|column| column.name.clone()));
        }
        names
    }

    fn question(
        &self,
        columns: &[&str],
        query: String,
        message: String,
        names: Vec<String>,
    ) -> StatementCheck {
        let when = self.standing.when(self.before, columns);
        StatementCheck { when, query, expect: Expect::Empty, message, names }
    }
}

/// What keeps a table's rows apart, by the name that it has.
fn unique(table: &Table) -> impl Iterator<Item = (String, Index)> {
    let keyed = |label: &dunlin_dsl::Label, columns: &[String]| {
        let keys = columns.iter().map(IndexKey::column).collect();
        Index { unique: true, ..Index::new(label.clone(), keys) }
    };
    let primary = table
        .primary_key
        .iter()
        .map(move |key| ("the primary key".to_owned(), keyed(&key.label, &key.columns)));
    let uniques = table.uniques.iter().map(move |unique| {
        let index = keyed(&unique.label, &unique.columns);
        (unique.label.to_string(), Index { nulls_not_distinct: unique.nulls_not_distinct, ..index })
    });
    let indexes = table.indexes.iter().filter(|index| index.unique);
    let indexes = indexes.map(|index| {
        let keys = index.keys.iter().map(|key| IndexKey { descending: false, ..key.clone() }).collect();
        (index.label.to_string(), Index { keys, ..index.clone() })
    });
    primary.chain(uniques).chain(indexes)
}
