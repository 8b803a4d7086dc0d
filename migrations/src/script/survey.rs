//! What a script will do to transactions and to its session, found out before anything of it runs.

use dunlin_dsl::lexicon::{Class, Effect};
use dunlin_dsl::{Dialect, Hoisted, Lexicon, Place, Server};

use super::classify::{changes_rows, classify};
use super::fault::{Fault, ScriptError};
use super::variables::{Placeholders, Variables};
use super::way::{Script, Sql};

/// Which transactions a script runs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transaction {
    /// One, where the server can: the revision's own.
    #[default]
    Revision,
    /// Every statement stands alone.
    None,
    /// Those that the script itself begins; one that begins none is in the revision's own. A COMMIT of a transaction that it
    /// didn't begin, and a BEGIN that it never ends, are about its tool's own, and count for nothing.
    Own,
    /// As [`Own`](Self::Own), for a tool that begins none: what it sends is a transaction by itself, so that a script of one
    /// statement which may commit stands alone.
    Bare,
}

impl Transaction {
    /// Whether a BEGIN or COMMIT without its other half may be about its tool's own.
    pub(crate) fn is_tools(self) -> bool {
        matches!(self, Self::Own | Self::Bare)
    }
}

/// How a script's own BEGIN and COMMIT are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Control {
    /// There are none.
    Absent,
    /// They hold the whole script, between the statements of these numbers; the runner's transaction takes their place.
    Whole { begin: usize, end: usize },
    /// They run as they stand.
    Obeyed,
}

/// What a script will do.
#[derive(Clone, Debug)]
pub(crate) struct Survey {
    /// How many statements it has.
    pub(crate) statements: usize,
    /// How its own transactions are taken.
    pub(crate) control: Control,
    /// Whether every statement stands alone.
    pub(crate) alone: bool,
    /// The first statement that can't be in one transaction with the others.
    pub(crate) splits: Option<String>,
    /// Whether it changes settings of its session.
    pub(crate) sets: bool,
    /// Whether it calls what may do so.
    pub(crate) calls: bool,
    /// What is made before its transaction in place of statements.
    pub(crate) hoisted: Vec<Hoisted>,
    /// Statements about a transaction that isn't the script's own: they are passed over.
    pub(crate) idle: Vec<usize>,
    /// Whether it changes rows and nothing else.
    pub(crate) only_rows: bool,
    /// What makes its tool's own table, where it takes it that this is there.
    pub(crate) own_table: Option<String>,
}

impl Survey {
    /// Reads a script from its start to its end, in constant memory.
    pub(crate) fn of(
        script: &Script,
        dialect: &dyn Dialect,
        server: &Server,
        lexicon: &Lexicon,
        variables: &Variables,
    ) -> Result<Self, ScriptError> {
        let transactional = dialect.transactions(server).ddl;
        let transaction = script.transaction();
        let mut reading = Reading { passes: transaction.is_tools(), ..Reading::default() };
        let mut statements = script.statements(lexicon)?;
        if script.placeholders() == Placeholders::Always {
            // To Flyway a comment is text like any other.
            statements = statements.with_comments();
        }
        loop {
            let next = statements.next()?;
            for (comment, start) in statements.comments() {
                variables.fill(script, &comment, start)?;
            }
            let Some(sql) = next else { break };
            let sent = variables.fill(script, &sql.text, sql.start)?.text;
            let class = classify(&sent, lexicon);
            let hoisted =
                (transaction != Transaction::None).then(|| dialect.hoisted(&sent, server)).flatten();
            let is_aside = class.is_control() || class.effect == Effect::Setting || hoisted.is_some();
            reading.more_than_rows |= !is_aside && !changes_rows(&sent, lexicon);
            reading.statement(&sql, class, hoisted)?;
            if let Some(table) = script.own_table().filter(|table| table.is_in(&sent)) {
                reading.own_table.get_or_insert(!table.is_made_by(&sent));
            }
            while let Some((data, start)) = statements.data()? {
                variables.fill_data(script, data, start)?;
            }
        }
        if let Some(hoisted) = script.session(server.dialect).and_then(|sql| dialect.hoisted(sql, server)) {
            // It is the tool's own affair what its sessions let pass.
            reading.hoist(Hoisted { checks: Vec::new(), ..hoisted });
        }
        let takes_own_table = reading.own_table == Some(true);
        let own_table = script.own_table().filter(|_| takes_own_table);
        let survey = reading.finish(transaction, transactional);
        let survey = survey.map_err(|error| error.in_file(script.file()))?;
        Ok(Self { own_table: own_table.map(|table| table.create(server.dialect)), ..survey })
    }
}

/// A script that is being read.
#[derive(Default)]
struct Reading {
    statements: usize,
    /// Statements that neither begin or end a transaction nor set something.
    work: usize,
    /// Whether what is about another's transaction is passed over, and what is.
    passes: bool,
    idle: Vec<usize>,
    /// The first BEGIN and the last COMMIT, where nothing but settings stands around them.
    begin: Option<usize>,
    end: Option<usize>,
    /// What of its transactions isn't that, first.
    other: Option<ScriptError>,
    /// What begins and isn't ended yet.
    open: Option<Begun>,
    splits: Option<String>,
    sets: bool,
    calls: bool,
    hoisted: Vec<Hoisted>,
    more_than_rows: bool,
    /// Whether the first statement that has the name of its tool's own table doesn't make it.
    own_table: Option<bool>,
}

/// A BEGIN that isn't ended yet.
struct Begun {
    number: usize,
    /// Why it doesn't hold the whole script, if it doesn't.
    inner: Option<ScriptError>,
    /// What is said where it is never ended.
    unended: ScriptError,
    /// Whether more of the kind follows it, as in XA, of which every step counts as one.
    is_nested: bool,
}

impl Reading {
    fn statement(&mut self, sql: &Sql, class: Class, hoisted: Option<Hoisted>) -> Result<(), ScriptError> {
        self.statements += 1;
        if let Some(hoisted) = hoisted {
            self.hoist(hoisted);
            return Ok(());
        }
        let fault = |message: &str| {
            let words: Vec<_> = sql.text.split_whitespace().take(4).collect();
            let message = format!("{} {message}", words.join(" "));
            ScriptError::new(sql.start, Fault::Transaction { message })
        };
        self.calls |= class.effect == Effect::MayCommit;
        match class.effect {
            Effect::Begin => {
                let middle = || fault("begins a transaction in the middle of the revision");
                // One with an isolation of its own isn't the runner's.
                let is_extra = |word: &&str| {
                    !(word.eq_ignore_ascii_case("TRANSACTION") || word.eq_ignore_ascii_case("WORK"))
                };
                let is_plain = sql.text.split_whitespace().filter(is_extra).count() <= 2;
                match &mut self.open {
                    Some(begun) => {
                        begun.is_nested = true;
                        self.other.get_or_insert_with(middle);
                    }
                    None => {
                        let is_first = self.begin.is_none() && self.work == 0 && is_plain;
                        let inner = (!is_first).then(middle);
                        let unended = fault("begins a transaction that is never ended");
                        self.open = Some(Begun { number: self.statements, inner, unended, is_nested: false });
                    }
                }
            }
            Effect::Commit => {
                let was_open = self.close();
                if !was_open && self.passes {
                    self.idle.push(self.statements);
                    return Ok(());
                }
                let is_first = self.end.replace(self.statements).is_none();
                if self.begin.is_none() || !is_first {
                    self.other
                        .get_or_insert_with(|| fault("ends a transaction in the middle of the revision"));
                }
            }
            Effect::Rollback => {
                self.close();
                self.other
                    .get_or_insert_with(|| fault("rolls back a transaction in the middle of the revision"));
            }
            Effect::Setting => self.sets = true,
            Effect::Question => {}
            _ => {
                self.work += 1;
                if self.end.is_some() && self.open.is_none() {
                    self.other.get_or_insert_with(|| {
                        fault("stands behind the end of the script's own transaction")
                    });
                }
            }
        }
        if class.place == Place::Outside || class.commit_after {
            self.splits.get_or_insert_with(|| sql.text.clone());
        }
        Ok(())
    }

    /// Ends the script's own transaction; false where none is open.
    fn close(&mut self) -> bool {
        let Some(Begun { number, inner, .. }) = self.open.take() else { return false };
        match inner {
            None => self.begin = Some(number),
            Some(inner) => _ = self.other.get_or_insert(inner),
        }
        true
    }

    /// Of a setting that is made again and again the first value holds.
    fn hoist(&mut self, hoisted: Hoisted) {
        if !self.hoisted.iter().any(|other| other.setting.name == hoisted.setting.name) {
            self.hoisted.push(hoisted);
        }
    }

    fn finish(mut self, transaction: Transaction, transactional: bool) -> Result<Survey, ScriptError> {
        let unended = match self.open.take() {
            Some(begun) if self.passes && !begun.is_nested => {
                self.idle.push(begun.number);
                None
            }
            Some(begun) => {
                self.other = self.other.or(begun.inner);
                Some(begun.unended)
            }
            None => None,
        };
        let whole = match (self.begin, self.end, &self.other) {
            (Some(begin), Some(end), None) => Some(Control::Whole { begin, end }),
            _ => None,
        };
        let has_own = self.begin.is_some() || self.end.is_some() || self.other.is_some() || unended.is_some();
        let control = match (has_own, whole) {
            (false, _) => Control::Absent,
            (true, Some(whole)) if transaction != Transaction::None => whole,
            (true, _) if transaction != Transaction::Revision => match unended {
                Some(unended) => return Err(unended),
                None => Control::Obeyed,
            },
            (true, _) => {
                return Err(self.other.or(unended).unwrap_or_else(|| {
                    let message = "the script ends a transaction that it didn't begin".into();
                    ScriptError::new(super::position::Position::START, Fault::Transaction { message })
                }));
            }
        };
        let is_one_call = transaction == Transaction::Bare && self.calls && self.work == 1;
        let alone =
            transaction == Transaction::None || control == Control::Obeyed || (is_one_call && !has_own);
        let splits = self.splits.filter(|_| transactional || alone);
        let hoisted = if alone { Vec::new() } else { self.hoisted };
        let Self { statements, sets, calls, idle, more_than_rows, .. } = self;
        let only_rows = !more_than_rows;
        let own_table = None;
        Ok(Survey { statements, control, alone, splits, sets, calls, hoisted, idle, only_rows, own_table })
    }
}
