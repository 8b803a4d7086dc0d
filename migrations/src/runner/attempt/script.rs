//! A revision that is a script: its statements one by one, as they are read from its file.
//!
//! Where it can be one transaction, they gather in flights as those of operations do. Else each stands alone, or in a run of
//! those that can share one. What the script sets in its session is put back before history is written.

use std::borrow::Cow;

use dunlin_dsl::lexicon::{Class, Effect};
use dunlin_dsl::{Connection, ConnectionError, ErrorKind, Lexicon, Place, Row, Schema, Statement, When};

use super::statement::Holder;
use super::{Attempt, Trouble};
use crate::checksum;
use crate::error::Error;
use crate::event::Event;
use crate::journal::{self, Outcome, Sql as Kept};
use crate::layout::Layout;
use crate::report::Done;
use crate::runner::assumed::sql_of;
use crate::runner::flight::Part;
use crate::script::{
    Control, Position, Script, ScriptError, Sql, Statements, Survey, changes_rows, classify,
};

/// Statements between which the journal can't write: the script's own transaction is open, or it has tables locked.
pub(super) struct Group {
    /// Its first statement, which the journal knows to be begun.
    pub(super) first: usize,
    /// Its statements, with their hashes.
    statements: Vec<(usize, String)>,
    /// Whether they stay done whatever becomes of the rest.
    stays: bool,
}

impl Attempt<'_, '_, '_> {
    /// Runs a script from its first statement to its last.
    pub(super) async fn script(&mut self, script: &Script, survey: &Survey) -> Result<Done, Trouble> {
        let layout = self.run.layout;
        let lexicon = layout.dialect.lexicon(&layout.server);
        self.total = survey.statements;
        self.complete = true;
        if let Some(statement) = &survey.splits {
            self.become_journaled(statement)?;
        } else if survey.alone {
            self.become_journaled("statements that stand alone")?;
        }
        if self.journaled {
            self.write_plan_of(script, &lexicon).await?;
        }
        let checks: Vec<_> = survey.hoisted.iter().flat_map(|hoisted| hoisted.checks.clone()).collect();
        self.ask_baseline(&checks).await?;
        // What a call will do can't be told where nothing is asked.
        let sets = survey.sets || (survey.calls && self.run.assumed.is_none());
        if sets && self.run.assumed.is_none() {
            self.settings = self.ask(&layout.settings_query).await?;
        }
        let mut statements = script.statements(&lexicon).map_err(unread)?;
        while let Some(sql) = statements.next().map_err(unread)? {
            self.number += 1;
            self.places.insert(self.number, sql.start);
            if let (1, Some(create)) = (self.number, &survey.own_table) {
                self.make_own_table(create, survey).await?;
            }
            let sent = self.filled(&sql.text)?;
            let class = classify(&sent, &lexicon);
            // What was made before the transaction in its place.
            let removal = layout.dialect.removal(&sent);
            let is_hoisted = !survey.alone && layout.dialect.hoisted(&sent, &layout.server).is_some();
            if !is_hoisted {
                self.scripted(sql, class, survey, &mut statements).await?;
            }
            self.removals.extend(removal);
            self.tell_progress(script, &statements);
        }
        self.close_group()?;
        self.check(&checks, When::After).await?;
        if sets || !self.removals.is_empty() {
            if self.journaled {
                self.leave();
            }
            self.flush().await?;
            // A call that has set nothing leaves even those settings alone that no catalog shows.
            let is_as_before =
                sets && !survey.sets && self.ask(&layout.settings_query).await? == self.settings;
            if is_as_before {
                self.settings.clear();
            }
            self.restore_settings().await.map_err(Error::from_connection)?;
        }
        if let Some(assumed) = &mut self.run.assumed
            && !survey.only_rows
        {
            assumed.forget(sql_of(self.work.revision));
        }
        self.refuse_ended_transaction().await?;
        self.finish().await
    }

    /// Makes what the script's own tool would have made before.
    async fn make_own_table(&mut self, sql: &str, survey: &Survey) -> Result<(), Trouble> {
        match self.transactional && !survey.alone {
            true => self.enter(),
            false => self.leave(),
        }
        self.flush().await?;
        let made = self.run.conn.execute(sql).await;
        made.map_err(|error| Trouble::Alone { sql: sql.to_owned(), error })?;
        Ok(())
    }

    async fn scripted(
        &mut self,
        sql: Sql,
        class: Class,
        survey: &Survey,
        statements: &mut Statements<'_>,
    ) -> Result<(), Trouble> {
        let number = self.number;
        let replaced = match survey.control {
            Control::Whole { begin, end } => number == begin || number == end,
            _ => false,
        };
        if replaced || survey.idle.contains(&number) {
            return Ok(());
        }
        let obeyed = survey.control == Control::Obeyed;
        if self.group.is_some() {
            return self.grouped(&sql, class, statements).await;
        }
        match class.effect {
            Effect::LockTables => self.open_group(&sql, class, statements).await,
            Effect::Begin if obeyed => self.open_group(&sql, class, statements).await,
            Effect::Setting => self.set(sql.text, class, survey).await,
            _ if sql.takes_data => {
                self.copy(&sql, statements).await?;
                self.end_alone(survey).await
            }
            effect => {
                let mut statement = Statement::new(sql.text, []);
                statement.place = class.place;
                statement.commit_after = class.commit_after;
                // What it calls may commit, and so must be let.
                if effect == Effect::MayCommit && (survey.alone || !self.transactional) {
                    statement.place = Place::Outside;
                    self.commits_inside = true;
                }
                let holder = match effect {
                    Effect::None
                        if !(survey.alone || self.transactional) && self.changes_rows(&statement.sql) =>
                    {
                        Holder::Shared
                    }
                    Effect::None | Effect::Question | Effect::Savepoint => Holder::Own,
                    _ => Holder::None,
                };
                // It is counted once more by what runs it.
                self.number -= 1;
                self.statement(statement, holder).await?;
                self.commits_inside = false;
                self.end_alone(survey).await
            }
        }
    }

    fn changes_rows(&self, sql: &str) -> bool {
        let layout = self.run.layout;
        changes_rows(sql, &layout.dialect.lexicon(&layout.server))
    }

    /// Ends the transaction of a statement that stands alone.
    async fn end_alone(&mut self, survey: &Survey) -> Result<(), Trouble> {
        if survey.alone {
            self.leave();
            self.flush().await?;
        }
        Ok(())
    }

    /// A setting is made by each attempt anew: it is nothing that stays.
    async fn set(&mut self, sql: String, class: Class, survey: &Survey) -> Result<(), Trouble> {
        self.tell(&sql);
        if self.run.assumed.is_some() {
            let layout = self.run.layout;
            let resets = layout.dialect.reset(&self.filled(&sql)?, &layout.server);
            self.resets.retain(|reset| !resets.contains(reset));
            self.resets.extend(resets);
        }
        if self.transactional && class.place == Place::Inside && !survey.alone {
            self.enter();
            return self.send(sql);
        }
        self.leave();
        self.flush().await?;
        let sent = self.filled(&sql)?;
        let made = self.run.conn.execute(&sent).await;
        made.map_err(|error| Trouble::Alone { sql, error })?;
        Ok(())
    }

    /// A statement that takes data, in a transaction that it may share.
    async fn copy(&mut self, sql: &Sql, statements: &mut Statements<'_>) -> Result<(), Trouble> {
        let number = self.number;
        if self.is_finished(number, &sql.text, &sql.text)? {
            while statements.data().map_err(unread)?.is_some() {}
            return Ok(());
        }
        self.tell(&sql.text);
        self.enter();
        self.flush().await?;
        self.send_data(sql, statements).await?;
        self.record_done(number, &checksum::hash(&sql.text))
    }

    async fn send_data(&mut self, sql: &Sql, statements: &mut Statements<'_>) -> Result<(), Trouble> {
        let sent = self.filled(&sql.text)?;
        let Some(script) = self.work.way.as_script() else { return Ok(()) };
        let variables = &self.run.layout.variables;
        let mut wrong: Option<ScriptError> = None;
        let mut next = || {
            let data = statements.data().and_then(|data| {
                data.map(|(data, start)| variables.fill_data(script, data, start)).transpose()
            });
            data.map_err(|error| {
                let message = error.to_string();
                wrong = Some(error);
                ConnectionError::new(ErrorKind::Statement, message)
            })
        };
        let sent = self.run.conn.copy_in(&sent, &mut next).await;
        if let Some(error) = wrong {
            return Err(unread(error).into());
        }
        sent.map_err(|error| Trouble::Alone { sql: sql.text.clone(), error })?;
        Ok(())
    }

    /// The first of statements between which the journal can't write.
    async fn open_group(
        &mut self,
        sql: &Sql,
        class: Class,
        statements: &mut Statements<'_>,
    ) -> Result<(), Trouble> {
        let first = self.number;
        // What an earlier attempt did of it is done, each statement by itself.
        if self.is_finished(first, &sql.text, &sql.text)? {
            return Ok(());
        }
        self.leave();
        self.flush().await?;
        self.row(Outcome::Intent, Some(first), Kept::Hash(&checksum::hash(&sql.text)), None)?;
        self.enter();
        self.leave();
        self.flush().await?;
        let stays = class.effect == Effect::LockTables;
        self.group = Some(Group { first, statements: Vec::new(), stays });
        self.grouped(sql, class, statements).await
    }

    async fn grouped(
        &mut self,
        sql: &Sql,
        class: Class,
        statements: &mut Statements<'_>,
    ) -> Result<(), Trouble> {
        let number = self.number;
        self.tell(&sql.text);
        self.alone = Some(number);
        if sql.takes_data {
            self.send_data(sql, statements).await?;
        } else {
            let sent = self.filled(&sql.text)?;
            let ran = self.run.conn.execute(&sent).await;
            ran.map_err(|error| Trouble::Alone { sql: sql.text.clone(), error })?;
        }
        self.alone = None;
        let Some(group) = &mut self.group else { return Ok(()) };
        group.statements.push((number, checksum::hash(&sql.text)));
        group.stays |= class.effect == Effect::CommitsImplicitly;
        let ends = match class.effect {
            Effect::UnlockTables | Effect::Commit | Effect::Rollback => true,
            // What commits by itself ends the transaction too.
            Effect::CommitsImplicitly => true,
            _ => false,
        };
        if ends { self.close_group() } else { self.keep_group() }
    }

    /// Counts those statements as done that stay whatever comes.
    fn keep_group(&mut self) -> Result<(), Trouble> {
        let statements = match &mut self.group {
            Some(group) if group.stays => std::mem::take(&mut group.statements),
            _ => return Ok(()),
        };
        for (number, hash) in statements {
            self.done.push(number);
            self.row(Outcome::Done, Some(number), Kept::Hash(&hash), None)?;
        }
        Ok(())
    }

    fn close_group(&mut self) -> Result<(), Trouble> {
        if let Some(group) = &mut self.group {
            group.stays = true;
        }
        self.keep_group()?;
        self.group = None;
        Ok(())
    }

    /// Writes down the script's statements before the first of them runs.
    async fn write_plan_of(&mut self, script: &Script, lexicon: &Lexicon) -> Result<(), Trouble> {
        let segment = journal::Segment {
            segment: 0,
            touched: Vec::new(),
            before: Schema::new(),
            undo: self.work.written.clone(),
        };
        self.write_plan(&segment, std::iter::empty())?;
        let mut statements = script.statements(lexicon).map_err(unread)?;
        let (mut number, mut bytes) = (0, 0);
        while let Some(sql) = statements.next().map_err(unread)? {
            while statements.data().map_err(unread)?.is_some() {}
            number += 1;
            bytes += sql.text.len();
            self.row(
                Outcome::Planned,
                Some(number),
                Kept::Text { sql: &sql.text, meaning: &sql.text },
                None,
            )?;
            if bytes > MAX_OWED_BYTES {
                bytes = 0;
                self.enter();
                self.leave();
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Removes what the script has made for its session alone, and puts back what it has set.
    pub(super) async fn restore_settings(&mut self) -> Result<(), ConnectionError> {
        for removal in std::mem::take(&mut self.removals).into_iter().rev() {
            self.run.conn.execute(&removal).await?;
        }
        let before = std::mem::take(&mut self.settings);
        if let Some(assumed) = &self.run.assumed {
            let again = std::mem::take(&mut self.resets).into_iter().chain(assumed.opening.iter().cloned());
            let again: Vec<_> = again.collect();
            return self.run.conn.batch(&again).await.map_err(|failed| failed.error);
        }
        restore(self.run.conn, self.run.layout, &before).await
    }

    /// The text of a statement as the server is to be sent it.
    pub(super) fn filled<'s>(&mut self, sql: &'s str) -> Result<Cow<'s, str>, Error> {
        let Some(script) = self.work.way.as_script() else { return Ok(Cow::Borrowed(sql)) };
        let start = self.places.get(&self.number).copied().unwrap_or(Position::START);
        let filled = self.run.layout.variables.fill(script, sql, start).map_err(unread)?;
        self.hidden.add(sql, &filled);
        Ok(filled.text)
    }

    /// Puts the statement into the flight, as the server is to be sent it.
    pub(super) fn send(&mut self, sql: String) -> Result<(), Trouble> {
        let part = Part::Statement(self.number);
        match self.filled(&sql)? {
            Cow::Borrowed(_) => self.flight.push(part, sql),
            Cow::Owned(sent) => self.flight.push_filled(part, sql, sent),
        }
        Ok(())
    }

    /// What the server said of a statement, told of its text in the script, and without what was filled in.
    pub(super) fn unfilled(&self, number: usize, sql: &str, error: ConnectionError) -> ConnectionError {
        let Some(script) = self.work.way.as_script() else { return error };
        let start = self.places.get(&number).copied().unwrap_or(Position::START);
        let filled = self.run.layout.variables.fill(script, sql, start).ok();
        let place = |offset| filled.as_ref().map_or(offset, |filled| filled.unfilled(offset));
        ConnectionError {
            message: self.hidden.hide(&error.message),
            detail: error.detail.map(|detail| self.hidden.hide(&detail)),
            offset_bytes: error.offset_bytes.map(place),
            ..error
        }
    }

    fn tell(&mut self, sql: &str) {
        let (revision, number) = (self.work.revision, self.number);
        let event = || Event::Statement { revision: revision.to_owned(), number, sql: sql.to_owned() };
        self.run.listener.tell(event);
    }

    fn tell_progress(&mut self, script: &Script, statements: &Statements<'_>) {
        let revision = self.work.revision;
        let (of_bytes, left) = (script.bytes(), statements.left_bytes());
        let event =
            || Event::Read { revision: revision.to_owned(), bytes: of_bytes.saturating_sub(left), of_bytes };
        self.run.listener.tell(event);
    }
}

/// Puts settings back to what they were, as far as they differ from it, and removes what has come to the session since.
pub(in crate::runner) async fn restore(
    conn: &mut dyn Connection,
    layout: &Layout,
    before: &[Row],
) -> Result<(), ConnectionError> {
    if before.is_empty() {
        return Ok(());
    }
    let after = conn.query(&layout.settings_query).await?;
    let now: Vec<_> = after.iter().filter_map(|row| row.text(0)).collect();
    for row in before {
        let Some(statement) = row.text(0) else { continue };
        if row.bool(1) || !now.contains(&statement) {
            conn.execute(&statement).await?;
        }
    }
    // What stands upon another came behind it.
    for row in after.iter().rev() {
        let Some(removal) = row.text(2) else { continue };
        if !before.iter().any(|row| row.text(2).as_ref() == Some(&removal)) {
            conn.execute(&removal).await?;
        }
    }
    Ok(())
}

/// Rows of a plan that wait to be written take no more than about this.
const MAX_OWED_BYTES: usize = 1024 * 1024;

fn unread(error: ScriptError) -> Error {
    Error::from_script(error)
}
