//! What quotes mean behind a statement that sets the mode of its session.

use dunlin_dsl::Lexicon;
use dunlin_dsl::lexicon::Quote;

use super::lexer::{Kind, Lexer, Standing};

/// The quotes behind a statement, where `now` held before it; none where it changes nothing about them.
pub(super) fn quotes_behind(
    statement: &[u8],
    lexicon: &Lexicon,
    now: &'static [Quote],
) -> Option<&'static [Quote]> {
    let mode = lexicon.mode.as_ref()?;
    let mut lexer = Lexer { lexicon, quotes: now, delimiter: b";", standing: Standing::Inside };
    let mut words: Vec<(Kind, &[u8])> = Vec::new();
    let mut at = 0;
    loop {
        let token = lexer.token(statement, at);
        let text = &statement[at..token.end];
        at = token.end;
        match token.kind {
            Kind::End => break,
            Kind::ExecutableOpen => lexer.standing = Standing::Executable,
            Kind::ExecutableClose => lexer.standing = Standing::Inside,
            kind if kind.is_trivia() => {}
            kind => words.push((kind, text)),
        }
        // Most statements are out by their first word.
        if words.first().is_some_and(|(_, first)| !first.eq_ignore_ascii_case(b"SET")) {
            return None;
        }
    }
    let is = |at: usize, text: &str| {
        words.get(at).is_some_and(|(_, word)| word.eq_ignore_ascii_case(text.as_bytes()))
    };
    let before = |at: usize, by: usize, text: &str| at.checked_sub(by).is_some_and(|at| is(at, text));
    // `@sql_mode` is a variable of the user's, and that of the whole server holds for later sessions.
    let is_anothers = |at: usize| {
        before(at, 1, "GLOBAL")
            || (before(at, 1, ".") && before(at, 2, "GLOBAL"))
            || (before(at, 1, "@") && !before(at, 2, "@"))
    };
    let set = (0..words.len()).rev().find_map(|at| {
        let value = if is(at + 1, "=") || (mode.is_switch && is(at + 1, "TO")) {
            at + 2
        } else if is(at + 1, ":") && is(at + 2, "=") {
            at + 3
        } else {
            return None;
        };
        (is(at, mode.variable) && !is_anothers(at)).then_some(value)
    })?;
    let mut depth = 0;
    let ends = |(_, text): &(Kind, &[u8])| {
        match *text {
            b"(" => depth += 1,
            b")" => depth -= 1,
            b"," => return depth == 0,
            _ => {}
        }
        false
    };
    let len = words[set..].iter().position(ends).unwrap_or(words.len() - set);
    let value = &words[set..set + len];
    let counts = |kind| kind == Kind::Quoted || mode.is_switch;
    let texts = || value.iter().filter(|(kind, _)| counts(*kind)).map(|(_, text)| *text);
    // What another variable or the server's own default holds is taken for what held at first.
    if texts().next().is_none() {
        return Some(lexicon.quotes);
    }
    let has = |word: &str| texts().any(|text| holds(text, word));
    let place = |is: &dyn Fn(&str, &'static [Quote]) -> bool| {
        mode.quotes.iter().position(|(word, quotes)| is(word, quotes)).unwrap_or(mode.quotes.len())
    };
    let found = place(&|word, _| word.is_empty() || has(word));
    // One that is put together of what is so and more.
    let adds = value.iter().any(|(_, text)| text.eq_ignore_ascii_case(mode.variable.as_bytes()));
    let found = if adds { found.min(place(&|_, quotes| quotes == now)) } else { found };
    mode.quotes.get(found).map(|(_, quotes)| *quotes)
}

/// Whether a list divided by commas has this word.
fn holds(text: &[u8], word: &str) -> bool {
    let words = text.split(|byte| !(byte.is_ascii_alphanumeric() || *byte == b'_'));
    words.into_iter().any(|found| found.eq_ignore_ascii_case(word.as_bytes()))
}
