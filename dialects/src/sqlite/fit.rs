//! What SQLite knows of rows and values that have to fit.
//!
//! A type is no more than an affinity: what doesn't look like the type is kept as it is, and what does becomes another value,
//! `'007'` the number 7. Neither is what a change of the type means, so both stop it, unless someone says with `using` what
//! becomes of the values.

use dunlin_dsl::{
    Column, ColumnChange, Expect, Expr, IndexKey, KeyPart, Name, Op, StatementCheck, Table, Unsupported, When,
};

use super::create::default_text;
use super::rebuild::{alias, rowid};
use crate::fit::{Misfit, Value, Values};
use crate::sql::Sql;

/// The rows of a table, and what it becomes.
pub(super) struct Rows<'a> {
    pub(super) before: &'a Table,
    pub(super) after: &'a Table,
    pub(super) ops: &'a [&'a Op],
    pub(super) sql: Sql<'a>,
}

impl Rows<'_> {
    /// What someone said becomes of a column's values.
    fn given(&self, column: &str) -> Option<(&Op, &Expr)> {
        self.ops.iter().rev().find_map(|op| match op {
            Op::AlterColumn { column: of, change: ColumnChange::Type { using: Some(using), .. }, .. }
                if of == column =>
            {
                Some((*op, using))
            }
            _ => None,
        })
    }

    /// The questions, once the rows are copied, whether what someone said gives values of the new type.
    pub(super) fn given_types(&self, new: &Name) -> Result<Vec<StatementCheck>, Unsupported> {
        let mut questions = Vec::new();
        for column in self.after.columns.iter().filter(|column| self.given(&column.name).is_some()) {
            let value = self.sql.id(&column.name)?;
            let Some(condition) = Class::of(&column.ty.to_string()).others(&value) else { continue };
            let id = rowid(self.after).or(alias(self.after));
            let id = id.map(|id| self.sql.id(id)).transpose()?.unwrap_or_else(|| value.clone());
            questions.push(StatementCheck {
                when: When::After,
                query: format!(
                    "SELECT {id}, {} FROM {} WHERE {condition} LIMIT 4",
                    self.beginning(&value),
                    self.sql.table(new)?
                ),
                later: None,
                expect: Expect::Empty,
                message: format!(
                    "what using(..) gives for {}.{} isn't {}",
                    self.before.name, column.name, column.ty
                ),
                names: vec![id.trim_matches('"').to_owned(), column.name.clone()],
            });
        }
        Ok(questions)
    }
}

impl Values for Rows<'_> {
    fn row_id(&self, table: &Table) -> Option<&'static str> {
        rowid(table)
    }

    fn value(&self, column: &str) -> Result<String, Unsupported> {
        match self.given(column) {
            Some((op, using)) => Ok(format!("({})", self.sql.expr(using, op)?)),
            None => self.sql.id(column),
        }
    }

    fn is_given(&self, column: &str) -> bool {
        // A column that is added has what it began with, whatever becomes of its default.
        let begins = |op: &&Op| {
            matches!(op, Op::AddColumn { column: added, .. }
                if added.name == column && (added.default.is_some() || added.generated.is_some()))
        };
        self.given(column).is_some() || self.ops.iter().any(begins)
    }

    fn beginning(&self, value: &str) -> String {
        format!("substr({value}, 1, 60)")
    }

    fn misfits(&self, old: &Column, new: &Column) -> Result<Vec<Misfit>, Unsupported> {
        let (was, is) = (old.ty.to_string(), new.ty.to_string());
        let strict = self.after.options.strict && !self.before.options.strict;
        if self.is_given(&old.name) || (was == is && !strict) {
            return Ok(Vec::new());
        }
        let value = self.sql.id(&old.name)?;
        let class = Class::of(&is);
        // What is of no class is no more so under another name of the same one.
        let is_other = strict || Class::of(&was) != class;
        let mut conditions: Vec<String> = class.misfits(&value).filter(|_| is_other).into_iter().collect();
        if was != is {
            conditions.extend(narrower(&was, &is, class, &value));
        }
        let message = format!(
            "values of {}.{} wouldn't stay what they are as {is}: correct them first, or say with using(..) what becomes of \
             them",
            self.before.name, old.name
        );
        let condition = conditions.join(" OR ");
        Ok(Some(Misfit { condition, message })
            .filter(|misfit| !misfit.condition.is_empty())
            .into_iter()
            .collect())
    }

    fn compared(&self, key: &IndexKey) -> Result<String, Unsupported> {
        let own = key.collation.get(self.sql.server.dialect);
        let (text, collation) = match &key.on {
            KeyPart::Column(name) => {
                let of =
                    self.after.column(name).and_then(|column| column.collation.get(self.sql.server.dialect));
                (self.value(name)?, own.or(of).map_or("BINARY", String::as_str))
            }
            KeyPart::Expr(expr) => {
                let text = format!("({})", self.sql.expr(expr, "index an expression")?);
                match own {
                    Some(own) => (text, own.as_str()),
                    None => return Ok(text),
                }
            }
        };
        Ok(format!("{text} COLLATE {}", self.sql.id(collation)?))
    }

    fn compares_otherwise(&self, old: &Column, new: &Column) -> bool {
        old.collation != new.collation
    }

    /// The rowid gives a number to a row that has none; other keys take NULL, by a mistake that SQLite keeps
    /// (<https://sqlite.org/lang_createtable.html#the_primary_key>).
    fn key_refuses_null(&self, table: &Table, column: &str) -> bool {
        table.options.without_rowid || table.options.strict || alias(table) == Some(column)
    }

    /// What a new column begins with is in every row.
    fn becomes(&self, before: &Table, added: &[&str]) -> Result<Vec<Vec<(String, Value)>>, Unsupported> {
        let mut columns = Vec::new();
        for column in before.columns.iter().filter(|column| !added.contains(&column.name.as_str())) {
            columns.push((column.name.clone(), Value::Of(column.name.clone())));
        }
        // Whatever becomes of its default.
        for op in self.ops {
            let Op::AddColumn {
                column: Column { name, default: Some(default), generated: None, .. }, ..
            } = op
            else {
                continue;
            };
            if added.contains(&name.as_str()) {
                columns.push((name.clone(), Value::Computed(default_text(default, self.sql)?)));
            }
        }
        Ok(vec![columns])
    }

    /// A rebuild asks for them when it is done, and of all that it may have made orphans.
    fn asks_for_orphans(&self) -> bool {
        false
    }
}

/// What a type's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Integer,
    Real,
    Text,
    Blob,
    /// Numbers, with or without places.
    Number,
    /// Numbers, or texts that don't look like any: dates.
    NumberOrText,
    /// Anything.
    Any,
}

impl Class {
    /// By the rules by which SQLite gives a type its affinity (<https://sqlite.org/datatype3.html#determination_of_column_affinity>).
    fn of(ty: &str) -> Self {
        let ty = ty.to_ascii_uppercase();
        let has = |words: &[&str]| words.iter().any(|word| ty.contains(word));
        match ty.as_str() {
            "" | "ANY" => Self::Any,
            _ if has(&["INT"]) => Self::Integer,
            _ if has(&["CHAR", "CLOB", "TEXT"]) => Self::Text,
            _ if has(&["BLOB"]) => Self::Blob,
            _ if has(&["REAL", "FLOA", "DOUB"]) => Self::Real,
            _ if ty == "BOOLEAN" => Self::Integer,
            _ if has(&["DECIMAL", "NUMERIC"]) => Self::Number,
            _ => Self::NumberOrText,
        }
    }

    /// Which values aren't the same in a column of this class, or aren't of it.
    fn misfits(self, a: &str) -> Option<String> {
        // What is compared as text has to be compared byte by byte, whatever the column's collation.
        let reads = |ty: &str| format!("CAST(CAST({a} AS {ty}) AS TEXT) COLLATE BINARY = {a}");
        let is = |types: &str| format!("typeof({a}) IN ({types})");
        let whole = format!(
            "(typeof({a}) = 'real' AND {a} = CAST({a} AS INTEGER) AND abs({a}) <= 9007199254740992.0)"
        );
        let exact =
            format!("(typeof({a}) = 'integer' AND {a} BETWEEN -9007199254740992 AND 9007199254740992)");
        let whole_text = format!("(typeof({a}) = 'text' AND {})", reads("INTEGER"));
        let exact_text = format!(
            "(typeof({a}) = 'text' AND {} AND CAST({a} AS INTEGER) BETWEEN -9007199254740992 AND 9007199254740992)",
            reads("INTEGER")
        );
        let real_text = format!("(typeof({a}) = 'text' AND {})", reads("REAL"));
        let fits = match self {
            Self::Any => return None,
            Self::Integer => [is("'null', 'integer'"), whole, whole_text].join(" OR "),
            Self::Real => [is("'null', 'real'"), exact, exact_text, real_text].join(" OR "),
            Self::Number => [is("'null', 'integer', 'real'"), whole_text, real_text].join(" OR "),
            // A text that looks like a number would become one: beside a number it is compared as one.
            Self::NumberOrText => format!(
                "{} OR (typeof({a}) = 'text' AND NOT ({a} = CAST({a} AS NUMERIC)))",
                is("'null', 'integer', 'real'")
            ),
            Self::Text => [
                is("'null', 'text', 'integer'"),
                format!("(typeof({a}) = 'real' AND CAST(CAST({a} AS TEXT) AS REAL) = {a})"),
            ]
            .join(" OR "),
            Self::Blob => is("'null', 'blob'"),
        };
        Some(format!("NOT ({fits})"))
    }

    /// Which values that are in a column of this class aren't of it.
    fn others(self, a: &str) -> Option<String> {
        let types = match self {
            Self::Any => return None,
            Self::Integer => "'null', 'integer'",
            Self::Real => "'null', 'real'",
            Self::Text => "'null', 'text'",
            Self::Blob => "'null', 'blob'",
            Self::Number => "'null', 'integer', 'real'",
            Self::NumberOrText => "'null', 'integer', 'real', 'text'",
        };
        Some(format!("typeof({a}) NOT IN ({types})"))
    }
}

/// Which values are longer than a type says. SQLite itself doesn't mind.
fn narrower(was: &str, is: &str, class: Class, a: &str) -> Option<String> {
    let numbers = |ty: &str| -> Vec<u32> {
        let inside = ty.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
        inside.map_or("", |(inside, _)| inside).split(',').filter_map(|n| n.trim().parse().ok()).collect()
    };
    let (old, new) = (numbers(was), numbers(is));
    match (class, new.as_slice()) {
        (Class::Text, [most]) => {
            let was_shorter = Class::of(was) == Class::Text && old.first().is_some_and(|old| old <= most);
            (!was_shorter).then(|| format!("length({a}) > {most}"))
        }
        (Class::Number, [digits, places @ ..]) => {
            let places = places.first().copied().unwrap_or_default();
            let whole = digits.saturating_sub(places);
            Some(format!(
                "(typeof({a}) <> 'null' AND (abs(CAST({a} AS NUMERIC)) >= 1e{whole} OR round(CAST({a} AS NUMERIC), {places}) <> \
                 CAST({a} AS NUMERIC)))"
            ))
        }
        _ => None,
    }
}
