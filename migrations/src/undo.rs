//! What undoes a revision, as history records it when the revision runs.

use dunlin_dsl::{Irreversible, Op};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};

/// The number of the format in which undo is written, kept beside it.
pub(crate) const FORMAT: i64 = 1;

/// The way back: operations, or why there are none. Operations are rendered when they run, against the database as it
/// then is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Undo {
    Ops(Vec<Op>),
    Irreversible(String),
}

impl Undo {
    /// What undoes operations, as [`reverse_all`](dunlin_dsl::reverse_all) told it.
    pub(crate) fn reversed(undo: std::result::Result<Vec<Op>, Irreversible>) -> Self {
        match undo {
            Ok(ops) => Self::Ops(ops),
            Err(why) => Self::Irreversible(why.to_string()),
        }
    }

    /// What undoes a revision that goes on with a part that `later` undoes.
    pub(crate) fn then(self, later: Self) -> Self {
        match (self, later) {
            (Self::Ops(ops), Self::Ops(mut first)) => {
                first.extend(ops);
                Self::Ops(first)
            }
            (Self::Irreversible(why), _) | (_, Self::Irreversible(why)) => Self::Irreversible(why),
        }
    }

    /// As it is written into a table.
    pub(crate) fn to_json(&self) -> String {
        // Operations always have a JSON form.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// As it was read from a table.
    pub(crate) fn from_json(format: i64, json: &str) -> Result<Self> {
        if format != FORMAT {
            return Err(Error::new(Kind::Undo(format!(
                "its undo is recorded in format {format}, and this Dunlin reads format {FORMAT}"
            )))
            .with_hint("use the Dunlin that applied it, or a newer one"));
        }
        serde_json::from_str(json)
            .map_err(|error| Error::new(Kind::Undo(format!("its recorded undo can't be read: {error}"))))
    }
}
