//! A table's rows as operations will have left them that haven't run yet: a query of the tables that there are.

use dunlin_dsl::{Name, Table, Unsupported};

use crate::sql::{Sql, list};

type Result<T> = std::result::Result<T, Unsupported>;

/// Where rows are to be asked for, and what stands for each of their columns.
#[derive(Clone)]
pub(crate) struct Image {
    /// A table's name, or a query in brackets.
    from: String,
    /// What the table is called by then.
    alias: String,
    /// Each column with its value in terms of that; none where it can't be told.
    columns: Vec<(String, Option<String>)>,
    /// Whether nobody knows its columns, so that any is taken to be there.
    is_open: bool,
}

/// Rows as they can be asked for before anything runs, where they can, and when a statement's turn comes.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) ahead: Option<Image>,
    pub(crate) then: Image,
}

/// What a column's values become.
pub(crate) enum Value {
    /// Those of a column.
    Of(String),
    /// An expression over columns.
    Computed(String),
    /// Nobody can tell before.
    Unknown,
}

impl Seen {
    /// The rows with other columns.
    pub(crate) fn with(&self, columns: &[(String, Value)], sql: Sql<'_>) -> Result<Self> {
        let ahead = self.ahead.as_ref().map(|image| image.with(columns, sql)).transpose()?;
        Ok(Self { ahead, then: self.then.with(columns, sql)? })
    }
}

impl Image {
    /// A table as it is.
    pub(crate) fn of(table: &Table, sql: Sql<'_>) -> Result<Self> {
        let columns =
            table.columns.iter().map(|column| Ok((column.name.clone(), Some(sql.id(&column.name)?))));
        Ok(Self {
            columns: columns.collect::<Result<_>>()?,
            is_open: false,
            ..Self::unknown(&table.name, sql)?
        })
    }

    /// A table of which no more is known than its name.
    pub(crate) fn unknown(name: &Name, sql: Sql<'_>) -> Result<Self> {
        let (from, alias) = (sql.table(name)?, sql.id(&name.name)?);
        Ok(Self { from, alias, columns: Vec::new(), is_open: true })
    }

    /// A table without rows.
    pub(crate) fn empty(table: &Table, sql: Sql<'_>) -> Result<Self> {
        let nulls = table.columns.iter().map(|column| Ok(format!("NULL AS {}", sql.id(&column.name)?)));
        Ok(Self { from: format!("(SELECT {} LIMIT 0)", list(nulls)?), ..Self::of(table, sql)? })
    }

    /// The same rows of a table that has another name by then.
    pub(crate) fn called(self, name: &Name, sql: Sql<'_>) -> Result<Self> {
        Ok(Self { alias: sql.id(&name.name)?, ..self })
    }

    pub(crate) fn rename(&mut self, column: &str, to: &str) {
        for (name, _) in self.columns.iter_mut().filter(|(name, _)| name == column) {
            to.clone_into(name);
        }
    }

    /// The same rows with other columns.
    pub(crate) fn with(&self, columns: &[(String, Value)], sql: Sql<'_>) -> Result<Self> {
        let computes = columns.iter().any(|(_, value)| matches!(value, Value::Computed(_)));
        let below = if computes { self.settled(sql)? } else { self.clone() };
        let columns = columns.iter().map(|(name, value)| {
            let value = match value {
                Value::Of(column) => below.value(column).cloned(),
                Value::Computed(text) => Some(text.clone()),
                Value::Unknown => None,
            };
            (name.clone(), value)
        });
        let columns = columns.collect();
        Ok(Self { columns, ..below })
    }

    /// The same, with columns that stand for themselves, so that expressions can mention them.
    fn settled(&self, sql: Sql<'_>) -> Result<Self> {
        let mut own = Vec::with_capacity(self.columns.len());
        for (name, value) in &self.columns {
            own.push((name.clone(), value.as_ref().map(|_| sql.id(name)).transpose()?));
        }
        if own == self.columns {
            return Ok(self.clone());
        }
        let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
        Ok(Self { from: self.selected(&names, sql)?, columns: own, ..self.clone() })
    }

    fn value(&self, column: &str) -> Option<&String> {
        self.columns.iter().find(|(name, _)| name == column)?.1.as_ref()
    }

    /// Whether a column is there, and its values can be told.
    pub(crate) fn tells(&self, column: &str) -> bool {
        self.is_open || self.value(column).is_some()
    }

    /// What stands in FROM for these columns, under its own name or this one; none where one of them can't be told.
    pub(crate) fn source(
        &self,
        columns: &[&str],
        alias: Option<&str>,
        sql: Sql<'_>,
    ) -> Result<Option<String>> {
        if !columns.iter().all(|column| self.tells(column)) {
            return Ok(None);
        }
        let mut is_plain = !self.from.starts_with('(');
        for column in columns {
            is_plain &= self.is_open || self.value(column) == Some(&sql.id(column)?);
        }
        Ok(Some(match (is_plain, alias) {
            (true, None) => self.from.clone(),
            (true, Some(alias)) => format!("{} AS {alias}", self.from),
            (false, alias) => format!("{} AS {}", self.selected(columns, sql)?, alias.unwrap_or(&self.alias)),
        }))
    }

    /// The query of those of these columns that can be told, in brackets.
    fn selected(&self, columns: &[&str], sql: Sql<'_>) -> Result<String> {
        let known = self.columns.iter().filter(|(name, _)| columns.contains(&name.as_str()));
        let known = known.filter_map(|(name, value)| Some((name, value.as_ref()?)));
        let values = list(known.map(|(name, value)| {
            let id = sql.id(name)?;
            Ok(if *value == id { id } else { format!("{value} AS {id}") })
        }))?;
        let values = if values.is_empty() { "1" } else { &values };
        Ok(match self.from.starts_with('(') {
            true => format!("(SELECT {values} FROM {} AS {})", self.from, self.alias),
            false => format!("(SELECT {values} FROM {})", self.from),
        })
    }
}
