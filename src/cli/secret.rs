//! What a password might stand in, and isn't shown.

use std::borrow::Cow;

/// What stands for a password.
const HIDDEN: &str = "***";

/// A text without the passwords of the URLs in it, wherever they were typed and however they are broken: what stands between `//` and
/// the last `@` of a word, behind its first colon.
pub(super) fn hidden(text: &str) -> Cow<'_, str> {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("//") {
        let (before, url) = rest.split_at(at + "//".len());
        let end = url.find(|c: char| c.is_whitespace() || matches!(c, '`' | '"')).unwrap_or(url.len());
        let word = &url[..end];
        let user = word.rfind('@').and_then(|at| Some((word[..at].find(':')?, at)));
        shown += before;
        rest = match user {
            Some((colon, at)) => {
                shown += &word[..=colon];
                shown += HIDDEN;
                &url[at..]
            }
            None => url,
        };
    }
    match shown.is_empty() {
        true => Cow::Borrowed(text),
        false => Cow::Owned(shown + rest),
    }
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn passwords_are_hidden_and_nothing_else() {
        for (text, shown) in [
            ("a postgres://u:p@h/d, b", "a postgres://u:***@h/d, b"),
            ("'mysql://u:p/@:#@h:3/d?x=y' isn't", "'mysql://u:***@h:3/d?x=y' isn't"),
            ("`dunlin upgrade //u:p@127.0.0.1:1/d`", "`dunlin upgrade //u:***@127.0.0.1:1/d`"),
            ("${A:-postgres://u:p@h/d}", "${A:-postgres://u:***@h/d}"),
            ("two: pg://a:b@c pg://d:e@f", "two: pg://a:***@c pg://d:***@f"),
            ("pg://u@h:1/d", "pg://u@h:1/d"),
            ("// see https://example.org: a@b", "// see https://example.org: a@b"),
            ("", ""),
        ] {
            assert_eq!(hidden(text), shown);
        }
    }
}
