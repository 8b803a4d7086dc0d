//! Questions whether a table's rows fit what becomes of the table: required columns, types, NULLs, checks, keys, references.
//!
//! Each selects rows that don't fit by what tells them apart, so that who reads the refusal finds them. None is left to the
//! server, which would say it after half of the revision has run, name no row, or make the values fit by changing them.

mod image;
mod standing;

use dunlin_dsl::{
    Check, Column, Enforcement, Expect, Expr, ForeignKey, Generated, Index, IndexKey, KeyPart,
    StatementCheck, Table, Unsupported, When,
};

pub(crate) use image::{Image, Value};
pub(crate) use standing::Standing;

use self::image::Seen;
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

    /// What the columns of the table hold that is made, as far as that can be told before, in steps of which each is about the
    /// columns of the one before: those that it keeps.
    fn becomes(&self, before: &Table, added: &[&str]) -> Result<Vec<Vec<(String, Value)>>> {
        let stays =
            before.columns.iter().map(|column| &column.name).filter(|name| !added.contains(&name.as_str()));
        Ok(vec![stays.map(|name| (name.clone(), Value::Of(name.clone()))).collect()])
    }

    /// Which values a column computes that it has no room for, in terms of the table that is made.
    fn overflows(&self, column: &Column, added: &[&str]) -> Result<Option<Misfit>> {
        let _ = (column, added);
        Ok(None)
    }

    /// Whether computed values can be asked for.
    fn computes(&self) -> bool {
        false
    }

    /// Whether rows that refer to nothing are asked for here.
    fn asks_for_orphans(&self) -> bool;
}

/// What becomes of a table, whose rows are asked before.
pub(crate) struct Fit<'a> {
    before: &'a Table,
    after: &'a Table,
    /// The columns that are made anew, be it under the name of one that goes.
    added: &'a [&'a str],
    values: &'a dyn Values,
    standing: &'a Standing<'a>,
    sql: Sql<'a>,
    /// The rows as they are before it.
    old: Seen,
    /// The rows as they are after it.
    new: Seen,
}

impl<'a> Fit<'a> {
    pub(crate) fn new(
        (before, after): (&'a Table, &'a Table),
        added: &'a [&'a str],
        values: &'a dyn Values,
        standing: &'a Standing<'a>,
        sql: Sql<'a>,
    ) -> Result<Self> {
        let old = standing.rows(before, sql)?;
        let mut new = old.clone();
        for step in values.becomes(before, added)? {
            new = new.with(&step, sql)?;
        }
        Ok(Self { before, after, added, values, standing, sql, old, new })
    }

    /// The rows of the table that is made, as they can be asked for before anything runs.
    pub(crate) fn image(&self) -> Option<&Image> {
        self.new.ahead.as_ref()
    }

    /// A question for rows as they are before it, by these columns.
    pub(crate) fn old_rows(
        &self,
        columns: &[&str],
        condition: &str,
        message: String,
    ) -> Result<Option<StatementCheck>> {
        match self.standing.is_empty(&self.before.name) {
            true => Ok(None),
            false => self.rows_of(&self.old, columns, condition, message),
        }
    }

    /// The questions, of which each has to have no answer.
    pub(crate) fn questions(&self) -> Result<Vec<StatementCheck>> {
        let mut questions = Vec::new();
        if self.standing.is_empty(&self.before.name) {
            return Ok(questions);
        }
        for column in &self.after.columns {
            match self.old(&column.name) {
                None => questions.extend(self.required(column)?),
                Some(old) => questions.extend(self.misfits(old, column)?),
            }
        }
        // What is computed is computed of values that fit.
        for column in &self.after.columns {
            questions.extend(self.column(self.old(&column.name), column)?);
        }
        let others = self.others();
        for check in self.after.checks.iter().filter(|check| self.is_new_check(check, &others)) {
            questions.extend(self.refused(check)?);
        }
        for (name, index) in self.keys(&others) {
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
        self.rows_of(&self.old, &[], "", message)
    }

    /// Values of a column that don't fit its new type.
    fn misfits(&self, old: &Column, new: &Column) -> Result<Vec<StatementCheck>> {
        let mut questions = Vec::new();
        if old.generated.is_none() && new.generated.is_none() {
            for Misfit { condition, message } in self.values.misfits(old, new)? {
                questions.extend(self.rows_of(&self.old, &[&new.name], &condition, message)?);
            }
        }
        Ok(questions)
    }

    /// Values of a column that are NULL where it takes none any more, or that it computes and has no room for.
    fn column(&self, old: Option<&Column>, new: &Column) -> Result<Vec<StatementCheck>> {
        let mut questions = Vec::new();
        let name = new.name.as_str();
        let computed = new.generated.as_ref().filter(|_| self.values.computes());
        if let Some(generated) = computed
            && let Some(Misfit { condition, message }) = self.values.overflows(new, self.added)?
        {
            let columns: Vec<&str> = self.mentioned(&generated.expr).collect();
            questions.extend(self.rows_of(&self.new, &columns, &condition, message)?);
        }
        // A numbered column gives NULL a number.
        let refuses = |column: &Column, table: &Table| {
            let is_required = column.not_null || column.identity.is_some();
            is_required || (table.is_key_column(name) && self.values.key_refuses_null(table, name))
        };
        // Where it can't be computed here, it can be read as long as it is computed from the same.
        let is_readable = |generated: &Generated| {
            old.is_some_and(|old| old.generated.as_ref() == Some(generated))
                && !self.mentioned(&generated.expr).any(|name| self.values.is_given(name))
        };
        let is_told = computed.is_some() || new.generated.as_ref().is_none_or(is_readable);
        let has_null = match old {
            Some(old) => !refuses(old, self.before) || self.values.is_given(name) || computed.is_some(),
            None => computed.is_some(),
        };
        if refuses(new, self.after) && has_null && is_told {
            let condition = format!("{} IS NULL", self.values.value(name)?);
            let message = format!("rows of {} have NULL in {name}", self.before.name);
            questions.extend(self.rows_of(&self.new, &[name], &condition, message)?);
        }
        Ok(questions)
    }

    /// The columns that compare otherwise than before, or are computed of one that does.
    fn others(&self) -> Vec<&str> {
        let stay = || self.after.columns.iter().filter_map(|new| Some((self.old(&new.name)?, new)));
        let is_other = |(old, new): &(&Column, &Column)| self.values.compares_otherwise(old, new);
        let mut others: Vec<&str> = stay().filter(is_other).map(|(_, new)| new.name.as_str()).collect();
        loop {
            let is_of = |new: &Column| {
                let of = new.generated.as_ref().map(|generated| &generated.expr);
                of.is_some_and(|expr| others.iter().any(|other| mentions(expr, other)))
            };
            let new =
                stay().map(|(_, new)| new).find(|new| !others.contains(&new.name.as_str()) && is_of(new));
            let Some(new) = new else { return others };
            others.push(&new.name);
        }
    }

    /// Whether a check holds for rows that nobody has held to it, or that compare otherwise now, and can be asked of them as they are.
    fn is_new_check(&self, check: &Check, others: &[&str]) -> bool {
        let held = |old: &Check| old.expr == check.expr && old.enforcement == Enforcement::Full;
        let is_other = || self.values.computes() && others.iter().any(|other| mentions(&check.expr, other));
        check.enforcement == Enforcement::Full
            && (!self.before.checks.iter().any(held) || is_other())
            && !self.mentioned(&check.expr).any(|name| self.values.is_given(name))
    }

    fn refused(&self, check: &Check) -> Result<Option<StatementCheck>> {
        let expr = self.sql.expr(&check.expr, format!("add check {}", check.label))?;
        let columns: Vec<&str> = self.mentioned(&check.expr).collect();
        let message = format!("rows of {} don't meet check {}: {expr}", self.before.name, check.label);
        self.rows_of(&self.new, &columns, &format!("NOT ({expr})"), message)
    }

    /// The columns that an expression mentions of the table that is made.
    fn mentioned<'e>(&'e self, expr: &'e Expr) -> impl Iterator<Item = &'e str> {
        let names = self.after.columns.iter().map(|column| column.name.as_str());
        names.filter(|name| mentions(expr, name))
    }

    /// The unique keys that nothing has kept so far, or that compare otherwise now.
    fn keys(&self, others: &[&str]) -> Vec<(String, Index)> {
        let known: Vec<Index> = unique(self.before).map(|(_, index)| index).collect();
        let same = |old: &Index, new: &Index| old.keys == new.keys && old.predicate == new.predicate;
        let is_other = |index: &Index| {
            self.names(index).any(|name| match (self.old(name), self.after.column(name)) {
                (Some(_), Some(_)) => self.values.is_given(name) || others.contains(&name),
                _ => true,
            })
        };
        unique(self.after)
            .filter(|(_, index)| is_other(index) || !known.iter().any(|old| same(old, index)))
            .collect()
    }

    /// The columns that an index has anything to do with.
    fn names<'i>(&'i self, index: &'i Index) -> impl Iterator<Item = &'i str> {
        let all = self.after.columns.iter().map(|column| column.name.as_str());
        let of_key = |key: &IndexKey, name: &str| match &key.on {
            KeyPart::Column(column) => column == name,
            KeyPart::Expr(expr) => mentions(expr, name),
        };
        all.filter(move |name| {
            index.keys.iter().any(|key| of_key(key, name))
                || index.predicate.iter().any(|expr| mentions(expr, name))
        })
    }

    /// Rows with the same key.
    fn alike(&self, name: &str, index: &Index) -> Result<Option<StatementCheck>> {
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
        let shown = shown.collect::<Vec<_>>().join(", ");
        let keys = keys.join(", ");
        let message =
            format!("rows of {} have the same {}, which {name} forbids", self.before.name, names.join(", "));
        names.push("rows".into());
        let columns: Vec<&str> = self.names(index).collect();
        self.question(&[(&self.new, &columns, None)], message, names, |from| {
            format!(
                "SELECT {shown}, COUNT(*) FROM {}{condition} GROUP BY {keys} HAVING COUNT(*) > 1 LIMIT {ROWS}",
                from[0]
            )
        })
    }

    fn is_new_reference(&self, key: &ForeignKey) -> bool {
        let parts =
            |key: &ForeignKey| (key.columns.clone(), key.references.clone(), key.references_columns.clone());
        let held = |old: &ForeignKey| parts(old) == parts(key) && old.enforcement == Enforcement::Full;
        self.values.asks_for_orphans()
            && key.enforcement == Enforcement::Full
            && !key.references_columns.is_empty()
            && !self.before.foreign_keys.iter().any(held)
    }

    /// Rows that refer to none.
    fn orphans(&self, key: &ForeignKey) -> Result<Option<StatementCheck>> {
        let sql = self.sql;
        if key.columns.len() != key.references_columns.len() {
            return Ok(None);
        }
        let own = |column: &String| Ok(format!("child.{}", sql.id(column)?));
        let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
        let shown = self.shown(&self.new, &columns);
        let select = list(shown.iter().map(|name| Ok(self.values.beginning(&own(name)?))))?;
        let filled = key.columns.iter().map(|column| Ok(format!("{} IS NOT NULL", own(column)?)));
        let filled = filled.collect::<Result<Vec<_>>>()?.join(" AND ");
        let pairs = key.columns.iter().zip(&key.references_columns);
        let pairs = pairs.map(|(column, to)| Ok(format!("parent.{} = {}", sql.id(to)?, own(column)?)));
        let pairs = pairs.collect::<Result<Vec<_>>>()?.join(" AND ");
        let message =
            format!("rows of {} refer to rows of {} that don't exist", self.before.name, key.references);
        let other;
        let parent = match key.references == self.after.name {
            true => &self.new,
            false => {
                other = self.standing.referred(&key.references, sql)?;
                &other
            }
        };
        let told: Vec<&str> = shown.iter().map(String::as_str).collect();
        let referred: Vec<&str> = key.references_columns.iter().map(String::as_str).collect();
        let of = [(&self.new, told.as_slice(), Some("child")), (parent, &referred, Some("parent"))];
        self.question(&of, message, shown.clone(), |from| {
            format!(
                "SELECT {select} FROM {} WHERE {filled} AND NOT EXISTS (SELECT 1 FROM {} WHERE {pairs}) LIMIT {ROWS}",
                from[0], from[1]
            )
        })
    }

    /// The question for rows that meet a condition, by what tells them apart and the values of these columns.
    fn rows_of(
        &self,
        rows: &Seen,
        columns: &[&str],
        condition: &str,
        message: String,
    ) -> Result<Option<StatementCheck>> {
        let shown = self.shown(rows, columns);
        let select = list(shown.iter().map(|name| match rows.then.tells(name) {
            true => Ok(self.values.beginning(&self.sql.id(name)?)),
            false => Ok(name.clone()),
        }))?;
        let condition = if condition.is_empty() { String::new() } else { format!(" WHERE {condition}") };
        let mut of: Vec<&str> =
            shown.iter().map(String::as_str).filter(|name| rows.then.tells(name)).collect();
        of.extend(columns.iter().filter(|column| !rows.then.tells(column)));
        self.question(&[(rows, &of, None)], message, shown.clone(), |from| {
            format!("SELECT {select} FROM {}{condition} LIMIT {ROWS}", from[0])
        })
    }

    /// What of a row is told: its key, and these columns; its first columns, where there are none.
    fn shown(&self, rows: &Seen, columns: &[&str]) -> Vec<String> {
        let key = self.before.primary_key.as_ref().map(|key| key.columns.clone());
        let id = || self.values.row_id(self.before).map(str::to_owned);
        let mut names = match key {
            Some(key) => key.into_iter().filter(|name| rows.then.tells(name)).collect(),
            None => id().into_iter().collect::<Vec<_>>(),
        };
        for column in columns {
            if !names.iter().any(|name| name == column) {
                names.push((*column).to_owned());
            }
        }
        if names.is_empty() {
            let first = self.before.columns.iter().map(|column| column.name.clone());
            names.extend(first.filter(|name| rows.then.tells(name)).take(3));
        }
        names
    }

    /// A question about columns of rows, in this order in FROM; none where they can't be told before the statement.
    fn question(
        &self,
        of: &[(&Seen, &[&str], Option<&str>)],
        message: String,
        names: Vec<String>,
        query: impl Fn(&[String]) -> String,
    ) -> Result<Option<StatementCheck>> {
        let (mut ahead, mut then) = (Some(Vec::new()), Vec::new());
        for (rows, columns, alias) in of {
            let Some(now) = rows.then.source(columns, *alias, self.sql)? else { return Ok(None) };
            then.push(now);
            let source = match &rows.ahead {
                Some(image) => image.source(columns, *alias, self.sql)?,
                None => None,
            };
            ahead = ahead.zip(source).map(|(mut all, source)| {
                all.push(source);
                all
            });
        }
        let expect = Expect::Empty;
        Ok(Some(match ahead {
            None => {
                let query = query(&then);
                StatementCheck { when: When::Before, query, later: None, expect, message, names }
            }
            Some(ahead) => {
                let later = (ahead != then).then(|| query(&then));
                StatementCheck { when: When::Ahead, query: query(&ahead), later, expect, message, names }
            }
        }))
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
