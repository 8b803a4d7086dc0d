//! Changes of an index.

use serde::{Deserialize, Serialize};

use crate::schema::Index;

/// An attribute of an index, with its new value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IndexChange {
    /// Its comment; none removes it.
    Comment(Option<String>),
    /// Whether queries are planned without it: MySQL 8, MariaDB 10.6.
    Invisible(bool),
}

impl IndexChange {
    /// Sets the attribute.
    pub fn set(&self, index: &mut Index) {
        match self {
            Self::Comment(comment) => index.comment.clone_from(comment),
            Self::Invisible(invisible) => index.invisible = *invisible,
        }
    }

    /// The same attribute, as it is now.
    pub(crate) fn back(&self, index: &Index) -> Self {
        match self {
            Self::Comment(_) => Self::Comment(index.comment.clone()),
            Self::Invisible(_) => Self::Invisible(index.invisible),
        }
    }

    /// The attribute, in words.
    pub fn attribute(&self) -> &'static str {
        match self {
            Self::Comment(_) => "comment",
            Self::Invisible(_) => "visibility",
        }
    }
}
