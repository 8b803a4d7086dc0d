//! Statements: SQL for one server, with its cause, its place and its hazards.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One SQL statement that a dialect rendered from operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The SQL, one statement without a semicolon at its end.
    pub sql: String,
    /// The SQL without words that only say how it may be done, as MySQL's ALGORITHM and LOCK; none where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub meaning: Option<String>,
    /// Which of the rendered operations it serves, by their place in the slice.
    pub ops: Vec<usize>,
    /// Where it may run.
    pub place: Place,
    /// Whether what follows needs it committed, as the use of a new enum value does.
    pub commit_after: bool,
    /// What it may do to a busy or filled database.
    pub hazards: Vec<Hazard>,
    /// What must be true around it.
    pub checks: Vec<Check>,
    /// How the catalog tells whether it was done.
    pub probe: Option<Probe>,
    /// What must be set in the session while it runs, and is put back after it, whatever becomes of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<Setting>,
}

/// Whether a statement may run in a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In a transaction, where the server's DDL has them.
    Inside,
    /// In none; the server forbids it.
    Outside,
}

/// A danger that a statement brings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hazard {
    /// Its kind.
    pub kind: HazardKind,
    /// What it means here, in a sentence's fragment: `drops column users.email and what it holds`.
    pub message: String,
}

/// The kinds of danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HazardKind {
    /// Rows or values are gone after it.
    DataLoss,
    /// Fails if rows don't fit.
    MayFail,
    /// The whole table is written anew.
    Rewrite,
    /// Writers wait while it runs.
    BlocksWrites,
    /// Readers wait while it runs.
    BlocksReads,
}

/// A question asked beside a statement, whose answer must be right before the transaction commits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// When it is asked.
    pub when: When,
    /// The question.
    pub query: String,
    /// What is asked in its place, before the statement, where those before it have run already, and it was to be asked ahead of
    /// them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub later: Option<String>,
    /// The right answer.
    pub expect: Expect,
    /// What is wrong when it isn't, as a fragment: `rows of posts refer to users that don't exist`.
    pub message: String,
    /// What the values of an answer's row are called, where it is told: `id`, `user_id`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
}

/// When a check's question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before anything of what was rendered together is written down or runs, so that a wrong answer leaves no trace.
    Ahead,
    /// Before the statement.
    Before,
    /// After it.
    After,
}

/// The right answer to a check's question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expect {
    /// No row.
    Empty,
    /// One row of one value, with this text.
    Text(String),
    /// No row that the same question didn't have before the transaction's first statement.
    NothingNew,
}

/// A question to the catalog that tells whether a statement was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// The question: one row of one value.
    pub query: String,
    /// The answer once it was done.
    pub done: String,
}

/// A setting of a session that must have a value while statements run, and its old one after.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Setting {
    /// Its name, as the server says it.
    pub name: String,
    /// The question that gives its value: one row of one value.
    pub read: String,
    /// The value it must have, as `read` gives it back; the setting is refused when it reads otherwise.
    pub value: String,
    /// The statement that sets it; `{}` stands for the value, a whole number as it is and all else as a text literal.
    pub set: String,
}

impl Statement {
    /// A statement inside a transaction, without hazards, checks or probe.
    pub fn new(sql: impl Into<String>, ops: impl Into<Vec<usize>>) -> Self {
        Self {
            sql: sql.into(),
            meaning: None,
            ops: ops.into(),
            place: Place::Inside,
            commit_after: false,
            hazards: Vec::new(),
            checks: Vec::new(),
            probe: None,
            settings: Vec::new(),
        }
    }

    /// What it does, however it may be done: by this an attempt knows what an earlier one did.
    pub fn meaning(&self) -> &str {
        self.meaning.as_deref().unwrap_or(&self.sql)
    }

    /// The same, with a hazard.
    pub fn hazard(mut self, kind: HazardKind, message: impl Into<String>) -> Self {
        self.hazards.push(Hazard { kind, message: message.into() });
        self
    }

    /// The same, outside any transaction.
    pub fn outside(mut self) -> Self {
        self.place = Place::Outside;
        self
    }

    /// The same, with a check.
    pub fn check(mut self, check: Check) -> Self {
        self.checks.push(check);
        self
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};", self.sql)
    }
}
