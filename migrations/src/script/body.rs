//! Whether a semicolon ends a statement, or one that stands inside it: in a trigger, a routine, a block.
//!
//! No parser: the words that open and close blocks are counted, each only where it can be such a word. Most can only where a
//! statement of the body begins; elsewhere `IF(..)`, `REPEAT(..)` and a column called `end` are what they look like.

use dunlin_dsl::lexicon::{Begins, Bodies, Body};

use super::lexer::Kind;

/// Follows a statement by its tokens.
pub(super) struct Tracker<'l> {
    facts: &'l Bodies,
    phase: Phase<'l>,
    blocks: Vec<Block>,
    place: Place,
    /// The word before, in upper case; empty behind anything else.
    previous: String,
    /// The punctuation before, 0 behind anything else.
    mark: u8,
    brackets: usize,
    /// Whether the END of a block came just before: what kind of block it was may be said again.
    ended: bool,
    /// Whether a function says what it returns by RETURNS, and not as Oracle does.
    returns: bool,
}

/// How far a statement is known.
#[derive(Clone, Copy)]
enum Phase<'l> {
    /// Nothing of it was seen.
    Unseen,
    /// It creates or alters something.
    Creates,
    /// It creates something whose body is to come.
    Header(&'l Body),
    /// It holds statements.
    Body,
    /// It holds none.
    Plain,
}

/// A block that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    /// BEGIN, IF, LOOP and their like.
    Statements,
    /// REPEAT, behind its UNTIL.
    Until,
    /// CASE as a statement.
    Case,
    /// CASE in an expression.
    Expression,
    /// What a routine declares before its BEGIN, or what a package has.
    Declarations,
}

/// Where in the body the next token stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where a statement begins.
    Start,
    /// Before a statement, which begins at any word: behind the characteristics of a routine, the condition of a handler.
    Before,
    /// Behind the first word of a statement, which may be its label.
    Label,
    /// Further inside a statement.
    Inside,
}

impl<'l> Tracker<'l> {
    pub(super) fn new(facts: &'l Bodies) -> Self {
        Self {
            facts,
            phase: Phase::Unseen,
            blocks: Vec::new(),
            place: Place::Start,
            previous: String::new(),
            mark: 0,
            brackets: 0,
            ended: false,
            returns: false,
        }
    }

    /// Whether a semicolon stands inside the statement now.
    pub(super) fn is_open(&self) -> bool {
        !self.blocks.is_empty()
    }

    /// How many round brackets are open.
    pub(super) fn brackets(&self) -> usize {
        self.brackets
    }

    /// The next token, white space and comments left out.
    pub(super) fn feed(&mut self, kind: Kind, text: &[u8]) {
        match kind {
            Kind::Word => {
                let mut word = String::new();
                // No keyword is longer; a longer word is none.
                if text.len() <= 16 {
                    word.extend(text.iter().map(|byte| byte.to_ascii_uppercase() as char));
                }
                // Behind a point or an `@` there are only names.
                if !matches!(self.mark, b'.' | b'@') {
                    self.word(&word);
                }
                (self.previous, self.mark) = (word, 0);
            }
            Kind::ExecutableOpen | Kind::ExecutableClose => {}
            _ => {
                let mark = match kind {
                    Kind::Punct(mark) => mark,
                    Kind::Terminator => b';',
                    _ => 0,
                };
                self.punctuation(mark);
                self.previous.clear();
                self.mark = mark;
            }
        }
    }

    fn word(&mut self, word: &str) {
        match self.phase {
            Phase::Unseen if matches!(word, "CREATE" | "ALTER") => self.phase = Phase::Creates,
            Phase::Unseen if self.facts.bare => {
                self.phase = Phase::Body;
                self.bare(word);
            }
            Phase::Unseen => self.phase = Phase::Plain,
            Phase::Creates => self.created(word),
            Phase::Header(body) => self.header(body, word),
            Phase::Body => self.statement(word),
            Phase::Plain => {}
        }
    }

    /// The first word of a statement, where blocks may be statements. A plain BEGIN begins a transaction.
    fn bare(&mut self, word: &str) {
        match word {
            "BEGIN" => self.place = Place::Inside,
            "DECLARE" if self.facts.declarations => self.open(Block::Declarations, Place::Inside),
            _ => self.statement(word),
        }
    }

    /// A word between CREATE and what is created.
    fn created(&mut self, word: &str) {
        const BETWEEN: [&str; 6] = ["OR", "REPLACE", "TEMP", "TEMPORARY", "AGGREGATE", "DEFINER"];
        self.phase = match self.facts.created.iter().find(|body| body.kind == word) {
            Some(body) if body.begins == Begins::Always => {
                self.open(Block::Statements, Place::Inside);
                Phase::Body
            }
            Some(body) => Phase::Header(body),
            // DEFINER = user@host
            None if BETWEEN.contains(&word) || self.mark == b'=' => Phase::Creates,
            None => Phase::Plain,
        };
    }

    /// A word between what is created and its body.
    fn header(&mut self, body: &Body, word: &str) {
        match body.begins {
            Begins::With(first, second) if word == second && self.previous == first => {
                self.phase = Phase::Body;
                self.open(Block::Statements, Place::Start);
            }
            Begins::Behind { words, .. } if self.brackets == 0 && words.contains(&word) => {
                (self.phase, self.place) = (Phase::Body, Place::Before);
                if self.is_declaring(word) {
                    self.open(Block::Declarations, Place::Start);
                }
            }
            _ => {}
        }
    }

    fn punctuation(&mut self, mark: u8) {
        match mark {
            b'(' => self.brackets += 1,
            b')' => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        match self.phase {
            Phase::Header(Body { begins: Begins::Behind { brackets: true, .. }, .. })
                if mark == b')' && self.brackets == 0 =>
            {
                (self.phase, self.place) = (Phase::Body, Place::Before);
            }
            Phase::Body => {
                self.ended = false;
                self.place = match (mark, self.place) {
                    (b';', _) => Place::Start,
                    (b':', Place::Label) => Place::Start,
                    (_, Place::Before) => Place::Before,
                    // <<label>>
                    (b'<', Place::Start) => Place::Before,
                    _ => Place::Inside,
                };
            }
            _ => {}
        }
    }

    /// A word inside a body.
    fn statement(&mut self, word: &str) {
        let ended = std::mem::take(&mut self.ended);
        let place = std::mem::replace(&mut self.place, Place::Inside);
        let begins = matches!(place, Place::Start | Place::Before);
        let is_block = self.facts.blocks.contains(&word);
        let top = self.blocks.last().copied();
        match word {
            // END IF, END LOOP: said again.
            "CASE" if ended => {}
            _ if ended && is_block && word != "BEGIN" => {}
            // DECLARE .. HANDLER FOR
            "FOR" if self.previous == "HANDLER" => self.place = Place::Before,
            "END" if place == Place::Start || matches!(top, Some(Block::Expression | Block::Until)) => {
                self.blocks.pop();
                self.ended = true;
            }
            "CASE" if self.is_open() || begins => {
                self.blocks.push(if begins { Block::Case } else { Block::Expression });
            }
            "THEN" | "ELSE" if top != Some(Block::Expression) => self.place = Place::Start,
            "UNTIL" if place == Place::Start => {
                self.blocks.pop();
                self.blocks.push(Block::Until);
            }
            "BEGIN" if place == Place::Start && top == Some(Block::Declarations) => {
                self.blocks.pop();
                self.open(Block::Statements, Place::Start);
            }
            // BEGIN NOT ATOMIC
            "ATOMIC" if self.previous == "NOT" && !self.is_open() => {
                self.open(Block::Statements, Place::Start)
            }
            "BEGIN" | "LOOP" | "REPEAT" if is_block && begins => self.open(Block::Statements, Place::Start),
            _ if is_block && begins => self.open(Block::Statements, Place::Inside),
            // WHILE .. DO, and in Oracle's mode WHILE .. LOOP
            "DO" | "LOOP" if place == Place::Inside && self.is_open() => self.place = Place::Start,
            "PROCEDURE" | "FUNCTION" if place == Place::Start && top == Some(Block::Declarations) => {
                self.returns = false;
                self.place = Place::Before;
            }
            _ if place == Place::Before => self.before(word),
            _ if place == Place::Start => self.place = Place::Label,
            _ => {}
        }
    }

    /// A word before a statement that may be the first of it.
    fn before(&mut self, word: &str) {
        let is_type = matches!(self.previous.as_str(), "CHARACTER" | "CHAR" | "RETURNS");
        let oracle_returns = word == "RETURN" && self.facts.declarations && !self.returns;
        self.returns |= word == "RETURNS";
        if self.is_declaring(word) {
            self.open(Block::Declarations, Place::Start);
        } else if self.facts.verbs.contains(&word) && self.brackets == 0 && !is_type && !oracle_returns {
            self.place = Place::Inside;
        } else {
            self.place = Place::Before;
        }
    }

    /// AS and IS begin a routine's declarations in Oracle's mode.
    fn is_declaring(&self, word: &str) -> bool {
        self.facts.declarations && self.brackets == 0 && matches!(word, "AS" | "IS")
    }

    fn open(&mut self, block: Block, place: Place) {
        self.blocks.push(block);
        self.place = place;
    }
}
