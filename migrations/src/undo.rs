//! What undoes a revision, as history records it when the revision runs.

use std::ops::Range;
use std::sync::Arc;

use dunlin_dsl::{Irreversible, Op};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind, Result};
use crate::script::{Placeholders, Script, Section, Transaction};

/// What a file without a way down says.
pub(crate) const NO_DOWN: &str = "its file has no way down";

/// The number of the format in which undo is written, kept beside it.
pub(crate) const FORMAT: i64 = 1;

/// The way back: operations, or why there are none. Operations are rendered when they run, against the database as it
/// then is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Undo {
    Ops(Vec<Op>),
    Script(RecordedScript),
    Irreversible(String),
}

/// A way down in SQL, as it stood in its file when the revision ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RecordedScript {
    file: String,
    sql: String,
    #[serde(default)]
    transaction: Transaction,
    /// Whether goose's comments divide it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    blocks: bool,
    /// Which `${name}` in it stand for something else.
    #[serde(default, skip_serializing_if = "Placeholders::is_never")]
    placeholders: Placeholders,
    /// The parts of it in which they do so, in bytes, unless it is all of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    filled: Vec<Range<u64>>,
}

/// A way down that is longer isn't kept in history; it stands in its file.
const MAX_SCRIPT_BYTES: u64 = 1024 * 1024;

impl Undo {
    /// What undoes operations, as [`reverse_all`](dunlin_dsl::reverse_all) told it.
    pub(crate) fn reversed(undo: std::result::Result<Vec<Op>, Irreversible>) -> Self {
        match undo {
            Ok(ops) => Self::Ops(ops),
            Err(why) => Self::Irreversible(why.to_string()),
        }
    }

    /// What a file says of the way down.
    pub(crate) fn written(down: Option<&Script>) -> Result<Self> {
        let Some(script) = down else { return Ok(Self::Irreversible(NO_DOWN.into())) };
        let text = script.text(MAX_SCRIPT_BYTES).map_err(Error::from_script)?;
        Ok(match text {
            Some(sql) => Self::Script(RecordedScript {
                file: script.file().to_owned(),
                sql,
                transaction: script.transaction(),
                blocks: script.has_blocks(),
                placeholders: script.placeholders(),
                filled: script.filled().to_vec(),
            }),
            None => Self::Irreversible(format!(
                "its way down is longer than {MAX_SCRIPT_BYTES} bytes, and stands in {} alone",
                script.file()
            )),
        })
    }

    /// What undoes a revision that goes on with a part that `later` undoes.
    pub(crate) fn then(self, later: Self) -> Self {
        match (self, later) {
            (Self::Ops(ops), Self::Ops(mut first)) => {
                first.extend(ops);
                Self::Ops(first)
            }
            (Self::Irreversible(why), _) | (_, Self::Irreversible(why)) => Self::Irreversible(why),
            // A script is never a part of a revision: it is the whole way.
            (script, _) => script,
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

impl RecordedScript {
    /// The script.
    pub(crate) fn script(self) -> Script {
        let section = Section::of(&self.sql);
        let script = Script::new(self.file, Arc::new(self.sql), section)
            .with_transaction(self.transaction)
            .with_placeholders(self.placeholders)
            .filled_in(self.filled);
        if self.blocks { script.with_blocks() } else { script }
    }
}
