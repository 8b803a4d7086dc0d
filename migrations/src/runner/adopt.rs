//! Takes over a database that another tool has migrated.

use dunlin_dsl::Name;

use super::Runner;
use super::locked::Locked;
use crate::adopt::{AdoptError, Adoption, Content, Tool};
use crate::error::{Error, Kind, Result};
use crate::few::few;
use crate::history;
use crate::journal::{self, Outcome, Sql};
use crate::layout::Layout;
use crate::plan::Direction;
use crate::report::Report;
use crate::script::layout::Listing;

impl Runner<'_> {
    /// What a tool's own history says of this database, set against the files of its folder. Nothing is written.
    ///
    /// `table` is the tool's history table, where it isn't called as usual.
    pub async fn compare_with(
        &mut self,
        tool: Tool,
        table: Option<&Name>,
        listing: &Listing,
    ) -> Result<Adoption> {
        let layout = self.layout().await?;
        let (table, query) = self.tool_table(tool, table, &layout).await?;
        let rows = self.conn.query(&query).await.map_err(Error::from_connection)?;
        let applied = tool.applied(&rows).map_err(|error| refused(&error))?;
        let adoption = Adoption::of(tool, &applied, listing, &layout.variables);
        let adoption = adoption.map_err(|error| refused(&error))?;
        let history = self.history(&layout).await?;
        let repeatable = |id: &str| listing.repeatables.iter().find(|listed| listed.revision.id == id);
        // One that runs again is as it ran where its text is.
        let mut adoption = adoption.beside(
            |id| match (history.get(id), repeatable(id)) {
                (Some(applied), Some(file)) => applied.checksum.as_ref() == Some(&file.revision.checksum),
                (applied, _) => applied.is_some(),
            },
            |id| history.get(id).is_some_and(|applied| applied.kind == history::ADOPTED),
        );
        adoption.table = table;
        Ok(adoption)
    }

    /// Writes into Dunlin's history what a tool has applied, in one transaction, with the times at which it did. The tool's
    /// own table stays as it is. What history has already is left alone, so that a second time changes nothing.
    ///
    /// It is refused where the tool's history and the files don't fit: something was applied and has no file, or its file has
    /// changed since; and where the tool has undone what was taken over before.
    pub async fn adopt(&mut self, tool: Tool, table: Option<&Name>, listing: &Listing) -> Result<Adoption> {
        let layout = self.layout().await?;
        let mut adoption = self.compare_with(tool, table, listing).await?;
        adoption.fits(tool)?;
        let detail = format!("adopted from {tool}, table {}", adoption.table);
        let is_repeatable = |id: &str| listing.repeatables.iter().any(|listed| listed.revision.id == id);
        if adoption.taken_over.is_empty() {
            return Ok(adoption);
        }
        let mut taken_over = Vec::new();
        self.locked(&layout, Direction::Up, Report::default(), async |locked| {
            locked.prepare().await?;
            let mut statements = Vec::new();
            for matched in adoption.matched.iter().filter(|matched| !locked.is_applied(&matched.id)) {
                taken_over.push(matched.id.clone());
                let kind = if is_repeatable(&matched.id) { history::REPEATABLE } else { history::ADOPTED };
                statements.extend(locked.adopted(
                    &matched.id,
                    &matched.checksum,
                    kind,
                    matched.applied_at.as_deref(),
                    &detail,
                )?);
            }
            if statements.is_empty() { Ok(()) } else { locked.write(statements).await }
        })
        .await?;
        adoption.taken_over = taken_over;
        Ok(adoption)
    }

    /// The tool's history table, and the question for its rows.
    async fn tool_table(
        &mut self,
        tool: Tool,
        named: Option<&Name>,
        layout: &Layout,
    ) -> Result<(String, String)> {
        let usual: Vec<Name> = tool.tables().iter().map(|name| Name::from(*name)).collect();
        let candidates = named.map_or(usual, |name| vec![name.clone()]);
        let mut others = Vec::new();
        for table in &candidates {
            let unsupported = Error::from_unsupported;
            let question = layout.dialect.columns_query(table, &layout.server).map_err(unsupported)?;
            let rows = self.conn.query(&question).await.map_err(Error::from_connection)?;
            let columns: Vec<_> = rows.iter().filter_map(|row| row.text(0)).collect();
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            if tool.is_its_table(&columns) {
                let quoted = layout.dialect.table(table, &layout.server).map_err(unsupported)?;
                return Ok((table.to_string(), tool.query(&quoted, layout.server.dialect)));
            }
            if !columns.is_empty() {
                others.push(format!("table {table} has the columns {}", columns.join(", ")));
            }
        }
        let names: Vec<_> = candidates.iter().map(ToString::to_string).collect();
        let mut reason = format!("there is no history of {tool} here: looked for table {}", names.join(", "));
        if !others.is_empty() {
            reason = format!("{reason}; {}", others.join("; "));
        }
        let hint = "look whether this is the database, and name the table with --table SCHEMA.TABLE if it is called otherwise";
        Err(Error::new(Kind::Refused(reason)).with_hint(hint))
    }
}

impl Locked<'_, '_> {
    fn adopted(
        &self,
        id: &str,
        checksum: &str,
        kind: &str,
        applied_at: Option<&str>,
        detail: &str,
    ) -> Result<[String; 2]> {
        let run = &self.run;
        let entry = history::Entry {
            revision: id,
            kind,
            checksum: Some(checksum),
            applied_at,
            duration: history::Duration::Milliseconds(0),
            run_id: run.id,
            applied_by: run.options.applied_by.as_deref(),
            tool_version: &run.options.tool_version,
            undo: None,
        };
        let row = journal::Entry {
            run_id: run.id,
            revision: id,
            direction: None,
            statement: None,
            sql: Sql::None,
            outcome: Outcome::Stamped,
            detail: Some(detail),
        };
        Ok([entry.insert(run.layout)?, row.insert(run.layout)?])
    }
}

impl Adoption {
    /// Whether it can be taken over.
    ///
    /// # Errors
    ///
    /// Something was applied and has no file, or its file has changed since; or the tool has undone what was taken over.
    pub fn fits(&self, tool: Tool) -> Result<()> {
        let missing: Vec<String> = self.missing.iter().map(ToString::to_string).collect();
        let changed = self.matched.iter().filter(|matched| matched.content == Content::Changed);
        let changed: Vec<_> = changed.map(|matched| matched.id.as_str()).collect();
        // Alembic has `version_locations`, Flyway `locations`.
        let all = match tool {
            Tool::Alembic | Tool::Flyway => {
                ", and name all of them where there are several, as in `revisions = [\"versions\", \"billing\"]`"
            }
            _ => "",
        };
        let (reason, hint) = match (missing.as_slice(), changed.as_slice()) {
            ([], []) if self.undone.is_empty() => return Ok(()),
            ([], []) => {
                let undone: Vec<_> = self.undone.iter().map(String::as_str).collect();
                let target = if self.heads.is_empty() { "base".to_owned() } else { self.heads.join(",") };
                (
                    format!("taken over before, and undone by {tool} since: {}", few(&undone)),
                    format!(
                        "`dunlin stamp {target}` says where the database now is, and calls all that comes behind pending; or apply \
                         them again by {tool}"
                    ),
                )
            }
            ([], changed) => (
                format!("changed since {tool} applied them: {}", few(changed)),
                "get these files as they were when they were applied".to_owned(),
            ),
            _ => (
                format!("applied by {tool}, and no file is here for it: {}", few(&missing)),
                format!(
                    "get the folder with which the database was made{all}; or say yourself what is applied, with `dunlin stamp TARGET`"
                ),
            ),
        };
        Err(Error::new(Kind::Refused(reason)).with_hint(hint))
    }
}

fn refused(error: &AdoptError) -> Error {
    let found = Error::new(Kind::Refused(error.to_string()));
    match error.hint() {
        Some(hint) => found.with_hint(hint),
        None => found,
    }
}
