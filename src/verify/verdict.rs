//! What is found of a revision, and how it is told by what a database holds before, between and after.

use std::collections::BTreeSet;
use std::fmt;

use dunlin_dialects::{Dump, Rows};
use dunlin_dsl::{Name, Value};
use dunlin_migrations::few;

/// What is found of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The revision.
    pub revision: String,
    /// How its way down does.
    pub outcome: Outcome,
    /// How many rows there were when it ran.
    pub rows: usize,
    /// What else is to be known.
    pub notes: Vec<String>,
}

/// How a revision's way down does.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// All is as it was.
    Exact,
    /// The schema is as it was, without the values of what the way up has dropped: columns as `table.column`, or whole tables.
    SchemaOnly {
        /// What is empty.
        lost: Vec<String>,
    },
    /// The schema is as it was, and values or rows of what was there all the time aren't.
    Lossy {
        /// What isn't as it was, in a phrase each.
        changed: Vec<String>,
    },
    /// It says itself, or its operations do, that there is no way down; or there is none for rows that the way up takes.
    Irreversible {
        /// Why.
        reason: String,
    },
    /// The way down fails or leaves another schema, or the way up does after it.
    Broken {
        /// What is wrong.
        reason: String,
        /// What differs, in lines that begin with `-` for what should be there and with `+` for what is; or nothing.
        diff: String,
    },
    /// It wasn't tried, for one before it can't be applied.
    NotReached,
}

impl Outcome {
    /// Its name, in lower case.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::SchemaOnly { .. } => "schema only",
            Self::Lossy { .. } => "lossy",
            Self::Irreversible { .. } => "irreversible",
            Self::Broken { .. } => "broken",
            Self::NotReached => "not reached",
        }
    }

    /// Whether the way down gives back what it can: all, or all but the values of what the way up has dropped.
    pub fn is_reversible(&self) -> bool {
        matches!(self, Self::Exact | Self::SchemaOnly { .. })
    }

    /// Whether something is wrong with the revision.
    pub fn is_broken(&self) -> bool {
        matches!(self, Self::Broken { .. } | Self::NotReached)
    }
}

impl fmt::Display for Outcome {
    /// What is found in a line; a diff stands in lines of its own behind it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self {
            Self::Exact | Self::NotReached => Ok(()),
            Self::SchemaOnly { lost } => write!(f, ": the values of {} don't come back", few(lost)),
            Self::Lossy { changed } => write!(f, ": {}", changed.join("; ")),
            Self::Irreversible { reason } => write!(f, ": {reason}"),
            Self::Broken { reason, diff } if diff.is_empty() => write!(f, ": {reason}"),
            Self::Broken { reason, diff } => write!(f, ": {reason}\n{}", diff.trim_end()),
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {}", self.revision, self.outcome)?;
        self.notes.iter().try_for_each(|note| write!(f, "\n  {note}"))
    }
}

/// Whether two schemas are the same, but for the places of columns where those don't count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    Same,
    SameButOrder,
    Different,
}

impl Likeness {
    pub(super) fn of(one: &Dump, other: &Dump, orders_columns: bool) -> Self {
        if one.schema == other.schema {
            Self::Same
        } else if !orders_columns && one.unordered() == other.unordered() {
            Self::SameButOrder
        } else {
            Self::Different
        }
    }
}

/// What differs, with three lines around it.
pub(super) fn diff(should: &Dump, is: &Dump) -> String {
    similar::TextDiff::from_lines(&should.schema, &is.schema).unified_diff().context_radius(3).to_string()
}

/// What became of the rows where the schema is as it was. Values that stand nowhere between the two ways can't come back; of a table
/// without rows they are taken to be lost where the way up `loses` something.
pub(super) fn rows_after(before: &Dump, between: &Dump, after: &Dump, loses: bool) -> Outcome {
    let (mut lost, mut changed) = (Vec::new(), Vec::new());
    for (table, was) in &before.rows {
        let is = after.rows.get(table).cloned().unwrap_or_default();
        let held = between.rows.get(table);
        if was.rows.is_empty() && is.rows.is_empty() {
            match held {
                _ if !loses => {}
                None => lost.push(table.to_string()),
                Some(held) => {
                    let gone = was.columns.iter().filter(|column| !held.columns.contains(column));
                    lost.extend(gone.map(|column| format!("{table}.{column}")));
                }
            }
            continue;
        }
        if was.rows.len() != is.rows.len() {
            let is_gone = held.is_none() && is.rows.is_empty();
            match is_gone && !was.columns.iter().all(|column| stands(was, column, before, between)) {
                true => lost.push(table.to_string()),
                false => {
                    changed.push(format!(
                        "{table} has {} rows where it had {}",
                        is.rows.len(),
                        was.rows.len()
                    ));
                }
            }
            continue;
        }
        for column in columns_that_differ(was, &is) {
            let is_held = held.is_some_and(|held| held.columns.contains(&column));
            match is_held || stands(was, &column, before, between) {
                true => changed.push(format!("the values of {table}.{column} are others")),
                false => lost.push(format!("{table}.{column}")),
            }
        }
        if was.rows.len() > 1
            && changed.is_empty()
            && columns_that_differ(was, &is).is_empty()
            && are_mixed(was, &is)
        {
            changed.push(format!("the values of {table} stand in other rows"));
        }
    }
    match (lost.is_empty(), changed.is_empty()) {
        (true, true) => Outcome::Exact,
        (false, true) => Outcome::SchemaOnly { lost },
        _ => Outcome::Lossy { changed },
    }
}

/// Whether the values of a column stand between the two ways, in a column that wasn't there before.
fn stands(was: &Rows, column: &str, before: &Dump, between: &Dump) -> bool {
    let wanted = values(was, column);
    let is_new = |table: &Name, column: &String| {
        before.rows.get(table).is_none_or(|known| !known.columns.contains(column))
    };
    wanted.iter().any(|value| !matches!(value, None | Some(Value::Null)))
        && between.rows.iter().any(|(table, held)| {
            held.columns.iter().any(|column| is_new(table, column) && values(held, column) == wanted)
        })
}

/// The values of a column, sorted.
fn values(rows: &Rows, column: &str) -> Vec<Option<Value>> {
    let at = rows.columns.iter().position(|other| other == column);
    let mut values: Vec<_> = rows.rows.iter().map(|row| at.and_then(|at| row.get(at).cloned())).collect();
    values.sort_unstable();
    values
}

/// The columns whose values aren't what they were.
fn columns_that_differ(was: &Rows, is: &Rows) -> Vec<String> {
    let mut columns = was.columns.clone();
    columns.retain(|column| values(was, column) != values(is, column));
    columns
}

/// Whether every column has its values, and yet the rows are others.
fn are_mixed(was: &Rows, is: &Rows) -> bool {
    let all: BTreeSet<&String> = was.columns.iter().collect();
    ordered(was, &all) != ordered(is, &all)
}

/// The rows with their values in the order of these columns.
fn ordered<'a>(rows: &'a Rows, columns: &BTreeSet<&String>) -> Vec<Vec<Option<&'a Value>>> {
    let places: Vec<_> =
        columns.iter().map(|column| rows.columns.iter().position(|other| other == *column)).collect();
    let mut ordered: Vec<Vec<_>> =
        rows.rows.iter().map(|row| places.iter().map(|at| row.get((*at)?)).collect()).collect();
    ordered.sort_unstable();
    ordered
}
