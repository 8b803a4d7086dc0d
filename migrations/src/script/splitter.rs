//! Divides a script into statements and what stands between them.

use std::io::Read;
use std::ops::Range;

use dunlin_dsl::Lexicon;
use dunlin_dsl::lexicon::{Client, Quote};

use super::body::Tracker;
use super::data::{self, Lines};
use super::fault::{Fault, ScriptError};
use super::lexer::{self, Kind, Lexer, Standing, Token};
use super::mode;
use super::position::Position;
use super::source::Source;

/// Divides a script into statements and what stands between them, reading no further than it must.
///
/// The parts, one behind the other, are the script byte for byte. In memory is one part at a time, and what was read ahead:
/// a statement is held whole, the data of a COPY comes in pieces.
pub struct Splitter<'l, R> {
    lexicon: &'l Lexicon,
    source: Source<R>,
    /// What stands in quotes here: a statement may have set another mode.
    quotes: &'static [Quote],
    delimiter: Vec<u8>,
    marks: &'l [&'l str],
    state: State,
}

/// A part of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'s> {
    /// What it is.
    pub kind: PartKind,
    /// Its text.
    pub text: &'s str,
    /// Where it begins.
    pub start: Position,
}

/// What a part of a script is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A statement, without what ends it.
    Statement,
    /// The same, and it takes the data that follows.
    Copy,
    /// A piece of that data.
    Data,
    /// White space.
    Blank,
    /// A comment.
    Comment,
    /// A comment that begins with one of the [marks](Splitter::with_marks). It ends a statement that isn't ended.
    Mark,
    /// What ends a statement, or the data of a COPY.
    Terminator,
    /// A command to the server's own client that is obeyed here, such as DELIMITER, or that means nothing.
    Command,
}

impl PartKind {
    /// Whether a server must be sent it.
    pub fn is_sent(self) -> bool {
        matches!(self, Self::Statement | Self::Copy | Self::Data)
    }
}

/// What is expected next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// A statement.
    Statement,
    /// The end of a COPY, whose data follows.
    Copy,
    /// What is left of the line in which a COPY ended.
    LineOfCopy,
    /// Its data.
    Data(Lines),
}

impl<'l, R: Read> Splitter<'l, R> {
    /// A splitter for a script from its start.
    pub fn new(read: R, lexicon: &'l Lexicon) -> Self {
        Self {
            lexicon,
            source: Source::new(read),
            quotes: lexicon.quotes,
            delimiter: b";".to_vec(),
            marks: &[],
            state: State::Statement,
        }
    }

    /// The same for a reader that begins in the middle of a script.
    pub fn at_position(self, position: Position) -> Self {
        Self { source: self.source.at_position(position), ..self }
    }

    /// The same, reading so much at once.
    pub fn with_chunk_bytes(self, chunk_bytes: usize) -> Self {
        Self { source: self.source.with_chunk_bytes(chunk_bytes), ..self }
    }

    /// The same, with comments that divide the script, such as `dunlin:` in `-- dunlin: down`.
    pub fn with_marks(self, marks: &'l [&'l str]) -> Self {
        Self { marks, ..self }
    }

    /// Where the next part begins; its bytes are how far the script is done.
    pub fn position(&self) -> Position {
        self.source.position()
    }

    /// Whether what comes next is data, or what stands between a COPY and its data.
    pub(super) fn expects_data(&self) -> bool {
        self.state != State::Statement
    }

    /// The next part; none at the script's end.
    #[allow(clippy::should_implement_trait, reason = "a part is lent, which an Iterator's item can't be")]
    pub fn next(&mut self) -> Result<Option<Part<'_>>, ScriptError> {
        let found = match self.state {
            State::Data(lines) => self.data(lines)?,
            State::LineOfCopy => self.line_of_copy()?,
            State::Statement | State::Copy => self.trivia_or_statement()?,
        };
        let Some((kind, len)) = found else { return Ok(None) };
        let start = self.source.position();
        Ok(Some(Part { kind, text: self.source.take(len), start }))
    }

    fn trivia_or_statement(&mut self) -> Result<Option<(PartKind, usize)>, ScriptError> {
        let token = self.token(0, Standing::Start)?;
        let kind = match token.kind {
            Kind::End => return Ok(None),
            Kind::Blank => PartKind::Blank,
            Kind::LineComment if self.is_mark(0, token.end) => {
                self.delimiter = b";".to_vec();
                self.quotes = self.lexicon.quotes;
                self.state = State::Statement;
                PartKind::Mark
            }
            Kind::LineComment | Kind::BlockComment => PartKind::Comment,
            Kind::Terminator => {
                self.state = if self.state == State::Copy { State::LineOfCopy } else { State::Statement };
                PartKind::Terminator
            }
            Kind::Unclosed(what) => return Err(self.fault(0, Fault::Unclosed { what })),
            _ => match self.command(token)? {
                Some(len) => return Ok(Some((PartKind::Command, len))),
                None => return self.statement().map(Some),
            },
        };
        Ok(Some((kind, token.end)))
    }

    /// A statement, up to its last token.
    fn statement(&mut self) -> Result<(PartKind, usize), ScriptError> {
        let mut tracker = Tracker::new(&self.lexicon.bodies);
        let mut standing = Standing::Inside;
        let mut variables = self.lexicon.client.variable.map(ClientVariables::new);
        let (mut at, mut end) = (0, 0);
        loop {
            let token = self.token(at, standing)?;
            let start = std::mem::replace(&mut at, token.end);
            if let Some(variables) = &mut variables
                && let Some(from) =
                    variables.found(token.kind, self.source.rest(), start..at, &self.lexicon.client)
            {
                let text = String::from_utf8_lossy(&self.source.rest()[from..at]).chars().take(60).collect();
                return Err(
                    self.fault(from, Fault::ClientVariable { client: self.lexicon.client.name, text })
                );
            }
            match token.kind {
                Kind::End => break,
                Kind::LineComment if self.is_mark(start, at) => break,
                kind if kind.is_trivia() => continue,
                Kind::Terminator if standing == Standing::Inside && self.ends(&tracker) => break,
                Kind::Unclosed(what) => return Err(self.fault(start, Fault::Unclosed { what })),
                Kind::Punct(mark) if self.lexicon.client.anywhere && self.is_escape(mark) => {
                    return Err(self.is_command(start)?);
                }
                Kind::ExecutableOpen => standing = Standing::Executable,
                Kind::ExecutableClose => standing = Standing::Inside,
                _ => {}
            }
            tracker.feed(token.kind, &self.source.rest()[start..at]);
            end = at;
        }
        let text = &self.source.rest()[..end];
        // A server that takes it for the statement's end would leave out the rest without a word.
        if let Some(at) = text.iter().position(|byte| *byte == 0) {
            return Err(self.fault(at, Fault::Zero));
        }
        let behind = mode::quotes_behind(text, self.lexicon, self.quotes);
        let kind = match self.lexicon.copy_data && data::takes_data(text, self.lexer(Standing::Inside)) {
            true => PartKind::Copy,
            false => PartKind::Statement,
        };
        if kind == PartKind::Copy {
            self.state = State::Copy;
        }
        self.quotes = behind.unwrap_or(self.quotes);
        Ok((kind, end))
    }

    /// Whether what looks like the end of a statement is it. Another delimiter always is.
    fn ends(&self, tracker: &Tracker<'_>) -> bool {
        let in_brackets = self.lexicon.semicolons_in_brackets && tracker.brackets() > 0;
        self.delimiter != b";" || !(in_brackets || tracker.is_open())
    }

    /// The length of a command to the client, if one begins here; one that can't be obeyed is refused.
    fn command(&mut self, token: Token) -> Result<Option<usize>, ScriptError> {
        let client = self.lexicon.client;
        let first = &self.source.rest()[..token.end];
        let is_word = |word: &&str| first.eq_ignore_ascii_case(word.as_bytes());
        let is_delimiter = client.delimiter && token.kind == Kind::Word && is_word(&"DELIMITER");
        let is_escape = matches!(token.kind, Kind::Punct(mark) if self.is_escape(mark));
        if !is_delimiter && !is_escape && !client.words.iter().any(is_word) {
            return Ok(None);
        }
        let len = self.line(0)?;
        let line = String::from_utf8_lossy(&self.source.rest()[..len]).into_owned();
        let mut words = line.split_ascii_whitespace();
        if is_delimiter {
            let reason = match words.nth(1) {
                None => "must be followed by what is to end statements",
                Some(word) if word.contains('\\') => "can't be a backslash",
                Some(word) => {
                    self.delimiter = word.trim_matches(['\'', '"']).as_bytes().to_vec();
                    match self.delimiter.is_empty() {
                        true => "can't be empty",
                        false => return Ok(Some(len)),
                    }
                }
            };
            return Err(self.fault(0, Fault::Delimiter { reason }));
        }
        if words.next().is_some_and(|word| client.idle.contains(&word)) {
            return Ok(Some(len));
        }
        Err(self.is_command(0)?)
    }

    /// What is said of a command to the client.
    fn is_command(&mut self, at: usize) -> Result<ScriptError, ScriptError> {
        let end = self.line(at)?;
        let text: String =
            String::from_utf8_lossy(&self.source.rest()[at..end]).trim_end().chars().take(60).collect();
        Ok(self.fault(at, Fault::Command { client: self.lexicon.client.name, text }))
    }

    fn is_escape(&self, mark: u8) -> bool {
        self.lexicon.client.escape == Some(mark)
    }

    /// White space up to the end of the line in which a COPY ended.
    fn line_of_copy(&mut self) -> Result<Option<(PartKind, usize)>, ScriptError> {
        let end = self.line(0)?;
        if !self.source.rest()[..end].iter().all(u8::is_ascii_whitespace) {
            return Err(self.fault(0, Fault::BesideData));
        }
        self.state = State::Data(Lines::default());
        let len = self.source.rest().len().min(end + 1);
        Ok((len > 0).then_some((PartKind::Blank, len)))
    }

    /// A piece of a COPY's data, or what ends it.
    fn data(&mut self, lines: Lines) -> Result<Option<(PartKind, usize)>, ScriptError> {
        loop {
            let (lines, found) = lines.next(self.source.rest(), self.source.is_whole());
            match found {
                data::Found::Data(len) => {
                    self.state = State::Data(lines);
                    return Ok(Some((PartKind::Data, len)));
                }
                data::Found::End(len) => {
                    self.state = State::Statement;
                    return Ok((len > 0).then_some((PartKind::Terminator, len)));
                }
                data::Found::Unknown => self.source.more()?,
            }
        }
    }

    /// The token at a place in the text at hand; more is read if it may go on behind it.
    fn token(&mut self, at: usize, standing: Standing) -> Result<Token, ScriptError> {
        loop {
            let token = self.lexer(standing).token(self.source.rest(), at);
            if token.end < self.source.rest().len() || self.source.is_whole() {
                return Ok(token);
            }
            self.source.more()?;
        }
    }

    /// Where the line ends that goes on at a place in the text at hand.
    fn line(&mut self, at: usize) -> Result<usize, ScriptError> {
        loop {
            let end = at + lexer::line(&self.source.rest()[at..]);
            if end < self.source.rest().len() || self.source.is_whole() {
                return Ok(end);
            }
            self.source.more()?;
        }
    }

    fn lexer(&self, standing: Standing) -> Lexer<'_> {
        Lexer { lexicon: self.lexicon, quotes: self.quotes, delimiter: &self.delimiter, standing }
    }

    /// Whether a comment to the end of the line is one of the marks: their words, the last of which may go on.
    fn is_mark(&self, start: usize, end: usize) -> bool {
        let comment = std::str::from_utf8(&self.source.rest()[start..end]).unwrap_or_default();
        let text = comment.trim_start_matches(['-', '#']).trim_start();
        let begins = |text: &str, mark: &str| {
            text.get(..mark.len()).is_some_and(|text| text.eq_ignore_ascii_case(mark))
        };
        self.marks.iter().any(|mark| match mark.split_once(' ') {
            None => begins(text, mark),
            Some((first, second)) => begins(text, first) && begins(text[first.len()..].trim_start(), second),
        })
    }

    fn fault(&self, at: usize, fault: Fault) -> ScriptError {
        ScriptError::new(self.source.position_at(at), fault)
    }
}

/// Finds what a client would put a variable's value for.
struct ClientVariables {
    /// What they begin with.
    sign: u8,
    /// Where the mark stands that the token before was.
    mark: Option<usize>,
    /// How many square brackets are open: in `a[1:n]` it is no mark.
    brackets: usize,
    /// Whether the rest of the statement has none.
    none_left: bool,
}

impl ClientVariables {
    fn new(sign: u8) -> Self {
        Self { sign, mark: None, brackets: 0, none_left: false }
    }

    /// Where a variable begins, if this token is its name.
    fn found(&mut self, kind: Kind, text: &[u8], token: Range<usize>, client: &Client) -> Option<usize> {
        let before = self.mark.take();
        match kind {
            Kind::Word
                if client
                    .no_variables_behind
                    .iter()
                    .any(|word| text[token.clone()].eq_ignore_ascii_case(word.as_bytes())) =>
            {
                self.none_left = true
            }
            Kind::Word | Kind::Quoted => return before.filter(|at| at + 1 == token.start),
            Kind::Punct(b'[') => self.brackets += 1,
            Kind::Punct(b']') => self.brackets = self.brackets.saturating_sub(1),
            Kind::Punct(found) if found == self.sign && self.brackets == 0 && !self.none_left => {
                // Neither the second of `::`, nor a part of `${env:NAME}`.
                let sign = self.sign;
                let is_other = |byte: &u8| *byte == sign || lexer::is_word(*byte);
                let previous = token.start.checked_sub(1).and_then(|at| text.get(at));
                self.mark = Some(token.start).filter(|_| !previous.is_some_and(is_other));
            }
            _ => {}
        }
        None
    }
}
