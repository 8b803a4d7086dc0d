//! Names of tables, and labels of constraints and indexes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The name of a table or another object that lives in a schema; no schema means the connection's own.
///
/// A plain string is one name, dots and all: `"a.b"` is a table called `a.b`. A pair is qualified.
///
/// ```
/// use dunlin_dsl::Name;
///
/// assert_eq!(Name::from("users").to_string(), "users");
/// assert_eq!(Name::from(("audit", "users")).to_string(), "audit.users");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(from = "NameForm", into = "NameForm")]
pub struct Name {
    /// The schema (a database, on MySQL and MariaDB; an attached database, on SQLite).
    pub schema: Option<String>,
    /// The name within it.
    pub name: String,
}

/// How a name is written in JSON: a string, or a pair where it is qualified.
#[derive(Clone, Serialize, Deserialize)]
#[serde(untagged)]
enum NameForm {
    Own(String),
    Qualified(String, String),
}

impl Name {
    /// The same name in the same schema, but for its last part.
    pub fn sibling(&self, name: impl Into<String>) -> Self {
        Self { schema: self.schema.clone(), name: name.into() }
    }
}

impl From<NameForm> for Name {
    fn from(form: NameForm) -> Self {
        match form {
            NameForm::Own(name) => Self { schema: None, name },
            NameForm::Qualified(schema, name) => Self { schema: Some(schema), name },
        }
    }
}

impl From<Name> for NameForm {
    fn from(name: Name) -> Self {
        match name.schema {
            None => Self::Own(name.name),
            Some(schema) => Self::Qualified(schema, name.name),
        }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        Self { schema: None, name: name.into() }
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Self { schema: None, name }
    }
}

impl From<&Name> for Name {
    fn from(name: &Name) -> Self {
        name.clone()
    }
}

impl From<(&str, &str)> for Name {
    fn from((schema, name): (&str, &str)) -> Self {
        Self { schema: Some(schema.into()), name: name.into() }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => write!(f, "{schema}.{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// What a constraint or an index is called, and who said so.
///
/// A label by convention is paired with what the database has by content, and a different convention is
/// never a rename.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Label {
    /// It has no name; SQLite allows that.
    #[default]
    Unnamed,
    /// Named by the convention in force when it was recorded.
    Derived(String),
    /// Named by whoever wrote it.
    Given(String),
}

impl Label {
    /// The name, if there is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Unnamed => None,
            Self::Derived(name) | Self::Given(name) => Some(name),
        }
    }

    /// Whether its name is `name`.
    pub fn is(&self, name: &str) -> bool {
        self.name() == Some(name)
    }
}

impl From<&str> for Label {
    fn from(name: &str) -> Self {
        Self::Given(name.into())
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name().unwrap_or("(unnamed)"))
    }
}
