//! What history has to say where a script begins.

use std::collections::BTreeSet;

use dunlin_dsl::{Expect, StatementCheck, When};

use super::ids;
use crate::error::{Error, Result};
use crate::graph::{Graph, Set};
use crate::history;
use crate::layout::Layout;

/// Which revisions history has to know at the script's beginning, and which not.
#[derive(Default)]
pub(super) struct Expected {
    pub(super) applied: Vec<String>,
    pub(super) pending: Vec<String>,
}

impl Expected {
    /// Where a script begins: all of `start` is applied, and nothing of `pending`.
    pub(super) fn at(graph: &Graph, start: &Set, pending: impl Iterator<Item = String>) -> Self {
        // What the last ones need is applied where they are.
        let applied = ids(graph, &graph.last_of(start)).into_iter().map(str::to_owned).collect();
        Self { applied, pending: pending.collect() }
    }

    /// Statements that fail where the database is somewhere else.
    pub(super) fn proofs(&self, layout: &Layout) -> Result<Vec<String>> {
        let mut proofs = Vec::new();
        let applied: BTreeSet<&String> = self.applied.iter().collect();
        let pending: BTreeSet<&String> = self.pending.iter().collect();
        for (wanted, count, what) in [(applied, true, "lacks"), (pending, false, "has")] {
            if wanted.is_empty() {
                continue;
            }
            let count = if count { wanted.len() } else { 0 };
            let check = StatementCheck {
                when: When::Before,
                query: history::unless_applied(layout, wanted.iter().map(|id| id.as_str()), count)?,
                later: None,
                expect: Expect::Empty,
                message: format!(
                    "this database isn't where the script begins: it {what} {}",
                    in_words(&wanted)
                ),
                names: Vec::new(),
            };
            let guard = layout.dialect.guard(&check, &layout.server).map_err(Error::from_unsupported)?;
            proofs.extend(guard.prove);
        }
        Ok(proofs)
    }
}

/// The ids, or the first and how many more there are.
fn in_words(ids: &BTreeSet<&String>) -> String {
    let mut shown = ids.iter();
    match (shown.next(), ids.len()) {
        (Some(first), 2) => format!("{first} or {}", shown.next().map_or("", |id| id.as_str())),
        (Some(first), 3..) => format!("{first}, or one of {} others", ids.len() - 1),
        (first, _) => first.map_or_else(String::new, |first| (*first).clone()),
    }
}
