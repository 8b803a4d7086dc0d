//! How a dialect's SQL reads: the facts by which a script is divided into statements, and what its statements do to a
//! transaction. Whoever divides asks for no dialect; each gives these as data.

use crate::statement::Place;

/// How the SQL of one server reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexicon {
    /// What stands in quotes: strings and names.
    pub quotes: &'static [Quote],
    /// On what of the session that depends, where it does.
    pub mode: Option<Mode>,
    /// Whether `E'..'` has escapes by backslash.
    pub escape_strings: bool,
    /// Whether `$$..$$` and `$tag$..$tag$` are strings.
    pub dollar_quotes: bool,
    /// Comments up to the end of the line.
    pub line_comments: &'static [LineComment],
    /// How deep `/* .. */` may nest: 1 where the first `*/` ends it.
    pub comment_depth: u32,
    /// Comments that the server executes.
    pub executable_comments: Vec<ExecutableComment>,
    /// Whether a semicolon in round brackets ends nothing, as in the actions of a rule.
    pub semicolons_in_brackets: bool,
    /// Whether `COPY .. FROM stdin` takes the lines behind it, up to `\.`, as its data.
    pub copy_data: bool,
    /// What the server's own client reads for itself.
    pub client: Client,
    /// What holds statements inside a statement.
    pub bodies: Bodies,
    /// What statements do to a transaction and to the session; the first that fits counts.
    pub rules: &'static [Rule],
}

impl Lexicon {
    /// What all servers read alike: strings, names in quotes, comments.
    pub const PLAIN: Self = Self {
        quotes: &[Quote::plain(b'\''), Quote::plain(b'"')],
        mode: None,
        escape_strings: false,
        dollar_quotes: false,
        line_comments: &[LineComment { mark: "--", needs_blank: false }],
        comment_depth: 1,
        executable_comments: Vec::new(),
        semicolons_in_brackets: false,
        copy_data: false,
        client: Client {
            name: "",
            escape: None,
            anywhere: false,
            words: &[],
            idle: &[],
            delimiter: false,
            stops: "",
            variable: None,
            no_variables_behind: &[],
        },
        bodies: Bodies { created: &[], blocks: &[], verbs: &[], bare: false, declarations: false },
        rules: &[],
    };
}

/// A variable of the session that holds words, by which quotes mean something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    /// Its name, in upper case.
    pub variable: &'static str,
    /// Whether it is a switch, whose values are words without quotes too, behind TO as well as behind `=`.
    pub is_switch: bool,
    /// Words, each with the quotes where it is among them; the first that is there counts. The last is empty: none of them.
    pub quotes: &'static [(&'static str, &'static [Quote])],
}

/// A mark that begins a string or a name in quotes. The closing one, doubled, stands for itself, unless it differs from
/// the opening one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quote {
    /// The mark that opens.
    pub open: u8,
    /// The mark that closes.
    pub close: u8,
    /// Whether a backslash takes the next character along.
    pub backslashes: bool,
}

impl Quote {
    /// A quote that a backslash doesn't escape.
    pub const fn plain(mark: u8) -> Self {
        Self { open: mark, close: mark, backslashes: false }
    }

    /// A quote in which a backslash escapes.
    pub const fn escaped(mark: u8) -> Self {
        Self { open: mark, close: mark, backslashes: true }
    }
}

/// What begins a comment up to the end of the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineComment {
    /// Its mark.
    pub mark: &'static str,
    /// Whether a blank must follow: in MySQL `5--1` is 6.
    pub needs_blank: bool,
}

/// A comment whose text the server executes, if the number behind its mark suits it; else it is a comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExecutableComment {
    /// Its mark: `/*!`.
    pub mark: &'static str,
    /// The server's own number; greater ones are for newer servers.
    pub up_to: u32,
    /// Numbers which are for another server, from and to.
    pub foreign: Option<(u32, u32)>,
}

/// What the server's own client reads for itself, and no server knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Client {
    /// What it is called: `psql`.
    pub name: &'static str,
    /// What its commands begin with.
    pub escape: Option<u8>,
    /// Whether a command may stand behind the beginning of a statement too.
    pub anywhere: bool,
    /// Words that are commands where a statement begins.
    pub words: &'static [&'static str],
    /// Commands that mean nothing without the client, and are passed over.
    pub idle: &'static [&'static str],
    /// Whether `DELIMITER //` changes what ends a statement.
    pub delimiter: bool,
    /// The command that makes it stop at the first error; empty where it does so anyway.
    pub stops: &'static str,
    /// What its variables begin with, directly before their names.
    pub variable: Option<u8>,
    /// Words behind which the rest of a statement may have that mark for another reason.
    pub no_variables_behind: &'static [&'static str],
}

/// What holds statements inside a statement. All words are in upper case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bodies {
    /// What CREATE and ALTER make that may have a body.
    pub created: &'static [Body],
    /// Words that open a block, closed by END, where a statement of a body begins. CASE opens one anywhere.
    pub blocks: &'static [&'static str],
    /// Words that begin a statement without blocks, behind which the words for blocks are functions or names.
    pub verbs: &'static [&'static str],
    /// Whether blocks may be statements by themselves, `BEGIN NOT ATOMIC .. END` among them.
    pub bare: bool,
    /// Whether AS and IS begin a routine's declarations, or a package of routines, as in Oracle.
    pub declarations: bool,
}

impl Bodies {
    /// Words that begin a statement without blocks, as most dialects have them.
    pub const VERBS: &'static [&'static str] = &[
        "ALTER", "CALL", "CREATE", "DELETE", "DO", "DROP", "EXECUTE", "INSERT", "REPLACE", "RETURN",
        "SELECT", "SET", "SIGNAL", "TRUNCATE", "UPDATE", "VALUES", "WITH",
    ];
}

/// A kind of thing with a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Body {
    /// The word behind CREATE.
    pub kind: &'static str,
    /// Where the body begins.
    pub begins: Begins,
}

/// Where a body begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// There always is one, and it is over with an END where a statement would begin.
    Always,
    /// With these two words, and over with their END.
    With(&'static str, &'static str),
    /// With a block or a single statement, not far behind this.
    Behind {
        /// One of these words.
        words: &'static [&'static str],
        /// The bracket that closes a list of parameters.
        brackets: bool,
    },
}

/// Statements that begin alike, and what they do.
///
/// The pattern has a word for each of a statement's tokens: `WORD`, `A|B` for either, `?WORD` where it may be absent, `_` for
/// any one token, `*` for any number of them, `$` for the statement's end, and `{A|B}` for a string whose text, read as SQL,
/// has such a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The pattern.
    pub pattern: &'static str,
    /// What those that fit do.
    pub class: Class,
}

/// A rule.
pub const fn rule(pattern: &'static str, class: Class) -> Rule {
    Rule { pattern, class }
}

/// What a statement does to a transaction and to the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// Whether it may run in a transaction.
    pub place: Place,
    /// Whether what follows needs it committed, as the use of a new enum value does.
    pub commit_after: bool,
    /// What it does beside its work.
    pub effect: Effect,
}

/// What a statement does beside its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// Nothing, and its work is to ask: it may stand where no work may.
    Question,
    /// Begins a transaction.
    Begin,
    /// Commits it.
    Commit,
    /// Rolls it back.
    Rollback,
    /// Sets a savepoint, releases it or rolls back to it.
    Savepoint,
    /// Commits whatever is open, before and after its own work.
    CommitsImplicitly,
    /// Changes a setting of the session.
    Setting,
    /// May commit by what it calls, if it is in no transaction; in one, the server refuses that.
    MayCommit,
    /// Locks tables, so that the session can use no others until they are unlocked.
    LockTables,
    /// Unlocks them.
    UnlockTables,
}

impl Class {
    /// Work that goes into a transaction.
    pub const INSIDE: Self = Self { place: Place::Inside, commit_after: false, effect: Effect::None };
    /// What the server refuses inside a transaction.
    pub const OUTSIDE: Self = Self { place: Place::Outside, ..Self::INSIDE };
    /// What can be used only once it is committed.
    pub const COMMIT_AFTER: Self = Self { commit_after: true, ..Self::INSIDE };
    /// What commits whatever is open.
    pub const COMMITS: Self = Self::INSIDE.with(Effect::CommitsImplicitly);
    /// A setting of the session.
    pub const SETTING: Self = Self::INSIDE.with(Effect::Setting);
    /// A setting of the session that does nothing, or is refused, inside a transaction.
    pub const SETTING_OUTSIDE: Self = Self::OUTSIDE.with(Effect::Setting);
    /// Begins a transaction.
    pub const BEGIN: Self = Self::INSIDE.with(Effect::Begin);
    /// Commits it.
    pub const COMMIT: Self = Self::INSIDE.with(Effect::Commit);
    /// Rolls it back.
    pub const ROLLBACK: Self = Self::INSIDE.with(Effect::Rollback);
    /// A call of what may commit.
    pub const CALL: Self = Self::INSIDE.with(Effect::MayCommit);
    /// A call of what commits.
    pub const CALL_OUTSIDE: Self = Self::OUTSIDE.with(Effect::MayCommit);
    /// Locks tables.
    pub const LOCK_TABLES: Self = Self::INSIDE.with(Effect::LockTables);
    /// Unlocks them.
    pub const UNLOCK_TABLES: Self = Self::INSIDE.with(Effect::UnlockTables);
    /// A question, which changes nothing.
    pub const QUESTION: Self = Self::INSIDE.with(Effect::Question);
    /// Savepoints.
    pub const SAVEPOINT: Self = Self::INSIDE.with(Effect::Savepoint);

    const fn with(self, effect: Effect) -> Self {
        Self { effect, ..self }
    }

    /// Whether it begins, ends or divides a transaction by its own words.
    pub fn is_control(self) -> bool {
        matches!(self.effect, Effect::Begin | Effect::Commit | Effect::Rollback | Effect::Savepoint)
    }
}
