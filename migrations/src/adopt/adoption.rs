//! What was applied, set against the files at hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::{AdoptError, Applied, AppliedRow, Tool};
use crate::script::Variables;
use crate::script::layout::{Listed, Listing, compare_versions, version_key};

/// A tool's history, set against a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Adoption {
    /// The table in which the tool keeps its history.
    pub table: String,
    /// What was applied and is here, in the folder's order; what runs again comes last.
    pub matched: Vec<Matched>,
    /// What was applied and isn't here.
    pub missing: Vec<AppliedRow>,
    /// What is here and wasn't applied, in the folder's order.
    pub pending: Vec<Pending>,
    /// What Dunlin's own history has, and the tool's doesn't: it was run or stamped since.
    pub own: Vec<String>,
    /// What was taken over from the tool's history, and isn't in it any more: the tool has undone it since.
    pub undone: Vec<String>,
    /// The ids that Dunlin's own history gets by it, or would get.
    pub taken_over: Vec<String>,
    /// Those applied revisions that come before no other applied one.
    #[serde(skip)]
    pub(crate) heads: Vec<String>,
}

/// A revision that was applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Matched {
    /// Its id.
    pub id: String,
    /// The checksum of its way up, as Dunlin's history keeps it.
    pub checksum: String,
    /// When it was applied, where that is known.
    pub applied_at: Option<String>,
    /// Whether it is as it was then.
    pub content: Content,
}

/// Whether a file is as it was when it was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// It is, by the tool's own checksum.
    Same,
    /// It isn't.
    Changed,
    /// The tool keeps nothing to tell it by.
    Unknown,
    /// That it was applied at all is only assumed: the history has nothing but the newest version.
    Assumed,
}

/// A revision that wasn't applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// Its id.
    pub id: String,
    /// Whether one that comes after it was applied.
    pub is_late: bool,
}

impl fmt::Display for Content {
    /// What is said of a revision that was applied: `its file is as it was`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Same => "as it was when it was applied",
            Self::Changed => "changed since it was applied",
            Self::Unknown => "not verifiable: the tool keeps no checksum",
            Self::Assumed => "assumed, for a newer one was applied",
        })
    }
}

impl Adoption {
    /// Sets what a tool applied against the files of its folder.
    ///
    /// A version that the history calls its newest, and that has no file, is refused: what was applied can't be told then.
    /// `variables` are what Flyway's placeholders stand for.
    pub fn of(
        tool: Tool,
        applied: &Applied,
        listing: &Listing,
        variables: &Variables,
    ) -> Result<Self, AdoptError> {
        let mut adoption = Self::default();
        let key = |version: &str| version_key(listing.format, version);
        let newest = applied.all_up_to.as_deref();
        if let (Tool::GolangMigrate, Some(version)) = (tool, newest)
            && !listing.revisions.iter().any(|listed| key(&listed.version) == key(version))
        {
            return Err(AdoptError::new(format!("the database is at version {version}, and no file has it"))
                .with_hint("get the files that the database was made with"));
        }
        // What has no version is known by its name.
        let of_row = |row: &AppliedRow| {
            (
                key(&row.version),
                row.name.clone().filter(|name| row.version.is_empty() && !name.trim().is_empty()),
            )
        };
        let mut rows: BTreeMap<_, _> = applied.rows.iter().map(|row| (of_row(row), row)).collect();
        let mut found = Vec::with_capacity(listing.revisions.len());
        for listed in &listing.revisions {
            let row = versions_of(tool, listed).find_map(|version| rows.remove(&(key(version), None)));
            found.push(match row {
                Some(row) => Some(matched(listing, listed, row, variables)?),
                None => newest
                    .is_some_and(|newest| compare_versions(&listed.version, newest).is_le())
                    .then(|| assumed(listed)),
            });
        }
        let before = before(listing, &found);
        let heads =
            found.iter().enumerate().filter(|(place, found)| found.is_some() && !before.contains(place));
        adoption.heads = heads.map(|(place, _)| listing.revisions[place].revision.id.clone()).collect();
        for (place, (listed, found)) in listing.revisions.iter().zip(found).enumerate() {
            let is_before = before.contains(&place);
            // Alembic's history has the heads alone.
            let found = found.or_else(|| (tool == Tool::Alembic && is_before).then(|| assumed(listed)));
            match found {
                Some(matched) => adoption.matched.push(matched),
                None => adoption.pending.push(Pending { is_late: is_before, ..pending(listed) }),
            }
        }
        for listed in &listing.repeatables {
            let row = rows.remove(&(String::new(), listed.revision.message.clone()));
            let matched = row.map(|row| matched(listing, listed, row, variables)).transpose()?;
            // One that has changed runs again, as if it never had.
            match matched.filter(|matched| matched.content != Content::Changed) {
                Some(matched) => adoption.matched.push(matched),
                None => adoption.pending.push(pending(listed)),
            }
        }
        adoption.missing =
            applied.rows.iter().filter(|row| rows.contains_key(&of_row(row))).cloned().collect();
        Ok(adoption)
    }

    /// The same beside what Dunlin's own history has already, and what of that it has from the tool's.
    pub(crate) fn beside(
        mut self,
        is_applied: impl Fn(&str) -> bool,
        is_adopted: impl Fn(&str) -> bool,
    ) -> Self {
        let (own, pending) = self.pending.into_iter().partition(|pending| is_applied(&pending.id));
        let own = Vec::into_iter(own).map(|pending: Pending| pending.id);
        (self.undone, self.own) = own.partition(|id| is_adopted(id));
        self.pending = pending;
        let new = self.matched.iter().filter(|matched| !is_applied(&matched.id));
        self.taken_over = new.map(|matched| matched.id.clone()).collect();
        self
    }

    /// Whether nothing stands in the way of taking the history over: applied migrations without a file, changed ones, and
    /// those that the tool has undone since.
    pub fn is_clean(&self) -> bool {
        self.missing.is_empty()
            && self.undone.is_empty()
            && self.matched.iter().all(|matched| matched.content != Content::Changed)
    }
}

/// What the tool's history may call a revision. A file of SQL in place of one of Alembic's is called as that is, `REVISION_words`.
fn versions_of(tool: Tool, listed: &Listed) -> impl Iterator<Item = &str> {
    let is_in_place = tool == Tool::Alembic && listed.revision.cannot_run.is_none();
    let named = is_in_place.then(|| listed.version.split('_').next().unwrap_or_default());
    std::iter::once(listed.version.as_str()).chain(named)
}

/// The places of what comes before a revision that was applied, and of what that depends on.
fn before(listing: &Listing, found: &[Option<Matched>]) -> BTreeSet<usize> {
    let revisions = &listing.revisions;
    let named = revisions.iter().enumerate().flat_map(|(place, Listed { revision, .. })| {
        std::iter::once(&revision.id).chain(&revision.branch_labels).map(move |name| (name.as_str(), place))
    });
    let places: BTreeMap<&str, usize> = named.collect();
    let place = |id: &String| places.get(id.as_str()).copied();
    let mut left: Vec<usize> = (0..found.len()).filter(|place| found[*place].is_some()).collect();
    let mut before = BTreeSet::new();
    while let Some(at) = left.pop() {
        let revision = &revisions[at].revision;
        let parents: Vec<usize> = match &revision.revises {
            None => at.checked_sub(1).into_iter().collect(),
            Some(ids) => ids.iter().filter_map(place).collect(),
        };
        let parents = parents.into_iter().chain(revision.depends_on.iter().filter_map(place));
        left.extend(parents.filter(|parent| before.insert(*parent)));
    }
    before
}

fn pending(listed: &Listed) -> Pending {
    Pending { id: listed.revision.id.clone(), is_late: false }
}

/// One that no row names, and that counts as applied because a newer one was.
fn assumed(listed: &Listed) -> Matched {
    let revision = &listed.revision;
    Matched {
        id: revision.id.clone(),
        checksum: revision.checksum.clone(),
        applied_at: None,
        content: Content::Assumed,
    }
}

fn matched(
    listing: &Listing,
    listed: &Listed,
    row: &AppliedRow,
    variables: &Variables,
) -> Result<Matched, AdoptError> {
    let checksum = listing.checksum(listed, variables).map_err(|error| AdoptError::from_script(&error))?;
    let same = row.checksum.as_deref().and_then(|stored| checksum.is(stored));
    Ok(Matched {
        id: listed.revision.id.clone(),
        checksum: listed.revision.checksum.clone(),
        applied_at: row.applied_at.clone(),
        content: match same {
            Some(true) => Content::Same,
            Some(false) => Content::Changed,
            None => Content::Unknown,
        },
    })
}
