//! What migrations record, and where the way down of an applied revision comes from.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use dunlin_dsl::{Connection, DataStep, Mark, Naming, Op, Ops, RecordError, Recorded, Schema, reverse_all};

use crate::checksum;
use crate::error::{Error, Kind, Result};
use crate::history;
use crate::layout::Layout;
use crate::revision::Migration;
use crate::script::{FileRevision, Script, Survey};
use crate::undo::{NO_DOWN, Undo};

/// What a revision does, one way.
pub(super) enum Way {
    /// Operations, groups for other dialects included, and the data steps that they name.
    Ops { ops: Vec<Op>, steps: BTreeMap<String, Arc<dyn DataStep>> },
    /// Statements in a file.
    Script(Box<Surveyed>),
}

/// A script, and what it will do, once that is found out.
pub(super) struct Surveyed {
    pub(super) script: Script,
    survey: OnceLock<Survey>,
}

impl Way {
    fn script(script: Script) -> Self {
        Self::Script(Box::new(Surveyed { script, survey: OnceLock::new() }))
    }

    /// The script that it is, if it is one.
    pub(super) fn as_script(&self) -> Option<&Script> {
        match self {
            Self::Script(surveyed) => Some(&surveyed.script),
            Self::Ops { .. } => None,
        }
    }

    /// Refuses a script that can't be read to its end, or can't be run as it stands.
    pub(super) fn check(&self, layout: &Layout) -> Result<()> {
        match self {
            Self::Ops { .. } => Ok(()),
            Self::Script(script) => script.survey(layout).map(drop),
        }
    }
}

impl Surveyed {
    /// What it will do. The file is read for it once.
    pub(super) fn survey(&self, layout: &Layout) -> Result<&Survey> {
        if let Some(survey) = self.survey.get() {
            return Ok(survey);
        }
        let Layout { dialect, server, variables, .. } = layout;
        let survey = Survey::of(&self.script, *dialect, server, &dialect.lexicon(server), variables);
        let survey = survey.map_err(Error::from_script)?;
        Ok(self.survey.get_or_init(|| survey))
    }
}

/// A way up.
pub(super) struct Up {
    pub(super) id: String,
    pub(super) way: Way,
    /// The way down that the code has; none where it is what undoes the operations.
    pub(super) written: Option<Undo>,
    pub(super) checksum: String,
    /// What history calls a revision of its kind.
    pub(super) kind: &'static str,
    /// Whether it runs although it has run, and is what it was.
    pub(super) runs_each_time: bool,
}

/// A way down.
pub(super) struct Down {
    pub(super) id: String,
    pub(super) way: Way,
}

/// Whether a revision is other than it was when it was recorded with this checksum.
pub(super) fn is_edited(recorded: &str, migration: &dyn Migration, naming: &Naming) -> Result<bool> {
    match migration.file() {
        Some(file) => Ok(checksum::differs(recorded, &file.checksum)),
        None => Ok(checksum::edited(recorded, &ops(migration, naming)?)),
    }
}

/// Records what a migration's way up does, and no more: enough to tell whether it was edited.
fn ops(migration: &dyn Migration, naming: &Naming) -> Result<Vec<Op>> {
    let mut ops = Ops::with_naming(naming.clone());
    migration.up(&mut ops);
    let recorded = ops.finish();
    Ok(recorded.map_err(|error| Error::new(Kind::Record(error)).with_revision(migration.id()))?.ops)
}

/// A migration's way up, and what its code or its file says of the way down.
pub(super) fn up(migration: &dyn Migration, naming: &Naming) -> Result<Up> {
    let id = migration.id().to_owned();
    if let Some(file) = migration.file() {
        return from_file(file, history::SQL);
    }
    let wrong = |error| Error::new(Kind::Record(error)).with_revision(&id);
    let mut ops = Ops::with_naming(naming.clone());
    migration.up(&mut ops);
    let recorded = ops.finish().map_err(wrong)?;
    let written = written(migration, naming).map_err(wrong)?.map(|down| match down.mark {
        Some(Mark::Irreversible(why)) => Undo::Irreversible(why),
        _ => Undo::Ops(down.ops),
    });
    let checksum = checksum::checksum(&recorded.ops);
    let way = Way::Ops { ops: recorded.ops, steps: recorded.steps };
    Ok(Up { id, way, written, checksum, kind: history::RUST, runs_each_time: false })
}

/// The checksum of what a migration's way up does, as history keeps it.
pub fn checksum_of(migration: &dyn Migration, naming: &Naming) -> Result<String> {
    up(migration, naming).map(|up| up.checksum)
}

/// The way up of a revision that is SQL in files.
pub(super) fn from_file(file: &FileRevision, kind: &'static str) -> Result<Up> {
    let written = Undo::written(file.down.as_ref()).map_err(|error| error.with_revision(&file.id))?;
    Ok(Up {
        id: file.id.clone(),
        way: Way::script(file.up.clone()),
        written: Some(written),
        checksum: file.checksum.clone(),
        kind,
        runs_each_time: file.runs_each_time,
    })
}

/// Finds the way down of an applied revision, or says why there is none.
pub(super) async fn down(
    conn: &mut dyn Connection,
    layout: &Layout,
    id: &str,
    migration: Option<&dyn Migration>,
    naming: &Naming,
) -> Result<Down> {
    if let Some(down) = down_in_code(id, migration, naming)? {
        return Ok(down);
    }
    let recorded = history::undo(conn, layout, id).await.map_err(|error| error.with_revision(id))?;
    let undo = match (recorded, migration) {
        (Some(undo), _) => undo,
        (None, Some(migration)) => {
            let ops = Op::select(&ops(migration, naming)?, layout.server.dialect);
            Undo::reversed(reverse_all(&ops, &Schema::new()))
        }
        (None, None) => {
            let why = "its code isn't here, and history has no undo for it: it was stamped, not run";
            return Err(irreversible(id, why.into()));
        }
    };
    down_of(layout, id, undo)
}

/// The way down that stands in the code or in the file; none where it is what undoes the way up.
pub(super) fn down_in_code(
    id: &str,
    migration: Option<&dyn Migration>,
    naming: &Naming,
) -> Result<Option<Down>> {
    if let Some(file) = migration.and_then(Migration::file) {
        return match &file.down {
            Some(script) => Ok(Some(Down { id: id.to_owned(), way: Way::script(script.clone()) })),
            None => Err(match &file.cannot_run {
                Some(why) => irreversible(id, why.clone()).with_hint(
                    "undo it by its own tool, and say so with `dunlin stamp` and the revision before it",
                ),
                None => irreversible(id, NO_DOWN.into()),
            }),
        };
    }
    let written = migration.map(|migration| written(migration, naming)).transpose();
    let written = written.map_err(|error| Error::new(Kind::Record(error)).with_revision(id))?.flatten();
    match written {
        None => Ok(None),
        Some(Recorded { mark: Some(Mark::Irreversible(why)), .. }) => Err(irreversible(id, why)),
        Some(Recorded { ops, steps, .. }) => {
            Ok(Some(Down { id: id.to_owned(), way: Way::Ops { ops, steps } }))
        }
    }
}

/// The way down that an undo is.
pub(super) fn down_of(layout: &Layout, id: &str, undo: Undo) -> Result<Down> {
    if let Undo::Ops(ops) = &undo
        && let Some(step) =
            Op::select(ops, layout.server.dialect).iter().find(|op| matches!(op, Op::Run { .. }))
    {
        return Err(irreversible(id, format!("its way down has to {step}, whose code isn't here")));
    }
    match undo {
        Undo::Ops(ops) => Ok(Down { id: id.to_owned(), way: Way::Ops { ops, steps: BTreeMap::new() } }),
        Undo::Script(script) => Ok(Down { id: id.to_owned(), way: Way::script(script.script()) }),
        Undo::Irreversible(why) => Err(irreversible(id, why)),
    }
}

/// The way down in the code; none where it says to derive it.
fn written(migration: &dyn Migration, naming: &Naming) -> std::result::Result<Option<Recorded>, RecordError> {
    let mut ops = Ops::with_naming(naming.clone());
    migration.down(&mut ops);
    let recorded = ops.finish()?;
    Ok(Some(recorded).filter(|recorded| recorded.mark != Some(Mark::Derive)))
}

fn irreversible(id: &str, why: String) -> Error {
    Error::new(Kind::Undo(why)).with_revision(id)
}
