//! The tokens of a script's text, by a dialect's facts.
//!
//! A token that ends where the text ends may go on if there is more of it: whoever reads piece by piece asks again then.
//! That is all there is to reading in pieces, so every case below that can't decide ends at the text's end.

use dunlin_dsl::Lexicon;
use dunlin_dsl::lexicon::{LineComment, Quote};

/// A token of the text, and where it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) end: usize,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The end of the text.
    End,
    /// White space, or the mark that tells a file's encoding.
    Blank,
    /// `-- ..` and `# ..`, up to the end of the line.
    LineComment,
    /// `/* .. */`.
    BlockComment,
    /// What ends a statement.
    Terminator,
    /// A keyword, a name without quotes, or a number.
    Word,
    /// A string or a name in quotes.
    Quoted,
    /// The beginning of a comment that the server executes, with its number.
    ExecutableOpen,
    /// Its end.
    ExecutableClose,
    /// Any other character.
    Punct(u8),
    /// What was opened and never closed.
    Unclosed(&'static str),
}

impl Kind {
    /// Whether it stands between tokens and is none.
    pub(super) fn is_trivia(self) -> bool {
        matches!(self, Self::Blank | Self::LineComment | Self::BlockComment)
    }
}

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Where a statement may begin. None begins with the mark of a comment, so there no blank need follow it: MariaDB's own
    /// client takes `---- users` for a comment.
    Start,
    /// Inside a statement.
    Inside,
    /// Inside a comment that the server executes.
    Executable,
}

/// What the meaning of characters depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer<'a> {
    pub(super) lexicon: &'a Lexicon,
    /// What stands in quotes, by the mode of the session.
    pub(super) quotes: &'static [Quote],
    /// What ends a statement.
    pub(super) delimiter: &'a [u8],
    pub(super) standing: Standing,
}

impl Lexer<'_> {
    /// The token at `at`.
    pub(super) fn token(self, text: &[u8], at: usize) -> Token {
        let rest = &text[at..];
        let (kind, len) = self.kind(rest);
        Token { kind, end: at + len.min(rest.len()) }
    }

    fn kind(self, rest: &[u8]) -> (Kind, usize) {
        let Some(&first) = rest.first() else { return (Kind::End, 0) };
        if self.is_delimiter(rest) {
            return (Kind::Terminator, self.delimiter.len());
        }
        if self.standing == Standing::Executable && rest.starts_with(b"*/") {
            return (Kind::ExecutableClose, 2);
        }
        if let Some(len) = blank(rest) {
            return (Kind::Blank, len);
        }
        if self.begins_line_comment(rest) {
            return (Kind::LineComment, line(rest));
        }
        if rest.starts_with(b"/*") {
            return self.comment(rest);
        }
        if let Some(quote) = self.quotes.iter().find(|quote| quote.open == first) {
            return quoted(rest, 1, *quote);
        }
        if self.lexicon.escape_strings && matches!(rest, [b'e' | b'E', b'\'', ..]) {
            return quoted(rest, 2, Quote::escaped(b'\''));
        }
        if first == b'$' && self.lexicon.dollar_quotes {
            return dollar_quoted(rest);
        }
        if is_word(first) {
            return (Kind::Word, self.word(rest));
        }
        (Kind::Punct(first), 1)
    }

    /// Whether a delimiter begins here. Nearly everywhere the first byte tells that none does.
    fn is_delimiter(self, rest: &[u8]) -> bool {
        rest.first() == self.delimiter.first() && rest.starts_with(self.delimiter)
    }

    /// Whether a comment begins here. One without the blank that must follow is none, unless the text ends with it.
    fn begins_line_comment(self, rest: &[u8]) -> bool {
        let needs_blank = |comment: &LineComment| comment.needs_blank && self.standing != Standing::Start;
        self.lexicon.line_comments.iter().any(|comment| {
            rest.strip_prefix(comment.mark.as_bytes())
                .is_some_and(|text| !needs_blank(comment) || text.first().is_none_or(|byte| *byte <= b' '))
        })
    }

    /// A comment, or the beginning of one that the server executes.
    fn comment(self, rest: &[u8]) -> (Kind, usize) {
        let mut depth = self.lexicon.comment_depth;
        for comment in &self.lexicon.executable_comments {
            let Some(text) = rest.strip_prefix(comment.mark.as_bytes()) else { continue };
            let digits = text.iter().take(6).take_while(|byte| byte.is_ascii_digit()).count();
            let number = text[..digits].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
            let foreign = comment.foreign.is_some_and(|(from, to)| (from..=to).contains(&number));
            if number <= comment.up_to && !foreign {
                return (Kind::ExecutableOpen, comment.mark.len() + digits);
            }
            // What is passed over may have comments of its own.
            depth = 2;
        }
        match comment_end(rest, depth) {
            Some(end) => (Kind::BlockComment, end),
            None => (Kind::Unclosed("comment"), rest.len()),
        }
    }

    /// How long a word is. A delimiter may be of characters that words are made of: `END$$`.
    fn word(self, rest: &[u8]) -> usize {
        let ends = |at: usize| !is_word(rest[at]) || self.is_delimiter(&rest[at..]);
        (1..rest.len()).find(|at| ends(*at)).unwrap_or(rest.len())
    }
}

/// How long the line is, without what ends it.
pub(super) fn line(text: &[u8]) -> usize {
    text.iter().position(|byte| *byte == b'\n').unwrap_or(text.len())
}

/// Characters of names and numbers; beyond ASCII all are.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || !byte.is_ascii()
}

/// How much white space there is. A mark of the encoding counts, and so does the Ctrl-Z at the end of old files.
fn blank(text: &[u8]) -> Option<usize> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut len = 0;
    while let Some(byte) = text.get(len) {
        match byte {
            b' ' | b'\t'..=b'\r' | 0x1a => len += 1,
            _ if text[len..].starts_with(MARK) => len += MARK.len(),
            _ => break,
        }
    }
    (len > 0).then_some(len)
}

fn comment_end(text: &[u8], greatest_depth: u32) -> Option<usize> {
    let (mut at, mut depth) = (2, 1);
    while at + 1 < text.len() {
        match &text[at..at + 2] {
            b"*/" if depth == 1 => return Some(at + 2),
            b"*/" => (at, depth) = (at + 2, depth - 1),
            b"/*" if depth < greatest_depth => (at, depth) = (at + 2, depth + 1),
            _ => at += 1,
        }
    }
    None
}

/// A string or a name that began before `at`.
fn quoted(text: &[u8], mut at: usize, quote: Quote) -> (Kind, usize) {
    while let Some(&byte) = text.get(at) {
        at += 1;
        if byte == b'\\' && quote.backslashes {
            at += 1;
        } else if byte == quote.close {
            if quote.close != quote.open || text.get(at) != Some(&quote.close) {
                return (Kind::Quoted, at);
            }
            at += 1;
        }
    }
    (Kind::Unclosed(if quote.open == b'\'' { "string" } else { "text in quotes" }), text.len())
}

/// `$$..$$` or `$tag$..$tag$`; else the `$` of a parameter.
fn dollar_quoted(text: &[u8]) -> (Kind, usize) {
    let is_tag = |byte: &u8| is_word(*byte) && *byte != b'$';
    let tag = 1 + text[1..].iter().take_while(|byte| is_tag(byte)).count();
    if text.get(1).is_some_and(u8::is_ascii_digit) || !matches!(text.get(tag), None | Some(b'$')) {
        return (Kind::Punct(b'$'), 1);
    }
    // Without its second dollar it is none, unless the text goes on.
    let Some(mark) = text.get(..=tag) else { return (Kind::Word, text.len()) };
    match find(&text[tag + 1..], mark) {
        Some(at) => (Kind::Quoted, tag + 1 + at + mark.len()),
        None => (Kind::Unclosed("text in dollar quotes"), text.len()),
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}
