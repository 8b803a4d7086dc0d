//! What a script will do to transactions and to its session, found out before anything of it runs.

use dunlin_dsl::lexicon::{Class, Effect};
use dunlin_dsl::{Dialect, Hoisted, Lexicon, Place, Server};

use super::classify::classify;
use super::fault::{Fault, ScriptError};
use super::variables::Variables;
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
    /// Those that the script itself begins; one that begins none is in the revision's own.
    Own,
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
    /// What is made before its transaction in place of statements.
    pub(crate) hoisted: Vec<Hoisted>,
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
        let mut reading = Reading::default();
        let mut statements = script.statements(lexicon)?;
        while let Some(sql) = statements.next()? {
            let sent = variables.fill(script, &sql.text, sql.start)?.text;
            let class = classify(&sent, lexicon);
            let hoisted =
                (transaction != Transaction::None).then(|| dialect.hoisted(&sent, server)).flatten();
            reading.statement(&sql, class, hoisted)?;
            while statements.data()?.is_some() {}
        }
        if let Some(hoisted) = script.session(server.dialect).and_then(|sql| dialect.hoisted(sql, server)) {
            reading.hoist(hoisted);
        }
        reading.finish(transaction, transactional).map_err(|error| error.in_file(script.file()))
    }
}

/// A script that is being read.
#[derive(Default)]
struct Reading {
    statements: usize,
    /// Statements that neither begin or end a transaction nor set something.
    work: usize,
    /// The first BEGIN and the last COMMIT, where nothing but settings stands around them.
    begin: Option<usize>,
    end: Option<usize>,
    /// What of its transactions isn't that, first.
    other: Option<ScriptError>,
    /// What begins and isn't ended.
    open: Option<ScriptError>,
    splits: Option<String>,
    sets: bool,
    hoisted: Vec<Hoisted>,
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
        match class.effect {
            Effect::Begin => {
                // One with an isolation of its own isn't the runner's.
                let plain = sql.text.split_whitespace().count() <= 2;
                match (self.begin, plain && self.work == 0) {
                    (None, true) => self.begin = Some(self.statements),
                    _ => {
                        _ = self.other.get_or_insert_with(|| {
                            fault("begins a transaction in the middle of the revision")
                        })
                    }
                }
                self.open = Some(fault("begins a transaction that is never ended"));
            }
            Effect::Commit => {
                let is_first = self.end.replace(self.statements).is_none();
                if self.begin.is_none() || !is_first {
                    self.other
                        .get_or_insert_with(|| fault("ends a transaction in the middle of the revision"));
                }
                self.open = None;
            }
            Effect::Rollback => {
                self.other
                    .get_or_insert_with(|| fault("rolls back a transaction in the middle of the revision"));
                self.open = None;
            }
            Effect::Setting => self.sets = true,
            _ => {
                self.work += 1;
                if self.end.is_some() {
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

    /// Of a setting that is made again and again the first value holds.
    fn hoist(&mut self, hoisted: Hoisted) {
        if !self.hoisted.iter().any(|other| other.setting.name == hoisted.setting.name) {
            self.hoisted.push(hoisted);
        }
    }

    fn finish(self, transaction: Transaction, transactional: bool) -> Result<Survey, ScriptError> {
        let whole = match (self.begin, self.end, &self.other) {
            (Some(begin), Some(end), None) => Some(Control::Whole { begin, end }),
            _ => None,
        };
        let has_own = self.begin.is_some() || self.end.is_some() || self.other.is_some();
        let control = match (has_own, whole) {
            (false, _) => Control::Absent,
            (true, Some(whole)) if transaction != Transaction::None => whole,
            (true, _) if transaction != Transaction::Revision => match self.open {
                Some(open) => return Err(open),
                None => Control::Obeyed,
            },
            (true, _) => {
                let unended = self.open.filter(|_| self.other.is_none());
                return Err(self.other.or(unended).unwrap_or_else(|| {
                    let message = "the script ends a transaction that it didn't begin".into();
                    ScriptError::new(super::position::Position::START, Fault::Transaction { message })
                }));
            }
        };
        let alone = transaction == Transaction::None || control == Control::Obeyed;
        let splits = self.splits.filter(|_| transactional || alone);
        let hoisted = if alone { Vec::new() } else { self.hoisted };
        Ok(Survey { statements: self.statements, control, alone, splits, sets: self.sets, hoisted })
    }
}
