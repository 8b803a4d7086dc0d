//! Changes of an index.

use serde::{Deserialize, Serialize};

use crate::is_default;
use crate::schema::Index;

/// An attribute of an index, with its new value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum IndexChange {
    /// Its comment; none removes it.
    Comment(Option<String>),
    /// Whether queries are planned without it: MySQL 8, MariaDB 10.6.
    Invisible(bool),
    /// One of its storage parameters; none is the server's own value: PostgreSQL.
    Storage {
        /// Which: `fillfactor`.
        name: String,
        /// Its value.
        #[serde(default, skip_serializing_if = "is_default")]
        value: Option<String>,
    },
    /// Its tablespace; none is that of the database: PostgreSQL.
    Tablespace(Option<String>),
    /// How finely the values of one of its expressions are sampled; none is as the server does by default: PostgreSQL.
    StatisticsTarget {
        /// The place of the expression among its keys, from 1 on.
        key: u32,
        /// The statistics target.
        #[serde(default, skip_serializing_if = "is_default")]
        target: Option<u32>,
    },
}

impl IndexChange {
    /// Sets the attribute.
    pub fn set(&self, index: &mut Index) {
        match self {
            Self::Comment(comment) => index.comment.clone_from(comment),
            Self::Invisible(invisible) => index.invisible = *invisible,
            Self::Storage { name, value: Some(value) } => {
                index.storage.insert(name.clone(), value.clone());
            }
            Self::Storage { name, value: None } => {
                index.storage.remove(name);
            }
            Self::Tablespace(tablespace) => index.tablespace.clone_from(tablespace),
            Self::StatisticsTarget { key, target: Some(target) } => {
                _ = index.statistics.insert(*key, *target)
            }
            Self::StatisticsTarget { key, target: None } => _ = index.statistics.remove(key),
        }
    }

    /// The same attribute, as it is now.
    pub(crate) fn back(&self, index: &Index) -> Self {
        match self {
            Self::Comment(_) => Self::Comment(index.comment.clone()),
            Self::Invisible(_) => Self::Invisible(index.invisible),
            Self::Storage { name, .. } => {
                Self::Storage { name: name.clone(), value: index.storage.get(name).cloned() }
            }
            Self::Tablespace(_) => Self::Tablespace(index.tablespace.clone()),
            Self::StatisticsTarget { key, .. } => {
                Self::StatisticsTarget { key: *key, target: index.statistics.get(key).copied() }
            }
        }
    }

    /// The attribute, in words.
    pub fn attribute(&self) -> &'static str {
        match self {
            Self::Comment(_) => "comment",
            Self::Invisible(_) => "visibility",
            Self::Storage { .. } => "storage parameter",
            Self::Tablespace(_) => "tablespace",
            Self::StatisticsTarget { .. } => "statistics target",
        }
    }
}
